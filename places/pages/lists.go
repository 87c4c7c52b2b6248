package pages

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
)

// pageSize is how many places or spaces a page of a list shows.
const pageSize = 50

// placeRow is one line of the list of places.
type placeRow struct {
	places.Glance
	Href, Address, Area, Let, Rate, Vacant, Flats, Bought string
}

// placesPage is what GET /places shows.
type placesPage struct {
	Form    *web.Form
	Chips   []web.Chip
	Rows    []placeRow
	Pager   web.Pager
	Sum     places.Sum
	Area    places.Area
	Any     bool
	Show    string
	Exports []web.Link
}

// shown are the places that the address asks for.
func shown(q *web.Request, all []places.Glance) (list []places.Glance, counts map[string]int64) {
	text, show := fold.Text(q.Query("q")), q.Query("show")
	counts = map[string]int64{}
	for _, p := range all {
		if text != "" && !strings.Contains(fold.Text(p.Place.Title+" "+p.Place.Address()+" "+p.Place.About), text) {
			continue
		}
		state := "open"
		if p.Place.Closed {
			state = "closed"
		}
		counts[state]++
		if show == "" || show == state {
			list = append(list, p)
		}
	}
	counts[""] = counts["open"] + counts["closed"]
	return list, counts
}

func (s *screens) places(q *web.Request) error {
	page := placesPage{Form: web.NewForm(map[string][]string{"q": {q.Query("q")}}), Show: q.Query("show")}
	err := s.DB.View(q.Context(), func(v *store.View) error {
		n, err := s.now(v)
		if err != nil {
			return err
		}
		list, counts := shown(q, n.List)
		page.Any = len(n.List) > 0
		for _, show := range []string{"", "open", "closed"} {
			if show == "" || counts["closed"] > 0 {
				page.Chips = append(page.Chips, web.Chip{Text: q.T("places.page.show.all" + strings.TrimPrefix("-"+show, "-all")),
					Count: q.P.Count(counts[show]), Href: q.URLWith("show", show), Current: show == page.Show})
			}
		}
		page.Exports = exports(q.R.URL.Query(), pathPlaces)
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		for _, g := range list[from:min(from+pageSize, int64(len(list)))] {
			page.Rows = append(page.Rows, rowOf(q.P, g))
		}
		for _, g := range list {
			if !g.Place.Closed {
				page.Sum = page.Sum.Plus(g.Sum)
				page.Area += g.Place.Area
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(placesView(page))
}

func rowOf(p *lang.Printer, seen places.Glance) placeRow {
	row := placeRow{Glance: seen, Href: pathOf(seen.Place), Address: seen.Place.Address(),
		Let: seen.Sum.Let.In(p), Rate: p.Percent(int64(seen.Sum.Taken), int64(seen.Sum.Let))}
	if seen.Place.Area > 0 {
		row.Area = seen.Place.Area.In(p)
	}
	if !seen.Place.Bought.IsZero() {
		row.Bought = p.Date(seen.Place.Bought)
	}
	if seen.Sum.Vacant > 0 {
		row.Vacant = p.T("places.page.vacant", "n", seen.Sum.Vacant, "area", seen.Sum.Free.In(p))
	}
	if seen.Sum.Flats > 0 {
		row.Flats = p.T("places.unit.flats", "n", seen.Sum.Flats)
	}
	return row
}

// placesAs gives the list out as a file.
func (s *screens) placesAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var rows [][]sheets.Cell
		err := s.DB.View(q.Context(), func(v *store.View) error {
			n, err := s.now(v)
			if err != nil {
				return err
			}
			list, _ := shown(q, n.List)
			for _, seen := range list {
				place := seen.Place
				rows = append(rows, []sheets.Cell{sheets.Text(place.Title), sheets.Text(place.Address()),
					sheets.Text(q.P.Words(place.Held.Words())), sheets.Date(place.Bought), sheets.Money(place.Price),
					known(place.Area), sheets.Int(seen.Sum.Spaces), square(seen.Sum.Let), square(seen.Sum.Taken),
					sheets.Int(seen.Sum.Vacant), square(seen.Sum.Free), sheets.Int(seen.Sum.Flats)})
			}
			return nil
		})
		if err != nil {
			return err
		}
		return send(q, q.T("places.page.places"), format, heads(q, "place", "address", "held", "bought", "price", "area",
			"spaces", "let", "taken", "vacant", "free", "flats"), slices.Values(rows))
	}
}

// square is an area as a number of a spreadsheet: square metres with two decimals.
func square(a places.Area) sheets.Cell { return sheets.Money(money.Cents(a)) }

// known is an area that may not be known: then its cell is empty.
func known(a places.Area) sheets.Cell {
	if a == 0 {
		return sheets.Cell{}
	}
	return square(a)
}

// spaceRow is one line of the list of spaces.
type spaceRow struct {
	places.Standing
	Place            places.Place
	Href, Who        string
	Practice, Words  string
	AreaWords, Heads string
	Unlisted         bool // no table of the page has a row of it
}

// spacesPage is what GET /spaces shows.
type spacesPage struct {
	Form     *web.Form
	States   []web.Chip
	Uses     []web.Option
	Places   []web.Option
	Rows     []spaceRow
	Pager    web.Pager
	ByUse    []useSum
	Sum      places.Sum
	Exports  []web.Link
	Filtered bool
	Any      bool
}

// useSum is what the spaces of one use add up to.
type useSum struct {
	Use   places.Use
	Count int64
	Area  places.Area
	Taken places.Area
}

// filter is what the address of the list of spaces asks for.
type filter struct {
	text, state, place string
	use                places.Use
	who                map[people.PersonID]bool // whose name is like the text, of those whom the reader may know
}

// maxHits is how many persons a search among the spaces looks at.
const maxHits = people.MaxHits

// filterOf reads what the address asks for, and who bears the name that it looks for.
func filterOf(q *web.Request, r store.Reader) (f filter, err error) {
	f = filter{text: fold.Text(q.Query("q")), state: q.Query("state"), place: q.Query("place"),
		use: places.Use(q.Query("use"))}
	if f.text == "" {
		return f, nil
	}
	hits, _, err := people.Search(r, people.Query{Text: q.Query("q"), Limit: maxHits})
	if fault.Of(err) != nil {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	var ids []people.PersonID
	f.who = map[people.PersonID]bool{}
	for _, h := range hits {
		ids = append(ids, h.Person)
	}
	known, err := people.Names(r, ids)
	if err != nil {
		return f, err
	}
	own, err := selves(q, r)
	for _, id := range ids {
		if known[id].Kind == people.Legal || q.Who.May(web.Staff) || own[id] {
			records, err := people.Records(r, id)
			if err != nil {
				return f, err
			}
			for _, record := range append(records, id) {
				f.who[record] = true
			}
		}
	}
	return f, err
}

// takes says whether the i-th space of a place is asked for, whatever its state.
func (f filter) takes(g *places.Glance, i int) bool {
	return (f.use == "" || g.Briefs[i].Use == f.use) &&
		(f.text == "" || strings.Contains(g.Words[i], f.text) ||
			len(f.who) > 0 && slices.ContainsFunc(g.Spaces[i].In, func(o places.Occupancy) bool { return f.who[o.Person] }))
}

// found is a space of a list: the i-th of its place.
type found struct {
	at *places.Glance
	i  int
}

func (f found) space() *places.Standing { return &f.at.Spaces[f.i] }

// tally is what the spaces of a list add up to.
type tally struct {
	states map[places.State]int64 // whatever the state that is asked for
	uses   map[places.Use]*useSum
	sum    places.Sum
}

// find lists the spaces of every open place that are asked for, and adds them up on the way: there may be twenty
// thousand.
func (n now) find(f filter) (list []found, t tally) {
	t = tally{states: map[places.State]int64{}, uses: map[places.Use]*useSum{}}
	var u *useSum // of the space before: neighbours are often of one use
	for p := range n.List {
		g := &n.List[p]
		if g.Place.Closed || f.place != "" && f.place != g.Place.Name {
			continue
		}
		for i := range g.Spaces {
			if !f.takes(g, i) {
				continue
			}
			s := &g.Briefs[i]
			t.states[s.State]++
			if f.state != "" && string(s.State) != f.state {
				continue
			}
			list = append(list, found{g, i})
			t.sum = t.sum.Plus(s.Sum)
			if u == nil || u.Use != s.Use {
				if u = t.uses[s.Use]; u == nil {
					u = &useSum{Use: s.Use}
					t.uses[s.Use] = u
				}
			}
			u.Count++
			u.Area += s.Area
			u.Taken += s.Taken
		}
	}
	return list, t
}

// rows puts some spaces into words.
func (p Pages) rows(q *web.Request, r store.Reader, list []found) (rows []spaceRow, err error) {
	var in []places.Occupancy
	for _, f := range list {
		in = append(in, f.space().In...)
	}
	names, err := p.naming(q, r, in)
	for _, f := range list {
		rows = append(rows, names.row(*f.space(), f.at.Place, r.Today()))
	}
	return rows, err
}

// rowsOf puts the spaces of a place into words.
func (p Pages) rowsOf(q *web.Request, r store.Reader, seen places.Present) (rows []spaceRow, err error) {
	var in []places.Occupancy
	for _, s := range seen.Spaces {
		in = append(in, s.In...)
	}
	names, err := p.naming(q, r, in)
	for _, s := range seen.Spaces {
		rows = append(rows, names.row(s, seen.Place, seen.When.Day))
	}
	return rows, err
}

// row puts a space into words.
func (n naming) row(s places.Standing, place places.Place, day civil.Date) spaceRow {
	p := n.q.P
	row := spaceRow{Standing: s, Place: place, Href: pathOfPart(s.ID), Words: stateWords(p, s, day)}
	if s.Area > 0 {
		row.AreaWords = s.Area.In(p)
	}
	var who, practices []string
	var heads int64
	for _, o := range s.In {
		who = append(who, n.words(o.Person))
		if !slices.Contains(practices, o.Practice) {
			practices = append(practices, o.Practice)
		}
		heads += o.People
	}
	row.Who, row.Practice = strings.Join(who, ", "), strings.Join(practices, ", ")
	if heads > 0 {
		row.Heads = p.Count(heads)
	}
	return row
}

// stateWords is a state with the day that goes with it.
func stateWords(p *lang.Printer, s places.Standing, day civil.Date) string {
	switch s.State {
	case places.Leaving:
		return p.T("places.state.leaves", "day", s.Ends)
	case places.Partly:
		return p.T("places.state.rest", "area", s.Vacant().In(p))
	case places.Free:
		if n := s.VacantDays(day); n > 0 {
			return p.T("places.state.since", "n", n)
		}
	case places.Between:
		if !s.Next.IsZero() {
			return p.T("places.state.next-stay", "day", s.Next)
		}
	}
	return p.Words(s.State.Words())
}

func (s *screens) spaces(q *web.Request) error {
	page := spacesPage{Places: []web.Option{{Label: q.T("places.page.every-place")}}}
	var f filter
	err := s.DB.View(q.Context(), func(v *store.View) (err error) {
		if f, err = filterOf(q, v); err != nil {
			return err
		}
		n, err := s.now(v)
		if err != nil {
			return err
		}
		for _, g := range n.List {
			if !g.Place.Closed {
				page.Places = append(page.Places, web.Option{Value: g.Place.Name, Label: g.Place.Title})
				page.Any = page.Any || len(g.Spaces) > 0
			}
		}
		list, sums := n.find(f)
		page.States, page.ByUse, page.Sum = stateChips(q, sums.states), byUse(sums.uses), sums.sum
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		page.Rows, err = s.rows(q, v, list[from:min(from+pageSize, int64(len(list)))])
		return err
	})
	if err != nil {
		return err
	}
	page.Form = web.NewForm(map[string][]string{"q": {q.Query("q")}, "use": {string(f.use)}, "place": {f.place}})
	page.Uses = append([]web.Option{{Label: q.T("places.page.every-use")}}, worded(q.P, places.Uses, places.Use.Words)...)
	page.Filtered = f.text != "" || f.state != "" || f.use != "" || f.place != ""
	page.Exports = exports(q.R.URL.Query(), pathSpaces)
	return q.Page(spacesView(page))
}

func stateChips(q *web.Request, counts map[places.State]int64) (chips []web.Chip) {
	all := int64(0)
	for _, n := range counts {
		all += n
	}
	now := q.Query("state")
	chips = append(chips, web.Chip{Text: q.T("places.page.every-state"), Count: q.P.Count(all),
		Href: q.URLWith("state", ""), Current: now == ""})
	for _, s := range places.States {
		if counts[s] > 0 || now == string(s) {
			chips = append(chips, web.Chip{Text: q.P.Words(s.Words()), Count: q.P.Count(counts[s]),
				Href: q.URLWith("state", string(s)), Current: now == string(s)})
		}
	}
	return chips
}

func byUse(by map[places.Use]*useSum) (sums []useSum) {
	for _, u := range places.Uses {
		if by[u] != nil {
			sums = append(sums, *by[u])
		}
	}
	return sums
}

// asked lists the spaces that the address asks for: those of a day when it names a place and a day, as the page of the
// place shows them, else those of now.
func (s *screens) asked(q *web.Request, v *store.View) ([]spaceRow, error) {
	if q.Query("place") != "" && q.Query("day") != "" {
		w, _ := s.when(q, v)
		place, err := called(v, q.Query("place"), w)
		if err != nil {
			return nil, err
		}
		seen, err := places.See(v, place, w)
		if err != nil {
			return nil, err
		}
		return s.rowsOf(q, v, seen)
	}
	f, err := filterOf(q, v)
	if err != nil {
		return nil, err
	}
	n, err := s.now(v)
	if err != nil {
		return nil, err
	}
	list, _ := n.find(f)
	return s.rows(q, v, list)
}

// spacesAs gives the list out as a file, with everything that is known of each space.
func (s *screens) spacesAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var rows []spaceRow
		err := s.DB.View(q.Context(), func(v *store.View) (err error) {
			rows, err = s.asked(q, v)
			return err
		})
		if err != nil {
			return err
		}
		return send(q, q.T("places.page.spaces"), format, heads(q, "place", "code", "title", "use", "tenure", "area", "state",
			"practice", "who", "people", "capacity", "load", "height", "door", "water", "power", "extraction", "compartment",
			"sound", "dust"), func(yield func([]sheets.Cell) bool) {
			for _, r := range rows {
				if !yield(append([]sheets.Cell{sheets.Text(r.Place.Title), sheets.Text(r.Code), sheets.Text(r.Title),
					sheets.Text(q.P.Words(r.Use.Words())), sheets.Text(q.P.Words(r.Tenure.Words())), known(r.Area),
					sheets.Text(r.Words), sheets.Text(r.Practice), sheets.Text(r.Who), sheets.Text(r.Heads)},
					equipmentCells(q.P, r.Equipment)...)) {
					return
				}
			}
		})
	}
}

func equipmentCells(p *lang.Printer, e places.Equipment) []sheets.Cell {
	number := func(n int64) sheets.Cell {
		if n == 0 {
			return sheets.Cell{}
		}
		return sheets.Int(n)
	}
	yes := func(b bool) sheets.Cell {
		if b {
			return sheets.Text(p.T("places.page.yes"))
		}
		return sheets.Cell{}
	}
	word := func(code, value string) sheets.Cell {
		if value == "" {
			return sheets.Cell{}
		}
		return sheets.Text(p.T(code + value))
	}
	return []sheets.Cell{number(e.Capacity), number(e.Load), number(e.Height), number(e.Door), yes(e.Water),
		word("places.power.", e.Power), yes(e.Extraction), sheets.Text(e.Compartment), word("places.degree.",
			string(e.Sound)),
		word("places.degree.", string(e.Dust))}
}
