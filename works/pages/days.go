package pages

import (
	"bytes"
	"io"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/places"
	"lieux/works"
)

func (s *screens) dayRoutes() []web.Route {
	one := "/works/days/{number}"
	return []web.Route{
		{Pattern: "GET /works/days", Allow: web.Member | web.Manager, Handle: s.days},
		{Pattern: "GET /works/days/new", Allow: running, Handle: s.newDay},
		{Pattern: "POST /works/days", Allow: running, Handle: s.addDay},
		{Pattern: "GET " + one, Allow: web.Member | web.Manager, Handle: s.day},
		{Pattern: "GET " + one + "/edit", Allow: running, Handle: s.editDay},
		{Pattern: "POST " + one + "/edit", Allow: running, Handle: s.amendDay},
		{Pattern: "POST " + one + "/shifts", Allow: running, Handle: s.addShift, From: one},
		{Pattern: "POST " + one + "/shifts/{shift}/dropping", Allow: running, Handle: s.dropShift, From: one},
		{Pattern: "POST " + one + "/announcing", Allow: running, Handle: s.announce, From: one},
		{Pattern: "POST " + one + "/cancelling", Allow: running, Handle: s.cancelDay, From: one},
		{Pattern: "POST " + one + "/signups", Allow: running, Handle: s.enterSignup, From: one},
		{Pattern: "POST " + one + "/signups/{signup}/{act}", Allow: running, Handle: s.onSignup, From: one},
		{Pattern: "GET " + one + "/sheet", Allow: running, Handle: s.sheet},
		{Pattern: "POST " + one + "/sheet", Allow: running, Handle: s.attend},
		{Pattern: "GET " + one + "/sheet.pdf", Allow: web.Staff | web.Manager, Handle: s.sheetPDF},
	}
}

// daysPage is what GET /works/days shows.
type daysPage struct {
	Ahead, Past []dayRow
	Pager       web.Pager // of those that are over
	May         bool      // announce a day of one's own
}

// dayRow is a day in a list.
type dayRow struct {
	works.Day
	Place string
	Seats int64
	Taken int64
	Waits int64
	Count works.DayCount
}

// pastDays is how many days that are over a page shows.
const pastDays = 20

func (s *screens) days(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page daysPage, err error) {
		whole, err := s.reach(q, r, web.Staff)
		if err != nil {
			return page, err
		}
		page.May = q.Who.May(writers) || len(whole.run) > 0
		ahead, err := works.ComingDays(r, whole.all || len(whole.run) > 0)
		if err != nil {
			return page, err
		}
		if page.Ahead, err = rowsOfDays(r, seenDays(q, whole, ahead)); err != nil {
			return page, err
		}
		from := (q.QueryInt("page", 1, 1, 1<<30) - 1) * pastDays
		past, n, err := works.PastDays(r, whole.all, pastDays, from)
		if err == nil && !q.Who.May(web.Member) { // of a few places: read whole, and then paged
			past, _, err = works.PastDays(r, true, 1<<30, 0)
			past = seenDays(q, whole, past)
			n = int64(len(past))
			past = past[min(from, n):min(from+pastDays, n)]
		}
		if err != nil {
			return page, err
		}
		page.Pager = q.Pager(n, pastDays)
		page.Past, err = rowsOfDays(r, past)
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(daysView(page))
}

// seenDays are those that one may see: members see what is announced, who runs a place sees all of its days.
func seenDays(q *web.Request, whole reach, days []works.Day) []works.Day {
	return slices.DeleteFunc(days, func(d works.Day) bool {
		return !whole.has(d.Place) && (d.State == works.Draft || !q.Who.May(web.Member))
	})
}

