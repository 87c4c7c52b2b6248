package papers

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"

	"lieux/base/fault"
	"lieux/base/lang"
)

func htmlOf(t *testing.T, p Paper, names Names) string {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, p, names); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTMLEscapesWhatPeopleWrite(t *testing.T) {
	const evil = `<script>alert("1")</script> & 'x'`
	p := Paper{Kind: Minutes, Lang: "fr", House: evil, Title: evil, Blocks: Blocks{
		Heading{Level: 2, Number: evil, Words: T(evil)}, Paragraph{L(evil, B(evil), I(evil), Mono(evil),
			Dagger(evil), Who("P1"))},
		Aside{Lead: evil, Label: evil, Words: T(evil)}, Proof{evil, Blocks{Facts{[]Fact{{evil, T(evil)}}}}},
		Hint{evil, T(evil)},
		Decision{Words: T(evil), Standing: Differs, Note: T(evil), Article: evil}, BeforeAfter{evil, evil, evil,
			evil + " plus"},
		Reckoning{[]ReckoningLine{{T(evil), evil, evil}}}, Signatures{[]Signature{{evil, T(evil)}}}, QR{evil,
			T(evil)}, Address{[]Line{T(evil)}},
		List{false, []Line{T(evil)}},
		Table{Caption: T(evil), Columns: []Column{{Head: T(evil)}, {Head: T("b")}, {Head: T("c")},
			{Head: T(evil)}}, Rows: []Row{{T(evil), nil, nil, T(evil)}}},
	}}
	var page bytes.Buffer
	if err := HTMLPage(&page, p, NameMap{"P1": evil}, "b { content: '</style>' }", `x"><script>`); err != nil {
		t.Fatal(err)
	}
	if s := page.String(); strings.Contains(s, "<script") || strings.Count(s, "</style>") != 1 {
		t.Errorf("a text became markup:\n%s", s)
	}
}

// The order of heads, the scope of table heads, names of regions: what a screen reader climbs along.
func TestHTMLCanBeHeard(t *testing.T) {
	for _, tag := range lang.Tags {
		tokens := html.NewTokenizer(strings.NewReader(htmlOf(t, samplePaper(tag), sampleNames)))
		level, open, ids := 0, []string{}, map[string]bool{}
		for {
			kind := tokens.Next()
			if kind == html.ErrorToken {
				if !errors.Is(tokens.Err(), io.EOF) || len(open) > 0 {
					t.Errorf("%s: ends with %v open (%v)", tag, open, tokens.Err())
				}
				break
			}
			token := tokens.Token()
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Key] = a.Val
			}
			switch {
			case kind == html.EndTagToken:
				if len(open) == 0 || open[len(open)-1] != token.Data {
					t.Fatalf("%s: </%s> closes %v", tag, token.Data, open)
				}
				open = open[:len(open)-1]
				continue
			case kind != html.StartTagToken:
				continue
			}
			if token.DataAtom != atom.Br && !strings.HasPrefix(token.Data, "rect") {
				open = append(open, token.Data)
			}
			if regexp.MustCompile(`^h[1-6]$`).MatchString(token.Data) {
				now := int(token.Data[1] - '0')
				if now > level+1 {
					t.Errorf("%s: h%d follows h%d", tag, now, level)
				}
				level = now
			}
			if token.DataAtom == atom.Th && attributes["scope"] == "" {
				t.Errorf("%s: a head of a table has no scope", tag)
			}
			if (token.DataAtom == atom.Aside || token.DataAtom == atom.Section) && attributes["aria-label"] == "" {
				t.Errorf("%s: <%s> has no name", tag, token.Data)
			}
			if id := attributes["id"]; id != "" && ids[id] {
				t.Errorf("%s: id %s stands twice", tag, id)
			} else if id != "" {
				ids[id] = true
			}
			if attributes["style"] != "" {
				t.Errorf("%s: <%s> has a style, which the content security policy forbids", tag, token.Data)
			}
		}
		if !ids["item-1"] || !ids["item-6"] {
			t.Errorf("%s: items cannot be linked to: %v", tag, ids)
		}
	}
}

func TestABoxBeforeTheFirstItemOpensNoItem(t *testing.T) {
	p := Paper{Kind: Evidence, Lang: "fr", Title: "T", Blocks: Blocks{Proof{"Tirage", Blocks{Paragraph{T("x")}}}}}
	if got := htmlOf(t, p, nil); strings.Contains(got, "<h2") || !strings.Contains(got, "<p><b>Tirage</b></p>") {
		t.Error(got)
	}
}

func TestEveryDrawingKeepsEveryWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z]{5}`).Draw(t, "word")
		p := Paper{Kind: Minutes, Lang: "fr", Title: "T", Blocks: Blocks{Paragraph{T(word)},
			Decision{Words: T(word)}, Aside{Words: T(word)},
			Proof{"h", Blocks{Facts{[]Fact{{"t", T(word)}}}, Hint{"", T(word)}}}, List{true, []Line{T(word)}},
			Signatures{[]Signature{{"r", T(word)}}},
			Table{Columns: []Column{{Head: T(word)}}, Rows: []Row{{T(word)}}, Totals: []Row{{T(word)}}}}}
		var h, x strings.Builder
		if err := errors.Join(HTML(&h, p, nil), Text(&x, p, nil)); err != nil {
			t.Fatal(err)
		}
		if strings.Count(h.String(), word) < 10 || strings.Count(x.String(), word) < 10 {
			t.Fatalf("%s is lost in\n%s\n%s", word, h.String(), x.String())
		}
	})
}

// streamed makes a register of so many holders; a row of -1 is an error of the world, one of -2 a row with a cell too
// few.
func streamed(n, bad int, what error) Paper {
	rows := func(yield func(Row, error) bool) {
		for i := range n {
			row := Row{T(book().In("fr").Count(int64(i + 1))), T("Coopérateur inventé " + string(rune('A'+i%26))),
				T("rue de la Brique 7, 4000 Liège"), T("10")}
			var err error
			if i == bad && what != nil {
				row, err = nil, what
			} else if i == bad {
				row = row[:2]
			}
			if !yield(row, err) {
				return
			}
		}
	}
	return Paper{Kind: Register, Lang: "fr", House: "Dynamo Coop", Title: "Registre", Blocks: Blocks{Table{
		Columns: []Column{{Head: T("N°"), Align: Right}, {Head: T("Nom"), Row: true}, {Head: T("Adresse")},
			{Head: T("Parts"), Align: Right}},
		Stream: rows, Totals: []Row{{nil, T("Total"), nil, T("100\u00a0000")}}}}}
}

func TestAStreamThatFailsFailsTheDrawing(t *testing.T) {
	broken := errors.New("the disk is gone")
	draws := map[string]func(Paper) error{
		"html": func(p Paper) error { return HTML(io.Discard, p, nil) },
		"text": func(p Paper) error { return Text(io.Discard, p, nil) },
		"pdf":  func(p Paper) error { return PDF(io.Discard, p, nil, Meta{}) },
	}
	for name, draw := range draws {
		for _, at := range []int{0, 3, sampleRows + 7} {
			if err := draw(streamed(sampleRows+20, at, broken)); !errors.Is(err, broken) {
				t.Errorf("%s: an error in row %d gave %v", name, at+1, err)
			}
			err := draw(streamed(sampleRows+20, at, nil))
			if rs := fault.Of(err); len(rs) != 1 || rs[0].Code != "papers.refusal.cells" ||
				rs[0].Args["where"] != (Place{Name: "table", Row: at + 1}) {
				t.Errorf("%s: a short row %d gave %v", name, at+1, err)
			}
		}
		if err := draw(streamed(sampleRows+20, -1, nil)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := draw(streamed(0, -1, nil)); err != nil {
			t.Errorf("%s: an empty register: %v", name, err)
		}
	}
}

// What would be a long column of records on a telephone waits behind a line that says how many there are; a short table
// and one of few columns stand as they are.
func TestALongTableFoldsOnATelephone(t *testing.T) {
	for _, c := range []struct {
		columns, rows int
		folds         bool
	}{{recordColumns, longTable + 1, true}, {recordColumns, longTable, false}, {recordColumns - 1, longTable + 1, false}} {
		table := Table{Columns: make([]Column, c.columns)}
		for range c.rows {
			table.Rows = append(table.Rows, make(Row, c.columns))
		}
		var b strings.Builder
		if err := HTML(&b, Paper{Kind: Letter, Lang: "fr", Title: "T", Blocks: Blocks{table}}, nil); err != nil {
			t.Fatal(err)
		}
		folded := strings.Contains(b.String(), "<details class=\"long\"><summary>Voir les 7 lignes</summary>\n<table") &&
			strings.Contains(b.String(), "</table>\n</details>")
		if folded != c.folds {
			t.Errorf("%d columns, %d rows:\n%s", c.columns, c.rows, b.String())
		}
	}
}
