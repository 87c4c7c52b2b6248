package pages

import (
	"slices"
	"strconv"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// plainMoney is an amount as a form takes it back.
func plainMoney(c money.Cents) string {
	if c == 0 {
		return "0"
	}
	return places.Area(c).Plain() // an amount and an area are written alike
}

// setupPage is what is laid down for a round.
type setupPage struct {
	newPage
	Round    allocation.Round
	Setup    allocation.Setup
	Path     string
	Spaces   []spaceRow
	Offered  string
	Walls    []wallRow
	All      []web.Option // spaces, for walls
	Sitting  []sittingRow
	Waiting  string
	Doubles  []string // pairs of its applications that may be of one person
	Applied  bool
	Writer   bool
	Occupant []web.Option
}

// spaceRow is a space as it stands in the round.
type spaceRow struct {
	Href, Code, Title, Area, Has, Free, Works, Fee, State string
	Badge                                                 web.Kind
	Offered                                               bool
	ID                                                    string
}

type wallRow struct{ A, B, Stops, AID, BID string }

// sittingRow is somebody who sits, and what they agreed to.
type sittingRow struct{ ID, Space, Who, Practice, Agreed string }

func (s *screens) setupPage(q *web.Request, form *web.Form) (page setupPage, err error) {
	if page.newPage, err = s.newPage(q, form); err != nil {
		return page, err
	}
	err = s.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Writer = q.Who.May(writers)
		if page.Round, err = numbered(q, v); err != nil {
			return err
		}
		page.Path = roundPath(page.Round.Number)
		if page.Setup, _, err = allocation.SetupOf(v, page.Round.ID); err != nil {
			return err
		}
		if _, page.Applied, err = allocation.Applied(v, page.Round.ID); err != nil {
			return err
		}
		if !page.Applied {
			if page.Doubles, err = doublesIn(v, q.P, page.Setup); err != nil {
				return err
			}
		}
		return page.read(q, v)
	})
	return page, err
}

func (page *setupPage) read(q *web.Request, r store.Reader) error {
	p, codes, offered := q.P, map[places.PartID]string{}, int64(0)
	for _, id := range page.Setup.Places {
		place, err := places.PlaceByID(r, id, places.On(page.Setup.From))
		if err != nil {
			return err
		}
		seen, err := places.See(r, place, places.On(page.Setup.From))
		if err != nil {
			return err
		}
		for _, one := range seen.Spaces {
			if !one.Let() {
				continue
			}
			codes[one.ID] = one.Code
			row := page.space(p, one)
			if row.Offered {
				offered++
			}
			page.Spaces = append(page.Spaces, row)
			page.All = append(page.All, web.Option{Value: string(one.ID), Label: one.Code})
		}
	}
	slices.SortStableFunc(page.Spaces, func(a, b spaceRow) int { // the few that are offered before all others
		if a.Offered == b.Offered {
			return 0
		}
		if a.Offered {
			return -1
		}
		return 1
	})
	page.Offered = p.T("allocation.page.lede.offered", "n", offered)
	for _, w := range page.Setup.Walls {
		page.Walls = append(page.Walls, wallRow{codes[w.A], codes[w.B], allocation.NuisanceWords(p, w.Stops), string(w.A),
			string(w.B)})
	}
	in, err := allocation.Gather(r, page.Round, page.Setup)
	if err != nil {
		return err
	}
	names, err := namesOf(r, p, in)
	if err != nil {
		return err
	}
	waiting := int64(0)
	for i, f := range in.People {
		if f.Application != "" {
			waiting++
			continue
		}
		page.sits(p, in, names, i)
	}
	page.Waiting = p.T("allocation.page.lede.asking", "n", waiting)
	return nil
}

// space is a space in ready words.
func (page *setupPage) space(p *lang.Printer, one places.Standing) spaceRow {
	laid := page.Setup.Space(one.ID)
	row := spaceRow{ID: string(one.ID), Href: page.Path + "/spaces/" + string(one.ID), Code: one.Code, Title: one.Title,
		Area: one.Area.In(p), Offered: laid.Offered, State: p.Words(one.State.Words()), Badge: web.Off}
	if laid.Offered {
		row.Badge, row.State = web.Yes, p.T("allocation.page.offered")
	}
	has := laid.Adds
	if one.Water {
		has |= solver.Water
	}
	if one.Power == "three" {
		has |= solver.ThreePhase
	}
	if one.Extraction {
		has |= solver.Extraction
	}
	row.Has = lang.Capital(allocation.ServiceWords(p, has))
	var works []string
	for _, w := range laid.Works {
		works = append(works, w.Name+" ("+p.Money(w.Cost)+")")
	}
	row.Works = p.List(works)
	if laid.Fee > 0 {
		row.Fee = p.Money(laid.Fee)
	}
	free := laid.Free
	for _, o := range one.In {
		if !o.Until.IsZero() && o.Until.AddDays(1).After(free) {
			free = o.Until.AddDays(1)
		}
	}
	row.Free = dayWords(p, free)
	return row
}

