package sim

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
	"lieux/vote"
)

// polled is a vote as the life went through it: what everybody meant, and who had gone.
type polled struct {
	id      ballot.PollID
	matter  meeting.Matter
	method  ballot.Method
	convene vote.Convening
	voter   map[int64]*soul // whom each holder is voted by, when it was opened
	shares  map[int64][]int64
	votes   map[ballotOf]int64 // after the cap, as told when it was opened
	said    map[int64]vote.Choice
	marked  map[int64]ballot.Marks
	left    []*soul // gone without having voted
	issued  vote.Sides

	instructions map[int64]vote.Choice // of the givers of proxies
	classNames   map[string]int
}

// ballotOf is one mandate: the shares of one class of one holder.
type ballotOf struct {
	holder int64
	class  int
}

func (l *life) choice() vote.Choice {
	switch n := l.dice.IntN(20); {
	case n < 14:
		return vote.For
	case n < 18:
		return vote.Against
	}
	return vote.Abstain
}

// theAssembly is June: the door, the agenda, what was decided, and the second assembly where a quorum was missing.
func (l *life) theAssembly() error {
	e := l.room
	turnout := 25 + l.dice.IntN(50)
	if thin(l.db.Today().Year()) {
		turnout = 12 + l.dice.IntN(10)
	}
	if err := e.holds(turnout, func(meeting.Matter) bool { return true }); err != nil {
		return err
	}
	missing := map[string]bool{}
	var inquorate []meeting.Matter
	if err := l.read(func(r store.Reader) (err error) {
		inquorate, err = sitting.Inquorate(r, e.m)
		return err
	}); err != nil {
		return err
	}
	for _, x := range inquorate {
		missing[x.Title] = true
	}
	if len(missing) > 0 {
		if err := l.second(e, missing); err != nil {
			return err
		}
	}
	if l.chance(50) {
		return l.answers()
	}
	return nil
}

// second is the assembly that repeats one without quorum, some weeks later: the same agenda, only what was missing.
func (l *life) second(first *evening, missing map[string]bool) error {
	var id meeting.ID
	l.pass(3 * 24 * 3600)
	if err := l.act(l.secretary, "sitting.second", func(tx *store.Tx) (err error) {
		id, err = sitting.SecondCalled(tx, first.id)
		return err
	}); err != nil {
		return err
	}
	m, err := l.known(id)
	if err != nil {
		return err
	}
	day := saturday(l.db.Today().AddDays(17))
	m.StartsAt = l.starts(day, 14)
	if err := l.act(l.secretary, "meeting.change", func(tx *store.Tx) error { return meeting.Change(tx, m) }); err != nil {
		return err
	}
	e, err := l.resume(id)
	if err != nil {
		return err
	}
	if err := e.send(); err != nil {
		return err
	}
	l.met("second assembly")
	return e.holds(12+l.dice.IntN(15), func(x meeting.Matter) bool { return missing[x.Title] })
}

// holds lives a general assembly with a part of the cooperators, in percent.
func (e *evening) holds(turnout int, wish func(meeting.Matter) bool) (err error) {
	if e.m, err = e.known(e.id); err != nil {
		return err
	}
	day := e.m.Day(e.db.Zone())
	if !e.m.RollOn.IsZero() {
		e.at(e.m.RollOn, 23)
		if err := e.freezeRoll(); err != nil {
			return err
		}
	}
	e.at(day, 13)
	if !e.frozen {
		if err := e.freezeRoll(); err != nil {
			return err
		}
	}
	if err := e.fill(turnout); err != nil {
		return err
	}
	if err := e.open(); err != nil {
		return err
	}
	for _, item := range e.m.Items {
		for _, x := range item.Matters {
			if !wish(x) {
				continue
			}
			if err := e.deals(item, x); err != nil {
				return fmt.Errorf("%s, %q: %w", e.m.Name, x.Title, err)
			}
			if err := e.door(); err != nil {
				return err
			}
		}
	}
	return e.close()
}

