package places

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// AskedStay is a stay in a flat that somebody from outside asks for: an artist on a visit.
type AskedStay struct {
	ID          string
	Space       PartID
	Place       PlaceID
	State       StayState
	From, Until civil.Date
	Guest
	Why       string // of a refusal
	Occupancy OccupancyID
	At, Moved civil.Instant
	By        people.PersonID // who decided
}

// Guest is who asks, and what for. It is erased with the person, and two years after an answer that was no.
type Guest struct {
	Given, Family, Email string
	Lang                 lang.Tag
	Practice             string
	People               int64
	Message              string
}

// Full is the guest's name.
func (g Guest) Full() string { return strings.TrimSpace(g.Given + " " + g.Family) }

// StayState is where such a request stands.
type StayState string

// The states.
const (
	StaySent      StayState = "sent" // its address of e-mail has not answered yet
	StayAsked     StayState = "asked"
	StayAccepted  StayState = "accepted"
	StayRefused   StayState = "refused"
	StayWithdrawn StayState = "withdrawn"
)

// StayStates lists them.
var StayStates = []StayState{StaySent, StayAsked, StayAccepted, StayRefused, StayWithdrawn}

// Words names the state.
func (s StayState) Words() lang.Phrase { return lang.Say("places.stay-state." + string(s)) }

// Ref names the request in the journal.
func (s AskedStay) Ref() store.Ref { return store.Ref{Kind: "stay", ID: s.ID} }

// Limits of requests for a stay.
const (
	MaxMessage   = 2000
	MaxGuests    = 20
	maxStaySoon  = 18  // months that a stay begins ahead
	maxOpenStays = 500 // that wait, of one flat
	maxOpenByOne = 3   // that wait, from one address
	staySentDays = 7   // until an address of e-mail must have answered
	keepRefused  = 2   // years that a request that came to nothing is kept
)

func (s AskedStay) check(today civil.Date) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("places.refusal."+code, kv...).At(field))
	}
	terms := Terms{Stay: Short, From: s.From, Until: s.Until, Practice: s.Practice, Index: Fixed, People: s.People}
	wrong = append(wrong, terms.check(today)...)
	if s.From.IsDay() && s.From.Before(today) {
		no("from", "past")
	} else if s.From.IsDay() && s.From.After(today.AddMonths(maxStaySoon)) {
		no("from", "stay-far", "months", maxStaySoon)
	}
	for field, text := range map[string]string{"given": s.Given, "family": s.Family} {
		if strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > maxAddress {
			no(field, "name-needed")
		}
	}
	if !goodAddress(s.Email) {
		no("email", "email")
	}
	if s.People < 1 || s.People > MaxGuests {
		no("people", "measure", "limit", MaxGuests)
	}
	if !lang.Known(string(s.Lang)) {
		no("lang", "language")
	}
	if utf8.RuneCountInString(s.Message) > MaxMessage {
		no("message", "too-long", "limit", MaxMessage)
	}
	return wrong
}

