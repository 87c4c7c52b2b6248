package register

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// followed keeps directories of several days beside the acts, as the pages do.
type followed struct {
	*house
	kept    []*Directory
	tallied map[int]Tallied
}

// follow begins to follow, every order made.
func (h *house) follow(days ...[2]string) *followed {
	h.Helper()
	f := &followed{house: h, tallied: map[int]Tallied{}}
	for _, d := range days {
		kept := h.directory(d[0], d[1])
		for o := range orders {
			kept.List(Filter{Order: o})
		}
		f.kept = append(f.kept, kept)
	}
	return f
}

// adds compares what the movements of years add up to, followed from the last state, with the same read anew.
func (f *followed) adds(v *store.View, what string) error {
	for _, year := range []int{0, 2015, 2016, 2017} {
		next, err := f.tallied[year].Follow(v, year)
		if err != nil {
			return err
		}
		anew, err := Tallies(v, Search{Year: year})
		if err != nil {
			return err
		}
		byKind := cmpopts.SortSlices(func(a, b Tally) bool { return a.Kind < b.Kind })
		if diff := cmp.Diff(anew, next.List, byKind, cmpopts.EquateEmpty()); diff != "" {
			f.Errorf("%s: the movements of %d (- read anew, + followed):\n%s", what, year, diff)
		}
		f.tallied[year] = next
	}
	return nil
}

// check lets every directory follow, and compares it in every order with one that is read anew. It says how many were
// read anew themselves.
func (f *followed) check(what string) {
	f.Helper()
	f.view(func(v *store.View) error {
		if err := f.adds(v, what); err != nil {
			return err
		}
		for i, before := range f.kept {
			next, err := before.Follow(v)
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			anew, err := DirectoryOn(v, before.Day, before.Known)
			if err != nil {
				return err
			}
			for o := range orders {
				if diff := cmp.Diff(anew.List(Filter{Order: o}), next.List(Filter{Order: o}), dateless, cmp.AllowUnexported(Listed{}),
					cmpopts.EquateEmpty()); diff != "" {
					f.Errorf("%s: on %v as known on %v, order %d (- is read anew, + has followed):\n%s", what, before.Day, before.Known, o, diff)
				}
			}
			if diff := cmp.Diff(anew.Voting, next.Voting, dateless, cmp.Comparer(sameRefusal),
				cmp.AllowUnexported(vote.Cap{}, vote.Known{}, vote.Fraction{})); diff != "" || anew.All != next.All {
				f.Errorf("%s: on %v: %v, %v\n%s", what, before.Day, anew.All, next.All, diff)
			}
			for _, d := range []*Directory{anew, next} {
				if err := weighed(d); err != nil {
					return fmt.Errorf("%s: on %v: %w", what, before.Day, err)
				}
			}
			f.kept[i] = next
		}
		return nil
	})
}

var dateless = cmp.AllowUnexported(civil.Date{})

func sameRefusal(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// unread are verbs of signing in, of reading, and of texts that are not in force: no table that a directory reads knows of them.
var unread = map[string]bool{"bylaws.draft": true, "bylaws.drop-draft": true, "people.passkey-add": true, "people.passkey-remove": true, "people.paper-code": true,
	"people.paper-code-use": true, "people.paper-code-revoke": true, "register.import-begin": true, "register.import-begin-unequal": true,
	"register.import-cancel": true, "register.import-stop": true,
	"register.consult": true, "register.consult-print": true}

// alias are verbs that write what another one of the story writes, by the same function.
var alias = map[string]string{"register.import-part": "register.import", "register.import-unequal": "register.import"}

// TestNoVerbLeavesADirectoryStale acts by every verb of this room and of those below; after each, what has followed is
// what is read anew. Each verb that has words in a journal stands in the story.
func TestNoVerbLeavesADirectoryStale(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		s := &verbs{house: h, done: map[string]bool{"register.define-class": true}}
		s.story()
		for room, phrases := range map[string]interface{ ReadFile(string) ([]byte, error) }{"people": people.Phrases,
			"bylaws": bylaws.Phrases, "register": Phrases} {
			raw, err := phrases.ReadFile("lang/fr.json")
			var words map[string]any
			if err == nil {
				err = json.Unmarshal(raw, &words)
			}
			if err != nil {
				t.Fatal(err)
			}
			for key := range words {
				if verb, is := strings.CutPrefix(key, "journal."); is && strings.HasPrefix(verb, room+".") && !s.done[verb] && !unread[verb] && !s.done[alias[verb]] {
					t.Errorf("the story does without %s: act by it, or say that no directory reads what it writes", verb)
				}
			}
		}
	})
}

