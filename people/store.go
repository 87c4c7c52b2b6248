package people

import (
	"embed"
	"fmt"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
)

//go:embed schema/*.sql
var schemaFS embed.FS

// Phrases is the room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store keeps for this room.
var Room = store.Room{Name: "people", Schema: schemaFS,
	Ephemeral: []string{"people_challenge", "people_asked", "people_session", "people_passkey_use"}}

// nameBatch is how many persons one statement reads.
const nameBatch = 64

const personColumns = `p.id, p.kind, p.given, p.family, p.birth, p.name, p.form, p.enterprise, p.lang, p.sort,
	p.enrolled, p.erased_on, p.erased_ground, COALESCE(a.kept, '')`

const personFrom = ` FROM people_person p LEFT JOIN people_alias a ON a.alias = p.id AND a.undone_at IS NULL `

var (
	qPerson  = store.Q(`SELECT ` + personColumns + personFrom + `WHERE p.id = $1`)
	qPersons = store.Q(`SELECT ` + personColumns + personFrom + `WHERE p.id IN (` + places(nameBatch) + `)`)

	qBook = store.Q(`SELECT ` + personColumns + personFrom + `WHERE p.erased_on = '' AND a.kept IS NULL
		ORDER BY p.sort, p.id LIMIT $1 OFFSET $2`)
	qCount = store.Q(`SELECT COUNT(*)` + personFrom + `WHERE p.erased_on = '' AND a.kept IS NULL`)

	qInsertPerson = store.Q(`INSERT INTO people_person (id, kind, given, family, birth, name, form, enterprise, lang,
		sort, enrolled, erased_on, erased_ground)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '')`)
	qSearchPrefix = store.Q(`SELECT person, kind, key FROM people_key WHERE key >= $1 AND key < $2
		ORDER BY key, person LIMIT $3`)
	qSearchWords = store.Q(`SELECT a.person, a.kind, a.key FROM people_key a WHERE a.key >= $1 AND a.key < $2
		AND EXISTS (SELECT 1 FROM people_key b WHERE b.person = a.person AND b.key >= $3 AND b.key < $4)
		AND EXISTS (SELECT 1 FROM people_key c WHERE c.person = a.person AND c.key >= $5 AND c.key < $6)
		ORDER BY a.key, a.person LIMIT $7`)
	qSearchContact = store.Q(`SELECT id, person, kind, value, key, from_on, until_on, recorded FROM people_contact
		WHERE key LIKE $1 ESCAPE '!' ORDER BY key, person LIMIT $2`)

	intoTwins    = store.InsertRows("people_twin", "key, person", " ON CONFLICT (key, person) DO NOTHING")
	qForgetTwins = store.Q(`DELETE FROM people_twin WHERE person = $1`)
	qTwinKeys    = store.Q(`SELECT key FROM people_twin WHERE person = $1 ORDER BY key`)
	qInBlocks    = store.Q(inBlocksText())
	qTwinBlocks  = store.Q(`SELECT t.key, t.person FROM people_twin t
		JOIN (SELECT key FROM people_twin GROUP BY key HAVING COUNT(*) BETWEEN 2 AND $1) b ON b.key = t.key
		ORDER BY t.key, t.person`)
	qTellApart = store.Q(`INSERT INTO people_distinct (one, two, said_at) VALUES ($1, $2, $3)
		ON CONFLICT (one, two) DO NOTHING`)
	qToldApart = store.Q(`SELECT one, two FROM people_distinct`)

	qMerge = store.Q(`INSERT INTO people_alias (id, alias, kept, why, merged_at, undone_at)
		VALUES ($1, $2, $3, $4, $5, NULL)`)
	qUnmerge    = store.Q(`UPDATE people_alias SET undone_at = $2 WHERE alias = $1 AND undone_at IS NULL`)
	qMergedWith = store.Q(`SELECT COALESCE(up.kept, ''), COALESCE(down.alias, '') FROM people_person p
		LEFT JOIN people_alias up ON up.alias = p.id AND up.undone_at IS NULL
		LEFT JOIN people_alias down ON down.kept = p.id AND down.undone_at IS NULL
		WHERE p.id = $1 ORDER BY down.merged_at, down.alias`)
	qMerges = store.Q(`SELECT alias, kept, why FROM people_alias WHERE undone_at IS NULL
		ORDER BY merged_at DESC, id DESC LIMIT $1`)

	qUpdateNames = store.Q(`UPDATE people_person
		SET given = $2, family = $3, birth = $4, name = $5, form = $6, enterprise = $7, sort = $8 WHERE id = $1`)
	qInsertFormer = store.Q(`INSERT INTO people_former_name (id, person, name, until_on, recorded)
		VALUES ($1, $2, $3, $4, $5)`)
	qFormer = store.Q(`SELECT name, until_on FROM people_former_name WHERE person = $1 ORDER BY until_on DESC, id DESC`)
	qSpeak  = store.Q(`UPDATE people_person SET lang = $2 WHERE id = $1`)

	qInsertRepresentation = store.Q(`INSERT INTO people_representation (id, legal, person, quality, from_on, until_on,
		recorded)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qRepresentation  = store.Q(`SELECT ` + representationColumns + ` FROM people_representation WHERE id = $1`)
	qRepresentatives = store.Q(`SELECT ` + representationColumns + ` FROM people_representation WHERE legal = $1
		ORDER BY until_on, from_on, id`)
	qRepresenting = store.Q(`SELECT ` + representationColumns + ` FROM people_representation WHERE person = $1
		ORDER BY until_on, from_on, id`)
	qEndRepresentation = store.Q(`UPDATE people_representation SET until_on = $2 WHERE id = $1`)

	qInsertHousehold = store.Q(`INSERT INTO people_household (id, name) VALUES ($1, $2)`)
	qJoinHousehold   = store.Q(`INSERT INTO people_household_member (household, person, recorded) VALUES ($1, $2, $3)`)
	qLeaveHousehold  = store.Q(`DELETE FROM people_household_member WHERE person = $1`)
	qEmptyHousehold  = store.Q(`DELETE FROM people_household_member WHERE household = $1`)
	qForgetHousehold = store.Q(`DELETE FROM people_household WHERE id = $1`)
	qHousehold       = store.Q(`SELECT h.id, h.name FROM people_household_member m
		JOIN people_household h ON h.id = m.household WHERE m.person = $1`)
	qHouseholdMembers = store.Q(`SELECT person FROM people_household_member WHERE household = $1 ORDER BY person`)

	qInsertText = store.Q(`INSERT INTO people_consent_text (id, kind, lang, words, hash, from_on)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qSameText = store.Q(`SELECT id FROM people_consent_text WHERE kind = $1 AND lang = $2 AND hash = $3`)
	qText     = store.Q(`SELECT id, kind, lang, words, hash, from_on FROM people_consent_text WHERE id = $1`)
	qTexts    = store.Q(`SELECT id, kind, lang, words, hash, from_on FROM people_consent_text
		ORDER BY from_on DESC, id DESC`)
	qAgree = store.Q(`INSERT INTO people_consent (id, person, text, given_on, withdrawn_on, channel, recorded)
		VALUES ($1, $2, $3, $4, '', $5, $6)`)
	qWithdraw = store.Q(`UPDATE people_consent SET withdrawn_on = $2 WHERE id = $1`)
	qConsent  = store.Q(`SELECT ` + consentColumns + ` WHERE c.id = $1`)
	qConsents = store.Q(`SELECT ` + consentColumns + ` WHERE c.person = $1 ORDER BY c.given_on DESC, c.id DESC`)

	qGrant = store.Q(`INSERT INTO people_access (id, person, role, from_on, until_on, recorded, revoked)
		VALUES ($1, $2, $3, $4, $5, $6, NULL)`)
	qGrants    = store.Q(`SELECT ` + grantColumns + ` FROM people_access ORDER BY id DESC`)
	qGrantsOf  = store.Q(`SELECT ` + grantColumns + ` FROM people_access WHERE person = $1 ORDER BY id DESC`)
	qGrantByID = store.Q(`SELECT ` + grantColumns + ` FROM people_access WHERE id = $1`)
	qRevoke    = store.Q(`UPDATE people_access SET revoked = $2 WHERE id = $1 AND revoked IS NULL`)
	qRevokeAll = store.Q(`UPDATE people_access SET revoked = $2 WHERE person = $1 AND revoked IS NULL`)

	qEntrance = store.Q(`SELECT 'record', alias, '', '' FROM people_alias WHERE kept = $1 AND undone_at IS NULL
		UNION ALL SELECT 'access', role, from_on, until_on FROM people_access WHERE person = $1 AND revoked IS NULL
		UNION ALL SELECT 'party', legal, from_on, until_on FROM people_representation WHERE person = $1`)

	qInsertChallenge = store.Q(`INSERT INTO people_challenge (id, purpose, person, email, token, code, asked, ends,
		tries)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`)
	qChallengeByToken = store.Q(`SELECT id, purpose, person, email, code, ends, tries FROM people_challenge
		WHERE token = $1`)
	qChallengeByID = store.Q(`SELECT id, purpose, person, email, code, ends, tries FROM people_challenge
		WHERE id = $1`)
	qForgetChallenge = store.Q(`DELETE FROM people_challenge WHERE id = $1`)
	qForgetPurpose   = store.Q(`DELETE FROM people_challenge WHERE purpose = $1`)
	qCountTry        = store.Q(`UPDATE people_challenge SET tries = tries + 1 WHERE id = $1`)
	qSweepChallenges = store.Q(`DELETE FROM people_challenge WHERE ends <= $1`)

	qInsertAsked   = store.Q(`INSERT INTO people_asked (id, email, caller, asked) VALUES ($1, $2, $3, $4)`)
	qAsked         = store.Q(`SELECT COUNT(*) FROM people_asked WHERE email = $1 AND asked > $2`)
	qAskedByCaller = store.Q(`SELECT COUNT(*) FROM people_asked WHERE email = $1 AND asked > $2 AND caller = $3`)
	qSweepAsked    = store.Q(`DELETE FROM people_asked WHERE asked <= $1`)

	qSession       = store.Q(`SELECT data, ends FROM people_session WHERE token = $1 AND ends > $2`)
	qCommitSession = store.Q(`INSERT INTO people_session (token, data, ends) VALUES ($1, $2, $3) ON CONFLICT (token)
		DO UPDATE SET data = $2, ends = $3`)
	qDeleteSession = store.Q(`DELETE FROM people_session WHERE token = $1`)
	qSweepSessions = store.Q(`DELETE FROM people_session WHERE ends <= $1`)

	qInsertPasskey = store.Q(`INSERT INTO people_passkey (id, person, name, credential, public_key, kind, copied, made)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qPasskeysOf          = store.Q(`SELECT ` + passkeyColumns + ` WHERE k.person = $1 ORDER BY k.made, k.id`)
	qPasskey             = store.Q(`SELECT ` + passkeyColumns + ` WHERE k.id = $1`)
	qPasskeyByCredential = store.Q(`SELECT ` + passkeyColumns + ` WHERE k.credential = $1`)
	qHasPasskey          = store.Q(`SELECT COUNT(*) FROM people_passkey WHERE id = $1`)
	qForgetPasskey       = store.Q(`DELETE FROM people_passkey WHERE id = $1`)
	qForgetPasskeyUse    = store.Q(`DELETE FROM people_passkey_use WHERE passkey = $1`)
	qUsePasskey          = store.Q(`INSERT INTO people_passkey_use (passkey, signs, used) VALUES ($1, $2, $3)
		ON CONFLICT (passkey) DO UPDATE SET signs = $2, used = $3`)

	qInsertPaperCode = store.Q(`INSERT INTO people_paper_code (id, person, way, hash, made, ends)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qPaperCodesOf    = store.Q(`SELECT ` + paperCodeColumns + ` WHERE person = $1 ORDER BY made DESC, id DESC`)
	qPaperCode       = store.Q(`SELECT ` + paperCodeColumns + ` WHERE id = $1`)
	qPaperCodeByHash = store.Q(`SELECT ` + paperCodeColumns + ` WHERE hash = $1`)
	qRevokePaperCode = store.Q(`UPDATE people_paper_code SET revoked = $2 WHERE id = $1`)
	qUsePaperCode    = store.Q(`UPDATE people_paper_code SET used = $2 WHERE id = $1`)

	qErasePerson = store.Q(`UPDATE people_person
		SET given = '', family = '', birth = '', name = '', form = '', enterprise = '', sort = '', lang = 'fr',
		erased_on = $2, erased_ground = $3
		WHERE id = $1`)

	qFormerNames = store.Q(`SELECT name FROM people_former_name WHERE person = $1 ORDER BY id`)

	intoKeys = store.InsertRows("people_key", "key, person, kind",
		" ON CONFLICT (key, person, kind) DO NOTHING")
	qForgetKeys = store.Q(`DELETE FROM people_key WHERE person = $1`)

	intoContacts = store.InsertRows("people_contact", "id, person, kind, value, key, from_on, until_on, recorded", "")
	qContact     = store.Q(`SELECT id, person, kind, value, key, from_on, until_on, recorded FROM people_contact
		WHERE id = $1`)
	qContacts = store.Q(`SELECT id, person, kind, value, key, from_on, until_on, recorded FROM people_contact
		WHERE person = $1 ORDER BY until_on, kind, id`)
	qContactsByKey = store.Q(`SELECT id, person, kind, value, key, from_on, until_on, recorded FROM people_contact
		WHERE kind = $1 AND key = $2 ORDER BY id LIMIT $3`)
	qEndContact = store.Q(`UPDATE people_contact SET until_on = $2 WHERE id = $1`)

	intoAddresses = store.InsertRows("people_address",
		"id, person, kind, from_on, street, postcode, town, country, key, recorded, corrects", "")
	qAddress = store.Q(`SELECT id, person, kind, from_on, street, postcode, town, country, recorded, corrects,
		withdrawn
		FROM people_address WHERE id = $1`)
	qAddresses = store.Q(`SELECT id, person, kind, from_on, street, postcode, town, country, recorded, corrects,
		withdrawn
		FROM people_address WHERE person = $1 ORDER BY id`)
	qWithdrawAddress = store.Q(`UPDATE people_address SET withdrawn = $2 WHERE id = $1`)

	qHouse = store.Q(`SELECT person, lang, zone, has_shares, register_decided_on, register_reference, founded_on
		FROM people_house`)

	qInsertHouse = store.Q(`INSERT INTO people_house (one, person, lang, zone, has_shares, register_decided_on,
		register_reference, founded_on)
		VALUES (1, $1, $2, $3, $4, $5, $6, $7)`)
	qUpdateHouse = store.Q(`UPDATE people_house
		SET lang = $1, zone = $2, has_shares = $3, register_decided_on = $4, register_reference = $5, founded_on = $6`)

	qInsertBody = store.Q(`INSERT INTO people_body (id, kind, name, parent, from_on, until_on)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qBodies     = store.Q(`SELECT id, kind, name, parent, from_on, until_on FROM people_body`)
	qBody       = store.Q(`SELECT id, kind, name, parent, from_on, until_on FROM people_body WHERE id = $1`)
	qBodyOfKind = store.Q(`SELECT id, kind, name, parent, from_on, until_on FROM people_body WHERE kind = $1
		ORDER BY id`)

	qCloseBody = store.Q(`UPDATE people_body SET until_on = $2 WHERE id = $1`)

	qInsertMandate = store.Q(`INSERT INTO people_mandate (id, body, person, role, rank, from_on, until_on,
		opened_kind, opened_id, closed_on, closed_reason, recorded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10)`)
	qMandate          = store.Q(`SELECT ` + mandateColumns + ` FROM people_mandate WHERE id = $1`)
	qMandatesOfBody   = store.Q(`SELECT ` + mandateColumns + ` FROM people_mandate WHERE body = $1 ORDER BY id`)
	qMandatesOfPerson = store.Q(`SELECT ` + mandateColumns + ` FROM people_mandate WHERE person = $1 ORDER BY id`)
	qOpenMandates     = store.Q(`SELECT ` + mandateColumns + ` FROM people_mandate
		WHERE closed_on = '' AND until_on <> '' ORDER BY id`)
	qCloseMandate = store.Q(`UPDATE people_mandate SET closed_on = $2, closed_reason = $3 WHERE id = $1`)

	qInsertDecision = store.Q(`INSERT INTO people_decision (id, body, taken_on, reference, wording, document, recorded)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qDecision = store.Q(`SELECT id, body, taken_on, reference, wording, document, recorded FROM people_decision
		WHERE id = $1`)
	qDecisions = store.Q(`SELECT id, body, taken_on, reference, wording, document, recorded FROM people_decision
		WHERE body = $1 ORDER BY taken_on DESC, id DESC`)
)

// erasures take away what one record holds; challenges and what was asked first, which are found by its contacts.
var erasures = []store.Query{
	store.Q(`DELETE FROM people_challenge WHERE person = $1 OR email IN (SELECT key FROM people_contact
		WHERE person = $1)`),
	store.Q(`DELETE FROM people_asked WHERE email IN (SELECT key FROM people_contact WHERE person = $1)`),
	store.Q(`DELETE FROM people_passkey_use WHERE passkey IN (SELECT id FROM people_passkey WHERE person = $1)`),
	store.Q(`DELETE FROM people_passkey WHERE person = $1`),
	store.Q(`DELETE FROM people_paper_code WHERE person = $1`),
	store.Q(`DELETE FROM people_former_name WHERE person = $1`),
	store.Q(`DELETE FROM people_key WHERE person = $1`),
	store.Q(`DELETE FROM people_twin WHERE person = $1`),
	store.Q(`DELETE FROM people_contact WHERE person = $1`),
	store.Q(`DELETE FROM people_address WHERE person = $1`),
	store.Q(`UPDATE people_representation SET quality = '' WHERE person = $1 OR legal = $1`),
	store.Q(`UPDATE people_consent SET channel = '' WHERE person = $1`),
	store.Q(`UPDATE people_alias SET why = '' WHERE alias = $1 OR kept = $1`),
}

const (
	representationColumns = `id, legal, person, quality, from_on, until_on, recorded`
	consentColumns        = `c.id, c.person, c.text, t.kind, t.lang, c.given_on, c.withdrawn_on, c.channel, c.recorded
		FROM people_consent c JOIN people_consent_text t ON t.id = c.text`
	passkeyColumns = `k.id, k.person, k.name, k.credential, k.public_key, k.kind, k.copied, k.made,
		COALESCE(u.signs, 0), COALESCE(u.used, 0)
		FROM people_passkey k LEFT JOIN people_passkey_use u ON u.passkey = k.id`
	paperCodeColumns = `id, person, way, made, ends, COALESCE(used, 0), COALESCE(revoked, 0) FROM people_paper_code`
	grantColumns     = `id, person, role, from_on, until_on, recorded, COALESCE(revoked, 0)`
)

const mandateColumns = `id, body, person, role, rank, from_on, until_on, opened_kind, opened_id, closed_on,
	closed_reason, recorded`

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
	return p, r.Scan(&p.ID, &p.Kind, &p.Given, &p.Family, &p.Birth, &p.Name, &p.Form, &p.Enterprise, &p.Lang, &p.Sort,
		&p.Enrolled,
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
	_, err := tx.Exec(qInsertPerson, string(p.ID), string(p.Kind), p.Given, p.Family, p.Birth, p.Name, p.Form,
		p.Enterprise, string(p.Lang),
		p.Sort, int64(p.Enrolled))
	return err
}

func insertContact(tx *store.Tx, c Contact) error {
	return tx.Later(intoContacts, c.ID, string(c.Person), string(c.Kind), c.Value, c.Key, c.From, c.Until,
		int64(c.Recorded))
}

func scanPasskey(r store.Row) (k Passkey, err error) {
	var copied int64
	err = r.Scan(&k.ID, &k.Person, &k.Name, &k.Credential, &k.Public, &k.Kind, &copied, &k.Made, &k.Signs, &k.Used)
	k.Copied = copied == 1
	return k, err
}

func scanPaperCode(r store.Row) (c PaperCode, err error) {
	return c, r.Scan(&c.ID, &c.Person, &c.Way, &c.Made, &c.Ends, &c.Used, &c.Revoked)
}

func scanContact(r store.Row) (c Contact, err error) {
	return c, r.Scan(&c.ID, &c.Person, &c.Kind, &c.Value, &c.Key, &c.From, &c.Until, &c.Recorded)
}

func insertAddress(tx *store.Tx, a Address) error {
	return tx.Later(intoAddresses, a.ID, string(a.Person), string(a.Kind), a.From, a.Street, a.Postcode, a.Town,
		a.Country, a.key(), int64(a.Recorded), orNull(a.Corrects))
}

func scanAddress(r store.Row) (a Address, err error) {
	var corrects *string
	var withdrawn *int64
	err = r.Scan(&a.ID, &a.Person, &a.Kind, &a.From, &a.Street, &a.Postcode, &a.Town, &a.Country, &a.Recorded, &corrects,
		&withdrawn)
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
	_, err := tx.Exec(qInsertHouse, string(h.Person), string(h.Lang), h.Zone, asNumber(h.HasShares), h.Register.On,
		h.Register.Reference, h.FoundedOn)
	return err
}

func updateHouse(tx *store.Tx, h House) error {
	_, err := tx.Exec(qUpdateHouse, string(h.Lang), h.Zone, asNumber(h.HasShares), h.Register.On, h.Register.Reference,
		h.FoundedOn)
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
	_, err := tx.Exec(qInsertMandate, string(m.ID), string(m.Body), string(m.Person), string(m.Role), int64(m.Rank),
		m.From, m.Until,
		m.Opened.Kind, m.Opened.ID, int64(m.Recorded))
	return err
}

func scanMandate(r store.Row) (m Mandate, err error) {
	return m, r.Scan(&m.ID, &m.Body, &m.Person, &m.Role, &m.Rank, &m.From, &m.Until, &m.Opened.Kind, &m.Opened.ID,
		&m.Closed, &m.Reason,
		&m.Recorded)
}

func insertDecision(tx *store.Tx, d Decision) error {
	_, err := tx.Exec(qInsertDecision, string(d.ID), string(d.Body), d.On, d.Reference, d.Wording, d.Document,
		int64(d.Recorded))
	return err
}

func scanDecision(r store.Row) (d Decision, err error) {
	return d, r.Scan(&d.ID, &d.Body, &d.On, &d.Reference, &d.Wording, &d.Document, &d.Recorded)
}

// key is one entry of the search table.
type key struct{ key, kind string }

// rekey writes the search keys and the duplicate finder's keys of a person anew, after each change.
func rekey(tx *store.Tx, id PersonID) error {
	for _, q := range []store.Query{qForgetKeys, qForgetTwins} {
		if _, err := tx.Exec(q, string(id)); err != nil {
			return err
		}
	}
	f, err := factsOf(tx, id)
	if err != nil || !f.Erased.IsZero() {
		return err
	}
	former, err := store.List(tx, qFormerNames, store.Text, string(id))
	if err != nil {
		return err
	}
	history, err := Addresses(tx, id)
	if err != nil {
		return err
	}
	home, housed := lastHome(tx, history)
	return writeKeys(tx, f, former, home, housed)
}

// writeKeys writes the keys of a record that has none.
func writeKeys(tx *store.Tx, f Facts, former []string, home Address, housed bool) error {
	return insertKeys(tx, f.ID, searchKeys(f.Person, former, home, housed), blocks(f))
}

func insertKeys(tx *store.Tx, id PersonID, keys []key, blocks []string) error {
	for _, k := range keys {
		if err := tx.Later(intoKeys, k.key, string(id), k.kind); err != nil {
			return err
		}
	}
	for _, k := range blocks {
		if err := tx.Later(intoTwins, k, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// blocksAtOnce is how many keys of the duplicate finder are looked up by one statement.
const blocksAtOnce = 6

// inBlocksText looks several keys up. The limit stands in the text: SQLite makes a plan anew for each limit that it is
// given.
func inBlocksText() string {
	parts := make([]string, blocksAtOnce)
	for i := range parts {
		parts[i] = fmt.Sprintf(`SELECT * FROM (SELECT key, person FROM people_twin WHERE key = $%d ORDER BY person
			LIMIT %d) AS k%d`, i+1, maxBlock+1, i+1)
	}
	return strings.Join(parts, " UNION ALL ")
}

// inBlocks are the records under each of at most [blocksAtOnce] keys of the duplicate finder, and one more than
// maxBlock at most.
func inBlocks(r store.Reader, keys []string) (map[string][]PersonID, error) {
	args := make([]any, blocksAtOnce)
	for i := range args {
		args[i] = "" // which no record has
		if i < len(keys) {
			args[i] = keys[i]
		}
	}
	by := map[string][]PersonID{}
	return by, store.Each(r, qInBlocks, func(row store.Row) error {
		var key string
		var id PersonID
		err := row.Scan(&key, &id)
		by[key] = append(by[key], id)
		return err
	}, args...)
}

// factsOf reads what a record is compared by: every contact that it ever had, and its last home.
func factsOf(r store.Reader, id PersonID) (Facts, error) {
	p, err := Get(r, id)
	if err != nil {
		return Facts{}, err
	}
	f := Facts{Person: p}
	contacts, err := Contacts(r, id)
	if err != nil {
		return f, err
	}
	for _, c := range contacts {
		f.note(c)
	}
	history, err := Addresses(r, id)
	if home, ok := lastHome(r, history); ok {
		f.Home = home.key()
	}
	return f, err
}

// lastHome is the home of today, or the one that a move already written will bring: keys are not written again on
// the day of a move.
func lastHome(r store.Reader, history []Address) (Address, bool) {
	return AddressOn(history, Home, r.Today().AddYears(2), 0)
}

// blockedPairs are the pairs of records that share a key of the duplicate finder.
func blockedPairs(r store.Reader) (map[[2]PersonID]bool, error) {
	pairs := map[[2]PersonID]bool{}
	var current string
	var block []PersonID
	err := store.Each(r, qTwinBlocks, func(row store.Row) error {
		var key, person string
		if err := row.Scan(&key, &person); err != nil {
			return err
		}
		if key != current {
			current, block = key, block[:0]
		}
		for _, other := range block {
			pairs[ordered(other, PersonID(person))] = true
		}
		block = append(block, PersonID(person))
		return nil
	}, int64(maxBlock))
	return pairs, err
}

func toldApart(r store.Reader) (map[[2]PersonID]bool, error) {
	apart := map[[2]PersonID]bool{}
	err := store.Each(r, qToldApart, func(row store.Row) error {
		var pair [2]PersonID
		err := row.Scan(&pair[0], &pair[1])
		apart[pair] = true
		return err
	})
	return apart, err
}

func scanHousehold(r store.Row) (h Household, err error) { return h, r.Scan(&h.ID, &h.Name) }

func scanMerged(r store.Row) (m Merged, err error) { return m, r.Scan(&m.Alias, &m.Kept, &m.Why) }

func scanHit(r store.Row) (h Hit, err error) {
	var kind, key string
	if err = r.Scan(&h.Person, &kind, &key); err == nil && kind != keyName {
		h.Why = lang.Say("people.found."+kind, "text", key)
	}
	return h, err
}

func updateNames(tx *store.Tx, p Person) error {
	_, err := tx.Exec(qUpdateNames, string(p.ID), p.Given, p.Family, p.Birth, p.Name, p.Form, p.Enterprise, p.Sort)
	return err
}

func insertFormerName(tx *store.Tx, id PersonID, name string, until civil.Date) error {
	_, err := tx.Exec(qInsertFormer, tx.ID(), string(id), name, until, int64(tx.Now()))
	return err
}

func scanFormer(r store.Row) (f FormerName, err error) { return f, r.Scan(&f.Name, &f.Until) }

func insertRepresentation(tx *store.Tx, p Representation) error {
	_, err := tx.Exec(qInsertRepresentation, p.ID, string(p.Legal), string(p.Person), p.Quality, p.From, p.Until,
		int64(p.Recorded))
	return err
}

func scanRepresentation(r store.Row) (p Representation, err error) {
	return p, r.Scan(&p.ID, &p.Legal, &p.Person, &p.Quality, &p.From, &p.Until, &p.Recorded)
}

func scanText(r store.Row) (t ConsentText, err error) {
	var hash []byte
	err = r.Scan(&t.ID, &t.Kind, &t.Lang, &t.Words, &hash, &t.From)
	copy(t.Hash[:], hash)
	return t, err
}

func scanConsent(r store.Row) (c Consent, err error) {
	return c, r.Scan(&c.ID, &c.Person, &c.Text, &c.Kind, &c.Lang, &c.Given, &c.Withdrawn, &c.Channel, &c.Recorded)
}

func scanGrant(r store.Row) (g Grant, err error) {
	return g, r.Scan(&g.ID, &g.Person, &g.Role, &g.From, &g.Until, &g.Recorded, &g.Revoked)
}

func scanChallenge(r store.Row) (c Challenge, err error) {
	return c, r.Scan(&c.id, &c.Purpose, &c.Person, &c.Email, &c.code, &c.Ends, &c.tries)
}
