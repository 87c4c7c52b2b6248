package pages

import (
	"strings"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// maxTwins is how many likely duplicates one page shows, maxMerges how many merges that can be undone.
const (
	maxTwins  = 50
	maxMerges = 200
)

// twinRow is a pair of records that may be one person, in words.
type twinRow struct {
	one, two      people.Person // one is zero while it is not yet written
	tells         [2]string     // what tells one and two apart when the names do not: since when, where, how reached
	score         int
	level         string
	badge         web.Kind
	alike, differ []string
}

func twinRows(p *lang.Printer, r store.Reader, list []people.Twin) ([]twinRow, error) {
	var rows []twinRow
	for _, t := range list {
		row := twinRow{score: t.Score, level: p.Words(t.Level()), badge: web.Info}
		if t.Score >= people.Likely {
			row.badge = web.Wait
		}
		var err error
		if t.One != "" {
			if row.one, err = people.Get(r, t.One); err != nil {
				return nil, err
			}
		}
		if row.two, err = people.Get(r, t.Two); err != nil {
			return nil, err
		}
		for i, who := range []people.Person{row.one, row.two} {
			if row.tells[i], err = tell(p, r, who); err != nil {
				return nil, err
			}
		}
		for _, ph := range t.Alike {
			row.alike = append(row.alike, p.Words(ph))
		}
		for _, ph := range t.Differ {
			row.differ = append(row.differ, p.Words(ph))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// tell says on one line what tells a record from another of the same name; nothing for one not yet written.
func tell(p *lang.Printer, r store.Reader, who people.Person) (string, error) {
	if who.ID == "" {
		return "", nil
	}
	said := []string{p.T("people.duplicates.since", "since", who.Enrolled.On(r.Zone()))}
	members, err := people.MembershipsOf(r, who.ID)
	if err != nil {
		return "", err
	}
	for _, m := range members {
		said = append(said, p.Words(m.Words()))
	}
	history, err := people.Addresses(r, who.ID)
	if err != nil {
		return "", err
	}
	if home, ok := people.AddressOn(history, people.Home, r.Today(), 0); ok {
		said = append(said, home.Line())
	}
	contacts, err := people.Contacts(r, who.ID)
	for _, c := range contacts {
		if c.On(r.Today()) {
			said = append(said, c.Value)
		}
	}
	return strings.Join(said, " · "), err
}

// mergedRow is a merge that can be undone.
type mergedRow struct {
	alias, kept people.Person
	why         string
}

type duplicatesPage struct {
	form   *web.Form
	twins  []twinRow
	more   bool
	merges []mergedRow
}

func (p Pages) duplicates(q *web.Request) error {
	page, err := p.readDuplicates(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(duplicatesView(page))
}

func (p Pages) readDuplicates(q *web.Request, f *web.Form) (duplicatesPage, error) {
	page := duplicatesPage{form: f}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		list, err := people.Twins(v, maxTwins+1)
		if err != nil {
			return err
		}
		page.more = len(list) > maxTwins
		if page.twins, err = twinRows(q.P, v, list[:min(len(list), maxTwins)]); err != nil {
			return err
		}
		merges, err := people.Merges(v, maxMerges)
		if err != nil {
			return err
		}
		for _, m := range merges {
			row := mergedRow{why: m.Why}
			if row.alias, err = people.Get(v, m.Alias); err != nil {
				return err
			}
			if row.kept, err = people.Get(v, m.Kept); err != nil {
				return err
			}
			page.merges = append(page.merges, row)
		}
		return nil
	})
	return page, err
}

// change does one act of the page and comes back to it.
func (p Pages) change(q *web.Request, verb, done string, act func(tx *store.Tx, f *web.Form) error) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	if f.OK() {
		_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, verb).Once(f.Key()),
			func(tx *store.Tx) error { return act(tx, f) })
		if err == nil {
			q.Flash(web.Yes, q.T(done))
			return q.SeeOther(sectionDuplicates)
		}
		if !f.Refused(err) {
			return err
		}
	}
	page, err := p.readDuplicates(q, f)
	if err != nil {
		return err
	}
	return q.Again(duplicatesView(page))
}

func (p Pages) merge(q *web.Request) error {
	return p.change(q, "people.merge", "people.duplicates.merged", func(tx *store.Tx, f *web.Form) error {
		kept, alias := people.PersonID(f.Raw("kept")), people.PersonID(f.Raw("one"))
		if kept == alias {
			alias = people.PersonID(f.Raw("two"))
		}
		return people.Merge(tx, kept, alias, f.Text("why", web.MaxLine))
	})
}

func (p Pages) unmerge(q *web.Request) error {
	return p.change(q, "people.unmerge", "people.duplicates.unmerged", func(tx *store.Tx, _ *web.Form) error {
		return people.Unmerge(tx, people.PersonID(q.Path("id")))
	})
}

func (p Pages) tellApart(q *web.Request) error {
	return p.change(q, "people.tell-apart", "people.duplicates.told", func(tx *store.Tx, f *web.Form) error {
		return people.TellApart(tx, people.PersonID(f.Raw("one")), people.PersonID(f.Raw("two")))
	})
}
