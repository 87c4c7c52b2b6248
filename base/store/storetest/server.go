package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The servers of this process: quick does not wait for the disk, durable does.
var (
	quick   = &server{settings: []string{"fsync=off", "full_page_writes=off"}}
	durable = &server{}
)

// Limits of a scratch server.
const (
	startDeadline = 30 * time.Second
	staleAfter    = time.Minute // a folder this old whose owner is gone is swept
)

const folderPrefix = "lieux-pg-"

var errAbsent = errors.New("PostgreSQL's programs (initdb, postgres) are not installed")

// server is a PostgreSQL of our own, started when first asked for.
type server struct {
	settings []string
	once     sync.Once
	err      error
	dir      string
	lock     *os.File
	admin    *sql.DB
	quit     chan struct{} // closed to stop
	gone     chan struct{} // closed when the process has ended
	mu       sync.Mutex
	count    int
}

// database makes an empty database for one test and takes it away after. It is a schema of its own in the server's
// one database: made in a millisecond, where CREATE DATABASE takes some hundred. Its name is the application's name
// too, so that a test can end its connections.
func (s *server) database(t testing.TB) string {
	t.Helper()
	s.once.Do(func() { s.err = s.start() })
	if errors.Is(s.err, errAbsent) && os.Getenv("CI") == "" {
		t.Skipf("not run: %v (apt install postgresql; with CI set this is a failure)", s.err)
	}
	if s.err != nil {
		t.Fatalf("scratch PostgreSQL: %v", s.err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	name := fmt.Sprintf("t%d", s.count)
	if _, err := s.admin.ExecContext(context.Background(), "CREATE SCHEMA "+name); err != nil {
		t.Fatalf("scratch database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE"); err != nil {
			t.Errorf("drop of the scratch database: %v", err)
		}
	})
	return s.url(name)
}

func (s *server) url(schema string) string {
	q := url.Values{"host": {s.dir}, "sslmode": {"disable"}}
	if schema != "" {
		q.Set("search_path", schema)
		q.Set("application_name", schema)
	}
	return "postgres://app@/postgres?" + q.Encode()
}

func (s *server) start() error {
	sweep()
	bin, err := programs()
	if err != nil {
		return err
	}
	who, err := owner()
	if err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("/tmp", folderPrefix); err != nil { // a socket's path may have 100 bytes: never TMPDIR
		return err
	}
	if s.lock, err = locked(s.dir); err != nil {
		return err
	}
	if who != nil {
		if err := os.Chown(s.dir, int(who.Uid), int(who.Gid)); err != nil {
			return err
		}
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", s.data(), "-U", "app", "-A", "trust",
		"--locale=C", "-E", "UTF8", "-N", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = s.dir, &syscall.SysProcAttr{Credential: who}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return s.serve(filepath.Join(bin, "postgres"), who)
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

// serve starts the server and waits until it answers. The child gets SIGQUIT when the thread that started it ends:
// that thread is locked to a goroutine which lives as long as this process.
func (s *server) serve(program string, who *syscall.Credential) error {
	args := []string{"-D", s.data(), "-k", s.dir}
	always := []string{"listen_addresses=", "max_connections=200", "shared_buffers=64MB", "max_wal_size=2GB"}
	for _, c := range append(always, s.settings...) {
		args = append(args, "-c", c)
	}
	cmd := exec.Command(program, args...)
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	s.quit, s.gone = make(chan struct{}), make(chan struct{})
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- cmd.Start()
		<-s.quit
	}()
	if err := <-started; err != nil {
		return err
	}
	var died error
	go func() { died = cmd.Wait(); close(s.gone) }()
	go func() {
		<-s.quit
		if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil && !errors.Is(err, os.ErrProcessDone) {
			panic(err)
		}
	}()
	var err error
	if s.admin, err = sql.Open("pgx", s.url("")); err != nil {
		return err
	}
	s.admin.SetMaxOpenConns(1)
	for deadline := time.Now().Add(startDeadline); ; time.Sleep(20 * time.Millisecond) {
		if err = s.admin.PingContext(context.Background()); err == nil {
			return nil
		}
		select {
		case <-s.gone:
			return fmt.Errorf("the server ended: %w\n%s", died, out.String())
		default:
		}
		if time.Now().After(deadline) {
			close(s.quit)
			<-s.gone
			return fmt.Errorf("the server does not answer: %w\n%s", err, out.String())
		}
	}
}

func (s *server) stop() {
	if s.admin == nil {
		return
	}
	if err := s.admin.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
	}
	close(s.quit)
	<-s.gone
	if err := os.RemoveAll(s.dir); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
	}
}

// programs finds PostgreSQL's newest programs: on the path, or where Debian puts them.
func programs() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errAbsent
	}
	version := func(p string) int {
		n, err := strconv.Atoi(strings.Split(p, "/")[4])
		if err != nil {
			return 0
		}
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

// owner is the user postgres when we are root, because initdb refuses root; nil means ourselves.
func owner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errAbsent
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// locked marks the folder as ours while this process lives.
func locked(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "owner"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// sweep takes away the folders of test processes that were killed.
func sweep() {
	dirs, err := filepath.Glob("/tmp/" + folderPrefix + "*")
	if err != nil {
		return
	}
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < staleAfter {
			continue
		}
		f, err := locked(dir)
		if err != nil {
			continue // its owner lives, or it belongs to another user
		}
		if err := errors.Join(os.RemoveAll(dir), f.Close()); err != nil {
			fmt.Fprintln(os.Stderr, "storetest:", err)
		}
	}
}

// Sorted makes a database that sorts by a language (an ICU collation), which the store must refuse; empty when the
// server knows none.
func Sorted(t testing.TB, collation string) (address string) {
	t.Helper()
	Place(t, "postgres")
	ctx, locale := context.Background(), strings.TrimSuffix(collation, "-x-icu")
	_, err := quick.admin.ExecContext(ctx,
		"CREATE DATABASE sorted TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '"+locale+"'")
	if err != nil {
		return ""
	}
	t.Cleanup(func() {
		if _, err := quick.admin.ExecContext(ctx, "DROP DATABASE sorted WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return strings.Replace(quick.url(""), "/postgres?", "/sorted?", 1)
}
