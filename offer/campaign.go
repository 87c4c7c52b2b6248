package offer

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// CampaignID is the id of a campaign.
type CampaignID string

// Ref names the campaign in the journal.
func (id CampaignID) Ref() store.Ref { return store.Ref{Kind: "campaign", ID: string(id)} }

// Below is what happens when less than the minimum was asked.
type Below string

// What may happen below the minimum.
const (
	Return Below = "return" // everything is returned
	Keep   Below = "keep"   // what came is kept
)

// Belows lists them.
var Belows = []Below{Return, Keep}

// Words names it.
func (b Below) Words() lang.Phrase { return lang.Say("offer.below." + string(b)) }

// Says is it in a sentence, as it is stated beforehand.
func (b Below) Says() lang.Phrase { return lang.Say("offer.below." + string(b) + ".says") }

// Campaign is a time in which the public is asked for shares. Amounts are whole numbers of shares at their nominal
// amount.
type Campaign struct {
	ID          CampaignID
	Name        string // of its public address: "telenord-2027"
	Title       string
	Place       string // what for, in a few words: a place
	Purpose     string // the same in full
	Class       register.ClassID
	Minimum     money.Cents // 0: there is none
	Target      money.Cents
	Ceiling     money.Cents
	PerInvestor money.Cents // 0: as the law allows
	Least       int64       // shares that one asks for at least
	Opens       civil.Date  // before this day nothing is public
	Closes      civil.Date  // the last day, as it was fixed; see LastDay
	Below       Below
	Rule        Rule
	Made        civil.Instant
	By          people.PersonID
	Fixed       civil.Instant // when its terms were fixed; 0 for a draft
	Decision    people.DecisionID

	extensions []Extension
	closing    *Closing
}

// Extension puts the last day of a campaign off.
type Extension struct {
	ID       string
	Campaign CampaignID
	Closes   civil.Date
	Why      string
	Decision people.DecisionID
	At       civil.Instant
	By       people.PersonID
}

// State is where a campaign stands on a day.
type State string

// The states of a campaign.
const (
	Draft     State = "draft"
	Awaited   State = "awaited" // fixed, and not yet open: nothing is public
	Open      State = "open"
	Ended     State = "ended" // the last day is past, and the board has not closed it
	Closed    State = "closed"
	Abandoned State = "abandoned"
)

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("offer.state." + string(s)) }

// LastDay is the last day on which shares may be asked for.
func (c Campaign) LastDay() civil.Date {
	if n := len(c.extensions); n > 0 {
		return c.extensions[n-1].Closes
	}
	return c.Closes
}

// Extensions are the decisions that put the last day off.
func (c Campaign) Extensions() []Extension { return c.extensions }

// Closing is how the campaign ended; false while it has not.
func (c Campaign) Closing() (Closing, bool) {
	if c.closing == nil {
		return Closing{}, false
	}
	return *c.closing, true
}

// State is where the campaign stands on a day.
func (c Campaign) State(day civil.Date) State {
	switch {
	case c.closing != nil && c.closing.Outcome == GivenUp:
		return Abandoned
	case c.closing != nil:
		return Closed
	case c.Fixed == 0:
		return Draft
	case day.Before(c.Opens):
		return Awaited
	case day.After(c.LastDay()):
		return Ended
	}
	return Open
}

// Public says whether strangers may know of the campaign on a day: from its opening on, and not when it was given up
// before.
func (c Campaign) Public(day civil.Date) bool {
	if c.Fixed == 0 || day.Before(c.Opens) {
		return false
	}
	return c.closing == nil || c.closing.Outcome != GivenUp || !c.closing.On.Before(c.Opens)
}

// Limits of a campaign.
const (
	MaxTitle     = 120
	MaxPurpose   = 4000
	MaxWhy       = 500
	MaxName      = 60
	maxLength    = 731 // days
	maxExtension = 12
	maxLeast     = 10_000
)

var goodName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Sketch makes a draft.
func Sketch(tx *store.Tx, c Campaign) (Campaign, error) {
	c, err := c.checked(tx)
	if err != nil {
		return c, err
	}
	c.ID, c.Made, c.By, c.Fixed, c.Decision = CampaignID(tx.ID()), tx.Now(), people.PersonID(tx.Actor()), 0, ""
	tx.Record(c.line(nil))
	tx.Answer(c.Name)
	return c, putCampaign(tx, c)
}

