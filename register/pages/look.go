package pages

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
)

// The steps of a form that writes movements: sent first, it is shown once more in words; then it is written, or mended.
const (
	stepWrite = "write"
	stepMend  = "mend"
)

// lastLook says in words what a form is about to write. Nothing is written yet.
type lastLook struct {
	Form    *web.Form
	Action  string
	Of      string // the kind, as an eyebrow
	Says    string // who, how many, what
	Facts   []web.Fact
	Caption string
	Heads   string // of the first column; empty: the cooperators
	Changes []holdingChange
	Hidden  []hidden // the answers, for the next step
	Record  string   // the button
	Back    string
}

// holdingChange is what somebody holds of a class before and after.
type holdingChange struct{ Who, Before, After string }

// party is somebody whose shares a form changes.
type party struct {
	person people.PersonID
	held   [2]register.Sum // before and after
	number register.Number // after
}

// lookAt runs an act that is taken back, and tells what each party holds of a class before and after it, on a day.
func (s *screens) lookAt(q *web.Request, verb string, act act, class register.ClassID, on civil.Date,
	parties []party) (ms []register.Movement, err error) {
	read := func(tx *store.Tx, after int) error {
		for i := range parties {
			c, is, err := cooperatorOf(tx, parties[i].person)
			if err != nil {
				return err
			}
			if !is {
				continue
			}
			lots, err := register.HoldingsOf(tx, c.Number, on, civil.Date{})
			if err != nil {
				return err
			}
			parties[i].number = c.Number
			for _, l := range lots {
				if l.Class == class {
					parties[i].held[after].Shares += l.Shares
					parties[i].held[after].Paid += l.Paid
				}
			}
		}
		return nil
	}
	err = register.Look(q.Context(), s.DB, store.By(q.Who.Person, verb), func(tx *store.Tx) error {
		if err := read(tx, 0); err != nil {
			return err
		}
		if ms, err = act(tx, ""); err != nil {
			return err
		}
		return read(tx, 1)
	})
	return ms, err
}

// lookAtMovement shows what the form of a movement will write.
func (s *screens) lookAtMovement(q *web.Request, page movementPage, act act) error {
	f := page.Form
	f.Set("who-id", string(page.Who.Person)).Set("who-for", f.Text("who", web.MaxLine))
	parties := []party{{person: page.Who.Person}}
	if page.Kind == kindTransfer {
		f.Set("to-id", string(page.To.Person)).Set("to-for", f.Text("to", web.MaxLine))
		parties = append(parties, party{person: page.To.Person})
	}
	effective := f.PartialDate("effective")
	look := lastLook{Form: f, Action: pathMovements, Of: q.T("register.page.kind." + page.Kind),
		Record: q.T("register.page.record." + page.Kind), Back: pathRegister}
	on := laterOf(effective.Last(), page.Today)
	class := register.ClassID(page.class("class"))
	ms, err := s.lookAt(q, verbs[page.Kind], act, class, on, parties)
	if err != nil {
		return err
	}
	shares, paid := moved(ms)
	err = s.DB.View(q.Context(), func(v *store.View) error {
		c, err := register.ClassOn(v, class, on)
		if err != nil {
			return err
		}
		who, err := look.changes(q.P, v, c, on, parties)
		if err != nil {
			return err
		}
		worth := money.Cents(shares * int64(c.Nominal))
		look.Says = q.T("register.page.look."+page.Kind, "shares", sharesWords(shares), "class", c.Letter, "who", who[0],
			"to", who[len(who)-1], "paid", paid, "worth", worth, "into", sharesWords(converted(ms)), "becomes",
			f.Raw("to-class"))
		look.facts(q.P, c, shares, paid, ms[0], f.Text("ground", maxGround), page.Scan)
		return look.rests(q.P, v, page, ms)
	})
	if err != nil {
		return err
	}
	look.carry("kind", "who", "who-id", "who-for", "to", "to-id", "to-for", "class", "to-class", "shares", "paid",
		"amount", "effective", "ground", "cause", "offered", "scan-id")
	look.carry(decisionFields...)
	return q.Page(lookView(look))
}

// lookAtCorrection shows what the form of a correction will write.
func (s *screens) lookAtCorrection(q *web.Request, page correctionPage, c register.Correction, act act) error {
	first := page.Standing.Halves[0]
	var parties []party
	err := s.DB.View(q.Context(), func(v *store.View) error {
		for _, half := range page.Standing.Halves {
			holder, err := register.CooperatorNumbered(v, half.Cooperator)
			if err != nil {
				return err
			}
			parties = append(parties, party{person: holder.Person})
		}
		return nil
	})
	if err != nil {
		return err
	}
	look := lastLook{Form: page.Form, Action: movementPath(page.Number) + "/correction",
		Of:     q.T("register.page.correct.entry", "number", page.Number.String()),
		Record: q.T("register.page.record.correction"), Back: cooperatorPath(page.Holder)}
	on := laterOf(first.Day, s.DB.Today())
	ms, err := s.lookAt(q, "register.correct", act, first.Class, on, parties)
	if err != nil {
		return err
	}
	err = s.DB.View(q.Context(), func(v *store.View) error {
		class, err := register.ClassOn(v, first.Class, on)
		if err != nil {
			return err
		}
		if _, err = look.changes(q.P, v, class, on, parties); err != nil {
			return err
		}
		look.Says = q.T("register.page.look.correction", "number", page.Number.String(), "shares", sharesWords(c.Shares),
			"paid", c.Paid, "were", sharesWords(page.Standing.Shares), "was", page.Standing.Paid)
		look.facts(q.P, class, c.Shares, c.Paid, ms[0], c.Why, page.Scan)
		return look.decision(q.P, v, page.Form)
	})
	if err != nil {
		return err
	}
	look.carry("shares", "paid", "why", "scan-id")
	look.carry(decisionFields...)
	return q.Page(lookView(look))
}

