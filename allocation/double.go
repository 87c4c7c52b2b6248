package allocation

import (
	"cmp"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Verdict is what somebody said of two applications.
type Verdict string

// The verdicts.
const (
	AreOne Verdict = "joined" // one person: One counts, Two does not
	AreTwo Verdict = "apart"  // two persons, or parted again
)

// Pair is two applications that somebody looked at; the last word counts.
type Pair struct {
	ID       string
	One, Two ApplicationID
	Verdict  Verdict
	Why      string
	At       civil.Instant
	By       people.PersonID
}

func (p Pair) key() [2]ApplicationID { return [2]ApplicationID{min(p.One, p.Two), max(p.One, p.Two)} }

// Double is an application that may be of the same person as another one.
type Double struct {
	One, Two Application
	Alike    []lang.Phrase
	Differ   []lang.Phrase
}

// facts are what two applicants are compared by, as the finder of doubles among people does.
func (a Application) facts() people.Facts {
	t := a.Typed
	f := people.Facts{Person: people.Person{ID: people.PersonID(a.ID), Kind: t.Kind, Given: t.Given, Family: t.Family,
		Birth: t.Birth, Name: t.Name}}
	if t.Email != "" {
		f.Emails = []string{fold.Text(t.Email)}
	}
	if phone := digits(t.Phone); phone != "" {
		f.Phones = []string{phone}
	}
	if t.Street != "" && t.Postcode != "" {
		f.Home = fold.Text(t.Street + " " + t.Postcode)
	}
	return f
}

// digits is a number of telephone however it is written: the prefix of Belgium is that of a call from within.
func digits(phone string) string {
	text := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	text = strings.TrimPrefix(text, "00")
	if rest, cut := strings.CutPrefix(text, "32"); cut {
		return rest
	}
	return strings.TrimPrefix(text, "0")
}

// open says that an application counts, or will.
func (a Application) open() bool { return a.State == Listed || a.State == Sent }

// has says whether an application was given a place that it has today, or will have.
func (a Application) has(r store.Reader) (bool, error) {
	if a.State != Placed {
		return false, nil
	}
	effects, err := EffectsOf(r, ChoiceID(a.Choice))
	for _, e := range effects {
		if e.Kind != DidEnter || e.Application != a.ID {
			continue
		}
		o, err := places.OccupancyByID(r, places.OccupancyID(e.Object))
		if err != nil || o.Stands() && (o.Until.IsZero() || !o.Until.Before(r.Today())) {
			return err == nil, err
		}
	}
	return false, err
}

// rivals says whether two applications may not both stand if they are of one person: both wait, or one has a place
// already. Nobody gets two.
func rivals(r store.Reader, a, b Application) (bool, error) {
	switch {
	case a.open() && b.open():
		return true, nil
	case a.open():
		return b.has(r)
	case b.open():
		return a.has(r)
	}
	return false, nil
}

// Doubles are the pairs of applications that may be of one person, of which one waits and the other waits too or has a
// place, and that nobody has looked at yet.
func Doubles(r store.Reader) (list []Double, err error) {
	apps, err := All(r)
	if err != nil {
		return nil, err
	}
	pairs, err := latestPairs(r)
	if err != nil {
		return nil, err
	}
	blocks := map[string][]int{}
	for i, a := range apps {
		if !a.open() && a.State != Placed {
			continue
		}
		for _, key := range a.blocks() {
			blocks[key] = append(blocks[key], i)
		}
	}
	seen := map[[2]ApplicationID]bool{}
	for _, block := range blocks {
		for n, i := range block {
			for _, j := range block[n+1:] {
				key := Pair{One: apps[i].ID, Two: apps[j].ID}.key()
				if _, judged := pairs[key]; judged || seen[key] || len(block) > maxBlock {
					continue
				}
				seen[key] = true
				d, found := alike(apps[i], apps[j])
				if !found {
					continue
				}
				if rival, err := rivals(r, d.One, d.Two); err != nil {
					return nil, err
				} else if rival {
					list = append(list, d)
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b Double) int {
		return cmp.Or(cmp.Compare(a.One.Number, b.One.Number), cmp.Compare(a.Two.Number, b.Two.Number))
	})
	return list, nil
}

// DoublesIn are the doubles that take part in a round, or have a place beside one that does: they are settled before
// places are given out.
func DoublesIn(r store.Reader, s Setup) (list []Double, err error) {
	all, err := Doubles(r)
	for _, d := range all {
		if slices.ContainsFunc(s.Places, func(id places.PlaceID) bool {
			return d.One.State == Listed && d.One.Asks(id) || d.Two.State == Listed && d.Two.Asks(id)
		}) {
			list = append(list, d)
		}
	}
	return list, err
}

// maxBlock is how many applications may share a key before it stops meaning anything.
const maxBlock = 40

// blocks are the keys by which doubles are looked for: one of them is shared by all that could be one.
func (a Application) blocks() (keys []string) {
	if a.Person != "" {
		keys = append(keys, "p "+string(a.Person))
	}
	f := a.facts()
	for _, e := range f.Emails {
		keys = append(keys, "e "+e)
	}
	for _, t := range f.Phones {
		keys = append(keys, "t "+t)
	}
	if !a.Typed.Forgotten() {
		keys = append(keys, "n "+fold.Text(a.Typed.Family+a.Typed.Name))
	}
	return keys
}

// alike compares two applications.
func alike(a, b Application) (Double, bool) {
	if a.Number > b.Number {
		a, b = b, a
	}
	d := Double{One: a, Two: b}
	if a.Person != "" && a.Person == b.Person {
		d.Alike = []lang.Phrase{lang.Say("allocation.double.record")}
		return d, true
	}
	if a.Typed.Forgotten() || b.Typed.Forgotten() {
		return d, false
	}
	t := people.Compare(a.facts(), b.facts())
	d.Alike, d.Differ = t.Alike, t.Differ
	return d, t.Score >= people.LeastLikely
}

// latestPairs is the last word on each pair.
func latestPairs(r store.Reader) (map[[2]ApplicationID]Pair, error) {
	list, err := Pairs(r)
	latest := map[[2]ApplicationID]Pair{}
	for _, p := range list {
		latest[p.key()] = p
	}
	return latest, err
}

// Joined says which applications do not count, and which one counts instead.
func Joined(r store.Reader) (map[ApplicationID]ApplicationID, error) {
	latest, err := latestPairs(r)
	kept := map[ApplicationID]ApplicationID{}
	for _, p := range latest {
		if p.Verdict == AreOne {
			kept[p.Two] = p.One
		}
	}
	for two := range kept { // whose kept one was joined to a third
		for n := 0; n <= len(kept); n++ {
			up, more := kept[kept[two]]
			if !more {
				break
			}
			kept[two] = up
		}
	}
	return kept, err
}

// Join says that two applications are of one person: the one with the older seniority counts, or the one that has a
// place, and the other does not. The program never does this by itself.
func Join(tx *store.Tx, one, two ApplicationID, why string) error {
	a, b, err := both(tx, one, two)
	if err != nil {
		return err
	}
	joined, err := Joined(tx)
	if err != nil {
		return err
	}
	if joined[one] != "" || joined[two] != "" {
		return fault.Refuse("allocation.refusal.joined")
	}
	older := b.Since.Before(a.Since) || b.Since.Compare(a.Since) == 0 && b.Number < a.Number
	if a.State != Placed && (b.State == Placed || older) { // who has a place asks for no other
		a, b = b, a
	}
	return judge(tx, a, b, AreOne, why)
}

// Part is the opposite entry of [Join], and what is said of two that only look alike.
func Part(tx *store.Tx, one, two ApplicationID, why string) error {
	a, b, err := both(tx, one, two)
	if err != nil {
		return err
	}
	return judge(tx, a, b, AreTwo, why)
}

func both(r store.Reader, one, two ApplicationID) (a, b Application, err error) {
	if one == two {
		return a, b, fault.Refuse("allocation.refusal.itself-twice")
	}
	if a, err = Get(r, one); err == nil {
		b, err = Get(r, two)
	}
	return a, b, err
}

func judge(tx *store.Tx, a, b Application, v Verdict, why string) error {
	why, err := reason(why)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{a.ID.Ref(), b.ID.Ref()}, Args: map[string]any{"number": a.Number,
		"other": b.Number}})
	return insertPair(tx, Pair{One: a.ID, Two: b.ID, Verdict: v, Why: why})
}
