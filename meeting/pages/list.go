package pages

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
)

// listPage is what GET /meetings shows.
type listPage struct {
	Form    *web.Form
	Any     bool // there are meetings, whatever the filter leaves
	Text    string
	Show    string
	Bodies  []web.Chip
	Coming  []meetingLine
	Past    []meetingLine
	Pager   web.Pager // of the past
	Demands []web.Due // that bind the board and wait for their meeting
	Staff   bool
}

// meetingLine is a meeting in ready words.
type meetingLine struct {
	Meeting           meeting.Meeting
	Href, Title, Body string
	When, At          string
	Place             string
}

func (p Pages) list(q *web.Request) error {
	page := listPage{Text: strings.TrimSpace(q.Query("q")), Show: q.Query("body"), Staff: q.Who.May(web.Staff)}
	page.Form = q.Blank().Set("q", page.Text)
	err := p.DB.View(q.Context(), func(v *store.View) error {
		bodies, err := people.Bodies(v)
		if err != nil {
			return err
		}
		all, err := readable(v, q.Who)
		if err != nil {
			return err
		}
		page.Any = len(all) > 0
		page.Bodies = bodyChips(q, bodies, all)
		all = slices.DeleteFunc(all, func(m meeting.Meeting) bool { return !page.keeps(m) })
		page.split(q, v, bodies, all)
		if page.Staff {
			page.Demands, err = waitingDemands(v, q.P)
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(listView(page))
}

// readable are the meetings that somebody may know of, the latest first.
func readable(r store.Reader, who web.Who) ([]meeting.Meeting, error) {
	all, err := meeting.All(r)
	if err != nil || who.May(web.Staff) {
		return all, err
	}
	var list []meeting.Meeting
	for _, m := range all {
		may, err := mayRead(r, who, m)
		if err != nil {
			return nil, err
		}
		if may {
			list = append(list, m)
		}
	}
	return list, nil
}

// bodyChips are the filters: every body that meets, in the order of bodies.
func bodyChips(q *web.Request, bodies []people.Body, all []meeting.Meeting) []web.Chip {
	count := map[people.BodyID]int64{}
	for _, m := range all {
		count[m.Body]++
	}
	if len(count) < 2 {
		return nil
	}
	chips := []web.Chip{{Text: q.T("meeting.page.all-bodies"), Count: q.P.Count(int64(len(all))),
		Href: q.URLWith("body", ""), Current: q.Query("body") == ""}}
	for _, b := range bodies {
		if count[b.ID] > 0 {
			chips = append(chips, web.Chip{Text: lang.Capital(b.Words(q.P)), Count: q.P.Count(count[b.ID]),
				Href: q.URLWith("body", string(b.ID)), Current: q.Query("body") == string(b.ID)})
		}
	}
	return chips
}

// keeps says whether a meeting is of the chosen body and holds every word that is looked for in its title, its name
// or its place.
func (page *listPage) keeps(m meeting.Meeting) bool {
	if page.Show != "" && string(m.Body) != page.Show {
		return false
	}
	text := fold.Text(m.Title + " " + m.Name + " " + m.Place)
	for _, word := range strings.Fields(fold.Text(page.Text)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// split puts those that come first, the nearest on top, and a page of those that were.
func (page *listPage) split(q *web.Request, v *store.View, bodies []people.Body, all []meeting.Meeting) {
	named := map[people.BodyID]string{}
	for _, b := range bodies {
		named[b.ID] = lang.Capital(b.Words(q.P))
	}
	var past []meeting.Meeting
	for _, m := range all {
		if m.Over() {
			past = append(past, m)
			continue
		}
		page.Coming = append(page.Coming, lineOf(q.P, v, m, named))
	}
	slices.SortStableFunc(page.Coming, func(a, b meetingLine) int { return nearest(a.Meeting, b.Meeting) })
	page.Pager = q.Pager(int64(len(past)), rowsPerPage)
	from := page.Pager.Offset()
	for _, m := range past[from:min(from+rowsPerPage, int64(len(past)))] {
		page.Past = append(page.Past, lineOf(q.P, v, m, named))
	}
}

// nearest orders by the beginning; a meeting without a date comes last.
func nearest(a, b meeting.Meeting) int {
	switch {
	case a.StartsAt == b.StartsAt:
		return strings.Compare(string(a.ID), string(b.ID))
	case a.StartsAt == 0 || b.StartsAt != 0 && a.StartsAt > b.StartsAt:
		return 1
	}
	return -1
}

func lineOf(p *lang.Printer, r store.Reader, m meeting.Meeting, named map[people.BodyID]string) meetingLine {
	line := meetingLine{Meeting: m, Href: view.Path(m.Name), Title: m.Title, Body: view.Eyebrow(p, m, named[m.Body]),
		When: p.T("meeting.view.no-date"), Place: m.Place}
	if day := m.Day(r.Zone()); !day.IsZero() {
		line.When, line.At = p.T("meeting.view.when", "day", p.Date(day), "hour", view.Hour(m, r.Zone())), day.String()
	}
	return line
}

// waitingDemands are the demands that reached a tenth and have no meeting yet, and those that are gathering.
func waitingDemands(r store.Reader, p *lang.Printer) (dues []web.Due, err error) {
	demands, err := meeting.Demands(r)
	for _, d := range demands {
		if d.Open() {
			dues = append(dues, demandDue(p, r.Today(), d))
		}
	}
	return dues, err
}

// demandDue is a demand as something that waits.
func demandDue(p *lang.Printer, today civil.Date, d meeting.Demand) web.Due {
	due := web.Due{Href: demandPath(d.ID), Title: p.T("meeting.page.demand.of", "day", d.ReceivedOn)}
	if !d.Reached() {
		due.When, due.At = p.ShortDate(d.ReceivedOn), d.ReceivedOn.String()
		due.Left = p.T("meeting.page.demand.gathering")
		due.Text = p.T("meeting.page.demand.share", "n", d.Shares(), "needed", d.Needed(), "issued", d.Issued())
		return due
	}
	due.When, due.At, due.Late = p.ShortDate(d.Due()), d.Due().String(), today.After(d.Due())
	due.Left, due.Text = daysLeft(p, today, d.Due()), p.T("meeting.page.demand.convene", "due", d.Due())
	return due
}

// daysLeft is how far a day is: "demain", "dans 12 jours", "depuis 3 jours".
func daysLeft(p *lang.Printer, today, day civil.Date) string {
	left := today.DaysUntil(day)
	switch {
	case left < 0:
		return p.T("meeting.page.days-ago", "n", -left)
	case left == 0:
		return p.T("meeting.page.today")
	case left == 1:
		return p.T("meeting.page.tomorrow")
	}
	return p.T("meeting.page.days-left", "n", left)
}