// AskStay takes a request for a stay in. The house hears of it when the address of e-mail has answered: token is what
// the letter brings there. Days on which somebody is in the flat are refused at once.
func AskStay(tx *store.Tx, s AskedStay) (token string, err error) {
	s.Email = strings.TrimSpace(s.Email)
	if wrong := s.check(tx.Today()); len(wrong) > 0 {
		return "", wrong
	}
	p, err := PartByID(tx, s.Space, On(s.From))
	if err != nil {
		return "", err
	}
	show, err := OutsideOf(tx, p.Place)
	if err != nil {
		return "", err
	}
	if p.Use != Flat || p.Works || p.Closed || !show.Shown {
		return "", fault.Refuse("places.refusal.no-flat").At("from")
	}
	if _, err := fits(tx, s.Space, "", s.terms(0)); fault.Of(err) != nil { // why is not for strangers
		return "", fault.Refuse("places.refusal.nights-taken").At("from")
	} else if err != nil {
		return "", err
	}
	if err := dropStays(tx); err != nil {
		return "", err
	}
	waiting, err := store.List(tx, qWaitingStays, scanStay, string(s.Space))
	if err != nil {
		return "", err
	}
	mine := 0
	for _, w := range waiting {
		if fold.Text(w.Email) == fold.Text(s.Email) {
			mine++
		}
	}
	if len(waiting) >= maxOpenStays || mine >= maxOpenByOne {
		return "", fault.Refuse("places.refusal.many-stays", "limit", maxOpenByOne).At("email")
	}
	s.ID, s.Place, s.State, s.At, s.Moved = tx.ID(), p.Place, StaySent, tx.Now(), tx.Now()
	salt := tx.Salt()
	token = base64.RawURLEncoding.EncodeToString(salt[:20])
	hash := sha256.Sum256([]byte(token))
	tx.Record(s.line(p))
	tx.Answer(token)
	return token, insertStay(tx, s, hash[:])
}

func (s AskedStay) terms(fee money.Cents) Terms {
	return Terms{Stay: Short, From: s.From, Until: s.Until, Practice: s.Practice, People: s.People, Index: Fixed, Fee: fee}
}

// line is what the journal tells: days and space, nobody's name.
func (s AskedStay) line(p Part) store.Line {
	return store.Line{About: []store.Ref{s.Ref(), p.Ref(), s.Place.Ref()}, Args: map[string]any{"space": p.Name(),
		"from_on": s.From.String(), "until_on": s.Until.String()}}
}

// StayByToken is the request of a link; one that is unknown or was never confirmed in time is refused.
func StayByToken(r store.Reader, token string) (AskedStay, error) {
	hash := sha256.Sum256([]byte(token))
	return oneStay(r, qStayByToken, hash[:])
}

// StayByID reads a request; an unknown one is refused.
func StayByID(r store.Reader, id string) (AskedStay, error) { return oneStay(r, qStay, id) }

func oneStay(r store.Reader, q store.Query, arg any) (AskedStay, error) {
	s, found, err := store.Find(r, q, scanStay, arg)
	if err == nil && (!found || s.State == StaySent && s.At.On(r.Zone()).AddDays(staySentDays).Before(r.Today())) {
		err = fault.Refuse("places.refusal.unknown-stay")
	}
	return s, err
}

// AskedStays lists the requests whose address has answered, those that wait first, then the latest.
func AskedStays(r store.Reader) ([]AskedStay, error) {
	list, err := store.List(r, qStays, scanStay)
	list = slices.DeleteFunc(list, func(s AskedStay) bool { return s.State == StaySent })
	slices.SortStableFunc(list, func(a, b AskedStay) int {
		if wait := a.State == StayAsked; wait != (b.State == StayAsked) {
			if wait {
				return -1
			}
			return 1
		}
		return strings.Compare(b.ID, a.ID)
	})
	return list, err
}

// ConfirmStay notes that the address of e-mail of a request has answered.
func ConfirmStay(tx *store.Tx, token string) error {
	s, err := StayByToken(tx, token)
	if err != nil || s.State != StaySent {
		return err
	}
	return moveStay(tx, s, StayAsked, "", "")
}

// WithdrawStay takes a request back, by who asked.
func WithdrawStay(tx *store.Tx, token string) error {
	s, err := StayByToken(tx, token)
	if err != nil {
		return err
	}
	if s.State != StaySent && s.State != StayAsked {
		return fault.Refuse("places.refusal.stay-decided")
	}
	return moveStay(tx, s, StayWithdrawn, "", "")
}

