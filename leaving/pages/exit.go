package pages

import (
	"io"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	personview "lieux/people/view"
	"lieux/register"
)

// exitPage is what GET /leaving/{number} shows.
type exitPage struct {
	Form     *web.Form
	Exit     leaving.Exit
	Person   people.Person
	Path     string
	Badge    web.Kind
	State    string
	Stages   []web.Stage
	Window   []web.Line
	Facts    []web.Fact
	Lots     []lotRow
	Weighed  *weighed
	Tests    []web.Option
	Steps    []stepRow
	Debts    []debtRow
	Left     string
	Passings []passingRow
	Decided  personview.DecisionChoice
	Writer   bool
	Today    string
	AnswerBy string
	May      may
	History  templ.Component
}

// may says which acts the page offers.
type may struct{ Decide, Refuse, Answer, Withdraw, Effect, Close, Undo, File bool }

// weighed is what the exit would come to today, with the verdicts of the tests.
type weighed struct {
	Lines   []web.Line
	Payable bool
}

type stepRow struct {
	On, What, Why, Decision, Amount, Document, Letters string
	Badge                                              web.Kind
}

type debtRow struct {
	ID, Href, Person, Why, Cents, Open, PayBy, OpenPlain string
	Due                                                  bool
}

type passingRow struct {
	ID, Person, Lot, Shares, Cents, State string
	Badge                                 web.Kind
	Open                                  bool
}

func (p Pages) exitPage(q *web.Request, form *web.Form) (exitPage, error) {
	return view(q, p.DB, func(r store.Reader) (page exitPage, err error) {
		x, err := numbered(r, q)
		if err != nil {
			return page, err
		}
		page = exitPage{Form: form, Exit: x, Path: pathOf(x), Badge: badge(x.State), State: capital(q.P, x.State.Words()),
			Writer: q.Who.May(writers), Today: r.Today().String()}
		for _, part := range []func(*web.Request, store.Reader) error{page.readWho, page.readWorth, page.readSteps,
			page.readDebts, page.readPassings, page.readMay} {
			if err := part(q, r); err != nil {
				return page, err
			}
		}
		page.Stages = stages(q.P, x, page.Steps)
		page.History, err = p.history(q, r, x.ID.Ref())
		return page, err
	})
}

func (page *exitPage) readWho(q *web.Request, r store.Reader) error {
	x := page.Exit
	c, err := register.CooperatorNumbered(r, x.Cooperator)
	if err != nil {
		return err
	}
	if page.Person, err = people.Standing(r, c.Person); err != nil {
		return err
	}
	if page.Window, err = windowLines(r, q.P, x, c); err != nil {
		return err
	}
	if x.State == leaving.Proposed || x.State == leaving.Answered {
		rules, err := bylaws.On(r, r.Today())
		if err != nil {
			return err
		}
		if rule, known := rules.Exclusion(); known {
			page.AnswerBy = q.P.Date(leaving.AnswerBy(rule, x.ArrivedOn))
		}
	}
	fact := func(code, text string) {
		if text != "" {
			page.Facts = append(page.Facts, web.Fact{Name: q.T("leaving.page.column." + code), Text: text})
		}
	}
	fact("cause", capital(q.P, x.Cause.Words())+", "+q.P.Cite(x.Cause.Article()))
	fact("shares", q.P.Count(announced(x)))
	if x.State.InEffect() {
		fact("amount", q.P.Money(x.Cents))
	}
	if !x.PayBy.IsZero() {
		fact("pay-by", q.P.Date(x.PayBy))
	}
	return nil
}

// readWorth weighs what leaves: by the latest tests while it waits, as it was weighed once it is in effect.
func (page *exitPage) readWorth(q *web.Request, r store.Reader) (err error) {
	x := page.Exit
	lots := x.Lots
	if x.State.Pending() {
		tests, err := leaving.RecordedTests(r)
		if err != nil {
			return err
		}
		for _, t := range slices.Backward(tests) {
			page.Tests = append(page.Tests, web.Option{Value: string(t.ID), Label: testLabel(q.P, t)})
		}
		w, found, err := leaving.Estimate(r, x)
		if rs := fault.Of(err); rs != nil {
			page.Weighed = &weighed{}
			for _, one := range rs {
				page.Weighed.Lines = append(page.Weighed.Lines, web.Line{Text: q.P.Refusal(one), Article: one.Article})
			}
		} else if err != nil {
			return err
		} else if found {
			lots, page.Weighed = w.Lots, weighedLines(q.P, w)
		}
	}
	page.Lots, err = lotRows(r, q.P, lots)
	return err
}