// verbs is a story in which each act is followed.
type verbs struct {
	*house
	f    *followed
	done map[string]bool
	ids  []people.PersonID
}

// do acts and looks at every directory.
func (s *verbs) do(verb string, fn func(tx *store.Tx) error) {
	s.Helper()
	s.act(verb, fn)
	s.done[verb] = true
	if s.f != nil {
		s.f.check(verb)
	}
}

func (s *verbs) enroll(e people.Entry) (id people.PersonID) {
	s.Helper()
	s.do("people.enroll", func(tx *store.Tx) (err error) { id, err = people.Enroll(tx, e); return err })
	return id
}

func (s *verbs) story() {
	s.clock.day = day("2015-06-01")
	s.f = s.follow([2]string{"2016-12-31", ""}, [2]string{"2016-12-31", "2016-06-30"}, [2]string{"2015-12-31", "2017-12-31"},
		[2]string{"2017-05-01", "2017-05-01"}, [2]string{"2014-12-31", ""})
	s.house = s.f.house
	s.shares()
	s.persons()
	s.records()
	s.rest()
	s.rules()
	s.later()
}

// shares are issued, paid, transferred, redeemed and corrected; early, late and out of order.
func (s *verbs) shares() {
	for i, family := range []string{"Paquay", "van den Berg", "Dupont", "Évrard"} {
		s.ids = append(s.ids, s.enroll(people.Entry{Kind: people.Natural, Given: "Zoé", Family: family,
			Home: people.Address{Town: []string{"Liège", "Gent", "", "Ans"}[i]}}))
	}
	s.ids = append(s.ids, s.enroll(people.Entry{Kind: people.Legal, Name: "Atelier Roture", Form: "ASBL", Emails: []string{"a@roture.exemple"}}))
	issue := func(who int, n int64, on string) {
		s.Helper()
		s.do("register.issue", func(tx *store.Tx) error {
			_, err := Issue(tx, Issuance{Person: s.ids[who], Class: s.a, Shares: n, Paid: money.Euros(100), Detail: Detail{Effective: day(on)}})
			return err
		})
	}
	issue(0, 4, "2015-02-01")
	issue(4, 60, "2015-03-01")
	s.clock.day = day("2016-03-01")
	issue(1, 10, "2016-02-01")
	issue(2, 2, "2015-12-31")
	issue(1, 1, "2015-01-10") // an earlier first day than was known
	s.do("register.pay", func(tx *store.Tx) error {
		_, err := Pay(tx, Payment{Cooperator: 1, Class: s.a, Amount: money.Euros(300), Detail: Detail{Effective: day("2016-03-01")}})
		return err
	})
	var ms []Movement
	s.do("register.transfer", func(tx *store.Tx) (err error) { // to somebody new
		ms, err = Transfer(tx, Cession{From: 2, To: s.ids[3], Class: s.a, Shares: 5, Detail: Detail{Effective: day("2016-03-01")}})
		return err
	})
	s.do("register.correct", func(tx *store.Tx) error {
		_, err := Correct(tx, Correction{Movement: ms[0].Number, Shares: 4, Why: "une part de moins"})
		return err
	})
	s.do("register.redeem", func(tx *store.Tx) error { // somebody leaves
		_, err := Redeem(tx, Redemption{Cooperator: 4, Class: s.a, Shares: 2, Detail: Detail{Effective: day("2016-03-01")}})
		return err
	})
	s.clock.day = day("2017-01-10")
	issue(2, 3, "2016-05-01") // and comes back
	s.do("register.define-class", func(tx *store.Tx) error {
		_, err := DefineClass(tx, ShareClass{Letter: "C", Name: "Parts C", Nominal: money.Euros(10), Votes: 2, Holders: Anyone, Since: day("2015-01-01")})
		return err
	})
	s.do("register.reword-class", func(tx *store.Tx) error {
		return Reword(tx, ShareClass{ID: s.a, Letter: "A", Name: "Parts de garant", Nominal: money.Euros(250), Votes: 3, Holders: Anyone,
			Since: day("2015-01-01")})
	})
	s.lives()
}

