package convening

import (
	"slices"
	"strings"
	"sync"
	"time"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// words are the phrases that letters are written with.
var words = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(vote.Phrases, people.Phrases, bylaws.Phrases, assembly.Phrases, meeting.Phrases, Phrases)
	fault.Must(err == nil, "the phrases of convening: %v", err)
	return book
})

// writer composes the letter of one dispatch in one language.
type writer struct {
	*lang.Printer
	zone   *time.Location
	look   Look
	o      Options
	bylaws bylaws.Bylaws
	bodies map[people.BodyID]people.Body
	house  string
	seat   string
	blocks papers.Blocks
}

// compose writes the letter of a look in each language.
func compose(r store.Reader, l Look, o Options) (map[lang.Tag]papers.Paper, papers.NameMap, error) {
	w := writer{zone: r.Zone(), look: l, o: o, bodies: map[people.BodyID]people.Body{}}
	day := l.Meeting.Day(w.zone)
	if day.IsZero() {
		day = r.Today()
	}
	var err error
	if w.bylaws, err = bylaws.On(r, day); err != nil {
		return nil, nil, err
	}
	bodies, err := people.Bodies(r)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range bodies {
		w.bodies[b.ID] = b
	}
	if w.house, w.seat, err = houseOf(r); err != nil {
		return nil, nil, err
	}
	names, err := namesIn(r, l.Meeting)
	if err != nil {
		return nil, nil, err
	}
	texts := map[lang.Tag]papers.Paper{}
	for _, tag := range lang.Tags {
		w.Printer, w.blocks = words().In(tag), nil
		texts[tag] = w.paper(tag)
	}
	return texts, names, nil
}

// namesIn are the names of those whom the agenda names.
func namesIn(r store.Reader, m meeting.Meeting) (papers.NameMap, error) {
	var ids []people.PersonID
	for _, x := range m.Matters() {
		ids = slices.Concat(ids, x.Presenters, x.Candidates)
	}
	named, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	names := papers.NameMap{}
	for id, p := range named {
		names[string(id)] = p.Full()
	}
	return names, nil
}

func (w *writer) put(b papers.Block) { w.blocks = append(w.blocks, b) }
func (w *writer) say(code string, kv ...any) {
	w.put(papers.Paragraph{Words: papers.T(w.T(code, kv...))})
}

func (w *writer) head(code string) {
	w.put(papers.Heading{Level: 2, Words: papers.T(w.T("convening.letter." + code))})
}

// paper is the whole letter without address and greeting.
func (w *writer) paper(tag lang.Tag) papers.Paper {
	m := w.look.Meeting
	kind := "convening.letter." + string(w.look.Kind)
	w.say(kind+".text", "title", m.Title, "house", w.house)
	switch w.look.Kind {
	case Cancelled:
		w.facts(m)
		if m.Why != "" {
			w.say("convening.letter.cancelled.why", "why", m.Why)
		}
		w.say("convening.letter.cancelled.proxies")
	case Added:
		w.facts(m)
		w.head("added.points")
		w.agenda(m, func(item meeting.Item, x meeting.Matter) bool { return item.AddedAt != 0 || x.AlteredAt != 0 })
		w.say("convening.letter.added.rule")
		w.taking()
	default:
		w.facts(m)
		w.secondAtOnce()
		w.head("agenda")
		w.agenda(m, func(meeting.Item, meeting.Matter) bool { return true })
		w.papers(m)
		w.taking()
	}
	w.mentions(tag)
	return papers.Paper{Kind: papers.Notice, Lang: tag, House: w.house, Title: w.title(),
		Foot: w.house + " · " + w.T(kind+".short"), Blocks: w.blocks}
}

// title is also the subject of the e-mail: what it is, and of which meeting.
func (w *writer) title() string {
	return w.T("convening.letter."+string(w.look.Kind)+".title", "title", w.look.Meeting.Title)
}

// facts say when, where and how.
func (w *writer) facts(m meeting.Meeting) {
	var items []papers.Fact
	add := func(code, text string) {
		items = append(items, papers.Fact{Term: w.T("convening.letter." + code), Words: papers.T(text)})
	}
	if m.StartsAt != 0 {
		add("when", w.when(m))
	}
	if m.Place != "" {
		add("where", m.Place)
	}
	add("body", lang.Capital(w.bodies[m.Body].Words(w.Printer)))
	if m.Convening == vote.SecondConvening {
		add("convening-number", w.T("convening.letter.second.number"))
	}
	if m.Remote != "" {
		add("remote", m.Remote)
	}
	if !m.RollOn.IsZero() {
		add("roll", w.T("convening.letter.roll.on", "day", m.RollOn))
	}
	w.put(papers.Facts{Items: items})
	if m.Remote != "" && w.look.Kind != Cancelled {
		w.say("convening.letter.remote.rule")
	}
	if m.Convening == vote.SecondConvening && w.look.Kind != Cancelled {
		w.say(m.OwnWord("convening.letter.second.rule"))
	}
}