// sits is somebody who sits in the houses of the round.
func (page *setupPage) sits(p *lang.Printer, in allocation.Inputs, names names, i int) {
	f, a := in.People[i], in.Round.Applicants[i]
	row := sittingRow{ID: string(f.Occupancy), Space: in.Spaces[a.Sitting.Space].Code,
		Who:      names[string(f.Occupancy)].Name,
		Practice: in.Practices[a.Practices[0]].Name(p.Tag)}
	c := page.Setup.Consent(f.Occupancy)
	switch {
	case c.Moves && c.Shares:
		row.Agreed = p.T("allocation.page.agreed.both")
	case c.Moves:
		row.Agreed = p.T("allocation.page.agreed.moves")
	case c.Shares:
		row.Agreed = p.T("allocation.page.agreed.shares")
	}
	if c.Shares && c.Keeps > 0 {
		row.Agreed += " " + p.T("allocation.page.agreed.keeps", "area", allocation.Square(p, c.Keeps))
	}
	if c.Note != "" {
		row.Agreed += ". " + c.Note
	}
	page.Sitting = append(page.Sitting, row)
	page.Occupant = append(page.Occupant, web.Option{Value: row.ID, Label: row.Space + ", " + row.Who})
}

func (s *screens) setup(q *web.Request) error {
	page, err := s.setupPage(q, q.Blank())
	if err != nil {
		return err
	}
	fillSetup(page.Form, page.Setup)
	return q.Page(setupView(page))
}

func fillSetup(form *web.Form, s allocation.Setup) {
	form.Set("title", s.Title).Set("seed", s.Seed).Set("day", s.Day.String()).Set("from", s.From.String()).
		Set("fee", plainMoney(s.Fee)).Set("works", plainMoney(s.Works))
	var ids []string
	for _, id := range s.Places {
		ids = append(ids, string(id))
	}
	form.SetAll("places", ids)
	if w := s.Own; w != nil {
		for _, one := range weightFields(w) {
			form.Set("own-"+one.name, strconv.FormatInt(*one.is, 10))
		}
	}
}

// weightField is one of the weights with the name of its field.
type weightField struct {
	name string
	is   *int64
}

func weightFields(w *solver.Weights) []weightField {
	return []weightField{{"person", &w.Person}, {"day", &w.Day}, {"area", &w.Area}, {"tools", &w.Tools},
		{"works", &w.Works}, {"move", &w.Move}}
}

// maxWeight is what a field of weights may say; the solver has its own limits besides.
const maxWeight = 1_000_000_000

// ownWeights reads the weights of a plan more; nil when none was typed.
func ownWeights(form *web.Form) *solver.Weights {
	w, typed := solver.Weights{}, false
	for _, one := range weightFields(&w) {
		typed = typed || form.Raw("own-"+one.name) != ""
		*one.is = form.Int("own-"+one.name, 0, maxWeight)
	}
	if !typed {
		return nil
	}
	return &w
}

// prepared changes the setup of the round that the address names; the page is shown again when it is refused.
func (s *screens) prepared(q *web.Request, form *web.Form, to string, change func(*allocation.Setup) error) (bool,
	error) {
	round, err := look(q, s.DB, func(r store.Reader) (allocation.Round, error) { return numbered(q, r) })
	if err != nil {
		return true, err
	}
	return s.done(q, form, "prepare", roundPath(round.Number)+to, func(tx *store.Tx) error {
		return allocation.Prepare(tx, round.ID, change)
	})
}

func (s *screens) prepare(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.setupPage(q, form)
	if err != nil {
		return err
	}
	next := page.Setup
	basics(form, page.newPage, &next)
	next.Own = ownWeights(form)
	if done, err := s.prepared(q, form, "/setup", func(setup *allocation.Setup) error {
		setup.Title, setup.Seed, setup.Day, setup.From, setup.Fee, setup.Works, setup.Places, setup.Own = next.Title,
			next.Seed, next.Day, next.From, next.Fee, next.Works, next.Places, next.Own
		return nil
	}); done || err != nil {
		return err
	}
	return q.Again(setupView(page))
}

// spacePage is the setup of one space.
type spacePage struct {
	Round string // its title
	Form  *web.Form
	Path  string
	Back  string
	Title string
}

