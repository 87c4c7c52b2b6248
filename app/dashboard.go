package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"lieux/allocation"
	"lieux/assembly"
	"lieux/ballot"
	ballotview "lieux/ballot/view"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/concession"
	concessionpages "lieux/concession/pages"
	"lieux/meeting"
	"lieux/people"
	"lieux/people/view"
	"lieux/places"
	"lieux/register"
	workspages "lieux/works/pages"
)

// dashboardDues and dashboardLines bound what the dashboard shows; "see all" leads to the rest.
const (
	dashboardDues   = 6
	dashboardLines  = 6
	dashboardBuilt  = 3 // of what waits in the works, the most urgent; their own page has all
	dashboardPlaced = 2 // of trials that end and stays that are asked for, the earliest
	// of concessions that ask for something; all stand on their own page
	dashboardEntrusted = 4
)

// board is what the dashboard shows.
type board struct {
	today   string
	heading string
	ring    web.Ring
	dues    []web.Due
	figures []web.Figure
	events  []web.Event
	fresh   bool // nothing is in the books yet: the first steps stand where what waits will stand
	shares  bool
	latest  string // name of the latest assembly
	title   string
}

// home is the dashboard of who is signed in, the set-up for nobody's house, and the sign-in page for anybody else.
func (a *App) home(q *web.Request) error {
	t, err := a.count(q.Context())
	if err != nil {
		return err
	}
	if !t.founded {
		return q.Page(notFounded())
	}
	if home := q.Who.Card.Home; home != "" {
		return q.SeeOther(home)
	}
	if !q.Who.SignedIn() {
		return q.SeeOther(web.PathSignIn)
	}
	if q.Who.Guest {
		return q.SeeOther(pathManaged)
	}
	if !q.Who.May(web.Staff) {
		return q.SeeOther(pathMine)
	}
	b := board{fresh: t.holders == 0, shares: t.hasShares}
	faults := a.faultDues(q)
	err = a.db.View(q.Context(), func(v *store.View) error { return b.read(v, q, t, faults) })
	if err != nil {
		return err
	}
	return q.Page(dashboard(b))
}

func (b *board) read(v *store.View, q *web.Request, t tally, faults []web.Due) error {
	p, today := q.P, v.Today()
	b.today = upperFirst(p.LongDate(today))
	meetings, err := assembly.All(v)
	if err != nil {
		return err
	}
	demands, rest, err := dues(v, p, t)
	if err != nil {
		return err
	}
	awaited, err := awaitedDues(v, q)
	if err != nil {
		return err
	}
	lapsed, entrusted, err := entrustedDues(v, p)
	if err != nil {
		return err
	}
	rest = slices.Concat(awaited, entrusted, rest)
	slices.SortStableFunc(rest, inOrderOfDoing(today))
	b.dues = slices.Concat(faults, lapsed, demands, rest)
	late := int64(0)
	for _, d := range b.dues {
		if d.Late {
			late++
		}
	}
	given, _, _ := strings.Cut(q.Who.Name, " ")
	if len(b.dues) == 0 {
		b.heading = p.T("app.dashboard.heading-calm", "name", given)
	} else {
		b.heading = p.T("app.dashboard.heading", "name", given, "things", lang.Say("app.dashboard.things", "n", len(b.dues)))
	}
	if late > 0 {
		b.heading = p.T("app.dashboard.heading-late", "name", given, "things", lang.Say("app.dashboard.things", "n", len(
			b.dues)),
			"late", lang.Say("app.dashboard.late", "n", late))
	}
	b.ring = web.Ring{Today: today, Stations: stations(p, q.Who, t), Lines: ringLines(p, meetings)}
	b.fresh = b.fresh && len(meetings) == 0
	b.figures = figures(p, t, len(meetings))
	if len(meetings) > 0 {
		b.latest, b.title = meetings[0].Name, meetings[0].Title
	}
	entries, err := store.Entries(v, store.Filter{Limit: dashboardLines})
	if err != nil {
		return err
	}
	b.events, err = events(v, p, entries)
	return err
}

// inOrderOfDoing puts first what is late, then what has its day, then what has none.
func inOrderOfDoing(today civil.Date) func(a, b web.Due) int {
	rank := func(d web.Due) int {
		switch {
		case d.Late:
			return 0
		case d.At >= today.String():
			return 1
		}
		return 2 // "owed since" is no day by which it is due
	}
	return func(a, b web.Due) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a.At, b.At)) }
}

