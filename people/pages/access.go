package pages

import (
	"slices"

	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// grantRow is one access, in words.
type grantRow struct {
	id                  string
	who                 people.Person
	role, from, until   string
	state               string
	badge               web.Kind
	on                  bool
	shared, unreachable bool
}

type accessPage struct {
	form *web.Form
	rows []grantRow
}

func (p Pages) access(q *web.Request) error {
	page, err := p.readAccess(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(accessView(page))
}

func (p Pages) readAccess(q *web.Request, f *web.Form) (accessPage, error) {
	page := accessPage{form: f}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		grants, err := people.Grants(v)
		if err != nil {
			return err
		}
		for _, g := range grants {
			row, err := grantRowOf(q, v, g)
			if err != nil {
				return err
			}
			page.rows = append(page.rows, row)
		}
		return nil
	})
	return page, err
}

func grantRowOf(q *web.Request, r store.Reader, g people.Grant) (row grantRow, err error) {
	row = grantRow{id: g.ID, role: q.P.Words(g.Role.Words()), from: q.P.ShortDate(g.From), until: q.P.ShortDate(g.Until),
		on: g.On(r.Today())}
	if row.who, err = people.Standing(r, g.Person); err != nil {
		return row, err
	}
	switch {
	case g.Revoked != 0:
		row.badge, row.state = web.Off, q.T("people.access.revoked", "date", q.P.ShortDate(g.Revoked.On(r.Zone())))
	case row.on:
		row.badge, row.state = web.Yes, q.T("people.access.open")
	case g.From.After(r.Today()):
		row.badge, row.state = web.Wait, q.T("people.view.soon")
	default:
		row.badge, row.state = web.Off, q.T("people.view.over")
	}
	if !row.on {
		return row, nil
	}
	row.shared, row.unreachable, err = boxOf(r, row.who.ID)
	return row, err
}

// boxOf says whether somebody who has an access shares every e-mail address with others, who could then enter in
// their name, or has none.
func boxOf(r store.Reader, id people.PersonID) (shared, none bool, err error) {
	contacts, err := people.Contacts(r, id)
	if err != nil {
		return false, false, err
	}
	none = true
	for _, c := range contacts {
		if c.Kind != people.Email || !c.On(r.Today()) {
			continue
		}
		none = false
		with, err := people.Sharing(r, c)
		if err != nil {
			return false, false, err
		}
		shared = shared || len(with) > 0
	}
	return shared, none, nil
}

func (p Pages) revoke(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "people.revoke").Once(f.Key()), func(tx *store.Tx) error {
		return people.Revoke(tx, q.Path("id"))
	})
	if err == nil {
		q.Flash(web.Yes, q.T("people.access.taken"))
		return q.SeeOther(sectionAccess)
	}
	if !f.Refused(err) {
		return err
	}
	page, err := p.readAccess(q, f)
	if err != nil {
		return err
	}
	return q.Again(accessView(page))
}

// retentionRow is one line of the retention table, in words. The tables and columns are for the tests that compare the
// list with the database; who reads it learns what is kept.
type retentionRow struct{ what, ground, term, erased string }

func (p Pages) retention(q *web.Request) error {
	var rows []retentionRow
	for _, list := range [][]people.Retention{people.Retentions, p.Retentions} {
		for _, r := range list {
			row := retentionRow{what: q.P.Words(r.What), ground: q.P.Words(r.Ground), term: q.P.Words(r.Term)}
			if r.Erased {
				row.erased = q.T("people.retention.erased")
			} else {
				row.erased = q.T("people.retention.stays")
			}
			if !slices.Contains(rows, row) { // what lies in two tables is one thing
				rows = append(rows, row)
			}
		}
	}
	return q.Page(retentionView(rows))
}

// textRow is one version of a text of consent.
type textRow struct{ id, kind, lang, from, words, hash, tag string }

func (p Pages) texts(q *web.Request) error {
	var rows []textRow
	err := p.DB.View(q.Context(), func(v *store.View) error {
		list, err := people.Texts(v)
		for _, t := range list {
			rows = append(rows, textRow{id: t.ID, kind: q.P.Words(t.Kind.Words()), lang: q.P.Words(people.LangWords(t.Lang)),
				from: q.P.Date(t.From), words: t.Words,
				hash: hexOf(t.Hash), tag: string(t.Lang)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(textsView(rows, q.Who.May(mergers)))
}
