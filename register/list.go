package register

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// Listed is a holder as the list of cooperators shows them on a day.
type Listed struct {
	Holder
	Name   string // "van den Berg, Jan"; empty for an erased person
	Town   string // of the domicile or seat on that day; empty when unknown
	Since  civil.Date
	Due    money.Cents // of the nominal amount of the shares held, what is not paid
	Votes  int64       // if everybody attended; see [Directory.Voting]
	Facets Facet

	sort  string // the person's key of alphabetical lists
	place string // the town's
	text  string // folded name, town and number, with a space at both ends
	mail  string // e-mail addresses in small letters, parted by spaces
}

// Facet is a property by which the list is filtered; a set of them.
type Facet uint8

// The facets.
const (
	Changed   Facet = 1 << iota // a movement took effect in the year of the day
	IsNatural                   // a natural person
	IsLegal                     // a legal person
	NoEmail                     // no e-mail address is good on the day
	Awaited                     // not everything is paid
	Capped                      // the cap takes votes away
)

// Facets lists them in the order of screens.
var Facets = []Facet{Changed, IsNatural, IsLegal, NoEmail, Awaited, Capped}

// Order is a column by which the list is sorted.
type Order int

// The orders. Who is equal stands by number.
const (
	ByNumber Order = iota
	ByName
	ByTown
	ByShares
	ByPaid
	ByVotes
	BySince
	ByState // what is due
	orders
)

// Filter chooses lines of the list.
type Filter struct {
	Text     string // words of a name or a town, or a number; empty: everybody
	Contacts bool   // the text may be a part of an e-mail address too: for the office only
	Facet    Facet  // 0: everybody
	Order    Order
	Down     bool // the greatest first
	From     int  // lines left out before the page
	Size     int  // lines on the page; 0: all
}

// Sum is what some lines add up to.
type Sum struct {
	Heads, Shares, Votes int64
	Paid                 money.Cents
}

// add adds a line, or takes it out again by -1.
func (s *Sum) add(l *Listed, times int64) {
	s.Heads += times
	s.Shares += times * l.Shares
	s.Votes += times * l.Votes
	s.Paid += money.Cents(times) * l.Paid
}

// Listing is a page of the list.
type Listing struct {
	Rows   []*Listed       // shared: nobody changes them
	Page   Sum             // of the rows
	Found  Sum             // of text and facet
	Texts  int64           // whom the text finds, whatever the facet
	Counts map[Facet]int64 // whom text and each facet would find
}

// Voting is what a vote weighs on the day of a directory. The ceiling of a cap that rests on those who attend is
// found as if everybody attended: the true one is known in the room.
type Voting struct {
	Known   bool // the bylaws of the day, or the law, say how votes weigh
	Weight  vote.Weight
	Cap     vote.Cap
	Ceiling vote.Known
	Barred  error // the cap leaves nobody a vote: the refusal with its article
}

// Directory is everybody who holds a share on a day, as known on another, ready to be searched, sorted and paged.
// It is read once and then shared: nothing of it changes. After more acts, [Directory.Follow] gives another one.
type Directory struct {
	Day, Known civil.Date
	All        Sum
	Voting     Voting

	basis  basis
	counts tally
	heaps  heaps
	sorted [orders]*rows
}

// reading is a directory whose lines are being read.
type reading struct {
	*Directory
	list []Listed // by number
}

// DirectoryOn reads the directory of a day, as known at the end of another; the zero date means as known now.
func DirectoryOn(r store.Reader, day, known civil.Date) (*Directory, error) {
	roll, err := RollOn(r, day, known)
	if err != nil {
		return nil, err
	}
	d := reading{&Directory{Day: roll.Day, Known: known}, make([]Listed, len(roll.Holders))}
	if d.basis, err = d.basisOf(r); err != nil {
		return nil, err
	}
	for i, h := range roll.Holders {
		d.list[i] = d.basis.listed(h)
	}
	if err := d.introduce(r); err != nil {
		return nil, err
	}
	if err := d.change(r); err != nil {
		return nil, err
	}
	lines := make([]*Listed, len(d.list))
	for i := range d.list {
		lines[i] = &d.list[i]
	}
	return d.Directory, d.stand(lines)
}

