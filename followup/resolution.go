package followup

import (
	"cmp"
	"slices"
	"strings"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// Resolution is a decision of a body, wherever it is written.
type Resolution struct {
	On        civil.Date
	Body      people.BodyID
	Matter    assembly.MatterID // of a record; empty for a decision taken otherwise
	Decision  people.DecisionID // taken otherwise; empty for a record
	Written   ballot.WrittenID  // the proposal, of a decision in writing
	Kind      assembly.Kind
	Title     string
	Reference string // of a decision taken otherwise
	Meeting   string // name of the record
	Item      string
	Verdict   vote.Verdict // adopted for a decision taken otherwise
	Status    vote.Status  // how far a record's outcome was recomputed
}

// Resolutions lists every decision, the latest first: what the records hold, adopted or not, and what bodies decided
// otherwise, as in writing. An election or a draw stands with those it gave a seat to.
func Resolutions(r store.Reader) ([]Resolution, error) {
	all, err := assembly.All(r)
	if err != nil {
		return nil, err
	}
	var list []Resolution
	for _, head := range all {
		a, _, err := assembly.ByID(r, head.ID)
		if err != nil {
			return nil, err
		}
		for _, item := range a.Items {
			for _, x := range item.Matters {
				if res, decided := resolved(a, item, x); decided {
					list = append(list, res)
				}
			}
		}
	}
	bodies, err := people.Bodies(r)
	if err != nil {
		return nil, err
	}
	recorded := len(list)
	for _, b := range bodies {
		others, err := people.Decisions(r, b.ID)
		if err != nil {
			return nil, err
		}
		for _, d := range others {
			if !slices.ContainsFunc(list[:recorded], func(x Resolution) bool { return x.tells(d) }) {
				w, _, err := ballot.WrittenFor(r, d.ID)
				if err != nil {
					return nil, err
				}
				title, _, _ := strings.Cut(d.Wording, "\n")
				list = append(list, Resolution{On: d.On, Body: d.Body, Decision: d.ID, Written: w.ID,
					Title: cmp.Or(title, d.Reference), Reference: d.Reference, Verdict: vote.Adopted})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Resolution) int { return b.On.Compare(a.On) })
	return list, nil
}

// tells says that a decision of the body is the one that the record holds.
func (x Resolution) tells(d people.Decision) bool {
	title, _, _ := strings.Cut(d.Wording, "\n")
	return x.Body == d.Body && x.On == d.On && x.Title == title
}

func resolved(a assembly.Assembly, item assembly.Item, x assembly.Matter) (Resolution, bool) {
	res := Resolution{On: a.HeldOn, Body: a.Body, Matter: x.ID, Kind: x.Kind, Title: cmp.Or(x.Title, item.Title),
		Meeting: a.Name, Item: item.Number}
	switch {
	case x.Kind.Voted():
		res.Verdict, res.Status = x.Outcome.Verdict(), x.Outcome.Status
		return res, res.Verdict != ""
	case x.Kind.Fills() && len(x.Elected)+len(x.Effective) > 0:
		res.Verdict = vote.Adopted
		if x.Poll != nil {
			res.Status = x.Poll.Outcome.Status
		}
		return res, true
	}
	return res, false
}
