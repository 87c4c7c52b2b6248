package papers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"lieux/base/lang"
)

// longPaper is a register of so many rows; drawn counts those that were read.
func longPaper(rows int, drawn *int, fails error) Paper {
	return Paper{Kind: Register, Lang: lang.French, House: "Une maison", Title: "Registre", Foot: "Registre d’essai", Blocks: Blocks{
		Heading{Level: 2, Words: T("Les titulaires")},
		Table{Columns: []Column{{Head: T("Numéro"), Align: Right}, {Head: T("Nom"), Weight: 1}},
			Stream: func(yield func(Row, error) bool) {
				for i := range rows {
					*drawn = i + 1
					if !yield(Row{T(fmt.Sprint(i + 1)), T(fmt.Sprintf("Titulaire %d Été", i+1))}, nil) {
						return
					}
				}
				if fails != nil {
					yield(nil, fails)
				}
			}},
		Heading{Level: 2, Words: T("Les cessions")}, Heading{Level: 3, Words: T("Entre membres")},
		Paragraph{Words: T("Aucune.")}, Heading{Level: 2, Words: T("La fin")}, Paragraph{Words: T("C’est tout.")}}}
}

// feet are the numbers of pages in a text: what a file in parts says otherwise.
var feet = regexp.MustCompile(`page \d+( de \d+)?`)

// A long paper in parts is the same paper: same text, same bookmarks, a sound file, twice the same bytes; the first
// pages leave when few rows are read.
func TestALongPaperLeavesInParts(t *testing.T) {
	rows, read := 6000, 0
	p := longPaper(rows, &read, nil)
	var out bytes.Buffer
	atFirst := 0
	err := PDFInParts(writing(func(b []byte) (int, error) {
		if out.Len() > 100_000 && atFirst == 0 {
			atFirst = read
		}
		return out.Write(b)
	}), p, nil, Meta{})
	if err != nil {
		t.Fatal(err)
	}
	if atFirst == 0 || atFirst > rows/2 {
		t.Errorf("100,000 bytes had left when %d of %d rows were read", atFirst, rows)
	}
	var again bytes.Buffer
	if err := PDFInParts(&again, p, nil, Meta{}); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Errorf("drawn twice, the bytes differ: %v", err)
	}
	whole := pdfOf(t, p, nil, Meta{})
	text := func(pdf []byte) string { return settled(poppler(t, pdf, "pdftotext", "-layout", "-", "-")) }
	got, want := text(out.Bytes()), text(whole)
	if feet.ReplaceAllString(got, "page") != feet.ReplaceAllString(want, "page") {
		t.Error("the text in parts is another one")
	}
	pages := regexp.MustCompile(`Pages: +(\d+)`).FindStringSubmatch(poppler(t, out.Bytes(), "pdfinfo", "-"))[1]
	numbers := feet.FindAllString(got, -1)
	if last := numbers[len(numbers)-1]; last != "page "+pages+" de "+pages || numbers[0] != "page 1" || fmt.Sprint(len(numbers)) != pages {
		t.Errorf("%s pages say %q … %q", pages, numbers[0], last)
	}
	if got := poppler(t, out.Bytes(), "qpdf", "--check", "-"); !strings.Contains(got, "No syntax or stream encoding errors") {
		t.Error(got)
	}
	if got, want := bookmarks(t, out.Bytes()), bookmarks(t, whole); got != want || !strings.Contains(got, "Entre membres") {
		t.Errorf("the bookmarks are\n%s\nnot\n%s", got, want)
	}
}

// bookmarks lists the bookmarks of a PDF with their pages, as qpdf reads them.
func bookmarks(t *testing.T, pdf []byte) string {
	t.Helper()
	read := poppler(t, pdf, "qpdf", "--json", "--json-key=outlines", "-")
	return strings.Join(regexp.MustCompile(`"(title|destpageposfrom1)": [^,\n]*`).FindAllString(read, -1), "\n")
}

type writing func([]byte) (int, error)

func (w writing) Write(b []byte) (int, error) { return w(b) }

// Papers of every length are sound in parts, those of exactly one part and a line more too.
func TestAPaperOfAnyLengthLeavesInParts(t *testing.T) {
	lengths := map[int]bool{}
	for _, rows := range []int{1, 40, 1140, 1146, 1152, 1158, 1164, 1170, 1176, 1182, 1188, 1194} {
		read := 0
		p := longPaper(rows, &read, nil)
		var out bytes.Buffer
		if err := PDFInParts(&out, p, nil, Meta{}); err != nil {
			t.Fatal(err)
		}
		got, err := readPDF(out.Bytes())
		if err != nil {
			t.Fatalf("%d rows: %v", rows, err)
		}
		want, err := readPDF(pdfOf(t, p, nil, Meta{}))
		if err != nil || got.PageCount != want.PageCount {
			t.Fatalf("%d rows: %d pages, want %d: %v", rows, got.PageCount, want.PageCount, err)
		}
		lengths[got.PageCount] = true
	}
	if !lengths[partPages] || !lengths[partPages+1] {
		t.Errorf("the lengths tried are %v: none ends a part", lengths)
	}
}

// What fails ends the drawing with its error: a row that cannot be read, a reader who left, a paper that is none.
func TestALongPaperThatFails(t *testing.T) {
	read, broken := 0, errors.New("the store is gone")
	if err := PDFInParts(io.Discard, longPaper(3000, &read, broken), nil, Meta{}); !errors.Is(err, broken) {
		t.Errorf("a row that fails: %v", err)
	}
	left, n := errors.New("the reader left"), 0
	err := PDFInParts(writing(func(b []byte) (int, error) {
		if n += len(b); n > 50_000 {
			return 0, left
		}
		return len(b), nil
	}), longPaper(100_000, &read, nil), nil, Meta{})
	if !errors.Is(err, left) || read > 10_000 {
		t.Errorf("a reader who left: %v after %d rows", err, read)
	}
	if err := PDFInParts(io.Discard, Paper{Title: "T"}, nil, Meta{}); err == nil {
		t.Error("a paper without a kind is drawn")
	}
}
