package pages

import (
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
	personview "lieux/people/view"
)

// receiptRow is a payment in ready words.
type receiptRow struct {
	Href, Number, On, Payer, Said, For, Cents, Free string
	Badge                                           web.Kind
	State                                           string
	Suggestion                                      string // of the worklist: the best one, with its reasons
}

type receiptsPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Any     bool
	Rows    []receiptRow
	Totals  []web.Total
	Pager   web.Pager
	Exports []web.Link
	Writer  bool
}

func receiptFilter(form *web.Form) payment.ReceiptFilter {
	return payment.ReceiptFilter{From: form.Date("from"), Until: form.Date("until"), Text: form.Text("q", web.MaxQuery),
		Free: form.Raw("show") == "free"}
}

// uses says what the payments of a list were for.
type uses struct {
	p       *lang.Printer
	entries map[payment.ReceiptID][]payment.Entry
	dues    map[payment.DueID]payment.Due
	persons map[people.PersonID]people.Person
}

func usesOf(r store.Reader, p *lang.Printer, list []payment.Receipt) (u uses, err error) {
	u = uses{p: p, entries: map[payment.ReceiptID][]payment.Entry{}, dues: map[payment.DueID]payment.Due{}}
	var ids []people.PersonID
	for _, got := range list {
		all, err := payment.EntriesOf(r, got.ID)
		if err != nil {
			return u, err
		}
		u.entries[got.ID] = payment.Standing(all)
		for _, e := range u.entries[got.ID] {
			if _, known := u.dues[e.Due]; e.Due == "" || known {
				continue
			}
			d, err := payment.DueByID(r, e.Due)
			if err != nil {
				return u, err
			}
			u.dues[e.Due], ids = d, append(ids, d.Person)
		}
	}
	u.persons, err = names(r, ids)
	return u, err
}

// words are the persons whose dues a payment pays, else what became of it.
func (u uses) words(id payment.ReceiptID) string {
	var list []string
	for _, e := range u.entries[id] {
		if e.Due != "" {
			list = append(list, u.persons[u.dues[e.Due].Person].Words(u.p))
		} else {
			list = append(list, u.p.Words(e.Use.Words()))
		}
	}
	return u.p.List(list)
}

// by says that somebody else paid than the person who is credited.
func (u uses) third(got payment.Receipt) bool {
	for _, e := range u.entries[got.ID] {
		name := fold.Text(u.persons[u.dues[e.Due].Person].Full())
		if e.Due != "" && got.Payer != "" && name != "" && !sameWords(name, fold.Text(got.Payer)) {
			return true
		}
	}
	return false
}

func (u uses) row(got payment.Receipt) receiptRow {
	r := receiptRow{Href: receiptPath(got.ID), Number: strconv.FormatInt(got.Number, 10), On: u.p.ShortDate(got.On),
		Payer: got.Payer, Said: got.Message, For: u.words(got.ID), Cents: u.p.Money(got.Cents), Badge: web.Yes,
		State: u.p.T("payment.page.used")}
	if got.Payer == "" {
		r.Payer = u.p.Words(got.Way.Words())
	}
	if u.third(got) {
		r.For += " (" + u.p.T("payment.page.third") + ")"
	}
	if got.Free() > 0 {
		r.Free, r.Badge, r.State = u.p.Money(got.Free()), web.Wait, u.p.T("payment.page.free")
	}
	for _, e := range u.entries[got.ID] {
		if e.Use == payment.Returned {
			r.Badge, r.State = web.No, u.p.Words(e.Use.Words())
		}
	}
	return r
}

func receiptPath(id payment.ReceiptID) string { return pathPayments + "/receipts/" + string(id) }

