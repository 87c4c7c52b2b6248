package subscription

import (
	"fmt"
	"io"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// LetterKind is what a letter of this room says.
type LetterKind string

// The kinds.
const (
	LetterAdmitted LetterKind = "admitted" // with what is to be paid, and how
	LetterRefused  LetterKind = "refused"  // with the reason
	LetterWelcome  LetterKind = "welcome"  // the shares exist
)

// Words names the kind.
func (k LetterKind) Words() lang.Phrase { return lang.Say("subscription.letter." + string(k)) }

// Letter is one letter: it left by e-mail with its act, or is printed.
type Letter struct {
	ID      string
	Request RequestID
	Kind    LetterKind
	Channel payment.Channel
	At      civil.Instant
	Author  people.PersonID
	Printed civil.Instant // 0 while it waits for the printer
}

// MaxPrint is how many letters are printed at once.
const MaxPrint = 500

// The marks of those whom a letter names.
const (
	markName   = "name"
	markHolder = "holder"
)

// Notice is all that a letter says.
type Notice struct {
	Kind     LetterKind
	Request  Request
	To       payment.Addressee
	Holder   string
	House    string          // as it heads its papers
	Payee    string          // its name alone
	Decided  people.Decision // on which it rests; zero when the bylaws themselves answered
	Body     string          // that decided
	Why      string
	Number   register.Number // of the holder, once the shares exist
	Demand   payment.Demand  // what is to be paid; zero when nothing is
	IssuedOn string          // bylaws.OnAdmission, OncePaid, OncePartPaid
}

// NoticeOf is what a letter about a request says today.
func NoticeOf(r store.Reader, id RequestID, kind LetterKind) (n Notice, err error) {
	n = Notice{Kind: kind}
	if n.Request, err = Get(r, id); err != nil {
		return n, err
	}
	if err := n.address(r); err != nil {
		return n, err
	}
	if n.House, n.Payee, err = houseOf(r); err != nil {
		return n, err
	}
	steps, err := Steps(r, id)
	if err != nil {
		return n, err
	}
	for _, s := range steps {
		if s.State != Admitted && s.State != Refused {
			continue
		}
		n.Why, n.Decided, n.Body = s.Why, people.Decision{}, ""
		if s.Decision == "" {
			continue
		}
		if n.Decided, err = people.GetDecision(r, s.Decision); err != nil {
			return n, err
		}
		body, err := people.GetBody(r, n.Decided.Body)
		if err != nil {
			return n, err
		}
		n.Body = body.Words(words().In(n.Request.Language))
	}
	if kind == LetterWelcome {
		c, _, err := register.CooperatorOf(r, n.Request.Person)
		n.Number = c.Number
		return n, err
	}
	return n, n.payment(r)
}

// payment is what is to be paid, and when the shares exist.
func (n *Notice) payment(r store.Reader) error {
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return err
	}
	issue, _ := rules.Issue()
	n.IssuedOn = issue.When
	if n.Kind != LetterAdmitted || n.Request.Due == "" {
		return nil
	}
	due, err := payment.DueByID(r, n.Request.Due)
	if err != nil || due.Left() == 0 || !due.State().Waits() {
		return err
	}
	n.Demand, err = payment.DemandOf(r, due.ID, n.Request.Language)
	return err
}

// address finds who is written to: who pays, once there is a person of the books; else what was typed.
func (n *Notice) address(r store.Reader) (err error) {
	q := n.Request
	typed := q.Typed.Applicant
	n.Holder = typed.Full()
	if q.Person != "" {
		person, err := people.Standing(r, q.Person)
		if err != nil {
			return err
		}
		n.Holder = person.Full()
		to := q.payer()
		if n.Kind == LetterWelcome && q.Purpose != Child {
			to = q.Person
		}
		n.To, err = payment.Reach(r, to)
		return err
	}
	if q.Purpose == Child {
		typed = q.Typed.Second
	}
	n.To = payment.Addressee{Name: typed.Full(), Language: q.Language, Email: typed.Email, Postcode: typed.Postcode}
	if n.To.Email == "" {
		n.To.Email = q.Typed.Second.Email
	}
	if typed.Street == "" {
		typed = q.Typed.Applicant
	}
	n.To.Lines = []string{typed.Street, strings.TrimSpace(typed.Postcode + " " + typed.Town)}
	return nil
}

