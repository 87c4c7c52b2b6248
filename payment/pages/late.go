package pages

import (
	"io"
	"strconv"

	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
)

func qrPath(text string) (string, int, error) { return papers.QRPath(text) }

// lateRow is a late due with what may be done about it today.
type lateRow struct {
	dueRow
	Reminder string // "rappel 2"; empty when none is due today
	Lapses   string
}

type latePage struct {
	Form    *web.Form
	Tabs    []web.Link
	Rows    []lateRow
	Any     bool // a reminder is due today
	ToPrint int
	Batches []batchRow
	Rule    string
	Writer  bool
}

type batchRow struct{ Href, Number, When, Letters string }

func ruleWords(p *lang.Printer, u payment.Rule) string {
	if u.Count == 0 {
		return p.T("payment.page.rule.none")
	}
	words := p.T("payment.page.rule", "n", u.Count, "first", u.First, "between", u.Between)
	if u.Lapse > 0 {
		words += " " + p.T("payment.page.rule.lapse", "n", u.Lapse)
	}
	return words
}

func (s *screens) latePage(q *web.Request, form *web.Form) (latePage, error) {
	return view(q, s.DB, func(r store.Reader) (page latePage, err error) {
		page = latePage{Form: form, Tabs: tabs(q.P, q.Who, pathPayments+"/late"), Writer: q.Who.May(writers)}
		late, err := payment.LateDues(r)
		if err != nil {
			return page, err
		}
		var list []payment.Due
		for _, l := range late {
			list = append(list, l.Due)
		}
		rows, err := dueRows(r, q.P, list)
		if err != nil {
			return page, err
		}
		for i, l := range late {
			row := lateRow{dueRow: rows[i]}
			if l.Reminder > 0 {
				row.Reminder, page.Any = q.T("payment.page.reminder", "place", l.Reminder), true
			}
			if !l.Lapses.IsZero() {
				code := "payment.page.lapses-on"
				if !l.Lapses.After(r.Today()) {
					code = "payment.page.lapses-now"
				}
				row.Lapses = q.T(code, "day", l.Lapses)
			}
			page.Rows = append(page.Rows, row)
		}
		u, err := payment.RuleOn(r, r.Today())
		if err != nil {
			return page, err
		}
		page.Rule = ruleWords(q.P, u)
		if page.ToPrint, err = payment.ToPrint(r); err != nil {
			return page, err
		}
		batches, err := payment.Batches(r)
		for _, b := range batches {
			page.Batches = append(page.Batches, batchRow{Href: pathPayments + "/batches/" + string(b.ID) + "/letters.pdf",
				Number: strconv.FormatInt(b.Number, 10), When: q.P.Moment(b.At, r.Zone()), Letters: q.P.Count(b.Letters)})
		}
		return page, err
	})
}

func (s *screens) late(q *web.Request) error {
	page, err := s.latePage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(lateView(page))
}

// remind writes to those that are ticked.
func (s *screens) remind(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.latePage(q, form)
	if err != nil {
		return err
	}
	var ids []payment.DueID
	for _, row := range page.Rows {
		if form.Ticked("due", row.ID) && row.Reminder != "" {
			ids = append(ids, payment.DueID(row.ID))
		}
	}
	answered, err := s.done(q, form, "payment.remind", "payment.page.reminded", pathPayments+"/late",
		func(tx *store.Tx) error {
			_, err := payment.Remind(tx, ids)
			return err
		})
	if answered {
		return err
	}
	return q.Again(lateView(page))
}

func (s *screens) print(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	answered, err := s.done(q, form, "payment.print", "payment.page.printed", pathPayments+"/late",
		func(tx *store.Tx) error {
			_, err := payment.PrintBatch(tx)
			return err
		})
	if answered {
		return err
	}
	page, err := s.latePage(q, form)
	if err != nil {
		return err
	}
	return q.Again(lateView(page))
}

func (s *screens) batchPDF(q *web.Request) error {
	list, err := view(q, s.DB, func(r store.Reader) ([]payment.Demand, error) {
		return payment.DemandsIn(r, payment.BatchID(q.Path("id")))
	})
	if err != nil {
		return err
	}
	title := q.T("payment.page.file.batch")
	return q.Inline(title+".pdf", "application/pdf", func(out io.Writer) error {
		return payment.PrintPDF(out, title, q.P.Tag, list)
	})
}

// owedRow is one line of what the cooperative owes.
type owedRow struct {
	Href, Since, PayBy, Whom, Why, IBAN, Cents string
	Late                                       bool
}

type owedPage struct {
	Tabs   []web.Link
	Rows   []owedRow
	Totals []web.Total
	CSV    string
}

