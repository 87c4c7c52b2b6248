// Package lang puts phrases into words: French, Dutch and English, with the plurals, figures, amounts and dates of
// each.
//
// A room keeps its phrases in lang/fr.json, nl.json and en.json (flat keys, "room.subject.phrase"), embedded as an
// fs.FS. A value is either a text with {{.name}} places, or {"one": "...", "other": "..."} where the argument n
// decides. Arguments are typed: an int is printed with its thousands parted, money.Cents as an amount, civil.Date as
// a date, a Phrase as its words. French elides by itself: "l’adresse de {{.person}}" is said "l’adresse d’Agathe".
package lang

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

// Tag is one of the languages of the product.
type Tag string

// The languages, in the order in which they are offered.
const (
	French  Tag = "fr"
	Dutch   Tag = "nl"
	English Tag = "en"
)

// Tags lists the languages.
var Tags = []Tag{French, Dutch, English}

// Known says whether a text names a language of the product.
func Known(s string) bool { return slices.Contains(Tags, Tag(s)) }

// Worded is a value of a room that knows how to be written in a language, such as an exact fraction.
type Worded interface {
	Words(p *Printer) string
}

// Book holds every catalogue of the program. There are thousands of phrases in each language and a server holds them
// for as long as it lives, so they are kept as texts alone; a place is filled when a phrase is said.
type Book struct {
	index    map[string]int // the number of each phrase, the same in every language
	printers map[Tag]*Printer
}

// Printer writes in one language. It is safe for concurrent use.
type Printer struct {
	Tag     Tag
	index   map[string]int
	texts   []string       // by number; of a plural, the form of many
	ones    map[int]string // the form of one, of those that have it
	locale  language.Tag
	numbers style
}

type style struct {
	thousands, decimal string
	euroFirst          string // the euro before the figures, with what parts it from them; empty where it stands behind
	minusAfter         bool   // the minus stands between the euro and the figures
	percent            string
	months, days       []string
	code, bookOf       string // the Code of companies, and its books
}

const (
	noBreak = "\u00a0"
	minus   = "\u2212"
)

var styles = map[Tag]style{
	French: {noBreak, ",", "", false, noBreak + "%",
		strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
		strings.Fields("dimanche lundi mardi mercredi jeudi vendredi samedi"), "CSA", "livre"},
	Dutch: {".", ",", "€" + noBreak, true, "%",
		strings.Fields("januari februari maart april mei juni juli augustus september oktober november december"),
		strings.Fields("zondag maandag dinsdag woensdag donderdag vrijdag zaterdag"), "WVV", "boek"},
	English: {",", ".", "€", false, "%",
		strings.Fields("January February March April May June July August September October November December"),
		strings.Fields("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"), "CSA", "book"},
}

// NewBook reads the catalogues: each holds lang/fr.json, lang/nl.json and lang/en.json. The same key twice, an empty
// phrase, a place that is none, or a language without a key that another has, is an error.
func NewBook(catalogues ...fs.FS) (*Book, error) {
	book := &Book{map[string]int{}, map[Tag]*Printer{}}
	for _, tag := range Tags {
		p := &Printer{tag, book.index, nil, map[int]string{}, language.Make(string(tag)), styles[tag]}
		for i, cat := range catalogues {
			if err := p.read(cat); err != nil {
				return nil, fmt.Errorf("lang: catalogue %d: %s: %w", i+1, tag, err)
			}
		}
		book.printers[tag] = p
	}
	for _, tag := range Tags[1:] {
		if missing := difference(book.In(French), book.In(tag)); len(missing) > 0 {
			return nil, fmt.Errorf("lang: %s and fr differ in %v", tag, missing)
		}
	}
	return book, nil
}