// moved adds up what movements give to one side, without sign.
func moved(ms []register.Movement) (shares int64, paid money.Cents) {
	for _, m := range ms {
		switch m.Kind {
		case register.TransferIn, register.ConvertedIn, register.Split, register.Consolidated:
			// the other half of what is counted already, or what a later split makes of it
		default:
			shares, paid = shares+abs(m.Shares), paid+money.Cents(abs(int64(m.Paid)))
		}
	}
	return shares, paid
}

func laterOf(a, b civil.Date) civil.Date {
	if a.After(b) {
		return a
	}
	return b
}

// converted is how many shares of the other class a conversion gives.
func converted(ms []register.Movement) (shares int64) {
	for _, m := range ms {
		if m.Kind == register.ConvertedIn {
			shares += m.Shares
		}
	}
	return shares
}

// decisionFields are the answers that name a decision.
var decisionFields = []string{"decision", "decision-on", "decision-reference", "decision-body", "decision-wording"}

// rests tells why shares change hands, and on which decision the movement rests.
func (l *lastLook) rests(p *lang.Printer, r store.Reader, page movementPage, ms []register.Movement) error {
	if cause := ms[0].Cause; cause != "" {
		l.Facts = append(l.Facts, web.Fact{Name: p.T("register.field.cause"), Text: lang.Capital(p.T(cause.Code()))})
	}
	return l.decision(p, r, page.Form)
}

// decision names the decision of a form, whether it is in the list or not yet.
func (l *lastLook) decision(p *lang.Printer, r store.Reader, f *web.Form) error {
	text := f.Raw("decision-on") + ", " + f.Raw("decision-reference")
	if id := people.DecisionID(f.Raw("decision")); id != "" {
		words, _, err := view.DecisionWords(r, p, id)
		if err != nil {
			return err
		}
		text = words
	} else if f.Raw("decision-reference") == "" {
		return nil
	}
	l.Facts = append(l.Facts, web.Fact{Name: p.T("register.field.decision"), Text: text})
	return nil
}

// changes fills the table, and names each party with their number.
func (l *lastLook) changes(p *lang.Printer, r store.Reader, c register.ShareClass, on civil.Date,
	parties []party) (who []string, err error) {
	l.Caption = p.T("register.page.look.holds", "class", c.Letter, "day", on)
	for _, one := range parties {
		person, err := people.Standing(r, one.person)
		if err != nil {
			return nil, err
		}
		name := p.T("register.page.look.who", "name", person.Words(p), "number", one.number.String())
		who = append(who, name)
		l.Changes = append(l.Changes, holdingChange{name, holdsWords(p, c, one.held[0]), holdsWords(p, c, one.held[1])})
	}
	return who, nil
}

// holdsWords is "8 parts, 2 000 € versés, rien de dû".
func holdsWords(p *lang.Printer, c register.ShareClass, s register.Sum) string {
	due := money.Cents(s.Shares*int64(c.Nominal)) - s.Paid
	switch {
	case s.Shares == 0:
		return p.T("register.page.look.none")
	case due == 0:
		return p.T("register.page.holds.paid", "shares", sharesWords(s.Shares), "paid", s.Paid, "due", due)
	}
	return p.T("register.page.holds", "shares", sharesWords(s.Shares), "paid", s.Paid, "due", due)
}

// facts are the answers one by one, the two dates among them.
func (l *lastLook) facts(p *lang.Printer, c register.ShareClass, shares int64, paid money.Cents, m register.Movement,
	ground string, paper *scan) {
	say := func(code, text string) {
		if text != "" {
			l.Facts = append(l.Facts, web.Fact{Name: p.T("register.page." + code), Text: text})
		}
	}
	if shares > 0 || m.Kind == register.Corrected {
		say("shares", p.Count(shares))
	}
	say("class", c.Letter+", "+c.Name)
	say("amount", p.Money(paid))
	say("field.effective", p.Date(m.Effective))
	say("look.recorded", p.T("register.page.look.today", "day", m.RecordedOn))
	if m.Kind == register.Corrected {
		say("field.why", ground)
	} else {
		say("field.ground", ground)
	}
	if paper != nil {
		say("look.scan", paper.Name)
	}
}

// carry takes the answers into the next step.
func (l *lastLook) carry(names ...string) {
	for _, name := range names {
		if v := l.Form.Raw(name); v != "" {
			l.Hidden = append(l.Hidden, hidden{name, v})
		}
	}
}

// write does the act, once, and leads to the page of the cooperator.
func (s *screens) write(q *web.Request, form *web.Form, verb string, paper *scan, act act,
	done func(register.MovementNumber) string) error {
	var first register.MovementNumber
	outcome, err := s.DB.Act(q.Context(), store.By(q.Who.Person, verb).Once(form.Key()), func(tx *store.Tx) error {
		evidence, err := paper.keep(tx)
		if err != nil {
			return err
		}
		ms, err := act(tx, evidence)
		if err != nil {
			return err
		}
		first = ms[0].Number
		tx.Answer(cooperatorPath(ms[0].Cooperator) + "#n" + first.String())
		return nil
	})
	if err != nil {
		return err
	}
	if !outcome.Repeated {
		q.Flash(web.Yes, done(first))
	}
	return q.SeeOther(outcome.Answer)
}
