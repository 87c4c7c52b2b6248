package sitting

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Limits of a sitting.
const (
	MaxTellers   = 10
	MaxNotes     = 20     // note-takers
	MaxOfficers  = 200    // charges of one meeting, those that ended too
	MaxSteps     = 2_000  // of one meeting
	MaxIncidents = 200    // of one meeting
	MaxWords     = 4_000  // bytes of an incident, a remark or an answer
	MaxTitle     = 300    // bytes
	MaxRetained  = 200    // points of one meeting
	MaxBlock     = 12_000 // bytes of one note
	MaxBlocks    = 200    // of one item
	MaxTexts     = 1_000  // of one block
	MaxRemarks   = 2_000  // of one meeting
)

// Sitting is a meeting from its opening on. Its states are instants.
type Sitting struct {
	Meeting   meeting.ID
	OpenedAt  civil.Instant
	Seq       int64 // number of the last event of attendance at the opening
	ClosedAt  civil.Instant
	ClosedSeq int64
	// the draft is open to those who were there from ReviewAt until ReviewUntil
	ReviewAt, ReviewUntil civil.Instant
	SettledAt             civil.Instant // since when the text is fixed, to be signed
	Text                  string        // hash of the settled text
	FrozenAt              civil.Instant
	Assembly              assembly.ID // the record; empty until it is frozen
}

// State is where a sitting stands.
type State string

// The states, in their order.
const (
	Running  State = "running"
	Closed   State = "closed"  // the notes may still be put in order
	Review   State = "review"  // those who were there may remark on the draft
	Reviewed State = "over"    // the delay is over, the remarks wait for answers or the text for its fixing
	Settled  State = "settled" // to be signed
	Frozen   State = "frozen"
)

// State says where the sitting stands at an instant.
func (s Sitting) State(now civil.Instant) State {
	switch {
	case s.FrozenAt != 0:
		return Frozen
	case s.SettledAt != 0:
		return Settled
	case s.ReviewAt != 0 && now >= s.ReviewUntil:
		return Reviewed
	case s.ReviewAt != 0:
		return Review
	case s.ClosedAt != 0:
		return Closed
	}
	return Running
}

// Writable says that notes may be written: from the opening until the text is settled.
func (s Sitting) Writable() bool { return s.OpenedAt != 0 && s.SettledAt == 0 && s.FrozenAt == 0 }

// Bureau is who is asked to hold the bureau at the opening.
type Bureau struct {
	Chair, Secretary people.PersonID
	Tellers          []people.PersonID
}

// known reads the meeting and its sitting; found is false before the opening.
func known(r store.Reader, id meeting.ID) (m meeting.Meeting, s Sitting, found bool, err error) {
	m, there, err := meeting.ByID(r, id)
	if err == nil && !there {
		err = fault.Refuse("sitting.refusal.unknown")
	}
	if err != nil {
		return m, s, false, err
	}
	s, found, err = Of(r, id)
	return m, s, found, err
}

// running reads a sitting that is open.
func running(r store.Reader, id meeting.ID) (meeting.Meeting, Sitting, error) {
	m, s, found, err := known(r, id)
	switch {
	case err != nil:
	case !found:
		err = fault.Refuse("sitting.refusal.not-opened")
	case s.ClosedAt != 0:
		err = fault.Refuse("sitting.refusal.closed", "at", ballot.Hour(s.ClosedAt, r.Zone()))
	}
	return m, s, err
}

// writable reads a sitting whose text is not settled yet.
func writable(r store.Reader, id meeting.ID) (meeting.Meeting, Sitting, error) {
	m, s, found, err := known(r, id)
	switch {
	case err != nil:
	case !found:
		err = fault.Refuse("sitting.refusal.not-opened")
	case !s.Writable():
		err = fault.Refuse("sitting.refusal.settled")
	}
	return m, s, err
}

