package attendance

import (
	"embed"
	"encoding/json"
	"fmt"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know. Who is in the room of a meeting is a [Hall].
var Room = store.Room{Name: "attendance", Schema: schema, Witnesses: []store.Witness{
	{Kind: "roll", Each: eachRoll}, {Kind: "presence", Each: eachEvent},
}, Checks: []func(store.Reader, func(store.Finding)) error{checks, registered}}

// What is read together.
const (
	entryColumns = `e.holder, e.person, e.legal, e.shares, e.classes, e.struck FROM attendance_entry e`
	eventColumns = `meeting, seq, at, kind, person, detail FROM attendance_event`
	proxyColumns = `id, meeting, holder, giver, agent, channel, door, document, instructions, given_at, given_seq,
		accepted_at, ended_at, ended_seq, ended_why FROM attendance_proxy`
	presenceColumns = `person, channel, door, since, seq FROM attendance_present`
)

var (
	qSecret       = store.Q(`SELECT secret FROM attendance_secret WHERE meeting = $1`)
	qInsertSecret = store.Q(`INSERT INTO attendance_secret (meeting, secret, made_at) VALUES ($1, $2, $3)`)

	qInsertRoll = store.Q(`INSERT INTO attendance_roll
		(meeting, day, frozen_at, frozen_heads, frozen_shares, heads, shares, through)
		VALUES ($1, $2, $3, $4, $5, $4, $5, $6)`)
	qInsertEntry = store.Q(`INSERT INTO attendance_entry
		(meeting, holder, person, legal, shares, classes, struck, frozen_shares, frozen_classes, code)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9)`)
	qAlterEntry = store.Q(`UPDATE attendance_entry SET shares = $3, classes = $4, struck = $5
		WHERE meeting = $1 AND holder = $2`)
	qAlterRoll = store.Q(`UPDATE attendance_roll SET heads = heads + $2, shares = shares + $3 WHERE meeting = $1`)

	qRoll      = store.Q(`SELECT day, frozen_at, heads, shares, through FROM attendance_roll WHERE meeting = $1`)
	qRollDay   = store.Q(`SELECT day FROM attendance_roll WHERE meeting = $1`)
	qFrozenIDs = store.Q(`SELECT meeting FROM attendance_roll ORDER BY meeting`)
	qFrozen    = store.Q(`SELECT e.holder, e.person, e.legal, e.frozen_shares, e.frozen_classes, 0
		FROM attendance_entry e WHERE e.meeting = $1 AND e.frozen_shares IS NOT NULL ORDER BY e.holder`)
	qFrozenSums = store.Q(`SELECT day, frozen_at, frozen_heads, frozen_shares, through FROM attendance_roll
		WHERE meeting = $1`)
	qEntries    = store.Q(`SELECT ` + entryColumns + ` WHERE e.meeting = $1 AND e.struck = 0 ORDER BY e.holder`)
	qEntriesAll = store.Q(`SELECT ` + entryColumns + ` WHERE e.meeting = $1 ORDER BY e.holder`)
	qEntry      = store.Q(`SELECT ` + entryColumns + ` WHERE e.meeting = $1 AND e.holder = $2`)
	qEntriesOf  = store.Q(`SELECT ` + entryColumns + ` WHERE e.person = $1 AND e.meeting = $2
		ORDER BY e.holder`)
	qEntriesCoded = store.Q(`SELECT ` + entryColumns + ` WHERE e.meeting = $1 AND e.code = $2 ORDER BY e.holder`)
	qLastHolder   = store.Q(`SELECT CAST(COALESCE(MAX(holder), 0) AS BIGINT) FROM attendance_entry WHERE meeting = $1`)
	qRollsOf      = store.Q(`SELECT meeting FROM attendance_entry WHERE person = $1 ORDER BY meeting`)

	qInsertEvent = store.Q(`INSERT INTO attendance_event (meeting, seq, at, kind, person, detail)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qLastSeq       = store.Q(`SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM attendance_event WHERE meeting = $1`)
	qEvents        = store.Q(`SELECT ` + eventColumns + ` WHERE meeting = $1 ORDER BY seq`)
	qEventsTo      = store.Q(`SELECT ` + eventColumns + ` WHERE meeting = $1 AND seq <= $2 ORDER BY seq`)
	qEventNumbered = store.Q(`SELECT ` + eventColumns + ` WHERE meeting = $1 AND seq = $2`)
	qEventsAll     = store.Q(`SELECT ` + eventColumns + ` ORDER BY meeting, seq`)
	qEventsOf      = store.Q(`SELECT ` + eventColumns + ` WHERE person = $1 ORDER BY meeting, seq`)
	qLastEvents    = store.Q(`SELECT ` + eventColumns + ` WHERE meeting = $1 ORDER BY seq DESC LIMIT $2`)
	qCorrections   = store.Q(`SELECT ` + eventColumns + ` WHERE meeting = $1 AND kind = $2 ORDER BY seq`)
	qLastOf        = store.Q(`SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM attendance_event
		WHERE meeting = $1 AND person = $2 AND kind IN ('arrive', 'leave')`)
	qLastArrival = store.Q(`SELECT ` + eventColumns + ` WHERE meeting = $1 AND person = $2 AND kind = 'arrive'
		AND seq < $3 ORDER BY seq DESC LIMIT 1`)
	qCountCorrections = store.Q(`SELECT COUNT(*) FROM attendance_event WHERE meeting = $1 AND kind = $2`)

	qInsertPresence = store.Q(`INSERT INTO attendance_present (meeting, person, channel, door, since, seq)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (meeting, person) DO NOTHING`)
	qDeletePresence = store.Q(`DELETE FROM attendance_present WHERE meeting = $1 AND person = $2`)
	qPresent        = store.Q(`SELECT ` + presenceColumns + ` WHERE meeting = $1 ORDER BY person`)
	qPresence       = store.Q(`SELECT ` + presenceColumns + ` WHERE meeting = $1 AND person = $2`)

	qInsertSeat = store.Q(`INSERT INTO attendance_seat (meeting, holder, voter, title) VALUES ($1, $2, $3, $4)`)
	qDeleteSeat = store.Q(`DELETE FROM attendance_seat WHERE meeting = $1 AND holder = $2`)
	qSeatsOf    = store.Q(`SELECT holder, title FROM attendance_seat WHERE meeting = $1 AND voter = $2
		ORDER BY holder`)
	qSeatNumbered = store.Q(`SELECT holder, title FROM attendance_seat WHERE meeting = $1 AND holder = $2`)
	qSeatHere     = store.Q(`SELECT p.person, p.channel, p.door, p.since, p.seq, s.holder FROM attendance_seat s
		JOIN attendance_present p ON p.meeting = s.meeting AND p.person = s.voter
		WHERE s.meeting = $1 AND s.holder = $2`)
	qSeats = store.Q(`SELECT s.voter, s.title, '', '', ` + entryColumns + ` JOIN attendance_seat s
		ON s.meeting = e.meeting AND s.holder = e.holder WHERE s.meeting = $1`)
	qSeatsOfVoter = store.Q(`SELECT s.voter, s.title, '', '', ` + entryColumns + ` JOIN attendance_seat s
		ON s.meeting = e.meeting AND s.holder = e.holder WHERE s.meeting = $1 AND s.voter = $2 ORDER BY s.holder`)
)

// sums are heads and shares, then those of who takes part from afar.
const sums = `SELECT COUNT(*), CAST(COALESCE(SUM(e.shares), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN a.channel = 'remote' THEN 1 ELSE 0 END), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN a.channel = 'remote' THEN e.shares ELSE 0 END), 0) AS BIGINT)
	FROM attendance_entry e`

var qSeatSums = store.Q(sums + ` JOIN attendance_seat s ON s.meeting = e.meeting AND s.holder = e.holder
	JOIN attendance_present a ON a.meeting = s.meeting AND a.person = s.voter WHERE s.meeting = $1`)

// whoCarries are the proxies that count: accepted and living, in the hands of somebody who is there, of a holder who is
// on the roll and away.
const whoCarries = ` JOIN attendance_proxy p
	ON p.meeting = e.meeting AND p.holder = e.holder
	JOIN attendance_present a ON a.meeting = p.meeting AND a.person = p.agent
	LEFT JOIN attendance_seat s ON s.meeting = p.meeting AND s.holder = p.holder
	WHERE p.meeting = $1 AND p.ended_at = 0 AND p.accepted_at <> 0 AND e.struck = 0 AND s.holder IS NULL`

const carried = `SELECT p.agent, 'proxy', p.id, p.instructions, ` + entryColumns + whoCarries

var (
	qCarriedSums = store.Q(sums + whoCarries)
	qCarried     = store.Q(carried)
	qCarriedBy   = store.Q(carried + ` AND p.agent = $2`)
	qInsertProxy = store.Q(`INSERT INTO attendance_proxy (id, meeting, holder, giver, agent, channel, door, document,
		instructions, given_at, given_seq, accepted_at, ended_at, ended_seq, ended_why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, '')`)
	qAcceptProxy = store.Q(`UPDATE attendance_proxy SET accepted_at = $2 WHERE id = $1`)
	qEndProxy    = store.Q(`UPDATE attendance_proxy SET ended_at = $2, ended_seq = $3, ended_why = $4 WHERE id = $1`)
	qProxy       = store.Q(`SELECT ` + proxyColumns + ` WHERE id = $1`)
	qProxies     = store.Q(`SELECT ` + proxyColumns + ` WHERE meeting = $1 ORDER BY given_seq`)
	qLivingOf    = store.Q(`SELECT ` + proxyColumns + ` WHERE meeting = $1 AND holder = $2 AND ended_at = 0`)
	qProxiesBy   = store.Q(`SELECT ` + proxyColumns + ` WHERE meeting = $1 AND giver = $2 ORDER BY given_seq`)
	qProxiesTo   = store.Q(`SELECT ` + proxyColumns + ` WHERE meeting = $1 AND agent = $2 ORDER BY given_seq`)

	qAllProxiesBy = store.Q(`SELECT ` + proxyColumns + ` WHERE giver = $1 ORDER BY given_at DESC, id`)
	qAllProxiesTo = store.Q(`SELECT ` + proxyColumns + ` WHERE agent = $1 ORDER BY given_at DESC, id`)
)

func scanEntry(r store.Row) (e Entry, err error) {
	var legal, struck int64
	if err = r.Scan(&e.Holder, &e.Person, &legal, &e.Shares, &e.Classes, &struck); err != nil {
		return e, err
	}
	return completed(e, legal, struck)
}

// completed puts what a row tells of an entry in its types.
func completed(e Entry, legal, struck int64) (_ Entry, err error) {
	e.Kind, e.Struck = people.Natural, struck == 1
	if legal == 1 {
		e.Kind = people.Legal
	}
	e.ByClass, err = parseClasses(e.Classes)
	return e, err
}

// claimScan reads claims one after another. It reads into plain types, and each text of classes once: a room of ten
// thousand holders is read for each poll.
type claimScan struct {
	voter, title, proxy, told, person, classes string
	holder, legal, shares, struck              int64
	into                                       []any
	held                                       map[string][]register.Holding
}

func newClaimScan() *claimScan {
	s := &claimScan{held: map[string][]register.Holding{}}
	s.into = []any{&s.voter, &s.title, &s.proxy, &s.told, &s.holder, &s.person, &s.legal, &s.shares, &s.classes, &s.struck}
	return s
}

func (s *claimScan) scan(r store.Row) (c claim, err error) {
	if err = r.Scan(s.into...); err != nil {
		return c, err
	}
	held, seen := s.held[s.classes]
	if !seen {
		if held, err = parseClasses(s.classes); err != nil {
			return c, err
		}
		s.held[s.classes] = held
	}
	c = claim{voter: people.PersonID(s.voter), title: vote.Title(s.title), proxy: ProxyID(s.proxy), entry: Entry{
		Holder: s.holder, Person: people.PersonID(s.person), Kind: people.Natural, Shares: s.shares, ByClass: held,
		Classes: s.classes, Struck: s.struck == 1}}
	if s.legal == 1 {
		c.entry.Kind = people.Legal
	}
	if s.told != "" {
		err = json.Unmarshal([]byte(s.told), &c.instructions)
	}
	return c, err
}

func scanEvent(r store.Row) (e Event, err error) {
	var person *people.PersonID
	var detail []byte
	if err = r.Scan(&e.Meeting, &e.Seq, &e.At, &e.Kind, &person, &detail); err != nil {
		return e, err
	}
	if person != nil {
		e.Person = *person
	}
	if err = json.Unmarshal(detail, &e.Detail); err != nil {
		return e, fmt.Errorf("attendance: event %d of %s: %w", e.Seq, e.Meeting, err)
	}
	e.date()
	return e, nil
}

func scanProxy(r store.Row) (p Proxy, err error) {
	var document *string
	var instructions string
	if err = r.Scan(&p.ID, &p.Meeting, &p.Holder, &p.By, &p.To, &p.Channel, &p.Door, &document, &instructions,
		&p.GivenAt, &p.givenSeq, &p.AcceptedAt, &p.EndedAt, &p.endedSeq, &p.EndedWhy); err != nil {
		return p, err
	}
	if document != nil {
		p.Document = *document
	}
	if instructions != "" {
		err = json.Unmarshal([]byte(instructions), &p.Instructions)
	}
	return p, err
}

func scanPresence(r store.Row) (p Presence, err error) {
	return p, r.Scan(&p.Person, &p.Channel, &p.Door, &p.Since, &p.Seq)
}

// summed is what a query of sums answers.
type summed struct{ all, afar count }

func scanSums(r store.Row) (s summed, err error) {
	return s, r.Scan(&s.all.heads, &s.all.shares, &s.afar.heads, &s.afar.shares)
}

func scanSeat(r store.Row) (s Seat, err error) { return s, r.Scan(&s.Holder, &s.Title) }

func scanHere(r store.Row) (h here, err error) {
	return h, r.Scan(&h.Person, &h.Channel, &h.Door, &h.Since, &h.Seq, &h.holder)
}

func scanDay(r store.Row) (d civil.Date, err error) { return d, r.Scan(&d) }

// orNull keeps an empty text as no value.
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

// instructionsText is what a row keeps of instructions; empty when there are none.
func instructionsText(list []Instruction) string {
	if len(list) == 0 {
		return ""
	}
	text, err := json.Marshal(list)
	fault.Must(err == nil, "instructions: %v", err)
	return string(text)
}

func insertRoll(tx *store.Tx, f Frozen, secret []byte) error {
	heads, _ := f.Issued.Heads.Get()
	shares, _ := f.Issued.Shares.Get()
	if _, err := tx.Exec(qInsertRoll, string(f.Meeting), f.Day, int64(f.FrozenAt), heads, shares,
		int64(f.Through)); err != nil {
		return err
	}
	codes := newCoder(secret)
	for _, e := range f.Entries {
		if err := insertEntry(tx, f.Meeting, e, codes.code(e.Holder), e.Shares, e.Classes); err != nil {
			return err
		}
	}
	return nil
}

// insertEntry writes a line of the roll; one that a correction adds was never frozen.
func insertEntry(tx *store.Tx, id meeting.ID, e Entry, code string, frozenShares, frozenClasses any) error {
	_, err := tx.Exec(qInsertEntry, string(id), e.Holder, string(e.Person), asNumber(e.Kind == people.Legal), e.Shares,
		e.Classes, frozenShares, frozenClasses, code)
	return err
}

// rollDay is the day of the frozen roll; false while none is frozen.
func rollDay(r store.Reader, id meeting.ID) (civil.Date, bool, error) {
	return store.Find(r, qRollDay, scanDay, string(id))
}

// rollHead is the head of a roll: its day, when it was frozen, what it adds up to.
func rollHead(r store.Reader, q store.Query, id meeting.ID) (f Frozen, found bool, err error) {
	return store.Find(r, q, func(row store.Row) (Frozen, error) {
		f := Frozen{Meeting: id}
		var heads, shares int64
		err := row.Scan(&f.Day, &f.FrozenAt, &heads, &shares, &f.Through)
		f.Issued = vote.Both(heads, shares)
		return f, err
	}, string(id))
}

// RollOf is the frozen roll of a meeting as it stands, with its corrections; false while none is frozen.
func RollOf(r store.Reader, id meeting.ID) (Frozen, bool, error) {
	f, found, err := rollHead(r, qRoll, id)
	if err != nil || !found {
		return f, false, err
	}
	if f.Entries, err = store.List(r, qEntries, scanEntry, string(id)); err != nil {
		return f, false, err
	}
	f.Corrections, err = Corrections(r, id)
	return f, true, err
}

// HeadOf is RollOf without its entries and corrections.
func HeadOf(r store.Reader, id meeting.ID) (Frozen, bool, error) { return rollHead(r, qRoll, id) }

// frozen is the roll as it was frozen, without corrections: what was sealed.
func frozen(r store.Reader, id meeting.ID) (Frozen, bool, error) {
	f, found, err := rollHead(r, qFrozenSums, id)
	if err != nil || !found {
		return f, false, err
	}
	f.Entries, err = store.List(r, qFrozen, scanEntry, string(id))
	return f, true, err
}

// Corrections are the decisions of the bureau about the roll of a meeting, in order.
func Corrections(r store.Reader, id meeting.ID) ([]Correction, error) {
	events, err := store.List(r, qCorrections, scanEvent, string(id), string(Corrected))
	list := make([]Correction, len(events))
	for i, e := range events {
		list[i] = *e.Fix
	}
	return list, err
}

// issuedNow is what the roll adds up to; the zero Sides while none is frozen.
func issuedNow(r store.Reader, id meeting.ID) (vote.Sides, error) {
	f, _, err := rollHead(r, qRoll, id)
	return f.Issued, err
}

// claimsIn reads every claim of a meeting; about says how many there may be.
func claimsIn(r store.Reader, id meeting.ID, about int) ([]claim, error) {
	claims := make([]claim, 0, about+about/2)
	scan := newClaimScan()
	take := func(row store.Row) error {
		c, err := scan.scan(row)
		claims = append(claims, c)
		return err
	}
	if err := store.Each(r, qSeats, take, string(id)); err != nil {
		return nil, err
	}
	return claims, store.Each(r, qCarried, take, string(id))
}

// claimsOf reads the claims of one person who is there.
func claimsOf(r store.Reader, id meeting.ID, person people.PersonID) ([]claim, error) {
	scan := newClaimScan()
	seats, err := store.List(r, qSeatsOfVoter, scan.scan, string(id), string(person))
	if err != nil {
		return nil, err
	}
	proxies, err := store.List(r, qCarriedBy, scan.scan, string(id), string(person))
	return append(seats, proxies...), err
}

// seatOf is who votes for a holder without a proxy, with where and since when that person is there.
func seatOf(r store.Reader, id meeting.ID, holder int64) (here, bool, error) {
	return store.Find(r, qSeatHere, scanHere, string(id), holder)
}

// livingOf is the living proxy of a holder: there is one at most.
func livingOf(r store.Reader, id meeting.ID, holder int64) (Proxy, bool, error) {
	return store.Find(r, qLivingOf, scanProxy, string(id), holder)
}

func insertEvent(tx *store.Tx, e Event) error {
	detail, err := json.Marshal(e.Detail)
	fault.Must(err == nil, "event %d of %s: %v", e.Seq, e.Meeting, err)
	_, err = tx.Exec(qInsertEvent, string(e.Meeting), e.Seq, int64(e.At), string(e.Kind), orNull(string(e.Person)),
		string(detail))
	return err
}

func insertProxy(tx *store.Tx, p Proxy) error {
	_, err := tx.Exec(qInsertProxy, string(p.ID), string(p.Meeting), p.Holder, string(p.By), string(p.To),
		string(p.Channel), p.Door, orNull(p.Document), instructionsText(p.Instructions), int64(p.GivenAt), p.givenSeq,
		int64(p.AcceptedAt))
	return err
}

// keepArrival brings the rows that answer quickly up to an arrival.
func keepArrival(tx *store.Tx, e Event) error {
	if _, err := tx.Exec(qInsertPresence, string(e.Meeting), string(e.Person), string(e.Channel), e.Door, int64(e.At),
		e.Seq); err != nil {
		return err
	}
	for _, seat := range e.Seats {
		if _, err := tx.Exec(qInsertSeat, string(e.Meeting), seat.Holder, string(e.Person),
			string(seat.Title)); err != nil {
			return err
		}
	}
	if err := keepAccepted(tx, e); err != nil {
		return err
	}
	return keepEnded(tx, e)
}

// keepDeparture does the same for a departure.
func keepDeparture(tx *store.Tx, e Event) error {
	if err := freeSeats(tx, e); err != nil {
		return err
	}
	if !e.Stays {
		if _, err := tx.Exec(qDeletePresence, string(e.Meeting), string(e.Person)); err != nil {
			return err
		}
	}
	for _, id := range e.Revived {
		if _, err := tx.Exec(qEndProxy, string(id), int64(0), int64(0), ""); err != nil {
			return err
		}
	}
	return nil
}

func freeSeats(tx *store.Tx, e Event) error {
	for _, seat := range e.Seats {
		if _, err := tx.Exec(qDeleteSeat, string(e.Meeting), seat.Holder); err != nil {
			return err
		}
	}
	return nil
}

func keepAccepted(tx *store.Tx, e Event) error {
	for _, id := range e.Accepted {
		if _, err := tx.Exec(qAcceptProxy, string(id), int64(e.At)); err != nil {
			return err
		}
	}
	return nil
}

func keepEnded(tx *store.Tx, e Event) error {
	for _, id := range e.Ended {
		if _, err := tx.Exec(qEndProxy, string(id), int64(e.At), e.Seq, string(e.Why)); err != nil {
			return err
		}
	}
	return nil
}

// keepCorrection does the same for a correction of a line, or for one that adds it.
func keepCorrection(tx *store.Tx, e Event, old Entry, listed bool) error {
	now, heads := e.Fix.entry(), int64(0)
	if !listed {
		code, err := CodeOf(tx, e.Meeting, now.Holder)
		if err != nil {
			return err
		}
		if err := insertEntry(tx, e.Meeting, now, code, nil, nil); err != nil {
			return err
		}
	} else if _, err := tx.Exec(qAlterEntry, string(e.Meeting), now.Holder, now.Shares, now.Classes,
		asNumber(now.Struck)); err != nil {
		return err
	}
	if e.Fix.Added {
		heads = 1
	}
	if now.Struck {
		heads = -1
	}
	if _, err := tx.Exec(qAlterRoll, string(e.Meeting), heads, now.Shares-old.Shares); err != nil {
		return err
	}
	if err := freeSeats(tx, e); err != nil {
		return err
	}
	return keepEnded(tx, e)
}
