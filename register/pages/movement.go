package pages

import (
	"strconv"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
)

// The kinds of movement that a person records, as addresses name them. A correction has a form of its own.
const (
	kindIssue      = "issue"
	kindPayment    = "payment"
	kindTransfer   = "transfer"
	kindRedemption = "redemption"
)

var kinds = []string{kindIssue, kindPayment, kindTransfer, kindRedemption}

// verbs are the acts of the kinds, as the journal names them.
var verbs = map[string]string{kindIssue: "register.issue", kindPayment: "register.pay",
	kindTransfer: "register.transfer", kindRedemption: "register.redeem"}

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

// record writes a movement.
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
		return page.read(q, v)
	})
	if err != nil {
		return err
	}
	act := page.act(holder)
	scan, err := takeScan(form)
	if err != nil {
		return err
	}
	if form.OK() {
		var done recorded
		by := store.By(q.Who.Person, verbs[page.Kind]).Once(form.Key())
		outcome, err := s.DB.Act(q.Context(), by, func(tx *store.Tx) error {
			evidence, err := keep(tx, scan)
			if err != nil {
				return err
			}
			if done, err = act(tx, evidence); err == nil {
				tx.Answer(cooperatorPath(done.holder) + "#n" + done.first.String())
			}
			return err
		})
		if err == nil {
			if !outcome.Repeated {
				q.Flash(web.Yes, q.T("register.page.done."+page.Kind, "number", done.first.String()))
			}
			return q.SeeOther(outcome.Answer)
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(movementView(page))
}

// recorded is what an act wrote: whose page shows it, and its first movement.
type recorded struct {
	holder register.Number
	first  register.MovementNumber
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

// act reads the figures and gives what the act will do.
func (page *movementPage) act(holder register.Cooperator) func(*store.Tx, string) (recorded, error) {
	f := page.Form
	class := register.ClassID(page.class())
	detail := register.Detail{Effective: f.PartialDate("effective"), Ground: f.Text("ground", maxGround)}
	if page.Kind == kindPayment {
		amount := f.Money("amount", 1, maxAmount)
		return func(tx *store.Tx, evidence string) (recorded, error) {
			detail.Evidence = evidence
			ms, err := register.Pay(tx, register.Payment{Cooperator: holder.Number, Class: class, Amount: amount,
				Detail: detail})
			return firstOf(ms), err
		}
	}
	shares := f.NeedInt("shares", 1, register.MaxShares)
	paid := money.Cents(0)
	if page.Kind == kindIssue {
		paid = f.Money("paid", 0, maxAmount)
	}
	return func(tx *store.Tx, evidence string) (recorded, error) {
		detail.Evidence = evidence
		switch page.Kind {
		case kindIssue:
			person, err := holderRecord(tx, page.Who.Person)
			if err != nil {
				return recorded{}, err
			}
			m, err := register.Issue(tx, register.Issuance{Person: person, Class: class, Shares: shares, Paid: paid,
				Detail: detail})
			return recorded{m.Cooperator, m.Number}, err
		case kindTransfer:
			person, err := holderRecord(tx, page.To.Person)
			if err != nil {
				return recorded{}, err
			}
			ms, err := register.Transfer(tx, register.Cession{From: holder.Number, To: person, Class: class,
				Shares: shares, Detail: detail})
			return firstOf(ms), err
		}
		ms, err := register.Redeem(tx, register.Redemption{Cooperator: holder.Number, Class: class, Shares: shares,
			Detail: detail})
		return firstOf(ms), err
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

func firstOf(ms []register.Movement) recorded {
	if len(ms) == 0 {
		return recorded{}
	}
	return recorded{ms[0].Cooperator, ms[0].Number}
}

// class is the chosen one; the only one when there is no choice.
func (page *movementPage) class() string {
	if len(page.Classes) == 1 {
		return page.Classes[0].Value
	}
	var letters []string
	for _, c := range page.Classes {
		letters = append(letters, c.Value)
	}
	return page.Form.Choice("class", letters...)
}

// takeScan reads the scan before the act begins; a file that is none becomes a problem of its field.
func takeScan(form *web.Form) (*documents.Upload, error) {
	file := form.File("scan", documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	scan, err := documents.Take(file.Name, file.Content)
	for _, r := range fault.Of(err) {
		form.Problem(r.At("scan"))
	}
	if fault.Of(err) != nil {
		return nil, nil
	}
	return scan, err
}

// keep makes a scan a document, and gives its id; nothing for none.
func keep(tx *store.Tx, scan *documents.Upload) (string, error) {
	if scan == nil {
		return "", nil
	}
	d, err := documents.Add(tx, scan)
	return d.ID, err
}

// correctionPage is the form that mends a movement.
type correctionPage struct {
	Form      *web.Form
	Number    register.MovementNumber
	Rows      []movementRow // the entry; both halves of a transfer
	Standing  register.Standing
	IsPayment bool
	Mended    bool // it has been corrected before
	Holder    register.Number
}

func (s *screens) correction(q *web.Request) error {
	page, err := s.readCorrection(q, q.Blank())
	if err != nil {
		return err
	}
	page.Form.Set("shares", strconv.FormatInt(page.Standing.Shares, 10)).Set("paid", q.P.Plain(page.Standing.Paid))
	return q.Page(correctionView(page))
}

func (s *screens) readCorrection(q *web.Request, form *web.Form) (correctionPage, error) {
	return read(q, s.DB, func(v *store.View) (page correctionPage, err error) {
		m, err := movementIn(q, v)
		if err != nil {
			return page, err
		}
		page = correctionPage{Form: form, Number: m.Number, Holder: m.Cooperator, IsPayment: m.Kind == register.Paid}
		if page.Standing, err = register.StandingOf(v, m.Number); err != nil {
			return page, err
		}
		first := page.Standing.Halves[0]
		page.Mended = abs(first.Shares) != page.Standing.Shares || abs(int64(first.Paid)) != int64(page.Standing.Paid)
		words, err := wordsFor(q, v, page.Standing.Halves)
		if err != nil {
			return page, err
		}
		for _, half := range page.Standing.Halves {
			row, err := words.row(v, half)
			if err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, row)
		}
		return page, nil
	})
}

func abs(n int64) int64 { return max(n, -n) }

// correct writes the opposite entry.
func (s *screens) correct(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readCorrection(q, form)
	if err != nil {
		return err
	}
	c := register.Correction{Movement: page.Number, Paid: form.Money("paid", 0, maxAmount),
		Why: form.Need("why", maxGround)}
	if !page.IsPayment {
		c.Shares = form.NeedInt("shares", 0, register.MaxShares)
	}
	scan, err := takeScan(form)
	if err != nil {
		return err
	}
	if form.OK() {
		by := store.By(q.Who.Person, "register.correct").Once(form.Key())
		outcome, err := s.DB.Act(q.Context(), by, func(tx *store.Tx) (err error) {
			if c.Evidence, err = keep(tx, scan); err != nil {
				return err
			}
			ms, err := register.Correct(tx, c)
			if err == nil {
				tx.Answer(cooperatorPath(page.Holder) + "#n" + firstOf(ms).first.String())
			}
			return err
		})
		if err == nil {
			if !outcome.Repeated {
				q.Flash(web.Yes, q.T("register.page.done.correction", "number", page.Number.String(),
					"shares", sharesWords(c.Shares), "paid", c.Paid))
			}
			return q.SeeOther(outcome.Answer)
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(correctionView(page))
}
