// Package pages shows the papers that holders of shares get: the public page that confirms one, each member's own
// papers, and the office's list, forms and batches.
package pages

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/certificate"
	"lieux/people"
	"lieux/register"
)

// Pages are the screens of this room.
type Pages struct {
	DB    *store.DB
	Book  *lang.Book
	Links string       // public address, as https://coop.example
	Wrong *web.Limiter // wrong codes that one network address tries; nil: nobody counts

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The addresses of this room.
const (
	pathConfirm = "/certificates"
	pathList    = "/register/certificates"
	pathBatches = "/register/certificate-batches"
	pathMine    = "/my/certificate"
)

// writers make papers: the office, and who keeps the program.
const writers = web.Office | web.Admin

const rowsPerPage = 50

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /certificates", Allow: web.Public, Handle: p.ask},
		{Pattern: "GET /certificates/{code}", Allow: web.Public, Handle: p.confirm},
		{Pattern: "GET /my/certificate", Allow: web.Member, Handle: p.mine},
		{Pattern: "POST /my/certificate", Allow: web.Member, Handle: p.makeMine},
		{Pattern: "GET /register/certificates", Allow: web.Staff, Handle: p.list},
		{Pattern: "GET /register/certificates.csv", Allow: web.Staff, Handle: p.listAs("csv")},
		{Pattern: "GET /register/certificates.xlsx", Allow: web.Staff, Handle: p.listAs("xlsx")},
		{Pattern: "GET /register/certificates/new", Allow: writers, Handle: p.blank},
		{Pattern: "POST /register/certificates", Allow: writers, Handle: p.make},
		{Pattern: "GET /register/certificates/{number}", Allow: web.Member, Handle: p.one},
		{Pattern: "GET /register/certificates/{number}/paper", Allow: web.Member, Handle: p.paper},
		{Pattern: "POST /register/certificates/{number}/reprint", Allow: writers, Handle: p.reprint,
			From: "/register/certificates/{number}"},
		{Pattern: "GET /register/certificate-batches", Allow: web.Staff, Handle: p.batches},
		{Pattern: "POST /register/certificate-batches", Allow: writers, Handle: p.startBatch},
		{Pattern: "GET /register/certificate-batches/{id}", Allow: web.Staff, Handle: p.batch},
		{Pattern: "GET /register/certificate-batches/{id}/print", Allow: writers | web.Board, Handle: p.printBatch},
	}
}

// myself is the person or body for whom the reader is here.
func myself(q *web.Request) people.PersonID {
	if q.Who.For.ID != "" {
		return people.PersonID(q.Who.For.ID)
	}
	return people.PersonID(q.Who.Person)
}

func pathOf(number int64) string { return pathList + "/" + strconv.FormatInt(number, 10) }

// numberIn is the certificate number of an address; 0, which none has, when it is no number.
func numberIn(q *web.Request) int64 {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// open reads the certificate of an address for who may see it: the staff, its holder, who represents its holder. To
// anybody else it is not there.
func (p Pages) open(q *web.Request, r store.Reader) (c certificate.Certificate, err error) {
	c, found, err := certificate.Numbered(r, numberIn(q))
	if err != nil {
		return c, err
	}
	if !found {
		return c, web.NotFound
	}
	if q.Who.May(web.Staff) {
		return c, nil
	}
	me := people.PersonID(q.Who.Person)
	parties, err := people.Parties(r, me, r.Today())
	if err != nil {
		return c, err
	}
	for _, id := range append([]people.PersonID{me, myself(q)}, parties...) {
		if owns, err := c.Owns(r, id); err != nil || owns {
			return c, err
		}
	}
	return c, web.NotFound
}

// paper sends the PDF of a certificate.
func (p Pages) paper(q *web.Request) error {
	var tree papers.Paper
	var names papers.Names
	var c certificate.Certificate
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if c, err = p.open(q, v); err != nil {
			return err
		}
		d, err := certificate.NewDrawing(v, p.Book, p.Links)
		if err == nil {
			tree, names, err = d.Paper(v, c)
		}
		return err
	})
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s %d.pdf", q.P.Words(c.Kind.Words()), c.Number)
	return q.Inline(name, "application/pdf", func(w io.Writer) error {
		return papers.PDF(w, tree, names, papers.Meta{Made: c.At.Time()})
	})
}

// onePage is what GET /register/certificates/{number} shows.
type onePage struct {
	web.Who
	Certificate certificate.Certificate
	Standing    certificate.Standing
	Holder      string
	Person      people.Person
	Made        string
	Newer       string // address of the paper that took its place
	Sent        string
	Form        *web.Form
	History     templ.Component
}

func (p Pages) one(q *web.Request) error {
	page := onePage{Form: q.Blank(), Who: q.Who}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.Certificate, err = p.open(q, v); err != nil {
			return err
		}
		c := page.Certificate
		if page.Standing, err = certificate.StandingOf(v, c); err != nil {
			return err
		}
		holder, err := register.CooperatorNumbered(v, c.Holder)
		if err != nil {
			return err
		}
		if page.Person, err = people.Standing(v, holder.Person); err != nil {
			return err
		}
		page.Holder, page.Made = page.Person.Words(q.P), q.P.Moment(c.At, v.Zone())
		if page.Standing.By != 0 {
			page.Newer = pathOf(page.Standing.By)
		}
		if page.Sent, err = p.sent(q, v, c); err != nil || p.History == nil || !q.Who.May(web.Staff) {
			return err
		}
		page.History, err = p.History(q.Context(), v, c.ID.Ref())
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(oneView(page))
}

