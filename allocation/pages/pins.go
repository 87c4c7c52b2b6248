package pages

import (
	"cmp"
	"slices"

	"lieux/allocation"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

type pinRow struct{ ID, Name, Where, Why string }

// pins reads who is pinned, and whom and where one may pin.
func (page *roundPage) pins(q *web.Request, r store.Reader) error {
	in, err := allocation.Gather(r, page.Round, page.Setup)
	if err != nil {
		return err
	}
	names, err := namesOf(r, q.P, in)
	if err != nil {
		return err
	}
	codes := map[places.PartID]string{"": q.T("allocation.page.kept-out")}
	for i, s := range in.Spaces {
		if s.Offered {
			id := places.PartID(in.Round.Spaces[i].ID)
			codes[id] = s.Code
			page.Spaces = append(page.Spaces, web.Option{Value: string(id), Label: s.Code})
		}
	}
	page.Spaces = append(page.Spaces, web.Option{Value: "out", Label: codes[""]})
	for _, p := range page.Setup.Pins {
		page.Pinned = append(page.Pinned, pinRow{string(p.Application), names[string(p.Application)].Name, codes[p.Space],
			p.Why})
	}
	for _, f := range in.People {
		if _, pinned := page.Setup.Pin(f.Application); f.Application != "" && !pinned {
			n := names[string(f.Application)]
			page.Free = append(page.Free, web.Option{Value: string(f.Application), Label: n.Name + " (" + n.Number + ")"})
		}
	}
	slices.SortFunc(page.Free, func(a, b web.Option) int { return cmp.Compare(a.Label, b.Label) })
	return nil
}

// pin adds a pin, or takes one away.
func (s *screens) pin(q *web.Request) error {
	form, round, err := formOf(q, s.DB, numbered)
	if err != nil {
		return err
	}
	who := allocation.ApplicationID(form.Need("application", 60))
	pin := allocation.Pin{Application: who}
	drop := form.Flag("drop")
	if !drop {
		if to := form.Need("space", 60); to != "out" {
			pin.Space = places.PartID(to)
		}
		pin.Why = form.Need("why", allocation.MaxWhy)
	}
	said := "pin"
	if drop {
		said = "unpin"
	}
	to := func(string) string { return roundPath(round.Number) + "#pins" }
	if done, err := s.does(q, form, deed{q.Who.Person, "prepare", said, to}, func(tx *store.Tx) error {
		return allocation.Prepare(tx, round.ID, func(setup *allocation.Setup) error {
			setup.Pins = slices.DeleteFunc(slices.Clone(setup.Pins),
				func(p allocation.Pin) bool { return p.Application == who })
			if !drop {
				setup.Pins = append(setup.Pins, pin)
			}
			return nil
		})
	}); done || err != nil {
		return err
	}
	page, err := s.roundPage(q, form)
	return again(q, page, err, roundView)
}
