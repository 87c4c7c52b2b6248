package works

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Door is a code that hangs on a door: who photographs it reports what is wrong behind it.
type Door struct {
	ID      string
	Place   places.PlaceID
	Part    places.PartID // empty: the place itself
	Code    string
	Dropped civil.Instant // 0 while the code serves
	Made
}

// codeSigns are those of a door's code: none that is taken for another.
const codeSigns = "23456789abcdefghjkmnpqrstuvwxyz"

// codeLength gives some 39 bits: a code is no secret, it must only not be met by chance.
const codeLength = 8

// MakeDoors gives a code to each space of a place that has none yet, and to the place itself. It says how many it made.
func MakeDoors(tx *store.Tx, id places.PlaceID) (int, error) {
	place, err := placed(tx, id)
	if err != nil {
		return 0, err
	}
	there, err := DoorsOf(tx, id)
	if err != nil {
		return 0, err
	}
	spaces, err := places.SpacesOf(tx, id, places.Now(tx))
	if err != nil {
		return 0, err
	}
	wanted := []places.PartID{""}
	for _, s := range spaces {
		wanted = append(wanted, s.ID)
	}
	n := 0
	for _, part := range wanted {
		if slices.ContainsFunc(there, func(d Door) bool { return d.Part == part }) {
			continue
		}
		d := Door{ID: tx.ID(), Place: id, Part: part, Code: newCode(tx), Made: made(tx)}
		if err := insertDoor(tx, d); err != nil {
			return n, err
		}
		n++
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"place": place.Title, "n": n}})
	return n, nil
}

func newCode(tx *store.Tx) string {
	salt := tx.Salt()
	code := make([]byte, 0, codeLength)
	for _, b := range salt {
		if most := 256 / len(codeSigns) * len(codeSigns); int(b) < most && len(code) < codeLength {
			code = append(code, codeSigns[int(b)%len(codeSigns)])
		}
	}
	for len(code) < codeLength {
		code = append(code, codeSigns[0])
	}
	return string(code)
}

// DropDoor takes a code out of use: it was torn off, or hangs where it should not.
func DropDoor(tx *store.Tx, code string) error {
	d, err := DoorCoded(tx, code)
	if err != nil {
		return err
	}
	where, err := WhereOf(tx, d.Place, d.Part)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref()}, Args: map[string]any{"where": where}})
	_, err = tx.Exec(qDropDoor, d.ID, int64(tx.Now()))
	return err
}

// DoorsOf lists the codes of a place that serve.
func DoorsOf(r store.Reader, place places.PlaceID) ([]Door, error) {
	list, err := store.List(r, qDoorsOf, scanDoor, string(place))
	return slices.DeleteFunc(list, func(d Door) bool { return d.Dropped != 0 }), err
}

// DoorCoded finds a door by its code, as it is printed or typed; one that does not serve is refused.
func DoorCoded(r store.Reader, code string) (Door, error) {
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
	d, found, err := store.Find(r, qDoorCoded, scanDoor, code)
	if err == nil && (!found || d.Dropped != 0) {
		err = fault.Refuse("works.refusal.door").At("code")
	}
	return d, err
}

// DoorCards prints the cards of a place, to be cut and hung.
func (p Post) DoorCards(out io.Writer, r store.Reader, place places.Place, tag lang.Tag) error {
	doors, err := DoorsOf(r, place.ID)
	if err != nil {
		return err
	}
	pr := printer(tag)
	var cards []papers.Card
	for _, d := range doors {
		card := papers.Card{Head: place.Title, Name: pr.T("works.door.whole"), Note: pr.T("works.door.note"),
			Code: d.Code[:4] + " " + d.Code[4:], Link: p.Links + PathReport + d.Code}
		if d.Part != "" {
			part, err := places.PartByID(r, d.Part, places.Now(r))
			if err != nil {
				return err
			}
			if part.Closed {
				continue
			}
			card.Name = part.Name()
		}
		cards = append(cards, card)
	}
	if len(cards) == 0 {
		return fault.Refuse("works.refusal.no-door")
	}
	return papers.Cards(out, tag, pr.T("works.door.title", "place", place.Title), cards, papers.Meta{})
}

// ProblemID is the id of a problem.
type ProblemID string

