package pages

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/ballot"
	"lieux/ballot/view"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// phase is what the page of a voter shows.
type phase string

// The phases.
const (
	waiting   phase = "waiting"   // nothing to vote now
	asked     phase = "asked"     // the ballot
	deposited phase = "deposited" // the receipt
	inRoom    phase = "in-room"   // hands, or tellers who note: in the room
	marking   phase = "marking"   // the ballot of an election
	objecting phase = "objecting" // does anybody object?
	stranger  phase = "stranger"  // no right in this vote
	late      phase = "late"      // the ballot came after the close
)

// votePage is the page on which one votes by phone.
type votePage struct {
	Meeting meeting.Meeting
	Zone    *time.Location
	Who     string
	Form    *web.Form
	Phase   phase
	Poll    ballot.Poll
	Matter  meeting.Matter
	Item    string
	Current string // "Point 4 en cours : …", while nothing is voted
	Own     paperLine
	Others  []paperLine
	Total   int64
	Receipt *receiptPart
	Race    *racePart // in a round of an election
	Last    *lastPart
	LateAt  civil.Instant
	State   state
	Live    *web.Screen
}

// paperLine is one holder on the ballot of a voter.
type paperLine struct {
	Holder int64
	Label  string
	Votes  int64
	Locked string // the instruction in words; empty where the voter is free
	Raw    string // the instruction
	Choice string // as it was deposited
}

// receiptPart is what was deposited.
type receiptPart struct {
	Code, At string
	Facts    []web.Fact
	Channel  ballot.Channel
	Turn     int64
}

// lastPart is the last vote, while nothing is voted.
type lastPart struct {
	Title, Verdict, Measure, Href, Code string
	Kind                                web.Kind
}

