package sheets

import (
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"lieux/base/civil"
	"lieux/base/fault"
)

// Bounds of an XLSX file that is written: Excel's own.
const (
	xlsxSigns    = 32_767 // UTF-16 units in a cell; the library would cut without a word
	xlsxName     = 31     // UTF-16 units in the name of a worksheet
	measuredRows = 200    // the widths of columns are taken from the first rows
	leastWidth   = 9      // in signs
	mostWidth    = 48
)

// Page is an XLSX file of one worksheet.
type Page struct {
	Name   string        // of the worksheet; signs that Excel does not take are left out
	Head   []string      // bold, and it stays in sight
	Totals []Cell        // the last line, bold under a rule; none when empty
	Made   civil.Instant // stands in the file's properties
}

// XLSX writes a table: real numbers, dates as dd/mm/yyyy, amounts with two decimals. Text stays text, whatever it
// begins with. The same page and rows give the same bytes.
func XLSX(w io.Writer, page Page, rows iter.Seq[[]Cell]) error {
	f := excelize.NewFile()
	defer f.Close()
	out, err := newXLSXWriter(f, page)
	if err != nil {
		return fmt.Errorf("sheets: write xlsx: %w", err)
	}
	for row := range rows {
		if err := out.take(row); err != nil {
			return err
		}
	}
	if err := out.finish(page.Totals); err != nil {
		return err
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("sheets: write xlsx: %w", err)
	}
	return nil
}

type xlsxWriter struct {
	stream *excelize.StreamWriter
	styles map[lookOf]int
	head   []string
	first  [][]Cell // the rows from which the widths are measured, until they are written
	begun  bool
	line   int
}

// lookOf is what a cell looks like.
type lookOf struct {
	format string
	where  place
}

type place uint8

const (
	inRows place = iota
	inHead
	inTotals
)

// The formats of kinds.
const (
	asText   = "@"
	asNumber = "#,##0"
	asPart   = "#,##0.######" // a number with decimals
	asAmount = "#,##0.00"
	asDate   = "dd/mm/yyyy"
)

func newXLSXWriter(f *excelize.File, page Page) (*xlsxWriter, error) {
	name := sheetName(page.Name)
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	made := page.Made.Time().Format(time.RFC3339)
	err := f.SetDocProps(&excelize.DocProperties{Creator: "Lieux communs", LastModifiedBy: "Lieux communs", Title: name,
		Created: made, Modified: made})
	if err != nil {
		return nil, err
	}
	out := &xlsxWriter{styles: map[lookOf]int{}, head: page.Head}
	for _, where := range []place{inRows, inHead, inTotals} {
		for _, format := range []string{asText, asNumber, asPart, asAmount, asDate} {
			style := &excelize.Style{CustomNumFmt: &format}
			if where != inRows {
				style.Font = &excelize.Font{Bold: true}
				edge := map[place]string{inHead: "bottom", inTotals: "top"}[where]
				style.Border = []excelize.Border{{Type: edge, Color: "666666", Style: 1}}
			}
			if where == inHead {
				style.Alignment = &excelize.Alignment{Vertical: "top", WrapText: true}
			}
			if out.styles[lookOf{format, where}], err = f.NewStyle(style); err != nil {
				return nil, err
			}
		}
	}
	out.stream, err = f.NewStreamWriter(name)
	return out, err
}

// take writes a row, or keeps it until the widths are known.
func (x *xlsxWriter) take(row []Cell) error {
	if !x.begun && len(x.first) < measuredRows {
		x.first = append(x.first, append([]Cell(nil), row...))
		return nil
	}
	if err := x.begin(); err != nil {
		return err
	}
	return x.write(row, inRows)
}

