package register

import (
	"cmp"
	"slices"

	"lieux/base/fault"
	"lieux/vote"
)

// heaps count the holders by what they weigh before the cap, the lightest first: the ceiling of a register is found by
// its weights, which are few, and not by its holders.
type heaps []vote.Heap

func byWeight(a, b vote.Heap) int { return cmp.Compare(a.Weight, b.Weight) }

// add counts holders of a weight, or takes them out.
func (h *heaps) add(weight, units int64) {
	at, found := slices.BinarySearchFunc(*h, vote.Heap{Weight: weight}, byWeight)
	if !found {
		*h = slices.Insert(*h, at, vote.Heap{Weight: weight})
	}
	(*h)[at].Units += units
	fault.Must((*h)[at].Units >= 0, "%d holders weigh %d", (*h)[at].Units, weight)
	if (*h)[at].Units == 0 {
		*h = slices.Delete(*h, at, at+1)
	}
}

// weighs is what a holder weighs before the cap, by their own shares alone: a class may attach several votes to a
// share, or none.
func (b *basis) weighs(l *Listed) (votes int64) {
	for _, c := range b.classes {
		votes += l.Of(c.ID) * c.Votes
	}
	if b.weight == vote.PerHead {
		return min(votes, 1)
	}
	return votes
}

// judge finds by the bylaws of the day how votes weigh when everybody attends with their own shares.
func (d *Directory) judge(heads, shares int64) (err error) {
	d.Voting = Voting{Weight: d.basis.weight, Cap: d.basis.cap}
	if d.Voting.Weight == "" || d.Voting.Cap.IsZero() {
		return nil
	}
	d.Voting.Known = true
	d.Voting.Ceiling, err = d.Voting.Cap.Ceiling(d.Voting.Weight, d.heaps, vote.Both(heads, shares))
	if fault.Of(err) != nil {
		d.Voting.Barred = err
		return nil
	}
	return err
}

// give gives a line its votes.
func (d *Directory) give(l *Listed) {
	l.Votes, l.Facets = 0, l.Facets&^Capped
	if !d.Voting.Known || d.Voting.Barred != nil {
		return
	}
	l.Votes = d.basis.weighs(l)
	if ceiling, capped := d.Voting.Ceiling.Get(); capped && l.Votes > ceiling {
		l.Votes, l.Facets = ceiling, l.Facets|Capped
	}
}

// shifted are the lines of an older directory to which another ceiling gives other votes; few is false when they are
// more than a directory follows.
func (d *Directory) shifted(older *Directory) (lines []*Listed, few bool) {
	was, capped := older.Voting.Ceiling.Get()
	is, _ := d.Voting.Ceiling.Get()
	if !capped || was == is {
		return nil, true
	}
	for l := range older.sorted[ByVotes].walk(0, true) {
		if l.Votes < min(was, is) {
			break
		}
		again := *l
		if d.give(&again); again.Votes != l.Votes || again.Facets != l.Facets {
			lines = append(lines, l)
		}
		if len(lines) > maxFollowed {
			return nil, false
		}
	}
	return lines, true
}
