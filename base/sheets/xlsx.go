package sheets

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"lieux/base/fault"
	"lieux/base/fold"
)

// Bounds of an XLSX file that no honest one meets.
const (
	maxParts   = 4_096     // files in the zip
	maxDepth   = 64        // elements inside elements
	maxToken   = 2 << 20   // bytes of one tag or one text
	maxStyles  = 65_536    // Excel holds 65,490
	lastRow    = 1_048_576 // Excel's own
	lastColumn = 16_384
)

var (
	errUnzipped = errors.New("sheets: more unzipped bytes than the limit")
	errBroken   = errors.New("sheets: not the XML of a workbook")
)

// workbook is an XLSX file while it is read. It is read by this package alone, not by the library that writes: only
// so are depth, size and time bounded in every part, and formulas seen before their values.
type workbook struct {
	*builder
	parts    map[string]*zip.File // by their path in small letters
	left     int64                // bytes that may still be unzipped
	worded   []string             // the shared texts
	dated    []bool               // by style: whether its numbers are dates
	from1904 bool                 // days are counted from 1904, as old Macintoshes do
}

func (b *builder) readXLSX(raw []byte, worksheet string) error {
	b.sheet.Format = FormatXLSX
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(archive.File) > maxParts {
		return fault.Refuse("sheets.refusal.zip-broken")
	}
	w := &workbook{builder: b, parts: map[string]*zip.File{}, left: b.limits.Unzipped}
	for _, f := range archive.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, "\\", "/"), "/"))
		if _, twice := w.parts[name]; twice {
			return fault.Refuse("sheets.refusal.zip-broken")
		}
		w.parts[name] = f
	}
	if other := w.otherKind(); other != "" {
		return fault.Refuse("sheets.refusal.other-kind", "kind", other)
	}
	return w.read(worksheet)
}

// otherKind names zips that are no workbook of this kind.
func (w *workbook) otherKind() string {
	switch {
	case w.parts["xl/workbook.bin"] != nil:
		return ".xlsb"
	case w.parts["content.xml"] != nil && w.parts["mimetype"] != nil:
		return ".ods"
	case w.parts["word/document.xml"] != nil:
		return ".docx"
	case w.parts["index/document.iwa"] != nil:
		return ".numbers"
	case w.parts["[content_types].xml"] == nil:
		return "ZIP"
	}
	return ""
}

func (w *workbook) read(worksheet string) error {
	main := "xl/workbook.xml"
	for _, r := range w.relations("") {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			main = r.target
		}
	}
	listed, err := w.listed(main)
	if err != nil {
		return err
	}
	var texts, styles string
	sheets := map[string]string{} // target by id
	for _, r := range w.relations(main) {
		switch path.Base(r.kind) {
		case "worksheet":
			sheets[r.id] = r.target
		case "sharedStrings":
			texts = r.target
		case "styles":
			styles = r.target
		}
	}
	target, err := w.choose(listed, sheets, worksheet)
	if err != nil {
		return err
	}
	if err := w.readStyles(styles); err != nil {
		return err
	}
	if err := w.readTexts(texts); err != nil {
		return err
	}
	return w.readCells(target)
}

// listedSheet is a worksheet as the workbook lists it.
type listedSheet struct {
	name, id string
	hidden   bool
}

func (w *workbook) listed(main string) (listed []listedSheet, err error) {
	err = w.walk(main, func(t *tags, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			w.from1904 = isTrue(attribute(e, "date1904"))
		case "sheet":
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" { // r:id; the plain one is sheetId
					id = a.Value
				}
			}
			hidden := slices.Contains([]string{"hidden", "veryHidden"}, attribute(e, "state"))
			listed = append(listed, listedSheet{tidy(attribute(e, "name")), id, hidden})
		}
		return nil
	})
	return listed, err
}

// choose finds the part of the worksheet asked for, or of the first visible one.
func (w *workbook) choose(listed []listedSheet, targets map[string]string, asked string) (target string, err error) {
	for _, s := range listed {
		if t, ok := targets[s.id]; ok && !s.hidden {
			w.sheet.Worksheets = append(w.sheet.Worksheets, s.name)
			if target == "" && (asked == "" || fold.Text(asked) == fold.Text(s.name)) {
				target, w.sheet.Worksheet = t, s.name
			}
		}
	}
	switch {
	case target != "":
		return target, nil
	case asked != "":
		return "", fault.Refuse("sheets.refusal.no-such-worksheet", "asked", asked, "names", w.sheet.Worksheets)
	}
	return "", fault.Refuse("sheets.refusal.no-worksheet")
}

