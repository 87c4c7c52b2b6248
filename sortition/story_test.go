package sortition

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
)

// stream is an endless, repeatable source of bytes, so that the goldens have the same salts each time.
type stream struct {
	name string
	n    uint64
	rest []byte
}

func seeded(name string) io.Reader { return &stream{name: name} }

func (s *stream) Read(p []byte) (int, error) {
	for len(s.rest) < len(p) {
		block := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(s.name), s.n))
		s.rest, s.n = append(s.rest, block[:]...), s.n+1
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// volunteers are the twenty who signed up in the story: invented people, one of whom is a director in office.
var volunteers = []string{
	"Hubert Lacroix", "Bernadette Lejeune", "Thomas Wauters", "Monique Dehousse", "Ali Tekin", "Céline Fraiture", "Josse Van Damme",
	"Maïté Lambrecht", "Ömer Aydın", "Solange Piette", "Raphaël Thonnard", "Ingrid Claeys", "Lucien Hardy", "Fatoumata Sow", "Noëlle Grégoire",
	"Bart van den Berg", "Yvette Collard", "Émile Zeegers", "Chloé Marchal", "Pascale Renkin",
}

func personID(i int) string { return "P" + string(rune('A'+i)) }

// call is the call of the story: 3 + 3 among nineteen; one speaks for an association, another for herself and for
// one.
func call() Call {
	c := Call{
		Title: "Comité d’accompagnement", Source: "Volontaires inscrits à l’assemblée de juin 2017",
		Effective: 3, Substitutes: 3,
		Exclusions: []Exclusion{{personID(19), "administratrice en fonction"}, {"PX", "administrateur en fonction"}},
	}
	for i, name := range volunteers {
		candidate := Candidate{Person: personID(i), Name: name}
		if i == 13 {
			candidate.For = Body{"B1", "13 rue Roture"}
		}
		c.Candidates = append(c.Candidates, candidate)
	}
	counter := Body{"B2", "Comptoir des Ressources Créatives"}
	c.Candidates = append(c.Candidates, Candidate{personID(16), "Yvette Collard", counter})
	return c
}

var evening = civil.At(time.Date(2017, 6, 17, 19, 40, 0, 0, time.UTC))

