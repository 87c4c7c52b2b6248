package ballot

import (
	"encoding/json"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
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
	"lieux/vote"
)

var rooms = []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room,
	attendance.Room, Room}

func TestMain(m *testing.M) {
	attendance.Hooks.PollOpen = AnyOpen
	Hooks.Charge = func(_ store.Reader, _ meeting.ID, p people.PersonID) (Charges, error) { return bureauOf[p], nil }
	storetest.Main(m)
}

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

// bureauOf is what the tests' meetings charge persons with; houses add to it.
var bureauOf = map[people.PersonID]Charges{}

// evening is when the tests' assembly begins.
var evening = time.Date(2026, 6, 13, 16, 0, 0, 0, time.UTC)

// house is a cooperative on the evening of its assembly. Holders by number: 1 Agathe with 10 shares, 2 Bram with 20,
// 3 Chloé with 30, 4 the Foyer (an organisation that Dirk represents) with 40, 5 Dirk with 5, 6 Édith with 15. Agathe
// presides, Bram and Chloé are tellers, Dirk is secretary.
type house struct {
	t       testing.TB
	db      *store.DB
	now     time.Time
	who     map[string]people.PersonID
	ag      meeting.ID
	class   register.ClassID
	matters map[string]meeting.MatterID
}

// both runs a story on both engines.
func both(t *testing.T, story func(h *house)) {
	t.Helper()
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) { story(newHouse(t, place)) })
}

// newHouse founds the cooperative and opens its assembly; nobody is there yet. Rules are added to those of the law.
func newHouse(t testing.TB, place store.Options, rules ...bylaws.Rule) *house {
	t.Helper()
	h := &house{t: t, now: evening.AddDate(0, -2, 0), who: map[string]people.PersonID{},
		matters: map[string]meeting.MatterID{}}
	place.Rooms, place.Clock = rooms, func() time.Time { return h.now }
	h.db = storetest.Open(t, place)
	h.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Form: "SC", Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true,
			FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	h.act("bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("minimal-law")
		p.Rules = append(append(p.Rules, rule(bylaws.KeyProxies, bylaws.Proxies{Allowed: true, Max: 5})), rules...)
		_, err := bylaws.Lay(tx, p, civil.MustParse("2021-06"), bylaws.Deed{})
		return err
	})
	h.act("register.define", func(tx *store.Tx) (err error) {
		h.class, err = register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00,
			Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		return err
	})
	for _, c := range []struct {
		name   string
		kind   people.Kind
		shares int64
	}{{"Agathe", people.Natural, 10}, {"Bram", people.Natural, 20}, {"Chloé", people.Natural, 30},
		{"Le Foyer", people.Legal, 40}, {"Dirk", people.Natural, 5}, {"Édith", people.Natural, 15}} {
		h.enroll(c.name, c.kind, c.shares)
	}
	h.act("people.represent", func(tx *store.Tx) error {
		_, err := people.Represent(tx, people.Representation{Legal: h.who["Le Foyer"], Person: h.who["Dirk"],
			Quality: "président", From: civil.MustParse("2020")})
		return err
	})
	bureauOf[h.who["Agathe"]] = Charges{Chair: true}
	bureauOf[h.who["Dirk"]] = Charges{Secretary: true}
	bureauOf[h.who["Bram"]], bureauOf[h.who["Chloé"]] = Charges{Teller: true}, Charges{Teller: true}
	h.draft()
	h.now = evening
	return h
}

// rule is one of the bylaws' own.
func rule(key bylaws.Key, value any) bylaws.Rule {
	text, err := json.Marshal(value)
	fault.Must(err == nil, "%v", err)
	return bylaws.Rule{Key: key, Article: "Statuts 20", Words: "Règle d’essai.", Value: text, Source: "essai", Layer: bylaws.OwnBylaws,
		Confidence: bylaws.Example}
}

