package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
)

func TestOnlyTheChangedWordsAreMarked(t *testing.T) {
	c := Change{Before: "Nul ne vote pour plus d’un dixième des voix.",
		After: "Nul ne vote pour plus d’un dixième des voix présentes ou représentées."}
	mark := func(spans []span) string {
		var b strings.Builder
		for _, s := range spans {
			if s.changed {
				b.WriteString("[" + s.text + "]")
			} else {
				b.WriteString(s.text)
			}
		}
		return b.String()
	}
	before, after := c.spans()
	if got := mark(before); got != c.Before {
		t.Errorf("before: %s", got)
	}
	if got, want := mark(after), "Nul ne vote pour plus d’un dixième des voix[ présentes ou représentées]."; got != want {
		t.Errorf("after: %s, want %s", got, want)
	}
}

func TestComparingLosesNoLetter(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("ab ,.\né")), 0, 40, -1)
	rapid.Check(t, func(t *rapid.T) {
		c := Change{Before: text.Draw(t, "before"), After: text.Draw(t, "after")}
		before, after := c.spans()
		kept := func(spans []span, all bool) string {
			var b strings.Builder
			for _, s := range spans {
				if all || !s.changed {
					b.WriteString(s.text)
				}
			}
			return b.String()
		}
		if kept(before, true) != c.Before || kept(after, true) != c.After {
			t.Fatalf("%q became %q, %q became %q", c.Before, kept(before, true), c.After, kept(after, true))
		}
		if kept(before, false) != kept(after, false) {
			t.Fatalf("what stayed differs: %q and %q", kept(before, false), kept(after, false))
		}
	})
}

func TestTheHandGoesRoundTheYear(t *testing.T) {
	for day, want := range map[string]Step{"2026-01-31": Account, "2026-03-20": Gather, "2026-04-07": Gather, "2026-05-12": Decide, "2017-06-17": Decide,
		"2026-07-20": Build, "2026-09-10": Entrust, "2026-11-01": Occupy, "2026-12-24": Cooperate, "2024-02-29": Account, "2024-04-06": Gather} {
		if got, angle := OnCircle(civil.MustParse(day)); got != want || angle < 0 || angle >= 360 {
			t.Errorf("%s: %s at %.1f°, want %s", day, got, angle, want)
		}
	}
	last := -1.0
	for day := civil.MustParse("2025-04-07"); day != civil.MustParse("2026-04-07"); day = day.AddDays(1) {
		_, angle := OnCircle(day)
		if angle <= last {
			t.Fatalf("the hand goes back on %s: %.2f after %.2f", day, angle, last)
		}
		last = angle
	}
}

func TestPageLinks(t *testing.T) {
	for _, c := range []struct {
		page, last int64
		want       []int64
	}{
		{1, 1, []int64{1}},
		{1, 3, []int64{1, 2, 3}},
		{1, 9, []int64{1, 2, 3, 0, 9}},
		{5, 9, []int64{1, 0, 3, 4, 5, 6, 7, 0, 9}},
		{9, 9, []int64{1, 0, 7, 8, 9}},
		{4, 9, []int64{1, 2, 3, 4, 5, 6, 0, 9}},
		{250_000, 500_000, []int64{1, 0, 249_998, 249_999, 250_000, 250_001, 250_002, 0, 500_000}},
	} {
		if diff := cmp.Diff(c.want, Pager{Page: c.page, Last: c.last}.shown()); diff != "" {
			t.Errorf("page %d of %d: %s", c.page, c.last, diff)
		}
	}
}

func TestAddressesKeepTheRestOfTheQuery(t *testing.T) {
	u := &url.URL{Path: "/cooperators", RawQuery: "q=claes&page=3&sort=name"}
	for want, got := range map[string]string{
		"/cooperators?q=claes&sort=-shares":     URLWith(u, "sort", "-shares"),
		"/cooperators?page=4&q=claes&sort=name": URLWith(u, "page", "4"),
		"/cooperators?sort=name":                URLWith(u, "q", ""),
		"/cooperators":                          URLWith(u, "q", "", "sort", ""),
		"/cooperators?q=a%26b%3D%22&sort=name":  URLWith(u, "q", `a&b="`),
		"/cooperators?f=late&q=claes&sort=name": URLWith(u, "f", "late"),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestGridLinesFallOnRoundNumbers(t *testing.T) {
	for top, want := range map[int64]int64{1: 1, 5: 1, 6: 2, 12: 5, 26: 10, 180: 50, 2848: 1000, 712_000: 200_000} {
		if got := gridStep(top); got != want {
			t.Errorf("up to %d: every %d, want %d", top, got, want)
		}
	}
}

func TestARulerStaysWithinItself(t *testing.T) {
	for _, c := range []struct {
		have, of int64
		want     string
	}{{684, 2848, "240.2"}, {0, 10, "0.0"}, {10, 10, "1000.0"}, {11, 10, "1000.0"}, {-1, 10, "0.0"}, {1, 0, "0"}, {1 << 60, 1 << 61, "500.0"}} {
		if got := (Ruler{Of: c.of}).at(c.have); got != c.want {
			t.Errorf("%d of %d at %s, want %s", c.have, c.of, got, c.want)
		}
	}
}

// The euro stands where each language writes it.
func TestAKeyFigureInEuros(t *testing.T) {
	book, err := lang.NewBook(Phrases)
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[lang.Tag]Figure{
		lang.French:  {Value: "712\u00a0000", Unit: "€", Label: "x"},
		lang.Dutch:   {Value: "712.000,50", Unit: "€", Label: "x", UnitFirst: true},
		lang.English: {Value: "712,000", Unit: "€", Label: "x", UnitFirst: true},
	} {
		c := money.Euros(712_000)
		if tag == lang.Dutch {
			c += 50
		}
		if got := Amount(book.In(tag), c, "x"); got != want {
			t.Errorf("%s: %+v, want %+v", tag, got, want)
		}
		var page strings.Builder
		if err := Figures([]Figure{want}).Render(lang.With(t.Context(), book.In(tag)), &page); err != nil {
			t.Fatal(err)
		}
		words := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]+>`).ReplaceAllString(page.String(), " ")), " ")
		if first := strings.HasPrefix(words, "x €"); first != want.UnitFirst {
			t.Errorf("%s: the page says %q", tag, words)
		}
	}
}

// A date known in part stands in its field as people write it; what they wrote otherwise stays as it is.
func TestAPartialDateStandsAsTyped(t *testing.T) {
	for value, want := range map[string]string{"2026-11-23": "23/11/2026", "2015-12": "12/2015", "2015": "2015", "juin 2017": "juin 2017"} {
		var b strings.Builder
		book, err := lang.NewBook(Phrases)
		if err != nil {
			t.Fatal(err)
		}
		f := NewForm(map[string][]string{"from": {value}})
		if err := PartialField(f, Spec{Name: "from"}).Render(lang.With(t.Context(), book.In(lang.French)), &b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), ` value="`+want+`"`) {
			t.Errorf("%s stands as %s", value, b.String())
		}
	}
}
