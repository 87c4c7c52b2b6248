package people

import (
	"testing"

	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/store"
)

func natural(given, family, birth string, more ...string) Facts {
	f := Facts{Person: Person{ID: "a", Kind: Natural, Given: given, Family: family}}
	if birth != "" {
		f.Birth = civil.MustParse(birth)
	}
	for _, m := range more {
		switch m[0] {
		case '@':
			f.Emails = append(f.Emails, m[1:])
		case '+':
			f.Phones = append(f.Phones, m[1:])
		default:
			f.Home = Address{Street: m}.key()
		}
	}
	return f
}

func legal(name, number string, more ...string) Facts {
	f := natural("", "", "", more...)
	f.Kind, f.Name, f.Enterprise = Legal, name, number
	return f
}

// TestTwoRecordsOfOnePerson is the table of golden cases: who is shown as a possible duplicate, and who is not.
func TestTwoRecordsOfOnePerson(t *testing.T) {
	cases := []struct {
		story string
		a, b  Facts
		want  int // least level: 0 not shown, or LeastLikely, Likely, VeryLikely
	}{
		{"twins at one address, with one family box", natural("Lena", "Maes", "2001-05-06", "@maes@exemple.be", "+3242230000", "rue A 1"),
			natural("Lotte", "Maes", "2001-05-06", "@maes@exemple.be", "+3242230000", "rue A 1"), 0},
		{"father and son of one name under one roof", natural("Jean", "Dubois", "1950-01-02", "@dubois@exemple.be", "rue A 1"),
			natural("Jean", "Dubois", "1980-03-04", "@dubois@exemple.be", "rue A 1"), 0},
		{"a couple who share a box", natural("Aline", "Renard", "", "@nous@exemple.be", "rue A 1"),
			natural("Hugo", "Collard", "", "@nous@exemple.be", "rue A 1"), 0},
		{"a couple of one name who share a box", natural("Aline", "Renard", "1970-01-01", "@nous@exemple.be", "rue A 1"),
			natural("Hugo", "Renard", "1971-01-01", "@nous@exemple.be", "rue A 1"), 0},
		{"an association at its secretary's", legal("Lambert", "", "@l@exemple.be", "rue A 1"), natural("", "Lambert", "", "@l@exemple.be", "rue A 1"), 0},
		{"two namesakes in two towns", natural("Jean", "Dubois", "", "@j1@exemple.be", "rue A 1"), natural("Jean", "Dubois", "", "@j2@exemple.be", "rue B 2"), 0},
		{"two associations of one name and other numbers", legal("Le Foyer", "0417497106"), legal("Le Foyer", "0123456749"), 0},

		{"the same name twice and nothing else known", natural("Jean", "Dubois", ""), natural("jean", "DUBOIS", ""), LeastLikely},
		{"the same birth, a slip in the family name", natural("Maïté", "Lambrecht", "1980-02-03"), natural("Maite", "Lambrechts", "1980-02-03"), Likely},
		{"a birth with day and month turned, one box", natural("Maïté", "Lambrecht", "1980-02-03", "@m@exemple.be"),
			natural("Maïté", "Lambrecht", "1980-03-02", "@m@exemple.be"), LeastLikely},
		{"an initial, one telephone and one address", natural("J.", "van den Berg", "", "+32471", "rue A 1"),
			natural("Jan", "Vandenberg", "", "+32471", "rue A 1"), LeastLikely},
		{"given and family name exchanged", natural("Claes", "Lotte", "1990-12-01"), natural("Lotte", "Claes", "1990-12-01"), Likely},
		{"everything the same but the accents", natural("Élodie", "Grégoire", "1991-07-08", "@e@exemple.be", "rue Haute 12 bte 3"),
			natural("Elodie", "Gregoire", "1991-07-08", "@e@exemple.be", "Rue Haute, 12/3"), VeryLikely},
		{"a birth known to the year in the old register", natural("Omer", "Thiry", "1961", "rue A 1"), natural("Omer", "Thiry", "1961-05-05", "rue A 1"), LeastLikely},
		{"one enterprise number, another name", legal("Le Foyer", "0417497106"), legal("Foyer du Pont", "0417497106"), Likely},
		{"one name written otherwise, one number", legal("A.S.B.L. Le Foyer", "0417497106"), legal("ASBL le foyer", "0417497106"), VeryLikely},
		{"a hyphen, at one address", natural("Jean-Pierre", "Leroy", "", "rue A 1"), natural("Jean Pierre", "Leroy", "", "rue A 1"), LeastLikely},
		{"an accent, at one address", natural("Maïté", "Lambrecht", "", "rue A 1"), natural("Maite", "Lambrecht", "", "rue A 1"), LeastLikely},
		{"a given name cut short, at one address", natural("Cath.", "Leroy", "", "rue A 1"), natural("Catherine", "Leroy", "", "rue A 1"), LeastLikely},
		{"initials of a given name of two parts, at one address", natural("J.-P.", "Leroy", "", "rue A 1"), natural("Jean-Pierre", "Leroy", "", "rue A 1"),
			LeastLikely},
		{"a letter left out, at one address", natural("Cathrine", "Leroy", "", "rue A 1"), natural("Catherine", "Leroy", "1960-05-05", "rue A 1"), LeastLikely},
		{"a letter typed wrong, at one address", natural("Gregoure", "Leroy", "", "rue A 1"), natural("Grégoire", "Leroy", "", "rue A 1"), LeastLikely},
		{"two letters changed about, at one address", natural("Mraie", "Leroy", "", "rue A 1"), natural("Marie", "Leroy", "", "rue A 1"), LeastLikely},
		{"a letter doubled in a short name, at one address", natural("Ana", "Leroy", "", "rue A 1"), natural("Anna", "Leroy", "", "rue A 1"), LeastLikely},
		{"a slip in the family name, at one address", natural("Bram", "Lambrecht", "", "rue A 1"), natural("Bram", "Lambrechts", "", "rue A 1"), LeastLikely},
		{"a brother and a sister of one year", natural("Lena", "Maes", "2001", "rue A 1"), natural("Bram", "Maes", "2001", "rue A 1"), 0},
		{"a brother and a sister whose names are a pair", natural("Louis", "Maes", "", "rue A 1"), natural("Louise", "Maes", "", "rue A 1"), 0},
		{"a pair of names, each with a day of birth", natural("Mario", "Maes", "2001-05-06", "rue A 1"), natural("Maria", "Maes", "2003-05-01", "rue A 1"), 0},
		{"brothers with short names that resemble", natural("Tom", "Maes", "2001", "rue A 1"), natural("Tim", "Maes", "2001", "rue A 1"), 0},
		{"sisters whose names begin alike", natural("Anne", "Maes", "", "rue A 1"), natural("Annemie", "Maes", "", "rue A 1"), 0},
		{"a name that begins like another without a point", natural("Cath", "Maes", "", "rue A 1"), natural("Cathy", "Maes", "", "rue A 1"), LeastLikely},
		{"a final e forgotten, the same day of birth", natural("Louis", "Maes", "2001-05-06", "rue A 1"), natural("Louise", "Maes", "2001-05-06", "rue A 1"), Likely},
		{"Jean and Jean-Marc at one address with one box", natural("Jean", "Leroy", "", "@j@exemple.be", "rue A 1"),
			natural("Jean-Marc", "Leroy", "", "@j@exemple.be", "rue A 1"), LeastLikely},
	}
	for _, c := range cases {
		c.b.ID = "b"
		got := Compare(c.a, c.b)
		switch {
		case c.want == 0 && got.Score >= LeastLikely:
			t.Errorf("%s: shown with %d: %v", c.story, got.Score, got.Alike)
		case got.Score < c.want:
			t.Errorf("%s: %d, want at least %d: %v against %v", c.story, got.Score, c.want, got.Alike, got.Differ)
		}
		if c.want > 0 && len(got.Alike) == 0 {
			t.Errorf("%s: no reason", c.story)
		}
		if back := Compare(c.b, c.a); back.Score != got.Score || back.One != got.One {
			t.Errorf("%s: %d one way, %d the other", c.story, got.Score, back.Score)
		}
		if hopeless(c.a.Person, c.b.Person) && got.Score >= LeastLikely {
			t.Errorf("%s: given up too early", c.story)
		}
		if c.want > 0 && !meet(c.a, c.b) {
			t.Errorf("%s: the two never meet: %v, %v", c.story, blocks(c.a), blocks(c.b))
		}
	}
}

