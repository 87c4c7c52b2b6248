package certificate

import (
	"embed"
	"encoding/json"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases are the room's catalogues.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "certificate", Schema: schema, Witnesses: []store.Witness{
	{Kind: "certificate", Each: witness}}}

const columns = `id, number, code, kind, holder, lot, day, through, lang, facts, cause, replaces, batch, head,
	head_hash, at, by_person`

var (
	qInsert = store.Q(`INSERT INTO certificate (` + columns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`)
	qAll      = store.Q(`SELECT ` + columns + ` FROM certificate ORDER BY id`)
	qByID     = store.Q(`SELECT ` + columns + ` FROM certificate WHERE id = $1`)
	qNumbered = store.Q(`SELECT ` + columns + ` FROM certificate WHERE number = $1`)
	qByCode   = store.Q(`SELECT ` + columns + ` FROM certificate WHERE code = $1`)
	qOf       = store.Q(`SELECT ` + columns + ` FROM certificate WHERE holder = $1 ORDER BY number DESC`)
	qReplaces = store.Q(`SELECT ` + columns + ` FROM certificate WHERE replaces = $1 ORDER BY number DESC LIMIT 1`)
	qOfBatch  = store.Q(`SELECT ` + columns + ` FROM certificate WHERE batch = $1 ORDER BY holder`)
	qPage     = store.Q(`SELECT ` + columns + ` FROM certificate WHERE ($1 = '' OR kind = $1)
		AND (CAST($2 AS BIGINT) = 0 OR holder = $2 OR number = $2) ORDER BY number DESC LIMIT $3 OFFSET $4`)
	qCount = store.Q(`SELECT COUNT(*) FROM certificate WHERE ($1 = '' OR kind = $1)
		AND (CAST($2 AS BIGINT) = 0 OR holder = $2 OR number = $2)`)
)

func scan(r store.Row) (c Certificate, err error) {
	var facts string
	var replaces, batch *string
	err = r.Scan(&c.ID, &c.Number, &c.Code, &c.Kind, &c.Holder, &c.Lot, &c.Day, &c.Through, &c.Lang, &facts, &c.Cause,
		&replaces, &batch, &c.Head, &c.HeadHash, &c.At, &c.By)
	if replaces != nil {
		c.Replaces = ID(*replaces)
	}
	if batch != nil {
		c.Batch = BatchID(*batch)
	}
	if err == nil {
		err = json.Unmarshal([]byte(facts), &c.Facts)
	}
	return c, err
}

func insertCertificate(tx *store.Tx, c Certificate) error {
	facts, err := json.Marshal(c.Facts)
	fault.Must(err == nil, "certificate %d: %v", c.Number, err)
	_, err = tx.Exec(qInsert, string(c.ID), c.Number, c.Code, string(c.Kind), int64(c.Holder), int64(c.Lot),
		c.Day.String(), int64(c.Through), string(c.Lang), string(facts), string(c.Cause), orNull(string(c.Replaces)),
		orNull(string(c.Batch)), c.Head, c.HeadHash, int64(c.At), string(c.By))
	if err != nil {
		return err
	}
	return tx.Seal("certificate", string(c.ID), c.canonical())
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func witness(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qAll, func(row store.Row) error {
		c, err := scan(row)
		if err != nil {
			return err
		}
		return yield(string(c.ID), c.canonical())
	})
}

// ByID reads a certificate; an unknown id is refused.
func ByID(r store.Reader, id ID) (Certificate, error) {
	c, found, err := store.Find(r, qByID, scan, string(id))
	if err == nil && !found {
		err = fault.Refuse("certificate.refusal.unknown")
	}
	return c, err
}

// Numbered finds a certificate by its number.
func Numbered(r store.Reader, number int64) (Certificate, bool, error) {
	return store.Find(r, qNumbered, scan, number)
}

// ByCode finds a certificate by its code.
func ByCode(r store.Reader, code string) (Certificate, bool, error) {
	return store.Find(r, qByCode, scan, code)
}

// Of lists the papers of a holder, the latest first.
func Of(r store.Reader, n register.Number) ([]Certificate, error) {
	return store.List(r, qOf, scan, int64(n))
}

func replacing(r store.Reader, id ID) (Certificate, bool, error) {
	return store.Find(r, qReplaces, scan, string(id))
}

// Search chooses papers: all conditions hold together.
type Search struct {
	Kind       Kind  // empty: both
	Number     int64 // of a holder or of a certificate; 0: all
	From, Size int64 // Size 0: all
}

// allPapers is more than any house has made.
const allPapers = 1 << 40

// List reads a piece of the papers, the latest first, and says how many there are in all.
func List(r store.Reader, s Search) (list []Certificate, total int64, err error) {
	if total, err = store.One(r, qCount, store.Number, string(s.Kind), s.Number); err != nil {
		return nil, 0, err
	}
	if s.Size == 0 {
		s.Size = allPapers
	}
	list, err = store.List(r, qPage, scan, string(s.Kind), s.Number, s.Size, s.From)
	return list, total, err
}

var (
	qInsertBatch = store.Q(`INSERT INTO certificate_batch (id, kind, day, send, reached, at, by_person)
		VALUES ($1, $2, $3, $4, 0, $5, $6)`)
	qBatch   = store.Q(`SELECT id, kind, day, send, reached, ended, at, by_person FROM certificate_batch WHERE id = $1`)
	qBatches = store.Q(`SELECT id, kind, day, send, reached, ended, at, by_person FROM certificate_batch
		ORDER BY id DESC`)
	qReached  = store.Q(`UPDATE certificate_batch SET reached = $2, ended = $3 WHERE id = $1`)
	qDelivery = store.Q(`INSERT INTO certificate_delivery (certificate, way, tries, trouble) VALUES ($1, $2, 0, '')`)
	qSent     = store.Q(`UPDATE certificate_delivery SET sent_at = $2, tries = tries + 1, trouble = ''
		WHERE certificate = $1`)
	qTried  = store.Q(`UPDATE certificate_delivery SET tries = tries + 1, trouble = $2 WHERE certificate = $1`)
	qFailed = store.Q(`UPDATE certificate_delivery SET failed_at = $2, tries = tries + 1, trouble = $3
		WHERE certificate = $1`)
	qDeliveryOf = store.Q(`SELECT certificate, way, sent_at, failed_at, tries, trouble FROM certificate_delivery
		WHERE certificate = $1`)
	qDeliveries = store.Q(`SELECT d.certificate, d.way, d.sent_at, d.failed_at, d.tries, d.trouble
		FROM certificate_delivery d JOIN certificate c ON c.id = d.certificate WHERE c.batch = $1`)
)

func insertBatch(tx *store.Tx, b Batch) error {
	send := int64(0)
	if b.Send {
		send = 1
	}
	_, err := tx.Exec(qInsertBatch, string(b.ID), string(b.Kind), b.Day.String(), send, int64(b.At), string(b.By))
	return err
}

func updateBatch(tx *store.Tx, b Batch) error {
	var ended any
	if b.Ended != 0 {
		ended = int64(b.Ended)
	}
	_, err := tx.Exec(qReached, string(b.ID), int64(b.Reached), ended)
	return err
}

func insertDelivery(tx *store.Tx, id ID, way Way) error {
	_, err := tx.Exec(qDelivery, string(id), string(way))
	return err
}

func scanBatch(r store.Row) (b Batch, err error) {
	var send int64
	var ended *int64
	err = r.Scan(&b.ID, &b.Kind, &b.Day, &send, &b.Reached, &ended, &b.At, &b.By)
	b.Send = send == 1
	if ended != nil {
		b.Ended = civil.Instant(*ended)
	}
	return b, err
}

// BatchByID reads a batch; an unknown id is refused.
func BatchByID(r store.Reader, id BatchID) (Batch, error) {
	b, found, err := store.Find(r, qBatch, scanBatch, string(id))
	if err == nil && !found {
		err = fault.Refuse("certificate.refusal.unknown-batch")
	}
	return b, err
}

// Batches lists the batches, the latest first.
func Batches(r store.Reader) ([]Batch, error) { return store.List(r, qBatches, scanBatch) }

// OfBatch lists the papers of a batch, by holder.
func OfBatch(r store.Reader, id BatchID) ([]Certificate, error) {
	return store.List(r, qOfBatch, scan, string(id))
}

func scanDelivery(r store.Row) (d Delivery, err error) {
	var sent, failed *int64
	err = r.Scan(&d.Certificate, &d.Way, &sent, &failed, &d.Tries, &d.Trouble)
	if sent != nil {
		d.SentAt = civil.Instant(*sent)
	}
	if failed != nil {
		d.FailedAt = civil.Instant(*failed)
	}
	return d, err
}

// DeliveryOf says how a paper of a batch went out; false for one that nobody sent.
func DeliveryOf(r store.Reader, id ID) (Delivery, bool, error) {
	return store.Find(r, qDeliveryOf, scanDelivery, string(id))
}

// Deliveries are those of a batch.
func Deliveries(r store.Reader, id BatchID) ([]Delivery, error) {
	return store.List(r, qDeliveries, scanDelivery, string(id))
}

// Known is what this room knows about a person, for the copy that each may ask for. It is for people.Hooks.Known.
func Known(r store.Reader, id people.PersonID) ([]people.Section, error) {
	holder, found, err := register.CooperatorOf(r, id)
	if err != nil || !found {
		return nil, err
	}
	list, err := Of(r, holder.Number)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	s := people.Section{Title: lang.Say("certificate.known")}
	for _, f := range []string{"number", "kind", "day", "shares", "paid", "made", "way"} {
		s.Heads = append(s.Heads, lang.Say("certificate.field."+f))
	}
	for _, c := range list {
		d, sent, err := DeliveryOf(r, c.ID)
		if err != nil {
			return nil, err
		}
		way := any("")
		if sent {
			way = d.Way.Words()
		}
		s.Rows = append(s.Rows, []any{c.Number, c.Kind.Words(), c.Day, c.Facts.Shares(), c.Facts.Paid(), c.At.On(r.Zone()),
			way})
	}
	return []people.Section{s}, nil
}

// Retentions covers every column of this room's tables.
var Retentions = []people.Retention{
	keep("certificate", "papers", "law", "ten", "id", "number", "code", "kind", "holder", "lot", "day", "through", "lang",
		"facts", "cause", "replaces", "batch", "head", "head_hash", "at", "by_person"),
	keep("certificate_batch", "batches", "none", "always", "id", "kind", "day", "send", "reached", "ended", "at",
		"by_person"),
	keep("certificate_delivery", "deliveries", "law", "ten", "certificate", "way", "sent_at", "failed_at", "tries",
		"trouble"),
}

func keep(table, what, ground, term string, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("certificate.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: lang.Say("people.term." + term)}
}
