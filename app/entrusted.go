package app

import (
	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
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
