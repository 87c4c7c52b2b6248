package concession

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Year is a place in one year: how full it was, what its occupants owed, what its works cost, who ran it.
type Year struct {
	Year     int
	Spaces   int64 // that were let, on the last day
	Num, Den int64 // area times days that was taken, and that was let
	Fees     money.Cents
	Payers   int  // occupants who owed them
	Whole    bool // it is over on the day of the paper
	Kept     bool // its fees are not told to who reads
	Costs    money.Cents
	Days     int64 // participatory
	Known    bool  // costs and days are counted
	Managers []people.PersonID
}

// keep says whether a member may not read the fees: they would tell what one occupant pays. Those of a year that is not
// over would do so by what they differ from one month to the next.
func (y Year) keep() bool { return y.Payers > 0 && (y.Payers < places.FewPay || !y.Whole) }

// YearsBack is how many years a page of a place shows.
const YearsBack = 10

// Outlook is the situation of a place on a day, and what is ahead of it.
type Outlook struct {
	House      string
	Seen       places.Present
	Concession Concession // the one under which it is run; without an id when nobody runs it
	Manager    string
	Names      map[people.PersonID]people.Person
	Charter    Charter
	Readings   []Reading // by the Charter of the day, over the last year
	Advised    []Evaluation
	Results    []Reckoned // of the years up to the day, the latest first
	Works      []Work
	WorksKnown bool
	Years      []Year
}

// OutlookOf reads a place as it is on a day, with the ten years up to it.
func OutlookOf(r store.Reader, place places.Place, day civil.Date) (o Outlook, err error) {
	if o.House, err = houseName(r); err != nil {
		return o, err
	}
	if o.Seen, err = places.See(r, place, places.On(day)); err != nil {
		return o, err
	}
	if err := o.entrusted(r, day); err != nil {
		return o, err
	}
	if Hooks.Works != nil {
		o.WorksKnown = true
		if o.Works, err = Hooks.Works(r, place.ID, day); err != nil {
			return o, err
		}
	}
	o.Years, err = YearsOf(r, place, day)
	ids := []people.PersonID{}
	for _, y := range o.Years {
		ids = append(ids, y.Managers...)
	}
	if err == nil {
		o.Names, err = people.Names(r, ids)
	}
	return o, err
}

// Discreet is the outlook as it is told to members: without the fees by which one could read what one occupant pays.
func (o Outlook) Discreet() Outlook {
	o.Readings, o.Years = Discreet(o.Readings), slices.Clone(o.Years)
	for i := range o.Years {
		o.Years[i].Kept = o.Years[i].keep()
	}
	return o
}

// kept says whether fees of any year are not told.
func (o Outlook) kept() bool {
	return slices.ContainsFunc(o.Years, func(y Year) bool { return y.Kept })
}

// entrusted reads who runs the place, and how well.
func (o *Outlook) entrusted(r store.Reader, day civil.Date) error {
	c, run, err := Running(r, o.Seen.Place.ID, day)
	if err != nil || !run {
		return err
	}
	o.Concession = c
	manager, err := people.Standing(r, c.Manager)
	if err != nil {
		return err
	}
	o.Manager = manager.Full()
	charter, found, err := CharterOn(r, day)
	if err != nil {
		return err
	}
	if found {
		o.Charter = charter
		if o.Readings, err = Readings(r, c, charter, later(day.AddYears(-1).AddDays(1), c.First.First()), day); err != nil {
			return err
		}
	}
	if o.Results, err = resultsUpTo(r, c, day); err != nil {
		return err
	}
	all, err := EvaluationsOf(r, c.ID)
	for _, e := range all {
		if e.Stage() == Closed && !e.Until.After(day) {
			o.Advised = append(o.Advised, e)
		}
	}
	return err
}

// resultsUpTo are the years of a concession with what was handed in until a day.
func resultsUpTo(r store.Reader, c Concession, day civil.Date) ([]Reckoned, error) {
	written, err := resultsOf(r, c.ID)
	if err != nil {
		return nil, err
	}
	cal, err := CalendarOf(r)
	written = slices.DeleteFunc(written, func(w Written) bool { return w.HandedOn.After(day) })
	return Reckon(c, cal, written, day), err
}