// sent says how a paper of a batch went out; empty for one that nobody sent.
func (p Pages) sent(q *web.Request, r store.Reader, c certificate.Certificate) (string, error) {
	d, found, err := certificate.DeliveryOf(r, c.ID)
	if err != nil || !found {
		return "", err
	}
	switch {
	case d.SentAt != 0:
		return q.T("certificate.page.sent", "way", d.Way.Words(), "at", q.P.Moment(d.SentAt, r.Zone())), nil
	case d.FailedAt != 0:
		return q.T("certificate.page.failed", "why", d.Trouble), nil
	case d.Way == certificate.ByEmail:
		return q.T("certificate.page.waits"), nil
	}
	return lang.Capital(q.P.Words(d.Way.Words())), nil
}

// reprint notes that the paper is printed once more, and shows it.
func (p Pages) reprint(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "certificate.reprint").Once(form.Key()),
		func(tx *store.Tx) error {
			c, found, err := certificate.Numbered(tx, numberIn(q))
			if err == nil && !found {
				return web.NotFound
			}
			if err == nil {
				_, err = certificate.Reprint(tx, c.ID)
			}
			return err
		})
	if err != nil {
		return err
	}
	return q.SeeOther(pathOf(numberIn(q)) + "/paper")
}

// minePage is what GET /my/certificate shows.
type minePage struct {
	Form   *web.Form
	Party  string // of the body for which the reader is here
	Holds  int64
	Papers []line
	Years  []int // for which a statement may be asked, the latest first
}

// line is a paper in a list.
type line struct {
	Certificate certificate.Certificate
	Standing    certificate.Standing
	Href, Made  string
	Holder      string
}

// years are the last years of which a statement may be asked: a holder moved or held something in each.
const maxYears = 10

func (p Pages) readMine(q *web.Request, form *web.Form) (page minePage, err error) {
	page = minePage{Form: form, Party: q.Who.For.Name}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		list, err := certificate.OfPerson(v, myself(q))
		if err != nil {
			return err
		}
		if page.Papers, err = p.lines(q, v, list); err != nil {
			return err
		}
		holders, err := holdersOf(v, myself(q))
		if err != nil {
			return err
		}
		for _, h := range holders {
			held, err := register.HoldingsOf(v, h.Number, v.Today(), v.Today())
			if err != nil {
				return err
			}
			for _, lot := range held {
				page.Holds += lot.Shares
			}
			for y := v.Today().Year() - 1; y >= h.Since.Year() && len(page.Years) < maxYears; y-- {
				if !slices.Contains(page.Years, y) {
					page.Years = append(page.Years, y)
				}
			}
		}
		return nil
	})
	return page, err
}

// holdersOf are the numbers of a person, under all records.
func holdersOf(r store.Reader, id people.PersonID) ([]register.Cooperator, error) {
	return people.Across(r, id, func(r store.Reader, one people.PersonID) ([]register.Cooperator, error) {
		c, found, err := register.CooperatorOf(r, one)
		if err != nil || !found {
			return nil, err
		}
		return []register.Cooperator{c}, nil
	})
}

func (p Pages) lines(q *web.Request, r store.Reader, list []certificate.Certificate) (lines []line, err error) {
	for _, c := range list {
		s, err := certificate.StandingOf(r, c)
		if err != nil {
			return nil, err
		}
		holder, err := register.CooperatorNumbered(r, c.Holder)
		if err != nil {
			return nil, err
		}
		person, err := people.Standing(r, holder.Person)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line{c, s, pathOf(c.Number), q.P.ShortDate(c.At.On(r.Zone())), person.Words(q.P)})
	}
	return lines, nil
}

func (p Pages) mine(q *web.Request) error {
	page, err := p.readMine(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}

// makeMine makes the paper that a member asks for; one that stands already and says the same is shown instead.
func (p Pages) makeMine(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	order := certificate.Order{Cause: certificate.ForMember}
	if year := form.Int("year", 1900, 9999); year != 0 {
		order.Kind, order.Day = certificate.Year, certificate.LastOf(int(year))
	}
	if form.OK() {
		number, err := p.standing(q, order)
		if err == nil && number == 0 {
			var out store.Outcome
			out, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "certificate.issue").Once(form.Key()),
				func(tx *store.Tx) error { return p.issueMine(tx, q, order) })
			number, _ = strconv.ParseInt(out.Answer, 10, 64)
		}
		if err == nil {
			return q.SeeOther(pathOf(number))
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := p.readMine(q, form)
	if err != nil {
		return err
	}
	return q.Again(mineView(page))
}

// standing finds the number of the member's paper that says what is asked and still stands; 0 when there is none.
func (p Pages) standing(q *web.Request, o certificate.Order) (number int64, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if o.Kind == "" {
			o.Kind, o.Day = certificate.Shares, v.Today()
		}
		list, err := certificate.OfPerson(v, myself(q))
		if err != nil {
			return err
		}
		for _, c := range list {
			if c.Kind != o.Kind || c.Day != o.Day || c.Lot != 0 {
				continue
			}
			s, err := certificate.StandingOf(v, c)
			if err != nil || s.State == certificate.Valid {
				number = c.Number
				return err
			}
		}
		return nil
	})
	return number, err
}

// issueMine makes the paper of the member's number, of the latest where two records of the person have one each.
func (p Pages) issueMine(tx *store.Tx, q *web.Request, o certificate.Order) error {
	holders, err := holdersOf(tx, myself(q))
	if err != nil {
		return err
	}
	if len(holders) == 0 {
		return web.NotFound
	}
	_, err = certificate.Issue(tx, holders[len(holders)-1].Number, o)
	return err
}
