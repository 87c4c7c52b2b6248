package convening

import (
	"encoding/json"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// The ids of this room.
type (
	DispatchID string
	LetterID   string
	BatchID    string
	QuestionID string
	AnswerID   string
)

// Ref names the dispatch in the journal.
func (id DispatchID) Ref() store.Ref { return store.Ref{Kind: "dispatch", ID: string(id)} }

// Ref names the letter in the journal.
func (id LetterID) Ref() store.Ref { return store.Ref{Kind: "letter", ID: string(id)} }

// Ref names the batch in the journal.
func (id BatchID) Ref() store.Ref { return store.Ref{Kind: "batch", ID: string(id)} }

// Ref names the question in the journal.
func (id QuestionID) Ref() store.Ref { return store.Ref{Kind: "question", ID: string(id)} }

// Limits of a dispatch.
const (
	MaxInvited    = vote.MaxVoters
	MaxWhy        = 1_000 // bytes of the reason of a late notice
	MaxDispatches = 100   // of one meeting
	maxLinks      = 300   // bytes of the public address
)

// Kind is what a dispatch tells.
type Kind string

// The kinds.
const (
	Convening Kind = "convening" // the letter that convenes; once for each meeting
	Joined    Kind = "joined"    // the same, to those who joined since
	Reminder  Kind = "reminder"
	Changed   Kind = "changed"   // date or place moved after the letters had left
	Added     Kind = "added"     // a subject was added after the letters had left
	Cancelled Kind = "cancelled" // the meeting is not held
)

// Kinds lists them in the order of a meeting's life.
var Kinds = []Kind{Convening, Joined, Reminder, Changed, Added, Cancelled}

// Words names the kind.
func (k Kind) Words() lang.Phrase { return lang.Say("convening.kind." + string(k)) }

// Dispatch is one sending to everybody who is invited.
type Dispatch struct {
	ID       DispatchID
	Meeting  meeting.ID
	Second   meeting.ID // the second assembly that the same letter convenes at once; empty when none
	Kind     Kind
	At       civil.Instant
	By       people.PersonID
	Day      civil.Date    // of the list of those invited
	Heads    int64         // invited
	Shares   int64         // that they held that day
	Last     civil.Date    // last day on which the letters leave in time; zero where no rule is known
	Article  string        // of the notice
	Late     string        // why it left later than that; empty when in time
	Annexed  bool          // letters by post hold the papers; otherwise they say where the papers are
	Links    string        // public address with which the links of the letters begin
	StagedAt civil.Instant // when the last of its letters was made; 0 until then
}

// Invited is one of those to whom a dispatch goes.
type Invited struct {
	Holder int64           `json:"holder"` // cooperator number; in a body without shares the place on the list, from 1
	Person people.PersonID `json:"person"`
	Kind   people.Kind     `json:"kind"`
	Shares int64           `json:"shares"`
}

// Order is what one asks when sending.
type Order struct {
	Meeting meeting.ID
	Kind    Kind
	Why     string  // why it leaves late; asked only then
	Annexed bool    // letters by post are followed by the papers
	Annexes Annexes // which were read for it; needed when Annexed
	Links   string  // public address: https://coop.example
	Seen    string  // seal of the look on which the order was given
}

// Send freezes who is invited, keeps the text of the letter, and lets the worker make the letters. The first dispatch
// of a meeting marks it as convened, and a second assembly with date and place that one letter convenes along.
func Send(tx *store.Tx, o Order) (DispatchID, error) {
	look, err := LookAt(tx, o.Meeting, Options{Kind: o.Kind, Annexed: o.Annexed, Links: o.Links})
	if err != nil {
		return "", err
	}
	o.Why, o.Annexed = strings.TrimSpace(o.Why), o.Annexed && o.Kind.announces()
	if err := look.allows(o).Err(); err != nil {
		return "", err
	}
	d := Dispatch{ID: DispatchID(tx.ID()), Meeting: o.Meeting, Kind: o.Kind, At: tx.Now(),
		By: people.PersonID(tx.Actor()), Day: tx.Today(), Heads: int64(len(look.Invited)), Last: look.Notice.Last,
		Article: look.Notice.Article, Annexed: o.Annexed, Links: o.Links}
	if look.Second != nil {
		d.Second = look.Second.ID
	}
	if look.Notice.Late {
		d.Late = o.Why
	}
	for _, e := range look.Invited {
		d.Shares += e.Shares
	}
	if err := insertDispatch(tx, d, look.Invited); err != nil {
		return "", err
	}
	if err := tx.Seal("dispatch", string(d.ID), d.canonical(look.Invited)); err != nil {
		return "", err
	}
	if err := keepTexts(tx, d.ID, look, o.Links); err != nil {
		return "", err
	}
	if o.Kind == Convening {
		if err := tx.Quietly(func() error { return markConvened(tx, look) }); err != nil {
			return "", err
		}
	}
	if _, err := jobs.Enqueue(tx, JobStage, stagePayload{Dispatch: d.ID}); err != nil {
		return "", err
	}
	tx.Answer(string(d.ID))
	tx.Record(store.Line{About: []store.Ref{o.Meeting.Ref(), d.ID.Ref()},
		Args: map[string]any{"kind": o.Kind.Words(), "n": d.Heads}})
	return d.ID, nil
}

func markConvened(tx *store.Tx, look Look) error {
	if err := meeting.MarkConvened(tx, look.Meeting.ID); err != nil {
		return err
	}
	if look.Second == nil {
		return nil
	}
	return meeting.MarkConvened(tx, look.Second.ID)
}

// allows says why an order may not leave, seen against a fresh look.
func (l Look) allows(o Order) fault.Refusals {
	rs := slices.Clone(l.Refusals)
	unread := o.Annexed && !o.Annexes.covers(l.Meeting, l.Kind)
	if len(rs) == 0 && (o.Seen != l.Seal || unread) {
		rs = append(rs, fault.Refuse("convening.refusal.stale"))
	}
	if l.Notice.Late && o.Why == "" {
		late := fault.Refuse("convening.refusal.late", "last", l.Notice.Last, "n", l.Notice.Days).At("why")
		late.Article = l.Notice.Article
		rs = append(rs, late)
	}
	if len(o.Why) > MaxWhy {
		rs = append(rs, fault.Refuse("convening.refusal.long", "limit", MaxWhy).At("why"))
	}
	return rs
}

// canonical is what is sealed of a dispatch: what it was, and everybody whom it invited.
func (d Dispatch) canonical(list []Invited) []byte {
	text, err := json.Marshal(struct {
		ID      DispatchID    `json:"id"`
		Meeting meeting.ID    `json:"meeting"`
		Second  meeting.ID    `json:"second"`
		Kind    Kind          `json:"kind"`
		At      civil.Instant `json:"at"`
		Day     civil.Date    `json:"day"`
		Last    civil.Date    `json:"last"`
		Article string        `json:"article"`
		Late    string        `json:"late"`
		Annexed bool          `json:"annexed"`
		Invited []Invited     `json:"invited"`
	}{d.ID, d.Meeting, d.Second, d.Kind, d.At, d.Day, d.Last, d.Article, d.Late, d.Annexed, list})
	fault.Must(err == nil, "dispatch %s: %v", d.ID, err)
	return text
}

// ByShares says whether a meeting is of those who hold shares, or of those who sit in a body.
func ByShares(r store.Reader, m meeting.Meeting) (bool, error) {
	if m.Kind != people.Assembly {
		return false, nil
	}
	house, founded, err := people.TheHouse(r)
	return !founded || house.HasShares, err
}

// Options are what one chooses before the last look.
type Options struct {
	Kind    Kind
	Annexed bool
	Links   string
}

// Notice is how long before the day the letters leave, and whether they would leave in time today.
type Notice struct {
	Known   bool
	Days    int
	Article string
	Last    civil.Date // last day in time; zero when no rule or no date is known
	Late    bool
}

// NoticeOf says by when the letters of a meeting leave.
func NoticeOf(r store.Reader, m meeting.Meeting) (n Notice, err error) {
	day := m.Day(r.Zone())
	if day.IsZero() {
		return n, nil
	}
	b, err := bylaws.On(r, day)
	if err != nil {
		return n, err
	}
	rule, known := meeting.NoticeOf(b, m.Kind)
	if !known {
		return n, nil
	}
	n = Notice{Known: true, Days: rule.Days, Last: day.AddDays(-rule.Days)}
	if r, found := b.Rule(bylaws.KeyNotice); found && m.Kind == people.Assembly {
		n.Article = r.Article
	}
	n.Late = r.Today().After(n.Last)
	return n, nil
}
