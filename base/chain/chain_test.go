package chain

import (
	"encoding/hex"
	"strings"
	"testing"
)

func salt() (s Salt) {
	for i := range s {
		s[i] = byte(i)
	}
	return s
}

// The values were computed by another program from docs/archive.md: whoever changes one breaks every journal there is.
const (
	committed = "6c21b20d5d4eaa00cbc3b82fd38ef45a5f6fcffeb165c7f8915e9f11195c3565"
	first     = "5a4d983d2f75a9e7bf683206c3196a2eb6be31f794d0b6a8c205e90dc35d5db8"
	second    = "e48f94381066380734e792158ec3bb338208b492ea09ccfd500df71ce7807a6a"
	sealed    = "a7b98c824e8a1018dab6eb30b9bcda3440fd45800fb824e5c196fb910baf14b3"
)

func TestHashesAreThoseOfTheDocument(t *testing.T) {
	c := Commit("journal", salt(), []byte(`{"v":1}`))
	one := Seal(Genesis, 1, 1497690000000000, c)
	two := Seal(one.Hash, 2, 1497690000000001, c)
	long := Commit("seal/movement/7", salt(), []byte(strings.Repeat("x", 1000)))
	for want, got := range map[string]Hash{committed: c, first: one.Hash, second: two.Hash, sealed: long} {
		if hex.EncodeToString(got[:]) != want {
			t.Errorf("%x, not %s", got, want)
		}
	}
}

func TestNothingMayBeExchangedBetweenDomainAndContent(t *testing.T) {
	if Commit("ab", salt(), []byte("c")) == Commit("a", salt(), []byte("bc")) {
		t.Error("a letter moved from the domain to the content unseen")
	}
	other := salt()
	other[31]++
	if Commit("a", salt(), []byte("b")) == Commit("a", other, []byte("b")) {
		t.Error("the salt says nothing")
	}
}

func TestWhatFollows(t *testing.T) {
	one := Seal(Genesis, 1, 1000, Commit("journal", salt(), []byte("a")))
	two := Seal(one.Hash, 2, 1000, Commit("journal", salt(), []byte("b"))) // in the same microsecond
	for name, good := range map[string][2]Link{"the first": {{}, one}, "the second": {one, two}} {
		if err := Follows(good[0], good[1]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	earlier := Seal(one.Hash, 2, 999, two.Commitment)
	gap := Seal(one.Hash, 3, 1001, two.Commitment)
	altered := two
	altered.Commitment[0]++
	orphan := Seal(Genesis, 2, 1001, two.Commitment)
	for name, bad := range map[string][2]Link{"a gap": {one, gap}, "an earlier date": {one, earlier}, "an altered content": {one, altered},
		"another past": {one, orphan}, "a repetition": {two, two}, "a beginning in the middle": {{}, two}} {
		if err := Follows(bad[0], bad[1]); err == nil {
			t.Errorf("%s follows", name)
		}
	}
}

func BenchmarkSealing(b *testing.B) {
	l := Link{}
	content := []byte(strings.Repeat("x", 150))
	for b.Loop() {
		l = Seal(l.Hash, l.Number+1, l.At+1, Commit("journal", salt(), content))
	}
}
