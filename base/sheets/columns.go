package sheets

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"lieux/base/fault"
	"lieux/base/fold"
)

// Column is one field that a room looks for in a sheet.
type Column struct {
	Field    string   // the room's name for it: "shares"
	Required bool     //
	Heads    []string // how people head it, in French, Dutch and English, compared by [fold.Text]
}

// Columns are the fields that a room looks for, the more important first.
type Columns []Column

// Mapping says which field stands in which column. A room keeps it, as JSON, to read the next sheet with the same
// head in the same way.
type Mapping struct {
	Fingerprint string         `json:"fingerprint"`       // of the head that it belongs to
	Fields      map[string]int `json:"fields"`            // columns from 0
	Score       int            `json:"score"`             // 0 to 100: how surely the head was recognised, all in all
	Unknown     []int          `json:"unknown,omitempty"` // columns with a head that no field took
}

// How sure a head is recognised, in hundredths.
const (
	sureExact      = 100
	sureBeforeNote = 95 // "Montant (EUR)": the words before the bracket are exact
	sureTypo       = 80 // one slip of the pen, two in a long word
	surePart       = 60 // some words of the head are exact; up to 15 more by how many
)

// Bounds of recognition.
const (
	headSigns   = 80 // a longer cell is no head
	typoSigns   = 5  // shorter words must be exact: "nom" is not "no"
	doubleSigns = 10 // from here on two slips are forgiven
)

// Fingerprint tells heads apart: the same words in the same columns give the same fingerprint, however they are
// spelled.
func Fingerprint(head Row) string {
	words := make([]string, 0, len(head.Cells))
	for _, c := range head.Cells {
		words = append(words, fold.Text(c.Text))
	}
	sum := sha256.Sum256([]byte("lieux sheet head\n" + strings.TrimRight(strings.Join(words, "\n"), "\n")))
	return hex.EncodeToString(sum[:16])
}

// Recognise finds the fields in a head. Each field takes at most one column and each column serves at most one field;
// the surest are taken first, then the more important field, then the column more to the left.
func (cs Columns) Recognise(head Row) Mapping { return cs.recognise(head, cs.folded()) }

// folded are the heads as they are compared, by field.
func (cs Columns) folded() [][]string {
	all := make([][]string, len(cs))
	for i, c := range cs {
		for _, head := range c.Heads {
			if key := fold.Text(head); key != "" {
				all[i] = append(all[i], key)
			}
		}
	}
	return all
}

func (cs Columns) recognise(head Row, folded [][]string) Mapping {
	type match struct{ sure, field, column int }
	var matches []match
	filled := 0
	for column, c := range head.Cells {
		key := fold.Text(c.Text)
		if key == "" {
			continue
		}
		filled++
		if signs(key) > headSigns || c.Kind != IsText {
			continue
		}
		before, _, _ := strings.Cut(c.Text, "(")
		beforeNote := fold.Text(before)
		for field, heads := range folded {
			if sure := sureness(heads, key, beforeNote); sure > 0 {
				matches = append(matches, match{sure, field, column})
			}
		}
	}
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.sure, a.sure), cmp.Compare(a.field, b.field), cmp.Compare(a.column, b.column))
	})
	m := Mapping{Fingerprint: Fingerprint(head), Fields: map[string]int{}}
	taken := map[int]bool{}
	for _, found := range matches {
		field := cs[found.field].Field
		if _, has := m.Fields[field]; has || taken[found.column] {
			continue
		}
		m.Fields[field], taken[found.column] = found.column, true
		m.Score += found.sure
	}
	m.Score /= max(filled, 1)
	m.Unknown = unknown(head, m.Fields)
	return m
}

func unknown(head Row, fields map[string]int) (columns []int) {
	used := slices.Collect(maps.Values(fields))
	for i, c := range head.Cells {
		if c.Text != "" && !slices.Contains(used, i) {
			columns = append(columns, i)
		}
	}
	return columns
}

// sureness that a head is one of these words, in hundredths; 0 when they have nothing in common.
func sureness(words []string, key, beforeNote string) int {
	best := 0
	for _, word := range words {
		switch {
		case word == key:
			return sureExact
		case word == beforeNote:
			best = max(best, sureBeforeNote)
		case slips(word, key):
			best = max(best, sureTypo)
		case strings.Contains(" "+key+" ", " "+word+" "):
			best = max(best, surePart+15*len(word)/len(key))
		}
	}
	return best
}

// slips says whether two words differ by a slip of the pen: a sign more, less, other, or two neighbours swapped.
func slips(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	allowed := 1
	if len(x) >= doubleSigns {
		allowed = 2
	}
	if len(x) < typoSigns || len(y)-len(x) > allowed {
		return false
	}
	before, last, this := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		this[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			this[j+1] = min(last[j+1]+1, this[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				this[j+1] = min(this[j+1], before[j-1]+1)
			}
		}
		before, last, this = last, this, before
	}
	return last[len(y)] <= allowed
}

// Check refuses a mapping that a person changed, or that was kept, when it does not fit this head and these fields.
func (cs Columns) Check(m Mapping, head Row) error {
	var rs fault.Refusals
	taken := map[int]string{}
	for _, field := range slices.Sorted(maps.Keys(m.Fields)) {
		column := m.Fields[field]
		other, twice := taken[column]
		switch {
		case !slices.ContainsFunc(cs, func(c Column) bool { return c.Field == field }):
			rs = append(rs, fault.Refuse("sheets.refusal.no-such-field", "name", field).At(field))
		case column < 0 || column >= len(head.Cells):
			r := fault.Refuse("sheets.refusal.no-such-column", "n", len(head.Cells))
			rs = append(rs, r.At(field).OnLine(head.Line))
		case twice:
			rs = append(rs, fault.Refuse("sheets.refusal.column-twice", "column", Letters(column), "other", other).
				At(field).OnLine(head.Line))
		}
		taken[column] = field
	}
	return rs.Err()
}

// Missing lists the required fields that a mapping does not have.
func (cs Columns) Missing(m Mapping) (fields []string) {
	for _, c := range cs {
		if _, has := m.Fields[c.Field]; c.Required && !has {
			fields = append(fields, c.Field)
		}
	}
	return fields
}
