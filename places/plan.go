package places

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/store"
	"lieux/people"
)

// Plan is a drawing of a place or of one floor from a day on. It is a drawing whose shapes carry codes of spaces, or
// rectangles, alone or on a picture.
type Plan struct {
	ID            string
	Place         PlaceID
	Floor         PartID // empty: of the whole place
	From          civil.Date
	Title         string
	Width, Height int64   // of the drawing's own units
	Drawing       string  // an SVG that [Clean] let through; may be empty
	Document      string  // a picture under the rectangles; may be empty
	Shapes        []Shape // rectangles that were drawn by hand
	Why           string
	At            civil.Instant
	By            people.PersonID
}

// Shape is the rectangle of a space, in the units of its plan.
type Shape struct {
	Code       string
	X, Y, W, H int64
}

// Ref names the plan in the journal.
func (p Plan) Ref() store.Ref { return store.Ref{Kind: "plan", ID: p.ID} }

func (p Plan) factID() string         { return p.ID }
func (p Plan) since() civil.Date      { return p.From }
func (p Plan) written() civil.Instant { return p.At }

// Limits of plans.
const (
	MaxPlans  = 200 // of one place, all versions
	MaxShapes = 500
	MaxUnits  = 20_000
)

// DrawPlan keeps a version of a plan. An upload that is a drawing is cleaned first; a picture is kept beside the
// rectangles.
func DrawPlan(tx *store.Tx, p Plan, picture *documents.Upload) (string, error) {
	place, err := PlaceByID(tx, p.Place, On(p.From))
	if err != nil {
		return "", err
	}
	wrong := p.check()
	if !p.From.IsZero() && (place.Closed || p.From.Before(place.From.First())) {
		wrong = append(wrong, fault.Refuse("places.refusal.plan-day", "place", place.Title, "day", p.From).At("from"))
	}
	if p.Floor != "" {
		floor, err := PartByID(tx, p.Floor, On(p.From))
		if err != nil || floor.Place != p.Place || floor.Level != Floor {
			wrong = append(wrong, fault.Refuse("places.refusal.unknown-part").At("floor"))
		}
	}
	if picture != nil && !strings.HasPrefix(picture.Media, "image/") {
		wrong = append(wrong, fault.Refuse("places.refusal.no-picture").At("file"))
	}
	there, err := store.List(tx, qPlans, scanPlan, string(p.Place))
	if err != nil {
		return "", err
	}
	if len(there) >= MaxPlans {
		wrong = append(wrong, fault.Refuse("places.refusal.too-many", "limit", MaxPlans))
	}
	if len(wrong) > 0 {
		return "", wrong
	}
	if picture != nil {
		d, err := documents.Add(tx, picture)
		if err != nil {
			return "", err
		}
		p.Document = d.ID
	}
	p.ID, p.At, p.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	if p.Shapes == nil {
		p.Shapes = []Shape{}
	}
	tx.Record(store.Line{About: []store.Ref{p.Place.Ref(), p.Ref()}, Args: map[string]any{"place": place.Title,
		"plan": p.Title, "from_on": p.From.String()}})
	tx.Answer(p.ID)
	return p.ID, insertPlan(tx, p)
}

func (p *Plan) check() (wrong fault.Refusals) {
	if t := strings.TrimSpace(p.Title); t == "" || utf8.RuneCountInString(t) > MaxTitle {
		wrong = append(wrong, fault.Refuse("places.refusal.title").At("title"))
	}
	if p.From.IsZero() {
		wrong = append(wrong, fault.Refuse("places.refusal.from").At("from"))
	}
	if p.Drawing != "" {
		d, err := Clean([]byte(p.Drawing))
		if err != nil {
			return append(wrong, fault.Of(err)...)
		}
		p.Drawing, p.Width, p.Height = d.String(), d.Width, d.Height
	}
	if p.Width < 1 || p.Height < 1 || p.Width > MaxUnits || p.Height > MaxUnits {
		wrong = append(wrong, fault.Refuse("places.refusal.measure", "limit", MaxUnits).At("width"))
	}
	if len(p.Shapes) > MaxShapes {
		wrong = append(wrong, fault.Refuse("places.refusal.too-many", "limit", MaxShapes).At("shapes"))
	}
	for _, s := range p.Shapes {
		if s.X < 0 || s.Y < 0 || s.W < 1 || s.H < 1 || s.X+s.W > p.Width || s.Y+s.H > p.Height {
			wrong = append(wrong, fault.Refuse("places.refusal.shape", "code", s.Code).At("shape-"+s.Code))
		}
	}
	return wrong
}

// Plans lists every version of every plan of a place, the latest day first, with those that were withdrawn.
func Plans(r store.Reader, place PlaceID) ([]Plan, map[string]Withdrawal, error) {
	list, err := store.List(r, qPlans, scanPlan, string(place))
	if err != nil {
		return nil, nil, err
	}
	latestFirst(list)
	gone, err := withdrawn(r, "plan", place)
	return list, gone, err
}

// PlansOn lists the plans that hold on a day: at most one of the whole place, and one of each floor.
func PlansOn(r store.Reader, place PlaceID, w When) ([]Plan, error) {
	list, gone, err := Plans(r, place)
	if err != nil {
		return nil, err
	}
	var floors []PartID
	for _, p := range list {
		if !slices.Contains(floors, p.Floor) {
			floors = append(floors, p.Floor)
		}
	}
	var on []Plan
	for _, floor := range floors {
		of := slices.DeleteFunc(slices.Clone(list), func(p Plan) bool { return p.Floor != floor })
		if p, found := pick(of, gone, w); found {
			on = append(on, p)
		}
	}
	slices.SortFunc(on, func(a, b Plan) int { return strings.Compare(fold.Sort(a.Title), fold.Sort(b.Title)) })
	return on, nil
}

// PlanByID reads a version of a plan; an unknown id is refused.
func PlanByID(r store.Reader, id string) (Plan, error) {
	p, found, err := store.Find(r, qPlan, scanPlan, id)
	if err == nil && !found {
		err = fault.Refuse("places.refusal.unknown-plan")
	}
	return p, err
}

// Codes are the codes of spaces that a plan shows, folded.
func (p Plan) Codes() map[string]bool {
	codes := map[string]bool{}
	for _, s := range p.Shapes {
		codes[fold.Text(s.Code)] = true
	}
	if p.Drawing != "" {
		if d, err := Clean([]byte(p.Drawing)); err == nil {
			for _, code := range d.Codes() {
				codes[fold.Text(code)] = true
			}
		}
	}
	return codes
}
