package app

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/base/store"
	"lieux/people"
)

// aWitness is the record of an assembly with one person whom nobody else resembles.
const aWitness = `format: lieux-assembly/1
name: ag-1999
title: Assemblée d’un autre siècle
held: "2016-03"
persons:
  z: {given: Zéphyrine, family: Quinquaud, new: true}
bodies:
  groupe: {kind: group, name: Groupe du siècle}
items:
  - number: "1"
    title: Un point
    matters:
      - kind: information
        presenters: [z]
        stated: presented
        text: Rien de particulier.
    retained:
      - title: Un point retenu
        text: À revoir.
        owner: groupe
        members: [z]
`

// A person is erased: the name is in no file any more, the minutes keep their hash, the chain is whole.
func TestAPersonIsErasedFromEveryFile(t *testing.T) {
	folder := demoFolder(t)
	rt := &runtime{Env: Env{Get: os.Getenv, Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}, ctx: t.Context(), log: slog.New(
		slog.DiscardHandler)}
	var err error
	if rt.book, err = Book(); err != nil {
		t.Fatal(err)
	}
	wire()
	db, err := (place{Data: folder}).open(rt, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	do := func(verb string, fn func(*store.Tx) error) {
		t.Helper()
		if _, err := db.Act(t.Context(), store.By("", verb), fn); err != nil {
			t.Fatalf("%s: %v", verb, err)
		}
	}
	file, err := assembly.Parse(strings.NewReader(aWitness))
	if err != nil {
		t.Fatal(err)
	}
	var id assembly.ID
	var person people.PersonID
	do("assembly.take-in", func(tx *store.Tx) error {
		report, err := assembly.TakeIn(tx, file)
		if err == nil {
			id, person = report.Assembly.ID, report.Assembly.Items[0].Matters[0].Presenters[0]
		}
		return err
	})
	do("people.add-contact", func(tx *store.Tx) error {
		_, err := people.AddContact(tx, person, people.Email, "zephyrine.quinquaud@courriel.exemple", tx.Today())
		return err
	})
	do("people.move", func(tx *store.Tx) error {
		_, err := people.Move(tx, person, people.Address{Kind: people.Home, Street: "rue Quinquaud 1", Postcode: "4000",
			Town: "Liège", From: tx.Today()})
		return err
	})
	do("assembly.freeze", func(tx *store.Tx) error { _, err := assembly.Freeze(tx, id, rt.book); return err })
	hash := minutesHash(t, db, rt, id)
	if where := filesWith(t, folder, "quinquaud"); len(where) == 0 {
		t.Fatal("the name is in no file before the erasure: the search finds nothing")
	}
	do("people.close-mandate", func(tx *store.Tx) error {
		mandates, err := people.MandatesOf(tx, person)
		for _, m := range mandates {
			if err == nil {
				err = people.CloseMandate(tx, m.ID, tx.Today().AddDays(-1), people.Resigned)
			}
		}
		return err
	})
	do("people.erase", func(tx *store.Tx) error { return people.Erase(tx, person, people.OnRequest) })
	if got := minutesHash(t, db, rt, id); got != hash {
		t.Errorf("the minutes' hash was %s and is %s", hash, got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if where := filesWith(t, folder, "quinquaud"); len(where) > 0 {
		t.Errorf("the name is still in %v", where)
	}
	must(t, "check", "--data", folder)
	if text := must(t, "minutes", "ag-1999", "--data", folder); !strings.Contains(text, "[personne effacée]") {
		t.Errorf("the minutes say %s", text)
	}
}

func minutesHash(t *testing.T, db *store.DB, rt *runtime, id assembly.ID) (hash string) {
	t.Helper()
	err := db.View(t.Context(), func(v *store.View) error {
		a, _, err := assembly.ByID(v, id)
		if err != nil {
			return err
		}
		m, err := assembly.MinutesOf(v, a, rt.book)
		hash = m.Hash.String()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

// filesWith lists the files of a folder that hold a text, whatever its capitals.
func filesWith(t *testing.T, folder, text string) (where []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(raw), []byte(text)) {
			where = append(where, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return where
}
