package allocation

import (
	"slices"
	"strings"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// ApplicationID is the id of an application.
type ApplicationID string

// Ref names the application in the journal.
func (id ApplicationID) Ref() store.Ref { return store.Ref{Kind: "application", ID: string(id)} }

// Channel is how an application came.
type Channel string

// The channels.
const (
	Online Channel = "online" // the public form, without an account
	Office Channel = "office" // written down for somebody who came, wrote or called
)

// Channels lists them.
var Channels = []Channel{Online, Office}

// Words names the channel.
func (c Channel) Words() lang.Phrase { return lang.Say("allocation.channel." + string(c)) }

// State is where an application stands.
type State string

// The states.
const (
	Sent      State = "sent"   // its address of e-mail has not answered yet
	Listed    State = "listed" // waits
	Lapsed    State = "lapsed" // its interest was not renewed
	Withdrawn State = "withdrawn"
	Struck    State = "struck" // the office took it off, with a reason
	Placed    State = "placed"
)

// States lists them.
var States = []State{Sent, Listed, Placed, Lapsed, Withdrawn, Struck}

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("allocation.state." + string(s)) }

// Way is which kind of workshop somebody asks for.
type Way string

// The ways.
const (
	Shared Way = "collective"
	Alone  Way = "single"
	Either Way = "either"
)

// Ways lists them in the order of the form.
var Ways = []Way{Shared, Alone, Either}

// Words names the way.
func (w Way) Words() lang.Phrase { return lang.Say("allocation.way." + string(w)) }

// Someone is an applicant as typed, until somebody of the books stands for them.
type Someone struct {
	Kind     people.Kind `json:"kind,omitempty"`
	Given    string      `json:"given,omitempty"`
	Family   string      `json:"family,omitempty"`
	Birth    civil.Date  `json:"birth,omitzero"`
	Name     string      `json:"name,omitempty"` // of a legal person
	Form     string      `json:"form,omitempty"`
	Email    string      `json:"email,omitempty"`
	Phone    string      `json:"phone,omitempty"`
	Street   string      `json:"street,omitempty"`
	Postcode string      `json:"postcode,omitempty"`
	Town     string      `json:"town,omitempty"`
	Consents []string    `json:"consents,omitempty"` // ids of the texts that were agreed to
	Rules    string      `json:"rules,omitempty"`    // id of the rules of the list that were agreed to
}

// Full is the name as it is written.
func (s Someone) Full() string {
	if s.Kind == people.Legal {
		return s.Name
	}
	return strings.TrimSpace(s.Given + " " + s.Family)
}

// Forgotten says that nothing is left of what was typed.
func (s Someone) Forgotten() bool { return s.Full() == "" }

// Entry is the applicant as the books take them.
func (s Someone) Entry(tag lang.Tag, from civil.Date) people.Entry {
	e := people.Entry{Kind: s.Kind, Given: s.Given, Family: s.Family, Birth: s.Birth, Name: s.Name, Form: s.Form,
		Lang: tag,
		From: from, Home: people.Address{Street: s.Street, Postcode: s.Postcode, Town: s.Town}}
	if s.Email != "" {
		e.Emails = []string{s.Email}
	}
	if s.Phone != "" {
		e.Phones = []string{s.Phone}
	}
	return e
}

func (s Someone) tidied() Someone {
	for _, field := range []*string{&s.Given, &s.Family, &s.Name, &s.Form, &s.Email, &s.Phone, &s.Street, &s.Postcode,
		&s.Town} {
		*field = oneLine(*field)
	}
	if s.Kind == people.Legal {
		s.Given, s.Family, s.Birth = "", "", civil.Date{}
	} else {
		s.Kind, s.Name, s.Form = people.Natural, "", ""
	}
	return s
}

// Wish is what somebody asks for.
type Wish struct {
	Practices []PracticeID     `json:"practices"` // any of these will do, the first most
	Way       Way              `json:"way"`
	Places    []places.PlaceID `json:"places"` // empty: any
	Least     solver.Area      `json:"least"`
	Ideal     solver.Area      `json:"ideal"`
	Budget    money.Cents      `json:"budget"` // a month at most; 0: not said
	Needs     solver.Demand    `json:"needs"`  // beside those of the practice
	Emits     solver.Nuisances `json:"emits"`
	Avoids    solver.Nuisances `json:"avoids"`
	Hours     solver.Hours     `json:"hours"`
	From      civil.Date       `json:"from"` // not before; zero: at once
	StartBy   civil.Date       `json:"start_by"`
}

