package attendance

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// ProxyID names a proxy.
type ProxyID string

// Ref names the proxy in the journal.
func (id ProxyID) Ref() store.Ref { return store.Ref{Kind: "proxy", ID: string(id)} }

// Instruction is how the giver wants one matter to be voted.
type Instruction struct {
	Matter meeting.MatterID `json:"matter"`
	Choice vote.Choice      `json:"choice"`
}

// EndReason is why a proxy lives no longer.
type EndReason string

// The reasons.
const (
	Revoked      EndReason = "revoked"  // by who gave it
	Declined     EndReason = "declined" // by who was to hold it
	GiverArrived EndReason = "arrived"  // the giver came
	OffRoll      EndReason = "struck"   // the giver was struck off the roll
)

// Words names the reason.
func (w EndReason) Words() lang.Phrase { return lang.Say("attendance.ended." + string(w)) }

// Proxy is the right to vote for a holder who is away. It lives from the moment it is given until it ends, and counts
// while it is accepted and the one who holds it is there.
type Proxy struct {
	ID           ProxyID         `json:"id"`
	Meeting      meeting.ID      `json:"-"`
	Holder       int64           `json:"holder"` // for whom is voted
	By           people.PersonID `json:"by"`     // who gives it: the holder, or who represents an organisation
	To           people.PersonID `json:"to"`     // who votes
	Channel      Channel         `json:"channel"`
	Door         string          `json:"door,omitempty"`     // the table, of one given at the door
	Document     string          `json:"document,omitempty"` // scan of the paper, in base/documents
	Signed       bool            `json:"signed,omitempty"`   // who holds it agreed at once: at the table, or on the paper
	Instructions []Instruction   `json:"instructions,omitempty"`

	GivenAt    civil.Instant `json:"-"`
	AcceptedAt civil.Instant `json:"-"` // 0 while it waits
	EndedAt    civil.Instant `json:"-"` // 0 while it lives
	EndedWhy   EndReason     `json:"-"`
	givenSeq   int64
	endedSeq   int64
}

// Living says whether the proxy has not ended.
func (p Proxy) Living() bool { return p.EndedAt == 0 }

// limits are who may represent whom at a meeting, with the article that says so.
type limits struct {
	bylaws.Proxies
	Article string
}

// Limits reads who may represent whom at a meeting. The bylaws speak of the assembly; in another body only another
// member represents one.
func Limits(r store.Reader, m meeting.Meeting) (bylaws.Proxies, string, error) {
	l, err := limitsOf(r, m)
	return l.Proxies, l.Article, err
}

func limitsOf(r store.Reader, m meeting.Meeting) (limits, error) {
	if m.Kind != people.Assembly {
		return limits{Proxies: bylaws.Proxies{Allowed: true, MembersOnly: true}}, nil
	}
	day := m.Day(r.Zone())
	if day.IsZero() {
		day = r.Today()
	}
	b, err := bylaws.On(r, day)
	if err != nil {
		return limits{}, err
	}
	rule, known := b.Rule(bylaws.KeyProxies)
	if !known {
		return limits{Proxies: bylaws.Proxies{Allowed: true}}, nil
	}
	p, _ := b.Proxies()
	return limits{p, rule.Article}, nil
}

// refuse says what the bylaws have against one more proxy in the hands of somebody who carries so many.
func (l limits) refuse(member bool, carried int) fault.Refusals {
	switch {
	case !l.Allowed:
		return fault.Refusals{fault.Refuse("attendance.refusal.no-proxies").By(l.Article)}
	case l.MembersOnly && !member:
		return fault.Refusals{fault.Refuse("attendance.refusal.not-member").By(l.Article).At("to")}
	case l.Max > 0 && carried >= l.Max:
		return fault.Refusals{fault.Refuse("attendance.refusal.many-proxies", "n", l.Max).By(l.Article).At("to")}
	}
	return nil
}

