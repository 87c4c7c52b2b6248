package places

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
)

// TaskKind is what a task asks for.
type TaskKind string

// The kinds.
const (
	ToEvaluate TaskKind = "evaluate" // a trial in its last month, or over, of which nobody said how it went
	ToSettle   TaskKind = "settle"   // its verdict keeps the occupant, and no terms follow its last day
	ToAnswer   TaskKind = "answer"   // stays that were asked for
)

// Task is something of this room that waits: for the house, or for who runs the place.
type Task struct {
	Kind  TaskKind
	Place PlaceID // empty: of several
	Say   lang.Phrase
	Why   lang.Phrase
	Path  string
	Due   civil.Date // zero: it has no day
	N     int64
}

const (
	trialSoon  = 1   // months before its end in which a trial is evaluated
	settleLate = 60  // days after its end in which a trial may still be forgotten
	maxTrials  = 500 // that are told; each is somebody who waits
)

// Tasks are what waits in the places, the earliest day first: trials to be evaluated or followed by terms, stays to be
// answered.
func Tasks(r store.Reader) (list []Task, err error) {
	trials, err := store.List(r, qTrials, standingRow, r.Today().AddMonths(trialSoon).String(), maxTrials)
	if err != nil {
		return nil, err
	}
	for _, o := range trials {
		kind := ToEvaluate
		if o.Verdict != "" {
			if kind = ToSettle; o.Until.AddDays(settleLate).Before(r.Today()) {
				continue
			}
		}
		t, err := trialTask(r, kind, o)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	asked, err := store.One(r, qCountAsked, store.Number)
	if err == nil && asked > 0 {
		list = append(list, Task{Kind: ToAnswer, Say: lang.Say("places.task.answer", "n", asked),
			Why: lang.Say("places.task.answer.why"), Path: "/stays", N: asked})
	}
	return list, err
}

// TasksOf are those of one place.
func TasksOf(r store.Reader, place PlaceID) ([]Task, error) {
	list, err := Tasks(r)
	return slices.DeleteFunc(list, func(t Task) bool { return t.Place != place }), err
}

func trialTask(r store.Reader, kind TaskKind, o Occupancy) (Task, error) {
	place, space, err := where(r, o.Place, o.Space, o.From)
	code := "places.task." + string(kind)
	return Task{Kind: kind, Place: o.Place, Say: lang.Say(code, "space", space, "place", place),
		Why: lang.Say(code+".why", "until", o.Until), Path: "/occupancies/" + string(o.ID), Due: o.Until, N: 1}, err
}
