package sitting

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// composer gathers what is known of one meeting into a record.
type composer struct {
	r       store.Reader
	m       meeting.Meeting
	s       Sitting
	polls   []ballot.Poll
	voids   []ballot.Voiding // draws that were taken back are found in it alone
	blocks  []Block
	steps   []Step
	shown   map[meeting.MatterID][]people.PersonID // presenters named in the room
	opening attendance.Hall
	halls   map[int64]attendance.Hall // by number of the event
}

// Record is the meeting as a record, at this moment: its draft is the minutes. The list is of those who were there so
// far. Its ids are those of the meeting, its items and matters.
func Record(r store.Reader, id meeting.ID) (assembly.Assembly, []assembly.Attendee, error) {
	m, s, found, err := known(r, id)
	if err != nil {
		return assembly.Assembly{}, nil, err
	}
	c := &composer{r: r, m: m, s: s, halls: map[int64]attendance.Hall{}}
	a := assembly.Assembly{ID: assembly.ID(id), Name: m.Name, Body: m.Body, Title: m.Title, HeldOn: c.day(),
		Place:    m.Place,
		Language: m.Language, Convening: m.Convening, Session: &assembly.Session{}}
	if err := c.read(found); err != nil {
		return a, nil, err
	}
	for _, item := range m.Items {
		made, err := c.item(item)
		if err != nil {
			return a, nil, err
		}
		a.Items = append(a.Items, made)
	}
	if err := c.retained(&a); err != nil {
		return a, nil, err
	}
	list, err := c.attendees()
	if err != nil {
		return a, nil, err
	}
	if err := c.session(a.Session); err != nil {
		return a, nil, err
	}
	counted := assembly.Counted(list)
	now, err := c.hall(c.lastSeq())
	a.Attendance = assembly.Attendance{Present: counted.Present, Represented: counted.Represented, Total: counted.Total,
		Issued: now.Issued}
	a.Session.Listed, a.Session.List = int64(len(list)), assembly.ListHash(list)
	for _, w := range list {
		if w.Proxy != "" {
			a.Session.Proxies++
		}
	}
	return a, list, err
}

// day is that of the opening; of the beginning as it is fixed before it.
func (c *composer) day() civil.Date {
	if c.s.OpenedAt != 0 {
		return c.s.OpenedAt.On(c.r.Zone())
	}
	if day := c.m.Day(c.r.Zone()); !day.IsZero() {
		return day
	}
	return c.r.Today()
}

func (c *composer) read(opened bool) (err error) {
	if c.polls, err = ballot.Polls(c.r, c.m.ID); err != nil || !opened {
		return err
	}
	if c.voids, err = ballot.VoidOf(c.r, c.m.ID); err != nil {
		return err
	}
	if c.blocks, err = Blocks(c.r, c.m.ID); err != nil {
		return err
	}
	if c.steps, err = Steps(c.r, c.m.ID); err != nil {
		return err
	}
	if c.shown, err = Presenters(c.r, c.m.ID); err != nil {
		return err
	}
	c.opening, err = c.hall(c.s.Seq)
	return err
}

// lastSeq is the event at which the list ends: that of the closing, or the last so far.
func (c *composer) lastSeq() int64 {
	if c.s.ClosedAt != 0 {
		return c.s.ClosedSeq
	}
	return -1
}

// hall is the room after one of its events; −1 is now.
func (c *composer) hall(seq int64) (attendance.Hall, error) {
	if h, known := c.halls[seq]; known {
		return h, nil
	}
	var h attendance.Hall
	var err error
	if seq < 0 {
		h, err = attendance.RoomNow(c.r, c.m.ID)
	} else {
		h, err = attendance.RoomAfter(c.r, c.m.ID, seq)
	}
	c.halls[seq] = h
	return h, err
}

func presence(h attendance.Hall, at civil.Instant) assembly.Presence {
	return assembly.Presence{At: at, Present: h.Present, Remote: h.Remote, Represented: h.Represented, Total: h.Total,
		Issued: h.Issued}
}

