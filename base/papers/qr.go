package papers

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"

	"lieux/base/fault"
)

const (
	// quietZone is the white margin that a reader needs, in modules.
	quietZone = 4
	// maxModules is version 13 of the code: what telephones still read from a print of 30 mm (EPC069-12).
	maxModules = 69
)

// bars are the black parts of a QR code: horizontal runs, in modules, without the quiet zone.
type bars struct {
	size int
	runs []run
}

type run struct{ x, y, length int }

// qrBars encodes a text with medium correction (15 % may be damaged). A text that would need more than version 13 is
// refused.
func qrBars(text string) (bars, error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil || code.Bounds().Dx() > maxModules || len(text) > MaxQR {
		return bars{}, fault.Refuse("papers.refusal.qr", "n", len(text), "max", MaxQR)
	}
	b := bars{size: code.Bounds().Dx()}
	black := func(x, y int) bool {
		if x >= b.size {
			return false
		}
		r, _, _, _ := code.At(x, y).RGBA()
		return r == 0
	}
	for y := range b.size {
		start := -1
		for x := range b.size + 1 {
			switch {
			case black(x, y) && start < 0:
				start = x
			case !black(x, y) && start >= 0:
				b.runs = append(b.runs, run{start, y, x - start})
				start = -1
			}
		}
	}
	return b, nil
}

// QRPath is a QR code as the path of an SVG whose view box is "0 0 size size": one unit per module, with the quiet
// zone. Print it at 25 mm or more.
func QRPath(text string) (path string, size int, err error) {
	b, err := qrBars(text)
	if err != nil {
		return "", 0, err
	}
	var s strings.Builder
	for _, r := range b.runs {
		fmt.Fprintf(&s, "M%d %dh%dv1h-%dz", r.x+quietZone, r.y+quietZone, r.length, r.length)
	}
	return s.String(), b.size + 2*quietZone, nil
}

// codeAt draws a QR code in a square of a side, in millimetres, its quiet zone within; x and y are its corner.
func (s *setter) codeAt(g *pager, text string, x, y, side float64) {
	bars, err := qrBars(text)
	if err != nil {
		if s.err == nil {
			s.err = err
		}
		return
	}
	module := side / float64(bars.size+2*quietZone)
	g.pdf.SetFillColor(0, 0, 0)
	for _, r := range bars.runs {
		g.pdf.Rect(x+float64(r.x+quietZone)*module, y+float64(r.y+quietZone)*module, float64(r.length)*module, module, "F")
	}
}

// quiet is the width of the quiet zone of a code in a square of a side: it may lie over other white.
func quiet(text string, side float64) float64 {
	bars, err := qrBars(text)
	if err != nil {
		return 0 // said when it is drawn
	}
	return side * quietZone / float64(bars.size+2*quietZone)
}