// occupyingDues are what waits of the list of applications, and of the rounds in which workshops are given out.
func occupyingDues(v *store.View, p *lang.Printer) (list []web.Due, err error) {
	tasks, err := allocation.Tasks(v)
	for _, t := range tasks {
		list = append(list, web.Due{When: p.T("app.due.no-date"), Title: p.Words(t.Say), Href: t.Path,
			Text: p.Words(t.Why)})
	}
	return list, err
}

// entrustedDues are what the concessions ask for, one line each; those that are over without a decision stand apart:
// they come before all else.
func entrustedDues(v *store.View, p *lang.Printer) (lapsed, list []web.Due, err error) {
	tasks, err := concession.Urgent(v)
	for _, t := range tasks {
		place, err := places.PlaceByID(v, t.Concession.Place, places.Now(v))
		if err != nil {
			return nil, nil, err
		}
		if d := concessionpages.Due(p, v, t, place.Title); t.Milestone == concession.LastDay {
			lapsed = append(lapsed, d)
		} else {
			list = append(list, d)
		}
	}
	return lapsed, list[:min(len(list), dashboardEntrusted)], err
}

// awaitedDues are the decisions proposed in writing that wait for the agreement of whoever is at the keyboard.
func awaitedDues(v *store.View, q *web.Request) (list []web.Due, err error) {
	awaited, err := ballot.Awaiting(v, people.PersonID(q.Who.Person))
	for _, w := range awaited {
		list = append(list, due(q.P, v.Today(), w.LapseOn, q.T("app.due.written", "title", w.Title),
			ballotview.DecisionPath(w.ID), q.T("app.due.written-why")))
	}
	return list, err
}

// faultDues comes before everything else: the journal and the database do not agree.
func (a *App) faultDues(q *web.Request) []web.Due {
	kind, words := a.lastCheck(q.P)
	if kind != web.No {
		return nil
	}
	return []web.Due{{When: q.T("app.due.now"), Late: true, Title: words, Href: "/journal",
		Text: q.T("app.due.faults-why")}}
}

func ringLines(p *lang.Printer, meetings []assembly.Assembly) []string {
	if len(meetings) == 0 {
		return nil
	}
	return []string{p.T("app.dashboard.last-assembly"), p.Date(meetings[0].HeldOn)}
}

func figures(p *lang.Printer, t tally, meetings int) []web.Figure {
	var f []web.Figure
	if t.hasShares {
		f = append(f, web.Figure{Value: p.Count(t.holders), Label: p.T("app.dashboard.cooperators", "n", t.legal)},
			web.Amount(p, money.Cents(t.paid), p.T("app.dashboard.capital", "n", t.shares)))
	}
	return append(f, web.Figure{Value: strconv.Itoa(meetings), Label: p.T("app.dashboard.assemblies", "n", meetings)},
		web.Figure{Value: p.Count(t.retained), Label: p.T("app.dashboard.retained", "n", t.retained)},
		web.Figure{Value: p.Count(t.twins), Label: p.T("app.dashboard.twins", "n", t.twins)})
}

// dues is what waits. Apart, before all else and however much waits, stand the three weeks in which the board convenes
// the assembly that a tenth of the shares demands (CSA 6:70).
func dues(v *store.View, p *lang.Printer, t tally) (demands, list []web.Due, err error) {
	deadlines, err := meeting.Deadlines(v)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range deadlines {
		href := "/meetings/" + d.Name
		if d.Name == "" {
			href = "/demands/" + string(d.Demand)
		}
		one := due(p, v.Today(), d.On, p.Words(d.Say), href, p.Cite(d.Article))
		if d.Demand != "" {
			demands = append(demands, one)
		} else {
			list = append(list, one)
		}
	}
	placed, err := placedAndBuilt(v, p)
	if err != nil {
		return nil, nil, err
	}
	list = append(list, placed...)
	ending, err := people.Ending(v, v.Today(), mandatesSoon)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range ending {
		list = append(list, due(p, v.Today(), m.Ends(), p.T("app.due.mandate"), "/mandates", ""))
	}
	amendments, err := bylaws.Amendments(v)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range amendments {
		if m.State == bylaws.Pending {
			list = append(list, undated(p, m.AdoptedOn, p.T("app.due.deed", "title", m.Title),
				"/bylaws/amendments/"+strconv.FormatInt(m.Number, 10),
				p.T("app.due.deed-why")))
		}
	}
	points, err := assembly.RetainedPoints(v)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range points {
		if !r.Open() {
			continue
		}
		href := "/retained/" + string(r.ID)
		if r.DueOn.IsZero() {
			list = append(list, undated(p, r.HeldOn, r.Title, href, p.T("app.due.retained", "day", r.HeldOn, "number",
				r.ItemNumber)))
		} else {
			list = append(list, due(p, v.Today(), r.DueOn, r.Title, href, p.T("app.due.retained", "day", r.HeldOn,
				"number", r.ItemNumber)))
		}
	}
	occupying, err := occupyingDues(v, p)
	if err != nil {
		return nil, nil, err
	}
	list = append(list, occupying...)
	if t.twins > 0 {
		list = append(list, web.Due{When: p.T("app.due.no-date"), Title: p.T("app.due.twins", "n", t.twins),
			Href: "/duplicates", Text: p.T("app.due.twins-why")})
	}
	return demands, list[:min(len(list), dashboardDues)], nil
}

