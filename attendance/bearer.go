package attendance

import (
	"slices"

	"lieux/base/store"
	"lieux/people"
)

// BearersOf are the persons who may enter by a card: the holder; of an organisation who is there for it, or, while
// nobody is, whoever represents it today. The card of somebody who gave a proxy lets in the giver, never who carries
// it: it would open what that person votes besides.
func BearersOf(r store.Reader, c Card) ([]people.PersonID, error) {
	holder, err := people.Standing(r, c.Person)
	if err != nil || !holder.Erased.IsZero() {
		return nil, err
	}
	if holder.Kind == people.Natural {
		return []people.PersonID{holder.ID}, nil
	}
	if seat, seated, err := seatOf(r, c.Meeting, c.Holder); err != nil || seated {
		return []people.PersonID{seat.Person}, err
	}
	reps, err := people.Across(r, holder.ID, people.Representatives)
	if err != nil {
		return nil, err
	}
	var list []people.PersonID
	for _, rep := range reps {
		who, err := people.Standing(r, rep.Person)
		if err != nil {
			return nil, err
		}
		if rep.On(r.Today()) && who.Erased.IsZero() && !slices.Contains(list, who.ID) {
			list = append(list, who.ID)
		}
	}
	return list, nil
}
