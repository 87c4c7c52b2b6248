package pages

import (
	"strconv"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
)

// resultsPage is what is shown of the yearly results of a manager, to the house and to the manager itself.
type resultsPage struct {
	row
	Form   *web.Form
	Years  []yearRow
	Clause []string
	Back   web.Link
	Path   string // where the form is sent
	Hand   bool   // who is at the keyboard hands results in, or notes them
	Own    bool   // as the manager
	Inside bool   // sees what was written, with its papers
}

// yearRow is one year in words.
type yearRow struct {
	concession.Reckoned
	Name    string
	Lines   []web.Line
	Late    bool
	Entries []entryRow
}

// entryRow is an entry of a year in words.
type entryRow struct{ ID, Written, Words, Why, Gone, Paper string }

func (p Pages) readResults(q *web.Request, r store.Reader, c concession.Concession, form *web.Form) (page resultsPage,
	err error) {
	page.Form = form
	if page.row, err = rowOf(q, r, c); err != nil {
		return page, err
	}
	runs, err := runs(q, r, c)
	if err != nil {
		return page, err
	}
	page.Inside = q.Who.May(web.Staff) || runs
	years, err := concession.YearsOfResults(r, c)
	if err != nil {
		return page, err
	}
	names, err := writersOf(r, years)
	if err != nil {
		return page, err
	}
	for _, y := range years {
		line := yearOf(y, r.Today())
		for _, s := range y.Steps {
			line.Lines = append(line.Lines, web.Line{Text: q.P.Words(s.Say), Value: q.P.Money(s.Cents)})
		}
		for _, w := range y.Entries {
			if page.Inside {
				line.Entries = append(line.Entries, p.entryRow(q.P, page.row, w, names))
			}
		}
		page.Years = append(page.Years, line)
	}
	page.Clause = paragraphs(c.ShareWords)
	return page, nil
}

func yearOf(y concession.Reckoned, today civil.Date) yearRow {
	return yearRow{Reckoned: y, Name: strconv.FormatInt(y.Year, 10), Late: y.DueOn.Before(today)}
}

// yearsOf are the years of a concession, a line each.
func yearsOf(r store.Reader, c concession.Concession) (rows []yearRow, err error) {
	years, err := concession.YearsOfResults(r, c)
	for _, y := range years {
		rows = append(rows, yearOf(y, r.Today()))
	}
	return rows, err
}

// writersOf are the names of those who wrote results, or their opposite.
func writersOf(r store.Reader, years []concession.Reckoned) (map[people.PersonID]people.Person, error) {
	var ids []people.PersonID
	for _, y := range years {
		for _, w := range y.Entries {
			ids = append(ids, w.By, w.Gone.By)
		}
	}
	return people.Names(r, ids)
}

func (p Pages) entryRow(pr *lang.Printer, c row, w concession.Written,
	names map[people.PersonID]people.Person) entryRow {
	code := "concession.page.result.noted"
	if w.ByManager {
		code = "concession.page.result.handed"
	}
	e := entryRow{ID: w.Result.ID, Written: pr.Moment(w.Result.At, p.DB.Zone()), Why: w.Result.Why,
		Words: pr.T(code, "name", names[w.Result.By].Words(pr), "day", w.HandedOn, "revenue", w.Revenue,
			"charges", w.Charges)}
	if w.Document != "" {
		e.Paper = c.Href + "/documents/" + w.Document
	}
	if w.Gone.ID != "" {
		e.Gone = pr.T("concession.page.result.gone", "name", names[w.Gone.By].Words(pr), "why", w.Gone.Why)
	}
	return e
}

// offered fills the form with the oldest year that is missing, or the last one that is over.
func (page resultsPage) offered(today int) {
	year := today - 1
	for _, y := range page.Years {
		if y.Asked() && !y.Handed() {
			year = int(y.Year)
		}
	}
	page.Form.Set("year", strconv.Itoa(year))
}

// results shows the results to the house, to members and to the manager.
func (p Pages) results(q *web.Request) error {
	page, err := p.houseResults(q, q.Blank())
	if err != nil {
		return err
	}
	page.offered(p.DB.Today().Year())
	page.Form.Set("handed", p.DB.Today().String())
	return q.Page(resultsView(page))
}

func (p Pages) houseResults(q *web.Request, form *web.Form) (resultsPage, error) {
	return view(q, p.DB, func(r store.Reader) (page resultsPage, err error) {
		c, err := numbered(q, r)
		if err != nil {
			return page, err
		}
		page, err = p.readResults(q, r, c, form)
		page.Hand, page.Path = q.Who.May(writers), page.Href+"/results"
		page.Back = web.Link{Href: page.Href, Text: q.T("concession.page.of", "place", page.Place)}
		return page, err
	})
}

// ownResults shows the results of a place to who runs it, with the form by which they are handed in.
func (p Pages) ownResults(q *web.Request) error {
	page, err := p.managersResults(q, q.Blank())
	if err != nil {
		return err
	}
	page.offered(p.DB.Today().Year())
	return q.Page(resultsView(page))
}

func (p Pages) managersResults(q *web.Request, form *web.Form) (resultsPage, error) {
	return view(q, p.DB, func(r store.Reader) (page resultsPage, err error) {
		c, place, err := mine(q, r)
		if err != nil {
			return page, err
		}
		page, err = p.readResults(q, r, c, form)
		page.Hand, page.Own, page.Path = true, true, pathOfMine(place)+"/results"
		page.Back = web.Link{Href: pathOfMine(place), Text: place.Title}
		return page, err
	})
}

func readHand(form *web.Form) concession.Hand {
	h := concession.Hand{Year: form.NeedInt("year", 1900, 2200), Why: form.Lines("why", concession.MaxWhy),
		Revenue: form.Money("revenue", 0, money.Max), Charges: form.Money("charges", 0, money.Max)}
	for _, name := range []string{"revenue", "charges"} {
		form.Need(name, 40)
	}
	return h
}

func (p Pages) handIn(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.managersResults(q, form)
	if err != nil {
		return err
	}
	h := readHand(form)
	file, err := upload(form, "document")
	if err != nil {
		return err
	}
	return p.acted(q, form, "hand-in", func(tx *store.Tx) error {
		return concession.HandIn(tx, acting(q), page.Concession.ID, h, file)
	}, always(page.Path), func() error { return q.Again(resultsView(page)) })
}

func (p Pages) noteResult(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.houseResults(q, form)
	if err != nil {
		return err
	}
	h := readHand(form)
	h.HandedOn = form.NeedDate("handed")
	file, err := upload(form, "document")
	if err != nil {
		return err
	}
	return p.acted(q, form, "note-result", func(tx *store.Tx) error {
		return concession.NoteResult(tx, page.Concession.ID, h, file)
	}, always(page.Path), func() error { return q.Again(resultsView(page)) })
}

// unhand writes the opposite entry of results.
func (p Pages) unhand(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.houseResults(q, form)
	if err != nil {
		return err
	}
	result, why := form.Need("result", 40), form.Text("gone-why", concession.MaxWhy)
	return p.acted(q, form, "unhand", func(tx *store.Tx) error { return concession.Unhand(tx, result, why) },
		always(page.Path), func() error { return q.Again(resultsView(page)) })
}