// Notes are the free words of an application.
type Notes struct {
	Owned   string `json:"owned,omitempty"`  // tools that the applicant has
	Wished  string `json:"wished,omitempty"` // tools that they would like to find
	Craft   string `json:"craft,omitempty"`  // a practice that is not in the list
	Message string `json:"message,omitempty"`
}

// Application is somebody's wish for a place, as it stands.
type Application struct {
	ID       ApplicationID
	Number   int64
	Channel  Channel
	Language lang.Tag
	Typed    Someone
	Person   people.PersonID // of the books, once known
	At       civil.Instant
	State    State
	Since    civil.Date    // its seniority
	Turned   civil.Date    // the day of its last step
	Interest civil.Date    // the day on which its interest was last said
	Heard    civil.Instant // when that was entered: what was asked before it is answered
	Choice   string        // by which it was placed
	Position int64         // of its last step
	Wish     Wish
	Notes    Notes
	Version  int64 // of the wish

	step string // its last one, once it was turned
}

// Asks says whether an application wants a place in a house.
func (a Application) Asks(place places.PlaceID) bool {
	return len(a.Wish.Places) == 0 || slices.Contains(a.Wish.Places, place)
}

// Limits of an application.
const (
	MaxPlain     = 120
	MaxWords     = 2000
	MaxChosen    = 3 // practices of one application
	MaxBudget    = money.Cents(10_000_00)
	MaxAsked     = solver.Area(100_000)
	maxPlaces    = 20
	maxLater     = 5       // years that a beginning lies ahead
	MaxOpen      = 100_000 // applications, ever
	confirmDays  = 14
	linkDays     = 400
	maxStepsEver = 500
)

// Draft is an application before it is made.
type Draft struct {
	Channel  Channel
	Language lang.Tag
	Typed    Someone
	Person   people.PersonID // known already
	On       civil.Date      // when it was made; zero: today. Only the office writes of another day.
	Wish     Wish
	Notes    Notes
}

// Texts are the consents that an application needs today, in its language or in another where there is none in it.
func Texts(r store.Reader, tag lang.Tag) (list []people.ConsentText, err error) {
	for _, t := range []lang.Tag{tag, lang.French, lang.Dutch, lang.English} {
		text, found, err := people.TextOn(r, people.Privacy, t, r.Today())
		if err != nil {
			return nil, err
		}
		if found {
			return append(list, text), nil
		}
	}
	return nil, nil
}

func (d Draft) tidied() Draft {
	d.Typed = d.Typed.tidied()
	for _, field := range []*string{&d.Notes.Owned, &d.Notes.Wished, &d.Notes.Craft} {
		*field = oneLine(*field)
	}
	d.Notes.Message = strings.TrimSpace(d.Notes.Message)
	if d.Wish.Ideal == 0 {
		d.Wish.Ideal = d.Wish.Least
	}
	return d
}

// Check says all that is wrong with a draft, with the field of each, before anything is written.
func Check(r store.Reader, d Draft) (fault.Refusals, error) {
	d = d.tidied()
	today := r.Today()
	rs := d.fields(today)
	if d.Person == "" && !d.Typed.Forgotten() || d.Channel == Online {
		for _, refusal := range d.Typed.Entry(d.Language, today).Check(today) {
			rs = append(rs, refusal.At(strings.TrimPrefix(refusal.Field, "home-")))
		}
	}
	known, err := Practices(r)
	if err != nil {
		return nil, err
	}
	for _, id := range d.Wish.Practices {
		if !slices.ContainsFunc(known, func(c Practice) bool { return c.ID == id }) {
			rs = append(rs, fault.Refuse("allocation.refusal.unknown-practice").At("practice"))
		}
	}
	list, err := places.Places(r, places.Now(r))
	if err != nil {
		return nil, err
	}
	for _, id := range d.Wish.Places {
		if !slices.ContainsFunc(list, func(p places.Place) bool { return p.ID == id && !p.Closed }) {
			rs = append(rs, fault.Refuse("allocation.refusal.unknown-place").At("place"))
		}
	}
	if d.Channel != Online {
		return rs, nil
	}
	more, err := d.agreed(r)
	return append(rs, more...), err
}

