package concession

import (
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/people"
	"lieux/places"
)

// What one occupant pays cannot be read from what all pay together: a member reads the fees of a year that is over and
// that at least three occupants owed, and the highest fee of a square metre only among three.
func TestMembersReadNoFeeOfOneOccupant(t *testing.T) {
	year := func(y int, until string, payers ...string) Year {
		var all []places.Occupancy
		for _, who := range payers {
			name, from, _ := strings.Cut(who, " ")
			o := places.Occupancy{Entry: places.Entry{Cause: places.Entered, Terms: places.Terms{From: day(from), Fee: 450}}}
			o.Person = people.PersonID(name)
			all = append(all, o)
		}
		from, last := civil.Day(y, 1, 1), day(until)
		return Year{Year: y, Spaces: 3, Num: 1, Den: 1, Fees: 1_234_00, Whole: last.Month() == 12,
			Payers: places.Payers(all, from, last)}
	}
	for _, c := range []struct {
		what string
		year Year
		kept bool
	}{
		{"three owed", year(2025, "2025-12-31", "ada 2020-01-01", "bo 2020-01-01", "eva 2025-12-31"), false},
		{"two owed", year(2025, "2025-12-31", "ada 2020-01-01", "bo 2020-01-01", "eva 2026-01-01"), true},
		{"one has three spaces", year(2025, "2025-12-31", "ada 2020-01-01", "ada 2020-02-01", "ada 2020-03-01"), true},
		{"the year is not over", year(2026, "2026-11-23", "ada 2020-01-01", "bo 2020-01-01", "eva 2020-01-01"), true},
		{"nobody owed", year(2025, "2025-12-31"), false},
	} {
		o := Outlook{House: "Coop", Seen: places.Present{Place: places.Place{PlaceFact: places.PlaceFact{Title: "Lion"}},
			When: places.On(day("2026-11-23"))}, Years: []Year{c.year}, Readings: []Reading{{Target: Target{Kind: FeeCeiling, Target: 400}, Known: true,
			Value: 450, Num: int64(c.year.Payers), Rows: []Row{{"A1", 450}}}}}
		p := printer(lang.French)
		for discreet, paper := range map[bool]papers.Paper{false: o.YearsPaper(p), true: o.Discreet().YearsPaper(p)} {
			var text strings.Builder
			if err := papers.Text(&text, paper, nil); err != nil {
				t.Fatal(err)
			}
			said := strings.Join(strings.Fields(text.String()), " ")
			if shown := strings.Contains(said, "1 234"); shown == (discreet && c.kept) {
				t.Errorf("%s, discreet %t: the fees are shown: %t\n%s", c.what, discreet, shown, said)
			}
			if why := strings.Contains(said, "une seule personne paie"); why != (discreet && c.kept) {
				t.Errorf("%s, discreet %t: why is said: %t", c.what, discreet, why)
			}
		}
		d, whole := o.Discreet().Readings[0], o.Readings[0]
		if few := c.year.Payers < 3; d.Told() == few || len(d.Rows) > 0 || !whole.Told() || len(whole.Rows) != 1 ||
			few == strings.Contains(HowWords(p, d), "Parmi") {
			t.Errorf("%s: %+v is told as %+v, %s", c.what, whole, d, HowWords(p, d))
		}
	}
}
