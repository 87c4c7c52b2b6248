package pages

import (
	"slices"

	"github.com/a-h/templ"

	"lieux/allocation"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people/view"
	"lieux/places"
)

// roundPage is a round: what was calculated, and what came of it.
type roundPage struct {
	Form     *web.Form
	Round    allocation.Round
	Setup    allocation.Setup
	Path     string
	Where    string
	State    string
	Badge    web.Kind
	Plans    []planCard
	Current  openPlan
	Shown    bool // there is a plan
	Lede     string
	Chart    templ.Component
	Drawings []templ.Component
	Reasons  reasonsPage
	Facts    []web.Fact
	Stale    []string
	Applied  bool
	Decision string
	ByHref   string
	Why      string
	Parted   []departure
	Moved    []movedRow
	Answers  []answerRow
	Turned   bool // somebody did not take their place, and it is still free
	Freed    []freedRow
	Letters  []letterRow
	ToWhom   []string // their addressees
	Running  string   // address of a calculation under way
	Pinned   []pinRow
	Free     []web.Option // who may be pinned
	Spaces   []web.Option
	Exports  []web.Link
	History  templ.Component
	Writer   bool
	Doubles  []string // pairs of its applications that may be of one person
	Changed  bool     // the setup is another than that of the run
}

// planCard is a plan among those that lie side by side.
type planCard struct {
	Letter, Title, Href string
	Current             bool
	Same                string // the letter of an earlier plan that sends everybody to the same places
	Facts               []web.Fact
}

// answerRow is what somebody who was placed answered.
type answerRow struct {
	Name, Href, Space, Words string
	Badge                    web.Kind
}

// movedRow is an occupant whose place was changed.
type movedRow struct{ Name, Words, Note, Way string }

// freedRow is who comes next for a place that was turned down.
type freedRow struct{ Name, Href, Space string }

type departure struct{ Name, Proposed, Decided, Why string }

func (s *screens) roundPage(q *web.Request, form *web.Form) (roundPage, error) {
	return look(q, s.DB, func(r store.Reader) (page roundPage, err error) {
		page = roundPage{Form: form, Writer: q.Who.May(writers)}
		if page.Round, err = numbered(q, r); err != nil {
			return page, err
		}
		page.Path = roundPath(page.Round.Number)
		var version int64
		if page.Setup, version, err = allocation.SetupOf(r, page.Round.ID); err != nil {
			return page, err
		}
		if page.Badge, page.State, _, err = stage(r, q.P, page.Round.ID); err != nil {
			return page, err
		}
		_, houses, err := called(r, q.P.Tag)
		if err != nil {
			return page, err
		}
		var where []string
		for _, id := range page.Setup.Places {
			where = append(where, houses[id])
		}
		page.Where = q.P.List(where)
		if err := page.plans(q, r); err != nil {
			return page, err
		}
		if !page.Applied {
			if page.Doubles, err = doublesIn(r, q.P, page.Setup); err != nil {
				return page, err
			}
		}
		page.Changed = page.Shown && page.Current.Run.Orders.Setup != version && !page.Applied
		if err := page.pins(q, r); err != nil {
			return page, err
		}
		page.History, err = s.history(q, r, page.Round.ID.Ref())
		return page, err
	})
}

