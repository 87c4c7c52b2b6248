package papers

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/fault"
	"lieux/base/lang"
)

// drawText makes a text such as a secretary may write.
func drawText(t *rapid.T) string {
	return rapid.StringMatching(`[a-zA-Zéàœ€ŁÖ0-9’«»"\\ ,.;:!?-]{1,40}`).Draw(t, "text")
}

func drawLine(t *rapid.T) Line {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Inline {
		in := Inline{Style: rapid.SampledFrom([]Style{Plain, Strong, Emphasis, Code, Mark, Person}).Draw(t, "style")}
		if in.Style != Person {
			in.Text = drawText(t)
			return in
		}
		in.ID = rapid.StringMatching(`P[0-9]{1,3}`).Draw(t, "id")
		if rapid.Bool().Draw(t, "sealed") {
			in.Commitment = Commit(Salt{1}, in.ID)
		}
		return in
	}), 1, 4).Draw(t, "line")
}

func drawLines(t *rapid.T) []Line {
	return rapid.SliceOfN(rapid.Custom(drawLine), 1, 4).Draw(t, "lines")
}

func drawTable(t *rapid.T) Block {
	table := Table{Caption: drawLine(t)}
	n := rapid.IntRange(1, 5).Draw(t, "columns")
	for range n {
		table.Columns = append(table.Columns, Column{Head: drawLine(t), Align: rapid.SampledFrom([]Align{Left,
			Right}).Draw(t, "align"),
			Row: rapid.Bool().Draw(t, "row"), Weight: rapid.IntRange(0, 3).Draw(t, "weight")})
	}
	for range rapid.IntRange(0, 5).Draw(t, "rows") {
		row := make(Row, n)
		for i := range row {
			if rapid.Bool().Draw(t, "filled") {
				row[i] = drawLine(t)
			}
		}
		table.Rows, table.Totals = append(table.Rows, row), append(table.Totals, row)
	}
	return table
}

// drawBlock makes one block; boxes hold only what may stand in a box.
func drawBlock(t *rapid.T, boxed bool) Block {
	text := drawText(t)
	choices := []func() Block{
		func() Block { return Paragraph{drawLine(t)} },
		func() Block { return List{rapid.Bool().Draw(t, "ordered"), drawLines(t)} },
		func() Block { return drawTable(t) },
		func() Block { return Facts{[]Fact{{text, drawLine(t)}}} },
		func() Block { return Reckoning{[]ReckoningLine{{drawLine(t), text, "1"}}} },
		func() Block { return Hint{"†", drawLine(t)} },
		func() Block { return QR{text, drawLine(t)} },
		func() Block { return Heading{Level: 2, Number: "1", Words: drawLine(t)} },
		func() Block {
			return Decision{Words: drawLine(t), Standing: AsStated, Note: drawLine(t), Article: text}
		},
		func() Block { return BeforeAfter{Before: text, After: drawText(t) + "\n" + text} },
		func() Block { return Aside{Words: drawLine(t), Label: text} },
		func() Block { return Signatures{[]Signature{{text, drawLine(t)}}} },
		func() Block { return Address{drawLines(t)} },
		func() Block { return PageBreak{} },
		func() Block { return Proof{text, Blocks{drawBlock(t, true), drawBlock(t, true)}} },
	}
	last := len(choices) - 1
	if boxed {
		last = 6
	}
	return choices[rapid.IntRange(0, last).Draw(t, "block")]()
}

func drawPaper(t *rapid.T) Paper {
	p := Paper{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Lang: rapid.SampledFrom(lang.Tags).Draw(t, "lang"),
		Title: "T" + drawText(t)}
	for range rapid.IntRange(0, 6).Draw(t, "blocks") {
		p.Blocks = append(p.Blocks, drawBlock(t, false))
	}
	return p
}

func TestWhatIsDecodedIsWhatWasEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPaper(t)
		raw, err := Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(raw)
		if err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		if d := cmp.Diff(p, back); d != "" {
			t.Fatalf("(-encoded +decoded):\n%s", d)
		}
	})
}

func TestTheSampleIsFrozenForEver(t *testing.T) {
	// These bytes stand in archives. If this test fails, the encoding has changed and every frozen paper with it:
	// give the new encoding a new domain and keep reading the old one.
	const want = "bb6f671e6f9d0fefe119b07a813ea810a1880fbdb1c66edf7d72d6005be8e508"
	h, err := Hash(samplePaper(lang.French))
	if err != nil {
		t.Fatal(err)
	}
	if h.String() != want {
		t.Errorf("hash of the sample\n got %s\nwant %s", h, want)
	}
	if got := strings.ReplaceAll(h.Grouped(), " ", ""); got != h.String() || strings.Count(h.Grouped(), " ") != 15 {
		t.Errorf("grouped hash %q", h.Grouped())
	}
	raw, _ := Encode(samplePaper(lang.French))
	if sha256.Sum256(raw) == [32]byte(h) {
		t.Error("the hash lacks its domain")
	}
}

