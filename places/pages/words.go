package pages

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/web"
	"lieux/places"
)

// maxShown is how many photographs the page of a place shows; the others are links.
const maxShown = 4

// lede is the first paragraph of what a place is; the whole stands further down.
func lede(page placePage) string {
	if lines := paragraphs(page.Place.About); len(lines) > 0 {
		return lines[0]
	}
	return ""
}

// pastTitle says which day a page shows, and until when what was written counts.
func pastTitle(p *lang.Printer, page placePage) string {
	if page.Known.IsZero() {
		return p.T("places.page.past", "day", page.When.Day)
	}
	return p.T("places.page.past-known", "day", page.When.Day, "known", page.Known)
}

func spaceHeads(p *lang.Printer, placed bool) []web.Column {
	list := []web.Column{{Label: p.T("places.field.space")}, {Label: p.T("places.field.area"), Num: true}}
	if placed {
		list = append(list, web.Column{Label: p.T("places.field.place")})
	}
	return append(list, web.Column{Label: p.T("places.field.practice")}, web.Column{Label: p.T("places.field.who")},
		web.Column{Label: p.T("places.field.people"), Num: true}, web.Column{Label: p.T("places.field.state")})
}

func spaceTotals(p *lang.Printer, m places.Sum, placed bool) []web.Total {
	cells := []web.Cell{{Text: m.Let.In(p), Label: p.T("places.field.area"), Num: true}}
	if placed {
		cells = append(cells, web.Cell{})
	}
	people := ""
	if m.People > 0 {
		people = p.Count(m.People)
	}
	return []web.Total{{Label: p.T("places.page.total", "n", m.Spaces), Cells: append(cells, web.Cell{}, web.Cell{},
		web.Cell{Text: people, Label: p.T("places.field.people"), Num: true},
		web.Cell{Text: p.T("places.page.total.taken", "area", m.Taken.In(p)), Label: p.T("places.field.state")})}}
}

// rowID is where the plan leads to; a list of several places has none, since codes are those of one.
func rowID(row spaceRow, placed bool) templ.Attributes {
	if placed {
		return nil
	}
	return templ.Attributes{"id": anchor(row.Code)}
}

func heldHeads(p *lang.Printer, placed bool) []web.Column {
	first := "who"
	if placed {
		first = "space"
	}
	return []web.Column{{Label: p.T("places.field." + first)}, {Label: p.T("places.field.area"), Num: true},
		{Label: p.T("places.field.practice")}, {Label: p.T("places.field.from")}, {Label: p.T("places.field.until")},
		{Label: p.T("places.field.fee-month"), Num: true}, {Label: p.T("places.field.state")}}
}

// monthWords is a month without its day.
func monthWords(p *lang.Printer, first civil.Date) string {
	return p.Date(civil.MustParse(first.String()[:len("2006-01")]))
}

// within are the rows that lie under the one before them, which is at a depth.
func within(rows []treeRow, depth int) []treeRow {
	for i, row := range rows {
		if row.Depth <= depth {
			return rows[:i]
		}
	}
	return rows
}

func verdicts(p *lang.Printer) []web.Option { return worded(p, places.Verdicts, places.Verdict.Words) }

func placeFormTitle(p *lang.Printer, page placeForm) string {
	if page.Place.ID == "" {
		return p.T("places.page.place.new")
	}
	return p.T("places.page.amend-of", "name", page.Place.Title)
}

func placeFormLede(p *lang.Printer, page placeForm) string {
	if page.Place.ID == "" {
		return p.T("places.page.place.lede")
	}
	return p.T("places.page.amend.lede")
}

func placeFormAction(page placeForm) string {
	if page.Place.ID == "" {
		return pathPlaces
	}
	return pathOf(page.Place) + "/facts"
}

func placeFormBack(page placeForm) string {
	if page.Place.ID == "" {
		return pathPlaces
	}
	return pathOf(page.Place)
}

func partFormTitle(p *lang.Printer, page partForm) string {
	if page.Part.ID == "" {
		return p.T("places.page.part.new." + string(page.Level))
	}
	return p.T("places.page.amend-of", "name", page.Part.Name())
}

func partFormLede(p *lang.Printer, page partForm) string {
	if page.Part.ID == "" {
		return p.T("places.page.part.lede")
	}
	return p.T("places.page.amend.lede")
}

func partFormAction(page partForm) string {
	if page.Part.ID == "" {
		return pathOf(page.Place) + "/parts"
	}
	return pathOfPart(page.Part.ID) + "/facts"
}

func partFormBack(page partForm) string {
	if page.Part.ID == "" {
		return pathOf(page.Place)
	}
	return pathOfPart(page.Part.ID)
}

// station and section are where a page stands in the menu: among the places, or among those that one runs where one is
// no member.
func station(ctx context.Context) web.Step {
	if web.WhoIn(ctx).May(web.Member) {
		return web.Build
	}
	return web.Entrust
}

func section(ctx context.Context) string {
	if web.WhoIn(ctx).May(web.Member) {
		return pathPlaces
	}
	return pathManaged
}

// langOf marks a text that is not in the reader's language.
func langOf(s saying) templ.Attributes {
	if s.Lang == "" {
		return nil
	}
	return templ.Attributes{"lang": s.Lang}
}

func freeHeads(p *lang.Printer, placed bool) []web.Column {
	list := []web.Column{{Label: p.T("places.field.space")}}
	if placed {
		list = append(list, web.Column{Label: p.T("places.field.place")})
	}
	return append(list, web.Column{Label: p.T("places.field.use")}, web.Column{Label: p.T("places.field.area"), Num: true},
		web.Column{Label: p.T("places.visit.offers")}, web.Column{Label: p.T("places.visit.when")})
}

// linkTitle is what a link is called: as its occupant says, else its address.
func linkTitle(l places.CardLink) string {
	if l.Title != "" {
		return l.Title
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(l.URL, "https://"), "http://"), "/")
}
