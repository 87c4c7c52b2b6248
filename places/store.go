package places

import (
	"embed"
	"encoding/json"
	"fmt"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
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
var Room = store.Room{Name: "places", Schema: schema, Witnesses: []store.Witness{
	{Kind: "place", Each: each(qPlaceHeads, scanHead, head.content)},
	{Kind: "place-fact", Each: each(qAllPlaceFacts, scanPlaceFact, func(f PlaceFact) (string, []byte) {
		return f.ID, encode(f)
	})},
	{Kind: "place-part", Each: each(qPartHeads, scanPartHead, head.content)},
	{Kind: "part-fact", Each: each(qAllFacts, scanFact, func(f Fact) (string, []byte) { return f.ID, encode(f) })},
	{Kind: "place-withdrawal", Each: each(qAllWithdrawals, scanWithdrawal, func(w Withdrawal) (string, []byte) {
		return w.ID, encode(w)
	})},
	{Kind: "occupancy", Each: each(qAllOccupancies, scanOccupancy, func(o Occupancy) (string, []byte) {
		return string(o.ID), o.canonical()
	})},
	{Kind: "occupancy-entry", Each: each(qAllEntries, scanEntry, func(e Entry) (string, []byte) {
		return e.ID, e.canonical()
	})},
	{Kind: "place-plan", Each: each(qAllPlans, scanPlan, func(p Plan) (string, []byte) { return p.ID, encode(p) })},
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

// head is what is sealed of a place or a part itself; what is said of it is sealed fact by fact.
type head struct {
	ID    string
	Words []string // the name of a place; place, parent and level of a part
	At    civil.Instant
	By    people.PersonID
}

func (h head) content() (id string, content []byte) { return h.ID, encode(h) }

func scanHead(r store.Row) (h head, err error) {
	h.Words = make([]string, 1)
	return h, r.Scan(&h.ID, &h.Words[0], &h.At, &h.By)
}

func scanPartHead(r store.Row) (h head, err error) {
	var parent *string
	h.Words = make([]string, 3)
	err = r.Scan(&h.ID, &h.Words[0], &parent, &h.Words[2], &h.At, &h.By)
	h.Words[1] = text(parent)
	return h, err
}

func (p Part) head(tx *store.Tx) head {
	return head{string(p.ID), []string{string(p.Place), string(p.Parent), string(p.Level)}, tx.Now(),
		people.PersonID(tx.Actor())}
}

// canonical is what is sealed of an occupancy itself; what is said of it is sealed entry by entry.
func (o Occupancy) canonical() []byte {
	return encode([]string{string(o.ID), string(o.Space), string(o.Place), string(o.Person), string(o.Follows)})
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

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

const placeFactColumns = `id, place, from_on, title, area, closed, more, why, at, by_person`

var (
	qPlaceHeads   = store.Q(`SELECT id, name, at, by_person FROM places_place ORDER BY id`)
	qPlaces       = store.Q(`SELECT id, name FROM places_place ORDER BY id`)
	qPlaceIDs     = store.Q(`SELECT id FROM places_place ORDER BY id`)
	qPlace        = store.Q(`SELECT id, name FROM places_place WHERE id = $1`)
	qPlaceNamed   = store.Q(`SELECT id FROM places_place WHERE name = $1`)
	qCountPlaces  = store.Q(`SELECT COUNT(*) FROM places_place`)
	qInsertPlace  = store.Q(`INSERT INTO places_place (id, name, at, by_person) VALUES ($1, $2, $3, $4)`)
	qPlaceFacts   = store.Q(`SELECT ` + placeFactColumns + ` FROM places_place_fact ORDER BY place, id`)
	qFactsOfPlace = store.Q(`SELECT ` + placeFactColumns + ` FROM places_place_fact WHERE place = $1 ORDER BY id`)
	qPlaceFact    = store.Q(`SELECT ` + placeFactColumns + ` FROM places_place_fact WHERE id = $1`)

	qAllPlaceFacts   = store.Q(`SELECT ` + placeFactColumns + ` FROM places_place_fact ORDER BY id`)
	qInsertPlaceFact = store.Q(`INSERT INTO places_place_fact (` + placeFactColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
)

func scanPlace(r store.Row) (p Place, err error) {
	err = r.Scan(&p.ID, &p.Name)
	p.Place = p.ID
	return p, err
}

// PlaceIDs lists the ids of all places, also of those that are closed, in the order in which they were written down.
func PlaceIDs(r store.Reader) (ids []PlaceID, err error) {
	list, err := store.List(r, qPlaceIDs, store.Text)
	for _, id := range list {
		ids = append(ids, PlaceID(id))
	}
	return ids, err
}

func placeNamed(r store.Reader, name string) (PlaceID, bool, error) {
	id, found, err := store.Find(r, qPlaceNamed, store.Text, name)
	return PlaceID(id), found, err
}

func insertPlace(tx *store.Tx, p Place) error {
	_, err := tx.Exec(qInsertPlace, string(p.ID), p.Name, int64(tx.Now()), tx.Actor())
	if err != nil {
		return err
	}
	return tx.Seal("place", string(p.ID), encode(head{string(p.ID), []string{p.Name}, tx.Now(),
		people.PersonID(tx.Actor())}))
}

func scanPlaceFact(r store.Row) (f PlaceFact, err error) {
	var more string
	var closed int64
	err = r.Scan(&f.ID, &f.Place, &f.From, &f.Title, &f.Area, &closed, &more, &f.Why, &f.At, &f.By)
	f.Closed = closed == 1
	if err == nil {
		err = unpack(more, &f.PlaceMore)
	}
	return f, err
}

// unpack reads what insert packed.
func unpack(text string, into any) error {
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("places: a fact: %w", err)
	}
	return nil
}

// PlaceFacts lists everything that was ever said of a place, in the order in which it was written.
func PlaceFacts(r store.Reader, id PlaceID) ([]PlaceFact, error) {
	return store.List(r, qFactsOfPlace, scanPlaceFact, string(id))
}

func insertPlaceFact(tx *store.Tx, f *PlaceFact) error {
	f.ID, f.At, f.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	_, err := tx.Exec(qInsertPlaceFact, f.ID, string(f.Place), f.From.String(), f.Title, int64(f.Area), bit(f.Closed),
		string(encode(f.PlaceMore)), f.Why, int64(f.At), string(f.By))
	if err != nil {
		return err
	}
	return tx.Seal("place-fact", f.ID, encode(*f))
}

const (
	partColumns = `id, place, parent, level`
	factColumns = `id, part, place, from_on, code, title, use_for, tenure, area, closed, more, why, at, by_person`
)

var (
	qParts       = store.Q(`SELECT ` + partColumns + ` FROM places_part WHERE place = $1 ORDER BY id`)
	qPartHeads   = store.Q(`SELECT ` + partColumns + `, at, by_person FROM places_part ORDER BY id`)
	qPart        = store.Q(`SELECT ` + partColumns + ` FROM places_part WHERE id = $1`)
	qInsertPart  = store.Q(`INSERT INTO places_part (` + partColumns + `, at, by_person) VALUES ($1, $2, $3, $4, $5, $6)`)
	qFacts       = store.Q(`SELECT ` + factColumns + ` FROM places_part_fact WHERE place = $1 ORDER BY id`)
	qAllFacts    = store.Q(`SELECT ` + factColumns + ` FROM places_part_fact ORDER BY id`)
	qFactsOfPart = store.Q(`SELECT ` + factColumns + ` FROM places_part_fact WHERE part = $1 ORDER BY id`)
	qFactDays    = store.Q(`SELECT from_on FROM places_part_fact WHERE place = $1 AND from_on >= $2`)
	qFact        = store.Q(`SELECT ` + factColumns + ` FROM places_part_fact WHERE id = $1`)
	qLevel       = store.Q(`SELECT level FROM places_part WHERE id = $1`)
	qInsertFact  = store.Q(`INSERT INTO places_part_fact (` + factColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`)
)

func scanDay(r store.Row) (d civil.Date, err error) { return d, r.Scan(&d) }

func scanPart(r store.Row) (p Part, err error) {
	var parent *string
	err = r.Scan(&p.ID, &p.Place, &parent, &p.Level)
	p.Parent = PartID(text(parent))
	return p, err
}

func insertPart(tx *store.Tx, p Part) error {
	_, err := tx.Exec(qInsertPart, string(p.ID), string(p.Place), orNull(string(p.Parent)), string(p.Level),
		int64(tx.Now()), tx.Actor())
	if err != nil {
		return err
	}
	return tx.Seal("place-part", string(p.ID), encode(p.head(tx)))
}

func scanFact(r store.Row) (f Fact, err error) {
	var more string
	var closed int64
	err = r.Scan(&f.ID, &f.Part, &f.Place, &f.From, &f.Code, &f.Title, &f.Use, &f.Tenure, &f.Area, &closed, &more, &f.Why,
		&f.At, &f.By)
	f.Closed = closed == 1
	if err == nil {
		err = unpack(more, &f.Equipment)
	}
	return f, err
}

func insertFact(tx *store.Tx, f *Fact) error {
	f.ID, f.At, f.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	_, err := tx.Exec(qInsertFact, f.ID, string(f.Part), string(f.Place), f.From.String(), f.Code, f.Title, string(f.Use),
		string(f.Tenure), int64(f.Area), bit(f.Closed), string(encode(f.Equipment)), f.Why, int64(f.At), string(f.By))
	if err != nil {
		return err
	}
	return tx.Seal("part-fact", f.ID, encode(*f))
}

const withdrawalColumns = `id, kind, fact, place, why, at, by_person`

var (
	qWithdrawals      = store.Q(`SELECT ` + withdrawalColumns + ` FROM places_withdrawal WHERE place = $1 ORDER BY id`)
	qAllWithdrawals   = store.Q(`SELECT ` + withdrawalColumns + ` FROM places_withdrawal ORDER BY id`)
	qInsertWithdrawal = store.Q(`INSERT INTO places_withdrawal (` + withdrawalColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
)

func scanWithdrawal(r store.Row) (w Withdrawal, err error) {
	return w, r.Scan(&w.ID, &w.Kind, &w.Fact, &w.Place, &w.Why, &w.At, &w.By)
}

// withdrawn are the opposite entries of facts of a kind, of one place or of all, by fact.
func withdrawn(r store.Reader, kind string, place PlaceID) (map[string]Withdrawal, error) {
	q, args := qWithdrawals, []any{string(place)}
	if place == "" {
		q, args = qAllWithdrawals, nil
	}
	gone := map[string]Withdrawal{}
	return gone, store.Each(r, q, func(row store.Row) error {
		w, err := scanWithdrawal(row)
		if w.Kind == kind {
			gone[w.Fact] = w
		}
		return err
	}, args...)
}

func insertWithdrawal(tx *store.Tx, w Withdrawal) error {
	_, err := tx.Exec(qInsertWithdrawal, w.ID, w.Kind, w.Fact, string(w.Place), w.Why, int64(w.At), string(w.By))
	if err != nil {
		return err
	}
	return tx.Seal("place-withdrawal", w.ID, encode(w))
}

// factOf finds the fact that is to be withdrawn: its place, what it is about, and how many others stand beside it.
func factOf(r store.Reader, kind, id string) (place PlaceID, about store.Ref, others int, err error) {
	found, ids := false, []string(nil)
	switch kind {
	case "place":
		var f PlaceFact
		if f, found, err = store.Find(r, qPlaceFact, scanPlaceFact, id); err != nil || !found {
			break
		}
		place, about = f.Place, f.Place.Ref()
		var all []PlaceFact
		all, err = PlaceFacts(r, f.Place)
		for _, other := range all {
			ids = append(ids, other.ID)
		}
	case "part":
		var f Fact
		if f, found, err = store.Find(r, qFact, scanFact, id); err != nil || !found {
			break
		}
		var level string
		if level, err = store.One(r, qLevel, store.Text, string(f.Part)); err != nil {
			break
		}
		place, about = f.Place, store.Ref{Kind: level, ID: string(f.Part)}
		var all []Fact
		all, err = store.List(r, qFactsOfPart, scanFact, string(f.Part))
		for _, other := range all {
			ids = append(ids, other.ID)
		}
	case "plan":
		var p Plan
		p, found, err = store.Find(r, qPlan, scanPlan, id)
		place, about = p.Place, p.Ref()
	}
	if err == nil && !found {
		err = fault.Refuse("places.refusal.unknown-fact")
	}
	if err != nil {
		return "", about, 0, err
	}
	gone, err := withdrawn(r, kind, place)
	if _, again := gone[id]; again && err == nil {
		err = fault.Refuse("places.refusal.withdrawn")
	}
	for _, other := range ids {
		if _, out := gone[other]; !out && other != id {
			others++
		}
	}
	return place, about, others, err
}

const paperColumns = `id, place, part, kind, title, document, on_day, dropped, at, by_person`

var (
	qPapers      = store.Q(`SELECT ` + paperColumns + ` FROM places_paper WHERE place = $1 ORDER BY on_day DESC, id DESC`)
	qPaper       = store.Q(`SELECT ` + paperColumns + ` FROM places_paper WHERE id = $1`)
	qInsertPaper = store.Q(`INSERT INTO places_paper (` + paperColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qDropPaper = store.Q(`UPDATE places_paper SET dropped = $2 WHERE id = $1 AND dropped IS NULL`)
)

func scanPaper(r store.Row) (p Paper, err error) {
	var part *string
	var dropped *int64
	err = r.Scan(&p.ID, &p.Place, &part, &p.Kind, &p.Title, &p.Document, &p.On, &dropped, &p.At, &p.By)
	p.Part = PartID(text(part))
	if dropped != nil {
		p.Dropped = civil.Instant(*dropped)
	}
	return p, err
}

func insertPaper(tx *store.Tx, p Paper) error {
	_, err := tx.Exec(qInsertPaper, p.ID, string(p.Place), orNull(string(p.Part)), string(p.Kind), p.Title, p.Document,
		p.On.String(), nil, int64(p.At), string(p.By))
	return err
}

func dropPaper(tx *store.Tx, id string) error {
	_, err := tx.Exec(qDropPaper, id, int64(tx.Now()))
	return err
}

const (
	occupancyColumns = `o.id, o.space, o.place, o.person, o.follows`
	entryColumns     = `e.id, e.occupancy, e.number, e.cause, e.stay, e.from_on, e.until_on, e.area, e.practice, e.people,
		e.fee, e.indexing, e.rate, e.deposit, e.notice, e.document, e.verdict, e.note, e.why, e.salt, e.promise, e.at,
		e.by_person`
	fromOccupancies = ` FROM places_occupancy o`
	fromEntries     = ` FROM places_entry e JOIN places_occupancy o ON o.id = e.occupancy`
)

var (
	qOccupancy           = store.Q(`SELECT ` + occupancyColumns + fromOccupancies + ` WHERE o.id = $1`)
	qAllOccupancies      = store.Q(`SELECT ` + occupancyColumns + fromOccupancies + ` ORDER BY o.id`)
	qOccupanciesOfPlace  = store.Q(`SELECT ` + occupancyColumns + fromOccupancies + ` WHERE o.place = $1`)
	qOccupanciesOfSpace  = store.Q(`SELECT ` + occupancyColumns + fromOccupancies + ` WHERE o.space = $1`)
	qOccupanciesOfPerson = store.Q(`SELECT ` + occupancyColumns + fromOccupancies + ` WHERE o.person = $1`)
	qCountOccupancies    = store.Q(`SELECT COUNT(*) FROM places_occupancy WHERE place = $1`)
	qInsertOccupancy     = store.Q(`INSERT INTO places_occupancy (id, space, place, person, follows)
		VALUES ($1, $2, $3, $4, $5)`)
	qEntries = store.Q(`SELECT ` + entryColumns + ` FROM places_entry e WHERE e.occupancy = $1 ORDER BY e.number`)

	qAllEntries     = store.Q(`SELECT ` + entryColumns + ` FROM places_entry e ORDER BY e.id`)
	qEntriesOfPlace = store.Q(`SELECT ` + entryColumns + fromEntries + ` WHERE o.place = $1
		ORDER BY e.occupancy, e.number`)
	qStandingOfPlace = store.Q(`SELECT ` + occupancyColumns + `, ` + entryColumns + fromEntries + ` WHERE o.place = $1
		AND (e.until_on = '' OR e.until_on >= $2) AND e.cause <> 'undo' AND e.number =
		(SELECT MAX(m.number) FROM places_entry m WHERE m.occupancy = o.id) ORDER BY e.from_on, o.id`)
	qLastOfPlace = store.Q(`SELECT o.space, MAX(e.until_on)` + fromEntries + ` WHERE o.place = $1 AND e.until_on <> ''
		AND e.until_on < $2 AND e.cause <> 'undo' AND e.number =
		(SELECT MAX(m.number) FROM places_entry m WHERE m.occupancy = o.id) GROUP BY o.space`)
	qTrials = store.Q(`SELECT ` + occupancyColumns + `, ` + entryColumns + fromEntries + ` WHERE e.stay = 'trial'
		AND e.until_on <= $1 AND e.cause <> 'undo' AND e.verdict <> 'leave' AND e.number =
		(SELECT MAX(m.number) FROM places_entry m WHERE m.occupancy = o.id) AND NOT EXISTS
		(SELECT 1 FROM places_occupancy f JOIN places_entry g ON g.occupancy = f.id WHERE f.follows = o.id
		AND g.cause <> 'undo' AND g.number = (SELECT MAX(m.number) FROM places_entry m WHERE m.occupancy = f.id))
		ORDER BY e.until_on, o.id LIMIT $2`)
	qEntriesOfSpace = store.Q(`SELECT ` + entryColumns + fromEntries + ` WHERE o.space = $1
		ORDER BY e.occupancy, e.number`)
	qEntriesOfPerson = store.Q(`SELECT ` + entryColumns + fromEntries + ` WHERE o.person = $1
		ORDER BY e.occupancy, e.number`)
	qInsertEntry = store.Q(`INSERT INTO places_entry (id, occupancy, number, cause, stay, from_on, until_on, area,
		practice,
		people, fee, indexing, rate, deposit, notice, document, verdict, note, why, salt, promise, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`)
	qForgetWords = store.Q(`UPDATE places_entry SET note = '', why = '', salt = NULL WHERE occupancy IN
		(SELECT o.id FROM places_occupancy o WHERE o.person = $1)`)
)

func scanOccupancy(r store.Row) (o Occupancy, err error) {
	var follows *string
	err = r.Scan(&o.ID, &o.Space, &o.Place, &o.Person, &follows)
	o.Follows = OccupancyID(text(follows))
	return o, err
}

func insertOccupancy(tx *store.Tx, o Occupancy) error {
	_, err := tx.Exec(qInsertOccupancy, string(o.ID), string(o.Space), string(o.Place), string(o.Person),
		orNull(string(o.Follows)))
	if err != nil {
		return err
	}
	return tx.Seal("occupancy", string(o.ID), o.canonical())
}

// standingRow reads an occupancy with its entry.
func standingRow(r store.Row) (o Occupancy, err error) {
	var follows, document *string
	e := &o.Entry
	err = r.Scan(append([]any{&o.ID, &o.Space, &o.Place, &o.Person, &follows}, e.columns(&document)...)...)
	o.Follows, e.Document = OccupancyID(text(follows)), text(document)
	return o, err
}

// lastDay is the last day of a space's last occupant.
type lastDay struct {
	space PartID
	day   civil.Date
}

func scanLastDay(r store.Row) (l lastDay, err error) { return l, r.Scan(&l.space, &l.day) }

// columns are where the columns of an entry go.
func (e *Entry) columns(document **string) []any {
	return []any{&e.ID, &e.Occupancy, &e.Number, &e.Cause, &e.Stay, &e.From, &e.Until, &e.Area, &e.Practice, &e.People,
		&e.Fee, &e.Index, &e.Rate, &e.Deposit, &e.Notice, document, &e.Verdict, &e.Note, &e.Why, &e.salt, &e.promise,
		&e.At, &e.By}
}

func scanEntry(r store.Row) (e Entry, err error) {
	var document *string
	err = r.Scan(e.columns(&document)...)
	e.Document = text(document)
	return e, err
}

// insertEntry commits to the words of an entry, so that they can be erased and the seal stays whole.
func insertEntry(tx *store.Tx, e *Entry) error {
	salt := tx.Salt()
	e.salt = salt[:]
	e.promise = e.promised()
	_, err := tx.Exec(qInsertEntry, e.ID, string(e.Occupancy), e.Number, string(e.Cause), string(e.Stay), e.From.String(),
		e.Until.String(), int64(e.Area), e.Practice, e.People, int64(e.Fee), string(e.Index), e.Rate, int64(e.Deposit),
		e.Notice, orNull(e.Document), string(e.Verdict), e.Note, e.Why, e.salt, e.promise, int64(e.At), string(e.By))
	if err != nil {
		return err
	}
	return tx.Seal("occupancy-entry", e.ID, e.canonical())
}

const planColumns = `id, place, floor, from_on, title, width, height, drawing, document, shapes, why, at, by_person`

var (
	qPlans      = store.Q(`SELECT ` + planColumns + ` FROM places_plan WHERE place = $1 ORDER BY id`)
	qPlan       = store.Q(`SELECT ` + planColumns + ` FROM places_plan WHERE id = $1`)
	qAllPlans   = store.Q(`SELECT ` + planColumns + ` FROM places_plan ORDER BY id`)
	qInsertPlan = store.Q(`INSERT INTO places_plan (` + planColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
)

func scanPlan(r store.Row) (p Plan, err error) {
	var floor, document *string
	var shapes string
	err = r.Scan(&p.ID, &p.Place, &floor, &p.From, &p.Title, &p.Width, &p.Height, &p.Drawing, &document, &shapes, &p.Why,
		&p.At, &p.By)
	p.Floor, p.Document = PartID(text(floor)), text(document)
	if err == nil {
		err = unpack(shapes, &p.Shapes)
	}
	return p, err
}

func insertPlan(tx *store.Tx, p Plan) error {
	_, err := tx.Exec(qInsertPlan, p.ID, string(p.Place), orNull(string(p.Floor)), p.From.String(), p.Title, p.Width,
		p.Height, p.Drawing, orNull(p.Document), string(encode(p.Shapes)), p.Why, int64(p.At), string(p.By))
	if err != nil {
		return err
	}
	return tx.Seal("place-plan", p.ID, encode(p))
}

const outsideColumns = `id, place, shown, lon, lat, more, at, by_person`

var (
	qOutside       = store.Q(`SELECT ` + outsideColumns + ` FROM places_outside WHERE place = $1 ORDER BY id DESC LIMIT 1`)
	qOutsides      = store.Q(`SELECT ` + outsideColumns + ` FROM places_outside ORDER BY id`)
	qInsertOutside = store.Q(`INSERT INTO places_outside (` + outsideColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
)

func scanOutside(r store.Row) (o Outside, err error) {
	var more string
	var shown int64
	err = r.Scan(&o.ID, &o.Place, &shown, &o.Point.Lon, &o.Point.Lat, &more, &o.At, &o.By)
	o.Shown = shown == 1
	if err == nil {
		err = unpack(more, &o.OutsideMore)
	}
	return o, err
}

func insertOutside(tx *store.Tx, o Outside) error {
	_, err := tx.Exec(qInsertOutside, o.ID, string(o.Place), bit(o.Shown), o.Point.Lon, o.Point.Lat,
		string(encode(o.OutsideMore)), int64(o.At), string(o.By))
	return err
}

const (
	cardColumns    = `person, name, words, hidden, hidden_why, at`
	pictureColumns = `id, person, document, alt, at`
)

var (
	qCard       = store.Q(`SELECT ` + cardColumns + ` FROM places_card WHERE person = $1`)
	qCardNamed  = store.Q(`SELECT ` + cardColumns + ` FROM places_card WHERE name = $1`)
	qCards      = store.Q(`SELECT ` + cardColumns + ` FROM places_card ORDER BY name`)
	qInsertCard = store.Q(`INSERT INTO places_card (` + cardColumns + `) VALUES ($1, $2, $3, $4, $5, $6)`)
	qUpdateCard = store.Q(`UPDATE places_card SET words = $2, hidden = $3, hidden_why = $4, at = $5 WHERE person = $1`)
	qDeleteCard = store.Q(`DELETE FROM places_card WHERE person = $1`)

	qPictures      = store.Q(`SELECT ` + pictureColumns + ` FROM places_picture WHERE person = $1 ORDER BY id`)
	qAllPictures   = store.Q(`SELECT ` + pictureColumns + ` FROM places_picture ORDER BY id`)
	qInsertPicture = store.Q(`INSERT INTO places_picture (` + pictureColumns + `) VALUES ($1, $2, $3, $4, $5)`)
	qDeletePicture = store.Q(`DELETE FROM places_picture WHERE id = $1`)
)

func scanCard(r store.Row) (c Card, err error) {
	var words string
	var hidden *int64
	err = r.Scan(&c.Person, &c.Name, &words, &hidden, &c.HiddenWhy, &c.At)
	if hidden != nil {
		c.Hidden = civil.Instant(*hidden)
	}
	if err == nil {
		err = unpack(words, &c.CardWords)
	}
	return c, err
}

func (c Card) hiddenAt() any {
	if c.Hidden == 0 {
		return nil
	}
	return int64(c.Hidden)
}

func insertCard(tx *store.Tx, c Card) error {
	_, err := tx.Exec(qInsertCard, string(c.Person), c.Name, string(encode(c.CardWords)), c.hiddenAt(), c.HiddenWhy,
		int64(c.At))
	return err
}

func updateCard(tx *store.Tx, c Card) error {
	_, err := tx.Exec(qUpdateCard, string(c.Person), string(encode(c.CardWords)), c.hiddenAt(), c.HiddenWhy, int64(c.At))
	return err
}

func scanPicture(r store.Row) (p Picture, err error) {
	return p, r.Scan(&p.ID, &p.Person, &p.Document, &p.Alt, &p.At)
}

func insertPicture(tx *store.Tx, p Picture) error {
	_, err := tx.Exec(qInsertPicture, p.ID, string(p.Person), p.Document, p.Alt, int64(p.At))
	return err
}

// deletePicture takes a picture away with its document.
func deletePicture(tx *store.Tx, p Picture) error {
	if _, err := tx.Exec(qDeletePicture, p.ID); err != nil {
		return err
	}
	return documents.Remove(tx, p.Document)
}

// deleteCard takes all of a card away.
func deleteCard(tx *store.Tx, person people.PersonID) error {
	pictures, err := store.List(tx, qPictures, scanPicture, string(person))
	if err != nil {
		return err
	}
	for _, p := range pictures {
		if err := deletePicture(tx, p); err != nil {
			return err
		}
	}
	_, err = tx.Exec(qDeleteCard, string(person))
	return err
}

const stayColumns = `id, space, place, state, from_on, until_on, words, why, occupancy, at, moved, by_person`

var (
	qStay         = store.Q(`SELECT ` + stayColumns + ` FROM places_stay WHERE id = $1`)
	qStayByToken  = store.Q(`SELECT ` + stayColumns + ` FROM places_stay WHERE token = $1`)
	qStays        = store.Q(`SELECT ` + stayColumns + ` FROM places_stay ORDER BY id`)
	qWaitingStays = store.Q(`SELECT ` + stayColumns + ` FROM places_stay WHERE space = $1 AND state IN ('sent', 'asked')`)
	qInsertStay   = store.Q(`INSERT INTO places_stay (` + stayColumns + `, token)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
	qUpdateStay = store.Q(`UPDATE places_stay SET state = $2, why = $3, occupancy = $4, moved = $5, by_person = $6
		WHERE id = $1`)
	qDropSent = store.Q(`DELETE FROM places_stay WHERE state = 'sent' AND at < $1`)
	qClearOld = store.Q(`UPDATE places_stay SET words = '{}', why = '' WHERE state IN ('refused', 'withdrawn')
		AND moved < $1`)
	qForgetStay = store.Q(`UPDATE places_stay SET words = '{}', why = '', state = CASE WHEN state IN ('sent', 'asked')
		THEN 'withdrawn' ELSE state END WHERE id = $1`)
	qCountAsked = store.Q(`SELECT COUNT(*) FROM places_stay WHERE state = 'asked'`)
)

func scanStay(r store.Row) (s AskedStay, err error) {
	var words string
	var occupancy *string
	err = r.Scan(&s.ID, &s.Space, &s.Place, &s.State, &s.From, &s.Until, &words, &s.Why, &occupancy, &s.At, &s.Moved,
		&s.By)
	s.Occupancy = OccupancyID(text(occupancy))
	if err == nil {
		err = unpack(words, &s.Guest)
	}
	return s, err
}

func insertStay(tx *store.Tx, s AskedStay, token []byte) error {
	_, err := tx.Exec(qInsertStay, s.ID, string(s.Space), string(s.Place), string(s.State), s.From.String(),
		s.Until.String(), string(encode(s.Guest)), s.Why, nil, int64(s.At), int64(s.Moved), string(s.By), token)
	return err
}

func updateStay(tx *store.Tx, id string, to StayState, why string, o OccupancyID) error {
	_, err := tx.Exec(qUpdateStay, id, string(to), why, orNull(string(o)), int64(tx.Now()), tx.Actor())
	return err
}

// dropStays forgets what was never confirmed, and who asked in vain long ago.
func dropStays(tx *store.Tx) error {
	now := tx.Now().Time()
	if _, err := tx.Exec(qDropSent, int64(civil.At(now.AddDate(0, 0, -staySentDays)))); err != nil {
		return err
	}
	_, err := tx.Exec(qClearOld, int64(civil.At(now.AddDate(-keepRefused, 0, 0))))
	return err
}
