package papers

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// partPages is how many pages of a long paper leave together.
const partPages = 32

// PDFInParts draws a long paper as [PDF] does, and lets it leave while it is drawn: what is in memory does not grow
// with its rows, and the first pages are there before the last row is read. At the first page nobody knows how many
// there will be: each foot says the page, the last one of how many. An error after the first part leaves a file without
// end, which no viewer takes for whole.
func PDFInParts(w io.Writer, p Paper, names Names, meta Meta) error {
	if err := Check(p); err != nil {
		return err
	}
	g := newPager(p, meta)
	j := newJoiner(w)
	s := &setter{composer: &composer{speaker: newSpeaker(p, names)}, x: marginSide, width: g.measure(), put: g.add}
	leave := func(last bool) {
		from, n := len(j.pages), g.pdf.PageCount()
		for page := 1; page <= n && s.err == nil; page++ {
			number := s.T("papers.page-alone", "page", from+page)
			if last && page == n {
				number = s.T("papers.page", "page", from+page, "pages", from+n)
			}
			s.foot(g, p, meta, page, number)
		}
		var part bytes.Buffer
		if s.err == nil {
			s.err = g.pdf.Output(&part)
		}
		if s.err == nil {
			s.err = j.add(part.Bytes())
		}
	}
	g.leave = func() { leave(false) }
	s.paper(p)
	g.flush()
	if leave(true); s.err != nil {
		return s.err
	}
	return j.end(g.marks)
}

// mark is a bookmark: the page, counted from 1, and the height above its lower edge, in points.
type mark struct {
	text  string
	level int
	page  int
	above float64
}

// The objects of the file whose numbers the parts need before they are written.
const (
	rootPages = 1 + iota // the list of all pages
	firstFree
)

// joiner writes several PDFs of ours as one, each when it comes. The objects of a part keep their order and get the
// numbers after those of the part before it.
type joiner struct {
	w       io.Writer
	written int64
	at      []int64 // where each object begins, by its number; 0: not written
	parts   []int   // lists of pages
	pages   []int   // objects of pages, in their order
	catalog types.Dict
	info    types.Dict
}

func newJoiner(w io.Writer) *joiner { return &joiner{w: w, at: make([]int64, firstFree)} }

func (j *joiner) print(parts ...[]byte) error {
	for _, b := range parts {
		n, err := j.w.Write(b)
		if j.written += int64(n); err != nil {
			return fmt.Errorf("papers: pdf: %w", err)
		}
	}
	return nil
}

// object writes one object under its number.
func (j *joiner) object(number int, o types.Object) error {
	for len(j.at) <= number {
		j.at = append(j.at, 0)
	}
	j.at[number] = j.written
	head := fmt.Appendf(nil, "%d 0 obj\n", number)
	stream, is := o.(types.StreamDict)
	if !is {
		return j.print(head, []byte(o.PDFString()), []byte("\nendobj\n"))
	}
	return j.print(head, []byte(stream.Dict.PDFString()), []byte("\nstream\n"), stream.Raw,
		[]byte("\nendstream\nendobj\n"))
}

// add writes the objects of one part, but those that end a file.
func (j *joiner) add(part []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("papers: pdf in parts: %v", r)
		}
	}()
	if j.written == 0 {
		if err := j.print([]byte("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")); err != nil {
			return err
		}
	}
	ctx, err := api.ReadContext(bytes.NewReader(part), pdfReading()())
	if err != nil {
		return fmt.Errorf("papers: pdf in parts: %w", err)
	}
	shift := len(j.at) - 1
	root, info := ctx.Root.ObjectNumber.Value(), ctx.Info.ObjectNumber.Value()
	j.catalog, j.info = dictOf(ctx, root), dictOf(ctx, info)
	list := j.catalog.IndirectRefEntry("Pages").ObjectNumber.Value()
	for _, page := range dictOf(ctx, list).ArrayEntry("Kids") {
		j.pages = append(j.pages, page.(types.IndirectRef).ObjectNumber.Value()+shift)
	}
	j.parts = append(j.parts, list+shift)
	for _, number := range slices.Sorted(maps.Keys(ctx.Table)) {
		entry := ctx.Table[number]
		if entry == nil || entry.Free || entry.Object == nil || number == root || number == info {
			continue
		}
		o := moved(entry.Object, shift)
		if number == list {
			o.(types.Dict)["Parent"] = *types.NewIndirectRef(rootPages, 0)
		}
		if err := j.object(number+shift, o); err != nil {
			return err
		}
	}
	return nil
}

