package pages

import (
	"slices"
	"strings"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
	"lieux/vote"
)

// stage is where a meeting stands at one moment, as console and wall show it.
type stage struct {
	p       *lang.Printer
	m       meeting.Meeting
	s       sitting.Sitting
	opened  bool
	state   sitting.State
	hall    attendance.Hall
	polls   []ballot.Poll
	draws   map[meeting.MatterID]ballot.Phase
	steps   []sitting.Step
	bylaws  bylaws.Bylaws
	byShare bool
	zone    func(at instant) string
}

// readStage reads everything that console and wall show.
func readStage(r store.Reader, p *lang.Printer, m meeting.Meeting) (g stage, err error) {
	g = stage{p: p, m: m, zone: clockIn(r.Zone())}
	if g.s, g.opened, err = sitting.Of(r, m.ID); err != nil {
		return g, err
	}
	if g.opened {
		g.state = g.s.State(r.Now())
	}
	if g.hall, err = hallOf(r, m, g.s); err != nil {
		return g, err
	}
	if g.polls, err = ballot.Polls(r, m.ID); err != nil {
		return g, err
	}
	if err = g.readDraws(r); err != nil {
		return g, err
	}
	if g.steps, err = sitting.Steps(r, m.ID); err != nil {
		return g, err
	}
	if g.byShare, err = attendance.ByShares(r, m); err != nil {
		return g, err
	}
	g.bylaws, err = bylaws.On(r, r.Today())
	return g, err
}

func (g *stage) readDraws(r store.Reader) error {
	g.draws = map[meeting.MatterID]ballot.Phase{}
	for _, x := range g.m.Matters() {
		if x.Kind != assembly.Draw {
			continue
		}
		d, found, err := ballot.DrawOf(r, x.ID)
		if err != nil {
			return err
		}
		if found {
			g.draws[x.ID] = d.Phase()
		}
	}
	return nil
}

// hallOf is the room now, and after the closing as it was then.
func hallOf(r store.Reader, m meeting.Meeting, s sitting.Sitting) (attendance.Hall, error) {
	if s.ClosedAt != 0 {
		return attendance.RoomAfter(r, m.ID, s.ClosedSeq)
	}
	return attendance.CountNow(r, m.ID)
}

// current is the step at which the meeting stands.
func (g stage) current() (sitting.Step, bool) {
	if len(g.steps) == 0 {
		return sitting.Step{}, false
	}
	return g.steps[len(g.steps)-1], true
}

// stop is a matter of the agenda, or an item that has none.
type stop struct {
	item   meeting.Item
	matter meeting.Matter
}

func (x stop) title() string {
	if x.matter.Title != "" {
		return x.matter.Title
	}
	return x.item.Title
}

// stops are the matters in the order of the agenda.
func (g stage) stops() (list []stop) {
	for _, item := range g.m.Items {
		if len(item.Matters) == 0 {
			list = append(list, stop{item: item})
		}
		for _, x := range item.Matters {
			list = append(list, stop{item, x})
		}
	}
	return list
}

// at is the stop of an item and a matter; false for one that is not on the agenda.
func (g stage) at(item meeting.ItemID, matter meeting.MatterID) (stop, bool) {
	for _, x := range g.stops() {
		if x.item.ID == item && x.matter.ID == matter {
			return x, true
		}
	}
	return stop{}, false
}

// poll is the poll that a matter is seen by: the open one, else the last that is not void; false when it has none.
func (g stage) poll(matter meeting.MatterID) (last ballot.Poll, found bool) {
	for _, p := range g.polls {
		if p.Matter == matter && matter != "" && p.State() != ballot.Voided {
			last, found = p, true
		}
	}
	return last, found
}

// open is the poll that is open now.
func (g stage) open() (ballot.Poll, bool) {
	i := slices.IndexFunc(g.polls, func(p ballot.Poll) bool { return p.State() == ballot.Opened })
	if i < 0 {
		return ballot.Poll{}, false
	}
	return g.polls[i], true
}

// onWall is the stop that the room looks at: that of the vote that is open or waits to be proclaimed, else the one at
// which the meeting stands.
func (g stage) onWall() (stop, bool) {
	for _, x := range g.stops() {
		if p, found := g.poll(x.matter.ID); found && (p.State() == ballot.Opened || p.State() == ballot.Closed) {
			return x, true
		}
	}
	now, there := g.current()
	if !there {
		return stop{}, false
	}
	return g.at(now.Item, now.Matter)
}

// rule is that of a matter: as it was when its poll opened, else that of today.
func (g stage) rule(x meeting.Matter) vote.Rule {
	if p, found := g.poll(x.ID); found {
		return p.Terms.Rule
	}
	return meeting.RuleOf(g.bylaws, g.m, x)
}

// agendaLine is a stop of the agenda in ready words.
type agendaLine struct {
	Number, Title string
	Kind          web.Kind
	State         string
	Href          string
	Current       bool
}