// read takes in one catalogue, phrase by phrase.
func (p *Printer) read(cat fs.FS) error {
	file, err := cat.Open("lang/" + string(p.Tag) + ".json")
	if err != nil {
		return err
	}
	defer file.Close() // read only
	decoder := json.NewDecoder(file)
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('{') {
		return fmt.Errorf("a catalogue is one object: %w", cmp.Or(err, io.ErrUnexpectedEOF))
	}
	for decoder.More() {
		code, err := decoder.Token() // a key of an object, so a string
		if err != nil {
			return err
		}
		if err := p.phrase(decoder, code.(string)); err != nil {
			return fmt.Errorf("%q %w", code, err)
		}
	}
	if _, err = decoder.Token(); errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// phrase takes in one phrase.
func (p *Printer) phrase(decoder *json.Decoder, code string) error {
	var raw json.RawMessage
	if err := decoder.Decode(&raw); err != nil {
		return err
	}
	var one, other string
	if err := json.Unmarshal(raw, &other); err != nil {
		var plural struct{ One, Other string }
		if err := json.Unmarshal(raw, &plural); err != nil || plural.One == "" {
			return errors.New("is neither a text nor one/other")
		}
		one, other = plural.One, plural.Other
	}
	if other == "" {
		return errors.New("is neither a text nor one/other")
	}
	if left := strings.Count(one+other, "{{"); left != len(place.FindAllString(one+other, -1)) {
		return errors.New("has a place that is not written {{.name}}")
	}
	n, known := p.index[code]
	if !known {
		n = len(p.index)
		p.index[code] = n
	}
	for len(p.texts) <= n {
		p.texts = append(p.texts, "")
	}
	if p.texts[n] != "" {
		return errors.New("stands twice")
	}
	p.texts[n] = other
	if one != "" {
		p.ones[n] = one
	}
	return nil
}

// difference lists the phrases that only one of two printers has.
func difference(a, b *Printer) (missing []string) {
	for code := range a.index {
		if a.Has(code) != b.Has(code) {
			missing = append(missing, code)
		}
	}
	slices.Sort(missing)
	return missing
}

// In is the printer of a language; French when the language is not one of ours.
func (b *Book) In(tag Tag) *Printer {
	if p, ok := b.printers[tag]; ok {
		return p
	}
	return b.printers[French]
}

// Codes lists every phrase, sorted.
func (p *Printer) Codes() []string { return slices.Sorted(maps.Keys(p.index)) }

// text is the words of a phrase with their places, of many where it has a plural.
func (p *Printer) text(code string) (text string, one string, known bool) {
	n, known := p.index[code]
	if !known || n >= len(p.texts) || p.texts[n] == "" {
		return "", "", false
	}
	return p.texts[n], p.ones[n], true
}

// Has says whether the catalogue has a phrase.
func (p *Printer) Has(code string) bool {
	_, _, known := p.text(code)
	return known
}

// Uneven lists the phrases whose places differ between languages, as {{.shares}} here and {{.aandelen}} there; a test
// of the whole program asks for it. The forms of a plural count together, since "une part" needs no {{.n}}.
func (b *Book) Uneven() (uneven []string) {
	for _, code := range b.printers[French].Codes() {
		for _, tag := range Tags {
			if !maps.Equal(b.printers[French].placesOf(code), b.printers[tag].placesOf(code)) {
				uneven = append(uneven, string(tag)+" "+code)
			}
		}
	}
	return uneven
}

// place is where a value goes.
var place = regexp.MustCompile(`\{\{\.\w+\}\}`)

func (p *Printer) placesOf(code string) map[string]bool {
	places := map[string]bool{}
	other, one, _ := p.text(code)
	for _, found := range place.FindAllString(one+other, -1) {
		places[found] = true
	}
	return places
}

// T says a phrase; kv are names and values. A code that no catalogue has is returned between guillemets, so that a
// test finds it; so is the code of a phrase with a place that was given no value.
func (p *Printer) T(code string, kv ...any) string { return p.words(code, fault.Pairs(kv...)) }

// Words says a phrase.
func (p *Printer) Words(ph Phrase) string { return p.words(ph.Code, ph.Args) }

func (p *Printer) words(code string, args fault.Args) string {
	text, one, known := p.text(code)
	if !known {
		return "«" + code + "»"
	}
	if one != "" && p.isOne(count(args["n"]), one) {
		text = one
	}
	said, whole := p.filled(text, args)
	if !whole {
		return "«" + code + "»"
	}
	return said
}

// isOne says whether a number takes the form of one, by the rules of the language.
func (p *Printer) isOne(n int64, one string) bool {
	if n == 0 && !strings.Contains(one, "{{.n}}") {
		return false // French says "one" of zero too; where the phrase spells the one out, zero is "0 parts"
	}
	return plural.Cardinal.MatchPlural(p.locale, int(max(n, -n)), 0, 0, 0, 0) == plural.One
}

// filled puts the values into their places; not whole when one is missing, so that a test finds it.
func (p *Printer) filled(text string, args fault.Args) (said string, whole bool) {
	before, rest, more := strings.Cut(text, "{{.")
	if !more {
		return text, true
	}
	var b strings.Builder
	for more {
		var name string
		name, rest, _ = strings.Cut(rest, "}}")
		v, given := args[name]
		if !given {
			return "", false
		}
		value := p.Value(v)
		if d, is := v.(civil.Date); is && !d.IsZero() && !d.IsDay() {
			before = p.partly(before)
		}
		if p.Tag == French && elides(before, value) {
			before = strings.TrimSuffix(before, "e ") + "’"
		}
		b.WriteString(before)
		b.WriteString(value)
		before, rest, more = strings.Cut(rest, "{{.")
	}
	b.WriteString(before)
	return b.String(), true
}

// count is the number that decides the plural; two, so the form of many, when there is none.
func count(v any) int64 {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case float64: // a phrase that was stored as JSON
		return int64(v)
	}
	return 2
}

