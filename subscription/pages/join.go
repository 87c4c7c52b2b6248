package pages

import (
	"io"
	"strconv"

	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// What the browser keeps between sending and confirming.
const (
	keepEmail  = "join.email"
	keepNumber = "join.number"
)

// The steps of a form that is looked at once more.
const (
	stepSend = "send"
	stepMend = "mend"
)

// allFields are those of the form, in its order.
var allFields = []string{"member", "kind", "purpose", "family", "given", "birth", "name", "form", "enterprise",
	"second-family", "second-given", "second-quality", "second-email", "second-phone", "street", "postcode", "town",
	"country", "phone", "email", "language", "campaign", "class", "shares", "quality", "payer-family", "payer-given",
	"payer-email", "iban", "consent-privacy", "consent-privacy-version", "consent-rules", "consent-rules-version",
	"consent-risk", "consent-risk-version", "message", "signed-on", "scan-id"}

// lastLook is what is about to be sent, in words.
type lastLook struct {
	Form     *web.Form
	Action   string
	Amount   string
	Facts    []web.Fact
	Hidden   [][2]string
	Mentions []string
	Warnings []string
	Crossed  []web.Line // thresholds of the public offer that warn
	Bare     bool
	Station  web.Step
	Section  string
}

func purposes(p *lang.Printer) (list []web.Option) {
	for _, one := range subscription.Purposes {
		list = append(list, web.Option{Value: string(one), Label: p.T("subscription.page.purpose." + string(one)),
			Hint: p.T("subscription.page.purpose." + string(one) + ".hint")})
	}
	return list
}

// auto is the browser's word for a field: on the public page people fill in what their browser knows of them.
func auto(page entry, word string) string {
	if page.Channel == subscription.Online {
		return word
	}
	return "off"
}

// joinPage is the public form.
type joinPage struct {
	entry
	House string
	Open  bool // there is a class of shares, and the house stands
}

func (s *screens) joinPage(q *web.Request, form *web.Form) (joinPage, error) {
	return look(q, s.DB, func(r store.Reader) (page joinPage, err error) {
		house, founded, err := people.TheHouse(r)
		if err != nil {
			return page, err
		}
		if page.entry, err = s.entry(q, r, form, subscription.Online); err != nil {
			return page, err
		}
		page.Open = founded && house.HasShares && len(page.Classes) > 0
		if founded {
			self, err := people.Get(r, house.Person)
			page.House = self.Full()
			return page, err
		}
		return page, nil
	})
}

// join shows the public form.
func (s *screens) join(q *web.Request) error {
	form := q.Blank().Set("kind", string(people.Natural)).Set("purpose", string(subscription.Self))
	page, err := s.joinPage(q, form)
	if err != nil {
		return err
	}
	return q.Page(joinView(page))
}

// apply looks at the public form once more, then sends it.
func (s *screens) apply(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if err := s.callers.Try("join " + q.Address()); err != nil {
		return err
	}
	page, err := s.joinPage(q, form)
	if err != nil {
		return err
	}
	if form.Raw("step") == stepMend {
		return q.Page(joinView(page))
	}
	d := draft(form, subscription.Online, q.P.Tag)
	d.Language = q.P.Tag
	if form.Raw("step") != stepSend {
		if err := s.DB.View(q.Context(), func(v *store.View) error { return problems(v, form, d) }); err != nil {
			return err
		}
		if form.OK() {
			l := s.lastLook(q, page.entry, d)
			l.Action, l.Bare = pathJoin, true
			if l.Crossed, err = s.crossed(q, d); err != nil {
				return err
			}
			return q.Page(lookView(l))
		}
		return q.Again(joinView(page))
	}
	if form.OK() {
		to, err := s.send(q, form, d, page.House)
		if err == nil {
			q.Remember(keepEmail, to)
			return q.SeeOther(pathSent)
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(joinView(page))
}

// send takes a public request in, and lets its letter leave.
func (s *screens) send(q *web.Request, form *web.Form, d subscription.Draft, house string) (to string, err error) {
	by := store.By("", "subscription.send").Once(form.Key())
	_, err = s.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		request, token, err := subscription.Send(tx, d)
		if err != nil {
			return err
		}
		l := subscription.ConfirmLetter(request, house, s.Links, token)
		if !mail.Address(l.To) {
			return fault.Refuse("subscription.refusal.email").At("email")
		}
		if err := s.addresses.Try("join " + fold.Text(l.To)); err != nil {
			return err
		}
		to = l.To
		return mail.Enqueue(tx, l)
	})
	return to, err
}

// lastLook puts what was typed into words.
func (s *screens) lastLook(q *web.Request, page entry, d subscription.Draft) lastLook {
	l := lastLook{Form: page.Form, Amount: page.Amount, Mentions: page.Mentions, Station: web.Gather, Section: pathQueue}
	for _, name := range allFields {
		if value := page.Form.Raw(name); value != "" {
			l.Hidden = append(l.Hidden, [2]string{name, value})
		}
	}
	if page.Person != "" {
		l.Facts = append(l.Facts, web.Fact{Name: q.T("subscription.page.column.who"), Text: page.Person})
	} else {
		l.Facts = typedFacts(q.P, d.Purpose, d.Typed)
	}
	for _, c := range page.Campaigns {
		if c.Value == d.Campaign {
			l.Facts = append(l.Facts, web.Fact{Name: q.T("subscription.page.field.campaign"), Text: c.Label})
		}
	}
	for _, c := range page.Consents {
		if page.Form.Flag(c.Field) {
			l.Facts = append(l.Facts, web.Fact{Name: q.T("subscription.page.accepted"),
				Text: c.Label + " " + q.T("subscription.page.version", "from", c.From)})
		}
	}
	if d.Typed.Applicant.Flagged() {
		l.Warnings = append(l.Warnings, q.T("subscription.page.iban-wrong"))
	}
	return l
}

// crossed are the thresholds of the public offer that a draft would cross, each with its article. Those that stop have
// refused it already.
func (s *screens) crossed(q *web.Request, d subscription.Draft) ([]web.Line, error) {
	return look(q, s.DB, func(r store.Reader) ([]web.Line, error) {
		class, err := register.ClassOf(r, d.Class)
		if err != nil {
			return nil, err
		}
		return verdicts(r, q.P, subscription.Request{State: subscription.Sent, Person: d.Person, Shares: d.Shares,
			Nominal: class.Nominal})
	})
}

// typedFacts is what was typed, in words.
func typedFacts(p *lang.Printer, purpose subscription.Purpose, t subscription.Typed) (list []web.Fact) {
	fact := func(code, text string) {
		if text != "" {
			list = append(list, web.Fact{Name: p.T("subscription.page.fact." + code), Text: text})
		}
	}
	a := t.Applicant
	fact("holder", a.Full())
	if purpose != "" {
		fact("purpose", lang.Capital(p.Words(purpose.Words())))
	}
	fact("birth", p.Date(a.Birth))
	fact("form", a.Form)
	fact("enterprise", a.Enterprise)
	fact("address", sentence(a.Street, a.Postcode+" "+a.Town, a.Country))
	fact("email", a.Email)
	fact("phone", a.Phone)
	if !t.Second.Empty() {
		code := "second"
		if purpose == subscription.Child {
			code = "guardian"
		}
		fact(code, sentence(t.Second.Full(), t.Second.Quality, t.Second.Email, t.Second.Phone))
	}
	if !t.Payer.Empty() {
		fact("payer", sentence(t.Payer.Full(), t.Payer.Email))
	}
	fact("quality", t.Quality)
	fact("iban", groups(a.IBAN))
	fact("message", t.Message)
	return list
}

// sent tells to look at the post.
func (s *screens) sent(q *web.Request) error { return q.Page(sentView(q.Recall(keepEmail))) }

// confirmPage asks to press the button: programs that look at letters press none.
func (s *screens) confirmPage(q *web.Request) error {
	return q.Page(confirmView(q.Blank().Set("token", q.Query("token"))))
}

func (s *screens) confirm(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if err := s.callers.Try("confirm " + q.Address()); err != nil {
		return err
	}
	var request subscription.Request
	_, err = s.DB.Act(q.Context(), store.By("", "subscription.confirm").Once(form.Key()),
		func(tx *store.Tx) (err error) {
			request, err = subscription.Confirm(tx, form.Text("token", 60))
			return err
		})
	if err != nil && form.Refused(err) {
		return q.Again(confirmView(form))
	}
	if err != nil {
		return err
	}
	if request.Number != 0 {
		q.Remember(keepNumber, strconv.FormatInt(request.Number, 10))
	}
	return q.SeeOther(pathDone)
}

// donePage says what comes next.
type donePage struct {
	Request subscription.Request
	Amount  string
	Until   string // the last day of the decision; empty when the bylaws give none
	Article string
	Body    string
}

func (s *screens) confirmed(q *web.Request) error {
	n, err := strconv.ParseInt(q.Recall(keepNumber), 10, 64)
	if err != nil {
		return q.SeeOther(pathJoin)
	}
	page, err := look(q, s.DB, func(r store.Reader) (page donePage, err error) {
		if page.Request, err = subscription.Numbered(r, n); err != nil {
			return page, err
		}
		page.Amount = q.P.Money(page.Request.Amount())
		day, _, known, err := subscription.DecideBy(r, page.Request)
		if known {
			page.Until = q.P.Date(day)
		}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(doneView(page))
}

// ownForm is the form on paper for who prefers it, without a number: the office gives it one.
func (s *screens) ownForm(q *web.Request) error {
	sheet, err := look(q, s.DB, func(r store.Reader) (papers.FormSheet, error) {
		classes, err := register.Classes(r)
		if err != nil || len(classes) == 0 {
			return papers.FormSheet{}, fault.Refuse("subscription.refusal.class")
		}
		return subscription.BlankSheet(r, classes[0].ID, q.P.Tag)
	})
	if err != nil {
		return err
	}
	return q.Inline(q.T("subscription.page.file.form")+".pdf", "application/pdf", func(w io.Writer) error {
		return papers.PrintFillable(w, []papers.FormSheet{sheet}, papers.Meta{})
	})
}

// groups parts an account number as people read it.
func groups(iban string) string {
	var out []rune
	for i, r := range iban {
		if i > 0 && i%4 == 0 {
			out = append(out, ' ')
		}
		out = append(out, r)
	}
	return string(out)
}

// verdicts are the thresholds of the public offer that are crossed with a request, each with its article.
func verdicts(r store.Reader, p *lang.Printer, q subscription.Request) (list []web.Line, err error) {
	if q.State.Ended() {
		return nil, nil
	}
	all, err := subscription.Verdicts(r, q)
	for _, v := range all {
		list = append(list, web.Line{Text: p.Words(v.Words()), Article: v.Figure.Article})
	}
	return list, err
}
