package subscription

import (
	"slices"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// RequestID is the id of a request.
type RequestID string

// Ref names the request in the journal.
func (id RequestID) Ref() store.Ref { return store.Ref{Kind: "subscription", ID: string(id)} }

// Channel is how a request came.
type Channel string

// The channels.
const (
	Online Channel = "online" // the public page, without an account
	Member Channel = "member" // a cooperator's own space
	Paper  Channel = "paper"  // a form that was printed with its number
	Office Channel = "office" // the office writes it down
)

// Words names the channel.
func (c Channel) Words() lang.Phrase { return lang.Say("subscription.channel." + string(c)) }

// consented is how persons are noted to have agreed, when they asked through this channel (people.Channels): the office
// writes down what it has on paper.
func (c Channel) consented() string {
	if c == Online || c == Member {
		return "screen"
	}
	return "paper"
}

// Purpose is for whom shares are asked.
type Purpose string

// The purposes.
const (
	Self  Purpose = "self"
	Gift  Purpose = "gift"  // somebody else pays
	Child Purpose = "child" // a minor, by a guardian
)

// Purposes lists them in the order of the form.
var Purposes = []Purpose{Self, Gift, Child}

// Words names the purpose.
func (p Purpose) Words() lang.Phrase { return lang.Say("subscription.purpose." + string(p)) }

// State is where a request stands.
type State string

// The states, in the order of a request's life.
const (
	Sent      State = "sent"      // its address of e-mail has not answered yet
	Confirmed State = "confirmed" // waits for a decision
	Waiting   State = "waiting"   // kept for later, with a reason
	Admitted  State = "admitted"  // by a decision; waits for the money
	Issued    State = "issued"    // the shares exist
	Matched   State = "matched"   // shares of who leaves are promised; waits for the money
	Met       State = "met"       // shares were received from who leaves
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
	Lapsed    State = "lapsed" // it was not paid in time
)

// States lists them.
var States = []State{Sent, Confirmed, Waiting, Admitted, Matched, Issued, Met, Refused, Withdrawn, Lapsed}

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("subscription.state." + string(s)) }

// Ended says that nothing is expected any more.
func (s State) Ended() bool { return s.Fulfilled() || s == Refused || s == Withdrawn || s == Lapsed }

// Fulfilled says that the holder has the shares: new ones, or those of who left.
func (s State) Fulfilled() bool { return s == Issued || s == Met }

// Undecided says that the body which admits has still to speak.
func (s State) Undecided() bool { return s == Confirmed || s == Waiting }

// Someone is a person as typed: an applicant, a representative, a guardian, who pays. It is kept as typed until
// somebody of the books stands for it.
type Someone struct {
	Kind       people.Kind `json:"kind,omitempty"`
	Given      string      `json:"given,omitempty"`
	Family     string      `json:"family,omitempty"`
	Birth      civil.Date  `json:"birth,omitzero"`
	Name       string      `json:"name,omitempty"`       // of a legal person
	Form       string      `json:"form,omitempty"`       // its legal form
	Enterprise string      `json:"enterprise,omitempty"` // its number
	Quality    string      `json:"quality,omitempty"`    // of a representative or guardian: "présidente", "mère"
	Email      string      `json:"email,omitempty"`
	Phone      string      `json:"phone,omitempty"`
	Street     string      `json:"street,omitempty"`
	Postcode   string      `json:"postcode,omitempty"`
	Town       string      `json:"town,omitempty"`
	Country    string      `json:"country,omitempty"`
	IBAN       string      `json:"iban,omitempty"` // kept when its check digits are wrong, and flagged
}

// Flagged says that the account number was typed, and cannot be right.
func (s Someone) Flagged() bool { return s.IBAN != "" && !payment.IBAN(s.IBAN).Right() }

// Empty says that nothing was typed.
func (s Someone) Empty() bool { s.Kind = ""; return s == Someone{} }

// Full is the name as it is written.
func (s Someone) Full() string {
	if s.Kind == people.Legal {
		return s.Name
	}
	return strings.TrimSpace(s.Given + " " + s.Family)
}

