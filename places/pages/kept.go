package pages

import (
	"slices"
	"strings"

	"lieux/base/fold"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// card is a card with whether its occupant consents to it, and the records under which they are known.
type card struct {
	places.Card
	consents bool
	records  []people.PersonID
	sort     string // its title as a key
	words    string // what one looks for it by, folded
}

// fold folds what is sorted and looked for, unless it is known from before.
func (c *card) fold(was card) {
	if was.words != "" && was.At == c.At {
		c.sort, c.words = was.sort, was.words
		return
	}
	c.sort, c.words = fold.Sort(c.Title), fold.Text(c.Title+" "+c.Practice.All())
}

// now is how every place stands, and what of it is seen from outside. Nobody changes it.
type now struct {
	List    []places.Glance // by title
	Shows   map[places.PlaceID]places.Outside
	Cards   map[people.PersonID]card
	Outside *outside // what of it everybody may see
}

// now is what a reader of lists sees: a place that an act was about is read again, or one that stands otherwise on
// another day, and so are the cards.
func (s *screens) now(r store.Reader) (now, error) {
	return s.kept.At(r, func(was now, news store.News) (n now, err error) {
		moved := false
		if moved, err = n.readPlaces(r, was, news); err != nil {
			return n, err
		}
		if n.Shows = was.Shows; moved {
			if n.Shows, err = places.Outsides(r); err != nil {
				return n, err
			}
		}
		if n.Cards = was.Cards; news.OfKind("person") {
			if n.Cards, err = readCards(r, was.Cards, news); err != nil {
				return n, err
			}
			moved = true
		}
		if n.Outside = was.Outside; moved {
			seen := show(n)
			n.Outside = &seen
		}
		return n, nil
	})
}

// readPlaces reads the places, and says whether any is another one.
func (n *now) readPlaces(r store.Reader, was now, news store.News) (moved bool, err error) {
	ids, err := places.PlaceIDs(r)
	if err != nil {
		return false, err
	}
	before := map[places.PlaceID]places.Glance{}
	for _, g := range was.List {
		before[g.Place.ID] = g
	}
	for _, id := range ids {
		g, known := before[id]
		if !known || news.About(id.Ref()) || !g.Holds(r.Today()) || r.Today().Before(news.Since) {
			if g, err = places.Look(r, id); err != nil {
				return false, err
			}
			moved = true
		}
		n.List = append(n.List, g)
	}
	if moved = moved || len(n.List) != len(was.List); !moved {
		n.List = was.List
		return false, nil
	}
	keys := map[places.PlaceID]string{}
	for _, g := range n.List {
		keys[g.Place.ID] = fold.Sort(g.Place.Title)
	}
	slices.SortStableFunc(n.List, func(a, b places.Glance) int {
		return strings.Compare(keys[a.Place.ID], keys[b.Place.ID])
	})
	return true, nil
}

// readCards reads the cards: whether somebody consents is asked again when an act was about them, under any record.
func readCards(r store.Reader, before map[people.PersonID]card, news store.News) (map[people.PersonID]card, error) {
	list, err := places.Cards(r)
	if err != nil {
		return nil, err
	}
	cards := map[people.PersonID]card{}
	for _, c := range list {
		was, known := before[c.Person]
		one := card{Card: c, consents: was.consents, records: was.records}
		one.fold(was)
		if !known || slices.ContainsFunc(was.records, func(id people.PersonID) bool { return news.About(id.Ref()) }) {
			if one.consents, err = people.Agreed(r, c.Person, people.PublicPage, r.Today()); err != nil {
				return nil, err
			}
			if one.records, err = people.Records(r, c.Person); err != nil {
				return nil, err
			}
			one.records = append(one.records, c.Person)
		}
		cards[c.Person] = one
	}
	return cards, nil
}
