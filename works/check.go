package works

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// CheckKind is what a check is about.
type CheckKind string

// The kinds.
const (
	Fire         CheckKind = "fire"         // the report of the fire brigade
	Detection    CheckKind = "detection"    // alarm and detection
	Extinguisher CheckKind = "extinguisher" // and hose reels
	Emergency    CheckKind = "emergency"    // lighting
	Electric     CheckKind = "electric"     // low voltage, elsewhere than in a flat
	ElectricFlat CheckKind = "electric-flat"
	Elevator     CheckKind = "lift"
	Gas          CheckKind = "gas"
	Heating      CheckKind = "heating"
	Hoist        CheckKind = "hoist" // what lifts loads
	Ventilation  CheckKind = "ventilation"
)

// CheckKinds lists them.
var CheckKinds = []CheckKind{Fire, Detection, Extinguisher, Emergency, Electric, ElectricFlat, Elevator, Gas, Heating,
	Hoist,
	Ventilation}

// Words names the kind.
func (k CheckKind) Words() lang.Phrase { return lang.Say("works.check." + string(k)) }

// read are the intervals in months for which the program names a text, and where it was read; all others are fixed by
// the board.
var read = map[CheckKind]int64{Electric: 60, ElectricFlat: 300, Extinguisher: 12, Detection: 12, Hoist: 3}

// heard are intervals that are often heard of, for which no text was found that says them for certain: a beginning for
// the board, and what is counted until it has fixed another.
var heard = map[CheckKind]int64{Fire: 60, Emergency: 12, Elevator: 6, Gas: 36, Heating: 12, Ventilation: 12}

// Basis is what an interval rests on.
type Basis string

// The bases.
const (
	OfTheHouse Basis = "house" // the board fixed it, with its source
	OfAText    Basis = "text"  // the program names the text
	Unfixed    Basis = "heard" // nobody has fixed it
)

// Interval is how often a kind of check is done, from a day on, as the house read it somewhere.
type Interval struct {
	ID        string
	Code      CheckKind
	From      civil.Date
	Months    int64
	Source    string
	Confirmed bool // somebody of the house read the source
	Made
}

// Basis says what the interval rests on.
func (k Interval) Basis() Basis {
	switch {
	case k.ID != "":
		return OfTheHouse
	case read[k.Code] > 0:
		return OfAText
	}
	return Unfixed
}

// Text names where the interval is to be read: the text that the program names, or the one in which it may stand.
func (k Interval) Text() lang.Phrase { return lang.Say("works.text." + string(k.Code)) }

// MaxMonths bounds an interval: fifty years.
const MaxMonths = 600

// SetInterval says how often a kind of check is done, from a day on, with its source.
func SetInterval(tx *store.Tx, k Interval) error {
	var c checker
	if !slices.Contains(CheckKinds, k.Code) {
		c.no("code", "choice")
	}
	if k.Months < 1 || k.Months > MaxMonths {
		c.no("months", "months", "limit", MaxMonths)
	}
	c.past("from", k.From, tx.Today())
	c.need("source", k.Source, MaxShort)
	if len(c.wrong) > 0 {
		return c.wrong
	}
	k.ID, k.Made = tx.ID(), made(tx)
	tx.Record(store.Line{Args: map[string]any{"kind": k.Code.Words(), "n": k.Months, "from_on": k.From.String()}})
	return insertInterval(tx, k)
}

// Intervals are the intervals of a day, one for each kind: what the house said, else what the program read or heard.
func Intervals(r store.Reader, day civil.Date) (map[CheckKind]Interval, error) {
	on := map[CheckKind]Interval{}
	for _, k := range CheckKinds {
		on[k] = Interval{Code: k, Months: max(read[k], heard[k])}
	}
	return on, store.Each(r, qIntervals, func(row store.Row) error {
		k, err := scanInterval(row)
		if err == nil && !k.From.After(day) && (on[k.Code].ID == "" || !k.From.Before(on[k.Code].From)) {
			on[k.Code] = k
		}
		return err
	})
}

// DutyID is the id of a duty.
type DutyID string

// Ref names the duty in the journal.
func (id DutyID) Ref() store.Ref { return store.Ref{Kind: "works-duty", ID: string(id)} }

// Duty is an installation that must be checked.
type Duty struct {
	ID     DutyID
	Place  places.PlaceID
	Part   places.PartID // empty: the whole place
	Number int64
	Code   CheckKind
	Title  string // which one: "monte-charge du fond"
	Bars   bool   // without a good check, it may not open to the public
	Since  civil.Date
	Made
}

