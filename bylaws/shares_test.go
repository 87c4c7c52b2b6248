package bylaws

import (
	"slices"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/vote"
)

func TestWhatIsKnownOfSharesOnADay(t *testing.T) {
	dynamo, _ := LoadPreset("dynamo-2015")
	model, _ := LoadPreset("ten-percent")
	june := func(p Preset, year string) Bylaws {
		return Resolve(Version{Rules: p.Rules}, civil.MustParse(year+"-06-30"))
	}
	// In 2017 only the value is published; since 2020 the law adds the window, and its value stays covered.
	if e, known := june(dynamo, "2017").Exit(); known || e.Value != NominalAtMost || e.EffectMonths != 0 {
		t.Errorf("2017: %+v, %v", e, known)
	}
	e, known := june(dynamo, "2026").Exit()
	want := Exit{From: 1, To: 6, Founders: 3, Report: true, ExitPayment: ExitPayment{EffectMonths: 6, PayWithinMonths: 1},
		Value: NominalAtMost}
	if !known || e != want {
		t.Errorf("2026: %+v, %v", e, known)
	}
	if got := june(dynamo, "2026").Article(KeyExitValue); got != "Statuts 14" {
		t.Errorf("the value stands in %q", got)
	}
	if e, _ := june(model, "2026").Exit(); !e.Partial || e.Value != PaidUp {
		t.Errorf("the model: %+v", e)
	}
	// What neither bylaws nor the law as read say is unknown, and not assumed.
	b := june(dynamo, "2026")
	if _, known := b.Issue(); known || b.Article(KeyIssue) != "" {
		t.Error("when Dynamo's shares exist is known")
	}
	if _, known := b.QualityLoss(); known {
		t.Error("what follows a lost quality is known")
	}
	if h, known := b.Holding(); !known || h != (Holding{}) {
		t.Errorf("Dynamo limits holdings: %+v, %v", h, known)
	}
	if i, known := june(model, "2017").Issue(); !known || i.When != OncePaid {
		t.Errorf("the model issues %+v, %v", i, known)
	}
	if tr, known := b.Transfer(); !known || tr.Approval != ByBoard || !tr.ToMembersFree {
		t.Errorf("transfer: %+v, %v", tr, known)
	}
	if end, known := b.EndByLaw(); !known || !slices.Equal(end.Causes, EndCauses) {
		t.Errorf("ends: %+v, %v", end, known)
	}
	x, known := b.Exclusion()
	if !known || x.By != ByAssembly || x.AnswerBy(civil.MustParse("2026-01-31")).String() != "2026-02-28" {
		t.Errorf("exclusion: %+v, %v, answer by %s", x, known, x.AnswerBy(civil.MustParse("2026-01-31")))
	}
}

// ruleOfShares is a rule of a model with a value.
func ruleOfShares(k Key, value string) Rule {
	return Rule{Key: k, Value: []byte(value), Layer: OwnBylaws, Article: "1", Words: "w", Confidence: Told}
}

func TestRulesAboutSharesAreSaidInThreeLanguages(t *testing.T) {
	book, err := lang.NewBook(Phrases, vote.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key         Key
		value, says string // says is a part of the French words
	}{
		{KeyHolding, `{"least":2,"most":40,"part":"1/20"}`, "40 parts au plus"},
		{KeyHolding, `{"least":1}`, "pas limité"},
		{KeyIssue, `{"when":"admission"}`, "reste dû"},
		{KeyIssue, `{"when":"part-paid","least_paid":"1/4"}`, "un quart"},
		{KeyTransfer, `{"approval":"none","to_members_free":true}`, "sans agrément"},
		{KeyTransfer, `{"approval":"assembly","to_members_free":false,"preemption_days":30}`, "30 jours"},
		{KeyExit, `{"from":1,"to":12,"founders":0,"partial":true,"report":false}`, "à tout moment"},
		{KeyExit, `{"from":4,"to":9,"founders":5,"partial":false,"report":true}`, "du mois 4 au mois 9"},
		{KeyExitPayment, `{"effect_months":12,"pay_within_months":3}`, "les 3 mois"},
		{KeyExitValue, `"nominal-at-most"`, "nominale au plus"},
		{KeyEndByLaw, `{"causes":[]}`, "de plein droit"},
		{KeyQuality, `{"ends":false}`, "reste coopérateur"},
		{KeyQuality, `{"ends":true}`, "ce jour-là"},
		{KeyQuality, `{"ends":true,"within_months":12}`, "les 12 mois"},
		{KeyExclusion, `{"by":"board","answer_days":40,"grounds":"ne plus louer d’atelier"}`, "ne plus louer"},
		{KeyAdmission, `{"by":"board","reasoned":true,"days":60,"silence":"admitted"}`, "vaut admission"},
		{KeyAdmission, `{"by":"board","reasoned":true,"days":1,"silence":"refused"}`, "vaut refus"},
	} {
		r := ruleOfShares(c.key, c.value)
		if err := r.check(); err != nil {
			t.Errorf("%s %s: %v", c.key, c.value, err)
			continue
		}
		said := map[string]bool{}
		for _, tag := range lang.Tags {
			words := r.InWords(book.In(tag))
			if strings.Contains(words, "«bylaws.") || strings.Contains(words, "{{") || said[words] {
				t.Errorf("%s %s in %s: %s", c.key, c.value, tag, words)
			}
			said[words] = true
		}
		if words := r.InWords(book.In(lang.French)); !strings.Contains(words, c.says) {
			t.Errorf("%s %s: %s, want %q", c.key, c.value, words, c.says)
		}
	}
}

func TestWhatIsNoRuleAboutSharesIsRefused(t *testing.T) {
	for _, c := range []struct {
		key   Key
		value string
	}{
		{KeyHolding, `{"least":5,"most":4}`}, {KeyHolding, `{"least":-1}`}, {KeyHolding, `{"part":"3/2"}`},
		{KeyIssue, `{"when":"soon"}`}, {KeyIssue, `{"when":"part-paid"}`}, {KeyIssue, `{"when":"paid","least_paid":"1/4"}`},
		{KeyTransfer, `{"approval":"king"}`}, {KeyTransfer, `{"approval":"board","preemption_days":-3}`},
		{KeyExit, `{"from":7,"to":6}`}, {KeyExit, `{"from":1,"to":13}`}, {KeyExit, `{"from":0,"to":6}`},
		{KeyExitPayment, `{"effect_months":0}`}, {KeyExitValue, `"market"`}, {KeyExitValue, `{}`},
		{KeyEndByLaw, `{"causes":["boredom"]}`}, {KeyQuality, `{"ends":true,"within_months":-1}`},
		{KeyExclusion, `{"by":"none"}`}, {KeyExclusion, `{"by":"board","answer_months":13}`},
		{KeyAdmission, `{"by":"board","silence":"admitted"}`}, {KeyAdmission, `{"by":"board","days":400}`},
	} {
		if err := ruleOfShares(c.key, c.value).check(); fault.Of(err) == nil {
			t.Errorf("%s %s: %v", c.key, c.value, err)
		}
	}
}
