package meeting

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// tenth is the part of the issued shares whose holders may demand an assembly, and convokeWithin the days within which
// the board then convenes it (CSA 6:70).
var tenth = vote.MustFraction(1, 10)

const (
	demandArticle = "CSA 6:70"
	convokeWithin = 21
)

// Limits of a demand.
const (
	MaxPoints     = 30
	maxSupporters = 20_000
)

// Demand is the wish of cooperators that the general assembly meets, with the points that they want on its agenda. It
// binds the board once its supporters hold a tenth of the issued shares.
type Demand struct {
	ID          DemandID
	ReceivedOn  civil.Date
	Words       string // how it came, and what they say
	Document    string // the letter; empty when there is no scan
	Points      []Point
	At          civil.Instant
	ReachedOn   civil.Date // day on which the tenth was reached; zero while it is not
	WithdrawnAt civil.Instant
	Why         string // why it was withdrawn
	Supporters  []Supporter
	Meeting     ID // made from it; empty while there is none
}

// Point is what the supporters want on the agenda.
type Point struct {
	Kind  assembly.Kind `json:"kind"`
	Title string        `json:"title"`
	Words string        `json:"words,omitempty"`
}

// Supporter is a cooperator who joined a demand, with what they held and what was issued on that day.
type Supporter struct {
	Number   register.Number
	Person   people.PersonID
	Shares   int64
	Issued   int64
	JoinedOn civil.Date
	At       civil.Instant
}

// Shares is what the supporters hold together.
func (d Demand) Shares() (sum int64) {
	for _, s := range d.Supporters {
		sum += s.Shares
	}
	return sum
}

// Issued is the issued shares against which the demand is measured: those of the day on which the last supporter
// joined.
func (d Demand) Issued() int64 {
	if len(d.Supporters) == 0 {
		return 0
	}
	return d.Supporters[len(d.Supporters)-1].Issued
}

// Needed is how many shares make a tenth.
func (d Demand) Needed() int64 { return tenth.Ceil(d.Issued()) }

// Reached says whether the supporters hold a tenth.
func (d Demand) Reached() bool { return !d.ReachedOn.IsZero() }

// Due is the last day on which the assembly may be convened; zero while the tenth is not reached.
func (d Demand) Due() civil.Date {
	if !d.Reached() {
		return civil.Date{}
	}
	return d.ReachedOn.AddDays(convokeWithin)
}

// Open says that the demand still waits for its meeting.
func (d Demand) Open() bool { return d.WithdrawnAt == 0 && d.Meeting == "" }

