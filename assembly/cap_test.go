package assembly

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// under judges one resolution of 2023, adopted by so many, under the cap of 5 % of the issued shares.
const under = `format: lieux-assembly/1
name: ag-2023
title: Assemblée de 2023
held: "2023-06-17"
persons:
  trois: {number: 3}
  organisation: {number: 108}
attendance: ATTENDANCE
items:
  - number: "1"
    title: Budget
    matters:
      - {kind: resolution, stated: adopted, ballot: {kind: counts, BALLOT}}
`

// minutesText is the text of the minutes of an assembly.
func minutesText(t *testing.T, db *store.DB, name string) string {
	t.Helper()
	var text bytes.Buffer
	err := db.View(t.Context(), func(v *store.View) error {
		a, _, err := ByName(v, name)
		if err != nil {
			return err
		}
		m, err := MinutesOf(v, a, book(t))
		if err != nil {
			return err
		}
		return papers.Text(&text, m.Paper, m.Names)
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(text.String(), "▌", "")), " ")
}

func TestTheCapIsAppliedToAnAssemblyFromAFile(t *testing.T) {
	const both, nobody = `{list: [{number: 3}, {number: 108}]}`, `{list: [{number: 3}, {number: 5}]}`
	for _, c := range []struct {
		name, attendance, ballot string
		status                   vote.Status
		votes                    int64 // in the room; 0: not weighed
		said                     string
	}{
		{"228 shares make 190 votes, and 228 were counted", both, "for: 220, against: 8", vote.Differs, 190,
			"Un titulaire passe de 180 à 142."},
		{"all of the 190 votes", both, "for: 182, against: 8", vote.Recomputed, 190, "Un titulaire passe de 180 à 142."},
		{"one vote too many", both, "for: 183, against: 8", vote.Differs, 190, "Un titulaire passe de 180 à 142."},
		{"a proxy frees nothing", `{list: [{number: 3}, {number: 108, proxy: trois}]}`, "for: 183, against: 8",
			vote.Differs, 190, "Un titulaire passe de 180 à 142."},
		{"nobody reaches the cap, and it is said", nobody, "for: 50, against: 8", vote.Recomputed, 60,
			"Aucun titulaire ne le dépasse."},
		{"the votes were not counted: what is in the room is said all the same", both, "abstentions: 0", vote.AsStated, 190,
			"Un titulaire passe de 180 à 142."},
		{"without a list nobody can apply it", `{total: {heads: 2, shares: 228}, issued: {shares: 2848}}`,
			"for: 220, against: 8", vote.AsStated, 0, "la liste des présences, pour appliquer le plafond des voix"},
		{"a list that is not the record's", `{total: {heads: 3}, list: [{number: 3}, {number: 108}]}`,
			"for: 220, against: 8", vote.AsStated, 0, "une liste des présences qui donne les totaux énoncés"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
			found(t, db)
			issue(t, db, map[register.Number]int64{1: 2608, 3: 48, 5: 12, 108: 180})
			report, err := takeIn(t, db, []byte(strings.NewReplacer("ATTENDANCE", c.attendance, "BALLOT", c.ballot).Replace(under)))
			if err != nil {
				t.Fatal(err)
			}
			o := report.Assembly.Items[0].Matters[0].Outcome
			votes := int64(0)
			if o.Weighing != nil {
				votes = o.Weighing.Votes
			}
			if o.Status != c.status || votes != c.votes {
				t.Errorf("%s with %d votes, want %s with %d (missing %v, against %v)", o.Status, votes, c.status, c.votes, o.Missing, o.Against)
			}
			if text := minutesText(t, db, "ag-2023"); !strings.Contains(text, c.said) {
				t.Errorf("the minutes do not say %q:\n%s", c.said, text)
			}
			clean(t, db)
		})
	}
}

func TestAMonthDoesNotTellTheIssuedSharesThatACapAsks(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	found(t, db)
	issue(t, db, map[register.Number]int64{1: 2608, 3: 48, 108: 180})
	raw := strings.NewReplacer("ATTENDANCE", `{list: [{number: 3}, {number: 108}]}`, "BALLOT", "for: 220, against: 8",
		`"2023-06-17"`, `"2023-06"`).Replace(under)
	report, err := takeIn(t, db, []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	o := report.Assembly.Items[0].Matters[0].Outcome
	if o.Status != vote.AsStated || len(o.Missing) != 1 || o.Missing[0].Code != "vote.missing.issued-shares" {
		t.Errorf("%s, missing %v", o.Status, o.Missing)
	}
}

func TestAnOrganisationVotesThroughWhoRepresentsIt(t *testing.T) {
	for _, c := range []struct {
		name, list      string
		representatives int
		titles          string // number, voter and title of each mandate
	}{
		{"its one representative is there", `[{number: 3}, {number: 108}]`, 1, "3 by 3 own, 108 by 3 body"},
		{"two might have come: it votes by itself", `[{number: 3}, {number: 108}]`, 2, "3 by 3 own, 108 by 108 own"},
		{"nobody is known to represent it", `[{number: 3}, {number: 108}]`, 0, "3 by 3 own, 108 by 108 own"},
		{"the file names the one who represented it", `[{number: 3}, {number: 108, proxy: trois}]`, 2, "3 by 3 own, 108 by 3 body"},
		{"a proxy is no representation", `[{number: 3}, {number: 108, proxy: trois}]`, 0, "3 by 3 own, 108 by 3 proxy"},
		{"an organisation holds a proxy through its representative", `[{number: 5, proxy: organisation}, {number: 108}]`, 1,
			"5 by 3 proxy, 108 by 3 body"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
			found(t, db)
			issue(t, db, map[register.Number]int64{3: 48, 5: 12, 108: 180})
			number := map[people.PersonID]string{}
			act(t, db, "people.represent", func(tx *store.Tx) error {
				roll, err := register.RollOn(tx, civil.MustParse("2020-01-01"), civil.Date{})
				if err != nil {
					return err
				}
				for _, h := range roll.Holders {
					number[h.Person] = h.Number.String()
				}
				for i, h := range roll.Holders {
					if i < c.representatives {
						_, err = people.Represent(tx, people.Representation{Legal: roll.Holders[2].Person, Person: h.Person})
						if err != nil {
							return err
						}
					}
				}
				return nil
			})
			f, err := Parse(strings.NewReader(strings.NewReplacer("ATTENDANCE", "{list: "+c.list+"}", "BALLOT", "for: 1").Replace(under)))
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			act(t, db, "assembly.take-in", func(tx *store.Tx) error {
				in := newIntake(tx, f)
				if err := in.head(); err != nil {
					return err
				}
				if err := in.people(); err != nil {
					return err
				}
				if _, err := in.attendance(); err != nil {
					return err
				}
				for _, v := range in.seated.Voters() {
					for _, m := range v.Mandates {
						said = append(said, fmt.Sprintf("%d by %s %s", m.Holder, number[people.PersonID(v.ID)], m.Title))
					}
				}
				return in.rs.Err()
			})
			slices.SortFunc(said, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
			if got := strings.Join(said, ", "); got != c.titles {
				t.Errorf("%s, want %s", got, c.titles)
			}
		})
	}
}
