package ballot

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// handCount is a count of votes: with a vote per head they are heads.
type handCount struct {
	For     int64 `json:"for"`
	Against int64 `json:"against"`
	Abstain int64 `json:"abstain"`
}

// Sum is how many took part.
func (c handCount) Sum() int64 { return c.For + c.Against + c.Abstain }

func (c handCount) plus(d handCount) handCount {
	return handCount{c.For + d.For, c.Against + d.Against, c.Abstain + d.Abstain}
}

// Counting is what a teller counted in one row of the room, in votes.
type Counting struct {
	Poll                  PollID
	Row                   string // as the tellers name it
	For, Against, Abstain int64
}

// Counted is a count as it was entered.
type Counted struct {
	Row    string          `json:"row"`
	Hand   string          `json:"hand"` // a teller's id, or the bureau
	Turn   int64           `json:"turn"`
	By     people.PersonID `json:"by"`
	At     civil.Instant   `json:"at"`
	Votes  handCount       `json:"votes"`
	Struck bool            `json:"struck,omitempty"` // the teller takes the count back
	Why    string          `json:"why,omitempty"`    // of the bureau
	key    string
}

// Row is one row of the room with what was counted in it.
type Row struct {
	Name   string
	Counts []Counted // of each teller, in the order in which they began
	Ruled  *Counted  // by the bureau
}

// Votes is what counts of a row; false while two tellers differ and the bureau has not decided.
func (r Row) Votes() (c handCount, agree bool) {
	if r.Ruled != nil {
		return r.Ruled.Votes, true
	}
	for i, t := range r.Counts {
		if i > 0 && t.Votes != r.Counts[0].Votes {
			return c, false
		}
	}
	if len(r.Counts) == 0 {
		return c, true
	}
	return r.Counts[0].Votes, true
}

// rowKey makes "Rangée A" and "rangee a" one row.
func rowKey(name string) string { return fold.Text(name) }

// Count enters what a teller counted in a row. A later count of the same teller replaces the earlier one, which stays
// in the log. What one teller counted never exceeds the votes in the room.
func Count(tx *store.Tx, c Counting) error {
	p, err := handsPoll(tx, c.Poll, runs, "count")
	if err != nil {
		return err
	}
	c.Row = strings.TrimSpace(c.Row)
	if rowKey(c.Row) == "" || len(c.Row) > MaxRow || !utf8.ValidString(c.Row) {
		return fault.Refuse("ballot.refusal.row", "limit", MaxRow).At("row")
	}
	if err := c.check(p); err != nil {
		return err
	}
	if tx.Actor() == "" {
		return fault.Refuse("ballot.refusal.charge.count")
	}
	rows, err := Rows(tx, p.ID)
	if err != nil {
		return err
	}
	votes := handCount{c.For, c.Against, c.Abstain}
	if err := fits(p, rows, tx.Actor(), rowKey(c.Row), votes); err != nil {
		return err
	}
	return p.note(tx, Counted{Row: c.Row, Hand: tx.Actor(), Votes: votes})
}

// check refuses figures that cannot be counts.
func (c Counting) check(p Poll) error {
	limit, _ := p.Terms.Available.Get()
	for field, n := range map[string]int64{"for": c.For, "against": c.Against, "abstain": c.Abstain} {
		if n < 0 || n > limit {
			return fault.Refuse("ballot.refusal.count", "limit", limit).At(field)
		}
	}
	return nil
}

// fits refuses a count with which the counts of one teller would exceed the votes in the room, a third teller of a row,
// and too many rows.
func fits(p Poll, rows []Row, hand, key string, votes handCount) error {
	total := votes
	i := slices.IndexFunc(rows, func(r Row) bool { return rowKey(r.Name) == key })
	if i < 0 && len(rows) >= MaxRows {
		return fault.Refuse("ballot.refusal.rows", "limit", MaxRows)
	}
	for at, row := range rows {
		others := 0
		for _, c := range row.Counts {
			switch {
			case c.Hand != hand:
				others++
			case at != i:
				total = total.plus(c.Votes)
			}
		}
		if at == i && others >= tellers {
			return fault.Refuse("ballot.refusal.two-counts").At("row")
		}
	}
	if available, _ := p.Terms.Available.Get(); total.Sum() > available {
		return fault.Refuse("ballot.refusal.too-many", "n", total.Sum(), "available", available).At("for")
	}
	return nil
}

