package pages

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/ballot/view"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/vote"
)

// electionRoutes are those of elections in rounds.
func (p Pages) electionRoutes() []web.Route {
	const one = "/meetings/{name}/elections/{matter}"
	return []web.Route{
		{Pattern: "GET " + one, Allow: web.Member, Handle: p.election},
		{Pattern: "POST " + one + "/candidates", Allow: web.Member, Handle: p.stand, From: one},
		{Pattern: "POST " + one + "/withdrawals", Allow: web.Member, Handle: p.unstand, From: one},
		{Pattern: "POST " + one + "/rounds", Allow: web.Member, Handle: p.round, From: one},
		{Pattern: "POST " + one + "/lot", Allow: web.Member, Handle: p.lot, From: one},
		{Pattern: "GET " + one + "/ballots", Allow: web.Member, Handle: p.marks},
		{Pattern: "POST " + one + "/ballots", Allow: web.Member, Handle: p.enterMarks},
		{Pattern: "POST " + one + "/ballots/rulings", Allow: web.Member, Handle: p.ruleMarks, From: one + "/ballots"},
		{Pattern: "POST " + one + "/ballots/counts", Allow: web.Member, Handle: p.countPapers, From: one + "/ballots"},
		{Pattern: "POST /meetings/{name}/vote/marks", Allow: voters, Handle: p.castMarks, From: "/meetings/{name}/vote"},
	}
}

// electionPage is an election: who stands, its rounds, the next one.
type electionPage struct {
	scene
	Zone  *time.Location
	Form  *web.Form
	Panel view.Panel
	Who   peopleview.Choice
	Stand []web.Option // who may withdraw
	Self  bool         // the reader stands, and may withdraw

	Papers bool // the reader may print ballots
}

// fillingIn finds the matter of the address, of one kind.
func fillingIn(r store.Reader, q *web.Request, kind assembly.Kind) (s scene, x meeting.Matter, err error) {
	if s, err = sceneIn(r, q); err != nil {
		return s, x, err
	}
	x, _, found := s.Meeting.Matter(meeting.MatterID(q.Path("matter")))
	if !found || x.Kind != kind {
		err = web.NotFound
	}
	return s, x, err
}

func (p Pages) election(q *web.Request) error {
	page, err := p.readElection(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(electionView(page))
}

func (p Pages) readElection(q *web.Request, form *web.Form) (page electionPage, err error) {
	page.Form, page.Who = form, peopleview.Choice{Name: "person"}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		var x meeting.Matter
		if page.scene, x, err = fillingIn(v, q, assembly.Election); err != nil {
			return err
		}
		page.Zone = v.Zone()
		page.Panel, err = view.PanelOf(v, page.Meeting, x, page.Charges, view.ElectionPath(page.Meeting.Name, x.ID))
		if err != nil {
			return err
		}
		page.Papers = (page.Charges.Any() || q.Who.May(web.Staff)) && len(page.Panel.Contest.Next.Running) > 0
		for _, c := range page.Panel.Contest.Slate {
			if c.Withdrawn == 0 && !slices.Contains(page.Panel.Contest.Elected, c.Person) {
				page.Self = page.Self || string(c.Person) == q.Who.Person
				page.Stand = append(page.Stand, web.Option{Value: string(c.Person), Label: page.Panel.Name(q.P, c.Person)})
			}
		}
		return nil
	})
	return page, err
}

// electing does one act of an election and leads back to where its form stood.
func (p Pages) electing(q *web.Request, verb string, fn func(*store.Tx, electionPage, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readElection(q, form)
	if err != nil {
		return err
	}
	done, err := p.act(q, form, verb, func(tx *store.Tx) error { return fn(tx, page, form) })
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(back(form, page.Panel.Back))
	}
	return again(q, form, electionView(page))
}

// stand enters a candidate, found by name or number.
func (p Pages) stand(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readElection(q, form)
	if err != nil {
		return err
	}
	if !page.Charges.Any() {
		return charged(q, page.Meeting)
	}
	if err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Who, err = peopleview.Pick(v, q.P, form, "person", false)
		return err
	}); err != nil {
		return err
	}
	done, err := p.act(q, form, "stand", func(tx *store.Tx) error {
		return ballot.Stand(tx, ballot.Entering{Meeting: page.Meeting.ID, Matter: page.Panel.Matter.ID,
			Person: page.Who.Person})
	})
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(page.Panel.Back)
	}
	return again(q, form, electionView(page))
}