func owedRows(r store.Reader, p *lang.Printer) (rows []owedRow, list []payment.Owed, err error) {
	if list, err = payment.Queue(r); err != nil {
		return nil, nil, err
	}
	for _, o := range list {
		row := owedRow{Since: p.ShortDate(o.Since), Cents: p.Money(o.Cents), PayBy: p.ShortDate(o.PayBy),
			Late: !o.PayBy.IsZero() && o.PayBy.Before(r.Today())}
		if o.Credit != nil {
			person, err := people.Standing(r, o.Credit.Person)
			if err != nil {
				return nil, nil, err
			}
			row.Href, row.Whom = pathPayments+"/credits/"+string(o.Credit.ID), person.Words(p)
			row.Why = lang.Capital(p.Words(o.Credit.Reason.Words())) + ", " + o.Credit.Label
		} else {
			row.Href, row.Whom, row.IBAN = receiptPath(o.Receipt.ID), o.Receipt.Payer, o.Receipt.IBAN.String()
			row.Why = p.T("payment.page.owed.receipt", "number", o.Receipt.Number)
			if row.Whom == "" {
				row.Whom = p.T("payment.page.unknown-payer")
			}
		}
		rows = append(rows, row)
	}
	return rows, list, nil
}

func (s *screens) owed(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page owedPage, err error) {
		page = owedPage{Tabs: tabs(q.P, q.Who, pathPayments+"/owed"), CSV: pathPayments + "/owed.csv"}
		rows, list, err := owedRows(r, q.P)
		var sum = int64(0)
		for _, o := range list {
			sum += int64(o.Cents)
		}
		page.Rows = rows
		page.Totals = []web.Total{{Lead: 1, Label: q.T("payment.page.total"), Cells: []web.Cell{{},
			{Text: q.P.Money(cents(sum)), Num: true, Label: q.T("payment.page.column.amount")}}}}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(owedView(page))
}

func (s *screens) owedCSV(q *web.Request) error {
	type all struct {
		rows []owedRow
		list []payment.Owed
	}
	got, err := view(q, s.DB, func(r store.Reader) (a all, err error) {
		a.rows, a.list, err = owedRows(r, q.P)
		return a, err
	})
	if err != nil {
		return err
	}
	return s.csv(q, table{name: q.T("payment.page.tab.owed"), head: heads(q.P, "since", "pay-by", "whom", "iban", "why",
		"amount"), rows: func(yield func([]sheets.Cell) bool) {
		for i, o := range got.list {
			row := got.rows[i]
			if !yield([]sheets.Cell{sheets.Date(o.Since), sheets.Date(o.PayBy), sheets.Text(row.Whom), sheets.Text(row.IBAN),
				sheets.Text(row.Why), sheets.Money(o.Cents)}) {
				return
			}
		}
	}})
}

// creditPage is a credit with what was paid of it.
type creditPage struct {
	Form    *web.Form
	Credit  payment.Credit
	Person  people.Person
	Path    string
	Facts   []web.Fact
	Entries []entryRow
	Writer  bool
	Today   string
}

func (s *screens) creditPage(q *web.Request, form *web.Form) (creditPage, error) {
	return view(q, s.DB, func(r store.Reader) (page creditPage, err error) {
		c, err := payment.CreditByID(r, payment.CreditID(q.Path("id")))
		if err != nil {
			return page, err
		}
		page = creditPage{Form: form, Credit: c, Path: pathPayments + "/credits/" + string(c.ID), Writer: q.Who.May(writers),
			Today: r.Today().String()}
		if page.Person, err = people.Standing(r, c.Person); err != nil {
			return page, err
		}
		fact := func(code, text string) {
			page.Facts = append(page.Facts, web.Fact{Name: q.T("payment.page.column." + code), Text: text})
		}
		fact("why", lang.Capital(q.P.Words(c.Reason.Words()))+", "+c.Label)
		fact("amount", q.P.Money(c.Cents))
		fact("open", q.P.Money(c.Open()))
		fact("since", q.P.Date(c.OwedOn))
		if !c.PayBy.IsZero() {
			fact("pay-by", q.P.Date(c.PayBy))
		}
		entries, err := payment.EntriesFor(r, c.ID)
		if err != nil {
			return page, err
		}
		page.Entries, err = entryRows(r, q.P, entries)
		return page, err
	})
}

func (s *screens) credit(q *web.Request) error {
	page, err := s.creditPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(creditView(page))
}

func (s *screens) credited(q *web.Request, form *web.Form, verb, said string,
	fn func(*store.Tx, payment.CreditID) error) error {
	id := payment.CreditID(q.Path("id"))
	answered, err := s.done(q, form, verb, said, pathPayments+"/credits/"+string(id),
		func(tx *store.Tx) error { return fn(tx, id) })
	if answered {
		return err
	}
	page, err := s.creditPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(creditView(page))
}

func (s *screens) payCredit(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	amount, on := form.Money("amount", 1, maxCents), form.NeedDate("on")
	return s.credited(q, form, "payment.pay-credit", "payment.page.credit-paid",
		func(tx *store.Tx, id payment.CreditID) error { return payment.PayCredit(tx, id, amount, on) })
}

func (s *screens) dropCredit(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	why := form.Need("drop-why", payment.MaxWhy)
	return s.credited(q, form, "payment.drop-credit", "payment.page.credit-dropped",
		func(tx *store.Tx, id payment.CreditID) error { return payment.DropCredit(tx, id, why) })
}

func (s *screens) undoCredit(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	entry, why := payment.EntryID(form.Need("entry", 60)), form.Need("undo-why", payment.MaxWhy)
	return s.credited(q, form, "payment.undo", "payment.page.undone.done",
		func(tx *store.Tx, _ payment.CreditID) error { return payment.Undo(tx, entry, why) })
}
