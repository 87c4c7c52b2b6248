package places

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// OccupancyID is the id of an occupancy.
type OccupancyID string

// Ref names the occupancy in the journal.
func (id OccupancyID) Ref() store.Ref { return store.Ref{Kind: "occupancy", ID: string(id)} }

// Stay is how long somebody means to be in a space.
type Stay string

// The stays.
const (
	Lasting Stay = "lasting" // an agreement that runs until somebody ends it, or for a term
	Trial   Stay = "trial"   // some months, to see whether it works; ends with an evaluation
	Short   Stay = "short"   // days or weeks, as of a visiting artist in a flat
)

// Stays lists them.
var Stays = []Stay{Lasting, Trial, Short}

// Words names the stay.
func (s Stay) Words() lang.Phrase { return lang.Say("places.stay." + string(s)) }

// Indexing is how a fee moves.
type Indexing string

// The ways. The health index is not known ahead: its rate serves the forecast alone, and what it became is a new entry.
const (
	Fixed    Indexing = "none"
	ByRate   Indexing = "rate"   // each anniversary by a rate of the agreement
	ByHealth Indexing = "health" // by the health index
)

// Indexings lists them.
var Indexings = []Indexing{Fixed, ByRate, ByHealth}

// Words names the way.
func (i Indexing) Words() lang.Phrase { return lang.Say("places.indexing." + string(i)) }

// Terms is what was agreed.
type Terms struct {
	Stay     Stay
	From     civil.Date // first day
	Until    civil.Date // last day; zero: no end is agreed
	Area     Area       // the share of a collective space; 0: the whole
	Practice string     // what is done there: "sérigraphie"
	People   int64      // how many work there; 0: unknown
	Fee      money.Cents
	Index    Indexing
	Rate     int64 // yearly, in hundredths of a per cent
	Deposit  money.Cents
	Notice   int64  // months
	Document string // the agreement; may be empty
	Note     string // may name people: it is erased with the occupant
}

// Cause is why an entry was written.
type Cause string

// The causes.
const (
	Entered   Cause = "enter"
	Amended   Cause = "amend" // what was written was not right
	Ended     Cause = "end"
	Evaluated Cause = "evaluate" // of a trial
	Undone    Cause = "undo"     // it never was
)

// Words names the cause.
func (c Cause) Words() lang.Phrase { return lang.Say("places.cause." + string(c)) }

// Verdict is how a trial ended.
type Verdict string

// The verdicts; the empty one is not given yet.
const (
	Remains Verdict = "stay"
	Leaves  Verdict = "leave"
	Again   Verdict = "again"
)

// Verdicts lists them.
var Verdicts = []Verdict{Remains, Leaves, Again}

// Words names the verdict.
func (v Verdict) Words() lang.Phrase { return lang.Say("places.verdict." + string(v)) }

// Entry is what was known of an occupancy from the moment at which it was written until the next entry.
type Entry struct {
	ID        string
	Occupancy OccupancyID
	Number    int64 // 1, 2, …
	Cause     Cause
	Terms
	Verdict Verdict
	Why     string // may name people: it is erased with the occupant
	At      civil.Instant
	By      people.PersonID

	salt    []byte // of the promise; none once the words are erased
	promise []byte
}

// words are what may name people.
type words struct{ Note, Why string }

const domainWords = "places/words"

// canonical is what is sealed of an entry. Its words stand in it by a promise, so that they can be erased.
func (e Entry) canonical() []byte {
	kept := e.promised()
	e.Note, e.Why = "", ""
	return encode(struct {
		Entry
		Promise []byte
	}{e, kept})
}

// promised commits to the words. Without its salt only the promise is left, and there may be no words.
func (e Entry) promised() []byte {
	switch {
	case len(e.salt) == len(chain.Salt{}):
		hash := chain.Commit(domainWords, chain.Salt(e.salt), encode(words{e.Note, e.Why}))
		if e.promise != nil && !bytes.Equal(e.promise, hash[:]) {
			return nil // what is kept is not what was promised
		}
		return hash[:]
	case len(e.salt) > 0 || e.Note != "" || e.Why != "":
		return nil
	}
	return e.promise
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return raw
}

