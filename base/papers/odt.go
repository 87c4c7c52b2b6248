package papers

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	odtType = "application/vnd.oasis.opendocument.text"
	odtHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
)

// odtSpaces are the names under which a file of an office program calls its elements; only those that are used.
const odtSpaces = ` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"` +
	` xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"` +
	` xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"` +
	` xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"` +
	` xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"` +
	` xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"` +
	` xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"`

// ODT writes a paper as a text that an office program opens and changes (OpenDocument 1.3): real heads, lists, tables
// whose head is repeated, page numbers. The same paper, names and meta give the same bytes. A code to be photographed
// is left out: the words beside it say the same.
func ODT(w io.Writer, p Paper, names Names, meta Meta) error {
	if err := Check(p); err != nil {
		return err
	}
	d := &odtDrawer{speaker: newSpeaker(p, names)}
	d.paragraph("House", xmlText(p.House))
	d.paragraph("Title", xmlText(p.Title))
	if meta.Draft {
		d.paragraph("Draft", xmlText(d.T("papers.draft")))
	}
	for _, b := range p.Blocks {
		d.block(b)
	}
	if d.err != nil {
		return d.err
	}
	made := meta.Made.UTC()
	if meta.Made.IsZero() {
		made = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return odtZip(w, made, []odtPart{
		{"META-INF/manifest.xml", odtManifest},
		{"meta.xml", d.meta(p, meta, made)},
		{"styles.xml", d.styles(p, meta)},
		{"content.xml", odtHead + "<office:document-content" + odtSpaces + "><office:automatic-styles>" +
			odtTables() + "</office:automatic-styles><office:body><office:text>\n" +
			d.out.String() + "</office:text></office:body></office:document-content>\n"},
	})
}

type odtPart struct{ name, content string }

const odtManifest = odtHead + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"` +
	` manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="` +
	odtType + `"/>` +
	`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>` + "\n"

// odtZip writes the parts. The type comes first, stored and without a descriptor: office programs look for it at a
// fixed place.
func odtZip(w io.Writer, made time.Time, parts []odtPart) error {
	z := zip.NewWriter(w)
	mime := []byte(odtType)
	first, err := z.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE(mime),
		CompressedSize64: uint64(len(mime)), UncompressedSize64: uint64(len(mime))})
	if err == nil {
		_, err = first.Write(mime)
	}
	for _, part := range parts {
		if err != nil {
			break
		}
		var out io.Writer
		if out, err = z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: made}); err == nil {
			_, err = io.WriteString(out, part.content)
		}
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("papers: odt: %w", err)
	}
	return nil
}

// odtDrawer writes the body; its style names are those of odtStyles.
type odtDrawer struct {
	speaker
	out    bytes.Buffer
	tables int
	err    error
}

func (d *odtDrawer) meta(p Paper, meta Meta, made time.Time) string {
	return odtHead + "<office:document-meta" + odtSpaces + "><office:meta>" +
		"<meta:generator>Lieux communs</meta:generator><dc:title>" + xmlText(p.Title) + "</dc:title>" +
		"<dc:creator>" + xmlText(orElse(meta.Author, p.House)) + "</dc:creator><dc:language>" + languages[p.Lang] +
		"</dc:language><dc:date>" + made.Format("2006-01-02T15:04:05") + "</dc:date></office:meta></office:document-meta>\n"
}

