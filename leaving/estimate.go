package leaving

import (
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
)

// WindowFor is when a cooperator may resign, as a letter of a day sees it; false when no text says so.
func WindowFor(r store.Reader, c register.Cooperator, day civil.Date) (w Window, known bool, err error) {
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return w, false, err
	}
	e, known := rules.Exit()
	if !known {
		return w, false, nil
	}
	house, _, err := people.TheHouse(r)
	if err != nil {
		return w, false, err
	}
	year, err := YearOf(r)
	if err != nil {
		return w, false, err
	}
	rule, _ := rules.Rule(bylaws.KeyExit)
	return WindowOn(e, rule.Article, year, house.FoundedOn, c.Since, day), true, nil
}

// Estimate weighs an exit by the latest tests of the board; false while there are none.
func Estimate(r store.Reader, x Exit) (w Weighed, found bool, err error) {
	t, found, err := LastTest(r)
	if err != nil || !found {
		return w, false, err
	}
	w, err = Weigh(r, x, t)
	return w, true, err
}

// LastTest are the latest tests of the board; false while there are none.
func LastTest(r store.Reader) (Test, bool, error) {
	list, err := RecordedTests(r)
	if err != nil || len(list) == 0 {
		return Test{}, false, err
	}
	return list[len(list)-1], true, nil
}
