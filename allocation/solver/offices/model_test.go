package offices

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// models is where TestWriteModels leaves the public instances for a solver of mixed integer programs.
var models = flag.String("models", "", "folder into which the public instances are written as LP files")

// term is a number times a variable.
type term struct {
	times    int64
	variable string
}

// row says that a sum is at most, or exactly, a number.
type row struct {
	sum   []term
	exact bool
	limit int64
}

// program is a problem in the words of the 0/1 model of Ülker and Landa-Silva (2010): x of an entity and a room is 1
// where it is, n of a room is how many are in it, u its misuse, y of a soft constraint is 1 when it is not kept. Nearness is summed by floor,
// which makes the model tighter than room by room.
type program struct {
	Problem
	costs []term
	rows  []row
	bits  []string
}

func x(e, r int) string { return fmt.Sprintf("x_%d_%d", e, r) }

func count(r int) string { return fmt.Sprintf("n_%d", r) }

func programOf(p Problem) *program {
	m := &program{Problem: p}
	for e := range p.Entities {
		whole := row{exact: true, limit: 1}
		for r := range p.Rooms {
			whole.sum = append(whole.sum, term{1, x(e, r)})
			m.bits = append(m.bits, x(e, r))
		}
		m.rows = append(m.rows, whole)
	}
	for r, room := range p.Rooms {
		u := fmt.Sprintf("u_%d", r)
		m.costs = append(m.costs, term{1, u})
		m.rows = append(m.rows, row{append(m.used(r, -1), term{-1, u}), false, -room.Capacity},
			row{append(m.used(r, overuse), term{-1, u}), false, overuse * room.Capacity})
		there := row{exact: true}
		for e := range p.Entities {
			there.sum = append(there.sum, term{1, x(e, r)})
		}
		there.sum = append(there.sum, term{-1, count(r)})
		m.rows = append(m.rows, there)
	}
	for n, c := range p.Constraints {
		y := term{}
		if !c.Hard {
			y = term{1, fmt.Sprintf("y_%d", n)}
			m.bits = append(m.bits, y.variable)
			m.costs = append(m.costs, term{Penalties[c.Kind], y.variable})
		}
		m.constrain(c, y)
	}
	return m
}

func (m *program) used(r int, times int64) (sum []term) {
	for e, one := range m.Entities {
		sum = append(sum, term{times * one.Size, x(e, r)})
	}
	return sum
}

// constrain adds the rows of a constraint; y takes the place of what is not kept.
func (m *program) constrain(c Constraint, y term) {
	atMost := func(limit, slack int64, sum ...term) {
		if y.variable != "" {
			sum = append(sum, term{-slack, y.variable})
		}
		m.rows = append(m.rows, row{sum, false, limit})
	}
	all := int64(len(m.Entities))
	switch c.Kind {
	case Allocation:
		atMost(-1, 1, term{-1, x(c.A, c.B)})
	case NonAllocation:
		atMost(0, 1, term{1, x(c.A, c.B)})
	case Capacity:
		total, _ := areas(m.Problem)
		atMost(m.Rooms[c.A].Capacity, total, m.used(c.A, 1)...)
	case NotSharing:
		for r := range m.Rooms {
			atMost(all, all-1, term{1, count(r)}, term{all - 1, x(c.A, r)})
		}
	case SameRoom:
		for r := range m.Rooms {
			atMost(0, 1, term{1, x(c.A, r)}, term{-1, x(c.B, r)})
		}
	case NotSameRoom:
		for r := range m.Rooms {
			atMost(1, 1, term{1, x(c.A, r)}, term{1, x(c.B, r)})
		}
	case Adjacency:
		for r := range m.Rooms {
			sum := []term{{1, x(c.A, r)}}
			for s := range m.Rooms {
				if m.related(Adjacency, r, s) {
					sum = append(sum, term{-1, x(c.B, s)})
				}
			}
			atMost(0, 1, sum...)
		}
	case Nearby, Away:
		m.floors(c, atMost)
	}
}

// floors adds a row for each floor.
func (m *program) floors(c Constraint, atMost func(limit, slack int64, sum ...term)) {
	floors := map[int][]int{}
	var order []int
	for r, room := range m.Rooms {
		if floors[room.Floor] == nil {
			order = append(order, room.Floor)
		}
		floors[room.Floor] = append(floors[room.Floor], r)
	}
	times, limit := int64(-1), int64(0)
	if c.Kind == Away {
		times, limit = 1, 1
	}
	for _, f := range order {
		var sum []term
		for _, r := range floors[f] {
			sum = append(sum, term{1, x(c.A, r)}, term{times, x(c.B, r)})
		}
		atMost(limit, 1, sum...)
	}
}

