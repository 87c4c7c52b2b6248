package pages

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// recordPage is what GET /assemblies/{name} shows.
type recordPage struct {
	Assembly   assembly.Assembly
	Frozen     bool
	FrozenOn   string
	HasList    bool
	ListGives  *vote.Sides // what the list gives where the record states otherwise
	Attendance []attendanceLine
	Items      []itemView
	Mandates   []mandateLine
	Retained   []pointLine
	Open       int
	History    templ.Component
}

// The parts of a page about one assembly, in ready words.
type (
	attendanceLine struct {
		Name, Heads, Shares         string
		HeadsUnknown, SharesUnknown bool
	}
	itemView struct {
		Number, Title string
		Matters       []matterView
		Retained      []pointLine
	}
	matterView struct {
		Kind, Title, Presented, Place string
		EarlierName, EarlierHref      string
		Paragraphs                    []string
		Verdict                       string // empty where nothing was decided
		VerdictBadge                  web.Kind
		How                           string // unanimously, by acclamation
		Standing                      string // empty where nothing is judged
		StandingBadge                 web.Kind
		Lacks                         string // what is missing, or where the computation differs
		Reckoning                     []web.Line
		Who                           []string // who was elected or drawn
		Amendment                     string
		AmendmentHref                 string
		Annexes                       []annexLine
	}
	annexLine   struct{ Title, Href string } // no address: the minutes name it, nobody has attached it
	mandateLine struct{ Who, Body, Role, From, Until string }
)

func (p Pages) record(q *web.Request) error {
	var page recordPage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		a, err := assemblyIn(v, q)
		if err != nil {
			return err
		}
		if page, err = recordOf(v, a, q.P); err != nil {
			return err
		}
		m, err := assembly.MinutesOf(v, a, p.Book)
		if err != nil {
			return err
		}
		if page.Frozen = m.Frozen(); page.Frozen {
			page.FrozenOn = q.P.Date(m.FrozenAt.On(v.Zone()))
		}
		page.History, err = p.history(q.Context(), v, a.ID.Ref())
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(recordView(page))
}

// recordOf puts an assembly into words.
func recordOf(r store.Reader, a assembly.Assembly, p *lang.Printer) (page recordPage, err error) {
	page = recordPage{Assembly: a, Attendance: attendanceLines(a.Attendance, p)}
	mandates, err := mandatesOf(r, a)
	if err != nil {
		return page, err
	}
	persons := personsOf(a)
	for _, m := range mandates {
		persons = append(persons, m.Person)
	}
	say, err := newSpeaker(r, p, persons)
	if err != nil {
		return page, err
	}
	if page.Items, err = itemViews(r, a, say); err != nil {
		return page, err
	}
	for _, m := range mandates {
		line := mandateLine{Who: say.person(m.Person), Body: say.bodies[m.Body].Words(p),
			Role: p.Words(m.Title(say.bodies[m.Body].Kind)),
			From: p.Date(m.From), Until: p.T("assembly.page.no-term")}
		if !m.Ends().IsZero() {
			line.Until = p.Date(m.Ends())
		}
		page.Mandates = append(page.Mandates, line)
	}
	for _, point := range a.Retained {
		page.Retained = append(page.Retained, pointLineOf(point, r.Today(), say))
		if point.Open() {
			page.Open++
		}
	}
	list, err := assembly.Attendees(r, a.ID)
	if err != nil {
		return page, err
	}
	if page.HasList = len(list) > 0; page.HasList {
		if counted := assembly.Counted(list); a.Attendance.Contradicts(counted) {
			page.ListGives = &counted.Total
		}
	}
	return page, nil
}

// personsOf is everybody whom the matters name.
func personsOf(a assembly.Assembly) []people.PersonID {
	var ids []people.PersonID
	for _, item := range a.Items {
		for _, m := range item.Matters {
			ids = slices.Concat(ids, m.Presenters, m.Elected, m.Effective, m.Substitutes, m.Candidates)
		}
	}
	return ids
}

// mandatesOf are the mandates that the assembly's matters and retained points opened.
func mandatesOf(r store.Reader, a assembly.Assembly) ([]people.Mandate, error) {
	var bodies []people.BodyID
	opened := map[store.Ref]bool{}
	for _, item := range a.Items {
		for _, m := range item.Matters {
			bodies, opened[m.ID.Ref()] = append(bodies, m.Body), true
		}
	}
	for _, point := range a.Retained {
		bodies, opened[point.ID.Ref()] = append(bodies, point.Owner), true
	}
	slices.Sort(bodies)
	var list []people.Mandate
	for _, body := range slices.Compact(bodies) {
		if body == "" {
			continue
		}
		mandates, err := people.Mandates(r, body)
		if err != nil {
			return nil, err
		}
		for _, m := range mandates {
			if opened[m.Opened] {
				list = append(list, m)
			}
		}
	}
	return list, nil
}

