// Package lieux has no code. It keeps the rules of STYLE.md that a machine can check: what may stand on what, what the
// source may say, and what the pages and the catalogues promise.
//
// Run it with -count=1, as bin/check does: a cached pass hides a violation.
package lieux

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// steps is the order of the rooms: a room stands on those of the steps before its own, and does not see the ones beside
// it. Rooms that are still to come have their place already.
var steps = [][]string{
	{"vote", "sortition", "people"},
	{"bylaws"},
	{"register", "places"},
	{"assembly"},
	{"meeting"},
	{"convening", "attendance"},
	{"ballot"},
	{"sitting"},
	{"followup"},
	{"payment", "certificate", "offer"},
	{"subscription"},
	{"leaving"},
	{"consultation", "works"},
	{"concession", "allocation"},
	{"booking", "programme"},
	{"finance"},
	{"commons"},
	{"showcase"},
}

// floor is what a package is for; its folder says so.
type floor string

const (
	base  floor = "base"  // base/...: knows no room
	room  floor = "room"  // a room and its parts, without its screens
	view  floor = "view"  // fragments of screens that many pages need: people/view
	pages floor = "pages" // a room's screens
	sim   floor = "sim"   // a cooperative's life by the verbs of the rooms
	app   floor = "app"   // the only one that knows all
	cmd   floor = "cmd"   // main
	e2e   floor = "e2e"   // a browser through the front door
	house floor = "house" // this package
	lost  floor = "lost"  // none of these
)

// place is where a package stands: its path inside the module, its floor, and the step of its room.
type place struct {
	path, room string
	floor      floor
	step       int
}

func placeOf(importPath string) place {
	p := place{path: strings.TrimPrefix(strings.TrimPrefix(importPath, "lieux"), "/"), floor: lost, step: -1}
	parts := strings.Split(p.path, "/")
	switch f := floor(parts[0]); f {
	case "":
		p.floor = house
	case base, sim, app, cmd, e2e:
		p.floor = f
	}
	for i, step := range steps {
		if slices.Contains(step, parts[0]) {
			p.room, p.step, p.floor = parts[0], i, room
		}
	}
	if p.floor == room && len(parts) > 1 && (parts[1] == "pages" || parts[1] == "view") {
		p.floor = floor(parts[1])
	}
	return p
}

// banned says why a package may not import another one of the house; empty when it may.
func banned(from, to place) string {
	switch {
	case to.floor == cmd || to.floor == e2e || to.floor == house:
		return "nothing stands on the door"
	case to.floor == app && from.floor != cmd && from.floor != e2e:
		return "app knows all the rooms, so none of them may know app: the imports would go in a circle"
	case to.floor == pages && from.floor != app && from.floor != e2e && (from.floor != pages || from.room != to.room):
		return "only app imports pages; a fragment that several pages need belongs in a view"
	}
	switch from.floor {
	case base:
		if to.floor != base {
			return "base knows no room: every room stands on it"
		}
	case room:
		return bannedInRoom(from, to)
	case view:
		if to.floor == room && to.step > from.step || to.floor == view && to.step >= from.step && to.room != from.room {
			return "stairs only go down: the pages of lower rooms use this view"
		}
	case sim:
		if to.floor == view || to.path == "base/web" {
			return "a life is lived by verbs, not by screens"
		}
	case cmd:
		if to.floor != app {
			return "main is a few lines around app.Run"
		}
	case lost:
		return "this folder has no place on the stairs: give its room a step in tidy_test.go"
	}
	return ""
}

func bannedInRoom(from, to place) string {
	switch {
	case to.path == "base/web":
		return "a room knows no door: its rules are called by tests, commands and other rooms, without HTTP"
	case to.floor == base || to.room == from.room && to.floor == room:
		return ""
	case to.floor == view:
		return "a room draws no screen"
	case to.floor != room:
		return "a room stands on rooms and on base alone"
	case to.step > from.step:
		return "stairs only go down: what a room above must hear, a lower room declares as a hook"
	case to.step == from.step:
		return "rooms on one step do not see each other: a page shows both, or a room above asks both"
	}
	return ""
}

