package payment

import (
	"embed"
	"encoding/json"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/people"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "payment", Schema: schema, Ephemeral: []string{"payment_upload"},
	Checks: []func(store.Reader, func(store.Finding)) error{checkStanding},
	Witnesses: []store.Witness{
		{Kind: "payment-account", Each: eachOf(qSealedAccounts, scanAccount, func(a Account) string { return a.ID },
			Account.canonical)},
		{Kind: "payment-rule", Each: eachOf(qSealedRules, scanRule, func(u Rule) string { return u.ID }, Rule.canonical)},
		{Kind: "due", Each: eachOf(qSealedDues, scanSealedDue, func(d Due) string { return string(d.ID) },
			Due.canonical)},
		{Kind: "payment-plan", Each: eachOf(qPlans, scanPlan, func(p plan) string { return p.ID }, plan.canonical)},
		{Kind: "due-end", Each: eachOf(qEnds, scanEnd, func(e End) string { return string(e.Due) },
			End.canonical)},
		{Kind: "bank-file", Each: eachOf(qFiles, scanFile, func(f File) string { return string(f.ID) },
			File.canonical)},
		{Kind: "receipt", Each: eachOf(qReceipts, scanReceipt, func(r Receipt) string { return string(r.ID) },
			Receipt.canonical)},
		{Kind: "credit", Each: eachOf(qCredits, scanCredit, func(c Credit) string { return string(c.ID) },
			Credit.canonical)},
		{Kind: "payment-entry", Each: eachOf(qEntries, scanEntry, func(e Entry) string { return string(e.ID) },
			Entry.canonical)},
		{Kind: "payment-letter", Each: eachOf(qSealedLetters, scanSealedLetter, func(l Letter) string { return string(l.ID) },
			Letter.canonical)},
	}}

// eachOf makes a witness: it reads every row and makes again the bytes that were sealed.
func eachOf[T any](q store.Query, scan func(store.Row) (T, error), id func(T) string,
	bytes func(T) []byte) func(store.Reader, func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		return store.Each(r, q, func(row store.Row) error {
			one, err := scan(row)
			if err != nil {
				return err
			}
			return yield(id(one), bytes(one))
		})
	}
}