// Ref names the problem in the journal.
func (id ProblemID) Ref() store.Ref { return store.Ref{Kind: "problem", ID: string(id)} }

// ProblemState is how far a problem has come.
type ProblemState string

// The states.
const (
	New      ProblemState = "new"
	Seen     ProblemState = "seen"
	Assigned ProblemState = "assigned"
	InWorks  ProblemState = "planned" // it became a line of the outlook
	Solved   ProblemState = "done"
	Refused  ProblemState = "refused"
)

// ProblemStates lists them.
var ProblemStates = []ProblemState{New, Seen, Assigned, InWorks, Solved, Refused}

// Words names the state.
func (s ProblemState) Words() lang.Phrase { return lang.Say("works.problem." + string(s)) }

// Open says that somebody still has to do something.
func (s ProblemState) Open() bool { return s != Solved && s != Refused }

// Problem is what somebody reported.
type Problem struct {
	ID       ProblemID
	Number   int64
	Place    places.PlaceID
	Part     places.PartID
	Door     string
	Words    string
	Document string // a photograph; may be empty
	Name     string // contact, as far as it was given
	Email    string
	Phone    string
	Lang     lang.Tag
	State    ProblemState
	Owner    people.PersonID // who looks after it
	Line     LineID          // of the outlook, which it became
	Made
}

// Step is what was done with a problem: who reported it reads the answer, the house the note too.
type Step struct {
	ID      string
	Problem ProblemID
	State   ProblemState
	Answer  string
	Note    string
	Owner   people.PersonID
	Line    LineID
	Made
}

// Limits of problems.
const (
	MaxWords   = 2000
	doorPerDay = 40 // reports by one door
)

// Report takes in what anybody reports by the code of a door. picture is what Picture made of a photograph, or nil. The
// token leads to the page by which the problem is followed.
func (p Post) Report(tx *store.Tx, code string, b Problem, picture *documents.Upload) (ProblemID, string, error) {
	d, err := DoorCoded(tx, code)
	if err != nil {
		return "", "", err
	}
	var c checker
	c.need("words", b.Words, MaxWords)
	c.short("name", b.Name, MaxTitle)
	c.short("email", b.Email, MaxEmail)
	c.short("phone", b.Phone, MaxPhone)
	if b.Email != "" && !mail.Address(b.Email) {
		c.no("email", "email")
	}
	today, err := store.One(tx, qProblemsSince, store.Number, d.ID, int64(civil.EndOf(tx.Today().AddDays(-1), tx.Zone())))
	if err != nil {
		return "", "", err
	}
	if today >= doorPerDay {
		c.no("words", "door-busy")
	}
	if len(c.wrong) > 0 {
		return "", "", c.wrong
	}
	if b.Document, err = kept(tx, picture); err != nil {
		return "", "", err
	}
	b.ID, b.Place, b.Part, b.Door, b.State, b.Made = ProblemID(tx.ID()), d.Place, d.Part, d.ID, New, made(tx)
	if b.Number, err = tx.Next("works.problem"); err != nil {
		return "", "", err
	}
	if err := insertProblem(tx, b); err != nil {
		return "", "", err
	}
	where, err := WhereOf(tx, b.Place, b.Part)
	if err != nil {
		return "", "", err
	}
	tx.Record(store.Line{About: []store.Ref{b.Place.Ref(), b.ID.Ref()}, Args: map[string]any{"where": where,
		"number": b.Number}})
	if err := insertStep(tx, Step{ID: tx.ID(), Problem: b.ID, State: New, Made: made(tx)}); err != nil {
		return "", "", err
	}
	token, err := newLink(tx, "problem", string(b.ID))
	if err != nil {
		return "", "", err
	}
	return b.ID, token, p.tell(tx, "reported", b, "", token)
}

