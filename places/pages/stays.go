package pages

import (
	"slices"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// pathStays is the office's list of stays that were asked for.
const pathStays = "/stays"

// visitFlat is a flat with the days on which somebody is in it, without a name.
type visitFlat struct {
	visitSpace
	Taken []string
}

// flatsPage is what GET /visit/flats shows.
type flatsPage struct {
	visit
	Flats []visitFlat
	Pager web.Pager
}

// flatsSize is how many flats a page shows: the days of each are read.
const flatsSize = 24

// flats shows the flats of the places that are shown, and when they are taken.
func (s *screens) flats(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	var all []found
	for _, p := range o.Places {
		for i, b := range p.Briefs {
			if hosts(b) {
				all = append(all, found{p.Glance, i})
			}
		}
	}
	page := flatsPage{visit: at, Pager: q.Pager(int64(len(all)), flatsSize)}
	from := page.Pager.Offset()
	err = s.DB.View(q.Context(), func(v *store.View) error {
		for _, f := range all[from:min(from+flatsSize, int64(len(all)))] {
			in, err := places.OccupanciesIn(v, f.space().ID)
			if err != nil {
				return err
			}
			page.Flats = append(page.Flats, visitFlat{f.visit(q.P), takenWords(q.P, in, at.Today)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(flatsView(page))
}

// takenWords are the days from today on that somebody has, without who.
func takenWords(p *lang.Printer, in []places.Occupancy, today civil.Date) (list []string) {
	for _, o := range in {
		switch {
		case !o.Stands() || !o.Until.IsZero() && o.Until.Before(today):
		case o.Until.IsZero():
			list = append(list, p.T("places.visit.flats.from-on", "from", o.From))
		default:
			list = append(list, p.T("places.stays.from-until", "from", o.From, "until", o.Until))
		}
	}
	return list
}

// askPage is the form by which somebody from outside asks for a stay.
type askPage struct {
	visit
	Form  *web.Form
	Flat  visitSpace
	Taken []string
}

// askable is the flat of an address, when everybody may ask for it.
func (s *screens) askable(q *web.Request, form *web.Form) (page askPage, err error) {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return page, err
	}
	page = askPage{visit: at, Form: form}
	for _, p := range o.Places {
		i := slices.IndexFunc(p.Spaces, func(s places.Standing) bool { return string(s.ID) == q.Path("id") })
		if i >= 0 && hosts(p.Briefs[i]) {
			page.Flat = found{p.Glance, i}.visit(q.P)
			return page, s.DB.View(q.Context(), func(v *store.View) error {
				in, err := places.OccupanciesIn(v, p.Spaces[i].ID)
				page.Taken = takenWords(q.P, in, at.Today)
				return err
			})
		}
	}
	return page, web.NotFound
}

func (s *screens) beforeAsking(q *web.Request) error {
	page, err := s.askable(q, q.Blank().Set("people", "1"))
	if err != nil {
		return err
	}
	return q.Page(askView(page))
}

// ask takes a request in and writes to its address.
func (s *screens) ask(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.askable(q, form)
	if err != nil {
		return err
	}
	if err := s.askers.Try(q.Address()); err != nil {
		return err
	}
	stay := places.AskedStay{Space: places.PartID(q.Path("id")), From: form.NeedDate("from"),
		Until: form.NeedDate("until"), Guest: places.Guest{Given: form.Need("given", 80), Family: form.Need("family", 80),
			Email: form.Need("email", 120), Lang: q.P.Tag, Practice: form.Need("practice", places.MaxPractice),
			People: form.NeedInt("people", 1, places.MaxGuests), Message: form.Lines("message", places.MaxMessage)}}
	if !form.Flag("privacy") {
		form.Problem(fault.Refuse("places.refusal.privacy").At("privacy"))
	}
	if form.OK() {
		_, err = s.DB.Act(q.Context(), store.By("", "places.ask-stay").Once(form.Key()), func(tx *store.Tx) error {
			token, err := places.AskStay(tx, stay)
			if err != nil {
				return err
			}
			if err := s.addresses.Try(fold.Text(stay.Email)); err != nil {
				return err
			}
			sent, err := places.StayByToken(tx, token)
			if err != nil {
				return err
			}
			l, err := places.StayLetter(tx, sent, s.Links, token)
			tx.Answer("")
			if err == nil {
				err = mail.Enqueue(tx, l)
			}
			return err
		})
		if err == nil {
			return q.SeeOther("/visit/stays/sent")
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(askView(page))
}

func (s *screens) askSent(q *web.Request) error { return q.Page(askSentView()) }

// ownStay is what who asked sees of the request, by the link of the letter.
type ownStay struct {
	visit
	Form *web.Form
	Stay places.AskedStay
	Days string
	Path string
}

func (s *screens) readOwn(q *web.Request, form *web.Form) (page ownStay, err error) {
	page.Form, page.Path = form, pathVisit+"/stays/"+q.Path("token")
	if err := s.visitors.Try(q.Address()); err != nil {
		return page, err
	}
	err = s.DB.View(q.Context(), func(v *store.View) error {
		page.Stay, err = places.StayByToken(v, q.Path("token"))
		if fault.Is(err, "places.refusal.unknown-stay") {
			err = web.NotFound
		}
		page.Days = q.T("places.stays.from-until", "from", page.Stay.From, "until", page.Stay.Until)
		return err
	})
	return page, err
}

func (s *screens) own(q *web.Request) error {
	page, err := s.readOwn(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(ownStayView(page))
}

// ownAct confirms a request or takes it back: a button, for programs that look at letters press none.
func (s *screens) ownAct(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readOwn(q, form)
	if err != nil {
		return err
	}
	verb, fn := "places.confirm-stay", places.ConfirmStay
	if form.Choice("do", "confirm", "withdraw") == "withdraw" {
		verb, fn = "places.withdraw-stay", places.WithdrawStay
	}
	if form.OK() {
		_, err := s.DB.Act(q.Context(), store.By("", verb).Once(form.Key()), func(tx *store.Tx) error {
			return fn(tx, q.Path("token"))
		})
		if err == nil {
			return q.SeeOther(page.Path)
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(ownStayView(page))
}

// stayRow is a request as the office sees it.
type stayRow struct {
	places.AskedStay
	Flat, Days, Nights, Href string
	Badge                    web.Kind
}

// staysPage is what GET /stays shows.
type staysPage struct {
	Form    *web.Form
	States  []web.Chip
	Rows    []stayRow
	Pager   web.Pager
	Exports []web.Link
	Any     bool
}

func stayBadge(s places.StayState) web.Kind {
	switch s {
	case places.StayAsked:
		return web.Wait
	case places.StayAccepted:
		return web.Yes
	case places.StayRefused:
		return web.No
	}
	return web.Off
}

// flats names every flat that a request may be about: those of today are kept, one that is no longer there is read.
type flats struct {
	r     store.Reader
	names map[places.PartID]string
}

func (s *screens) flatsOf(r store.Reader) (f flats, err error) {
	f = flats{r, map[places.PartID]string{}}
	n, err := s.now(r)
	for p := range n.List {
		g := &n.List[p]
		for i, b := range g.Briefs {
			if b.Use == places.Flat {
				f.names[g.Spaces[i].ID] = g.Place.Title + ", " + g.Spaces[i].Name()
			}
		}
	}
	return f, err
}

func (f flats) name(a places.AskedStay) (string, error) {
	if name, known := f.names[a.Space]; known {
		return name, nil
	}
	place, err := places.PlaceByID(f.r, a.Place, places.Now(f.r))
	if err != nil {
		return "", err
	}
	part, err := places.PartByID(f.r, a.Space, places.Now(f.r))
	f.names[a.Space] = place.Title + ", " + part.Name()
	return f.names[a.Space], err
}

// row puts a request into words.
func (f flats) row(p *lang.Printer, a places.AskedStay) (stayRow, error) {
	name, err := f.name(a)
	return stayRow{AskedStay: a, Href: pathStays + "/" + a.ID, Badge: stayBadge(a.State), Flat: name,
		Days: p.T("places.stays.from-until", "from", a.From, "until", a.Until), Nights: p.T("places.unit.nights", "n",
			a.From.DaysUntil(a.Until))}, err
}

// asked are the requests that the address of the list asks for: in a state, by a word of the guest, the practice or the
// flat; counts are of every state.
func (f flats) asked(q *web.Request) (list []places.AskedStay, counts map[places.StayState]int64, err error) {
	all, err := places.AskedStays(f.r)
	text, state := fold.Text(q.Query("q")), places.StayState(q.Query("state"))
	counts = map[places.StayState]int64{}
	for _, a := range all {
		name, err := f.name(a)
		if err != nil {
			return nil, nil, err
		}
		if text != "" && !strings.Contains(fold.Text(a.Full()+" "+a.Email+" "+a.Practice+" "+name), text) {
			continue
		}
		if counts[a.State]++; state == "" || state == a.State {
			list = append(list, a)
		}
	}
	return list, counts, err
}

// rows puts requests into words.
func (f flats) rows(p *lang.Printer, list []places.AskedStay) (rows []stayRow, err error) {
	for _, a := range list {
		row, err := f.row(p, a)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// stays lists the requests.
func (s *screens) stays(q *web.Request) error {
	page := staysPage{Form: web.NewForm(map[string][]string{"q": {q.Query("q")}})}
	err := s.DB.View(q.Context(), func(v *store.View) error {
		f, err := s.flatsOf(v)
		if err != nil {
			return err
		}
		list, counts, err := f.asked(q)
		if err != nil {
			return err
		}
		all, now := int64(0), q.Query("state")
		for _, n := range counts {
			all += n
		}
		page.Any = all > 0 || q.Query("q") != ""
		page.States = []web.Chip{{Text: q.T("places.page.every-state"), Count: q.P.Count(all), Href: q.URLWith("state", ""),
			Current: now == ""}}
		for _, state := range places.StayStates {
			if counts[state] > 0 || now == string(state) {
				page.States = append(page.States, web.Chip{Text: q.P.Words(state.Words()), Count: q.P.Count(counts[state]),
					Href: q.URLWith("state", string(state)), Current: now == string(state)})
			}
		}
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		page.Rows, err = f.rows(q.P, list[from:min(from+pageSize, int64(len(list)))])
		return err
	})
	if err != nil {
		return err
	}
	page.Exports = exports(q.R.URL.Query(), pathStays)
	return q.Page(staysView(page))
}

// staysAs gives the list out as a file.
func (s *screens) staysAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var rows []stayRow
		if err := s.DB.View(q.Context(), func(v *store.View) error {
			f, err := s.flatsOf(v)
			if err != nil {
				return err
			}
			list, _, err := f.asked(q)
			if err == nil {
				rows, err = f.rows(q.P, list)
			}
			return err
		}); err != nil {
			return err
		}
		head := append(append([]string{q.T("places.stays.guest"), q.T("places.stays.email")},
			heads(q, "space", "from", "until", "practice", "people", "state", "why")...), q.T("places.stays.message"))
		return send(q, q.T("places.stays.title"), format, head, func(yield func([]sheets.Cell) bool) {
			for _, r := range rows {
				if !yield([]sheets.Cell{sheets.Text(r.Full()), sheets.Text(r.Email), sheets.Text(r.Flat), sheets.Date(r.From),
					sheets.Date(r.Until), sheets.Text(r.Practice), sheets.Int(r.People),
					sheets.Text(q.P.Words(r.State.Words())), sheets.Text(r.Why), sheets.Text(r.Message)}) {
					return
				}
			}
		})
	}
}

// stayPage is one request.
type stayPage struct {
	stayRow
	Form   *web.Form
	Facts  []web.Fact
	Others []web.Link // that ask for the same flat on some of these days, or have got it
}

func (s *screens) readStay(q *web.Request, form *web.Form) (page stayPage, err error) {
	page.Form = form
	err = s.DB.View(q.Context(), func(v *store.View) error {
		a, err := places.StayByID(v, q.Path("id"))
		if fault.Is(err, "places.refusal.unknown-stay") {
			err = web.NotFound
		}
		if err != nil {
			return err
		}
		f, err := s.flatsOf(v)
		if err != nil {
			return err
		}
		if page.stayRow, err = f.row(q.P, a); err == nil && a.State == places.StayAsked {
			page.Others, err = f.rivals(q.P, a)
		}
		return err
	})
	if err != nil {
		return page, err
	}
	for _, f := range [][2]string{{"places.field.space", page.Flat}, {"places.stays.days", page.Days + ", " + page.Nights},
		{"places.stays.guest", page.Full()}, {"places.stays.email", page.Email},
		{"places.field.practice", lang.Capital(page.Practice)}, {"places.field.people", q.P.Count(page.People)},
		{"places.field.why", page.Why}} {
		if f[1] != "" {
			page.Facts = append(page.Facts, web.Fact{Name: q.T(f[0]), Text: f[1]})
		}
	}
	return page, nil
}

// rivals are the other requests for the same flat with a night in common, that wait or were accepted.
func (f flats) rivals(p *lang.Printer, a places.AskedStay) (list []web.Link, err error) {
	all, err := places.AskedStays(f.r)
	if err != nil {
		return nil, err
	}
	rows, err := f.rows(p, slices.DeleteFunc(all, func(o places.AskedStay) bool {
		return o.ID == a.ID || o.Space != a.Space || o.Until.Before(a.From) || a.Until.Before(o.From) ||
			o.State != places.StayAsked && o.State != places.StayAccepted
	}))
	for _, row := range rows {
		list = append(list, web.Link{Href: row.Href, Text: guestName(p, row) + ", " + row.Days + " (" +
			p.Words(row.State.Words()) + ")"})
	}
	return list, err
}

// guestName is what a request is called by.
func guestName(p *lang.Printer, row stayRow) string {
	if name := row.Full(); name != "" {
		return name
	}
	return p.T("people.erased-person")
}

func (s *screens) stay(q *web.Request) error {
	page, err := s.readStay(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(stayView(page))
}

// decide accepts a stay, or refuses it with a reason.
func (s *screens) decide(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	id := q.Path("id")
	verb := "places.accept-stay"
	var fn func(*store.Tx) error
	if form.Choice("do", "accept", "refuse") == "accept" {
		fee := form.Money("fee", 0, places.MaxFee)
		fn = func(tx *store.Tx) error { return places.AcceptStay(tx, id, fee) }
	} else {
		why := form.Need("why", places.MaxWhy)
		verb = "places.refuse-stay"
		fn = func(tx *store.Tx) error { return places.RefuseStay(tx, id, why) }
	}
	return s.acted(q, form, verb, fn, func(string) string { return pathStays + "/" + id }, func() error {
		page, err := s.readStay(q, form)
		if err != nil {
			return err
		}
		return q.Again(stayView(page))
	})
}

// The rates of the public form.
var (
	perAsker   = web.Rate{Burst: 20, Every: time.Minute}
	perAddress = web.Rate{Burst: 5, Every: 10 * time.Minute}
)
