package pages

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"

	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/web"
	"lieux/places"
)

// The sheet of the map, in its own units: a landscape page.
const (
	mapWidth   = 1000
	mapHeight  = 620
	mapMargin  = 70
	pinRadius  = 15
	pinApart   = 2*pinRadius + 6
	maxOnMap   = 300
	legendLine = 24
	leastSpan  = 400.0 // metres: one place alone is not drawn on a grain of sand
)

// pin is where a place is drawn: its point, and the disc with its number, which stands aside where it would cover
// another one.
type pin struct{ X, Y, DiscX, DiscY float64 }

// plot puts points on the sheet, north above, and says how many metres a unit is.
func plot(points []places.Point) (pins []pin, metres float64) {
	if len(points) == 0 {
		return nil, 1
	}
	var lat float64
	for _, p := range points {
		lat += float64(p.Lat) / float64(len(points))
	}
	east := math.Cos(lat/1e6*math.Pi/180) * 0.111320 // metres in a millionth of a degree
	const north = 0.110574
	minX, maxX, minY, maxY := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range points {
		x, y := float64(p.Lon)*east, -float64(p.Lat)*north
		pins = append(pins, pin{X: x, Y: y})
		minX, maxX, minY, maxY = min(minX, x), max(maxX, x), min(minY, y), max(maxY, y)
	}
	spanX, spanY := max(maxX-minX, leastSpan), max(maxY-minY, leastSpan)
	metres = max(spanX/(mapWidth-2*mapMargin), spanY/(mapHeight-2*mapMargin))
	for i, p := range pins {
		pins[i].X = mapWidth/2 + (p.X-(minX+maxX)/2)/metres
		pins[i].Y = mapHeight/2 + (p.Y-(minY+maxY)/2)/metres
		pins[i].DiscX, pins[i].DiscY = pins[i].X, pins[i].Y
	}
	spread(pins)
	return pins, metres
}

// spread moves discs that cover each other apart, each time half of what is missing.
func spread(pins []pin) {
	for range 40 {
		moved := false
		for i := range pins {
			for j := range pins[:i] {
				a, b := &pins[i], &pins[j]
				dx, dy := a.DiscX-b.DiscX, a.DiscY-b.DiscY
				d := math.Hypot(dx, dy)
				if d >= pinApart-0.5 {
					continue
				}
				if d < 0.01 { // the same point: apart in a direction of their own
					angle := float64(i) * 2.4
					dx, dy, d = math.Cos(angle), math.Sin(angle), 1
				}
				push := (pinApart - math.Hypot(a.DiscX-b.DiscX, a.DiscY-b.DiscY)) / 2 / d
				a.DiscX, a.DiscY = inside(a.DiscX+dx*push, a.DiscY+dy*push)
				b.DiscX, b.DiscY = inside(b.DiscX-dx*push, b.DiscY-dy*push)
				moved = true
			}
		}
		if !moved {
			return
		}
	}
}

// inside keeps a disc on the sheet.
func inside(x, y float64) (float64, float64) {
	const edge = pinRadius + 8
	return min(max(x, edge), mapWidth-edge), min(max(y, edge), mapHeight-edge)
}

// bar is the longest round length that fits the corner: metres, and units.
func bar(metres float64) (length int64, units float64) {
	length = 10
	for _, n := range []int64{20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
		1_000_000} {
		if float64(n)/metres <= 240 {
			length = n
		}
	}
	return length, float64(length) / metres
}

// drawings are maps that take some time to draw, by what is on them: places move seldom, their occupants often.
type drawings struct {
	mu   sync.Mutex
	made map[string][]byte
}

// maxDrawings is how many files are kept: a few for each language.
const maxDrawings = 12

// get gives the drawing of a key, and makes it when there is none.
func (d *drawings) get(key string, draw func() ([]byte, error)) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if raw, there := d.made[key]; there {
		return raw, nil
	}
	raw, err := draw()
	if err != nil {
		return nil, err
	}
	if len(d.made) >= maxDrawings {
		clear(d.made)
	}
	d.made[key] = raw
	return raw, nil
}

