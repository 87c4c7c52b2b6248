package leaving

import (
	"testing"

	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/bylaws"
)

var day = civil.MustParse

func TestTheWindowOfAResignation(t *testing.T) {
	rule := bylaws.Exit{From: 1, To: 6, Founders: 3}
	july := Year{6, 30} // a financial year from July to June
	for _, c := range []struct {
		name                    string
		year                    Year
		founded, since, arrived string
		open                    bool
		first, last, founder    string
	}{
		{"the first day", CalendarYear, "2015-05-01", "2018-03-01", "2026-01-01", true, "2026-01-01", "2026-06-30", ""},
		{"the last day", CalendarYear, "2015-05-01", "2018-03-01", "2026-06-30", true, "2026-01-01", "2026-06-30", ""},
		{"a day late", CalendarYear, "2015-05-01", "2018-03-01", "2026-07-01", false, "2027-01-01", "2027-06-30", ""},
		{"the last day of the year", CalendarYear, "2015-05-01", "2018-03-01", "2026-12-31", false, "2027-01-01",
			"2027-06-30", ""},
		{"another financial year", july, "2015-05-01", "2018-03-01", "2026-07-01", true, "2026-07-01", "2026-12-31", ""},
		{"its second half", july, "2015-05-01", "2018-03-01", "2026-03-01", false, "2026-07-01", "2026-12-31", ""},
		{"a founder in the second year", CalendarYear, "2025-05-01", "2025-05-01", "2026-02-01", false, "2027-01-01",
			"2027-06-30", "2027-01-01"},
		{"a founder in the third year", CalendarYear, "2025-05-01", "2025-05-01", "2027-01-01", true, "2027-01-01",
			"2027-06-30", ""},
		{"who came a day later is no founder", CalendarYear, "2025-05-01", "2025-05-02", "2026-02-01", true, "2026-01-01",
			"2026-06-30", ""},
	} {
		w := WindowOn(rule, "CSA 6:120", c.year, day(c.founded), day(c.since), day(c.arrived))
		founder := ""
		if !w.Founder.IsZero() {
			founder = w.Founder.String()
		}
		if w.Open != c.open || w.First.String() != c.first || w.Last.String() != c.last || founder != c.founder {
			t.Errorf("%s: open %t from %s to %s, founder %q", c.name, w.Open, w.First, w.Last, founder)
		}
	}
}

func TestTheDayOfEffectAndOfPayment(t *testing.T) {
	p := bylaws.ExitPayment{EffectMonths: 6, PayWithinMonths: 1}
	for _, c := range []struct {
		year             Year
		arrived, on, pay string
	}{
		{CalendarYear, "2026-01-15", "2026-06-30", "2026-07-30"},
		{CalendarYear, "2026-06-30", "2026-06-30", "2026-07-30"},
		{CalendarYear, "2026-07-01", "2027-06-30", "2027-07-30"},
		{Year{6, 30}, "2026-08-01", "2026-12-31", "2027-01-31"},
		{Year{2, 29}, "2026-03-01", "2026-08-31", "2026-09-30"},
	} {
		on := EffectOn(p, c.year, day(c.arrived))
		if pay := PayBy(p, on); on.String() != c.on || pay.String() != c.pay {
			t.Errorf("arrived on %s: effect %s, paid by %s", c.arrived, on, pay)
		}
	}
}

func TestWorth(t *testing.T) {
	for _, c := range []struct {
		name   string
		value  string
		lot    Lot
		equity money.Cents
		shares int64
		want   money.Cents
		by     Least
	}{
		{"what was paid", bylaws.PaidUp, Lot{1, "A", 4, 100000, 25000}, 100_000_000, 2848, 100000, ByPaidUp},
		{"partly paid", bylaws.PaidUp, Lot{1, "A", 4, 40000, 25000}, 100_000_000, 2848, 40000, ByPaidUp},
		{"never above the nominal where the label says so", bylaws.NominalAtMost, Lot{1, "A", 4, 120000, 25000}, 100_000_000,
			2848, 100000, ByNominal},
		{"a premium was paid and no label", bylaws.PaidUp, Lot{1, "A", 4, 120000, 25000}, 100_000_000, 2848, 120000,
			ByPaidUp},
		{"a loss is shared", bylaws.NominalAtMost, Lot{1, "A", 4, 100000, 25000}, 60_000_000, 2848, 84269, ByNetAssets},
		{"rounded down to the cent", bylaws.PaidUp, Lot{1, "A", 1, 25000, 25000}, 10_000, 3, 3333, ByNetAssets},
		{"nothing is left", bylaws.PaidUp, Lot{1, "A", 4, 100000, 25000}, -1, 2848, 0, ByNetAssets},
	} {
		list, sum, err := Worth(c.value, []Lot{c.lot}, Assets{Equity: c.equity, Shares: c.shares})
		if err != nil || sum != c.want || list[0].By != c.by {
			t.Errorf("%s: %d by %v, %v", c.name, sum, list, err)
		}
	}
	if _, _, err := Worth("", nil, Assets{Shares: 1}); !fault.Is(err, "leaving.refusal.value-unknown") {
		t.Errorf("a value that no text names: %v", err)
	}
	if _, _, err := Worth(bylaws.PaidUp, nil, Assets{}); !fault.Is(err, "leaving.refusal.no-accounts") {
		t.Errorf("without accounts: %v", err)
	}
}

