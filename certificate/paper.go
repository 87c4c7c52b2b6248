package certificate

import (
	"encoding/hex"
	"strings"

	"lieux/base/civil"
	"lieux/base/ident"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// Drawing is what every paper needs beside its own facts.
type Drawing struct {
	Book   *lang.Book
	Links  string // public address, as https://coop.example
	House  string // name, seat and enterprise number
	Name   string // of the house alone
	Screen bool   // for a letter by e-mail: no envelope, no place to sign
}

// NewDrawing reads what every paper says of the house.
func NewDrawing(r store.Reader, book *lang.Book, links string) (d Drawing, err error) {
	d = Drawing{Book: book, Links: links}
	house, found, err := people.TheHouse(r)
	if err != nil || !found {
		return d, err
	}
	itself, err := people.Get(r, house.Person)
	if err != nil {
		return d, err
	}
	seat, err := people.Addresses(r, house.Person)
	if err != nil {
		return d, err
	}
	d.Name = itself.Full()
	parts := []string{d.Name}
	if a, known := people.AddressOn(seat, people.Home, r.Today(), 0); known && a.Known() {
		parts = append(parts, a.Line())
	}
	if itself.Enterprise != "" {
		parts = append(parts, ident.FormatEnterprise(itself.Enterprise))
	}
	d.House = strings.Join(parts, ", ")
	return d, nil
}

// Page is the address at which a code is confirmed.
func (d Drawing) Page(code string) string { return d.Links + "/certificates/" + code }

// sheet is one paper while it is drawn.
type sheet struct {
	Drawing
	Certificate
	p     *lang.Printer
	names papers.NameMap
	who   papers.Line
	home  string     // of the holder: domicile, or seat and enterprise number
	made  civil.Date // the day on which the paper was made
	paper papers.Paper
}

// Paper draws a certificate as a tree, in its own language, with the names to draw it.
func (d Drawing) Paper(r store.Reader, c Certificate) (papers.Paper, papers.Names, error) {
	s := &sheet{Drawing: d, Certificate: c, p: d.Book.In(c.Lang), names: papers.NameMap{},
		made: c.At.On(r.Zone())}
	to, err := s.holder(r)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	kind := string(c.Kind)
	s.paper = papers.Paper{Kind: papers.Certificate, Lang: c.Lang, House: d.House,
		Title: s.p.T("certificate.title."+kind, "number", s.number(), "year", year(c)),
		Foot:  s.p.T("certificate.foot."+kind, "house", d.Name, "number", s.number(), "code", Grouped(c.Code))}
	if c.Kind == Year && to.Way == ByPost && !d.Screen {
		address := papers.Address{Lines: []papers.Line{s.who}}
		for _, line := range to.Lines {
			address.Lines = append(address.Lines, papers.T(line))
		}
		s.put(address)
	}
	s.put(papers.Paragraph{Words: s.opening()})
	if c.Kind == Year {
		s.yearBlocks()
	}
	s.lots()
	s.rights()
	s.proof()
	if !d.Screen {
		s.put(papers.Signatures{Items: []papers.Signature{{Role: s.p.T("certificate.signs")}}})
	}
	s.put(papers.Hint{Words: papers.T(s.p.T("certificate.hint"))})
	return s.paper, s.names, nil
}

func (s *sheet) put(b papers.Block) { s.paper.Blocks = append(s.paper.Blocks, b) }

func (s *sheet) number() string { return s.p.Count(s.Number) }

func year(c Certificate) string { return c.Day.String()[:4] }

// holder finds who the paper is for, as the persons know them now.
func (s *sheet) holder(r store.Reader) (to reached, err error) {
	holder, err := register.CooperatorNumbered(r, s.Holder)
	if err != nil {
		return to, err
	}
	person, err := people.Standing(r, holder.Person)
	if err != nil {
		return to, err
	}
	s.who = papers.L(papers.Who(string(person.ID)))
	if name := person.Full(); name != "" {
		s.names[string(person.ID)] = name
	}
	if to, err = reach(r, holder.Person); err != nil {
		return to, err
	}
	if to.Way == ByEmail {
		to.Lines = nil
		if err := to.findHome(r, person.ID); err != nil {
			return to, err
		}
	}
	history, err := people.Across(r, person.ID, people.Addresses)
	if err != nil {
		return to, err
	}
	s.home = s.p.T("people.address.unknown")
	if a, known := people.AddressOn(history, people.Home, s.Day, civil.EndOf(s.made, r.Zone())); known &&
		a.Known() {
		s.home = a.Line()
	}
	if person.Enterprise != "" {
		s.home += ", " + ident.FormatEnterprise(person.Enterprise)
	}
	return to, nil
}

// opening is the sentence that certifies. The holder stands in it as a person of the paper.
func (s *sheet) opening() papers.Line {
	code := "certificate.opening." + string(s.Kind)
	said := s.p.T(code, "house", s.Name, "name", "\v", "home", s.home, "holder", s.Holder.String(), "day", s.Day,
		"n", s.Facts.Shares(), "year", year(s.Certificate))
	before, after, _ := strings.Cut(said, "\v")
	return papers.L(before, s.who, after)
}

func (s *sheet) column(field string) papers.Column {
	c := papers.Column{Head: papers.T(s.p.T("certificate.field." + field))}
	switch field {
	case "class":
		c.Row, c.Weight = true, 3
	case "operation":
		c.Row, c.Weight = true, 3
	case "lot", "shares", "nominal", "paid", "due", "gained":
		c.Align = papers.Right
	}
	return c
}

func (s *sheet) columns(fields ...string) (list []papers.Column) {
	for _, f := range fields {
		list = append(list, s.column(f))
	}
	return list
}

func (s *sheet) heading(code string) {
	s.put(papers.Heading{Level: 2, Words: papers.T(s.p.T(code, "day", s.Day, "year", year(s.Certificate)))})
}

// lots is the table of what is held, lot by lot.
func (s *sheet) lots() {
	s.heading("certificate.held." + string(s.Kind))
	if len(s.Facts.Lots) == 0 {
		s.put(papers.Paragraph{Words: papers.T(s.p.T("certificate.nothing"))})
		return
	}
	t := papers.Table{Columns: s.columns("class", "lot", "issued", "shares", "nominal", "paid", "due")}
	for _, l := range s.Facts.Lots {
		class := s.Facts.ClassOf(l.Class)
		t.Rows = append(t.Rows, papers.Row{papers.T(strings.TrimSuffix(class.Letter+", "+class.Name, ", ")),
			papers.T(l.Lot.String()), papers.T(s.p.ShortDate(l.Issued)), papers.T(s.p.Count(l.Shares)),
			papers.T(s.p.Money(class.Nominal)), papers.T(s.p.Money(l.Paid)), papers.T(s.p.Money(l.Due))})
	}
	t.Totals = []papers.Row{{papers.T(s.p.T("certificate.total")), nil, nil, papers.T(s.p.Count(s.Facts.Shares())), nil,
		papers.T(s.p.Money(s.Facts.Paid())), papers.T(s.p.Money(s.Facts.Due()))}}
	s.put(t)
}

// yearBlocks is what was held when the year began, and its movements.
func (s *sheet) yearBlocks() {
	s.heading("certificate.moves")
	before := Facts{Lots: s.Facts.Before}
	t := papers.Table{Columns: s.columns("operation", "effective", "class", "lot", "gained", "paid")}
	t.Columns[2].Row, t.Columns[2].Weight = false, 0
	row := func(what, day, class, lot, shares, paid string) papers.Row {
		cells := papers.Row{papers.T(what), papers.T(day), nil, nil, papers.T(shares), papers.T(paid)}
		if class != "" {
			cells[2], cells[3] = papers.T(class), papers.T(lot)
		}
		return cells
	}
	first := LastOf(s.Day.Year() - 1)
	t.Rows = append(t.Rows, row(s.p.T("certificate.held-before"), s.p.ShortDate(first), "", "",
		s.p.Count(before.Shares()), s.p.Money(before.Paid())))
	for _, m := range s.Facts.Moves {
		t.Rows = append(t.Rows, row(s.p.T(m.Kind.Code()), s.p.ShortDate(m.Effective), string(m.Class), m.Lot.String(),
			signed(s.p, m.Shares), s.p.Money(m.Paid)))
	}
	t.Totals = []papers.Row{row(s.p.T("certificate.held-after"), s.p.ShortDate(s.Day), "", "",
		s.p.Count(s.Facts.Shares()), s.p.Money(s.Facts.Paid()))}
	s.put(t)
}

func signed(p *lang.Printer, n int64) string {
	if n > 0 {
		return "+" + p.Count(n)
	}
	return p.Count(n)
}

// rights tells what the shares give and what restricts them, class by class.
func (s *sheet) rights() {
	var facts []papers.Fact
	for _, c := range s.Facts.Classes {
		say := func(what, text string) {
			if text != "" {
				facts = append(facts, papers.Fact{Term: c.Letter + ", " + s.p.T("register.right."+what), Words: papers.T(text)})
			}
		}
		if c.PerHead {
			say("vote", s.p.T("register.print.votes-head"))
		} else {
			say("vote", s.p.T("register.print.votes", "n", c.Votes))
		}
		say("profit", c.Profit)
		restriction := c.Restriction
		if restriction != "" && c.Article != "" {
			restriction += " (" + c.Article + ")"
		}
		say("restriction", restriction)
	}
	if len(facts) > 0 {
		s.heading("certificate.rights")
		s.put(papers.Facts{Items: facts})
	}
}

// proof says how the paper is confirmed, and the state of the journal when it was made.
func (s *sheet) proof() {
	page := s.Page(s.Code)
	s.put(papers.Proof{Head: s.p.T("certificate.proof"), Blocks: papers.Blocks{
		papers.QR{Text: page, Words: papers.T(s.p.T("certificate.proof.see", "page", page))},
		papers.Facts{Items: []papers.Fact{
			{Term: s.p.T("certificate.field.code"), Words: papers.L(papers.Mono(Grouped(s.Code)))},
			{Term: s.p.T("certificate.field.made"), Words: papers.T(s.p.Date(s.made))},
			{Term: s.p.T("certificate.field.through"), Words: papers.T(s.Through.String())},
			{Term: s.p.T("certificate.field.head"), Words: papers.L(s.p.T("certificate.head", "number", s.p.Count(s.Head))+" ",
				papers.Mono(grouped(s.HeadHash)))},
		}},
	}})
}

// grouped is the beginning of a hash, to be compared sign by sign.
func grouped(hash string) string {
	raw, err := hex.DecodeString(hash)
	if err != nil || len(raw) < 16 {
		return hash
	}
	var parts []string
	for i := 0; i < 16; i += 2 {
		parts = append(parts, hex.EncodeToString(raw[i:i+2]))
	}
	return strings.Join(parts, " ")
}
