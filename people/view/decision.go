package view

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// Deciding is the part of a form that says which decision the act rests on: one of the list, or one written down on
// the spot with its date, its reference and its body. The fields bear Name: "decision", "decision-on",
// "decision-reference", "decision-wording", "decision-body". It needs no script.
type Deciding struct {
	Name string
	Need bool              // the act may not stand without a decision
	By   []people.BodyKind // whose decisions count; none means the board
	From civil.Date        // older decisions are not offered, since the act cannot rest on them; zero: all are
}

// maxOffered is how many decisions a form offers, the latest first.
const maxOffered = 60

// DecisionChoice is what [DecisionField] draws.
type DecisionChoice struct {
	Deciding
	Known  []web.Option // the decisions to choose from, the latest first
	Bodies []web.Option // who may have decided; a single one is not asked
}

// Offer reads what there is to choose from: the latest decisions of the bodies, and the one that the form already
// names.
func (d Deciding) Offer(r store.Reader, p *lang.Printer, f *web.Form) (DecisionChoice, error) {
	c := DecisionChoice{Deciding: d}
	bodies, err := d.bodies(r)
	if err != nil {
		return c, err
	}
	var list []people.Decision
	names := map[people.BodyID]string{}
	for _, b := range bodies {
		names[b.ID] = b.Words(p)
		c.Bodies = append(c.Bodies, web.Option{Value: string(b.ID), Label: names[b.ID]})
		taken, err := people.Decisions(r, b.ID)
		if err != nil {
			return c, err
		}
		list = append(list, taken...)
	}
	slices.SortStableFunc(list, func(a, b people.Decision) int { return b.On.Compare(a.On) })
	for i, one := range list {
		if (i >= maxOffered || one.On.Before(d.From)) && string(one.ID) != f.Raw(d.Name) {
			continue
		}
		label := p.ShortDate(one.On) + " · " + one.Reference
		if len(bodies) > 1 {
			label += " · " + names[one.Body]
		}
		c.Known = append(c.Known, web.Option{Value: string(one.ID), Label: label})
	}
	return c, nil
}

// Ruling is the decision that a sent form names. The zero Ruling is none.
type Ruling struct {
	known people.DecisionID // of the list
	made  people.Decision   // to be written down with the act
	name  string
}

// None says that the form names no decision.
func (g Ruling) None() bool { return g.known == "" && g.made.Reference == "" }

// Take reads the fields of a sent form. What is wrong with them is noted in the form: a decision of another body, one
// chosen and another one written down, none at all where one is needed.
func (d Deciding) Take(r store.Reader, f *web.Form) (Ruling, error) {
	g := Ruling{name: d.Name}
	bodies, err := d.bodies(r)
	if err != nil {
		return g, err
	}
	id := people.DecisionID(f.Raw(d.Name))
	made := d.written(f)
	switch {
	case id != "" && made:
		f.Problem(fault.Refuse("people.refusal.decision-twice").At(d.Name))
	case id != "":
		one, err := people.GetDecision(r, id)
		if err != nil && fault.Of(err) == nil {
			return g, err
		}
		if err != nil || !slices.ContainsFunc(bodies, func(b people.Body) bool { return b.ID == one.Body }) {
			f.Problem(fault.Refuse("people.refusal.unknown-decision").At(d.Name))
			return g, nil
		}
		g.known = id
	case made:
		g.made = people.Decision{Body: d.body(f, bodies), Reference: f.Need(d.part("reference"), maxLabel),
			Wording: f.Lines(d.part("wording"), maxWords)}
		if f.Need(d.part("on"), maxLabel) != "" {
			g.made.On = f.PartialDate(d.part("on"))
		}
	case d.Need:
		f.Problem(fault.Refuse("people.refusal.no-decision").At(d.Name))
	}
	return g, nil
}

// Record is called in the act that rests on the decision: it writes down the one made on the spot, quietly, and gives
// the id to keep; empty when the form named none.
func (g Ruling) Record(tx *store.Tx) (id people.DecisionID, err error) {
	if g.known != "" || g.None() {
		return g.known, nil
	}
	err = tx.Quietly(func() error {
		id, err = people.Decide(tx, g.made)
		return err
	})
	rs := slices.Clone(fault.Of(err))
	if len(rs) == 0 {
		return id, err
	}
	for i, one := range rs {
		if one.Field != "" {
			rs[i] = one.At(g.name + "-" + one.Field)
		}
	}
	return "", rs
}

// Limits of what is typed here; the room's own rules hold besides.
const (
	maxLabel = 120
	maxWords = 4000
)

func (d Deciding) part(of string) string { return d.Name + "-" + of }

// written says whether anything of a new decision was typed.
func (d Deciding) written(f *web.Form) bool {
	return f.Raw(d.part("on")) != "" || f.Raw(d.part("reference")) != "" || f.Raw(d.part("wording")) != ""
}

// unfolded says whether the fields of a new decision are shown at once: nothing else can be chosen, or they are begun.
func (c DecisionChoice) unfolded(f *web.Form) bool { return len(c.Known) == 0 || c.written(f) }

func (d Deciding) body(f *web.Form, bodies []people.Body) people.BodyID {
	if len(bodies) == 1 {
		return bodies[0].ID
	}
	ids := make([]string, len(bodies))
	for i, b := range bodies {
		ids[i] = string(b.ID)
	}
	return people.BodyID(f.Choice(d.part("body"), ids...))
}

// bodies are those whose decisions count.
func (d Deciding) bodies(r store.Reader) ([]people.Body, error) {
	by := d.By
	if len(by) == 0 {
		by = []people.BodyKind{people.Board}
	}
	list, err := people.Bodies(r)
	return slices.DeleteFunc(list, func(b people.Body) bool { return !slices.Contains(by, b.Kind) }), err
}

// DecisionWords names a decision on one line and leads to where it is written.
func DecisionWords(r store.Reader, p *lang.Printer, id people.DecisionID) (words, href string, err error) {
	d, err := people.GetDecision(r, id)
	if err != nil {
		return "", "", err
	}
	b, err := people.GetBody(r, d.Body)
	if err != nil {
		return "", "", err
	}
	words = p.T("people.view.decision.words", "body", b.Words(p), "on", d.On, "reference", d.Reference)
	return words, BodyPath(d.Body) + "#" + string(id), nil
}
