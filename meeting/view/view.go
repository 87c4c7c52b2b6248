// Package view draws what every page of one meeting shows: its date, place and state, and the way to its other pages.
// It has no routes; the pages of meeting and of the rooms above it embed its components.
package view

import (
	"context"
	"time"

	"lieux/base/lang"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/vote"
)

// Section is the entry of the second menu under which every page of a meeting stands.
const Section = "/meetings"

// Path is the address of a meeting's own page.
func Path(name string) string { return Section + "/" + name }

// Door is one of the pages of a meeting that its bar leads to.
type Door string

// The doors, in the order of the evening.
const (
	Prepare Door = ""
	Convene Door = "convening"
	Attend  Door = "door"
	Console Door = "console"
	Minutes Door = "minutes"
)

// doors say who is led where. Who has a charge of the bureau and no role enters the console besides; convening letters
// and the door stay with those who keep them.
var doors = []struct {
	door    Door
	allow   web.Rights
	charged bool // opens to whoever has a charge
}{{Prepare, web.Member | web.Card, true}, {Convene, web.Staff, false}, {Attend, web.Staff, false},
	{Console, web.Staff, true}, {Minutes, web.Member, true}}

// links are the doors that somebody may open; charged says that the person has a charge at this meeting.
func links(ctx context.Context, m meeting.Meeting, here Door, charged bool) (list []web.Link) {
	who := web.WhoIn(ctx)
	for _, d := range doors {
		if !who.May(d.allow) && !(charged && d.charged) {
			continue
		}
		href, code := Path(m.Name), "meeting.door.prepare"
		if d.door != Prepare {
			href, code = href+"/"+string(d.door), "meeting.door."+string(d.door)
		}
		list = append(list, web.Link{Text: lang.T(ctx, code), Href: href, Current: d.door == here})
	}
	return list
}

// When says when a meeting begins: "samedi 6 juin 2026, 14:00".
func When(p *lang.Printer, m meeting.Meeting, zone *time.Location) string {
	if m.StartsAt == 0 {
		return p.T("meeting.view.no-date")
	}
	return p.T("meeting.view.when", "day", p.LongDate(m.Day(zone)), "hour", Hour(m, zone))
}

// Hour is the hour of the beginning, as a form and a sentence write it: "14:00"; empty while it is not fixed.
func Hour(m meeting.Meeting, zone *time.Location) string {
	if m.StartsAt == 0 {
		return ""
	}
	return m.StartsAt.Time().In(zone).Format("15:04")
}

// Eyebrow is the line above a title: the kind of body, and which convening it is when it is the second.
func Eyebrow(p *lang.Printer, m meeting.Meeting, body string) string {
	if m.Convening == vote.SecondConvening {
		return p.T("meeting.view.second", "body", body)
	}
	return body
}

// kind is the colour of a state.
func kind(s meeting.State) web.Kind {
	switch s {
	case meeting.Drafted:
		return web.Wait
	case meeting.Cancelled:
		return web.No
	case meeting.Closed:
		return web.Off
	case meeting.Opened:
		return web.Yes
	}
	return web.Info
}
