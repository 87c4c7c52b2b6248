package ballot

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/sortition"
	"lieux/vote"
)

// PoolSource is where the candidates of a draw come from.
type PoolSource string

// The sources of a pool.
const (
	Volunteers PoolSource = "volunteers" // who entered as a volunteer
	Present    PoolSource = "present"    // who is in the room, in their own right or for an organisation
	OnRoll     PoolSource = "roll"       // everybody who may vote at the meeting, there or not
)

// PoolSources lists them in the order of screens.
var PoolSources = []PoolSource{Volunteers, Present, OnRoll}

// Limits of what one types about a pool.
const (
	MaxAside  = 200 // persons put aside by name
	MaxReason = sortition.MaxReason
	MaxSource = sortition.MaxSource
	MaxWord   = sortition.MaxWord
)

// PoolCall is what the bureau decides of a pool before it is frozen.
type PoolCall struct {
	Meeting meeting.ID
	Matter  meeting.MatterID
	From    PoolSource
	Source  string // where the candidates come from, in the words of the proof; empty: the usual words

	// where the agenda does not say them
	Effective, Substitutes int

	Bodies []people.BodyID // who sits in one of them is put aside
	Aside  []Aside         // put aside by name: managers, staff
	// who speaks for an organisation that several represent
	Speakers map[people.PersonID]people.PersonID
}

// Aside puts a person aside with the reason that the proof prints.
type Aside struct {
	Person people.PersonID
	Reason string
}

// Preview is the pool as it would be frozen now.
type Preview struct {
	Call     sortition.Call
	In       []people.PersonID // once each, by id
	Out      []Aside           // candidates put aside, with the reasons joined
	Unspoken []Unspoken        // organisations that several represent: one must be chosen
	Silent   []people.PersonID // organisations that nobody represents: they are not in the pool
}

// Unspoken is an organisation with those who represent it.
type Unspoken struct {
	Legal people.PersonID
	By    []people.PersonID
}

// ownWords are the phrases that proofs and decisions quote, in the language of the meeting or the house.
var ownWords = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(Phrases, people.Phrases)
	fault.Must(err == nil, "the phrases of ballot: %v", err)
	return book
})

// PreviewOf settles who would be in the pool: natural persons, each once; an organisation by one person.
func PreviewOf(r store.Reader, c PoolCall) (p Preview, err error) {
	m, found, err := meeting.ByID(r, c.Meeting)
	if err != nil {
		return p, err
	}
	x, _, there := m.Matter(c.Matter)
	if !found || !there || x.Kind != assembly.Draw {
		return p, fault.Refuse("ballot.refusal.no-draw").At("matter")
	}
	say := ownWords().In(m.Language)
	p.Call = sortition.Call{Title: x.Title, Source: strings.TrimSpace(c.Source),
		Effective: cmp.Or(x.Effective, c.Effective), Substitutes: cmp.Or(x.Substitutes, c.Substitutes)}
	if p.Call.Source == "" {
		p.Call.Source = say.T("ballot.draw.source."+string(c.From), "meeting", m.Title)
	}
	var claims []poolClaim
	switch c.From {
	case Volunteers:
		claims, err = volunteers(r, m, x)
	case Present:
		claims, err = present(r, m)
	case OnRoll:
		claims, err = p.onRoll(r, m, c.Speakers)
	default:
		err = fault.Refuse("ballot.refusal.pool-source").At("from")
	}
	if err != nil {
		return p, err
	}
	if err := p.enter(r, say, claims); err != nil {
		return p, err
	}
	return p, p.putAside(r, say, c)
}

// poolClaim is one entry of a person: in their own right, or for an organisation.
type poolClaim struct{ person, party people.PersonID }

func volunteers(r store.Reader, m meeting.Meeting, x meeting.Matter) (list []poolClaim, err error) {
	slate, err := Slate(r, m, x)
	for _, s := range slate {
		if s.Withdrawn == 0 {
			list = append(list, poolClaim{s.Person, s.Party})
		}
	}
	return list, err
}

