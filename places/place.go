package places

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// PlaceID is the id of a place.
type PlaceID string

// Ref names the place in the journal.
func (id PlaceID) Ref() store.Ref { return store.Ref{Kind: "place", ID: string(id)} }

// Held is by which right the cooperative has a place.
type Held string

// The rights. A place that is let to the cooperative is governed like its own.
const (
	Owned  Held = "owned"
	Leased Held = "leased" // a long lease or a right of superficies
	Rented Held = "rented"
)

// Helds lists them.
var Helds = []Held{Owned, Leased, Rented}

// Words names it.
func (h Held) Words() lang.Phrase { return lang.Say("places.held." + string(h)) }

// PlaceFact is what is said of a place from a day on.
type PlaceFact struct {
	ID     string
	Place  PlaceID
	From   civil.Date // perhaps known to the month or year; rules take the last day
	Title  string     // what people call it
	Area   Area       // of the whole, as the deed or a survey says; 0: unknown
	Closed bool       // from this day on the cooperative has it no longer
	PlaceMore
	Why string // why it was amended; may be empty
	At  civil.Instant
	By  people.PersonID
}

// PlaceMore is what of a place nothing is reckoned with.
type PlaceMore struct {
	Street, Postcode, Town string
	About                  string // what it is, in some sentences
	Held                   Held
	Bought                 civil.Date  // as far as it is known
	Price                  money.Cents // 0: unknown
	Roughly                bool        // the price is about so much
	Deed                   string      // the title: notary, day, cadastral numbers
	Financing              string      // how it was paid, in words
	Source                 string      // where these facts come from
}

func (f PlaceFact) factID() string         { return f.ID }
func (f PlaceFact) since() civil.Date      { return f.From }
func (f PlaceFact) written() civil.Instant { return f.At }

// Address is the address on one line.
func (m PlaceMore) Address() string {
	return strings.Trim(strings.Join([]string{m.Street, strings.TrimSpace(m.Postcode + " " + m.Town)}, ", "), ", ")
}

// Place is a place as it is on a day.
type Place struct {
	PlaceFact
	ID   PlaceID
	Name string // of its address in the program: "dony"
}

// Withdrawal is the opposite entry of a fact: it was never so.
type Withdrawal struct {
	ID, Kind, Fact string
	Place          PlaceID
	Why            string
	At             civil.Instant
	By             people.PersonID
}

// Limits of what is said of a place.
const (
	MaxTitle  = 120
	MaxName   = 40
	MaxText   = 4000
	MaxWhy    = 500
	MaxPlaces = 2000
)

var goodName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reserved are the names that addresses of this room need.
var reserved = []string{"new"}

// AddPlace adds a place under a name for its address; without one it is made from the title.
func AddPlace(tx *store.Tx, name string, f PlaceFact) (PlaceID, error) {
	if name == "" {
		name = strings.Trim(strings.ReplaceAll(fold.Text(f.Title), " ", "-"), "-")
	}
	var wrong fault.Refusals
	if len(name) > MaxName || !goodName.MatchString(name) || slices.Contains(reserved, name) {
		wrong = append(wrong, fault.Refuse("places.refusal.name", "name", name).At("name"))
	} else if _, taken, err := placeNamed(tx, name); err != nil {
		return "", err
	} else if taken {
		wrong = append(wrong, fault.Refuse("places.refusal.name-taken", "name", name).At("name"))
	}
	if wrong = append(wrong, f.check()...); len(wrong) > 0 {
		return "", wrong
	}
	n, err := store.One(tx, qCountPlaces, store.Number)
	if err != nil {
		return "", err
	}
	if n >= MaxPlaces {
		return "", fault.Refuse("places.refusal.too-many", "limit", MaxPlaces)
	}
	id := PlaceID(tx.ID())
	if err := insertPlace(tx, Place{ID: id, Name: name}); err != nil {
		return "", err
	}
	tx.Answer(name)
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"place": f.Title, "from_on": f.From.String()}})
	f.Place = id
	return id, insertPlaceFact(tx, &f)
}

// AmendPlace says something new of a place from a day on. What was said before stays; of the same day the later counts.
func AmendPlace(tx *store.Tx, f PlaceFact) error {
	p, err := PlaceByID(tx, f.Place, On(f.From))
	if err == nil && p.Closed {
		err = fault.Refuse("places.refusal.closed", "place", p.Title).At("from")
	}
	if err != nil {
		return err
	}
	if wrong := f.check(); len(wrong) > 0 {
		return wrong
	}
	tx.Record(store.Line{About: []store.Ref{f.Place.Ref()},
		Args: map[string]any{"place": f.Title, "from_on": f.From.String()}})
	tx.Answer(p.Name)
	f.Closed = false
	return insertPlaceFact(tx, &f)
}

// ClosePlace says that the cooperative has a place no longer from a day on. It is refused while somebody is in it then.
func ClosePlace(tx *store.Tx, id PlaceID, from civil.Date, why string) error {
	p, err := PlaceByID(tx, id, On(from))
	if err != nil {
		return err
	}
	if p.Closed {
		return fault.Refuse("places.refusal.closed", "place", p.Title).At("from")
	}
	if strings.TrimSpace(why) == "" {
		return fault.Refuse("places.refusal.why").At("why")
	}
	in, err := OccupanciesOf(tx, id)
	if err != nil {
		return err
	}
	if n := after(in, from); n > 0 {
		return fault.Refuse("places.refusal.occupied", "n", n).At("from")
	}
	f := p.PlaceFact
	f.From, f.Closed, f.Why = from, true, why
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"place": p.Title, "from_on": from.String()}})
	tx.Answer(p.Name)
	return insertPlaceFact(tx, &f)
}

