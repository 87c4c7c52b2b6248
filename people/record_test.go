package people

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

func TestWhatCannotBeARecordIsRefusedFieldByField(t *testing.T) {
	today := civil.MustParse("2026-03-01")
	cases := []struct {
		name string
		e    Entry
		want string // code@field, comma between
	}{
		{"nobody", Entry{Kind: Natural}, "no-name@family"},
		{"only dashes", Entry{Kind: Natural, Given: "-", Family: "…"}, "no-name@family"},
		{"no kind", Entry{Given: "A", Family: "B"}, "kind@kind"},
		{"born tomorrow", Entry{Kind: Natural, Family: "B", Birth: civil.MustParse("2026-03-02")}, "birth@birth"},
		{"born in 1880", Entry{Kind: Natural, Family: "B", Birth: civil.MustParse("1880")}, "birth@birth"},
		{"a wrong check digit", Entry{Kind: Legal, Name: "L", Enterprise: "0417.497.107"}, "enterprise@enterprise"},
		{"an unknown language", Entry{Kind: Legal, Name: "L", Lang: "de"}, "language@lang"},
		{"a name with a bell", Entry{Kind: Natural, Family: "B\a"}, "no-text@family"},
		{"not UTF-8", Entry{Kind: Natural, Family: "\xff"}, "no-text@family"},
		{"an endless name", Entry{Kind: Natural, Family: strings.Repeat("é", maxName+1)}, "too-long@family"},
		{"two faults at once", Entry{Kind: Legal, Enterprise: "12"}, "no-name@name,enterprise@enterprise"},
		{"a whole person", Entry{Kind: Natural, Given: "A", Family: "B", Birth: civil.MustParse("1980")}, ""},
	}
	for _, c := range cases {
		_, rs := c.e.person(today)
		var got []string
		for _, r := range rs {
			got = append(got, strings.TrimPrefix(r.Code, "people.refusal.")+"@"+r.Field)
		}
		if s := strings.Join(got, ","); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

func TestContactsAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"Marie.Dupont@Exemple.BE": "marie.dupont@exemple.be", " a@b.cd ": "a@b.cd", "né@exemple.be": "né@exemple.be",
		"a@b": "", "a b@c.de": "", "Marie <a@b.cd>": "", "a@b.cd, e@f.gh": "", "@b.cd": "", "": "", "a@b..cd": "",
	} {
		c, rs := checkContact(Email, typed)
		if (rs != nil) != (want == "") || c.Key != want {
			t.Errorf("%q: %q %v, want %q", typed, c.Key, rs, want)
		}
	}
	for typed, want := range map[string]string{
		"04 223 00 00": "3242230000", "+32 (0)4 223.00.00": "3242230000", "0032 4 223 00 00": "3242230000", "0470/12.34.56": "32470123456",
		"+31 6 1234 5678": "31612345678", "12": "", "0470 12 34 56 ask for Jef": "", "+123456789012345678": "",
	} {
		c, rs := checkContact(Phone, typed)
		if (rs != nil) != (want == "") || c.Key != want {
			t.Errorf("%q: %q %v, want %q", typed, c.Key, rs, want)
		}
	}
}

func FuzzContactsKeepTheirKey(f *testing.F) {
	for _, s := range []string{"a@b.cd", "04 223 00 00", "+32 (0)4 223.00.00", "né@exemple.be", "a@b\x00.c", "\xff@a.b", "<a@b.c>", "00000000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, kind := range []ContactKind{Email, Phone} {
			c, rs := checkContact(kind, typed)
			if rs != nil {
				continue
			}
			again, rs := checkContact(kind, c.Value)
			if rs != nil || again != c {
				t.Errorf("%q became %+v, and that %+v %v", typed, c, again, rs)
			}
			if c.Key == "" || strings.ContainsAny(c.Key, " \n\x00") {
				t.Errorf("%q has the key %q", typed, c.Key)
			}
		}
	})
}

