package sitting

import (
	"slices"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Step is that a meeting comes to a matter, or to an item that has none.
type Step struct {
	Number int64 // from 1
	At     civil.Instant
	By     people.PersonID
	Item   meeting.ItemID
	Matter meeting.MatterID
	Seq    int64 // number of the last event of attendance
}

// chargeWords is a charge as the journal says it.
func chargeWords(c assembly.Charge) lang.Phrase { return lang.Say("sitting.charge." + string(c)) }

// GoTo comes to a matter of the agenda, the next one or any other; an item without matters has an empty one. It is
// refused while a vote is open: the room would lose sight of what it votes on.
func GoTo(tx *store.Tx, id meeting.ID, item meeting.ItemID, matter meeting.MatterID) error {
	m, _, err := running(tx, id)
	if err != nil {
		return err
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	it, err := place(m, item, matter)
	if err != nil {
		return err
	}
	if matter == "" && len(it.Matters) > 0 {
		matter = it.Matters[0].ID
	}
	if p, open, err := ballot.OpenNow(tx, id); err != nil || open && p.Matter != matter {
		if err == nil {
			err = fault.Refuse("sitting.refusal.poll.open", "number", p.Number)
		}
		return err
	}
	now, there, err := Current(tx, id)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref(), item.Ref()}, Args: map[string]any{"item": it.Number}})
	if there && now.Item == item && now.Matter == matter {
		return nil
	}
	if now.Number >= MaxSteps {
		return fault.Refuse("sitting.refusal.steps", "limit", MaxSteps)
	}
	seq, err := attendance.LastSeq(tx, id)
	if err != nil {
		return err
	}
	return insertStep(tx, id, Step{Number: now.Number + 1, At: tx.Now(), By: people.PersonID(tx.Actor()), Item: item,
		Matter: matter, Seq: seq})
}

// Current is the last step; false before the opening and where the agenda is empty.
func Current(r store.Reader, id meeting.ID) (Step, bool, error) {
	steps, err := Steps(r, id)
	if err != nil || len(steps) == 0 {
		return Step{}, false, err
	}
	return steps[len(steps)-1], true, nil
}

// CurrentItem is the item that a running meeting deals with, as the room ballot asks: the app fills its hook with it.
func CurrentItem(r store.Reader, id meeting.ID) (meeting.ItemID, error) {
	s, found, err := Of(r, id)
	if err != nil || !found || s.ClosedAt != 0 {
		return "", err
	}
	step, _, err := Current(r, id)
	return step.Item, err
}

// Next is the matter after one on the agenda; false after the last.
func Next(m meeting.Meeting, item meeting.ItemID, matter meeting.MatterID) (meeting.Item, meeting.Matter, bool) {
	type stop struct {
		item   meeting.Item
		matter meeting.Matter
	}
	var stops []stop
	at := -1
	for _, it := range m.Items {
		if len(it.Matters) == 0 {
			stops = append(stops, stop{item: it})
		}
		for _, x := range it.Matters {
			stops = append(stops, stop{it, x})
		}
		for i := range stops {
			if stops[i].item.ID == item && stops[i].matter.ID == matter {
				at = i
			}
		}
	}
	if at+1 >= len(stops) {
		return meeting.Item{}, meeting.Matter{}, false
	}
	return stops[at+1].item, stops[at+1].matter, true
}

// Inquorate lists the matters that the meeting could not decide because too few were there.
func Inquorate(r store.Reader, m meeting.Meeting) (list []meeting.Matter, err error) {
	polls, err := ballot.Polls(r, m.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range m.Matters() {
		p, found := decisive(polls, x.ID)
		if found && p.Outcome.Computed == vote.Inquorate {
			list = append(list, x)
		}
	}
	return list, nil
}

// decisive is the poll that counts for a matter: the last that was proclaimed and stands.
func decisive(polls []ballot.Poll, matter meeting.MatterID) (last ballot.Poll, found bool) {
	for _, p := range polls {
		if p.Matter == matter && p.Stands() && p.ProclaimedAt != 0 {
			last, found = p, true
		}
	}
	return last, found
}

// Present notes who presents a matter, besides those whom the agenda names.
func Present(tx *store.Tx, id meeting.ID, matter meeting.MatterID, who people.PersonID) error {
	m, _, err := writable(tx, id)
	if err != nil {
		return err
	}
	if err := mayWrite(tx, m); err != nil {
		return err
	}
	x, _, found := m.Matter(matter)
	if !found {
		return fault.Refuse("sitting.refusal.item").At("matter")
	}
	p, err := people.Get(tx, who)
	if err != nil {
		return err
	}
	if p.Kind != people.Natural || !p.Erased.IsZero() {
		return fault.Refuse("sitting.refusal.person").At("person")
	}
	there, err := Presenters(tx, id)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref(), who.Ref()}})
	if slices.Contains(x.Presenters, who) || slices.Contains(there[matter], who) {
		return nil
	}
	if len(there[matter]) >= MaxTellers {
		return fault.Refuse("sitting.refusal.officers", "limit", MaxTellers).At("person")
	}
	return insertPresenter(tx, id, matter, who)
}

// Agreement is that all who were there agreed to deal with a subject that was not announced.
type Agreement struct {
	Item  meeting.ItemID
	At    civil.Instant
	By    people.PersonID
	All   vote.Sides // who was there
	Whole bool       // everybody who may vote was there
}

// Subject is a subject that somebody asks to add during the meeting.
type Subject struct {
	Title  string
	Kind   assembly.Kind
	Words  string
	Agreed bool // the chair asked, and all who are there agreed
}

// AddSubject adds a subject that was not announced, at the end of the agenda. All who are there must agree. A subject
// that is voted on is added only when everybody who may vote is present or represented: who is away could not know of
// it.
func AddSubject(tx *store.Tx, id meeting.ID, s Subject) (meeting.ItemID, error) {
	m, _, err := running(tx, id)
	if err != nil {
		return "", err
	}
	if err := mayRun(tx, m); err != nil {
		return "", err
	}
	if !s.Agreed {
		return "", fault.Refuse("sitting.refusal.not-agreed").At("agreed")
	}
	room, err := attendance.RoomNow(tx, id)
	if err != nil {
		return "", err
	}
	a := Agreement{At: tx.Now(), By: people.PersonID(tx.Actor()), All: room.Total, Whole: room.Total == room.Issued}
	if (s.Kind.Voted() || s.Kind.Fills()) && !a.Whole {
		heads, _ := room.Total.Heads.Get()
		of, _ := room.Issued.Heads.Get()
		return "", fault.Refuse("sitting.refusal.not-whole", "n", heads, "of", of).At("kind")
	}
	err = tx.Quietly(func() error {
		a.Item, err = meeting.AddItem(tx, id, meeting.Item{Title: s.Title,
			Matters: []meeting.Matter{{Kind: s.Kind, Title: s.Title, Words: s.Words}}})
		return err
	})
	if err != nil {
		return "", err
	}
	if err := insertAgreement(tx, id, a); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref(), a.Item.Ref()}})
	return a.Item, tx.Seal(sealAgreement, string(a.Item), a.canonical(id))
}

func (a Agreement) canonical(id meeting.ID) []byte {
	return canonical(struct {
		Meeting meeting.ID    `json:"meeting"`
		At      civil.Instant `json:"at"`
		All     vote.Sides    `json:"all"`
		Whole   bool          `json:"whole"`
	}{id, a.At, a.All, a.Whole})
}
