package allocation

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
)

// LetterKind is what a letter says.
type LetterKind string

// The kinds.
const (
	LetterRenew    LetterKind = "renew"    // does your application still stand?
	LetterRemind   LetterKind = "remind"   // we have no answer yet
	LetterLapsed   LetterKind = "lapsed"   // it does no more
	LetterPlaced   LetterKind = "placed"   // where, and on which terms
	LetterRefused  LetterKind = "refused"  // why not, and what would have to be different
	LetterUnplaced LetterKind = "unplaced" // a choice was undone
)

// Words names the kind.
func (k LetterKind) Words() lang.Phrase { return lang.Say("allocation.letter." + string(k)) }

// Letter is one letter: it left by e-mail with its act, or waits to be printed.
type Letter struct {
	ID          string
	Application ApplicationID
	Kind        LetterKind
	Choice      string
	Channel     payment.Channel
	Body        string // the tree without whom it goes to; empty once it was forgotten
	At          civil.Instant
	By          people.PersonID
	Printed     civil.Instant // 0 while it waits for the printer
}

// left is when a letter was on its way: with its act, or once it was printed; 0 while it waits.
func (l Letter) left() civil.Instant {
	if l.Channel == payment.ByPost {
		return l.Printed
	}
	return l.At
}

// asks says that a letter asks whether somebody still wants a place: by post, a slip hangs on it.
func (l Letter) asks() bool { return l.Kind == LetterRenew || l.Kind == LetterRemind }

// MaxPrint is how many letters are printed at once.
const MaxPrint = 500

const markName = "name"

// Reach is to whom a letter about an application goes: the person of the books, else what was typed.
func Reach(r store.Reader, a Application) (payment.Addressee, error) {
	if a.Person != "" {
		to, err := payment.Reach(r, a.Person)
		if err != nil || to.Email != "" || len(to.Lines) > 0 {
			to.Language = a.Language
			return to, err
		}
	}
	to := payment.Addressee{Name: a.Typed.Full(), Language: a.Language, Email: a.Typed.Email, Postcode: a.Typed.Postcode}
	for _, line := range []string{a.Typed.Street, strings.TrimSpace(a.Typed.Postcode + " " + a.Typed.Town)} {
		if line != "" {
			to.Lines = append(to.Lines, line)
		}
	}
	return to, nil
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

// matter is what a letter says between its greeting and its end.
type matter func(p *lang.Printer, house string) papers.Blocks

// write lets a letter about an application leave: by e-mail with the act where an address is known, else by post once
// it is printed.
func write(tx *store.Tx, a Application, kind LetterKind, choice string, say matter) error {
	to, err := Reach(tx, a)
	if err != nil {
		return err
	}
	head, name, err := houseOf(tx)
	if err != nil {
		return err
	}
	p := printer(a.Language)
	paper := papers.Paper{Kind: papers.Letter, Lang: p.Tag, House: head, Title: p.T("allocation.paper." + string(kind)),
		Blocks: papers.Blocks{papers.Paragraph{Words: papers.L(p.T("allocation.paper.greeting"), " ", papers.Who(markName),
			",")}}}
	if say == nil {
		say = plain(kind, a)
	}
	paper.Blocks = append(paper.Blocks, say(p, name)...)
	body, err := papers.Encode(paper)
	if err != nil {
		return err
	}
	l := Letter{ID: tx.ID(), Application: a.ID, Kind: kind, Choice: choice, Channel: payment.ByPost, Body: string(body),
		At: tx.Now(), By: people.PersonID(tx.Actor())}
	if to.Email != "" {
		l.Channel = payment.ByEmail
		if _, err := jobs.Enqueue(tx, JobLetter, mailing{l.ID}); err != nil {
			return err
		}
	}
	if err := insertLetter(tx, l); err != nil || !l.asks() || l.Channel != payment.ByPost {
		return err
	}
	number, err := tx.Next("slip")
	if err != nil {
		return err
	}
	return insertSlip(tx, Slip{Number: SlipNumber(number), Letter: l.ID, Application: a.ID})
}

// plain is a letter that needs nothing but its phrase.
func plain(kind LetterKind, a Application) matter {
	return func(p *lang.Printer, house string) papers.Blocks {
		return papers.Blocks{papers.Paragraph{Words: papers.T(p.T("allocation.paper."+string(kind)+".text", "house", house,
			"number", a.Number, "since", a.Since))}}
	}
}

// PathOwn is where an applicant's own page stands, before its token.
const PathOwn = "/apply/own/"

// style is all that a mail program needs to show a letter.
const style = `body{font:16px/1.5 Georgia,serif;color:#1f292e;background:#fff;max-width:42em;margin:1.5em auto;
padding:0 1em}
h1{font-size:1.5em;line-height:1.2}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em}
dt{color:#515b5f}dd{margin:0}.hint{color:#515b5f;font-size:.9em}`

// JobLetter is the kind of the jobs that send a letter.
const JobLetter = "allocation.letter"

type mailing struct {
	Letter string `json:"letter"`
}

// Post sends letters by e-mail, each with a link to the applicant's own page.
type Post struct {
	DB    *store.DB
	Links string // public address, as https://coop.example
	Send  func(context.Context, mail.Letter) (answer string, err error)
}

// Handlers do this room's jobs: they calculate, and send letters.
func (p Post) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{
		JobCompute: func(ctx context.Context, j jobs.Job) error {
			var c computing
			if err := j.Payload(&c); err != nil {
				return err
			}
			return Work(ctx, p.DB, c.Run)
		},
		JobLetter: func(ctx context.Context, j jobs.Job) error {
			var m mailing
			if err := j.Payload(&m); err != nil {
				return err
			}
			return p.send(ctx, m.Letter)
		}}
}

