package lang

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

var update = flag.Bool("update", false, "write testdata/formats.txt anew")

func catalogue(fr, nl, en string) fs.FS {
	return fstest.MapFS{"lang/fr.json": {Data: []byte(fr)}, "lang/nl.json": {Data: []byte(nl)}, "lang/en.json": {Data: []byte(en)}}
}

var sample = catalogue(
	`{"t.hello": "Bonjour", "t.roll": "Le {{.day}}, {{.who}} détiennent {{.amount}}.",
	  "t.share": {"one": "{{.n}} part", "other": "{{.n}} parts"}, "t.refusal.cap": "Plafond de {{.cap}} parts.", "t.refusal.cap.todo": "Demandez-en au plus {{.cap}}.",
	  "t.refusal.bare": "Non.", "t.inside": "{{.what}} : {{.more}}"}`,
	`{"t.hello": "Dag", "t.roll": "Op {{.day}} bezitten {{.who}} {{.amount}}.",
	  "t.share": {"one": "{{.n}} aandeel", "other": "{{.n}} aandelen"}, "t.refusal.cap": "Plafond van {{.cap}} aandelen.", "t.refusal.cap.todo": "Vraag er hoogstens {{.cap}}.",
	  "t.refusal.bare": "Nee.", "t.inside": "{{.what}}: {{.more}}"}`,
	`{"t.hello": "Hello", "t.roll": "On {{.day}}, {{.who}} hold {{.amount}}.",
	  "t.share": {"one": "{{.n}} share", "other": "{{.n}} shares"}, "t.refusal.cap": "A cap of {{.cap}} shares.", "t.refusal.cap.todo": "Ask for {{.cap}} at most.",
	  "t.refusal.bare": "No.", "t.inside": "{{.what}}: {{.more}}"}`)

func book(t testing.TB) *Book {
	t.Helper()
	b, err := NewBook(sample)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Everything that a sentence prints, in three languages; · stands for a no-break space.
func TestFormatsGolden(t *testing.T) {
	b := book(t)
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	morning := civil.At(time.Date(2017, 6, 17, 7, 42, 59, 0, time.UTC))
	var out strings.Builder
	line := func(what string, say func(p *Printer) string) {
		fmt.Fprintf(&out, "%s\n", what)
		for _, tag := range Tags {
			fmt.Fprintf(&out, "  %s  %s\n", tag, strings.ReplaceAll(say(b.In(tag)), noBreak, "·"))
		}
	}
	for _, n := range []int64{0, 7, 999, 1000, 1134, 2848, 712_000, 1_000_000, -3, -1134, math.MinInt64} {
		line(fmt.Sprint("count ", n), func(p *Printer) string { return p.Count(n) })
	}
	for _, c := range []money.Cents{0, 5, -5, 100, 113_450, -113_450, 71_200_000, -100, 100_000_000, money.Max, math.MinInt64} {
		line("money "+c.String(), func(p *Printer) string { return p.Money(c) + " | " + p.Plain(c) })
	}
	for _, f := range [][2]int64{{0, 3}, {1, 3}, {2, 3}, {1, 2}, {113, 450}, {1, 1}, {3, 2}, {-1, 3}, {1, -3}, {-1, -3}, {-1, 10_000}, {1, 0}, {99_999, 100_000},
		{12_345, 1}, {math.MaxInt64, math.MaxInt64}, {1, 2000}} {
		line(fmt.Sprintf("percent %d/%d", f[0], f[1]), func(p *Printer) string { return p.Percent(f[0], f[1]) })
	}
	for _, s := range []string{"", "2017", "2017-06", "2017-06-01", "2017-06-17", "2015-12-31", "2016-02-29", "2015-08-09"} {
		var d civil.Date
		if s != "" {
			d = civil.MustParse(s)
		}
		line("date "+s, func(p *Printer) string { return p.Date(d) + " | " + p.LongDate(d) + " | " + p.ShortDate(d) })
	}
	line("moment", func(p *Printer) string { return p.Moment(morning, brussels) })
	for _, words := range [][]string{nil, {"Lise"}, {"Lise", "Willem"}, {"Lise", "Willem", "Zoé"}} {
		line(fmt.Sprint("list ", words), func(p *Printer) string { return p.List(words) })
	}
	for _, n := range []int64{0, 1, 2, 1000, 1_000_000, -1} {
		line(fmt.Sprint("plural ", n), func(p *Printer) string { return p.T("t.share", "n", n) })
	}
	line("phrase", func(p *Printer) string {
		return p.T("t.roll", "day", civil.MustParse("2017-06-17"), "who", []string{"Lise", "Willem"}, "amount", money.Cents(113_450))
	})
	line("line of a file", func(p *Printer) string { return p.Refusal(fault.Refuse("t.refusal.cap", "cap", 1134).OnLine(1234)) })
	for m := time.January; m <= time.December; m++ {
		line("month "+m.String(), func(p *Printer) string { return p.Date(civil.Day(2017, m, 2)) })
	}
	for day := range 7 {
		line("weekday "+time.Weekday(day).String(), func(p *Printer) string { return p.LongDate(civil.Day(2017, 6, 18+day)) })
	}
	const golden = "testdata/formats.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestPercentAgreesWithExactArithmetic(t *testing.T) {
	p := book(t).In(English)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		if b == 0 {
			return
		}
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(a), big.NewInt(100)), big.NewInt(b))
		want := exact.FloatString(1) // rounds half away from zero
		if want == "-0.0" {
			want = "0.0"
		}
		got := strings.NewReplacer(",", "", "%", "", minus, "-").Replace(p.Percent(a, b))
		if got != want {
			t.Fatalf("%d/%d is %s, exactly %s", a, b, got, want)
		}
	})
}

