package pages

import (
	"slices"
	"time"

	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/mail"
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
}

// flats shows the flats of the places that are shown, and when they are taken.
func (s *screens) flats(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	page := flatsPage{visit: at}
	err = s.DB.View(q.Context(), func(v *store.View) error {
		for _, p := range o.Places {
			for i, b := range p.Briefs {
				if b.Use != places.Flat || b.State == places.Site || b.State == places.ForAll {
					continue
				}
				f := found{p.Glance, i}
				one := visitFlat{visitSpace: f.visit(q.P)}
				in, err := places.OccupanciesIn(v, f.space().ID)
				if err != nil {
					return err
				}
				for _, held := range in {
					switch {
					case !held.Stands() || !held.Until.IsZero() && held.Until.Before(at.Today):
					case held.Until.IsZero():
						one.Taken = append(one.Taken, q.T("places.visit.flats.from-on", "from", held.From))
					default:
						one.Taken = append(one.Taken, q.T("places.stays.from-until", "from", held.From, "until", held.Until))
					}
				}
				page.Flats = append(page.Flats, one)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(flatsView(page))
}

// askPage is the form by which somebody from outside asks for a stay.
type askPage struct {
	visit
	Form *web.Form
	Flat visitSpace
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
		if i >= 0 && p.Briefs[i].Use == places.Flat && p.Briefs[i].State != places.Site {
			page.Flat = found{p.Glance, i}.visit(q.P)
			return page, nil
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
	Flat, Days, Href string
	Badge            web.Kind
}

// staysPage is what GET /stays shows.
type staysPage struct {
	Form  *web.Form
	Rows  []stayRow
	Pager web.Pager
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

func (s *screens) stayRow(q *web.Request, r store.Reader, a places.AskedStay) (row stayRow, err error) {
	row = stayRow{AskedStay: a, Href: pathStays + "/" + a.ID, Badge: stayBadge(a.State),
		Days: q.T("places.stays.from-until", "from", a.From, "until", a.Until)}
	place, err := places.PlaceByID(r, a.Place, places.Now(r))
	if err != nil {
		return row, err
	}
	part, err := places.PartByID(r, a.Space, places.Now(r))
	row.Flat = place.Title + ", " + part.Name()
	return row, err
}

// stays lists the requests.
func (s *screens) stays(q *web.Request) error {
	var page staysPage
	err := s.DB.View(q.Context(), func(v *store.View) error {
		list, err := places.AskedStays(v)
		if err != nil {
			return err
		}
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		for _, a := range list[from:min(from+pageSize, int64(len(list)))] {
			row, err := s.stayRow(q, v, a)
			if err != nil {
				return err
			}
			page.Rows = append(page.Rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(staysView(page))
}

// stayPage is one request.
type stayPage struct {
	stayRow
	Form  *web.Form
	Facts []web.Fact
}

func (s *screens) readStay(q *web.Request, form *web.Form) (page stayPage, err error) {
	page.Form = form
	err = s.DB.View(q.Context(), func(v *store.View) error {
		a, err := places.StayByID(v, q.Path("id"))
		if fault.Is(err, "places.refusal.unknown-stay") {
			err = web.NotFound
		}
		if err == nil {
			page.stayRow, err = s.stayRow(q, v, a)
		}
		return err
	})
	if err != nil {
		return page, err
	}
	for _, f := range [][2]string{{"places.field.place", page.Flat}, {"places.stays.days", page.Days},
		{"places.stays.guest", page.Full()}, {"places.stays.email", page.Email},
		{"places.field.practice", lang.Capital(page.Practice)}, {"places.field.people", q.P.Count(page.People)},
		{"places.field.why", page.Why}} {
		if f[1] != "" {
			page.Facts = append(page.Facts, web.Fact{Name: q.T(f[0]), Text: f[1]})
		}
	}
	return page, nil
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
