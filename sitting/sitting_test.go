package sitting

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/sortition"
	"lieux/vote"
)

var update = flag.Bool("update", false, "write the goldens anew; read the difference before you commit it")

func TestMain(m *testing.M) {
	people.Hooks.Erase = []func(*store.Tx, people.PersonID) error{assembly.Forget, Forget}
	ballot.Hooks.Charge, ballot.Hooks.Current = Charge, CurrentItem
	attendance.Hooks.PollOpen = ballot.AnyOpen
	storetest.Main(m)
}

var rooms = []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room,
	attendance.Room,
	ballot.Room, Room}

func book(t *testing.T) *lang.Book {
	t.Helper()
	b, err := lang.NewBook(people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases, sheets.Phrases,
		sortition.Phrases, assembly.Phrases, meeting.Phrases, attendance.Phrases, ballot.Phrases, Phrases)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// clock is the hour of these tests: it stands still until somebody moves it.
type clock struct {
	sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.now = c.now.Add(d)
}

// both runs a story on both engines, from two in the afternoon of 13 June 2026 on.
func both(t *testing.T, draft func(*meeting.Meeting), story func(e *evening)) {
	t.Helper()
	bothUnder(t, nil, draft, story)
}

// bothUnder is both with rules of the bylaws' own.
func bothUnder(t *testing.T, rules []bylaws.Rule, draft func(*meeting.Meeting), story func(e *evening)) {
	t.Helper()
	c := &clock{now: time.Date(2026, 6, 13, 12, 0, 0, 0, time.UTC)}
	start := c.now
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: c.Now}, func(t *testing.T, db *store.DB) {
		c.now = start
		e := newEvening(t, db, rules, draft)
		e.clock = c
		story(e)
	})
}

// evening is a small cooperative on the day of its assembly.
type evening struct {
	t     *testing.T
	db    *store.DB
	clock *clock
	book  *lang.Book
	m     meeting.ID
	body  people.BodyID
	board people.BodyID
	who   map[string]people.PersonID
}

// names are the cooperators, by number: each holds as many shares.
var names = []struct {
	given, family string
	shares        int64
}{{"Agathe", "Monfort", 30}, {"Joris", "Peeters", 20}, {"Wivine", "Lambert", 20}, {"Émile", "Dechamps", 20},
	{"Nora", "Benali", 10}}

func newEvening(t *testing.T, db *store.DB, rules []bylaws.Rule, draft func(*meeting.Meeting)) *evening {
	t.Helper()
	e := &evening{t: t, db: db, book: book(t), who: map[string]people.PersonID{}}
	e.act("", "people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC",
			Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	e.act("", "bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("minimal-law")
		p.Rules = append(p.Rules, rules...)
		_, err := bylaws.Lay(tx, p, civil.MustParse("2020-01-01"), bylaws.Deed{})
		return err
	})
	e.act("", "register.issue", func(tx *store.Tx) error {
		class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		if err != nil {
			return err
		}
		for i, n := range names {
			id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: n.given, Family: n.family, Lang: lang.French})
			if err != nil {
				return err
			}
			e.who[n.given] = id
			if _, err := register.Issue(tx, register.Issuance{Person: id, Number: register.Number(i + 1), Class: class,
				Shares: n.shares,
				Detail: register.Detail{Effective: civil.MustParse("2015-06-01")}}); err != nil {
				return err
			}
		}
		return nil
	})
	e.act("", "meeting.draft", func(tx *store.Tx) error {
		assembly, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		e.body, e.board = assembly.ID, board.ID
		m := meeting.Meeting{Name: "ag-2026", Body: e.body, Title: "Assemblée générale ordinaire", Place: "Kultura",
			StartsAt: tx.Now(),
			Language: lang.French, Remote: "par visioconférence", Items: agenda}
		if draft != nil {
			draft(&m)
		}
		e.m, err = meeting.Draft(tx, m)
		return err
	})
	return e
}

var agenda = []meeting.Item{
	{Number: "1", Title: "Comptes", Matters: []meeting.Matter{{Kind: assembly.Accounts, Title: "Comptes 2025",
		Words: "La perte est de 12 000 €."},
		{Kind: assembly.Discharge, Title: "Décharge aux administrateurs"}}},
	{Number: "2", Title: "Bâtiments", Matters: []meeting.Matter{{Kind: assembly.Information, Title: "Toiture"}}},
	{Number: "4", Title: "Divers", Matters: []meeting.Matter{{Kind: assembly.Resolution, Title: "Parking"}}},
}

func (e *evening) act(who, verb string, fn func(*store.Tx) error) {
	e.t.Helper()
	if err := e.try(who, verb, fn); err != nil {
		e.t.Fatalf("%s: %v", verb, err)
	}
}