// send sends one letter; whose address is gone gets none.
func (p Post) send(ctx context.Context, id string) error {
	out := mail.Letter{ID: id}
	err := p.DB.Touch(ctx, func(tx *store.Tx) error {
		l, err := LetterByID(tx, id)
		if err != nil || l.Body == "" {
			return err
		}
		a, err := Get(tx, l.Application)
		if err != nil {
			return err
		}
		to, err := Reach(tx, a)
		if err != nil || to.Email == "" {
			return err
		}
		token, err := newToken(tx, a.ID, linkDays)
		if err != nil {
			return err
		}
		return l.mail(&out, a.Language, to, p.Links+PathOwn+token)
	})
	if err != nil || out.To == "" {
		return err
	}
	if _, err := p.Send(ctx, out); mail.Permanent(err) {
		return jobs.Never(err)
	} else if err != nil {
		return err
	}
	return nil
}

// mail is the letter as text and HTML of the same tree.
func (l Letter) mail(out *mail.Letter, tag lang.Tag, to payment.Addressee, link string) error {
	paper, err := papers.Decode([]byte(l.Body))
	if err != nil {
		return err
	}
	p := printer(tag)
	paper.Blocks = append(paper.Blocks, papers.Paragraph{Words: papers.T(p.T("allocation.paper.link", "link", link))})
	names := papers.NameMap{markName: to.Name}
	var text, html strings.Builder
	if err := papers.Text(&text, paper, names); err != nil {
		return fmt.Errorf("allocation: letter %s: %w", l.ID, err)
	}
	if err := papers.HTMLPage(&html, paper, names, style, ""); err != nil {
		return fmt.Errorf("allocation: letter %s: %w", l.ID, err)
	}
	out.To, out.Lang, out.Subject, out.Text, out.HTML = to.Email, p.Tag, paper.Title, text.String(), html.String()
	return nil
}

// ConfirmLetter asks an address of e-mail to answer; for an application that stands already, it says so.
func ConfirmLetter(a Application, house, links, token string) mail.Letter {
	p := printer(a.Language)
	code := "allocation.mail.confirm"
	if a.State != Sent {
		code = "allocation.mail.again"
	}
	return mail.Letter{To: a.Typed.Email, Lang: p.Tag, Subject: p.T(code+".subject", "house", house),
		Text: p.T(code+".text", "house", house, "link", links+PathOwn+token, "number", a.Number, "days", confirmDays)}
}

// tell writes to an applicant of a round what became of them, and why.
func (a *applying) tell(i int, kind LetterKind) error {
	who, err := Get(a.tx, a.in.People[i].Application)
	if err != nil {
		return err
	}
	decided, err := people.GetDecision(a.tx, a.choice.Decision)
	if err != nil {
		return err
	}
	body, err := people.GetBody(a.tx, decided.Body)
	if err != nil {
		return err
	}
	place := ""
	if at := a.res.Plan.At[i]; at != solver.Nowhere {
		p, err := placeOf(a.tx, a.in.Spaces[at].Place)
		if err != nil {
			return err
		}
		place = p
	}
	return write(a.tx, who, kind, string(a.choice.ID), func(p *lang.Printer, house string) papers.Blocks {
		told := Tell(p, a.in, a.res, i)
		out := papers.Blocks{papers.Paragraph{Words: papers.T(p.T("allocation.paper."+string(kind)+".text", "house", house,
			"number", who.Number, "since", who.Since, "body", body.Words(p), "on", decided.On, "reference",
			decided.Reference))}}
		if kind == LetterPlaced {
			out = append(out, a.terms(p, i, place))
		}
		out = append(out, papers.Heading{Level: 2, Words: papers.T(p.T("allocation.paper.why"))})
		for _, line := range told.Lines {
			out = append(out, papers.Paragraph{Words: papers.T(line)})
		}
		if told.Change != "" {
			out = append(out, papers.Paragraph{Words: papers.L(papers.B(told.Change))})
		}
		next := told.Note
		if kind == LetterPlaced {
			next = p.T("allocation.paper.placed.next")
		}
		return append(out, papers.Hint{Words: papers.T(next)})
	})
}

