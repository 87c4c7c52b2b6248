package works

import (
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/places"
)

// Ledger is a list of entries that are only added, and mended by opposite entries.
type Ledger string

// The ledgers.
const (
	OfCosts       Ledger = "cost"
	OfReuse       Ledger = "reuse"
	OfSelfBuild   Ledger = "selfbuild"
	OfInspections Ledger = "inspection"
	OfLiftings    Ledger = "lifting"
)

// Words names what the entries are.
func (l Ledger) Words() lang.Phrase { return lang.Say("works.ledger." + string(l)) }

// Reversal is the opposite entry of an entry: it was never so.
type Reversal struct {
	ID    string
	Kind  Ledger
	About string
	Place places.PlaceID
	Why   string
	Made
}

// Reverse is the opposite entry of an entry of a ledger: it stays readable, with why, and counts no more.
func Reverse(tx *store.Tx, kind Ledger, id, why string) error {
	var c checker
	c.need("why", why, MaxWhy)
	if len(c.wrong) > 0 {
		return c.wrong
	}
	place, about, err := entered(tx, kind, id)
	if err != nil {
		return err
	}
	gone, err := Reversed(tx, place)
	if err != nil {
		return err
	}
	if _, again := gone[id]; again {
		return fault.Refuse("works.refusal.reversed")
	}
	tx.Record(store.Line{About: append([]store.Ref{place.Ref()}, about...), Args: map[string]any{"what": kind.Words()}})
	if err := insertReversal(tx, Reversal{tx.ID(), kind, id, place, why, made(tx)}); err != nil {
		return err
	}
	if kind == OfInspections || kind == OfLiftings {
		return watch(tx, DutyID(about[0].ID))
	}
	return nil
}

// entered finds the place of an entry, and what the journal says it is about.
func entered(r store.Reader, kind Ledger, id string) (place places.PlaceID, about []store.Ref, err error) {
	found := false
	switch kind {
	case OfCosts:
		var e Cost
		if e, found, err = store.Find(r, qCost, scanCost, id); err != nil || !found {
			break
		}
		lot, err := store.One(r, qLot, scanLot, e.Lot)
		if err != nil {
			return "", nil, err
		}
		s, err := SiteByID(r, lot.Site)
		return s.Place, []store.Ref{s.ID.Ref()}, err
	case OfReuse:
		var e Reuse
		e, found, err = store.Find(r, qReuse, scanReuse, id)
		place = e.Place
	case OfSelfBuild:
		var e SelfBuild
		e, found, err = store.Find(r, qSelf, scanSelf, id)
		place = e.Place
	case OfInspections, OfLiftings:
		var d Duty
		d, found, err = dutyOf(r, kind, id)
		place, about = d.Place, []store.Ref{d.ID.Ref()}
	}
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-entry")
	}
	return place, about, err
}

// Reversed are the opposite entries of a place, by what they are about.
func Reversed(r store.Reader, place places.PlaceID) (map[string]Reversal, error) {
	return reversals(r, qReversalsOf, string(place))
}

func reversals(r store.Reader, q store.Query, args ...any) (map[string]Reversal, error) {
	gone := map[string]Reversal{}
	return gone, store.Each(r, q, func(row store.Row) error {
		v, err := scanReversal(row)
		gone[v.About] = v
		return err
	}, args...)
}
