package register

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

const classColumns = `letter, name, nominal, votes, holders, quality, profit, restriction, article, since, least, most`

var (
	qClasses     = store.Q(`SELECT ` + classColumns + ` FROM register_class ORDER BY letter`)
	qClass       = store.Q(`SELECT ` + classColumns + ` FROM register_class WHERE letter = $1`)
	qInsertClass = store.Q(`INSERT INTO register_class (` + classColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qUpdateClass = store.Q(`UPDATE register_class SET name = $2, votes = $3, holders = $4, quality = $5, profit = $6,
		restriction = $7, article = $8, since = $9, least = $10, most = $11 WHERE letter = $1`)
)

func scanClass(r store.Row) (c ShareClass, err error) {
	err = r.Scan(&c.Letter, &c.Name, &c.Nominal, &c.Votes, &c.Holders, &c.Quality, &c.Profit, &c.Restriction, &c.Article,
		&c.Since, &c.Least, &c.Most)
	c.ID = ClassID(c.Letter)
	return c, err
}

func insertClass(tx *store.Tx, c ShareClass) error {
	_, err := tx.Exec(qInsertClass, c.Letter, c.Name, int64(c.Nominal), c.Votes, string(c.Holders), c.Quality, c.Profit,
		c.Restriction, c.Article, c.Since.String(), c.Least, c.Most)
	return err
}

func updateClass(tx *store.Tx, c ShareClass) error {
	_, err := tx.Exec(qUpdateClass, string(c.ID), c.Name, c.Votes, string(c.Holders), c.Quality, c.Profit, c.Restriction,
		c.Article, c.Since.String(), c.Least, c.Most)
	return err
}

var (
	qCooperators     = store.Q(`SELECT number, person, kind, since FROM register_cooperator ORDER BY number`)
	qCooperatorCount = store.Q(`SELECT COUNT(*) FROM register_cooperator`)
	qLastCooperator  = store.Q(`SELECT COALESCE(MAX(number), 0) FROM register_cooperator`)
	qCooperatorNames = store.Q(`SELECT number, person, CASE WHEN kind = 'legal' THEN 1 ELSE 0 END FROM register_cooperator
		WHERE number BETWEEN $1 AND $2 ORDER BY number`)
	qCooperator       = store.Q(`SELECT number, person, kind, since FROM register_cooperator WHERE number = $1`)
	qCooperatorOf     = store.Q(`SELECT number, person, kind, since FROM register_cooperator WHERE person = $1`)
	qInsertCooperator = store.Q(`INSERT INTO register_cooperator (number, person, kind, since) VALUES ($1, $2, $3, $4)`)
	qCooperatorSince  = store.Q(`UPDATE register_cooperator SET since = $2 WHERE number = $1`)
)

func scanCooperator(r store.Row) (c Cooperator, err error) {
	return c, r.Scan(&c.Number, &c.Person, &c.Kind, &c.Since)
}

func insertCooperator(tx *store.Tx, c Cooperator) error {
	if _, err := tx.Exec(qInsertCooperator, int64(c.Number), string(c.Person), string(c.Kind),
		c.Since.String()); err != nil {
		return err
	}
	err := tx.Seal("cooperator", c.Number.sealID(), c.canonical())
	return err
}

const movementColumns = `number, operation, kind, cooperator, class, lot, shares, paid, effective, day, recorded,
	recorded_on, entry, author,
	ground, evidence, counterpart, pair, corrects, decision, cause`

var (
	qInsertMovement = store.Q(`INSERT INTO register_movement (` + movementColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`)
	qMovements   = store.Q(`SELECT ` + movementColumns + ` FROM register_movement ORDER BY number`)
	qMovement    = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE number = $1`)
	qMovementsOf = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE cooperator = $1
		ORDER BY day, number`)
	qOperation = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE operation = $1 ORDER BY number`)
	qPair      = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE number BETWEEN $1 AND $1 + 1
		AND pair = $1 ORDER BY number`)
	qLastRecorded = store.Q(`SELECT recorded_on FROM register_movement ORDER BY recorded_on DESC, number DESC LIMIT 1`)
	qMended       = store.Q(`SELECT CAST(COALESCE(SUM(shares), 0) AS BIGINT), CAST(COALESCE(SUM(paid), 0) AS BIGINT)
		FROM register_movement WHERE corrects = $1`)
	qAccount = store.Q(`SELECT m.lot, o.day, m.day, m.shares, m.paid FROM register_movement m
		JOIN register_movement o ON o.number = m.lot
		WHERE m.cooperator = $1 AND m.class = $2 ORDER BY m.lot, m.day, m.number`)
)

func scanMovement(r store.Row) (m Movement, err error) {
	var author, decision *string
	var counterpart, pair, corrects *int64
	err = r.Scan(&m.Number, &m.Operation, &m.Kind, &m.Cooperator, &m.Class, &m.Lot, &m.Shares, &m.Paid, &m.Effective,
		&m.Day, &m.Recorded,
		&m.RecordedOn, &m.Entry, &author, &m.Ground, &m.Evidence, &counterpart, &pair, &corrects,
		&decision, &m.Cause)
	if decision != nil {
		m.Decision = people.DecisionID(*decision)
	}
	if author != nil {
		m.Author = people.PersonID(*author)
	}
	if counterpart != nil {
		m.Counterpart = Number(*counterpart)
	}
	if pair != nil {
		m.Pair = MovementNumber(*pair)
	}
	if corrects != nil {
		m.Corrects = MovementNumber(*corrects)
	}
	return m, err
}

func insertMovement(tx *store.Tx, m Movement) error {
	_, err := tx.Exec(qInsertMovement, int64(m.Number), int64(m.Operation), string(m.Kind), int64(m.Cooperator),
		string(m.Class), int64(m.Lot),
		m.Shares, int64(m.Paid), m.Effective.String(), m.Day.String(), int64(m.Recorded), m.RecordedOn.String(), m.Entry,
		orNull(string(m.Author)), m.Ground, m.Evidence, orNull(int64(m.Counterpart)), orNull(int64(m.Pair)),
		orNull(int64(m.Corrects)), orNull(string(m.Decision)), string(m.Cause))
	return err
}

func orNull[T comparable](v T) any {
	var none T
	if v == none {
		return nil
	}
	return v
}

func scanMark(r store.Row) (l lot, m mark, err error) {
	return l, m, r.Scan(&l.number, &l.issued, &m.day, &m.shares, &m.paid)
}

func scanFigures(r store.Row) (m mark, err error) { return m, r.Scan(&m.shares, &m.paid) }

func scanDate(r store.Row) (d civil.Date, err error) { return d, r.Scan(&d) }

var (
	qThroughNow = store.Q(`SELECT COALESCE(MAX(number), 0) FROM register_movement`)
	qThrough    = store.Q(`SELECT COALESCE(MAX(number), 0) FROM register_movement WHERE recorded_on <= $1`)
	// Two texts: testing the number of each movement costs a third of the time, and for the newest state it says nothing.
	qRoll = store.Q(`SELECT cooperator, CAST(SUM(shares) AS BIGINT), CAST(SUM(paid) AS BIGINT) FROM register_movement
		WHERE class = $1 AND cooperator BETWEEN $2 AND $3 AND day <= $4 AND number <= $5
		GROUP BY cooperator ORDER BY cooperator`)
	qRollNewest = store.Q(`SELECT cooperator, CAST(SUM(shares) AS BIGINT), CAST(SUM(paid) AS BIGINT) FROM register_movement
		WHERE class = $1 AND cooperator BETWEEN $2 AND $3 AND day <= $4 GROUP BY cooperator ORDER BY cooperator`)
	qHoldingsOf = store.Q(`SELECT m.lot, o.effective, m.class, CAST(SUM(m.shares) AS BIGINT), CAST(SUM(m.paid) AS BIGINT)
		FROM register_movement m JOIN register_movement o ON o.number = m.lot
		WHERE m.cooperator = $1 AND m.day <= $2 AND m.number <= $3
		GROUP BY m.lot, o.effective, o.day, m.class HAVING SUM(m.shares) <> 0 ORDER BY o.day, m.lot`)
	qIssuedOn = store.Q(`SELECT CAST(COALESCE(SUM(shares), 0) AS BIGINT) FROM register_movement WHERE day <= $1
		AND number <= $2`)
)

func scanLotHolding(r store.Row) (h LotHolding, err error) {
	return h, r.Scan(&h.Lot, &h.Issued, &h.Class, &h.Shares, &h.Paid)
}

var (
	qAuditNumbers   = store.Q(`SELECT number, recorded_on FROM register_movement ORDER BY number`)
	qAuditTransfers = store.Q(`SELECT pair, CAST(SUM(shares) AS BIGINT), CAST(SUM(paid) AS BIGINT) FROM register_movement
		WHERE pair IS NOT NULL GROUP BY pair
		HAVING SUM(shares) <> 0 AND COUNT(DISTINCT class) = 1 OR SUM(paid) <> 0`)
	qAuditLots = store.Q(`SELECT cooperator, class, lot, day, shares, paid FROM register_movement
		ORDER BY cooperator, class, lot, day, number`)
)

var (
	qSnapshotFor = store.Q(`SELECT day, through FROM register_snapshot WHERE piece = 0 AND day <= $1 AND through <= $2
		ORDER BY day DESC, through DESC LIMIT 1`)
	qSnapshots      = store.Q(`SELECT day, through FROM register_snapshot WHERE piece = 0 ORDER BY day, through`)
	qSnapshotPieces = store.Q(`SELECT content FROM register_snapshot WHERE day = $1 AND through = $2 ORDER BY piece`)
	qInsertSnapshot = store.Q(`INSERT INTO register_snapshot (day, through, piece, content) VALUES ($1, $2, $3, $4)`)
	qDropSnapshot   = store.Q(`DELETE FROM register_snapshot WHERE day = $1 AND through = $2`)
	qFirstDay       = store.Q(`SELECT COALESCE(MIN(day), '') FROM register_movement`)
	// Not summed: few holders have two movements in a year, and the engine would sort them all to find those.
	qSinceDay = store.Q(`SELECT cooperator, class, shares, paid FROM register_movement
		WHERE day > $1 AND day <= $2 AND number <= $3`)
	qSinceNumber = store.Q(`SELECT cooperator, class, shares, paid FROM register_movement
		WHERE number > $1 AND number <= $2 AND day <= $3`)
)

func scanSnapshot(r store.Row) (s Snapshot, err error) { return s, r.Scan(&s.Day, &s.Through) }

// changes makes a scan of what movements change that keeps the letter of each class once.
func changes() func(store.Row) (change, error) {
	var number, shares, paid int64
	var class string
	var classes []ClassID
	dest := []any{&number, &class, &shares, &paid}
	return func(r store.Row) (c change, err error) {
		if err := r.Scan(dest...); err != nil {
			return c, err
		}
		at := slices.Index(classes, ClassID(class))
		if at < 0 {
			at = len(classes)
			classes = append(classes, ClassID(class))
		}
		return change{Number(number), Holding{classes[at], shares, money.Cents(paid)}}, nil
	}
}

var (
	qJournal = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE day <= $1 AND number <= $2
		ORDER BY day, number`)
	qJournalLots = store.Q(`SELECT number, day FROM register_movement WHERE kind = 'issue' AND day <= $1
		AND number <= $2`)
	qJournalHolders = store.Q(`SELECT cooperator, MIN(day) FROM register_movement WHERE day <= $1 AND number <= $2
		GROUP BY cooperator`)
)

