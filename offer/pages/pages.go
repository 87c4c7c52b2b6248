// Package pages shows the public offer: each campaign to everybody, with its thermometer and the mandatory mentions;
// to the house the guard of the thresholds, the terms of campaigns, and the computation by which one closes.
package pages

import (
	"context"

	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/offer"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
)

// Pages are the screens of this room.
type Pages struct {
	DB *store.DB

	// Subscribe is the address at which shares of a campaign are asked for; nil: there is none yet.
	Subscribe func(offer.Campaign) string
	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The addresses of this room.
const (
	pathPublic    = "/campaigns"
	pathOffer     = "/offer"
	pathCampaigns = "/offer/campaigns"
)

// writers prepare campaigns and write the board's decisions down.
const writers = web.Office | web.Board | web.Admin

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	one := "/offer/campaigns/{name}"
	return []web.Route{
		{Pattern: "GET /campaigns", Allow: web.Public, Handle: p.public},
		{Pattern: "GET /campaigns/{name}", Allow: web.Public, Handle: p.publicOne},
		{Pattern: "GET /offer", Allow: web.Staff, Handle: p.guard},
		{Pattern: "GET /offer/figures/new", Allow: writers, Handle: p.newFigure},
		{Pattern: "POST /offer/figures", Allow: writers, Handle: p.addFigure, From: "/offer/figures/new"},
		{Pattern: "GET /offer/answers/new", Allow: writers, Handle: p.newAnswer},
		{Pattern: "POST /offer/answers", Allow: writers, Handle: p.decide, From: "/offer/answers/new"},
		{Pattern: "GET /offer/papers/new", Allow: writers, Handle: p.newPaper},
		{Pattern: "POST /offer/papers", Allow: writers, Handle: p.addPaper, From: "/offer/papers/new"},
		{Pattern: "GET /offer/campaigns", Allow: web.Staff, Handle: p.campaigns},
		{Pattern: "GET /offer/campaigns.csv", Allow: web.Staff, Handle: p.campaignsAs("csv")},
		{Pattern: "GET /offer/campaigns.xlsx", Allow: web.Staff, Handle: p.campaignsAs("xlsx")},
		{Pattern: "GET /offer/campaigns/new", Allow: writers, Handle: p.newCampaign},
		{Pattern: "POST /offer/campaigns", Allow: writers, Handle: p.sketch},
		{Pattern: "GET " + one, Allow: web.Staff, Handle: p.campaign},
		{Pattern: "GET " + one + "/terms", Allow: writers, Handle: p.terms},
		{Pattern: "POST " + one + "/terms", Allow: writers, Handle: p.redraw},
		{Pattern: "POST " + one + "/discarding", Allow: writers, Handle: p.discard, From: one},
		{Pattern: "GET " + one + "/fixing", Allow: writers, Handle: p.before("fixing")},
		{Pattern: "POST " + one + "/fixing", Allow: writers, Handle: p.fix},
		{Pattern: "GET " + one + "/extension", Allow: writers, Handle: p.before("extension")},
		{Pattern: "POST " + one + "/extension", Allow: writers, Handle: p.extend},
		{Pattern: "GET " + one + "/closing", Allow: writers, Handle: p.before("closing")},
		{Pattern: "POST " + one + "/closing", Allow: writers, Handle: p.close},
		{Pattern: "GET " + one + "/abandoning", Allow: writers, Handle: p.before("abandoning")},
		{Pattern: "POST " + one + "/abandoning", Allow: writers, Handle: p.abandon},
		{Pattern: "GET " + one + "/computation.csv", Allow: web.Staff, Handle: p.computationAs("csv")},
		{Pattern: "GET " + one + "/computation.xlsx", Allow: web.Staff, Handle: p.computationAs("xlsx")},
		{Pattern: "GET " + one + "/computation.json", Allow: web.Staff, Handle: p.computationJSON},
	}
}

func pathOf(c offer.Campaign) string { return pathCampaigns + "/" + c.Name }

// named reads the campaign of an address.
func named(q *web.Request, r store.Reader) (offer.Campaign, error) {
	c, found, err := offer.CampaignNamed(r, q.Path("name"))
	if err == nil && !found {
		err = web.NotFound
	}
	return c, err
}

// decision is the part of every form that names a decision of the board.
var decision = view.Deciding{Name: "decision", Need: true}

// scale is a campaign as its thermometer shows it.
type scale struct {
	offer.Campaign
	State   offer.State
	Nominal money.Cents
	Asked   int64       // shares; of a closed campaign those that were given
	Heads   int64       // who asked
	Paid    money.Cents // what has arrived
	Class   register.ShareClass
}

func scaleOf(r store.Reader, c offer.Campaign) (s scale, err error) {
	s = scale{Campaign: c, State: c.State(r.Today())}
	day := r.Today()
	if end, closed := c.Closing(); closed {
		day = end.On
	}
	if s.Class, err = register.ClassOn(r, c.Class, day); err != nil {
		return s, err
	}
	s.Nominal = s.Class.Nominal
	if end, closed := c.Closing(); closed {
		s.Nominal, s.Asked = end.Nominal, end.Given()
		for _, g := range end.Lines {
			if g.Given > 0 {
				s.Heads++
			}
		}
		return s, nil
	}
	if c.Fixed == 0 {
		return s, nil
	}
	asks, err := offer.Asked(r, c)
	seen := map[people.PersonID]bool{}
	for _, a := range asks {
		s.Asked += a.Shares
		s.Paid += a.Paid
		seen[a.Person] = true
	}
	s.Heads = int64(len(seen))
	return s, err
}

// shares is an amount in shares.
func (s scale) shares(cents money.Cents) int64 { return int64(cents / s.Nominal) }

// asked is what was asked, in euros.
func (s scale) asked() money.Cents { return money.Cents(s.Asked) * s.Nominal }

// rulers measure what was asked against the minimum and the target.
func (s scale) rulers(p *lang.Printer) []web.Ruler {
	of := max(s.shares(s.Ceiling), 1)
	alt := p.T("offer.page.alt", "n", s.Asked, "asked", s.asked(), "target", s.Target, "ceiling", s.Ceiling)
	r := web.Ruler{Title: p.T("offer.page.thermometer"), Have: s.Asked, Of: of, Need: s.shares(s.Target),
		Reached: s.asked() >= s.Target, Alt: alt, Note: p.T("offer.page.line.target", "target", s.Target)}
	if s.Minimum > 0 && s.asked() < s.Minimum {
		r.Need, r.Note = s.shares(s.Minimum), p.T("offer.page.line.minimum", "minimum", s.Minimum)
	}
	return []web.Ruler{r}
}

func badge(s offer.State) web.Kind {
	switch s {
	case offer.Open, offer.Closed:
		return web.Yes
	case offer.Abandoned:
		return web.No
	}
	return web.Wait
}