// session is what the meeting knows of itself.
func (c *composer) session(s *assembly.Session) error {
	s.ConvenedAt, s.OpenedAt, s.ClosedAt = c.m.ConvenedAt, c.s.OpenedAt, c.s.ClosedAt
	s.StartsAt = c.m.StartsAt
	s.RollOn, s.Remote = c.m.RollOn, c.m.Remote
	if c.m.Earlier != "" {
		earlier, _, err := meeting.ByID(c.r, c.m.Earlier)
		if err != nil {
			return err
		}
		s.Earlier = earlier.Name
	}
	if c.s.OpenedAt == 0 {
		return nil
	}
	officers, err := Officers(c.r, c.m.ID)
	if err != nil {
		return err
	}
	for _, o := range officers {
		if o.Charge != assembly.NoteTaker {
			s.Bureau = append(s.Bureau, assembly.Officer{Person: o.Person, Charge: o.Charge, From: o.From, Until: o.Until})
		}
	}
	s.Opening = presence(c.opening, c.s.OpenedAt)
	if c.s.ClosedAt != 0 {
		h, err := c.hall(c.s.ClosedSeq)
		if err != nil {
			return err
		}
		s.Closing = presence(h, c.s.ClosedAt)
	}
	if err := c.happened(s); err != nil {
		return err
	}
	return c.signed(s)
}

// happened are the incidents, the corrections at the door and the subjects that were added.
func (c *composer) happened(s *assembly.Session) error {
	incidents, err := Incidents(c.r, c.m.ID)
	if err != nil {
		return err
	}
	for _, i := range incidents {
		item, _ := c.m.Item(i.Item)
		s.Incidents = append(s.Incidents, assembly.Incident{Item: item.Number, At: i.At, Over: i.Over, Remote: i.Remote,
			Words: i.Words, Remedy: i.Remedy})
	}
	if err := c.reported(s); err != nil {
		return err
	}
	roll, _, err := attendance.RollOf(c.r, c.m.ID)
	if err != nil {
		return err
	}
	for _, x := range roll.Corrections {
		mended := assembly.Mended{At: x.At, Holder: x.Holder, Person: x.Person, Before: x.Before, After: x.Shares, Why: x.Why}
		switch {
		case x.Added:
			mended.Before = -1
		case x.Struck:
			mended.After = -1
		}
		s.Mended = append(s.Mended, mended)
	}
	agreed, err := Agreements(c.r, c.m.ID)
	for _, a := range agreed {
		if item, found := c.m.Item(a.Item); found {
			s.Added = append(s.Added, assembly.Added{Item: item.Number, At: a.At, All: a.All, Whole: a.Whole})
		}
	}
	return err
}

// reported are what voters said went wrong while they voted; the bureau notes the rest.
func (c *composer) reported(s *assembly.Session) error {
	reports, err := ballot.Incidents(c.r, c.m.ID)
	for _, i := range reports {
		at := slices.IndexFunc(c.polls, func(p ballot.Poll) bool { return p.ID == i.Poll })
		number := ""
		if at >= 0 {
			_, item, _ := c.m.Matter(c.polls[at].Matter)
			number = item.Number
		}
		s.Incidents = append(s.Incidents, assembly.Incident{Item: number, At: i.At, Remote: true, Words: i.Words,
			Late: i.LateAt})
	}
	slices.SortStableFunc(s.Incidents, func(a, b assembly.Incident) int { return cmp.Compare(a.At, b.At) })
	return err
}

// signed are the review and the signatures.
func (c *composer) signed(s *assembly.Session) error {
	var err error
	if s.Review, err = c.review(); err != nil {
		return err
	}
	signatures, err := Signatures(c.r, c.m.ID)
	for _, g := range signatures {
		if g.Void == 0 {
			s.Text = g.Text
			signed := assembly.Signed{Person: g.Person, Charge: g.Charge, Kind: g.Kind, At: g.At, Hash: g.Hash}
			signed.Key, signed.Challenge = g.SignedWith()
			s.Signed = append(s.Signed, signed)
		}
	}
	return err
}

// item is one item with its matters; notes of an item without any make one.
func (c *composer) item(item meeting.Item) (assembly.Item, error) {
	made := assembly.Item{ID: assembly.ItemID(item.ID), Number: item.Number, Title: item.Title}
	for _, x := range item.Matters {
		m, err := c.matter(item, x)
		if err != nil {
			return made, err
		}
		made.Matters = append(made.Matters, m)
	}
	if notes := c.notes(item.ID, ""); notes != "" {
		if len(made.Matters) == 0 {
			made.Matters = []assembly.Matter{{ID: assembly.MatterID(item.ID), Kind: assembly.Information,
				Lived: &assembly.Lived{Heard: c.heard(item.ID, "")}, Stated: assembly.Presented}}
		}
		made.Matters[0].Words = join(notes, made.Matters[0].Words)
	}
	return made, nil
}

