package offer

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/people"
)

// Threshold names a limit of the public offer.
type Threshold string

// The thresholds.
const (
	Free     Threshold = "free"     // raised in twelve months up to which neither note nor prospectus is due
	Investor Threshold = "investor" // of one investor in twelve months, while there is neither
	Note     Threshold = "note"     // raised in twelve months up to which an information note is enough
)

// Thresholds lists them in the order of screens.
var Thresholds = []Threshold{Free, Investor, Note}

// Words names the threshold.
func (t Threshold) Words() lang.Phrase { return lang.Say("offer.threshold." + string(t)) }

// Answer is what the program does when a threshold is crossed.
type Answer string

// The answers.
const (
	Warn Answer = "warn" // it says so, and goes on
	Stop Answer = "stop" // it refuses
)

// Answers lists them.
var Answers = []Answer{Warn, Stop}

// Words names the answer.
func (a Answer) Words() lang.Phrase { return lang.Say("offer.answer." + string(a)) }

// Confidence says how sure we are of a figure.
type Confidence string

// The confidences.
const (
	Read Confidence = "read" // in a named source
	Told Confidence = "told" // known, not read
)

// Figure is the amount of a threshold from a day on.
type Figure struct {
	ID         string // empty for those that come with the program
	Threshold  Threshold
	Cents      money.Cents
	Article    string
	Source     string // a code of the catalogue for those of the program, text for the others
	Confidence Confidence
	ValidFrom  civil.Date
	Decision   people.DecisionID // empty for those of the program
	At         civil.Instant
	By         people.PersonID
}

// Ours says that the figure comes with the program.
func (f Figure) Ours() bool { return f.ID == "" }

// Setting is what the board decided about a threshold, from a day on.
type Setting struct {
	ID        string
	Threshold Threshold
	Answer    Answer
	Since     civil.Date
	Decision  people.DecisionID
	At        civil.Instant
	By        people.PersonID
}

// PaperKind is a document by which the law lets an offer cross its thresholds.
type PaperKind string

// The kinds of document.
const (
	InfoNote   PaperKind = "note"
	Prospectus PaperKind = "prospectus"
)

// PaperKinds lists them.
var PaperKinds = []PaperKind{InfoNote, Prospectus}

// Words names the kind.
func (k PaperKind) Words() lang.Phrase { return lang.Say("offer.paper." + string(k)) }

// Paper is an information note or a prospectus that covers the offer from a day to another, both included.
type Paper struct {
	ID        string
	Kind      PaperKind
	From      civil.Date
	Until     civil.Date
	Reference string // where it may be read
	Decision  people.DecisionID
	At        civil.Instant
	By        people.PersonID
}

// Covers says whether the document is good on a day.
func (p Paper) Covers(day civil.Date) bool { return !day.Before(p.From) && !day.After(p.Until) }

// Parameters are every figure, setting and document that is known, of any day.
type Parameters struct {
	Figures  []Figure
	Settings []Setting
	Papers   []Paper
}

// On is the figure of a threshold on a day: the one valid last, of several of one day the one recorded last. Before the
// first nothing is known.
func (p Parameters) On(t Threshold, day civil.Date) (f Figure, known bool) {
	for _, one := range p.Figures {
		if one.Threshold == t && !one.ValidFrom.After(day) && (!known || cmp.Or(one.ValidFrom.Compare(f.ValidFrom),
			cmp.Compare(one.At, f.At), cmp.Compare(one.ID, f.ID)) > 0) {
			f, known = one, true
		}
	}
	return f, known
}

// Answer is what crossing a threshold does on a day: a warning while the board has decided nothing. set is false then.
func (p Parameters) Answer(t Threshold, day civil.Date) (s Setting, set bool) {
	s = Setting{Threshold: t, Answer: Warn}
	for _, one := range p.Settings {
		if one.Threshold == t && !one.Since.After(day) && (!set || cmp.Or(one.Since.Compare(s.Since),
			cmp.Compare(one.At, s.At), cmp.Compare(one.ID, s.ID)) > 0) {
			s, set = one, true
		}
	}
	return s, set
}

// Cover is the strongest document that is good on a day; a prospectus is stronger than a note.
func (p Parameters) Cover(day civil.Date) (paper Paper, covered bool) {
	for _, one := range p.Papers {
		if one.Covers(day) && (!covered || one.Kind == Prospectus && paper.Kind != Prospectus) {
			paper, covered = one, true
		}
	}
	return paper, covered
}

// Window is the twelve months that end with a day, which counts: from the day after the same day a year ago.
func Window(day civil.Date) (from, to civil.Date) {
	day = day.Last()
	return day.AddYears(-1).AddDays(1), day
}

// Verdict is a threshold that is crossed.
type Verdict struct {
	Figure   Figure
	Amount   money.Cents // what is compared with it
	Answer   Answer
	Set      bool              // the board decided the answer; else it is the one to begin with
	Decision people.DecisionID // by which
	Needs    PaperKind         // the document that would lift it
}

// Over is how far above the threshold.
func (v Verdict) Over() money.Cents { return v.Amount - v.Figure.Cents }

// Stops says that the act is refused.
func (v Verdict) Stops() bool { return v.Answer == Stop }

// Words says what is crossed.
func (v Verdict) Words() lang.Phrase {
	return lang.Say("offer.verdict."+string(v.Figure.Threshold), "amount", v.Amount, "limit", v.Figure.Cents,
		"over", v.Over(), "since", v.Figure.ValidFrom)
}

// Refusal is the verdict as an answer of a rule, with its article.
func (v Verdict) Refusal() fault.Refusal {
	return fault.Refuse("offer.refusal."+string(v.Figure.Threshold), "amount", v.Amount, "limit", v.Figure.Cents,
		"over", v.Over(), "since", v.Figure.ValidFrom).By(v.Figure.Article)
}

// Guard compares what was raised in the twelve months that end with a day, and what one investor gave in them, both
// with the act that is asked about, with the thresholds of that day. A note that is good on the day lifts those up to
// its own; a prospectus lifts all. Those that stop come first.
func Guard(p Parameters, raised, investor money.Cents, day civil.Date) []Verdict {
	cover, covered := p.Cover(day)
	if covered && cover.Kind == Prospectus {
		return nil
	}
	var list []Verdict
	for _, t := range Thresholds {
		f, known := p.On(t, day)
		amount, needs := raised, InfoNote
		switch t {
		case Investor:
			amount = investor
		case Note:
			needs = Prospectus
		}
		if !known || amount <= f.Cents || covered && t != Note {
			continue
		}
		s, set := p.Answer(t, day)
		list = append(list, Verdict{f, amount, s.Answer, set, s.Decision, needs})
	}
	slices.SortStableFunc(list, func(a, b Verdict) int {
		return cmp.Compare(slices.Index(Answers, b.Answer), slices.Index(Answers, a.Answer))
	})
	return list
}

// Refused are the refusals of the verdicts that stop; nil when none does.
func Refused(list []Verdict) error {
	var rs fault.Refusals
	for _, v := range list {
		if v.Stops() {
			rs = append(rs, v.Refusal())
		}
	}
	return rs.Err()
}

// Headroom is how much more may be raised on a day before the next threshold that nothing lifts, and which one; false
// when none is left.
func Headroom(p Parameters, raised money.Cents, day civil.Date) (left money.Cents, next Figure, limited bool) {
	cover, covered := p.Cover(day)
	if covered && cover.Kind == Prospectus {
		return 0, next, false
	}
	t := Free
	if covered {
		t = Note
	}
	next, limited = p.On(t, day)
	return max(0, next.Cents-raised), next, limited
}
