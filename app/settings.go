package app

import (
	"time"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// zones are the time zones that the settings offer first; any other name of the zone data may be typed.
const maxZone = 60

// house reads what the settings show; decision is the address of the board's decision on the register, or empty.
func (a *App) house(q *web.Request) (h people.House, self people.Person, decision string, err error) {
	err = a.db.View(q.Context(), func(v *store.View) error {
		if h, _, err = people.TheHouse(v); err != nil {
			return err
		}
		if self, err = people.Get(v, h.Person); err != nil {
			return err
		}
		decision, err = registerDecision(v, h)
		return err
	})
	return h, self, decision, err
}

func (a *App) settings(q *web.Request) error {
	h, self, decision, err := a.house(q)
	if err != nil {
		return err
	}
	f := q.Blank()
	f.Set("lang", string(h.Lang)).Set("zone", h.Zone).Set("decided", h.Register.On.String()).Set("reference",
		h.Register.Reference)
	return q.Page(settingsView(f, self, h, a.db.Engine(), a.db.Head(), decision))
}

func (a *App) settle(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	h, self, decision, err := a.house(q)
	if err != nil {
		return err
	}
	h.Lang = lang.Tag(f.Choice("lang", "fr", "nl", "en"))
	h.Zone = f.Need("zone", maxZone)
	h.Register.On = f.Date("decided")
	h.Register.Reference = f.Text("reference", 120)
	if f.OK() {
		_, err := a.db.Act(q.Context(), store.By(q.Who.Person, "people.settle").Once(f.Key()), func(tx *store.Tx) error {
			if err := people.Settle(tx, h); err != nil {
				return err
			}
			return tx.Quietly(func() error { return noteRegister(tx, a.book) })
		})
		if err == nil {
			if zone, err := time.LoadLocation(h.Zone); err == nil {
				a.db.SetZone(zone)
			}
			q.Flash(web.Yes, q.T("app.settings.saved"))
			return q.SeeOther("/settings")
		}
		if !f.Refused(err) {
			return err
		}
	}
	return q.Again(settingsView(f, self, h, a.db.Engine(), a.db.Head(), decision))
}

// outbox shows the letters of the demonstration to anybody. In a cooperative that has no mail server yet they hold
// everybody's way in: only the administrator reads them there.
func (a *App) outbox(q *web.Request) error {
	box, is := a.post.(*Outbox)
	if !is || !a.demo && !q.Who.May(web.Admin) {
		return web.NotFound
	}
	var letters []letterRow
	for _, l := range box.All() {
		letters = append(letters, letterRow{when: q.P.Moment(l.at, a.db.Zone()), to: l.To, subject: l.Subject, text: l.Text,
			links: linksIn(l.Text, a.links)})
	}
	return q.Page(outboxView(letters))
}

// letterRow is a letter of the outbox as the page shows it.
type letterRow struct {
	when, to, subject, text string
	links                   []string
}