func (w *writer) when(m meeting.Meeting) string {
	hour := m.StartsAt.Time().In(w.zone).Format("15:04")
	return w.T("convening.letter.at", "day", w.LongDate(m.Day(w.zone)), "hour", hour)
}

// secondAtOnce convenes the second assembly by the same letter.
func (w *writer) secondAtOnce() {
	if w.look.Second == nil {
		return
	}
	w.head("second.head")
	second := *w.look.Second
	w.say(second.OwnWord("convening.letter.second.once"), "when", w.when(second), "place", second.Place)
}

// agenda lists the items whose matters are chosen, with their rules in plain words.
func (w *writer) agenda(m meeting.Meeting, chosen func(meeting.Item, meeting.Matter) bool) {
	for _, item := range m.Items {
		var list []meeting.Matter
		for _, x := range item.Matters {
			if chosen(item, x) {
				list = append(list, x)
			}
		}
		if len(list) == 0 {
			continue
		}
		w.put(papers.Heading{Level: 3, Number: item.Number, Words: papers.T(item.Title)})
		if item.AddedAt != 0 {
			w.put(papers.Hint{Words: papers.T(w.T("convening.letter.added.on", "day", item.AddedAt.On(w.zone)))})
		}
		for _, x := range list {
			w.matter(m, item, x)
		}
	}
}

func (w *writer) matter(m meeting.Meeting, item meeting.Item, x meeting.Matter) {
	if x.Title != item.Title {
		w.put(papers.Heading{Level: 4, Words: papers.T(x.Title)})
	}
	for text := range strings.SplitSeq(x.Words, "\n\n") {
		if text = lang.OneLine(text); text != "" {
			w.put(papers.Paragraph{Words: papers.T(text)})
		}
	}
	var items []papers.Fact
	add := func(code string, words papers.Line) {
		items = append(items, papers.Fact{Term: w.T("convening.letter." + code), Words: words})
	}
	if x.Place != "" {
		add("about", papers.T(x.Place))
	}
	if len(x.Presenters) > 0 {
		add("presented", who(x.Presenters))
	}
	if x.Kind == assembly.Election && x.Seats > 0 {
		add("seats", papers.T(w.T("convening.letter.seats.n", "n", x.Seats, "body", w.bodies[x.Body].Words(w.Printer))))
	}
	if x.Kind == assembly.Draw && x.Effective > 0 {
		code := "convening.letter.draw.n"
		if x.Substitutes == 0 {
			code = "convening.letter.draw.alone"
		}
		add("draw", papers.T(w.T(code, "n", x.Effective, "substitutes", x.Substitutes,
			"body", w.bodies[x.Body].Words(w.Printer))))
	}
	if x.Kind.Fills() && !x.Until.IsZero() {
		add("until", papers.T(w.Date(x.Until)))
	}
	if len(x.Candidates) > 0 {
		add("candidates", who(x.Candidates))
	}
	if len(items) > 0 {
		w.put(papers.Facts{Items: items})
	}
	for _, c := range x.Changes {
		w.change(c)
	}
	for _, r := range x.Rules {
		w.newRule(r)
	}
	w.rule(m, x)
}

// who lists persons.
func who(ids []people.PersonID) (line papers.Line) {
	for i, id := range ids {
		if i > 0 {
			line = append(line, papers.T(", ")...)
		}
		line = append(line, papers.Who(string(id)))
	}
	return line
}

func (w *writer) change(c bylaws.Change) {
	head := w.T("convening.letter.article", "article", c.Article)
	if c.Title != "" {
		head += " · " + c.Title
	}
	w.put(papers.Paragraph{Words: papers.L(papers.B(head))})
	w.put(papers.BeforeAfter{Before: strings.ReplaceAll(c.Before, "\r", ""), After: strings.ReplaceAll(c.After, "\r", "")})
}

