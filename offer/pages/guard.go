package pages

import (
	"strconv"

	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/offer"
	"lieux/people"
	"lieux/people/view"
)

// guardPage is what GET /offer shows.
type guardPage struct {
	offer.Live
	Verdicts []offer.Verdict
	Rows     []threshold
	Papers   []offer.Paper
	Figures  []offer.Figure // those that the cooperative added
	Left     money.Cents
	Next     offer.Figure
	Limited  bool
	Heads    int64
	Running  []scale
	Foreseen money.Cents // what running campaigns may still bring
	Mentions []lang.Phrase
}

// threshold is one line of the table of thresholds.
type threshold struct {
	offer.Figure
	Amount   money.Cents
	Answer   offer.Answer
	Decision string // reference of the board's; empty when it has not decided
	Link     string
	Lifted   bool // by a note or a prospectus that is good today
	Crossed  bool
}

func (p Pages) guard(q *web.Request) error {
	var page guardPage
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.Live, err = offer.LiveOn(v, v.Today()); err != nil {
			return err
		}
		page.Verdicts, page.Heads = page.Live.Verdicts(), int64(len(page.By))
		page.Left, page.Next, page.Limited = offer.Headroom(page.Parameters, page.Raised, v.Today())
		if err := page.read(v, q.P); err != nil {
			return err
		}
		page.Mentions, err = offer.Mentions(v, v.Today())
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(guardView(page))
}

func (page *guardPage) read(v *store.View, p *lang.Printer) error {
	today := v.Today()
	cover, covered := page.Parameters.Cover(today)
	for _, t := range offer.Thresholds {
		f, known := page.Parameters.On(t, today)
		if !known {
			continue
		}
		s, set := page.Parameters.Answer(t, today)
		row := threshold{Figure: f, Answer: s.Answer, Amount: page.Raised}
		if t == offer.Investor {
			row.Amount = page.Highest()
		}
		row.Lifted = covered && (cover.Kind == offer.Prospectus || t != offer.Note)
		row.Crossed = row.Amount > f.Cents && !row.Lifted
		if set {
			var err error
			if row.Decision, row.Link, err = view.DecisionWords(v, p, s.Decision); err != nil {
				return err
			}
		}
		page.Rows = append(page.Rows, row)
	}
	for _, f := range page.Parameters.Figures {
		if !f.Ours() {
			page.Figures = append(page.Figures, f)
		}
	}
	page.Papers = page.Parameters.Papers
	list, err := offer.Campaigns(v)
	if err != nil {
		return err
	}
	for _, c := range list {
		s, err := scaleOf(v, c)
		if err != nil {
			return err
		}
		if s.State == offer.Open || s.State == offer.Awaited || s.State == offer.Ended {
			page.Running = append(page.Running, s)
			page.Foreseen += max(0, s.Ceiling-s.asked())
		}
	}
	return nil
}

func (page guardPage) rulers(p *lang.Printer) []web.Ruler {
	var list []web.Ruler
	for _, row := range page.Rows {
		if row.Lifted || row.Threshold == offer.Note && len(page.Rows) > 2 && !page.Rows[0].Lifted {
			continue
		}
		have, of := int64(row.Amount/100), int64(row.Cents/100)
		list = append(list, web.Ruler{Title: lang.Capital(p.Words(row.Threshold.Words())), Have: have, Of: of,
			Alt:  p.T("offer.page.ruler", "amount", row.Amount, "limit", row.Cents),
			Note: p.T("offer.page.ruler", "amount", row.Amount, "limit", row.Cents), Article: row.Article})
	}
	return list
}

func (page guardPage) figures(p *lang.Printer) []web.Figure {
	list := []web.Figure{web.Amount(p, page.Raised, p.T("offer.page.raised"))}
	if page.Limited {
		list = append(list, web.Amount(p, page.Left, p.T("offer.page.left")))
	}
	return append(list, web.Amount(p, page.Foreseen, p.T("offer.page.foreseen")),
		web.Figure{Value: strconv.FormatInt(page.Heads, 10), Label: p.T("offer.page.investors", "n", page.Heads)})
}

// rulingPage is a form that ends with a decision of the board.
type rulingPage struct {
	Form   *web.Form
	Choice view.DecisionChoice
	Today  string
}