func TestValues(t *testing.T) {
	p := book(t).In(French)
	for want, v := range map[string]any{
		"déjà des mots": "déjà des mots", "1" + noBreak + "134": 1134, "2" + noBreak + "848": int64(2848), "3": float64(3), "": nil, "true": true,
		"250" + noBreak + "€": money.Euros(250), "1er" + noBreak + "juin 2017": civil.MustParse("2017-06-01"),
		"Bonjour": Say("t.hello"), "a et b": []string{"a", "b"}, "deux tiers (fr)": twoThirds{},
	} {
		if got := p.Value(v); got != want {
			t.Errorf("%#v is written %q, want %q", v, got, want)
		}
	}
}

type twoThirds struct{}

func (twoThirds) Words(p *Printer) string { return "deux tiers (" + string(p.Tag) + ")" }

func TestTheLawIsCitedAsItsReadersCallIt(t *testing.T) {
	b := book(t)
	for article, want := range map[string][3]string{
		"CSA 6:115, 6:116": {"CSA 6:115, 6:116", "WVV 6:115, 6:116", "CSA 6:115, 6:116"},
		"CSA, livre 6":     {"CSA, livre 6", "WVV, boek 6", "CSA, book 6"},
		"WVV 6:85":         {"WVV 6:85", "WVV 6:85", "WVV 6:85"},
		"art. 12, livre 6": {"art. 12, livre 6", "art. 12, livre 6", "art. 12, livre 6"},
		"Code civil 3.78":  {"Code civil 3.78", "Code civil 3.78", "Code civil 3.78"},
	} {
		for i, tag := range Tags {
			if got := b.In(tag).Cite(article); got != want[i] {
				t.Errorf("%s: %q is cited %q, not %q", tag, article, got, want[i])
			}
		}
	}
}