// YearsOf are the ten years of a place up to a day; those before its first day are left out.
func YearsOf(r store.Reader, place places.Place, day civil.Date) (list []Year, err error) {
	all, err := Of(r, place.ID)
	if err != nil {
		return nil, err
	}
	facts, err := places.PlaceFacts(r, place.ID)
	if err != nil {
		return nil, err
	}
	first := day.Year()
	for _, f := range facts {
		first = min(first, f.From.Year())
	}
	for year := max(first, day.Year()-YearsBack+1); year <= day.Year(); year++ {
		from, until := civil.Day(year, 1, 1), sooner(civil.Day(year, 12, 31), day)
		y, err := yearOf(r, place.ID, from, until)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			for _, s := range c.spans() {
				if !s.from.After(until) && (s.until.IsZero() || !s.until.Before(from)) {
					y.Managers = append(y.Managers, c.Manager)
				}
			}
		}
		list = append(list, y)
	}
	return list, nil
}

func yearOf(r store.Reader, id places.PlaceID, from, until civil.Date) (y Year, err error) {
	y.Year = from.Year()
	place, err := places.PlaceByID(r, id, places.On(until))
	if err != nil {
		return y, err
	}
	seen, err := places.See(r, place, places.On(until))
	if err != nil {
		return y, err
	}
	y.Spaces = seen.Sum.Spaces
	n := Counted{Seen: seen, From: from, Until: until, Today: r.Today()}
	if n.Course, err = places.Course(r, seen); err != nil {
		return y, err
	}
	d := n.Count(Target{Kind: Occupancy})
	y.Num, y.Den = d.Num, d.Den
	y.Payers, y.Whole = places.Payers(seen.All, from, until), until.Month() == 12 && until.DayOfMonth() == 31
	seen.When = places.On(from)
	months := int(until.Month())
	for _, m := range places.Forecast(seen, r.Today())[:months] {
		y.Fees += m.Fee
	}
	if Hooks.Costs != nil && Hooks.Days != nil {
		y.Known = true
		if y.Costs, err = Hooks.Costs(r, id, from, until); err != nil {
			return y, err
		}
		y.Days, err = Hooks.Days(r, id, from, until)
	}
	return y, err
}

// FileName is the name of a paper about a place, without its ending.
func (o Outlook) FileName(p *lang.Printer, code string) string {
	return p.T("concession."+code+".file") + "-" + o.Seen.Place.Name + "-" + o.Seen.When.Day.String()
}

// names says who ran the place in a year.
func (o Outlook) names(p *lang.Printer, y Year) string {
	var names []string
	for _, id := range y.Managers {
		names = append(names, o.Names[id].Words(p))
	}
	return p.List(names)
}

// Paper is "Situation and outlook" of the place, as the assembly gets it.
func (o Outlook) Paper(p *lang.Printer) papers.Paper {
	place := o.Seen.Place
	paper := papers.Paper{Kind: papers.Report, Lang: p.Tag, House: o.House,
		Title: p.T("concession.outlook.title", "place", place.Title)}
	put := func(blocks ...papers.Block) { paper.Blocks = append(paper.Blocks, blocks...) }
	head := func(code string) {
		put(papers.Heading{Level: 2, Words: papers.T(p.T("concession.outlook." + code))})
	}
	put(o.opening(p))
	put(lines(place.About)...)
	head("situation")
	put(o.situation(p)...)
	head("entrusted")
	put(o.entrustedWords(p)...)
	if len(o.Results) > 0 {
		head("results")
		put(ResultBlocks(p, o.Results)...)
	}
	if len(o.Years) > 1 && o.any() {
		head("years")
		put(o.bars(p), o.table(p))
		put(o.keptWords(p)...)
	}
	head("ahead")
	put(o.ahead(p)...)
	put(papers.Hint{Words: papers.T(p.T("concession.outlook.hint"))})
	return paper
}

// opening says where the place is, and of which day the paper is.
func (o Outlook) opening(p *lang.Printer) papers.Block {
	where := o.Seen.Place.Address()
	if where == "" {
		where = o.Seen.Place.Title
	}
	return papers.Paragraph{Words: papers.L(papers.B(where), p.T("concession.outlook.on", "day", o.Seen.When.Day))}
}

func (o Outlook) any() bool {
	for _, y := range o.Years {
		if y.Den > 0 {
			return true
		}
	}
	return false
}

func lines(text string) (blocks papers.Blocks) {
	for _, line := range splitLines(text) {
		blocks = append(blocks, papers.Paragraph{Words: papers.T(line)})
	}
	return blocks
}

