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
	"lieux/base/store"
	"lieux/people"
)

// PartID is the id of a building, a floor or a space.
type PartID string

// Level is what a part is.
type Level string

// The levels. A space may lie in another one, as a mezzanine in its hall.
const (
	Building Level = "building"
	Floor    Level = "floor"
	Space    Level = "space"
)

// Levels lists them from the outside.
var Levels = []Level{Building, Floor, Space}

// Words names the level.
func (l Level) Words() lang.Phrase { return lang.Say("places.level." + string(l)) }

// Use is what a space is for.
type Use string

// The uses.
const (
	Workshop Use = "workshop"
	Office   Use = "office"
	Hall     Use = "hall"
	Shop     Use = "shop"
	Storage  Use = "storage"
	Shared   Use = "common"
	Yard     Use = "yard"
	Flat     Use = "flat"
)

// Uses lists them.
var Uses = []Use{Workshop, Office, Hall, Shop, Storage, Shared, Yard, Flat}

// Words names the use.
func (u Use) Words() lang.Phrase { return lang.Say("places.use." + string(u)) }

// Tenure is how a space is given to occupants.
type Tenure string

// The tenures.
const (
	Single     Tenure = "single"     // to one at a time
	Collective Tenure = "collective" // to several, each a share of its area
	Common     Tenure = "common"     // to nobody: it serves all
)

// Tenures lists them.
var Tenures = []Tenure{Single, Collective, Common}

// Words names the tenure.
func (t Tenure) Words() lang.Phrase { return lang.Say("places.tenure." + string(t)) }

// Degree is how much of something goes from a space to its neighbours.
type Degree string

// The degrees; the empty one is not known.
const (
	Little Degree = "little"
	Some   Degree = "some"
	Much   Degree = "much"
)

// Degrees lists them.
var Degrees = []Degree{Little, Some, Much}

// Words names the degree.
func (d Degree) Words() lang.Phrase { return lang.Say("places.degree." + string(d)) }

// Fact is what is said of a part from a day on.
type Fact struct {
	ID     string
	Part   PartID
	Place  PlaceID
	From   civil.Date
	Code   string // on the door and on the plan: "B3"
	Title  string // "grand hall"; may be empty
	Use    Use    // of a space
	Tenure Tenure // of a space
	Area   Area   // 0: unknown
	Closed bool   // from this day on it is there no longer
	Equipment
	Why string
	At  civil.Instant
	By  people.PersonID
}

// Equipment is what a space offers and demands; zero is not known. Lengths are whole centimetres.
type Equipment struct {
	Works       bool   // a building site: nobody is in it, and nobody enters before its end
	Capacity    int64  // persons
	Load        int64  // of the floor, kilograms on a square metre
	Height      int64  // clear, cm
	Door        int64  // width, cm
	Water       bool   //
	Power       string // "", "single", "three"
	Extraction  bool   // of dust or fumes
	Compartment string // of the fire plan
	Sound, Dust Degree // towards its neighbours
	Note        string
}

func (f Fact) factID() string         { return f.ID }
func (f Fact) since() civil.Date      { return f.From }
func (f Fact) written() civil.Instant { return f.At }

// Powers are the kinds of connection.
var Powers = []string{"single", "three"}

// Part is a building, a floor or a space as it is on a day.
type Part struct {
	Fact
	ID     PartID
	Parent PartID // empty: it stands right in its place
	Level  Level
}

// Ref names the part in the journal.
func (p Part) Ref() store.Ref { return store.Ref{Kind: string(p.Level), ID: string(p.ID)} }

// Name is what the part is called: code and title.
func (p Part) Name() string { return strings.TrimSpace(p.Code + " " + p.Title) }

// Let says that a space is given to occupants.
func (p Part) Let() bool { return p.Level == Space && p.Tenure != Common && !p.Closed }

// Hosts says that guests follow one another in a space: a flat. It is not vacant between two of them, and what it is
// used is told in nights, not in square metres.
func (p Part) Hosts() bool { return p.Let() && p.Use == Flat }

// Limits of parts.
const (
	MaxParts     = 2000 // of one place
	MaxCode      = 20
	maxDepth     = 6
	maxCapacity  = 20_000
	maxLoad      = 100_000
	maxDimension = 10_000
)