func testLabel(p *lang.Printer, t leaving.Test) string {
	return p.T("leaving.page.test-label", "day", t.Day, "accounts", t.Tests.Assets.On)
}

func weighedLines(p *lang.Printer, w leaving.Weighed) *weighed {
	v := &weighed{Payable: w.Payable()}
	line := func(code, article, value string, kv ...any) {
		v.Lines = append(v.Lines, web.Line{Text: p.T("leaving.page.line."+code, kv...), Article: article, Value: value})
	}
	line("worth", "CSA 6:120", p.Money(w.Cents))
	if w.Before > 0 {
		line("before", "CSA 6:120", p.Money(w.Before))
	}
	line("left", w.NetAssets.Article, p.Money(w.NetAssets.Left))
	line("net-assets."+passedOr(w.NetAssets.Passed), w.NetAssets.Article, "")
	line("liquidity."+passedOr(w.Liquidity.Passed), w.Liquidity.Article, "")
	if w.Waiting > 0 {
		line("behind", "CSA 6:120", p.Count(int64(w.Waiting)))
	}
	return v
}

func passedOr(passed bool) string {
	if passed {
		return "passed"
	}
	return "failed"
}

func (page *exitPage) readSteps(q *web.Request, r store.Reader) error {
	steps, err := leaving.Steps(r, page.Exit.ID)
	if err != nil {
		return err
	}
	readers, err := leaving.Readers(r, page.Exit)
	if err != nil {
		return err
	}
	for _, s := range steps {
		row := stepRow{On: q.P.ShortDate(s.Day), What: capital(q.P, s.State.Words()), Why: s.Why, Badge: badge(s.State),
			Document: documentPath(s.Document)}
		if s.Cents != 0 {
			row.Amount = q.P.Money(s.Cents)
		}
		if s.Decision != "" {
			d, err := people.GetDecision(r, s.Decision)
			if err != nil {
				return err
			}
			row.Decision = q.T("leaving.page.decided", "reference", d.Reference, "day", d.On)
		}
		if s.Told() && len(readers) > 0 {
			row.Letters = page.Path + "/letters/" + strconv.FormatInt(s.Position, 10)
		}
		page.Steps = append(page.Steps, row)
	}
	return nil
}

func (page *exitPage) readDebts(q *web.Request, r store.Reader) error {
	debts, err := leaving.Debts(r, page.Exit.ID)
	if err != nil {
		return err
	}
	var left money.Cents
	for _, c := range debts {
		who, err := people.Standing(r, c.Person)
		if err != nil {
			return err
		}
		left += c.Open()
		row := debtRow{ID: string(c.ID), Href: "/payments/credits/" + string(c.ID), Person: who.Words(q.P), Why: c.Label,
			Cents: q.P.Money(c.Cents), Open: q.P.Money(c.Open()), PayBy: q.P.ShortDate(c.PayBy), Due: c.Open() > 0,
			OpenPlain: q.P.Plain(c.Open())}
		page.Debts = append(page.Debts, row)
	}
	page.Left = q.P.Money(left)
	page.May.Close = page.Exit.State == leaving.Owed && left == 0 && len(debts) > 0
	return nil
}

func (page *exitPage) readPassings(q *web.Request, r store.Reader) (err error) {
	list, err := leaving.Passings(r, page.Exit.ID)
	if err != nil {
		return err
	}
	page.Passings, err = passingRows(r, q.P, list)
	return err
}