func (h *house) enroll(name string, kind people.Kind, shares int64) {
	h.t.Helper()
	h.act("register.issue", func(tx *store.Tx) (err error) {
		e := people.Entry{Kind: kind, Given: name, Family: "Essai", Lang: lang.French}
		if kind == people.Legal {
			e = people.Entry{Kind: kind, Name: name, Form: "ASBL", Lang: lang.French}
		}
		if h.who[name], err = people.Enroll(tx, e); err != nil {
			return err
		}
		_, err = register.Issue(tx, register.Issuance{Person: h.who[name], Class: h.class, Shares: shares,
			Detail: register.Detail{Effective: civil.MustParse("2024-01-01")}})
		return err
	})
}

// draft makes the assembly: a budget, a change of the bylaws, a change of class rights, a charter, a note.
func (h *house) draft() { h.draftAs("ag-2026") }

func (h *house) draftAs(name string) {
	h.t.Helper()
	h.matters = map[string]meeting.MatterID{}
	h.act("meeting.draft", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		m := meeting.Meeting{Body: body.ID, Name: name, Title: "Assemblée générale", Place: "Liège",
			StartsAt: civil.At(evening.Add(time.Hour)), Language: lang.French}
		for i, x := range []meeting.Matter{
			{Kind: assembly.Resolution, Title: "Budget", Words: "Le budget est approuvé."},
			{Kind: assembly.BylawsChange, Title: "Article 12", Changes: []bylaws.Change{{Article: "12",
				Before: "Rien.", After: "La démission partielle est permise."}}},
			{Kind: assembly.ClassRights, Title: "Classes", Changes: []bylaws.Change{{Article: "13", Before: "Rien.",
				After: "La classe B est créée."}}},
			{Kind: assembly.Charter, Title: "Charte", Words: "La charte est approuvée."},
			{Kind: assembly.Note, Title: "Note", Words: "Une note est présentée."},
			{Kind: assembly.Election, Title: "Élection", Body: body.ID, Seats: 1},
		} {
			m.Items = append(m.Items, meeting.Item{Number: string(rune('1' + i)), Title: x.Title,
				Matters: []meeting.Matter{x}})
		}
		if h.ag, err = meeting.Draft(tx, m); err != nil {
			return err
		}
		made, _, err := meeting.ByID(tx, h.ag)
		for _, x := range made.Matters() {
			h.matters[x.Title] = x.ID
		}
		return err
	})
}

// open freezes the roll, opens the meeting, and lets people in.
func (h *house) open(present ...string) {
	h.t.Helper()
	h.act("attendance.freeze-roll", func(tx *store.Tx) error {
		_, err := attendance.FreezeRoll(tx, h.ag)
		return err
	})
	h.act("meeting.open", func(tx *store.Tx) error { return meeting.MarkOpened(tx, h.ag) })
	for _, name := range present {
		h.arrive(name)
	}
}

// arrive lets somebody in; Dirk comes for the Foyer too.
func (h *house) arrive(name string) {
	h.t.Helper()
	a := attendance.Arrival{Meeting: h.ag, Person: h.who[name], Channel: attendance.InRoom, Door: "1"}
	if name == "Dirk" {
		a.Holders = []int64{4}
	}
	h.act("attendance.arrive", func(tx *store.Tx) error { return attendance.Arrive(tx, a) })
}

func (h *house) leave(name string) {
	h.t.Helper()
	h.act("attendance.leave", func(tx *store.Tx) error { return attendance.Leave(tx, h.ag, h.who[name]) })
}

// carry gives an accepted proxy, with what is instructed of the budget.
func (h *house) carry(holder int64, from, to string, instructed vote.Choice) {
	h.t.Helper()
	p := attendance.Proxy{Meeting: h.ag, Holder: holder, By: h.who[from], To: h.who[to], Channel: attendance.Online}
	if instructed != "" {
		p.Instructions = []attendance.Instruction{{Matter: h.matters["Budget"], Choice: instructed}}
	}
	h.act("attendance.give-proxy", func(tx *store.Tx) error {
		id, err := attendance.Give(tx, p)
		if err != nil {
			return err
		}
		return attendance.AcceptProxy(tx, id)
	})
}

