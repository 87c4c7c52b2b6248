package leaving

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
)

// Report is what the board tells the yearly assembly of the exits of a financial year (CSA 6:120): how many, of which
// class, what was paid, what was refused and why. It names nobody.
type Report struct {
	First, Last civil.Date
	House       string
	Lines       []ReportLine // by cause, then class
	Total       ReportLine
	Paid        money.Cents // in the year and since, of these exits
	Queued      int         // of these, that wait
	Waiting     money.Cents
	Refused     []Refusal
	Tests       []Test // recorded in the year
}

// ReportLine are the exits of a cause and a class that took effect in the year.
type ReportLine struct {
	Cause  Cause
	Class  string
	Exits  int
	Shares int64 // taken back
	Passed int64 // handed on to newcomers and heirs
	Cents  money.Cents
}

// Refusal is an exit that was refused in the year, with its reason.
type Refusal struct {
	Number int64
	Cause  Cause
	On     civil.Date
	Why    string
}

// ReportOf is the report of the financial year in which a day lies.
func ReportOf(r store.Reader, day civil.Date) (rep Report, err error) {
	year, err := YearOf(r)
	if err != nil {
		return rep, err
	}
	rep.First, rep.Last = year.Of(day)
	if rep.House, _, err = houseOf(r); err != nil {
		return rep, err
	}
	list, err := Exits(r)
	if err != nil {
		return rep, err
	}
	for _, x := range slices.Backward(list) {
		if err := rep.add(r, x); err != nil {
			return rep, err
		}
	}
	slices.SortFunc(rep.Lines, func(a, b ReportLine) int {
		return cmp.Or(cmp.Compare(slices.Index(Causes, a.Cause), slices.Index(Causes, b.Cause)),
			cmp.Compare(a.Class, b.Class))
	})
	tests, err := RecordedTests(r)
	for _, t := range tests {
		if rep.within(t.Day) {
			rep.Tests = append(rep.Tests, t)
		}
	}
	return rep, err
}

func (rep Report) within(day civil.Date) bool { return !day.Before(rep.First) && !day.After(rep.Last) }

func (rep *Report) add(r store.Reader, x Exit) error {
	if x.State == Refused {
		steps, err := Steps(r, x.ID)
		if err != nil {
			return err
		}
		if last := steps[len(steps)-1]; rep.within(last.Day) {
			rep.Refused = append(rep.Refused, Refusal{x.Number, x.Cause, last.Day, last.Why})
		}
	}
	if !x.State.InEffect() || !rep.within(x.EffectOn) {
		return nil
	}
	rep.Total.Exits++
	counted := map[string]bool{}
	for _, l := range x.Lots {
		line := rep.line(x.Cause, l.Class)
		if !counted[l.Class] {
			counted[l.Class] = true
			line.Exits++
		}
		line.Shares, line.Passed, line.Cents = line.Shares+l.Shares, line.Passed+l.Passed, line.Cents+l.Cents
		rep.Total.Shares, rep.Total.Passed = rep.Total.Shares+l.Shares, rep.Total.Passed+l.Passed
		rep.Total.Cents += l.Cents
	}
	left, err := x.left(r)
	switch {
	case x.State == Queued:
		rep.Queued, rep.Waiting = rep.Queued+1, rep.Waiting+x.Cents
	case x.State == Owed || x.State == Paid:
		rep.Paid += max(0, x.Cents-left)
	}
	return err
}

func (rep *Report) line(cause Cause, class string) *ReportLine {
	i := slices.IndexFunc(rep.Lines, func(l ReportLine) bool { return l.Cause == cause && l.Class == class })
	if i < 0 {
		i = len(rep.Lines)
		rep.Lines = append(rep.Lines, ReportLine{Cause: cause, Class: class})
	}
	return &rep.Lines[i]
}

// Paper is the report as it goes to the assembly.
func (rep Report) Paper(p *lang.Printer) papers.Paper {
	paper := papers.Paper{Kind: papers.Report, Lang: p.Tag, House: rep.House,
		Title: p.T("leaving.report.title", "first", rep.First, "last", rep.Last)}
	put := func(b papers.Block) { paper.Blocks = append(paper.Blocks, b) }
	put(papers.Paragraph{Words: papers.T(p.T("leaving.report.opening", "first", rep.First, "last", rep.Last))})
	if rep.Total.Exits == 0 {
		put(papers.Paragraph{Words: papers.T(p.T("leaving.report.none"))})
	} else {
		put(rep.table(p))
		put(papers.Paragraph{Words: papers.T(p.T("leaving.report.sums", "n", rep.Total.Exits, "amount", rep.Total.Cents,
			"paid",
			rep.Paid))})
	}
	if rep.Queued > 0 {
		put(papers.Paragraph{Words: papers.T(p.T("leaving.report.queued", "n", rep.Queued, "amount", rep.Waiting))})
	}
	put(papers.Heading{Level: 2, Words: papers.T(p.T("leaving.report.refused"))})
	if len(rep.Refused) == 0 {
		put(papers.Paragraph{Words: papers.T(p.T("leaving.report.refused.none"))})
	} else {
		var items []papers.Line
		for _, one := range rep.Refused {
			items = append(items, papers.T(p.T("leaving.report.refusal", "number", one.Number, "cause",
				one.Cause.Words(), "day", one.On, "why", one.Why)))
		}
		put(papers.List{Items: items})
	}
	if len(rep.Tests) > 0 {
		put(papers.Heading{Level: 2, Words: papers.T(p.T("leaving.report.tests"))})
		var items []papers.Line
		for _, t := range rep.Tests {
			said := "leaving.report.test.failed"
			if t.Tests.NetAssetTest(0).Passed && t.Tests.Liquidity {
				said = "leaving.report.test.passed"
			}
			items = append(items, papers.T(p.T(said, "day", t.Day, "accounts", t.Tests.Assets.On, "equity",
				t.Tests.Assets.Equity, "until", t.UntilOn)))
		}
		put(papers.List{Items: items})
	}
	put(papers.Hint{Words: papers.T(p.T("leaving.report.hint"))})
	return paper
}

func (rep Report) table(p *lang.Printer) papers.Block {
	t := papers.Table{Caption: papers.T(p.T("leaving.report.caption"))}
	for i, code := range []string{"cause", "class", "exits", "shares", "passed", "amount"} {
		c := papers.Column{Head: papers.T(p.T("leaving.report.column." + code)), Row: i == 0}
		if i > 1 {
			c.Align = papers.Right
		}
		t.Columns = append(t.Columns, c)
	}
	row := func(first, class string, l ReportLine) papers.Row {
		var of papers.Line // none in the last line: a cell without words
		if class != "" {
			of = papers.T(class)
		}
		return papers.Row{papers.T(first), of, papers.T(p.Count(int64(l.Exits))), papers.T(p.Count(l.Shares)),
			papers.T(p.Count(l.Passed)), papers.T(p.Money(l.Cents))}
	}
	for _, l := range rep.Lines {
		t.Rows = append(t.Rows, row(lang.Capital(p.Words(l.Cause.Words())), l.Class, l))
	}
	t.Totals = []papers.Row{row(p.T("leaving.report.total"), "", rep.Total)}
	return t
}
