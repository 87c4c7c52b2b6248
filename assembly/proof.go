package assembly

import (
	"encoding/json"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/store"
	"lieux/people"
	"lieux/sortition"
)

// maxProof bounds the proof of a draw inside a file, in bytes: 19 volunteers take 5,000, a thousand 75,000.
const maxProof = 512 << 10

// Evidence is the verified proof of a draw. Proof opens nobody: who was drawn stands under Places, which hold no name
// and are sealed; the opened leaves are kept beside them and leave with a person who is erased.
type Evidence struct {
	Proof  sortition.Proof `json:"proof"`
	Places []DrawnPlace    `json:"places"` // effective members, then substitutes, in the order drawn

	opened map[int]sortition.Opening // by rank; without those who were erased
}

// DrawnPlace is one rank that has a seat.
type DrawnPlace struct {
	Rank   int             `json:"rank"`
	Leaf   sortition.Hash  `json:"leaf"` // zero where the proof itself names nobody any more
	Person people.PersonID `json:"person"`
	Erased civil.Date      `json:"erased,omitzero"` // as the proof came in
}

// prove verifies the proof that the file carries: the draw is done again, and who is drawn must be whom the record
// names.
func (in *intake) prove(path string, f FileMatter, m *Matter) error {
	if f.Proof == "" {
		return nil
	}
	at := path + ".proof"
	if len(f.Proof) > maxProof {
		in.refuse(at, "proof", "limit", maxProof>>10)
		return nil
	}
	proof, err := sortition.Decode(strings.NewReader(f.Proof))
	if in.refused(at, err) {
		return nil
	}
	if err != nil {
		return err
	}
	report, err := sortition.Verify(proof)
	if in.refused(at, err) {
		return nil
	}
	if err != nil {
		return err
	}
	seats := report.Seats
	if len(seats.Effective) != len(m.Effective) || len(seats.Substitutes) != len(m.Substitutes) {
		in.refuse(at, "proof-seats", "effective", len(seats.Effective), "substitutes", len(seats.Substitutes))
		return nil
	}
	m.Evidence = evidenceFor(proof, seats, slices.Concat(m.Effective, m.Substitutes))
	for _, place := range m.Evidence.Places {
		o, opened := m.Evidence.opened[place.Rank]
		if !opened {
			continue
		}
		same, err := in.named(place.Person, o.Name)
		if err != nil {
			return err
		}
		if !same {
			in.refuse(at, "proof-name", "rank", place.Rank, "name", brief(o.Name))
		}
	}
	return nil
}

// EvidenceOf verifies the proof of a draw that was held here, by doing the draw again, and keeps it with the persons
// whom it drew: effective members, then substitutes, in the order of the draw.
func EvidenceOf(proof sortition.Proof, drawn []people.PersonID) (*Evidence, error) {
	report, err := sortition.Verify(proof)
	if err != nil {
		return nil, err
	}
	ranks := len(report.Seats.Effective) + len(report.Seats.Substitutes)
	fault.Must(ranks == len(drawn), "the proof draws %d persons, the record names %d", ranks, len(drawn))
	return evidenceFor(proof, report.Seats, drawn), nil
}

// evidenceFor parts a proof from the names that it opens.
func evidenceFor(proof sortition.Proof, seats sortition.Seats, drawn []people.PersonID) *Evidence {
	evidence := &Evidence{Proof: proof, opened: map[int]sortition.Opening{}}
	evidence.Proof.Opened = nil
	for i, rank := range slices.Concat(seats.Effective, seats.Substitutes) {
		place := DrawnPlace{Rank: rank, Person: drawn[i]}
		o := proof.Opened[slices.IndexFunc(proof.Opened, func(o sortition.Opened) bool { return o.Rank == rank })]
		if place.Erased = o.Erased; o.Erased.IsZero() {
			place.Leaf, evidence.opened[rank] = o.Leaf(), o.Opening
		}
		evidence.Places = append(evidence.Places, place)
	}
	return evidence
}

