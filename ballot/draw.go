package ballot

import (
	"slices"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/sortition"
)

// DrawID is the id of a drawing by lot.
type DrawID string

// Ref names the draw in the journal.
func (id DrawID) Ref() store.Ref { return store.Ref{Kind: "draw", ID: string(id)} }

// Draw is a drawing by lot at a meeting, step by step: its pool is frozen and shown, members lay down words and reveal
// them, dice are thrown last, the list appears, the chair proclaims it.
type Draw struct {
	ID          DrawID
	Meeting     meeting.ID
	Matter      meeting.MatterID
	Title       string
	Source      string
	Effective   int
	Substitutes int
	FrozenAt    civil.Instant
	FrozenBy    people.PersonID
	Version     int64 // grows with each step: a form names the one that it was made on

	Pool       sortition.Pool
	Steps      []DrawStep
	Words      []DrawWord
	Departures []DrawDeparture

	ProclaimedAt civil.Instant
	ProclaimedBy people.PersonID
	VoidAt       civil.Instant
	VoidBy       people.PersonID
	Why          string

	ceremony *sortition.Ceremony
}

// DrawStep is one step of the ceremony: what happened, whose word it was, who entered it.
type DrawStep struct {
	Step   sortition.Step  `json:"step"`
	Person people.PersonID `json:"person,omitempty"`
	By     people.PersonID `json:"by"`
}

// DrawWord is the word that somebody laid down. The program keeps it closed until it is revealed; the dice come later,
// so that it steers nothing.
type DrawWord struct {
	Number   int // of the contributor, from 1
	Person   people.PersonID
	Hash     sortition.Hash // the commitment, shown at once
	Revealed string         // empty until it is revealed
	Dropped  bool

	word string
	salt sortition.Salt
}

// Open says that the word is neither revealed nor given up.
func (w DrawWord) Open() bool { return w.Revealed == "" && !w.Dropped }

// DrawDeparture is somebody on the list who says no, or may not sit.
type DrawDeparture struct {
	Departure sortition.Departure `json:"departure"`
	At        civil.Instant       `json:"at"`
	By        people.PersonID     `json:"by"`
}

// Phase is where a draw stands.
type Phase string

// The phases of a draw.
const (
	PoolPhase  Phase = "pool"  // who is in the pool is being settled
	WordPhase  Phase = "words" // words are laid down and revealed
	DicePhase  Phase = "dice"  // all words are revealed, the dice may be thrown
	ListPhase  Phase = "list"  // the list is drawn, the chair has not proclaimed it
	DrawnPhase Phase = "drawn" // proclaimed
)

// Phase says where the draw stands; of the zero draw, that its pool is still being settled.
func (d Draw) Phase() Phase {
	switch {
	case d.ID == "" || d.VoidAt != 0:
		return PoolPhase
	case d.ProclaimedAt != 0:
		return DrawnPhase
	case d.Thrown():
		return ListPhase
	case slices.Contains(d.Next(), sortition.DiceThrown):
		return DicePhase
	}
	return WordPhase
}

// Thrown says that the dice fell: the list is there.
func (d Draw) Thrown() bool { return d.ceremony != nil && len(d.ceremony.Dice()) > 0 }

// Dice are the dice as they fell.
func (d Draw) Dice() []int {
	if d.ceremony == nil {
		return nil
	}
	return d.ceremony.Dice()
}

// Next is what the ceremony may take now.
func (d Draw) Next() []sortition.Kind {
	if d.ceremony == nil {
		return nil
	}
	return d.ceremony.Next()
}

// Result is the draw done: the list with everyone who has left since. The dice must have fallen.
func (d Draw) Result() (sortition.Draw, error) {
	drawn, err := sortition.Conclude(d.Pool, d.ceremony)
	for _, gone := range d.Departures {
		if err != nil {
			return drawn, err
		}
		drawn, _, err = drawn.Depart(gone.Departure)
	}
	return drawn, err
}

// Proof is the proof of a draw whose dice have fallen, and the record of it for minutes.
func (d Draw) Proof() (sortition.Proof, error) {
	drawn, err := d.Result()
	if err != nil {
		return sortition.Proof{}, err
	}
	return drawn.Proof(), nil
}