// stand makes the directory of lines, by number, that nobody else has: each gets its votes.
func (d *Directory) stand(lines []*Listed) error {
	d.All, d.counts, d.heaps = Sum{}, tally{}, nil
	var shares int64
	for _, l := range lines {
		d.heaps.add(d.basis.weighs(l), 1)
		shares += l.Shares
	}
	if err := d.judge(int64(len(lines)), shares); err != nil {
		return err
	}
	for _, l := range lines {
		d.give(l)
		d.All.add(l, 1)
		d.counts.add(l.Facets, 1)
	}
	d.sorted[ByNumber] = newRows(ByNumber, lines)
	for o := ByNumber + 1; o < orders; o++ {
		d.sorted[o] = newRows(o, sortLines(lines, o))
	}
	return nil
}

// listed is the line of a holder, of whom nobody has said anything yet.
func (b *basis) listed(h Holder) Listed {
	l := Listed{Holder: h, Facets: IsNatural | NoEmail}
	if h.Kind == people.Legal {
		l.Facets = IsLegal | NoEmail
	}
	for _, held := range h.ByClass {
		for _, c := range b.classes {
			if c.ID == held.Class {
				l.Due += money.Cents(held.Shares * int64(c.Nominal))
			}
		}
	}
	if l.Due -= l.Paid; l.Due > 0 {
		l.Facets |= Awaited
	}
	return l
}