func (s *screens) receipts(q *web.Request) error {
	form := web.NewForm(q.R.URL.Query())
	f := receiptFilter(form)
	page, err := view(q, s.DB, func(r store.Reader) (page receiptsPage, err error) {
		page = receiptsPage{Form: form, Tabs: tabs(q.P, q.Who, pathPayments), Writer: q.Who.May(writers)}
		_, all, err := payment.SearchReceipts(r, payment.ReceiptFilter{Limit: 1})
		if err != nil {
			return page, err
		}
		f.Limit = 1
		_, sums, err := payment.SearchReceipts(r, f)
		if err != nil {
			return page, err
		}
		page.Any, page.Pager = all.Count > 0, q.Pager(sums.Count, rowsPerPage)
		f.Limit, f.Offset = rowsPerPage, page.Pager.Offset()
		list, _, err := payment.SearchReceipts(r, f)
		if err != nil {
			return page, err
		}
		u, err := usesOf(r, q.P, list)
		for _, got := range list {
			page.Rows = append(page.Rows, u.row(got))
		}
		page.Totals = []web.Total{{Lead: 1, Label: q.T("payment.page.total"), Cells: []web.Cell{{},
			{Text: q.P.Money(sums.Cents), Num: true, Label: q.T("payment.page.column.amount")},
			{Text: q.P.Money(sums.Free), Num: true, Label: q.T("payment.page.column.free")}, {}}}}
		return page, err
	})
	if err != nil {
		return err
	}
	page.Exports = exports(q.R.URL, pathPayments)
	if !form.OK() {
		return q.Again(receiptsView(page))
	}
	return q.Page(receiptsView(page))
}

func (s *screens) receiptTable(q *web.Request) (table, error) {
	t := table{name: q.T("payment.page.tab.received"), head: heads(q.P, "number", "on", "payer", "iban", "message", "way",
		"for", "amount", "free", "reference")}
	f := receiptFilter(web.NewForm(q.R.URL.Query()))
	type rows struct {
		list []payment.Receipt
		u    uses
	}
	got, err := view(q, s.DB, func(r store.Reader) (all rows, err error) {
		if all.list, _, err = payment.SearchReceipts(r, f); err == nil {
			all.u, err = usesOf(r, q.P, all.list)
		}
		return all, err
	})
	t.rows = func(yield func([]sheets.Cell) bool) {
		for _, r := range got.list {
			if !yield([]sheets.Cell{sheets.Int(r.Number), sheets.Date(r.On), sheets.Text(r.Payer),
				sheets.Text(r.IBAN.String()), sheets.Text(r.Message), sheets.Text(q.P.Words(r.Way.Words())),
				sheets.Text(got.u.words(r.ID)), sheets.Money(r.Cents), sheets.Money(r.Free()), sheets.Text(r.Reference)}) {
				return
			}
		}
	}
	return t, err
}

func (s *screens) receiptsCSV(q *web.Request) error {
	t, err := s.receiptTable(q)
	if err != nil {
		return err
	}
	return s.csv(q, t)
}

func (s *screens) receiptsXLSX(q *web.Request) error {
	t, err := s.receiptTable(q)
	if err != nil {
		return err
	}
	return s.xlsx(q, t)
}

// waiting is the worklist: what is free of payments, with the best suggestion for each.
func (s *screens) waiting(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page receiptsPage, err error) {
		page = receiptsPage{Tabs: tabs(q.P, q.Who, pathPayments+"/waiting"), Writer: q.Who.May(writers)}
		list, err := payment.FreeReceipts(r)
		if err != nil {
			return page, err
		}
		page.Pager = q.Pager(int64(len(list)), rowsPerPage)
		from := page.Pager.Offset()
		list = list[from:min(from+rowsPerPage, int64(len(list)))]
		m, err := payment.MatcherOf(r)
		if err != nil {
			return page, err
		}
		u, err := usesOf(r, q.P, list)
		for _, got := range list {
			row := u.row(got)
			if found := payment.Suggest(r, m, got); len(found) > 0 {
				row.State = lang.Capital(q.P.Words(found[0].Level.Words()))
				row.Suggestion = sentence(q.P, found[0].Reasons)
			} else {
				row.State, row.Badge = q.T("payment.page.no-suggestion"), web.Off
			}
			page.Rows = append(page.Rows, row)
		}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(waitingView(page))
}

