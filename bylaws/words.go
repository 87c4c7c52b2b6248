package bylaws

import (
	"slices"

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
	if r.Layer == OwnBylaws {
		return r.Article
	}
	return p.Cite(r.Article)
}

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
	case slices.Contains(shareKeys, r.Key):
		v, err := r.shareRule()
		if err != nil {
			return lang.Phrase{}, err
		}
		return sentences(v.phrases()), nil
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

// phrase says who admits, whether a refusal gives its reasons, and what silence means.
func (a Admission) phrase() lang.Phrase {
	code := "bylaws.value.admission." + a.By
	if a.Reasoned {
		code += ".reasoned"
	}
	list := []lang.Phrase{lang.Say(code)}
	if a.Days > 0 {
		list = append(list, lang.Say("bylaws.value.admission.days", "n", a.Days))
	}
	if a.Silence != "" {
		list = append(list, lang.Say("bylaws.value.admission.silence."+a.Silence))
	}
	return sentences(list)
}

// sentences makes one phrase of several.
func sentences(list []lang.Phrase) lang.Phrase {
	all := list[0]
	for _, next := range list[1:] {
		all = lang.Say("bylaws.value.sentences", "first", all, "then", next)
	}
	return all
}

func (h Holding) phrases() (list []lang.Phrase) {
	if h.Least > 0 {
		list = append(list, lang.Say("bylaws.value.holding.least", "n", h.Least))
	}
	if h.Most > 0 {
		list = append(list, lang.Say("bylaws.value.holding.most", "n", h.Most))
	}
	if !h.Part.IsZero() {
		list = append(list, lang.Say("bylaws.value.holding.part", "part", h.Part.Phrase()))
	}
	if h.Most == 0 && h.Part.IsZero() {
		list = append(list, lang.Say("bylaws.value.holding.free"))
	}
	return list
}

func (i Issue) phrases() []lang.Phrase {
	if i.When == OncePartPaid {
		return []lang.Phrase{lang.Say("bylaws.value.issue.part-paid", "part", i.LeastPaid.Phrase())}
	}
	return []lang.Phrase{lang.Say("bylaws.value.issue." + i.When)}
}

func (t Transfer) phrases() []lang.Phrase {
	list := []lang.Phrase{lang.Say("bylaws.value.transfer." + t.Approval)}
	if t.ToMembersFree && t.Approval != ByNobody {
		list = append(list, lang.Say("bylaws.value.transfer.members"))
	}
	if t.PreemptionDays > 0 {
		list = append(list, lang.Say("bylaws.value.transfer.preemption", "n", t.PreemptionDays))
	}
	return list
}

func (e Exit) phrases() []lang.Phrase {
	list := []lang.Phrase{lang.Say("bylaws.value.exit.window", "from", e.From, "to", e.To)}
	if e.From == 1 {
		list[0] = lang.Say("bylaws.value.exit.first", "n", e.To)
	}
	if e.From == 1 && e.To == monthsOfYear {
		list[0] = lang.Say("bylaws.value.exit.always")
	}
	part := "whole"
	if e.Partial {
		part = "part"
	}
	list = append(list, lang.Say("bylaws.value.exit."+part))
	if e.Founders > 1 {
		list = append(list, lang.Say("bylaws.value.exit.founders", "year", e.Founders))
	}
	if e.Report {
		list = append(list, lang.Say("bylaws.value.exit.report"))
	}
	return list
}

func (e ExitPayment) phrases() []lang.Phrase {
	return []lang.Phrase{lang.Say("bylaws.value.exit.effect", "n", e.EffectMonths),
		lang.Say("bylaws.value.exit.paid", "n", e.PayWithinMonths)}
}

func (v exitValue) phrases() []lang.Phrase {
	return []lang.Phrase{lang.Say("bylaws.value.exit.value." + string(v))}
}

func (e EndByLaw) phrases() (list []lang.Phrase) {
	if len(e.Causes) == 0 {
		return []lang.Phrase{lang.Say("bylaws.value.end.none")}
	}
	for _, cause := range e.Causes {
		list = append(list, lang.Say("bylaws.value.end."+cause))
	}
	return list
}

func (q QualityLoss) phrases() []lang.Phrase {
	switch {
	case !q.Ends:
		return []lang.Phrase{lang.Say("bylaws.value.quality.stays")}
	case q.WithinMonths > 0:
		return []lang.Phrase{lang.Say("bylaws.value.quality.within", "n", q.WithinMonths)}
	}
	return []lang.Phrase{lang.Say("bylaws.value.quality.ends")}
}

func (e Exclusion) phrases() []lang.Phrase {
	list := []lang.Phrase{lang.Say("bylaws.value.exclusion." + e.By)}
	if e.AnswerMonths > 0 {
		list = append(list, lang.Say("bylaws.value.exclusion.months", "n", e.AnswerMonths))
	}
	if e.AnswerDays > 0 {
		list = append(list, lang.Say("bylaws.value.exclusion.days", "n", e.AnswerDays))
	}
	if e.Grounds != "" {
		list = append(list, lang.Say("bylaws.value.exclusion.grounds", "grounds", e.Grounds))
	}
	return list
}
