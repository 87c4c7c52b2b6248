package sheets

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

// forRegister are columns as a room gives them.
var forRegister = Columns{
	{"number", true, strings.Split("numéro, n°, nr, no, numéro coopérateur, lidnummer, number, member number", ", ")},
	{"name", true, strings.Split("nom, nom de famille, naam, achternaam, name, last name, surname", ", ")},
	{"given", false, strings.Split("prénom, voornaam, first name, given name", ", ")},
	{"shares", true, strings.Split("parts, nombre de parts, nombre de parts sociales, aandelen, aantal aandelen, shares, number of shares", ", ")},
	{"paid", false, strings.Split("montant, montant libéré, payé, bedrag, gestort bedrag, amount, amount paid", ", ")},
	{"entered", false, strings.Split("date, date d’entrée, entrée, datum, datum van toetreding, date of entry", ", ")},
	{"email", false, strings.Split("e-mail, courriel, mail, adresse e-mail, e-mailadres", ", ")},
	{"consent", false, strings.Split("accord, toestemming, consent", ", ")},
}

func head(words ...string) Row {
	r := Row{Line: 1}
	for _, w := range words {
		r.Cells = append(r.Cells, Text(w))
	}
	return r
}

func TestHeadsAreRecognisedInThreeLanguages(t *testing.T) {
	for _, c := range []struct {
		head  string
		want  string
		score int
	}{
		{"N°|Nom|Prénom|Nombre de parts|Montant libéré|Date d'entrée|E-mail", "number=0 name=1 given=2 shares=3 paid=4 entered=5 email=6", 100},
		{"Lidnummer|Naam|Voornaam|Aantal aandelen|Gestort bedrag|Datum|E-mailadres", "number=0 name=1 given=2 shares=3 paid=4 entered=5 email=6", 100},
		{"Member number|Surname|Given name|Shares|Amount|Date of entry|E-mail", "number=0 name=1 given=2 shares=3 paid=4 entered=5 email=6", 100},
		{"NOM DE FAMILLE||PRENOM|Parts|Remarques", "name=0 given=2 shares=3", 75},
		{"Nom|Prenon|Montant (EUR)|NOMBRE DE PARTS SOCIALES AU 31/12/2015", "name=0 given=1 shares=3 paid=2", 86}, // 100, 80, 95 and a part
		{"Parts|Nombre de parts|Nom", "name=2 shares=0", 66},                                                      // both exact: the one more to the left
		{"Parts du conjoint|Parts|Nom", "name=2 shares=1", 66},
		{"no|nom|naam", "number=0 name=1", 66},
		{"Ville|Pays|Téléphone", "", 0},
	} {
		cells := strings.Split(c.head, "|")
		m := forRegister.Recognise(head(cells...))
		var got []string
		for _, col := range forRegister {
			if at, has := m.Fields[col.Field]; has {
				got = append(got, fmt.Sprintf("%s=%d", col.Field, at))
			}
		}
		if strings.Join(got, " ") != c.want || m.Score != c.score {
			t.Errorf("%s\n got %v, score %d\nwant %s, score %d", c.head, got, m.Score, c.want, c.score)
		}
		if known := len(m.Fields) + len(m.Unknown) + strings.Count(c.head, "||"); known != len(cells) {
			t.Errorf("%s: %d of %d columns accounted for", c.head, known, len(cells))
		}
	}
}

func TestSlipsOfThePen(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"prenom", "prenon", true}, {"prenom", "pernom", true}, {"prenom", "prenoms", true}, {"prenom", "renom", true},
		{"prenom", "pernon", false}, {"nom", "non", false}, {"parts", "part", false}, {"aandelen", "aandeln", true},
		{"montant libere", "montent libre", true}, {"montant", "moment", false}, {"adresse", "adressen x", false},
	} {
		if slips(c.a, c.b) != c.want || slips(c.b, c.a) != c.want {
			t.Errorf("%s and %s: not %v", c.a, c.b, c.want)
		}
	}
}

