package pages

import (
	"cmp"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
	"lieux/places"
)

// openPlan is a plan with all that belongs to it, read.
type openPlan struct {
	allocation.Plan
	Run allocation.Run
	In  allocation.Inputs
	Res allocation.Result
}

func readPlan(r store.Reader, id allocation.PlanID) (o openPlan, err error) {
	if o.Plan, err = allocation.PlanByID(r, id); err != nil {
		return o, err
	}
	if o.Run, err = allocation.RunByID(r, o.Plan.Run); err != nil {
		return o, err
	}
	return o, o.open()
}

func (o *openPlan) open() (err error) {
	if o.In, err = o.Run.Inputs(); err != nil {
		return err
	}
	o.Res, err = o.Plan.Result()
	return err
}

// numbered is the round that the address names.
func numbered(q *web.Request, r store.Reader) (allocation.Round, error) {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil {
		return allocation.Round{}, web.NotFound
	}
	round, err := allocation.RoundNumbered(r, n)
	if fault.Is(err, "allocation.refusal.unknown-round") {
		err = web.NotFound
	}
	return round, err
}

// roundRow is a round in the list.
type roundRow struct {
	Href, Title, Number, Day, Kind, State, Placed string
	Badge                                         web.Kind
}

type roundsPage struct {
	Rows   []roundRow
	Writer bool
}

// stage is where a round stands, in words.
func stage(r store.Reader, p *lang.Printer, id allocation.RoundID) (kind web.Kind, words, placed string, err error) {
	c, applied, err := allocation.Applied(r, id)
	if err != nil {
		return "", "", "", err
	}
	if applied {
		plan, err := readPlan(r, c.Plan)
		return web.Yes, p.T("allocation.page.stage.applied", "on", p.ShortDate(c.At.On(r.Zone()))),
			p.Count(int64(plan.Res.Plan.Criteria.People)), err
	}
	undone, err := lastUndoing(r, id)
	if err != nil {
		return "", "", "", err
	}
	run, found, err := allocation.LatestRun(r, id)
	switch {
	case undone > 0 && run.At < undone:
		return web.Off, p.T("allocation.page.stage.undone"), "", err
	case !found:
		return web.Wait, p.T("allocation.page.stage.prepared"), "", err
	case run.Ended == "":
		return web.Info, p.T("allocation.page.stage.running"), "", err
	}
	return web.Info, p.T("allocation.page.stage.proposed"), "", err
}

// lastUndoing is when the last choice of a round was undone; 0 when none was.
func lastUndoing(r store.Reader, id allocation.RoundID) (at civil.Instant, err error) {
	choices, err := allocation.Choices(r, id)
	for _, c := range choices {
		u, undone, err := allocation.UndoneBy(r, c.ID)
		if err != nil {
			return 0, err
		}
		if undone && u.At > at {
			at = u.At
		}
	}
	return at, err
}

func (s *screens) rounds(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (page roundsPage, err error) {
		page.Writer = q.Who.May(writers)
		all, err := allocation.Rounds(r)
		if err != nil {
			return page, err
		}
		for _, n := range all {
			setup, _, err := allocation.SetupOf(r, n.ID)
			if err != nil {
				return page, err
			}
			row := roundRow{Href: roundPath(n.Number), Title: setup.Title, Number: strconv.FormatInt(n.Number, 10),
				Day: q.P.ShortDate(setup.Day), Kind: capital(q.P, n.Kind.Words())}
			if row.Badge, row.State, row.Placed, err = stage(r, q.P, n.ID); err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, row)
		}
		return page, nil
	})
	if err != nil {
		return err
	}
	return q.Page(roundsView(page))
}

// newPage is the form that begins a round.
type newPage struct {
	Form   *web.Form
	Places []web.Option
	Kinds  []web.Option
}

