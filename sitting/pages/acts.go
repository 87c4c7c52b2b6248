package pages

import (
	"lieux/ballot"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
	"lieux/vote"
)

// goTo comes to a matter of the agenda.
func (p Pages) goTo(q *web.Request) error {
	return p.press(q, runs, "go", "console", func(tx *store.Tx, a at, form *web.Form) error {
		return sitting.GoTo(tx, a.Meeting.ID, meeting.ItemID(form.Raw("item")), meeting.MatterID(form.Raw("matter")))
	})
}

// pollIn finds the poll of the address in the meeting of the address.
func pollIn(r store.Reader, q *web.Request, a at) (ballot.Poll, error) {
	poll, found, err := ballot.ByID(r, ballot.PollID(q.Path("poll")))
	if err == nil && (!found || poll.Meeting != a.Meeting.ID) {
		err = web.NotFound
	}
	return poll, err
}

// proclaim announces the outcome at the chair's word, and goes on to the next matter when the button says so.
func (p Pages) proclaim(q *web.Request) error {
	sent, err := q.Form()
	if err != nil {
		return err
	}
	verb := "ballot.proclaim"
	if sent.Flag("said") { // in the chair's name: the journal names both
		verb = "ballot.note-proclamation"
	}
	return p.press(q, runs, verb, "console", func(tx *store.Tx, a at, form *web.Form) error {
		poll, err := pollIn(tx, q, a)
		if err != nil {
			return err
		}
		if poll.NeedsChair() {
			presides, err := sitting.Presides(tx, a.Meeting.ID, people.PersonID(tx.Actor()))
			if err != nil {
				return err
			}
			if !presides {
				return fault.Refuse("sitting.refusal.chair-decides")
			}
		}
		err = ballot.Proclaim(tx, ballot.Proclamation{Poll: poll.ID, Chair: vote.Choice(form.Raw("chair")),
			Said: form.Flag("said")})
		if err != nil || form.Raw("next-item") == "" {
			return err
		}
		return sitting.GoTo(tx, a.Meeting.ID, meeting.ItemID(form.Raw("next-item")),
			meeting.MatterID(form.Raw("next-matter")))
	})
}

// endIncident notes that an incident is over.
func (p Pages) endIncident(q *web.Request) error {
	return p.press(q, writes, "incident-over", "console", func(tx *store.Tx, a at, form *web.Form) error {
		return sitting.EndIncident(tx, a.Meeting.ID, q.Path("incident"), form.Raw("remedy"))
	})
}

// drop takes a retained point back.
func (p Pages) drop(q *web.Request) error {
	return p.press(q, writes, "drop", "notes", func(tx *store.Tx, a at, _ *web.Form) error {
		return sitting.Drop(tx, a.Meeting.ID, retainedID(q.Path("point")))
	})
}

// relieve ends a charge.
func (p Pages) relieve(q *web.Request) error {
	return p.press(q, runs, "relieve", "bureau", func(tx *store.Tx, a at, _ *web.Form) error {
		return sitting.Relieve(tx, a.Meeting.ID, q.Path("officer"), "")
	})
}

// callSecond drafts the second assembly.
func (p Pages) callSecond(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var a at
	if err := p.read(q, runs, func(_ store.Reader, found at) error { a = found; return nil }); err != nil {
		return err
	}
	var name string
	_, err = p.DB.Act(q.Context(), by(q, "second", form), func(tx *store.Tx) error {
		id, err := sitting.SecondCalled(tx, a.Meeting.ID)
		if err != nil {
			return err
		}
		second, _, err := meeting.ByID(tx, id)
		name = second.Name
		return err
	})
	if err != nil {
		return err
	}
	if name == "" { // the form had been sent before
		return q.SeeOther(a.Path("console"))
	}
	q.Flash(web.Yes, q.T(a.Meeting.OwnWord("sitting.page.second.done")))
	return q.SeeOther("/meetings/" + name)
}