// mapKey is what is on a map.
func mapKey(kind string, p *lang.Printer, at visit, list []visitPlace) string {
	h := sha256.New()
	for _, v := range list {
		fmt.Fprintln(h, v.Title, v.Address, v.Point.Lat, v.Point.Lon)
	}
	return fmt.Sprint(kind, p.Tag, at.House, at.Today, h.Sum(nil))
}

// mapSVG gives the map out as a drawing of its own, that can be printed and put on a poster.
func (s *screens) mapSVG(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	list := o.onMap(q)
	raw, err := s.maps.get(mapKey("svg", q.P, at, list), func() ([]byte, error) {
		return []byte(drawMap(q.P, at.House, list)), nil
	})
	if err != nil {
		return err
	}
	return sendPublic(q, "image/svg+xml", raw)
}

// onMap are the places of which it is known where they lie.
func (o outside) onMap(q *web.Request) (list []visitPlace) {
	for i := range o.Places {
		if v := o.place(q, i); v.Number > 0 && len(list) < maxOnMap {
			list = append(list, v)
		}
	}
	return list
}

// mapPDF gives the map out as a paper, with the addresses under it.
func (s *screens) mapPDF(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	list := o.onMap(q)
	raw, err := s.maps.get(mapKey("pdf", q.P, at, list), func() ([]byte, error) {
		var out bytes.Buffer
		err := papers.PDF(&out, mapPaper(q.P, at, list), nil, papers.Meta{})
		return out.Bytes(), err
	})
	if err != nil {
		return err
	}
	return q.Inline(q.T("places.visit.map.file")+".pdf", "application/pdf", func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	})
}

// mapPaper is the map, and the table of its numbers.
func mapPaper(p *lang.Printer, at visit, list []visitPlace) papers.Paper {
	paper := papers.Paper{Kind: papers.Notice, Lang: p.Tag, House: at.House, Title: p.T("places.visit.title")}
	if len(list) == 0 {
		paper.Blocks = papers.Blocks{papers.Paragraph{Words: papers.T(p.T("places.visit.none.text"))}}
		return paper
	}
	var points []places.Point
	for _, v := range list {
		points = append(points, v.Point)
	}
	pins, metres := plot(points)
	length, units := bar(metres)
	m := papers.Map{Caption: papers.T(p.T("places.visit.map.lede")), Width: mapWidth, Height: mapHeight,
		Bar: int64(units), Scale: lengthWords(p, length)}
	table := papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("places.visit.number")), Align: papers.Right,
		Weight: 1}, {Head: papers.T(p.T("places.field.place")), Row: true, Weight: 6},
		{Head: papers.T(p.T("places.field.address")), Weight: 8}}}
	for i, pin := range pins {
		mark := strconv.Itoa(list[i].Number)
		m.Pins = append(m.Pins, papers.Pin{Mark: mark, X: int64(pin.X), Y: int64(pin.Y), DiscX: int64(pin.DiscX),
			DiscY: int64(pin.DiscY)})
		table.Rows = append(table.Rows, papers.Row{papers.T(mark), papers.T(list[i].Title), papers.T(list[i].Address)})
	}
	paper.Blocks = papers.Blocks{m, table, papers.Hint{Words: papers.T(p.T("places.visit.map.day", "day", at.Today))}}
	return paper
}

func lengthWords(p *lang.Printer, metres int64) string {
	if metres >= 1000 {
		return p.T("places.visit.map.kilometres", "n", metres/1000)
	}
	return p.T("places.visit.map.metres", "n", metres)
}

