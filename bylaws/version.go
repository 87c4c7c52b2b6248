package bylaws

import (
	"encoding/json"
	"slices"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// VersionID and AmendmentID are the ids of this room.
type (
	VersionID   string
	AmendmentID string
)

// Article is one article of the text.
type Article struct {
	Number string `json:"number" yaml:"number"` // as the text numbers it: "9.3"
	Title  string `json:"title" yaml:"title"`
	Body   string `json:"body" yaml:"body"`
}

// Version is the whole text and its rules, in force from a day on.
type Version struct {
	ID        VersionID
	Number    int64 // 1 is the founding text
	InForceOn civil.Date
	Preset    string      // the preset that the founding text came from
	Amendment AmendmentID // what made this version; empty for the founding text
	Articles  []Article
	Rules     []Rule
	Deed      Deed
}

// Deed is the notarial act. Fields that nobody knows stay empty, and Note says what is not known.
type Deed struct {
	Notary    string
	SignedOn  civil.Date
	Reference string // number in the notary's repertory
	Document  string // id of the scan
	Note      string
}

// Article finds an article of the text.
func (v Version) Article(number string) (Article, bool) {
	i := slices.IndexFunc(v.Articles, func(a Article) bool { return a.Number == number })
	if i < 0 {
		return Article{}, false
	}
	return v.Articles[i], true
}

// Lay lays down the founding text: articles, rules and the day since which they hold. It is refused when there is one
// already.
func Lay(tx *store.Tx, p Preset, inForceOn civil.Date, deed Deed) (VersionID, error) {
	if err := checkText(p.Articles, p.Rules); err != nil {
		return "", err
	}
	if inForceOn.IsZero() {
		return "", fault.Refuse("bylaws.refusal.day").At("in_force_on")
	}
	if err := deed.check(); err != nil {
		return "", err
	}
	if _, found, err := latest(tx); err != nil || found {
		if err == nil {
			err = fault.Refuse("bylaws.refusal.laid")
		}
		return "", err
	}
	v := Version{ID: VersionID(tx.ID()), Number: 1, InForceOn: inForceOn, Preset: p.Name, Articles: p.Articles,
		Rules: p.Rules, Deed: deed}
	tx.Record(store.Line{About: []store.Ref{{Kind: "bylaws", ID: string(v.ID)}},
		Args: map[string]any{"force_on": inForceOn.String(), "preset": p.Name}})
	return v.ID, insertVersion(tx, v)
}

func checkText(articles []Article, rules []Rule) error {
	if len(articles) > maxArticles || len(rules) > maxRules {
		return fault.Refuse("bylaws.refusal.size", "articles", maxArticles, "rules", maxRules)
	}
	seen := map[string]bool{}
	for _, a := range articles {
		if err := a.check(); err != nil {
			return err
		}
		if seen[a.Number] {
			return fault.Refuse("bylaws.refusal.article-twice", "article", a.Number).At("article")
		}
		seen[a.Number] = true
	}
	for _, r := range rules {
		if err := r.check(); err != nil {
			return err
		}
		if seen["rule "+string(r.Key)] {
			return fault.Refuse("bylaws.refusal.rule-twice", "key", r.Key).At("key")
		}
		seen["rule "+string(r.Key)] = true
	}
	return nil
}

func (a Article) check() error {
	switch {
	case a.Number == "" || len(a.Number) > maxArticle:
		return fault.Refuse("bylaws.refusal.article").At("article")
	case len(a.Title) > maxTitle:
		return fault.Refuse("bylaws.refusal.title", "limit", maxTitle).At("title")
	case len(a.Body) > maxBody || !utf8.ValidString(a.Body):
		return fault.Refuse("bylaws.refusal.body", "article", a.Number, "limit", maxBody).At("body")
	}
	return nil
}

func (d Deed) check() error {
	if len(d.Notary) > maxNotary || len(d.Reference) > maxArticle || len(d.Note) > maxWords {
		return fault.Refuse("bylaws.refusal.deed-long").At("notary")
	}
	return nil
}

// canonical is what the journal's seal commits to.
func (v Version) canonical() []byte {
	c, err := json.Marshal(struct {
		ID        VersionID   `json:"id"`
		Number    int64       `json:"number"`
		InForceOn civil.Date  `json:"in_force_on"`
		Preset    string      `json:"preset"`
		Amendment AmendmentID `json:"amendment"`
		Articles  []Article   `json:"articles,omitempty"`
		Rules     []Rule      `json:"rules,omitempty"`
		Deed      Deed        `json:"deed"`
	}{v.ID, v.Number, v.InForceOn, v.Preset, v.Amendment, v.Articles, v.Rules, v.Deed})
	fault.Must(err == nil, "version %s: %v", v.ID, err)
	return c
}
