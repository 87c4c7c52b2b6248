package app

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
)

// Who a session resolves to is remembered while ballots come in, and looked up anew after any other act and each morning.
func TestVisitorsAreRememberedUntilAnActMayHaveChangedThem(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		now := time.Date(2026, 6, 13, 16, 0, 0, 0, time.UTC)
		place.Clock = func() time.Time { return now }
		db := storetest.Open(t, place)
		inside := newVisitors(db)
		looks, name := 0, "Anne"
		look := func(context.Context, web.Signed) (web.Who, error) {
			looks++
			return web.Who{Person: "anne", Name: name}, nil
		}
		act := func(verb string) {
			t.Helper()
			if _, err := db.Act(t.Context(), store.By("anne", verb), func(*store.Tx) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		want := func(want int, after string) {
			t.Helper()
			who, err := inside.find(t.Context(), web.Signed{Person: "anne", Since: now}, look)
			if err != nil || who.Name != name || looks != want {
				t.Errorf("after %s: %v, %v, looked up %d times, want %d", after, who, err, looks, want)
			}
		}
		want(1, "nothing")
		want(1, "nothing")
		act("ballot.cast")
		want(1, "a ballot")
		name = "Anne-Marie"
		act("bylaws.lay")
		act("ballot.cast")
		want(2, "another act and a ballot")
		now = now.AddDate(0, 0, 1)
		want(3, "a night")
		if _, err := inside.find(t.Context(), web.Signed{Person: "anne", For: "foyer"}, look); err != nil || looks != 4 {
			t.Errorf("one session was taken for another: %v, looked up %d times", err, looks)
		}
		act("attendance.arrive") // of nobody in particular
		if _, err := inside.find(t.Context(), web.Signed{Person: "anne", For: "foyer"}, look); err != nil || looks != 4 {
			t.Errorf("an act of the evening had her looked up again: %v, %d times", err, looks)
		}
		act("people.withdraw") // while it is looked up: what was read is older
		if _, err := inside.find(t.Context(), web.Signed{Person: "anne"}, func(ctx context.Context, s web.Signed) (web.Who, error) {
			act("people.withdraw")
			if _, err := inside.find(ctx, web.Signed{Person: "bram"}, look); err != nil {
				return web.Who{}, err
			}
			return web.Who{Person: "anne", Name: "too old"}, nil
		}); err != nil {
			t.Fatal(err)
		}
		want(6, "an act during the look")
	})
}

// crowdActs is how many acts the random life of a crowd has.
const crowdActs = 250

// crowd is a cooperative in which rights come and go: eight natural persons, of whom five hold shares, and two
// organisations.
type crowd struct {
	t     *testing.T
	db    *store.DB
	dice  *rand.Rand
	ids   []people.PersonID // natural persons first
	many  []people.PersonID // who are only named
	class register.ClassID
	ag    meeting.ID
	names int
}

const crowdNatural, crowdLegal, crowdNamed = 8, 2, 70

func newCrowd(t *testing.T, place store.Options) *crowd {
	t.Helper()
	wire()
	now := time.Date(2026, 6, 13, 16, 0, 0, 0, time.UTC)
	place.Rooms, place.Clock = Rooms, func() time.Time { return now }
	c := &crowd{t: t, db: storetest.Open(t, place), dice: rand.New(rand.NewPCG(7, 11))}
	c.must("people.found", func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Form: "SC", Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true,
			FoundedOn: civil.MustParse("2015-06")}); err != nil {
			return err
		}
		p, _ := bylaws.LoadPreset("minimal-law")
		if _, err := bylaws.Lay(tx, p, civil.MustParse("2021-06"), bylaws.Deed{}); err != nil {
			return err
		}
		var err error
		if c.class, err = register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")}); err != nil {
			return err
		}
		for i := range crowdNatural + crowdLegal {
			e := people.Entry{Kind: people.Natural, Given: fmt.Sprintf("P%02d", i), Family: "Essai", Lang: lang.French}
			if i >= crowdNatural {
				e = people.Entry{Kind: people.Legal, Name: fmt.Sprintf("Le Foyer %d", i), Form: "ASBL", Lang: lang.French}
			}
			id, err := people.Enroll(tx, e)
			if err != nil {
				return err
			}
			c.ids = append(c.ids, id)
		}
		for i := range crowdNamed {
			id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: fmt.Sprint("Q", i), Family: "Essai"})
			if err != nil {
				return err
			}
			c.many = append(c.many, id)
		}
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		c.ag, err = meeting.Draft(tx, meeting.Meeting{Body: body.ID, Name: "ag", Title: "Assemblée", Place: "Liège",
			StartsAt: civil.At(now), Language: lang.French})
		return err
	})
	for i := range 5 {
		c.must("register.issue", func(tx *store.Tx) error { return c.issue(tx, c.ids[i]) })
	}
	c.must("attendance.freeze-roll", func(tx *store.Tx) error { _, err := attendance.FreezeRoll(tx, c.ag); return err })
	return c
}