// agreed looks at the consents that the public form asks for.
func (d Draft) agreed(r store.Reader) (rs fault.Refusals, err error) {
	texts, err := Texts(r, d.Language)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		if !slices.Contains(d.Typed.Consents, t.ID) {
			rs = append(rs, fault.Refuse("allocation.refusal.consent", "text", t.Kind.Words()).At("consent"))
		}
	}
	u, err := RulesOn(r, r.Today())
	if err == nil && u.ID != "" && d.Typed.Rules != u.ID {
		rs = append(rs, fault.Refuse("allocation.refusal.rules").At("rules"))
	}
	return rs, err
}

// fields is what can be said of a draft without looking into the books.
func (d Draft) fields(today civil.Date) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("allocation.refusal."+code, kv...).At(field))
	}
	switch {
	case d.Channel == Online && !mail.Address(d.Typed.Email):
		no("email", "email")
	case d.Channel == Office && d.Person == "" && d.Typed.Forgotten():
		no("family", "nobody")
	}
	if !lang.Known(string(d.Language)) {
		no("language", "language")
	}
	if !d.On.IsZero() && (!d.On.IsDay() || d.On.After(today) || d.Channel == Online && d.On.Compare(today) != 0) {
		no("on", "on")
	}
	for field, text := range map[string]string{"owned": d.Notes.Owned, "wished": d.Notes.Wished, "craft": d.Notes.Craft,
		"message": d.Notes.Message} {
		if tooLong(text, MaxWords) {
			no(field, "long", "limit", MaxWords)
		}
	}
	if len(d.Wish.Practices) == 0 && d.Notes.Craft == "" {
		no("practice", "no-practice")
	}
	made := today
	if d.On.IsDay() {
		made = d.On
	}
	if by := d.Wish.StartBy; by.IsDay() && by.Before(made) {
		no("start-by", "start-by-past")
	}
	return append(wrong, d.Wish.check(today)...)
}

func (w Wish) check(today civil.Date) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("allocation.refusal."+code, kv...).At(field))
	}
	if len(w.Practices) > MaxChosen || len(slices.Compact(slices.Sorted(slices.Values(w.Practices)))) < len(w.Practices) {
		no("practice", "practices", "most", MaxChosen)
	}
	if !slices.Contains(Ways, w.Way) {
		no("way", "way")
	}
	if len(w.Places) > maxPlaces {
		no("place", "too-many", "limit", maxPlaces)
	}
	switch {
	case w.Least < 100 || w.Least > MaxAsked:
		no("least", "least", "most", int64(MaxAsked/100))
	case w.Ideal < w.Least || w.Ideal > MaxAsked:
		no("ideal", "ideal")
	}
	if w.Budget < 0 || w.Budget > MaxBudget {
		no("budget", "amount", "most", MaxBudget)
	}
	if w.Emits&w.Avoids != 0 {
		no("avoids", "itself")
	}
	if w.Emits&^all(Nuisances)|w.Avoids&^all(Nuisances) != 0 || w.Needs.Services&^all(Services) != 0 ||
		w.Hours&^all(Hours) != 0 {
		no("", "bits")
	}
	latest := today.AddYears(maxLater)
	switch {
	case !w.From.IsZero() && (!w.From.IsDay() || w.From.After(latest)):
		no("from", "day")
	case !w.StartBy.IsZero() && (!w.StartBy.IsDay() || w.StartBy.After(latest)):
		no("start-by", "day")
	case !w.StartBy.IsZero() && w.StartBy.Before(w.From):
		no("start-by", "start-by")
	}
	return append(wrong, checkDemand(w.Needs)...)
}

// Send takes an application in. Online it waits until its address of e-mail has answered: token is what the letter
// brings there. The same person with the same address once more is the application that stands: with a new token.
func Send(tx *store.Tx, d Draft) (a Application, token string, err error) {
	rs, err := Check(tx, d)
	if err == nil {
		err = rs.Err()
	}
	if err != nil {
		return a, "", err
	}
	d = d.tidied()
	if d.Channel == Online {
		if first, found, err := again(tx, d); err != nil || found {
			if err == nil {
				tx.Record(store.Line{About: []store.Ref{first.ID.Ref()}, Args: map[string]any{"number": first.Number,
					"channel": d.Channel.Words()}})
				token, err = newToken(tx, first.ID, confirmDays)
			}
			return first, token, err
		}
	}
	a = Application{ID: ApplicationID(tx.ID()), Channel: d.Channel, Language: d.Language, Typed: d.Typed, Person: d.Person,
		At: tx.Now(), Wish: d.Wish, Notes: d.Notes}
	if a.Person != "" {
		if err := mayStand(tx, a.Person); err != nil {
			return a, "", err
		}
	}
	if a.Number, err = tx.Next("application"); err != nil {
		return a, "", err
	}
	if a.Number > MaxOpen {
		return a, "", fault.Refuse("allocation.refusal.too-many", "limit", MaxOpen)
	}
	if err := insertApplication(tx, a); err != nil {
		return a, "", err
	}
	if err := keepWish(tx, &a, d.Wish, d.Notes); err != nil {
		return a, "", err
	}
	step := Step{Cause: Entered, State: Listed, Since: d.On}
	if d.Channel == Online {
		step.State = Sent
	}
	if step.Since.IsZero() {
		step.Since = tx.Today()
	}
	if err := turn(tx, &a, step); err != nil {
		return a, "", err
	}
	if a.State == Sent {
		token, err = newToken(tx, a.ID, confirmDays)
	}
	tx.Answer(string(a.ID))
	tx.Record(a.line(map[string]any{"channel": d.Channel.Words()}))
	return a, token, err
}

