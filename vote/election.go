package vote

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
)

// Method is how candidates are counted.
type Method string

// The methods.
const (
	// each candidate for or against; who reaches the majority, the most votes for first
	ByMajority  Method = "majority"
	ByPlurality Method = "plurality" // each voter names at most as many as there are seats; the most votes first
	ByApproval  Method = "approval"  // each voter names as many as they like; the most votes first
)

// TieRule parts candidates with equal votes at the last seat.
type TieRule string

// The rules for ties, applied in the order in which the bylaws list them.
const (
	TieOlder       TieRule = "older"        // the older candidate
	TieLowerNumber TieRule = "lower-number" // the lower cooperator number
	TieLot         TieRule = "lot"          // drawing by lot, whose order is handed in
	TieSecondRound TieRule = "second-round" // a second round between the tied
)

// ElectionTerms are the parameters of an election as the bylaws write them.
type ElectionTerms struct {
	Method Method `json:"method"`
	// asked by the method majority; by the others when the bylaws ask a floor
	Majority Majority  `json:"majority,omitzero"`
	Ties     []TieRule `json:"ties,omitempty"` // empty: a second round
	Article  string    `json:"article,omitempty"`
}

// Election is a valid rule of election. The zero value is "unknown".
type Election struct {
	method   Method
	majority Majority
	ties     [2]TieRule // an array, so that == compares
	article  string
}

// NewElection refuses terms that make no rule: an unknown method or tie rule, the method majority without its
// majority, a tie rule after one that leaves no tie (lower number, lot, second round).
func NewElection(t ElectionTerms) (Election, error) {
	if err := checkArticle(t.Article); err != nil {
		return Election{}, err
	}
	if !known(t.Method, ByMajority, ByPlurality, ByApproval) {
		return Election{}, unknownWord(string(t.Method)).At("method")
	}
	if t.Method == ByMajority && t.Majority.IsZero() {
		return Election{}, fault.Refuse("vote.refusal.election-majority").At("majority")
	}
	if len(t.Ties) == 0 {
		t.Ties = []TieRule{TieSecondRound}
	}
	e := Election{method: t.Method, majority: t.Majority, article: t.Article}
	for i, rule := range t.Ties {
		if !known(rule, TieOlder, TieLowerNumber, TieLot, TieSecondRound) {
			return Election{}, unknownWord(string(rule)).At("ties")
		}
		if i > 0 && (t.Ties[i-1] != TieOlder || rule == TieOlder) {
			return Election{}, fault.Refuse("vote.refusal.tie-order").At("ties")
		}
		e.ties[i] = rule
	}
	return e, nil
}

// MustElection is NewElection for terms written in the code; it panics on invalid ones.
func MustElection(t ElectionTerms) Election {
	e, err := NewElection(t)
	fault.Must(err == nil, "%v", err)
	return e
}

// Terms are the parameters, defaults filled in.
func (e Election) Terms() ElectionTerms {
	t := ElectionTerms{Method: e.method, Majority: e.majority, Article: e.article}
	for _, rule := range e.ties {
		if rule != "" {
			t.Ties = append(t.Ties, rule)
		}
	}
	return t
}

// IsZero says whether the rule is unknown.
func (e Election) IsZero() bool { return e == Election{} }

// Equal is == for tests that compare deeply.
func (e Election) Equal(other Election) bool { return e == other }

// MarshalJSON writes the terms.
func (e Election) MarshalJSON() ([]byte, error) { return encodeTerms(!e.IsZero(), e.Terms()) }

// UnmarshalJSON reads terms and refuses invalid ones.
func (e *Election) UnmarshalJSON(raw []byte) error { return decodeTerms(raw, NewElection, e) }