// situation says how full the place is, and what is free.
func (o Outlook) situation(p *lang.Printer) (blocks papers.Blocks) {
	m := o.Seen.Sum
	facts := papers.Facts{}
	add := func(code, words string) {
		facts.Items = append(facts.Items, papers.Fact{Term: p.T("concession.outlook." + code), Words: papers.T(words)})
	}
	if place := o.Seen.Place; !place.Bought.IsZero() {
		bought := p.Date(place.Bought)
		if place.Price > 0 && place.Roughly {
			bought += ", " + p.T("concession.outlook.roughly", "price", place.Price)
		} else if place.Price > 0 {
			bought += ", " + p.Money(place.Price)
		}
		add("bought", bought)
	}
	if o.Seen.Place.Area > 0 {
		add("area", o.Seen.Place.Area.In(p))
	}
	if m.Spaces > 0 {
		add("let", p.T("concession.outlook.let-words", "n", m.Spaces, "area", m.Let.In(p)))
		add("taken", p.T("concession.outlook.taken-words", "area", m.Taken.In(p), "share", p.Percent(int64(m.Taken),
			int64(m.Let))))
		free := p.T("concession.outlook.none")
		if m.Vacant > 0 {
			free = p.T("concession.outlook.free-words", "n", m.Vacant, "area", m.Free.In(p))
		}
		add("free", free)
	}
	if m.Shared > 0 {
		add("shared", m.Shared.In(p))
	}
	if m.People > 0 {
		add("people", p.Count(m.People))
	}
	if len(facts.Items) == 0 {
		return papers.Blocks{papers.Paragraph{Words: papers.T(p.T("concession.outlook.nothing"))}}
	}
	return papers.Blocks{facts}
}

// entrustedWords say who runs the place, on what terms, and what was found.
func (o Outlook) entrustedWords(p *lang.Printer) (blocks papers.Blocks) {
	c := o.Concession
	say := func(code string, kv ...any) {
		blocks = append(blocks, papers.Paragraph{Words: papers.T(p.T("concession.outlook."+code, kv...))})
	}
	switch {
	case c.ID == "":
		say("nobody")
		return blocks
	case c.State == Open:
		say("open", "manager", o.Manager, "from", c.First)
	case c.Lapsed(o.Seen.When.Day):
		say("lapsed", "manager", o.Manager, "last", c.Last)
	default:
		say("run", "manager", o.Manager, "from", c.First, "last", c.Last)
	}
	if c.ShareWords != "" {
		say("share", "words", oneLine(c.ShareWords))
	}
	if len(o.Readings) > 0 {
		met := 0
		table := papers.Table{Caption: papers.T(p.T("concession.outlook.readings", "number", o.Charter.Number)),
			Columns: []papers.Column{{Head: papers.T(p.T("concession.report.indicator")), Row: true},
				{Head: papers.T(p.T("concession.report.value"))}, // or why it is not known: a sentence
				{Head: papers.T(p.T("concession.report.target"))}}}
		for _, d := range o.Readings {
			if d.Met() {
				met++
			}
			value := p.Words(d.How())
			if d.Told() {
				value = p.Words(d.Kind.Say(d.Value))
			}
			table.Rows = append(table.Rows, papers.Row{papers.T(lang.Capital(p.Words(d.Kind.Words()))), papers.T(value),
				papers.T(TargetWords(p, d.Target))})
		}
		blocks = append(blocks, table)
	}
	for _, e := range o.Advised {
		say("advised", "number", e.Number, "until", e.Until, "advice", e.Advice().Words())
	}
	return blocks
}

// ahead is what is planned and what comes to its end.
func (o Outlook) ahead(p *lang.Printer) (blocks papers.Blocks) {
	var items []papers.Line
	add := func(words string) { items = append(items, papers.T(words)) }
	for _, s := range o.Seen.Spaces {
		if s.State == places.Leaving {
			add(p.T("concession.outlook.leaves", "space", s.Name(), "day", s.Ends))
		}
	}
	if c := o.Concession; c.ID != "" && c.State.Binds() {
		add(p.T("concession.outlook.term-ends", "day", c.Last))
	}
	for _, w := range o.Works {
		line := w.Title
		if w.When.Code != "" {
			line += " (" + p.Words(w.When) + ")"
		}
		if w.Cents > 0 {
			w.Why = strings.TrimSuffix(w.Why, ".") // the sentence goes on with the estimate
		}
		if w.Why != "" {
			line += p.T("concession.report.colon") + w.Why
		}
		if w.Cents > 0 {
			line += ", " + p.Money(w.Cents)
		}
		add(line)
	}
	for _, line := range splitLines(o.Seen.Place.Financing) {
		add(p.T("concession.outlook.financing", "words", line))
	}
	if len(items) > 0 {
		blocks = append(blocks, papers.List{Items: items})
	}
	if !o.WorksKnown {
		blocks = append(blocks, papers.Paragraph{Words: papers.T(p.T("concession.outlook.works-unknown"))})
	}
	return blocks
}

