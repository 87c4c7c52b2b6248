package places

import (
	"testing"

	"lieux/base/store"
)

// A glance says the same as a long look, on each day until the one on which it says that something may change.
func TestAGlanceIsALongLook(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1, b1 := h.workshop("A1", 40, Single), h.workshop("B1", 60, Collective)
		ada, bea := h.person("Moreau"), h.person("Noir")
		h.enters(a1, ada, terms("2016-01-01", "2016-06-30"))
		undone := h.enters(a1, ada, terms("2016-08-01", "2016-09-30"))
		h.act("places.undo", func(tx *store.Tx) error { return Undo(tx, undone, "confusion") })
		h.enters(a1, bea, terms("2017-03-01", "2018-02-28"))
		share := terms("2016-02-01", "2017-07-31")
		share.Area = M2(20)
		h.enters(b1, ada, share)
		h.act("places.amend-part", func(tx *store.Tx) error {
			p, err := PartByID(tx, b1, Now(tx))
			if err != nil {
				return err
			}
			f := p.Fact
			f.From, f.Area = day("2017-10"), M2(70)
			return AmendPart(tx, f)
		})
		turned := 0
		var kept Glance
		for h.today = day("2017-01-02"); h.today.Before(day("2018-04-01")); h.today = h.today.AddDays(1) {
			h.view(func(v *store.View) error {
				g, err := Look(v, h.dony)
				if err != nil {
					return err
				}
				seen, err := See(v, g.Place, Now(v))
				if err != nil {
					return err
				}
				if len(g.Spaces) != len(seen.Spaces) || g.Sum != seen.Sum || g.Gaps != (len(seen.Gaps) > 0) {
					t.Fatalf("%s: %+v, want %+v", h.today, g.Sum, seen.Sum)
				}
				for i, s := range seen.Spaces {
					if o := g.Spaces[i]; o.ID != s.ID || o.State != s.State || o.Ends != s.Ends || o.Since != s.Since || o.Next != s.Next ||
						o.Taken != s.Taken || len(o.In) != len(s.In) || o.Area != s.Area {
						t.Fatalf("%s: %+v, want %+v", h.today, o, s)
					}
				}
				if kept.Place.ID != "" && kept.Holds(h.today) {
					if kept.Sum != g.Sum || kept.Until != g.Until {
						t.Fatalf("%s: what was kept until %s stands otherwise", h.today, kept.Until)
					}
					return nil
				}
				kept = g
				turned++
				return nil
			})
		}
		if turned < 5 || turned > 20 {
			t.Errorf("the place was looked at anew on %d days", turned)
		}
	})
}