// Take does a step with a problem: it is seen, given to somebody, answered, closed. Who left an address of e-mail gets
// the answer, and hears of each new state.
func (p Post) Take(tx *store.Tx, s Step) error {
	b, err := ProblemByID(tx, s.Problem)
	if err != nil {
		return err
	}
	var c checker
	c.short("answer", s.Answer, MaxText)
	c.short("note", s.Note, MaxText)
	if !slices.Contains(ProblemStates, s.State) || s.State == New && b.State != New {
		c.no("state", "choice")
	}
	if s.State == Assigned && s.Owner == "" {
		c.no("owner", "owner")
	}
	if s.State == InWorks && s.Line == "" && b.Line == "" {
		c.no("state", "no-line")
	}
	if s.State == Refused && strings.TrimSpace(s.Answer) == "" {
		c.no("answer", "refused-why")
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	if s.Line == "" {
		s.Line = b.Line
	}
	s.ID, s.Made = tx.ID(), made(tx)
	if err := insertStep(tx, s); err != nil {
		return err
	}
	if _, err := tx.Exec(qSetProblem, string(b.ID), string(s.State), orNull(s.Owner), orNull(s.Line)); err != nil {
		return err
	}
	tx.Answer(strconv.FormatInt(b.Number, 10))
	tx.Record(store.Line{About: []store.Ref{b.Place.Ref(), b.ID.Ref()}, Args: map[string]any{"number": b.Number,
		"state": s.State.Words()}})
	moved := b.State != s.State
	b.State = s.State
	if !moved && s.Answer == "" {
		return nil
	}
	return p.tell(tx, "moved", b, s.Answer, "")
}

// IntoWorks makes a line of the outlook of a problem.
func (p Post) IntoWorks(tx *store.Tx, id ProblemID, f LineFact, answer string) (line LineID, err error) {
	b, err := ProblemByID(tx, id)
	if err != nil {
		return "", err
	}
	if b.Line != "" {
		return "", fault.Refuse("works.refusal.in-works", "number", b.Number)
	}
	f.Space, f.State = b.Part, Wished
	if b.Part != "" {
		part, err := places.PartByID(tx, b.Part, places.Now(tx))
		if err != nil {
			return "", err
		}
		if part.Closed {
			f.Space = ""
		}
	}
	err = tx.Quietly(func() error {
		if line, err = AddLine(tx, b.Place, f); err != nil {
			return err
		}
		return p.Take(tx, Step{Problem: id, State: InWorks, Answer: answer, Line: line, Owner: b.Owner})
	})
	tx.Record(store.Line{About: []store.Ref{b.Place.Ref(), b.ID.Ref()}, Args: map[string]any{"number": b.Number,
		"title": f.Title}})
	return line, err
}

// ProblemByID reads a problem; an unknown id is refused.
func ProblemByID(r store.Reader, id ProblemID) (Problem, error) {
	b, found, err := store.Find(r, qProblem, scanProblem, string(id))
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-problem")
	}
	return b, err
}

// ProblemNumbered reads the problem of an address; an unknown number is refused.
func ProblemNumbered(r store.Reader, n int64) (Problem, error) {
	b, found, err := store.Find(r, qProblemNumber, scanProblem, n)
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-problem")
	}
	return b, err
}

// ProblemLinked reads the problem to which a secret link leads.
func ProblemLinked(r store.Reader, token string) (Problem, error) {
	id, err := linked(r, "problem", token)
	if err != nil {
		return Problem{}, err
	}
	return ProblemByID(r, ProblemID(id))
}

// ProblemsOf lists the problems of a place, the latest first.
func ProblemsOf(r store.Reader, place places.PlaceID) ([]Problem, error) {
	return store.List(r, qProblemsOf, scanProblem, string(place))
}

// Told is a problem as a list looks for it.
type Told struct {
	Number int64
	Place  places.PlaceID
	State  ProblemState
	Words  string
}

// ProblemWords lists every problem by its words, the latest first.
func ProblemWords(r store.Reader) ([]Told, error) {
	return store.List(r, qProblemWords, func(row store.Row) (t Told, err error) {
		return t, row.Scan(&t.Number, &t.Place, &t.State, &t.Words)
	})
}

// OpenProblems counts the problems of a place for which somebody still has to do something.
func OpenProblems(r store.Reader, place places.PlaceID) (int64, error) {
	return store.One(r, qOpenProblems, store.Number, string(place))
}

// StepsOf lists what was done with a problem, the oldest first.
func StepsOf(r store.Reader, id ProblemID) ([]Step, error) {
	return store.List(r, qStepsOf, scanStep, string(id))
}
