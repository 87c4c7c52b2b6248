package allocation

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "allocation", Schema: schema, Ephemeral: []string{"allocation_token"},
	Witnesses: []store.Witness{
		{Kind: "allocation-practice", Each: each(qAllPractices, scanPracticeRow, func(c practiceRow) (string, []byte) {
			return c.id, c.canonical()
		})},
		{Kind: "allocation-rules", Each: each(qAllRules, scanRules, func(u Rules) (string, []byte) {
			return u.ID, encode(u)
		})},
		{Kind: "allocation-step", Each: each(qAllSteps, scanStep, func(s Step) (string, []byte) {
			return s.ID, s.canonical()
		})},
		{Kind: "allocation-wish", Each: each(qAllWishes, scanWish, func(w wishRow) (string, []byte) {
			return w.id, w.canonical()
		})},
		{Kind: "allocation-pair", Each: each(qPairs, scanPair, func(p Pair) (string, []byte) { return p.ID, encode(p) })},
		{Kind: "allocation-run", Each: each(qAllRuns, scanRun, func(n Run) (string, []byte) {
			return string(n.ID), n.canonical()
		})},
		{Kind: "allocation-plan", Each: each(qAllPlans, scanPlan, func(p Plan) (string, []byte) {
			return string(p.ID), p.canonical()
		})},
		{Kind: "allocation-choice", Each: each(qAllChoices, scanChoice, func(c Choice) (string, []byte) {
			return string(c.ID), encode(c)
		})},
		{Kind: "allocation-departure", Each: each(qAllDepartures, scanDeparture, func(d Departure) (string, []byte) {
			return d.ID, encode(d)
		})},
		{Kind: "allocation-effect", Each: each(qAllEffects, scanEffect, func(e Effect) (string, []byte) {
			return e.ID, encode(e)
		})},
		{Kind: "allocation-undoing", Each: each(qAllUndoings, scanUndoing, func(u Undoing) (string, []byte) {
			return string(u.Choice), encode(u)
		})},
	}}

// each is a witness over all rows of a kind.
func each[T any](q store.Query, scan func(store.Row) (T, error), row func(T) (string, []byte)) func(store.Reader,
	func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		return store.Each(r, q, func(s store.Row) error {
			v, err := scan(s)
			if err != nil {
				return err
			}
			return yield(row(v))
		})
	}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// said are the steps by which somebody says that they still want a place, without those that were mended.
const said = `FROM allocation_step i WHERE i.application = a.id AND i.cause IN (` + interest + `)
	AND NOT EXISTS (SELECT 1 FROM allocation_step m WHERE m.application = i.application AND m.position = i.position + 1
		AND m.cause = 'mended')`

const applicationColumns = `SELECT a.id, a.number, a.channel, a.language, a.typed, a.person, a.at, s.position, s.state,
	s.day, s.since, s.choice, (SELECT MAX(i.day) ` + said + `), (SELECT MAX(i.at) ` + said + `),
	w.position, w.asks, w.notes
	FROM allocation_application a
	JOIN allocation_step s ON s.application = a.id AND s.position =
		(SELECT MAX(t.position) FROM allocation_step t WHERE t.application = a.id)
	JOIN allocation_wish w ON w.application = a.id AND w.position =
		(SELECT MAX(v.position) FROM allocation_wish v WHERE v.application = a.id)`

