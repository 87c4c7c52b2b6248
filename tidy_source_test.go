package lieux

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// Limits of the source. Generated files and tests are exempt: their data is as wide as it is.
const (
	maxLine     = 120 // characters, a tab counts as one
	maxFunction = 70  // lines, from func to the closing brace
)

// source is a file of ours that people wrote for the program itself.
type source struct {
	place
	name    string // from the root
	text    string
	tree    *ast.File
	imports map[string]string // name in the file → import path
	fset    *token.FileSet
}

func (s source) at(n ast.Node) string {
	return s.name + ":" + strconv.Itoa(s.fset.Position(n.Pos()).Line)
}

// of is the import path of the package in pkg.Name, and that name; empty when the expression is something else.
func (s source) of(n ast.Node) (importPath, name string) {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	if x, ok := sel.X.(*ast.Ident); ok && x.Obj == nil {
		return s.imports[x.Name], sel.Sel.Name
	}
	return "", ""
}

var majorVersion = regexp.MustCompile(`^v\d+$`)

func sources(t *testing.T) (all []source) {
	t.Helper()
	for _, p := range packages(t) {
		for _, file := range p.GoFiles {
			at := placeOf(p.ImportPath)
			name := filepath.ToSlash(filepath.Join(at.path, file))
			if s, err := parse(at, name, read(t, name)); err != nil {
				t.Errorf("%v", err)
			} else if !ast.IsGenerated(s.tree) {
				all = append(all, s)
			}
		}
	}
	return all
}

func parse(at place, name, text string) (s source, err error) {
	s = source{place: at, name: name, text: text, imports: map[string]string{}, fset: token.NewFileSet()}
	if s.tree, err = parser.ParseFile(s.fset, name, text, parser.ParseComments); err != nil {
		return s, err
	}
	for _, i := range s.tree.Imports {
		importPath, _ := strconv.Unquote(i.Path.Value)
		parts := strings.Split(importPath, "/")
		name := parts[len(parts)-1]
		if len(parts) > 1 && majorVersion.MatchString(name) {
			name = parts[len(parts)-2]
		}
		if i.Name != nil {
			name = i.Name.Name
		}
		s.imports[name] = importPath
	}
	return s, nil
}

// A function is read on one screen, a line without turning the head.
func TestSizes(t *testing.T) {
	for _, s := range sources(t) {
		for i, line := range strings.Split(s.text, "\n") {
			if n := utf8.RuneCountInString(line); n > maxLine {
				t.Errorf("%s:%d: %d characters, %d at most", s.name, i+1, n, maxLine)
			}
		}
		for _, d := range s.tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; n > maxFunction {
				t.Errorf("%s: %s has %d lines, %d at most: one of its parts has a name", s.at(f), f.Name.Name, n, maxFunction)
			}
		}
	}
}

// clocks are the packages of base that may look at the wall clock, each with its reason.
var clocks = map[string]string{
	"base/store":           "the default of Options.Clock; how long acts take",
	"base/store/storetest": "how long tests wait",
	"base/web":             "rates, sessions and the times in the log",
	"base/jobs":            "when a job is due",
	"base/mail":            "how long a mail server may take",
}

// What a room may not do by itself: look at a clock, throw dice, count money or votes in floating point, print.
func TestRoomsArePure(t *testing.T) {
	for _, s := range sources(t) {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if why := impure(s, n); why != "" {
				t.Errorf("%s: %s", s.at(n), why)
			}
			return true
		})
	}
}