// Occupancy is who is in a space, as it was known at some moment.
type Occupancy struct {
	Entry   // the one that counts
	ID      OccupancyID
	Space   PartID
	Place   PlaceID
	Person  people.PersonID
	Follows OccupancyID // the one whose terms this one replaced; may be empty
}

// Stands says that it was: it is not undone.
func (o Occupancy) Stands() bool { return o.Cause != Undone }

// In says whether the occupant is there on a day.
func (o Occupancy) In(day civil.Date) bool {
	return o.Stands() && !day.Before(o.From) && (o.Until.IsZero() || !day.After(o.Until))
}

// meets says whether two spans of days have a day in common.
func (t Terms) meets(other Terms) bool {
	return (t.Until.IsZero() || !t.Until.Before(other.From)) && (other.Until.IsZero() || !other.Until.Before(t.From))
}

// takes is how much of a space's area an occupancy takes.
func (t Terms) takes(space Area) Area {
	if t.Area == 0 {
		return space
	}
	return t.Area
}

// Limits of an occupancy.
const (
	MaxPractice  = 80
	MaxNote      = 1000
	MaxFee       = money.Cents(1000_00) // for a square metre and a month
	MaxRate      = 2000                 // twenty per cent
	MaxNotice    = 60                   // months
	maxTrial     = 6                    // months
	maxShort     = 3                    // months
	maxAhead     = 20                   // years that a beginning lies ahead
	maxEntries   = 200                  // of one occupancy
	MaxOccupants = 20_000               // of one place, ever
)

func (t Terms) check(today civil.Date) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("places.refusal."+code, kv...).At(field))
	}
	if !slices.Contains(Stays, t.Stay) {
		no("stay", "stay")
	}
	switch {
	case !t.From.IsDay():
		no("from", "from-day")
	case t.From.After(today.AddYears(maxAhead)):
		no("from", "far")
	case !t.Until.IsZero() && !t.Until.IsDay():
		no("until", "from-day")
	case !t.Until.IsZero() && t.Until.Before(t.From):
		no("until", "backwards")
	case t.Stay == Trial && (t.Until.IsZero() || t.Until.After(t.From.AddMonths(maxTrial))):
		no("until", "trial", "months", maxTrial)
	case t.Stay == Short && (t.Until.IsZero() || t.Until.After(t.From.AddMonths(maxShort))):
		no("until", "short", "months", maxShort)
	}
	if t.Area < 0 || t.Area > MaxArea {
		no("area", "area", "text", t.Area.Plain())
	}
	if strings.TrimSpace(t.Practice) == "" || utf8.RuneCountInString(t.Practice) > MaxPractice {
		no("practice", "practice", "limit", MaxPractice)
	}
	if t.Fee < 0 || t.Fee > MaxFee {
		no("fee", "fee", "limit", MaxFee)
	}
	if !slices.Contains(Indexings, t.Index) || t.Rate < 0 || t.Rate > MaxRate {
		no("index", "index")
	}
	if t.Deposit < 0 || t.Deposit > money.Max {
		no("deposit", "deposit")
	}
	if t.Notice < 0 || t.Notice > MaxNotice {
		no("notice", "notice", "limit", MaxNotice)
	}
	if t.People < 0 || t.People > maxCapacity {
		no("people", "measure", "limit", maxCapacity)
	}
	if utf8.RuneCountInString(t.Note) > MaxNote {
		no("note", "too-long", "limit", MaxNote)
	}
	return wrong
}

