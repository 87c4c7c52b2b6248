package app

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/ident"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
)

// consultSize is how many holders a page of the register shows.
const consultSize = 50

// verbConsult notes that a holder consulted the register.
const verbConsult = "app.mine.consult"

// consulting is what a session remembers: for whom, and on which day, the register was opened.
const consulting = "consulting"

// consultPage is what GET /my/register shows: the reason and a button first, then the register.
type consultPage struct {
	Form    *web.Form
	Text    string
	Open    bool
	Holder  bool // the reader holds shares, or the body for which they are here does
	Lines   []consultLine
	Found   int64
	Pager   web.Pager
	Total   consultLine
	Classes int
}

// consultLine is one holder as the law has the register tell it (CSA 6:25): name, domicile or seat with enterprise
// number, shares and what is paid. Never an e-mail address, a telephone number, a date of birth or an account.
type consultLine struct{ Number, Name, Address, Shares, Paid, Due string }

// consultMark is what the session remembers of a consultation: it holds for the day, and for one holder.
func consultMark(q *web.Request, today civil.Date) string {
	return string(myself(q)) + " " + today.String()
}

// consult shows the register to a holder who opened it today.
func (m *mine) consult(q *web.Request) error {
	page := consultPage{Form: q.Blank(), Text: q.Query("q")}
	err := m.app.db.View(q.Context(), func(v *store.View) (err error) {
		if page.Holder, err = register.IsCooperator(v, myself(q)); err != nil || !page.Holder {
			return err
		}
		if page.Open = q.Recall(consulting) == consultMark(q, v.Today()); !page.Open {
			return nil
		}
		return m.list(q, v, &page)
	})
	if err != nil {
		return err
	}
	return q.Page(consultView(page))
}

// enterRegister notes the consultation in the journal and opens the register for the rest of the day.
func (m *mine) enterRegister(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	by := store.By(q.Who.Person, verbConsult).Once(form.Key())
	_, err = m.app.db.Act(q.Context(), by, func(tx *store.Tx) error {
		holds, err := register.IsCooperator(tx, myself(q))
		if err != nil {
			return err
		}
		if !holds {
			return fault.Refuse("app.mine.refusal.holder").By("CSA 6:25")
		}
		tx.Record(store.Line{About: []store.Ref{myself(q).Ref()}})
		return nil
	})
	if err != nil {
		return err
	}
	q.Remember(consulting, consultMark(q, m.app.db.Today()))
	return q.SeeOther(pathConsult)
}

// directory is that of today. To read one of many holders takes long, to follow an act does not.
func (m *mine) directory(r store.Reader) (d *register.Directory, err error) {
	head, err := store.Head(r)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.holders == nil || m.holders.Day != r.Today():
		d, err = register.DirectoryOn(r, r.Today(), civil.Date{})
	case m.holders.Head() >= head.Number:
		return m.holders, nil // who began to read an act ago sees it in the list all the same
	default:
		d, err = m.holders.Follow(r)
	}
	if err == nil {
		m.holders = d
	}
	return d, err
}

// list fills a page of the register.
func (m *mine) list(q *web.Request, r store.Reader, page *consultPage) error {
	d, err := m.directory(r)
	if err != nil {
		return err
	}
	filter := register.Filter{Text: page.Text, Order: register.ByName}
	count := filter
	count.Size = 1
	found := d.List(count)
	page.Found = found.Found.Heads
	page.Pager = q.Pager(page.Found, consultSize)
	filter.From, filter.Size = int(page.Pager.Offset()), consultSize
	shown := d.List(filter)
	var ids []people.PersonID
	for _, l := range shown.Rows {
		ids = append(ids, l.Person)
	}
	names, err := people.Names(r, ids)
	if err != nil {
		return err
	}
	for _, l := range shown.Rows {
		line := consultLine{l.Number.String(), l.Name, q.T("people.address.unknown"), sharesByClass(q, l.ByClass),
			q.P.Money(l.Paid), q.P.Money(l.Due)}
		if line.Name == "" {
			line.Name = q.T("people.erased-person")
		}
		homes, err := people.Addresses(r, l.Person)
		if err != nil {
			return err
		}
		if a, known := people.AddressOn(homes, people.Home, r.Today(), 0); known && a.Known() {
			line.Address = a.Line()
		}
		if number := names[l.Person].Enterprise; number != "" {
			line.Address += q.T("app.mine.comma") + ident.FormatEnterprise(number)
		}
		page.Lines = append(page.Lines, line)
	}
	page.Total = consultLine{Name: q.T("app.mine.consult.total", "n", page.Found), Shares: q.P.Count(found.Found.Shares),
		Paid: q.P.Money(found.Found.Paid)}
	return nil
}

// sharesByClass writes what is held as a register does: "12 A", "12 A + 3 B".
func sharesByClass(q *web.Request, held []register.Holding) (text string) {
	for i, h := range held {
		if i > 0 {
			text += " + "
		}
		text += q.P.Count(h.Shares) + "\u00a0" + string(h.Class)
	}
	return text
}