// Phrase says the rule in a few sentences.
func (e Election) Phrase() lang.Phrase {
	if e.IsZero() {
		return lang.Say("vote.rule.unknown")
	}
	said := lang.Say("vote.rule.election." + string(e.method))
	if !e.majority.IsZero() {
		said = sentences(said, e.majority.Phrase())
	}
	ties := lang.Say("vote.tie-rule." + string(e.ties[0]))
	if e.ties[1] != "" {
		ties = lang.Say("vote.tie-rule.then", "a", ties, "b", lang.Say("vote.tie-rule."+string(e.ties[1])))
	}
	return sentences(said, lang.Say("vote.rule.election.ties", "ties", ties))
}

// StatusPhrase says how far the outcome rests on computation.
func (o ElectionOutcome) StatusPhrase() lang.Phrase {
	return statusPhrase(o.Status, o.Missing, o.Against)
}

// Candidate is one candidate with what is known of the votes.
type Candidate struct {
	Number int64      `json:"number"` // cooperator number (or place on the list), unique, above 0
	Born   civil.Date `json:"born,omitzero"`
	Votes  Counts     `json:"votes,omitzero"` // plurality and approval use For alone
	Told   BallotKind `json:"told,omitempty"` // unanimous or acclamation, where the record says so
}

// NamedApproval is what was marked for one holder on the roll.
type NamedApproval struct {
	Holder     int64   `json:"holder"`
	Candidates []int64 `json:"candidates"`
}

// Limits of an election.
const (
	MaxSeats      = 100
	MaxCandidates = 1000
)

// ElectionFacts are what is known of one election. Everything but the seats and the candidates may be unknown.
type ElectionFacts struct {
	Seats      int         `json:"seats"`
	Candidates []Candidate `json:"candidates"`
	Convening  Convening   `json:"convening,omitempty"`
	Issued     Sides       `json:"issued,omitzero"`
	Present    Sides       `json:"present,omitzero"`
	// votes present and represented after the cap, where there is no roll
	Available Known `json:"available,omitzero"`
	// votes of all ballots handed in; a floor by plurality or approval is a part of them
	Cast Known `json:"cast,omitzero"`
	Roll *Roll `json:"roll,omitempty"`
	// plurality and approval by name, with a roll; an empty list is a blank vote
	Marks []NamedApproval `json:"marks,omitempty"`
	// the tied candidates in the order drawn, once the lot was drawn
	Lot []int64 `json:"lot,omitempty"`
	// who the record says was elected; nil: it says nothing; empty: nobody
	Stated []int64 `json:"stated,omitzero"`
}

// Standing is one candidate in the result.
type Standing struct {
	Number   int64   `json:"number"`
	Votes    Counts  `json:"votes,omitzero"`
	Majority Finding `json:"majority"`
	Elected  bool    `json:"elected"`
	Tied     bool    `json:"tied,omitempty"` // waits for the lot or a second round
}

// ElectionOutcome is a judged election.
type ElectionOutcome struct {
	Status Status `json:"status"`
	// as computed or, where it could not be, as stated; the most votes first
	Elected   []int64     `json:"elected,omitempty"`
	Open      int         `json:"open"`           // seats that stay open
	Next      TieRule     `json:"next,omitempty"` // lot or second-round when a tie waits for it
	Standings []Standing  `json:"standings"`
	Quorum    QuorumFound `json:"quorum"`
	Missing   List        `json:"missing,omitempty"`
	Against   List        `json:"against,omitempty"`
	Weighing  *Weighing   `json:"weighing,omitempty"`
	Reckoning Reckoning   `json:"reckoning"`
}

