package register

import (
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
)

// Correct mends a movement by an opposite entry that names it and says why; nothing is rewritten. The entry takes
// effect on the day of the movement that it mends; it is recorded today, so that one can still ask what was believed
// before.
func Correct(tx *store.Tx, c Correction) ([]Movement, error) {
	standing, err := StandingOf(tx, c.Movement)
	if err != nil {
		return nil, err
	}
	ms, err := standing.correct(c)
	if err != nil {
		return nil, err
	}
	class, err := ClassOf(tx, ms[0].Class)
	if err != nil {
		return nil, err
	}
	var accounts []*account
	var about []store.Ref
	for _, m := range ms {
		a, err := readAccount(tx, m.Cooperator, class)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, &a)
		holder, err := CooperatorNumbered(tx, m.Cooperator)
		if err != nil {
			return nil, err
		}
		about = append(about, holder.Person.Ref())
	}
	before := standing.Halves[0]
	ms, err = writeWhole(tx, ms, accounts...)
	if err != nil {
		return nil, err
	}
	about = append(append(about, class.ID.Ref()), refs(ms)...)
	tx.Record(store.Line{About: append(about, c.Movement.Ref()), Args: map[string]any{
		"shares_was": standing.Shares, "shares_is": c.Shares,
		"paid_was_cents": int64(standing.Paid), "paid_is_cents": int64(c.Paid),
		"corrected": c.Movement.String(), "effective_on": before.Effective.String()}})
	return ms, nil
}

// Standing is what a movement is worth after the corrections so far: Shares and Paid without sign.
type Standing struct {
	Halves []Movement // the movement; for a transfer the giving half, then the taking one
	Shares int64
	Paid   money.Cents
}

// StandingOf reads a movement with its corrections. A correction itself stands for nothing: it is the movement mended
// that one corrects again.
func StandingOf(r store.Reader, n MovementNumber) (Standing, error) {
	m, err := MovementNumbered(r, n)
	if err != nil {
		return Standing{}, err
	}
	if m.Kind == Corrected {
		return Standing{}, fault.Refuse("register.refusal.correct-original", "number", n.String(), "original",
			m.Corrects.String()).At("movement")
	}
	s := Standing{Halves: []Movement{m}}
	if m.Pair != 0 {
		if s.Halves, err = store.List(r, qPair, scanMovement, int64(m.Pair)); err != nil {
			return Standing{}, err
		}
		fault.Must(len(s.Halves) == 2, "transfer %d has %d halves", m.Pair, len(s.Halves))
	}
	first := s.Halves[0]
	mended, err := store.One(r, qMended, scanFigures, int64(first.Number))
	if err != nil {
		return Standing{}, err
	}
	s.Shares, s.Paid = abs(first.Shares+mended.shares), money.Cents(abs(int64(first.Paid+mended.paid)))
	return s, nil
}

// correct makes the opposite entries.
func (s Standing) correct(c Correction) ([]Movement, error) {
	why, refusals := tidy("why", c.Why, maxGround, true)
	evidence, more := tidy("evidence", c.Evidence, maxEvidence, false)
	refusals = append(refusals, more...)
	first := s.Halves[0]
	switch {
	case c.Shares < 0 || c.Shares > MaxShares:
		refusals = append(refusals, fault.Refuse("register.refusal.share-count", "limit", MaxShares).At("shares"))
	case c.Paid < 0 || c.Paid > money.Max:
		refusals = append(refusals, fault.Refuse("register.refusal.paid-bounds", "limit", money.Max).At("paid"))
	case first.Kind == Paid && c.Shares != 0:
		refusals = append(refusals, fault.Refuse("register.refusal.payment-without-shares").At("shares"))
	case c.Shares == s.Shares && c.Paid == s.Paid:
		refusals = append(refusals, fault.Refuse("register.refusal.correction-changes-nothing", "number",
			first.Number.String()).At("shares"))
	}
	if err := refusals.Err(); err != nil {
		return nil, err
	}
	var ms []Movement
	for _, half := range s.Halves {
		sign := int64(1)
		if half.Shares < 0 || half.Paid < 0 {
			sign = -1
		}
		m := Movement{Kind: Corrected, Cooperator: half.Cooperator, Class: half.Class, Lot: half.Lot,
			Shares: sign * (c.Shares - s.Shares),
			Paid:   money.Cents(sign) * (c.Paid - s.Paid), Effective: half.Effective, Ground: why, Evidence: evidence,
			Counterpart: half.Counterpart, Corrects: half.Number}
		if half.Pair != 0 {
			m.Pair = -1
		}
		ms = append(ms, m)
	}
	return ms, nil
}

func abs(n int64) int64 { return max(n, -n) }
