package app

import (
	"strconv"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/places"
	"lieux/works"
)

// wireConcessions fills what the concessions ask of the works of a place.
func wireConcessions() {
	concession.Hooks.Days = func(r store.Reader, place places.PlaceID, from, until civil.Date) (int64, error) {
		days, err := works.ParticipatoryDays(r, place, from, until)
		return int64(len(days)), err
	}
	concession.Hooks.Costs = func(r store.Reader, place places.PlaceID, from, until civil.Date) (money.Cents, error) {
		cash, err := works.CashOf(r, place, from, until)
		return cash.Invoiced, err
	}
	concession.Hooks.Works = outlookWorks
}

// outlookWorks is what of the outlook of works is still ahead.
func outlookWorks(r store.Reader, place places.PlaceID, day civil.Date) (list []concession.Work, err error) {
	lines, err := works.OutlookOn(r, place, day)
	for _, l := range lines {
		if l.State.Open() {
			list = append(list, concession.Work{Title: l.Title, Why: l.Reason, When: l.Term.Words(), Cents: l.Estimate})
		}
	}
	return list, err
}

// placeDoors lead from a place to its concession and its papers.
func placeDoors(r store.Reader, p *lang.Printer, place places.Place) ([]web.Link, error) {
	doors := []web.Link{{Text: p.T("concession.page.outlook"), Href: "/places/" + place.Name + "/outlook"},
		{Text: p.T("concession.page.years"), Href: "/places/" + place.Name + "/years"}}
	c, run, err := concession.Running(r, place.ID, r.Today())
	if run {
		doors = append([]web.Link{{Text: p.T("concession.page.of", "place", place.Title),
			Href: "/concessions/" + strconv.FormatInt(c.Number, 10)}}, doors...)
	}
	return doors, err
}