func (p Pages) vote(q *web.Request) error {
	page, err := p.readVote(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(voteView(page))
}

// paper is the part of the page that is the voter's own: a phone that keeps up to date asks for it when the common part
// has changed. One that shows the state of the moment already keeps what is chosen on it.
func (p Pages) paper(q *web.Request) error {
	page, err := p.readVote(q, q.Blank())
	if err != nil {
		return err
	}
	if q.Query("state") == page.State.ID {
		q.W.WriteHeader(http.StatusNoContent)
		return nil
	}
	return q.Page(paperView(page))
}

func (p Pages) readVote(q *web.Request, form *web.Form) (page votePage, err error) {
	page.Form, page.Who = form, q.Who.Name
	err = p.DB.View(q.Context(), func(v *store.View) error {
		s, err := sceneIn(v, q)
		if err != nil {
			return err
		}
		page.Meeting, page.Zone = s.Meeting, v.Zone()
		poll, found, err := ballot.Latest(v, s.Meeting.ID)
		if err != nil {
			return err
		}
		if page.State, err = stateOf(v, q.P, s.Meeting, poll, found); err != nil {
			return err
		}
		if !found || poll.State() != ballot.Opened {
			return page.rest(v, q)
		}
		return page.ask(v, q, poll)
	})
	if p.Feed != nil {
		page.Live = &web.Screen{ID: "vote-state", Stream: view.VotePath(page.Meeting.Name) + "/stream",
			Page: view.VotePath(page.Meeting.Name)}
	}
	return page, err
}

// rest is the page while nothing is voted: the item that is dealt with, and the last result.
func (page *votePage) rest(r store.Reader, q *web.Request) error {
	page.Phase = waiting
	current, err := currentWords(r, q.P, page.Meeting)
	if err != nil {
		return err
	}
	page.Current = current
	poll, found, err := ballot.LastStanding(r, page.Meeting.ID)
	if err != nil || !found {
		return err
	}
	x, item, _ := page.Meeting.Matter(poll.Matter)
	page.Last = &lastPart{Title: q.T("ballot.page.item", "number", item.Number) + ", " + x.Title, Kind: web.Wait,
		Verdict: q.T("ballot.vote.counting")}
	if q.Who.May(web.Member) {
		page.Last.Href = view.Path(page.Meeting.Name, poll.ID)
	}
	if poll.ProclaimedAt != 0 {
		page.Last.Kind, page.Last.Verdict = view.PollVerdict(q.P, poll)
		page.Last.Measure = view.Measure(q.P, poll)
	}
	b, found, err := ballot.BallotOf(r, poll, people.PersonID(q.Who.Person))
	if found && b.Last != nil {
		page.Last.Code = b.Last.Code
	}
	return err
}

// currentWords says which item is dealt with: "Point 4 en cours : Comptes."
func currentWords(r store.Reader, p *lang.Printer, m meeting.Meeting) (string, error) {
	switch {
	case m.OpenedAt == 0:
		return p.T("ballot.vote.not-opened"), nil
	case m.Over():
		return p.T("ballot.vote.over"), nil
	}
	id, err := ballot.CurrentItem(r, m.ID)
	if item, found := m.Item(id); found && err == nil {
		return p.T("ballot.vote.current", "number", item.Number, "title", item.Title), nil
	}
	return p.T("ballot.vote.no-current"), err
}

// ask is the page while a vote is open.
func (page *votePage) ask(r store.Reader, q *web.Request, poll ballot.Poll) error {
	x, item, _ := page.Meeting.Matter(poll.Matter)
	page.Poll, page.Matter, page.Item = poll, x, item.Number
	b, found, err := ballot.BallotOf(r, poll, people.PersonID(q.Who.Person))
	switch {
	case err != nil:
		return err
	case !found:
		page.Phase = stranger
		return nil
	case poll.Method == ballot.Unanimity:
		page.Phase = objecting
		return nil
	case poll.Method != ballot.Phone:
		page.Phase = inRoom
		return nil
	}
	if !q.Who.How.Strong() { // told before the choice, not after it
		if unsure, err := ballot.NeedsSure(r, poll.ID, people.PersonID(q.Who.Person)); err != nil || unsure {
			return cmp.Or(err, error(web.ErrWeak))
		}
	}
	if poll.Terms.Race != nil {
		return page.askRace(r, q, b)
	}
	if err := page.fill(r, q.P, b); err != nil {
		return err
	}
	page.Phase = asked
	if b.Last != nil && q.Query("change") == "" && page.Form.OK() {
		page.Phase = deposited
	}
	return nil
}

// fill sets the ballot: what is the voter's own first, with the choice that holds for all, then each holder whom the
// voter carries.
func (page *votePage) fill(r store.Reader, p *lang.Printer, b ballot.Ballot) error {
	var ids []people.PersonID
	for _, m := range b.Mandates {
		ids = append(ids, m.Person)
	}
	say, err := namesOf(r, p, ids)
	if err != nil {
		return err
	}
	var lines []paperLine
	for _, m := range b.Mandates {
		l := paperLine{Holder: m.Holder, Votes: m.Votes,
			Label: p.T("ballot.vote.of."+string(m.Title), "n", m.Votes, "name", say.of(m.Person))}
		if m.Instruction != "" {
			l.Raw, l.Locked = string(m.Instruction), p.T("ballot.choice."+string(m.Instruction))
		}
		if b.Last != nil {
			l.Choice = string(b.Last.Choice(m.Holder))
		}
		lines, page.Total = append(lines, l), page.Total+m.Votes
	}
	// the first whom the voter is free to vote for stands for all; with instructions alone it is the first of them
	first := max(0, slices.IndexFunc(lines, func(l paperLine) bool { return l.Locked == "" }))
	page.Own, page.Others = lines[first], slices.Delete(slices.Clone(lines), first, first+1)
	if b.Last != nil {
		page.Receipt = &receiptPart{Code: b.Last.Code, At: ballot.Hour(b.Last.At, page.Zone), Channel: b.Last.Channel,
			Turn: b.Last.Turn}
		for _, l := range lines {
			said := p.T("ballot.page.nothing")
			if l.Choice != "" {
				said = p.T("ballot.choice." + l.Choice)
			}
			page.Receipt.Facts = append(page.Receipt.Facts, web.Fact{Name: l.Label, Text: said})
		}
	}
	return nil
}

// same says whether a carried holder was deposited as the own votes, or nothing was yet.
func (page votePage) same(l paperLine) bool {
	if as := page.Form.Raw("as-" + ballot.Field(l.Holder)); as != "" {
		return as == "same"
	}
	return l.Choice == "" || l.Choice == page.Own.Choice
}

// chosen is what is chosen for a holder: as it was typed, or as it was deposited.
func (page votePage) chosen(field, deposited string) string {
	if typed := page.Form.Raw(field); typed != "" {
		return typed
	}
	return deposited
}

// seen is the last deposit that the page shows.
func (page votePage) seen() string {
	if page.Receipt == nil {
		return "0"
	}
	return strconv.FormatInt(page.Receipt.Turn, 10)
}

// cast deposits a ballot. It looks nothing up before the act: thousands come in the same minute. A ballot needs no key:
// the same one sent twice is one deposit.
func (p Pages) cast(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	d := ballot.Deposit{Poll: ballot.PollID(form.Raw("poll")), Voter: people.PersonID(q.Who.Person),
		Choice: vote.Choice(form.Raw("choice"))}
	d.Seen, _ = strconv.ParseInt(form.Raw("seen"), 10, 64)
	d.Otherwise, d.Entrance = otherwise(q.R.PostForm), entranceOf(q.Who)
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "ballot.cast"), func(tx *store.Tx) error {
		_, err := ballot.Cast(tx, d)
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
	page, err := p.readVote(q, form)
	if err != nil {
		return err
	}
	if page.Poll.ID != d.Poll {
		return p.tooLate(q, page, d.Poll)
	}
	return q.Again(voteView(page))
}

// entranceOf says how somebody came in, as a ballot asks it.
func entranceOf(who web.Who) ballot.Entrance {
	return ballot.Entrance{Weak: !who.How.Strong(), Only: meeting.ID(who.Card.ID)}
}

// otherwise reads which holders are voted otherwise than all: "as-holder-12" says so, "holder-12" says how.
func otherwise(values url.Values) (list []vote.NamedVote) {
	for name, as := range values {
		field, is := strings.CutPrefix(name, "as-")
		if !is || len(as) == 0 || as[0] != "other" {
			continue
		}
		if holder, ok := holderOf(field); ok {
			list = append(list, vote.NamedVote{Holder: holder, Choice: vote.Choice(values.Get(field))})
		}
	}
	return list
}

// tooLate says that the vote is closed, and when the ballot came.
func (p Pages) tooLate(q *web.Request, page votePage, id ballot.PollID) error {
	err := p.DB.View(q.Context(), func(v *store.View) error {
		poll, found, err := ballot.ByID(v, id)
		if err != nil {
			return err
		}
		if !found || poll.Meeting != page.Meeting.ID {
			return web.NotFound
		}
		x, item, _ := page.Meeting.Matter(poll.Matter)
		page.Poll, page.Matter, page.Item = poll, x, item.Number
		page.Phase, page.LateAt = late, v.Now()
		return nil
	})
	if err != nil {
		return err
	}
	return q.Again(voteView(page))
}

// object demands a count instead of a unanimity.
func (p Pages) object(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	done, err := p.act(q, form, "demand", func(tx *store.Tx) error {
		return ballot.DemandCount(tx, ballot.PollID(form.Raw("poll")))
	})
	if err != nil {
		return err
	}
	if done {
		q.Flash(web.Yes, q.T("ballot.vote.demanded"))
		return q.SeeOther(view.VotePath(q.Path("name")))
	}
	page, err := p.readVote(q, form)
	if err != nil {
		return err
	}
	return q.Again(voteView(page))
}

// incident reports what went wrong to the bureau.
func (p Pages) incident(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	i := ballot.Incident{Poll: ballot.PollID(form.Raw("poll")), Person: people.PersonID(q.Who.Person),
		Words: form.Lines("words", ballot.MaxWords/2), LateAt: civil.Instant(form.Int("late", 0, 1<<60))}
	done, err := p.act(q, form, "report", func(tx *store.Tx) error { return ballot.Report(tx, i) })
	if err != nil {
		return err
	}
	if done {
		q.Flash(web.Yes, q.T("ballot.vote.reported"))
		return q.SeeOther(view.VotePath(q.Path("name")))
	}
	page, err := p.readVote(q, form)
	if err != nil {
		return err
	}
	return q.Render(http.StatusUnprocessableEntity, voteView(page))
}

// voteScene is what all phones of a meeting follow: whether something is to be voted, and what is dealt with. It names
// nobody; a phone fetches its own part when this one changes.
func (p Pages) voteScene(q *web.Request) (web.Scene, error) {
	var m meeting.Meeting
	err := p.DB.View(q.Context(), func(v *store.View) error {
		s, err := sceneIn(v, q)
		m = s.Meeting
		return err
	})
	return web.Scene{Key: "vote/" + string(m.ID), About: []store.Ref{m.ID.Ref()},
		Draw: func(r store.Reader, pr *lang.Printer) (templ.Component, error) {
			now, found, err := meeting.ByName(r, m.Name)
			if err != nil || !found {
				return stateView(state{}), err
			}
			poll, found, err := ballot.Latest(r, now.ID)
			if err != nil {
				return nil, err
			}
			s, err := stateOf(r, pr, now, poll, found)
			return stateView(s), err
		}}, err
}

// state is the common part of the voters' pages.
type state struct {
	ID    string // changes when a phone must look again
	Text  string
	Paper string // address of the voter's own part
}

// stateOf is the common part after the latest poll of a meeting; found is false while there is none.
func stateOf(r store.Reader, p *lang.Printer, m meeting.Meeting, poll ballot.Poll, found bool) (s state, err error) {
	s = state{ID: "none", Paper: view.VotePath(m.Name) + "/paper"}
	if s.Text, err = currentWords(r, p, m); err != nil || !found {
		return s, err
	}
	s.ID = strings.ToLower(string(poll.ID)) + "-" + string(poll.State())
	if poll.State() == ballot.Opened {
		_, item, _ := m.Matter(poll.Matter)
		s.Text = p.T("ballot.vote.open-now", "number", item.Number)
	}
	return s, nil
}
