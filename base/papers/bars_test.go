package papers

import (
	"bytes"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/programs"
)

// Bars are read in every drawing: as words, as signs, and as lengths to one measure.
func TestBarsAreDrawnToOneMeasure(t *testing.T) {
	bars := Bars{Caption: T("Surface occupée"), Most: 1000, Items: []Bar{{"2016", 0, "0,0 %"}, {"2017", 862, "86,2 %"},
		{"2018", 1000, "100,0 %"}}}
	paper := Paper{Kind: Report, Lang: lang.French, Title: "Dix ans", Blocks: Blocks{bars}}
	var html, text, pdf bytes.Buffer
	for _, err := range []error{HTML(&html, paper, nil), Text(&text, paper, nil), PDF(&pdf, paper, nil, Meta{})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{`<rect width="0"`, `<rect width="344"`, `<rect width="400"`, "86,2 %", `scope="row">2017`} {
		if !strings.Contains(html.String(), want) {
			t.Errorf("the page has no %q: %s", want, html.String())
		}
	}
	for _, want := range []string{"2017  " + strings.Repeat("#", 34) + " ", strings.Repeat("#", 40) + "  100,0 %"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text has no %q:\n%s", want, text.String())
		}
	}
	raw, err := Encode(paper)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := Decode(raw); err != nil || len(back.Blocks) != 1 || back.Blocks[0].(Bars).Items[1].Value != 862 {
		t.Errorf("decoded: %+v, %v", back, err)
	}
	if said := programs.PDFText(t, pdf.Bytes()); !strings.Contains(said, "86,2") || !strings.Contains(said, "2018") {
		t.Errorf("the PDF says %q", said)
	}
	for name, bad := range map[string]Bars{"none": {Most: 1}, "no measure": {Items: []Bar{{"a", 0, "b"}}},
		"longer than a whole": {Most: 1, Items: []Bar{{"a", 2, "b"}}}, "no words": {Most: 1, Items: []Bar{{"a", 1, ""}}}} {
		if HTML(&html, Paper{Kind: Report, Lang: lang.French, Title: "x", Blocks: Blocks{bad}}, nil) == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}