func TestWhatNoCatalogueHasIsSeen(t *testing.T) {
	p := book(t).In(Dutch)
	for want, got := range map[string]string{
		"«t.nothing»": p.T("t.nothing", "n", 1),
		"«t.none»":    p.Words(Phrase{Code: "t.none"}),
		"«t.roll»":    p.T("t.roll", "day", "x"), // a value is missing
		"«t.share»":   p.T("t.share"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if p.Has("t.nothing") || !p.Has("t.hello") || !p.Has("t.share") {
		t.Error("Has is mistaken")
	}
	if got := p.T("t.roll", "day", "{{.who}}", "who", "<b>", "amount", "%s"); got != "Op {{.who}} bezitten <b> %s." {
		t.Errorf("values are read as phrases: %q", got)
	}
}

func TestRefusalsAndWhatToDo(t *testing.T) {
	p := book(t).In(English)
	cap := fault.Refuse("t.refusal.cap", "cap", 10)
	for want, got := range map[string]string{
		"A cap of 10 shares.":         p.Refusal(cap),
		"Line 3: A cap of 10 shares.": p.Refusal(cap.OnLine(3)),
		"Ask for 10 at most.":         p.Todo(cap),
		"":                            p.Todo(fault.Refuse("t.refusal.bare")),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCataloguesThatDoNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		catalogues []fs.FS
		want       string
	}{
		"a key that Dutch lacks":   {[]fs.FS{catalogue(`{"a":"x","b":"y"}`, `{"a":"x"}`, `{"a":"x","b":"y"}`)}, "nl and fr differ in [b]"},
		"a key that French lacks":  {[]fs.FS{catalogue(`{}`, `{}`, `{"a":"x"}`)}, "en and fr differ in [a]"},
		"the same key in two":      {[]fs.FS{sample, catalogue(`{"t.share":"x"}`, `{"t.share":"x"}`, `{"t.share":"x"}`)}, `"t.share" stands twice`},
		"a plural without other":   {[]fs.FS{catalogue(`{"a":{"one":"x"}}`, `{}`, `{}`)}, "neither a text nor one/other"},
		"a number":                 {[]fs.FS{catalogue(`{"a":3}`, `{}`, `{}`)}, "neither a text nor one/other"},
		"no JSON":                  {[]fs.FS{catalogue(`{`, `{}`, `{}`)}, "unexpected EOF"},
		"a list":                   {[]fs.FS{catalogue(`["x"]`, `{}`, `{}`)}, "is one object"},
		"a key twice in one":       {[]fs.FS{catalogue(`{"a":"x","a":"y"}`, `{}`, `{}`)}, `"a" stands twice`},
		"no words":                 {[]fs.FS{catalogue(`{"a":""}`, `{}`, `{}`)}, "neither a text nor one/other"},
		"a place that is none":     {[]fs.FS{catalogue(`{"a":"{{ .n }} parts"}`, `{}`, `{}`)}, "not written {{.name}}"},
		"a place without an end":   {[]fs.FS{catalogue(`{"a":"{{.n parts"}`, `{}`, `{}`)}, "not written {{.name}}"},
		"a language without words": {[]fs.FS{fstest.MapFS{"lang/fr.json": {Data: []byte(`{}`)}}}, "nl.json"},
	} {
		_, err := NewBook(c.catalogues...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	empty, err := NewBook()
	if err != nil || len(empty.In(French).Codes()) != 0 {
		t.Errorf("a book without catalogues: %v", err)
	}
}

func TestPlacesThatDifferBetweenLanguages(t *testing.T) {
	b, err := NewBook(sample, catalogue(
		`{"u.a": "{{.n}} parts", "u.b": {"one": "une part", "other": "{{.n}} parts"}, "u.c": "{{.x}}", "u.d": "{{.x}} {{.y}}"}`,
		`{"u.a": "{{.m}} parts", "u.b": {"one": "{{.n}} part", "other": "{{.n}} parts"}, "u.c": "x", "u.d": "{{.y}} {{.x}}"}`,
		`{"u.a": "{{.n}} parts", "u.b": "{{.n}} parts", "u.c": "{{.x}} {{.y}}", "u.d": "{{.y}} {{.x}} {{.y}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"nl u.a", "nl u.c", "en u.c"}, b.Uneven()); diff != "" {
		t.Error(diff)
	}
}

func TestCodesAreSorted(t *testing.T) {
	want := []string{"t.hello", "t.inside", "t.refusal.bare", "t.refusal.cap", "t.refusal.cap.todo", "t.roll", "t.share"}
	if diff := cmp.Diff(want, book(t).In(Dutch).Codes()); diff != "" {
		t.Error(diff)
	}
}

func TestAPhraseComesBackFromJSONAsItWas(t *testing.T) {
	said := Say("t.inside",
		"what", Say("t.roll", "day", civil.MustParse("2017-06"), "who", []string{"Lise", "Willem"}, "amount", money.Cents(113_450)),
		"more", Say("t.share", "n", 1_000_001))
	text, err := json.Marshal([]Phrase{said, Say("t.hello")})
	if err != nil {
		t.Fatal(err)
	}
	var back []Phrase
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	for _, tag := range Tags {
		p := book(t).In(tag)
		if got, want := p.Words(back[0]), p.Words(said); got != want || strings.Contains(got, "«") {
			t.Errorf("%s: %q came back as %q", tag, want, got)
		}
	}
	if diff := cmp.Diff(Say("t.hello"), back[1]); diff != "" {
		t.Error(diff)
	}
	if again, err := json.Marshal(back); err != nil || string(again) != string(text) {
		t.Errorf("kept as %s, then as %s", text, again)
	}
}

func TestJSONOfPhrasesFromElsewhere(t *testing.T) {
	var ph Phrase
	text := `{"code":"x","args":{"a":null,"b":true,"c":1.5,"d":[1],"e":{"z":1},"f":9007199254740993,"g":"g","h":{"cents":"x"}}}`
	if err := json.Unmarshal([]byte(text), &ph); err != nil {
		t.Fatal(err)
	}
	want := fault.Args{"a": nil, "b": true, "c": "1.5", "d": []any{json.Number("1")}, "e": map[string]any{"z": json.Number("1")},
		"f": int64(9007199254740993), "g": "g", "h": map[string]any{"cents": "x"}}
	if diff := cmp.Diff(want, ph.Args); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`3`, `{"code":3}`, `{"args":[]}`, `{`} {
		if err := json.Unmarshal([]byte(bad), &ph); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestTheLanguageOfAReader(t *testing.T) {
	for header, want := range map[string]Tag{
		"": French, "nl": Dutch, "nl-BE,nl;q=0.9,fr;q=0.8": Dutch, "en-GB,en;q=0.9": English, "fr-BE": French, "de-DE,de;q=0.9,en;q=0.5": English,
		"de, pl": French, "*": French, "fr;q=0.1, nl;q=0.9": Dutch, ";;;": French, "xx-invalid-\x00": French, strings.Repeat("de,", 500) + "nl": French,
	} {
		if got := Accept(header); got != want {
			t.Errorf("%.40q gives %s, want %s", header, got, want)
		}
	}
	for s, want := range map[string]bool{"fr": true, "nl": true, "en": true, "de": false, "": false, "FR": false} {
		if Known(s) != want {
			t.Errorf("%q known: %v", s, !want)
		}
	}
	if book(t).In("de").Tag != French || book(t).In(Dutch).Tag != Dutch {
		t.Error("a language that is none of ours is not shown in French")
	}
}

func TestThePrinterOfARequest(t *testing.T) {
	ctx := With(context.Background(), book(t).In(Dutch))
	if got := T(ctx, "t.hello") + ", " + T(ctx, "t.share", "n", 1); got != "Dag, 1 aandeel" {
		t.Errorf("got %q", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a printer out of nowhere")
		}
	}()
	From(context.Background())
}

func TestManySpeakAtOnce(t *testing.T) {
	b := book(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := b.In(Tags[i%3])
			for n := range 200 {
				if s := p.T("t.share", "n", n); !strings.HasPrefix(s, fmt.Sprint(n)) {
					t.Errorf("%d: %s", n, s)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzAccept(f *testing.F) {
	f.Add("nl-BE,nl;q=0.9")
	f.Add("\xff;q=9e9")
	f.Fuzz(func(t *testing.T, header string) {
		if !Known(string(Accept(header))) {
			t.Errorf("%q gives %s", header, Accept(header))
		}
	})
}

func FuzzPhraseJSON(f *testing.F) {
	f.Add(`{"code":"t.roll","args":{"day":{"date":"2017"},"n":1,"w":["a"],"c":{"cents":-5},"p":{"code":"x"}}}`)
	f.Add(`{"code":"","args":{"":{"args":{"a":[{}]}}}}`)
	b := book(f)
	f.Fuzz(func(t *testing.T, text string) {
		var ph Phrase
		if json.Unmarshal([]byte(text), &ph) != nil {
			return
		}
		kept, err := json.Marshal(ph)
		if err != nil {
			t.Fatal(err)
		}
		var back Phrase
		if err := json.Unmarshal(kept, &back); err != nil {
			t.Fatal(err)
		}
		if b.In(French).Words(ph) != b.In(French).Words(back) {
			t.Fatalf("%s is kept as %s", text, kept)
		}
	})
}