func (c *crowd) issue(tx *store.Tx, id people.PersonID) error {
	_, err := register.Issue(tx, register.Issuance{Person: id, Class: c.class, Shares: 1,
		Detail: register.Detail{Effective: tx.Today()}})
	return err
}

// try does an act, which the rooms may refuse.
func (c *crowd) try(verb string, fn func(*store.Tx) error) (done bool) {
	c.t.Helper()
	_, err := c.db.Act(c.t.Context(), store.By("", verb), fn)
	if err != nil && fault.Of(err) == nil {
		c.t.Fatalf("%s: %v", verb, err)
	}
	return err == nil
}

func (c *crowd) must(verb string, fn func(*store.Tx) error) {
	c.t.Helper()
	if _, err := c.db.Act(c.t.Context(), store.By("", verb), fn); err != nil {
		c.t.Fatalf("%s: %v", verb, err)
	}
}

func (c *crowd) somebody() people.PersonID { return c.ids[c.dice.IntN(len(c.ids))] }

// sessions are all that can be open: everybody for themselves and for each organisation, and by a card.
func (c *crowd) sessions() (list []web.Signed) {
	for _, id := range c.ids[:crowdNatural] {
		list = append(list, web.Signed{Person: string(id), How: web.ByEmail},
			web.Signed{Person: string(id), How: web.ByCard, Card: string(c.ag)})
		for _, legal := range c.ids[crowdNatural:] {
			list = append(list, web.Signed{Person: string(id), For: string(legal), How: web.ByEmail})
		}
	}
	return list
}

// live does one act at random and says which.
func (c *crowd) live() (verb string, done bool) {
	one, two := c.somebody(), c.somebody()
	today := c.db.Today()
	acts := []struct {
		verb string
		do   func(tx *store.Tx) error
	}{
		{"people.allow", func(tx *store.Tx) error {
			_, err := people.Allow(tx, people.Grant{Person: one, Role: people.ForOffice, From: today})
			return err
		}},
		{"people.revoke", func(tx *store.Tx) error {
			grants, err := people.Grants(tx)
			for _, g := range grants {
				if g.Revoked == 0 && c.dice.IntN(2) == 0 {
					return people.Revoke(tx, g.ID)
				}
			}
			return err
		}},
		{"people.represent", func(tx *store.Tx) error {
			_, err := people.Represent(tx, people.Representation{Legal: two, Person: one, From: today})
			return err
		}},
		{"people.end-representation", func(tx *store.Tx) error {
			list, err := people.Representing(tx, one)
			for _, p := range list {
				if p.Until.IsZero() {
					if _, err := tx.Exec(sinceYesterday, p.ID, today.AddDays(-2).String()); err != nil {
						return err
					}
					return people.EndRepresentation(tx, p.ID, today.AddDays(-1))
				}
			}
			return err
		}},
		{"people.merge", func(tx *store.Tx) error { return people.Merge(tx, one, two, "Double.") }},
		{"people.unmerge", func(tx *store.Tx) error { return people.Unmerge(tx, one) }},
		{"people.speak", func(tx *store.Tx) error { return people.Speak(tx, one, lang.Tags[c.dice.IntN(len(lang.Tags))]) }},
		{"people.rename", func(tx *store.Tx) error {
			who, err := people.Get(tx, one)
			if err != nil {
				return err
			}
			c.names++
			e := people.Entry{Kind: who.Kind, Given: who.Given, Family: fmt.Sprint("Essai ", c.names)}
			if who.Kind == people.Legal {
				e = people.Entry{Kind: who.Kind, Name: fmt.Sprint("Le Foyer ", c.names), Form: who.Form}
			}
			return people.Rename(tx, one, e, civil.Date{})
		}},
		{"register.issue", func(tx *store.Tx) error { return c.issue(tx, one) }},
		{"register.redeem", func(tx *store.Tx) error {
			coop, is, err := register.CooperatorOf(tx, one)
			if err != nil || !is {
				return err
			}
			held, err := register.HoldingsOf(tx, coop.Number, today, civil.Date{})
			for _, h := range held {
				if _, err := register.Redeem(tx, register.Redemption{Cooperator: coop.Number, Class: h.Class, Shares: h.Shares,
					Detail: register.Detail{Effective: today}}); err != nil {
					return err
				}
			}
			return err
		}},
		{"attendance.arrive", func(tx *store.Tx) error {
			return attendance.Arrive(tx, attendance.Arrival{Meeting: c.ag, Person: one, Channel: attendance.InRoom})
		}},
		{"attendance.leave", func(tx *store.Tx) error { return attendance.Leave(tx, c.ag, one) }},
		{"meeting.alter", func(tx *store.Tx) error {
			c.names++
			_, err := tx.Exec(anotherName, string(c.ag), fmt.Sprint("ag-", c.names))
			tx.Record(store.Line{About: []store.Ref{c.ag.Ref()}})
			return err
		}},
		{"people.allow-all", func(tx *store.Tx) error { // one line cannot name all whom this is about
			return tx.Quietly(func() error {
				for _, id := range c.many {
					tx.Record(store.Line{About: []store.Ref{id.Ref()}})
				}
				for _, id := range c.ids[:crowdNatural] {
					_, err := people.Allow(tx, people.Grant{Person: id, Role: people.ForBoard, From: today})
					if err != nil && fault.Of(err) == nil {
						return err
					}
				}
				return nil
			})
		}},
	}
	a := acts[c.dice.IntN(len(acts))]
	return a.verb, c.try(a.verb, a.do)
}

