package allocation

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
)

// keptDays is how long what was typed is kept after an application came to nothing.
const keptDays = 365

// Nightly is what waits to be done at night: whom to ask whether they still want a place, and who lapses.
type Nightly struct {
	Ask   []Application
	Lapse []Application
}

// Any says that something waits.
func (n Nightly) Any() bool { return len(n.Ask)+len(n.Lapse) > 0 }

// DueTonight reads what waits. Somebody is asked once for each time that their interest runs out. Nobody lapses who was
// not asked, nor before a month has passed since: a server that slept takes no place from anybody.
func DueTonight(r store.Reader) (n Nightly, err error) {
	today := r.Today()
	u, err := RulesOn(r, today)
	if err != nil {
		return n, err
	}
	apps, err := All(r)
	if err != nil {
		return n, err
	}
	joined, err := Joined(r)
	if err != nil {
		return n, err
	}
	asked, err := lastAsked(r)
	if err != nil {
		return n, err
	}
	for _, a := range apps {
		if a.State != Listed || joined[a.ID] != "" {
			continue
		}
		by, lapses := a.RenewBy(u)
		since := asked[a.ID]
		waits := since != 0 && !since.On(r.Zone()).Before(a.Interest)
		switch {
		case waits && !today.Before(lapses) && !today.Before(since.On(r.Zone()).AddDays(AskAhead)):
			n.Lapse = append(n.Lapse, a)
		case !waits && !today.Before(by.AddDays(-AskAhead)):
			n.Ask = append(n.Ask, a)
		}
	}
	return n, nil
}

// Night asks those whose interest runs out, and lets those lapse who did not answer in time.
func Night(tx *store.Tx) (Nightly, error) {
	n, err := DueTonight(tx)
	if err != nil {
		return n, err
	}
	u, err := RulesOn(tx, tx.Today())
	if err != nil {
		return n, err
	}
	err = tx.Quietly(func() error {
		for _, a := range n.Ask {
			if err := ask(tx, a, u); err != nil {
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
	tx.Record(store.Line{Args: map[string]any{"asked": len(n.Ask), "lapsed": len(n.Lapse)}})
	return n, err
}

func ask(tx *store.Tx, a Application, u Rules) error {
	by, lapses := a.RenewBy(u)
	if soonest := tx.Today().AddDays(AskAhead); lapses.Before(soonest) {
		lapses = soonest
	}
	return write(tx, a, LetterRenew, "", func(p *lang.Printer, house string) papers.Blocks {
		return papers.Blocks{papers.Paragraph{Words: papers.T(p.T("allocation.paper.renew.text", "house", house, "number",
			a.Number, "since", a.Since, "by", by, "last", lapses.AddDays(-1)))}}
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