// Evidence is what the record of the meeting keeps of a proclaimed draw; nil before.
func (d Draw) Evidence() (*assembly.Evidence, error) {
	if d.ProclaimedAt == 0 {
		return nil, nil
	}
	proof, err := d.Proof()
	if err != nil {
		return nil, err
	}
	effective, substitutes, err := d.Seated()
	if err != nil {
		return nil, err
	}
	return assembly.EvidenceOf(proof, slices.Concat(effective, substitutes))
}

// Seated are the persons on the list as it stands: effective members, then substitutes. Who was erased since is empty.
func (d Draw) Seated() (effective, substitutes []people.PersonID, err error) {
	drawn, err := d.Result()
	if err != nil {
		return nil, nil, err
	}
	seats := drawn.List().Seats()
	for _, rank := range seats.Effective {
		effective = append(effective, people.PersonID(drawn.At(rank).Person))
	}
	for _, rank := range seats.Substitutes {
		substitutes = append(substitutes, people.PersonID(drawn.At(rank).Person))
	}
	return effective, substitutes, nil
}

// FreezePool makes the pool of a draw and shows its hash: from now on nobody enters or leaves it.
func FreezePool(tx *store.Tx, c PoolCall) (DrawID, error) {
	m, err := going(tx, c.Meeting)
	if err != nil {
		return "", err
	}
	if err := charged(tx, m.ID, ofBureau, "draw"); err != nil {
		return "", err
	}
	if _, there, err := DrawOf(tx, c.Matter); err != nil || there {
		if err == nil {
			err = fault.Refuse("ballot.refusal.pool-frozen")
		}
		return "", err
	}
	p, err := PreviewOf(tx, c)
	if err != nil {
		return "", err
	}
	if len(p.Unspoken) > 0 {
		return "", fault.Refuse("ballot.refusal.unspoken", "n", len(p.Unspoken))
	}
	pool, err := sortition.Freeze(p.Call, tx.Dice())
	if err != nil {
		return "", err
	}
	d := Draw{ID: DrawID(tx.ID()), Meeting: m.ID, Matter: c.Matter, Title: p.Call.Title, Source: p.Call.Source,
		Effective: p.Call.Effective, Substitutes: p.Call.Substitutes, FrozenAt: tx.Now(),
		FrozenBy: people.PersonID(tx.Actor()), Version: 1, Pool: pool, ceremony: sortition.Begin(pool.Hash())}
	if err := insertDraw(tx, d); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), d.ID.Ref(), c.Matter.Ref()},
		Args: map[string]any{"n": pool.Header().Size, "hash": pool.Hash().Short()}})
	if err := tx.Seal(sealDraw, string(d.ID), d.frozen()); err != nil {
		return "", err
	}
	return d.ID, d.take(tx, sortition.Shown(tx.Now()), "")
}

// drawing reads a draw in which something may still happen, for somebody who may.
func drawing(tx *store.Tx, id DrawID, may func(Charges) bool, code string) (Draw, error) {
	d, found, err := DrawByID(tx, id)
	switch {
	case err != nil:
		return d, err
	case !found:
		return d, fault.Refuse("ballot.refusal.unknown-draw")
	case d.VoidAt != 0:
		return d, fault.Refuse("ballot.refusal.draw-void", "at", Hour(d.VoidAt, tx.Zone()))
	}
	if _, err := going(tx, d.Meeting); err != nil {
		return d, err
	}
	if may != nil {
		err = charged(tx, d.Meeting, may, code)
	}
	return d, err
}

// take takes the next step of the ceremony, or refuses it.
func (d *Draw) take(tx *store.Tx, s sortition.Step, who people.PersonID) error {
	if err := d.ceremony.Take(s); err != nil {
		return err
	}
	d.Steps = append(d.Steps, DrawStep{Step: s, Person: who, By: people.PersonID(tx.Actor())})
	if err := insertDrawStep(tx, d.ID, len(d.Steps), d.Steps[len(d.Steps)-1]); err != nil {
		return err
	}
	if err := touchDraw(tx, d.ID); err != nil {
		return err
	}
	return tx.Seal(sealStep, d.place(len(d.Steps)), d.Steps[len(d.Steps)-1].canonical(d.ID))
}

