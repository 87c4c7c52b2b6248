package works

import (
	"strings"
	"unicode"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/people"
)

// SignupState is how a sign-up stands.
type SignupState string

// The states.
const (
	Sent      SignupState = "sent"  // the address of e-mail has not answered yet: it holds no seat
	AskedFor  SignupState = "asked" // by telephone number alone: the office confirms it
	Taken     SignupState = "taken"
	Waiting   SignupState = "waiting" // the shift is full
	SignedOff SignupState = "cancelled"
)

// Words names the state.
func (s SignupState) Words() lang.Phrase { return lang.Say("works.signup." + string(s)) }

// Channel is how somebody signed up.
type Channel string

// The channels.
const (
	Online   Channel = "online"
	AtOffice Channel = "office"
)

// Presence is whether somebody came.
type Presence string

// The answers; the empty one is not known yet.
const (
	Came   Presence = "yes"
	Absent Presence = "no"
)

// Signup is somebody who comes to a shift, or wants to.
type Signup struct {
	ID        string
	Shift     string
	Volunteer string // the first sign-up of the same person for the same day
	State     SignupState
	Channel   Channel
	Person    people.PersonID // when the office knows them; may be empty
	Name      string
	Email     string
	Phone     string
	Lang      lang.Tag
	Note      string // what they want the office to know
	Queued    civil.Instant
	Presence  Presence
	Minutes   Minutes
	Meals     int64
	Reminded  bool
	Made
}

// Volunteer is what somebody writes who signs up.
type Volunteer struct {
	Shift  string
	Person people.PersonID
	Name   string
	Email  string
	Phone  string
	Lang   lang.Tag
	Note   string
	Able   bool // has the skills that the shift asks for
	Old    bool // is as old as the day asks for
	Agreed bool // has read who is insured, and how long their name is kept
}

// Limits of a sign-up.
const (
	MaxPhone = 30
	MaxEmail = 120
	MaxNote  = 500
)

// Post writes the letters of this room: it knows the address under which people reach the house. Without one it writes
// none, since they all lead there.
type Post struct{ Links string }

// SignUp takes in somebody who signs up without an account. With an address of e-mail it waits for the answer to a
// letter; with a telephone number alone, for the office. Somebody who signs up twice gets the letter once more.
func (p Post) SignUp(tx *store.Tx, v Volunteer) (Signup, error) {
	s, d, err := shiftByID(tx, v.Shift)
	if err != nil {
		return Signup{}, err
	}
	v.tidy()
	c := v.check(s, d)
	if v.Email == "" && v.Phone == "" {
		c.no("email", "reach")
	}
	if !v.Agreed {
		c.no("agreed", "agreed")
	}
	if s.Skills != "" && !v.Able {
		c.no("able", "able")
	}
	if d.LeastAge > 0 && !v.Old {
		c.no("old", "old", "n", d.LeastAge)
	}
	if err := mayJoin(tx, d); err != nil {
		return Signup{}, err
	}
	if len(c.wrong) > 0 {
		return Signup{}, c.wrong
	}
	in, err := SignupsOf(tx, d.ID)
	if err != nil {
		return Signup{}, err
	}
	for _, u := range in {
		if u.Shift == s.ID && u.State != SignedOff && v.same(u) {
			tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title}})
			return u, p.write(tx, "again", u, s, d)
		}
	}
	u := v.signup(tx, in)
	u.State, u.Channel = Sent, Online
	if u.Email == "" {
		u.State = AskedFor
	}
	if countOf(in, s.ID) >= s.Seats+MaxWaiting {
		return u, fault.Refuse("works.refusal.too-many", "limit", s.Seats+MaxWaiting)
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title}})
	if err := insertSignup(tx, u); err != nil {
		return u, err
	}
	return u, p.write(tx, "confirm", u, s, d)
}

