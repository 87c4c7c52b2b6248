package pages

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
	personview "lieux/people/view"
	"lieux/places"
)

// termsPage is the form of a concession: a new one, or an act on one.
type termsPage struct {
	row
	Form        *web.Form
	Act         string // "new", "amend", "conclude", "renewal", "ending"
	Action      string
	Places      []web.Option
	Who         personview.Choice
	Since       civil.Date // no decision on a renewal is older; zero: any is offered
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

// deciding asks for a decision of the board or the assembly, not older than a day; zero: any.
func deciding(from civil.Date) personview.Deciding {
	return personview.Deciding{Name: "decision", From: from, By: []people.BodyKind{people.Board, people.Assembly}}
}

// sinceHint says from when a decision on a renewal counts.
func sinceHint(p *lang.Printer, page termsPage) string {
	if page.Since.IsZero() {
		return ""
	}
	return p.T("concession.page.decision-since", "day", page.Since)
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
		if act == actNew {
			if page.Decided, err = deciding(civil.Date{}).Offer(r, q.P, form); err != nil {
				return page, err
			}
			page.Places, err = placeOptions(r)
			return page, err
		}
		c, err := numbered(q, r)
		if err != nil {
			return page, err
		}
		if act == actRenew {
			page.Since, _ = concession.DecidedFrom(c, nil, r.Zone())
		}
		if page.Decided, err = deciding(page.Since).Offer(r, q.P, form); err != nil {
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
	form.Set("object", t.Object).Set("first", day(p, t.First)).Set("last", day(p, t.Last)).
		Set("fee", cents(p, t.Fee)).Set("per", string(t.Per)).Set("share-words", t.ShareWords).
		Set("threshold", cents(p, t.Share.Threshold)).Set("num", count(t.Share.Num)).Set("den", count(t.Share.Den)).
		Set("ceiling", cents(p, t.Share.Ceiling)).Set("floor", cents(p, t.Share.Floor)).Set("duties",
		t.Duties).Set("insurance", t.Insurance).
		Set("notice", count(t.Notice)).Set("source", t.Source)
	if t.Lets {
		form.Set("lets", "yes")
	}
}

// partial reads a day that may be known to the month only; nothing is no day.
// day shows a date in a form as people write it; nothing for none.
func day(p *lang.Printer, d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return p.ShortDate(d)
}

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
			Den: form.Int("den", 0, 10_000), Ceiling: form.Money("ceiling", 0, money.Max),
			Floor: form.Money("floor", 0, money.Max)},
		Duties: form.Lines("duties", concession.MaxText), Insurance: form.Lines("insurance", concession.MaxText),
		Lets: form.Flag("lets"), Notice: form.Int("notice", 0, concession.MaxNotice),
		Source: form.Lines("source", concession.MaxText)}
}

// takeDecision reads which decision a form names.
func (p Pages) takeDecision(q *web.Request, form *web.Form) (personview.Ruling, error) {
	return view(q, p.DB, func(r store.Reader) (personview.Ruling, error) { return deciding(civil.Date{}).Take(r, form) })
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