func (s *screens) newPage(q *web.Request, form *web.Form) (newPage, error) {
	return look(q, s.DB, func(r store.Reader) (page newPage, err error) {
		page.Form = form
		all, err := places.Places(r, places.Now(r))
		for _, p := range all {
			if !p.Closed {
				page.Places = append(page.Places, web.Option{Value: string(p.ID), Label: p.Title})
			}
		}
		for _, k := range allocation.RoundKinds {
			page.Kinds = append(page.Kinds, web.Option{Value: string(k), Label: capital(q.P, k.Words())})
		}
		return page, err
	})
}

func (s *screens) newRound(q *web.Request) error {
	today := s.DB.Today()
	form := q.Blank().Set("kind", string(allocation.Workshops)).Set("day", today.String()).
		Set("from", today.AddMonths(2).String()).Set("fee", "4,50").Set("works", "0").
		Set("seed", today.String())
	page, err := s.newPage(q, form)
	if err != nil {
		return err
	}
	return q.Page(newRoundView(page))
}

// basics reads what is laid down for the whole of a round.
func basics(form *web.Form, page newPage, setup *allocation.Setup) {
	setup.Title, setup.Seed = form.Need("title", allocation.MaxTitle), form.Need("seed", allocation.MaxSeed)
	setup.Day, setup.From = form.NeedDate("day"), form.NeedDate("from")
	setup.Fee = form.Money("fee", 0, places.MaxFee)
	setup.Works = form.Money("works", 0, money.Cents(solver.MaxMoney))
	setup.Places = nil
	for _, id := range chosen(form, "places", page.Places) {
		setup.Places = append(setup.Places, places.PlaceID(id))
	}
}

func (s *screens) openRound(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.newPage(q, form)
	if err != nil {
		return err
	}
	var setup allocation.Setup
	basics(form, page, &setup)
	kind := allocation.RoundKind(form.Text("kind", 20))
	if form.OK() {
		out, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "allocation.open").Once(form.Key()),
			func(tx *store.Tx) error { _, err := allocation.Open(tx, kind, setup); return err })
		if err == nil {
			return q.SeeOther(pathRounds + "/" + out.Answer + "/setup")
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(newRoundView(page))
}

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
	Groups   []group
	Facts    []web.Fact
	Stale    []string
	Applied  bool
	Decision string
	ByHref   string
	Why      string
	Parted   []departure
	Letters  []letterRow
	Running  string // address of a calculation under way
	Pinned   []pinRow
	Free     []web.Option // who may be pinned
	Spaces   []web.Option
	Exports  []web.Link
	History  templ.Component
	Writer   bool
	Changed  bool // the setup is another than that of the run
}

// planCard is a plan among those that lie side by side.
type planCard struct {
	Letter, Title, Href string
	Current             bool
	Facts               []web.Fact
}

// group is a workshop of a plan, or those who have none.
type group struct {
	ID, Title, Note, Href string
	Refused               bool
	Members               []member
}

// member is an applicant of a plan with their reason.
type member struct {
	Name, Href, Number, Practice, Since, Asks, Gets string
	Lines                                           []string
	Change                                          string
	Placed                                          bool
}

type departure struct{ Name, Proposed, Decided, Why string }

type pinRow struct{ ID, Name, Where, Why string }

// letters A to F name the plans.
const planLetters = "ABCDEF"

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
		page.Plans = append(page.Plans, card(q.P, o, i, page.Path, o.ID == page.Current.ID))
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
	page.Groups = groups(q.P, o, names)
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
	letters, err := allocation.LettersBy(r, c.ID)
	page.Letters = letterRows(r, q.P, letters)
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

func (s *screens) round(q *web.Request) error {
	page, err := s.roundPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(roundView(page))
}

// names are those of applicants and occupants, by id.
type names map[string]nameRow

type nameRow struct{ Name, Href, Number string }

