package app

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	concessionpages "lieux/concession/pages"
	"lieux/people"
	"lieux/places"
)

// runsPlace says for the places whether somebody runs one of them today, and whether the concession lets them fill it.
func runsPlace(r store.Reader, person, party people.PersonID, place places.PlaceID) (runs, lets bool, err error) {
	c, runs, err := concession.Acting{Person: person, For: party}.Of(r, place)
	return runs, runs && c.Lets, err
}

// managed are the places that somebody runs today, or the organisation for which they act.
func managed(r store.Reader, person, party people.PersonID) (list []places.PlaceID, err error) {
	all, err := concession.Acting{Person: person, For: party}.Managed(r)
	for _, c := range all {
		list = append(list, c.Place)
	}
	return list, err
}

// placeDue is a task of the places in words.
func placeDue(p *lang.Printer, today civil.Date, t places.Task) web.Due {
	if t.Due.IsZero() {
		return web.Due{When: p.T("app.due.no-date"), Title: p.Words(t.Say), Href: t.Path, Text: p.Words(t.Why)}
	}
	return due(p, today, t.Due, p.Words(t.Say), t.Path, p.Words(t.Why))
}

// placeDues are what the house has to do in the places: trials that end, stays that were asked for.
func placeDues(r store.Reader, p *lang.Printer) (list []web.Due, err error) {
	tasks, err := places.Tasks(r)
	for _, t := range tasks {
		list = append(list, placeDue(p, r.Today(), t))
	}
	return list, err
}

// entrustedWaits are what the concessions wait for from the reader: as a manager, or as one who evaluates.
func entrustedWaits(q *web.Request, r store.Reader) (list []waiting, err error) {
	dues, err := concessionpages.Awaited(q, r)
	for _, d := range dues {
		w := waiting{Due: d, urgency: hasDay}
		if d.Late {
			w.urgency = isLate
		}
		if d.At != "" {
			if w.day, err = civil.ParseLoose(d.At); err != nil {
				return nil, err
			}
		}
		list = append(list, w)
	}
	return list, err
}
