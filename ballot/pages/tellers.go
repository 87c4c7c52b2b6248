package pages

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/ballot"
	"lieux/ballot/view"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// tellersPage is what a teller works on: the open vote, by its method.
type tellersPage struct {
	scene
	Zone    *time.Location
	Form    *web.Form
	Poll    ballot.Poll
	Is      bool // a vote is open
	Matter  meeting.Matter
	Item    string
	Panel   view.Panel
	Mine    []rowLine // show of hands: what this teller counted
	Sum     int64
	Differs []rowDifference

	Search     string
	Voters     []voterLine
	Pager      web.Pager
	Sheets     []sheetLine
	Whose      int // the sheet that is shown, 1 or 2, where it is the other teller's; 0: one's own
	Compare    bool
	Difference []differenceLine
	Live       *web.Screen
}

// rowLine is what a teller counted in a row.
type rowLine struct {
	Name                  string
	For, Against, Abstain int64
}

// rowDifference is a row in which two tellers differ.
type rowDifference struct {
	Name   string
	Counts []string // "Bram : 50 pour, 10 contre, 0 abstention"
	Ruled  string
}

// voterLine is a voter whom a teller may enter, with what was entered.
type voterLine struct {
	ID       string
	Name     string
	Mandates []mandateLine
	State    string
	Kind     web.Kind
	Turn     int64
}

// mandateLine is one holder whom a voter votes for.
type mandateLine struct {
	Field  string // of the form
	Label  string
	Votes  int64
	Locked string // the instruction in words
	Choice string // as it was entered
}

// sheetLine is a teller's sheet: how far it is.
type sheetLine struct {
	Name string
	N    int64
	Mine bool
}

// differenceLine is a voter whom two tellers did not enter alike.
type differenceLine struct {
	Voter, Name string
	Number      string    // of a holder, by which the voter is found on a sheet
	Entries     [2]string // where each teller's entry is
	Parts       []differencePart
	Why         string
	Decided     bool
}

// differencePart is one holder in it.
type differencePart struct {
	Field, Label, First, Second, Ruled, Raw string
}

func (p Pages) tellers(q *web.Request) error {
	page, err := p.readTellers(q, q.Blank())
	switch {
	case err != nil:
		return err
	case !page.Charges.Any():
		return charged(q, page.Meeting)
	case page.Is && page.Poll.Terms.Race != nil:
		return q.SeeOther(view.MarksPath(page.Meeting.Name, page.Matter.ID))
	}
	return q.Page(tellersView(page))
}

func (p Pages) readTellers(q *web.Request, form *web.Form) (page tellersPage, err error) {
	page.Form, page.Search, page.Compare = form, q.Query("q"), q.Query("compare") != ""
	page.Compare = page.Compare || form.Has("why") // a decision that was refused is shown again
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.scene, err = sceneIn(v, q); err != nil || !page.Charges.Any() {
			return err
		}
		page.Zone = v.Zone()
		if page.Poll, page.Is, err = ballot.OpenNow(v, page.Meeting.ID); err != nil || !page.Is {
			return err
		}
		x, item, _ := page.Meeting.Matter(page.Poll.Matter)
		page.Matter, page.Item = x, item.Number
		if page.Panel, err = view.PanelOf(v, page.Meeting, x, page.Charges, ""); err != nil || page.Poll.Terms.Race != nil {
			return err
		}
		page.Panel.Back = view.TellersPath(page.Meeting.Name)
		switch page.Poll.Method {
		case ballot.Hands:
			return page.readRows(v, q)
		case ballot.Named:
			if err := page.readSheets(v, q.P, q.Who.Person, q.QueryInt("sheet", 0, 0, 2)); err != nil {
				return err
			}
		}
		return page.readVoters(v, q)
	})
	if p.Feed != nil {
		path := view.TellersPath(page.Meeting.Name)
		page.Live = &web.Screen{ID: "progress", Stream: path + "/stream", Page: path}
	}
	return page, err
}