// LayWord lays a word down: a member who is there by their own phone, or the bureau from the paper of one. What is
// shown is its commitment.
func LayWord(tx *store.Tx, id DrawID, who people.PersonID, word string) error {
	var may func(Charges) bool
	if tx.Actor() != string(who) {
		may = runs
	}
	d, err := drawing(tx, id, may, "draw")
	if err != nil {
		return err
	}
	if _, there, err := attendance.VoiceOf(tx, d.Meeting, who); err != nil || !there {
		if err == nil {
			err = fault.Refuse("ballot.refusal.word-away").At("person")
		}
		return err
	}
	if slices.ContainsFunc(d.Words, func(w DrawWord) bool { return w.Person == who }) {
		return fault.Refuse("ballot.refusal.word-twice").At("person")
	}
	w := DrawWord{Number: len(d.Words) + 1, Person: who, word: word, salt: sortition.Salt(tx.Salt())}
	if w.Hash, err = sortition.Commitment(d.Pool.Hash(), word, w.salt); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), id.Ref(), d.Matter.Ref()},
		Args: map[string]any{"number": w.Number}})
	if err := d.take(tx, sortition.Committed(tx.Now(), w.Hash), who); err != nil {
		return err
	}
	return insertDrawWord(tx, id, w)
}

// RevealWord opens the word of a contributor: its owner, or the bureau.
func RevealWord(tx *store.Tx, id DrawID, number int) error {
	d, w, err := wordOf(tx, id, number)
	if err != nil {
		return err
	}
	if tx.Actor() != string(w.Person) {
		if err := charged(tx, d.Meeting, runs, "draw"); err != nil {
			return err
		}
	}
	return d.reveal(tx, w)
}

// RevealWords opens all words that are still closed: the bureau.
func RevealWords(tx *store.Tx, id DrawID) error {
	d, err := drawing(tx, id, runs, "draw")
	if err != nil {
		return err
	}
	open := 0
	for _, w := range d.Words {
		if w.Open() {
			open++
			if err := d.reveal(tx, w); err != nil {
				return err
			}
		}
	}
	if open == 0 {
		return fault.Refuse("ballot.refusal.no-word")
	}
	return nil
}

func (d *Draw) reveal(tx *store.Tx, w DrawWord) error {
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), d.ID.Ref(), d.Matter.Ref()},
		Args: map[string]any{"number": w.Number}})
	return d.take(tx, sortition.Revealed(tx.Now(), w.Number, w.word, w.salt), w.Person)
}

// DropWord gives up the word of a contributor who takes it back or has left: the bureau.
func DropWord(tx *store.Tx, id DrawID, number int) error {
	d, w, err := wordOf(tx, id, number)
	if err != nil {
		return err
	}
	if err := charged(tx, d.Meeting, ofBureau, "draw"); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), id.Ref(), d.Matter.Ref()},
		Args: map[string]any{"number": number}})
	return d.take(tx, sortition.Dropped(tx.Now(), number), w.Person)
}

func wordOf(tx *store.Tx, id DrawID, number int) (Draw, DrawWord, error) {
	d, err := drawing(tx, id, nil, "")
	if err != nil {
		return d, DrawWord{}, err
	}
	i := slices.IndexFunc(d.Words, func(w DrawWord) bool { return w.Number == number })
	if i < 0 {
		return d, DrawWord{}, fault.Refuse("ballot.refusal.no-word")
	}
	return d, d.Words[i], nil
}

// ThrowDice enters the dice that were thrown before the room, in the order in which they were read aloud. The list is
// drawn by them.
func ThrowDice(tx *store.Tx, id DrawID, dice []int) error {
	d, err := drawing(tx, id, ofBureau, "draw")
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), id.Ref(), d.Matter.Ref()},
		Args: map[string]any{"n": len(dice)}})
	return d.take(tx, sortition.Thrown(tx.Now(), dice...), "")
}

// Leaving says that somebody on the list refuses the seat, or may not have it: everybody behind moves up.
type Leaving struct {
	Draw   DrawID
	Rank   int
	Ground sortition.Ground
}

