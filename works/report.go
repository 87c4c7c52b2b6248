package works

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/places"
)

// Report is what was built and looked after at a place between two days: money, and apart from it what was given.
type Report struct {
	Place    places.Place
	From, To civil.Date
	House    string
	Outlook  []Line // as on the last day
	Short    Ahead
	Long     Ahead
	Cash     Cash
	Given    Given
	Duties   []Watched
	Barred   []Barred
	Problems int64 // reported in these days
	Solved   int64 // of those that were reported in these days
	Parts    map[places.PartID]string
}

// Cash is the money of a place's sites: entries of the days of a report, and the accounts as they stand at its end.
type Cash struct {
	Sites    []SiteAccount
	Total    Account     // as it stands at the end
	Invoiced money.Cents // in these days
}

// SiteAccount is the account of one site.
type SiteAccount struct {
	Site     Site
	Account  Account     // up to the last day
	Invoiced money.Cents // in these days
	Lots     []LotAccount
}

// LotAccount is the account of one lot.
type LotAccount struct {
	Lot     Lot
	Account Account
}

// Given is what was given and not paid: hours, meals, reclaimed materials. Nothing of it is money.
type Given struct {
	Days       []DayCount
	Volunteers int64 // people and days: who came twice counts twice
	Minutes    Minutes
	Meals      int64
	Rates      []Rate
	Unvalued   Minutes // of days on which no rate was said
	Hours      Worth   // what the minutes are valued at, day by day
	Built      []SelfBuild
	Reused     []Reuse
	Avoided    Worth
}

// Worth is what the hours and the reclaimed materials are valued at together.
func (g Given) Worth() Worth { return g.Hours + g.Avoided }

// CashOf is the money of a place's sites up to a day, with what was invoiced between two days, both included.
func CashOf(r store.Reader, place places.PlaceID, from, to civil.Date) (c Cash, err error) {
	sites, err := SitesOf(r, place)
	if err != nil {
		return c, err
	}
	gone, err := Reversed(r, place)
	if err != nil {
		return c, err
	}
	for _, s := range slices.Backward(sites) {
		one := SiteAccount{Site: s}
		lots, err := LotsOf(r, s.ID)
		if err != nil {
			return c, err
		}
		costs, err := CostsOf(r, s.ID)
		if err != nil {
			return c, err
		}
		costs = slices.DeleteFunc(costs, func(e Cost) bool { return e.On.After(to) })
		for _, l := range lots {
			some := slices.DeleteFunc(slices.Clone(costs), func(e Cost) bool { return e.Lot != l.ID })
			one.Lots = append(one.Lots, LotAccount{l, Reckon(some, gone)})
			one.Account = one.Account.Plus(one.Lots[len(one.Lots)-1].Account)
			in := slices.DeleteFunc(some, func(e Cost) bool { return e.On.Before(from) })
			one.Invoiced += Reckon(in, gone).Invoiced
		}
		c.Sites = append(c.Sites, one)
		c.Total = c.Total.Plus(one.Account)
		c.Invoiced += one.Invoiced
	}
	return c, nil
}

// CostOf is what works at a place cost in money in a year: its invoices.
func CostOf(r store.Reader, place places.PlaceID, year int) (money.Cents, error) {
	c, err := CashOf(r, place, civil.Day(year, 1, 1), civil.Day(year, 12, 31))
	return c.Invoiced, err
}

