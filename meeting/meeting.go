package meeting

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// The ids of this room.
type (
	ID       string
	ItemID   string
	MatterID string
	PaperID  string
	DemandID string
)

// Ref names the meeting in the journal.
func (id ID) Ref() store.Ref { return store.Ref{Kind: "meeting", ID: string(id)} }

// Ref names the item in the journal.
func (id ItemID) Ref() store.Ref { return store.Ref{Kind: "agenda-item", ID: string(id)} }

// Ref names the matter in the journal.
func (id MatterID) Ref() store.Ref { return store.Ref{Kind: "agenda-matter", ID: string(id)} }

// Ref names the demand in the journal.
func (id DemandID) Ref() store.Ref { return store.Ref{Kind: "demand", ID: string(id)} }

// Limits of a meeting, in bytes where it is text.
const (
	MaxName  = 40
	MaxTitle = 300
	MaxPlace = 300
	MaxWords = 20_000 // of a matter
	MaxWhy   = 1_000  // of a cancellation
	MaxItems = 200    // of one meeting
	// MaxMatters is of one item.
	MaxMatters = 50
	// MaxSeats is the seats that one election or draw fills.
	MaxSeats    = 100
	maxNumber   = 12
	maxPersons  = 200 // presenters or candidates of one matter
	maxChanges  = 200 // articles that one matter changes
	maxArticle  = 60
	maxText     = 60_000 // of one article, before or after
	maxAnswers  = 50
	maxPapers   = 50 // of one matter
	maxMeetings = 10_000
)

// farAhead is how many years ahead a meeting may be fixed: further is a typing mistake.
const farAhead = 5

// Meeting is one meeting of one body, from its first draft on.
type Meeting struct {
	ID        ID
	Name      string // "ag-2026": short, in addresses; no other meeting and no assembly has it
	Body      people.BodyID
	Kind      people.BodyKind // of the body; read, never written
	Title     string
	Place     string
	StartsAt  civil.Instant // 0 while it is not fixed
	Remote    string        // how one takes part from afar, in words for the letter; empty: nobody does (CSA 6:75)
	Language  lang.Tag
	RollOn    civil.Date     // record date; zero: the roll is that of the opening
	Convening vote.Convening // first or second
	Earlier   ID             // the meeting without quorum that a second one repeats
	Demand    DemandID       // empty unless holders of a tenth asked for it (CSA 6:70)

	DraftedAt   civil.Instant
	ConvenedAt  civil.Instant // when the first letters left
	AlteredAt   civil.Instant // when date or place last changed after the letters left; 0: never
	OpenedAt    civil.Instant
	ClosedAt    civil.Instant
	CancelledAt civil.Instant
	Why         string // why it was cancelled
	Version     int64  // of the fields above, without the agenda; an edit names the one that it was made on

	Items []Item
}

// Item is a point of the agenda. Number is text, as the chair numbers; gaps are allowed.
type Item struct {
	ID      ItemID
	Number  string
	Title   string
	AddedAt civil.Instant // when it was added after the letters had left; 0 when they announce it
	Version int64
	Matters []Matter
}

// State is where a meeting stands, found from its instants.
type State string

// The states, in their order.
const (
	Drafted   State = "drafted"
	Convened  State = "convened"
	Opened    State = "opened"
	Closed    State = "closed"
	Cancelled State = "cancelled"
)

// State says where the meeting stands.
func (m Meeting) State() State {
	switch {
	case m.CancelledAt != 0:
		return Cancelled
	case m.ClosedAt != 0:
		return Closed
	case m.OpenedAt != 0:
		return Opened
	case m.ConvenedAt != 0:
		return Convened
	}
	return Drafted
}

// OwnWord is the code of a phrase in the word of the meeting's body: as it stands for the general assembly, whose
// meeting is an assembly, and the one ending in ".body" for a board, a committee or a group, which holds meetings.
func (m Meeting) OwnWord(code string) string {
	if m.Kind == people.Assembly {
		return code
	}
	return code + ".body"
}

// Over says that nothing more happens at it.
func (m Meeting) Over() bool { return m.ClosedAt != 0 || m.CancelledAt != 0 }

// Day is the day on which it begins; zero while that is not fixed.
func (m Meeting) Day(zone *time.Location) civil.Date {
	if m.StartsAt == 0 {
		return civil.Date{}
	}
	return m.StartsAt.On(zone)
}

// Matter finds a matter and the item that holds it.
func (m Meeting) Matter(id MatterID) (Matter, Item, bool) {
	for _, item := range m.Items {
		for _, x := range item.Matters {
			if x.ID == id {
				return x, item, true
			}
		}
	}
	return Matter{}, Item{}, false
}