// Entry is the person as the books take them.
func (s Someone) Entry(tag lang.Tag, from civil.Date) people.Entry {
	e := people.Entry{Kind: s.Kind, Given: s.Given, Family: s.Family, Birth: s.Birth, Name: s.Name, Form: s.Form,
		Enterprise: s.Enterprise, Lang: tag, From: from,
		Home: people.Address{Street: s.Street, Postcode: s.Postcode, Town: s.Town, Country: s.Country}}
	if s.Email != "" {
		e.Emails = []string{s.Email}
	}
	if s.Phone != "" {
		e.Phones = []string{s.Phone}
	}
	return e
}

// Typed is all that an applicant wrote.
type Typed struct {
	Applicant Someone  `json:"applicant,omitzero"`
	Second    Someone  `json:"second,omitzero"`   // who represents a legal person; the guardian of a child
	Payer     Someone  `json:"payer,omitzero"`    // who makes a gift
	Quality   string   `json:"quality,omitempty"` // why one may hold shares of a class that asks for a quality
	Consents  []string `json:"consents,omitempty"`
	Message   string   `json:"message,omitempty"`
}

// Request is shares that somebody asked for.
type Request struct {
	ID       RequestID
	Number   int64
	Form     int64 // the number of the paper form; 0 for none
	Channel  Channel
	Language lang.Tag
	Purpose  Purpose
	Class    register.ClassID
	Shares   int64
	Nominal  money.Cents // of one share when it was asked
	Campaign string
	SignedOn civil.Date
	Typed    Typed
	Person   people.PersonID // the holder to be, once known
	Payer    people.PersonID // who pays, when that is another
	Scan     string          // id of a document
	Due      payment.DueID
	State    State
	SentAt   civil.Instant
	TurnedAt civil.Instant // of its last step
}

// Amount is what the shares cost together.
func (q Request) Amount() money.Cents { return money.Cents(q.Shares) * q.Nominal }

// Limits of a request.
const (
	MaxShares  = 100_000
	MaxMessage = 1000 // signs
	MaxWhy     = 500  // signs
	MaxPlain   = 200  // signs of a field of one line
	adultAge   = 18
)

// Draft is a request before it is sent.
type Draft struct {
	Channel  Channel
	Form     int64
	Language lang.Tag
	Purpose  Purpose
	Class    register.ClassID
	Shares   int64
	Campaign string
	SignedOn civil.Date // zero: today
	Typed    Typed
	Person   people.PersonID // known already: a member asks for more
	Payer    people.PersonID
	Scan     string
	counted  money.Cents // what the offer counts of it already: it is corrected
	asked    int64       // shares that it asks for already: it is corrected
	askedOf  register.ClassID
}

// Required are the kinds of consent that a request needs, where the house has published a text.
var Required = []people.ConsentKind{people.Privacy, people.Rules, people.Risk}

// Texts are the consents that a request needs today, in its language, or in another where there is none in it.
func Texts(r store.Reader, tag lang.Tag) (list []people.ConsentText, err error) {
	for _, kind := range Required {
		for _, t := range []lang.Tag{tag, lang.French, lang.Dutch, lang.English} {
			text, found, err := people.TextOn(r, kind, t, r.Today())
			if err != nil {
				return nil, err
			}
			if found {
				list = append(list, text)
				break
			}
		}
	}
	return list, nil
}

// Check says all that is wrong with a draft, with the field of each, before anything is written.
func Check(r store.Reader, d Draft) (fault.Refusals, error) {
	day := r.Today()
	rs := d.fields(day)
	class, err := register.ClassOf(r, d.Class)
	if refused := fault.Of(err); refused != nil {
		return append(rs, fault.Refuse("subscription.refusal.class").At("class")), nil
	}
	if err != nil {
		return nil, err
	}
	more, err := d.classOf(r, class)
	if err != nil {
		return nil, err
	}
	rs = append(rs, more...)
	if d.Person == "" {
		for _, one := range d.described() {
			for _, refusal := range one.who.Entry(d.Language, day).Check(day) {
				rs = append(rs, refusal.At(one.field(refusal.Field)))
			}
		}
	}
	more, err = d.offered(r, class)
	if err != nil {
		return nil, err
	}
	rs = append(rs, more...)
	texts, err := Texts(r, d.Language)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		if !d.accepts(t) {
			rs = append(rs, fault.Refuse("subscription.refusal.consent", "text", t.Kind.Words()).At("consent-"+string(t.Kind)))
		}
	}
	return rs, nil
}

