package convening

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// questionArticle is where the questions before the assembly are written.
const questionArticle = "CSA 6:77"

// Limits of written questions, in bytes.
const (
	MaxQuestion  = 8_000
	MaxAnswer    = 20_000
	MaxQuestions = 500 // of one meeting
	maxOwn       = 20  // of one invited person at one meeting
)

// How a question reached the cooperative.
const (
	Online Channel = "online"
	Paper  Channel = "paper"
)

// Question is what somebody who is invited asks in writing before the meeting.
type Question struct {
	ID       QuestionID
	Meeting  meeting.ID
	Person   people.PersonID // who is invited: a natural person or a body
	Asker    people.PersonID // who wrote it: the same, or who represents the body
	Channel  Channel         // Online or Paper
	Received civil.Date
	Words    string
	At       civil.Instant
	Answer   *Answer // nil while nobody answered
}

// Answer answers one question or several at once, or refuses to, with the reason.
type Answer struct {
	ID          AnswerID
	Meeting     meeting.ID
	Refused     bool // the answer would harm the company or breach a promise of secrecy; Words says why
	Words       string
	At          civil.Instant
	By          people.PersonID
	PublishedAt civil.Instant // when members may read it, with its questions; 0 until then
}

// asking reads a meeting to which questions may still be written: convened, and not yet opened.
func asking(r store.Reader, id meeting.ID) (meeting.Meeting, error) {
	m, found, err := meeting.ByID(r, id)
	switch {
	case err != nil:
		return m, err
	case !found:
		return m, fault.Refuse("convening.refusal.unknown-meeting")
	case m.CancelledAt != 0:
		return m, fault.Refuse("convening.refusal.cancelled")
	case m.ConvenedAt == 0:
		return m, fault.Refuse("convening.refusal.not-convened")
	case m.OpenedAt != 0:
		return m, fault.Refuse("convening.refusal.ask-there")
	}
	return m, nil
}

// Ask notes a question. Who asks is invited, or represents a body that is; Received is the day of a letter on paper,
// and today for what is written here.
func Ask(tx *store.Tx, q Question) (QuestionID, error) {
	m, err := asking(tx, q.Meeting)
	if err != nil {
		return "", err
	}
	var rs fault.Refusals
	if q.Channel != Online && q.Channel != Paper {
		rs = append(rs, fault.Refuse("convening.refusal.channel").At("channel"))
	}
	if q.Channel == Online {
		q.Received = tx.Today()
	}
	if !q.Received.IsDay() || q.Received.After(tx.Today()) || q.Received.Before(m.ConvenedAt.On(tx.Zone())) {
		rs = append(rs, fault.Refuse("convening.refusal.received", "convened", m.ConvenedAt.On(tx.Zone())).At("received"))
	}
	if q.Words = strings.TrimSpace(q.Words); q.Words == "" || len(q.Words) > MaxQuestion || !utf8.ValidString(q.Words) {
		rs = append(rs, fault.Refuse("convening.refusal.question", "limit", MaxQuestion).At("words"))
	}
	if _, invited, err := IsInvited(tx, q.Meeting, q.Person); err != nil {
		return "", err
	} else if !invited {
		r := fault.Refuse("convening.refusal.not-invited").At("person")
		r.Article = questionArticle
		rs = append(rs, r)
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	all, err := Questions(tx, q.Meeting)
	if err != nil {
		return "", err
	}
	own := slices.DeleteFunc(slices.Clone(all), func(x Question) bool { return x.Person != q.Person })
	if len(all) >= MaxQuestions || len(own) >= maxOwn {
		return "", fault.Refuse("convening.refusal.many-questions", "limit", maxOwn).At("words")
	}
	if q.Asker == "" {
		q.Asker = q.Person
	}
	q.ID, q.At = QuestionID(tx.ID()), tx.Now()
	if err := insertQuestion(tx, q); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{q.Meeting.Ref(), q.ID.Ref(), q.Person.Ref()},
		Args: map[string]any{"channel": q.Channel.Words()}})
	return q.ID, tx.Seal("question", string(q.ID), q.canonical())
}

