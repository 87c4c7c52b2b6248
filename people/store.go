package people

import (
	"embed"
	"fmt"
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/store"
)

//go:embed schema/*.sql
var schemaFS embed.FS

// Phrases is the room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store keeps for this room.
var Room = store.Room{Name: "people", Schema: schemaFS, Ephemeral: []string{"people_challenge", "people_session"}}

// nameBatch is how many persons one statement reads.
const nameBatch = 64

const personColumns = `p.id, p.kind, p.given, p.family, p.birth, p.name, p.form, p.enterprise, p.lang, p.sort, p.enrolled,
	p.erased_on, p.erased_ground, COALESCE(a.kept, '')`

const personFrom = ` FROM people_person p LEFT JOIN people_alias a ON a.alias = p.id AND a.undone_at IS NULL `

var (
	qPerson  = store.Q(`SELECT ` + personColumns + personFrom + `WHERE p.id = $1`)
	qPersons = store.Q(`SELECT ` + personColumns + personFrom + `WHERE p.id IN (` + places(nameBatch) + `)`)

	qInsertPerson = store.Q(`INSERT INTO people_person (id, kind, given, family, birth, name, form, enterprise, lang, sort, enrolled,
		erased_on, erased_ground) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '')`)
	qInsertKey  = store.Q(`INSERT INTO people_key (key, person, kind) VALUES ($1, $2, $3) ON CONFLICT (key, person, kind) DO NOTHING`)
	qForgetKeys = store.Q(`DELETE FROM people_key WHERE person = $1`)

	qInsertContact = store.Q(`INSERT INTO people_contact (id, person, kind, value, key, from_on, until_on, recorded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qContact       = store.Q(`SELECT id, person, kind, value, key, from_on, until_on, recorded FROM people_contact WHERE id = $1`)
	qContacts      = store.Q(`SELECT id, person, kind, value, key, from_on, until_on, recorded FROM people_contact WHERE person = $1 ORDER BY until_on, kind, id`)
	qContactsByKey = store.Q(`SELECT id, person, kind, value, key, from_on, until_on, recorded FROM people_contact
		WHERE kind = $1 AND key = $2 ORDER BY id LIMIT $3`)
	qEndContact = store.Q(`UPDATE people_contact SET until_on = $2 WHERE id = $1`)

	qInsertAddress = store.Q(`INSERT INTO people_address (id, person, kind, from_on, street, postcode, town, country, key, recorded, corrects, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)`)
	qAddress = store.Q(`SELECT id, person, kind, from_on, street, postcode, town, country, recorded, corrects, withdrawn
		FROM people_address WHERE id = $1`)
	qAddresses = store.Q(`SELECT id, person, kind, from_on, street, postcode, town, country, recorded, corrects, withdrawn
		FROM people_address WHERE person = $1 ORDER BY id`)
	qWithdrawAddress = store.Q(`UPDATE people_address SET withdrawn = $2 WHERE id = $1`)

	qHouse = store.Q(`SELECT person, lang, zone, has_shares, register_decided_on, register_reference, founded_on FROM people_house`)

	qInsertHouse = store.Q(`INSERT INTO people_house (one, person, lang, zone, has_shares, register_decided_on, register_reference, founded_on)
		VALUES (1, $1, $2, $3, $4, $5, $6, $7)`)
	qUpdateHouse = store.Q(`UPDATE people_house SET lang = $1, zone = $2, has_shares = $3, register_decided_on = $4, register_reference = $5,
		founded_on = $6`)

	qInsertBody = store.Q(`INSERT INTO people_body (id, kind, name, parent, from_on, until_on) VALUES ($1, $2, $3, $4, $5, $6)`)
	qBodies     = store.Q(`SELECT id, kind, name, parent, from_on, until_on FROM people_body`)
	qBody       = store.Q(`SELECT id, kind, name, parent, from_on, until_on FROM people_body WHERE id = $1`)
	qBodyOfKind = store.Q(`SELECT id, kind, name, parent, from_on, until_on FROM people_body WHERE kind = $1 ORDER BY id`)

	qInsertMandate = store.Q(`INSERT INTO people_mandate (id, body, person, role, rank, from_on, until_on, opened_kind, opened_id, closed_on,
		closed_reason, recorded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10)`)
	qMandate          = store.Q(`SELECT ` + mandateColumns + ` FROM people_mandate WHERE id = $1`)
	qMandatesOfBody   = store.Q(`SELECT ` + mandateColumns + ` FROM people_mandate WHERE body = $1 ORDER BY id`)
	qMandatesOfPerson = store.Q(`SELECT ` + mandateColumns + ` FROM people_mandate WHERE person = $1 ORDER BY id`)
	qOpenMandates     = store.Q(`SELECT ` + mandateColumns + ` FROM people_mandate WHERE closed_on = '' AND until_on <> '' ORDER BY id`)
	qCloseMandate     = store.Q(`UPDATE people_mandate SET closed_on = $2, closed_reason = $3 WHERE id = $1`)

	qInsertDecision = store.Q(`INSERT INTO people_decision (id, body, taken_on, reference, wording, document, recorded)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qDecision  = store.Q(`SELECT id, body, taken_on, reference, wording, document, recorded FROM people_decision WHERE id = $1`)
	qDecisions = store.Q(`SELECT id, body, taken_on, reference, wording, document, recorded FROM people_decision WHERE body = $1
		ORDER BY taken_on DESC, id DESC`)
)

const mandateColumns = `id, body, person, role, rank, from_on, until_on, opened_kind, opened_id, closed_on, closed_reason, recorded`

func places(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String()
}

func scanPerson(r store.Row) (p Person, err error) {
	return p, r.Scan(&p.ID, &p.Kind, &p.Given, &p.Family, &p.Birth, &p.Name, &p.Form, &p.Enterprise, &p.Lang, &p.Sort, &p.Enrolled,
		&p.Erased, &p.Ground, &p.Kept)
}

// readPersons reads ids into named, a statement for each batch; the last place is repeated to fill one.
func readPersons(r store.Reader, ids []PersonID, named map[PersonID]Person) error {
	for from := 0; from < len(ids); from += nameBatch {
		part := ids[from:min(from+nameBatch, len(ids))]
		args := make([]any, nameBatch)
		for i := range args {
			args[i] = string(part[min(i, len(part)-1)])
		}
		err := store.Each(r, qPersons, func(row store.Row) error {
			p, err := scanPerson(row)
			named[p.ID] = p
			return err
		}, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

func insertPerson(tx *store.Tx, p Person) error {
	_, err := tx.Exec(qInsertPerson, string(p.ID), string(p.Kind), p.Given, p.Family, p.Birth, p.Name, p.Form, p.Enterprise, string(p.Lang),
		p.Sort, int64(p.Enrolled))
	return err
}

func insertContact(tx *store.Tx, c Contact) error {
	_, err := tx.Exec(qInsertContact, c.ID, string(c.Person), string(c.Kind), c.Value, c.Key, c.From, c.Until, int64(c.Recorded))
	return err
}

func scanContact(r store.Row) (c Contact, err error) {
	return c, r.Scan(&c.ID, &c.Person, &c.Kind, &c.Value, &c.Key, &c.From, &c.Until, &c.Recorded)
}

func insertAddress(tx *store.Tx, a Address) error {
	_, err := tx.Exec(qInsertAddress, a.ID, string(a.Person), string(a.Kind), a.From, a.Street, a.Postcode, a.Town, a.Country, a.key(),
		int64(a.Recorded), orNull(a.Corrects))
	return err
}

func scanAddress(r store.Row) (a Address, err error) {
	var corrects *string
	var withdrawn *int64
	err = r.Scan(&a.ID, &a.Person, &a.Kind, &a.From, &a.Street, &a.Postcode, &a.Town, &a.Country, &a.Recorded, &corrects, &withdrawn)
	if corrects != nil {
		a.Corrects = *corrects
	}
	if withdrawn != nil {
		a.Withdrawn = civil.Instant(*withdrawn)
	}
	return a, err
}

// orNull is NULL for an empty id: foreign keys want it.
func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

func asNumber(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func insertHouse(tx *store.Tx, h House) error {
	_, err := tx.Exec(qInsertHouse, string(h.Person), string(h.Lang), h.Zone, asNumber(h.HasShares), h.Register.On, h.Register.Reference, h.FoundedOn)
	return err
}

func updateHouse(tx *store.Tx, h House) error {
	_, err := tx.Exec(qUpdateHouse, string(h.Lang), h.Zone, asNumber(h.HasShares), h.Register.On, h.Register.Reference, h.FoundedOn)
	return err
}

func scanHouse(r store.Row) (h House, err error) {
	var shares int64
	err = r.Scan(&h.Person, &h.Lang, &h.Zone, &shares, &h.Register.On, &h.Register.Reference, &h.FoundedOn)
	h.HasShares = shares == 1
	return h, err
}

func insertBody(tx *store.Tx, b Body) error {
	_, err := tx.Exec(qInsertBody, string(b.ID), string(b.Kind), b.Name, orNull(string(b.Parent)), b.From, b.Until)
	return err
}

func scanBody(r store.Row) (b Body, err error) {
	var parent *string
	err = r.Scan(&b.ID, &b.Kind, &b.Name, &parent, &b.From, &b.Until)
	if parent != nil {
		b.Parent = BodyID(*parent)
	}
	return b, err
}

func insertMandate(tx *store.Tx, m Mandate) error {
	_, err := tx.Exec(qInsertMandate, string(m.ID), string(m.Body), string(m.Person), string(m.Role), int64(m.Rank), m.From, m.Until,
		m.Opened.Kind, m.Opened.ID, int64(m.Recorded))
	return err
}

func scanMandate(r store.Row) (m Mandate, err error) {
	return m, r.Scan(&m.ID, &m.Body, &m.Person, &m.Role, &m.Rank, &m.From, &m.Until, &m.Opened.Kind, &m.Opened.ID, &m.Closed, &m.Reason,
		&m.Recorded)
}

func insertDecision(tx *store.Tx, d Decision) error {
	_, err := tx.Exec(qInsertDecision, string(d.ID), string(d.Body), d.On, d.Reference, d.Wording, d.Document, int64(d.Recorded))
	return err
}

func scanDecision(r store.Row) (d Decision, err error) {
	return d, r.Scan(&d.ID, &d.Body, &d.On, &d.Reference, &d.Wording, &d.Document, &d.Recorded)
}

// key is one entry of the search table.
type key struct{ key, kind string }

// rekey writes the search keys of a person anew.
func rekey(tx *store.Tx, id PersonID) error {
	if _, err := tx.Exec(qForgetKeys, string(id)); err != nil {
		return err
	}
	keys, err := keysOf(tx, id)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := tx.Exec(qInsertKey, k.key, string(id), k.kind); err != nil {
			return err
		}
	}
	return nil
}

func keysOf(r store.Reader, id PersonID) ([]key, error) {
	p, err := Get(r, id)
	if err != nil || !p.Erased.IsZero() {
		return nil, err
	}
	return []key{{fold.Text(p.Full()), "name"}}, nil
}