// fill lets the bureau in, then whoever comes.
func (e *evening) fill(turnout int) error {
	e.chair, e.pen = e.life.chair, e.secretary
	for _, s := range []*soul{e.chair, e.pen} {
		if err := e.arrive(s, attendance.InRoom); err != nil {
			return err
		}
	}
	for _, s := range e.souls {
		if s.gone || s.legal() || !e.chance(turnout) {
			continue
		}
		channel := attendance.InRoom
		if e.chance(20) {
			channel = attendance.Afar
		}
		before := len(e.hall.here)
		if err := e.arrive(s, channel); err != nil {
			return err
		}
		if channel == attendance.InRoom && len(e.hall.here) > before && len(e.tellers) < 2 && s != e.chair && s != e.pen {
			e.tellers = append(e.tellers, s)
		}
		if e.chance(5) {
			if err := e.give(attendance.OnPaper); err != nil {
				return err
			}
		}
	}
	for _, s := range e.souls { // a room without two tellers waits for them
		if len(e.tellers) == 2 {
			break
		}
		before := len(e.hall.here)
		if s.gone || s.legal() {
			continue
		}
		if err := e.arrive(s, attendance.InRoom); err != nil {
			return err
		}
		if len(e.hall.here) > before {
			e.tellers = append(e.tellers, s)
		}
	}
	return nil
}

// deals goes to a matter and does what its kind asks.
func (e *evening) deals(item meeting.Item, x meeting.Matter) error {
	e.pass(300)
	if err := e.act(e.pen, "sitting.go", func(tx *store.Tx) error {
		return sitting.GoTo(tx, e.id, item.ID, x.ID)
	}); err != nil {
		return err
	}
	if e.chance(30) {
		if err := e.act(e.pen, "sitting.note", func(tx *store.Tx) error {
			_, err := sitting.Write(tx, e.id, sitting.Note{Item: item.ID, Matter: x.ID, Words: "On en parle longuement."})
			return err
		}); err != nil {
			return err
		}
	}
	switch {
	case x.Kind.Voted():
		return e.decides(x)
	case x.Kind == assembly.Election:
		return e.elects(x)
	case x.Kind == assembly.Draw:
		return e.draws(x)
	case e.kind == people.Assembly && e.chance(60):
		e.met("retained")
		return e.act(e.pen, "sitting.retain", func(tx *store.Tx) error {
			_, err := sitting.Retain(tx, e.id, sitting.Retained{Item: item.ID, Title: "Devis", Owner: e.board,
				Words: "Le conseil apporte trois devis."})
			return err
		})
	}
	return nil
}

// decides puts a matter to the vote by a method that the room allows; where the quorum is missing, that is stated.
func (e *evening) decides(x meeting.Matter) error {
	var may []ballot.Method
	if err := e.read(func(r store.Reader) (err error) {
		may, _, err = ballot.Choices(r, e.m, x)
		return err
	}); err != nil {
		return err
	}
	if len(may) == 0 {
		p := e.begins(x, ballot.None)
		if err := e.act(e.pen, "ballot.ascertain", func(tx *store.Tx) (err error) {
			p.id, err = ballot.Ascertain(tx, ballot.Opening{Meeting: e.id, Matter: x.ID})
			return err
		}); err != nil {
			return err
		}
		e.met("no quorum")
		return e.proclaim(p)
	}
	method := may[e.dice.IntN(len(may))]
	e.met("by " + string(method))
	p, err := e.opens(x, ballot.Opening{Meeting: e.id, Matter: x.ID, Method: method})
	if err != nil {
		return err
	}
	switch method {
	case ballot.Hands:
		err = e.byHands(p)
	case ballot.Named:
		err = e.byName(p)
	case ballot.Phone:
		err = e.byPhone(p)
	}
	if err == nil {
		err = e.closes(p)
	}
	return err
}

// begins remembers who may vote now.
func (e *evening) begins(x meeting.Matter, method ballot.Method) *polled {
	p := &polled{matter: x, method: method, convene: e.m.Convening, voter: map[int64]*soul{},
		shares: map[int64][]int64{}, votes: map[ballotOf]int64{}, said: map[int64]vote.Choice{},
		marked: map[int64]ballot.Marks{}, issued: e.hall.issued(), classNames: map[string]int{}}
	for c, class := range e.classes {
		p.classNames[string(class.ID)] = c
	}
	for _, n := range e.hall.holders() {
		if s := e.hall.voter(n); s != nil {
			p.voter[n], p.shares[n] = s, slices.Clone(e.hall.shares[n])
		}
	}
	return p
}

// opens puts a matter to the vote, and compares the rights with who is there.
func (e *evening) opens(x meeting.Matter, o ballot.Opening) (*polled, error) {
	p := e.begins(x, o.Method)
	if err := e.act(e.pen, "ballot.open", func(tx *store.Tx) (err error) {
		p.id, err = ballot.OpenPoll(tx, o)
		return err
	}); err != nil {
		return p, err
	}
	return p, e.rightsAre(p)
}

