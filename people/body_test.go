package people

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/store"
)

func TestWhoSitsOnADay(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		a, b, c := h.enroll(Entry{Given: "Ana", Family: "Maes"}), h.enroll(Entry{Given: "Bo", Family: "Claes"}), h.enroll(Entry{Given: "Cid", Family: "Leroy"})
		var committee BodyID
		h.act("people.open-body", func(tx *store.Tx) (err error) {
			committee, err = OpenBody(tx, Body{Kind: Committee, Name: "Comité d’accompagnement", From: civil.MustParse("2017")})
			return err
		})
		h.refused("people.refusal.body-there", "people.open-body", func(tx *store.Tx) error {
			_, err := OpenBody(tx, Body{Kind: Group, Name: "comite d'accompagnement"})
			return err
		})
		h.refused("people.refusal.single-body", "people.open-body", func(tx *store.Tx) error {
			_, err := OpenBody(tx, Body{Kind: Board})
			return err
		})
		seat := func(p PersonID, role Role, rank int, from, until string) (id MandateID) {
			h.act("people.open-mandate", func(tx *store.Tx) (err error) {
				m := Mandate{Body: committee, Person: p, Role: role, Rank: rank, From: civil.MustParse(from), Opened: store.Ref{Kind: "matter", ID: "6"}}
				if until != "" {
					m.Until = civil.MustParse(until)
				}
				id, err = OpenMandate(tx, m)
				return err
			})
			return id
		}
		seat(c, Substitute, 2, "2017-06", "2020-06")
		seat(b, Substitute, 1, "2017-06", "2020-06")
		chair := seat(a, Effective, 0, "2017-06-17", "")
		h.refused("people.refusal.seated", "people.open-mandate", func(tx *store.Tx) error {
			_, err := OpenMandate(tx, Mandate{Body: committee, Person: a, Role: Effective, From: civil.MustParse("2019")})
			return err
		})
		h.refused("people.refusal.rank", "people.open-mandate", func(tx *store.Tx) error {
			_, err := OpenMandate(tx, Mandate{Body: committee, Person: a, Role: Chair, Rank: 1, From: civil.MustParse("2019")})
			return err
		})
		h.act("people.close-mandate", func(tx *store.Tx) error { return CloseMandate(tx, chair, civil.MustParse("2018-12-31"), Resigned) })
		h.refused("people.refusal.closed", "people.close-mandate", func(tx *store.Tx) error { return CloseMandate(tx, chair, civil.MustParse("2018-12-31"), Resigned) })
		wrong := seat(a, Observer, 0, "2018", "2030")
		h.act("people.close-mandate", func(tx *store.Tx) error { return CloseMandate(tx, wrong, civil.MustParse("2019-01-01"), Mistaken) })

		h.view(func(r store.Reader) {
			for day, want := range map[string][]PersonID{
				"2017-06-16": nil, "2017-06-17": {a}, "2017-06-29": {a}, "2017-06-30": {a, b, c}, "2018-12-31": {a, b, c}, "2019-01-01": {b, c},
				"2020-06-30": {b, c}, "2020-07-01": nil,
			} {
				seats, err := Seated(r, committee, civil.MustParse(day))
				var got []PersonID
				for _, s := range seats {
					got = append(got, s.Person)
				}
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("%s: %v %s", day, err, diff)
				}
			}
			ending, err := Ending(r, civil.MustParse("2020-05-01"), 90)
			if err != nil || len(ending) != 2 {
				t.Error(ending, err)
			}
			if ending, err = Ending(r, civil.MustParse("2020-02-01"), 90); err != nil || len(ending) != 0 {
				t.Error(ending, err)
			}
			mine, err := MandatesOf(r, a)
			if err != nil || len(mine) != 2 || mine[1].Opened.Kind != "matter" {
				t.Error(mine, err)
			}
		})
		h.act("people.close-body", func(tx *store.Tx) error { return CloseBody(tx, committee, civil.MustParse("2020-01-31")) })
		h.view(func(r store.Reader) {
			if seats, err := Seated(r, committee, civil.MustParse("2020-02-01")); err != nil || len(seats) != 0 {
				t.Error("seats outlive their body", seats, err)
			}
			if all, err := Mandates(r, committee); err != nil || len(all) != 4 {
				t.Error(all, err)
			}
		})
		h.refused("people.refusal.body-over", "people.open-mandate", func(tx *store.Tx) error {
			_, err := OpenMandate(tx, Mandate{Body: committee, Person: b, Role: Chair, From: civil.MustParse("2021")})
			return err
		})
	})
}

func TestADecisionIsKeptWithItsPlaceInTheMinutes(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		h.act("people.decide", func(tx *store.Tx) error {
			board, err := TheBody(tx, Board)
			if err != nil {
				return err
			}
			id, err := Decide(tx, Decision{Body: board.ID, On: civil.MustParse("2015-07"), Reference: "CA 2015-07, point 3", Wording: "Registre électronique\nadopté"})
			if err != nil {
				return err
			}
			d, err := GetDecision(tx, id)
			if err != nil || d.Wording != "Registre électronique\nadopté" || d.On.String() != "2015-07" {
				t.Error(d, err)
			}
			return err
		})
		h.refused("people.refusal.no-reference", "people.decide", func(tx *store.Tx) error {
			board, err := TheBody(tx, Board)
			if err != nil {
				return err
			}
			_, err = Decide(tx, Decision{Body: board.ID, On: civil.MustParse("2015")})
			return err
		})
		h.refused("people.refusal.future", "people.decide", func(tx *store.Tx) error {
			board, err := TheBody(tx, Board)
			if err != nil {
				return err
			}
			_, err = Decide(tx, Decision{Body: board.ID, On: tx.Today().AddDays(1), Reference: "x"})
			return err
		})
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		a, b := h.enroll(Entry{Given: "Ana", Family: "Maes"}), h.enroll(Entry{Given: "Bo", Family: "Claes"})
		allow := func(p PersonID, role Access, until civil.Date) (id string) {
			h.act("people.allow", func(tx *store.Tx) (err error) {
				id, err = Allow(tx, Grant{Person: p, Role: role, From: tx.Today(), Until: until})
				return err
			})
			return id
		}
		first := allow(a, ForAdmin, civil.Date{})
		allow(b, ForAdmin, civil.MustParse("2199-12-31")) // an access with an end does not stand in for one without
		h.refused("people.refusal.last-admin", "people.revoke", func(tx *store.Tx) error { return Revoke(tx, first) })
		h.refused("people.refusal.last-admin", "people.erase", func(tx *store.Tx) error { return Erase(tx, a, OnRequest) })
		h.refused("people.refusal.granted", "people.allow", func(tx *store.Tx) error {
			_, err := Allow(tx, Grant{Person: a, Role: ForAdmin, From: tx.Today()})
			return err
		})
		h.refused("people.refusal.access-kind", "people.allow", func(tx *store.Tx) error {
			_, err := Allow(tx, Grant{Person: h.house.Person, Role: ForOffice, From: tx.Today()})
			return err
		})
		c := h.enroll(Entry{Given: "Cid", Family: "Leroy"})
		allow(c, ForAdmin, civil.Date{})
		h.act("people.revoke", func(tx *store.Tx) error { return Revoke(tx, first) })
		h.view(func(r store.Reader) {
			if roles, err := AccessOn(r, a, r.Today()); err != nil || len(roles) != 0 {
				t.Error("a revoked access still opens", roles, err)
			}
			if roles, err := AccessOn(r, c, r.Today()); err != nil || !cmp.Equal(roles, []Access{ForAdmin}) {
				t.Error(roles, err)
			}
		})
	})
}
