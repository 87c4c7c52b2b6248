package register

import (
	"fmt"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"slices"
	"strings"
)

// ClassID is the id of a class of shares: its letter, which never changes.
type ClassID string

// Ref names the class in the journal.
func (id ClassID) Ref() store.Ref { return store.Ref{Kind: "class", ID: string(id)} }

// Holders says which kind of person may hold a class.
type Holders string

// Who may hold a class.
const (
	Anyone      Holders = "anyone"
	NaturalOnly Holders = "natural"
	LegalOnly   Holders = "legal"
)

// May says whether a kind of person may hold the class.
func (h Holders) May(k people.Kind) bool {
	return h == Anyone || h == NaturalOnly && k == people.Natural || h == LegalOnly && k == people.Legal
}

// ShareClass is a class of shares with the rights that the register must tell (CSA 6:25): rights to vote and to profit,
// and what restricts a transfer.
type ShareClass struct {
	ID          ClassID     // given by DefineClass
	Letter      string      // one to three capitals without accents: "A"; it names the class everywhere
	Name        string      // "Parts de garant"
	Nominal     money.Cents // on the day for which the class was read: [ClassOn], [SplitShares]
	Votes       int64       // attached to one share before any cap; 0 means no right to vote
	Holders     Holders     // which kind of person may hold it
	Quality     string      // asked of holders beyond that: "membres du personnel"; empty when none
	Profit      string      // right to profit, in words
	Restriction string      // what restricts a transfer, in words
	Article     string      // of the bylaws, where the restriction stands
	Since       civil.Date
	Least, Most int64 // shares of it that one person may ask to hold; 0: no limit of its own
}

// Limits of a class.
const (
	maxClasses    = 26
	maxLetter     = 3
	maxClassName  = 80
	maxClassWords = 600
	maxNominal    = money.Cents(100_000_000) // a million euros
	maxVotes      = 1000
	maxHeld       = 1_000_000
)

// DefineClass creates a class of shares. Its letter, nominal amount and first day are never changed afterwards; the
// words may be ([Reword]), and the first day while the class has no movement.
func DefineClass(tx *store.Tx, c ShareClass) (ClassID, error) {
	classes, err := Classes(tx)
	if err != nil {
		return "", err
	}
	c, refusals := c.checked(tx.Today())
	if len(classes) >= maxClasses {
		refusals = append(refusals, fault.Refuse("register.refusal.too-many-classes", "limit", maxClasses))
	}
	for _, other := range classes {
		if other.Letter == c.Letter {
			refusals = append(refusals, fault.Refuse("register.refusal.letter-taken", "letter", c.Letter).At("letter"))
		}
	}
	if err := refusals.Err(); err != nil {
		return "", err
	}
	c.ID = ClassID(c.Letter)
	if err := insertClass(tx, c); err != nil {
		return "", err
	}
	if err := tx.Seal("class", string(c.ID), c.canonical()); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{c.ID.Ref()}, Args: map[string]any{"nominal_cents": int64(c.Nominal),
		"since_on": c.Since.String(), "after": c.words()}})
	return c.ID, nil
}

// canonical is what the journal's seal commits to: what never changes of a class.
func (c ShareClass) canonical() []byte {
	return fmt.Appendf(nil, "%s %d", c.Letter, int64(c.Nominal))
}

// classWitness re-makes what was sealed of each class.
func classWitness(r store.Reader, yield func(id string, content []byte) error) error {
	list, err := store.List(r, qClasses, scanClass) // with the nominal amount of the beginning
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b ShareClass) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, c := range list {
		if err := yield(string(c.ID), c.canonical()); err != nil {
			return err
		}
	}
	return nil
}

// Reword changes what the register says of a class: name, votes, who may hold it, rights and restriction, as an
// amendment of the bylaws decides. What was said before stays in the journal.
func Reword(tx *store.Tx, c ShareClass) error {
	before, err := ClassOf(tx, c.ID)
	if err != nil {
		return err
	}
	c.Letter, c.Nominal = before.Letter, before.Nominal
	used, err := store.One(tx, qClassUsed, store.Number, string(c.ID))
	if err != nil {
		return err
	}
	if c.Since.IsZero() {
		c.Since = before.Since
	}
	if used > 0 && c.Since != before.Since {
		return fault.Refuse("register.refusal.class-used", "since", before.Since).At("since")
	}
	c, refusals := c.checked(tx.Today())
	if err := refusals.Err(); err != nil {
		return err
	}
	if c == before {
		return fault.Refuse("register.refusal.class-unchanged")
	}
	if err := updateClass(tx, c); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{c.ID.Ref()}, Args: map[string]any{"before": before.words(),
		"after": c.words()}})
	return nil
}

// words are the changeable fields, for the journal; they name nobody.
func (c ShareClass) words() map[string]any {
	return map[string]any{"name": c.Name, "votes": c.Votes, "holders": string(c.Holders), "quality": c.Quality,
		"profit": c.Profit, "since": c.Since.String(),
		"restriction": c.Restriction, "article": c.Article, "least": c.Least, "most": c.Most}
}

func (c ShareClass) checked(today civil.Date) (ShareClass, fault.Refusals) {
	var rs fault.Refusals
	clean := func(field, s string, limit int, need bool) string {
		s, r := tidy(field, s, limit, need)
		rs = append(rs, r...)
		return s
	}
	c.Name = clean("name", c.Name, maxClassName, true)
	c.Quality = clean("quality", c.Quality, maxClassWords, false)
	c.Profit = clean("profit", c.Profit, maxClassWords, false)
	c.Restriction = clean("restriction", c.Restriction, maxClassWords, false)
	c.Article = clean("article", c.Article, maxClassName, false)
	if !isLetter(c.Letter) {
		rs = append(rs, fault.Refuse("register.refusal.letter", "limit", maxLetter).At("letter"))
	}
	if c.Nominal <= 0 || c.Nominal > maxNominal {
		rs = append(rs, fault.Refuse("register.refusal.nominal", "limit", maxNominal).At("nominal"))
	}
	if c.Votes < 0 || c.Votes > maxVotes {
		rs = append(rs, fault.Refuse("register.refusal.votes", "limit", maxVotes).At("votes"))
	}
	if c.Least < 0 || c.Most < 0 || max(c.Least, c.Most) > maxHeld || c.Most > 0 && c.Least > c.Most {
		rs = append(rs, fault.Refuse("register.refusal.class-limits", "limit", maxHeld).At("most"))
	}
	if c.Holders != Anyone && c.Holders != NaturalOnly && c.Holders != LegalOnly {
		rs = append(rs, fault.Refuse("register.refusal.holders").At("holders"))
	}
	if !c.Since.IsDay() || c.Since.After(today.AddDays(maxAhead)) {
		rs = append(rs, fault.Refuse("register.refusal.class-since", "days", maxAhead).At("since"))
	}
	return c, rs
}

// isLetter: capitals A to Z only, because journals of hledger and beancount carry the letter in their commodity.
func isLetter(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= maxLetter
}
