package assembly

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// Write keeps the record of a meeting that was held in the program, of any body, by the rules that hold for one taken
// in from a file: it opens the mandates that elections and draws gave and makes adopted changes of the bylaws pending.
// Ids are the caller's, so that what was said of the living meeting can point into its record; those of annexes are
// made here. Outcomes were computed where the votes are kept. A refusal leaves nothing behind.
func Write(tx *store.Tx, a Assembly, attendees []Attendee) (Assembly, error) {
	fault.Must(a.Session != nil && a.FileHash == "", "a record that was not held is taken in from a file")
	if err := a.sound().Err(); err != nil {
		return a, err
	}
	if _, found, err := ByName(tx, a.Name); err != nil || found {
		if err == nil {
			err = fault.Refuse("assembly.refusal.name-taken", "name", a.Name).At("name")
		}
		return a, err
	}
	if a.HeldOn.First().After(tx.Today()) {
		return a, fault.Refuse("assembly.refusal.future", "day", a.HeldOn).At("held")
	}
	a.Session.List = ListHash(attendees)
	err := tx.Quietly(func() error { return carryAll(tx, &a) })
	if err != nil {
		return a, err
	}
	matters := 0
	for _, item := range a.Items {
		matters += len(item.Matters)
	}
	tx.Record(store.Line{About: []store.Ref{a.ID.Ref(), a.Body.Ref()}, Args: map[string]any{"held_on": a.HeldOn.String(),
		"items": len(a.Items), "matters": matters, "retained": len(a.Retained), "name": a.Name}})
	return a, insert(tx, a, attendees)
}

// ListHash is the hash of a list of those who were there, as the minutes cite it; empty without a list.
func ListHash(list []Attendee) string {
	if len(list) == 0 {
		return ""
	}
	sum := sha256.Sum256(canonical(list))
	return hex.EncodeToString(sum[:])
}

// sound says what is wrong with a record by itself.
func (a Assembly) sound() (rs fault.Refusals) {
	refuse := func(path, code string, kv ...any) {
		rs = append(rs, fault.Refuse("assembly.refusal."+code, kv...).At(path))
	}
	if !nameShape.MatchString(a.Name) || slices.Contains(reserved, a.Name) {
		refuse("name", "name", "text", brief(a.Name))
	}
	if strings.TrimSpace(a.Title) == "" || len(a.Title) > maxTitle || len(a.Place) > maxTitle {
		refuse("title", "title", "limit", maxTitle)
	}
	if addsUp(a.Attendance) != nil {
		refuse("attendance", "attendance-sum")
	}
	if len(a.Items) == 0 {
		refuse("items", "no-items")
	}
	if len(a.Items) > maxItems || len(a.Retained) > maxItems*maxRetained || len(a.Notes) > maxNotes {
		refuse("items", "too-many")
		return rs
	}
	numbers := map[string]bool{}
	for i, item := range a.Items {
		path := fmt.Sprintf("items[%d]", i)
		switch {
		case item.Number == "" || len(item.Number) > maxNumber:
			refuse(path, "item-number", "limit", maxNumber)
		case numbers[item.Number]:
			refuse(path, "item-twice", "number", item.Number)
		case strings.TrimSpace(item.Title) == "" || len(item.Title) > maxTitle:
			refuse(path, "title", "limit", maxTitle)
		case len(item.Matters) > maxMatters:
			refuse(path, "too-many")
		}
		numbers[item.Number] = true
		for j, m := range item.Matters {
			m.sound(fmt.Sprintf("%s.matters[%d]", path, j), refuse)
		}
	}
	return rs
}

// maxLivedWords bounds what was proposed and what was noted together.
const maxLivedWords = 4 * maxWords

