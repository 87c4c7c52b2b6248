package pages

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/vote"
)

// showPage is what GET /meetings/{name} shows.
type showPage struct {
	Meeting  meeting.Meeting
	Zone     *time.Location
	Body     people.Body
	Warnings []warningLine
	Grave    int
	Items    []itemView
	Facts    []web.Fact
	Second   string // address of the second assembly; empty while there is none
	MaySpare bool   // a second assembly would decide whatever the number: it can be convened at once
	Doubtful int    // matters whose quorum the past makes doubtful
	History  templ.Component
}

// The parts of the page, in ready words.
type (
	warningLine struct {
		Text, Todo, Article, Due, Left, Href, Link string
		At                                         string
		Grave, Late                                bool
	}
	itemView struct {
		ID            meeting.ItemID
		Number, Title string
		Added         string // when it was added after the letters; empty when they announce it
		Matters       []matterView
	}
	matterView struct {
		ID               meeting.MatterID
		Kind             string
		Title            string // empty where the item says it
		Same             bool   // the title is that of the kind
		Place, Presented string
		Paragraphs       []string
		Facts            []web.Fact
		Rules            []web.Line // quorum and majority with their article
		Forecast         string
		ForecastBadge    web.Kind
		Answers          []web.Link
		Changes          []web.Change
		NewRules         []web.Change // rules that the text brings, before and after
		Papers           []paperLine
		Missing          []string
	}
	paperLine struct{ ID, Title, Href, Note string }
)

// Over is the line above a matter: its kind, where the title does not say it, and its place.
func (x matterView) Over() string {
	if x.Same {
		return x.Place
	}
	return strings.TrimSuffix(x.Kind+" · "+x.Place, " · ")
}

func (p Pages) show(q *web.Request) error {
	var page showPage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err != nil {
			return err
		}
		if page, err = showOf(v, q, m); err != nil {
			return err
		}
		if q.Who.May(web.Staff) {
			page.History, err = p.history(q.Context(), v, m.ID.Ref())
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(showView(page))
}

// showOf puts a meeting into words.
func showOf(r store.Reader, q *web.Request, m meeting.Meeting) (page showPage, err error) {
	page = showPage{Meeting: m, Zone: r.Zone()}
	if page.Body, err = people.GetBody(r, m.Body); err != nil {
		return page, err
	}
	say, err := newSpeaker(r, q.P, m)
	if err != nil {
		return page, err
	}
	page.Items = say.items(m)
	if page.Facts, err = factsOf(r, q.P, m, q.Who.May(web.Staff)); err != nil {
		return page, err
	}
	if !q.Who.May(web.Staff) {
		return page, nil
	}
	warnings, err := meeting.Warnings(r, m)
	if err != nil {
		return page, err
	}
	page.Grave = meeting.Grave(warnings)
	for _, w := range warnings {
		page.Warnings = append(page.Warnings, say.warning(r.Today(), m, w))
	}
	slices.SortStableFunc(page.Warnings, func(a, b warningLine) int { return graver(a) - graver(b) })
	second, repeated, err := meeting.SecondOf(r, m.ID)
	if err != nil {
		return page, err
	}
	if repeated {
		page.Second = view.Path(second.Name)
	}
	page.MaySpare, page.Doubtful = say.spare(m, repeated)
	return page, nil
}

func graver(w warningLine) int {
	if w.Grave {
		return 0
	}
	return 1
}

// speaker puts the agenda of one meeting into words.
type speaker struct {
	p         *lang.Printer
	zone      *time.Location
	bylaws    bylaws.Bylaws
	persons   map[people.PersonID]people.Person
	bodies    map[people.BodyID]people.Body
	points    map[assembly.RetainedID]assembly.Retained
	forecasts map[meeting.MatterID]meeting.Forecast
}

func newSpeaker(r store.Reader, p *lang.Printer, m meeting.Meeting) (s speaker, err error) {
	s = speaker{p: p, zone: r.Zone(), bodies: map[people.BodyID]people.Body{},
		points: map[assembly.RetainedID]assembly.Retained{}, forecasts: map[meeting.MatterID]meeting.Forecast{}}
	day := m.Day(s.zone)
	if day.IsZero() {
		day = r.Today()
	}
	if s.bylaws, err = bylaws.On(r, day); err != nil {
		return s, err
	}
	var ids []people.PersonID
	for _, x := range m.Matters() {
		ids = slices.Concat(ids, x.Presenters, x.Candidates)
	}
	if s.persons, err = people.Names(r, ids); err != nil {
		return s, err
	}
	bodies, err := people.Bodies(r)
	if err != nil {
		return s, err
	}
	for _, b := range bodies {
		s.bodies[b.ID] = b
	}
	points, err := assembly.RetainedPoints(r)
	if err != nil {
		return s, err
	}
	for _, point := range points {
		s.points[point.ID] = point
	}
	forecasts, err := meeting.ForecastOf(r, m)
	for _, f := range forecasts {
		s.forecasts[f.Matter] = f
	}
	return s, err
}

// names joins names as a sentence does.
func (s speaker) names(ids []people.PersonID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = s.persons[id].Words(s.p)
	}
	return s.p.List(names)
}

