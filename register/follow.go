package register

import (
	"cmp"
	"slices"
	"time"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// maxFollowed is how many objects and movements a directory follows: with more it is read anew.
const maxFollowed = 1_000

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

// Behind says whether there were acts since, as a reader sees it.
func (d *Directory) Behind(r store.Reader) (bool, error) {
	head, err := store.Head(r)
	return head.Number != d.basis.head, err
}

// Follow gives the directory as it stands for a reader: d itself when there was no act since, else one in which those
// whom the acts concern are read again, or everybody when they are many. It is what [DirectoryOn] would read:
// movements are only ever added, whatever changes of a person leaves a line about that person, and rules and classes
// are compared.
func (d *Directory) Follow(r store.Reader) (*Directory, error) {
	now, err := d.basisOf(r)
	if err != nil || now.head == d.basis.head {
		return d, err
	}
	numbers, few, err := d.concerned(r, now)
	if err != nil {
		return nil, err
	}
	if !few || now.zone != d.basis.zone || !slices.Equal(now.classes, d.basis.classes) {
		return DirectoryOn(r, d.Day, d.Known)
	}
	next := &Directory{Day: d.Day, Known: d.Known, All: d.All, Voting: d.Voting, basis: now, counts: d.counts}
	var read []Listed
	for _, n := range numbers {
		l, holds, err := next.readOne(r, n)
		if err != nil {
			return nil, err
		}
		if holds {
			read = append(read, l)
		}
	}
	rules := now.weight != d.basis.weight || now.cap != d.basis.cap
	if len(numbers) == 0 && !rules {
		next.list = d.list
		for o := range orders {
			next.sorted[o].Store(d.sorted[o].Load())
		}
		return next, nil
	}
	moved := next.take(d.list, numbers, read)
	reweigh := rules || next.holdOtherwise(d, numbers)
	if reweigh {
		for i := range next.list {
			next.list[i].Votes = 0
			next.list[i].Facets &^= Capped
		}
		if err := next.weigh(); err != nil {
			return nil, err
		}
	}
	next.sum()
	for o := range orders {
		if sorted := d.sorted[o].Load(); sorted != nil && !(reweigh && o == ByVotes) {
			again := next.resorted(*sorted, moved, o)
			next.sorted[o].Store(&again)
		}
	}
	return next, nil
}

// concerned are the cooperators, by number, whom the acts since concern, under whichever record; few is false when they
// are too many to be looked at one by one, or when the reader sees an older state.
func (d *Directory) concerned(r store.Reader, now basis) (numbers []Number, few bool, err error) {
	added := now.through - d.basis.through
	if now.head < d.basis.head || added < 0 || added > maxFollowed {
		return nil, false, nil
	}
	about, err := store.AboutSince(r, d.basis.head, maxFollowed)
	if err != nil || len(about) == maxFollowed {
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

// take makes the list from an older one, without some numbers and with the lines that were read of them. It answers
// where each older line has gone to: -1 for those left out.
func (d *Directory) take(older []Listed, numbers []Number, read []Listed) (moved []int32) {
	d.list = make([]Listed, 0, len(older)+len(read))
	moved = make([]int32, len(older))
	at, put := 0, 0
	for i := range older {
		n := older[i].Number
		for put < len(read) && read[put].Number <= n {
			d.list = append(d.list, read[put])
			put++
		}
		for at < len(numbers) && numbers[at] < n {
			at++
		}
		if at < len(numbers) && numbers[at] == n {
			moved[i] = -1
			if last := len(d.list) - 1; last >= 0 && d.list[last].Number == n { // votes are found anew if need be
				d.list[last].Votes = older[i].Votes
				d.list[last].Facets |= older[i].Facets & Capped
			}
			continue
		}
		moved[i] = int32(len(d.list))
		d.list = append(d.list, older[i])
	}
	d.list = append(d.list, read[put:]...)
	return moved
}

// holdOtherwise says whether some of the numbers hold other shares than in an older directory: then everybody's votes
// may be others.
func (d *Directory) holdOtherwise(older *Directory, numbers []Number) bool {
	for _, n := range numbers {
		a, held := older.Numbered(n)
		b, holds := d.Numbered(n)
		if held != holds || holds && !slices.EqualFunc(a.ByClass, b.ByClass, func(x, y Holding) bool {
			return x.Class == y.Class && x.Shares == y.Shares
		}) {
			return true
		}
	}
	return false
}

// resorted makes an order of the list from that of an older one: the lines that stayed keep theirs, the others are put
// between them.
func (d *Directory) resorted(older, moved []int32, o Order) []int32 {
	stayed := make([]bool, len(d.list))
	for _, place := range moved {
		if place >= 0 {
			stayed[place] = true
		}
	}
	before := func(a, b int32) int { return cmp.Or(compare(&d.list[a], &d.list[b], o), cmp.Compare(a, b)) }
	var others []int32
	for i, known := range stayed {
		if !known {
			others = append(others, int32(i))
		}
	}
	slices.SortFunc(others, before)
	list := make([]int32, 0, len(d.list))
	for _, place := range older {
		if moved[place] < 0 {
			continue
		}
		for len(others) > 0 && before(others[0], moved[place]) < 0 {
			list = append(list, others[0])
			others = others[1:]
		}
		list = append(list, moved[place])
	}
	return append(list, others...)
}