// accepts says whether a text was agreed to.
func (d Draft) accepts(t people.ConsentText) bool { return slices.Contains(d.Typed.Consents, t.ID) }

// offered holds a draft against the thresholds of the public offer, and against the terms of its campaign.
func (d Draft) offered(r store.Reader, class register.ShareClass) (rs fault.Refusals, err error) {
	if d.Shares < 1 || d.Shares > MaxShares {
		return nil, nil
	}
	cents := money.Cents(d.Shares) * class.Nominal
	verdicts, err := offer.Check(r, d.Person, cents-d.counted, r.Today())
	if err != nil {
		return nil, err
	}
	if cents > d.counted {
		for _, refusal := range fault.Of(offer.Refused(verdicts)) {
			rs = append(rs, refusal.At("shares"))
		}
	}
	if d.Campaign == "" {
		return rs, nil
	}
	c, err := offer.CampaignByID(r, offer.CampaignID(d.Campaign))
	if refused := fault.Of(err); refused != nil {
		return append(rs, fault.Refuse("subscription.refusal.campaign").At("campaign")), nil
	}
	if err != nil {
		return nil, err
	}
	switch {
	case c.Class != d.Class:
		rs = append(rs, fault.Refuse("subscription.refusal.campaign-class", "campaign", c.Title).At("class"))
	case d.counted == 0 && c.State(r.Today()) != offer.Open && d.signed(r.Today()).After(c.LastDay()):
		rs = append(rs, fault.Refuse("subscription.refusal.campaign-closed", "campaign", c.Title).At("campaign"))
	case d.Shares < c.Least:
		rs = append(rs, fault.Refuse("subscription.refusal.campaign-least", "least", c.Least).At("shares"))
	case c.PerInvestor > 0 && cents > c.PerInvestor:
		rs = append(rs, fault.Refuse("subscription.refusal.campaign-most", "most", c.PerInvestor).At("shares"))
	}
	return rs, nil
}

// signed is the day on which the request was signed.
func (d Draft) signed(today civil.Date) civil.Date {
	if d.SignedOn.IsZero() {
		return today
	}
	return d.SignedOn
}

// described is somebody whom a draft describes, and the beginning of the names of their fields.
type described struct {
	prefix string
	who    Someone
}

func (d described) field(name string) string {
	name = strings.TrimPrefix(name, "home-")
	if d.prefix == "" || name == "" {
		return name
	}
	return d.prefix + "-" + name
}

// described are those whom a draft describes and who come into the books with it.
func (d Draft) described() []described {
	list := []described{{"", d.Typed.Applicant}}
	if d.Typed.Applicant.Kind == people.Legal || d.Purpose == Child {
		list = append(list, described{"second", d.Typed.Second})
	}
	if d.Purpose == Gift && d.Payer == "" {
		list = append(list, described{"payer", d.Typed.Payer})
	}
	return list
}

// fields is what can be said of a draft without looking into the books.
func (d Draft) fields(day civil.Date) (rs fault.Refusals) {
	if d.Shares < 1 || d.Shares > MaxShares {
		rs = append(rs, fault.Refuse("subscription.refusal.shares", "most", MaxShares).At("shares"))
	}
	if !slices.Contains(Purposes, d.Purpose) {
		rs = append(rs, fault.Refuse("subscription.refusal.purpose").At("purpose"))
	}
	if !d.SignedOn.IsZero() && (!d.SignedOn.IsDay() || d.SignedOn.After(day)) {
		rs = append(rs, fault.Refuse("subscription.refusal.signed-on").At("signed-on"))
	}
	if tooLong(d.Typed.Message, MaxMessage) {
		rs = append(rs, fault.Refuse("subscription.refusal.long", "limit", MaxMessage).At("message"))
	}
	if tooLong(d.Typed.Quality, MaxPlain) {
		rs = append(rs, fault.Refuse("subscription.refusal.long", "limit", MaxPlain).At("quality"))
	}
	if d.Person != "" {
		return rs
	}
	a := d.Typed.Applicant
	if d.Channel == Online && d.reachable() == "" {
		rs = append(rs, fault.Refuse("subscription.refusal.email").At("email"))
	}
	minor := a.Kind == people.Natural && !a.Birth.IsZero() && a.Birth.Last().AddYears(adultAge).After(day)
	switch {
	case minor && d.Purpose != Child:
		rs = append(rs, fault.Refuse("subscription.refusal.minor").By("Code civil 488").At("purpose"))
	case d.Purpose == Child && (a.Kind != people.Natural || a.Birth.IsZero()):
		rs = append(rs, fault.Refuse("subscription.refusal.child-birth").At("birth"))
	case d.Purpose == Child && !minor:
		rs = append(rs, fault.Refuse("subscription.refusal.grown").At("purpose"))
	}
	return rs
}