func (s *screens) spacePage(q *web.Request, form *web.Form) (page spacePage, laid allocation.SpaceSetup, err error) {
	err = s.DB.View(q.Context(), func(v *store.View) error {
		n, err := numbered(q, v)
		if err != nil {
			return err
		}
		setup, _, err := allocation.SetupOf(v, n.ID)
		if err != nil {
			return err
		}
		part, err := places.PartByID(v, places.PartID(q.Path("id")), places.On(setup.From))
		if err != nil || !slices.Contains(setup.Places, part.Place) {
			return web.NotFound
		}
		laid = setup.Space(part.ID)
		page = spacePage{Form: form, Back: roundPath(n.Number) + "/setup", Round: setup.Title,
			Title: part.Name() + ", " + part.Area.In(q.P)}
		page.Path = roundPath(n.Number) + "/spaces/" + string(part.ID)
		return nil
	})
	return page, laid, err
}

func (s *screens) spaceSetup(q *web.Request) error {
	form := q.Blank()
	page, laid, err := s.spacePage(q, form)
	if err != nil {
		return err
	}
	if laid.Offered {
		form.Set("offered", "yes")
	}
	if laid.Seats > 0 {
		form.Set("seats", strconv.Itoa(laid.Seats))
	}
	if laid.Fee > 0 {
		form.Set("fee", plainMoney(laid.Fee))
	}
	form.Set("free", laid.Free.String()).SetAll("adds", allocation.Named(allocation.Services, laid.Adds))
	for i, w := range laid.Works {
		n := "-" + strconv.Itoa(i+1)
		form.Set("work-name"+n, w.Name).Set("work-cost"+n, plainMoney(w.Cost)).Set("work-ready"+n, w.Ready.String()).
			SetAll("work-adds"+n, allocation.Named(allocation.Services, w.Adds))
	}
	return q.Page(spaceView(page))
}

// worksShown is how many pieces of work the form of a space has room for.
const worksShown = 2

func (s *screens) prepareSpace(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, laid, err := s.spacePage(q, form)
	if err != nil {
		return err
	}
	next := allocation.SpaceSetup{Part: laid.Part, Offered: form.Flag("offered"), Seats: int(form.Int("seats", 0, 100)),
		Fee: form.Money("fee", 0, places.MaxFee), Free: form.Date("free"), Adds: ticked(form, "adds", allocation.Services)}
	for i := range worksShown {
		n := "-" + strconv.Itoa(i+1)
		w := allocation.Building{Name: form.Text("work-name"+n, allocation.MaxTitle), Cost: form.Money("work-cost"+n, 0,
			maxWork), Ready: form.Date("work-ready" + n), Adds: ticked(form, "work-adds"+n, allocation.Services)}
		if w.Name != "" || w.Cost != 0 || w.Adds != 0 {
			next.Works = append(next.Works, w)
		}
	}
	if done, err := s.prepared(q, form, "/setup",
		func(setup *allocation.Setup) error { setup.Set(next); return nil }); done ||
		err != nil {
		return err
	}
	return q.Again(spaceView(page))
}

const maxWork = solver.MaxMoney / solver.MaxWorks

// wall says what lies between two spaces; without what stops it is taken away.
func (s *screens) wall(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	w := allocation.Wall{A: places.PartID(form.Need("wall-a", 60)), B: places.PartID(form.Need("wall-b", 60)),
		Stops: ticked(form, "stops", allocation.Nuisances)}
	drop := form.Flag("drop")
	if done, err := s.prepared(q, form, "/setup#walls", func(setup *allocation.Setup) error {
		setup.Walls = slices.DeleteFunc(slices.Clone(setup.Walls), func(o allocation.Wall) bool {
			return o.A == w.A && o.B == w.B || o.A == w.B && o.B == w.A
		})
		if !drop {
			setup.Walls = append(setup.Walls, w)
		}
		return nil
	}); done || err != nil {
		return err
	}
	return s.setupAgain(q, form)
}

// setupAgain shows the page of the setup with what is wrong with one of its smaller forms.
func (s *screens) setupAgain(q *web.Request, form *web.Form) error {
	page, err := s.setupPage(q, form)
	if err != nil {
		return err
	}
	fillSetup(form, page.Setup)
	return q.Again(setupView(page))
}

// consent notes what somebody who sits agreed to.
func (s *screens) consent(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	c := allocation.Consent{Occupancy: places.OccupancyID(form.Need("occupancy", 60)), Moves: form.Flag("moves"),
		Shares: form.Flag("shares"), Keeps: area(form, "keeps"), Note: form.Text("note", allocation.MaxWhy)}
	if done, err := s.prepared(q, form, "/setup#sitting", func(setup *allocation.Setup) error {
		setup.Consents = slices.DeleteFunc(slices.Clone(setup.Consents),
			func(o allocation.Consent) bool { return o.Occupancy == c.Occupancy })
		if c.Moves || c.Shares {
			setup.Consents = append(setup.Consents, c)
		}
		return nil
	}); done || err != nil {
		return err
	}
	return s.setupAgain(q, form)
}