// plans reads the plan that is applied, or that the address names, or the first of the last calculation.
func (page *roundPage) plans(q *web.Request, r store.Reader) error {
	runs, err := allocation.Runs(r, page.Round.ID)
	if err != nil || len(runs) == 0 {
		return err
	}
	run := runs[len(runs)-1]
	if run.Ended == "" {
		page.Running = page.Path + "/runs/" + string(run.ID)
	}
	choice, applied, err := allocation.Applied(r, page.Round.ID)
	if err != nil {
		return err
	}
	wanted := allocation.PlanID(q.Query("plan"))
	if page.Applied = applied; applied && wanted == "" {
		wanted = choice.Plan
	}
	if wanted != "" {
		p, err := allocation.PlanByID(r, wanted)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(runs, func(n allocation.Run) bool { return n.ID == p.Run }); i >= 0 {
			run = runs[i]
		} else {
			return web.NotFound
		}
	} else if i := slices.IndexFunc(runs, func(n allocation.Run) bool { return n.Ended == allocation.Done }); i >= 0 {
		for _, n := range runs {
			if n.Ended == allocation.Done {
				run = n
			}
		}
	}
	all, err := allocation.PlansOf(r, run.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	var open []openPlan
	for _, p := range all {
		o := openPlan{Plan: p, Run: run}
		if err := o.open(); err != nil {
			return err
		}
		open = append(open, o)
	}
	page.Current, page.Shown = open[0], true
	for _, o := range open {
		if o.ID == wanted {
			page.Current = o
		}
	}
	for i, o := range open {
		one := card(q.P, o, i, page.Path, o.ID == page.Current.ID)
		if n := slices.IndexFunc(open[:i], func(e openPlan) bool {
			return slices.Equal(e.Res.Plan.At,
				o.Res.Plan.At)
		}); n >= 0 {
			one.Same = planLetters[n : n+1]
		}
		page.Plans = append(page.Plans, one)
	}
	page.Chart = chart(q.P, open, page.Current.ID)
	return page.detail(q, r, choice)
}

// detail reads all that is said of the plan that is shown.
func (page *roundPage) detail(q *web.Request, r store.Reader, choice allocation.Choice) error {
	o := page.Current
	names, err := namesOf(r, q.P, o.In)
	if err != nil {
		return err
	}
	page.Lede = lede(q.P, o)
	page.Reasons = reasonsOf(q, groups(q.P, o, names))
	page.Facts = facts(q.P, r, o)
	if page.Drawings, err = drawings(r, q.P, o); err != nil {
		return err
	}
	page.Exports = []web.Link{{Text: "CSV", Href: page.Path + "/plan.csv?plan=" + string(o.ID)},
		{Text: "XLSX", Href: page.Path + "/plan.xlsx?plan=" + string(o.ID)},
		{Text: "JSON", Href: page.Path + "/inputs.json?plan=" + string(o.ID)}}
	if page.Applied {
		return page.chosen(q, r, choice, names)
	}
	stale, err := allocation.Stale(r, o.Run)
	for _, ph := range stale {
		page.Stale = append(page.Stale, q.P.Words(ph))
	}
	return err
}

// chosen reads the choice that stands.
func (page *roundPage) chosen(q *web.Request, r store.Reader, c allocation.Choice, names names) error {
	var err error
	if page.Decision, page.ByHref, err = view.DecisionWords(r, q.P, c.Decision); err != nil {
		return err
	}
	page.Why = c.Why
	parted, err := allocation.Departures(r, c.ID)
	if err != nil {
		return err
	}
	for _, d := range parted {
		why := d.Why
		if !d.Pinned {
			why = q.T("allocation.page.departure.follows")
		}
		page.Parted = append(page.Parted, departure{names[string(d.Application)].Name, page.code(q.P, d.Proposed),
			page.code(q.P, d.Decided), why})
	}
	if page.Moved, err = movedBy(r, q.P, c); err != nil {
		return err
	}
	if err := page.answers(q.P, r, c, names); err != nil {
		return err
	}
	letters, err := allocation.LettersBy(r, c.ID)
	page.Letters = letterRows(r, q.P, letters)
	if err != nil {
		return err
	}
	page.ToWhom, err = addressees(r, letters)
	return err
}

// movedBy are the occupants whose place a choice changed, with how they agreed and were told.
func movedBy(r store.Reader, p *lang.Printer, c allocation.Choice) (rows []movedRow, err error) {
	list, err := allocation.MovedBy(r, c)
	for _, m := range list {
		to, err := payment.Reach(r, m.Person)
		if err != nil {
			return nil, err
		}
		row := movedRow{Name: to.Name, Note: m.Note, Way: p.T("allocation.page.by.email")}
		if to.Email == "" {
			row.Way = p.T("allocation.page.moved.tell")
		}
		if row.Words, err = m.Words(r, p); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, err
}

// answers reads who takes their place, who does not, and who would come next.
func (page *roundPage) answers(p *lang.Printer, r store.Reader, c allocation.Choice, names names) error {
	list, err := allocation.Responses(r, c)
	if err != nil {
		return err
	}
	kinds := map[allocation.Reply]web.Kind{allocation.Awaited: web.Wait, allocation.Overdue: web.No,
		allocation.Took: web.Yes, allocation.TurnedIt: web.Off}
	for _, one := range list {
		words := capital(p, one.Reply.Words())
		if !one.On.IsZero() {
			words = p.T("allocation.page.answer."+string(one.Reply), "on", one.On)
		}
		page.Answers = append(page.Answers, answerRow{names[string(one.Application.ID)].Name,
			onePath(one.Application.Number), page.code(p, one.Space), words, kinds[one.Reply]})
		page.Turned = page.Turned || one.Free
	}
	next, err := allocation.Next(r, c, list)
	for _, one := range next {
		page.Freed = append(page.Freed, freedRow{names[string(one.Application.ID)].Name, onePath(one.Application.Number),
			page.code(p, one.Space)})
	}
	return err
}

// code is what a space of the plan is called.
func (page *roundPage) code(p *lang.Printer, id places.PartID) string {
	for i, s := range page.Current.In.Round.Spaces {
		if s.ID == string(id) {
			return page.Current.In.Spaces[i].Code
		}
	}
	return p.T("allocation.page.nowhere")
}

// current marks the plan that is shown.
func current(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}

func (s *screens) round(q *web.Request) error {
	page, err := s.roundPage(q, q.Blank())
	return shown(q, page, err, roundView)
}