// The directory reads names, homes and e-mail addresses of all persons at once: asking people for each holder would be
// a hundred thousand statements. The rules stay those of people (AddressOn, Contact.On, Listed).
var (
	qListedNames = store.Q(`SELECT id, kind, given, family, name, form, sort FROM people_person`)
	qListedHomes = store.Q(`SELECT id, person, kind, from_on, street, postcode, town, country, recorded, withdrawn
		FROM people_address WHERE kind = 'home'`)
	qListedEmails  = store.Q(`SELECT person, key, from_on, until_on FROM people_contact WHERE kind = 'email'`)
	qMovedSince    = store.Q(`SELECT DISTINCT cooperator FROM register_movement WHERE number > $1 AND number <= $2`)
	qListedChanged = store.Q(`SELECT DISTINCT cooperator FROM register_movement WHERE day >= $1 AND day <= $2
		AND number <= $3`)
)

func scanListedName(r store.Row) (p people.Person, err error) {
	return p, r.Scan(&p.ID, &p.Kind, &p.Given, &p.Family, &p.Name, &p.Form, &p.Sort)
}

func scanListedHome(r store.Row) (a people.Address, err error) {
	var withdrawn *int64
	err = r.Scan(&a.ID, &a.Person, &a.Kind, &a.From, &a.Street, &a.Postcode, &a.Town, &a.Country, &a.Recorded, &withdrawn)
	if withdrawn != nil {
		a.Withdrawn = civil.Instant(*withdrawn)
	}
	return a, err
}