func (m Matter) sound(path string, refuse func(path, code string, kv ...any)) {
	fault.Must(m.ID != "", "a matter without an id")
	switch {
	case !m.Kind.Valid():
		refuse(path, "kind", "text", brief(string(m.Kind)))
	case len(m.Title) > maxTitle || len(m.Place) > maxTitle:
		refuse(path, "title", "limit", maxTitle)
	case len(m.Words) > maxLivedWords:
		refuse(path, "words", "limit", maxLivedWords)
	case len(m.Annexes) > maxAnnexes:
		refuse(path, "annexes", "limit", maxAnnexes)
	case m.Kind == Election && len(m.Effective)+len(m.Substitutes) > 0, m.Kind == Draw && len(m.Elected) > 0:
		refuse(path, "election-or-draw")
	}
}

// carryAll lets every matter of a record work where its subject lives, and gives annexes their ids.
func carryAll(tx *store.Tx, a *Assembly) error {
	var rs fault.Refusals
	for i := range a.Items {
		for j := range a.Items[i].Matters {
			m := &a.Items[i].Matters[j]
			for k := range m.Annexes {
				m.Annexes[k].ID = tx.ID()
			}
			if m.Lived == nil {
				m.Lived = &Lived{}
			}
			e := effects{heldOn: a.HeldOn, until: m.Lived.Until, changes: m.Lived.Changes, rules: m.Lived.Rules, renews: true,
				refused: func(err error) bool {
					found := fault.Of(err)
					for _, r := range found {
						rs = append(rs, r.At(field("$.items."+a.Items[i].Number, r.Field)))
					}
					return len(found) > 0
				}}
			if _, err := m.carry(tx, e); err != nil {
				return err
			}
		}
	}
	return rs.Err()
}

// effects is what a matter needs to work where its subject lives.
type effects struct {
	heldOn  civil.Date
	until   civil.Date // term of the mandates that it gives
	changes []bylaws.Change
	rules   []bylaws.Rule
	deed    string // what is told of the deed of a change
	renews  bool   // who is elected again leaves the earlier mandate; otherwise two terms that overlap are refused
	// refused takes what another room refuses, and says whether it was a refusal; an error of the world goes on
	refused func(error) bool
}

// carry opens the mandates that a matter gave and makes an adopted change of the bylaws pending: only its deed puts it
// in force. It says how many seats were taken.
func (m *Matter) carry(tx *store.Tx, e effects) (seats int, err error) {
	if m.Kind.Changes() && m.Outcome.Verdict() == vote.Adopted && len(e.changes) > 0 {
		id, err := bylaws.Propose(tx, bylaws.Proposal{Title: m.Title, AdoptedOn: e.heldOn, Decided: m.ID.Ref(),
			Note: e.deed, Changes: e.changes, Rules: e.rules})
		if err != nil && !e.refused(err) {
			return 0, err
		}
		m.Amendment = id
	}
	if !m.Kind.Fills() {
		return 0, nil
	}
	for _, part := range []struct {
		who  []people.PersonID
		role people.Role
	}{{m.Elected, people.Member}, {m.Effective, people.Effective}, {m.Substitutes, people.Substitute}} {
		for rank, person := range part.who {
			mandate := people.Mandate{Body: m.Body, Person: person, Role: part.role, From: e.heldOn, Until: e.until,
				Opened: m.ID.Ref()}
			if part.role == people.Substitute {
				mandate.Rank = rank + 1
			}
			if person == "" {
				continue // its key was refused already
			}
			if e.renews {
				if err := leave(tx, mandate); err != nil {
					return seats, err
				}
			}
			switch _, err := people.OpenMandate(tx, mandate); {
			case err == nil:
				seats++
			case !e.refused(err):
				return seats, err
			}
		}
	}
	return seats, nil
}

// leave ends the mandate that a person has in the same role of the same body, on the day of the new one.
func leave(tx *store.Tx, next people.Mandate) error {
	seated, err := people.Seated(tx, next.Body, next.From.Last())
	if err != nil {
		return err
	}
	for _, m := range seated {
		again := m.Person == next.Person && m.Role == next.Role && m.From.Before(next.From)
		if ends := m.Ends(); again && (ends.IsZero() || ends.After(next.From)) {
			if err := people.CloseMandate(tx, m.ID, next.From.Last(), people.Replaced); err != nil {
				return err
			}
		}
	}
	return nil
}
