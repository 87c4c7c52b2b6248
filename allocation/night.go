package allocation

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
)

// keptDays is how long what was typed is kept after an application came to nothing.
const keptDays = 365

// RemindAhead is how many days before it leaves the list an application is asked once more.
const RemindAhead = 14

// Nightly is what waits to be done at night: whom to ask whether they still want a place, whom to remind of it, and who
// lapses.
type Nightly struct {
	Ask    []Application
	Remind []Application
	Lapse  []Application
}

// Any says that something waits.
func (n Nightly) Any() bool { return len(n.Ask)+len(n.Remind)+len(n.Lapse) > 0 }

// DueTonight reads what waits. Somebody is asked once for each time that their interest runs out, and reminded once.
// Nobody lapses who was not asked and reminded, nor before the days have passed that the letters leave for an answer: a
// server that slept takes no place from anybody, nor does a letter that was never printed.
func DueTonight(r store.Reader) (n Nightly, err error) {
	u, err := RulesOn(r, r.Today())
	if err != nil {
		return n, err
	}
	apps, err := counting(r)
	if err != nil {
		return n, err
	}
	letters, err := lastAsked(r)
	if err != nil {
		return n, err
	}
	for _, a := range apps {
		switch a.due(r, u, letters[a.ID]) {
		case LetterRenew:
			n.Ask = append(n.Ask, a)
		case LetterRemind:
			n.Remind = append(n.Remind, a)
		case LetterLapsed:
			n.Lapse = append(n.Lapse, a)
		}
	}
	return n, nil
}

// due is which letter an application is to get tonight; empty for none.
func (a Application) due(r store.Reader, u Rules, last asking) LetterKind {
	today := r.Today()
	by, lapses := a.RenewBy(u)
	waited := func(l Letter, days int) bool {
		return l.left() != 0 && !today.Before(l.left().On(r.Zone()).AddDays(days))
	}
	missing := func(l Letter) bool { // what was answered, or asked by hand long before, does not count
		return l.At <= a.Heard || l.At.On(r.Zone()).Before(by.AddDays(-AskAhead))
	}
	switch {
	case missing(last.asked):
		if !today.Before(by.AddDays(-AskAhead)) {
			return LetterRenew
		}
	case missing(last.reminded):
		if !today.Before(lapses.AddDays(-RemindAhead)) && waited(last.asked, AskAhead-RemindAhead) {
			return LetterRemind
		}
	case !today.Before(lapses) && waited(last.asked, AskAhead) && waited(last.reminded, RemindAhead):
		return LetterLapsed
	}
	return ""
}

// Night asks those whose interest runs out, reminds them, and lets those lapse who did not answer in time.
func Night(tx *store.Tx) (Nightly, error) {
	n, err := DueTonight(tx)
	if err != nil {
		return n, err
	}
	u, err := RulesOn(tx, tx.Today())
	if err != nil {
		return n, err
	}
	letters, err := lastAsked(tx)
	if err != nil {
		return n, err
	}
	err = tx.Quietly(func() error {
		for _, a := range n.Ask {
			if err := ask(tx, a, u); err != nil {
				return err
			}
		}
		for _, a := range n.Remind {
			if err := remind(tx, a, u, letters[a.ID].asked); err != nil {
				return err
			}
		}
		for _, a := range n.Lapse {
			if err := lapse(tx, a, u); err != nil {
				return err
			}
		}
		return nil
	})
	tx.Record(store.Line{Args: map[string]any{"asked": len(n.Ask), "reminded": len(n.Remind), "lapsed": len(n.Lapse)}})
	return n, err
}

// goneOn is the day on which an application leaves the list that is written to today, if nobody answers within so many
// days at least.
func (a Application) goneOn(tx *store.Tx, u Rules, days int) civil.Date {
	_, lapses := a.RenewBy(u)
	if soonest := tx.Today().AddDays(days); lapses.Before(soonest) {
		return soonest
	}
	return lapses
}

// Ask asks somebody before their time whether they still want a place, as one does before a round. Their time runs on
// as it did.
func Ask(tx *store.Tx, id ApplicationID) error {
	a, err := Get(tx, id)
	if err != nil {
		return err
	}
	if a.State != Listed {
		return a.refuse("allocation.refusal.not-listed")
	}
	letters, err := lastAsked(tx)
	if err != nil {
		return err
	}
	if last := letters[id].asked; last.At > a.Heard {
		return fault.Refuse("allocation.refusal.asked", "number", a.Number, "on", last.At.On(tx.Zone()))
	}
	u, err := RulesOn(tx, tx.Today())
	if err != nil {
		return err
	}
	tx.Record(a.line(nil))
	return ask(tx, a, u)
}

func ask(tx *store.Tx, a Application, u Rules) error {
	by, _ := a.RenewBy(u)
	last := a.goneOn(tx, u, AskAhead).AddDays(-1)
	return write(tx, a, LetterRenew, "", func(p *lang.Printer, house string) papers.Blocks {
		return papers.Blocks{papers.Paragraph{Words: papers.T(p.T("allocation.paper.renew.text", "house", house, "number",
			a.Number, "since", a.Since, "by", by, "last", last))}}
	})
}

func remind(tx *store.Tx, a Application, u Rules, asked Letter) error {
	last := a.goneOn(tx, u, RemindAhead).AddDays(-1)
	return write(tx, a, LetterRemind, "", func(p *lang.Printer, house string) papers.Blocks {
		return papers.Blocks{papers.Paragraph{Words: papers.T(p.T("allocation.paper.remind.text", "house", house, "number",
			a.Number, "since", a.Since, "asked", asked.At.On(tx.Zone()), "last", last))}}
	})
}

func lapse(tx *store.Tx, a Application, u Rules) error {
	tx.Record(a.line(nil))
	if err := turn(tx, &a, Step{Cause: Expired, State: Lapsed}); err != nil {
		return err
	}
	return write(tx, a, LetterLapsed, "", func(p *lang.Printer, house string) papers.Blocks {
		code := "allocation.paper.lapsed.anew"
		if u.Returns > 0 {
			code = "allocation.paper.lapsed.returns"
		}
		return papers.Blocks{papers.Paragraph{Words: papers.T(p.T("allocation.paper.lapsed.text", "house", house, "number",
			a.Number, "since", a.Since))}, papers.Paragraph{Words: papers.T(p.T(code, "until",
			a.Turned.AddMonths(int(u.Returns))))}}
	})
}

// Sweep empties what was typed in applications that came to nothing a year ago, and of which no person of the books is
// known. It is no act.
func Sweep(tx *store.Tx) error {
	apps, err := All(tx)
	if err != nil {
		return err
	}
	for _, a := range apps {
		if a.Person != "" || a.Typed.Forgotten() || a.State == Listed || a.State == Placed {
			continue
		}
		if kept(a, tx.Today()) {
			continue
		}
		if err := forgetApplication(tx, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// kept says that what was typed is still within its year.
func kept(a Application, today civil.Date) bool { return today.Before(a.Turned.AddDays(keptDays)) }