// newRule says what a change of the bylaws makes of a rule by which one counts, beside what holds now: a reader
// compares values, not only the wording of articles.
func (w *writer) newRule(r bylaws.Rule) {
	before := w.T("convening.letter.rule.none")
	if now, known := w.bylaws.Rule(r.Key); known {
		before = now.InWords(w.Printer)
	}
	head := w.T("convening.letter.rule.new", "rule", r.Key.Words(w.Printer))
	w.put(papers.Paragraph{Words: papers.L(papers.B(head))})
	w.put(papers.BeforeAfter{Before: before, After: r.InWords(w.Printer)})
}

// rule says in plain words what it takes to decide.
func (w *writer) rule(m meeting.Meeting, x meeting.Matter) {
	if !x.Decides() {
		return
	}
	rule := meeting.RuleOf(w.bylaws, m, x)
	var lines []papers.ReckoningLine
	add := func(text, article string) {
		lines = append(lines, papers.ReckoningLine{Words: papers.T(text), Article: w.Cite(article)})
	}
	if !rule.Quorum.IsZero() {
		terms := rule.Quorum.Terms()
		text := w.Words(rule.Word(rule.Quorum.Phrase()))
		if m.Convening == vote.SecondConvening && meeting.Quorate(rule, m.Convening) && terms.Base != vote.QuorumNone {
			text = w.T("convening.letter.rule.second-free")
		}
		add(text, terms.Article)
	}
	switch {
	case x.Kind == assembly.Draw:
		add(w.T("convening.letter.rule.by-lot"), "")
	case x.Kind == assembly.Election && m.Kind == people.Assembly:
		article := ""
		if r, known := w.bylaws.Rule(bylaws.KeyElection); known {
			article = r.Article
		}
		add(w.Words(w.bylaws.Election().Phrase()), article)
	case !rule.Majority.IsZero():
		add(w.Words(rule.Word(rule.Majority.Phrase())), rule.Majority.Terms().Article)
	}
	if len(lines) > 0 {
		w.put(papers.Reckoning{Lines: lines})
	}
}

// page is the address of a page; empty where letters know no public address.
func (w *writer) page(parts string) string {
	if w.o.Links == "" {
		return ""
	}
	return strings.TrimSuffix(w.o.Links, "/") + parts
}

// papers lists what the letter announces, and where it is.
func (w *writer) papers(m meeting.Meeting) {
	var list []papers.Line
	for _, item := range m.Items {
		for _, x := range item.Matters {
			for _, paper := range x.Papers {
				list = append(list, papers.T(w.T("convening.letter.paper", "number", item.Number, "title", paper.Title)))
			}
		}
	}
	if len(list) == 0 {
		return
	}
	w.head("papers")
	w.put(papers.List{Items: list})
	if page := w.page("/my/meetings/" + m.Name); page != "" {
		w.say("convening.letter.papers.online", "page", page)
	}
	if w.o.Annexed {
		w.say("convening.letter.papers.annexed")
	} else {
		w.say("convening.letter.papers.seat", "seat", w.seat)
	}
}

// taking says how one is represented, and how one asks.
func (w *writer) taking() {
	m := w.look.Meeting
	if proxies, known := w.bylaws.Proxies(); known && proxies.Allowed && m.Kind == people.Assembly {
		w.head("proxy")
		code := "convening.letter.proxy.anybody"
		if proxies.MembersOnly {
			code = "convening.letter.proxy.members"
		}
		w.say(code)
		if proxies.Max > 0 {
			w.say("convening.letter.proxy.max", "n", proxies.Max)
		}
		if page := w.page("/proxy/" + m.Name); page != "" {
			w.say("convening.letter.proxy.online", "page", page)
		}
		w.say("convening.letter.proxy.paper", "seat", w.seat)
	}
	if m.Kind != people.Assembly {
		return
	}
	w.head("ask")
	w.put(papers.Paragraph{Words: papers.L(w.T("convening.letter.ask.text"), " (", w.Cite(questionArticle), ").")})
	if page := w.page("/my/meetings/" + m.Name); page != "" {
		w.say("convening.letter.ask.online", "page", page)
	}
	w.say("convening.letter.ask.paper", "seat", w.seat)
}

// mentions close the letter: the rule of the notice, the language of the agenda, the data.
func (w *writer) mentions(tag lang.Tag) {
	m := w.look.Meeting
	if n := w.look.Notice; n.Known && n.Article != "" {
		w.put(papers.Hint{Words: papers.T(w.T("convening.letter.notice", "n", n.Days, "article", w.Cite(n.Article)))})
	}
	if m.Language != tag && w.look.Kind != Cancelled {
		w.put(papers.Hint{Words: papers.T(w.T("convening.letter.language." + string(m.Language)))})
	}
	w.put(papers.Hint{Words: papers.T(w.T("convening.letter.data", "house", w.house))})
}
