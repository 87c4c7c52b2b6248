package allocation

import (
	"bytes"

	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
)

// Moved is an occupant whose place a choice changed: they share it, or are in another one.
type Moved struct {
	Person people.PersonID
	Was    places.Terms
	Had    places.PartID
	Is     places.Occupancy
	Note   string // how they agreed
}

// MovedBy are the occupants whose place a choice changed, in the order in which it was done.
func MovedBy(r store.Reader, c Choice) (list []Moved, err error) {
	effects, err := EffectsOf(r, c.ID)
	if err != nil {
		return nil, err
	}
	setup, _, err := SetupOf(r, c.Round)
	if err != nil {
		return nil, err
	}
	next := map[people.PersonID]places.Occupancy{}
	for _, e := range effects {
		if e.Kind == DidEnter && e.Application == "" {
			o, err := places.OccupancyByID(r, places.OccupancyID(e.Object))
			if err != nil {
				return nil, err
			}
			next[o.Person] = o
		}
	}
	for _, e := range effects {
		if e.Kind != DidEnd {
			continue
		}
		o, err := places.OccupancyByID(r, places.OccupancyID(e.Object))
		if err != nil {
			return nil, err
		}
		m := Moved{Person: o.Person, Had: o.Space, Is: next[o.Person], Note: setup.Consent(o.ID).Note}
		if err := decode(e.Before, &m.Was); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// tellMoved writes to the occupants whose place the choice changes what becomes of it, from when, and how they agreed.
// Who has no address of e-mail stands on the page of the round, to be told otherwise.
func (a *applying) tellMoved() error {
	list, err := MovedBy(a.tx, a.choice)
	if err != nil {
		return err
	}
	decided, err := people.GetDecision(a.tx, a.choice.Decision)
	if err != nil {
		return err
	}
	for _, m := range list {
		to, err := payment.Reach(a.tx, m.Person)
		if err != nil {
			return err
		}
		if to.Email == "" {
			continue
		}
		if err := a.writeTo(m, to, decided); err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) writeTo(m Moved, to payment.Addressee, decided people.Decision) error {
	head, name, err := houseOf(a.tx)
	if err != nil {
		return err
	}
	body, err := people.GetBody(a.tx, decided.Body)
	if err != nil {
		return err
	}
	p := printer(to.Language)
	change, err := m.Words(a.tx, p)
	if err != nil {
		return err
	}
	paper := papers.Paper{Kind: papers.Letter, Lang: p.Tag, House: head, Title: p.T("allocation.paper.moved"),
		Blocks: papers.Blocks{papers.Paragraph{Words: papers.L(p.T("allocation.paper.greeting"), " ",
			papers.Who(markName), ",")}, papers.Paragraph{Words: papers.T(p.T("allocation.paper.moved.text", "house", name,
			"body", body.Words(p), "on", decided.On, "reference", decided.Reference, "change", change))}}}
	if m.Note != "" {
		paper.Blocks = append(paper.Blocks, papers.Paragraph{Words: papers.T(p.T("allocation.paper.moved.agreed", "note",
			m.Note))})
	}
	paper.Blocks = append(paper.Blocks, papers.Hint{Words: papers.T(p.T("allocation.paper.moved.next"))})
	var out bytes.Buffer
	if err := papers.Text(&out, paper, papers.NameMap{markName: to.Name}); err != nil {
		return err
	}
	return mail.Enqueue(a.tx, mail.Letter{To: to.Email, Lang: p.Tag, Subject: paper.Title, Text: out.String()})
}

// Words says what changed for an occupant: from one space and area to another.
func (m Moved) Words(r store.Reader, p *lang.Printer) (string, error) {
	part, err := places.PartByID(r, m.Is.Space, places.On(m.Is.From))
	if err != nil {
		return "", err
	}
	area := m.Was.Area
	if area == 0 { // they had all of it
		was, err := places.PartByID(r, m.Had, places.On(m.Is.From.AddDays(-1)))
		if err != nil {
			return "", err
		}
		area = was.Area
	}
	return p.T("allocation.page.moved.words", "before", area.In(p), "after", m.Is.Area.In(p), "space", part.Name(),
		"from", m.Is.From), nil
}
