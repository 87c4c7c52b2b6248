package concession

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// PaperKind is what a document of a concession is.
type PaperKind string

// The kinds.
const (
	ContractPaper  PaperKind = "contract"
	InsurancePaper PaperKind = "insurance"
	AccountsPaper  PaperKind = "accounts"
	OtherPaper     PaperKind = "other"
)

// PaperKinds lists them.
var PaperKinds = []PaperKind{InsurancePaper, ContractPaper, AccountsPaper, OtherPaper}

// Words names the kind.
func (k PaperKind) Words() lang.Phrase { return lang.Say("concession.paper." + string(k)) }

// Paper is a document of a concession, with the days between which it is valid.
type Paper struct {
	ID         string
	Concession ID
	Kind       PaperKind
	Title      string
	Document   string // may be empty: the paper was seen
	From       civil.Date
	Until      civil.Date // zero: without an end
	At         civil.Instant
	By         people.PersonID
}

// Valid says whether the paper holds on a day.
func (p Paper) Valid(day civil.Date) bool {
	return !day.Before(p.From) && (p.Until.IsZero() || !day.After(p.Until))
}

// MaxPapers is how many documents one concession has.
const MaxPapers = 500

// Attach adds a paper to a concession; u may be nil where the paper was only seen.
func Attach(tx *store.Tx, p Paper, u *documents.Upload) error {
	c, err := ByID(tx, p.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	var wrong fault.Refusals
	if t := strings.TrimSpace(p.Title); t == "" || utf8.RuneCountInString(t) > MaxLine {
		wrong = append(wrong, fault.Refuse("concession.refusal.title", "limit", MaxLine).At("title"))
	}
	if !slices.Contains(PaperKinds, p.Kind) {
		wrong = append(wrong, fault.Refuse("concession.refusal.paper").At("kind"))
	}
	switch {
	case !p.From.IsDay():
		wrong = append(wrong, fault.Refuse("concession.refusal.day").At("from"))
	case !p.Until.IsZero() && (!p.Until.IsDay() || p.Until.Before(p.From)):
		wrong = append(wrong, fault.Refuse("concession.refusal.backwards").At("until"))
	}
	there, err := PapersOf(tx, p.Concession)
	if err != nil {
		return err
	}
	if len(there) >= MaxPapers {
		wrong = append(wrong, fault.Refuse("concession.refusal.too-many", "limit", MaxPapers))
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if u != nil {
		d, err := documents.Add(tx, u)
		if err != nil {
			return err
		}
		p.Document = d.ID
	}
	p.ID, p.At, p.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	if err := insertPaper(tx, p); err != nil {
		return err
	}
	return c.say(tx, map[string]any{"title": p.Title, "kind": p.Kind.Words()})
}

// PapersOf lists the documents of a concession, the latest first.
func PapersOf(r store.Reader, id ID) ([]Paper, error) {
	return store.List(r, qPapers, scanPaper, string(id))
}
