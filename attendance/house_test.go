package attendance

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/sortition"
	"lieux/vote"
)

var rooms = []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room, Room}

func TestMain(m *testing.M) { storetest.Main(m) }

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

// evening is when the tests' assembly begins: the doors open at six.
var evening = time.Date(2026, 6, 13, 16, 0, 0, 0, time.UTC)

// house is a cooperative on the evening of its assembly. Holders by number: 1 Agathe with 10 shares, 2 Bram with 20,
// 3 Chloé with 30, 4 the Foyer (an organisation that Dirk represents) with 40, 5 Dirk with 5 and 2 of class B.
type house struct {
	t      testing.TB
	db     *store.DB
	now    time.Time
	who    map[string]people.PersonID
	ag     meeting.ID
	matter meeting.MatterID
	class  register.ClassID
	b      register.ClassID
	tx     *store.Tx // of an evening that is one act, for speed
}

// both runs a story on both engines.
func both(t *testing.T, story func(h *house)) {
	t.Helper()
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) { story(newHouse(t, place)) })
}

func newHouse(t testing.TB, place store.Options) *house {
	t.Helper()
	h := &house{t: t, now: evening.AddDate(0, -2, 0), who: map[string]people.PersonID{}}
	place.Rooms, place.Clock = rooms, func() time.Time { return h.now }
	h.db = storetest.Open(t, place)
	h.do("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC",
			Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	h.do("bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("ten-percent") // another cooperator, two proxies at most
		_, err := bylaws.Lay(tx, p, civil.MustParse("2021-06"), bylaws.Deed{})
		return err
	})
	for _, letter := range []string{"A", "B"} {
		h.do("register.define", func(tx *store.Tx) (err error) {
			h.b, err = register.DefineClass(tx, register.ShareClass{Letter: letter, Name: "Parts " + letter, Nominal: 250_00,
				Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
			if letter == "A" {
				h.class = h.b
			}
			return err
		})
	}
	for i, name := range []string{"Agathe", "Bram", "Chloé"} {
		h.enroll(name)
		h.issue(name, h.class, int64(10*(i+1)))
	}
	h.do("people.enroll", func(tx *store.Tx) (err error) {
		h.who["Foyer"], err = people.Enroll(tx, people.Entry{Kind: people.Legal, Name: "Le Foyer", Form: "ASBL", Lang: lang.French})
		return err
	})
	h.issue("Foyer", h.class, 40)
	h.enroll("Dirk")
	h.issue("Dirk", h.class, 5)
	h.issue("Dirk", h.b, 2)
	h.enroll("Édith") // no cooperator
	h.do("people.represent", func(tx *store.Tx) error {
		_, err := people.Represent(tx, people.Representation{Legal: h.who["Foyer"], Person: h.who["Dirk"], Quality: "président",
			From: civil.MustParse("2020")})
		return err
	})
	h.draft(meeting.Meeting{Name: "ag-2026", Title: "Assemblée générale", Place: "Liège", Remote: "Par visioconférence.",
		StartsAt: civil.At(evening.Add(time.Hour)), Language: lang.French})
	h.now = evening
	return h
}

// draft makes the assembly that the stories are about.
func (h *house) draft(m meeting.Meeting) {
	h.t.Helper()
	h.do("meeting.draft", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		m.Body = body.ID
		m.Items = []meeting.Item{{Number: "1", Title: "Budget", Matters: []meeting.Matter{{Kind: assembly.Resolution,
			Title: "Budget", Words: "Le budget est approuvé."}}}}
		h.ag, err = meeting.Draft(tx, m)
		if err != nil {
			return err
		}
		made, _, err := meeting.ByID(tx, h.ag)
		h.matter = made.Matters()[0].ID
		return err
	})
}

func (h *house) enroll(name string) {
	h.t.Helper()
	h.do("people.enroll", func(tx *store.Tx) (err error) {
		h.who[name], err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: name, Family: "Essai", Lang: lang.French})
		return err
	})
}

func (h *house) issue(name string, class register.ClassID, shares int64) {
	h.t.Helper()
	h.do("register.issue", func(tx *store.Tx) error {
		_, err := register.Issue(tx, register.Issuance{Person: h.who[name], Class: class, Shares: shares,
			Detail: register.Detail{Effective: civil.Of(h.now, h.db.Zone())}})
		return err
	})
}

// try runs one act and gives its error.
func (h *house) try(verb string, fn func(*store.Tx) error) error {
	if h.tx != nil {
		return fn(h.tx)
	}
	_, err := h.db.Act(h.t.Context(), store.By("", verb), fn)
	return err
}