// terms are those on which somebody was placed.
func (a *applying) terms(p *lang.Printer, i int, place string) papers.Block {
	facts := papers.Facts{}
	for _, one := range OfferTo(p, a.in, a.res, a.choice.Terms, i, place) {
		facts.Items = append(facts.Items, papers.Fact{Term: one.Name, Words: papers.T(one.Text)})
	}
	return facts
}

// Term is one of the terms on which somebody is offered a place, in words.
type Term struct{ Name, Text string }

// OfferTo says what a plan gives an applicant whom it places, and on which terms; place is what the place is called.
func OfferTo(p *lang.Printer, in Inputs, res Result, on Terms, i int, place string) (list []Term) {
	t := teller{in, res, p}
	w, own := t.workshop(res.Reasons[i])
	add := func(code, text string) { list = append(list, Term{p.T("allocation.paper.term." + code), text}) }
	space := in.Spaces[w.Space]
	add("space", strings.TrimSpace(space.Code+" "+space.Title)+", "+place)
	add("practice", lang.Capital(t.practice(w.Practice)))
	common := in.Round.Practices[w.Practice].Common
	if in.Kind == Workshops && common > 0 {
		add("area", p.T("allocation.paper.area-common", "area", Square(p, own.Area), "common", Square(p, common)))
	} else {
		add("area", Square(p, own.Area))
	}
	from := in.opens(w)
	if later := in.People[i].From; later.After(from) {
		from = later
	}
	add("from", p.Date(from))
	add("rent", p.T("allocation.paper.rent", "rent", own.Rent, "fee", in.Round.Spaces[w.Space].Fee))
	add("index", lang.Capital(p.T("places.indexing."+string(on.Index))))
	if d := on.Deposit; d > 0 {
		add("deposit", p.Money(d))
	}
	if n := on.Notice; n > 0 {
		add("notice", p.T("allocation.paper.notice", "n", n))
	}
	if day := on.Answer; !day.IsZero() {
		add("answer", p.Date(day))
	}
	return list
}

// paper is the letter as it goes into an envelope, with a slip to send back where an answer is asked for.
func (l Letter) paper(r store.Reader, links string) (papers.Paper, papers.Names, error) {
	a, err := Get(r, l.Application)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	if l.Body == "" {
		return papers.Paper{}, nil, fault.Refuse("allocation.refusal.forgotten", "number", a.Number, "state",
			a.State.Words())
	}
	to, err := Reach(r, a)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	paper, err := papers.Decode([]byte(l.Body))
	if err != nil {
		return papers.Paper{}, nil, err
	}
	address := papers.Address{Lines: []papers.Line{papers.L(papers.Who(markName))}}
	for _, line := range to.Lines {
		address.Lines = append(address.Lines, papers.T(line))
	}
	paper.Blocks = append(papers.Blocks{address}, paper.Blocks...)
	slip, found, err := slipUnder(r, l.ID)
	if err == nil && found {
		p := printer(a.Language)
		paper.Blocks = append(paper.Blocks, slip.blocks(func(code string, kv ...any) string {
			return p.T("allocation.paper."+code, kv...)
		}, a.Number, links)...)
	}
	return paper, papers.NameMap{markName: to.Name}, err
}

// PDF draws a letter for an envelope; links is the public address, for the code on a slip.
func (l Letter) PDF(r store.Reader, w io.Writer, links string) error {
	paper, names, err := l.paper(r, links)
	if err != nil {
		return err
	}
	return papers.PDF(w, paper, names, papers.Meta{})
}

// PrintLetters takes the letters that wait for the post, and gives the moment under which they are found again.
func PrintLetters(tx *store.Tx) (civil.Instant, error) {
	list, err := LettersToPost(tx)
	if err == nil && len(list) == 0 {
		err = fault.Refuse("allocation.refusal.no-letters")
	}
	if err != nil {
		return 0, err
	}
	for _, l := range list {
		if err := printLetter(tx, l.ID); err != nil {
			return 0, err
		}
	}
	tx.Answer(strconv.FormatInt(int64(tx.Now()), 10))
	tx.Record(store.Line{Args: map[string]any{"n": len(list)}})
	return tx.Now(), nil
}

// Batch is what is printed together: a title in a language, and the public address for the codes on slips.
type Batch struct {
	Title string
	Lang  lang.Tag
	Links string
}

// PrintPDF draws letters as one file, each from the top of a page; those that were forgotten are left out.
func PrintPDF(r store.Reader, w io.Writer, b Batch, list []Letter) error {
	bundle := papers.NewBundle(b.Title, "", b.Lang, papers.Meta{})
	for _, l := range list {
		paper, names, err := l.paper(r, b.Links)
		if fault.Of(err) != nil {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := bundle.Add(paper, names, papers.Digest{}); err != nil {
			return err
		}
	}
	return bundle.Write(w)
}