// reachable is the address of e-mail to which the request is answered: the guardian's for a child.
func (d Draft) reachable() string {
	if d.Purpose == Child || d.Typed.Applicant.Email == "" {
		return d.Typed.Second.Email
	}
	return d.Typed.Applicant.Email
}

// classOf is what the class and the bylaws say of a draft.
func (d Draft) classOf(r store.Reader, class register.ShareClass) (rs fault.Refusals, err error) {
	kind := d.Typed.Applicant.Kind
	var held, ofClass int64
	if d.Person != "" {
		person, err := people.Get(r, d.Person)
		if err != nil {
			return nil, err
		}
		kind = person.Kind
		if held, err = heldOrAsked(r, d.Person, ""); err != nil {
			return nil, err
		}
		if ofClass, err = heldOrAsked(r, d.Person, class.ID); err != nil {
			return nil, err
		}
		held -= d.asked
		if d.askedOf == class.ID {
			ofClass -= d.asked
		}
	}
	if !class.Holders.May(kind) {
		rs = append(rs, fault.Refuse("subscription.refusal.holders", "class", class.Letter).By(class.Article).At("class"))
	}
	if class.Quality != "" && strings.TrimSpace(d.Typed.Quality) == "" {
		rs = append(rs, fault.Refuse("subscription.refusal.quality", "quality",
			class.Quality).By(class.Article).At("quality"))
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return nil, err
	}
	more, err := d.limits(r, rules, held)
	return append(append(rs, d.classLimits(class, ofClass)...), more...), err
}

// classLimits holds a draft against the least and the most that the class sets for each holder.
func (d Draft) classLimits(c register.ShareClass, held int64) (rs fault.Refusals) {
	after := held + d.Shares
	if d.Shares > 0 && after < c.Least {
		rs = append(rs, fault.Refuse("subscription.refusal.class-least", "class", c.Letter, "least", c.Least).
			By(c.Article).At("shares"))
	}
	if c.Most > 0 && d.Shares > 0 && after > c.Most {
		rs = append(rs, fault.Refuse("subscription.refusal.class-most", "class", c.Letter, "most", c.Most,
			"held", already(held)).By(c.Article).At("shares"))
	}
	return rs
}

// already says how many shares somebody has or asks for; nothing of nobody.
func already(held int64) any {
	if held <= 0 {
		return ""
	}
	return lang.Say("subscription.refusal.held", "n", held)
}

// limits holds a draft against the least and the most that a person may hold.
func (d Draft) limits(r store.Reader, rules bylaws.Bylaws, held int64) (rs fault.Refusals, err error) {
	limit, known := rules.Holding()
	if !known || d.Shares < 1 {
		return nil, nil
	}
	rule, _ := rules.Rule(bylaws.KeyHolding)
	after := held + d.Shares
	if limit.Least > 0 && after < limit.Least {
		rs = append(rs, fault.Refuse("subscription.refusal.least", "least", limit.Least).By(rule.Article).At("shares"))
	}
	if limit.Most > 0 && after > limit.Most {
		rs = append(rs, fault.Refuse("subscription.refusal.most", "most", limit.Most, "held",
			already(held)).By(rule.Article).At("shares"))
	}
	if !limit.Part.IsZero() {
		issued, err := register.IssuedOn(r, r.Today(), r.Today())
		if err != nil {
			return nil, err
		}
		if limit.Part.Compare(after, issued+d.Shares) > 0 {
			rs = append(rs, fault.Refuse("subscription.refusal.part", "part", limit.Part.String(), "held", already(held)).
				By(rule.Article).At("shares"))
		}
	}
	return rs, nil
}

