package places

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Share is how much of the area that is let was taken from a day on. Flats for guests are not part of it: Nights tells
// how they are used.
type Share struct {
	From  civil.Date
	Taken Area
	Let   Area
}

// PerMille is the share in thousandths, rounded; 1000 when nothing is let.
func (s Share) PerMille() int64 {
	if s.Let == 0 {
		return 1000
	}
	return int64((s.Taken*2000 + s.Let) / (2 * s.Let))
}

// MaxShares is how many changes one course tells.
const MaxShares = 2000

// Course is how much of a place was taken from its first occupant on until the day on which it was seen, change by
// change.
func Course(r store.Reader, seen Present) ([]Share, error) {
	place := string(seen.Place.ID)
	heads, err := store.List(r, qParts, scanPart, place)
	if err != nil {
		return nil, err
	}
	facts := map[PartID][]Fact{}
	if err := store.Each(r, qFacts, func(row store.Row) error {
		f, err := scanFact(row)
		facts[f.Part] = append(facts[f.Part], f)
		return err
	}, place); err != nil {
		return nil, err
	}
	gone, err := withdrawn(r, "part", seen.Place.ID)
	if err != nil {
		return nil, err
	}
	return course(heads, facts, gone, seen.All, seen.When), nil
}

// change is by how much the area that is let or taken moves on a day.
type change struct {
	day        civil.Date
	let, taken Area
}

// course is the sum of all changes of all spaces.
func course(heads []Part, facts map[PartID][]Fact, gone map[string]Withdrawal, all []Occupancy, w When) []Share {
	var changes []change
	var first civil.Date
	in := map[PartID][]Occupancy{}
	for _, o := range all {
		if !o.Stands() {
			continue
		}
		in[o.Space] = append(in[o.Space], o)
		f, _ := pick(facts[o.Space], gone, When{o.From, w.Known})
		if f.Use != Flat && (first.IsZero() || o.From.Before(first)) {
			first = o.From
		}
	}
	for _, p := range heads {
		if p.Level == Space {
			changes = append(changes, changesOf(p, facts[p.ID], gone, in[p.ID], w)...)
		}
	}
	if first.IsZero() {
		return nil
	}
	slices.SortStableFunc(changes, func(a, b change) int { return a.day.Compare(b.day) })
	var list []Share
	var now Share
	for i, c := range changes {
		now.Let += c.let
		now.Taken += c.taken
		if i+1 < len(changes) && changes[i+1].day.Compare(c.day) == 0 || c.day.After(w.Day) {
			continue
		}
		now.From = c.day
		if c.day.Before(first) {
			now.From = first
		}
		n := len(list)
		switch {
		case n > 0 && list[n-1].From.Compare(now.From) == 0:
			list[n-1] = now
		case n == 0 || list[n-1].PerMille() != now.PerMille():
			list = append(list, now)
		}
	}
	return list[max(0, len(list)-MaxShares):]
}

// changesOf are the changes of one space: its area on each day on which a fact begins or an occupant comes or goes.
func changesOf(p Part, facts []Fact, gone map[string]Withdrawal, of []Occupancy, w When) (changes []change) {
	var days []civil.Date
	for _, f := range facts {
		days = append(days, f.From.Last())
	}
	for _, o := range of {
		days = append(days, o.From)
		if !o.Until.IsZero() {
			days = append(days, o.Until.AddDays(1))
		}
	}
	slices.SortFunc(days, civil.Date.Compare)
	days = slices.CompactFunc(days, func(a, b civil.Date) bool { return a.Compare(b) == 0 })
	var let, taken Area
	for _, day := range days {
		q := p
		f, found := pick(facts, gone, When{day, w.Known})
		q.Fact = f
		var newLet, newTaken Area
		if found && q.Let() && !q.Hosts() {
			s := Stand(q, of, day)
			newLet, newTaken = q.Area, s.Taken
		}
		if newLet != let || newTaken != taken {
			changes = append(changes, change{day, newLet - let, newTaken - taken})
			let, taken = newLet, newTaken
		}
	}
	return changes
}

// Span is some days in a row, both included.
type Span struct{ From, Until civil.Date }

// OpenSpans tells on which days until that of w somebody could be in a space of a place: it was there, let, and no
// building site. Flats for guests are not part of it. A space that nobody was ever in has its days too.
func OpenSpans(r store.Reader, place PlaceID, w When) (map[PartID][]Span, error) {
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
	open := map[PartID][]Span{}
	for _, p := range heads {
		if list := spans(p, facts[p.ID], gone, w); len(list) > 0 {
			open[p.ID] = list
		}
	}
	return open, err
}

