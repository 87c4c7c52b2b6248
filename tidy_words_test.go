package lieux

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var languages = []string{"fr", "nl", "en"}

// A catalogue is key → the texts under it: one, or one and other.
type catalogue map[string][]string

// readCatalogue reads one language of a room; a key that stands twice is an error, which encoding/json would not see.
func readCatalogue(name string) (catalogue, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c := catalogue{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("%s: %v: %w", name, key, err)
		}
		if c[key.(string)] != nil {
			return nil, fmt.Errorf("%s: %v stands twice", name, key)
		}
		switch value := value.(type) {
		case string:
			c[key.(string)] = []string{value}
		case map[string]any:
			for _, form := range slices.Sorted(maps.Keys(value)) {
				c[key.(string)] = append(c[key.(string)], fmt.Sprint(value[form]))
			}
		default:
			return nil, fmt.Errorf("%s: %v is neither a text nor one/other", name, key)
		}
	}
	return c, nil
}

// catalogues reads every folder lang/: folder → language → catalogue.
func catalogues(t *testing.T) map[string]map[string]catalogue {
	t.Helper()
	all := map[string]map[string]catalogue{}
	for _, name := range files(t) {
		if path := filepath.ToSlash(name); !strings.HasSuffix(path, "lang/fr.json") {
			continue
		}
		folder := filepath.Dir(name)
		all[folder] = map[string]catalogue{}
		for _, tag := range languages {
			c, err := readCatalogue(filepath.Join(folder, tag+".json"))
			if err != nil {
				t.Errorf("%v", err)
			}
			all[folder][tag] = c
		}
	}
	if len(all) < 6 {
		t.Fatalf("only %d catalogues were found", len(all))
	}
	return all
}

var placeName = regexp.MustCompile(`\{\{\s*\.?(\w+)\s*\}\}`)

