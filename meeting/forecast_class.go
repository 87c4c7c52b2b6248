package meeting

import (
	"slices"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/register"
	"lieux/vote"
)

// ClassForecast says how likely the quorum is within one class, where the rule asks it in each (CSA 6:87).
type ClassForecast struct {
	Letter    string
	Needed    vote.Sides
	Issued    vote.Sides // of today
	Reached   int        // past assemblies where the class would have reached it
	Of        int        // past assemblies of which the attendance by class is known
	Low, High int64      // per mille, as in [Forecast]
}

// Enough says whether enough assemblies are known to tell anything of the class.
func (f ClassForecast) Enough() bool { return f.Of >= ForecastLeast }

// ofClass is who was there of a class, of all its holders and shares on that day.
type ofClass struct{ There, Issued vote.Sides }

// classWise says whether any matter of a meeting asks its quorum in each class.
func classWise(rules bylaws.Bylaws, m Meeting) bool {
	return slices.ContainsFunc(m.Matters(), func(x Matter) bool {
		return x.Decides() && RuleOf(rules, m, x).Quorum.Terms().PerClass
	})
}

// classesOfPast fills in who was there by class: the record lists who was there, the register tells what they held that
// day. Where the list was not kept, nothing is known.
func classesOfPast(r store.Reader, past []Past) error {
	for i, p := range past {
		if !p.HeldOn.IsDay() {
			continue
		}
		there, err := assembly.Attendees(r, p.id)
		if err != nil || len(there) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		came := map[register.Number]bool{}
		for _, a := range there {
			came[a.Number] = true
		}
		roll, err := register.RollOn(r, p.HeldOn, civil.Date{})
		if err != nil {
			return err
		}
		past[i].classes = byClass(roll, func(n register.Number) bool { return came[n] })
	}
	return nil
}

// byClass counts the heads and shares of each class: all of them, and those of who was there.
func byClass(roll *register.Roll, came func(register.Number) bool) map[register.ClassID]ofClass {
	type count struct{ heads, shares, headsThere, sharesThere int64 }
	counts := map[register.ClassID]count{}
	for _, h := range roll.Holders {
		for _, held := range h.ByClass {
			if held.Shares == 0 {
				continue
			}
			c := counts[held.Class]
			c.heads, c.shares = c.heads+1, c.shares+held.Shares
			if came(h.Number) {
				c.headsThere, c.sharesThere = c.headsThere+1, c.sharesThere+held.Shares
			}
			counts[held.Class] = c
		}
	}
	classes := map[register.ClassID]ofClass{}
	for id, c := range counts {
		classes[id] = ofClass{There: vote.Both(c.headsThere, c.sharesThere), Issued: vote.Both(c.heads, c.shares)}
	}
	return classes
}

// classForecasts say of each class that has shares today how often it would have reached the quorum.
func classForecasts(r store.Reader, t vote.QuorumTerms, past []Past) ([]ClassForecast, error) {
	roll, err := register.RollOn(r, r.Today(), civil.Date{})
	if err != nil {
		return nil, err
	}
	today := byClass(roll, func(register.Number) bool { return false })
	classes, err := register.Classes(r)
	if err != nil {
		return nil, err
	}
	var list []ClassForecast
	for _, c := range classes {
		if issued, held := today[c.ID]; held {
			list = append(list, ofPast(t, c, issued.Issued, past))
		}
	}
	return list, nil
}

// ofPast is the rule for one class.
func ofPast(t vote.QuorumTerms, c register.ShareClass, issued vote.Sides, past []Past) ClassForecast {
	f := ClassForecast{Letter: c.Letter, Issued: issued,
		Needed: vote.Sides{Heads: needed(t.Heads, issued.Heads), Shares: needed(t.Shares, issued.Shares)}}
	for _, p := range past {
		was, held := p.classes[c.ID]
		if !held {
			continue // not known, or the class had no share yet
		}
		reached, known := reaches(t, Past{There: was.There, Issued: was.Issued})
		if known {
			f.Of++
		}
		if reached {
			f.Reached++
		}
	}
	if f.Enough() {
		f.Low, f.High = bounds(f.Reached, f.Of)
	}
	return f
}

// Doubtful says that the quorum was missed more often than reached, in the whole or in a class.
func (f Forecast) Doubtful() bool {
	return f.Enough() && 2*f.Reached < f.Of || slices.ContainsFunc(f.Classes, func(c ClassForecast) bool {
		return c.Enough() && 2*c.Reached < c.Of
	})
}
