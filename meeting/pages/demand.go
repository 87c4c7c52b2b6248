package pages

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
	peopleview "lieux/people/view"
)

func demandPath(id meeting.DemandID) string { return sectionDemands + "/" + string(id) }

// demandsPage is what GET /demands shows.
type demandsPage struct {
	Rows  []demandLine
	Pager web.Pager
}

// demandLine is a demand in ready words.
type demandLine struct {
	Href, Received, Title, Shares, Due string
	Badge                              web.Kind
	State                              string
}

func (p Pages) demands(q *web.Request) error {
	var all []meeting.Demand
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		all, err = meeting.Demands(v)
		return err
	})
	if err != nil {
		return err
	}
	page := demandsPage{Pager: q.Pager(int64(len(all)), rowsPerPage)}
	from := page.Pager.Offset()
	for _, d := range all[from:min(from+rowsPerPage, int64(len(all)))] {
		page.Rows = append(page.Rows, demandLineOf(q.P, p.DB.Today(), d))
	}
	return q.Page(demandsView(page))
}

func demandLineOf(p *lang.Printer, today civil.Date, d meeting.Demand) demandLine {
	line := demandLine{Href: demandPath(d.ID), Received: p.Date(d.ReceivedOn),
		Title:  p.T("meeting.page.demand.title", "title", d.Points[0].Title, "n", len(d.Points)),
		Shares: p.T("meeting.page.demand.of-needed", "shares", d.Shares(), "needed", d.Needed()), Due: p.Date(d.Due())}
	switch {
	case d.WithdrawnAt != 0:
		line.Badge, line.State = web.Off, p.T("meeting.demand.withdrawn")
	case d.Meeting != "":
		line.Badge, line.State = web.Yes, p.T("meeting.demand.answered")
	case !d.Reached():
		line.Badge, line.State = web.Off, p.T("meeting.demand.gathering")
	case today.After(d.Due()):
		line.Badge, line.State = web.No, p.T("meeting.demand.late")
	default:
		line.Badge, line.State = web.Wait, p.T("meeting.demand.reached")
	}
	return line
}

// newDemandPage is the form of a demand.
type newDemandPage struct {
	Form   *web.Form
	Choice peopleview.Choice
}

func (p Pages) newDemand(q *web.Request) error {
	page := newDemandPage{Form: q.Blank(), Choice: peopleview.Choice{Name: "person"}}
	page.Form.Set("received", p.DB.Today().String())
	return q.Page(newDemandView(page))
}

// pointsOf reads the points of a demand: one a line, without the dash or number that people put before it.
func pointsOf(text string) (points []meeting.Point) {
	for line := range strings.SplitSeq(text, "\n") {
		if title := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "-–—•*0123456789.) \t")); title != "" {
			points = append(points, meeting.Point{Title: title})
		}
	}
	return points
}

// recordDemand writes a demand down with its first supporter, and its letter when there is a scan.
func (p Pages) recordDemand(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := newDemandPage{Form: form}
	d := meeting.Demand{ReceivedOn: form.NeedDate("received"), Words: form.Lines("words", web.MaxText),
		Points: pointsOf(form.Lines("points", web.MaxText))}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Choice, err = peopleview.Pick(v, q.P, form, "person", q.Who.May(keepers))
		return err
	})
	if err != nil {
		return err
	}
	var letter *documents.Upload
	if form.File("file", documents.MaxSize) != nil {
		if letter, err = take(form); err != nil {
			return err
		}
	}
	if !form.OK() {
		return q.Again(newDemandView(page))
	}
	by := store.By(q.Who.Person, "meeting.demand").Once(form.Key())
	done, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		if letter != nil {
			document, err := documents.Add(tx, letter)
			if err != nil {
				return err
			}
			d.Document = document.ID
		}
		_, err := meeting.RecordDemand(tx, d, []people.PersonID{page.Choice.Person})
		return err
	})
	if err == nil {
		return q.SeeOther(demandPath(meeting.DemandID(done.Answer)))
	}
	if !form.Refused(renamed(err)) {
		return err
	}
	return q.Again(newDemandView(page))
}

// renamed puts the refusals about who asks beside the field that names them.
func renamed(err error) error {
	rs := fault.Of(err)
	if rs == nil {
		return err
	}
	rs = slices.Clone(rs)
	for i := range rs {
		if rs[i].Field == "by" {
			rs[i].Field = "person"
		}
	}
	return rs
}

// demandPage is one demand.
type demandPage struct {
	Form    *web.Form
	Choice  peopleview.Choice
	Demand  meeting.Demand
	Line    demandLine
	Names   map[people.PersonID]people.Person
	Meeting meeting.Meeting // made from it; zero while there is none
	Letter  string          // name of the scan; empty when there is none
	Today   civil.Date
	History templ.Component
}

