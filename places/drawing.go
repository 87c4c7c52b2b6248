package places

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lieux/base/fault"
)

// Drawing is an SVG of which only shapes and words are left.
type Drawing struct {
	X, Y, Width, Height int64 // of its view, in whole units of its own
	Root                []*Node
	Dropped             []string // names of the elements that were left out, each once
}

// Node is one element of a drawing.
type Node struct {
	Name  string
	Attrs []Attr
	Text  string // of a text
	Space string // code of the space that a shape is; empty for all else
	Kids  []*Node
	Box   Box // where a shape lies, in the units of its surroundings
}

// Attr is one attribute, of those that are let through.
type Attr struct{ Name, Value string }

// Box is a rectangle in thousandths of a unit; empty when nothing is known of it.
type Box struct{ X, Y, W, H int64 }

// Limits of a drawing.
const (
	MaxDrawing  = 1 << 20 // bytes
	maxElements = 5000
	maxNesting  = 24
	maxWords    = 200      // signs of one text
	maxPath     = 20_000   // signs of one path
	maxNumber   = 10 << 20 // units
	maxDropped  = 20
)

// What is let through. There is no element that runs, loads or points anywhere, no style, no class, no id and no
// colour: the house draws the states itself, and a drawing must be read in the dark as well.
var (
	shapes   = []string{"rect", "path", "polygon", "polyline", "circle", "ellipse", "line"}
	elements = append([]string{"svg", "g", "text", "tspan"}, shapes...)
	numbers  = []string{"x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "font-size"}

	goodPath      = regexp.MustCompile(`^[MmLlHhVvCcSsQqTtAaZz0-9eE,.\s+-]*$`)
	goodPoints    = regexp.MustCompile(`^[0-9eE,.\s+-]*$`)
	goodTransform = regexp.MustCompile(
		`^\s*((translate|scale|rotate|matrix|skewX|skewY)\([0-9eE,.\s+-]{1,100}\)[\s,]*){1,6}$`)
	goodNumber = regexp.MustCompile(`^[+-]?[0-9]{0,8}(\.[0-9]{0,9})?$`)
	goodSpace  = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,19}$`)
)

// Clean takes of an SVG what is let through, and leaves out all else. It refuses what is no SVG, what declares
// entities, and what is too large, too deep or too full. A cleaned drawing comes back from another cleaning as it went
// in.
func Clean(raw []byte) (Drawing, error) {
	if len(raw) > MaxDrawing {
		return Drawing{}, fault.Refuse("places.refusal.drawing-large", "limit", MaxDrawing>>10).At("file")
	}
	c := cleaner{xml.NewDecoder(bytes.NewReader(raw)), 0, Drawing{}}
	c.decoder.Strict = true
	if err := c.document(); err != nil {
		if fault.Of(err) != nil {
			return Drawing{}, err
		}
		return Drawing{}, fault.Refuse("places.refusal.drawing").At("file") // the reader is in memory: it is no SVG
	}
	if c.drawing.Width < 1 || c.drawing.Height < 1 || c.drawing.Width > MaxUnits || c.drawing.Height > MaxUnits {
		return Drawing{}, fault.Refuse("places.refusal.drawing-size", "limit", MaxUnits).At("file")
	}
	return c.drawing, nil
}

// cleaner reads one document.
type cleaner struct {
	decoder *xml.Decoder
	count   int
	drawing Drawing
}

var errNoDrawing = errors.New("no drawing")

func (c *cleaner) document() error {
	begun := false
	for {
		token, err := c.decoder.Token()
		if errors.Is(err, io.EOF) && begun {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return fault.Refuse("places.refusal.drawing-entities").At("file")
		case xml.StartElement:
			if begun || t.Name.Local != "svg" || !ours(t.Name.Space) {
				return errNoDrawing
			}
			begun = true
			c.view(t)
			if c.drawing.Root, _, err = c.inside(0); err != nil {
				return err
			}
		}
	}
}

func ours(space string) bool { return space == "" || space == "http://www.w3.org/2000/svg" }

// view reads where the drawing lies: its viewBox, or its width and height.
func (c *cleaner) view(t xml.StartElement) {
	said := map[string]string{}
	for _, a := range t.Attr {
		if a.Name.Space == "" {
			said[a.Name.Local] = a.Value
		}
	}
	fields := strings.FieldsFunc(said["viewBox"], func(r rune) bool {
		return r == ' ' || r == ',' || r == '\n' ||
			r == '\t'
	})
	if len(fields) != 4 {
		fields = []string{"0", "0", unitless(said["width"]), unitless(said["height"])}
	}
	for i, into := range []*int64{&c.drawing.X, &c.drawing.Y, &c.drawing.Width, &c.drawing.Height} {
		n, ok := milli(fields[i])
		if !ok {
			*into = 0
			continue
		}
		*into = n / 1000
		if i > 1 && n%1000 > 0 {
			*into++
		}
	}
}

// unitless leaves out a unit of length.
func unitless(s string) string { return strings.TrimRight(strings.TrimSpace(s), "pxmtcin") }

// inside reads what lies in an element until its end: kids and words.
func (c *cleaner) inside(depth int) (kids []*Node, words string, err error) {
	if depth > maxNesting {
		return nil, "", fault.Refuse("places.refusal.drawing-deep", "limit", maxNesting).At("file")
	}
	var said strings.Builder
	for {
		token, err := c.decoder.Token()
		if err != nil {
			return nil, "", err
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, "", fault.Refuse("places.refusal.drawing-entities").At("file")
		case xml.CharData:
			if said.Len() < 4*maxWords {
				said.Write(t)
			}
		case xml.EndElement:
			return kids, cut(said.String()), nil
		case xml.StartElement:
			if c.count++; c.count > maxElements {
				return nil, "", fault.Refuse("places.refusal.drawing-full", "limit", maxElements).At("file")
			}
			n, err := c.element(t, depth)
			if err != nil {
				return nil, "", err
			}
			if n != nil {
				kids = append(kids, n)
			}
		}
	}
}

// cut keeps a text short and on one line.
func cut(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if utf8.RuneCountInString(s) > maxWords {
		s = string([]rune(s)[:maxWords])
	}
	return s
}

// element reads one element; nothing for one that is left out.
func (c *cleaner) element(t xml.StartElement, depth int) (*Node, error) {
	name := t.Name.Local
	if !ours(t.Name.Space) || !slices.Contains(elements, name) || name == "svg" {
		if len(c.drawing.Dropped) < maxDropped && !slices.Contains(c.drawing.Dropped, name) && utf8.ValidString(name) {
			c.drawing.Dropped = append(c.drawing.Dropped, name)
		}
		return nil, c.skip()
	}
	n := &Node{Name: name}
	for _, a := range t.Attr {
		n.take(a)
	}
	kids, words, err := c.inside(depth + 1)
	if err != nil {
		return nil, err
	}
	switch {
	case name == "g":
		if len(kids) == 0 {
			return nil, nil
		}
		n.Kids = kids
		n.handDown()
	case name == "text" || name == "tspan":
		n.Space = ""
		for _, k := range kids {
			words += " " + k.Text
		}
		if n.Text = cut(words); n.Text == "" {
			return nil, nil
		}
	default:
		n.Box = n.box()
	}
	return n, nil
}

// skip reads on to the end of the element, however deep it is.
func (c *cleaner) skip() error {
	for depth := 1; depth > 0; {
		token, err := c.decoder.Token()
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.Directive:
			return fault.Refuse("places.refusal.drawing-entities").At("file")
		case xml.StartElement:
			if c.count++; c.count > maxElements {
				return fault.Refuse("places.refusal.drawing-full", "limit", maxElements).At("file")
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// take keeps an attribute that is let through.
func (n *Node) take(a xml.Attr) {
	if a.Name.Space != "" {
		return
	}
	name, value := a.Name.Local, strings.TrimSpace(a.Value)
	good := false
	switch {
	case name == "data-space":
		if goodSpace.MatchString(value) {
			n.Space = value
		}
		return
	case slices.Contains(numbers, name):
		value = strings.TrimSuffix(value, "px")
		_, good = milli(value)
	case name == "d" && n.Name == "path":
		good = len(value) <= maxPath && goodPath.MatchString(value)
	case name == "points":
		good = len(value) <= maxPath && goodPoints.MatchString(value)
	case name == "transform":
		good = goodTransform.MatchString(value)
	case name == "text-anchor":
		good = value == "start" || value == "middle" || value == "end"
	}
	if good {
		n.Attrs = append(n.Attrs, Attr{name, strings.Join(strings.Fields(value), " ")})
	}
}

// handDown gives the code of a group to its first shape.
func (n *Node) handDown() {
	if n.Space == "" {
		return
	}
	for _, k := range n.Kids {
		if slices.Contains(shapes, k.Name) && k.Space == "" {
			k.Space = n.Space
			break
		}
	}
	n.Space = ""
}

// Get is the value of an attribute.
func (n *Node) Get(name string) string {
	for _, a := range n.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// milli reads a plain decimal number in thousandths.
func milli(s string) (int64, bool) {
	if s == "" || s == "." || s == "+" || s == "-" || !goodNumber.MatchString(s) {
		return 0, false
	}
	whole, rest, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	n, err := strconv.ParseInt((whole + (rest + "000")[:3]), 10, 64)
	if err != nil || n > maxNumber*1000 {
		return 0, false
	}
	if s[0] == '-' {
		n = -n
	}
	return n, true
}

// Codes are the codes of spaces that the drawing shows.
func (d Drawing) Codes() (codes []string) {
	d.Each(func(n *Node) {
		if n.Space != "" && !slices.Contains(codes, n.Space) {
			codes = append(codes, n.Space)
		}
	})
	return codes
}

// Each calls fn for every element.
func (d Drawing) Each(fn func(*Node)) {
	var walk func([]*Node)
	walk = func(list []*Node) {
		for _, n := range list {
			fn(n)
			walk(n.Kids)
		}
	}
	walk(d.Root)
}

// String is the cleaned drawing as it is kept.
func (d Drawing) String() string {
	var b strings.Builder
	b.WriteString(`<svg viewBox="`)
	for i, n := range []int64{d.X, d.Y, d.Width, d.Height} {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatInt(n, 10))
	}
	b.WriteString(`">`)
	for _, n := range d.Root {
		n.write(&b)
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// marks are the signs that XML has for itself.
var marks = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

func escaped(s string) string { return marks.Replace(s) }

func (n *Node) write(b *strings.Builder) {
	b.WriteString("<" + n.Name)
	for _, a := range n.Attrs {
		b.WriteString(" " + a.Name + `="` + escaped(a.Value) + `"`)
	}
	if n.Space != "" {
		b.WriteString(` data-space="` + escaped(n.Space) + `"`)
	}
	b.WriteByte('>')
	b.WriteString(escaped(n.Text))
	for _, k := range n.Kids {
		k.write(b)
	}
	b.WriteString("</" + n.Name + ">")
}
