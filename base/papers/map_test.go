package papers

import (
	"bytes"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/programs"
)

// A map is drawn with its numbers and its scale, and said where nothing is drawn.
func TestAMapIsDrawnAndSaid(t *testing.T) {
	m := Map{Caption: T("Deux lieux, le nord en haut"), Width: 1000, Height: 600, Bar: 200, Scale: "500 m",
		Pins: []Pin{{"1", 100, 500, 100, 500}, {"2", 900, 80, 860, 80}}}
	paper := Paper{Kind: Notice, Lang: lang.French, Title: "Carte", Blocks: Blocks{m}}
	var html, text, pdf bytes.Buffer
	for _, err := range []error{HTML(&html, paper, nil), Text(&text, paper, nil), PDF(&pdf, paper, nil, Meta{})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{`<circle cx="860" cy="80"`, "M900 80L860 80", "500 m", `aria-label="Deux lieux, le nord en haut"`} {
		if !strings.Contains(html.String(), want) {
			t.Errorf("the page has no %q: %s", want, html.String())
		}
	}
	if !strings.Contains(text.String(), "le nord en haut") {
		t.Errorf("the text: %s", text.String())
	}
	raw, err := Encode(paper)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := Decode(raw); err != nil || back.Blocks[0].(Map).Pins[1].DiscX != 860 {
		t.Errorf("decoded: %+v, %v", back, err)
	}
	if said := programs.PDFText(t, pdf.Bytes()); !strings.Contains(said, "500 m") || !strings.Contains(said, "Deux lieux") {
		t.Errorf("the PDF says %q", said)
	}
	for name, change := range map[string]func(*Map){"beside the sheet": func(m *Map) { m.Pins = []Pin{{"1", 1001, 0, 0, 0}} },
		"no number": func(m *Map) { m.Pins = []Pin{{"", 1, 1, 1, 1}} }, "no scale": func(m *Map) { m.Bar = 0 },
		"no words": func(m *Map) { m.Caption = nil }, "no sheet": func(m *Map) { m.Width = 0 }} {
		bad := m
		change(&bad)
		if HTML(&html, Paper{Kind: Notice, Lang: lang.French, Title: "x", Blocks: Blocks{bad}}, nil) == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}