func attendanceLines(at assembly.Attendance, p *lang.Printer) []attendanceLine {
	line := func(code string, s vote.Sides) attendanceLine {
		l := attendanceLine{Name: p.T(code)}
		l.Heads, l.HeadsUnknown = known(s.Heads, p)
		l.Shares, l.SharesUnknown = known(s.Shares, p)
		return l
	}
	return []attendanceLine{line("assembly.page.in-person", at.Present), line("assembly.page.by-proxy", at.Represented),
		line("assembly.page.total", at.Total), line("assembly.page.issued", at.Issued)}
}

func itemViews(r store.Reader, a assembly.Assembly, say speaker) ([]itemView, error) {
	var items []itemView
	for _, item := range a.Items {
		view := itemView{Number: item.Number, Title: item.Title}
		for _, m := range item.Matters {
			mv, err := matterOf(r, a.Name, m, say)
			if err != nil {
				return nil, err
			}
			view.Matters = append(view.Matters, mv)
		}
		for _, point := range a.Retained {
			if point.Item == item.ID {
				view.Retained = append(view.Retained, pointLineOf(point, r.Today(), say))
			}
		}
		items = append(items, view)
	}
	return items, nil
}

func matterOf(r store.Reader, name string, m assembly.Matter, say speaker) (v matterView, err error) {
	p := say.p
	v = matterView{Kind: p.T("assembly.kind." + string(m.Kind)), Title: m.Title}
	if len(m.Presenters) > 0 {
		v.Presented = p.T("assembly.page.presented-by", "who", say.everybody(m.Presenters))
	}
	if m.Place != "" && m.Place != m.Title {
		v.Place = p.T("assembly.page.place", "place", m.Place)
	}
	for paragraph := range strings.SplitSeq(m.Words, "\n\n") {
		if text := strings.Join(strings.Fields(paragraph), " "); text != "" {
			v.Paragraphs = append(v.Paragraphs, text)
		}
	}
	for _, x := range m.Annexes {
		line := annexLine{Title: x.Title}
		if x.Document != "" {
			line.Href = pathOf(name) + "/annexes/" + x.ID
		}
		v.Annexes = append(v.Annexes, line)
	}
	if m.Earlier != "" {
		if err := v.earlier(r, m.Earlier); err != nil {
			return v, err
		}
	}
	switch {
	case m.Kind == assembly.Election:
		v.elected(m, say)
	case m.Kind == assembly.Draw:
		v.drawn(m, say)
	case m.Kind.Voted():
		v.judged(m, p)
	case m.Stated == assembly.Presented:
		v.Verdict, v.VerdictBadge = p.T("assembly.page.presented"), web.Info
	}
	if m.Amendment == "" {
		return v, nil
	}
	amendment, found, err := bylaws.AmendmentByID(r, m.Amendment)
	if err == nil && found {
		v.Amendment, v.AmendmentHref = p.T("assembly.page.amendment.pending"), "/bylaws/amendments/"+p.Count(amendment.Number)
		if amendment.State == bylaws.InForce {
			v.Amendment = p.T("assembly.page.amendment.in-force", "since", since(p, amendment.InForceOn))
		}
	}
	return v, err
}

// earlier points to the assembly whose minutes are approved, where the program has it.
func (v *matterView) earlier(r store.Reader, name string) error {
	v.EarlierName = name
	a, found, err := assembly.ByName(r, name)
	if found {
		v.EarlierName, v.EarlierHref = a.Title, pathOf(name)+"/minutes"
	}
	return err
}

var verdictBadges = map[vote.Verdict]web.Kind{vote.Adopted: web.Yes, vote.Rejected: web.No, vote.Inquorate: web.No}

var standingBadges = map[vote.Status]web.Kind{vote.Recomputed: web.Yes, vote.AsStated: web.Wait, vote.Differs: web.No}

// judged says how a vote ended and how far that was recomputed.
func (v *matterView) judged(m assembly.Matter, p *lang.Printer) {
	verdict := m.Outcome.Verdict()
	v.Verdict, v.VerdictBadge = p.T("assembly.page.no-verdict"), web.Off
	if verdict != "" {
		v.Verdict, v.VerdictBadge = p.Words(verdict.Phrase()), verdictBadges[verdict]
	}
	if v.VerdictBadge == "" {
		v.VerdictBadge = web.Off
	}
	switch m.Ballot.Kind {
	case vote.Unanimous:
		v.How = p.T("assembly.page.unanimous")
	case vote.ByAcclamation:
		v.How = p.T("assembly.page.acclaimed")
	}
	v.standing(m.Outcome.Status, m.Outcome.Missing, m.Outcome.Against, p)
	for _, l := range m.Outcome.Reckoning {
		v.Reckoning = append(v.Reckoning, reckoned(l, p))
	}
}

