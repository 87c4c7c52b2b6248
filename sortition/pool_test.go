package sortition

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
)

func refusal(t *testing.T, err error, code string) fault.Refusal {
	t.Helper()
	if !fault.Is(err, "sortition.refusal."+code) {
		t.Fatalf("got %v, want the refusal %q", err, code)
	}
	return fault.Of(err)[0]
}

func TestWhatIsNoPool(t *testing.T) {
	someone := func(n int) (c []Candidate) {
		for i := range n {
			c = append(c, Candidate{Person: fmt.Sprintf("p%d", i), Name: fmt.Sprintf("Personne %d", i)})
		}
		return c
	}
	body := Body{"b", "Maison des Métiers"}
	cases := []struct {
		name   string
		change func(*Call)
		code   string
	}{
		{"no title", func(c *Call) { c.Title = " " }, "unfit-title"},
		{"a hidden sign in the title", func(c *Call) { c.Title = "Comi\u200bté" }, "unfit-title"},
		{"a title in decomposed letters", func(c *Call) { c.Title = "Comite\u0301" }, "unfit-title"},
		{"no source", func(c *Call) { c.Source = "" }, "unfit-source"},
		{"a source that turns the writing round", func(c *Call) { c.Source = "volontaires \u202e" }, "unfit-source"},
		{"a source of 501 signs", func(c *Call) { c.Source = strings.Repeat("é", 501) }, "unfit-source"},
		{"no effective seat", func(c *Call) { c.Effective = 0 }, "no-seat"},
		{"fewer than no substitutes", func(c *Call) { c.Substitutes = -1 }, "no-seat"},
		{"more seats than a draw may fill", func(c *Call) { c.Effective, c.Candidates = 501, someone(600) }, "too-many-seats"},
		{"seats that overflow", func(c *Call) { c.Substitutes = int(^uint(0) >> 1) }, "too-many-seats"},
		{"five volunteers for six seats", func(c *Call) { c.Candidates = someone(5) }, "too-few"},
		{"nobody", func(c *Call) { c.Candidates = nil }, "too-few"},
		{"one excluded, one missing", func(c *Call) {
			c.Candidates, c.Exclusions = someone(6), []Exclusion{{"p0", "salarié"}}
		}, "too-few"},
		{"someone without a name", func(c *Call) { c.Candidates[3].Name = "" }, "unfit-person"},
		{"someone without an id", func(c *Call) { c.Candidates[3].Person = "" }, "unfit-person"},
		{"a name with a line feed", func(c *Call) { c.Candidates[3].Name = "Ali\nTekin" }, "unfit-person"},
		{"two names for one id", func(c *Call) { c.Candidates = append(c.Candidates, Candidate{Person: "p1", Name: "Autre"}) }, "two-names"},
		{"a body through two persons", func(c *Call) {
			c.Candidates = append(c.Candidates, Candidate{"p1", "Personne 1", body}, Candidate{"p2", "Personne 2", body})
		}, "body-twice"},
		{"a body with two names", func(c *Call) {
			c.Candidates = append(c.Candidates, Candidate{"p1", "Personne 1", body}, Candidate{"p1", "Personne 1", Body{"b", "Maison"}})
		}, "two-names"},
		{"a body without an id", func(c *Call) {
			c.Candidates = append(c.Candidates, Candidate{"p1", "Personne 1", Body{Name: "Maison"}})
		}, "unfit-body"},
		{"an exclusion without a reason", func(c *Call) { c.Exclusions = []Exclusion{{"p0", ""}} }, "unfit-reason"},
		{"too many entries", func(c *Call) { c.Candidates = make([]Candidate, MaxEntries+1) }, "too-many"},
	}
	for _, tt := range cases {
		c := Call{Title: "Comité", Source: "Volontaires", Effective: 3, Substitutes: 3, Candidates: someone(8)}
		tt.change(&c)
		_, err := Freeze(c, seeded("pool"))
		if !fault.Is(err, "sortition.refusal."+tt.code) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
}

func TestEachPersonHasOneChance(t *testing.T) {
	pool := must(Freeze(call(), seeded("pool")))
	h := pool.Header()
	if h.Size != 19 || len(h.Excluded) != 1 || len(pool.Excluded()) != 1 {
		t.Fatalf("%d persons, %d put aside", h.Size, len(h.Excluded))
	}
	byName := map[string]Member{}
	for _, m := range pool.Members() {
		byName[m.Name] = m
	}
	if len(byName) != 19 {
		t.Errorf("%d different names among 19 members", len(byName))
	}
	if m := byName["Yvette Collard"]; !m.Own || !slices.Equal(m.Bodies, []string{"Comptoir des Ressources Créatives"}) {
		t.Errorf("two entries of one person: %+v", m.Opening)
	}
	if m := byName["Fatoumata Sow"]; m.Own || !slices.Equal(m.Bodies, []string{"13 rue Roture"}) {
		t.Errorf("the representative of a body: %+v", m.Opening)
	}
	reasons := []string{"administratrice en fonction"}
	if e := pool.Excluded()[0]; e.Name != "Pascale Renkin" || !slices.Equal(e.Reasons, reasons) {
		t.Errorf("put aside: %+v", e)
	}
}

// calls draws a call with people who enter several times and reasons that come several times.
func calls(t *rapid.T) Call {
	c := Call{Title: "Jury", Source: "Volontaires", Effective: rapid.IntRange(1, 3).Draw(t, "effective"),
		Substitutes: rapid.IntRange(0, 3).Draw(t, "substitutes")}
	n := rapid.IntRange(8, 40).Draw(t, "people")
	for i := range n {
		someone := Candidate{Person: fmt.Sprintf("p%03d", i), Name: fmt.Sprintf("Personne %d", i)}
		for range rapid.IntRange(1, 3).Draw(t, "entries") {
			c.Candidates = append(c.Candidates, someone)
			b := len(c.Candidates)
			someone.For = Body{fmt.Sprintf("b%d", b), fmt.Sprintf("Maison %d", b%5)}
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "exclusions") {
		who := rapid.IntRange(0, 1).Draw(t, "who")
		why := rapid.SampledFrom([]string{"salarié", "gérante"}).Draw(t, "why")
		c.Exclusions = append(c.Exclusions, Exclusion{fmt.Sprintf("p%03d", who), why})
	}
	return c
}

func TestTheOrderOfTypingChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := calls(t)
		pool, err := Freeze(c, seeded("pool"))
		if err != nil {
			t.Fatal(err)
		}
		c.Candidates = rapid.Permutation(c.Candidates).Draw(t, "candidates")
		c.Exclusions = rapid.Permutation(c.Exclusions).Draw(t, "reasons")
		again, err := Freeze(c, seeded("pool"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pool.Header(), again.Header()); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(pool.Members(), again.Members(), cmpopts.EquateComparable(civil.Date{})); diff != "" {
			t.Fatal(diff)
		}
		ids := map[string]bool{}
		for _, m := range pool.Members() {
			if ids[m.Person] {
				t.Fatalf("%s is there twice", m.Person)
			}
			ids[m.Person] = true
		}
		for _, e := range pool.Excluded() {
			if ids[e.Person] {
				t.Fatalf("%s is in the pool and put aside", e.Person)
			}
		}
	})
}

