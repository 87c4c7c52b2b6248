package solver

import (
	"math/bits"
	"slices"
)

// maxRows is how many applicants, quarrels and crowds have a price.
const maxRows = 2 * MaxApplicants

// column is a workshop that a space may hold, and what it is worth. Nobody at all is one too.
type column struct {
	team
	worth int64   // by the weights
	fee   int     // which of the costs of works that occur
	rows  []int32 // what it takes: each may be taken once
}

// kind is the practice of a column, counted from 1; 0 for nobody at all.
func (c *column) kind() int {
	if len(c.members) == 0 {
		return 0
	}
	return c.practice + 1
}

// quarrel is a rule between two neighbours: in some hour the one lets out what the other does not bear. Of the columns
// that do so on either side one can be chosen, so a quarrel is a row like an applicant.
type quarrel struct {
	from, to int       // spaces: where it comes from, where it is not borne
	nuisance Nuisances // a single bit
	hour     int       // place of a bit of the hours
	newFrom  bool      // looks at newcomers where it comes from and at all in the other; or else the other way round
}

// priced is a quarrel and its row.
type priced struct {
	quarrel
	row int32
}

// master chooses a column for each space so that no row is taken twice, who sits is taken once, and the works can be
// paid. It is the whole problem, without rounding and without a rule left out.
type master struct {
	*model
	markets [][]market // space → practices
	columns []column   // found so far
	costs   []int64    // of works, each once
	coin    int64      // the unit in which works have a price: the most that they cost in one space
	must    []bool     // row → is taken exactly once
	beside  [][]priced // space → its quarrels
	crowds  []crowd
	in      [][]int32 // applicant → crowds
	taken   []int32   // scratch, like the next two
	met     []int8    // crowd → how many of it were met; 0 in between
	twice   []int32   // crowds
	laid    int       // how many columns lie side by side; 0 when rows came or went
	left    int64     // steps that may still be taken
	known   int64     // score of the best plan known
	best    []team    // that plan, if it was found here
}

func newMaster(m *model, known, limit int64) *master {
	x := &master{model: m, markets: make([][]market, len(m.Spaces)), coin: 1, must: make([]bool, len(m.Applicants)),
		beside: make([][]priced, len(m.Spaces)), in: make([][]int32, len(m.Applicants)), known: known, left: limit}
	for i, a := range m.Applicants {
		x.must[i] = a.Sitting != nil && m.pin[i] == unpinned
	}
	for s := range m.Spaces {
		all := int64(0)
		for _, w := range m.Spaces[s].Works {
			all += int64(w.Cost)
		}
		x.coin = max(x.coin, all)
		x.markets[s] = x.marketsOf(s)
	}
	return x
}

// add takes a column up; its team is copied.
func (x *master) add(t team) int32 {
	crit := x.criteria(t)
	c := column{team: team{t.space, t.practice, slices.Clone(t.members)}, worth: x.weights.Score(crit)}
	if c.fee = slices.Index(x.costs, int64(crit.Works)); c.fee < 0 {
		c.fee, x.costs = len(x.costs), append(x.costs, int64(crit.Works))
	}
	c.rows = slices.Clone(x.rowsOf(t))
	x.columns = append(x.columns, c)
	return int32(len(x.columns) - 1)
}

// rowsOf is what a team takes; it holds until it is asked again.
func (x *master) rowsOf(t team) []int32 {
	rows := x.taken[:0]
	for _, i := range t.members {
		if x.pin[i] == unpinned {
			rows = append(rows, int32(i))
		}
	}
	for _, q := range x.beside[t.space] {
		if x.takes(t, q.quarrel) {
			rows = append(rows, q.row)
		}
	}
	for _, k := range x.meets(t.members) {
		rows = append(rows, x.crowds[k].row)
	}
	x.taken = rows
	return rows
}

// hours is when somebody works, a bit each; always is every bit.
func (a *Applicant) hours() Hours {
	if a.Hours == 0 {
		return ^Hours(0)
	}
	return a.Hours
}

// takes says whether a team stands on one of the two sides of a quarrel.
func (x *master) takes(t team, q quarrel) bool {
	if len(t.members) == 0 {
		return false
	}
	from, p := t.space == q.from, &x.Practices[t.practice]
	for _, i := range t.members {
		a := &x.Applicants[i]
		does := p.Avoids | a.Avoids
		if from {
			does = p.Emits | a.Emits
		}
		if does&q.nuisance != 0 && a.hours()>>q.hour&1 == 1 && (from != q.newFrom || !x.home(i, t.space)) {
			return true
		}
	}
	return false
}

// quarrelOf is a rule that two teams break; ok is false when they bear each other.
func (x *master) quarrelOf(t, u team, passes Nuisances) (q quarrel, ok bool) {
	p, o := &x.Practices[t.practice], &x.Practices[u.practice]
	for _, i := range t.members {
		for _, j := range u.members {
			a, b := &x.Applicants[i], &x.Applicants[j]
			both := a.hours() & b.hours()
			if both == 0 || x.home(i, t.space) && x.home(j, u.space) {
				continue
			}
			hour := bits.TrailingZeros32(uint32(both))
			if harm := passes & (p.Emits | a.Emits) & (o.Avoids | b.Avoids); harm != 0 {
				return quarrel{t.space, u.space, harm & -harm, hour, !x.home(i, t.space)}, true
			}
			if harm := passes & (o.Emits | b.Emits) & (p.Avoids | a.Avoids); harm != 0 {
				return quarrel{u.space, t.space, harm & -harm, hour, !x.home(j, u.space)}, true
			}
		}
	}
	return q, false
}

// settle gives a row to every quarrel among the columns that the spaces chose.
func (x *master) settle(picked []int32) {
	for s, c := range picked {
		for _, r := range x.reach[s] {
			if r.to < s || len(x.must) >= maxRows {
				continue
			}
			if q, ok := x.quarrelOf(x.columns[c].team, x.columns[picked[r.to]].team, r.passes); ok {
				x.addRow(q)
			}
		}
	}
}

func (x *master) addRow(q quarrel) {
	if slices.ContainsFunc(x.beside[q.from], func(p priced) bool { return p.quarrel == q }) {
		return
	}
	p := priced{q, int32(len(x.must))}
	x.must, x.laid = append(x.must, false), 0
	x.beside[q.from], x.beside[q.to] = append(x.beside[q.from], p), append(x.beside[q.to], p)
	for n := range x.columns {
		if c := &x.columns[n]; (c.space == q.from || c.space == q.to) && x.takes(c.team, q) {
			c.rows = append(c.rows, p.row)
		}
	}
}
