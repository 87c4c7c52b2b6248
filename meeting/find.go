package meeting

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/store"
	"lieux/people"
)

// Found is a meeting that a search meets, or a point of its agenda.
type Found struct {
	Name, Title string     // of the meeting
	On          civil.Date // zero while it has no date
	Recorded    bool       // it was held and stands in the record of assemblies under the same name
	Item        ItemID     // of a living meeting; empty for the meeting itself and in the record
	Number      string     // of the point; empty for the meeting itself
	Point       string     // title of the point
}

// Finder is who searches: what is not for them is not found.
type Finder struct {
	Person people.PersonID
	Staff  bool // reads the meetings of every body, also those that are not yet convened
}

// maxFound bounds what one search gives.
const maxFound = 20

// Find looks for meetings of every body, living and in the record, and for their points, by words, numbers and years,
// the latest first: "toiture", "ag 2017", "assemblée 2017 point 7". Every word must be met; a point must meet at least
// one of them by itself. A figure is met by the whole number only.
func Find(r store.Reader, who Finder, text string) ([]Found, error) {
	wanted := strings.Fields(fold.Text(text))
	if len(wanted) == 0 {
		return nil, nil
	}
	list, err := All(r)
	if err != nil {
		return nil, err
	}
	records, err := assembly.All(r)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	var hay []sought
	for _, m := range list {
		may, err := MayKnow(r, who, m)
		if err != nil {
			return nil, err
		}
		recorded := slices.ContainsFunc(records, func(a assembly.Assembly) bool { return a.Name == m.Name })
		names[m.Name] = string(m.ID)
		if may {
			hay = append(hay, sought{Found: Found{Name: m.Name, Title: m.Title, On: m.Day(r.Zone()), Recorded: recorded},
				id: m.ID, extra: m.Place})
		}
	}
	points, err := pointsOfAll(r)
	if err != nil {
		return nil, err
	}
	for i := range hay {
		hay[i].points = points[hay[i].id]
	}
	for _, a := range records {
		if _, living := names[a.Name]; living {
			continue
		}
		one, may, err := ofRecord(r, who, a)
		if err != nil {
			return nil, err
		}
		if may {
			hay = append(hay, one)
		}
	}
	slices.SortStableFunc(hay, func(a, b sought) int { return b.On.Compare(a.On) })
	var found []Found
	for _, one := range hay {
		found = append(found, one.meets(wanted)...)
	}
	return found[:min(len(found), maxFound)], nil
}

// MayKnow says whether somebody may know of a meeting: the staff of every one, cooperators of general assemblies that
// are convened, and of the meetings of a body who sit in it.
func MayKnow(r store.Reader, who Finder, m Meeting) (bool, error) {
	switch {
	case who.Staff:
		return true, nil
	case m.ConvenedAt == 0 && m.OpenedAt == 0:
		return false, nil
	case m.Kind == people.Assembly:
		return true, nil
	}
	return sits(r, who.Person, m.Body)
}

func sits(r store.Reader, who people.PersonID, body people.BodyID) (bool, error) {
	seated, err := people.Seated(r, body, r.Today())
	return slices.ContainsFunc(seated, func(s people.Mandate) bool { return s.Person == who }), err
}

// sought is a meeting with what a search looks at.
type sought struct {
	Found
	id     ID
	extra  string
	points []point
}

// point is an item with the words of its matters.
type point struct {
	id            ItemID
	number, title string
	words         string
}

// ofRecord is a meeting that was taken into the record: its points stand there only.
func ofRecord(r store.Reader, who Finder, a assembly.Assembly) (one sought, may bool, err error) {
	body, err := people.GetBody(r, a.Body)
	if err != nil {
		return one, false, err
	}
	if may = who.Staff || body.Kind == people.Assembly; !may {
		if may, err = sits(r, who.Person, a.Body); err != nil || !may {
			return one, false, err
		}
	}
	a, _, err = assembly.ByName(r, a.Name)
	one = sought{Found: Found{Name: a.Name, Title: a.Title, On: a.HeldOn, Recorded: true}, extra: a.Place}
	for _, item := range a.Items {
		p := point{number: item.Number, title: item.Title}
		for _, x := range item.Matters {
			p.words += " " + x.Title + " " + x.Words
		}
		one.points = append(one.points, p)
	}
	return one, true, err
}

// meets gives the meeting when every word stands in its own name, and each point whose words and the meeting's together
// hold all of them.
func (s sought) meets(wanted []string) (found []Found) {
	own := words(s.Name, s.Title, s.extra, yearOf(s.On))
	if all(wanted, own) {
		found = append(found, s.Found)
	}
	for _, p := range s.points {
		theirs := words(p.number, p.title, p.words)
		if any := slices.ContainsFunc(wanted, func(w string) bool { return met(w, theirs) }); !any {
			continue
		}
		if all(wanted, slices.Concat(own, theirs, pointWords)) {
			one := s.Found
			one.Item, one.Number, one.Point = p.id, p.number, p.title
			found = append(found, one)
		}
	}
	return found
}

// pointWords are what people write before the number of a point.
var pointWords = []string{"point", "punt", "item"}

func words(texts ...string) []string { return strings.Fields(fold.Text(strings.Join(texts, " "))) }

func all(wanted, there []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !met(w, there) })
}

// met says whether a word begins one of those there; a number must be the same.
func met(word string, there []string) bool {
	return slices.ContainsFunc(there, func(t string) bool {
		return t == word || strings.HasPrefix(t, word) && !unicode.IsNumber(rune(word[0]))
	})
}

func yearOf(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.Year())
}
