package offices

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// readInstance reads a file of the public instances (their format is beside them).
func readInstance(t testing.TB, name string) (p Problem) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	part := ""
	for i, line := range strings.Split(string(text), "\n") {
		fields := strings.Fields(line)
		if len(fields) == 1 {
			part = fields[0]
			continue
		}
		if len(fields) == 0 || part == "" {
			continue
		}
		if err := readLine(&p, part, fields); err != nil {
			t.Fatalf("%s:%d: %v", name, i+1, err)
		}
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	return p
}

func readLine(p *Problem, part string, fields []string) error {
	n := make([]int, len(fields))
	for i, f := range fields {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return err
		}
		n[i] = int(math.Round(x * 100))
		if part != "ENTITIES" && part != "ROOMS" || i != 2 {
			n[i] = int(math.Round(x))
		}
	}
	switch {
	case part == "ENTITIES" && len(n) == 3:
		p.Entities = append(p.Entities, Entity{Size: int64(n[2])})
	case part == "ROOMS" && len(n) >= 4:
		p.Rooms = append(p.Rooms, Room{Capacity: int64(n[2]), Floor: n[1], Adjacent: n[4:]})
	case part == "CONSTRAINTS" && len(n) == 5:
		p.Constraints = append(p.Constraints, Constraint{Kind(n[1]), n[2] == 1, n[3], max(n[4], 0)})
	default:
		return fmt.Errorf("%d fields among %s", len(n), part)
	}
	return nil
}

// publicInstances are the files that LIEUX_BENCH_DATA holds, if it does.
func publicInstances(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(os.Getenv("LIEUX_BENCH_DATA"), "office-space-allocation", "*.txt"))
	if err != nil {
		tb.Fatal(err)
	}
	var instances []string
	for _, f := range files {
		if !strings.HasPrefix(filepath.Base(f), "FORMAT") {
			instances = append(instances, f)
		}
	}
	return instances
}
