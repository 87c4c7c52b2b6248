package attendance

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/store"
)

// Every column of the schema has its ground and term, every act its line, every refusal words.
func TestEveryColumnIsAccountedFor(t *testing.T) {
	var text []byte
	files, err := fs.Glob(schema, "schema/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		more, err := schema.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, more...)
	}
	kept := map[string]bool{}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			kept[r.Table+"."+c] = true
		}
		for _, ph := range []lang.Phrase{r.What, r.Ground, r.Term} {
			if !words.In(lang.French).Has(ph.Code) {
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
		if m := regexp.MustCompile(`^ALTER TABLE ([a-z_]+) ADD COLUMN ([a-z_]+) `).FindStringSubmatch(line); m != nil {
			if column := m[1] + "." + m[2]; !kept[column] {
				t.Errorf("%s: why is it kept?", column)
			} else {
				delete(kept, column)
			}
		}
	}
	for column := range kept {
		t.Errorf("%s is in no table", column)
	}
}

func TestTheJournalHasWords(t *testing.T) {
	for _, verb := range []string{"freeze-roll", "arrive", "leave", "undo", "give-proxy", "accept-proxy", "end-proxy",
		"correct", "prepare-cards"} {
		if !words.In(lang.French).Has("journal.attendance." + verb) {
			t.Errorf("the journal has no words for %s", verb)
		}
	}
}

func TestWhatIsKnownOfAPerson(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		h.carries(3, "Chloé", "Agathe")
		h.arrive("Agathe")
		h.view(func(v store.Reader) error {
			sections, err := Known(v, h.who["Agathe"])
			if err != nil {
				return err
			}
			p := words.In(lang.French)
			var told []string
			for _, s := range sections {
				told = append(told, p.Words(s.Title))
				for _, row := range s.Rows {
					line := ""
					for _, cell := range row {
						line += p.Value(cell) + "|"
					}
					told = append(told, line)
				}
			}
			got := strings.ReplaceAll(strings.Join(told, "\n"), "\u00a0", " ")
			want := `Réunions dont vous êtes sur la liste des votants
Assemblée générale|
Présences notées aux réunions
Assemblée générale|13 juin 2026|arrivée|à la table 1|
Procurations
Assemblée générale|13 juin 2026|reçue|acceptée|`
			if got != want {
				t.Errorf("known of Agathe:\n%s", got)
			}
			nobody, err := Known(v, h.who["Édith"])
			if len(nobody) != 0 {
				t.Errorf("known of Édith: %v", nobody)
			}
			return err
		})
	})
}

func TestTheDeskFindsWhoIsMeant(t *testing.T) {
	both(t, func(h *house) {
		h.do("attendance.prepare-cards", func(tx *store.Tx) error { return PrepareCards(tx, h.ag) })
		h.freeze()
		h.carries(3, "Chloé", "Agathe")
		h.view(func(v store.Reader) error {
			m, err := known(v, h.ag)
			if err != nil {
				return err
			}
			code, err := CodeOf(v, h.ag, 2)
			if err != nil {
				return err
			}
			for text, want := range map[string]string{"agat": "Agathe", "2": "Bram", "foyer": "Dirk", "4": "Dirk",
				"edith": "Édith", code: "Bram", "https://x.example/card/ag-2026/" + strings.ToLower(code): "Bram",
				"essai": "Agathe Bram Chloé Dirk Édith", "zzz": "", " ": "", "99999999999999999999": ""} {
				ids, err := Find(v, m, text)
				if err != nil {
					return err
				}
				var got []string
				for _, id := range ids {
					got = append(got, nameOf(h, id))
				}
				if strings.Join(got, " ") != want {
					t.Errorf("%q finds %v, want %s", text, got, want)
				}
			}
			d, err := DeskOf(v, m, h.who["Agathe"])
			if err != nil {
				return err
			}
			if d.There || len(d.Lines) != 1 || len(d.Held) != 1 || d.Held[0].Counted || d.Shares() != 40 {
				t.Errorf("the desk knows of Agathe: %+v", d)
			}
			dirk, err := DeskOf(v, m, h.who["Dirk"])
			if len(dirk.Lines) != 2 || dirk.Shares() != 47 {
				t.Errorf("the desk knows of Dirk: %+v", dirk)
			}
			return err
		})
		h.arrive("Agathe")
		h.view(func(v store.Reader) error {
			m, err := known(v, h.ag)
			if err != nil {
				return err
			}
			d, err := DeskOf(v, m, h.who["Agathe"])
			if !d.There || !d.Lines[0].Seated || !d.Held[0].Counted || d.Last == 0 {
				t.Errorf("once there: %+v", d)
			}
			return err
		})
	})
}

// Who keeps the door reads what to press beside each refusal that may come there; what it calls by name is on a button or
// at the head of a page.
func TestEachRefusalAtTheDoorSaysWhatToPress(t *testing.T) {
	quoted := regexp.MustCompile(`«\x{00A0}(.*?)\x{00A0}»|“(.*?)”`)
	for _, tag := range lang.Tags {
		p := words.In(tag)
		labels := map[string]bool{}
		for _, code := range []string{"freeze", "next", "leave", "arrive", "give", "correct", "proxies.new", "proxies.revoke",
			"prints.prepare"} {
			labels[p.T("attendance.page."+code)] = true
		}
		for _, code := range []string{"no-roll", "person-here", "holder-here", "here-otherwise", "no-voice", "not-on-roll",
			"arrival-kind", "not-remote", "many-holders", "not-representative", "away", "unknown-event", "not-last", "closed",
			"giver-here", "proxy-there", "chain-from", "chain-to", "no-proxies", "not-member", "many-proxies", "not-giver",
			"holder-kind", "proxy-to-self", "accepted", "unknown-proxy", "proxy-over", "before-opening", "before-record-date",
			"no-day", "empty-roll", "no-cards", "card"} {
			todo := "attendance.refusal." + code + ".todo"
			if !p.Has(todo) {
				t.Errorf("%s: %s says nothing to do", tag, code)
				continue
			}
			for _, m := range quoted.FindAllStringSubmatch(p.T(todo), -1) {
				if name := m[1] + m[2]; !labels[name] {
					t.Errorf("%s: %s speaks of %q, which is on no button", tag, code, name)
				}
			}
		}
	}
}
