package pages

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
	personview "lieux/people/view"
)

func duePath(id payment.DueID) string { return pathDues + "/" + string(id) }

// dueRow is a due in ready words.
type dueRow struct {
	ID, Href, Number, Person, Label, OGM, Asked, Until, Cents, Received, Left string
	State                                                                     string
	Badge                                                                     web.Kind
	Late                                                                      bool
}

type duesPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Chips   []web.Chip
	Show    string
	Any     bool
	Rows    []dueRow
	Totals  []web.Total
	Pager   web.Pager
	Exports []web.Link
	Writer  bool
}

// shows are the filters of the list of dues.
var shows = []string{"waiting", "late", "settled", "lapsed", "cancelled", "all"}

func dueFilter(show, text string, today civil.Date) payment.DueFilter {
	f := payment.DueFilter{Text: text}
	switch show {
	case "waiting":
		f.States = []payment.State{payment.Open, payment.PartPaid}
	case "late":
		f.States, f.LateOn = []payment.State{payment.Open, payment.PartPaid}, today
	case "settled", "lapsed", "cancelled":
		f.States = []payment.State{payment.State(show)}
	}
	return f
}

func asked(q *web.Request) (show, text string) {
	show = q.Query("show")
	if !slices.Contains(shows, show) {
		show = shows[0]
	}
	return show, q.Query("q")
}

func rowOf(p *lang.Printer, d payment.Due, person people.Person, today civil.Date) dueRow {
	late := d.Late(today)
	row := dueRow{ID: string(d.ID), Href: duePath(d.ID), Number: strconv.FormatInt(d.Number, 10), Person: person.Words(p),
		Label: d.Label, OGM: d.OGM.String(), Asked: p.ShortDate(d.AskedOn), Until: p.ShortDate(d.DueOn),
		Cents: p.Money(d.Cents), Received: p.Money(d.Received()), State: lang.Capital(p.Words(d.State().Words())),
		Badge: badge(d.State(), late), Late: late}
	if left := d.Left(); left > 0 {
		row.Left, row.Until = p.Money(left), p.ShortDate(d.Next().DueOn)
	}
	if late {
		row.State = p.T("payment.page.late-since", "n", d.Next().DueOn.DaysUntil(today))
	}
	return row
}

func dueRows(r store.Reader, p *lang.Printer, list []payment.Due) (rows []dueRow, err error) {
	var ids []people.PersonID
	for _, d := range list {
		ids = append(ids, d.Person)
	}
	persons, err := names(r, ids)
	for _, d := range list {
		rows = append(rows, rowOf(p, d, persons[d.Person], r.Today()))
	}
	return rows, err
}

func (s *screens) dues(q *web.Request) error {
	show, text := asked(q)
	page, err := view(q, s.DB, func(r store.Reader) (page duesPage, err error) {
		page = duesPage{Form: web.NewForm(q.R.URL.Query()), Tabs: tabs(q.P, q.Who, pathDues), Show: show,
			Writer: q.Who.May(writers)}
		var sums payment.DueSums
		for _, name := range shows {
			f := dueFilter(name, text, r.Today())
			f.Limit = 1
			_, counted, err := payment.SearchDues(r, f)
			if err != nil {
				return page, err
			}
			if name == show {
				sums = counted
			}
			page.Chips = append(page.Chips, web.Chip{Text: q.T("payment.page.show." + name), Current: name == show,
				Count: q.P.Count(counted.Count), Href: q.URLWith("show", name)})
			page.Any = page.Any || counted.Count > 0 || text != ""
		}
		page.Pager = q.Pager(sums.Count, rowsPerPage)
		f := dueFilter(show, text, r.Today())
		f.Limit, f.Offset = rowsPerPage, page.Pager.Offset()
		list, _, err := payment.SearchDues(r, f)
		if err != nil {
			return page, err
		}
		page.Totals = []web.Total{{Lead: 1, Label: q.T("payment.page.total"), Cells: []web.Cell{{},
			{Text: q.P.Money(sums.Cents), Num: true, Label: q.T("payment.page.column.amount")},
			{Text: q.P.Money(sums.Received), Num: true, Label: q.T("payment.page.column.received")}, {}, {}}}}
		page.Rows, err = dueRows(r, q.P, list)
		return page, err
	})
	if err != nil {
		return err
	}
	page.Exports = exports(q.R.URL, pathDues)
	return q.Page(duesView(page))
}

