package payment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/money"
	"lieux/base/sheets"
)

// Limits of a bank's file.
const (
	MaxFile     = 8 << 20 // bytes
	MaxLines    = 20_000
	MaxPayer    = 140  // signs of a name that are kept
	MaxMessage  = 1000 // signs of a communication that are kept
	MaxBankMark = 80   // signs of a bank's reference
)

// Line is one movement of a bank account, as a bank's file tells it.
type Line struct {
	Row       int // in the file, from 1
	On        civil.Date
	Cents     money.Cents // more than 0: it arrived; less: it left
	Payer     string
	IBAN      IBAN // of the other side; kept as written when it is wrong
	Message   string
	Reference string // the bank's, else a print of the line: the same movement has the same one in every file
	Account   IBAN   // ours; empty when the file does not say
}

// OGMs are the structured communications of the line, right or wrong.
func (l Line) OGMs() []OGM { return FindOGMs(l.Message) }

// Reader reads a bank's file. One that cannot be read is refused by line and column.
type Reader func(io.Reader) ([]Line, error)

// Readers are the formats of files, by name. Each takes what a person said about the file; a format that asks nothing,
// such as CODA or camt.053, leaves it aside. A further format is a further line of this table.
var Readers = map[string]func(name string, said ...sheets.Mapping) Reader{
	FormatCSV: CSV,
}

// FormatCSV is the table that banks export, also as a spreadsheet.
const FormatCSV = "csv"

// Fields of a bank's table.
const (
	FieldOn        = "on"
	FieldAmount    = "amount"
	FieldCredit    = "credit"
	FieldDebit     = "debit"
	FieldPayer     = "payer"
	FieldIBAN      = "iban"
	FieldOGM       = "ogm"
	FieldMessage   = "message"
	FieldDetails   = "details"
	FieldStatement = "statement"
	FieldReference = "reference"
	FieldBalance   = "balance"
	FieldCurrency  = "currency"
	FieldAccount   = "account"
	FieldStatus    = "status"
)

// Columns are the fields of a table that is no bank's export we know, with the words by which people head them.
var Columns = sheets.Columns{
	{Field: FieldOn, Required: true, Heads: []string{"Date", "Datum", "Date de comptabilisation", "Date comptable",
		"Date d'exécution", "Boekingsdatum", "Uitvoeringsdatum", "Booking date", "Execution date"}},
	{Field: FieldAmount, Heads: []string{"Montant", "Bedrag", "Amount", "Montant en EUR"}},
	{Field: FieldCredit, Heads: []string{"Crédit", "Credit", "Entrée", "Bij"}},
	{Field: FieldDebit, Heads: []string{"Débit", "Debet", "Debit", "Sortie", "Af"}},
	{Field: FieldPayer, Heads: []string{"Nom de la contrepartie", "Naam tegenpartij", "Naam van de tegenpartij",
		"Counterparty name", "Nom contrepartie", "Payeur", "Betaler", "Payer", "Nom", "Naam", "Name"}},
	{Field: FieldIBAN, Heads: []string{"Compte contrepartie", "Rekening tegenpartij", "Counterparty account",
		"IBAN contrepartie", "IBAN tegenpartij", "IBAN", "Contrepartie", "Tegenpartij"}},
	{Field: FieldOGM, Heads: []string{"Communication structurée", "Gestructureerde mededeling",
		"Structured communication"}},
	{Field: FieldMessage, Heads: []string{"Communication", "Mededeling", "Message", "Communication libre",
		"Vrije mededeling", "Communications", "Libellé", "Omschrijving", "Description"}},
	{Field: FieldDetails, Heads: []string{"Détails", "Details", "Transaction"}},
	{Field: FieldStatement, Heads: []string{"Numéro d'extrait", "Afschriftnummer", "Statement number"}},
	{Field: FieldReference, Heads: []string{"Référence", "Referentie", "Reference", "Numéro de transaction",
		"Transactienummer", "Volgnummer"}},
	{Field: FieldBalance, Heads: []string{"Solde", "Saldo", "Balance"}},
	{Field: FieldCurrency, Heads: []string{"Devise", "Munt", "Currency"}},
	{Field: FieldAccount, Heads: []string{"Numéro de compte", "Rekeningnummer", "Account number", "Compte", "Rekening"}},
	{Field: FieldStatus, Heads: []string{"Statut", "Status"}},
}

// layout is the head of one bank's export: the words that only it has, and which field stands under which word, the
// first one that is there.
type layout struct {
	bank   string
	sign   []string
	fields map[string][]string
}

