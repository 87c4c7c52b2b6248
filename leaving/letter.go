package leaving

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// Letter is what somebody is told of a step of an exit: by e-mail with the act where an address is known, and always to
// be printed.
type Letter struct {
	Exit  Exit
	Step  Step
	To    payment.Addressee
	On    civil.Date // when it is written
	Until civil.Date // by which a proposed exclusion is answered; zero otherwise
	House string     // as it heads its papers
	Payee string     // its name alone
}

// Told says whether a step is told by a letter.
func (s Step) Told() bool { return s.State.exit() != Answered }

// Readers are those to whom the letters of an exit go: the cooperator, or after a death each heir, or the guardian of
// one.
func Readers(r store.Reader, x Exit) (list []people.PersonID, err error) {
	if x.Cause != Death {
		c, err := register.CooperatorNumbered(r, x.Cooperator)
		return []people.PersonID{c.Person}, err
	}
	heirs, err := heirsOf(r, x.ID)
	for _, h := range heirs {
		to := h.Person
		if h.Guardian != "" {
			to = h.Guardian
		}
		if !slices.Contains(list, to) {
			list = append(list, to)
		}
	}
	return list, err
}

// LettersOf are the letters about a step, one for each reader.
func LettersOf(r store.Reader, x Exit, s Step) (list []Letter, err error) {
	readers, err := Readers(r, x)
	if err != nil || !s.Told() {
		return nil, err
	}
	head, name, err := houseOf(r)
	if err != nil {
		return nil, err
	}
	for _, to := range readers {
		l := Letter{Exit: x, Step: s, On: r.Today(), House: head, Payee: name}
		if s.At != 0 {
			l.On = s.At.On(r.Zone())
		}
		if l.To, err = payment.Reach(r, to); err != nil {
			return nil, err
		}
		if s.State == Proposed {
			rules, err := bylaws.On(r, r.Today())
			if err != nil {
				return nil, err
			}
			if rule, known := rules.Exclusion(); known {
				l.Until = AnswerBy(rule, x.ArrivedOn)
			}
		}
		list = append(list, l)
	}
	return list, nil
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
	head = person.Full()
	history, err := people.Addresses(r, house.Person)
	if at, known := people.AddressOn(history, people.Home, r.Today(), 0); known && at.Town != "" {
		head += ", " + at.Town
	}
	return head, person.Full(), err
}

// write sends the letters of a step with its act, to those who have an address for e-mail.
func (x Exit) write(tx *store.Tx, s Step) error {
	if s.Day.IsZero() {
		s.Day = tx.Today()
	}
	list, err := LettersOf(tx, x, s)
	if err != nil {
		return err
	}
	for _, l := range list {
		if l.To.Email == "" || l.Payee == "" {
			continue
		}
		paper, names := l.Paper()
		var out bytes.Buffer
		if err := papers.Text(&out, paper, names); err != nil {
			return err
		}
		if err := mail.Enqueue(tx, mail.Letter{To: l.To.Email, Lang: l.tag(), Subject: l.subject(),
			Text: out.String()}); err != nil {
			return err
		}
	}
	return nil
}

func (l Letter) tag() lang.Tag { return printer(l.To.Language).Tag }

func (l Letter) subject() string {
	return printer(l.To.Language).T("leaving.letter.subject", "cause", l.Exit.Cause.Words(), "number", l.Exit.Number)
}

// kind is the phrase of the letter: by its state, and for what differs from one cause to another by the cause too.
func (l Letter) kind() string {
	switch {
	case l.Step.State == Announced && l.Exit.Cause == Resignation:
		return "resignation"
	case l.Step.State == Announced:
		return "by-law"
	case l.Step.State == Accepted && l.Exit.Cause == Exclusion:
		return "excluded"
	case l.Step.State == Refused && l.Exit.Cause == Exclusion:
		return "not-excluded"
	}
	return string(l.Step.State)
}

// Paper is the letter as a tree, in the language of who reads it.
func (l Letter) Paper() (papers.Paper, papers.Names) {
	p := printer(l.To.Language)
	names := papers.NameMap{"to": l.To.Name}
	address := papers.Address{Lines: []papers.Line{papers.L(papers.Who("to"))}}
	for _, line := range l.To.Lines {
		address.Lines = append(address.Lines, papers.T(line))
	}
	paper := papers.Paper{Kind: papers.Letter, Lang: p.Tag, House: l.House, Title: lang.Capital(l.subject()),
		Blocks: papers.Blocks{address}}
	put := func(b papers.Block) { paper.Blocks = append(paper.Blocks, b) }
	put(papers.Paragraph{Words: papers.T(p.T("leaving.letter.dated", "day", l.On))})
	put(papers.Paragraph{Words: papers.T(p.T("leaving.letter."+l.kind(), "n", l.Exit.Shares(), "arrived", l.Exit.ArrivedOn,
		"effect", l.Exit.EffectOn, "amount", l.Exit.Cents, "pay", l.Exit.PayBy, "until", l.Until, "day", l.Step.Day,
		"cause", l.Exit.Cause.Words(), "article", l.Exit.Cause.Article()))})
	if l.Step.Why != "" {
		for _, line := range strings.Split(l.Step.Why, "\n") {
			if strings.TrimSpace(line) != "" {
				put(papers.Paragraph{Words: papers.T("« " + strings.TrimSpace(line) + " »")})
			}
		}
	}
	if l.Exit.Cents > 0 && (l.Step.State == Owed || l.Step.State == Queued) {
		put(l.reckoning(p))
	}
	put(papers.Hint{Words: papers.T(p.T("leaving.letter.foot", "article", l.Exit.Cause.Article()))})
	put(papers.Signatures{Items: []papers.Signature{{Role: l.Payee}}})
	return paper, names
}

func (l Letter) reckoning(p *lang.Printer) papers.Block {
	table := papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("leaving.letter.lot")), Row: true},
		{Head: papers.T(p.T("leaving.letter.shares")), Align: papers.Right},
		{Head: papers.T(p.T("leaving.letter.bound"))}, {Head: papers.T(p.T("leaving.letter.worth")), Align: papers.Right}}}
	for _, lot := range l.Exit.Lots {
		if lot.Shares == 0 {
			continue
		}
		table.Rows = append(table.Rows, papers.Row{papers.T(p.T("leaving.letter.of", "class", lot.Class,
			"lot", lot.Lot.Lot)), papers.T(p.Count(lot.Shares)), papers.T(p.T("leaving.by." + string(lot.By))),
			papers.T(p.Money(lot.Cents))})
	}
	return table
}

// PrintLetters draws the letters of a step as one file, each from the top of a page.
func PrintLetters(out io.Writer, list []Letter) error {
	if len(list) == 0 {
		return nil
	}
	b := papers.NewBundle(list[0].subject(), list[0].Payee, list[0].tag(), papers.Meta{})
	for _, l := range list {
		paper, names := l.Paper()
		if _, err := b.Add(paper, names, papers.Digest{}); err != nil {
			return err
		}
	}
	return b.Write(out)
}
