package sheets

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// runs are the signs at the head of a text that make a spreadsheet compute it; the wide ones too, which some
// spreadsheets narrow.
const runs = "=+-@\t\r\n＝＋－＠"

// guard writes a quote before a text that a spreadsheet would run, and one more before such quotes, so that reading
// gives it back.
func guard(s string) string {
	if runnable(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// unguard takes back the quote that [guard], or a careful spreadsheet, wrote.
func unguard(s string) string {
	if strings.HasPrefix(s, "'") && runnable(strings.TrimLeft(s, "'")) {
		return tidy(s[1:])
	}
	return s
}

// runnable looks at the first sign, and at the first one that is no space: some spreadsheets skip spaces.
func runnable(s string) bool {
	for _, text := range []string{s, strings.TrimLeft(s, " \u00a0")} {
		if r, _ := utf8.DecodeRuneInString(text); text != "" && strings.ContainsRune(runs, r) {
			return true
		}
	}
	return false
}

// CSV writes a table as Belgian spreadsheets open it by a double click: UTF-8 with its mark, semicolons, CRLF, a
// comma in amounts. Dates are written 2017-06-17, which every spreadsheet takes for a date. Text that a spreadsheet
// would run gets a quote before it; numbers do not.
func CSV(w io.Writer, head []string, rows iter.Seq[[]Cell]) error {
	out := bufio.NewWriter(w)
	out.WriteString(byteOrderMark) // errors are kept until Flush
	line := make([]Cell, 0, len(head))
	for _, h := range head {
		line = append(line, Text(h))
	}
	writeCSVLine(out, line)
	for row := range rows {
		writeCSVLine(out, row)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("sheets: write csv: %w", err)
	}
	return nil
}

func writeCSVLine(out *bufio.Writer, row []Cell) {
	for i, c := range row {
		if i > 0 {
			out.WriteByte(';')
		}
		out.WriteString(csvField(c))
	}
	out.WriteString("\r\n")
}

func csvField(c Cell) string {
	switch c.Kind {
	case IsNumber, IsAmount:
		return strings.Replace(c.Text, ".", ",", 1)
	case IsDate, IsBool:
		return c.Text
	}
	s := guard(c.Text)
	// Quoted for commas and tabs too, so that who guesses the separator is not misled.
	if strings.ContainsAny(s, "\";,\t\r\n") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}
