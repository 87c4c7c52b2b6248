package places

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
)

// PaperKind is what a document of a place is.
type PaperKind string

// The kinds.
const (
	Photo     PaperKind = "photo"
	Title     PaperKind = "title"
	Insurance PaperKind = "insurance"
	Report    PaperKind = "report"
	Other     PaperKind = "other"
)

// PaperKinds lists them.
var PaperKinds = []PaperKind{Photo, Title, Insurance, Report, Other}

// Words names the kind.
func (k PaperKind) Words() lang.Phrase { return lang.Say("places.paper." + string(k)) }

// Paper is a document or a photograph of a place or of a part.
type Paper struct {
	ID       string
	Place    PlaceID
	Part     PartID // empty: of the whole place
	Kind     PaperKind
	Title    string
	Document string
	On       civil.Date    // the day of the document
	Dropped  civil.Instant // 0 while it is shown
	At       civil.Instant
	By       people.PersonID
}

// MaxPapers is how many documents one place has.
const MaxPapers = 500

// Attach adds a document to a place. A photograph is an image and nothing else.
func Attach(tx *store.Tx, p Paper, u *documents.Upload) error {
	place, err := PlaceByID(tx, p.Place, Now(tx))
	if err != nil {
		return err
	}
	var wrong fault.Refusals
	if t := strings.TrimSpace(p.Title); t == "" || utf8.RuneCountInString(t) > MaxTitle {
		wrong = append(wrong, fault.Refuse("places.refusal.title").At("title"))
	}
	if !slices.Contains(PaperKinds, p.Kind) {
		wrong = append(wrong, fault.Refuse("places.refusal.paper").At("kind"))
	}
	if p.Kind == Photo && !strings.HasPrefix(u.Media, "image/") {
		wrong = append(wrong, fault.Refuse("places.refusal.no-picture").At("file"))
	}
	if p.On.After(tx.Today()) {
		wrong = append(wrong, fault.Refuse("places.refusal.future").At("on"))
	}
	there, err := Papers(tx, p.Place)
	if err != nil {
		return err
	}
	if len(there) >= MaxPapers {
		wrong = append(wrong, fault.Refuse("places.refusal.too-many", "limit", MaxPapers))
	}
	if len(wrong) > 0 {
		return wrong
	}
	d, err := documents.Add(tx, u)
	if err != nil {
		return err
	}
	p.ID, p.Document, p.At, p.By = tx.ID(), d.ID, tx.Now(), people.PersonID(tx.Actor())
	tx.Record(store.Line{About: []store.Ref{p.Place.Ref()}, Args: map[string]any{"place": place.Title,
		"title": p.Title, "kind": p.Kind.Words()}})
	return insertPaper(tx, p)
}

// Detach hides a document from a place; it stays in the archive. One that is hidden already stays so.
func Detach(tx *store.Tx, id string) error {
	p, err := PaperByID(tx, id)
	if err != nil || p.Dropped != 0 {
		return err
	}
	place, err := PlaceByID(tx, p.Place, Now(tx))
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Place.Ref()}, Args: map[string]any{"place": place.Title,
		"title": p.Title}})
	return dropPaper(tx, id)
}

// PaperByID reads a document of a place; an unknown id is refused.
func PaperByID(r store.Reader, id string) (Paper, error) {
	p, found, err := store.Find(r, qPaper, scanPaper, id)
	if err == nil && !found {
		err = fault.Refuse("places.refusal.unknown-paper")
	}
	return p, err
}

// Papers lists the documents of a place that are shown, the latest first.
func Papers(r store.Reader, id PlaceID) ([]Paper, error) {
	list, err := store.List(r, qPapers, scanPaper, string(id))
	return slices.DeleteFunc(list, func(p Paper) bool { return p.Dropped != 0 }), err
}