// EnterSignup is a sign-up that the office writes down for somebody: it is confirmed at once. On the day and after it,
// it is who came without having said so.
func (p Post) EnterSignup(tx *store.Tx, v Volunteer) (Signup, error) {
	s, d, err := shiftByID(tx, v.Shift)
	if err != nil {
		return Signup{}, err
	}
	v.tidy()
	if v.Person != "" {
		person, err := people.Get(tx, v.Person)
		if err != nil {
			return Signup{}, err
		}
		v.Name, v.Lang = person.Full(), person.Lang
		if mails, err := people.EmailsOn(tx, v.Person, tx.Today()); err != nil {
			return Signup{}, err
		} else if v.Email == "" && len(mails) > 0 {
			v.Email = mails[0]
		}
	}
	if c := v.check(s, d); len(c.wrong) > 0 {
		return Signup{}, c.wrong
	}
	if d.State == Draft || d.State == Cancelled {
		return Signup{}, fault.Refuse("works.refusal.day-state")
	}
	in, err := SignupsOf(tx, d.ID)
	if err != nil {
		return Signup{}, err
	}
	u := v.signup(tx, in)
	u.State, u.Channel = AskedFor, AtOffice
	if err := insertSignup(tx, u); err != nil {
		return u, err
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title}})
	return p.seat(tx, u, s, d)
}

func (v *Volunteer) tidy() {
	v.Name, v.Email = strings.Join(strings.Fields(v.Name), " "), strings.TrimSpace(v.Email)
	v.Phone = strings.Join(strings.Fields(v.Phone), " ")
	if v.Lang == "" {
		v.Lang = lang.French
	}
}

func (v Volunteer) check(s Shift, d Day) (c checker) {
	c.need("name", v.Name, MaxTitle)
	c.short("email", v.Email, MaxEmail)
	c.short("phone", v.Phone, MaxPhone)
	c.short("note", v.Note, MaxNote)
	if v.Email != "" && !mail.Address(v.Email) {
		c.no("email", "email")
	}
	if v.Phone != "" && len(digits(v.Phone)) < 8 {
		c.no("phone", "phone")
	}
	return c
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// same says whether a sign-up is of the same person, as far as one can tell.
func (v Volunteer) same(u Signup) bool {
	switch {
	case v.Person != "" && u.Person != "":
		return v.Person == u.Person
	case v.Email != "" && u.Email != "":
		return fold.Text(v.Email) == fold.Text(u.Email)
	case v.Phone != "" && u.Phone != "":
		return digits(v.Phone) == digits(u.Phone)
	}
	return v.Email == "" && v.Phone == "" && v.Name != "" && fold.Text(v.Name) == fold.Text(u.Name)
}

func (v Volunteer) signup(tx *store.Tx, in []Signup) Signup {
	u := Signup{ID: tx.ID(), Shift: v.Shift, Person: v.Person, Name: v.Name, Email: v.Email, Phone: v.Phone, Lang: v.Lang,
		Note: v.Note, Made: made(tx)}
	u.Volunteer = u.ID
	for _, o := range in {
		if v.same(o) {
			u.Volunteer = o.Volunteer
			break
		}
	}
	return u
}

func mayJoin(r store.Reader, d Day) error {
	if d.State != Announced || d.On.Before(r.Today()) {
		return fault.Refuse("works.refusal.day-closed")
	}
	return nil
}

// countOf counts those who have or want a seat of a shift.
func countOf(in []Signup, shift string) (n int64) {
	for _, u := range in {
		if u.Shift == shift && u.State != SignedOff {
			n++
		}
	}
	return n
}

// TakenOf counts the seats of a shift that are taken.
func TakenOf(in []Signup, shift string) (n int64) {
	for _, u := range in {
		if u.Shift == shift && u.State == Taken {
			n++
		}
	}
	return n
}

// seat gives a seat to who confirmed, or a place among those who wait. Nobody does two shifts at once.
func (p Post) seat(tx *store.Tx, u Signup, s Shift, d Day) (Signup, error) {
	in, err := SignupsOf(tx, d.ID)
	if err != nil {
		return u, err
	}
	shifts, err := ShiftsOf(tx, d.ID)
	if err != nil {
		return u, err
	}
	for _, o := range in {
		if o.ID == u.ID || o.Volunteer != u.Volunteer || o.State != Taken && o.State != Waiting {
			continue
		}
		for _, other := range shifts {
			if other.ID == o.Shift && other.overlaps(s) {
				return u, fault.Refuse("works.refusal.overlap", "role", other.Role)
			}
		}
	}
	u.State, u.Queued = Taken, tx.Now()
	if TakenOf(in, s.ID) >= s.Seats {
		u.State = Waiting
	}
	if _, err := tx.Exec(qSetSignup, u.ID, string(u.State), int64(u.Queued)); err != nil {
		return u, err
	}
	return u, p.write(tx, string(u.State), u, s, d)
}

// Confirm takes the answer to the letter of a sign-up. Who confirmed already stays as they are.
func (p Post) Confirm(tx *store.Tx, token string) (Signup, error) {
	u, s, d, err := SignupLinked(tx, token)
	if err != nil {
		return u, err
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title}})
	if u.State != Sent {
		return u, nil
	}
	if err := mayJoin(tx, d); err != nil {
		return u, err
	}
	return p.seat(tx, u, s, d)
}

