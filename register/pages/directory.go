package pages

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/register"
)

// Bounds of the directories that are kept: the one of today, and those of the days that people compare with it; of each
// the states of some moments, because readers do not all see the same acts.
const (
	maxDirectories = 3
	maxMoments     = 8
)

// largeDirectory is the number of holders from which a directory that has much to follow does so beside the requests;
// it rests for followRest in between, or followShare times as long as following took.
const (
	largeDirectory = 10_000
	followRest     = time.Second
	followShare    = 10
)

// directories keeps those that were asked for last. To read one of a hundred thousand holders takes about a second, to
// list it less than a millisecond; after an act it follows, which reads again only those whom the act concerns. Where
// that takes long, after an import, pages show the last one meanwhile and say of which moment it is.
type directories struct {
	mu   sync.Mutex
	kept []*keptDirectory // the one asked for last first
}

type keptDirectory struct {
	day, known civil.Date
	moments    []*register.Directory // the newest last
	following  bool
}

// newest is the directory of the last moment.
func (k *keptDirectory) newest() *register.Directory { return k.moments[len(k.moments)-1] }

// before is the newest directory that knows no act after the head, or the oldest one.
func (k *keptDirectory) before(head int64) *register.Directory {
	for _, d := range slices.Backward(k.moments) {
		if d.Head() <= head {
			return d
		}
	}
	return k.moments[0]
}

// keep keeps the directory of another moment, when it is the newest.
func (k *keptDirectory) keep(d *register.Directory) {
	if d.Head() > k.newest().Head() {
		k.moments = append(slices.Clone(k.moments[max(0, len(k.moments)+1-maxMoments):]), d)
	}
}

// directory is that of a day, as known on another (zero: now), at the moment of the reader, or of a moment ago where
// there are many holders and much has happened: behind says so.
func (s *screens) directory(r store.Reader, day, known civil.Date) (d *register.Directory, behind bool, err error) {
	head, err := store.Head(r)
	if err != nil {
		return nil, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k, err := s.keep(r, day, known)
	if err != nil {
		return nil, false, err
	}
	if d = k.before(head.Number); d.Head() >= head.Number {
		return d, false, nil
	}
	if k.following {
		return d, true, nil
	}
	next, few, err := d.FollowFew(r)
	if err == nil && !few && d.All.Heads < largeDirectory {
		next, err = d.Follow(r)
		few = true
	}
	switch {
	case err != nil:
		return nil, false, err
	case few:
		k.keep(next)
		return next, false, nil
	}
	k.following = true
	go s.follow(k)
	return d, true, nil
}

// exact is the directory at the moment of the reader, however long it takes.
func (s *screens) exact(r store.Reader, day, known civil.Date) (*register.Directory, error) {
	head, err := store.Head(r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	k, err := s.keep(r, day, known)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	d := k.before(head.Number)
	s.mu.Unlock()
	return d.Follow(r)
}

// keep finds the directory of a question among those kept, or reads it.
func (d *directories) keep(r store.Reader, day, known civil.Date) (k *keptDirectory, err error) {
	at := slices.IndexFunc(d.kept, func(k *keptDirectory) bool { return k.day == day && k.known == known })
	if at >= 0 {
		k = d.kept[at]
		d.kept = slices.Delete(d.kept, at, at+1)
	} else {
		read, err := register.DirectoryOn(r, day, known)
		if err != nil {
			return nil, err
		}
		k = &keptDirectory{day: day, known: known, moments: []*register.Directory{read}}
	}
	d.kept = slices.Insert(d.kept, 0, k)
	d.kept = d.kept[:min(len(d.kept), maxDirectories)]
	return k, nil
}

// follow lets a large directory follow the acts, beside the requests, and rests.
func (s *screens) follow(k *keptDirectory) {
	s.mu.Lock()
	d := k.newest()
	s.mu.Unlock()
	begun := s.DB.Now()
	err := s.DB.LongView(context.Background(), func(v *store.View) (err error) {
		if d, err = d.Follow(v); err == nil {
			d.List(register.Filter{Order: register.ByName, Size: pageSize})
		}
		return err
	})
	if err != nil {
		slog.Warn("register: the list of cooperators could not follow", "error", err)
	}
	s.mu.Lock()
	if err == nil {
		k.keep(d)
	}
	s.mu.Unlock()
	time.AfterFunc(max(followRest, followShare*s.DB.Now().Sub(begun)), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		k.following = false
	})
}

// tallies keeps what the movements add up to, of all years and of those that were asked for last. Readers look at
// different moments of the register, so a few states of each year stand side by side: a reader begins with the newest
// that it may know, and adds the few movements since.
type tallies struct {
	mu   sync.Mutex
	kept map[int][]register.Tallied // by year; oldest first
}

// Bounds of the tallies: how many years are kept, how many states of each, and how many movements lie between two.
const (
	maxTallied    = 40
	maxStates     = 4
	betweenStates = 256
)

// of are the tallies of a search; those of named cooperators are few and counted anew.
func (t *tallies) of(r store.Reader, s register.Search) ([]register.Tally, error) {
	if len(s.Cooperators) > 0 {
		return register.Tallies(r, s)
	}
	through, err := register.Through(r, civil.Date{})
	if err != nil {
		return nil, err
	}
	now, err := t.before(s.Year, through).Follow(r, s.Year)
	if err != nil {
		return nil, err
	}
	t.keep(s.Year, now)
	return now.List, nil
}

// before is the newest state kept that is not newer than what a reader sees.
func (t *tallies) before(year int, through register.MovementNumber) register.Tallied {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, state := range slices.Backward(t.kept[year]) {
		if state.Through <= through {
			return state
		}
	}
	return register.Tallied{}
}

// keep keeps a state when it is some way from the last one.
func (t *tallies) keep(year int, state register.Tallied) {
	t.mu.Lock()
	defer t.mu.Unlock()
	states := t.kept[year]
	if n := len(states); n > 0 && state.Through < states[n-1].Through+betweenStates {
		return
	}
	if t.kept == nil || len(t.kept) >= maxTallied {
		t.kept = map[int][]register.Tallied{}
	}
	states = append(states, state)
	t.kept[year] = states[max(0, len(states)-maxStates):]
}
