package vote

import "lieux/base/lang"

// Rule is what the bylaws ask for one kind of decision. Each part is valid or unknown (zero); no part is guessed.
type Rule struct {
	Weight   Weight   `json:"weight,omitempty"`
	Cap      Cap      `json:"cap,omitzero"`
	Quorum   Quorum   `json:"quorum,omitzero"`
	Majority Majority `json:"majority,omitzero"`
	Who      Voters   `json:"who,omitempty"` // whom the heads are; zero: cooperators
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
	// taken from the record; Outcome.Missing lists what would be needed to recompute it
	AsStated Status = "as-stated"
	Differs  Status = "differs" // the computation contradicts the record; Outcome.Against says where
	Open     Status = "open"    // nothing stated and something missing
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
	Found   Finding       `json:"found"`
	Heads   Compared      `json:"heads"`
	Shares  Compared      `json:"shares"` // votes, where the base is those present
	Classes []ClassQuorum `json:"classes,omitempty"`
}

// ClassQuorum is the quorum within one class.
type ClassQuorum struct {
	Class  string   `json:"class"`
	Heads  Compared `json:"heads"`
	Shares Compared `json:"shares"`
}

// MajorityFound is the majority.
type MajorityFound struct {
	Found   Finding         `json:"found"`
	Told    bool            `json:"told,omitempty"` // found from a unanimity that was told, not from figures
	Tie     bool            `json:"tie,omitempty"`  // for and against were equal
	Votes   Compared        `json:"votes"`
	Heads   Compared        `json:"heads"`
	Classes []ClassMajority `json:"classes,omitempty"`
}

// ClassMajority is the majority within one class.
type ClassMajority struct {
	Class string   `json:"class"`
	Votes Compared `json:"votes"`
	Heads Compared `json:"heads"`
}

// Outcome is a judged decision: it can be frozen as JSON and printed twenty years later.
type Outcome struct {
	Status    Status        `json:"status"`
	Computed  Verdict       `json:"computed,omitempty"`
	Stated    Verdict       `json:"stated,omitempty"`
	Missing   List          `json:"missing,omitempty"`
	Against   List          `json:"against,omitempty"` // where the computation contradicts the record
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

// Judge applies a rule to facts.
//
// What holds whatever the missing figures are is found; what does not is left open. So 1,061 votes for, of 1,134
// present, reach three quarters of the votes cast although nobody counted those against. A unanimity that is told
// without figures reaches every majority of the votes cast (somebody voted, nobody against), but it is no figure: the
// outcome stays "as stated" and names the votes for as missing. It says nothing of abstentions, so it proves no
// majority that counts them, and nothing of a single class, where perhaps nobody voted. Acclamation proves nothing.
//
// A record that contradicts itself or the computation "differs" and says where. Facts that are impossible by
// themselves are refused: an unknown word, a choice for a holder who is not on the roll, and, when nothing is stated
// yet, more votes than there are in the room.
func Judge(r Rule, f Facts) (Outcome, error) {
	rm, err := enter(r, f)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Stated: f.Stated, Weighing: rm.weighing}
	o.Quorum = rm.quorum()
	rm.capLines()
	// No votes are counted where none can be cast, and none are asked for where too few are there.
	if o.Majority.Found = NotAsked; rm.barred == nil && (o.Quorum.Found != NotMet || f.Ballot.Kind != "") {
		o.Majority = rm.majority()
	}
	o.Missing, o.Against, o.Reckoning = rm.missing, rm.against, rm.lines
	o.conclude(rm.barred != nil)
	r.word(&o)
	return o, nil
}

// conclude gives the computed verdict and how it stands to the stated one.
func (o *Outcome) conclude(barred bool) {
	lost := barred || o.Majority.Found == NotMet
	switch {
	case len(o.Against) > 0: // from figures that contradict one another nothing follows
	case o.Quorum.Found == NotMet:
		o.Computed, o.Missing = Inquorate, nil
	case o.Quorum.Found == Unknown:
	case barred:
		o.Computed, o.Missing = Refused, nil
	case o.Majority.Found == NotMet:
		o.Computed = Rejected
	case o.Majority.Found == Met:
		o.Computed = Adopted
	}
	contradicted := o.Computed != "" && o.Computed != o.Stated || o.Computed == "" && lost && o.Stated == Adopted
	if o.Stated != "" && contradicted && len(o.Against) == 0 {
		o.Against = append(o.Against, lang.Say("vote.against.verdict", "stated", o.Stated.Phrase(),
			"computed", o.computedPhrase()))
	}
	switch {
	case len(o.Against) > 0:
		o.Status = Differs
	case o.Computed != "" && len(o.Missing) == 0:
		o.Status = Recomputed
	case o.Computed == "" && o.Stated == "":
		o.Status = Open
	default:
		o.Status = AsStated
	}
}

// computedPhrase names the verdict, or that it is any but adopted.
func (o Outcome) computedPhrase() lang.Phrase {
	if o.Computed == "" {
		return lang.Say("vote.verdict.not-adopted")
	}
	return o.Computed.Phrase()
}

// Phrase names a verdict: adopté, rejeté.
func (v Verdict) Phrase() lang.Phrase {
	if v == "" {
		return lang.Say("vote.verdict.none")
	}
	return lang.Say("vote.verdict." + string(v))
}

// Measure is the result in one clause: "à 84,0 % des voix exprimées ; il en fallait au moins trois quarts". No code
// when the votes are not known, or decided nothing.
func (o Outcome) Measure(m Majority) lang.Phrase {
	part, okPart := o.Majority.Votes.Part.Get()
	whole, okWhole := o.Majority.Votes.Whole.Get()
	counted := o.Verdict() == Adopted || o.Verdict() == Rejected
	if !counted || !okPart || !okWhole || whole == 0 || m.IsZero() {
		return lang.Phrase{}
	}
	figure := percentFigure(part, whole, m.t.Threshold)
	if figure.Code == "" {
		figure = countFigure(part)
	}
	return lang.Say("vote.measure", "figure", figure, "of", m.t.Base.phrase("votes"),
		"threshold", m.t.Threshold.Phrase())
}

// StatusPhrase says how far the outcome rests on computation: "recalculé", "selon le procès-verbal (manque : les voix
// pour)", "diffère (…)".
func (o Outcome) StatusPhrase() lang.Phrase { return statusPhrase(o.Status, o.Missing, o.Against) }

func statusPhrase(s Status, missing, against List) lang.Phrase {
	switch {
	case s == Differs:
		return lang.Say("vote.status.differs", "where", against.Phrase())
	case len(missing) > 0:
		return lang.Say("vote.status."+string(s), "missing", missing.Phrase())
	}
	return lang.Say("vote.status." + string(s) + ".plain")
}
