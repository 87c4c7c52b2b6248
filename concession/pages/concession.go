package pages

import (
	"iter"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
	"lieux/places"
)

// splitLines are the lines of a text that say something.
func splitLines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// concessionPage is what GET /concessions/{number} shows.
type concessionPage struct {
	row
	PlaceHref   string
	ReportHref  string // where the papers of the place are
	Facts       []web.Fact
	Clause      []web.Line
	Waits       []web.Due
	Papers      []paperRow
	Evaluations []concession.Evaluation
	Results     []yearRow
	Course      []web.Event
	Form        *web.Form
	Staff, Runs bool
	Timeline    templ.Component
}

type paperRow struct {
	concession.Paper
	Href  string
	Words string
	Badge web.Kind
}

func (p Pages) concession(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (concessionPage, error) { return p.readConcession(q, r) })
	if err != nil {
		return err
	}
	return q.Page(concessionView(page))
}

func (p Pages) readConcession(q *web.Request, r store.Reader) (page concessionPage, err error) {
	c, err := numbered(q, r)
	if err != nil {
		return page, err
	}
	page.Staff, page.Form = q.Who.May(web.Staff), q.Blank()
	if page.Runs, err = runs(q, r, c); err != nil {
		return page, err
	}
	if page.row, err = rowOf(q, r, c); err != nil {
		return page, err
	}
	place, err := places.PlaceByID(r, c.Place, places.Now(r))
	if err != nil {
		return page, err
	}
	page.PlaceHref, page.ReportHref = pathOfPlace(place), pathOfPlace(place)
	if page.Runs {
		page.PlaceHref = pathOfMine(place)
	}
	if page.Facts, err = termFacts(q, r, c, page.Staff || page.Runs); err != nil {
		return page, err
	}
	if page.Staff || page.Runs {
		if page.Papers, err = paperRows(q, r, c); err != nil {
			return page, err
		}
		if page.Waits, err = waits(q, r, page.row); err != nil {
			return page, err
		}
	}
	if page.Evaluations, err = readable(q, r, c.ID); err != nil {
		return page, err
	}
	if page.Results, err = yearsOf(r, c); err != nil {
		return page, err
	}
	for _, f := range slices.Backward(c.Facts) {
		text, err := courseWords(q, r, f)
		if err != nil {
			return page, err
		}
		page.Course = append(page.Course, web.Event{When: q.P.Date(f.From), At: f.From.String(), Text: text,
			Undo: f.State == concession.Ended})
	}
	return page, nil
}

// courseWords say what began on a day.
func courseWords(q *web.Request, r store.Reader, f concession.Fact) (string, error) {
	words := capital(q.P, f.State.Words())
	if f.State.Binds() {
		words += q.T("concession.page.course.term", "from", f.First, "until", f.Last)
	}
	if f.Decision != "" {
		d, err := people.GetDecision(r, f.Decision)
		if err != nil {
			return "", err
		}
		words += q.T("concession.page.course.decided", "reference", d.Reference, "day", d.On)
	}
	if f.Why != "" {
		words += q.T("concession.page.course.why", "why", f.Why)
	}
	return words, nil
}

// termFacts are the terms, line by line; notes about sources are for the house and the manager.
func termFacts(q *web.Request, r store.Reader, c concession.Concession, inside bool) (facts []web.Fact, err error) {
	add := func(field, text string) {
		if text != "" {
			facts = append(facts, web.Fact{Name: q.T("concession.field." + field), Text: text})
		}
	}
	p := q.P
	add("object", c.Object)
	switch {
	case c.State == concession.Open:
		add("since", p.Date(c.First))
	case c.Last.IsZero():
		add("first", p.Date(c.First))
	default:
		add("term", q.T("concession.report.span", "from", c.First, "until", c.Last))
	}
	if c.Fee > 0 {
		add("fee", q.T("concession.page.fee", "fee", c.Fee, "per", c.Per.Words()))
	}
	add("share", c.ShareWords)
	add("duties", c.Duties)
	add("insurance", c.Insurance)
	if c.Notice > 0 {
		add("notice-term", q.T("concession.page.months", "n", c.Notice))
	}
	if c.Lets {
		add("lets", q.T("concession.page.lets.yes"))
	} else {
		add("lets", q.T("concession.page.lets.no"))
	}
	if c.Decision != "" {
		d, err := people.GetDecision(r, c.Decision)
		if err != nil {
			return nil, err
		}
		add("decision", q.T("concession.page.decided", "reference", d.Reference, "day", d.On))
	}
	if inside {
		add("source", c.Source)
	}
	return facts, nil
}

// sharePage is the small calculator of the clause on the profit.
type sharePage struct {
	row
	Form  *web.Form
	Lines []web.Line
	Owed  money.Cents
}

func (p Pages) share(q *web.Request) error {
	form := web.NewForm(map[string][]string{"profit": {q.Query("profit")}})
	page, err := view(q, p.DB, func(r store.Reader) (page sharePage, err error) {
		c, err := numbered(q, r)
		if err != nil {
			return page, err
		}
		page.row, err = rowOf(q, r, c)
		return page, err
	})
	if err != nil {
		return err
	}
	page.Form = form
	if q.Query("profit") != "" {
		profit := form.Money("profit", -money.Max, money.Max)
		if form.OK() {
			var steps []concession.ShareStep
			page.Owed, steps = page.Share.Share(profit)
			for _, s := range steps {
				page.Lines = append(page.Lines, web.Line{Text: q.P.Words(s.Say), Value: q.P.Money(s.Cents)})
			}
		}
	}
	return q.Page(shareView(page))
}

// historyPage is everything that was written of a concession.
type historyPage struct {
	row
	Form     *web.Form
	Lines    []factLine
	Timeline templ.Component
}

type factLine struct{ ID, From, What, Written, Gone string }

func (p Pages) readHistory(q *web.Request, form *web.Form) (historyPage, error) {
	return view(q, p.DB, func(r store.Reader) (page historyPage, err error) {
		page.Form = form
		c, err := numbered(q, r)
		if err != nil {
			return page, err
		}
		if page.row, err = rowOf(q, r, c); err != nil {
			return page, err
		}
		facts, gone, err := concession.History(r, c.ID)
		if err != nil {
			return page, err
		}
		for _, f := range facts {
			words, err := courseWords(q, r, f)
			if err != nil {
				return page, err
			}
			page.Lines = append(page.Lines, factLine{f.ID, q.P.Date(f.From), words, q.P.Moment(f.At, p.DB.Zone()),
				gone[f.ID].Why})
		}
		if p.History != nil {
			page.Timeline, err = p.History(q.Context(), r, c.ID.Ref())
		}
		return page, err
	})
}

func (p Pages) history(q *web.Request) error {
	page, err := p.readHistory(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(historyView(page))
}

func (p Pages) withdraw(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	fact, why := form.Need("fact", 40), form.Need("why", concession.MaxWhy)
	return p.acted(q, form, "withdraw", func(tx *store.Tx) error { return concession.Withdraw(tx, fact, why) },
		always(pathConcessions+"/"+q.Path("number")+"/history"), func() error {
			page, err := p.readHistory(q, form)
			if err != nil {
				return err
			}
			return q.Again(historyView(page))
		})
}

// readable are the evaluations of a concession that who is at the keyboard may read.
func readable(q *web.Request, r store.Reader, id concession.ID) (list []concession.Evaluation, err error) {
	all, err := concession.EvaluationsOf(r, id)
	for _, e := range all {
		s, err := seenBy(q, r, e)
		if err != nil {
			return nil, err
		}
		if s.any() {
			list = append(list, e)
		}
	}
	return list, err
}
