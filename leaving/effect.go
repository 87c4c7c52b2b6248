package leaving

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// Test is the two tests before a payment as the board recorded them, with their papers.
type Test struct {
	ID        TestID
	Day       civil.Date
	Decision  people.DecisionID
	Tests     Tests
	Accounts  string     // the approved accounts, or the newer statement: id of a document
	UntilOn   civil.Date // to which the statement on liquidity looks: twelve months at least
	Report    string     // the board's written statement: id of a document
	Reasons   string
	Author    people.PersonID
	WrittenAt civil.Instant
}

// liquidityMonths is how far the board must look (CSA 6:116).
const liquidityMonths = 12

// RecordTest keeps the two tests, by a decision of the board, with the accounts that they rest on.
func RecordTest(tx *store.Tx, t Test) (TestID, error) {
	d, err := people.GetDecision(tx, t.Decision)
	if err != nil {
		return "", err
	}
	body, err := people.GetBody(tx, d.Body)
	if err != nil {
		return "", err
	}
	var rs fault.Refusals
	if body.Kind != people.Board {
		rs = append(rs, fault.Refuse("leaving.refusal.test-board").By("CSA 6:115, 6:116").At("decision"))
	}
	if t.Day.IsZero() {
		t.Day = tx.Today()
	}
	if !t.Day.IsDay() || t.Day.After(tx.Today()) {
		rs = append(rs, fault.Refuse("leaving.refusal.day").At("day"))
	}
	if a := t.Tests.Assets; !a.On.IsDay() || a.On.After(t.Day) {
		rs = append(rs, fault.Refuse("leaving.refusal.accounts-on").By("CSA 6:115").At("accounts-on"))
	} else if t.Tests.Assets.Shares, err = register.IssuedOn(tx, a.On, tx.Today()); err != nil {
		return "", err
	} else if t.Tests.Assets.Shares == 0 {
		rs = append(rs, fault.Refuse("leaving.refusal.no-accounts").By("CSA 6:120").At("accounts-on"))
	}
	if t.Tests.Unavailable < 0 {
		rs = append(rs, fault.Refuse("leaving.refusal.unavailable").At("unavailable"))
	}
	if t.UntilOn.Before(t.Day.AddMonths(liquidityMonths)) {
		rs = append(rs, fault.Refuse("leaving.refusal.until", "least", t.Day.AddMonths(liquidityMonths)).By("CSA 6:116").
			At("until"))
	}
	if t.Reasons = strings.TrimSpace(t.Reasons); t.Reasons == "" || len([]rune(t.Reasons)) > MaxWhy {
		rs = append(rs, fault.Refuse("leaving.refusal.test-reasons", "limit", MaxWhy).By("CSA 6:116").At("reasons"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	t.ID, t.Author, t.WrittenAt = TestID(tx.ID()), people.PersonID(tx.Actor()), tx.Now()
	tx.Record(store.Line{About: []store.Ref{t.ID.Ref()}, Args: map[string]any{"accounts_on": t.Tests.Assets.On.String(),
		"equity_cents": int64(t.Tests.Assets.Equity)}})
	tx.Answer(string(t.ID))
	return t.ID, insertTest(tx, t)
}

// Weighed is what an exit would come to on its day: the worth of its lots and the two tests.
type Weighed struct {
	Lots      []LotWorth
	Cents     money.Cents
	Before    money.Cents // owed since those accounts, and waiting in the queue: it comes first
	Waiting   int         // exits in the queue; while there are any, a new one stands behind them
	NetAssets Verdict
	Liquidity Verdict
}

// Payable says that nothing holds the debt back.
func (w Weighed) Payable() bool { return w.NetAssets.Passed && w.Liquidity.Passed && w.Waiting == 0 }

// Weigh says what an exit comes to by tests of the board, those that wait before it counted. Nothing is written.
func Weigh(r store.Reader, x Exit, t Test) (w Weighed, err error) {
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return w, err
	}
	e, _ := rules.Exit()
	lots, err := x.lotsNow(r)
	if err != nil {
		return w, err
	}
	if w.Lots, w.Cents, err = Worth(e.Value, lots, t.Tests.Assets); err != nil {
		return w, err
	}
	if w.Before, err = owedSince(r, t.Day, x.ID); err != nil {
		return w, err
	}
	queue, err := Queue(r)
	if err != nil {
		return w, err
	}
	for _, q := range queue {
		if q.ID != x.ID {
			w.Before, w.Waiting = w.Before+q.Cents, w.Waiting+1
		}
	}
	w.NetAssets, w.Liquidity = t.Tests.NetAssetTest(w.Before+w.Cents), t.Tests.LiquidityTest()
	return w, nil
}

// lotsNow are the lots that are still to leave, with what is paid on them by now. Shares that went elsewhere meanwhile,
// or that were split, are refused: the register knows nothing of exits.
func (x Exit) lotsNow(r store.Reader) (lots []Lot, err error) {
	var held []register.LotHolding
	if x.State.Pending() {
		if held, err = register.HoldingsOf(r, x.Cooperator, r.Today(), r.Today()); err != nil {
			return nil, err
		}
	}
	for _, l := range x.Lots {
		if l.Shares == 0 {
			continue
		}
		if x.State.Pending() {
			i := slices.IndexFunc(held, func(h register.LotHolding) bool { return l.of(int64(h.Lot), string(h.Class)) })
			if i < 0 || held[i].Shares < l.Shares {
				return nil, fault.Refuse("leaving.refusal.gone", "lot", l.Lot.Lot, "number", x.Number).By("CSA 6:24")
			}
			class, err := register.ClassOf(r, held[i].Class)
			if err != nil {
				return nil, err
			}
			if class.Nominal != l.Nominal {
				return nil, fault.Refuse("leaving.refusal.gone", "lot", l.Lot.Lot, "number", x.Number).By("CSA 6:24")
			}
			l.Paid = part(held[i].Paid, l.Shares, held[i].Shares)
		}
		lots = append(lots, l.Lot)
	}
	return lots, nil
}

// TakeEffect lets the shares leave on their day: they are redeemed, their worth is settled, and the debt is owed or
// waits in the queue, as the tests say. Shares that were passed on before are none of it.
func TakeEffect(tx *store.Tx, id ExitID, test TestID) error {
	x, err := Get(tx, id)
	if err != nil {
		return err
	}
	if err := x.mayTakeEffect(tx.Today()); err != nil {
		return err
	}
	if err := x.handsOnNothing(tx); err != nil {
		return err
	}
	t, err := TestByID(tx, test)
	if err != nil {
		return err
	}
	decision, err := x.decision(tx)
	if err != nil {
		return err
	}
	w, err := Weigh(tx, x, t)
	if err != nil {
		return err
	}
	err = tx.Quietly(func() error {
		for i, l := range w.Lots {
			ms, err := register.Redeem(tx, register.Redemption{Cooperator: x.Cooperator, Class: register.ClassID(l.Class),
				Lot: register.MovementNumber(l.Lot.Lot), Shares: l.Shares, Exit: x.Number,
				Detail: register.Detail{Effective: x.EffectOn, Evidence: x.Evidence, Decision: decision}})
			if err != nil {
				return err
			}
			w.Lots[i].Movement = ms[0].Number
		}
		return nil
	})
	if err != nil {
		return err
	}
	x.Lots, x.Cents = w.Lots, w.Cents
	if err := valueLots(tx, x); err != nil {
		return err
	}
	return x.settle(tx, t, w)
}

// decision is the latest that the exit rests on; empty when there is none.
func (x Exit) decision(r store.Reader) (id people.DecisionID, err error) {
	steps, err := Steps(r, x.ID)
	for _, s := range steps {
		if s.Decision != "" {
			id = s.Decision
		}
	}
	return id, err
}

// settle owes the debt, or lets it wait.
func (x *Exit) settle(tx *store.Tx, t Test, w Weighed) error {
	switch {
	case x.Cents == 0:
		return x.turn(tx, Step{State: Paid, Day: x.EffectOn, Test: t.ID})
	case !w.Payable():
		x.PayBy = civil.Date{}
		return x.turn(tx, Step{State: Queued, Day: x.EffectOn, Test: t.ID, Cents: x.Cents})
	}
	return x.owe(tx, Step{State: Owed, Day: x.EffectOn, Test: t.ID, Cents: x.Cents})
}

// owe writes the debt into the books of payments; after a death that is done for each heir, once their file is whole.
func (x *Exit) owe(tx *store.Tx, s Step) error {
	rules, err := bylaws.On(tx, tx.Today())
	if err != nil {
		return err
	}
	e, _ := rules.Exit()
	from := x.EffectOn
	if s.Day.After(from) {
		from = s.Day
	}
	x.PayBy = PayBy(e.ExitPayment, from)
	if x.Cause == Death {
		return x.turn(tx, s)
	}
	c, err := register.CooperatorNumbered(tx, x.Cooperator)
	if err != nil {
		return err
	}
	if x.Credit, err = x.oweTo(tx, c.Person, x.Cents, from, x.PayBy); err != nil {
		return err
	}
	return x.turn(tx, s)
}

// oweTo writes one debt, in words of who gets it.
func (x Exit) oweTo(tx *store.Tx, to people.PersonID, cents money.Cents, from, by civil.Date) (id payment.CreditID,
	err error) {
	who, err := people.Standing(tx, to)
	if err != nil {
		return "", err
	}
	err = tx.Quietly(func() (err error) {
		id, err = payment.Owe(tx, payment.Credit{Person: to, Cents: cents, Reason: payment.Exit, Subject: x.ID.Ref(),
			Label: printer(who.Lang).T("leaving.label", "number", x.Number), OwedOn: from, PayBy: by})
		return err
	})
	return id, err
}

// Release lets the debts that wait be paid, the oldest first, as new tests allow: as far as the net assets reach, and
// none when the board does not state its liquidity.
func Release(tx *store.Tx, test TestID) (released int, err error) {
	t, err := TestByID(tx, test)
	if err != nil {
		return 0, err
	}
	if v := t.Tests.LiquidityTest(); !v.Passed {
		return 0, fault.Refuse("leaving.refusal.liquidity").By(v.Article)
	}
	queue, err := Queue(tx)
	if err != nil {
		return 0, err
	}
	before, err := owedSince(tx, t.Day, "")
	if err != nil {
		return 0, err
	}
	for _, x := range queue {
		if v := t.Tests.NetAssetTest(before + x.Cents); !v.Passed {
			break
		}
		before += x.Cents
		if err := x.owe(tx, Step{State: Owed, Day: tx.Today(), Test: t.ID, Cents: x.Cents}); err != nil {
			return released, err
		}
		released++
	}
	if released == 0 && len(queue) > 0 {
		return 0, fault.Refuse("leaving.refusal.net-assets").By("CSA 6:115")
	}
	tx.Record(store.Line{About: []store.Ref{t.ID.Ref()}, Args: map[string]any{"n": released}})
	return released, nil
}

func (x Exit) mayTakeEffect(day civil.Date) error {
	switch {
	case x.State == Accepted || x.State == Announced && (x.Cause.ByLaw() || x.Cause == Resignation):
	default:
		return x.refuse("leaving.refusal.not-accepted")
	}
	if x.EffectOn.After(day) {
		return fault.Refuse("leaving.refusal.not-yet", "on", x.EffectOn).By(x.Cause.Article())
	}
	return nil
}
