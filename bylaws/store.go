package bylaws

import (
	"embed"
	"encoding/json"
	"errors"

	"lieux/base/civil"
	"lieux/base/store"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "bylaws", Schema: schema, Witnesses: []store.Witness{
	{Kind: "bylaws", Each: eachVersion}, {Kind: "amendment", Each: eachAmendment},
}}

// What is read together, with the tables that it stands in.
const (
	versionColumns   = `id, number, in_force_on, preset, amendment FROM bylaws_version`
	ruleColumns      = `key, article, words, value, source, confidence`
	amendmentColumns = `a.id, a.number, a.title, a.adopted_on, a.decided_kind, a.decided_id, a.note, v.id, v.in_force_on
		FROM bylaws_amendment a LEFT JOIN bylaws_version v ON v.amendment = a.id`
)

var (
	qInsertVersion = store.Q(`INSERT INTO bylaws_version (id, number, in_force_on, preset, amendment)
		VALUES ($1, $2, $3, $4, $5)`)
	qInsertArticle = store.Q(`INSERT INTO bylaws_article (version, position, number, title, body)
		VALUES ($1, $2, $3, $4, $5)`)
	qInsertRule = store.Q(`INSERT INTO bylaws_rule (version, position, ` + ruleColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qInsertDeed = store.Q(`INSERT INTO bylaws_deed (version, notary, signed_on, reference, document, note)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qInsertAmendment = store.Q(`INSERT INTO bylaws_amendment
		(id, number, title, adopted_on, decided_kind, decided_id, note) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qInsertChange = store.Q(`INSERT INTO bylaws_change (amendment, position, article, title, before, after)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qInsertRuleChange = store.Q(`INSERT INTO bylaws_rule_change (amendment, position, ` + ruleColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)

	qSaveDraft = store.Q(`INSERT INTO bylaws_draft (id, changes, rules, changed_at) VALUES ('draft', $1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET changes = excluded.changes, rules = excluded.rules,
		changed_at = excluded.changed_at`)
	qDraft       = store.Q(`SELECT changes, rules, changed_at FROM bylaws_draft`)
	qDeleteDraft = store.Q(`DELETE FROM bylaws_draft`)

	qVersions        = store.Q(`SELECT ` + versionColumns + ` ORDER BY number DESC`)
	qVersionsByID    = store.Q(`SELECT ` + versionColumns + ` ORDER BY id`)
	qVersionNumbered = store.Q(`SELECT ` + versionColumns + ` WHERE number = $1`)
	qArticles        = store.Q(`SELECT number, title, body FROM bylaws_article WHERE version = $1 ORDER BY position`)
	qRules           = store.Q(`SELECT ` + ruleColumns + ` FROM bylaws_rule WHERE version = $1 ORDER BY position`)
	qDeed            = store.Q(`SELECT notary, signed_on, reference, document, note FROM bylaws_deed WHERE version = $1`)
	qAmendments      = store.Q(`SELECT ` + amendmentColumns + ` ORDER BY a.number DESC`)
	qAmendmentsByID  = store.Q(`SELECT ` + amendmentColumns + ` ORDER BY a.id`)
	qChanges         = store.Q(`SELECT article, title, before, after FROM bylaws_change WHERE amendment = $1
		ORDER BY position`)
	qRuleChanges = store.Q(`SELECT ` + ruleColumns + ` FROM bylaws_rule_change WHERE amendment = $1 ORDER BY position`)
)

func insertVersion(tx *store.Tx, v Version) error {
	var amendment any
	if v.Amendment != "" {
		amendment = string(v.Amendment)
	}
	if _, err := tx.Exec(qInsertVersion, string(v.ID), v.Number, v.InForceOn, v.Preset, amendment); err != nil {
		return err
	}
	for i, a := range v.Articles {
		if _, err := tx.Exec(qInsertArticle, string(v.ID), int64(i+1), a.Number, a.Title, a.Body); err != nil {
			return err
		}
	}
	if err := insertRules(tx, qInsertRule, string(v.ID), v.Rules); err != nil {
		return err
	}
	if d := v.Deed; d != (Deed{}) {
		if _, err := tx.Exec(qInsertDeed, string(v.ID), d.Notary, d.SignedOn, d.Reference, d.Document, d.Note); err != nil {
			return err
		}
	}
	return tx.Seal("bylaws", string(v.ID), v.canonical())
}

func insertRules(tx *store.Tx, q store.Query, owner string, rules []Rule) error {
	for i, r := range rules {
		_, err := tx.Exec(q, owner, int64(i+1), string(r.Key), r.Article, r.Words, string(r.Value), r.Source,
			string(r.Confidence))
		if err != nil {
			return err
		}
	}
	return nil
}

func insertAmendment(tx *store.Tx, a Amended) error {
	if _, err := tx.Exec(qInsertAmendment, string(a.ID), a.Number, a.Title, a.AdoptedOn, a.Decided.Kind, a.Decided.ID,
		a.Note); err != nil {
		return err
	}
	for i, c := range a.Changes {
		if _, err := tx.Exec(qInsertChange, string(a.ID), int64(i+1), c.Article, c.Title, c.Before, c.After); err != nil {
			return err
		}
	}
	if err := insertRules(tx, qInsertRuleChange, string(a.ID), a.Rules); err != nil {
		return err
	}
	return tx.Seal("amendment", string(a.ID), a.canonical())
}

func scanVersion(r store.Row) (v Version, err error) {
	var amendment *string
	if err = r.Scan(&v.ID, &v.Number, &v.InForceOn, &v.Preset, &amendment); err == nil && amendment != nil {
		v.Amendment = AmendmentID(*amendment)
	}
	return v, err
}

// Versions lists the versions, newest first, without their texts.
func Versions(r store.Reader) ([]Version, error) { return store.List(r, qVersions, scanVersion) }

// latest is the version with the highest number, whole.
func latest(r store.Reader) (Version, bool, error) {
	v, found, err := store.Find(r, qVersions, scanVersion)
	if err != nil || !found {
		return Version{}, found, err
	}
	v, err = whole(r, v)
	return v, true, err
}

// versionOn is the version in force on a day, whole; the zero Version when there was none.
func versionOn(r store.Reader, day civil.Date) (Version, error) {
	versions, err := Versions(r)
	if err != nil {
		return Version{}, err
	}
	for _, v := range versions {
		if !v.InForceOn.First().After(day) {
			return whole(r, v)
		}
	}
	return Version{}, nil
}

// VersionByID reads a version, whole.
func VersionByID(r store.Reader, id VersionID) (Version, bool, error) {
	versions, err := Versions(r)
	if err != nil {
		return Version{}, false, err
	}
	for _, v := range versions {
		if v.ID == id {
			v, err = whole(r, v)
			return v, true, err
		}
	}
	return Version{}, false, nil
}

func whole(r store.Reader, v Version) (Version, error) {
	var err error
	if v.Articles, err = store.List(r, qArticles, func(row store.Row) (a Article, err error) {
		return a, row.Scan(&a.Number, &a.Title, &a.Body)
	}, string(v.ID)); err != nil {
		return v, err
	}
	if v.Rules, err = store.List(r, qRules, scanRule, string(v.ID)); err != nil {
		return v, err
	}
	v.Deed, _, err = store.Find(r, qDeed, func(row store.Row) (d Deed, err error) {
		return d, row.Scan(&d.Notary, &d.SignedOn, &d.Reference, &d.Document, &d.Note)
	}, string(v.ID))
	return v, err
}

func scanRule(row store.Row) (Rule, error) {
	r := Rule{Layer: OwnBylaws}
	var value string
	err := row.Scan(&r.Key, &r.Article, &r.Words, &value, &r.Source, &r.Confidence)
	r.Value = json.RawMessage(value)
	if !json.Valid(r.Value) { // a hand has been at it: keep the bytes, so that the check sees other ones than were sealed
		r.Value, _ = json.Marshal(value)
	}
	return r, err
}

func scanAmendment(row store.Row) (Amended, error) {
	a := Amended{State: Pending}
	var version *string
	err := row.Scan(&a.ID, &a.Number, &a.Title, &a.AdoptedOn, &a.Decided.Kind, &a.Decided.ID, &a.Note, &version,
		&a.InForceOn)
	if version != nil {
		a.State, a.Version = InForce, VersionID(*version)
	}
	return a, err
}

// Amendments lists the adopted amendments with their changes, newest first.
func Amendments(r store.Reader) ([]Amended, error) { return amendments(r, qAmendments) }

func amendments(r store.Reader, q store.Query) ([]Amended, error) {
	list, err := store.List(r, q, scanAmendment)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Changes, err = store.List(r, qChanges, func(row store.Row) (c Change, err error) {
			return c, row.Scan(&c.Article, &c.Title, &c.Before, &c.After)
		}, string(list[i].ID)); err != nil {
			return nil, err
		}
		if list[i].Rules, err = store.List(r, qRuleChanges, scanRule, string(list[i].ID)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// AmendmentByID reads one amendment.
func AmendmentByID(r store.Reader, id AmendmentID) (Amended, bool, error) {
	list, err := Amendments(r)
	for _, a := range list {
		if a.ID == id {
			return a, true, err
		}
	}
	return Amended{}, false, err
}

// eachVersion and eachAmendment re-make what was sealed.
func eachVersion(r store.Reader, yield func(string, []byte) error) error {
	versions, err := store.List(r, qVersionsByID, scanVersion)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v, err = whole(r, v); err != nil {
			return err
		}
		if err := yield(string(v.ID), v.canonical()); err != nil {
			return err
		}
	}
	return nil
}

func eachAmendment(r store.Reader, yield func(string, []byte) error) error {
	list, err := amendments(r, qAmendmentsByID)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := yield(string(a.ID), a.canonical()); err != nil {
			return err
		}
	}
	return nil
}

// VersionNumbered reads a version by its number, whole.
func VersionNumbered(r store.Reader, number int64) (Version, bool, error) {
	v, found, err := store.Find(r, qVersionNumbered, scanVersion, number)
	if err != nil || !found {
		return Version{}, found, err
	}
	v, err = whole(r, v)
	return v, true, err
}

// AmendmentNumbered reads an amendment by its number.
func AmendmentNumbered(r store.Reader, number int64) (Amended, bool, error) {
	list, err := Amendments(r)
	for _, a := range list {
		if a.Number == number {
			return a, true, err
		}
	}
	return Amended{}, false, err
}

// TheDraft reads what is being drafted; the zero Draft when nothing is.
func TheDraft(r store.Reader) (Draft, error) {
	d, _, err := store.Find(r, qDraft, func(row store.Row) (d Draft, err error) {
		var changes, rules string
		if err = row.Scan(&changes, &rules, &d.ChangedAt); err == nil {
			err = errors.Join(json.Unmarshal([]byte(changes), &d.Changes), json.Unmarshal([]byte(rules), &d.Rules))
		}
		return d, err
	})
	return d, err
}

func saveDraft(tx *store.Tx, d Draft) error {
	changes, err := json.Marshal(d.Changes)
	if err != nil {
		return err
	}
	rules, err := json.Marshal(d.Rules)
	if err != nil {
		return err
	}
	_, err = tx.Exec(qSaveDraft, string(changes), string(rules), tx.Now())
	return err
}

func deleteDraft(tx *store.Tx) error {
	_, err := tx.Exec(qDeleteDraft)
	return err
}
