package pages

import (
	"slices"
	"sync"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/places"
	"lieux/works"
)

// maxTouched is from how many objects that acts were about all is read anew.
const maxTouched = 500

// kept is how the works stood at the last moment that somebody asked for all of them. It follows the journal: every act
// of the works is about a place, and while none was about one, nothing has changed. A reader whose view began a moment
// earlier sees what is kept: the overview looks at now, never at the past.
type kept struct {
	mu      sync.Mutex
	read    bool
	head    int64
	day     civil.Date
	stands  []works.Stand
	glances map[places.PlaceID]*works.Glance
}

// follow brings what is kept to the moment of a reader. Nobody changes what it gives.
func (k *kept) follow(r store.Reader) ([]works.Stand, map[places.PlaceID]*works.Glance, error) {
	head, err := store.Head(r)
	if err != nil {
		return nil, nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	same, err := k.same(r, head.Number)
	if err != nil {
		return nil, nil, err
	}
	if same {
		k.head = max(k.head, head.Number)
	} else {
		k.read = false
		if k.stands, err = works.Stands(r); err != nil {
			return nil, nil, err
		}
		if k.glances, err = works.Glances(r, k.stands); err != nil {
			return nil, nil, err
		}
		k.read, k.head, k.day = true, head.Number, r.Today()
	}
	return k.stands, k.glances, nil
}

// same says whether what is kept is what a reader would find.
func (k *kept) same(r store.Reader, head int64) (bool, error) {
	if !k.read || k.day != r.Today() {
		return false, nil
	}
	if head <= k.head {
		return true, nil
	}
	touched, err := store.AboutSince(r, k.head, maxTouched)
	if err != nil || len(touched) == maxTouched {
		return false, err
	}
	place := places.PlaceID("").Ref().Kind
	return !slices.ContainsFunc(touched, func(ref store.Ref) bool { return ref.Kind == place }), nil
}