// Leave strikes somebody out of the list, while the meeting lasts: the bureau.
func Leave(tx *store.Tx, l Leaving) ([]sortition.Move, error) {
	d, err := drawing(tx, l.Draw, ofBureau, "draw")
	if err != nil {
		return nil, err
	}
	drawn, err := d.Result()
	if err != nil {
		return nil, err
	}
	gone := sortition.Departure{Rank: l.Rank, On: tx.Today(), Ground: l.Ground}
	_, moves, err := drawn.Depart(gone)
	if err != nil {
		return nil, err
	}
	g := DrawDeparture{Departure: gone, At: tx.Now(), By: people.PersonID(tx.Actor())}
	number := len(d.Departures) + 1
	if err := insertDeparture(tx, d.ID, number, g); err != nil {
		return nil, err
	}
	if err := touchDraw(tx, d.ID); err != nil {
		return nil, err
	}
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), d.ID.Ref(), d.Matter.Ref()},
		Args: map[string]any{"rank": l.Rank, "n": len(moves)}})
	return moves, tx.Seal(sealDeparture, d.place(number), g.canonical(d.ID))
}

// ProclaimDraw is the chair's word: the list is that of the meeting.
func ProclaimDraw(tx *store.Tx, id DrawID) error { return proclaimDraw(tx, id, false) }

// NoteDraw writes down that the chair has proclaimed the list, as [Proclamation] says it of a vote.
func NoteDraw(tx *store.Tx, id DrawID) error { return proclaimDraw(tx, id, true) }

func proclaimDraw(tx *store.Tx, id DrawID, said bool) error {
	d, err := drawing(tx, id, presides, "proclaim")
	switch {
	case err != nil:
		return err
	case !d.Thrown():
		return fault.Refuse("ballot.refusal.no-dice")
	case d.ProclaimedAt != 0:
		return fault.Refuse("ballot.refusal.proclaimed", "at", Hour(d.ProclaimedAt, tx.Zone()))
	}
	if err := spoken(tx, d.Meeting, said); err != nil {
		return err
	}
	d.ProclaimedAt, d.ProclaimedBy = tx.Now(), people.PersonID(tx.Actor())
	if err := writeDrawEnd(tx, d); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), id.Ref(), d.Matter.Ref()}})
	return tx.Seal(sealDrawEnd, string(id), d.end())
}

// VoidDraw takes a draw back with a reason, so that its pool may be made again. Once the dice fell it is refused: who
// could draw again until the list pleases would choose it. Somebody who may not sit leaves the list instead.
func VoidDraw(tx *store.Tx, id DrawID, why string) error {
	d, err := drawing(tx, id, ofBureau, "draw")
	if err != nil {
		return err
	}
	if d.Thrown() {
		return fault.Refuse("ballot.refusal.dice-fell")
	}
	if err := reason(why); err != nil {
		return err
	}
	d.VoidAt, d.VoidBy, d.Why = tx.Now(), people.PersonID(tx.Actor()), why
	if err := writeDrawEnd(tx, d); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), id.Ref(), d.Matter.Ref()}})
	return tx.Seal(sealDrawEnd, string(id), d.end())
}

// place orders the steps and departures of a draw.
func (d Draw) place(n int) string { return string(d.ID) + "." + pad(int64(n)) }

// frozen is what is sealed of a pool: its hash and leaves, without a name.
func (d Draw) frozen() []byte {
	return canonical(struct {
		Meeting meeting.ID       `json:"meeting"`
		Matter  meeting.MatterID `json:"matter"`
		Header  sortition.Header `json:"header"`
		Leaves  []sortition.Hash `json:"leaves"`
		At      civil.Instant    `json:"at"`
		By      people.PersonID  `json:"by"`
	}{d.Meeting, d.Matter, d.Pool.Header(), d.Pool.Leaves(), d.FrozenAt, d.FrozenBy})
}

// end is what is sealed when a draw is proclaimed or taken back.
func (d Draw) end() []byte {
	return canonical(struct {
		Proclaimed   civil.Instant   `json:"proclaimed,omitzero"`
		ProclaimedBy people.PersonID `json:"proclaimed_by,omitempty"`
		Void         civil.Instant   `json:"void,omitzero"`
		VoidBy       people.PersonID `json:"void_by,omitempty"`
		Why          string          `json:"why,omitempty"`
	}{d.ProclaimedAt, d.ProclaimedBy, d.VoidAt, d.VoidBy, d.Why})
}

func (s DrawStep) canonical(draw DrawID) []byte {
	return canonical(struct {
		Draw DrawID `json:"draw"`
		DrawStep
	}{draw, s})
}

func (g DrawDeparture) canonical(draw DrawID) []byte {
	return canonical(struct {
		Draw DrawID `json:"draw"`
		DrawDeparture
	}{draw, g})
}
