package meeting

import (
	"slices"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// The articles of the Code that warnings name; those of the bylaws come with their rule.
const (
	accountsArticle  = "CSA 3:1"
	amendmentArticle = "CSA 6:85"
	purposeArticle   = "CSA 6:86"
	classArticle     = "CSA 6:87"
	// bookArticle is what is known to stand in the book on cooperatives, under a number that nobody has read: that the
	// agenda and the day go with the letters, and that a decision off the agenda is void.
	bookArticle = "CSA, livre 6"
)

// accountsWithin is how many months after their closing the yearly accounts come before the assembly (CSA 3:1).
const accountsWithin = 6

// Warning is what makes a decision doubtful or void, or what is still missing. Its phrase has a sister, with ".todo",
// that says what to do.
type Warning struct {
	Say     lang.Phrase
	Article string     // where it is written; empty when nobody read a number
	Item    ItemID     // empty when it concerns the meeting
	Matter  MatterID   // empty when it concerns the meeting or the item
	Due     civil.Date // day by which it must be done; zero when there is none
	Grave   bool       // a decision taken in spite of it can be void
	Mend    Mend       // where it is mended; empty when no page does
}

// Mend is the page on which a warning is mended; empty when it is mended outside of the program.
type Mend string

// The pages on which warnings are mended.
const (
	MendDetails Mend = "details" // date, place, way of taking part
	MendAgenda  Mend = "agenda"  // a point is missing
	MendMatter  Mend = "matter"  // what a matter says
	MendPapers  Mend = "papers"  // a paper of a matter
	MendConvene Mend = "convene" // the letters
	MendMinutes Mend = "minutes" // the minutes of an earlier assembly
)

// Todo says what to do about it.
func (w Warning) Todo() lang.Phrase {
	return lang.Phrase{Code: w.Say.Code + ".todo", Args: w.Say.Args}
}

// Warnings names what is missing for a meeting, or doubtful, with its article: first what concerns the meeting, then
// each matter in the order of the agenda. A meeting that is over has none.
func Warnings(r store.Reader, m Meeting) ([]Warning, error) {
	if m.Over() {
		return nil, nil
	}
	f, err := circumstancesOf(r, m)
	if err != nil {
		return nil, err
	}
	return f.warnings(m), nil
}

// circumstances are what warnings look at beyond the meeting itself, read once, so that the rules are pure.
type circumstances struct {
	today   civil.Date
	zone    *time.Location
	bylaws  bylaws.Bylaws
	owed    []assembly.Retained // open points that no matter takes up
	points  map[assembly.RetainedID]assembly.Retained
	last    assembly.Summary // the latest assembly of the body; zero when there is none
	minutes map[string]assembly.Summary
	demand  Demand  // that the meeting answers
	first   Meeting // that the meeting repeats
}

func circumstancesOf(r store.Reader, m Meeting) (f circumstances, err error) {
	f = circumstances{today: r.Today(), zone: r.Zone(), points: map[assembly.RetainedID]assembly.Retained{},
		minutes: map[string]assembly.Summary{}}
	day := m.Day(f.zone)
	if day.IsZero() {
		day = f.today
	}
	if f.bylaws, err = bylaws.On(r, day); err != nil {
		return f, err
	}
	if f.owed, err = Owed(r, m); err != nil {
		return f, err
	}
	points, err := assembly.RetainedPoints(r)
	if err != nil {
		return f, err
	}
	for _, p := range points {
		f.points[p.ID] = p
	}
	records, err := assembly.Summaries(r)
	if err != nil {
		return f, err
	}
	for _, a := range slices.Backward(records) { // the newest last, so that it stays
		f.minutes[a.Name] = a
		if a.Body == m.Body && !a.HeldOn.After(day) {
			f.last = a
		}
	}
	if m.Demand != "" {
		if f.demand, _, err = DemandByID(r, m.Demand); err != nil {
			return f, err
		}
	}
	if m.Earlier != "" {
		f.first, _, err = ByID(r, m.Earlier)
	}
	return f, err
}

// warnings is the rule: what the circumstances make of the draft.
func (f circumstances) warnings(m Meeting) (list []Warning) {
	list = slices.Concat(f.ofDay(m), f.ofNotice(m), f.ofAgenda(m))
	for _, item := range m.Items {
		if item.AddedAt != 0 {
			list = append(list, Warning{Say: lang.Say("meeting.warn.added", "number", item.Number), Item: item.ID,
				Article: agendaArticle(m), Grave: true, Mend: MendAgenda})
		}
		for _, x := range item.Matters {
			about := slices.Concat(f.ofMatter(m, x), f.ofPapers(m, x))
			for _, w := range about {
				w.Item, w.Matter = item.ID, x.ID
				list = append(list, w)
			}
		}
	}
	return list
}

// ofDay is about date and place.
func (f circumstances) ofDay(m Meeting) (list []Warning) {
	if m.StartsAt == 0 {
		list = append(list, Warning{Say: lang.Say("meeting.warn.no-day"), Mend: MendDetails})
	}
	if m.Place == "" {
		list = append(list, Warning{Say: lang.Say("meeting.warn.no-place"), Mend: MendDetails})
	}
	if m.StartsAt != 0 && m.OpenedAt == 0 && m.Day(f.zone).Before(f.today) {
		list = append(list, Warning{Say: lang.Say("meeting.warn.passed", "day", m.Day(f.zone)), Mend: MendDetails})
	}
	if m.AlteredAt != 0 {
		list = append(list, Warning{Say: lang.Say("meeting.warn.moved", "day", m.AlteredAt.On(f.zone)),
			Article: agendaArticle(m), Grave: true, Mend: MendConvene})
	}
	if f.first.ID != "" && m.StartsAt != 0 && m.StartsAt <= f.first.StartsAt {
		list = append(list, Warning{Say: lang.Say("meeting.warn.before-first", "day", f.first.Day(f.zone)),
			Grave: true, Mend: MendDetails})
	}
	return list
}

// ofNotice is about the days between the letters and the meeting, and those that a demand leaves.
func (f circumstances) ofNotice(m Meeting) (list []Warning) {
	if f.demand.ID != "" && m.ConvenedAt == 0 {
		late := f.today.After(f.demand.Due())
		code := "meeting.warn.demand"
		if late {
			code = "meeting.warn.demand-late"
		}
		list = append(list, Warning{Say: lang.Say(code, "due", f.demand.Due()), Article: demandArticle,
			Due: f.demand.Due(), Grave: late, Mend: MendConvene})
	}
	notice, known := NoticeOf(f.bylaws, m.Kind)
	if !known || m.StartsAt == 0 || m.OpenedAt != 0 {
		return list
	}
	key := bylaws.KeyNotice
	if m.Kind != people.Assembly {
		key = bylaws.KeyOrganNotice(m.Kind)
	}
	rule, _ := f.bylaws.Rule(key)
	last := m.Day(f.zone).AddDays(-notice.Days)
	w := Warning{Article: rule.Article, Due: last, Mend: MendConvene}
	switch {
	case m.ConvenedAt != 0 && m.ConvenedAt.On(f.zone).After(last):
		w.Say, w.Grave = lang.Say("meeting.warn.late", "sent", m.ConvenedAt.On(f.zone), "last", last, "n", notice.Days), true
	case m.ConvenedAt != 0:
		return list
	case f.today.After(last):
		w.Say, w.Grave, w.Mend = lang.Say("meeting.warn.too-late", "last", last, "n", notice.Days), true, MendDetails
	default:
		w.Say = lang.Say("meeting.warn.notice", "last", last, "n", notice.Days)
	}
	return append(list, w)
}

// ofAgenda is about what the agenda lacks as a whole.
func (f circumstances) ofAgenda(m Meeting) (list []Warning) {
	matters := m.Matters()
	if len(matters) == 0 {
		list = append(list, Warning{Say: lang.Say("meeting.warn.empty"), Mend: MendAgenda})
	}
	for _, item := range m.Items {
		if len(item.Matters) == 0 {
			list = append(list, Warning{Say: lang.Say("meeting.warn.empty-item", "number", item.Number), Item: item.ID,
				Mend: MendAgenda})
		}
	}
	if n := len(f.owed); n > 0 {
		list = append(list, Warning{Say: lang.Say("meeting.warn.owed", "n", n), Mend: MendAgenda})
	}
	approves := func(x Matter) bool { return x.Kind == assembly.EarlierMinutes && x.Earlier == f.last.Name }
	if f.last.ID != "" && f.last.ApprovedBy == "" && !slices.ContainsFunc(matters, approves) {
		list = append(list, Warning{Say: lang.Say("meeting.warn.unapproved", "title", f.last.Title,
			"held", f.last.HeldOn), Mend: MendAgenda})
	}
	if m.Kind != people.Assembly {
		return list
	}
	list = append(list, f.ofDischarge(matters)...)
	if slices.ContainsFunc(matters, func(x Matter) bool { return x.Kind.Changes() }) {
		list = append(list, Warning{Say: lang.Say("meeting.warn.notary"), Article: amendmentArticle})
	}
	return list
}

// ofDischarge is about the separate vote on the discharge, after the accounts.
func (f circumstances) ofDischarge(matters []Matter) []Warning {
	at := func(k assembly.Kind) int {
		return slices.IndexFunc(matters, func(x Matter) bool { return x.Kind == k })
	}
	accounts, discharge := at(assembly.Accounts), at(assembly.Discharge)
	code := ""
	switch {
	case accounts >= 0 && discharge < 0:
		code = "meeting.warn.no-discharge"
	case accounts >= 0 && discharge < accounts:
		code = "meeting.warn.discharge-first"
	case accounts < 0 && discharge >= 0:
		code = "meeting.warn.discharge-alone"
	default:
		return nil
	}
	return []Warning{{Say: lang.Say(code), Mend: MendAgenda}}
}

// ofMatter is about what a matter says.
func (f circumstances) ofMatter(m Meeting, x Matter) (list []Warning) {
	warn := func(code, article string, grave bool, kv ...any) {
		list = append(list, Warning{Say: lang.Say("meeting.warn."+code, append(kv, "title", x.Title)...), Article: article,
			Grave: grave, Mend: MendMatter})
	}
	if x.AlteredAt != 0 {
		warn("altered", agendaArticle(m), true, "day", x.AlteredAt.On(f.zone))
	}
	for _, id := range x.Answers {
		if point, found := f.points[id]; found && point.Open() && x.Words == "" {
			warn("unanswered", "", false, "point", point.Title, "day", point.HeldOn, "number", point.ItemNumber)
		}
	}
	switch x.Kind {
	case assembly.EarlierMinutes:
		list = append(list, f.ofMinutes(x)...)
	case assembly.Accounts:
		list = append(list, f.ofAccounts(m, x)...)
	case assembly.BylawsChange, assembly.PurposeChange, assembly.ClassRights:
		list = append(list, f.ofChanges(x)...)
	case assembly.Election:
		switch {
		case x.Body == "":
			warn("no-body", "", true)
		case x.Seats == 0:
			warn("no-seats", "", true)
		case len(x.Candidates) < x.Seats:
			warn("few-candidates", "", false, "n", len(x.Candidates), "seats", x.Seats)
		}
		if x.Until.IsZero() {
			warn("no-term", "", false)
		}
	case assembly.Draw:
		if x.Body == "" || x.Effective == 0 {
			warn("no-draw", "", true)
		}
	case assembly.Resolution:
		if x.Words == "" && len(x.Papers) == 0 {
			warn("no-words", "", false)
		}
	}
	if rule := RuleOf(f.bylaws, m, x); x.Kind.Voted() && (rule.Majority.IsZero() || rule.Quorum.IsZero()) {
		warn("no-rule", "", false)
	}
	return list
}

func (f circumstances) ofMinutes(x Matter) []Warning {
	earlier, found := f.minutes[x.Earlier]
	switch {
	case x.Earlier == "":
		return []Warning{{Say: lang.Say("meeting.warn.no-earlier", "title", x.Title), Mend: MendMatter}}
	case found && earlier.Hash == "":
		return []Warning{{Say: lang.Say("meeting.warn.unfrozen", "title", earlier.Title, "name", earlier.Name),
			Mend: MendMinutes}}
	case found && earlier.ApprovedBy != "":
		return []Warning{{Say: lang.Say("meeting.warn.approved", "title", earlier.Title, "by", earlier.ApprovedBy),
			Mend: MendMatter}}
	}
	return nil
}

// ofAccounts is about the six months after the closing (CSA 3:1).
func (f circumstances) ofAccounts(m Meeting, x Matter) []Warning {
	if x.ClosedOn.IsZero() {
		return []Warning{{Say: lang.Say("meeting.warn.no-closing", "title", x.Title), Mend: MendMatter}}
	}
	due, day := x.ClosedOn.AddMonths(accountsWithin), m.Day(f.zone)
	if day.IsZero() {
		day = f.today
	}
	w := Warning{Article: accountsArticle, Due: due, Mend: MendDetails}
	switch {
	case day.After(due):
		w.Say, w.Grave = lang.Say("meeting.warn.accounts-late", "closed", x.ClosedOn, "due", due), true
	case m.StartsAt == 0:
		w.Say = lang.Say("meeting.warn.accounts-due", "closed", x.ClosedOn, "due", due)
	default:
		return nil
	}
	return []Warning{w}
}

// ofChanges is about the text before and after, which the agenda sets out (CSA 6:85).
func (f circumstances) ofChanges(x Matter) (list []Warning) {
	warn := func(code string, kv ...any) {
		list = append(list, Warning{Say: lang.Say("meeting.warn."+code, append(kv, "title", x.Title)...),
			Article: amendmentArticle, Grave: true, Mend: MendMatter})
	}
	if len(x.Changes) == 0 && len(x.Rules) == 0 {
		warn("no-changes")
	}
	for _, c := range x.Changes {
		article, found := f.bylaws.Version.Article(c.Article)
		switch {
		case c.Before == c.After:
			warn("same-text", "article", c.Article)
		case c.Before == "" && found:
			warn("article-there", "article", c.Article)
		case c.Before != "" && article.Body != c.Before:
			warn("other-text", "article", c.Article)
		}
	}
	return list
}

// ofPapers is about the papers that the kind requires, and whether they went with the letters.
func (f circumstances) ofPapers(m Meeting, x Matter) (list []Warning) {
	for _, need := range x.Lacks() {
		w := Warning{Say: lang.Say("meeting.warn.paper."+string(need), "title", x.Title), Mend: MendPapers}
		w.Article, w.Grave = need.article()
		list = append(list, w)
	}
	for _, p := range x.Papers {
		article, grave := p.Need.article()
		if grave && m.ConvenedAt != 0 && p.AddedAt > m.ConvenedAt {
			list = append(list, Warning{Say: lang.Say("meeting.warn.paper-late", "paper", p.Title,
				"day", p.AddedAt.On(f.zone), "title", x.Title), Article: article, Grave: true, Mend: MendConvene})
		}
	}
	return list
}

// article is where a paper is required, and whether the decision falls without it: that on a change of the purpose does
// (CSA 6:86), and that on class rights (CSA 6:87).
func (n Need) article() (article string, grave bool) {
	switch n {
	case PurposeReport:
		return purposeArticle, true
	case ClassReport:
		return classArticle, true
	case YearAccounts:
		return accountsArticle, false
	}
	return "", false
}

// agendaArticle is where it stands that the letters say the day and the subjects: the law, for the general assembly.
func agendaArticle(m Meeting) string {
	if m.Kind == people.Assembly {
		return bookArticle
	}
	return ""
}

// Grave counts the warnings that can make a decision void.
func Grave(list []Warning) (n int) {
	for _, w := range list {
		if w.Grave {
			n++
		}
	}
	return n
}

// Quorate says whether the second convening decides whatever the number: its rule says so.
func Quorate(rule vote.Rule, c vote.Convening) bool {
	t := rule.Quorum.Terms()
	return t.Base == vote.QuorumNone || c == vote.SecondConvening && t.Base == vote.QuorumIssued &&
		t.Second == vote.SecondFree
}