func (s speaker) items(m meeting.Meeting) []itemView {
	list := make([]itemView, len(m.Items))
	for i, item := range m.Items {
		list[i] = itemView{ID: item.ID, Number: item.Number, Title: item.Title}
		if item.AddedAt != 0 {
			list[i].Added = s.p.T("meeting.page.added", "day", item.AddedAt.On(s.zone))
		}
		for _, x := range item.Matters {
			one := s.matter(m, x)
			one.Same = one.Kind == x.Title
			if x.Title == item.Title {
				one.Title = ""
			}
			list[i].Matters = append(list[i].Matters, one)
		}
	}
	return list
}

func (s speaker) matter(m meeting.Meeting, x meeting.Matter) matterView {
	p := s.p
	v := matterView{ID: x.ID, Kind: p.T("meeting.kind." + string(x.Kind)), Title: x.Title, Place: x.Place}
	if len(x.Presenters) > 0 {
		v.Presented = p.T("meeting.page.presented", "who", s.names(x.Presenters))
	}
	for text := range strings.SplitSeq(x.Words, "\n\n") {
		if text = strings.TrimSpace(text); text != "" {
			v.Paragraphs = append(v.Paragraphs, text)
		}
	}
	for _, c := range x.Changes {
		v.Changes = append(v.Changes, s.beforeAfter(c))
	}
	for _, r := range x.Rules {
		v.NewRules = append(v.NewRules, s.ruleChange(r))
	}
	for _, id := range x.Answers {
		point := s.points[id]
		v.Answers = append(v.Answers, web.Link{Href: "/retained/" + string(id),
			Text: p.T("meeting.page.answers", "point", point.Title, "day", point.HeldOn, "number", point.ItemNumber)})
	}
	v.Facts = s.facts(x)
	if x.Decides() {
		v.Rules = s.rules(m, x)
		v.Forecast, v.ForecastBadge = s.forecast(s.forecasts[x.ID])
	}
	for _, paper := range x.Papers {
		v.Papers = append(v.Papers, s.paper(m, paper))
	}
	for _, need := range x.Lacks() {
		v.Missing = append(v.Missing, p.T("meeting.need."+string(need)))
	}
	return v
}

// beforeAfter is one article of a change.
func (s speaker) beforeAfter(c bylaws.Change) web.Change {
	title := s.p.T("meeting.page.article", "article", c.Article, "title", c.Title)
	return web.Change{BeforeHead: s.p.T("meeting.page.article.before", "article", title),
		AfterHead: s.p.T("meeting.page.article.after", "article", title), Before: c.Before, After: c.After}
}

