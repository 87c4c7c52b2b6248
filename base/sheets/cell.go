package sheets

import (
	"strconv"

	"lieux/base/civil"
	"lieux/base/money"
)

// Kind says what a cell holds. A CSV file holds text alone; XLSX knows better.
type Kind uint8

// The kinds of cells.
const (
	IsText    Kind = iota
	IsNumber       // plain decimal with a point: 1134.5
	IsAmount       // euros, plain decimal with a point and two decimals: 1134.50; numbers read from a file are IsNumber
	IsDate         // 2017-06-17; 2017-06-17T18:00 when the spreadsheet holds an hour too
	IsBool         // 1 or 0
	IsFormula      // the text is what the spreadsheet had computed: not to be trusted
	IsError        // #N/A, #REF! and their like
)

// Cell is one cell, read or to be written. The zero value is an empty cell.
type Cell struct {
	Text string
	Kind Kind
}

// Text makes a cell of text: it stays text whatever it begins with.
func Text(s string) Cell { return Cell{s, IsText} }

// Int makes a cell of a whole number.
func Int(n int64) Cell { return Cell{strconv.FormatInt(n, 10), IsNumber} }

// Money makes a cell of an amount.
func Money(c money.Cents) Cell { return Cell{c.String(), IsAmount} }

// Date makes a cell of a date; a month or a year alone is written as text, no date as an empty cell.
func Date(d civil.Date) Cell {
	if !d.IsDay() {
		return Cell{d.String(), IsText}
	}
	return Cell{d.String(), IsDate}
}

// Row is one line of a file: cells after the last filled one are left out.
type Row struct {
	Line  int // as in the file, from 1; where a CSV cell runs over several lines, the line where the row begins
	Cells []Cell
}

// Cell is the cell of a column, counted from 0; an empty one when the row is shorter.
func (r Row) Cell(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column]
}

// filled counts the cells that hold something.
func (r Row) filled() int {
	n := 0
	for _, c := range r.Cells {
		if c.Text != "" {
			n++
		}
	}
	return n
}

// Letters names a column, counted from 0, as spreadsheets do: A … Z, AA … XFD.
func Letters(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// CellName is the name of a cell in a spreadsheet: column 3, line 12 is D12.
func CellName(column, line int) string { return Letters(column) + strconv.Itoa(line) }