// receiptForm is what GET /payments/new shows.
type receiptForm struct {
	Form  *web.Form
	Ways  []web.Option
	Twice bool // a payment that looks alike is known
	Today string
	Dues  []web.Option
}

func (s *screens) receiptForm(q *web.Request, form *web.Form) (page receiptForm, err error) {
	page = receiptForm{Form: form, Today: s.DB.Today().String()}
	for _, w := range payment.Ways {
		page.Ways = append(page.Ways, web.Option{Value: string(w), Label: lang.Capital(q.P.Words(w.Words()))})
	}
	return page, nil
}

func (s *screens) newReceipt(q *web.Request) error {
	form := q.Blank()
	form.Set("on", s.DB.Today().String()).Set("way", string(payment.ByBank)).Set("message", q.Query("ogm"))
	page, err := s.receiptForm(q, form)
	if err != nil {
		return err
	}
	return q.Page(receiptFormView(page))
}

// receive writes a payment down; a second button comes back to an empty form with the same date, for a pile of papers.
func (s *screens) receive(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	a := payment.Arrival{On: form.NeedDate("on"), Cents: form.Money("amount", 1, money.Max), Way: wayOf(form),
		Message: form.Text("message", web.MaxLine), Payer: form.Text("payer", payment.MaxPayer),
		IBAN: form.Text("iban", 60), Reference: form.Text("reference", payment.MaxBankMark), Twice: form.Flag("twice")}
	page, err := s.receiptForm(q, form)
	if err != nil {
		return err
	}
	if form.OK() {
		var id payment.ReceiptID
		out, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "payment.receive").Once(form.Key()),
			func(tx *store.Tx) (err error) {
				id, err = payment.Receive(tx, a)
				return err
			})
		if err == nil {
			return s.received(q, form, payment.ReceiptID(out.Answer), id)
		}
		for _, r := range fault(err) {
			page.Twice = page.Twice || r.Code == "payment.refusal.twin"
		}
		if !form.Refused(err) {
			return err
		}
	}
	page.Twice = page.Twice || a.Twice
	return q.Again(receiptFormView(page))
}

func (s *screens) received(q *web.Request, form *web.Form, answered, made payment.ReceiptID) error {
	id := answered
	if id == "" {
		id = made
	}
	got, err := view(q, s.DB, func(r store.Reader) (payment.Receipt, error) { return payment.ReceiptByID(r, id) })
	if err != nil {
		return err
	}
	said := "payment.page.received.posted"
	if got.Free() > 0 {
		said = "payment.page.received.waits"
	}
	q.Flash(web.Yes, q.T(said, "number", got.Number, "free", got.Free()))
	if form.Raw("then") == "again" {
		return q.SeeOther(pathPayments + "/new")
	}
	return q.SeeOther(receiptPath(id))
}

func wayOf(form *web.Form) payment.Way {
	var ways []string
	for _, w := range payment.Ways {
		ways = append(ways, string(w))
	}
	return payment.Way(form.Choice("way", ways...))
}

// suggestionRow is one suggestion with its button.
type suggestionRow struct {
	Level, Reasons string
	Badge          web.Kind
	Parts          []partRow
	Value          string // what the form sends
}

type partRow struct{ Href, Due, Person, Cents string }

type entryRow struct {
	ID, Use, Cents, On, By, Why, Reasons string
	Href, For                            string
	Undoable, Undone                     bool
}

type receiptPage struct {
	Form        *web.Form
	Receipt     payment.Receipt
	Path        string
	Facts       []web.Fact
	Entries     []entryRow
	Suggestions []suggestionRow
	Open        []web.Option // dues that wait, for a choice by hand
	Find        string       // words by which Open was chosen
	Writer      bool
	Returnable  bool
	Today       string
	History     templ.Component
	Choice      personview.Choice
}

func dayOf(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