// ruled takes a form that rests on a decision, acts, and shows the form again when it is refused.
func (p Pages) ruled(q *web.Request, verb, to string, show func(rulingPage) error,
	fn func(tx *store.Tx, form *web.Form, id people.DecisionID) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var ruling view.Ruling
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		ruling, err = decision.Take(v, form)
		return err
	})
	if err != nil {
		return err
	}
	if form.OK() {
		_, err := p.DB.Act(q.Context(), store.By(q.Who.Person, verb).Once(form.Key()), func(tx *store.Tx) error {
			id, err := ruling.Record(tx)
			if err != nil {
				return err
			}
			return fn(tx, form, id)
		})
		if err == nil {
			q.Flash(web.Yes, q.T("offer.page.done"))
			return q.SeeOther(to)
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := p.rulingPage(q, form)
	if err != nil {
		return err
	}
	return show(page)
}

func (p Pages) rulingPage(q *web.Request, form *web.Form) (page rulingPage, err error) {
	page = rulingPage{Form: form, Today: p.DB.Today().String()}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Choice, err = decision.Offer(v, q.P, form)
		return err
	})
	return page, err
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

func (p Pages) newFigure(q *web.Request) error {
	page, err := p.rulingPage(q, q.Blank().Set("threshold", string(offer.Free)).Set("confidence", string(offer.Read)))
	if err != nil {
		return err
	}
	return q.Page(figureView(page))
}

// addFigure writes a new amount of a threshold down.
func (p Pages) addFigure(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	f := offer.Figure{Threshold: offer.Threshold(form.Choice("threshold", words(offer.Thresholds)...)),
		Cents: form.Money("cents", 1, money.Max), Article: form.Need("article", offer.MaxArticle),
		Source:     form.Need("source", offer.MaxSource),
		Confidence: offer.Confidence(form.Choice("confidence", string(offer.Read), string(offer.Told))),
		ValidFrom:  form.NeedDate("valid-from")}
	return p.ruled(q, "offer.figure", pathOffer, func(page rulingPage) error { return q.Again(figureView(page)) },
		func(tx *store.Tx, _ *web.Form, id people.DecisionID) error {
			f.Decision = id
			_, err := offer.AddFigure(tx, f)
			return err
		})
}

func (p Pages) newAnswer(q *web.Request) error {
	form := q.Blank().Set("threshold", string(offer.Free)).Set("answer", string(offer.Stop)).
		Set("since", p.DB.Today().String())
	if t := q.Query("threshold"); t != "" {
		form.Set("threshold", t)
	}
	page, err := p.rulingPage(q, form)
	if err != nil {
		return err
	}
	return q.Page(answerView(page))
}

// decide sets what crossing a threshold does.
func (p Pages) decide(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	s := offer.Setting{Threshold: offer.Threshold(form.Choice("threshold", words(offer.Thresholds)...)),
		Answer: offer.Answer(form.Choice("answer", words(offer.Answers)...)), Since: form.NeedDate("since")}
	return p.ruled(q, "offer.decide", pathOffer, func(page rulingPage) error { return q.Again(answerView(page)) },
		func(tx *store.Tx, _ *web.Form, id people.DecisionID) error {
			s.Decision = id
			_, err := offer.Decide(tx, s)
			return err
		})
}

func (p Pages) newPaper(q *web.Request) error {
	page, err := p.rulingPage(q, q.Blank().Set("kind", string(offer.InfoNote)).Set("from", p.DB.Today().String()))
	if err != nil {
		return err
	}
	return q.Page(paperView(page))
}

// addPaper writes a note or a prospectus down.
func (p Pages) addPaper(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	d := offer.Paper{Kind: offer.PaperKind(form.Choice("kind", words(offer.PaperKinds)...)), From: form.NeedDate("from"),
		Until: form.NeedDate("until"), Reference: form.Need("reference", offer.MaxSource)}
	return p.ruled(q, "offer.paper", pathOffer, func(page rulingPage) error { return q.Again(paperView(page)) },
		func(tx *store.Tx, _ *web.Form, id people.DecisionID) error {
			d.Decision = id
			_, err := offer.AddPaper(tx, d)
			return err
		})
}
