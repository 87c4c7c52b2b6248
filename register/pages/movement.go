package pages

import (
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
)

// The kinds of movement that a person records, as addresses name them. A correction has a form of its own.
const (
	kindIssue      = "issue"
	kindPayment    = "payment"
	kindTransfer   = "transfer"
	kindConversion = "conversion"
	kindRedemption = "redemption"
)

var kinds = []string{kindIssue, kindPayment, kindTransfer, kindConversion, kindRedemption}

// verbs are the acts of the kinds, as the journal names them.
var verbs = map[string]string{kindIssue: "register.issue", kindPayment: "register.pay",
	kindTransfer: "register.transfer", kindConversion: "register.convert", kindRedemption: "register.redeem"}

// deciding is the part of the forms that names the decision on which a movement rests: of the board or the assembly.
var deciding = view.Deciding{Name: "decision", By: []people.BodyKind{people.Board, people.Assembly}}

// bodyOfMovement is the greatest body of a form that carries a scan, with room for its other fields.
const bodyOfMovement = documents.MaxSize + 1<<20

// Limits of the form; the room has its own.
const (
	maxGround = 300
	maxAmount = money.Cents(100_000_000_000)
)

// movementPage is the form of a movement.
type movementPage struct {
	Form    *web.Form
	Kind    string
	Who, To view.Choice
	Classes []web.Option
	Nominal string     // the nominal amounts, as a hint
	Facts   []web.Fact // what the chosen cooperator holds
	Decided view.DecisionChoice
	Ruling  view.Ruling
	Offer   bool // the others come first: the form asks when the shares were offered to them
	Rules   []web.Fact
	Scan    *scan // the paper that was sent, and waits
	Today   civil.Date
}

// newMovement asks which kind, or shows the form of one.
func (s *screens) newMovement(q *web.Request) error {
	page := movementPage{Form: q.Blank(), Kind: q.Query("kind"), Today: s.DB.Today(), Who: view.Choice{Name: "who"},
		To: view.Choice{Name: "to"}}
	err := s.DB.View(q.Context(), func(v *store.View) error {
		person, found, err := chosen(q, v)
		if err != nil {
			return err
		}
		if found {
			page.Who = view.Chosen(page.Form, "who", person)
		}
		return page.read(q, v)
	})
	if err != nil {
		return err
	}
	if verbs[page.Kind] == "" {
		return q.Page(kindsView(page, q.Query("cooperator")))
	}
	page.Form.Set("effective", page.Today.String())
	return q.Page(movementView(page))
}

// chosen is the person that the address names, by number or by id.
func chosen(q *web.Request, r store.Reader) (p people.Person, found bool, err error) {
	id := people.PersonID(q.Query("person"))
	if n := q.QueryInt("cooperator", 0, 1, 1<<40); n > 0 {
		c, err := register.CooperatorNumbered(r, register.Number(n))
		if err != nil {
			return p, false, err
		}
		id = c.Person
	}
	if id == "" {
		return p, false, nil
	}
	p, err = people.Standing(r, id)
	return p, err == nil && p.Erased.IsZero(), err
}

// read completes the form with the classes and with what is held.
func (page *movementPage) read(q *web.Request, r store.Reader) error {
	classes, err := register.Classes(r)
	if err != nil {
		return err
	}
	if page.Decided, err = deciding.Offer(r, q.P, page.Form); err != nil {
		return err
	}
	if page.Kind == kindTransfer {
		if err := page.rules(q.P, r); err != nil {
			return err
		}
	}
	var nominal []string
	for _, c := range classes {
		page.Classes = append(page.Classes, web.Option{Value: string(c.ID), Label: c.Letter + ", " + c.Name})
		nominal = append(nominal, q.P.T("register.page.nominal.of", "class", c.Letter, "nominal", c.Nominal))
	}
	if len(classes) == 1 {
		nominal[0] = q.P.Money(classes[0].Nominal)
	}
	page.Nominal = q.P.List(nominal)
	if page.Who.Person == "" {
		return nil
	}
	c, is, err := cooperatorOf(r, page.Who.Person)
	if err != nil || !is {
		return err
	}
	held, err := register.HoldingsOf(r, c.Number, r.Today(), civil.Date{})
	if err != nil {
		return err
	}
	page.holds(q.P, c, held, classes)
	bound, err := register.BoundOf(r, c.Number)
	page.Facts = append(page.Facts, boundFacts(q.P, bound)...)
	return err
}

