package concession

import (
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Report is everything that an evaluation says, ready to be written as a paper.
type Report struct {
	Evaluation Evaluation
	Concession Concession
	Charter    Charter
	Place      places.Place
	Manager    string
	Committee  people.Body
	House      string
	Seats      []Seat // on the day of the advice, or today
	Names      map[people.PersonID]people.Person
	Day        civil.Date // of the last word
	on         func(civil.Instant) civil.Date
}

// ReportOf reads what the report of an evaluation is made of.
func ReportOf(r store.Reader, id EvaluationID) (rep Report, err error) {
	if rep.Evaluation, err = EvaluationByID(r, id); err != nil {
		return rep, err
	}
	e := rep.Evaluation
	rep.on = func(i civil.Instant) civil.Date { return i.On(r.Zone()) }
	rep.Day = r.Today()
	if n := len(e.Entries); n > 0 && (e.Stage() == Closed || e.Stage() == GivenUp) {
		rep.Day = rep.on(e.Entries[n-1].At)
	}
	if rep.Concession, err = ByID(r, e.Concession, places.On(rep.Day)); err != nil {
		return rep, err
	}
	if rep.Charter, err = CharterByID(r, e.Charter); err != nil {
		return rep, err
	}
	if rep.Place, err = places.PlaceByID(r, rep.Concession.Place, places.On(rep.Day)); err != nil {
		return rep, err
	}
	if rep.Committee, err = people.GetBody(r, e.Body); err != nil {
		return rep, err
	}
	if rep.House, err = houseName(r); err != nil {
		return rep, err
	}
	if rep.Seats, err = PanelOn(r, e, rep.Day); err != nil {
		return rep, err
	}
	ids := []people.PersonID{rep.Concession.Manager}
	for _, s := range rep.Seats {
		ids = append(ids, s.Person)
	}
	for _, x := range e.Entries {
		ids = append(append(ids, x.Person), x.Present...)
	}
	if rep.Names, err = people.Names(r, ids); err != nil {
		return rep, err
	}
	manager, err := people.Standing(r, rep.Concession.Manager)
	rep.Manager = manager.Full()
	return rep, err
}

func houseName(r store.Reader) (string, error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return "", err
	}
	self, err := people.Get(r, house.Person)
	return self.Full(), err
}

// Paper is the report as a tree, with the names that it needs.
func (rep Report) Paper(p *lang.Printer) (papers.Paper, papers.Names) {
	e := rep.Evaluation
	paper := papers.Paper{Kind: papers.Report, Lang: p.Tag, House: rep.House,
		Title: p.T("concession.report.title", "number", e.Number, "place", rep.Place.Title)}
	put := func(b papers.Block) { paper.Blocks = append(paper.Blocks, b) }
	for _, b := range rep.head(p) {
		put(b)
	}
	for i, a := range rep.Charter.Articles {
		for _, b := range rep.article(p, int64(i), a) {
			put(b)
		}
	}
	for _, b := range append(rep.visits(p), rep.end(p)...) {
		put(b)
	}
	put(papers.Hint{Words: papers.T(p.T("concession.report.hint", "day", rep.Day))})
	names := papers.NameMap{}
	for id, who := range rep.Names {
		names[string(id)] = who.Words(p)
	}
	return paper, names
}

