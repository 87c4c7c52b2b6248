package bylaws

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/vote"
)

// The keys of the rules about shares: taking them, holding them, passing them on, leaving.
const (
	KeyHolding     Key = "holding"      // how many shares one person holds
	KeyIssue       Key = "issue"        // when shares that were asked for exist
	KeyTransfer    Key = "transfer"     // who agrees to a transfer (CSA 6:54)
	KeyExit        Key = "exit"         // when a cooperator may resign (CSA 6:120)
	KeyExitPayment Key = "exit.payment" // when a resignation takes effect and is paid (CSA 6:120)
	KeyExitValue   Key = "exit.value"   // what a share that leaves is worth (CSA 6:120)
	KeyEndByLaw    Key = "end-by-law"   // what ends a membership by itself (CSA 6:121)
	KeyQuality     Key = "quality-loss" // what follows when a holder loses the quality that a class asks (CSA 6:122)
	KeyExclusion   Key = "exclusion"    // who excludes, and how (CSA 6:123)
)

var shareKeys = []Key{KeyHolding, KeyIssue, KeyTransfer, KeyExit, KeyExitPayment, KeyExitValue, KeyEndByLaw, KeyQuality,
	KeyExclusion}

// Who decides.
const (
	ByBoard    = "board"
	ByAssembly = "assembly"
	ByNobody   = "none" // nobody is asked
)

// Holding is how many shares one person holds; a zero is no limit.
type Holding struct {
	Least int64         `json:"least,omitempty"`
	Most  int64         `json:"most,omitempty"`
	Part  vote.Fraction `json:"part,omitzero"` // of all issued shares, at most
}

// Issue is when the shares of a request exist.
type Issue struct {
	When      string        `json:"when"`                // [OnAdmission], [OncePaid] or [OncePartPaid]
	LeastPaid vote.Fraction `json:"least_paid,omitzero"` // of the nominal amount, for [OncePartPaid]
}

// When shares exist.
const (
	OnAdmission  = "admission" // with the decision that admits; what is not paid is due
	OncePaid     = "paid"      // when all of them are paid
	OncePartPaid = "part-paid" // when the least part of each is paid
)

// Transfer is who must agree when shares change hands.
type Transfer struct {
	Approval       string `json:"approval"`                  // [ByNobody], [ByBoard] or [ByAssembly]
	PreemptionDays int    `json:"preemption_days,omitempty"` // the others may take the shares first; 0: they may not
	ToMembersFree  bool   `json:"to_members_free"`           // nobody is asked when the taker is a cooperator already
}

// Exit is when a cooperator may resign, when that takes effect and is paid, and at what value. What no text says is
// zero: the parts stand under three keys, because bylaws often settle one and leave the others to the law.
type Exit struct {
	From     int  `json:"from"`     // month of the financial year, from 1
	To       int  `json:"to"`       // its last day is the last day of the window
	Founders int  `json:"founders"` // a founder resigns from this year of the cooperative on; 0: at once
	Partial  bool `json:"partial"`  // a part of the shares may leave
	Report   bool `json:"report"`   // the board reports to the yearly assembly

	ExitPayment `json:"-"`
	Value       string `json:"-"` // [PaidUp] or [NominalAtMost]; empty when unknown
}

// ExitPayment is when a resignation takes effect and is paid.
type ExitPayment struct {
	EffectMonths    int `json:"effect_months"`     // on the last day of this month of the financial year
	PayWithinMonths int `json:"pay_within_months"` // after it took effect
}

// What a share that leaves is worth. Either way never above its part of the net assets (CSA 6:120).
const (
	PaidUp        = "paid-up"         // what was really paid on it and not refunded yet
	NominalAtMost = "nominal-at-most" // that, and never above the nominal amount
)

// EndByLaw is what ends a membership on the day on which it happens, as a resignation would.
type EndByLaw struct {
	Causes []string `json:"causes"` // of [EndCauses]
}

// EndCauses are the causes that the law names (CSA 6:121).
var EndCauses = []string{"death", "bankruptcy", "incapacity", "dissolution"}

// QualityLoss is what follows when a holder loses the quality that a class asks of its holders.
type QualityLoss struct {
	Ends         bool `json:"ends"`                    // the shares leave, as with a resignation
	WithinMonths int  `json:"within_months,omitempty"` // at the latest; 0: on that day
}

// Exclusion is who excludes and how. The proposal is reasoned and the cooperator is heard in any case.
type Exclusion struct {
	By           string `json:"by"` // [ByAssembly] or [ByBoard]
	AnswerMonths int    `json:"answer_months,omitempty"`
	AnswerDays   int    `json:"answer_days,omitempty"`
	Grounds      string `json:"grounds,omitempty"` // those that the bylaws name beside just cause
}

// AnswerBy is the last day on which somebody who got the proposal on a day may answer it.
func (e Exclusion) AnswerBy(got civil.Date) civil.Date {
	return got.AddMonths(e.AnswerMonths).AddDays(e.AnswerDays)
}

// Limits of the rules about shares.
const (
	maxHeld       = 1_000_000
	maxDays       = 366
	maxMonths     = 120
	maxFounders   = 10
	monthsOfYear  = 12
	maxGroundsLen = 600
)

