package papers

import (
	"fmt"
	"strconv"
	"strings"

	"lieux/base/lang"
)

// odtWidest is the greatest relative width of a column.
const odtWidest = 12

// odtCells are the frames of cells by the style of their text.
var odtCells = map[string]string{"CellHead": "Under", "Cell": "Hair", "CellTotal": "Total"}

// odtLook is a paragraph style: properties of the paragraph and of its text, as the format names them.
type odtLook struct{ name, display, paragraph, text string }

var odtLooks = []odtLook{
	{"Text", "", `fo:margin-bottom="2.2mm" fo:line-height="130%"`, ``},
	{"House", "", `fo:margin-bottom="1mm"`, `fo:color="#555555"`},
	{"Title", "", `fo:margin-bottom="4mm" fo:keep-with-next="always"`, `fo:font-size="19pt" fo:font-weight="bold"`},
	{"Draft", "", `fo:margin-bottom="4mm"`, `fo:color="#9a3324" fo:font-weight="bold"`},
	{"Heading_20_1", "Heading 1", `fo:margin-top="7mm" fo:margin-bottom="2mm" fo:keep-with-next="always"` +
		` fo:border-top="0.5pt solid #222222" fo:padding-top="1.5mm"`, `fo:font-size="14pt" fo:font-weight="bold"`},
	{"Heading_20_2", "Heading 2", `fo:margin-top="4mm" fo:margin-bottom="1.5mm" fo:keep-with-next="always"`,
		`fo:font-size="12pt" fo:font-weight="bold"`},
	{"Heading_20_3", "Heading 3", `fo:margin-top="3mm" fo:margin-bottom="1mm" fo:keep-with-next="always"`,
		`fo:font-size="11pt" fo:font-weight="bold"`},
	{"Part", "", `fo:margin-top="2mm" fo:margin-bottom="1mm" fo:keep-with-next="always"`, `fo:font-weight="bold"`},
	{"Decision", "", `fo:margin-top="2mm" fo:margin-bottom="3mm" fo:padding-left="3mm"` +
		` fo:border-left="2pt solid #222222"`, `fo:font-weight="bold"`},
	{"Aside", "", `fo:margin-top="2mm" fo:margin-bottom="3mm" fo:padding="2.5mm" fo:border="0.5pt solid #777777"`, ``},
	{"Quote", "", `fo:margin-left="8mm" fo:margin-bottom="2mm"`, ``},
	{"Sign", "", `fo:margin-top="16mm" fo:margin-right="90mm" fo:padding-top="1mm" fo:keep-together="always"` +
		` fo:border-top="0.5pt solid #222222"`, ``},
	{"Hint", "", `fo:margin-top="2mm" fo:margin-bottom="2mm"`, `fo:font-size="9pt" fo:color="#555555"`},
	{"Address", "", `fo:margin-left="90mm"`, ``},
	{"Break", "", `fo:break-after="page"`, ``},
	{"Foot", "", ``, `fo:font-size="8.5pt" fo:color="#555555"`},
	{"CellHead", "", ``, `fo:font-size="10pt" fo:font-weight="bold"`},
	{"CellHeadRight", "", `fo:text-align="end"`, `fo:font-size="10pt" fo:font-weight="bold"`},
	{"Cell", "", ``, `fo:font-size="10pt"`},
	{"CellRight", "", `fo:text-align="end"`, `fo:font-size="10pt"`},
	{"CellTotal", "", ``, `fo:font-size="10pt" fo:font-weight="bold"`},
	{"CellTotalRight", "", `fo:text-align="end"`, `fo:font-size="10pt" fo:font-weight="bold"`},
}

// countries complete the languages: hyphenation and spelling go by both.
var countries = map[lang.Tag]string{lang.French: "BE", lang.Dutch: "BE", lang.English: "GB"}

