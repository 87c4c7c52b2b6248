package pages

import (
	"strconv"
	"strings"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
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

// letters A to F name the plans.
const planLetters = "ABCDEF"

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
	rest := group{ID: showRest, Title: p.T("allocation.page.rest"), Note: p.T("allocation.page.rest.note"), Refused: true}
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
		g.Note += "."
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