// Fits says whether somebody may have a space on these terms beside those who are in it: one at a time in a space that
// is let whole, at most its own area in a collective one, nobody on a building site. space tells the space on any day,
// changes are the days on which it becomes another one.
func Fits(space func(civil.Date) Part, changes []civil.Date, others []Occupancy, t Terms) error {
	days := []civil.Date{t.From}
	for _, c := range changes {
		if c.After(t.From) && (t.Until.IsZero() || !c.After(t.Until)) {
			days = append(days, c.Last())
		}
	}
	var beside []Occupancy
	for _, o := range others {
		if o.Stands() && o.meets(t) {
			beside = append(beside, o)
			if o.From.After(t.From) {
				days = append(days, o.From)
			}
		}
	}
	for _, day := range days {
		s := space(day)
		switch {
		case s.Level != Space || s.Closed:
			return fault.Refuse("places.refusal.not-there", "space", s.Name(), "day", day).At("from")
		case s.Tenure == Common:
			return fault.Refuse("places.refusal.common", "space", s.Name()).At("from")
		case s.Works:
			return fault.Refuse("places.refusal.works", "space", s.Name(), "day", day, "work", s.Work()).At("from")
		case s.Tenure == Single && t.Area != 0 && t.Area != s.Area:
			return fault.Refuse("places.refusal.whole", "space", s.Name()).At("area")
		}
		taken := t.takes(s.Area)
		for _, o := range beside {
			if !o.In(day) {
				continue
			}
			if s.Tenure == Single {
				return fault.Refuse("places.refusal.overlap", "space", s.Name(), "from", o.From, "day", day).At("from")
			}
			taken += o.takes(s.Area)
		}
		if taken > s.Area {
			return fault.Refuse("places.refusal.full", "space", s.Name(), "area", areaWords(s.Area), "over",
				areaWords(taken-s.Area), "day", day).At("area")
		}
	}
	return nil
}

// areaWords is an area inside a refusal, which has no printer.
func areaWords(a Area) string { return a.Plain() + "\u00a0m²" }

// within says that these terms take nothing that others did not take already: the same share, on no day more.
func (t Terms) within(other Terms) bool {
	return t.Area == other.Area && !t.From.Before(other.From) &&
		(other.Until.IsZero() || !t.Until.IsZero() && !t.Until.After(other.Until))
}

// fits reads what Fits needs. self is left out of the others.
func fits(tx *store.Tx, space PartID, self OccupancyID, t Terms) (Part, error) {
	p, err := PartByID(tx, space, On(t.From))
	if err != nil {
		return p, err
	}
	facts, gone, err := PartHistory(tx, space)
	if err != nil {
		return p, err
	}
	others, err := OccupanciesIn(tx, space)
	if err != nil {
		return p, err
	}
	others = slices.DeleteFunc(others, func(o Occupancy) bool { return o.ID == self })
	return p, Fits(partOn(p, facts, gone), turns(facts), others, t)
}

// turns are the days on which facts begin.
func turns(facts []Fact) (days []civil.Date) {
	for _, f := range facts {
		days = append(days, f.From)
	}
	return days
}

// partOn tells a part on any day from its facts; before the first one it is not there.
func partOn(p Part, facts []Fact, gone map[string]Withdrawal) func(civil.Date) Part {
	return func(day civil.Date) Part {
		f, found := pick(facts, gone, On(day))
		q := p
		if q.Fact = f; !found {
			q.Fact = p.Fact
			q.Closed = true
		}
		return q
	}
}

// Work is what is built on a building site, as its fact says why: a text, or a phrase that nobody said.
func (f Fact) Work() any {
	if why := strings.TrimSpace(f.Why); why != "" {
		return why
	}
	return lang.Say("places.work.unnamed")
}

// stillFits refuses a new fact of a space in which somebody no longer fits. A building site drives nobody out: who is
// in the space, or is to come, has agreed to another space or an end before.
func stillFits(tx *store.Tx, id PartID) error {
	in, err := OccupanciesIn(tx, id)
	if err != nil || len(in) == 0 {
		return err
	}
	p, err := PartByID(tx, id, Now(tx))
	if err != nil {
		return err
	}
	facts, gone, err := PartHistory(tx, id)
	if err != nil {
		return err
	}
	on := partOn(p, facts, gone)
	var sitting []Occupancy
	for i, o := range in {
		if !o.Stands() {
			continue
		}
		switch err := Fits(on, turns(facts), slices.Concat(in[:i], in[i+1:]), o.Terms); {
		case fault.Is(err, "places.refusal.not-there"):
			return fault.Refuse("places.refusal.occupied", "n", 1).At("from")
		case fault.Is(err, "places.refusal.works"):
			sitting = append(sitting, o)
		case err != nil:
			return fault.Refuse("places.refusal.no-longer-fits", "space", p.Name(), "day", o.From).At("area")
		}
	}
	return notOut(tx, p, sitting)
}

