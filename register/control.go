package register

import (
	"io"
	"iter"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// controlPart is the part of the shares or of the votes above which a holder counts as controlling the cooperative:
// whoever stands behind them belongs into the register of beneficial owners.
var controlPart = vote.MustFraction(1, 4)

// Controller is a holder of more than a quarter of the shares, or of the votes.
type Controller struct {
	Listed
	ByShares, ByVotes bool
	Represented       []people.Person // of a legal person: who acts for it on that day
}

// Control is who holds more than a quarter on a day, as known on another.
type Control struct {
	Day, Known civil.Date
	All        Sum
	Voting     Voting
	List       []Controller // the most shares first
}

// ControlOn finds them. A legal person is named with those who represent it; who owns it is not in the register.
func ControlOn(r store.Reader, day, known civil.Date) (Control, error) {
	d, err := DirectoryOn(r, day, known)
	if err != nil {
		return Control{}, err
	}
	c := Control{Day: d.Day, Known: known, All: d.All, Voting: d.Voting}
	for l := range d.sorted[ByNumber].walk(0, false) {
		one := Controller{Listed: *l, ByShares: controlPart.Compare(l.Shares, d.All.Shares) > 0,
			ByVotes: d.Voting.Known && controlPart.Compare(l.Votes, d.All.Votes) > 0}
		if !one.ByShares && !one.ByVotes {
			continue
		}
		if one.Represented, err = actsFor(r, l.Person, d.Day); err != nil {
			return c, err
		}
		c.List = append(c.List, one)
	}
	slices.SortStableFunc(c.List, func(a, b Controller) int { return int(b.Shares - a.Shares) })
	return c, nil
}

// actsFor are the persons who represent a legal one on a day.
func actsFor(r store.Reader, id people.PersonID, day civil.Date) (list []people.Person, err error) {
	all, err := people.Across(r, id, people.Representatives)
	for _, one := range all {
		if !one.On(day) {
			continue
		}
		p, err := people.Standing(r, one.Person)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, err
}

// WriteControl gives the list out as a table, CSV or XLSX.
func WriteControl(w io.Writer, r store.Reader, p *lang.Printer, c Control, format Format) error {
	var heads []string
	for _, f := range []string{"number", "name", "kind", "shares", "part", "votes", "votes-part", "representatives"} {
		heads = append(heads, p.T("register.field."+f))
	}
	switch format {
	case CSV:
		return sheets.CSV(w, heads, controlRows(p, c))
	case XLSX:
		return sheets.XLSX(w, sheets.Page{Name: p.T("register.export.control"), Head: heads, Made: r.Now()},
			controlRows(p, c))
	}
	return fault.Refuse("register.refusal.format", "format", string(format))
}

func controlRows(p *lang.Printer, c Control) iter.Seq[[]sheets.Cell] {
	return func(yield func([]sheets.Cell) bool) {
		for _, one := range c.List {
			var names []string
			for _, person := range one.Represented {
				names = append(names, person.Words(p))
			}
			votes, part := sheets.Cell{}, sheets.Cell{}
			if c.Voting.Known && c.All.Votes > 0 {
				votes, part = sheets.Int(one.Votes), sheets.Text(p.Percent(one.Votes, c.All.Votes))
			}
			if !yield([]sheets.Cell{sheets.Int(int64(one.Number)), sheets.Text(one.Name),
				sheets.Text(p.T("register.person." + string(one.Kind))), sheets.Int(one.Shares),
				sheets.Text(p.Percent(one.Shares, c.All.Shares)), votes, part, sheets.Text(p.List(names))}) {
				return
			}
		}
	}
}