// Give writes a proxy. It is refused, and the refusal names who has it, where a living one is there; while the giver is
// at the meeting; beyond the limits of the bylaws, with their article; and where it would make a chain. ID, the
// instants and EndedWhy of p are ignored. At the door, and on a paper that who holds it has signed, it is accepted at
// once.
func Give(tx *store.Tx, p Proxy) (ProxyID, error) {
	m, err := going(tx, p.Meeting)
	if err != nil {
		return "", err
	}
	giver, err := entryFor(tx, m, p.Holder)
	if err != nil {
		return "", err
	}
	if err := p.tidy(tx, m); err != nil {
		return "", err
	}
	if err := p.parties(tx, giver); err != nil {
		return "", err
	}
	if err := freeToGive(tx, p, giver); err != nil {
		return "", err
	}
	if err := mayHold(tx, m, p.To); err != nil {
		return "", err
	}
	p.ID, p.AcceptedAt, p.EndedAt, p.EndedWhy = ProxyID(tx.ID()), 0, 0, ""
	p.Signed = p.Channel == AtDoor || p.Channel == OnPaper && p.Signed
	if _, err := note(tx, Event{Meeting: m.ID, Kind: Given, Person: p.By, Detail: Detail{Proxy: &p}}); err != nil {
		return "", err
	}
	if err := insertProxy(tx, p); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), p.By.Ref(), p.To.Ref(), p.ID.Ref()},
		Args: map[string]any{"channel": lang.Say("attendance.channel." + string(p.Channel))}})
	return p.ID, nil
}

// tidy checks what is written on a proxy.
func (p *Proxy) tidy(r store.Reader, m meeting.Meeting) error {
	var rs fault.Refusals
	if p.Channel != Online && p.Channel != OnPaper && p.Channel != AtDoor {
		rs = append(rs, fault.Refuse("attendance.refusal.channel").At("channel"))
	}
	if p.Channel != AtDoor {
		p.Door = ""
	} else if refusal := tidyDoor(&p.Door); refusal != nil {
		rs = append(rs, refusal...)
	}
	if p.Document != "" {
		_, found, err := documents.Find(r, p.Document)
		if err != nil {
			return err
		}
		if !found {
			rs = append(rs, fault.Refuse("attendance.refusal.document").At("file"))
		}
	}
	seen := map[meeting.MatterID]bool{}
	for _, i := range p.Instructions {
		x, _, on := m.Matter(i.Matter)
		choice := i.Choice == vote.For || i.Choice == vote.Against || i.Choice == vote.Abstain
		if !on || !x.Kind.Voted() || !choice || seen[i.Matter] {
			rs = append(rs, fault.Refuse("attendance.refusal.instruction").At("instructions"))
			break
		}
		seen[i.Matter] = true
	}
	return rs.Err()
}

// parties checks who gives and who is to hold, and puts both under the record that stands.
func (p *Proxy) parties(r store.Reader, giver Entry) (err error) {
	if p.By, err = people.Canonical(r, p.By); err != nil {
		return err
	}
	if p.To, err = people.Canonical(r, p.To); err != nil {
		return err
	}
	_, speaks, err := speaksFor(r, p.By, giver)
	if err != nil {
		return err
	}
	if !speaks {
		return fault.Refuse("attendance.refusal.not-giver").At("by")
	}
	to, err := people.Get(r, p.To)
	if err != nil {
		return err
	}
	owner, err := people.Canonical(r, giver.Person)
	switch {
	case err != nil:
		return err
	case to.Kind != people.Natural || !to.Erased.IsZero():
		return fault.Refuse("attendance.refusal.holder-kind").At("to")
	case p.To == p.By || p.To == owner:
		return fault.Refuse("attendance.refusal.proxy-to-self").At("to")
	}
	return nil
}

// freeToGive refuses a proxy of who is there, of who has given one already, and of who carries the voice of another:
// that voice would stay without anybody, since a proxy is not passed on.
func freeToGive(r store.Reader, p Proxy, giver Entry) error {
	seat, seated, err := seatOf(r, p.Meeting, p.Holder)
	if err != nil {
		return err
	}
	if seated {
		return hereAlready(r, "attendance.refusal.giver-here", seat)
	}
	old, there, err := livingOf(r, p.Meeting, p.Holder)
	if err != nil {
		return err
	}
	if there {
		return heldAlready(r, old)
	}
	if giver.Kind == people.Legal {
		return nil // who represents it may well come for others
	}
	carried, err := carriedBy(r, p.Meeting, p.By)
	if err == nil && len(carried) > 0 {
		err = fault.Refuse("attendance.refusal.chain-from", "n", len(carried))
	}
	return err
}

