package people

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// clocked is a house whose clock the test moves.
func clocked(t *testing.T) (*home, *time.Time) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: []store.Room{Room}, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return newHome(t, db), &now
}

func (h *home) ask(email string) (a Ask) {
	h.t.Helper()
	return h.askFrom("192.0.2.1", email)
}

func (h *home) askFrom(caller, email string) (a Ask) {
	h.t.Helper()
	if err := h.db.Touch(h.t.Context(), func(tx *store.Tx) (err error) { a, err = AskSignIn(tx, email, caller); return err }); err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *home) redeem(token string) (c Challenge, err error) {
	err = h.db.Touch(h.t.Context(), func(tx *store.Tx) (err error) { c, err = Redeem(tx, token); return err })
	return c, err
}

func (h *home) typeCode(handle, code string) (right bool) {
	h.t.Helper()
	if err := h.db.Touch(h.t.Context(), func(tx *store.Tx) (err error) { _, right, err = RedeemCode(tx, handle, code); return err }); err != nil {
		h.t.Fatal(err)
	}
	return right
}

func (h *home) letter(a Ask) (l Letter, goes bool) {
	h.view(func(r store.Reader) {
		var err error
		if l, goes, err = SignInLetter(r, a); err != nil {
			h.t.Error(err)
		}
	})
	return l, goes
}

func TestOneBoxServesSeveralPeople(t *testing.T) {
	h, _ := clocked(t)
	box := []string{"Nous@Exemple.be"}
	a := h.enroll(Entry{Given: "Aline", Family: "Renard", Emails: box})
	b := h.enroll(Entry{Given: "Hugo", Family: "Collard", Emails: box})
	h.enroll(Entry{Kind: Legal, Name: "Chorale", Emails: box})
	gone := h.enroll(Entry{Given: "Zoé", Family: "Wauters", Emails: box, From: civil.MustParse("2019-01-01")})
	h.act("people.contact-end", func(tx *store.Tx) error {
		contacts, err := Contacts(tx, gone)
		if err != nil {
			return err
		}
		return EndContact(tx, contacts[0].ID, civil.MustParse("2020-01-01"))
	})
	asked := h.ask("nous@exemple.be")
	if l, goes := h.letter(asked); !goes || strings.Join(l.Names, ", ") != "Hugo Collard, Aline Renard" || l.Ask.Token != asked.Token {
		t.Errorf("%+v %v", l, goes)
	}
	if _, there, err := peek(h, asked.Token); err != nil || !there {
		t.Error("looking at a link used it up", err)
	}
	c, err := h.redeem(asked.Token)
	if err != nil {
		t.Fatal(err)
	}
	h.view(func(r store.Reader) {
		who, err := Candidates(r, c)
		if err != nil || len(who) != 2 || who[0].ID != b || who[1].ID != a {
			t.Error(who, err)
		}
	})
	if _, err := h.redeem(asked.Token); !fault.Is(err, "people.refusal.link") {
		t.Error("a link was good twice", err)
	}
	if h.typeCode(asked.Handle, asked.Code) {
		t.Error("the code outlived its link")
	}
}

func peek(h *home, token string) (c Challenge, there bool, err error) {
	h.view(func(r store.Reader) { c, there, err = Peek(r, token) })
	return c, there, err
}

func TestAnUnknownAddressIsAnsweredTheSame(t *testing.T) {
	h, _ := clocked(t)
	h.enroll(Entry{Given: "Aline", Family: "Renard", Emails: []string{"aline@exemple.be"}})
	known, unknown := h.ask("aline@exemple.be"), h.ask("nobody@exemple.be")
	if len(known.Token) != len(unknown.Token) || len(unknown.Code) != 8 || len(unknown.Token) < 22 || unknown.Quiet {
		t.Errorf("%+v and %+v tell the addresses apart", known, unknown)
	}
	if _, goes := h.letter(unknown); goes {
		t.Error("a letter goes to an address that nobody has")
	}
	if !h.typeCode(unknown.Handle, unknown.Code) {
		t.Error("the code of an unknown address behaves otherwise")
	}
	if err := h.db.Touch(t.Context(), func(tx *store.Tx) error { _, err := AskSignIn(tx, "no address", ""); return err }); !fault.Is(err, "people.refusal.email") {
		t.Error(err)
	}
}

