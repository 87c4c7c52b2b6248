package assembly

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "assembly", Schema: schema, Witnesses: []store.Witness{
	{Kind: "assembly", Each: eachAssembly}, {Kind: "matter", Each: eachMatter},
	{Kind: "retained", Each: eachRetained}, {Kind: "minutes", Each: eachMinutes},
	{Kind: "attendance", Each: eachAttendance}, {Kind: "answer", Each: eachAnswer},
	{Kind: "annex", Each: eachAnnex}, {Kind: "draw-proof", Each: eachEvidence},
}, Checks: []func(store.Reader, func(store.Finding)) error{checks}}

// What is read together, with the tables that it stands in.
const (
	assemblyColumns = `id, name, body, title, held_on, place, language, convening, attendance, notes, file_hash,
		session FROM assembly`
	matterColumns = `m.id, m.item, m.position, m.kind, m.title, m.words, m.place, m.earlier, m.body, m.stated, m.ballot,
		m.outcome, m.poll, m.report, m.lived, m.amendment FROM assembly_matter m JOIN assembly_item i ON i.id = m.item`
	retainedColumns = `r.id, r.assembly, r.item, r.position, i.number, r.title, r.words, r.owner, r.owner_words, r.due_on,
		a.held_on, a.name FROM assembly_retained r JOIN assembly_item i ON i.id = r.item
		JOIN assembly a ON a.id = r.assembly`
)