// Item finds an item.
func (m Meeting) Item(id ItemID) (Item, bool) {
	for _, item := range m.Items {
		if item.ID == id {
			return item, true
		}
	}
	return Item{}, false
}

// Matters lists every matter in the order of the agenda.
func (m Meeting) Matters() (all []Matter) {
	for _, item := range m.Items {
		all = append(all, item.Matters...)
	}
	return all
}

// nameShape is what stands in addresses and commands.
var nameShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reserved stands in the addresses of this room where a name would.
const reserved = "new"

// Draft begins a meeting with its first agenda. To the given items it adds what is owed: the points of the demand that
// it answers (CSA 6:70), and every point that earlier assemblies of the body retained and that waits for an answer.
// ID, Kind, the instants and the versions of m are ignored.
func Draft(tx *store.Tx, m Meeting) (ID, error) {
	body, err := people.GetBody(tx, m.Body)
	if err != nil {
		return "", err
	}
	m.Kind = body.Kind
	rs := m.tidy(tx, 0)
	if !body.Until.IsZero() && body.Until.Before(tx.Today()) {
		rs = append(rs, fault.Refuse("meeting.refusal.body-over", "until", body.Until).At("body"))
	}
	if !nameShape.MatchString(m.Name) || len(m.Name) > MaxName || m.Name == reserved {
		rs = append(rs, fault.Refuse("meeting.refusal.name", "limit", MaxName).At("name"))
	} else if taken, err := nameTaken(tx, m.Name); err != nil {
		return "", err
	} else if taken {
		rs = append(rs, fault.Refuse("meeting.refusal.name-taken", "name", m.Name).At("name"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	all, err := store.One(tx, qCount, store.Number)
	if err != nil {
		return "", err
	}
	if all >= maxMeetings {
		return "", fault.Refuse("meeting.refusal.many", "limit", maxMeetings)
	}
	if err := m.bringDemanded(tx); err != nil {
		return "", err
	}
	if err := m.bringRetained(tx); err != nil {
		return "", err
	}
	m.ID, m.DraftedAt, m.Version = ID(tx.ID()), tx.Now(), 1
	m.ConvenedAt, m.AlteredAt, m.OpenedAt, m.ClosedAt, m.CancelledAt, m.Why = 0, 0, 0, 0, 0, ""
	if err := insertMeeting(tx, m); err != nil {
		return "", err
	}
	m.Items = slices.Clone(m.Items)
	for i := range m.Items { // what is owed stands among items that may have numbers of their own
		if strings.TrimSpace(m.Items[i].Number) == "" {
			m.Items[i].Number = m.nextNumber()
		}
	}
	items := m.Items
	m.Items = nil
	for _, item := range items {
		if _, err := m.add(tx, item); err != nil {
			return "", err
		}
	}
	tx.Answer(m.Name)
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), m.Body.Ref()}, Args: map[string]any{"items": len(m.Items)}})
	return m.ID, nil
}

// nameTaken says whether a meeting or an assembly of the record has a name.
func nameTaken(r store.Reader, name string) (bool, error) {
	_, found, err := store.Find(r, qNamed, store.Text, name)
	if err != nil || found {
		return found, err
	}
	_, found, err = assembly.ByName(r, name)
	return found, err
}

// tidy cleans the fields of a meeting that people type, and says which are wrong. A beginning that stays as it was may
// have passed.
func (m *Meeting) tidy(r store.Reader, began civil.Instant) (rs fault.Refusals) {
	text := func(field string, s *string, limit int) {
		if *s = strings.TrimSpace(*s); len(*s) > limit || !utf8.ValidString(*s) {
			rs = append(rs, fault.Refuse("meeting.refusal.long", "limit", limit).At(field))
		}
	}
	text("title", &m.Title, MaxTitle)
	text("place", &m.Place, MaxPlace)
	text("remote", &m.Remote, MaxWords)
	if m.Title == "" {
		rs = append(rs, fault.Refuse("meeting.refusal.title").At("title"))
	}
	if !lang.Known(string(m.Language)) {
		rs = append(rs, fault.Refuse("meeting.refusal.language").At("language"))
	}
	if m.Convening == "" {
		m.Convening = vote.FirstConvening
	}
	if m.Convening != vote.FirstConvening && m.Convening != vote.SecondConvening {
		rs = append(rs, fault.Refuse("meeting.refusal.convening").At("convening"))
	}
	day := m.Day(r.Zone())
	moved := m.StartsAt != 0 && m.StartsAt != began
	if moved && (day.Before(r.Today()) || day.After(r.Today().AddYears(farAhead))) {
		rs = append(rs, fault.Refuse("meeting.refusal.day", "years", farAhead).At("starts"))
	}
	if !m.RollOn.IsZero() && (!m.RollOn.IsDay() || !day.IsZero() && m.RollOn.After(day)) {
		rs = append(rs, fault.Refuse("meeting.refusal.roll-day").At("roll"))
	}
	return rs
}

