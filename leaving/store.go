package leaving

import (
	"embed"
	"encoding/json"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "leaving", Schema: schema, Witnesses: []store.Witness{
	{Kind: "exit", Each: eachExit}, {Kind: "exit-step", Each: eachStep}, {Kind: "exit-test", Each: eachTest},
	{Kind: "exit-heir", Each: eachHeir}, {Kind: "exit-paper", Each: eachPaper}, {Kind: "exit-passing", Each: eachPassing},
	{Kind: "exit-stand", Each: eachStand}, {Kind: "exit-lot", Each: eachLotFact},
	{Kind: "exit-outcome", Each: eachOutcome},
}, Checks: []func(store.Reader, func(store.Finding)) error{checkStanding}}

const exitColumns = `id, number, cooperator, cause, arrived_on, effect_on, pay_by, evidence, state, cents, credit,
	turned`

const stepColumns = `id, exit, position, state, day, decision, test, document, cents, why, salt, promise, author, at`

// pending are the states in which an exit has not taken effect and may still do so.
const pending = `('announced', 'proposed', 'answered', 'accepted')`

// boundColumns are the shares of lots that leave and have not left: those that are to be taken back, and those that are
// promised to somebody who has not paid.
const boundColumns = `SELECT x.number, x.cause, x.effect_on, x.cooperator, l.lot, l.class, l.nominal,
	CASE WHEN x.state IN ` + pending + ` THEN l.shares ELSE 0 END + CAST(COALESCE((SELECT SUM(p.shares)
		FROM leaving_passing p WHERE p.exit = l.exit AND p.lot = l.lot AND p.class IN ('', l.class)
		AND p.movement IS NULL AND p.voided IS NULL), 0)
		AS BIGINT)
	FROM leaving_lot l JOIN leaving_exit x ON x.id = l.exit`