var (
	qInsert = store.Q(`INSERT INTO assembly
		(id, name, body, title, held_on, place, language, convening, attendance, notes, file_hash, session)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qInsertAttendee = store.Q(`INSERT INTO assembly_attendee (assembly, number, person, shares, proxy, channel, came,
		went) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qInsertItem = store.Q(`INSERT INTO assembly_item (id, assembly, position, number, title)
		VALUES ($1, $2, $3, $4, $5)`)
	qInsertMatter = store.Q(`INSERT INTO assembly_matter
		(id, item, position, kind, title, words, place, earlier, body, stated, ballot, outcome, poll, report, lived,
		amendment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`)
	qInsertMatterPerson = store.Q(`INSERT INTO assembly_matter_person (matter, part, rank, person)
		VALUES ($1, $2, $3, $4)`)
	qInsertAnnex    = store.Q(`INSERT INTO assembly_annex (id, matter, title, document) VALUES ($1, $2, $3, $4)`)
	qInsertRetained = store.Q(`INSERT INTO assembly_retained
		(id, assembly, item, position, title, words, owner, owner_words, due_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	qInsertAnswer = store.Q(`INSERT INTO assembly_answer (id, retained, answered_on, words, closes, at)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qInsertMinutes = store.Q(`INSERT INTO assembly_minutes (assembly, tree, hash, frozen_at, frozen_by)
		VALUES ($1, $2, $3, $4, $5)`)
	qInsertName = store.Q(`INSERT INTO assembly_minutes_name (assembly, person, salt, name) VALUES ($1, $2, $3, $4)`)

	qAll       = store.Q(`SELECT ` + assemblyColumns + ` ORDER BY held_on DESC, name`)
	qAllByID   = store.Q(`SELECT ` + assemblyColumns + ` ORDER BY id`)
	qByName    = store.Q(`SELECT ` + assemblyColumns + ` WHERE name = $1`)
	qByID      = store.Q(`SELECT ` + assemblyColumns + ` WHERE id = $1`)
	qWithList  = store.Q(`SELECT DISTINCT assembly FROM assembly_attendee ORDER BY assembly`)
	qAttendees = store.Q(`SELECT number, person, shares, proxy, channel, came, went FROM assembly_attendee
		WHERE assembly = $1
		ORDER BY number`)

	qItems          = store.Q(`SELECT id, number, title FROM assembly_item WHERE assembly = $1 ORDER BY position`)
	qMatters        = store.Q(`SELECT ` + matterColumns + ` WHERE i.assembly = $1 ORDER BY i.position, m.position`)
	qMattersByID    = store.Q(`SELECT ` + matterColumns + ` ORDER BY m.id`)
	qMatterPersons  = store.Q(`SELECT part, person FROM assembly_matter_person WHERE matter = $1 ORDER BY part, rank`)
	qAnnexes        = store.Q(`SELECT id, title, document FROM assembly_annex WHERE matter = $1 ORDER BY id`)
	qAnnexesByID    = store.Q(`SELECT id, title, document, matter FROM assembly_annex ORDER BY id`)
	qInsertEvidence = store.Q(`INSERT INTO assembly_proof (matter, proof) VALUES ($1, $2)`)
	qInsertOpening  = store.Q(`INSERT INTO assembly_proof_name (matter, place, person, opening)
		VALUES ($1, $2, $3, $4)`)
	qEvidence      = store.Q(`SELECT proof FROM assembly_proof WHERE matter = $1`)
	qEvidences     = store.Q(`SELECT matter, proof FROM assembly_proof ORDER BY matter`)
	qOpenings      = store.Q(`SELECT place, opening FROM assembly_proof_name WHERE matter = $1 ORDER BY place`)
	qForgetOpening = store.Q(`DELETE FROM assembly_proof_name WHERE person = $1`)
	qPlace         = store.Q(`SELECT a.id, a.name, a.title, a.held_on, i.number FROM assembly_matter m
		JOIN assembly_item i ON i.id = m.item JOIN assembly a ON a.id = i.assembly WHERE m.id = $1`)

	qRetained     = store.Q(`SELECT ` + retainedColumns + ` ORDER BY a.held_on DESC, i.position, r.position`)
	qRetainedByID = store.Q(`SELECT ` + retainedColumns + ` ORDER BY r.id`)
	qAnswers      = store.Q(`SELECT id, answered_on, words, closes, at FROM assembly_answer WHERE retained = $1
		ORDER BY at, id`)
	qAnswersByID = store.Q(`SELECT id, answered_on, words, closes, at, retained FROM assembly_answer ORDER BY id`)

	qMinutes      = store.Q(`SELECT tree, hash, frozen_at, frozen_by FROM assembly_minutes WHERE assembly = $1`)
	qMinutesByID  = store.Q(`SELECT assembly, tree, hash FROM assembly_minutes ORDER BY assembly`)
	qMinutesNames = store.Q(`SELECT person, salt, name FROM assembly_minutes_name WHERE assembly = $1 ORDER BY person`)
	qForgetNames  = store.Q(`DELETE FROM assembly_minutes_name WHERE person = $1`)
	qApprovals    = store.Q(`SELECT a.name, a.held_on, m.stated, m.earlier FROM assembly_matter m
		JOIN assembly_item i ON i.id = m.item JOIN assembly a ON a.id = i.assembly
		WHERE m.kind = 'minutes' AND m.earlier = $1 ORDER BY a.held_on`)

	qItemCounts = store.Q(`SELECT i.assembly, COUNT(DISTINCT i.id), COUNT(m.id) FROM assembly_item i
		LEFT JOIN assembly_matter m ON m.item = i.id GROUP BY i.assembly ORDER BY i.assembly`)
	qFrozen = store.Q(`SELECT assembly, hash, frozen_at FROM assembly_minutes ORDER BY assembly`)
)

func insert(tx *store.Tx, a Assembly, attendees []Attendee) error {
	attendance, notes := string(canonical(a.Attendance)), string(canonical(a.Notes))
	if _, err := tx.Exec(qInsert, string(a.ID), a.Name, string(a.Body), a.Title, a.HeldOn, a.Place, string(a.Language),
		string(a.Convening), attendance, notes, a.FileHash, string(canonical(a.Session))); err != nil {
		return err
	}
	for _, w := range attendees {
		if _, err := tx.Exec(qInsertAttendee, string(a.ID), int64(w.Number), string(w.Person), w.Shares,
			orNull(string(w.Proxy)), w.Channel, int64(w.Came), int64(w.Went)); err != nil {
			return err
		}
	}
	if len(attendees) > 0 {
		if err := tx.Seal("attendance", string(a.ID), canonical(attendees)); err != nil {
			return err
		}
	}
	for i, item := range a.Items {
		if _, err := tx.Exec(qInsertItem, string(item.ID), string(a.ID), int64(i+1), item.Number, item.Title); err != nil {
			return err
		}
		for j, m := range item.Matters {
			if err := insertMatter(tx, item.ID, j+1, m); err != nil {
				return err
			}
		}
	}
	if err := tx.Seal("assembly", string(a.ID), a.canonical()); err != nil {
		return err
	}
	return insertRetained(tx, a.Retained)
}

func insertMatter(tx *store.Tx, item ItemID, position int, m Matter) error {
	if _, err := tx.Exec(qInsertMatter, string(m.ID), string(item), int64(position), string(m.Kind), m.Title, m.Words,
		m.Place, m.Earlier, orNull(string(m.Body)), string(m.Stated), string(canonical(m.Ballot)),
		string(canonical(m.Outcome)), string(canonical(m.Poll)), string(m.Report), string(canonical(m.Lived)),
		orNull(string(m.Amendment))); err != nil {
		return err
	}
	for _, part := range m.parts() {
		for rank, person := range *part.who {
			if _, err := tx.Exec(qInsertMatterPerson, string(m.ID), part.name, int64(rank+1), string(person)); err != nil {
				return err
			}
		}
	}
	for _, x := range m.Annexes {
		if err := insertAnnex(tx, m.ID, x); err != nil {
			return err
		}
	}
	if err := insertEvidence(tx, m.ID, m.Evidence); err != nil {
		return err
	}
	return tx.Seal("matter", string(m.ID), m.canonical(item, position))
}

func insertAnnex(tx *store.Tx, matter MatterID, x Annex) error {
	if _, err := tx.Exec(qInsertAnnex, x.ID, string(matter), x.Title, x.Document); err != nil {
		return err
	}
	return tx.Seal("annex", x.ID, x.canonical(matter))
}

type part struct {
	name string
	who  *[]people.PersonID
}

func (m *Matter) parts() []part {
	return []part{{"presenter", &m.Presenters}, {"elected", &m.Elected}, {"effective", &m.Effective},
		{"substitute", &m.Substitutes}, {"candidate", &m.Candidates}}
}

func insertRetained(tx *store.Tx, points []Retained) error {
	position, item := 0, ItemID("")
	for _, r := range points {
		if position++; r.Item != item {
			position, item = 1, r.Item
		}
		if _, err := tx.Exec(qInsertRetained, string(r.ID), string(r.Assembly), string(r.Item), int64(position),
			r.Title, r.Words, orNull(string(r.Owner)), r.OwnerWords, r.DueOn); err != nil {
			return err
		}
		if err := tx.Seal("retained", string(r.ID), r.canonical(position)); err != nil {
			return err
		}
	}
	return nil
}

func insertAnswer(tx *store.Tx, id RetainedID, a Answer) error {
	closes := int64(0)
	if a.Closes {
		closes = 1
	}
	if _, err := tx.Exec(qInsertAnswer, string(a.ID), string(id), a.On, a.Words, closes, int64(a.At)); err != nil {
		return err
	}
	return tx.Seal("answer", string(a.ID), a.canonical(id))
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func scanAssembly(r store.Row) (a Assembly, err error) {
	var attendance, notes, session string
	if err = r.Scan(&a.ID, &a.Name, &a.Body, &a.Title, &a.HeldOn, &a.Place, &a.Language, &a.Convening, &attendance,
		&notes, &a.FileHash, &session); err != nil {
		return a, err
	}
	if err = json.Unmarshal([]byte(attendance), &a.Attendance); err != nil {
		return a, fmt.Errorf("assembly: attendance of %s: %w", a.Name, err)
	}
	if err = json.Unmarshal([]byte(notes), &a.Notes); err != nil {
		return a, fmt.Errorf("assembly: notes of %s: %w", a.Name, err)
	}
	if err = json.Unmarshal([]byte(session), &a.Session); err != nil {
		return a, fmt.Errorf("assembly: session of %s: %w", a.Name, err)
	}
	return a, nil
}

// All lists the assemblies, newest first, without their items.
func All(r store.Reader) ([]Assembly, error) { return store.List(r, qAll, scanAssembly) }

// ByName reads an assembly whole; found is false when there is none of that name.
func ByName(r store.Reader, name string) (Assembly, bool, error) { return read(r, qByName, name) }

// ByID reads an assembly whole.
func ByID(r store.Reader, id ID) (Assembly, bool, error) { return read(r, qByID, string(id)) }

func read(r store.Reader, q store.Query, key string) (Assembly, bool, error) {
	a, found, err := store.Find(r, q, scanAssembly, key)
	if err != nil || !found {
		return a, found, err
	}
	if err := fill(r, &a); err != nil {
		return a, true, err
	}
	all, err := RetainedPoints(r)
	for _, p := range all {
		if p.Assembly == a.ID {
			a.Retained = append(a.Retained, p)
		}
	}
	return a, true, err
}

// fill reads items and matters.
func fill(r store.Reader, a *Assembly) error {
	items, err := store.List(r, qItems, func(row store.Row) (i Item, err error) {
		return i, row.Scan(&i.ID, &i.Number, &i.Title)
	}, string(a.ID))
	if err != nil {
		return err
	}
	a.Items = items
	matters, err := store.List(r, qMatters, scanMatter, string(a.ID))
	if err != nil {
		return err
	}
	for _, m := range matters {
		if err := fillMatter(r, &m.Matter); err != nil {
			return err
		}
		for i := range a.Items {
			if a.Items[i].ID == m.item {
				a.Items[i].Matters = append(a.Items[i].Matters, m.Matter)
			}
		}
	}
	return nil
}

type placedMatter struct {
	Matter
	item     ItemID
	position int
}

func scanMatter(r store.Row) (m placedMatter, err error) {
	var ballot, outcome, poll, lived string
	var body, amendment *string
	if err = r.Scan(&m.ID, &m.item, &m.position, &m.Kind, &m.Title, &m.Words, &m.Place, &m.Earlier, &body, &m.Stated,
		&ballot, &outcome, &poll, &m.Report, &lived, &amendment); err != nil {
		return m, err
	}
	if body != nil {
		m.Body = people.BodyID(*body)
	}
	if amendment != nil {
		m.Amendment = bylaws.AmendmentID(*amendment)
	}
	if err = json.Unmarshal([]byte(ballot), &m.Ballot); err == nil {
		err = errors.Join(json.Unmarshal([]byte(outcome), &m.Outcome), json.Unmarshal([]byte(poll), &m.Poll),
			json.Unmarshal([]byte(lived), &m.Lived))
	}
	if err != nil {
		return m, fmt.Errorf("assembly: matter %s: %w", m.ID, err)
	}
	return m, nil
}

func fillMatter(r store.Reader, m *Matter) error {
	parts := m.parts()
	err := store.Each(r, qMatterPersons, func(row store.Row) error {
		var name string
		var person people.PersonID
		if err := row.Scan(&name, &person); err != nil {
			return err
		}
		for _, p := range parts {
			if p.name == name {
				*p.who = append(*p.who, person)
			}
		}
		return nil
	}, string(m.ID))
	if err != nil {
		return err
	}
	if m.Annexes, err = annexes(r, m.ID); err == nil && m.Kind == Draw {
		m.Evidence, err = evidenceOf(r, m.ID)
	}
	return err
}

func annexes(r store.Reader, matter MatterID) ([]Annex, error) {
	return store.List(r, qAnnexes, func(row store.Row) (x Annex, err error) {
		return x, row.Scan(&x.ID, &x.Title, &x.Document)
	}, string(matter))
}

func eachAnnex(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qAnnexesByID, func(row store.Row) error {
		var x Annex
		var matter MatterID
		if err := row.Scan(&x.ID, &x.Title, &x.Document, &matter); err != nil {
			return err
		}
		return yield(x.ID, x.canonical(matter))
	})
}

// Attendees lists who was there by name, where the record has a list.
func Attendees(r store.Reader, id ID) ([]Attendee, error) {
	return store.List(r, qAttendees, func(row store.Row) (a Attendee, err error) {
		var proxy *string
		if err = row.Scan(&a.Number, &a.Person, &a.Shares, &proxy, &a.Channel, &a.Came, &a.Went); err == nil && proxy != nil {
			a.Proxy = people.PersonID(*proxy)
		}
		return a, err
	}, string(id))
}

type placedRetained struct {
	Retained
	position int
}

func scanRetained(row store.Row) (r placedRetained, err error) {
	var owner *string
	if err = row.Scan(&r.ID, &r.Assembly, &r.Item, &r.position, &r.ItemNumber, &r.Title, &r.Words, &owner, &r.OwnerWords,
		&r.DueOn, &r.HeldOn, &r.Meeting); err == nil && owner != nil {
		r.Owner = people.BodyID(*owner)
	}
	return r, err
}

// RetainedPoints lists every retained point with its answers, newest assembly first.
func RetainedPoints(r store.Reader) ([]Retained, error) {
	placed, err := store.List(r, qRetained, scanRetained)
	if err != nil {
		return nil, err
	}
	points := make([]Retained, len(placed))
	for i, p := range placed {
		points[i] = p.Retained
		if points[i].Answers, err = store.List(r, qAnswers, scanAnswer, string(p.ID)); err != nil {
			return nil, err
		}
	}
	return points, nil
}

func scanAnswer(row store.Row) (a Answer, err error) {
	var closes int64
	err = row.Scan(&a.ID, &a.On, &a.Words, &closes, &a.At)
	a.Closes = closes == 1
	return a, err
}

// RetainedByID reads one point.
func RetainedByID(r store.Reader, id RetainedID) (Retained, bool, error) {
	points, err := RetainedPoints(r)
	for _, p := range points {
		if p.ID == id {
			return p, true, err
		}
	}
	return Retained{}, false, err
}

// The witnesses re-make what was sealed.
func eachAssembly(r store.Reader, yield func(string, []byte) error) error {
	all, err := store.List(r, qAllByID, scanAssembly)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := fill(r, &a); err != nil {
			return err
		}
		if err := yield(string(a.ID), a.canonical()); err != nil {
			return err
		}
	}
	return nil
}

func eachMatter(r store.Reader, yield func(string, []byte) error) error {
	all, err := store.List(r, qMattersByID, scanMatter)
	if err != nil {
		return err
	}
	for _, m := range all {
		if err := fillMatter(r, &m.Matter); err != nil {
			return err
		}
		if err := yield(string(m.ID), m.canonical(m.item, m.position)); err != nil {
			return err
		}
	}
	return nil
}

func eachRetained(r store.Reader, yield func(string, []byte) error) error {
	all, err := store.List(r, qRetainedByID, scanRetained)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := yield(string(p.ID), p.canonical(p.position)); err != nil {
			return err
		}
	}
	return nil
}

