package assembly

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
)

// lot is a draw whose proof stands in sortition/testdata: three effective members and three substitutes among 19.
const lot = `format: lieux-assembly/1
name: ag-tirage
title: Assemblée du tirage
held: "2017-06-17"
persons:
  un: {given: Yvette, family: Collard, new: true}
  deux: {given: Monique, family: Dehousse, new: true}
  trois: {given: Thomas, family: Wauters, new: true}
  quatre: {given: Celine, family: Fraiture, new: true}
  cinq: {given: Émile, family: Zeegers, new: true}
  six: {given: Lucien, family: Hardy, new: true}
bodies:
  comite: {kind: committee, name: Comité d’accompagnement}
items:
  - number: "1"
    title: Tirage au sort
    matters:
      - kind: draw
        body: comite
        until: "2018"
        effective: [un, deux, trois]
        substitutes: [quatre, cinq, six]
        proof: |
PROOF
`

// drawn is the file with a proof, indented as a text of it.
func drawn(t *testing.T, changes ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile("../sortition/testdata/proof-2017.json")
	if err != nil {
		t.Fatal(err)
	}
	proof := "          " + strings.ReplaceAll(strings.TrimSpace(string(raw)), "\n", "\n          ")
	return []byte(strings.NewReplacer(changes...).Replace(strings.Replace(lot, "PROOF", proof, 1)))
}

func TestADrawIsDoneAgainFromItsProof(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		found(t, db)
		report, err := takeIn(t, db, drawn(t))
		if err != nil {
			t.Fatal(err)
		}
		text := minutesText(t, db, "ag-tirage")
		for _, said := range []string{"recalculé", "Thomas Wauters", "Volontaires inscrits à l’assemblée de juin 2017", "administratrice en fonction"} {
			if !strings.Contains(text, said) {
				t.Errorf("the minutes do not say %q:\n%s", said, text)
			}
		}
		if strings.Contains(text, "la graine et la preuve") {
			t.Error("the minutes miss a proof that is there")
		}
		clean(t, db)
		for _, c := range []struct{ sql, code string }{
			{`UPDATE assembly_proof SET proof = replace(proof, 'Volontaires', 'Volontaire')`, "row-altered"},
			{`UPDATE assembly_proof_name SET opening = replace(opening, 'Wauters', 'Wouters')`, "name-altered"},
			{`DELETE FROM assembly_proof_name WHERE place = 2`, "name-removed"},
			{`DELETE FROM assembly_proof_name`, "name-removed"},
		} {
			_, err := db.Act(t.Context(), store.By("", "test.alter"), func(tx *store.Tx) error {
				if n, err := tx.Exec(store.Unlisted(c.sql)); err != nil || n == 0 {
					return fmt.Errorf("%s: %d rows, %w", c.sql, n, err)
				}
				checked, err := db.CheckIn(tx)
				if err != nil {
					return err
				}
				altered, err := alteredProofs(tx)
				all := slices.Concat(checked.Findings, altered)
				if len(all) == 0 || all[0].Code != c.code {
					t.Errorf("%s: found %v", c.sql, all)
				}
				return errors.Join(err, errUndo)
			})
			if !errors.Is(err, errUndo) {
				t.Fatal(err)
			}
		}
		// Who is erased leaves the proof; what it commits to stays.
		act(t, db, "people.erase", func(tx *store.Tx) error {
			return people.Erase(tx, report.Assembly.Items[0].Matters[0].Effective[2], people.OnRequest)
		})
		if text := minutesText(t, db, "ag-tirage"); strings.Contains(text, "Wauters") || !strings.Contains(text, "Dehousse") {
			t.Errorf("after the erasure:\n%s", text)
		}
		clean(t, db)
	})
}

func TestAWrongProofIsRefusedByItsLine(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	for _, c := range []struct{ name, from, to, code string }{
		{"one changed letter", "Volontaires inscrits", "Volontaires inscrit", "sortition."},
		{"a name that was not drawn", `"Thomas Wauters"`, `"Thomas Wouters"`, "sortition."},
		{"no proof at all", `"format": "lieux-draw-proof"`, `"format": "x"`, "sortition."},
		{"another person in the record", "family: Wauters", "family: Wouters", "assembly.refusal.proof-name"},
		{"another order", "[un, deux, trois]", "[deux, un, trois]", "assembly.refusal.proof-name"},
		{"one seat less", "[quatre, cinq, six]", "[quatre, cinq]", "assembly.refusal.proof-seats"},
	} {
		_, err := takeIn(t, db, drawn(t, c.from, c.to))
		rs := fault.Of(err)
		if len(rs) == 0 || !strings.HasPrefix(rs[0].Code, c.code) || rs[0].Line < 23 || rs[0].Line > 24 {
			t.Errorf("%s: %v, want %s on the line of the proof", c.name, err, c.code)
		}
	}
	raw := strings.Replace(string(drawn(t)), "kind: draw", "kind: election", 1)
	if _, err := takeIn(t, db, []byte(raw)); !fault.Is(err, "assembly.refusal.proof") {
		t.Errorf("an election has no proof: %v", err)
	}
}
