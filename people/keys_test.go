package people

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// addKey adds a passkey whose credential is called as the key.
func (h *home) addKey(who PersonID, name string) (id string) {
	h.t.Helper()
	h.act("people.passkey-add", func(tx *store.Tx) (err error) {
		id, err = AddPasskey(tx, Passkey{Person: who, Name: name, Credential: []byte("credential of " + name), Public: []byte("half"),
			Kind: "none", Copied: true})
		return err
	})
	return id
}

// useKey enters by a passkey that says that it has signed so often.
func (h *home) useKey(id string, signs int64) (who PersonID, err error) {
	err = h.db.Touch(h.t.Context(), func(tx *store.Tx) (err error) { who, err = UsePasskey(tx, id, signs); return err })
	return who, err
}

// A passkey enters for its person, counts how often it signed, and is worth nothing once a copy of it was seen or it was
// removed.
func TestAPasskeyEntersForItsPerson(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		rosa := h.enroll(Entry{Given: "Rosa", Family: "Thiry"})
		phone := h.addKey(rosa, "Téléphone")
		for _, signs := range []int64{0, 0, 3, 4} { // a key that never counts, then one that begins to
			if who, err := h.useKey(phone, signs); err != nil || who != rosa {
				t.Fatalf("signed %d times: %q, %v", signs, who, err)
			}
		}
		for _, signs := range []int64{4, 2, 0} {
			if _, err := h.useKey(phone, signs); !is(err, "passkey-copy") {
				t.Errorf("signed %d times after 4: %v", signs, err)
			}
		}
		h.view(func(r store.Reader) {
			k, found, err := ByCredential(r, []byte("credential of Téléphone"))
			if err != nil || !found || k.ID != phone || k.Signs != 4 || k.Used == 0 || !k.Copied || string(k.Public) != "half" {
				t.Errorf("%+v %t %v", k, found, err)
			}
		})
		other := h.enroll(Entry{Given: "Léon", Family: "Thiry"})
		h.refused("people.refusal.unknown-passkey", "people.passkey-remove", func(tx *store.Tx) error { return RemovePasskey(tx, other, phone) })
		h.act("people.passkey-remove", func(tx *store.Tx) error { return RemovePasskey(tx, rosa, phone) })
		if _, err := h.useKey(phone, 9); !is(err, "unknown-passkey") {
			t.Errorf("a removed passkey enters: %v", err)
		}
		h.view(func(r store.Reader) {
			if there, err := HasPasskey(r, phone); err != nil || there {
				t.Errorf("still there: %t, %v", there, err)
			}
		})
	})
}

func TestPasskeysHaveLimits(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		rosa := h.enroll(Entry{Given: "Rosa", Family: "Thiry"})
		add := func(k Passkey) func(*store.Tx) error {
			return func(tx *store.Tx) error { _, err := AddPasskey(tx, k); return err }
		}
		whole := Passkey{Person: rosa, Name: "Clé", Credential: []byte("c"), Public: []byte("p")}
		for code, change := range map[string]func(*Passkey){
			"passkey-name": func(k *Passkey) { k.Name = "  " },
			"passkey":      func(k *Passkey) { k.Public = nil },
			"access-kind":  func(k *Passkey) { k.Person = h.house.Person },
			"too-long":     func(k *Passkey) { k.Name = strings.Repeat("é", MaxPasskeyName+1) },
		} {
			k := whole
			change(&k)
			h.refused("people.refusal."+code, "people.passkey-add", add(k))
		}
		for i := range MaxPasskeys {
			h.addKey(rosa, fmt.Sprint("clé ", i))
		}
		h.refused("people.refusal.many-passkeys", "people.passkey-add", add(whole))
		other := whole
		other.Person, other.Credential = h.enroll(Entry{Given: "Léon", Family: "Thiry"}), []byte("credential of clé 3")
		h.refused("people.refusal.passkey-there", "people.passkey-add", add(other))
	})
}

