package assembly

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/sortition"
	"lieux/vote"
)

var update = flag.Bool("update", false, "write the goldens anew")

func TestMain(m *testing.M) {
	people.Hooks.Erase = []func(*store.Tx, people.PersonID) error{Forget}
	storetest.Main(m)
}

var rooms = []store.Room{people.Room, bylaws.Room, register.Room, Room}

func book(t *testing.T) *lang.Book {
	t.Helper()
	b, err := lang.NewBook(people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases, sheets.Phrases, sortition.Phrases,
		Phrases)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// found sets Dynamo Coop up as it was in June 2015.
func found(t *testing.T, db *store.DB) {
	t.Helper()
	foundUnder(t, db)
}

// foundUnder sets it up with rules besides.
func foundUnder(t *testing.T, db *store.DB, rules ...bylaws.Rule) {
	t.Helper()
	act(t, db, "people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SCRL-FS", Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	act(t, db, "bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("dynamo-2015")
		p.Rules = append(p.Rules, rules...)
		_, err := bylaws.Lay(tx, p, civil.MustParse("2015-06"), bylaws.Deed{})
		return err
	})
}

func act(t *testing.T, db *store.DB, verb string, fn func(*store.Tx) error) {
	t.Helper()
	if _, err := db.Act(t.Context(), store.By("", verb), fn); err != nil {
		t.Fatalf("%s: %v", verb, err)
	}
}

func file2017(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile("../sim/data/ag-2017.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func takeIn(t *testing.T, db *store.DB, raw []byte) (report *Report, err error) {
	t.Helper()
	f, err := Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	_, err = db.Act(t.Context(), store.By("", "assembly.take-in"), func(tx *store.Tx) error {
		report, err = TakeIn(tx, f)
		return err
	})
	return report, err
}

func TestTheAssemblyOf2017FromItsPapersToFrozenMinutes(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		b := book(t)
		found(t, db)
		report, err := takeIn(t, db, file2017(t))
		if err != nil {
			t.Fatal(err)
		}
		if report.Seats != 1+3+3+4 || report.SetUp != 2 {
			t.Errorf("%d seats, %d bodies set up", report.Seats, report.SetUp)
		}
		if _, err := takeIn(t, db, file2017(t)); !fault.Is(err, "assembly.refusal.same-file") {
			t.Errorf("the same file again: %v", err)
		}
		var draft string
		minutes := func(t *testing.T) (Minutes, string) {
			var m Minutes
			var text bytes.Buffer
			err := db.View(t.Context(), func(v *store.View) error {
				a, _, err := ByName(v, "ag-2017")
				if err == nil {
					m, err = MinutesOf(v, a, b)
				}
				return err
			})
			if err == nil {
				err = papers.Text(&text, m.Paper, m.Names)
			}
			if err != nil {
				t.Fatal(err)
			}
			return m, text.String()
		}
		m, draft := minutes(t)
		golden(t, "testdata/minutes-2017.txt", draft)
		if m.Frozen() {
			t.Error("a draft says that it is frozen")
		}
		act(t, db, "assembly.freeze", func(tx *store.Tx) error {
			a, _, err := ByName(tx, "ag-2017")
			if err != nil {
				return err
			}
			_, err = Freeze(tx, a.ID, b)
			return err
		})
		m, frozen := minutes(t)
		if !m.Frozen() || frozen != draft {
			t.Error("frozen minutes are not the draft")
		}
		if report, err := db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("check: %v %v", err, report.Findings)
		}
		theStandings(t, db)
		thePresenterIsForgotten(t, db, m, minutes)
	})
}

