package ballot

import (
	"cmp"
	"slices"

	"lieux/attendance"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Right is what one voter may vote for: the shares of one class of one holder, as the room was when the poll was
// opened.
type Right struct {
	Holder      int64              `json:"holder"`
	Class       string             `json:"class,omitempty"`
	Voter       people.PersonID    `json:"voter"`
	Person      people.PersonID    `json:"person"` // whose shares they are
	Shares      int64              `json:"shares"`
	Votes       int64              `json:"votes"` // after the cap, as the room was then
	Title       vote.Title         `json:"title"`
	Channel     attendance.Channel `json:"channel"` // in the room, or from afar
	Instruction vote.Choice        `json:"instruction,omitempty"`
}

// rightsOf copies the rights of a room for one matter, by holder and class.
func rightsOf(room attendance.Hall, matter meeting.MatterID) []Right {
	var rights []Right
	for _, v := range room.Voices {
		for _, m := range v.Mandates {
			right := Right{Holder: m.Holder, Class: m.Class, Voter: v.Person, Person: m.Of, Shares: m.Shares,
				Title: m.Title, Channel: v.Channel}
			for _, i := range m.Instructions {
				if i.Matter == matter {
					right.Instruction = i.Choice
				}
			}
			rights = append(rights, right)
		}
	}
	slices.SortFunc(rights, byHolder)
	return rights
}

func byHolder(a, b Right) int {
	return cmp.Or(cmp.Compare(a.Holder, b.Holder), cmp.Compare(a.Class, b.Class))
}

// rollOf is the roll of votes that rights make, without the voters who are gone.
func rollOf(rights []Right, gone map[people.PersonID]bool) (vote.Roll, error) {
	mandates := map[people.PersonID][]vote.Mandate{}
	for _, r := range rights {
		if !gone[r.Voter] {
			mandates[r.Voter] = append(mandates[r.Voter],
				vote.Mandate{Holder: r.Holder, Class: r.Class, Shares: r.Shares, Title: r.Title})
		}
	}
	voters := make([]vote.Voter, 0, len(mandates))
	for voter, m := range mandates {
		voters = append(voters, vote.Voter{ID: string(voter), Mandates: m})
	}
	return vote.NewRoll(voters)
}

// weigh gives each right its votes in a weighing; a right that it does not hold has none.
func weigh(rights []Right, w *vote.Weighing) {
	type key struct {
		holder int64
		class  string
	}
	votes := map[key]int64{}
	if w != nil {
		for _, m := range w.Mandates {
			votes[key{m.Holder, m.Class}] = m.Votes
		}
	}
	for i, r := range rights {
		rights[i].Votes = votes[key{r.Holder, r.Class}]
	}
}

// Mandate is what a voter votes for one holder: the rights of all its classes together.
type Mandate struct {
	Holder      int64
	Person      people.PersonID
	Title       vote.Title
	Shares      int64
	Votes       int64
	Instruction vote.Choice // as the giver of the proxy instructed; empty when the voter is free
}

// Mandates joins the classes of each holder, own shares first, then organisations, then proxies.
func Mandates(rights []Right) []Mandate {
	var list []Mandate
	for _, r := range rights {
		i := slices.IndexFunc(list, func(m Mandate) bool { return m.Holder == r.Holder })
		if i < 0 {
			i = len(list)
			list = append(list, Mandate{Holder: r.Holder, Person: r.Person, Title: r.Title, Instruction: r.Instruction})
		}
		list[i].Shares += r.Shares
		list[i].Votes += r.Votes
	}
	order := []vote.Title{vote.Own, vote.Body, vote.Proxy}
	slices.SortStableFunc(list, func(a, b Mandate) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Title), slices.Index(order, b.Title)),
			cmp.Compare(a.Holder, b.Holder))
	})
	return list
}
