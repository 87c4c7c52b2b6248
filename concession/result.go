package concession

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Result is what a manager earned in a year with the place, as it was handed in. The year is that in which the accounts
// were closed.
type Result struct {
	ID         string
	Concession ID
	Year       int64
	Revenue    money.Cents
	Charges    money.Cents
	Document   string // the accounts; may be empty: they were seen
	HandedOn   civil.Date
	ByManager  bool   // handed in by who represents the manager; else noted by the house
	Why        string // it takes the place of an earlier entry: why
	At         civil.Instant
	By         people.PersonID
}

// yearWords writes a year without parting its thousands.
func yearWords(year int64) string { return strconv.FormatInt(year, 10) }

// Profit is the revenue less the charges; a loss is below zero.
func (r Result) Profit() money.Cents { return r.Revenue - r.Charges }

// Unresult is the opposite entry of a result: it was never so.
type Unresult struct {
	ID, Result string
	Concession ID
	Why        string
	At         civil.Instant
	By         people.PersonID
}

// Reckoned is a year of a concession: what was handed in, and what is due of it by the clause of that year.
type Reckoned struct {
	Year    int64
	Clause  Fact   // the terms on the last day of the year on which the place was run
	Result  Result // without an id while nothing was handed in
	Owed    money.Cents
	Steps   []ShareStep
	DueOn   civil.Date // by which the results are handed in; zero when the clause asks for none
	Entries []Written  // all that was written of the year, the latest first
}

// Written is an entry of a year, with its opposite one.
type Written struct {
	Result
	Gone Unresult // without an id: it stands
}

// Limits of results.
const (
	maxResults  = 200 // entries of one concession
	resultYears = 3   // so many years back results are asked for
)

// Handed says whether results stand for the year.
func (y Reckoned) Handed() bool { return y.Result.ID != "" }

// Asked says that the clause needs the results of the year.
func (y Reckoned) Asked() bool { return !y.DueOn.IsZero() }

// ClauseOf is the fact that held on the last day of a year on which the manager ran the place; ok is false when it did
// not run it in that year. It is pure.
func (c Concession) ClauseOf(year int) (f Fact, ok bool) {
	first, last := civil.Day(year, 1, 1), civil.Day(year, 12, 31)
	if !slices.ContainsFunc(c.spans(), func(s span) bool {
		return !s.from.After(last) && (s.until.IsZero() || !s.until.Before(first))
	}) {
		return f, false
	}
	for _, g := range c.Facts {
		if g.State.Runs() && !g.First.First().After(last) {
			f, ok = g, true
		}
	}
	return f, ok
}

// over says that no day of a year is left on which the manager runs the place.
func (c Concession) over(year int, today civil.Date) bool {
	last := civil.Day(year, 12, 31)
	for _, s := range c.spans() {
		if s.from.After(last) {
			break
		}
		if s.until.IsZero() || s.until.After(last) {
			return last.Before(today)
		}
		last = s.until
	}
	return last.Before(today)
}

// Reckon puts the years of a concession together, the latest first: those for which something was written, and those of
// the last years whose clause asks for results. It is pure.
func Reckon(c Concession, cal Calendar, written []Written, today civil.Date) (years []Reckoned) {
	by := map[int64][]Written{}
	for _, w := range slices.Backward(written) {
		by[w.Year] = append(by[w.Year], w)
	}
	for year := today.Year() - resultYears; year <= today.Year(); year++ {
		if _, there := by[int64(year)]; !there {
			by[int64(year)] = nil
		}
	}
	for n, entries := range by {
		y := Reckoned{Year: n, Entries: entries, DueOn: c.dueOn(cal, int(n), today)}
		for _, w := range entries {
			if w.Gone.ID == "" {
				y.Result = w.Result
				break
			}
		}
		if len(entries) == 0 && !y.Asked() {
			continue
		}
		if y.Clause, _ = c.ClauseOf(int(n)); y.Handed() {
			y.Owed, y.Steps = y.Clause.Share.Of(y.Result)
		}
		years = append(years, y)
	}
	slices.SortFunc(years, func(a, b Reckoned) int { return cmp.Compare(b.Year, a.Year) })
	return years
}

// dueOn is the day by which the results of a year are handed in; zero when nothing asks for them.
func (c Concession) dueOn(cal Calendar, year int, today civil.Date) civil.Date {
	if clause, ran := c.ClauseOf(year); ran && !clause.Share.None() && c.over(year, today) {
		return civil.Day(year, 12, 31).AddMonths(int(cal.Results))
	}
	return civil.Date{}
}

// Missing is a year whose results are asked for and were not handed in.
type Missing struct {
	Year  int64
	DueOn civil.Date
}

