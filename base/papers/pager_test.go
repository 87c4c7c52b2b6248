package papers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawn is where a chunk of the test came to stand.
type drawn struct {
	page int
	y    float64
}

func TestPagesHoldWhatMustStayTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newPager(Paper{Lang: "fr"}, Meta{Landscape: rapid.Bool().Draw(t, "landscape")})
		n := rapid.IntRange(1, 60).Draw(t, "chunks")
		chunks := make([]chunk, n)
		at := make([][]drawn, n)
		for i := range chunks {
			chunks[i] = chunk{before: rapid.Float64Range(0, 10).Draw(t, "before"), height: rapid.Float64Range(1,
				60).Draw(t, "height"),
				stay: i+1 < n && rapid.IntRange(0, 2).Draw(t, "stay") == 0, fresh: rapid.IntRange(0, 20).Draw(t, "fresh") == 0}
			chunks[i].draw = func(g *pager, p place) { at[i] = append(at[i], drawn{page: g.pdf.PageNo(), y: p.y}) }
		}
		for i, c := range chunks {
			c.fresh = c.fresh && (i == 0 || !chunks[i-1].stay)
			g.add(c)
		}
		g.flush()
		last := drawn{}
		for i := 0; i < n; {
			end := i
			for end+1 < n && chunks[end].stay {
				end++
			}
			for j := i; j <= end; j++ {
				if len(at[j]) != 1 {
					t.Fatalf("chunk %d was drawn %d times", j, len(at[j]))
				}
				now := at[j][0]
				if now.y < marginTop-slack || now.y+chunks[j].height > g.bottom()+2*slack {
					t.Fatalf("chunk %d of height %.1f stands at %.1f, off the page", j, chunks[j].height, now.y)
				}
				if now.page < last.page || now.page == last.page && now.y < last.y {
					t.Fatalf("chunk %d stands above the one before", j)
				}
				last = now
			}
			if whole := reach(chunks[i : end+1]); whole <= g.bottom()-marginTop && at[i][0].page != at[end][0].page {
				t.Fatalf("chunks %d to %d, %.1f mm, were parted", i, end, whole)
			}
			i = end + 1
		}
	})
}

func TestATableRepeatsItsHeadAndKeepsItsTotals(t *testing.T) {
	g := newPager(Paper{Lang: "fr"}, Meta{})
	var heads, rows []drawn
	head := &chunk{height: 8, draw: func(g *pager, p place) { heads = append(heads, drawn{page: g.pdf.PageNo(), y: p.y}) }}
	for i := range 100 {
		g.add(chunk{height: 7, head: head, stay: i == 98, draw: func(g *pager, p place) {
			rows = append(rows, drawn{page: g.pdf.PageNo(), y: p.y})
		}})
	}
	pages := g.pdf.PageCount()
	if pages != 3 || len(heads) != pages {
		t.Fatalf("%d heads on %d pages", len(heads), pages)
	}
	for i, h := range heads {
		if h.page != i+1 || h.y != marginTop {
			t.Errorf("head %d stands on page %d at %.1f", i+1, h.page, h.y)
		}
	}
	for _, r := range rows {
		if r.y < marginTop+8 {
			t.Errorf("a row stands on the head, at %.1f", r.y)
		}
	}
	if rows[98].page != rows[99].page {
		t.Error("the total stands alone on its page")
	}
}

// stays says which chunks of a paper, after its title, must not be parted from the next.
func stays(t *testing.T, blocks ...Block) (all []bool) {
	t.Helper()
	p := Paper{Kind: Minutes, Lang: "fr", Title: "T", Blocks: blocks}
	if err := Check(p); err != nil {
		t.Fatal(err)
	}
	s := &setter{composer: &composer{speaker: newSpeaker(p, nil)}, width: 160}
	s.put = func(c chunk) { all = append(all, c.stay) }
	s.paper(p)
	return all[1:]
}

func TestWhatBelongsTogetherStaysTogether(t *testing.T) {
	line, step := T("x"), ReckoningLine{Words: T("x")}
	head, text := Heading{Level: 2, Words: line}, Paragraph{line}
	table := Table{Columns: []Column{{Head: line}}, Rows: []Row{{line}, {line}, {line}}, Totals: []Row{{line}}}
	for name, c := range map[string]struct {
		blocks []Block
		want   []bool
	}{
		"a head with its text":               {[]Block{head, text, text}, []bool{true, false, false}},
		"what leads to a decision with it":   {[]Block{text, Decision{Words: line}, text}, []bool{true, false, false}},
		"a computation whole":                {[]Block{Reckoning{[]ReckoningLine{step, step, step}}, text}, []bool{true, true, false, false}},
		"a short table whole":                {[]Block{table, text}, []bool{true, true, true, true, false, false}},
		"a box whole":                        {[]Block{Proof{"h", Blocks{text, text}}}, []bool{true, true, false}},
		"two paragraphs may part":            {[]Block{text, text}, []bool{false, false}},
		"a page break parts":                 {[]Block{PageBreak{}, Decision{Words: line}}, []bool{false, false}},
		"old and new text, when it is short": {[]Block{BeforeAfter{Before: "x", After: "y"}}, []bool{true, false}},
	} {
		if d := cmp.Diff(c.want, stays(t, c.blocks...)); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

func TestNoLineOfAParagraphStandsAlone(t *testing.T) {
	for n := 1; n <= 40; n++ {
		sum := 0
		parts := portions(n)
		for _, p := range parts {
			sum += p
		}
		if sum != n || n > 1 && (parts[0] < 2 || parts[len(parts)-1] < 2) {
			t.Errorf("%d lines are parted as %v", n, parts)
		}
	}
}

func TestColumnsShareTheirRoom(t *testing.T) {
	words, number := Column{}, Column{Align: Right}
	for name, c := range map[string]struct {
		columns     []Column
		asks, least []float64
		room        float64
		want        []float64
	}{
		"figures keep what they ask": {[]Column{words, number}, []float64{40, 20}, []float64{10, 20}, 100,
			[]float64{80, 20}},
		"the widest gives way":    {[]Column{words, words}, []float64{20, 90}, []float64{10, 15}, 60, []float64{20, 40}},
		"down to its widest word": {[]Column{words, words}, []float64{50, 50}, []float64{40, 10}, 60, []float64{40, 20}},
		"weights share the rest": {[]Column{{Weight: 3}, {Weight: 1}, number}, []float64{9, 9, 20},
			[]float64{9, 9, 20}, 100, []float64{60, 20, 20}},
		"figures alone share the air": {[]Column{number, number}, []float64{10, 20}, []float64{10, 20}, 50,
			[]float64{20, 30}},
	} {
		for i, got := range share(c.columns, c.asks, c.least, c.room) {
			if got-c.want[i] > 0.2 || c.want[i]-got > 0.2 {
				t.Errorf("%s: column %d is %.1f wide, want %.1f", name, i+1, got, c.want[i])
			}
		}
	}
}
