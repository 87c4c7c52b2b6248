package payment

import (
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestAStructuredCommunicationEndsWithItsRemainder(t *testing.T) {
	for number, want := range map[int64]string{
		1: "+++000/0000/00101+++", 97: "+++000/0000/09797+++", 1234567890: "+++123/4567/89002+++",
		9_999_999_999: "+++999/9999/99948+++", 1906: "+++000/0001/90663+++",
	} {
		o := MakeOGM(number)
		if o.String() != want || !o.Right() {
			t.Errorf("%d has the communication %s (right: %v), want %s", number, o, o.Right(), want)
		}
	}
	for _, wrong := range []OGM{"", "123456789003", "000000009700", "00000000000", "12345678900a", "000000000097"} {
		if wrong.Right() {
			t.Errorf("%q passes", wrong)
		}
	}
}

// No two of the first ten thousand dues are a slip apart.
func TestCommunicationsOfDuesStandApart(t *testing.T) {
	seen := map[OGM]bool{}
	for n := range int64(10_000) {
		seen[ogmOf(n+1)] = true
	}
	if len(seen) != 10_000 {
		t.Fatalf("%d communications", len(seen))
	}
	near := 0
	for o := range seen {
		for i := range 12 {
			for d := range byte(10) {
				if other := OGM(string(o[:i]) + string('0'+d) + string(o[i+1:])); other != o && seen[other] {
					near++
				}
			}
		}
	}
	if near > 0 {
		t.Errorf("%d are a slip away from another", near)
	}
}

func TestCommunicationsAreFoundAsPeopleAndBanksWriteThem(t *testing.T) {
	const one, other = OGM("123456789002"), OGM("000000009797")
	cases := []struct {
		text string
		want []OGM
	}{
		{"+++123/4567/89002+++", []OGM{one}},
		{"***123/4567/89002***", []OGM{one}},
		{"+++ 123 / 4567 / 89002 +++", []OGM{one}},
		{"123/4567/89002", []OGM{one}},
		{"123 4567 89002", []OGM{one}},
		{"123.4567.89002", []OGM{one}},
		{"123456789002", []OGM{one}},
		{"5 parts +++1234567/89002 merci", []OGM{one}},
		{"parts +++123456789002+++, suite ***000/0000/09797***", []OGM{one, other}},
		{"123456789002 123456789002", []OGM{one}},
		{"+++123/4567/89003+++", []OGM{"123456789003"}},
		{"COMMUNICATION: 123456789002 REF 7", []OGM{one}},
		{"ref123456789002", nil},
		{"1234567890021", nil},
		{"BE68 5390 0754 7034", nil},
		{"BE68539007547034", nil},
		{"1234 5678 9002", nil},
		{"+32 475 12 34 56 78", nil},
		{"2026/11/22 12:34", nil},
		{"é123456789002", nil},
		{"123/4567/8900", nil},
		{"", nil},
	}
	for _, c := range cases {
		if got := FindOGMs(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: found %v, want %v", c.text, got, c.want)
		}
	}
}

func TestEveryNumberIsFoundAgainInAnyWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := MakeOGM(rapid.Int64Range(1, ogmBase-1).Draw(t, "number"))
		write := rapid.SampledFrom([]string{o.String(), string(o), "***" + string(o) + "***", "bonjour " + o.String() + " merci",
			string(o[:3]) + "/" + string(o[3:7]) + "/" + string(o[7:]), string(o[:3]) + " " + string(o[3:7]) + " " + string(o[7:])})
		if got := FindOGMs(write.Draw(t, "text")); len(got) != 1 || got[0] != o || !got[0].Right() {
			t.Fatalf("%s: found %v", o, got)
		}
		place := rapid.IntRange(0, 11).Draw(t, "place")
		digit := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		slip := OGM(string(o[:place]) + string(digit) + string(o[place+1:]))
		if slip != o && (slip.Right() || !o.oneSlip(slip)) {
			t.Fatalf("%s with one other figure, %s, counts as right", o, slip)
		}
	})
}

func FuzzFindOGMs(f *testing.F) {
	for _, s := range []string{"+++123/4567/89002+++", "123 4567 89002", "***", "+++12", "1/2-3.4 5", "\xff123456789002"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, o := range FindOGMs(text) {
			if len(o) != ogmFigures || !utf8.ValidString(string(o)) {
				t.Fatalf("%q: %q is no communication", text, o)
			}
		}
	})
}

func TestIBANsAreTakenAsTheyAreAndFlagged(t *testing.T) {
	for _, right := range []string{"BE68 5390 0754 7034", "be68539007547034", "NL91 ABNA 0417 1643 00", "DE89 3704 0044 0532 0130 00",
		"FR14 2004 1010 0505 0001 3M02 606", "LU28 0019 4006 4475 0000", "GB82-WEST-1234-5698-7654-32", "IBAN BE68 5390 0754 7034",
		"NO93 8601 1117 947", "MT84 MALT 0110 0001 2345 MTLC AST0 01S"} {
		if i := ReadIBAN(right); !i.Right() {
			t.Errorf("%s (%s) counts as wrong", right, i)
		}
	}
	for _, wrong := range []string{"", "BE68 5390 0754 7035", "BE69539007547034", "BE685390075470", "XX68539007547034", "BE6853900754703400",
		"68BE539007547034", "NL91 ABNA 0417 1643 0", "B", "BEAB539007547034"} {
		if i := ReadIBAN(wrong); i.Right() {
			t.Errorf("%s counts as right", wrong)
		}
	}
	if got := ReadIBAN("be68 5390.0754-7034").String(); got != "BE68 5390 0754 7034" {
		t.Errorf("it is written %q", got)
	}
	for bic, want := range map[string]bool{"GKCCBEBB": true, "trio be bb": true, "KREDBEBBXXX": true, "KREDBEB": false,
		"KR3DBEBB": false, "": false, "KREDBEBB12": false} {
		if _, right := ReadBIC(bic); right != want {
			t.Errorf("BIC %q: right is %v", bic, right)
		}
	}
}

func FuzzReadIBAN(f *testing.F) {
	f.Add("BE68 5390 0754 7034")
	f.Add("XX")
	f.Fuzz(func(t *testing.T, text string) {
		i := ReadIBAN(text)
		if len(i) > maxIBAN || ReadIBAN(i.String()) != i && i[:min(4, len(i))] != "IBAN" {
			t.Fatalf("%q: %q is not read again as itself", text, i)
		}
		i.Right()
	})
}