func (p Pages) unstand(q *web.Request) error {
	return p.electing(q, "withdraw", func(tx *store.Tx, page electionPage, form *web.Form) error {
		return ballot.Withdraw(tx, ballot.Entering{Meeting: page.Meeting.ID, Matter: page.Panel.Matter.ID,
			Person: people.PersonID(form.Raw("who"))})
	})
}

// round opens the next round.
func (p Pages) round(q *web.Request) error {
	return p.electing(q, "open", func(tx *store.Tx, page electionPage, form *web.Form) error {
		seats, err := strconv.Atoi(form.Raw("seats"))
		if err != nil {
			seats = 0 // the verb asks for it where the agenda does not say
		}
		_, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: page.Meeting.ID, Matter: page.Panel.Matter.ID,
			Method: ballot.Method(form.Raw("method")), Seats: seats})
		return err
	})
}

// lot enters the dice that part candidates with equal votes.
func (p Pages) lot(q *web.Request) error {
	return p.electing(q, "draw-lot", func(tx *store.Tx, page electionPage, form *web.Form) error {
		var throws []ballot.Throw
		for _, poll := range page.Panel.Contest.Rounds {
			tied, _ := poll.TiedAt()
			for _, n := range tied {
				throws = append(throws, ballot.Throw{Number: n, Dice: diceIn(form.Raw("dice-" + strconv.FormatInt(n, 10)))})
			}
		}
		return ballot.DrawLot(tx, ballot.PollID(form.Raw("poll")), throws)
	})
}

// diceIn reads dice as they are typed: "4 2 6", "4,2,6", "426". What is no die is kept as 0, which no rule takes.
func diceIn(text string) (dice []int) {
	for _, r := range text {
		switch {
		case r >= '1' && r <= '6':
			dice = append(dice, int(r-'0'))
		case strings.ContainsRune(" ,;-\t\u00a0", r):
		default:
			dice = append(dice, 0)
		}
	}
	return dice
}

// racePart is the ballot of one voter in a round: shown on a phone, and to a teller who enters a paper.
type racePart struct {
	Race     ballot.Race
	Voter    people.PersonID
	Name     string
	Runners  []runner
	Holders  []raceHolder
	Seen     int64
	Total    int64
	Has      bool // something was deposited
	Channel  ballot.Channel
	Code, At string
}

// runner is a candidate on a ballot.
type runner struct {
	Number int64
	Name   string
}

// raceHolder is one holder whom the voter votes for.
type raceHolder struct {
	Holder int64
	Label  string
	Marks  ballot.Marks
	Has    bool
}

// field is the name of the form's field of a holder, and of one candidate where each is voted apart.
func (h raceHolder) field() string { return "m-" + strconv.FormatInt(h.Holder, 10) }

func (h raceHolder) of(n runner) string { return h.field() + "-" + strconv.FormatInt(n.Number, 10) }

// raceOf sets the ballot of a voter, with what was deposited in one hand.
func raceOf(r store.Reader, p *lang.Printer, b ballot.Ballot, voter people.PersonID, last ballot.Deposited) (
	*racePart, error) {
	part := &racePart{Race: *b.Poll.Terms.Race, Voter: voter, Seen: last.Turn, Has: last.Turn > 0, Code: last.Code,
		Channel: last.Channel, At: ballot.Hour(last.At, r.Zone())}
	ids := []people.PersonID{voter}
	for _, m := range b.Mandates {
		ids = append(ids, m.Person)
	}
	for _, s := range part.Race.Slate {
		ids = append(ids, s.Person)
	}
	say, err := namesOf(r, p, ids)
	if err != nil {
		return nil, err
	}
	part.Name = say.of(voter)
	for _, n := range part.Race.Running {
		part.Runners = append(part.Runners, runner{n, say.of(part.Race.Person(n))})
	}
	slices.SortStableFunc(part.Runners, func(a, b runner) int {
		return strings.Compare(fold.Sort(a.Name), fold.Sort(b.Name))
	})
	for _, m := range b.Mandates {
		h := raceHolder{Holder: m.Holder,
			Label: p.T("ballot.vote.of."+string(m.Title), "n", m.Votes, "name", say.of(m.Person))}
		h.Marks, h.Has = last.MarksOf(m.Holder)
		part.Holders, part.Total = append(part.Holders, h), part.Total+m.Votes
	}
	return part, nil
}