// messy is a register as cooperatives keep them: a title, blank lines, the head on every page, groups, totals, three
// ways to write a date.
const messy = `Coopérative du Vieux Moulin;;;;;
Registre des parts au 31/12/2015;;;;;

;N°;Nom;Nombre de parts;Montant;Date d'entrée
;Classe A;;;;
;1;Adam Lise;4;1.000,00;12/03/2015
;2;Total Énergies locales SA;12;3 000,00 €;2015-03-13

;Sous-total;;16;4.000,00;
;N°;Nom;Nombre de parts;Montant;Date d'entrée
;3;"Baert
Willem";1.134;283.500,00;17.6.2015
TOTAL GÉNÉRAL;;;1150;287.500,00;
Établi le 4 janvier 2016;;;;;
`

func TestAMessySpreadsheet(t *testing.T) {
	table, err := read(t, messy).Table(forRegister)
	must(t, err)
	must(t, table.Complete())
	var b strings.Builder
	for _, row := range table.Rows {
		n, err := table.Entry(row, "number").Count()
		must(t, err)
		shares, err := table.Entry(row, "shares").Count()
		must(t, err)
		paid, err := table.Entry(row, "paid").Money()
		must(t, err)
		entered, err := table.Entry(row, "entered").Date()
		must(t, err)
		fmt.Fprintf(&b, "%d: %d %q %d %s %s\n", row.Line, n, table.Entry(row, "name").Text, shares, paid, entered)
	}
	for _, a := range table.Aside {
		fmt.Fprintf(&b, "%d %s: %s\n", a.Row.Line, a.Why, a.Row.Cells[len(a.Row.Cells)-1].Text)
	}
	const want = `6: 1 "Adam Lise" 4 1000.00 2015-03-12
7: 2 "Total Énergies locales SA" 12 3000.00 2015-03-13
11: 3 "Baert\nWillem" 1134 283500.00 2015-06-17
1 title: Coopérative du Vieux Moulin
2 title: Registre des parts au 31/12/2015
5 note: Classe A
9 total: 4.000,00
10 head: Date d'entrée
13 total: 287.500,00
14 note: Établi le 4 janvier 2016
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	if total, err := table.Entry(table.Aside[5].Row, "paid").Money(); err != nil || total != money.Euros(287_500) {
		t.Errorf("the total that the file states: %v, %v", total, err)
	}
}

func TestALineOfTotalsIsToldFromACooperator(t *testing.T) {
	for line, want := range map[string]bool{
		"Total;450": true, "TOTAAL;;12,50": true, "Sous-total;3": true, "Totaux": true, ";Somme;4": true, "5;total;7": true,
		"Total Énergies;rue Haute;3": false, "Totally;3": false, "Adam;3": false, "3;4": false, "Total;Lise;4": false,
	} {
		row := Row{Line: 1}
		for cell := range strings.SplitSeq(line, ";") {
			row.Cells = append(row.Cells, Text(cell))
		}
		for i, c := range row.Cells {
			if c.Text == "5" || c.Text == "3" || c.Text == "4" {
				row.Cells[i].Kind = IsNumber
			}
		}
		if totals(row) != want {
			t.Errorf("%s: not %v", line, want)
		}
	}
}

func TestARememberedMappingWins(t *testing.T) {
	const content = "Liste\nRéf;Qui;Combien;Parts\n1;Adam;4;9\n"
	s := read(t, content)
	if _, err := s.Table(forRegister); !fault.Is(err, "sheets.refusal.no-head") {
		t.Fatalf("only one column should be recognised: %v", err)
	}
	chosen := Mapping{Fingerprint: Fingerprint(s.Lines[1]), Fields: map[string]int{"number": 0, "name": 1, "shares": 2}}
	kept, err := json.Marshal(chosen)
	must(t, err)
	var back Mapping
	must(t, json.Unmarshal(kept, &back))

	again := read(t, strings.NewReplacer("Réf", "REF.", "Qui", " qui ").Replace(content)) // the same head, otherwise spelled
	table, err := again.Table(forRegister, Mapping{Fingerprint: "another"}, back)
	must(t, err)
	must(t, table.Complete())
	if got := table.Entry(table.Rows[0], "shares").Text; got != "4" || len(table.Rows) != 1 {
		t.Errorf("shares read from the wrong column: %q", got)
	}
	if diff := cmp.Diff([]int{3}, table.Mapping.Unknown); diff != "" {
		t.Error(diff)
	}
	if !table.Has("number") || table.Has("paid") || !table.Entry(table.Rows[0], "paid").Empty() {
		t.Error("a field without a column is not empty")
	}
}

func TestAMappingThatDoesNotFitIsRefused(t *testing.T) {
	h := head("Réf", "Qui")
	h.Line = 7
	for name, c := range map[string]struct {
		fields map[string]int
		want   string
	}{
		"fits":            {map[string]int{"number": 0, "name": 1}, ""},
		"unknown field":   {map[string]int{"colour": 1}, "sheets.refusal.no-such-field field colour name=colour"},
		"beyond the head": {map[string]int{"name": 2}, "sheets.refusal.no-such-column line 7 field name n=2"},
		"before the head": {map[string]int{"name": -1}, "sheets.refusal.no-such-column line 7 field name n=2"},
		"one twice":       {map[string]int{"name": 1, "shares": 1}, "sheets.refusal.column-twice line 7 field shares column=B other=name"},
	} {
		got := ""
		if err := forRegister.Check(Mapping{Fields: c.fields}, h); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	s := read(t, "Réf;Qui\n1;Adam\n")
	bad := Mapping{Fingerprint: Fingerprint(s.Lines[0]), Fields: map[string]int{"name": 5}}
	if _, err := s.Table(forRegister, bad); !fault.Is(err, "sheets.refusal.no-such-column") {
		t.Errorf("a damaged remembered mapping: %v", err)
	}
}

func TestARequiredColumnThatIsMissing(t *testing.T) {
	table, err := read(t, "N°;Nom\n1;Adam\n").Table(forRegister)
	must(t, err)
	err = table.Complete()
	if err == nil || err.Error() != "sheets.refusal.column-missing line 1 field shares head=parts" {
		t.Errorf("got %v", err)
	}
}

func TestFormulasAreRefusedByTheNameOfTheirCell(t *testing.T) {
	row := func(line int, cells ...Cell) Row { return Row{line, cells} }
	s := &Sheet{Lines: []Row{
		head("Nom", "Parts", "Montant", "Contrôle"),
		row(2, Text("Adam"), Cell{"4", IsFormula}, Cell{"#N/A", IsError}, Cell{"1", IsFormula}), // nobody reads the last column
		row(3, Text("Baert"), Int(1), Cell{"250", IsFormula}),
		row(4, Text("Total"), Cell{"5", IsFormula}), // a line of totals may be computed
	}}
	_, err := s.Table(forRegister)
	want := "sheets.refusal.formula line 2 field shares cell=B2 head=Parts text=4\n" +
		"sheets.refusal.error-value line 2 field paid cell=C2 head=Montant text=#N/A\n" +
		"sheets.refusal.formula line 3 field paid cell=C3 head=Montant text=250"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	for range 300 {
		s.Lines = append(s.Lines, row(9, Text("Petit"), Cell{"4", IsFormula}))
	}
	if _, err := s.Table(forRegister); len(fault.Of(err)) != maxRefusals {
		t.Errorf("%d refusals", len(fault.Of(err)))
	}
}

func TestEntriesReadThemselvesOrRefuse(t *testing.T) {
	at := func(c Cell) Entry { return Entry{Cell: c, Field: "x", Head: "Tête", Line: 12, Column: 3} }
	amount := func(e Entry) (string, error) { c, err := e.Money(); return c.String(), err }
	count := func(e Entry) (string, error) { n, err := e.Count(); return fmt.Sprint(n), err }
	date := func(e Entry) (string, error) { d, err := e.Date(); return d.String(), err }
	yesNo := func(e Entry) (string, error) { b, err := e.YesNo(); return fmt.Sprint(b), err }
	num := func(s string) Cell { return Cell{s, IsNumber} }
	for _, c := range []struct {
		read func(Entry) (string, error)
		cell Cell
		want string // or the refusal
	}{
		{amount, Text("1.134,50"), "1134.50"}, {amount, Text("1 134,50 €"), "1134.50"}, {amount, Text("1.134"), "1134.00"},
		{amount, num("1.5"), "1.50"}, {amount, num("250"), "250.00"}, {amount, num("-0.05"), "-0.05"}, {amount, num("1.13"), "1.13"},
		{amount, num("250.125"), "too-many-decimals"}, {amount, num("1.134"), "too-many-decimals"}, {amount, Text("12,345,6"), "no-amount"},
		{amount, Text("douze"), "no-amount"}, {amount, Text(""), "nothing"}, {amount, Cell{"2017-06-17", IsDate}, "no-amount"},
		{amount, Cell{"1", IsBool}, "no-amount"}, {amount, Cell{"3", IsFormula}, "formula"}, {amount, Cell{"#REF!", IsError}, "error-value"},
		{amount, num("99999999999999"), "no-amount"}, {amount, Money(113_450), "1134.50"},
		{count, Text("1.134"), "1134"}, {count, Text("1 134"), "1134"}, {count, Text("12,00"), "12"}, {count, num("3"), "3"}, {count, Text("-3"), "-3"},
		{count, num("3.5"), "no-count"}, {count, num("1.134"), "no-count"}, {count, Text("3,5"), "no-count"}, {count, Text("3 €"), "no-count"},
		{count, Text("EUR 3"), "no-count"}, {count, Cell{"2017-06-17", IsDate}, "no-count"}, {count, Text("trois"), "no-count"},
		{date, Text("17/06/2017"), "2017-06-17"}, {date, Text("17 juin 2017"), "2017-06-17"}, {date, Cell{"2017-06-17", IsDate}, "2017-06-17"},
		{date, Cell{"2017-06-17T18:00", IsDate}, "2017-06-17"}, {date, num("42903"), "2017-06-17"}, {date, Text("06/2017"), "2017-06"},
		{date, Text("2017"), "2017"}, {date, Text("31/02/2017"), "no-date"}, {date, Text("hier"), "no-date"}, {date, Text(""), "nothing"},
		{yesNo, Text("Oui"), "true"}, {yesNo, Text("X"), "true"}, {yesNo, Text("nee"), "false"}, {yesNo, Cell{"1", IsBool}, "true"},
		{yesNo, Cell{"0", IsBool}, "false"}, {yesNo, Text("peut-être"), "no-yes-or-no"}, {yesNo, Text(""), "nothing"},
	} {
		got, err := c.read(at(c.cell))
		if err != nil {
			r := fault.Of(err)[0]
			got = strings.TrimPrefix(r.Code, "sheets.refusal.")
			if r.Line != 12 || r.Field != "x" || r.Args["cell"] != "D12" || r.Args["head"] != "Tête" {
				t.Errorf("%v does not name its place", r)
			}
		}
		if got != c.want {
			t.Errorf("%+v: %s, want %s", c.cell, got, c.want)
		}
	}
	long := at(Text(strings.Repeat("é", 100)))
	if _, err := long.Date(); fault.Of(err)[0].Args["text"] != strings.Repeat("é", shownSigns)+"…" {
		t.Errorf("a long text is shown whole: %v", err)
	}
}

func TestCellsOfRooms(t *testing.T) {
	day, month := civil.MustParse("2017-06-17"), civil.MustParse("2017-06")
	got := []Cell{Int(-3), Money(-5), Date(day), Date(month), Date(civil.Date{}), Text("=x")}
	want := []Cell{{"-3", IsNumber}, {"-0.05", IsAmount}, {"2017-06-17", IsDate}, {"2017-06", IsText}, {}, {"=x", IsText}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
