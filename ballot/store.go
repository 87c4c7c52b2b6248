package ballot

import (
	"cmp"
	"embed"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/sortition"
	"lieux/vote"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// The kinds of row that are sealed.
const (
	sealOpening      = "poll"
	sealBallot       = "ballot"
	sealCount        = "poll-count"
	sealClose        = "poll-close"
	sealProclamation = "poll-proclamation"
	sealVoid         = "poll-void"
	sealCandidacy    = "candidacy"
	sealLot          = "poll-lot"
	sealDraw         = "draw"
	sealStep         = "draw-step"
	sealDeparture    = "draw-departure"
	sealDrawEnd      = "draw-end"
	sealWritten      = "written-decision"
	sealAnswer       = "written-answer"
	sealWrittenEnd   = "written-end"
)

// Room is what the store needs to know.
var Room = store.Room{Name: "ballot", Schema: schema, Witnesses: []store.Witness{
	{Kind: sealOpening, Each: eachOpening}, {Kind: sealBallot, Each: eachBallot}, {Kind: sealCount, Each: eachCount},
	{Kind: sealClose, Each: eachIn(func(p Poll) bool { return p.ClosedAt != 0 }, Poll.closed)},
	{Kind: sealProclamation, Each: eachIn(func(p Poll) bool { return p.ProclaimedAt != 0 }, Poll.proclamation)},
	{Kind: sealVoid, Each: eachIn(func(p Poll) bool { return p.VoidAt != 0 }, Poll.voiding)},
	{Kind: sealLot, Each: eachIn(func(p Poll) bool { return p.Lot != nil }, Poll.lot)},
	{Kind: sealCandidacy, Each: eachCandidacy},
	{Kind: sealDraw, Each: eachDraw(Draw.sealsPool)}, {Kind: sealStep, Each: eachDraw(Draw.sealsSteps)},
	{Kind: sealDeparture, Each: eachDraw(Draw.sealsDepartures)}, {Kind: sealDrawEnd, Each: eachDraw(Draw.sealsEnd)},
	{Kind: sealWritten, Each: eachWritten(Written.sealsProposal)},
	{Kind: sealAnswer, Each: eachWritten(Written.sealsAnswers)},
	{Kind: sealWrittenEnd, Each: eachWritten(Written.sealsEnd)},
}, Checks: []func(store.Reader, func(store.Finding)) error{checkLeaves}}

// What is read together, with the tables that it stands in.
const (
	pollColumns = `id, meeting, number, matter, round, method, seq, terms, opened_at, opened_by, version, closed_at,
		closed_by, closed_seq, tally, outcome, election, proclaimed_at, proclaimed_by, chair, proclaimed, void_at, void_by,
		why, throws, drawn, drawn_at, drawn_by FROM ballot_poll LEFT JOIN ballot_lot ON lot_poll = id`
	rightColumns   = `holder, class, voter, person, shares, votes, title, channel, instruction, poll FROM ballot_right`
	depositColumns = `d.voter, d.hand, d.turn, d.channel, d.entered_by, d.at, d.choices, d.code, d.why, d.poll
		FROM ballot_deposit d`
	countColumns = `c.row_key, c.row_name, c.hand, c.turn, c.entered_by, c.at, c.votes_for, c.votes_against,
		c.abstentions, c.struck, c.why, c.poll FROM ballot_count c`
	// of each voter and hand the last deposit
	lastTurn = ` AND d.turn = (SELECT MAX(m.turn) FROM ballot_deposit m WHERE m.poll = d.poll AND m.voter = d.voter
		AND m.hand = d.hand)`
)

var (
	qInsertPoll = store.Q(`INSERT INTO ballot_poll (id, meeting, number, matter, round, method, seq, terms, opened_at,
		opened_by, version, closed_at, closed_by, closed_seq, tally, outcome, election, proclaimed_at, proclaimed_by,
		chair, proclaimed, void_at, void_by, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '', 0, '', '', '', 0, '', '', '', 0, '', '')`)
	qInsertRight = store.Q(`INSERT INTO ballot_right
		(poll, holder, class, voter, person, shares, votes, title, channel, instruction)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qInsertDeposit = store.Q(`INSERT INTO ballot_deposit
		(poll, voter, hand, turn, channel, entered_by, at, choices, code, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qInsertCount = store.Q(`INSERT INTO ballot_count (poll, row_key, row_name, hand, turn, entered_by, at, votes_for,
		votes_against, abstentions, struck, why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qInsertIncident = store.Q(`INSERT INTO ballot_incident (id, poll, person, at, late_at, words)
		VALUES ($1, $2, $3, $4, $5, $6)`)

	qTouch = store.Q(`UPDATE ballot_poll SET version = version + 1 WHERE id = $1`)
	qClose = store.Q(`UPDATE ballot_poll SET closed_at = $2, closed_by = $3, closed_seq = $4, tally = $5, outcome = $6,
		election = $7, version = version + 1 WHERE id = $1 AND closed_at = 0 AND void_at = 0`)
	qProclaim = store.Q(`UPDATE ballot_poll SET proclaimed_at = $2, proclaimed_by = $3, chair = $4, proclaimed = $5,
		version = version + 1 WHERE id = $1 AND closed_at > 0 AND proclaimed_at = 0 AND void_at = 0`)
	qVoid = store.Q(`UPDATE ballot_poll SET void_at = $2, void_by = $3, why = $4, version = version + 1
		WHERE id = $1 AND void_at = 0`)
	qForgetIncidents = store.Q(`UPDATE ballot_incident SET words = '' WHERE person = $1`)

	qPoll   = store.Q(`SELECT ` + pollColumns + ` WHERE id = $1`)
	qPolls  = store.Q(`SELECT ` + pollColumns + ` WHERE meeting = $1 ORDER BY number`)
	qAll    = store.Q(`SELECT ` + pollColumns + ` ORDER BY id`)
	qOpen   = store.Q(`SELECT ` + pollColumns + ` WHERE meeting = $1 AND closed_at = 0 AND void_at = 0`)
	qNumber = store.Q(`SELECT COALESCE(MAX(number), 0) FROM ballot_poll WHERE meeting = $1`)
	qLatest = store.Q(`SELECT ` + pollColumns + ` WHERE meeting = $1 ORDER BY number DESC LIMIT 1`)
	qStands = store.Q(`SELECT ` + pollColumns + ` WHERE meeting = $1 AND closed_at > 0 AND void_at = 0
		ORDER BY number DESC LIMIT 1`)
	qHas = store.Q(`SELECT COUNT(*) FROM ballot_poll WHERE meeting = $1 AND closed_at = 0 AND void_at = 0`)

	qRights        = store.Q(`SELECT ` + rightColumns + ` WHERE poll = $1 ORDER BY holder, class`)
	qRightsOfVoter = store.Q(`SELECT ` + rightColumns + ` WHERE poll = $1 AND voter = $2 ORDER BY holder, class`)

	// everything that a deposit needs to know, in one answer: a row for each right of the voter
	qStall = store.Q(`SELECT p.meeting, p.method, p.round, p.closed_at, p.void_at, r.holder, r.class, r.instruction,
		r.channel, d.turn, d.channel, d.at, d.choices, d.code
		FROM ballot_right r JOIN ballot_poll p ON p.id = r.poll
		LEFT JOIN ballot_deposit d ON d.poll = $1 AND d.voter = $2 AND d.hand = $3 AND d.turn =
			(SELECT MAX(m.turn) FROM ballot_deposit m WHERE m.poll = $1 AND m.voter = $2 AND m.hand = $3)
		WHERE r.poll = $1 AND r.voter = $2 ORDER BY r.holder, r.class`)

	qLastDeposit = store.Q(`SELECT ` + depositColumns + ` WHERE d.poll = $1 AND d.voter = $2 AND d.hand = $3
		ORDER BY d.turn DESC LIMIT 1`)
	qLastDeposits = store.Q(`SELECT ` + depositColumns + ` WHERE d.poll = $1` + lastTurn + ` ORDER BY d.voter, d.hand`)
	qDeposits     = store.Q(`SELECT ` + depositColumns + ` WHERE d.poll = $1 ORDER BY d.at, d.voter, d.hand, d.turn`)
	qAllDeposits  = store.Q(`SELECT ` + depositColumns + ` ORDER BY d.poll, d.voter, d.hand, d.turn`)
	qSheetHands   = store.Q(`SELECT hand FROM ballot_deposit WHERE poll = $1 AND hand <> 'box' AND hand <> 'bureau'
		GROUP BY hand ORDER BY MIN(at), hand`)

	qLastCounts = store.Q(`SELECT ` + countColumns + ` WHERE c.poll = $1 AND c.turn = (SELECT MAX(m.turn)
		FROM ballot_count m WHERE m.poll = c.poll AND m.row_key = c.row_key AND m.hand = c.hand)
		ORDER BY c.at, c.row_key, c.hand`)
	qLastTurnOfRow = store.Q(`SELECT COALESCE(MAX(turn), 0) FROM ballot_count
		WHERE poll = $1 AND row_key = $2 AND hand = $3`)
	qAllCounts = store.Q(`SELECT ` + countColumns + ` ORDER BY c.poll, c.row_key, c.hand, c.turn`)

	qProgress = store.Q(`SELECT COALESCE(d.channel, ''), COUNT(DISTINCT r.voter), CAST(SUM(r.votes) AS BIGINT)
		FROM ballot_right r LEFT JOIN ballot_deposit d ON d.poll = r.poll AND d.voter = r.voter AND d.hand = 'box'
			AND d.turn = (SELECT MAX(m.turn) FROM ballot_deposit m
				WHERE m.poll = r.poll AND m.voter = r.voter AND m.hand = 'box')
		WHERE r.poll = $1 GROUP BY COALESCE(d.channel, '')`)
	qIncidents = store.Q(`SELECT i.id, i.poll, i.person, i.at, i.late_at, i.words FROM ballot_incident i
		JOIN ballot_poll p ON p.id = i.poll WHERE p.meeting = $1 ORDER BY i.at, i.id`)
	qIncidentsBy = store.Q(`SELECT id, poll, person, at, late_at, words FROM ballot_incident WHERE person = $1
		ORDER BY at, id`)
	qRightsAbout = store.Q(`SELECT ` + rightColumns + ` WHERE voter = $1 OR person = $1 ORDER BY poll, holder, class`)
	qIncidentsOf = store.Q(`SELECT COUNT(*) FROM ballot_incident WHERE poll = $1 AND person = $2`)
)

func insertPoll(tx *store.Tx, p Poll) error {
	_, err := tx.Exec(qInsertPoll, string(p.ID), string(p.Meeting), p.Number, string(p.Matter), int64(p.Round),
		string(p.Method), p.Seq, string(canonical(p.Terms)), int64(p.OpenedAt), string(p.OpenedBy), p.Version)
	return err
}

func insertRight(tx *store.Tx, poll PollID, r Right) error {
	_, err := tx.Exec(qInsertRight, string(poll), r.Holder, r.Class, string(r.Voter), string(r.Person), r.Shares,
		r.Votes, string(r.Title), string(r.Channel), string(r.Instruction))
	return err
}

func insertDeposit(tx *store.Tx, poll PollID, d Deposited) error {
	_, err := tx.Exec(qInsertDeposit, string(poll), string(d.Voter), d.Hand, d.Turn, string(d.Channel), string(d.By),
		int64(d.At), d.written(), d.Code, d.Why)
	return err
}

func insertCount(tx *store.Tx, poll PollID, c Counted) error {
	struck := int64(0)
	if c.Struck {
		struck = 1
	}
	_, err := tx.Exec(qInsertCount, string(poll), c.key, c.Row, c.Hand, c.Turn, string(c.By), int64(c.At),
		c.Votes.For, c.Votes.Against, c.Votes.Abstain, struck, c.Why)
	return err
}

// touch makes the pages that show a poll stale.
func touch(tx *store.Tx, id PollID) error {
	_, err := tx.Exec(qTouch, string(id))
	return err
}

func writeClose(tx *store.Tx, p Poll) error {
	election := ""
	if p.elected != nil {
		election = string(canonical(p.elected))
	}
	return once(tx.Exec(qClose, string(p.ID), int64(p.ClosedAt), string(p.ClosedBy), p.SeqClosed,
		string(canonical(p.Tally)), string(canonical(p.closing)), election))
}

func writeProclamation(tx *store.Tx, p Poll) error {
	return once(tx.Exec(qProclaim, string(p.ID), int64(p.ProclaimedAt), string(p.ProclaimedBy), string(p.Chair),
		string(canonical(p.Outcome))))
}

func writeVoid(tx *store.Tx, p Poll) error {
	return once(tx.Exec(qVoid, string(p.ID), int64(p.VoidAt), string(p.VoidBy), p.Why))
}

// once asserts that a state was written: the verb has looked at the poll in the same act.
func once(n int64, err error) error {
	fault.Must(err != nil || n == 1, "a state of a poll was written %d times", n)
	return err
}

// Forget clears what a person wrote about incidents, when the person is erased.
func Forget(tx *store.Tx, person people.PersonID) error {
	if _, err := tx.Exec(qForgetIncidents, string(person)); err != nil {
		return err
	}
	if _, err := tx.Exec(qForgetLeaves, string(person), tx.Today()); err != nil {
		return err
	}
	_, err := tx.Exec(qForgetAnswers, string(person))
	return err
}

func scanPoll(r store.Row) (p Poll, err error) {
	var terms, tally, outcome, election, proclaimed string
	var round int64
	var lot lotRow
	if err := r.Scan(&p.ID, &p.Meeting, &p.Number, &p.Matter, &round, &p.Method, &p.Seq, &terms, &p.OpenedAt,
		&p.OpenedBy, &p.Version, &p.ClosedAt, &p.ClosedBy, &p.SeqClosed, &tally, &outcome, &election, &p.ProclaimedAt,
		&p.ProclaimedBy, &p.Chair, &proclaimed, &p.VoidAt, &p.VoidBy, &p.Why, &lot.throws, &lot.drawn, &lot.at,
		&lot.by); err != nil {
		return p, err
	}
	p.Round = int(round)
	for _, part := range []struct {
		text string
		into any
	}{{terms, &p.Terms}, {tally, &p.Tally}, {outcome, &p.closing}, {election, &p.elected}} {
		if part.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return p, fmt.Errorf("ballot: poll %s: %w", p.ID, err)
		}
	}
	p.Outcome, p.Election = p.closing, p.elected
	if err := lot.into(&p); err != nil {
		return p, err
	}
	if proclaimed != "" {
		p.Outcome = vote.Outcome{}
		err = json.Unmarshal([]byte(proclaimed), &p.Outcome)
	}
	return p, err
}

// ByID reads a poll.
func ByID(r store.Reader, id PollID) (Poll, bool, error) {
	return store.Find(r, qPoll, scanPoll, string(id))
}

// Polls are those of a meeting, in the order in which they were opened, void ones too.
func Polls(r store.Reader, m meeting.ID) ([]Poll, error) {
	return store.List(r, qPolls, scanPoll, string(m))
}

// OpenNow is the poll that is open at a meeting.
func OpenNow(r store.Reader, m meeting.ID) (Poll, bool, error) {
	return store.Find(r, qOpen, scanPoll, string(m))
}

// Latest is the poll that was opened last at a meeting: no other one can be open.
func Latest(r store.Reader, m meeting.ID) (Poll, bool, error) {
	return store.Find(r, qLatest, scanPoll, string(m))
}

// LastStanding is the poll of a meeting that was closed last and is not void.
func LastStanding(r store.Reader, m meeting.ID) (Poll, bool, error) {
	return store.Find(r, qStands, scanPoll, string(m))
}

// AnyOpen says whether a poll is open at a meeting, as the door asks before a correction.
func AnyOpen(r store.Reader, m meeting.ID) (bool, error) {
	n, err := store.One(r, qHas, store.Number, string(m))
	return n > 0, err
}

// Standing is the poll that counts for a matter: the last one that is not void.
func Standing(r store.Reader, m meeting.ID, x meeting.MatterID) (p Poll, found bool, err error) {
	all, err := Polls(r, m)
	for _, other := range all {
		if other.Matter == x && other.Stands() {
			p, found = other, true
		}
	}
	return p, found, err
}

func nextNumber(r store.Reader, m meeting.ID) (int64, error) {
	n, err := store.One(r, qNumber, store.Number, string(m))
	return n + 1, err
}

func scanAbout(r store.Row) (v aboutRight, err error) {
	return v, r.Scan(&v.Holder, &v.Class, &v.Voter, &v.Person, &v.Shares, &v.Votes, &v.Title, &v.Channel,
		&v.Instruction, &v.poll)
}

func scanRight(r store.Row) (Right, error) {
	v, err := scanAbout(r)
	return v.Right, err
}

// Rights are those of a poll, by holder and class.
func Rights(r store.Reader, poll PollID) ([]Right, error) {
	return store.List(r, qRights, scanRight, string(poll))
}

// rightsAbout are the rights that a person votes, or that are of their shares.
func rightsAbout(r store.Reader, person people.PersonID) ([]aboutRight, error) {
	return store.List(r, qRightsAbout, scanAbout, string(person))
}

func rightsOfVoter(r store.Reader, poll PollID, voter people.PersonID) ([]Right, error) {
	return store.List(r, qRightsOfVoter, scanRight, string(poll), string(voter))
}

// stallOf reads what a voter has in a poll; who has no right in it is refused.
func stallOf(r store.Reader, poll PollID, voter people.PersonID, hand string) (s stall, err error) {
	err = store.Each(r, qStall, func(row store.Row) error {
		var right Right
		var turn, at *int64
		var channel, choices, code *string
		if err := row.Scan(&s.meeting, &s.method, &s.round, &s.closedAt, &s.voidAt, &right.Holder, &right.Class,
			&right.Instruction, &right.Channel, &turn, &channel, &at, &choices, &code); err != nil {
			return err
		}
		if s.rights = append(s.rights, right); len(s.rights) > 1 || turn == nil {
			return nil // the last deposit is the same in every row
		}
		s.last = Deposited{Voter: voter, Hand: hand, Turn: *turn, Channel: Channel(*channel), Code: *code}
		s.last.At = instant(*at)
		return s.last.read(*choices)
	}, string(poll), string(voter), hand)
	if err != nil || len(s.rights) > 0 {
		return s, err
	}
	p, err := live(r, poll)
	if err != nil {
		return s, err
	}
	if err := p.refuseUnlessOpen(r.Zone()); err != nil {
		return s, err
	}
	return s, fault.Refuse("ballot.refusal.no-right", "at", Hour(p.OpenedAt, r.Zone()))
}

func scanDeposit(r store.Row) (d Deposited, poll PollID, err error) {
	var choices string
	if err := r.Scan(&d.Voter, &d.Hand, &d.Turn, &d.Channel, &d.By, &d.At, &choices, &d.Code, &d.Why, &poll); err != nil {
		return d, poll, err
	}
	return d, poll, d.read(choices)
}

// written is what a deposit says as its row holds it: the choices, or the marks of a round of an election.
func (d Deposited) written() string {
	if d.Marks != nil {
		return string(canonical(struct {
			Marks []Marks `json:"marks"`
		}{d.Marks}))
	}
	return string(canonical(d.Choices))
}

// read takes what written wrote: a list is of choices.
func (d *Deposited) read(text string) error {
	if strings.HasPrefix(text, "{") {
		return json.Unmarshal([]byte(text), &struct {
			Marks *[]Marks `json:"marks"`
		}{&d.Marks})
	}
	return json.Unmarshal([]byte(text), &d.Choices)
}

func scanOneDeposit(r store.Row) (Deposited, error) {
	d, _, err := scanDeposit(r)
	return d, err
}

func lastDeposit(r store.Reader, poll PollID, voter people.PersonID, hand string) (Deposited, bool, error) {
	return store.Find(r, qLastDeposit, scanOneDeposit, string(poll), string(voter), hand)
}

func lastDeposits(r store.Reader, poll PollID) ([]Deposited, error) {
	return store.List(r, qLastDeposits, scanOneDeposit, string(poll))
}

// depositsIn are the last deposits in one hand, by voter.
func depositsIn(r store.Reader, poll PollID, hand string) (map[people.PersonID]Deposited, error) {
	all, err := lastDeposits(r, poll)
	in := map[people.PersonID]Deposited{}
	for _, d := range all {
		if d.Hand == hand {
			in[d.Voter] = d
		}
	}
	return in, err
}

// Entered is what a teller's page shows of each voter: what is in the box of a vote by phone, what stands on the
// teller's own sheet of a named vote.
func Entered(r store.Reader, p Poll, teller people.PersonID) (map[people.PersonID]Deposited, error) {
	if p.Method == Named {
		return depositsIn(r, p.ID, string(teller))
	}
	return depositsIn(r, p.ID, box)
}

// Log is everything that was deposited in a poll, in the order of time, with what was changed later.
func Log(r store.Reader, poll PollID) ([]Deposited, error) {
	return store.List(r, qDeposits, scanOneDeposit, string(poll))
}

// sheetHands are the tellers who keep a sheet of a named vote, in the order in which they began.
func sheetHands(r store.Reader, poll PollID) ([]string, error) {
	return store.List(r, qSheetHands, store.Text, string(poll))
}

func scanCount(r store.Row) (c Counted, poll PollID, err error) {
	var struck int64
	err = r.Scan(&c.key, &c.Row, &c.Hand, &c.Turn, &c.By, &c.At, &c.Votes.For, &c.Votes.Against, &c.Votes.Abstain,
		&struck, &c.Why, &poll)
	c.Struck = struck != 0
	return c, poll, err
}

// Rows are the rows of the room with what was counted in each.
func Rows(r store.Reader, poll PollID) ([]Row, error) {
	last, err := store.List(r, qLastCounts, func(row store.Row) (Counted, error) {
		c, _, err := scanCount(row)
		return c, err
	}, string(poll))
	return rowsOf(last), err
}

func lastTurnOfRow(r store.Reader, poll PollID, key, hand string) (int64, error) {
	return store.One(r, qLastTurnOfRow, store.Number, string(poll), key, hand)
}

// sealed is a row as a witness gives it.
type sealed struct {
	id      string
	content []byte
}

// inOrder yields rows in the order of their ids.
func inOrder(list []sealed, yield func(id string, content []byte) error) error {
	slices.SortFunc(list, func(a, b sealed) int { return cmp.Compare(a.id, b.id) })
	for _, s := range list {
		if err := yield(s.id, s.content); err != nil {
			return err
		}
	}
	return nil
}

func eachOpening(r store.Reader, yield func(id string, content []byte) error) error {
	polls, err := store.List(r, qAll, scanPoll)
	if err != nil {
		return err
	}
	for _, p := range polls {
		rights, err := Rights(r, p.ID)
		if err != nil {
			return err
		}
		if err := yield(string(p.ID), p.opening(rights)); err != nil {
			return err
		}
	}
	return nil
}

func eachIn(has func(Poll) bool, content func(Poll) []byte) func(store.Reader, func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		polls, err := store.List(r, qAll, scanPoll)
		if err != nil {
			return err
		}
		for _, p := range polls {
			if has(p) {
				if err := yield(string(p.ID), content(p)); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func eachBallot(r store.Reader, yield func(id string, content []byte) error) error {
	list, err := store.List(r, qAllDeposits, func(row store.Row) (sealed, error) {
		d, poll, err := scanDeposit(row)
		return sealed{d.sealID(poll), d.canonical(poll)}, err
	})
	if err != nil {
		return err
	}
	return inOrder(list, yield)
}

func eachCount(r store.Reader, yield func(id string, content []byte) error) error {
	list, err := store.List(r, qAllCounts, func(row store.Row) (sealed, error) {
		c, poll, err := scanCount(row)
		return sealed{c.sealID(poll), c.canonical(poll)}, err
	})
	if err != nil {
		return err
	}
	return inOrder(list, yield)
}

// channelCount is how many voters deposited through a channel, with their votes; no channel: not yet.
type channelCount struct {
	channel       Channel
	voters, votes int64
}

func progressOf(r store.Reader, poll PollID) ([]channelCount, error) {
	return store.List(r, qProgress, func(row store.Row) (c channelCount, err error) {
		return c, row.Scan(&c.channel, &c.voters, &c.votes)
	}, string(poll))
}

func insertIncident(tx *store.Tx, i Incident) error {
	_, err := tx.Exec(qInsertIncident, i.ID, string(i.Poll), string(i.Person), int64(i.At), int64(i.LateAt), i.Words)
	return err
}

// Incidents are what voters reported during the polls of a meeting, in the order of time.
func Incidents(r store.Reader, m meeting.ID) ([]Incident, error) {
	return store.List(r, qIncidents, scanIncident, string(m))
}

func incidentsBy(r store.Reader, person people.PersonID) ([]Incident, error) {
	return store.List(r, qIncidentsBy, scanIncident, string(person))
}

func scanIncident(row store.Row) (i Incident, err error) {
	return i, row.Scan(&i.ID, &i.Poll, &i.Person, &i.At, &i.LateAt, &i.Words)
}

func incidentsOf(r store.Reader, poll PollID, person people.PersonID) (int64, error) {
	return store.One(r, qIncidentsOf, store.Number, string(poll), string(person))
}

// Elections: who stands, and the lot between candidates with equal votes.

var (
	qInsertCandidacy = store.Q(`INSERT INTO ballot_candidacy (id, meeting, matter, person, party, stands, at, entered_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qCandidacies = store.Q(`SELECT id, meeting, matter, person, party, stands, at, entered_by FROM ballot_candidacy
		WHERE matter = $1 ORDER BY id`)
	qAllCandidacies = store.Q(`SELECT id, meeting, matter, person, party, stands, at, entered_by FROM ballot_candidacy
		ORDER BY id`)
	qInsertLot = store.Q(`INSERT INTO ballot_lot (lot_poll, throws, drawn, drawn_at, drawn_by)
		VALUES ($1, $2, $3, $4, $5)`)
)

func insertCandidacy(tx *store.Tx, e entry) error {
	_, err := tx.Exec(qInsertCandidacy, e.ID, string(e.Meeting), string(e.Matter), string(e.Person), string(e.Party),
		flag(e.Stands), int64(e.At), string(e.By))
	return err
}

func flag(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

func scanCandidacy(r store.Row) (e entry, err error) {
	var stands int64
	err = r.Scan(&e.ID, &e.Meeting, &e.Matter, &e.Person, &e.Party, &stands, &e.At, &e.By)
	e.Stands = stands != 0
	return e, err
}

// candidacies are the entries and withdrawals of a matter, in the order in which they were made.
func candidacies(r store.Reader, matter meeting.MatterID) ([]entry, error) {
	return store.List(r, qCandidacies, scanCandidacy, string(matter))
}

func eachCandidacy(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qAllCandidacies, func(row store.Row) error {
		e, err := scanCandidacy(row)
		if err != nil {
			return err
		}
		return yield(e.ID, canonical(e))
	})
}

func insertLot(tx *store.Tx, p Poll) error {
	_, err := tx.Exec(qInsertLot, string(p.ID), string(canonical(p.Lot.Throws)), string(canonical(p.Election)),
		int64(p.Lot.At), string(p.Lot.By))
	return err
}

// lotRow is the lot of a poll as the join gives it: nil where none was drawn.
type lotRow struct {
	throws, drawn, by *string
	at                *int64
}

func (l lotRow) into(p *Poll) error {
	if l.throws == nil {
		return nil
	}
	p.Lot, p.Election = &Lot{At: instant(*l.at), By: people.PersonID(*l.by)}, nil
	if err := json.Unmarshal([]byte(*l.throws), &p.Lot.Throws); err != nil {
		return fmt.Errorf("ballot: the lot of poll %s: %w", p.ID, err)
	}
	return json.Unmarshal([]byte(*l.drawn), &p.Election)
}

// Draws: the pool with its leaves, the steps of the ceremony, who left the list.

const drawColumns = `id, meeting, matter, title, source, effective, substitutes, frozen_at, frozen_by, version,
	proclaimed_at, proclaimed_by, void_at, void_by, why FROM ballot_draw`

var (
	qInsertDraw = store.Q(`INSERT INTO ballot_draw (id, meeting, matter, title, source, effective, substitutes, frozen_at,
		frozen_by, version, proclaimed_at, proclaimed_by, void_at, void_by, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 0, '', 0, '', '')`)
	qInsertLeaf = store.Q(`INSERT INTO ballot_draw_leaf
		(draw, leaf, person, name, own, bodies, salt, excluded, reasons, erased_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')`)
	qInsertDrawStep = store.Q(`INSERT INTO ballot_draw_step (draw, number, step, person, entered_by)
		VALUES ($1, $2, $3, $4, $5)`)
	qInsertDrawWord = store.Q(`INSERT INTO ballot_draw_word (draw, number, person, word, salt)
		VALUES ($1, $2, $3, $4, $5)`)
	qInsertDeparture = store.Q(`INSERT INTO ballot_draw_departure (draw, number, departure, at, entered_by)
		VALUES ($1, $2, $3, $4, $5)`)
	qTouchDraw = store.Q(`UPDATE ballot_draw SET version = version + 1 WHERE id = $1`)
	qEndDraw   = store.Q(`UPDATE ballot_draw SET proclaimed_at = $2, proclaimed_by = $3, void_at = $4, void_by = $5,
		why = $6, version = version + 1 WHERE id = $1`)
	qForgetLeaves = store.Q(`UPDATE ballot_draw_leaf SET person = '', name = '', own = 0, bodies = '', salt = '',
		erased_on = $2 WHERE person = $1`)

	qDraw      = store.Q(`SELECT ` + drawColumns + ` WHERE id = $1`)
	qDrawOf    = store.Q(`SELECT ` + drawColumns + ` WHERE matter = $1 AND void_at = 0`)
	qAllDraws  = store.Q(`SELECT ` + drawColumns + ` ORDER BY id`)
	qVoidDraws = store.Q(`SELECT ` + drawColumns + ` WHERE meeting = $1 AND void_at > 0 ORDER BY void_at, id`)
	qLeaves    = store.Q(`SELECT leaf, person, name, own, bodies, salt, excluded, reasons, erased_on
		FROM ballot_draw_leaf WHERE draw = $1 ORDER BY leaf`)
	qDrawSteps  = store.Q(`SELECT step, person, entered_by FROM ballot_draw_step WHERE draw = $1 ORDER BY number`)
	qDrawWords  = store.Q(`SELECT number, person, word, salt FROM ballot_draw_word WHERE draw = $1 ORDER BY number`)
	qDepartures = store.Q(`SELECT departure, at, entered_by FROM ballot_draw_departure WHERE draw = $1 ORDER BY number`)
)

func insertDraw(tx *store.Tx, d Draw) error {
	if _, err := tx.Exec(qInsertDraw, string(d.ID), string(d.Meeting), string(d.Matter), d.Title, d.Source,
		int64(d.Effective), int64(d.Substitutes), int64(d.FrozenAt), string(d.FrozenBy)); err != nil {
		return err
	}
	put := func(leaf sortition.Hash, o sortition.Opening, excluded bool, reasons []string) error {
		_, err := tx.Exec(qInsertLeaf, string(d.ID), leaf.String(), o.Person, o.Name, flag(o.Own),
			string(canonical(o.Bodies)), text(o.Salt), flag(excluded), string(canonical(reasons)))
		return err
	}
	for _, m := range d.Pool.Members() {
		if err := put(m.Leaf, m.Opening, false, nil); err != nil {
			return err
		}
	}
	for _, e := range d.Pool.Excluded() {
		if err := put(e.Leaf, e.Opening, true, e.Reasons); err != nil {
			return err
		}
	}
	return nil
}

// text writes a value that knows its own form.
func text(v encoding.TextMarshaler) string {
	b, err := v.MarshalText()
	fault.Must(err == nil, "%T: %v", v, err)
	return string(b)
}

func insertDrawStep(tx *store.Tx, draw DrawID, number int, s DrawStep) error {
	_, err := tx.Exec(qInsertDrawStep, string(draw), int64(number), string(canonical(s.Step)), string(s.Person),
		string(s.By))
	return err
}

func insertDrawWord(tx *store.Tx, draw DrawID, w DrawWord) error {
	_, err := tx.Exec(qInsertDrawWord, string(draw), int64(w.Number), string(w.Person), w.word, text(w.salt))
	return err
}

func insertDeparture(tx *store.Tx, draw DrawID, number int, g DrawDeparture) error {
	_, err := tx.Exec(qInsertDeparture, string(draw), int64(number), string(canonical(g.Departure)), int64(g.At),
		string(g.By))
	return err
}

func touchDraw(tx *store.Tx, id DrawID) error {
	_, err := tx.Exec(qTouchDraw, string(id))
	return err
}

func writeDrawEnd(tx *store.Tx, d Draw) error {
	return once(tx.Exec(qEndDraw, string(d.ID), int64(d.ProclaimedAt), string(d.ProclaimedBy), int64(d.VoidAt),
		string(d.VoidBy), d.Why))
}

func scanDraw(r store.Row) (d Draw, err error) {
	var effective, substitutes int64
	err = r.Scan(&d.ID, &d.Meeting, &d.Matter, &d.Title, &d.Source, &effective, &substitutes, &d.FrozenAt, &d.FrozenBy,
		&d.Version, &d.ProclaimedAt, &d.ProclaimedBy, &d.VoidAt, &d.VoidBy, &d.Why)
	d.Effective, d.Substitutes = int(effective), int(substitutes)
	return d, err
}

// voidDraws are the draws of a meeting that were taken back, without their pools.
func voidDraws(r store.Reader, m meeting.ID) ([]Draw, error) {
	return store.List(r, qVoidDraws, scanDraw, string(m))
}

// DrawByID reads a draw with its pool and its steps.
func DrawByID(r store.Reader, id DrawID) (Draw, bool, error) { return readDraw(r, qDraw, string(id)) }

// DrawOf reads the draw of a matter: the one that was not taken back.
func DrawOf(r store.Reader, x meeting.MatterID) (Draw, bool, error) {
	return readDraw(r, qDrawOf, string(x))
}

func readDraw(r store.Reader, q store.Query, key string) (Draw, bool, error) {
	d, found, err := store.Find(r, q, scanDraw, key)
	if err != nil || !found {
		return d, found, err
	}
	return d, true, d.fill(r)
}

// leafRow is one leaf of a pool with what opens it.
type leafRow struct {
	leaf     sortition.Hash
	opening  sortition.Opening
	excluded bool
	reasons  []string
	erased   civil.Date
}

func scanLeaf(r store.Row) (l leafRow, err error) {
	var leaf, bodies, salt, reasons string
	var own, excluded int64
	if err := r.Scan(&leaf, &l.opening.Person, &l.opening.Name, &own, &bodies, &salt, &excluded, &reasons,
		&l.erased); err != nil {
		return l, err
	}
	l.opening.Own, l.excluded = own != 0, excluded != 0
	if err = errors.Join(l.leaf.UnmarshalText([]byte(leaf)), json.Unmarshal([]byte(reasons), &l.reasons)); err != nil {
		return l, err
	}
	if !l.erased.IsZero() {
		return l, nil
	}
	return l, errors.Join(l.opening.Salt.UnmarshalText([]byte(salt)), json.Unmarshal([]byte(bodies), &l.opening.Bodies))
}

// fill makes the pool and the ceremony of a draw again from what was kept of them.
func (d *Draw) fill(r store.Reader) error {
	leaves, err := d.load(r)
	if err != nil {
		return err
	}
	if err := d.rebuild(leaves); err != nil {
		return err
	}
	return d.follow()
}

// load reads the rows of a draw, and gives those of its pool.
func (d *Draw) load(r store.Reader) (leaves []leafRow, err error) {
	if d.Steps, err = store.List(r, qDrawSteps, scanDrawStep, string(d.ID)); err != nil {
		return nil, err
	}
	if d.Words, err = store.List(r, qDrawWords, scanDrawWord, string(d.ID)); err != nil {
		return nil, err
	}
	if d.Departures, err = store.List(r, qDepartures, scanDeparture, string(d.ID)); err != nil {
		return nil, err
	}
	return store.List(r, qLeaves, scanLeaf, string(d.ID))
}

func (d *Draw) rebuild(leaves []leafRow) (err error) {
	var members []sortition.Member
	var excluded []sortition.Excluded
	for _, l := range leaves {
		if l.excluded {
			excluded = append(excluded, sortition.Excluded{Opening: l.opening, Reasons: l.reasons, Leaf: l.leaf,
				Erased: l.erased})
		} else {
			members = append(members, sortition.Member{Opening: l.opening, Leaf: l.leaf, Erased: l.erased})
		}
	}
	if d.Pool, err = sortition.Rebuild(d.Title, d.Source, d.Effective, d.Substitutes, members, excluded); err != nil {
		return fmt.Errorf("ballot: the pool of draw %s: %w", d.ID, err)
	}
	return nil
}

// follow takes the steps again, and notes what has become of each word.
func (d *Draw) follow() error {
	d.ceremony = sortition.Begin(d.Pool.Hash())
	laid := 0
	for _, s := range d.Steps {
		if err := d.ceremony.Take(s.Step); err != nil {
			return fmt.Errorf("ballot: a step of draw %s: %w", d.ID, err)
		}
		switch n := s.Step.Number - 1; s.Step.Kind {
		case sortition.WordCommitted:
			if laid < len(d.Words) {
				d.Words[laid].Hash = s.Step.Commitment
			}
			laid++
		case sortition.WordRevealed:
			d.Words[n].Revealed = s.Step.Word
		case sortition.WordDropped:
			d.Words[n].Dropped = true
		}
	}
	return nil
}

func scanDrawStep(r store.Row) (s DrawStep, err error) {
	var step string
	if err := r.Scan(&step, &s.Person, &s.By); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(step), &s.Step)
}

func scanDrawWord(r store.Row) (w DrawWord, err error) {
	var salt string
	var number int64
	if err := r.Scan(&number, &w.Person, &w.word, &salt); err != nil {
		return w, err
	}
	w.Number = int(number)
	return w, w.salt.UnmarshalText([]byte(salt))
}

func scanDeparture(r store.Row) (g DrawDeparture, err error) {
	var departure string
	if err := r.Scan(&departure, &g.At, &g.By); err != nil {
		return g, err
	}
	return g, json.Unmarshal([]byte(departure), &g.Departure)
}

// eachDraw makes the sealed contents of one sort again, draw by draw. A pool that is none any more has no hash, so that
// its seal differs; [checkLeaves] says why.
func eachDraw(contents func(Draw) []sealed) func(store.Reader, func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		draws, err := store.List(r, qAllDraws, scanDraw)
		if err != nil {
			return err
		}
		var list []sealed
		for _, d := range draws {
			leaves, err := d.load(r)
			if err != nil {
				return err
			}
			if d.rebuild(leaves) != nil {
				d.Pool = sortition.Pool{}
			}
			list = append(list, contents(d)...)
		}
		return inOrder(list, yield)
	}
}

func (d Draw) sealsPool() []sealed { return []sealed{{string(d.ID), d.frozen()}} }

func (d Draw) sealsSteps() (list []sealed) {
	for i, s := range d.Steps {
		list = append(list, sealed{d.place(i + 1), s.canonical(d.ID)})
	}
	return list
}

func (d Draw) sealsDepartures() (list []sealed) {
	for i, g := range d.Departures {
		list = append(list, sealed{d.place(i + 1), g.canonical(d.ID)})
	}
	return list
}

func (d Draw) sealsEnd() []sealed {
	if d.ProclaimedAt == 0 && d.VoidAt == 0 {
		return nil
	}
	return []sealed{{string(d.ID), d.end()}}
}

// checkLeaves finds the draws whose pool, words or steps are not those that were frozen.
func checkLeaves(r store.Reader, found func(store.Finding)) error {
	draws, err := store.List(r, qAllDraws, scanDraw)
	if err != nil {
		return err
	}
	for _, d := range draws {
		if err := d.fill(r); err != nil {
			if r.Context().Err() != nil {
				return err
			}
			found(store.Finding{Code: "draw-altered", Kind: sealDraw, ID: string(d.ID), Detail: err.Error()})
		}
	}
	return nil
}

// Decisions in writing.

const writtenColumns = `id, body, number, title, words, lapse_on, proposed_at, proposed_by, ended_at, ended,
	ended_by, why, decision, item, meeting FROM ballot_written`

var (
	qInsertWritten = store.Q(`INSERT INTO ballot_written (id, body, number, title, words, lapse_on, proposed_at,
		proposed_by, ended_at, ended, ended_by, why, decision, item, meeting)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', '', '', '', '', '')`)
	qInsertWrittenPaper = store.Q(`INSERT INTO ballot_written_paper (written, place, title, document)
		VALUES ($1, $2, $3, $4)`)
	qInsertAnswer = store.Q(`INSERT INTO ballot_written_answer (written, person, turn, answer, channel, document, words,
		at, entered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	qEndWritten = store.Q(`UPDATE ballot_written SET ended_at = $2, ended = $3, ended_by = $4, why = $5, decision = $6,
		item = $7, meeting = $8 WHERE id = $1 AND ended = ''`)
	qBrought       = store.Q(`UPDATE ballot_written SET item = $2, meeting = $3 WHERE id = $1`)
	qForgetAnswers = store.Q(`UPDATE ballot_written_answer SET words = '' WHERE person = $1`)

	qWritten       = store.Q(`SELECT ` + writtenColumns + ` WHERE id = $1`)
	qWrittenFor    = store.Q(`SELECT ` + writtenColumns + ` WHERE decision = $1`)
	qAllWritten    = store.Q(`SELECT ` + writtenColumns + ` ORDER BY id`)
	qOpenWritten   = store.Q(`SELECT ` + writtenColumns + ` WHERE ended = '' ORDER BY id`)
	qWrittenPapers = store.Q(`SELECT title, document FROM ballot_written_paper WHERE written = $1 ORDER BY place`)
	qAnswers       = store.Q(`SELECT person, turn, answer, channel, document, words, at, entered_by
		FROM ballot_written_answer WHERE written = $1 ORDER BY at, person, turn`)
)

func insertWritten(tx *store.Tx, w Written) error {
	if _, err := tx.Exec(qInsertWritten, string(w.ID), string(w.Body), w.Number, w.Title, w.Words, w.LapseOn,
		int64(w.ProposedAt), string(w.ProposedBy)); err != nil {
		return err
	}
	for i, p := range w.Papers {
		if _, err := tx.Exec(qInsertWrittenPaper, string(w.ID), int64(i+1), p.Title, p.Document); err != nil {
			return err
		}
	}
	return nil
}

// How an answer in writing came in.
const (
	bySelf  = "self"
	byPaper = "paper"
)

func insertAnswer(tx *store.Tx, id WrittenID, a WrittenAnswer) error {
	channel := bySelf
	if a.Paper {
		channel = byPaper
	}
	_, err := tx.Exec(qInsertAnswer, string(id), string(a.Person), a.Turn, string(a.Answer), channel, a.Document, a.Words,
		int64(a.At), string(a.By))
	return err
}

func writeWrittenEnd(tx *store.Tx, w Written) error {
	return once(tx.Exec(qEndWritten, string(w.ID), int64(w.EndedAt), string(w.Ended), string(w.EndedBy), w.Why,
		string(w.Decision), string(w.Item), string(w.Meeting)))
}

func writeBrought(tx *store.Tx, w Written) error {
	return once(tx.Exec(qBrought, string(w.ID), string(w.Item), string(w.Meeting)))
}

func scanWritten(r store.Row) (w Written, err error) {
	return w, r.Scan(&w.ID, &w.Body, &w.Number, &w.Title, &w.Words, &w.LapseOn, &w.ProposedAt, &w.ProposedBy, &w.EndedAt,
		&w.Ended, &w.EndedBy, &w.Why, &w.Decision, &w.Item, &w.Meeting)
}

// WrittenByID reads a proposal with its answers.
func WrittenByID(r store.Reader, id WrittenID) (Written, bool, error) {
	w, found, err := store.Find(r, qWritten, scanWritten, string(id))
	if err != nil || !found {
		return w, found, err
	}
	return w, true, w.fill(r)
}

// WrittenFor reads the proposal by which a body decided; false for what was decided otherwise.
func WrittenFor(r store.Reader, id people.DecisionID) (Written, bool, error) {
	w, found, err := store.Find(r, qWrittenFor, scanWritten, string(id))
	if err != nil || !found {
		return w, found, err
	}
	return w, true, w.fill(r)
}

// AllWritten are the decisions proposed in writing, the latest first.
func AllWritten(r store.Reader) ([]Written, error) {
	list, err := filled(r, qAllWritten)
	slices.Reverse(list)
	return list, err
}

func openOnes(r store.Reader) ([]Written, error) { return filled(r, qOpenWritten) }

func filled(r store.Reader, q store.Query) ([]Written, error) {
	list, err := store.List(r, q, scanWritten)
	for i := range list {
		if err != nil {
			return nil, err
		}
		err = list[i].fill(r)
	}
	return list, err
}

func (w *Written) fill(r store.Reader) (err error) {
	if w.Papers, err = store.List(r, qWrittenPapers, func(row store.Row) (p WrittenPaper, err error) {
		return p, row.Scan(&p.Title, &p.Document)
	}, string(w.ID)); err != nil {
		return err
	}
	w.Log, err = store.List(r, qAnswers, func(row store.Row) (a WrittenAnswer, err error) {
		var channel string
		err = row.Scan(&a.Person, &a.Turn, &a.Answer, &channel, &a.Document, &a.Words, &a.At, &a.By)
		a.Paper = channel == byPaper
		return a, err
	}, string(w.ID))
	return err
}

func eachWritten(contents func(Written) []sealed) func(store.Reader, func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		all, err := filled(r, qAllWritten)
		if err != nil {
			return err
		}
		var list []sealed
		for _, w := range all {
			list = append(list, contents(w)...)
		}
		return inOrder(list, yield)
	}
}

func (w Written) sealsProposal() []sealed { return []sealed{{string(w.ID), w.proposed()}} }

func (w Written) sealsAnswers() (list []sealed) {
	for _, a := range w.Log {
		list = append(list, sealed{a.sealID(w.ID), a.canonical(w.ID)})
	}
	return list
}

func (w Written) sealsEnd() []sealed {
	if w.Ended == StillOpen {
		return nil
	}
	return []sealed{{string(w.ID), w.end()}}
}

// candidaciesOf are the entries about a person.
func candidaciesOf(r store.Reader, id people.PersonID) ([]entry, error) {
	return store.List(r, qCandidaciesOf, scanCandidacy, string(id))
}

// placed is a person's place in the pool of a draw.
type placed struct {
	title, name string
	at          civil.Instant
}

func leavesOf(r store.Reader, id people.PersonID) ([]placed, error) {
	return store.List(r, qLeavesOf, func(row store.Row) (p placed, err error) {
		return p, row.Scan(&p.title, &p.at, &p.name)
	}, string(id))
}

var (
	qCandidaciesOf = store.Q(`SELECT id, meeting, matter, person, party, stands, at, entered_by FROM ballot_candidacy
		WHERE person = $1 ORDER BY id`)
	qLeavesOf = store.Q(`SELECT d.title, d.frozen_at, l.name FROM ballot_draw_leaf l JOIN ballot_draw d ON d.id = l.draw
		WHERE l.person = $1 ORDER BY d.id`)
)
