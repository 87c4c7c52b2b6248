package sitting

import (
	"embed"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"

	"lieux/assembly"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// What this room seals.
const (
	sealOpening   = "sitting"
	sealClosing   = "sitting-close"
	sealAgreement = "agreement"
	sealSignature = "signature"
)

// Room is what the store needs to know.
var Room = store.Room{Name: "sitting", Schema: schema, Witnesses: []store.Witness{
	{Kind: sealOpening, Each: eachSitting(func(Sitting) bool { return true }, Sitting.opening)},
	{Kind: sealClosing, Each: eachSitting(func(s Sitting) bool { return s.ClosedAt != 0 }, Sitting.closing)},
	{Kind: sealAgreement, Each: eachAgreement}, {Kind: sealSignature, Each: eachSignature},
}, Checks: []func(store.Reader, func(store.Finding)) error{checks}}

// What is read together.
const (
	sittingColumns = `meeting, opened_at, seq, closed_at, closed_seq, review_at, review_until, settled_at, text, frozen_at,
		assembly`
	signatureColumns = `id, person, charge, kind, at, by_whom, text, hash, void_at, evidence, meeting`
	remarkColumns    = `id, item, person, at, words, answer, accepted, answered_at, answered_by`
)

var (
	qInsert = store.Q(`INSERT INTO sitting (` + sittingColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qWrite = store.Q(`UPDATE sitting SET closed_at = $2, closed_seq = $3, review_at = $4, review_until = $5, settled_at =
		$6,
		text = $7, frozen_at = $8, assembly = $9 WHERE meeting = $1`)
	qSitting  = store.Q(`SELECT ` + sittingColumns + ` FROM sitting WHERE meeting = $1`)
	qSittings = store.Q(`SELECT ` + sittingColumns + ` FROM sitting ORDER BY meeting`)

	qInsertOfficer = store.Q(`INSERT INTO sitting_officer (id, meeting, person, charge, from_at, until_at, why)
		VALUES ($1, $2, $3, $4, $5, 0, '')`)
	qEndOfficer = store.Q(`UPDATE sitting_officer SET until_at = $2, why = $3 WHERE id = $1 AND until_at = 0`)
	qOfficers   = store.Q(`SELECT id, person, charge, from_at, until_at, why FROM sitting_officer WHERE meeting = $1
		ORDER BY from_at, id`)
	qCharged = store.Q(`SELECT DISTINCT meeting FROM sitting_officer WHERE person = $1 AND until_at = 0 ORDER BY meeting`)

	qInsertStep = store.Q(`INSERT INTO sitting_step (meeting, number, at, by_whom, item, matter, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qSteps = store.Q(`SELECT number, at, by_whom, item, matter, seq FROM sitting_step WHERE meeting = $1 ORDER BY number`)

	qInsertPresenter = store.Q(`INSERT INTO sitting_presenter (meeting, matter, person, at) VALUES ($1, $2, $3, $4)`)
	qPresenters      = store.Q(`SELECT matter, person FROM sitting_presenter WHERE meeting = $1 ORDER BY at, person`)

	qInsertAgreement = store.Q(`INSERT INTO sitting_agreement (item, meeting, at, by_whom, heads, shares, whole)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qAgreements = store.Q(`SELECT item, at, by_whom, heads, shares, whole FROM sitting_agreement WHERE meeting = $1
		ORDER BY at, item`)
	qAgreementsByItem = store.Q(`SELECT item, meeting, at, heads, shares, whole FROM sitting_agreement ORDER BY item`)

	qInsertIncident = store.Q(`INSERT INTO sitting_incident (id, meeting, item, remote, at, by_whom, words, over_at,
		remedy)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)`)
	qEndIncident = store.Q(`UPDATE sitting_incident SET over_at = $3, remedy = CASE WHEN $4 = '' THEN remedy ELSE $4 END
		WHERE meeting = $1 AND id = $2 AND over_at = 0`)
	qIncidents = store.Q(`SELECT id, item, remote, at, by_whom, words, over_at, remedy FROM sitting_incident
		WHERE meeting = $1 ORDER BY at, id`)

	qInsertRetained = store.Q(`INSERT INTO sitting_retained (id, meeting, item, title, words, owner, owner_words, due_on,
		at,
		by_whom, dropped_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`)
	qDrop     = store.Q(`UPDATE sitting_retained SET dropped_at = $3 WHERE meeting = $1 AND id = $2 AND dropped_at = 0`)
	qRetained = store.Q(`SELECT id, item, title, words, owner, owner_words, due_on, at, by_whom, dropped_at
		FROM sitting_retained WHERE meeting = $1 ORDER BY at, id`)

	qInsertBlock = store.Q(`INSERT INTO sitting_block (id, meeting, item, matter) VALUES ($1, $2, $3, $4)`)
	qInsertText  = store.Q(`INSERT INTO sitting_text (block, number, author, at, words, replaced)
		VALUES ($1, $2, $3, $4, $5, 0)`)
	qReplaceText = store.Q(`UPDATE sitting_text SET replaced = $3 WHERE block = $1 AND number = $2 AND replaced = 0
		AND number < $3`)
	qBlocks = store.Q(`SELECT id, item, matter FROM sitting_block WHERE meeting = $1 ORDER BY id`)
	qTexts  = store.Q(`SELECT t.block, t.number, t.author, t.at, t.words, t.replaced FROM sitting_text t
		JOIN sitting_block b ON b.id = t.block WHERE b.meeting = $1 ORDER BY t.block, t.number`)

	qInsertRemark = store.Q(`INSERT INTO sitting_remark (id, meeting, item, person, at, words, answer, accepted,
		answered_at,
		answered_by) VALUES ($1, $2, $3, $4, $5, $6, '', 0, 0, '')`)
	qAnswerRemark = store.Q(`UPDATE sitting_remark SET answer = $3, accepted = $4, answered_at = $5, answered_by = $6
		WHERE meeting = $1 AND id = $2`)
	qRemarks = store.Q(`SELECT ` + remarkColumns + ` FROM sitting_remark WHERE meeting = $1 ORDER BY at, id`)

	qInsertReading = store.Q(`INSERT INTO sitting_reading (meeting, person, at) VALUES ($1, $2, $3)`)
	qReadings      = store.Q(`SELECT person FROM sitting_reading WHERE meeting = $1 ORDER BY at, person`)
	qReadingsOf    = store.Q(`SELECT meeting, at FROM sitting_reading WHERE person = $1 ORDER BY at, meeting`)
	qInsertEnded   = store.Q(`INSERT INTO sitting_review_end (meeting, at, planned, by_whom, everybody, why)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qEnded = store.Q(`SELECT at, planned, by_whom, everybody, why FROM sitting_review_end WHERE meeting = $1`)

	qInsertSignature = store.Q(`INSERT INTO sitting_signature (` + signatureColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)`)
	qVoid         = store.Q(`UPDATE sitting_signature SET void_at = $2 WHERE meeting = $1 AND void_at = 0`)
	qSignatures   = store.Q(`SELECT ` + signatureColumns + ` FROM sitting_signature WHERE meeting = $1 ORDER BY at, id`)
	qSigned       = store.Q(`SELECT ` + signatureColumns + ` FROM sitting_signature ORDER BY id`)
	qChargesOf    = store.Q(`SELECT meeting, from_at, charge FROM sitting_officer WHERE person = $1 ORDER BY from_at, id`)
	qRemarksOf    = store.Q(`SELECT meeting, at, words FROM sitting_remark WHERE person = $1 ORDER BY at, id`)
	qSignaturesOf = store.Q(`SELECT meeting, at, kind FROM sitting_signature WHERE person = $1 ORDER BY at, id`)
	qForget       = store.Q(`UPDATE sitting_signature SET evidence = '' WHERE person = $1`)
)

func scanSitting(r store.Row) (s Sitting, err error) {
	var record *string
	err = r.Scan(&s.Meeting, &s.OpenedAt, &s.Seq, &s.ClosedAt, &s.ClosedSeq, &s.ReviewAt, &s.ReviewUntil, &s.SettledAt,
		&s.Text, &s.FrozenAt, &record)
	if record != nil {
		s.Assembly = assembly.ID(*record)
	}
	return s, err
}

// Of reads the sitting of a meeting; false before the opening.
func Of(r store.Reader, id meeting.ID) (Sitting, bool, error) {
	return store.Find(r, qSitting, scanSitting, string(id))
}

func insertSitting(tx *store.Tx, s Sitting) error {
	_, err := tx.Exec(qInsert, string(s.Meeting), int64(s.OpenedAt), s.Seq, int64(s.ClosedAt), s.ClosedSeq,
		int64(s.ReviewAt), int64(s.ReviewUntil), int64(s.SettledAt), s.Text, int64(s.FrozenAt), orNull(string(s.Assembly)))
	return err
}

func writeSitting(tx *store.Tx, s Sitting) error {
	_, err := tx.Exec(qWrite, string(s.Meeting), int64(s.ClosedAt), s.ClosedSeq, int64(s.ReviewAt), int64(s.ReviewUntil),
		int64(s.SettledAt), s.Text, int64(s.FrozenAt), orNull(string(s.Assembly)))
	return err
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func asNumber(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Officers lists the charges of a meeting, those that ended too, in the order in which they began.
func Officers(r store.Reader, id meeting.ID) ([]Officer, error) {
	return store.List(r, qOfficers, func(row store.Row) (o Officer, err error) {
		return o, row.Scan(&o.ID, &o.Person, &o.Charge, &o.From, &o.Until, &o.Why)
	}, string(id))
}

// ChargedAt lists the meetings at which a person holds a charge now.
func ChargedAt(r store.Reader, who people.PersonID) ([]meeting.ID, error) {
	return store.List(r, qCharged, func(row store.Row) (id meeting.ID, err error) { return id, row.Scan(&id) },
		string(who))
}

func insertOfficer(tx *store.Tx, id meeting.ID, o Officer) error {
	_, err := tx.Exec(qInsertOfficer, o.ID, string(id), string(o.Person), string(o.Charge), int64(o.From))
	return err
}

func endOfficer(tx *store.Tx, officer string, at civil.Instant, why string) error {
	_, err := tx.Exec(qEndOfficer, officer, int64(at), why)
	return err
}

// Steps are the matters that a meeting came to, in their order.
func Steps(r store.Reader, id meeting.ID) ([]Step, error) {
	return store.List(r, qSteps, func(row store.Row) (s Step, err error) {
		return s, row.Scan(&s.Number, &s.At, &s.By, &s.Item, &s.Matter, &s.Seq)
	}, string(id))
}

func insertStep(tx *store.Tx, id meeting.ID, s Step) error {
	_, err := tx.Exec(qInsertStep, string(id), s.Number, int64(s.At), string(s.By), string(s.Item), string(s.Matter),
		s.Seq)
	return err
}

// Presenters are those who presented matters besides those whom the agenda names.
func Presenters(r store.Reader, id meeting.ID) (map[meeting.MatterID][]people.PersonID, error) {
	all := map[meeting.MatterID][]people.PersonID{}
	err := store.Each(r, qPresenters, func(row store.Row) error {
		var matter meeting.MatterID
		var who people.PersonID
		err := row.Scan(&matter, &who)
		all[matter] = append(all[matter], who)
		return err
	}, string(id))
	return all, err
}

func insertPresenter(tx *store.Tx, id meeting.ID, matter meeting.MatterID, who people.PersonID) error {
	_, err := tx.Exec(qInsertPresenter, string(id), string(matter), string(who), int64(tx.Now()))
	return err
}

// Agreements are the subjects that were added because all who were there agreed.
func Agreements(r store.Reader, id meeting.ID) ([]Agreement, error) {
	return store.List(r, qAgreements, func(row store.Row) (a Agreement, err error) {
		var heads, shares, whole int64
		err = row.Scan(&a.Item, &a.At, &a.By, &heads, &shares, &whole)
		a.All, a.Whole = vote.Both(heads, shares), whole == 1
		return a, err
	}, string(id))
}

func insertAgreement(tx *store.Tx, id meeting.ID, a Agreement) error {
	heads, _ := a.All.Heads.Get()
	shares, _ := a.All.Shares.Get()
	_, err := tx.Exec(qInsertAgreement, string(a.Item), string(id), int64(a.At), string(a.By), heads, shares,
		asNumber(a.Whole))
	return err
}

// Incidents are those of a meeting, in the order of time.
func Incidents(r store.Reader, id meeting.ID) ([]Incident, error) {
	return store.List(r, qIncidents, func(row store.Row) (i Incident, err error) {
		var remote int64
		err = row.Scan(&i.ID, &i.Item, &remote, &i.At, &i.By, &i.Words, &i.Over, &i.Remedy)
		i.Remote = remote == 1
		return i, err
	}, string(id))
}

func insertIncident(tx *store.Tx, id meeting.ID, i Incident) error {
	_, err := tx.Exec(qInsertIncident, i.ID, string(id), string(i.Item), asNumber(i.Remote), int64(i.At), string(i.By),
		i.Words, i.Remedy)
	return err
}

func endIncident(tx *store.Tx, id meeting.ID, incident string, at civil.Instant, remedy string) (int64, error) {
	return tx.Exec(qEndIncident, string(id), incident, int64(at), remedy)
}

// RetainedIn are the points that the debate of a meeting retained, dropped ones too, in the order of time.
func RetainedIn(r store.Reader, id meeting.ID) ([]Retained, error) {
	return store.List(r, qRetained, func(row store.Row) (p Retained, err error) {
		var owner *string
		err = row.Scan(&p.ID, &p.Item, &p.Title, &p.Words, &owner, &p.OwnerWords, &p.DueOn, &p.At, &p.By, &p.DroppedAt)
		if owner != nil {
			p.Owner = people.BodyID(*owner)
		}
		return p, err
	}, string(id))
}

func insertRetained(tx *store.Tx, id meeting.ID, p Retained) error {
	_, err := tx.Exec(qInsertRetained, string(p.ID), string(id), string(p.Item), p.Title, p.Words, orNull(string(p.Owner)),
		p.OwnerWords, p.DueOn, int64(p.At), string(p.By))
	return err
}

func dropRetained(tx *store.Tx, id meeting.ID, point assembly.RetainedID, at civil.Instant) (int64, error) {
	return tx.Exec(qDrop, string(id), string(point), int64(at))
}

// Blocks are the notes of a meeting with all their texts, in the order in which they were begun.
func Blocks(r store.Reader, id meeting.ID) ([]Block, error) {
	blocks, err := store.List(r, qBlocks, func(row store.Row) (b Block, err error) {
		return b, row.Scan(&b.ID, &b.Item, &b.Matter)
	}, string(id))
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(blocks))
	for i, b := range blocks {
		at[b.ID] = i
	}
	return blocks, store.Each(r, qTexts, func(row store.Row) error {
		var block string
		var t Text
		err := row.Scan(&block, &t.Number, &t.Author, &t.At, &t.Words, &t.Replaced)
		if i, known := at[block]; known && err == nil {
			blocks[i].Texts = append(blocks[i].Texts, t)
		}
		return err
	}, string(id))
}

func insertBlock(tx *store.Tx, id meeting.ID, b Block) error {
	_, err := tx.Exec(qInsertBlock, b.ID, string(id), string(b.Item), string(b.Matter))
	return err
}

func insertText(tx *store.Tx, block string, t Text) error {
	_, err := tx.Exec(qInsertText, block, t.Number, string(t.Author), int64(t.At), t.Words)
	return err
}

func replaceText(tx *store.Tx, block string, number, by int64) error {
	_, err := tx.Exec(qReplaceText, block, number, by)
	return err
}

// Remarks are what those who were there said about the draft, in the order of time.
func Remarks(r store.Reader, id meeting.ID) ([]Remark, error) {
	return store.List(r, qRemarks, func(row store.Row) (k Remark, err error) {
		var accepted int64
		err = row.Scan(&k.ID, &k.Item, &k.Person, &k.At, &k.Words, &k.Answer, &accepted, &k.Answered, &k.By)
		k.Accepted = accepted == 1
		return k, err
	}, string(id))
}

func insertRemark(tx *store.Tx, id meeting.ID, k Remark) error {
	_, err := tx.Exec(qInsertRemark, k.ID, string(id), string(k.Item), string(k.Person), int64(k.At), k.Words)
	return err
}

func answerRemark(tx *store.Tx, id meeting.ID, k Remark) (int64, error) {
	return tx.Exec(qAnswerRemark, string(id), k.ID, k.Answer, asNumber(k.Accepted), int64(k.Answered), string(k.By))
}

func readings(r store.Reader, id meeting.ID) ([]people.PersonID, error) {
	return store.List(r, qReadings, func(row store.Row) (who people.PersonID, err error) { return who, row.Scan(&who) },
		string(id))
}

// readingsOf is when a person read the drafts of meetings and had nothing to remark.
func readingsOf(r store.Reader, who people.PersonID) (map[meeting.ID]civil.Instant, error) {
	all := map[meeting.ID]civil.Instant{}
	err := store.Each(r, qReadingsOf, func(row store.Row) error {
		var m meeting.ID
		var at civil.Instant
		err := row.Scan(&m, &at)
		all[m] = at
		return err
	}, string(who))
	return all, err
}

func insertReading(tx *store.Tx, id meeting.ID, who people.PersonID) error {
	_, err := tx.Exec(qInsertReading, string(id), string(who), int64(tx.Now()))
	return err
}

// EndOf is the end of a review before its delay; false when it was left to run.
func EndOf(r store.Reader, id meeting.ID) (Ended, bool, error) {
	return store.Find(r, qEnded, func(row store.Row) (e Ended, err error) {
		var everybody int64
		err = row.Scan(&e.At, &e.Planned, &e.By, &everybody, &e.Why)
		e.Everybody = everybody == 1
		return e, err
	}, string(id))
}

func insertEnded(tx *store.Tx, id meeting.ID, e Ended) error {
	_, err := tx.Exec(qInsertEnded, string(id), int64(e.At), int64(e.Planned), string(e.By), asNumber(e.Everybody), e.Why)
	return err
}

type signatureOf struct {
	Signature
	meeting meeting.ID
}

func scanSignature(row store.Row) (g signatureOf, err error) {
	return g, row.Scan(&g.ID, &g.Person, &g.Charge, &g.Kind, &g.At, &g.By, &g.Text, &g.Hash, &g.Void, &g.Evidence,
		&g.meeting)
}

// Signatures are those under the minutes of a meeting, void ones too, in the order of time.
func Signatures(r store.Reader, id meeting.ID) ([]Signature, error) {
	all, err := store.List(r, qSignatures, scanSignature, string(id))
	list := make([]Signature, len(all))
	for i, g := range all {
		list[i] = g.Signature
	}
	return list, err
}

func everySignature(r store.Reader) ([]signatureOf, error) {
	return store.List(r, qSigned, scanSignature)
}

func insertSignature(tx *store.Tx, id meeting.ID, g Signature) error {
	_, err := tx.Exec(qInsertSignature, g.ID, string(g.Person), string(g.Charge), string(g.Kind), int64(g.At),
		string(g.By),
		g.Text, g.Hash, g.Evidence, string(id))
	return err
}

func voidSignatures(tx *store.Tx, id meeting.ID, at civil.Instant) error {
	_, err := tx.Exec(qVoid, string(id), int64(at))
	return err
}

func forgetEvidence(tx *store.Tx, person people.PersonID) error {
	_, err := tx.Exec(qForget, string(person))
	return err
}

// The witnesses re-make what was sealed.
func eachSitting(has func(Sitting) bool, content func(Sitting) []byte) func(store.Reader,
	func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		all, err := store.List(r, qSittings, scanSitting)
		if err != nil {
			return err
		}
		for _, s := range all {
			if has(s) {
				if err := yield(string(s.Meeting), content(s)); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func eachAgreement(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qAgreementsByItem, func(row store.Row) error {
		var a Agreement
		var id meeting.ID
		var heads, shares, whole int64
		if err := row.Scan(&a.Item, &id, &a.At, &heads, &shares, &whole); err != nil {
			return err
		}
		a.All, a.Whole = vote.Both(heads, shares), whole == 1
		return yield(string(a.Item), a.canonical(id))
	})
}

func eachSignature(r store.Reader, yield func(string, []byte) error) error {
	all, err := everySignature(r)
	if err != nil {
		return err
	}
	for _, g := range all {
		if err := yield(g.ID, g.canonical(g.meeting)); err != nil {
			return err
		}
	}
	return nil
}

// knownThing is something that this room knows of a person.
type knownThing struct {
	meeting meeting.ID
	at      civil.Instant
	text    string
}

func scanKnown(row store.Row) (w knownThing, err error) {
	return w, row.Scan(&w.meeting, &w.at, &w.text)
}
