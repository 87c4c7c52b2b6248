package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
)

func TestStatementsAreUnderstood(t *testing.T) {
	storetest.PrepareAll(t, rooms)
}

func french(t testing.TB) *lang.Printer {
	t.Helper()
	book, err := lang.NewBook(Phrases, people.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	return book.In(lang.French)
}

// The catalogue has every phrase that the room's source names; each refusal says what to do; no phrase is spelled with
// a straight apostrophe.
func TestEveryPhraseIsThere(t *testing.T) {
	p := french(t)
	codes := regexp.MustCompile(`"((?:register|journal\.register)\.[a-z]+\.[a-z0-9.-]*[a-z0-9]|register\.found-by-number)"`)
	for _, file := range []string{"account.go", "class.go", "columns.go", "cooperator.go", "correct.go", "export.go",
		"hooks.go", "import.go", "importrow.go",
		"movement.go", "print.go", "roll.go", "text.go", "verbs.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range codes.FindAllStringSubmatch(string(text), -1) {
			if !p.Has(m[1]) {
				t.Errorf("%s: %s is in no catalogue", file, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`refuse\("([a-z-]+)"`).FindAllStringSubmatch(string(text), -1) {
			if !p.Has("register.refusal.import-" + m[1]) {
				t.Errorf("%s: register.refusal.import-%s is in no catalogue", file, m[1])
			}
		}
	}
	for _, k := range Kinds {
		if !p.Has(k.Code()) {
			t.Errorf("%s has no word", k)
		}
	}
	for _, h := range []Holders{Anyone, NaturalOnly, LegalOnly} {
		if !p.Has("register.holders." + string(h)) {
			t.Errorf("%s has no word", h)
		}
	}
	for _, code := range p.Codes() {
		if strings.HasPrefix(code, "register.refusal.") && !strings.HasSuffix(code, ".todo") && !p.Has(code+".todo") {
			t.Errorf("%s does not say what to do", code)
		}
	}
	for _, verb := range []string{"define-class", "reword-class", "issue", "pay", "transfer", "redeem", "correct",
		"import"} {
		if !p.Has("journal.register." + verb) {
			t.Errorf("the journal has no words for %s", verb)
		}
	}
	for _, r := range Retentions {
		for _, ph := range []lang.Phrase{r.What, r.Ground, r.Term} {
			if !p.Has(ph.Code) {
				t.Errorf("%s: %s is in no catalogue", r.Table, ph.Code)
			}
		}
	}
}

// Every column of the schema has its ground and term.
func TestEveryColumnIsAccountedFor(t *testing.T) {
	var text []byte
	for _, name := range []string{"schema/0001_register.sql", "schema/0002_lives.sql"} {
		part, err := schema.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, bytes.ReplaceAll(part, []byte("register_movement_whole"), []byte("register_movement"))...)
	}
	seen := map[string]bool{} // the second file makes a table of the first anew
	kept := map[string]bool{}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			kept[r.Table+"."+c] = true
		}
	}
	table := ""
	for _, line := range strings.Split(string(text), "\n") {
		if m := regexp.MustCompile(`^CREATE TABLE ([a-z_]+) \(`).FindStringSubmatch(line); m != nil {
			table = m[1]
		}
		if m := regexp.MustCompile(`^  ([a-z_]+) (TEXT|BIGINT|BYTEA)`).FindStringSubmatch(line); m != nil {
			if !kept[table+"."+m[1]] && !seen[table+"."+m[1]] {
				t.Errorf("%s.%s: why is it kept?", table, m[1])
			}
			delete(kept, table+"."+m[1])
			seen[table+"."+m[1]] = true
		}
	}
	for c := range kept {
		t.Errorf("%s is no column", c)
	}
}

// A movement that was altered, removed or slipped in by hand is named by the check.
func TestAnAlteredMovementIsFound(t *testing.T) {
	for name, c := range map[string]struct{ sql, code string }{
		"altered": {"UPDATE register_movement SET shares = 400 WHERE number = 1", "row-altered"},
		"date":    {"UPDATE register_movement SET day = '2015-01-02' WHERE number = 1", "row-altered"},
		"removed": {"DELETE FROM register_movement WHERE number = 2", "row-removed"},
		"added": {`INSERT INTO register_movement SELECT 3, 3, kind, cooperator, class, 3, shares, paid, effective, day, recorded, recorded_on, entry, author,
			ground, evidence, counterpart, pair, corrects, decision, cause FROM register_movement WHERE number = 2`, "row-added"},
	} {
		t.Run(name, func(t *testing.T) {
			cl := &clock{day("2015-06-01")}
			o := storetest.Place(t, "sqlite")
			o.Rooms, o.Clock = rooms, cl.now
			h := founded(t, storetest.Open(t, o), cl)
			h.issue(h.person("Ada"), 4, 0, "2015-02-01")
			h.issue(h.person("Bob"), 4, 0, "2015-02-01")
			clean(t, h)
			program(t, "sqlite3", o.Folder+"/"+store.FileName, c.sql)
			report, err := h.db.Check(t.Context())
			named := slices.ContainsFunc(report.Findings, func(f store.Finding) bool { return f.Code == c.code && f.Kind == "movement" })
			if err != nil || !named {
				t.Errorf("%v: %v", err, report.Findings)
			}
		})
	}
}