func TestALinkEndsAfterFifteenMinutes(t *testing.T) {
	h, now := clocked(t)
	a, b := h.ask("a@exemple.be"), h.ask("b@exemple.be")
	*now = now.Add(ChallengeLife - time.Second)
	if _, err := h.redeem(a.Token); err != nil {
		t.Error("ended too early", err)
	}
	*now = now.Add(time.Second)
	if _, err := h.redeem(b.Token); !fault.Is(err, "people.refusal.link") {
		t.Error("good after its end", err)
	}
	if h.typeCode(b.Handle, b.Code) {
		t.Error("the code is good after its end")
	}
}

func TestFiveWrongCodesEndTheCodeAndNotTheLink(t *testing.T) {
	h, _ := clocked(t)
	a := h.ask("a@exemple.be")
	wrong := "00000000"
	if a.Code == wrong {
		wrong = "00000001"
	}
	for range maxTries - 1 {
		if h.typeCode(a.Handle, wrong) {
			t.Fatal("a wrong code was right")
		}
	}
	if b := h.ask("b@exemple.be"); h.typeCode(b.Handle, a.Code) && a.Code != b.Code {
		t.Error("a code is good in another browser")
	}
	if !h.typeCode(a.Handle, a.Code[:4]+" "+a.Code[4:]) {
		t.Error("the fifth try was right, with a space in it")
	}
	c := h.ask("c@exemple.be")
	for range maxTries {
		h.typeCode(c.Handle, wrong)
	}
	if h.typeCode(c.Handle, c.Code) {
		t.Error("a sixth try was allowed")
	}
	if _, err := h.redeem(c.Token); err != nil {
		t.Error("who asks in another's name and types wrong codes burns the letter", err)
	}
}

func TestTooManyLettersAreNotSent(t *testing.T) {
	h, now := clocked(t)
	h.enroll(Entry{Given: "Aline", Family: "Renard", Emails: []string{"a@exemple.be"}})
	for i := range MaxAsked + 1 {
		_, goes := h.letter(h.ask("A@exemple.be"))
		if goes != (i < MaxAsked) {
			t.Errorf("letter %d: %v", i+1, goes)
		}
	}
	*now = now.Add(askedWithin + time.Minute)
	for i := range MaxAsked {
		if _, goes := h.letter(h.ask("a@exemple.be")); !goes {
			t.Errorf("an hour later there is no letter %d", i+1)
		}
	}
}

// TestAStrangerKeepsNobodyOut: whoever asks in the owner's name uses up letters of their own, and what was sent stays good.
func TestAStrangerKeepsNobodyOut(t *testing.T) {
	h, now := clocked(t)
	h.enroll(Entry{Given: "Aline", Family: "Renard", Emails: []string{"a@exemple.be"}})
	first := h.ask("a@exemple.be")
	for range 100 {
		h.askFrom("203.0.113.9", "a@exemple.be")
	}
	second := h.ask("a@exemple.be")
	if _, goes := h.letter(second); !goes {
		t.Error("a stranger used up the owner’s letters")
	}
	if !h.typeCode(first.Handle, first.Code) || !h.typeCode(second.Handle, second.Code) {
		t.Error("a code that was sent is blocked")
	}
	sent := 2 + MaxAsked // the owner's two, and five that the stranger could have sent
	for i := range 20 {
		for range MaxAsked {
			if _, goes := h.letter(h.askFrom("2001:db8::"+string(rune('a'+i)), "a@exemple.be")); goes {
				sent++
			}
		}
	}
	if sent != maxAskedByAll {
		t.Errorf("%d letters went to one address within an hour", sent)
	}
	*now = now.Add(askedWithin + time.Minute)
	if _, goes := h.letter(h.ask("a@exemple.be")); !goes {
		t.Error("an hour later there is still no letter")
	}
}