// bars draw how full the place was, year by year.
func (o Outlook) bars(p *lang.Printer) papers.Bars {
	b := papers.Bars{Caption: papers.T(p.T("concession.years.chart")), Most: 1000}
	for _, y := range o.Years {
		if y.Den > 0 {
			b.Items = append(b.Items, papers.Bar{Label: strconv.Itoa(y.Year), Value: y.Num * 1000 / y.Den,
				Words: p.Percent(y.Num, y.Den)})
		}
	}
	return b
}

// table is the ten years.
func (o Outlook) table(p *lang.Printer) papers.Table {
	t := papers.Table{Caption: papers.T(p.T("concession.years.caption"))}
	known := false
	for _, y := range o.Years {
		known = known || y.Known
	}
	columns := []string{"year", "spaces", "rate", "fees"}
	if known {
		columns = append(columns, "costs", "days")
	}
	for i, code := range append(columns, "manager") {
		c := papers.Column{Head: papers.T(p.T("concession.years." + code)), Row: i == 0}
		if i > 0 && code != "manager" {
			c.Align = papers.Right
		}
		t.Columns = append(t.Columns, c)
	}
	var fees, costs money.Cents
	var days int64
	before := ""
	for _, y := range o.Years {
		rate := ""
		if y.Den > 0 {
			rate = p.Percent(y.Num, y.Den)
		}
		owed := p.Money(y.Fees)
		if y.Kept {
			owed, y.Fees = p.T("concession.years.kept"), 0
		}
		row := papers.Row{papers.T(strconv.Itoa(y.Year)), papers.T(p.Count(y.Spaces)), maybe(rate), papers.T(owed)}
		if known {
			row = append(row, papers.T(costWords(p, y.Costs)), papers.T(p.Count(y.Days)))
		}
		who := o.names(p, y)
		if who != "" && who == before { // the same name ten times is not read
			t.Rows = append(t.Rows, append(row, papers.T(p.T("concession.years.same"))))
		} else {
			t.Rows = append(t.Rows, append(row, maybe(who)))
		}
		before = who
		fees, costs, days = fees+y.Fees, costs+y.Costs, days+y.Days
	}
	sum := p.Money(fees)
	if fees == 0 && o.kept() {
		sum = p.T("concession.years.kept")
	}
	total := papers.Row{papers.T(p.T("concession.years.total")), nil, nil, papers.T(sum)}
	if known {
		total = append(total, papers.T(costWords(p, costs)), papers.T(p.Count(days)))
	}
	t.Totals = []papers.Row{append(total, nil)}
	return t
}

// costWords are the invoices of a year; that none is noted does not say that nothing was spent.
func costWords(p *lang.Printer, c money.Cents) string {
	if c == 0 {
		return p.T("concession.years.no-cost")
	}
	return p.Money(c)
}

// keptWords say why fees are missing.
func (o Outlook) keptWords(p *lang.Printer) (blocks papers.Blocks) {
	if o.kept() {
		blocks = append(blocks, papers.Hint{Words: papers.T(p.T("concession.years.kept.why", "n", places.FewPay))})
	}
	return blocks
}

func maybe(text string) papers.Line {
	if text == "" {
		return nil
	}
	return papers.T(text)
}

// YearsPaper is ten years of the place on one page.
func (o Outlook) YearsPaper(p *lang.Printer) papers.Paper {
	place := o.Seen.Place
	paper := papers.Paper{Kind: papers.Report, Lang: p.Tag, House: o.House,
		Title: p.T("concession.years.title", "place", place.Title)}
	paper.Blocks = papers.Blocks{o.opening(p)}
	if o.any() {
		paper.Blocks = append(paper.Blocks, o.bars(p))
	}
	paper.Blocks = append(paper.Blocks, o.table(p))
	paper.Blocks = append(paper.Blocks, o.keptWords(p)...)
	paper.Blocks = append(paper.Blocks, papers.Hint{Words: papers.T(p.T("concession.years.hint"))})
	return paper
}
