package leaving

import (
	"embed"
	"encoding/json"
	"fmt"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "leaving", Schema: schema, Witnesses: []store.Witness{
	{Kind: "exit-step", Each: eachStep}, {Kind: "exit-test", Each: eachTest},
}}

const exitColumns = `id, number, cooperator, cause, arrived_on, effect_on, pay_by, evidence, state, cents, credit, turned`

var (
	qInsertExit = store.Q(`INSERT INTO leaving_exit (` + exitColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qUpdateExit = store.Q(`UPDATE leaving_exit SET effect_on = $2, pay_by = $3, state = $4, cents = $5, credit = $6, turned = $7
		WHERE id = $1`)
	qExit      = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE id = $1`)
	qByNumber  = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE number = $1`)
	qByCredit  = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE credit = $1`)
	qExits     = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit ORDER BY number DESC`)
	qExitsOf   = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE cooperator = $1 ORDER BY number DESC`)
	qQueue     = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE state = 'queued' ORDER BY effect_on, number`)
	qInsertLot = store.Q(`INSERT INTO leaving_lot (exit, lot, class, shares, paid, nominal) VALUES ($1, $2, $3, $4, $5, $6)`)
	qValueLot  = store.Q(`UPDATE leaving_lot SET net_assets = $3, cents = $4, bound = $5 WHERE exit = $1 AND lot = $2`)
	qLots      = store.Q(`SELECT lot, class, shares, paid, nominal, net_assets, cents, bound FROM leaving_lot WHERE exit = $1
		ORDER BY lot`)
	qLeaving = store.Q(`SELECT l.lot, CAST(SUM(l.shares) AS BIGINT) FROM leaving_lot l JOIN leaving_exit x ON x.id = l.exit
		WHERE x.cooperator = $1 AND x.state IN ('announced', 'proposed', 'answered', 'accepted') GROUP BY l.lot`)
	qLastPosition = store.Q(`SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) FROM leaving_step WHERE exit = $1`)
	qInsertStep   = store.Q(`INSERT INTO leaving_step (id, exit, position, state, day, decision, test, document, cents, why, author,
		at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qSteps = store.Q(`SELECT id, exit, position, state, day, decision, test, document, cents, why, author, at FROM leaving_step
		WHERE exit = $1 ORDER BY position`)
	qAllSteps = store.Q(`SELECT id, exit, position, state, day, decision, test, document, cents, why, author, at FROM leaving_step
		ORDER BY id`)
	qInsertTest = store.Q(`INSERT INTO leaving_test (id, day, decision, accounts_on, equity, unavailable, issued, accounts,
		liquidity, until_on, report, reasons, author, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`)
	qTests = store.Q(`SELECT id, day, decision, accounts_on, equity, unavailable, issued, accounts, liquidity, until_on, report,
		reasons, author, at FROM leaving_test ORDER BY id`)
	qTest = store.Q(`SELECT id, day, decision, accounts_on, equity, unavailable, issued, accounts, liquidity, until_on, report,
		reasons, author, at FROM leaving_test WHERE id = $1`)
	qOwedSince = store.Q(`SELECT CAST(COALESCE(SUM(x.cents), 0) AS BIGINT) FROM leaving_exit x WHERE x.id <> $2 AND EXISTS (
		SELECT 1 FROM leaving_step s JOIN leaving_test t ON t.id = s.test WHERE s.exit = x.id AND s.state = 'owed' AND t.day >= $1)`)
	qYear    = store.Q(`SELECT month, day FROM leaving_year ORDER BY at DESC LIMIT 1`)
	qSetYear = store.Q(`INSERT INTO leaving_year (at, month, day) VALUES ($1, $2, $3)`)
)

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func dayOrNull(d civil.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return raw
}

// label names the debt in the books of payments, in no language of its own.
func label(number int64) string { return fmt.Sprintf("Exit %d", number) }

func insertExit(tx *store.Tx, x Exit) error {
	_, err := tx.Exec(qInsertExit, string(x.ID), x.Number, int64(x.Cooperator), string(x.Cause), x.ArrivedOn, x.EffectOn,
		dayOrNull(x.PayBy), orNull(x.Evidence), string(x.State), int64(x.Cents), orNull(string(x.Credit)), int64(x.TurnedAt))
	for _, l := range x.Lots {
		if err == nil {
			_, err = tx.Exec(qInsertLot, string(x.ID), l.Lot.Lot, l.Class, l.Shares, int64(l.Paid), int64(l.Nominal))
		}
	}
	return err
}

func updateExit(tx *store.Tx, x Exit) error {
	_, err := tx.Exec(qUpdateExit, string(x.ID), x.EffectOn, dayOrNull(x.PayBy), string(x.State), int64(x.Cents),
		orNull(string(x.Credit)), int64(x.TurnedAt))
	return err
}

func valueLots(tx *store.Tx, x Exit) error {
	for _, l := range x.Lots {
		if _, err := tx.Exec(qValueLot, string(x.ID), l.Lot.Lot, int64(l.NetAssets), int64(l.Cents), string(l.By)); err != nil {
			return err
		}
	}
	return nil
}

func scanExit(row store.Row) (x Exit, err error) {
	var payBy, evidence, credit *string
	if err = row.Scan(&x.ID, &x.Number, &x.Cooperator, &x.Cause, &x.ArrivedOn, &x.EffectOn, &payBy, &evidence, &x.State, &x.Cents,
		&credit, &x.TurnedAt); err != nil {
		return x, err
	}
	x.Evidence, x.Credit = text(evidence), payment.CreditID(text(credit))
	if payBy != nil {
		x.PayBy, err = civil.Parse(*payBy)
	}
	return x, err
}

func scanLot(row store.Row) (l LotWorth, err error) {
	var netAssets, cents *int64
	var by *string
	if err = row.Scan(&l.Lot.Lot, &l.Class, &l.Shares, &l.Paid, &l.Nominal, &netAssets, &cents, &by); err != nil {
		return l, err
	}
	l.PaidUp, l.NominalAmount, l.By = l.Paid, money.Cents(l.Shares)*l.Nominal, Least(text(by))
	if cents != nil {
		l.Cents, l.NetAssets = money.Cents(*cents), money.Cents(*netAssets)
	}
	return l, nil
}

func withLots(r store.Reader, list []Exit, err error) ([]Exit, error) {
	for i := range list {
		if err == nil {
			list[i].Lots, err = store.List(r, qLots, scanLot, string(list[i].ID))
		}
	}
	return list, err
}

func found(r store.Reader, q store.Query, arg any) (Exit, error) {
	x, found, err := store.Find(r, q, scanExit, arg)
	if err == nil && !found {
		return x, fault.Refuse("leaving.refusal.unknown")
	}
	list, err := withLots(r, []Exit{x}, err)
	return list[0], err
}

// Get reads an exit; an unknown id is refused.
func Get(r store.Reader, id ExitID) (Exit, error) { return found(r, qExit, string(id)) }

// Numbered reads the exit with a number; an unknown one is refused.
func Numbered(r store.Reader, n int64) (Exit, error) { return found(r, qByNumber, n) }

// ByCredit is the exit whose debt a credit is; false when it is none.
func ByCredit(r store.Reader, id payment.CreditID) (Exit, bool, error) {
	return store.Find(r, qByCredit, scanExit, string(id))
}

// Exits are all exits, the latest first.
func Exits(r store.Reader) ([]Exit, error) {
	list, err := store.List(r, qExits, scanExit)
	return withLots(r, list, err)
}

// ExitsOf are those of a cooperator, the latest first.
func ExitsOf(r store.Reader, n register.Number) ([]Exit, error) {
	list, err := store.List(r, qExitsOf, scanExit, int64(n))
	return withLots(r, list, err)
}

// Queue are the exits whose debt waits, in the order in which they are paid.
func Queue(r store.Reader) ([]Exit, error) {
	list, err := store.List(r, qQueue, scanExit)
	return withLots(r, list, err)
}

// leavingLots is how many shares of each lot leave already, and have not left.
func leavingLots(r store.Reader, n register.Number) (map[register.MovementNumber]int64, error) {
	gone := map[register.MovementNumber]int64{}
	err := store.Each(r, qLeaving, func(row store.Row) error {
		var lot register.MovementNumber
		var shares int64
		if err := row.Scan(&lot, &shares); err != nil {
			return err
		}
		gone[lot] = shares
		return nil
	}, int64(n))
	return gone, err
}

// owedSince is what was owed by tests of a day or later, an exit left out: the accounts of those tests do not know of it.
func owedSince(r store.Reader, day civil.Date, but ExitID) (money.Cents, error) {
	n, err := store.One(r, qOwedSince, store.Number, day, string(but))
	return money.Cents(n), err
}

func (x Exit) keep(tx *store.Tx, s Step) error {
	last, err := store.One(tx, qLastPosition, store.Number, string(x.ID))
	if err != nil {
		return err
	}
	s.ID, s.Exit, s.Position, s.At, s.Author = tx.ID(), x.ID, last+1, tx.Now(), people.PersonID(tx.Actor())
	if s.Day.IsZero() {
		s.Day = tx.Today()
	}
	_, err = tx.Exec(qInsertStep, s.ID, string(s.Exit), s.Position, string(s.State), s.Day, orNull(string(s.Decision)),
		orNull(string(s.Test)), orNull(s.Document), int64(s.Cents), s.Why, orNull(string(s.Author)), int64(s.At))
	if err != nil {
		return err
	}
	return tx.Seal("exit-step", s.ID, encode(s))
}

func scanStep(row store.Row) (s Step, err error) {
	var decision, test, document, author *string
	err = row.Scan(&s.ID, &s.Exit, &s.Position, &s.State, &s.Day, &decision, &test, &document, &s.Cents, &s.Why, &author, &s.At)
	s.Decision, s.Test, s.Document = people.DecisionID(text(decision)), TestID(text(test)), text(document)
	s.Author = people.PersonID(text(author))
	return s, err
}

// Steps are what happened to an exit, in order.
func Steps(r store.Reader, id ExitID) ([]Step, error) {
	return store.List(r, qSteps, scanStep, string(id))
}

func eachStep(r store.Reader, fn func(id string, content []byte) error) error {
	return store.Each(r, qAllSteps, func(row store.Row) error {
		s, err := scanStep(row)
		if err != nil {
			return err
		}
		return fn(s.ID, encode(s))
	})
}

func insertTest(tx *store.Tx, t Test) error {
	liquidity := int64(0)
	if t.Tests.Liquidity {
		liquidity = 1
	}
	a := t.Tests.Assets
	_, err := tx.Exec(qInsertTest, string(t.ID), t.Day, string(t.Decision), a.On, int64(a.Equity), int64(t.Tests.Unavailable), a.Shares,
		orNull(t.Accounts), liquidity, t.UntilOn, orNull(t.Report), t.Reasons, orNull(string(t.Author)), int64(t.WrittenAt))
	if err != nil {
		return err
	}
	return tx.Seal("exit-test", string(t.ID), encode(t))
}

func scanTest(row store.Row) (t Test, err error) {
	var accounts, report, author *string
	var liquidity int64
	a := &t.Tests.Assets
	err = row.Scan(&t.ID, &t.Day, &t.Decision, &a.On, &a.Equity, &t.Tests.Unavailable, &a.Shares, &accounts, &liquidity, &t.UntilOn,
		&report, &t.Reasons, &author, &t.WrittenAt)
	t.Accounts, t.Report, t.Author = text(accounts), text(report), people.PersonID(text(author))
	t.Tests.Liquidity = liquidity == 1
	return t, err
}

// RecordedTests are the tests of the board, the oldest first.
func RecordedTests(r store.Reader) ([]Test, error) { return store.List(r, qTests, scanTest) }

// TestByID reads tests; an unknown id is refused.
func TestByID(r store.Reader, id TestID) (Test, error) {
	t, found, err := store.Find(r, qTest, scanTest, string(id))
	if err == nil && !found {
		err = fault.Refuse("leaving.refusal.no-test").By("CSA 6:115, 6:116").At("test")
	}
	return t, err
}

func eachTest(r store.Reader, fn func(id string, content []byte) error) error {
	return store.Each(r, qTests, func(row store.Row) error {
		t, err := scanTest(row)
		if err != nil {
			return err
		}
		return fn(string(t.ID), encode(t))
	})
}

// YearOf is the financial year of the house; that of the calendar unless another was set.
func YearOf(r store.Reader) (Year, error) {
	y, set, err := store.Find(r, qYear, func(row store.Row) (y Year, err error) { return y, row.Scan(&y.Month, &y.Day) })
	if err == nil && !set {
		y = CalendarYear
	}
	return y, err
}

// SetYear says on which day the financial year ends.
func SetYear(tx *store.Tx, y Year) error {
	if y.Month < 1 || y.Month > 12 || y.Day < 1 || y.Day > 31 {
		return fault.Refuse("leaving.refusal.year").At("year")
	}
	tx.Record(store.Line{Args: map[string]any{"month": y.Month, "day": y.Day}})
	_, err := tx.Exec(qSetYear, int64(tx.Now()), int64(y.Month), int64(y.Day))
	return err
}