var (
	qInsertExit = store.Q(`INSERT INTO leaving_exit (` + exitColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qUpdateExit = store.Q(`UPDATE leaving_exit SET effect_on = $2, pay_by = $3, state = $4, cents = $5, credit = $6, turned
		= $7
		WHERE id = $1`)
	qExit      = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE id = $1`)
	qByNumber  = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE number = $1`)
	qByCredit  = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE credit = $1`)
	qExits     = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit ORDER BY number DESC`)
	qExitsOf   = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE cooperator = $1 ORDER BY number DESC`)
	qQueue     = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit WHERE state = 'queued' ORDER BY effect_on, number`)
	qInsertLot = store.Q(`INSERT INTO leaving_lot (exit, lot, class, announced, shares, passed, paid, nominal)
		VALUES ($1, $2, $3, $4, $4, 0, $5, $6)`)
	qValueLot = store.Q(`UPDATE leaving_lot SET net_assets = $3, cents = $4, bound = $5, movement = $6, paid = $7
		WHERE exit = $1 AND lot = $2 AND class = $8`)
	qPassLot = store.Q(`UPDATE leaving_lot SET shares = shares - $3, passed = passed + $3, paid = paid - $4
		WHERE exit = $1 AND lot = $2 AND $5 IN ('', class)`)
	qLots = store.Q(`SELECT lot, class, shares, paid, nominal, net_assets, cents, bound, announced, passed, movement
		FROM leaving_lot WHERE exit = $1 ORDER BY lot, class`)
	qBoundOf = store.Q(boundColumns + ` WHERE x.cooperator = $1 ORDER BY x.number, l.lot, l.class`)
	qBound   = store.Q(boundColumns + ` WHERE x.state IN ` + pending + ` OR EXISTS (SELECT 1 FROM leaving_passing p
		WHERE p.exit = x.id AND p.movement IS NULL AND p.voided IS NULL) ORDER BY x.number, l.lot, l.class`)
	qRestsOnLot = store.Q(`SELECT x.number, x.cause FROM leaving_lot l JOIN leaving_exit x ON x.id = l.exit
		WHERE l.movement = $1 AND x.state IN ('queued', 'owed', 'paid', 'passed')`)
	qRestsOnPassing = store.Q(`SELECT x.number, x.cause FROM leaving_passing p JOIN leaving_exit x ON x.id = p.exit
		WHERE p.movement = $1`)
	qLastPosition = store.Q(`SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) FROM leaving_step WHERE exit = $1`)
	qInsertStep   = store.Q(`INSERT INTO leaving_step (` + stepColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`)
	qSteps     = store.Q(`SELECT ` + stepColumns + ` FROM leaving_step WHERE exit = $1 ORDER BY position`)
	qAllSteps  = store.Q(`SELECT ` + stepColumns + ` FROM leaving_step ORDER BY id`)
	qForgetWhy = store.Q(`UPDATE leaving_step SET why = '', salt = NULL WHERE exit IN (
		SELECT x.id FROM leaving_exit x JOIN register_cooperator c ON c.number = x.cooperator WHERE c.person = $1)`)
	qForgetIBAN = store.Q(`UPDATE leaving_heir SET iban = '', salt = NULL WHERE person = $1`)
	qExitsByID  = store.Q(`SELECT ` + exitColumns + ` FROM leaving_exit ORDER BY id`)
	qInsertTest = store.Q(`INSERT INTO leaving_test (id, day, decision, accounts_on, equity, unavailable, issued, accounts,
		liquidity, until_on, report, reasons, author, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`)
	qTests = store.Q(`SELECT id, day, decision, accounts_on, equity, unavailable, issued, accounts, liquidity, until_on,
		report,
		reasons, author, at FROM leaving_test ORDER BY id`)
	qTest = store.Q(`SELECT id, day, decision, accounts_on, equity, unavailable, issued, accounts, liquidity, until_on,
		report,
		reasons, author, at FROM leaving_test WHERE id = $1`)
	qOwedSince = store.Q(`SELECT CAST(COALESCE(SUM(x.cents), 0) AS BIGINT) FROM leaving_exit x WHERE x.id <> $2
		AND EXISTS (
		SELECT 1 FROM leaving_step s JOIN leaving_test t ON t.id = s.test WHERE s.exit = x.id AND s.state = 'owed'
		AND t.day >= $1)`)
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

func insertExit(tx *store.Tx, x Exit) error {
	_, err := tx.Exec(qInsertExit, string(x.ID), x.Number, int64(x.Cooperator), string(x.Cause), x.ArrivedOn, x.EffectOn,
		dayOrNull(x.PayBy), orNull(x.Evidence), string(x.State), int64(x.Cents), orNull(string(x.Credit)), int64(x.TurnedAt))
	for _, l := range x.Lots {
		if err == nil {
			_, err = tx.Exec(qInsertLot, string(x.ID), l.Lot.Lot, l.Class, l.Shares, int64(l.Paid), int64(l.Nominal))
		}
		if err == nil {
			err = keepLotFact(tx, lotFact{Exit: x.ID, Lot: l.Lot.Lot, Fact: factAnnounced, Shares: l.Shares, Paid: l.Paid,
				Nominal: l.Nominal, Class: l.Class})
		}
	}
	if err != nil {
		return err
	}
	return tx.Seal("exit", string(x.ID), x.canonical())
}

// eachExit makes the sealed bytes of every exit again.
func eachExit(r store.Reader, fn func(id string, content []byte) error) error {
	list, err := store.List(r, qExitsByID, scanExit)
	if err != nil {
		return err
	}
	list, err = withLots(r, list, nil)
	for _, x := range list {
		if err == nil {
			err = fn(string(x.ID), x.canonical())
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
		if l.Movement == 0 {
			continue
		}
		if _, err := tx.Exec(qValueLot, string(x.ID), l.Lot.Lot, int64(l.NetAssets), int64(l.Cents), string(l.By),
			int64(l.Movement), int64(l.Paid), l.Class); err != nil {
			return err
		}
		f := lotFact{Exit: x.ID, Lot: l.Lot.Lot, Fact: factWorth, Shares: l.Shares, Paid: l.Paid, Nominal: l.Nominal,
			NetAssets: l.NetAssets, Cents: l.Cents, Bound: l.By, Movement: l.Movement, Class: l.Class}
		if err := keepLotFact(tx, f); err != nil {
			return err
		}
	}
	return nil
}

func scanExit(row store.Row) (x Exit, err error) {
	var payBy, evidence, credit *string
	if err = row.Scan(&x.ID, &x.Number, &x.Cooperator, &x.Cause, &x.ArrivedOn, &x.EffectOn, &payBy, &evidence, &x.State,
		&x.Cents,
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
	var netAssets, cents, movement *int64
	var by *string
	if err = row.Scan(&l.Lot.Lot, &l.Class, &l.Shares, &l.Paid, &l.Nominal, &netAssets, &cents, &by, &l.Announced,
		&l.Passed, &movement); err != nil {
		return l, err
	}
	l.PaidUp, l.NominalAmount, l.By = l.Paid, money.Cents(l.Shares)*l.Nominal, Least(text(by))
	if cents != nil {
		l.Cents = money.Cents(*cents)
	}
	if netAssets != nil {
		l.NetAssets = money.Cents(*netAssets)
	}
	if movement != nil {
		l.Movement = register.MovementNumber(*movement)
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

// Bound are the shares of a cooperator that leave and have not left, promised ones too; those of everybody for the
// number 0. It is for register.Hooks.Bound.
func Bound(r store.Reader, n register.Number) (list []register.Bound, err error) {
	q, args := qBoundOf, []any{int64(n)}
	if n == 0 {
		q, args = qBound, nil
	}
	err = store.Each(r, q, func(row store.Row) error {
		var b register.Bound
		var cause Cause
		err := row.Scan(&b.Exit, &cause, &b.On, &b.Holder, &b.Lot, &b.Class, &b.Nominal, &b.Shares)
		if b.Article = cause.Article(); b.Shares > 0 {
			list = append(list, b)
		}
		return err
	}, args...)
	return list, err
}

// RestsOn finds the exit that stands and by which a movement of the register was written: shares taken back or handed
// on. It is for register.Hooks.RestsOn.
func RestsOn(r store.Reader, n register.MovementNumber) (exit int64, article string, found bool, err error) {
	for _, q := range []store.Query{qRestsOnLot, qRestsOnPassing} {
		err = store.Each(r, q, func(row store.Row) error {
			var cause Cause
			err := row.Scan(&exit, &cause)
			found, article = true, cause.Article()
			return err
		}, int64(n))
		if err != nil || found {
			return exit, article, found, err
		}
	}
	return 0, "", false, nil
}

// owedSince is what was owed by tests of a day or later, an exit left out: the accounts of those tests do not know of
// it.
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
	salt := tx.Salt()
	s.salt, s.promise = salt[:], promised(salt[:], s.Why, nil)
	_, err = tx.Exec(qInsertStep, s.ID, string(s.Exit), s.Position, string(s.State), s.Day, orNull(string(s.Decision)),
		orNull(string(s.Test)), orNull(s.Document), int64(s.Cents), s.Why, s.salt, s.promise, orNull(string(s.Author)),
		int64(s.At))
	if err != nil {
		return err
	}
	if err := tx.Seal("exit-step", s.ID, s.canonical()); err != nil {
		return err
	}
	return keepStand(tx, stand{s.ID, x.ID, x.EffectOn, x.PayBy, x.Cents, x.Credit})
}

func scanStep(row store.Row) (s Step, err error) {
	var decision, test, document, author *string
	err = row.Scan(&s.ID, &s.Exit, &s.Position, &s.State, &s.Day, &decision, &test, &document, &s.Cents, &s.Why, &s.salt,
		&s.promise, &author, &s.At)
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
		return fn(s.ID, s.canonical())
	})
}

func insertTest(tx *store.Tx, t Test) error {
	liquidity := int64(0)
	if t.Tests.Liquidity {
		liquidity = 1
	}
	a := t.Tests.Assets
	_, err := tx.Exec(qInsertTest, string(t.ID), t.Day, string(t.Decision), a.On, int64(a.Equity),
		int64(t.Tests.Unavailable), a.Shares,
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
	err = row.Scan(&t.ID, &t.Day, &t.Decision, &a.On, &a.Equity, &t.Tests.Unavailable, &a.Shares, &accounts, &liquidity,
		&t.UntilOn,
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

const heirColumns = `id, exit, person, part_a, part_b, guardian, iban, salt, promise, credit, dropped, author, at`

const paperColumns = `id, exit, kind, heir, document, received_on, dropped, at`

const passingColumns = `id, exit, lot, shares, paid, request, heir, person, decision, due, movement, credit, voided,
	author, at, class`

var (
	qInsertHeir = store.Q(`INSERT INTO leaving_heir (` + heirColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL, $10, $11)`)
	qHeirs      = store.Q(`SELECT ` + heirColumns + ` FROM leaving_heir WHERE exit = $1 AND dropped IS NULL ORDER BY id`)
	qHeirsOf    = store.Q(`SELECT ` + heirColumns + ` FROM leaving_heir WHERE person = $1 OR guardian = $1 ORDER BY id`)
	qAllHeirs   = store.Q(`SELECT ` + heirColumns + ` FROM leaving_heir ORDER BY id`)
	qDropHeir   = store.Q(`UPDATE leaving_heir SET dropped = $2 WHERE id = $1`)
	qDropPapers = store.Q(`UPDATE leaving_paper SET dropped = $2 WHERE heir = $1 AND dropped IS NULL`)
	qCreditHeir = store.Q(`UPDATE leaving_heir SET credit = $2 WHERE id = $1`)

	qInsertPaper = store.Q(`INSERT INTO leaving_paper (` + paperColumns + `) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)`)
	qPapers      = store.Q(`SELECT ` + paperColumns +
		` FROM leaving_paper WHERE exit = $1 AND dropped IS NULL ORDER BY id`)
	qAllPapers = store.Q(`SELECT ` + paperColumns + ` FROM leaving_paper ORDER BY id`)

	qInsertPassing = store.Q(`INSERT INTO leaving_passing (` + passingColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, $13, $14, $15)`)
	qUpdatePassing = store.Q(`UPDATE leaving_passing SET movement = $2, credit = $3, voided = $4 WHERE id = $1`)
	qPassings      = store.Q(`SELECT ` + passingColumns + ` FROM leaving_passing WHERE exit = $1 ORDER BY id`)
	qPassingsTo    = store.Q(`SELECT ` + passingColumns + ` FROM leaving_passing WHERE person = $1 ORDER BY id`)
	qPassingsFor   = store.Q(`SELECT ` + passingColumns + ` FROM leaving_passing WHERE request = $1 ORDER BY id`)
	qAllPassings   = store.Q(`SELECT ` + passingColumns + ` FROM leaving_passing ORDER BY id`)
	qPassing       = store.Q(`SELECT ` + passingColumns + ` FROM leaving_passing WHERE id = $1`)
	qPassingByDue  = store.Q(`SELECT ` + passingColumns + ` FROM leaving_passing WHERE due = $1`)
	qUsesDocument  = store.Q(`SELECT id FROM leaving_exit WHERE evidence = $1
		UNION SELECT id FROM leaving_step WHERE document = $1 UNION SELECT id FROM leaving_paper WHERE document = $1
		UNION SELECT id FROM leaving_test WHERE accounts = $1 OR report = $1`)
)

func insertHeir(tx *store.Tx, h Heir) error {
	_, err := tx.Exec(qInsertHeir, string(h.ID), string(h.Exit), string(h.Person), h.A, h.B, orNull(string(h.Guardian)),
		string(h.IBAN), h.salt, h.promise, orNull(string(h.Author)), int64(h.At))
	return err
}

func scanHeir(row store.Row) (h Heir, err error) {
	var guardian, credit, author *string
	var dropped *int64
	err = row.Scan(&h.ID, &h.Exit, &h.Person, &h.A, &h.B, &guardian, &h.IBAN, &h.salt, &h.promise, &credit, &dropped,
		&author, &h.At)
	h.Guardian, h.Credit = people.PersonID(text(guardian)), payment.CreditID(text(credit))
	h.Author, h.Dropped = people.PersonID(text(author)), instant(dropped)
	return h, err
}

func instant(at *int64) civil.Instant {
	if at == nil {
		return 0
	}
	return civil.Instant(*at)
}

func heirsOf(r store.Reader, id ExitID) ([]Heir, error) {
	return store.List(r, qHeirs, scanHeir, string(id))
}

func dropHeir(tx *store.Tx, id HeirID) error {
	for _, q := range []store.Query{qDropHeir, qDropPapers} {
		if _, err := tx.Exec(q, string(id), int64(tx.Now())); err != nil {
			return err
		}
	}
	return keepOutcome(tx, outcome{About: string(id), Outcome: dropped})
}

func creditHeir(tx *store.Tx, id HeirID, credit payment.CreditID) error {
	if _, err := tx.Exec(qCreditHeir, string(id), string(credit)); err != nil {
		return err
	}
	return keepOutcome(tx, outcome{About: string(id), Outcome: credited, Credit: credit})
}

func eachHeir(r store.Reader, fn func(id string, content []byte) error) error {
	return store.Each(r, qAllHeirs, func(row store.Row) error {
		h, err := scanHeir(row)
		if err != nil {
			return err
		}
		return fn(string(h.ID), h.canonical())
	})
}

func insertPaper(tx *store.Tx, p Paper) error {
	_, err := tx.Exec(qInsertPaper, p.ID, string(p.Exit), string(p.Kind), orNull(string(p.Heir)), orNull(p.Document),
		p.ReceivedOn, int64(p.At))
	return err
}

func scanPaper(row store.Row) (p Paper, err error) {
	var heir, document *string
	var dropped *int64
	err = row.Scan(&p.ID, &p.Exit, &p.Kind, &heir, &document, &p.ReceivedOn, &dropped, &p.At)
	p.Heir, p.Document, p.Dropped = HeirID(text(heir)), text(document), instant(dropped)
	return p, err
}

func papersOf(r store.Reader, id ExitID) ([]Paper, error) {
	return store.List(r, qPapers, scanPaper, string(id))
}

func eachPaper(r store.Reader, fn func(id string, content []byte) error) error {
	return store.Each(r, qAllPapers, func(row store.Row) error {
		p, err := scanPaper(row)
		if err != nil {
			return err
		}
		return fn(p.ID, p.canonical())
	})
}

// insertPassing keeps a passing and takes its shares out of those that are to be taken back.
func insertPassing(tx *store.Tx, p Passing) error {
	_, err := tx.Exec(qInsertPassing, string(p.ID), string(p.Exit), int64(p.Lot), p.Shares, int64(p.Paid),
		orNull(string(p.Request)), orNull(string(p.Heir)), string(p.Person), orNull(string(p.Decision)),
		orNull(string(p.Due)), movementOrNull(p.Movement), orNull(string(p.Credit)), orNull(string(p.Author)), int64(p.At),
		string(p.Class))
	if err == nil && p.Movement != 0 {
		err = keepOutcome(tx, outcome{About: string(p.ID), Outcome: wentOver, Movement: p.Movement, Credit: p.Credit})
	}
	if err != nil {
		return err
	}
	return passLot(tx, p, 1)
}

func movementOrNull(n register.MovementNumber) any {
	if n == 0 {
		return nil
	}
	return int64(n)
}

// passLot moves shares of an exit between those that are handed on and those that are taken back.
func passLot(tx *store.Tx, p Passing, sign int64) error {
	_, err := tx.Exec(qPassLot, string(p.Exit), int64(p.Lot), sign*p.Shares, sign*int64(p.Paid), string(p.Class))
	return err
}

func updatePassing(tx *store.Tx, p Passing) error {
	var at any
	o := outcome{About: string(p.ID), Outcome: wentOver, Movement: p.Movement, Credit: p.Credit}
	if p.Voided != 0 {
		at, o = int64(p.Voided), outcome{About: string(p.ID), Outcome: voided}
	}
	if _, err := tx.Exec(qUpdatePassing, string(p.ID), movementOrNull(p.Movement), orNull(string(p.Credit)),
		at); err != nil {
		return err
	}
	return keepOutcome(tx, o)
}

func scanPassing(row store.Row) (p Passing, err error) {
	var request, heir, decision, due, credit, author *string
	var movement, voided *int64
	err = row.Scan(&p.ID, &p.Exit, &p.Lot, &p.Shares, &p.Paid, &request, &heir, &p.Person, &decision, &due, &movement,
		&credit, &voided, &author, &p.At, &p.Class)
	p.Request, p.Heir = subscription.RequestID(text(request)), HeirID(text(heir))
	p.Decision, p.Due,
		p.Credit = people.DecisionID(text(decision)), payment.DueID(text(due)), payment.CreditID(text(credit))
	p.Author, p.Voided = people.PersonID(text(author)), instant(voided)
	if movement != nil {
		p.Movement = register.MovementNumber(*movement)
	}
	return p, err
}

// Passings are what was agreed about the shares of an exit, in order.
func Passings(r store.Reader, id ExitID) ([]Passing, error) {
	return store.List(r, qPassings, scanPassing, string(id))
}

// passingsFor are those that a request was promised, in order.
func passingsFor(r store.Reader, id subscription.RequestID) ([]Passing, error) {
	return store.List(r, qPassingsFor, scanPassing, string(id))
}

// AllPassings are those of every exit, in order.
func AllPassings(r store.Reader) ([]Passing, error) { return store.List(r, qAllPassings, scanPassing) }

func passing(r store.Reader, id PassingID) (Passing, error) {
	p, found, err := store.Find(r, qPassing, scanPassing, string(id))
	if err == nil && !found {
		err = fault.Refuse("leaving.refusal.no-proposal")
	}
	return p, err
}

func passingByDue(r store.Reader, id payment.DueID) (Passing, bool, error) {
	return store.Find(r, qPassingByDue, scanPassing, string(id))
}

func eachPassing(r store.Reader, fn func(id string, content []byte) error) error {
	return store.Each(r, qAllPassings, func(row store.Row) error {
		p, err := scanPassing(row)
		if err != nil {
			return err
		}
		return fn(string(p.ID), p.canonical())
	})
}

// Keeps says whether a document is among the papers of this room.
func Keeps(r store.Reader, document string) (bool, error) {
	list, err := store.List(r, qUsesDocument, store.Text, document)
	return len(list) > 0, err
}

// forget clears the words about a cooperator's exits, and the accounts of an heir.
func forget(tx *store.Tx, id people.PersonID) error {
	for _, q := range []store.Query{qForgetWhy, qForgetIBAN} {
		if _, err := tx.Exec(q, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// OwedSince is what exits were owed by tests of a day or later: the accounts of those tests do not know of it.
func OwedSince(r store.Reader, day civil.Date) (money.Cents, error) { return owedSince(r, day, "") }

var (
	qInsertStand = store.Q(`INSERT INTO leaving_stand (step, exit, effect_on, pay_by, cents, credit)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qStands        = store.Q(`SELECT step, exit, effect_on, pay_by, cents, credit FROM leaving_stand ORDER BY step`)
	qStandsOf      = store.Q(`SELECT step, exit, effect_on, pay_by, cents, credit FROM leaving_stand WHERE exit = $1`)
	qInsertLotFact = store.Q(`INSERT INTO leaving_lot_fact (id, exit, lot, fact, shares, paid, nominal, net_assets, cents,
		bound, movement, class) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qLotFacts = store.Q(`SELECT id, exit, lot, fact, shares, paid, nominal, net_assets, cents, bound, movement, class
		FROM leaving_lot_fact ORDER BY id`)
	qLotFactsOf = store.Q(`SELECT id, exit, lot, fact, shares, paid, nominal, net_assets, cents, bound, movement, class
		FROM leaving_lot_fact WHERE exit = $1 ORDER BY id`)
	qInsertOutcome = store.Q(`INSERT INTO leaving_outcome (id, about, outcome, movement, credit, at, author)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qOutcomes   = store.Q(`SELECT id, about, outcome, movement, credit, at, author FROM leaving_outcome ORDER BY id`)
	qOutcomesOf = store.Q(`SELECT id, about, outcome, movement, credit, at, author FROM leaving_outcome
		WHERE about IN (SELECT id FROM leaving_passing WHERE exit = $1 UNION SELECT id FROM leaving_heir WHERE exit = $1)
		ORDER BY id`)
	qEveryHeir  = store.Q(`SELECT ` + heirColumns + ` FROM leaving_heir WHERE exit = $1 ORDER BY id`)
	qEveryPaper = store.Q(`SELECT ` + paperColumns + ` FROM leaving_paper WHERE exit = $1 ORDER BY id`)
)

// keepStand writes where an exit stands after a step.
func keepStand(tx *store.Tx, s stand) error {
	_, err := tx.Exec(qInsertStand, s.Step, string(s.Exit), s.EffectOn, dayOrNull(s.PayBy), int64(s.Cents),
		orNull(string(s.Credit)))
	if err != nil {
		return err
	}
	return tx.Seal("exit-stand", s.Step, encode(s))
}

func scanStand(row store.Row) (s stand, err error) {
	var payBy, credit *string
	if err = row.Scan(&s.Step, &s.Exit, &s.EffectOn, &payBy, &s.Cents, &credit); err != nil {
		return s, err
	}
	s.Credit = payment.CreditID(text(credit))
	if payBy != nil {
		s.PayBy, err = civil.Parse(*payBy)
	}
	return s, err
}

func eachStand(r store.Reader, fn func(id string, content []byte) error) error {
	return eachSealed(r, qStands, scanStand, func(s stand) string { return s.Step }, fn)
}

// keepLotFact writes what was announced of a lot, or what it came to.
func keepLotFact(tx *store.Tx, f lotFact) error {
	f.ID = tx.ID()
	_, err := tx.Exec(qInsertLotFact, f.ID, string(f.Exit), f.Lot, f.Fact, f.Shares, int64(f.Paid), int64(f.Nominal),
		int64(f.NetAssets), int64(f.Cents), string(f.Bound), movementOrNull(f.Movement), f.Class)
	if err != nil {
		return err
	}
	return tx.Seal("exit-lot", f.ID, encode(f))
}

func scanLotFact(row store.Row) (f lotFact, err error) {
	var movement *int64
	err = row.Scan(&f.ID, &f.Exit, &f.Lot, &f.Fact, &f.Shares, &f.Paid, &f.Nominal, &f.NetAssets, &f.Cents, &f.Bound,
		&movement, &f.Class)
	if movement != nil {
		f.Movement = register.MovementNumber(*movement)
	}
	return f, err
}

func eachLotFact(r store.Reader, fn func(id string, content []byte) error) error {
	return eachSealed(r, qLotFacts, scanLotFact, func(f lotFact) string { return f.ID }, fn)
}

// keepOutcome writes what became of a passing, an heir or a paper.
func keepOutcome(tx *store.Tx, o outcome) error {
	o.ID, o.At, o.Author = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	_, err := tx.Exec(qInsertOutcome, o.ID, o.About, o.Outcome, movementOrNull(o.Movement), orNull(string(o.Credit)),
		int64(o.At), orNull(string(o.Author)))
	if err != nil {
		return err
	}
	return tx.Seal("exit-outcome", o.ID, encode(o))
}

func scanOutcome(row store.Row) (o outcome, err error) {
	var credit, author *string
	var movement *int64
	err = row.Scan(&o.ID, &o.About, &o.Outcome, &movement, &credit, &o.At, &author)
	o.Credit, o.Author = payment.CreditID(text(credit)), people.PersonID(text(author))
	if movement != nil {
		o.Movement = register.MovementNumber(*movement)
	}
	return o, err
}

func eachOutcome(r store.Reader, fn func(id string, content []byte) error) error {
	return eachSealed(r, qOutcomes, scanOutcome, func(o outcome) string { return o.ID }, fn)
}

// eachSealed makes the sealed bytes of rows again.
func eachSealed[T any](r store.Reader, q store.Query, scan func(store.Row) (T, error), id func(T) string,
	fn func(id string, content []byte) error) error {
	return store.Each(r, q, func(row store.Row) error {
		one, err := scan(row)
		if err != nil {
			return err
		}
		return fn(id(one), encode(one))
	})
}

// historyOf is all that was written of an exit and does not change, with the heirs and papers of its file.
func historyOf(r store.Reader, x Exit) (h history, heirs []Heir, papers []Paper, err error) {
	h = history{exit: x, outcomes: map[string][]outcome{}}
	id := string(x.ID)
	if h.steps, err = Steps(r, x.ID); err != nil {
		return h, nil, nil, err
	}
	if h.stands, err = store.List(r, qStandsOf, scanStand, id); err != nil {
		return h, nil, nil, err
	}
	if h.lots, err = store.List(r, qLotFactsOf, scanLotFact, id); err != nil {
		return h, nil, nil, err
	}
	if h.passings, err = Passings(r, x.ID); err != nil {
		return h, nil, nil, err
	}
	all, err := store.List(r, qOutcomesOf, scanOutcome, id)
	if err != nil {
		return h, nil, nil, err
	}
	for _, o := range all {
		h.outcomes[o.About] = append(h.outcomes[o.About], o)
	}
	if h.debts, err = x.ownDebts(r); err != nil {
		return h, nil, nil, err
	}
	if heirs, err = store.List(r, qEveryHeir, scanHeir, id); err != nil {
		return h, nil, nil, err
	}
	papers, err = store.List(r, qEveryPaper, scanPaper, id)
	return h, heirs, papers, err
}
