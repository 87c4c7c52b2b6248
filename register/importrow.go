package register

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/ident"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/people"
)

// importRow is one row of a file, read and not yet judged.
type importRow struct {
	line      int
	number    Number
	who       people.Entry
	ready     people.Ready // who, checked
	named     string       // the words of the name, as far as the row names somebody
	operation Kind         // in a file of operations
	from, to  string       // as typed: a number or a name
	into      string       // the class that converted shares become, as typed
	class     ClassID
	shares    int64
	nominal   money.Cents
	amount    money.Cents // subscribed, as the row says
	paid      money.Cents
	hasAmount bool
	hasPaid   bool
	date      civil.Date
	ground    string
	mark      string // by which it is known again
}

// rowReader reads the cells of one row and gathers what is wrong with them.
type rowReader struct {
	table *sheets.Table
	row   sheets.Row
	wrong fault.Refusals
}

func (r *rowReader) text(field string) string { return r.table.Entry(r.row, field).Text }

func (r *rowReader) refuse(code, field string, kv ...any) {
	r.wrong = append(r.wrong, fault.Refuse("register.refusal.import-"+code, kv...).At(field).OnLine(r.row.Line))
}

// cell reads a filled cell; an empty one is the zero value.
func cell[T any](r *rowReader, field string, read func(sheets.Entry) (T, error)) (v T, filled bool) {
	e := r.table.Entry(r.row, field)
	if e.Empty() {
		return v, false
	}
	v, err := read(e)
	if err != nil {
		r.wrong = append(r.wrong, fault.Of(err)...)
	}
	return v, true
}

func date(r *rowReader, field string) civil.Date {
	d, _ := cell(r, field, sheets.Entry.Date)
	return d
}

// readRow reads a row of either shape.
func readRow(t *sheets.Table, row sheets.Row, shape Shape) (importRow, fault.Refusals) {
	r := &rowReader{table: t, row: row}
	in := importRow{line: row.Line, from: r.text("from"), to: r.text("to"), into: r.text("into"),
		class: ClassID(strings.ToUpper(r.text("class"))), ground: r.text("ground")}
	if n, filled := cell(r, "number", sheets.Entry.Count); filled {
		if in.number = Number(n); n < 1 || n > maxNumber {
			r.wrong = append(r.wrong, fault.Refuse("register.refusal.number", "limit", maxNumber).At("number").OnLine(row.Line))
		}
	}
	in.shares, _ = cell(r, "shares", sheets.Entry.Count)
	in.nominal, _ = cell(r, "nominal", sheets.Entry.Money)
	in.amount, in.hasAmount = cell(r, "amount", sheets.Entry.Money)
	in.paid, in.hasPaid = cell(r, "paid", sheets.Entry.Money)
	in.date = date(r, "date")
	in.who = r.person()
	in.named = nameWords(strings.Join([]string{in.who.Name, in.who.Form, in.who.Family, in.who.Given}, " "))
	if shape == Operations {
		r.operation(&in)
	}
	in.mark = in.marked(shape)
	return in, r.wrong
}

// operation reads the kind of movement, from its word or from who gives and who takes; spreadsheets often write what
// leaves as negative.
func (r *rowReader) operation(in *importRow) {
	word := r.text("operation")
	kind, known := operationNamed(word)
	switch {
	case known:
		in.operation = kind
	case word != "":
		r.refuse("operation", "operation", "text", word)
		return
	case in.into != "":
		in.operation = ConvertedOut
	case in.from != "" && in.to != "":
		in.operation = TransferOut
	case in.from != "":
		in.operation = Redeemed
	default:
		in.operation = Issued
	}
	if in.operation != Issued && in.operation != Paid && in.shares < 0 {
		in.shares, in.amount, in.paid = -in.shares, money.Cents(abs(int64(in.amount))), money.Cents(abs(int64(in.paid)))
	}
}

// person reads who the row is about, as a record of people to be.
func (r *rowReader) person() people.Entry {
	family, given, whole := r.text("family"), r.text("given"), r.text("name")
	enterprise := r.text("enterprise")
	name := strings.TrimSpace(family + " " + given)
	switch {
	case whole != "" && given == "":
		name = whole
	case whole != "" && family == "":
		family = whole
	}
	e := people.Entry{}
	kind, known := kindNamed(r.text("kind"), enterprise, name)
	if !known {
		r.refuse("kind", "kind", "text", r.text("kind"))
	}
	e.Kind = kind
	if kind == people.Legal {
		e.Name, e.Form = splitForm(name)
		e.Enterprise = enterprise
		if _, ok := ident.Enterprise(enterprise); enterprise != "" && !ok {
			r.refuse("enterprise", "enterprise", "text", enterprise)
		}
	} else {
		if e.Family, e.Given = family, given; given == "" {
			e.Family, e.Given = splitName(name)
		}
		e.Birth = date(r, "birth")
	}
	if word := r.text("lang"); word != "" {
		if e.Lang, known = langNamed(word); !known {
			r.refuse("lang", "lang", "text", word)
		}
	}
	e.Emails, e.Phones = list(r.text("email")), list(r.text("phone"))
	e.Home = r.address()
	return e
}