// facts are what a kind says besides its text.
func (s speaker) facts(x meeting.Matter) (facts []web.Fact) {
	p := s.p
	add := func(code, text string) {
		facts = append(facts, web.Fact{Name: p.T("meeting.field." + code), Text: text})
	}
	if x.Earlier != "" {
		facts = append(facts, web.Fact{Name: p.T("meeting.field.earlier"), Body: link("/assemblies/"+x.Earlier+"/minutes",
			x.Earlier)})
	}
	if !x.ClosedOn.IsZero() {
		add("closed_on", p.Date(x.ClosedOn))
	}
	if x.Body != "" {
		add("filled", lang.Capital(s.bodies[x.Body].Words(p)))
	}
	if x.Seats > 0 {
		add("seats", p.Count(int64(x.Seats)))
	}
	if x.Effective+x.Substitutes > 0 {
		add("drawn", p.T("meeting.page.drawn", "effective", x.Effective, "substitutes", x.Substitutes))
	}
	if !x.Until.IsZero() {
		add("until", p.Date(x.Until))
	}
	if len(x.Candidates) > 0 {
		add("candidates", s.names(x.Candidates))
	}
	return facts
}

// rules are the quorum and the majority, or how one is elected, with the article.
func (s speaker) rules(m meeting.Meeting, x meeting.Matter) []web.Line {
	p, rule := s.p, meeting.RuleOf(s.bylaws, m, x)
	quorum := web.Line{Text: p.Words(rule.Word(rule.Quorum.Phrase())), Article: p.Cite(rule.Quorum.Terms().Article)}
	asked := rule.Quorum.Terms().Base != vote.QuorumNone
	if m.Convening == vote.SecondConvening && asked && meeting.Quorate(rule, m.Convening) {
		quorum.Text = p.T(m.OwnWord("meeting.page.second-free"))
	}
	switch {
	case x.Kind == assembly.Draw:
		return []web.Line{quorum, {Text: p.T("meeting.page.by-lot")}}
	case x.Kind == assembly.Election && m.Kind == people.Assembly:
		how := web.Line{Text: p.Words(s.bylaws.Election().Phrase())}
		if r, known := s.bylaws.Rule(bylaws.KeyElection); known {
			how.Article = p.Cite(r.Article)
		}
		return []web.Line{quorum, how}
	}
	majority := web.Line{Text: p.Words(rule.Word(rule.Majority.Phrase()))}
	majority.Article = p.Cite(rule.Majority.Terms().Article)
	return []web.Line{quorum, majority}
}

// forecast is how likely the quorum is, in a sentence; nothing where none is asked.
func (s speaker) forecast(f meeting.Forecast) (words string, kind web.Kind) {
	p := s.p
	switch {
	case f.Asked != meeting.AskedPresent:
		return "", web.Off
	case !f.Enough():
		return p.T("meeting.forecast.few", "n", f.Of, "least", meeting.ForecastLeast), web.Off
	}
	kind = web.Info
	if f.Doubtful() {
		kind = web.Wait
	}
	return p.T("meeting.forecast.past", "reached", f.Reached, "n", f.Of, "low", p.Percent(f.Low, 1000),
		"high", p.Percent(f.High, 1000)), kind
}

// spare says whether a second assembly can be convened at once, and how many matters would be glad of it.
func (s speaker) spare(m meeting.Meeting, repeated bool) (may bool, doubt int) {
	if repeated || m.CancelledAt != 0 || m.Convening == vote.SecondConvening {
		return false, 0
	}
	for _, x := range m.Matters() {
		f := s.forecasts[x.ID]
		rule := meeting.RuleOf(s.bylaws, m, x)
		if f.Asked == meeting.AskedPresent && meeting.Quorate(rule, vote.SecondConvening) {
			may = true
			if f.Doubtful() {
				doubt++
			}
		}
	}
	return may, doubt
}

func (s speaker) paper(m meeting.Meeting, paper meeting.Paper) paperLine {
	line := paperLine{ID: string(paper.ID), Title: paper.Title, Href: view.Path(m.Name) + "/papers/" + string(paper.ID)}
	if paper.Need != meeting.NoNeed {
		line.Note = s.p.T("meeting.need." + string(paper.Need))
	}
	if m.ConvenedAt != 0 && paper.AddedAt > m.ConvenedAt {
		line.Note = strings.TrimPrefix(line.Note+", "+s.p.T("meeting.page.added", "day", paper.AddedAt.On(s.zone)), ", ")
	}
	return line
}