// NewPart is a part that is not there yet.
type NewPart struct {
	Parent PartID
	Level  Level
	Fact
}

// AddPart adds a building, a floor or a space.
func AddPart(tx *store.Tx, n NewPart) (PartID, error) {
	when := On(n.From)
	place, err := PlaceByID(tx, n.Place, when)
	if err != nil {
		return "", err
	}
	if place.Closed {
		return "", fault.Refuse("places.refusal.closed", "place", place.Title).At("from")
	}
	all, err := PartsOf(tx, place.ID, when)
	if err != nil {
		return "", err
	}
	if len(all) >= MaxParts {
		return "", fault.Refuse("places.refusal.too-many", "limit", MaxParts)
	}
	wrong := n.check(n.Level)
	wrong = append(wrong, under(all, n.Parent, n.Level)...)
	wrong = append(wrong, codeFree(all, "", n.Level, n.Code)...)
	if len(wrong) > 0 {
		return "", wrong
	}
	p := Part{ID: PartID(tx.ID()), Parent: n.Parent, Level: n.Level, Fact: n.Fact}
	p.Part = p.ID
	if err := insertPart(tx, p); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{place.ID.Ref(), p.Ref()}, Args: map[string]any{"place": place.Title,
		"part": p.Name(), "level": p.Level.Words(), "from_on": n.From.String()}})
	tx.Answer(string(p.ID))
	return p.ID, insertFact(tx, &p.Fact)
}

// under says whether a part may lie under another one: floors in buildings, spaces anywhere but in themselves.
func under(all []Part, parent PartID, level Level) (wrong fault.Refusals) {
	if parent == "" {
		if level == Floor {
			wrong = append(wrong, fault.Refuse("places.refusal.floor-alone").At("parent"))
		}
		return wrong
	}
	i := slices.IndexFunc(all, func(p Part) bool { return p.ID == parent && !p.Closed })
	if i < 0 {
		return fault.Refusals{fault.Refuse("places.refusal.unknown-part").At("parent")}
	}
	if level == Building || level == Floor && all[i].Level != Building {
		wrong = append(wrong, fault.Refuse("places.refusal.wrong-parent").At("parent"))
	}
	depth := 1
	for up := all[i].Parent; up != ""; depth++ {
		j := slices.IndexFunc(all, func(p Part) bool { return p.ID == up })
		if j < 0 || depth > maxDepth {
			break
		}
		up = all[j].Parent
	}
	if depth >= maxDepth {
		wrong = append(wrong, fault.Refuse("places.refusal.too-deep", "limit", maxDepth).At("parent"))
	}
	return wrong
}

// codeFree says whether no other space of the place bears a code: the plan and the doors are read by it.
func codeFree(all []Part, self PartID, level Level, code string) fault.Refusals {
	for _, p := range all {
		if p.ID != self && !p.Closed && p.Level == Space && level == Space && fold.Text(p.Code) == fold.Text(code) {
			return fault.Refusals{fault.Refuse("places.refusal.code-taken", "code", code).At("code")}
		}
	}
	return nil
}

func (f Fact) check(level Level) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("places.refusal."+code, kv...).At(field))
	}
	if strings.TrimSpace(f.Code) == "" || utf8.RuneCountInString(f.Code) > MaxCode {
		no("code", "code", "limit", MaxCode)
	}
	if f.From.IsZero() {
		no("from", "from")
	}
	if f.Area < 0 || f.Area > MaxArea {
		no("area", "area", "text", f.Area.Plain())
	}
	if !slices.Contains(Levels, level) {
		no("level", "level")
	}
	if level == Space {
		if !slices.Contains(Uses, f.Use) {
			no("use", "use")
		}
		if !slices.Contains(Tenures, f.Tenure) {
			no("tenure", "tenure")
		}
		if f.Tenure != Common && f.Area == 0 {
			no("area", "area-needed")
		}
	}
	for field, is := range map[string]struct{ is, most int64 }{"capacity": {f.Capacity, maxCapacity},
		"load": {f.Load, maxLoad}, "height": {f.Height, maxDimension}, "door": {f.Door, maxDimension}} {
		if is.is < 0 || is.is > is.most {
			no(field, "measure", "limit", is.most)
		}
	}
	if f.Power != "" && !slices.Contains(Powers, f.Power) {
		no("power", "power")
	}
	for field, d := range map[string]Degree{"sound": f.Sound, "dust": f.Dust} {
		if d != "" && !slices.Contains(Degrees, d) {
			no(field, "degree")
		}
	}
	return wrong
}

