package papers

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"lieux/base/fault"
)

// Fields of a form. The page is drawn like any other; its fields are written behind it, as a PDF allows: new objects,
// the page and the root once more, and where they are. So a form has the same bytes each time, as all our papers.

type fieldKind int

const (
	textField fieldKind = iota
	tickField
	choiceField
)

// rect is a place on the page, in millimetres from the top left.
type rect struct{ x, y, w, h float64 }

// field is one place to fill in; several of a name are the choices of a group.
type field struct {
	kind       fieldKind
	name, tip  string
	value      string // of a text; of a choice what it means
	max, lines int
	comb, on   bool
	at         rect
}

// Flags of fields (ISO 32000-1, tables 226 to 228).
const (
	multiline   = 1 << 12
	keepsChoice = 1 << 14 // one choice of the group is always taken, once one was
	radio       = 1 << 15
	comb        = 1 << 24
)

// fieldSize is the size of what is typed, in points.
const fieldSize = 10.5

// writer of further objects behind a finished file.
type appendix struct {
	bytes.Buffer
	next    int
	offsets map[int]int
}

func (a *appendix) object(number int, body string) {
	a.offsets[number] = a.Len()
	fmt.Fprintf(a, "%d 0 obj\n%s\nendobj\n", number, body)
}

func (a *appendix) add(body string) (number int) {
	number, a.next = a.next, a.next+1
	a.object(number, body)
	return number
}

// form is a drawing that a field shows: of a width and height in points.
func (a *appendix) form(w, h float64, resources, content string) int {
	return a.add(fmt.Sprintf("<</Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] /Resources <<%s>> /Length %d>>\n"+
		"stream\n%s\nendstream", w, h, resources, len(content), content))
}

