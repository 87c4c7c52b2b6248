package sitting

import (
	"strings"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Incident is what disturbed the meeting. With people taking part from afar, technical problems must stand in the
// minutes (CSA 6:75).
type Incident struct {
	ID     string
	Item   meeting.ItemID // empty: between two items
	Remote bool           // it prevented or disturbed taking part from afar
	At     civil.Instant
	By     people.PersonID
	Words  string
	Over   civil.Instant // 0 while it lasts, or when nobody noted its end
	Remedy string        // what the bureau did
}

// NoteIncident writes down an incident.
func NoteIncident(tx *store.Tx, id meeting.ID, i Incident) (string, error) {
	m, _, err := writable(tx, id)
	if err != nil {
		return "", err
	}
	if err := mayWrite(tx, m); err != nil {
		return "", err
	}
	if i.Words, err = words("words", i.Words, MaxWords); err != nil {
		return "", err
	}
	if i.Remedy = strings.TrimSpace(i.Remedy); len(i.Remedy) > MaxWords {
		return "", fault.Refuse("sitting.refusal.words", "limit", MaxWords).At("remedy")
	}
	if i.Item != "" {
		if _, err := place(m, i.Item, ""); err != nil {
			return "", err
		}
	}
	all, err := Incidents(tx, id)
	if err != nil {
		return "", err
	}
	if len(all) >= MaxIncidents {
		return "", fault.Refuse("sitting.refusal.incidents", "limit", MaxIncidents)
	}
	i.ID, i.At, i.By, i.Over = tx.ID(), tx.Now(), people.PersonID(tx.Actor()), 0
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	return i.ID, insertIncident(tx, id, i)
}

// EndIncident notes that an incident is over, and what was done about it.
func EndIncident(tx *store.Tx, id meeting.ID, incident, remedy string) error {
	m, _, err := writable(tx, id)
	if err != nil {
		return err
	}
	if err := mayWrite(tx, m); err != nil {
		return err
	}
	if remedy = strings.TrimSpace(remedy); len(remedy) > MaxWords {
		return fault.Refuse("sitting.refusal.words", "limit", MaxWords).At("remedy")
	}
	n, err := endIncident(tx, id, incident, tx.Now(), remedy)
	if err == nil && n == 0 {
		err = fault.Refuse("sitting.refusal.incident")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	return err
}

// Retained is a point that the debate retained, with who owes the answer.
type Retained struct {
	ID         assembly.RetainedID
	Item       meeting.ItemID
	Title      string
	Words      string
	Owner      people.BodyID // a body, or nobody
	OwnerWords string        // how the meeting named the owner when it is no body
	DueOn      civil.Date
	At         civil.Instant
	By         people.PersonID
	DroppedAt  civil.Instant // taken back before the minutes were settled; 0: it stands
}

// Retain notes a point that the debate retains, with its owner and when it is due.
func Retain(tx *store.Tx, id meeting.ID, p Retained) (assembly.RetainedID, error) {
	m, s, err := writable(tx, id)
	if err != nil {
		return "", err
	}
	if err := mayWrite(tx, m); err != nil {
		return "", err
	}
	item, err := place(m, p.Item, "")
	if err != nil {
		return "", err
	}
	if p.Title, err = words("title", p.Title, MaxTitle); err != nil {
		return "", err
	}
	p.Words, p.OwnerWords = strings.TrimSpace(p.Words), strings.TrimSpace(p.OwnerWords)
	switch {
	case len(p.Words) > MaxWords:
		return "", fault.Refuse("sitting.refusal.words", "limit", MaxWords).At("words")
	case len(p.OwnerWords) > MaxTitle:
		return "", fault.Refuse("sitting.refusal.words", "limit", MaxTitle).At("owner")
	case !p.DueOn.IsZero() && p.DueOn.Before(s.OpenedAt.On(tx.Zone())):
		return "", fault.Refuse("sitting.refusal.due").At("due")
	}
	if p.Owner != "" {
		body, err := people.GetBody(tx, p.Owner)
		if err != nil {
			return "", err
		}
		if !body.Until.IsZero() && body.Until.Before(tx.Today()) {
			return "", fault.Refuse("sitting.refusal.owner-over", "until", body.Until).At("owner")
		}
	}
	all, err := RetainedIn(tx, id)
	if err != nil {
		return "", err
	}
	if len(all) >= MaxRetained {
		return "", fault.Refuse("sitting.refusal.retained", "limit", MaxRetained)
	}
	p.ID, p.At, p.By, p.DroppedAt = assembly.RetainedID(tx.ID()), tx.Now(), people.PersonID(tx.Actor()), 0
	tx.Record(store.Line{About: []store.Ref{id.Ref(), p.Item.Ref()}, Args: map[string]any{"item": item.Number}})
	return p.ID, insertRetained(tx, id, p)
}

// Drop takes a retained point back: it was written by mistake, or twice.
func Drop(tx *store.Tx, id meeting.ID, point assembly.RetainedID) error {
	m, _, err := writable(tx, id)
	if err != nil {
		return err
	}
	if err := mayWrite(tx, m); err != nil {
		return err
	}
	n, err := dropRetained(tx, id, point, tx.Now())
	if err == nil && n == 0 {
		err = fault.Refuse("sitting.refusal.point")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	return err
}
