// Package view draws what the screens of an evening show of a vote: the form that opens it, how far it has come, what
// it found and how that is computed, and the buttons of the bureau. It has no routes; the pages of ballot and
// the console of the rooms above embed its components.
package view

import (
	"slices"
	"strconv"
	"time"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	meetingview "lieux/meeting/view"
	"lieux/people"
	"lieux/vote"
)

// The addresses of this room under a meeting.
func PollsPath(name string) string                     { return meetingview.Path(name) + "/polls" }
func Path(name string, id ballot.PollID) string        { return PollsPath(name) + "/" + string(id) }
func ClosingPath(name string, id ballot.PollID) string { return Path(name, id) + "/closing" }
func TellersPath(name string) string                   { return meetingview.Path(name) + "/tellers" }
func VotePath(name string) string                      { return meetingview.Path(name) + "/vote" }

// PapersPath is where the ballots of a matter on paper are.
func PapersPath(name string, x meeting.MatterID) string {
	return meetingview.Path(name) + "/ballots.pdf?matter=" + string(x)
}

// Panel is everything that a console shows of one matter: it is prepared with the reader, and drawn by Console.
type Panel struct {
	Meeting  meeting.Meeting
	Matter   meeting.Matter
	Zone     *time.Location
	Charges  ballot.Charges
	Back     string // where the buttons lead after they are pressed
	Poll     *ballot.Poll
	Progress ballot.Progress
	Rows     []ballot.Row
	Differ   int // voters or rows on which two tellers differ
	Alone    int // voters whom one teller entered and the other has not yet
	Sheets   int // of a named vote: tellers who have begun
	Result   ballot.Result
	May      []ballot.Method
	Why      map[ballot.Method]error
	Other    *ballot.Poll    // open at the meeting, on another matter
	Open     bool            // the meeting sits: buttons make sense
	Contest  *ballot.Contest // of an election
	Draw     *Board          // of a draw

	Chair     people.PersonID // who presides; empty when nobody is known to
	ChairName people.Person

	names map[people.PersonID]people.Person
}

// PanelOf reads what a console shows of a matter to somebody with these charges. Back is the page that holds it.
func PanelOf(r store.Reader, m meeting.Meeting, x meeting.Matter, c ballot.Charges, back string) (Panel, error) {
	d := Panel{Meeting: m, Matter: x, Zone: r.Zone(), Charges: c, Back: back, Open: m.OpenedAt != 0 && !m.Over()}
	polls, err := ballot.Polls(r, m.ID)
	if err != nil {
		return d, err
	}
	if d.Chair, d.ChairName, err = Chair(r, m.ID, c); err != nil {
		return d, err
	}
	for i, p := range polls {
		switch {
		case p.Matter == x.ID:
			d.Poll = &polls[i]
		case p.State() == ballot.Opened:
			d.Other = &polls[i]
		}
	}
	switch d.Matter.Kind {
	case assembly.Election:
		return d, d.readContest(r)
	case assembly.Draw:
		d.Draw, err = BoardOf(r, m, x)
		return d, err
	}
	if d.Poll == nil || d.Poll.State() == ballot.Voided {
		return d, d.readChoices(r)
	}
	if d.Poll.State() == ballot.Opened {
		return d, d.readProgress(r)
	}
	d.Result, err = ballot.ResultOf(r, *d.Poll)
	return d, err
}

// Chair is who presides at a meeting, for those of the bureau who may proclaim in the chair's name.
func Chair(r store.Reader, m meeting.ID, c ballot.Charges) (id people.PersonID, chair people.Person, err error) {
	if !c.Chair {
		return "", chair, nil
	}
	if id, err = ballot.ChairOf(r, m); err != nil || id == "" {
		return id, chair, err
	}
	chair, err = people.Get(r, id)
	return id, chair, err
}

// readChoices finds how the matter may be put to the vote; nothing before the meeting sits.
func (d *Panel) readChoices(r store.Reader) (err error) {
	if d.Open && d.Matter.Kind.Voted() {
		d.May, d.Why, err = ballot.Choices(r, d.Meeting, d.Matter)
	}
	return err
}

