package assembly

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// seat puts those who were there on a roll of votes, so that weights, cap and presence are computed: each mandate is
// voted by the person who was there, by the holder of the proxy, or by the one who represents an organisation. Why it
// cannot be done is kept as what is missing.
func (in *intake) seat(attendees []Attendee, roll *register.Roll) error {
	if in.report.Differs {
		in.unseated = lang.Say("assembly.missing.list-agrees")
		return nil
	}
	holders := map[register.Number]register.Holder{}
	for _, h := range roll.Holders {
		holders[h.Number] = h
	}
	classes, err := register.Classes(in.tx)
	if err != nil {
		return err
	}
	mandates := map[people.PersonID][]vote.Mandate{}
	for _, w := range attendees {
		voter, title, err := in.voterFor(w, holders[w.Number])
		if err != nil {
			return err
		}
		for _, c := range classes {
			shares := holders[w.Number].Of(c.ID)
			if shares > 0 && c.Votes != 1 { // the roll counts shares; so many votes a share it cannot tell apart
				in.unseated = lang.Say("assembly.missing.class-votes")
				return nil
			}
			if shares > 0 {
				mandates[voter] = append(mandates[voter],
					vote.Mandate{Holder: int64(w.Number), Class: string(c.ID), Shares: shares, Title: title})
			}
		}
	}
	var voters []vote.Voter
	for _, who := range slices.Sorted(maps.Keys(mandates)) {
		voters = append(voters, vote.Voter{ID: string(who), Mandates: mandates[who]})
	}
	seated, err := vote.NewRoll(voters)
	if in.refused("$.attendance.list", err) {
		return nil
	}
	in.seated = &seated
	return err
}

// voterFor is the person who votes for one cooperator of the list, and why.
func (in *intake) voterFor(w Attendee, h register.Holder) (people.PersonID, vote.Title, error) {
	voice, err := in.voice(w.Person, h.Kind)
	if err != nil {
		return "", "", err
	}
	if w.Proxy == "" {
		if voice != w.Person {
			return voice, vote.Body, nil
		}
		return voice, vote.Own, nil
	}
	holder, err := people.Get(in.tx, w.Proxy)
	if err != nil {
		return "", "", err
	}
	voter, err := in.voice(holder.ID, holder.Kind)
	if err == nil && h.Kind == people.Legal {
		parties, err := people.Parties(in.tx, voter, in.report.Assembly.HeldOn.Last())
		if err != nil || slices.Contains(parties, w.Person) {
			return voter, vote.Body, err
		}
	}
	return voter, vote.Proxy, err
}

// voice is who speaks for a person: an organisation by its representative of that day. With none or several on the
// books the list does not tell who came, so it votes by itself.
func (in *intake) voice(id people.PersonID, kind people.Kind) (people.PersonID, error) {
	if kind != people.Legal {
		return id, nil
	}
	records, err := people.Records(in.tx, id)
	if err != nil {
		return "", err
	}
	var there []people.PersonID
	for _, record := range records {
		all, err := people.Representatives(in.tx, record)
		if err != nil {
			return "", err
		}
		for _, r := range all {
			if !r.On(in.report.Assembly.HeldOn.Last()) {
				continue
			}
			person, err := people.Canonical(in.tx, r.Person)
			if err != nil {
				return "", err
			}
			if !slices.Contains(there, person) {
				there = append(there, person)
			}
		}
	}
	if len(there) != 1 {
		return id, nil
	}
	return there[0], nil
}

// capChecked says of a computation that rests on counts under a cap that nobody could check: it is as stated, and
// what is missing is named. What the weighing found stays without its mandates, which list and register give again.
func (in *intake) capChecked(o *vote.Outcome, limit vote.Cap) {
	counted := o.Computed == vote.Adopted || o.Computed == vote.Rejected
	if missing := in.capMissing(o.Weighing, limit); missing.Code != "" && counted && o.Status != vote.Differs {
		o.Status, o.Missing = vote.AsStated, append(o.Missing, missing)
	}
}

// capMissing is what is missing to weigh the room under a cap; no code when there is no cap, or the room was weighed.
func (in *intake) capMissing(weighed *vote.Weighing, limit vote.Cap) lang.Phrase {
	if weighed != nil {
		weighed.Mandates = nil
		return lang.Phrase{}
	}
	base := limit.Terms().Base
	switch {
	case limit.IsZero() || base == vote.CapNone:
		return lang.Phrase{}
	case in.seated != nil && base == vote.CapIssued:
		return lang.Say("vote.missing." + cmp.Or(issuedUnit[in.rules.Weight()], "weight-rule"))
	case in.seated != nil:
		return lang.Say("vote.missing.weight-rule")
	}
	return in.unseated
}

var issuedUnit = map[vote.Weight]string{vote.PerShare: "issued-shares", vote.PerHead: "issued-heads"}

// classes are the facts of every share class, where the kind of decision asks them: their votes from the file, what
// was issued from the register where it gives the issued shares of the record.
func (in *intake) classes(path string, kind Kind, told []FileClass) ([]vote.ClassFacts, error) {
	if kind != ClassRights {
		if len(told) > 0 {
			in.refuse(path, "classes-kind")
		}
		return nil, nil
	}
	a := in.report.Assembly
	roll, err := register.RollOn(in.tx, a.HeldOn.Last(), civil.Date{})
	if err != nil {
		return nil, err
	}
	var facts []vote.ClassFacts
	agrees := a.HeldOn.IsDay() && a.Attendance.Issued.Shares == vote.Count(roll.Shares)
	for _, c := range roll.ByClass {
		if c.Shares == 0 {
			continue
		}
		f := vote.ClassFacts{Class: string(c.Class)}
		if agrees {
			f.Issued.Shares = vote.Count(c.Shares)
		}
		facts = append(facts, f)
	}
	seen := map[string]bool{}
	for i, t := range told {
		at := fmt.Sprintf("%s[%d]", path, i)
		place := slices.IndexFunc(facts, func(f vote.ClassFacts) bool { return f.Class == t.Class })
		if place < 0 || seen[t.Class] {
			in.refuse(at, "class", "class", brief(t.Class))
			continue
		}
		seen[t.Class] = true
		facts[place].Votes = in.counts(at, t.For, t.Against, t.Abstentions)
	}
	return facts, nil
}
