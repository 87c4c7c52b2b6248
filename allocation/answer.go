package allocation

import (
	"slices"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/places"
)

// Reply is what somebody who was placed says to it.
type Reply string

// The replies.
const (
	Awaited  Reply = "awaited"
	Overdue  Reply = "overdue" // the day until which an answer was asked for is over
	Took     Reply = "took"
	TurnedIt Reply = "turned" // did not take it
)

// Words names the reply.
func (p Reply) Words() lang.Phrase { return lang.Say("allocation.reply." + string(p)) }

// Response is what somebody whom a choice placed answered.
type Response struct {
	Application Application
	Reply       Reply
	On          civil.Date // of the answer; while there is none, until when it is asked for, perhaps zero
	Space       places.PartID
	Free        bool // they did not take it, and nobody was let in since
}

// ReplyIn reads an answer from the steps of an application since a choice placed it; placed is false when none did, or
// when it was undone. It is pure.
func ReplyIn(steps []Step, choice ChoiceID, by, today civil.Date) (p Reply, on civil.Date, placed bool) {
	for _, s := range steps {
		switch {
		case s.Cause == Won && s.Choice == string(choice):
			placed, p, on = true, Awaited, by
			if !by.IsZero() && by.Before(today) {
				p = Overdue
			}
		case !placed:
		case s.Cause == Unplaced:
			return "", civil.Date{}, false
		case s.Cause == Accepted:
			p, on = Took, s.Day
		case s.Cause == Declined:
			return TurnedIt, s.Day, true
		case s.Cause == Mended && s.State == Placed: // an acceptance that was entered by mistake
			p, on = Awaited, by
			if !by.IsZero() && by.Before(today) {
				p = Overdue
			}
		}
	}
	return p, on, placed
}

// Responses are the answers of those whom a choice placed, in the order in which they were placed.
func Responses(r store.Reader, c Choice) (list []Response, err error) {
	effects, err := EffectsOf(r, c.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range effects {
		if e.Kind != DidEnter || e.Application == "" {
			continue
		}
		o, err := places.OccupancyByID(r, places.OccupancyID(e.Object))
		if err != nil {
			return nil, err
		}
		one := Response{Space: o.Space}
		if one.Application, err = Get(r, e.Application); err != nil {
			return nil, err
		}
		steps, err := Steps(r, e.Application)
		if err != nil {
			return nil, err
		}
		placed := false
		if one.Reply, one.On, placed = ReplyIn(steps, c.ID, c.Terms.Answer, r.Today()); !placed {
			continue
		}
		if one.Reply == TurnedIt {
			in, err := places.OccupanciesIn(r, o.Space)
			if err != nil {
				return nil, err
			}
			one.Free = !slices.ContainsFunc(in, func(o places.Occupancy) bool {
				return o.Stands() && string(o.ID) > effects[len(effects)-1].ID // ids follow time
			})
		}
		list = append(list, one)
	}
	return list, nil
}

// Accept notes that somebody takes the place that they were given. It may come after the day until which an answer was
// asked for, as long as the place is theirs.
func Accept(tx *store.Tx, id ApplicationID) error {
	a, err := Get(tx, id)
	if err != nil {
		return err
	}
	if err := a.mayAnswer(tx); err != nil {
		return err
	}
	tx.Record(a.line(nil))
	return turn(tx, &a, Step{Cause: Accepted, State: Placed, Choice: a.Choice})
}

// TurnDown notes that somebody says on their own page that they do not take their place; they need not say why.
func TurnDown(tx *store.Tx, id ApplicationID, why string) error {
	a, err := Get(tx, id)
	if err != nil {
		return err
	}
	if err := a.mayAnswer(tx); err != nil {
		return err
	}
	if oneLine(why) == "" {
		why = printer(lang.French).T("allocation.because.turned", "number", a.Number)
	}
	return Decline(tx, id, why)
}

// mayAnswer refuses an answer of who has no place, or has said that they take it.
func (a Application) mayAnswer(r store.Reader) error {
	if a.State != Placed {
		return a.refuse("allocation.refusal.not-placed")
	}
	steps, err := Steps(r, a.ID)
	if err != nil {
		return err
	}
	if p, on, _ := ReplyIn(steps, ChoiceID(a.Choice), civil.Date{}, r.Today()); p == Took {
		return fault.Refuse("allocation.refusal.accepted", "on", on)
	}
	return nil
}

// Successor is who comes next for a place that was turned down, in the order of the plan.
type Successor struct {
	Application Application
	Space       places.PartID
}

// Next says who would have the places that were turned down, by the weights of the plan that was applied and among
// those who still wait: everybody else stays where they are. It proposes, and places nobody.
func Next(r store.Reader, c Choice, answers []Response) (list []Successor, err error) {
	if !slices.ContainsFunc(answers, func(a Response) bool { return a.Free }) {
		return nil, nil
	}
	plan, err := PlanByID(r, c.Plan)
	if err != nil {
		return nil, err
	}
	run, err := RunByID(r, plan.Run)
	if err != nil {
		return nil, err
	}
	in, err := run.Inputs()
	if err != nil {
		return nil, err
	}
	was, err := plan.Result()
	if err != nil {
		return nil, err
	}
	waiting, err := Waiting(r)
	if err != nil {
		return nil, err
	}
	still := map[ApplicationID]Application{}
	for _, a := range waiting {
		still[a.ID] = a
	}
	for _, a := range answers {
		if a.Reply == TurnedIt {
			delete(still, a.Application.ID)
		}
	}
	at, err := in.refilled(run, plan.Kind, was.Plan, func(id ApplicationID) bool { return still[id].ID != "" },
		func(id ApplicationID) bool {
			return slices.ContainsFunc(answers, func(a Response) bool {
				return a.Application.ID == id && a.Reply != TurnedIt
			})
		})
	for i, f := range in.People {
		a, waits := still[f.Application]
		if !waits || err != nil || at[i] == solver.Nowhere {
			continue
		}
		space := places.PartID(in.Round.Spaces[at[i]].ID)
		if slices.ContainsFunc(answers, func(a Response) bool { return a.Free && a.Space == space }) {
			list = append(list, Successor{a, space})
		}
	}
	return list, err
}

// refilled calculates a plan anew with those who stay where they are, and who no longer waits kept out.
func (in Inputs) refilled(run Run, kind PlanKind, was solver.Plan, waits, stays func(ApplicationID) bool) ([]int,
	error) {
	pins := []solver.Pin{}
	for i, f := range in.People {
		switch {
		case f.Application == "" || stays(f.Application):
			pins = append(pins, solver.Pin{Applicant: i, Space: was.At[i]})
		case !waits(f.Application):
			pins = append(pins, solver.Pin{Applicant: i, Space: solver.Nowhere})
		}
	}
	in.Round.Pins = pins
	if in.Kind == Singles {
		res, err := in.match(func() bool { return false })
		return res.Plan.At, err
	}
	weights := solver.MostPeople
	for _, o := range run.Orders.Plans {
		if o.Kind == kind {
			weights = o.Weights
		}
	}
	o := solver.Trial(was, run.Orders.Options())
	o.From = nil
	p, err := solver.Solve(in.Round, weights, o)
	return p.At, err
}
