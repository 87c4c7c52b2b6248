package ballot

import (
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// Progress is how far a poll has come: never what was voted, which nobody learns before the close.
type Progress struct {
	Voters, Votes int64 // who may vote, and their votes
	Done, Spent   int64 // who has, and theirs
	ByPhone       int64 // voters
	ByTeller      int64
}

// ProgressOf counts what is in the box of a vote by phone, what stands on both sheets of a named vote, and what was
// counted in the rows of a show of hands.
func ProgressOf(r store.Reader, p Poll) (g Progress, err error) {
	list, err := progressOf(r, p.ID)
	if err != nil {
		return g, err
	}
	for _, c := range list {
		g.Voters, g.Votes = g.Voters+c.voters, g.Votes+c.votes
		switch c.channel {
		case ByPhone:
			g.ByPhone, g.Done, g.Spent = c.voters, g.Done+c.voters, g.Spent+c.votes
		case ByTeller:
			g.ByTeller, g.Done, g.Spent = c.voters, g.Done+c.voters, g.Spent+c.votes
		}
	}
	switch p.Method {
	case Named:
		sheets, err := Sheets(r, p)
		if err != nil || len(sheets) < tellers {
			return g, err
		}
		for voter := range sheets[0].Entries {
			if _, both := sheets[1].Entries[voter]; both {
				g.Done++
			}
		}
	case Hands:
		rows, err := Rows(r, p.ID)
		if err != nil {
			return g, err
		}
		for _, row := range rows {
			if c, agree := row.Votes(); agree {
				g.Spent += c.Sum()
			}
		}
	}
	return g, nil
}

// Incident is what a voter reports: a ballot that came after the close, a network that was cut.
type Incident struct {
	ID     string
	Poll   PollID
	Person people.PersonID
	At     civil.Instant
	LateAt civil.Instant // when the ballot came; 0: none came
	Words  string
}

// Limits of a report.
const (
	MaxIncidents = 5 // of one person in one poll
	MaxWords     = 1_000
)

// Report writes down what a voter says went wrong in a poll; the bureau reads it, and it goes into the minutes.
func Report(tx *store.Tx, i Incident) error {
	p, err := live(tx, i.Poll)
	if err != nil {
		return err
	}
	i.Words = strings.TrimSpace(i.Words)
	if len(i.Words) > MaxWords || !utf8.ValidString(i.Words) {
		return fault.Refuse("ballot.refusal.words", "limit", MaxWords).At("words")
	}
	n, err := incidentsOf(tx, i.Poll, i.Person)
	if err != nil {
		return err
	}
	if n >= MaxIncidents {
		return fault.Refuse("ballot.refusal.incidents", "limit", MaxIncidents)
	}
	if i.LateAt > tx.Now() || i.LateAt < p.ClosedAt {
		i.LateAt = 0 // not an hour at which a ballot can have come too late
	}
	i.ID, i.At = tx.ID(), tx.Now()
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()}, Args: map[string]any{"number": p.Number}})
	return insertIncident(tx, i)
}

func instant(n int64) civil.Instant { return civil.Instant(n) }
