package sortition

import (
	"fmt"
	"slices"
	"time"

	"lieux/base/civil"
)

// Limits of a ceremony.
const (
	MinWords = 2  // nobody alone
	MaxWords = 50 // contributors
	MinDice  = 5  // 7,776 throws
	MaxDice  = 100
)

// Kind is one of the things that happen in a ceremony.
type Kind string

// The steps of a ceremony, in their order. A word whose owner left the room is dropped; since the dice come later,
// that steers nothing.
const (
	PoolShown     Kind = "pool-shown"
	WordCommitted Kind = "word-committed"
	WordRevealed  Kind = "word-revealed"
	WordDropped   Kind = "word-dropped"
	DiceThrown    Kind = "dice-thrown"
)

// Moment is an instant, written in the proof to the microsecond in UTC.
type Moment civil.Instant

const momentForm = "2006-01-02T15:04:05.000000Z"

// String is 2017-06-17T17:42:00.000000Z.
func (m Moment) String() string { return civil.Instant(m).Time().Format(momentForm) }

// MarshalText writes the form of String.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the form of String.
func (m *Moment) UnmarshalText(b []byte) error {
	t, err := time.Parse(momentForm, string(b))
	if err != nil || t.Year() < civil.MinYear || t.Year() > civil.MaxYear {
		return fmt.Errorf("sortition: %.40q is no moment (%s)", b, momentForm)
	}
	*m = Moment(civil.At(t))
	return nil
}

// Step is one thing that happened. Contributors are numbered from 1 in the order of their commitments: the proof does
// not name them.
type Step struct {
	Kind       Kind   `json:"step"`
	At         Moment `json:"at"`
	Number     int    `json:"number,omitempty"`    // contributor: WordRevealed, WordDropped
	Commitment Hash   `json:"commitment,omitzero"` // WordCommitted
	Word       string `json:"word,omitempty"`      // WordRevealed
	Salt       Salt   `json:"salt,omitzero"`       // WordRevealed
	Dice       []int  `json:"dice,omitempty"`      // DiceThrown
}

// Shown says that the pool's hash stands on the wall.
func Shown(at civil.Instant) Step { return Step{Kind: PoolShown, At: Moment(at)} }

// Committed brings the commitment of the next contributor.
func Committed(at civil.Instant, c Hash) Step {
	return Step{Kind: WordCommitted, At: Moment(at), Commitment: c}
}

// Revealed opens the commitment of a contributor.
func Revealed(at civil.Instant, number int, word string, salt Salt) Step {
	return Step{Kind: WordRevealed, At: Moment(at), Number: number, Word: tidy(word), Salt: salt}
}

// Dropped gives up the word of a contributor who will not reveal it.
func Dropped(at civil.Instant, number int) Step {
	return Step{Kind: WordDropped, At: Moment(at), Number: number}
}

// Thrown brings the dice, in the order in which they are read aloud.
func Thrown(at civil.Instant, dice ...int) Step {
	return Step{Kind: DiceThrown, At: Moment(at), Dice: slices.Clone(dice)}
}

// Commitment hides a word until it is revealed. It holds for one pool only, so that it cannot be prepared before the
// pool is frozen.
func Commitment(pool Hash, word string, salt Salt) (Hash, error) {
	word = tidy(word)
	if !fit(word, MaxWord) || salt == (Salt{}) {
		return Hash{}, no("word", "unfit-word", "max", MaxWord)
	}
	return commitment(pool, word, salt), nil
}

func commitment(pool Hash, word string, salt Salt) Hash {
	return begin("word").hash(pool).salt(salt).text(word).sum()
}

// Ceremony keeps the order: pool shown, words committed, words revealed, dice last. It is made again by taking the
// same steps.
type Ceremony struct {
	pool  Hash
	steps []Step
	words []contribution
	dice  []int
}

type contribution struct {
	commitment Hash
	word       string // once revealed
	dropped    bool
}

func (w contribution) open() bool { return w.word == "" && !w.dropped }

// Begin opens the ceremony of a pool.
func Begin(pool Hash) *Ceremony { return &Ceremony{pool: pool} }

// Steps are the steps taken so far.
func (c *Ceremony) Steps() []Step { return slices.Clone(c.steps) }

// Take takes the next step, or refuses it and leaves the ceremony as it was.
func (c *Ceremony) Take(s Step) error {
	if n := len(c.steps); n > 0 && s.At < c.steps[n-1].At {
		return no("at", "clock")
	}
	if c.dice != nil {
		return no("step", "dice-were-last")
	}
	if shown := len(c.steps) > 0; shown == (s.Kind == PoolShown) {
		if shown {
			return no("step", "shown-twice")
		}
		return no("step", "pool-first")
	}
	if err := c.take(s); err != nil {
		return err
	}
	c.steps = append(c.steps, s)
	return nil
}

func (c *Ceremony) take(s Step) error {
	switch s.Kind {
	case PoolShown:
		return onlyFields(s, Shown(0))
	case WordCommitted:
		return c.commit(s)
	case WordRevealed:
		return c.reveal(s)
	case WordDropped:
		return c.drop(s)
	case DiceThrown:
		return c.throw(s)
	}
	return no("step", "unknown-step", "step", printable(string(s.Kind)))
}

