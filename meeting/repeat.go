package meeting

import (
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/vote"
)

// Repeat drafts the second assembly on the agenda of a first one: linked to it, date still to be fixed. It may be made
// after the quorum was missing, or beforehand, so that one letter convenes both. A meeting is repeated once.
func Repeat(tx *store.Tx, id ID) (ID, error) {
	first, found, err := ByID(tx, id)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "", fault.Refuse("meeting.refusal.unknown")
	case first.CancelledAt != 0:
		return "", fault.Refuse("meeting.refusal.cancelled")
	case first.Convening == vote.SecondConvening:
		return "", fault.Refuse("meeting.refusal.second")
	case len(first.Items) == 0:
		return "", fault.Refuse("meeting.refusal.no-agenda")
	}
	if _, repeated, err := SecondOf(tx, id); err != nil || repeated {
		if err == nil {
			err = fault.Refuse("meeting.refusal.repeated")
		}
		return "", err
	}
	name, err := freeName(tx, first.Name+"-2")
	if err != nil {
		return "", err
	}
	m := first
	m.Name, m.Title = name, say(first.Language).T(first.OwnWord("meeting.agenda.second"), "title", first.Title)
	if len(m.Title) > MaxTitle {
		m.Title = first.Title
	}
	m.Convening, m.Earlier, m.Demand = vote.SecondConvening, first.ID, ""
	m.ID, m.DraftedAt, m.Version, m.StartsAt, m.RollOn = ID(tx.ID()), tx.Now(), 1, 0, civil.Date{}
	m.ConvenedAt, m.AlteredAt, m.OpenedAt, m.ClosedAt = 0, 0, 0, 0
	if err := insertMeeting(tx, m); err != nil {
		return "", err
	}
	items := m.Items
	m.Items = nil
	for _, item := range items {
		if _, err := m.add(tx, item); err != nil {
			return "", err
		}
	}
	tx.Answer(m.Name)
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), first.ID.Ref()}})
	return m.ID, nil
}

// freeName is a name, or the first of its followers, that nothing has: ag-2026, ag-2026-2, ag-2026-3.
func freeName(r store.Reader, wish string) (string, error) {
	name := wish
	for i := 2; ; i++ {
		taken, err := nameTaken(r, name)
		if err != nil || !taken {
			return name, err
		}
		name = strings.TrimSuffix(wish, "-2") + "-" + strconv.Itoa(i)
		fault.Must(i <= maxMeetings, "no name like %s is free", wish)
	}
}