// relation ties one part of the workbook to another.
type relation struct{ id, kind, target string }

// relations of a part; a workbook without them is read with what remains.
func (w *workbook) relations(part string) (all []relation) {
	name := path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	if part == "" {
		name = "_rels/.rels"
	}
	_ = w.walk(name, func(_ *tags, e xml.StartElement) error {
		if e.Name.Local != "Relationship" || strings.EqualFold(attribute(e, "TargetMode"), "External") {
			return nil
		}
		target := attribute(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(path.Dir(part), target)
		}
		target = strings.TrimPrefix(path.Clean(target), "/")
		all = append(all, relation{attribute(e, "Id"), attribute(e, "Type"), target})
		return nil
	})
	return all
}

func (w *workbook) readTexts(part string) error {
	if part == "" {
		return nil
	}
	return w.walk(part, func(t *tags, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(w.worded) >= w.limits.Cells {
			return fault.Refuse("sheets.refusal.too-many-cells", "max", w.limits.Cells, "cell", "")
		}
		s, err := t.words(e, w.limits.Signs)
		w.worded = append(w.worded, tidy(unescape(s)))
		return err
	})
}

// readStyles learns which styles show their number as a date.
func (w *workbook) readStyles(part string) error {
	if part == "" {
		return nil
	}
	own, inCells := map[string]bool{}, false
	return w.walk(part, func(_ *tags, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if len(own) < maxStyles {
				own[attribute(e, "numFmtId")] = showsDate(attribute(e, "formatCode"))
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(w.dated) < maxStyles {
				id := attribute(e, "numFmtId")
				dated, known := own[id]
				w.dated = append(w.dated, known && dated || !known && builtinDate(id))
			}
		}
		return nil
	})
}

// readCells reads the lines of one worksheet.
func (w *workbook) readCells(part string) error {
	row, column := Row{}, 0
	err := w.walk(part, func(t *tags, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			if err := w.end(row); err != nil {
				return err
			}
			line := row.Line + 1
			if at := attribute(e, "r"); at != "" {
				line, _ = strconv.Atoi(at)
			}
			if line <= row.Line || line > lastRow {
				return errBroken
			}
			row, column = Row{Line: line}, 0
			t.line = line
			return w.late(line)
		case "c":
			if at := attribute(e, "r"); at != "" {
				named := columnOf(at)
				if named < column {
					return errBroken
				}
				column = named
			}
			cell, err := w.cell(t, e)
			if err != nil || row.Line == 0 {
				return err
			}
			column++
			return w.put(&row, column-1, cell)
		case "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks":
			return errDone // what follows the cells is of no use here
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.end(row)
}

// cell reads what stands inside <c>.
func (w *workbook) cell(t *tags, c xml.StartElement) (Cell, error) {
	kind, value, inline, formula := attribute(c, "t"), "", "", false
	err := t.inside(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "v":
			value, err = t.words(e, w.limits.Signs)
		case "is":
			inline, err = t.words(e, w.limits.Signs)
		case "f":
			formula = true
		}
		return err
	})
	if err != nil {
		return Cell{}, err
	}
	cell := Cell{}
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(w.worded) {
			return Cell{}, errBroken
		}
		cell = Text(w.worded[n])
	case "inlineStr":
		cell = Text(tidy(unescape(inline)))
	case "str":
		cell = Text(tidy(unescape(value)))
	case "b":
		cell = Cell{tidy(value), IsBool}
	case "e":
		cell = Cell{tidy(value), IsError}
	case "d":
		cell = Cell{tidy(value), IsDate}
	default:
		style, _ := strconv.Atoi(attribute(c, "s"))
		cell = number(strings.TrimSpace(value), style >= 0 && style < len(w.dated) && w.dated[style], w.from1904)
	}
	if formula {
		cell.Kind = IsFormula
	}
	return cell, nil
}

// columnOf reads the column of a cell's name, from 0; -1 when the name is none.
func columnOf(name string) int {
	letters := strings.TrimRight(name, "0123456789")
	if len(letters) == 0 || len(letters) > 3 || len(letters) == len(name) {
		return -1
	}
	n := 0
	for _, c := range []byte(letters) {
		if c < 'A' || c > 'Z' {
			return -1
		}
		n = n*26 + int(c-'A') + 1
	}
	if n > lastColumn {
		return -1
	}
	return n - 1
}

