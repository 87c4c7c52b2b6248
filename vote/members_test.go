package vote

import (
	"strings"
	"testing"

	"lieux/base/lang"
)

// The minutes of a board name members and a second meeting, in every language; those of the assembly cooperators.
func TestABodySpeaksOfItsMembers(t *testing.T) {
	base := withMajority(quorate(QuorumTerms{Base: QuorumIssued, Heads: AtLeast(Half), Second: SecondFree}),
		MajorityTerms{Threshold: MoreThan(Half), Base: OfVoting})
	facts := Facts{Convening: FirstConvening, Issued: Sides{Heads: Count(7)}, Present: Sides{Heads: Count(3)}}
	for _, who := range []Voters{"", Members} {
		rule := base
		rule.Weight, rule.Who = PerHead, who
		o, err := Judge(rule, facts)
		if err != nil {
			t.Fatal(err)
		}
		for tag, words := range map[lang.Tag][2]string{
			lang.French: {"coopérateur", "deuxième assemblée"},
			lang.Dutch:  {"coöperant", "tweede vergadering"},
		} {
			p := testBook(t).In(tag)
			text := strings.ToLower(o.Reckoning.Text(p) + p.Words(rule.Word(rule.Quorum.Phrase())))
			for _, word := range words {
				if got := strings.Contains(text, word); got != (who == "") {
					t.Errorf("%s, voters %q: %q stands there: %t\n%s", tag, who, word, got, text)
				}
			}
		}
	}
}
