package bylaws

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/vote"
)

// Every rule of the law and of the presets can be typed again in a form: its parts make the same value, said with the
// same words. A key that nobody gave parts to would panic here.
func TestEveryRuleCanBeTyped(t *testing.T) {
	rules := slices.Clone(Law())
	for _, name := range PresetNames {
		p, _ := LoadPreset(name)
		rules = append(rules, p.Rules...)
	}
	rules = append(rules,
		Rule{Key: KeyElection, Value: json.RawMessage(`{"method":"plurality","ties":["older","lot"]}`)},
		Rule{Key: KeyAdmission, Value: json.RawMessage(`{"by":"board","reasoned":false,"days":60,"silence":"refused"}`)},
		Rule{Key: KeyExclusion, Value: json.RawMessage(`{"by":"board","answer_days":30,"grounds":"Non-paiement"}`)},
		Rule{Key: KeyEndByLaw, Value: json.RawMessage(`{"causes":[]}`)},
		Rule{Key: KeyIssue, Value: json.RawMessage(`{"when":"part-paid","least_paid":"1/4"}`)},
		Rule{Key: KeyQuality, Value: json.RawMessage(`{"ends":true,"within_months":6}`)},
		Rule{Key: Ordinary.Majority(), Value: json.RawMessage(`{"threshold":"more than 1/2","heads":"at least 1/3","tie":"chair"}`)})
	for _, rule := range rules {
		value, err := Compose(rule.Key, "Statuts 7", rule.Typed())
		if err != nil {
			t.Errorf("%s %s: %v", rule.Key, rule.Value, err)
			continue
		}
		again := rule
		again.Value, again.Article, again.Confidence = value, "Statuts 7", Read
		if err := again.check(); err != nil {
			t.Errorf("%s %s becomes %s: %v", rule.Key, rule.Value, value, err)
			continue
		}
		was, _ := rule.phrase()
		if is, _ := again.phrase(); !cmp.Equal(was, is) {
			t.Errorf("%s %s becomes %s", rule.Key, rule.Value, value)
		}
	}
}

// Every part and every answer has words in the three languages.
func TestPartsHaveWords(t *testing.T) {
	book, err := lang.NewBook(Phrases, vote.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []lang.Tag{lang.French, lang.Dutch, lang.English} {
		p := book.In(tag)
		for _, key := range Keys() {
			for _, part := range key.Parts() {
				code := "bylaws.part." + key.shape()
				if part.Name != "" {
					code += "." + part.Name
				}
				if !p.Has(code) {
					t.Errorf("%s: %s has no words", tag, code)
				}
				if label, hint := key.PartWords(p, part); label == "" || label == hint {
					t.Errorf("%s of %s: %q %q", part.Name, key, label, hint)
				}
				for _, o := range part.Options {
					option := "bylaws.option" + code[len("bylaws.part"):] + "." + o
					if o != "" && part.Kind != AnyOf && !p.Has(option) || key.OptionWords(p, part, o) == "" {
						t.Errorf("%s: %s has no words", tag, option)
					}
				}
			}
		}
	}
}

// What was typed is refused at its own field.
func TestComposeRefuses(t *testing.T) {
	for _, c := range []struct {
		key        Key
		part, text string
		code       string
	}{
		{KeyNotice, "days", "quinze", "bylaws.refusal.part-number"},
		{KeyNotice, "days", "400", "bylaws.refusal.part-number"},
		{KeyCap, "part", "5/4", "vote.refusal.fraction"},
		{Amendment.Majority(), "threshold", "trois quarts", "vote.refusal.fraction"},
	} {
		_, err := Compose(c.key, "Statuts 1", func(part Part) []string {
			if part.Name == c.part {
				return []string{c.text}
			}
			return nil
		})
		if rs := fault.Of(err); len(rs) != 1 || rs[0].Code != c.code || rs[0].Field != c.part {
			t.Errorf("%s %q: %v", c.key, c.text, err)
		}
	}
}

// The bylaws may ask more than mandatory law, never less, and the refusal names the article; before the law of 2020 was
// in force nothing is known to forbid it. What asks more prevails over the law from then on.
func TestAllowedByMandatoryLaw(t *testing.T) {
	day, before := civil.MustParse("2026-06-06"), civil.MustParse("2017-06-17")
	for _, c := range []struct {
		key     Key
		value   string
		article string // of the law that forbids; empty: allowed
		ahead   bool   // it prevails over the law
	}{
		{Amendment.Majority(), `{"threshold":"at least 2/3"}`, "CSA 6:85", false},
		{Amendment.Majority(), `{"threshold":"at least 3/4"}`, "", false},
		{Amendment.Majority(), `{"threshold":"more than 3/4"}`, "", true},
		{Amendment.Majority(), `{"threshold":"at least 4/5"}`, "", true},
		{Amendment.Majority(), `{"threshold":"at least 4/5","base":"voting"}`, "CSA 6:85", false},
		{Purpose.Majority(), `{"threshold":"at least 3/4"}`, "CSA 6:86", false},
		{ClassRights.Majority(), `{"threshold":"at least 3/4"}`, "CSA 6:87", false},
		{ClassRights.Majority(), `{"threshold":"at least 3/4","per_class":true,"heads":"more than 1/2"}`, "", true},
		{Amendment.Quorum(), `{"base":"none"}`, "CSA 6:85", false},
		{Amendment.Quorum(), `{"base":"issued","shares":"at least 1/3"}`, "CSA 6:85", false},
		{Amendment.Quorum(), `{"base":"issued","shares":"at least 1/2","second":"same"}`, "CSA 6:85", false},
		{Amendment.Quorum(), `{"base":"issued","shares":"at least 2/3","heads":"at least 1/4"}`, "", true},
		{Ordinary.Majority(), `{"threshold":"at least 2/3","base":"present"}`, "", true},
	} {
		rule := Rule{Key: c.key, Article: "Statuts 30", Value: json.RawMessage(c.value), Layer: OwnBylaws, Confidence: Read}
		err := Allowed(rule, day)
		if rs := fault.Of(err); c.article == "" && err != nil || c.article != "" && (len(rs) != 1 || rs[0].Article != c.article ||
			rs[0].Code != "bylaws.refusal.mandatory") {
			t.Errorf("%s %s: %v", c.key, c.value, err)
		}
		if err := Allowed(rule, before); err != nil {
			t.Errorf("%s %s in 2017: %v", c.key, c.value, err)
		}
		held, _ := Resolve(Version{Rules: []Rule{rule}}, day).Rule(c.key)
		if (held.Layer == OwnBylaws) != c.ahead {
			t.Errorf("%s %s: what prevails is of the layer %s", c.key, c.value, held.Layer)
		}
	}
}
