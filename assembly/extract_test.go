package assembly

import (
	"bytes"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
)

func TestAnExtractIsOfFrozenMinutesAndSignedByTheBoard(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	b, c := book(t), stage(t, db)
	a, list := c.held(lang.French)
	act(t, db, "assembly.write", func(tx *store.Tx) error { _, err := Write(tx, a, list); return err })
	extract := func(x Extraction) (text string, err error) {
		t.Helper()
		e := db.View(t.Context(), func(v *store.View) error {
			back, _, e := ByName(v, "ag-2023")
			if e != nil {
				return e
			}
			m, e := MinutesOf(v, back, b)
			if e != nil {
				return e
			}
			paper, names, e := Extract(v, back, m, x, b.In(lang.French))
			if err = e; e != nil {
				return nil
			}
			var out bytes.Buffer
			e = papers.Text(&out, paper, names)
			text = strings.Join(strings.Fields(out.String()), " ")
			return e
		})
		if e != nil {
			t.Fatal(e)
		}
		return text, err
	}
	good := Extraction{Items: []string{"3", "5"}, Signers: []people.PersonID{c.wivine}}
	if _, err := extract(good); !fault.Is(err, "assembly.refusal.extract-draft") {
		t.Errorf("of a draft: %v", err)
	}
	act(t, db, "assembly.freeze", func(tx *store.Tx) error { _, err := Freeze(tx, a.ID, b); return err })
	act(t, db, "people.open-mandate", func(tx *store.Tx) error {
		_, err := people.OpenMandate(tx, people.Mandate{Body: c.board, Person: c.agathe, Role: people.Chair, From: civil.MustParse("2023-06-18")})
		return err
	})
	for code, x := range map[string]Extraction{
		"items": {Items: []string{"9"}, Signers: good.Signers}, "signers": {Items: good.Items},
		"board": {Items: good.Items, Signers: []people.PersonID{c.joris}}, // presides over nothing
	} {
		if _, err := extract(x); !fault.Is(err, "assembly.refusal.extract-"+code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	text, err := extract(Extraction{Items: good.Items, Signers: []people.PersonID{c.wivine, c.agathe}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3 Statuts", "La coopérative protège aussi les haies.", "5 Divers", "Une personne est sortie", "2 points, tels qu’ils y figurent",
		"Extrait certifié conforme", "Empreinte du procès-verbal entier", "Camille Numéro 3", "Camille Numéro 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the extract lacks %q: %s", want, text)
		}
	}
	for _, other := range []string{"Comptes 2022", "Sorties", "Camille Numéro 2"} {
		if strings.Contains(text, other) {
			t.Errorf("the extract shows %q", other)
		}
	}
}

func TestTheAnnexedListGivesTheHashThatTheMinutesCite(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	b, c := book(t), stage(t, db)
	a, list := c.held(lang.French)
	act(t, db, "assembly.write", func(tx *store.Tx) error { _, err := Write(tx, a, list); return err })
	err := db.View(t.Context(), func(v *store.View) error {
		paper, names, err := AttendanceList(v, a, b.In(lang.French))
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := papers.Text(&out, paper, names); err != nil {
			return err
		}
		for _, want := range []string{"représenté par", "à distance", "20:02–20:40", "300", ListHash(list)[:40]} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the list lacks %q:\n%s", want, out.String())
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
