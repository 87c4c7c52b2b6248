package pages

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	faults "lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
)

func fault(err error) faults.Refusals { return faults.Of(err) }

// sameWords says whether one name has the words of the other, in any order.
func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	return !slices.ContainsFunc(x, func(w string) bool { return !slices.Contains(y, w) })
}

// maxChosen bounds what a button sends.
const maxChosen = 4000

// openDues is how many dues the choice by hand shows.
const openDues = 40

func (s *screens) receiptPage(q *web.Request, form *web.Form) (receiptPage, error) {
	return view(q, s.DB, func(r store.Reader) (page receiptPage, err error) {
		got, err := payment.ReceiptByID(r, payment.ReceiptID(q.Path("id")))
		if err != nil {
			return page, err
		}
		page = receiptPage{Form: form, Receipt: got, Path: receiptPath(got.ID), Writer: q.Who.May(writers),
			Today: r.Today().String(), Returnable: true, Find: q.Query("find")}
		if err := page.tell(r, q.P); err != nil {
			return page, err
		}
		if got.Free() > 0 {
			if err := page.suggest(r, q.P); err != nil {
				return page, err
			}
		}
		page.History, err = s.history(q, r, got.ID.Ref())
		return page, err
	})
}

func (page *receiptPage) tell(r store.Reader, p *lang.Printer) error {
	got := page.Receipt
	fact := func(code, text string) {
		if text != "" {
			page.Facts = append(page.Facts, web.Fact{Name: p.T("payment.page.column." + code), Text: text})
		}
	}
	fact("amount", p.Money(got.Cents))
	fact("on", p.Date(got.On))
	fact("way", p.Words(got.Way.Words()))
	fact("payer", got.Payer)
	iban := got.IBAN.String()
	if iban != "" && !got.IBAN.Right() {
		iban += " (" + p.T("payment.page.iban-wrong") + ")"
	}
	fact("iban", iban)
	fact("message", got.Message)
	for _, o := range got.OGMs() {
		if !o.Right() {
			fact("ogm", p.T("payment.page.ogm-wrong", "ogm", o.String()))
		}
	}
	if !strings.HasPrefix(got.Reference, "hand/") && !strings.HasPrefix(got.Reference, "~") {
		fact("reference", got.Reference)
	}
	by, err := actor(r, p, got.By)
	if err != nil {
		return err
	}
	code := "payment.page.by-hand"
	if !got.ByHand() {
		code = "payment.page.by-file"
	}
	fact("read", p.T(code, "day", got.At.On(r.Zone()), "by", by))
	if got.Free() > 0 {
		fact("free", p.Money(got.Free()))
	}
	entries, err := payment.EntriesOf(r, got.ID)
	if err != nil {
		return err
	}
	page.Entries, err = entryRows(r, p, entries)
	for _, e := range payment.Standing(entries) {
		if e.Use == payment.Returned || e.Use == payment.Back {
			page.Returnable = false
		}
	}
	return err
}

// actor is the name of who wrote something.
func actor(r store.Reader, p *lang.Printer, id people.PersonID) (string, error) {
	if id == "" {
		return p.T("payment.system"), nil
	}
	person, err := people.Standing(r, id)
	return person.Words(p), err
}

