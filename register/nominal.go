package register

import (
	"encoding/json"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
)

// step is the nominal amount of a class from a day on.
type step struct {
	since   civil.Date // zero for the first
	nominal money.Cents

	operation MovementNumber // of the split or consolidation; 0 for the first
}

// steps are the nominal amounts of one class, the first since its beginning. Shares times nominal amount is the same on
// both sides of a step.
type steps []step

// on is the nominal amount on a day. A class that is not there, as after an alteration by hand, has none.
func (s steps) on(day civil.Date) money.Cents {
	if len(s) == 0 {
		return 0
	}
	nominal := s[0].nominal
	for _, next := range s[1:] {
		if next.since.After(day) {
			break
		}
		nominal = next.nominal
	}
	return nominal
}

// worth are the nominal amounts of every class.
type worth map[ClassID]steps

// worthOf reads the nominal amounts as they were known through a movement.
func worthOf(r store.Reader, through MovementNumber) (worth, error) {
	classes, err := store.List(r, qClasses, scanClass)
	if err != nil {
		return nil, err
	}
	rows, err := store.List(r, qNominals, scanNominal, int64(through))
	if err != nil {
		return nil, err
	}
	w := make(worth, len(classes))
	for _, c := range classes {
		w[c.ID] = steps{{nominal: c.Nominal}}
	}
	for _, n := range rows {
		undone := slices.ContainsFunc(rows, func(other nominalRow) bool { return other.undoes == n.operation })
		if n.undoes == 0 && !undone {
			w[n.class] = append(w[n.class], step{n.since, n.nominal, n.operation})
		}
	}
	for _, s := range w {
		slices.SortFunc(s[1:], func(a, b step) int { return a.since.Compare(b.since) })
	}
	return w, nil
}

// everything is above every number that a movement may have.
const everything MovementNumber = 1<<63 - 1

// ClassesOn lists the classes by letter with the nominal amounts of a day, as they were known through a movement.
func ClassesOn(r store.Reader, day civil.Date, through MovementNumber) ([]ShareClass, error) {
	list, err := store.List(r, qClasses, scanClass)
	if err != nil {
		return nil, err
	}
	w, err := worthOf(r, through)
	for i, c := range list {
		if err == nil {
			list[i].Nominal = w[c.ID].on(day)
		}
	}
	return list, err
}

// Classes lists the classes by letter, with the nominal amounts of today.
func Classes(r store.Reader) ([]ShareClass, error) { return ClassesOn(r, r.Today(), everything) }

// ClassOn reads one class with the nominal amount of a day; an unknown id is refused.
func ClassOn(r store.Reader, id ClassID, day civil.Date) (ShareClass, error) {
	c, found, err := store.Find(r, qClass, scanClass, string(id))
	if err == nil && !found {
		err = fault.Refuse("register.refusal.unknown-class").At("class")
	}
	if err != nil {
		return c, err
	}
	w, err := worthOf(r, everything)
	if err == nil {
		c.Nominal = w[id].on(day.Last())
	}
	return c, err
}

// ClassOf reads one class with the nominal amount of today; an unknown id is refused.
func ClassOf(r store.Reader, id ClassID) (ShareClass, error) { return ClassOn(r, id, r.Today()) }

// Nominal is a nominal amount that a class had or has.
type Nominal struct {
	Since     civil.Date
	Amount    money.Cents
	Operation MovementNumber // of the split or consolidation; 0 for the first
}

// Nominals are the nominal amounts of a class in their order; the first is the one with which it began.
func Nominals(r store.Reader, id ClassID) ([]Nominal, error) {
	c, err := ClassOf(r, id)
	if err != nil {
		return nil, err
	}
	w, err := worthOf(r, everything)
	list := []Nominal{}
	for _, s := range w[id] {
		list = append(list, Nominal{s.since, s.nominal, s.operation})
	}
	if len(list) > 0 {
		list[0].Since = c.Since
	}
	return list, err
}

// canonical is what the journal's seal commits to.
func (n nominalRow) canonical() []byte {
	text, err := json.Marshal(struct {
		Operation int64   `json:"operation"`
		Class     ClassID `json:"class"`
		Since     string  `json:"since"`
		Before    int64   `json:"before"`
		Nominal   int64   `json:"nominal"`
		Undoes    int64   `json:"undoes,omitempty"`
	}{int64(n.operation), n.class, n.since.String(), int64(n.before), int64(n.nominal), int64(n.undoes)})
	fault.Must(err == nil, "nominal amount of %s: %v", n.class, err)
	return text
}

// nominalWitness re-makes what was sealed of each change.
func nominalWitness(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qNominals, func(row store.Row) error {
		n, err := scanNominal(row)
		if err != nil {
			return err
		}
		return yield(n.operation.sealID(), n.canonical())
	}, int64(everything))
}

// Splitting makes Into shares of every From shares of a class, from a day on: 1 into 10 is a split, 10 into 1 a
// consolidation. Shares times nominal amount stay what they are; lots keep their dates, and what is paid is not
// touched.
type Splitting struct {
	Class      ClassID
	From, Into int64
	Detail
}