func impure(s source, n ast.Node) string {
	exact := s.floor == room || under("base/money", "base/civil", "base/chain", "base/ident")(s.place)
	quiet := s.floor == room || s.floor == view || s.floor == pages || s.floor == base
	importPath, name := s.of(n)
	switch importPath {
	case "time":
		timed := s.floor == app || s.floor == cmd || s.floor == e2e || clocks[s.path] != ""
		if !timed && slices.Contains([]string{"Now", "Since", "Until"}, name) {
			return "time." + name + ": time is handed in (tx.Now, tx.Today), so that a past day can be lived again"
		}
	case "math/rand", "math/rand/v2":
		if !regexp.MustCompile(`^(New.*|Rand|Source.*|PCG|ChaCha8|Zipf)$`).MatchString(name) {
			return "rand." + name + ": no dice that everybody shares; a seeded source is handed in"
		}
	case "fmt":
		if quiet && strings.HasPrefix(name, "Print") {
			return "fmt." + name + ": only a command prints"
		}
	case "strconv":
		if exact && name == "ParseFloat" {
			return "strconv.ParseFloat: money, shares and votes are whole numbers and exact fractions"
		}
	}
	switch n := n.(type) {
	case *ast.Ident:
		if exact && (n.Name == "float64" || n.Name == "float32") {
			return n.Name + ": money, shares and votes are whole numbers and exact fractions"
		}
	case *ast.BasicLit:
		if exact && n.Kind == token.FLOAT {
			return n.Value + ": money, shares and votes are whole numbers and exact fractions"
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && f.Obj == nil && (f.Name == "print" || f.Name == "println") {
			return f.Name + ": only a command prints"
		}
	}
	return ""
}

// The rule of purity itself, on examples.
func TestImpure(t *testing.T) {
	cases := []struct {
		path, statement string
		pure            bool
	}{
		{"register", `_ = time.Now()`, false},
		{"register", `_ = time.Unix(0, 0)`, true},
		{"register", `_ = dice.IntN(6)`, false},
		{"register", `_ = dice.New(nil)`, true},
		{"register", `var share float64`, false},
		{"vote", `_ = 0.05`, false},
		{"base/money", `_, _ = strconv.ParseFloat("1", 64)`, false},
		{"base/money", `_, _ = strconv.ParseInt("1", 10, 64)`, true},
		{"register", `fmt.Println("a")`, false},
		{"register", `println("a")`, false},
		{"register", `_ = fmt.Sprint("a")`, true},
		{"register", `type clock struct{ Now int }; var time clock; _ = time.Now`, true},
		{"register/pages", `_ = time.Now()`, false},
		{"register/pages", `var x float64; _ = x`, true},
		{"base/store", `_ = time.Now()`, true},
		{"base/papers", `_ = time.Now()`, false},
		{"app", `_ = time.Now()`, true},
		{"cmd/lieux", `fmt.Println("a")`, true},
	}
	for _, c := range cases {
		text := "package p\nimport (\"fmt\"; dice \"math/rand/v2\"; \"strconv\"; \"time\")\nfunc f() { " + c.statement + " }"
		s, err := parse(placeOf("lieux/"+c.path), "p.go", text)
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		ast.Inspect(s.tree, func(n ast.Node) bool {
			found += impure(s, n)
			return true
		})
		if (found == "") != c.pure {
			t.Errorf("%s: %s: %q", c.path, c.statement, found)
		}
	}
}

var sqlText = regexp.MustCompile(`^\s*(SELECT\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|CREATE (TABLE|INDEX|VIEW)\s|ALTER TABLE\s|` +
	`DROP (TABLE|INDEX|VIEW)\s|WITH (RECURSIVE )?\w+ AS\s|PRAGMA\s)`)

// SQL has two homes: store.go and schema/. A reader who looks for it opens one file.
func TestSQL(t *testing.T) {
	for _, s := range sources(t) {
		if under("base/store")(s.place) || filepath.Base(s.name) == "store.go" {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			importPath, name := s.of(n)
			if importPath == "lieux/base/store" && (name == "Q" || name == "Unlisted") {
				t.Errorf("%s: store.%s belongs in store.go", s.at(n), name)
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil && sqlText.MatchString(text) {
					t.Errorf("%s: SQL belongs in store.go: %.40q", s.at(n), text)
				}
			}
			return true
		})
	}
}

// known are methods whose words are those of the interface they answer.
var known = []string{"String", "Error", "Unwrap", "Is", "As", "Words", "Len", "Less", "Swap", "Read", "Write", "Close", "Render",
	"ServeHTTP", "Scan", "Value", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "MarshalYAML", "UnmarshalYAML"}

// What a package gives to others has words.
func TestExportedHasWords(t *testing.T) {
	packageWords := map[string]bool{}
	for _, s := range sources(t) {
		packageWords[s.path] = packageWords[s.path] || s.tree.Doc != nil
		if s.tree.Name.Name == "main" {
			continue
		}
		for i, d := range s.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && !worded(s, i) {
					t.Errorf("%s: %s has no words", s.at(d), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if name := unworded(d, spec); name != "" {
						t.Errorf("%s: %s has no words", s.at(spec), name)
					}
				}
			}
		}
	}
	for p, has := range packageWords {
		if !has {
			t.Errorf("%s: the package has no words", p)
		}
	}
}

// worded says whether a function is explained: by its comment, by the interface it answers, or, where functions of one
// line stand directly under each other, by the comment above the first.
func worded(s source, i int) bool {
	f := s.tree.Decls[i].(*ast.FuncDecl)
	if f.Doc != nil || f.Recv != nil && (slices.Contains(known, f.Name.Name) || !ast.IsExported(receiver(f))) {
		return true
	}
	if i == 0 {
		return false
	}
	before, ok := s.tree.Decls[i-1].(*ast.FuncDecl)
	line := func(p token.Pos) int { return s.fset.Position(p).Line }
	return ok && line(before.End())+1 == line(f.Pos()) && line(f.Pos()) == line(f.End()) && worded(s, i-1)
}