// borders are packages from outside that only some of ours may use.
var borders = []struct {
	imports *regexp.Regexp
	may     func(place) bool
	why     string
}{
	{regexp.MustCompile(`^database/sql$`), under("base/store"), "only base/store opens a database"},
	{regexp.MustCompile(`^net(/http.*|/smtp|/rpc.*)?$`), notIn(room, sim), "a room knows no network: its rules run in a test, a command and a page alike"},
	{regexp.MustCompile(`^(log|os|os/.*)$`), notIn(room, view, pages),
		"a room answers and records; files and settings are handed to it"},
	{regexp.MustCompile(`^log/slog$`), notIn(room, view), "a room answers and records; it logs nothing"},
	{regexp.MustCompile(`^(html|html/template|text/template|github\.com/a-h/templ.*)$`), notIn(room, sim),
		"a room draws no screen: phrases are in catalogues, papers are trees, pages are templ"},
	{regexp.MustCompile(`^math/rand(/v2)?$`), notIn(room, view, pages), "dice are handed in, and a draw has its proof"},
	{regexp.MustCompile(`^unsafe$`), under("nowhere"), "nothing here is worth it"},
}

func under(paths ...string) func(place) bool {
	return func(p place) bool {
		return slices.ContainsFunc(paths, func(s string) bool { return p.path == s || strings.HasPrefix(p.path, s+"/") })
	}
}

func notIn(floors ...floor) func(place) bool {
	return func(p place) bool { return !slices.Contains(floors, p.floor) }
}

// Stairs only go down.
func TestStairs(t *testing.T) {
	for _, p := range packages(t) {
		from := placeOf(p.ImportPath)
		for _, list := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			for _, name := range list {
				if !ours(name) {
					continue
				}
				to := placeOf(name)
				if why := banned(from, to); why != "" && to.path != from.path {
					t.Errorf("%s imports %s: %s", from.path, to.path, why)
				}
			}
		}
		for _, name := range p.Imports {
			for _, b := range borders {
				if b.imports.MatchString(name) && !b.may(from) {
					t.Errorf("%s imports %s: %s", from.path, name, b.why)
				}
			}
		}
	}
}

// The stairs themselves, on examples: a test of bans that bans nothing would pass for ever.
func TestStairsHold(t *testing.T) {
	cases := []struct {
		from, to string
		may      bool
	}{
		{"register", "bylaws", true},
		{"register", "base/store", true},
		{"assembly", "register", true},
		{"assembly", "vote", true},
		{"allocation/solver", "allocation", true},
		{"register/pages", "assembly", true},
		{"register/pages", "people/view", true},
		{"register/pages", "register/pages/print", true},
		{"app", "register/pages", true},
		{"cmd/lieux", "app", true},
		{"sim", "assembly", true},
		{"app", "sim", true},
		{"base/papers", "base/lang", true},
		{"bylaws", "register", false},
		{"register", "places", false},
		{"vote", "people", false},
		{"base/web", "people", false},
		{"register", "base/web", false},
		{"register", "register/pages", false},
		{"register", "people/view", false},
		{"register", "sim", false},
		{"register", "app", false},
		{"register/pages", "assembly/pages", false},
		{"people/view", "register", false},
		{"register/pages", "app", false},
		{"sim", "base/web", false},
		{"cmd/lieux", "register", false},
		{"kitchen", "register", false},
	}
	for _, c := range cases {
		if why := banned(placeOf("lieux/"+c.from), placeOf("lieux/"+c.to)); (why == "") != c.may {
			t.Errorf("%s imports %s: %q", c.from, c.to, why)
		}
	}
}

