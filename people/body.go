package people

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
)

// Ids of the organs of the cooperative.
type (
	BodyID     string
	MandateID  string
	DecisionID string
)

// Ref names the body in the journal.
func (id BodyID) Ref() store.Ref { return store.Ref{Kind: "body", ID: string(id)} }

// Ref names the mandate in the journal.
func (id MandateID) Ref() store.Ref { return store.Ref{Kind: "mandate", ID: string(id)} }

// Ref names the decision in the journal.
func (id DecisionID) Ref() store.Ref { return store.Ref{Kind: "decision", ID: string(id)} }

// BodyKind says what sort of organ a body is. There is one general assembly and one board.
type BodyKind string

// The kinds of body.
const (
	Assembly  BodyKind = "assembly"
	Board     BodyKind = "board"
	Committee BodyKind = "committee"
	Group     BodyKind = "group"
)

// BodyKinds lists the kinds in their order.
var BodyKinds = []BodyKind{Assembly, Board, Committee, Group}

// Limits of bodies.
const (
	maxBodyName = 120
	maxBodies   = 500
	maxSeats    = 2000 // mandates of one body over all years
	maxRank     = 999
	maxWording  = 4000
)

// Body is an organ of the cooperative.
type Body struct {
	ID     BodyID
	Kind   BodyKind
	Name   string // empty for the assembly and the board unless the cooperative has names of its own for them
	Parent BodyID // the body that set it up, or empty
	From   civil.Date
	Until  civil.Date
}

// Words is the body's name, or the usual word for the assembly and the board.
func (b Body) Words(p *lang.Printer) string {
	if b.Name != "" {
		return b.Name
	}
	return p.T("people.body." + string(b.Kind))
}

// OpenBody sets a body up.
func OpenBody(tx *store.Tx, b Body) (BodyID, error) {
	name, rs := tidy("name", b.Name, maxBodyName)
	b.Name = name
	if !slices.Contains(BodyKinds, b.Kind) {
		rs = append(rs, fault.Refuse("people.refusal.body-kind").At("kind"))
	}
	single := b.Kind == Assembly || b.Kind == Board
	if b.Name == "" && !single {
		rs = append(rs, fault.Refuse("people.refusal.no-name").At("name"))
	}
	if !b.Until.IsZero() && !b.From.IsZero() && b.Until.Before(b.From) {
		rs = append(rs, fault.Refuse("people.refusal.period", "from", b.From, "until", b.Until).At("until"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	all, err := Bodies(tx)
	if err != nil {
		return "", err
	}
	if len(all) >= maxBodies {
		return "", fault.Refuse("people.refusal.many-bodies", "limit", maxBodies)
	}
	for _, o := range all {
		if single && o.Kind == b.Kind {
			return "", fault.Refuse("people.refusal.single-body", "kind", lang.Say("people.body."+string(b.Kind))).At("kind")
		}
		if b.Name != "" && fold.Text(o.Name) == fold.Text(b.Name) && o.Until.IsZero() {
			return "", fault.Refuse("people.refusal.body-there", "name", o.Name).At("name")
		}
	}
	if b.Parent != "" && !slices.ContainsFunc(all, func(o Body) bool { return o.ID == b.Parent }) {
		return "", fault.Refuse("people.refusal.unknown-body").At("parent")
	}
	b.ID = BodyID(tx.ID())
	if err := insertBody(tx, b); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{b.ID.Ref()}})
	return b.ID, nil
}

// Bodies lists every body, the assembly and the board first, then by name.
func Bodies(r store.Reader) ([]Body, error) {
	list, err := store.List(r, qBodies, scanBody)
	slices.SortFunc(list, func(a, b Body) int {
		if c := slices.Index(BodyKinds, a.Kind) - slices.Index(BodyKinds, b.Kind); c != 0 {
			return c
		}
		return strings.Compare(fold.Sort(a.Name)+string(a.ID), fold.Sort(b.Name)+string(b.ID))
	})
	return list, err
}

// GetBody reads a body; an unknown id is refused.
func GetBody(r store.Reader, id BodyID) (Body, error) {
	b, found, err := store.Find(r, qBody, scanBody, string(id))
	if err == nil && !found {
		err = fault.Refuse("people.refusal.unknown-body")
	}
	return b, err
}

// TheBody is the one assembly or the one board; refused before the house is founded.
func TheBody(r store.Reader, kind BodyKind) (Body, error) {
	b, found, err := store.Find(r, qBodyOfKind, scanBody, string(kind))
	if err == nil && !found {
		err = fault.Refuse("people.refusal.unknown-body")
	}
	return b, err
}

// CloseBody ends a committee or working group; mandates that would go on end with it. The assembly and the board
// last as long as the house.
func CloseBody(tx *store.Tx, id BodyID, last civil.Date) error {
	b, err := GetBody(tx, id)
	if err != nil {
		return err
	}
	lasting := b.Kind == Assembly || b.Kind == Board
	if lasting || last.IsZero() || !b.Until.IsZero() || last.Before(b.From.First()) {
		return fault.Refuse("people.refusal.body-end").At("last")
	}
	if _, err := tx.Exec(qCloseBody, string(id), last); err != nil {
		return err
	}
	seats, err := Mandates(tx, id)
	if err != nil {
		return err
	}
	for _, m := range seats {
		if m.Closed.IsZero() && (m.Until.IsZero() || m.Until.After(last)) {
			if _, err := tx.Exec(qCloseMandate, string(m.ID), last, string(BodyEnded)); err != nil {
				return err
			}
		}
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"last_on": last.String()}})
	return nil
}