func (q Question) canonical() []byte {
	text, err := json.Marshal(struct {
		ID       QuestionID      `json:"id"`
		Meeting  meeting.ID      `json:"meeting"`
		Person   people.PersonID `json:"person"`
		Asker    people.PersonID `json:"asker"`
		Channel  Channel         `json:"channel"`
		Received civil.Date      `json:"received"`
		Words    string          `json:"words"`
		At       civil.Instant   `json:"at"`
	}{q.ID, q.Meeting, q.Person, q.Asker, q.Channel, q.Received, q.Words, q.At})
	fault.Must(err == nil, "question %s: %v", q.ID, err)
	return text
}

// Reply answers questions of one meeting together, or refuses to answer them, which needs its reason: that the answer
// would harm the company, or breach a promise of secrecy (CSA 6:77). Nothing is published yet. The answer may be
// written during the meeting too.
func Reply(tx *store.Tx, a Answer, to []QuestionID) (AnswerID, error) {
	m, found, err := meeting.ByID(tx, a.Meeting)
	if err != nil {
		return "", err
	}
	if !found {
		return "", fault.Refuse("convening.refusal.unknown-meeting")
	}
	var rs fault.Refusals
	if m.ClosedAt != 0 {
		rs = append(rs, fault.Refuse("convening.refusal.closed"))
	}
	if a.Words = strings.TrimSpace(a.Words); a.Words == "" || len(a.Words) > MaxAnswer || !utf8.ValidString(a.Words) {
		r := fault.Refuse("convening.refusal.answer", "limit", MaxAnswer).At("words")
		if a.Refused {
			r = fault.Refuse("convening.refusal.why-refused", "limit", MaxAnswer).At("words")
			r.Article = questionArticle
		}
		rs = append(rs, r)
	}
	all, err := Questions(tx, a.Meeting)
	if err != nil {
		return "", err
	}
	slices.Sort(to)
	to = slices.Compact(to)
	if len(to) == 0 {
		rs = append(rs, fault.Refuse("convening.refusal.no-question").At("questions"))
	}
	for _, id := range to {
		i := slices.IndexFunc(all, func(q Question) bool { return q.ID == id })
		if i < 0 || all[i].Answer != nil {
			rs = append(rs, fault.Refuse("convening.refusal.answered").At("questions"))
			break
		}
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	a.ID, a.At, a.By, a.PublishedAt = AnswerID(tx.ID()), tx.Now(), people.PersonID(tx.Actor()), 0
	if err := insertAnswer(tx, a, to); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{a.Meeting.Ref()}, Args: map[string]any{"n": len(to)}})
	return a.ID, tx.Seal("reply", string(a.ID), a.canonical(to))
}

func (a Answer) canonical(to []QuestionID) []byte {
	text, err := json.Marshal(struct {
		ID      AnswerID        `json:"id"`
		Meeting meeting.ID      `json:"meeting"`
		Refused bool            `json:"refused"`
		Words   string          `json:"words"`
		At      civil.Instant   `json:"at"`
		By      people.PersonID `json:"by"`
		To      []QuestionID    `json:"to"`
	}{a.ID, a.Meeting, a.Refused, a.Words, a.At, a.By, to})
	fault.Must(err == nil, "answer %s: %v", a.ID, err)
	return text
}

// Publish lets those who are invited read every answer that waits, with its questions; n says how many answers.
func Publish(tx *store.Tx, id meeting.ID) (n int64, err error) {
	n, err = tx.Exec(qPublish, string(id), int64(tx.Now()))
	if err == nil && n == 0 {
		err = fault.Refuse("convening.refusal.nothing-to-publish")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"n": n}})
	return n, err
}

// Questions are the written questions of a meeting with their answers, in the order in which they came.
func Questions(r store.Reader, id meeting.ID) ([]Question, error) {
	list, err := store.List(r, qQuestions, scanQuestion, string(id))
	if err != nil {
		return nil, err
	}
	answers, err := store.List(r, qAnswers, scanAnswer, string(id))
	if err != nil {
		return nil, err
	}
	for i, q := range list {
		for _, a := range answers {
			if q.Answer != nil && q.Answer.ID == a.ID {
				list[i].Answer = &a
			}
		}
	}
	return list, nil
}

// WayWords names how a question came.
func (q Question) WayWords() lang.Phrase { return q.Channel.Words() }