func (e *evening) try(who, verb string, fn func(*store.Tx) error) error {
	e.t.Helper()
	_, err := e.db.Act(e.t.Context(), store.By(string(e.who[who]), verb), fn)
	return err
}

func (e *evening) refused(code string, who, verb string, fn func(*store.Tx) error) {
	e.t.Helper()
	if err := e.try(who, verb, fn); !fault.Is(err, code) {
		e.t.Errorf("%s by %q: %v, want %s", verb, who, err, code)
	}
}

func (e *evening) read(fn func(store.Reader) error) {
	e.t.Helper()
	if err := e.db.View(e.t.Context(), func(v *store.View) error { return fn(v) }); err != nil {
		e.t.Fatal(err)
	}
}

// arrive lets cooperators in; the channel is the room.
func (e *evening) arrive(channel attendance.Channel, given ...string) {
	e.t.Helper()
	for _, g := range given {
		e.act("", "attendance.arrive", func(tx *store.Tx) error {
			return attendance.Arrive(tx, attendance.Arrival{Meeting: e.m, Person: e.who[g], Channel: channel, Door: "1"})
		})
	}
}

func (e *evening) pass(minutes int) { e.clock.pass(time.Duration(minutes) * time.Minute) }

func (e *evening) freezeRoll() {
	e.t.Helper()
	e.act("", "attendance.freeze-roll", func(tx *store.Tx) error { _, err := attendance.FreezeRoll(tx, e.m); return err })
}

func (e *evening) bureau() Bureau {
	return Bureau{Chair: e.who["Agathe"], Secretary: e.who["Joris"],
		Tellers: []people.PersonID{e.who["Wivine"], e.who["Émile"]}}
}

func (e *evening) open() {
	e.t.Helper()
	e.act("", "sitting.open", func(tx *store.Tx) error { return Open(tx, e.m, e.bureau()) })
}

func (e *evening) meeting() (m meeting.Meeting) {
	e.t.Helper()
	e.read(func(r store.Reader) (err error) { m, _, err = meeting.ByID(r, e.m); return err })
	return m
}

// matter finds a matter by its title.
func (e *evening) matter(title string) (meeting.ItemID, meeting.MatterID) {
	e.t.Helper()
	for _, item := range e.meeting().Items {
		for _, x := range item.Matters {
			if x.Title == title {
				return item.ID, x.ID
			}
		}
	}
	e.t.Fatalf("no matter %q", title)
	return "", ""
}

func (e *evening) goTo(title string) {
	e.t.Helper()
	item, matter := e.matter(title)
	e.act("Joris", "sitting.go", func(tx *store.Tx) error { return GoTo(tx, e.m, item, matter) })
}

// vote puts a matter to a show of hands in one row and proclaims it.
func (e *evening) vote(title string, votesFor, against, abstain int64) {
	e.t.Helper()
	_, matter := e.matter(title)
	var id ballot.PollID
	e.act("Joris", "ballot.open", func(tx *store.Tx) (err error) {
		id, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: e.m, Matter: matter, Method: ballot.Hands})
		return err
	})
	e.act("Wivine", "ballot.count", func(tx *store.Tx) error {
		return ballot.Count(tx, ballot.Counting{Poll: id, Row: "A", For: votesFor, Against: against, Abstain: abstain})
	})
	e.pass(1)
	e.act("Joris", "ballot.close", func(tx *store.Tx) error {
		p, _, err := ballot.ByID(tx, id)
		if err != nil {
			return err
		}
		return ballot.ClosePoll(tx, ballot.Closing{Poll: id, Version: p.Version})
	})
	e.act("Agathe", "ballot.proclaim", func(tx *store.Tx) error {
		return ballot.Proclaim(tx,
			ballot.Proclamation{Poll: id})
	})
}

func (e *evening) clean() {
	e.t.Helper()
	report, err := e.db.Check(e.t.Context())
	if err != nil || len(report.Findings) > 0 {
		e.t.Errorf("check: %v %v", err, report.Findings)
	}
}

