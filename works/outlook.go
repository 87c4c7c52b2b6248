package works

import (
	"cmp"
	"slices"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/places"
)

// LineID is the id of a line of the outlook.
type LineID string

// Ref names the line in the journal.
func (id LineID) Ref() store.Ref { return store.Ref{Kind: "works-line", ID: string(id)} }

// Term is how far ahead a line lies.
type Term string

// The terms.
const (
	Short Term = "short"
	Long  Term = "long"
)

// Terms lists them.
var Terms = []Term{Short, Long}

// Words names the term.
func (t Term) Words() lang.Phrase { return lang.Say("works.term." + string(t)) }

// LineState is how far a line has come.
type LineState string

// The states.
const (
	Wished   LineState = "wished"
	Planned  LineState = "planned"
	Underway LineState = "underway"
	Done     LineState = "done"
	Dropped  LineState = "dropped"
)

// LineStates lists them.
var LineStates = []LineState{Wished, Planned, Underway, Done, Dropped}

// Words names the state.
func (s LineState) Words() lang.Phrase { return lang.Say("works.line." + string(s)) }

// Open says that the line still lies ahead.
func (s LineState) Open() bool { return s != Done && s != Dropped }

// Priorities are urgent, useful and welcome.
const (
	Urgent  = 1
	Useful  = 2
	Welcome = 3
)

// LineFact is what is said of a line from a day on.
type LineFact struct {
	ID       string
	Line     LineID
	From     civil.Date // perhaps known to the month or year; rules take the last day
	Term     Term
	State    LineState
	Title    string
	Reason   string
	Priority int64       // Urgent to Welcome
	Estimate money.Cents // 0: not known
	Funding  string
	Space    places.PartID       // empty: the place itself
	Retained assembly.RetainedID // the point of an assembly that asks for it; may be empty
	After    []LineID            // the lines that come first
	Source   string
	Why      string // why it was amended; may be empty
	Made
}

// Line is a line of the outlook as it is on a day.
type Line struct {
	LineFact `json:"-"`
	ID       LineID
	Place    places.PlaceID
	Number   int64
	Opened   Made
}

// Limits of an outlook.
const (
	MaxLines = 500 // of one place
	MaxAfter = 20  // lines that come first
)

// AddLine adds a line to the outlook of a place.
func AddLine(tx *store.Tx, id places.PlaceID, f LineFact) (LineID, error) {
	place, err := placed(tx, id)
	if err != nil {
		return "", err
	}
	heads, err := store.List(tx, qLinesOf, scanLine, string(id))
	if err != nil {
		return "", err
	}
	if len(heads) >= MaxLines {
		return "", fault.Refuse("works.refusal.too-many", "limit", MaxLines)
	}
	l := Line{ID: LineID(tx.ID()), Place: id, Opened: made(tx)}
	f.Line = l.ID
	if err := f.check(tx, id); err != nil {
		return "", err
	}
	if l.Number, err = tx.Next("works.line"); err != nil {
		return "", err
	}
	if err := insertLine(tx, l); err != nil {
		return "", err
	}
	tx.Answer(string(l.ID))
	tx.Record(store.Line{About: []store.Ref{id.Ref(), l.ID.Ref()}, Args: map[string]any{"place": place.Title,
		"title": f.Title, "number": l.Number}})
	if err := insertLineFact(tx, f); err != nil {
		return "", err
	}
	return l.ID, keepLine(tx, l)
}

// AmendLine says something new of a line from a day on; what was said before stays.
func AmendLine(tx *store.Tx, f LineFact) error {
	l, found, err := store.Find(tx, qLine, scanLine, string(f.Line))
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-line")
	}
	if err != nil {
		return err
	}
	if err := f.check(tx, l.Place); err != nil {
		return err
	}
	tx.Answer(string(l.ID))
	tx.Record(store.Line{About: []store.Ref{l.Place.Ref(), l.ID.Ref()}, Args: map[string]any{"title": f.Title,
		"number": l.Number, "state": f.State.Words()}})
	if err := insertLineFact(tx, f); err != nil {
		return err
	}
	return keepLine(tx, l)
}