// heard is when the meeting first came to a matter; 0 when it never did.
func (c *composer) heard(item meeting.ItemID, matter meeting.MatterID) civil.Instant {
	for _, step := range c.steps {
		if step.Item == item && step.Matter == matter {
			return step.At
		}
	}
	return 0
}

// notes are the standing texts of a matter, or of an item apart from its matters, in the order in which they were
// begun.
func (c *composer) notes(item meeting.ItemID, matter meeting.MatterID) string {
	var texts []string
	for _, b := range c.blocks {
		if b.Item != item || b.Matter != matter {
			continue
		}
		for _, t := range b.Standing() {
			texts = append(texts, t.Words)
		}
	}
	return join(texts...)
}

func join(texts ...string) string {
	texts = slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return strings.TrimSpace(t) == "" })
	return strings.Join(texts, "\n\n")
}

func (c *composer) matter(item meeting.Item, x meeting.Matter) (assembly.Matter, error) {
	m := assembly.Matter{ID: assembly.MatterID(x.ID), Kind: x.Kind, Title: x.Title, Place: x.Place, Earlier: x.Earlier,
		Words: join(x.Words, c.notes(item.ID, x.ID)), Body: x.Body, Candidates: x.Candidates,
		Lived: &assembly.Lived{Heard: c.heard(item.ID, x.ID), Until: x.Until, Changes: x.Changes, Rules: x.Rules,
			Answers: x.Answers}}
	m.Presenters = slices.Concat(x.Presenters, c.shown[x.ID])
	for _, p := range x.Papers {
		m.Annexes = append(m.Annexes, assembly.Annex{Title: p.Title, Document: p.Document})
	}
	if x.Kind == assembly.PurposeChange {
		m.Report = assembly.ReportThere
		if slices.Contains(x.Lacks(), meeting.PurposeReport) {
			m.Report = assembly.ReportAbsent
		}
	}
	if err := c.counted(&m, x); err != nil {
		return m, err
	}
	if !x.Decides() && m.Lived.Heard != 0 {
		m.Stated = assembly.Presented
	}
	return m, nil
}

// counted are the polls of a matter, and what the last of them decided.
func (c *composer) counted(m *assembly.Matter, x meeting.Matter) error {
	round := 0
	for _, p := range c.polls {
		if p.Matter != x.ID {
			continue
		}
		round++
		b, err := c.balloting(p)
		if err != nil {
			return err
		}
		if b.Round = p.Round; b.Round == 0 {
			b.Round = round
		}
		m.Lived.Polls = append(m.Lived.Polls, b)
	}
	switch x.Kind {
	case assembly.Election:
		return c.elected(m, x)
	case assembly.Draw:
		for _, v := range c.voids {
			if v.Draw != "" && v.Matter == x.ID {
				m.Lived.Annulled = append(m.Lived.Annulled, assembly.Annulled{At: v.OpenedAt, End: v.At, Why: v.Why})
			}
		}
		return c.drawn(m, x)
	}
	p, found := decisive(c.polls, x.ID)
	if !found {
		return nil
	}
	m.Ballot, m.Outcome = p.Tally.Ballot, p.Outcome
	m.Stated = assembly.Verdict(p.Outcome.Verdict())
	return nil
}

// elected are all who ever stood in an election, and whom its proclaimed rounds elected.
func (c *composer) elected(m *assembly.Matter, x meeting.Matter) error {
	contest, err := ballot.ContestOf(c.r, c.m, x)
	if err != nil {
		return err
	}
	m.Candidates, m.Poll, m.Elected = nil, contest.Poll(), contest.Elected
	for _, s := range contest.Slate {
		m.Candidates = append(m.Candidates, s.Person)
		if s.Withdrawn != 0 {
			m.Lived.Withdrawn = append(m.Lived.Withdrawn, s.Person)
		}
	}
	return nil
}

// drawn are those on the list of a proclaimed draw, with its proof.
func (c *composer) drawn(m *assembly.Matter, x meeting.Matter) error {
	d, found, err := ballot.DrawOf(c.r, x.ID)
	if err != nil || !found || d.ProclaimedAt == 0 {
		return err
	}
	if m.Effective, m.Substitutes, err = d.Seated(); err != nil {
		return err
	}
	m.Evidence, err = d.Evidence()
	return err
}

