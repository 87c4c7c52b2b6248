package subscription

import (
	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/offer"
	"lieux/payment"
)

// ripe says whether enough is paid for the shares of an admitted request to exist, as the bylaws of the day say, and
// how much that is. While they say nothing, everything must be paid.
func (q Request) ripe(r store.Reader, rules bylaws.Bylaws) (paid money.Cents, enough bool, err error) {
	if q.State != Admitted || q.Due == "" {
		return 0, false, nil
	}
	due, err := payment.DueByID(r, q.Due)
	if err != nil {
		return 0, false, err
	}
	paid, enough = due.Received(), due.Received() == due.Cents
	rule, known := rules.Issue()
	switch {
	case !known:
	case rule.When == bylaws.OnAdmission:
		enough = true
	case rule.When == bylaws.OncePartPaid && !rule.LeastPaid.IsZero():
		enough = rule.LeastPaid.Compare(int64(paid), int64(due.Cents)) >= 0
	}
	return paid, enough, nil
}

// Keeping remembers, for one list, the bylaws of the day and which campaigns keep shares from existing: each campaign
// is read once, however many of its requests stand in the list.
type Keeping struct {
	rules     bylaws.Bylaws
	campaigns map[string]bool
}

// NewKeeping reads the bylaws of the day.
func NewKeeping(r store.Reader) (*Keeping, error) {
	rules, err := bylaws.On(r, r.Today())
	return &Keeping{rules, map[string]bool{}}, err
}

// Kept says that the shares of an admitted request could exist, but for its campaign, which has not closed
// ([offer.Keeps]).
func (k *Keeping) Kept(r store.Reader, q Request) (bool, error) {
	if q.Campaign == "" {
		return false, nil
	}
	_, enough, err := q.ripe(r, k.rules)
	if err != nil || !enough {
		return false, err
	}
	kept, read := k.campaigns[q.Campaign]
	if read {
		return kept, nil
	}
	c, err := offer.CampaignByID(r, offer.CampaignID(q.Campaign))
	if err != nil {
		return false, err
	}
	kept, err = offer.Keeps(r, c)
	k.campaigns[q.Campaign] = kept
	return kept, err
}

// mature makes the shares of an admitted request once the bylaws say so and no campaign keeps them.
func (q Request) mature(tx *store.Tx, on civil.Date) error {
	k, err := NewKeeping(tx)
	if err != nil {
		return err
	}
	paid, enough, err := q.ripe(tx, k.rules)
	if err != nil || !enough {
		return err
	}
	kept, err := k.Kept(tx, q)
	if err != nil || kept {
		return err
	}
	return q.issue(tx, paid, on)
}

// Ripe are the admitted requests whose shares nothing keeps from existing any more: their campaign kept them, and less
// is asked of it now.
func Ripe(r store.Reader) (list []Request, err error) {
	all, err := store.List(r, qInCampaigns, scanRequest)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	k, err := NewKeeping(r)
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		_, enough, err := q.ripe(r, k.rules)
		if err != nil {
			return nil, err
		}
		if !enough {
			continue
		}
		kept, err := k.Kept(r, q)
		if err != nil {
			return nil, err
		}
		if !kept {
			list = append(list, q)
		}
	}
	return list, nil
}

// Mature makes the shares of the requests that are ripe, at night; how many requests those are.
func Mature(tx *store.Tx) (made int, err error) {
	list, err := Ripe(tx)
	if err != nil {
		return 0, err
	}
	for _, q := range list {
		if err := tx.Quietly(func() error { return q.mature(tx, tx.Today()) }); err != nil {
			return 0, err
		}
	}
	tx.Record(store.Line{Args: map[string]any{"n": len(list)}})
	return len(list), nil
}