func minutes(n int) civil.Instant {
	return evening + civil.Instant(n)*civil.Instant(time.Minute/time.Microsecond)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// hold holds the ceremony of the story, with these words and dice.
func hold(pool Hash, words []string, dice ...int) *Ceremony {
	c, salts := Begin(pool), seeded("words")
	take := func(s Step) {
		if err := c.Take(s); err != nil {
			panic(err)
		}
	}
	take(Shown(minutes(0)))
	kept := make([]Salt, len(words))
	for i, word := range words {
		kept[i] = must(NewSalt(salts))
		take(Committed(minutes(5+i), must(Commitment(pool, word, kept[i]))))
	}
	for i, word := range words {
		take(Revealed(minutes(10+i), i+1, word, kept[i]))
	}
	take(Thrown(minutes(15), dice...))
	return c
}

// draw2017 is the draw of the goldens.
func draw2017() Draw {
	pool := must(Freeze(call(), seeded("pool")))
	return must(Conclude(pool, hold(pool.Hash(), []string{"brique", "tilleul", "passerelle"}, 4, 2, 6, 1, 5)))
}

func encoded(p Proof) []byte { return must(p.Encode()) }

func book(t *testing.T) *lang.Book {
	t.Helper()
	b, err := lang.NewBook(Phrases)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheDrawOf2017ReadsTheSameInThreeLanguages(t *testing.T) {
	d := draw2017()
	golden(t, "proof-2017.json", encoded(d.Proof()))
	for _, tag := range lang.Tags {
		var out bytes.Buffer
		if err := VerifyFile(bytes.NewReader(encoded(d.Proof())), &out, book(t).In(tag)); err != nil {
			t.Fatalf("%s: %v", tag, err)
		}
		golden(t, "verify-2017."+string(tag)+".txt", out.Bytes())
	}
}

func TestRefusalsPassToTheNextAndTheProofTellsIt(t *testing.T) {
	d := afterDepartures(t)
	golden(t, "proof-2018.json", encoded(d.Proof()))
	var out bytes.Buffer
	if err := VerifyFile(bytes.NewReader(encoded(d.Proof())), &out, book(t).In(lang.French)); err != nil {
		t.Fatal(err)
	}
	golden(t, "verify-2018.fr.txt", out.Bytes())
	if bytes.Contains(encoded(d.Proof()), []byte("malade")) || d.Proof().Departures[0].Reason != "" {
		t.Error("the proof tells a private reason")
	}
}

// afterDepartures: the second refuses, someone in reserve asks to be struck out, a substitute becomes a director.
func afterDepartures(t *testing.T) Draw {
	t.Helper()
	d := draw2017()
	for _, gone := range []Departure{
		{Rank: 2, On: civil.MustParse("2017-06-20"), Ground: Refused, Reason: "malade"},
		{Rank: 12, On: civil.MustParse("2017-09-01"), Ground: Withdrew},
		{Rank: 5, On: civil.MustParse("2018-06-16"), Ground: Conflict, Reason: "élue administratrice"},
	} {
		var err error
		if d, _, err = d.Depart(gone); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func TestTheProofNamesTheDrawnOnly(t *testing.T) {
	d := draw2017()
	raw := encoded(d.Proof())
	for rank := 1; rank <= 19; rank++ {
		m := d.At(rank)
		named := bytes.Contains(raw, []byte(m.Name)) || bytes.Contains(raw, must(m.Salt.MarshalText()))
		if named != (rank <= 6) {
			t.Errorf("rank %d, %s: named %v", rank, m.Name, named)
		}
	}
	if bytes.Contains(raw, []byte("Pascale")) {
		t.Error("the proof names who was put aside")
	}
}

func TestTheProofStandsAfterAnErasure(t *testing.T) {
	d := draw2017()
	before := d.Proof()
	h := d.Pool().Header()
	members, excluded := d.Pool().Members(), d.Pool().Excluded()
	erased := d.At(2)
	for i, m := range members {
		if m.Person == erased.Person {
			members[i] = Member{Leaf: m.Leaf, Erased: civil.MustParse("2031-02-03")}
		}
	}
	slices.Reverse(members)
	pool := must(Rebuild(h.Title, h.Source, h.Effective, h.Substitutes, members, excluded))
	again := must(Conclude(pool, hold(pool.Hash(), []string{"brique", "tilleul", "passerelle"}, 4, 2, 6, 1, 5)))
	after := again.Proof()
	if after.Seed != before.Seed || after.Pool.Hash != before.Pool.Hash || after.Digest == before.Digest {
		t.Error("an erasure keeps pool and seed and changes the document")
	}
	if _, err := Verify(after); err != nil {
		t.Error(err)
	}
	raw := encoded(after)
	if bytes.Contains(raw, []byte(erased.Name)) || bytes.Contains(raw, []byte(`"`+erased.Person+`"`)) {
		t.Error("the erased name is still there")
	}
	if got := Explain(after)[8].Words(book(t).In(lang.English)); !strings.Contains(got, "[person erased, rank 2]") {
		t.Errorf("effective members: %s", got)
	}
}

func TestThePaperIsAWellFormedTreeOfOnePage(t *testing.T) {
	for _, d := range []Draw{draw2017(), afterDepartures(t)} {
		for _, tag := range lang.Tags {
			paper := Paper(d.Proof(), book(t).In(tag))
			paper.House = "Dynamo Coop, société coopérative, Liège"
			raw, err := papers.Encode(paper)
			if err != nil {
				t.Fatalf("%s: %v", tag, err)
			}
			if bytes.Contains(raw, []byte(d.At(1).Name)) {
				t.Errorf("%s: the tree names a person", tag)
			}
			if _, kept, err := papers.Seal(paper, d.Proof().Names(), seeded("seal")); err != nil || len(kept) < 6 {
				t.Errorf("%s: sealed with %d names: %v", tag, len(kept), err)
			}
			var pdf bytes.Buffer
			if err := papers.PDF(&pdf, paper, d.Proof().Names(), papers.Meta{}); err != nil {
				t.Fatalf("%s: %v", tag, err)
			}
			if pages := bytes.Count(pdf.Bytes(), []byte("/Type /Page\n")); pages != 1 {
				t.Errorf("%s: the proof is printed on %d pages", tag, pages)
			}
			minutes := papers.Paper{Kind: papers.Minutes, Lang: tag, Title: "PV"}
			minutes.Blocks = papers.Blocks{Box(d.Proof(), book(t).In(tag))}
			if err := papers.Check(minutes); err != nil {
				t.Errorf("%s: the box of the minutes: %v", tag, err)
			}
		}
	}
}
