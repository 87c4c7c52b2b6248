package sortition

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
)

// Limits of a pool.
const (
	MaxPool     = 100_000 // persons
	MaxEntries  = 200_000 // entries before each person is counted once
	MaxSeats    = 500     // effective and substitutes together
	MaxExcluded = 1_000   // candidates put aside
	MaxBodies   = 100     // bodies that one person represents
	MaxReasons  = 10      // reasons to put one person aside
)

// Call is what the pool is made of: everything that somebody decided before the draw.
type Call struct {
	Title       string // what is drawn: "Comité d’accompagnement"
	Source      string // where the candidates come from: "Volontaires inscrits à l’assemblée du 17 juin 2017"
	Effective   int    // seats, at least one
	Substitutes int
	Candidates  []Candidate
	Exclusions  []Exclusion // may name people who are no candidates: a list of all directors in office, for instance
}

// Candidate is one entry of a natural person. The same person may enter several times (for themselves, for a body or
// two): it is one chance all the same.
type Candidate struct {
	Person string // id of the natural person
	Name   string // as the minutes will print it
	For    Body   // the body that the person represents; zero when they enter in their own right
}

// Body is a legal person that enters through its representative.
type Body struct{ ID, Name string }

// Exclusion puts a person aside, with the reason that the proof will print.
type Exclusion struct{ Person, Reason string }

// Opening is what opens a leaf: who it is, on what ground they are in the pool, and the salt.
type Opening struct {
	Person string   `json:"person,omitempty"`
	Name   string   `json:"name,omitempty"`
	Own    bool     `json:"own,omitempty"`    // in their own right
	Bodies []string `json:"bodies,omitempty"` // names of the bodies represented, sorted
	Salt   Salt     `json:"salt,omitzero"`
}

// Leaf is the salted hash of a person of the pool.
func (o Opening) Leaf() Hash {
	return begin("member").salt(o.Salt).text(o.Person, o.Name, o.ground()).list(o.Bodies).sum()
}

func (o Opening) leafExcluded(reasons []string) Hash {
	return begin("excluded").salt(o.Salt).text(o.Person, o.Name, o.ground()).list(o.Bodies).list(reasons).sum()
}

func (o Opening) ground() string {
	if o.Own {
		return "own"
	}
	return ""
}

// empty says that nothing is left of an opening, as after an erasure.
func (o Opening) empty() bool {
	return o.Person == "" && o.Name == "" && !o.Own && o.Bodies == nil && o.Salt == Salt{}
}

func (o Opening) fit() bool {
	bodies := len(o.Bodies) <= MaxBodies && slices.IsSorted(o.Bodies) &&
		!slices.ContainsFunc(o.Bodies, func(b string) bool { return !fit(b, MaxName) })
	return fit(o.Person, MaxID) && fit(o.Name, MaxName) && bodies && (o.Own || len(o.Bodies) > 0) && o.Salt != Salt{}
}

// Member is a person of a frozen pool. When the person has been erased, only the leaf and the day are left: the pool
// stays whole.
type Member struct {
	Opening
	Leaf   Hash
	Erased civil.Date
}

// Excluded is a candidate who was put aside.
type Excluded struct {
	Opening
	Reasons []string // sorted, each once
	Leaf    Hash
	Erased  civil.Date
}

// Header is the public face of a pool: all that its hash covers.
type Header struct {
	Title       string         `json:"title"`
	Source      string         `json:"source"`
	Effective   int            `json:"effective"`
	Substitutes int            `json:"substitutes"`
	Size        int            `json:"size"` // persons in the pool
	Root        Hash           `json:"root"` // of the tree over their leaves
	Excluded    []ExcludedLeaf `json:"excluded"`
	Hash        Hash           `json:"hash"` // of all the above: what is shown on the wall
}

// ExcludedLeaf says why someone was put aside, without saying who.
type ExcludedLeaf struct {
	Leaf    Hash     `json:"leaf"`
	Reasons []string `json:"reasons"`
}

// Seats are the effective seats and the substitutes together.
func (h Header) Seats() int { return h.Effective + h.Substitutes }

func (h Header) digest() Hash {
	d := begin("pool").text(h.Title, h.Source).number(h.Effective, h.Substitutes, h.Size).hash(h.Root)
	d.number(len(h.Excluded))
	for _, e := range h.Excluded {
		d.hash(e.Leaf).list(e.Reasons)
	}
	return d.sum()
}

