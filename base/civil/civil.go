// Package civil holds dates as people write them, without hour or zone, and instants as machines do.
//
// A [Date] may be known to the day ("2017-06-17"), to the month ("2017-06") or to the year ("2017"), because a source
// may say no more. It is shown as it is known; rules that need a day take the last one ([Date.Last]) and say so.
package civil

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zone of the cooperative must be there on any machine
)

// Date is a day of the Gregorian calendar, or a month or a year when no more is known. The zero value means "no
// date".
type Date struct {
	year       int16
	month, day int8
}

// Years outside these bounds are typing mistakes.
const (
	MinYear = 1800
	MaxYear = 2200
)

// Day makes a date known to the day; it panics when there is no such day.
func Day(year int, month time.Month, day int) Date {
	d, err := Parse(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	if err != nil {
		panic(err)
	}
	return d
}

// Parse reads YYYY-MM-DD, YYYY-MM or YYYY.
func Parse(s string) (Date, error) {
	bad := func() (Date, error) {
		return Date{}, fmt.Errorf("civil: %.20q is no date (YYYY-MM-DD, YYYY-MM or YYYY)", s)
	}
	if len(s) != 4 && len(s) != 7 && len(s) != 10 {
		return bad()
	}
	number := func(from, to int) int {
		n := 0
		for _, c := range []byte(s[from:to]) {
			if c < '0' || c > '9' {
				return -1
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	year := number(0, 4)
	if year < MinYear || year > MaxYear {
		return bad()
	}
	d := Date{year: int16(year)}
	if len(s) >= 7 {
		month := number(5, 7)
		if s[4] != '-' || month < 1 || month > 12 {
			return bad()
		}
		d.month = int8(month)
	}
	if len(s) == 10 {
		day := number(8, 10)
		if s[7] != '-' || day < 1 || day > daysIn(year, int(d.month)) {
			return bad()
		}
		d.day = int8(day)
	}
	return d, nil
}

// MustParse is Parse for dates written in the program; it panics.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Of is the day of an instant in a zone.
func Of(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return Date{int16(y), int8(m), int8(d)}
}

// Parts of a date; Month and Day are 0 when they are not known.
func (d Date) Year() int         { return int(d.year) }
func (d Date) Month() time.Month { return time.Month(d.month) }
func (d Date) DayOfMonth() int   { return int(d.day) }

// IsZero says that there is no date; IsDay that it is known to the day.
func (d Date) IsZero() bool { return d == Date{} }
func (d Date) IsDay() bool  { return d.day != 0 }

// String is the form of the database: YYYY-MM-DD, YYYY-MM, YYYY or empty. Two dates known to the day compare as their
// strings do.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.month == 0:
		return fmt.Sprintf("%04d", d.year)
	case d.day == 0:
		return fmt.Sprintf("%04d-%02d", d.year, d.month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// Typed is the form in which people type it here, which [ParseLoose] reads back: 17/06/2017, 06/2017, 2017 or empty.
func (d Date) Typed() string {
	switch {
	case d.IsZero() || d.month == 0:
		return d.String()
	case d.day == 0:
		return fmt.Sprintf("%02d/%04d", d.month, d.year)
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.day, d.month, d.year)
}

// Last is the last day that the date may mean: rules take this one when a source gives only a month or a year.
func (d Date) Last() Date {
	switch {
	case d.IsZero() || d.IsDay():
		return d
	case d.month == 0:
		return Date{d.year, 12, 31}
	}
	return Date{d.year, d.month, int8(daysIn(int(d.year), int(d.month)))}
}

// First is the first day that the date may mean.
func (d Date) First() Date {
	if d.IsZero() || d.IsDay() {
		return d
	}
	return Date{d.year, max(d.month, 1), 1}
}

// Time is midnight UTC of the (last) day: for computing with days.
func (d Date) Time() time.Time {
	l := d.Last()
	return time.Date(int(l.year), time.Month(l.month), int(l.day), 0, 0, 0, 0, time.UTC)
}

// AddDays, AddMonths and AddYears count from the (last) day; a month's end stays a month's end (31 January + 1 month
// = 28 February).
func (d Date) AddDays(n int) Date { return Of(d.Time().AddDate(0, 0, n), time.UTC) }

// AddMonths adds whole months.
func (d Date) AddMonths(n int) Date {
	l := d.Last()
	m := int(l.year)*12 + int(l.month) - 1 + n
	y, mo := m/12, m%12+1
	return Date{int16(y), int8(mo), min(l.day, int8(daysIn(y, mo)))}
}

// AddYears adds whole years.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// DaysUntil counts the days from d to e: negative when e is earlier.
func (d Date) DaysUntil(e Date) int {
	const day = 24 * 60 * 60 // in seconds: a time.Duration ends after 292 years
	return int((e.Time().Unix() - d.Time().Unix()) / day)
}

// Compare orders by last day, then the less precise first.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Last().ordinal(), e.Last().ordinal()), cmp.Compare(d.ordinal(), e.ordinal()))
}

func (d Date) ordinal() int { return int(d.year)<<9 | int(d.month)<<5 | int(d.day) }

// Before and After compare by last day.
func (d Date) Before(e Date) bool { return d.Last().ordinal() < e.Last().ordinal() }
func (d Date) After(e Date) bool  { return d.Last().ordinal() > e.Last().ordinal() }

// MarshalText and UnmarshalText use the form of the database; an empty text is no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = Parse(string(b))
	return err
}

// Value and Scan keep a date as TEXT; no date is the empty text or NULL.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads a TEXT column.
func (d *Date) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return fmt.Errorf("civil: a %T is no date", v)
}

// looseSigns bound what [ParseLoose] looks at.
const looseSigns = 40

// ParseLoose reads what people and spreadsheets write: 17/06/2017, 17.6.2017, 17-06-17, 2017-06-17, 17 juin 2017,
// 06/2017, juin 2017 and Excel's count of days; an hour behind the day is left out. Day comes before month, as
// everywhere in Belgium; two figures of a year mean 19xx above 30 and 20xx otherwise.
func ParseLoose(s string) (Date, error) {
	bad := func() (Date, error) { return Date{}, fmt.Errorf("civil: %.20q is no date", s) }
	if len(s) > looseSigns {
		return bad()
	}
	t := strings.Join(strings.Fields(s), " ") // no-break spaces too
	for _, before := range []string{"T", " "} {
		if day, hour, ok := strings.Cut(t, before); ok && clock(hour) {
			t = day
		}
	}
	if d, err := Parse(t); err == nil {
		return d, nil
	}
	if n := figures(t, 5); n > 10_000 && n < 80_000 { // Excel's days, 1927 to 2119
		return Of(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n), time.UTC), nil
	}
	parts := strings.Split(between.Replace(strings.ToLower(t)), "/")
	if len(parts) > 1 && figures(parts[0], 4) >= MinYear { // the year first, as in files of programs
		slices.Reverse(parts)
	}
	switch len(parts) {
	case 3:
		day := figures(strings.TrimSuffix(parts[0], "er"), 2)
		if year, month := yearOf(parts[2]), monthOf(parts[1]); day > 0 && month > 0 {
			return Parse(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
		}
	case 2:
		if year, month := figures(parts[1], 4), monthOf(parts[0]); year >= MinYear && month > 0 {
			return Parse(fmt.Sprintf("%04d-%02d", year, month))
		}
	}
	return bad()
}

// between are the signs between day, month and year.
var between = strings.NewReplacer(". ", "/", ".", "/", "-", "/", " ", "/")

// clock says whether a text is an hour: 18:00, 18:00:00, 18:00:00.000Z.
func clock(s string) bool {
	parts := strings.Split(strings.TrimSuffix(s, "Z"), ":")
	if len(parts) < 2 || len(parts) > 3 || len(parts[1]) != 2 {
		return false
	}
	hour, minute, second := figures(parts[0], 2), figures(parts[1], 2), 0
	if len(parts) == 3 {
		whole, _, _ := strings.Cut(parts[2], ".")
		second = figures(whole, 2)
	}
	return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
}

// figures reads a whole number of at most so many figures; -1 when it is none.
func figures(s string, most int) int {
	if s == "" || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return -1
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// yearOf reads four figures, or two.
func yearOf(s string) int {
	year := figures(s, 4)
	if len(s) == 2 {
		if year += 1900; year <= 1930 {
			year += 100
		}
	}
	return year
}

// monthOf reads a number or a name; 0 when it is neither.
func monthOf(s string) int {
	if n := figures(s, 2); n >= 1 && n <= 12 {
		return n
	}
	return 1 + slices.IndexFunc(monthNames[:], func(names []string) bool { return slices.Contains(names, s) })
}

var monthNames = [12][]string{
	{"janvier", "januari", "january", "janv", "jan"}, {"février", "fevrier", "februari", "february", "févr", "fév", "feb"},
	{"mars", "maart", "march", "mrt", "mar"}, {"avril", "april", "avr", "apr"}, {"mai", "mei", "may"},
	{"juin", "juni", "june", "jun"},
	{"juillet", "juli", "july", "juill", "juil", "jul"}, {"août", "aout", "augustus", "august", "aug"},
	{"septembre", "september", "sept", "sep"}, {"octobre", "oktober", "october", "oct", "okt"},
	{"novembre", "november", "nov"}, {"décembre", "decembre", "december", "déc", "dec"},
}

// Instant is a moment as microseconds since 1970 in UTC: the form of the database.
type Instant int64

// At is the instant of a time.
func At(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Time is the instant as a time in UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// On is the day of the instant in a zone.
func (i Instant) On(zone *time.Location) Date { return Of(i.Time(), zone) }

// EndOf is the last microsecond of a day in a zone: "as known on that day" includes the whole day.
func EndOf(d Date, zone *time.Location) Instant {
	l := d.Last()
	return At(time.Date(l.Year(), l.Month(), l.DayOfMonth()+1, 0, 0, 0, 0, zone)) - 1
}
