package sheets

import (
	"cmp"
	"slices"
	"strings"

	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/money"
)

// Bounds of a table.
const (
	headSearch  = 40  // the head stands among this many first lines
	maxRefusals = 100 // more are not listed
	noteColumns = 3   // from this many recognised columns on, a line with one filled cell is a note
)

// Table is a sheet read under a head.
type Table struct {
	Sheet   *Sheet
	Head    Row
	Mapping Mapping
	Rows    []Row
	Aside   []Aside // in the order of the file
	columns Columns
}

// Why tells why a line was put aside.
type Why string

// Lines that are no rows.
const (
	AsideTitle Why = "title" // above the head
	AsideHead  Why = "head"  // the head once more, as on each printed page
	AsideTotal Why = "total" // "Total" and sums
	AsideNote  Why = "note"  // one cell alone: the name of a group, a remark
)

// Aside is a line that was put aside, for the report: nothing disappears without being named.
type Aside struct {
	Row Row
	Why Why
}

// Table finds the head and reads the sheet under it. A remembered mapping whose fingerprint fits one of the first
// lines wins; otherwise the line with most fields recognised is the head. A formula in a column that is read is
// refused.
func (s *Sheet) Table(columns Columns, remembered ...Mapping) (*Table, error) {
	at, m, err := s.findHead(columns, remembered)
	if err != nil {
		return nil, err
	}
	t := &Table{Sheet: s, Head: s.Lines[at], Mapping: m, columns: columns}
	for _, row := range s.Lines[:at] {
		t.Aside = append(t.Aside, Aside{row, AsideTitle})
	}
	var rs fault.Refusals
	for _, row := range s.Lines[at+1:] {
		if why := t.aside(row); why != "" {
			t.Aside = append(t.Aside, Aside{row, why})
			continue
		}
		t.Rows = append(t.Rows, row)
		if rs = append(rs, t.computed(row)...); len(rs) >= maxRefusals {
			return nil, rs[:maxRefusals]
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return t, nil
}

func (s *Sheet) findHead(columns Columns, remembered []Mapping) (at int, m Mapping, err error) {
	first := s.Lines[:min(len(s.Lines), headSearch)]
	for i, row := range first {
		print := Fingerprint(row)
		for _, m := range remembered {
			if m.Fingerprint == print {
				m.Unknown = unknown(row, m.Fields)
				return i, m, columns.Check(m, row)
			}
		}
	}
	best, bestSure, folded := -1, 0, columns.folded()
	for i, row := range first {
		found := columns.recognise(row, folded)
		sure := found.Score * row.filled()
		if len(found.Fields) >= min(2, len(columns)) && sure > bestSure {
			best, bestSure, m = i, sure, found
		}
	}
	if best < 0 {
		var heads []string
		for _, c := range columns {
			if len(c.Heads) > 0 {
				heads = append(heads, c.Heads[0])
			}
		}
		return 0, m, fault.Refuse("sheets.refusal.no-head", "heads", heads, "lines", headSearch)
	}
	return best, m, nil
}

// Complete refuses a table in which a required column was not found; one refusal a column.
func (t *Table) Complete() error {
	var rs fault.Refusals
	for _, field := range t.columns.Missing(t.Mapping) {
		head := field
		for _, c := range t.columns {
			if c.Field == field && len(c.Heads) > 0 {
				head = c.Heads[0]
			}
		}
		rs = append(rs, fault.Refuse("sheets.refusal.column-missing", "head", head).At(field).OnLine(t.Head.Line))
	}
	return rs.Err()
}

// aside says why a line below the head is no row; empty when it is one.
func (t *Table) aside(row Row) Why {
	switch {
	case t.headAgain(row):
		return AsideHead
	case totals(row):
		return AsideTotal
	case row.filled() == 1 && len(t.Mapping.Fields) >= noteColumns:
		return AsideNote
	}
	return ""
}

// headAgain: at least two cells, and every filled one repeats the head.
func (t *Table) headAgain(row Row) bool {
	for i, c := range row.Cells {
		if c.Text != "" && fold.Text(c.Text) != fold.Text(t.Head.Cell(i).Text) {
			return false
		}
	}
	return row.filled() >= min(2, t.Head.filled())
}

// totalWords begin a line of totals.
var totalWords = strings.Fields(
	"total totaux totale totaal totalen subtotal subtotaal soustotal eindtotaal somme som sum")

// totals: the first filled cell says "total" and the others hold figures only. "Total Énergies SA, rue Haute" is a
// cooperator.
func totals(row Row) bool {
	said := false
	for _, c := range row.Cells {
		if c.Text == "" || c.Kind == IsFormula || c.Kind == IsNumber || c.Kind == IsError {
			continue
		}
		if !said {
			word, _, _ := strings.Cut(strings.TrimPrefix(fold.Text(c.Text), "sous "), " ")
			if !slices.Contains(totalWords, word) {
				return false
			}
			said = true
			continue
		}
		if _, err := money.Parse(c.Text); err != nil {
			return false
		}
	}
	return said
}

// computed refuses formulas and errors of the spreadsheet in the columns that are read.
func (t *Table) computed(row Row) (rs fault.Refusals) {
	for field, column := range t.Mapping.Fields {
		e := t.Entry(row, field)
		switch row.Cell(column).Kind {
		case IsFormula:
			rs = append(rs, e.refuse("sheets.refusal.formula"))
		case IsError:
			rs = append(rs, e.refuse("sheets.refusal.error-value"))
		}
	}
	slices.SortFunc(rs, func(a, b fault.Refusal) int {
		return cmp.Compare(t.Mapping.Fields[a.Field], t.Mapping.Fields[b.Field])
	})
	return rs
}

// Entry is the cell of a field in a row; an empty one when the field has no column.
func (t *Table) Entry(row Row, field string) Entry {
	column, has := t.Mapping.Fields[field]
	if !has {
		return Entry{Field: field, Line: row.Line, Column: -1}
	}
	return Entry{Cell: row.Cell(column), Field: field, Head: t.Head.Cell(column).Text, Line: row.Line, Column: column}
}

// Has says whether a field has a column.
func (t *Table) Has(field string) bool {
	_, has := t.Mapping.Fields[field]
	return has
}