func (rep Report) head(p *lang.Printer) papers.Blocks {
	e := rep.Evaluation
	facts := papers.Facts{}
	add := func(code string, words papers.Line) {
		facts.Items = append(facts.Items, papers.Fact{Term: p.T("concession.report." + code), Words: words})
	}
	add("manager", papers.T(rep.Manager))
	if f := rep.Concession.Fact; f.State.Binds() {
		add("term", papers.T(p.T("concession.report.span", "from", f.First, "until", f.Last)))
	}
	add("period", papers.T(p.T("concession.report.span", "from", e.From, "until", e.Until)))
	adopted := p.T("concession.report.charter-version", "number", rep.Charter.Number, "day", rep.Charter.Adopted.On)
	add("charter", papers.T(adopted))
	add("opened", papers.T(p.Date(rep.on(e.At))))
	var sit, aside papers.Line
	for _, s := range rep.Seats {
		line := papers.L(papers.Who(string(s.Person)))
		switch {
		case s.Sits() && s.For != "":
			line = papers.L(line, p.T("concession.report.instead"))
			fallthrough
		case s.Sits():
			sit = joined(sit, line)
		case s.Aside != "":
			aside = joined(aside, papers.L(line, " ("+p.Words(s.Aside.Words())+")"))
		}
	}
	if len(sit) > 0 {
		add("committee", papers.L(rep.Committee.Words(p)+p.T("concession.report.colon"), sit))
	}
	if len(aside) > 0 {
		add("aside", aside)
	}
	for _, x := range e.Of(Submitted) {
		var silent papers.Line
		for _, who := range x.Present {
			silent = joined(silent, papers.L(papers.Who(string(who)), p.T("concession.report.silent.left", "n",
				e.Left(rep.Charter, who))))
		}
		if len(silent) > 0 {
			add("silent", silent)
		}
		if x.Words != "" {
			add("silent.why", papers.T(oneLine(x.Words)))
		}
	}
	return papers.Blocks{papers.Paragraph{Words: papers.T(p.T("concession.report.opening", "place", rep.Place.Title,
		"manager", rep.Manager))}, facts}
}

func joined(line, more papers.Line) papers.Line {
	if len(line) > 0 {
		line = append(line, papers.L(", ")...)
	}
	return append(line, more...)
}

// article is what was counted, asked and replied of one article.
func (rep Report) article(p *lang.Printer, at int64, a Article) (blocks papers.Blocks) {
	e := rep.Evaluation
	blocks = append(blocks, papers.Heading{Level: 2, Number: a.Number, Words: papers.T(a.Title)},
		papers.Paragraph{Words: papers.L(papers.I(strings.ReplaceAll(a.Text, "\n", " ")))})
	table := papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("concession.report.indicator")), Row: true,
		Weight: 3},
		{Head: papers.T(p.T("concession.report.value")), Align: papers.Right},
		{Head: papers.T(p.T("concession.report.target")), Align: papers.Right},
		{Head: papers.T(p.T("concession.report.how")), Weight: 4}}}
	for _, d := range e.Readings {
		if int64(d.Article) == at {
			value := papers.Line(nil)
			if d.Told() {
				value = papers.T(p.Words(d.Kind.Say(d.Value)))
			}
			table.Rows = append(table.Rows, papers.Row{papers.T(lang.Capital(p.Words(d.Kind.Words()))), value,
				papers.T(TargetWords(p, d.Target)), papers.T(HowWords(p, d))})
		}
	}
	if len(table.Rows) > 0 {
		blocks = append(blocks, table)
	}
	for i, q := range a.Questions {
		answers := e.counting(at, int64(i))
		blocks = append(blocks, papers.Paragraph{Words: papers.L(papers.B(q))})
		if len(answers) == 0 {
			blocks = append(blocks, papers.Paragraph{Words: papers.T(p.T("concession.report.no-answer"))})
			continue
		}
		var items []papers.Line
		for _, x := range answers {
			line := papers.L(papers.Who(string(x.Person)), p.T("concession.report.colon")+p.Words(Mark(x.Mark).Words()))
			if x.Words != "" {
				line = papers.L(line, ". "+oneLine(x.Words))
			}
			items = append(items, line)
		}
		blocks = append(blocks, papers.List{Items: items})
	}
	for _, x := range e.Of(Replied) {
		if x.Article == at {
			blocks = append(blocks, rep.reply(p, x))
		}
	}
	return blocks
}

func (rep Report) reply(p *lang.Printer, x Entry) papers.Block {
	return papers.Aside{Lead: p.T("concession.report.reply"), Words: papers.T(oneLine(x.Words))}
}

func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), " ")
}

// TargetWords says what is aimed at: at least, at most.
func TargetWords(p *lang.Printer, t Target) string {
	code := "concession.target.least"
	switch {
	case t.Kind == Insured:
		return p.Words(t.Kind.Say(1))
	case t.Kind.AtMost():
		code = "concession.target.most"
	}
	return p.T(code, "value", t.Kind.Say(t.Target))
}