// begin writes the widths, the head and the rows kept so far.
func (x *xlsxWriter) begin() error {
	if x.begun {
		return nil
	}
	x.begun = true
	for i, width := range x.widths() {
		if err := x.stream.SetColWidth(i+1, i+1, float64(width)); err != nil {
			return fmt.Errorf("sheets: write xlsx: %w", err)
		}
	}
	err := x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return fmt.Errorf("sheets: write xlsx: %w", err)
	}
	head := make([]Cell, len(x.head))
	for i, h := range x.head {
		head[i] = Text(h)
	}
	if err := x.write(head, inHead); err != nil {
		return err
	}
	for _, row := range x.first {
		if err := x.write(row, inRows); err != nil {
			return err
		}
	}
	x.first = nil
	return nil
}

// widths in signs, wide enough for the first rows.
func (x *xlsxWriter) widths() []int {
	var widths []int
	measure := func(i int, text string) {
		for len(widths) <= i {
			widths = append(widths, leastWidth)
		}
		longest := 0
		for line := range strings.SplitSeq(text, "\n") {
			longest = max(longest, signs(line)+2)
		}
		widths[i] = min(max(widths[i], longest), mostWidth)
	}
	for i, h := range x.head {
		measure(i, h)
	}
	for _, row := range x.first {
		for i, c := range row {
			measure(i, c.Text)
		}
	}
	return widths
}

func (x *xlsxWriter) write(row []Cell, where place) error {
	x.line++
	if x.line > lastRow || len(row) > lastColumn {
		return fault.Refuse("sheets.refusal.xlsx-full", "max", lastRow)
	}
	values := make([]any, len(row))
	for i, c := range row {
		if c.Text == "" && where == inRows {
			continue
		}
		if len(c.Text) > xlsxSigns && len(utf16.Encode([]rune(c.Text))) > xlsxSigns {
			name := CellName(i, x.line)
			return fault.Refuse("sheets.refusal.cell-too-long", "max", xlsxSigns, "cell", name).OnLine(x.line)
		}
		format, v := excelValue(c)
		values[i] = excelize.Cell{StyleID: x.styles[lookOf{format, where}], Value: v}
	}
	if err := x.stream.SetRow("A"+strconv.Itoa(x.line), values); err != nil {
		return fmt.Errorf("sheets: write xlsx: line %d: %w", x.line, err)
	}
	return nil
}

// excelValue is what a cell holds, and how it is shown.
func excelValue(c Cell) (format string, value any) {
	switch c.Kind {
	case IsNumber, IsAmount:
		if n, err := strconv.ParseInt(c.Text, 10, 64); err == nil && c.Kind == IsNumber {
			return asNumber, n
		}
		// XLSX holds numbers as floating point. Amounts have at most 15 figures, so that the plain decimal is what is
		// written and read.
		n, err := strconv.ParseFloat(c.Text, 64)
		fault.Must(err == nil && !math.IsInf(n, 0) && !math.IsNaN(n), "sheets: the number %q", c.Text)
		if c.Kind == IsAmount {
			return asAmount, n
		}
		return asPart, n
	case IsDate:
		if d, err := civil.Parse(c.Text); err == nil && d.IsDay() && !d.Before(firstSerial) {
			return asDate, int64(dayZero.DaysUntil(d))
		}
	}
	return asText, c.Text
}

// Excel counts days from dayZero; before firstSerial it believes in a day that never was.
var dayZero, firstSerial = civil.MustParse("1899-12-30"), civil.MustParse("1900-03-01")

// finish writes what was kept and the totals.
func (x *xlsxWriter) finish(totals []Cell) error {
	if err := x.begin(); err != nil {
		return err
	}
	if len(totals) > 0 {
		if err := x.write(totals, inTotals); err != nil {
			return err
		}
	}
	if err := x.stream.Flush(); err != nil {
		return fmt.Errorf("sheets: write xlsx: %w", err)
	}
	return nil
}

// sheetName brings a name into Excel's bounds.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Trim(strings.Join(strings.Fields(s), " "), "' ")
	for len(utf16.Encode([]rune(s))) > xlsxName {
		rs := []rune(s)
		s = strings.TrimRight(string(rs[:len(rs)-1]), " '")
	}
	if s == "" || strings.EqualFold(s, "history") {
		return "Lieux communs"
	}
	return s
}