// text is the program as CPLEX's LP format has it.
func (m *program) text() string {
	var b strings.Builder
	write := func(sum []term) {
		for n, t := range sum {
			if n%8 == 7 {
				b.WriteString("\n  ")
			}
			fmt.Fprintf(&b, " %+d %s", t.times, t.variable)
		}
	}
	b.WriteString("Minimize\n cost:")
	write(m.costs)
	b.WriteString("\nSubject To\n")
	for n, r := range m.rows {
		fmt.Fprintf(&b, " c%d:", n)
		write(r.sum)
		sign := "<="
		if r.exact {
			sign = "="
		}
		fmt.Fprintf(&b, " %s %d\n", sign, r.limit)
	}
	b.WriteString("Binaries\n")
	for _, v := range m.bits {
		b.WriteString(" " + v + "\n")
	}
	b.WriteString("End\n")
	return b.String()
}

// cost is the least that the program says an assignment costs; ok is false when it forbids it.
func (m *program) cost(at []int) (cost int64, ok bool) {
	value := map[string]int64{}
	for e, r := range at {
		value[x(e, r)] = 1
	}
	sumOf := func(sum []term) (total int64) {
		for _, t := range sum {
			total += t.times * value[t.variable]
		}
		return total
	}
	for _, r := range m.rows { // n, u and y stand last, with a factor below 0: the least that makes the row true
		over := sumOf(r.sum) - r.limit
		if last := r.sum[len(r.sum)-1]; over > 0 && last.times < 0 && last.variable[0] != 'x' {
			value[last.variable] += (over - last.times - 1) / -last.times
			over = 0
		}
		if over > 0 || r.exact && over < 0 {
			return 0, false
		}
	}
	for _, v := range m.bits {
		if value[v] > 1 {
			return 0, false
		}
	}
	return sumOf(m.costs), true
}

// The program says of any assignment what the problem says.
func TestProgram(t *testing.T) {
	forbidden, cost := 0, int64(0)
	rapid.Check(t, func(t *rapid.T) {
		p := problems(t, 6, 4, true)
		at := make([]int, len(p.Entities))
		for e := range at {
			at[e] = rapid.IntRange(0, len(p.Rooms)-1).Draw(t, "at")
		}
		said, ok := programOf(p).cost(at)
		s := p.Score(at)
		if ok != (s.Hard == 0) || ok && said != s.Cost() {
			t.Fatalf("the program says %d, %v; the problem %+v", said, ok, s)
		}
		if !ok {
			forbidden++
		}
		cost += s.Soft
	})
	if forbidden == 0 || cost == 0 {
		t.Errorf("%d assignments were forbidden, penalties of %d", forbidden, cost)
	}
	p := Problem{Entities: []Entity{{100}, {50}}, Rooms: []Room{{Capacity: 120}}, Constraints: []Constraint{{Kind: SameRoom, B: 1}}}
	text := "Minimize\n cost: +1 u_0 +1000 y_0\nSubject To\n c0: +1 x_0_0 = 1\n c1: +1 x_1_0 = 1\n" +
		" c2: -100 x_0_0 -50 x_1_0 -1 u_0 <= -120\n c3: +200 x_0_0 +100 x_1_0 -1 u_0 <= 240\n" +
		" c4: +1 x_0_0 +1 x_1_0 -1 n_0 = 0\n c5: +1 x_0_0 -1 x_1_0 -1 y_0 <= 0\nBinaries\n x_0_0\n x_1_0\n y_0\nEnd\n"
	if got := programOf(p).text(); got != text {
		t.Errorf("as text:\n%s", got)
	}
}

// BenchmarkModels writes the public instances as LP files, where -models says.
func BenchmarkModels(b *testing.B) {
	folder := *models
	if folder == "" {
		folder = b.TempDir()
	}
	for _, file := range publicInstances(b) {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		b.Run(name, func(b *testing.B) {
			m := programOf(readInstance(b, file))
			for b.Loop() {
				if err := os.WriteFile(filepath.Join(folder, name+".lp"), []byte(m.text()), 0o600); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(m.rows)), "rows")
		})
	}
}
