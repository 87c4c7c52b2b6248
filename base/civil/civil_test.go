package civil

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDatesOfTheDatabase(t *testing.T) {
	for _, s := range []string{"2017-06-17", "2017-06", "2017", "1800-01-01", "2200-12-31", "2016-02-29", "2000-02-29"} {
		d, err := Parse(s)
		if err != nil || d.String() != s {
			t.Errorf("%s is read as %v, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"", "17-06-2017", "2017-6-17", "2017-02-29", "1900-02-29", "2017-04-31", "2017-00", "2017-13", "2017-01-00", "2017-01-32", "1799", "2201", "0000",
		"2017/06/17", "2017-06-17T00", " 2017-06-17", "20170617", "2017-06-1x", "２０１７", "+017", "-017-06", "2017 06", "201٧",
	} {
		if d, err := Parse(s); err == nil || !d.IsZero() {
			t.Errorf("%q is read as %v, %v", s, d, err)
		}
	}
}

func TestDatesAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"17/06/2017": "2017-06-17", "17.6.2017": "2017-06-17", "17-06-17": "2017-06-17", "17/6/17": "2017-06-17", "2017-06-17": "2017-06-17",
		"2017/06/17": "2017-06-17", "2017.6.7": "2017-06-07", "7-6-2017": "2017-06-07", " 17/06/2017 ": "2017-06-17",
		"17 juin 2017": "2017-06-17", "17 JUIN 2017": "2017-06-17", "1er juin 2017": "2017-06-01", "1 juni 2017": "2017-06-01", "1 June 2017": "2017-06-01",
		"17\u00a0août\u202f2017": "2017-08-17", "3 aout 2017": "2017-08-03", "12 févr. 2016": "2016-02-12", "12 fév 2016": "2016-02-12", "5 mrt 2016": "2016-03-05",
		"31 déc. 2015": "2015-12-31", "17-juin-17": "2017-06-17", "9 okt 1999": "1999-10-09", "4 juill. 2017": "2017-07-04",
		"42903": "2017-06-17", "10001": "1927-05-19", "17/06/2017 00:00": "2017-06-17", "2017-06-17 09:42:00": "2017-06-17",
		"2017-06-17T18:00": "2017-06-17", "2017-06-17T18:00:00.000Z": "2017-06-17", "17/06/53": "1953-06-17", "17/06/31": "1931-06-17", "17/06/30": "2030-06-17",
		"06/2017": "2017-06", "juin 2017": "2017-06", "6.2017": "2017-06", "2017/06": "2017-06", "2017-06": "2017-06", "2017": "2017",
		"29/02/2016": "2016-02-29",
	} {
		got, err := ParseLoose(in)
		if err != nil || got.String() != want {
			t.Errorf("%q is read as %v, %v; want %s", in, got, err, want)
		}
	}
}

func TestWhatIsNoDate(t *testing.T) {
	for _, in := range []string{
		"", " ", "hier", "31/02/2017", "17 /06/2017", "29/02/2017", "06/17/2017", "17/13/2017", "0/06/2017", "17/0/2017", "17/06/201", "17/06/1066", "17/06/12017", "06/17",
		"+7/06/2017", "-1/06/2017", "017/06/2017", "17//2017x", "17 brumaire 2017", "juin", "17 juin", "1234567", "9999", "80000", "1e4", "42903.5",
		"17/06/2017 25:00", "17/06/2017 soir", "2017-06-17Tx", "2017-06-17T", "17/06/2017/1", "12:30", "T12:30", "17/06/2017\x00", "/2017", "///",
		strings.Repeat("1", 41),
	} {
		if got, err := ParseLoose(in); err == nil {
			t.Errorf("%q is taken for %v", in, got)
		}
	}
}

func TestEveryMonthIsKnownInThreeLanguages(t *testing.T) {
	for _, names := range []string{
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
		"januari februari maart april mei juni juli augustus september oktober november december",
		"January February March April May June July August September October November December",
	} {
		for i, name := range strings.Fields(names) {
			if d, err := ParseLoose("5 " + name + " 2017"); err != nil || d.Month() != time.Month(i+1) {
				t.Errorf("5 %s 2017 is read as %v, %v", name, d, err)
			}
		}
	}
}

