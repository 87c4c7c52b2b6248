package bylaws

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// Draft is a text that somebody prepares by hand, before and after: the founding text of a cooperative that sets itself
// up, or an amendment that was adopted outside of the program. There is one at a time. It holds nowhere: it becomes a
// version by [LayDraft], or a pending amendment by [ProposeDraft].
type Draft struct {
	Changes   []Change
	Rules     []Rule
	ChangedAt civil.Instant // 0 while there is none
}

// Empty says that nothing is drafted.
func (d Draft) Empty() bool { return len(d.Changes)+len(d.Rules) == 0 }

// Change finds what the draft makes of an article.
func (d Draft) Change(article string) (Change, bool) {
	i := slices.IndexFunc(d.Changes, func(c Change) bool { return c.Article == article })
	if i < 0 {
		return Change{}, false
	}
	return d.Changes[i], true
}

// Rule finds the value that the draft brings to a key.
func (d Draft) Rule(key Key) (Rule, bool) {
	i := slices.IndexFunc(d.Rules, func(r Rule) bool { return r.Key == key })
	if i < 0 {
		return Rule{}, false
	}
	return d.Rules[i], true
}

// Founding says whether the draft may still become the founding text: there is no version yet, or only the model with
// which the house began, without a deed, and no amendment was adopted on it.
func Founding(r store.Reader) (bool, error) {
	v, found, err := latest(r)
	if err != nil || !found {
		return !found, err
	}
	adopted, err := Amendments(r)
	return v.Number == 1 && v.Preset != "" && v.Deed == (Deed{}) && len(adopted) == 0, err
}

// DraftArticle writes what an article becomes; an empty After removes it. Its text before is the one in force.
func DraftArticle(tx *store.Tx, c Change) error {
	return redraft(tx, func(d *Draft, text Version) error {
		c.Article, c.Title, c.After = strings.TrimSpace(c.Article), strings.TrimSpace(c.Title), strings.TrimSpace(c.After)
		old, found := text.Article(c.Article)
		c.Before = old.Body
		if err := (Article{c.Article, c.Title, c.After}).check(); err != nil {
			return err
		}
		switch {
		case !found && c.After == "":
			return fault.Refuse("bylaws.refusal.no-article", "article", c.Article).At("article")
		case found && c.After == c.Before:
			return fault.Refuse("bylaws.refusal.same", "article", c.Article).At("after")
		}
		d.Changes = append(slices.DeleteFunc(d.Changes, func(o Change) bool { return o.Article == c.Article }), c)
		return nil
	})
}

// DropDraftArticle leaves an article as it is in force.
func DropDraftArticle(tx *store.Tx, article string) error {
	return redraft(tx, func(d *Draft, _ Version) error {
		d.Changes = slices.DeleteFunc(d.Changes, func(o Change) bool { return o.Article == article })
		return nil
	})
}

// DraftRule writes the value that the text brings to a key; what mandatory law of the day forbids is refused.
func DraftRule(tx *store.Tx, rule Rule) error {
	return redraft(tx, func(d *Draft, _ Version) error {
		rule.Layer = OwnBylaws
		if err := Allowed(rule, tx.Today()); err != nil {
			return err
		}
		d.Rules = append(slices.DeleteFunc(d.Rules, func(o Rule) bool { return o.Key == rule.Key }), rule)
		return nil
	})
}

// DropDraftRule leaves a rule as it is in force.
func DropDraftRule(tx *store.Tx, key Key) error {
	return redraft(tx, func(d *Draft, _ Version) error {
		d.Rules = slices.DeleteFunc(d.Rules, func(o Rule) bool { return o.Key == key })
		return nil
	})
}

// DropDraft forgets the whole draft.
func DropDraft(tx *store.Tx) error {
	tx.Record(store.Line{})
	return deleteDraft(tx)
}

// redraft changes one thing of the draft.
func redraft(tx *store.Tx, change func(*Draft, Version) error) error {
	d, err := TheDraft(tx)
	if err != nil {
		return err
	}
	text, _, err := latest(tx)
	if err != nil {
		return err
	}
	if err := change(&d, text); err != nil {
		return err
	}
	if len(d.Changes) > maxChanges || len(d.Rules) > maxRules {
		return fault.Refuse("bylaws.refusal.changes", "limit", maxChanges).At("changes")
	}
	tx.Record(store.Line{Args: map[string]any{"articles": int64(len(d.Changes)), "rules": int64(len(d.Rules))}})
	return saveDraft(tx, d)
}

// LayDraft makes the draft the founding text, in force since a day; the deed may be known or not. What the model of the
// beginning says and the draft does not touch stays.
func LayDraft(tx *store.Tx, inForceOn civil.Date, deed Deed) (VersionID, error) {
	founding, err := Founding(tx)
	if err != nil {
		return "", err
	}
	if !founding {
		return "", fault.Refuse("bylaws.refusal.laid")
	}
	d, err := TheDraft(tx)
	if err != nil {
		return "", err
	}
	model, _, err := latest(tx)
	if err != nil {
		return "", err
	}
	v := Version{ID: VersionID(tx.ID()), Number: model.Number + 1, InForceOn: inForceOn, Deed: deed,
		Rules: mergeRules(model.Rules, d.Rules)}
	if v.Articles, err = apply(model, d.Changes); err != nil {
		return "", err
	}
	if err := checkText(v.Articles, v.Rules); err != nil {
		return "", err
	}
	switch {
	case len(v.Articles) == 0:
		return "", fault.Refuse("bylaws.refusal.no-text").At("in_force_on")
	case inForceOn.IsZero():
		return "", fault.Refuse("bylaws.refusal.day").At("in_force_on")
	case inForceOn.First().After(tx.Today()):
		return "", fault.Refuse("bylaws.refusal.day-future", "day", inForceOn).At("in_force_on")
	case !utf8.ValidString(deed.Note):
		return "", fault.Refuse("bylaws.refusal.words").At("note")
	}
	if err := deed.check(); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{{Kind: "bylaws", ID: string(v.ID)}},
		Args: map[string]any{"force_on": inForceOn.String()}})
	if err := deleteDraft(tx); err != nil {
		return "", err
	}
	return v.ID, insertVersion(tx, v)
}

// ProposeDraft makes the draft an adopted amendment, pending until its deed.
func ProposeDraft(tx *store.Tx, title string, adoptedOn civil.Date, note string) (AmendmentID, error) {
	d, err := TheDraft(tx)
	if err != nil {
		return "", err
	}
	if adoptedOn.First().After(tx.Today()) {
		return "", fault.Refuse("bylaws.refusal.day-future", "day", adoptedOn).At("adopted_on")
	}
	id, err := Propose(tx, Proposal{Title: title, AdoptedOn: adoptedOn, Changes: d.Changes, Rules: d.Rules, Note: note})
	if err != nil {
		return "", err
	}
	return id, deleteDraft(tx)
}