var (
	qApplication       = store.Q(applicationColumns + ` WHERE a.id = $1`)
	qNumbered          = store.Q(applicationColumns + ` WHERE a.number = $1`)
	qApplications      = store.Q(applicationColumns + ` ORDER BY a.number`)
	qApplicationsOf    = store.Q(applicationColumns + ` WHERE a.person = $1 ORDER BY a.number`)
	qInsertApplication = store.Q(`INSERT INTO allocation_application (id, number, channel, language, typed, person, at,
		by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qUpdateTyped = store.Q(`UPDATE allocation_application SET language = $2, typed = $3 WHERE id = $1`)
	qSetPerson   = store.Q(`UPDATE allocation_application SET person = $2 WHERE id = $1`)
	qForgetTyped = store.Q(`UPDATE allocation_application SET typed = '' WHERE id = $1`)
	qForgetNotes = store.Q(`UPDATE allocation_wish SET notes = '', salt = NULL WHERE application = $1`)
	qForgetWhys  = store.Q(`UPDATE allocation_step SET why = '', salt = NULL WHERE application = $1`)
	qForgetPost  = store.Q(`UPDATE allocation_letter SET body = '' WHERE application = $1`)
)

func scanApplication(r store.Row) (a Application, err error) {
	var person *string
	var typed, asks, notes string
	err = r.Scan(&a.ID, &a.Number, &a.Channel, &a.Language, &typed, &person, &a.At, &a.Position, &a.State, &a.Turned,
		&a.Since, &a.Choice, &a.Interest, &a.Heard, &a.Version, &asks, &notes)
	if a.Person = people.PersonID(text(person)); err != nil {
		return a, err
	}
	if typed != "" {
		if err := decode(typed, &a.Typed); err != nil {
			return a, err
		}
	}
	if notes != "" {
		if err := decode(notes, &a.Notes); err != nil {
			return a, err
		}
	}
	return a, decode(asks, &a.Wish)
}

func insertApplication(tx *store.Tx, a Application) error {
	_, err := tx.Exec(qInsertApplication, string(a.ID), a.Number, string(a.Channel), string(a.Language),
		string(encode(a.Typed)), orNull(string(a.Person)), int64(a.At), tx.Actor())
	return err
}

func updateTyped(tx *store.Tx, a Application) error {
	_, err := tx.Exec(qUpdateTyped, string(a.ID), string(a.Language), string(encode(a.Typed)))
	return err
}

func updatePerson(tx *store.Tx, id ApplicationID, person people.PersonID) error {
	_, err := tx.Exec(qSetPerson, string(id), string(person))
	return err
}

// forgetApplication empties what was typed, in every version.
func forgetApplication(tx *store.Tx, id ApplicationID) error {
	for _, q := range []store.Query{qForgetTyped, qForgetNotes, qForgetWhys, qForgetPost} {
		if _, err := tx.Exec(q, string(id)); err != nil {
			return err
		}
	}
	return nil
}

const stepColumns = `SELECT id, application, position, cause, state, day, since, choice, why, salt, promise, at,
	by_person
	FROM allocation_step`

var (
	qStep       = store.Q(stepColumns + ` WHERE id = $1`)
	qSteps      = store.Q(stepColumns + ` WHERE application = $1 ORDER BY position`)
	qAllSteps   = store.Q(stepColumns + ` ORDER BY id`)
	qInsertStep = store.Q(`INSERT INTO allocation_step (id, application, position, cause, state, day, since, choice, why,
		salt, promise, at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
)

func scanStep(r store.Row) (s Step, err error) {
	return s, r.Scan(&s.ID, &s.Application, &s.Position, &s.Cause, &s.State, &s.Day, &s.Since, &s.Choice, &s.Why, &s.salt,
		&s.promise, &s.At, &s.By)
}

// Steps are the steps of an application in their order.
func Steps(r store.Reader, id ApplicationID) ([]Step, error) {
	return store.List(r, qSteps, scanStep, string(id))
}

func insertStep(tx *store.Tx, s Step) error {
	salt := tx.Salt()
	s.salt = salt[:]
	s.promise = promised(domainStep, s.salt, nil, []byte(s.Why), s.Why == "")
	_, err := tx.Exec(qInsertStep, s.ID, string(s.Application), s.Position, string(s.Cause), string(s.State),
		s.Day.String(), s.Since.String(), s.Choice, s.Why, s.salt, s.promise, int64(s.At), string(s.By))
	if err != nil {
		return err
	}
	return tx.Seal("allocation-step", s.ID, s.canonical())
}

// wishRow is a version of what is asked for, as it is sealed.
type wishRow struct {
	id, application, asks, notes string
	position                     int64
	at                           civil.Instant
	by                           people.PersonID
	salt, promise                []byte
}

func (w wishRow) canonical() []byte {
	return encode([]any{w.id, w.application, w.position, w.asks, w.at, w.by,
		promised(domainWish, w.salt, w.promise, []byte(w.notes), w.notes == "")})
}

var (
	qAllWishes = store.Q(`SELECT id, application, position, asks, notes, salt, promise, at, by_person FROM allocation_wish
		ORDER BY id`)
	qInsertWish = store.Q(`INSERT INTO allocation_wish (id, application, position, asks, notes, salt, promise, at,
		by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
)

func scanWish(r store.Row) (w wishRow, err error) {
	return w, r.Scan(&w.id, &w.application, &w.position, &w.asks, &w.notes, &w.salt, &w.promise, &w.at, &w.by)
}

func keepWish(tx *store.Tx, a *Application, wish Wish, notes Notes) error {
	if a.Version >= maxStepsEver {
		return fault.Refuse("allocation.refusal.too-many", "limit", maxStepsEver)
	}
	salt := tx.Salt()
	w := wishRow{id: tx.ID(), application: string(a.ID), position: a.Version + 1, asks: string(encode(wish)),
		notes: string(encode(notes)), salt: salt[:], at: tx.Now(), by: people.PersonID(tx.Actor())}
	w.promise = promised(domainWish, w.salt, nil, []byte(w.notes), false)
	a.Wish, a.Notes, a.Version = wish, notes, w.position
	_, err := tx.Exec(qInsertWish, w.id, w.application, w.position, w.asks, w.notes, w.salt, w.promise, int64(w.at),
		string(w.by))
	if err != nil {
		return err
	}
	return tx.Seal("allocation-wish", w.id, w.canonical())
}

var (
	qPairs      = store.Q(`SELECT id, one, two, verdict, why, at, by_person FROM allocation_pair ORDER BY id`)
	qInsertPair = store.Q(`INSERT INTO allocation_pair (id, one, two, verdict, why, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
)

func scanPair(r store.Row) (p Pair, err error) {
	return p, r.Scan(&p.ID, &p.One, &p.Two, &p.Verdict, &p.Why, &p.At, &p.By)
}

// Pairs lists what was said of pairs, in its order.
func Pairs(r store.Reader) ([]Pair, error) { return store.List(r, qPairs, scanPair) }

func insertPair(tx *store.Tx, p Pair) error {
	p.ID, p.At, p.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	_, err := tx.Exec(qInsertPair, p.ID, string(p.One), string(p.Two), string(p.Verdict), p.Why, int64(p.At), string(p.By))
	if err != nil {
		return err
	}
	return tx.Seal("allocation-pair", p.ID, encode(p))
}

// practiceRow is a version of a practice, as it is sealed.
type practiceRow struct {
	id, practice, content string
	at                    civil.Instant
	by                    people.PersonID
}

func (c practiceRow) canonical() []byte {
	return encode([]any{c.id, c.practice, c.content, c.at, c.by})
}

var (
	qAllPractices   = store.Q(`SELECT id, practice, content, at, by_person FROM allocation_practice ORDER BY id`)
	qInsertPractice = store.Q(`INSERT INTO allocation_practice (id, practice, content, at, by_person)
		VALUES ($1, $2, $3, $4, $5)`)
	qAllRules    = store.Q(`SELECT id, from_on, content, decision, at, by_person FROM allocation_rules ORDER BY id`)
	qInsertRules = store.Q(`INSERT INTO allocation_rules (id, from_on, content, decision, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6)`)
)

func scanPracticeRow(r store.Row) (c practiceRow, err error) {
	return c, r.Scan(&c.id, &c.practice, &c.content, &c.at, &c.by)
}

// readPractices reads what is said last of each practice.
func readPractices(r store.Reader) (map[PracticeID]Practice, error) {
	rows, err := store.List(r, qAllPractices, scanPracticeRow)
	latest := map[PracticeID]Practice{}
	for _, row := range rows {
		var c Practice
		if err := decode(row.content, &c); err != nil {
			return nil, err
		}
		c.At, c.By = row.at, row.by
		latest[c.ID] = c
	}
	return latest, err
}

func insertPractice(tx *store.Tx, id string, c Practice) error {
	row := practiceRow{id, string(c.ID), string(encode(c)), tx.Now(), people.PersonID(tx.Actor())}
	_, err := tx.Exec(qInsertPractice, row.id, row.practice, row.content, int64(row.at), string(row.by))
	if err != nil {
		return err
	}
	return tx.Seal("allocation-practice", row.id, row.canonical())
}

// ruled is what of the rules is kept as one text.
type ruled struct {
	Months, Grace, Returns int64
	Words                  map[lang.Tag]string
}

func scanRules(r store.Row) (u Rules, err error) {
	var content string
	var decision *string
	var w ruled
	err = r.Scan(&u.ID, &u.From, &content, &decision, &u.At, &u.By)
	if err == nil {
		err = decode(content, &w)
	}
	u.Months, u.Grace, u.Returns, u.Words, u.Decision = w.Months, w.Grace, w.Returns, w.Words, people.DecisionID(text(
		decision))
	return u, err
}

// AllRules lists every version of the rules in the order in which they were written.
func AllRules(r store.Reader) ([]Rules, error) { return store.List(r, qAllRules, scanRules) }

func insertRules(tx *store.Tx, u Rules) error {
	_, err := tx.Exec(qInsertRules, u.ID, u.From.String(), string(encode(ruled{u.Months, u.Grace, u.Returns, u.Words})),
		orNull(string(u.Decision)), int64(u.At), string(u.By))
	if err != nil {
		return err
	}
	return tx.Seal("allocation-rules", u.ID, encode(u))
}

var (
	qInsertToken = store.Q(`INSERT INTO allocation_token (hash, application, expires) VALUES ($1, $2, $3)`)
	qToken       = store.Q(`SELECT application FROM allocation_token WHERE hash = $1 AND expires > $2`)
	qDropTokens  = store.Q(`DELETE FROM allocation_token WHERE expires <= $1`)
)

// newToken makes what a letter brings to an applicant; its hash is kept for so many days.
func newToken(tx *store.Tx, id ApplicationID, days int) (string, error) {
	salt := tx.Salt()
	token := base64.RawURLEncoding.EncodeToString(salt[:20])
	hash := sha256.Sum256([]byte(token))
	if _, err := tx.Exec(qDropTokens, int64(tx.Now())); err != nil {
		return "", err
	}
	_, err := tx.Exec(qInsertToken, hash[:], string(id), int64(civil.At(tx.Now().Time().AddDate(0, 0, days))))
	return token, err
}

// ByToken is the application that a link leads to; one that is unknown or too old is refused.
func ByToken(r store.Reader, token string) (Application, error) {
	hash := sha256.Sum256([]byte(token))
	id, found, err := store.Find(r, qToken, store.Text, hash[:], int64(r.Now()))
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.token")
	}
	if err != nil {
		return Application{}, err
	}
	return Get(r, ApplicationID(id))
}

func numberWords(n int64) string { return strconv.FormatInt(n, 10) }

const letterColumns = `SELECT id, application, kind, choice, channel, body, at, by_person, printed
	FROM allocation_letter`

var (
	qInsertLetter = store.Q(`INSERT INTO allocation_letter (id, application, kind, choice, channel, body, at, by_person,
		printed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)`)
	qLetter        = store.Q(letterColumns + ` WHERE id = $1`)
	qLetters       = store.Q(letterColumns + ` WHERE application = $1 ORDER BY id`)
	qLettersOf     = store.Q(letterColumns + ` WHERE choice = $1 ORDER BY id`)
	qLettersToPost = store.Q(letterColumns + ` WHERE channel = 'post' AND printed IS NULL AND body <> '' ORDER BY id
		LIMIT $1`)
	qBatches = store.Q(`SELECT printed, COUNT(*) FROM allocation_letter WHERE printed IS NOT NULL AND body <> ''
		GROUP BY printed ORDER BY printed DESC LIMIT $1`)
	qLettersAt   = store.Q(letterColumns + ` WHERE printed = $1 ORDER BY id`)
	qPrintLetter = store.Q(`UPDATE allocation_letter SET printed = $2 WHERE id = $1`)
	qAsked       = store.Q(letterColumns + ` WHERE id IN (SELECT MAX(id) FROM allocation_letter
		WHERE kind IN ('renew', 'remind') GROUP BY application, kind)`)
)

func scanLetter(r store.Row) (l Letter, err error) {
	var printed *int64
	err = r.Scan(&l.ID, &l.Application, &l.Kind, &l.Choice, &l.Channel, &l.Body, &l.At, &l.By, &printed)
	if printed != nil {
		l.Printed = civil.Instant(*printed)
	}
	return l, err
}

func insertLetter(tx *store.Tx, l Letter) error {
	_, err := tx.Exec(qInsertLetter, l.ID, string(l.Application), string(l.Kind), l.Choice, string(l.Channel), l.Body,
		int64(l.At), string(l.By))
	return err
}

// LetterByID reads a letter; an unknown id is refused.
func LetterByID(r store.Reader, id string) (Letter, error) {
	l, found, err := store.Find(r, qLetter, scanLetter, id)
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown")
	}
	return l, err
}

// LettersOf lists the letters to an applicant.
func LettersOf(r store.Reader, id ApplicationID) ([]Letter, error) {
	return store.List(r, qLetters, scanLetter, string(id))
}

// LettersBy lists the letters of a choice.
func LettersBy(r store.Reader, id ChoiceID) ([]Letter, error) {
	return store.List(r, qLettersOf, scanLetter, string(id))
}

// LettersToPost are the letters that wait for the printer, at most as many as are printed at once.
func LettersToPost(r store.Reader) ([]Letter, error) {
	return store.List(r, qLettersToPost, scanLetter, int64(MaxPrint))
}

// LettersPrinted are those that were printed together.
func LettersPrinted(r store.Reader, at civil.Instant) ([]Letter, error) {
	return store.List(r, qLettersAt, scanLetter, int64(at))
}

// Printing is how many letters were printed together, and when.
type Printing struct {
	At      civil.Instant
	Letters int64
}

// Batches are the last printings whose letters are still there, the newest first.
func Batches(r store.Reader, most int64) ([]Printing, error) {
	return store.List(r, qBatches, func(row store.Row) (b Printing, err error) {
		return b, row.Scan(&b.At, &b.Letters)
	}, most)
}

func printLetter(tx *store.Tx, id string) error {
	_, err := tx.Exec(qPrintLetter, id, int64(tx.Now()))
	return err
}

// asking is when an applicant was last asked whether they still want a place, and reminded of it.
type asking struct{ asked, reminded Letter }

// lastAsked are the last letters by which each applicant was asked.
func lastAsked(r store.Reader) (map[ApplicationID]asking, error) {
	last := map[ApplicationID]asking{}
	letters, err := store.List(r, qAsked, scanLetter)
	for _, l := range letters {
		one := last[l.Application]
		if l.Kind == LetterRemind {
			one.reminded = l
		} else {
			one.asked = l
		}
		last[l.Application] = one
	}
	return last, err
}

const slipColumns = `SELECT s.number, s.letter, s.application, s.step, l.at, l.printed, l.kind FROM allocation_slip s
	JOIN allocation_letter l ON l.id = s.letter`

var (
	qSlip       = store.Q(slipColumns + ` WHERE s.number = $1`)
	qSlipUnder  = store.Q(slipColumns + ` WHERE s.letter = $1`)
	qSlipsOut   = store.Q(slipColumns + ` WHERE s.step IS NULL AND l.printed IS NOT NULL ORDER BY s.number`)
	qSlipsBack  = store.Q(slipColumns + ` WHERE s.step IS NOT NULL ORDER BY s.step DESC LIMIT $1`)
	qInsertSlip = store.Q(`INSERT INTO allocation_slip (number, letter, application) VALUES ($1, $2, $3)`)
	qSetSlip    = store.Q(`UPDATE allocation_slip SET step = $2 WHERE number = $1`)
	qFreeSlip   = store.Q(`UPDATE allocation_slip SET step = NULL WHERE step = $1`)
)

func scanSlip(r store.Row) (s Slip, err error) {
	var step *string
	var printed *int64
	err = r.Scan(&s.Number, &s.Letter, &s.Application, &step, &s.Asked, &printed, &s.Kind)
	if s.Step = text(step); printed != nil {
		s.Printed = civil.Instant(*printed)
	}
	return s, err
}

// SlipNumbered reads a slip; an unknown number is refused.
func SlipNumbered(r store.Reader, n SlipNumber) (Slip, error) {
	s, found, err := store.Find(r, qSlip, scanSlip, int64(n))
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.slip-unknown", "slip", n.String()).At("number")
	}
	return s, err
}

// slipUnder is the slip of a letter; false for a letter without one.
func slipUnder(r store.Reader, letter string) (Slip, bool, error) {
	return store.Find(r, qSlipUnder, scanSlip, letter)
}

// SlipsOut are the slips that were printed and have not come back, the oldest first.
func SlipsOut(r store.Reader) ([]Slip, error) { return store.List(r, qSlipsOut, scanSlip) }

// SlipsBack are those that came back last, the last first.
func SlipsBack(r store.Reader, most int64) ([]Slip, error) {
	return store.List(r, qSlipsBack, scanSlip, most)
}

// StepOf is the step that a slip made when it came back.
func StepOf(r store.Reader, s Slip) (Step, error) {
	step, found, err := store.Find(r, qStep, scanStep, s.Step)
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown")
	}
	return step, err
}

