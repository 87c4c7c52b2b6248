package pages

import (
	"io"
	"slices"
	"strconv"
	"strings"

	ballotview "lieux/ballot/view"

	"lieux/base/fold"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/followup"
	"lieux/people"
	"lieux/vote"
)

// resolutionsPage is what GET /resolutions shows.
type resolutionsPage struct {
	Text         string
	Body, Year   string
	Bodies       []web.Option
	Years        []web.Option
	Outcomes     []web.Chip
	Lines        []resolutionLine
	Any          bool
	Pager        web.Pager
	CSV, Outcome string
}

// resolutionLine is a decision in ready words.
type resolutionLine struct {
	On, Body, Title, Href, Place string
	Badge                        web.Kind
	Verdict, Status              string
}

var outcomes = []string{"all", "adopted", "rejected", "inquorate"}

// found are the decisions that the reader may know, and those of them that the filters leave.
func (p Pages) found(q *web.Request) (page resolutionsPage, left []followup.Resolution,
	bodies map[people.BodyID]people.Body, err error) {
	var all []followup.Resolution
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if bodies, err = bodiesOf(v); err != nil {
			return err
		}
		if all, err = followup.Resolutions(v); err != nil {
			return err
		}
		own, err := people.MandatesOf(v, people.PersonID(q.Who.Person))
		all = slices.DeleteFunc(all, func(x followup.Resolution) bool {
			return bodies[x.Body].Kind != people.Assembly && !q.Who.May(web.Staff) &&
				!slices.ContainsFunc(own, func(m people.Mandate) bool { return m.Body == x.Body && m.On(v.Today()) })
		})
		return err
	})
	if err != nil {
		return page, nil, nil, err
	}
	page = resolutionsPage{Text: q.Query("q"), Body: q.Query("body"), Year: q.Query("year"), Any: len(all) > 0}
	page.Outcome = outcomes[max(slices.Index(outcomes, q.Query("outcome")), 0)]
	page.Bodies, page.Years = page.choices(q, all, bodies)
	left = slices.DeleteFunc(slices.Clone(all), func(x followup.Resolution) bool { return !page.keeps(x) })
	for _, name := range outcomes {
		n := 0
		for _, x := range left {
			if has(name, x) {
				n++
			}
		}
		value := name
		if name == "all" {
			value = ""
		}
		page.Outcomes = append(page.Outcomes, web.Chip{Text: q.T("followup.outcome." + name), Count: q.P.Count(int64(n)),
			Href: q.URLWith("outcome", value), Current: name == page.Outcome})
	}
	left = slices.DeleteFunc(left, func(x followup.Resolution) bool { return !has(page.Outcome, x) })
	return page, left, bodies, nil
}

func has(outcome string, x followup.Resolution) bool {
	return outcome == "all" || outcome == string(x.Verdict)
}

// choices are the bodies and years that have decisions.
func (page resolutionsPage) choices(q *web.Request, all []followup.Resolution,
	bodies map[people.BodyID]people.Body) (organs, years []web.Option) {
	organs = []web.Option{{Label: q.T("followup.any-body")}}
	years = []web.Option{{Label: q.T("followup.any-year")}}
	for _, x := range all {
		if !slices.ContainsFunc(organs, func(o web.Option) bool { return o.Value == string(x.Body) }) {
			organs = append(organs, web.Option{Value: string(x.Body), Label: bodies[x.Body].Words(q.P)})
		}
		year := strconv.Itoa(x.On.Year())
		if !slices.ContainsFunc(years, func(o web.Option) bool { return o.Value == year }) {
			years = append(years, web.Option{Value: year, Label: year})
		}
	}
	return organs, years
}

func (page resolutionsPage) keeps(x followup.Resolution) bool {
	return (page.Body == "" || page.Body == string(x.Body)) &&
		(page.Year == "" || page.Year == strconv.Itoa(x.On.Year())) &&
		strings.Contains(fold.Text(x.Title+" "+x.Reference), fold.Text(page.Text))
}

func lineOf(q *web.Request, x followup.Resolution, bodies map[people.BodyID]people.Body) resolutionLine {
	l := resolutionLine{On: q.P.Date(x.On), Body: bodies[x.Body].Words(q.P), Title: x.Title, Place: x.Reference}
	if x.Written != "" {
		l.Href = ballotview.DecisionPath(x.Written)
	}
	if x.Meeting != "" {
		l.Href = "/assemblies/" + x.Meeting
		l.Place = q.T("followup.item", "number", x.Item)
	}
	l.Badge, l.Verdict = web.Yes, q.T("followup.outcome."+string(x.Verdict))
	if x.Verdict != vote.Adopted {
		l.Badge = web.No
	}
	if x.Kind.Fills() {
		l.Verdict = q.T("followup.outcome.filled")
	}
	if x.Status != "" {
		l.Status = q.T("followup.status." + string(x.Status))
	}
	return l
}

func (p Pages) resolutions(q *web.Request) error {
	page, left, bodies, err := p.found(q)
	if err != nil {
		return err
	}
	page.Pager = q.Pager(int64(len(left)), rowsPerPage)
	from := page.Pager.Offset()
	for _, x := range left[from:min(from+rowsPerPage, int64(len(left)))] {
		page.Lines = append(page.Lines, lineOf(q, x, bodies))
	}
	page.CSV = strings.Replace(q.URLWith("page", ""), "/resolutions", "/resolutions.csv", 1)
	return q.Page(resolutionsView(page))
}

func (p Pages) resolutionsCSV(q *web.Request) error {
	_, left, bodies, err := p.found(q)
	if err != nil {
		return err
	}
	var head []string
	for _, code := range []string{"on", "body", "resolution", "place", "outcome"} {
		head = append(head, q.T("followup.column."+code))
	}
	rows := func(yield func([]sheets.Cell) bool) {
		for _, x := range left {
			l := lineOf(q, x, bodies)
			if !yield([]sheets.Cell{dateCell(x.On), sheets.Text(l.Body), sheets.Text(l.Title),
				sheets.Text(strings.TrimSpace(x.Meeting + " " + l.Place)), sheets.Text(l.Verdict)}) {
				return
			}
		}
	}
	return q.Download(q.T("followup.resolutions")+".csv", "text/csv; charset=utf-8",
		func(w io.Writer) error { return sheets.CSV(w, head, rows) })
}