func namesOf(r store.Reader, p *lang.Printer, in allocation.Inputs) (names, error) {
	out := names{}
	var list []allocation.Application
	var ids []people.PersonID
	for _, f := range in.People {
		if f.Application == "" {
			ids = append(ids, f.Person)
			continue
		}
		a, err := allocation.Get(r, f.Application)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	persons, err := named(r, list)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		out[string(a.ID)] = nameRow{nameOf(p, a, persons), onePath(a.Number), strconv.FormatInt(a.Number, 10)}
	}
	occupants, err := people.Names(r, ids)
	for _, f := range in.People {
		if f.Application == "" {
			out[string(f.Occupancy)] = nameRow{occupants[f.Person].Words(p), "/occupancies/" + string(f.Occupancy), ""}
		}
	}
	return out, err
}

// lede says in two sentences what a plan does.
func lede(p *lang.Printer, o openPlan) string {
	asking, offered := int64(0), int64(0)
	for _, f := range o.In.People {
		if f.Application != "" {
			asking++
		}
	}
	for _, s := range o.In.Spaces {
		if s.Offered {
			offered++
		}
	}
	c := o.Res.Plan.Criteria
	text := p.T("allocation.page.lede.asking", "n", asking) + " " + p.T("allocation.page.lede.offered", "n",
		offered) + " " +
		p.T("allocation.page.lede.places", "n", int64(c.People))
	switch {
	case o.Kind == allocation.MostPeople && o.Res.Plan.Proven():
		text += " " + p.T("allocation.page.lede.proven")
	case o.Res.Plan.Proven():
		text += " " + p.T("allocation.page.lede.best")
	}
	return text
}

func card(p *lang.Printer, o openPlan, i int, path string, current bool) planCard {
	c := o.Res.Plan.Criteria
	filled, grouped := 0, 0
	for _, w := range o.Res.Plan.Workshops {
		newcomers := 0
		for _, place := range w.Places {
			if place.New {
				newcomers++
			}
		}
		if newcomers > 0 {
			filled++
			if len(w.Places) > 1 {
				grouped++
			}
		}
	}
	k := planCard{Letter: planLetters[i : i+1], Title: p.Words(o.Kind.Words()), Current: current,
		Href: path + "?plan=" + string(o.ID)}
	add := func(code, text string) {
		k.Facts = append(k.Facts, web.Fact{Name: p.T("allocation.page.card." + code), Text: text})
	}
	add("people", p.Count(int64(c.People)))
	add("spaces", strconv.Itoa(filled))
	if o.In.Kind == allocation.Workshops {
		add("groups", strconv.Itoa(grouped))
		add("works", p.Money(c.Works))
	}
	if o.Res.Plan.Bound != solver.NoBound {
		if o.Res.Plan.Proven() {
			add("bound", p.T("allocation.page.card.proven"))
		} else {
			add("bound", p.T("allocation.page.card.open"))
		}
	}
	return k
}

// facts say by which one may do the calculation again.
func facts(p *lang.Printer, r store.Reader, o openPlan) (list []web.Fact) {
	add := func(code, text string) {
		list = append(list, web.Fact{Name: p.T("allocation.page.fact." + code), Text: text})
	}
	add("made", p.Moment(o.Run.At, r.Zone()))
	add("inputs", p.T("allocation.page.inputs", "spaces", len(o.In.Spaces), "applicants", len(o.In.People), "practices",
		len(o.In.Practices)))
	add("hash", group4(hex.EncodeToString(o.Run.Hash)[:32]))
	add("seed", o.Run.Orders.Seed)
	plan := o.Res.Plan
	for _, order := range o.Run.Orders.Plans {
		if w := order.Weights; order.Kind == o.Kind && o.Kind != allocation.ByWishes {
			add("weights", p.T("allocation.page.weights", "person", w.Person, "day", w.Day, "area", w.Area, "tools", w.Tools,
				"works", w.Works, "move", w.Move))
			c := plan.Criteria
			add("score", p.T("allocation.page.score", "score", plan.Score, "people", c.People, "days", c.Waiting, "area",
				allocation.Square(p, c.Area), "tools", c.Tools, "works", c.Works, "moves", c.Moves))
		}
	}
	switch {
	case plan.Bound == solver.NoBound:
		add("bound", p.T("allocation.page.bound.none"))
	case plan.Proven():
		add("bound", p.T("allocation.page.bound.proven", "bound", plan.Bound))
	default:
		add("bound", p.T("allocation.page.bound.gap", "bound", plan.Bound, "gap", plan.Bound-plan.Score))
	}
	return list
}

