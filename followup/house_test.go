package followup_test

import (
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/convening"
	"lieux/followup"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room,
	convening.Room, attendance.Room, ballot.Room, followup.Room}

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

// record is an assembly after which the law asks for four things.
const record = `format: lieux-assembly/1
name: ag-2021
title: Assemblée de 2021
held: "2021-06-12"
place: Liège
convening: first
persons:
  alix: {given: Alix, family: Bodart, new: true}
bodies:
  board: {kind: board}
attendance:
  total: {heads: 30, shares: 60}
  issued: {heads: 50, shares: 100}
items:
  - number: "1"
    title: Comptes
    matters:
      - {kind: accounts, title: Comptes 2020, stated: adopted, ballot: {kind: counts, for: 60, against: 0, abstentions: 0}}
  - number: "2"
    title: Statuts
    matters:
      - kind: bylaws-change
        title: Article 9
        stated: adopted
        article: "9"
        before: ""
        after: Le texte nouveau.
        ballot: {kind: counts, for: 50, against: 10, abstentions: 0}
  - number: "3"
    title: Administratrice
    matters:
      - {kind: election, body: board, elected: [alix]}
  - number: "4"
    title: Fresque
    matters:
      - {kind: resolution, title: Une fresque, stated: rejected, ballot: {kind: counts, for: 20, against: 30, abstentions: 10}}
`

// house is a cooperative that held the assembly of the record.
type house struct {
	*testing.T
	db  *store.DB
	now time.Time
}

func act(t *testing.T, db *store.DB, verb string, fn func(*store.Tx) error) error {
	t.Helper()
	_, err := db.Act(t.Context(), store.By("", verb), fn)
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// both tells a story on both engines; now moves the clock.
func both(t *testing.T, story func(h *house)) {
	h := &house{now: time.Date(2021, 6, 20, 9, 0, 0, 0, time.UTC)}
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: func() time.Time { return h.now }}, func(t *testing.T, db *store.DB) {
		h.T, h.db, h.now = t, db, time.Date(2021, 6, 20, 9, 0, 0, 0, time.UTC)
		must(t, act(t, db, "people.found", func(tx *store.Tx) error {
			_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
				Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2020-06")})
			return err
		}))
		must(t, act(t, db, "bylaws.lay", func(tx *store.Tx) error {
			p, _ := bylaws.LoadPreset("minimal-law")
			_, err := bylaws.Lay(tx, p, civil.MustParse("2020-06"), bylaws.Deed{})
			return err
		}))
		f, err := assembly.Parse(strings.NewReader(record))
		must(t, err)
		must(t, act(t, db, "assembly.take-in", func(tx *store.Tx) error {
			_, err := assembly.TakeIn(tx, f)
			return err
		}))
		story(h)
	})
}

func (h *house) tasks() (list []followup.Task) {
	h.Helper()
	must(h.T, h.db.View(h.Context(), func(v *store.View) (err error) {
		list, err = followup.Tasks(v)
		return err
	}))
	return list
}

func (h *house) refused(err error, code string) {
	h.Helper()
	if !fault.Is(err, "followup.refusal."+code) {
		h.Errorf("want the refusal %s, got %v", code, err)
	}
}

func (h *house) task(kind followup.DutyKind) followup.Task {
	h.Helper()
	for _, t := range h.tasks() {
		if t.Kind == kind {
			return t
		}
	}
	h.Fatalf("there is no task %s among %+v", kind, h.tasks())
	return followup.Task{}
}

func TestTheLawsTasksComeFromTheRecord(t *testing.T) {
	both(t, func(h *house) {
		list := h.tasks()
		if len(list) != 3 {
			h.Fatalf("%d tasks: %+v", len(list), list)
		}
		day := civil.MustParse("2021-07-12") // thirty days after the assembly
		if got := h.task(followup.FileAccounts); got.DueOn != day || got.Article != "CSA 3:10" || got.Item != "1" || got.Meeting != "ag-2021" {
			h.Errorf("the accounts: %+v", got)
		}
		if got := h.task(followup.PublishMandates); got.DueOn != day || got.Subject != "Administratrice" {
			h.Errorf("the mandates: %+v", got)
		}
		if got := h.task(followup.NotarialDeed); !got.DueOn.IsZero() || got.State(day) != followup.Open || list[2].Key != got.Key {
			h.Errorf("the deed has no day and stands last: %+v", list)
		}
		h.now = time.Date(2021, 7, 13, 9, 0, 0, 0, time.UTC)
		must(h.T, h.db.View(h.Context(), func(v *store.View) error {
			open, late, err := followup.Waiting(v)
			if open != 3 || late != 2 {
				h.Errorf("on 13 July %d are open, %d late", open, late)
			}
			return err
		}))
	})
}