// agenda tells how far each matter has come.
func (g stage) agenda(console string) (list []agendaLine) {
	now, _ := g.current()
	number := ""
	for _, x := range g.stops() {
		line := agendaLine{Title: x.title(), Href: console + "?item=" + string(x.item.ID) + "&matter=" + string(x.matter.ID)}
		if x.item.Number != number {
			number = x.item.Number
			line.Number = number
		}
		line.Kind, line.State = g.stateOf(x)
		line.Current = g.state == sitting.Running && now.Item == x.item.ID && now.Matter == x.matter.ID
		list = append(list, line)
	}
	return list
}

// stateOf says in a word how far a matter has come.
func (g stage) stateOf(x stop) (web.Kind, string) {
	if p, found := g.poll(x.matter.ID); found {
		switch p.State() {
		case ballot.Opened:
			return web.Wait, g.p.T("sitting.page.state.vote-open")
		case ballot.Closed:
			return web.Wait, g.p.T("sitting.page.state.counted")
		}
		return g.verdict(p)
	}
	switch g.draws[x.matter.ID] {
	case ballot.DrawnPhase:
		return web.Yes, g.p.T("sitting.page.state.drawn")
	case ballot.ListPhase, ballot.DicePhase, ballot.WordPhase:
		return web.Wait, g.p.T("sitting.page.state.drawing")
	}
	heard := slices.ContainsFunc(g.steps, func(s sitting.Step) bool {
		return s.Item == x.item.ID &&
			s.Matter == x.matter.ID
	})
	now, _ := g.current()
	switch {
	case g.state == sitting.Running && now.Item == x.item.ID && now.Matter == x.matter.ID:
		return web.Off, g.p.T("sitting.page.state.now")
	case heard && !x.matter.Decides():
		return web.Info, g.p.T("sitting.page.state.heard")
	case heard:
		return web.Off, g.p.T("sitting.page.state.left")
	case g.state != sitting.Running && g.opened:
		return web.Off, g.p.T("sitting.page.state.not-reached")
	}
	return web.Off, g.p.T("sitting.page.state.coming")
}

// verdictKind is the colour of an outcome: whatever is not adopted is refused, for want of a quorum too.
func verdictKind(v vote.Verdict) web.Kind {
	switch v {
	case vote.Adopted:
		return web.Yes
	case "":
		return web.Info
	}
	return web.No
}

// verdict names the outcome of a poll: adopted, rejected; of an election that somebody is elected, or how many seats
// are left.
func (g stage) verdict(p ballot.Poll) (web.Kind, string) {
	switch {
	case p.Election == nil:
		return verdictKind(p.Outcome.Computed), g.p.Words(p.Outcome.Verdict().Phrase())
	case p.Election.Outcome.Open > 0:
		return web.Wait, g.p.T("sitting.page.state.seats-left", "n", p.Election.Outcome.Open)
	}
	return web.Yes, g.p.T("sitting.page.state.elected")
}

// rulers measure the presence against the quorum of a matter, in shares and in heads. There are none while nobody may
// vote yet: nothing of nothing is no measure.
func (g stage) rulers(x meeting.Matter) (list []web.Ruler) {
	if heads, _ := g.hall.Issued.Heads.Get(); heads == 0 {
		return nil
	}
	need := vote.QuorumFound{}
	article := ""
	if asksQuorum(x.Kind) {
		rule := g.rule(x)
		o, err := vote.Judge(rule, vote.Facts{Convening: g.m.Convening, Issued: g.hall.Issued, Present: g.hall.Total})
		if err == nil {
			need, article = o.Quorum, rule.Quorum.Terms().Article
		}
	}
	if g.byShare {
		list = append(list, g.ruler("shares", g.hall.Total.Shares, g.hall.Issued.Shares, need.Shares, article,
			asksQuorum(x.Kind)))
	}
	return append(list, g.ruler("heads", g.hall.Total.Heads, g.hall.Issued.Heads, need.Heads, article,
		asksQuorum(x.Kind)))
}

// asksQuorum says whether a matter of this kind is put to the vote, be it on persons.
func asksQuorum(k assembly.Kind) bool { return k.Voted() || k == assembly.Election }

func (g stage) ruler(unit string, have, of vote.Known, asked vote.Compared, article string, voted bool) web.Ruler {
	n, _ := have.Get()
	whole, _ := of.Get()
	needed, known := asked.Needed.Get()
	r := web.Ruler{Title: g.p.T("sitting.page.ruler." + unit), Have: n, Of: whole}
	switch {
	case known && asked.Found != vote.NotAsked:
		r.Need, r.Reached, r.Article = needed, n >= needed, article
		code := "sitting.page.ruler.missing"
		gap := needed - n
		if r.Reached {
			code, gap = "sitting.page.ruler.reached", n-needed
		}
		r.Note = g.p.T(code, "needed", needed, "n", gap)
		r.Alt = g.p.T("sitting.page.ruler.alt."+unit+".need", "have", n, "of", whole, "needed", needed)
	default:
		r.Alt = g.p.T("sitting.page.ruler.alt."+unit, "have", n, "of", whole)
		if voted {
			r.Note = g.p.T("sitting.page.ruler.not-asked." + unit)
		}
	}
	return r
}

