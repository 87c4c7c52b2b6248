package pages

import (
	"slices"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/offer"
)

// publicPage is what GET /campaigns shows.
type publicPage struct {
	Open, Past []scale
	Mentions   []lang.Phrase
}

func (p Pages) public(q *web.Request) error {
	var page publicPage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		list, err := offer.Campaigns(v)
		if err != nil {
			return err
		}
		for _, c := range list {
			if !c.Public(v.Today()) {
				continue
			}
			s, err := scaleOf(v, c)
			if err != nil {
				return err
			}
			if s.State == offer.Open {
				page.Open = append(page.Open, s)
			} else {
				page.Past = append(page.Past, s)
			}
		}
		slices.Reverse(page.Open) // the one that opened first stands first
		page.Mentions, err = offer.Mentions(v, v.Today())
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(publicView(page))
}

// publicOnePage is what GET /campaigns/{name} shows.
type publicOnePage struct {
	scale
	Mentions  []lang.Phrase
	Subscribe string
	Embargo   bool // only the staff see it yet
}

// publicOne shows a campaign to everybody from its opening on; before it, to the staff alone.
func (p Pages) publicOne(q *web.Request) error {
	var page publicOnePage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		c, err := named(q, v)
		if err != nil {
			return err
		}
		if page.Embargo = !c.Public(v.Today()); page.Embargo && !q.Who.May(web.Staff) {
			return web.NotFound
		}
		if page.scale, err = scaleOf(v, c); err != nil {
			return err
		}
		page.Mentions, err = offer.MentionsOf(v, c, v.Today())
		return err
	})
	if err != nil {
		return err
	}
	if page.State == offer.Open && p.Subscribe != nil {
		page.Subscribe = p.Subscribe(page.Campaign)
	}
	return q.Page(publicOneView(page))
}

// terms are what was stated beforehand, and what came, as a list: the table that says the same as the thermometer.
func (s scale) terms(p *lang.Printer) []web.Fact {
	facts := []web.Fact{{Name: p.T("offer.page.asked." + s.stage()), Text: p.T("offer.page.asked.words", "n", s.Asked,
		"asked", s.asked(), "heads", s.Heads)}}
	if s.Paid > 0 {
		facts = append(facts, web.Fact{Name: p.T("offer.page.paid"), Text: p.Money(s.Paid)})
	}
	if s.Minimum > 0 {
		facts = append(facts, web.Fact{Name: p.T("offer.field.minimum"), Text: p.Money(s.Minimum)})
	}
	facts = append(facts, web.Fact{Name: p.T("offer.field.target"), Text: p.Money(s.Target)},
		web.Fact{Name: p.T("offer.field.ceiling"), Text: p.Money(s.Ceiling)},
		web.Fact{Name: p.T("offer.field.class"), Text: p.T("offer.page.class.words", "class", s.Class.Letter, "name",
			s.Class.Name, "nominal", s.Nominal)},
		web.Fact{Name: p.T("offer.field.least"), Text: p.T("offer.page.least.words", "n", s.Least)},
		web.Fact{Name: p.T("offer.field.opens"), Text: p.Date(s.Opens)},
		web.Fact{Name: p.T("offer.field.closes"), Text: s.lastWords(p)})
	if s.PerInvestor > 0 {
		facts = append(facts, web.Fact{Name: p.T("offer.field.per-investor"), Text: p.Money(s.PerInvestor)})
	}
	return facts
}

// stage is whether the campaign's figures are those of asks or of the closing.
func (s scale) stage() string {
	if _, closed := s.Closing(); closed {
		return "closed"
	}
	return "open"
}

func (s scale) lastWords(p *lang.Printer) string {
	if last := s.LastDay(); last != s.Closes {
		return p.T("offer.page.extended", "last", last, "before", s.Closes)
	}
	return p.Date(s.Closes)
}
