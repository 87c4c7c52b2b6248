package register

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Correct mends a movement by an opposite entry that names it and says why; nothing is rewritten. The entry takes
// effect on the day of the movement that it mends; it is recorded today, so that one can still ask what was believed
// before.
func Correct(tx *store.Tx, c Correction) ([]Movement, error) {
	standing, err := StandingOf(tx, c.Movement)
	if err == nil {
		err = mayBeMended(tx, standing.Halves[0].Operation, 0)
	}
	if err != nil {
		return nil, err
	}
	ms, err := standing.correct(c)
	if err != nil {
		return nil, err
	}
	ms, about, err := writeCorrected(tx, ms)
	if err != nil {
		return nil, err
	}
	before := standing.Halves[0]
	tx.Record(store.Line{About: append(append(about, refs(ms)...), c.Movement.Ref()), Args: map[string]any{
		"shares_was": standing.Shares, "shares_is": c.Shares,
		"paid_was_cents": int64(standing.Paid), "paid_is_cents": int64(c.Paid),
		"corrected": c.Movement.String(), "effective_on": before.Effective.String()}})
	return ms, nil
}

// writeCorrected writes opposite entries and names whom and which classes they are about.
func writeCorrected(tx *store.Tx, ms []Movement) (written []Movement, about []store.Ref, err error) {
	w, err := worthOf(tx, everything)
	if err != nil {
		return nil, nil, err
	}
	var accounts []*account
	var classes []store.Ref
	for _, m := range ms {
		if slices.ContainsFunc(accounts, func(a *account) bool { return a.holder == m.Cooperator && a.class == m.Class }) {
			continue
		}
		a, err := readAccount(tx, m.Cooperator, m.Class, w)
		if err == nil {
			err = a.bind(tx, 0)
		}
		if err != nil {
			return nil, nil, err
		}
		accounts = append(accounts, &a)
		holder, err := CooperatorNumbered(tx, m.Cooperator)
		if err != nil {
			return nil, nil, err
		}
		if ref := holder.Person.Ref(); !slices.Contains(about, ref) {
			about = append(about, ref)
		}
		if ref := m.Class.Ref(); !slices.Contains(classes, ref) {
			classes = append(classes, ref)
		}
	}
	written, err = writeWhole(open(tx), ms, accounts...)
	return written, append(about, classes...), err
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
	if m.Kind.splits() {
		return Standing{}, fault.Refuse("register.refusal.correct-split", "number", n.String(), "operation",
			m.Operation.String()).At("movement")
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
		shares := c.Shares - s.Shares
		if whole := abs(first.Shares); abs(half.Shares) != whole { // the other half of a conversion
			if shares*abs(half.Shares)%whole != 0 {
				return nil, fault.Refuse("register.refusal.convert-fraction", "shares", c.Shares, "from", whole, "into",
					abs(half.Shares)).At("shares").By("CSA 6:24")
			}
			shares = shares * abs(half.Shares) / whole
		}
		m := Movement{Kind: Corrected, Cooperator: half.Cooperator, Class: half.Class, Lot: half.Lot,
			Shares: sign * shares,
			Paid:   money.Cents(sign) * (c.Paid - s.Paid), Effective: half.Effective, Ground: why, Evidence: evidence,
			Counterpart: half.Counterpart, Corrects: half.Number, Decision: c.Decision}
		if half.Pair != 0 {
			m.Pair = -1
		}
		ms = append(ms, m)
	}
	return ms, nil
}

// Undoing takes a whole operation back.
type Undoing struct {
	Movement MovementNumber // any movement of the operation
	Why      string         // required; it names nobody
	Evidence string
	Decision people.DecisionID
	Exit     int64 // the number of the exit that is undone with it; 0 when it is none
}

// Undo takes an operation back by opposite entries, over all lots that it touched: an issue, a payment, a transfer, a
// conversion, a redemption, a split. What came after must still be possible without it.
func Undo(tx *store.Tx, u Undoing) ([]Movement, error) {
	m, err := MovementNumbered(tx, u.Movement)
	if err != nil {
		return nil, err
	}
	if err := mayBeMended(tx, m.Operation, u.Exit); err != nil {
		return nil, err
	}
	all, err := store.List(tx, qOperation, scanMovement, int64(m.Operation))
	if err != nil {
		return nil, err
	}
	var ms []Movement
	if all[0].Kind.splits() {
		ms, err = u.split(tx, all[0])
	} else {
		ms, err = u.opposites(tx, all)
	}
	if err != nil {
		return nil, err
	}
	written, about, err := u.write(tx, all[0], ms)
	if err != nil {
		return nil, err
	}
	if len(about) > maxAbout {
		about = []store.Ref{all[0].Class.Ref()}
	}
	tx.Record(store.Line{About: append(about, all[0].Number.Ref(), written[0].Number.Ref()), Args: map[string]any{
		"operation": m.Operation.String(), "kind": string(all[0].Kind), "n": len(written),
		"effective_on": all[0].Effective.String()}})
	return written, nil
}

