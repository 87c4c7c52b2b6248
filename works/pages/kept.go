package pages

import (
	"lieux/base/store"
	"lieux/places"
	"lieux/works"
)

// overview is how all works stand.
type overview struct {
	stands  []works.Stand
	glances map[places.PlaceID]*works.Glance
}

// overviewOn is how all works stand for a reader. Every act of the works is about a place: while none was about one, on
// the same day, nothing has changed.
func (s *screens) overviewOn(r store.Reader) (overview, error) {
	return s.kept.At(r, func(was overview, news store.News) (o overview, err error) {
		if !news.OfKind(places.PlaceID("").Ref().Kind) && news.Since == r.Today() {
			return was, nil
		}
		if o.stands, err = works.Stands(r); err != nil {
			return o, err
		}
		o.glances, err = works.Glances(r, o.stands)
		return o, err
	})
}