// do runs one act that must succeed.
func (h *house) do(verb string, fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.try(verb, fn); err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) view(fn func(store.Reader) error) {
	h.t.Helper()
	look := func() error { return h.db.View(h.t.Context(), func(v *store.View) error { return fn(v) }) }
	if h.tx != nil {
		look = func() error { return fn(h.tx) }
	}
	if err := look(); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) freeze() {
	h.t.Helper()
	h.do("attendance.freeze-roll", func(tx *store.Tx) error {
		_, err := FreezeRoll(tx, h.ag)
		return err
	})
}

// arrival is somebody at table 1 of the room, with organisations.
func (h *house) arrival(name string, holders ...int64) Arrival {
	return Arrival{Meeting: h.ag, Person: h.who[name], Holders: holders, Channel: InRoom, Door: "1"}
}

func (h *house) tryArrive(a Arrival) error {
	return h.try("attendance.arrive", func(tx *store.Tx) error { return Arrive(tx, a) })
}

func (h *house) arrive(name string, holders ...int64) {
	h.t.Helper()
	if err := h.tryArrive(h.arrival(name, holders...)); err != nil {
		h.t.Fatalf("%s does not get in: %v", name, err)
	}
}

func (h *house) leave(name string) {
	h.t.Helper()
	h.do("attendance.leave", func(tx *store.Tx) error { return Leave(tx, h.ag, h.who[name]) })
}

// proxy is one that the holder of a number gives online.
func (h *house) proxy(holder int64, by, to string) Proxy {
	return Proxy{Meeting: h.ag, Holder: holder, By: h.who[by], To: h.who[to], Channel: Online}
}

func (h *house) tryGive(p Proxy) (id ProxyID, err error) {
	err = h.try("attendance.give-proxy", func(tx *store.Tx) (err error) {
		id, err = Give(tx, p)
		return err
	})
	return id, err
}

func (h *house) give(p Proxy) ProxyID {
	h.t.Helper()
	id, err := h.tryGive(p)
	if err != nil {
		h.t.Fatalf("the proxy of %d is not given: %v", p.Holder, err)
	}
	return id
}

func (h *house) tryAccept(id ProxyID) error {
	return h.try("attendance.accept-proxy", func(tx *store.Tx) error { return AcceptProxy(tx, id) })
}

// carries gives a proxy and accepts it.
func (h *house) carries(holder int64, by, to string) ProxyID {
	h.t.Helper()
	id := h.give(h.proxy(holder, by, to))
	if err := h.tryAccept(id); err != nil {
		h.t.Fatalf("the proxy of %d is not accepted: %v", holder, err)
	}
	return id
}

func (h *house) end(id ProxyID, why EndReason) {
	h.t.Helper()
	h.do("attendance.end-proxy", func(tx *store.Tx) error { return EndProxy(tx, id, why) })
}

func (h *house) room() (room Hall) {
	h.t.Helper()
	h.view(func(v store.Reader) (err error) {
		room, err = RoomNow(v, h.ag)
		return err
	})
	return room
}

func (h *house) seq() (seq int64) {
	h.t.Helper()
	h.view(func(v store.Reader) (err error) {
		seq, err = LastSeq(v, h.ag)
		return err
	})
	return seq
}

// counts compares the room with heads and shares present, represented and in all.
func (h *house) counts(when string, present, represented, total vote.Sides) {
	h.t.Helper()
	room := h.room()
	if room.Present != present || room.Represented != represented || room.Total != total {
		h.t.Errorf("%s: present %v, represented %v, total %v; want %v, %v, %v", when, room.Present, room.Represented,
			room.Total, present, represented, total)
	}
	if room.Roll.Present() != room.Total {
		h.t.Errorf("%s: the voters have %v of the %v there", when, room.Roll.Present(), room.Total)
	}
}

// sound says that journal, seals and rows agree.
func (h *house) sound() {
	h.t.Helper()
	p, err := h.db.Check(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range p.Findings {
		h.t.Errorf("check: %v", f)
	}
}

// words are the catalogues that refusals need.
var words = func() *lang.Book {
	book, err := lang.NewBook([]fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, sortition.Phrases,
		assembly.Phrases, meeting.Phrases, Phrases}...)
	if err != nil {
		panic(err)
	}
	return book
}()

// refused compares an error with the refusal that it must be, in French words when any are given.
func refused(t testing.TB, err error, code string, said ...string) {
	t.Helper()
	if !fault.Is(err, "attendance.refusal."+code) {
		t.Errorf("got %v, want the refusal %s", err, code)
		return
	}
	for _, r := range fault.Of(err) {
		for _, want := range said {
			if got := words.In(lang.French).Refusal(r); got != want {
				t.Errorf("it says %q, want %q", got, want)
			}
		}
		for _, tag := range lang.Tags {
			for _, got := range []string{words.In(tag).Refusal(r), words.In(tag).Todo(r)} {
				if strings.HasPrefix(got, "«") {
					t.Errorf("%s has no words: %s", code, got)
				}
			}
		}
	}
}
