package pages

import (
	"strconv"
	"strings"

	"lieux/base/lang"
	"lieux/base/web"
	"lieux/works"
)

func lineFormTitle(p *lang.Printer, page lineForm) string {
	if page.Line.ID == "" {
		return p.T("works.page.line.new")
	}
	return p.T("works.page.line.amend-of", "title", page.Line.Title)
}

func lineFormAction(page lineForm) string {
	if page.Line.ID == "" {
		return pathOfPlace(page.Place)
	}
	return pathOfLine(page.Line.ID) + "/facts"
}

func lineFormBack(page lineForm) string {
	if page.Line.ID == "" {
		return pathOfPlace(page.Place)
	}
	return pathOfLine(page.Line.ID)
}

func siteBadge(s works.SiteState) web.Kind {
	switch s {
	case works.Opened:
		return web.Info
	case works.Closed:
		return web.Off
	}
	return web.Wait
}

func accountTotals(p *lang.Printer, a works.Account) []web.Cell {
	return []web.Cell{{Text: p.Money(a.Budget), Label: p.T("works.field.budget"), Num: true},
		{Text: p.Money(a.Committed), Label: p.T("works.field.committed"), Num: true},
		{Text: p.Money(a.Invoiced), Label: p.T("works.field.invoiced"), Num: true},
		{Text: p.Money(a.Left()), Label: p.T("works.field.left"), Num: true}}
}

func accountFigures(p *lang.Printer, a works.Account) []web.Figure {
	return []web.Figure{web.Amount(p, a.Budget, p.T("works.figure.budget")),
		web.Amount(p, a.Committed, p.T("works.figure.committed")), web.Amount(p, a.Invoiced, p.T("works.figure.invoiced")),
		web.Amount(p, a.Left(), p.T("works.figure.left"))}
}

func siteFormTitle(p *lang.Printer, page siteForm) string {
	if page.Site.ID == "" {
		return p.T("works.page.site.new")
	}
	return p.T("works.page.site.amend-of", "title", page.Site.Title)
}

func siteFormAction(page siteForm) string {
	if page.Site.ID == "" {
		return pathSites
	}
	return pathOfSite(page.Site.ID) + "/facts"
}

func siteFormBack(page siteForm) string {
	if page.Site.ID == "" {
		return pathSites
	}
	return pathOfSite(page.Site.ID)
}

// contractor names who does a lot.
func contractor(p *lang.Printer, l works.Lot) string {
	if l.Contractor == "" {
		return p.T("works.page.by-house")
	}
	return l.Contractor
}

func reference(p *lang.Printer, c works.Cost) string {
	if c.Reference == "" {
		return p.T("works.page.paper")
	}
	return c.Reference
}