// readProgress finds how far an open vote has come.
func (d *Panel) readProgress(r store.Reader) (err error) {
	if d.Progress, err = ballot.ProgressOf(r, *d.Poll); err != nil {
		return err
	}
	switch d.Poll.Method {
	case ballot.Hands:
		d.Rows, err = ballot.Rows(r, d.Poll.ID)
		for _, row := range d.Rows {
			if _, agree := row.Votes(); !agree {
				d.Differ++
			}
		}
	case ballot.Named:
		err = d.readSheets(r)
	}
	return err
}

// readSheets finds where the two sheets of a named vote differ: only voters whom both tellers entered are compared.
func (d *Panel) readSheets(r store.Reader) error {
	sheets, err := ballot.Sheets(r, *d.Poll)
	if err != nil {
		return err
	}
	both := map[people.PersonID]bool{} // of each voter who differs: whether both entered them
	if d.Sheets = len(sheets); d.Poll.Terms.Race != nil {
		list, err := ballot.MarksDiffer(r, *d.Poll)
		if err != nil {
			return err
		}
		for _, f := range list {
			if !f.Decided {
				both[f.Voter] = f.Both
			}
		}
	} else {
		list, err := ballot.Differences(r, *d.Poll)
		if err != nil {
			return err
		}
		for _, f := range list {
			if !f.Decided {
				both[f.Voter] = f.Both
			}
		}
	}
	for _, b := range both {
		if b {
			d.Differ++
		} else {
			d.Alone++
		}
	}
	return nil
}

// runs says whether the reader may open, close and enter.
func (d Panel) runs() bool { return d.Open && d.Charges.Any() }

// barred is why no method at all may be used: without quorum, or a cap that leaves no vote. None where one may.
func (d Panel) barred() (fault.Refusal, bool) {
	if len(d.May) > 0 {
		return fault.Refusal{}, false
	}
	for _, method := range ballot.Methods {
		for _, r := range fault.Of(d.Why[method]) {
			if r.Code == "ballot.refusal.quorum" || r.Code == "ballot.refusal.cap" {
				return r, true
			}
		}
	}
	return fault.Refusal{}, false
}

// options are the ways of voting that the rule of the day allows.
func (d Panel) options(p *lang.Printer) []web.Option {
	list := make([]web.Option, len(d.May))
	for i, m := range d.May {
		list[i] = web.Option{Value: string(m), Label: lang.Capital(p.Words(m.Phrase())),
			Hint: p.T("ballot.method." + string(m) + ".hint")}
	}
	return list
}

// hindered are the ways that it does not allow, with the reason.
func (d Panel) hindered(p *lang.Printer) (list []web.Fact) {
	for _, m := range ballot.Methods {
		for _, r := range fault.Of(d.Why[m]) {
			text := p.Refusal(r)
			if r.Article != "" {
				text += " (" + r.Article + ")"
			}
			list = append(list, web.Fact{Name: lang.Capital(p.Words(m.Phrase())), Text: text})
		}
	}
	return list
}

// begun begins the form that opens a vote: with the surest way.
func begun(f *web.Form, d Panel) *web.Form {
	if f.Raw("method") == "" && len(d.May) > 0 {
		first := d.May[0]
		if slices.Contains(d.May, ballot.Phone) {
			first = ballot.Phone
		}
		f.Set("method", string(first))
	}
	return f
}

// Verdict is the outcome in a word, as it is proclaimed: "Adopté".
func Verdict(p *lang.Printer, o vote.Outcome) string {
	if o.Computed == "" {
		return p.T("ballot.view.open-outcome")
	}
	return lang.Capital(p.Words(o.Computed.Phrase()))
}

// Kind is the colour of an outcome.
func Kind(v vote.Verdict) web.Kind {
	switch v {
	case vote.Adopted:
		return web.Yes
	case "":
		return web.Wait
	}
	return web.No
}

// Measure is the clause beside the verdict: "à 84,0 % des voix exprimées ; il fallait au moins trois quarts".
func Measure(p *lang.Printer, poll ballot.Poll) string {
	if poll.Tally.Ballot.Kind == vote.Unanimous {
		return p.T("ballot.view.unanimous")
	}
	if ph := poll.Outcome.Measure(poll.Terms.Rule.Majority); ph.Code != "" {
		return p.Words(ph)
	}
	return ""
}