// receiver is the name of the type that a method belongs to.
func receiver(f *ast.FuncDecl) (name string) {
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

// unworded is the first exported name of a declaration without comment, be it above, behind, or above its group.
func unworded(d *ast.GenDecl, spec ast.Spec) string {
	if d.Doc != nil {
		return ""
	}
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && spec.Doc == nil && spec.Comment == nil {
			return spec.Name.Name
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.IsExported() && spec.Doc == nil && spec.Comment == nil {
				return name.Name
			}
		}
	}
	return ""
}

// A test that is left out says why.
func TestSkipsSayWhy(t *testing.T) {
	bare := regexp.MustCompile(`\b[tbf]b?\.(SkipNow|Skip)\(\)`)
	for _, p := range packages(t) {
		for _, file := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
			name := filepath.Join(placeOf(p.ImportPath).path, file)
			if found := bare.FindString(read(t, name)); found != "" && placeOf(p.ImportPath).floor != house {
				t.Errorf("%s: %s says no reason", name, found)
			}
		}
	}
}

// Every room has the same floors under the same names.
func TestRooms(t *testing.T) {
	written := map[string]int{} // room → lines of its page
	stores := map[string]bool{} // room → has SQL
	for _, s := range sources(t) {
		if s.floor != room || s.path != s.room {
			continue
		}
		written[s.room] += 0
		if filepath.Base(s.name) == "doc.go" && s.tree.Doc != nil {
			written[s.room] = strings.Count(s.tree.Doc.Text(), "\n")
		}
		if s.imports["store"] == "lieux/base/store" && strings.Contains(s.text, "store.Q(") {
			stores[s.room] = true
		}
	}
	const page = 10
	for r, lines := range written {
		if lines < page {
			t.Errorf("%s/doc.go: %d lines: a page says the subject, the words, the invariants and the articles", r, lines)
		}
		for _, tag := range languages {
			if _, err := readCatalogue(filepath.Join(r, "lang", tag+".json")); err != nil {
				t.Errorf("%s: %v", r, err)
			}
		}
		schema, err := filepath.Glob(filepath.Join(r, "schema", "0001_*.sql"))
		if err != nil || stores[r] != (len(schema) == 1) {
			t.Errorf("%s: a room with SQL has a schema/0001_%s.sql, one without has none", r, r)
		}
	}
	if len(written) < 6 {
		t.Errorf("only %d rooms were found", len(written))
	}
}

var (
	createTable = regexp.MustCompile(`(?m)^CREATE TABLE (\w+) \(`)
	references  = regexp.MustCompile(`REFERENCES (\w+)`)
	strange     = regexp.MustCompile(`\b(INTEGER|INT|SMALLINT|SERIAL|BIGSERIAL|IDENTITY|NUMERIC|DECIMAL|REAL|DOUBLE|DATE|TIME|` +
		`TIMESTAMP|TIMESTAMPTZ|BOOLEAN|VARCHAR|CHAR|JSON|JSONB|UUID|BLOB|COLLATE|DEFERRABLE|CASCADE\s*;|USING|CONCURRENTLY|AUTOINCREMENT|` +
		`STRICT|VIRTUAL|now\(\)|TRUNCATE|ENUM)\b`)
	sqlComment = regexp.MustCompile(`--.*`)
)

// One schema text for both engines: three types, no word that only one of them knows, keys that point down the stairs.
func TestSchemas(t *testing.T) {
	owner := map[string]string{}
	texts := map[string]string{} // file → text
	for _, name := range files(t) {
		if !strings.HasSuffix(name, ".sql") {
			continue
		}
		text := read(t, name)
		if !strings.HasPrefix(text, "-- +goose Up\n") {
			t.Errorf("%s: begins with -- +goose Up", name)
		}
		folder := filepath.Dir(filepath.Dir(name))
		texts[name] = sqlComment.ReplaceAllString(text, "")
		for _, m := range createTable.FindAllStringSubmatch(text, -1) {
			owner[m[1]] = folder
			if p := placeOf("lieux/" + folder); p.floor == room && m[1] != p.room && !strings.HasPrefix(m[1], p.room+"_") {
				t.Errorf("%s: the table %s begins with the name of its room", name, m[1])
			}
		}
	}
	for name, text := range texts {
		if found := strange.FindString(text); found != "" {
			t.Errorf("%s: %s: the engines differ here; types are TEXT, BIGINT and BYTEA", name, found)
		}
		from := placeOf("lieux/" + filepath.ToSlash(filepath.Dir(filepath.Dir(name))))
		for _, m := range references.FindAllStringSubmatch(text, -1) {
			to := placeOf("lieux/" + owner[m[1]])
			if why := banned(from, to); to.path != from.path && why != "" {
				t.Errorf("%s: a key to %s of %s: %s", name, m[1], to.path, why)
			}
		}
	}
}

// declared is every exported name of a file; methods as Type.Method.
func declared(tree *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				name = receiver(d) + "." + name
			}
			names[name] = true
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					names[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						names[id.Name] = true
					}
				}
			}
		}
	}
	return names
}