func rowsOfDays(r store.Reader, days []works.Day) (rows []dayRow, err error) {
	for _, d := range days {
		row, err := rowOfDay(r, d)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func rowOfDay(r store.Reader, d works.Day) (row dayRow, err error) {
	row.Day = d
	place, err := places.PlaceByID(r, d.Place, places.Now(r))
	if err != nil {
		return row, err
	}
	row.Place = place.Title
	shifts, err := works.ShiftsOf(r, d.ID)
	if err != nil {
		return row, err
	}
	for _, h := range shifts {
		row.Seats += h.Seats
	}
	in, err := works.SignupsOf(r, d.ID)
	for _, u := range in {
		switch u.State {
		case works.Taken:
			row.Taken++
		case works.Waiting:
			row.Waits++
		}
	}
	row.Count = works.Count(d, in)
	return row, err
}

// dayForm is the form of a day.
type dayForm struct {
	Form   *web.Form
	Day    works.Day
	Places []web.Option
	Sites  []web.Option
}

func (s *screens) dayForm(q *web.Request, form *web.Form) (dayForm, error) {
	return view(q, s.DB, func(r store.Reader) (page dayForm, err error) {
		page = dayForm{Form: form, Sites: []web.Option{{Label: q.T("works.page.no-site-of")}}}
		if q.Path("number") != "" {
			if page.Day, err = numbered(q, r, works.DayNumbered); err != nil {
				return page, err
			}
			if err := s.within(q, r, page.Day.Place, writers); err != nil {
				return page, err
			}
		}
		runs, err := s.reach(q, r, writers)
		if err != nil {
			return page, err
		}
		list, err := openPlaces(r)
		if err != nil {
			return page, err
		}
		list = slices.DeleteFunc(list, func(p places.Place) bool { return !runs.has(p.ID) })
		page.Places = placeOptions(list)
		titles := map[places.PlaceID]string{}
		for _, p := range list {
			titles[p.ID] = p.Title
		}
		sites, err := works.Sites(r)
		for _, site := range sites {
			if site.State != works.Closed && runs.has(site.Place) && (page.Day.ID == "" || site.Place == page.Day.Place) {
				page.Sites = append(page.Sites, web.Option{Value: string(site.ID),
					Label: titles[site.Place] + q.T("works.page.colon") + site.Title})
			}
		}
		return page, err
	})
}

func (s *screens) newDay(q *web.Request) error {
	form := q.Blank().Set("insurance", q.T("works.page.insurance.usual")).Set("site", q.Query("site"))
	if place, there, err := s.asked(q); err != nil {
		return err
	} else if there {
		form.Set("place", string(place.ID))
	}
	page, err := s.dayForm(q, form)
	if err != nil {
		return err
	}
	return q.Page(dayFormView(page))
}

func readDay(form *web.Form) works.Day {
	return works.Day{Title: form.Need("title", works.MaxTitle), On: form.NeedDate("on"),
		About: form.Lines("about", works.MaxText), Meeting: form.Need("meeting", works.MaxShort),
		Meal: form.Text("meal", works.MaxShort), Insurance: form.Need("insurance", works.MaxWhy),
		LeastAge: form.Int("age", 0, 99), Site: works.SiteID(form.Text("site", 40))}
}

func (s *screens) addDay(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.dayForm(q, form)
	if err != nil {
		return err
	}
	d := readDay(form)
	d.Place = places.PlaceID(form.Need("place", 40))
	if done, err := s.act(q, form, "add-day", s.guarded(q, d.Place, func(tx *store.Tx) error {
		_, err := works.AddDay(tx, d)
		return err
	}), func(answer string) string { return pathDays + "/" + answer }); done {
		return err
	}
	return q.Again(dayFormView(page))
}

func (s *screens) editDay(q *web.Request) error {
	form := q.Blank()
	page, err := s.dayForm(q, form)
	if err != nil {
		return err
	}
	d := page.Day
	form.Set("title", d.Title).Set("on", d.On.String()).Set("about", d.About).Set("meeting", d.Meeting).
		Set("meal", d.Meal).Set("insurance", d.Insurance).Set("site", string(d.Site))
	if d.LeastAge > 0 {
		form.Set("age", strconv.FormatInt(d.LeastAge, 10))
	}
	return q.Page(dayFormView(page))
}

func (s *screens) amendDay(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.dayForm(q, form)
	if err != nil {
		return err
	}
	d := readDay(form)
	d.ID = page.Day.ID
	if done, err := s.act(q, form, "amend-day", s.guarded(q, page.Day.Place, func(tx *store.Tx) error {
		return works.AmendDay(tx, d)
	}), always(pathOfDay(page.Day))); done {
		return err
	}
	return q.Again(dayFormView(page))
}

// dayPage is what GET /works/days/{number} shows.
type dayPage struct {
	Form     *web.Form
	Day      works.Day
	Place    places.Place
	Site     *works.Site
	Shifts   []shiftRow
	Options  []web.Option
	Person   peopleview.Choice
	Public   string // where one signs up
	Count    works.DayCount
	Value    string
	Today    bool // it is the day, or past it
	Staff    bool // sees who comes
	Runs     bool // may prepare it
	Timeline templ.Component
}

// shiftRow is a shift with those who come.
type shiftRow struct {
	works.Shift
	Hours       string
	Taken, Wait int64
	In          []works.Signup
}

func (s *screens) readDayPage(q *web.Request, form *web.Form) (dayPage, error) {
	return view(q, s.DB, func(r store.Reader) (page dayPage, err error) {
		page = dayPage{Form: form}
		if page.Day, err = numbered(q, r, works.DayNumbered); err != nil {
			return page, err
		}
		sees, err := s.reach(q, r, web.Staff)
		if err != nil {
			return page, err
		}
		page.Staff = sees.has(page.Day.Place)
		page.Runs = page.Staff && (q.Who.May(writers) || !sees.all)
		if !page.Staff && (page.Day.State == works.Draft || !q.Who.May(web.Member)) {
			return page, web.NotFound
		}
		page.Today = !page.Day.On.After(r.Today())
		page.Public = s.Links + pathHelp + "/" + strconv.FormatInt(page.Day.Number, 10)
		if page.Place, err = places.PlaceByID(r, page.Day.Place, places.Now(r)); err != nil {
			return page, err
		}
		if page.Day.Site != "" {
			site, err := works.SiteByID(r, page.Day.Site)
			if err != nil {
				return page, err
			}
			page.Site = &site
		}
		return page, page.read(q, r, s)
	})
}

func (page *dayPage) read(q *web.Request, r store.Reader, s *screens) error {
	shifts, err := works.ShiftsOf(r, page.Day.ID)
	if err != nil {
		return err
	}
	in, err := works.SignupsOf(r, page.Day.ID)
	if err != nil {
		return err
	}
	for _, h := range shifts {
		page.Shifts = append(page.Shifts, rowOfShift(h, in))
		page.Options = append(page.Options, web.Option{Value: h.ID, Label: h.Starts.Clock() + " – " + h.Ends.Clock() + ", " +
			h.Role})
	}
	page.Count = works.Count(page.Day, in)
	rates, err := works.Rates(r)
	if err != nil {
		return err
	}
	if rate, found := works.RateOn(rates, page.Day.On); found && page.Day.State == works.Held {
		page.Value = q.T("works.page.valued", "worth", rate.Value(page.Count.Minutes).In(q.P), "rate", rate.Cents.In(q.P))
	}
	if !q.Who.May(web.Staff) {
		return nil
	}
	if page.Person, err = pick(q, r, page.Form, "person"); err != nil {
		return err
	}
	page.Timeline, err = s.history(q, r, page.Day.ID.Ref())
	return err
}

func rowOfShift(h works.Shift, in []works.Signup) shiftRow {
	row := shiftRow{Shift: h, Hours: h.Starts.Clock() + " – " + h.Ends.Clock()}
	for _, u := range in {
		if u.Shift != h.ID {
			continue
		}
		row.In = append(row.In, u)
		switch u.State {
		case works.Taken:
			row.Taken++
		case works.Waiting:
			row.Wait++
		}
	}
	return row
}

func (s *screens) day(q *web.Request) error {
	page, err := s.readDayPage(q, q.Blank().Set("starts", "9:00").Set("ends", "12:30"))
	if err != nil {
		return err
	}
	return q.Page(dayView(page))
}

// onDay calls a verb for one of the forms on the page of a day, and shows the page again when it is refused.
func (s *screens) onDay(q *web.Request, form *web.Form, verb string, fn func(*store.Tx, works.Day) error) error {
	d, err := view(q, s.DB, func(r store.Reader) (d works.Day, err error) {
		if d, err = numbered(q, r, works.DayNumbered); err == nil {
			err = s.within(q, r, d.Place, writers)
		}
		return d, err
	})
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, verb, s.guarded(q, d.Place, func(tx *store.Tx) error { return fn(tx, d) }),
		always(pathOfDay(d))); done {
		return err
	}
	page, err := s.readDayPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(dayView(page))
}

func (s *screens) addShift(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	h := works.Shift{Role: form.Need("role", works.MaxTitle), Skills: form.Text("skills", works.MaxShort),
		Starts: minutes(form, "starts"), Ends: minutes(form, "ends"), Seats: form.NeedInt("seats", 1, works.MaxSeats)}
	return s.onDay(q, form, "add-shift", func(tx *store.Tx, d works.Day) error {
		h.Day = d.ID
		_, err := works.AddShift(tx, h)
		return err
	})
}

func (s *screens) dropShift(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	return s.onDay(q, form, "drop-shift", func(tx *store.Tx, d works.Day) error {
		if err := ofDay(tx, d, q.Path("shift")); err != nil {
			return err
		}
		return works.DropShift(tx, q.Path("shift"))
	})
}

func (s *screens) announce(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	return s.onDay(q, form, "announce", func(tx *store.Tx, d works.Day) error { return works.Announce(tx, d.ID) })
}

func (s *screens) cancelDay(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	why := form.Need("why", works.MaxWhy)
	return s.onDay(q, form, "cancel-day", func(tx *store.Tx, d works.Day) error {
		return s.post.CancelDay(tx, d.ID, why)
	})
}

func (s *screens) enterSignup(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	v := works.Volunteer{Shift: form.Need("shift", 40), Name: form.Text("name", works.MaxTitle),
		Email: form.Text("email", works.MaxEmail), Phone: form.Text("phone", works.MaxPhone), Lang: q.P.Tag}
	picked, err := s.picked(q, form)
	if err != nil {
		return err
	}
	v.Person = picked
	if v.Person == "" {
		v.Name = form.Need("name", works.MaxTitle)
	}
	return s.onDay(q, form, "enter-signup", func(tx *store.Tx, d works.Day) error {
		if err := ofDay(tx, d, v.Shift); err != nil {
			return err
		}
		_, err := s.post.EnterSignup(tx, v)
		return err
	})
}

// picked is the person of the books whom a form names; empty when it names none.
func (s *screens) picked(q *web.Request, form *web.Form) (id people.PersonID, err error) {
	choice, err := view(q, s.DB, func(r store.Reader) (peopleview.Choice, error) { return pick(q, r, form, "person") })
	return choice.Person, err
}

// pick reads the field of a person, which may stay empty.
func pick(q *web.Request, r store.Reader, form *web.Form, name string) (peopleview.Choice, error) {
	if form.Raw(name) == "" || !q.Who.May(writers) { // the book of persons is open to the house alone
		return peopleview.Choice{Name: name}, nil
	}
	return peopleview.Pick(r, q.P, form, name, true)
}

// onSignup is the office's yes or no to one sign-up.
func (s *screens) onSignup(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	verb, fn := "admit", s.post.Admit
	switch q.Path("act") {
	case "admitting":
	case "striking":
		verb, fn = "strike", s.post.Strike
	default:
		return web.NotFound
	}
	return s.onDay(q, form, verb, func(tx *store.Tx, d works.Day) error {
		if err := signedUpFor(tx, d, q.Path("signup")); err != nil {
			return err
		}
		return fn(tx, q.Path("signup"))
	})
}

// sheetPage is the attendance sheet on the screen.
type sheetPage struct {
	Form   *web.Form
	Day    works.Day
	Place  places.Place
	Shifts []shiftRow
}

func (s *screens) readSheet(q *web.Request, form *web.Form) (sheetPage, error) {
	return view(q, s.DB, func(r store.Reader) (page sheetPage, err error) {
		page.Form = form
		if page.Day, err = numbered(q, r, works.DayNumbered); err != nil {
			return page, err
		}
		if err := s.within(q, r, page.Day.Place, writers); err != nil {
			return page, err
		}
		if page.Place, err = places.PlaceByID(r, page.Day.Place, places.Now(r)); err != nil {
			return page, err
		}
		shifts, err := works.ShiftsOf(r, page.Day.ID)
		if err != nil {
			return page, err
		}
		in, err := works.SignupsOf(r, page.Day.ID)
		in = slices.DeleteFunc(in, func(u works.Signup) bool { return u.State != works.Taken && u.State != works.Waiting })
		for _, h := range shifts {
			page.Shifts = append(page.Shifts, rowOfShift(h, in))
		}
		return page, err
	})
}

func (s *screens) sheet(q *web.Request) error {
	form := q.Blank()
	page, err := s.readSheet(q, form)
	if err != nil {
		return err
	}
	for _, h := range page.Shifts {
		for _, u := range h.In {
			length, meals := h.Length(), u.Meals
			if u.Presence == works.Came {
				length = u.Minutes
			}
			if u.Presence == "" && page.Day.Meal != "" {
				meals = 1
			}
			form.Set("came-"+u.ID, string(u.Presence)).Set("hours-"+u.ID, length.Plain()).
				Set("meals-"+u.ID, strconv.FormatInt(meals, 10))
		}
	}
	return q.Page(sheetView(page))
}

func (s *screens) attend(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readSheet(q, form)
	if err != nil {
		return err
	}
	var list []works.Attendance
	for _, h := range page.Shifts {
		for _, u := range h.In {
			a := works.Attendance{Signup: u.ID, Presence: works.Presence(form.Raw("came-" + u.ID))}
			if a.Presence == works.Came {
				a.Minutes, a.Meals = minutes(form, "hours-"+u.ID), form.Int("meals-"+u.ID, 0, works.MaxMeals)
			}
			list = append(list, a)
		}
	}
	if done, err := s.act(q, form, "attend", s.guarded(q, page.Day.Place, func(tx *store.Tx) error {
		return works.Attend(tx, page.Day.ID, list)
	}), always(pathOfDay(page.Day))); done {
		return err
	}
	return q.Again(sheetView(page))
}

func (s *screens) sheetPDF(q *web.Request) error {
	var out bytes.Buffer
	err := s.DB.View(q.Context(), func(r *store.View) error {
		d, err := numbered(q, r, works.DayNumbered)
		if err == nil {
			err = s.within(q, r, d.Place, web.Staff)
		}
		if err != nil {
			return err
		}
		place, err := places.PlaceByID(r, d.Place, places.Now(r))
		if err != nil {
			return err
		}
		shifts, err := works.ShiftsOf(r, d.ID)
		if err != nil {
			return err
		}
		in, err := works.SignupsOf(r, d.ID)
		if err != nil {
			return err
		}
		house, err := houseName(r)
		if err != nil {
			return err
		}
		return works.AttendanceSheet(&out, q.P, house, place, d, shifts, in)
	})
	if err != nil {
		return err
	}
	return q.Inline(q.T("works.sheet.file")+".pdf", pdfType, func(w io.Writer) error {
		_, err := out.WriteTo(w)
		return err
	})
}

// houseName is the name of the cooperative.
func houseName(r store.Reader) (string, error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return "", err
	}
	person, err := people.Get(r, house.Person)
	return person.Full(), err
}

func dayBadge(s works.DayState) web.Kind {
	switch s {
	case works.Announced:
		return web.Info
	case works.Held:
		return web.Yes
	case works.Cancelled:
		return web.Off
	}
	return web.Wait
}

func signupBadge(s works.SignupState) web.Kind {
	switch s {
	case works.Taken:
		return web.Yes
	case works.SignedOff:
		return web.Off
	case works.AskedFor:
		return web.No
	}
	return web.Wait
}

// presences are the answers of the sheet.
func presences(p *lang.Printer) []web.Option {
	return []web.Option{{Label: p.T("works.presence.unknown")}, {Value: string(works.Came),
		Label: p.T("works.presence.yes")},
		{Value: string(works.Absent), Label: p.T("works.presence.no")}}
}
