package pages

import (
	"slices"
	"strings"
	"sync"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// maxTouched is from how many objects that acts were about all is read anew.
const maxTouched = 500

// kept is how every place stands, and what of it is seen from outside, at the last moment that somebody asked. It
// follows the journal: a place that an act was about is read again, the others are not. A reader whose view began a
// moment earlier sees what is kept: lists look at now, never at the past.
type kept struct {
	mu     sync.Mutex
	read   bool
	head   int64
	day    civil.Date
	places map[places.PlaceID]places.Glance
	cards  map[people.PersonID]card
	shows  map[places.PlaceID]places.Outside
	order  []places.PlaceID // by title
	seen   *outside         // what of it everybody may see; nil when it must be made anew
}

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
	c.sort, c.words = fold.Sort(c.Title), fold.Text(c.Title+" "+c.Practice)
}

// now is what a reader of lists sees; it is not changed afterwards.
type now struct {
	List  []places.Glance // by title
	Shows map[places.PlaceID]places.Outside
	Cards map[people.PersonID]card
	// Outside is what of it everybody may see.
	Outside *outside
}

// follow brings what is kept to the moment of a reader.
func (k *kept) follow(r store.Reader) (n now, err error) {
	head, err := store.Head(r)
	if err != nil {
		return n, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	today := r.Today()
	if k.read && head.Number == k.head && k.day == today {
		return k.now(), nil
	}
	if head.Number < k.head && k.read && k.day == today {
		return k.now(), nil
	}
	again, err := k.touched(r)
	if err == nil {
		err = k.readAgain(r, again, today)
	}
	if err != nil {
		k.read = false
		return n, err
	}
	k.read, k.head, k.day = true, head.Number, today
	return k.now(), nil
}

func (k *kept) now() (n now) {
	n = now{Shows: k.shows, Cards: k.cards, List: make([]places.Glance, 0, len(k.order))}
	for _, id := range k.order {
		n.List = append(n.List, k.places[id])
	}
	if k.seen == nil {
		seen := show(n)
		k.seen = &seen
	}
	n.Outside = k.seen
	return n
}

// touched are the objects that acts were about since; nil means all.
func (k *kept) touched(r store.Reader) (map[store.Ref]bool, error) {
	if !k.read {
		return nil, nil
	}
	refs, err := store.AboutSince(r, k.head, maxTouched)
	if err != nil || len(refs) >= maxTouched {
		return nil, err
	}
	set := map[store.Ref]bool{}
	for _, ref := range refs {
		set[ref] = true
	}
	return set, nil
}

// readAgain reads what acts were about, and what stands otherwise on another day.
func (k *kept) readAgain(r store.Reader, touched map[store.Ref]bool, today civil.Date) error {
	if touched == nil || k.places == nil {
		k.places, touched = map[places.PlaceID]places.Glance{}, nil
	}
	ids, err := places.PlaceIDs(r)
	if err != nil {
		return err
	}
	list, moved := map[places.PlaceID]places.Glance{}, touched == nil
	for _, id := range ids {
		g, known := k.places[id]
		if !known || touched[id.Ref()] || !g.Holds(today) || today.Before(k.day) {
			if g, err = places.Look(r, id); err != nil {
				return err
			}
			moved = true
		}
		list[id] = g
	}
	if k.places = list; moved {
		k.seen = nil
		k.order = ids
		keys := map[places.PlaceID]string{}
		for id, g := range list {
			keys[id] = fold.Sort(g.Place.Title)
		}
		slices.SortStableFunc(k.order, func(a, b places.PlaceID) int { return strings.Compare(keys[a], keys[b]) })
		if k.shows, err = places.Outsides(r); err != nil {
			return err
		}
	}
	return k.readCards(r, touched)
}

// readCards reads the cards anew when an act was about a person who has one, or about somebody who may have got one.
func (k *kept) readCards(r store.Reader, touched map[store.Ref]bool) error {
	if touched != nil && k.cards != nil {
		some := false
		for ref := range touched {
			some = some || ref.Kind == "person"
		}
		if !some {
			return nil
		}
	}
	list, err := places.Cards(r)
	if err != nil {
		return err
	}
	cards := map[people.PersonID]card{}
	for _, c := range list {
		was, known := k.cards[c.Person]
		if touched != nil && known && !slices.ContainsFunc(append(was.records, c.Person), func(id people.PersonID) bool {
			return touched[id.Ref()]
		}) {
			one := was
			one.Card = c
			one.fold(was)
			cards[c.Person] = one
			continue
		}
		one := card{Card: c}
		one.fold(was)
		if one.consents, err = people.Agreed(r, c.Person, people.PublicPage, r.Today()); err != nil {
			return err
		}
		if one.records, err = people.Records(r, c.Person); err != nil {
			return err
		}
		one.records = append(one.records, c.Person)
		cards[c.Person] = one
	}
	k.cards, k.seen = cards, nil
	return nil
}