func canonical(v any) []byte {
	c, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return c
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Accounts and rules.
var (
	qInsertAccount = store.Q(`INSERT INTO payment_account (id, from_on, iban, bic, beneficiary, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qAccounts = store.Q(`SELECT id, from_on, iban, bic, beneficiary, at, by_person FROM payment_account
		ORDER BY from_on DESC, id DESC`)
	qSealedAccounts = store.Q(`SELECT id, from_on, iban, bic, beneficiary, at, by_person FROM payment_account ORDER BY id`)
	qSealedRules    = store.Q(`SELECT id, from_on, first_days, between_days, reminders, lapse_days, at, by_person
		FROM payment_rule ORDER BY id`)
	qInsertRule = store.Q(`INSERT INTO payment_rule (id, from_on, first_days, between_days, reminders, lapse_days, at,
		by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qRules = store.Q(`SELECT id, from_on, first_days, between_days, reminders, lapse_days, at, by_person
		FROM payment_rule ORDER BY from_on DESC, id DESC`)
)

func scanAccount(row store.Row) (a Account, err error) {
	return a, row.Scan(&a.ID, &a.From, &a.IBAN, &a.BIC, &a.Beneficiary, &a.At, &a.By)
}

func (a Account) canonical() []byte { return canonical(a) }

func scanRule(row store.Row) (u Rule, err error) {
	return u, row.Scan(&u.ID, &u.From, &u.First, &u.Between, &u.Count, &u.Lapse, &u.At, &u.By)
}

func (u Rule) canonical() []byte { return canonical(u) }

// Dues.
const (
	dueColumns = `d.id, d.number, d.ogm, d.person, d.cents, d.reason, d.subject_kind, d.subject_id, d.label, d.asked_on,
		d.at, d.by_person`
	dueWhole = `SELECT ` + dueColumns + `, s.received, s.state, s.next_on, s.next_cents, p.terms FROM payment_due d
		JOIN payment_standing s ON s.due = d.id
		JOIN payment_plan p ON p.id = (SELECT MAX(q.id) FROM payment_plan q WHERE q.due = d.id)`
)

var (
	qInsertDue = store.Q(`INSERT INTO payment_due (id, number, ogm, person, cents, reason, subject_kind, subject_id,
		label, asked_on, at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qInsertStanding = store.Q(`INSERT INTO payment_standing (due, received, state, next_on, next_cents)
		VALUES ($1, $2, $3, $4, $5)`)
	qLostStandings = store.Q(`SELECT d.id FROM payment_due d WHERE NOT EXISTS (SELECT 1 FROM payment_standing s
		WHERE s.due = d.id) UNION SELECT s.due FROM payment_standing s WHERE NOT EXISTS (SELECT 1 FROM payment_due d
		WHERE d.id = s.due) ORDER BY 1`)
	qSetStanding = store.Q(`UPDATE payment_standing SET received = $2, state = $3, next_on = $4, next_cents = $5
		WHERE due = $1`)
	qInsertPlan = store.Q(`INSERT INTO payment_plan (id, due, terms, why, at, by_person) VALUES ($1, $2, $3, $4, $5, $6)`)
	qInsertEnd  = store.Q(`INSERT INTO payment_end (due, kind, on_day, why, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qDue        = store.Q(dueWhole + ` WHERE d.id = $1`)
	qDueByOGM   = store.Q(dueWhole + ` WHERE d.ogm = $1`)
	qDuesOf     = store.Q(dueWhole + ` WHERE d.person = $1 ORDER BY d.number DESC`)
	qDuesAbout  = store.Q(dueWhole + ` WHERE d.subject_kind = $1 AND d.subject_id = $2 ORDER BY d.number DESC`)
	qWaiting    = store.Q(dueWhole + ` WHERE s.state IN ('open', 'part') AND s.next_on <= $1 ORDER BY s.next_on, d.number`)
	qAllDues    = store.Q(dueWhole + ` ORDER BY d.number DESC`)
	qSealedDues = store.Q(`SELECT ` + dueColumns + ` FROM payment_due d ORDER BY d.id`)
	qPlans      = store.Q(`SELECT id, due, terms, why, at, by_person FROM payment_plan ORDER BY id`)
	qEnds       = store.Q(`SELECT due, kind, on_day, why, at, by_person FROM payment_end ORDER BY due`)
	qEndOf      = store.Q(`SELECT due, kind, on_day, why, at, by_person FROM payment_end WHERE due = $1`)
	qReceived   = store.Q(`SELECT CAST(COALESCE(SUM(cents), 0) AS BIGINT) FROM payment_entry WHERE due = $1`)
	qPayables   = store.Q(`SELECT d.id, d.ogm, d.person, d.subject_kind, d.subject_id, d.cents, s.received, s.state,
		s.next_cents FROM payment_due d JOIN payment_standing s ON s.due = d.id ORDER BY d.number`)
)

// plan is the instalments of a due as they were set, first or anew.
type plan struct {
	ID    string
	Due   DueID
	Terms []Term
	Why   string
	At    civil.Instant
	By    people.PersonID
}

func (p plan) canonical() []byte { return canonical(p) }

func insertDue(tx *store.Tx, d Due) error {
	if _, err := tx.Exec(qInsertDue, string(d.ID), d.Number, string(d.OGM), string(d.Person), int64(d.Cents),
		string(d.Reason), d.Subject.Kind, d.Subject.ID, d.Label, d.AskedOn, int64(d.At), string(d.By)); err != nil {
		return err
	}
	return tx.Seal("due", string(d.ID), d.canonical())
}

// canonical is what is sealed of a due: what was asked, not where it stands.
func (d Due) canonical() []byte {
	d.DueOn, d.Terms = civil.Date{}, nil
	return canonical(d)
}

func insertStanding(tx *store.Tx, d Due) error {
	_, err := tx.Exec(qInsertStanding, string(d.ID), int64(d.received), string(d.state), d.nextOn, int64(d.next))
	return err
}

func setStanding(tx *store.Tx, d Due) error {
	_, err := tx.Exec(qSetStanding, string(d.ID), int64(d.received), string(d.state), d.nextOn, int64(d.next))
	return err
}

func keepPlan(tx *store.Tx, d Due, why string) error {
	p := plan{ID: tx.ID(), Due: d.ID, Terms: d.Terms, Why: why, At: tx.Now(), By: people.PersonID(tx.Actor())}
	if _, err := tx.Exec(qInsertPlan, p.ID, string(d.ID), string(canonical(p.Terms)), why, int64(p.At),
		string(p.By)); err != nil {
		return err
	}
	return tx.Seal("payment-plan", p.ID, p.canonical())
}

func insertEnd(tx *store.Tx, e End) error {
	if _, err := tx.Exec(qInsertEnd, string(e.Due), string(e.Kind), e.On, e.Why, int64(e.At), string(e.By)); err != nil {
		return err
	}
	return tx.Seal("due-end", string(e.Due), e.canonical())
}

func scanSealedDue(row store.Row) (d Due, err error) { return d, scanDue(row, &d) }

func scanDue(row store.Row, d *Due, more ...any) error {
	return row.Scan(append([]any{&d.ID, &d.Number, &d.OGM, &d.Person, &d.Cents, &d.Reason, &d.Subject.Kind,
		&d.Subject.ID, &d.Label, &d.AskedOn, &d.At, &d.By}, more...)...)
}

func scanPlan(row store.Row) (p plan, err error) {
	var terms string
	if err = row.Scan(&p.ID, &p.Due, &terms, &p.Why, &p.At, &p.By); err == nil {
		err = json.Unmarshal([]byte(terms), &p.Terms)
	}
	return p, err
}

func scanEnd(row store.Row) (e End, err error) {
	return e, row.Scan(&e.Due, &e.Kind, &e.On, &e.Why, &e.At, &e.By)
}

func (e End) canonical() []byte { return canonical(e) }

func scanWhole(row store.Row) (d Due, err error) {
	var terms string
	if err = scanDue(row, &d, &d.received, &d.state, &d.nextOn, &d.next, &terms); err != nil {
		return d, err
	}
	err = json.Unmarshal([]byte(terms), &d.Terms)
	if len(d.Terms) > 0 {
		d.DueOn = d.Terms[len(d.Terms)-1].DueOn
	}
	return d, err
}

func dues(r store.Reader, q store.Query, args ...any) ([]Due, error) {
	return store.List(r, q, scanWhole, args...)
}

// EndOf is how a due ended otherwise than by being paid.
func EndOf(r store.Reader, id DueID) (End, bool, error) {
	return store.Find(r, qEndOf, scanEnd, string(id))
}

// derive adds up what a due received, and says how it ended, from what was written.
func derive(r store.Reader, id DueID) (sum money.Cents, ended State, err error) {
	n, err := store.One(r, qReceived, store.Number, string(id))
	if err != nil {
		return 0, "", err
	}
	e, _, err := EndOf(r, id)
	return money.Cents(n), e.Kind, err
}

// Receipts and files.
const receiptWhole = `SELECT r.id, r.number, r.on_day, r.cents, r.way, r.reference, r.file, r.line, r.promise, r.salt,
	r.payer, r.iban, r.message, r.at, r.by_person, f.free FROM payment_receipt r
	JOIN payment_rest f ON f.receipt = r.id`

var (
	qInsertReceipt = store.Q(`INSERT INTO payment_receipt (id, number, on_day, cents, way, reference, file, line, promise,
		salt, payer, iban, message, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`)
	qInsertRest = store.Q(`INSERT INTO payment_rest (receipt, free, words) VALUES ($1, $2, $3)`)
	qSetRest    = store.Q(`UPDATE payment_rest SET free = (SELECT r.cents - COALESCE((SELECT CAST(SUM(e.cents) AS BIGINT)
		FROM payment_entry e WHERE e.receipt = r.id), 0) FROM payment_receipt r WHERE r.id = $1) WHERE receipt = $1
		RETURNING free`)
	qReceipt      = store.Q(receiptWhole + ` WHERE r.id = $1`)
	qByReference  = store.Q(receiptWhole + ` WHERE r.reference = $1`)
	qReceiptsNear = store.Q(receiptWhole + ` WHERE r.on_day >= $1 AND r.on_day <= $2 AND r.cents = $3 ORDER BY r.id`)
	qReceipts     = store.Q(receiptWhole + ` ORDER BY r.id`)
	qFreeReceipts = store.Q(receiptWhole + ` WHERE f.free > 0 ORDER BY r.on_day, r.number`)
	qFromFile     = store.Q(receiptWhole + ` WHERE r.file = $1 ORDER BY r.line`)
	qSearch       = store.Q(receiptWhole + ` WHERE r.on_day >= $1 AND r.on_day <= $2 AND r.cents >= $3 AND r.cents <= $4
		AND ($5 = '' OR f.words LIKE $5) AND f.free >= $6 ORDER BY r.on_day DESC, r.number DESC LIMIT $7 OFFSET $8`)
	qSearchSums = store.Q(`SELECT COUNT(*), CAST(COALESCE(SUM(r.cents), 0) AS BIGINT),
		CAST(COALESCE(SUM(f.free), 0) AS BIGINT) FROM payment_receipt r JOIN payment_rest f ON f.receipt = r.id
		WHERE r.on_day >= $1 AND r.on_day <= $2 AND r.cents >= $3 AND r.cents <= $4
		AND ($5 = '' OR f.words LIKE $5) AND f.free >= $6`)
	qHandBetween = store.Q(receiptWhole + ` WHERE r.file IS NULL AND r.on_day >= $1 AND r.on_day <= $2 ORDER BY r.id`)
	qReferences  = store.Q(receiptWhole + ` WHERE r.on_day >= $1 AND r.on_day <= $2 AND r.file IS NOT NULL`)
	qPaidFrom    = store.Q(`SELECT DISTINCT r.iban, d.person FROM payment_entry e
		JOIN payment_receipt r ON r.id = e.receipt JOIN payment_due d ON d.id = e.due WHERE r.iban <> '' AND e.undoes IS NULL
		AND NOT EXISTS (SELECT 1 FROM payment_entry u WHERE u.undoes = e.id)`)
	qForgetRests = store.Q(`UPDATE payment_rest SET words = '' WHERE receipt IN (SELECT e.receipt FROM payment_entry e
		JOIN payment_due d ON d.id = e.due WHERE d.person = $1)`)
	qForgetPayers = store.Q(`UPDATE payment_receipt SET payer = '', iban = '', message = '', salt = NULL WHERE id IN (
		SELECT e.receipt FROM payment_entry e JOIN payment_due d ON d.id = e.due WHERE d.person = $1)`)
	qInsertFile = store.Q(`INSERT INTO payment_file (id, name, hash, bank, lines, taken, posted, cents, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qFiles = store.Q(`SELECT id, name, hash, bank, lines, taken, posted, cents, at, by_person FROM payment_file
		ORDER BY id`)
	qFile = store.Q(`SELECT id, name, hash, bank, lines, taken, posted, cents, at, by_person FROM payment_file
		WHERE id = $1`)
	qFileByHash = store.Q(`SELECT id, name, hash, bank, lines, taken, posted, cents, at, by_person FROM payment_file
		WHERE hash = $1`)
)

func insertReceipt(tx *store.Tx, r Receipt) error {
	if _, err := tx.Exec(qInsertReceipt, string(r.ID), r.Number, r.On, int64(r.Cents), string(r.Way), r.Reference,
		orNull(string(r.File)), r.Line, r.promise[:], r.salt, r.Payer, string(r.IBAN), r.Message, int64(r.At),
		string(r.By)); err != nil {
		return err
	}
	_, err := tx.Exec(qInsertRest, string(r.ID), int64(r.Cents), r.words())
	return err
}

func scanReceipt(row store.Row) (r Receipt, err error) {
	var file *string
	var promise []byte
	if err = row.Scan(&r.ID, &r.Number, &r.On, &r.Cents, &r.Way, &r.Reference, &file, &r.Line, &promise, &r.salt, &r.Payer,
		&r.IBAN, &r.Message, &r.At, &r.By, &r.free); err != nil {
		return r, err
	}
	r.File = FileID(orEmpty(file))
	if len(promise) == len(r.promise) {
		r.promise = chain.Hash(promise)
	}
	return r, nil
}

// setRest derives again what is free of a receipt.
func setRest(tx *store.Tx, id ReceiptID) (money.Cents, error) {
	n, err := store.One(tx, qSetRest, store.Number, string(id))
	return money.Cents(n), err
}

// ReceiptByID reads a receipt; an unknown id is refused.
func ReceiptByID(r store.Reader, id ReceiptID) (Receipt, error) {
	got, found, err := store.Find(r, qReceipt, scanReceipt, string(id))
	if err == nil && !found {
		err = fault.Refuse("payment.refusal.unknown-receipt")
	}
	return got, err
}

func receiptByReference(r store.Reader, reference string) (Receipt, bool, error) {
	return store.Find(r, qByReference, scanReceipt, reference)
}

func receiptsNear(r store.Reader, on civil.Date, cents money.Cents) ([]Receipt, error) {
	return store.List(r, qReceiptsNear, scanReceipt, on.AddDays(-twinDays), on.AddDays(twinDays), int64(cents))
}

// FreeReceipts are those of which something is free, the oldest first: they wait for a person.
func FreeReceipts(r store.Reader) ([]Receipt, error) {
	return store.List(r, qFreeReceipts, scanReceipt)
}

// FromFile are the receipts of a bank's file, in its order.
func FromFile(r store.Reader, id FileID) ([]Receipt, error) {
	return store.List(r, qFromFile, scanReceipt, string(id))
}

// Forget erases who paid, on which account and with which words, from the receipts of a person's dues; what was
// received, and its seal, stand. It is for people.Hooks.Erase.
func Forget(tx *store.Tx, id people.PersonID) error {
	for _, q := range []store.Query{qForgetRests, qForgetPayers, qForgetMail} {
		if _, err := tx.Exec(q, string(id)); err != nil {
			return err
		}
	}
	return nil
}

func insertFile(tx *store.Tx, f File) error {
	if _, err := tx.Exec(qInsertFile, string(f.ID), f.Name, f.Hash, f.Bank, f.Lines, f.Taken, f.Posted, int64(f.Cents),
		int64(f.At), string(f.By)); err != nil {
		return err
	}
	return tx.Seal("bank-file", string(f.ID), f.canonical())
}

func scanFile(row store.Row) (f File, err error) {
	return f, row.Scan(&f.ID, &f.Name, &f.Hash, &f.Bank, &f.Lines, &f.Taken, &f.Posted, &f.Cents, &f.At, &f.By)
}

func (f File) canonical() []byte { return canonical(f) }

// Files are the bank files that were read, the first one first.
func Files(r store.Reader) ([]File, error) { return store.List(r, qFiles, scanFile) }

// FileByID reads a file; an unknown id is refused.
func FileByID(r store.Reader, id FileID) (File, error) {
	f, found, err := store.Find(r, qFile, scanFile, string(id))
	if err == nil && !found {
		err = fault.Refuse("payment.refusal.unknown-file")
	}
	return f, err
}

// Entries.
const entryColumns = `SELECT id, kind, receipt, due, credit, cents, on_day, undoes, reasons, why, at, by_person
	FROM payment_entry`

var (
	qInsertEntry = store.Q(`INSERT INTO payment_entry (id, kind, receipt, due, credit, cents, on_day, undoes, reasons, why,
		at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qEntries    = store.Q(entryColumns + ` ORDER BY id`)
	qEntry      = store.Q(entryColumns + ` WHERE id = $1`)
	qUndoing    = store.Q(entryColumns + ` WHERE undoes = $1`)
	qEntriesOf  = store.Q(entryColumns + ` WHERE receipt = $1 ORDER BY id`)
	qEntriesDue = store.Q(entryColumns + ` WHERE due = $1 ORDER BY id`)
	qEntriesFor = store.Q(entryColumns + ` WHERE credit = $1 ORDER BY id`)
)

func insertEntry(tx *store.Tx, e Entry) error {
	reasons := ""
	if len(e.Reasons) > 0 {
		reasons = string(canonical(e.Reasons))
	}
	_, err := tx.Exec(qInsertEntry, string(e.ID), string(e.Use), orNull(string(e.Receipt)), orNull(string(e.Due)),
		orNull(string(e.Credit)), int64(e.Cents), e.On, orNull(string(e.Undoes)), reasons, e.Why, int64(e.At), string(e.By))
	return err
}

func scanEntry(row store.Row) (e Entry, err error) {
	var receipt, due, credit, undoes *string
	var reasons string
	if err = row.Scan(&e.ID, &e.Use, &receipt, &due, &credit, &e.Cents, &e.On, &undoes, &reasons, &e.Why, &e.At,
		&e.By); err != nil {
		return e, err
	}
	e.Receipt, e.Due, e.Credit = ReceiptID(orEmpty(receipt)), DueID(orEmpty(due)), CreditID(orEmpty(credit))
	e.Undoes = EntryID(orEmpty(undoes))
	if reasons != "" {
		if json.Unmarshal([]byte(reasons), &e.Reasons) != nil {
			e.Reasons = []lang.Phrase{{Code: reasons}} // a hand altered it: the seal will tell
		}
	}
	return e, nil
}

func (e Entry) canonical() []byte { return canonical(e) }

// EntriesOf are the entries of a receipt, in their order.
func EntriesOf(r store.Reader, id ReceiptID) ([]Entry, error) {
	return store.List(r, qEntriesOf, scanEntry, string(id))
}

// EntriesFor are the entries of a credit, in their order.
func EntriesFor(r store.Reader, id CreditID) ([]Entry, error) {
	return store.List(r, qEntriesFor, scanEntry, string(id))
}

func entriesOfDue(r store.Reader, id DueID) ([]Entry, error) {
	return store.List(r, qEntriesDue, scanEntry, string(id))
}

// EntriesOfDue are the entries of a due, in their order.
func EntriesOfDue(r store.Reader, id DueID) ([]Entry, error) { return entriesOfDue(r, id) }

// Credits.
const creditWhole = `SELECT c.id, c.number, c.person, c.cents, c.reason, c.subject_kind, c.subject_id, c.label,
	c.owed_on, c.pay_by, c.at, c.by_person, c.cents - COALESCE((SELECT CAST(SUM(e.cents) AS BIGINT) FROM payment_entry e
	WHERE e.credit = c.id), 0) FROM payment_credit c`

var (
	qInsertCredit = store.Q(`INSERT INTO payment_credit (id, number, person, cents, reason, subject_kind, subject_id,
		label, owed_on, pay_by, at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qCredits      = store.Q(creditWhole + ` ORDER BY c.id`)
	qCredit       = store.Q(creditWhole + ` WHERE c.id = $1`)
	qCreditsOf    = store.Q(creditWhole + ` WHERE c.person = $1 ORDER BY c.number DESC`)
	qCreditsAbout = store.Q(creditWhole + ` WHERE c.subject_kind = $1 AND c.subject_id = $2 ORDER BY c.number DESC`)
	qOpenCredits  = store.Q(creditWhole + ` WHERE c.cents > COALESCE((SELECT CAST(SUM(e.cents) AS BIGINT)
		FROM payment_entry e WHERE e.credit = c.id), 0) ORDER BY c.owed_on, c.number`)
)

func insertCredit(tx *store.Tx, c Credit) error {
	_, err := tx.Exec(qInsertCredit, string(c.ID), c.Number, string(c.Person), int64(c.Cents), string(c.Reason),
		c.Subject.Kind, c.Subject.ID, c.Label, c.OwedOn, c.PayBy, int64(c.At), string(c.By))
	return err
}

func scanCredit(row store.Row) (c Credit, err error) {
	return c, row.Scan(&c.ID, &c.Number, &c.Person, &c.Cents, &c.Reason, &c.Subject.Kind, &c.Subject.ID, &c.Label,
		&c.OwedOn, &c.PayBy, &c.At, &c.By, &c.open)
}

func (c Credit) canonical() []byte { return canonical(c) }

// Mappings, as they were confirmed, of the files of banks.
var (
	qKeepLayout = store.Q(`INSERT INTO payment_layout (fingerprint, mapping, at) VALUES ($1, $2, $3)
		ON CONFLICT (fingerprint) DO UPDATE SET mapping = $2, at = $3`)
	qLayouts = store.Q(`SELECT mapping FROM payment_layout ORDER BY at DESC LIMIT 100`)
)

func keepLayout(tx *store.Tx, m sheets.Mapping) error {
	_, err := tx.Exec(qKeepLayout, m.Fingerprint, string(canonical(m)), int64(tx.Now()))
	return err
}

// Remembered are the mappings of the files that were read, the latest first.
func Remembered(r store.Reader) ([]sheets.Mapping, error) {
	return store.List(r, qLayouts, func(row store.Row) (m sheets.Mapping, err error) {
		var text string
		if err = row.Scan(&text); err == nil {
			err = json.Unmarshal([]byte(text), &m)
		}
		return m, err
	})
}

// Letters and their dispatch.
const (
	letterColumns = `l.id, l.due, l.kind, l.place, l.on_day, l.cents, l.account, l.language, l.channel, l.at, l.by_person`
	letterWhole   = `SELECT ` + letterColumns + `, p.batch, p.sent_at, p.tries, p.failed_at, p.trouble
		FROM payment_letter l JOIN payment_dispatch p ON p.letter = l.id`
)

var (
	qInsertLetter = store.Q(`INSERT INTO payment_letter (id, due, kind, place, on_day, cents, account, language, channel,
		at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qInsertDispatch = store.Q(`INSERT INTO payment_dispatch (letter, batch, sent_at, tries, failed_at, trouble)
		VALUES ($1, NULL, 0, 0, 0, '')`)
	qSealedLetters  = store.Q(`SELECT ` + letterColumns + ` FROM payment_letter l ORDER BY l.id`)
	qLettersOf      = store.Q(letterWhole + ` WHERE l.due = $1 ORDER BY l.id`)
	qLettersWaiting = store.Q(letterWhole + ` JOIN payment_standing s ON s.due = l.due WHERE s.state IN ('open', 'part')
		ORDER BY l.id`)
	qLetter     = store.Q(letterWhole + ` WHERE l.id = $1`)
	qToPrint    = store.Q(letterWhole + ` WHERE l.channel = 'post' AND p.batch IS NULL ORDER BY l.id LIMIT $1`)
	qInBatch    = store.Q(letterWhole + ` WHERE p.batch = $1 ORDER BY l.id`)
	qSent       = store.Q(`UPDATE payment_dispatch SET sent_at = $2, tries = tries + 1, trouble = '' WHERE letter = $1`)
	qTried      = store.Q(`UPDATE payment_dispatch SET tries = tries + 1, trouble = $2 WHERE letter = $1`)
	qFail       = store.Q(`UPDATE payment_dispatch SET failed_at = $2, tries = tries + 1, trouble = $3 WHERE letter = $1`)
	qPrinted    = store.Q(`UPDATE payment_dispatch SET batch = $2 WHERE letter = $1`)
	qAddBatch   = store.Q(`INSERT INTO payment_batch (id, number, letters, at, by_person) VALUES ($1, $2, $3, $4, $5)`)
	qBatches    = store.Q(`SELECT id, number, letters, at, by_person FROM payment_batch ORDER BY number DESC LIMIT 100`)
	qBatch      = store.Q(`SELECT id, number, letters, at, by_person FROM payment_batch WHERE id = $1`)
	qForgetMail = store.Q(`UPDATE payment_dispatch SET trouble = '' WHERE letter IN (SELECT l.id FROM payment_letter l
		JOIN payment_due d ON d.id = l.due WHERE d.person = $1)`)
)

func insertLetter(tx *store.Tx, l Letter) error {
	if _, err := tx.Exec(qInsertLetter, string(l.ID), string(l.Due), string(l.Kind), l.Place, l.On, int64(l.Cents),
		l.Account, string(l.Language), string(l.Channel), int64(l.At), string(l.By)); err != nil {
		return err
	}
	if _, err := tx.Exec(qInsertDispatch, string(l.ID)); err != nil {
		return err
	}
	return tx.Seal("payment-letter", string(l.ID), l.canonical())
}

func scanLetterInto(row store.Row, l *Letter, more ...any) error {
	return row.Scan(append([]any{&l.ID, &l.Due, &l.Kind, &l.Place, &l.On, &l.Cents, &l.Account, &l.Language, &l.Channel,
		&l.At, &l.By}, more...)...)
}

func scanSealedLetter(row store.Row) (l Letter, err error) { return l, scanLetterInto(row, &l) }

func scanLetter(row store.Row) (l Letter, err error) {
	var batch *string
	err = scanLetterInto(row, &l, &batch, &l.sentAt, &l.tries, &l.failedAt, &l.trouble)
	l.batch = BatchID(orEmpty(batch))
	return l, err
}

func (l Letter) canonical() []byte { return canonical(l) }

// LettersOf are the letters about a due, in their order.
func LettersOf(r store.Reader, id DueID) ([]Letter, error) {
	return store.List(r, qLettersOf, scanLetter, string(id))
}

func lettersOfWaiting(r store.Reader) (map[DueID][]Letter, error) {
	all, err := store.List(r, qLettersWaiting, scanLetter)
	by := map[DueID][]Letter{}
	for _, l := range all {
		by[l.Due] = append(by[l.Due], l)
	}
	return by, err
}

// checkStanding finds dues and receipts that stand otherwise than what was written says.
func checkStanding(r store.Reader, found func(store.Finding)) error {
	all, err := dues(r, qAllDues)
	if err != nil {
		return err
	}
	for _, d := range all {
		sum, ended, err := derive(r, d.ID)
		if err != nil {
			return err
		}
		right := d
		if sum >= 0 && sum <= d.Cents {
			right.standing(sum, ended)
		}
		if right.state != d.state || right.received != d.received || right.nextOn != d.nextOn || right.next != d.next ||
			sum != right.received {
			found(store.Finding{Code: "row-altered", Kind: "due", ID: string(d.ID), Detail: "payment_standing"})
		}
	}
	lost, err := store.List(r, qLostStandings, store.Text)
	if err != nil {
		return err
	}
	for _, id := range lost { // a due without its row opens nowhere, and a row without its due counts in no sum
		found(store.Finding{Code: "row-altered", Kind: "due", ID: id, Detail: "payment_standing"})
	}
	receipts, err := store.List(r, qReceipts, scanReceipt)
	if err != nil {
		return err
	}
	for _, got := range receipts {
		entries, err := EntriesOf(r, got.ID)
		if err != nil {
			return err
		}
		free := got.Cents
		for _, e := range entries {
			free -= e.Cents
		}
		if free != got.free || free < 0 {
			found(store.Finding{Code: "row-altered", Kind: "receipt", ID: string(got.ID), Detail: "payment_rest"})
		}
	}
	return nil
}

// Files that wait for their next step.
var (
	qForgetUploads = store.Q(`DELETE FROM payment_upload WHERE at < $1`)
	qKeepUpload    = store.Q(`INSERT INTO payment_upload (id, name, person, at, content) VALUES ($1, $2, $3, $4, $5)`)
	qUpload        = store.Q(`SELECT id, name, content FROM payment_upload WHERE id = $1 AND person = $2`)
	qDropUpload    = store.Q(`DELETE FROM payment_upload WHERE id = $1`)
)

// dueChoice is what a list of dues may be asked for.
const dueChoice = ` JOIN people_person w ON w.id = d.person WHERE ($1 = '' OR $1 LIKE '%,' || s.state || ',%')
		AND ($2 = '' OR (s.next_on <> '' AND s.next_on < $2)) AND ($3 = '' OR w.sort LIKE $3 OR d.ogm LIKE $3 OR
		CAST(d.number AS TEXT) = $4)`

var (
	qFindDues    = store.Q(dueWhole + dueChoice + ` ORDER BY d.number DESC LIMIT $5 OFFSET $6`)
	qFindDueSums = store.Q(`SELECT COUNT(*), CAST(COALESCE(SUM(d.cents), 0) AS BIGINT),
		CAST(COALESCE(SUM(s.received), 0) AS BIGINT) FROM payment_due d JOIN payment_standing s ON s.due = d.id` + dueChoice)
)
