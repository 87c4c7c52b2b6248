package app

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
)

// village is a cooperative on the evening of its assembly, behind its real door: 1 Agathe, 2 Bram, 3 the Foyer, which
// Agathe and Bram represent. Nobody has arrived; a second meeting is convened for another day.
type village struct {
	t     *testing.T
	db    *store.DB
	door  http.Handler
	who   map[string]people.PersonID
	ag    meeting.ID
	later meeting.ID
}

func newVillage(t *testing.T, place store.Options) *village {
	t.Helper()
	wire()
	evening := time.Date(2026, 6, 13, 17, 0, 0, 0, time.UTC)
	place.Rooms, place.Clock = Rooms, func() time.Time { return evening }
	v := &village{t: t, db: storetest.Open(t, place), who: map[string]people.PersonID{}}
	v.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC",
			Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	v.act("register.issue", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("minimal-law")
		if _, err := bylaws.Lay(tx, p, civil.MustParse("2021-06"), bylaws.Deed{}); err != nil {
			return err
		}
		class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		if err != nil {
			return err
		}
		for _, name := range []string{"Agathe", "Bram", "Foyer"} {
			e := people.Entry{Kind: people.Natural, Given: name, Family: "Essai", Lang: lang.French}
			if name == "Foyer" {
				e = people.Entry{Kind: people.Legal, Name: "Le Foyer", Form: "ASBL", Lang: lang.French}
			}
			if v.who[name], err = people.Enroll(tx, e); err != nil {
				return err
			}
			if _, err = register.Issue(tx, register.Issuance{Person: v.who[name], Class: class, Shares: 10,
				Detail: register.Detail{Effective: civil.MustParse("2024-01-01")}}); err != nil {
				return err
			}
		}
		for _, name := range []string{"Agathe", "Bram"} {
			if _, err := people.Represent(tx, people.Representation{Legal: v.who["Foyer"], Person: v.who[name],
				From: civil.MustParse("2020")}); err != nil {
				return err
			}
		}
		return nil
	})
	v.ag, v.later = v.convene("ag-2026", evening), v.convene("ag-decembre", evening.AddDate(0, 6, 0))
	v.act("meeting.open", func(tx *store.Tx) error {
		if _, err := attendance.FreezeRoll(tx, v.ag); err != nil {
			return err
		}
		return meeting.MarkOpened(tx, v.ag)
	})
	book, err := Book()
	if err != nil {
		t.Fatal(err)
	}
	v.door, _ = New(v.db, book, slog.New(slog.DiscardHandler), Settings{Links: "https://coop.example",
		Post: &Outbox{Now: v.db.Now}})
	return v
}

func (v *village) convene(name string, at time.Time) (id meeting.ID) {
	v.t.Helper()
	v.act("meeting.draft", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		if id, err = meeting.Draft(tx, meeting.Meeting{Body: body.ID, Name: name, Title: "Assemblée " + name, Place: "Liège",
			StartsAt: civil.At(at), Language: lang.French, Items: []meeting.Item{{Number: "1", Title: "Budget",
				Matters: []meeting.Matter{{Kind: assembly.Resolution, Title: "Budget", Words: "Le budget est approuvé."}}}}}); err != nil {
			return err
		}
		if err := attendance.PrepareCards(tx, id); err != nil {
			return err
		}
		return meeting.MarkConvened(tx, id)
	})
	return id
}

func (v *village) act(verb string, fn func(*store.Tx) error) {
	v.t.Helper()
	if _, err := v.db.Act(v.t.Context(), store.By("", verb), fn); err != nil {
		v.t.Fatalf("%s: %v", verb, err)
	}
}

// card is the address on the card of a holder.
func (v *village) card(id meeting.ID, name string, holder int64) (address string) {
	v.t.Helper()
	err := v.db.View(v.t.Context(), func(r *store.View) error {
		code, err := attendance.CodeOf(r, id, holder)
		address = "/card/" + name + "/" + code
		return err
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return address
}

// status asks a page and compares what it answers.
func status(t *testing.T, b *webtest.Browser, path string, want int) {
	t.Helper()
	if got := b.Get(path); got.StatusCode != want {
		t.Errorf("%s answers %d, want %d (%s)", path, got.StatusCode, want, got.Header.Get("Location"))
	}
}

// A card opens the vote, the proxies and the papers of its meeting to the person whose it is: nothing else, and nothing
// any more once the meeting is closed.
func TestACardOpensItsMeetingAlone(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		v := newVillage(t, place)
		address := v.card(v.ag, "ag-2026", 2)
		b := webtest.On(t, v.door)
		shown := b.Get(strings.ToLower(address[:len(address)-8]) + strings.ToLower(address[len(address)-8:]))
		if !strings.Contains(shown.Body, "Carte de Bram Essai") || shown.StatusCode != http.StatusOK {
			t.Fatal(shown.StatusCode, shown.Body)
		}
		status(t, b, "/meetings/ag-2026/vote", http.StatusSeeOther) // looking is not entering
		if in := b.Post(address); in.Header.Get("Location") != "/meetings/ag-2026/vote" {
			t.Fatal(in.StatusCode, in.Body)
		}
		for path, want := range map[string]int{
			"/meetings/ag-2026/vote": 200, "/meetings/ag-2026": 200, "/proxy": 200, "/proxy/ag-2026": 200,
			"/": 303, "/card": 303,
			"/meetings/ag-decembre/vote": 403, "/meetings/ag-decembre": 403, "/proxy/ag-decembre": 403,
			"/me": 403, "/me/passkeys": 403, "/meetings": 403, "/register": 403, "/bodies": 403, "/acting": 403,
			"/people/" + string(v.who["Bram"]): 403, "/meetings/ag-2026/roll": 403, "/meetings/ag-2026/polls": 403,
		} {
			status(t, b, path, want)
		}
		if page := b.Get("/proxy"); strings.Contains(page.Body, "ag-decembre") {
			t.Error("the proxies of another meeting are shown")
		}
		v.votes(b)
		v.act("meeting.close", func(tx *store.Tx) error { return meeting.MarkClosed(tx, v.ag) })
		status(t, b, "/meetings/ag-2026/vote", http.StatusSeeOther)
		stolen := webtest.On(t, v.door)
		status(t, stolen, address, http.StatusNotFound)
		if in := stolen.Post(address); in.StatusCode != http.StatusNotFound {
			t.Error("a card enters after its meeting", in.StatusCode)
		}
	})
}