// spans are those of one space.
func spans(p Part, facts []Fact, gone map[string]Withdrawal, w When) (list []Span) {
	var days []civil.Date
	for _, day := range turns(facts) {
		days = append(days, day.Last())
	}
	slices.SortFunc(days, civil.Date.Compare)
	open := false
	for _, day := range days {
		if day.After(w.Day) {
			break
		}
		f, found := pick(facts, gone, When{day, w.Known})
		q := p
		q.Fact = f
		was := open
		open = found && q.Let() && !q.Hosts() && !q.Works
		switch {
		case open && !was:
			list = append(list, Span{day, w.Day})
		case was && !open:
			list[len(list)-1].Until = day.AddDays(-1)
		}
	}
	return list
}

// FeeOn is the fee of a square metre and month on a day, in cents. A rate of the agreement moves it on each
// anniversary; the health index only on those after today, by the rate that was assumed.
func (t Terms) FeeOn(day, today civil.Date) money.Cents {
	fee := int64(t.Fee)
	if t.Index == Fixed || t.Rate == 0 {
		return t.Fee
	}
	for n := 1; n <= maxYears; n++ {
		at := t.From.AddYears(n)
		if at.After(day) {
			break
		}
		if t.Index == ByHealth && !at.After(today) {
			continue
		}
		fee = (fee*(10_000+t.Rate)*2 + 10_000) / 20_000
	}
	return money.Cents(min(fee, int64(MaxFee)*100))
}

const maxYears = 200

// Month is what is expected of one month.
type Month struct {
	First civil.Date
	Fee   money.Cents // of who is in, as far as it is known
	Taken Area        // on its first day
	Flats Nights      // of flats for guests
}

// ForecastMonths is how far ahead a forecast looks.
const ForecastMonths = 24

// Forecast is what the occupancies that are known bring in, month by month from that of a day on: who leaves is not
// replaced, who has no end stays, indexing is as agreed or assumed. A month of which only some days are taken counts by
// its days. Guests pay too, but their flats count in nights and not in the area that is taken.
func Forecast(p Present, today civil.Date) (months []Month) {
	first := p.When.Day.First()
	first = civil.Day(first.Year(), first.Month(), 1)
	areas, hosts := map[PartID]Area{}, map[PartID]bool{}
	for _, s := range p.Spaces {
		areas[s.ID], hosts[s.ID] = s.Area, s.Hosts()
	}
	for n := range ForecastMonths {
		month := Month{First: first.AddMonths(n)}
		end := month.First.AddMonths(1).AddDays(-1)
		days := int64(month.First.DaysUntil(end) + 1)
		month.Flats = p.nights(month.First, end)
		for _, o := range p.All {
			if !o.Stands() || o.From.After(end) || !o.Until.IsZero() && o.Until.Before(month.First) {
				continue
			}
			area := o.takes(areas[o.Space])
			if o.In(month.First) && !hosts[o.Space] {
				month.Taken += area
			}
			from, until := o.From, end
			if from.Before(month.First) {
				from = month.First
			}
			if !o.Until.IsZero() && o.Until.Before(end) {
				until = o.Until
			}
			in := int64(from.DaysUntil(until) + 1)
			cents := int64(o.FeeOn(month.First, today)) * int64(area) * in
			month.Fee += money.Cents((cents*2 + 100*days) / (200 * days))
		}
		months = append(months, month)
	}
	return months
}

// FewPay is how many occupants a total of fees has at least when every member may read it: of fewer, it would tell what
// one of them pays.
const FewPay = 3

// Payers counts who owed a fee between two days, both included.
func Payers(all []Occupancy, from, until civil.Date) int {
	who := map[people.PersonID]bool{}
	for _, o := range all {
		if o.Stands() && o.Fee > 0 && !o.From.After(until) && (o.Until.IsZero() || !o.Until.Before(from)) {
			who[o.Person] = true
		}
	}
	return len(who)
}

// Total is what the months bring in together.
func Total(months []Month) (sum money.Cents) {
	for _, m := range months {
		sum += m.Fee
	}
	return sum
}

// MonthlyFee is what an occupancy costs in a whole month on a day.
func (s Standing) MonthlyFee(o Occupancy, day, today civil.Date) money.Cents {
	return money.Cents((int64(o.FeeOn(day, today))*int64(o.takes(s.Area))*2 + 100) / 200)
}