// TestHowManyLettersGoToOneAddress tells who asks for letters to one address, how often, and how many go out.
func TestHowManyLettersGoToOneAddress(t *testing.T) {
	type step struct {
		after   time.Duration
		caller  string
		asks    int
		letters int
	}
	const home, hall, stranger = "192.0.2.1", "198.51.100.7", "203.0.113.9"
	for name, steps := range map[string][]step{
		"the owner alone": {{0, home, 7, 5}, {6 * time.Minute, home, 3, 0}, {2 * time.Minute, home, 3, 1},
			{53 * time.Minute, home, 9, 4}},
		"a stranger first":        {{0, stranger, 100, 5}, {0, home, 7, 5}},
		"the owner first":         {{0, home, 1, 1}, {0, stranger, 100, 5}, {0, home, 7, 4}},
		"a neighbour in the hall": {{0, hall, 100, 5}, {8 * time.Minute, hall, 2, 1}, {8 * time.Minute, hall, 2, 1}},
		"strangers from everywhere": {{0, "a", 9, 5}, {0, "b", 9, 5}, {0, "c", 9, 5}, {0, "d", 9, 5}, {0, "e", 9, 5},
			{0, "f", 9, 5}, {0, "g", 9, 0}, {0, home, 3, 0}, {8 * time.Minute, home, 3, 1}, {8 * time.Minute, "g", 3, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			h, now := clocked(t)
			h.enroll(Entry{Given: "Aline", Family: "Renard", Emails: []string{"a@exemple.be"}})
			box := []Ask{} // what came to the owner, whoever asked
			for i, s := range steps {
				*now = now.Add(s.after)
				sent := 0
				for range s.asks {
					a := h.askFrom(s.caller, "a@exemple.be")
					if _, goes := h.letter(a); goes {
						sent, box = sent+1, append(box, a)
					}
				}
				if sent != s.letters {
					t.Errorf("step %d: %d letters, want %d", i+1, sent, s.letters)
				}
				last := box[len(box)-1]
				if _, good, err := peek(h, last.Token); err != nil || !good || last.Ends.Sub(*now) < quietAtMost {
					t.Errorf("step %d: the owner has no letter whose link opens for a while: %t until %s, %v", i+1, good, last.Ends, err)
				}
			}
		})
	}
}

// TestTooManyAreAnsweredTheSame: the answer beyond the limit has the same shape for a known and an unknown address, and
// opens nothing.
func TestTooManyAreAnsweredTheSame(t *testing.T) {
	h, _ := clocked(t)
	h.enroll(Entry{Given: "Aline", Family: "Renard", Emails: []string{"known@exemple.be"}})
	for _, email := range []string{"known@exemple.be", "nobody@exemple.be"} {
		var a Ask
		for range MaxAsked + 1 {
			a = h.ask(email)
		}
		if !a.Quiet || len(a.Handle) < 22 || len(a.Token) < 22 || len(a.Code) != codeDigits || a.Ends.IsZero() {
			t.Errorf("%s: %+v", email, a)
		}
		if h.typeCode(a.Handle, a.Code) {
			t.Errorf("%s: a code that went out in no letter is good", email)
		}
		if _, err := h.redeem(a.Token); !fault.Is(err, "people.refusal.link") {
			t.Errorf("%s: a link that went out in no letter is good", email)
		}
	}
}

func TestTheDatabaseHoldsNoSecret(t *testing.T) {
	h, _ := clocked(t)
	a := h.ask("a@exemple.be")
	h.view(func(r store.Reader) {
		c, found, err := store.Find(r, qChallengeByID, scanChallenge, handleID(a.Handle))
		if err != nil || !found || bytes.Contains(c.code, []byte(a.Code)) || strings.Contains(c.id, a.Handle) {
			t.Error(c, found, err)
		}
		for _, bare := range [][]byte{hashed("code", a.Code), hashed("token", a.Code)} {
			if bytes.Equal(c.code, bare) {
				t.Error("the code's hash can be found by trying all codes")
			}
		}
	})
}

