package pages

import (
	"strings"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// pageSize is how many persons one page of the book shows.
const pageSize = 50

// bookPage is what GET /people shows: the whole book, or what a search found.
type bookPage struct {
	form  *web.Form
	query string
	total int64
	rows  []bookRow
	pager web.Pager
	more  bool // the search found others
	may   bool // the person at the keyboard writes in the book
}

// bookRow is one person; its texts are ready.
type bookRow struct{ href, name, told, kind, town, contact, why string }

func (p Pages) book(q *web.Request) error {
	page := bookPage{form: q.Blank().Set("q", q.Query("q")), query: q.Query("q"), may: q.Who.May(writers)}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.total, err = people.Count(v); err != nil {
			return err
		}
		var list []people.Person
		why := map[people.PersonID]lang.Phrase{}
		if page.query == "" {
			page.pager = q.Pager(page.total, pageSize)
			list, err = people.Book(v, page.pager.Offset(), pageSize)
		} else {
			list, err = page.find(v, q, why)
		}
		if err != nil {
			return err
		}
		for _, one := range list {
			row, err := rowOf(q, v, one)
			if err != nil {
				return err
			}
			if w := why[one.ID]; w.Code != "" && !strings.Contains(row.told, q.P.Words(w)) {
				row.why = q.P.Words(w)
			}
			page.rows = append(page.rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(bookView(page))
}

// find searches, and reads the persons in the order of the hits.
func (page *bookPage) find(r store.Reader, q *web.Request, why map[people.PersonID]lang.Phrase) (
	[]people.Person, error) {
	hits, more, err := people.Search(r, people.Query{Text: page.query, Contacts: q.Who.May(web.Office | web.Admin)})
	if err != nil {
		return nil, err
	}
	page.more = more
	ids := make([]people.PersonID, len(hits))
	for i, h := range hits {
		ids[i], why[h.Person] = h.Person, h.Why
	}
	named, err := people.Names(r, ids)
	list := make([]people.Person, 0, len(ids))
	for _, id := range ids {
		list = append(list, named[id])
	}
	return list, err
}

func rowOf(q *web.Request, r store.Reader, one people.Person) (bookRow, error) {
	row := bookRow{href: view.Path(one.ID), name: one.Listed(), kind: q.T("people.kind." + string(one.Kind))}
	marks, err := view.Marks(r, q.P, one, seesContacts(q, one.ID))
	if err != nil {
		return row, err
	}
	row.told = strings.Join(marks, ", ")
	history, err := people.Addresses(r, one.ID)
	if err != nil {
		return row, err
	}
	if home, ok := people.AddressOn(history, people.Home, r.Today(), 0); ok {
		row.town = home.Town
	}
	if !seesContacts(q, one.ID) {
		return row, nil
	}
	contacts, err := people.Contacts(r, one.ID)
	for _, c := range contacts {
		if c.On(r.Today()) {
			row.contact = c.Value
			break
		}
	}
	return row, err
}

// newPerson shows the empty form; ?kind=legal is that of an organisation.
func (p Pages) newPerson(q *web.Request) error {
	f := q.Blank().Set("kind", string(people.Natural)).Set("lang", string(q.P.Tag))
	if q.Query("kind") == string(people.Legal) {
		f.Set("kind", string(people.Legal))
	}
	return q.Page(newPersonView(newPersonPage{form: f, kind: people.Kind(f.Raw("kind"))}))
}

// newPersonPage is the form of a new person, with those whom they may already be.
type newPersonPage struct {
	form  *web.Form
	kind  people.Kind
	alike []twinRow
}

// enroll writes a new person. When somebody in the book looks like them, the form comes back once to ask.
func (p Pages) enroll(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	e := entryOf(f)
	page := newPersonPage{form: f, kind: e.Kind}
	for _, r := range e.Check(p.DB.Today()) {
		if !f.Has(r.Field) { // a date that is none is not missing too
			f.Problem(r)
		}
	}
	if f.OK() && !f.Flag("new") {
		err := p.DB.View(q.Context(), func(v *store.View) error {
			list, err := people.Alike(v, e)
			if err == nil {
				page.alike, err = twinRows(q.P, v, list)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if f.OK() && len(page.alike) == 0 {
		out, err := p.DB.Act(q.Context(), store.By(q.Who.Person, "people.enroll").Once(f.Key()), func(tx *store.Tx) error {
			id, err := people.Enroll(tx, e)
			tx.Answer(view.Path(id))
			return err
		})
		if err == nil {
			q.Flash(web.Yes, q.T("people.new.done"))
			return q.SeeOther(out.Answer)
		}
		if !f.Refused(err) {
			return err
		}
	}
	return q.Again(newPersonView(page))
}

func entryOf(f *web.Form) people.Entry {
	line := func(name string) string { return strings.TrimSpace(f.Text(name, web.MaxLine)) }
	e := people.Entry{Kind: people.Kind(f.Choice("kind", string(people.Natural), string(people.Legal))),
		Lang: lang.Tag(f.Choice("lang", "fr", "nl", "en")),
		Home: people.Address{Street: line("street"), Postcode: line("postcode"), Town: line("town"),
			Country: line("country")}}
	if e.Kind == people.Legal {
		e.Name, e.Form, e.Enterprise = line("name"), line("form"), line("enterprise")
	} else {
		e.Given, e.Family, e.Birth = line("given"), line("family"), f.PartialDate("birth")
	}
	if s := line("email"); s != "" {
		e.Emails = []string{s}
	}
	if s := line("phone"); s != "" {
		e.Phones = []string{s}
	}
	return e
}