// same says whether a carried holder is marked as the first one.
func (c racePart) same(form *web.Form, h raceHolder) bool {
	if as := form.Raw("as-" + h.field()); as != "" {
		return as == "same"
	}
	first := c.Holders[0].Marks
	return !h.Has || slices.Equal(first.For, h.Marks.For) && slices.Equal(first.Against, h.Marks.Against) &&
		slices.Equal(first.Abstain, h.Marks.Abstain)
}

// chosen says whether a candidate is marked so: as it was typed, or as it was deposited.
func (c racePart) chosen(form *web.Form, h raceHolder, n runner, choice vote.Choice) bool {
	if form.Raw("voter") != "" {
		if c.Race.EachApart() {
			return form.Raw(h.of(n)) == string(choice)
		}
		return form.Ticked(h.field(), strconv.FormatInt(n.Number, 10))
	}
	return h.Marks.Of(n.Number) == choice
}

// read takes the marks of a sent form: of carried holders those of the first, unless they are marked otherwise.
func (c racePart) read(form *web.Form) (list []ballot.Marks) {
	for i, h := range c.Holders {
		from := h
		if i > 0 && form.Raw("as-"+h.field()) != "other" {
			from = c.Holders[0]
		}
		m := ballot.Marks{Holder: h.Holder}
		for _, n := range c.Runners {
			choice := vote.Choice(form.Raw(from.of(n)))
			switch {
			case !c.Race.EachApart() && form.Ticked(from.field(), strconv.FormatInt(n.Number, 10)), choice == vote.For:
				m.For = append(m.For, n.Number)
			case choice == vote.Against:
				m.Against = append(m.Against, n.Number)
			case choice == vote.Abstain:
				m.Abstain = append(m.Abstain, n.Number)
			}
		}
		list = append(list, m)
	}
	return list
}

// facts are what was deposited, holder by holder.
func (c racePart) facts(p *lang.Printer) (facts []web.Fact) {
	for _, h := range c.Holders {
		text := p.T("ballot.page.nothing")
		if h.Has {
			text = marksWords(p, c.Race, c.Runners, h.Marks)
		}
		facts = append(facts, web.Fact{Name: h.Label, Text: text})
	}
	return facts
}

// marksWords puts the marks of one holder into words: "Agathe, Bram" or "Agathe : pour ; Bram : contre".
func marksWords(p *lang.Printer, race ballot.Race, runners []runner, m ballot.Marks) string {
	var parts []string
	for _, n := range runners {
		switch choice := m.Of(n.Number); {
		case choice == "":
		case race.EachApart():
			parts = append(parts, p.T("ballot.election.mark", "name", n.Name, "choice", p.T("ballot.choice."+string(choice))))
		default:
			parts = append(parts, n.Name)
		}
	}
	if len(parts) == 0 {
		return p.T("ballot.election.blank")
	}
	return p.List(parts)
}

// askRace is the page of a voter while a round of an election is open.
func (page *votePage) askRace(r store.Reader, q *web.Request, b ballot.Ballot) (err error) {
	var last ballot.Deposited
	if b.Last != nil {
		last = *b.Last
	}
	if page.Race, err = raceOf(r, q.P, b, people.PersonID(q.Who.Person), last); err != nil {
		return err
	}
	page.Phase = marking
	if page.Race.Has && q.Query("change") == "" && page.Form.OK() {
		page.Phase = deposited
		page.Receipt = &receiptPart{Code: last.Code, At: page.Race.At, Channel: last.Channel, Turn: last.Turn,
			Facts: page.Race.facts(q.P)}
	}
	return nil
}