// Keys of a record that was merged stand on the page of the one that stays, and enter for it.
func TestPasskeysFollowAMerge(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		old, kept := h.enroll(Entry{Given: "Rosa", Family: "Thiry"}), h.enroll(Entry{Given: "Rosa", Family: "Thiry-Lacroix"})
		id := h.addKey(old, "Clé")
		h.act("people.merge", func(tx *store.Tx) error { return Merge(tx, kept, old, "la même") })
		if who, err := h.useKey(id, 0); err != nil || who != kept {
			t.Errorf("enters for %q, %v", who, err)
		}
		h.view(func(r store.Reader) {
			if keys, err := Passkeys(r, kept); err != nil || len(keys) != 1 || keys[0].Person != old {
				t.Errorf("%+v %v", keys, err)
			}
		})
		h.act("people.erase", func(tx *store.Tx) error { return Erase(tx, kept, OnRequest) })
		if _, err := h.useKey(id, 0); !is(err, "unknown-passkey") {
			t.Errorf("the key of somebody erased: %v", err)
		}
	})
}

// paper makes a code by somebody; empty: by the program.
func (h *home) paper(by, who PersonID, way Way) (code string, c PaperCode, err error) {
	_, err = h.db.Act(h.t.Context(), store.By(string(by), "people.paper-code"), func(tx *store.Tx) (err error) {
		code, c, err = MakePaperCode(tx, who, way)
		return err
	})
	return code, c, err
}

func (h *home) redeemPaper(typed string) (who PersonID, err error) {
	_, err = h.db.Act(h.t.Context(), store.By("", "people.paper-code-use"), func(tx *store.Tx) (err error) {
		who, err = RedeemPaperCode(tx, typed)
		return err
	})
	return who, err
}

// A code on paper enters once, however it is typed; a new one takes the place of the last, and it lasts a fortnight.
func TestACodeOnPaperEntersOnce(t *testing.T) {
	h, now := clocked(t)
	rosa := h.enroll(Entry{Given: "Rosa", Family: "Thiry"})
	first, _, err := h.paper("", rosa, ByPost)
	if err != nil || len(first) != PaperCodeSigns {
		t.Fatal(first, err)
	}
	second, c, err := h.paper("", rosa, AtDoor)
	if err != nil || second == first {
		t.Fatal(second, err)
	}
	if _, err := h.redeemPaper(first); !is(err, "paper-code") {
		t.Errorf("the replaced code: %v", err)
	}
	for _, wrong := range []string{"", "ABCD", strings.Repeat("0", PaperCodeSigns), second[:PaperCodeSigns-1]} {
		if _, err := h.redeemPaper(wrong); !is(err, "paper-code") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	typed := strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(ShowPaperCode(second)))
	if who, err := h.redeemPaper(" " + strings.ReplaceAll(typed, " ", "-")); err != nil || who != rosa {
		t.Errorf("%q: %q, %v", typed, who, err)
	}
	if _, err := h.redeemPaper(second); !is(err, "paper-code") {
		t.Errorf("a used code: %v", err)
	}
	h.refused("people.refusal.unknown-code", "people.paper-code-revoke", func(tx *store.Tx) error { return RevokePaperCode(tx, c.ID) })

	third, c, err := h.paper("", rosa, ByPost)
	if err != nil {
		t.Fatal(err)
	}
	h.act("people.paper-code-revoke", func(tx *store.Tx) error { return RevokePaperCode(tx, c.ID) })
	if _, err := h.redeemPaper(third); !is(err, "paper-code") {
		t.Errorf("a code taken back: %v", err)
	}
	for _, days := range []int{13, 14} {
		fresh, _, err := h.paper("", rosa, ByPost)
		if err != nil {
			t.Fatal(err)
		}
		*now = now.Add(time.Duration(days) * 24 * time.Hour)
		if _, err := h.redeemPaper(fresh); (err == nil) != (days < 14) {
			t.Errorf("after %d days: %v", days, err)
		}
	}
	h.view(func(r store.Reader) {
		codes, err := PaperCodes(r, rosa)
		var states []string
		for _, c := range codes {
			states = append(states, c.State(r.Now()))
		}
		if got := strings.Join(states, " "); err != nil || got != "over used revoked used revoked" {
			t.Errorf("%s, %v", got, err)
		}
	})
}