func insertSlip(tx *store.Tx, s Slip) error {
	_, err := tx.Exec(qInsertSlip, int64(s.Number), s.Letter, string(s.Application))
	return err
}

func setSlip(tx *store.Tx, n SlipNumber, step string) error {
	_, err := tx.Exec(qSetSlip, int64(n), step)
	return err
}

// freeSlip lets the slip be out again that made a step, if one did.
func freeSlip(tx *store.Tx, step string) error {
	_, err := tx.Exec(qFreeSlip, step)
	return err
}

const roundColumns = `SELECT id, number, kind, at, by_person FROM allocation_round`

var (
	qRound         = store.Q(roundColumns + ` WHERE id = $1`)
	qRoundNumbered = store.Q(roundColumns + ` WHERE number = $1`)
	qRounds        = store.Q(roundColumns + ` ORDER BY number DESC`)
	qInsertRound   = store.Q(`INSERT INTO allocation_round (id, number, kind, at, by_person) VALUES ($1, $2, $3, $4, $5)`)
	qSetup         = store.Q(`SELECT position, content FROM allocation_setup WHERE round = $1 ORDER BY position DESC
		LIMIT 1`)
	qInsertSetup = store.Q(`INSERT INTO allocation_setup (id, round, position, content, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qPreferences = store.Q(`SELECT application, spaces FROM allocation_preference WHERE round = $1 ORDER BY id`)
	qPrefer      = store.Q(`INSERT INTO allocation_preference (id, round, application, spaces, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6)`)
)

func scanRound(r store.Row) (n Round, err error) {
	return n, r.Scan(&n.ID, &n.Number, &n.Kind, &n.At, &n.By)
}

// RoundByID reads a round; an unknown id is refused.
func RoundByID(r store.Reader, id RoundID) (Round, error) {
	n, found, err := store.Find(r, qRound, scanRound, string(id))
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown-round")
	}
	return n, err
}

// RoundNumbered reads a round by its number; an unknown one is refused.
func RoundNumbered(r store.Reader, number int64) (Round, error) {
	n, found, err := store.Find(r, qRoundNumbered, scanRound, number)
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown-round")
	}
	return n, err
}

// Rounds lists the rounds, the latest first.
func Rounds(r store.Reader) ([]Round, error) { return store.List(r, qRounds, scanRound) }

func insertRound(tx *store.Tx, n Round) error {
	_, err := tx.Exec(qInsertRound, string(n.ID), n.Number, string(n.Kind), int64(n.At), string(n.By))
	return err
}

// SetupOf is what is laid down for a round last, and which version that is.
func SetupOf(r store.Reader, id RoundID) (s Setup, version int64, err error) {
	err = store.Each(r, qSetup, func(row store.Row) error {
		var content string
		if err := row.Scan(&version, &content); err != nil {
			return err
		}
		return decode(content, &s)
	}, string(id))
	return s, version, err
}

func insertSetup(tx *store.Tx, id RoundID, version int64, s Setup) error {
	_, err := tx.Exec(qInsertSetup, tx.ID(), string(id), version, string(encode(s)), int64(tx.Now()), tx.Actor())
	return err
}

// preferences are the spaces that each applicant named last.
func preferences(r store.Reader, id RoundID) (map[ApplicationID][]places.PartID, error) {
	said := map[ApplicationID][]places.PartID{}
	return said, store.Each(r, qPreferences, func(row store.Row) error {
		var who ApplicationID
		var content string
		var spaces []places.PartID
		err := row.Scan(&who, &content)
		if err == nil {
			err = decode(content, &spaces)
		}
		said[who] = spaces
		return err
	}, string(id))
}

// Preference is what an applicant said last for a round of single workshops.
func Preference(r store.Reader, round RoundID, who ApplicationID) ([]places.PartID, error) {
	said, err := preferences(r, round)
	return said[who], err
}

func insertPreference(tx *store.Tx, round RoundID, who ApplicationID, wants []places.PartID) error {
	_, err := tx.Exec(qPrefer, tx.ID(), string(round), string(who), string(encode(wants)), int64(tx.Now()), tx.Actor())
	return err
}

const runColumns = `SELECT n.id, n.round, n.position, n.inputs, n.hash, n.orders, n.at, n.by_person, p.ended, p.done,
	p.of_all, p.trouble FROM allocation_run n JOIN allocation_progress p ON p.run = n.id`

var (
	qRun       = store.Q(runColumns + ` WHERE n.id = $1`)
	qRuns      = store.Q(runColumns + ` WHERE n.round = $1 ORDER BY n.position`)
	qAllRuns   = store.Q(runColumns + ` ORDER BY n.id`)
	qInsertRun = store.Q(`INSERT INTO allocation_run (id, round, position, inputs, hash, orders, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qBegin = store.Q(`INSERT INTO allocation_progress (run, ended, done, of_all, trouble, at) VALUES ($1, '', 0, $2, '',
		$3)`)
	qProgress = store.Q(`UPDATE allocation_progress SET ended = $2, done = $3, of_all = $4, trouble = $5, at = $6
		WHERE run = $1`)
)

func scanRun(r store.Row) (n Run, err error) {
	err = r.Scan(&n.ID, &n.Round, &n.Position, &n.Frozen, &n.Hash, &n.orders, &n.At, &n.By, &n.Ended, &n.Reached, &n.Of,
		&n.Trouble)
	if err == nil {
		err = decode(n.orders, &n.Orders)
	}
	return n, err
}

// RunByID reads a run; an unknown id is refused.
func RunByID(r store.Reader, id RunID) (Run, error) {
	n, found, err := store.Find(r, qRun, scanRun, string(id))
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown-run")
	}
	return n, err
}

// Runs lists the calculations of a round in their order.
func Runs(r store.Reader, id RoundID) ([]Run, error) {
	return store.List(r, qRuns, scanRun, string(id))
}

// LatestRun is the last calculation of a round; false when there is none.
func LatestRun(r store.Reader, id RoundID) (n Run, found bool, err error) {
	list, err := Runs(r, id)
	if err != nil || len(list) == 0 {
		return n, false, err
	}
	return list[len(list)-1], true, nil
}

func insertRun(tx *store.Tx, n Run) error {
	n.orders = string(encode(n.Orders))
	if _, err := tx.Exec(qInsertRun, string(n.ID), string(n.Round), n.Position, n.Frozen, n.Hash, n.orders, int64(n.At),
		string(n.By)); err != nil {
		return err
	}
	if _, err := tx.Exec(qBegin, string(n.ID), n.Of, int64(n.At)); err != nil {
		return err
	}
	return tx.Seal("allocation-run", string(n.ID), n.canonical())
}

func setProgress(tx *store.Tx, id RunID, how Ending, reached, of int64, trouble string) error {
	_, err := tx.Exec(qProgress, string(id), string(how), reached, of, trouble, int64(tx.Now()))
	return err
}

const planColumns = `SELECT id, run, kind, content, at FROM allocation_plan`

var (
	qPlan       = store.Q(planColumns + ` WHERE id = $1`)
	qPlans      = store.Q(planColumns + ` WHERE run = $1 ORDER BY id`)
	qAllPlans   = store.Q(planColumns + ` ORDER BY id`)
	qInsertPlan = store.Q(`INSERT INTO allocation_plan (id, run, kind, content, at) VALUES ($1, $2, $3, $4, $5)`)
)

func scanPlan(r store.Row) (p Plan, err error) {
	return p, r.Scan(&p.ID, &p.Run, &p.Kind, &p.Content, &p.At)
}

// PlanByID reads a plan; an unknown id is refused.
func PlanByID(r store.Reader, id PlanID) (Plan, error) {
	p, found, err := store.Find(r, qPlan, scanPlan, string(id))
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown-plan")
	}
	return p, err
}

