package works

import (
	"io"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/places"
)

// Attendance is what the sheet of a day says of one sign-up.
type Attendance struct {
	Signup   string
	Presence Presence
	Minutes  Minutes // of who came
	Meals    int64
}

// MaxMeals is how many meals one person eats on one day.
const MaxMeals = 5

// Attend writes the sheet of a day down: who came, for how long, how many meals. It may be written again while the
// names are known; the day counts as held.
func Attend(tx *store.Tx, id DayID, sheet []Attendance) error {
	d, err := DayByID(tx, id)
	if err != nil {
		return err
	}
	if d.State == Draft || d.State == Cancelled {
		return fault.Refuse("works.refusal.day-state")
	}
	if d.On.After(tx.Today()) {
		return fault.Refuse("works.refusal.day-ahead", "day", d.On)
	}
	in, err := SignupsOf(tx, id)
	if err != nil {
		return err
	}
	if err := checkSheet(in, sheet); err != nil {
		return err
	}
	came := int64(0)
	for _, a := range sheet {
		if a.Presence != Came {
			a.Minutes, a.Meals = 0, 0
		} else {
			came++
		}
		if _, err := tx.Exec(qSetAttend, a.Signup, string(a.Presence), int64(a.Minutes), a.Meals); err != nil {
			return err
		}
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title, "n": came}})
	_, err = tx.Exec(qSetDayState, string(id), string(Held), "")
	return err
}

// checkSheet refuses hours that no day has, of one sign-up or of one person together.
func checkSheet(in []Signup, sheet []Attendance) error {
	who := map[string]Signup{}
	sum := map[string]Minutes{}
	for _, u := range in {
		who[u.ID] = u
		if !slices.ContainsFunc(sheet, func(a Attendance) bool { return a.Signup == u.ID }) {
			sum[u.Volunteer] += u.Minutes
		}
	}
	for _, a := range sheet {
		u, found := who[a.Signup]
		if !found || u.State != Taken && u.State != Waiting {
			return fault.Refuse("works.refusal.unknown-signup")
		}
		if a.Presence != "" && a.Presence != Came && a.Presence != Absent {
			return fault.Refuse("works.refusal.choice").At("came-" + a.Signup)
		}
		if a.Presence != Came {
			continue
		}
		if sum[u.Volunteer] += a.Minutes; a.Minutes <= 0 || sum[u.Volunteer] > fullDay {
			return fault.Refuse("works.refusal.hours").At("hours-" + a.Signup)
		}
		if a.Meals < 0 || a.Meals > MaxMeals {
			return fault.Refuse("works.refusal.meals", "limit", MaxMeals).At("meals-" + a.Signup)
		}
	}
	return nil
}

// DayCount is what came of a participatory day: hours are counted by person and day, and are no money.
type DayCount struct {
	Day        Day
	Volunteers int64 // different people
	Minutes    Minutes
	Meals      int64
}

// Count adds up who came.
func Count(d Day, in []Signup) DayCount {
	c := DayCount{Day: d}
	people := map[string]bool{}
	for _, u := range in {
		if u.Presence != Came {
			continue
		}
		people[u.Volunteer] = true
		c.Minutes += u.Minutes
		c.Meals += u.Meals
	}
	c.Volunteers = int64(len(people))
	return c
}

// ParticipatoryDays are the days that were held at a place between two days, both included, the oldest first.
func ParticipatoryDays(r store.Reader, place places.PlaceID, from, to civil.Date) (list []DayCount, err error) {
	all, err := store.List(r, qDaysOf, scanDay, string(place), from.First().String(), to.Last().String())
	if err != nil {
		return nil, err
	}
	for _, d := range slices.Backward(all) {
		if d.Place != place || d.State != Held || d.On.Before(from) || d.On.After(to) {
			continue
		}
		in, err := SignupsOf(r, d.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, Count(d, in))
	}
	return list, nil
}

// AttendanceSheet prints the list of a day to be signed: shift by shift, those who have a seat, and lines for who comes
// without having said so.
func AttendanceSheet(out io.Writer, p *lang.Printer, house string, place places.Place, d Day, shifts []Shift,
	in []Signup) error {
	paper := papers.Paper{Kind: papers.Form, Lang: p.Tag, House: house, Title: p.T("works.sheet.title", "title", d.Title),
		Foot: p.T("works.sheet.foot", "title", d.Title, "day", d.On), Blocks: papers.Blocks{
			papers.Paragraph{Words: papers.T(p.T("works.sheet.lead", "place", place.Title, "day", d.On, "meeting", d.Meeting))},
			papers.Hint{Words: papers.T(p.T("works.sheet.insurance", "insurance", d.Insurance))}}}
	list := papers.SignList{Heads: [4]string{p.T("works.sheet.number"), p.T("works.field.name"), p.T("works.field.hours"),
		p.T("works.sheet.signature")}}
	n, seats := int64(0), int64(0)
	for _, s := range shifts {
		seats += s.Seats
		for _, u := range sorted(in) {
			if u.Shift == s.ID && u.State == Taken {
				n++
				list.Rows = append(list.Rows, papers.SignRow{Number: p.Count(n), Name: u.Name,
					Note: s.Starts.Clock() + " – " + s.Ends.Clock() + ", " + s.Role})
			}
		}
	}
	for range freeLines {
		n++
		list.Rows = append(list.Rows, papers.SignRow{Number: p.Count(n), Name: "…"})
	}
	list.Last = papers.SignRow{Name: p.T("works.sheet.seats", "n", seats)}
	return papers.PrintList(out, paper, list, nil, papers.Meta{})
}

// freeLines are those of the sheet for who comes without having said so.
const freeLines = 6

func sorted(in []Signup) []Signup {
	list := slices.Clone(in)
	slices.SortStableFunc(list, func(a, b Signup) int { return strings.Compare(fold.Sort(a.Name), fold.Sort(b.Name)) })
	return list
}