// theStandings: nothing of 2017 can be recomputed but nothing is contradicted either, and every outcome says what is missing.
func theStandings(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.View(t.Context(), func(v *store.View) error {
		a, _, err := ByName(v, "ag-2017")
		if err != nil {
			return err
		}
		var numbers []string
		for _, item := range a.Items {
			numbers = append(numbers, item.Number)
			for _, m := range item.Matters {
				if !m.Kind.Voted() {
					continue
				}
				if m.Outcome.Status != vote.AsStated || len(m.Outcome.Missing) == 0 || m.Outcome.Verdict() != vote.Adopted {
					t.Errorf("item %s, %s: %s, %s, missing %v", item.Number, m.Kind, m.Outcome.Status, m.Outcome.Verdict(), m.Outcome.Missing)
				}
			}
		}
		if d := cmp.Diff([]string{"1", "2", "3", "5", "6", "7", "8"}, numbers); d != "" {
			t.Errorf("numbers: %s", d)
		}
		if len(a.Retained) != 4 {
			t.Errorf("%d retained points", len(a.Retained))
		}
		amendments, err := bylaws.Amendments(v)
		if len(amendments) != 1 || amendments[0].State != bylaws.Pending {
			t.Errorf("amendments: %+v", amendments)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// thePresenterIsForgotten: erasing a person takes the name out of the frozen minutes and leaves their hash.
func thePresenterIsForgotten(t *testing.T, db *store.DB, before Minutes, minutes func(*testing.T) (Minutes, string)) {
	t.Helper()
	act(t, db, "people.erase", func(tx *store.Tx) error {
		for id, name := range before.Names {
			if strings.Contains(name, "Stassart") {
				return people.Erase(tx, people.PersonID(id), people.OnRequest)
			}
		}
		t.Error("the presenter is not in the minutes")
		return nil
	})
	m, text := minutes(t)
	if strings.Contains(text, "Stassart") || !strings.Contains(text, "[personne effacée]") || m.Hash != before.Hash {
		t.Errorf("after erasure: hash %s, was %s", m.Hash, before.Hash)
	}
	if report, err := db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
		t.Errorf("check after erasure: %v %v", err, report.Findings)
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestAFileIsRefusedWithItsLine(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: rooms})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found(t, db)
	good := string(file2017(t))
	for _, c := range []struct {
		name, from, to, code string
		line                 int
	}{
		{"another format", "format: lieux-assembly/1", "format: minutes/9", "format", 2},
		{"a day that is none", `held: "2017-06"`, `held: "2017-06-31"`, "date", 5},
		{"an assembly still to come", `held: "2017-06"`, `held: "2199-06"`, "future", 5},
		{"an unknown field", "kind: minutes", "kindd: minutes", "syntax", 36},
		{"an unknown kind", "kind: charter", "kind: song", "kind", 97},
		{"a verdict that a note cannot have", "kind: note\n        title: Mission du comité d’accompagnement\n        stated: presented", "kind: note\n        title: Mission du comité d’accompagnement\n        stated: adopted", "stated", 103},
		{"a person nobody named", "presenters: [dony]", "presenters: [nobody]", "person-key", 45},
		{"a number twice", `number: "5"`, `number: "3"`, "item-twice", 82},
		{"a text before that is not in force", "engagé depuis un an", "engagé depuis deux ans", "before", 85},
		{"an alias", "held: \"2017-06\"", "held: &a \"2017-06\"", "anchor", 5},
		{"more present than issued", "total: {heads: 113, shares: 1134}", "total: {heads: 113, shares: 1134}\n  issued: {shares: 1000}", "attendance-sum", 0},
		{"a negative count", "shares: 1134", "shares: -1134", "count", 0},
	} {
		raw := strings.Replace(good, c.from, c.to, 1)
		if raw == good {
			t.Errorf("%s: nothing replaced", c.name)
			continue
		}
		_, err := takeIn(t, db, []byte(raw))
		code := c.code
		if code == "before" {
			code = "bylaws.refusal.before"
		} else {
			code = "assembly.refusal." + code
		}
		rs := fault.Of(err)
		if !fault.Is(err, code) {
			t.Errorf("%s: %v", c.name, err)
		} else if c.line > 0 && rs[0].Line != c.line {
			t.Errorf("%s: line %d, want %d", c.name, rs[0].Line, c.line)
		}
	}
	err = db.View(t.Context(), func(v *store.View) error {
		all, err := All(v)
		if len(all) != 0 {
			t.Errorf("%d assemblies after refusals", len(all))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	raw, err := os.ReadFile("../sim/data/ag-2017.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	for _, s := range []string{"", "a: [[[[[[", "format: lieux-assembly/1\nname: &x [*x]", "\xff\xfe", "format: lieux-assembly/1\nitems: {}", strings.Repeat("[", 5000), "? ? ? ?"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := Parse(bytes.NewReader(raw))
		if err == nil && file.Format != Format {
			t.Errorf("a file of format %q was read", file.Format)
		}
		if err != nil && fault.Of(err) == nil {
			t.Errorf("not a refusal: %v", err)
		}
	})
}
