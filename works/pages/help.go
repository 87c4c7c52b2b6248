package pages

import (
	"strings"

	"lieux/base/fold"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
	"lieux/works"
)

// What the browser keeps between signing up and the next page.
const keepHelp = "works.help"

func (s *screens) helpRoutes() []web.Route {
	mine := "/help/mine/{token}"
	return []web.Route{
		{Pattern: "GET /help", Allow: web.Public, Handle: s.help},
		{Pattern: "GET /help/sent", Allow: web.Public, Handle: s.helpSent},
		{Pattern: "GET /help/{number}", Allow: web.Public, Handle: s.helpDay},
		{Pattern: "POST /help/{number}", Allow: web.Public, Handle: s.signUp},
		{Pattern: "GET " + mine, Allow: web.Public, Handle: s.myHelp},
		{Pattern: "POST " + mine + "/confirmation", Allow: web.Public, Handle: s.confirm, From: mine},
		{Pattern: "POST " + mine + "/leaving", Allow: web.Public, Handle: s.signOff, From: mine},
	}
}

// helpPage is what GET /help shows: the days for which one may sign up.
type helpPage struct {
	Rows  []helpRow
	House string
}

// helpRow is one day, as a stranger sees it.
type helpRow struct {
	works.Day
	Href, Place string
	Free        int64
}

func (s *screens) help(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page helpPage, err error) {
		if page.House, err = houseName(r); err != nil {
			return page, err
		}
		days, err := works.OpenDays(r)
		if err != nil {
			return page, err
		}
		for _, d := range days {
			row, err := rowOfDay(r, d)
			if err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, helpRow{d, pathHelp + "/" + number(d.Number), row.Place, row.Seats - row.Taken})
		}
		return page, nil
	})
	if err != nil {
		return err
	}
	return q.Page(helpView(page))
}

// helpDayPage is a day with the form by which one signs up.
type helpDayPage struct {
	Form    *web.Form
	Day     works.Day
	Place   places.Place
	House   string
	Shifts  []shiftRow
	Options []web.Option
	Skilled bool // some shift asks for skills
	Open    bool
}

func (s *screens) readHelp(q *web.Request, form *web.Form) (helpDayPage, error) {
	return view(q, s.DB, func(r store.Reader) (page helpDayPage, err error) {
		page.Form = form
		if page.Day, err = numbered(q, r, works.DayNumbered); err != nil {
			return page, err
		}
		if page.Day.State == works.Draft {
			return page, web.NotFound
		}
		if page.House, err = houseName(r); err != nil {
			return page, err
		}
		page.Open = page.Day.State == works.Announced && !page.Day.On.Before(r.Today())
		if page.Place, err = places.PlaceByID(r, page.Day.Place, places.Now(r)); err != nil {
			return page, err
		}
		shifts, err := works.ShiftsOf(r, page.Day.ID)
		if err != nil {
			return page, err
		}
		in, err := works.SignupsOf(r, page.Day.ID)
		for _, h := range shifts {
			row := rowOfShift(h, in)
			row.In = nil // nobody's name leaves the house
			page.Shifts = append(page.Shifts, row)
			page.Skilled = page.Skilled || h.Skills != ""
			page.Options = append(page.Options, shiftOption(q.P, row))
		}
		return page, err
	})
}

func (s *screens) helpDay(q *web.Request) error {
	page, err := s.readHelp(q, q.Blank())
	if err != nil {
		return err
	}
	if len(page.Options) == 1 {
		page.Form.Set("shift", page.Options[0].Value)
	}
	return q.Page(helpDayView(page))
}

func readVolunteer(q *web.Request, form *web.Form) works.Volunteer {
	return works.Volunteer{Shift: form.Text("shift", 40), Name: form.Need("name", works.MaxTitle),
		Email: form.Text("email", works.MaxEmail), Phone: form.Text("phone", works.MaxPhone), Lang: q.P.Tag,
		Note: form.Lines("note", works.MaxNote), Able: form.Flag("able"), Old: form.Flag("old"), Agreed: form.Flag("agreed")}
}

// signUp takes in who signs up without an account.
func (s *screens) signUp(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if err := s.callers.Try("help " + q.Address()); err != nil {
		return err
	}
	page, err := s.readHelp(q, form)
	if err != nil {
		return err
	}
	v := readVolunteer(q, form)
	var ids []string
	for _, o := range page.Options {
		ids = append(ids, o.Value)
	}
	form.Choice("shift", ids...)
	if form.OK() {
		if err := s.addresses.Try("help " + fold.Text(v.Email+v.Phone)); err != nil {
			return err
		}
		state := works.Sent
		_, err := s.DB.Act(q.Context(), store.By("", "works.sign-up").Once(form.Key()), func(tx *store.Tx) error {
			u, err := s.post.SignUp(tx, v)
			state = u.State
			return err
		})
		if err == nil {
			if strings.TrimSpace(v.Email) != "" {
				state = works.Sent // who is there already learns it from the letter alone
			}
			q.Remember(keepHelp, string(state))
			return q.SeeOther(pathHelp + "/sent")
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(helpDayView(page))
}

func (s *screens) helpSent(q *web.Request) error {
	return q.Page(helpSentView(q.Recall(keepHelp) == string(works.AskedFor)))
}

// myHelpPage is one's own sign-up, by the link of a letter.
type myHelpPage struct {
	Form   *web.Form
	Token  string
	Signup works.Signup
	Shift  works.Shift
	Day    works.Day
	Place  places.Place
	Past   bool
}

func (s *screens) readMine(q *web.Request, form *web.Form) (myHelpPage, error) {
	if err := s.lookup.Try("mine " + q.Address()); err != nil {
		return myHelpPage{}, err
	}
	return view(q, s.DB, func(r store.Reader) (page myHelpPage, err error) {
		page = myHelpPage{Form: form, Token: q.Path("token")}
		if page.Signup, page.Shift, page.Day, err = works.SignupLinked(r, page.Token); err != nil {
			_, err = found("", err)
			return page, err
		}
		page.Past = page.Day.On.Before(r.Today()) || page.Day.State != works.Announced
		page.Place, err = places.PlaceByID(r, page.Day.Place, places.Now(r))
		return page, err
	})
}

func (s *screens) myHelp(q *web.Request) error {
	page, err := s.readMine(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(myHelpView(page))
}

func (s *screens) confirm(q *web.Request) error {
	return s.onMine(q, "confirm", func(tx *store.Tx, token string) error {
		_, err := s.post.Confirm(tx, token)
		return err
	})
}

func (s *screens) signOff(q *web.Request) error {
	return s.onMine(q, "sign-off", func(tx *store.Tx, token string) error {
		_, err := s.post.SignOff(tx, token)
		return err
	})
}

// onMine presses a button of one's own sign-up: programs that look at letters press none.
func (s *screens) onMine(q *web.Request, verb string, fn func(*store.Tx, string) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readMine(q, form)
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, verb, func(tx *store.Tx) error { return fn(tx, page.Token) },
		always(works.PathSignup+page.Token)); done {
		return err
	}
	return q.Again(myHelpView(page))
}
