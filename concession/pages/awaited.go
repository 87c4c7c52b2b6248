package pages

import (
	"strconv"

	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/places"
)

// Awaited is what of the concessions waits for who is at the keyboard: as a manager, what its places ask for and a
// reply to the committee; as a member of the committee, answers and the advice. It is for their start pages.
func Awaited(q *web.Request, r store.Reader) (list []web.Due, err error) {
	if q.Who.May(web.Manager) {
		if list, err = managersDues(q, r); err != nil {
			return nil, err
		}
	}
	bodies, err := committeesOf(q, r)
	if err != nil || len(bodies) == 0 {
		return list, err
	}
	open, err := concession.Stands(r)
	for _, e := range open {
		if !bodies[e.Body] || e.Stage() != concession.Asking && e.Stage() != concession.Hearing {
			continue
		}
		d, waits, err := evaluatorsDue(q, r, e.ID)
		if err != nil {
			return nil, err
		}
		if waits {
			list = append(list, d)
		}
	}
	return list, err
}

// managersDues is what the places of a manager wait for from it: its results, its insurance, a reply.
func managersDues(q *web.Request, r store.Reader) (list []web.Due, err error) {
	managed, err := acting(q).Managed(r)
	if err != nil {
		return nil, err
	}
	for _, c := range managed {
		place, err := places.PlaceByID(r, c.Place, places.Now(r))
		if err != nil {
			return nil, err
		}
		tasks, err := concession.TasksOf(r, c)
		if err != nil {
			return nil, err
		}
		for _, t := range tasks {
			if !t.Near(r.Today()) || t.Milestone != concession.HandResults && t.Milestone != concession.Insure {
				continue
			}
			d := Due(q.P, r, t, place.Title)
			if t.Milestone == concession.HandResults {
				d.Href = pathOfMine(place) + "/results"
			}
			list = append(list, d)
		}
		if list, err = trialDues(q, r, c, list); err != nil {
			return nil, err
		}
		evaluations, err := concession.EvaluationsOf(r, c.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range evaluations {
			if e.Stage() == concession.Hearing && len(e.Of(concession.Replied)) == 0 {
				list = append(list, evalDue(q, r, e, place.Title, "reply"))
			}
		}
	}
	return list, nil
}

// trialDues adds the trials that end in a place whose spaces its manager fills.
func trialDues(q *web.Request, r store.Reader, c concession.Concession, list []web.Due) ([]web.Due, error) {
	if !c.Lets {
		return list, nil
	}
	tasks, err := places.TasksOf(r, c.Place)
	for _, t := range tasks {
		d := web.Due{When: q.T("concession.page.no-date"), Title: q.P.Words(t.Say), Text: q.P.Words(t.Why), Href: t.Path}
		if !t.Due.IsZero() {
			d.When, d.At, d.Late = q.P.ShortDate(t.Due), t.Due.String(), t.Due.Before(r.Today())
			d.Left = left(q.P, r.Today().DaysUntil(t.Due.Last()))
		}
		list = append(list, d)
	}
	return list, err
}

// evaluatorsDue is what an open evaluation waits for from who is at the keyboard.
func evaluatorsDue(q *web.Request, r store.Reader, id concession.EvaluationID) (d web.Due, waits bool, err error) {
	e, err := concession.EvaluationByID(r, id)
	if err != nil {
		return d, false, err
	}
	s, err := seenBy(q, r, e)
	if err != nil || !s.sits {
		return d, false, err
	}
	place, err := places.PlaceByID(r, s.of.Place, places.Now(r))
	if err != nil {
		return d, false, err
	}
	if e.Stage() == concession.Hearing {
		heard := len(e.Of(concession.Replied)) > 0 || e.ReplyBy(r.Zone()).Before(r.Today())
		return evalDue(q, r, e, place.Title, "advise"), heard, nil
	}
	charter, err := concession.CharterByID(r, e.Charter)
	left := e.Left(charter, s.who)
	d = evalDue(q, r, e, place.Title, "answer")
	d.Href, d.Text = pathOfEval(e)+"/answers", q.T("concession.page.left", "n", left)
	return d, left > 0, err
}

// evalDue is what an evaluation waits for, as a line.
func evalDue(q *web.Request, r store.Reader, e concession.Evaluation, place, what string) web.Due {
	on := e.AdviseBy(r.Zone())
	switch what {
	case "reply":
		on = e.ReplyBy(r.Zone())
	case "answer":
		on = e.SendBy()
	}
	d := web.Due{When: q.P.ShortDate(on), At: on.String(), Late: on.Before(r.Today()), Href: pathOfEval(e),
		Title: q.T("concession.page.awaits."+what, "place", place, "number", strconv.FormatInt(e.Number, 10))}
	if what != "answer" {
		d.Text = q.T("concession.page.awaits." + what + ".why")
	}
	d.Left = left(q.P, r.Today().DaysUntil(on))
	return d
}
