package pages

import (
	"iter"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
	personview "lieux/people/view"
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

// row is one concession of a list.
type row struct {
	concession.Concession
	Href, Place, Manager string
	Lapsed               bool
}

// listPage is what GET /concessions shows.
type listPage struct {
	Rows  []row
	Chips []web.Chip
	Waits []web.Due
	Bare  []places.Place // that nobody runs
	Any   bool
}

func rowOf(q *web.Request, r store.Reader, c concession.Concession) (row, error) {
	place, err := places.PlaceByID(r, c.Place, places.Now(r))
	if err != nil {
		return row{}, err
	}
	manager, err := people.Standing(r, c.Manager)
	return row{Concession: c, Href: pathOf(c), Place: place.Title, Manager: manager.Words(q.P),
		Lapsed: c.Lapsed(r.Today())}, err
}

func (p Pages) list(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (page listPage, err error) {
		all, err := concession.All(r, places.Now(r))
		if err != nil {
			return page, err
		}
		page.Any = len(all) > 0
		show := q.Query("show")
		counts, run := map[string]int64{}, map[places.PlaceID]bool{}
		for _, c := range all {
			if c.State == concession.Undone {
				continue
			}
			kind := "over"
			if c.State != concession.Ended {
				kind = "current"
			}
			run[c.Place] = run[c.Place] || c.Runs(r.Today())
			counts[kind]++
			counts[""]++
			if show == "" || show == kind {
				line, err := rowOf(q, r, c)
				if err != nil {
					return page, err
				}
				page.Rows = append(page.Rows, line)
			}
		}
		for _, s := range []string{"", "current", "over"} {
			page.Chips = append(page.Chips, web.Chip{Text: q.T("concession.page.show" + strings.TrimSuffix("."+s, ".")),
				Count: q.P.Count(counts[s]), Href: q.URLWith("show", s), Current: s == show})
		}
		houses, err := places.Places(r, places.Now(r))
		if err != nil {
			return page, err
		}
		for _, h := range houses {
			if !h.Closed && !run[h.ID] {
				page.Bare = append(page.Bare, h)
			}
		}
		page.Waits, err = waits(q, r, "")
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(listView(page))
}

// waits are the tasks of a concession, or of all, as lines.
func waits(q *web.Request, r store.Reader, of concession.ID) (list []web.Due, err error) {
	tasks, err := concession.Waiting(r)
	if of != "" {
		tasks, err = concession.Tasks(r)
	}
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		if t.Done || of != "" && t.Concession.ID != of {
			continue
		}
		d, err := due(q, r, t)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
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
		if page.Waits, err = waits(q, r, c.ID); err != nil {
			return page, err
		}
	}
	if page.Evaluations, err = readable(q, r, c.ID); err != nil {
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

func paperRows(q *web.Request, r store.Reader, c concession.Concession) (rows []paperRow, err error) {
	all, err := concession.PapersOf(r, c.ID)
	for _, paper := range all {
		line := paperRow{Paper: paper, Words: q.T("concession.page.paper.from", "from", paper.From), Badge: web.Yes}
		if !paper.Until.IsZero() {
			line.Words = q.T("concession.report.span", "from", paper.From, "until", paper.Until)
			if paper.Until.Before(r.Today()) {
				line.Badge = web.Off
			}
		}
		if paper.Document != "" {
			line.Href = pathOf(c) + "/documents/" + paper.Document
		}
		rows = append(rows, line)
	}
	if c.Document != "" {
		rows = append([]paperRow{{Paper: concession.Paper{Kind: concession.ContractPaper,
			Title: q.T("concession.field.document"), From: c.From}, Href: pathOf(c) + "/documents/" + c.Document,
			Words: q.T("concession.page.paper.from", "from", c.From), Badge: web.Yes}}, rows...)
	}
	return rows, err
}

// document shows a paper of a concession to the house and to its manager.
func (p Pages) document(q *web.Request) error {
	d, err := view(q, p.DB, func(r store.Reader) (d documents.Document, err error) {
		c, err := numbered(q, r)
		if err != nil {
			return d, err
		}
		inside := q.Who.May(web.Staff)
		if !inside {
			if inside, err = runs(q, r, c); err != nil {
				return d, err
			}
		}
		papers, err := concession.PapersOf(r, c.ID)
		if err != nil {
			return d, err
		}
		id := q.Path("id")
		ours := slices.ContainsFunc(papers, func(x concession.Paper) bool { return x.Document == id }) ||
			slices.ContainsFunc(c.Facts, func(f concession.Fact) bool { return f.Document == id })
		d, found, err := documents.Find(r, id)
		if err == nil && (!found || !ours || !inside) {
			err = web.NotFound
		}
		return d, err
	})
	if err != nil {
		return err
	}
	return p.send(q, d)
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

// termsPage is the form of a concession: a new one, or an act on one.
type termsPage struct {
	row
	Form        *web.Form
	Act         string // "new", "amend", "conclude", "renewal", "ending"
	Action      string
	Places      []web.Option
	Who         personview.Choice
	Decided     personview.DecisionChoice
	Evaluations []web.Option
	Years       int64
}

// The acts on a concession, as the last part of the address.
const (
	actNew      = "new"
	actAmend    = "amend"
	actConclude = "conclude"
	actRenew    = "renewal"
	actEnd      = "ending"
)

// deciding asks for a decision of the board or the assembly.
func deciding() personview.Deciding {
	return personview.Deciding{Name: "decision", By: []people.BodyKind{people.Board, people.Assembly}}
}

// maySettle says whether the act on a concession makes sense in its state.
func maySettle(act string, s concession.State) bool {
	switch act {
	case actConclude:
		return s == concession.Draft || s == concession.Open
	case actRenew:
		return s.Binds()
	case actAmend, actEnd:
		return s != concession.Ended && s != concession.Undone
	}
	return false
}

func (p Pages) termsPage(q *web.Request, form *web.Form, act string) (termsPage, error) {
	return view(q, p.DB, func(r store.Reader) (page termsPage, err error) {
		page = termsPage{Form: form, Act: act, Action: pathConcessions, Who: personview.Choice{Name: "manager"}}
		cal, err := concession.CalendarOf(r)
		if err != nil {
			return page, err
		}
		page.Years = cal.Years
		if page.Decided, err = deciding().Offer(r, q.P, form); err != nil {
			return page, err
		}
		if act == actNew {
			page.Places, err = placeOptions(r)
			return page, err
		}
		c, err := numbered(q, r)
		if err != nil {
			return page, err
		}
		if !maySettle(act, c.State) {
			return page, web.NotFound
		}
		page.Action = pathOf(c) + "/" + act
		if page.row, err = rowOf(q, r, c); err != nil {
			return page, err
		}
		evaluations, err := concession.EvaluationsOf(r, c.ID)
		page.Evaluations = []web.Option{{Label: q.T("concession.page.without-evaluation")}}
		for _, e := range evaluations {
			if a := e.Advice(); a != "" {
				page.Evaluations = append(page.Evaluations, web.Option{Value: string(e.ID),
					Label: q.T("concession.page.evaluation-advice", "number", e.Number, "advice", a.Words())})
			}
		}
		return page, err
	})
}

func (p Pages) blank(q *web.Request) error {
	form := q.Blank().Set("state", string(concession.Force)).Set("per", string(concession.Yearly)).
		Set("place", q.Query("place"))
	page, err := p.termsPage(q, form, actNew)
	if err != nil {
		return err
	}
	return q.Page(termsView(page))
}

func setTerms(form *web.Form, p *lang.Printer, t concession.Terms) {
	form.Set("object", t.Object).Set("first", t.First.String()).Set("last", t.Last.String()).
		Set("fee", cents(p, t.Fee)).Set("per", string(t.Per)).Set("share-words", t.ShareWords).
		Set("threshold", cents(p, t.Share.Threshold)).Set("num", count(t.Share.Num)).Set("den", count(t.Share.Den)).
		Set("ceiling", cents(p, t.Share.Ceiling)).Set("duties", t.Duties).Set("insurance", t.Insurance).
		Set("notice", count(t.Notice)).Set("source", t.Source)
	if t.Lets {
		form.Set("lets", "yes")
	}
}

// partial reads a day that may be known to the month only; nothing is no day.
func partial(form *web.Form, name string) civil.Date {
	if form.Raw(name) == "" {
		return civil.Date{}
	}
	return form.PartialDate(name)
}

func readTerms(form *web.Form) concession.Terms {
	return concession.Terms{Object: form.Lines("object", concession.MaxText), First: partial(form, "first"),
		Last: partial(form, "last"), Fee: form.Money("fee", 0, money.Max/12),
		Per:        concession.Per(form.Choice("per", values(concession.Pers)...)),
		ShareWords: form.Lines("share-words", concession.MaxText),
		Share: concession.Rule{Threshold: form.Money("threshold", 0, money.Max), Num: form.Int("num", 0, 10_000),
			Den: form.Int("den", 0, 10_000), Ceiling: form.Money("ceiling", 0, money.Max)},
		Duties: form.Lines("duties", concession.MaxText), Insurance: form.Lines("insurance", concession.MaxText),
		Lets: form.Flag("lets"), Notice: form.Int("notice", 0, concession.MaxNotice),
		Source: form.Lines("source", concession.MaxText)}
}

// takeDecision reads which decision a form names.
func (p Pages) takeDecision(q *web.Request, form *web.Form) (personview.Ruling, error) {
	return view(q, p.DB, func(r store.Reader) (personview.Ruling, error) { return deciding().Take(r, form) })
}

func (p Pages) begin(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	n := concession.New{Place: places.PlaceID(form.Need("place", 40)), Fact: concession.Fact{
		State: concession.State(form.Choice("state", "draft", "open", "force")), Terms: readTerms(form),
		Why: form.Lines("why", concession.MaxWhy)}}
	file, err := upload(form, "document")
	if err != nil {
		return err
	}
	ruling, err := p.takeDecision(q, form)
	if err != nil {
		return err
	}
	who, err := view(q, p.DB, func(r store.Reader) (personview.Choice, error) {
		return personview.Pick(r, q.P, form, "manager", false)
	})
	if err != nil {
		return err
	}
	n.Manager = who.Person
	return p.acted(q, form, "begin", func(tx *store.Tx) (err error) {
		if n.Fact.Decision, err = ruling.Record(tx); err != nil {
			return err
		}
		if n.Fact.Document, err = kept(tx, file); err != nil {
			return err
		}
		_, err = concession.Begin(tx, n)
		return err
	}, p.toConcession(q), func() error {
		page, err := p.termsPage(q, form, actNew)
		if err != nil {
			return err
		}
		page.Who = who
		return q.Again(termsView(page))
	})
}

// toConcession leads to the page of the concession that an act answered.
func (p Pages) toConcession(q *web.Request) func(string) string {
	return func(answer string) string {
		c, err := view(q, p.DB, func(r store.Reader) (concession.Concession, error) {
			return concession.ByID(r, concession.ID(answer), places.Now(r))
		})
		if err != nil {
			return pathConcessions
		}
		return pathOf(c)
	}
}

func (p Pages) beforeActing(q *web.Request) error {
	form := q.Blank()
	page, err := p.termsPage(q, form, q.Path("act"))
	if err != nil {
		return err
	}
	t := page.Terms
	switch page.Act {
	case actRenew:
		t.First = t.Last.AddDays(1)
		t.Last = t.First.AddYears(int(page.Years)).AddDays(-1)
		fallthrough
	case actAmend, actConclude:
		setTerms(form, q.P, t)
		form.Set("from", p.DB.Today().String())
	case actEnd:
		form.Set("last", t.Last.String())
	}
	return q.Page(termsView(page))
}

// act writes another fact of a concession.
func (p Pages) act(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.termsPage(q, form, q.Path("act"))
	if err != nil {
		return err
	}
	ruling, err := p.takeDecision(q, form)
	if err != nil {
		return err
	}
	id, why := page.Concession.ID, form.Lines("why", concession.MaxWhy)
	evaluation := concession.EvaluationID(form.Text("evaluation", 40))
	verb, fn := "", func(*store.Tx, people.DecisionID, string) error { return nil }
	file, err := upload(form, "document")
	if err != nil {
		return err
	}
	switch page.Act {
	case actEnd:
		last := form.NeedDate("last")
		verb, fn = "end", func(tx *store.Tx, d people.DecisionID, _ string) error {
			return concession.End(tx, id, concession.Ending{Last: last, Decision: d, Evaluation: evaluation, Why: why})
		}
	case actRenew:
		t := readTerms(form)
		verb, fn = "renew", func(tx *store.Tx, d people.DecisionID, document string) error {
			return concession.Renew(tx, id, concession.Renewal{Terms: t, Decision: d, Evaluation: evaluation,
				Document: document, Why: why})
		}
	default:
		f := concession.Fact{Terms: readTerms(form), Why: why, From: partial(form, "from")}
		verb = page.Act
		fn = func(tx *store.Tx, d people.DecisionID, document string) error {
			f.Decision, f.Document = d, document
			if page.Act == actConclude {
				f.From = civil.Date{}
				return concession.Conclude(tx, id, f)
			}
			return concession.Amend(tx, id, f)
		}
	}
	return p.acted(q, form, verb, func(tx *store.Tx) error {
		d, err := ruling.Record(tx)
		if err != nil {
			return err
		}
		document, err := kept(tx, file)
		if err != nil {
			return err
		}
		return fn(tx, d, document)
	}, always(pathOf(page.Concession)), func() error { return q.Again(termsView(page)) })
}

// paperPage is the form by which a paper is added.
type paperPage struct {
	row
	Form *web.Form
}

func (p Pages) paperPage(q *web.Request, form *web.Form) (paperPage, error) {
	return view(q, p.DB, func(r store.Reader) (page paperPage, err error) {
		page.Form = form
		c, err := numbered(q, r)
		if err == nil {
			page.row, err = rowOf(q, r, c)
		}
		return page, err
	})
}

func (p Pages) blankPaper(q *web.Request) error {
	page, err := p.paperPage(q, q.Blank().Set("kind", string(concession.InsurancePaper)))
	if err != nil {
		return err
	}
	return q.Page(paperView(page))
}

func (p Pages) attach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.paperPage(q, form)
	if err != nil {
		return err
	}
	paper := concession.Paper{Concession: page.Concession.ID, Title: form.Need("title", concession.MaxLine),
		Kind: concession.PaperKind(form.Choice("kind", values(concession.PaperKinds)...)), From: form.NeedDate("from"),
		Until: form.Date("until")}
	file, err := upload(form, "file")
	if err != nil {
		return err
	}
	return p.acted(q, form, "attach", func(tx *store.Tx) error { return concession.Attach(tx, paper, file) },
		always(pathOf(page.Concession)), func() error { return q.Again(paperView(page)) })
}

// calendarPage is the form of the calendar of the house.
type calendarPage struct {
	Form   *web.Form
	Bodies []web.Option
}

func (p Pages) calendarPage(q *web.Request, form *web.Form) (calendarPage, error) {
	return view(q, p.DB, func(r store.Reader) (page calendarPage, err error) {
		page.Form = form
		page.Bodies, err = committees(r, q.P)
		page.Bodies = append([]web.Option{{Label: q.T("concession.page.no-committee")}}, page.Bodies...)
		if err != nil || form.Raw("years") != "" {
			return page, err
		}
		c, err := concession.CalendarOf(r)
		form.Set("years", number(c.Years)).Set("announce", number(c.Announce)).Set("evaluate", number(c.Evaluate)).
			Set("advise", number(c.Advise)).Set("decide", number(c.Decide)).Set("committee", string(c.Committee))
		return page, err
	})
}

func (p Pages) calendar(q *web.Request) error {
	page, err := p.calendarPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(calendarView(page))
}

func (p Pages) setCalendar(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	c := concession.Calendar{Years: form.NeedInt("years", 1, concession.MaxYears),
		Announce: form.NeedInt("announce", 0, concession.MaxMonths),
		Evaluate: form.NeedInt("evaluate", 0, concession.MaxMonths), Advise: form.NeedInt("advise", 0, concession.MaxMonths),
		Decide:    form.NeedInt("decide", 0, concession.MaxMonths),
		Committee: people.BodyID(form.Text("committee", 40))}
	return p.acted(q, form, "calendar", func(tx *store.Tx) error { return concession.SetCalendar(tx, c) },
		always(pathConcessions), func() error {
			page, err := p.calendarPage(q, form)
			if err != nil {
				return err
			}
			return q.Again(calendarView(page))
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