// lives: shares change their class and their nominal amount, and change back.
func (s *verbs) lives() {
	s.do("register.convert", func(tx *store.Tx) error {
		_, err := Convert(tx, Conversion{Cooperator: 2, Class: s.a, To: "C", Shares: 3, Detail: Detail{Effective: day("2016-06-15")}})
		return err
	})
	var ms []Movement
	s.do("register.split", func(tx *store.Tx) (err error) {
		ms, err = SplitShares(tx, Splitting{Class: "C", From: 1, Into: 2, Detail: Detail{Effective: day("2016-12-01")}})
		return err
	})
	s.do("register.undo", func(tx *store.Tx) error {
		_, err := Undo(tx, Undoing{Movement: ms[0].Number, Why: "décision annulée"})
		return err
	})
}

// persons move, are renamed and reached otherwise.
func (s *verbs) persons() {
	s.do("people.move", func(tx *store.Tx) error {
		_, err := people.Move(tx, s.ids[0], people.Address{Kind: people.Home, From: day("2016-06-01"), Street: "Markt 3", Town: "Herstal"})
		return err
	})
	var wrong string
	s.do("people.move", func(tx *store.Tx) (err error) {
		wrong, err = people.Move(tx, s.ids[2], people.Address{Kind: people.Home, From: day("2015-06-01"), Town: "Wazemmes", Country: "France"})
		return err
	})
	s.do("people.correct-address", func(tx *store.Tx) error {
		_, err := people.CorrectAddress(tx, wrong, people.Address{Kind: people.Home, From: day("2015-06-01"), Town: "Waremme"})
		return err
	})
	s.do("people.lose-address", func(tx *store.Tx) error {
		_, err := people.LoseAddress(tx, s.ids[1], people.Home, day("2016-12-01"))
		return err
	})
	s.do("people.rename", func(tx *store.Tx) error {
		return people.Rename(tx, s.ids[1], people.Entry{Given: "Lut", Family: "Aerts"}, tx.Today())
	})
	s.do("people.correct", func(tx *store.Tx) error {
		return people.Rename(tx, s.ids[4], people.Entry{Name: "Ateliers Roture", Form: "SC"}, civil.Date{})
	})
	var contact string
	for _, mail := range []string{"z@courriel.exemple", "b@courriel.exemple"} {
		s.do("people.contact-add", func(tx *store.Tx) (err error) {
			contact, err = people.AddContact(tx, s.ids[0], people.Email, mail, day("2016-01-01"))
			return err
		})
	}
	s.do("people.contact-end", func(tx *store.Tx) error { return people.EndContact(tx, contact, day("2016-11-30")) })
	s.do("people.speak", func(tx *store.Tx) error { return people.Speak(tx, s.ids[0], "nl") })
}

// records of a person are merged and parted, and one is erased.
func (s *verbs) records() {
	twin := s.enroll(people.Entry{Kind: people.Natural, Given: "Zoé", Family: "Dupont-Lemaire", Emails: []string{"zoe@courriel.exemple"},
		Home: people.Address{Town: "Visé"}})
	other := s.enroll(people.Entry{Kind: people.Natural, Given: "Zoë", Family: "Dupont"})
	s.do("people.merge", func(tx *store.Tx) error { return people.Merge(tx, twin, s.ids[2], "la même") })
	s.do("people.merge", func(tx *store.Tx) error { return people.Merge(tx, other, twin, "encore la même") })
	s.do("people.merge", func(tx *store.Tx) error { return people.Merge(tx, other, s.ids[0], "un second numéro") })
	s.do("people.contact-add", func(tx *store.Tx) error {
		_, err := people.AddContact(tx, other, people.Email, "une.autre@courriel.exemple", day("2015-01-01"))
		return err
	})
	s.do("people.unmerge", func(tx *store.Tx) error { return people.Unmerge(tx, s.ids[0]) })
	s.do("people.unmerge", func(tx *store.Tx) error { return people.Unmerge(tx, twin) })
	s.do("people.tell-apart", func(tx *store.Tx) error { return people.TellApart(tx, twin, other) })
	s.do("people.erase", func(tx *store.Tx) error { return people.Erase(tx, s.ids[2], people.OnRequest) })
}