// dashed puts a remark behind something, when there is one.
func dashed(text string) string {
	if text == "" {
		return ""
	}
	return ", " + text
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func dayFormTitle(p *lang.Printer, page dayForm) string {
	if page.Day.ID == "" {
		return p.T("works.page.day.new")
	}
	return p.T("works.page.day.edit-of", "title", page.Day.Title)
}

func dayFormAction(page dayForm) string {
	if page.Day.ID == "" {
		return pathDays
	}
	return pathOfDay(page.Day) + "/edit"
}

func dayFormBack(page dayForm) string {
	if page.Day.ID == "" {
		return pathDays
	}
	return pathOfDay(page.Day)
}

// dayFacts are what who comes must know.
func dayFacts(p *lang.Printer, page dayPage) (facts []web.Fact) {
	add := func(field, text string) {
		if text != "" {
			facts = append(facts, web.Fact{Name: p.T("works.field." + field), Text: text})
		}
	}
	add("meeting", page.Day.Meeting)
	add("meal", page.Day.Meal)
	add("insurance", page.Day.Insurance)
	if page.Day.LeastAge > 0 {
		add("age", p.T("works.page.years", "n", page.Day.LeastAge))
	}
	if page.Site != nil {
		facts = append(facts, web.Fact{Name: p.T("works.field.site"), Body: link(pathOfSite(page.Site.ID), page.Site.Title)})
	}
	return facts
}

// nameOf is the name of who signed up; it is forgotten after a year.
func nameOf(p *lang.Printer, u works.Signup) string {
	if u.Name == "" {
		return p.T("works.page.forgotten")
	}
	return u.Name
}

func contactOf(u works.Signup) string {
	return strings.Trim(u.Email+", "+u.Phone, ", ")
}

func presenceOf(p *lang.Printer, u works.Signup) string {
	if u.Presence != works.Came {
		return p.T("works.presence.no")
	}
	return p.T("works.page.came", "hours", u.Minutes.Hours(), "n", u.Meals)
}

// freeWords says how many seats are free.
func freeWords(p *lang.Printer, n int64) string {
	if n <= 0 {
		return p.T("works.help.full")
	}
	return p.T("works.help.free", "n", n)
}

// shiftOption is a shift to choose, with what it asks for and how many seats are free.
func shiftOption(p *lang.Printer, h shiftRow) web.Option {
	hint := freeWords(p, h.Seats-h.Taken)
	if h.Skills != "" {
		hint += p.T("works.page.colon.semi") + p.T("works.page.skills", "skills", h.Skills)
	}
	return web.Option{Value: h.ID, Label: h.Hours + ", " + h.Role, Hint: hint}
}

// helpFacts are what a stranger must know before signing up.
func helpFacts(p *lang.Printer, page helpDayPage) (facts []web.Fact) {
	return append([]web.Fact{{Name: p.T("works.field.address"), Text: page.Place.Address()}},
		dayFacts(p, dayPage{Day: page.Day})...)
}

// mineFacts are what who signed up must know.
func mineFacts(p *lang.Printer, page myHelpPage) []web.Fact {
	return append([]web.Fact{{Name: p.T("works.field.name"), Text: nameOf(p, page.Signup)},
		{Name: p.T("works.field.shift"), Text: page.Shift.Starts.Clock() + " – " + page.Shift.Ends.Clock() + ", " +
			page.Shift.Role}, {Name: p.T("works.field.address"), Text: page.Place.Address()}},
		dayFacts(p, dayPage{Day: page.Day})...)
}

func verdictBadge(v works.Verdict) web.Kind {
	switch v {
	case works.Good:
		return web.Yes
	case works.Bad:
		return web.No
	}
	return web.Wait
}

func inspectionNote(p *lang.Printer, i works.Checked) string {
	if i.Reference == "" {
		return i.Inspector
	}
	return i.Inspector + ", " + i.Reference
}

func goneWords(i works.Checked) string {
	if i.Reversed == nil {
		return ""
	}
	return i.Reversed.Why
}

// intervalWords says how often a check is done, and who says so.
func intervalWords(p *lang.Printer, k works.Interval) string {
	switch {
	case k.Basis() == works.Unfixed:
		return p.T("works.page.interval.unfixed", "n", k.Months)
	case k.Basis() == works.OfAText:
		return p.T("works.page.interval.sure", "n", k.Months, "source", k.Text())
	case !k.Confirmed:
		return p.T("works.page.interval.unsure", "n", k.Months, "source", k.Source)
	}
	return p.T("works.page.interval.sure", "n", k.Months, "source", k.Source)
}

// untilHint says what is counted when no last day is given; where nobody fixed an interval, the report says it.
func untilHint(p *lang.Printer, k works.Interval) string {
	if k.Basis() == works.Unfixed {
		return p.T("works.page.until.unfixed")
	}
	return p.T("works.page.until.hint")
}

func dutyFacts(p *lang.Printer, page dutyPage) []web.Fact {
	bars := p.T("works.page.bars.no")
	if page.Duty.Bars {
		bars = p.T("works.page.bars.yes")
	}
	return []web.Fact{{Name: p.T("works.field.since"), Text: p.Date(page.Duty.Since)},
		{Name: p.T("works.field.interval"), Text: intervalWords(p, page.Interval)},
		{Name: p.T("works.field.opening"), Text: bars}}
}

func problemBadge(s works.ProblemState) web.Kind {
	switch s {
	case works.New:
		return web.No
	case works.Solved:
		return web.Yes
	case works.Refused:
		return web.Off
	case works.Assigned, works.InWorks:
		return web.Info
	}
	return web.Wait
}

// problemFacts are how the house reaches who reported, and who looks after it.
func problemFacts(p *lang.Printer, page problemPage) (facts []web.Fact) {
	contact := strings.Trim(page.Row.Name+", "+contactOf(works.Signup{Email: page.Row.Email, Phone: page.Row.Phone}), ", ")
	if contact == "" {
		contact = p.T("works.page.no-contact")
	}
	if page.Staff {
		facts = append(facts, web.Fact{Name: p.T("works.field.contact"), Text: contact})
	}
	if page.Row.Owner != "" {
		facts = append(facts, web.Fact{Name: p.T("works.field.owner"), Text: page.Row.Owner})
	}
	return facts
}
