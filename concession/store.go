package concession

import (
	"embed"
	"encoding/json"
	"fmt"

	"lieux/assembly"
	"lieux/base/store"
	"lieux/people"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases are the room's catalogues.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "concession", Schema: schema, Witnesses: []store.Witness{
	{Kind: "concession", Each: each(qHeads, scanHead, func(h head) (string, []byte) { return string(h.ID), encode(h) })},
	{Kind: "concession-fact", Each: each(qFactsByID, scanFact, func(f Fact) (string, []byte) { return f.ID, encode(f) })},
	{Kind: "concession-withdrawal", Each: each(qAllWithdrawals, scanWithdrawal, func(w Withdrawal) (string, []byte) {
		return w.ID, encode(w)
	})},
	{Kind: "concession-paper", Each: each(qAllPapers, scanPaper,
		func(p Paper) (string, []byte) { return p.ID, encode(p) })},
	{Kind: "concession-result", Each: each(qAllResults, scanResult, func(x Result) (string, []byte) {
		return x.ID, encode(x)
	})},
	{Kind: "concession-unresult", Each: each(qAllUnresults, scanUnresult, func(x Unresult) (string, []byte) {
		return x.ID, encode(x)
	})},
	{Kind: "charter", Each: each(qChartersByID, scanCharter, func(c Charter) (string, []byte) {
		return string(c.ID), encode(c)
	})},
	{Kind: "charter-adoption", Each: each(qAdoptions, scanAdoption, func(a Adoption) (string, []byte) {
		return a.ID, encode(a)
	})},
	{Kind: "evaluation", Each: each(qEvaluations, scanEvaluation, func(e Evaluation) (string, []byte) {
		return string(e.ID), encode(e)
	})},
	{Kind: "evaluation-entry", Each: each(qAllEntries, scanEntry, func(x Entry) (string, []byte) {
		return x.ID, x.canonical()
	})},
}}

// each makes a witness from the rows of a table, which stand in the order of their ids.
func each[T any](q store.Query, scan func(store.Row) (T, error), say func(T) (string, []byte)) func(store.Reader,
	func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		return store.Each(r, q, func(row store.Row) error {
			v, err := scan(row)
			if err != nil {
				return err
			}
			id, content := say(v)
			return yield(id, content)
		})
	}
}

// head is what is sealed of a concession itself; what holds of it is sealed fact by fact.
type head struct {
	ID      ID
	Number  int64
	Place   string
	Manager people.PersonID
	At      int64
	By      string
}

var (
	qHeads       = store.Q(`SELECT id, number, place, manager, at, by_person FROM concession_concession ORDER BY id`)
	qConcessions = store.Q(`SELECT id, number, place, manager FROM concession_concession ORDER BY number`)
	qConcession  = store.Q(`SELECT id, number, place, manager FROM concession_concession WHERE id = $1`)
	qOfPlace     = store.Q(`SELECT id, number, place, manager FROM concession_concession WHERE place = $1 ORDER BY number`)
	qOfManager   = store.Q(`SELECT id, number, place, manager FROM concession_concession WHERE manager = $1
		ORDER BY number`)
	qNumbered = store.Q(`SELECT id, number, place, manager FROM concession_concession WHERE number = $1`)
	qCount    = store.Q(`SELECT COUNT(*) FROM concession_concession`)
	qInsert   = store.Q(`INSERT INTO concession_concession (id, number, place, manager, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6)`)
)

func scanHead(r store.Row) (h head, err error) {
	return h, r.Scan(&h.ID, &h.Number, &h.Place, &h.Manager, &h.At, &h.By)
}

func scanConcession(r store.Row) (c Concession, err error) {
	return c, r.Scan(&c.ID, &c.Number, &c.Place, &c.Manager)
}

func insertConcession(tx *store.Tx, c Concession) error {
	h := head{c.ID, c.Number, string(c.Place), c.Manager, int64(tx.Now()), tx.Actor()}
	if _, err := tx.Exec(qInsert, string(h.ID), h.Number, h.Place, string(h.Manager), h.At, h.By); err != nil {
		return err
	}
	return tx.Seal("concession", string(h.ID), encode(h))
}

const factColumns = `id, concession, from_on, state, terms, decision, document, evaluation, why, at, by_person`