// layouts are the exports that we know, French and Dutch.
var layouts = []layout{
	{"KBC", []string{"Rubrieknaam", "Afschriftnummer"}, map[string][]string{FieldAccount: {"Rekeningnummer"},
		FieldCurrency: {"Munt"}, FieldStatement: {"Afschriftnummer"}, FieldOn: {"Datum"}, FieldDetails: {"Omschrijving"},
		FieldAmount: {"Bedrag"}, FieldBalance: {"Saldo"}, FieldPayer: {"Naam tegenpartij"},
		FieldIBAN: {"rekeningnummer tegenpartij", "Rekening tegenpartij"}, FieldOGM: {"gestructureerde mededeling"},
		FieldMessage: {"Vrije mededeling"}}},
	{"KBC", []string{"Nom de la rubrique", "communication structurée"}, map[string][]string{
		FieldAccount: {"Numéro de compte"}, FieldCurrency: {"Devise"}, FieldOn: {"Date"}, FieldAmount: {"Montant"},
		FieldStatement: {"Numéro de l'extrait", "Numéro d'extrait"}, FieldDetails: {"Description"},
		FieldBalance: {"Solde"}, FieldPayer: {"Contrepartie nom", "Nom contrepartie"},
		FieldIBAN: {"numéro de compte contrepartie", "Compte contrepartie"}, FieldOGM: {"communication structurée"},
		FieldMessage: {"Communication libre"}}},
	{"Belfius", []string{"Date de comptabilisation", "Compte contrepartie", "Code pays"}, map[string][]string{
		FieldAccount: {"Compte"}, FieldOn: {"Date de comptabilisation"}, FieldStatement: {"Numéro d'extrait"},
		FieldReference: {"Numéro de transaction"}, FieldIBAN: {"Compte contrepartie"}, FieldDetails: {"Transaction"},
		FieldPayer: {"Nom contrepartie contient", "Nom contrepartie"}, FieldAmount: {"Montant"},
		FieldCurrency: {"Devise"}, FieldMessage: {"Communications", "Communication"}}},
	{"Belfius", []string{"Boekingsdatum", "Rekening tegenpartij", "Landcode"}, map[string][]string{
		FieldAccount: {"Rekening"}, FieldOn: {"Boekingsdatum"}, FieldReference: {"Transactienummer"},
		FieldStatement: {"Rekeninguittrekselnummer", "Afschriftnummer"}, FieldIBAN: {"Rekening tegenpartij"},
		FieldPayer: {"Naam tegenpartij bevat", "Naam tegenpartij"}, FieldDetails: {"Transactie"},
		FieldAmount: {"Bedrag"}, FieldCurrency: {"Devies", "Munt"}, FieldMessage: {"Mededelingen", "Mededeling"}}},
	{"BNP Paribas Fortis", []string{"Date d'exécution", "Contrepartie", "Devise du compte"}, map[string][]string{
		FieldReference: {"Nº de séquence", "N° de séquence"}, FieldOn: {"Date d'exécution"}, FieldAmount: {"Montant"},
		FieldCurrency: {"Devise du compte"}, FieldAccount: {"Numéro de compte"}, FieldIBAN: {"Contrepartie"},
		FieldPayer: {"Nom de la contrepartie"}, FieldMessage: {"Communication"}, FieldDetails: {"Détails"},
		FieldStatus: {"Statut"}}},
	{"BNP Paribas Fortis", []string{"Uitvoeringsdatum", "Tegenpartij", "Valuta rekening"}, map[string][]string{
		FieldReference: {"Volgnummer"}, FieldOn: {"Uitvoeringsdatum"}, FieldAmount: {"Bedrag"},
		FieldCurrency: {"Valuta rekening"}, FieldAccount: {"Rekeningnummer"}, FieldIBAN: {"Tegenpartij"},
		FieldPayer: {"Naam van de tegenpartij"}, FieldMessage: {"Mededeling"}, FieldDetails: {"Details"},
		FieldStatus: {"Status"}}},
	{"ING", []string{"Compte partie adverse", "Numéro de mouvement"}, map[string][]string{
		FieldAccount: {"Numéro de compte"}, FieldIBAN: {"Compte partie adverse"}, FieldReference: {"Numéro de mouvement"},
		FieldOn: {"Date comptable"}, FieldAmount: {"Montant"}, FieldCurrency: {"Devise"}, FieldMessage: {"Libellés"},
		FieldDetails: {"Détails du mouvement"}}},
	{"ING", []string{"Rekening tegenpartij", "Omzetnummer"}, map[string][]string{FieldAccount: {"Rekeningnummer"},
		FieldIBAN: {"Rekening tegenpartij"}, FieldReference: {"Omzetnummer"}, FieldOn: {"Boekingsdatum"},
		FieldAmount: {"Bedrag"}, FieldCurrency: {"Munteenheid"}, FieldMessage: {"Omschrijving"},
		FieldDetails: {"Detail van de omzet", "Details van de omzet"}}},
}

