package vote

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lieux/base/lang"
)

// Every phrase that the rules say stands in the catalogue, and nothing stands there that no rule says.
func TestTheCatalogueSaysWhatTheRulesSay(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	literal := regexp.MustCompile(`"(vote\.[a-z.-]*)"`)
	var said []string
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
			said = append(said, m[1])
		}
		// Two short forms: rm.miss("convening", …) and c.refuse("shares", …).
		for _, m := range regexp.MustCompile(`\.(miss|refuse)\("([a-z.-]+)"`).FindAllStringSubmatch(string(source),
			-1) {
			said = append(said, map[string]string{"miss": "vote.missing.", "refuse": "vote.refusal."}[m[1]]+m[2])
		}
	}
	codes := testBook(t).In(lang.French).Codes()
	for _, code := range said {
		if !slices.ContainsFunc(codes, func(c string) bool {
			return c == code || isStem(code) && strings.HasPrefix(c,
				code)
		}) {
			t.Errorf("%q is said and stands in no catalogue", code)
		}
	}
	for _, code := range codes {
		bare := strings.TrimSuffix(code, ".todo")
		if !slices.ContainsFunc(said, func(s string) bool {
			return s == bare || isStem(s) && strings.HasPrefix(bare,
				s)
		}) {
			t.Errorf("%q stands in the catalogue and nobody says it", code)
		}
	}
}

// isStem says that a code is completed by a word of the rule: "vote.verdict." + "adopted".
func isStem(code string) bool {
	return strings.HasSuffix(code, ".") || strings.HasSuffix(code, "-") ||
		slices.Contains([]string{"vote.election", "vote.cap", "vote.quorum.issued", "vote.quorum.present"}, code)
}

func TestFrenchIsSetAsFrench(t *testing.T) {
	raw, err := Phrases.ReadFile("lang/fr.json")
	if err != nil {
		t.Fatal(err)
	}
	var entries map[string]any
	if err := json.Unmarshal(raw, &entries); err != nil {
		t.Fatal(err)
	}
	wrong := regexp.MustCompile(`'|[^\x{202f}][;!?]|[^\x{a0}]:|«[^\x{a0}]|[^\x{a0}]»|[0-9a-z}] %|n° |  |\.\.\.`)
	for code, entry := range entries {
		texts := []string{}
		switch e := entry.(type) {
		case string:
			texts = append(texts, e)
		case map[string]any:
			texts = append(texts, e["one"].(string), e["other"].(string))
		}
		for _, text := range texts {
			if at := wrong.FindString(text); at != "" {
				t.Errorf("%s: %q in %q", code, at, text)
			}
		}
	}
}

// A stored phrase keeps numbers beyond 2^53, nested phrases and lists.
func TestStoredLinesKeepTheirArguments(t *testing.T) {
	line := Line{
		Say: lang.Say("vote.in-class", "class", "B", "line", lang.Say("vote.cast.votes", "for",
			int64(9_007_199_254_740_993),
			"against", lang.Say("vote.number.unknown"))),
		Finding: lang.Say("vote.found.quorum-short.shares", "n",
			int64(1)), Figure: minusFigure(7), Article: "CSA, art. 6:87", Candidate: 12,
	}
	raw, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	var back Line
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	book := testBook(t)
	for _, tag := range lang.Tags {
		p := book.In(tag)
		before, after := Reckoning{line}.Text(p), Reckoning{back}.Text(p)
		if before != after {
			t.Errorf("%s: %q became %q", tag, before, after)
		}
	}
	want := "Classe B. Voix exprimées\u00a0: 9\u00a0007\u00a0199\u00a0254\u00a0740\u00a0993 pour et " +
		"un nombre inconnu contre. | Quorum non atteint\u00a0: il manque 1 part. CSA, art. 6:87 | −\u00a07\n"
	if got := (Reckoning{back}).Text(book.In(lang.French)); got != want {
		t.Errorf("%q", got)
	}
	if back.Candidate != 12 || back.Article != line.Article {
		t.Errorf("%+v", back)
	}
}

func TestListsReadLikeSentences(t *testing.T) {
	p := testBook(t).In(lang.French)
	a, b := lang.Say("vote.missing.for.votes"), lang.Say("vote.missing.against.votes")
	c := lang.Say("vote.missing.cast")
	for want, list := range map[string]List{
		"les voix pour":                    {a},
		"les voix pour et les voix contre": {a, b},
		"les voix pour, les voix contre et le nombre des voix exprimées": {a, b, c},
	} {
		if got := p.Words(list.Phrase()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		raw, _ := json.Marshal(list)
		var back List
		if err := json.Unmarshal(raw, &back); err != nil || p.Words(back.Phrase()) != want {
			t.Errorf("stored it reads %q (%v)", p.Words(back.Phrase()), err)
		}
	}
	if (List{}).Phrase().Code != "" {
		t.Error("an empty list says something")
	}
}

func TestTheStatusIsSaid(t *testing.T) {
	p := testBook(t).In(lang.French)
	for want, o := range map[string]Outcome{
		"recalculé": {Status: Recomputed},
		"selon le procès-verbal (manque\u00a0: les voix pour)": {Status: AsStated,
			Missing: List{lang.Say("vote.missing.for.votes")}},
		"selon le procès-verbal": {Status: AsStated},
		"diffère (unanimité annoncée, 3 contre)": {Status: Differs,
			Against: List{lang.Say("vote.against.unanimous", "n", int64(3))},
			Missing: List{lang.Say("vote.missing.for.votes")}},
		"sans résultat (manque\u00a0: les voix pour)": {Status: Open,
			Missing: List{lang.Say("vote.missing.for.votes")}},
		"sans résultat": {Status: Open},
	} {
		if got := p.Words(o.StatusPhrase()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for v, want := range map[Verdict]string{Adopted: "adopté", Rejected: "rejeté", Inquorate: "quorum non atteint",
		Refused: "non mis aux voix",
		"":      "sans résultat"} {
		if got := p.Words(v.Phrase()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
