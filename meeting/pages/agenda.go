package pages

import (
	"strconv"
	"time"

	"lieux/assembly"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
)

// agendaPage is the editor of an agenda: each point with its matters, and the form that adds one.
type agendaPage struct {
	Form    *web.Form
	Meeting meeting.Meeting
	Zone    *time.Location
	Items   []itemView
	Kinds   []web.Option
	Owed    int // retained points that no matter takes up
}

func (p Pages) readAgenda(q *web.Request, form *web.Form) (page agendaPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err != nil {
			return err
		}
		page.Meeting, page.Zone, page.Kinds = m, v.Zone(), kindOptions(q, m.Kind)
		say, err := newSpeaker(v, q.P, m)
		if err != nil {
			return err
		}
		page.Items = say.items(m)
		owed, err := meeting.Owed(v, m)
		page.Owed = len(owed)
		return err
	})
	return page, err
}

// kindOptions are the kinds that a body may deal with: only the general assembly changes the bylaws.
func kindOptions(q *web.Request, body people.BodyKind) (options []web.Option) {
	for _, k := range assembly.Kinds {
		if body == people.Assembly || !k.Changes() {
			options = append(options, web.Option{Value: string(k), Label: q.T("meeting.kind." + string(k)),
				Hint: q.T("meeting.kind." + string(k) + ".hint")})
		}
	}
	return options
}

// editable sends away from the editor of a meeting that is over.
func editable(m meeting.Meeting) error {
	if m.Over() {
		return web.NotFound
	}
	return nil
}

func (p Pages) agenda(q *web.Request) error {
	page, err := p.readAgenda(q, q.Blank())
	if err == nil {
		err = editable(page.Meeting)
	}
	if err != nil {
		return err
	}
	page.Form.Set("kind", string(assembly.Resolution))
	return q.Page(agendaView(page))
}

// addItem puts a point with one matter at the end, and leads to the matter's form.
func (p Pages) addItem(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readAgenda(q, form)
	if err != nil {
		return err
	}
	x := meeting.Matter{Kind: assembly.Kind(form.Choice("kind", values(page.Kinds)...)),
		Title: form.Text("title", maxTitleSigns)}
	item := meeting.Item{Number: form.Text("number", 12), Title: x.Title, Matters: []meeting.Matter{x}}
	if !form.OK() {
		return q.Again(agendaView(page))
	}
	by := store.By(q.Who.Person, "meeting.add-item").Once(form.Key())
	done, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		id, err := meeting.AddItem(tx, page.Meeting.ID, item)
		if err != nil {
			return err
		}
		m, _, err := meeting.ByID(tx, page.Meeting.ID)
		made, _ := m.Item(id)
		for _, x := range made.Matters {
			tx.Answer(string(x.ID))
		}
		return err
	})
	if err == nil {
		return q.SeeOther(matterPath(page.Meeting.Name, meeting.MatterID(done.Answer)))
	}
	if !form.Refused(err) {
		return err
	}
	return q.Again(agendaView(page))
}

func values(options []web.Option) (list []string) {
	for _, o := range options {
		list = append(list, o.Value)
	}
	return list
}

func (p Pages) renumber(q *web.Request) error {
	m, err := p.meetingOf(q)
	if err != nil {
		return err
	}
	return p.press(q, "renumber", agendaPath(m.Name), func(tx *store.Tx, _ *web.Form) error {
		return meeting.Renumber(tx, m.ID)
	})
}

// takeUp adds the retained points that no matter takes up yet.
func (p Pages) takeUp(q *web.Request) error {
	m, err := p.meetingOf(q)
	if err != nil {
		return err
	}
	return p.press(q, "add-item", agendaPath(m.Name), func(tx *store.Tx, _ *web.Form) error {
		return meeting.TakeUp(tx, m.ID)
	})
}

func (p Pages) meetingOf(q *web.Request) (m meeting.Meeting, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) (err error) { m, err = meetingIn(v, q); return err })
	return m, err
}