func meet(a, b Facts) bool { return common(blocks(a), blocks(b)) != "" }

// TestASlipIsASlip: near is symmetric, and one letter changed in a word of four or more is near.
func TestASlipIsASlip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.StringMatching(`[a-z]{4,12}`).Draw(t, "word")
		i := rapid.IntRange(0, len(a)-1).Draw(t, "place")
		letter := rapid.StringMatching(`[a-z]`).Draw(t, "letter")
		b := a[:i] + letter + a[i+1:]
		if a != b && (!near(a, b) || !near(b, a)) {
			t.Fatalf("%s and %s are not near", a, b)
		}
		if n := slips(a, a, 2); n != 0 {
			t.Fatalf("%s differs from itself by %d", a, n)
		}
		if n := len([]rune(a)); n >= 5 && near(a, a[:1]) {
			t.Fatalf("%s is near %s", a, a[:1])
		}
	})
}

func TestADuplicateIsShownMergedUndoneAndToldApart(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		one := h.enroll(Entry{Given: "Maïté", Family: "Lambrecht", Birth: civil.MustParse("1980-02-03"), Emails: []string{"m@exemple.be"}})
		two := h.enroll(Entry{Given: "Maite", Family: "Lambrechts", Birth: civil.MustParse("1980-02-03")})
		h.enroll(Entry{Given: "Bram", Family: "Lambrecht", Birth: civil.MustParse("1980-02-03")})
		pairs := func() (list []Twin) {
			t.Helper()
			h.view(func(r store.Reader) {
				var err error
				if list, err = Twins(r, 10); err != nil {
					t.Error(err)
				}
				of, err := TwinsOf(r, two)
				if err != nil || len(of) != len(list) {
					t.Error(of, err)
				}
			})
			return list
		}
		if list := pairs(); len(list) != 1 || list[0].One != one || list[0].Two != two || len(list[0].Alike) != 2 {
			t.Fatalf("%+v", list)
		}
		h.view(func(r store.Reader) {
			list, err := Alike(r, Entry{Kind: Natural, Given: "Maité", Family: "Lambrecht", Birth: civil.MustParse("1980-02-03")})
			if err != nil || len(list) != 2 || list[0].Two != one {
				t.Error(list, err)
			}
		})

		h.act("people.merge", func(tx *store.Tx) error { return Merge(tx, one, two, "same person at the counter") })
		h.refused("people.refusal.same-record", "people.merge", func(tx *store.Tx) error { return Merge(tx, two, one, "") })
		if list := pairs(); len(list) != 0 {
			t.Fatalf("a merged pair is shown: %+v", list)
		}
		h.view(func(r store.Reader) {
			named, err := Names(r, []PersonID{one, two, "nobody"})
			if err != nil || len(named) != 2 || named[two].Full() != "Maïté Lambrecht" || named[two].ID != two {
				t.Error(named, err)
			}
			records, err := Records(r, two)
			if err != nil || len(records) != 2 || records[0] != one {
				t.Error(records, err)
			}
			if emails, err := EmailsOn(r, two, r.Today()); err != nil || len(emails) != 1 {
				t.Error("the alias is not reached at the address of the record that stands", emails, err)
			}
			p, err := Get(r, two)
			if err != nil || p.Family != "Lambrechts" || p.Kept != one {
				t.Error("the merge moved something", p, err)
			}
		})

		h.act("people.unmerge", func(tx *store.Tx) error { return Unmerge(tx, two) })
		h.refused("people.refusal.not-merged", "people.unmerge", func(tx *store.Tx) error { return Unmerge(tx, two) })
		if list := pairs(); len(list) != 1 {
			t.Fatalf("after undoing: %+v", list)
		}
		h.act("people.tell-apart", func(tx *store.Tx) error { return TellApart(tx, two, one) })
		if list := pairs(); len(list) != 0 {
			t.Fatalf("told apart and shown again: %+v", list)
		}
		h.act("people.merge", func(tx *store.Tx) error { return Merge(tx, two, one, "after all") }) // merged again, the other way round
		h.refused("people.refusal.merge-house", "people.merge", func(tx *store.Tx) error {
			id, err := Enroll(tx, Entry{Kind: Legal, Name: "Autre"})
			if err != nil {
				return err
			}
			return Merge(tx, id, h.house.Person, "")
		})
		h.refused("people.refusal.merge-kinds", "people.merge", func(tx *store.Tx) error { return Merge(tx, h.house.Person, two, "") })
	})
}

