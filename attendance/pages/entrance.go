package pages

import (
	"net/http"
	"slices"

	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
)

// pathCard is where the code of a voting card is typed; the drawing on a card leads to the page below it.
const pathCard = "/card"

func (p Pages) entranceRoutes() []web.Route {
	const one = pathCard + "/{meeting}/{code}"
	return []web.Route{
		{Pattern: "GET " + pathCard, Allow: web.Public, Handle: p.cardPage},
		{Pattern: "POST " + pathCard, Allow: web.Public, Handle: p.typeCard},
		{Pattern: "GET " + one, Allow: web.Public, Handle: p.showCard},
		{Pattern: "POST " + one, Allow: web.Public, Handle: p.enterByCard},
	}
}

// cardsPage is the page on which a code is typed.
type cardsPage struct {
	form     *web.Form
	meetings []web.Option // assemblies that are convened and not over
}

// cardPart is a card that was shown, before the button is pressed.
type cardPart struct {
	form    *web.Form
	meeting meeting.Meeting
	when    string
	card    attendance.Card
	code    string
	name    string
	who     []web.Option // who may enter by it; of an organisation perhaps several
	legal   bool
	leaves  string // who is signed in now, and will not be any more
}

// path is the card's own address.
func (c cardPart) path() string { return pathCard + "/" + c.meeting.Name + "/" + c.code }

// takesCards says whether the cards of a meeting open anything: once it is convened, until it is over.
func takesCards(m meeting.Meeting) bool { return (m.ConvenedAt != 0 || m.OpenedAt != 0) && !m.Over() }

func (p Pages) cardPage(q *web.Request) error {
	if q.Who.Card.Home != "" {
		return q.SeeOther(q.Who.Card.Home)
	}
	page, err := p.readCards(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(cardsView(page))
}

// readCards lists the assemblies whose cards are good. Meetings of other bodies are not told to strangers: the drawing
// on their cards leads to them.
func (p Pages) readCards(q *web.Request, f *web.Form) (page cardsPage, err error) {
	page.form = f
	err = p.DB.View(q.Context(), func(v *store.View) error {
		coming, err := meeting.Coming(v)
		for _, m := range coming {
			if takesCards(m) && m.Kind == people.Assembly {
				page.meetings = append(page.meetings, web.Option{Value: m.Name, Label: m.Title})
			}
		}
		return err
	})
	if len(page.meetings) == 1 && f.Raw("meeting") == "" {
		f.Set("meeting", page.meetings[0].Value)
	}
	return page, err
}

// typeCard leads from a typed code to its card.
func (p Pages) typeCard(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	typed := f.Need("code", web.MaxLine)
	name := f.Need("meeting", meeting.MaxName)
	if f.OK() {
		c, found, err := p.cardIn(q, name, typed)
		if err != nil {
			return err
		}
		if found {
			return q.SeeOther(c.path())
		}
		f.Problem(fault.Refuse("attendance.refusal.card").At("code"))
	}
	page, err := p.readCards(q, f)
	if err != nil {
		return err
	}
	return q.Again(cardsView(page))
}

// cardIn finds the card with a code. A code that opens nothing is counted against the network address; once too many
// were wrong, right ones are not looked at either, or the answer would tell them apart.
func (p Pages) cardIn(q *web.Request, name, code string) (c cardPart, found bool, err error) {
	key := "card " + q.Address()
	if p.Wrong != nil {
		if err := p.Wrong.Full(key); err != nil {
			return c, false, err
		}
	}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		c, found, err = readCard(v, q, name, code)
		return err
	})
	if err == nil && !found && p.Wrong != nil {
		err = p.Wrong.Try(key)
	}
	return c, found, err
}

func readCard(r store.Reader, q *web.Request, name, code string) (c cardPart, found bool, err error) {
	m, found, err := meeting.ByName(r, name)
	if err != nil || !found || !takesCards(m) {
		return c, false, err
	}
	if c.card, found, err = attendance.ByCode(r, m.ID, code); err != nil || !found {
		return c, false, err
	}
	c.form, c.meeting, c.when = q.Blank(), m, q.P.LongDate(m.Day(r.Zone()))
	c.code, _ = attendance.ParseCode(code)
	bearers, err := attendance.BearersOf(r, c.card)
	if err != nil {
		return c, false, err
	}
	say, err := newSpeaker(r, q.P, append(slices.Clone(bearers), c.card.Person))
	if err != nil {
		return c, false, err
	}
	c.name, c.legal = say.person(c.card.Person), c.card.Kind == people.Legal
	for _, b := range bearers {
		c.who = append(c.who, web.Option{Value: string(b), Label: say.person(b)})
	}
	if q.Who.SignedIn() {
		c.leaves = q.Who.Name
	}
	return c, true, nil
}

func (p Pages) showCard(q *web.Request) error {
	c, found, err := p.cardIn(q, q.Path("meeting"), q.Path("code"))
	if err != nil {
		return err
	}
	if !found {
		return p.noCard(q)
	}
	return q.Page(cardView(c))
}

// noCard answers every code that opens nothing alike: mistyped, of another meeting, or of one that is over.
func (p Pages) noCard(q *web.Request) error {
	f := q.Blank()
	f.Problem(fault.Refuse("attendance.refusal.card").At("code"))
	page, err := p.readCards(q, f)
	if err != nil {
		return err
	}
	return q.Render(http.StatusNotFound, cardsView(page))
}

// enterByCard opens a session that is good for the meeting of the card alone.
func (p Pages) enterByCard(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	c, found, err := p.cardIn(q, q.Path("meeting"), q.Path("code"))
	if err != nil {
		return err
	}
	if !found {
		return p.noCard(q)
	}
	c.form = f
	who := ""
	switch {
	case len(c.who) == 1:
		who = c.who[0].Value
	case len(c.who) > 1:
		var ids []string
		for _, o := range c.who {
			ids = append(ids, o.Value)
		}
		who = f.Choice("who", ids...)
	}
	if who == "" {
		return q.Again(cardView(c))
	}
	if err := q.Enter(web.Signed{Person: who, How: web.ByCard, Card: string(c.meeting.ID)}); err != nil {
		return err
	}
	return q.SeeOther("/meetings/" + c.meeting.Name + "/vote")
}

// cardTitle says whose card it is: "Carte de Jeanne Delvigne, n° 174".
func cardTitle(p *lang.Printer, c cardPart) string {
	return p.T("attendance.page.card.of", "name", c.name, "number", number(c.card.Holder))
}