// PlansOf lists the plans of a run in the order in which they were made.
func PlansOf(r store.Reader, id RunID) ([]Plan, error) {
	return store.List(r, qPlans, scanPlan, string(id))
}

func insertPlan(tx *store.Tx, p Plan) error {
	if _, err := tx.Exec(qInsertPlan, string(p.ID), string(p.Run), string(p.Kind), p.Content, int64(p.At)); err != nil {
		return err
	}
	return tx.Seal("allocation-plan", string(p.ID), p.canonical())
}

const choiceColumns = `SELECT id, round, plan, proposed, decision, terms, why, at, by_person FROM allocation_choice`

var (
	qChoice       = store.Q(choiceColumns + ` WHERE id = $1`)
	qChoices      = store.Q(choiceColumns + ` WHERE round = $1 ORDER BY id`)
	qAllChoices   = store.Q(choiceColumns + ` ORDER BY id`)
	qInsertChoice = store.Q(`INSERT INTO allocation_choice (id, round, plan, proposed, decision, terms, why, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	qDepartures = store.Q(`SELECT id, choice, application, proposed, decided, pinned, why FROM allocation_departure
		WHERE choice = $1 ORDER BY id`)
	qAllDepartures = store.Q(`SELECT id, choice, application, proposed, decided, pinned, why FROM allocation_departure
		ORDER BY id`)
	qDepart = store.Q(`INSERT INTO allocation_departure (id, choice, application, proposed, decided, pinned, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qEffects = store.Q(`SELECT id, choice, application, kind, object, before FROM allocation_effect WHERE choice = $1
		ORDER BY id`)
	qAllEffects   = store.Q(`SELECT id, choice, application, kind, object, before FROM allocation_effect ORDER BY id`)
	qInsertEffect = store.Q(`INSERT INTO allocation_effect (id, choice, application, kind, object, before)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qUndoing       = store.Q(`SELECT choice, decision, why, at, by_person FROM allocation_undoing WHERE choice = $1`)
	qAllUndoings   = store.Q(`SELECT choice, decision, why, at, by_person FROM allocation_undoing ORDER BY choice`)
	qInsertUndoing = store.Q(`INSERT INTO allocation_undoing (choice, decision, why, at, by_person)
		VALUES ($1, $2, $3, $4, $5)`)
)

func scanChoice(r store.Row) (c Choice, err error) {
	var terms string
	err = r.Scan(&c.ID, &c.Round, &c.Plan, &c.Proposed, &c.Decision, &terms, &c.Why, &c.At, &c.By)
	if err == nil {
		err = decode(terms, &c.Terms)
	}
	return c, err
}

// ChoiceByID reads a choice; an unknown id is refused.
func ChoiceByID(r store.Reader, id ChoiceID) (Choice, error) {
	c, found, err := store.Find(r, qChoice, scanChoice, string(id))
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown-choice")
	}
	return c, err
}

// Choices lists the choices of a round, those that were undone too.
func Choices(r store.Reader, id RoundID) ([]Choice, error) {
	return store.List(r, qChoices, scanChoice, string(id))
}

// Applied is the choice of a round that stands; false when none does.
func Applied(r store.Reader, id RoundID) (c Choice, applied bool, err error) {
	list, err := Choices(r, id)
	for _, one := range list {
		_, undone, err := UndoneBy(r, one.ID)
		if err != nil {
			return c, false, err
		}
		if !undone {
			c, applied = one, true
		}
	}
	return c, applied, err
}

func insertChoice(tx *store.Tx, c Choice) error {
	_, err := tx.Exec(qInsertChoice, string(c.ID), string(c.Round), string(c.Plan), string(c.Proposed), string(c.Decision),
		string(encode(c.Terms)), c.Why, int64(c.At), string(c.By))
	if err != nil {
		return err
	}
	return tx.Seal("allocation-choice", string(c.ID), encode(c))
}

func scanDeparture(r store.Row) (d Departure, err error) {
	return d, r.Scan(&d.ID, &d.Choice, &d.Application, &d.Proposed, &d.Decided, &d.Pinned, &d.Why)
}

// Departures lists for whom a choice differs from what was proposed.
func Departures(r store.Reader, id ChoiceID) ([]Departure, error) {
	return store.List(r, qDepartures, scanDeparture, string(id))
}

func insertDeparture(tx *store.Tx, d Departure) error {
	pinned := 0
	if d.Pinned {
		pinned = 1
	}
	_, err := tx.Exec(qDepart, d.ID, string(d.Choice), string(d.Application), string(d.Proposed), string(d.Decided),
		pinned,
		d.Why)
	if err != nil {
		return err
	}
	return tx.Seal("allocation-departure", d.ID, encode(d))
}

func scanEffect(r store.Row) (e Effect, err error) {
	return e, r.Scan(&e.ID, &e.Choice, &e.Application, &e.Kind, &e.Object, &e.Before)
}

// EffectsOf lists what a choice did, in the order in which it was done.
func EffectsOf(r store.Reader, id ChoiceID) ([]Effect, error) {
	return store.List(r, qEffects, scanEffect, string(id))
}

func insertEffect(tx *store.Tx, e Effect) error {
	_, err := tx.Exec(qInsertEffect, e.ID, string(e.Choice), string(e.Application), string(e.Kind), e.Object, e.Before)
	if err != nil {
		return err
	}
	return tx.Seal("allocation-effect", e.ID, encode(e))
}

func scanUndoing(r store.Row) (u Undoing, err error) {
	return u, r.Scan(&u.Choice, &u.Decision, &u.Why, &u.At, &u.By)
}

// UndoneBy is the opposite entry of a choice; false when it stands.
func UndoneBy(r store.Reader, id ChoiceID) (Undoing, bool, error) {
	return store.Find(r, qUndoing, scanUndoing, string(id))
}

func insertUndoing(tx *store.Tx, u Undoing) error {
	_, err := tx.Exec(qInsertUndoing, string(u.Choice), string(u.Decision), u.Why, int64(u.At), string(u.By))
	if err != nil {
		return err
	}
	return tx.Seal("allocation-undoing", string(u.Choice), encode(u))
}

// placeOf is what a place is called today.
func placeOf(r store.Reader, id places.PlaceID) (string, error) {
	p, err := places.PlaceByID(r, id, places.Now(r))
	return p.Title, err
}
