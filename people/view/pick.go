package view

import (
	"slices"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// Choice is the field by which a form finds a person: one types a name or a number; when several are meant, the
// form comes back with the persons to choose from. It needs no script. Name is the field's; the chosen id travels
// as Name + "-id".
type Choice struct {
	Name    string
	Found   []web.Option // to choose from; none when the text names one person or nobody
	Person  people.PersonID
	settled string // the text for which Person was chosen
}

// maxPick is how many persons a form offers to choose from.
const maxPick = 12

// Pick reads the field of a sent form. When the text names nobody, or several without a choice, the form has a
// problem and Found holds whom it may mean, each with what tells them apart. contacts: the person at the keyboard may
// search e-mail addresses too, and be told a year of birth.
func Pick(r store.Reader, p *lang.Printer, f *web.Form, name string, contacts bool) (Choice, error) {
	c := Choice{Name: name}
	text := f.Need(name, web.MaxLine)
	if text == "" {
		return c, nil
	}
	hits, _, err := people.Search(r, people.Query{Text: text, Contacts: contacts, Limit: maxPick})
	if err != nil {
		return c, err
	}
	if id := people.PersonID(f.Raw(name + "-id")); id != "" && f.Raw(name+"-for") == text {
		if person, err := people.Get(r, id); err == nil && person.Erased.IsZero() {
			c.Person, c.settled = id, text
			if c.Found, err = options(r, p, hits, contacts); err != nil {
				return c, err
			}
			return c, nil
		}
	}
	numbered, err := Numbered(r, hits, text)
	switch {
	case err != nil:
		return c, err
	case len(hits) == 0:
		f.Problem(fault.Refuse("people.refusal.nobody", "text", text).At(name))
		return c, nil
	case len(hits) == 1 || numbered:
		c.Person, c.settled = hits[0].Person, text
		return c, nil
	}
	if c.Found, err = options(r, p, hits, contacts); err != nil {
		return c, err
	}
	f.Problem(fault.Refuse("people.refusal.several", "n", len(hits)).At(name))
	return c, nil
}

// Numbered says that a text is the number of the first person found, who is then meant and nobody else: a postcode that
// begins with the same figures is no reason to ask. Search tells a number first.
func Numbered(r store.Reader, hits []people.Hit, text string) (bool, error) {
	if len(hits) == 0 {
		return false, nil
	}
	all, err := people.MembershipsOf(r, hits[0].Person)
	return slices.ContainsFunc(all, func(m people.Membership) bool { return m.Number == strings.TrimSpace(text) }), err
}

// Chosen is the field for a form that begins with a person.
func Chosen(f *web.Form, name string, person people.Person) Choice {
	f.Set(name, person.Full()).Set(name+"-id", string(person.ID))
	return Choice{Name: name, Person: person.ID, settled: person.Full(),
		Found: []web.Option{{Value: string(person.ID), Label: person.Listed()}}}
}

func options(r store.Reader, p *lang.Printer, hits []people.Hit, private bool) ([]web.Option, error) {
	ids := make([]people.PersonID, len(hits))
	for i, h := range hits {
		ids[i] = h.Person
	}
	named, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	var list []web.Option
	for _, h := range hits {
		person := named[h.Person]
		told, err := Tell(r, p, person, private)
		if err != nil {
			return nil, err
		}
		why := ""
		if h.Why.Code != "" {
			why = p.Words(h.Why)
		}
		list = append(list, web.Option{Value: string(h.Person), Label: person.Listed(), Hint: with(why, told)})
	}
	return list, nil
}
