package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for the program and the browser.
const patience = 20 * time.Second

// today is the day in the zone of the demonstration.
func today() time.Time {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		return time.Now()
	}
	return time.Now().In(zone)
}

// house is a program that runs on a data folder of its own.
type house struct {
	dir, base string
	printed   []string // lines of its standard output until it served

	mu  sync.Mutex
	log bytes.Buffer
}

// command is the program with these arguments, in French.
func command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, program, args...)
	c.Env = []string{"LANG=fr_BE.UTF-8", "HOME=" + scratch, "PATH=" + os.Getenv("PATH")}
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return c
}

// run runs a command of the program to its end and gives what it printed.
func run(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	c := command(ctx, args...)
	var complaints bytes.Buffer
	c.Stderr = &complaints
	out, err := c.Output()
	if err != nil {
		t.Fatalf("lieux %s: %v\n%s", strings.Join(args, " "), err, &complaints)
	}
	return string(out)
}

// prepared is the demonstration's folder, made once; every test has a copy.
var prepared = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(scratch, "demo")
	out, err := command(context.Background(), "demo", "--prepare", "--data", dir).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the demonstration is not made: %w\n%s", err, out)
	}
	return dir, nil
})

// demoFolder is a fresh copy of the demonstration.
func demoFolder(t *testing.T) string {
	t.Helper()
	from, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "demo")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// demo serves a copy of the demonstration.
func demo(t *testing.T) *house {
	t.Helper()
	return serve(t, demoFolder(t), "demo", "/outbox")
}

// serve starts the program and waits for the line that ends with last, which is the last that it prints.
func serve(t *testing.T, dir, verb, last string) *house {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := command(ctx, verb, "--data", dir, "--address", "127.0.0.1:0")
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = patience
	h := &house{dir: dir}
	c.Stderr = h
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines, over := make(chan string), make(chan error, 1)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
		close(lines)
		over <- c.Wait()
	}()
	t.Cleanup(func() { h.stop(t, cancel, lines, over) })
	address := regexp.MustCompile(`http://localhost:\d+`)
	for deadline := time.After(patience); ; {
		select {
		case line, more := <-lines:
			if !more {
				t.Fatalf("lieux %s ended:\n%s\n%s", verb, strings.Join(h.printed, "\n"), h.said())
			}
			h.printed = append(h.printed, line)
			if h.base == "" {
				h.base = address.FindString(line)
			}
			if h.base != "" && strings.Contains(line, last) {
				return h
			}
		case <-deadline:
			t.Fatalf("lieux %s does not serve:\n%s\n%s", verb, strings.Join(h.printed, "\n"), h.said())
		}
	}
}

// stop ends the program as an operator does, and looks into its log for what must never be there.
func (h *house) stop(t *testing.T, cancel func(), lines <-chan string, over <-chan error) {
	cancel()
	for range lines {
	}
	if err := <-over; err != nil && err.Error() != "context canceled" {
		t.Errorf("the program did not stop gently: %v", err)
	}
	for line := range strings.Lines(h.said()) {
		if strings.Contains(line, "level=ERROR") || strings.HasPrefix(line, "panic:") {
			t.Errorf("log of the program: %s", line)
		}
	}
}

// Write keeps what the program logs.
func (h *house) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.Write(p)
}

func (h *house) said() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

// printedLink is the link under the printed line that holds these words.
func (h *house) printedLink(t *testing.T, words string) string {
	t.Helper()
	for i, line := range h.printed {
		if strings.Contains(plain(line), words) && i+1 < len(h.printed) {
			return strings.TrimSpace(h.printed[i+1])
		}
	}
	t.Fatalf("no link for %q among:\n%s", words, strings.Join(h.printed, "\n"))
	return ""
}

// loginLink is a one-time link for a person, from the command, while the program serves.
func (h *house) loginLink(t *testing.T, person string) string {
	t.Helper()
	out := run(t, "login", "--data", h.dir, "--public", h.base, person)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return lines[len(lines)-1]
}

// plain is a text as one compares it: typographic spaces are spaces, runs of them one.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\u00a0' || r == '\u202f'
	}), " ")
}

// saves writes a file into the test's folder.
func saves(t *testing.T, name string, content io.Reader) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(f, content)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}
