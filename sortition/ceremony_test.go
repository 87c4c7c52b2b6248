package sortition

import (
	"slices"
	"strings"
	"testing"

	"lieux/base/fault"
)

// A script of a ceremony: one letter a step.
//
//	S  the pool is shown          C  the next word is committed
//	1  word 1 is revealed (2, 3)  x  word 1 is dropped (y: word 2, z: word 3)
//	D  the dice are thrown
func play(script string) (*Ceremony, error) {
	pool := Hash{1}
	c, words := Begin(pool), []string{"brique", "tilleul", "passerelle", "lucarne"}
	committed := 0
	for i, letter := range script {
		at := minutes(i)
		var s Step
		switch {
		case letter == 'S':
			s = Shown(at)
		case letter == 'C':
			s = Committed(at, must(Commitment(pool, words[committed], Salt{byte(committed + 1)})))
			committed++
		case letter >= '1' && letter <= '9':
			n := int(letter - '0')
			s = Revealed(at, n, words[n-1], Salt{byte(n)})
		case letter == 'D':
			s = Thrown(at, 4, 2, 6, 1, 5)
		default:
			s = Dropped(at, int(letter-'x')+1)
		}
		if err := c.Take(s); err != nil {
			return c, err
		}
	}
	return c, nil
}

func TestTheOrderOfTheCeremony(t *testing.T) {
	cases := []struct{ script, code, next string }{
		{"", "", "pool-shown"},
		{"S", "", "word-committed"},
		{"SC", "", "word-committed word-dropped"},
		{"SCC", "", "word-committed word-revealed word-dropped"},
		{"SCC1", "", "word-revealed word-dropped"},
		{"SCCC31", "", "word-revealed word-dropped"},
		{"SCC21", "", "dice-thrown"},
		{"SCC21D", "", ""},
		{"SCCC1y3D", "", ""},
		{"SCCxC23D", "", ""},
		{"C", "pool-first", ""},
		{"D", "pool-first", ""},
		{"SS", "shown-twice", ""},
		{"SCCS", "shown-twice", ""},
		{"S1", "too-few-words", ""},
		{"SC1", "too-few-words", ""},
		{"SCCx2", "too-few-words", ""},
		{"SCC1C", "words-closed", ""},
		{"SCC3", "no-contributor", ""},
		{"SCC11", "word-settled", ""},
		{"SCCCx1", "word-settled", ""},
		{"SCC1x", "word-settled", ""},
		{"Sx", "no-contributor", ""},
		{"SD", "too-few-words", ""},
		{"SCCD", "words-open", ""},
		{"SCC1D", "words-open", ""},
		{"SCC1yD", "too-few-words", ""},
		{"SCC21DD", "dice-were-last", ""},
		{"SCC21DC", "dice-were-last", ""},
		{"SCCC12D", "words-open", ""},
	}
	for _, tt := range cases {
		c, err := play(tt.script)
		if tt.code != "" {
			if !fault.Is(err, "sortition.refusal."+tt.code) {
				t.Errorf("%s: %v, want %s", tt.script, err, tt.code)
			}
			if len(c.Steps()) != len(tt.script)-1 {
				t.Errorf("%s: a refused step was taken", tt.script)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.script, err)
		}
		if next := kinds(c.Next()); next != tt.next {
			t.Errorf("%s: next %q, want %q", tt.script, next, tt.next)
		}
		if _, err := c.Seed(); (err == nil) != strings.HasSuffix(tt.script, "D") {
			t.Errorf("%s: the seed is known: %v", tt.script, err)
		}
	}
}

func kinds(k []Kind) string {
	texts := make([]string, len(k))
	for i := range k {
		texts[i] = string(k[i])
	}
	return strings.Join(texts, " ")
}