// AcceptStay gives the flat for the days that were asked for: the guest enters the books, unless they stand in them
// already under this name and address of e-mail, and the flat for a short stay. It is refused where somebody else has
// got one of the days meanwhile.
func AcceptStay(tx *store.Tx, id string, fee money.Cents) error {
	s, err := waitingStay(tx, id)
	if err != nil {
		return err
	}
	var o OccupancyID
	err = tx.Quietly(func() error {
		who, known, err := guestOf(tx, s)
		if err == nil && !known {
			who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: s.Given, Family: s.Family, Lang: s.Lang,
				Emails: []string{s.Email}, From: tx.Today()})
		}
		if err == nil {
			o, err = Enter(tx, s.Space, who, s.terms(fee))
		}
		return err
	})
	if err != nil {
		return err
	}
	return decideStay(tx, s, StayAccepted, "", o)
}

// guestOf is the person in the books who bears a guest's name and has their address of e-mail.
func guestOf(r store.Reader, s AskedStay) (people.PersonID, bool, error) {
	hits, _, err := people.Search(r, people.Query{Text: s.Email, Contacts: true})
	if err != nil {
		return "", false, err
	}
	for _, hit := range hits {
		who, err := people.Standing(r, hit.Person)
		if err != nil {
			return "", false, err
		}
		emails, err := people.EmailsOn(r, hit.Person, r.Today())
		if err != nil {
			return "", false, err
		}
		if who.Kind == people.Natural && fold.Text(who.Given+" "+who.Family) == fold.Text(s.Full()) &&
			slices.ContainsFunc(emails, func(e string) bool { return strings.EqualFold(e, s.Email) }) {
			return hit.Person, true, nil
		}
	}
	return "", false, nil
}

// RefuseStay says no, with a reason that the guest reads.
func RefuseStay(tx *store.Tx, id, why string) error {
	s, err := waitingStay(tx, id)
	if err != nil {
		return err
	}
	if why = strings.TrimSpace(why); why == "" || utf8.RuneCountInString(why) > MaxWhy {
		return fault.Refuse("places.refusal.why").At("why")
	}
	return decideStay(tx, s, StayRefused, why, "")
}

func waitingStay(tx *store.Tx, id string) (AskedStay, error) {
	s, err := StayByID(tx, id)
	if err == nil && s.State != StayAsked {
		err = fault.Refuse("places.refusal.stay-decided")
	}
	return s, err
}

// decideStay keeps an answer and lets its letter leave.
func decideStay(tx *store.Tx, s AskedStay, to StayState, why string, o OccupancyID) error {
	s.Why, s.State = why, to
	l, err := StayLetter(tx, s, "", "")
	if err == nil {
		err = mail.Enqueue(tx, l)
	}
	if err != nil {
		return err
	}
	return moveStay(tx, s, to, why, o)
}

func moveStay(tx *store.Tx, s AskedStay, to StayState, why string, o OccupancyID) error {
	p, err := PartByID(tx, s.Space, On(s.From))
	if err != nil {
		return err
	}
	tx.Record(s.line(p))
	tx.Answer(s.ID)
	return updateStay(tx, s.ID, to, why, o)
}

// book is the room's own: letters are written where no reader's language is at hand.
var book = sync.OnceValue(func() *lang.Book {
	b, err := lang.NewBook(Phrases)
	fault.Must(err == nil, "the room's phrases: %v", err)
	return b
})

// StayLetter is what a guest gets: to answer it, while the request was only sent; else what was decided.
func StayLetter(r store.Reader, s AskedStay, links, token string) (mail.Letter, error) {
	place, err := PlaceByID(r, s.Place, On(s.From))
	if err != nil {
		return mail.Letter{}, err
	}
	p, code := book().In(s.Lang), "places.stay-letter."+string(s.State)
	return mail.Letter{To: s.Email, Lang: s.Lang, Subject: p.T(code+".subject", "place", place.Title),
		Text: p.T(code+".text", "name", s.Full(), "place", place.Title, "address", place.Address(), "from", s.From, "until",
			s.Until, "why", s.Why, "link", links+"/visit/stays/"+token, "days", staySentDays)}, nil
}