// GivenOf is what was given at a place between two days, both included.
func GivenOf(r store.Reader, place places.PlaceID, from, to civil.Date) (g Given, err error) {
	if g.Days, err = ParticipatoryDays(r, place, from, to); err != nil {
		return g, err
	}
	if g.Rates, err = Rates(r); err != nil {
		return g, err
	}
	for _, d := range g.Days {
		g.Volunteers, g.Minutes, g.Meals = g.Volunteers+d.Volunteers, g.Minutes+d.Minutes, g.Meals+d.Meals
		if rate, found := RateOn(g.Rates, d.Day.On); found {
			g.Hours += rate.Value(d.Minutes)
		} else {
			g.Unvalued += d.Minutes
		}
	}
	gone, err := Reversed(r, place)
	if err != nil {
		return g, err
	}
	built, err := SelfBuilds(r, place)
	if err != nil {
		return g, err
	}
	for _, s := range built {
		if _, reversed := gone[s.ID]; !reversed && !s.From.After(to) && (s.Until.IsZero() || !s.Until.Before(from)) {
			g.Built = append(g.Built, s)
		}
	}
	used, err := Reuses(r, place)
	for _, u := range slices.Backward(used) {
		if _, reversed := gone[u.ID]; !reversed && !u.On.Before(from) && !u.On.After(to) {
			g.Reused = append(g.Reused, u)
			g.Avoided += u.Avoided
		}
	}
	return g, err
}

// ReportOf is the report of a place between two days, both included.
func ReportOf(r store.Reader, place places.Place, from, to civil.Date) (rep Report, err error) {
	rep = Report{Place: place, From: from, To: to, Parts: map[places.PartID]string{}}
	if rep.House, err = houseName(r); err != nil {
		return rep, err
	}
	if rep.Outlook, err = OutlookOn(r, place.ID, to); err != nil {
		return rep, err
	}
	rep.Short, rep.Long = Sum(rep.Outlook, Short), Sum(rep.Outlook, Long)
	if rep.Cash, err = CashOf(r, place.ID, from, to); err != nil {
		return rep, err
	}
	if rep.Given, err = GivenOf(r, place.ID, from, to); err != nil {
		return rep, err
	}
	if rep.Duties, err = DutiesOf(r, place.ID); err != nil {
		return rep, err
	}
	rep.Duties = slices.DeleteFunc(rep.Duties, func(k Watched) bool { return k.Since.After(to) })
	for _, k := range rep.Duties {
		if why, barred := k.Bar(to); barred {
			rep.Barred = append(rep.Barred, Barred{k.ID, k.Part, why})
		}
	}
	parts, err := places.PartsOf(r, place.ID, places.On(to))
	if err != nil {
		return rep, err
	}
	for _, p := range parts {
		rep.Parts[p.ID] = p.Name()
	}
	problems, err := ProblemsOf(r, place.ID)
	for _, b := range problems {
		on := b.At.On(r.Zone())
		if !on.Before(from) && !on.After(to) {
			rep.Problems++
			rep.Solved += bit(b.State == Solved)
		}
	}
	return rep, err
}

// Paper is the report as a tree. Money comes first and closes its own sum; what was given stands apart, under a head of
// its own, and says that none of it is money.
func (rep Report) Paper(p *lang.Printer) papers.Paper {
	out := papers.Paper{Kind: papers.Report, Lang: p.Tag, House: rep.House,
		Title: p.T("works.report.title", "place", rep.Place.Title)}
	put := func(b ...papers.Block) { out.Blocks = append(out.Blocks, b...) }
	put(papers.Paragraph{Words: papers.T(p.T("works.report.span", "from", rep.From, "to", rep.To))})
	put(papers.Heading{Level: 2, Number: "1", Words: papers.T(p.T("works.report.outlook"))})
	put(rep.outlook(p)...)
	put(papers.Heading{Level: 2, Number: "2", Words: papers.T(p.T("works.report.cash"))})
	put(rep.Cash.blocks(p)...)
	put(papers.Heading{Level: 2, Number: "3", Words: papers.T(p.T("works.report.given"))},
		papers.Hint{Words: papers.T(p.T("works.report.given.note"))})
	put(rep.given(p)...)
	put(papers.Heading{Level: 2, Number: "4", Words: papers.T(p.T("works.report.checks"))})
	put(rep.checks(p)...)
	put(papers.Heading{Level: 2, Number: "5", Words: papers.T(p.T("works.report.problems"))},
		papers.Paragraph{Words: papers.T(p.T("works.report.problems.text", "n", rep.Problems, "solved", rep.Solved))})
	return out
}

