package pages

import (
	"cmp"
	"maps"
	"slices"

	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
)

// movementRow is a line of the register, every word ready.
type movementRow struct {
	No, Effective, Recorded, Kind, Class, By, Paid, Shares, Balance string

	Name, Href, Number string     // the cooperator
	Parts              []web.Link // the other side of a transfer, what a correction mends, why, and the paper
	Correct            string     // the address of the form that mends it; empty where there is none
	Anchor             string
	Later              string // why it does not count on the day that is asked about; empty when it does
}

func (row *movementRow) say(text, href string) {
	if text != "" {
		row.Parts = append(row.Parts, web.Link{Text: text, Href: href})
	}
}

// movementWords put movements into words for one reader. Each person is read once.
type movementWords struct {
	q      *web.Request
	p      *lang.Printer
	legal  bool                // the form of the law: neither ground nor author nor evidence, and no links to files
	list   *register.Directory // of those who hold shares; nil where nobody has it at hand
	names  map[people.PersonID]people.Person
	who    map[register.Number]people.PersonID
	writes bool
}

// wordsFor reads whom the movements name, as far as the list of cooperators does not tell.
func wordsFor(q *web.Request, r store.Reader, ms []register.Movement, list *register.Directory) (*movementWords,
	error) {
	w := &movementWords{q: q, p: q.P, list: list, who: map[register.Number]people.PersonID{},
		writes: q.Who.May(writers)}
	var numbers []register.Number
	var ids []people.PersonID
	note := func(n register.Number) {
		if _, known := w.who[n]; n != 0 && !known {
			w.who[n] = ""
			numbers = append(numbers, n)
		}
	}
	for _, m := range ms {
		if _, listed := w.listed(m.Cooperator); !listed {
			note(m.Cooperator)
		}
		note(m.Counterpart)
		if m.Author != "" {
			ids = append(ids, m.Author)
		}
	}
	var err error
	if w.who, err = register.PersonsOf(r, numbers); err != nil {
		return nil, err
	}
	ids = slices.AppendSeq(ids, maps.Values(w.who))
	w.names, err = people.Names(r, ids)
	return w, err
}

// name is how lists name a cooperator.
func (w *movementWords) name(n register.Number) string {
	if name, is := w.listed(n); is {
		return name
	}
	return listed(w.p, w.names[w.who[n]])
}

// listed is the name that the list of cooperators has at hand.
func (w *movementWords) listed(n register.Number) (name string, is bool) {
	if w.list == nil {
		return "", false
	}
	l, is := w.list.Numbered(n)
	if !is || l.Name == "" {
		return "", false
	}
	return l.Name, true
}

// listed is a name as lists write it, or the words for an erased person.
func listed(p *lang.Printer, person people.Person) string {
	if name := person.Listed(); name != "" {
		return name
	}
	return person.Words(p)
}

// row puts one movement into words.
func (w *movementWords) row(r store.Reader, m register.Movement) (movementRow, error) {
	p := w.p
	row := movementRow{No: m.Number.String(), Anchor: "n" + m.Number.String(), Effective: p.ShortDate(m.Effective),
		Recorded: p.ShortDate(m.RecordedOn), Kind: p.T(m.Kind.Code()), Class: string(m.Class), Paid: signedMoney(p, m.Paid),
		Shares: signed(p, m.Shares), Name: w.name(m.Cooperator), Number: m.Cooperator.String()}
	staff := w.q.Who.May(web.Staff)
	if staff {
		row.Href = cooperatorPath(m.Cooperator)
	}
	if m.Counterpart != 0 {
		code := map[register.Kind]string{register.TransferIn: "from", register.TransferOut: "to"}[m.Kind]
		href := ""
		if staff {
			href = cooperatorPath(m.Counterpart)
		}
		other := w.names[w.who[m.Counterpart]]
		row.say(p.T("register.page."+cmp.Or(code, "with"), "name", other.Words(p), "number", m.Counterpart.String()), href)
	}
	if m.Corrects != 0 {
		row.say(p.T("register.page.mends", "number", m.Corrects.String()), "")
	}
	if w.legal {
		return row, nil
	}
	if m.Cause != "" {
		row.say(lang.Capital(p.T(m.Cause.Code())), "")
	}
	row.say(m.Ground, "")
	if m.Decision != "" {
		words, href, err := view.DecisionWords(r, p, m.Decision)
		if err != nil {
			return row, err
		}
		row.say(words, href)
	}
	row.By = p.T("register.page.system")
	if author, known := w.names[m.Author]; known {
		row.By = author.Words(p)
	}
	if w.writes && m.Kind != register.Corrected {
		row.Correct = movementPath(m.Number) + "/correction"
	}
	if m.Evidence == "" {
		return row, nil
	}
	d, found, err := documents.Find(r, m.Evidence)
	if found {
		row.say(d.Name, movementPath(m.Number)+"/evidence")
	} else {
		row.say(m.Evidence, "")
	}
	return row, err
}

// signed writes a number of shares with its sign; nothing for none.
func signed(p *lang.Printer, n int64) string {
	switch {
	case n > 0:
		return "+" + p.Count(n)
	case n == 0:
		return ""
	}
	return p.Count(n)
}

// signedMoney writes an amount; nothing for none.
func signedMoney(p *lang.Printer, c money.Cents) string {
	if c == 0 {
		return ""
	}
	return p.Money(c)
}