// tellersScene is how far the open vote has come: it says nothing of what was voted.
func (p Pages) tellersScene(q *web.Request) (web.Scene, error) {
	var m meeting.Meeting
	err := p.DB.View(q.Context(), func(v *store.View) error {
		s, err := sceneIn(v, q)
		if err == nil && !s.Charges.Any() {
			err = web.NotFound
		}
		m = s.Meeting
		return err
	})
	return web.Scene{Key: "tellers/" + string(m.ID), About: []store.Ref{m.ID.Ref()},
		Draw: func(r store.Reader, _ *lang.Printer) (templ.Component, error) {
			poll, open, err := ballot.OpenNow(r, m.ID)
			if err != nil || !open {
				return closedView(), err
			}
			x, _, _ := m.Matter(poll.Matter)
			panel, err := view.PanelOf(r, m, x, ballot.Charges{}, "")
			return view.Progress(panel), err
		}}, err
}

// readRows reads what this teller counted, and where two tellers differ. What another teller counted in a row is shown
// only beside the own count, so that both count by themselves.
func (page *tellersPage) readRows(r store.Reader, q *web.Request) error {
	var ids []people.PersonID
	for _, row := range page.Panel.Rows {
		for _, c := range row.Counts {
			ids = append(ids, c.By)
		}
	}
	say, err := namesOf(r, q.P, ids)
	if err != nil {
		return err
	}
	count := func(c ballot.Counted) string {
		return q.T("ballot.page.count", "name", say.of(c.By), "for", c.Votes.For, "against", c.Votes.Against,
			"abstain", c.Votes.Abstain)
	}
	for _, row := range page.Panel.Rows {
		for _, c := range row.Counts {
			if c.Hand == q.Who.Person {
				page.Mine = append(page.Mine, rowLine{row.Name, c.Votes.For, c.Votes.Against, c.Votes.Abstain})
				page.Sum += c.Votes.Sum()
			}
		}
		if _, agree := row.Votes(); agree && row.Ruled == nil {
			continue
		}
		d := rowDifference{Name: row.Name}
		for _, c := range row.Counts {
			d.Counts = append(d.Counts, count(c))
		}
		if row.Ruled != nil {
			d.Ruled = count(*row.Ruled) + " " + row.Ruled.Why
		}
		page.Differs = append(page.Differs, d)
	}
	return nil
}

// readSheets reads how far the sheets of a named vote are, and, when it is asked for, where they differ.
func (page *tellersPage) readSheets(r store.Reader, p *lang.Printer, me string, whose int64) error {
	sheets, err := ballot.Sheets(r, page.Poll)
	if err != nil {
		return err
	}
	list, err := ballot.Differences(r, page.Poll)
	if err != nil {
		return err
	}
	var ids []people.PersonID
	for _, s := range sheets {
		ids = append(ids, s.Teller)
	}
	for _, d := range list {
		ids = append(ids, d.Voter, d.Person)
	}
	say, err := namesOf(r, p, ids)
	if err != nil {
		return err
	}
	for _, s := range sheets {
		page.Sheets = append(page.Sheets, sheetLine{say.of(s.Teller), int64(len(s.Entries)), string(s.Teller) == me})
	}
	if len(sheets) < 2 {
		return nil
	}
	done := page.Panel.Progress.Done == page.Panel.Progress.Voters // both have entered everybody: nothing is given away
	if page.Compare = page.Compare || done; !page.Compare {
		return nil
	}
	if page.Whose = int(whose); whose > 0 && page.Sheets[whose-1].Mine {
		page.Whose = 0
	}
	word := func(c vote.Choice) string { return choiceWord(p, string(c)) }
	for _, d := range list {
		if !d.Both {
			continue // only what both tellers entered is compared
		}
		i := slices.IndexFunc(page.Difference, func(l differenceLine) bool { return l.Voter == string(d.Voter) })
		if i < 0 {
			i = len(page.Difference)
			page.Difference = append(page.Difference, differenceLine{Voter: string(d.Voter), Name: say.of(d.Voter),
				Why: d.Why, Decided: d.Decided, Number: strconv.FormatInt(d.Holder, 10)})
			for s := range page.Sheets {
				page.Difference[i].Entries[s] = view.TellersPath(page.Meeting.Name) + "?compare=1&sheet=" +
					strconv.Itoa(s+1) + "&q=" + page.Difference[i].Number + "#sheet"
			}
		}
		page.Difference[i].Parts = append(page.Difference[i].Parts, differencePart{Field: ballot.Field(d.Holder),
			Label: say.of(d.Person), First: word(d.First), Second: word(d.Second), Ruled: word(d.Ruled), Raw: string(d.Ruled)})
	}
	return nil
}