// boundFacts tell which shares leave by an exit, that nothing else moves.
func boundFacts(p *lang.Printer, bound []register.Bound) (facts []web.Fact) {
	for _, b := range bound {
		facts = append(facts, web.Fact{Name: p.T("register.page.bound"), Text: p.T("register.page.bound.of",
			"n", b.Shares, "class", string(b.Class), "lot", b.Lot.String(), "exit", b.Exit, "day", b.On,
			"article", b.Article)})
	}
	return facts
}

// rules tells what the bylaws of today ask for a transfer.
func (page *movementPage) rules(p *lang.Printer, r store.Reader) error {
	b, err := bylaws.On(r, r.Today())
	if err != nil {
		return err
	}
	for _, key := range []bylaws.Key{bylaws.KeyTransfer, bylaws.KeyAdmission} {
		rule, known := b.Rule(key)
		text := p.T("register.page.rule.unknown")
		if known {
			text = rule.InWords(p) + " (" + rule.Cited(p) + ")"
		}
		page.Rules = append(page.Rules, web.Fact{Name: key.Words(p), Text: text})
	}
	t, _ := b.Transfer()
	page.Offer = t.PreemptionDays > 0
	return nil
}

// holds tells what the chosen cooperator holds today, class by class.
func (page *movementPage) holds(p *lang.Printer, c register.Cooperator, held []register.LotHolding,
	classes []register.ShareClass) {
	page.Facts = []web.Fact{{Name: p.T("register.page.number"), Text: c.Number.String()}}
	for _, class := range classes {
		var shares int64
		var paid money.Cents
		for _, l := range held {
			if l.Class == class.ID {
				shares, paid = shares+l.Shares, paid+l.Paid
			}
		}
		if shares == 0 {
			continue
		}
		code, due := "register.page.holds", money.Cents(shares*int64(class.Nominal))-paid
		if due == 0 {
			code = "register.page.holds.paid"
		}
		page.Facts = append(page.Facts, web.Fact{Name: p.T("register.page.class.of", "class", class.Letter),
			Text: p.T(code, "shares", sharesWords(shares), "paid", paid, "due", due)})
	}
}

// cooperatorOf finds the cooperator that a person is, under whichever record.
func cooperatorOf(r store.Reader, id people.PersonID) (c register.Cooperator, is bool, err error) {
	records, err := people.Records(r, id)
	for _, one := range records {
		if c, is, err = register.CooperatorOf(r, one); err != nil || is {
			return c, is, err
		}
	}
	return c, false, err
}