func dictOf(ctx *model.Context, number int) types.Dict { return ctx.Table[number].Object.(types.Dict) }

// moved is an object whose references are so much higher.
func moved(o types.Object, shift int) types.Object {
	switch o := o.(type) {
	case types.IndirectRef:
		return *types.NewIndirectRef(o.ObjectNumber.Value()+shift, 0)
	case types.Array:
		a := make(types.Array, len(o))
		for i, e := range o {
			a[i] = moved(e, shift)
		}
		return a
	case types.Dict:
		d := make(types.Dict, len(o))
		for k, e := range o {
			d[k] = moved(e, shift)
		}
		return d
	case types.StreamDict:
		o.Dict = moved(o.Dict, shift).(types.Dict)
		return o
	default:
		return o
	}
}

// end writes what holds the parts together: the list of pages, the bookmarks, the catalog and where everything is.
func (j *joiner) end(marks []mark) error {
	ref := func(number int) types.Object { return *types.NewIndirectRef(number, 0) }
	var kids types.Array
	for _, p := range j.parts {
		kids = append(kids, ref(p))
	}
	err := j.object(rootPages, types.Dict{"Type": types.Name("Pages"), "Kids": kids, "Count": types.Integer(len(j.pages))})
	if err != nil {
		return err
	}
	catalog := types.Dict{"Type": types.Name("Catalog"), "Pages": ref(rootPages), "Lang": j.catalog["Lang"],
		"PageLayout": types.Name("OneColumn"), "OpenAction": types.Array{ref(j.pages[0]), types.Name("FitH"), nil}}
	if len(marks) > 0 {
		catalog["Outlines"], catalog["PageMode"] = ref(len(j.at)), types.Name("UseOutlines")
		if err := j.outlines(marks, ref); err != nil {
			return err
		}
	}
	root, info := len(j.at), len(j.at)+1
	if err := j.object(root, catalog); err != nil {
		return err
	}
	if err := j.object(info, j.info); err != nil {
		return err
	}
	from := j.written
	var out bytes.Buffer
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(j.at))
	for _, at := range j.at[1:] {
		if at == 0 {
			out.WriteString("0000000000 65535 f \n")
		} else {
			fmt.Fprintf(&out, "%010d 00000 n \n", at)
		}
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(j.at), root, info,
		from)
	return j.print(out.Bytes())
}

// outlines writes the bookmarks as a tree below the next object: each hangs on the last one of a lower level.
func (j *joiner) outlines(marks []mark, ref func(int) types.Object) error {
	top := len(j.at)
	nodes := make([]types.Dict, len(marks)+1)
	nodes[0] = types.Dict{"Type": types.Name("Outlines")}
	above, last := []int{0}, map[int]int{} // the nodes one stands in; the last child of each
	for i, m := range marks {
		for len(above) > m.level+1 {
			above = above[:len(above)-1]
		}
		n, parent := i+1, above[len(above)-1]
		title := hex.EncodeToString([]byte(types.EncodeUTF16String(m.text)))
		nodes[n] = types.Dict{"Title": types.HexLiteral(title), "Parent": ref(top + parent),
			"Dest": types.Array{ref(j.pages[m.page-1]), types.Name("XYZ"), types.Integer(0), types.Float(m.above), nil}}
		if before, has := last[parent]; has {
			nodes[n]["Prev"], nodes[before]["Next"] = ref(top+before), ref(top+n)
		} else {
			nodes[parent]["First"] = ref(top + n)
		}
		nodes[parent]["Last"] = ref(top + n)
		last[parent] = n
		above = append(above, n)
	}
	for i, node := range nodes {
		if err := j.object(top+i, node); err != nil {
			return err
		}
	}
	return nil
}
