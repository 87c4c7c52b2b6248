package sitting

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"lieux/attendance"
	"lieux/base/lang"
	"lieux/base/store"
)

// Every column of the schema has its ground and term, every act its line in the journal.
func TestEveryColumnIsAccountedFor(t *testing.T) {
	files, err := fs.Glob(schema, "schema/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for _, name := range files {
		file, err := schema.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, file...)
	}
	p := book(t).In(lang.French)
	kept := map[string]bool{}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			kept[r.Table+"."+c] = true
		}
		for _, ph := range []lang.Phrase{r.What, r.Ground, r.Term} {
			if !p.Has(ph.Code) {
				t.Errorf("%s: %s is in no catalogue", r.Table, ph.Code)
			}
		}
	}
	table := ""
	for line := range strings.SplitSeq(string(text), "\n") {
		if m := regexp.MustCompile(`^CREATE TABLE ([a-z_]+) \(`).FindStringSubmatch(line); m != nil {
			table = m[1]
		}
		if m := regexp.MustCompile(`^  ([a-z_]+) (TEXT|BIGINT|BYTEA)`).FindStringSubmatch(line); m != nil {
			if !kept[table+"."+m[1]] {
				t.Errorf("%s.%s: why is it kept?", table, m[1])
			}
			delete(kept, table+"."+m[1])
		}
	}
	for column := range kept {
		t.Errorf("%s is in no table", column)
	}
	for _, verb := range []string{"open", "close", "go", "appoint", "relieve", "present", "add", "incident", "incident-over", "retain", "drop",
		"note", "second", "review", "comment", "agree", "end-review", "reply", "settle", "reopen", "sign", "freeze"} {
		if !p.Has("journal.sitting." + verb) {
			t.Errorf("the journal has no words for %s", verb)
		}
	}
}

func TestWhatIsKnownOfAPerson(t *testing.T) {
	both(t, nil, func(e *evening) {
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Nora", "Émile")
		e.open()
		e.act("Joris", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		e.act("Joris", "sitting.review", func(tx *store.Tx) error { return OpenReview(tx, e.m, 1) })
		e.act("Nora", "sitting.comment", func(tx *store.Tx) error {
			_, err := Comment(tx, e.m, Remark{Words: "Le micro grésillait."})
			return err
		})
		e.act("Émile", "sitting.agree", func(tx *store.Tx) error { return Agree(tx, e.m) })
		p := e.book.In(lang.French)
		for who, want := range map[string]string{"Agathe": "Charges tenues aux réunions|Assemblée générale ordinaire|13 juin 2026|présidence|",
			"Émile":  "Charges tenues aux réunions|Assemblée générale ordinaire|13 juin 2026|scrutin|Projets de procès-verbal relus sans remarque|Assemblée générale ordinaire|13 juin 2026|",
			"Nora":   "Remarques sur des projets de procès-verbal|Assemblée générale ordinaire|13 juin 2026|Le micro grésillait.|",
			"Wivine": "Charges tenues aux réunions|Assemblée générale ordinaire|13 juin 2026|scrutin|"} {
			e.read(func(r store.Reader) error {
				sections, err := Known(r, e.who[who])
				got := ""
				for _, s := range sections {
					got += p.Words(s.Title) + "|"
					for _, row := range s.Rows {
						for _, cell := range row {
							got += p.Value(cell) + "|"
						}
					}
				}
				if got = strings.ReplaceAll(got, "\u00a0", " "); got != want {
					t.Errorf("known of %s: %s", who, got)
				}
				return err
			})
		}
	})
}
