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

func (a *App) house(q *web.Request) (h people.House, self people.Person, err error) {
	err = a.db.View(q.Context(), func(v *store.View) error {
		if h, _, err = people.TheHouse(v); err != nil {
			return err
		}
		self, err = people.Get(v, h.Person)
		return err
	})
	return h, self, err
}

func (a *App) settings(q *web.Request) error {
	h, self, err := a.house(q)
	if err != nil {
		return err
	}
	f := q.Blank()
	f.Set("lang", string(h.Lang)).Set("zone", h.Zone).Set("decided", h.Register.On.String()).Set("reference",
		h.Register.Reference)
	return q.Page(settingsView(f, self, h, a.db.Engine(), a.db.Head()))
}

func (a *App) settle(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	h, self, err := a.house(q)
	if err != nil {
		return err
	}
	h.Lang = lang.Tag(f.Choice("lang", "fr", "nl", "en"))
	h.Zone = f.Need("zone", maxZone)
	h.Register.On = f.Date("decided")
	h.Register.Reference = f.Text("reference", 120)
	if f.OK() {
		_, err := a.db.Act(q.Context(), store.By(q.Who.Person, "people.settle").Once(f.Key()), func(tx *store.Tx) error {
			return people.Settle(tx, h)
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
	return q.Again(settingsView(f, self, h, a.db.Engine(), a.db.Head()))
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