func (h Holding) valid() bool {
	return h.Least >= 0 && h.Most >= 0 && h.Least <= maxHeld && h.Most <= maxHeld && (h.Most == 0 || h.Least <= h.Most)
}

func (i Issue) valid() bool {
	return slices.Contains([]string{OnAdmission, OncePaid}, i.When) && i.LeastPaid.IsZero() ||
		i.When == OncePartPaid && !i.LeastPaid.IsZero()
}

func (t Transfer) valid() bool {
	return slices.Contains([]string{ByNobody, ByBoard, ByAssembly}, t.Approval) &&
		t.PreemptionDays >= 0 && t.PreemptionDays <= maxDays
}

func (e Exit) valid() bool {
	return 1 <= e.From && e.From <= e.To && e.To <= monthsOfYear && e.Founders >= 0 && e.Founders <= maxFounders
}

func (e ExitPayment) valid() bool {
	return 1 <= e.EffectMonths && e.EffectMonths <= monthsOfYear && 0 <= e.PayWithinMonths &&
		e.PayWithinMonths <= maxMonths
}

func (e EndByLaw) valid() bool {
	return len(e.Causes) <= len(EndCauses) && !slices.ContainsFunc(e.Causes, func(c string) bool {
		return !slices.Contains(EndCauses, c)
	})
}

func (q QualityLoss) valid() bool { return q.WithinMonths >= 0 && q.WithinMonths <= maxMonths }

func (e Exclusion) valid() bool {
	return (e.By == ByAssembly || e.By == ByBoard) && e.AnswerMonths >= 0 && e.AnswerMonths <= monthsOfYear &&
		e.AnswerDays >= 0 && e.AnswerDays <= maxDays && len(e.Grounds) <= maxGroundsLen
}

// shareRule is what the value of a rule about shares can do.
type shareRule interface {
	valid() bool
	phrases() []lang.Phrase
}

// exitValue is the value of [KeyExitValue].
type exitValue string

func (v exitValue) valid() bool { return v == PaidUp || v == NominalAtMost }

// shareRule reads the value of a rule about shares.
func (r Rule) shareRule() (shareRule, error) {
	switch r.Key {
	case KeyHolding:
		return decode[Holding](r.Value)
	case KeyIssue:
		return decode[Issue](r.Value)
	case KeyTransfer:
		return decode[Transfer](r.Value)
	case KeyExit:
		return decode[Exit](r.Value)
	case KeyExitPayment:
		return decode[ExitPayment](r.Value)
	case KeyExitValue:
		return decode[exitValue](r.Value)
	case KeyEndByLaw:
		return decode[EndByLaw](r.Value)
	case KeyQuality:
		return decode[QualityLoss](r.Value)
	}
	fault.Must(r.Key == KeyExclusion, "%s is no rule about shares", r.Key)
	return decode[Exclusion](r.Value)
}

func (r Rule) checkShareRule() error {
	v, err := r.shareRule()
	if err == nil && !v.valid() {
		err = fault.Refuse("bylaws.refusal.value", "key", r.Key).At("value")
	}
	return err
}

// Holding is how many shares one person holds; known is false when nothing is known.
func (b Bylaws) Holding() (h Holding, known bool) { return about[Holding](b, KeyHolding) }

// Issue is when shares that were asked for exist; known is false when no text says it.
func (b Bylaws) Issue() (i Issue, known bool) { return about[Issue](b, KeyIssue) }

// Transfer is who agrees to a transfer; known is false when no text says it.
func (b Bylaws) Transfer() (t Transfer, known bool) { return about[Transfer](b, KeyTransfer) }

// Exit is when and how a cooperator leaves. known is false when the window is not known; the day of effect
// ([KeyExitPayment]) and the value ([KeyExitValue]) are zero when they are not.
func (b Bylaws) Exit() (e Exit, known bool) {
	e, known = about[Exit](b, KeyExit)
	e.ExitPayment, _ = about[ExitPayment](b, KeyExitPayment)
	value, _ := about[exitValue](b, KeyExitValue)
	e.Value = string(value)
	return e, known
}

// EndByLaw is what ends a membership by itself; known is false when nothing is known.
func (b Bylaws) EndByLaw() (e EndByLaw, known bool) { return about[EndByLaw](b, KeyEndByLaw) }

// QualityLoss is what follows a lost quality; known is false when the bylaws do not say it.
func (b Bylaws) QualityLoss() (q QualityLoss, known bool) { return about[QualityLoss](b, KeyQuality) }

// Exclusion is who excludes, and how; known is false when nothing is known.
func (b Bylaws) Exclusion() (e Exclusion, known bool) { return about[Exclusion](b, KeyExclusion) }

func about[T any](b Bylaws, k Key) (v T, known bool) {
	_, known = b.Rule(k)
	return value[T](b, k), known
}

// Article names where the prevailing rule of a key stands ("CSA 6:120"); empty when nothing is known. Refusals carry
// it.
func (b Bylaws) Article(k Key) string {
	rule, _ := b.Rule(k)
	return rule.Article
}