// castMarks deposits the ballot of a voter in a round of an election.
func (p Pages) castMarks(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readVote(q, form)
	if err != nil {
		return err
	}
	d := ballot.Marking{Poll: ballot.PollID(form.Raw("poll")), Voter: people.PersonID(q.Who.Person),
		Entrance: entranceOf(q.Who)}
	if page.Poll.ID != d.Poll {
		return p.tooLate(q, page, d.Poll)
	}
	if page.Race == nil {
		return q.Again(voteView(page))
	}
	d.Seen, d.Marks = seenIn(form), page.Race.read(form)
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "ballot.mark"), func(tx *store.Tx) error {
		_, err := ballot.Mark(tx, d)
		return err
	})
	if err == nil {
		return q.SeeOther(view.VotePath(q.Path("name")))
	}
	if fault.Is(err, "ballot.refusal.weak") {
		return web.ErrWeak
	}
	if !form.Refused(err) {
		return err
	}
	if page, err = p.readVote(q, form); err != nil {
		return err
	}
	return q.Again(voteView(page))
}

// seenIn is the turn of the last deposit that the page showed.
func seenIn(form *web.Form) int64 {
	n, err := strconv.ParseInt(form.Raw("seen"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// readMarked reads the ballots of a closed round: with names for who may see them, as a list of receipts for everybody.
func (page *pollPage) readMarked(r store.Reader, q *web.Request) (err error) {
	if page.Lines, page.Receipts, err = markedLines(r, q.P, page.Poll); err != nil {
		return err
	}
	if !page.SeesNames {
		page.Lines = nil
	}
	page.Columns = []web.Column{{Label: q.T("ballot.page.voter")}, {Label: q.T("ballot.page.holder")},
		{Label: q.T("ballot.page.votes"), Num: true}, {Label: q.T("ballot.page.choice")},
		{Label: q.T("ballot.page.channel")}, {Label: q.T("ballot.page.code")}}
	page.Pager = q.Pager(int64(len(page.Lines)), rowsPerPage)
	page.Lines = page.Lines[page.Pager.Offset():min(page.Pager.Offset()+rowsPerPage, int64(len(page.Lines)))]
	return nil
}

// markedLines puts the ballots of a round into words, holder by holder and by receipt.
func markedLines(r store.Reader, p *lang.Printer, poll ballot.Poll) (lines []namedLine, receipts []receiptLine,
	err error) {
	counted, err := ballot.Ballots(r, poll)
	if err != nil {
		return nil, nil, err
	}
	race := *poll.Terms.Race
	var ids []people.PersonID
	for _, s := range race.Slate {
		ids = append(ids, s.Person)
	}
	ballots := map[people.PersonID]ballot.Ballot{}
	for _, d := range counted {
		b, _, err := ballot.BallotOf(r, poll, d.Voter)
		if err != nil {
			return nil, nil, err
		}
		ids, ballots[d.Voter] = append(ids, d.Voter), b
		for _, m := range b.Mandates {
			ids = append(ids, m.Person)
		}
	}
	say, err := namesOf(r, p, ids)
	if err != nil {
		return nil, nil, err
	}
	var runners []runner
	for _, n := range race.Running {
		runners = append(runners, runner{n, say.of(race.Person(n))})
	}
	for _, d := range counted {
		var said []string
		for _, m := range ballots[d.Voter].Mandates {
			marks, has := d.MarksOf(m.Holder)
			if !has {
				continue
			}
			text := marksWords(p, race, runners, marks)
			said = append(said, text)
			lines = append(lines, namedLine{Voter: say.of(d.Voter), Holder: say.of(m.Person), Votes: m.Votes,
				Title: p.T("ballot.title." + string(m.Title)), Choice: text, Code: d.Code,
				Channel: p.T("ballot.channel." + string(d.Channel))})
		}
		if d.Code != "" {
			receipts = append(receipts, receiptLine{d.Code, strings.Join(slices.Compact(said), " · ")})
		}
	}
	slices.SortFunc(receipts, func(a, b receiptLine) int { return strings.Compare(a.Code, b.Code) })
	slices.SortStableFunc(lines, func(a, b namedLine) int {
		return strings.Compare(fold.Sort(a.Voter), fold.Sort(b.Voter))
	})
	return lines, receipts, nil
}