// kindWords names what a matter is.
func (g stage) kindWords(k assembly.Kind) string {
	if k == "" {
		return g.p.T("sitting.page.item")
	}
	return g.p.T("assembly.kind." + string(k))
}

// resultView is the outcome of a poll in ready words.
type resultView struct {
	Verdict   string
	Good      bool
	Measure   string
	Counts    []web.Figure // votes for, against, abstentions; none where nobody counted
	Reckoning []web.Line
	Elected   string
}

// result puts the outcome of a closed poll into words.
func (g stage) result(r store.Reader, p ballot.Poll) (resultView, error) {
	o := p.Outcome
	v := resultView{Verdict: lang.Capital(g.p.Words(o.Verdict().Phrase())), Good: o.Computed == vote.Adopted}
	if p.Election != nil {
		return g.elected(r, p, v)
	}
	if p.NeedsChair() {
		v.Verdict = g.p.T("sitting.page.tie")
	}
	if m := o.Measure(p.Terms.Rule.Majority); m.Code != "" {
		v.Measure = g.p.Words(m)
	}
	for _, l := range o.Reckoning {
		line := web.Line{Text: g.p.Words(l.Say), Article: l.Note(g.p)}
		if l.Figure.Code != "" {
			line.Value = g.p.Words(l.Figure)
		}
		v.Reckoning = append(v.Reckoning, line)
	}
	counts, err := ballot.CountsOf(r, p)
	if err != nil {
		return v, err
	}
	for _, c := range []struct {
		name string
		n    vote.Known
	}{{"for", counts.For}, {"against", counts.Against}, {"abstain", counts.Abstentions}} {
		if n, known := c.n.Get(); known && p.Method != ballot.Unanimity && p.Method != ballot.None {
			v.Counts = append(v.Counts, web.Figure{Label: g.p.T("sitting.page.choice." + c.name), Value: g.p.Count(n)})
		}
	}
	return v, nil
}

// elected names who was elected, with the count of each candidate.
func (g stage) elected(r store.Reader, p ballot.Poll, v resultView) (resultView, error) {
	var race ballot.Race
	if p.Terms.Race != nil {
		race = *p.Terms.Race
	}
	var slate []people.PersonID
	for _, s := range race.Slate {
		slate = append(slate, s.Person)
	}
	say, err := newSpeaker(r, g.p, slate)
	if err != nil {
		return v, err
	}
	var names []string
	for _, n := range p.Election.Outcome.Elected {
		names = append(names, say.person(race.Person(n)))
	}
	v.Good, v.Verdict, v.Elected = len(names) > 0, g.p.T("sitting.page.state.elected"), g.p.List(names)
	switch tied, _ := p.TiedAt(); {
	case len(tied) > 0 && p.State() == ballot.Closed:
		v.Good, v.Verdict = false, g.p.T("sitting.page.lot-decides")
	case len(names) == 0:
		v.Verdict = g.p.T("sitting.page.nobody-elected")
	}
	for _, l := range p.Election.Outcome.Reckoning {
		line := web.Line{Text: g.p.Words(l.Say), Article: l.Note(g.p)}
		if who := race.Person(l.Candidate); who != "" {
			line.Text = say.person(who) + ". " + line.Text
		}
		if l.Figure.Code != "" {
			line.Value = g.p.Words(l.Figure)
		}
		v.Reckoning = append(v.Reckoning, line)
	}
	return v, nil
}

// progress says how far an open poll has come, without saying what was voted.
func (g stage) progress(r store.Reader, p ballot.Poll) (string, error) {
	done, err := ballot.ProgressOf(r, p)
	if err != nil {
		return "", err
	}
	since := g.zone(p.OpenedAt)
	switch p.Method {
	case ballot.Phone, ballot.Named:
		return g.p.T("sitting.page.progress.voters", "at", since, "done", done.Done, "n", done.Voters), nil
	case ballot.Hands:
		available, _ := p.Terms.Available.Get()
		return g.p.T("sitting.page.progress.hands", "at", since, "done", done.Spent, "n", available), nil
	}
	return g.p.T("sitting.page.progress.unanimity", "at", since), nil
}

// bureauWords say who presides, who writes and who counts.
func bureauWords(r store.Reader, p *lang.Printer, id meeting.ID) (string, error) {
	officers, err := sitting.Officers(r, id)
	if err != nil {
		return "", err
	}
	by := map[assembly.Charge][]people.PersonID{}
	var all []people.PersonID
	for _, o := range officers {
		if o.Held() {
			by[o.Charge] = append(by[o.Charge], o.Person)
			all = append(all, o.Person)
		}
	}
	say, err := newSpeaker(r, p, all)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, c := range []assembly.Charge{assembly.Chair, assembly.Secretary, assembly.Teller} {
		if len(by[c]) > 0 {
			parts = append(parts, p.T("sitting.page.bureau."+string(c), "who", say.everybody(by[c]), "n", len(by[c])))
		}
	}
	return strings.Join(parts, ", "), nil
}
