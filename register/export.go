package register

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/ident"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/people"
)

// WriteRoll gives a roll out: as a table with one line for each holder and class, as JSON, or as the lot journal up to
// its day. The words of heads are those of the printer; names are those of now, of whoever stands for the holder since
// a merge.
func WriteRoll(w io.Writer, r store.Reader, p *lang.Printer, roll *Roll, format Format) error {
	if format == Hledger || format == Beancount {
		return WriteJournal(w, r, roll.Day, roll.Known, format)
	}
	if format == OCF {
		return WriteOCF(w, r, p, roll.Day, roll.Known)
	}
	if format != JSON && format != CSV && format != XLSX {
		return fault.Refuse("register.refusal.format", "format", string(format))
	}
	ids := make([]people.PersonID, len(roll.Holders))
	for i, h := range roll.Holders {
		ids[i] = h.Person
	}
	names, err := people.Names(r, ids)
	if err != nil {
		return err
	}
	classes, err := ClassesOn(r, roll.Day, roll.Through)
	if err != nil {
		return err
	}
	switch format {
	case JSON:
		return writeRollJSON(w, roll, names, classes)
	case CSV:
		return sheets.CSV(w, rollHead(p), rollRows(p, roll, names, classes))
	default:
		totals := []sheets.Cell{sheets.Text(p.T("register.export.total")), sheets.Int(roll.Heads()), {}, {}, {},
			sheets.Int(roll.Shares), sheets.Money(roll.Paid), sheets.Money(dueOn(classes, roll.ByClass))}
		page := sheets.Page{Name: p.T("register.export.roll"), Head: rollHead(p), Made: r.Now(), Totals: totals}
		return sheets.XLSX(w, page, rollRows(p, roll, names, classes))
	}
}

func rollHead(p *lang.Printer) (heads []string) {
	for _, f := range []string{"number", "name", "kind", "enterprise", "class", "shares", "paid", "due"} {
		heads = append(heads, p.T("register.field."+f))
	}
	return heads
}

func rollRows(p *lang.Printer, roll *Roll, names map[people.PersonID]people.Person,
	classes []ShareClass) iter.Seq[[]sheets.Cell] {
	return func(yield func([]sheets.Cell) bool) {
		for _, h := range roll.Holders {
			person := names[h.Person]
			for _, held := range h.ByClass {
				if !yield([]sheets.Cell{sheets.Int(int64(h.Number)), sheets.Text(listed(p, person)),
					sheets.Text(p.T("register.person." + string(h.Kind))),
					sheets.Text(ident.FormatEnterprise(person.Enterprise)), sheets.Text(string(held.Class)), sheets.Int(held.Shares),
					sheets.Money(held.Paid), sheets.Money(dueOn(classes, []Holding{held}))}) {
					return
				}
			}
		}
	}
}

// listed is the name as lists write it, or the words for someone whose data were erased.
func listed(p *lang.Printer, person people.Person) string {
	if name := person.Listed(); name != "" {
		return name
	}
	return person.Words(p)
}

// The JSON of a roll; amounts are decimals with a point, as text, so that no reader makes floating point of them.
type (
	jsonRoll struct {
		Day     civil.Date   `json:"day"`
		Known   string       `json:"known,omitempty"`
		Through int64        `json:"through"`
		Heads   int64        `json:"heads"`
		Shares  int64        `json:"shares"`
		Paid    string       `json:"paid_eur"`
		Holders []jsonHolder `json:"holders"`
	}
	jsonHolder struct {
		Number     int64         `json:"number"`
		Name       string        `json:"name"`
		Kind       string        `json:"kind"`
		Enterprise string        `json:"enterprise,omitempty"`
		Shares     int64         `json:"shares"`
		Paid       string        `json:"paid_eur"`
		Classes    []jsonHolding `json:"classes"`
	}
	jsonHolding struct {
		Class  string `json:"class"`
		Shares int64  `json:"shares"`
		Paid   string `json:"paid_eur"`
		Due    string `json:"due_eur"`
	}
)

func writeRollJSON(w io.Writer, roll *Roll, names map[people.PersonID]people.Person, classes []ShareClass) error {
	out := jsonRoll{Day: roll.Day, Known: roll.Known.String(), Through: int64(roll.Through), Heads: roll.Heads(),
		Shares: roll.Shares,
		Paid:   roll.Paid.String(), Holders: []jsonHolder{}}
	for _, h := range roll.Holders {
		person := names[h.Person]
		line := jsonHolder{Number: int64(h.Number), Name: person.Full(), Kind: string(h.Kind), Enterprise: person.Enterprise,
			Shares: h.Shares,
			Paid:   h.Paid.String()}
		for _, held := range h.ByClass {
			line.Classes = append(line.Classes, jsonHolding{string(held.Class), held.Shares, held.Paid.String(),
				dueOn(classes, []Holding{held}).String()})
		}
		out.Holders = append(out.Holders, line)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("register: json: %w", err)
	}
	return nil
}