func (s *screens) dueTable(q *web.Request) (table, error) {
	t := table{name: q.T("payment.page.tab.dues"), head: heads(q.P, "number", "person", "label", "reason", "ogm", "asked",
		"until", "amount", "received", "left", "state")}
	show, text := asked(q)
	type rows struct {
		list    []payment.Due
		persons map[people.PersonID]people.Person
	}
	got, err := view(q, s.DB, func(r store.Reader) (all rows, err error) {
		if all.list, _, err = payment.SearchDues(r, dueFilter(show, text, r.Today())); err != nil {
			return all, err
		}
		var ids []people.PersonID
		for _, d := range all.list {
			ids = append(ids, d.Person)
		}
		all.persons, err = names(r, ids)
		return all, err
	})
	t.rows = func(yield func([]sheets.Cell) bool) {
		for _, d := range got.list {
			if !yield([]sheets.Cell{sheets.Int(d.Number), sheets.Text(got.persons[d.Person].Words(q.P)), sheets.Text(d.Label),
				sheets.Text(q.P.Words(d.Reason.Words())), sheets.Text(d.OGM.String()), sheets.Date(d.AskedOn),
				sheets.Date(d.DueOn), sheets.Money(d.Cents), sheets.Money(d.Received()), sheets.Money(d.Left()),
				sheets.Text(q.P.Words(d.State().Words()))}) {
				return
			}
		}
	}
	return t, err
}

func (s *screens) duesCSV(q *web.Request) error {
	t, err := s.dueTable(q)
	if err != nil {
		return err
	}
	return s.csv(q, t)
}

func (s *screens) duesXLSX(q *web.Request) error {
	t, err := s.dueTable(q)
	if err != nil {
		return err
	}
	return s.xlsx(q, t)
}

// dueForm is what GET /payments/dues/new shows.
type dueForm struct {
	Form    *web.Form
	Who     personview.Choice
	Reasons []web.Option
	Today   string
}

// askable are the reasons for which the office asks by hand; subscriptions come from their own room.
var askable = []payment.Reason{payment.Call, payment.Transfer, payment.Other}

func (s *screens) dueForm(q *web.Request, form *web.Form) dueForm {
	page := dueForm{Form: form, Today: s.DB.Today().String()}
	for _, reason := range append(slices.Clone(askable), payment.Subscription) {
		page.Reasons = append(page.Reasons, web.Option{Value: string(reason),
			Label: lang.Capital(q.P.Words(reason.Words()))})
	}
	return page
}

// usualDays is how long one has to pay, unless another day is given.
const usualDays = 30

func (s *screens) newDue(q *web.Request) error {
	form := q.Blank()
	form.Set("due-on", s.DB.Today().AddDays(usualDays).String()).Set("count", "1")
	return q.Page(dueFormView(s.dueForm(q, form)))
}

func (s *screens) ask(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := s.dueForm(q, form)
	var reasons []string
	for _, o := range page.Reasons {
		reasons = append(reasons, o.Value)
	}
	d := payment.Due{Cents: form.Money("amount", 1, money.Max), Reason: payment.Reason(form.Choice("reason", reasons...)),
		Label: form.Need("label", payment.MaxLabel), DueOn: form.NeedDate("due-on")}
	count := form.NeedInt("count", 1, payment.MaxTerms)
	if page.Who, err = view(q, s.DB, func(r store.Reader) (personview.Choice, error) {
		return personview.Pick(r, q.P, form, "who", true)
	}); err != nil {
		return err
	}
	if form.OK() {
		d.Person = page.Who.Person
		if count > 1 && d.Cents >= money.Cents(count) {
			d.Terms = payment.Instalments(d.Cents, int(count), d.DueOn)
		}
		var id payment.DueID
		out, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "payment.ask").Once(form.Key()),
			func(tx *store.Tx) (err error) {
				id, err = payment.Ask(tx, d)
				return err
			})
		if err == nil {
			if out.Answer != "" {
				id = payment.DueID(out.Answer)
			}
			q.Flash(web.Yes, q.T("payment.page.asked"))
			return q.SeeOther(duePath(id))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(dueFormView(page))
}