// mayHold refuses a holder of proxies whom the bylaws do not allow, and one who has given their own: a proxy is not
// passed on.
func mayHold(r store.Reader, m meeting.Meeting, to people.PersonID) error {
	l, err := limitsOf(r, m)
	if err != nil {
		return err
	}
	member, err := isMember(r, m, to)
	if err != nil {
		return err
	}
	carried, err := carriedBy(r, m.ID, to)
	if err != nil {
		return err
	}
	if err := l.refuse(member, len(carried)).Err(); err != nil {
		return err
	}
	given, there, err := givenBy(r, m.ID, to)
	if err != nil || !there {
		return err
	}
	next, err := people.Get(r, given.To)
	if err != nil {
		return err
	}
	return fault.Refuse("attendance.refusal.chain-to", "person", next).At("to")
}

// heldAlready refuses a second proxy and says who has the first, since when, and where it was given.
func heldAlready(r store.Reader, p Proxy) error {
	holder, err := people.Get(r, p.To)
	if err != nil {
		return err
	}
	return fault.Refuse("attendance.refusal.proxy-there", "person", holder, "day", p.GivenAt.On(r.Zone()),
		"clock", clock(r, p.GivenAt), "where", Where(p.Channel, p.Door)).At("to")
}

// clock is an hour of the day in the zone of the house: 19:04.
func clock(r store.Reader, at civil.Instant) string { return at.Time().In(r.Zone()).Format("15:04") }

// givenBy is the living proxy that a natural person gave for themselves.
func givenBy(r store.Reader, id meeting.ID, person people.PersonID) (Proxy, bool, error) {
	all, err := store.List(r, qProxiesBy, scanProxy, string(id), string(person))
	for _, p := range all {
		if !p.Living() || err != nil {
			continue
		}
		giver, found, err := holderOf(r, id, p.Holder)
		if err != nil {
			return p, false, err
		}
		if !found || giver == person {
			return p, true, nil
		}
	}
	return Proxy{}, false, err
}

// holderOf is the person whose shares a holder's number names.
func holderOf(r store.Reader, id meeting.ID, holder int64) (people.PersonID, bool, error) {
	m, err := known(r, id)
	if err != nil {
		return "", false, err
	}
	e, err := entryFor(r, m, holder)
	if fault.Of(err) != nil {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	person, err := people.Canonical(r, e.Person)
	return person, true, err
}

// carriedBy are the accepted living proxies in the hands of a person.
func carriedBy(r store.Reader, id meeting.ID, person people.PersonID) ([]Proxy, error) {
	all, err := store.List(r, qProxiesTo, scanProxy, string(id), string(person))
	return slices.DeleteFunc(all, func(p Proxy) bool { return !p.Living() || p.AcceptedAt == 0 }), err
}

// isMember says whether a person may vote at a meeting, for themselves or for an organisation.
func isMember(r store.Reader, m meeting.Meeting, person people.PersonID) (bool, error) {
	own, bodies, err := claimable(r, m, person)
	return len(own)+len(bodies) > 0, err
}

// speaksFor says whether a person is the holder of an entry, or represents the organisation that is.
func speaksFor(r store.Reader, person people.PersonID, e Entry) (vote.Title, bool, error) {
	owner, err := people.Canonical(r, e.Person)
	if err != nil || owner == person {
		return vote.Own, err == nil, err
	}
	if e.Kind != people.Legal {
		return "", false, nil
	}
	parties, err := people.Parties(r, person, r.Today())
	return vote.Body, slices.Contains(parties, owner), err
}

// entryFor is a holder of the roll, or of the roll that is expected while none is frozen; refused when there is none.
func entryFor(r store.Reader, m meeting.Meeting, holder int64) (Entry, error) {
	none := fault.Refuse("attendance.refusal.not-on-roll", "number", register.Number(holder).String()).At("holder")
	if _, isFrozen, err := rollDay(r, m.ID); err != nil {
		return Entry{}, err
	} else if isFrozen {
		e, found, err := store.Find(r, qEntry, scanEntry, string(m.ID), holder)
		if err == nil && (!found || e.Struck) {
			err = none
		}
		return e, err
	}
	byShares, err := ByShares(r, m)
	if err != nil {
		return Entry{}, err
	}
	if byShares {
		e, found, err := entryOn(r, register.Number(holder), recordDay(m, r.Today()))
		if err == nil && !found {
			err = none
		}
		return e, err
	}
	entries, err := seated(r, m.Body, recordDay(m, r.Today()))
	if err != nil {
		return Entry{}, err
	}
	e, found := Frozen{Entries: entries}.Entry(holder)
	if !found {
		return Entry{}, none
	}
	return e, nil
}

// entryOn is what one cooperator would have on the roll of a day.
func entryOn(r store.Reader, n register.Number, day civil.Date) (Entry, bool, error) {
	c, err := register.CooperatorNumbered(r, n)
	if fault.Of(err) != nil {
		return Entry{}, false, nil
	}
	if err != nil {
		return Entry{}, false, err
	}
	lots, err := register.HoldingsOf(r, n, day, civil.Date{})
	e := Entry{Holder: int64(n), Person: c.Person, Kind: c.Kind}
	for _, lot := range lots {
		e.Shares += lot.Shares
		at := slices.IndexFunc(e.ByClass, func(h register.Holding) bool { return h.Class == lot.Class })
		if at < 0 {
			at = len(e.ByClass)
			e.ByClass = append(e.ByClass, register.Holding{Class: lot.Class})
		}
		e.ByClass[at].Shares += lot.Shares
	}
	slices.SortFunc(e.ByClass, func(a, b register.Holding) int { return cmp.Compare(a.Class, b.Class) })
	e.Classes = classesText(e.ByClass)
	return e, err == nil && e.Shares > 0, err
}

// AcceptProxy notes that who is to hold a proxy agrees. Only from then on it counts, and counts towards the limit.
func AcceptProxy(tx *store.Tx, id ProxyID) error {
	p, err := waiting(tx, id)
	if err != nil {
		return err
	}
	m, err := going(tx, p.Meeting)
	if err != nil {
		return err
	}
	if err := mayHold(tx, m, p.To); err != nil {
		return err
	}
	e, err := note(tx, Event{Meeting: m.ID, Kind: Accepted, Person: p.To, Detail: Detail{Accepted: []ProxyID{id}}})
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), p.To.Ref(), p.By.Ref(), id.Ref()}})
	return keepAccepted(tx, e)
}

