package pages

import (
	"strconv"

	"lieux/base/lang"
	"lieux/base/web"
	"lieux/certificate"
)

// badge is the colour of a state.
func badge(s certificate.Standing) web.Kind {
	switch {
	case s.State == certificate.Valid:
		return web.Yes
	case s.State == certificate.Replaced && s.Same:
		return web.Wait
	}
	return web.No
}

// stateWords says where a paper stands, in a few words.
func stateWords(p *lang.Printer, s certificate.Standing) string {
	switch s.State {
	case certificate.Changed:
		return p.T("certificate.page.changed", "day", s.On)
	case certificate.Replaced:
		return p.T("certificate.page.replaced", "number", p.Count(s.By), "day", s.On)
	}
	return p.Words(s.State.Words())
}

// titleOf is what a paper is called.
func titleOf(p *lang.Printer, c certificate.Certificate) string {
	title := p.T("certificate.title."+string(c.Kind), "number", p.Count(c.Number), "year", strconv.Itoa(c.YearOf()))
	if c.Kind == certificate.Year {
		title += ", " + p.T("certificate.page.no", "number", p.Count(c.Number))
	}
	return title
}

// facts are what the paper says, as a list.
func (page onePage) facts(p *lang.Printer) []web.Fact {
	c := page.Certificate
	holder := web.Fact{Name: p.T("certificate.field.holder"),
		Body: link("/register/cooperators/"+c.Holder.String(), page.Holder+", "+p.T("certificate.page.no", "number",
			c.Holder.String()))}
	facts := []web.Fact{holder, {Name: p.T("certificate.field.day"), Text: p.Date(c.Day)},
		{Name: p.T("certificate.field.made"), Text: page.Made + ", " + p.Words(c.Cause.Words())},
		{Name: p.T("certificate.field.through"), Text: c.Through.String()},
		{Name: p.T("certificate.field.code"), Body: link(pathConfirm+"/"+c.Code, certificate.Grouped(c.Code))},
		{Name: p.T("certificate.field.head"), Text: p.T("certificate.page.head", "number", p.Count(c.Head), "hash",
			c.HeadHash[:min(16, len(c.HeadHash))])}}
	if page.Sent != "" {
		facts = append(facts, web.Fact{Name: p.T("certificate.field.way"), Text: page.Sent})
	}
	return facts
}

// facts of the public page: what the paper says, and nothing else.
func (page confirmPage) facts(p *lang.Printer) []web.Fact {
	facts := []web.Fact{{Name: p.T("certificate.field.kind"), Text: titleOf(p, page.Certificate)},
		{Name: p.T("certificate.field.house"), Text: page.Coop},
		{Name: p.T("certificate.field.holder"), Text: page.Name + ", " + p.T("certificate.page.no", "number",
			page.Holder.String())},
		{Name: p.T("certificate.field.day"), Text: p.Date(page.Day)}}
	for _, h := range page.Facts.ByClass() {
		class := page.Facts.ClassOf(h.Class)
		facts = append(facts, web.Fact{Name: p.T("certificate.page.class", "class", class.Letter),
			Text: p.T("certificate.page.holds", "n", h.Shares, "nominal", class.Nominal, "paid", h.Paid)})
	}
	return append(facts, web.Fact{Name: p.T("certificate.field.made"), Text: page.Made},
		web.Fact{Name: p.T("certificate.field.code"), Text: certificate.Grouped(page.Code)})
}

func (b batchPage) title(p *lang.Printer) string { return batchTitle(p, b.Batch) }

func batchTitle(p *lang.Printer, b certificate.Batch) string {
	return p.T("certificate.page.batch."+string(b.Kind), "day", b.Day, "year", strconv.Itoa(b.Day.Year()))
}

func (b batchPage) figures(p *lang.Printer) []web.Figure {
	return []web.Figure{{Value: p.Count(b.Papers), Label: p.T("certificate.page.papers", "n", b.Papers)},
		{Value: p.Count(b.Sent), Label: p.T("certificate.page.by-email")},
		{Value: p.Count(b.Waits), Label: p.T("certificate.page.waiting")},
		{Value: p.Count(b.Post), Label: p.T("certificate.page.by-post")},
		{Value: p.Count(b.None + b.Failed), Label: p.T("certificate.page.nowhere")}}
}

func kindOptions(p *lang.Printer) (list []web.Option) {
	for _, k := range certificate.Kinds {
		list = append(list, web.Option{Value: string(k), Label: lang.Capital(p.Words(k.Words())),
			Hint: p.T("certificate.page.kind." + string(k) + ".hint")})
	}
	return list
}

func causeOptions(p *lang.Printer) (list []web.Option) {
	for _, c := range []certificate.Cause{certificate.ForOffice, certificate.ForLoss} {
		list = append(list, web.Option{Value: string(c), Label: lang.Capital(p.Words(c.Words()))})
	}
	return list
}

// section is the entry of the menu under which a paper stands.
func (page onePage) section() string {
	if page.May(web.Staff) {
		return pathList
	}
	return pathMine
}

// standingWords says where a paper stands, in a sentence that anybody understands.
func standingWords(p *lang.Printer, s certificate.Standing) string {
	switch s.State {
	case certificate.Changed:
		return p.T("certificate.page.confirm.changed", "day", s.On)
	case certificate.Replaced:
		if s.Same {
			return p.T("certificate.page.confirm.replaced-same", "number", p.Count(s.By), "day", s.On)
		}
		return p.T("certificate.page.confirm.replaced", "number", p.Count(s.By), "day", s.On)
	}
	return p.T("certificate.page.confirm.valid")
}