// MissingYears are the years whose results are missing, the oldest first; handed are those that stand. It is pure.
func MissingYears(c Concession, cal Calendar, handed []int64, today civil.Date) (list []Missing) {
	for year := today.Year() - resultYears; year <= today.Year(); year++ {
		if on := c.dueOn(cal, year, today); !on.IsZero() && !slices.Contains(handed, int64(year)) {
			list = append(list, Missing{int64(year), on})
		}
	}
	return list
}

// Hand is results to be handed in.
type Hand struct {
	Year     int64
	Revenue  money.Cents
	Charges  money.Cents
	HandedOn civil.Date // zero: today
	Why      string     // of a correction
}

// HandIn keeps the results of a year that who represents the manager hands in. Those that stand already are corrected
// by a new entry, which says why.
func HandIn(tx *store.Tx, by Acting, id ID, h Hand, u *documents.Upload) error {
	c, err := ByID(tx, id, places.Now(tx))
	if err != nil {
		return err
	}
	if err := by.runs(tx, c); err != nil {
		return err
	}
	h.HandedOn = tx.Today()
	return c.hand(tx, h, true, u)
}

// NoteResult keeps the results of a year that the house got otherwise: on paper, or after the concession was over.
func NoteResult(tx *store.Tx, id ID, h Hand, u *documents.Upload) error {
	c, err := ByID(tx, id, places.Now(tx))
	if err != nil {
		return err
	}
	if h.HandedOn.IsZero() {
		h.HandedOn = tx.Today()
	}
	return c.hand(tx, h, false, u)
}

func (c Concession) hand(tx *store.Tx, h Hand, byManager bool, u *documents.Upload) error {
	all, err := resultsOf(tx, c.ID)
	if err != nil {
		return err
	}
	before, stands := standing(all, h.Year)
	h.Why = strings.TrimSpace(h.Why)
	if err := c.checkHand(h, tx.Today(), len(all), stands).Err(); err != nil {
		return err
	}
	if stands && u == nil && before.Revenue == h.Revenue && before.Charges == h.Charges {
		return fault.Refuse("concession.refusal.same-result", "year", yearWords(h.Year))
	}
	r := Result{ID: tx.ID(), Concession: c.ID, Year: h.Year, Revenue: h.Revenue, Charges: h.Charges, HandedOn: h.HandedOn,
		ByManager: byManager, Why: h.Why, At: tx.Now(), By: people.PersonID(tx.Actor())}
	if u != nil {
		d, err := documents.Add(tx, u)
		if err != nil {
			return err
		}
		r.Document = d.ID
	} else if stands {
		r.Document = before.Document
	}
	if err := insertResult(tx, r); err != nil {
		return err
	}
	if err := c.settleResults(tx); err != nil {
		return err
	}
	return c.say(tx, map[string]any{"year": yearWords(h.Year), "result_cents": int64(r.Profit())})
}

// checkHand says what is wrong with results that are handed in. Of a year that is not over there are none.
func (c Concession) checkHand(h Hand, today civil.Date, there int, stands bool) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("concession.refusal."+code, kv...).At(field))
	}
	year := int(h.Year)
	if year < civil.MinYear || year > today.Year() {
		no("year", "result-year")
		return wrong
	}
	if _, ran := c.ClauseOf(year); !ran {
		no("year", "not-run-then", "year", yearWords(h.Year))
	} else if !c.over(year, today) {
		no("year", "year-not-over", "year", yearWords(h.Year))
	}
	if h.Revenue < 0 || h.Revenue > money.Max {
		no("revenue", "amount")
	}
	if h.Charges < 0 || h.Charges > money.Max {
		no("charges", "amount")
	}
	if !h.HandedOn.IsDay() || h.HandedOn.After(today) {
		no("handed", "day")
	}
	switch {
	case utf8.RuneCountInString(h.Why) > MaxWhy:
		no("why", "too-long", "limit", MaxWhy)
	case stands && h.Why == "":
		no("why", "result-why", "year", yearWords(h.Year))
	}
	if there >= maxResults {
		no("year", "too-many", "limit", maxResults)
	}
	return wrong
}

// standing is the entry of a year that counts; found is false when there is none.
func standing(all []Written, year int64) (r Result, found bool) {
	for _, w := range all {
		if w.Year == year && w.Gone.ID == "" {
			r, found = w.Result, true
		}
	}
	return r, found
}

