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
	ByMajority  Method = "majority"  // each candidate for or against; who reaches the majority, the most votes for first
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
	Method   Method    `json:"method"`
	Majority Majority  `json:"majority,omitzero"` // asked by the method majority; by the others when the bylaws ask a floor
	Ties     []TieRule `json:"ties,omitempty"`    // empty: a second round
	Article  string    `json:"article,omitempty"`
}

// Election is a valid rule of election. The zero value is "unknown".
type Election struct {
	method   Method
	majority Majority
	ties     [2]TieRule // an array, so that == compares
	article  string
}

// NewElection refuses terms that make no rule: an unknown method or tie rule, the method majority without its majority, a tie rule after one
// that leaves no tie (lower number, lot, second round).
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

// ElectionFacts are what is known of one election.
type ElectionFacts struct {
	Seats      int             `json:"seats"`
	Candidates []Candidate     `json:"candidates"`
	Convening  Convening       `json:"convening,omitempty"`
	Issued     Sides           `json:"issued,omitzero"`
	Present    Sides           `json:"present,omitzero"`
	Roll       *Roll           `json:"-"`
	Marks      []NamedApproval `json:"marks,omitempty"` // plurality and approval by name, with a roll
	Lot        []int64         `json:"lot,omitempty"`   // candidates in the order drawn, when the lot was drawn
	Stated     []int64         `json:"stated,omitempty"`
}

// Standing is one candidate in the result.
type Standing struct {
	Number   int64   `json:"number"`
	Votes    Known   `json:"votes,omitzero"`
	Majority Finding `json:"majority"`
	Elected  bool    `json:"elected"`
	Tied     bool    `json:"tied,omitempty"` // waits for the lot or a second round
}

// ElectionOutcome is a judged election.
type ElectionOutcome struct {
	Status    Status        `json:"status"`
	Elected   []int64       `json:"elected,omitempty"` // as computed or, where it could not be, as stated; the most votes first
	Open      int           `json:"open"`              // seats that stay open
	Next      TieRule       `json:"next,omitempty"`    // lot or second-round when a tie waits for it
	Standings []Standing    `json:"standings"`
	Quorum    QuorumFound   `json:"quorum"`
	Missing   []lang.Phrase `json:"missing,omitempty"`
	Against   []lang.Phrase `json:"against,omitempty"`
	Weighing  *Weighing     `json:"weighing,omitempty"`
	Reckoning Reckoning     `json:"reckoning"`
}

// Elect applies a rule of election, with the weight, cap and quorum of the assembly, to what is known.
func Elect(e Election, r Rule, f ElectionFacts) (ElectionOutcome, error) {
	return ElectionOutcome{}, nil
}
