package assembly

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

// issue gives shares to new cooperators, each under a number: from 1 June 2015 on, all paid.
func issue(t *testing.T, db *store.DB, shares map[register.Number]int64) {
	t.Helper()
	act(t, db, "register.issue", func(tx *store.Tx) error {
		class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		for number := register.Number(1); err == nil && number <= 200; number++ {
			if shares[number] == 0 {
				continue
			}
			var person people.PersonID
			entry := people.Entry{Kind: people.Natural, Given: "Camille", Family: fmt.Sprintf("Numéro %d", number), Lang: lang.French}
			if number > 100 { // organisations
				entry = people.Entry{Kind: people.Legal, Name: fmt.Sprintf("Association %d", number), Lang: lang.French}
			}
			person, err = people.Enroll(tx, entry)
			if err == nil {
				_, err = register.Issue(tx, register.Issuance{Person: person, Number: number, Class: class, Shares: shares[number],
					Detail: register.Detail{Effective: civil.MustParse("2015-06-01")}})
			}
		}
		return err
	})
}

// withList is a record whose attendance is LIST.
const withList = `format: lieux-assembly/1
name: ag-2018
title: Assemblée de 2018
held: "2018-06-16"
persons:
  porte-voix: {number: 1}
  "pas.de point": {number: 2}
attendance:
  LIST
items:
  - number: "1"
    title: Budget
    matters:
      - {kind: resolution, stated: adopted, ballot: {kind: counts, for: 40, against: 15}}
`

func record(attendance string) []byte {
	return []byte(strings.Replace(withList, "LIST", attendance, 1))
}

func TestHeadsAndSharesAreCountedFromTheListAndTheRegister(t *testing.T) {
	known := func(a, b int64) vote.Sides { return vote.Both(a, b) }
	for _, c := range []struct {
		name, attendance string
		want             Attendance
		differs          bool
	}{
		{"the record says nothing but who was there: list and register say the rest",
			`list: [{number: 3}, {number: 1}, {number: 2, proxy: porte-voix}]`,
			Attendance{Present: known(2, 40), Represented: known(1, 20), Total: known(3, 60), Issued: known(4, 100)}, false},
		{"the record says the same",
			`{total: {heads: 2, shares: 30}, issued: {shares: 100}, list: [{number: 1}, {number: 2}]}`,
			Attendance{Present: known(2, 30), Represented: known(0, 0), Total: known(2, 30), Issued: vote.Sides{Shares: vote.Count(100)}}, false},
		{"the record says otherwise, and stands",
			`{total: {heads: 2, shares: 31}, list: [{number: 1}, {number: 2}]}`,
			Attendance{Total: known(2, 31)}, true},
		{"the record counts other heads, and stands",
			`{total: {heads: 3}, list: [{number: 1}, {number: 2}]}`,
			Attendance{Total: vote.Sides{Heads: vote.Count(3)}}, true},
		{"no list: what the record does not give stays unknown",
			`{total: {heads: 113, shares: 1134}}`, Attendance{Total: known(113, 1134)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
			found(t, db)
			issue(t, db, map[register.Number]int64{1: 10, 2: 20, 3: 30, 4: 40})
			report, err := takeIn(t, db, record(c.attendance))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, report.Assembly.Attendance); d != "" || report.Differs != c.differs {
				t.Errorf("differs %t: %s", report.Differs, d)
			}
		})
	}
}

