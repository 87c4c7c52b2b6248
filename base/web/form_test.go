package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name, in string
		lines    bool
		want     string
		code     string
	}{
		{"trimmed", "  Jeanne  ", false, "Jeanne", ""},
		{"composed", "Gre\u0301goire", false, "Grégoire", ""},
		{"Turkish and Czech stay", "Črnić Işık", false, "Črnić Işık", ""},
		{"NUL", "a\x00b", false, "", "web.field.signs"},
		{"bell", "a\ab", false, "", "web.field.signs"},
		{"no UTF-8", "a\xffb", false, "", "web.field.signs"},
		{"turned round", "a\u202eb", false, "", "web.field.signs"},
		{"byte order mark", "\ufeffa", false, "", "web.field.signs"},
		{"a line break in a line", "a\nb", false, "", "web.field.signs"},
		{"a line break in a text", "a\r\nb\tc", true, "a\nb\tc", ""},
		{"a bare return in a text", "a\rb", true, "", "web.field.signs"},
		{"ten signs", "éééééééééé", false, "éééééééééé", ""},
		{"eleven signs", "ééééééééééé", false, "", "web.field.too-long"},
		{"decomposed, ten signs", strings.Repeat("e\u0301", 10), false, "éééééééééé", ""},
		{"very long", strings.Repeat("a", 1<<20), false, "", "web.field.too-long"},
	} {
		got, code := Clean(c.in, 10, c.lines)
		if got != c.want || code != c.code {
			t.Errorf("%s: %q, %q", c.name, got, code)
		}
	}
}

func TestCleanTextsAreAlwaysFitForTheStore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, lines := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")), rapid.Bool().Draw(t, "lines")
		if rapid.Bool().Draw(t, "text") {
			in = rapid.String().Draw(t, "string")
		}
		got, code := Clean(in, 20, lines)
		if code != "" {
			return
		}
		if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.ContainsRune(got, 0) || utf8.RuneCountInString(got) > 20 {
			t.Fatalf("%q became %q", in, got)
		}
		if again, code := Clean(got, 20, lines); again != got || code != "" {
			t.Fatalf("%q became %q, then %q", in, got, again)
		}
	})
}

func TestReadingAForm(t *testing.T) {
	f := NewForm(map[string][]string{
		"key": {"k1"}, "name": {" Zoé "}, "empty": {""}, "on": {"17/06/2017"}, "month": {"2017-06"}, "nonsense": {"hier"},
		"shares": {"1 134"}, "many": {"999"}, "amount": {"1.134,50"}, "sort": {"b"}, "forged": {"z"}, "box": {"c", "a", "z", "a"}, "yes": {"yes"},
	})
	read := []any{f.Key(), f.Need("name", 10), f.Text("empty", 10), f.Date("on"), f.Date("month"), f.PartialDate("month"), f.Date("nonsense"),
		f.Int("shares", 1, 5000), f.Int("many", 1, 100), f.Int("empty", 1, 5), f.Money("amount", 0, money.Euros(2000)), f.Money("amount", 0, money.Euros(10)),
		f.Choice("sort", "a", "b"), f.Choice("forged", "a", "b"), f.Flag("yes"), f.Flag("no")}
	want := []any{"k1", "Zoé", "", civil.MustParse("2017-06-17"), civil.Date{}, civil.MustParse("2017-06"), civil.Date{},
		int64(1134), int64(0), int64(0), money.Cents(113450), money.Cents(0), "b", "", true, false}
	for i := range want {
		if read[i] != want[i] {
			t.Errorf("value %d: %v, want %v", i, read[i], want[i])
		}
	}
	if diff := cmp.Diff([]string{"a", "c"}, f.Choices("box", "a", "b", "c")); diff != "" {
		t.Error(diff)
	}
	f.Need("empty", 10)
	f.NeedDate("nonsense") // already wrong: said once more as no date, never as missing, and never twice
	var codes []string
	for _, r := range f.Problems() {
		codes = append(codes, r.Field+" "+r.Code)
	}
	wantCodes := []string{"month web.field.not-day", "nonsense web.field.not-date", "many web.field.not-number", "amount web.field.not-amount",
		"forged web.field.choice", "empty web.field.required"}
	if diff := cmp.Diff(wantCodes, codes); diff != "" {
		t.Error(diff)
	}
	if f.OK() || !f.Has("month") || f.Has("name") {
		t.Error("the form does not know what is wrong with it")
	}
}

func TestAVerbsRefusalJoinsTheForm(t *testing.T) {
	f := new(Form)
	if f.Refused(errNoDisk) || !f.OK() {
		t.Error("an error of the world is no refusal")
	}
	if !f.Refused(fault.Refusals{fault.Refuse("register.above-cap").At("shares"), fault.Refuse("register.closed")}) || f.OK() {
		t.Error("the refusals were lost")
	}
	if len(f.Problems()) != 2 || !f.Has("shares") {
		t.Errorf("problems %v", f.Problems())
	}
}

var errNoDisk = Status(500)

func TestANilFormIsAnEmptyOne(t *testing.T) {
	var f *Form
	if f.Raw("x") != "" || f.Key() != "" || !f.OK() || f.Has("x") || f.Ticked("x", "y") || f.File("x", 1) != nil {
		t.Error("a nil form holds something")
	}
}
