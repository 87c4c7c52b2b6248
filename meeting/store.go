package meeting

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "meeting", Schema: schema, Witnesses: []store.Witness{
	{Kind: "demand", Each: eachDemand}, {Kind: "demand-supporter", Each: eachSupporter}}}

// What is read together.
const (
	meetingColumns = `id, name, body, title, place, starts_at, remote, language, roll_on, convening, earlier, demand,
		drafted_at, convened_at, altered_at, opened_at, closed_at, cancelled_at, why, version`
	matterColumns = `m.id, m.item, m.kind, m.title, m.words, m.place, m.earlier, m.body, m.seats, m.effective,
		m.substitutes, m.until, m.closed_on, m.changes, m.rules, m.altered_at, m.version`
	demandColumns = `d.id, d.received_on, d.words, d.document, d.points, d.at, d.reached_on, d.withdrawn_at, d.why`
)

var (
	qInsert = store.Q(`INSERT INTO meeting (` + meetingColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`)
	qInsertItem = store.Q(`INSERT INTO meeting_item (id, meeting, position, number, title, added_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qInsertMatter = store.Q(`INSERT INTO meeting_matter (id, item, position, kind, title, words, place, earlier, body,
		seats, effective, substitutes, until, closed_on, changes, rules, altered_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`)
	qInsertPerson = store.Q(`INSERT INTO meeting_matter_person (matter, part, rank, person) VALUES ($1, $2, $3, $4)`)
	qInsertAnswer = store.Q(`INSERT INTO meeting_matter_answer (matter, retained) VALUES ($1, $2)`)
	qInsertPaper  = store.Q(`INSERT INTO meeting_paper (id, matter, need, title, document, added_at)
		VALUES ($1, $2, $3, $4, $5, $6)`)

	qChange = store.Q(`UPDATE meeting SET title = $3, place = $4, starts_at = $5, remote = $6, language = $7, roll_on = $8,
		altered_at = $9, version = version + 1 WHERE id = $1 AND version = $2`)
	qCancel       = store.Q(`UPDATE meeting SET cancelled_at = $2, why = $3 WHERE id = $1`)
	qConvened     = store.Q(`UPDATE meeting SET convened_at = $2 WHERE id = $1`)
	qOpened       = store.Q(`UPDATE meeting SET opened_at = $2 WHERE id = $1`)
	qClosed       = store.Q(`UPDATE meeting SET closed_at = $2 WHERE id = $1`)
	qChangeItem   = store.Q(`UPDATE meeting_item SET number = $3, title = $4, version = $2 + 1 WHERE id = $1`)
	qPlaceItem    = store.Q(`UPDATE meeting_item SET position = $2 WHERE id = $1`)
	qDeleteItem   = store.Q(`DELETE FROM meeting_item WHERE id = $1`)
	qChangeMatter = store.Q(`UPDATE meeting_matter SET kind = $2, title = $3, words = $4, place = $5, earlier = $6,
		body = $7, seats = $8, effective = $9, substitutes = $10, until = $11, closed_on = $12, changes = $13, rules = $14,
		altered_at = $15, version = version + 1 WHERE id = $1`)
	qPlaceMatter   = store.Q(`UPDATE meeting_matter SET position = $2 WHERE id = $1`)
	qDeleteMatter  = store.Q(`DELETE FROM meeting_matter WHERE id = $1`)
	qDeletePersons = store.Q(`DELETE FROM meeting_matter_person WHERE matter = $1`)
	qDeleteAnswers = store.Q(`DELETE FROM meeting_matter_answer WHERE matter = $1`)
	qDeletePapers  = store.Q(`DELETE FROM meeting_paper WHERE matter = $1`)
	qDeletePaper   = store.Q(`DELETE FROM meeting_paper WHERE id = $1`)

	qCount  = store.Q(`SELECT COUNT(*) FROM meeting`)
	qNamed  = store.Q(`SELECT id FROM meeting WHERE name = $1`)
	qAll    = store.Q(`SELECT ` + meetingColumns + ` FROM meeting ORDER BY starts_at DESC, drafted_at DESC, id DESC`)
	qByName = store.Q(`SELECT ` + meetingColumns + ` FROM meeting WHERE name = $1`)
	qByID   = store.Q(`SELECT ` + meetingColumns + ` FROM meeting WHERE id = $1`)
	qSecond = store.Q(`SELECT ` + meetingColumns + ` FROM meeting WHERE earlier = $1 AND cancelled_at = 0
		ORDER BY drafted_at DESC`)
	qItems = store.Q(`SELECT id, number, title, added_at, version FROM meeting_item WHERE meeting = $1
		ORDER BY position, id`)
	qPointsOfAll = store.Q(`SELECT i.meeting, i.id, i.number, i.title, m.title, m.words FROM meeting_item i
		LEFT JOIN meeting_matter m ON m.item = i.id ORDER BY i.meeting, i.position, m.position`)
	qMatters = store.Q(`SELECT ` + matterColumns + ` FROM meeting_matter m JOIN meeting_item i ON i.id = m.item
		WHERE i.meeting = $1 ORDER BY i.position, m.position, m.id`)
	qPersons = store.Q(`SELECT p.matter, p.part, p.person FROM meeting_matter_person p
		JOIN meeting_matter m ON m.id = p.matter JOIN meeting_item i ON i.id = m.item
		WHERE i.meeting = $1 ORDER BY p.matter, p.part, p.rank`)
	qAnswers = store.Q(`SELECT a.matter, a.retained FROM meeting_matter_answer a
		JOIN meeting_matter m ON m.id = a.matter JOIN meeting_item i ON i.id = m.item
		WHERE i.meeting = $1 ORDER BY a.matter, a.retained`)
	qPapers = store.Q(`SELECT p.matter, p.id, p.need, p.title, p.document, p.added_at FROM meeting_paper p
		JOIN meeting_matter m ON m.id = p.matter JOIN meeting_item i ON i.id = m.item
		WHERE i.meeting = $1 ORDER BY p.matter, p.id`)
	qMeetingOfItem = store.Q(`SELECT meeting FROM meeting_item WHERE id = $1`)
	qItemOfMatter  = store.Q(`SELECT item FROM meeting_matter WHERE id = $1`)
	qMatterOfPaper = store.Q(`SELECT matter FROM meeting_paper WHERE id = $1`)

	qKnownDemands = store.Q(`SELECT d.received_on, s.joined_on, s.shares FROM meeting_supporter s
		JOIN meeting_demand d ON d.id = s.demand WHERE s.person = $1 ORDER BY s.at, d.id`)
	qKnownParts = store.Q(`SELECT g.title, m.title, p.part FROM meeting_matter_person p
		JOIN meeting_matter m ON m.id = p.matter JOIN meeting_item i ON i.id = m.item JOIN meeting g ON g.id = i.meeting
		WHERE p.person = $1 ORDER BY g.drafted_at, i.position, m.position, p.part`)

	qInsertDemand = store.Q(`INSERT INTO meeting_demand
		(id, received_on, words, document, points, at, reached_on, withdrawn_at, why)
		VALUES ($1, $2, $3, $4, $5, $6, '', 0, '')`)
	qInsertSupporter = store.Q(`INSERT INTO meeting_supporter (demand, number, person, shares, issued, joined_on, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qReached  = store.Q(`UPDATE meeting_demand SET reached_on = $2 WHERE id = $1`)
	qWithdraw = store.Q(`UPDATE meeting_demand SET withdrawn_at = $2, why = $3 WHERE id = $1`)
	qDemands  = store.Q(`SELECT ` + demandColumns + ` FROM meeting_demand d ORDER BY d.received_on DESC, d.id DESC`)
	qDemand   = store.Q(`SELECT ` + demandColumns + ` FROM meeting_demand d WHERE d.id = $1`)
	qAnswered = store.Q(`SELECT id FROM meeting WHERE demand = $1 AND cancelled_at = 0 ORDER BY drafted_at DESC`)

	qSupporters = store.Q(`SELECT number, person, shares, issued, joined_on, at FROM meeting_supporter WHERE demand = $1
		ORDER BY at, number`)
	qDemandsByID    = store.Q(`SELECT ` + demandColumns + ` FROM meeting_demand d ORDER BY d.id`)
	qSupportersByID = store.Q(`SELECT number, person, shares, issued, joined_on, at, demand FROM meeting_supporter
		ORDER BY demand, number`)
)

func insertMeeting(tx *store.Tx, m Meeting) error {
	_, err := tx.Exec(qInsert, string(m.ID), m.Name, string(m.Body), m.Title, m.Place, int64(m.StartsAt), m.Remote,
		string(m.Language), m.RollOn, string(m.Convening), orNull(string(m.Earlier)), orNull(string(m.Demand)),
		int64(m.DraftedAt), int64(m.ConvenedAt), int64(m.AlteredAt), int64(m.OpenedAt), int64(m.ClosedAt),
		int64(m.CancelledAt), m.Why, m.Version)
	return err
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func insertItem(tx *store.Tx, id ID, item Item, position int) error {
	_, err := tx.Exec(qInsertItem, string(item.ID), string(id), int64(position), item.Number, item.Title,
		int64(item.AddedAt), item.Version)
	return err
}

func insertMatter(tx *store.Tx, item ItemID, x Matter, position int) error {
	if _, err := tx.Exec(qInsertMatter, string(x.ID), string(item), int64(position), string(x.Kind), x.Title, x.Words,
		x.Place, x.Earlier, orNull(string(x.Body)), int64(x.Seats), int64(x.Effective), int64(x.Substitutes), x.Until,
		x.ClosedOn, string(canonical(x.Changes)), string(canonical(x.Rules)), int64(x.AlteredAt), x.Version); err != nil {
		return err
	}
	return insertParts(tx, x)
}

func updateMatter(tx *store.Tx, x Matter) error {
	if _, err := tx.Exec(qChangeMatter, string(x.ID), string(x.Kind), x.Title, x.Words, x.Place, x.Earlier,
		orNull(string(x.Body)), int64(x.Seats), int64(x.Effective), int64(x.Substitutes), x.Until, x.ClosedOn,
		string(canonical(x.Changes)), string(canonical(x.Rules)), int64(x.AlteredAt)); err != nil {
		return err
	}
	for _, q := range []store.Query{qDeletePersons, qDeleteAnswers} {
		if _, err := tx.Exec(q, string(x.ID)); err != nil {
			return err
		}
	}
	return insertParts(tx, x)
}

// insertParts writes who presents, who stands, and what is answered.
func insertParts(tx *store.Tx, x Matter) error {
	for _, part := range x.parts() {
		for rank, person := range *part.who {
			if _, err := tx.Exec(qInsertPerson, string(x.ID), part.name, int64(rank+1), string(person)); err != nil {
				return err
			}
		}
	}
	for _, point := range x.Answers {
		if _, err := tx.Exec(qInsertAnswer, string(x.ID), string(point)); err != nil {
			return err
		}
	}
	return nil
}

type part struct {
	name string
	who  *[]people.PersonID
}

// Who are the persons of a part of the matter: "presenter" or "candidate".
func (x *Matter) Who(part string) *[]people.PersonID {
	for _, p := range x.parts() {
		if p.name == part {
			return p.who
		}
	}
	fault.Must(false, "a matter has no part %q", part)
	return nil
}

func (x *Matter) parts() []part {
	return []part{{"presenter", &x.Presenters}, {"candidate", &x.Candidates}}
}

func deleteMatter(tx *store.Tx, id MatterID) error {
	for _, q := range []store.Query{qDeletePersons, qDeleteAnswers, qDeletePapers, qDeleteMatter} {
		if _, err := tx.Exec(q, string(id)); err != nil {
			return err
		}
	}
	return nil
}

func insertPaper(tx *store.Tx, id MatterID, p Paper) error {
	_, err := tx.Exec(qInsertPaper, string(p.ID), string(id), string(p.Need), p.Title, p.Document, int64(p.AddedAt))
	return err
}

func scanMeeting(row store.Row) (m Meeting, err error) {
	var earlier, demand *string
	err = row.Scan(&m.ID, &m.Name, &m.Body, &m.Title, &m.Place, &m.StartsAt, &m.Remote, &m.Language, &m.RollOn,
		&m.Convening, &earlier, &demand, &m.DraftedAt, &m.ConvenedAt, &m.AlteredAt, &m.OpenedAt, &m.ClosedAt,
		&m.CancelledAt, &m.Why, &m.Version)
	if earlier != nil {
		m.Earlier = ID(*earlier)
	}
	if demand != nil {
		m.Demand = DemandID(*demand)
	}
	return m, err
}

// All lists the meetings of every body without their items, the latest first; those without a date come last.
func All(r store.Reader) ([]Meeting, error) { return meetings(r, qAll) }

// Coming lists the meetings that are neither closed nor cancelled, the nearest first; those without a date come last.
func Coming(r store.Reader) ([]Meeting, error) {
	all, err := All(r)
	var dated, undated []Meeting
	for i := len(all) - 1; i >= 0; i-- {
		switch {
		case all[i].Over():
		case all[i].StartsAt == 0:
			undated = append(undated, all[i])
		default:
			dated = append(dated, all[i])
		}
	}
	return append(dated, undated...), err
}

// meetings reads meetings with the kinds of their bodies, without items.
func meetings(r store.Reader, q store.Query, args ...any) ([]Meeting, error) {
	list, err := store.List(r, q, scanMeeting, args...)
	if err != nil || len(list) == 0 {
		return list, err
	}
	bodies, err := people.Bodies(r)
	kinds := map[people.BodyID]people.BodyKind{}
	for _, b := range bodies {
		kinds[b.ID] = b.Kind
	}
	for i := range list {
		list[i].Kind = kinds[list[i].Body]
	}
	return list, err
}

// ByName reads a meeting whole; found is false when there is none of that name.
func ByName(r store.Reader, name string) (Meeting, bool, error) { return read(r, qByName, name) }

// ByID reads a meeting whole.
func ByID(r store.Reader, id ID) (Meeting, bool, error) { return read(r, qByID, string(id)) }

// Head reads a meeting without its items: state, name and body.
func Head(r store.Reader, id ID) (m Meeting, found bool, err error) {
	list, err := meetings(r, qByID, string(id))
	if err != nil || len(list) == 0 {
		return m, false, err
	}
	return list[0], true, nil
}

// SecondOf finds the meeting that repeats another and was not cancelled, without its items.
func SecondOf(r store.Reader, id ID) (m Meeting, found bool, err error) {
	list, err := meetings(r, qSecond, string(id))
	if err != nil || len(list) == 0 {
		return m, false, err
	}
	return list[0], true, nil
}

func read(r store.Reader, q store.Query, key string) (m Meeting, found bool, err error) {
	list, err := meetings(r, q, key)
	if err != nil || len(list) == 0 {
		return m, false, err
	}
	m = list[0]
	return m, true, fill(r, &m)
}

// fill reads the agenda: five statements, whatever its length.
func fill(r store.Reader, m *Meeting) (err error) {
	if m.Items, err = store.List(r, qItems, func(row store.Row) (i Item, err error) {
		return i, row.Scan(&i.ID, &i.Number, &i.Title, &i.AddedAt, &i.Version)
	}, string(m.ID)); err != nil {
		return err
	}
	placed, err := store.List(r, qMatters, scanMatter, string(m.ID))
	if err != nil {
		return err
	}
	at := map[MatterID]*Matter{}
	for i := range placed {
		at[placed[i].ID] = &placed[i].Matter
	}
	if err := fillParts(r, m.ID, at); err != nil {
		return err
	}
	for _, p := range placed {
		for i := range m.Items {
			if m.Items[i].ID == p.item {
				m.Items[i].Matters = append(m.Items[i].Matters, p.Matter)
			}
		}
	}
	return nil
}

// fillParts gives matters their persons, answers and papers.
func fillParts(r store.Reader, id ID, at map[MatterID]*Matter) error {
	err := store.Each(r, qPersons, func(row store.Row) error {
		var matter MatterID
		var name string
		var person people.PersonID
		if err := row.Scan(&matter, &name, &person); err != nil {
			return err
		}
		for _, p := range at[matter].parts() {
			if p.name == name {
				*p.who = append(*p.who, person)
			}
		}
		return nil
	}, string(id))
	if err != nil {
		return err
	}
	err = store.Each(r, qAnswers, func(row store.Row) error {
		var matter MatterID
		var point assembly.RetainedID
		err := row.Scan(&matter, &point)
		if err == nil {
			at[matter].Answers = append(at[matter].Answers, point)
		}
		return err
	}, string(id))
	if err != nil {
		return err
	}
	return store.Each(r, qPapers, func(row store.Row) error {
		var matter MatterID
		var p Paper
		err := row.Scan(&matter, &p.ID, &p.Need, &p.Title, &p.Document, &p.AddedAt)
		if err == nil {
			at[matter].Papers = append(at[matter].Papers, p)
		}
		return err
	}, string(id))
}

type placedMatter struct {
	Matter
	item ItemID
}

func scanMatter(row store.Row) (x placedMatter, err error) {
	var body *string
	var changes, rules string
	if err = row.Scan(&x.ID, &x.item, &x.Kind, &x.Title, &x.Words, &x.Place, &x.Earlier, &body, &x.Seats, &x.Effective,
		&x.Substitutes, &x.Until, &x.ClosedOn, &changes, &rules, &x.AlteredAt, &x.Version); err != nil {
		return x, err
	}
	if body != nil {
		x.Body = people.BodyID(*body)
	}
	var before []bylaws.Change
	var brought []bylaws.Rule
	err = errors.Join(json.Unmarshal([]byte(changes), &before), json.Unmarshal([]byte(rules), &brought))
	if err != nil {
		return x, fmt.Errorf("meeting: matter %s: %w", x.ID, err)
	}
	x.Changes, x.Rules = before, brought
	return x, nil
}

func insertDemand(tx *store.Tx, d Demand) error {
	if _, err := tx.Exec(qInsertDemand, string(d.ID), d.ReceivedOn, d.Words, d.Document, string(canonical(d.Points)),
		int64(d.At)); err != nil {
		return err
	}
	return tx.Seal("demand", string(d.ID), d.canonical())
}

func insertSupporter(tx *store.Tx, id DemandID, s Supporter) error {
	if _, err := tx.Exec(qInsertSupporter, string(id), int64(s.Number), string(s.Person), s.Shares, s.Issued, s.JoinedOn,
		int64(s.At)); err != nil {
		return err
	}
	return tx.Seal("demand-supporter", s.key(id), s.canonical(id))
}

// key is the id under which a supporter is sealed; keys sort as their rows do.
func (s Supporter) key(id DemandID) string { return fmt.Sprintf("%s-%012d", id, int64(s.Number)) }

func scanDemand(row store.Row) (d Demand, err error) {
	var points string
	if err = row.Scan(&d.ID, &d.ReceivedOn, &d.Words, &d.Document, &points, &d.At, &d.ReachedOn, &d.WithdrawnAt,
		&d.Why); err != nil {
		return d, err
	}
	if err = json.Unmarshal([]byte(points), &d.Points); err != nil {
		return d, fmt.Errorf("meeting: demand %s: %w", d.ID, err)
	}
	return d, nil
}

func scanSupporter(row store.Row) (s Supporter, err error) {
	return s, row.Scan(&s.Number, &s.Person, &s.Shares, &s.Issued, &s.JoinedOn, &s.At)
}

// Demands lists every demand, the latest first.
func Demands(r store.Reader) ([]Demand, error) {
	list, err := store.List(r, qDemands, scanDemand)
	for i := range list {
		if err == nil {
			err = list[i].fill(r)
		}
	}
	return list, err
}

// DemandByID reads one demand.
func DemandByID(r store.Reader, id DemandID) (Demand, bool, error) {
	d, found, err := store.Find(r, qDemand, scanDemand, string(id))
	if err == nil && found {
		err = d.fill(r)
	}
	return d, found, err
}

func (d *Demand) fill(r store.Reader) (err error) {
	if d.Supporters, err = store.List(r, qSupporters, scanSupporter, string(d.ID)); err != nil {
		return err
	}
	made, _, err := store.Find(r, qAnswered, store.Text, string(d.ID))
	d.Meeting = ID(made)
	return err
}

// The witnesses re-make what was sealed.
func eachDemand(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qDemandsByID, func(row store.Row) error {
		d, err := scanDemand(row)
		if err != nil {
			return err
		}
		return yield(string(d.ID), d.canonical())
	})
}

func eachSupporter(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qSupportersByID, func(row store.Row) error {
		var s Supporter
		var id DemandID
		if err := row.Scan(&s.Number, &s.Person, &s.Shares, &s.Issued, &s.JoinedOn, &s.At, &id); err != nil {
			return err
		}
		return yield(s.key(id), s.canonical(id))
	})
}

// pointsOfAll reads the points of every meeting with the words of their matters, as a search looks at them.
func pointsOfAll(r store.Reader) (map[ID][]point, error) {
	points := map[ID][]point{}
	err := store.Each(r, qPointsOfAll, func(row store.Row) error {
		var m ID
		var p point
		var title, words *string
		if err := row.Scan(&m, &p.id, &p.number, &p.title, &title, &words); err != nil {
			return err
		}
		if n := len(points[m]); n == 0 || points[m][n-1].id != p.id {
			points[m] = append(points[m], p)
		}
		if title != nil && words != nil {
			last := &points[m][len(points[m])-1]
			last.words += " " + *title + " " + *words
		}
		return nil
	})
	return points, err
}
