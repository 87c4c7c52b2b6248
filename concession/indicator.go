package concession

import (
	"cmp"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/places"
)

// Indicator is something that the program counts of a place that is run.
type Indicator string

// The indicators.
const (
	// at least so many thousandths of the area that is let, over the days of the period
	Occupancy  Indicator = "occupancy"
	FeeCeiling Indicator = "fee"        // at most so many cents for a square metre and a month, on the last day
	Vacancy    Indicator = "vacancy"    // no space empty for more than so many days
	Collective Indicator = "collective" // at least so many thousandths of the area shared by several, or common to all
	Practices  Indicator = "practices"  // at least so many practices on the last day
	Days       Indicator = "days"       // at least so many participatory days
	Insured    Indicator = "insured"    // 1: an insurance paper is valid on the last day
)

// Indicators lists them.
var Indicators = []Indicator{Occupancy, FeeCeiling, Vacancy, Collective, Practices, Days, Insured}

// Words names the indicator.
func (i Indicator) Words() lang.Phrase { return lang.Say("concession.indicator." + string(i)) }

// AtMost says that the target is a ceiling; the others are floors.
func (i Indicator) AtMost() bool { return i == FeeCeiling || i == Vacancy }

// most is the greatest target that can be meant.
func (i Indicator) most() int64 {
	switch i {
	case Occupancy, Collective:
		return 1000
	case FeeCeiling:
		return int64(places.MaxFee)
	case Insured:
		return 1
	}
	return 100_000
}

// Say puts a value of the indicator into words.
func (i Indicator) Say(value int64) lang.Phrase {
	switch i {
	case Occupancy, Collective:
		return lang.Say("concession.value.permille", "share", permille(value))
	case FeeCeiling:
		return lang.Say("concession.value.fee", "fee", money.Cents(value))
	case Vacancy, Days:
		return lang.Say("concession.value.days", "n", value)
	case Practices:
		return lang.Say("concession.value.practices", "n", value)
	}
	if value > 0 {
		return lang.Say("concession.value.yes")
	}
	return lang.Say("concession.value.no")
}

// permille is a share in thousandths, said in per cent.
type permille int64

// Words says it in the reader's language.
func (m permille) Words(p *lang.Printer) string { return places.Percent(p, int64(m)*10) }

// square is an area that a phrase holds.
type square places.Area

// Words says it in the reader's language.
func (a square) Words(p *lang.Printer) string { return places.Area(a).In(p) }

// Target is an indicator with what is aimed at.
type Target struct {
	Kind   Indicator
	Target int64
}

// Reading is an indicator as it was counted, with what it was counted from.
type Reading struct {
	Target
	Article int   // position in the Charter
	Known   bool  // false where nothing can be counted
	Value   int64 // in the unit of the indicator
	Num     int64 // of a share: square decimetres, times days for the occupancy; of the others, of how many
	Den     int64
	Rows    []Row // what decides, or the first of it
	Kept    bool  `json:"-"` // it is not told to who reads: it is what one occupant pays
}

// Discreet are readings as they are told to who is neither of the house, nor runs the place, nor evaluates it. A fee
// names no space, and is kept back where fewer than [places.FewPay] occupants pay: it would be the fee of one of them.
func Discreet(list []Reading) []Reading {
	list = slices.Clone(list)
	for i := range list {
		if d := &list[i]; d.Kind == FeeCeiling {
			d.Rows, d.Kept = nil, d.Known && d.Num < places.FewPay
		}
	}
	return list
}

// Told says whether the value is told.
func (d Reading) Told() bool { return d.Known && !d.Kept }

// Row is one line of what an indicator was counted from: a space, a practice. It names nobody.
type Row struct {
	Label string
	Value int64
}

// maxRows is how many lines a reading keeps.
const maxRows = 30

// Met says whether the target is reached; false too where nothing is known.
func (d Reading) Met() bool {
	if !d.Known {
		return false
	}
	if d.Kind.AtMost() {
		return d.Value <= d.Target.Target
	}
	return d.Value >= d.Target.Target
}

// How says how it was counted.
func (d Reading) How() lang.Phrase {
	if !d.Known {
		return lang.Say("concession.how.unknown")
	}
	if d.Kept {
		return lang.Say("concession.how.kept", "n", places.FewPay)
	}
	code := "concession.how." + string(d.Kind)
	switch d.Kind {
	case Occupancy:
		return lang.Say(code, "num", d.Num/100, "den", d.Den/100)
	case Collective:
		return lang.Say(code, "num", square(d.Num), "den", square(d.Den))
	}
	return lang.Say(code, "n", d.Num)
}

// Counted is what of a place the indicators are counted from.
type Counted struct {
	Seen        places.Present                  // on the last day of the period
	Course      []places.Share                  // the area that was let and taken, up to that day
	Open        map[places.PartID][]places.Span // the days on which somebody could be in a space, up to that day
	From, Until civil.Date                      // of the period
	Today       civil.Date                      // fees are as they are known then
	Days        int64                           // participatory days in the period
	DaysKnown   bool
	Insured     bool // a paper is valid on the last day
}

// Count counts an indicator. It is pure.
func (c Counted) Count(t Target) (d Reading) {
	d = Reading{Target: t, Known: t.Kind != Vacancy}
	switch t.Kind {
	case Occupancy:
		c.occupancy(&d)
	case FeeCeiling:
		c.fees(&d)
	case Vacancy:
		c.vacancy(&d)
	case Collective:
		c.collective(&d)
	case Practices:
		c.practices(&d)
	case Days:
		d.Value, d.Num, d.Known = c.Days, c.Days, c.DaysKnown
	case Insured:
		if c.Insured {
			d.Value, d.Num = 1, 1
		}
	}
	slices.SortStableFunc(d.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), strings.Compare(fold.Sort(a.Label), fold.Sort(b.Label)))
	})
	d.Rows = d.Rows[:min(len(d.Rows), maxRows)]
	return d
}

