package pages

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
)

// Limits of typed fields, in signs; the room has its own in bytes.
const (
	maxTitleSigns = 150
	maxPlaceSigns = 150
	maxTextSigns  = 9_000
	maxHourSigns  = 8
)

// detailsPage is the form of a meeting, new or changed.
type detailsPage struct {
	Form    *web.Form
	Meeting meeting.Meeting // zero for a new one
	Demand  meeting.Demand  // that the new meeting answers
	Bodies  []web.Option
	Theirs  *meeting.Meeting // what somebody else saved meanwhile
	Zone    *time.Location
}

func (p Pages) newMeeting(q *web.Request) error {
	page := detailsPage{Form: q.Blank()}
	if err := p.readNew(q, &page, q.Query("demand")); err != nil {
		return err
	}
	page.Form.Set("language", string(q.P.Tag)).Set("usual", "yes")
	if page.Demand.ID != "" {
		page.Form.Set("demand", string(page.Demand.ID)).Set("usual", "")
	}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		house, _, err := people.TheHouse(v)
		if err == nil && house.Lang != "" {
			page.Form.Set("language", string(house.Lang))
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(newView(page))
}

// readNew reads the bodies that meet, and the demand that the meeting answers.
func (p Pages) readNew(q *web.Request, page *detailsPage, demand string) error {
	return p.DB.View(q.Context(), func(v *store.View) error {
		bodies, err := people.Bodies(v)
		if err != nil {
			return err
		}
		for _, b := range bodies {
			if b.Until.IsZero() || !b.Until.Before(v.Today()) {
				page.Bodies = append(page.Bodies, web.Option{Value: string(b.ID), Label: lang.Capital(b.Words(q.P))})
			}
		}
		if demand == "" {
			return nil
		}
		d, found, err := meeting.DemandByID(v, meeting.DemandID(demand))
		if err == nil && !found {
			return web.NotFound
		}
		page.Demand = d
		return err
	})
}

// draft begins a meeting; without a short name it gets one.
func (p Pages) draft(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := detailsPage{Form: form}
	if err := p.readNew(q, &page, form.Raw("demand")); err != nil {
		return err
	}
	m := fieldsOf(form, p.DB.Zone())
	m.Body, m.Name, m.Demand = people.BodyID(form.Raw("body")), form.Text("name", meeting.MaxName), page.Demand.ID
	if !form.OK() {
		return q.Again(newView(page))
	}
	by := store.By(q.Who.Person, "meeting.draft").Once(form.Key())
	done, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		if m.Name == "" {
			body, err := people.GetBody(tx, m.Body)
			if err != nil {
				return err
			}
			if m.Name, err = meeting.SuggestName(tx, body.Kind, m.Day(tx.Zone())); err != nil {
				return err
			}
		}
		if form.Flag("usual") {
			items, err := meeting.Usual(tx, m)
			if err != nil {
				return err
			}
			m.Items = items
		}
		_, err := meeting.Draft(tx, m)
		return err
	})
	if err == nil {
		q.Flash(web.Yes, q.T("meeting.page.drafted"))
		return q.SeeOther(view.Path(done.Answer))
	}
	if !form.Refused(err) {
		return err
	}
	return q.Again(newView(page))
}

// fieldsOf reads what the forms of a meeting have in common.
func fieldsOf(form *web.Form, zone *time.Location) meeting.Meeting {
	return meeting.Meeting{Title: form.Need("title", maxTitleSigns), Place: form.Text("place", maxPlaceSigns),
		StartsAt: startOf(form, zone), Remote: form.Lines("remote", web.MaxText), RollOn: form.Date("roll"),
		Language: lang.Tag(form.Choice("language", string(lang.French), string(lang.Dutch), string(lang.English)))}
}

// startOf reads day and hour; both or neither.
func startOf(form *web.Form, zone *time.Location) civil.Instant {
	day, typed := form.Date("starts"), form.Text("hour", maxHourSigns)
	if day.IsZero() && typed == "" {
		return 0
	}
	hour, minute, ok := parseHour(typed)
	switch {
	case day.IsZero():
		form.Problem(fault.Refuse("web.field.required").At("starts"))
		return 0
	case !ok:
		form.Problem(fault.Refuse("meeting.refusal.hour").At("hour"))
		return 0
	}
	return civil.At(time.Date(day.Year(), day.Month(), day.DayOfMonth(), hour, minute, 0, 0, zone))
}

// parseHour reads an hour as people type it: 14:00, 14h, 14 h 30, 14.30, 9.
func parseHour(s string) (hour, minute int, ok bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	s = strings.TrimSuffix(strings.TrimSuffix(s, "uur"), "u")
	h, m, _ := strings.Cut(strings.NewReplacer("h", ":", ".", ":", "u", ":").Replace(s), ":")
	figures := func(s string, most int) (int, bool) {
		if s == "" || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
			return 0, false
		}
		n, err := strconv.Atoi(s)
		return n, err == nil && n <= most
	}
	if hour, ok = figures(h, 23); !ok || m == "" {
		return hour, 0, ok
	}
	minute, ok = figures(m, 59)
	return hour, minute, ok && len(m) == 2
}

func (p Pages) details(q *web.Request) error {
	page := detailsPage{Form: q.Blank()}
	if err := p.readDetails(q, &page); err != nil {
		return err
	}
	page.fill(page.Meeting)
	return q.Page(changeView(page))
}