// unescape reads the _x000D_ with which XLSX writes signs that XML cannot hold.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "_x")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		code, err := strconv.ParseUint(after[:min(len(after), 4)], 16, 16)
		if err != nil || len(after) < 5 || after[4] != '_' {
			b.WriteString("_x")
			s = after
			continue
		}
		b.WriteRune(rune(code))
		s = after[5:]
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return slices.Contains([]string{"1", "true", "on"}, s) }

// errDone ends a walk before the end of its part.
var errDone = errors.New("sheets: enough")

// walk reads a part tag by tag, in constant memory, and turns whatever is wrong with it into a refusal. A part that
// is missing has no tags.
func (w *workbook) walk(part string, visit func(*tags, xml.StartElement) error) error {
	f := w.parts[strings.ToLower(part)]
	if f == nil {
		return nil
	}
	if f.UncompressedSize64 > uint64(w.left) {
		return fault.Refuse("sheets.refusal.unzips-too-large", "max", w.limits.Unzipped>>20)
	}
	stream, err := f.Open()
	if err != nil {
		return fault.Refuse("sheets.refusal.zip-broken")
	}
	defer stream.Close()
	t := &tags{source: &bounded{from: stream, w: w}}
	t.xml = xml.NewDecoder(t.source)
	err = t.inside(func(e xml.StartElement) error { return visit(t, e) })
	switch {
	case err == nil, errors.Is(err, errDone), err == io.EOF && t.depth == 0:
		return nil
	case errors.Is(err, errUnzipped):
		return fault.Refuse("sheets.refusal.unzips-too-large", "max", w.limits.Unzipped>>20)
	case fault.Of(err) != nil:
		return err
	}
	if late := w.late(t.line); late != nil {
		return late
	}
	return fault.Refuse("sheets.refusal.workbook-broken", "part", path.Base(part)).OnLine(t.line)
}

// tags reads the tags of one part. It keeps no list of open elements: a million of them cost nothing, and are refused
// at the [maxDepth]th.
type tags struct {
	xml    *xml.Decoder
	source *bounded
	depth  int
	line   int // of the worksheet, for refusals
}

func (t *tags) next() (xml.Token, error) {
	t.source.sinceTag = 0
	token, err := t.xml.RawToken()
	switch token.(type) {
	case xml.StartElement:
		if t.depth++; t.depth > maxDepth {
			return nil, errBroken
		}
	case xml.EndElement:
		if t.depth--; t.depth < 0 {
			return nil, errBroken
		}
	}
	return token, err
}

// inside visits every element within the one just begun, however deep, and ends with it; visit may read the inside of
// its element itself.
func (t *tags) inside(visit func(xml.StartElement) error) error {
	for floor := t.depth; ; {
		token, err := t.next()
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if err := visit(e); err != nil {
				return err
			}
		case xml.EndElement:
			if t.depth < floor {
				return nil
			}
		}
	}
}

// words gathers the text of the element just begun, without the phonetic help of Asian scripts; a little more than
// limit at most, so that the cell that shows it can be refused by name.
func (t *tags) words(e xml.StartElement, limit int) (string, error) {
	var b strings.Builder
	plain := e.Name.Local == "v"
	reading, phonetic := plain, 0
	for floor := t.depth; ; {
		token, err := t.next()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "rPh" {
				phonetic = t.depth
			}
			reading = e.Name.Local == "t" && phonetic == 0
		case xml.EndElement:
			if t.depth < floor {
				return b.String(), nil
			}
			reading = plain && t.depth == floor
			if phonetic > t.depth {
				phonetic = 0
			}
		case xml.CharData:
			if reading && b.Len() <= 4*limit {
				b.Write(e)
			}
		}
	}
}

// bounded is the unzipped stream of a part: it ends with an error at the limits.
type bounded struct {
	from     io.Reader
	w        *workbook
	sinceTag int
}

func (r *bounded) Read(p []byte) (int, error) {
	if err := r.w.ctx.Err(); err != nil {
		return 0, err
	}
	if r.w.left <= 0 {
		return 0, errUnzipped
	}
	if r.sinceTag > maxToken {
		return 0, errBroken
	}
	n, err := r.from.Read(p[:min(int64(len(p)), r.w.left)])
	r.w.left -= int64(n)
	r.sinceTag += n
	return n, err
}
