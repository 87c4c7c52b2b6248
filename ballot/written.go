package ballot

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// WrittenID is the id of a decision proposed in writing.
type WrittenID string

// Ref names the proposal in the journal.
func (id WrittenID) Ref() store.Ref { return store.Ref{Kind: "written", ID: string(id)} }

// Limits of a decision in writing, in bytes where it is text.
const (
	MaxWrittenTitle  = 200
	MaxWrittenWords  = 3_500
	MaxWrittenPapers = 20
	MaxWrittenDays   = 92 // until it lapses
	MaxAnswers       = 100
)

// Answer is what a member of a body answers to a proposal in writing.
type Answer string

// The answers. Only agreement of all decides in writing: who abstains leaves it to a meeting.
const (
	Agrees   Answer = "agree"
	Objects  Answer = "object"
	Abstains Answer = "abstain"
)

// Answers lists them in the order of screens.
var Answers = []Answer{Agrees, Objects, Abstains}

// End is how a proposal ended.
type End string

// The ends of a proposal, and the state before any.
const (
	StillOpen End = ""
	Adopted   End = "adopted"
	Refused   End = "refused" // somebody objected, or not all agreed
	Withdrawn End = "withdrawn"
	Lapsed    End = "lapsed" // the day passed before all had answered; no act says so
)

// Written is a decision proposed in writing to the members of a body: it is taken when all agree.
type Written struct {
	ID         WrittenID
	Body       people.BodyID
	Number     string // "2026-3"
	Title      string
	Words      string // what is decided
	LapseOn    civil.Date
	ProposedAt civil.Instant
	ProposedBy people.PersonID
	Papers     []WrittenPaper

	Log []WrittenAnswer // in the order of time

	EndedAt  civil.Instant
	Ended    End
	EndedBy  people.PersonID
	Why      string // of a withdrawal
	Decision people.DecisionID
	Meeting  meeting.ID // to which it was brought
	Item     meeting.ItemID
}

// WrittenPaper is a document that the members read before they answer.
type WrittenPaper struct {
	Title    string `json:"title"`
	Document string `json:"document"`
}

// WrittenAnswer is the answer of one member. The last one counts.
type WrittenAnswer struct {
	Person   people.PersonID `json:"person"`
	Turn     int64           `json:"turn"`
	Answer   Answer          `json:"answer"`
	Paper    bool            `json:"paper"`              // entered by the office from a signed paper
	Document string          `json:"document,omitempty"` // its scan
	Words    string          `json:"-"`                  // why; leaves with the person
	At       civil.Instant   `json:"at"`
	By       people.PersonID `json:"by"`
}

// State is how the proposal stands on a day.
func (w Written) State(today civil.Date) End {
	if w.Ended == StillOpen && w.LapseOn.Before(today) {
		return Lapsed
	}
	return w.Ended
}

// Last is the answer of a member that counts; false while there is none.
func (w Written) Last(who people.PersonID) (a WrittenAnswer, found bool) {
	for _, one := range w.Log {
		if one.Person == who {
			a, found = one, true
		}
	}
	return a, found
}

// Asked are those whose agreement a decision of a body in writing needs: who sits in it on a day, once each.
// Substitutes and observers do not decide.
func Asked(r store.Reader, body people.BodyID, day civil.Date) (list []people.PersonID, err error) {
	seated, err := people.Seated(r, body, day)
	for _, m := range seated {
		if m.Role != people.Substitute && m.Role != people.Observer && !slices.Contains(list, m.Person) {
			list = append(list, m.Person)
		}
	}
	slices.Sort(list)
	return list, err
}

// Proposal is what is proposed in writing.
type Proposal struct {
	Body    people.BodyID
	Title   string
	Words   string
	LapseOn civil.Date
	Deed    bool // the decision needs a notarial deed
	Papers  []WrittenPaper
}