func TestAMoveAndACorrectionAreToldApart(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		id := h.enroll(Entry{Given: "Ada", Family: "Moreau", Home: Address{Street: "rue Haute 12", Postcode: "4000", Town: "Liège"},
			From: civil.MustParse("2015-06-01")})
		var moved string
		h.act("people.move", func(tx *store.Tx) (err error) {
			moved, err = Move(tx, id, Address{Kind: Home, From: civil.MustParse("2019-03-01"), Street: "quai Bonaparte 2", Postcode: "4020", Town: "Liege"})
			return err
		})
		h.refused("people.refusal.same-day", "people.move", func(tx *store.Tx) error {
			_, err := Move(tx, id, Address{Kind: Home, From: civil.MustParse("2019-03-01"), Town: "Huy"})
			return err
		})
		var before civil.Instant
		h.view(func(r store.Reader) { before = r.Now() })
		h.act("people.correct-address", func(tx *store.Tx) error {
			_, err := CorrectAddress(tx, moved, Address{Street: "quai Bonaparte 20", Postcode: "4020", Town: "Liège"})
			return err
		})
		h.refused("people.refusal.unknown-address", "people.correct-address", func(tx *store.Tx) error {
			_, err := CorrectAddress(tx, moved, Address{Town: "Huy"})
			return err
		})
		h.act("people.lose-address", func(tx *store.Tx) error {
			_, err := LoseAddress(tx, id, Home, civil.MustParse("2024-01-01"))
			return err
		})
		h.view(func(r store.Reader) {
			history, err := Addresses(r, id)
			if err != nil || len(history) != 4 {
				t.Fatal(history, err)
			}
			for day, want := range map[string]string{
				"2015-05-31": "", "2015-06-01": "rue Haute 12, 4000 Liège", "2019-02-28": "rue Haute 12, 4000 Liège",
				"2019-03-01": "quai Bonaparte 20, 4020 Liège", "2023-12-31": "quai Bonaparte 20, 4020 Liège", "2024-01-01": "",
			} {
				a, known := AddressOn(history, Home, civil.MustParse(day), 0)
				if a.Line() != want || known != (want != "") {
					t.Errorf("%s: %q %v, want %q", day, a.Line(), known, want)
				}
			}
			if a, _ := AddressOn(history, Home, civil.MustParse("2020-01-01"), before); a.Line() != "quai Bonaparte 2, 4020 Liege" {
				t.Errorf("as known before the correction: %q", a.Line())
			}
			var untils []string
			for _, a := range history {
				untils = append(untils, a.From.String()+".."+UntilOf(history, a).String())
			}
			want := []string{"2024-01-01..", "2019-03-01..2023-12-31", "2019-03-01..2023-12-31", "2015-06-01..2019-02-28"}
			if diff := cmp.Diff(want, untils); diff != "" {
				t.Error(diff)
			}
		})
	})
}

func TestSinceAYearMeansAtOnce(t *testing.T) {
	year := civil.MustParse("2026")
	for day, want := range map[string]bool{"2025-12-31": false, "2026-01-01": true, "2026-06-01": true} {
		d := civil.MustParse(day)
		if (Contact{From: year}).On(d) != want || (Representation{From: year}).On(d) != want {
			t.Errorf("%s: %v", day, !want)
		}
		if _, known := AddressOn([]Address{{ID: "a", Kind: Home, From: year, Town: "Huy"}}, Home, d, 0); known != want {
			t.Errorf("%s: the address holds: %v", day, known)
		}
	}
	if (Mandate{From: year}).On(civil.MustParse("2026-06-01")) {
		t.Error("a mandate since 2026 counts from the last day that 2026 may mean")
	}
}

func TestAnAssociationSharesItsSecretarysBox(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		box := []string{"rosa@exemple.be"}
		rosa := h.enroll(Entry{Given: "Rosa", Family: "Thiry", Emails: box})
		one := h.enroll(Entry{Kind: Legal, Name: "Chorale du Pont", Form: "ASBL", Emails: box})
		two := h.enroll(Entry{Kind: Legal, Name: "Le Verger", Form: "ASBL"})
		for _, legal := range []PersonID{one, two} {
			h.act("people.represent", func(tx *store.Tx) error {
				_, err := Represent(tx, Representation{Legal: legal, Person: rosa, Quality: "secrétaire", From: civil.MustParse("2020-01-01")})
				return err
			})
		}
		h.refused("people.refusal.represents", "people.represent", func(tx *store.Tx) error {
			_, err := Represent(tx, Representation{Legal: one, Person: rosa, From: civil.MustParse("2021-01-01")})
			return err
		})
		h.refused("people.refusal.represent-kinds", "people.represent", func(tx *store.Tx) error {
			_, err := Represent(tx, Representation{Legal: one, Person: two})
			return err
		})
		h.view(func(r store.Reader) {
			parties, err := Parties(r, rosa, civil.MustParse("2022-01-01"))
			if err != nil || len(parties) != 2 {
				t.Error(parties, err)
			}
			if parties, err = Parties(r, rosa, civil.MustParse("2019-12-31")); err != nil || len(parties) != 0 {
				t.Error(parties, err)
			}
			contacts, err := Contacts(r, rosa)
			if err != nil || len(contacts) != 1 {
				t.Fatal(contacts, err)
			}
			if with, err := Sharing(r, contacts[0]); err != nil || !cmp.Equal(with, []PersonID{one}) {
				t.Error(with, err)
			}
		})
		h.act("people.contact-end", func(tx *store.Tx) error {
			contacts, err := Contacts(tx, one)
			if err != nil {
				return err
			}
			return EndContact(tx, contacts[0].ID, tx.Today().AddDays(-1))
		})
		h.view(func(r store.Reader) {
			if emails, err := EmailsOn(r, one, r.Today()); err != nil || len(emails) != 0 {
				t.Error(emails, err)
			}
			if emails, err := EmailsOn(r, rosa, r.Today()); err != nil || len(emails) != 1 {
				t.Error("ending one's contact ended another's", emails, err)
			}
		})
	})
}

