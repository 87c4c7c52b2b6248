package assembly

import (
	"encoding/json"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// The ids of this room.
type (
	ID         string
	ItemID     string
	MatterID   string
	RetainedID string
	AnswerID   string
)

// Ref names the assembly in the journal.
func (id ID) Ref() store.Ref         { return store.Ref{Kind: "assembly", ID: string(id)} }
func (id MatterID) Ref() store.Ref   { return store.Ref{Kind: "matter", ID: string(id)} }
func (id RetainedID) Ref() store.Ref { return store.Ref{Kind: "retained", ID: string(id)} }

// Limits of a record. The assembly of 2017 has 7 items, 12 matters and 4 retained points.
const (
	maxItems     = 200
	maxMatters   = 50 // of one item
	maxPersons   = 500
	maxRetained  = 50 // after one item
	maxName      = 40
	maxTitle     = 300
	maxWords     = 20_000
	maxNumber    = 12
	maxNotes     = 50
	maxAttendees = 20_000
	maxAnnexes   = 100 // of one matter
)

// Assembly is the record of one meeting of a body, most often of the general assembly.
type Assembly struct {
	ID         ID
	Name       string // "ag-2017": short, unique, in addresses and commands
	Body       people.BodyID
	Title      string
	HeldOn     civil.Date // to the day, the month or the year
	Place      string
	Language   lang.Tag
	Convening  vote.Convening // empty when the record does not say
	Attendance Attendance
	Notes      []string // what the record does not give
	FileHash   string   // SHA-256 of the file it was taken in from; empty for a meeting that was held here
	Session    *Session // of a meeting that was held here; nil for one that was taken in

	Items    []Item
	Retained []Retained
}

// Attendance is who was there, in heads and shares, as far as the record says; Issued is the whole.
type Attendance struct {
	Present     vote.Sides `json:"present,omitzero"`
	Represented vote.Sides `json:"represented,omitzero"`
	Total       vote.Sides `json:"total,omitzero"` // present or represented
	Issued      vote.Sides `json:"issued,omitzero"`
}

// Attendee is one cooperator who was there, with the shares that the register gave that day.
type Attendee struct {
	Number register.Number `json:"number"`
	Person people.PersonID `json:"person"`
	Shares int64           `json:"shares"`
	Proxy  people.PersonID `json:"proxy,omitempty"` // who represented them; empty when present

	// of a meeting that was held here: how one took part, when one came and left for good
	Channel string        `json:"channel,omitempty"` // room, remote, or proxy
	Came    civil.Instant `json:"came,omitzero"`
	Went    civil.Instant `json:"went,omitzero"` // 0 for who stayed to the end
}

// Item is a point of the agenda. Number is text, as the chair numbers.
type Item struct {
	ID      ItemID
	Number  string
	Title   string
	Matters []Matter
}

// Verdict is how a matter ended: a verdict of the vote room, or "presented" where nothing is voted.
type Verdict string

// Presented ends a matter that is not voted.
const Presented Verdict = "presented"

// Matter is one thing of one kind that the assembly dealt with.
type Matter struct {
	ID         MatterID
	Kind       Kind
	Title      string
	Words      string // paragraphs, parted by an empty line
	Place      string // the place it is about, as text
	Earlier    string // the assembly whose minutes are approved
	Presenters []people.PersonID
	Stated     Verdict
	Ballot     vote.Ballot
	Outcome    vote.Outcome // zero where nothing is voted

	Body        people.BodyID // filled by an election or a draw
	Elected     []people.PersonID
	Effective   []people.PersonID
	Substitutes []people.PersonID
	Candidates  []people.PersonID
	Poll        *Poll     // an election that could be counted; nil when the record only names who was elected
	Report      Told      // whether the board justified a change of purpose; empty when the record does not say
	Evidence    *Evidence // the proof of a draw; nil when the record has none
	Amendment   bylaws.AmendmentID
	Annexes     []Annex
	Lived       *Lived // of a meeting that was held here; nil for one that was taken in
}

// Annex is a paper of a matter. Document is the id of its content; empty for one that the record only names.
type Annex struct {
	ID, Title, Document string
}

// Attach adds a paper to a matter. It may come after the minutes are frozen: they do not change by it.
func Attach(tx *store.Tx, matter MatterID, title, document string) (Annex, error) {
	place, found, err := PlaceOf(tx, matter)
	switch {
	case err != nil:
		return Annex{}, err
	case !found:
		return Annex{}, fault.Refuse("assembly.refusal.matter-unknown").At("matter")
	}
	title = strings.TrimSpace(title)
	if title == "" || len(title) > maxTitle {
		return Annex{}, fault.Refuse("assembly.refusal.title", "limit", maxTitle).At("title")
	}
	there, err := annexes(tx, matter)
	if err != nil {
		return Annex{}, err
	}
	if len(there) >= maxAnnexes {
		return Annex{}, fault.Refuse("assembly.refusal.annexes", "limit", maxAnnexes).At("matter")
	}
	x := Annex{ID: tx.ID(), Title: title, Document: document}
	tx.Record(store.Line{About: []store.Ref{place.Assembly.Ref(), matter.Ref()}, Args: map[string]any{"item": place.Item}})
	return x, insertAnnex(tx, matter, x)
}

func (x Annex) canonical(matter MatterID) []byte {
	return canonical(struct {
		Matter   MatterID `json:"matter"`
		Title    string   `json:"title"`
		Document string   `json:"document"`
	}{matter, x.Title, x.Document})
}

// Retained is what the debate retained: somebody owes an answer until it is given.
type Retained struct {
	ID         RetainedID
	Assembly   ID
	Item       ItemID
	ItemNumber string
	Title      string
	Words      string
	Owner      people.BodyID // empty when the record names no body
	OwnerWords string        // as the record names the owner when it is no body
	DueOn      civil.Date    // zero when the record states none
	HeldOn     civil.Date    // when the assembly was
	Meeting    string        // its name
	Answers    []Answer
}

// Answer is what was answered, and whether it closes the point.
type Answer struct {
	ID     AnswerID
	On     civil.Date
	Words  string
	Closes bool
	At     civil.Instant
}

// Open says whether an answer is still owed.
func (r Retained) Open() bool {
	for _, a := range r.Answers {
		if a.Closes {
			return false
		}
	}
	return true
}

// Late says whether the day by which an answer was due has passed; a point without a due date is never late.
func (r Retained) Late(today civil.Date) bool {
	return r.Open() && !r.DueOn.IsZero() && r.DueOn.Before(today)
}

// AnswerRetained records an answer to a retained point.
func AnswerRetained(tx *store.Tx, id RetainedID, a Answer) error {
	point, found, err := RetainedByID(tx, id)
	switch {
	case err != nil:
		return err
	case !found:
		return fault.Refuse("assembly.refusal.retained-unknown")
	case !point.Open():
		return fault.Refuse("assembly.refusal.retained-closed")
	}
	a.Words = strings.TrimSpace(a.Words)
	var rs fault.Refusals
	if a.Words == "" || len(a.Words) > maxWords {
		rs = append(rs, fault.Refuse("assembly.refusal.answer", "limit", maxWords).At("words"))
	}
	if a.On.IsZero() || a.On.First().After(tx.Today()) || a.On.Before(point.HeldOn.First()) {
		rs = append(rs, fault.Refuse("assembly.refusal.answer-day", "held", point.HeldOn).At("on"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	a.ID, a.At = AnswerID(tx.ID()), tx.Now()
	tx.Record(store.Line{About: []store.Ref{id.Ref(), point.Assembly.Ref()},
		Args: map[string]any{"after": point.ItemNumber, "closes": a.Closes}})
	return insertAnswer(tx, id, a)
}

// canonical is what the journal's seal commits to.
func (m Matter) canonical(item ItemID, position int) []byte {
	return canonical(struct {
		Item        ItemID             `json:"item"`
		Position    int                `json:"position"`
		Kind        Kind               `json:"kind"`
		Title       string             `json:"title"`
		Words       string             `json:"words"`
		Place       string             `json:"place"`
		Earlier     string             `json:"earlier"`
		Body        people.BodyID      `json:"body"`
		Stated      Verdict            `json:"stated"`
		Ballot      vote.Ballot        `json:"ballot"`
		Outcome     vote.Outcome       `json:"outcome"`
		Amendment   bylaws.AmendmentID `json:"amendment"`
		Presenters  []people.PersonID  `json:"presenters,omitempty"`
		Elected     []people.PersonID  `json:"elected,omitempty"`
		Effective   []people.PersonID  `json:"effective,omitempty"`
		Substitutes []people.PersonID  `json:"substitutes,omitempty"`
		Candidates  []people.PersonID  `json:"candidates,omitempty"`
		Poll        *Poll              `json:"poll,omitempty"`
		Report      Told               `json:"report,omitempty"`
		Lived       *Lived             `json:"lived,omitempty"`
	}{item, position, m.Kind, m.Title, m.Words, m.Place, m.Earlier, m.Body, m.Stated, m.Ballot, m.Outcome, m.Amendment,
		m.Presenters, m.Elected, m.Effective, m.Substitutes, m.Candidates, m.Poll, m.Report, m.Lived})
}

func (r Retained) canonical(position int) []byte {
	return canonical(struct {
		Assembly   ID            `json:"assembly"`
		Item       ItemID        `json:"item"`
		Position   int           `json:"position"`
		Title      string        `json:"title"`
		Words      string        `json:"words"`
		Owner      people.BodyID `json:"owner"`
		OwnerWords string        `json:"owner_words"`
		DueOn      civil.Date    `json:"due_on"`
	}{r.Assembly, r.Item, position, r.Title, r.Words, r.Owner, r.OwnerWords, r.DueOn})
}

// canonical is the answer with the point that it answers.
func (a Answer) canonical(point RetainedID) []byte {
	return canonical(struct {
		Retained RetainedID    `json:"retained"`
		On       civil.Date    `json:"on"`
		Words    string        `json:"words"`
		Closes   bool          `json:"closes"`
		At       civil.Instant `json:"at"`
	}{point, a.On, a.Words, a.Closes, a.At})
}

// canonical is the part of an assembly that is sealed by itself.
func (a Assembly) canonical() []byte {
	items := make([][3]string, len(a.Items))
	for i, it := range a.Items {
		items[i] = [3]string{string(it.ID), it.Number, it.Title}
	}
	return canonical(struct {
		Name       string         `json:"name"`
		Body       people.BodyID  `json:"body"`
		Title      string         `json:"title"`
		HeldOn     civil.Date     `json:"held_on"`
		Place      string         `json:"place"`
		Language   lang.Tag       `json:"language"`
		Convening  vote.Convening `json:"convening"`
		Attendance Attendance     `json:"attendance"`
		Notes      []string       `json:"notes,omitempty"`
		FileHash   string         `json:"file_hash"`
		Items      [][3]string    `json:"items,omitempty"`
		Session    *Session       `json:"session,omitempty"`
	}{a.Name, a.Body, a.Title, a.HeldOn, a.Place, a.Language, a.Convening, a.Attendance, a.Notes, a.FileHash, items,
		a.Session})
}

func canonical(v any) []byte {
	c, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return c
}
