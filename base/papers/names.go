package papers

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"maps"
	"slices"

	"golang.org/x/text/unicode/norm"
)

// nameDomain keeps a commitment to a name from ever being that of something else.
const nameDomain = "lieux/papers/name/1\x00"

// Names gives the name of a person when a paper is drawn; ok is false when the person was erased or was never known.
type Names interface {
	Name(id string) (name string, ok bool)
}

// NameMap is a Names held in memory: id to name.
type NameMap map[string]string

// Name implements [Names].
func (m NameMap) Name(id string) (string, bool) { name, ok := m[id]; return name, ok }

// Salt is what keeps a commitment from being guessed; it is erased with the name.
type Salt [32]byte

// Commitment is SHA-256(domain, salt, name): it binds a frozen paper to a name without saying it.
type Commitment [32]byte

// Sealed is what lies beside a frozen paper, one per person named in it, and can be erased.
type Sealed struct {
	ID   string
	Name string // NFC, as committed to
	Salt Salt
}

// Commit makes the commitment of a name, in NFC.
func Commit(salt Salt, name string) Commitment {
	return sha256.Sum256(slices.Concat([]byte(nameDomain), salt[:], []byte(norm.NFC.String(name))))
}

// CheckName says whether a name and its salt are those that were committed to.
func CheckName(c Commitment, salt Salt, name string) bool {
	made := Commit(salt, name)
	return subtle.ConstantTimeCompare(made[:], c[:]) == 1
}

// Kept makes the names of what was kept beside a paper.
func Kept(kept []Sealed) NameMap {
	names := make(NameMap, len(kept))
	for _, k := range kept {
		names[k.ID] = k.Name
	}
	return names
}

// Persons lists the ids of the persons named in a paper, sorted, each once. Streamed rows are not read.
func Persons(p Paper) []string {
	ids := map[string]bool{}
	mapLines(p.Blocks, func(line Line) Line {
		for _, in := range line {
			if in.Style == Person {
				ids[in.ID] = true
			}
		}
		return line
	})
	return slices.Sorted(maps.Keys(ids))
}

// Seal returns the paper with a commitment in each person's node, and what to keep beside it, in the order of
// [Persons]. The salts come from dice (crypto/rand in production). A person whom names does not know is an error:
// nobody can commit to an unknown name.
func Seal(p Paper, names Names, dice io.Reader) (Paper, []Sealed, error) {
	var kept []Sealed
	made := map[string]Commitment{}
	for _, id := range Persons(p) {
		name, ok := nameOf(names, id)
		if !ok || name == "" {
			return Paper{}, nil, fmt.Errorf("papers: seal: person %s has no name", id)
		}
		one := Sealed{ID: id, Name: norm.NFC.String(name)}
		if _, err := io.ReadFull(dice, one.Salt[:]); err != nil {
			return Paper{}, nil, fmt.Errorf("papers: seal: %w", err)
		}
		made[id] = Commit(one.Salt, one.Name)
		kept = append(kept, one)
	}
	p.Blocks = mapLines(p.Blocks, func(line Line) Line {
		line = slices.Clone(line)
		for i, in := range line {
			if in.Style == Person {
				line[i].Commitment = made[in.ID]
			}
		}
		return line
	})
	return p, kept, nil
}

// CheckNames compares a sealed paper with what was kept beside it and lists the ids whose name or salt was altered,
// sorted. A person without an entry was erased and is not listed.
func CheckNames(p Paper, kept []Sealed) (altered []string) {
	beside := make(map[string]Sealed, len(kept))
	for _, k := range kept {
		beside[k.ID] = k
	}
	mapLines(p.Blocks, func(line Line) Line {
		for _, in := range line {
			if k, ok := beside[in.ID]; ok && in.Style == Person && !CheckName(in.Commitment, k.Salt, k.Name) {
				altered = append(altered, in.ID)
			}
		}
		return line
	})
	slices.Sort(altered)
	return slices.Compact(altered)
}

func nameOf(names Names, id string) (string, bool) {
	if names == nil {
		return "", false
	}
	return names.Name(id)
}

// mapLines returns blocks in which each line went through change; the blocks given are left as they are.
func mapLines(blocks Blocks, change func(Line) Line) Blocks {
	out := slices.Clone(blocks)
	for i, b := range out {
		out[i] = b.mapLines(change)
	}
	return out
}

// mapEach makes a changed copy of a list.
func mapEach[T any](list []T, change func(T) T) []T {
	out := slices.Clone(list)
	for i := range out {
		out[i] = change(out[i])
	}
	return out
}

func (b Heading) mapLines(change func(Line) Line) Block { b.Words = change(b.Words); return b }

func (b Paragraph) mapLines(change func(Line) Line) Block { b.Words = change(b.Words); return b }

func (b List) mapLines(change func(Line) Line) Block { b.Items = mapEach(b.Items, change); return b }

func (b Table) mapLines(change func(Line) Line) Block {
	row := func(r Row) Row { return mapEach(r, change) }
	b.Caption, b.Rows, b.Totals = change(b.Caption), mapEach(b.Rows, row), mapEach(b.Totals, row)
	b.Columns = mapEach(b.Columns, func(c Column) Column { c.Head = change(c.Head); return c })
	return b
}

func (b Facts) mapLines(change func(Line) Line) Block {
	b.Items = mapEach(b.Items, func(f Fact) Fact { f.Words = change(f.Words); return f })
	return b
}

func (b Reckoning) mapLines(change func(Line) Line) Block {
	b.Lines = mapEach(b.Lines, func(l ReckoningLine) ReckoningLine { l.Words = change(l.Words); return l })
	return b
}

func (b Decision) mapLines(change func(Line) Line) Block {
	b.Words, b.Note = change(b.Words), change(b.Note)
	return b
}

func (b BeforeAfter) mapLines(func(Line) Line) Block { return b }

func (b Aside) mapLines(change func(Line) Line) Block { b.Words = change(b.Words); return b }

func (b Proof) mapLines(change func(Line) Line) Block {
	b.Blocks = mapLines(b.Blocks, change)
	return b
}

func (b Signatures) mapLines(change func(Line) Line) Block {
	b.Items = mapEach(b.Items, func(s Signature) Signature { s.Who = change(s.Who); return s })
	return b
}

func (b Hint) mapLines(change func(Line) Line) Block { b.Words = change(b.Words); return b }

func (b Address) mapLines(change func(Line) Line) Block { b.Lines = mapEach(b.Lines, change); return b }

func (b QR) mapLines(change func(Line) Line) Block { b.Words = change(b.Words); return b }

func (b PageBreak) mapLines(func(Line) Line) Block { return b }
