package places

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"lieux/base/fault"
)

// What is left of a hostile drawing is its shapes.
func TestHostileDrawingsAreCleaned(t *testing.T) {
	d, err := Clean([]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
		viewBox="0 0 100 80" onload="alert(1)"><script>alert(2)</script><style>*{background:url(http://x)}</style>
		<a href="javascript:alert(3)"><rect width="1" height="1"/></a><image xlink:href="http://x/y.png"/><use href="#a"/>
		<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(4)</script></body></foreignObject>
		<animate attributeName="href" to="javascript:1"/><set/>
		<g data-space="A1" style="fill:url(http://x)" transform="translate(1 2)"><rect id="x" class="y" onclick="z()" fill="url(#p)" x="1" y="2" width="30" height="20.5"/></g>
		<path data-space="B 2" d="m 1 1 h 10 v 5 z"/><polygon data-space="&lt;b>" points="0,0 4,0 4,4"/><text x="3" y="4">A1 <tspan>là</tspan></text></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	out := d.String()
	want := `<svg viewBox="0 0 100 80"><g transform="translate(1 2)"><rect x="1" y="2" width="30" height="20.5" data-space="A1"></rect></g>` +
		`<path d="m 1 1 h 10 v 5 z" data-space="B 2"></path><polygon points="0,0 4,0 4,4"></polygon><text x="3" y="4">A1 là</text></svg>`
	if out != want {
		t.Errorf("left:\n%s\nwant:\n%s", out, want)
	}
	if !slices.Equal(d.Codes(), []string{"A1", "B 2"}) || !slices.Contains(d.Dropped, "script") || !slices.Contains(d.Dropped, "foreignObject") {
		t.Errorf("codes %v, dropped %v", d.Codes(), d.Dropped)
	}
	if box := d.Root[1].Box; box != (Box{1000, 1000, 10000, 5000}) {
		t.Errorf("the path lies in %+v", box)
	}
}

func TestDrawingsThatAreRefused(t *testing.T) {
	for code, svg := range map[string]string{
		"places.refusal.drawing":          `<html/>`,
		"places.refusal.drawing-entities": `<!DOCTYPE svg [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]><svg viewBox="0 0 1 1">&b;</svg>`,
		"places.refusal.drawing-size":     `<svg><rect/></svg>`,
		"places.refusal.drawing-deep":     `<svg viewBox="0 0 9 9">` + strings.Repeat("<g>", 40) + strings.Repeat("</g>", 40) + `</svg>`,
		"places.refusal.drawing-full":     `<svg viewBox="0 0 9 9">` + strings.Repeat("<rect/>", 5001) + `</svg>`,
		"places.refusal.drawing-large":    `<svg viewBox="0 0 9 9">` + strings.Repeat(" ", MaxDrawing) + `</svg>`,
	} {
		if _, err := Clean([]byte(svg)); !fault.Is(err, code) {
			t.Errorf("%.60s: %v", svg, err)
		}
	}
	for _, svg := range []string{"", "<svg", `<svg viewBox="0 0 9 9"></g>`, `<svg viewBox="0 0 9 9"/><svg/>`, "\x00", `<svg viewBox="0 0 9 9">&b;</svg>`} {
		if d, err := Clean([]byte(svg)); err == nil {
			t.Errorf("%q is a drawing: %s", svg, d)
		}
	}
}

// FuzzClean: whatever comes in, only what is let through comes out, and comes out again the same.
func FuzzClean(f *testing.F) {
	f.Add(`<svg viewBox="0 0 9 9"><rect data-space="A1" x="1" onload="x()"/><script>1</script></svg>`)
	f.Add(`<svg width="9px" height="9"><path d="M0 0L1 1z"/><text>a&amp;b</text></svg>`)
	f.Add(`<svg viewBox="0 0 9 9"><g data-space="B"><g><circle r="2"/></g><line/></g></svg>`)
	tag := regexp.MustCompile(`<(/?)([a-z]+)((?: [a-z0-9A-Z-]+="[^"<>]*")*)>`)
	f.Fuzz(func(t *testing.T, raw string) {
		d, err := Clean([]byte(raw))
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		out := d.String()
		for _, m := range tag.FindAllStringSubmatch(out, -1) {
			if !slices.Contains(elements, m[2]) {
				t.Fatalf("%s is let through: %s", m[2], out)
			}
		}
		if rest := tag.ReplaceAllString(out, ""); strings.ContainsAny(rest, "<>") {
			t.Fatalf("%q holds more than elements: %q", out, rest)
		}
		for _, bad := range []string{" on", "href=", "style=", "url(", "class=", " id="} {
			if i := strings.Index(tag.FindString(out), bad); i >= 0 {
				t.Fatalf("%q is let through: %s", bad, out)
			}
		}
		again, err := Clean([]byte(out))
		if err != nil || again.String() != out {
			t.Fatalf("cleaned again:\n%s\n%s\n%v", out, again.String(), err)
		}
	})
}
