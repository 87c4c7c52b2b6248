package attendance

import (
	"testing"

	"lieux/vote"
)

// What a room of 20 heads and 100 shares, in which 6 heads with 49 shares are, lacks of a quorum.
func TestWhatARoomLacksOfAQuorum(t *testing.T) {
	half, third := vote.AtLeast(vote.MustFraction(1, 2)), vote.AtLeast(vote.MustFraction(1, 3))
	over := vote.MoreThan(vote.MustFraction(1, 2))
	issued := func(t vote.QuorumTerms) vote.Quorum {
		t.Base = vote.QuorumIssued
		return vote.MustQuorum(t)
	}
	hall := Hall{Total: vote.Both(6, 49), Issued: vote.Both(20, 100)}
	for name, c := range map[string]struct {
		rule           vote.Quorum
		total          vote.Sides
		heads, shares  int64 // missing
		asks, met      bool
		neededOfShares int64
	}{
		"half of the shares":        {issued(vote.QuorumTerms{Shares: half}), hall.Total, 0, 1, true, false, 50},
		"half, exactly":             {issued(vote.QuorumTerms{Shares: half}), vote.Both(6, 50), 0, 0, true, true, 50},
		"more than half, exactly":   {issued(vote.QuorumTerms{Shares: over}), vote.Both(6, 50), 0, 1, true, false, 51},
		"a third of the heads":      {issued(vote.QuorumTerms{Heads: third}), hall.Total, 1, 0, true, false, 0},
		"both, and one is there":    {issued(vote.QuorumTerms{Heads: third, Shares: half}), vote.Both(6, 80), 1, 0, true, false, 50},
		"of those present":          {vote.MustQuorum(vote.QuorumTerms{Base: vote.QuorumPresent, Shares: half}), hall.Total, 0, 0, false, true, 0},
		"shares where nobody holds": {issued(vote.QuorumTerms{Shares: half}), vote.Sides{}, 0, 0, false, true, 0},
	} {
		now := hall
		now.Total = c.total
		if c.total == (vote.Sides{}) {
			now.Issued = vote.Both(20, 0)
		}
		q, asks := quorumNow(c.rule, now)
		heads, _ := q.Missing.Heads.Get()
		shares, _ := q.Missing.Shares.Get()
		needed, _ := q.Needed.Shares.Get()
		if asks != c.asks || heads != c.heads || shares != c.shares || q.Met() != c.met || needed != c.neededOfShares {
			t.Errorf("%s: asks %t, %d heads and %d shares of %d missing, met %t", name, asks, heads, shares, needed, q.Met())
		}
	}
}