// voters are those with a right, in order, each with their holders.
func (p *polled) voters() (list []*soul, of map[*soul][]int64) {
	of = map[*soul][]int64{}
	for _, n := range slices.Sorted(maps.Keys(p.voter)) {
		s := p.voter[n]
		if of[s] == nil {
			list = append(list, s)
		}
		of[s] = append(of[s], n)
	}
	return list, of
}

// deposit is a ballot that a voter means: one choice for all, or another for one of them; instructions go first.
func (e *evening) deposit(p *polled, s *soul, holders []int64) ballot.Deposit {
	d := ballot.Deposit{Poll: p.id, Voter: s.id, Choice: e.choice()}
	other := int64(-1)
	if len(holders) > 1 && e.chance(40) {
		other = holders[e.dice.IntN(len(holders))]
		if e.instruction(p, other) == "" {
			d.Otherwise = []vote.NamedVote{{Holder: other, Choice: e.choice()}}
		}
	}
	for _, n := range holders {
		p.said[n] = d.Choice
		if len(d.Otherwise) > 0 && n == other {
			p.said[n] = d.Otherwise[0].Choice
		}
		if told := e.instruction(p, n); told != "" {
			p.said[n] = told
		}
	}
	return d
}

// instruction is what the giver of a proxy wants, of a holder who was voted by proxy when the vote was opened.
func (e *evening) instruction(p *polled, n int64) vote.Choice { return p.instructions[n] }

// byPhone lets everybody vote on their own phone or by a teller; some change their mind, leave or come meanwhile.
func (e *evening) byPhone(p *polled) error {
	list, of := p.voters()
	for _, s := range list {
		if e.chance(12) {
			continue
		}
		if err := e.casts(p, s, of[s]); err != nil {
			return err
		}
	}
	return e.meanwhile(p)
}

