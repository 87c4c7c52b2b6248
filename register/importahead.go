package register

import (
	"lieux/base/fault"
	"lieux/base/sheets"
)

// readAhead is a row that was read before it is its turn: its cells, and what they say.
type readAhead struct {
	row   sheets.Row
	in    importRow
	wrong fault.Refusals
}

// How far a reader reads ahead.
const (
	aheadRows   = 500 // of a piece, which one goroutine reads
	aheadPieces = 4   // that are read, or wait to be taken
)

// reader reads the rows of a file beside the act that takes them in: what a row says depends on nothing that the rows
// above it change.
type reader struct {
	pieces chan chan aheadPiece
	ended  chan struct{}
	rows   []readAhead
}

// aheadPiece are rows that follow one another, or the panic of who read them, which is that of who takes them.
type aheadPiece struct {
	rows  []readAhead
	panic any
}

// ahead begins to read. Whoever calls it calls stop at the end.
func (im *importer) ahead() *reader {
	r := &reader{pieces: make(chan chan aheadPiece, aheadPieces), ended: make(chan struct{})}
	go func() {
		for rows := im.rows; len(rows) > 0; {
			n := min(aheadRows, len(rows))
			piece := make(chan aheadPiece, 1)
			select {
			case r.pieces <- piece:
			case <-r.ended:
				return
			}
			go func(rows []sheets.Row) { piece <- im.readAll(rows) }(rows[:n])
			rows = rows[n:]
		}
	}()
	return r
}

func (im *importer) readAll(rows []sheets.Row) (p aheadPiece) {
	defer func() { p.panic = recover() }()
	p.rows = make([]readAhead, len(rows))
	for i, row := range rows {
		p.rows[i].row = row
		p.rows[i].in, p.rows[i].wrong = im.read(row)
	}
	return p
}

// next is the next row; it is asked for as often as there are rows.
func (r *reader) next() (row readAhead) {
	if len(r.rows) == 0 {
		piece := <-<-r.pieces
		if piece.panic != nil {
			panic(piece.panic)
		}
		r.rows = piece.rows
	}
	row, r.rows = r.rows[0], r.rows[1:]
	return row
}

func (r *reader) stop() { close(r.ended) }