// group4 parts a hash in groups of four, as people compare it.
func group4(text string) string {
	var parts []string
	for len(text) > 4 {
		parts, text = append(parts, text[:4]), text[4:]
	}
	return strings.Join(append(parts, text), " ")
}

// groups are the workshops of a plan with their newcomers, then who has no place.
func groups(p *lang.Printer, o openPlan, names names) (list []group) {
	for _, w := range o.Res.Plan.Workshops {
		g := workshopGroup(p, o, w)
		for _, place := range w.Places {
			if f := o.In.People[place.Applicant]; f.Application != "" || place.New {
				g.Members = append(g.Members, memberOf(p, o, place.Applicant, names, allocation.Square(p, place.Area)))
			}
		}
		if len(g.Members) > 0 {
			list = append(list, g)
		}
	}
	rest := group{ID: "rest", Title: p.T("allocation.page.rest"), Note: p.T("allocation.page.rest.note"), Refused: true}
	for i, f := range o.In.People {
		if f.Application != "" && o.Res.Plan.At[i] == solver.Nowhere {
			rest.Members = append(rest.Members, memberOf(p, o, i, names, ""))
		}
	}
	if len(rest.Members) > 0 {
		list = append(list, rest)
	}
	return list
}

func workshopGroup(p *lang.Printer, o openPlan, w solver.Workshop) group {
	space, facts, c := o.In.Round.Spaces[w.Space], o.In.Spaces[w.Space], o.In.Round.Practices[w.Practice]
	opens := allocation.DateOf(w.Opens)
	if opens.Before(o.In.From) {
		opens = o.In.From
	}
	g := group{ID: "e-" + strings.ToLower(facts.Code), Title: lang.Capital(o.In.Practices[w.Practice].Name(p.Tag)) + ", " +
		facts.Code, Href: "/spaces/" + space.ID}
	g.Note = p.T("allocation.page.group", "area", allocation.Square(p, space.Area), "from", opens)
	if o.In.Kind == allocation.Workshops && c.Common > 0 {
		g.Note += " " + p.T("allocation.page.group.common", "common", allocation.Square(p, c.Common))
		if kit := o.In.Practices[w.Practice].Kit; kit != "" {
			g.Note += " (" + kit + ")"
		}
	}
	for _, k := range w.Works {
		g.Note += " " + p.T("allocation.page.group.work", "work", facts.Works[k], "cost", space.Works[k].Cost)
	}
	return g
}

func memberOf(p *lang.Printer, o openPlan, i int, names names, gets string) member {
	f, a := o.In.People[i], o.In.Round.Applicants[i]
	told := allocation.Tell(p, o.In, o.Res, i)
	m := member{Lines: told.Lines, Change: told.Change, Since: p.ShortDate(allocation.DateOf(a.Since)), Gets: gets,
		Asks: span(p, a.Least, a.Ideal), Placed: o.Res.Plan.At[i] != solver.Nowhere}
	id := string(f.Application)
	if id == "" {
		id = string(f.Occupancy)
	}
	m.Name, m.Href, m.Number = names[id].Name, names[id].Href, names[id].Number
	var crafts []string
	for _, c := range a.Practices {
		crafts = append(crafts, o.In.Practices[c].Name(p.Tag))
	}
	m.Practice = p.List(crafts)
	return m
}