func TestConsentsHoldFromTheirDayUntilTheyAreTakenBack(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		id := h.enroll(Entry{Given: "Ada", Family: "Moreau"})
		var text, again, consent string
		h.act("people.publish-text", func(tx *store.Tx) (err error) {
			text, err = Publish(tx, ConsentText{Kind: Electronic, Lang: "fr", Words: "Je reçois les convocations par e-mail.", From: civil.MustParse("2020-01-01")})
			return err
		})
		h.act("people.publish-text", func(tx *store.Tx) (err error) {
			again, err = Publish(tx, ConsentText{Kind: Electronic, Lang: "fr", Words: " Je reçois les convocations par e-mail.\r\n", From: tx.Today()})
			return err
		})
		if text != again {
			t.Error("the same words became two versions")
		}
		h.act("people.agree", func(tx *store.Tx) (err error) {
			consent, err = Agree(tx, id, text, civil.MustParse("2021-05-01"), "paper")
			return err
		})
		h.refused("people.refusal.agreed", "people.agree", func(tx *store.Tx) error {
			_, err := Agree(tx, id, text, civil.MustParse("2021-06-01"), "paper")
			return err
		})
		h.refused("people.refusal.withdraw-date", "people.withdraw", func(tx *store.Tx) error { return Withdraw(tx, consent, civil.MustParse("2021-04-30")) })
		h.act("people.withdraw", func(tx *store.Tx) error { return Withdraw(tx, consent, civil.MustParse("2022-02-02")) })
		h.view(func(r store.Reader) {
			for day, want := range map[string]bool{"2021-04-30": false, "2021-05-01": true, "2022-02-01": true, "2022-02-02": false} {
				if got, err := Agreed(r, id, Electronic, civil.MustParse(day)); err != nil || got != want {
					t.Errorf("%s: %v %v", day, got, err)
				}
			}
		})
	})
}

func TestAHouseholdOfOneIsNone(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		a, b, c := h.enroll(Entry{Given: "A", Family: "Maes"}), h.enroll(Entry{Given: "B", Family: "Maes"}), h.enroll(Entry{Given: "C", Family: "Maes"})
		h.act("people.gather", func(tx *store.Tx) error { _, err := Gather(tx, "Maes", []PersonID{a, b, c}); return err })
		h.act("people.leave-household", func(tx *store.Tx) error { return LeaveHousehold(tx, a) })
		h.view(func(r store.Reader) {
			if hh, there, err := HouseholdOf(r, b); err != nil || !there || len(hh.Members) != 2 {
				t.Error(hh, err)
			}
		})
		h.act("people.leave-household", func(tx *store.Tx) error { return LeaveHousehold(tx, b) })
		h.view(func(r store.Reader) {
			if _, there, err := HouseholdOf(r, c); err != nil || there {
				t.Error("C is a household alone", err)
			}
		})
		h.refused("people.refusal.household-kinds", "people.gather", func(tx *store.Tx) error {
			_, err := Gather(tx, "x", []PersonID{a, h.house.Person})
			return err
		})
	})
}

func TestTheRecordOfAnUnknownPersonIsRefused(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		for code, fn := range map[string]func(tx *store.Tx) error{
			"people.refusal.unknown-person":         func(tx *store.Tx) error { _, err := Move(tx, "nobody", Address{Kind: Home, Town: "x"}); return err },
			"people.refusal.unknown-body":           func(tx *store.Tx) error { _, err := Decide(tx, Decision{Body: "none"}); return err },
			"people.refusal.unknown-mandate":        func(tx *store.Tx) error { return CloseMandate(tx, "none", tx.Today(), Resigned) },
			"people.refusal.unknown-contact":        func(tx *store.Tx) error { return EndContact(tx, "none", tx.Today()) },
			"people.refusal.unknown-consent":        func(tx *store.Tx) error { return Withdraw(tx, "none", tx.Today()) },
			"people.refusal.unknown-grant":          func(tx *store.Tx) error { return Revoke(tx, "none") },
			"people.refusal.unknown-representation": func(tx *store.Tx) error { return EndRepresentation(tx, "none", tx.Today()) },
		} {
			h.refused(code, "people.test", fn)
		}
		h.view(func(r store.Reader) {
			if _, err := Get(r, "nobody"); !fault.Is(err, "people.refusal.unknown-person") {
				t.Error(err)
			}
		})
	})
}
