package attendance

import (
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/vote"
)

// Quorum is what one matter asks of the room, and whether the room has it now. It says nothing of a vote: the one that
// counts is taken when the poll opens.
type Quorum struct {
	Item     meeting.Item
	Matter   meeting.Matter
	Rule     vote.Quorum
	Needed   vote.Sides // known where something is asked
	Missing  vote.Sides // of Needed; zero where there is enough
	PerClass bool       // asked of each class apart, which the totals of a room do not tell
}

// Met says that the room has what is asked.
func (q Quorum) Met() bool {
	heads, _ := q.Missing.Heads.Get()
	shares, _ := q.Missing.Shares.Get()
	return heads == 0 && shares == 0
}

// QuorumsOf are the matters of a meeting that ask a number of heads or shares of the room, in the order of the agenda.
func QuorumsOf(r store.Reader, m meeting.Meeting, hall Hall) ([]Quorum, error) {
	day := m.Day(r.Zone())
	if day.IsZero() {
		day = r.Today()
	}
	rules, err := bylaws.On(r, day)
	if err != nil {
		return nil, err
	}
	var list []Quorum
	for _, item := range m.Items {
		for _, x := range item.Matters {
			rule := meeting.RuleOf(rules, m, x)
			if !x.Decides() || rule.Quorum.IsZero() || meeting.Quorate(rule, m.Convening) {
				continue
			}
			if q, asks := quorumNow(rule.Quorum, hall); asks {
				q.Item, q.Matter = item, x
				list = append(list, q)
			}
		}
	}
	return list, nil
}

// quorumNow compares a room with a quorum; false when the quorum asks nothing of presence.
func quorumNow(rule vote.Quorum, hall Hall) (Quorum, bool) {
	t := rule.Terms()
	if t.Base == vote.QuorumPresent {
		return Quorum{}, false
	}
	q := Quorum{Rule: rule, PerClass: t.PerClass}
	heads := lacks(t.Heads, hall.Total.Heads, hall.Issued.Heads, &q.Needed.Heads, &q.Missing.Heads)
	shares := lacks(t.Shares, hall.Total.Shares, hall.Issued.Shares, &q.Needed.Shares, &q.Missing.Shares)
	return q, heads || shares
}

// lacks fills how many a threshold asks of a whole, and how many of them are not there; false when it asks nothing.
func lacks(t vote.Threshold, there, whole vote.Known, needed, missing *vote.Known) bool {
	n, known := whole.Get()
	if t.IsZero() || !known || n == 0 {
		return false
	}
	some, _ := there.Get()
	*needed = vote.Count(t.Needed(n))
	*missing = vote.Count(max(0, t.Needed(n)-some))
	return true
}