// planAs gives a plan out as a file.
func (s *screens) planAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var all names
		o, err := look(q, s.DB, func(r store.Reader) (o openPlan, err error) {
			if o, err = s.planOf(q, r); err == nil {
				all, err = namesOf(r, q.P, o.In)
			}
			return o, err
		})
		if err != nil {
			return err
		}
		return sendTable(q, q.T("allocation.page.plan"), format, heads(q.P, "number", "who", "practice", "since", "least",
			"ideal", "space", "gets", "rent", "reason"), func(yield func([]sheets.Cell) bool) {
			for i, f := range o.In.People {
				if f.Application == "" {
					continue
				}
				a := o.In.Round.Applicants[i]
				m := memberOf(q.P, o, i, all, "")
				space, own := "", solver.Place{}
				if at := o.Res.Plan.At[i]; at != solver.Nowhere {
					space = o.In.Spaces[at].Code
				}
				for _, w := range o.Res.Plan.Workshops {
					for _, place := range w.Places {
						if place.Applicant == i {
							own = place
						}
					}
				}
				if !yield([]sheets.Cell{sheets.Int(f.Number), sheets.Text(m.Name), sheets.Text(m.Practice),
					sheets.Date(allocation.DateOf(a.Since)), square(a.Least), square(a.Ideal), sheets.Text(space),
					square(own.Area), sheets.Money(own.Rent), sheets.Text(strings.TrimSpace(strings.Join(m.Lines,
						" ") + " " + m.Change))}) {
					return
				}
			}
		})
	}
}

// planOf is the plan that the address names, of the round that it names.
func (s *screens) planOf(q *web.Request, r store.Reader) (openPlan, error) {
	n, err := numbered(q, r)
	if err != nil {
		return openPlan{}, err
	}
	o, err := readPlan(r, allocation.PlanID(q.Query("plan")))
	if fault.Of(err) != nil || err == nil && o.Run.Round != n.ID {
		err = web.NotFound
	}
	return o, err
}

// inputs gives out what a calculation depends on, for whoever wants to do it again.
func (s *screens) inputs(q *web.Request) error {
	o, err := look(q, s.DB, func(r store.Reader) (openPlan, error) { return s.planOf(q, r) })
	if err != nil {
		return err
	}
	return q.Download(q.T("allocation.page.inputs.file")+".json", "application/json", func(w io.Writer) error {
		_, err := io.WriteString(w, o.Run.Frozen)
		return err
	})
}

// pin adds a pin, or takes one away.
func (s *screens) pin(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	round, err := look(q, s.DB, func(r store.Reader) (allocation.Round, error) { return numbered(q, r) })
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
	verb := "pin"
	if drop {
		verb = "unpin"
	}
	if form.OK() {
		_, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "allocation.prepare").Once(form.Key()),
			func(tx *store.Tx) error {
				return allocation.Prepare(tx, round.ID, func(setup *allocation.Setup) error {
					setup.Pins = slices.DeleteFunc(slices.Clone(setup.Pins),
						func(p allocation.Pin) bool { return p.Application == who })
					if !drop {
						setup.Pins = append(setup.Pins, pin)
					}
					return nil
				})
			})
		if err == nil {
			q.Flash(web.Yes, q.T("allocation.page.done."+verb))
			return q.SeeOther(roundPath(round.Number) + "#pins")
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := s.roundPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(roundView(page))
}

// begin asks for a calculation and shows how far it is.
func (s *screens) begin(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	round, err := look(q, s.DB, func(r store.Reader) (allocation.Round, error) { return numbered(q, r) })
	if err != nil {
		return err
	}
	if form.OK() {
		out, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "allocation.begin").Once(form.Key()),
			func(tx *store.Tx) error { _, err := allocation.Begin(tx, round.ID); return err })
		if err == nil {
			return q.SeeOther(roundPath(round.Number) + "/runs/" + out.Answer)
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := s.roundPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(roundView(page))
}

// runPage is a calculation: how far it is, how it ended.
type runPage struct {
	Form                *web.Form
	Path, Round, Stream string
	Title               string
	Work                *web.Work
	Kind                web.Kind
	State, Todo         string
}

