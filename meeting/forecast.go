package meeting

import (
	"math/big"
	"slices"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// Bounds of a forecast.
const (
	// forecastPast is how many of the latest assemblies it looks at: those of long ago had other cooperators.
	forecastPast = 12
	// ForecastLeast is how many assemblies it needs to say anything.
	ForecastLeast = 3
	perMille      = 1000
	// forecastMiss is one chance in how many that the truth lies beyond each bound: together nine times in ten it lies
	// between them.
	forecastMiss = 20
)

// Asked is what the quorum of a matter rests on.
type Asked string

// The answers.
const (
	AskedNothing Asked = "nothing" // decides whatever the number
	AskedUnknown Asked = "unknown" // nobody knows the rule
	AskedBallot  Asked = "ballot"  // counted on those who take part in the ballot: the past says nothing of it
	AskedPresent Asked = "present" // a part of the issued shares, of the heads, or of both
)

// Forecast says how likely the quorum of a matter is, from past attendance and from nothing else. Shares of a thousand
// are rounded down.
type Forecast struct {
	Matter   MatterID
	Asked    Asked
	Needed   vote.Sides      // how many must be there, of those of today; only what is asked
	Issued   vote.Sides      // of today
	PerClass bool            // asked in each class besides
	Classes  []ClassForecast // each class by itself, where the rule asks that (CSA 6:87)
	Reached  int             // past assemblies that would have reached it
	Of       int             // past assemblies whose attendance is known
	// Low and High are the bounds of the chance, per mille: nine times in ten, whoever so computes is right. They are
	// exact (Clopper and Pearson's), so that few assemblies give wide ones. Zero when Of is under ForecastLeast.
	Low, High int64
}

// Enough says whether enough assemblies are known to tell anything.
func (f Forecast) Enough() bool { return f.Of >= ForecastLeast }

// Past is the attendance of a past assembly, where record or register tell it.
type Past struct {
	Name, Title string
	HeldOn      civil.Date
	There       vote.Sides
	Issued      vote.Sides

	id      assembly.ID
	classes map[register.ClassID]ofClass // empty where nobody knows
}

// PerMille is the part of the issued shares that was there; known is false when a figure is missing.
func (p Past) PerMille() (n int64, known bool) { return ofThousand(p.There.Shares, p.Issued.Shares) }

// HeadsPerMille is the part of the heads that was there.
func (p Past) HeadsPerMille() (n int64, known bool) { return ofThousand(p.There.Heads, p.Issued.Heads) }

func ofThousand(some, whole vote.Known) (int64, bool) {
	a, okA := some.Get()
	b, okB := whole.Get()
	if !okA || !okB || b == 0 {
		return 0, false
	}
	return a * perMille / b, true
}

// PastOf lists the attendance of the latest assemblies of the body, the newest first. Second convenings are left out:
// who comes to them is another question. Shares that the record does not give are those of the register.
func PastOf(r store.Reader, body people.BodyID) ([]Past, error) {
	records, err := assembly.All(r)
	if err != nil {
		return nil, err
	}
	var list []Past
	for _, a := range records {
		if a.Body != body || a.Convening == vote.SecondConvening || len(list) == forecastPast {
			continue
		}
		p := Past{id: a.ID, Name: a.Name, Title: a.Title, HeldOn: a.HeldOn, There: a.Attendance.Total,
			Issued: a.Attendance.Issued}
		if !p.Issued.Shares.IsKnown() && p.There.Shares.IsKnown() && a.HeldOn.IsDay() {
			issued, err := register.IssuedOn(r, a.HeldOn, civil.Date{})
			if err != nil {
				return nil, err
			}
			there, _ := p.There.Shares.Get()
			if issued >= there && issued > 0 {
				p.Issued.Shares = vote.Count(issued)
			}
		}
		_, shares := p.PerMille()
		_, heads := p.HeadsPerMille()
		if shares || heads {
			list = append(list, p)
		}
	}
	return list, nil
}

// ForecastOf says for each matter that is decided how likely its quorum is.
func ForecastOf(r store.Reader, m Meeting) ([]Forecast, error) {
	past, err := PastOf(r, m.Body)
	if err != nil {
		return nil, err
	}
	day := m.Day(r.Zone())
	if day.IsZero() {
		day = r.Today()
	}
	rules, err := bylaws.On(r, day)
	if err != nil {
		return nil, err
	}
	issued, err := issuedFor(r, m)
	if err != nil {
		return nil, err
	}
	if classWise(rules, m) {
		if err := classesOfPast(r, past); err != nil {
			return nil, err
		}
	}
	var list []Forecast
	for _, x := range m.Matters() {
		if !x.Decides() {
			continue
		}
		rule := RuleOf(rules, m, x)
		f := forecast(rule, m.Convening, past, issued)
		f.Matter = x.ID
		if f.PerClass {
			if f.Classes, err = classForecasts(r, rule.Quorum.Terms(), past); err != nil {
				return nil, err
			}
		}
		list = append(list, f)
	}
	return list, nil
}

// issuedFor is everybody who could be there today: the roll of the general assembly, the members of another body.
func issuedFor(r store.Reader, m Meeting) (vote.Sides, error) {
	if m.Kind != people.Assembly {
		seated, err := people.Seated(r, m.Body, r.Today())
		heads := map[people.PersonID]bool{}
		for _, s := range seated {
			heads[s.Person] = true
		}
		return vote.Both(int64(len(heads)), 0), err
	}
	roll, err := register.RollOn(r, r.Today(), civil.Date{})
	if err != nil {
		return vote.Sides{}, err
	}
	return vote.Both(roll.Heads(), roll.Shares), nil
}

// forecast is the rule itself.
func forecast(rule vote.Rule, c vote.Convening, past []Past, issued vote.Sides) Forecast {
	f := Forecast{Issued: issued}
	t := rule.Quorum.Terms()
	switch {
	case rule.Quorum.IsZero():
		f.Asked = AskedUnknown
	case Quorate(rule, c):
		f.Asked = AskedNothing
	case t.Base == vote.QuorumPresent:
		f.Asked = AskedBallot
	default:
		f.Asked, f.PerClass = AskedPresent, t.PerClass
		f.Needed = vote.Sides{Heads: needed(t.Heads, issued.Heads), Shares: needed(t.Shares, issued.Shares)}
		for _, p := range past {
			reached, known := reaches(t, p)
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
	}
	return f
}

// needed is how many a threshold asks of a whole; unknown when it asks nothing.
func needed(t vote.Threshold, whole vote.Known) vote.Known {
	n, known := whole.Get()
	if t.IsZero() || !known || n == 0 {
		return vote.Known{}
	}
	return vote.Count(t.Needed(n))
}

// reaches says whether a past attendance would have met a quorum, as far as its figures tell.
func reaches(t vote.QuorumTerms, p Past) (reached, known bool) {
	met := func(t vote.Threshold, some, whole vote.Known) (bool, bool) {
		a, okA := some.Get()
		b, okB := whole.Get()
		if t.IsZero() {
			return true, true
		}
		return okA && okB && t.Met(a, b), okA && okB
	}
	heads, headsKnown := met(t.Heads, p.There.Heads, p.Issued.Heads)
	shares, sharesKnown := met(t.Shares, p.There.Shares, p.Issued.Shares)
	return heads && shares, headsKnown && sharesKnown
}

// bounds are those of a chance that was met k times of n, per mille, rounded outwards: the least and the greatest
// chance under which so many, or more, or fewer, would not be a surprise of one in forecastMiss. Each is found by
// halving, on whole numbers.
func bounds(k, n int) (low, high int64) {
	if k > 0 {
		low = first(func(p int64) bool { return !rare(n-k, n, perMille-p) }) - 1
	}
	high = perMille
	if k < n {
		high = first(func(p int64) bool { return rare(k, n, p) })
	}
	return max(low, 0), high
}

// first is the least chance per mille for which a condition holds that, once it holds, holds on.
func first(holds func(int64) bool) int64 {
	below, at := int64(-1), int64(perMille)
	for at-below > 1 {
		if mid := (below + at) / 2; holds(mid) {
			at = mid
		} else {
			below = mid
		}
	}
	return at
}

// rare says whether at most k of n, each with the chance p per mille, happens less than once in forecastMiss.
func rare(k, n int, p int64) bool {
	sum := new(big.Int)
	yes, no := big.NewInt(p), big.NewInt(perMille-p)
	for i := range k + 1 {
		ways := new(big.Int).Binomial(int64(n), int64(i))
		ways.Mul(ways, new(big.Int).Exp(yes, big.NewInt(int64(i)), nil))
		ways.Mul(ways, new(big.Int).Exp(no, big.NewInt(int64(n-i)), nil))
		sum.Add(sum, ways)
	}
	sum.Mul(sum, big.NewInt(forecastMiss))
	return sum.Cmp(new(big.Int).Exp(big.NewInt(perMille), big.NewInt(int64(n)), nil)) < 0
}

// Median is the middle of the shares of the issued that were there, per mille, with the least and the greatest; n is
// how many assemblies tell it.
func Median(past []Past) (least, median, most int64, n int) {
	var parts []int64
	for _, p := range past {
		if x, known := p.PerMille(); known {
			parts = append(parts, x)
		}
	}
	if len(parts) == 0 {
		return 0, 0, 0, 0
	}
	slices.Sort(parts)
	mid := parts[len(parts)/2]
	if len(parts)%2 == 0 {
		mid = (parts[len(parts)/2-1] + mid) / 2
	}
	return parts[0], mid, parts[len(parts)-1], len(parts)
}
