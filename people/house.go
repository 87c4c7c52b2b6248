package people

import (
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// House is the cooperative itself. There is one in a database.
type House struct {
	Person    PersonID
	Lang      lang.Tag // of its papers
	Zone      string   // "Europe/Brussels"
	HasShares bool     // a house of organisations may start without shares
	// Register is the board's decision to keep the register of shares electronically (CSA 6:24); zero when none was given.
	Register struct {
		On        civil.Date
		Reference string
	}
	FoundedOn civil.Date // when the cooperative began, as far as known
}

// Foundation is what the set-up page asks.
type Foundation struct {
	House     Entry // the legal person: name, form, enterprise number, seat
	Zone      string
	HasShares bool
	DecidedOn civil.Date // board decision for the electronic register
	Reference string
	FoundedOn civil.Date
}

const maxReference = 120

// Found sets the house up: its legal person, its general assembly and its board. It happens once.
func Found(tx *store.Tx, f Foundation) (House, error) {
	if _, there, err := TheHouse(tx); err != nil || there {
		if err == nil {
			err = fault.Refuse("people.refusal.founded")
		}
		return House{}, err
	}
	var rs fault.Refusals
	f.House.Kind = Legal
	h := House{Zone: f.Zone, HasShares: f.HasShares, FoundedOn: f.FoundedOn}
	rs = append(rs, checkZone(f.Zone)...)
	reference, more := checkDecision(f.DecidedOn, f.Reference, tx.Today())
	rs = append(rs, more...)
	h.Register.On, h.Register.Reference = f.DecidedOn, reference
	if _, more := f.House.person(tx.Today()); len(more) > 0 {
		rs = append(rs, more...)
	}
	if err := rs.Err(); err != nil {
		return House{}, err
	}
	id, err := Enroll(tx, f.House)
	if err != nil {
		return House{}, err
	}
	p, err := Get(tx, id)
	if err != nil {
		return House{}, err
	}
	h.Person, h.Lang = id, p.Lang
	if err := insertHouse(tx, h); err != nil {
		return House{}, err
	}
	for _, kind := range []BodyKind{Assembly, Board} {
		if _, err := OpenBody(tx, Body{Kind: kind, From: f.FoundedOn}); err != nil {
			return House{}, err
		}
	}
	return h, nil
}

func checkZone(name string) fault.Refusals {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return fault.Refusals{fault.Refuse("people.refusal.zone", "text", brief(name)).At("zone")}
	}
	return nil
}

func checkDecision(on civil.Date, reference string, today civil.Date) (string, fault.Refusals) {
	reference, rs := tidy("reference", reference, maxReference)
	if on.First().After(today) {
		rs = append(rs, fault.Refuse("people.refusal.future", "date", on).At("decided"))
	}
	return reference, rs
}

// TheHouse reads the house; false before it is founded.
func TheHouse(r store.Reader) (House, bool, error) {
	return store.Find(r, qHouse, scanHouse)
}

// Settle changes what the settings page may: language, zone, shares, the board's decision on the register.
func Settle(tx *store.Tx, h House) error {
	old, there, err := TheHouse(tx)
	if err != nil {
		return err
	}
	if !there {
		return fault.Refuse("people.refusal.not-founded")
	}
	rs := checkZone(h.Zone)
	reference, more := checkDecision(h.Register.On, h.Register.Reference, tx.Today())
	rs = append(rs, more...)
	if !lang.Known(string(h.Lang)) {
		rs = append(rs, fault.Refuse("people.refusal.language", "text", brief(string(h.Lang))).At("lang"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	h.Person, h.Register.Reference = old.Person, reference
	tx.Record(store.Line{About: []store.Ref{h.Person.Ref()},
		Args: map[string]any{"lang": LangWords(h.Lang), "zone": h.Zone, "decided_on": h.Register.On.String()}})
	return updateHouse(tx, h)
}