// Role is what a person does in a body.
type Role string

// The roles of mandates. Effective and Substitute are those of a drawn or elected committee; a substitute has a rank.
const (
	Chair      Role = "chair"
	ViceChair  Role = "vice-chair"
	Secretary  Role = "secretary"
	Treasurer  Role = "treasurer"
	Delegate   Role = "delegate" // for daily management (CSA 6:67)
	Member     Role = "member"   // of the board: a director
	Effective  Role = "effective"
	Substitute Role = "substitute"
	Observer   Role = "observer"
)

// Roles lists the roles in the order of lists.
var Roles = []Role{Chair, ViceChair, Secretary, Treasurer, Delegate, Member, Effective, Substitute, Observer}

// Mandate is a seat of a person in a body between dates.
type Mandate struct {
	ID       MandateID
	Body     BodyID
	Person   PersonID
	Role     Role
	Rank     int        // order among substitutes, from 1; 0 otherwise
	From     civil.Date // may be known to the month or year only
	Until    civil.Date // last day of the term as given; zero when none was given
	Opened   store.Ref  // the assembly's item, the decision or the draw that gave it; zero when unknown
	Closed   civil.Date // last day when it ended otherwise than by its term
	Reason   CloseReason
	Recorded civil.Instant
}

// CloseReason is why a mandate ended before its term.
type CloseReason string

// The reasons.
const (
	Resigned  CloseReason = "resigned"
	Dismissed CloseReason = "dismissed"
	Died      CloseReason = "died"
	Replaced  CloseReason = "replaced"
	Mistaken  CloseReason = "mistaken" // it should never have been written
	BodyEnded CloseReason = "body-ended"
)

// CloseReasons lists the reasons that a person may choose.
var CloseReasons = []CloseReason{Resigned, Dismissed, Died, Replaced, Mistaken, BodyEnded}

// Words names the reason.
func (c CloseReason) Words() lang.Phrase { return lang.Say("people.closed." + string(c)) }

// Ends is the last day of the mandate as far as known: of its closing, else of its term.
func (m Mandate) Ends() civil.Date {
	if !m.Closed.IsZero() {
		return m.Closed
	}
	return m.Until
}

// On says whether the person sits on a day. A beginning or an end known to the month or year counts from, or
// until, its last day.
func (m Mandate) On(day civil.Date) bool {
	return m.Reason != Mistaken && covers(m.From, m.Ends(), day)
}

// Title is the word for the role: a member of the board is a director.
func (m Mandate) Title(kind BodyKind) lang.Phrase { return roleTitle(kind, m.Role, m.Rank) }