// record shows what a movement would write, and writes it once that was confirmed.
func (s *screens) record(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := movementPage{Form: form, Kind: form.Choice("kind", kinds...), Today: s.DB.Today()}
	if page.Kind == "" {
		return web.Status(400)
	}
	var holder register.Cooperator
	err = s.DB.View(q.Context(), func(v *store.View) (err error) {
		if holder, err = page.pick(q, v); err != nil {
			return err
		}
		if err = page.read(q, v); err != nil {
			return err
		}
		page.Ruling, err = deciding.Take(v, form)
		return err
	})
	if err != nil {
		return err
	}
	if page.Scan, err = s.takeScan(q, form); err != nil {
		return err
	}
	step := form.Raw("step")
	if step == stepMend && form.OK() {
		return q.Page(movementView(page))
	}
	act := page.act(holder)
	if form.OK() {
		if step != stepWrite {
			err = s.lookAtMovement(q, page, act)
		} else {
			err = s.write(q, form, verbs[page.Kind], page.Scan, act, func(first register.MovementNumber) string {
				return q.T("register.page.done."+page.Kind, "number", first.String())
			})
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(movementView(page))
}

// pick finds the persons of the form. For all but an issue the first is a cooperator.
func (page *movementPage) pick(q *web.Request, r store.Reader) (holder register.Cooperator, err error) {
	mail := q.Who.May(contacts)
	if page.Who, err = view.Pick(r, q.P, page.Form, "who", mail); err != nil {
		return holder, err
	}
	page.To = view.Choice{Name: "to"}
	if page.Kind == kindTransfer {
		if page.To, err = view.Pick(r, q.P, page.Form, "to", mail); err != nil {
			return holder, err
		}
	}
	if page.Who.Person == "" || page.Kind == kindIssue {
		return holder, nil
	}
	holder, is, err := cooperatorOf(r, page.Who.Person)
	if err == nil && !is {
		page.Form.Problem(fault.Refuse("register.page.refusal.no-cooperator").At("who"))
	}
	return holder, err
}

// act is what a form does once it is confirmed; evidence is the id of its paper.
type act func(tx *store.Tx, evidence string) ([]register.Movement, error)

// act reads the figures and gives what the form does.
func (page *movementPage) act(holder register.Cooperator) act {
	f := page.Form
	class := register.ClassID(page.class("class"))
	detail := register.Detail{Effective: f.PartialDate("effective"), Ground: f.Text("ground", maxGround)}
	if page.Kind == kindPayment {
		amount := f.Money("amount", 1, maxAmount)
		return page.decided(detail, func(tx *store.Tx, d register.Detail) ([]register.Movement, error) {
			return register.Pay(tx, register.Payment{Cooperator: holder.Number, Class: class, Amount: amount, Detail: d})
		})
	}
	shares := f.NeedInt("shares", 1, register.MaxShares)
	switch page.Kind {
	case kindIssue:
		paid := f.Money("paid", 0, maxAmount)
		return page.decided(detail, func(tx *store.Tx, d register.Detail) ([]register.Movement, error) {
			person, err := holderRecord(tx, page.Who.Person)
			if err != nil {
				return nil, err
			}
			m, err := register.Issue(tx, register.Issuance{Person: person, Class: class, Shares: shares, Paid: paid,
				Detail: d})
			return []register.Movement{m}, err
		})
	case kindConversion:
		to := register.ClassID(page.class("to-class"))
		return page.decided(detail, func(tx *store.Tx, d register.Detail) ([]register.Movement, error) {
			return register.Convert(tx, register.Conversion{Cooperator: holder.Number, Class: class, To: to, Shares: shares,
				Detail: d})
		})
	case kindTransfer:
		return page.cede(holder, class, shares, detail)
	}
	return page.decided(detail, func(tx *store.Tx, d register.Detail) ([]register.Movement, error) {
		return register.Redeem(tx, register.Redemption{Cooperator: holder.Number, Class: class, Shares: shares, Detail: d})
	})
}

// cede is what the form of a transfer does: as the bylaws ask.
func (page *movementPage) cede(holder register.Cooperator, class register.ClassID, shares int64,
	detail register.Detail) act {
	f := page.Form
	c := register.Ceding{Cession: register.Cession{From: holder.Number, Class: class, Shares: shares,
		Cause: register.Cause(f.Choice("cause", causes()...))}}
	if page.Offer && f.Raw("offered") != "" {
		c.Offered = f.Date("offered")
	}
	return page.decided(detail, func(tx *store.Tx, d register.Detail) (ms []register.Movement, err error) {
		c.Detail = d
		if c.To, err = holderRecord(tx, page.To.Person); err != nil {
			return nil, err
		}
		return register.Cede(tx, c)
	})
}

func causes() (list []string) {
	for _, c := range register.Causes {
		list = append(list, string(c))
	}
	return list
}

// causeOptions are the causes as the form offers them.
func causeOptions(p *lang.Printer) (options []web.Option) {
	options = append(options, web.Option{Label: p.T("register.page.cause.choose")})
	for _, c := range register.Causes {
		options = append(options, web.Option{Value: string(c), Label: lang.Capital(p.T(c.Code()))})
	}
	return options
}

// decided is an act that rests on the decision that the form names, which is written down with it when it is new.
func (page *movementPage) decided(detail register.Detail,
	fn func(tx *store.Tx, d register.Detail) ([]register.Movement, error)) act {
	return func(tx *store.Tx, evidence string) (ms []register.Movement, err error) {
		detail.Evidence = evidence
		if detail.Decision, err = page.Ruling.Record(tx); err != nil {
			return nil, err
		}
		return fn(tx, detail)
	}
}

// holderRecord is the record under which a person is a cooperator already, so that a merge gives nobody a second
// number; otherwise the one that stands.
func holderRecord(r store.Reader, id people.PersonID) (people.PersonID, error) {
	c, is, err := cooperatorOf(r, id)
	if err != nil || is {
		return c.Person, err
	}
	return people.Canonical(r, id)
}

// class is the chosen one; the only one when there is no choice.
func (page *movementPage) class(field string) string {
	if len(page.Classes) == 1 {
		return page.Classes[0].Value
	}
	var letters []string
	for _, c := range page.Classes {
		letters = append(letters, c.Value)
	}
	return page.Form.Choice(field, letters...)
}
