package sortition

import (
	"lieux/base/civil"
	"lieux/base/fault"
)

// Draw is a finished draw: the pool, the ceremony and the list, with everyone who has left since.
type Draw struct {
	pool     Pool
	ceremony *Ceremony
	order    []int // rank-1 → place in the pool
	list     List
}

// Conclude draws the list once the dice are thrown.
func Conclude(pool Pool, c *Ceremony) (Draw, error) {
	fault.Must(c.pool == pool.Hash(), "the ceremony of another pool")
	seed, err := c.Seed()
	if err != nil {
		return Draw{}, err
	}
	h := pool.header
	return Draw{pool, c, Order(seed, pool.Leaves()), NewList(h.Effective, h.Substitutes, h.Size)}, nil
}

// Pool is the pool of the draw.
func (d Draw) Pool() Pool { return d.pool }

// List is the list as it stands.
func (d Draw) List() List { return d.list }

// At is the person at a rank, from 1.
func (d Draw) At(rank int) Member { return d.pool.members[d.order[rank-1]] }

// RankOf is the rank of a person; 0 when they are not in the pool.
func (d Draw) RankOf(person string) int {
	for i, place := range d.order {
		if m := d.pool.members[place]; m.Person == person && m.Erased.IsZero() {
			return i + 1
		}
	}
	return 0
}

// Depart strikes someone out; see [List.Depart].
func (d Draw) Depart(departure Departure) (Draw, []Move, error) {
	list, moved, err := d.list.Depart(departure)
	if err != nil {
		return d, nil, err
	}
	d.list = list
	return d, moved, nil
}

// Seed is the seed of the draw.
func (d Draw) Seed() Hash {
	seed, err := d.ceremony.Seed()
	fault.Must(err == nil, "a draw without dice: %v", err)
	return seed
}

// Proof is the draw's proof as it stands: it opens the leaves of those who have or had a seat, and no other.
func (d Draw) Proof() Proof {
	p := Proof{
		Format: Format, Version: Version,
		Pool: d.pool.header, Leaves: d.pool.Leaves(), Ceremony: d.ceremony.Steps(), Seed: d.Seed(),
		Opened: []Opened{}, Departures: append([]Departure{}, d.list.departures...),
	}
	for i := range p.Departures {
		p.Departures[i].Reason = ""
	}
	for _, rank := range d.list.seated() {
		if m := d.At(rank); m.Erased.IsZero() {
			p.Opened = append(p.Opened, Opened{Rank: rank, Opening: m.Opening})
		} else {
			p.Opened = append(p.Opened, Opened{Rank: rank, Erased: m.Erased})
		}
	}
	p.Digest = p.digest()
	return p
}

// Opened is the opened leaf of a rank. When the person was erased since, the day is all that is left: the leaf stays,
// and the list with it.
type Opened struct {
	Rank   int        `json:"rank"`
	Erased civil.Date `json:"erased,omitzero"`
	Opening
}
