package store

import (
	"sync"

	"lieux/base/civil"
)

var qAboutSince = Q(`SELECT kind, id FROM journal_about WHERE number > $1 LIMIT $2`)

// AboutSince lists what the acts after a number were about, at most limit objects, in no order and as often as acts
// named them: what is kept in memory follows the journal by it.
func AboutSince(r Reader, number int64, limit int) ([]Ref, error) {
	return List(r, qAboutSince, func(r Row) (ref Ref, err error) { return ref, r.Scan(&ref.Kind, &ref.ID) },
		number, int64(limit))
}

// Kept is what is kept in memory from one request to the next, as it stood at the last moment that somebody asked. It
// follows the journal. A reader whose view began a moment earlier sees what is kept: such pages look at now, never at
// the past.
type Kept[T any] struct {
	mu    sync.Mutex
	read  bool
	head  int64
	day   civil.Date
	value T
}

// maxNews is from how many objects that acts were about all is read anew.
const maxNews = 500

// At brings what is kept to the moment of a reader and gives it. When acts came, or another day, next makes the new
// value from the old one and the news, beside which nobody else does; nobody changes a value that was given. When next
// fails all is news to the next reader.
func (k *Kept[T]) At(r Reader, next func(was T, n News) (T, error)) (value T, err error) {
	head, err := Head(r)
	if err != nil {
		return value, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.read && k.day == r.Today() && head.Number <= k.head {
		return k.value, nil
	}
	news := News{All: !k.read, Since: k.day, about: map[Ref]bool{}}
	if k.read {
		refs, err := AboutSince(r, k.head, maxNews)
		if err != nil {
			return value, err
		}
		news.All = len(refs) == maxNews
		for _, ref := range refs {
			news.about[ref] = true
		}
	}
	k.read = false
	if value, err = next(k.value, news); err != nil {
		return value, err
	}
	k.read, k.head, k.day, k.value = true, head.Number, r.Today(), value
	return value, nil
}

// News is what the acts were about since something was read.
type News struct {
	All   bool       // nothing was read before, or too much was touched to be looked at one by one
	Since civil.Date // the day of that reading; zero when there was none
	about map[Ref]bool
}

// About says whether an act was about this.
func (n News) About(ref Ref) bool { return n.All || n.about[ref] }

// OfKind says whether an act was about something of this kind.
func (n News) OfKind(kind string) bool {
	for ref := range n.about {
		if ref.Kind == kind {
			return true
		}
	}
	return n.All
}