// notOut refuses to make a space a building site while somebody is in it, and says who.
func notOut(r store.Reader, p Part, sitting []Occupancy) error {
	if len(sitting) == 0 {
		return nil
	}
	var ids []people.PersonID
	for _, o := range sitting {
		ids = append(ids, o.Person)
	}
	known, err := people.Names(r, ids)
	if err != nil {
		return err
	}
	var who []string
	for _, id := range ids {
		if person, found := known[id]; found && !slices.Contains(who, person.Full()) {
			who = append(who, person.Full())
		}
	}
	return fault.Refuse("places.refusal.works-occupied", "space", p.Name(), "who", strings.Join(who, ", "), "n",
		len(sitting)).At("works")
}

// Enter notes that a person is in a space.
func Enter(tx *store.Tx, space PartID, person people.PersonID, t Terms) (OccupancyID, error) {
	return enter(tx, Occupancy{Space: space, Person: person}, t, "")
}

// enter notes an occupancy; why is said of one that follows another.
func enter(tx *store.Tx, o Occupancy, t Terms, why string) (OccupancyID, error) {
	if wrong := t.check(tx.Today()); len(wrong) > 0 {
		return "", wrong
	}
	who, err := people.Standing(tx, o.Person)
	if err != nil {
		return "", err
	}
	if !who.Erased.IsZero() {
		return "", fault.Refuse("places.refusal.erased").At("person")
	}
	p, err := fits(tx, o.Space, "", t)
	if err != nil {
		return "", err
	}
	n, err := store.One(tx, qCountOccupancies, store.Number, string(p.Place))
	if err != nil {
		return "", err
	}
	if n >= MaxOccupants {
		return "", fault.Refuse("places.refusal.too-many", "limit", MaxOccupants)
	}
	o.ID, o.Place = OccupancyID(tx.ID()), p.Place
	if err := insertOccupancy(tx, o); err != nil {
		return "", err
	}
	tx.Answer(string(o.ID))
	return o.ID, write(tx, o, Entry{Cause: Entered, Terms: t, Why: why}, p)
}

// write keeps an entry, keeps the head up with it, and says it to the journal.
func write(tx *store.Tx, o Occupancy, e Entry, space Part) error {
	e.ID, e.Occupancy, e.Number = tx.ID(), o.ID, o.Number+1
	e.At, e.By = tx.Now(), people.PersonID(tx.Actor())
	if e.Number > maxEntries {
		return fault.Refuse("places.refusal.too-many", "limit", maxEntries)
	}
	if err := insertEntry(tx, &e); err != nil {
		return err
	}
	place, err := PlaceByID(tx, o.Place, On(e.From))
	if err != nil {
		return err
	}
	args := map[string]any{"place": place.Title, "space": space.Name(), "from_on": e.From.String()}
	if !e.Until.IsZero() {
		args["until_on"] = e.Until.String()
	}
	if e.Verdict != "" {
		args["verdict"] = e.Verdict.Words()
	}
	tx.Record(store.Line{About: []store.Ref{{Kind: "person", ID: string(o.Person)}, o.ID.Ref(),
		space.Ref(), o.Place.Ref()}, Args: args})
	return nil
}

// standing reads an occupancy that may be written on.
func standing(tx *store.Tx, id OccupancyID) (Occupancy, error) {
	o, err := OccupancyByID(tx, id)
	if err == nil && !o.Stands() {
		err = fault.Refuse("places.refusal.undone")
	}
	return o, err
}