func TestALaterCorrectionOfTheRegisterDoesNotRewriteTheAttendance(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		found(t, db)
		issue(t, db, map[register.Number]int64{1: 10, 2: 20, 3: 30})
		report, err := takeIn(t, db, record(`list: [{number: 2, proxy: porte-voix}, {number: 1}]`))
		if err != nil {
			t.Fatal(err)
		}
		act(t, db, "register.redeem", func(tx *store.Tx) error {
			movements, err := register.MovementsOf(tx, 2)
			if err != nil {
				return err
			}
			_, err = register.Correct(tx, register.Correction{Movement: movements[0].Number, Shares: 5, Why: "Faute de saisie"})
			return err
		})
		err = db.View(t.Context(), func(v *store.View) error {
			list, err := Attendees(v, report.Assembly.ID)
			if len(list) != 2 || list[0].Number != 1 || list[0].Shares != 10 || list[0].Proxy != "" ||
				list[1].Number != 2 || list[1].Shares != 20 || list[1].Proxy != list[0].Person {
				t.Errorf("the list is %+v", list)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		clean(t, db)
	})
}

func clean(t *testing.T, db *store.DB) {
	t.Helper()
	report, err := db.Check(t.Context())
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("check: %v %v", err, report.Findings)
	}
}

func TestAListIsRefusedByItsLines(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	issue(t, db, map[register.Number]int64{1: 10, 2: 20, 3: 30})
	for _, c := range []struct{ attendance, code string }{
		{`list: [{number: 9}]`, "no-shares"},
		{`list: [{number: 1}, {number: 2}, {number: 1}]`, "twice"},
		{`list: [{number: 1, proxy: personne}]`, "person-key"},
		{`{present: {heads: 2}, represented: {heads: 2}, total: {heads: 5}}`, "attendance-sum"},
		{`{total: {shares: 61}, issued: {shares: 60}}`, "attendance-sum"},
		{`{present: {heads: 3}, total: {heads: 2}}`, "attendance-sum"},
		{`{total: {heads: -1}}`, "count"},
		{`{total: {heads: 1.5}}`, "whole"},
		{`{total: {heads: "113"}}`, "whole"},
		{`{total: {heads: [113]}}`, "whole"},
		{`{total: {heads: 1_134}}`, "figures"},
		{`{total: {heads: 0x71}}`, "figures"},
	} {
		_, err := takeIn(t, db, record(c.attendance))
		if rs := fault.Of(err); !fault.Is(err, "assembly.refusal."+c.code) || rs[0].Line != 9 {
			t.Errorf("%s: %v, want %s on line 9", c.attendance, err, c.code)
		}
	}
}

func TestEveryFaultOfAFileIsToldAtOnceInTheOrderOfItsLines(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	_, err := takeIn(t, db, []byte(`format: lieux-assembly/1
name: new-from-file
title: ""
held: "2018-02-30"
language: de
convening: third
persons:
  "d.e": {number: 77}
  personne: {given: Zoé, family: Nullepart}
bodies:
  chorale: {kind: choir, name: X}
items:
  - number: ""
    title: ""
    matters:
      - {kind: song}
      - {kind: accounts, stated: presented}
      - {kind: accounts, ballot: {kind: shouting}}
      - {kind: election, body: nowhere, elected: [personne], until: never}
      - {kind: note, presenters: [inconnue, inconnue]}
    retained:
      - {title: "", owner: nowhere, due: soon, members: [inconnue]}
  - number: "2"
    title: Suite
  - number: "2"
    title: Suite
`))
	var got []string
	for _, r := range fault.Of(err) {
		got = append(got, fmt.Sprintf("%d %s", r.Line, strings.TrimPrefix(r.Code, "assembly.refusal.")))
	}
	want := []string{"2 name", "3 title", "4 date", "5 language", "6 convening", "8 number", "9 nobody", "11 body-kind", "13 item-number", "14 title",
		"16 kind", "17 stated", "18 ballot", "19 body-key", "20 person-key", "20 person-key", "22 title", "22 body-key", "22 date", "22 person-key", "25 item-twice"}
	seen := map[string]int{}
	for _, w := range want {
		seen[w]++
	}
	for _, g := range got {
		seen[g]--
	}
	for w, n := range seen {
		if n != 0 {
			t.Errorf("%s: %+d; told were %v", w, -n, got)
		}
	}
	for i := 1; i < len(got); i++ {
		if fault.Of(err)[i-1].Line > fault.Of(err)[i].Line {
			t.Errorf("not in the order of lines: %v", got)
		}
	}
}