func passingRows(r store.Reader, p *lang.Printer, list []leaving.Passing) (rows []passingRow, err error) {
	for _, one := range list {
		who, err := people.Standing(r, one.Person)
		if err != nil {
			return nil, err
		}
		row := passingRow{ID: string(one.ID), Person: who.Words(p), Lot: one.Lot.String(), Shares: p.Count(one.Shares),
			Cents: p.Money(one.Paid), Open: one.Open(), Badge: web.Wait, State: p.T("leaving.page.passing.open")}
		switch {
		case one.Voided != 0:
			row.Badge, row.State = web.Off, p.T("leaving.page.passing.voided")
		case !one.Open():
			row.Badge, row.State = web.Yes, p.T("leaving.page.passing.done", "movement", one.Movement.String())
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (page *exitPage) readMay(q *web.Request, r store.Reader) error {
	x := page.Exit
	s := x.State
	page.May.File = x.Cause == leaving.Death && s != leaving.Undone
	if !page.Writer {
		page.May = may{File: page.May.File}
		return nil
	}
	page.May.Decide = s == leaving.Announced || s == leaving.Proposed || s == leaving.Answered
	page.May.Refuse = x.Cause == leaving.Exclusion || x.Cause == leaving.Quality
	page.May.Answer = s == leaving.Proposed || s == leaving.Answered
	page.May.Withdraw = s.Pending() && !x.Cause.ByLaw()
	page.May.Effect = s == leaving.Accepted || s == leaving.Announced &&
		(x.Cause.ByLaw() || x.Cause == leaving.Resignation)
	page.May.Undo = s.InEffect() && s != leaving.Passed || s.Pending() && x.Cause.ByLaw()
	var err error
	page.Decided, err = deciding(r, x).Offer(r, q.P, page.Form)
	return err
}

// decisionWhy names the field of reasons: an exclusion has its own, whichever way it is decided.
func decisionWhy(x leaving.Exit) string {
	if x.Cause == leaving.Exclusion {
		return "leaving.page.decision-why.exclusion"
	}
	return "leaving.page.decision-why"
}

// deciding asks for the decision of the body that the bylaws name for an exclusion, of the board otherwise.
func deciding(r store.Reader, x leaving.Exit) personview.Deciding {
	d := personview.Deciding{Name: "decision", Need: true, By: []people.BodyKind{people.Board}}
	if x.Cause == leaving.Exclusion {
		d.By = []people.BodyKind{people.Assembly, people.Board}
	}
	return d
}

// stages are the eleven steps of an exit, from the letter to its end.
func stages(p *lang.Printer, x leaving.Exit, steps []stepRow) (list []web.Stage) {
	codes := []string{"letter", "window", "day", "worth", "board"}
	reached := 4 // the letter, its window, its day and what is paid up are settled when it is noted
	decided := slices.ContainsFunc(steps, func(s stepRow) bool { return s.Decision != "" })
	switch {
	case x.Cause == leaving.Exclusion:
		codes = []string{"proposal", "answer", "decision", "day", "worth"}
		reached = excluded(x.State)
	case x.Cause != leaving.Resignation:
		codes[1] = "cause"
	}
	switch s := x.State; {
	case s == leaving.Paid || s == leaving.Passed:
		reached = 11
	case s == leaving.Owed || s == leaving.Queued:
		reached = 9
	case decided && x.Cause != leaving.Exclusion:
		reached = 5
	}
	for i, code := range append(codes, "tests", "effect", "register", "owed", "paid", "closed") {
		text := p.T("leaving.page.stage." + code)
		if code == "owed" && x.State == leaving.Queued {
			text = p.T("leaving.page.stage.queued")
		}
		list = append(list, web.Stage{Text: text, Done: i < reached, Current: i == reached})
	}
	return list
}

// excluded is how far an exclusion has come: its day is that of its decision, which waits for the answer (CSA 6:123).
func excluded(s leaving.State) int {
	switch s {
	case leaving.Answered:
		return 2
	case leaving.Accepted:
		return 5
	case leaving.Refused:
		return 3
	}
	return 1
}

func (p Pages) exit(q *web.Request) error {
	page, err := p.exitPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(exitView(page))
}

// acts runs a verb on the exit of an address; read takes the form first, and what it returns acts.
func (p Pages) acts(q *web.Request, verb string, read func(r store.Reader, form *web.Form,
	x leaving.Exit) (func(*store.Tx) error, error)) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var x leaving.Exit
	var act func(*store.Tx) error
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if x, err = numbered(v, q); err != nil {
			return err
		}
		act, err = read(v, form, x)
		return err
	})
	if err != nil {
		return err
	}
	if answered, err := p.done(q, form, verb, pathOf(x), act); answered {
		return err
	}
	page, err := p.exitPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(exitView(page))
}

type act = func(*store.Tx) error

// answers are how a cooperator may answer the proposal of their exclusion.
var answers = []string{string(leaving.Answered), string(leaving.HearingAsked), string(leaving.Heard)}

func answerOptions(p *lang.Printer) (list []web.Option) {
	for _, one := range answers {
		list = append(list, web.Option{Value: one, Label: p.T("leaving.page.answer." + one)})
	}
	return list
}