func TestTheHashChangesWithAnyChange(t *testing.T) {
	p, _, err := Seal(samplePaper(lang.French), allNames, bytes.NewReader(bytes.Repeat([]byte{7}, 4096)))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	was, _ := Hash(p)
	readable := 0
	for i := 0; i < len(raw); i += 17 {
		changed := slices.Clone(raw)
		switch {
		case changed[i] >= 'a' && changed[i] < 'f', changed[i] >= '0' && changed[i] < '9':
			changed[i]++
		default:
			changed[i] ^= 1
		}
		back, err := Decode(changed)
		if err != nil {
			continue
		}
		readable++
		if h, err := Hash(back); err != nil || h == was {
			t.Fatalf("byte %d changed from %q to %q without a new hash (%v)", i, raw[i], changed[i], err)
		}
	}
	if readable < 100 {
		t.Errorf("only %d changes could be read: the test proves little", readable)
	}
}

func TestOnlyCanonicalBytesAreRead(t *testing.T) {
	const good = `{"kind":"minutes","lang":"fr","title":"Titre","blocks":[{"paragraph":{"words":["a",{"strong":"b"}]}}]}`
	if _, err := Decode([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ raw, code string }{
		"a space":           {strings.Replace(good, ":[", ": [", 1), "not-canonical"},
		"a field twice":     {strings.Replace(good, `"kind"`, `"kind":"letter","kind"`, 1), "not-canonical"},
		"another case":      {strings.Replace(good, `"title"`, `"Title"`, 1), "not-canonical"},
		"unknown field":     {strings.Replace(good, `"lang"`, `"colour":"red","lang"`, 1), "not-canonical"},
		"fields reordered":  {`{"lang":"fr","kind":"minutes","title":"Titre"}`, "not-canonical"},
		"escaped letter":    {strings.Replace(good, `"a"`, "\"\\u0061\"", 1), "not-canonical"},
		"unknown block":     {strings.Replace(good, "paragraph", "picture", 1), "malformed"},
		"two blocks in one": {strings.Replace(good, `{"paragraph"`, `{"page-break":{},"paragraph"`, 1), "malformed"},
		"unknown style":     {strings.Replace(good, "strong", "blink", 1), "malformed"},
		"two styles":        {strings.Replace(good, `{"strong"`, `{"em":"x","strong"`, 1), "not-canonical"},
		"null line":         {strings.Replace(good, `["a",{"strong":"b"}]`, `null`, 1), "empty"},
		"short commitment":  {strings.Replace(good, `"strong":"b"`, `"person":"P1","commitment":"abcd"`, 1), "malformed"},
		"cut short":         {good[:len(good)-4], "malformed"},
		"nothing":           {"", "malformed"},
		"too deep":          {strings.Repeat("[", MaxDepth+1), "depth"},
		"too large":         {strings.Repeat(" ", MaxBytes+1), "too-large"},
		"bad UTF-8":         {strings.Replace(good, "Titre", "T\xff", 1), "sign"},
	} {
		if _, err := Decode([]byte(c.raw)); !fault.Is(err, "papers.refusal."+c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestAWrongTreeIsRefusedWithItsPlace(t *testing.T) {
	words := T("x")
	table := Table{Columns: []Column{{}, {}}, Rows: []Row{{words, nil}, {words}}}
	long := Line{{Text: strings.Repeat("x", MaxText+1)}}
	for _, c := range []struct {
		name  string
		block Block
		code  string
		place Place
	}{
		{"heading too deep", Heading{Level: 3, Words: words}, "level", Place{Block: 1, Name: "heading"}},
		{"heading like the title", Heading{Level: 1, Words: words}, "level", Place{Block: 1, Name: "heading"}},
		{"anchor with a space", Heading{Level: 2, Anchor: "a b", Words: words}, "anchor", Place{Block: 1, Name: "heading"}},
		{"anchor of a figure", Heading{Level: 2, Anchor: "1a", Words: words}, "anchor", Place{Block: 1, Name: "heading"}},
		{"paragraph of nothing", Paragraph{}, "empty", Place{Block: 1, Name: "paragraph"}},
		{"empty text", Paragraph{T("")}, "empty", Place{Block: 1, Name: "paragraph"}},
		{"text too long", Paragraph{long}, "too-many", Place{Block: 1, Name: "paragraph"}},
		{"line feed", Paragraph{T("a\nb")}, "sign", Place{Block: 1, Name: "paragraph"}},
		{"NUL", Paragraph{T("a\x00b")}, "sign", Place{Block: 1, Name: "paragraph"}},
		{"turned writing", Paragraph{T("a\u202eb")}, "sign", Place{Block: 1, Name: "paragraph"}},
		{"line separator", BeforeAfter{Before: "a\u2028b"}, "sign", Place{Block: 1, Name: "before-after"}},
		{"not NFC", Paragraph{T("e\u0301")}, "nfc", Place{Block: 1, Name: "paragraph"}},
		{"invalid UTF-8", Paragraph{T("\xc3")}, "utf8", Place{Block: 1, Name: "paragraph"}},
		{"person without id", Paragraph{Line{{Style: Person}}}, "person", Place{Block: 1, Name: "paragraph"}},
		{"person with a name", Paragraph{Line{{Style: Person, ID: "P1", Text: "Lieve"}}}, "person",
			Place{Block: 1, Name: "paragraph"}},
		{"unknown style", Paragraph{Line{{Style: "blink", Text: "x"}}}, "style", Place{Block: 1, Name: "paragraph"}},
		{"row too short", table, "cells", Place{Block: 1, Row: 2, Name: "table"}},
		{"no columns", Table{}, "empty", Place{Block: 1, Name: "table"}},
		{"unknown side", Table{Columns: []Column{{Align: "centre"}}}, "align", Place{Block: 1, Name: "table"}},
		{"weight too large", Table{Columns: []Column{{Weight: 1001}}}, "weight", Place{Block: 1, Name: "table"}},
		{"note without standing", Decision{Words: words, Note: words}, "standing", Place{Block: 1, Name: "decision"}},
		{"unknown standing", Decision{Words: words, Standing: "guessed"}, "standing", Place{Block: 1, Name: "decision"}},
		{"nothing before or after", BeforeAfter{}, "empty", Place{Block: 1, Name: "before-after"}},
		{"box in a box", Proof{"h", Blocks{Proof{"h", Blocks{Paragraph{words}}}}}, "boxed", Place{Block: 1,
			Inner: 1, Name: "proof-box"}},
		{"heading in a box", Proof{"h", Blocks{Paragraph{words}, Heading{Level: 2, Words: words}}}, "boxed",
			Place{Block: 1, Inner: 2, Name: "proof-box"}},
		{"code too long", QR{strings.Repeat("x", MaxQR+1), words}, "too-many", Place{Block: 1, Name: "qr"}},
		{"no signature", Signatures{}, "empty", Place{Block: 1, Name: "signatures"}},
		{"empty list", List{}, "empty", Place{Block: 1, Name: "list"}},
		{"no block at all", nil, "empty", Place{Block: 1, Name: "paper"}},
	} {
		rs := fault.Of(Check(Paper{Kind: Minutes, Lang: lang.French, Title: "T", Blocks: Blocks{c.block}}))
		if len(rs) != 1 || rs[0].Code != "papers.refusal."+c.code || rs[0].Args["where"] != c.place {
			t.Errorf("%s: %v, want %s at %v", c.name, rs, c.code, c.place)
			continue
		}
		for _, tag := range lang.Tags {
			if said := book().In(tag).Refusal(rs[0]); strings.Contains(said, "«papers") || strings.Contains(said, "<no value>") {
				t.Errorf("%s: %s says %q", c.name, tag, said)
			}
		}
	}
	for name, p := range map[string]Paper{"kind": {Lang: "fr", Title: "T"}, "language": {Kind: Minutes,
		Lang: "de", Title: "T"},
		"empty": {Kind: Minutes, Lang: "fr", Title: " "}} {
		if err := Check(p); !fault.Is(err, "papers.refusal."+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnchorsAreUnique(t *testing.T) {
	h := Heading{Level: 2, Anchor: "item-1", Words: T("x")}
	if err := Check(Paper{Kind: Minutes, Lang: "fr", Title: "T", Blocks: Blocks{h, h}}); !fault.Is(err,
		"papers.refusal.anchor") {
		t.Error(err)
	}
}

func TestAStreamIsNotFrozen(t *testing.T) {
	stream := func(yield func(Row, error) bool) { yield(Row{T("x")}, nil) }
	p := Paper{Kind: Register, Lang: "fr", Title: "T", Blocks: Blocks{Table{Columns: []Column{{}}, Stream: stream}}}
	if _, err := Hash(p); err == nil {
		t.Error("a paper with a stream has a hash")
	}
}

func FuzzDecode(f *testing.F) {
	for _, tag := range lang.Tags {
		raw, err := Encode(samplePaper(tag))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"kind":"letter","lang":"nl","title":"x","blocks":[{"page-break":{}},{"hint":{"words":["y"]}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Decode(raw)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("%q is an error of the world: %v", raw, err)
			}
			return
		}
		again, err := Encode(p)
		if err != nil || !bytes.Equal(raw, again) {
			t.Fatalf("%q was read but is written %q (%v)", raw, again, err)
		}
		var out bytes.Buffer
		if err := errors.Join(HTML(&out, p, nil), Text(&out, p, nil)); err != nil && !fault.Is(err, "papers.refusal.qr") {
			t.Fatalf("%q was read but cannot be drawn: %v", raw, err)
		}
	})
}