// AmendPart says something new of a part from a day on; what was said before stays. It is refused when who is in the
// space would no longer fit, and a building site while anybody is in it.
func AmendPart(tx *store.Tx, f Fact) error {
	p, all, err := partAmong(tx, f.Part, On(f.From))
	if err != nil {
		return err
	}
	if p.Closed {
		return fault.Refuse("places.refusal.closed", "place", p.Name()).At("from")
	}
	f.Place, f.Closed = p.Place, false
	if wrong := append(f.check(p.Level), codeFree(all, p.ID, p.Level, f.Code)...); len(wrong) > 0 {
		return wrong
	}
	return writeFact(tx, p, f)
}

// ClosePart says that a part is there no longer from a day on: it was given up, or became another. It is refused while
// somebody is in it then, or while parts in it stay.
func ClosePart(tx *store.Tx, id PartID, from civil.Date, why string) error {
	p, all, err := partAmong(tx, id, On(from))
	if err != nil {
		return err
	}
	if p.Closed {
		return fault.Refuse("places.refusal.closed", "place", p.Name()).At("from")
	}
	if strings.TrimSpace(why) == "" {
		return fault.Refuse("places.refusal.why").At("why")
	}
	if slices.ContainsFunc(all, func(c Part) bool { return c.Parent == id && !c.Closed }) {
		return fault.Refuse("places.refusal.has-parts").At("from")
	}
	f := p.Fact
	f.From, f.Closed, f.Why = from, true, why
	return writeFact(tx, p, f)
}

func writeFact(tx *store.Tx, p Part, f Fact) error {
	place, err := PlaceByID(tx, p.Place, On(f.From))
	if err != nil {
		return err
	}
	if err := insertFact(tx, &f); err != nil {
		return err
	}
	named := Part{Fact: f, Level: p.Level, ID: p.ID}
	tx.Record(store.Line{About: []store.Ref{p.Place.Ref(), p.Ref()}, Args: map[string]any{"place": place.Title,
		"part": named.Name(), "level": p.Level.Words(), "from_on": f.From.String()}})
	tx.Answer(string(p.ID))
	return stillFits(tx, p.ID)
}

// PartByID reads a part as it was on a day; on a day on which it is not there yet it is told closed, by its last fact.
// An unknown id is refused.
func PartByID(r store.Reader, id PartID, w When) (Part, error) {
	p, found, err := store.Find(r, qPart, scanPart, string(id))
	if err != nil || !found {
		return p, unknownPart(err)
	}
	facts, gone, err := PartHistory(r, id)
	if err != nil {
		return p, err
	}
	if p.Fact, found = pick(facts, gone, w); !found {
		p.Fact, found = pick(facts, gone, When{civil.Day(civil.MaxYear, 12, 31), w.Known})
		p.Closed = true
	}
	if !found {
		return p, unknownPart(nil)
	}
	return p, nil
}

// unknownPart is the refusal of an id that names nothing, unless the world itself failed.
func unknownPart(err error) error {
	if err == nil {
		err = fault.Refuse("places.refusal.unknown-part")
	}
	return err
}

// partAmong reads a part and all those of its place.
func partAmong(r store.Reader, id PartID, w When) (Part, []Part, error) {
	p, err := PartByID(r, id, w)
	if err != nil {
		return p, nil, err
	}
	all, err := PartsOf(r, p.Place, w)
	return p, all, err
}