// maxAbout is how many objects the line of an undoing names; a split that is taken back is about its class alone.
const maxAbout = 60

func (u Undoing) write(tx *store.Tx, first Movement, ms []Movement) ([]Movement, []store.Ref, error) {
	if !first.Kind.splits() {
		return writeCorrected(tx, ms)
	}
	rows, err := store.List(tx, qNominals, scanNominal, int64(everything))
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(rows, func(n nominalRow) bool { return n.operation == first.Operation })
	fault.Must(i >= 0, "operation %d has no nominal amount", first.Operation)
	was := rows[i]
	written, err := write(tx, ms)
	if err == nil {
		err = insertNominal(tx, nominalRow{operation: written[0].Operation, class: was.class, since: was.since,
			before: was.nominal, nominal: was.before, undoes: was.operation})
	}
	if err != nil {
		return nil, nil, err
	}
	return written, []store.Ref{was.class.Ref()}, wholeAgain(tx, written)
}

// wholeAgain refuses what an undone split would leave: lots that on some day are not possible any more.
func wholeAgain(tx *store.Tx, ms []Movement) error {
	w, err := worthOf(tx, everything)
	if err != nil {
		return err
	}
	seen := map[Number]bool{}
	for _, m := range ms {
		if seen[m.Cooperator] {
			continue
		}
		seen[m.Cooperator] = true
		a, err := readAccount(tx, m.Cooperator, m.Class, w)
		if err == nil {
			err = a.whole()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// opposites are the opposite entries of an operation, each movement back to nothing. What followed a split goes with
// the movement that it followed.
func (u Undoing) opposites(tx *store.Tx, all []Movement) (ms []Movement, err error) {
	for _, m := range all {
		if m.Kind.splits() || m.Pair != 0 && m.Pair != m.Number {
			continue
		}
		standing, err := StandingOf(tx, m.Number)
		if err != nil {
			return nil, err
		}
		if standing.Shares == 0 && standing.Paid == 0 {
			continue // mended to nothing before
		}
		opposite, err := standing.correct(Correction{Movement: m.Number, Why: u.Why, Evidence: u.Evidence,
			Decision: u.Decision})
		if err != nil {
			return nil, err
		}
		for i := range opposite {
			if opposite[i].Pair != 0 {
				opposite[i].Pair = -MovementNumber(len(ms) + 1)
			}
		}
		ms = append(ms, opposite...)
	}
	if len(ms) == 0 {
		err = fault.Refuse("register.refusal.undone", "operation", all[0].Operation.String()).At("movement")
	}
	return ms, err
}

// split are the opposite entries of a split or consolidation: of all that followed it, also later. No other movement of
// the class may have come into effect since, because it was told in the new shares.
func (u Undoing) split(tx *store.Tx, first Movement) ([]Movement, error) {
	why, refusals := tidy("why", u.Why, maxGround, true)
	evidence, more := tidy("evidence", u.Evidence, maxEvidence, false)
	if err := append(refusals, more...).Err(); err != nil {
		return nil, err
	}
	class, err := ClassOf(tx, first.Class)
	if err == nil {
		err = mayChange(tx, class)
	}
	if err != nil {
		return nil, err
	}
	w, err := worthOf(tx, everything)
	if err != nil {
		return nil, err
	}
	if last := w[first.Class][len(w[first.Class])-1]; last.operation != first.Operation {
		return nil, fault.Refuse("register.refusal.undone", "operation", first.Operation.String()).At("movement")
	}
	followed, err := store.List(tx, qSplits, scanMovement, string(first.Class), first.Day.String())
	if err != nil {
		return nil, err
	}
	since, err := store.One(tx, qFromDayOn, store.Number, string(first.Class), first.Day.String())
	if err != nil {
		return nil, err
	}
	mended, err := store.One(tx, qMendedSplits, store.Number, string(first.Class), first.Day.String())
	if err != nil {
		return nil, err
	}
	if other := since - int64(len(followed)) - 2*mended; other > 0 {
		return nil, fault.Refuse("register.refusal.undo-split", "class", string(first.Class), "day", first.Day, "n", other).
			At("movement").By("CSA 6:25")
	}
	ms := make([]Movement, len(followed))
	for i, m := range followed {
		ms[i] = Movement{Kind: Corrected, Cooperator: m.Cooperator, Class: m.Class, Lot: m.Lot, Shares: -m.Shares,
			Effective: m.Effective, Ground: why, Evidence: evidence, Corrects: m.Number, Decision: u.Decision}
	}
	return ms, nil
}

func abs(n int64) int64 { return max(n, -n) }

// OperationOf lists the movements of the operation to which a movement belongs, by number.
func OperationOf(r store.Reader, n MovementNumber) ([]Movement, error) {
	m, err := MovementNumbered(r, n)
	if err != nil {
		return nil, err
	}
	return store.List(r, qOperation, scanMovement, int64(m.Operation))
}