// casts deposits a ballot; a change of mind is a second one.
func (e *evening) casts(p *polled, s *soul, holders []int64) error {
	turns := 1
	if e.chance(10) {
		turns = 2
	}
	for turn := range turns {
		d := e.deposit(p, s, holders)
		teller := e.chance(20)
		d.Seen = int64(turn)
		who, verb := s, "ballot.cast"
		if teller {
			who, verb = e.tellers[e.dice.IntN(len(e.tellers))], "ballot.enter"
		}
		if err := e.act(who, verb, func(tx *store.Tx) (err error) {
			if teller {
				_, err = ballot.Enter(tx, d)
			} else {
				_, err = ballot.Cast(tx, d)
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// meanwhile is what happens at the door while a vote is open: it changes no right.
func (e *evening) meanwhile(p *polled) error {
	for range e.dice.IntN(3) {
		if guests := e.guests(); len(guests) > 3 {
			if err := e.leaves(guests[e.dice.IntN(len(guests))]); err != nil {
				return err
			}
		}
		if s := e.person(); s != nil && e.kind == people.Assembly {
			if err := e.arrive(s, attendance.InRoom); err != nil {
				return err
			}
		}
	}
	if e.kind == people.Assembly && e.chance(20) { // the roll is not touched under a vote
		holders := e.hall.holders()
		return e.refused("attendance.refusal.poll-open", e.pen, "attendance.correct", func(tx *store.Tx) error {
			return attendance.Correct(tx, attendance.Correction{Meeting: e.id, Holder: holders[0], Class: e.classes[0].ID,
				Shares: 99, Why: "Erreur."})
		})
	}
	return nil
}

// byName lets two tellers enter everybody; where they differ, the chair decides.
func (e *evening) byName(p *polled) error {
	list, of := p.voters()
	var sheet []ballot.Deposit
	for _, s := range list {
		if e.chance(90) {
			sheet = append(sheet, e.deposit(p, s, of[s]))
		}
	}
	if len(sheet) == 0 {
		s := list[0]
		sheet = append(sheet, e.deposit(p, s, of[s]))
	}
	wrong := -1
	if e.chance(50) {
		wrong = e.dice.IntN(len(sheet))
	}
	for i, teller := range e.tellers[:2] {
		entered := slices.Clone(sheet)
		if i == 1 && wrong >= 0 {
			entered = slices.Delete(entered, wrong, wrong+1)
		}
		if len(entered) == 0 { // an empty sheet is no sheet: the teller enters the same after all
			entered, wrong = sheet, -1
		}
		if err := e.act(teller, "ballot.enter-all", func(tx *store.Tx) error {
			return ballot.EnterAll(tx, p.id, entered)
		}); err != nil {
			return err
		}
	}
	if wrong < 0 {
		return e.meanwhile(p)
	}
	if err := e.refused("ballot.refusal.differ", e.pen, "ballot.close", e.closing(p)); err != nil {
		return err
	}
	s := e.byID[sheet[wrong].Voter]
	ruling := ballot.Ruling{Poll: p.id, Voter: s.id, Why: "Entendu ainsi."}
	for _, n := range of[s] {
		ruling.Choices = append(ruling.Choices, vote.NamedVote{Holder: n, Choice: p.said[n]})
	}
	e.met("ruled")
	return e.act(e.chair, "ballot.rule", func(tx *store.Tx) error { return ballot.Rule(tx, ruling) })
}

// byHands lets two tellers count two rows, in votes.
func (e *evening) byHands(p *polled) error {
	list, of := p.voters()
	rows := [2]ballot.Counting{{Poll: p.id, Row: "A"}, {Poll: p.id, Row: "B"}}
	for i, s := range list {
		if e.chance(10) {
			continue
		}
		choice := e.choice()
		row := &rows[i%2]
		for _, n := range of[s] {
			p.said[n] = choice
			for c := range e.classes {
				votes := p.votes[ballotOf{n, c}]
				switch choice {
				case vote.For:
					row.For += votes
				case vote.Against:
					row.Against += votes
				default:
					row.Abstain += votes
				}
			}
		}
	}
	for i, row := range rows {
		if row.For+row.Against+row.Abstain == 0 {
			continue
		}
		teller := e.tellers[i%2]
		if e.chance(20) { // a slip, mended
			slip := row
			slip.For, slip.Against, slip.Abstain = row.Against, row.For, row.Abstain
			if err := e.act(teller, "ballot.count", func(tx *store.Tx) error { return ballot.Count(tx, slip) }); err != nil {
				return err
			}
		}
		if err := e.act(teller, "ballot.count", func(tx *store.Tx) error { return ballot.Count(tx, row) }); err != nil {
			return err
		}
	}
	return nil
}

// closing is a close made on the page as it stands.
func (e *evening) closing(p *polled) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		now, _, err := ballot.ByID(tx, p.id)
		if err != nil {
			return err
		}
		return ballot.ClosePoll(tx, ballot.Closing{Poll: p.id, Version: now.Version})
	}
}

// closes ends a vote, once, and proclaims it.
func (e *evening) closes(p *polled) error {
	voted := map[*soul]bool{}
	list, of := p.voters()
	for _, s := range list {
		for _, n := range of[s] {
			_, marked := p.marked[n]
			if (p.said[n] != "" || marked) && (p.method == ballot.Phone || p.method == ballot.Named) {
				voted[s] = true
			}
		}
		if !voted[s] && !slices.Contains(e.hall.here, s) {
			p.left = append(p.left, s)
		}
	}
	if err := e.act(e.pen, "ballot.close", e.closing(p)); err != nil {
		return err
	}
	if err := e.refused("ballot.refusal.closed", e.pen, "ballot.close", e.closing(p)); err != nil {
		return err
	}
	return e.proclaim(p)
}

// proclaim is the chair's word; then the vote is judged anew.
func (e *evening) proclaim(p *polled) error {
	if err := e.act(e.chair, "ballot.proclaim", func(tx *store.Tx) error {
		return ballot.Proclaim(tx, ballot.Proclamation{Poll: p.id})
	}); err != nil {
		return err
	}
	e.polls = append(e.polls, *p)
	return e.judged(p)
}

// elects goes through the rounds of an election, three at most.
func (e *evening) elects(x meeting.Matter) error {
	for round := range 3 {
		var contest ballot.Contest
		if err := e.read(func(r store.Reader) (err error) {
			contest, err = ballot.ContestOf(r, e.m, x)
			return err
		}); err != nil {
			return err
		}
		if contest.Left <= 0 || len(contest.Next.Running) == 0 {
			break
		}
		method := []ballot.Method{ballot.Phone, ballot.Named, ballot.Paper}[e.dice.IntN(3)]
		e.met("round by " + string(method))
		p, err := e.opens(x, ballot.Opening{Meeting: e.id, Matter: x.ID, Method: method})
		if err != nil {
			return err
		}
		if err := e.round(p, contest.Next); err != nil {
			return err
		}
		if err := e.closes(p); err != nil {
			return err
		}
		if round > 0 {
			e.met("second round")
		}
	}
	return e.read(func(r store.Reader) error {
		contest, err := ballot.ContestOf(r, e.m, x)
		for _, who := range contest.Elected {
			if s := e.byID[who]; !slices.Contains(e.seated, s) {
				e.life.seated, s.fixed = append(e.seated, s), true
			}
		}
		return err
	})
}

// round lets everybody mark each candidate.
func (e *evening) round(p *polled, race ballot.Race) error {
	list, of := p.voters()
	var sheet []ballot.Marking
	for _, s := range list {
		if e.chance(10) && len(sheet) > 0 {
			continue
		}
		d := ballot.Marking{Poll: p.id, Voter: s.id}
		for _, n := range of[s] {
			m := ballot.Marks{Holder: n}
			for _, c := range race.Running {
				switch e.dice.IntN(5) {
				case 0, 1:
					m.For = append(m.For, c)
				case 2:
					m.Against = append(m.Against, c)
				case 3:
					m.Abstain = append(m.Abstain, c)
				}
			}
			p.marked[n] = m
			d.Marks = append(d.Marks, m)
		}
		sheet = append(sheet, d)
	}
	switch p.method {
	case ballot.Paper:
		return e.papers(p, race)
	case ballot.Named:
		for _, teller := range e.tellers[:2] {
			for _, d := range sheet {
				if err := e.act(teller, "ballot.enter-marks", func(tx *store.Tx) error {
					_, err := ballot.EnterMarks(tx, d)
					return err
				}); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, d := range sheet {
		if err := e.act(e.byID[d.Voter], "ballot.mark", func(tx *store.Tx) error {
			_, err := ballot.Mark(tx, d)
			return err
		}); err != nil {
			return err
		}
	}
	return e.meanwhile(p)
}

// papers counts the paper ballots of a round twice.
func (e *evening) papers(p *polled, race ballot.Race) error {
	count := ballot.PaperCount{Poll: p.id}
	for _, c := range race.Running {
		count.Votes = append(count.Votes, ballot.CandidateCount{Number: c})
	}
	for n, m := range p.marked {
		for class := range e.classes {
			votes := p.votes[ballotOf{n, class}]
			count.Cast += votes
			for i, c := range race.Running {
				switch m.Of(c) {
				case vote.For:
					count.Votes[i].For += votes
				case vote.Against:
					count.Votes[i].Against += votes
				case vote.Abstain:
					count.Votes[i].Abstain += votes
				}
			}
		}
	}
	for _, teller := range e.tellers[:2] {
		if err := e.act(teller, "ballot.count-papers", func(tx *store.Tx) error {
			return ballot.CountPapers(tx, count)
		}); err != nil {
			return err
		}
	}
	return nil
}

// draws lets the lot choose a committee: words, dice, a list whose proof stands.
func (e *evening) draws(x meeting.Matter) error {
	var id ballot.DrawID
	steps := []struct {
		verb string
		fn   func(*store.Tx) error
	}{
		{"ballot.freeze-pool", func(tx *store.Tx) (err error) {
			id, err = ballot.FreezePool(tx, ballot.PoolCall{Meeting: e.id, Matter: x.ID, From: ballot.Present})
			return err
		}},
		{"ballot.lay-word", func(tx *store.Tx) error { return ballot.LayWord(tx, id, e.chair.id, "brique") }},
		{"ballot.lay-word", func(tx *store.Tx) error { return ballot.LayWord(tx, id, e.tellers[0].id, "fenêtre") }},
		{"ballot.reveal-words", func(tx *store.Tx) error { return ballot.RevealWords(tx, id) }},
		{"ballot.throw-dice", func(tx *store.Tx) error {
			dice := make([]int, 5)
			for i := range dice {
				dice[i] = 1 + e.dice.IntN(6)
			}
			return ballot.ThrowDice(tx, id, dice)
		}},
		{"ballot.proclaim-draw", func(tx *store.Tx) error { return ballot.ProclaimDraw(tx, id) }},
	}
	for _, s := range steps {
		if err := e.act(e.chair, s.verb, s.fn); err != nil {
			return err
		}
	}
	e.met("draw")
	return e.read(func(r store.Reader) error {
		d, _, err := ballot.DrawByID(r, id)
		if err != nil {
			return err
		}
		if _, err = d.Evidence(); err != nil {
			return err
		}
		effective, substitutes, err := d.Seated()
		for _, who := range slices.Concat(effective, substitutes) {
			e.byID[who].fixed = true
		}
		return err
	})
}

// boardMeeting is an evening of the board: some of those who sit in it, minutes of the last, one decision.
func (l *life) boardMeeting(year int, month time.Month) error {
	day := civil.Day(year, month, 24)
	l.at(day.AddDays(-8), 9)
	e, err := l.draft(meeting.Meeting{Body: l.board, Title: fmt.Sprintf("Conseil de %s %d", months[month-1], year),
		Place: "Bureau", StartsAt: l.starts(day, 19), Language: "fr", Items: []meeting.Item{{Number: "1", Title: "Bail",
			Matters: []meeting.Matter{{Kind: assembly.Resolution, Title: "Bail", Words: "Le bail est signé."}}}}})
	if err != nil {
		return err
	}
	if err := e.send(); err != nil {
		return err
	}
	e.at(day, 18)
	if err := e.freezeRoll(); err != nil {
		return err
	}
	e.chair, e.pen = l.chair, l.secretary
	for i, s := range l.seated {
		if i < 3 || e.chance(60) {
			if err := e.arrive(s, attendance.InRoom); err != nil {
				return err
			}
			if i >= 2 && len(e.tellers) < 2 && slices.Contains(e.hall.here, s) {
				e.tellers = append(e.tellers, s)
			}
		}
	}
	if len(e.tellers) < 2 {
		e.tellers = append(e.tellers, e.pen)
	}
	if err := e.open(); err != nil {
		return err
	}
	for _, item := range e.m.Items {
		for _, x := range item.Matters {
			if err := e.deals(item, x); err != nil {
				return fmt.Errorf("%s: %w", e.m.Name, err)
			}
		}
	}
	return e.close()
}

// answers gives the answer to a point that is still owed, between two assemblies.
func (l *life) answers() error {
	var open []assembly.Retained
	if err := l.read(func(r store.Reader) error {
		points, err := assembly.RetainedPoints(r)
		for _, p := range points {
			if p.Open() {
				open = append(open, p)
			}
		}
		return err
	}); err != nil || len(open) == 0 {
		return err
	}
	l.met("answered between")
	return l.act(l.secretary, "assembly.answer", func(tx *store.Tx) error {
		return assembly.AnswerRetained(tx, open[0].ID, assembly.Answer{On: tx.Today(), Words: "Trois devis sont là.",
			Closes: true})
	})
}

// recorded reads the record that a meeting became: its outcomes, the changes that wait for their deed.
func (e *evening) recorded() error {
	return e.read(func(r store.Reader) error {
		a, found, err := assembly.ByName(r, e.m.Name)
		if err != nil {
			return err
		}
		fault.Must(found, "the record of %s is gone", e.m.Name)
		for _, item := range a.Items {
			for _, x := range item.Matters {
				if x.Amendment == "" {
					continue
				}
				waiting, found, err := bylaws.AmendmentByID(r, x.Amendment)
				if err != nil {
					return err
				}
				if !found || waiting.State != bylaws.Pending || x.Outcome.Verdict() != vote.Adopted {
					return fmt.Errorf("the amendment of %s is %q after %q", e.m.Name, waiting.State, x.Outcome.Verdict())
				}
				e.life.pending = append(e.pending, x.Amendment)
			}
		}
		if err := e.follows(r, a); err != nil {
			return err
		}
		return e.minutesAgree(r, a)
	})
}

// follows says whether what a frozen record brings about is there: a mandate for everybody elected or drawn, an answer
// to every retained point that was dealt with.
func (e *evening) follows(r store.Reader, a assembly.Assembly) error {
	for _, item := range a.Items {
		for _, x := range item.Matters {
			mandates, err := people.Mandates(r, x.Body)
			if err != nil {
				return err
			}
			for _, who := range slices.Concat(x.Elected, x.Effective, x.Substitutes) {
				if !slices.ContainsFunc(mandates, func(m people.Mandate) bool {
					return m.Opened.ID == string(x.ID) && e.byID[m.Person] == e.byID[who]
				}) {
					return fmt.Errorf("%q gave somebody a mandate that was not opened", x.Title)
				}
			}
			if x.Lived == nil || x.Stated != assembly.Presented {
				continue
			}
			for _, id := range x.Lived.Answers {
				point, found, err := assembly.RetainedByID(r, id)
				if err != nil || !found || point.Open() {
					return cmp.Or(err, fmt.Errorf("the point %q was dealt with and is still owed", point.Title))
				}
				e.met("answered at the assembly")
			}
		}
	}
	return nil
}