func head(p *lang.Printer, code string, row bool) papers.Column {
	return papers.Column{Head: papers.T(p.T("works.field." + code)), Row: row}
}

func figure(p *lang.Printer, code string) papers.Column {
	return papers.Column{Head: papers.T(p.T("works.field." + code)), Align: papers.Right}
}

// cell is a cell of a table; an empty one has no words at all.
func cell(text string) papers.Line {
	if text == "" {
		return nil
	}
	return papers.T(text)
}

func (rep Report) outlook(p *lang.Printer) (blocks []papers.Block) {
	for _, term := range Terms {
		t := papers.Table{Columns: []papers.Column{head(p, "title", true), head(p, "reason", false),
			figure(p, "estimate"), head(p, "state", false)}}
		for _, l := range rep.Outlook {
			if l.Term == term && l.State != Dropped {
				t.Rows = append(t.Rows, papers.Row{cell(l.Title), cell(l.Reason), cell(cents(p, l.Estimate)),
					cell(p.Words(l.State.Words()))})
			}
		}
		blocks = append(blocks, papers.Heading{Level: 3, Words: papers.T(lang.Capital(p.Words(term.Words())))})
		if len(t.Rows) == 0 {
			blocks = append(blocks, papers.Paragraph{Words: papers.T(p.T("works.report.none"))})
			continue
		}
		sum := Sum(rep.Outlook, term)
		blocks = append(blocks, t, papers.Paragraph{Words: papers.T(AheadWords(p, sum))})
	}
	return blocks
}

// cents writes an amount, and says when it is not known.
func cents(p *lang.Printer, c money.Cents) string {
	if c == 0 {
		return p.T("works.unknown")
	}
	return p.Money(c)
}

// AheadWords says what lies ahead, and how much of it nobody has estimated yet.
func AheadWords(p *lang.Printer, a Ahead) string {
	text := p.T("works.report.ahead", "n", a.Lines, "estimate", a.Estimate)
	if a.Unknown > 0 {
		text += " " + p.T("works.report.unknown", "n", a.Unknown)
	}
	return text
}

func (c Cash) blocks(p *lang.Printer) []papers.Block {
	if len(c.Sites) == 0 {
		return []papers.Block{papers.Paragraph{Words: papers.T(p.T("works.report.no-site"))}}
	}
	t := papers.Table{Columns: []papers.Column{head(p, "site", true), figure(p, "budget"), figure(p, "committed"),
		figure(p, "invoiced"), figure(p, "left")}}
	row := func(name string, a Account) papers.Row {
		return papers.Row{cell(name), cell(p.Money(a.Budget)), cell(p.Money(a.Committed)),
			cell(p.Money(a.Invoiced)), cell(p.Money(a.Left()))}
	}
	for _, s := range c.Sites {
		t.Rows = append(t.Rows, row(s.Site.Title, s.Account))
	}
	t.Rows = append(t.Rows, row(p.T("works.report.total"), c.Total))
	blocks := []papers.Block{t, papers.Paragraph{Words: papers.T(p.T("works.report.invoiced", "amount", c.Invoiced))}}
	if c.Total.Unordered > 0 {
		blocks = append(blocks, papers.Paragraph{Words: papers.T(UnorderedWords(p, c.Total))})
	}
	for _, s := range c.Sites {
		if s.Account.Over() > 0 {
			blocks = append(blocks, papers.Paragraph{Words: papers.L(papers.B(p.T("works.report.over", "site", s.Site.Title,
				"amount", s.Account.Over())))})
		}
	}
	return blocks
}

// UnorderedWords says what was invoiced above the orders, without which budget, orders and what is left do not add up.
func UnorderedWords(p *lang.Printer, a Account) string {
	return p.T("works.page.unordered", "amount", a.Unordered)
}