func (f PlaceFact) check() (wrong fault.Refusals) {
	if strings.TrimSpace(f.Title) == "" {
		wrong = append(wrong, fault.Refuse("places.refusal.title").At("title"))
	}
	if f.From.IsZero() {
		wrong = append(wrong, fault.Refuse("places.refusal.from").At("from"))
	}
	if f.Area < 0 || f.Area > MaxArea {
		wrong = append(wrong, fault.Refuse("places.refusal.area", "text", f.Area.Plain()).At("area"))
	}
	if f.Price < 0 || f.Price > money.Max {
		wrong = append(wrong, fault.Refuse("places.refusal.price").At("price"))
	}
	if !slices.Contains(Helds, f.Held) {
		wrong = append(wrong, fault.Refuse("places.refusal.held").At("held"))
	}
	for field, text := range map[string]string{"about": f.About, "deed": f.Deed, "financing": f.Financing} {
		if utf8.RuneCountInString(text) > MaxText {
			wrong = append(wrong, fault.Refuse("places.refusal.too-long", "limit", MaxText).At(field))
		}
	}
	return wrong
}

// PlaceByID reads a place as it was on a day; one that is not known on that day is told by its first fact. An unknown
// id is refused.
func PlaceByID(r store.Reader, id PlaceID, w When) (Place, error) {
	list, err := readPlaces(r, w, qPlace, string(id))
	if err == nil && len(list) == 0 {
		err = fault.Refuse("places.refusal.unknown-place")
	}
	if err != nil {
		return Place{}, err
	}
	return list[0], nil
}

// PlaceNamed finds the place of an address.
func PlaceNamed(r store.Reader, name string, w When) (Place, bool, error) {
	id, found, err := placeNamed(r, name)
	if err != nil || !found {
		return Place{}, false, err
	}
	p, err := PlaceByID(r, id, w)
	if fault.Is(err, "places.refusal.unknown-place") {
		return p, false, nil
	}
	return p, err == nil, err
}

// Places lists the places of a day by title, also those that are closed.
func Places(r store.Reader, w When) ([]Place, error) {
	list, err := readPlaces(r, w, qPlaces)
	slices.SortFunc(list, func(a, b Place) int { return strings.Compare(fold.Sort(a.Title), fold.Sort(b.Title)) })
	return list, err
}

// readPlaces puts places and their facts together.
func readPlaces(r store.Reader, w When, q store.Query, args ...any) ([]Place, error) {
	heads, err := store.List(r, q, scanPlace, args...)
	if err != nil {
		return nil, err
	}
	facts := map[PlaceID][]PlaceFact{}
	if len(args) == 1 {
		list, err := PlaceFacts(r, PlaceID(args[0].(string)))
		if err != nil {
			return nil, err
		}
		facts[PlaceID(args[0].(string))] = list
	} else if err := store.Each(r, qPlaceFacts, func(row store.Row) error {
		f, err := scanPlaceFact(row)
		facts[f.Place] = append(facts[f.Place], f)
		return err
	}); err != nil {
		return nil, err
	}
	of := PlaceID("")
	if len(args) == 1 {
		of = PlaceID(args[0].(string))
	}
	gone, err := withdrawn(r, "place", of)
	if err != nil {
		return nil, err
	}
	var list []Place
	for _, p := range heads {
		f, found := pick(facts[p.ID], gone, w)
		if !found { // before its first fact a place is told by that
			f, found = pick(facts[p.ID], gone, When{civil.Day(civil.MaxYear, 12, 31), w.Known})
			f.Closed = f.Closed && found
			for _, other := range facts[p.ID] {
				if _, out := gone[other.ID]; !out && w.knows(other.At) && other.From.Before(f.From) {
					f = other
				}
			}
		}
		if found {
			p.PlaceFact = f
			list = append(list, p)
		}
	}
	return list, nil
}

// PlaceHistory is everything that was ever said of a place, the latest day first, with what was withdrawn.
func PlaceHistory(r store.Reader, id PlaceID) ([]PlaceFact, map[string]Withdrawal, error) {
	facts, err := PlaceFacts(r, id)
	if err != nil {
		return nil, nil, err
	}
	latestFirst(facts)
	gone, err := withdrawn(r, "place", id)
	return facts, gone, err
}

func latestFirst[T dated](facts []T) {
	slices.SortFunc(facts, func(a, b T) int {
		if c := b.since().Compare(a.since()); c != 0 {
			return c
		}
		return strings.Compare(b.factID(), a.factID())
	})
}

// Withdraw is the opposite entry of a fact of a place, of a part or of a plan: it was never so. The last fact of a part
// stays: close it, or withdraw nothing.
func Withdraw(tx *store.Tx, kind, fact, why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.Refuse("places.refusal.why").At("why")
	}
	place, about, others, err := factOf(tx, kind, fact)
	if err != nil {
		return err
	}
	if kind != "plan" && others == 0 {
		return fault.Refuse("places.refusal.only-fact")
	}
	w := Withdrawal{ID: tx.ID(), Kind: kind, Fact: fact, Place: place, Why: why, At: tx.Now(),
		By: people.PersonID(tx.Actor())}
	p, err := PlaceByID(tx, place, Now(tx))
	if err != nil {
		return err
	}
	if err := insertWithdrawal(tx, w); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{place.Ref(), about}, Args: map[string]any{"place": p.Title}})
	if kind != "part" {
		return nil
	}
	return stillFits(tx, PartID(about.ID))
}