// balloting is one poll as the minutes tell it: who was there, who had left since the opening, the channels.
func (c *composer) balloting(p ballot.Poll) (assembly.Balloting, error) {
	b := assembly.Balloting{Round: p.Round, Method: assembly.How(p.Method), OpenedAt: p.OpenedAt, ClosedAt: p.ClosedAt,
		ProclaimedAt: p.ProclaimedAt}
	if b.VoidAt = p.VoidAt; p.CountDemanded() {
		b.CountDemanded = true
	} else if p.VoidAt != 0 {
		b.Void = p.Why
	}
	if p.Lot != nil && p.Terms.Race != nil {
		for _, t := range p.Lot.Throws {
			b.Lot = append(b.Lot, assembly.Thrown{Person: p.Terms.Race.Person(t.Number), Dice: t.Dice})
		}
	}
	h, err := c.hall(p.Seq)
	if err != nil {
		return b, err
	}
	b.Presence = presence(h, p.OpenedAt)
	changes := attendance.Between(c.opening, h)
	b.Came = len(persons(changes.Came))
	b.Left = persons(changes.Went)
	if p.Method == ballot.Phone && p.ClosedAt != 0 {
		g, err := ballot.ProgressOf(c.r, p)
		if err != nil {
			return b, err
		}
		b.Channels = []assembly.ChannelVotes{{Channel: "phone", Voters: g.ByPhone}, {Channel: "paper", Voters: g.ByTeller}}
	}
	if named(p) {
		b.Digest = p.Tally.Digest
	}
	b.Heads, err = HeadsOf(c.r, p)
	return b, err
}

// persons are those who voted for the claims, each once, sorted.
func persons(claims []attendance.Claim) []people.PersonID {
	seen := map[people.PersonID]bool{}
	for _, x := range claims {
		seen[x.Voter] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// retained are the points of the debate.
func (c *composer) retained(a *assembly.Assembly) error {
	points, err := RetainedIn(c.r, c.m.ID)
	if err != nil {
		return err
	}
	for _, item := range c.m.Items { // in the order of the agenda, as the record keeps them
		for _, p := range points {
			if p.Item == item.ID && p.DroppedAt == 0 {
				a.Retained = append(a.Retained, assembly.Retained{ID: p.ID, Assembly: a.ID, Item: assembly.ItemID(item.ID),
					ItemNumber: item.Number, Title: p.Title, Words: p.Words, Owner: p.Owner, OwnerWords: p.OwnerWords, DueOn: p.DueOn,
					HeldOn: a.HeldOn, Meeting: a.Name})
			}
		}
	}
	return nil
}

// attendees lists the holders who were there at the opening, at a vote, at the closing, or who came between; one who
// was there in person at any time stands as present.
func (c *composer) attendees() ([]assembly.Attendee, error) {
	if c.s.OpenedAt == 0 {
		return nil, nil
	}
	moments := []int64{c.s.Seq, c.lastSeq()}
	for _, p := range c.polls {
		moments = append(moments, p.Seq)
	}
	list := map[int64]assembly.Attendee{}
	for _, seq := range moments {
		h, err := c.hall(seq)
		if err != nil {
			return nil, err
		}
		for _, x := range h.Claims() {
			w := assembly.Attendee{Number: register.Number(x.Holder), Person: x.Of, Shares: x.Shares, Channel: "room"}
			if x.Title == vote.Proxy {
				w.Proxy, w.Channel = x.Voter, "proxy"
			}
			if before, there := list[x.Holder]; !there || before.Proxy != "" {
				list[x.Holder] = w
			}
		}
	}
	if err := c.times(list); err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(list), func(a, b assembly.Attendee) int {
		return cmp.Compare(a.Number,
			b.Number)
	}), nil
}

// times notes when who is on the list came and left, and how they took part. Who came and left between two votes is put
// on it.
func (c *composer) times(list map[int64]assembly.Attendee) error {
	events, err := attendance.Events(c.r, c.m.ID)
	if err != nil {
		return err
	}
	roll, _, err := attendance.RollOf(c.r, c.m.ID)
	if err != nil {
		return err
	}
	for _, e := range attendance.Comings(events) {
		if last := c.lastSeq(); last >= 0 && e.Seq > last {
			break
		}
		for _, seat := range e.Seats {
			w, there := list[seat.Holder]
			if entry, known := roll.Entry(seat.Holder); known && (!there || w.Proxy != "") {
				w = assembly.Attendee{Number: register.Number(seat.Holder), Person: entry.Person, Shares: entry.Shares,
					Channel: "room"}
			} else if !there {
				continue
			}
			switch e.Kind {
			case attendance.Arrived:
				if w.Came == 0 {
					w.Came = e.At
				}
				w.Channel, w.Went = string(e.Channel), 0
			case attendance.Departed:
				w.Went = e.At
			}
			list[seat.Holder] = w
		}
	}
	return nil
}