func xmlText(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

func (d *odtDrawer) put(parts ...string) {
	for _, part := range parts {
		d.out.WriteString(part)
	}
}

// paragraph writes a paragraph in a style; content is escaped already. An empty one is left out.
func (d *odtDrawer) paragraph(style, content string) {
	if content != "" {
		d.put(`<text:p text:style-name="`, style, `">`, content, "</text:p>\n")
	}
}

var odtInline = map[Style]string{Strong: "Strong", Emphasis: "Emphasis", Code: "Mono"}

func (d *odtDrawer) line(line Line) string {
	var b strings.Builder
	for _, in := range line {
		text := xmlText(d.text(in))
		if style := odtInline[in.Style]; style != "" {
			text = `<text:span text:style-name="` + style + `">` + text + "</text:span>"
		}
		b.WriteString(text)
	}
	return b.String()
}

func (d *odtDrawer) block(b Block) {
	switch b := b.(type) {
	case Heading:
		words := d.line(b.Words)
		if b.Number != "" {
			words = xmlText(b.Number) + "<text:tab/>" + words
		}
		level := strconv.Itoa(b.Level - 1)
		d.put(`<text:h text:style-name="Heading_20_`, level, `" text:outline-level="`, level, `">`, words, "</text:h>\n")
	case Paragraph:
		d.paragraph("Text", d.line(b.Words))
	case List:
		d.list(b)
	case Table:
		d.table(b)
	case Facts:
		rows := make([]Row, len(b.Items))
		for i, f := range b.Items {
			rows[i] = Row{T(f.Term), f.Words}
		}
		d.table(Table{Columns: []Column{{Weight: 1}, {Weight: 2}}, Rows: rows})
	case Reckoning:
		d.reckoning(b)
	case Bars:
		d.table(b.rows())
	case Map:
		d.paragraph("Text", d.line(b.Caption))
	case Decision:
		d.decision(b)
	case BeforeAfter:
		d.beforeAfter(b)
	case Aside:
		d.paragraph("Aside", d.line(L(B(d.lead(b)+". "), b.Words)))
	case Proof:
		d.paragraph("Part", xmlText(b.Head))
		for _, inner := range b.Blocks {
			d.block(inner)
		}
	case Signatures:
		for _, s := range b.Items {
			d.paragraph("Sign", xmlText(s.Role)+"<text:line-break/>"+d.line(s.Who))
		}
	case Hint:
		d.paragraph("Hint", strings.TrimLeft(xmlText(b.Mark)+" ", " ")+d.line(b.Words))
	case Address:
		for _, line := range b.Lines {
			d.paragraph("Address", d.line(line))
		}
	case QR:
		d.paragraph("Text", d.line(b.Words))
	case Personal:
		for _, inner := range b.Blocks {
			d.block(inner)
		}
	case PageBreak:
		d.put(`<text:p text:style-name="Break"/>`, "\n")
	}
}

func (d *odtDrawer) list(b List) {
	style := "Bullets"
	if b.Ordered {
		style = "Numbers"
	}
	d.put(`<text:list text:style-name="`, style, `">`)
	for _, item := range b.Items {
		d.put(`<text:list-item><text:p text:style-name="Text">`, d.line(item), "</text:p></text:list-item>")
	}
	d.put("</text:list>\n")
}

// reckoning is a table of two columns without heads: the sentence with its article, and the figure.
func (d *odtDrawer) reckoning(b Reckoning) {
	rows := make([]Row, len(b.Lines))
	for i, l := range b.Lines {
		words := l.Words
		if l.Article != "" {
			words = L(words, " ["+l.Article+"]")
		}
		rows[i] = Row{words, nil}
		if l.Figure != "" {
			rows[i][1] = T(l.Figure)
		}
	}
	d.table(Table{Columns: []Column{{Weight: 4}, {Align: Right, Weight: 1}}, Rows: rows})
}

func (d *odtDrawer) decision(b Decision) {
	words := d.line(b.Words)
	if b.Article != "" {
		words += " [" + xmlText(b.Article) + "]"
	}
	if b.Standing != Unmarked {
		what, note := d.standing(b)
		if note != "" {
			what += " (" + note + ")"
		}
		words += "<text:line-break/>" + shapes[b.Standing] + " " + xmlText(what)
	}
	d.paragraph("Decision", words)
}

// beforeAfter strikes through what went and underlines what came.
func (d *odtDrawer) beforeAfter(b BeforeAfter) {
	old, new := compare(b.Before, b.After)
	side := func(head string, all []span, style string) {
		d.paragraph("Part", xmlText(head))
		for _, paragraph := range paragraphs(all) {
			var text strings.Builder
			for _, s := range paragraph {
				words := xmlText(s.text)
				if s.changed {
					words = `<text:span text:style-name="` + style + `">` + words + "</text:span>"
				}
				text.WriteString(words)
			}
			d.paragraph("Quote", text.String())
		}
		if len(all) == 0 {
			d.paragraph("Quote", xmlText(d.T("papers.nothing")))
		}
	}
	before, after := d.heads(b)
	side(before, old, "Deleted")
	side(after, new, "Inserted")
}

// table writes one table; without any head of a column it has no row of heads.
func (d *odtDrawer) table(t Table) {
	d.tables++
	if len(t.Caption) > 0 {
		d.paragraph("Part", d.line(t.Caption))
	}
	d.put(`<table:table table:name="T`, strconv.Itoa(d.tables), `" table:style-name="Grid">`)
	headed := false
	for _, c := range t.Columns {
		d.put(`<table:table-column table:style-name="W`, strconv.Itoa(min(max(c.Weight, 1), odtWidest)), `"/>`)
		headed = headed || len(c.Head) > 0
	}
	if headed {
		head := make(Row, len(t.Columns))
		for i, c := range t.Columns {
			head[i] = c.Head
		}
		d.put("<table:table-header-rows>")
		d.row(t, head, "CellHead")
		d.put("</table:table-header-rows>\n")
	}
	for _, row := range t.Rows {
		d.row(t, row, "Cell")
	}
	d.stream(t)
	for _, row := range t.Totals {
		d.row(t, row, "CellTotal")
	}
	d.put("</table:table>\n")
}

func (d *odtDrawer) stream(t Table) {
	if t.Stream == nil || d.err != nil {
		return
	}
	n := 0
	for row, err := range t.Stream {
		if n++; err == nil {
			err = checkRow(t, row, n)
		}
		if err != nil {
			d.err = err
			return
		}
		d.row(t, row, "Cell")
	}
}

func (d *odtDrawer) row(t Table, row Row, style string) {
	d.put("<table:table-row>")
	for i, cell := range row {
		side := style
		if t.Columns[i].Align == Right {
			side += "Right"
		}
		d.put(`<table:table-cell table:style-name="`, odtCells[style],
			`" office:value-type="string"><text:p text:style-name="`,
			side, `">`, d.line(cell), "</text:p></table:table-cell>")
	}
	d.put("</table:table-row>\n")
}