func TestTheRollAsFiles(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		eventful(h)
		h.issue(h.person("=cmd()"), 1, money.Euros(250), "2018-02-01")
		p := french(t)
		roll := h.roll("2018-02-02", "")
		write := func(format Format) string {
			var b bytes.Buffer
			h.view(func(v *store.View) error { return WriteRoll(&b, v, p, roll, format) })
			return b.String()
		}
		golden(t, "roll.csv", write(CSV))
		golden(t, "roll.json", write(JSON))
		var read struct {
			Shares  int64
			Holders []struct{ Shares int64 }
		}
		if err := json.Unmarshal([]byte(write(JSON)), &read); err != nil || read.Shares != roll.Shares ||
			len(read.Holders) != len(roll.Holders) {
			t.Error(err, read)
		}
		sheet, err := sheets.Read(strings.NewReader(write(XLSX)), "roll.xlsx", sheets.Usual)
		if err != nil {
			t.Fatal(err)
		}
		table, err := sheet.Table(ImportColumns)
		if err != nil || len(table.Rows) != 4 {
			t.Fatal(err, len(table.Rows))
		}
		var sum int64
		for _, row := range table.Rows {
			n, err := table.Entry(row, "shares").Count()
			if err != nil {
				t.Error(err)
			}
			sum += n
		}
		if sum != roll.Shares {
			t.Errorf("the XLSX file adds up to %d shares, the roll has %d", sum, roll.Shares)
		}
		if s := write(Beancount); !strings.Contains(s, "PARTA") || strings.Contains(s, "Ada") {
			t.Errorf("the journal names somebody, or no shares:\n%s", s)
		}
		if err := WriteRoll(nil, nil, p, &Roll{}, "pdf"); err == nil {
			t.Error("a roll as PDF")
		}
	})
}

// The legal print says what the law asks for, and nothing that it does not.
func TestTheLegalPrint(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.act("register.reword-class", func(tx *store.Tx) error {
			return Reword(tx, ShareClass{ID: h.a, Name: "Parts ordinaires", Votes: 1, Holders: Anyone,
				Profit:      "Égal par part libérée",
				Restriction: "Agrément de l’organe d’administration", Article: "Statuts, art. 9"})
		})
		var ada, club people.PersonID
		h.act("people.enroll", func(tx *store.Tx) (err error) {
			ada, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: "Delvigne",
				Birth:  day("1961-05-03"),
				Emails: []string{"ada@exemple.be"}, Phones: []string{"04 223 00 00"},
				Home: people.Address{Street: "rue Vivegnis 214", Postcode: "4000", Town: "Liège"}})
			return err
		})
		h.act("people.enroll", func(tx *store.Tx) (err error) {
			club, err = people.Enroll(tx, people.Entry{Kind: people.Legal, Name: "Terre & Feu", Form: "asbl",
				Enterprise: "0123.456.749",
				Home:       people.Address{Street: "quai de Rome 3", Postcode: "4000", Town: "Liège"}})
			return err
		})
		h.issue(ada, 12, money.Euros(2500), "2015-02-01")
		h.act("register.transfer", func(tx *store.Tx) error {
			_, err := Transfer(tx, Cession{From: 1, To: club, Class: h.a, Shares: 3,
				Detail: Detail{Effective: day("2015-03-01")}})
			return err
		})
		draw := func(make func(v *store.View) (papers.Paper, papers.Names, error)) string {
			var b bytes.Buffer
			h.view(func(v *store.View) error {
				paper, names, err := make(v)
				if err != nil {
					return err
				}
				return papers.Text(&b, paper, names)
			})
			return b.String()
		}
		text := draw(func(v *store.View) (papers.Paper, papers.Names, error) {
			return Print(v, french(t), day("2015-06-01"), civil.Date{})
		})
		golden(t, "print.txt", text)
		extract := draw(func(v *store.View) (papers.Paper, papers.Names, error) {
			return Extract(v, french(t), 2, day("2015-06-01"), day("2015-06-01"))
		})
		golden(t, "extract.txt", extract)
		for _, secret := range []string{"ada@", "223", "1961", "exemple.be"} {
			if strings.Contains(text+extract, secret) {
				t.Errorf("the print holds %q", secret)
			}
		}
	})
}

