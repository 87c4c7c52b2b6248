package papers

import (
	"io"
	"time"
)

// HTML draws a paper as <article class="sheet minutes">, ready to stand in a page. Names may be nil when the paper names nobody.
func HTML(w io.Writer, p Paper, names Names) error { panic("being written") }

// HTMLPage draws a page of its own, to be printed or sent: style is the text of a stylesheet, put into the page; link is the address of one.
// Either may be empty.
func HTMLPage(w io.Writer, p Paper, names Names, style, link string) error { panic("being written") }

// Text draws a paper as plain text of at most 78 columns.
func Text(w io.Writer, p Paper, names Names) error { panic("being written") }

// Meta is what a PDF says of itself beside the paper.
type Meta struct {
	Author string    // the house when empty
	Made   time.Time // date written into the file; the same Made gives the same bytes. Zero: 1 January 2000, UTC
	Hash   Digest    // printed at the foot of each page when not zero
	Draft  bool      // each page says that the paper is not frozen
}

// PDF draws a paper on A4 pages.
func PDF(w io.Writer, p Paper, names Names, meta Meta) error { panic("being written") }

// QRPath is a QR code as the path of an SVG: one unit per module, four modules of quiet zone included in size.
func QRPath(text string) (path string, size int, err error) { panic("being written") }