// Propose asks the members of a body to decide in writing. What needs a notarial deed cannot be decided so, and the
// general assembly meets.
func Propose(tx *store.Tx, p Proposal) (WrittenID, error) {
	body, err := people.GetBody(tx, p.Body)
	if err != nil {
		return "", err
	}
	p.Title, p.Words = strings.TrimSpace(p.Title), strings.TrimSpace(p.Words)
	rs := p.check(body, tx.Today())
	for _, paper := range p.Papers {
		if _, found, err := documents.Find(tx, paper.Document); err != nil {
			return "", err
		} else if !found || paper.Title == "" || len(paper.Title) > MaxWrittenTitle {
			rs = append(rs, fault.Refuse("ballot.refusal.paper").At("paper"))
		}
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	asked, err := Asked(tx, p.Body, tx.Today())
	if err != nil {
		return "", err
	}
	if len(asked) == 0 {
		return "", fault.Refuse("ballot.refusal.nobody-sits").At("body")
	}
	year := tx.Today().String()[:4]
	n, err := tx.Next("ballot.written." + year)
	if err != nil {
		return "", err
	}
	w := Written{ID: WrittenID(tx.ID()), Body: p.Body, Number: fmt.Sprintf("%s-%d", year, n), Title: p.Title,
		Words: p.Words, LapseOn: p.LapseOn, ProposedAt: tx.Now(), ProposedBy: people.PersonID(tx.Actor()),
		Papers: p.Papers}
	if err := insertWritten(tx, w); err != nil {
		return "", err
	}
	tx.Answer(string(w.ID))
	tx.Record(store.Line{About: []store.Ref{w.Body.Ref(), w.ID.Ref()},
		Args: map[string]any{"number": w.Number, "n": len(asked), "lapse_on": w.LapseOn.String()}})
	return w.ID, tx.Seal(sealWritten, string(w.ID), w.proposed())
}

// check says what is wrong with a proposal by itself.
func (p Proposal) check(body people.Body, today civil.Date) (rs fault.Refusals) {
	if body.Kind == people.Assembly || !body.Until.IsZero() && body.Until.Before(today) {
		rs = append(rs, fault.Refuse("ballot.refusal.written-body").At("body"))
	}
	if p.Deed {
		rs = append(rs, fault.Refuse("ballot.refusal.deed").At("deed"))
	}
	if p.Title == "" || len(p.Title) > MaxWrittenTitle || !utf8.ValidString(p.Title) {
		rs = append(rs, fault.Refuse("ballot.refusal.written-title", "limit", MaxWrittenTitle).At("title"))
	}
	if p.Words == "" || len(p.Words) > MaxWrittenWords || !utf8.ValidString(p.Words) {
		rs = append(rs, fault.Refuse("ballot.refusal.written-words", "limit", MaxWrittenWords).At("words"))
	}
	if !p.LapseOn.IsDay() || p.LapseOn.Before(today) || p.LapseOn.After(today.AddDays(MaxWrittenDays)) {
		rs = append(rs, fault.Refuse("ballot.refusal.lapse", "days", MaxWrittenDays).At("lapse"))
	}
	if len(p.Papers) > MaxWrittenPapers {
		rs = append(rs, fault.Refuse("ballot.refusal.paper").At("paper"))
	}
	return rs
}

// Answering is the answer of a member: by themselves, or by a paper that the office enters.
type Answering struct {
	Written  WrittenID
	Person   people.PersonID
	Answer   Answer
	Paper    bool
	Document string // scan of the paper
	Words    string
}

// AnswerWritten enters an answer. When all who sit in the body that day agree, the decision is taken; one objection
// ends the proposal, and it is brought to the next meeting of the body.
func AnswerWritten(tx *store.Tx, d Answering) error {
	w, err := openWritten(tx, d.Written)
	if err != nil {
		return err
	}
	asked, err := Asked(tx, w.Body, tx.Today())
	if err != nil {
		return err
	}
	d.Words = strings.TrimSpace(d.Words)
	switch {
	case !slices.Contains(asked, d.Person):
		return fault.Refuse("ballot.refusal.not-asked").At("person")
	case !d.Paper && tx.Actor() != "" && tx.Actor() != string(d.Person):
		return fault.Refuse("ballot.refusal.own-answer")
	case !slices.Contains(Answers, d.Answer):
		return fault.Refuse("ballot.refusal.answer").At("answer")
	case len(d.Words) > MaxWords || !utf8.ValidString(d.Words):
		return fault.Refuse("ballot.refusal.words", "limit", MaxWords).At("words")
	}
	if d.Document != "" {
		if _, found, err := documents.Find(tx, d.Document); err != nil || !found {
			if err == nil {
				err = fault.Refuse("ballot.refusal.paper").At("document")
			}
			return err
		}
	}
	last, _ := w.Last(d.Person)
	if last.Turn >= MaxAnswers {
		return fault.Refuse("ballot.refusal.turns", "limit", MaxAnswers)
	}
	a := WrittenAnswer{Person: d.Person, Turn: last.Turn + 1, Answer: d.Answer, Paper: d.Paper, Document: d.Document,
		Words: d.Words, At: tx.Now(), By: people.PersonID(tx.Actor())}
	w.Log = append(w.Log, a)
	if err := insertAnswer(tx, w.ID, a); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{w.Body.Ref(), w.ID.Ref()}, Args: map[string]any{"number": w.Number}})
	if err := tx.Seal(sealAnswer, a.sealID(w.ID), a.canonical(w.ID)); err != nil {
		return err
	}
	return w.settle(tx, asked)
}

