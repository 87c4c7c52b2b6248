package bylaws

import (
	"encoding/json"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// Change is one article before and after. An empty Before adds the article, an empty After removes it.
type Change struct {
	Article string `json:"article"`
	Title   string `json:"title"`
	Before  string `json:"before"`
	After   string `json:"after"`
}

// Proposal is an amendment as the assembly adopted it.
type Proposal struct {
	Title     string
	AdoptedOn civil.Date // to the day, the month or the year, as the record says
	Decided   store.Ref  // the matter of the assembly that adopted it
	Changes   []Change
	Rules     []Rule // rules that the new text brings or replaces
	Note      string // what is not known, for instance that no source tells of the deed
}

// State says where an amendment stands.
type State string

// The states.
const (
	Pending State = "pending"  // adopted; the notarial deed is missing
	InForce State = "in-force" // the deed is recorded
)

// Amended is an adopted amendment.
type Amended struct {
	ID        AmendmentID
	Number    int64
	Title     string
	AdoptedOn civil.Date
	Decided   store.Ref
	Changes   []Change
	Rules     []Rule
	Note      string
	State     State
	Version   VersionID  // the version that the deed made
	InForceOn civil.Date // zero while pending
}

const maxChanges = 200

// Propose records an adopted amendment. It is pending until its deed is recorded (CSA 6:85). The text before must be
// the text in force, so that nobody amends a text that has changed since.
func Propose(tx *store.Tx, p Proposal) (AmendmentID, error) {
	if err := checkProposal(p); err != nil {
		return "", err
	}
	for i := range p.Rules {
		p.Rules[i].Layer = OwnBylaws
	}
	version, found, err := latest(tx)
	if err != nil {
		return "", err
	}
	if !found {
		return "", fault.Refuse("bylaws.refusal.none")
	}
	if _, err := apply(version, p.Changes); err != nil {
		return "", err
	}
	number, err := tx.Next("bylaws-amendment")
	if err != nil {
		return "", err
	}
	a := Amended{ID: AmendmentID(tx.ID()), Number: number, Title: p.Title, AdoptedOn: p.AdoptedOn, Decided: p.Decided,
		Changes: p.Changes, Rules: p.Rules, Note: p.Note, State: Pending}
	tx.Record(store.Line{About: []store.Ref{{Kind: "amendment", ID: string(a.ID)}},
		Args: map[string]any{"adopted_on": p.AdoptedOn.String()}})
	return a.ID, insertAmendment(tx, a)
}

func checkProposal(p Proposal) error {
	switch {
	case p.Title == "" || len(p.Title) > maxTitle:
		return fault.Refuse("bylaws.refusal.title", "limit", maxTitle).At("title")
	case p.AdoptedOn.IsZero():
		return fault.Refuse("bylaws.refusal.day").At("adopted_on")
	case len(p.Changes)+len(p.Rules) == 0 || len(p.Changes) > maxChanges || len(p.Rules) > maxRules:
		return fault.Refuse("bylaws.refusal.changes", "limit", maxChanges).At("changes")
	case len(p.Note) > maxWords:
		return fault.Refuse("bylaws.refusal.words").At("note")
	}
	for _, c := range p.Changes {
		if c.Before == c.After {
			return fault.Refuse("bylaws.refusal.same", "article", c.Article).At("after")
		}
		if err := (Article{c.Article, c.Title, c.Before + c.After}).check(); err != nil {
			return err
		}
	}
	for _, r := range p.Rules {
		if err := Allowed(r, p.AdoptedOn.Last()); err != nil {
			return err
		}
	}
	return nil
}

// apply makes the new articles; it refuses a text before that is not the text in force.
func apply(v Version, changes []Change) ([]Article, error) {
	articles := slices.Clone(v.Articles)
	for _, c := range changes {
		i := slices.IndexFunc(articles, func(a Article) bool { return a.Number == c.Article })
		switch {
		case i < 0 && c.Before != "":
			return nil, fault.Refuse("bylaws.refusal.no-article", "article", c.Article).At("before")
		case i < 0:
			articles = append(articles, Article{c.Article, c.Title, c.After})
		case articles[i].Body != c.Before:
			return nil, fault.Refuse("bylaws.refusal.before", "article", c.Article).At("before")
		case c.After == "":
			articles = slices.Delete(articles, i, i+1)
		default:
			articles[i].Body = c.After
			if c.Title != "" {
				articles[i].Title = c.Title
			}
		}
	}
	return articles, nil
}

// RecordDeed puts a pending amendment in force from the day of its notarial deed: notary, date and reference are
// needed (CSA 6:85).
func RecordDeed(tx *store.Tx, id AmendmentID, deed Deed) (VersionID, error) {
	if err := deed.whole(tx.Today()); err != nil {
		return "", err
	}
	a, found, err := AmendmentByID(tx, id)
	if err != nil {
		return "", err
	}
	if !found || a.State != Pending {
		return "", fault.Refuse("bylaws.refusal.not-pending")
	}
	if deed.SignedOn.Before(a.AdoptedOn.First()) {
		return "", fault.Refuse("bylaws.refusal.deed-early", "day", a.AdoptedOn).At("signed_on")
	}
	version, _, err := latest(tx)
	if err != nil {
		return "", err
	}
	if deed.SignedOn.Before(version.InForceOn) {
		return "", fault.Refuse("bylaws.refusal.deed-order", "day", version.InForceOn).At("signed_on")
	}
	articles, err := apply(version, a.Changes)
	if err != nil {
		return "", err
	}
	v := Version{ID: VersionID(tx.ID()), Number: version.Number + 1, InForceOn: deed.SignedOn, Amendment: a.ID,
		Articles: articles, Rules: mergeRules(version.Rules, a.Rules), Deed: deed}
	tx.Record(store.Line{About: []store.Ref{{Kind: "amendment", ID: string(a.ID)}, {Kind: "bylaws", ID: string(v.ID)}},
		Args: map[string]any{"signed_on": deed.SignedOn.String()}})
	return v.ID, insertVersion(tx, v)
}

// whole refuses a deed that lacks what makes an amendment enforceable, each missing part by its field.
func (d Deed) whole(today civil.Date) error {
	var rs fault.Refusals
	missing := func(code, field string) {
		rs = append(rs, fault.Refuse("bylaws.refusal."+code).At(field).By("CSA 6:85"))
	}
	if d.Notary == "" {
		missing("notary", "notary")
	}
	switch {
	case !d.SignedOn.IsDay():
		missing("deed-day", "signed_on")
	case d.SignedOn.After(today):
		rs = append(rs, fault.Refuse("bylaws.refusal.deed-future", "day", d.SignedOn).At("signed_on"))
	}
	if d.Reference == "" {
		missing("deed-number", "reference")
	}
	if len(rs) > 0 {
		return rs
	}
	return d.check()
}

// mergeRules replaces rules of the same key and adds the others.
func mergeRules(old, changed []Rule) []Rule {
	rules := slices.Clone(old)
	for _, c := range changed {
		if i := slices.IndexFunc(rules, func(r Rule) bool { return r.Key == c.Key }); i >= 0 {
			rules[i] = c
		} else {
			rules = append(rules, c)
		}
	}
	return rules
}

func (a Amended) canonical() []byte {
	c, err := json.Marshal(struct {
		ID        AmendmentID `json:"id"`
		Number    int64       `json:"number"`
		Title     string      `json:"title"`
		AdoptedOn civil.Date  `json:"adopted_on"`
		Decided   store.Ref   `json:"decided"`
		Changes   []Change    `json:"changes,omitempty"`
		Rules     []Rule      `json:"rules,omitempty"`
		Note      string      `json:"note"`
	}{a.ID, a.Number, a.Title, a.AdoptedOn, a.Decided, a.Changes, a.Rules, a.Note})
	fault.Must(err == nil, "amendment %s: %v", a.ID, err)
	return c
}