// DutyEnd says that an installation is checked no more: it is there no longer.
type DutyEnd struct {
	Duty DutyID
	Last civil.Date
	Why  string
	Made
}

// Verdict is what a check found.
type Verdict string

// The verdicts.
const (
	Good    Verdict = "good"
	Remarks Verdict = "remarks" // good, once its remarks are lifted
	Bad     Verdict = "bad"
)

// Verdicts lists them.
var Verdicts = []Verdict{Good, Remarks, Bad}

// Words names the verdict.
func (v Verdict) Words() lang.Phrase { return lang.Say("works.verdict." + string(v)) }

// Inspection is a check that was done.
type Inspection struct {
	ID         string
	Duty       DutyID
	On         civil.Date
	Inspector  string // the body that came
	Reference  string
	Verdict    Verdict
	ValidUntil civil.Date
	Document   string
	Note       string
	Made
}

// Remark is what an inspection asks to be mended.
type Remark struct {
	ID         string
	Inspection string
	Position   int64
	Words      string
	Grave      bool       // until it is lifted, it may not open to the public
	Due        civil.Date // may be zero
}

// Lifting is the proof that a remark was mended.
type Lifting struct {
	ID       string
	Remark   string
	On       civil.Date
	Evidence string
	Document string
	Made
}

// Limits of the register.
const (
	MaxDuties  = 5000 // of all places
	MaxRemarks = 40   // of one inspection
)

// AddDuty writes down an installation that must be checked.
func AddDuty(tx *store.Tx, d Duty) (DutyID, error) {
	place, err := placed(tx, d.Place)
	if err != nil {
		return "", err
	}
	var c checker
	if !slices.Contains(CheckKinds, d.Code) {
		c.no("code", "choice")
	}
	c.short("title", d.Title, MaxTitle)
	c.past("since", d.Since, tx.Today())
	if err := c.within(tx, "part", d.Place, d.Part); err != nil {
		return "", err
	}
	all, err := store.One(tx, qCountDuties, store.Number)
	if err != nil {
		return "", err
	}
	if all >= MaxDuties {
		c.no("code", "too-many", "limit", MaxDuties)
	}
	if len(c.wrong) > 0 {
		return "", c.wrong
	}
	d.ID, d.Made = DutyID(tx.ID()), made(tx)
	if d.Number, err = tx.Next("works.duty"); err != nil {
		return "", err
	}
	tx.Answer(string(d.ID))
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"place": place.Title,
		"kind": d.Code.Words()}})
	if err := insertDuty(tx, d); err != nil {
		return "", err
	}
	return d.ID, watch(tx, d.ID)
}

// EndDuty says that an installation is checked no more.
func EndDuty(tx *store.Tx, e DutyEnd) error {
	d, err := DutyByID(tx, e.Duty)
	if err != nil {
		return err
	}
	var c checker
	c.need("why", e.Why, MaxWhy)
	c.past("last", e.Last, tx.Today())
	if !d.Ended.IsZero() {
		c.no("last", "duty-over")
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	e.Made = made(tx)
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"kind": d.Code.Words(),
		"last_on": e.Last.String()}})
	if err := insertDutyEnd(tx, e); err != nil {
		return err
	}
	return watch(tx, d.ID)
}

// Inspect notes a check with its remarks. Without a day until which it is valid, the interval of its kind is counted.
func Inspect(tx *store.Tx, i Inspection, remarks []Remark, u *documents.Upload) (string, error) {
	d, err := DutyByID(tx, i.Duty)
	if err != nil {
		return "", err
	}
	if i.ValidUntil.IsZero() && i.On.IsDay() {
		on, err := Intervals(tx, i.On)
		if err != nil {
			return "", err
		}
		i.ValidUntil = i.On.AddMonths(int(on[d.Code].Months)).AddDays(-1)
	}
	if wrong := i.check(tx.Today(), remarks); len(wrong) > 0 {
		return "", wrong
	}
	if i.Document, err = kept(tx, u); err != nil {
		return "", err
	}
	i.ID, i.Made = tx.ID(), made(tx)
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"kind": d.Code.Words(),
		"verdict": i.Verdict.Words(), "n": len(remarks)}})
	if err := insertInspection(tx, i); err != nil {
		return "", err
	}
	for n, m := range remarks {
		m.ID, m.Inspection, m.Position = tx.ID(), i.ID, int64(n+1)
		if err := insertRemark(tx, m); err != nil {
			return "", err
		}
	}
	return i.ID, watch(tx, d.ID)
}

