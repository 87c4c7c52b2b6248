package convening

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
)

// Limits of a letter and of what is noted beside it.
const (
	MaxTrouble = 500 // bytes of what a server answered, or of why a letter came back
	maxTries   = 8   // attempts by e-mail before a letter counts as not delivered
	perStage   = 50  // letters that one act makes
	perPiece   = 25  // letters that one job sends
)

// Letter is one letter of a dispatch to one addressee.
type Letter struct {
	ID       LetterID
	Dispatch DispatchID
	Holder   int64
	Person   people.PersonID
	Language lang.Tag
	Channel  Channel
	Hash     string // of its tree, 64 hexadecimal figures; empty when no channel reaches the addressee
	At       civil.Instant
	Again    LetterID // the letter that this one sends again; empty for the first
	AgainWhy string   // why

	Batch    BatchID // in which it is printed; empty while it is not
	Place    int64   // in the batch, from 1
	PostedOn civil.Date

	SentAt   civil.Instant // when the mail server took it, or when it was given by hand
	Answer   string        // what the server answered
	Tries    int64
	Trouble  string        // of the last try
	FailedAt civil.Instant // it will not be tried again
	BackOn   civil.Date    // when it came back
	BackWhy  string

	Resent bool // another letter took its place

	shape []mark
	kept  []papers.Sealed
	piece int64
	sort  string
}

// mark is a place of the tree that names the addressee, by a commitment.
type mark struct {
	ID         string
	Commitment papers.Commitment
}

// The places in which a letter names its addressee.
const (
	markName  = "name"
	markEmail = "email"
	markLine  = "line-" // with a number from 1: of the envelope
)

// State is where a letter stands.
type State string

// The states.
const (
	Nowhere  State = "nowhere" // no address is known
	Waiting  State = "waiting" // for the mail server
	Sent     State = "sent"
	Failed   State = "failed" // refused for good, or tried too often
	ToPrint  State = "to-print"
	Printed  State = "printed" // in a batch that is not yet at the post
	Posted   State = "posted"
	Handed   State = "handed"
	Returned State = "returned" // it came back
	Resent   State = "resent"   // another letter took its place
)

// States lists them in the order of screens.
var States = []State{Nowhere, Failed, Returned, Waiting, ToPrint, Printed, Posted, Sent, Handed, Resent}

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("convening.state." + string(s)) }

// State says where the letter stands.
func (l Letter) State() State {
	switch {
	case l.Resent:
		return Resent
	case l.Channel == NoChannel:
		return Nowhere
	case !l.BackOn.IsZero():
		return Returned
	case l.FailedAt != 0:
		return Failed
	case l.Channel == ByHand:
		return Handed
	case l.Channel == ByEmail && l.SentAt != 0:
		return Sent
	case l.Channel == ByEmail:
		return Waiting
	case !l.PostedOn.IsZero():
		return Posted
	case l.Batch != "":
		return Printed
	}
	return ToPrint
}

// Name is the addressee's as the letter had it; empty once erased.
func (l Letter) Name() string { return papers.Kept(l.kept)[markName] }

// Used is the address as used: the e-mail, or the lines of the envelope; empty once erased or where there was none.
func (l Letter) Used() string {
	names := papers.Kept(l.kept)
	if l.Channel == ByEmail {
		return names[markEmail]
	}
	var lines []string
	for _, m := range l.shape {
		if strings.HasPrefix(m.ID, markLine) && names[m.ID] != "" {
			lines = append(lines, names[m.ID])
		}
	}
	return strings.Join(lines, ", ")
}

// Erased says that name and address were erased with the person.
func (l Letter) Erased() bool { return len(l.shape) > 0 && len(l.kept) == 0 }

// names are who the letter names: the addressee, and the persons of the text.
func (l Letter) names(text papers.NameMap) papers.NameMap {
	all := papers.Kept(l.kept)
	for id, name := range text {
		all[id] = name
	}
	return all
}