// Unhand is the opposite entry of results: what stood before them stands again. It is for the house.
func Unhand(tx *store.Tx, result, why string) error {
	if why = strings.TrimSpace(why); why == "" || utf8.RuneCountInString(why) > MaxWhy {
		return fault.Refuse("concession.refusal.why").At("why")
	}
	r, found, err := store.Find(tx, qResult, scanResult, result)
	if err == nil && !found {
		err = fault.Refuse("concession.refusal.unknown-fact")
	}
	if err != nil {
		return err
	}
	c, err := ByID(tx, r.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	all, err := resultsOf(tx, c.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(w Written) bool { return w.Result.ID == result && w.Gone.ID != "" }) {
		return fault.Refuse("concession.refusal.withdrawn")
	}
	if err := insertUnresult(tx, Unresult{ID: tx.ID(), Result: result, Concession: c.ID, Why: why, At: tx.Now(),
		By: people.PersonID(tx.Actor())}); err != nil {
		return err
	}
	return c.say(tx, map[string]any{"year": yearWords(r.Year), "result_cents": int64(r.Profit())})
}

// YearsOfResults are the years of a concession, the latest first, with what is due of each.
func YearsOfResults(r store.Reader, c Concession) ([]Reckoned, error) {
	written, err := resultsOf(r, c.ID)
	if err != nil {
		return nil, err
	}
	cal, err := CalendarOf(r)
	return Reckon(c, cal, written, r.Today()), err
}

// Of reckons what is owed of a year's results: what was earned, what was spent, and the clause on the difference.
func (r Rule) Of(x Result) (owed money.Cents, steps []ShareStep) {
	profit := min(max(x.Profit(), -money.Max), money.Max)
	owed, steps = r.Share(profit)
	return owed, append([]ShareStep{{lang.Say("concession.share.revenue"), x.Revenue},
		{lang.Say("concession.share.charges"), -x.Charges}}, steps...)
}

// missingOf are the years of a concession whose results are missing.
func missingOf(r store.Reader, c Concession) ([]Missing, error) {
	cal, err := CalendarOf(r)
	if err != nil {
		return nil, err
	}
	written, err := resultsOf(r, c.ID)
	var handed []int64
	for _, w := range written {
		if w.Gone.ID == "" {
			handed = append(handed, w.Year)
		}
	}
	return MissingYears(c, cal, handed, r.Today()), err
}

// settleResults marks the task of the results as done once none is missing.
func (c Concession) settleResults(tx *store.Tx) error {
	left, err := missingOf(tx, c)
	if err != nil || len(left) > 0 {
		return err
	}
	return settleTasks(tx, c.ID, "", HandResults)
}

// ResultBlocks are the results of the years as a table, and how what is due of the latest one is reckoned.
func ResultBlocks(p *lang.Printer, years []Reckoned) papers.Blocks {
	table := papers.Table{Caption: papers.T(p.T("concession.results.caption"))}
	for i, code := range []string{"year", "revenue", "charges", "profit", "owed"} {
		c := papers.Column{Head: papers.T(p.T("concession.results." + code)), Row: i == 0}
		if i > 0 {
			c.Align = papers.Right
		}
		table.Columns = append(table.Columns, c)
	}
	var reckoning papers.Blocks
	for _, y := range years {
		year := yearWords(y.Year)
		if !y.Handed() {
			table.Rows = append(table.Rows, papers.Row{papers.T(year), nil, nil, papers.T(p.T("concession.results.missing")),
				nil})
			continue
		}
		table.Rows = append(table.Rows, papers.Row{papers.T(year), papers.T(p.Money(y.Result.Revenue)),
			papers.T(p.Money(y.Result.Charges)), papers.T(p.Money(y.Result.Profit())), papers.T(p.Money(y.Owed))})
		if reckoning == nil && !y.Clause.Share.None() {
			reckoning = y.reckoning(p, year)
		}
	}
	return append(papers.Blocks{table}, reckoning...)
}

// reckoning says step by step what is due of a year.
func (y Reckoned) reckoning(p *lang.Printer, year string) papers.Blocks {
	steps := papers.Table{Caption: papers.T(p.T("concession.results.reckoning", "year", year)),
		Columns: []papers.Column{{Head: papers.T(p.T("concession.results.step")), Row: true, Weight: 3},
			{Head: papers.T(p.T("concession.results.amount")), Align: papers.Right}}}
	for _, s := range y.Steps {
		steps.Rows = append(steps.Rows, papers.Row{papers.T(p.Words(s.Say)), papers.T(p.Money(s.Cents))})
	}
	blocks := papers.Blocks{steps}
	if words := oneLine(y.Clause.ShareWords); words != "" {
		blocks = append(blocks, papers.Paragraph{Words: papers.T(p.T("concession.results.clause", "words", words))})
	}
	return blocks
}