func TestWhatAPartialDateMayMean(t *testing.T) {
	for _, c := range []struct{ date, first, last string }{
		{"2017-06-17", "2017-06-17", "2017-06-17"}, {"2017-06", "2017-06-01", "2017-06-30"}, {"2016-02", "2016-02-01", "2016-02-29"},
		{"2017", "2017-01-01", "2017-12-31"}, {"", "", ""},
	} {
		var d Date
		if c.date != "" {
			d = MustParse(c.date)
		}
		if d.First().String() != c.first || d.Last().String() != c.last {
			t.Errorf("%s runs from %s to %s", c.date, d.First(), d.Last())
		}
	}
	if d := MustParse("2017-06"); d.IsDay() || d.IsZero() || d.Month() != time.June || d.DayOfMonth() != 0 || d.Year() != 2017 {
		t.Errorf("parts of %v", d)
	}
	if !(Date{}).IsZero() || (Date{}).IsDay() {
		t.Error("no date is a date")
	}
}

func TestOrder(t *testing.T) {
	var dates []Date
	for _, s := range []string{"2017-12-31", "2018", "2017", "2017-06-17", "2017-12", "2017-06", "2017-06-30", "2017-07-01", "2017-01-01"} {
		dates = append(dates, MustParse(s))
	}
	dates = append(dates, Date{})
	slices.SortFunc(dates, Date.Compare)
	want := "[ 2017-01-01 2017-06-17 2017-06 2017-06-30 2017-07-01 2017 2017-12 2017-12-31 2018]"
	if got := fmt.Sprint(dates); got != want {
		t.Errorf("in order:\n%s, want\n%s", got, want)
	}
	june, lastOfJune := MustParse("2017-06"), MustParse("2017-06-30")
	if june.Before(lastOfJune) || june.After(lastOfJune) || !june.Before(MustParse("2017-07-01")) || !june.After(MustParse("2017-06-29")) {
		t.Error("a month counts as its last day")
	}
}

func TestMonthsKeepTheirEnd(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2017-01-31", 1, "2017-02-28"}, {"2016-01-31", 1, "2016-02-29"}, {"2017-06-17", 12, "2018-06-17"}, {"2017-06-17", -6, "2016-12-17"},
		{"2017-01-15", -1, "2016-12-15"}, {"2016-02-29", 12, "2017-02-28"}, {"2017-12-31", 2, "2018-02-28"}, {"2017-06", 1, "2017-07-30"},
		{"2017-06-17", 0, "2017-06-17"}, {"2017-03-31", -1, "2017-02-28"}, {"2017-11-30", 25, "2019-12-30"},
	} {
		if got := MustParse(c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
	if got := MustParse("2016-02-29").AddYears(4).String(); got != "2020-02-29" {
		t.Errorf("four years: %s", got)
	}
}

func TestDaysAreCounted(t *testing.T) {
	for _, c := range []struct {
		from, to string
		days     int
	}{
		{"2017-06-17", "2017-06-17", 0}, {"2017-06-02", "2017-06-17", 15}, {"2017-06-17", "2017-06-02", -15}, {"2016-01-01", "2017-01-01", 366},
		{"2017-03-25", "2017-03-27", 2}, {"1800-01-01", "2200-12-31", 146461}, {"2017-05", "2017-06-01", 1},
	} {
		from, to := MustParse(c.from), MustParse(c.to)
		if got := from.DaysUntil(to); got != c.days {
			t.Errorf("from %s to %s: %d days, want %d", c.from, c.to, got, c.days)
		}
		if got := from.AddDays(c.days); got != to.Last() {
			t.Errorf("%s and %d days: %s", c.from, c.days, got)
		}
	}
}

func TestCalendarArithmetic(t *testing.T) {
	day := rapid.Custom(func(t *rapid.T) Date {
		return MustParse("1900-01-01").AddDays(rapid.IntRange(0, 90_000).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		d, n := day.Draw(t, "d"), rapid.IntRange(-10_000, 10_000).Draw(t, "n")
		e := d.AddDays(n)
		if d.DaysUntil(e) != n || e.AddDays(-n) != d {
			t.Fatalf("%s and %d days: %s", d, n, e)
		}
		if d.Before(e) != (n > 0) || d.After(e) != (n < 0) || (d.Compare(e) < 0) != (d.String() < e.String()) {
			t.Fatalf("%s and %s are not in order", d, e)
		}
		if back, err := Parse(d.String()); err != nil || back != d {
			t.Fatalf("%s is read as %s", d, back)
		}
		m := d.AddMonths(n / 100)
		if months := (m.Year()-d.Year())*12 + int(m.Month()-d.Month()); months != n/100 || m.DayOfMonth() > d.DayOfMonth() {
			t.Fatalf("%s and %d months: %s", d, n/100, m)
		}
	})
}

func TestADateThatIsNotIsOurMistake(t *testing.T) {
	for name, make := range map[string]func(){
		"Day": func() { Day(2017, time.February, 29) }, "MustParse": func() { MustParse("17/06/2017") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took it", name)
				}
			}()
			make()
		}()
	}
	if Day(2017, time.June, 17) != MustParse("2017-06-17") {
		t.Error("Day and MustParse differ")
	}
}

