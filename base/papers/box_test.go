package papers

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"testing"
)

var (
	streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	squares = regexp.MustCompile(`(?m) re S$`)
	strokes = regexp.MustCompile(`(?m) l S$`)
)

// drawnIn counts the squares and the strokes that a file draws.
func drawnIn(t *testing.T, pdf []byte) (square, stroke int) {
	t.Helper()
	for _, s := range streams.FindAllSubmatch(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(s[1]))
		if err != nil {
			continue // a face, not what is drawn
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		square += len(squares.FindAll(content, -1))
		stroke += len(strokes.FindAll(content, -1))
	}
	return square, stroke
}

// A ballot is answered with a cross in a box: the PDF draws it, the other forms write its sign.
func TestABoxToCrossIsDrawn(t *testing.T) {
	ballot := func(text string) Paper {
		return Paper{Kind: Letter, Lang: "fr", Title: "Bulletin", Blocks: Blocks{
			Table{Columns: []Column{{Head: T("pour")}}, Rows: []Row{{T(text)}}}}}
	}
	for _, c := range []struct {
		text            string
		square, strokes int
	}{{"pour", 0, 0}, {"☐", 1, 0}, {"☐ oui ☐ non", 2, 0}, {"☑", 1, 2}, {"☒", 1, 2}, {"✓", 0, 2}} {
		square, stroke := drawnIn(t, pdfOf(t, ballot(c.text), nil, Meta{}))
		if square != c.square || stroke != c.strokes {
			t.Errorf("%q draws %d squares and %d strokes", c.text, square, stroke)
		}
	}
	for name, write := range map[string]func(io.Writer, Paper, Names) error{"text": Text, "html": HTML} {
		var b strings.Builder
		if err := write(&b, ballot("☐ oui"), nil); err != nil || !strings.Contains(b.String(), "☐ oui") {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
	narrow, wide := natural([]piece{{text: "☐", font: body, size: 9}})
	if narrow < 3 || wide != narrow {
		t.Errorf("a box is %v mm wide", narrow)
	}
}