func TestEveryMemberFindsTheirLeafAndNobodyElseDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool, err := Freeze(calls(t), seeded("pool"))
		if err != nil {
			t.Fatal(err)
		}
		members := pool.Members()
		for _, m := range members {
			slip, ok := pool.Slip(m.Person)
			if !ok || slip.Check(pool.Hash()) != nil {
				t.Fatalf("%s does not find their leaf: %v", m.Name, slip.Check(pool.Hash()))
			}
		}
		for _, e := range pool.Excluded() {
			if _, ok := pool.Slip(e.Person); ok {
				t.Fatal("someone put aside has a slip")
			}
		}
		slip, _ := pool.Slip(rapid.SampledFrom(members).Draw(t, "member").Person)
		outsider := rapid.SampledFrom([]func(*Slip){
			func(s *Slip) { s.Name += "e" },
			func(s *Slip) { s.Person += "0" },
			func(s *Slip) { s.Own = !s.Own },
			func(s *Slip) { s.Bodies = append(slices.Clone(s.Bodies), "Une autre") },
			func(s *Slip) { s.Salt[31] ^= 1 },
			func(s *Slip) { s.Index = (s.Index + 1) % s.Pool.Size },
			func(s *Slip) { s.Index = -1 },
			func(s *Slip) { s.Index = s.Pool.Size },
			func(s *Slip) { s.Path = s.Path[1:] },
			func(s *Slip) { s.Path = append(slices.Clone(s.Path), Hash{}) },
			func(s *Slip) { s.Path = slices.Clone(s.Path); s.Path[0][0] ^= 1 },
			func(s *Slip) { s.Pool.Title = "Autre jury" },
			func(s *Slip) { s.Pool.Size++ },
			func(s *Slip) { s.Pool.Hash[0] ^= 1 },
		}).Draw(t, "outsider")
		outsider(&slip)
		if slip.Check(pool.Hash()) == nil {
			t.Fatalf("an altered slip is good: %+v", slip)
		}
	})
}

