package app

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMappingsOfAProcess(t *testing.T) {
	smaps := `00400000-023d7000 r-xp 00000000 fe:00 42 /usr/bin/lieux
Size:              32604 kB
Rss:               31900 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me dw sd
023d7000-0433e000 r--p 01fd7000 fe:00 42 /usr/bin/lieux
Anonymous:             8 kB
0433e000-04474000 rw-p 03f3e000 fe:00 42 /usr/bin/lieux
Anonymous:           312 kB
7f2f4c000000-7f2f4c008000 rw-s 00000000 fe:00 77 /srv/data/lieux.db-shm
Anonymous:             0 kB
7ffd1a3f2000-7ffd1a3f6000 r--p 00000000 00:00 0 [vvar]
Anonymous:             0 kB
`
	got, err := mappings(strings.NewReader(smaps))
	if err != nil {
		t.Fatal(err)
	}
	want := []mapped{
		{from: 0x400000, to: 0x23d7000, file: true},
		{from: 0x23d7000, to: 0x433e000, file: true, own: true}, // changed when it was loaded: kept
		{from: 0x433e000, to: 0x4474000, own: true},
		{from: 0x7f2f4c000000, to: 0x7f2f4c008000},
		{from: 0x7ffd1a3f2000, to: 0x7ffd1a3f6000},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(mapped{})); diff != "" {
		t.Error(diff)
	}
	for i, m := range got {
		if m.lent() != (i == 0) {
			t.Errorf("%+v is given back: %v", m, m.lent())
		}
	}
}

// What was lent is there again when it is asked for: the test goes on in the pages that it gave back.
func TestTheProgramComesBack(t *testing.T) {
	before := resident(t)
	if err := lendProgram(); err != nil {
		t.Fatal(err)
	}
	if after := resident(t); after >= before {
		t.Errorf("%d kB of the program's file are resident, %d before", after, before)
	}
}

// resident is how much of what the process reads from files, and never writes, is resident, in kB.
func resident(t *testing.T) (sum int) {
	t.Helper()
	smaps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	file := false
	for line := range strings.Lines(string(smaps)) {
		words := strings.Fields(line)
		if strings.Contains(words[0], "-") {
			file = strings.HasPrefix(words[1], "r-") && words[4] != "0"
		} else if n, err := strconv.Atoi(words[1]); file && words[0] == "Rss:" && err == nil {
			sum += n
		}
	}
	return sum
}