// mapping finds the fields of a layout in a head; false when the head is not of this bank.
func (l layout) mapping(head sheets.Row) (sheets.Mapping, bool) {
	at := map[string]int{}
	for i, c := range head.Cells {
		if key := fold.Text(c.Text); key != "" {
			if _, twice := at[key]; !twice {
				at[key] = i
			}
		}
	}
	for _, word := range l.sign {
		if _, there := at[fold.Text(word)]; !there {
			return sheets.Mapping{}, false
		}
	}
	m := sheets.Mapping{Fingerprint: sheets.Fingerprint(head), Fields: map[string]int{}, Score: 100}
	for field, words := range l.fields {
		for _, word := range words {
			if i, there := at[fold.Text(word)]; there {
				m.Fields[field] = i
				break
			}
		}
	}
	return m, true
}

// Layout names the bank whose export has this head; empty when it is none that we know.
func Layout(head sheets.Row) string {
	for _, l := range layouts {
		if _, is := l.mapping(head); is {
			return l.bank
		}
	}
	return ""
}

// headSearch is among how many first lines a bank's head is looked for.
const headSearch = 40

// recognise finds the head of a bank's export.
func recognise(sheet *sheets.Sheet) []sheets.Mapping {
	for _, row := range sheet.Lines[:min(len(sheet.Lines), headSearch)] {
		for _, l := range layouts {
			if m, is := l.mapping(row); is {
				return []sheets.Mapping{m}
			}
		}
	}
	return nil
}

// Limits of a table of a bank; the usual ones of sheets are those of a register.
func limits() sheets.Limits {
	l := sheets.Usual
	l.Bytes, l.Rows, l.Columns, l.Cells = MaxFile, MaxLines+100, 64, 1_000_000
	return l
}

// ReadTable reads a table of a bank under its head. said are mappings that a person gave or that were kept.
func ReadTable(r io.Reader, name string, said ...sheets.Mapping) (*sheets.Table, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("payment: bank file: %w", err)
	}
	sheet, err := sheets.Read(bytes.NewReader(raw), name, limits())
	if err != nil {
		return nil, err
	}
	return sheet.Table(Columns, append(slices.Clip(said), recognise(sheet)...)...)
}

// CSV reads the table that a bank exports, with mappings that a person gave or that were kept.
func CSV(name string, said ...sheets.Mapping) Reader {
	return func(r io.Reader) ([]Line, error) {
		table, err := ReadTable(r, name, said...)
		if err != nil {
			return nil, err
		}
		return Lines(table)
	}
}

// maxFaults is how many lines that cannot be read are told.
const maxFaults = 50

