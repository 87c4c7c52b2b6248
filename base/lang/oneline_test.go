package lang

import "testing"

func TestOneLineKeepsTheSpacesThatDoNotBreak(t *testing.T) {
	for in, want := range map[string]string{
		" une\n ligne\t\tseule \r\n": "une ligne seule",
		"40\u202f000\u00a0€ ;  oui":  "40\u202f000\u00a0€ ; oui",
		" \n ":                       "",
	} {
		if got := OneLine(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}