func scanListedEmail(r store.Row) (c people.Contact, err error) {
	return c, r.Scan(&c.Person, &c.Key, &c.From, &c.Until)
}

// qTransfers are the giving halves of transfers and of their corrections.
var qTransfers = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE pair = number
	AND counterpart IS NOT NULL AND day <= $1 AND number <= $2
	ORDER BY day, number`)

// numberBatch is how many cooperators are looked up at once.
const numberBatch = 100

var qPersonsOf = store.Q(`SELECT number, person, kind, since FROM register_cooperator
	WHERE number IN (` + placesFrom(1, numberBatch) + `)`)

// MaxChosen is how many cooperators one search of the movements names.
const MaxChosen = 50

// chosenMovements is the condition of a search: kind or ”, the bounds of the effective day, whether cooperators are
// named, and which; the last place is repeated to fill the list.
var chosenMovements = ` FROM register_movement WHERE ($1 = '' OR kind = $1) AND day >= $2 AND day <= $3
	AND (CAST($4 AS BIGINT) = 0 OR cooperator IN (` + placesFrom(5, MaxChosen) + `))`

var (
	qTally = store.Q(`SELECT kind, COUNT(*), CAST(SUM(shares) AS BIGINT), CAST(SUM(paid) AS BIGINT)` + chosenMovements + `
		GROUP BY kind`)
	qNewest = store.Q(`SELECT ` + movementColumns + chosenMovements + ` ORDER BY number DESC LIMIT $55 OFFSET $56`)
	qOldest = store.Q(`SELECT ` + movementColumns + chosenMovements + ` ORDER BY number LIMIT $55 OFFSET $56`)
	// One engine looks both ends of the index up only when they are asked for one by one.
	qYears = store.Q(`SELECT COALESCE((SELECT MIN(day) FROM register_movement), ''),
		COALESCE((SELECT MAX(day) FROM register_movement), '')`)
	// The days are hidden from the engine, which would go through their index rather than through the few last numbers.
	qTallySince = store.Q(`SELECT kind, COUNT(*), CAST(SUM(shares) AS BIGINT), CAST(SUM(paid) AS BIGINT)
		FROM register_movement WHERE number > $1 AND day || '' >= $2 AND day || '' <= $3 GROUP BY kind`)
	// Numbers have no gap: a piece of the whole register is found by them.
	qNewestFrom = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE number <= $1
		ORDER BY number DESC LIMIT $2`)
	qOldestFrom = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE number > $1
		ORDER BY number LIMIT $2`)
)

// placesFrom are n places of a statement, from a number on.
func placesFrom(first, n int) string {
	places := make([]string, n)
	for i := range places {
		places[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(places, ", ")
}

func scanTally(r store.Row) (t Tally, err error) {
	return t, r.Scan(&t.Kind, &t.Movements, &t.Shares, &t.Paid)
}

func scanYears(r store.Row) (days [2]civil.Date, err error) { return days, r.Scan(&days[0], &days[1]) }

var (
	qMappings    = store.Q(`SELECT mapping FROM register_mapping ORDER BY heads`)
	qKeepMapping = store.Q(`INSERT INTO register_mapping (heads, mapping) VALUES ($1, $2) ON CONFLICT (heads) DO UPDATE
		SET mapping = $2`)
	qKeepImport = store.Q(`INSERT INTO register_import (entry, imported, rows, skipped, run, equity, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qImportedRows  = store.Q(`SELECT mark, entry, cooperator FROM register_import_row`)
	intoRows       = store.InsertRows("register_import_row", "mark, entry, cooperator, other", "")
	qForgetRows    = store.Q(`DELETE FROM register_import_row WHERE cooperator = $1 OR other = $1`)
	qRowsForgotten = store.Q(`SELECT i.rows - (SELECT COUNT(*) FROM register_import_row r WHERE r.entry = i.entry)
		FROM register_import i WHERE i.entry = $1`)
)

