package offer

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// Outcome is how a campaign ended.
type Outcome string

// The outcomes.
const (
	Whole    Outcome = "whole"     // everybody has what they asked
	Scaled   Outcome = "scaled"    // too much was asked: scaled back
	Kept     Outcome = "kept"      // less than the minimum: what came is kept
	Returned Outcome = "returned"  // less than the minimum: everything is returned
	GivenUp  Outcome = "abandoned" // everything is returned
)

// Words names the outcome.
func (o Outcome) Words() lang.Phrase { return lang.Say("offer.outcome." + string(o)) }

// Given is what somebody asked and what the closing gave.
type Given struct {
	Ref    string          `json:"ref"`
	Person people.PersonID `json:"person"`
	Number int64           `json:"number"`
	On     civil.Date      `json:"on"`
	Shares int64           `json:"asked"`
	Least  int64           `json:"least"`
	Given  int64           `json:"given"`
	Paid   money.Cents     `json:"paid"`
}

// Closing is the end of a campaign with its whole computation.
type Closing struct {
	Campaign CampaignID
	On       civil.Date
	Outcome  Outcome
	Nominal  money.Cents
	Room     int64 // shares that the ceiling allows
	Rule     Rule
	Lines    []Given
	Why      string // of a campaign that is abandoned
	Decision people.DecisionID
	At       civil.Instant
	By       people.PersonID
}

// Asked is how many shares were asked for.
func (c Closing) Asked() (shares int64) {
	for _, g := range c.Lines {
		shares += g.Shares
	}
	return shares
}

// Given is how many shares were given.
func (c Closing) Given() (shares int64) {
	for _, g := range c.Lines {
		shares += g.Given
	}
	return shares
}

// Of is the line of a request.
func (c Closing) Of(ref string) (Given, bool) {
	i := slices.IndexFunc(c.Lines, func(g Given) bool { return g.Ref == ref })
	if i < 0 {
		return Given{}, false
	}
	return c.Lines[i], true
}

// Foresee computes how a campaign would close with these asks: what the page shows before the board decides, and what
// the closing keeps.
func (c Campaign) Foresee(asks []AskedShares, nominal money.Cents) Closing {
	fault.Must(nominal > 0, "a nominal amount of %d", nominal)
	asks = slices.Clone(asks)
	slices.SortStableFunc(asks, func(a, b AskedShares) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Ref, b.Ref))
	})
	end := Closing{Campaign: c.ID, Nominal: nominal, Room: int64(c.Ceiling / nominal), Rule: c.Rule, Outcome: Whole}
	for _, a := range asks {
		end.Lines = append(end.Lines, Given{Ref: a.Ref, Person: a.Person, Number: a.Number, On: a.On, Shares: a.Shares,
			Least: a.Least, Paid: a.Paid})
	}
	switch asked := money.Cents(end.Asked()) * nominal; {
	case asked < c.Minimum && c.Below == Return:
		end.Outcome = Returned
	case asked < c.Minimum:
		end.Outcome = Kept
	case end.Asked() > end.Room:
		end.Outcome = Scaled
	}
	end.give()
	return end
}

// give fills in what each gets.
func (c *Closing) give() {
	if c.Outcome == Returned || c.Outcome == GivenUp {
		for i := range c.Lines {
			c.Lines[i].Given = 0
		}
		return
	}
	asks := make([]AskedShares, len(c.Lines))
	for i, g := range c.Lines {
		asks[i] = AskedShares{Ref: g.Ref, Number: g.Number, On: g.On, Shares: g.Shares, Least: g.Least}
	}
	for i, n := range ScaleBack(c.Room, asks, c.Rule) {
		c.Lines[i].Given = n
	}
}

// Recomputed says whether the kept computation, done again from what was asked, gives the same.
func (c Closing) Recomputed() bool {
	again := c
	again.Lines = slices.Clone(c.Lines)
	again.give()
	return slices.Equal(again.Lines, c.Lines)
}

// Foretell reads what is asked and computes how the campaign would close today.
func Foretell(r store.Reader, c Campaign) (Closing, error) {
	asks, err := Asked(r, c)
	if err != nil {
		return Closing{}, err
	}
	class, err := register.ClassOn(r, c.Class, r.Today())
	if err != nil {
		return Closing{}, err
	}
	return c.Foresee(asks, class.Nominal), nil
}

// Keeps says whether a campaign keeps the shares that are asked of it from existing: until it closes where everything
// is returned below its minimum, and as long as more is asked than it has. Shares that exist could be neither returned
// nor cut by its rule.
func Keeps(r store.Reader, c Campaign) (bool, error) {
	if c.closing != nil {
		return false, nil
	}
	if c.Below == Return && c.Minimum > 0 {
		return true, nil
	}
	end, err := Foretell(r, c)
	return end.Asked() > end.Room, err
}

// Close ends a campaign by a decision of the board, as its terms say: after its last day, or before it once the ceiling
// is reached.
func Close(tx *store.Tx, id CampaignID, decision people.DecisionID) (Closing, error) {
	c, err := CampaignByID(tx, id)
	if err != nil {
		return Closing{}, err
	}
	end, err := Foretell(tx, c)
	if err != nil {
		return end, err
	}
	switch state := c.State(tx.Today()); {
	case state != Open && state != Ended:
		return end, fault.Refuse("offer.refusal.not-open", "title", c.Title)
	case state == Open && end.Asked() < end.Room:
		return end, fault.Refuse("offer.refusal.still-open", "last", c.LastDay(), "asked", end.Asked(), "room", end.Room)
	}
	return end.write(tx, c, decision, "")
}

// Abandon gives a campaign up by a decision: everything is returned.
func Abandon(tx *store.Tx, id CampaignID, decision people.DecisionID, why string) (Closing, error) {
	c, err := CampaignByID(tx, id)
	if err != nil {
		return Closing{}, err
	}
	if state := c.State(tx.Today()); state != Open && state != Ended && state != Awaited {
		return Closing{}, fault.Refuse("offer.refusal.not-open", "title", c.Title)
	}
	var rs fault.Refusals
	if why = tidy("why", why, MaxWhy, &rs); rs != nil {
		return Closing{}, rs
	}
	end, err := Foretell(tx, c)
	if err != nil {
		return end, err
	}
	end.Outcome = GivenUp
	end.give()
	return end.write(tx, c, decision, why)
}

func (c Closing) write(tx *store.Tx, of Campaign, decision people.DecisionID, why string) (Closing, error) {
	var rs fault.Refusals
	if err := decided(tx, decision, &rs); err != nil {
		return c, err
	}
	if err := rs.Err(); err != nil {
		return c, err
	}
	c.On, c.Decision, c.Why, c.At, c.By = tx.Today(), decision, why, tx.Now(), people.PersonID(tx.Actor())
	tx.Record(store.Line{About: []store.Ref{of.ID.Ref(), decision.Ref()}, Args: map[string]any{
		"outcome": c.Outcome.Words(), "asked": c.Asked(), "n": c.Given(),
		"raised_cents": int64(c.Nominal) * c.Given()}})
	if err := insertClosing(tx, c); err != nil {
		return c, err
	}
	if Hooks.Closed == nil {
		return c, nil
	}
	of.closing = &c
	return c, Hooks.Closed(tx, of, c)
}