// duePage is a due with its history.
type duePage struct {
	Form     *web.Form
	Due      payment.Due
	Person   people.Person
	Path     string
	Facts    []web.Fact
	Terms    []termRow
	Entries  []entryRow
	Letters  []letterRow
	State    string
	Badge    web.Kind
	Writer   bool
	Account  bool
	MayLapse bool
	Code     codeView
	Today    string
	History  templ.Component
	Mine     bool
	Langs    []web.Link
}

type termRow struct {
	Until, Cents string
	Next         bool
}

type letterRow struct{ On, What, Channel, State, Trouble string }

// codeView is the payment code as a drawing.
type codeView struct {
	Path string
	Size string
}

func codeOf(text string) (codeView, error) {
	path, size, err := qrPath(text)
	return codeView{path, strconv.Itoa(size)}, err
}

func (s *screens) duePage(q *web.Request, form *web.Form, id payment.DueID) (duePage, error) {
	return view(q, s.DB, func(r store.Reader) (page duePage, err error) {
		d, err := payment.DueByID(r, id)
		if err != nil {
			return page, err
		}
		page = duePage{Form: form, Due: d, Path: duePath(d.ID), Writer: q.Who.May(writers), Today: r.Today().String(),
			State: lang.Capital(q.P.Words(d.State().Words())), Badge: badge(d.State(), d.Late(r.Today()))}
		if page.Person, err = people.Standing(r, d.Person); err != nil {
			return page, err
		}
		if err := page.tell(r, q.P); err != nil {
			return page, err
		}
		entries, err := payment.EntriesOfDue(r, d.ID)
		if err != nil {
			return page, err
		}
		if page.Entries, err = received(r, q.P, entries); err != nil {
			return page, err
		}
		lapses, err := payment.LapsesOn(r, d)
		if err != nil {
			return page, err
		}
		page.MayLapse = !lapses.IsZero() && !lapses.After(r.Today())
		page.History, err = s.history(q, r, d.ID.Ref())
		return page, err
	})
}

// received are the entries of a due, each with the payment that it comes from and who paid.
func received(r store.Reader, p *lang.Printer, entries []payment.Entry) ([]entryRow, error) {
	rows, err := entryRows(r, p, entries)
	for i, e := range entries {
		if err != nil || e.Receipt == "" {
			continue
		}
		var got payment.Receipt
		if got, err = payment.ReceiptByID(r, e.Receipt); err == nil {
			rows[i].Href = receiptPath(got.ID)
			rows[i].For = got.Payer
			if got.Payer == "" {
				rows[i].For = p.Words(got.Way.Words())
			}
		}
	}
	return rows, err
}

func (page *duePage) tell(r store.Reader, p *lang.Printer) error {
	d := page.Due
	fact := func(code, text string) {
		page.Facts = append(page.Facts, web.Fact{Name: p.T("payment.page.column." + code), Text: text})
	}
	fact("label", d.Label)
	fact("reason", p.Words(d.Reason.Words()))
	fact("amount", p.Money(d.Cents))
	fact("received", p.Money(d.Received()))
	if d.Left() > 0 {
		fact("left", p.Money(d.Left()))
		fact("until", p.Date(d.Next().DueOn))
	}
	credits, err := payment.CreditsAbout(r, d.ID.Ref())
	if err != nil {
		return err
	}
	var back money.Cents
	for _, c := range credits {
		back += c.Open()
	}
	if back > 0 {
		fact("to-give-back", p.Money(back))
	}
	fact("asked", p.Date(d.AskedOn))
	fact("ogm", d.OGM.String())
	end, ended, err := payment.EndOf(r, d.ID)
	if err != nil {
		return err
	}
	if ended {
		words := p.Date(end.On)
		if end.Why != "" {
			words = p.T("payment.page.said", "what", words, "why", end.Why)
		}
		fact("ended", strings.TrimSpace(words))
	}
	for _, t := range d.Terms {
		page.Terms = append(page.Terms, termRow{p.Date(t.DueOn), p.Money(t.Cents), t.DueOn == d.Next().DueOn && d.Left() > 0})
	}
	if err := page.letters(r, p); err != nil {
		return err
	}
	_, page.Account, err = payment.AccountOn(r, r.Today())
	if err != nil || !page.Account || d.Left() == 0 {
		return err
	}
	w, err := payment.DemandOf(r, d.ID, p.Tag)
	if err != nil {
		return err
	}
	fact("account", w.Account.IBAN.String()+", "+w.Account.Beneficiary)
	for _, tag := range lang.Tags {
		page.Langs = append(page.Langs, web.Link{Text: strings.ToUpper(string(tag)),
			Href: page.Path + "/request.pdf?lang=" + string(tag)})
	}
	page.Code, err = codeOf(w.Code())
	return err
}