// votes lets Bram arrive and vote by the session of his card.
func (v *village) votes(b *webtest.Browser) {
	v.t.Helper()
	v.act("attendance.arrive", func(tx *store.Tx) error {
		return attendance.Arrive(tx, attendance.Arrival{Meeting: v.ag, Person: v.who["Bram"], Channel: attendance.InRoom, Door: "1"})
	})
	var poll ballot.PollID
	v.act("ballot.open", func(tx *store.Tx) error {
		m, _, err := meeting.ByID(tx, v.ag)
		if err != nil {
			return err
		}
		poll, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: v.ag, Matter: m.Matters()[0].ID, Method: ballot.Phone})
		return err
	})
	if cast := b.Post("/meetings/ag-2026/vote", "poll", string(poll), "choice", "for", "seen", "0"); cast.StatusCode != http.StatusSeeOther {
		v.t.Error(cast.StatusCode, cast.Body)
	}
	v.act("ballot.void", func(tx *store.Tx) error { return ballot.Void(tx, poll, "essai") })
}

// Every code that opens nothing gets the same answer, and who types too many waits.
func TestCardCodesAreNotGuessed(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		v := newVillage(t, place)
		right := v.card(v.ag, "ag-2026", 1)
		code := right[len(right)-8:]
		b := webtest.On(t, v.door)
		said := map[string]bool{}
		for _, address := range []string{"/card/ag-2026/00000000", "/card/ag-2026/x", "/card/nulle-part/" + code, "/card/ag-decembre/" + code} {
			a := b.Get(address)
			if a.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", address, a.StatusCode)
			}
			said[keyless(a.Body)] = true
		}
		if len(said) != 1 {
			t.Errorf("wrong codes are told apart in %d ways", len(said))
		}
		if typed := b.Post("/card", "meeting", "ag-2026", "code", strings.ToLower(code[:4])+" "+code[4:]); typed.Header.Get("Location") != right {
			t.Error(typed.StatusCode, typed.Header.Get("Location"))
		}
		last := 0
		for i := range 200 {
			if last = b.Post("/card", "meeting", "ag-2026", "code", "0000 0000").StatusCode; last != http.StatusUnprocessableEntity {
				if i < 50 {
					t.Errorf("try %d of a whole hall behind one address: %d", i, last)
				}
				break
			}
		}
		if last != http.StatusTooManyRequests {
			t.Error("nobody counts wrong codes", last)
		}
	})
}

// keyless is a page without what differs each time that it is drawn.
func keyless(body string) string {
	_, rest, _ := strings.Cut(body, "<main")
	before, after, found := strings.Cut(rest, `name="key" value="`)
	if found {
		_, after, _ = strings.Cut(after, `"`)
	}
	return before + after
}

// The card of an organisation asks which of its representatives has it, until one is there for it; somebody else's name
// is not taken.
func TestTheCardOfAnOrganisation(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		v := newVillage(t, place)
		address := v.card(v.ag, "ag-2026", 3)
		b := webtest.On(t, v.door)
		page := b.Get(address)
		for _, want := range []string{"Carte de Le Foyer", "Agathe Essai", "Bram Essai", "Qui êtes-vous"} {
			if !strings.Contains(page.Body, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		for _, who := range []people.PersonID{"", v.who["Foyer"], "nobody"} {
			if in := b.Post(address, "who", string(who)); in.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%q enters: %d", who, in.StatusCode)
			}
		}
		if in := b.Post(address, "who", string(v.who["Bram"])); in.StatusCode != http.StatusSeeOther {
			t.Error(in.StatusCode)
		}
		v.act("attendance.arrive", func(tx *store.Tx) error {
			return attendance.Arrive(tx, attendance.Arrival{Meeting: v.ag, Person: v.who["Agathe"], Holders: []int64{3},
				Channel: attendance.InRoom, Door: "1"})
		})
		other := webtest.On(t, v.door)
		if page := other.Get(address); strings.Contains(page.Body, "Bram Essai") || !strings.Contains(page.Body, "Agathe Essai") {
			t.Error("Agathe is there for it, and others are offered too")
		}
		if in := other.Post(address, "who", string(v.who["Bram"])); in.StatusCode != http.StatusSeeOther {
			t.Error(in.StatusCode)
		}
		if page := other.Get("/meetings/ag-2026/vote"); !strings.Contains(page.Body, "Agathe Essai") {
			t.Error("it is not Agathe who entered")
		}
	})
}