// Amend says that what was written of an occupancy was not right from the beginning, and why. For terms that change on
// a day, see [Renew].
func Amend(tx *store.Tx, id OccupancyID, t Terms, why string) error {
	return again(tx, id, Entry{Cause: Amended, Terms: t, Why: why})
}

// End says that somebody is in a space until a day, and no longer.
func End(tx *store.Tx, id OccupancyID, last civil.Date, why string) error {
	o, err := standing(tx, id)
	if err != nil {
		return err
	}
	t := o.Terms
	t.Until = last
	if last.IsZero() {
		return fault.Refuse("places.refusal.from-day").At("until")
	}
	return again(tx, id, Entry{Cause: Ended, Terms: t, Why: why})
}

// Evaluate says how a trial went; it is refused before its last month and for what is no trial.
func Evaluate(tx *store.Tx, id OccupancyID, v Verdict, why string) error {
	o, err := standing(tx, id)
	if err != nil {
		return err
	}
	switch {
	case o.Stay != Trial:
		return fault.Refuse("places.refusal.no-trial")
	case tx.Today().Before(o.Until.AddMonths(-1)):
		return fault.Refuse("places.refusal.early", "day", o.Until.AddMonths(-1))
	case !slices.Contains(Verdicts, v):
		return fault.Refuse("places.refusal.verdict").At("verdict")
	}
	return again(tx, id, Entry{Cause: Evaluated, Terms: o.Terms, Verdict: v, Why: why})
}

// Undo is the opposite entry: the occupancy never was. The space is free on its days, and the history tells why.
func Undo(tx *store.Tx, id OccupancyID, why string) error {
	o, err := standing(tx, id)
	if err != nil {
		return err
	}
	return again(tx, id, Entry{Cause: Undone, Terms: o.Terms, Verdict: o.Verdict, Why: why})
}

// reason refuses to write without saying why.
func reason(why string) error {
	if t := strings.TrimSpace(why); t == "" || utf8.RuneCountInString(t) > MaxWhy {
		return fault.Refuse("places.refusal.why").At("why")
	}
	return nil
}

// again writes another entry of an occupancy.
func again(tx *store.Tx, id OccupancyID, e Entry) error {
	o, err := standing(tx, id)
	if err != nil {
		return err
	}
	if err := reason(e.Why); err != nil {
		return err
	}
	if wrong := e.check(tx.Today()); len(wrong) > 0 {
		return wrong
	}
	if e.Verdict == "" {
		e.Verdict = o.Verdict
	}
	space, err := PartByID(tx, o.Space, On(e.From))
	if err == nil && e.Cause != Undone && !e.within(o.Terms) {
		space, err = fits(tx, o.Space, o.ID, e.Terms)
	}
	if err != nil {
		return err
	}
	tx.Answer(string(o.ID))
	return write(tx, o, e, space)
}

// Renew gives an occupant other terms from a day on: the earlier occupancy ends on the eve, a new one follows it.
func Renew(tx *store.Tx, id OccupancyID, t Terms, why string) (OccupancyID, error) {
	o, err := standing(tx, id)
	if err != nil {
		return "", err
	}
	if !t.From.IsDay() || !t.From.After(o.From) || !o.Until.IsZero() && t.From.After(o.Until.AddDays(1)) {
		return "", fault.Refuse("places.refusal.renewal", "from", o.From).At("from")
	}
	if err := reason(why); err != nil {
		return "", err
	}
	var next OccupancyID
	err = tx.Quietly(func() error {
		if o.Until.IsZero() || !t.From.After(o.Until) {
			if err := End(tx, id, t.From.AddDays(-1), why); err != nil {
				return err
			}
		}
		next, err = enter(tx, Occupancy{Space: o.Space, Person: o.Person, Follows: id}, t, why)
		return err
	})
	if err != nil {
		return "", err
	}
	space, err := PartByID(tx, o.Space, On(t.From))
	if err != nil {
		return "", err
	}
	tx.Record(store.Line{Args: map[string]any{"space": space.Name(), "from_on": t.From.String()}})
	tx.Answer(string(next))
	return next, nil
}