// A dependency enters with a sentence saying why, and with the places where it may be used: the table of DECISIONS.md.
func TestDependencies(t *testing.T) {
	allowed, mod := allowedDependencies(t), goMod(t)
	used := map[string]bool{}
	look := func(p listed, imports []string, isTest bool) {
		for _, name := range imports {
			module := mod.of(name)
			if module == "" {
				continue
			}
			used[module] = true
			from := placeOf(p.ImportPath)
			where, found := allowed[module]
			if !found {
				t.Errorf("%s imports %s: %s has no line among the dependencies of DECISIONS.md", from.path, name, module)
			} else if !isTest && !mayUse(from, where) {
				t.Errorf("%s imports %s: DECISIONS.md keeps it to %s", from.path, name, strings.Join(where, ", "))
			}
		}
	}
	for _, p := range packages(t) {
		look(p, p.Imports, false)
		look(p, slices.Concat(p.TestImports, p.XTestImports), true)
	}
	for _, tool := range mod.Tool {
		used[mod.of(tool.Path)] = true
		if allowed[mod.of(tool.Path)] == nil {
			t.Errorf("go.mod: the tool %s has no line among the dependencies of DECISIONS.md", tool.Path)
		}
	}
	for module := range allowed {
		if !used[module] {
			t.Errorf("DECISIONS.md: nothing uses %s: take its line away", module)
		}
	}
}

// mayUse compares a place with the words of the table: "everywhere", "rooms", "pages", or folders. "tests" and "tool"
// name no place: only tests may use it.
func mayUse(p place, where []string) bool {
	return slices.Contains(where, "everywhere") || slices.Contains(where, "rooms") && p.floor == room ||
		slices.Contains(where, "pages") && (p.floor == pages || p.floor == view) || under(where...)(p)
}

// allowedDependencies reads where each module may be used: | `module` | where | why |.
func allowedDependencies(t *testing.T) map[string][]string {
	t.Helper()
	_, section, found := strings.Cut(read(t, "DECISIONS.md"), "\n## Dependencies\n")
	if !found {
		t.Fatal("DECISIONS.md has no section Dependencies")
	}
	allowed := map[string][]string{}
	for _, row := range tableRows(section) {
		if len(row) != 3 || row[1] == "" || len(row[2]) < 20 {
			t.Fatalf("DECISIONS.md: the line of %s needs where and why", row[0])
		}
		allowed[strings.Trim(row[0], "`")] = strings.Split(row[1], ", ")
	}
	if len(allowed) < 10 {
		t.Fatalf("DECISIONS.md: only %d dependencies were read", len(allowed))
	}
	return allowed
}

// tableRows reads the first table of a Markdown text, without its head.
func tableRows(text string) (rows [][]string) {
	for _, line := range strings.Split(text, "\n") {
		line, isRow := strings.CutPrefix(strings.TrimSpace(line), "|")
		if !isRow && len(rows) > 0 {
			break
		}
		if !isRow {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows[min(2, len(rows)):]
}

type module struct {
	Require, Tool []struct{ Path string }
}

func goMod(t *testing.T) (m module) {
	t.Helper()
	if err := json.Unmarshal(run(t, "go", "mod", "edit", "-json"), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// of is the required module that has a package; empty for the standard library and for ours.
func (m module) of(name string) (found string) {
	for _, r := range m.Require {
		if (name == r.Path || strings.HasPrefix(name, r.Path+"/")) && len(r.Path) > len(found) {
			found = r.Path
		}
	}
	return found
}

// listed is a package of ours, as go list tells it.
type listed struct {
	ImportPath, Dir, Name              string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, TestImports, XTestImports []string
}

var listedOnce = struct {
	sync.Once
	packages []listed
}{}

func packages(t *testing.T) []listed {
	t.Helper()
	listedOnce.Do(func() {
		d := json.NewDecoder(bytes.NewReader(run(t, "go", "list", "-e", "-json", "./...")))
		for d.More() {
			var p listed
			if err := d.Decode(&p); err != nil {
				t.Fatal(err)
			}
			listedOnce.packages = append(listedOnce.packages, p)
		}
	})
	if len(listedOnce.packages) < 10 {
		t.Fatalf("go list told of only %d packages", len(listedOnce.packages))
	}
	return listedOnce.packages
}

func ours(importPath string) bool {
	return importPath == "lieux" || strings.HasPrefix(importPath, "lieux/")
}

// files lists what belongs to the project: what git keeps, and what is new and not ignored.
func files(t *testing.T) (names []string) {
	t.Helper()
	for _, name := range strings.Split(string(run(t, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")), "\x00") {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
	}
	if len(names) < 100 {
		t.Fatalf("git told of only %d files", len(names))
	}
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if exit, isExit := errors.AsType[*exec.ExitError](err); isExit {
		t.Fatalf("%s %s: %s", name, args[0], exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
