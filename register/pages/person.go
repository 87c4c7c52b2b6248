package pages

import (
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/ident"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
)

// personFacts are what one asks of a person beside the shares: on the left where and how they are reached, on the right
// for whom they act and what they agreed to. Contacts and consents are for the secretariat and the person.
func personFacts(q *web.Request, r store.Reader, who people.Person, contacts bool) (facts [2][]web.Fact, err error) {
	p := q.P
	f := factSheet{p: p, r: r, staff: q.Who.May(web.Staff)}
	records, err := people.Records(r, who.ID)
	if err != nil {
		return facts, err
	}
	for _, id := range records {
		if err := f.addresses(id); err != nil {
			return facts, err
		}
		if contacts {
			if err := f.contacts(id); err != nil {
				return facts, err
			}
		}
	}
	if who.Enterprise != "" {
		f.say("enterprise", ident.FormatEnterprise(who.Enterprise))
	}
	f.say("language", p.Words(people.LangWords(who.Lang)))
	former, err := people.FormerNames(r, who.ID)
	if err != nil {
		return facts, err
	}
	for _, n := range former {
		f.say("former", f.bound("until", n.Name, n.Until))
	}
	facts[0], f.facts = f.facts, nil
	for _, id := range records {
		if err := f.representations(id, who.Kind); err != nil {
			return facts, err
		}
		if contacts {
			if err := f.consents(id); err != nil {
				return facts, err
			}
		}
	}
	facts[1] = f.facts
	return facts, nil
}

// factSheet gathers facts under their names; a second fact of the same name leaves the name out.
type factSheet struct {
	p     *lang.Printer
	r     store.Reader
	staff bool
	facts []web.Fact
}

func (f *factSheet) say(code, text string) {
	f.facts = append(f.facts, web.Fact{Name: f.p.T("register.page.person." + code), Text: text})
}

func (f *factSheet) show(code string, body templ.Component) {
	f.facts = append(f.facts, web.Fact{Name: f.p.T("register.page.person." + code), Body: body})
}

// bound says since or until when something holds; a date that is known to the month or the year has no article.
func (f *factSheet) bound(code, what string, on civil.Date) string {
	if !on.IsDay() {
		code += "-loosely"
	}
	return f.p.T("register.page.person."+code, "what", what, "on", on)
}

// addresses are the homes over the years, the one of today first, and where letters go.
func (f *factSheet) addresses(id people.PersonID) error {
	history, err := people.Addresses(f.r, id)
	if err != nil {
		return err
	}
	for _, kind := range []people.AddressKind{people.Home, people.Post} {
		lines := dwellings{}
		now, _ := people.AddressOn(history, kind, f.r.Today(), 0)
		for _, a := range history {
			if a.Kind != kind || a.Withdrawn != 0 {
				continue
			}
			line := a.Line()
			if !a.Known() {
				line = f.p.T("people.address.unknown")
			}
			switch {
			case a.ID == now.ID && a.From.IsZero():
				lines.now = line
			case a.ID == now.ID:
				lines.now = f.bound("from", line, a.From)
			case a.From.After(f.r.Today()):
				lines.others = append(lines.others, f.bound("from", line, a.From))
			default:
				lines.others = append(lines.others, f.bound("until", line, people.UntilOf(history, a)))
			}
		}
		if lines.now != "" || len(lines.others) > 0 {
			f.show("address."+string(kind), dwellingView(lines))
		}
	}
	return nil
}

// dwellings are an address and those before or after it.
type dwellings struct {
	now    string
	others []string
}

func (f *factSheet) contacts(id people.PersonID) error {
	all, err := people.Contacts(f.r, id)
	for _, c := range all {
		if c.On(f.r.Today()) {
			f.say(string(c.Kind), c.Value)
		}
	}
	return err
}

// representations are the bodies for which a person acts, or those who act for a body.
func (f *factSheet) representations(id people.PersonID, kind people.Kind) error {
	list, code := people.Representing, "represents"
	if kind == people.Legal {
		list, code = people.Representatives, "represented"
	}
	all, err := list(f.r, id)
	if err != nil {
		return err
	}
	for _, one := range all {
		if !one.On(f.r.Today()) {
			continue
		}
		other := one.Legal
		if kind == people.Legal {
			other = one.Person
		}
		party, err := people.Standing(f.r, other)
		if err != nil {
			return err
		}
		line := partyLine{Name: party.Words(f.p), Quality: one.Quality}
		if c, is, err := register.CooperatorOf(f.r, other); err != nil {
			return err
		} else if is {
			line.Number = c.Number.String()
			if f.staff || kind == people.Natural { // who represents a body may open its file
				line.Href = cooperatorPath(c.Number)
			}
		}
		f.show(code, partyView(line))
	}
	return nil
}

// partyLine is a body or a representative.
type partyLine struct{ Name, Href, Number, Quality string }

func (f *factSheet) consents(id people.PersonID) error {
	all, err := people.Consents(f.r, id)
	for _, c := range all {
		text := f.p.T("register.page.person.agreed", "on", c.Given)
		if !c.Withdrawn.IsZero() {
			text = f.p.T("register.page.person.withdrawn", "on", c.Withdrawn)
		}
		f.facts = append(f.facts, web.Fact{Name: capital(f.p.Words(c.Kind.Words())), Text: text})
	}
	return err
}

// capital begins a text with a capital letter.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