func TestTheTreeIsThatOfRFC6962(t *testing.T) {
	// Roots of the leaves 0, 1, 2 … (32 bytes each, the number in the last), computed by another program, level by
	// level.
	want := map[int]string{
		1: "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9",
		2: "fc1cb46daa84d0e650f2e714a970936d1de022735e136e275eb27fa010402a6f",
		3: "66b8d1a5f040f71eafdff2e177d32003ea0ee51178ca3a9219c33c3dec04cda7",
		5: "37711ec04165b198c08e06c9e970964a142747de607efd657d85759c5eed5e3c",
		7: "9b2f1295c253ef1c0cd2077e99368c407a84c525de4a441b443ed525a7730a64",
		8: "36e6b3d01521d1e5eec7fa2dc58ff7cb8620126a312d561e1fab2edb77371f1a",
		9: "6343c8eba8bbdb7cae2f47155bbea2cc65e8a8c63d385fce7d666769cb5732e3",
	}
	var leaves []Hash
	for n := 1; n <= 9; n++ {
		leaves = append(leaves, Hash{31: byte(n - 1)})
		if w, ok := want[n]; ok && treeRoot(leaves).String() != w {
			t.Errorf("root of %d leaves: %s, want %s", n, treeRoot(leaves), w)
		}
	}
}

func TestAPoolAlteredInTheStoreIsSeen(t *testing.T) {
	pool := must(Freeze(call(), seeded("pool")))
	h := pool.Header()
	for name, alter := range map[string]func([]Member, []Excluded){
		"a name":          func(m []Member, _ []Excluded) { m[4].Name = "Quelqu’un d’autre" },
		"a salt":          func(m []Member, _ []Excluded) { m[4].Salt[0] ^= 1 },
		"a reason":        func(_ []Member, e []Excluded) { e[0].Reasons = []string{"administrateur"} },
		"someone twice":   func(m []Member, _ []Excluded) { m[4] = m[5] },
		"an excluded one": func(_ []Member, e []Excluded) { e[0].Person = "PZ" },
	} {
		members, excluded := pool.Members(), pool.Excluded()
		alter(members, excluded)
		if _, err := Rebuild(h.Title, h.Source, h.Effective, h.Substitutes, members, excluded); err == nil {
			t.Errorf("%s was altered, and the pool is good", name)
		}
	}
	again := must(Rebuild(h.Title, h.Source, h.Effective, h.Substitutes, pool.Members(), pool.Excluded()))
	if again.Hash() != pool.Hash() {
		t.Error("the pool rebuilt is another")
	}
}

func TestEveryRefusalHasItsWords(t *testing.T) {
	b := book(t)
	for _, tag := range lang.Tags {
		for _, code := range b.In(tag).Codes() {
			if !strings.HasPrefix(code, "sortition.") {
				t.Errorf("%s: %s is of another room", tag, code)
			}
		}
	}
	for _, code := range codesInSource(t) {
		if !b.In(lang.French).Has(code) {
			t.Errorf("%s has no words", code)
		}
	}
}