// HowWords says how a reading was counted, and what decides: the spaces or practices that it was counted from.
func HowWords(p *lang.Printer, d Reading) string {
	said := p.Words(d.How())
	if !d.Known {
		return said
	}
	const named = 6
	var rows []string
	for _, row := range d.Rows[:min(named, len(d.Rows))] {
		switch d.Kind {
		case FeeCeiling, Vacancy:
			rows = append(rows, row.Label+" ("+p.Words(d.Kind.Say(row.Value))+")")
		case Collective:
			rows = append(rows, row.Label+" ("+places.Area(row.Value).In(p)+")")
		default:
			rows = append(rows, row.Label)
		}
	}
	if len(rows) == 0 {
		return said
	}
	if more := len(d.Rows) - len(rows); more > 0 {
		rows = append(rows, p.T("concession.how.more", "n", more))
	}
	return said + p.T("concession.report.colon") + strings.Join(rows, ", ")
}

// visits are what was seen in the place.
func (rep Report) visits(p *lang.Printer) (blocks papers.Blocks) {
	list := rep.Evaluation.Of(Visited)
	if len(list) == 0 {
		return nil
	}
	blocks = append(blocks, papers.Heading{Level: 2, Words: papers.T(p.T("concession.report.visits"))})
	for _, x := range list {
		var present papers.Line
		for _, who := range x.Present {
			present = joined(present, papers.L(papers.Who(string(who))))
		}
		blocks = append(blocks, papers.Paragraph{Words: papers.L(papers.B(p.LongDate(x.On)),
			p.T("concession.report.colon"), present)})
		blocks = append(blocks, lines(x.Words)...)
		if n := len(x.Photos); n > 0 {
			blocks = append(blocks, papers.Hint{Words: papers.T(p.T("concession.report.photos", "n", n))})
		}
	}
	return blocks
}

// end is the reply to all of it, and the advice.
func (rep Report) end(p *lang.Printer) (blocks papers.Blocks) {
	e := rep.Evaluation
	var replies papers.Blocks
	for _, x := range e.Of(Replied) {
		if x.Article < 0 {
			replies = append(replies, rep.reply(p, x))
		}
	}
	if e.Stage() == Closed && len(e.Of(Replied)) == 0 {
		replies = append(replies, papers.Paragraph{Words: papers.T(p.T("concession.report.no-reply"))})
	}
	if len(replies) > 0 {
		blocks = append(append(blocks, papers.Heading{Level: 2, Words: papers.T(p.T("concession.report.replies"))}),
			replies...)
	}
	blocks = append(blocks, papers.Heading{Level: 2, Words: papers.T(p.T("concession.report.advice"))})
	advice := e.Of(Advised)
	if len(advice) == 0 {
		return append(blocks, papers.Paragraph{Words: papers.T(p.T("concession.report.no-advice"))})
	}
	for _, x := range advice {
		blocks = append(blocks, papers.Decision{Words: papers.T(lang.Capital(p.Words(Advice(x.Mark).Words())) + ".")})
		blocks = append(blocks, lines(x.Words)...)
		blocks = append(blocks, papers.Paragraph{Words: papers.L(p.T("concession.report.signed", "day", rep.on(x.At)),
			papers.Who(string(x.Person)))})
	}
	return blocks
}

// Score counts the marks of an article: how many of each.
func (e Evaluation) Score(article int64, questions int) map[Mark]int {
	score := map[Mark]int{}
	for i := range questions {
		for _, x := range e.counting(article, int64(i)) {
			score[Mark(x.Mark)]++
		}
	}
	return score
}

// FileName is the name of a paper about an evaluation, without its ending.
func (rep Report) FileName(p *lang.Printer) string {
	return p.T("concession.report.file") + "-" + rep.Place.Name + "-" + strconv.FormatInt(rep.Evaluation.Number, 10)
}

// splitLines are the lines of a text that say something.
func splitLines(text string) (list []string) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