func (rep Report) given(p *lang.Printer) (blocks []papers.Block) {
	say := func(text string) { blocks = append(blocks, papers.Paragraph{Words: papers.T(text)}) }
	g := rep.Given
	if len(g.Days) == 0 {
		say(p.T("works.report.no-day"))
	} else {
		t := papers.Table{Columns: []papers.Column{head(p, "day", true), figure(p, "volunteers"), figure(p, "hours"),
			figure(p, "meals")}}
		row := func(name string, people int64, m Minutes, meals int64) papers.Row {
			return papers.Row{cell(name), cell(p.Count(people)), cell(m.Hours()), cell(p.Count(meals))}
		}
		for _, d := range g.Days {
			t.Rows = append(t.Rows, row(p.Date(d.Day.On)+", "+d.Day.Title, d.Volunteers, d.Minutes, d.Meals))
		}
		t.Rows = append(t.Rows, row(p.T("works.report.total"), g.Volunteers, g.Minutes, g.Meals))
		blocks = append(blocks, t)
		say(HoursWords(p, g, rep.To))
	}
	if len(g.Reused) > 0 {
		t := papers.Table{Columns: []papers.Column{head(p, "material", true), head(p, "origin", false),
			figure(p, "quantity"), head(p, "used", false), figure(p, "avoided")}}
		for _, u := range g.Reused {
			avoided := p.T("works.unknown")
			if u.Avoided > 0 {
				avoided = u.Avoided.In(p)
			}
			t.Rows = append(t.Rows, papers.Row{cell(u.Material), cell(u.Origin),
				cell(u.Quantity.In(p) + " " + p.Words(u.Unit.Words())), cell(u.UsedFor), cell(avoided)})
		}
		blocks = append(blocks, t)
		say(p.T("works.report.avoided", "worth", g.Avoided.In(p)))
	}
	for _, s := range g.Built {
		say(p.T("works.report.built", "space", rep.Parts[s.Space], "share", s.Share, "words", s.Words))
		if s.Supplied != "" {
			say(p.T("works.report.supplied", "supplied", s.Supplied))
		}
	}
	return blocks
}

// HoursWords says what the hours are valued at, by which rate, and which are not valued.
func HoursWords(p *lang.Printer, g Given, day civil.Date) string {
	text := p.T("works.report.unvalued", "hours", g.Minutes.Hours())
	if rate, found := RateOn(g.Rates, day); found {
		text = p.T("works.report.hours", "hours", g.Minutes.Hours(), "worth", g.Hours.In(p), "rate", rate.Cents.In(p),
			"source", rate.Source)
		if g.Unvalued > 0 {
			text += " " + p.T("works.report.partly", "hours", g.Unvalued.Hours())
		}
	}
	return text
}

func (rep Report) checks(p *lang.Printer) (blocks []papers.Block) {
	t := papers.Table{Columns: []papers.Column{head(p, "check", true), head(p, "where", false), head(p, "last", false),
		head(p, "until", false), head(p, "state", false)}}
	for _, k := range rep.Duties {
		last, found := k.Last(rep.To)
		on, until := "", ""
		if found {
			on, until = p.ShortDate(last.On), p.ShortDate(last.ValidUntil)
		}
		where := rep.Parts[k.Part]
		if where == "" {
			where = rep.Place.Title
		}
		t.Rows = append(t.Rows, papers.Row{cell(k.Name(p)), cell(where), cell(on), cell(until),
			cell(p.Words(k.State(rep.To).Words()))})
	}
	if len(t.Rows) == 0 {
		return []papers.Block{papers.Paragraph{Words: papers.T(p.T("works.report.no-check"))}}
	}
	blocks = append(blocks, t)
	for _, b := range rep.Barred {
		where := rep.Parts[b.Part]
		if where == "" {
			where = rep.Place.Title
		}
		blocks = append(blocks, papers.Paragraph{Words: papers.L(papers.B(p.T("works.report.barred", "where", where)), " ",
			p.Words(b.Why))})
	}
	return blocks
}

// Name is what is checked: its kind, and which one.
func (d Duty) Name(p *lang.Printer) string {
	name := lang.Capital(p.Words(d.Code.Words()))
	if d.Title != "" {
		name += ", " + d.Title
	}
	return name
}