func present(r store.Reader, m meeting.Meeting) (list []poolClaim, err error) {
	hall, err := attendance.RoomNow(r, m.ID)
	for _, c := range hall.Claims() {
		switch c.Title {
		case vote.Own:
			list = append(list, poolClaim{person: c.Of})
		case vote.Body:
			list = append(list, poolClaim{c.Voter, c.Of})
		}
	}
	return list, err
}

// onRoll takes everybody who may vote. An organisation that one person represents enters by that person.
func (p *Preview) onRoll(r store.Reader, m meeting.Meeting, speakers map[people.PersonID]people.PersonID) (
	list []poolClaim, err error) {
	roll, frozen, err := attendance.RollOf(r, m.ID)
	if err != nil {
		return nil, err
	}
	if !frozen {
		return nil, fault.Refuse("ballot.refusal.no-roll")
	}
	for _, e := range roll.Entries {
		if e.Kind == people.Natural {
			list = append(list, poolClaim{person: e.Person})
			continue
		}
		all, err := people.Representatives(r, e.Person)
		if err != nil {
			return nil, err
		}
		var by []people.PersonID
		for _, o := range all {
			if o.On(r.Today()) {
				by = append(by, o.Person)
			}
		}
		slices.Sort(by)
		by = slices.Compact(by)
		switch speaker := speakers[e.Person]; {
		case len(by) == 0:
			p.Silent = append(p.Silent, e.Person)
		case len(by) == 1:
			list = append(list, poolClaim{by[0], e.Person})
		case slices.Contains(by, speaker):
			list = append(list, poolClaim{speaker, e.Person})
		default:
			p.Unspoken = append(p.Unspoken, Unspoken{e.Person, by})
		}
	}
	return list, nil
}

// enter puts names to the claims. A person who was erased is in no pool.
func (p *Preview) enter(r store.Reader, say *lang.Printer, claims []poolClaim) error {
	var ids []people.PersonID
	for _, c := range claims {
		ids = append(ids, c.person)
		if c.party != "" {
			ids = append(ids, c.party)
		}
	}
	slices.Sort(ids)
	named, err := people.Names(r, slices.Compact(ids))
	if err != nil {
		return err
	}
	for _, c := range claims {
		person := named[c.person]
		if person.Kind != people.Natural || !person.Erased.IsZero() {
			continue
		}
		candidate := sortition.Candidate{Person: string(c.person), Name: person.Words(say)}
		if c.party != "" {
			candidate.For = sortition.Body{ID: string(c.party), Name: named[c.party].Words(say)}
		}
		p.Call.Candidates = append(p.Call.Candidates, candidate)
		p.In = append(p.In, c.person)
	}
	slices.Sort(p.In)
	p.In = slices.Compact(p.In)
	return nil
}

// putAside names those who may not be drawn, with their reasons; who is no candidate needs none.
func (p *Preview) putAside(r store.Reader, say *lang.Printer, c PoolCall) error {
	if len(c.Aside) > MaxAside {
		return fault.Refuse("ballot.refusal.many-aside", "limit", MaxAside)
	}
	reasons := map[people.PersonID][]string{}
	put := func(who people.PersonID, why string) {
		if !slices.Contains(reasons[who], why) {
			reasons[who] = append(reasons[who], why)
			p.Call.Exclusions = append(p.Call.Exclusions, sortition.Exclusion{Person: string(who), Reason: why})
		}
	}
	for _, id := range c.Bodies {
		body, err := people.GetBody(r, id)
		if err != nil {
			return err
		}
		seated, err := people.Seated(r, id, r.Today())
		if err != nil {
			return err
		}
		for _, s := range seated {
			put(s.Person, say.T("ballot.draw.reason.body", "body", body.Words(say)))
		}
	}
	for _, a := range c.Aside {
		why := strings.Join(strings.Fields(a.Reason), " ")
		if why == "" || len(why) > MaxReason {
			return fault.Refuse("ballot.refusal.aside-reason", "limit", MaxReason).At("reason")
		}
		put(a.Person, why)
	}
	p.In = slices.DeleteFunc(p.In, func(id people.PersonID) bool {
		why := reasons[id]
		if why != nil {
			slices.Sort(why)
			p.Out = append(p.Out, Aside{id, strings.Join(why, ", ")})
		}
		return why != nil
	})
	return nil
}