// frame is what stands around the text of every letter in a language, kept with it: the words of a catalogue may
// change, those of a letter do not. Its lines name the addressee by marks.
type frame struct {
	Greeting papers.Line `json:"greeting"`
	SentTo   papers.Line `json:"sent_to"`        // under an e-mail
	Page     string      `json:"page,omitempty"` // of the meeting, as a code under a letter by post
	See      papers.Line `json:"see,omitempty"`
}

// frameOf writes the frame of a language; page may be empty.
func frameOf(tag lang.Tag, page string) frame {
	p := words().In(tag)
	// what stands for the addressee in a phrase: no text has such a sign
	around := func(code, name, mark string) papers.Line {
		before, after, _ := strings.Cut(p.T(code, name, "\v"), "\v")
		return papers.L(before, papers.Who(mark), after)
	}
	f := frame{Greeting: around("convening.letter.greeting", "name", markName),
		SentTo: around("convening.letter.sent-to", "address", markEmail), Page: page}
	if page != "" {
		f.See = papers.T(p.T("convening.letter.qr", "page", page))
	}
	return f
}

// around puts the text behind address and greeting: the tree whose hash is the letter's.
func (l Letter) around(text papers.Paper, f frame) papers.Paper {
	at := func(id string) papers.Inline {
		in := papers.Who(id)
		for _, m := range l.shape {
			if m.ID == id {
				in.Commitment = m.Commitment
			}
		}
		return in
	}
	filled := func(line papers.Line) papers.Line {
		line = slices.Clone(line)
		for i, in := range line {
			if in.Style == papers.Person {
				line[i] = at(in.ID)
			}
		}
		return line
	}
	out := text
	out.Kind, out.Blocks = papers.Letter, nil
	if l.Channel == ByPost {
		to := papers.Address{Lines: []papers.Line{{at(markName)}}}
		for _, m := range l.shape {
			if strings.HasPrefix(m.ID, markLine) {
				to.Lines = append(to.Lines, papers.Line{at(m.ID)})
			}
		}
		out.Blocks = append(out.Blocks, to)
	}
	out.Blocks = append(out.Blocks, papers.Paragraph{Words: filled(f.Greeting)})
	out.Blocks = append(out.Blocks, text.Blocks...)
	if l.Channel == ByPost && f.Page != "" {
		out.Blocks = append(out.Blocks, papers.QR{Text: f.Page, Words: f.See})
	}
	if l.Channel == ByEmail {
		out.Blocks = append(out.Blocks, papers.Hint{Words: filled(f.SentTo)})
	}
	return out
}

// address takes what the books know of an addressee into the letter, each behind a commitment.
func (l *Letter) address(tx *store.Tx, a reached) {
	put := func(id, value string) {
		salt := papers.Salt(tx.Salt())
		l.kept = append(l.kept, papers.Sealed{ID: id, Name: value, Salt: salt})
		l.shape = append(l.shape, mark{id, papers.Commit(salt, value)})
	}
	put(markName, a.Name)
	switch l.Channel {
	case ByEmail:
		put(markEmail, a.Email)
	case ByPost:
		for i, line := range a.Lines {
			put(markLine+strconv.Itoa(i+1), line)
		}
		l.sort = a.sortKey()
	}
}

// canonical is what is sealed of a letter.
func (l Letter) canonical() []byte {
	text, err := json.Marshal(struct {
		ID       LetterID        `json:"id"`
		Dispatch DispatchID      `json:"dispatch"`
		Holder   int64           `json:"holder"`
		Person   people.PersonID `json:"person"`
		Language lang.Tag        `json:"language"`
		Channel  Channel         `json:"channel"`
		Hash     string          `json:"hash"`
		At       civil.Instant   `json:"at"`
		Again    LetterID        `json:"again"`
	}{l.ID, l.Dispatch, l.Holder, l.Person, l.Language, l.Channel, l.Hash, l.At, l.Again})
	fault.Must(err == nil, "letter %s: %v", l.ID, err)
	return text
}