func eachMinutes(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qMinutesByID, func(row store.Row) error {
		var m storedMinutes
		if err := row.Scan(&m.id, &m.tree, &m.hash); err != nil {
			return err
		}
		return yield(string(m.id), []byte(m.tree))
	})
}

func eachAttendance(r store.Reader, yield func(string, []byte) error) error {
	ids, err := store.List(r, qWithList, store.Text)
	if err != nil {
		return err
	}
	for _, id := range ids {
		list, err := Attendees(r, ID(id))
		if err != nil {
			return err
		}
		if err := yield(id, canonical(list)); err != nil {
			return err
		}
	}
	return nil
}

func eachAnswer(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qAnswersByID, func(row store.Row) error {
		var a Answer
		var closes int64
		var point RetainedID
		if err := row.Scan(&a.ID, &a.On, &a.Words, &closes, &a.At, &point); err != nil {
			return err
		}
		a.Closes = closes == 1
		return yield(string(a.ID), a.canonical(point))
	})
}

// Approval is the decision of a later assembly on the minutes of an earlier one.
type Approval struct {
	By     string
	HeldOn civil.Date
	Stated Verdict
}

// ApprovalOf finds the assembly that decided on the minutes of another.
func ApprovalOf(r store.Reader, name string) (Approval, bool, error) {
	return store.Find(r, qApprovals, func(row store.Row) (a Approval, err error) {
		var earlier string
		return a, row.Scan(&a.By, &a.HeldOn, &a.Stated, &earlier)
	}, name)
}