// drawMap draws the sheet: frame, scale, north, the places by number, and the legend under it.
func drawMap(p *lang.Printer, house string, list []visitPlace) string {
	var points []places.Point
	for _, v := range list {
		points = append(points, v.Point)
	}
	pins, metres := plot(points)
	height := mapHeight + 60 + legendLine*((len(list)+1)/2)
	var b strings.Builder
	put := func(texts ...string) {
		for _, t := range texts {
			b.WriteString(t)
		}
	}
	title := p.T("places.visit.map.of", "house", house)
	put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 `, strconv.Itoa(mapWidth), " ", strconv.Itoa(height),
		`" font-family="Atkinson Hyperlegible, Arial, sans-serif" fill="#1c1a17"><title>`, html.EscapeString(title),
		`</title><rect width="100%" height="100%" fill="#fff"/>`)
	put(`<rect x="1" y="1" width="`, strconv.Itoa(mapWidth-2), `" height="`, strconv.Itoa(mapHeight-2),
		`" fill="#f6f3ec" stroke="#1c1a17" stroke-width="2"/>`)
	length, units := bar(metres)
	for x := float64(mapWidth) / 2; x < mapWidth; x += units { // a grid of the scale's length
		put(line(x, 1, x, mapHeight-1), line(mapWidth-x, 1, mapWidth-x, mapHeight-1))
	}
	for y := float64(mapHeight) / 2; y < mapHeight; y += units {
		put(line(1, y, mapWidth-1, y), line(1, mapHeight-y, mapWidth-1, mapHeight-y))
	}
	for i, at := range pins {
		if math.Hypot(at.DiscX-at.X, at.DiscY-at.Y) > 1 {
			put(`<path d="M`, unit(at.X), " ", unit(at.Y), "L", unit(at.DiscX), " ", unit(at.DiscY),
				`" stroke="#1c1a17" stroke-width="1.5"/>`)
		}
		put(`<circle cx="`, unit(at.X), `" cy="`, unit(at.Y), `" r="4"/><circle cx="`, unit(at.DiscX), `" cy="`,
			unit(at.DiscY), `" r="`, strconv.Itoa(pinRadius), `" fill="#8c2f1b"/><text x="`, unit(at.DiscX), `" y="`,
			unit(at.DiscY+6), `" font-size="16" font-weight="700" text-anchor="middle" fill="#fff">`,
			strconv.Itoa(list[i].Number), `</text>`)
	}
	put(`<path d="M24 `, strconv.Itoa(mapHeight-30), "v8h", unit(units), `v-8" fill="none" stroke="#1c1a17" `,
		`stroke-width="2.5"/><text x="24" y="`, strconv.Itoa(mapHeight-38), `" font-size="15">`,
		html.EscapeString(lengthWords(p, length)),
		`</text><path d="M`, strconv.Itoa(mapWidth-36), ` 58l-10 30 10 -7 10 7z"/><text x="`, strconv.Itoa(mapWidth-36),
		`" y="50" font-size="17" font-weight="700" text-anchor="middle">N</text>`)
	put(`<text x="16" y="`, strconv.Itoa(mapHeight+34), `" font-size="19" font-weight="700">`, html.EscapeString(title),
		`</text>`)
	for i, v := range list {
		x, y := 16+(i%2)*mapWidth/2, mapHeight+66+i/2*legendLine
		put(`<text x="`, strconv.Itoa(x), `" y="`, strconv.Itoa(y), `" font-size="15"><tspan font-weight="700">`,
			strconv.Itoa(v.Number), ". ", html.EscapeString(cut(v.Title, 30)), `</tspan> `,
			html.EscapeString(cut(v.Address, 34)), `</text>`)
	}
	put(`</svg>`)
	return b.String()
}

func line(x1, y1, x2, y2 float64) string {
	return `<path d="M` + unit(x1) + " " + unit(y1) + "L" + unit(x2) + " " + unit(y2) +
		`" stroke="#d8d1c2" stroke-width="1"/>`
}

func unit(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// cut keeps a text short enough for its column.
func cut(text string, most int) string {
	if signs := []rune(text); len(signs) > most {
		return string(signs[:most-1]) + "…"
	}
	return text
}