func (p Pages) readDetails(q *web.Request, page *detailsPage) error {
	return p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Zone = v.Zone()
		page.Meeting, err = meetingIn(v, q)
		return err
	})
}

// fill begins the form with what a meeting says.
func (page *detailsPage) fill(m meeting.Meeting) {
	page.Form.Set("title", m.Title).Set("place", m.Place).Set("remote", m.Remote).Set("language", string(m.Language)).
		Set("roll", m.RollOn.String()).Set("starts", m.Day(page.Zone).String()).Set("hour", view.Hour(m, page.Zone)).
		Set("version", strconv.FormatInt(m.Version, 10))
}

// change rewrites a meeting. Of two editors the second sees both texts, and may then save over the first.
func (p Pages) change(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := detailsPage{Form: form}
	if err := p.readDetails(q, &page); err != nil {
		return err
	}
	m := fieldsOf(form, page.Zone)
	m.ID, m.Convening, m.Version = page.Meeting.ID, page.Meeting.Convening, versionOf(form)
	done, err := p.act(q, form, "change", func(tx *store.Tx) error { return meeting.Change(tx, m) })
	if err != nil {
		return err
	}
	if done {
		q.Flash(web.Yes, q.T("meeting.page.changed"))
		return q.SeeOther(view.Path(page.Meeting.Name))
	}
	if stale(form) {
		if err := p.readDetails(q, &page); err != nil {
			return err
		}
		page.Theirs = &page.Meeting
		form.Set("version", strconv.FormatInt(page.Meeting.Version, 10))
	}
	return q.Again(changeView(page))
}

// versionOf is the version that the form was made on.
func versionOf(form *web.Form) int64 {
	n, err := strconv.ParseInt(form.Raw("version"), 10, 64)
	if err != nil {
		return -1 // no version: it fits none
	}
	return n
}

// both are the two texts of a field where they differ, for the page that shows them.
func (page detailsPage) both(p *lang.Printer) (list []web.Change) {
	if page.Theirs == nil {
		return nil
	}
	add := func(label, theirs, mine string) {
		if theirs != mine {
			list = append(list, web.Change{BeforeHead: p.T("meeting.page.theirs", "field", label),
				AfterHead: p.T("meeting.page.mine", "field", label), Before: theirs, After: mine})
		}
	}
	t := *page.Theirs
	add(p.T("meeting.field.title"), t.Title, page.Form.Raw("title"))
	add(p.T("meeting.field.day"), t.Day(page.Zone).String(), page.Form.Raw("starts"))
	add(p.T("meeting.field.hour"), view.Hour(t, page.Zone), page.Form.Raw("hour"))
	add(p.T("meeting.field.place"), t.Place, page.Form.Raw("place"))
	add(p.T("meeting.field.remote"), t.Remote, page.Form.Raw("remote"))
	add(p.T("meeting.field.roll"), t.RollOn.String(), page.Form.Raw("roll"))
	return list
}

// cancelPage is the form that cancels a meeting.
type cancelPage struct {
	Form    *web.Form
	Meeting meeting.Meeting
	Zone    *time.Location
}

func (p Pages) readCancel(q *web.Request, form *web.Form) (page cancelPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Zone = v.Zone()
		page.Meeting, err = meetingIn(v, q)
		return err
	})
	return page, err
}

func (p Pages) cancellation(q *web.Request) error {
	page, err := p.readCancel(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(cancelView(page))
}

func (p Pages) cancel(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readCancel(q, form)
	if err != nil {
		return err
	}
	why := form.Need("why", meeting.MaxWhy/2)
	done, err := p.act(q, form, "cancel", func(tx *store.Tx) error { return meeting.Cancel(tx, page.Meeting.ID, why) })
	if err != nil {
		return err
	}
	if done {
		q.Flash(web.Yes, q.T("meeting.page.cancelled"))
		return q.SeeOther(view.Path(page.Meeting.Name))
	}
	return q.Again(cancelView(page))
}

// second asks when the second assembly would be; it says what it is for.
func (p Pages) second(q *web.Request) error {
	page, err := p.readCancel(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(secondView(page))
}

// repeat drafts the second assembly, on the day that the form gives if it gives one.
func (p Pages) repeat(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readCancel(q, form)
	if err != nil {
		return err
	}
	starts := startOf(form, page.Zone)
	if !form.OK() {
		return q.Again(secondView(page))
	}
	by := store.By(q.Who.Person, "meeting.repeat").Once(form.Key())
	done, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		id, err := meeting.Repeat(tx, page.Meeting.ID)
		if err != nil || starts == 0 {
			return err
		}
		m, found, err := meeting.ByID(tx, id)
		if err == nil && !found {
			err = fmt.Errorf("meeting: the second of %s is gone", page.Meeting.Name)
		}
		if err != nil {
			return err
		}
		m.StartsAt = starts
		return meeting.Change(tx, m)
	})
	if err == nil {
		q.Flash(web.Yes, q.T(page.Meeting.OwnWord("meeting.page.repeated")))
		return q.SeeOther(view.Path(done.Answer))
	}
	if !form.Refused(err) {
		return err
	}
	return q.Again(secondView(page))
}