func TestADeedSettlesItselfAndAsksForItsPublication(t *testing.T) {
	both(t, func(h *house) {
		deed := h.task(followup.NotarialDeed)
		h.refused(act(h.T, h.db, "followup.settle", func(tx *store.Tx) error {
			return followup.Settle(tx, deed.Key, followup.Step{Day: tx.Today()})
		}), "by-itself")
		must(h.T, act(h.T, h.db, "bylaws.record-deed", func(tx *store.Tx) error {
			all, err := bylaws.Amendments(tx)
			if err != nil {
				return err
			}
			_, err = bylaws.RecordDeed(tx, all[0].ID, bylaws.Deed{Notary: "Me Anciaux", SignedOn: civil.MustParse("2021-06-18"), Reference: "2021/44"})
			return err
		}))
		if got := h.task(followup.NotarialDeed); got.State(civil.MustParse("2021-06-20")) != followup.Done || got.DoneOn() != civil.MustParse("2021-06-18") {
			h.Errorf("the deed is recorded: %+v", got)
		}
		if got := h.task(followup.PublishDeed); got.DueOn != civil.MustParse("2021-07-18") {
			h.Errorf("its publication: %+v", got)
		}
	})
}

func TestATaskIsDoneAndOpenedAgain(t *testing.T) {
	both(t, func(h *house) {
		key := h.task(followup.FileAccounts).Key
		settle := func(day string) error {
			return act(h.T, h.db, "followup.settle", func(tx *store.Tx) error {
				return followup.Settle(tx, key, followup.Step{Day: civil.MustParse(day), Words: "dépôt 2021-0042"})
			})
		}
		h.refused(settle("2021-06-11"), "done-day") // before the decision
		h.refused(settle("2021-06-21"), "done-day") // tomorrow
		must(h.T, settle("2021-06-15"))
		h.refused(settle("2021-06-16"), "done")
		h.refused(act(h.T, h.db, "followup.reopen", func(tx *store.Tx) error { return followup.Reopen(tx, key, " ") }), "why")
		must(h.T, act(h.T, h.db, "followup.reopen", func(tx *store.Tx) error { return followup.Reopen(tx, key, "le dépôt fut refusé") }))
		h.refused(act(h.T, h.db, "followup.reopen", func(tx *store.Tx) error { return followup.Reopen(tx, key, "x") }), "open")
		must(h.T, settle("2021-06-20"))
		got := h.task(followup.FileAccounts)
		if len(got.Steps) != 3 || got.DoneOn() != civil.MustParse("2021-06-20") || got.Steps[1].Done || got.Steps[1].Words != "le dépôt fut refusé" {
			h.Errorf("its history: %+v", got.Steps)
		}
		report, err := h.db.Check(h.Context())
		must(h.T, err)
		if len(report.Findings) > 0 {
			h.Errorf("lieux check: %+v", report.Findings)
		}
	})
}

func TestATaskIsWrittenByHand(t *testing.T) {
	both(t, func(h *house) {
		var board people.Body
		must(h.T, h.db.View(h.Context(), func(v *store.View) (err error) {
			board, err = people.TheBody(v, people.Board)
			return err
		}))
		note := func(x followup.Task) error {
			return act(h.T, h.db, "followup.note", func(tx *store.Tx) error {
				_, err := followup.Note(tx, x)
				return err
			})
		}
		h.refused(note(followup.Task{Owner: board.ID}), "title")
		h.refused(note(followup.Task{Title: "Prévenir la banque"}), "owner")
		h.refused(note(followup.Task{Title: "Prévenir la banque", Owner: board.ID, Of: "nothing"}), "matter")
		of := h.task(followup.PublishMandates).Of
		must(h.T, note(followup.Task{Title: "Prévenir la banque", Owner: board.ID, Of: of, DueOn: civil.MustParse("2021-06-30")}))
		first := h.tasks()[0] // the earliest last day
		if first.Title != "Prévenir la banque" || first.Subject != "" && first.Subject != "Administratrice" || first.Meeting != "ag-2021" || first.Since != civil.MustParse("2021-06-20") {
			h.Errorf("the task by hand: %+v", first)
		}
	})
}

