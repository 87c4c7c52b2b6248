package papers

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"lieux/base/lang"
)

// Phrases are the words that a drawing adds to a paper: heads, page numbers, standings, refusals.
//
//go:embed lang/*.json
var Phrases embed.FS

// book holds the phrases of this package alone, so that a paper can be drawn in its own language anywhere.
var book = sync.OnceValue(func() *lang.Book {
	b, err := lang.NewBook(Phrases)
	if err != nil {
		panic(fmt.Sprintf("assertion: %v", err)) // the catalogues are our own
	}
	return b
})

// speaker puts what the tree leaves open into words: names, and the phrases of the paper's language.
type speaker struct {
	*lang.Printer
	names Names
}

func newSpeaker(p Paper, names Names) speaker { return speaker{book().In(p.Lang), names} }

// text is what an inline says.
func (s speaker) text(in Inline) string {
	if in.Style != Person {
		return in.Text
	}
	if name, ok := nameOf(s.names, in.ID); ok && name != "" {
		return name
	}
	return s.T("papers.erased")
}

// plain is a whole line as one text.
func (s speaker) plain(line Line) string {
	var b strings.Builder
	for _, in := range line {
		b.WriteString(s.text(in))
	}
	return b.String()
}

// standing puts the standing of a decision into words: what it is, and what completes it ("manque : le nombre de
// voix").
func (s speaker) standing(d Decision) (what, note string) {
	what = s.T("papers.standing." + string(d.Standing))
	note = s.plain(d.Note)
	if note != "" && d.Standing == AsStated {
		note = s.T("papers.standing.as-stated.note", "note", note)
	}
	return what, note
}

// heads are the heads over the old and the new text.
func (s speaker) heads(b BeforeAfter) (before, after string) {
	return orElse(b.BeforeHead, s.T("papers.before")), orElse(b.AfterHead, s.T("papers.after"))
}

// lead opens an aside.
func (s speaker) lead(b Aside) string { return orElse(b.Lead, s.T("papers.retained")) }

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