func TestDatesInJSONAndInRows(t *testing.T) {
	type row struct{ A, B, C Date }
	in := row{MustParse("2017-06-17"), MustParse("2017-06"), Date{}}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"A":"2017-06-17","B":"2017-06","C":""}` {
		t.Fatalf("%s, %v", text, err)
	}
	var out row
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Errorf("read as %v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"A":"17/06/2017"}`), &out); err == nil {
		t.Error("JSON with another form was taken")
	}
	for _, d := range []Date{in.A, in.B, in.C} {
		v, err := d.Value()
		if err != nil {
			t.Fatal(err)
		}
		var back Date
		if err := back.Scan(v); err != nil || back != d {
			t.Errorf("%v is kept as %v and read as %v, %v", d, v, back, err)
		}
	}
	d := in.A
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("NULL is read as %v, %v", d, err)
	}
	if err := d.Scan([]byte("2017")); err != nil || d.String() != "2017" {
		t.Errorf("bytes are read as %v, %v", d, err)
	}
	if err := d.Scan(int64(2017)); err == nil {
		t.Error("a number was read as a date")
	}
	if err := d.Scan("x"); err == nil {
		t.Error("x was read as a date")
	}
}

func TestDaysOfTheZone(t *testing.T) {
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	evening := At(time.Date(2017, 6, 17, 22, 30, 0, 0, time.UTC)) // half past midnight in Brussels
	if got := evening.On(brussels).String(); got != "2017-06-18" {
		t.Errorf("in Brussels it is %s", got)
	}
	if got := evening.On(time.UTC).String(); got != "2017-06-17" {
		t.Errorf("in London it is %s", got)
	}
	if !evening.Time().Equal(time.Date(2017, 6, 17, 22, 30, 0, 0, time.UTC)) || evening.Time().Location() != time.UTC {
		t.Errorf("the instant is %v", evening.Time())
	}
	for day, hours := range map[string]int{"2017-03-26": 23, "2017-06-17": 24, "2017-10-29": 25} {
		d := MustParse(day)
		begin := EndOf(d.AddDays(-1), brussels) + 1
		end := EndOf(d, brussels)
		if begin.On(brussels) != d || end.On(brussels) != d || (end+1).On(brussels) != d.AddDays(1) {
			t.Errorf("%s runs from %v to %v", day, begin.Time(), end.Time())
		}
		if got := end.Time().Sub(begin.Time()) + time.Microsecond; got != time.Duration(hours)*time.Hour {
			t.Errorf("%s has %v", day, got)
		}
	}
	if diff := cmp.Diff(EndOf(MustParse("2017-06-30"), brussels), EndOf(MustParse("2017-06"), brussels)); diff != "" {
		t.Error("a month ends with its last day", diff)
	}
}

func FuzzParseLoose(f *testing.F) {
	for _, s := range []string{"17/06/2017", "1er juin 2017", "42903", "2017-06-17T00:00", "06/2017", "17-06-17", "31 déc. 15", "2017", "29.2.2100"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseLoose(s)
		if err != nil {
			if !d.IsZero() {
				t.Fatalf("%q is refused and gives %v", s, d)
			}
			return
		}
		if back, err := Parse(d.String()); err != nil || back != d {
			t.Fatalf("%q gives %v, which gives %v, %v", s, d, back, err)
		}
		if again, err := ParseLoose(d.String()); err != nil || again != d {
			t.Fatalf("%q gives %v, which gives %v, %v", s, d, again, err)
		}
	})
}

// What a date looks like in a field is read back as the same date.
func TestTypedIsReadBack(t *testing.T) {
	for in, want := range map[string]string{"": "", "2017": "2017", "2017-06": "06/2017", "2017-06-07": "07/06/2017"} {
		var d Date
		if in != "" {
			d = MustParse(in)
		}
		if d.Typed() != want {
			t.Errorf("%q stands as %q in a field", in, d.Typed())
		}
		if back, err := ParseLoose(want); want != "" && (err != nil || back != d) {
			t.Errorf("%q is read back as %s, %v", want, back, err)
		}
	}
}