// rest are the verbs that touch no line of a directory.
func (s *verbs) rest() {
	var id, member string
	s.do("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Name: "La Maison", Form: "SC"}, Zone: "Europe/Brussels", HasShares: true,
			FoundedOn: day("2015-01-01")})
		return err
	})
	s.do("people.settle", func(tx *store.Tx) error {
		house, _, err := people.TheHouse(tx)
		if err == nil {
			house.Lang = "nl"
			err = people.Settle(tx, house)
		}
		return err
	})
	s.do("people.represent", func(tx *store.Tx) (err error) {
		id, err = people.Represent(tx, people.Representation{Legal: s.ids[4], Person: s.ids[0], Quality: "présidente", From: day("2016-01-01")})
		return err
	})
	s.do("people.end-representation", func(tx *store.Tx) error { return people.EndRepresentation(tx, id, day("2016-12-31")) })
	s.do("people.gather", func(tx *store.Tx) error {
		_, err := people.Gather(tx, "Paquay et Aerts", []people.PersonID{s.ids[0], s.ids[1]})
		return err
	})
	s.do("people.leave-household", func(tx *store.Tx) error { return people.LeaveHousehold(tx, s.ids[0]) })
	s.do("people.publish-text", func(tx *store.Tx) (err error) {
		id, err = people.Publish(tx, people.ConsentText{Kind: people.Privacy, Lang: "fr", Words: "J’accepte.", From: day("2016-01-01")})
		return err
	})
	s.do("people.agree", func(tx *store.Tx) (err error) {
		id, err = people.Agree(tx, s.ids[0], id, tx.Today(), "paper")
		return err
	})
	s.do("people.withdraw", func(tx *store.Tx) error { return people.Withdraw(tx, id, tx.Today()) })
	s.do("people.allow", func(tx *store.Tx) (err error) {
		_, err = people.Allow(tx, people.Grant{Person: s.ids[1], Role: people.ForAdmin, From: tx.Today()})
		if err == nil {
			id, err = people.Allow(tx, people.Grant{Person: s.ids[0], Role: people.ForAdmin, From: tx.Today()})
		}
		return err
	})
	s.do("people.revoke", func(tx *store.Tx) error { return people.Revoke(tx, id) })
	s.do("people.login-link", func(tx *store.Tx) error { _, err := people.LoginLink(tx, s.ids[1]); return err })
	var body people.BodyID
	s.do("people.open-body", func(tx *store.Tx) (err error) {
		body, err = people.OpenBody(tx, people.Body{Kind: people.Committee, Name: "Les comptes", From: day("2016-01-01")})
		return err
	})
	s.do("people.open-mandate", func(tx *store.Tx) error {
		m, err := people.OpenMandate(tx, people.Mandate{Body: body, Person: s.ids[0], Role: people.Effective, From: day("2016-01-01")})
		member = string(m)
		return err
	})
	s.do("people.close-mandate", func(tx *store.Tx) error {
		return people.CloseMandate(tx, people.MandateID(member), day("2016-12-31"), people.Resigned)
	})
	s.do("people.decide", func(tx *store.Tx) error {
		_, err := people.Decide(tx, people.Decision{Body: body, On: day("2016-06-01"), Reference: "CA 1", Wording: "Oui."})
		return err
	})
	s.do("people.close-body", func(tx *store.Tx) error { return people.CloseBody(tx, body, day("2016-12-31")) })
}

