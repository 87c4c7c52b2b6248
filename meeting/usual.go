package meeting

import (
	"strconv"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/people"
)

// prefixes begin the short names of meetings.
var prefixes = map[people.BodyKind]string{people.Assembly: "ag", people.Board: "oa", people.Committee: "comite",
	people.Group: "groupe"}

// SuggestName proposes a short name that nothing has: the year for an assembly, the day for the bodies that meet often.
func SuggestName(r store.Reader, kind people.BodyKind, day civil.Date) (string, error) {
	when := day.String()
	switch {
	case day.IsZero():
		when = strconv.Itoa(r.Today().Year())
	case kind == people.Assembly:
		when = strconv.Itoa(day.Year())
	}
	return freeName(r, prefixes[kind]+"-"+when)
}

// soon is how many days after the meeting a mandate may end to be filled anew at it.
const soon = 366

// Usual is the agenda of an ordinary meeting of the body, to begin with: the minutes that wait for approval; for the
// yearly assembly the report, the accounts of the last year, the discharge, and the mandates that end; what is to come.
func Usual(r store.Reader, m Meeting) ([]Item, error) {
	body, err := people.GetBody(r, m.Body)
	if err != nil {
		return nil, err
	}
	m.Kind = body.Kind
	day := m.Day(r.Zone())
	if day.IsZero() {
		day = r.Today()
	}
	p := say(m.Language)
	var items []Item
	put := func(x Matter) {
		if x.Title == "" {
			x.Title = p.T("meeting.kind." + string(x.Kind))
		}
		items = append(items, Item{Title: x.Title, Matters: []Matter{x}})
	}
	f, err := circumstancesOf(r, m)
	if err != nil {
		return nil, err
	}
	if f.last.ID != "" && f.last.ApprovedBy == "" {
		put(Matter{Kind: assembly.EarlierMinutes, Earlier: f.last.Name})
	}
	if m.Kind == people.Assembly {
		put(Matter{Kind: assembly.Information, Title: p.T("meeting.agenda.report")})
		put(Matter{Kind: assembly.Accounts, ClosedOn: civil.Day(day.Year()-1, time.December, 31)})
		put(Matter{Kind: assembly.Discharge})
		elections, err := endingSeats(r, m, day)
		if err != nil {
			return nil, err
		}
		for _, x := range elections {
			put(x)
		}
	} else {
		put(Matter{Kind: assembly.Information, Title: p.T("meeting.agenda.news")})
	}
	put(Matter{Kind: assembly.Outlook, Title: p.T("meeting.agenda.outlook")})
	return items, nil
}

// endingSeats are elections for the mandates that end soon after a day, one for each body, by the list of bodies.
func endingSeats(r store.Reader, m Meeting, day civil.Date) (list []Matter, err error) {
	ending, err := people.Ending(r, day, soon)
	if err != nil {
		return nil, err
	}
	seats := map[people.BodyID]int{}
	for _, e := range ending {
		seats[e.Body]++
	}
	bodies, err := people.Bodies(r)
	p := say(m.Language)
	for _, b := range bodies {
		if n := min(seats[b.ID], MaxSeats); n > 0 && b.ID != m.Body {
			name := b.Name
			if name == "" {
				name = p.T("meeting.agenda." + string(b.Kind))
			}
			list = append(list, Matter{Kind: assembly.Election, Title: p.T("meeting.agenda.election", "body", name),
				Body: b.ID, Seats: n})
		}
	}
	return list, err
}