// Strike takes back what a teller counted in a row.
func Strike(tx *store.Tx, poll PollID, row string) error {
	p, err := handsPoll(tx, poll, runs, "count")
	if err != nil {
		return err
	}
	rows, err := Rows(tx, poll)
	if err != nil {
		return err
	}
	for _, r := range rows {
		for _, c := range r.Counts {
			if c.key == rowKey(row) && c.Hand == tx.Actor() {
				return p.note(tx, Counted{Row: c.Row, Hand: c.Hand, Struck: true})
			}
		}
	}
	return fault.Refuse("ballot.refusal.no-count").At("row")
}

// RuleRow decides what counts of a row where two tellers differ, with a reason.
func RuleRow(tx *store.Tx, c Counting, why string) error {
	p, err := handsPoll(tx, c.Poll, ofBureau, "rule")
	if err != nil {
		return err
	}
	if err := reason(why); err != nil {
		return err
	}
	if err := c.check(p); err != nil {
		return err
	}
	rows, err := Rows(tx, p.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rows, func(r Row) bool { return rowKey(r.Name) == rowKey(c.Row) })
	if i < 0 || len(rows[i].Counts) < tellers {
		return fault.Refuse("ballot.refusal.no-difference").At("row")
	}
	return p.note(tx, Counted{Row: rows[i].Name, Hand: bureau, Votes: handCount{c.For, c.Against, c.Abstain}, Why: why})
}

// handsPoll is an open vote by show of hands, for somebody who may.
func handsPoll(tx *store.Tx, id PollID, may func(Charges) bool, code string) (Poll, error) {
	p, err := openPoll(tx, id)
	if err != nil {
		return p, err
	}
	if err := charged(tx, p.Meeting, may, code); err != nil {
		return p, err
	}
	if p.Method != Hands {
		return p, fault.Refuse("ballot.refusal.not-hands")
	}
	return p, nil
}

// note writes a count after the last one of the same hand in the row.
func (p Poll) note(tx *store.Tx, c Counted) error {
	c.key = rowKey(c.Row)
	last, err := lastTurnOfRow(tx, p.ID, c.key, c.Hand)
	if err != nil {
		return err
	}
	if last >= MaxTurns {
		return fault.Refuse("ballot.refusal.turns", "limit", MaxTurns)
	}
	c.Turn, c.By, c.At = last+1, people.PersonID(tx.Actor()), tx.Now()
	if err := insertCount(tx, p.ID, c); err != nil {
		return err
	}
	if err := touch(tx, p.ID); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()}, Args: map[string]any{"number": p.Number}})
	return tx.Seal(sealCount, c.sealID(p.ID), c.canonical(p.ID))
}

// rowsOf sets counts side by side, row by row, in the order in which rows were first counted. A row whose counts were
// all taken back is no row.
func rowsOf(last []Counted) []Row {
	slices.SortStableFunc(last, func(a, b Counted) int { return cmp.Compare(a.At, b.At) })
	var rows []Row
	at := map[string]int{}
	for _, c := range last {
		if c.Struck {
			continue
		}
		i, found := at[c.key]
		if !found {
			i = len(rows)
			at[c.key] = i
			rows = append(rows, Row{Name: c.Row})
		}
		if c.Hand == bureau {
			rows[i].Ruled = &c
		} else {
			rows[i].Counts = append(rows[i].Counts, c)
		}
	}
	return slices.DeleteFunc(rows, func(r Row) bool { return len(r.Counts) == 0 })
}

// sumOf adds the rows up; it is refused while tellers differ in a row that the bureau has not decided.
func sumOf(rows []Row) (sum handCount, err error) {
	if len(rows) == 0 {
		return sum, fault.Refuse("ballot.refusal.nothing-counted")
	}
	differ := 0
	for _, r := range rows {
		c, agree := r.Votes()
		if !agree {
			differ++
		}
		sum = sum.plus(c)
	}
	if differ > 0 {
		return sum, fault.Refuse("ballot.refusal.rows-differ", "n", differ)
	}
	return sum, nil
}

// handsBallot is what a show of hands tells: votes; heads too where a vote is a head.
func (p Poll) handsBallot(_ vote.Roll, c handCount) vote.Ballot {
	b := vote.Ballot{Kind: vote.ByCounts, Votes: vote.Counted(c.For, c.Against, c.Abstain)}
	if p.Terms.Rule.Weight == vote.PerHead && p.Terms.Rule.Cap.Terms().Base == vote.CapNone {
		b.Heads = b.Votes
	}
	return b
}

// sealID orders the counts of a poll.
func (c Counted) sealID(poll PollID) string {
	return string(poll) + "." + c.key + "." + c.Hand + "." + pad(c.Turn)
}

// canonical is what is sealed of a count.
func (c Counted) canonical(poll PollID) []byte {
	return canonical(struct {
		Poll PollID `json:"poll"`
		Counted
	}{poll, c})
}