// Pool is a frozen pool: nobody can be added, removed or renamed without changing its hash. Make it with [Freeze] or
// [Rebuild].
type Pool struct {
	header   Header
	members  []Member   // by leaf
	excluded []Excluded // by leaf
}

// Header is what may be published.
func (p Pool) Header() Header { return p.header }

// Hash is what is shown on the wall before the words.
func (p Pool) Hash() Hash { return p.header.Hash }

// Members and Excluded are for the room that keeps them; they are not public.
func (p Pool) Members() []Member { return slices.Clone(p.members) }

// Excluded lists the candidates who were put aside.
func (p Pool) Excluded() []Excluded { return slices.Clone(p.excluded) }

// Leaves are the leaves in the order of the tree.
func (p Pool) Leaves() []Hash {
	leaves := make([]Hash, len(p.members))
	for i, m := range p.members {
		leaves[i] = m.Leaf
	}
	return leaves
}

// Freeze makes the pool: each person once, those excluded aside with their reasons, a fresh salt for everyone. The
// order of candidates and exclusions changes nothing. Names and reasons must be tidy (composed UTF-8, no space around
// them).
func Freeze(c Call, random io.Reader) (Pool, error) {
	if len(c.Candidates) > MaxEntries {
		return Pool{}, no("candidates", "too-many", "max", MaxEntries)
	}
	people, err := gather(c.Candidates)
	if err != nil {
		return Pool{}, err
	}
	reasons := map[string][]string{}
	for _, e := range c.Exclusions {
		if !slices.Contains(reasons[e.Person], e.Reason) {
			reasons[e.Person] = append(reasons[e.Person], e.Reason)
		}
	}
	var members []Member
	var excluded []Excluded
	for _, id := range slices.Sorted(maps.Keys(people)) { // by id, so that a stream of salts falls on the same people
		opening := *people[id]
		if opening.Salt, err = NewSalt(random); err != nil {
			return Pool{}, err
		}
		if why := reasons[id]; why != nil {
			slices.Sort(why)
			excluded = append(excluded, Excluded{Opening: opening, Reasons: why, Leaf: opening.leafExcluded(why)})
		} else {
			members = append(members, Member{Opening: opening, Leaf: opening.Leaf()})
		}
	}
	return Rebuild(c.Title, c.Source, c.Effective, c.Substitutes, members, excluded)
}

// gather counts each person once and keeps on what grounds they entered.
func gather(candidates []Candidate) (map[string]*Opening, error) {
	people := map[string]*Opening{}
	bodies := map[string]Candidate{} // by id of the body: who represents it
	var refusals fault.Refusals
	refuse := func(code string, kv ...any) {
		refusals = append(refusals, no("candidates", code, kv...))
	}
	for _, c := range candidates {
		o := people[c.Person]
		if o == nil {
			o = &Opening{Person: c.Person, Name: c.Name}
			people[c.Person] = o
		}
		if o.Name != c.Name {
			refuse("two-names", "name", printable(o.Name), "other", printable(c.Name))
		}
		first, known := bodies[c.For.ID]
		switch {
		case c.For == Body{}:
			o.Own = true
		case !fit(c.For.ID, MaxID):
			refuse("unfit-body", "body", printable(c.For.Name))
		case !known:
			bodies[c.For.ID] = c
			o.Bodies = append(o.Bodies, c.For.Name)
		case first.For.Name != c.For.Name:
			refuse("two-names", "name", printable(first.For.Name), "other", printable(c.For.Name))
		case first.Person != c.Person:
			refuse("body-twice",
				"body", printable(c.For.Name), "name", printable(first.Name), "other", printable(c.Name))
		}
	}
	for _, o := range people {
		slices.Sort(o.Bodies)
	}
	return people, refusals.Err()
}

// Rebuild makes the pool again from what was kept of it, in any order; it refuses what is not a pool. A leaf that its
// opening does not give is an error of the store, not a refusal.
func Rebuild(title, source string, effective, substitutes int, members []Member, excluded []Excluded) (Pool, error) {
	p := Pool{members: slices.Clone(members), excluded: slices.Clone(excluded)}
	slices.SortFunc(p.members, func(a, b Member) int { return bytes.Compare(a.Leaf[:], b.Leaf[:]) })
	slices.SortFunc(p.excluded, func(a, b Excluded) int { return bytes.Compare(a.Leaf[:], b.Leaf[:]) })
	p.header = Header{Title: title, Source: source, Effective: effective, Substitutes: substitutes, Size: len(members)}
	p.header.Excluded = []ExcludedLeaf{}
	for _, e := range p.excluded {
		p.header.Excluded = append(p.header.Excluded, ExcludedLeaf{e.Leaf, e.Reasons})
	}
	refusals := p.header.check()
	for _, m := range p.members {
		refusals = append(refusals, checkOpening(m.Opening, m.Erased, m.Leaf == m.Opening.Leaf())...)
	}
	for _, e := range p.excluded {
		refusals = append(refusals, checkOpening(e.Opening, e.Erased, e.Leaf == e.Opening.leafExcluded(e.Reasons))...)
	}
	if refusals = append(refusals, onceEach(p.Leaves())...); len(refusals) > 0 {
		return Pool{}, refusals
	}
	p.header.Root = treeRoot(p.Leaves())
	p.header.Hash = p.header.digest()
	return p, nil
}

