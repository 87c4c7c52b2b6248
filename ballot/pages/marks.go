package pages

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/ballot/view"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
)

// marksPage is where tellers enter the ballots of a round: voter by voter, or the votes of each candidate on paper.
type marksPage struct {
	scene
	Zone    *time.Location
	Form    *web.Form
	Panel   view.Panel
	Is      bool // a round is open
	Poll    ballot.Poll
	Search  string
	Voters  []markedLine
	Pager   web.Pager
	Race    *racePart // of the voter who is entered
	Rule    bool      // the bureau decides on this voter
	Sheets  []sheetLine
	Differs []markDifference
	Runners []runner
	Counts  []paperLineCount // of each teller
	Agree   bool
}

// markedLine is a voter in the list.
type markedLine struct {
	ID, Name, State string
	Kind            web.Kind
}

// markDifference is a voter whom two tellers did not enter alike.
type markDifference struct {
	ID, Name, First, Second, Ruled, Why string
	Decided                             bool
}

// paperLineCount is what one teller counted.
type paperLineCount struct {
	Name  string
	Cast  int64
	Facts []web.Fact
}

func (p Pages) marks(q *web.Request) error {
	page, err := p.readMarks(q, q.Blank())
	switch {
	case err != nil:
		return err
	case !page.Charges.Any():
		return charged(q, page.Meeting)
	}
	return q.Page(marksView(page))
}

func (p Pages) readMarks(q *web.Request, form *web.Form) (page marksPage, err error) {
	page.Form, page.Search = form, q.Query("q")
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		var x meeting.Matter
		if page.scene, x, err = fillingIn(v, q, assembly.Election); err != nil || !page.Charges.Any() {
			return err
		}
		page.Zone = v.Zone()
		back := view.MarksPath(page.Meeting.Name, x.ID)
		if page.Panel, err = view.PanelOf(v, page.Meeting, x, page.Charges, back); err != nil {
			return err
		}
		if page.Poll, page.Is, err = ballot.OpenNow(v, page.Meeting.ID); err != nil {
			return err
		}
		if page.Is = page.Is && page.Poll.Matter == x.ID; !page.Is {
			return nil
		}
		for _, n := range page.Poll.Terms.Race.Running {
			name := page.Panel.Name(q.P, page.Poll.Terms.Race.Person(n))
			page.Runners = append(page.Runners, runner{n, name})
		}
		if page.Poll.Method == ballot.Paper {
			return page.readCounts(v, q.P)
		}
		return page.readVoters(v, q)
	})
	return page, err
}

// readCounts reads what each teller counted of the paper ballots.
func (page *marksPage) readCounts(r store.Reader, p *lang.Printer) error {
	list, hands, agree, err := ballot.PaperCounts(r, page.Poll)
	if err != nil {
		return err
	}
	page.Agree = agree
	say, err := namesOf(r, p, hands)
	if err != nil {
		return err
	}
	for i, c := range list {
		line := paperLineCount{Name: say.of(hands[i]), Cast: c.Cast}
		for _, n := range page.Runners {
			j := slices.IndexFunc(c.Votes, func(v ballot.CandidateCount) bool { return v.Number == n.Number })
			if j < 0 {
				continue
			}
			v, text := c.Votes[j], p.Count(c.Votes[j].For)
			if page.Poll.Terms.Race.EachApart() {
				text = p.T("ballot.election.apart", "for", v.For, "against", v.Against, "abstain", v.Abstain)
			}
			line.Facts = append(line.Facts, web.Fact{Name: n.Name, Text: text})
		}
		page.Counts = append(page.Counts, line)
	}
	return nil
}

// readVoters reads the voters with what was entered of each, the one who is being entered, and where two tellers
// differ.
func (page *marksPage) readVoters(r store.Reader, q *web.Request) error {
	me := people.PersonID(q.Who.Person)
	entered, err := ballot.Entered(r, page.Poll, me)
	if err != nil {
		return err
	}
	if err := page.list(r, q, entered); err != nil {
		return err
	}
	chosen := people.PersonID(page.Form.Raw("voter"))
	if chosen == "" {
		chosen = people.PersonID(q.Query("voter"))
	}
	page.Rule = q.Query("rule") != "" || page.Form.Raw("rule") != ""
	if chosen != "" {
		b, found, err := ballot.BallotOf(r, page.Poll, chosen)
		if err != nil {
			return err
		}
		if found {
			if page.Race, err = raceOf(r, q.P, b, chosen, entered[chosen]); err != nil {
				return err
			}
		}
	}
	if page.Poll.Method != ballot.Named {
		return nil
	}
	return page.compare(r, q.P)
}

