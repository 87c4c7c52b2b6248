package sheets

import (
	"slices"
	"strings"

	"lieux/base/fault"
)

// Separators of CSV files, in the order in which they win when nothing else decides.
var separators = []byte{';', '\t', ','}

// The separator is looked for in this many lines, or this many bytes, at the head of the file.
const (
	sampleLines = 60
	sampleBytes = 64 << 10
)

func (b *builder) readCSV(raw []byte) error {
	text, encoding := decode(raw)
	b.sheet.Format, b.sheet.Encoding = FormatCSV, encoding
	scan := scanner{text: text, line: 1}
	if sep, rest, told := toldSeparator(text); told {
		scan = scanner{text: text, at: rest, line: 2, separator: sep}
	} else {
		scan.separator = likelySeparator(text)
	}
	b.sheet.Separator = rune(scan.separator)
	for scan.more() {
		row := Row{Line: scan.line}
		if err := b.late(row.Line); err != nil {
			return err
		}
		column := 0
		err := scan.record(func(field string) error {
			column++
			return b.put(&row, column-1, Text(unguard(tidy(field))))
		})
		if err != nil {
			return err
		}
		if err := b.end(row); err != nil {
			return err
		}
	}
	return nil
}

// toldSeparator reads the line "sep=;" with which some spreadsheets begin a file.
func toldSeparator(text string) (sep byte, rest int, told bool) {
	line, _, _ := strings.Cut(text[:min(len(text), 8)], "\n")
	if len(line) < 5 || !strings.EqualFold(line[:4], "sep=") || !slices.Contains(separators, line[4]) ||
		strings.TrimRight(line[5:], "\r") != "" {
		return 0, 0, false
	}
	return line[4], min(len(line)+1, len(text)), true
}

// likelySeparator is the one that parts most lines, then the one that parts them into most columns. Quotes are
// respected. An amount or an address may hold commas too, but its head does not.
func likelySeparator(text string) byte {
	sample := text[:min(len(text), sampleBytes)]
	best, bestParted, bestColumns := separators[0], 0, 0
	for _, sep := range separators {
		scan := scanner{text: sample, line: 1, separator: sep}
		parted, columns := 0, map[int]int{}
		for n := 0; n < sampleLines && scan.more(); n++ {
			fields := 0
			if err := scan.record(func(string) error { fields++; return nil }); err != nil {
				break
			}
			if fields > 1 {
				parted++
				columns[fields]++
			}
		}
		usual, often := 0, 0
		for fields, times := range columns {
			if times > often || times == often && fields > usual {
				usual, often = fields, times
			}
		}
		if parted > bestParted || parted == bestParted && usual > bestColumns {
			best, bestParted, bestColumns = sep, parted, usual
		}
	}
	return best
}

// scanner parts a text into records and fields. A field in quotes may hold separators, line ends and doubled quotes;
// a quote inside a field without quotes is a sign like others.
type scanner struct {
	text      string
	at, line  int // where the next record begins: byte from 0, line from 1
	separator byte
}

func (s *scanner) more() bool { return s.at < len(s.text) }

// record reads one record and gives its fields away one by one.
func (s *scanner) record(give func(field string) error) error {
	for column := 0; ; column++ {
		field, err := s.field(column)
		if err != nil {
			return err
		}
		if err := give(field); err != nil {
			return err
		}
		if s.at < len(s.text) && s.text[s.at] == s.separator {
			s.at++
			continue
		}
		s.lineEnd()
		return nil
	}
}

// field reads one field and stops at what ends it: a separator, a line end or the end of the text.
func (s *scanner) field(column int) (string, error) {
	if s.at < len(s.text) && s.text[s.at] == '"' {
		return s.quoted(column)
	}
	start := s.at
	for s.at < len(s.text) && !s.ends(s.text[s.at]) {
		s.at++
	}
	return s.text[start:s.at], nil
}

func (s *scanner) ends(c byte) bool { return c == s.separator || c == '\n' || c == '\r' }

func (s *scanner) quoted(column int) (string, error) {
	opened := s.line
	refuse := func(code string) error {
		return fault.Refuse(code, "cell", CellName(column, opened)).OnLine(opened)
	}
	s.at++
	var whole strings.Builder // what was read before a doubled quote
	start := s.at
	for {
		if s.at >= len(s.text) {
			return "", refuse("sheets.refusal.quote-not-closed")
		}
		switch s.text[s.at] {
		case '\r', '\n':
			s.lineEnd()
			continue
		case '"':
			if s.at+1 >= len(s.text) || s.text[s.at+1] != '"' {
				field := s.text[start:s.at]
				s.at++
				for s.at < len(s.text) && s.text[s.at] == ' ' {
					s.at++
				}
				if s.at < len(s.text) && !s.ends(s.text[s.at]) {
					return "", refuse("sheets.refusal.quote-inside")
				}
				return whole.String() + field, nil
			}
			whole.WriteString(s.text[start : s.at+1])
			s.at++
			start = s.at + 1
		}
		s.at++
	}
}

// lineEnd passes one end of line: \n, \r\n, or \r alone as old Macintoshes write it.
func (s *scanner) lineEnd() {
	if s.at >= len(s.text) {
		return
	}
	if s.text[s.at] == '\r' && s.at+1 < len(s.text) && s.text[s.at+1] == '\n' {
		s.at++
	}
	s.at++
	s.line++
}
