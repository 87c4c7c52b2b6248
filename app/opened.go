package app

import (
	"context"

	"lieux/assembly"
	"lieux/ballot"
	ballotview "lieux/ballot/view"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// opened says what gave a mandate: the item of an assembly, a retained point, a decision.
func (a *App) opened(ctx context.Context, r store.Reader, ref store.Ref) (words, href string, err error) {
	p := lang.From(ctx)
	switch ref.Kind {
	case "matter":
		return openedByMatter(r, p, assembly.MatterID(ref.ID))
	case "retained":
		point, found, err := assembly.RetainedByID(r, assembly.RetainedID(ref.ID))
		if err != nil || !found {
			return "", "", err
		}
		return p.T("app.opened.retained", "day", point.HeldOn, "number", point.ItemNumber), "/retained/" + ref.ID, nil
	case "decision":
		d, err := people.GetDecision(r, people.DecisionID(ref.ID))
		if err != nil {
			return "", "", err
		}
		if w, written, err := ballot.WrittenFor(r, d.ID); err != nil {
			return "", "", err
		} else if written {
			href = ballotview.DecisionPath(w.ID)
		}
		return p.T("app.opened.decision", "day", d.On, "reference", d.Reference), href, nil
	}
	return "", "", nil
}

func openedByMatter(r store.Reader, p *lang.Printer, id assembly.MatterID) (words, href string, err error) {
	meetings, err := assembly.All(r)
	if err != nil {
		return "", "", err
	}
	for _, m := range meetings {
		whole, _, err := assembly.ByID(r, m.ID)
		if err != nil {
			return "", "", err
		}
		for _, item := range whole.Items {
			for _, matter := range item.Matters {
				if matter.ID == id {
					code := "app.opened.matter"
					if matter.Kind == assembly.Draw {
						code = "app.opened.draw"
					}
					return p.T(code, "day", m.HeldOn, "number", item.Number), "/assemblies/" + m.Name, nil
				}
			}
		}
	}
	return "", "", nil
}