func (i Inspection) check(today civil.Date, remarks []Remark) fault.Refusals {
	var c checker
	c.past("on", i.On, today)
	if !i.On.IsZero() && !i.On.IsDay() {
		c.no("on", "day")
	}
	c.need("inspector", i.Inspector, MaxTitle)
	c.short("reference", i.Reference, MaxTitle)
	c.short("note", i.Note, MaxText)
	if !slices.Contains(Verdicts, i.Verdict) {
		c.no("verdict", "choice")
	}
	if i.ValidUntil.Before(i.On) {
		c.no("until", "order")
	}
	if len(remarks) > MaxRemarks {
		c.no("remarks", "too-many", "limit", MaxRemarks)
	}
	if i.Verdict == Remarks && len(remarks) == 0 {
		c.no("remarks", "no-remark")
	}
	if i.Verdict == Good && len(remarks) > 0 {
		c.no("verdict", "good-remarks")
	}
	for _, m := range remarks {
		c.need("remarks", m.Words, MaxWhy)
	}
	return c.wrong
}

// Lift notes with its proof that a remark was mended: one remark at a time.
func Lift(tx *store.Tx, l Lifting, u *documents.Upload) error {
	m, found, err := store.Find(tx, qRemark, scanRemark, l.Remark)
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-remark")
	}
	if err != nil {
		return err
	}
	i, err := store.One(tx, qInspection, scanInspection, m.Inspection)
	if err != nil {
		return err
	}
	d, err := DutyByID(tx, i.Duty)
	if err != nil {
		return err
	}
	var c checker
	c.past("on", l.On, tx.Today())
	if !l.On.IsZero() && l.On.Before(i.On) {
		c.no("on", "order")
	}
	c.need("evidence", l.Evidence, MaxWhy)
	if is := d.find(m.ID); is == nil || is.Lifting != nil {
		c.no("evidence", "lifted")
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	if l.Document, err = kept(tx, u); err != nil {
		return err
	}
	l.ID, l.Made = tx.ID(), made(tx)
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"kind": d.Code.Words(),
		"position": m.Position}})
	if err := insertLifting(tx, l); err != nil {
		return err
	}
	return watch(tx, d.ID)
}

// dutyOf is the duty that an inspection or a lifting belongs to.
func dutyOf(r store.Reader, kind Ledger, id string) (d Duty, found bool, err error) {
	if kind == OfLiftings {
		l, found, err := store.Find(r, qLifting, scanLifting, id)
		if err != nil || !found {
			return d, false, err
		}
		m, err := store.One(r, qRemark, scanRemark, l.Remark)
		if err != nil {
			return d, false, err
		}
		id = m.Inspection
	}
	i, found, err := store.Find(r, qInspection, scanInspection, id)
	if err != nil || !found {
		return d, false, err
	}
	return store.Find(r, qDuty, scanDuty, string(i.Duty))
}

// Mended is a remark with the proof that it was lifted, when it was.
type Mended struct {
	Remark
	Lifting *Lifting
}

// Checked is an inspection with its remarks.
type Checked struct {
	Inspection
	Remarks  []Mended
	Reversed *Reversal // it was never so
}

// Open counts the remarks that are not lifted.
func (i Checked) Open() (n int64) {
	for _, m := range i.Remarks {
		n += bit(m.Lifting == nil)
	}
	return n
}

// DutyState is how an installation stands on a day.
type DutyState string

// The states, the worst first.
const (
	Unsafe  DutyState = "bad"
	Lapsed  DutyState = "lapsed"
	Never   DutyState = "never"
	Pending DutyState = "remarks" // remarks wait
	Ending  DutyState = "soon"
	Valid   DutyState = "valid"
	Ended   DutyState = "ended"
)

// DutyStates lists them.
var DutyStates = []DutyState{Unsafe, Lapsed, Never, Pending, Ending, Valid, Ended}

// Words names the state.
func (s DutyState) Words() lang.Phrase { return lang.Say("works.duty." + string(s)) }

// WarnDays is how many days ahead the end of a check is told.
const WarnDays = 60

// Watched is a duty with all that was found.
type Watched struct {
	Duty
	Ended civil.Date // its last day, when it is checked no more
	Why   string
	All   []Checked // the oldest first
}

func (k Watched) find(remark string) *Mended {
	for _, i := range k.All {
		for n := range i.Remarks {
			if i.Remarks[n].ID == remark {
				return &i.Remarks[n]
			}
		}
	}
	return nil
}

// Last is the inspection that counts on a day: the latest one that was not reversed.
func (k Watched) Last(day civil.Date) (last Checked, found bool) {
	for _, i := range k.All {
		if i.Reversed == nil && !i.On.After(day) && (!found || !i.On.Before(last.On)) {
			last, found = i, true
		}
	}
	return last, found
}

