package bylaws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/vote"
)

// Part is one thing that a form asks of the value of a rule, so that whoever changes the bylaws types a value in words
// of their own: a choice, a number, a part of a whole. The parts of every key together say the whole value
// ([Compose], [Rule.Typed]).
type Part struct {
	Name    string // as the value names it; "majority.threshold" stands inside; empty: the value is this part alone
	Kind    PartKind
	Options []string // of [OneOf] and [AnyOf], the usual one first; "" stands for: nothing said
	Most    int64    // of a [Number]; of a [Line], in signs
	Need    bool     // without it there is no value
}

// PartKind is how a part is asked.
type PartKind string

// The kinds of parts.
const (
	OneOf   PartKind = "one-of"
	AnyOf   PartKind = "any-of"
	InOrder PartKind = "in-order" // one of several orders, written "older+lot"
	Number  PartKind = "number"
	YesNo   PartKind = "yes-no"
	PartOf  PartKind = "part-of"  // a fraction: 3/4, 5 %
	AtLeast PartKind = "at-least" // a fraction to be reached or passed; how is asked beside it
	Line    PartKind = "line"
)

// How a threshold is reached: the second answer of [AtLeast].
const (
	Reached = "at least"
	Passed  = "more than"
)

// shapes are the parts of a value, by the shape that keys share.
var shapes = map[string][]Part{
	"weight": {{Kind: OneOf, Options: []string{string(vote.PerHead), string(vote.PerShare)}, Need: true}},
	"cap": {
		{Name: "base", Kind: OneOf, Need: true, Options: []string{string(vote.CapNone), string(vote.CapIssued),
			string(vote.CapAttached), string(vote.CapRemaining)}},
		{Name: "part", Kind: PartOf},
		{Name: "reach", Kind: OneOf, Options: []string{"", string(vote.ReachVoter), string(vote.ReachBodies),
			string(vote.ReachHolder)}}},
	"quorum": {
		{Name: "base", Kind: OneOf, Need: true, Options: []string{string(vote.QuorumNone), string(vote.QuorumIssued),
			string(vote.QuorumPresent)}},
		{Name: "shares", Kind: AtLeast},
		{Name: "heads", Kind: AtLeast},
		{Name: "second", Kind: OneOf, Options: []string{"", string(vote.SecondFree), string(vote.SecondSame)}},
		{Name: "per_class", Kind: YesNo}},
	"majority": {
		{Name: "threshold", Kind: AtLeast, Need: true},
		{Name: "base", Kind: OneOf, Need: true, Options: []string{string(vote.OfCast), string(vote.OfVoting),
			string(vote.OfPresent)}},
		{Name: "heads", Kind: AtLeast},
		{Name: "tie", Kind: OneOf, Need: true, Options: []string{string(vote.TieRejected), string(vote.TieChair)}},
		{Name: "per_class", Kind: YesNo}},
	"election": {
		{Name: "method", Kind: OneOf, Need: true, Options: []string{string(vote.ByMajority), string(vote.ByPlurality),
			string(vote.ByApproval)}},
		{Name: "majority.threshold", Kind: AtLeast},
		{Name: "ties", Kind: InOrder, Need: true, Options: []string{string(vote.TieSecondRound), string(vote.TieLot),
			string(vote.TieLowerNumber), "older+second-round", "older+lot", "older+lower-number"}}},
	"notice": {{Name: "days", Kind: Number, Most: maxNoticeDays, Need: true}},
	"proxies": {
		{Name: "allowed", Kind: YesNo},
		{Name: "members_only", Kind: YesNo},
		{Name: "max", Kind: Number, Most: maxProxies}},
	"admission": {
		{Name: "by", Kind: OneOf, Options: []string{ByBoard, ByAssembly}, Need: true},
		{Name: "reasoned", Kind: YesNo},
		{Name: "days", Kind: Number, Most: maxDays},
		{Name: "silence", Kind: OneOf, Options: []string{"", Admitted, Refused}}},
	"holding": {
		{Name: "least", Kind: Number, Most: maxHeld},
		{Name: "most", Kind: Number, Most: maxHeld},
		{Name: "part", Kind: PartOf}},
	"issue": {
		{Name: "when", Kind: OneOf, Options: []string{OncePaid, OnAdmission, OncePartPaid}, Need: true},
		{Name: "least_paid", Kind: PartOf}},
	"transfer": {
		{Name: "approval", Kind: OneOf, Options: []string{ByBoard, ByAssembly, ByNobody}, Need: true},
		{Name: "to_members_free", Kind: YesNo},
		{Name: "preemption_days", Kind: Number, Most: maxDays}},
	"exit": {
		{Name: "from", Kind: Number, Most: monthsOfYear, Need: true},
		{Name: "to", Kind: Number, Most: monthsOfYear, Need: true},
		{Name: "founders", Kind: Number, Most: maxFounders},
		{Name: "partial", Kind: YesNo},
		{Name: "report", Kind: YesNo}},
	"exit-payment": {
		{Name: "effect_months", Kind: Number, Most: monthsOfYear, Need: true},
		{Name: "pay_within_months", Kind: Number, Most: maxMonths}},
	"exit-value": {{Kind: OneOf, Options: []string{PaidUp, NominalAtMost}, Need: true}},
	"end-by-law": {{Name: "causes", Kind: AnyOf, Options: EndCauses}},
	"quality-loss": {
		{Name: "ends", Kind: YesNo},
		{Name: "within_months", Kind: Number, Most: maxMonths}},
	"exclusion": {
		{Name: "by", Kind: OneOf, Options: []string{ByAssembly, ByBoard}, Need: true},
		{Name: "answer_months", Kind: Number, Most: monthsOfYear},
		{Name: "answer_days", Kind: Number, Most: maxDays},
		{Name: "grounds", Kind: Line, Most: maxGroundsLen}},
}