func entryRows(r store.Reader, p *lang.Printer, entries []payment.Entry) (rows []entryRow, err error) {
	stands := map[payment.EntryID]bool{}
	for _, e := range payment.Standing(entries) {
		stands[e.ID] = true
	}
	for _, e := range entries {
		row := entryRow{ID: string(e.ID), Use: p.Words(e.Use.Words()), Cents: p.Money(e.Cents), On: p.ShortDate(e.On),
			Why: e.Why, Reasons: sentence(p, e.Reasons), Undoable: stands[e.ID], Undone: !stands[e.ID]}
		if e.Undoes != "" {
			row.Use = p.T("payment.page.undone", "use", e.Use.Words())
		}
		if row.By, err = actor(r, p, e.By); err != nil {
			return nil, err
		}
		if e.Due != "" {
			d, err := payment.DueByID(r, e.Due)
			if err != nil {
				return nil, err
			}
			person, err := people.Standing(r, d.Person)
			if err != nil {
				return nil, err
			}
			row.Href = duePath(d.ID)
			row.For = p.T("payment.page.due-of", "number", d.Number, "person", person)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// suggest fills the suggestions, and the dues that one may choose instead.
func (page *receiptPage) suggest(r store.Reader, p *lang.Printer) error {
	m, err := payment.MatcherOf(r)
	if err != nil {
		return err
	}
	for _, found := range payment.Suggest(r, m, page.Receipt) {
		row, err := suggested(r, p, found)
		if err != nil {
			return err
		}
		page.Suggestions = append(page.Suggestions, row)
	}
	open, _, err := payment.SearchDues(r, payment.DueFilter{States: []payment.State{payment.Open, payment.PartPaid},
		Text: page.Find, Limit: openDues})
	if err != nil {
		return err
	}
	var ids []people.PersonID
	for _, d := range open {
		ids = append(ids, d.Person)
	}
	persons, err := names(r, ids)
	for _, d := range open {
		page.Open = append(page.Open, web.Option{Value: string(d.ID), Label: p.T("payment.page.option",
			"number", d.Number, "person", persons[d.Person], "left", d.Left())})
	}
	return err
}

func suggested(r store.Reader, p *lang.Printer, found payment.Suggestion) (row suggestionRow, err error) {
	row = suggestionRow{Level: lang.Capital(p.Words(found.Level.Words())), Reasons: sentence(p, found.Reasons),
		Badge: web.Wait}
	if found.Level >= payment.VeryLikely {
		row.Badge = web.Yes
	}
	if len(found.Parts) == 0 {
		row.Badge = web.Off
		return row, nil
	}
	for _, part := range found.Parts {
		d, err := payment.DueByID(r, part.Due)
		if err != nil {
			return row, err
		}
		person, err := people.Standing(r, d.Person)
		if err != nil {
			return row, err
		}
		row.Parts = append(row.Parts, partRow{Href: duePath(d.ID), Due: strconv.FormatInt(d.Number, 10),
			Person: person.Words(p), Cents: p.Money(part.Cents)})
	}
	value, err := json.Marshal(found.Parts)
	row.Value = string(value)
	return row, err
}

func (s *screens) receipt(q *web.Request) error {
	page, err := s.receiptPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(receiptView(page))
}

// again shows the payment with what is wrong.
func (s *screens) receiptAgain(q *web.Request, form *web.Form) error {
	page, err := s.receiptPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(receiptView(page))
}

// allocate confirms a suggestion, or a due that was chosen by hand.
func (s *screens) allocate(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	a := payment.Allocation{Receipt: payment.ReceiptID(q.Path("id"))}
	if text := form.Text("suggestion", maxChosen); text != "" {
		if json.Unmarshal([]byte(text), &a.Parts) != nil {
			return web.Status(http.StatusBadRequest)
		}
	} else if due := form.Need("due", 60); due != "" {
		part := payment.Part{Due: payment.DueID(due), Cents: form.Money("amount", 0, money.Max)}
		if part.Cents == 0 && form.OK() {
			if part, err = s.whole(q, a.Receipt, part.Due); err != nil {
				return err
			}
		}
		a.Parts = []payment.Part{part}
	}
	answered, err := s.done(q, form, "payment.confirm", "payment.page.allocated", receiptPath(a.Receipt),
		func(tx *store.Tx) (err error) {
			if a.Reasons, err = reasonsOf(tx, a); err != nil {
				return err
			}
			return payment.Confirm(tx, a)
		})
	if answered {
		return err
	}
	return s.receiptAgain(q, form)
}

// reasonsOf are the reasons of the suggestion that is confirmed, searched again: what a form says of itself is
// none.
func reasonsOf(r store.Reader, a payment.Allocation) ([]lang.Phrase, error) {
	got, err := payment.ReceiptByID(r, a.Receipt)
	if err != nil {
		return nil, err
	}
	m, err := payment.MatcherOf(r)
	if err != nil {
		return nil, err
	}
	for _, found := range payment.Suggest(r, m, got) {
		if slices.Equal(found.Parts, a.Parts) {
			return found.Reasons, nil
		}
	}
	return nil, nil
}

// whole is as much as the payment and the due allow.
func (s *screens) whole(q *web.Request, id payment.ReceiptID, due payment.DueID) (payment.Part, error) {
	return view(q, s.DB, func(r store.Reader) (part payment.Part, err error) {
		got, err := payment.ReceiptByID(r, id)
		if err != nil {
			return part, err
		}
		d, err := payment.DueByID(r, due)
		return payment.Part{Due: due, Cents: min(got.Free(), d.Left())}, err
	})
}

func (s *screens) spend(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	use := payment.Use(form.Choice("use", string(payment.Back), string(payment.Aside)))
	p := payment.Spend{Receipt: payment.ReceiptID(q.Path("id")), Use: use, Cents: form.Money("spent", 1, money.Max),
		On: form.NeedDate("spent-on"), Why: form.Text("spent-why", payment.MaxWhy)}
	answered, err := s.done(q, form, "payment.spend", "payment.page.spent", receiptPath(p.Receipt),
		func(tx *store.Tx) error { return payment.SpendFree(tx, p) })
	if answered {
		return err
	}
	return s.receiptAgain(q, form)
}

func (s *screens) reverse(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	id, on, why := payment.ReceiptID(q.Path("id")), form.NeedDate("returned-on"), form.Need("returned-why", payment.MaxWhy)
	answered, err := s.done(q, form, "payment.reverse", "payment.page.reversed", receiptPath(id),
		func(tx *store.Tx) error { return payment.Reverse(tx, id, on, why) })
	if answered {
		return err
	}
	return s.receiptAgain(q, form)
}

func (s *screens) undo(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	entry, why := payment.EntryID(form.Need("entry", 60)), form.Need("undo-why", payment.MaxWhy)
	answered, err := s.done(q, form, "payment.undo", "payment.page.undone.done",
		receiptPath(payment.ReceiptID(q.Path("id"))),
		func(tx *store.Tx) error { return payment.Undo(tx, entry, why) })
	if answered {
		return err
	}
	return s.receiptAgain(q, form)
}