// houseOf is the cooperative as it heads its papers, and its name alone.
func houseOf(r store.Reader) (head, name string, err error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return "", "", err
	}
	person, err := people.Get(r, house.Person)
	if err != nil {
		return "", "", err
	}
	history, err := people.Addresses(r, house.Person)
	head = person.Full()
	if at, known := people.AddressOn(history, people.Home, r.Today(), 0); known && at.Known() {
		head += ", " + at.Line()
	}
	return head, person.Full(), err
}

// Names are those whom the paper names.
func (n Notice) Names() papers.Names {
	return papers.NameMap{markName: n.To.Name, markHolder: n.Holder}
}

// Paper is the letter as a tree; byPost: with the address for an envelope.
func (n Notice) Paper(byPost bool) papers.Paper {
	q := n.Request
	p := words().In(q.Language)
	code := "subscription.paper." + string(n.Kind)
	out := papers.Paper{Kind: papers.Letter, Lang: q.Language, House: n.House, Title: p.T(code + ".title")}
	if lines := n.To.Lines; byPost && len(lines) > 0 {
		to := papers.Address{Lines: []papers.Line{{papers.Who(markName)}}}
		for _, line := range lines {
			to.Lines = append(to.Lines, papers.T(line))
		}
		out.Blocks = append(out.Blocks, to)
	}
	say := func(text string) { out.Blocks = append(out.Blocks, papers.Paragraph{Words: papers.T(text)}) }
	out.Blocks = append(out.Blocks, papers.Paragraph{Words: papers.L(p.T("subscription.paper.greeting"), " ",
		papers.Who(markName), ",")})
	if n.Kind == LetterWelcome && q.State == Met {
		code = "subscription.paper.met"
	}
	say(p.T(code+".text", "house", n.Payee, "on", q.SignedOn, "n", q.Shares, "class", q.Class, "amount", q.Amount()))
	if q.Person != "" && q.Payer != "" || q.Purpose != Self {
		out.Blocks = append(out.Blocks, papers.Paragraph{Words: papers.L(p.T("subscription.paper.for"), " ",
			papers.Who(markHolder), ".")})
	}
	if n.Decided.ID != "" {
		say(p.T("subscription.paper.decided", "body", n.Body, "on", n.Decided.On, "reference", n.Decided.Reference))
	}
	switch n.Kind {
	case LetterAdmitted:
		out.Blocks = append(out.Blocks, n.toPay(p)...)
	case LetterRefused:
		out.Blocks = append(out.Blocks, papers.Facts{Items: []papers.Fact{{Term: p.T("subscription.paper.why"),
			Words: papers.T(n.Why)}}})
		say(p.T("subscription.paper.refused.next"))
	case LetterWelcome:
		out.Blocks = append(out.Blocks, papers.Facts{Items: []papers.Fact{
			{Term: p.T("subscription.paper.number"), Words: papers.L(papers.B(n.Number.String()))},
			{Term: p.T("subscription.paper.shares"), Words: papers.T(p.T("subscription.paper.shares-of", "n", q.Shares,
				"class", q.Class))}}})
		say(p.T("subscription.paper.welcome.next"))
	}
	return out
}

// toPay is how the shares are paid.
func (n Notice) toPay(p *lang.Printer) papers.Blocks {
	w := n.Demand
	if w.Due.ID == "" {
		return nil
	}
	fact := func(code string, line papers.Line) papers.Fact {
		return papers.Fact{Term: p.T("subscription.paper." + code), Words: line}
	}
	blocks := papers.Blocks{papers.Facts{Items: []papers.Fact{
		fact("amount", papers.L(papers.B(p.Money(w.Cents)))), fact("until", papers.T(p.Date(w.On.DueOn))),
		fact("beneficiary", papers.T(w.Account.Beneficiary)), fact("iban", papers.L(papers.Mono(w.Account.IBAN.String()))),
		fact("communication", papers.L(papers.Mono(w.Due.OGM.String())))}},
		papers.QR{Text: w.Code(), Words: papers.T(p.T("subscription.paper.scan"))}}
	if len(w.Due.Terms) > 1 {
		var parts []string
		for _, t := range w.Due.Terms {
			parts = append(parts, p.T("subscription.paper.term", "on", t.DueOn, "amount", t.Cents))
		}
		blocks = append(blocks, papers.Paragraph{Words: papers.T(p.T("subscription.paper.terms", "list", parts))})
	}
	code := "subscription.paper.issued." + n.IssuedOn
	if n.IssuedOn == "" {
		code = "subscription.paper.issued." + bylaws.OncePaid
	}
	return append(blocks, papers.Hint{Words: papers.T(p.T(code))})
}