// introduce tells who the holders are, where they live on the day and how they are reached. Merged records of a
// person count as one.
func (d *reading) introduce(r store.Reader) error {
	who, err := d.people(r)
	if err != nil {
		return err
	}
	i := 0
	err = store.Each(r, qCooperators, func(row store.Row) error {
		c, err := scanCooperator(row)
		if i < len(d.list) && d.list[i].Number == c.Number {
			d.list[i].Since = c.Since
			i++
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, read := range []func(store.Reader, crowd) error{d.names, d.homes, d.emails} {
		if err := read(r, who); err != nil {
			return err
		}
	}
	for i, first := range who.again {
		l, f := &d.list[i], &d.list[first]
		l.Name, l.sort, l.Town, l.mail = f.Name, f.sort, f.Town, f.mail
		l.Facets = l.Facets&^NoEmail | f.Facets&NoEmail
	}
	towns := towns{}
	for i := range d.list {
		d.list[i].fold(towns)
	}
	return nil
}

// towns are the folded names of towns, for texts and for lists: each town is folded once.
type towns map[string]struct{ text, sort string }

// fold makes what is searched and sorted.
func (l *Listed) fold(known towns) {
	t, folded := known[l.Town]
	if !folded {
		t.text, t.sort = fold.Text(l.Town), fold.Sort(l.Town)
		known[l.Town] = t
	}
	l.place = t.sort
	l.text = " " + fold.Text(l.Name) + " " + t.text + " " + l.Number.String() + " "
}

// crowd finds the place in the list of a person, under whichever record.
type crowd struct {
	at    map[people.PersonID]int32 // by the record that stands
	again map[int32]int32           // a second number of the same person → the first
	kept  map[people.PersonID]people.PersonID
}

// maxMerges is how many merges of records a directory follows.
const maxMerges = 100_000

func (d *reading) people(r store.Reader) (crowd, error) {
	merges, err := people.Merges(r, maxMerges)
	c := crowd{make(map[people.PersonID]int32, len(d.list)), map[int32]int32{}, map[people.PersonID]people.PersonID{}}
	for _, m := range merges {
		c.kept[m.Alias] = m.Kept
	}
	for i := range d.list {
		id := c.stands(d.list[i].Person)
		if first, there := c.at[id]; there {
			c.again[int32(i)] = first
		} else {
			c.at[id] = int32(i)
		}
	}
	return c, err
}

// stands is the record that stands for a record.
func (c crowd) stands(id people.PersonID) people.PersonID {
	for n := 0; ; n++ {
		fault.Must(n <= len(c.kept), "a circle of merges at %s", id)
		next, merged := c.kept[id]
		if !merged {
			return id
		}
		id = next
	}
}

// names takes each name from the record that stands.
func (d *reading) names(r store.Reader, who crowd) error {
	return store.Each(r, qListedNames, func(row store.Row) error {
		p, err := scanListedName(row)
		if i, holds := who.at[p.ID]; holds {
			d.list[i].Name, d.list[i].sort = p.Listed(), p.Sort
		}
		return err
	})
}

// homes finds the town of the domicile or seat that held on the day.
func (d *reading) homes(r store.Reader, who crowd) error {
	known := d.knownUntil(r)
	homes, pair := make([]people.Address, len(d.list)), make([]people.Address, 2)
	err := store.Each(r, qListedHomes, func(row store.Row) error {
		a, err := scanListedHome(row)
		i, holds := who.at[who.stands(a.Person)]
		if !holds {
			return err
		}
		pair[0], pair[1] = homes[i], a
		homes[i] = d.home(pair, known)
		return err
	})
	for i, home := range homes {
		d.list[i].Town = townOf(home)
	}
	return err
}

// home is the domicile or seat that held on the day; of two that begin on one day, the one written later.
func (d *Directory) home(list []people.Address, known civil.Instant) people.Address {
	slices.SortFunc(list, func(a, b people.Address) int { return strings.Compare(b.ID, a.ID) })
	home, _ := people.AddressOn(list, people.Home, d.Day, known)
	return home
}

func townOf(home people.Address) string { return cmp.Or(home.Town, home.Country) }

// knownUntil is the last instant whose knowledge counts; 0: now.
func (d *Directory) knownUntil(r store.Reader) civil.Instant {
	if d.Known.IsZero() {
		return 0
	}
	return civil.EndOf(d.Known, r.Zone())
}

func (d *reading) emails(r store.Reader, who crowd) error {
	return store.Each(r, qListedEmails, func(row store.Row) error {
		c, err := scanListedEmail(row)
		if i, holds := who.at[who.stands(c.Person)]; holds && c.On(d.Day) {
			d.list[i].reach(c.Key)
		}
		return err
	})
}

// reach adds an e-mail address; several stand in their alphabetical order.
func (l *Listed) reach(mail string) {
	l.Facets &^= NoEmail
	if l.mail == "" {
		l.mail = mail + " "
		return
	}
	all := append(strings.Fields(l.mail), mail)
	slices.Sort(all)
	l.mail = strings.Join(all, " ") + " "
}

// change marks those whom a movement of the day's year concerns.
func (d *reading) change(r store.Reader) error {
	return store.Each(r, qListedChanged, func(row store.Row) error {
		var n Number
		err := row.Scan(&n)
		i, holds := slices.BinarySearchFunc(d.list, n, func(l Listed, n Number) int { return cmp.Compare(l.Number, n) })
		if holds {
			d.list[i].Facets |= Changed
		}
		return err
	}, d.newYear().String(), d.Day.String(), int64(d.basis.through))
}

// newYear is the first day of the year of the directory's day.
func (d *Directory) newYear() civil.Date { return civil.Day(d.Day.Year(), 1, 1) }

// Numbered finds a holder by number.
func (d *Directory) Numbered(n Number) (*Listed, bool) {
	lines := d.sorted[ByNumber]
	at, place, found := lines.seek(&Listed{Holder: Holder{Number: n}})
	if !found {
		return nil, false
	}
	return lines.pieces[at].lines[place], true
}

// List filters, adds up and cuts out a page. Without text and facet it looks at the page alone.
func (d *Directory) List(f Filter) Listing {
	w := newWanted(f)
	if len(w.words) == 0 && f.Facet == 0 {
		return d.cut(f)
	}
	out := Listing{}
	var counts tally
	var found, meant []*Listed
	for _, p := range d.sorted[ByNumber].pieces {
		meant = p.meant(w, meant[:0])
		for _, l := range meant {
			out.Texts++
			counts.add(l.Facets, 1)
			if f.Facet == 0 || l.Facets&f.Facet != 0 {
				found = append(found, l)
				out.Found.add(l, 1)
			}
		}
	}
	out.Counts = counts.byFacet()
	out.Rows = d.page(f, w, found)
	for _, l := range out.Rows {
		out.Page.add(l, 1)
	}
	return out
}

// fewFound is how many lines are put into an order by themselves; of more, the order of everybody is gone through.
const fewFound = 1_000

// page cuts a page out of the lines that were found, by number.
func (d *Directory) page(f Filter, w wanted, found []*Listed) (rows []*Listed) {
	if f.Order != ByNumber && len(found) > fewFound {
		for l := range d.sorted[f.Order].walk(0, f.Down) {
			if f.Facet != 0 && l.Facets&f.Facet == 0 || !w.finds(l) {
				continue
			}
			if rows = append(rows, l); f.Size > 0 && len(rows) == f.From+f.Size {
				break
			}
		}
		return rows[min(f.From, len(rows)):]
	}
	if f.Order != ByNumber {
		found = sortLines(found, f.Order)
	}
	if f.Down {
		slices.Reverse(found)
	}
	rows = found[min(f.From, len(found)):]
	if f.Size > 0 {
		rows = rows[:min(f.Size, len(rows)):len(rows)]
	}
	return rows
}

// meant adds to others the lines of a piece that a text finds; all when it asks for nothing.
func (p *piece) meant(w wanted, lines []*Listed) []*Listed {
	if len(w.words) == 0 {
		return append(lines, p.lines...)
	}
	var meant [mostPiece]bool
	p.straw(&p.texts, func(l *Listed) string { return l.text }).each(slices.MaxFunc(w.words, rarer), func(i int32) {
		meant[i] = w.is(p.lines[i])
	})
	if w.mail != "" {
		p.straw(&p.mails, func(l *Listed) string { return l.mail }).each(w.mail, func(i int32) { meant[i] = true })
	}
	for i, l := range p.lines {
		if meant[i] {
			lines = append(lines, l)
		}
	}
	return lines
}

// rarer compares words by how few lines they may find: figures before letters, then the longer one.
func rarer(a, b string) int {
	figures := func(s string) int { return len(s) - len(strings.TrimRight(s, " 0123456789")) }
	return cmp.Or(cmp.Compare(figures(a), figures(b)), cmp.Compare(len(a), len(b)))
}

// haystack is one text of all lines of a piece: to look through it once is quicker than through hundreds of small ones.
type haystack struct {
	text   string
	starts []int32 // where each line begins, and the end
}

// straw is the haystack of a part of the lines; it is made when it is first asked for.
func (p *piece) straw(kept *atomic.Pointer[haystack], part func(*Listed) string) *haystack {
	if h := kept.Load(); h != nil {
		return h
	}
	size := 0
	for _, l := range p.lines {
		size += len(part(l)) + 1
	}
	var text strings.Builder
	text.Grow(size)
	h := &haystack{starts: make([]int32, 0, len(p.lines)+1)}
	for _, l := range p.lines {
		h.starts = append(h.starts, int32(text.Len()))
		text.WriteString(part(l))
		text.WriteByte('\n') // no word holds it
	}
	h.starts = append(h.starts, int32(text.Len()))
	h.text = text.String()
	kept.Store(h)
	return h
}

// each gives the lines that hold a word, in their order.
func (h *haystack) each(word string, found func(line int32)) {
	for line := int32(0); ; {
		at := strings.Index(h.text[h.starts[line]:], word)
		if at < 0 {
			return
		}
		next, exactly := slices.BinarySearch(h.starts[line:], h.starts[line]+int32(at))
		line += int32(next)
		if !exactly {
			line--
		}
		found(line)
		line++
	}
}

// cut is the page of a list from which nothing is filtered.
func (d *Directory) cut(f Filter) Listing {
	out := Listing{Found: d.All, Texts: d.All.Heads, Counts: d.counts.byFacet()}
	for l := range d.sorted[f.Order].walk(f.From, f.Down) {
		if f.Size > 0 && len(out.Rows) == f.Size {
			break
		}
		out.Rows = append(out.Rows, l)
		out.Page.add(l, 1)
	}
	return out
}

// tally counts lines by facet, in the order of Facets.
type tally [8]int64

// add counts a line, or takes it out again by -1.
func (t *tally) add(f Facet, times int64) {
	for bit := range Facets {
		t[bit] += times * int64(f>>bit&1)
	}
}

func (t tally) byFacet() map[Facet]int64 {
	counts := make(map[Facet]int64, len(Facets))
	for bit, facet := range Facets {
		counts[facet] = t[bit]
	}
	return counts
}

// wanted is what a text asks for.
type wanted struct {
	words []string // each begins a word of the name or the town, with a space before it
	mail  string   // part of an e-mail address
}

// leastMail is how many signs of an e-mail address are looked for.
const leastMail = 3

func newWanted(f Filter) (w wanted) {
	for _, word := range strings.Fields(fold.Text(f.Text)) {
		w.words = append(w.words, " "+word)
	}
	if len(w.words) == 1 && strings.Trim(w.words[0], " 0123456789") == "" {
		w.words[0] += " " // a number is meant whole
	}
	if mail := strings.ToLower(strings.TrimSpace(f.Text)); f.Contacts && len(mail) >= leastMail {
		w.mail = mail
	}
	return w
}

// is says whether a line holds every word.
func (w wanted) is(l *Listed) bool {
	for _, word := range w.words {
		if !strings.Contains(l.text, word) {
			return false
		}
	}
	return true
}

// finds says whether a line is meant; by no words everybody is.
func (w wanted) finds(l *Listed) bool {
	return len(w.words) == 0 || w.is(l) || w.mail != "" && strings.Contains(l.mail, w.mail)
}

// Emails are the holder's addresses that are good on the day, parted by commas. They are contact data: for the office
// only.
func (l *Listed) Emails() string { return strings.Join(strings.Fields(l.mail), ", ") }
