package works

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases are the room's catalogues.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "works", Schema: schema, Witnesses: []store.Witness{
	{Kind: "works-line", Each: each(qLines, scanLine, func(l Line) string { return string(l.ID) })},
	{Kind: "works-line-fact", Each: each(qLineFacts, scanLineFact, func(f LineFact) string { return f.ID })},
	{Kind: "works-site", Each: each(qSites, scanSite, func(s Site) string { return string(s.ID) })},
	{Kind: "works-site-fact", Each: each(qSiteFacts, scanSiteFact, func(f SiteFact) string { return f.ID })},
	{Kind: "works-lot", Each: each(qLots, scanLot, func(l Lot) string { return l.ID })},
	{Kind: "works-cost", Each: each(qCosts, scanCost, func(c Cost) string { return c.ID })},
	{Kind: "works-reversal", Each: each(qReversals, scanReversal, func(v Reversal) string { return v.ID })},
	{Kind: "works-interval", Each: each(qIntervals, scanInterval, func(k Interval) string { return k.ID })},
	{Kind: "works-duty", Each: each(qDutyHeads, scanDuty, func(d Duty) string { return string(d.ID) })},
	{Kind: "works-duty-end", Each: each(qDutyEnds, scanDutyEnd, func(e DutyEnd) string { return string(e.Duty) })},
	{Kind: "works-inspection", Each: each(qInspections, scanInspection, func(i Inspection) string { return i.ID })},
	{Kind: "works-remark", Each: each(qRemarks, scanRemark, func(m Remark) string { return m.ID })},
	{Kind: "works-lifting", Each: each(qLiftings, scanLifting, func(l Lifting) string { return l.ID })},
}}

// each makes a witness from the rows of a table, which stand in the order of their ids.
func each[T any](q store.Query, scan func(store.Row) (T, error), id func(T) string) func(store.Reader,
	func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		return store.Each(r, q, func(row store.Row) error {
			v, err := scan(row)
			if err != nil {
				return err
			}
			return yield(id(v), encode(v))
		})
	}
}

// encode is the canonical form of a row that is sealed.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return raw
}

// Made says when a row was written, and by whom; nobody for the program itself and for who has no account.
type Made struct {
	At civil.Instant
	By people.PersonID
}

func made(tx *store.Tx) Made { return Made{tx.Now(), people.PersonID(tx.Actor())} }