func TestWhoMayEnter(t *testing.T) {
	h, _ := clocked(t)
	cooperator := h.enroll(Entry{Given: "Aline", Family: "Renard"})
	stranger := h.enroll(Entry{Given: "Hugo", Family: "Collard"})
	secretary := h.enroll(Entry{Given: "Rosa", Family: "Thiry"})
	clerk := h.enroll(Entry{Given: "Omer", Family: "Claes"})
	choir := h.enroll(Entry{Kind: Legal, Name: "Chorale"})
	h.act("people.represent", func(tx *store.Tx) error {
		_, err := Represent(tx, Representation{Legal: choir, Person: secretary, From: civil.MustParse("2020"), Until: civil.MustParse("2030")})
		return err
	})
	h.act("people.allow", func(tx *store.Tx) error {
		_, err := Allow(tx, Grant{Person: clerk, Role: ForOffice, From: civil.MustParse("2020-01-01")})
		return err
	})
	Hooks.Cooperator = func(_ store.Reader, id PersonID) (bool, error) { return id == cooperator || id == choir, nil }
	defer func() { Hooks.Cooperator = nil }()
	cases := []struct {
		who, on PersonID
		may     bool
		roles   int
	}{
		{cooperator, "", true, 0}, {stranger, "", false, 0}, {secretary, "", true, 0}, {secretary, choir, true, 0}, {cooperator, choir, false, 0},
		{clerk, "", true, 1}, {"nobody", "", false, 0}, {"", "", false, 0},
	}
	h.view(func(r store.Reader) {
		for _, c := range cases {
			v, may, err := Enter(r, c.who, c.on)
			if err != nil || may != c.may || len(v.Roles) != c.roles && may {
				t.Errorf("%s for %q: %+v %v %v", c.who, c.on, v, may, err)
			}
			if may && c.on != "" && v.Party != "Chorale" {
				t.Errorf("%+v", v)
			}
		}
	})
	h.act("people.erase", func(tx *store.Tx) error { return Erase(tx, cooperator, OnRequest) })
	h.view(func(r store.Reader) {
		if _, may, err := Enter(r, cooperator, ""); err != nil || may {
			t.Error("an erased person still enters", err)
		}
	})
}

func TestLinksOfTheCommandLine(t *testing.T) {
	h, now := clocked(t)
	id := h.enroll(Entry{Given: "Aline", Family: "Renard"})
	var link Ask
	h.act("people.login-link", func(tx *store.Tx) (err error) { link, err = LoginLink(tx, id); return err })
	c, err := h.redeem(link.Token)
	if err != nil || c.Person != id || c.Purpose != ByLink {
		t.Error(c, err)
	}
	h.refused("people.refusal.access-kind", "people.login-link", func(tx *store.Tx) error { _, err := LoginLink(tx, h.house.Person); return err })
	h.refused("people.refusal.founded", "people.set-up", func(tx *store.Tx) error { _, err := SetUpLink(tx); return err })

	empty, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: []store.Room{Room}, Clock: func() time.Time { return *now }})
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	e := &home{t: t, db: empty}
	first, second := e.setUp(), e.setUp()
	if _, err := e.redeem(first.Token); !fault.Is(err, "people.refusal.link") {
		t.Error("two set-up links are good at once", err)
	}
	if c, err := e.redeem(second.Token); err != nil || c.Purpose != SetUp {
		t.Error(c, err)
	}
}

func (h *home) setUp() (a Ask) {
	if err := h.db.Touch(h.t.Context(), func(tx *store.Tx) (err error) { a, err = SetUpLink(tx); return err }); err != nil {
		h.t.Fatal(err)
	}
	return a
}

func TestSessionsAreKeptHashedAndEnd(t *testing.T) {
	h, now := clocked(t)
	s := Sessions{DB: h.db}
	ctx := context.Background()
	if err := s.CommitCtx(ctx, "token", []byte("one"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit("token", []byte("two"), now.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	find := func(token, want string) {
		t.Helper()
		data, found, err := s.Find(token)
		if err != nil || string(data) != want || found != (want != "") {
			t.Errorf("%s: %q %v %v", token, data, found, err)
		}
	}
	find("token", "two")
	find("other", "")
	h.view(func(r store.Reader) {
		if err := store.Each(r, qSession, func(store.Row) error { t.Error("the token itself is the key"); return nil }, []byte("token"), int64(0)); err != nil {
			t.Error(err)
		}
	})
	*now = now.Add(2 * time.Hour)
	find("token", "")
	if err := h.db.Touch(ctx, Sweep); err != nil {
		t.Fatal(err)
	}
	*now = now.Add(-time.Hour)
	find("token", "")
	if err := s.Commit("token", []byte("three"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete("token"); err != nil {
		t.Fatal(err)
	}
	find("token", "")
}
