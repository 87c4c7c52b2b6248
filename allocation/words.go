package allocation

import (
	"encoding/json"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lieux/allocation/solver"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/people"
	"lieux/places"
)

// Bit is one of several things that may be so together, with the name under which forms send it.
type Bit[T ~uint32] struct {
	Name string
	Is   T
}

// Services, nuisances and parts of the week that the house has words for.
var (
	Services = []Bit[solver.Services]{{"water", solver.Water}, {"three-phase", solver.ThreePhase},
		{"extraction", solver.Extraction}, {"fire-walls", solver.FireWalls}, {"daylight", solver.Daylight}}
	Nuisances = []Bit[solver.Nuisances]{{"dust", solver.Dust}, {"noise", solver.Noise}, {"fumes", solver.Fumes},
		{"vibration", solver.Vibration}, {"odour", solver.Odour}, {"flame", solver.Flame}}
	Hours = []Bit[solver.Hours]{{"days", 1}, {"evenings", 2}, {"nights", 4}, {"weekends", 8}}
)

// Named are the names of the bits that are set.
func Named[T ~uint32](bits []Bit[T], set T) (names []string) {
	for _, b := range bits {
		if set&b.Is != 0 {
			names = append(names, b.Name)
		}
	}
	return names
}

// Gathered sets the bits with these names; a name that is none sets nothing.
func Gathered[T ~uint32](bits []Bit[T], names []string) (set T) {
	for _, b := range bits {
		for _, n := range names {
			if n == b.Name {
				set |= b.Is
			}
		}
	}
	return set
}

// all are the bits that have names.
func all[T ~uint32](bits []Bit[T]) (set T) {
	for _, b := range bits {
		set |= b.Is
	}
	return set
}

// listed says bits in words, one phrase each: kind is "service", "nuisance" or "hours".
func listed[T ~uint32](p *lang.Printer, kind string, bits []Bit[T], set T) string {
	var words []string
	for _, name := range Named(bits, set) {
		words = append(words, p.T("allocation."+kind+"."+name))
	}
	return p.List(words)
}

// ServiceWords lists services: "l’eau et le triphasé".
func ServiceWords(p *lang.Printer, s solver.Services) string {
	return listed(p, "service", Services, s)
}

// NuisanceWords lists nuisances: "la poussière et le bruit".
func NuisanceWords(p *lang.Printer, n solver.Nuisances) string {
	return listed(p, "nuisance", Nuisances, n)
}

// HoursWords lists the parts of the week; always when none is set.
func HoursWords(p *lang.Printer, h solver.Hours) string {
	if h == 0 {
		return p.T("allocation.hours.always")
	}
	return listed(p, "hours", Hours, h)
}

// Square writes an area in square metres.
func Square(p *lang.Printer, a solver.Area) string { return places.Area(a).In(p) }

// words are this room's own and those of who decides and of places, for what leaves without a reader at the keyboard.
var words = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(Phrases, people.Phrases, places.Phrases)
	fault.Must(err == nil, "words of allocation: %v", err)
	return book
})

func printer(tag lang.Tag) *lang.Printer {
	if !lang.Known(string(tag)) {
		tag = lang.French
	}
	return words().In(tag)
}

// oneLine drops what prints nothing and makes one space of many.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

func tooLong(s string, limit int) bool { return utf8.RuneCountInString(s) > limit }

// reason is why something was done: one line that must be there.
func reason(why string) (string, error) {
	why = oneLine(why)
	if why == "" || tooLong(why, MaxWhy) {
		return "", fault.Refuse("allocation.refusal.why", "limit", MaxWhy).At("why")
	}
	return why, nil
}

// encode is the canonical form of what is sealed and kept.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return raw
}

func decode(text string, into any) error { return json.Unmarshal([]byte(text), into) }
