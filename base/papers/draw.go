package papers

import (
	"io"
	"time"
)

// Meta is what a PDF says of itself beside the paper.
type Meta struct {
	Author string    // the house when empty
	Made   time.Time // date written into the file; the same Made gives the same bytes. Zero: 1 January 2000, UTC
	Hash   Digest    // printed at the foot of each page when not zero
	Draft  bool      // each page says that the paper is not frozen
}

// PDF draws a paper on A4 pages.
func PDF(w io.Writer, p Paper, names Names, meta Meta) error { panic("being written") }