// Refusal says a refusal: what, and the article. What to do is [Printer.Todo].
func (p *Printer) Refusal(r fault.Refusal) string {
	s := p.Words(Phrase{r.Code, r.Args})
	if r.Line > 0 {
		s = p.Line(r.Line) + s
	}
	return s
}

// Line is the place of a refusal in a file: "Ligne 12 : ".
func (p *Printer) Line(n int) string {
	return map[Tag]string{French: "Ligne ", Dutch: "Regel ", English: "Line "}[p.Tag] + strconv.Itoa(n) +
		map[Tag]string{French: noBreak + ": ", Dutch: ": ", English: ": "}[p.Tag]
}

// Todo says what to do about a refusal: the phrase Code + ".todo", or nothing when there is none.
func (p *Printer) Todo(r fault.Refusal) string {
	if !p.Has(r.Code + ".todo") {
		return ""
	}
	return p.Words(Phrase{r.Code + ".todo", r.Args})
}

// Value writes one argument as a sentence prints it.
func (p *Printer) Value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return p.Count(int64(v))
	case int64:
		return p.Count(v)
	case float64: // numbers of a phrase that was stored as JSON; ours are whole
		return p.Count(int64(v))
	case money.Cents:
		return p.Money(v)
	case civil.Date:
		return p.Date(v)
	case Phrase:
		return p.Words(v)
	case []string:
		return p.List(v)
	case Worded:
		return v.Words(p)
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// Count writes a whole number with its thousands parted: 1 134, with U+2212 for a minus.
func (p *Printer) Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	if n < 0 {
		return minus + p.parted(digits[1:])
	}
	return p.parted(digits)
}

