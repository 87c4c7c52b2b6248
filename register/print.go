package register

import (
	"errors"
	"iter"
	"strings"

	"lieux/base/civil"
	"lieux/base/ident"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// Print is the register as the law asks for it (CSA 6:24-25), to be drawn while r is open, and nothing beyond: the
// issued shares of each class with their rights and restrictions; each holder with domicile, or seat and enterprise
// number, and shares with what is paid; the transfers with their dates. Never an e-mail address, a date of birth or a
// bank account: every holder may consult the register.
func Print(r store.Reader, p *lang.Printer, day, known civil.Date) (papers.Paper, papers.Names, error) {
	d, err := newDraft(r, p, day, known)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	roll, err := RollOn(r, day, known)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	_, moved, err := store.Find(r, qTransfers, scanMovement, roll.Day.String(), int64(roll.Through))
	if err != nil {
		return papers.Paper{}, nil, err
	}
	paper := papers.Paper{Kind: papers.Register, Lang: p.Tag, House: d.house, Title: p.T("register.print.title"),
		Foot:   d.foot(),
		Blocks: append(papers.Blocks{papers.Paragraph{Words: papers.T(d.standing(roll))}}, d.classes(roll)...)}
	paper.Blocks = append(paper.Blocks,
		papers.Heading{Level: 2, Words: papers.T(p.T("register.print.holders"))},
		papers.Table{Columns: d.columns("number", "holder", "address", "class", "shares", "paid", "due"),
			Stream: d.holderRows(r, roll),
			Totals: []papers.Row{{nil, papers.T(p.T("register.print.total", "n", roll.Heads())), nil, nil,
				papers.T(p.Count(roll.Shares)), papers.T(p.Money(roll.Paid)), papers.T(p.Money(dueOn(d.list, roll.ByClass)))}}})
	if moved {
		paper.Blocks = append(paper.Blocks, papers.Heading{Level: 2, Words: papers.T(p.T("register.print.transfers"))},
			papers.Table{Columns: d.columns("entry", "effective", "from", "to", "class", "shares"),
				Stream: d.transferRows(r, roll)})
	}
	return paper, d.names, nil
}

// Extract is what the register says of one cooperator: what is held on the day, and every movement up to it.
func Extract(r store.Reader, p *lang.Printer, n Number, day, known civil.Date) (papers.Paper, papers.Names, error) {
	d, err := newDraft(r, p, day, known)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	if _, err := CooperatorNumbered(r, n); err != nil {
		return papers.Paper{}, nil, err
	}
	holder, err := d.who(r, n)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	through, err := Through(r, known)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	all, err := MovementsOf(r, n)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	var rows []papers.Row
	var shares int64
	var paid money.Cents
	for _, m := range all {
		if m.Day.After(d.day) || m.Number > through {
			continue
		}
		shares += m.Shares
		paid += m.Paid
		what := p.T(m.Kind.Code())
		if m.Counterpart != 0 {
			what += ", " + p.T("register.print.counterpart", "number", m.Counterpart.String())
		}
		if m.Corrects != 0 {
			what += ", " + p.T("register.print.corrects", "number", m.Corrects.String())
		}
		rows = append(rows, papers.Row{papers.T(m.Number.String()), papers.T(p.ShortDate(m.Effective)),
			papers.T(p.ShortDate(m.RecordedOn)),
			papers.T(what), papers.T(string(m.Class)), papers.T(signed(p, m.Shares)), papers.T(p.Money(m.Paid))})
	}
	facts := []papers.Fact{{Term: p.T("register.field.number"), Words: papers.T(n.String())},
		{Term: p.T("register.field.holder"), Words: holder.name},
		{Term: p.T("register.field.address"), Words: papers.T(holder.address)}}
	return papers.Paper{Kind: papers.Register, Lang: p.Tag, House: d.house, Title: p.T("register.print.extract"),
		Foot: d.foot(), Blocks: papers.Blocks{
			papers.Facts{Items: facts},
			papers.Paragraph{Words: papers.T(p.T("register.print.holds", "n", shares, "day", d.day, "paid", paid))},
			papers.Heading{Level: 2, Words: papers.T(p.T("register.print.movements"))},
			papers.Table{Columns: d.columns("entry", "effective", "recorded", "operation", "class", "shares", "paid"),
				Rows: rows,
				Totals: []papers.Row{{nil, nil, nil, papers.T(p.T("register.export.total")), nil, papers.T(p.Count(shares)),
					papers.T(p.Money(paid))}}},
		}}, d.names, nil
}

func signed(p *lang.Printer, n int64) string {
	if n > 0 {
		return "+" + p.Count(n)
	}
	return p.Count(n)
}

// draft is what both papers need: who everybody is, and the words.
type draft struct {
	p     *lang.Printer
	day   civil.Date
	known civil.Date
	at    civil.Instant // as addresses were known; 0: now
	made  string
	house string
	list  []ShareClass
	names papers.NameMap
	by    map[Number]people.Person

	perHead bool // the bylaws of the day count heads
}

func newDraft(r store.Reader, p *lang.Printer, day, known civil.Date) (*draft, error) {
	d := &draft{p: p, day: day.Last(), known: known, names: papers.NameMap{}, made: p.Date(r.Today())}
	if !known.IsZero() {
		d.at = civil.EndOf(known, r.Zone())
	}
	through, err := Through(r, known)
	if err != nil {
		return nil, err
	}
	if d.list, err = ClassesOn(r, d.day, through); err != nil {
		return nil, err
	}
	if d.by, err = NamesOf(r, func(Number) bool { return true }); err != nil {
		return nil, err
	}
	house, found, err := people.TheHouse(r)
	if err != nil || !found {
		return d, err
	}
	itself, err := people.Get(r, house.Person)
	if err != nil {
		return nil, err
	}
	seat, err := people.Addresses(r, house.Person)
	if err != nil {
		return nil, err
	}
	d.house = itself.Full()
	if a, known := people.AddressOn(seat, people.Home, d.day, 0); known {
		d.house += ", " + a.Line()
	}
	if itself.Enterprise != "" {
		d.house += ", " + ident.FormatEnterprise(itself.Enterprise)
	}
	rules, err := bylaws.On(r, d.day)
	if err != nil {
		return nil, err
	}
	d.perHead = rules.Weight() == vote.PerHead
	return d, nil
}

func (d *draft) foot() string {
	return d.p.T("register.print.foot", "title", d.p.T("register.print.title"), "day", d.day, "made", d.made)
}

func (d *draft) standing(roll *Roll) string {
	if d.known.IsZero() {
		return d.p.T("register.print.standing", "day", d.day, "through", roll.Through.String())
	}
	return d.p.T("register.print.standing-known", "day", d.day, "known", d.known, "through", roll.Through.String())
}

// who is a holder as the register names one.
type who struct {
	name    papers.Line
	address string
}

func (d *draft) who(r store.Reader, n Number) (who, error) {
	person := d.by[n]
	id := string(person.ID)
	if name := person.Listed(); name != "" {
		d.names[id] = name
	}
	history, err := people.Addresses(r, person.ID)
	if err != nil {
		return who{}, err
	}
	w := who{name: papers.L(papers.Who(id)), address: d.p.T("people.address.unknown")}
	if a, known := people.AddressOn(history, people.Home, d.day, d.at); known {
		w.address = a.Line()
	}
	if person.Enterprise != "" {
		w.address += ", " + ident.FormatEnterprise(person.Enterprise)
	}
	return w, nil
}

// columns of a table: figures on the right, names and addresses with room.
func (d *draft) columns(fields ...string) (cs []papers.Column) {
	for _, f := range fields {
		c := papers.Column{Head: papers.T(d.p.T("register.field." + f))}
		switch f {
		case "number", "entry", "shares", "paid", "due", "nominal", "effective", "recorded", "votes":
			c.Align = papers.Right
		case "holder", "from", "to", "operation":
			c.Row, c.Weight = f == "holder" || f == "from", 3
		case "address":
			c.Weight = 4
		}
		cs = append(cs, c)
	}
	return cs
}

// classes tells what was issued, and what the shares give.
func (d *draft) classes(roll *Roll) papers.Blocks {
	var rows []papers.Row
	var rights []papers.Fact
	for _, c := range d.list {
		held := Holding{}
		for _, h := range roll.ByClass {
			if h.Class == c.ID {
				held = h
			}
		}
		rows = append(rows, papers.Row{papers.T(c.Letter + ", " + c.Name), papers.T(d.p.Money(c.Nominal)),
			papers.T(d.p.Count(held.Shares)),
			papers.T(d.p.Money(held.Paid))})
		say := func(what, text string) {
			if text != "" {
				rights = append(rights, papers.Fact{Term: c.Letter + ", " + d.p.T("register.right."+what), Words: papers.T(text)})
			}
		}
		if d.perHead {
			say("vote", d.p.T("register.print.votes-head"))
		} else {
			say("vote", d.p.T("register.print.votes", "n", c.Votes))
		}
		say("profit", c.Profit)
		say("holders", strings.TrimSuffix(d.p.T("register.holders."+string(c.Holders))+", "+c.Quality, ", "))
		say("restriction", restriction(c))
	}
	if len(rows) == 0 {
		return nil
	}
	return papers.Blocks{
		papers.Heading{Level: 2, Words: papers.T(d.p.T("register.print.issued"))},
		papers.Table{Columns: d.columns("class", "nominal", "shares", "paid"), Rows: rows,
			Totals: []papers.Row{{papers.T(d.p.T("register.export.total")),
				nil, papers.T(d.p.Count(roll.Shares)), papers.T(d.p.Money(roll.Paid))}}},
		papers.Facts{Items: rights},
	}
}

// restriction is what restricts a transfer, with its article.
func restriction(c ShareClass) string {
	if c.Restriction == "" || c.Article == "" {
		return c.Restriction
	}
	return c.Restriction + " (" + c.Article + ")"
}

// dueOn is what may still be called on holdings, at the nominal amounts of the classes.
func dueOn(classes []ShareClass, held []Holding) (due money.Cents) {
	for _, h := range held {
		for _, c := range classes {
			if c.ID == h.Class {
				due += money.Cents(h.Shares)*c.Nominal - h.Paid
			}
		}
	}
	return due
}

// holderRows reads the holders one by one, while they are drawn.
func (d *draft) holderRows(r store.Reader, roll *Roll) iter.Seq2[papers.Row, error] {
	return func(yield func(papers.Row, error) bool) {
		for _, h := range roll.Holders {
			holder, err := d.who(r, h.Number)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, held := range h.ByClass {
				row := papers.Row{papers.T(h.Number.String()), holder.name, papers.T(holder.address),
					papers.T(string(held.Class)),
					papers.T(d.p.Count(held.Shares)), papers.T(d.p.Money(held.Paid)),
					papers.T(d.p.Money(dueOn(d.list, []Holding{held})))}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// errEnough ends a reading whose rest nobody wants.
var errEnough = errors.New("enough")

// transferRows reads the transfers up to the day one by one, while they are drawn.
func (d *draft) transferRows(r store.Reader, roll *Roll) iter.Seq2[papers.Row, error] {
	name := func(n Number) papers.Line {
		person := d.by[n]
		if listed := person.Listed(); listed != "" {
			d.names[string(person.ID)] = listed
		}
		return papers.L(n.String()+"\u00a0", papers.Who(string(person.ID)))
	}
	row := func(m Movement) papers.Row {
		shares := d.p.Count(-m.Shares)
		if m.Corrects != 0 {
			shares += " (" + d.p.T("register.print.corrects", "number", m.Corrects.String()) + ")"
		}
		return papers.Row{papers.T(m.Number.String()), papers.T(d.p.ShortDate(m.Effective)), name(m.Cooperator),
			name(m.Counterpart), papers.T(string(m.Class)), papers.T(shares)}
	}
	return func(yield func(papers.Row, error) bool) {
		err := store.Each(r, qTransfers, func(found store.Row) error {
			m, err := scanMovement(found)
			if err == nil && !yield(row(m), nil) {
				err = errEnough
			}
			return err
		}, roll.Day.String(), int64(roll.Through))
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}
