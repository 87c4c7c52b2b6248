package store

import (
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// The types of columns, in the words of the schema files.
const (
	typeText  = "TEXT"
	typeInt   = "BIGINT"
	typeBytes = "BYTEA"
)

// Column is a column of a table, as an archive's manifest names it.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // TEXT, BIGINT or BYTEA
}

// value is one value of a row: nil, int64, string or []byte.
type value = any

// appendRow writes a row as one line of JSON: the columns in order, no spaces. Equal rows give equal bytes.
func appendRow(b []byte, columns []Column, row []value) []byte {
	for i, c := range columns {
		b = append(b, "{,"[min(i, 1)])
		b = appendString(b, c.Name)
		b = append(b, ':')
		switch v := row[i].(type) {
		case nil:
			b = append(b, "null"...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case string:
			b = appendString(b, v)
		case []byte:
			b = append(b, '"')
			b = base64.StdEncoding.AppendEncode(b, v)
			b = append(b, '"')
		}
	}
	return append(b, '}', '\n')
}

// appendString writes a JSON text: only the quotation mark, the backslash and the signs below U+0020 are escaped.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscaped(b, c)
		start = i + 1
	}
	return append(append(b, s[start:]...), '"')
}

const hexFigures = "0123456789abcdef"

func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hexFigures[c>>4], hexFigures[c&15])
}

var errRow = errors.New("not a row of this table")

// parseRow reads what appendRow wrote, and nothing else: every line has one way to be written, so that its hash
// speaks for its content.
func parseRow(line []byte, columns []Column) ([]value, error) {
	row := make([]value, len(columns))
	p := rowParser{rest: line}
	for i, c := range columns {
		if !p.take("{,"[min(i, 1)]) || p.text() != c.Name || p.bad || !p.take(':') {
			return nil, fmt.Errorf("%w: column %s is not where it should be", errRow, c.Name)
		}
		row[i] = p.value(c.Type)
		if p.bad {
			return nil, fmt.Errorf("%w: column %s has no %s", errRow, c.Name, c.Type)
		}
	}
	if string(p.rest) != "}\n" {
		return nil, fmt.Errorf("%w: the line does not end after its last column", errRow)
	}
	return row, nil
}

// rowParser reads from the front of rest; bad stays once something was not as it must be.
type rowParser struct {
	rest []byte
	bad  bool
}

func (p *rowParser) take(c byte) bool {
	if p.bad || len(p.rest) == 0 || p.rest[0] != c {
		p.bad = true
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *rowParser) value(kind string) value {
	if len(p.rest) >= 4 && string(p.rest[:4]) == "null" {
		p.rest = p.rest[4:]
		return nil
	}
	switch kind {
	case typeInt:
		return p.number()
	case typeBytes:
		text := p.text()
		raw, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || base64.StdEncoding.EncodedLen(len(raw)) != len(text) { // the decoder passes over line ends
			p.bad = true
		}
		return raw
	}
	return p.text()
}

func (p *rowParser) number() int64 {
	n := 0
	for n < len(p.rest) && (p.rest[n] == '-' || p.rest[n] >= '0' && p.rest[n] <= '9') {
		n++
	}
	text := string(p.rest[:n])
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(v, 10) != text {
		p.bad = true
	}
	p.rest = p.rest[n:]
	return v
}

func (p *rowParser) text() string {
	if !p.take('"') {
		return ""
	}
	for i, c := range p.rest {
		if c == '"' {
			s := string(p.rest[:i])
			p.rest = p.rest[i+1:]
			p.bad = p.bad || !utf8.ValidString(s)
			return s
		}
		if c < ' ' || c == '\\' {
			return p.escaped()
		}
	}
	p.bad = true
	return ""
}

// escaped reads a text that has escapes, each of which must be the one that the writer would have chosen.
func (p *rowParser) escaped() string {
	var b, again []byte
	for i := 0; i < len(p.rest); i++ {
		c := p.rest[i]
		switch {
		case c == '"':
			p.rest = p.rest[i+1:]
			p.bad = p.bad || !utf8.Valid(b)
			return string(b)
		case c < ' ':
			p.bad = true
			return ""
		case c != '\\':
			b = append(b, c)
		default:
			sign, length := unescape(p.rest[i:])
			if length == 0 || sign == 0 { // NUL is in no text of ours
				p.bad = true
				return ""
			}
			if again = appendEscaped(again[:0], sign); string(again) != string(p.rest[i:i+length]) {
				p.bad = true
				return ""
			}
			b = append(b, sign)
			i += length - 1
		}
	}
	p.bad = true
	return ""
}

// unescape reads one escape at the front of b, and says how long it is; 0 when it is none of ours.
func unescape(b []byte) (sign byte, length int) {
	if len(b) < 2 {
		return 0, 0
	}
	switch b[1] {
	case '"', '\\':
		return b[1], 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		if len(b) >= 6 {
			if v, err := strconv.ParseUint(string(b[2:6]), 16, 8); err == nil && v < ' ' {
				return byte(v), 6
			}
		}
	}
	return 0, 0
}

// rowScanner reads rows of a table whatever their columns. SQLite gives empty bytes as no bytes: the statement asks
// beside each column of bytes whether it is NULL.
type rowScanner struct {
	columns []Column
	dest    []any
	numbers []sql.NullInt64
	texts   []sql.NullString
	bytes   [][]byte
	isNull  []int64
}

func newRowScanner(columns []Column) *rowScanner {
	n := len(columns)
	s := &rowScanner{columns: columns, numbers: make([]sql.NullInt64, n), texts: make([]sql.NullString, n),
		bytes: make([][]byte, n), isNull: make([]int64, n)}
	for i, c := range columns {
		switch c.Type {
		case typeInt:
			s.dest = append(s.dest, &s.numbers[i])
		case typeBytes:
			s.dest = append(s.dest, &s.bytes[i], &s.isNull[i])
		default:
			s.dest = append(s.dest, &s.texts[i])
		}
	}
	return s
}

// selected is the list of what the scanner expects.
func (s *rowScanner) selected() (list string) {
	for i, c := range s.columns {
		if i > 0 {
			list += ", "
		}
		list += c.Name
		if c.Type == typeBytes {
			list += ", CASE WHEN " + c.Name + " IS NULL THEN 1 ELSE 0 END"
		}
	}
	return list
}

func (s *rowScanner) scan(r Row, row []value) error {
	if err := r.Scan(s.dest...); err != nil {
		return err
	}
	for i, c := range s.columns {
		row[i] = nil
		switch {
		case c.Type == typeInt && s.numbers[i].Valid:
			row[i] = s.numbers[i].Int64
		case c.Type == typeBytes && s.isNull[i] == 0:
			row[i] = s.bytes[i]
		case c.Type == typeText && s.texts[i].Valid:
			row[i] = s.texts[i].String
		}
	}
	return nil
}