// waiting reads a living proxy that nobody has accepted yet.
func waiting(r store.Reader, id ProxyID) (Proxy, error) {
	p, err := living(r, id)
	if err == nil && p.AcceptedAt != 0 {
		err = fault.Refuse("attendance.refusal.accepted")
	}
	return p, err
}

// living reads a proxy that has not ended.
func living(r store.Reader, id ProxyID) (Proxy, error) {
	p, found, err := ProxyByID(r, id)
	switch {
	case err != nil:
		return p, err
	case !found:
		return p, fault.Refuse("attendance.refusal.unknown-proxy")
	case !p.Living():
		return p, fault.Refuse("attendance.refusal.proxy-over", "why", p.EndedWhy.Words())
	}
	return p, nil
}

// EndProxy ends a living proxy because who gave it takes it back, or who was to hold it declines. A poll that is open
// keeps the rights that it began with.
func EndProxy(tx *store.Tx, id ProxyID, why EndReason) error {
	fault.Must(why == Revoked || why == Declined, "a proxy ended because %q", why)
	p, err := living(tx, id)
	if err != nil {
		return err
	}
	if _, err := going(tx, p.Meeting); err != nil {
		return err
	}
	who := p.By
	if why == Declined {
		who = p.To
	}
	e, err := note(tx, Event{Meeting: p.Meeting, Kind: Ended, Person: who, Detail: Detail{Ended: []ProxyID{id}, Why: why}})
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.By.Ref(), p.To.Ref(), id.Ref()},
		Args: map[string]any{"why": why.Words()}})
	return keepEnded(tx, e)
}

// ProxyByID reads one proxy.
func ProxyByID(r store.Reader, id ProxyID) (Proxy, bool, error) {
	return store.Find(r, qProxy, scanProxy, string(id))
}

// Proxies are all proxies of a meeting, ended ones too, in the order in which they were given.
func Proxies(r store.Reader, id meeting.ID) ([]Proxy, error) {
	return store.List(r, qProxies, scanProxy, string(id))
}

// ProxiesOf are the proxies that a person gave or was to hold, at every meeting, the latest first.
func ProxiesOf(r store.Reader, person people.PersonID) (given, held []Proxy, err error) {
	if given, err = store.List(r, qAllProxiesBy, scanProxy, string(person)); err != nil {
		return nil, nil, err
	}
	held, err = store.List(r, qAllProxiesTo, scanProxy, string(person))
	return given, held, err
}
