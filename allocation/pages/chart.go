package pages

import (
	"context"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/lang"
)

// criterion is one line of the figure in which plans are compared: more to the right is better.
type criterion struct {
	title string
	value func(solver.Criteria) int64
	words func(solver.Criteria) string
	less  bool // less is better
}

func criteria(p *lang.Printer) []criterion {
	return []criterion{
		{p.T("allocation.page.chart.people"), func(c solver.Criteria) int64 { return int64(c.People) },
			func(c solver.Criteria) string { return p.Count(int64(c.People)) }, false},
		{p.T("allocation.page.chart.waiting"), func(c solver.Criteria) int64 { return c.Waiting / 30 },
			func(c solver.Criteria) string { return p.Count(c.Waiting / 30) }, false},
		{p.T("allocation.page.chart.sharing"), func(c solver.Criteria) int64 { return int64(c.Area) },
			func(c solver.Criteria) string { return allocation.Square(p, c.Area) }, false},
		{p.T("allocation.page.chart.tools"), func(c solver.Criteria) int64 { return int64(c.Tools) },
			func(c solver.Criteria) string { return p.Money(c.Tools) }, false},
		{p.T("allocation.page.chart.works"), func(c solver.Criteria) int64 { return int64(c.Works) },
			func(c solver.Criteria) string { return p.Money(c.Works) }, true},
	}
}

// Measures of the figure.
const (
	chartLeft, chartRight = 250, 780
	chartRow              = 48
)

// chart compares plans criterion by criterion; where all are alike there is nothing to compare.
func chart(p *lang.Printer, plans []openPlan, current allocation.PlanID) templ.Component {
	if len(plans) < 2 || !slices.ContainsFunc(plans, func(o openPlan) bool {
		return o.Res.Plan.Criteria != plans[0].Res.Plan.Criteria
	}) {
		return nil
	}
	var b strings.Builder
	var alt []string
	lines := criteria(p)
	height := len(lines)*chartRow + 4
	for i, line := range lines {
		y := 22 + i*chartRow
		least, most := int64(1<<62), int64(-1<<62)
		said := []string{}
		for n, o := range plans {
			v := line.value(o.Res.Plan.Criteria)
			least, most = min(least, v), max(most, v)
			said = append(said, planLetters[n:n+1]+" "+line.words(o.Res.Plan.Criteria))
		}
		alt = append(alt, line.title+"\u00a0: "+strings.Join(said, ", ")+".")
		fmt.Fprintf(&b, `<path class="grid" d="M%d %dH%d"></path><text class="strong" x="0" y="%d">%s</text>`, chartLeft, y,
			chartRight, y+5, html.EscapeString(line.title))
		marks(&b, plans, line, y, least, most, current)
	}
	out := fmt.Sprintf(`<div class="scroll" tabindex="0" role="group" aria-label="%s">`+
		`<svg class="chart" viewBox="0 0 800 %d" role="img" aria-label="%s">%s</svg></div>`,
		html.EscapeString(p.T("allocation.page.chart")), height,
		html.EscapeString(strings.Join(alt, " ")), b.String())
	return raw(out)
}

// marks draws the plans on a line: those of one value share a mark.
func marks(b *strings.Builder, plans []openPlan, line criterion, y int, least, most int64, current allocation.PlanID) {
	type mark struct {
		letters, words string
		current        bool
	}
	at := map[int64]*mark{}
	var order []int64
	for n, o := range plans {
		v := line.value(o.Res.Plan.Criteria)
		if at[v] == nil {
			at[v] = &mark{words: line.words(o.Res.Plan.Criteria)}
			order = append(order, v)
		}
		at[v].letters += planLetters[n : n+1]
		at[v].current = at[v].current || o.ID == current
	}
	for _, v := range order {
		x := int64(chartRight - 20)
		if most > least {
			x = chartLeft + 40 + (v-least)*(chartRight-chartLeft-80)/(most-least)
			if line.less {
				x = chartLeft + 40 + (most-v)*(chartRight-chartLeft-80)/(most-least)
			}
		}
		m, class, text := at[v], "ringdot", "strong"
		if m.current {
			class, text = "dot", "in"
		}
		width := int64(18 + 9*(len(m.letters)-1))
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="18" rx="9" class="%s"></rect><text x="%d" y="%d" `+
			`text-anchor="middle" class="%s">%s</text><text x="%d" y="%d" text-anchor="middle">%s</text>`, x-width/2, y-9,
			width, class, x, y+5, text, m.letters, x, y+23, html.EscapeString(m.words))
	}
}

func raw(out string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, out)
		return err
	})
}
