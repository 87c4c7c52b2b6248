package register

import (
	"slices"
	"time"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// How many objects and movements a directory follows: with more than maxFollowed it is read anew, and up to fewFollowed
// are followed while a reader waits.
const (
	maxFollowed = 1_000
	fewFollowed = 64
)

// basis is what a directory was read from, beside the persons.
type basis struct {
	head    int64 // of the journal
	through MovementNumber
	classes []ShareClass
	weight  vote.Weight
	cap     vote.Cap
	zone    *time.Location
	at      civil.Instant
}

func (d *Directory) basisOf(r store.Reader) (b basis, err error) {
	head, err := store.Head(r)
	if err != nil {
		return b, err
	}
	b.head, b.zone, b.at = head.Number, r.Zone(), r.Now()
	if b.through, err = Through(r, d.Known); err != nil {
		return b, err
	}
	if b.classes, err = ClassesOn(r, d.Day, b.through); err != nil {
		return b, err
	}
	rules, err := bylaws.On(r, d.Day)
	b.weight, b.cap = rules.Weight(), rules.Cap()
	return b, err
}

// At is the moment at which the directory was read, or followed the acts last.
func (d *Directory) At() civil.Instant { return d.basis.at }

// Head is the number of the last act that the directory knows.
func (d *Directory) Head() int64 { return d.basis.head }

// Follow gives the directory as it stands for a reader: d itself when there was no act since, else one in which those
// whom the acts concern are read again, or everybody when they are many. It is what [DirectoryOn] would read:
// movements are only ever added, whatever changes of a person leaves a line about that person, and rules and classes
// are compared.
func (d *Directory) Follow(r store.Reader) (*Directory, error) {
	next, few, err := d.follow(r, maxFollowed)
	if err == nil && !few {
		return DirectoryOn(r, d.Day, d.Known)
	}
	return next, err
}

// FollowFew is Follow where it takes a few milliseconds; few is false where it would take longer.
func (d *Directory) FollowFew(r store.Reader) (next *Directory, few bool, err error) {
	return d.follow(r, fewFollowed)
}

func (d *Directory) follow(r store.Reader, most int) (next *Directory, few bool, err error) {
	now, err := d.basisOf(r)
	if err != nil || now.head == d.basis.head {
		return d, true, err
	}
	numbers, few, err := d.concerned(r, now, most)
	if err != nil || !few || now.zone != d.basis.zone || !slices.Equal(now.classes, d.basis.classes) {
		return nil, false, err
	}
	next = &Directory{Day: d.Day, Known: d.Known, All: d.All, Voting: d.Voting, basis: now, counts: d.counts}
	var out, in []*Listed
	for _, n := range numbers {
		if l, held := d.Numbered(n); held {
			out = append(out, l)
		}
		l, holds, err := next.readOne(r, n)
		if err != nil {
			return nil, false, err
		}
		if holds {
			in = append(in, &l)
		}
	}
	return next, true, next.take(d, out, in)
}

// take makes the directory from an older one, without some lines and with others that nobody else has.
func (d *Directory) take(older *Directory, out, in []*Listed) error {
	if d.basis.weight != older.basis.weight || d.basis.cap != older.basis.cap {
		return d.weighAll(older, out, in)
	}
	d.heaps = slices.Clone(older.heaps)
	heads, shares := d.All.Heads, d.All.Shares
	for _, l := range out {
		d.heaps.add(older.basis.weighs(l), -1)
		heads, shares = heads-1, shares-l.Shares
	}
	for _, l := range in {
		d.heaps.add(d.basis.weighs(l), 1)
		heads, shares = heads+1, shares+l.Shares
	}
	if err := d.judge(heads, shares); err != nil {
		return err
	}
	if d.Voting.Barred != nil || older.Voting.Barred != nil {
		return d.weighAll(older, out, in)
	}
	shifted, few := d.shifted(older)
	if !few {
		return d.weighAll(older, out, in)
	}
	for _, l := range shifted {
		if !slices.Contains(out, l) {
			again := *l
			out, in = append(out, l), append(in, &again)
		}
	}
	for _, l := range out {
		d.All.add(l, -1)
		d.counts.add(l.Facets, -1)
	}
	for _, l := range in {
		d.give(l)
		d.All.add(l, 1)
		d.counts.add(l.Facets, 1)
	}
	for o := range orders {
		d.sorted[o] = older.sorted[o].swap(out, in)
	}
	return nil
}

// weighAll is take where everybody's votes may be others.
func (d *Directory) weighAll(older *Directory, out, in []*Listed) error {
	var lines []*Listed
	for l := range older.sorted[ByNumber].swap(out, in).walk(0, false) {
		again := *l
		lines = append(lines, &again)
	}
	return d.stand(lines)
}

// concerned are the cooperators, by number, whom the acts since concern, under whichever record; few is false when they
// are too many to be looked at one by one, or when the reader sees an older state.
func (d *Directory) concerned(r store.Reader, now basis, most int) (numbers []Number, few bool, err error) {
	added := now.through - d.basis.through
	if now.head < d.basis.head || added < 0 || int(added) > most {
		return nil, false, nil
	}
	about, err := store.AboutSince(r, d.basis.head, most)
	if err != nil || len(about) == most {
		return nil, false, err
	}
	persons := map[people.PersonID]bool{}
	for _, ref := range about {
		if ref.Kind != people.PersonID("").Ref().Kind || persons[people.PersonID(ref.ID)] {
			continue
		}
		records, err := people.Records(r, people.PersonID(ref.ID))
		if err != nil {
			return nil, false, err
		}
		for _, id := range records {
			persons[id] = true
		}
		persons[people.PersonID(ref.ID)] = true
	}
	for id := range persons {
		c, is, err := CooperatorOf(r, id)
		if err != nil {
			return nil, false, err
		}
		if is {
			numbers = append(numbers, c.Number)
		}
	}
	moved, err := store.List(r, qMovedSince, store.Number, int64(d.basis.through), int64(now.through))
	if err != nil {
		return nil, false, err
	}
	for _, n := range moved {
		numbers = append(numbers, Number(n))
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), true, nil
}

// readOne reads the line of one cooperator; holds is false for who holds nothing on the day.
func (d *Directory) readOne(r store.Reader, n Number) (l Listed, holds bool, err error) {
	c, err := CooperatorNumbered(r, n)
	if err != nil {
		return l, false, err
	}
	ms, err := MovementsOf(r, n)
	if err != nil {
		return l, false, err
	}
	changed := false
	var changes []change
	for _, m := range ms {
		if m.Number <= d.basis.through && !m.Day.After(d.Day) {
			changes = append(changes, change{n, Holding{m.Class, m.Shares, m.Paid}})
			changed = changed || !m.Day.Before(d.newYear())
		}
	}
	var roll Roll
	if !roll.addSum(&Holder{Number: n, Person: c.Person, Kind: c.Kind}, nil, changes) {
		return l, false, nil
	}
	l = d.basis.listed(roll.Holders[0])
	l.Since = c.Since
	if changed {
		l.Facets |= Changed
	}
	return l, true, d.introduceOne(r, &l)
}

// introduceOne tells who a holder is, under all records.
func (d *Directory) introduceOne(r store.Reader, l *Listed) error {
	standing, err := people.Canonical(r, l.Person)
	if err != nil {
		return err
	}
	p, err := people.Get(r, standing)
	if err != nil {
		return err
	}
	l.Name, l.sort = p.Listed(), p.Sort
	homes, err := people.Across(r, l.Person, people.Addresses)
	if err != nil {
		return err
	}
	l.Town = townOf(d.home(homes, d.knownUntil(r)))
	contacts, err := people.Across(r, l.Person, people.Contacts)
	for _, c := range contacts {
		if c.Kind == people.Email && c.On(d.Day) {
			l.reach(c.Key)
		}
	}
	l.fold(towns{})
	return err
}