func (p Pages) readDemand(q *web.Request, form *web.Form) (page demandPage, err error) {
	page = demandPage{Form: form, Choice: peopleview.Choice{Name: "person"}}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		d, found, err := meeting.DemandByID(v, meeting.DemandID(q.Path("id")))
		if err != nil {
			return err
		}
		if !found {
			return web.NotFound
		}
		page.Demand, page.Today, page.Line = d, v.Today(), demandLineOf(q.P, v.Today(), d)
		ids := make([]people.PersonID, len(d.Supporters))
		for i, s := range d.Supporters {
			ids[i] = s.Person
		}
		if page.Names, err = people.Names(v, ids); err != nil {
			return err
		}
		if page.Meeting, _, err = meeting.ByID(v, d.Meeting); err != nil {
			return err
		}
		if d.Document != "" {
			letter, _, err := documents.Find(v, d.Document)
			if err != nil {
				return err
			}
			page.Letter = letter.Name
		}
		page.History, err = p.history(q.Context(), v, d.ID.Ref())
		return err
	})
	return page, err
}

func (p Pages) demand(q *web.Request) error {
	page, err := p.readDemand(q, q.Blank())
	if err != nil {
		return err
	}
	page.Form.Set("on", page.Today.String())
	return q.Page(demandView(page))
}

// facts are what a demand says.
func (page demandPage) facts(p *lang.Printer) []web.Fact {
	d := page.Demand
	facts := []web.Fact{{Name: p.T("meeting.field.received"), Text: p.Date(d.ReceivedOn)},
		{Name: p.T("meeting.field.words-demand"), Text: d.Words}}
	if d.Words == "" {
		facts = facts[:1]
	}
	if page.Letter != "" {
		facts = append(facts, web.Fact{Name: p.T("meeting.field.letter"),
			Body: link(demandPath(d.ID)+"/letter", page.Letter)})
	}
	if d.Reached() {
		facts = append(facts, web.Fact{Name: p.T("meeting.field.reached"), Text: p.Date(d.ReachedOn)},
			web.Fact{Name: p.T("meeting.field.due"), Text: p.Date(d.Due())})
	}
	if page.Meeting.ID != "" {
		facts = append(facts, web.Fact{Name: p.T("meeting.field.made"),
			Body: link(view.Path(page.Meeting.Name), page.Meeting.Title)})
	}
	if d.Why != "" {
		facts = append(facts, web.Fact{Name: p.T("meeting.field.withdrawn"), Text: d.Why})
	}
	return facts
}

func (page demandPage) figures(p *lang.Printer) []web.Figure {
	d := page.Demand
	figures := []web.Figure{{Value: p.Count(d.Shares()), Label: p.T("meeting.page.demand.shares", "n", d.Shares())},
		{Value: p.Count(d.Needed()), Label: p.T("meeting.page.demand.needed", "issued", d.Issued())},
		{Value: p.Count(int64(len(d.Supporters))), Label: p.T("meeting.page.demand.supporters", "n", len(d.Supporters))}}
	if d.Open() && d.Reached() {
		figures = append(figures, web.Figure{Value: p.Date(d.Due()), Label: p.T("meeting.page.demand.due",
			"left", daysLeft(p, page.Today, d.Due()))})
	}
	return figures
}

// join adds a cooperator to a demand.
func (p Pages) join(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readDemand(q, form)
	if err != nil {
		return err
	}
	on := form.NeedDate("on")
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Choice, err = peopleview.Pick(v, q.P, form, "person", q.Who.May(keepers))
		return err
	})
	if err != nil {
		return err
	}
	done, err := p.act(q, form, "join", func(tx *store.Tx) error {
		return renamed(meeting.Join(tx, page.Demand.ID, []people.PersonID{page.Choice.Person}, on))
	})
	if err != nil {
		return err
	}
	if done {
		q.Flash(web.Yes, q.T("meeting.page.demand.joined"))
		return q.SeeOther(demandPath(page.Demand.ID))
	}
	return q.Again(demandView(page))
}

func (p Pages) withdrawal(q *web.Request) error {
	page, err := p.readDemand(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(withdrawView(page))
}

func (p Pages) withdraw(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readDemand(q, form)
	if err != nil {
		return err
	}
	why := form.Need("why", meeting.MaxWhy/2)
	done, err := p.act(q, form, "withdraw-demand", func(tx *store.Tx) error {
		return meeting.WithdrawDemand(tx, page.Demand.ID, why)
	})
	if err != nil {
		return err
	}
	if done {
		return q.SeeOther(demandPath(page.Demand.ID))
	}
	return q.Again(withdrawView(page))
}

// letter shows the scan of the demand.
func (p Pages) letter(q *web.Request) error {
	return p.inline(q, func(v *store.View) (string, error) {
		d, found, err := meeting.DemandByID(v, meeting.DemandID(q.Path("id")))
		if err == nil && (!found || d.Document == "") {
			err = web.NotFound
		}
		return d.Document, err
	})
}
