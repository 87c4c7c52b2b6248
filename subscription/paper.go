package subscription

import (
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// NumberWords is how the number of a form is written: P-0042.
func NumberWords(n int64) string {
	text := strconv.FormatInt(n, 10)
	for len(text) < 4 {
		text = "0" + text
	}
	return "P-" + text
}

// sheetOf is what all sheets of a class and a language have in common: read once for a pile.
type sheetOf struct {
	p        *lang.Printer
	house    string
	class    register.ShareClass
	texts    []people.ConsentText
	mentions []lang.Phrase
	account  payment.Account
	paid     bool // an account is known
}

func readSheet(r store.Reader, class register.ClassID, tag lang.Tag) (s sheetOf, err error) {
	s.p = words().In(tag)
	if s.house, _, err = houseOf(r); err != nil {
		return s, err
	}
	if s.class, err = register.ClassOf(r, class); err != nil {
		return s, err
	}
	if s.texts, err = Texts(r, tag); err != nil {
		return s, err
	}
	if s.mentions, err = offer.Mentions(r, r.Today()); err != nil {
		return s, err
	}
	s.account, s.paid, err = payment.AccountOn(r, r.Today())
	return s, err
}

// BlankSheet is a form without a number, for who prefers paper: the office gives it one.
func BlankSheet(r store.Reader, class register.ClassID, tag lang.Tag) (papers.FormSheet, error) {
	s, err := readSheet(r, class, tag)
	if err != nil {
		return papers.FormSheet{}, err
	}
	return s.sheet(Form{}, "")
}

// Sheets are the forms as they are printed; links is the public address. A file holds forms of one class and one
// language.
func Sheets(r store.Reader, forms []Form, links string) (list []papers.FormSheet, err error) {
	fault.Must(len(forms) > 0, "a pile of no forms")
	s, err := readSheet(r, forms[0].Class, forms[0].Language)
	if err != nil {
		return nil, err
	}
	for _, f := range forms {
		sheet, err := s.sheet(f, links)
		if err != nil {
			return nil, err
		}
		list = append(list, sheet)
	}
	return list, nil
}

// sheet draws the form, in the order of the screen.
func (s sheetOf) sheet(f Form, links string) (papers.FormSheet, error) {
	p := s.p
	out := papers.FormSheet{Lang: p.Tag, House: s.house, Title: p.T("subscription.form.title"),
		Lead: p.T("subscription.form.lead", "nominal", s.class.Nominal)}
	if f.Number != 0 {
		out.Number = NumberWords(f.Number)
		out.Link = links + "/subscriptions/paper/" + strconv.FormatInt(f.Number, 10)
		out.LinkNote = p.T("subscription.form.link")
	}
	out.Parts = []papers.FormPart{s.who(), s.reach(), s.take(), s.sign(f), s.office(f)}
	return out, s.foot(&out)
}

// foot is what every document about an offer must say.
func (s sheetOf) foot(out *papers.FormSheet) error {
	book, err := lang.NewBook(Phrases, offer.Phrases)
	if err != nil {
		return err
	}
	p := book.In(s.p.Tag)
	for i, m := range s.mentions {
		if i > 0 {
			out.Foot += " "
		}
		out.Foot += p.Words(m)
	}
	return nil
}

// The widths of boxes in signs.
const (
	paperLine  = 90
	paperShort = 40
)

// A day is written in two, two and four figures.
var dayBoxes = []int{2, 2, 4}

func (s sheetOf) box(span int, name, code string, most int) papers.FormText {
	return papers.FormText{Span: span, Name: name, Label: s.p.T("subscription.form." + code), Max: most}
}

func (s sheetOf) choice(span int, group, value string) papers.FormChoice {
	return papers.FormChoice{Span: span, Name: group, Choice: value, Tip: s.p.T("subscription.form." + group),
		Words: papers.T(s.p.T("subscription.form." + group + "." + value))}
}

func (s sheetOf) head(n int, code string) string {
	return strconv.Itoa(n) + ". " + s.p.T("subscription.form.part."+code)
}

func (s sheetOf) who() papers.FormPart {
	enterprise := s.box(4, "enterprise", "enterprise", 0)
	enterprise.Groups = []int{4, 3, 3}
	birth := s.box(3, "birth", "birth", 0)
	birth.Groups = dayBoxes
	return papers.FormPart{Head: s.head(1, "who"), Rows: []papers.FormRow{
		{s.choice(2, "kind", string(people.Natural)), s.choice(3, "kind", string(people.Legal)),
			s.choice(2, "purpose", string(Self)), s.choice(2, "purpose", string(Gift)), s.choice(3, "purpose", string(Child))},
		{s.box(4, "family", "family", paperLine), s.box(3, "given", "given", paperLine), birth,
			s.box(2, "member", "member", 8)},
		{s.box(6, "name", "name", paperLine), s.box(2, "form", "form", 20), enterprise},
		{s.box(4, "second-family", "second-family", paperLine), s.box(4, "second-given", "given", paperLine),
			s.box(4, "second-quality", "second-quality", paperShort)},
	}}
}

func (s sheetOf) reach() papers.FormPart {
	postcode := s.box(2, "postcode", "postcode", 10)
	language := s.box(2, "language", "language", 0)
	language.Groups = []int{2}
	language.Value = string(s.p.Tag)
	return papers.FormPart{Head: s.head(2, "reach"), Rows: []papers.FormRow{
		{s.box(6, "street", "street", paperLine), postcode, s.box(4, "town", "town", paperLine)},
		{s.box(4, "phone", "phone", paperShort), s.box(6, "email", "email", paperLine), language},
	}}
}

func (s sheetOf) take() papers.FormPart {
	shares := s.box(3, "shares", "shares", 0)
	shares.Groups = []int{4}
	part := papers.FormPart{Head: s.head(3, "take"), Rows: []papers.FormRow{
		{shares, papers.FormWords{Span: 4, Words: papers.T(s.p.T("subscription.form.times", "nominal", s.class.Nominal,
			"class", s.class.Letter))}, papers.FormPen{Span: 5,
			Label: s.p.T("subscription.form.amount"), Groups: []int{3, 3, 2}}},
		{s.box(4, "payer-family", "payer-family", paperLine), s.box(4, "payer-given", "given", paperLine),
			s.box(4, "payer-email", "email", paperLine)},
	}}
	if s.class.Quality != "" {
		part.Rows = append(part.Rows, papers.FormRow{papers.FormText{Span: 12, Name: "quality", Max: paperLine,
			Label: s.p.T("subscription.form.quality", "quality", s.class.Quality)}})
	}
	return part
}

func (s sheetOf) read() papers.FormPart {
	part := papers.FormPart{Head: s.head(4, "pay")}
	for _, t := range s.texts {
		part.Rows = append(part.Rows, papers.FormRow{papers.FormTick{Span: 12, Name: "consent-" + string(t.Kind),
			Tip: s.p.T("subscription.form.agree." + string(t.Kind)),
			Words: papers.T(s.p.T("subscription.form.consent", "what", s.p.T("subscription.form.agree."+string(t.Kind)),
				"from", t.From))}})
	}
	return part
}

// sign is the signature, and beside it how the shares are paid once they are admitted.
func (s sheetOf) sign(f Form) papers.FormPart {
	day := s.box(4, "signed-on", "signed-on", 0)
	day.Groups = dayBoxes
	iban := s.box(8, "iban", "iban", 0)
	iban.Groups = []int{4, 4, 4, 4}
	part := s.read()
	part.Rows = append(part.Rows, papers.FormRow{day, iban})
	pen := papers.FormPen{Span: 12, Label: s.p.T("subscription.form.signature"), Height: 17}
	if f.Number == 0 || !s.paid {
		part.Rows = append(part.Rows, papers.FormRow{pen})
		return part
	}
	pen.Span = 5
	ogm := f.OGM().String()
	code := payment.EPC(s.account.Beneficiary, string(s.account.IBAN), s.account.BIC, money.Cents(0), ogm)
	part.Rows = append(part.Rows, papers.FormRow{pen, papers.FormWords{Span: 5, Words: papers.T(ogm), Mono: true,
		Label: s.p.T("subscription.form.ogm", "iban", s.account.IBAN.String())}, papers.FormCode{Span: 2, Text: code}})
	return part
}

// office is filled in by the office; the number stands in a field, so that a filled form says which it is.
func (s sheetOf) office(f Form) papers.FormPart {
	pen := func(span int, code string, groups ...int) papers.FormPen {
		return papers.FormPen{Span: span, Label: s.p.T("subscription.form." + code), Groups: groups}
	}
	number := s.box(3, "number", "number", 12)
	if f.Number != 0 {
		number.Value = NumberWords(f.Number)
	}
	return papers.FormPart{Office: true, Rows: []papers.FormRow{{number,
		pen(3, "received", dayBoxes...), pen(3, "decided", dayBoxes...), pen(3, "holder", 4)}}}
}

// ReadNumber reads the number of a form as people type it or as a scanner sends it: 42, P-0042, the whole address.
func ReadNumber(text string) (int64, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	text = text[strings.LastIndex(text, "/")+1:]
	text = strings.TrimLeft(strings.TrimPrefix(text, "P"), "- ")
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n > 0
}

// Read turns the fields of a filled form into those of the entry screen. What reads as nothing is left as it was typed:
// the screen says what is wrong with it.
func Read(values map[string]string, today civil.Date) map[string]string {
	out := map[string]string{"kind": string(people.Natural), "purpose": string(Self)}
	for name, value := range values {
		value = oneLine(value)
		switch name {
		case "number":
			continue
		case "birth", "signed-on":
			value = readDay(value)
		case "language":
			value = strings.ToLower(value)
		}
		if value != "" {
			out[name] = value
		}
	}
	if out["signed-on"] == "" {
		out["signed-on"] = today.String()
	}
	return out
}

// readDay reads eight figures as a day, month and year; another text stays.
func readDay(text string) string {
	figures := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	if len(figures) != 8 {
		return text
	}
	day := figures[4:] + "-" + figures[2:4] + "-" + figures[:2]
	if _, err := civil.Parse(day); err != nil {
		return text
	}
	return day
}