func tooLong(s string, limit int) bool { return len([]rune(s)) > limit }

// confirmLife is how long the address of e-mail has to answer.
const confirmLife = 14 * 24 * time.Hour

// Send takes a request in. The same request sent once more from the public page, by another form, is the first one.
// Online it waits until its address of e-mail has answered: token is what the letter brings there.
func Send(tx *store.Tx, d Draft) (q Request, token string, err error) {
	d = d.tidied()
	rs, err := Check(tx, d)
	if err == nil {
		err = rs.Err()
	}
	if err != nil {
		return Request{}, "", err
	}
	class, err := register.ClassOf(tx, d.Class)
	if err != nil {
		return Request{}, "", err
	}
	q = Request{ID: RequestID(tx.ID()), Form: d.Form, Channel: d.Channel, Language: d.Language, Purpose: d.Purpose,
		Class:  d.Class,
		Shares: d.Shares, Nominal: class.Nominal, Campaign: d.Campaign, SignedOn: d.SignedOn, Typed: d.Typed,
		Person: d.Person,
		Payer:  d.Payer, Scan: d.Scan, State: Confirmed, SentAt: tx.Now(), TurnedAt: tx.Now()}
	if q.Channel == Online {
		q.State = Sent
	}
	if q.SignedOn.IsZero() {
		q.SignedOn = tx.Today()
	}
	if err := q.mayStand(tx); err != nil {
		return Request{}, "", err
	}
	if d.Channel == Online {
		if first, found, err := again(tx, q); err != nil || found {
			return q.again(tx, first, err)
		}
	}
	if q.Number, err = tx.Next("subscription"); err != nil {
		return Request{}, "", err
	}
	if err := insertRequest(tx, q); err != nil {
		return Request{}, "", err
	}
	if q.State == Sent {
		if token, err = newToken(tx, q.ID); err != nil {
			return Request{}, "", err
		}
	}
	tx.Answer(string(q.ID))
	tx.Record(q.line(map[string]any{"number": q.Number, "n": q.Shares, "channel": q.Channel.Words()}))
	return q, token, keepStep(tx, q, Step{State: q.State})
}

// again answers a request that is there already as the first one was answered: with a new link while the address of
// e-mail has not answered, else with none.
func (q Request) again(tx *store.Tx, first Request, err error) (Request, string, error) {
	if err != nil {
		return Request{}, "", err
	}
	tx.Answer(string(first.ID))
	tx.Record(first.line(map[string]any{"n": first.Shares, "channel": first.Channel.Words()}))
	if first.State != Sent {
		return first, "", nil
	}
	token, err := newToken(tx, first.ID)
	return first, token, err
}

// mayStand looks at what the request names: a form still blank, a document that is there.
func (q Request) mayStand(tx *store.Tx) error {
	if q.Scan != "" {
		_, found, err := documents.Find(tx, q.Scan)
		if err != nil {
			return err
		}
		if !found {
			return fault.Refuse("subscription.refusal.scan").At("scan")
		}
	}
	if q.Form == 0 {
		return nil
	}
	form, err := FormNumbered(tx, q.Form)
	if err != nil {
		return err
	}
	if form.Request != "" {
		return fault.Refuse("subscription.refusal.form-taken", "number", form.Number, "request", form.Taken).At("form")
	}
	if form.SpoiledAt != 0 {
		return fault.Refuse("subscription.refusal.form-spoiled", "number", form.Number).At("form")
	}
	return nil
}

// line is what the journal says of a request: whom it is about once that is known.
func (q Request) line(args map[string]any) store.Line {
	about := []store.Ref{q.ID.Ref()}
	if q.Person != "" {
		about = append(about, q.Person.Ref())
	}
	if args == nil {
		args = map[string]any{}
	}
	args["number"] = q.Number
	return store.Line{About: about, Args: args}
}
