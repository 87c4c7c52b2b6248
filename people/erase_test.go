package people

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// rich enrols a person about whom everything is known, under two records.
func rich(h *home) PersonID {
	id := h.enroll(Entry{Given: "Quirine", Family: "Zonnebloem", Birth: civil.MustParse("1977-07-07"), Emails: []string{"quirine.z@exemple.be"},
		Phones: []string{"0470 77 77 77"}, Home: Address{Street: "Zonnebloemstraat 7", Postcode: "4020", Town: "Liège"}})
	twin := h.enroll(Entry{Given: "Quirien", Family: "Zonnebloem"})
	other := h.enroll(Entry{Given: "Bo", Family: "Claes"})
	h.act("people.rename", func(tx *store.Tx) error {
		return Rename(tx, id, Entry{Given: "Quirine", Family: "Zonnebloem-Prunelle"}, tx.Today())
	})
	h.act("people.contact-add", func(tx *store.Tx) error {
		_, err := AddContact(tx, id, Email, "prunelle@exemple.be", civil.Date{})
		return err
	})
	h.act("people.represent", func(tx *store.Tx) error {
		_, err := Represent(tx, Representation{Legal: h.house.Person, Person: id, Quality: "Zonnebloemkoningin"})
		return err
	})
	h.act("people.gather", func(tx *store.Tx) error {
		_, err := Gather(tx, "Zonnebloem et Claes", []PersonID{id, other})
		return err
	})
	h.act("people.agree", func(tx *store.Tx) error {
		text, err := Publish(tx, ConsentText{Kind: Privacy, Lang: "fr", Words: "J’accepte.", From: civil.MustParse("2020")})
		if err != nil {
			return err
		}
		_, err = Agree(tx, id, text, tx.Today(), "paper")
		return err
	})
	h.act("people.passkey-add", func(tx *store.Tx) error {
		_, err := AddPasskey(tx, Passkey{Person: id, Name: "Zonnebloemsleutel", Credential: []byte("c"), Public: []byte("p")})
		return err
	})
	h.act("people.paper-code", func(tx *store.Tx) error { _, _, err := MakePaperCode(tx, id, ByPost); return err })
	h.act("people.merge", func(tx *store.Tx) error { return Merge(tx, id, twin, "Zonnebloem twice") })
	return id
}

func TestAnErasedPersonIsInNoFileAndTheChainIsWhole(t *testing.T) {
	folder := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Folder: folder, Rooms: []store.Room{Room}})
	if err != nil {
		t.Fatal(err)
	}
	h := newHome(t, db)
	id := rich(h)
	if err := db.Touch(t.Context(), func(tx *store.Tx) error { _, err := AskSignIn(tx, "prunelle@exemple.be", "192.0.2.7"); return err }); err != nil {
		t.Fatal(err)
	}
	h.act("people.erase", func(tx *store.Tx) error { return Erase(tx, id, OnRequest) })
	h.refused("people.refusal.erased", "people.erase", func(tx *store.Tx) error { return Erase(tx, id, OnRequest) })
	h.view(func(r store.Reader) {
		p, err := Get(r, id)
		if err != nil || p.Full() != "" || p.Erased != r.Today() || p.Ground != string(OnRequest) {
			t.Error(p, err)
		}
		all, err := store.Erasures(r)
		if err != nil || len(all) != 2 {
			t.Error("the merged record was left", all, err)
		}
	})
	report, err := db.Check(t.Context())
	if err != nil || len(report.Findings) != 0 || report.Erased == 0 {
		t.Errorf("%v %+v", err, report)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"onnebloem", "ONNEBLOEM", "uirine", "prunelle", "Prunelle", "77777", "1977-07-07", "znblm"} {
			if bytes.Contains(raw, []byte(word)) {
				t.Errorf("%s still holds %q", filepath.Base(file), word)
			}
		}
	}
}