// refusing takes so many bytes.
type refusing int

var errFull = errors.New("full")

func (w *refusing) Write(b []byte) (int, error) {
	if *w -= refusing(len(b)); *w < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// A print that its reader breaks off ends there, among the holders or among the transfers, and leaves the view usable.
func TestAPrintThatIsBrokenOff(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada, bea := h.person("Ada"), h.person("Bea")
		h.issue(ada, 2000, money.Euros(500_000), "2015-02-01")
		h.act("register.transfer", func(tx *store.Tx) error {
			for range 1300 {
				if _, err := Transfer(tx, Cession{From: 1, To: bea, Class: h.a, Shares: 1,
					Detail: Detail{Effective: day("2015-03-01")}}); err != nil {
					return err
				}
			}
			return nil
		})
		h.view(func(v *store.View) error {
			paper, names, err := Print(v, french(t), day("2015-06-01"), civil.Date{})
			if err != nil {
				return err
			}
			room := refusing(1000)
			if err := papers.PDFInParts(&room, paper, names, papers.Meta{}); !errors.Is(err, errFull) {
				t.Errorf("broken off: %v", err)
			}
			_, _, err = Print(v, french(t), day("2015-06-01"), civil.Date{})
			return err
		})
	})
}

// thousands makes a register of many holders by an import.
func thousands(t testing.TB, holders int) *house {
	t.Helper()
	cl := &clock{day("2026-05-12")}
	o := storetest.Place(t, "sqlite")
	o.Rooms, o.Clock = rooms, cl.now
	db := storetest.Open(t, o)
	h := &house{TB: t, db: db, clock: cl}
	h.found()
	var b strings.Builder
	b.WriteString("Numéro;Nom;Prénom;Adresse;Parts;Date\n")
	for i := range holders {
		b.WriteString(strings.Join([]string{Number(i + 1).String(), "Famille" + Number(i).String(), "Ada",
			"rue Haute 1, 4000 Liège", "4", "11/06/2015\n"}, ";"))
	}
	if _, _, err := Import(t.Context(), db, by(), file(t, "foule.csv", []byte(b.String())),
		ImportOptions{Class: h.a}); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestWhatThePersonsRoomIsTold(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada, bob, never := h.person("Ada"), h.person("Bob"), h.person("Jamais")
		h.issue(ada, 2, 0, "2015-02-01")
		h.issue(bob, 1, 0, "2015-02-01")
		h.act("register.redeem", func(tx *store.Tx) error {
			_, err := Redeem(tx, Redemption{Cooperator: 2, Class: h.a, Shares: 1, Detail: Detail{Effective: day("2015-05-20")}})
			return err
		})
		ask := func(fn func(v *store.View)) { h.view(func(v *store.View) error { fn(v); return nil }) }
		codes := func(id people.PersonID) (codes []string) {
			ask(func(v *store.View) {
				rs, err := Retains(v, id)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rs {
					codes = append(codes, r.Code)
				}
			})
			return codes
		}
		if got := codes(ada); len(got) != 1 || got[0] != "register.refusal.holds-shares" {
			t.Errorf("a holder: %v", got)
		}
		if got := codes(bob); len(got) != 1 || got[0] != "register.refusal.held-shares" {
			t.Errorf("who held shares: %v", got)
		}
		if got := codes(never); got != nil {
			t.Errorf("who never held any: %v", got)
		}
		h.clock.day = day("2025-05-21")
		if got := codes(bob); got != nil {
			t.Errorf("ten years after: %v", got)
		}
		ask(func(v *store.View) {
			for id, want := range map[people.PersonID]bool{ada: true, bob: false, never: false} {
				if is, err := IsCooperator(v, id); err != nil || is != want {
					t.Errorf("%v %v", is, err)
				}
			}
			for text, want := range map[string]people.PersonID{"1": ada, " n° 2": bob, "3": "", "Ada": "",
				"99999999999999999999": ""} {
				hits, err := FindNumber(v, text, 5)
				if err != nil || (want == "") != (len(hits) == 0) || want != "" && hits[0].Person != want {
					t.Errorf("%q finds %v, %v", text, hits, err)
				}
			}
			sections, err := Known(v, bob)
			if err != nil || len(sections) != 1 || len(sections[0].Rows) != 2 ||
				len(sections[0].Rows[0]) != len(sections[0].Heads) {
				t.Errorf("%v %v", sections, err)
			}
		})
	})
}