// occupancy adds up area times days, from the first day on which somebody was there.
func (c Counted) occupancy(d *Reading) {
	for i, s := range c.Course {
		from, until := later(s.From, c.From), c.Until
		if i+1 < len(c.Course) {
			until = sooner(until, c.Course[i+1].From.AddDays(-1))
		}
		if from.After(until) {
			continue
		}
		days := int64(from.DaysUntil(until) + 1)
		d.Num += int64(s.Taken) * days
		d.Den += int64(s.Let) * days
	}
	if d.Known = d.Den > 0; d.Known {
		d.Value = (d.Num*2000 + d.Den) / (2 * d.Den)
	}
}

// fees looks for the dearest square metre.
func (c Counted) fees(d *Reading) {
	for _, s := range c.Seen.Spaces {
		for _, o := range s.In {
			fee := int64(o.FeeOn(c.Until, c.Today))
			d.Num++
			d.Value = max(d.Value, fee)
			if fee > d.Target.Target {
				d.Rows = append(d.Rows, Row{s.Name(), fee})
			}
		}
	}
	d.Known = d.Num > 0
}

// vacancy looks for the longest time during which nobody was in a space that is let. Days before it was built, of a
// building site, and of a flat between two guests do not count; those of a space that nobody was ever in do.
func (c Counted) vacancy(d *Reading) {
	in := map[places.PartID][]places.Occupancy{}
	for _, o := range c.Seen.All {
		if o.Stands() {
			in[o.Space] = append(in[o.Space], o)
		}
	}
	for _, s := range c.Seen.Spaces {
		longest := int64(0)
		for _, open := range c.Open[s.ID] {
			longest = max(longest, longestGap(in[s.ID], later(open.From, c.From), sooner(open.Until, c.Until)))
			d.Known = true
		}
		if longest > 0 {
			d.Num++
			d.Rows = append(d.Rows, Row{s.Name(), longest})
		}
		d.Value = max(d.Value, longest)
	}
}

// longestGap is the greatest number of days in a row without anybody, between two days.
func longestGap(all []places.Occupancy, from, until civil.Date) (longest int64) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b places.Occupancy) int { return a.From.Compare(b.From) })
	free := from // the first day that nobody has taken yet
	for _, o := range all {
		if o.From.After(free) && !free.After(until) {
			longest = max(longest, int64(free.DaysUntil(sooner(o.From.AddDays(-1), until))+1))
		}
		if o.Until.IsZero() {
			return longest
		}
		free = later(free, o.Until.AddDays(1))
	}
	if !free.After(until) {
		longest = max(longest, int64(free.DaysUntil(until)+1))
	}
	return longest
}

func (c Counted) collective(d *Reading) {
	for _, s := range c.Seen.Spaces {
		d.Den += int64(s.Area)
		if s.Tenure != places.Single {
			d.Num += int64(s.Area)
			d.Rows = append(d.Rows, Row{s.Name(), int64(s.Area)})
		}
	}
	if d.Known = d.Den > 0; d.Known {
		d.Value = (d.Num*2000 + d.Den) / (2 * d.Den)
	}
}

func (c Counted) practices(d *Reading) {
	seen := map[string]int{}
	for _, s := range c.Seen.Spaces {
		for _, o := range s.In {
			d.Num++
			key := fold.Text(o.Practice)
			if i, there := seen[key]; there {
				d.Rows[i].Value++
				continue
			}
			seen[key] = len(d.Rows)
			d.Rows = append(d.Rows, Row{lang.Capital(o.Practice), 1})
		}
	}
	d.Value, d.Known = int64(len(d.Rows)), true
}

// Readings counts every indicator of a Charter for a place and a period.
func Readings(r store.Reader, c Concession, charter Charter, from, until civil.Date) (list []Reading, err error) {
	counted, err := gather(r, c, from, until)
	for i, a := range charter.Articles {
		for _, t := range a.Indicators {
			d := counted.Count(t)
			d.Article = i
			list = append(list, d)
		}
	}
	return list, err
}

// gather reads what the indicators are counted from.
func gather(r store.Reader, c Concession, from, until civil.Date) (n Counted, err error) {
	n = Counted{From: from, Until: until, Today: r.Today()}
	place, err := places.PlaceByID(r, c.Place, places.On(until))
	if err != nil {
		return n, err
	}
	if n.Seen, err = places.See(r, place, places.On(until)); err != nil {
		return n, err
	}
	if n.Course, err = places.Course(r, n.Seen); err != nil {
		return n, err
	}
	if n.Open, err = places.OpenSpans(r, c.Place, n.Seen.When); err != nil {
		return n, err
	}
	if Hooks.Days != nil {
		n.DaysKnown = true
		if n.Days, err = Hooks.Days(r, c.Place, from, until); err != nil {
			return n, err
		}
	}
	papers, err := PapersOf(r, c.ID)
	for _, p := range papers {
		n.Insured = n.Insured || p.Kind == InsurancePaper && p.Valid(until)
	}
	return n, err
}

func later(a, b civil.Date) civil.Date {
	if a.Before(b) {
		return b
	}
	return a
}

func sooner(a, b civil.Date) civil.Date {
	if b.Before(a) {
		return b
	}
	return a
}