// readVoters reads the voters whom the search finds, a page of them.
func (page *tellersPage) readVoters(r store.Reader, q *web.Request) error {
	rights, err := ballot.Rights(r, page.Poll.ID)
	if err != nil {
		return err
	}
	byVoter := map[people.PersonID][]ballot.Right{}
	var ids, voters []people.PersonID
	for _, right := range rights {
		if byVoter[right.Voter] == nil {
			voters = append(voters, right.Voter)
		}
		byVoter[right.Voter] = append(byVoter[right.Voter], right)
		ids = append(ids, right.Voter, right.Person)
	}
	say, err := namesOf(r, q.P, ids)
	if err != nil {
		return err
	}
	voters = slices.DeleteFunc(voters, func(id people.PersonID) bool {
		return !page.finds(say, id, byVoter[id]) || page.Whose > 0 && !page.differs(id)
	})
	slices.SortFunc(voters, func(a, b people.PersonID) int {
		return cmp.Or(cmp.Compare(fold.Sort(say.persons[a].Listed()), fold.Sort(say.persons[b].Listed())), cmp.Compare(a, b))
	})
	page.Pager = q.Pager(int64(len(voters)), votersPerPage)
	voters = voters[page.Pager.Offset():min(page.Pager.Offset()+votersPerPage, int64(len(voters)))]
	last, err := page.entered(r, people.PersonID(q.Who.Person))
	if err != nil {
		return err
	}
	for _, id := range voters {
		page.Voters = append(page.Voters, page.voterLine(q.P, say, id, ballot.Mandates(byVoter[id]), last[id]))
	}
	return nil
}

// entered are the entries on the sheet that is shown.
func (page *tellersPage) entered(r store.Reader, me people.PersonID) (map[people.PersonID]ballot.Deposited, error) {
	if page.Whose == 0 {
		return ballot.Entered(r, page.Poll, me)
	}
	sheets, err := ballot.Sheets(r, page.Poll)
	if err != nil || len(sheets) < page.Whose {
		return nil, err
	}
	return sheets[page.Whose-1].Entries, nil
}

// votersPerPage is how many voters a sheet shows at once.
const votersPerPage = 40

// differs says whether the tellers entered a voter otherwise: of such a one alone the other sheet is shown.
func (page *tellersPage) differs(id people.PersonID) bool {
	return slices.ContainsFunc(page.Difference, func(d differenceLine) bool { return d.Voter == string(id) })
}

// finds says whether a search finds a voter: by a part of the name, by the number of a holder whom they vote for.
func (page *tellersPage) finds(say names, id people.PersonID, rights []ballot.Right) bool {
	key := fold.Text(page.Search)
	if key == "" {
		return true
	}
	for _, right := range rights {
		if strconv.FormatInt(right.Holder, 10) == key || strings.Contains(fold.Text(say.of(right.Person)), key) {
			return true
		}
	}
	return strings.Contains(fold.Text(say.of(id)), key)
}

func (page *tellersPage) voterLine(p *lang.Printer, say names, id people.PersonID, mandates []ballot.Mandate,
	last ballot.Deposited) voterLine {
	l := voterLine{ID: string(id), Name: say.of(id), State: p.T("ballot.page.not-entered"), Kind: web.Off, Turn: last.Turn}
	if last.Turn > 0 {
		l.State, l.Kind = p.T("ballot.page.entered."+string(last.Channel), "at", ballot.Hour(last.At, page.Zone)), web.Yes
	}
	for _, m := range mandates {
		line := mandateLine{Field: ballot.Field(m.Holder), Votes: m.Votes, Choice: string(last.Choice(m.Holder)),
			Label: p.T("ballot.page.mandate."+string(m.Title), "name", say.of(m.Person), "number",
				strconv.FormatInt(m.Holder, 10))}
		if m.Instruction != "" {
			line.Locked, line.Choice = p.T("ballot.choice."+string(m.Instruction)), string(m.Instruction)
		}
		l.Mandates = append(l.Mandates, line)
	}
	return l
}

// work does an act of a teller; what is refused is shown on the same page.
func (p Pages) work(q *web.Request, verb string, read func(*web.Form) func(*store.Tx) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	do := read(form)
	page, err := p.readTellers(q, form)
	if err != nil {
		return err
	}
	if !page.Charges.Any() {
		return charged(q, page.Meeting)
	}
	done, err := p.act(q, form, verb, do)
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(view.TellersPath(page.Meeting.Name) + suffix(form))
	}
	if page, err = p.readTellers(q, form); err != nil {
		return err
	}
	return again(q, form, tellersView(page))
}