// styles are the looks, one page of A4, and the foot with its number.
func (d *odtDrawer) styles(p Paper, meta Meta) string {
	var b strings.Builder
	b.WriteString(odtHead + "<office:document-styles" + odtSpaces + "><office:styles>\n")
	fmt.Fprintf(&b, `<style:default-style style:family="paragraph"><style:text-properties fo:font-family="'Atkinson `+
		`Hyperlegible Next', Verdana, sans-serif" fo:font-size="11pt" fo:language="%s" fo:country="%s"/>`+
		"</style:default-style>\n", p.Lang, countries[p.Lang])
	for _, l := range odtLooks {
		display, outline := l.display, ""
		if display != "" {
			display = ` style:display-name="` + display + `"`
			outline = ` style:default-outline-level="` + l.name[len(l.name)-1:] + `"`
		}
		fmt.Fprintf(&b, `<style:style style:name="%s"%s style:family="paragraph"%s><style:paragraph-properties %s/>`+
			"<style:text-properties %s/></style:style>\n", l.name, display, outline, l.paragraph, l.text)
	}
	for _, s := range [][2]string{{"Strong", `fo:font-weight="bold"`}, {"Emphasis", `fo:font-style="italic"`},
		{"Mono", `fo:font-family="monospace"`}, {"Deleted", `style:text-line-through-style="solid" fo:color="#9a3324"`},
		{"Inserted", `style:text-underline-style="solid" fo:color="#2f5d3a"`}} {
		fmt.Fprintf(&b, `<style:style style:name="%s" style:family="text"><style:text-properties %s/></style:style>`+"\n",
			s[0], s[1])
	}
	// outline levels without a number of their own: the chair numbers
	b.WriteString(`<text:outline-style style:name="Outline">`)
	for level := 1; level <= 3; level++ {
		fmt.Fprintf(&b, `<text:outline-level-style text:level="%d" style:num-format=""/>`, level)
	}
	b.WriteString("</text:outline-style>\n")
	b.WriteString(`<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1"` +
		` text:bullet-char="–">` +
		`<style:list-level-properties text:space-before="2mm" text:min-label-width="5mm"/></text:list-level-style-bullet>` +
		"</text:list-style>\n")
	b.WriteString(`<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1"` +
		` style:num-format="1" style:num-suffix="."><style:list-level-properties text:space-before="2mm"` +
		` text:min-label-width="6mm"/></text:list-level-style-number></text:list-style>` + "\n")
	b.WriteString("</office:styles><office:automatic-styles>")
	width, height, orientation := "210mm", "297mm", "portrait"
	if meta.Landscape {
		width, height, orientation = height, width, "landscape"
	}
	fmt.Fprintf(&b, `<style:page-layout style:name="Sheet"><style:page-layout-properties fo:page-width="%s"`+
		` fo:page-height="%s" style:print-orientation="%s" fo:margin="22mm"/></style:page-layout>`, width, height,
		orientation)
	b.WriteString("</office:automatic-styles>\n<office:master-styles>" +
		`<style:master-page style:name="Standard" style:page-layout-name="Sheet"><style:footer>`)
	foot := xmlText(orElse(p.Foot, p.Title)) + " · " + odtNumber(d.T("papers.page", "page", "\x01", "pages", "\x02"))
	b.WriteString(`<text:p text:style-name="Foot">` + foot + "</text:p>")
	if !meta.Hash.IsZero() {
		b.WriteString(`<text:p text:style-name="Foot">` + xmlText(d.T("papers.hash")+" "+meta.Hash.Grouped()) + "</text:p>")
	}
	b.WriteString("</style:footer></style:master-page></office:master-styles></office:document-styles>\n")
	return b.String()
}

// odtNumber puts the fields of the page's number into a phrase whose places hold two signs that no text has.
func odtNumber(phrase string) string {
	return strings.NewReplacer("\x01", `<text:page-number text:select-page="current"/>`, "\x02", "<text:page-count/>").
		Replace(phrase)
}

// odtTables are the styles of tables, of their columns by relative width, and of the frames of cells. They stand with
// the content: office programs read them from nowhere else.
func odtTables() string {
	var b strings.Builder
	b.WriteString(`<style:style style:name="Grid" style:family="table"><style:table-properties style:rel-width="100%"` +
		` table:align="margins" fo:margin-bottom="3mm"/></style:style>` + "\n")
	for w := 1; w <= odtWidest; w++ {
		n := strconv.Itoa(w)
		b.WriteString(`<style:style style:name="W` + n + `" style:family="table-column"><style:table-column-properties` +
			` style:rel-column-width="` + n + `*"/></style:style>`)
	}
	for _, c := range [][2]string{{"Under", `fo:border-bottom="0.8pt solid #222222"`},
		{"Hair", `fo:border-bottom="0.3pt solid #999999"`},
		{"Total", `fo:border-bottom="1.5pt double #222222" fo:border-top="0.8pt solid #222222"`}} {
		b.WriteString(`<style:style style:name="` + c[0] + `" style:family="table-cell"><style:table-cell-properties ` +
			c[1] +
			` fo:padding="1mm"/></style:style>`)
	}
	return b.String()
}
