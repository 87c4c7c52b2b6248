package register

import (
	"strconv"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
)

// maxPrinted is how many rejected lines the printed report names; it says how many more there are.
const maxPrinted = 500

// PrintDifferences is the report of an import beside the balance sheet: each figure with what explains it, and each
// line that is left out with what it says. It is to be kept with the papers of the year.
func PrintDifferences(r store.Reader, p *lang.Printer, report *ImportReport) (papers.Paper, papers.Names, error) {
	d, err := newDraft(r, p, r.Today(), civil.Date{})
	if err != nil {
		return papers.Paper{}, nil, err
	}
	head := func(codes ...string) (list []papers.Column) {
		for i, c := range codes {
			column := papers.Column{Head: papers.T(p.T("register.print.differences." + c)), Align: papers.Right}
			if c == "figure" || c == "shown" || c == "why" {
				column.Align, column.Weight, column.Row = papers.Left, 3, i == 0
			}
			list = append(list, column)
		}
		return list
	}
	amount := func(c money.Cents) papers.Line { return papers.T(p.Money(c)) }
	var rows, lines []papers.Row
	for _, l := range report.Equity.Lines {
		rows = append(rows, papers.Row{papers.T(l.Words(p)), amount(l.Stated), amount(l.Found), amount(l.Differs()),
			amount(l.Rejected), amount(l.Rest), amount(l.Later)})
	}
	for i, rej := range report.Rejected {
		if i == maxPrinted {
			break
		}
		var why []string
		for _, w := range rej.Why {
			w.Line = 0
			why = append(why, p.Refusal(w))
		}
		lines = append(lines, papers.Row{papers.T(strconv.Itoa(rej.Line)), papers.T(rej.Shown), papers.T(p.List(why)),
			amount(rej.says.Issued), amount(rej.says.Paid)})
	}
	paper := papers.Paper{Kind: papers.Register, Lang: p.Tag, House: d.house, Title: p.T("register.print.differences"),
		Foot: d.foot(), Blocks: papers.Blocks{
			papers.Paragraph{Words: papers.T(p.T("register.print.differences.lede", "file", report.File, "day",
				report.Equity.On, "n", report.Equity.Differences()))},
			papers.Table{Columns: head("figure", "stated", "found", "differs", "rejected", "rest", "later"), Rows: rows},
			papers.Paragraph{Words: papers.T(p.T("register.print.differences.sum"))}}}
	if len(lines) > 0 {
		paper.Blocks = append(paper.Blocks,
			papers.Heading{Level: 2, Words: papers.T(p.T("register.print.differences.lines", "n", len(report.Rejected)))},
			papers.Table{Columns: head("line", "shown", "why", "issued", "paid"), Rows: lines})
	}
	return paper, d.names, nil
}

// Words name a figure of the equity: "Capital souscrit, parts A".
func (l EquityLine) Words(p *lang.Printer) string {
	return p.T("register.import.equity."+string(l.Measure), "class", string(l.Class))
}

// DifferenceHead are the columns of [DifferenceRows].
func DifferenceHead(p *lang.Printer) (head []string) {
	for _, c := range []string{"figure", "line", "stated", "found", "differs", "rejected", "rest", "later"} {
		head = append(head, p.T("register.print.differences."+c))
	}
	return head
}

// DifferenceRows are the report as a table: the figures, then for each rejected line what it adds to their differences.
func DifferenceRows(p *lang.Printer, report *ImportReport) (rows [][]sheets.Cell) {
	none := sheets.Text("")
	for _, l := range report.Equity.Lines {
		rows = append(rows, []sheets.Cell{sheets.Text(l.Words(p)), none, sheets.Money(l.Stated), sheets.Money(l.Found),
			sheets.Money(l.Differs()), sheets.Money(l.Rejected), sheets.Money(l.Rest), sheets.Money(l.Later)})
	}
	for _, rej := range report.Rejected {
		for _, l := range report.Equity.Lines {
			if l.Class == rej.says.Class && rej.says.of(l.Measure) != 0 {
				rows = append(rows, []sheets.Cell{sheets.Text(l.Words(p)), sheets.Int(int64(rej.Line)), none, none, none,
					sheets.Money(rej.says.of(l.Measure)), none, none})
			}
		}
	}
	return rows
}