// shape names the parts and the words that a key shares with others of its sort.
func (k Key) shape() string {
	switch {
	case k.isQuorum():
		return "quorum"
	case strings.HasSuffix(string(k), ".majority"):
		return "majority"
	case k.isNotice():
		return "notice"
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(k), "vote."), ".", "-")
}

// Parts are what a form asks of the value of a key.
func (k Key) Parts() []Part {
	parts := shapes[k.shape()]
	fault.Must(len(parts) > 0, "nobody says how %s is typed", k)
	return parts
}

// PartWords is the label of a part: "Base du quorum". Its hint stands under it; empty when there is none.
func (k Key) PartWords(p *lang.Printer, part Part) (label, hint string) {
	code := "bylaws.part." + k.shape()
	if part.Name != "" {
		code += "." + part.Name
	}
	if p.Has(code + ".hint") {
		hint = p.T(code + ".hint")
	}
	return p.T(code), hint
}

// OptionWords says an answer of a part.
func (k Key) OptionWords(p *lang.Printer, part Part, option string) string {
	if option == "" {
		return p.T("bylaws.part.unsaid")
	}
	code := "bylaws.option." + k.shape()
	if part.Name != "" {
		code += "." + part.Name
	}
	return p.T(code + "." + option)
}

// citing are the shapes whose value names its article, as the minutes cite it.
var citing = []string{"cap", "quorum", "majority", "election"}

// Compose makes the value of a key from its parts. answer gives what was typed for a part: none when nothing was; for
// [AtLeast] the fraction and then how it is reached. What makes no fraction is refused at the part; the whole is
// checked by [Allowed].
func Compose(k Key, article string, answer func(Part) []string) (json.RawMessage, error) {
	value := map[string]any{}
	if slices.Contains(citing, k.shape()) {
		value["article"] = article
	}
	var rs fault.Refusals
	for _, part := range k.Parts() {
		one, err := part.read(answer(part))
		if err != nil {
			for _, r := range fault.Of(err) {
				rs = append(rs, r.At(part.Name))
			}
			continue
		}
		if part.Name == "" {
			return json.Marshal(one)
		}
		if one != nil {
			place(value, part.Name, one)
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// place puts a part where its name says.
func place(value map[string]any, name string, one any) {
	outer, inner, nested := strings.Cut(name, ".")
	if !nested {
		value[name] = one
		return
	}
	in, _ := value[outer].(map[string]any)
	if in == nil {
		in = map[string]any{}
		value[outer] = in
	}
	place(in, inner, one)
}

// read makes what the value says of typed answers; nil when it says nothing.
func (part Part) read(typed []string) (any, error) {
	if part.Kind == AnyOf {
		return typed, nil
	}
	if len(typed) == 0 || typed[0] == "" {
		return nil, nil
	}
	switch part.Kind {
	case Number:
		n, err := strconv.ParseInt(typed[0], 10, 64)
		if err != nil || n < 0 || n > part.Most {
			return nil, fault.Refuse("bylaws.refusal.part-number", "most", part.Most)
		}
		return n, nil
	case YesNo:
		return true, nil
	case PartOf:
		f, err := vote.ParseFraction(typed[0])
		return f.String(), err
	case AtLeast:
		f, err := vote.ParseFraction(typed[0])
		if err != nil {
			return nil, err
		}
		how := Reached
		if len(typed) > 1 && typed[1] == Passed {
			how = Passed
		}
		t, err := vote.ParseThreshold(how + " " + f.String())
		return t.String(), err
	case InOrder:
		return strings.Split(typed[0], "+"), nil
	}
	return typed[0], nil
}

// Typed are the answers that make the value of a rule, as [Compose] asks for them.
func (r Rule) Typed() func(Part) []string {
	var whole any
	d := json.NewDecoder(bytes.NewReader(r.Value))
	d.UseNumber()
	if d.Decode(&whole) != nil {
		return func(Part) []string { return nil }
	}
	return func(part Part) []string {
		one := whole
		if part.Name != "" {
			for name := range strings.SplitSeq(part.Name, ".") {
				in, _ := one.(map[string]any)
				one = in[name]
			}
		}
		return part.write(one)
	}
}

// write is the inverse of read.
func (part Part) write(one any) []string {
	list, _ := one.([]any)
	words := make([]string, len(list))
	for i, item := range list {
		words[i] = fmt.Sprint(item)
	}
	switch {
	case part.Kind == AnyOf:
		return words
	case part.Kind == InOrder && len(words) > 0:
		return []string{strings.Join(words, "+")}
	case one == nil || one == false || one == json.Number("0"):
		return nil
	}
	text := fmt.Sprint(one)
	if part.Kind != AtLeast {
		return []string{text}
	}
	for _, how := range []string{Reached, Passed} {
		if rest, ok := strings.CutPrefix(text, how+" "); ok {
			return []string{rest, how}
		}
	}
	return nil
}

// own is how the bylaws are called where a rule cites them, by the language in which they are written.
var own = map[lang.Tag]string{lang.French: "Statuts", lang.Dutch: "Statuten", lang.English: "Bylaws"}

// Cite names an article of the bylaws as rules cite it: "Statuts 26".
func Cite(tag lang.Tag, number string) string { return own[tag] + " " + number }

// Number is that of the article of the bylaws that a rule cites; ours is false for a rule of law.
func (r Rule) Number() (number string, ours bool) {
	if r.Layer != OwnBylaws {
		return "", false
	}
	for _, word := range own {
		if number, found := strings.CutPrefix(r.Article, word+" "); found {
			return number, true
		}
	}
	return r.Article, true
}