var (
	sinceYesterday = store.Unlisted(`UPDATE people_representation SET from_on = $2 WHERE id = $1`)
	anotherName    = store.Unlisted(`UPDATE meeting SET name = $2 WHERE id = $1`)
)

// After any act a session that is remembered resolves to what it would when looked up anew: no right outlives its end.
func TestWhatIsRememberedOfVisitorsIsWhatIsTrue(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		c := newCrowd(t, place)
		a := &App{db: c.db, inside: newVisitors(c.db)}
		before := map[web.Signed]web.Who{}
		changed, looked, asked := 0, 0, 0
		for range crowdActs {
			verb, done := c.live()
			for _, s := range c.sessions() {
				fresh, err := a.lookUp(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				again := 0
				kept, err := a.inside.find(t.Context(), s, func(ctx context.Context, s web.Signed) (web.Who, error) {
					again++
					return a.lookUp(ctx, s)
				})
				if err != nil || kept != fresh {
					t.Fatalf("after %s (done %t): %+v is remembered as %+v and is %+v, %v", verb, done, s, kept, fresh, err)
				}
				if before[s] != fresh {
					changed++
				}
				if fresh.SignedIn() { // who may not enter is not remembered
					asked, looked = asked+1, looked+again
				}
				before[s] = fresh
			}
		}
		if changed < crowdActs/4 || looked > asked*2/3 {
			t.Errorf("%d answers of %d changed and %d were looked up: nothing was tried, or nothing is remembered", changed, asked,
				looked)
		}
	})
}

// Who enters for an organisation alone is let in no more when two records of it are told apart again, though the act
// names the two records and not the person.
func TestAnActAboutAnOrganisationConcernsWhoRepresentsIt(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		c := newCrowd(t, place)
		a := &App{db: c.db, inside: newVisitors(c.db)}
		person, bare, holds := c.ids[crowdNatural-1], c.ids[crowdNatural], c.ids[crowdNatural+1]
		c.must("people.represent", func(tx *store.Tx) error {
			_, err := people.Represent(tx, people.Representation{Legal: bare, Person: person, From: tx.Today()})
			return err
		})
		c.must("register.issue", func(tx *store.Tx) error { return c.issue(tx, holds) })
		enters := func(want bool, when string) {
			t.Helper()
			who, err := a.inside.find(t.Context(), web.Signed{Person: string(person), How: web.ByEmail}, a.lookUp)
			if err != nil || who.SignedIn() != want {
				t.Errorf("%s: enters %t, %v", when, who.SignedIn(), err)
			}
		}
		enters(false, "for one that holds nothing")
		c.must("people.merge", func(tx *store.Tx) error { return people.Merge(tx, bare, holds, "Double.") })
		enters(true, "for one that holds a share under its other record")
		c.must("people.unmerge", func(tx *store.Tx) error { return people.Unmerge(tx, holds) })
		enters(false, "the records are two again")
	})
}

// The acts of the rooms that are believed to name whom they concern write nothing in the register, which does not.
func TestTheEveningWritesNothingInTheRegister(t *testing.T) {
	writes := map[string]bool{}
	each(t, "register", func(file *ast.File) {
		for _, d := range file.Decls {
			f, is := d.(*ast.FuncDecl)
			if !is || f.Recv != nil || !f.Name.IsExported() || len(f.Type.Params.List) == 0 {
				continue
			}
			if star, is := f.Type.Params.List[0].Type.(*ast.StarExpr); is {
				if of, is := star.X.(*ast.SelectorExpr); is && of.Sel.Name == "Tx" {
					writes[f.Name.Name] = true
				}
			}
		}
	})
	if !writes["Issue"] || !writes["Redeem"] || !writes["Transfer"] {
		t.Fatalf("the verbs of the register are %v", writes)
	}
	for _, room := range namesWhom {
		for _, folder := range []string{room, room + "/pages"} {
			each(t, folder, func(file *ast.File) {
				ast.Inspect(file, func(n ast.Node) bool {
					if call, is := n.(*ast.SelectorExpr); is {
						if of, is := call.X.(*ast.Ident); is && of.Name == "register" && writes[call.Sel.Name] {
							t.Errorf("%s calls register.%s: its acts change who may enter and do not name whom", folder, call.Sel.Name)
						}
					}
					return true
				})
			})
		}
	}
}

// each reads the files of a room that are no tests.
func each(t *testing.T, folder string, fn func(*ast.File)) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatal(folder, names, err)
	}
	for _, name := range slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_test.go") }) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		fn(file)
	}
}