// rules give the weight of votes, and another one.
func (s *verbs) rules() {
	s.do("bylaws.lay", func(tx *store.Tx) error {
		preset, _ := bylaws.LoadPreset("ten-percent")
		_, err := bylaws.Lay(tx, preset, day("2015-01-01"), bylaws.Deed{})
		return err
	})
	var amendment bylaws.AmendmentID
	s.do("bylaws.propose", func(tx *store.Tx) (err error) {
		preset, _ := bylaws.LoadPreset("one-member-one-vote")
		amendment, err = bylaws.Propose(tx, bylaws.Proposal{Title: "Une personne, une voix", AdoptedOn: day("2016-06-01"), Rules: preset.Rules})
		return err
	})
	s.do("bylaws.record-deed", func(tx *store.Tx) error {
		_, err := bylaws.RecordDeed(tx, amendment, bylaws.Deed{Notary: "Me Hubert", SignedOn: day("2016-07-01"), Reference: "2016/1"})
		return err
	})
}

// later many come at once, and several acts are followed in one go.
func (s *verbs) later() {
	var rows strings.Builder
	rows.WriteString("Numéro;Nom;Prénom;Parts;Date;Courriel;Localité\n")
	for n := 100; n < 120; n++ {
		fmt.Fprintf(&rows, "%d;Moreau-%d;Aline;%d;01/02/2015;m%d@courriel.exemple;Huy\n", n, n, n%7+1, n)
	}
	f := file(s, "registre.csv", []byte(rows.String()))
	if _, _, err := Import(s.Context(), s.db, store.By("", "register.import"), f, ImportOptions{Class: s.a}); err != nil {
		s.Fatal(err)
	}
	s.done["register.import"] = true
	s.f.check("an import")
	s.issue(s.ids[0], 3, 0, "2016-08-01")
	s.act("people.move", func(tx *store.Tx) error {
		_, err := people.Move(tx, s.ids[1], people.Address{Kind: people.Home, From: day("2016-12-15"), Town: "Amay"})
		return err
	})
	s.issue(s.ids[1], 1, 0, "2015-08-01")
	s.f.check("three acts")
	s.do("register.reword-class", func(tx *store.Tx) error { // more votes for each of its shares
		return Reword(tx, ShareClass{ID: s.a, Letter: "A", Name: "Parts de garant", Nominal: money.Euros(250), Votes: 5, Holders: Anyone,
			Since: day("2015-01-01")})
	})
}

// TestADirectoryFollowsRandomLives follows after some of the acts of a life, not after each.
func TestADirectoryFollowsRandomLives(t *testing.T) {
	rounds(t, 6)
	rapid.Check(t, func(rt *rapid.T) {
		c := &clock{day("2015-06-01")}
		o := storetest.Place(t, "sqlite")
		o.Rooms, o.Clock = rooms, c.now
		db, err := store.Open(t.Context(), o)
		if err != nil {
			rt.Fatal(err)
		}
		defer db.Close()
		l := &life{T: rt, h: founded(t, db, c)}
		l.h.act("bylaws.lay", func(tx *store.Tx) error {
			preset, _ := bylaws.LoadPreset("ten-percent")
			_, err := bylaws.Lay(tx, preset, day("2015-01-01"), bylaws.Deed{})
			return err
		})
		for _, name := range []string{"Un", "Deux", "Trois", "Quatre"} {
			l.people = append(l.people, l.h.person(name))
		}
		f := l.h.follow([2]string{"2016-12-31", ""}, [2]string{"2015-12-31", "2016-12-31"}, [2]string{"2018-06-30", "2018-06-30"})
		for range rapid.IntRange(5, 30).Draw(rt, "acts") {
			c.day = c.day.AddDays(rapid.IntRange(0, 200).Draw(rt, "days"))
			if rapid.IntRange(0, 3).Draw(rt, "what else") == 0 {
				who := rapid.SampledFrom(l.people).Draw(rt, "who")
				err := l.h.try("people.move", func(tx *store.Tx) error {
					_, err := people.Move(tx, who, people.Address{Kind: people.Home, From: l.drawDay(),
						Town: rapid.SampledFrom([]string{"Ans", "Huy", "Visé"}).Draw(rt, "town")})
					return err
				})
				if err != nil && fault.Of(err) == nil {
					rt.Fatal(err)
				}
			} else {
				l.step()
			}
			if rapid.Bool().Draw(rt, "looks") {
				f.check("a life")
			}
		}
		f.check("the end of a life")
	})
}

