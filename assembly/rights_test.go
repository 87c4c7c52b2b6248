package assembly

import (
	"strings"
	"testing"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/register"
	"lieux/vote"
)

// rights is a change of article 5 that is not an ordinary one: 300 of 400 issued shares are there.
const rights = `format: lieux-assembly/1
name: ag-rights
title: Assemblée extraordinaire
held: "2023-06-17"
convening: first
attendance: {list: [{number: 1}, {number: 2}, {number: 3}]}
items:
  - number: "1"
    title: Statuts
    matters:
      - {FIELDS, title: Article 40, article: "40", before: "", after: La coopérative protège aussi les haies., stated: adopted}
`

func TestAChangeOfPurposeAsksFourFifthsAndTheReportOfTheBoard(t *testing.T) {
	const counted = "kind: purpose-change, ballot: {kind: counts, for: 48, against: 12}"
	for _, c := range []struct {
		name, fields, held string
		status             vote.Status
		said               string
	}{
		{"four fifths, and the report is there", counted + ", report: true", "2023-06-17", vote.Recomputed, "justifie la modification est annexé (CSA 6:86)."},
		{"the report is not there", counted + ", report: false", "2023-06-17", vote.Recomputed,
			"n’est pas annexé. Sans ce rapport, la décision est nulle (CSA 6:86)."},
		{"nobody knows", counted + ", report: unknown", "2023-06-17", vote.Recomputed, "ne dit pas si le rapport"},
		{"the record does not say", counted, "2023-06-17", vote.Recomputed, "Sans ce rapport, la décision est nulle (CSA 6:86)."},
		{"three quarters are not four fifths", "kind: purpose-change, report: true, ballot: {kind: counts, for: 45, against: 15}", "2023-06-17",
			vote.Differs, "CSA 6:86"},
		{"the law of 2018 has not been read", counted + ", report: false", "2018-06-16", vote.AsStated,
			"Aucun rapport de l’organe d’administration n’est annexé"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
			found(t, db)
			issue(t, db, map[register.Number]int64{1: 100, 2: 100, 3: 100, 4: 100})
			report, err := takeIn(t, db, []byte(strings.NewReplacer("FIELDS", c.fields, "2023-06-17", c.held).Replace(rights)))
			if err != nil {
				t.Fatal(err)
			}
			m := report.Assembly.Items[0].Matters[0]
			if m.Outcome.Status != c.status || m.Amendment == "" {
				t.Errorf("%s, amendment %q; want %s and a pending one (missing %v, against %v)", m.Outcome.Status, m.Amendment, c.status,
					m.Outcome.Missing, m.Outcome.Against)
			}
			text := strings.ReplaceAll(minutesText(t, db, "ag-rights"), "\u00a0", " ")
			if !strings.Contains(text, c.said) || c.held < "2020" && strings.Contains(text, "nulle") {
				t.Errorf("the minutes should say %q:\n%s", c.said, text)
			}
			clean(t, db)
		})
	}
}

func TestAChangeOfClassRightsIsDecidedInEachClass(t *testing.T) {
	for _, c := range []struct {
		name, ballot string
		status       vote.Status
	}{
		{"each class was counted", "for: 50, against: 10, classes: [{class: A, for: 50, against: 10}]", vote.Recomputed},
		{"the class did not reach three quarters", "for: 50, against: 10, classes: [{class: A, for: 40, against: 20}]", vote.Differs},
		{"nobody counted class by class", "for: 50, against: 10", vote.AsStated},
	} {
		db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
		found(t, db)
		issue(t, db, map[register.Number]int64{1: 100, 2: 100, 3: 100, 4: 100})
		fields := "kind: class-rights-change, ballot: {kind: counts, " + c.ballot + "}"
		report, err := takeIn(t, db, []byte(strings.Replace(rights, "FIELDS", fields, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if o := report.Assembly.Items[0].Matters[0].Outcome; o.Status != c.status {
			t.Errorf("%s: %s, want %s (missing %v, against %v)", c.name, o.Status, c.status, o.Missing, o.Against)
		}
		clean(t, db)
	}
}

func TestReportsAndClassesAreRefusedByTheirLines(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	issue(t, db, map[register.Number]int64{1: 100, 2: 100, 3: 100, 4: 100})
	for _, c := range []struct{ fields, code string }{
		{"kind: purpose-change, report: maybe", "report"},
		{"kind: bylaws-change, report: true", "report-kind"},
		{"kind: bylaws-change, ballot: {kind: counts, classes: [{class: A}]}", "classes-kind"},
		{"kind: class-rights-change, ballot: {kind: counts, classes: [{class: Z}]}", "class"},
		{"kind: class-rights-change, ballot: {kind: counts, classes: [{class: A}, {class: A}]}", "class"},
	} {
		_, err := takeIn(t, db, []byte(strings.Replace(rights, "FIELDS", c.fields, 1)))
		if !fault.Is(err, "assembly.refusal."+c.code) || fault.Of(err)[0].Line != 11 {
			t.Errorf("%s: %v, want %s on line 11", c.fields, err, c.code)
		}
	}
}