// Admit is the office's yes to who left a telephone number alone.
func (p Post) Admit(tx *store.Tx, id string) error {
	u, s, d, err := signupByID(tx, id)
	if err != nil {
		return err
	}
	if u.State != AskedFor && u.State != Sent {
		return fault.Refuse("works.refusal.signup-state")
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title}})
	_, err = p.seat(tx, u, s, d)
	return err
}

// SignOff takes somebody from the list by the link of their letter: the first who waits moves up.
func (p Post) SignOff(tx *store.Tx, token string) (Signup, error) {
	u, _, _, err := SignupLinked(tx, token)
	if err != nil {
		return u, err
	}
	return u, p.signOff(tx, u.ID)
}

// Strike takes somebody from the list, at the office.
func (p Post) Strike(tx *store.Tx, id string) error { return p.signOff(tx, id) }

func (p Post) signOff(tx *store.Tx, id string) error {
	u, s, d, err := signupByID(tx, id)
	if err != nil {
		return err
	}
	if d.State == Held || d.State == Cancelled {
		return fault.Refuse("works.refusal.day-over")
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title}})
	if u.State == SignedOff {
		return nil
	}
	if _, err := tx.Exec(qSetSignup, id, string(SignedOff), int64(u.Queued)); err != nil || u.State != Taken {
		return err
	}
	return p.moveUp(tx, s, d)
}

// moveUp gives the free seats of a shift to those who wait, in the order in which they confirmed.
func (p Post) moveUp(tx *store.Tx, s Shift, d Day) error {
	in, err := SignupsOf(tx, d.ID)
	if err != nil {
		return err
	}
	free := s.Seats - TakenOf(in, s.ID)
	for _, u := range in {
		if free <= 0 {
			break
		}
		if u.Shift != s.ID || u.State != Waiting {
			continue
		}
		free--
		if _, err := tx.Exec(qSetSignup, u.ID, string(Taken), int64(u.Queued)); err != nil {
			return err
		}
		if err := p.write(tx, "moved-up", u, s, d); err != nil {
			return err
		}
	}
	return nil
}

// SignupsOf lists the sign-ups of a day in the order of the queue.
func SignupsOf(r store.Reader, id DayID) ([]Signup, error) {
	return store.List(r, qSignupsOf, scanSignup, string(id))
}

func signupByID(r store.Reader, id string) (u Signup, s Shift, d Day, err error) {
	u, found, err := store.Find(r, qSignup, scanSignup, id)
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-signup")
	}
	if err != nil {
		return u, s, d, err
	}
	if s, err = store.One(r, qShift, scanShift, u.Shift); err != nil {
		return u, s, d, err
	}
	d, err = DayByID(r, s.Day)
	return u, s, d, err
}

// SignupLinked reads the sign-up to which a secret link leads.
func SignupLinked(r store.Reader, token string) (Signup, Shift, Day, error) {
	id, err := linked(r, "signup", token)
	if err != nil {
		return Signup{}, Shift{}, Day{}, err
	}
	return signupByID(r, id)
}

// CancelDay says that a day does not take place; those who were to come are told.
func (p Post) CancelDay(tx *store.Tx, id DayID, why string) error {
	d, err := DayByID(tx, id)
	if err != nil {
		return err
	}
	var c checker
	c.need("why", why, MaxWhy)
	if d.State == Held || d.State == Cancelled {
		c.no("why", "day-over")
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	d.Why = why
	in, err := SignupsOf(tx, id)
	if err != nil {
		return err
	}
	for _, u := range in {
		if u.State == SignedOff || u.State == Sent {
			continue
		}
		s, err := store.One(tx, qShift, scanShift, u.Shift)
		if err != nil {
			return err
		}
		if err := p.write(tx, "called-off", u, s, d); err != nil {
			return err
		}
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title,
		"day_on": d.On.String()}})
	_, err = tx.Exec(qSetDayState, string(id), string(Cancelled), why)
	return err
}