// TestFollowingReadsFew says that a directory does follow: who is not concerned is not read again.
func TestFollowingReadsFew(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ids := village(h)
		before := h.directory("2016-12-31", "")
		kept, _ := before.Numbered(3) // whom no act concerns
		kept.Name = "as it was kept"
		h.act("people.contact-add", func(tx *store.Tx) error {
			_, err := people.AddContact(tx, ids[3], people.Email, "zoe@courriel.exemple", civil.Date{})
			return err
		})
		h.view(func(v *store.View) error {
			after, err := before.Follow(v)
			if err != nil {
				return err
			}
			if l, _ := after.Numbered(3); l.Name != "as it was kept" {
				t.Error("everybody was read again")
			}
			if l, _ := after.Numbered(4); l.Emails() != "zoe@courriel.exemple" {
				t.Errorf("the new address is missing: %+v", l)
			}
			if l, _ := before.Numbered(4); l.Emails() != "" {
				t.Error("a directory that others may be reading has changed")
			}
			again, err := after.Follow(v)
			if again != after {
				t.Error("without an act there is another directory")
			}
			return err
		})
	})
}

// TestMuchIsNotFollowedWhileAReaderWaits says so, and leaves the directory as it was.
func TestMuchIsNotFollowedWhileAReaderWaits(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ids := village(h)
		before := h.directory("2016-12-31", "")
		follows := func() (few bool) {
			h.view(func(v *store.View) error {
				next, is, err := before.FollowFew(v)
				if few = is; few != (next != nil) {
					t.Errorf("few %v, and %v", few, next)
				}
				return err
			})
			return few
		}
		h.issue(ids[0], 1, 0, "2016-03-01")
		if !follows() {
			t.Error("one movement is not followed")
		}
		for range fewFollowed {
			h.issue(ids[0], 1, 0, "2016-03-01")
		}
		if follows() {
			t.Errorf("%d movements are followed while a reader waits", fewFollowed+1)
		}
		h.view(func(v *store.View) error {
			after, err := before.Follow(v)
			if l, _ := after.Numbered(1); l.Shares != 4+1+fewFollowed {
				t.Errorf("%d shares", l.Shares)
			}
			return err
		})
	})
}

// The limits of a class go together, are kept, and are said to the journal when they change.
func TestTheLimitsOfAClass(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		reword := func(least, most int64) error {
			_, err := h.db.Act(t.Context(), by(), func(tx *store.Tx) error {
				c, err := ClassOf(tx, h.a)
				if err != nil {
					return err
				}
				c.Least, c.Most = least, most
				return Reword(tx, c)
			})
			return err
		}
		for _, wrong := range [][2]int64{{-1, 0}, {0, -1}, {5, 4}, {0, maxHeld + 1}, {maxHeld + 1, 0}} {
			if err := reword(wrong[0], wrong[1]); !fault.Is(err, "register.refusal.class-limits") {
				t.Errorf("from %d to %d: %v", wrong[0], wrong[1], err)
			}
		}
		for _, right := range [][2]int64{{5, 5}, {5, 0}, {0, 4}} {
			if err := reword(right[0], right[1]); err != nil {
				t.Fatalf("from %d to %d: %v", right[0], right[1], err)
			}
			h.view(func(v *store.View) error {
				c, err := ClassOf(v, h.a)
				if c.Least != right[0] || c.Most != right[1] {
					t.Errorf("kept are %d to %d, not %v", c.Least, c.Most, right)
				}
				return err
			})
		}
		if report, err := h.db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("the house is not whole: %v %+v", err, report.Findings)
		}
	})
}
