package sortition

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lieux/base/lang"
	"lieux/base/papers"
)

// Line is one line of the proof in words: a term and what is said of it. A closing sentence has no term.
type Line struct {
	Term   lang.Phrase
	Pieces []Piece
}

// Piece is a part of a line: a phrase, or a text as it stands, which may be a hash (to be compared sign by sign) or
// the name of a person.
type Piece struct {
	Phrase lang.Phrase
	Text   string
	Hash   bool
	Person string // id of the person whose name the text is
}

// Words writes the line as plain text: "Dés : 4 2 6 1 5".
func (l Line) Words(p *lang.Printer) string {
	var b strings.Builder
	if l.Term.Code != "" {
		b.WriteString(p.Words(l.Term))
		if p.Tag == lang.French {
			b.WriteString("\u00a0")
		}
		b.WriteString(": ")
	}
	for _, piece := range l.Pieces {
		b.WriteString(piece.words(p))
	}
	return b.String()
}

func (c Piece) words(p *lang.Printer) string {
	if c.Phrase.Code != "" {
		return p.Words(c.Phrase)
	}
	return c.Text
}

// Explain puts a proof into words, one line for each thing that the minutes say of a draw. It believes the proof:
// [Verify] it first.
func Explain(p Proof) []Line { return explain(p, Hash.Short) }

func explain(p Proof, written func(Hash) string) []Line {
	h := p.Pool
	list := p.list()
	seats := list.Seats()
	lines := []Line{
		term("seats", seatsPhrase(h)),
		term("source", Piece{Text: h.Source}),
		term("pool", append([]Piece{say1("proof.pool", "n", h.Size)}, excludedPiece(h.Excluded)...)...),
		term("hash", Piece{Text: written(h.Hash), Hash: true}),
	}
	lines = append(lines, p.ceremonyLines()...)
	lines = append(lines,
		term("seed", Piece{Text: written(p.Seed), Hash: true}),
		term("effective", p.people(seats.Effective, seats.Vacant)...))
	if h.Substitutes > 0 {
		lines = append(lines, term("substitutes", p.people(seats.Substitutes, 0)...))
	}
	lines = append(lines, term("reserve", reservePhrase(list, seats)))
	lines = append(lines, p.departureLines()...)
	return append(lines,
		term("digest", Piece{Text: written(p.Digest), Hash: true}),
		Line{Pieces: []Piece{say1("proof.closing")}})
}

func term(name string, pieces ...Piece) Line {
	return Line{lang.Say("sortition.proof.term." + name), pieces}
}

func say1(code string, kv ...any) Piece { return Piece{Phrase: lang.Say("sortition."+code, kv...)} }

func seatsPhrase(h Header) Piece {
	effective := lang.Say("sortition.proof.effective", "n", h.Effective)
	if h.Substitutes == 0 {
		return say1("proof.seats.alone", "title", h.Title, "effective", effective)
	}
	substitutes := lang.Say("sortition.proof.substitutes", "n", h.Substitutes)
	return say1("proof.seats", "title", h.Title, "effective", effective, "substitutes", substitutes)
}

// excludedPiece tells how many were put aside and why: each reason with its count when there are several people.
func excludedPiece(excluded []ExcludedLeaf) []Piece {
	if len(excluded) == 0 {
		return nil
	}
	count := map[string]int{}
	for _, e := range excluded {
		for _, reason := range e.Reasons {
			count[reason]++
		}
	}
	reasons := slices.Sorted(maps.Keys(count))
	if len(excluded) > 1 {
		for i, reason := range reasons {
			reasons[i] = fmt.Sprintf("%s (%d)", reason, count[reason])
		}
	}
	return []Piece{say1("proof.excluded", "n", len(excluded), "reasons", strings.Join(reasons, ", "))}
}

func (p Proof) ceremonyLines() []Line {
	c := Begin(p.Pool.Hash)
	dropped := 0
	for _, s := range p.Ceremony {
		if c.Take(s) == nil && s.Kind == WordDropped {
			dropped++
		}
	}
	words := []Piece{say1("proof.words", "words", strings.Join(c.Words(), ", "))}
	if dropped > 0 {
		words = append(words, say1("proof.words.dropped", "n", dropped))
	}
	figures := make([]string, len(c.dice))
	for i, die := range c.dice {
		figures[i] = strconv.Itoa(die)
	}
	k, n := p.Pool.Seats(), p.Pool.Size
	chance, needed := "proof.chance.enough", DiceFor(k, n)
	if len(c.dice) < needed {
		chance = "proof.chance.short"
	}
	return []Line{
		term("words", words...),
		term("dice", Piece{Text: strings.Join(figures, " ")}),
		term("chance", say1(chance, "dice", len(c.dice), "bits", DiceBits(len(c.dice)), "seats", k, "size", n,
			"needed", needed, "want", ListBits(k, n))),
	}
}