// Redraw changes a draft; a campaign whose terms are fixed is refused.
func Redraw(tx *store.Tx, c Campaign) (Campaign, error) {
	before, err := sketched(tx, c.ID)
	if err != nil {
		return c, err
	}
	if c, err = c.checked(tx); err != nil {
		return c, err
	}
	c.Made, c.By, c.Fixed, c.Decision = before.Made, before.By, 0, ""
	tx.Record(c.line(nil))
	tx.Answer(c.Name)
	return c, putCampaign(tx, c)
}

// Discard throws a draft away; a campaign whose terms are fixed is refused.
func Discard(tx *store.Tx, id CampaignID) error {
	c, err := sketched(tx, id)
	if err != nil {
		return err
	}
	tx.Record(store.Line{Args: map[string]any{"title": c.Title}})
	return dropCampaign(tx, id)
}

func sketched(tx *store.Tx, id CampaignID) (Campaign, error) {
	c, err := CampaignByID(tx, id)
	if err == nil && c.Fixed != 0 {
		err = fault.Refuse("offer.refusal.fixed", "title", c.Title)
	}
	return c, err
}

func (c Campaign) line(args map[string]any) store.Line {
	all := map[string]any{"title": c.Title}
	for k, v := range args {
		all[k] = v
	}
	about := []store.Ref{c.ID.Ref()}
	if c.Decision != "" {
		about = append(about, c.Decision.Ref())
	}
	return store.Line{About: about, Args: all}
}

// checked cleans the terms and says what is wrong with them.
func (c Campaign) checked(r store.Reader) (Campaign, error) {
	var rs fault.Refusals
	c.Title = tidy("title", c.Title, MaxTitle, &rs)
	c.Place = tidy("place", c.Place, MaxPlace, &rs)
	c.Purpose = strings.TrimSpace(c.Purpose)
	if c.Purpose == "" || utf8.RuneCountInString(c.Purpose) > MaxPurpose {
		rs = append(rs, fault.Refuse("offer.refusal.text", "limit", MaxPurpose).At("purpose"))
	}
	if !goodName.MatchString(c.Name) || len(c.Name) > MaxName {
		rs = append(rs, fault.Refuse("offer.refusal.name", "limit", MaxName).At("name"))
	} else if other, found, err := CampaignNamed(r, c.Name); err != nil {
		return c, err
	} else if found && other.ID != c.ID {
		rs = append(rs, fault.Refuse("offer.refusal.name-taken", "name", c.Name, "title", other.Title).At("name"))
	}
	if !slices.Contains(Belows, c.Below) {
		rs = append(rs, fault.Refuse("offer.refusal.below").At("below"))
	}
	if !slices.Contains(Rules, c.Rule) {
		rs = append(rs, fault.Refuse("offer.refusal.rule").At("rule"))
	}
	if c.Least < 1 || c.Least > maxLeast {
		rs = append(rs, fault.Refuse("offer.refusal.least", "limit", maxLeast).At("least"))
	}
	rs = append(rs, c.checkDays()...)
	more, err := c.checkAmounts(r)
	if err != nil {
		return c, err
	}
	return c, append(rs, more...).Err()
}

func (c Campaign) checkDays() (rs fault.Refusals) {
	if !c.Opens.IsDay() {
		rs = append(rs, fault.Refuse("offer.refusal.day").At("opens"))
	}
	switch {
	case !c.Closes.IsDay():
		rs = append(rs, fault.Refuse("offer.refusal.day").At("closes"))
	case c.Opens.IsDay() && (c.Closes.Before(c.Opens) || c.Opens.DaysUntil(c.Closes) > maxLength):
		rs = append(rs, fault.Refuse("offer.refusal.closes", "opens", c.Opens, "days", maxLength).At("closes"))
	}
	return rs
}