// Barred is a place, or a part of one, that may not open to the public.
type Barred struct {
	Duty DutyID
	Part places.PartID // empty: the whole place
	Why  lang.Phrase
}

// MayNotOpen lists what of a place may not open to the public on a day, each with its reason. An empty list does not
// say that all is well: only that nothing that is watched stands against it.
func MayNotOpen(r store.Reader, place places.PlaceID, day civil.Date) (list []Barred, err error) {
	all, err := DutiesOf(r, place)
	for _, k := range all {
		if why, barred := k.Bar(day); barred {
			list = append(list, Barred{k.ID, k.Part, why})
		}
	}
	return list, err
}

// book are the queries by which the register of checks is read: of one place, or of all.
type book struct{ duties, reversals, inspections, remarks, liftings store.Query }

var (
	wholeBook = book{qDutyHeads, qReversals, qInspections, qRemarks, qLiftings}
	placeBook = book{qDutiesOf, qReversalsOf, qInspectionsOf, qRemarksOf, qLiftingsOf}
)

// DutiesOf lists what must be checked at a place, with all that was found.
func DutiesOf(r store.Reader, place places.PlaceID) ([]Watched, error) {
	return placeBook.read(r, string(place))
}

// AllDuties lists what must be checked anywhere, with all that was found.
func AllDuties(r store.Reader) ([]Watched, error) { return wholeBook.read(r) }

func (g book) read(r store.Reader, args ...any) ([]Watched, error) {
	heads, err := store.List(r, g.duties, scanDuty, args...)
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	ends := map[DutyID]DutyEnd{}
	if err := store.Each(r, qDutyEnds, func(row store.Row) error {
		e, err := scanDutyEnd(row)
		ends[e.Duty] = e
		return err
	}); err != nil {
		return nil, err
	}
	found, err := g.inspected(r, args...)
	if err != nil {
		return nil, err
	}
	list := make([]Watched, len(heads))
	for i, d := range heads {
		list[i] = Watched{Duty: d, Ended: ends[d.ID].Last, Why: ends[d.ID].Why, All: found[d.ID]}
	}
	return list, nil
}

// inspected reads inspections with their remarks, each by day.
func (g book) inspected(r store.Reader, args ...any) (map[DutyID][]Checked, error) {
	gone, err := reversals(r, g.reversals, args...)
	if err != nil {
		return nil, err
	}
	lifted := map[string]*Lifting{}
	if err := store.Each(r, g.liftings, func(row store.Row) error {
		l, err := scanLifting(row)
		if _, reversed := gone[l.ID]; !reversed {
			lifted[l.Remark] = &l
		}
		return err
	}, args...); err != nil {
		return nil, err
	}
	remarks := map[string][]Mended{}
	if err := store.Each(r, g.remarks, func(row store.Row) error {
		m, err := scanRemark(row)
		remarks[m.Inspection] = append(remarks[m.Inspection], Mended{m, lifted[m.ID]})
		return err
	}, args...); err != nil {
		return nil, err
	}
	by := map[DutyID][]Checked{}
	err = store.Each(r, g.inspections, func(row store.Row) error {
		i, err := scanInspection(row)
		one := Checked{Inspection: i, Remarks: remarks[i.ID]}
		if v, reversed := gone[i.ID]; reversed {
			one.Reversed = &v
		}
		by[i.Duty] = append(by[i.Duty], one)
		return err
	}, args...)
	for _, list := range by {
		slices.SortStableFunc(list, func(a, b Checked) int { return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.ID, b.ID)) })
	}
	return by, err
}

// DutyByID reads a duty with all that was found; an unknown id is refused.
func DutyByID(r store.Reader, id DutyID) (Watched, error) {
	d, found, err := store.Find(r, qDuty, scanDuty, string(id))
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-duty")
	}
	if err != nil {
		return Watched{}, err
	}
	all, err := DutiesOf(r, d.Place)
	for _, k := range all {
		if k.ID == id {
			return k, err
		}
	}
	return Watched{Duty: d}, err
}

// officeMails are the addresses of e-mail of those who work in the office today.
func officeMails(r store.Reader) (list []string, err error) {
	grants, err := people.Grants(r)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		if g.Role != people.ForOffice || !g.On(r.Today()) {
			continue
		}
		mails, err := people.EmailsOn(r, g.Person, r.Today())
		if err != nil {
			return nil, err
		}
		if len(mails) > 0 && !slices.Contains(list, mails[0]) {
			list = append(list, mails[0])
		}
	}
	return list, nil
}