// settle ends the proposal as soon as the answers do: all agree, somebody objects, or all have answered and not all
// agree.
func (w *Written) settle(tx *store.Tx, asked []people.PersonID) error {
	end := outcome(w.Log, asked)
	if end == StillOpen {
		return nil
	}
	w.Ended, w.EndedAt, w.EndedBy = end, tx.Now(), people.PersonID(tx.Actor())
	err := tx.Quietly(func() error {
		if end == Adopted {
			return w.decide(tx)
		}
		return w.bring(tx)
	})
	if err != nil {
		return err
	}
	return w.writeEnd(tx)
}

// outcome is what answers decide, in whatever order they came: of each member the last one counts.
func outcome(log []WrittenAnswer, asked []people.PersonID) End {
	w := Written{Log: log}
	agree, answered := 0, 0
	for _, who := range asked {
		a, found := w.Last(who)
		switch {
		case !found:
			continue
		case a.Answer == Objects:
			return Refused
		case a.Answer == Agrees:
			agree++
		}
		answered++
	}
	switch {
	case agree == len(asked):
		return Adopted
	case answered == len(asked):
		return Refused
	}
	return StillOpen
}

// decide notes the decision as one of the body, dated that day.
func (w *Written) decide(tx *store.Tx) error {
	body, err := people.GetBody(tx, w.Body)
	if err != nil {
		return err
	}
	say, err := inHouse(tx)
	if err != nil {
		return err
	}
	d := people.Decision{Body: w.Body, On: tx.Today(), Wording: w.Title + "\n\n" + w.Words,
		Reference: say.T("ballot.written.reference", "body", shortened(body.Words(say)), "number", w.Number)}
	if len(w.Papers) > 0 {
		d.Document = w.Papers[0].Document
	}
	w.Decision, err = people.Decide(tx, d)
	return err
}

// maxBodyInReference keeps a reference within the bounds of a decision.
const maxBodyInReference = 60

func shortened(name string) string {
	if len(name) > maxBodyInReference {
		name = strings.ToValidUTF8(name[:maxBodyInReference], "") + "…"
	}
	return name
}

// inHouse writes in the language of the cooperative.
func inHouse(r store.Reader) (*lang.Printer, error) {
	house, _, err := people.TheHouse(r)
	if err != nil {
		return nil, err
	}
	self, err := people.Get(r, house.Person)
	return ownWords().In(self.Lang), err
}

// bring puts what was not decided on the agenda of the next meeting of the body that is being prepared, if there is
// one; otherwise [BringTo] does later.
func (w *Written) bring(tx *store.Tx) error {
	coming, err := meeting.Coming(tx)
	if err != nil {
		return err
	}
	for _, m := range coming {
		if m.Body == w.Body && m.ConvenedAt == 0 && m.OpenedAt == 0 {
			return w.add(tx, m.ID)
		}
	}
	return nil
}

// add puts the proposal on the agenda of a meeting, with its papers.
func (w *Written) add(tx *store.Tx, id meeting.ID) (err error) {
	x := meeting.Matter{Kind: assembly.Resolution, Title: w.Title, Words: w.Words}
	for _, paper := range w.Papers {
		x.Papers = append(x.Papers, meeting.Paper{Title: paper.Title, Document: paper.Document})
	}
	w.Meeting = id
	w.Item, err = meeting.AddItem(tx, id, meeting.Item{Title: w.Title, Matters: []meeting.Matter{x}})
	return err
}