// orNull keeps an absent reference as NULL.
func orNull[T ~string](id T) any {
	if id == "" {
		return nil
	}
	return string(id)
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// joined and parted keep a list of ids in one column.
func joined[T ~string](ids []T) string {
	var list []string
	for _, id := range ids {
		list = append(list, string(id))
	}
	return strings.Join(list, " ")
}

func parted[T ~string](text string) (ids []T) {
	for _, id := range strings.Fields(text) {
		ids = append(ids, T(id))
	}
	return ids
}

const (
	lineColumns = `id, place, number, at, by_person`
	factColumns = `id, line, from_on, term, state, title, reason, priority, estimate, funding, COALESCE(space, ''),
		COALESCE(retained, ''), after_lines, source, why, at, by_person`
)

var (
	qLines       = store.Q(`SELECT ` + lineColumns + ` FROM works_line ORDER BY id`)
	qLine        = store.Q(`SELECT ` + lineColumns + ` FROM works_line WHERE id = $1`)
	qLinesOf     = store.Q(`SELECT ` + lineColumns + ` FROM works_line WHERE place = $1 ORDER BY id`)
	qInsertLine  = store.Q(`INSERT INTO works_line (` + lineColumns + `) VALUES ($1, $2, $3, $4, $5)`)
	qLineFacts   = store.Q(`SELECT ` + factColumns + ` FROM works_line_fact ORDER BY id`)
	qFactsOfLine = store.Q(`SELECT ` + factColumns + ` FROM works_line_fact WHERE line = $1 ORDER BY id`)
	qFactsOf     = store.Q(`SELECT ` + factColumns + ` FROM works_line_fact
		WHERE line IN (SELECT l.id FROM works_line l WHERE l.place = $1) ORDER BY id`)
	qInsertLineFact = store.Q(`INSERT INTO works_line_fact (id, line, from_on, term, state, title, reason, priority,
		estimate, funding, space, retained, after_lines, source, why, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`)
)

func scanLine(r store.Row) (l Line, err error) {
	return l, r.Scan(&l.ID, &l.Place, &l.Number, &l.Opened.At, &l.Opened.By)
}

func scanLineFact(r store.Row) (f LineFact, err error) {
	var after string
	err = r.Scan(&f.ID, &f.Line, &f.From, &f.Term, &f.State, &f.Title, &f.Reason, &f.Priority, &f.Estimate, &f.Funding,
		&f.Space, &f.Retained, &after, &f.Source, &f.Why, &f.At, &f.By)
	f.After = parted[LineID](after)
	return f, err
}

func insertLine(tx *store.Tx, l Line) error {
	if _, err := tx.Exec(qInsertLine, string(l.ID), string(l.Place), l.Number, int64(l.Opened.At),
		string(l.Opened.By)); err != nil {
		return err
	}
	return tx.Seal("works-line", string(l.ID), encode(l))
}

func insertLineFact(tx *store.Tx, f LineFact) error {
	f.ID, f.Made, f.After = tx.ID(), made(tx), parted[LineID](joined(f.After))
	if _, err := tx.Exec(qInsertLineFact, f.ID, string(f.Line), f.From.String(), string(f.Term), string(f.State), f.Title,
		f.Reason, f.Priority, int64(f.Estimate), f.Funding, orNull(f.Space), orNull(f.Retained), joined(f.After), f.Source,
		f.Why, int64(f.At), string(f.By)); err != nil {
		return err
	}
	return tx.Seal("works-line-fact", f.ID, encode(f))
}

var (
	qKeepNow = store.Q(`INSERT INTO works_line_now (line, place, since_on, term, state, estimate)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (line) DO UPDATE SET since_on = EXCLUDED.since_on,
		term = EXCLUDED.term, state = EXCLUDED.state, estimate = EXCLUDED.estimate`)
	qSums = store.Q(`SELECT place, term, state, COUNT(*), CAST(SUM(estimate) AS BIGINT),
		CAST(SUM(CASE WHEN estimate = 0 THEN 1 ELSE 0 END) AS BIGINT) FROM works_line_now WHERE since_on <= $1
		GROUP BY place, term, state`)
	qLinesAhead = store.Q(`SELECT ` + lineColumns + ` FROM works_line
		WHERE id IN (SELECT n.line FROM works_line_now n WHERE n.since_on > $1) ORDER BY id`)
	qOpenSites = store.Q(`SELECT s.place, COUNT(*) FROM works_site s JOIN works_site_fact f ON f.site = s.id
		WHERE f.state = $1 AND f.id = (SELECT MAX(g.id) FROM works_site_fact g WHERE g.site = s.id) GROUP BY s.place`)
	qLotSums = store.Q(`SELECT s.place, s.id, c.lot, c.kind, CAST(SUM(c.cents) AS BIGINT) FROM works_cost c
		JOIN works_lot l ON l.id = c.lot JOIN works_site s ON s.id = l.site
		WHERE c.on_day || SUBSTR('-12-31', LENGTH(c.on_day) - 3) <= $1 AND NOT EXISTS (SELECT 1 FROM works_reversal v
		WHERE v.about = c.id)
		GROUP BY s.place, s.id, c.lot, c.kind ORDER BY c.lot`)
)

// keepNow keeps how a line stands by what was said of it last.
func keepNow(tx *store.Tx, place places.PlaceID, f LineFact) error {
	_, err := tx.Exec(qKeepNow, string(f.Line), string(place), f.From.Last().String(), string(f.Term), string(f.State),
		int64(f.Estimate))
	return err
}

const (
	siteColumns     = `id, place, number, at, by_person`
	siteFactColumns = `id, site, from_on, state, title, about, spaces, COALESCE(decision, ''), why, at, by_person`
	lotColumns      = `id, site, position, title, contractor, COALESCE(line, ''), at, by_person`
	costColumns     = `id, lot, kind, on_day, cents, reference, note, COALESCE(document, ''), at, by_person`
	paperColumns    = `id, site, kind, title, document, on_day, COALESCE(dropped, 0), at, by_person`
)

var (
	qSites          = store.Q(`SELECT ` + siteColumns + ` FROM works_site ORDER BY id`)
	qSitesOf        = store.Q(`SELECT ` + siteColumns + ` FROM works_site WHERE place = $1 ORDER BY id DESC`)
	qSite           = store.Q(`SELECT ` + siteColumns + ` FROM works_site WHERE id = $1`)
	qInsertSite     = store.Q(`INSERT INTO works_site (` + siteColumns + `) VALUES ($1, $2, $3, $4, $5)`)
	qSiteFacts      = store.Q(`SELECT ` + siteFactColumns + ` FROM works_site_fact ORDER BY id`)
	qFactsOfSite    = store.Q(`SELECT ` + siteFactColumns + ` FROM works_site_fact WHERE site = $1 ORDER BY id`)
	qInsertSiteFact = store.Q(`INSERT INTO works_site_fact (id, site, from_on, state, title, about, spaces, decision, why,
		at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qLots      = store.Q(`SELECT ` + lotColumns + ` FROM works_lot ORDER BY id`)
	qLotsOf    = store.Q(`SELECT ` + lotColumns + ` FROM works_lot WHERE site = $1 ORDER BY position`)
	qLot       = store.Q(`SELECT ` + lotColumns + ` FROM works_lot WHERE id = $1`)
	qInsertLot = store.Q(`INSERT INTO works_lot (id, site, position, title, contractor, line, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qCosts   = store.Q(`SELECT ` + costColumns + ` FROM works_cost ORDER BY id`)
	qCost    = store.Q(`SELECT ` + costColumns + ` FROM works_cost WHERE id = $1`)
	qCostsOf = store.Q(`SELECT ` + costColumns + ` FROM works_cost
		WHERE lot IN (SELECT l.id FROM works_lot l WHERE l.site = $1) ORDER BY id`)
	qInsertCost = store.Q(`INSERT INTO works_cost (id, lot, kind, on_day, cents, reference, note, document, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qPapersOf    = store.Q(`SELECT ` + paperColumns + ` FROM works_paper WHERE site = $1 ORDER BY on_day DESC, id DESC`)
	qPaper       = store.Q(`SELECT ` + paperColumns + ` FROM works_paper WHERE id = $1`)
	qInsertPaper = store.Q(`INSERT INTO works_paper (id, site, kind, title, document, on_day, dropped, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8)`)
	qDropPaper = store.Q(`UPDATE works_paper SET dropped = $2 WHERE id = $1`)
)

func scanSite(r store.Row) (s Site, err error) {
	return s, r.Scan(&s.ID, &s.Place, &s.Number, &s.Begun.At, &s.Begun.By)
}

func scanSiteFact(r store.Row) (f SiteFact, err error) {
	var spaces string
	err = r.Scan(&f.ID, &f.Site, &f.From, &f.State, &f.Title, &f.About, &spaces, &f.Decision, &f.Why, &f.At, &f.By)
	f.Spaces = parted[places.PartID](spaces)
	return f, err
}

func scanLot(r store.Row) (l Lot, err error) {
	return l, r.Scan(&l.ID, &l.Site, &l.Position, &l.Title, &l.Contractor, &l.Line, &l.At, &l.By)
}

func scanCost(r store.Row) (c Cost, err error) {
	return c, r.Scan(&c.ID, &c.Lot, &c.Kind, &c.On, &c.Cents, &c.Reference, &c.Note, &c.Document, &c.At, &c.By)
}

func scanPaper(r store.Row) (p Paper, err error) {
	return p, r.Scan(&p.ID, &p.Site, &p.Kind, &p.Title, &p.Document, &p.On, &p.Dropped, &p.At, &p.By)
}

func insertSite(tx *store.Tx, s Site) error {
	if _, err := tx.Exec(qInsertSite, string(s.ID), string(s.Place), s.Number, int64(s.Begun.At),
		string(s.Begun.By)); err != nil {
		return err
	}
	return tx.Seal("works-site", string(s.ID), encode(s))
}

func insertSiteFact(tx *store.Tx, f SiteFact) error {
	f.ID, f.Made, f.Spaces = tx.ID(), made(tx), parted[places.PartID](joined(f.Spaces))
	if _, err := tx.Exec(qInsertSiteFact, f.ID, string(f.Site), f.From.String(), string(f.State), f.Title, f.About,
		joined(f.Spaces), orNull(f.Decision), f.Why, int64(f.At), string(f.By)); err != nil {
		return err
	}
	return tx.Seal("works-site-fact", f.ID, encode(f))
}

func insertLot(tx *store.Tx, l Lot) error {
	if _, err := tx.Exec(qInsertLot, l.ID, string(l.Site), l.Position, l.Title, l.Contractor, orNull(l.Line),
		int64(l.At), string(l.By)); err != nil {
		return err
	}
	return tx.Seal("works-lot", l.ID, encode(l))
}

func insertCost(tx *store.Tx, c Cost) error {
	if _, err := tx.Exec(qInsertCost, c.ID, c.Lot, string(c.Kind), c.On.String(), int64(c.Cents), c.Reference, c.Note,
		orNull(c.Document), int64(c.At), string(c.By)); err != nil {
		return err
	}
	return tx.Seal("works-cost", c.ID, encode(c))
}

func insertPaper(tx *store.Tx, p Paper) error {
	_, err := tx.Exec(qInsertPaper, p.ID, string(p.Site), string(p.Kind), p.Title, p.Document, p.On.String(), int64(p.At),
		string(p.By))
	return err
}

const reversalColumns = `id, kind, about, place, why, at, by_person`

var (
	qReversals      = store.Q(`SELECT ` + reversalColumns + ` FROM works_reversal ORDER BY id`)
	qReversalsOf    = store.Q(`SELECT ` + reversalColumns + ` FROM works_reversal WHERE place = $1 ORDER BY id`)
	qInsertReversal = store.Q(`INSERT INTO works_reversal (` + reversalColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
)

func scanReversal(r store.Row) (v Reversal, err error) {
	return v, r.Scan(&v.ID, &v.Kind, &v.About, &v.Place, &v.Why, &v.At, &v.By)
}

func insertReversal(tx *store.Tx, v Reversal) error {
	if _, err := tx.Exec(qInsertReversal, v.ID, string(v.Kind), v.About, string(v.Place), v.Why, int64(v.At),
		string(v.By)); err != nil {
		return err
	}
	return tx.Seal("works-reversal", v.ID, encode(v))
}

const (
	dayColumns = `id, place, number, COALESCE(site, ''), on_day, title, about, meeting, meal, insurance, least_age, state,
		why, at, by_person`
	shiftColumns  = `id, day, role, skills, starts, ends, seats, COALESCE(dropped, 0), at, by_person`
	signupColumns = `s.id, s.shift, s.volunteer, s.state, s.channel, COALESCE(s.person, ''), s.name, s.email, s.phone,
		s.lang, s.note, s.queued, s.presence, s.minutes, s.meals, s.reminded, s.at, s.by_person`
)

var (
	qDaysOf = store.Q(`SELECT ` + dayColumns + ` FROM works_day WHERE place = $1 AND on_day >= $2 AND on_day <= $3
		ORDER BY on_day DESC, number DESC`)
	qDaysOfSite = store.Q(`SELECT ` + dayColumns + ` FROM works_day WHERE site = $1 ORDER BY on_day DESC, number DESC`)
	qDaysOpen   = store.Q(`SELECT ` + dayColumns + ` FROM works_day WHERE state = 'open' AND on_day >= $1
		ORDER BY on_day, number`)
	qDaysAhead = store.Q(`SELECT ` + dayColumns + ` FROM works_day WHERE on_day >= $1
		AND state NOT IN ('held', 'cancelled') AND state <> $2 ORDER BY on_day, number`)
	qDaysPast = store.Q(`SELECT ` + dayColumns + ` FROM works_day WHERE (on_day < $1 OR state IN ('held', 'cancelled'))
		AND state <> $2 ORDER BY on_day DESC, number DESC LIMIT $3 OFFSET $4`)
	qCountPast = store.Q(`SELECT COUNT(*) FROM works_day WHERE (on_day < $1 OR state IN ('held', 'cancelled'))
		AND state <> $2`)
	qDaysAsked = store.Q(`SELECT ` + dayColumns + ` FROM works_day WHERE state = 'open' AND on_day >= $1 AND id IN
		(SELECT h.day FROM works_shift h JOIN works_signup s ON s.shift = h.id WHERE s.state = 'asked')
		ORDER BY on_day, number`)
	qDay       = store.Q(`SELECT ` + dayColumns + ` FROM works_day WHERE id = $1`)
	qDayNumber = store.Q(`SELECT ` + dayColumns + ` FROM works_day WHERE number = $1`)
	qInsertDay = store.Q(`INSERT INTO works_day (id, place, number, site, on_day, title, about, meeting, meal, insurance,
		least_age, state, why, at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`)
	qSetDay = store.Q(`UPDATE works_day SET site = $2, on_day = $3, title = $4, about = $5, meeting = $6, meal = $7,
		insurance = $8, least_age = $9 WHERE id = $1`)
	qSetDayState = store.Q(`UPDATE works_day SET state = $2, why = $3 WHERE id = $1`)
	qShiftsOf    = store.Q(`SELECT ` + shiftColumns + ` FROM works_shift WHERE day = $1 ORDER BY starts, ends, id`)
	qShift       = store.Q(`SELECT ` + shiftColumns + ` FROM works_shift WHERE id = $1`)
	qInsertShift = store.Q(`INSERT INTO works_shift (id, day, role, skills, starts, ends, seats, dropped, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9)`)
	qDropShift = store.Q(`UPDATE works_shift SET dropped = $2 WHERE id = $1`)
	qSignupsOf = store.Q(`SELECT ` + signupColumns + ` FROM works_signup s JOIN works_shift h ON h.id = s.shift
		WHERE h.day = $1 ORDER BY s.queued, s.id`)
	qSignup      = store.Q(`SELECT ` + signupColumns + ` FROM works_signup s WHERE s.id = $1`)
	qSignupsBy   = store.Q(`SELECT ` + signupColumns + ` FROM works_signup s WHERE s.person = $1 ORDER BY s.id`)
	qSignupsNear = store.Q(`SELECT ` + signupColumns + ` FROM works_signup s JOIN works_shift h ON h.id = s.shift
		JOIN works_day d ON d.id = h.day WHERE d.on_day >= $1 AND d.on_day <= $2 AND d.state = 'open'
		AND s.state = 'taken' AND s.reminded = 0 AND s.email <> '' ORDER BY s.id`)
	qInsertSignup = store.Q(`INSERT INTO works_signup (id, shift, volunteer, state, channel, person, name, email, phone,
		lang, note, queued, presence, minutes, meals, reminded, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 0, 0, 0, $13, $14)`)
	qSetSignup  = store.Q(`UPDATE works_signup SET state = $2, queued = $3 WHERE id = $1`)
	qSetAttend  = store.Q(`UPDATE works_signup SET presence = $2, minutes = $3, meals = $4 WHERE id = $1`)
	qReminded   = store.Q(`UPDATE works_signup SET reminded = 1 WHERE id = $1`)
	qForgetBy   = store.Q(`UPDATE works_signup SET name = '', email = '', phone = '', note = '' WHERE person = $1`)
	qForgetLoan = store.Q(`UPDATE works_loan SET name = '', contact = '', back_note = '' WHERE person = $1`)
	qForgetDays = store.Q(`UPDATE works_signup SET name = '', email = '', phone = '', note = '', person = NULL
		WHERE name <> '' AND shift IN (SELECT h.id FROM works_shift h JOIN works_day d ON d.id = h.day WHERE d.on_day < $1)`)
	qForgetSent = store.Q(`DELETE FROM works_signup WHERE state = 'sent' AND at < $1`)
	qOldDays    = store.Q(`SELECT COUNT(*) FROM works_signup WHERE name <> '' AND shift IN (SELECT h.id FROM works_shift h
		JOIN works_day d ON d.id = h.day WHERE d.on_day < $1)`)
	qOldSent        = store.Q(`SELECT COUNT(*) FROM works_signup WHERE state = 'sent' AND at < $1`)
	qForgetProblems = store.Q(`UPDATE works_problem SET name = '', email = '', phone = ''
		WHERE state IN ('done', 'refused') AND (name <> '' OR email <> '' OR phone <> '') AND id IN
		(SELECT t.problem FROM works_step t GROUP BY t.problem HAVING MAX(t.at) < $1)`)
	qOldProblems = store.Q(`SELECT COUNT(*) FROM works_problem WHERE state IN ('done', 'refused')
		AND (name <> '' OR email <> '' OR phone <> '') AND id IN
		(SELECT t.problem FROM works_step t GROUP BY t.problem HAVING MAX(t.at) < $1)`)
	qForgetLoans = store.Q(`UPDATE works_loan SET name = '', contact = '', person = NULL
		WHERE back_on <> '' AND back_on < $1 AND name <> ''`)
	qOldLoans = store.Q(`SELECT COUNT(*) FROM works_loan WHERE back_on <> '' AND back_on < $1 AND name <> ''`)
)

func scanDay(r store.Row) (d Day, err error) {
	return d, r.Scan(&d.ID, &d.Place, &d.Number, &d.Site, &d.On, &d.Title, &d.About, &d.Meeting, &d.Meal, &d.Insurance,
		&d.LeastAge, &d.State, &d.Why, &d.At, &d.By)
}

func scanShift(r store.Row) (s Shift, err error) {
	return s, r.Scan(&s.ID, &s.Day, &s.Role, &s.Skills, &s.Starts, &s.Ends, &s.Seats, &s.Dropped, &s.At, &s.By)
}

func scanSignup(r store.Row) (s Signup, err error) {
	var reminded int64
	err = r.Scan(&s.ID, &s.Shift, &s.Volunteer, &s.State, &s.Channel, &s.Person, &s.Name, &s.Email, &s.Phone, &s.Lang,
		&s.Note, &s.Queued, &s.Presence, &s.Minutes, &s.Meals, &reminded, &s.At, &s.By)
	s.Reminded = reminded == 1
	return s, err
}

func insertDay(tx *store.Tx, d Day) error {
	_, err := tx.Exec(qInsertDay, string(d.ID), string(d.Place), d.Number, orNull(d.Site), d.On.String(), d.Title, d.About,
		d.Meeting, d.Meal, d.Insurance, d.LeastAge, string(d.State), d.Why, int64(d.At), string(d.By))
	return err
}

func updateDay(tx *store.Tx, d Day) error {
	_, err := tx.Exec(qSetDay, string(d.ID), orNull(d.Site), d.On.String(), d.Title, d.About, d.Meeting, d.Meal,
		d.Insurance, d.LeastAge)
	return err
}

func insertShift(tx *store.Tx, s Shift) error {
	_, err := tx.Exec(qInsertShift, s.ID, string(s.Day), s.Role, s.Skills, int64(s.Starts), int64(s.Ends), s.Seats,
		int64(s.At), string(s.By))
	return err
}

func insertSignup(tx *store.Tx, s Signup) error {
	_, err := tx.Exec(qInsertSignup, s.ID, s.Shift, s.Volunteer, string(s.State), string(s.Channel), orNull(s.Person),
		s.Name, s.Email, s.Phone, string(s.Lang), s.Note, int64(s.Queued), int64(s.At), string(s.By))
	return err
}

var (
	qInsertLink = store.Q(`INSERT INTO works_link (hash, kind, about, at) VALUES ($1, $2, $3, $4)`)
	qLink       = store.Q(`SELECT about FROM works_link WHERE hash = $1 AND kind = $2`)
	qDropLinks  = store.Q(`DELETE FROM works_link WHERE kind = 'signup' AND about NOT IN
		(SELECT s.id FROM works_signup s WHERE s.name <> '')`)
)

// linkSigns is how many random bytes a secret link has.
const linkSigns = 20

// newLink makes a secret link to something; only its hash is kept.
func newLink(tx *store.Tx, kind, about string) (token string, err error) {
	salt := tx.Salt()
	token = base64.RawURLEncoding.EncodeToString(salt[:linkSigns])
	hash := sha256.Sum256([]byte(token))
	_, err = tx.Exec(qInsertLink, hash[:], kind, about, int64(tx.Now()))
	return token, err
}

// linked is what a secret link leads to; one that is unknown is refused.
func linked(r store.Reader, kind, token string) (about string, err error) {
	hash := sha256.Sum256([]byte(token))
	about, found, err := store.Find(r, qLink, store.Text, hash[:], kind)
	if err == nil && !found {
		err = fault.Refuse("works.refusal.link")
	}
	return about, err
}

const (
	selfColumns = `id, place, space, from_on, until_on, share, minutes, words, supplied, supplied_cents, source, at,
		by_person`
	reuseColumns = `id, place, COALESCE(site, ''), on_day, material, origin, quantity, unit, used_for, avoided, estimate,
		at, by_person`
	toolColumns = `id, number, place, title, note, COALESCE(retired, 0), at, by_person`
	loanColumns = `id, tool, COALESCE(person, ''), name, contact, out_on, due_on, back_on, back_note, at, by_person`
	rateColumns = `id, from_on, cents, source, at, by_person`
)

var (
	qSelfOf     = store.Q(`SELECT ` + selfColumns + ` FROM works_selfbuild WHERE place = $1 ORDER BY from_on, id`)
	qSelf       = store.Q(`SELECT ` + selfColumns + ` FROM works_selfbuild WHERE id = $1`)
	qInsertSelf = store.Q(`INSERT INTO works_selfbuild (id, place, space, from_on, until_on, share, minutes, words,
		supplied, supplied_cents, source, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
	qReuseOf     = store.Q(`SELECT ` + reuseColumns + ` FROM works_reuse WHERE place = $1 ORDER BY on_day DESC, id DESC`)
	qReuse       = store.Q(`SELECT ` + reuseColumns + ` FROM works_reuse WHERE id = $1`)
	qInsertReuse = store.Q(`INSERT INTO works_reuse (id, place, site, on_day, material, origin, quantity, unit, used_for,
		avoided, estimate, at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
	qTools      = store.Q(`SELECT ` + toolColumns + ` FROM works_tool ORDER BY number`)
	qTool       = store.Q(`SELECT ` + toolColumns + ` FROM works_tool WHERE id = $1`)
	qInsertTool = store.Q(`INSERT INTO works_tool (id, number, place, title, note, retired, at, by_person)
		VALUES ($1, $2, $3, $4, $5, NULL, $6, $7)`)
	qRetireTool = store.Q(`UPDATE works_tool SET retired = $2 WHERE id = $1`)
	qLoansOut   = store.Q(`SELECT ` + loanColumns + ` FROM works_loan WHERE back_on = '' ORDER BY out_on DESC, id DESC`)
	qLoansPast  = store.Q(`SELECT tool, COUNT(*) FROM works_loan WHERE back_on <> '' GROUP BY tool`)
	qLoan       = store.Q(`SELECT ` + loanColumns + ` FROM works_loan WHERE id = $1`)
	qLoansBy    = store.Q(`SELECT ` + loanColumns + ` FROM works_loan WHERE person = $1 ORDER BY id`)
	qInsertLoan = store.Q(`INSERT INTO works_loan (id, tool, person, name, contact, out_on, due_on, back_on, back_note, at,
		by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', $8, $9)`)
	qBack       = store.Q(`UPDATE works_loan SET back_on = $2, back_note = $3 WHERE id = $1`)
	qRates      = store.Q(`SELECT ` + rateColumns + ` FROM works_rate ORDER BY from_on, id`)
	qInsertRate = store.Q(`INSERT INTO works_rate (` + rateColumns + `) VALUES ($1, $2, $3, $4, $5, $6)`)
)

func scanSelf(r store.Row) (s SelfBuild, err error) {
	return s, r.Scan(&s.ID, &s.Place, &s.Space, &s.From, &s.Until, &s.Share, &s.Minutes, &s.Words, &s.Supplied,
		&s.SuppliedCents, &s.Source, &s.At, &s.By)
}

func scanReuse(r store.Row) (u Reuse, err error) {
	return u, r.Scan(&u.ID, &u.Place, &u.Site, &u.On, &u.Material, &u.Origin, &u.Quantity, &u.Unit, &u.UsedFor, &u.Avoided,
		&u.Estimate, &u.At, &u.By)
}

func scanTool(r store.Row) (t Tool, err error) {
	return t, r.Scan(&t.ID, &t.Number, &t.Place, &t.Title, &t.Note, &t.Retired, &t.At, &t.By)
}

func scanLoan(r store.Row) (l Loan, err error) {
	return l, r.Scan(&l.ID, &l.Tool, &l.Person, &l.Name, &l.Contact, &l.Out, &l.Due, &l.Back, &l.BackNote, &l.At, &l.By)
}

func scanRate(r store.Row) (t Rate, err error) {
	return t, r.Scan(&t.ID, &t.From, &t.Cents, &t.Source, &t.At, &t.By)
}

func insertSelf(tx *store.Tx, s SelfBuild) error {
	_, err := tx.Exec(qInsertSelf, s.ID, string(s.Place), string(s.Space), s.From.String(), s.Until.String(), s.Share,
		int64(s.Minutes), s.Words, s.Supplied, int64(s.SuppliedCents), s.Source, int64(s.At), string(s.By))
	return err
}

func insertReuse(tx *store.Tx, u Reuse) error {
	_, err := tx.Exec(qInsertReuse, u.ID, string(u.Place), orNull(u.Site), u.On.String(), u.Material, u.Origin,
		int64(u.Quantity), string(u.Unit), u.UsedFor, int64(u.Avoided), u.Estimate, int64(u.At), string(u.By))
	return err
}

func insertTool(tx *store.Tx, t Tool) error {
	_, err := tx.Exec(qInsertTool, string(t.ID), t.Number, string(t.Place), t.Title, t.Note, int64(t.At), string(t.By))
	return err
}

func insertLoan(tx *store.Tx, l Loan) error {
	_, err := tx.Exec(qInsertLoan, l.ID, string(l.Tool), orNull(l.Person), l.Name, l.Contact, l.Out.String(),
		l.Due.String(), int64(l.At), string(l.By))
	return err
}

const (
	intervalColumns = `id, code, from_on, months, source, confirmed, at, by_person`
	dutyColumns     = `id, place, COALESCE(part, ''), number, code, title, bars, since_on, at, by_person`
	endColumns      = `duty, last_on, why, at, by_person`
	inspColumns     = `i.id, i.duty, i.on_day, i.inspector, i.reference, i.verdict, i.valid_until,
		COALESCE(i.document, ''), i.note, i.at, i.by_person`
	standColumns = `duty, place, part, number, code, title, bars, last_on, verdict, valid_until, remarks, grave, words,
		due_on, ended_on`
	remarkColumns  = `m.id, m.inspection, m.position, m.words, m.grave, m.due_on`
	liftingColumns = `l.id, l.remark, l.on_day, l.evidence, COALESCE(l.document, ''), l.at, l.by_person`
)

var (
	qIntervals      = store.Q(`SELECT ` + intervalColumns + ` FROM works_kind ORDER BY id`)
	qInsertInterval = store.Q(`INSERT INTO works_kind (` + intervalColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qDutyHeads      = store.Q(`SELECT ` + dutyColumns + ` FROM works_duty ORDER BY id`)
	qDutiesOf       = store.Q(`SELECT ` + dutyColumns + ` FROM works_duty WHERE place = $1 ORDER BY id`)
	qDuty           = store.Q(`SELECT ` + dutyColumns + ` FROM works_duty WHERE id = $1`)
	qInsertDuty     = store.Q(`INSERT INTO works_duty (id, place, part, number, code, title, bars, since_on, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qDutyEnds      = store.Q(`SELECT ` + endColumns + ` FROM works_duty_end ORDER BY duty`)
	qInsertDutyEnd = store.Q(`INSERT INTO works_duty_end (` + endColumns + `) VALUES ($1, $2, $3, $4, $5)`)
	qInspections   = store.Q(`SELECT ` + inspColumns + ` FROM works_inspection i ORDER BY i.id`)
	qInspection    = store.Q(`SELECT ` + inspColumns + ` FROM works_inspection i WHERE i.id = $1`)
	qInspectionsOf = store.Q(`SELECT ` + inspColumns + ` FROM works_inspection i JOIN works_duty d ON d.id = i.duty
		WHERE d.place = $1 ORDER BY i.id`)
	qInsertInspection = store.Q(`INSERT INTO works_inspection (id, duty, on_day, inspector, reference, verdict,
		valid_until,
		document, note, at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qRemarks   = store.Q(`SELECT ` + remarkColumns + ` FROM works_remark m ORDER BY m.id`)
	qRemark    = store.Q(`SELECT ` + remarkColumns + ` FROM works_remark m WHERE m.id = $1`)
	qRemarksOf = store.Q(`SELECT ` + remarkColumns + ` FROM works_remark m JOIN works_inspection i ON i.id = m.inspection
		JOIN works_duty d ON d.id = i.duty WHERE d.place = $1 ORDER BY m.inspection, m.position`)
	qInsertRemark = store.Q(`INSERT INTO works_remark (id, inspection, position, words, grave, due_on)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qLiftings   = store.Q(`SELECT ` + liftingColumns + ` FROM works_lifting l ORDER BY l.id`)
	qLifting    = store.Q(`SELECT ` + liftingColumns + ` FROM works_lifting l WHERE l.id = $1`)
	qLiftingsOf = store.Q(`SELECT ` + liftingColumns + ` FROM works_lifting l JOIN works_remark m ON m.id = l.remark
		JOIN works_inspection i ON i.id = m.inspection JOIN works_duty d ON d.id = i.duty WHERE d.place = $1 ORDER BY l.id`)
	qInsertLifting = store.Q(`INSERT INTO works_lifting (id, remark, on_day, evidence, document, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qCountDuties = store.Q(`SELECT COUNT(*) FROM works_duty`)
	qStands      = store.Q(`SELECT ` + standColumns + ` FROM works_watch`)
	// Those that may ask for something until a day; which of them do is decided by who reads them.
	qPressing = store.Q(`SELECT ` + standColumns + ` FROM works_watch
		WHERE valid_until <= $1 OR remarks > 0 OR verdict = 'bad' ORDER BY number`)
	qKeepStand = store.Q(`INSERT INTO works_watch (` + standColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (duty) DO UPDATE SET
		last_on = EXCLUDED.last_on, verdict = EXCLUDED.verdict, valid_until = EXCLUDED.valid_until,
		remarks = EXCLUDED.remarks, grave = EXCLUDED.grave, words = EXCLUDED.words, due_on = EXCLUDED.due_on,
		ended_on = EXCLUDED.ended_on`)
	qWarned = store.Q(`SELECT COUNT(*) FROM works_warning WHERE duty = $1 AND until_on = $2 AND stage = $3`)
	qWarn   = store.Q(`INSERT INTO works_warning (duty, until_on, stage, at) VALUES ($1, $2, $3, $4)`)
)

func scanInterval(r store.Row) (k Interval, err error) {
	var confirmed int64
	err = r.Scan(&k.ID, &k.Code, &k.From, &k.Months, &k.Source, &confirmed, &k.At, &k.By)
	k.Confirmed = confirmed == 1
	return k, err
}

func scanDuty(r store.Row) (d Duty, err error) {
	var bars int64
	err = r.Scan(&d.ID, &d.Place, &d.Part, &d.Number, &d.Code, &d.Title, &bars, &d.Since, &d.At, &d.By)
	d.Bars = bars == 1
	return d, err
}

func scanDutyEnd(r store.Row) (e DutyEnd, err error) {
	return e, r.Scan(&e.Duty, &e.Last, &e.Why, &e.At, &e.By)
}

func scanInspection(r store.Row) (i Inspection, err error) {
	return i, r.Scan(&i.ID, &i.Duty, &i.On, &i.Inspector, &i.Reference, &i.Verdict, &i.ValidUntil, &i.Document, &i.Note,
		&i.At, &i.By)
}

func scanStand(r store.Row) (s Stand, err error) {
	var bars, grave int64
	err = r.Scan(&s.ID, &s.Place, &s.Part, &s.Number, &s.Code, &s.Title, &bars, &s.On, &s.Verdict, &s.ValidUntil, &s.Open,
		&grave, &s.Words, &s.Due, &s.Ended)
	s.Bars, s.Grave = bars == 1, grave == 1
	return s, err
}

func keepStand(tx *store.Tx, s Stand) error {
	_, err := tx.Exec(qKeepStand, string(s.ID), string(s.Place), string(s.Part), s.Number, string(s.Code), s.Title,
		bit(s.Bars), s.On.String(), string(s.Verdict), s.ValidUntil.String(), s.Open, bit(s.Grave), s.Words, s.Due.String(),
		s.Ended.String())
	return err
}

func scanRemark(r store.Row) (m Remark, err error) {
	var grave int64
	err = r.Scan(&m.ID, &m.Inspection, &m.Position, &m.Words, &grave, &m.Due)
	m.Grave = grave == 1
	return m, err
}

func scanLifting(r store.Row) (l Lifting, err error) {
	return l, r.Scan(&l.ID, &l.Remark, &l.On, &l.Evidence, &l.Document, &l.At, &l.By)
}

func insertInterval(tx *store.Tx, k Interval) error {
	if _, err := tx.Exec(qInsertInterval, k.ID, string(k.Code), k.From.String(), k.Months, k.Source, bit(k.Confirmed),
		int64(k.At), string(k.By)); err != nil {
		return err
	}
	return tx.Seal("works-interval", k.ID, encode(k))
}

func insertDuty(tx *store.Tx, d Duty) error {
	if _, err := tx.Exec(qInsertDuty, string(d.ID), string(d.Place), orNull(d.Part), d.Number, string(d.Code), d.Title,
		bit(d.Bars), d.Since.String(), int64(d.At), string(d.By)); err != nil {
		return err
	}
	return tx.Seal("works-duty", string(d.ID), encode(d))
}

func insertDutyEnd(tx *store.Tx, e DutyEnd) error {
	if _, err := tx.Exec(qInsertDutyEnd, string(e.Duty), e.Last.String(), e.Why, int64(e.At), string(e.By)); err != nil {
		return err
	}
	return tx.Seal("works-duty-end", string(e.Duty), encode(e))
}

func insertInspection(tx *store.Tx, i Inspection) error {
	if _, err := tx.Exec(qInsertInspection, i.ID, string(i.Duty), i.On.String(), i.Inspector, i.Reference,
		string(i.Verdict), i.ValidUntil.String(), orNull(i.Document), i.Note, int64(i.At), string(i.By)); err != nil {
		return err
	}
	return tx.Seal("works-inspection", i.ID, encode(i))
}

func insertRemark(tx *store.Tx, m Remark) error {
	if _, err := tx.Exec(qInsertRemark, m.ID, m.Inspection, m.Position, m.Words, bit(m.Grave),
		m.Due.String()); err != nil {
		return err
	}
	return tx.Seal("works-remark", m.ID, encode(m))
}

func insertLifting(tx *store.Tx, l Lifting) error {
	if _, err := tx.Exec(qInsertLifting, l.ID, l.Remark, l.On.String(), l.Evidence, orNull(l.Document), int64(l.At),
		string(l.By)); err != nil {
		return err
	}
	return tx.Seal("works-lifting", l.ID, encode(l))
}

const (
	doorColumns    = `id, place, COALESCE(part, ''), code, COALESCE(dropped, 0), at, by_person`
	problemColumns = `id, number, place, COALESCE(part, ''), COALESCE(door, ''), words, COALESCE(document, ''), name,
		email,
		phone, lang, state, COALESCE(owner, ''), COALESCE(line, ''), at, by_person`
	stepColumns = `id, problem, state, answer, note, COALESCE(owner, ''), COALESCE(line, ''), at, by_person`
)

var (
	qDoorsOf    = store.Q(`SELECT ` + doorColumns + ` FROM works_door WHERE place = $1 ORDER BY id`)
	qDoorCoded  = store.Q(`SELECT ` + doorColumns + ` FROM works_door WHERE code = $1`)
	qInsertDoor = store.Q(`INSERT INTO works_door (id, place, part, code, dropped, at, by_person)
		VALUES ($1, $2, $3, $4, NULL, $5, $6)`)
	qDropDoor      = store.Q(`UPDATE works_door SET dropped = $2 WHERE id = $1`)
	qProblemsIn    = store.Q(`SELECT ` + problemColumns + ` FROM works_problem WHERE state = $1 ORDER BY number DESC`)
	qProblemsOf    = store.Q(`SELECT ` + problemColumns + ` FROM works_problem WHERE place = $1 ORDER BY number DESC`)
	qProblemWords  = store.Q(`SELECT number, place, state, words FROM works_problem ORDER BY number DESC`)
	qOpenProblems  = store.Q(`SELECT COUNT(*) FROM works_problem WHERE place = $1 AND state NOT IN ('done', 'refused')`)
	qProblem       = store.Q(`SELECT ` + problemColumns + ` FROM works_problem WHERE id = $1`)
	qProblemNumber = store.Q(`SELECT ` + problemColumns + ` FROM works_problem WHERE number = $1`)
	qProblemsSince = store.Q(`SELECT COUNT(*) FROM works_problem WHERE door = $1 AND at >= $2`)
	qInsertProblem = store.Q(`INSERT INTO works_problem (id, number, place, part, door, words, document, name, email,
		phone, lang, state, owner, line, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, NULL, $13, $14)`)
	qSetProblem = store.Q(`UPDATE works_problem SET state = $2, owner = $3, line = $4 WHERE id = $1`)
	qStepsOf    = store.Q(`SELECT ` + stepColumns + ` FROM works_step WHERE problem = $1 ORDER BY id`)
	qInsertStep = store.Q(`INSERT INTO works_step (id, problem, state, answer, note, owner, line, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	qDocuments = store.Q(`SELECT document FROM works_cost WHERE document = $1
		UNION SELECT document FROM works_paper WHERE document = $1
		UNION SELECT document FROM works_inspection WHERE document = $1
		UNION SELECT document FROM works_lifting WHERE document = $1`)
	qProblemPictures = store.Q(`SELECT document FROM works_problem WHERE document = $1`)
)

func scanDoor(r store.Row) (d Door, err error) {
	return d, r.Scan(&d.ID, &d.Place, &d.Part, &d.Code, &d.Dropped, &d.At, &d.By)
}

func scanProblem(r store.Row) (p Problem, err error) {
	return p, r.Scan(&p.ID, &p.Number, &p.Place, &p.Part, &p.Door, &p.Words, &p.Document, &p.Name, &p.Email, &p.Phone,
		&p.Lang, &p.State, &p.Owner, &p.Line, &p.At, &p.By)
}

func scanStep(r store.Row) (s Step, err error) {
	return s, r.Scan(&s.ID, &s.Problem, &s.State, &s.Answer, &s.Note, &s.Owner, &s.Line, &s.At, &s.By)
}

func insertDoor(tx *store.Tx, d Door) error {
	_, err := tx.Exec(qInsertDoor, d.ID, string(d.Place), orNull(d.Part), d.Code, int64(d.At), string(d.By))
	return err
}

func insertProblem(tx *store.Tx, p Problem) error {
	_, err := tx.Exec(qInsertProblem, string(p.ID), p.Number, string(p.Place), orNull(p.Part), orNull(p.Door), p.Words,
		orNull(p.Document), p.Name, p.Email, p.Phone, string(p.Lang), string(p.State), int64(p.At), string(p.By))
	return err
}

func insertStep(tx *store.Tx, s Step) error {
	_, err := tx.Exec(qInsertStep, s.ID, string(s.Problem), string(s.State), s.Answer, s.Note, orNull(s.Owner),
		orNull(s.Line), int64(s.At), string(s.By))
	return err
}

// Keeps says whether a document belongs to a site or a check, and whether it is the picture of a problem.
func Keeps(r store.Reader, document string) (works, problem bool, err error) {
	list, err := store.List(r, qDocuments, store.Text, document)
	if err != nil {
		return false, false, err
	}
	_, problem, err = store.Find(r, qProblemPictures, store.Text, document)
	return slices.Contains(list, document), problem, err
}