const runColumns = `id, name, person, options, begun, rows, reached, taken, left_out, ended, outcome, trouble, equity,
	why`

var (
	qForgetUploads = store.Q(`DELETE FROM register_upload WHERE sent < $1`)
	qKeepUpload    = store.Q(`INSERT INTO register_upload (id, name, person, sent, content) VALUES ($1, $2, $3, $4, $5)`)
	qUpload        = store.Q(`SELECT id, name, person, content FROM register_upload WHERE id = $1 AND person = $2`)
	qForgetWaiting = store.Q(`DELETE FROM register_upload`)
	qDropUpload    = store.Q(`DELETE FROM register_upload WHERE id = $1`)
	qPastImports   = store.Q(`SELECT entry, imported, rows, skipped FROM register_import WHERE run = ''
		ORDER BY imported DESC LIMIT 100`)
	qInsertRun = store.Q(`INSERT INTO register_import_run (` + runColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, NULL, '', '', $8, $9)`)
	qRun      = store.Q(`SELECT ` + runColumns + ` FROM register_import_run WHERE id = $1`)
	qRuns     = store.Q(`SELECT ` + runColumns + ` FROM register_import_run ORDER BY begun DESC, id DESC LIMIT 100`)
	qOpenRuns = store.Q(`SELECT COUNT(*) FROM register_import_run WHERE outcome = ''`)
	qRunOn    = store.Q(`UPDATE register_import_run SET reached = $2, taken = $3 WHERE id = $1`)
	qRunEnds  = store.Q(`UPDATE register_import_run SET ended = $2, outcome = $3, trouble = $4 WHERE id = $1
		AND outcome = ''`)
	// The file of a run that goes on does not go with the others of its day.
	qHoldUpload = store.Q(`UPDATE register_upload SET sent = $2 WHERE id = $1`)
)

func scanTaken(r store.Row) (t taken, err error) { return t, r.Scan(&t.mark, &t.entry, &t.of) }

func scanRun(r store.Row) (n Run, err error) {
	var options string
	var ended *int64
	err = r.Scan(&n.ID, &n.Name, &n.Person, &options, &n.Begun, &n.Rows, &n.Reached, &n.Taken, &n.LeftOut, &ended,
		&n.Outcome, &n.Trouble, &n.equity, &n.Why)
	n.options = []byte(options)
	if ended != nil {
		n.Ended = civil.Instant(*ended)
	}
	return n, err
}

// What the audit and the classes ask of the movements as a whole.
var (
	qClassUsed    = store.Q(`SELECT COUNT(*) FROM register_movement WHERE class = $1`)
	qLastMovement = store.Q(`SELECT COALESCE(MAX(number), 0) FROM register_movement`)
	qCounter      = store.Q(`SELECT value FROM counter WHERE name = $1`)
)

// Changes of the nominal amount of a class.
var (
	qNominals = store.Q(`SELECT operation, class, since, before, nominal, undoes FROM register_nominal
		WHERE operation <= $1 ORDER BY operation`)
	qInsertNominal = store.Q(`INSERT INTO register_nominal (operation, class, since, before, nominal, undoes)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qLotsOfClass = store.Q(`SELECT cooperator, lot, CAST(SUM(shares) AS BIGINT) FROM register_movement WHERE class = $1
		GROUP BY cooperator, lot HAVING SUM(shares) <> 0 ORDER BY cooperator, lot`)
	qFromDayOn = store.Q(`SELECT COUNT(*) FROM register_movement WHERE class = $1 AND day >= $2`)
	// qSplits are the movements of a class that follow its change on a day, with those that mended them.
	qSplits = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE class = $1 AND day = $2
		AND kind IN ('split', 'consolidation') AND number NOT IN
			(SELECT corrects FROM register_movement WHERE corrects IS NOT NULL AND class = $1 AND day = $2)
		ORDER BY number`)
	// qMendedSplits counts those that an undoing took back.
	qMendedSplits = store.Q(`SELECT COUNT(*) FROM register_movement m JOIN register_movement o ON o.number = m.corrects
		WHERE m.class = $1 AND m.day = $2 AND o.kind IN ('split', 'consolidation')`)
	qSplitNumbers = store.Q(`SELECT number FROM register_movement WHERE kind IN ('split', 'consolidation')
		AND number <= $1`)
	qSplitSums = store.Q(`SELECT CAST(COALESCE(SUM(CASE WHEN m.day < $2 THEN m.shares ELSE 0 END), 0) AS BIGINT),
		CAST(COALESCE(SUM(CASE WHEN m.day = $2 AND (m.kind IN ('split', 'consolidation')
			OR o.kind IN ('split', 'consolidation')) THEN m.shares ELSE 0 END), 0) AS BIGINT)
		FROM register_movement m LEFT JOIN register_movement o ON o.number = m.corrects WHERE m.class = $1
		AND m.day <= $2`)
)

// nominalRow is one change, or its undoing.
type nominalRow struct {
	operation       MovementNumber
	class           ClassID
	since           civil.Date
	before, nominal money.Cents
	undoes          MovementNumber
}

func scanNominal(r store.Row) (n nominalRow, err error) {
	var undoes *int64
	err = r.Scan(&n.operation, &n.class, &n.since, &n.before, &n.nominal, &undoes)
	if undoes != nil {
		n.undoes = MovementNumber(*undoes)
	}
	return n, err
}

func insertNominal(tx *store.Tx, n nominalRow) error {
	_, err := tx.Exec(qInsertNominal, int64(n.operation), string(n.class), n.since.String(), int64(n.before),
		int64(n.nominal), orNull(int64(n.undoes)))
	if err == nil {
		err = tx.Seal("nominal", n.operation.sealID(), n.canonical())
	}
	return err
}

type lotSum struct {
	holder Number
	lot    MovementNumber
	shares int64
}

func scanLotSum(r store.Row) (l lotSum, err error) { return l, r.Scan(&l.holder, &l.lot, &l.shares) }
