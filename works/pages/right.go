package pages

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
	"lieux/works"
)

// reach is in which places who is at the keyboard may do something: in all of them, or in those that they run.
type reach struct {
	all bool
	run []places.PlaceID
}

func (x reach) has(place places.PlaceID) bool { return x.all || slices.Contains(x.run, place) }

// reach reads in which places somebody may do something that others have a right to everywhere. A manager sees and runs
// its own places and no other.
func (p Pages) reach(q *web.Request, r store.Reader, everywhere web.Rights) (x reach, err error) {
	if x.all = q.Who.May(everywhere); x.all || p.Managed == nil || !q.Who.May(web.Manager) {
		return x, nil
	}
	x.run, err = p.Managed(r, people.PersonID(q.Who.Person), people.PersonID(q.Who.For.ID))
	return x, err
}

// within answers that nothing is there to who may not see a place.
func (p Pages) within(q *web.Request, r store.Reader, place places.PlaceID, everywhere web.Rights) error {
	x, err := p.reach(q, r, everywhere)
	if err == nil && !x.has(place) {
		err = web.NotFound
	}
	return err
}

// guarded looks at the right once more inside the act: a concession may have ended meanwhile.
func (p Pages) guarded(q *web.Request, place places.PlaceID, fn func(*store.Tx) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		x, err := p.reach(q, tx, writers)
		if err == nil && !x.has(place) {
			err = fault.Refuse("works.refusal.not-yours")
		}
		if err != nil {
			return err
		}
		return fn(tx)
	}
}

// ofDay refuses a shift of another day.
func ofDay(r store.Reader, d works.Day, shift string) error {
	list, err := works.ShiftsOf(r, d.ID)
	if err == nil && !slices.ContainsFunc(list, func(h works.Shift) bool { return h.ID == shift }) {
		err = fault.Refuse("works.refusal.other-day").At("shift")
	}
	return err
}

// signedUpFor refuses a sign-up for another day.
func signedUpFor(r store.Reader, d works.Day, signup string) error {
	list, err := works.SignupsOf(r, d.ID)
	if err == nil && !slices.ContainsFunc(list, func(u works.Signup) bool { return u.ID == signup }) {
		err = fault.Refuse("works.refusal.other-day")
	}
	return err
}

// evidenceSeen answers that nothing is there to who does not run the place of the check that a document belongs to.
func (p Pages) evidenceSeen(q *web.Request, r store.Reader, document string) error {
	all, err := works.AllDuties(r)
	if err != nil {
		return err
	}
	for _, k := range all {
		for _, i := range k.All {
			if i.Document == document || slices.ContainsFunc(i.Remarks, func(m works.Mended) bool {
				return m.Lifting != nil && m.Lifting.Document == document
			}) {
				return p.within(q, r, k.Place, web.Member)
			}
		}
	}
	return web.NotFound
}