func (f LineFact) check(r store.Reader, place places.PlaceID) error {
	var c checker
	c.need("title", f.Title, MaxTitle)
	c.short("reason", f.Reason, MaxText)
	c.short("funding", f.Funding, MaxShort)
	c.past("from", f.From, r.Today())
	if !slices.Contains(Terms, f.Term) {
		c.no("term", "choice")
	}
	if !slices.Contains(LineStates, f.State) {
		c.no("state", "choice")
	}
	if f.Priority < Urgent || f.Priority > Welcome {
		c.no("priority", "choice")
	}
	if f.Estimate < 0 || f.Estimate > money.Max {
		c.no("estimate", "amount")
	}
	if len(f.After) > MaxAfter {
		c.no("after", "too-many", "limit", MaxAfter)
	}
	if err := c.within(r, "space", place, f.Space); err != nil {
		return err
	}
	if f.Retained != "" {
		if _, found, err := assembly.RetainedByID(r, f.Retained); err != nil {
			return err
		} else if !found {
			c.no("retained", "choice")
		}
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	return f.checkOrder(r, place)
}

// checkOrder refuses a line that would come after itself on some day, or after a line of another place.
func (f LineFact) checkOrder(r store.Reader, place places.PlaceID) error {
	facts, err := store.List(r, qFactsOf, scanLineFact, string(place))
	if err != nil {
		return err
	}
	known := map[LineID]bool{}
	for _, o := range facts {
		known[o.Line] = true
	}
	for _, id := range f.After {
		if !known[id] || id == f.Line {
			return fault.Refuse("works.refusal.after").At("after")
		}
	}
	f.ID = "~" // written last
	all := append(facts, f)
	for _, o := range all {
		for _, day := range []civil.Date{o.From.First(), o.From.Last()} {
			if !day.Before(f.From.First()) && Circular(all, f.Line, day) {
				return fault.Refuse("works.refusal.circle").At("after")
			}
		}
	}
	return nil
}

// Circular says whether a line comes after itself on a day.
func Circular(facts []LineFact, line LineID, day civil.Date) bool {
	on := current(facts, day)
	seen := map[LineID]bool{}
	queue := slices.Clone(on[line].After)
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if id == line {
			return true
		}
		if !seen[id] {
			seen[id] = true
			queue = append(queue, on[id].After...)
		}
	}
	return false
}

// current are the facts that hold on a day: the latest day wins, and of one day what was written last. What is known to
// the month or the year holds from its last day on, but for the first that was said of a line: the outlook of an
// assembly of a June whose day nobody noted is that of any day of this June.
func current(facts []LineFact, day civil.Date) map[LineID]LineFact {
	on, said := map[LineID]LineFact{}, map[LineID]LineFact{}
	for _, f := range facts {
		if f.From.After(day) {
			first, found := said[f.Line]
			if c := f.From.Last().Compare(first.From.Last()); !f.From.First().After(day) &&
				(!found || c < 0 || c == 0 && f.ID > first.ID) {
				said[f.Line] = f
			}
			continue
		}
		best, found := on[f.Line]
		if c := f.From.Last().Compare(best.From.Last()); !found || c > 0 || c == 0 && f.ID > best.ID {
			on[f.Line] = f
		}
	}
	for line, f := range said {
		if _, found := on[line]; !found {
			on[line] = f
		}
	}
	return on
}

// OutlookOn lists the lines of a place as they were said to be on a day: what is urgent first, each line after those
// that come before it.
func OutlookOn(r store.Reader, place places.PlaceID, day civil.Date) ([]Line, error) {
	heads, err := store.List(r, qLinesOf, scanLine, string(place))
	if err != nil {
		return nil, err
	}
	facts, err := store.List(r, qFactsOf, scanLineFact, string(place))
	if err != nil {
		return nil, err
	}
	on := current(facts, day)
	var list []Line
	for _, l := range heads {
		if f, found := on[l.ID]; found {
			l.LineFact = f
			list = append(list, l)
		}
	}
	slices.SortStableFunc(list, func(a, b Line) int {
		return cmp.Or(cmp.Compare(slices.Index(Terms, a.Term), slices.Index(Terms, b.Term)),
			cmp.Compare(bit(!a.State.Open()), bit(!b.State.Open())), cmp.Compare(a.Priority, b.Priority),
			cmp.Compare(a.Number, b.Number))
	})
	return list, nil
}

// LineByID reads a line as it is today; an unknown id is refused.
func LineByID(r store.Reader, id LineID) (Line, error) {
	l, found, err := store.Find(r, qLine, scanLine, string(id))
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-line")
	}
	if err != nil {
		return l, err
	}
	facts, err := LineHistory(r, id)
	l.LineFact = current(facts, civil.Day(civil.MaxYear, 12, 31))[id]
	return l, err
}

// LineHistory is everything that was ever said of a line, in the order in which it was written.
func LineHistory(r store.Reader, id LineID) ([]LineFact, error) {
	return store.List(r, qFactsOfLine, scanLineFact, string(id))
}

// Waits says for which lines a line still waits.
func (l Line) Waits(all []Line) (list []Line) {
	for _, o := range all {
		if o.State.Open() && slices.Contains(l.After, o.ID) {
			list = append(list, o)
		}
	}
	return list
}

// Ahead is what the open lines of an outlook add up to.
type Ahead struct {
	Lines    int64
	Estimate money.Cents // of those whose estimate is known
	Unknown  int64       // lines without an estimate
}

// Plus adds what other lines add up to.
func (a Ahead) Plus(b Ahead) Ahead {
	return Ahead{a.Lines + b.Lines, a.Estimate + b.Estimate, a.Unknown + b.Unknown}
}

// Sum adds the open lines of a term up; of both for an empty one.
func Sum(lines []Line, term Term) (a Ahead) {
	for _, l := range lines {
		if !l.State.Open() || term != "" && l.Term != term {
			continue
		}
		a.Lines++
		a.Estimate += l.Estimate
		if l.Estimate == 0 {
			a.Unknown++
		}
	}
	return a
}