// written by our own hand: where a file of fpdf says what we need.
var (
	startOf  = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n?$`)
	rootOf   = regexp.MustCompile(`/Root (\d+) 0 R`)
	infoOf   = regexp.MustCompile(`/Info (\d+) 0 R`)
	sizeOf   = regexp.MustCompile(`/Size (\d+)`)
	pageHead = "<</Type /Page\n"
)

// writeFields ends a file of one page, and puts fields on the page.
func writeFields(w io.Writer, g *pager, fields []field) error {
	var own bytes.Buffer
	if err := g.pdf.Output(&own); err != nil {
		return fmt.Errorf("papers: pdf: %w", err)
	}
	file := own.Bytes()
	number := func(re *regexp.Regexp, in []byte) int {
		found := re.FindSubmatch(in)
		fault.Must(found != nil, "papers: %s is not in the file", re)
		n, err := strconv.Atoi(string(found[1]))
		fault.Must(err == nil, "papers: %v", err)
		return n
	}
	start := number(startOf, file)
	trailer := file[start:]
	root, size := number(rootOf, trailer), number(sizeOf, trailer)
	a := &appendix{next: size, offsets: map[int]int{}}
	a.Write(file)
	page, pageBody := objectWith(file, pageHead)
	_, rootBody := objectNumbered(file, root)
	fault.Must(page > 0 && rootBody != "", "papers: a file without a page")

	fonts := fmt.Sprintf("/Helv %d 0 R /ZaDb %d 0 R", a.add(`<</Type /Font /Subtype /Type1 /BaseFont /Helvetica `+
		`/Encoding /WinAnsiEncoding>>`), a.add(`<</Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats>>`))
	top, annots, err := a.fields(fields, page, "/Font <<"+fonts+">>")
	if err != nil {
		return err
	}
	a.object(page, strings.TrimSuffix(pageBody, ">>")+" /Annots ["+refs(annots)+"]>>")
	a.object(root, strings.TrimSuffix(rootBody, ">>")+fmt.Sprintf("/AcroForm <</Fields [%s] /DA (/Helv %.1f Tf 0 g) "+
		"/DR <</Font <<%s>>>>>>\n>>", refs(top), fieldSize, fonts))
	a.close(root, number(infoOf, trailer), start)
	_, err = a.WriteTo(w)
	return err
}

// close writes where the new objects are.
func (a *appendix) close(root, info, before int) {
	start := a.Len()
	a.WriteString("xref\n")
	for n := range a.next {
		if at, ok := a.offsets[n]; ok {
			fmt.Fprintf(a, "%d 1\n%010d 00000 n \n", n, at)
		}
	}
	fmt.Fprintf(a, "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n", a.next,
		root, info, before, start)
}

var objectHead = regexp.MustCompile(`(?m)^(\d+) 0 obj\n`)

// objectWith finds the first object that begins so, with its body.
func objectWith(file []byte, head string) (number int, body string) {
	for _, m := range objectHead.FindAllSubmatchIndex(file, -1) {
		if bytes.HasPrefix(file[m[1]:], []byte(head)) {
			number, _ = strconv.Atoi(string(file[m[2]:m[3]]))
			return objectNumbered(file, number)
		}
	}
	return 0, ""
}

// objectNumbered gives the body of an object that is no stream.
func objectNumbered(file []byte, number int) (int, string) {
	_, rest, found := bytes.Cut(file, fmt.Appendf(nil, "\n%d 0 obj\n", number))
	body, _, ended := bytes.Cut(rest, []byte("endobj"))
	if !found || !ended {
		return 0, ""
	}
	return number, strings.TrimSpace(string(body))
}

func refs(numbers []int) string {
	var s []string
	for _, n := range numbers {
		s = append(s, strconv.Itoa(n)+" 0 R")
	}
	return strings.Join(s, " ")
}

// fields writes the fields in the order in which the key of tabulation walks: that of the form.
func (a *appendix) fields(list []field, page int, resources string) (top, annots []int, err error) {
	groups := map[string]int{} // the parent of the choices
	kids := map[string][]int{}
	var order []string
	for _, f := range list {
		if f.kind != choiceField {
			n, err := a.single(f, page, resources)
			if err != nil {
				return nil, nil, err
			}
			top, annots = append(top, n), append(annots, n)
			continue
		}
		if groups[f.name] == 0 {
			groups[f.name], a.next = a.next, a.next+1
			top, order = append(top, groups[f.name]), append(order, f.name)
		}
		n := a.choice(f, page, groups[f.name])
		kids[f.name], annots = append(kids[f.name], n), append(annots, n)
	}
	for _, name := range order {
		taken, tip := "/Off", ""
		for _, f := range list {
			if f.kind == choiceField && f.name == name {
				if f.on {
					taken = "/" + f.value
				}
				tip = orElse(tip, f.tip)
			}
		}
		a.object(groups[name], fmt.Sprintf("<</FT /Btn /Ff %d /T %s /TU %s /V %s /DV %s /Kids [%s]>>", radio|keepsChoice,
			pdfText(name), pdfText(tip), taken, taken, refs(kids[name])))
	}
	return top, annots, nil
}

// widget is what all fields on a page share. Four prints it also on paper.
func (f field) widget(page int) string {
	const inside = 0.3 // the frame of the box stays free
	x, y := (f.at.x+inside)/pt, (sheetLong-f.at.y-f.at.h+inside)/pt
	return fmt.Sprintf("/Type /Annot /Subtype /Widget /F 4 /P %d 0 R /Rect [%.2f %.2f %.2f %.2f]", page, x, y,
		x+(f.at.w-2*inside)/pt, y+(f.at.h-2*inside)/pt)
}

func (f field) size() (w, h float64) { return (f.at.w - 0.6) / pt, (f.at.h - 0.6) / pt }

// single writes a field that stands alone.
func (a *appendix) single(f field, page int, resources string) (int, error) {
	w, h := f.size()
	if f.kind == tickField {
		state := "/Off"
		if f.on {
			state = "/Yes"
		}
		yes, off := a.form(w, h, "", crossed(w, h)), a.form(w, h, "", "")
		return a.add(fmt.Sprintf("<<%s /FT /Btn /T %s /TU %s /V %s /DV /Off /AS %s /MK <</CA (8)>> /DA (/ZaDb 0 Tf 0 g) "+
			"/AP <</N <</Yes %d 0 R /Off %d 0 R>>>>>>", f.widget(page), pdfText(f.name), pdfText(f.tip), state, state, yes,
			off)), nil
	}
	flags := 0
	if f.lines > 1 {
		flags |= multiline
	}
	if f.comb {
		flags |= comb
	}
	shown, err := f.shown(w, h)
	if err != nil {
		return 0, err
	}
	look := a.form(w, h, resources, shown)
	return a.add(fmt.Sprintf("<<%s /FT /Tx /Ff %d /T %s /TU %s /V %s /DV %s /MaxLen %d /DA (/Helv %.1f Tf 0 g) "+
		"/AP <</N %d 0 R>>>>", f.widget(page), flags, pdfText(f.name), pdfText(f.tip), pdfText(f.value), pdfText(f.value),
		f.max, fieldSize, look)), nil
}

// choice writes one choice of a group.
func (a *appendix) choice(f field, page, group int) int {
	w, h := f.size()
	state := "/Off"
	if f.on {
		state = "/" + f.value
	}
	taken, off := a.form(w, h, "", crossed(w, h)), a.form(w, h, "", "")
	return a.add(fmt.Sprintf("<<%s /Parent %d 0 R /AS %s /MK <</CA (8)>> /DA (/ZaDb 0 Tf 0 g) "+
		"/AP <</N <</%s %d 0 R /Off %d 0 R>>>>>>", f.widget(page), group, state, f.value, taken, off))
}

// crossed draws a cross in a box.
func crossed(w, h float64) string {
	const in = 2.2
	return fmt.Sprintf("q 1.4 w 1 J 0 G %.2f %.2f m %.2f %.2f l S %.2f %.2f m %.2f %.2f l S Q", in, in, w-in, h-in, in,
		h-in, w-in, in)
}

// shown draws the text that a field holds beforehand. The face of fields is Helvetica, which every reader has: a sign
// that it lacks is drawn without its accent, and one that stays unknown is refused.
func (f field) shown(w, h float64) (string, error) {
	if f.value == "" {
		return "", nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "/Tx BMC q BT /Helv %.1f Tf 0 g\n", fieldSize)
	put := func(x, y float64, text string) error {
		signs, err := winAnsi(text)
		fmt.Fprintf(&b, "1 0 0 1 %.2f %.2f Tm <%x> Tj\n", x, y, signs)
		return err
	}
	base := h/2 - 0.345*fieldSize // capitals stand in the middle
	switch {
	case f.comb:
		for i, r := range []rune(f.value) {
			const half = 0.28 * fieldSize // figures have one width; capitals stand nearly in the middle
			if err := put((float64(i)+0.5)*w/float64(f.max)-half, base, string(r)); err != nil {
				return "", err
			}
		}
	case f.lines > 1:
		for i, line := range strings.Split(f.value, "\n") {
			if err := put(2, h-float64(i+1)*fieldSize*1.16, line); err != nil {
				return "", err
			}
		}
	default:
		if err := put(2, base, f.value); err != nil {
			return "", err
		}
	}
	b.WriteString("ET Q EMC")
	return b.String(), nil
}

// winAnsi writes a text in the signs of Windows-1252.
func winAnsi(text string) ([]byte, error) {
	var out []byte
	for _, r := range text {
		signs := []rune{r}
		if _, ok := charmap.Windows1252.EncodeRune(r); !ok {
			signs = []rune(strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return r
			}, norm.NFD.String(orElse(latin[r], string(r)))))
		}
		for _, s := range signs {
			c, ok := charmap.Windows1252.EncodeRune(s)
			if !ok {
				return out, fault.Refuse("papers.refusal.glyph", "sign", string(r), "code", fmt.Sprintf("U+%04X", r),
					"where", Place{Name: "paper"})
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// latin are letters with a stroke, which Unicode does not part, and thin spaces.
var latin = map[rune]string{'Ł': "L", 'ł': "l", 'Đ': "D", 'đ': "d", 'Ħ': "H", 'ħ': "h", 'Ŧ': "T", 'ŧ': "t", 'ı': "i",
	'\u202f': "\u00a0", '\u2009': " ", '\u2011': "-", '\u2212': "-"}

// pdfText is a text as files hold it: UTF-16 in hexadecimal figures.
func pdfText(text string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String() + ">"
}
