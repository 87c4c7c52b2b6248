package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/base/web"
)

// maxVisitors bounds how many are remembered: more than enter in the hour of the largest assembly.
const maxVisitors = 20_000

// neutral are the acts that come by thousands in a minute and change nothing of who may enter, as what, and under which
// name. After any other act everybody is looked up anew.
var neutral = map[string]bool{"ballot.cast": true, "ballot.mark": true, "ballot.enter": true, "ballot.count": true}

// visitors remembers who the sessions resolve to, until an act may have changed it. It follows the journal: an act of
// this process counts before its author is answered, one of another process as soon as it is heard of
// ([store.DB.Listen]).
type visitors struct {
	db *store.DB

	mu      sync.RWMutex
	seen    int64 // the last line of the journal that was looked at
	turn    int64 // grows each time that all are forgotten
	day     civil.Date
	entered map[web.Signed]web.Who
}

func newVisitors(db *store.DB) *visitors {
	return &visitors{db: db, seen: db.Head(), day: db.Today(), entered: map[web.Signed]web.Who{}}
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
		v.entered[s] = who
	}
	return who, nil
}

// follow forgets everybody when a day has begun, or when an act since the last look may have changed who may enter.
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
			all = slices.ContainsFunc(news, func(e store.Entry) bool { return !neutral[e.Verb] })
			return err
		})
		if err != nil {
			return err
		}
	}
	if all {
		clear(v.entered)
		v.turn++
	}
	v.seen, v.day = head, day
	return nil
}