// Place is where a matter stands: its assembly and the item that holds it.
type Place struct {
	Assembly    ID
	Name, Title string
	HeldOn      civil.Date
	Item        string // number of the item
}

// PlaceOf finds the place of a matter, for the rooms that keep what it decided.
func PlaceOf(r store.Reader, matter MatterID) (Place, bool, error) {
	return store.Find(r, qPlace, func(row store.Row) (p Place, err error) {
		return p, row.Scan(&p.Assembly, &p.Name, &p.Title, &p.HeldOn, &p.Item)
	}, string(matter))
}

// Summary is an assembly as a list shows it: without its items, with their number.
type Summary struct {
	Assembly
	ItemCount, MatterCount int64
	OpenPoints             int64 // retained points that wait for an answer
	FrozenAt               civil.Instant
	Hash                   string // of the frozen minutes; empty while they are a draft
	ApprovedBy             string // the later assembly that approved the minutes; empty when none did
}

// Summaries lists the assemblies, newest first.
func Summaries(r store.Reader) ([]Summary, error) {
	all, err := All(r)
	if err != nil {
		return nil, err
	}
	list, at := make([]Summary, len(all)), map[ID]int{}
	for i, a := range all {
		list[i].Assembly, at[a.ID] = a, i
	}
	err = store.Each(r, qItemCounts, func(row store.Row) error {
		var id ID
		var items, matters int64
		err := row.Scan(&id, &items, &matters)
		if i, known := at[id]; known && err == nil {
			list[i].ItemCount, list[i].MatterCount = items, matters
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = store.Each(r, qFrozen, func(row store.Row) error {
		var id ID
		var hash string
		var when civil.Instant
		err := row.Scan(&id, &hash, &when)
		if i, known := at[id]; known && err == nil {
			list[i].Hash, list[i].FrozenAt = hash, when
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	points, err := RetainedPoints(r)
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		if i, known := at[p.Assembly]; known && p.Open() {
			list[i].OpenPoints++
		}
	}
	for i := range list {
		approval, found, err := ApprovalOf(r, list[i].Name)
		if err != nil {
			return nil, err
		}
		if found && approval.Stated == Verdict(vote.Adopted) {
			list[i].ApprovedBy = approval.By
		}
	}
	return list, nil
}
