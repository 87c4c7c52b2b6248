package register

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
	"strings"
	"sync/atomic"

	"lieux/base/fault"
)

// Sizes of the pieces of an order: a piece begins with leastPiece lines and is parted when it has more than mostPiece.
const (
	leastPiece = 256
	mostPiece  = 2 * leastPiece
)

// rows are lines in an order, in pieces. They never change: those that are made of them share the pieces in which
// nothing differs, so that a directory of a hundred thousand follows an act in the time that a few lines take.
type rows struct {
	order  Order
	pieces []*piece // none is empty
	starts []int    // the place of each piece's first line, and the end
}

// piece are some lines that stand together, with what is made of them when they are first searched.
type piece struct {
	lines        []*Listed
	texts, mails atomic.Pointer[haystack]
}

// newRows takes lines that stand in the order.
func newRows(o Order, lines []*Listed) *rows {
	r := &rows{order: o}
	for part := range slices.Chunk(lines, leastPiece) {
		r.pieces = append(r.pieces, &piece{lines: part})
	}
	return r.counted()
}

// counted notes where each piece begins.
func (r *rows) counted() *rows {
	r.starts = make([]int, 1, len(r.pieces)+1)
	for i, p := range r.pieces {
		r.starts = append(r.starts, r.starts[i]+len(p.lines))
	}
	return r
}

// size is how many lines there are.
func (r *rows) size() int { return r.starts[len(r.pieces)] }

// walk gives the lines from a place on; down begins at the end and goes back.
func (r *rows) walk(from int, down bool) iter.Seq[*Listed] {
	return func(yield func(*Listed) bool) {
		for place := from; place < r.size(); {
			at := place
			if down {
				at = r.size() - 1 - place
			}
			i, exactly := slices.BinarySearch(r.starts, at)
			if !exactly {
				i--
			}
			lines := r.pieces[i].lines
			for k := at - r.starts[i]; k >= 0 && k < len(lines); place++ {
				if !yield(lines[k]) {
					return
				}
				if down {
					k--
				} else {
					k++
				}
			}
		}
	}
}

// swap gives the rows without some lines, which stand in them, and with others.
func (r *rows) swap(out, in []*Listed) *rows {
	if len(out)+len(in) == 0 {
		return r
	}
	next := &rows{order: r.order, pieces: slices.Clone(r.pieces)}
	for _, l := range out {
		at, place, found := next.seek(l)
		fault.Must(found && next.pieces[at].lines[place] == l, "the line of %d is not where it stood", l.Number)
		lines := next.pieces[at].lines
		rest := slices.Concat(lines[:place], lines[place+1:])
		next.put(at, rest)
	}
	for _, l := range in {
		if len(next.pieces) == 0 {
			next.pieces = []*piece{{lines: []*Listed{l}}}
			continue
		}
		at, place, found := next.seek(l)
		fault.Must(!found, "the line of %d stands twice", l.Number)
		lines := next.pieces[at].lines
		next.put(at, slices.Concat(lines[:place], []*Listed{l}, lines[place:]))
	}
	return next.counted()
}

// put replaces a piece: by none when it is empty, by two when it is long.
func (r *rows) put(at int, lines []*Listed) {
	var by []*piece
	if len(lines) > mostPiece {
		by = append(by, &piece{lines: lines[:leastPiece:leastPiece]})
		lines = lines[leastPiece:]
	}
	if len(lines) > 0 {
		by = append(by, &piece{lines: lines})
	}
	r.pieces = slices.Replace(r.pieces, at, at+1, by...)
}

// seek finds the piece and the place in it where a line stands, or would stand.
func (r *rows) seek(l *Listed) (at, place int, found bool) {
	at, first := slices.BinarySearchFunc(r.pieces, l, func(p *piece, l *Listed) int {
		return stands(p.lines[0], l, r.order)
	})
	if first || len(r.pieces) == 0 {
		return at, 0, first
	}
	at = max(at-1, 0)
	place, found = slices.BinarySearchFunc(r.pieces[at].lines, l, func(a, b *Listed) int { return stands(a, b, r.order) })
	return at, place, found
}

// stands compares the places of two lines in an order: who is equal stands by number.
func stands(a, b *Listed, o Order) int {
	return cmp.Or(compare(a, b, o), cmp.Compare(a.Number, b.Number))
}

func compare(a, b *Listed, o Order) int {
	switch o {
	case ByName:
		return strings.Compare(a.sort, b.sort)
	case ByTown:
		return cmp.Or(strings.Compare(a.place, b.place), strings.Compare(a.sort, b.sort))
	case ByShares:
		return cmp.Compare(a.Shares, b.Shares)
	case ByPaid:
		return cmp.Compare(a.Paid, b.Paid)
	case ByVotes:
		return cmp.Compare(a.Votes, b.Votes)
	case BySince:
		return a.Since.Compare(b.Since)
	case ByState:
		return cmp.Compare(a.Due, b.Due)
	}
	return 0 // by number
}

// sortLines puts lines into an order.
func sortLines(lines []*Listed, o Order) []*Listed {
	type ranked struct {
		rank   uint64
		number Number
		line   *Listed
	}
	list, decides := make([]ranked, len(lines)), true
	for i, l := range lines {
		list[i].line, list[i].number = l, l.Number
		list[i].rank, decides = rank(l, o)
	}
	slices.SortFunc(list, func(a, b ranked) int {
		switch {
		case a.rank != b.rank:
			return cmp.Compare(a.rank, b.rank)
		case decides:
			return cmp.Compare(a.number, b.number)
		}
		return stands(a.line, b.line, o)
	})
	out := make([]*Listed, len(list))
	for i, l := range list {
		out[i] = l.line
	}
	return out
}

// rank never falls along an order, so that most lines are compared without being looked at; decides says that those of
// one rank are equal.
func rank(l *Listed, o Order) (n uint64, decides bool) {
	count := func(n int64) uint64 { return uint64(n) ^ 1<<63 }
	switch o {
	case ByName:
		return beginning(l.sort), false
	case ByTown:
		return beginning(l.place), false
	case ByShares:
		return count(l.Shares), true
	case ByPaid:
		return count(int64(l.Paid)), true
	case ByVotes:
		return count(l.Votes), true
	case BySince:
		return uint64(max(l.Since.Year(), 0)), false
	case ByState:
		return count(int64(l.Due)), true
	}
	return 0, true
}

// beginning is the first eight bytes of a key, as a number.
func beginning(key string) uint64 {
	var b [8]byte
	copy(b[:], key)
	return binary.BigEndian.Uint64(b[:])
}
