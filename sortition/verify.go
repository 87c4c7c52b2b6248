package sortition

import (
	"fmt"
	"io"
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Report is what a proof shows once it is verified.
type Report struct {
	Proof Proof
	Seats Seats
	Order []Hash // the leaves by rank: who holds a salt finds their own rank
}

// RankOf is the rank of a leaf, from 1; 0 when it is not in the pool.
func (r Report) RankOf(leaf Hash) int { return slices.Index(r.Order, leaf) + 1 }

// Verify does the draw again from the proof alone. Every value that the proof states is computed and compared; the
// refusals name all those that are wrong.
func Verify(p Proof) (Report, error) {
	if wrong := p.checkShape(); len(wrong) > 0 {
		return Report{}, wrong // nothing further can be computed
	}
	wrong := p.checkPool()
	seed, ceremony := p.checkCeremony()
	list, departures := p.checkDepartures()
	wrong = slices.Concat(wrong, ceremony, departures)
	r := Report{Proof: p}
	if len(wrong) == 0 {
		for _, place := range Order(seed, p.Leaves) {
			r.Order = append(r.Order, p.Leaves[place])
		}
		r.Seats = list.Seats()
		wrong = append(wrong, p.checkOpened(r.Order, list.seated())...)
	}
	if p.digest() != p.Digest {
		wrong = append(wrong, differs("digest"))
	}
	if len(wrong) > 0 {
		return Report{}, wrong
	}
	return r, nil
}

func differs(field string) fault.Refusal {
	return no(field, "differs-"+field)
}

// checkShape wants a proof of this format with a pool that can be one: all that the other checks take for granted.
func (p Proof) checkShape() fault.Refusals {
	if p.Format != Format || p.Version != Version {
		return fault.Refusals{no("format", "proof-format", "format", printable(p.Format), "version", p.Version)}
	}
	wrong := p.Pool.check()
	if len(p.Leaves) != p.Pool.Size {
		wrong = append(wrong, no("leaves", "leaves-count", "leaves", len(p.Leaves), "size", p.Pool.Size))
	}
	return wrong
}

func (p Proof) checkPool() fault.Refusals {
	wrong := onceEach(p.Leaves)
	if treeRoot(p.Leaves) != p.Pool.Root {
		wrong = append(wrong, differs("root"))
	}
	if p.Pool.digest() != p.Pool.Hash {
		wrong = append(wrong, differs("hash"))
	}
	return wrong
}

// checkCeremony takes the steps again, in their order, and compares the seed.
func (p Proof) checkCeremony() (Hash, fault.Refusals) {
	c := Begin(p.Pool.Hash)
	for i, s := range p.Ceremony {
		if err := c.Take(s); err != nil {
			return Hash{}, within("at-step", "ceremony", i+1, err)
		}
	}
	seed, err := c.Seed()
	switch {
	case err != nil:
		return Hash{}, fault.Of(err)
	case seed != p.Seed:
		return Hash{}, fault.Refusals{differs("seed")}
	}
	return seed, nil
}

func (p Proof) checkDepartures() (List, fault.Refusals) {
	list := NewList(p.Pool.Effective, p.Pool.Substitutes, p.Pool.Size)
	for i, d := range p.Departures {
		var err error
		if list, _, err = list.Depart(d); err != nil {
			return list, within("at-departure", "departures", i+1, err)
		}
	}
	return list, nil
}

// checkOpened wants exactly those who have or had a seat, each with the leaf that stands at this rank.
func (p Proof) checkOpened(order []Hash, seated []int) (wrong fault.Refusals) {
	opened := make([]int, len(p.Opened))
	for i, o := range p.Opened {
		opened[i] = o.Rank
	}
	if !slices.Equal(opened, seated) {
		return fault.Refusals{no("opened", "opened-ranks")}
	}
	for _, o := range p.Opened {
		switch {
		case o.Erased.IsDay() && o.empty(): // only the leaf is left, and it is where the lot put it
		case !o.Erased.IsZero() || !o.fit() || o.Leaf() != order[o.Rank-1]:
			wrong = append(wrong, no("opened", "differs-opened", "rank", o.Rank, "name", printable(o.Name)))
		}
	}
	return wrong
}

// within says at which step or departure a rule said no; the inner refusal is an argument, put into words with it.
func within(code, field string, place int, err error) fault.Refusals {
	refusals := fault.Of(err)
	fault.Must(len(refusals) == 1, "not one refusal: %v", err)
	inner := lang.Phrase{Code: refusals[0].Code, Args: refusals[0].Args}
	return fault.Refusals{no(field, code, "place", place, "why", inner)}
}

// VerifyFile is the command `lieux draw verify`: it reads a proof, does the draw again and prints what it found, in
// words. When the proof is not true it prints each thing that is wrong, and returns one refusal that says so.
func VerifyFile(r io.Reader, out io.Writer, printer *lang.Printer) error {
	p, err := Decode(r)
	if err != nil {
		return err
	}
	if _, err := Verify(p); err != nil {
		wrong := fault.Of(err)
		for _, w := range wrong {
			if err := say(out, "✗ "+printer.Refusal(w)); err != nil {
				return err
			}
		}
		return no("", "proof-wrong", "n", len(wrong))
	}
	for _, line := range Explain(p) {
		if err := say(out, line.Words(printer)); err != nil {
			return err
		}
	}
	return say(out, "", "✓ "+printer.T("sortition.verify.good"), printer.T("sortition.verify.compare"))
}

func say(out io.Writer, lines ...string) error {
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return fmt.Errorf("sortition: print: %w", err)
		}
	}
	return nil
}