func TestStepsThatAreRefused(t *testing.T) {
	open := func() *Ceremony { return must(play("SCC")) }
	settled := func() *Ceremony { return must(play("SCC12")) }
	later := minutes(60)
	cases := []struct {
		name string
		c    *Ceremony
		step Step
		code string
	}{
		{"another word", open(), Revealed(later, 1, "briques", Salt{1}), "word-differs"},
		{"a capital letter", open(), Revealed(later, 1, "Brique", Salt{1}), "word-differs"},
		{"another salt", open(), Revealed(later, 1, "brique", Salt{2}), "word-differs"},
		{"someone else's word", open(), Revealed(later, 2, "brique", Salt{1}), "word-differs"},
		{"an empty word", open(), Revealed(later, 1, " ", Salt{1}), "unfit-word"},
		{"no salt", open(), Revealed(later, 1, "brique", Salt{}), "unfit-word"},
		{"a copied commitment", open(), Committed(later, open().words[0].commitment), "copied-word"},
		{"an empty commitment", open(), Committed(later, Hash{}), "unknown-step"},
		{"an earlier hour", open(), Committed(minutes(1), Hash{5}), "clock"},
		{"an unknown step", open(), Step{Kind: "coin-tossed", At: Moment(later)}, "unknown-step"},
		{"dice that hide in a commitment", open(), Step{Kind: WordCommitted, At: Moment(later), Commitment: Hash{5}, Dice: []int{1}}, "unknown-step"},
		{"four dice", settled(), Thrown(later, 4, 2, 6, 1), "dice-count"},
		{"no dice", settled(), Thrown(later), "dice-count"},
		{"101 dice", settled(), Thrown(later, slices.Repeat([]int{3}, 101)...), "dice-count"},
		{"a seven", settled(), Thrown(later, 4, 2, 7, 1, 5), "die-face"},
		{"a nought", settled(), Thrown(later, 4, 2, 0, 1, 5), "die-face"},
	}
	for _, tt := range cases {
		before := len(tt.c.Steps())
		if err := tt.c.Take(tt.step); !fault.Is(err, "sortition.refusal."+tt.code) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
		if len(tt.c.Steps()) != before {
			t.Errorf("%s: refused and taken", tt.name)
		}
	}
	if err := open().Take(Revealed(later, 1, "  brique ", Salt{1})); err != nil {
		t.Errorf("space round a word that is typed: %v", err)
	}
	accents := must(Commitment(Hash{1}, "été", Salt{9}))
	if decomposed := must(Commitment(Hash{1}, "e\u0301te\u0301", Salt{9})); decomposed != accents {
		t.Error("two ways to type é give two words")
	}
	if _, err := Commitment(Hash{1}, strings.Repeat("a", 61), Salt{9}); !fault.Is(err, "sortition.refusal.unfit-word") {
		t.Errorf("a word of 61 signs: %v", err)
	}
}

func TestAtMostFiftyWords(t *testing.T) {
	c := Begin(Hash{1})
	if err := c.Take(Shown(minutes(0))); err != nil {
		t.Fatal(err)
	}
	for i := range MaxWords {
		if err := c.Take(Committed(minutes(i), Hash{byte(i + 1)})); err != nil {
			t.Fatal(err)
		}
	}
	refusal(t, c.Take(Committed(minutes(90), Hash{99})), "too-many-words")
}

func TestOneChangedLetterOrDieChangesTheSeed(t *testing.T) {
	seen := map[Hash]string{}
	for _, ceremony := range []struct {
		words string
		dice  []int
	}{
		{"brique tilleul passerelle", []int{4, 2, 6, 1, 5}},
		{"briques tilleul passerelle", []int{4, 2, 6, 1, 5}},
		{"Brique tilleul passerelle", []int{4, 2, 6, 1, 5}},
		{"briquet illeul passerelle", []int{4, 2, 6, 1, 5}}, // the letter moves to the other side of a border
		{"tilleul brique passerelle", []int{4, 2, 6, 1, 5}},
		{"brique tilleul", []int{4, 2, 6, 1, 5}},
		{"brique tilleul passerelle", []int{4, 2, 6, 5, 1}},
		{"brique tilleul passerelle", []int{4, 2, 6, 1, 5, 1}},
		{"brique tilleul passerelle 4", []int{2, 6, 1, 5, 1}},
	} {
		c := hold(Hash{7}, strings.Fields(ceremony.words), ceremony.dice...)
		seed := must(c.Seed())
		if before, twice := seen[seed]; twice {
			t.Errorf("%q and %q give one seed", before, ceremony.words)
		}
		seen[seed] = ceremony.words
	}
	if must(hold(Hash{8}, []string{"brique", "tilleul"}, 1, 1, 1, 1, 1).Seed()) ==
		must(hold(Hash{7}, []string{"brique", "tilleul"}, 1, 1, 1, 1, 1).Seed()) {
		t.Error("the seed does not depend on the pool")
	}
}

func TestTheWordsCountInTheOrderOfTheCommitments(t *testing.T) {
	one, other := must(play("SCCC123D")), must(play("SCCC312D"))
	if a, b := must(one.Seed()), must(other.Seed()); a != b {
		t.Error("who reveals last can steer the seed by the order")
	}
}