// list parts several addresses in one cell.
func list(s string) (all []string) {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' || r == '\n' }) {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// belgianPlace is the end of an address on one line: "4000 Liège".
var belgianPlace = regexp.MustCompile(`^(.*?)[\s,–-]+(?:B-)?([1-9]\d{3})\s+(\D.*)$`)

func (r *rowReader) address() people.Address {
	a := people.Address{Street: r.text("street"), Postcode: r.text("postcode"), Town: r.text("town"),
		Country: r.text("country")}
	if house := r.text("house"); house != "" {
		a.Street += " " + house
	}
	if box := r.text("box"); box != "" {
		a.Street += " bte " + strings.TrimPrefix(strings.ToLower(box), "bte ")
	}
	a.Street = strings.TrimSpace(a.Street)
	if m := belgianPlace.FindStringSubmatch(a.Street); m != nil && a.Postcode == "" && a.Town == "" {
		a.Street, a.Postcode, a.Town = strings.TrimRight(m[1], " ,"), m[2], m[3]
	}
	if slices.Contains([]string{"belgique", "belgie", "belgium", "be", "b"}, fold.Text(a.Country)) {
		a.Country = ""
	}
	return a
}

// splitName parts "Delvigne, Jeanne" and "DELVIGNE Jeanne"; anything else stays whole as the family name: nobody's name
// is guessed at.
func splitName(s string) (family, given string) {
	if family, given, parted := strings.Cut(s, ","); parted {
		return strings.TrimSpace(family), strings.TrimSpace(given)
	}
	words := strings.Fields(s)
	capitals := 0
	for capitals < len(words) && isCapitals(words[capitals]) {
		capitals++
	}
	if capitals == 0 || capitals == len(words) {
		return s, ""
	}
	return strings.Join(words[:capitals], " "), strings.Join(words[capitals:], " ")
}

func isCapitals(word string) bool {
	letters := 0
	for _, r := range word {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 1
}

// splitForm parts a legal form from the end or the beginning of a name: "Terre & Feu asbl", "ASBL Le Foyer".
func splitForm(s string) (name, form string) {
	words := strings.Fields(s)
	if n := len(words); n > 1 && slices.Contains(legalForms, fold.Text(words[n-1])) {
		return strings.Join(words[:n-1], " "), words[n-1]
	}
	if len(words) > 1 && slices.Contains(legalForms[:slices.Index(legalForms, "fondation")], fold.Text(words[0])) {
		return strings.Join(words[1:], " "), words[0]
	}
	return s, ""
}

// marked is the same for the same row however the file is sorted, coloured or saved again.
func (in importRow) marked(shape Shape) string {
	text := fmt.Sprintf("register row 1\n%s|%d|%s|%s|%s|%s|%s|%s|%s|%d|%d|%d|%t|%d|%t|%s", shape, in.number, in.named,
		in.who.Birth, in.who.Enterprise,
		in.operation,
		fold.Text(in.from), fold.Text(in.to), in.class, in.shares, in.nominal, in.amount, in.hasAmount, in.paid, in.hasPaid,
		in.date)
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// worth settles shares, nominal amount and what is paid against each other. A row that says only how much was
// subscribed tells the number of shares; one that says nothing of payments means that all is paid.
func (in *importRow) worth(class ShareClass) (rs fault.Refusals) {
	no := func(code, field string, kv ...any) {
		rs = append(rs, fault.Refuse("register.refusal.import-"+code, kv...).At(field).OnLine(in.line))
	}
	if in.nominal != 0 && in.nominal != class.Nominal {
		no("nominal", "nominal", "nominal", in.nominal, "class", class.Letter, "due", class.Nominal)
		return rs
	}
	if in.shares == 0 && in.hasAmount && in.amount > 0 && in.amount%class.Nominal == 0 {
		in.shares = int64(in.amount / class.Nominal)
	}
	if in.shares < 1 || in.shares > MaxShares {
		no("shares", "shares", "shares", in.shares)
		return rs
	}
	worth := money.Cents(in.shares) * class.Nominal
	if in.hasAmount && in.amount != worth {
		no("amount", "amount", "amount", in.amount, "n", in.shares, "worth", worth)
	}
	if !in.hasPaid {
		in.paid = worth
	}
	if in.paid < 0 || in.paid > worth {
		no("paid", "paid", "paid", in.paid, "worth", worth)
	}
	return rs
}