func (p Pages) answer(q *web.Request) error {
	return p.acts(q, "answer", func(_ store.Reader, form *web.Form, x leaving.Exit) (act, error) {
		on, why := form.NeedDate("answer-on"), form.Lines("answer-why", leaving.MaxWhy)
		as := leaving.State(form.Choice("answer-kind", answers...))
		scan, err := upload(form, "answer-scan")
		return func(tx *store.Tx) error {
			document, err := kept(tx, scan)
			if err != nil {
				return err
			}
			return fields(leaving.Speak(tx, x.ID, as, on, why, document), "day", "answer-on", "why", "answer-why",
				"kind", "answer-kind")
		}, err
	})
}

// fields leads refusals to the fields of a page on which several forms stand.
func fields(err error, fromTo ...string) error {
	rs := slices.Clone(fault.Of(err))
	if len(rs) == 0 {
		return err
	}
	for i, r := range rs {
		for k := 0; k < len(fromTo); k += 2 {
			if r.Field == fromTo[k] {
				rs[i] = r.At(fromTo[k+1])
			}
		}
	}
	return rs
}

func (p Pages) decide(q *web.Request) error {
	return p.acts(q, "decide", func(r store.Reader, form *web.Form, x leaving.Exit) (act, error) {
		ruling, err := deciding(r, x).Take(r, form)
		accept := form.Raw("accept") != "no"
		if x.Cause == leaving.Exclusion || x.Cause == leaving.Quality { // there are two answers: none is taken for granted
			accept = form.Choice("accept", "yes", "no") == "yes"
		}
		why := form.Lines("decision-why", leaving.MaxWhy)
		return func(tx *store.Tx) error {
			decision, err := ruling.Record(tx)
			if err != nil {
				return err
			}
			return fields(leaving.Decide(tx, x.ID, decision, accept, why), "why", "decision-why")
		}, err
	})
}

func (p Pages) withdraw(q *web.Request) error {
	return p.acts(q, "withdraw", func(_ store.Reader, form *web.Form, x leaving.Exit) (act, error) {
		why := form.Need("withdraw-why", leaving.MaxWhy)
		return func(tx *store.Tx) error { return leaving.Withdraw(tx, x.ID, why) }, nil
	})
}

func (p Pages) takeEffect(q *web.Request) error {
	return p.acts(q, "take-effect", func(_ store.Reader, form *web.Form, x leaving.Exit) (act, error) {
		test := leaving.TestID(form.Need("test", 60))
		return func(tx *store.Tx) error { return leaving.TakeEffect(tx, x.ID, test) }, nil
	})
}

func (p Pages) pay(q *web.Request) error {
	return p.acts(q, "pay", func(_ store.Reader, form *web.Form, x leaving.Exit) (act, error) {
		credit := payment.CreditID(form.Need("credit", 60))
		cents, on := form.Money("amount", 1, money.Max), form.NeedDate("on")
		return func(tx *store.Tx) error { return leaving.Pay(tx, x.ID, credit, cents, on) }, nil
	})
}

func (p Pages) closeExit(q *web.Request) error {
	return p.acts(q, "close", func(_ store.Reader, _ *web.Form, x leaving.Exit) (act, error) {
		return func(tx *store.Tx) error { return leaving.Close(tx, x.ID) }, nil
	})
}

func (p Pages) undo(q *web.Request) error {
	return p.acts(q, "undo", func(_ store.Reader, form *web.Form, x leaving.Exit) (act, error) {
		why := form.Need("undo-why", leaving.MaxWhy)
		return func(tx *store.Tx) error { return leaving.Undo(tx, x.ID, why) }, nil
	})
}

// letters draws the letters about a step, to be printed.
func (p Pages) letters(q *web.Request) error {
	list, err := view(q, p.DB, func(r store.Reader) ([]leaving.Letter, error) {
		x, err := numbered(r, q)
		if err != nil {
			return nil, err
		}
		steps, err := leaving.Steps(r, x.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range steps {
			if strconv.FormatInt(s.Position, 10) == q.Path("position") {
				return leaving.LettersOf(r, x, s)
			}
		}
		return nil, web.NotFound
	})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return web.NotFound
	}
	name := q.T("leaving.page.letter.file", "number", list[0].Exit.Number) + ".pdf"
	return q.Inline(name, pdfType, func(w io.Writer) error { return leaving.PrintLetters(w, list) })
}
