package pages

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// pageSize is how many places or spaces a page of a list shows.
const pageSize = 50

// placeRow is one line of the list of places.
type placeRow struct {
	places.Present
	Href, Address, Area, Let, Rate, Vacant, Bought string
	Gaps                                           bool
}

// placesPage is what GET /places shows.
type placesPage struct {
	Form  *web.Form
	Chips []web.Chip
	Rows  []placeRow
	Pager web.Pager
	Sum   places.Sum
	Area  places.Area
	Any   bool
	Show  string
}

// shown are the places that the address asks for.
func shown(q *web.Request, all []places.Place) (list []places.Place, counts map[string]int64) {
	text, show := fold.Text(q.Query("q")), q.Query("show")
	counts = map[string]int64{}
	for _, p := range all {
		if !strings.Contains(fold.Text(p.Title+" "+p.Address()+" "+p.About), text) {
			continue
		}
		state := "open"
		if p.Closed {
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

func (p Pages) places(q *web.Request) error {
	page := placesPage{Form: web.NewForm(map[string][]string{"q": {q.Query("q")}}), Show: q.Query("show")}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		all, err := places.Places(v, places.Now(v))
		if err != nil {
			return err
		}
		list, counts := shown(q, all)
		page.Any = len(all) > 0
		for _, show := range []string{"", "open", "closed"} {
			if show == "" || counts["closed"] > 0 {
				page.Chips = append(page.Chips, web.Chip{Text: q.T("places.page.show.all" + strings.TrimPrefix("-"+show, "-all")),
					Count: q.P.Count(counts[show]), Href: q.URLWith("show", show), Current: show == page.Show})
			}
		}
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		for _, place := range list[from:min(from+pageSize, int64(len(list)))] {
			seen, err := places.See(v, place, places.Now(v))
			if err != nil {
				return err
			}
			page.Rows = append(page.Rows, rowOf(q.P, seen))
			if !place.Closed {
				page.Sum = page.Sum.Plus(seen.Sum)
				page.Area += place.Area
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(placesView(page))
}

func rowOf(p *lang.Printer, seen places.Present) placeRow {
	row := placeRow{Present: seen, Href: pathOf(seen.Place), Address: seen.Place.Address(), Gaps: len(seen.Gaps) > 0,
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
	return row
}

// placesAs gives the list out as a file.
func (p Pages) placesAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var rows [][]sheets.Cell
		err := p.DB.View(q.Context(), func(v *store.View) error {
			all, err := places.Places(v, places.Now(v))
			if err != nil {
				return err
			}
			list, _ := shown(q, all)
			for _, place := range list {
				seen, err := places.See(v, place, places.Now(v))
				if err != nil {
					return err
				}
				rows = append(rows, []sheets.Cell{sheets.Text(place.Title), sheets.Text(place.Address()),
					sheets.Text(q.P.Words(place.Held.Words())), sheets.Date(place.Bought), sheets.Money(place.Price),
					square(place.Area), sheets.Int(seen.Sum.Spaces), square(seen.Sum.Let), square(seen.Sum.Taken),
					sheets.Int(seen.Sum.Vacant), square(seen.Sum.Free)})
			}
			return nil
		})
		if err != nil {
			return err
		}
		return send(q, q.T("places.page.places"), format, heads(q, "place", "address", "held", "bought", "price", "area",
			"spaces", "let", "taken", "vacant", "free"), slices.Values(rows))
	}
}

// square is an area as a number of a spreadsheet: square metres with two decimals.
func square(a places.Area) sheets.Cell { return sheets.Money(money.Cents(a)) }

// spaceRow is one line of the list of spaces.
type spaceRow struct {
	places.Standing
	Place            places.Place
	Href, Who        string
	Practice, Words  string
	AreaWords, Heads string
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
	day                civil.Date
}

func filterOf(q *web.Request) filter {
	return filter{fold.Text(q.Query("q")), q.Query("state"), q.Query("place"), places.Use(q.Query("use")), civil.Date{}}
}

func (f filter) takes(row spaceRow) bool {
	return (f.use == "" || row.Use == f.use) && (f.place == "" || row.Place.Name == f.place) &&
		strings.Contains(fold.Text(row.Name()+" "+row.Practice+" "+row.Who+" "+row.Place.Title), f.text)
}

// allSpaces reads the spaces of every open place today.
func (p Pages) allSpaces(q *web.Request, v *store.View, f filter) (rows []spaceRow, list []places.Place, err error) {
	if list, err = places.Places(v, places.Now(v)); err != nil {
		return nil, nil, err
	}
	list = slices.DeleteFunc(list, func(p places.Place) bool { return p.Closed })
	for _, place := range list {
		if f.place != "" && f.place != place.Name {
			continue
		}
		seen, err := places.See(v, place, places.Now(v))
		if err != nil {
			return nil, nil, err
		}
		some, err := p.rowsOf(q, v, seen)
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, some...)
	}
	return rows, list, nil
}

// rowsOf puts the spaces of a place into words.
func (p Pages) rowsOf(q *web.Request, r store.Reader, seen places.Present) (rows []spaceRow, err error) {
	names, err := p.naming(q, r, seen.All)
	if err != nil {
		return nil, err
	}
	for _, s := range seen.Spaces {
		row := spaceRow{Standing: s, Place: seen.Place, Href: pathOfPart(s.ID), Words: stateWords(q.P, s, seen.When.Day)}
		if s.Area > 0 {
			row.AreaWords = s.Area.In(q.P)
		}
		var who, practices []string
		var heads int64
		for _, o := range s.In {
			who = append(who, names.words(o.Person))
			if !slices.Contains(practices, o.Practice) {
				practices = append(practices, o.Practice)
			}
			heads += o.People
		}
		row.Who, row.Practice = strings.Join(who, ", "), strings.Join(practices, ", ")
		if heads > 0 {
			row.Heads = q.P.Count(heads)
		}
		rows = append(rows, row)
	}
	return rows, nil
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
	}
	return p.Words(s.State.Words())
}

func (p Pages) spaces(q *web.Request) error {
	page := spacesPage{}
	f := filterOf(q)
	page.Form = web.NewForm(map[string][]string{"q": {q.Query("q")}, "use": {string(f.use)}, "place": {f.place}})
	err := p.DB.View(q.Context(), func(v *store.View) error {
		rows, list, err := p.allSpaces(q, v, f)
		if err != nil {
			return err
		}
		page.Any = len(rows) > 0 || f.place != ""
		page.Places = []web.Option{{Label: q.T("places.page.every-place")}}
		for _, place := range list {
			page.Places = append(page.Places, web.Option{Value: place.Name, Label: place.Title})
		}
		rows = slices.DeleteFunc(rows, func(r spaceRow) bool { return !f.takes(r) })
		page.States = stateChips(q, rows)
		rows = slices.DeleteFunc(rows, func(r spaceRow) bool { return f.state != "" && string(r.State) != f.state })
		page.ByUse = byUse(rows)
		for _, r := range rows {
			page.Sum.Add(r.Standing)
		}
		page.Pager = q.Pager(int64(len(rows)), pageSize)
		from := page.Pager.Offset()
		page.Rows = rows[from:min(from+pageSize, int64(len(rows)))]
		return nil
	})
	if err != nil {
		return err
	}
	page.Uses = append([]web.Option{{Label: q.T("places.page.every-use")}}, worded(q.P, places.Uses, places.Use.Words)...)
	page.Filtered = f.text != "" || f.state != "" || f.use != "" || f.place != ""
	_, query, _ := strings.Cut(q.URLWith("page", ""), "?")
	for _, format := range []string{"csv", "xlsx"} {
		page.Exports = append(page.Exports, web.Link{Text: format, Href: pathSpaces + "." + format + "?" + query})
	}
	return q.Page(spacesView(page))
}

func stateChips(q *web.Request, rows []spaceRow) (chips []web.Chip) {
	counts := map[places.State]int64{}
	for _, r := range rows {
		counts[r.State]++
	}
	now := q.Query("state")
	chips = append(chips, web.Chip{Text: q.T("places.page.every-state"), Count: q.P.Count(int64(len(rows))),
		Href: q.URLWith("state", ""), Current: now == ""})
	for _, s := range places.States {
		if counts[s] > 0 || now == string(s) {
			chips = append(chips, web.Chip{Text: q.P.Words(s.Words()), Count: q.P.Count(counts[s]),
				Href: q.URLWith("state", string(s)), Current: now == string(s)})
		}
	}
	return chips
}

func byUse(rows []spaceRow) (sums []useSum) {
	for _, u := range places.Uses {
		s := useSum{Use: u}
		for _, r := range rows {
			if r.Use == u {
				s.Count++
				s.Area += r.Area
				s.Taken += r.Taken
			}
		}
		if s.Count > 0 {
			sums = append(sums, s)
		}
	}
	return sums
}

// spacesAs gives the list out as a file, with everything that is known of each space.
func (p Pages) spacesAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var rows []spaceRow
		f := filterOf(q)
		err := p.DB.View(q.Context(), func(v *store.View) (err error) {
			rows, _, err = p.allSpaces(q, v, f)
			return err
		})
		if err != nil {
			return err
		}
		rows = slices.DeleteFunc(rows, func(r spaceRow) bool {
			return !f.takes(r) || f.state != "" && string(r.State) != f.state
		})
		return send(q, q.T("places.page.spaces"), format, heads(q, "place", "code", "title", "use", "tenure", "area", "state",
			"practice", "who", "people", "capacity", "load", "height", "door", "water", "power", "extraction", "compartment",
			"sound", "dust"), func(yield func([]sheets.Cell) bool) {
			for _, r := range rows {
				if !yield(append([]sheets.Cell{sheets.Text(r.Place.Title), sheets.Text(r.Code), sheets.Text(r.Title),
					sheets.Text(q.P.Words(r.Use.Words())), sheets.Text(q.P.Words(r.Tenure.Words())), square(r.Area),
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
