package app

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
)

// maxVisitors bounds how many are remembered: more than enter in the hour of the largest assembly.
const maxVisitors = 20_000

// neutral are the acts that come by thousands in a minute and change nothing of who may enter, as what, and under which
// name. No journal line of theirs is looked into.
var neutral = map[string]bool{"ballot.cast": true, "ballot.mark": true, "ballot.enter": true, "ballot.count": true}

// Rooms whose acts change at most who those persons are, and what they may, whom the journal line names: an evening is
// made of them. After an act of any other room everybody is looked up anew. Those of the second list may also change
// nobody, and then name nobody.
var (
	namesWhom = []string{"people", "attendance", "ballot", "sitting", "meeting", "convening"}
	namesNone = namesWhom[1:]
)

// manyNamed is from how many objects on a line is not believed to name all that the act was about.
const manyNamed = 32

// visitors remembers who the sessions resolve to, until an act may have changed it. It follows the journal: an act of
// this process counts before its author is answered, one of another process as soon as it is heard of
// ([store.DB.Listen]). An act forgets those whose way in may hang on the persons that its line names
// ([people.Entrants]); one that names too many, or of which it is not known whom it concerns, forgets all. Who entered
// by a card is forgotten when the meeting of the card has got another name or is over.
type visitors struct {
	db *store.DB

	mu      sync.RWMutex
	seen    int64 // the last line of the journal that was looked at
	turn    int64 // grows each time that somebody may be forgotten
	day     civil.Date
	entered map[web.Signed]web.Who
	by      map[people.PersonID][]web.Signed // the sessions of a person, or in which it is the person or the party
	cards   map[meeting.ID]cardState         // of the meetings by whose cards somebody entered
}

// cardState is what a session by card hangs on besides its person.
type cardState struct {
	name string
	over bool
}

func newVisitors(db *store.DB) *visitors {
	v := &visitors{db: db, seen: db.Head(), day: db.Today()}
	v.forgetAll()
	return v
}

// find gives who a session resolves to; look is asked when that is not remembered.
func (v *visitors) find(ctx context.Context, s web.Signed,
	look func(context.Context, web.Signed) (web.Who, error)) (web.Who, error) {
	if err := v.follow(ctx); err != nil {
		return web.Who{}, err
	}
	s.Since = time.Time{} // nobody is another for having entered earlier
	v.mu.RLock()
	who, known := v.entered[s]
	turn := v.turn
	v.mu.RUnlock()
	if known {
		return who, nil
	}
	who, err := look(ctx, s)
	if err != nil || !who.SignedIn() {
		return who, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if turn == v.turn && len(v.entered) < maxVisitors { // another turn: what was read may be older than the act
		v.keep(s, who)
	}
	return who, nil
}

// keep remembers a session under each person that it hangs on by name.
func (v *visitors) keep(s web.Signed, who web.Who) {
	if _, kept := v.entered[s]; kept {
		return
	}
	v.entered[s] = who
	ids := []people.PersonID{people.PersonID(s.Person), people.PersonID(who.Person), people.PersonID(s.For)}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if id != "" {
			v.by[id] = append(v.by[id], s)
		}
	}
	if s.How == web.ByCard {
		v.cards[meeting.ID(s.Card)] = cardState{name: who.Card.Name}
	}
}

// forget forgets the sessions of some persons.
func (v *visitors) forget(ids []people.PersonID) {
	for _, id := range ids {
		for _, s := range v.by[id] {
			delete(v.entered, s)
		}
		delete(v.by, id)
	}
}

func (v *visitors) forgetAll() {
	v.entered, v.by = map[web.Signed]web.Who{}, map[people.PersonID][]web.Signed{}
	v.cards = map[meeting.ID]cardState{}
}

// forgetCards forgets who entered by a card of a meeting.
func (v *visitors) forgetCards(id meeting.ID) {
	for s := range v.entered {
		if s.How == web.ByCard && meeting.ID(s.Card) == id {
			delete(v.entered, s)
		}
	}
	delete(v.cards, id)
}

// follow forgets whom the acts since the last look may concern, and everybody when a day has begun.
func (v *visitors) follow(ctx context.Context) error {
	v.mu.RLock()
	same := v.seen == v.db.Head() && v.day == v.db.Today()
	v.mu.RUnlock()
	if same {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	head, day := v.db.Head(), v.db.Today()
	if v.seen == head && v.day == day {
		return nil
	}
	all := day != v.day || head < v.seen || head-v.seen > store.MaxEntries
	if !all {
		err := v.db.View(ctx, func(view *store.View) error {
			news, err := store.Entries(view, store.Filter{Before: head + 1, Limit: int(head - v.seen)})
			if err != nil {
				return err
			}
			all, err = v.heed(view, news)
			return err
		})
		if err != nil {
			return err
		}
	}
	if all {
		v.forgetAll()
		v.turn++
	}
	v.seen, v.day = head, day
	return nil
}

// heed forgets whom some acts may concern; all is true where that is everybody.
func (v *visitors) heed(r store.Reader, news []store.Entry) (all bool, err error) {
	heard := map[people.PersonID]bool{}
	looked := false
	for _, e := range news {
		if neutral[e.Verb] {
			continue
		}
		v.turn++
		named, known := named(e)
		if !known {
			return true, nil
		}
		for _, id := range named {
			if heard[id] {
				continue
			}
			heard[id] = true
			ids, many, err := people.Entrants(r, id)
			if fault.Of(err) != nil {
				return true, nil // a person who is not there: a line of which too little is known
			}
			if err != nil || many {
				return true, err
			}
			v.forget(ids)
		}
		looked = looked || len(v.cards) > 0
	}
	if !looked {
		return false, nil
	}
	return false, v.heedCards(r)
}

// named are the persons whom an act names; known is false where others may be concerned.
func named(e store.Entry) (ids []people.PersonID, known bool) {
	room, _, _ := strings.Cut(e.Verb, ".")
	if e.ErasedBy != 0 || len(e.About) >= manyNamed || !slices.Contains(namesWhom, room) {
		return nil, false
	}
	for _, ref := range e.About {
		if ref.Kind == people.PersonID("").Ref().Kind {
			ids = append(ids, people.PersonID(ref.ID))
		}
	}
	return ids, len(ids) > 0 || slices.Contains(namesNone, room)
}

// heedCards looks at the meetings of the cards again.
func (v *visitors) heedCards(r store.Reader) error {
	for id, was := range v.cards {
		m, found, err := meeting.Head(r, id)
		if err != nil {
			return err
		}
		if now := (cardState{m.Name, m.Over()}); !found || now != was {
			v.forgetCards(id)
		}
	}
	return nil
}