// again finds the application that stands of the same person with the same address of e-mail.
func again(r store.Reader, d Draft) (Application, bool, error) {
	all, err := All(r)
	if err != nil {
		return Application{}, false, err
	}
	for _, a := range all {
		if (a.State == Sent || a.State == Listed) && fold.Text(a.Typed.Email) == fold.Text(d.Typed.Email) &&
			fold.Text(a.Typed.Full()) == fold.Text(d.Typed.Full()) {
			return a, true, nil
		}
	}
	return Application{}, false, nil
}

// mayStand refuses persons who cannot stand for an applicant.
func mayStand(r store.Reader, id people.PersonID) error {
	who, err := people.Get(r, id)
	if err == nil && !who.Erased.IsZero() {
		err = fault.Refuse("allocation.refusal.erased").At("person")
	}
	return err
}

// line is what the journal says of an application: whom it is about once that is known.
func (a Application) line(args map[string]any) store.Line {
	about := []store.Ref{a.ID.Ref()}
	if a.Person != "" {
		about = append(about, a.Person.Ref())
	}
	if args == nil {
		args = map[string]any{}
	}
	args["number"] = a.Number
	return store.Line{About: about, Args: args}
}

// Amend says something new of what is asked for; seniority stays. What was typed of the applicant is corrected with it
// by the office; an applicant changes their wish alone.
func Amend(tx *store.Tx, id ApplicationID, d Draft) error {
	a, err := Get(tx, id)
	if err != nil {
		return err
	}
	if a.State != Sent && a.State != Listed {
		return a.refuse("allocation.refusal.not-listed")
	}
	d.Channel, d.On = Office, civil.Date{}
	if d.Typed.Forgotten() {
		d.Typed, d.Language = a.Typed, a.Language
	}
	d.Typed.Consents, d.Typed.Rules, d.Person = a.Typed.Consents, a.Typed.Rules, a.Person
	rs, err := Check(tx, d)
	if err == nil {
		err = rs.Err()
	}
	if err != nil {
		return err
	}
	d = d.tidied()
	a.Typed, a.Language = d.Typed, d.Language
	if err := updateTyped(tx, a); err != nil {
		return err
	}
	tx.Record(a.line(nil))
	return keepWish(tx, &a, d.Wish, d.Notes)
}

// Stand says who in the books stands for an applicant, or writes a new record when nobody does; their consents are kept
// with it.
func Stand(tx *store.Tx, id ApplicationID, person people.PersonID) (people.PersonID, error) {
	a, err := Get(tx, id)
	if err != nil {
		return "", err
	}
	if person == "" && a.Typed.Forgotten() {
		return "", a.refuse("allocation.refusal.forgotten")
	}
	if person != "" {
		if err := mayStand(tx, person); err != nil {
			return "", err
		}
	}
	err = tx.Quietly(func() (err error) {
		if person == "" {
			if person, err = people.Enroll(tx, a.Typed.Entry(a.Language, a.At.On(tx.Zone()))); err != nil {
				return err
			}
		}
		channel := "paper"
		if a.Channel == Online {
			channel = "screen"
		}
		for _, text := range a.Typed.Consents {
			_, err := people.Agree(tx, person, text, a.At.On(tx.Zone()), channel)
			if err != nil && !fault.Is(err, "people.refusal.agreed") && !fault.Is(err, "people.refusal.unknown-text") {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	a.Person = person
	tx.Record(a.line(nil))
	return person, updatePerson(tx, a.ID, person)
}

func (a Application) refuse(code string) error {
	return fault.Refuse(code, "number", a.Number, "state", a.State.Words())
}