// WriteMovements gives movements out as a table, CSV or XLSX.
func WriteMovements(w io.Writer, r store.Reader, p *lang.Printer, ms []Movement, format Format) error {
	names, err := namesOf(r, ms)
	if err != nil {
		return err
	}
	decisions, err := decisionsOf(r, p, ms)
	if err != nil {
		return err
	}
	var heads []string
	for _, f := range []string{"entry", "effective", "recorded", "operation", "number", "name", "counterpart", "class",
		"lot", "shares", "paid",
		"ground", "corrects", "cause", "decision"} {
		heads = append(heads, p.T("register.field."+f))
	}
	var shares int64
	var paid money.Cents
	for _, m := range ms {
		shares += m.Shares
		paid += m.Paid
	}
	optional := func(n int64) sheets.Cell {
		if n == 0 {
			return sheets.Cell{}
		}
		return sheets.Int(n)
	}
	rows := func(yield func([]sheets.Cell) bool) {
		for _, m := range ms {
			if !yield([]sheets.Cell{sheets.Int(int64(m.Number)), sheets.Date(m.Effective), sheets.Date(m.RecordedOn),
				sheets.Text(p.T(m.Kind.Code())),
				sheets.Int(int64(m.Cooperator)), sheets.Text(listed(p, names[m.Cooperator])), optional(int64(m.Counterpart)),
				sheets.Text(string(m.Class)), sheets.Int(int64(m.Lot)), sheets.Int(m.Shares), sheets.Money(m.Paid),
				sheets.Text(m.Ground),
				optional(int64(m.Corrects)), sheets.Text(m.Cause.words(p)), sheets.Text(decisions[m.Decision])}) {
				return
			}
		}
	}
	switch format {
	case CSV:
		return sheets.CSV(w, heads, rows)
	case XLSX:
		totals := make([]sheets.Cell, len(heads))
		totals[0], totals[9], totals[10] = sheets.Text(p.T("register.export.total")), sheets.Int(shares), sheets.Money(paid)
		return sheets.XLSX(w, sheets.Page{Name: p.T("register.export.movements"), Head: heads, Totals: totals, Made: r.Now()},
			rows)
	}
	return fault.Refuse("register.refusal.format", "format", string(format))
}

// words names the cause; empty for none.
func (c Cause) words(p *lang.Printer) string {
	if c == "" {
		return ""
	}
	return p.T(c.Code())
}

// decisionsOf names the decisions on which movements rest: body, day, reference.
func decisionsOf(r store.Reader, p *lang.Printer, ms []Movement) (map[people.DecisionID]string, error) {
	words := map[people.DecisionID]string{"": ""}
	for _, m := range ms {
		if _, read := words[m.Decision]; read {
			continue
		}
		d, err := people.GetDecision(r, m.Decision)
		if err != nil {
			return nil, err
		}
		body, err := people.GetBody(r, d.Body)
		if err != nil {
			return nil, err
		}
		words[m.Decision] = p.T("register.decision", "body", body.Words(p), "on", d.On, "reference", d.Reference)
	}
	return words, nil
}

// namesOf reads who the cooperators of some movements are.
func namesOf(r store.Reader, ms []Movement) (map[Number]people.Person, error) {
	wanted := map[Number]bool{}
	for _, m := range ms {
		wanted[m.Cooperator] = true
		if m.Counterpart != 0 {
			wanted[m.Counterpart] = true
		}
	}
	return NamesOf(r, func(n Number) bool { return wanted[n] })
}

// NamesOf reads who the chosen cooperators are, by number.
func NamesOf(r store.Reader, chosen func(Number) bool) (map[Number]people.Person, error) {
	all, err := Cooperators(r)
	if err != nil {
		return nil, err
	}
	var ids []people.PersonID
	byNumber := map[Number]people.PersonID{}
	for _, c := range all {
		if chosen(c.Number) {
			ids = append(ids, c.Person)
			byNumber[c.Number] = c.Person
		}
	}
	names, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[Number]people.Person, len(byNumber))
	for n, id := range byNumber {
		out[n] = names[id]
	}
	return out, nil
}
