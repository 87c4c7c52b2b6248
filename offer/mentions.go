package offer

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
)

// Mentions are what every public document about the shares must say on a day: the total amount, the maximum per
// investor, what the offer is for, and which document covers it or that none does. Each campaign that is open adds its
// own.
func Mentions(r store.Reader, day civil.Date) ([]lang.Phrase, error) {
	p, err := ParametersOf(r)
	if err != nil {
		return nil, err
	}
	list, err := Campaigns(r)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c Campaign) bool { return c.State(day) != Open })
	return mentions(p, list, day), nil
}

// MentionsOf are what the documents of one campaign must say on a day.
func MentionsOf(r store.Reader, c Campaign, day civil.Date) ([]lang.Phrase, error) {
	p, err := ParametersOf(r)
	if err != nil {
		return nil, err
	}
	return mentions(p, []Campaign{c}, day), nil
}

func mentions(p Parameters, open []Campaign, day civil.Date) (list []lang.Phrase) {
	for _, c := range open {
		list = append(list, lang.Say("offer.mention.purpose", "title", c.Title, "place", c.Place),
			lang.Say("offer.mention.total", "total", c.Ceiling))
	}
	cover, covered := p.Cover(day)
	if limit, known := p.On(Free, day); known && len(open) == 0 && !covered {
		list = append(list, lang.Say("offer.mention.total-year", "total", limit.Cents))
	}
	if most := most(p, open, day); most > 0 {
		list = append(list, lang.Say("offer.mention.investor", "most", most))
	}
	switch {
	case covered:
		list = append(list, lang.Say("offer.mention."+string(cover.Kind), "reference", cover.Reference,
			"until", cover.Until))
	default:
		list = append(list, lang.Say("offer.mention.none"))
	}
	return append(list, lang.Say("offer.mention.risk"))
}

// most is the maximum per investor: the least of what the campaigns and, without a document, the law allow. 0 when
// nothing limits it.
func most(p Parameters, open []Campaign, day civil.Date) (most money.Cents) {
	limit := func(cents money.Cents) {
		if cents > 0 && (most == 0 || cents < most) {
			most = cents
		}
	}
	if _, covered := p.Cover(day); !covered {
		if f, known := p.On(Investor, day); known {
			limit(f.Cents)
		}
	}
	for _, c := range open {
		limit(c.PerInvestor)
	}
	return most
}
