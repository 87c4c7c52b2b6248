package view

import (
	"net/url"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/web"
	"lieux/bylaws"
)

var day = civil.MustParse("2026-06-06")

func sent(kv ...string) *web.Form {
	values := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		values.Add(kv[i], kv[i+1])
	}
	return web.NewForm(values)
}

var articles = []web.Option{{Label: "Choisir…"}, {Value: "26", Label: "26 · Voix"}}

// The form of every key begins with the rule in force and, sent back as it is, gives the same rule.
func TestTheFormOfEveryRule(t *testing.T) {
	p := book(t).In(lang.French)
	for _, name := range bylaws.PresetNames {
		preset, _ := bylaws.LoadPreset(name)
		b := bylaws.Resolve(bylaws.Version{Rules: preset.Rules}, day)
		for _, key := range bylaws.Keys() {
			rule, known := b.Rule(key)
			if !known {
				continue
			}
			f := web.NewForm(nil)
			Begin(f, rule)
			f.Set("rests-on", "26")
			var drawn strings.Builder
			if err := RuleFields(f, key, articles).Render(lang.With(t.Context(), p), &drawn); err != nil {
				t.Fatal(err)
			}
			for _, part := range key.Parts() {
				if !strings.Contains(drawn.String(), `name="`+fieldOf(part)+`"`) {
					t.Errorf("%s: no field for %s", key, part.Name)
				}
			}
			again := Take(f, key, lang.French, "", day, articles)
			if !f.OK() || again.Article != "Statuts 26" || again.InWords(p) != rule.InWords(p) {
				t.Errorf("%s of %s comes back as %s: %v", key, name, again.Value, f.Problems())
			}
		}
	}
}

// What mandatory law forbids is refused beside the value, with the article; a wrong fraction beside its own field; a rule
// that rests on no article of the text beside the choice of the article.
func TestTakeRefuses(t *testing.T) {
	majority := bylaws.Amendment.Majority()
	for _, c := range []struct {
		key                  bylaws.Key
		code, field, article string
		kv                   []string
	}{
		{majority, "bylaws.refusal.mandatory", "v-threshold", "CSA 6:85", []string{"rests-on", "26", "v-threshold", "2/3",
			"v-threshold-how", "at least", "v-base", "cast", "v-tie", "rejected"}},
		{majority, "vote.refusal.fraction", "v-threshold", "", []string{"rests-on", "26", "v-threshold", "trois quarts",
			"v-base", "cast", "v-tie", "rejected"}},
		{majority, "web.field.choice", "rests-on", "", []string{"rests-on", "99", "v-threshold", "4/5", "v-base", "cast",
			"v-tie", "rejected"}},
		{bylaws.KeyCap, "vote.refusal.cap-part", "v-part", "", []string{"rests-on", "26", "v-base", "issued"}},
		{bylaws.KeyCap, "vote.refusal.cap-none", "v-part", "", []string{"rests-on", "26", "v-base", "none", "v-part", "5 %"}},
		{bylaws.KeyNotice, "web.field.required", "v-days", "", []string{"rests-on", "26"}},
		{bylaws.KeyExit, "bylaws.refusal.value", "v-from", "", []string{"rests-on", "26", "v-from", "7", "v-to", "3"}},
	} {
		f := sent(c.kv...)
		Take(f, c.key, lang.French, "", day, articles)
		if rs := f.Problems(); len(rs) != 1 || rs[0].Code != c.code || rs[0].Field != c.field || rs[0].Article != c.article {
			t.Errorf("%s %v: %v", c.key, c.kv, f.Problems())
		}
	}
	f := sent("rests-on", "26", "v-threshold", "80 %", "v-threshold-how", "at least", "v-base", "cast", "v-tie", "rejected")
	rule := Take(f, majority, lang.French, "", day, articles)
	if said := rule.InWords(book(t).In(lang.French)); fault.Of(f.Problems().Err()) != nil || !strings.Contains(said, "quatre cinquièmes") {
		t.Errorf("four fifths: %q %v", said, f.Problems())
	}
}

// Beside a rule stands what the law says by itself; where nothing is known of the law, that is said.
func TestStandings(t *testing.T) {
	p := book(t).In(lang.French)
	preset, _ := bylaws.LoadPreset("one-member-one-vote")
	b := bylaws.Resolve(bylaws.Version{Rules: preset.Rules}, day)
	if list := Standings(b, bylaws.KeyWeight, p); len(list) != 2 || list[0].Badge != web.Yes || list[1].Article == "" {
		t.Errorf("one vote a head, beside the law: %+v", list)
	}
	if list := Standings(b, bylaws.Amendment.Majority(), p); len(list) != 1 || list[0].Badge != web.Info {
		t.Errorf("mandatory law alone: %+v", list)
	}
	if list := Standings(b, bylaws.KeyIssue, p); len(list) != 2 || list[1].Badge != web.Wait {
		t.Errorf("the law does not say it: %+v", list)
	}
}

// A rule may rest on an article that stays or comes, not on one that goes.
func TestArticleOptions(t *testing.T) {
	var numbers []string
	for _, o := range ArticleOptions(book(t).In(lang.French), []bylaws.Article{{Number: "1"}, {Number: "2"}, {Number: "3"}},
		[]bylaws.Change{{Article: "2", Before: "x"}, {Article: "3", Before: "x", After: "y"}, {Article: "4", After: "z"}}) {
		numbers = append(numbers, o.Value)
	}
	if got := strings.Join(numbers, ","); got != ",1,3,4" {
		t.Error(got)
	}
}