// RecordDemand writes down a demand with its points and the persons who make it, who must all hold shares on the day
// on which it came. Under a tenth it is kept, incomplete, and others may join.
func RecordDemand(tx *store.Tx, d Demand, by []people.PersonID) (DemandID, error) {
	rs := d.tidy(tx)
	if len(by) == 0 || len(by) > maxSupporters {
		rs = append(rs, fault.Refuse("meeting.refusal.nobody").At("by"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	if d.Document != "" {
		if err := hasDocument(tx, d.Document); err != nil {
			return "", err
		}
	}
	d.ID, d.At, d.Supporters, d.ReachedOn, d.WithdrawnAt, d.Why = DemandID(tx.ID()), tx.Now(), nil, civil.Date{}, 0, ""
	if err := insertDemand(tx, d); err != nil {
		return "", err
	}
	if err := d.join(tx, by, d.ReceivedOn); err != nil {
		return "", err
	}
	tx.Answer(string(d.ID))
	tx.Record(store.Line{About: []store.Ref{d.ID.Ref()}, Args: d.told()})
	return d.ID, nil
}

// told is what the journal says of a demand: figures, no names.
func (d Demand) told() map[string]any {
	return map[string]any{"supporters": len(d.Supporters), "n": d.Shares(), "needed": d.Needed()}
}

func (d *Demand) tidy(r store.Reader) (rs fault.Refusals) {
	d.Words = strings.TrimSpace(d.Words)
	if len(d.Words) > MaxWords || !utf8.ValidString(d.Words) {
		rs = append(rs, fault.Refuse("meeting.refusal.long", "limit", MaxWords).At("words"))
	}
	if !d.ReceivedOn.IsDay() || d.ReceivedOn.After(r.Today()) {
		rs = append(rs, fault.Refuse("meeting.refusal.received").At("received"))
	}
	if len(d.Points) == 0 || len(d.Points) > MaxPoints {
		rs = append(rs, fault.Refuse("meeting.refusal.points", "limit", MaxPoints).By(demandArticle).At("points"))
	}
	for i := range d.Points {
		p := &d.Points[i]
		p.Title, p.Words = strings.TrimSpace(p.Title), strings.TrimSpace(p.Words)
		if p.Kind == "" {
			p.Kind = assembly.Resolution
		}
		if p.Title == "" || len(p.Title) > MaxTitle || len(p.Words) > MaxWords || !p.Kind.Valid() {
			rs = append(rs, fault.Refuse("meeting.refusal.point", "limit", MaxTitle).At("points"))
			break
		}
	}
	return rs
}

// Join adds cooperators to a demand, with what they hold on that day. Whoever joined is counted anew with the shares of
// that day, so that the tenth is one of a single day.
func Join(tx *store.Tx, id DemandID, by []people.PersonID, on civil.Date) error {
	d, found, err := DemandByID(tx, id)
	switch {
	case err != nil:
		return err
	case !found:
		return fault.Refuse("meeting.refusal.demand-unknown")
	case !d.Open():
		return fault.Refuse("meeting.refusal.demand-over")
	case !on.IsDay() || on.After(tx.Today()) || on.Before(d.ReceivedOn):
		return fault.Refuse("meeting.refusal.joined", "received", d.ReceivedOn).At("on")
	case len(by) == 0 || len(d.Supporters)+len(by) > maxSupporters:
		return fault.Refuse("meeting.refusal.nobody").At("by")
	}
	if err := d.join(tx, by, on); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: d.told()})
	return nil
}

// join measures everybody against the roll of one day.
func (d *Demand) join(tx *store.Tx, by []people.PersonID, on civil.Date) error {
	roll, err := register.RollOn(tx, on, civil.Date{})
	if err != nil {
		return err
	}
	held := map[people.PersonID]register.Holder{}
	for _, h := range roll.Holders {
		held[h.Person] = h
	}
	there := map[people.PersonID]bool{}
	sum := int64(0)
	for _, s := range d.Supporters {
		there[s.Person] = true
		sum += held[s.Person].Shares
	}
	for _, person := range by {
		h, holds := held[person]
		switch {
		case there[person]:
			return fault.Refuse("meeting.refusal.joined-twice", "number", int64(h.Number)).At("by")
		case !holds:
			return fault.Refuse("meeting.refusal.no-shares", "day", on).By(demandArticle).At("by")
		}
		there[person] = true
		sum += h.Shares
		s := Supporter{Number: h.Number, Person: person, Shares: h.Shares, Issued: roll.Shares, JoinedOn: on, At: tx.Now()}
		if err := insertSupporter(tx, d.ID, s); err != nil {
			return err
		}
		d.Supporters = append(d.Supporters, s)
	}
	if d.Reached() || tenth.Compare(sum, roll.Shares) < 0 {
		return nil
	}
	d.ReachedOn = on
	_, err = tx.Exec(qReached, string(d.ID), on)
	return err
}

// WithdrawDemand ends a demand of which no meeting was made, and says why: its supporters took it back.
func WithdrawDemand(tx *store.Tx, id DemandID, why string) error {
	d, found, err := DemandByID(tx, id)
	switch {
	case err != nil:
		return err
	case !found:
		return fault.Refuse("meeting.refusal.demand-unknown")
	case !d.Open():
		return fault.Refuse("meeting.refusal.demand-over")
	}
	if why = strings.TrimSpace(why); why == "" || len(why) > MaxWhy {
		return fault.Refuse("meeting.refusal.why", "limit", MaxWhy).At("why")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	_, err = tx.Exec(qWithdraw, string(id), int64(tx.Now()), why)
	return err
}

// bringDemanded puts the points of the demand that the meeting answers before those that others proposed.
func (m *Meeting) bringDemanded(r store.Reader) error {
	if m.Demand == "" {
		return nil
	}
	d, found, err := DemandByID(r, m.Demand)
	switch {
	case err != nil:
		return err
	case !found || m.Kind != people.Assembly:
		return fault.Refuse("meeting.refusal.demand-unknown").At("demand")
	case !d.Open():
		return fault.Refuse("meeting.refusal.demand-over").At("demand")
	case !d.Reached():
		return fault.Refuse("meeting.refusal.no-tenth", "n", d.Shares(), "needed", d.Needed(),
			"issued", d.Issued()).By(demandArticle).At("demand")
	}
	var items []Item
	for _, p := range d.Points {
		items = append(items, Item{Title: p.Title, Matters: []Matter{{Kind: p.Kind, Title: p.Title, Words: p.Words}}})
	}
	m.Items = slices.Concat(items, m.Items)
	return nil
}

// canonical is what the journal's seal commits to.
func (d Demand) canonical() []byte {
	return canonical(struct {
		ReceivedOn civil.Date    `json:"received_on"`
		Words      string        `json:"words"`
		Document   string        `json:"document"`
		Points     []Point       `json:"points"`
		At         civil.Instant `json:"at"`
	}{d.ReceivedOn, d.Words, d.Document, d.Points, d.At})
}

func (s Supporter) canonical(id DemandID) []byte {
	return canonical(struct {
		Demand   DemandID        `json:"demand"`
		Number   register.Number `json:"number"`
		Person   people.PersonID `json:"person"`
		Shares   int64           `json:"shares"`
		Issued   int64           `json:"issued"`
		JoinedOn civil.Date      `json:"joined_on"`
		At       civil.Instant   `json:"at"`
	}{id, s.Number, s.Person, s.Shares, s.Issued, s.JoinedOn, s.At})
}

func canonical(v any) []byte {
	c, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return c
}