// parted parts the thousands of a row of figures.
func (p *Printer) parted(digits string) string {
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(p.numbers.thousands)
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Plain writes an amount without its unit, with decimals only when there are cents: 712 000 or 1 134,50.
func (p *Printer) Plain(c money.Cents) string {
	whole, rest := int64(c/100), int64(c%100)
	s := p.Count(whole)
	if whole == 0 && rest < 0 {
		s = minus + "0"
	}
	if rest != 0 {
		s += p.numbers.decimal + fmt.Sprintf("%02d", max(rest, -rest))
	}
	return s
}

// Money writes an amount in euros as each language does in Belgium (CLDR fr-BE, nl-BE, en): 712 000 €, € 712.000,
// €712,000; and with cents 1 134,50 €, € 1.134,50, €1,134.50.
func (p *Printer) Money(c money.Cents) string {
	before, figures, after := p.Amount(c)
	return before + figures + after
}

// Amount is Money in its three parts, for a page that writes the euro smaller than the figures. One of before and
// after is empty; the other holds the euro with what parts it from the figures.
func (p *Printer) Amount(c money.Cents) (before, figures, after string) {
	figures = p.Plain(c)
	if p.numbers.euroFirst == "" {
		return "", figures, noBreak + "€"
	}
	if bare, negative := strings.CutPrefix(figures, minus); negative && !p.numbers.minusAfter {
		return minus + p.numbers.euroFirst, bare, ""
	}
	return p.numbers.euroFirst, figures, ""
}

// Percent writes a/b as a percentage with one decimal, rounded half away from zero; "–" when b is zero.
func (p *Printer) Percent(a, b int64) string {
	if b == 0 {
		return "–"
	}
	sign := ""
	if a < 0 != (b < 0) {
		sign = minus
	}
	whole := new(big.Int).Abs(big.NewInt(b))
	tenths := new(big.Int).Mul(new(big.Int).Abs(big.NewInt(a)), big.NewInt(2000))
	tenths.Add(tenths, whole).Quo(tenths, whole.Lsh(whole, 1))
	if tenths.Sign() == 0 {
		sign = ""
	}
	units, tenth := new(big.Int).QuoRem(tenths, big.NewInt(10), new(big.Int))
	return sign + p.parted(units.String()) + p.numbers.decimal + tenth.String() + p.numbers.percent
}

// Date writes a date as it is known: 17 juin 2017, juin 2017, 2017.
func (p *Printer) Date(d civil.Date) string {
	switch {
	case d.IsZero():
		return "–"
	case d.Month() == 0:
		return strconv.Itoa(d.Year())
	case !d.IsDay():
		return p.numbers.months[d.Month()-1] + " " + strconv.Itoa(d.Year())
	}
	day := strconv.Itoa(d.DayOfMonth())
	if p.Tag == French && day == "1" {
		day = "1er"
	}
	return day + noBreak + p.numbers.months[d.Month()-1] + " " + strconv.Itoa(d.Year())
}

// LongDate writes the day of the week too: samedi 17 juin 2017.
func (p *Printer) LongDate(d civil.Date) string {
	if !d.IsDay() {
		return p.Date(d)
	}
	return p.numbers.days[d.Time().Weekday()] + " " + p.Date(d)
}

// ShortDate is for tables: 17.06.2017, 06.2017, 2017.
func (p *Printer) ShortDate(d civil.Date) string {
	switch {
	case d.IsZero():
		return ""
	case d.Month() == 0:
		return strconv.Itoa(d.Year())
	case !d.IsDay():
		return fmt.Sprintf("%02d.%d", d.Month(), d.Year())
	}
	return fmt.Sprintf("%02d.%02d.%d", d.DayOfMonth(), d.Month(), d.Year())
}

// Moment writes an instant in a zone: 17 juin 2017, 09:42.
func (p *Printer) Moment(i civil.Instant, zone *time.Location) string {
	t := i.Time().In(zone)
	return p.Date(civil.Of(t, zone)) + ", " + t.Format("15:04")
}

// List joins words: a, b et c.
func (p *Printer) List(words []string) string {
	and := map[Tag]string{French: " et ", Dutch: " en ", English: " and "}[p.Tag]
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + and + words[len(words)-1]
}

// Cite is an article of the law as a reader of the language looks it up: what rules and refusals call "CSA 6:85" or
// "CSA, livre 6" is the WVV in Dutch. An article of something else stays as it is.
func (p *Printer) Cite(article string) string {
	french := styles[French]
	rest, found := strings.CutPrefix(article, french.code)
	if !found {
		return article
	}
	return p.numbers.code + strings.Replace(rest, ", "+french.bookOf+" ", ", "+p.numbers.bookOf+" ", 1)
}

type key struct{}

// With puts the printer of a request into its context; From takes it out.
func With(ctx context.Context, p *Printer) context.Context { return context.WithValue(ctx, key{}, p) }

// From panics when no printer was put in: the door puts one into every request.
func From(ctx context.Context) *Printer {
	p, ok := ctx.Value(key{}).(*Printer)
	fault.Must(ok, "no printer in the context")
	return p
}

// T says a phrase in the language of the context; for templates.
func T(ctx context.Context, code string, kv ...any) string { return From(ctx).T(code, kv...) }

// Accept picks the language of an Accept-Language header.
func Accept(header string) Tag {
	if len(header) > 200 {
		header = header[:200]
	}
	tags, _, _ := language.ParseAcceptLanguage(header)
	for _, t := range tags {
		base, _ := t.Base()
		if Known(base.String()) {
			return Tag(base.String())
		}
	}
	return cmp.Or(French)
}
