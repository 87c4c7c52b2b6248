package bylaws

import (
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/vote"
)

// Words names what a key decides: "Poids des voix".
func (k Key) Words(p *lang.Printer) string { return p.T("bylaws.key." + string(k)) }

// Words names the kind: "une modification des statuts".
func (k Kind) Words(p *lang.Printer) string { return p.T("bylaws.kind." + string(k)) }

// Words names the layer: "loi, impérative".
func (l Layer) Words(p *lang.Printer) string { return p.T("bylaws.layer." + string(l)) }

// Words says how sure we are.
func (c Confidence) Words(p *lang.Printer) string { return p.T("bylaws.confidence." + string(c)) }

// Says is what the article says, in short: the cooperative's own words for its bylaws, the catalogue's for the law.
func (r Rule) Says(p *lang.Printer) string {
	if r.Layer == OwnBylaws {
		return r.Words
	}
	return p.T("bylaws.law." + string(r.Key))
}

// From is where the rule was read. The sources of the law are of the program; those of the bylaws are texts.
func (r Rule) From(p *lang.Printer) string {
	if r.Layer == OwnBylaws {
		return r.Source
	}
	return p.T("bylaws.source." + r.Source)
}

// Cited is the article as a reader of the language looks it up: the Code is called CSA or WVV.
func (r Rule) Cited(p *lang.Printer) string {
	switch {
	case r.Layer == OwnBylaws:
		return r.Article
	case r.Article == wholeBook:
		return p.T("bylaws.article.book")
	}
	return strings.Replace(r.Article, "CSA", p.T("bylaws.code"), 1)
}

// wholeBook is the article of a rule of law whose number nobody has read.
const wholeBook = "CSA, livre 6"

// InWords says the value of a rule in a few sentences. Stored rules were checked when they came in.
func (r Rule) InWords(p *lang.Printer) string {
	phrase, err := r.phrase()
	fault.Must(err == nil, "rule %s: %v", r.Key, err)
	return p.Words(phrase)
}

func (r Rule) phrase() (lang.Phrase, error) {
	switch r.Key {
	case KeyWeight:
		w, err := decode[vote.Weight](r.Value)
		return lang.Say("bylaws.value.weight." + string(w)), err
	case KeyCap:
		c, err := decode[vote.Cap](r.Value)
		return c.Phrase(), err
	case KeyElection:
		e, err := decode[vote.Election](r.Value)
		return e.Phrase(), err
	case KeyProxies:
		x, err := decode[Proxies](r.Value)
		return x.phrase(), err
	case KeyAdmission:
		a, err := decode[Admission](r.Value)
		return a.phrase(), err
	}
	switch {
	case r.Key.isNotice():
		n, err := decode[Notice](r.Value)
		return lang.Say("bylaws.value.notice", "n", n.Days), err
	case r.Key.isQuorum():
		q, err := decode[vote.Quorum](r.Value)
		return q.Phrase(), err
	}
	m, err := decode[vote.Majority](r.Value)
	return m.Phrase(), err
}

// phrase says who may hold a proxy, and how many.
func (x Proxies) phrase() lang.Phrase {
	switch {
	case !x.Allowed:
		return lang.Say("bylaws.value.proxies.none")
	case x.MembersOnly && x.Max > 0:
		return lang.Say("bylaws.value.proxies.members-limit", "n", x.Max)
	case x.MembersOnly:
		return lang.Say("bylaws.value.proxies.members")
	case x.Max > 0:
		return lang.Say("bylaws.value.proxies.limit", "n", x.Max)
	}
	return lang.Say("bylaws.value.proxies.free")
}

// phrase says who admits, and whether a refusal gives its reasons.
func (a Admission) phrase() lang.Phrase {
	code := "bylaws.value.admission." + a.By
	if a.Reasoned {
		code += ".reasoned"
	}
	return lang.Say(code)
}