// TestMergesNeverMakeACircle merges and unmerges at random: whatever happens, each record stands under one.
func TestMergesNeverMakeACircle(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: []store.Room{Room}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h := newHome(t, db)
	rapid.Check(t, func(rt *rapid.T) {
		var ids []PersonID
		for range 5 {
			ids = append(ids, h.enroll(Entry{Given: "A", Family: "B"}))
		}
		for range rapid.IntRange(1, 12).Draw(rt, "acts") {
			a, b := rapid.SampledFrom(ids).Draw(rt, "a"), rapid.SampledFrom(ids).Draw(rt, "b")
			_, _ = db.Act(t.Context(), store.By("", "people.merge"), func(tx *store.Tx) error { return Merge(tx, a, b, "") })
			if rapid.Bool().Draw(rt, "undo") {
				_, _ = db.Act(t.Context(), store.By("", "people.unmerge"), func(tx *store.Tx) error { return Unmerge(tx, b) })
			}
		}
		h.view(func(r store.Reader) {
			seen := map[PersonID]int{}
			for _, id := range ids {
				standing, err := Standing(r, id)
				if err != nil || standing.Kept != "" {
					rt.Fatal(standing, err)
				}
				group, err := Records(r, id)
				if err != nil || group[0] != standing.ID {
					rt.Fatal(group, err)
				}
				seen[standing.ID] += 1
			}
			for id, n := range seen {
				if group, err := Records(r, id); err != nil || len(group) != n {
					rt.Fatalf("%d stand under %s, its records are %v (%v)", n, id, group, err)
				}
			}
		})
	})
}
