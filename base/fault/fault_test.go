package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARefusalNamesItsPlaceItsValuesAndItsArticle(t *testing.T) {
	plain := Refuse("register.refusal.above-cap")
	full := Refuse("register.refusal.above-cap", "wanted", 12, "cap", 10).At("shares").OnLine(7).By("Statuts 9.3")
	for want, r := range map[string]Refusal{
		"register.refusal.above-cap": plain,
		"register.refusal.above-cap line 7 field shares cap=10 wanted=12 (Statuts 9.3)": full,
		"register.refusal.above-cap (CSA 6:123)":                                        plain.By("CSA 6:123"),
		"register.refusal.above-cap field shares":                                       plain.At("shares"),
	} {
		if got := r.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if plain.Field != "" || plain.Line != 0 || plain.Article != "" || plain.Args != nil {
		t.Errorf("naming a place changed the refusal it began from: %+v", plain)
	}
}

func TestSeveralRefusalsOfOneAct(t *testing.T) {
	var none Refusals
	if err := none.Err(); err != nil {
		t.Errorf("no refusal is an error: %v", err)
	}
	two := Refusals{Refuse("a").OnLine(1), Refuse("b").At("x")}
	if err := two.Err(); err == nil || err.Error() != "a line 1\nb field x" {
		t.Errorf("got %v", err)
	}
}

func TestRefusalsAreFoundInErrors(t *testing.T) {
	one, two := Refuse("a", "n", 1), Refuse("b")
	for name, c := range map[string]struct {
		err  error
		want Refusals
	}{
		"nothing":                   {nil, nil},
		"an error of the world":     {io.ErrUnexpectedEOF, nil},
		"one":                       {one, Refusals{one}},
		"one, wrapped":              {fmt.Errorf("act: %w", one), Refusals{one}},
		"several":                   {Refusals{one, two}, Refusals{one, two}},
		"several, wrapped twice":    {fmt.Errorf("x: %w", fmt.Errorf("y: %w", Refusals{one, two})), Refusals{one, two}},
		"beside one of the world":   {errors.Join(io.EOF, two), Refusals{two}},
		"a world around no refusal": {fmt.Errorf("x: %w", io.EOF), nil},
	} {
		if diff := cmp.Diff(c.want, Of(c.err)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestIs(t *testing.T) {
	err := fmt.Errorf("act: %w", Refusals{Refuse("a"), Refuse("b")})
	for code, want := range map[string]bool{"a": true, "b": true, "c": false, "": false} {
		if Is(err, code) != want {
			t.Errorf("%q: not %v", code, want)
		}
	}
	if Is(nil, "a") || Is(io.EOF, "a") {
		t.Error("found a refusal where there is none")
	}
}

func TestAssertionsPanic(t *testing.T) {
	Must(true, "never said")
	for name, c := range map[string]struct {
		act  func()
		want string
	}{
		"Must":             {func() { Must(false, "%d shares", 3) }, "assertion: 3 shares"},
		"an odd list":      {func() { Refuse("a", "n") }, "assertion: odd list of names and values: [n]"},
		"a name no string": {func() { Pairs(3, "n") }, "assertion: the name 3 is no string"},
	} {
		func() {
			defer func() {
				if got := recover(); got != c.want {
					t.Errorf("%s: %v, want %q", name, got, c.want)
				}
			}()
			c.act()
		}()
	}
}

func TestPairs(t *testing.T) {
	if Pairs() != nil {
		t.Error("no pairs are some")
	}
	if diff := cmp.Diff(Args{"a": 1, "b": "x", "c": nil}, Pairs("a", 1, "b", "x", "c", nil)); diff != "" {
		t.Error(diff)
	}
}
