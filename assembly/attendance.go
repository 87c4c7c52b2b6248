package assembly

import (
	"cmp"
	"fmt"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/register"
	"lieux/vote"
)

func (in *intake) sides(path string, c FileCount) vote.Sides {
	return vote.Sides{Heads: in.count(path+".heads", c.Heads), Shares: in.count(path+".shares", c.Shares)}
}

// attendance reads the totals and, where there is a list, computes them from the register of that day.
func (in *intake) attendance() ([]Attendee, error) {
	f, a := in.file.Attendance, &in.report.Assembly
	a.Attendance = Attendance{Present: in.sides("$.attendance.present", f.Present),
		Represented: in.sides("$.attendance.represented", f.Represented),
		Total:       in.sides("$.attendance.total", f.Total), Issued: in.sides("$.attendance.issued", f.Issued)}
	if err := addsUp(a.Attendance); err != nil {
		in.refuse("$.attendance", "attendance-sum")
	}
	if len(f.List) == 0 {
		return nil, nil
	}
	roll, err := register.RollOn(in.tx, a.HeldOn.Last(), civil.Date{})
	if err != nil {
		return nil, err
	}
	attendees := in.list(f.List, roll)
	counted := Counted(attendees)
	in.report.Computed, in.report.Differs = &counted.Total, contradicts(counted.Total, a.Attendance.Total)
	if !in.report.Differs {
		a.Attendance.complete(counted, a.HeldOn, roll)
	}
	return attendees, in.seat(attendees, roll)
}

// list finds who was there on the roll, by number.
func (in *intake) list(list []FileAttendee, roll *register.Roll) []Attendee {
	holders := map[register.Number]register.Holder{}
	for _, h := range roll.Holders {
		holders[h.Number] = h
	}
	var attendees []Attendee
	seen := map[register.Number]bool{}
	for i, w := range list {
		path := fmt.Sprintf("$.attendance.list[%d]", i)
		h, holds := holders[register.Number(w.Number)]
		switch {
		case !holds:
			in.refuse(path, "no-shares", "number", int64(w.Number), "day", in.report.Assembly.HeldOn)
			continue
		case seen[h.Number]:
			in.refuse(path, "twice", "number", int64(w.Number))
			continue
		}
		seen[h.Number] = true
		at := Attendee{Number: h.Number, Person: h.Person, Shares: h.Shares}
		if w.Proxy != "" {
			at.Proxy = in.who(path, w.Proxy)
		}
		attendees = append(attendees, at)
	}
	slices.SortFunc(attendees, func(a, b Attendee) int { return cmp.Compare(a.Number, b.Number) })
	return attendees
}

// Counted adds a list up.
func Counted(list []Attendee) Attendance {
	var present, represented, shares, byProxy int64
	for _, w := range list {
		if w.Proxy == "" {
			present, shares = present+1, shares+w.Shares
		} else {
			represented, byProxy = represented+1, byProxy+w.Shares
		}
	}
	return Attendance{Present: vote.Both(present, shares), Represented: vote.Both(represented, byProxy),
		Total: vote.Both(present+represented, shares+byProxy)}
}

// Contradicts says whether the record states another total than its own list gives.
func (a Attendance) Contradicts(counted Attendance) bool { return contradicts(counted.Total, a.Total) }

func contradicts(counted, stated vote.Sides) bool {
	return stated.Heads.IsKnown() && stated.Heads != counted.Heads ||
		stated.Shares.IsKnown() && stated.Shares != counted.Shares
}

// complete fills what the record leaves out with what its list and the register give. The issued shares are taken
// only where the day is known: the register tells of a day.
func (a *Attendance) complete(counted Attendance, heldOn civil.Date, roll *register.Roll) {
	if a.Present == (vote.Sides{}) && a.Represented == (vote.Sides{}) {
		a.Present, a.Represented = counted.Present, counted.Represented
	}
	a.Total = counted.Total
	if a.Issued == (vote.Sides{}) && heldOn.IsDay() {
		a.Issued = vote.Both(roll.Heads(), roll.Shares)
	}
}

// addsUp refuses present and represented that do not give the total, and more than was issued.
func addsUp(a Attendance) error {
	for _, s := range [][4]vote.Known{
		{a.Present.Heads, a.Represented.Heads, a.Total.Heads, a.Issued.Heads},
		{a.Present.Shares, a.Represented.Shares, a.Total.Shares, a.Issued.Shares},
	} {
		present, p := s[0].Get()
		represented, r := s[1].Get()
		total, t := s[2].Get()
		issued, i := s[3].Get()
		if p && r && t && present+represented != total || t && i && total > issued || p && t && present > total {
			return fault.Refuse("assembly.refusal.attendance-sum")
		}
	}
	return nil
}