// Open opens a meeting: it names the bureau, freezes the roll where its day is the opening, and comes to the first
// matter. Of two who open it the second is told.
func Open(tx *store.Tx, id meeting.ID, b Bureau) error {
	m, s, found, err := known(tx, id)
	switch {
	case err != nil:
		return err
	case found:
		return fault.Refuse("sitting.refusal.opened", "at", ballot.Hour(s.OpenedAt, tx.Zone()))
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	if err := b.check(tx, m); err != nil {
		return err
	}
	s = Sitting{Meeting: id, OpenedAt: tx.Now()}
	err = tx.Quietly(func() error {
		if err := meeting.MarkOpened(tx, id); err != nil {
			return err
		}
		if _, err := attendance.FreezeRoll(tx, id); err != nil {
			return err
		}
		s.Seq, err = attendance.LastSeq(tx, id)
		return err
	})
	if err != nil {
		return err
	}
	if err := insertSitting(tx, s); err != nil {
		return err
	}
	for _, o := range b.officers() {
		o.ID, o.From = tx.ID(), tx.Now()
		if err := insertOfficer(tx, id, o); err != nil {
			return err
		}
	}
	if matters := m.Matters(); len(matters) > 0 {
		x, item, _ := m.Matter(matters[0].ID)
		if err := insertStep(tx, id, Step{Number: 1, At: tx.Now(), Item: item.ID, Matter: x.ID, Seq: s.Seq}); err != nil {
			return err
		}
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	return tx.Seal(sealOpening, string(id), s.opening())
}

// opening and closing are what is sealed of a sitting.
func (s Sitting) opening() []byte {
	return canonical(struct {
		At  civil.Instant `json:"at"`
		Seq int64         `json:"seq"`
	}{s.OpenedAt, s.Seq})
}

func (s Sitting) closing() []byte {
	return canonical(struct {
		At  civil.Instant `json:"at"`
		Seq int64         `json:"seq"`
	}{s.ClosedAt, s.ClosedSeq})
}

// Close ends the evening: what was not dealt with stays so. It is refused while a vote is open, or counted and not
// proclaimed.
func Close(tx *store.Tx, id meeting.ID) error {
	m, s, err := running(tx, id)
	if err != nil {
		return err
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	polls, err := ballot.Polls(tx, id)
	if err != nil {
		return err
	}
	for _, p := range polls {
		if st := p.State(); st == ballot.Opened || st == ballot.Closed {
			return fault.Refuse("sitting.refusal.poll."+string(st), "number", p.Number)
		}
	}
	if err := drawsEnded(tx, m); err != nil {
		return err
	}
	if s.ClosedSeq, err = attendance.LastSeq(tx, id); err != nil {
		return err
	}
	if err := tx.Quietly(func() error { return meeting.MarkClosed(tx, id) }); err != nil {
		return err
	}
	s.ClosedAt = tx.Now()
	if err := writeSitting(tx, s); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	return tx.Seal(sealClosing, string(id), s.closing())
}

// drawsEnded refuses to close while a list was drawn and waits for the chair's word.
func drawsEnded(r store.Reader, m meeting.Meeting) error {
	for _, x := range m.Matters() {
		if x.Kind != assembly.Draw {
			continue
		}
		d, found, err := ballot.DrawOf(r, x.ID)
		if err != nil {
			return err
		}
		if found && d.Phase() == ballot.ListPhase {
			return fault.Refuse("sitting.refusal.draw-waits", "title", x.Title)
		}
	}
	return nil
}

// SecondCalled drafts the second assembly of one that was not in number for some matter: same agenda, linked, its rule
// applied. It is refused where every matter could be decided.
func SecondCalled(tx *store.Tx, id meeting.ID) (meeting.ID, error) {
	m, _, found, err := known(tx, id)
	if err == nil && !found {
		err = fault.Refuse("sitting.refusal.not-opened")
	}
	if err != nil {
		return "", err
	}
	if err := mayRun(tx, m); err != nil {
		return "", err
	}
	missing, err := Inquorate(tx, m)
	if err != nil {
		return "", err
	}
	if len(missing) == 0 {
		return "", fault.Refuse("sitting.refusal.in-number")
	}
	var second meeting.ID
	err = tx.Quietly(func() error { second, err = meeting.Repeat(tx, id); return err })
	if err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{second.Ref(), id.Ref()}})
	return second, nil
}

// words checks a text that somebody types: no signs that are none, neither empty nor too long. It gives it trimmed.
func words(field, text string, limit int) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" || len(text) > limit || !utf8.ValidString(text) {
		return "", fault.Refuse("sitting.refusal.words", "limit", limit).At(field)
	}
	return text, nil
}

// place checks that an item, and a matter of it where one is named, stand on the agenda.
func place(m meeting.Meeting, item meeting.ItemID, matter meeting.MatterID) (meeting.Item, error) {
	it, found := m.Item(item)
	in := matter == "" || slices.ContainsFunc(it.Matters, func(x meeting.Matter) bool { return x.ID == matter })
	if !found || !in {
		return it, fault.Refuse("sitting.refusal.item").At("item")
	}
	return it, nil
}

// canonical is what seals are made of.
func canonical(v any) []byte {
	text, err := json.Marshal(v)
	fault.Must(err == nil, "canonical %T: %v", v, err)
	return text
}
