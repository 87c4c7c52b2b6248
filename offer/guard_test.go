package offer

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

func day(s string) civil.Date { return civil.MustParse(s) }

// moved are parameters in which the law has moved and the board has decided some answers.
var moved = Parameters{
	Figures: append(Law(),
		Figure{ID: "1", Threshold: Free, Cents: money.Euros(600_000), Article: "Loi 2027, art. 3", ValidFrom: day("2027-01-01")},
		Figure{ID: "2", Threshold: Investor, Cents: money.Euros(6_000), ValidFrom: day("2027-01-01"), At: 5},
		Figure{ID: "3", Threshold: Investor, Cents: money.Euros(7_000), ValidFrom: day("2027-01-01"), At: 6}),
	Settings: []Setting{{Threshold: Free, Answer: Stop, Since: day("2026-03-01"), Decision: "d"},
		{Threshold: Investor, Answer: Stop, Since: day("2026-03-01"), Decision: "d"},
		{Threshold: Investor, Answer: Warn, Since: day("2026-06-01"), Decision: "e"}},
	Papers: []Paper{{Kind: InfoNote, From: day("2028-01-01"), Until: day("2028-12-31")},
		{Kind: Prospectus, From: day("2028-12-01"), Until: day("2029-06-30")}},
}

func TestTheFirstCentAboveADatedThreshold(t *testing.T) {
	for _, c := range []struct {
		name             string
		day              string
		raised, investor money.Cents
		want             []string // threshold and answer
	}{
		{"at the threshold nothing is crossed", "2026-02-01", money.Euros(500_000), money.Euros(5_000), nil},
		{"one cent above both", "2026-02-01", money.Euros(500_000) + 1, money.Euros(5_000) + 1, []string{"free warn", "investor warn"}},
		{"the board stops from a day on", "2026-03-01", money.Euros(500_000) + 1, 0, []string{"free stop"}},
		{"the day before it warns", "2026-02-28", money.Euros(500_000) + 1, 0, []string{"free warn"}},
		{"what stops comes first", "2026-06-01", money.Euros(500_000) + 1, money.Euros(5_001), []string{"free stop", "investor warn"}},
		{"the law moves: the last day of the old figure", "2026-12-31", money.Euros(550_000), 0, []string{"free stop"}},
		{"the law moves: the first day of the new one", "2027-01-01", money.Euros(550_000), 0, nil},
		{"of two figures of a day the one written down last", "2027-01-01", 0, money.Euros(7_000), nil},
		{"one cent above it", "2027-01-01", 0, money.Euros(7_000) + 1, []string{"investor warn"}},
		{"above five millions a prospectus", "2027-01-01", money.Euros(5_000_000) + 1, 0, []string{"free stop", "note warn"}},
		{"a note lifts the first two", "2028-01-01", money.Euros(5_000_000), money.Euros(90_000), nil},
		{"and not the third", "2028-01-01", money.Euros(5_000_000) + 1, 0, []string{"note warn"}},
		{"a prospectus lifts all, beside a note", "2028-12-31", money.Euros(9_000_000), money.Euros(90_000), nil},
		{"no document any more", "2029-07-01", money.Euros(5_000_001), 0, []string{"free stop", "note warn"}},
		{"before the law nothing is known", "2018-07-20", money.Euros(9_000_000), money.Euros(90_000), nil},
	} {
		var got []string
		for _, v := range Guard(moved, c.raised, c.investor, day(c.day)) {
			got = append(got, string(v.Figure.Threshold)+" "+string(v.Answer))
			if v.Over() <= 0 {
				t.Errorf("%s: %s is crossed by %s", c.name, v.Figure.Threshold, v.Over())
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
}

func TestAVerdictThatStopsIsARefusalWithItsArticle(t *testing.T) {
	list := Guard(moved, money.Euros(600_000)+1, money.Euros(8_000), day("2027-02-01"))
	rs := fault.Of(Refused(list))
	if len(rs) != 1 || rs[0].Code != "offer.refusal.free" || rs[0].Article != "Loi 2027, art. 3" {
		t.Errorf("refused: %v", rs)
	}
	if err := Refused(list[1:]); err != nil {
		t.Errorf("a warning refuses: %v", err)
	}
}

func TestTwelveMonthsEndWithTheDay(t *testing.T) {
	for _, c := range [][3]string{
		{"2026-03-15", "2025-03-16", "2026-03-15"},
		{"2026-12-31", "2026-01-01", "2026-12-31"},
		{"2024-02-29", "2023-03-01", "2024-02-29"},
		{"2025-02-28", "2024-02-29", "2025-02-28"},
		{"2025-03-01", "2024-03-02", "2025-03-01"},
	} {
		if from, to := Window(day(c[0])); from != day(c[1]) || to != day(c[2]) {
			t.Errorf("%s: %s to %s, want %s to %s", c[0], from, to, c[1], c[2])
		}
	}
}

func TestHeadroomIsWhatIsLeftBeforeTheNextThreshold(t *testing.T) {
	for _, c := range []struct {
		day    string
		raised money.Cents
		left   money.Cents
		limits bool
	}{
		{"2026-01-01", money.Euros(499_750), money.Euros(250), true},
		{"2026-01-01", money.Euros(700_000), 0, true},
		{"2028-01-01", money.Euros(700_000), money.Euros(4_300_000), true}, // a note is good
		{"2029-01-01", money.Euros(700_000), 0, false},                     // a prospectus
	} {
		if left, _, limits := Headroom(moved, c.raised, day(c.day)); left != c.left || limits != c.limits {
			t.Errorf("%s: %s (%v), want %s (%v)", c.day, left, limits, c.left, c.limits)
		}
	}
}

func TestTheFiguresOfTheProgramHaveWhatAReaderAsks(t *testing.T) {
	seen := map[Threshold]bool{}
	for _, f := range Law() {
		if f.Cents <= 0 || f.Article == "" || f.Source == "" || f.Confidence == "" || !f.ValidFrom.IsDay() {
			t.Errorf("%+v", f)
		}
		seen[f.Threshold] = true
	}
	if len(seen) != len(Thresholds) {
		t.Errorf("thresholds: %v", seen)
	}
}
