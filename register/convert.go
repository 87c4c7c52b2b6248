package register

import (
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
)

// Convert makes shares of one class into shares of another, lot by lot: each keeps its date of issue and what was paid
// on it. The new shares are worth what the old ones were at the nominal amounts of that day; fractions are refused.
func Convert(tx *store.Tx, c Conversion) ([]Movement, error) {
	ms, err := convert(open(tx), c)
	if err != nil {
		return nil, err
	}
	holder, err := CooperatorNumbered(tx, c.Cooperator)
	if err != nil {
		return nil, err
	}
	var into int64
	for _, m := range ms {
		if m.Kind == ConvertedIn {
			into += m.Shares
		}
	}
	tx.Record(store.Line{About: append([]store.Ref{holder.Person.Ref(), c.Class.Ref(), c.To.Ref()}, refs(ms)...),
		Args: map[string]any{"n": c.Shares, "into": into, "effective_on": c.Effective.String()}})
	return ms, nil
}

func convert(b books, c Conversion) ([]Movement, error) {
	class, holder, detail, err := concerned(b, c.Class, c.Cooperator, c.Detail)
	if err != nil {
		return nil, err
	}
	to, err := c.into(b, detail, holder)
	if err != nil {
		return nil, err
	}
	giving, err := b.account(holder.Number, class.ID)
	if err == nil {
		err = giving.bind(b, 0)
	}
	if err != nil {
		return nil, err
	}
	parts, err := giving.take(c.Shares, c.Lot, detail.Effective.Last())
	if err != nil {
		return nil, err
	}
	if err := fewParts(parts); err != nil {
		return nil, err
	}
	taking, err := b.account(holder.Number, to.ID)
	if err != nil {
		return nil, err
	}
	var ms []Movement
	for _, p := range parts {
		worth := money.Cents(p.shares) * class.Nominal
		if worth%to.Nominal != 0 {
			return nil, fault.Refuse("register.refusal.convert-worth", "shares", p.shares, "lot", p.lot.String(), "class",
				class.Letter, "nominal", class.Nominal, "to", to.Letter, "becomes", to.Nominal).At("shares").By("CSA 6:24")
		}
		out := detail.movement(ConvertedOut, holder.Number, class.ID, p.lot, -p.shares, -p.paid)
		out.Pair = -MovementNumber(len(ms) + 1)
		in := out
		in.Kind, in.Class, in.Shares, in.Paid = ConvertedIn, to.ID, int64(worth/to.Nominal), p.paid
		ms = append(ms, out, in)
	}
	return writeWhole(b, ms, &giving, &taking)
}

// into is the class that the shares become, when it may be.
func (c Conversion) into(b books, d Detail, holder Cooperator) (ShareClass, error) {
	to, err := b.class(c.To, c.Effective)
	if err != nil {
		return to, err
	}
	refusals := shareCount(c.Shares)
	switch {
	case c.To == c.Class:
		refusals = append(refusals, fault.Refuse("register.refusal.convert-same", "class", to.Letter).At("to-class"))
	case !to.Holders.May(holder.Kind):
		refusals = append(refusals, fault.Refuse("register.refusal.may-not-hold."+string(to.Holders), "class",
			to.Letter).At("to-class").By(to.Article))
	case d.Effective.Before(to.Since):
		refusals = append(refusals, fault.Refuse("register.refusal.before-class", "day", d.Effective, "class", to.Letter,
			"since", to.Since).At("effective").By("CSA 6:24"))
	}
	return to, refusals.Err()
}