// style is all that a mail program needs to show a letter.
const style = `body{font:16px/1.5 Georgia,serif;color:#1f292e;background:#fff;max-width:42em;margin:1.5em auto;
padding:0 1em}
h1{font-size:1.5em;line-height:1.2}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em}
dt{color:#515b5f}dd{margin:0}.hint{color:#515b5f;font-size:.9em}`

// Write lets a letter about a request leave: by e-mail with the act where an address is known, else by post once it is
// printed.
func Write(tx *store.Tx, id RequestID, kind LetterKind) error {
	n, err := NoticeOf(tx, id, kind)
	if err != nil {
		return err
	}
	l := Letter{ID: tx.ID(), Request: id, Kind: kind, Channel: payment.ByPost, At: tx.Now(),
		Author: people.PersonID(tx.Actor())}
	if n.To.Email != "" {
		l.Channel, l.Printed = payment.ByEmail, 0
		out, err := n.mail(l.ID)
		if err != nil {
			return err
		}
		if err := mail.Enqueue(tx, out); err != nil {
			return err
		}
	}
	return insertLetter(tx, l)
}

// mail is the letter as an e-mail: text and HTML of the same tree.
func (n Notice) mail(id string) (mail.Letter, error) {
	tree := n.Paper(false)
	out := mail.Letter{ID: id, To: n.To.Email, Lang: n.Request.Language, Subject: tree.Title}
	var text, html strings.Builder
	if err := papers.Text(&text, tree, n.Names()); err != nil {
		return out, fmt.Errorf("subscription: letter %s: %w", id, err)
	}
	if err := papers.HTMLPage(&html, tree, n.Names(), style, ""); err != nil {
		return out, fmt.Errorf("subscription: letter %s: %w", id, err)
	}
	out.Text, out.HTML = text.String(), html.String()
	return out, nil
}

// PDF draws the letter for an envelope.
func (n Notice) PDF(w io.Writer) error { return papers.PDF(w, n.Paper(true), n.Names(), papers.Meta{}) }

// PrintLetters takes the letters that wait for the post, and gives the moment under which they are found again.
func PrintLetters(tx *store.Tx) (civil.Instant, error) {
	list, err := LettersToPost(tx)
	if err == nil && len(list) == 0 {
		err = fault.Refuse("subscription.refusal.no-letters")
	}
	if err != nil {
		return 0, err
	}
	for _, l := range list {
		if err := printLetter(tx, l.ID); err != nil {
			return 0, err
		}
	}
	tx.Record(store.Line{Args: map[string]any{"n": len(list)}})
	return tx.Now(), nil
}

// PrintPDF draws letters as one file, each from the top of a page.
func PrintPDF(w io.Writer, title string, tag lang.Tag, list []Notice) error {
	bundle := papers.NewBundle(title, "", tag, papers.Meta{})
	for _, n := range list {
		if _, err := bundle.Add(n.Paper(true), n.Names(), papers.Digest{}); err != nil {
			return err
		}
	}
	return bundle.Write(w)
}

// ConfirmLetter is the letter that asks an address of e-mail to answer: link is where it does. Without a token the
// request had come before, and the letter says where it stands.
func ConfirmLetter(q Request, house, links, token string) mail.Letter {
	p := words().In(q.Language)
	to := Draft{Purpose: q.Purpose, Typed: q.Typed}.reachable()
	code := "subscription.mail.confirm"
	if token == "" {
		code = "subscription.mail.again"
	}
	link := links + "/join/confirm?token=" + token
	return mail.Letter{To: to, Lang: q.Language, Subject: p.T(code+".subject", "house", house),
		Text: p.T(code+".text", "house", house, "link", link, "n", q.Shares, "class", q.Class, "amount", q.Amount(),
			"number", q.Number, "state", q.State.Words(), "days", int(confirmLife.Hours()/24))}
}
