package vote

import "lieux/base/lang"

// Rule is what the bylaws ask for one kind of decision. Each part is valid or unknown (zero); no part is guessed.
type Rule struct {
	Weight   Weight   `json:"weight,omitempty"`
	Cap      Cap      `json:"cap,omitzero"`
	Quorum   Quorum   `json:"quorum,omitzero"`
	Majority Majority `json:"majority,omitzero"`
}

// Convening says which assembly this is on the same agenda. The zero value is "unknown".
type Convening string

// The convenings.
const (
	FirstConvening  Convening = "first"
	SecondConvening Convening = "second"
)

// Verdict is the end of one decision. The zero value is "none".
type Verdict string

// The verdicts.
const (
	Adopted   Verdict = "adopted"
	Rejected  Verdict = "rejected"
	Inquorate Verdict = "inquorate" // too few are there: the assembly cannot decide this item
	Refused   Verdict = "refused"   // the item cannot be put: the cap leaves no vote
)

// Status is how far an outcome rests on computation.
type Status string

// The statuses.
const (
	Recomputed Status = "recomputed" // every condition was computed, and agrees with what is stated, if anything is
	AsStated   Status = "as-stated"  // taken from the record; Outcome.Missing lists what would be needed to recompute it
	Differs    Status = "differs"    // the computation contradicts the record; Outcome.Against says where
	Open       Status = "open"       // nothing stated and something missing
)

// Finding is the answer to one condition.
type Finding string

// The findings.
const (
	Met      Finding = "met"
	NotMet   Finding = "not-met"
	Unknown  Finding = "unknown"
	NotAsked Finding = "not-asked"
)

// ClassFacts are the facts of one class, where the rule asks them.
type ClassFacts struct {
	Class   string `json:"class"`
	Issued  Sides  `json:"issued,omitzero"`
	Present Sides  `json:"present,omitzero"`
	Votes   Counts `json:"votes,omitzero"`
	Heads   Counts `json:"heads,omitzero"`
}

// Facts are what is known of one decision. Everything may be unknown. With a roll, presence and weights come from it; with named votes, the
// counts too.
type Facts struct {
	Convening Convening    `json:"convening,omitempty"`
	Issued    Sides        `json:"issued,omitzero"`  // all cooperators, all issued shares
	Present   Sides        `json:"present,omitzero"` // present and represented
	Roll      *Roll        `json:"-"`
	Classes   []ClassFacts `json:"classes,omitempty"`
	Ballot    Ballot       `json:"ballot,omitzero"`
	Stated    Verdict      `json:"stated,omitempty"` // what the record says; empty for a vote that is being counted now
}

// Compared is one condition in figures: a part of a whole, and what was needed.
type Compared struct {
	Class  string  `json:"class,omitempty"`
	Part   Known   `json:"part,omitzero"`
	Whole  Known   `json:"whole,omitzero"`
	Needed Known   `json:"needed,omitzero"`
	Found  Finding `json:"found"`
}

// QuorumFound is the quorum in both units, asked or not.
type QuorumFound struct {
	Found   Finding    `json:"found"`
	Heads   Compared   `json:"heads"`
	Shares  Compared   `json:"shares"`
	Classes []Compared `json:"classes,omitempty"` // shares of each class
}

// MajorityFound is the majority.
type MajorityFound struct {
	Found   Finding    `json:"found"`
	Votes   Compared   `json:"votes"`
	Heads   Compared   `json:"heads"`
	Classes []Compared `json:"classes,omitempty"`
}

// Outcome is a judged decision: it can be frozen as JSON and printed twenty years later.
type Outcome struct {
	Status    Status        `json:"status"`
	Computed  Verdict       `json:"computed,omitempty"`
	Stated    Verdict       `json:"stated,omitempty"`
	Missing   []lang.Phrase `json:"missing,omitempty"`
	Against   []lang.Phrase `json:"against,omitempty"` // where the computation contradicts the record
	Quorum    QuorumFound   `json:"quorum"`
	Majority  MajorityFound `json:"majority"`
	Weighing  *Weighing     `json:"weighing,omitempty"` // when a roll was given
	Reckoning Reckoning     `json:"reckoning"`
}

// Verdict is what holds: what the record says, and the computation where the record says nothing.
func (o Outcome) Verdict() Verdict {
	if o.Stated != "" {
		return o.Stated
	}
	return o.Computed
}

// Judge applies a rule to facts. It returns refusals when the facts themselves are impossible (a choice for a holder who is not on the roll,
// a negative count); everything else is an outcome.
func Judge(r Rule, f Facts) (Outcome, error) { return Outcome{}, nil }