func placesOf(texts []string) []string {
	var names []string
	for _, m := range placeName.FindAllStringSubmatch(strings.Join(texts, " "), -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Three languages say the same things about the same things.
func TestCataloguesAgree(t *testing.T) {
	for folder, c := range catalogues(t) {
		for _, tag := range languages[1:] {
			for key, french := range c["fr"] {
				other, found := c[tag][key]
				if !found {
					t.Errorf("%s/%s.json: %s is missing", folder, tag, key)
				} else if a, b := placesOf(french), placesOf(other); !slices.Equal(a, b) {
					t.Errorf("%s/%s.json: %s has the places %v, in French %v", folder, tag, key, b, a)
				}
			}
			for key := range c[tag] {
				if _, found := c["fr"][key]; !found {
					t.Errorf("%s/fr.json: %s is missing", folder, key)
				}
			}
		}
	}
}

// Texts are set as a printer sets them.
func TestTypography(t *testing.T) {
	for folder, c := range catalogues(t) {
		for tag, texts := range c {
			for key, forms := range texts {
				for _, text := range forms {
					if why := misset(tag, text); why != "" {
						t.Errorf("%s/%s.json: %s: %s: %s", folder, tag, key, why, text)
					}
				}
			}
		}
	}
}

const (
	noBreak       = '\u00a0'
	narrowNoBreak = '\u202f'
)

// code is what people must type just so, in a text for people.
var code = regexp.MustCompile(`new: true|"[0-9.]+"|\(""\)|https?://\S*|\{\{[^}]*\}\}`)

// misset says what is wrong with the signs of a text; empty when nothing is.
func misset(tag, text string) string {
	if strings.TrimSpace(text) == "" {
		return "an empty text"
	}
	signs := []rune(code.ReplaceAllString(text, "x"))
	if slices.Contains(signs, '\'') {
		return "a straight apostrophe: ’"
	}
	if tag != "fr" {
		return ""
	}
	at := func(i int) rune {
		if i < 0 || i >= len(signs) {
			return ' '
		}
		return signs[i]
	}
	for i, sign := range signs {
		ends := unicode.IsSpace(at(i+1)) || strings.ContainsRune("»)”.,?!", at(i+1))
		switch {
		case sign == '"':
			return "straight guillemets: « »"
		case sign == ':' && ends && at(i-1) != noBreak:
			return "a colon without a no-break space (U+00A0) before it"
		case i > 0 && strings.ContainsRune(";!?", sign) && ends && at(i-1) != narrowNoBreak && !strings.ContainsRune("!?(", at(i-1)):
			return "a " + string(sign) + " without a narrow no-break space (U+202F) before it"
		case sign == '«' && at(i+1) != noBreak, sign == '»' && at(i-1) != noBreak:
			return "guillemets without a no-break space (U+00A0) inside"
		}
	}
	return ""
}

// The rule of typography itself, on examples.
func TestMisset(t *testing.T) {
	for text, right := range map[string]bool{
		"Rien n’est à faire\u202f; demandez\u00a0: «\u00a0pourquoi\u202f?\u00a0»": true,
		"Écrivez https://exemple.be/:a ou 12:30":                                  true,
		"{{.person}}\u00a0: {{.n}}":                                               true,
		"Rien n'est à faire":                                                      false,
		"Demandez :  pourquoi":                                                    false,
		"Demandez: pourquoi":                                                      false,
		"Pourquoi ?":                                                              false,
		"Pourquoi\u00a0?":                                                         false,
		"« pourquoi »":                                                            false,
		"le \"registre\"":                                                         false,
		"":                                                                        false,
	} {
		if why := misset("fr", text); (why == "") != right {
			t.Errorf("%q: %q", text, why)
		}
	}
}

// The words of GLOSSARY.md are the words of the house: its names exist in the code, and no catalogue says otherwise.
func TestGlossary(t *testing.T) {
	text := read(t, "GLOSSARY.md")
	rows := tableRows(text)
	if len(rows) < 40 {
		t.Fatalf("only %d words were read", len(rows))
	}
	names := exported(t)
	for _, row := range rows {
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[3], -1) {
			if !names[m[1]] {
				t.Errorf("GLOSSARY.md: %s: %s is not in the code", row[2], m[1])
			}
		}
	}
	_, avoided, found := strings.Cut(text, "\n## Words that we do not use\n")
	if !found || len(tableRows(avoided)) < 10 {
		t.Fatal("GLOSSARY.md: the words that we do not use are gone")
	}
	all := catalogues(t)
	for _, row := range tableRows(avoided) {
		words := strings.ReplaceAll(regexp.QuoteMeta(row[1]), ", ", "|")
		said := regexp.MustCompile(`(?i)(?:^|[^\p{L}-])(` + words + `)(?:[^\p{L}-]|$)`)
		for folder, c := range all {
			for key, forms := range c[row[0]] {
				if quotesLaw.MatchString(key) {
					continue
				}
				if m := said.FindStringSubmatch(strings.Join(forms, "\n")); m != nil {
					t.Errorf("%s/%s.json: %s: %q is said %q: GLOSSARY.md", folder, row[0], key, m[1], row[2])
				}
			}
		}
	}
}

// quotesLaw are the phrases that tell what the Code says, in the Code's own words: it knows only shareholders.
var quotesLaw = regexp.MustCompile(`^bylaws\.law\.|\.legal\.`)

// exported is every name that a package gives to others: "register.Lot", "register" and, for methods, "store.Tx.Seal".
func exported(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, s := range sources(t) {
		pkg := s.tree.Name.Name
		names[pkg] = true
		for name := range declared(s.tree) {
			names[pkg+"."+name] = true
		}
	}
	return names
}

// These are no part of what is committed: where a machine keeps things, and what was left for later. The words are
// written in halves, so that this file does not find itself.
var unwanted = []struct {
	text   *regexp.Regexp
	why    string
	exempt []string
}{
	{regexp.MustCompile("(^|[\\s\"'(=:`])/(wor" + "k|roo" + "t|hom" + "e|tm" + "p)(/|\\b)"), "a path of one machine", []string{
		"base/store/storetest/", // a socket's path may have 100 bytes: TMPDIR may be longer
	}},
	{regexp.MustCompile(`(proxy|sum)\.golang` + `\.org|npm` + `js\.(org|com)|deb\.deb` + `ian\.org|pypi` + `\.org|pythonho` + `sted`), "a registry", nil},
	{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`), "something left for later: finish it, or write it in an issue", nil},
	{regexp.MustCompile(`^(<{7}|>{7}|\|{7}) `), "the mark of an unfinished merge", nil},
}

func TestNothingLeftBehind(t *testing.T) {
	for _, name := range files(t) {
		text := read(t, name)
		if strings.ContainsRune(text, 0) || name == "go.sum" || strings.Contains(name, "static/htmx") {
			continue
		}
		if strings.HasSuffix(name, ".fail") {
			t.Errorf("%s: the trace of a failed test", name)
			continue
		}
		for i, line := range strings.Split(text, "\n") {
			for _, u := range unwanted {
				inside := slices.ContainsFunc(u.exempt, func(p string) bool { return strings.HasPrefix(filepath.ToSlash(name), p) })
				if found := u.text.FindString(line); found != "" && !inside {
					t.Errorf("%s:%d: %q: %s", name, i+1, strings.TrimSpace(found), u.why)
				}
			}
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// The pages to read are there, short, and lead somewhere; the habits can be run.
func TestPages(t *testing.T) {
	const short = 250
	for _, name := range []string{"README.md", "ARCHITECTURE.md", "STYLE.md", "GLOSSARY.md", "DECISIONS.md"} {
		if lines := strings.Count(read(t, name), "\n"); lines > short {
			t.Errorf("%s: %d lines: nobody reads that; %d at most", name, lines, short)
		}
	}
	for _, name := range []string{"bin/demo", "bin/test", "bin/check", "bin/bench", ".ci/run"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode()&0o111 == 0 || !strings.Contains(read(t, name), "set -euo pipefail") {
			t.Errorf("%s: a program that stops at its first error", name)
		}
	}
	for _, name := range files(t) {
		if !strings.HasSuffix(name, ".md") {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, ":") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), target)); err != nil {
				t.Errorf("%s: leads to %s, which is not there", name, m[1])
			}
		}
	}
}

// What a room offers, app takes: a schema that nobody migrates, phrases that no book holds and screens without a door
// would be found by a user.
func TestAppTakesAll(t *testing.T) {
	taken := ""
	doors := map[string]bool{}
	for _, p := range packages(t) {
		if placeOf(p.ImportPath).floor == app {
			for _, file := range p.GoFiles {
				taken += read(t, filepath.Join(placeOf(p.ImportPath).path, file))
			}
			for _, name := range p.Imports {
				doors[name] = true
			}
		}
	}
	for _, p := range packages(t) {
		if placeOf(p.ImportPath).floor == pages && len(p.GoFiles) > 0 && !doors[p.ImportPath] {
			t.Errorf("%s: app mounts none of its routes", placeOf(p.ImportPath).path)
		}
	}
	offered := regexp.MustCompile(`^(\w+)\.(Room|Phrases)$`)
	for name := range exported(t) {
		m := offered.FindStringSubmatch(name)
		if m == nil || m[1] == "storetest" || m[1] == "store" && m[2] == "Room" || m[1] == "offices" {
			continue // offices are rooms of a building
		}
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(taken) {
			t.Errorf("app takes no %s", name)
		}
	}
}