// onlyFields refuses a step that carries what its kind does not know: nothing may stand in a proof unhashed.
func onlyFields(s, want Step) error {
	want.At = s.At
	if s.Kind != want.Kind || s.Number != want.Number || s.Commitment != want.Commitment || s.Word != want.Word ||
		s.Salt != want.Salt || !slices.Equal(s.Dice, want.Dice) {
		return no("step", "unknown-step", "step", printable(string(s.Kind)))
	}
	return nil
}

func (c *Ceremony) commit(s Step) error {
	switch {
	case slices.ContainsFunc(c.words, func(w contribution) bool { return w.word != "" }):
		return no("step", "words-closed")
	case len(c.words) == MaxWords:
		return no("step", "too-many-words", "max", MaxWords)
	case s.Commitment == Hash{}:
		return no("commitment", "unknown-step", "step", string(s.Kind))
	case slices.ContainsFunc(c.words, func(w contribution) bool { return w.commitment == s.Commitment }):
		return no("commitment", "copied-word")
	}
	if err := onlyFields(s, Committed(0, s.Commitment)); err != nil {
		return err
	}
	c.words = append(c.words, contribution{commitment: s.Commitment})
	return nil
}

func (c *Ceremony) reveal(s Step) error {
	if kept := c.kept(); kept < MinWords {
		return no("step", "too-few-words", "n", kept, "min", MinWords)
	}
	if err := c.still(s.Number); err != nil {
		return err
	}
	if !fit(s.Word, MaxWord) || s.Salt == (Salt{}) {
		return no("word", "unfit-word", "max", MaxWord)
	}
	if commitment(c.pool, s.Word, s.Salt) != c.words[s.Number-1].commitment {
		return no("word", "word-differs", "number", s.Number)
	}
	if err := onlyFields(s, Revealed(0, s.Number, s.Word, s.Salt)); err != nil {
		return err
	}
	c.words[s.Number-1].word = s.Word
	return nil
}

func (c *Ceremony) drop(s Step) error {
	if err := c.still(s.Number); err != nil {
		return err
	}
	if err := onlyFields(s, Dropped(0, s.Number)); err != nil {
		return err
	}
	c.words[s.Number-1].dropped = true
	return nil
}

func (c *Ceremony) throw(s Step) error {
	open := 0
	for _, w := range c.words {
		if w.open() {
			open++
		}
	}
	switch {
	case c.kept() < MinWords:
		return no("step", "too-few-words", "n", c.kept(), "min", MinWords)
	case open > 0:
		return no("step", "words-open", "n", open)
	case len(s.Dice) < MinDice || len(s.Dice) > MaxDice:
		return no("dice", "dice-count", "n", len(s.Dice), "min", MinDice, "max", MaxDice)
	case slices.Min(s.Dice) < 1 || slices.Max(s.Dice) > 6:
		return no("dice", "die-face")
	}
	if err := onlyFields(s, Thrown(0, s.Dice...)); err != nil {
		return err
	}
	c.dice = slices.Clone(s.Dice)
	return nil
}

// still wants a contributor whose word is neither revealed nor dropped.
func (c *Ceremony) still(number int) error {
	if number < 1 || number > len(c.words) {
		return no("number", "no-contributor", "number", number)
	}
	if !c.words[number-1].open() {
		return no("number", "word-settled", "number", number)
	}
	return nil
}

// kept counts the words that were not dropped.
func (c *Ceremony) kept() (n int) {
	for _, w := range c.words {
		if !w.dropped {
			n++
		}
	}
	return n
}

// Next lists what may come now: what a screen offers.
func (c *Ceremony) Next() []Kind {
	revealed := slices.ContainsFunc(c.words, func(w contribution) bool { return w.word != "" })
	open := slices.ContainsFunc(c.words, contribution.open)
	enough := c.kept() >= MinWords
	switch {
	case len(c.steps) == 0:
		return []Kind{PoolShown}
	case c.dice != nil:
		return nil
	}
	var next []Kind
	if !revealed && len(c.words) < MaxWords {
		next = append(next, WordCommitted)
	}
	if open && enough {
		next = append(next, WordRevealed)
	}
	if open {
		next = append(next, WordDropped)
	}
	if !open && enough {
		next = append(next, DiceThrown)
	}
	return next
}

// Words are the words revealed, in the order in which they were committed: the order of the revelations is in
// somebody's hand, that of the commitments was settled when nobody knew the words.
func (c *Ceremony) Words() (words []string) {
	for _, w := range c.words {
		if w.word != "" {
			words = append(words, w.word)
		}
	}
	return words
}

// Dice are the dice, once thrown.
func (c *Ceremony) Dice() []int { return slices.Clone(c.dice) }

// Seed is what the order is drawn from; it is refused before the dice.
func (c *Ceremony) Seed() (Hash, error) {
	if c.dice == nil {
		return Hash{}, no("step", "no-dice")
	}
	words := c.Words()
	return begin("seed").hash(c.pool).list(words).number(len(c.dice)).number(c.dice...).sum(), nil
}