func roleTitle(kind BodyKind, role Role, rank int) lang.Phrase {
	switch {
	case kind == Board && role == Member:
		return lang.Say("people.role.director")
	case role == Substitute && rank > 0:
		return lang.Say("people.role.substitute-ranked", "rank", rank)
	}
	return lang.Say("people.role." + string(role))
}

// OpenMandate seats a person in a body. m.ID, Closed, Reason and Recorded are ignored.
func OpenMandate(tx *store.Tx, m Mandate) (MandateID, error) {
	if _, err := living(tx, m.Person); err != nil {
		return "", err
	}
	body, err := GetBody(tx, m.Body)
	if err != nil {
		return "", err
	}
	seats, err := store.List(tx, qMandatesOfBody, scanMandate, string(m.Body))
	if err != nil {
		return "", err
	}
	if err := m.checked(body, seats).Err(); err != nil {
		return "", err
	}
	m.ID, m.Recorded = MandateID(tx.ID()), tx.Now()
	if err := insertMandate(tx, m); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{m.Person.Ref(), m.Body.Ref(), m.ID.Ref()},
		Args: map[string]any{"role": m.Title(body.Kind), "from_on": m.From.String()}})
	return m.ID, nil
}

// checked is the pure rule: a term is a period, inside that of the body, and nobody sits twice in one role at once.
func (m Mandate) checked(body Body, seats []Mandate) (rs fault.Refusals) {
	if !slices.Contains(Roles, m.Role) {
		rs = append(rs, fault.Refuse("people.refusal.role").At("role"))
	}
	if m.Rank < 0 || m.Rank > maxRank || m.Rank > 0 && m.Role != Substitute {
		rs = append(rs, fault.Refuse("people.refusal.rank", "rank", m.Rank).At("rank"))
	}
	if m.From.IsZero() {
		rs = append(rs, fault.Refuse("people.refusal.no-date").At("from"))
	}
	if !m.Until.IsZero() && m.Until.Before(m.From) {
		rs = append(rs, fault.Refuse("people.refusal.period", "from", m.From, "until", m.Until).At("until"))
	}
	if !body.Until.IsZero() && m.From.After(body.Until) {
		rs = append(rs, fault.Refuse("people.refusal.body-over", "until", body.Until).At("body"))
	}
	if len(seats) >= maxSeats {
		rs = append(rs, fault.Refuse("people.refusal.many-seats", "limit", maxSeats).At("body"))
	}
	for _, s := range seats {
		if s.Person != m.Person || s.Role != m.Role || s.Reason == Mistaken || m.From.IsZero() {
			continue
		}
		ends := s.Ends()
		if (ends.IsZero() || ends.After(m.From)) && (m.Until.IsZero() || m.Until.After(s.From)) {
			rs = append(rs, fault.Refuse("people.refusal.seated", "from", s.From).At("person"))
		}
	}
	return rs
}

// CloseMandate ends a mandate otherwise than by its term; last is its last day.
func CloseMandate(tx *store.Tx, id MandateID, last civil.Date, reason CloseReason) error {
	m, err := GetMandate(tx, id)
	if err != nil {
		return err
	}
	body, err := GetBody(tx, m.Body)
	if err != nil {
		return err
	}
	switch {
	case !slices.Contains(CloseReasons, reason):
		return fault.Refuse("people.refusal.close-reason").At("reason")
	case !m.Closed.IsZero():
		return fault.Refuse("people.refusal.closed", "date", m.Closed)
	case last.IsZero() || last.Before(m.From.First()) || !m.Until.IsZero() && last.After(m.Until):
		return fault.Refuse("people.refusal.close-date", "from", m.From, "until", m.Until).At("last")
	}
	if _, err := tx.Exec(qCloseMandate, string(id), last, string(reason)); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{m.Person.Ref(), m.Body.Ref(), id.Ref()},
		Args: map[string]any{"role": m.Title(body.Kind), "last_on": last.String(), "reason": reason.Words()}})
	return nil
}