// PartsOf lists the parts of a place on a day in the order of the tree: each before what lies in it, by code. Closed
// ones are among them; those that are not there yet are not.
func PartsOf(r store.Reader, place PlaceID, w When) ([]Part, error) {
	heads, err := store.List(r, qParts, scanPart, string(place))
	if err != nil {
		return nil, err
	}
	facts := map[PartID][]Fact{}
	if err := store.Each(r, qFacts, func(row store.Row) error {
		f, err := scanFact(row)
		facts[f.Part] = append(facts[f.Part], f)
		return err
	}, string(place)); err != nil {
		return nil, err
	}
	gone, err := withdrawn(r, "part", place)
	if err != nil {
		return nil, err
	}
	var list []Part
	for _, p := range heads {
		if f, found := pick(facts[p.ID], gone, w); found {
			p.Fact = f
			list = append(list, p)
		}
	}
	return inTree(list), nil
}

// inTree orders parts: each before what lies in it.
func inTree(list []Part) []Part {
	children := map[PartID][]Part{}
	there := map[PartID]bool{}
	for _, p := range list {
		there[p.ID] = true
	}
	for _, p := range list {
		parent := p.Parent
		if !there[parent] {
			parent = ""
		}
		children[parent] = append(children[parent], p)
	}
	ordered := make([]Part, 0, len(list))
	var walk func(parent PartID)
	walk = func(parent PartID) {
		slices.SortFunc(children[parent], func(a, b Part) int {
			return strings.Compare(a.key(), b.key())
		})
		for _, p := range children[parent] {
			ordered = append(ordered, p)
			walk(p.ID)
		}
	}
	walk("")
	return ordered
}

// key orders the parts beside one another: buildings and floors first.
func (p Part) key() string {
	level := "2"
	if p.Level != Space {
		level = "1"
	}
	return level + fold.Sort(figures.ReplaceAllString(p.Code, " $0 ")) + " " + fold.Sort(p.Title) + string(p.ID)
}

// figures are the numbers of a code: A2 stands before A10.
var figures = regexp.MustCompile(`[0-9]+`)

// SpacesOf lists the spaces of a place that are there on a day.
func SpacesOf(r store.Reader, place PlaceID, w When) ([]Part, error) {
	all, err := PartsOf(r, place, w)
	return slices.DeleteFunc(all, func(p Part) bool { return p.Level != Space || p.Closed }), err
}

// PartHistory is everything that was ever said of a part, the latest day first, with what was withdrawn.
func PartHistory(r store.Reader, id PartID) ([]Fact, map[string]Withdrawal, error) {
	facts, err := store.List(r, qFactsOfPart, scanFact, string(id))
	if err != nil || len(facts) == 0 {
		return nil, nil, err
	}
	latestFirst(facts)
	gone, err := withdrawn(r, "part", facts[0].Place)
	return facts, gone, err
}

// Gap is a place or part whose own area is not the sum of what lies in it.
type Gap struct {
	Part   *Part // nil: the place itself
	Name   string
	Stated Area
	Summed Area // of the parts right in it whose area is known
}

// Missing is what no part tells of; negative when the parts are larger than the whole.
func (g Gap) Missing() Area { return g.Stated - g.Summed }

// Gaps tells where areas do not add up: walls and corridors are often left out, but parts larger than their whole are a
// mistake. A yard is no floor area of its place, and a space in a space (a mezzanine) adds its own.
func Gaps(place Place, parts []Part) (gaps []Gap) {
	sums := map[PartID]Area{}
	for _, p := range parts {
		if !p.Closed && p.Use != Yard {
			sums[p.Parent] += p.own(parts)
		}
	}
	if place.Area > 0 && sums[""] > 0 && sums[""] != place.Area {
		gaps = append(gaps, Gap{nil, place.Title, place.Area, sums[""]})
	}
	for i, p := range parts {
		if sum := sums[p.ID]; !p.Closed && p.Level != Space && p.Area > 0 && sum > 0 && sum != p.Area {
			gaps = append(gaps, Gap{&parts[i], p.Name(), p.Area, sum})
		}
	}
	return gaps
}

// own is the area of a part, or of what lies in it when its own is not known.
func (p Part) own(all []Part) (sum Area) {
	if p.Area > 0 {
		return p.Area
	}
	for _, c := range all {
		if c.Parent == p.ID && !c.Closed && c.Use != Yard {
			sum += c.own(all)
		}
	}
	return sum
}