func reckoned(l vote.Line, p *lang.Printer) web.Line {
	line := web.Line{Text: p.Words(l.Say), Article: l.Note(p)}
	if l.Figure.Code != "" {
		line.Value = p.Words(l.Figure)
	}
	return line
}

func (v *matterView) standing(status vote.Status, missing, against vote.List, p *lang.Printer) {
	v.Standing, v.StandingBadge = "", standingBadges[status]
	if status != "" { // a vote that never came to its end stands nowhere
		v.Standing = p.T("assembly.page.standing." + string(status))
	}
	if v.StandingBadge == "" {
		v.StandingBadge = web.Off
	}
	switch {
	case len(against) > 0:
		v.Lacks = p.T("assembly.page.differs", "what", against.Phrase())
	case len(missing) > 0:
		v.Lacks = p.T("assembly.page.missing", "what", missing.Phrase())
	}
}

// elected says who was elected and, where the record gives the candidates, how they were counted.
func (v *matterView) elected(m assembly.Matter, say speaker) {
	p := say.p
	v.Standing, v.StandingBadge = p.T("assembly.page.standing.as-stated"), web.Wait
	v.Lacks = p.T("assembly.page.missing", "what", p.T("assembly.minutes.missing-votes"))
	v.Who = []string{p.T("assembly.page.nobody-elected")}
	if len(m.Elected) > 0 {
		v.Who = []string{p.T("assembly.page.elected", "n", len(m.Elected), "who", say.everybody(m.Elected))}
	}
	if m.Poll == nil {
		return
	}
	o := m.Poll.Outcome
	if v.Lacks = ""; o.Status == vote.Open {
		v.Who = nil // its standing says that there is no result
	}
	v.standing(o.Status, o.Missing, o.Against, p)
	for _, l := range o.Reckoning {
		line := reckoned(l, p)
		if who := m.Candidate(l.Candidate); who != "" {
			line.Text = say.everybody([]people.PersonID{who}) + ". " + line.Text
		}
		v.Reckoning = append(v.Reckoning, line)
	}
}

// drawn says who was drawn by lot. Without its proof it is as stated.
func (v *matterView) drawn(m assembly.Matter, say speaker) {
	p := say.p
	v.Standing, v.StandingBadge = p.T("assembly.page.standing.as-stated"), web.Wait
	v.Lacks = p.T("assembly.page.missing", "what", p.T("assembly.minutes.missing-draw"))
	if m.Evidence != nil {
		v.standing(vote.Recomputed, nil, nil, p)
		v.Lacks = p.T("assembly.page.proof", "digest", m.Evidence.Proof.Digest.Spaced())
	}
	if len(m.Effective) > 0 {
		v.Who = append(v.Who, p.T("assembly.page.effective", "who", say.everybody(m.Effective)))
	}
	if len(m.Substitutes) > 0 {
		v.Who = append(v.Who, p.T("assembly.page.substitutes", "who", say.everybody(m.Substitutes)))
	}
}

// lede says in two sentences who was there and where the minutes stand.
func (page recordPage) lede(p *lang.Printer) string {
	first := attended(page.Assembly, p)
	if page.Frozen {
		return first + " " + p.T("assembly.page.frozen-on", "day", page.FrozenOn)
	}
	return first + " " + p.T("assembly.page.draft-still")
}

func (page recordPage) eyebrow(p *lang.Printer) string {
	words := p.Date(page.Assembly.HeldOn)
	if page.Assembly.Place != "" {
		words += ", " + page.Assembly.Place
	}
	return words
}

func (page recordPage) figures(p *lang.Printer) []web.Figure {
	var figures []web.Figure
	at := page.Assembly.Attendance
	if n, ok := at.Total.Heads.Get(); ok {
		figures = append(figures, web.Figure{Value: p.Count(n), Label: p.T("assembly.page.figure.heads")})
	}
	if n, ok := at.Total.Shares.Get(); ok {
		label := p.T("assembly.page.figure.shares")
		if issued, ok := at.Issued.Shares.Get(); ok {
			label = p.T("assembly.page.figure.share-percent", "percent", p.Percent(n, issued))
		}
		figures = append(figures, web.Figure{Value: p.Count(n), Label: label})
	}
	matters := 0
	for _, item := range page.Items {
		matters += len(item.Matters)
	}
	return append(figures,
		web.Figure{Value: p.Count(int64(matters)),
			Label: p.T("assembly.page.figure.matters", "n", matters, "items", len(page.Items))},
		web.Figure{Value: p.Count(int64(len(page.Retained))),
			Label: p.T("assembly.page.figure.points", "n", len(page.Retained), "open", page.Open)})
}