func TestEveryDecisionStandsInTheRegister(t *testing.T) {
	both(t, func(h *house) {
		var board people.Body
		must(h.T, act(h.T, h.db, "people.decide", func(tx *store.Tx) (err error) {
			if board, err = people.TheBody(tx, people.Board); err != nil {
				return err
			}
			// what the record holds already, and a decision in writing
			general, err := people.TheBody(tx, people.Assembly)
			if err != nil {
				return err
			}
			if _, err = people.Decide(tx, people.Decision{Body: general.ID, On: civil.MustParse("2021-06-12"), Reference: "AG 2021, point 1", Wording: "Comptes 2020"}); err != nil {
				return err
			}
			_, err = people.Decide(tx, people.Decision{Body: board.ID, On: civil.MustParse("2021-06-19"), Reference: "OA 2021-03", Wording: "Louer le hall\n\nPour un an."})
			return err
		}))
		var list []followup.Resolution
		must(h.T, h.db.View(h.Context(), func(v *store.View) (err error) {
			list, err = followup.Resolutions(v)
			return err
		}))
		var got []string
		for _, x := range list {
			got = append(got, x.On.String()+" "+x.Title+" "+string(x.Verdict))
		}
		want := []string{"2021-06-19 Louer le hall adopted", "2021-06-12 Comptes 2020 adopted", "2021-06-12 Article 9 adopted",
			"2021-06-12 Administratrice adopted", "2021-06-12 Une fresque rejected"}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			h.Errorf("got\n%s", strings.Join(got, "\n"))
		}
		if list[4].Status != vote.Recomputed {
			h.Errorf("the outcome of the fresco is %s", list[4].Status)
		}
	})
}

func TestAReportIsFiledAndAnAlteredOneIsFound(t *testing.T) {
	both(t, func(h *house) {
		tell := func(kind people.BodyKind, rep followup.Report) error {
			return act(h.T, h.db, "followup.tell", func(tx *store.Tx) error {
				body, err := people.TheBody(tx, kind)
				if err != nil {
					return err
				}
				rep.Body = body.ID
				_, err = followup.Tell(tx, rep)
				return err
			})
		}
		day := civil.MustParse("2021-06-19")
		h.refused(tell(people.Assembly, followup.Report{Title: "x", Words: "y", Day: day}), "body")
		h.refused(tell(people.Board, followup.Report{Title: "x", Day: day}), "empty")
		h.refused(tell(people.Board, followup.Report{Title: "x", Words: "y", Day: civil.MustParse("2021-06-21")}), "report-day")
		must(h.T, tell(people.Board, followup.Report{Title: "Visite du hall", Words: "Le toit tient.", Day: day}))
		must(h.T, h.db.View(h.Context(), func(v *store.View) error {
			all, err := followup.Reports(v)
			if len(all) != 1 || all[0].Title != "Visite du hall" || all[0].Day != day {
				h.Errorf("reports: %+v", all)
			}
			return err
		}))
	})
}

func TestWhoIsErasedLeavesTheTasks(t *testing.T) {
	both(t, func(h *house) {
		var person people.PersonID
		must(h.T, act(h.T, h.db, "followup.note", func(tx *store.Tx) (err error) {
			if person, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Bo", Family: "Lacroix", Lang: lang.French}); err != nil {
				return err
			}
			_, err = followup.Note(tx, followup.Task{Title: "Peindre", Person: person})
			return err
		}))
		must(h.T, act(h.T, h.db, "people.erase", func(tx *store.Tx) error { return followup.Forget(tx, person) }))
		for _, x := range h.tasks() {
			if x.Person == person {
				h.Errorf("still named: %+v", x)
			}
		}
	})
}