// act runs an act of the program that must succeed; by runs one of a person and gives its error.
func (h *house) act(verb string, fn func(*store.Tx) error) {
	h.t.Helper()
	if _, err := h.db.Act(h.t.Context(), store.By("", verb), fn); err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) by(name, verb string, fn func(*store.Tx) error) error {
	_, err := h.db.Act(h.t.Context(), store.By(string(h.who[name]), verb), fn)
	return err
}

func (h *house) view(fn func(*store.View) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// tryPut puts a matter to the vote by the chair.
func (h *house) tryPut(matter string, method Method) (id PollID, err error) {
	err = h.by("Agathe", "ballot.open", func(tx *store.Tx) (err error) {
		id, err = OpenPoll(tx, Opening{Meeting: h.ag, Matter: h.matters[matter], Method: method})
		return err
	})
	return id, err
}

func (h *house) put(matter string, method Method) PollID {
	h.t.Helper()
	id, err := h.tryPut(matter, method)
	if err != nil {
		h.t.Fatalf("%s is not put to the vote: %v", matter, err)
	}
	return id
}

// cast deposits by the voter's own phone: one choice for all, others by holder.
func (h *house) cast(poll PollID, name string, choice vote.Choice, otherwise ...vote.NamedVote) (r Receipt, err error) {
	err = h.by(name, "ballot.cast", func(tx *store.Tx) (err error) {
		r, err = Cast(tx, Deposit{Poll: poll, Voter: h.who[name], Choice: choice, Otherwise: otherwise})
		return err
	})
	return r, err
}

// enter deposits by a teller.
func (h *house) enter(teller string, poll PollID, name string, choice vote.Choice, seen int64) error {
	return h.by(teller, "ballot.enter", func(tx *store.Tx) error {
		_, err := Enter(tx, Deposit{Poll: poll, Voter: h.who[name], Choice: choice, Seen: seen})
		return err
	})
}

func (h *house) count(teller string, poll PollID, row string, f, a, n int64) error {
	return h.by(teller, "ballot.count", func(tx *store.Tx) error {
		return Count(tx, Counting{Poll: poll, Row: row, For: f, Against: a, Abstain: n})
	})
}

func (h *house) close(name string, poll PollID) error {
	version := h.poll(poll).Version
	return h.by(name, "ballot.close", func(tx *store.Tx) error { return ClosePoll(tx, Closing{Poll: poll, Version: version}) })
}

func (h *house) poll(id PollID) (p Poll) {
	h.t.Helper()
	h.view(func(v *store.View) (err error) {
		p, err = live(v, id)
		return err
	})
	return p
}

// must stops the story at an error.
func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused says whether a verb refused with a code of this room.
func (h *house) refused(err error, code string) {
	h.t.Helper()
	if !fault.Is(err, "ballot.refusal."+code) {
		h.t.Errorf("got %v, want the refusal %s", err, code)
	}
}

// result compares the outcome with votes for, against and abstentions.
func (h *house) result(id PollID, verdict vote.Verdict, f, a, n int64) {
	h.t.Helper()
	p := h.poll(id)
	if p.Outcome.Computed != verdict {
		h.t.Errorf("the outcome is %q, want %q", p.Outcome.Computed, verdict)
	}
	var counts vote.Counts
	h.view(func(v *store.View) (err error) {
		counts, err = CountsOf(v, p)
		return err
	})
	if counts != vote.Counted(f, a, n) {
		h.t.Errorf("counted %v, want %d for, %d against, %d abstentions", counts, f, a, n)
	}
}

// sealed says that what is sealed is whole.
func (h *house) sealed() {
	h.t.Helper()
	report, err := h.db.Check(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range report.Findings {
		h.t.Errorf("check: %v", f)
	}
}

// touch alters rows by hand, as nobody should.
func (h *house) touch(sql string) {
	h.t.Helper()
	if err := h.db.Touch(h.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(store.Unlisted(sql))
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) evening() civil.Instant { return civil.At(evening) }