// Elect applies a rule of election, with the weight, cap and quorum of the assembly, to what is known. Rule.Majority
// is not used: the majority of an election is its own. Names stay outside: lines speak of candidates by number
// ([Line.Candidate]), and who prints them sets the name beside it.
func Elect(e Election, r Rule, f ElectionFacts) (ElectionOutcome, error) {
	if err := f.check(e); err != nil {
		return ElectionOutcome{}, err
	}
	stated := Verdict("")
	if f.Stated != nil {
		stated = Adopted // there is a record, which may then contradict itself
	}
	rm, err := enter(r, Facts{Convening: f.Convening, Issued: f.Issued, Present: f.Present, Available: f.Available,
		Roll: f.Roll, Stated: stated})
	if err != nil {
		return ElectionOutcome{}, err
	}
	c := count{room: rm, rule: e, facts: f, cast: f.Cast}
	c.votes()
	if err := refusals(rm.against).Err(); err != nil && f.Stated == nil {
		return ElectionOutcome{}, err
	}
	o := ElectionOutcome{Weighing: rm.weighing, Quorum: rm.quorum()}
	rm.capLines()
	if rm.barred == nil && o.Quorum.Found != NotMet {
		c.rank()
		c.fill()
	}
	c.conclude(&o)
	o.Missing, o.Against, o.Reckoning = rm.missing, rm.against, rm.lines
	return o, nil
}

// check refuses facts that are no election.
func (f ElectionFacts) check(e Election) error {
	switch {
	case f.Seats < 1 || f.Seats > MaxSeats:
		return fault.Refuse("vote.refusal.seats", "n", MaxSeats).At("seats")
	case len(f.Candidates) < 1 || len(f.Candidates) > MaxCandidates:
		return fault.Refuse("vote.refusal.candidates", "n", MaxCandidates).At("candidates")
	}
	standing := map[int64]bool{}
	for _, c := range f.Candidates {
		if c.Number < 1 || standing[c.Number] {
			return fault.Refuse("vote.refusal.candidate-twice", "candidate", number(c.Number)).At("candidates")
		}
		if !known(c.Told, "", Unanimous, ByAcclamation) {
			return unknownWord(string(c.Told)).At("candidates")
		}
		standing[c.Number] = true
	}
	for field, list := range map[string][]int64{"lot": f.Lot, "stated": f.Stated} {
		if err := distinct(list, standing); err != nil {
			return err.(fault.Refusal).At(field)
		}
	}
	if len(f.Stated) > f.Seats {
		return fault.Refuse("vote.refusal.stated-seats", "n", len(f.Stated), "seats", f.Seats).At("stated")
	}
	return f.checkMarks(e, standing)
}

func (f ElectionFacts) checkMarks(e Election, standing map[int64]bool) error {
	if f.Marks == nil {
		return nil
	}
	switch {
	case f.Roll == nil:
		return fault.Refuse("vote.refusal.named-without-roll").At("roll")
	case e.method == ByMajority:
		return fault.Refuse("vote.refusal.marks-majority").At("marks")
	case f.Cast.known:
		return fault.Refuse("vote.refusal.named-and-counted").At("cast")
	}
	for _, c := range f.Candidates {
		if c.Votes != (Counts{}) {
			return fault.Refuse("vote.refusal.named-and-counted").At("candidates")
		}
	}
	holders, seen := f.Roll.holders(), map[int64]bool{}
	for _, m := range f.Marks {
		switch {
		case !holders[m.Holder]:
			return fault.Refuse("vote.refusal.not-on-roll", "holder", number(m.Holder)).At("marks")
		case seen[m.Holder]:
			return fault.Refuse("vote.refusal.voted-twice", "holder", number(m.Holder)).At("marks")
		case e.method == ByPlurality && len(m.Candidates) > f.Seats:
			return fault.Refuse("vote.refusal.too-many-marks", "holder", number(m.Holder), "n", f.Seats).At("marks")
		}
		if err := distinct(m.Candidates, standing); err != nil {
			return err.(fault.Refusal).At("marks")
		}
		seen[m.Holder] = true
	}
	return nil
}

// distinct refuses a list that names somebody twice, or somebody who does not stand.
func distinct(list []int64, standing map[int64]bool) error {
	seen := make(map[int64]bool, len(list))
	for _, n := range list {
		if !standing[n] {
			return fault.Refuse("vote.refusal.no-candidate", "candidate", number(n))
		}
		if seen[n] {
			return fault.Refuse("vote.refusal.candidate-twice", "candidate", number(n))
		}
		seen[n] = true
	}
	return nil
}
