package papers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// show writes spans with the marks of the plain text.
func show(all []span, opens, closes string) string {
	var b strings.Builder
	for _, s := range all {
		if s.changed {
			s.text = opens + s.text + closes
		}
		b.WriteString(s.text)
	}
	return b.String()
}

func TestTheWordsThatChangedAreMarked(t *testing.T) {
	for _, c := range []struct{ before, after, old, new string }{
		{"le membre engagé depuis un an qui demande", "le membre qui demande",
			"le membre [engagé depuis un an] qui demande", "le membre qui demande"},
		{"le quart des parts.", "le tiers des parts.", "le [quart] des parts.", "le {tiers} des parts."},
		{"un mot", "un mot, puis deux", "un mot", "un mot{, puis deux}"},
		{"", "tout neuf", "", "{tout neuf}"},
		{"tout vieux", "", "[tout vieux]", ""},
		{"pareil", "pareil", "pareil", "pareil"},
		{"l’an deux", "l’année deux", "l’[an] deux", "l’{année} deux"},
		{"250\u00a0€ par part", "500\u00a0€ par part", "[250]\u00a0€ par part", "{500}\u00a0€ par part"},
		{"a b c d", "x y z d", "[a b c] d", "{x y z} d"},
	} {
		old, new := compare(c.before, c.after)
		if d := cmp.Diff([]string{c.old, c.new}, []string{show(old, "[", "]"), show(new, "{", "}")}); d != "" {
			t.Errorf("%q, %q:\n%s", c.before, c.after, d)
		}
	}
}

func TestComparingLosesNoLetter(t *testing.T) {
	text := rapid.StringMatching(`( |[a-c]{1,2}[ ,.\n]){0,30}`)
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		old, new := compare(before, after)
		if show(old, "", "") != before || show(new, "", "") != after {
			t.Fatalf("%q and %q came back as %q and %q", before, after, show(old, "", ""), show(new, "", ""))
		}
		words := func(all []span) (kept []string) {
			for _, s := range all {
				if !s.changed {
					kept = append(kept, strings.Fields(strings.NewReplacer(",", " , ", ".", " . ").Replace(s.text))...)
				}
			}
			return kept
		}
		if d := cmp.Diff(words(old), words(new)); d != "" {
			t.Fatalf("what is not marked differs:\n%s", d)
		}
	})
}

func TestTwoHugeTextsAreComparedInTime(t *testing.T) {
	before, after := strings.Repeat("mot ", 5000), strings.Repeat("autre ", 3300)
	old, new := compare(before, after)
	if len(old) == 0 || !old[0].changed || !new[0].changed {
		t.Error("texts that have nothing in common are not marked as rewritten")
	}
}
