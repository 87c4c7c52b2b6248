package subscription

import (
	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/offer"
	"lieux/people"
	"lieux/register"
)

// Offered is all that was raised from the public between two days, both included: the shares that the register issued,
// and what is asked for and not issued yet. It is for offer.Hooks.Raised.
func Offered(r store.Reader, from, to civil.Date) (total money.Cents, by map[people.PersonID]money.Cents, err error) {
	if total, by, err = Raised(r, from, to); err != nil {
		return 0, nil, err
	}
	undone, err := register.Movements(r, register.Search{Kind: register.Corrected})
	if err != nil {
		return 0, nil, err
	}
	mended := map[register.MovementNumber]int64{}
	for _, m := range undone {
		mended[m.Corrects] += m.Shares
	}
	worth := nominals{}
	for year := from.Year(); year <= to.Year(); year++ {
		some, err := register.Movements(r, register.Search{Kind: register.Issued, Year: year})
		if err != nil {
			return 0, nil, err
		}
		for _, m := range some {
			shares := m.Shares + mended[m.Number]
			if shares <= 0 || m.Day.Before(from) || m.Day.After(to) {
				continue
			}
			each, err := worth.on(r, m.Class, m.Day)
			if err != nil {
				return 0, nil, err
			}
			holder, err := register.CooperatorNumbered(r, m.Cooperator)
			if err != nil {
				return 0, nil, err
			}
			total += each * money.Cents(shares)
			by[holder.Person] += each * money.Cents(shares)
		}
	}
	return total, by, nil
}

// nominals remembers what a share of a class was worth on a day.
type nominals map[classDay]money.Cents

type classDay struct {
	class register.ClassID
	day   civil.Date
}

func (n nominals) on(r store.Reader, id register.ClassID, day civil.Date) (money.Cents, error) {
	if each, known := n[classDay{id, day}]; known {
		return each, nil
	}
	class, err := register.ClassOn(r, id, day)
	n[classDay{id, day}] = class.Nominal
	return class.Nominal, err
}

// Verdicts are the thresholds of the public offer that are crossed when a request counts. One whose address has not
// answered yet is added.
func Verdicts(r store.Reader, q Request) ([]offer.Verdict, error) {
	l, err := offer.LiveOn(r, r.Today())
	if err != nil {
		return nil, err
	}
	who, more := q.Person, money.Cents(0)
	if who == "" {
		who = people.PersonID(q.ID)
	}
	if q.State == Sent {
		more = q.Amount()
	}
	return offer.Guard(l.Parameters, l.Raised+more, l.By[who]+more, l.To), nil
}

// Promise is money that a campaign may bring: asked for, and not admitted yet.
type Promise struct {
	By    civil.Date // the last day of the campaign
	Cents money.Cents
}

// Promises are those of all campaigns.
func Promises(r store.Reader) (list []Promise, err error) {
	all, err := store.List(r, qOpen, scanRequest)
	if err != nil {
		return nil, err
	}
	last := map[string]civil.Date{}
	for _, q := range all {
		if q.Campaign == "" || !q.State.Undecided() {
			continue
		}
		day, read := last[q.Campaign]
		if !read {
			c, err := offer.CampaignByID(r, offer.CampaignID(q.Campaign))
			if err != nil {
				return nil, err
			}
			day = c.LastDay()
			last[q.Campaign] = day
		}
		list = append(list, Promise{By: day, Cents: q.Amount()})
	}
	return list, nil
}