// warning is a line of what is to be mended, with the page that mends it.
func (s speaker) warning(today civil.Date, m meeting.Meeting, w meeting.Warning) warningLine {
	p := s.p
	line := warningLine{Text: p.Words(w.Say), Todo: p.Words(w.Todo()), Article: p.Cite(w.Article), Grave: w.Grave}
	if !w.Due.IsZero() {
		line.Due, line.At, line.Left = p.ShortDate(w.Due), w.Due.String(), daysLeft(p, today, w.Due)
		line.Late = today.After(w.Due)
	}
	if w.Mend != "" {
		line.Href, line.Link = mendPath(m, w), p.T("meeting.mend."+string(w.Mend))
	}
	return line
}

// mendPath is the page on which a warning is mended.
func mendPath(m meeting.Meeting, w meeting.Warning) string {
	switch w.Mend {
	case meeting.MendAgenda:
		return agendaPath(m.Name)
	case meeting.MendMatter:
		return matterPath(m.Name, w.Matter)
	case meeting.MendPapers:
		return matterPath(m.Name, w.Matter) + "/papers/new"
	case meeting.MendConvene:
		return view.Path(m.Name) + "/" + string(view.Convene)
	case meeting.MendMinutes:
		x, _, _ := m.Matter(w.Matter)
		return "/assemblies/" + x.Earlier + "/minutes"
	}
	return view.Path(m.Name) + "/details"
}

// factsOf are what is said of a meeting beside its agenda.
func factsOf(r store.Reader, p *lang.Printer, m meeting.Meeting, staff bool) ([]web.Fact, error) {
	text := func(code, s string) web.Fact { return web.Fact{Name: p.T("meeting.field." + code), Text: s} }
	body, err := people.GetBody(r, m.Body)
	if err != nil {
		return nil, err
	}
	facts := []web.Fact{{Name: p.T("meeting.field.body"), Body: link(peopleview.BodyPath(m.Body),
		lang.Capital(body.Words(p)))},
		text("convening", p.T("meeting.convening."+string(m.Convening))), text("remote-short", orNone(p, m.Remote)),
		text("language", languages()[slices.Index(lang.Tags, m.Language)].Label)}
	roll := p.T("meeting.page.roll-opening")
	if !m.RollOn.IsZero() {
		roll = p.Date(m.RollOn)
	}
	facts = append(facts, text("roll", roll))
	if m.ConvenedAt != 0 {
		facts = append(facts, text("convened", p.Moment(m.ConvenedAt, r.Zone())))
	}
	if m.CancelledAt != 0 {
		facts = append(facts, text("why", m.Why))
	}
	linked := func(code string, id meeting.ID) error {
		other, found, err := meeting.ByID(r, id)
		if found {
			facts = append(facts, web.Fact{Name: p.T(m.OwnWord("meeting.field." + code)),
				Body: link(view.Path(other.Name), other.Title)})
		}
		return err
	}
	if m.Earlier != "" {
		if err := linked("first", m.Earlier); err != nil {
			return nil, err
		}
	}
	if second, found, err := meeting.SecondOf(r, m.ID); err != nil {
		return nil, err
	} else if found && (staff || second.ConvenedAt != 0) {
		facts = append(facts, web.Fact{Name: p.T(m.OwnWord("meeting.field.second")),
			Body: link(view.Path(second.Name), second.Title)})
	}
	if m.Demand != "" && staff {
		facts = append(facts, web.Fact{Name: p.T("meeting.field.demand"), Body: link(demandPath(m.Demand),
			p.T("meeting.page.demand.see"))})
	}
	return facts, nil
}

func orNone(p *lang.Printer, s string) string {
	if s == "" {
		return p.T("meeting.page.no-remote")
	}
	return s
}
