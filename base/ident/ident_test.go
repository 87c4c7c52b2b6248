package ident

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2017, 6, 17, 12, 0, 0, 0, time.UTC)

func seeded(seed byte) *Source { return NewSource(rand.NewChaCha8([32]byte{seed})) }

func TestIdsSortInTheOrderInWhichTheyWereMade(t *testing.T) {
	source := seeded(1)
	var ids []string
	for i := range 5_000 {
		ids = append(ids, source.New(noon.Add(time.Duration(i/1_000)*time.Millisecond))) // a thousand in each millisecond
	}
	if !slices.IsSorted(ids) {
		t.Error("ids are out of order")
	}
	if len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Error("an id came twice")
	}
	for _, id := range ids {
		if len(id) != 26 || strings.Trim(id, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
			t.Fatalf("%q is no id", id)
		}
	}
	if earlier := source.New(noon.Add(-time.Hour)); earlier > ids[0] {
		t.Errorf("%s, of an hour before, stands behind %s", earlier, ids[0])
	}
}

func TestTheSameDiceGiveTheSameIds(t *testing.T) {
	a, b, other := seeded(1), seeded(1), seeded(2)
	for range 10 {
		if x, y := a.New(noon), b.New(noon); x != y {
			t.Fatalf("%s and %s", x, y)
		}
	}
	if a.New(noon) == other.New(noon) {
		t.Error("other dice gave the same id")
	}
}

func TestManyMakeIdsAtOnce(t *testing.T) {
	source := seeded(3)
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				id := source.New(noon)
				mu.Lock()
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 4_000 {
		t.Errorf("%d different ids of 4,000", len(seen))
	}
}

type noDice struct{}

func (noDice) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func TestWithoutRandomnessThereIsNoId(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an id without randomness")
		}
	}()
	NewSource(noDice{}).New(noon)
}

func TestEnterpriseNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"BE 0123.456.749": "0123456749", "0123456749": "0123456749", "123456749": "0123456749", "be0123456749": "0123456749",
		"0123-456-749": "0123456749", "0123 456 749": "0123456749", " 0123.456.749 ": "0123456749", "BE\u00a00123\u202f456\u202f749": "0123456749",
		"0403.170.701": "0403170701", "BE-0403.170.701": "0403170701", "1000.000.021": "1000000021",
	} {
		got, ok := Enterprise(in)
		if !ok || got != want {
			t.Errorf("%q is read as %s, %v", in, got, ok)
		}
	}
	for _, in := range []string{
		"", "BE", "0123456748", "0123456740", "1234567890123", "2123456749", "012345674", "0123.456.74x", "O123456749", "FR0123456749", "0123/456/749",
		"BEBE0123456749", "0000000097", "000000097", "1000000023", "٠١٢٣٤٥٦٧٤٩", "0123456749\x00",
	} {
		if got, ok := Enterprise(in); ok {
			t.Errorf("%q is taken for %s", in, got)
		}
	}
}

// Every slip of one figure, and every swap of two unlike neighbours, is found.
func TestSlipsInAnEnterpriseNumberAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := fmt.Sprintf("%08d", rapid.IntRange(1_000_000, 19_999_999).Draw(t, "first"))
		number := first + fmt.Sprintf("%02d", 97-mod97(first))
		if got, ok := Enterprise(FormatEnterprise(number)); !ok || got != number {
			t.Fatalf("%s is read as %s, %v", number, got, ok)
		}
		at := rapid.IntRange(0, 9).Draw(t, "at")
		other := byte(rapid.IntRange(1, 9).Draw(t, "other"))
		wrong := []byte(number)
		wrong[at] = '0' + (wrong[at]-'0'+other)%10
		if _, ok := Enterprise(string(wrong)); ok {
			t.Fatalf("%s was taken for %s", wrong, number)
		}
		swapped := []byte(number)
		at = min(at, 8)
		swapped[at], swapped[at+1] = swapped[at+1], swapped[at]
		if _, ok := Enterprise(string(swapped)); ok && string(swapped) != number {
			t.Fatalf("%s was taken for %s", swapped, number)
		}
	})
}

func TestFormatEnterprise(t *testing.T) {
	for in, want := range map[string]string{"0123456749": "0123.456.749", "123": "123", "": ""} {
		if got := FormatEnterprise(in); got != want {
			t.Errorf("%q is written %q", in, got)
		}
	}
}

func FuzzEnterprise(f *testing.F) {
	for _, s := range []string{"BE 0123.456.749", "0403170701", "x", "97", "00000000097"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number, ok := Enterprise(s)
		if !ok {
			return
		}
		if len(number) != 10 || strings.Trim(number, "0123456789") != "" {
			t.Fatalf("%q gives %q", s, number)
		}
		if again, ok := Enterprise(FormatEnterprise(number)); !ok || again != number {
			t.Fatalf("%q gives %s, which gives %s, %v", s, number, again, ok)
		}
	})
}
