package pages

import (
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
)

// pathManaged is where who runs a place and is no member finds it.
const pathManaged = "/my/places"

// right is what who is at the keyboard may do with an occupancy.
type right struct {
	Read  bool
	Write bool // amend, renew, end, evaluate
	Undo  bool // say that it never was: the house alone
	Runs  bool // because they run the place
}

// rightTo says what who is at the keyboard may do with an occupancy: the house reads and writes all, an occupant reads
// their own, and who runs the place reads those of this place and, where the concession lets them fill it, writes.
func (p Pages) rightTo(q *web.Request, r store.Reader, o places.Occupancy) (may right, err error) {
	may = right{Read: q.Who.May(web.Staff), Write: q.Who.May(writers), Undo: q.Who.May(writers)}
	own, err := selves(q, r)
	if err != nil {
		return may, err
	}
	may.Read = may.Read || own[o.Person]
	if p.Runs != nil && q.Who.May(web.Manager) {
		runs, lets, err := p.Runs(r, people.PersonID(q.Who.Person), people.PersonID(q.Who.For.ID), o.Place)
		if err != nil {
			return may, err
		}
		may.Runs, may.Read, may.Write = runs, may.Read || runs, may.Write || lets
	}
	return may, nil
}

// does says whether the right covers an act.
func (may right) does(act string) bool {
	if act == actUndo {
		return may.Undo
	}
	return may.Write
}

// guarded is an act of an occupancy that looks at the right once more, inside: a concession may have ended meanwhile.
func (p Pages) guarded(q *web.Request, id places.OccupancyID, act string,
	fn func(*store.Tx) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		o, err := places.OccupancyByID(tx, id)
		if err != nil {
			return err
		}
		may, err := p.rightTo(q, tx, o)
		if err == nil && !may.does(act) {
			err = fault.Refuse("places.refusal.not-yours")
		}
		if err != nil {
			return err
		}
		return fn(tx)
	}
}

// homeOf leads from an occupancy to its place: to the page of the house, or to the manager's own where they are no
// member.
func homeOf(q *web.Request, place places.Place) string {
	if q.Who.May(web.Member) {
		return pathOf(place)
	}
	return pathManaged + "/" + place.Name
}