func TestWhoMustBeKeptIsNotErased(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		id := rich(h)
		Hooks.Retain = append(Hooks.Retain, func(_ store.Reader, p PersonID) (fault.Refusals, error) {
			if p == id {
				return fault.Refusals{fault.Refuse("register.refusal.holds-shares").By("CSA 6:24")}, nil
			}
			return nil, nil
		})
		h.refused("register.refusal.holds-shares", "people.erase", func(tx *store.Tx) error { return Erase(tx, id, OnRequest) })
		Hooks.Retain = nil
		h.refused("people.refusal.erase-house", "people.erase", func(tx *store.Tx) error { return Erase(tx, h.house.Person, OnRequest) })
		h.refused("people.refusal.ground", "people.erase", func(tx *store.Tx) error { return Erase(tx, id, "whim") })

		var seat MandateID
		h.act("people.open-mandate", func(tx *store.Tx) error {
			board, err := TheBody(tx, Board)
			if err != nil {
				return err
			}
			seat, err = OpenMandate(tx, Mandate{Body: board.ID, Person: id, Role: Member, From: tx.Today().AddYears(-8)})
			return err
		})
		h.refused("people.refusal.erase-mandate", "people.erase", func(tx *store.Tx) error { return Erase(tx, id, OnRequest) })
		h.act("people.close-mandate", func(tx *store.Tx) error { return CloseMandate(tx, seat, tx.Today().AddYears(-4), Resigned) })
		h.refused("people.refusal.erase-director", "people.erase", func(tx *store.Tx) error { return Erase(tx, id, OnRequest) })
		h.view(func(r store.Reader) {
			if p, err := Get(r, id); err != nil || p.Full() == "" {
				t.Error("a refused erasure erased", p, err)
			}
		})
	})
}

func TestOtherRoomsEraseInTheSameAct(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		id := rich(h)
		var told []PersonID
		Hooks.Erase = append(Hooks.Erase, func(_ *store.Tx, p PersonID) error { told = append(told, p); return nil })
		defer func() { Hooks.Erase = nil }()
		h.act("people.erase", func(tx *store.Tx) error { return Erase(tx, id, NotNeeded) })
		if len(told) != 2 || told[0] != id {
			t.Error(told)
		}
	})
}

func TestErasuresAreAppliedAgainAfterARestore(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		id := rich(h)
		list := []store.Erasure{{Number: 1 << 40, At: 1 << 60, Hash: "x", Of: id.Ref()}, {Number: 1 << 41, At: 1 << 60, Of: PersonID("gone").Ref()},
			{Number: 1 << 42, At: 1 << 60, Of: store.Ref{Kind: "document", ID: "d"}}}
		if _, err := h.db.EraseAgain(t.Context(), list, EraseAgain); err != nil {
			t.Fatal(err)
		}
		h.view(func(r store.Reader) {
			if p, err := Get(r, id); err != nil || p.Full() != "" || p.Ground != string(Restored) {
				t.Error(p, err)
			}
		})
	})
}

func TestEveryoneMaySeeWhatIsKnown(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		id := rich(h)
		h.view(func(r store.Reader) {
			sections, err := Known(r, id)
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			for _, s := range sections {
				for _, row := range s.Rows {
					if len(row) != len(s.Heads) {
						t.Errorf("%s: %d cells under %d heads", s.Title.Code, len(row), len(s.Heads))
					}
					for _, v := range row {
						if s, ok := v.(string); ok {
							text.WriteString(s + "\n")
						}
					}
				}
			}
			for _, word := range []string{"Zonnebloem-Prunelle", "prunelle@exemple.be", "0470 77 77 77", "Zonnebloemstraat 7", "Zonnebloemkoningin", "Quirien"} {
				if !strings.Contains(text.String(), word) {
					t.Errorf("the copy does not hold %q", word)
				}
			}
		})
	})
}

var (
	tableHead = regexp.MustCompile(`(?ms)^CREATE TABLE ([a-z_]+) \(\n(.*?)^\);`)
	columnOf  = regexp.MustCompile(`(?m)^  ([a-z_]+) (?:TEXT|BIGINT|BYTEA)`)
)

// TestTheRetentionTableCoversEveryColumn compares it with the schema.
func TestTheRetentionTableCoversEveryColumn(t *testing.T) {
	files, err := filepath.Glob("schema/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var want, got []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tableHead.FindAllSubmatch(text, -1) {
			for _, c := range columnOf.FindAllSubmatch(table[2], -1) {
				name := strings.TrimSuffix(string(table[1]), "_alone") // a table that is made anew and takes its name
				want = append(want, name+"."+string(c[1]))
			}
		}
	}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			got = append(got, r.Table+"."+c)
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