// sheaf is what all letters of a dispatch share.
type sheaf struct {
	Dispatch
	texts  map[lang.Tag]papers.Paper
	frames map[lang.Tag]frame
	names  map[lang.Tag]papers.NameMap
}

// sheafOf reads the texts of a dispatch, with the names that are not erased.
func sheafOf(r store.Reader, id DispatchID) (s sheaf, err error) {
	d, found, err := ByID(r, id)
	if err != nil {
		return s, err
	}
	if !found {
		return s, fault.Refuse("convening.refusal.unknown-dispatch")
	}
	s = sheaf{Dispatch: d, texts: map[lang.Tag]papers.Paper{}, frames: map[lang.Tag]frame{},
		names: map[lang.Tag]papers.NameMap{}}
	for _, tag := range lang.Tags {
		if s.texts[tag], s.frames[tag], s.names[tag], err = textOf(r, id, tag); err != nil {
			return s, err
		}
	}
	return s, nil
}

// tree is a letter as a paper, and the names to draw it with.
func (s sheaf) tree(l Letter) (papers.Paper, papers.NameMap) {
	return l.around(s.texts[l.Language], s.frames[l.Language]), l.names(s.names[l.Language])
}

// write makes one letter: addressed, hashed, sealed and kept.
func (s sheaf) write(tx *store.Tx, l Letter, a reached) (Letter, error) {
	l.ID, l.Dispatch, l.Language, l.At, l.Channel = LetterID(tx.ID()), s.ID, a.Language, tx.Now(), a.Channel
	if l.Channel != NoChannel {
		l.address(tx, a)
		tree, _ := s.tree(l)
		hash, err := papers.Hash(tree)
		if err != nil {
			return l, fmt.Errorf("convening: letter of %s: %w", s.ID, err)
		}
		l.Hash = hash.String()
	}
	if l.Channel == ByHand {
		l.SentAt = tx.Now()
	}
	if err := insertLetter(tx, l); err != nil {
		return l, err
	}
	return l, tx.Seal("letter", string(l.ID), l.canonical())
}

// Stage makes the next letters of a dispatch and enqueues the sending of those that go by e-mail; more says that others
// wait. It can be called any number of times: who has a letter gets no second one.
func Stage(tx *store.Tx, id DispatchID) (more bool, err error) {
	s, err := sheafOf(tx, id)
	if err != nil {
		return false, err
	}
	waiting, err := store.List(tx, qInvitedWaiting, scanInvited, string(id), int64(perStage+1))
	if err != nil {
		return false, err
	}
	more = len(waiting) > perStage
	waiting = waiting[:min(len(waiting), perStage)]
	piece, err := store.One(tx, qLastPiece, store.Number, string(id))
	if err != nil {
		return false, err
	}
	first, inPiece := piece+1, perPiece
	for _, e := range waiting {
		a, err := addressee(tx, e.Person, AnyChannel)
		if err != nil {
			return false, err
		}
		l := Letter{Holder: e.Holder, Person: e.Person}
		if a.Channel == ByEmail {
			if inPiece++; inPiece > perPiece {
				piece, inPiece = piece+1, 1
			}
			l.piece = piece
		}
		if _, err := s.write(tx, l, a); err != nil {
			return false, err
		}
		if _, err := tx.Exec(qMade, string(id), e.Holder); err != nil {
			return false, err
		}
	}
	for ; first <= piece; first++ {
		if _, err := jobs.Enqueue(tx, JobDeliver, deliverPayload{id, first}); err != nil {
			return false, err
		}
	}
	if !more && s.StagedAt == 0 {
		if _, err := tx.Exec(qStaged, string(id), int64(tx.Now())); err != nil {
			return false, err
		}
	}
	tx.Record(store.Line{About: []store.Ref{s.Meeting.Ref(), id.Ref()}, Args: map[string]any{"n": len(waiting)}})
	return more, nil
}

