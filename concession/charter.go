package concession

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// Article is one article of the Charter, with what is counted and what is asked about it.
type Article struct {
	Number     string // as it is printed: "3", "4 bis"
	Title      string
	Text       string
	Indicators []Target
	Questions  []string
}

// Charter is one version of what managers respect. It is a proposal until the assembly adopts it.
type Charter struct {
	ID       CharterID
	Number   int64
	Preamble string
	Articles []Article
	Why      string // what changes, and why
	Source   string
	At       civil.Instant
	By       people.PersonID

	Adopted Adoption `json:"-"` // zero while it is a proposal
}

// Adoption is the fact that the assembly adopted a version on a day.
type Adoption struct {
	ID       string
	Charter  CharterID
	On       civil.Date // perhaps known to the month only
	Matter   assembly.MatterID
	Decision people.DecisionID
	At       civil.Instant
	By       people.PersonID
}

// Holds says whether the version was adopted.
func (c Charter) Holds() bool { return c.Adopted.ID != "" }

// Limits of the Charter.
const (
	MaxArticles   = 40
	MaxQuestions  = 12  // of one article
	MaxQuestion   = 300 // signs of one question
	MaxIndicators = 6   // of one article
	maxCharters   = 500
	maxNumber     = 12
)

// Propose keeps a version of the Charter. Nothing of it is changed afterwards: a better one is another version.
func Propose(tx *store.Tx, c Charter) (CharterID, error) {
	c.Articles = slices.DeleteFunc(c.Articles, func(a Article) bool {
		return a.Number == "" && a.Title == "" && a.Text == ""
	})
	wrong := c.check()
	n, err := store.One(tx, qCountCharters, store.Number)
	if err != nil {
		return "", err
	}
	if n >= maxCharters {
		wrong = append(wrong, fault.Refuse("concession.refusal.too-many", "limit", maxCharters))
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	c.ID, c.Number, c.At, c.By = CharterID(tx.ID()), n+1, tx.Now(), people.PersonID(tx.Actor())
	if err := insertCharter(tx, c); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{c.ID.Ref()}, Args: map[string]any{"number": c.Number}})
	return c.ID, nil
}

func (c Charter) check() (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("concession.refusal."+code, kv...).At(field))
	}
	if len(c.Articles) == 0 || len(c.Articles) > MaxArticles {
		no("articles", "articles", "limit", MaxArticles)
	}
	for field, text := range map[string]string{"preamble": c.Preamble, "why": c.Why, "source": c.Source} {
		if utf8.RuneCountInString(text) > MaxText {
			no(field, "too-long", "limit", MaxText)
		}
	}
	seen := map[string]bool{}
	for _, a := range c.Articles {
		switch {
		case strings.TrimSpace(a.Number) == "" || len(a.Number) > maxNumber || seen[a.Number]:
			no("articles", "article-number", "number", a.Number)
		case strings.TrimSpace(a.Title) == "" || utf8.RuneCountInString(a.Title) > MaxLine:
			no("articles", "article-title", "number", a.Number)
		case strings.TrimSpace(a.Text) == "" || utf8.RuneCountInString(a.Text) > MaxText:
			no("articles", "article-text", "number", a.Number, "limit", MaxText)
		case len(a.Questions) > MaxQuestions || len(a.Indicators) > MaxIndicators:
			no("articles", "article-many", "number", a.Number, "questions", MaxQuestions, "indicators", MaxIndicators)
		}
		seen[a.Number] = true
		for _, q := range a.Questions {
			if strings.TrimSpace(q) == "" || utf8.RuneCountInString(q) > MaxQuestion {
				no("articles", "question", "number", a.Number, "limit", MaxQuestion)
			}
		}
		for _, t := range a.Indicators {
			if !slices.Contains(Indicators, t.Kind) || t.Target < 0 || t.Target > t.Kind.most() {
				no("articles", "target", "number", a.Number)
			}
		}
	}
	return wrong
}

// Adopt says that the assembly adopted a version: by a matter of its record, or by a decision that it took otherwise.
func Adopt(tx *store.Tx, a Adoption) error {
	c, err := CharterByID(tx, a.Charter)
	if err != nil {
		return err
	}
	if c.Holds() {
		return fault.Refuse("concession.refusal.adopted", "day", c.Adopted.On)
	}
	about := []store.Ref{a.Charter.Ref()}
	switch {
	case a.Matter != "":
		at, found, err := assembly.PlaceOf(tx, a.Matter)
		if err != nil {
			return err
		}
		if !found {
			return fault.Refuse("concession.refusal.matter").At("matter")
		}
		about = append(about, at.Assembly.Ref())
	case a.Decision != "":
		d, err := people.GetDecision(tx, a.Decision)
		if err != nil {
			return err
		}
		body, err := people.GetBody(tx, d.Body)
		if err != nil {
			return err
		}
		if body.Kind != people.Assembly {
			return fault.Refuse("concession.refusal.assembly").At("decision")
		}
		a.On = d.On
	default:
		return fault.Refuse("concession.refusal.assembly").At("decision")
	}
	if a.On.IsZero() || a.On.First().After(tx.Today()) {
		return fault.Refuse("concession.refusal.day").At("on")
	}
	a.ID, a.At, a.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	if err := insertAdoption(tx, a); err != nil {
		return err
	}
	tx.Record(store.Line{About: about, Args: map[string]any{"number": c.Number, "from_on": a.On.String()}})
	return nil
}

// Charters lists the versions, the first one first.
func Charters(r store.Reader) ([]Charter, error) {
	list, err := store.List(r, qCharters, scanCharter)
	if err != nil {
		return nil, err
	}
	adopted := map[CharterID]Adoption{}
	err = store.Each(r, qAdoptions, func(row store.Row) error {
		a, err := scanAdoption(row)
		adopted[a.Charter] = a
		return err
	})
	for i := range list {
		list[i].Adopted = adopted[list[i].ID]
	}
	return list, err
}

// CharterByID reads a version; an unknown id is refused.
func CharterByID(r store.Reader, id CharterID) (Charter, error) {
	all, err := Charters(r)
	if err != nil {
		return Charter{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return Charter{}, fault.Refuse("concession.refusal.unknown-charter")
}

// CharterOn is the version that holds on a day: the one that was adopted last.
func CharterOn(r store.Reader, day civil.Date) (c Charter, found bool, err error) {
	all, err := Charters(r)
	for _, v := range all {
		on := v.Adopted.On
		if v.Holds() && !on.First().After(day) && (!found || !on.Before(c.Adopted.On)) {
			c, found = v, true
		}
	}
	return c, found, err
}