func (p Proof) departureLines() (lines []Line) {
	list := NewList(p.Pool.Effective, p.Pool.Substitutes, p.Pool.Size)
	for _, d := range p.Departures {
		next, moved, err := list.Depart(d)
		if err != nil {
			continue // a proof that does not verify; its other lines can still be read
		}
		list = next
		pieces := append(p.person(d.Rank), say1("proof.gone."+string(d.Ground), "on", d.On))
		for _, m := range moved {
			pieces = append(pieces, say1("proof.move."+string(m.To)))
			pieces = append(pieces, p.person(m.Rank)...)
		}
		lines = append(lines, term("departure", pieces...))
	}
	return lines
}

// list is the list with the departures that can be read.
func (p Proof) list() List {
	list := NewList(p.Pool.Effective, p.Pool.Substitutes, p.Pool.Size)
	for _, d := range p.Departures {
		if next, _, err := list.Depart(d); err == nil {
			list = next
		}
	}
	return list
}

func reservePhrase(l List, s Seats) Piece {
	left := l.size - len(l.departures) - len(s.Effective) - len(s.Substitutes)
	if left == 0 {
		return say1("proof.reserve.none")
	}
	return say1("proof.reserve", "n", left)
}

// people lists persons, parted by commas, and the seats that nobody is left for.
func (p Proof) people(ranks []int, vacant int) (pieces []Piece) {
	for i, rank := range ranks {
		if i > 0 {
			pieces = append(pieces, Piece{Text: ", "})
		}
		pieces = append(pieces, p.person(rank)...)
	}
	switch {
	case vacant > 0 && len(ranks) > 0:
		return append(pieces, Piece{Text: ", "}, say1("proof.vacant", "n", vacant))
	case vacant > 0:
		return []Piece{say1("proof.vacant", "n", vacant)}
	case len(ranks) == 0:
		return []Piece{say1("proof.nobody")}
	}
	return pieces
}

func (p Proof) person(rank int) []Piece {
	i := slices.IndexFunc(p.Opened, func(o Opened) bool { return o.Rank == rank })
	switch {
	case i < 0:
		return []Piece{say1("proof.rank", "rank", rank)} // left while in reserve: the proof does not name them
	case !p.Opened[i].Erased.IsZero():
		return []Piece{say1("proof.erased", "rank", rank)}
	}
	o := p.Opened[i]
	name := Piece{Text: o.Name, Person: o.Person}
	if o.Own { // who is there in their own right was drawn as themselves, whatever body they also speak for
		return []Piece{name}
	}
	return []Piece{name, say1("proof.for", "bodies", o.Bodies)}
}

// Names are the names of the persons that a box or a paper of this proof speaks of.
func (p Proof) Names() papers.NameMap {
	names := papers.NameMap{}
	for _, o := range p.Opened {
		if o.Erased.IsZero() {
			names[o.Person] = o.Name
		}
	}
	return names
}

// Box is the proof as it stands in the minutes, under the item of the draw.
func Box(p Proof, printer *lang.Printer) papers.Proof {
	return papers.Proof{Head: printer.T("sortition.proof.head"), Blocks: blocks(Explain(p), printer)}
}

// Paper is the proof on one page, with whole hashes, a code for a telephone and the way to do the sum again. The
// caller adds the house.
func Paper(p Proof, printer *lang.Printer) papers.Paper {
	var steps []papers.Line
	for _, step := range []string{"1", "2", "3"} {
		steps = append(steps, papers.T(printer.T("sortition.proof.again."+step)))
	}
	title := printer.T("sortition.proof.title", "title", p.Pool.Title)
	paper := papers.Paper{Kind: papers.Evidence, Lang: printer.Tag, Title: title}
	paper.Blocks = append(blocks(explain(p, Hash.Spaced), printer),
		papers.Heading{Level: 2, Words: papers.T(printer.T("sortition.proof.again.head"))},
		papers.List{Ordered: true, Items: steps},
		papers.QR{Text: fmt.Sprintf("%s %d %s", Format, Version, p.Digest), // which covers the pool's hash and the seed
			Words: papers.T(printer.T("sortition.proof.qr"))})
	return paper
}

// blocks sets lines as facts; a sentence without a term becomes a remark below.
func blocks(lines []Line, printer *lang.Printer) papers.Blocks {
	var facts papers.Facts
	var rest papers.Blocks
	for _, l := range lines {
		var words papers.Line
		for _, piece := range l.Pieces {
			switch {
			case piece.Person != "":
				words = append(words, papers.Who(piece.Person))
			case piece.Hash:
				words = append(words, papers.Mono(piece.Text))
			default:
				words = append(words, papers.Inline{Text: piece.words(printer)})
			}
		}
		if l.Term.Code == "" {
			rest = append(rest, papers.Hint{Words: words})
		} else {
			facts.Items = append(facts.Items, papers.Fact{Term: printer.Words(l.Term), Words: words})
		}
	}
	return append(papers.Blocks{facts}, rest...)
}