func (e *evening) text() string {
	e.t.Helper()
	var b bytes.Buffer
	e.read(func(r store.Reader) error {
		_, m, err := Draft(r, e.m, e.book)
		if err != nil {
			return err
		}
		return papers.Text(&b, m.Paper, m.Names)
	})
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestASmallEvening(t *testing.T) {
	both(t, nil, func(e *evening) {
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Joris", "Wivine", "Émile")
		e.pass(8)
		e.open()
		e.pass(10)
		e.goTo("Comptes 2025")
		e.vote("Comptes 2025", 60, 20, 10)
		e.pass(20)
		e.goTo("Décharge aux administrateurs")
		e.arrive(attendance.Afar, "Nora")
		e.act("", "attendance.leave", func(tx *store.Tx) error { return attendance.Leave(tx, e.m, e.who["Émile"]) })
		e.pass(3)
		e.vote("Décharge aux administrateurs", 20, 50, 10)
		e.goTo("Toiture")
		item, matter := e.matter("Toiture")
		e.act("Joris", "sitting.note", func(tx *store.Tx) error {
			_, err := Write(tx, e.m, Note{Item: item, Matter: matter, Words: "Les travaux commencent en août."})
			return err
		})
		e.act("Joris", "sitting.retain", func(tx *store.Tx) error {
			_, err := Retain(tx, e.m, Retained{Item: item, Title: "Devis de toiture", Words: "Le conseil apporte trois devis.",
				Owner: e.board})
			return err
		})
		e.act("Wivine", "sitting.incident", func(tx *store.Tx) error {
			_, err := NoteIncident(tx, e.m, Incident{Item: item, Remote: true, Words: "le son est coupé deux minutes",
				Remedy: "le débat attend"})
			return err
		})
		e.pass(30)
		e.act("Joris", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		theMinutes(e)
		theReview(e)
		theSignatures(e)
		e.clean()
		theRecord(e)
	})
}

// theMinutes write themselves: in three languages they say what the evening was.
func theMinutes(e *evening) {
	e.t.Helper()
	e.read(func(r store.Reader) error {
		a, list, err := Record(r, e.m)
		if err != nil {
			return err
		}
		if len(list) != 5 || a.Attendance.Total != vote.Both(5, 100) {
			e.t.Errorf("list %+v, total %v", list, a.Attendance.Total)
		}
		if left := a.Items[0].Matters[1].Lived.Polls[0].Left; len(left) != 1 || left[0] != e.who["Émile"] {
			e.t.Errorf("who left before the second vote: %v", left)
		}
		a.Session.List = strings.Repeat("4f", 32) // hashes differ in each run: ids are new
		for i := range a.Items {
			for j := range a.Items[i].Matters {
				for k := range a.Items[i].Matters[j].Lived.Polls {
					heads := &a.Items[i].Matters[j].Lived.Polls[k].Heads
					if len(heads[0]) != 64 || len(heads[1]) != 64 || heads[0] == heads[1] {
						e.t.Errorf("heads of the journal: %v", heads)
					}
					*heads = [2]string{strings.Repeat("0a", 32), strings.Repeat("0c", 32)}
				}
			}
		}
		for _, tag := range lang.Tags {
			paper, err := assembly.Draft(r, a, e.book.In(tag))
			if err != nil {
				return err
			}
			m, err := assembly.MinutesOf(r, a, e.book)
			if err != nil {
				return err
			}
			var text bytes.Buffer
			if err := papers.Text(&text, paper, m.Names); err != nil {
				return err
			}
			golden(e.t, "testdata/minutes-"+string(tag)+".txt", text.String())
		}
		return nil
	})
}

// theReview: those who were there remark within the delay, the secretary answers, the text is settled.
func theReview(e *evening) {
	e.t.Helper()
	settle := func(tx *store.Tx) error { return Settle(tx, e.m, e.book) }
	comment := func(tx *store.Tx) error {
		_, err := Comment(tx, e.m, Remark{Words: "Il y avait aussi le devis du voisin."})
		return err
	}
	e.refused("sitting.refusal.no-review", "Nora", "sitting.comment", comment)
	e.act("Joris", "sitting.review", func(tx *store.Tx) error { return OpenReview(tx, e.m, UsualDays) })
	e.refused("sitting.refusal.in-review", "Joris", "sitting.settle", settle)
	e.act("Nora", "sitting.comment", comment)
	e.pass((UsualDays + 1) * 24 * 60)
	e.refused("sitting.refusal.no-review", "Nora", "sitting.comment", comment)
	e.refused("sitting.refusal.unanswered", "Joris", "sitting.settle", settle)
	var remarks []Remark
	e.read(func(r store.Reader) (err error) { remarks, err = Remarks(r, e.m); return err })
	e.refused("sitting.refusal.may.run", "Nora", "sitting.reply",
		func(tx *store.Tx) error { return Reply(tx, e.m, remarks[0].ID, true, "Oui.") })
	e.act("Joris", "sitting.reply", func(tx *store.Tx) error { return Reply(tx, e.m, remarks[0].ID, true, "Ajouté.") })
	e.act("Joris", "sitting.settle", settle)
	item, _ := e.matter("Toiture")
	e.refused("sitting.refusal.settled", "Joris", "sitting.note", func(tx *store.Tx) error {
		_, err := Write(tx, e.m, Note{Item: item, Words: "Trop tard."})
		return err
	})
}

// hand is a drawn signature.
const hand = "M 20 150 L 60 40 L 100 150 L 140 60 L 180 150 M 40 110 L 90 110 L 300 100 L 560 90"

// theSignatures: everybody signs for themselves, a text that is taken back loses its signatures, nothing is frozen
// while one is missing.
func theSignatures(e *evening) {
	e.t.Helper()
	sign := func(g Signature) func(*store.Tx) error {
		return func(tx *store.Tx) error { return Sign(tx, e.m, g) }
	}
	drawn := Signature{Kind: assembly.Drawn, Evidence: hand}
	e.refused("papers.refusal.hand", "Agathe", "sitting.sign", sign(Signature{Kind: assembly.Drawn, Evidence: "M 1 1"}))
	e.refused("sitting.refusal.typed", "Agathe", "sitting.sign", sign(Signature{Kind: assembly.Typed, Evidence: "Agathe"}))
	e.refused("sitting.refusal.signing", "Agathe", "sitting.sign", sign(Signature{Kind: assembly.Passkey, Evidence: "x"}))
	e.refused("sitting.refusal.sign-other", "Agathe", "sitting.sign",
		sign(Signature{Person: e.who["Joris"], Kind: assembly.Drawn, Evidence: hand}))
	e.act("Agathe", "sitting.sign", sign(drawn))
	e.refused("sitting.refusal.signed", "Agathe", "sitting.sign", sign(drawn))
	e.act("Joris", "sitting.reopen", func(tx *store.Tx) error { return Reopen(tx, e.m) })
	e.act("Joris", "sitting.settle", func(tx *store.Tx) error { return Settle(tx, e.m, e.book) })
	e.act("Agathe", "sitting.sign", sign(drawn))
	e.act("Joris", "sitting.sign", sign(Signature{Kind: assembly.Typed, Evidence: "joris peeters"}))
	e.act("Wivine", "sitting.sign", sign(drawn))
	e.refused("sitting.refusal.unsigned", "Joris", "sitting.freeze",
		func(tx *store.Tx) error { _, err := Freeze(tx, e.m, e.book); return err })
	paper := Signature{Person: e.who["Émile"], Kind: assembly.Scanned, Evidence: "nowhere"}
	e.refused("sitting.refusal.scan", "Joris", "sitting.sign", sign(paper))
	upload, err := documents.Take("signé.txt", strings.NewReader("Émile Dechamps, le 21 juin 2026"))
	if err != nil {
		e.t.Fatal(err)
	}
	e.act("Joris", "sitting.sign", func(tx *store.Tx) error {
		d, err := documents.Add(tx, upload)
		if err != nil {
			return err
		}
		paper.Evidence = d.ID
		return Sign(tx, e.m, paper)
	})
	e.act("Nora", "sitting.sign", sign(drawn)) // who was there may ask to sign
	e.act("Joris", "sitting.freeze", func(tx *store.Tx) error { _, err := Freeze(tx, e.m, e.book); return err })
	e.refused("sitting.refusal.frozen", "Joris", "sitting.freeze",
		func(tx *store.Tx) error { _, err := Freeze(tx, e.m, e.book); return err })
}

// theRecord stands in assembly with all that follows from it.
func theRecord(e *evening) {
	e.t.Helper()
	e.read(func(r store.Reader) error {
		a, found, err := assembly.ByName(r, "ag-2026")
		if err != nil || !found || len(a.Session.Signed) != 5 || len(a.Retained) != 1 {
			e.t.Fatalf("record: %v, %v, %d signatures", found, err, len(a.Session.Signed))
		}
		m, err := assembly.MinutesOf(r, a, e.book)
		if err != nil || !m.Frozen() {
			e.t.Errorf("frozen: %v (%v)", m.Frozen(), err)
		}
		decisions, err := people.Decisions(r, e.body)
		if err != nil || len(decisions) != 1 || !strings.Contains(decisions[0].Reference, "point 1") {
			e.t.Errorf("decisions: %+v (%v)", decisions, err)
		}
		return nil
	})
	text := e.text()
	for _, want := range []string{"Les comptes sont approuvés.", "La décharge est refusée aux administrateurs.",
		"Le point n’a pas été abordé.",
		"signature dessinée sur un écran", "Nora Benali", "Empreinte du texte signé"} {
		if !strings.Contains(text, want) {
			e.t.Errorf("the minutes do not say %q", want)
		}
	}
	// erasing the evidence of a signature leaves the record whole
	e.act("", "people.erase", func(tx *store.Tx) error { return Forget(tx, e.who["Émile"]) })
	report, err := e.db.Check(e.t.Context())
	if err != nil || len(report.Findings) != 1 || report.Findings[0].Code != "evidence-removed" {
		e.t.Errorf("evidence that nobody erased is gone, and check says %v (%v)", report.Findings, err)
	}
}