func (s *screens) runPage(p *lang.Printer, r store.Reader, number string, id allocation.RunID) (page runPage,
	err error) {
	n, err := allocation.RunByID(r, id)
	if err != nil {
		return page, err
	}
	round, err := allocation.RoundByID(r, n.Round)
	if err != nil {
		return page, err
	}
	if strconv.FormatInt(round.Number, 10) != number {
		return page, web.NotFound
	}
	setup, _, err := allocation.SetupOf(r, n.Round)
	if err != nil {
		return page, err
	}
	plans, err := allocation.PlansOf(r, id)
	page = runPage{Round: roundPath(round.Number), Title: setup.Title, Kind: web.Yes,
		State: p.T("allocation.page.run.done", "n", len(plans))}
	page.Path = page.Round + "/runs/" + string(id)
	switch n.Ended {
	case "":
		page.Work = &web.Work{Text: p.T("allocation.page.run.work", "n", len(plans), "of", len(n.Orders.Plans)),
			Done: n.Reached, Of: max(n.Of, 1), Note: p.T("allocation.page.run.note")}
		if s.Feed != nil {
			page.Stream = page.Path + "/stream"
		}
	case allocation.Cancelled:
		page.Kind, page.State = web.Wait, p.T("allocation.page.run.cancelled", "n", len(plans))
	case allocation.Failed:
		page.Kind, page.State = web.No, p.T("allocation.page.run.failed")
		page.Todo = p.T(n.Trouble) + " " + p.T(n.Trouble+".todo")
	}
	return page, err
}

func (s *screens) run(q *web.Request) error { return s.showRun(q, q.Blank()) }

func (s *screens) showRun(q *web.Request, form *web.Form) error {
	page, err := look(q, s.DB, func(r store.Reader) (runPage, error) {
		return s.runPage(q.P, r, q.Path("number"), allocation.RunID(q.Path("run")))
	})
	if fault.Of(err) != nil {
		err = web.NotFound
	}
	if err != nil {
		return err
	}
	if page.Form = form; !form.OK() {
		return q.Again(runView(page))
	}
	return q.Page(runView(page))
}

// runScene draws how far a calculation is, after each of its acts.
func (s *screens) runScene(q *web.Request) (web.Scene, error) {
	id, number := allocation.RunID(q.Path("run")), q.Path("number")
	if _, err := look(q, s.DB, func(r store.Reader) (runPage, error) {
		return s.runPage(q.P, r, number,
			id)
	}); err != nil {
		return web.Scene{}, err
	}
	return web.Scene{Key: "allocation/" + string(id), About: []store.Ref{id.Ref()},
		Draw: func(r store.Reader, p *lang.Printer) (templ.Component, error) {
			page, err := s.runPage(p, r, number, id)
			return runProgress(page), err
		}}, nil
}

func (s *screens) cancel(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	id := allocation.RunID(q.Path("run"))
	if form.OK() {
		_, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "allocation.cancel").Once(form.Key()),
			func(tx *store.Tx) error { return allocation.Cancel(tx, id) })
		if err == nil {
			return q.SeeOther(pathRounds + "/" + q.Path("number") + "/runs/" + string(id))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return s.showRun(q, form)
}

// replay does the calculation of a plan again, and says whether its bytes are the same.
func (s *screens) replay(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	o, err := look(q, s.DB, func(r store.Reader) (openPlan, error) {
		return readPlan(r, allocation.PlanID(form.Text("plan", 60)))
	})
	if err != nil {
		return err
	}
	same, err := allocation.Replay(o.Run, o.Plan)
	if err != nil && fault.Of(err) == nil {
		return err
	}
	if same {
		q.Flash(web.Yes, q.T("allocation.page.replay.same"))
	} else {
		q.Flash(web.No, q.T("allocation.page.replay.other"))
	}
	return q.SeeOther(pathRounds + "/" + q.Path("number") + "?plan=" + string(o.ID))
}

