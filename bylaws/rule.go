package bylaws

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/people"
	"lieux/vote"
)

// Key names one thing that the bylaws or the law decide.
type Key string

// Kind is a kind of decision of the assembly, each with a quorum and a majority of its own.
type Kind string

// The kinds of decision.
const (
	Ordinary    Kind = "ordinary"     // accounts, discharge, plan, charter, resolutions
	Amendment   Kind = "amendment"    // a change of the bylaws (CSA 6:85)
	Purpose     Kind = "purpose"      // a change of object, purpose, finality or values (CSA 6:86)
	ClassRights Kind = "class-rights" // a change of the rights of a class (CSA 6:87)
)

// Kinds lists them in the order of screens.
var Kinds = []Kind{Ordinary, Amendment, Purpose, ClassRights}

// The keys. [Kind.Quorum] and [Kind.Majority] make the others.
const (
	KeyWeight    Key = "vote.weight"
	KeyCap       Key = "vote.cap"
	KeyElection  Key = "election"
	KeyNotice    Key = "notice"
	KeyProxies   Key = "proxies"
	KeyAdmission Key = "admission"
)

// Organs are the bodies, beside the general assembly, whose meetings have rules of their own: each member has one
// voice.
var Organs = []people.BodyKind{people.Board, people.Committee, people.Group}

// The keys of the meetings of an organ.
func organQuorum(k people.BodyKind) Key   { return Key("body." + string(k) + ".quorum") }
func organMajority(k people.BodyKind) Key { return Key("body." + string(k) + ".majority") }

// KeyOrganNotice is how long before a meeting of an organ its members are convened.
func KeyOrganNotice(k people.BodyKind) Key { return Key("body." + string(k) + ".notice") }

// Quorum and Majority are the keys of a kind of decision.
func (k Kind) Quorum() Key   { return Key("decision." + string(k) + ".quorum") }
func (k Kind) Majority() Key { return Key("decision." + string(k) + ".majority") }

// Keys lists every key, in the order of screens.
func Keys() []Key {
	keys := []Key{KeyWeight, KeyCap}
	for _, k := range Kinds {
		keys = append(keys, k.Quorum(), k.Majority())
	}
	keys = append(keys, KeyElection, KeyNotice, KeyProxies, KeyAdmission)
	keys = append(keys, shareKeys...)
	for _, k := range Organs {
		keys = append(keys, organQuorum(k), organMajority(k), KeyOrganNotice(k))
	}
	return keys
}

func (k Key) isQuorum() bool { return strings.HasSuffix(string(k), ".quorum") }

func (k Key) isNotice() bool { return k == KeyNotice || strings.HasSuffix(string(k), ".notice") }

// Layer is where a rule comes from.
type Layer string

// The layers, in the order in which they prevail.
const (
	MandatoryLaw Layer = "mandatory"
	OwnBylaws    Layer = "bylaws"
	DefaultLaw   Layer = "default"
)

// Confidence says how sure we are of a rule.
type Confidence string

// The confidences.
const (
	Read    Confidence = "read"    // read in a named source
	Told    Confidence = "told"    // known, not read
	Example Confidence = "example" // invented, for a demonstration or as a starting point
)

// Rule is one value with what it rests on. Value is JSON of the key's type.
type Rule struct {
	Key        Key             `json:"key"`
	Article    string          `json:"article"` // "CSA 6:85", "Statuts 26"
	Words      string          `json:"words"`   // what the article of the bylaws says, in short; empty for the law
	Value      json.RawMessage `json:"value"`
	Layer      Layer           `json:"layer"`
	Source     string          `json:"source"` // text for the bylaws, a code of the catalogue for the law
	Confidence Confidence      `json:"confidence"`
	ValidFrom  civil.Date      `json:"valid_from,omitzero"`
	ValidUntil civil.Date      `json:"valid_until,omitzero"` // the last day; none while it is in force
}

// Limits of a rule and of a text.
const (
	maxWords    = 2_000
	maxArticle  = 60
	maxSource   = 400
	maxValue    = 4_000
	maxBody     = 60_000
	maxArticles = 400
	maxRules    = 60
	maxTitle    = 200
	maxNotary   = 200
)