// checkAmounts refuses amounts that are no whole shares, and those that are out of order: minimum, target, ceiling.
func (c Campaign) checkAmounts(r store.Reader) (rs fault.Refusals, err error) {
	class, err := register.ClassOn(r, c.Class, r.Today())
	if err != nil {
		if refused := fault.Of(err); refused != nil {
			return refused, nil
		}
		return nil, err
	}
	for _, a := range []struct {
		field string
		cents money.Cents
		need  bool
	}{{"minimum", c.Minimum, false}, {"target", c.Target, true}, {"ceiling", c.Ceiling, true},
		{"per-investor", c.PerInvestor, false}} {
		if a.cents < 0 || a.need && a.cents == 0 || a.cents > money.Max {
			rs = append(rs, fault.Refuse("offer.refusal.amount").At(a.field))
		} else if a.cents%class.Nominal != 0 {
			rs = append(rs, fault.Refuse("offer.refusal.whole-shares", "amount", a.cents, "nominal", class.Nominal,
				"class", class.Letter).At(a.field))
		}
	}
	if len(rs) > 0 {
		return rs, nil
	}
	if c.Minimum > c.Target {
		rs = append(rs, fault.Refuse("offer.refusal.minimum", "minimum", c.Minimum, "target", c.Target).At("minimum"))
	}
	if c.Target > c.Ceiling {
		rs = append(rs, fault.Refuse("offer.refusal.ceiling", "target", c.Target, "ceiling", c.Ceiling).At("ceiling"))
	}
	if least := class.Nominal * money.Cents(c.Least); c.PerInvestor > 0 && least > c.PerInvestor {
		rs = append(rs, fault.Refuse("offer.refusal.per-investor", "least", least, "most", c.PerInvestor).At("per-investor"))
	}
	return rs, nil
}

// Fix fixes the terms by a decision of the board: from then on nothing of them changes. It is refused when the ceiling,
// with what was raised in the twelve months before the opening, would cross a threshold that stops.
func Fix(tx *store.Tx, id CampaignID, decision people.DecisionID) (Campaign, error) {
	c, err := sketched(tx, id)
	if err != nil {
		return c, err
	}
	if c, err = c.checked(tx); err != nil {
		return c, err
	}
	var rs fault.Refusals
	if err := decided(tx, decision, &rs); err != nil {
		return c, err
	}
	if c.Opens.Before(tx.Today()) {
		rs = append(rs, fault.Refuse("offer.refusal.opens-past", "day", c.Opens).At("opens"))
	}
	verdicts, err := c.Foreseen(tx)
	if err != nil {
		return c, err
	}
	rs = append(rs, fault.Of(Refused(verdicts))...)
	if err := rs.Err(); err != nil {
		return c, err
	}
	c.Fixed, c.Decision = tx.Now(), decision
	tx.Record(c.line(map[string]any{"opens_on": c.Opens.String(), "closes_on": c.Closes.String(),
		"ceiling_cents": int64(c.Ceiling)}))
	return c, putCampaign(tx, c)
}

// Foreseen are the thresholds that would be crossed on the day of its opening if the ceiling were reached at once, with
// what other running campaigns may still bring, and if one investor gave the most that the campaign allows.
func (c Campaign) Foreseen(r store.Reader) ([]Verdict, error) {
	l, err := LiveOn(r, c.Opens)
	if err != nil {
		return nil, err
	}
	raised := l.Raised + c.Ceiling
	list, err := Campaigns(r)
	if err != nil {
		return nil, err
	}
	for _, other := range list {
		if state := other.State(r.Today()); other.ID != c.ID && (state == Open || state == Awaited) {
			raised += other.Ceiling
		}
	}
	return Guard(l.Parameters, raised, c.PerInvestor, l.To), nil
}

// Extend puts the last day off by a decision, while the campaign is open or has just ended.
func Extend(tx *store.Tx, e Extension) error {
	c, err := CampaignByID(tx, e.Campaign)
	if err != nil {
		return err
	}
	if state := c.State(tx.Today()); state != Open && state != Awaited && state != Ended {
		return fault.Refuse("offer.refusal.not-open", "title", c.Title)
	}
	var rs fault.Refusals
	e.Why = tidy("why", e.Why, MaxWhy, &rs)
	if err := decided(tx, e.Decision, &rs); err != nil {
		return err
	}
	switch {
	case len(c.extensions) >= maxExtension:
		rs = append(rs, fault.Refuse("offer.refusal.extensions", "limit", maxExtension))
	case !e.Closes.IsDay() || !e.Closes.After(c.LastDay()) || e.Closes.Before(tx.Today()) ||
		c.Opens.DaysUntil(e.Closes) > maxLength:
		rs = append(rs, fault.Refuse("offer.refusal.extension", "last", c.LastDay(), "days", maxLength).At("closes"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	e.ID, e.At, e.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	tx.Record(store.Line{About: []store.Ref{c.ID.Ref(), e.Decision.Ref()}, Args: map[string]any{
		"closes_on": e.Closes.String(), "before_on": c.LastDay().String()}})
	return insertExtension(tx, e)
}