func TestAnswersToARetainedPoint(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		found(t, db)
		if _, err := takeIn(t, db, file2017(t)); err != nil {
			t.Fatal(err)
		}
		point := func() (r Retained) {
			err := db.View(t.Context(), func(v *store.View) error {
				points, err := RetainedPoints(v)
				r = points[len(points)-1]
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		id, today := point().ID, db.Today()
		for _, c := range []struct {
			name, on, words string
			closes          bool
			code            string
		}{
			{"without words", "2018-01-01", "  ", true, "answer"},
			{"too long", "2018-01-01", strings.Repeat("é", maxWords), true, "answer"},
			{"before the assembly", "2017-05-31", "Oui.", true, "answer-day"},
			{"without a day", "", "Oui.", true, "answer-day"},
			{"to come", today.AddDays(1).String(), "Oui.", true, "answer-day"},
			{"in the month of the assembly", "2017-06", "On y travaille.", false, ""},
			{"closing", "2018-01-01", "C’est fait.", true, ""},
			{"after the point is closed", "2018-02-01", "Encore.", false, "retained-closed"},
		} {
			a := Answer{Words: c.words, Closes: c.closes}
			if c.on != "" {
				a.On = civil.MustParse(c.on)
			}
			_, err := db.Act(t.Context(), store.By("", "assembly.answer"), func(tx *store.Tx) error { return AnswerRetained(tx, id, a) })
			if c.code == "" && err != nil || c.code != "" && !fault.Is(err, "assembly.refusal."+c.code) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if r := point(); len(r.Answers) != 2 || r.Open() || r.Answers[0].Words != "On y travaille." || !r.Answers[1].Closes {
			t.Errorf("the answers are %+v", r.Answers)
		}
		_, err := db.Act(t.Context(), store.By("", "assembly.answer"), func(tx *store.Tx) error { return AnswerRetained(tx, "none", Answer{}) })
		if !fault.Is(err, "assembly.refusal.retained-unknown") {
			t.Errorf("a point that is none: %v", err)
		}
		clean(t, db)
	})
}

func TestWhenAPointIsLate(t *testing.T) {
	due := civil.MustParse("2018-06")
	for _, c := range []struct {
		point Retained
		today string
		late  bool
	}{
		{Retained{DueOn: due}, "2018-06-30", false}, // a month is due at its end
		{Retained{DueOn: due}, "2018-07-01", true},
		{Retained{}, "2030-01-01", false},
		{Retained{DueOn: due, Answers: []Answer{{Closes: true}}}, "2018-07-01", false},
		{Retained{DueOn: due, Answers: []Answer{{Closes: false}}}, "2018-07-01", true},
	} {
		if got := c.point.Late(civil.MustParse(c.today)); got != c.late {
			t.Errorf("%+v on %s: late %t", c.point, c.today, got)
		}
	}
}

func TestMinutesAreFrozenOnce(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		b := book(t)
		found(t, db)
		report, err := takeIn(t, db, file2017(t))
		if err != nil {
			t.Fatal(err)
		}
		var first papers.Digest
		freeze := func(id ID) error {
			_, err := db.Act(t.Context(), store.By("", "assembly.freeze"), func(tx *store.Tx) error {
				digest, err := Freeze(tx, id, b)
				if err == nil {
					first = digest
				}
				return err
			})
			return err
		}
		if err := freeze("none"); !fault.Is(err, "assembly.refusal.unknown") {
			t.Errorf("an assembly that is none: %v", err)
		}
		if err := freeze(report.Assembly.ID); err != nil {
			t.Fatal(err)
		}
		if err := freeze(report.Assembly.ID); !fault.Is(err, "assembly.refusal.frozen") {
			t.Errorf("the second freezing: %v", err)
		}
		// What changes afterwards does not change the minutes.
		act(t, db, "bylaws.record-deed", func(tx *store.Tx) error {
			amendments, err := bylaws.Amendments(tx)
			if err == nil {
				_, err = bylaws.RecordDeed(tx, amendments[0].ID, bylaws.Deed{Notary: "Me X", SignedOn: civil.MustParse("2018-03-01"), Reference: "7"})
			}
			return err
		})
		err = db.View(t.Context(), func(v *store.View) error {
			m, err := MinutesOf(v, report.Assembly, b)
			if m.Hash != first || !m.Frozen() {
				t.Errorf("the minutes have the hash %s, were frozen with %s", m.Hash, first)
			}
			list, err2 := Summaries(v)
			if len(list) != 1 || list[0].Hash != first.String() || list[0].ItemCount != 7 || list[0].MatterCount != 12 || list[0].OpenPoints != 4 {
				t.Errorf("the list says %+v", list)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// errUndo takes back what a hand altered.
var errUndo = errors.New("undo")

func TestWhatAHandAltersIsFoundAndNamed(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		b := book(t)
		found(t, db)
		issue(t, db, map[register.Number]int64{1: 10, 2: 20})
		if _, err := takeIn(t, db, record(`list: [{number: 1}, {number: 2}]`)); err != nil {
			t.Fatal(err)
		}
		if _, err := takeIn(t, db, file2017(t)); err != nil {
			t.Fatal(err)
		}
		act(t, db, "assembly.attach", func(tx *store.Tx) error {
			a, _, err := ByName(tx, "ag-2018")
			if err == nil {
				_, err = Attach(tx, a.Items[0].Matters[0].ID, "Budget", "document")
			}
			return err
		})
		act(t, db, "assembly.freeze", func(tx *store.Tx) error {
			a, _, err := ByName(tx, "ag-2017")
			if err == nil {
				_, err = Freeze(tx, a.ID, b)
			}
			return err
		})
		act(t, db, "assembly.answer", func(tx *store.Tx) error {
			points, err := RetainedPoints(tx)
			if err != nil {
				return err
			}
			return AnswerRetained(tx, points[0].ID, Answer{Words: "Oui.", On: civil.MustParse("2018-01-01"), Closes: true})
		})
		clean(t, db)
		for _, c := range []struct{ sql, code, kind string }{
			{`UPDATE assembly_minutes SET tree = replace(tree, 'Mission', 'Demission')`, "row-altered", "minutes"},
			{`UPDATE assembly_minutes SET hash = 'f00'`, "minutes-hash", "minutes"},
			{`UPDATE assembly_minutes_name SET name = 'Jean Dupont' WHERE name LIKE 'Cl%mence Jadot'`, "name-altered", "minutes"},
			{`UPDATE assembly_matter SET stated = 'rejected' WHERE kind = 'discharge'`, "row-altered", "matter"},
			{`UPDATE assembly_matter_person SET rank = 9 WHERE part = 'substitute' AND rank = 1`, "row-altered", "matter"},
			{`UPDATE assembly_retained SET due_on = '2030-01-01' WHERE position = 1`, "row-altered", "retained"},
			{`UPDATE assembly_answer SET closes = 0`, "row-altered", "answer"},
			{`DELETE FROM assembly_answer`, "row-removed", "answer"},
			{`UPDATE assembly_annex SET document = 'another'`, "row-altered", "annex"},
			{`UPDATE assembly_attendee SET shares = 11 WHERE number = 1`, "row-altered", "attendance"},
			{`DELETE FROM assembly_attendee WHERE number = 2`, "row-altered", "attendance"},
			{`DELETE FROM assembly_attendee`, "row-removed", "attendance"},
			{`UPDATE assembly SET held_on = '2016-06'  WHERE name = 'ag-2017'`, "row-altered", "assembly"},
			{`UPDATE assembly_item SET number = '4' WHERE number = '5'`, "row-altered", "assembly"},
		} {
			var findings []store.Finding
			_, err := db.Act(t.Context(), store.By("", "test.alter"), func(tx *store.Tx) error {
				n, err := tx.Exec(store.Unlisted(c.sql))
				if err != nil || n == 0 {
					return fmt.Errorf("%s: %d rows, %w", c.sql, n, err)
				}
				checked, err := db.CheckIn(tx)
				if err != nil {
					return err
				}
				names, err := AlteredNames(tx)
				if findings = append(checked.Findings, names...); err != nil {
					return err
				}
				return errUndo
			})
			if !errors.Is(err, errUndo) {
				t.Fatal(err)
			}
			named := false
			for _, f := range findings {
				named = named || f.Code == c.code && f.Kind == c.kind && f.ID != ""
			}
			if !named {
				t.Errorf("%s: found %v", c.sql, findings)
			}
		}
		clean(t, db)
	})
}

func TestPapersAreAttachedWithinLimits(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	report, err := takeIn(t, db, []byte(strings.Replace(string(file2017(t)), "kind: accounts", "kind: accounts\n        annexes: [Bilan, Rapport]", 1)))
	if err != nil {
		t.Fatal(err)
	}
	accounts := report.Assembly.Items[2].Matters[0].ID
	attach := func(matter MatterID, title string) error {
		_, err := db.Act(t.Context(), store.By("", "assembly.attach"), func(tx *store.Tx) error {
			_, err := Attach(tx, matter, title, "d")
			return err
		})
		return err
	}
	for _, c := range []struct {
		matter      MatterID
		title, code string
	}{
		{"none", "Bilan", "matter-unknown"}, {accounts, " ", "title"}, {accounts, strings.Repeat("é", maxTitle), "title"},
	} {
		if err := attach(c.matter, c.title); !fault.Is(err, "assembly.refusal."+c.code) {
			t.Errorf("%q to %s: %v, want %s", c.title, c.matter, err, c.code)
		}
	}
	for i := range maxAnnexes - 2 {
		if err := attach(accounts, fmt.Sprintf("Pièce %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := attach(accounts, "Une de trop"); !fault.Is(err, "assembly.refusal.annexes") {
		t.Errorf("paper %d of a matter: %v", maxAnnexes+1, err)
	}
	err = db.View(t.Context(), func(v *store.View) error {
		a, _, err := ByName(v, "ag-2017")
		got := a.Items[2].Matters[0].Annexes
		if len(got) != maxAnnexes || got[0].Title != "Bilan" || got[1].Title != "Rapport" || got[0].Document != "" || got[2].Document != "d" {
			t.Errorf("%d annexes: %+v", len(got), got[:3])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestADamagedFileIsRefusedOrTakenInWhole: lines of the record of 2017 are lost, doubled, moved in or out. Whatever comes of it is a refusal
// that names a line of the file, or an assembly whose minutes can be drawn; and nothing is left of a refusal.
func TestADamagedFileIsRefusedOrTakenInWhole(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	printer := book(t).In(lang.French)
	lines := strings.Split(string(file2017(t)), "\n")
	rapid.Check(t, func(t *rapid.T) {
		damaged := slices.Clone(lines)
		for range rapid.IntRange(1, 3).Draw(t, "faults") {
			i := rapid.IntRange(0, len(damaged)-1).Draw(t, "line")
			switch rapid.IntRange(0, 3).Draw(t, "fault") {
			case 0:
				damaged = slices.Delete(damaged, i, i+1)
			case 1:
				damaged = slices.Insert(damaged, i, damaged[i])
			case 2:
				damaged[i] = "  " + damaged[i]
			default:
				damaged[i] = strings.TrimPrefix(damaged[i], "  ")
			}
		}
		head := db.Head()
		f, err := Parse(strings.NewReader(strings.Join(damaged, "\n")))
		if err == nil {
			_, err = db.Act(t.Context(), store.By("", "assembly.take-in"), func(tx *store.Tx) error {
				report, err := TakeIn(tx, f)
				if err == nil {
					if _, err = Draft(tx, report.Assembly, printer); err == nil {
						err = errUndo
					}
				}
				return err
			})
		}
		if !errors.Is(err, errUndo) && fault.Of(err) == nil {
			t.Fatalf("neither taken in nor refused: %v", err)
		}
		for _, r := range fault.Of(err) {
			if r.Line < 0 || r.Line > len(damaged)+1 {
				t.Fatalf("%v names no line of the file", r)
			}
		}
		if db.Head() != head {
			t.Fatal("something was left")
		}
	})
}

func TestAnErasedNameIsNoFinding(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	b := book(t)
	found(t, db)
	report, err := takeIn(t, db, file2017(t))
	if err != nil {
		t.Fatal(err)
	}
	act(t, db, "assembly.freeze", func(tx *store.Tx) error { _, err := Freeze(tx, report.Assembly.ID, b); return err })
	act(t, db, "people.erase", func(tx *store.Tx) error {
		return people.Erase(tx, report.Assembly.Items[1].Matters[0].Presenters[0], people.OnRequest)
	})
	err = db.View(t.Context(), func(v *store.View) error {
		altered, err := AlteredNames(v)
		if len(altered) != 0 {
			t.Errorf("found %v", altered)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	errUndo := errors.New("undo")
	_, err = db.Act(t.Context(), store.By("", "test.take-away"), func(tx *store.Tx) error {
		if err := Forget(tx, report.Assembly.Items[1].Matters[1].Presenters[0]); err != nil {
			return err
		}
		lost, err := AlteredNames(tx)
		if len(lost) != 1 || lost[0].Code != "name-removed" {
			t.Errorf("a name taken away without erasure: found %v", lost)
		}
		return errors.Join(err, errUndo)
	})
	if !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
}

func TestThePageOfTheFormatIsRight(t *testing.T) {
	raw, err := os.ReadFile("../docs/assembly-file.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	_, example, _ := strings.Cut(page, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	issue(t, db, map[register.Number]int64{12: 3})
	if _, err := takeIn(t, db, []byte(example)); err != nil {
		t.Errorf("its example is refused: %v", err)
	}
	fields(reflect.TypeFor[File](), func(name string) {
		if !strings.Contains(page, "`"+name+"`") && !strings.Contains(page, name+":") {
			t.Errorf("it does not name the field %s", name)
		}
	})
	for _, k := range Kinds {
		if !strings.Contains(page, "`"+string(k)+"`") {
			t.Errorf("it does not name the kind %s", k)
		}
	}
}

// fields calls yield with the name of every field of the file's types.
func fields(t reflect.Type, yield func(string)) {
	switch t.Kind() {
	case reflect.Map, reflect.Slice, reflect.Pointer:
		fields(t.Elem(), yield)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if name := f.Tag.Get("yaml"); name != "" {
				yield(name)
				fields(f.Type, yield)
			}
		}
	}
}

func TestWhatIsWrittenIsWhatIsRead(t *testing.T) {
	const begin = "format: lieux-assembly/1\nitems: [{number: "
	for written, read := range map[string]string{`6`: "6", `"6.10"`: "6.10", `6.1`: "6.1", `6 bis`: "6 bis", `yes`: "yes", `2017-06`: "2017-06",
		`6.10`: "", `0x10`: "", `010`: "", `1_000`: "", `+5`: "", `1e3`: "1e3", `.inf`: "", `.nan`: ""} {
		f, err := Parse(strings.NewReader(begin + written + "}]"))
		switch {
		case read == "":
			if !fault.Is(err, "assembly.refusal.figures") || fault.Of(err)[0].Line != 2 {
				t.Errorf("%s: %v", written, err)
			}
		case err != nil || f.Items[0].Number != read:
			t.Errorf("%s: %v, %v", written, f, err)
		}
	}
}

func TestWindowsLineEndsMakeTheSameFile(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	raw := string(file2017(t))
	if _, err := takeIn(t, db, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	if _, err := takeIn(t, db, []byte("\ufeff"+strings.ReplaceAll(raw, "\n", "\r\n"))); !fault.Is(err, "assembly.refusal.same-file") {
		t.Errorf("the same file from Windows: %v", err)
	}
	if _, err := takeIn(t, db, []byte(raw+"# touched\n")); !fault.Is(err, "assembly.refusal.name-taken") {
		t.Errorf("another file under the same name: %v", err)
	}
}