// Change rewrites what is said of a meeting, apart from its agenda; body, name and instants stay. It is refused when
// somebody changed it since the version that it was made on, and after the opening. Date and place may move after the
// letters have left: it is marked, and those who were convened must be told.
func Change(tx *store.Tx, m Meeting) error {
	was, err := editable(tx, m.ID)
	if err != nil {
		return err
	}
	if was.OpenedAt != 0 {
		return fault.Refuse("meeting.refusal.opened")
	}
	if was.Version != m.Version {
		return stale()
	}
	if err := m.tidy(tx, was.StartsAt).Err(); err != nil {
		return err
	}
	if was.Convening != m.Convening {
		return fault.Refuse("meeting.refusal.convening").At("convening")
	}
	if was.ConvenedAt != 0 && (m.StartsAt == 0 || m.Place == "") {
		return fault.Refuse("meeting.refusal.announced").At("starts")
	}
	if was.ConvenedAt != 0 && (was.StartsAt != m.StartsAt || was.Place != m.Place) {
		was.AlteredAt = tx.Now()
	}
	n, err := tx.Exec(qChange, string(m.ID), m.Version, m.Title, m.Place, int64(m.StartsAt), m.Remote,
		string(m.Language), m.RollOn, int64(was.AlteredAt))
	if err != nil {
		return err
	}
	fault.Must(n == 1, "the meeting %s changed within one act", m.ID)
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref()}})
	return nil
}

// stale refuses an edit made on a version that somebody has changed since: the page shows both texts.
func stale() fault.Refusal { return fault.Refuse("meeting.refusal.stale") }

// editable reads a meeting whose draft may change; one that is over or cancelled is refused.
func editable(r store.Reader, id ID) (Meeting, error) {
	m, found, err := ByID(r, id)
	switch {
	case err != nil:
		return m, err
	case !found:
		return m, fault.Refuse("meeting.refusal.unknown")
	case m.CancelledAt != 0:
		return m, fault.Refuse("meeting.refusal.cancelled")
	case m.ClosedAt != 0:
		return m, fault.Refuse("meeting.refusal.closed")
	}
	return m, nil
}

// Cancel says that a meeting will not be held, and why. One that has opened is closed, not cancelled.
func Cancel(tx *store.Tx, id ID, why string) error {
	m, err := editable(tx, id)
	if err != nil {
		return err
	}
	why = strings.TrimSpace(why)
	switch {
	case m.OpenedAt != 0:
		return fault.Refuse("meeting.refusal.opened")
	case why == "" || len(why) > MaxWhy:
		return fault.Refuse("meeting.refusal.why", "limit", MaxWhy).At("why")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	_, err = tx.Exec(qCancel, string(id), int64(tx.Now()), why)
	return err
}

// MarkConvened notes that the first letters have left: from now on the agenda is closed. Later letters change nothing.
// A meeting without date, place or agenda cannot be convened.
func MarkConvened(tx *store.Tx, id ID) error {
	m, err := editable(tx, id)
	if err != nil {
		return err
	}
	var rs fault.Refusals
	if m.StartsAt == 0 {
		rs = append(rs, fault.Refuse("meeting.refusal.no-day").At("starts"))
	}
	if m.Place == "" {
		rs = append(rs, fault.Refuse("meeting.refusal.no-place").At("place"))
	}
	if len(m.Matters()) == 0 {
		rs = append(rs, fault.Refuse("meeting.refusal.no-agenda").At("agenda"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	if m.ConvenedAt != 0 {
		return nil
	}
	_, err = tx.Exec(qConvened, string(id), int64(tx.Now()))
	return err
}

// MarkOpened notes that the meeting has begun; the second of two chairs is refused.
func MarkOpened(tx *store.Tx, id ID) error {
	m, err := editable(tx, id)
	if err != nil {
		return err
	}
	if m.OpenedAt != 0 {
		return fault.Refuse("meeting.refusal.opened")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	_, err = tx.Exec(qOpened, string(id), int64(tx.Now()))
	return err
}

// MarkClosed notes that the meeting is over.
func MarkClosed(tx *store.Tx, id ID) error {
	m, err := editable(tx, id)
	if err != nil {
		return err
	}
	if m.OpenedAt == 0 {
		return fault.Refuse("meeting.refusal.not-opened")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	_, err = tx.Exec(qClosed, string(id), int64(tx.Now()))
	return err
}
