package view

import (
	"strconv"
	"strings"

	"lieux/ballot"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	meetingview "lieux/meeting/view"
	"lieux/people"
	"lieux/vote"
)

// ElectionPath is the page of an election: who stands, the rounds, the tellers' work.
func ElectionPath(name string, x meeting.MatterID) string {
	return meetingview.Path(name) + "/elections/" + string(x)
}

// MarksPath is where tellers enter the ballots of the open round.
func MarksPath(name string, x meeting.MatterID) string { return ElectionPath(name, x) + "/ballots" }

// readContest finds how an election stands, and the names of those who stand.
func (d *Panel) readContest(r store.Reader) error {
	c, err := ballot.ContestOf(r, d.Meeting, d.Matter)
	if err != nil {
		return err
	}
	d.Contest = &c
	var ids []people.PersonID
	for _, s := range c.Slate {
		ids = append(ids, s.Person)
	}
	if d.names, err = people.Names(r, ids); err != nil || d.Poll == nil {
		return err
	}
	if d.Progress, err = ballot.ProgressOf(r, *d.Poll); err != nil || d.Poll.Method != ballot.Named ||
		d.Poll.State() != ballot.Opened {
		return err
	}
	return d.readSheets(r)
}

// Name is that of a candidate.
func (d Panel) Name(p *lang.Printer, id people.PersonID) string { return d.names[id].Words(p) }

// runnerLine is one candidate in the list of an election.
type runnerLine struct {
	Number, Name, Note string
	Kind               web.Kind
	State              string
}

// runners are all who ever stood, with what has become of them.
func (d Panel) runners(p *lang.Printer) (list []runnerLine) {
	elected := map[people.PersonID]bool{}
	for _, id := range d.Contest.Elected {
		elected[id] = true
	}
	running := map[int64]bool{}
	for _, n := range d.Contest.Next.Running {
		running[n] = true
	}
	for _, s := range d.Contest.Slate {
		l := runnerLine{Number: strconv.FormatInt(s.Number, 10), Name: d.Name(p, s.Person), Kind: web.Info,
			State: p.T("ballot.election.stands")}
		if s.At != 0 {
			l.Note = p.T("ballot.election.since", "at", ballot.Hour(s.At, d.Zone))
		}
		switch {
		case elected[s.Person]:
			l.Kind, l.State = web.Yes, p.T("ballot.election.elected")
		case s.Withdrawn != 0:
			l.Kind, l.State = web.Off, p.T("ballot.election.withdrawn", "at", ballot.Hour(s.Withdrawn, d.Zone))
		case !running[s.Number]:
			l.Kind, l.State = web.Off, p.T("ballot.election.out")
		}
		list = append(list, l)
	}
	return list
}

// ElectedNames are who a round elected, in words.
func (d Panel) ElectedNames(p *lang.Printer, poll ballot.Poll) string {
	var names []string
	for _, n := range poll.Election.Outcome.Elected {
		names = append(names, d.Name(p, poll.Terms.Race.Person(n)))
	}
	return p.List(names)
}

// RoundVerdict is what a closed round found, in a word; nothing for a poll that is no round.
func RoundVerdict(p *lang.Printer, poll ballot.Poll) (web.Kind, string) {
	switch o := poll.Election.Outcome; {
	case o.Next == vote.TieLot:
		return web.Wait, p.T("ballot.election.lot-decides")
	case o.Quorum.Found == vote.NotMet:
		return web.No, p.T("ballot.election.no-quorum")
	case len(o.Elected) == 0:
		return web.No, p.T("ballot.election.nobody")
	default:
		return web.Yes, p.T("ballot.election.elected-n", "n", len(o.Elected))
	}
}

// PollVerdict is what a closed poll found, in a word: of a round of an election, how many it elected.
func PollVerdict(p *lang.Printer, poll ballot.Poll) (web.Kind, string) {
	if poll.Election != nil {
		return RoundVerdict(p, poll)
	}
	return Kind(poll.Outcome.Computed), Verdict(p, poll.Outcome)
}

// roundLines is how a round was counted, with the names of candidates.
func (d Panel) roundLines(p *lang.Printer, poll ballot.Poll) []web.Line {
	lines := Reckoning(p, poll.Election.Outcome.Reckoning)
	for i, l := range poll.Election.Outcome.Reckoning {
		if who := poll.Terms.Race.Person(l.Candidate); who != "" {
			lines[i].Text = p.T("ballot.election.line", "name", d.Name(p, who), "text", lines[i].Text)
		}
	}
	return lines
}

// throws are the dice of a lot, candidate by candidate.
func (d Panel) throws(p *lang.Printer, poll ballot.Poll) (list []web.Fact) {
	for _, t := range poll.Lot.Throws {
		list = append(list, web.Fact{Name: d.Name(p, poll.Terms.Race.Person(t.Number)), Text: Dice(t.Dice)})
	}
	return list
}

// Dice writes dice as they are read aloud: "4 2 6".
func Dice(dice []int) string {
	parts := make([]string, len(dice))
	for i, n := range dice {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, " ")
}

// methods are the ways in which a round may be voted.
func (d Panel) methods(p *lang.Printer) (list []web.Option) {
	for _, m := range ballot.RoundMethods {
		if m == ballot.Unanimity && d.Contest.Seats > 0 && len(d.Contest.Next.Running) > d.Contest.Left {
			continue
		}
		list = append(list, web.Option{Value: string(m), Label: lang.Capital(p.Words(m.Phrase())),
			Hint: p.T("ballot.election.method." + string(m))})
	}
	return list
}

// tiedFields are the candidates who throw dice.
func (d Panel) tiedFields() (numbers []int64) {
	numbers, _ = d.Poll.TiedAt()
	return numbers
}

// another says whether a next round may be opened.
func (d Panel) another() bool {
	return d.runs() && !d.Contest.Waits() && len(d.Contest.Next.Running) > 0 &&
		(d.Poll == nil || d.Poll.State() != ballot.Opened)
}
