package convening

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// maxNamed bounds those whom the last look names one by one.
const maxNamed = 500

// Look is what one sees before sending: the letter in three languages, and how many of it go where.
type Look struct {
	Meeting  meeting.Meeting
	Second   *meeting.Meeting // convened by the same letter; nil when there is none
	Kind     Kind
	Notice   Notice // known for the convening alone
	Invited  []Invited
	Texts    map[lang.Tag]papers.Paper
	Names    papers.NameMap // of the persons whom the texts name
	Seal     string         // changes when anything of this changes
	Refusals fault.Refusals // why it cannot be sent
}

// LookAt composes a dispatch without sending it.
func LookAt(r store.Reader, id meeting.ID, o Options) (Look, error) {
	m, found, err := meeting.ByID(r, id)
	if err != nil {
		return Look{}, err
	}
	if !found {
		return Look{}, fault.Refuse("convening.refusal.unknown-meeting")
	}
	l := Look{Meeting: m, Kind: o.Kind}
	if o.Kind == Convening {
		if l.Second, err = secondAtOnce(r, m); err != nil {
			return l, err
		}
		if l.Notice, err = NoticeOf(r, m); err != nil {
			return l, err
		}
	}
	earlier, err := Dispatches(r, id)
	if err != nil {
		return l, err
	}
	l.Refusals = MaySend(m, o.Kind, earlier)
	if l.Invited, err = addressees(r, m, o.Kind); err != nil {
		return l, err
	}
	switch n := len(l.Invited); {
	case n == 0 && len(l.Refusals) == 0:
		l.Refusals = append(l.Refusals, fault.Refuse("convening.refusal.nobody"))
	case n > MaxInvited:
		l.Refusals = append(l.Refusals, fault.Refuse("convening.refusal.many", "limit", int64(MaxInvited)))
	}
	if len(o.Links) > maxLinks {
		l.Refusals = append(l.Refusals, fault.Refuse("convening.refusal.long", "limit", maxLinks))
	}
	if l.Texts, l.Names, err = compose(r, l, o); err != nil {
		return l, err
	}
	l.Seal, err = l.seal(len(earlier), o)
	return l, err
}

// secondAtOnce is the second assembly that the same letter convenes: drafted, with date and place.
func secondAtOnce(r store.Reader, m meeting.Meeting) (*meeting.Meeting, error) {
	second, found, err := meeting.SecondOf(r, m.ID)
	if err != nil || !found || second.StartsAt == 0 || second.Place == "" || second.ConvenedAt != 0 {
		return nil, err
	}
	return &second, nil
}

// MaySend says whether a letter of a kind may leave as a meeting stands: the convening once, before anything else; what
// tells of a change only when something changed, and of a cancellation only when those invited believe that it is held.
func MaySend(m meeting.Meeting, kind Kind, earlier []Dispatch) (rs fault.Refusals) {
	no := func(code string) { rs = append(rs, fault.Refuse("convening.refusal."+code)) }
	convened := m.ConvenedAt != 0
	switch {
	case len(earlier) >= MaxDispatches:
		rs = append(rs, fault.Refuse("convening.refusal.many-dispatches", "limit", MaxDispatches))
	case kind == Convening && convened:
		no("convened")
	case kind != Convening && !convened:
		no("not-convened")
	case kind == Cancelled && m.CancelledAt == 0:
		no("not-cancelled")
	case kind != Cancelled && m.CancelledAt != 0:
		no("cancelled")
	case m.OpenedAt != 0:
		no("opened")
	case kind == Changed && m.AlteredAt == 0:
		no("not-changed")
	case kind == Added && !added(m):
		no("not-added")
	}
	if kind != Convening || convened {
		return rs
	}
	if m.StartsAt == 0 {
		rs = append(rs, fault.Refuse("meeting.refusal.no-day").At("starts"))
	}
	if m.Place == "" {
		rs = append(rs, fault.Refuse("meeting.refusal.no-place").At("place"))
	}
	if len(m.Matters()) == 0 {
		rs = append(rs, fault.Refuse("meeting.refusal.no-agenda").At("agenda"))
	}
	return rs
}

// added says whether a point came after the letters, or a text changed since.
func added(m meeting.Meeting) bool {
	for _, item := range m.Items {
		if item.AddedAt != 0 {
			return true
		}
		for _, x := range item.Matters {
			if x.AlteredAt != 0 {
				return true
			}
		}
	}
	return false
}

// seal binds a look to everything that it shows: a later look with other words, other addressees or another dispatch
// before it has another seal.
func (l Look) seal(earlier int, o Options) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "look %s %s %d %t\n", l.Meeting.ID, l.Kind, earlier, o.Annexed)
	for _, tag := range lang.Tags {
		d, err := papers.Hash(l.Texts[tag])
		if err != nil {
			return "", err
		}
		h.Write(d[:])
	}
	for _, e := range l.Invited {
		fmt.Fprintf(h, "%d %s %d\n", e.Holder, e.Person, e.Shares)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// Reach is how many of those invited each channel reaches, as their addresses stand today.
type Reach struct {
	ByEmail, ByPost int64
	Nowhere         []Invited // no address at all, at most maxNamed of them
	Unreached       int64     // all of those
	Shared          int64     // letters to an e-mail address that somebody else has too
}

// ReachOf counts the channels of a list.
func ReachOf(r store.Reader, list []Invited) (Reach, error) {
	var reach Reach
	for _, e := range list {
		a, err := addressee(r, e.Person, AnyChannel)
		if err != nil {
			return reach, err
		}
		switch a.Channel {
		case ByEmail:
			reach.ByEmail++
			if a.Shared {
				reach.Shared++
			}
		case ByPost:
			reach.ByPost++
		default:
			reach.Unreached++
			if len(reach.Nowhere) < maxNamed {
				reach.Nowhere = append(reach.Nowhere, e)
			}
		}
	}
	return reach, nil
}

// houseOf is who issues the letters: "Dynamo Coop SC, Liège".
func houseOf(r store.Reader) (house, seat string, err error) {
	h, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return "", "", err
	}
	self, err := people.Get(r, h.Person)
	if err != nil {
		return "", "", err
	}
	home, known, err := addressOf(r, h.Person)
	house = self.Full()
	if known {
		house, seat = house+", "+home.Town, home.Line()
	}
	return house, seat, err
}