// GetMandate reads a mandate; an unknown id is refused.
func GetMandate(r store.Reader, id MandateID) (Mandate, error) {
	m, found, err := store.Find(r, qMandate, scanMandate, string(id))
	if err == nil && !found {
		err = fault.Refuse("people.refusal.unknown-mandate")
	}
	return m, err
}

// MandatesOf are all mandates of a person, the latest first.
func MandatesOf(r store.Reader, person PersonID) ([]Mandate, error) {
	list, err := store.List(r, qMandatesOfPerson, scanMandate, string(person))
	slices.SortStableFunc(list, func(a, b Mandate) int { return b.From.Compare(a.From) })
	return list, err
}

// Mandates are all mandates of a body over the years, the latest first.
func Mandates(r store.Reader, body BodyID) ([]Mandate, error) {
	list, err := store.List(r, qMandatesOfBody, scanMandate, string(body))
	slices.SortStableFunc(list, func(a, b Mandate) int { return b.From.Compare(a.From) })
	return list, err
}

// Seated are the mandates in a body on a day, by role and rank.
func Seated(r store.Reader, body BodyID, day civil.Date) ([]Mandate, error) {
	list, err := store.List(r, qMandatesOfBody, scanMandate, string(body))
	list = slices.DeleteFunc(list, func(m Mandate) bool { return !m.On(day) })
	slices.SortStableFunc(list, func(a, b Mandate) int {
		if c := slices.Index(Roles, a.Role) - slices.Index(Roles, b.Role); c != 0 {
			return c
		}
		return a.Rank - b.Rank
	})
	return list, err
}

// Ending are the mandates that sit on a day and whose term ends within so many days after it, the nearest first:
// the calendar of elections.
func Ending(r store.Reader, day civil.Date, days int) ([]Mandate, error) {
	list, err := store.List(r, qOpenMandates, scanMandate)
	last := day.AddDays(days)
	list = slices.DeleteFunc(list, func(m Mandate) bool { return !m.On(day) || m.Ends().IsZero() || m.Ends().After(last) })
	slices.SortStableFunc(list, func(a, b Mandate) int { return a.Ends().Compare(b.Ends()) })
	return list, err
}

// Decision is what a body decided on a day: rooms point to it by id.
type Decision struct {
	ID        DecisionID
	Body      BodyID
	On        civil.Date // may be known to the month or year only
	Reference string     // "CA 2017-03, point 4"
	Wording   string
	Document  string // id in base/documents; empty when there is no scan
	Recorded  civil.Instant
}

// Decide records a decision of a body.
func Decide(tx *store.Tx, d Decision) (DecisionID, error) {
	if _, err := GetBody(tx, d.Body); err != nil {
		return "", err
	}
	var rs, more fault.Refusals
	if d.Reference, rs = tidy("reference", d.Reference, maxReference); d.Reference == "" && rs == nil {
		rs = append(rs, fault.Refuse("people.refusal.no-reference").At("reference"))
	}
	d.Wording, more = tidyLines("wording", d.Wording, maxWording)
	rs = append(rs, more...)
	switch {
	case d.On.IsZero():
		rs = append(rs, fault.Refuse("people.refusal.no-date").At("on"))
	case d.On.First().After(tx.Today()):
		rs = append(rs, fault.Refuse("people.refusal.future", "date", d.On).At("on"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	d.ID, d.Recorded = DecisionID(tx.ID()), tx.Now()
	if err := insertDecision(tx, d); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{d.Body.Ref(), d.ID.Ref()}, Args: map[string]any{"taken_on": d.On.String()}})
	return d.ID, nil
}

// GetDecision reads a decision; an unknown id is refused.
func GetDecision(r store.Reader, id DecisionID) (Decision, error) {
	d, found, err := store.Find(r, qDecision, scanDecision, string(id))
	if err == nil && !found {
		err = fault.Refuse("people.refusal.unknown-decision")
	}
	return d, err
}

// Decisions are those of a body, the latest first.
func Decisions(r store.Reader, body BodyID) ([]Decision, error) {
	list, err := store.List(r, qDecisions, scanDecision, string(body))
	slices.SortStableFunc(list, func(a, b Decision) int { return b.On.Compare(a.On) })
	return list, err
}