// Limits of a split.
const (
	maxRatio     = 10_000
	maxSplitLots = 200_000 // lots in somebody's hands: each gets a movement
)

// SplitShares writes what a split or consolidation gives to or takes from every lot. It is refused when it would leave
// fractions of a share in any lot, or fractions of a cent; nothing is rounded and nobody is paid off.
func SplitShares(tx *store.Tx, s Splitting) ([]Movement, error) {
	class, err := ClassOn(tx, s.Class, s.Effective)
	if err != nil {
		return nil, err
	}
	detail, refusals := s.Detail.checked(tx, class)
	if s.From < 1 || s.Into < 1 || s.From > maxRatio || s.Into > maxRatio || s.From == s.Into {
		refusals = append(refusals, fault.Refuse("register.refusal.ratio", "limit", maxRatio).At("into"))
	}
	if err := refusals.Err(); err != nil {
		return nil, err
	}
	if err := mayChange(tx, class); err != nil {
		return nil, err
	}
	day := detail.Effective.Last()
	nominal, err := s.nominal(tx, class, day)
	if err != nil {
		return nil, err
	}
	lots, err := store.List(tx, qLotsOfClass, scanLotSum, string(class.ID))
	if err != nil {
		return nil, err
	}
	ms, err := s.movements(lots, detail, class)
	if err != nil {
		return nil, err
	}
	if ms, err = write(tx, ms); err != nil {
		return nil, err
	}
	err = insertNominal(tx, nominalRow{operation: ms[0].Operation, class: class.ID, since: day, before: class.Nominal,
		nominal: nominal})
	tx.Record(store.Line{About: []store.Ref{class.ID.Ref(), ms[0].Number.Ref()}, Args: map[string]any{
		"from": s.From, "into": s.Into, "before_cents": int64(class.Nominal), "after_cents": int64(nominal),
		"n": len(ms), "effective_on": detail.Effective.String()}})
	return ms, err
}

// nominal is the new amount, when the class can change on that day.
func (s Splitting) nominal(tx *store.Tx, class ShareClass, day civil.Date) (money.Cents, error) {
	w, err := worthOf(tx, everything)
	if err != nil {
		return 0, err
	}
	if last := w[class.ID][len(w[class.ID])-1]; !last.since.Before(day) {
		return 0, fault.Refuse("register.refusal.split-order", "class", class.Letter, "day", last.since).At("effective").
			By("CSA 6:25")
	}
	after, err := store.One(tx, qFromDayOn, store.Number, string(class.ID), day.String())
	if err != nil {
		return 0, err
	}
	if after > 0 {
		return 0, fault.Refuse("register.refusal.split-later", "class", class.Letter, "day", day, "n", after).
			At("effective").By("CSA 6:25")
	}
	whole := class.Nominal * money.Cents(s.From)
	if whole%money.Cents(s.Into) != 0 || whole/money.Cents(s.Into) > maxNominal {
		return 0, fault.Refuse("register.refusal.split-cents", "nominal", class.Nominal, "from", s.From, "into", s.Into).
			At("into").By("CSA 6:24")
	}
	return whole / money.Cents(s.Into), nil
}

// movements are one for each lot in somebody's hands.
func (s Splitting) movements(lots []lotSum, d Detail, class ShareClass) ([]Movement, error) {
	if len(lots) == 0 || len(lots) > maxSplitLots {
		return nil, fault.Refuse("register.refusal.split-lots", "class", class.Letter, "limit", maxSplitLots).At("class")
	}
	kind := Split
	if s.Into < s.From {
		kind = Consolidated
	}
	ms := make([]Movement, len(lots))
	for i, l := range lots {
		if l.shares*s.Into%s.From != 0 {
			return nil, fault.Refuse("register.refusal.split-fraction", "number", l.holder.String(), "lot", l.lot.String(),
				"shares", l.shares, "from", s.From, "into", s.Into).At("into").By("CSA 6:24")
		}
		ms[i] = d.movement(kind, l.holder, class.ID, l.lot, l.shares*s.Into/s.From-l.shares, 0)
	}
	return ms, nil
}

// followed adds to movements of a day what the splits and consolidations of later days make of them: a movement is
// told in the shares of its own day.
func (w worth) followed(ms []Movement) ([]Movement, error) {
	all := ms
	for _, m := range ms {
		day, shares := m.Effective.Last(), m.Shares
		before := w[m.Class].on(day)
		for _, s := range w[m.Class][1:] {
			if !s.since.After(day) || m.Shares == 0 {
				continue
			}
			if m.Shares*int64(before)%int64(s.nominal) != 0 {
				return nil, fault.Refuse("register.refusal.split-follows", "shares", abs(m.Shares), "day", day, "split", s.since).
					At("shares").By("CSA 6:24")
			}
			then := m.Shares * int64(before) / int64(s.nominal)
			kind := Split
			if abs(then) < abs(shares) {
				kind = Consolidated
			}
			f := m
			f.Kind, f.Shares, f.Paid, f.Effective, f.Pair, f.Counterpart = kind, then-shares, 0, s.since, 0, 0
			f.Corrects, f.Cause = 0, ""
			all, shares = append(all, f), then
		}
	}
	return all, nil
}
