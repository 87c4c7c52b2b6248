package people

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// Ground is why a person is erased.
type Ground string

// The grounds (GDPR, article 17.1).
const (
	OnRequest Ground = "request" // the person asked
	NotNeeded Ground = "term"    // the term of the retention table has passed
	Unlawful  Ground = "error"   // the record should never have been made
	Restored  Ground = "restore" // erased before; an older copy had brought it back
)

// GroundsOfErasure lists the grounds that a person may choose.
var GroundsOfErasure = []Ground{OnRequest, NotNeeded, Unlawful}

// Words names the ground.
func (g Ground) Words() lang.Phrase { return lang.Say("people.erased." + string(g)) }

// directorYears is how long actions against directors may be brought after their mandate ended: their names are
// kept that long.
const directorYears = 5 // CSA 2:143, § 1

// Hindrances are the legal duties that keep a person from being erased; none means that nothing does.
func Hindrances(r store.Reader, id PersonID) (fault.Refusals, error) {
	records, err := Records(r, id)
	if err != nil {
		return nil, err
	}
	var rs fault.Refusals
	p, err := Get(r, records[0])
	if err != nil {
		return nil, err
	}
	if !p.Erased.IsZero() {
		return fault.Refusals{fault.Refuse("people.refusal.erased", "date", p.Erased)}, nil
	}
	house, _, err := TheHouse(r)
	if err != nil {
		return nil, err
	}
	for _, id := range records {
		if id == house.Person {
			rs = append(rs, fault.Refuse("people.refusal.erase-house"))
		}
		if last, err := administersLast(r, id); err != nil {
			return nil, err
		} else if last {
			rs = append(rs, fault.Refuse("people.refusal.last-admin"))
		}
		more, err := mandateDuties(r, id)
		if err != nil {
			return nil, err
		}
		rs = append(rs, more...)
		for _, retain := range Hooks.Retain {
			more, err := retain(r, id)
			if err != nil {
				return nil, err
			}
			rs = append(rs, more...)
		}
	}
	return rs, nil
}

func administersLast(r store.Reader, id PersonID) (bool, error) {
	grants, err := GrantsOf(r, id)
	if err != nil || !slices.ContainsFunc(grants, func(g Grant) bool { return g.Role == ForAdmin && g.On(r.Today()) }) {
		return false, err
	}
	return lastAdmin(r, id, ForAdmin)
}

// mandateDuties: who sits in a body is named by its papers; who sat in the board stays answerable for five years.
func mandateDuties(r store.Reader, id PersonID) (rs fault.Refusals, err error) {
	mandates, err := MandatesOf(r, id)
	if err != nil {
		return nil, err
	}
	today := r.Today()
	for _, m := range mandates {
		if m.Reason == Mistaken {
			continue
		}
		body, err := GetBody(r, m.Body)
		if err != nil {
			return nil, err
		}
		ends := m.Ends()
		if ends.IsZero() || !ends.Before(today) {
			rs = append(rs, fault.Refuse("people.refusal.erase-mandate", "from", m.From))
			continue
		}
		if until := ends.AddYears(directorYears); body.Kind == Board && !until.Before(today) {
			rs = append(rs, fault.Refuse("people.refusal.erase-director", "until", until).By("CSA 2:143"))
		}
	}
	return rs, nil
}

// Erase forgets a person, under all records: names, birth date, contacts, addresses, search keys, words of
// consents and of journal lines, and what other rooms hold. What stays is a row with the day and the ground, so
// that numbers and sums of the past still have somebody. It is refused while a legal duty holds ([Hindrances]).
func Erase(tx *store.Tx, id PersonID, ground Ground) error {
	if !slices.Contains(GroundsOfErasure, ground) {
		return fault.Refuse("people.refusal.ground").At("ground")
	}
	hindrances, err := Hindrances(tx, id)
	if err != nil {
		return err
	}
	if err := hindrances.Err(); err != nil {
		return err
	}
	records, err := Records(tx, id)
	if err != nil {
		return err
	}
	for _, id := range records {
		if err := forget(tx, id, ground); err != nil {
			return err
		}
	}
	return nil
}

// forget erases one record.
func forget(tx *store.Tx, id PersonID, ground Ground) error {
	for _, erase := range Hooks.Erase {
		if err := erase(tx, id); err != nil {
			return err
		}
	}
	if err := leave(tx, id); err != nil {
		return err
	}
	for _, q := range erasures {
		if _, err := tx.Exec(q, string(id)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(qErasePerson, string(id), tx.Today(), string(ground)); err != nil {
		return err
	}
	if _, err := tx.Exec(qRevokeAll, string(id), int64(tx.Now())); err != nil {
		return err
	}
	if _, err := tx.EraseAbout(id.Ref()); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"ground": ground.Words()}})
	return nil
}

// EraseAgain erases one record that an older copy brought back, as [store.DB.EraseAgain] asks: other kinds of
// objects are not this room's. Duties are not asked again: they were, on the day.
func EraseAgain(tx *store.Tx, of store.Ref) error {
	if of.Kind != "person" {
		return nil
	}
	p, found, err := store.Find(tx, qPerson, scanPerson, of.ID)
	if err != nil || !found || !p.Erased.IsZero() {
		return err
	}
	return forget(tx, p.ID, Restored)
}