// Whoever has an access could take everybody else's with a code: for them an administrator makes it.
func TestTheOfficeMakesNoCodeForTheOffice(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		admin, office, rosa := h.enroll(Entry{Given: "A", Family: "Admin"}), h.enroll(Entry{Given: "O", Family: "Office"}), h.enroll(Entry{Given: "Rosa", Family: "Thiry"})
		for who, role := range map[PersonID]Access{admin: ForAdmin, office: ForOffice} {
			h.act("people.allow", func(tx *store.Tx) error {
				_, err := Allow(tx, Grant{Person: who, Role: role, From: tx.Today()})
				return err
			})
		}
		for _, c := range []struct {
			by, who PersonID
			code    string
		}{{office, rosa, ""}, {office, admin, "code-access"}, {office, office, "code-access"}, {admin, office, ""}, {admin, admin, ""},
			{rosa, admin, "code-access"}} {
			if _, _, err := h.paper(c.by, c.who, AtDoor); c.code == "" && err != nil || c.code != "" && !is(err, c.code) {
				t.Errorf("%s for %s: %v", c.by, c.who, err)
			}
		}
		if _, _, err := h.paper("", rosa, "pigeon"); !is(err, "way") {
			t.Errorf("by pigeon: %v", err)
		}
		if _, _, err := h.paper("", h.house.Person, ByPost); !is(err, "access-kind") {
			t.Errorf("for a legal person: %v", err)
		}
	})
}

// Who shares an address: another person, or a body whose box others may read. Not: a second record of the same person, a
// body that they alone represent, an address that is good no longer.
func TestWhoSharesAnAddress(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		mail := func(who PersonID, address string) (id string) {
			h.act("people.contact-add", func(tx *store.Tx) (err error) {
				id, err = AddContact(tx, who, Email, address, civil.Date{})
				return err
			})
			return id
		}
		represent := func(legal, who PersonID, from string, until civil.Date) {
			h.act("people.represent", func(tx *store.Tx) error {
				_, err := Represent(tx, Representation{Legal: legal, Person: who, From: civil.MustParse(from), Until: until})
				return err
			})
		}
		shares := func(who PersonID) (is bool) {
			h.view(func(r store.Reader) {
				var err error
				if is, err = SharesAddress(r, who); err != nil {
					t.Error(err)
				}
			})
			return is
		}
		rosa, leon := h.enroll(Entry{Given: "Rosa", Family: "Thiry", Emails: []string{"rosa@exemple.be"}}), h.enroll(Entry{Given: "Léon", Family: "Thiry"})
		if shares(rosa) || shares(leon) {
			t.Error("an address of one's own, or none, is shared")
		}
		twin := h.enroll(Entry{Given: "Rosa", Family: "Thiry-Lacroix", Emails: []string{"rosa@exemple.be"}})
		if !shares(rosa) {
			t.Error("a namesake has the same address")
		}
		h.act("people.merge", func(tx *store.Tx) error { return Merge(tx, rosa, twin, "la même") })
		if shares(rosa) || shares(twin) {
			t.Error("her own second record")
		}
		choir := h.enroll(Entry{Kind: Legal, Name: "Chorale", Form: "ASBL", Emails: []string{"ROSA@exemple.be"}})
		if !shares(rosa) {
			t.Error("a body that she does not represent has her address")
		}
		represent(choir, rosa, "2015", civil.Date{})
		represent(choir, leon, "2015", civil.MustParse("2016-01-01"))
		if shares(rosa) {
			t.Error("a body that she alone represents today")
		}
		represent(choir, leon, "2020", civil.Date{})
		if !shares(rosa) {
			t.Error("Léon reads the box of the choir too")
		}
		ends := mail(leon, "rosa@exemple.be")
		if !shares(leon) {
			t.Error("Léon has Rosa's address")
		}
		h.act("people.contact-end", func(tx *store.Tx) error { return EndContact(tx, ends, tx.Today().AddDays(-1)) })
		if shares(leon) {
			t.Error("an address that was")
		}
	})
}

func is(err error, code string) bool { return fault.Is(err, "people.refusal."+code) }