// Notice is how a body is convened.
type Notice struct {
	Days int `json:"days"` // days between dispatch and meeting, at least
}

// Proxies is who may represent whom.
type Proxies struct {
	Allowed     bool `json:"allowed"`
	MembersOnly bool `json:"members_only"` // only another cooperator may hold one
	Max         int  `json:"max"`          // proxies that one person may hold; 0 is no limit
}

// Admission is who admits a cooperator.
type Admission struct {
	By       string `json:"by"`                // [ByBoard] or [ByAssembly]
	Reasoned bool   `json:"reasoned"`          // a refusal gives its reasons when asked
	Days     int    `json:"days,omitempty"`    // within which it is decided; 0 when no text says it
	Silence  string `json:"silence,omitempty"` // what happens then: [Admitted] or [Refused]; empty when no text says it
}

// What silence means once the days of an [Admission] are over.
const (
	Admitted = "admitted"
	Refused  = "refused"
)

func (a Admission) valid() bool {
	return (a.By == ByBoard || a.By == ByAssembly) && a.Days >= 0 && a.Days <= maxDays &&
		slices.Contains([]string{"", Admitted, Refused}, a.Silence) && (a.Silence == "" || a.Days > 0)
}

// Values that a day of the calendar or a room cannot exceed.
const (
	maxNoticeDays = 120
	maxProxies    = 10_000
)

// check refuses a rule that says nothing applicable: an unknown key, a value of the wrong shape, a missing article.
func (r Rule) check() error {
	refuse := func(code, field string) error {
		return fault.Refuse("bylaws.refusal."+code, "key", r.Key).At(field)
	}
	switch {
	case !slices.Contains(Keys(), r.Key):
		return refuse("key", "key")
	case r.Article == "" || len(r.Article) > maxArticle:
		return refuse("article", "article")
	case len(r.Words) > maxWords:
		return refuse("words", "words")
	case len(r.Source) > maxSource:
		return refuse("source", "source")
	case !slices.Contains([]Confidence{Read, Told, Example}, r.Confidence):
		return refuse("confidence", "confidence")
	case len(r.Value) > maxValue:
		return refuse("value", "value")
	}
	if err := r.checkValue(); err != nil {
		if rs := fault.Of(err); rs != nil {
			return rs
		}
		return refuse("value", "value")
	}
	return nil
}

func (r Rule) checkValue() error {
	switch r.Key {
	case KeyWeight:
		w, err := decode[vote.Weight](r.Value)
		if err == nil && w != vote.PerShare && w != vote.PerHead {
			return fault.Refuse("bylaws.refusal.value", "key", r.Key).At("value")
		}
		return err
	case KeyCap:
		return decodes[vote.Cap](r.Value)
	case KeyElection:
		return decodes[vote.Election](r.Value)
	case KeyProxies:
		p, err := decode[Proxies](r.Value)
		if err == nil && (p.Max < 0 || p.Max > maxProxies) {
			return fault.Refuse("bylaws.refusal.proxies", "limit", maxProxies).At("value")
		}
		return err
	case KeyAdmission:
		a, err := decode[Admission](r.Value)
		if err == nil && !a.valid() {
			return fault.Refuse("bylaws.refusal.value", "key", r.Key).At("value")
		}
		return err
	}
	switch {
	case slices.Contains(shareKeys, r.Key):
		return r.checkShareRule()
	case r.Key.isNotice():
		n, err := decode[Notice](r.Value)
		if err == nil && (n.Days < 1 || n.Days > maxNoticeDays) {
			return fault.Refuse("bylaws.refusal.notice", "limit", maxNoticeDays).At("value")
		}
		return err
	case r.Key.isQuorum():
		return decodes[vote.Quorum](r.Value)
	}
	return decodes[vote.Majority](r.Value)
}

func decodes[T any](raw json.RawMessage) error {
	_, err := decode[T](raw)
	return err
}

func decode[T any](raw json.RawMessage) (v T, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err = d.Decode(&v)
	return v, err
}

// inForce says whether a rule of law holds on a day.
func (r Rule) inForce(day civil.Date) bool {
	return !r.ValidFrom.After(day) && (r.ValidUntil.IsZero() || !r.ValidUntil.Before(day))
}