// placedAndBuilt are the most urgent of what waits in the places and in the works.
func placedAndBuilt(v *store.View, p *lang.Printer) ([]web.Due, error) {
	placed, err := placeDues(v, p)
	if err != nil {
		return nil, err
	}
	built, err := workspages.Dues(v, p)
	return slices.Concat(placed[:min(len(placed), dashboardPlaced)], built[:min(len(built), dashboardBuilt)]), err
}

func due(p *lang.Printer, today, day civil.Date, title, href, text string) web.Due {
	left := today.DaysUntil(day)
	code := "app.due.in-days"
	if left < 0 {
		code, left = "app.due.ago-days", -left
	}
	return web.Due{When: p.ShortDate(day), At: day.Last().String(), Left: p.T(code, "n", left), Late: day.Before(today),
		Title: title, Href: href, Text: text}
}

// undated is owed since a day, without a day by which it is due.
func undated(p *lang.Printer, since civil.Date, title, href, text string) web.Due {
	return web.Due{When: p.ShortDate(since), At: since.String(), Left: p.T("app.due.no-term"), Title: title, Href: href,
		Text: text}
}

// openPoints counts the retained points that wait for an answer, and those that are late.
func openPoints(r store.Reader) (open, late int64, err error) {
	points, err := assembly.RetainedPoints(r)
	for _, p := range points {
		if p.Open() {
			open++
		}
		if p.Late(r.Today()) {
			late++
		}
	}
	return open, late, err
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// me leads to one's own space, where letters of old and habits find it.
func (a *App) me(q *web.Request) error { return q.SeeOther(pathMine) }

// found is one thing that the search of the whole site finds.
type hit struct {
	href, name, why string
}

// search looks for people, cooperator numbers, articles of the bylaws, meetings and their points.
func (a *App) search(q *web.Request) error {
	text := q.Query("q")
	var hits []hit
	more := false
	err := a.db.View(q.Context(), func(v *store.View) error {
		if text == "" {
			return nil
		}
		found, cut, err := people.Search(v, people.Query{Text: text, Contacts: q.Who.May(web.Office | web.Admin)})
		if err != nil {
			return err
		}
		more = cut
		ids := make([]people.PersonID, len(found))
		for i, h := range found {
			ids[i] = h.Person
		}
		names, err := people.Names(v, ids)
		if err != nil {
			return err
		}
		for _, h := range found {
			one := hit{href: "/people/" + string(h.Person), name: names[h.Person].Words(q.P)}
			if h.Why.Code != "" {
				one.why = q.P.Words(h.Why)
			}
			c, is, err := register.CooperatorOf(v, h.Person)
			if err != nil {
				return err
			}
			if is {
				one.href = "/register/cooperators/" + c.Number.String()
			}
			told, err := view.Tell(v, q.P, names[h.Person], q.Who.May(web.Office|web.Admin))
			if err != nil {
				return err
			}
			one.why = strings.Trim(one.why+", "+told, ", ")
			hits = append(hits, one)
		}
		others, err := searchTexts(v, q.P, q.Who, text)
		hits = append(hits, others...)
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(searchView(text, hits, more))
}

// firstSteps are what a new house does first, each with its page.
func (b board) firstSteps(ctx context.Context) []web.Due {
	step := func(n int, code, href string) web.Due {
		return web.Due{When: strconv.Itoa(n), Title: lang.T(ctx, "app.first."+code), Href: href,
			Text: lang.T(ctx, "app.first."+code+".why")}
	}
	steps := []web.Due{}
	if b.shares {
		steps = append(steps, step(1, "register", "/register/imports"))
	}
	return append(steps, step(len(steps)+1, "people", "/people/new"), step(len(steps)+2, "bodies", "/bodies"),
		step(len(steps)+3, "assembly", "/assemblies/new-from-file"), step(len(steps)+4, "bylaws", "/bylaws"))
}