var (
	qFact       = store.Q(`SELECT ` + factColumns + ` FROM concession_fact WHERE id = $1`)
	qFacts      = store.Q(`SELECT ` + factColumns + ` FROM concession_fact WHERE concession = $1 ORDER BY id`)
	qFactsByID  = store.Q(`SELECT ` + factColumns + ` FROM concession_fact ORDER BY id`)
	qAllFacts   = store.Q(`SELECT ` + factColumns + ` FROM concession_fact ORDER BY concession, id`)
	qInsertFact = store.Q(`INSERT INTO concession_fact (` + factColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
)

func scanFact(r store.Row) (f Fact, err error) {
	var terms string
	var decision, document, evaluation *string
	err = r.Scan(&f.ID, &f.Concession, &f.From, &f.State, &terms, &decision, &document, &evaluation, &f.Why, &f.At, &f.By)
	f.Decision, f.Document = people.DecisionID(text(decision)), text(document)
	f.Evaluation = EvaluationID(text(evaluation))
	if err == nil {
		err = unpack(terms, &f.Terms)
	}
	return f, err
}

func insertFact(tx *store.Tx, f Fact) error {
	_, err := tx.Exec(qInsertFact, f.ID, string(f.Concession), f.From.String(), string(f.State), string(encode(f.Terms)),
		orNull(string(f.Decision)), orNull(f.Document), orNull(string(f.Evaluation)), f.Why, int64(f.At), string(f.By))
	if err != nil {
		return err
	}
	return tx.Seal("concession-fact", f.ID, encode(f))
}

const withdrawalColumns = `id, fact, concession, why, at, by_person`

var (
	qWithdrawals = store.Q(`SELECT ` + withdrawalColumns + ` FROM concession_withdrawal WHERE concession = $1
		ORDER BY id`)
	qAllWithdrawals   = store.Q(`SELECT ` + withdrawalColumns + ` FROM concession_withdrawal ORDER BY id`)
	qInsertWithdrawal = store.Q(`INSERT INTO concession_withdrawal (` + withdrawalColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6)`)
)

func scanWithdrawal(r store.Row) (w Withdrawal, err error) {
	return w, r.Scan(&w.ID, &w.Fact, &w.Concession, &w.Why, &w.At, &w.By)
}

func insertWithdrawal(tx *store.Tx, w Withdrawal) error {
	_, err := tx.Exec(qInsertWithdrawal, w.ID, w.Fact, string(w.Concession), w.Why, int64(w.At), string(w.By))
	if err != nil {
		return err
	}
	return tx.Seal("concession-withdrawal", w.ID, encode(w))
}

const paperColumns = `id, concession, kind, title, document, from_on, until_on, at, by_person`

var (
	qPapers = store.Q(`SELECT ` + paperColumns + ` FROM concession_paper WHERE concession = $1
		ORDER BY from_on DESC, id DESC`)
	qInsurances = store.Q(`SELECT ` + paperColumns + ` FROM concession_paper WHERE kind = $1
		AND (until_on = '' OR until_on >= $2) ORDER BY id`)
	qAllPapers   = store.Q(`SELECT ` + paperColumns + ` FROM concession_paper ORDER BY id`)
	qInsertPaper = store.Q(`INSERT INTO concession_paper (` + paperColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
)

func scanPaper(r store.Row) (p Paper, err error) {
	var document *string
	err = r.Scan(&p.ID, &p.Concession, &p.Kind, &p.Title, &document, &p.From, &p.Until, &p.At, &p.By)
	p.Document = text(document)
	return p, err
}

func insertPaper(tx *store.Tx, p Paper) error {
	_, err := tx.Exec(qInsertPaper, p.ID, string(p.Concession), string(p.Kind), p.Title, orNull(p.Document),
		p.From.String(), p.Until.String(), int64(p.At), string(p.By))
	if err != nil {
		return err
	}
	return tx.Seal("concession-paper", p.ID, encode(p))
}

const charterColumns = `id, number, preamble, articles, why, source, at, by_person`

var (
	qCharters      = store.Q(`SELECT ` + charterColumns + ` FROM concession_charter ORDER BY number`)
	qChartersByID  = store.Q(`SELECT ` + charterColumns + ` FROM concession_charter ORDER BY id`)
	qCountCharters = store.Q(`SELECT COUNT(*) FROM concession_charter`)
	qInsertCharter = store.Q(`INSERT INTO concession_charter (` + charterColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)

	qAdoptions = store.Q(`SELECT id, charter, on_day, matter, decision, at, by_person FROM concession_adoption
		ORDER BY id`)
	qInsertAdoption = store.Q(`INSERT INTO concession_adoption (id, charter, on_day, matter, decision, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
)

func scanCharter(r store.Row) (c Charter, err error) {
	var articles string
	err = r.Scan(&c.ID, &c.Number, &c.Preamble, &articles, &c.Why, &c.Source, &c.At, &c.By)
	if err == nil {
		err = unpack(articles, &c.Articles)
	}
	return c, err
}

func insertCharter(tx *store.Tx, c Charter) error {
	_, err := tx.Exec(qInsertCharter, string(c.ID), c.Number, c.Preamble, string(encode(c.Articles)), c.Why, c.Source,
		int64(c.At), string(c.By))
	if err != nil {
		return err
	}
	return tx.Seal("charter", string(c.ID), encode(c))
}

func scanAdoption(r store.Row) (a Adoption, err error) {
	var matter, decision *string
	err = r.Scan(&a.ID, &a.Charter, &a.On, &matter, &decision, &a.At, &a.By)
	a.Matter, a.Decision = assembly.MatterID(text(matter)), people.DecisionID(text(decision))
	return a, err
}

func insertAdoption(tx *store.Tx, a Adoption) error {
	_, err := tx.Exec(qInsertAdoption, a.ID, string(a.Charter), a.On.String(), orNull(string(a.Matter)),
		orNull(string(a.Decision)), int64(a.At), string(a.By))
	if err != nil {
		return err
	}
	return tx.Seal("charter-adoption", a.ID, encode(a))
}

const evaluationColumns = `id, number, concession, charter, body, from_on, until_on, due_on, readings, at, by_person`

var (
	qEvaluation         = store.Q(`SELECT ` + evaluationColumns + ` FROM concession_evaluation WHERE id = $1`)
	qEvaluationNumbered = store.Q(`SELECT ` + evaluationColumns + ` FROM concession_evaluation WHERE number = $1`)
	qEvaluations        = store.Q(`SELECT ` + evaluationColumns + ` FROM concession_evaluation ORDER BY id`)
	qEvaluationsOf      = store.Q(`SELECT ` + evaluationColumns + ` FROM concession_evaluation WHERE concession = $1
		ORDER BY id`)
	qStands = store.Q(`SELECT id, number, concession, body, from_on, until_on, due_on FROM concession_evaluation
		ORDER BY number DESC`)
	qInsertEvaluation = store.Q(`INSERT INTO concession_evaluation (` + evaluationColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
)

func scanEvaluation(r store.Row) (e Evaluation, err error) {
	var readings string
	err = r.Scan(&e.ID, &e.Number, &e.Concession, &e.Charter, &e.Body, &e.From, &e.Until, &e.DueOn, &readings, &e.At,
		&e.By)
	if err == nil {
		err = unpack(readings, &e.Readings)
	}
	return e, err
}

func insertEvaluation(tx *store.Tx, e Evaluation) error {
	_, err := tx.Exec(qInsertEvaluation, string(e.ID), e.Number, string(e.Concession), string(e.Charter), string(e.Body),
		e.From.String(), e.Until.String(), e.DueOn.String(), string(encode(e.Readings)), int64(e.At), string(e.By))
	if err != nil {
		return err
	}
	return tx.Seal("evaluation", string(e.ID), encode(e))
}

const entryColumns = `id, evaluation, kind, article, question, mark, on_day, present, photos, words, salt, promise,
	person, at`

var (
	qEntries = store.Q(`SELECT ` + entryColumns + ` FROM concession_entry WHERE evaluation = $1 ORDER BY id`)
	qTurns   = store.Q(`SELECT evaluation, kind, mark, at FROM concession_entry
		WHERE kind IN ('submit', 'advise', 'drop') ORDER BY id`)
	qAllEntries = store.Q(`SELECT ` + entryColumns + ` FROM concession_entry ORDER BY id`)
	qSaidBy     = store.Q(`SELECT e.number, x.kind, x.at, x.words FROM concession_entry x
		JOIN concession_evaluation e ON e.id = x.evaluation WHERE x.person = $1 ORDER BY e.number, x.id`)
	qInsertEntry = store.Q(`INSERT INTO concession_entry (` + entryColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`)
	qForgetWords = store.Q(`UPDATE concession_entry SET words = '', salt = NULL WHERE person = $1`)
)

func scanEntry(r store.Row) (x Entry, err error) {
	var present, photos string
	err = r.Scan(&x.ID, &x.Evaluation, &x.Kind, &x.Article, &x.Question, &x.Mark, &x.On, &present, &photos, &x.Words,
		&x.salt, &x.promise, &x.Person, &x.At)
	if err == nil {
		err = unpack(present, &x.Present)
	}
	if err == nil {
		err = unpack(photos, &x.Photos)
	}
	return x, err
}

func scanStand(r store.Row) (e Evaluation, err error) {
	return e, r.Scan(&e.ID, &e.Number, &e.Concession, &e.Body, &e.From, &e.Until, &e.DueOn)
}

func scanSaid(r store.Row) (number int64, x Entry, err error) {
	err = r.Scan(&number, &x.Kind, &x.At, &x.Words)
	return number, x, err
}

func scanTurn(r store.Row) (x Entry, err error) {
	return x, r.Scan(&x.Evaluation, &x.Kind, &x.Mark, &x.At)
}

// insertEntry commits to the words of an entry, so that they can be erased and the seal stays whole.
func insertEntry(tx *store.Tx, x *Entry) error {
	salt := tx.Salt()
	x.salt = salt[:]
	x.promise = x.promised()
	_, err := tx.Exec(qInsertEntry, x.ID, string(x.Evaluation), string(x.Kind), x.Article, x.Question, x.Mark,
		x.On.String(), string(encode(x.Present)), string(encode(x.Photos)), x.Words, x.salt, x.promise, string(x.Person),
		int64(x.At))
	if err != nil {
		return err
	}
	return tx.Seal("evaluation-entry", x.ID, x.canonical())
}

const resultColumns = `id, concession, year, revenue, charges, document, handed_on, by_manager, why, at, by_person`

var (
	qResult     = store.Q(`SELECT ` + resultColumns + ` FROM concession_result WHERE id = $1`)
	qResults    = store.Q(`SELECT ` + resultColumns + ` FROM concession_result WHERE concession = $1 ORDER BY id`)
	qAllResults = store.Q(`SELECT ` + resultColumns + ` FROM concession_result ORDER BY id`)
	qHanded     = store.Q(`SELECT r.concession, r.year FROM concession_result r WHERE r.year >= $1
		AND NOT EXISTS (SELECT 1 FROM concession_unresult u WHERE u.result = r.id)`)
	qInsertResult = store.Q(`INSERT INTO concession_result (` + resultColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qUnresults = store.Q(`SELECT id, result, concession, why, at, by_person FROM concession_unresult
		WHERE concession = $1 ORDER BY id`)
	qAllUnresults   = store.Q(`SELECT id, result, concession, why, at, by_person FROM concession_unresult ORDER BY id`)
	qInsertUnresult = store.Q(`INSERT INTO concession_unresult (id, result, concession, why, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6)`)
)

func scanResult(r store.Row) (x Result, err error) {
	var document *string
	var byManager int64
	err = r.Scan(&x.ID, &x.Concession, &x.Year, &x.Revenue, &x.Charges, &document, &x.HandedOn, &byManager, &x.Why, &x.At,
		&x.By)
	x.Document, x.ByManager = text(document), byManager == 1
	return x, err
}

func insertResult(tx *store.Tx, x Result) error {
	byManager := int64(0)
	if x.ByManager {
		byManager = 1
	}
	_, err := tx.Exec(qInsertResult, x.ID, string(x.Concession), x.Year, int64(x.Revenue), int64(x.Charges),
		orNull(x.Document), x.HandedOn.String(), byManager, x.Why, int64(x.At), string(x.By))
	if err != nil {
		return err
	}
	return tx.Seal("concession-result", x.ID, encode(x))
}

func scanUnresult(r store.Row) (x Unresult, err error) {
	return x, r.Scan(&x.ID, &x.Result, &x.Concession, &x.Why, &x.At, &x.By)
}

func insertUnresult(tx *store.Tx, x Unresult) error {
	_, err := tx.Exec(qInsertUnresult, x.ID, x.Result, string(x.Concession), x.Why, int64(x.At), string(x.By))
	if err != nil {
		return err
	}
	return tx.Seal("concession-unresult", x.ID, encode(x))
}

// resultsOf is all that was written of the results of a concession, as it was written.
func resultsOf(r store.Reader, id ID) (list []Written, err error) {
	gone := map[string]Unresult{}
	if err := store.Each(r, qUnresults, func(row store.Row) error {
		x, err := scanUnresult(row)
		gone[x.Result] = x
		return err
	}, string(id)); err != nil {
		return nil, err
	}
	err = store.Each(r, qResults, func(row store.Row) error {
		x, err := scanResult(row)
		list = append(list, Written{x, gone[x.ID]})
		return err
	}, string(id))
	return list, err
}

const letterColumns = `id, concession, person, kind, told, at, COALESCE(printed, 0)`

var (
	qInsertLetter = store.Q(`INSERT INTO concession_letter (id, concession, person, kind, told, at, by_person, printed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)`)
	qToPost     = store.Q(`SELECT ` + letterColumns + ` FROM concession_letter WHERE printed IS NULL ORDER BY id LIMIT $1`)
	qPrinted    = store.Q(`SELECT ` + letterColumns + ` FROM concession_letter WHERE printed = $1 ORDER BY id`)
	qPrint      = store.Q(`UPDATE concession_letter SET printed = $2 WHERE id = $1`)
	qCountPost  = store.Q(`SELECT COUNT(*) FROM concession_letter WHERE printed IS NULL`)
	qPrintedAts = store.Q(`SELECT printed, COUNT(*) FROM concession_letter WHERE printed IS NOT NULL GROUP BY printed
		ORDER BY printed DESC LIMIT $1`)
)

func scanLetter(r store.Row) (l Letter, err error) {
	var told string
	if err = r.Scan(&l.ID, &l.Concession, &l.Person, &l.Kind, &told, &l.At, &l.Printed); err == nil {
		err = unpack(told, &l.told)
	}
	return l, err
}

func scanSheaf(r store.Row) (s Sheaf, err error) { return s, r.Scan(&s.At, &s.Letters) }

func insertLetter(tx *store.Tx, l Letter) error {
	_, err := tx.Exec(qInsertLetter, tx.ID(), string(l.Concession), string(l.Person), l.Kind, string(encode(l.told)),
		int64(tx.Now()), tx.Actor())
	return err
}

var (
	qNotices   = store.Q(`SELECT id, concession, term_on, milestone, task, at FROM concession_notice ORDER BY id`)
	qNoticesOf = store.Q(`SELECT id, concession, term_on, milestone, task, at FROM concession_notice
		WHERE concession = $1 ORDER BY id`)
	qInsertNotice = store.Q(`INSERT INTO concession_notice (id, concession, term_on, milestone, task, at)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qCalendar       = store.Q(`SELECT at, calendar FROM concession_calendar ORDER BY at DESC LIMIT 1`)
	qInsertCalendar = store.Q(`INSERT INTO concession_calendar (at, calendar) VALUES ($1, $2)`)
)

func scanNotice(r store.Row) (n Notice, err error) {
	return n, r.Scan(&n.ID, &n.Concession, &n.TermOn, &n.Milestone, &n.Task, &n.At)
}

func insertNotice(tx *store.Tx, n Notice) error {
	_, err := tx.Exec(qInsertNotice, n.ID, string(n.Concession), n.TermOn.String(), n.Milestone, n.Task, int64(n.At))
	return err
}

func scanCalendar(r store.Row) (c Calendar, err error) {
	var raw string
	if err = r.Scan(&c.At, &raw); err == nil {
		at := c.At
		c.Results = usual.Results // a calendar of before knows nothing of it
		err = unpack(raw, &c)
		c.At = at
	}
	return c, err
}

func insertCalendar(tx *store.Tx, c Calendar) error {
	_, err := tx.Exec(qInsertCalendar, int64(c.At), string(encode(c)))
	return err
}

// unpack reads what encode wrote. What is written otherwise is refused, so that a hand that adds to it is found.
func unpack(raw string, into any) error {
	if err := json.Unmarshal([]byte(raw), into); err != nil {
		return fmt.Errorf("concession: a column: %w", err)
	}
	return nil
}

// orNull keeps an absent reference as NULL.
func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
