package assembly

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// poll is an election to the board in June 2023, by the majority of the votes cast.
const poll = `format: lieux-assembly/1
name: ag-2023
title: Assemblée de 2023
held: "2023-06-17"
persons:
  agathe: {given: Agathe, family: Monfort, new: true}
  joris: {given: Joris, family: Peeters, new: true}
  wivine: {given: Wivine, family: Lambert, new: true}
bodies:
  conseil: {kind: board}
attendance: {list: [{number: 1}, {number: 2}, {number: 3}]}
items:
  - number: "1"
    title: Élection au conseil
    matters:
      - {kind: election, body: conseil, FIELDS}
`

// three are candidates with their votes for and against: 45 votes are in the room after the cap.
const three = `candidates: [{person: agathe, for: 20, against: 10}, {person: joris, for: 30, against: 2}, {person: wivine, for: 9, against: 21}]`

func elected(t *testing.T, db *store.DB, report *Report) string {
	t.Helper()
	var names []string
	err := db.View(t.Context(), func(v *store.View) error {
		known, err := people.Names(v, report.Assembly.Items[0].Matters[0].Elected)
		for _, id := range report.Assembly.Items[0].Matters[0].Elected {
			names = append(names, known[id].Given)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

func TestAnElectionIsCountedByTheRuleOfItsDay(t *testing.T) {
	for _, c := range []struct {
		name, fields string
		status       vote.Status
		elected      string
		said         string
	}{
		{"the record agrees", three + `, seats: 2, elected: [agathe, joris]`, vote.Recomputed, "Agathe Joris",
			"Joris Peeters. Candidature n° 2 : 30 pour et 2 contre."},
		{"the record does not say who was elected: the count does", three + `, seats: 2`, vote.Recomputed, "Joris Agathe",
			"élection de Joris Peeters et Agathe Monfort."},
		{"it elects one without a majority", three + `, seats: 3, elected: [agathe, joris, wivine]`, vote.Differs,
			"Agathe Joris Wivine", "le calcul diffère"},
		{"it leaves out one who has the votes", three + `, seats: 2, elected: [joris]`, vote.Differs, "Joris", "n° 2"},
		{"nobody, it says", three + `, seats: 2, elected: []`, vote.Differs, "", "Personne n’est élu."},
		{"votes that nobody counted", `candidates: [{person: agathe}], seats: 1, elected: [agathe]`, vote.AsStated, "Agathe",
			"manque : les voix pour et les voix contre"},
		{"unanimously, without figures", `candidates: [{person: agathe}], seats: 1, elected: [agathe], ballot: {kind: unanimous}`,
			vote.AsStated, "Agathe", "unanimité constatée"},
		{"nothing stated and nothing counted", `candidates: [{person: agathe}], seats: 1`, vote.Open, "",
			"l’élection reste sans résultat (manque : les voix pour et les voix contre)."},
		{"more votes than the cap leaves in the room", `candidates: [{person: agathe, for: 40, against: 6}], seats: 1, elected: [agathe]`,
			vote.Differs, "Agathe", "3 titulaires sont ramenés à 15."},
		{"only who was elected, as before", `elected: [agathe]`, "", "Agathe", "manque : les voix obtenues"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
			found(t, db)
			issue(t, db, map[register.Number]int64{1: 100, 2: 100, 3: 100})
			report, err := takeIn(t, db, []byte(strings.Replace(poll, "FIELDS", c.fields, 1)))
			if err != nil {
				t.Fatal(err)
			}
			m, status := report.Assembly.Items[0].Matters[0], vote.Status("")
			if m.Poll != nil {
				status = m.Poll.Outcome.Status
			}
			if got := elected(t, db, report); status != c.status || got != c.elected || report.Seats != len(m.Elected) {
				t.Errorf("%s, elected %q with %d seats, want %s, %q", status, got, report.Seats, c.status, c.elected)
			}
			text := strings.ReplaceAll(minutesText(t, db, "ag-2023"), "\u00a0", " ")
			if !strings.Contains(text, c.said) {
				t.Errorf("the minutes do not say %q:\n%s", c.said, text)
			}
			clean(t, db)
		})
	}
}

func TestACountedElectionIsKeptOnBothEngines(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		found(t, db)
		issue(t, db, map[register.Number]int64{1: 100, 2: 100, 3: 100})
		if _, err := takeIn(t, db, []byte(strings.Replace(poll, "FIELDS", three+", seats: 2, elected: [joris, agathe]", 1))); err != nil {
			t.Fatal(err)
		}
		err := db.View(t.Context(), func(v *store.View) error {
			a, _, err := ByName(v, "ag-2023")
			m := a.Items[0].Matters[0]
			if len(m.Candidates) != 3 || m.Poll == nil || m.Poll.Outcome.Status != vote.Recomputed ||
				m.Candidate(2) != m.Elected[0] || m.Candidate(4) != "" {
				t.Errorf("the election is %+v", m)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		clean(t, db)
		_, err = db.Act(t.Context(), store.By("", "test.alter"), func(tx *store.Tx) error {
			n, err := tx.Exec(store.Unlisted(`UPDATE assembly_matter SET poll = replace(poll, '30', '29')`))
			if err != nil || n == 0 {
				return fmt.Errorf("%d rows: %w", n, err)
			}
			report, err := db.CheckIn(tx)
			if len(report.Findings) != 1 || report.Findings[0].Code != "row-altered" {
				t.Errorf("an altered count: %v", report.Findings)
			}
			return errors.Join(err, errUndo)
		})
		if !errors.Is(err, errUndo) {
			t.Error(err)
		}
	})
}

func TestTheLowerNumberIsThatOfTheCooperator(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	foundUnder(t, db, bylaws.Rule{Key: bylaws.KeyElection, Article: "Statuts 30", Source: "exemple", Confidence: bylaws.Read,
		Value: []byte(`{"method": "plurality", "ties": ["lower-number"]}`)})
	issue(t, db, map[register.Number]int64{1: 100, 2: 100, 3: 100})
	for _, c := range []struct{ first, wins string }{{"{number: 3}", "2"}, {"{given: Agathe, family: Monfort, new: true}", "1"}} {
		// With a candidate who is no cooperator the places on the list stand for the numbers of all.
		raw := strings.NewReplacer("{given: Agathe, family: Monfort, new: true}", c.first,
			"{given: Joris, family: Peeters, new: true}", "{number: 2}", "ag-2023", "ag-2023-"+c.wins,
			"FIELDS", "candidates: [{person: agathe, votes: 9}, {person: joris, votes: 9}], seats: 1").Replace(poll)
		report, err := takeIn(t, db, []byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		m := report.Assembly.Items[0].Matters[0]
		if len(m.Elected) != 1 || fmt.Sprint(slices.Index(m.Candidates, m.Elected[0])+1) != c.wins {
			t.Errorf("with %s first, number %s on the list should win: %+v", c.first, c.wins, m.Poll)
		}
	}
}

func TestAnElectionIsRefusedByItsLine(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	issue(t, db, map[register.Number]int64{1: 100, 2: 100, 3: 100})
	for _, c := range []struct{ fields, code string }{
		{`seats: 2, elected: [agathe]`, "assembly.refusal.no-candidates"},
		{`cast: 2, elected: [agathe]`, "assembly.refusal.no-candidates"},
		{three, "assembly.refusal.seats-needed"},
		{three + `, seats: 0`, "vote.refusal.seats"},
		{three + `, seats: 101`, "vote.refusal.seats"},
		{three + `, seats: 1, elected: [agathe, joris]`, "vote.refusal.stated-seats"},
		{`candidates: [{person: agathe, for: -1}], seats: 1`, "assembly.refusal.count"},
		{`candidates: [{person: agathe, for: 1, votes: 1}], seats: 1`, "assembly.refusal.candidate-votes"},
		{`candidates: [{person: agathe}, {person: agathe}], seats: 1`, "assembly.refusal.person-twice"},
		{`candidates: [{person: personne}], seats: 1`, "assembly.refusal.person-key"},
		{`candidates: [{person: agathe, for: 9}], seats: 1, elected: [joris]`, "assembly.refusal.not-candidate"},
		{`candidates: [{person: agathe, for: 9}], seats: 1, ballot: {kind: counts, for: 9}`, "assembly.refusal.election-ballot"},
		{`candidates: [{person: agathe, for: 400, against: 0}], seats: 1`, "vote.against.votes"},
	} {
		_, err := takeIn(t, db, []byte(strings.Replace(poll, "FIELDS", c.fields, 1)))
		if !fault.Is(err, c.code) || fault.Of(err)[0].Line != 16 {
			t.Errorf("%s: %v, want %s on line 16", c.fields, err, c.code)
		}
	}
}