// Reckoning is the computation of an outcome for the screen.
func Reckoning(p *lang.Printer, lines vote.Reckoning) []web.Line {
	out := make([]web.Line, len(lines))
	for i, l := range lines {
		out[i] = web.Line{Text: p.Words(l.Say), Article: l.Note(p)}
		if l.Figure.Code != "" {
			out[i].Value = p.Words(l.Figure)
		}
	}
	return out
}

// figures are the votes for, against and abstentions, and those that took no part.
func figures(p *lang.Printer, r ballot.Result) []web.Figure {
	f, known := r.Counts.For.Get()
	if !known {
		return nil
	}
	a, _ := r.Counts.Against.Get()
	n, _ := r.Counts.Abstentions.Get()
	list := []web.Figure{{Value: p.Count(f), Label: p.T("ballot.choice.for")},
		{Value: p.Count(a), Label: p.T("ballot.choice.against")},
		{Value: p.Count(n), Label: p.T("ballot.choice.abstain")}}
	if r.Silent > 0 {
		list = append(list, web.Figure{Value: p.Count(r.Silent), Label: p.T("ballot.choice.none")})
	}
	return list
}

// Presence says how many heads and shares were there at the opening and at the vote.
func Presence(p *lang.Printer, poll ballot.Poll) []web.Fact {
	sides := func(s vote.Sides) string {
		heads, _ := s.Heads.Get()
		shares, _ := s.Shares.Get()
		if issued, _ := poll.Terms.Issued.Shares.Get(); issued == 0 {
			return p.T("ballot.view.heads", "n", heads)
		}
		return p.T("ballot.view.sides", "n", heads, "shares", shares)
	}
	facts := []web.Fact{{Name: p.T("ballot.view.at-opening"), Text: sides(poll.Terms.AtOpening)}}
	if poll.ClosedAt != 0 {
		facts = append(facts, web.Fact{Name: p.T("ballot.view.at-vote"), Text: sides(poll.Tally.AtVote)})
	}
	if n := len(poll.Tally.Left); n > 0 {
		facts = append(facts, web.Fact{Name: p.T("ballot.view.left"), Text: p.T("ballot.view.left.n", "n", n)})
	}
	if n := len(poll.Tally.Stayed); n > 0 {
		facts = append(facts, web.Fact{Name: p.T("ballot.view.stayed"), Text: p.T("ballot.view.stayed.n", "n", n)})
	}
	return facts
}

// work is the bar of how many have voted; for a show of hands in votes.
func work(p *lang.Printer, d Panel) web.Work {
	g := d.Progress
	switch d.Poll.Method {
	case ballot.Hands:
		available, _ := d.Poll.Terms.Available.Get()
		return web.Work{Text: p.T("ballot.view.counted", "n", g.Spent, "of", available), Done: g.Spent, Of: available,
			Note: p.T("ballot.view.rest", "n", available-g.Spent)}
	case ballot.Named:
		return web.Work{Text: p.T("ballot.view.entered", "n", g.Done, "of", g.Voters), Done: g.Done, Of: g.Voters}
	}
	return web.Work{Text: p.T("ballot.view.voted", "n", g.Done, "of", g.Voters), Done: g.Done, Of: g.Voters,
		Note: p.T("ballot.view.channels", "phone", g.ByPhone, "teller", g.ByTeller)}
}

// progressID names the bar of a poll on its page.
func progressID(d Panel) string { return "progress-" + strconv.FormatInt(d.Poll.Number, 10) }

// chairOptions are how the chair may decide a tie.
func chairOptions(p *lang.Printer) []web.Option {
	var list []web.Option
	for _, c := range []vote.Choice{vote.For, vote.Against, vote.Abstain} {
		list = append(list, web.Option{Value: string(c), Label: p.T("ballot.choice." + string(c))})
	}
	return list
}

// resultClass colours the frame of a result.
func resultClass(v vote.Verdict) string {
	if v == vote.Adopted {
		return "result"
	}
	return "result result--no"
}