func checkOpening(o Opening, erased civil.Date, opens bool) fault.Refusals {
	switch {
	case !erased.IsZero():
		return nil // only the leaf is left
	case !o.fit():
		return fault.Refusals{no("candidates", "unfit-person", "name", printable(o.Name), "max", MaxName)}
	case !opens:
		return fault.Refusals{no("candidates", "leaf-differs", "name", o.Name)}
	}
	return nil
}

// onceEach wants leaves in strictly rising order: sorted, and nobody twice.
func onceEach(leaves []Hash) fault.Refusals {
	for i := 1; i < len(leaves); i++ {
		if bytes.Compare(leaves[i-1][:], leaves[i][:]) >= 0 {
			return fault.Refusals{no("leaves", "leaves-order", "place", i+1)}
		}
	}
	return nil
}

// check refuses a header that no pool can have; it does not look at the hashes.
func (h Header) check() (refusals fault.Refusals) {
	refuse := func(field, code string, kv ...any) {
		refusals = append(refusals, no(field, code, kv...))
	}
	if !fit(h.Title, MaxTitle) {
		refuse("title", "unfit-title", "max", MaxTitle)
	}
	if !fit(h.Source, MaxSource) {
		refuse("source", "unfit-source", "max", MaxSource)
	}
	switch {
	case h.Effective < 1 || h.Substitutes < 0:
		refuse("effective", "no-seat")
	case h.Effective > MaxSeats || h.Substitutes > MaxSeats-h.Effective:
		refuse("effective", "too-many-seats", "max", MaxSeats)
	case h.Size > MaxPool:
		refuse("candidates", "too-many", "max", MaxPool)
	case h.Size < h.Seats():
		refuse("candidates", "too-few", "n", h.Size, "seats", h.Seats())
	}
	if len(h.Excluded) > MaxExcluded {
		refuse("exclusions", "too-many-excluded", "max", MaxExcluded)
	}
	for i, e := range h.Excluded {
		unfit := slices.ContainsFunc(e.Reasons, func(r string) bool { return !fit(r, MaxReason) })
		sorted := slices.IsSorted(e.Reasons) && (i == 0 || bytes.Compare(h.Excluded[i-1].Leaf[:], e.Leaf[:]) < 0)
		if unfit || !sorted || len(e.Reasons) == 0 || len(e.Reasons) > MaxReasons {
			refuse("exclusions", "unfit-reason", "max", MaxReason, "most", MaxReasons)
			break
		}
	}
	return refusals
}

// printable keeps what a person may see of a text that was refused.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if hidden(r) {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return s
}

// Slip is what one member receives: their own salt, and the way from their leaf to the hash on the wall. It is
// theirs: who sees it knows that they volunteered.
type Slip struct {
	Pool  Header `json:"pool"`
	Index int    `json:"index"` // place of the leaf, from 0
	Path  []Hash `json:"path"`  // neighbours up to the root, the nearest first (RFC 6962)
	Opening
}

// Slip makes the slip of a person; ok is false for somebody who is not in the pool.
func (p Pool) Slip(person string) (s Slip, ok bool) {
	i := slices.IndexFunc(p.members, func(m Member) bool { return m.Person == person && m.Erased.IsZero() })
	if i < 0 {
		return Slip{}, false
	}
	return Slip{p.header, i, treePath(p.Leaves(), i), p.members[i].Opening}, true
}

// Check says whether the slip's owner is in the pool whose hash was shown on the wall.
func (s Slip) Check(shown Hash) error {
	if s.Pool.Hash != shown || s.Pool.digest() != shown {
		return no("pool", "slip-pool")
	}
	if root, ok := climb(s.Leaf(), s.Index, s.Pool.Size, s.Path); !ok || root != s.Pool.Root {
		return no("path", "slip-path", "name", printable(s.Name))
	}
	return nil
}