func TestTheTestsBeforeAPayment(t *testing.T) {
	s := Tests{Assets: Assets{Equity: 50_000_00}, Unavailable: 20_000_00, Liquidity: true}
	for pay, passed := range map[money.Cents]bool{30_000_00: true, 30_000_01: false, 0: true} {
		if v := s.NetAssetTest(pay); v.Passed != passed || v.Article != "CSA 6:115" {
			t.Errorf("%s: %+v", pay, v)
		}
	}
	if v := (Tests{Assets: Assets{Equity: -1}}).NetAssetTest(0); v.Passed {
		t.Error("with negative net assets something may be paid")
	}
}

// Whatever is paid from the queue, older claims are paid whole before a later one gets a cent, and all of the money
// that is needed is used.
func TestTheQueueIsPaidInItsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var queue []Claim
		var sum money.Cents
		for i := range rapid.IntRange(0, 12).Draw(t, "claims") {
			c := Claim{On: day("2026-01-01").AddDays(rapid.IntRange(0, 4).Draw(t, "day")), Order: int64(i),
				Cents: money.Cents(rapid.Int64Range(1, 500).Draw(t, "cents"))}
			queue, sum = append(queue, c), sum+c.Cents
		}
		money := money.Cents(rapid.Int64Range(0, 4000).Draw(t, "money"))
		paid := Payable(queue, money)
		got := sum * 0
		owed := map[int64]Claim{}
		for _, c := range queue {
			owed[c.Order] = c
		}
		for i, c := range paid {
			got += c.Cents
			if i+1 < len(paid) && c.Cents != owed[c.Order].Cents {
				t.Fatalf("claim %d is paid in part and a later one too", c.Order)
			}
			if i > 0 && (paid[i-1].On.After(c.On) || paid[i-1].On == c.On && paid[i-1].Order > c.Order) {
				t.Fatalf("claim %d is paid after a later one", c.Order)
			}
		}
		if got != min(sum, money) {
			t.Fatalf("%d is paid of %d, with %d", got, sum, money)
		}
	})
}

// No share is passed twice, who comes is met whole or not at all, and nobody is left whom what remains would meet.
func TestWhoLeavesMeetsWhoComes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var offers []Offer
		var wishes []Wish
		id := func(i int) string { return string(rune('a' + i)) }
		for i := range rapid.IntRange(0, 6).Draw(t, "offers") {
			offers = append(offers, Offer{id(i), rapid.SampledFrom([]string{"A", "B"}).Draw(t, "class"), day("2026-01-01").
				AddDays(rapid.IntRange(0, 3).Draw(t, "day")), int64(i), rapid.Int64Range(1, 9).Draw(t, "shares")})
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "wishes") {
			wishes = append(wishes, Wish{id(i), rapid.SampledFrom([]string{"A", "B"}).Draw(t, "class"), int64(i),
				rapid.Int64Range(1, 9).Draw(t, "shares")})
		}
		given, got := map[string]int64{}, map[string]int64{}
		passed := map[string]int64{}
		class := map[string]string{}
		for _, o := range offers {
			class[o.Exit] = o.Class
		}
		for _, p := range Match(offers, wishes) {
			given[p.Exit] += p.Shares
			got[p.Request] += p.Shares
			passed[class[p.Exit]] += p.Shares
		}
		sums := map[string]int64{}
		for _, o := range offers {
			sums[o.Class] += o.Shares
			if given[o.Exit] > o.Shares {
				t.Fatalf("%s gives %d of %d", o.Exit, given[o.Exit], o.Shares)
			}
		}
		for _, w := range wishes {
			if n := got[w.Request]; n != 0 && n != w.Shares {
				t.Fatalf("%s gets %d of %d", w.Request, n, w.Shares)
			}
		}
		for _, w := range wishes {
			if got[w.Request] == 0 && sums[w.Class]-passed[w.Class] >= w.Shares {
				t.Fatalf("%s gets nothing of %d that are left", w.Request, sums[w.Class]-passed[w.Class])
			}
		}
	})
}