// list is the voters whom a search finds, by name.
func (page *marksPage) list(r store.Reader, q *web.Request, entered map[people.PersonID]ballot.Deposited) error {
	rights, err := ballot.Rights(r, page.Poll.ID)
	if err != nil {
		return err
	}
	var ids []people.PersonID
	for _, right := range rights {
		ids = append(ids, right.Voter)
	}
	say, err := namesOf(r, q.P, ids)
	if err != nil {
		return err
	}
	wanted := fold.Text(page.Search)
	for id := range say.persons {
		if !strings.Contains(fold.Text(say.of(id)), wanted) {
			continue
		}
		l := markedLine{ID: string(id), Name: say.persons[id].Listed(), Kind: web.Off, State: q.T("ballot.page.not-entered")}
		if d, has := entered[id]; has {
			l.Kind = web.Yes
			l.State = q.T("ballot.page.entered."+string(d.Channel), "at", ballot.Hour(d.At, page.Zone))
		}
		page.Voters = append(page.Voters, l)
	}
	slices.SortFunc(page.Voters, func(a, b markedLine) int {
		return strings.Compare(fold.Sort(a.Name)+a.ID, fold.Sort(b.Name)+b.ID)
	})
	page.Pager = q.Pager(int64(len(page.Voters)), rowsPerPage)
	page.Voters = page.Voters[page.Pager.Offset():min(page.Pager.Offset()+rowsPerPage, int64(len(page.Voters)))]
	return nil
}

// compare sets the two sheets of a named round side by side.
func (page *marksPage) compare(r store.Reader, p *lang.Printer) error {
	sheets, err := ballot.Sheets(r, page.Poll)
	if err != nil {
		return err
	}
	differ, err := ballot.MarksDiffer(r, page.Poll)
	if err != nil {
		return err
	}
	var ids []people.PersonID
	for _, s := range sheets {
		ids = append(ids, s.Teller)
	}
	for _, d := range differ {
		ids = append(ids, d.Voter)
	}
	say, err := namesOf(r, p, ids)
	if err != nil {
		return err
	}
	for _, s := range sheets {
		page.Sheets = append(page.Sheets, sheetLine{Name: say.of(s.Teller), N: int64(len(s.Entries))})
	}
	if len(sheets) < 2 {
		return nil
	}
	words := func(marks []ballot.Marks) string {
		var parts []string
		for _, m := range marks {
			text := marksWords(p, *page.Poll.Terms.Race, page.Runners, m)
			if len(marks) > 1 {
				text = p.T("ballot.election.of-holder", "number", strconv.FormatInt(m.Holder, 10), "marks", text)
			}
			parts = append(parts, text)
		}
		if len(parts) == 0 {
			return p.T("ballot.page.nothing")
		}
		return strings.Join(parts, " · ")
	}
	for _, d := range differ {
		if !d.Both {
			continue // only what both tellers entered is compared
		}
		page.Differs = append(page.Differs, markDifference{ID: string(d.Voter), Name: say.of(d.Voter), First: words(d.First),
			Second: words(d.Second), Ruled: words(d.Ruled), Why: d.Why, Decided: d.Decided})
	}
	return nil
}

// enterMarks enters the ballot of a voter.
func (p Pages) enterMarks(q *web.Request) error {
	return p.marked(q, "enter-marks", func(tx *store.Tx, d ballot.Marking, _ string) error {
		_, err := ballot.EnterMarks(tx, d)
		return err
	})
}

// ruleMarks decides on a voter whom two tellers did not enter alike.
func (p Pages) ruleMarks(q *web.Request) error { return p.marked(q, "rule-marks", ballot.RuleMarks) }

func (p Pages) marked(q *web.Request, verb string, fn func(*store.Tx, ballot.Marking, string) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readMarks(q, form)
	switch {
	case err != nil:
		return err
	case !page.Charges.Any():
		return charged(q, page.Meeting)
	case page.Race == nil:
		return web.NotFound
	}
	d := ballot.Marking{Poll: page.Poll.ID, Voter: page.Race.Voter, Marks: page.Race.read(form), Seen: seenIn(form)}
	done, err := p.act(q, form, verb, func(tx *store.Tx) error {
		return fn(tx, d, strings.TrimSpace(form.Raw("why")))
	})
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(page.Panel.Back)
	}
	return again(q, form, marksView(page))
}

// countPapers enters what a teller counted of the paper ballots.
func (p Pages) countPapers(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readMarks(q, form)
	switch {
	case err != nil:
		return err
	case !page.Charges.Any():
		return charged(q, page.Meeting)
	case !page.Is || page.Poll.Method != ballot.Paper:
		return q.Again(marksView(page))
	}
	most, _ := page.Poll.Terms.Available.Get()
	c := ballot.PaperCount{Poll: page.Poll.ID, Cast: form.NeedInt("cast", 0, most)}
	for _, n := range page.Runners {
		number := strconv.FormatInt(n.Number, 10)
		one := ballot.CandidateCount{Number: n.Number, For: form.NeedInt("for-"+number, 0, most)}
		if page.Poll.Terms.Race.EachApart() {
			one.Against = form.NeedInt("against-"+number, 0, most)
			one.Abstain = form.NeedInt("abstain-"+number, 0, most)
		}
		c.Votes = append(c.Votes, one)
	}
	done, err := p.act(q, form, "count-papers", func(tx *store.Tx) error { return ballot.CountPapers(tx, c) })
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(page.Panel.Back)
	}
	return again(q, form, marksView(page))
}