func (page *duePage) letters(r store.Reader, p *lang.Printer) error {
	sent, err := payment.LettersOf(r, page.Due.ID)
	for _, l := range sent {
		row := letterRow{On: p.ShortDate(l.On), What: lang.Capital(p.Words(l.Kind.Words())),
			Channel: p.Words(l.Channel.Words()),
			Trouble: l.Failed()}
		if l.Kind == payment.Reminder {
			row.What += " " + strconv.FormatInt(l.Place, 10)
		}
		switch {
		case l.Failed() != "":
			row.State = p.T("payment.page.letter.failed")
		case l.Sent() != 0:
			row.State = p.T("payment.page.letter.sent", "at", l.Sent().On(r.Zone()))
		case l.Batch() != "":
			row.State = p.T("payment.page.letter.printed")
		default:
			row.State = p.T("payment.page.letter.waits")
		}
		page.Letters = append(page.Letters, row)
	}
	return err
}

func (s *screens) due(q *web.Request) error {
	page, err := s.duePage(q, q.Blank(), payment.DueID(q.Path("id")))
	if err != nil {
		return err
	}
	return q.Page(dueView(page))
}

func (s *screens) dueAgain(q *web.Request, form *web.Form) error {
	page, err := s.duePage(q, form, payment.DueID(q.Path("id")))
	if err != nil {
		return err
	}
	return q.Again(dueView(page))
}

// requestPDF is the letter that asks for what is left, in the language of the address.
func (s *screens) requestPDF(q *web.Request) error {
	return s.pdf(q, payment.DueID(q.Path("id")), lang.Tag(q.Query("lang")))
}

func (s *screens) pdf(q *web.Request, id payment.DueID, tag lang.Tag) error {
	if !lang.Known(string(tag)) {
		tag = ""
	}
	w, err := view(q, s.DB, func(r store.Reader) (payment.Demand, error) { return payment.DemandOf(r, id, tag) })
	if err != nil {
		return err
	}
	name := q.T("payment.page.file.request", "number", w.Due.Number) + ".pdf"
	return q.Inline(name, "application/pdf", func(out io.Writer) error { return w.PDF(out) })
}

// changed acts on a due and shows it again.
func (s *screens) changed(q *web.Request, form *web.Form, verb, said string,
	fn func(*store.Tx, payment.DueID) error) error {
	id := payment.DueID(q.Path("id"))
	answered, err := s.done(q, form, verb, said, duePath(id), func(tx *store.Tx) error { return fn(tx, id) })
	if answered {
		return err
	}
	return s.dueAgain(q, form)
}

func (s *screens) sendRequest(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	return s.changed(q, form, "payment.request", "payment.page.requested", payment.SendRequest)
}

func (s *screens) reschedule(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	count, first := form.NeedInt("count", 1, payment.MaxTerms), form.NeedDate("first")
	why := form.Need("plan-why", payment.MaxWhy)
	return s.changed(q, form, "payment.reschedule", "payment.page.rescheduled",
		func(tx *store.Tx, id payment.DueID) error {
			d, err := payment.DueByID(tx, id)
			if err != nil {
				return err
			}
			count := min(count, int64(d.Cents))
			return payment.Reschedule(tx, id, payment.Instalments(d.Cents, int(count), first), why)
		})
}

func (s *screens) cancel(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	why := form.Need("cancel-why", payment.MaxWhy)
	return s.changed(q, form, "payment.cancel", "payment.page.cancelled",
		func(tx *store.Tx, id payment.DueID) error { return payment.Cancel(tx, id, why) })
}

func (s *screens) lapse(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	return s.changed(q, form, "payment.lapse", "payment.page.lapsed", payment.Lapse)
}
