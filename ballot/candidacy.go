package ballot

import (
	"slices"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// MaxCandidacies bounds the entries of one matter: who stands and withdraws several times asks the bureau.
const MaxCandidacies = 5_000

// beyondNumbers is where the numbers of candidates begin who are no cooperators, where cooperators stand under their
// own numbers.
const beyondNumbers = 1_000_000_000

// Candidacy is one person who stands in an election, or volunteers for a draw: named by the agenda, or entered at the
// meeting.
type Candidacy struct {
	Number    int64 // under which the person stands, the same in all rounds
	Person    people.PersonID
	Party     people.PersonID // the organisation for which a volunteer enters a draw; empty in their own right
	At        civil.Instant   // 0 for who stands on the agenda
	Withdrawn civil.Instant   // 0 while the person stands
}

// entry is one line of the log of candidacies.
type entry struct {
	ID      string           `json:"id"`
	Meeting meeting.ID       `json:"meeting"`
	Matter  meeting.MatterID `json:"matter"`
	Person  people.PersonID  `json:"person"`
	Party   people.PersonID  `json:"party,omitempty"`
	Stands  bool             `json:"stands"`
	At      civil.Instant    `json:"at"`
	By      people.PersonID  `json:"by"`
}

// Slate are all who ever stood for a matter: those of the agenda in its order, then those entered at the meeting. Who
// withdrew keeps the number.
func Slate(r store.Reader, m meeting.Meeting, x meeting.Matter) ([]Candidacy, error) {
	var list []Candidacy
	for _, id := range x.Candidates {
		list = append(list, Candidacy{Person: id})
	}
	log, err := candidacies(r, x.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range log {
		i := slices.IndexFunc(list, func(c Candidacy) bool { return c.Person == e.Person && c.Party == e.Party })
		switch {
		case i < 0:
			list = append(list, Candidacy{Person: e.Person, Party: e.Party, At: e.At})
		case e.Stands:
			list[i].Withdrawn = 0
		default:
			list[i].Withdrawn = e.At
		}
	}
	return list, number(r, list)
}

// number gives candidates their places on the slate, or their numbers as cooperators where the lower of them decides a
// tie.
func number(r store.Reader, list []Candidacy) error {
	b, err := bylaws.On(r, r.Today())
	if err != nil {
		return err
	}
	byNumber := slices.Contains(b.Election().Terms().Ties, vote.TieLowerNumber)
	for i := range list {
		list[i].Number = int64(i + 1)
		if !byNumber {
			continue
		}
		list[i].Number += beyondNumbers
		c, found, err := register.CooperatorOf(r, list[i].Person)
		if err != nil {
			return err
		}
		if found {
			list[i].Number = int64(c.Number)
		}
	}
	return nil
}

// Entering says who stands or withdraws. Party is the organisation for which a volunteer enters a draw.
type Entering struct {
	Meeting meeting.ID
	Matter  meeting.MatterID
	Person  people.PersonID
	Party   people.PersonID
}

// Stand enters a candidate of an election, or a volunteer for a draw. The bureau enters anybody; a member may volunteer
// for a draw alone.
func Stand(tx *store.Tx, d Entering) error { return enroll(tx, d, true) }

// Withdraw takes a candidacy back: the person, or the bureau for them. The number stays theirs.
func Withdraw(tx *store.Tx, d Entering) error { return enroll(tx, d, false) }

func enroll(tx *store.Tx, d Entering, stands bool) error {
	m, err := going(tx, d.Meeting)
	if err != nil {
		return err
	}
	x, _, found := m.Matter(d.Matter)
	if !found || !x.Kind.Fills() {
		return fault.Refuse("ballot.refusal.no-candidates").At("matter")
	}
	own := tx.Actor() == string(d.Person) && (x.Kind == assembly.Draw || !stands)
	if !own {
		if err := charged(tx, m.ID, runs, "candidates"); err != nil {
			return err
		}
	}
	if err := d.eligible(tx, x, stands); err != nil {
		return err
	}
	if err := settled(tx, m, x); err != nil {
		return err
	}
	slate, err := Slate(tx, m, x)
	if err != nil {
		return err
	}
	if len(slate) >= MaxCandidacies || x.Kind == assembly.Election && len(slate) >= vote.MaxCandidates {
		return fault.Refuse("ballot.refusal.many-candidates", "limit", MaxCandidacies)
	}
	i := slices.IndexFunc(slate, func(c Candidacy) bool { return c.Person == d.Person && c.Party == d.Party })
	there := i >= 0 && slate[i].Withdrawn == 0
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), x.ID.Ref(), d.Person.Ref()}})
	switch {
	case stands && there:
		return fault.Refuse("ballot.refusal.stands-already").At("person")
	case !stands && !there:
		return fault.Refuse("ballot.refusal.stands-not").At("person")
	}
	e := entry{ID: tx.ID(), Meeting: m.ID, Matter: x.ID, Person: d.Person, Party: d.Party, Stands: stands,
		At: tx.Now(), By: people.PersonID(tx.Actor())}
	if err := insertCandidacy(tx, e); err != nil {
		return err
	}
	return tx.Seal(sealCandidacy, e.ID, canonical(e))
}

// eligible refuses who cannot enter: somebody erased, an organisation in its own name where persons are drawn, and an
// organisation that the volunteer does not represent.
func (d *Entering) eligible(r store.Reader, x meeting.Matter, stands bool) error {
	person, err := people.Get(r, d.Person)
	if err != nil {
		return err
	}
	if !person.Erased.IsZero() || x.Kind == assembly.Draw && person.Kind != people.Natural {
		return fault.Refuse("ballot.refusal.candidate").At("person")
	}
	if x.Kind != assembly.Draw {
		d.Party = ""
	}
	if d.Party == "" || !stands {
		return nil
	}
	parties, err := people.Parties(r, d.Person, r.Today())
	if err == nil && !slices.Contains(parties, d.Party) {
		err = fault.Refuse("ballot.refusal.no-representative").At("party")
	}
	return err
}

// settled refuses to change who stands once that decides something: while a round is open, and once the pool of a draw
// is frozen.
func settled(r store.Reader, m meeting.Meeting, x meeting.Matter) error {
	if x.Kind == assembly.Draw {
		_, drawn, err := DrawOf(r, x.ID)
		if err == nil && drawn {
			err = fault.Refuse("ballot.refusal.pool-frozen")
		}
		return err
	}
	p, open, err := OpenNow(r, m.ID)
	if err == nil && open && p.Matter == x.ID {
		err = fault.Refuse("ballot.refusal.round-open", "at", Hour(p.OpenedAt, r.Zone()))
	}
	return err
}