// Lines reads the movements of a table: those in euros that the bank has not refused, of another amount than zero.
func Lines(t *sheets.Table) (lines []Line, err error) {
	var rs fault.Refusals
	if err := t.Complete(); err != nil {
		rs = append(rs, fault.Of(err)...)
	}
	if !t.Has(FieldAmount) && !t.Has(FieldCredit) {
		rs = append(rs, fault.Refuse("payment.refusal.no-amount").At(FieldAmount).OnLine(t.Head.Line))
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	if len(t.Rows) > MaxLines {
		return nil, fault.Refuse("payment.refusal.too-many-lines", "n", len(t.Rows), "limit", MaxLines)
	}
	for _, row := range t.Rows {
		l, use, err := lineOf(t, row)
		if faults := fault.Of(err); faults != nil {
			if rs = append(rs, faults...); len(rs) >= maxFaults {
				break
			}
			continue
		} else if err != nil {
			return nil, err
		}
		if use {
			lines = append(lines, l)
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, fault.Refuse("payment.refusal.no-lines")
	}
	number(lines)
	return lines, nil
}

func lineOf(t *sheets.Table, row sheets.Row) (l Line, use bool, err error) {
	text := func(field string) string { return tidy(t.Entry(row, field).Text) }
	l = Line{Row: row.Line, Payer: cut(text(FieldPayer), MaxPayer), IBAN: ReadIBAN(text(FieldIBAN)),
		Account: ReadIBAN(text(FieldAccount))}
	if refused(text(FieldStatus)) {
		return l, false, nil
	}
	var rs fault.Refusals
	if l.On, err = t.Entry(row, FieldOn).Date(); err != nil {
		rs = append(rs, fault.Of(err)...)
	} else if !l.On.IsDay() {
		rs = append(rs, fault.Refuse("payment.refusal.no-day").At(FieldOn).OnLine(row.Line))
	}
	if l.Cents, err = amountOf(t, row); err != nil {
		rs = append(rs, fault.Of(err)...)
	} else if l.Cents > money.Max || l.Cents < -money.Max {
		rs = append(rs, fault.Refuse("payment.refusal.amount-bounds").At(FieldAmount).OnLine(row.Line))
	}
	if currency := strings.ToUpper(text(FieldCurrency)); currency != "" && currency != "EUR" && currency != "€" {
		rs = append(rs, fault.Refuse("payment.refusal.currency", "currency", currency).At(FieldCurrency).OnLine(row.Line))
	}
	l.Message = message(text(FieldOGM), text(FieldMessage), text(FieldDetails))
	if l.Payer == "" && !l.IBAN.Right() {
		l.Payer, l.IBAN = cut(text(FieldIBAN), MaxPayer), "" // a card payment has a shop where the account stands
	}
	l.Reference = l.mark(text(FieldStatement), text(FieldReference), text(FieldBalance))
	return l, l.Cents != 0, rs.Err()
}

// amountOf reads one column with a sign, else what came and what went in two.
func amountOf(t *sheets.Table, row sheets.Row) (money.Cents, error) {
	if e := t.Entry(row, FieldAmount); t.Has(FieldAmount) && !e.Empty() {
		return e.Money()
	}
	credit, debit := t.Entry(row, FieldCredit), t.Entry(row, FieldDebit)
	if !credit.Empty() {
		return credit.Money()
	}
	if debit.Empty() {
		return 0, nil
	}
	cents, err := debit.Money()
	if cents > 0 {
		cents = -cents
	}
	return cents, err
}

// refused says that the bank did not carry the movement out.
func refused(status string) bool {
	switch fold.Text(status) {
	case "refuse", "refusee", "geweigerd", "refused", "rejected", "rejete", "annule", "geannuleerd", "cancelled":
		return true
	}
	return false
}

// message joins what the bank says about a movement; the details repeat much, so they stand only where nothing else
// does, or where they alone hold a structured communication.
func message(ogm, free, details string) string {
	parts := []string{ogm, free}
	said := strings.TrimSpace(ogm + " " + free)
	if said == "" || len(FindOGMs(said)) == 0 && len(FindOGMs(details)) > 0 {
		parts = append(parts, details)
	}
	return cut(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · "), MaxMessage)
}

// leastMark is how many signs a reference without a statement has that is one movement's own: BNP's are 2026-00123.
const leastMark = 6

// mark is the bank's reference where it is one movement's own, else a print of the whole line: banks whose export has
// none tell the balance.
func (l Line) mark(statement, reference, balance string) string {
	account := l.Account
	if account == "" {
		account = "?"
	}
	year := strconv.Itoa(l.On.Year())
	switch {
	case reference != "" && statement != "":
		return cut(strings.Join([]string{string(account), year, statement, reference}, "/"), MaxBankMark)
	case len(reference) >= leastMark:
		return cut(strings.Join([]string{string(account), year, reference}, "/"), MaxBankMark)
	}
	print := strings.Join([]string{string(l.Account), l.On.String(), l.Cents.String(), string(l.IBAN), fold.Text(l.Payer),
		fold.Text(l.Message), statement, reference, balance}, "\n")
	sum := sha256.Sum256([]byte(print))
	return "~" + hex.EncodeToString(sum[:12])
}

// number tells lines apart that are alike to the last sign: two shares paid by two equal transfers on one day.
func number(lines []Line) {
	count := map[string]int{}
	for i, l := range lines {
		count[l.Reference]++
		if n := count[l.Reference]; n > 1 {
			lines[i].Reference = cut(l.Reference, MaxBankMark-6) + "#" + strconv.Itoa(n)
		}
	}
}

// tidy takes the padding of fixed columns out of a text.
func tidy(text string) string { return strings.Join(strings.FieldsFunc(text, unicode.IsSpace), " ") }

// cut keeps so many signs.
func cut(text string, limit int) string {
	if signs := []rune(text); len(signs) > limit {
		return strings.TrimSpace(string(signs[:limit]))
	}
	return text
}