// LetterOf reads one letter; an unknown one is refused.
func LetterOf(r store.Reader, id LetterID) (Letter, error) {
	l, found, err := store.Find(r, qLetter, scanLetter, string(id))
	if err == nil && !found {
		err = fault.Refuse("convening.refusal.unknown-letter")
	}
	return l, err
}

// Tree is a letter as a paper, with the names to draw it; whoever was erased is drawn as such.
func Tree(r store.Reader, l Letter) (papers.Paper, papers.Names, error) {
	s, err := sheafOf(r, l.Dispatch)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	tree, names := s.tree(l)
	return tree, names, nil
}

// CameBack notes that a letter did not arrive: a message of failure, or an envelope returned.
func CameBack(tx *store.Tx, id LetterID, on civil.Date, why string) error {
	l, err := LetterOf(tx, id)
	if err != nil {
		return err
	}
	d, _, err := ByID(tx, l.Dispatch)
	if err != nil {
		return err
	}
	why = strings.TrimSpace(why)
	var rs fault.Refusals
	switch l.State() {
	case Sent, Posted, Handed:
	default:
		rs = append(rs, fault.Refuse("convening.refusal.not-gone"))
	}
	if why == "" || len(why) > MaxTrouble {
		rs = append(rs, fault.Refuse("convening.refusal.back-why", "limit", MaxTrouble).At("why"))
	}
	if !on.IsDay() || on.After(tx.Today()) || on.Before(d.At.On(tx.Zone())) {
		rs = append(rs, fault.Refuse("convening.refusal.back-day", "sent", d.At.On(tx.Zone())).At("on"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), l.ID.Ref(), l.Person.Ref()},
		Args: map[string]any{"back_on": on.String()}})
	_, err = tx.Exec(qBack, string(id), on, why)
	return err
}

// SendAgain writes the same letter once more, by a channel of choice and to the address as it is known today. Each
// letter is sent again once; the next time it is the new one.
func SendAgain(tx *store.Tx, id LetterID, by Channel, why string) (LetterID, error) {
	l, err := LetterOf(tx, id)
	if err != nil {
		return "", err
	}
	s, err := sheafOf(tx, l.Dispatch)
	if err != nil {
		return "", err
	}
	why = strings.TrimSpace(why)
	var rs fault.Refusals
	if l.Resent {
		rs = append(rs, fault.Refuse("convening.refusal.resent"))
	}
	if by != ByEmail && by != ByPost && by != ByHand {
		rs = append(rs, fault.Refuse("convening.refusal.channel").At("channel"))
	}
	if len(why) > MaxTrouble {
		rs = append(rs, fault.Refuse("convening.refusal.long", "limit", MaxTrouble).At("why"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	a, err := addressee(tx, l.Person, by)
	if err != nil {
		return "", err
	}
	if a.Channel == NoChannel || a.Name == "" {
		return "", fault.Refuse("convening.refusal.no-address").At("channel")
	}
	next := Letter{Holder: l.Holder, Person: l.Person, Again: id, AgainWhy: why}
	if by == ByEmail {
		piece, err := store.One(tx, qLastPiece, store.Number, string(s.ID))
		if err != nil {
			return "", err
		}
		next.piece = piece + 1
		if _, err := jobs.Enqueue(tx, JobDeliver, deliverPayload{s.ID, next.piece}); err != nil {
			return "", err
		}
	}
	next, err = s.write(tx, next, a)
	tx.Answer(string(next.ID))
	tx.Record(store.Line{About: []store.Ref{s.Meeting.Ref(), next.ID.Ref(), l.ID.Ref(), l.Person.Ref()},
		Args: map[string]any{"channel": by.Words()}})
	return next.ID, err
}

// hexOf reads a digest that was written as text; the zero one where it is none.
func hexOf(text string) (d papers.Digest) {
	raw, err := hex.DecodeString(text)
	if err == nil && len(raw) == len(d) {
		copy(d[:], raw)
	}
	return d
}