// BringTo puts a proposal that ended without a decision, or lapsed, on the agenda of a meeting of the body.
func BringTo(tx *store.Tx, id WrittenID, to meeting.ID) error {
	w, found, err := WrittenByID(tx, id)
	if err != nil {
		return err
	}
	m, there, err := meeting.ByID(tx, to)
	if err != nil {
		return err
	}
	end := w.State(tx.Today())
	switch {
	case !found:
		return fault.Refuse("ballot.refusal.unknown-written")
	case end != Refused && end != Lapsed:
		return fault.Refuse("ballot.refusal.not-ended")
	case w.Item != "":
		return fault.Refuse("ballot.refusal.brought")
	case !there || m.Body != w.Body:
		return fault.Refuse("ballot.refusal.other-body").At("meeting")
	}
	if err := tx.Quietly(func() error { return w.add(tx, to) }); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{w.Body.Ref(), id.Ref(), to.Ref()}, Args: map[string]any{"number": w.Number}})
	return writeBrought(tx, w)
}

// TakeBack withdraws a proposal that is still open, with a reason.
func TakeBack(tx *store.Tx, id WrittenID, why string) error {
	w, err := openWritten(tx, id)
	if err != nil {
		return err
	}
	if err := reason(why); err != nil {
		return err
	}
	w.Ended, w.EndedAt, w.EndedBy, w.Why = Withdrawn, tx.Now(), people.PersonID(tx.Actor()), why
	tx.Record(store.Line{About: []store.Ref{w.Body.Ref(), id.Ref()}, Args: map[string]any{"number": w.Number}})
	return w.writeEnd(tx)
}

// openWritten reads a proposal that may still be answered.
func openWritten(r store.Reader, id WrittenID) (Written, error) {
	w, found, err := WrittenByID(r, id)
	switch {
	case err != nil:
		return w, err
	case !found:
		return w, fault.Refuse("ballot.refusal.unknown-written")
	}
	switch w.State(r.Today()) {
	case StillOpen:
		return w, nil
	case Lapsed:
		return w, fault.Refuse("ballot.refusal.lapsed", "on", w.LapseOn)
	}
	return w, fault.Refuse("ballot.refusal.written-ended", "on", w.EndedAt.On(r.Zone()))
}

// Awaiting are the open proposals whose answer a person owes, the nearest to lapse first.
func Awaiting(r store.Reader, who people.PersonID) (list []Written, err error) {
	open, err := openOnes(r)
	if err != nil {
		return nil, err
	}
	for _, w := range open {
		if _, answered := w.Last(who); answered || w.State(r.Today()) != StillOpen {
			continue
		}
		asked, err := Asked(r, w.Body, r.Today())
		if err != nil {
			return nil, err
		}
		if slices.Contains(asked, who) {
			list = append(list, w)
		}
	}
	slices.SortStableFunc(list, func(a, b Written) int { return a.LapseOn.Compare(b.LapseOn) })
	return list, nil
}

// writeEnd writes and seals how a proposal ended.
func (w Written) writeEnd(tx *store.Tx) error {
	if err := writeWrittenEnd(tx, w); err != nil {
		return err
	}
	return tx.Seal(sealWrittenEnd, string(w.ID), w.end())
}

// proposed is what is sealed of a proposal.
func (w Written) proposed() []byte {
	return canonical(struct {
		Body    people.BodyID   `json:"body"`
		Number  string          `json:"number"`
		Title   string          `json:"title"`
		Words   string          `json:"words"`
		LapseOn civil.Date      `json:"lapse_on"`
		At      civil.Instant   `json:"at"`
		By      people.PersonID `json:"by"`
		Papers  []WrittenPaper  `json:"papers"`
	}{w.Body, w.Number, w.Title, w.Words, w.LapseOn, w.ProposedAt, w.ProposedBy, w.Papers})
}

// end is what is sealed of an end. To which meeting it was brought is no part of it.
func (w Written) end() []byte {
	return canonical(struct {
		Ended    End               `json:"ended"`
		At       civil.Instant     `json:"at"`
		By       people.PersonID   `json:"by"`
		Why      string            `json:"why,omitempty"`
		Decision people.DecisionID `json:"decision,omitempty"`
	}{w.Ended, w.EndedAt, w.EndedBy, w.Why, w.Decision})
}

func (a WrittenAnswer) sealID(id WrittenID) string {
	return string(id) + "." + string(a.Person) + "." + pad(a.Turn)
}

func (a WrittenAnswer) canonical(id WrittenID) []byte {
	return canonical(struct {
		Written WrittenID `json:"written"`
		WrittenAnswer
	}{id, a})
}
