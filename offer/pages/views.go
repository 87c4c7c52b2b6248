package pages

import (
	"slices"
	"strings"

	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/web"
	"lieux/offer"
)

// paragraphs are the parts of a text, parted by empty or single line ends.
func paragraphs(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}

func verdictKind(v offer.Verdict) web.Kind {
	if v.Stops() {
		return web.No
	}
	return web.Wait
}

func answerKind(row threshold) web.Kind {
	switch {
	case !row.Crossed:
		return web.Yes
	case row.Answer == offer.Stop:
		return web.No
	}
	return web.Wait
}

// options makes a choice from what has words; hint is the phrase of a second line, or nil.
func options[T interface {
	~string
	Words() lang.Phrase
}](p *lang.Printer, list []T, hint func(T) lang.Phrase) (out []web.Option) {
	for _, v := range list {
		o := web.Option{Value: string(v), Label: lang.Capital(p.Words(v.Words()))}
		if hint != nil {
			o.Hint = p.Words(hint(v))
		}
		out = append(out, o)
	}
	return out
}

func thresholdOptions(p *lang.Printer) []web.Option { return options(p, offer.Thresholds, nil) }
func answerOptions(p *lang.Printer) []web.Option    { return options(p, offer.Answers, nil) }
func paperOptions(p *lang.Printer) []web.Option     { return options(p, offer.PaperKinds, nil) }
func belowOptions(p *lang.Printer) []web.Option     { return options(p, offer.Belows, offer.Below.Says) }
func ruleOptions(p *lang.Printer) []web.Option      { return options(p, offer.Rules, offer.Rule.Says) }

func confidenceOptions(p *lang.Printer) (out []web.Option) {
	for _, c := range []offer.Confidence{offer.Read, offer.Told} {
		out = append(out, web.Option{Value: string(c), Label: lang.Capital(p.T("offer.confidence." + string(c)))})
	}
	return out
}

func (page termsPage) title(p *lang.Printer) string {
	if page.Of == "" {
		return p.T("offer.page.new")
	}
	return p.T("offer.page.redraw")
}

func (page termsPage) action() string {
	if page.Of == "" {
		return pathCampaigns
	}
	return pathCampaigns + "/" + page.Of + "/terms"
}

// acts are what may be done with a campaign as it stands; the first is the one that comes next.
func (page campaignPage) acts() []string {
	switch page.State {
	case offer.Draft:
		return []string{"fixing", "terms"}
	case offer.Awaited:
		return []string{"extension", "abandoning"}
	case offer.Open:
		if page.Result.Asked() >= page.Result.Room {
			return []string{"closing", "extension", "abandoning"}
		}
		return []string{"extension", "abandoning"}
	case offer.Ended:
		return []string{"closing", "extension", "abandoning"}
	}
	return nil
}

func (page campaignPage) resultTitle(p *lang.Printer) string {
	if page.Closed {
		return p.T("offer.page.computation")
	}
	return p.T("offer.page.computation.today")
}

// reckoning is how the closing comes about, line by line.
func (page campaignPage) reckoning(p *lang.Printer) []web.Line {
	r := page.Result
	euros := func(shares int64) string { return p.Money(money.Cents(shares) * r.Nominal) }
	lines := []web.Line{{Text: p.T("offer.page.reckon.asked", "n", r.Asked()), Value: euros(r.Asked())}}
	if page.Minimum > 0 {
		lines = append(lines, web.Line{Text: p.T("offer.page.reckon.minimum"), Value: p.Money(page.Minimum)})
	}
	return append(lines, web.Line{Text: p.T("offer.page.reckon.room", "n", r.Room), Value: euros(r.Room)},
		web.Line{Text: p.T("offer.page.reckon.outcome", "outcome", r.Outcome.Words(), "rule", r.Rule.Words()),
			Value: p.T("offer.page.shares", "n", r.Given())},
		web.Line{Text: p.T("offer.page.reckon.raised"), Value: euros(r.Given())},
		web.Line{Text: p.T("offer.page.reckon.back", "n", r.Asked()-r.Given()), Value: euros(r.Asked() - r.Given())})
}

// who names who asked: a request whose applicant nobody has found in the books yet has its number only.
func (page campaignPage) who(p *lang.Printer, g offer.Given) string {
	if g.Person == "" {
		return p.T("offer.page.request", "number", g.Number)
	}
	return page.Names[g.Person].Words(p)
}

// worth is what somebody was given, in euros.
func (page campaignPage) worth(g offer.Given) money.Cents {
	return money.Cents(g.Given) * page.Result.Nominal
}

// back is what somebody paid for more than they were given: it is owed back.
func (page campaignPage) back(g offer.Given) money.Cents { return max(0, g.Paid-page.worth(g)) }

func (page campaignPage) sums(p *lang.Printer) []web.Cell {
	r := page.Result
	var paid, back money.Cents
	for _, g := range r.Lines {
		paid, back = paid+g.Paid, back+page.back(g)
	}
	return []web.Cell{{}, {Text: p.Count(r.Asked()), Label: p.T("offer.field.asked"), Num: true}, {},
		{Text: p.Count(r.Given()), Label: p.T("offer.field.given"), Num: true},
		{Text: p.Money(money.Cents(r.Given()) * r.Nominal), Label: p.T("offer.field.amount"), Num: true},
		{Text: p.Money(paid), Label: p.T("offer.field.paid"), Num: true},
		{Text: p.Money(back), Label: p.T("offer.field.back"), Num: true}}
}

func totals(p *lang.Printer, lines []scale) []web.Cell {
	var asked, target, ceiling money.Cents
	for _, s := range lines {
		asked, target, ceiling = asked+s.asked(), target+s.Target, ceiling+s.Ceiling
	}
	return []web.Cell{{}, {Text: p.Money(asked), Label: p.T("offer.field.asked"), Num: true},
		{Text: p.Money(target), Label: p.T("offer.field.target"), Num: true},
		{Text: p.Money(ceiling), Label: p.T("offer.field.ceiling"), Num: true}, {}}
}
