package ballot

import (
	"slices"

	"lieux/attendance"
	"lieux/base/store"
	"lieux/people"
)

// Unused are the rights of an open poll that nobody has used yet. Who has left the room is no longer waited for: the
// close leaves them out of the vote.
type Unused struct {
	Votes  int64             // of all of them; of a count, those that no teller has counted yet
	Voters []people.PersonID // whose they are, where voters are told apart
	Left   int64             // voters who left the room without having voted, and are not waited for
}

// UnusedOf finds who is there and has not voted. A unanimity has nobody: the chair asks, and silence answers.
func UnusedOf(r store.Reader, p Poll) (u Unused, err error) {
	switch p.Method {
	case Phone, Named:
		return unusedByVoter(r, p)
	case Hands, Paper:
		rows, err := Rows(r, p.ID)
		if err != nil {
			return u, err
		}
		u.Votes, _ = p.Terms.Available.Get()
		for _, row := range rows {
			c, _ := row.Votes()
			if p.Method == Hands || row.Name == castRow {
				u.Votes -= c.Sum()
			}
		}
	}
	return u, nil
}

// unusedByVoter lists the voters of whom no channel and no sheet says anything.
func unusedByVoter(r store.Reader, p Poll) (u Unused, err error) {
	rights, err := Rights(r, p.ID)
	if err != nil {
		return u, err
	}
	all, err := lastDeposits(r, p.ID)
	if err != nil {
		return u, err
	}
	voted := map[people.PersonID]bool{}
	for _, d := range all {
		voted[d.Voter] = true
	}
	room, err := attendance.RoomNow(r, p.Meeting)
	if err != nil {
		return u, err
	}
	here := map[people.PersonID]bool{}
	for _, v := range room.Voices {
		here[v.Person] = true
	}
	gone := map[people.PersonID]bool{}
	for _, right := range rights {
		if !voted[right.Voter] && !here[right.Voter] { // there, perhaps, with nothing left to vote: a giver has come
			if _, here[right.Voter], err = attendance.VoiceOf(r, p.Meeting, right.Voter); err != nil {
				return u, err
			}
		}
		switch {
		case voted[right.Voter]:
		case !here[right.Voter]:
			gone[right.Voter] = true
		default:
			u.Votes += right.Votes
			if !slices.Contains(u.Voters, right.Voter) {
				u.Voters = append(u.Voters, right.Voter)
			}
		}
	}
	u.Left = int64(len(gone))
	return u, nil
}
