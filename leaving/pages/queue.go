package pages

import (
	"slices"

	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/leaving"
	"lieux/people"
	personview "lieux/people/view"
)

// queuePage is what GET /leaving/queue shows.
type queuePage struct {
	Form    *web.Form
	Tabs    []web.Link
	Rows    []queueRow
	Totals  []web.Total
	Verdict []web.Line
	Tests   []web.Option
	Writer  bool
}

type queueRow struct {
	row
	Place, Since, Running, Verdict string
	Passed                         bool
}

func (p Pages) queuePage(q *web.Request, form *web.Form) (queuePage, error) {
	return view(q, p.DB, func(r store.Reader) (page queuePage, err error) {
		page = queuePage{Form: form, Tabs: tabs(q.P, pathQueue), Writer: q.Who.May(writers)}
		list, err := leaving.Queue(r)
		if err != nil {
			return page, err
		}
		c := chosen{}
		if c.persons, err = named(r, list); err != nil {
			return page, err
		}
		tests, err := leaving.RecordedTests(r)
		if err != nil {
			return page, err
		}
		for _, t := range slices.Backward(tests) {
			page.Tests = append(page.Tests, web.Option{Value: string(t.ID), Label: testLabel(q.P, t)})
		}
		var before money.Cents
		last, tested, err := leaving.LastTest(r)
		if err != nil {
			return page, err
		}
		if tested {
			if before, err = leaving.OwedSince(r, last.Day); err != nil {
				return page, err
			}
			page.Verdict = testLines(q.P, last, before)
		}
		page.rows(q.P, c, list, last, tested, before)
		return page, nil
	})
}

// rows lists the queue in its order, each with what the latest tests say of it and of all before it.
func (page *queuePage) rows(p *lang.Printer, c chosen, list []leaving.Exit, last leaving.Test, tested bool,
	before money.Cents) {
	var sum money.Cents
	open := tested && last.Tests.LiquidityTest().Passed
	for i, x := range list {
		sum += x.Cents
		row := queueRow{row: c.row(p, x), Place: p.Count(int64(i + 1)), Since: p.ShortDate(x.EffectOn),
			Running: p.Money(sum), Verdict: p.T("leaving.page.verdict.no")}
		open = open && last.Tests.NetAssetTest(before+sum).Passed
		if row.Passed = open; open {
			row.Verdict = p.T("leaving.page.verdict.yes")
		}
		page.Rows = append(page.Rows, row)
	}
	h := heads(p, "amount")
	page.Totals = []web.Total{{Lead: 2, Label: p.T("leaving.page.total"), Cells: []web.Cell{
		{Text: p.Money(sum), Num: true, Label: h[0]}, {}, {}}}}
}

// testLines say what tests of the board found, and what was owed since.
func testLines(p *lang.Printer, t leaving.Test, before money.Cents) (list []web.Line) {
	line := func(code, article, value string, kv ...any) {
		list = append(list, web.Line{Text: p.T("leaving.page.line."+code, kv...), Article: article, Value: value})
	}
	line("equity", "CSA 6:115", p.Money(t.Tests.Assets.Equity), "day", t.Tests.Assets.On)
	if t.Tests.Unavailable > 0 {
		line("unavailable", "CSA 6:115", p.Money(t.Tests.Unavailable))
	}
	if before > 0 {
		line("since", "CSA 6:120", p.Money(before))
	}
	line("payable", "CSA 6:115", p.Money(max(0, t.Tests.NetAssetTest(before).Left)))
	line("liquidity."+passedOr(t.Tests.Liquidity), "CSA 6:116", p.ShortDate(t.UntilOn))
	return list
}

func (p Pages) queue(q *web.Request) error {
	page, err := p.queuePage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(queueView(page))
}

func (p Pages) release(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	test := leaving.TestID(form.Need("test", 60))
	answered, err := p.done(q, form, "release", pathQueue, func(tx *store.Tx) error {
		_, err := leaving.Release(tx, test)
		return err
	})
	if answered {
		return err
	}
	page, err := p.queuePage(q, form)
	if err != nil {
		return err
	}
	return q.Again(queueView(page))
}

// testsPage is what GET /leaving/tests shows: what the board recorded, and the form for more.
type testsPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Rows    []testRow
	Decided personview.DecisionChoice
	Writer  bool
	Today   string
	Until   string
}

type testRow struct {
	On, Decision, Accounts, Equity, Unavailable, Until, Reasons, AccountsPaper, ReportPaper string
	NetAssets, Liquidity                                                                    bool
}

var testDecision = personview.Deciding{Name: "decision", Need: true, By: []people.BodyKind{people.Board}}

func (p Pages) testsPage(q *web.Request, form *web.Form) (testsPage, error) {
	return view(q, p.DB, func(r store.Reader) (page testsPage, err error) {
		page = testsPage{Form: form, Tabs: tabs(q.P, pathTests), Writer: q.Who.May(writers), Today: r.Today().String(),
			Until: r.Today().AddMonths(12).String()}
		if form.Raw("until") == "" {
			form.Set("until", page.Until)
		}
		list, err := leaving.RecordedTests(r)
		if err != nil {
			return page, err
		}
		for _, t := range slices.Backward(list) {
			d, err := people.GetDecision(r, t.Decision)
			if err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, testRow{On: q.P.ShortDate(t.Day), Accounts: q.P.ShortDate(t.Tests.Assets.On),
				Decision: q.T("leaving.page.decided", "reference", d.Reference, "day", d.On),
				Equity:   q.P.Money(t.Tests.Assets.Equity), Unavailable: q.P.Money(t.Tests.Unavailable),
				Until: q.P.ShortDate(t.UntilOn), Reasons: t.Reasons, AccountsPaper: documentPath(t.Accounts),
				ReportPaper: documentPath(t.Report), NetAssets: t.Tests.NetAssetTest(0).Passed, Liquidity: t.Tests.Liquidity})
		}
		page.Decided, err = testDecision.Offer(r, q.P, form)
		return page, err
	})
}

func (p Pages) tests(q *web.Request) error {
	page, err := p.testsPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(testsView(page))
}

func (p Pages) recordTest(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	t := leaving.Test{Day: p.DB.Today(), UntilOn: form.NeedDate("until"), Reasons: form.Lines("reasons", leaving.MaxWhy)}
	t.Tests.Assets.On = form.NeedDate("accounts-on")
	if form.Need("equity", 40) != "" {
		t.Tests.Assets.Equity = form.Money("equity", -money.Max, money.Max)
	}
	t.Tests.Unavailable = form.Money("unavailable", 0, money.Max)
	t.Tests.Liquidity = form.Choice("liquidity", "yes", "no") == "yes"
	var ruling personview.Ruling
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		ruling, err = testDecision.Take(v, form)
		return err
	})
	if err != nil {
		return err
	}
	papers := map[string]*documents.Upload{}
	for _, name := range []string{"accounts", "report"} {
		if papers[name], err = upload(form, name); err != nil {
			return err
		}
	}
	answered, err := p.done(q, form, "test", pathTests, func(tx *store.Tx) (err error) {
		if t.Decision, err = ruling.Record(tx); err != nil {
			return err
		}
		if t.Accounts, err = kept(tx, papers["accounts"]); err != nil {
			return err
		}
		if t.Report, err = kept(tx, papers["report"]); err != nil {
			return err
		}
		_, err = leaving.RecordTest(tx, t)
		return err
	})
	if answered {
		return err
	}
	page, err := p.testsPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(testsView(page))
}
