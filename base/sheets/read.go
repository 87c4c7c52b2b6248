package sheets

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"lieux/base/fault"
)

// Limits bound a reading, so that no file can fill the memory or keep the machine busy.
type Limits struct {
	Bytes    int64         // of the file
	Unzipped int64         // bytes of all parts of an XLSX file that are read, once unzipped
	Rows     int           // lines with something on them
	Columns  int           // filled columns
	Cells    int           // cells in all, with the empty ones before the last filled one of each line
	Signs    int           // of one cell
	Time     time.Duration // of the whole reading
}

// Usual are the limits for a register: a quarter of a million lines. Excel itself holds 32,767 signs in a cell.
var Usual = Limits{
	Bytes: 32 << 20, Unzipped: 256 << 20, Rows: 250_000, Columns: 256, Cells: 3_000_000,
	Signs: 32_767, Time: 30 * time.Second,
}

// Format is the kind of a file.
type Format string

// The formats that are read and written.
const (
	FormatCSV  Format = "csv"
	FormatXLSX Format = "xlsx"
)

// Sheet is what a file holds: its lines with something on them.
type Sheet struct {
	Name       string   // of the file, as it was given
	Format     Format   //
	Encoding   Encoding // of a CSV file
	Separator  rune     // of a CSV file
	Worksheet  string   // of an XLSX file: the one that was read
	Worksheets []string // of an XLSX file: the visible ones, in their order
	Lines      []Row
}

// Read reads a CSV or XLSX file; what it is shows in its content, whatever its name. Of an XLSX file it takes the
// first visible worksheet. It refuses what it cannot read without guessing.
func Read(r io.Reader, name string, limits Limits) (*Sheet, error) {
	return ReadWorksheet(r, name, "", limits)
}

// ReadWorksheet reads one worksheet of an XLSX file by its name; the first visible one when the name is empty. A CSV
// file has none.
func ReadWorksheet(r io.Reader, name, worksheet string, limits Limits) (*Sheet, error) {
	fault.Must(limits.Bytes > 0 && limits.Unzipped > 0 && limits.Rows > 0 && limits.Columns > 0 && limits.Cells > 0 &&
		limits.Signs > 0 && limits.Time > 0, "sheets: a limit is missing: %+v", limits)
	ctx, cancel := context.WithTimeout(context.Background(), limits.Time)
	defer cancel()
	raw, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("sheets: read %q: %w", name, err)
	}
	if int64(len(raw)) > limits.Bytes {
		return nil, fault.Refuse("sheets.refusal.file-too-large", "max", limits.Bytes>>20)
	}
	b := &builder{ctx: ctx, limits: limits, sheet: &Sheet{Name: name}}
	if bytes.HasPrefix(raw, []byte("PK")) {
		err = b.readXLSX(raw, worksheet)
	} else if other := otherKind(raw); other != "" {
		err = fault.Refuse("sheets.refusal.other-kind", "kind", other)
	} else {
		err = b.readCSV(raw)
	}
	if err != nil {
		return nil, err
	}
	if len(b.sheet.Lines) == 0 {
		return nil, fault.Refuse("sheets.refusal.empty")
	}
	return b.sheet, nil
}

// otherKind names files that people take for spreadsheets of ours.
func otherKind(raw []byte) string {
	if bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")) {
		return ".xls" // before 2007, or locked with a password
	}
	start := strings.ToLower(strings.TrimSpace(string(raw[:min(len(raw), 512)])))
	start = strings.TrimPrefix(start, "\ufeff")
	for mark, kind := range map[string]string{
		"%pdf-": "PDF", "<html": "HTML", "<!doctype html": "HTML", "<table": "HTML", "<?xml": "XML", "{\\rtf": "RTF",
		"\x89png": "PNG", "\xff\xd8\xff": "JPEG", "\x1f\x8b": "GZIP", "7z\xbc\xaf": "7z", "rar!": "RAR",
	} {
		if strings.HasPrefix(start, strings.ToLower(mark)) {
			return kind
		}
	}
	return ""
}

// builder gathers the lines of one reading and keeps its limits.
type builder struct {
	ctx    context.Context
	limits Limits
	sheet  *Sheet
	cells  int
}

// put adds a cell to a row that is being read; column is counted from 0 and never falls within a row.
func (b *builder) put(row *Row, column int, c Cell) error {
	if c.Text == "" && c.Kind != IsFormula {
		return nil
	}
	refuse := func(code string, kv ...any) error {
		return fault.Refuse(code, append(kv, "cell", CellName(column, row.Line))...).OnLine(row.Line)
	}
	if column >= b.limits.Columns {
		return refuse("sheets.refusal.too-many-columns", "max", b.limits.Columns)
	}
	if len(c.Text) > b.limits.Signs && signs(c.Text) > b.limits.Signs {
		return refuse("sheets.refusal.cell-too-long", "max", b.limits.Signs)
	}
	if r, found := foreignSign(c.Text); found {
		return refuse("sheets.refusal.foreign-sign", "sign", fmt.Sprintf("U+%04X", r))
	}
	b.cells += column + 1 - len(row.Cells)
	if b.cells > b.limits.Cells {
		return refuse("sheets.refusal.too-many-cells", "max", b.limits.Cells)
	}
	for len(row.Cells) < column {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells = append(row.Cells, c)
	return nil
}

// end takes a row in when something stands on it.
func (b *builder) end(row Row) error {
	if len(row.Cells) == 0 {
		return nil
	}
	if len(b.sheet.Lines) >= b.limits.Rows {
		return fault.Refuse("sheets.refusal.too-many-rows", "max", b.limits.Rows).OnLine(row.Line)
	}
	b.sheet.Lines = append(b.sheet.Lines, row)
	return nil
}

// late refuses when the time is over; line is how far the reading had come.
func (b *builder) late(line int) error {
	if b.ctx.Err() == nil {
		return nil
	}
	return fault.Refuse("sheets.refusal.too-slow").OnLine(line)
}