// applyPage is the form by which a plan is applied, or a choice undone.
type applyPage struct {
	Form     *web.Form
	Round    roundPage
	Plan     string
	Stale    []string
	Decision view.DecisionChoice
	Indexing []web.Option
	Named    string // the plan, in words
	Pins     int
}

func (s *screens) applyPage(q *web.Request, form *web.Form) (page applyPage, err error) {
	if page.Round, err = s.roundPage(q, form); err != nil {
		return page, err
	}
	page.Form, page.Plan, page.Stale = form, string(page.Round.Current.ID), page.Round.Stale
	if !page.Round.Shown {
		return page, web.NotFound
	}
	for _, c := range page.Round.Plans {
		if c.Current {
			page.Named = c.Letter + ", " + c.Title
		}
	}
	page.Pins = len(page.Round.Current.Run.Orders.Pins)
	for _, i := range places.Indexings {
		page.Indexing = append(page.Indexing, web.Option{Value: string(i), Label: capital(q.P, i.Words())})
	}
	err = s.DB.View(q.Context(), func(v *store.View) error {
		page.Decision, err = deciding(true).Offer(v, q.P, form)
		return err
	})
	return page, err
}

func (s *screens) beforeApplying(q *web.Request) error {
	form := q.Blank().Set("index", string(places.ByHealth)).Set("rate", "2").Set("deposit", "200").Set("notice", "3").
		Set("answer", s.DB.Today().AddDays(21).String())
	page, err := s.applyPage(q, form)
	if err != nil {
		return err
	}
	if page.Round.Applied {
		return q.SeeOther(page.Round.Path)
	}
	return q.Page(applyingView(page))
}

func (s *screens) applying(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.applyPage(q, form)
	if err != nil {
		return err
	}
	t := allocation.Terms{Index: places.Indexing(form.Text("index", 20)), Rate: int64(form.Money("rate", 0,
		places.MaxRate)), Deposit: form.Money("deposit", 0, money.Cents(100_000_00)), Notice: form.Int("notice", 0,
		places.MaxNotice), Answer: form.Date("answer")}
	why := form.Need("why", allocation.MaxWhy)
	ruling, err := look(q, s.DB, func(r store.Reader) (view.Ruling, error) { return deciding(true).Take(r, form) })
	if err != nil {
		return err
	}
	if done, err := s.done(q, form, "apply", page.Round.Path, func(tx *store.Tx) error {
		decision, err := ruling.Record(tx)
		if err != nil {
			return err
		}
		_, err = allocation.Apply(tx, allocation.PlanID(page.Plan), decision, t, why)
		return err
	}); done || err != nil {
		return err
	}
	return q.Again(applyingView(page))
}

func (s *screens) beforeUndoing(q *web.Request) error {
	page, err := s.applyPage(q, q.Blank())
	if err != nil {
		return err
	}
	if !page.Round.Applied {
		return q.SeeOther(page.Round.Path)
	}
	return q.Page(undoingView(page))
}

func (s *screens) undoing(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.applyPage(q, form)
	if err != nil {
		return err
	}
	why := form.Need("why", allocation.MaxWhy)
	ruling, err := look(q, s.DB, func(r store.Reader) (view.Ruling, error) { return deciding(true).Take(r, form) })
	if err != nil {
		return err
	}
	if done, err := s.done(q, form, "undo", page.Round.Path, func(tx *store.Tx) error {
		c, applied, err := allocation.Applied(tx, page.Round.Round.ID)
		if err == nil && !applied {
			err = fault.Refuse("allocation.refusal.unknown-choice")
		}
		if err != nil {
			return err
		}
		decision, err := ruling.Record(tx)
		if err != nil {
			return err
		}
		return allocation.UndoChoice(tx, c.ID, decision, why)
	}); done || err != nil {
		return err
	}
	return q.Again(undoingView(page))
}
