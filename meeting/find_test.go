package meeting

import (
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/people"
)

// A search finds meetings and points, living and recorded, by words, numbers and years; and tells nobody of what is not
// for them.
func TestFind(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		c.act("assembly.take-in", func(tx *store.Tx) error { return takeIn(tx, "ag-2017", "2017-06-17", "", "") })
		c.draft(Meeting{Name: "ag-2026", Title: "Assemblée générale de 2026", Place: "La Scierie", StartsAt: civil.At(today.AddDate(0, 3, 0)),
			Items: []Item{{Number: "1", Title: "Accueil"}, {Number: "7", Title: "La toiture",
				Matters: []Matter{{Kind: assembly.Note, Title: "Devis", Words: "Trois couvreurs ont répondu."}}}}})
		board := c.draft(Meeting{Name: "ca-2026-03", Title: "Conseil de mars 2026", Body: c.board,
			Place:    "Au bureau",
			StartsAt: civil.At(today.AddDate(0, 0, 20)), Items: []Item{{Number: "1", Title: "Toiture, qui signe",
				Matters: []Matter{{Kind: assembly.Note, Words: "À dire."}}}}})
		c.act("meeting.convene", func(tx *store.Tx) error { return MarkConvened(tx, board) })
		c.act("people.open-mandate", func(tx *store.Tx) error {
			_, err := people.OpenMandate(tx, people.Mandate{Body: c.board, Person: c.persons[1], Role: people.Member,
				From: civil.MustParse("2020-01-01")})
			return err
		})
		staff, seated, other := Finder{Staff: true}, Finder{Person: c.persons[1]}, Finder{Person: c.persons[0]}
		for _, x := range []struct {
			who        Finder
			text, want string
		}{
			{staff, "toiture", "ag-2026/7 ca-2026-03/1"},
			{seated, "toiture", "ca-2026-03/1"}, // the assembly is not convened yet
			{other, "toiture", ""},
			{staff, "COUVREURS", "ag-2026/7"},
			{staff, "scierie", "ag-2026"},
			{staff, "ag 2026", "ag-2026"},
			{staff, "2026", "ag-2026 ca-2026-03"},
			{staff, "assemblee 2026 point 7", "ag-2026/7"},
			{staff, "point 7", "ag-2026/7"},
			{staff, "202", ""}, // a number is met whole
			{other, "2017 accueil", "ag-2017/1"},
			{other, "ag-2017", "ag-2017"},
			{staff, "accueil", "ag-2026/1 ag-2017/1"},
			{staff, "toiture chauffage", ""},
			{staff, " ", ""},
		} {
			c.view(func(v *store.View) error {
				found, err := Find(v, x.who, x.text)
				var got []string
				for _, f := range found {
					one := f.Name
					if f.Number != "" {
						one += "/" + f.Number
					}
					got = append(got, one)
				}
				if s := strings.Join(got, " "); s != x.want {
					t.Errorf("%q finds %q, not %q", x.text, s, x.want)
				}
				return err
			})
		}
	})
}