// itemPage is the form that renumbers and renames a point.
type itemPage struct {
	Form    *web.Form
	Meeting meeting.Meeting
	Item    meeting.Item
	Zone    *time.Location
	Kinds   []web.Option
	Stale   bool
}

func (p Pages) readItem(q *web.Request, form *web.Form) (page itemPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Zone = v.Zone()
		page.Meeting, page.Item, err = itemIn(v, q)
		page.Kinds = kindOptions(q, page.Meeting.Kind)
		return err
	})
	return page, err
}

func (p Pages) item(q *web.Request) error {
	page, err := p.readItem(q, q.Blank())
	if err == nil {
		err = editable(page.Meeting)
	}
	if err != nil {
		return err
	}
	page.Form.Set("number", page.Item.Number).Set("title", page.Item.Title).Set("kind", string(assembly.Resolution)).
		Set("version", strconv.FormatInt(page.Item.Version, 10))
	return q.Page(itemForm(page))
}

func (p Pages) changeItem(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readItem(q, form)
	if err != nil {
		return err
	}
	item := meeting.Item{ID: page.Item.ID, Version: versionOf(form), Number: form.Need("number", 12),
		Title: form.Need("title", maxTitleSigns)}
	done, err := p.act(q, form, "change-item", func(tx *store.Tx) error { return meeting.ChangeItem(tx, item) })
	if err != nil {
		return err
	}
	if done {
		return q.SeeOther(agendaPath(page.Meeting.Name) + "#item-" + string(item.ID))
	}
	if page.Stale = stale(form); page.Stale {
		again, err := p.readItem(q, form)
		if err != nil {
			return err
		}
		page.Item = again.Item
		form.Set("version", strconv.FormatInt(again.Item.Version, 10))
	}
	return q.Again(itemForm(page))
}

// placeOf reads where something is put: from 1.
func placeOf(form *web.Form) int { return int(form.NeedInt("place", 1, meeting.MaxItems)) }

func (p Pages) moveItem(q *web.Request) error {
	page, err := p.readItem(q, nil)
	if err != nil {
		return err
	}
	back := agendaPath(page.Meeting.Name) + "#item-" + string(page.Item.ID)
	return p.press(q, "move-item", back, func(tx *store.Tx, form *web.Form) error {
		place := placeOf(form)
		if !form.OK() {
			return nil
		}
		return meeting.MoveItem(tx, page.Item.ID, place)
	})
}

func (p Pages) removeItem(q *web.Request) error {
	page, err := p.readItem(q, nil)
	if err != nil {
		return err
	}
	return p.press(q, "remove-item", agendaPath(page.Meeting.Name), func(tx *store.Tx, _ *web.Form) error {
		return meeting.RemoveItem(tx, page.Item.ID)
	})
}

// addMatter puts an empty matter of a kind into a point, and leads to its form.
func (p Pages) addMatter(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readItem(q, form)
	if err != nil {
		return err
	}
	x := meeting.Matter{Kind: assembly.Kind(form.Choice("kind", values(page.Kinds)...))}
	if !form.OK() {
		return q.Again(itemForm(page))
	}
	by := store.By(q.Who.Person, "meeting.add-matter").Once(form.Key())
	done, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		id, err := meeting.AddMatter(tx, page.Item.ID, x)
		tx.Answer(string(id))
		return err
	})
	if err == nil {
		return q.SeeOther(matterPath(page.Meeting.Name, meeting.MatterID(done.Answer)))
	}
	if !form.Refused(err) {
		return err
	}
	return q.Again(itemForm(page))
}

// key is the idempotency key of one button among many on a page.
func key(form *web.Form, of string) string { return form.Key() + "-" + of }

// place is a position as a hidden field says it.
func place(n int) string { return strconv.Itoa(n) }

func back(m meeting.Meeting) string { return view.Path(m.Name) }
