package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Env is the world of a command: environment and outputs, so that tests call what main calls.
type Env struct {
	Get func(string) string
	Out io.Writer
	Err io.Writer
}

// place says where the cooperative's database is.
type place struct {
	Data     string `help:"Data folder, made when missing (embedded database)." placeholder:"DIR" env:"LIEUX_DATA"`
	Database string `help:"PostgreSQL database instead of a data folder." placeholder:"postgres://…" env:"LIEUX_DATABASE"`
}

// commands is the command line.
type commands struct {
	Demo    demoCommand    `cmd:"" help:"Make the demonstration cooperative and serve it."`
	Serve   serveCommand   `cmd:"" help:"Serve a cooperative."`
	Check   checkCommand   `cmd:"" help:"Verify the journal and every sealed row."`
	Backup  backupCommand  `cmd:"" help:"Copy the embedded database into a file, while it is served."`
	Login   loginCommand   `cmd:"" help:"Print a one-time sign-in link for a person."`
	Export  exportCommand  `cmd:"" help:"Write the portable archive."`
	Restore restoreCommand `cmd:"" help:"Read a portable archive into an empty database."`
	Away    awayCommand    `cmd:"" help:"Take the database away as an archive, and leave it here to be read only."`
	Home    homeCommand    `cmd:"" help:"Take the database home that was away."`
	Roll    rollCommand    `cmd:"" help:"Print who held what on a day."`
	Import  struct {
		Register importRegister `cmd:"" help:"Take in a register from CSV or XLSX."`
		Assembly importAssembly `cmd:"" help:"Take in a past assembly from a YAML file."`
	} `cmd:"" help:"Take in a register or a past assembly."`
	Minutes minutesCommand `cmd:"" help:"Print the minutes of an assembly."`
	Draw    struct {
		Verify drawVerify `cmd:"" help:"Verify the proof of a draw, with nothing else."`
	} `cmd:"" help:"Drawing by lot."`
	Permissions permissionsCommand `cmd:"" help:"Print the table of permissions, every route and every role." hidden:""`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// runtime is what every command is run with.
type runtime struct {
	Env
	ctx  context.Context
	book *lang.Book
	p    *lang.Printer
	log  *slog.Logger
}

// Run is the program: it returns the exit status. Errors go to Err in one clear sentence, in the language of the
// environment.
func Run(ctx context.Context, args []string, env Env) int {
	book, err := Book()
	if err != nil {
		fmt.Fprintln(env.Err, err)
		return 1
	}
	wire()
	rt := &runtime{Env: env, ctx: ctx, book: book, p: book.In(environmentLanguage(env.Get)), log: slog.New(
		slog.NewTextHandler(env.Err, nil))}
	var c commands
	exited, status := false, 0
	parser, err := kong.New(&c, kong.Name("lieux"),
		kong.Description("Lieux communs: a cooperative's register, assemblies and places."),
		kong.Writers(env.Out, env.Err), kong.Exit(func(code int) { exited, status = true, code }), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(env.Err, err)
		return 1
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited {
		return status
	}
	if err != nil {
		fmt.Fprintf(env.Err, "lieux: %v\n", err)
		return 1
	}
	if err := command.Run(rt); err != nil {
		rt.complain(err)
		return 1
	}
	return 0
}

// environmentLanguage reads LC_ALL, LC_MESSAGES and LANG; French where they name none of our languages.
func environmentLanguage(get func(string) string) lang.Tag {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := get(name); len(v) >= 2 && lang.Known(v[:2]) {
			return lang.Tag(v[:2])
		}
	}
	return lang.French
}

// complain writes an error: a refusal in words with what to do, anything else as it is.
func (rt *runtime) complain(err error) {
	refusals := fault.Of(err)
	if refusals == nil {
		fmt.Fprintf(rt.Err, "lieux: %v\n", err)
		return
	}
	for i, r := range refusals {
		if i == maxComplaints {
			fmt.Fprintln(rt.Err, rt.p.T("app.more-refusals", "n", len(refusals)-maxComplaints))
			return
		}
		line := rt.p.Refusal(r)
		if r.Article != "" {
			line += " [" + r.Article + "]"
		}
		if todo := rt.p.Todo(r); todo != "" {
			if !strings.HasSuffix(line, ".") {
				line += "."
			}
			line += " " + todo
		}
		fmt.Fprintln(rt.Err, "lieux: "+line)
	}
}

const maxComplaints = 50

// open opens the database of a command.
func (p place) open(rt *runtime, o store.Options) (*store.DB, error) {
	if p.Database != "" && p.Data != "" {
		return nil, fault.Refuse("app.refusal.two-places")
	}
	o.URL, o.Rooms, o.Log = p.Database, Rooms, rt.log
	if p.Database == "" {
		o.Folder = p.folder()
	}
	db, err := store.Open(rt.ctx, o)
	if err != nil {
		return nil, err
	}
	err = settleZone(rt.ctx, db)
	if err == nil && !o.ReadOnly { // an older copy that was put back may have brought erased people along
		_, err = db.EraseAgain(rt.ctx, nil, people.EraseAgain)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (p place) folder() string {
	if p.Data == "" {
		return "data"
	}
	return p.Data
}

// with opens the database, runs fn and closes it.
func (p place) with(rt *runtime, o store.Options, fn func(*store.DB) error) error {
	db, err := p.open(rt, o)
	if err != nil {
		return err
	}
	return errors.Join(fn(db), db.Close())
}

// existing opens a database that must be there: a mistyped folder makes no new cooperative.
func (p place) existing(rt *runtime, fn func(*store.DB) error) error {
	if p.Database == "" {
		if _, err := os.Stat(filepath.Join(p.folder(), store.FileName)); err != nil {
			return fault.Refuse("app.refusal.no-database", "folder", p.folder())
		}
	}
	return p.with(rt, store.Options{}, fn)
}

// fresh writes a file that must not exist yet, whole or not at all.
func fresh(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fault.Refuse("app.refusal.file-exists", "file", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".lieux-*")
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// oneLine keeps a message on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
