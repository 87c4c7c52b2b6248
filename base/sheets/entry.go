package sheets

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/money"
)

// shownSigns of a cell stand in a refusal.
const shownSigns = 40

// Entry is one cell of a table, with its place: it reads itself, or refuses by field, line and cell.
type Entry struct {
	Cell
	Field  string
	Head   string // as the file has it
	Line   int
	Column int // from 0; -1 when the field has no column
}

// Empty says that nothing stands in the cell.
func (e Entry) Empty() bool { return e.Text == "" }

func (e Entry) refuse(code string) fault.Refusal {
	shown := []rune(e.Text)
	if len(shown) > shownSigns {
		shown = append(shown[:shownSigns], '…')
	}
	r := fault.Refuse(code, "text", string(shown), "head", e.Head, "cell", "")
	if e.Column >= 0 {
		r.Args["cell"] = CellName(e.Column, e.Line)
	}
	return r.At(e.Field).OnLine(e.Line)
}

// readable refuses what no typed reader takes.
func (e Entry) readable() error {
	switch {
	case e.Kind == IsFormula:
		return e.refuse("sheets.refusal.formula")
	case e.Kind == IsError:
		return e.refuse("sheets.refusal.error-value")
	case e.Text == "":
		return e.refuse("sheets.refusal.nothing")
	}
	return nil
}

// Money reads an amount in euros: as people write it in text, exactly as it is in a spreadsheet's number.
func (e Entry) Money() (money.Cents, error) {
	if err := e.readable(); err != nil {
		return 0, err
	}
	text := e.Text
	switch e.Kind {
	case IsNumber: // 250.125 is a quarter of a cent too many, never 250,125 euros
		whole, decimals, _ := strings.Cut(text, ".")
		if len(decimals) > 2 {
			return 0, e.refuse("sheets.refusal.too-many-decimals")
		}
		text = whole + "." + (decimals + "00")[:2]
	case IsDate, IsBool:
		return 0, e.refuse("sheets.refusal.no-amount")
	}
	c, err := money.Parse(text)
	if err != nil {
		return 0, e.refuse("sheets.refusal.no-amount")
	}
	return c, nil
}

// Count reads a whole number, negative ones too: 1134, 1.134, 1 134, 12,00.
func (e Entry) Count() (int64, error) {
	if err := e.readable(); err != nil {
		return 0, err
	}
	if e.Kind == IsDate || e.Kind == IsBool || e.Kind == IsNumber && strings.Contains(e.Text, ".") ||
		strings.ContainsAny(e.Text, "€eE") {
		return 0, e.refuse("sheets.refusal.no-count")
	}
	c, err := money.Parse(e.Text)
	if err != nil || c%100 != 0 {
		return 0, e.refuse("sheets.refusal.no-count")
	}
	return int64(c / 100), nil
}

// Date reads a date as people and spreadsheets write it; it may be known to the month or the year only.
func (e Entry) Date() (civil.Date, error) {
	if err := e.readable(); err != nil {
		return civil.Date{}, err
	}
	d, err := civil.ParseLoose(e.Text)
	if err != nil || e.Kind == IsBool {
		return civil.Date{}, e.refuse("sheets.refusal.no-date")
	}
	return d, nil
}

var (
	yes = strings.Fields("oui o ja j yes y vrai waar true x 1 ok")
	no  = strings.Fields("non n nee no faux onwaar false 0")
)

// YesNo reads oui, ja, yes, vrai, x, 1 and non, nee, no, faux, 0 and their like.
func (e Entry) YesNo() (bool, error) {
	if err := e.readable(); err != nil {
		return false, err
	}
	key := fold.Text(e.Text)
	switch {
	case slices.Contains(yes, key):
		return true, nil
	case slices.Contains(no, key):
		return false, nil
	}
	return false, e.refuse("sheets.refusal.no-yes-or-no")
}