// suffix keeps the search and the page of a sheet after something was entered.
func suffix(form *web.Form) string {
	if s := form.Raw("query"); strings.HasPrefix(s, "?") && web.LocalPath("/"+s) == "/"+s {
		return s
	}
	return ""
}

// counting reads what was counted in a row.
func counting(form *web.Form) ballot.Counting {
	return ballot.Counting{Poll: ballot.PollID(form.Raw("poll")), Row: form.Raw("row"),
		For: form.Int("for", 0, vote.MaxVotes), Against: form.Int("against", 0, vote.MaxVotes),
		Abstain: form.Int("abstain", 0, vote.MaxVotes)}
}

func (p Pages) count(q *web.Request) error {
	return p.work(q, "count", func(form *web.Form) func(*store.Tx) error {
		c := counting(form)
		c.Row = form.Need("row", ballot.MaxRow/2)
		return func(tx *store.Tx) error { return ballot.Count(tx, c) }
	})
}

func (p Pages) strike(q *web.Request) error {
	return p.work(q, "strike", func(form *web.Form) func(*store.Tx) error {
		poll, row := ballot.PollID(form.Raw("poll")), form.Text("row", ballot.MaxRow)
		return func(tx *store.Tx) error { return ballot.Strike(tx, poll, row) }
	})
}

// enter takes a sheet: of each voter whose answers changed what is entered. A voter for whom nothing is chosen is left
// alone.
func (p Pages) enter(q *web.Request) error {
	return p.work(q, "enter-all", func(form *web.Form) func(*store.Tx) error {
		poll := ballot.PollID(form.Raw("poll"))
		var list []ballot.Deposit
		for _, voter := range all(q, "voter") {
			d := ballot.Deposit{Poll: poll, Voter: people.PersonID(voter)}
			d.Seen, _ = strconv.ParseInt(form.Raw("turn-"+voter), 10, 64)
			for _, field := range all(q, "of-"+voter) {
				holder, ok := holderOf(field)
				choice := form.Raw(voter + "-" + field)
				if ok && choice != "" {
					d.Otherwise = append(d.Otherwise, vote.NamedVote{Holder: holder, Choice: vote.Choice(choice)})
				}
			}
			if len(d.Otherwise) > 0 && form.Raw("was-"+voter) != choicesText(d.Otherwise) {
				list = append(list, d)
			}
		}
		return func(tx *store.Tx) error { return ballot.EnterAll(tx, poll, list) }
	})
}

// all are the values of a field that may stand in a form several times.
func all(q *web.Request, name string) []string { return q.R.PostForm[name] }

// choicesText is what stands on a sheet for a voter, so that only what changed is entered.
func choicesText(list []vote.NamedVote) string {
	var parts []string
	for _, c := range list {
		parts = append(parts, ballot.Field(c.Holder)+"="+string(c.Choice))
	}
	return strings.Join(parts, " ")
}

func (l voterLine) was() string {
	var list []vote.NamedVote
	for _, m := range l.Mandates {
		if holder, ok := holderOf(m.Field); ok && m.Choice != "" && l.Turn > 0 {
			list = append(list, vote.NamedVote{Holder: holder, Choice: vote.Choice(m.Choice)})
		}
	}
	return choicesText(list)
}

// holderOf reads the number out of the name of a field.
func holderOf(field string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimPrefix(field, "holder-"), 10, 64)
	return n, err == nil && n > 0
}

// rule decides a difference: of a row where the form names one, else of a voter.
func (p Pages) rule(q *web.Request) error {
	return p.work(q, "rule", func(form *web.Form) func(*store.Tx) error {
		why := form.Need("why", ballot.MaxWhy/2)
		if form.Raw("row") != "" {
			c := counting(form)
			return func(tx *store.Tx) error { return ballot.RuleRow(tx, c, why) }
		}
		d := ballot.Ruling{Poll: ballot.PollID(form.Raw("poll")), Voter: people.PersonID(form.Raw("voter")), Why: why}
		for _, field := range all(q, "of") {
			if holder, ok := holderOf(field); ok && form.Raw(field) != "" {
				d.Choices = append(d.Choices, vote.NamedVote{Holder: holder, Choice: vote.Choice(form.Raw(field))})
			}
		}
		return func(tx *store.Tx) error { return ballot.Rule(tx, d) }
	})
}