// named says whether a person has this name, however it is accented and whichever name comes first.
func (in *intake) named(id people.PersonID, name string) (bool, error) {
	if id == "" {
		return true, nil // its key was refused already
	}
	p, err := people.Get(in.tx, id)
	wanted := fold.Text(name)
	return wanted == fold.Text(p.Given+" "+p.Family) || wanted == fold.Text(p.Family+" "+p.Given), err
}

// box is the proof as it stands in the minutes; persons stand under their ids, so that names can leave.
func (w *writer) box(e Evidence) error {
	proof := e.Proof
	for _, place := range e.Places {
		o := sortition.Opened{Rank: place.Rank, Erased: place.Erased}
		if opening, kept := e.opened[place.Rank]; kept {
			o.Opening = opening
			o.Person = string(place.Person)
		} else if place.Erased.IsZero() {
			p, err := people.Get(w.r, place.Person)
			if err != nil {
				return err
			}
			o.Erased = p.Erased
		}
		proof.Opened = append(proof.Opened, o)
	}
	w.add(sortition.Box(proof, w.p))
	return nil
}

func insertEvidence(tx *store.Tx, matter MatterID, e *Evidence) error {
	if e == nil {
		return nil
	}
	body := canonical(e)
	if _, err := tx.Exec(qInsertEvidence, string(matter), string(body)); err != nil {
		return err
	}
	for _, place := range e.Places {
		opening, kept := e.opened[place.Rank]
		if !kept {
			continue
		}
		if _, err := tx.Exec(qInsertOpening, string(matter), int64(place.Rank), string(place.Person),
			string(canonical(opening))); err != nil {
			return err
		}
	}
	return tx.Seal("draw-proof", string(matter), body)
}

func eachEvidence(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qEvidences, func(row store.Row) error {
		var matter, body string
		if err := row.Scan(&matter, &body); err != nil {
			return err
		}
		return yield(matter, []byte(body))
	})
}

// evidenceOf reads the proof of a draw; nil when the record has none.
func evidenceOf(r store.Reader, matter MatterID) (*Evidence, error) {
	body, found, err := store.Find(r, qEvidence, store.Text, string(matter))
	if err != nil || !found {
		return nil, err
	}
	e := &Evidence{opened: map[int]sortition.Opening{}}
	if err := json.Unmarshal([]byte(body), e); err != nil {
		return nil, err
	}
	return e, store.Each(r, qOpenings, func(row store.Row) error {
		var rank int
		var body string
		var o sortition.Opening
		err := row.Scan(&rank, &body)
		if err == nil {
			err = json.Unmarshal([]byte(body), &o)
		}
		e.opened[rank] = o
		return err
	}, string(matter))
}

// alteredProofs finds opened leaves that are not those of the sealed proof, and those that are gone although nobody
// erased the person.
func alteredProofs(r store.Reader) (found []store.Finding, err error) {
	matters, err := store.List(r, qEvidences, func(row store.Row) (id MatterID, err error) {
		var body string
		return id, row.Scan(&id, &body)
	})
	if err != nil {
		return nil, err
	}
	for _, matter := range matters {
		e, err := evidenceOf(r, matter)
		if err != nil {
			found = append(found, store.Finding{Code: "proof-unreadable", Kind: "draw-proof", ID: string(matter)})
			continue
		}
		for _, place := range e.Places {
			opening, kept := e.opened[place.Rank]
			if kept && opening.Leaf() != place.Leaf {
				found = append(found, store.Finding{Code: "name-altered", Kind: "draw-proof", ID: string(matter),
					Detail: "the name of person " + string(place.Person) + " is not the one that the proof commits to"})
			}
			if kept || !place.Erased.IsZero() {
				continue
			}
			p, err := people.Get(r, place.Person)
			if err != nil {
				return nil, err
			}
			if p.Erased.IsZero() {
				found = append(found, store.Finding{Code: "name-removed", Kind: "draw-proof", ID: string(matter),
					Detail: "the name of person " + string(place.Person) + " is gone, and nobody erased that person"})
			}
		}
	}
	return found, nil
}
