package sim

import (
	"io/fs"
	"testing"
	"time"

	"lieux/allocation"
	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/certificate"
	"lieux/concession"
	"lieux/convening"
	"lieux/leaving"
	"lieux/meeting"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
	"lieux/register"
	"lieux/sitting"
	"lieux/sortition"
	"lieux/subscription"
	"lieux/vote"
	"lieux/works"
)

// TestMain fills the hooks as the application does.
func TestMain(m *testing.M) {
	people.Hooks.Cooperator = register.IsCooperator
	people.Hooks.Retain = []func(store.Reader, people.PersonID) (fault.Refusals, error){register.Retains,
		payment.Retains, leaving.Retains, places.Retains, works.Retains, concession.Retains, allocation.Retains}
	people.Hooks.Erase = []func(*store.Tx, people.PersonID) error{assembly.Forget, ballot.Forget, sitting.Forget,
		convening.Forget, register.Forget, payment.Forget, subscription.Forget, leaving.Forget, places.Forget, works.Forget, concession.Forget, allocation.Forget}
	attendance.Hooks.PollOpen = ballot.AnyOpen
	ballot.Hooks.Charge, ballot.Hooks.Current, ballot.Hooks.Presides = sitting.Charge, sitting.CurrentItem, sitting.Presides
	payment.Hooks.Received, payment.Hooks.Lapsed, payment.Hooks.MayEnd = received, lapsed, subscription.MayEnd
	offer.Hooks.Asked, offer.Hooks.Raised = subscription.Asked, subscription.Offered
	offer.Hooks.Closed = subscription.Closed
	subscription.Hooks.Issued = certified
	register.Hooks.Bound, register.Hooks.RestsOn = leaving.Bound, leaving.RestsOn
	storetest.Main(m)
}

// received tells of money those who take shares and those whose shares they take over.
func received(tx *store.Tx, d payment.Due, cents money.Cents, on civil.Date) error {
	if err := subscription.Received(tx, d, cents, on); err != nil {
		return err
	}
	return leaving.Received(tx, d, cents, on)
}

func lapsed(tx *store.Tx, d payment.Due) error {
	if err := subscription.DueLapsed(tx, d); err != nil {
		return err
	}
	return leaving.Lapsed(tx, d)
}

// certified makes the certificate of who got shares.
func certified(tx *store.Tx, _ subscription.Request, m register.Movement) error {
	return tx.Quietly(func() error {
		_, err := certificate.Issue(tx, m.Cooperator, certificate.Order{Cause: certificate.ForIssue})
		return err
	})
}

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room,
	convening.Room, attendance.Room, ballot.Room, sitting.Room, payment.Room, certificate.Room, offer.Room, subscription.Room, leaving.Room,
	places.Room, works.Room, concession.Room, allocation.Room}

var catalogues = []fs.FS{store.Phrases, people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases,
	sheets.Phrases, sortition.Phrases, assembly.Phrases, meeting.Phrases, convening.Phrases, attendance.Phrases,
	ballot.Phrases, sitting.Phrases, payment.Phrases, certificate.Phrases, offer.Phrases, subscription.Phrases, leaving.Phrases, works.Phrases, concession.Phrases, allocation.Phrases,
	places.Phrases}

// today is the day on which the demonstration of the tests is made.
var today = time.Date(2026, 9, 3, 15, 0, 0, 0, time.UTC)

func TestTheDemonstrationKeepsWhatTheSourcesSay(t *testing.T) {
	book := phrases(t)
	clock := NewClock(Start)
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: rooms, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	demo, err := MakeDemo(t.Context(), db, clock, book, today)
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(t.Context(), func(v *store.View) error {
		for _, c := range []struct {
			day           string
			heads, shares int64
		}{{"2025-12-31", Cooperators2025, Shares2025}, {"2017-06-30", 0, InventedIn2017}} {
			roll, err := register.RollOn(v, civil.MustParse(c.day), civil.Date{})
			if err != nil {
				return err
			}
			if roll.Shares != c.shares || c.heads > 0 && roll.Heads() != c.heads {
				t.Errorf("%s: %d cooperators, %d shares", c.day, roll.Heads(), roll.Shares)
			}
			t.Logf("%s: %d cooperators, %d shares, %s paid", c.day, roll.Heads(), roll.Shares, roll.Paid)
			if c.heads > 0 && roll.Paid != 712_000_00 {
				t.Errorf("paid %s", roll.Paid)
			}
			if roll.Shares > AtMostIssued2017 && c.heads == 0 {
				t.Errorf("more than half of the issued shares could not have been 1,134")
			}
		}
		jeanne, _, err := register.CooperatorOf(v, demo.Member)
		if err != nil {
			return err
		}
		for _, c := range []struct {
			day, known string
			shares     int64
		}{{"2020-09-25", "2020-09-21", 8}, {"2020-09-25", "2020-09-25", 11}, {"2020-09-25", "2020-10-02", 10}, {"2025-12-31",
			"2025-12-31", 12}} {
			lots, err := register.HoldingsOf(v, jeanne.Number, civil.MustParse(c.day), civil.MustParse(c.known))
			if err != nil {
				return err
			}
			held := int64(0)
			for _, l := range lots {
				held += l.Shares
			}
			if held != c.shares {
				t.Errorf("Jeanne on %s as known on %s: %d shares, want %d", c.day, c.known, held, c.shares)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range []func(*store.View) error{theComing(t), theDesk(t), theHousing(t)} {
		if err := db.View(t.Context(), look); err != nil {
			t.Fatal(err)
		}
	}
	if report, err := db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
		t.Errorf("check: %v %v", err, report.Findings)
	}
}

// theDesk is what the demonstration has of requests, money, departures and papers: every kind once at least, and the
// books are whole. No share came or went by it.
func theDesk(t *testing.T) func(v *store.View) error {
	return func(v *store.View) error {
		b, err := open(v)
		if err == nil {
			err = b.sound()
		}
		if err != nil {
			return err
		}
		if issued, err := register.IssuedOn(v, v.Today(), civil.Date{}); err != nil || issued != Shares2025 {
			t.Errorf("%d shares today, %v", issued, err)
		}
		has := map[string]int{}
		for _, q := range b.requests {
			has["request "+string(q.State)]++
		}
		for _, d := range b.dues {
			has["due "+string(d.State())]++
			if d.Late(v.Today()) {
				has["due late"]++
			}
			if len(d.Terms) > 1 {
				has["due in instalments"]++
			}
		}
		for _, x := range b.exits {
			has["exit "+string(x.State)]++
			if x.Cause == leaving.Death {
				f, err := leaving.FileOf(v, x.ID)
				if err != nil {
					return err
				}
				has["missing papers"] += len(f.Missing)
			}
		}
		for _, c := range b.papers {
			has["paper "+string(c.Kind)]++
		}
		met, _, err := leaving.Propose(v)
		has["match"] = len(met)
		for _, tag := range lang.Tags {
			texts, err := subscription.Texts(v, tag)
			if err != nil {
				return err
			}
			for _, text := range texts {
				if text.Lang == tag {
					has["text "+string(tag)]++
				}
			}
		}
		if free, err := payment.FreeReceipts(v); err != nil || len(free) < 4 {
			t.Errorf("%d receipts wait for a person, %v", len(free), err)
		}
		for kind, least := range map[string]int{"request confirmed": 3, "request admitted": 6, "request waiting": 1,
			"request withdrawn": 1, "request sent": 1, "due part": 2, "due late": 2, "due in instalments": 3,
			"exit announced": 3, "exit accepted": 2, "exit proposed": 1, "missing papers": 3, "paper year": Cooperators2025,
			"paper shares": 3, "match": 1, "text fr": 3, "text nl": 3, "text en": 3} {
			if has[kind] < least {
				t.Errorf("%s: %d, want %d at least", kind, has[kind], least)
			}
		}
		t.Log(has)
		return err
	}
}

// theComing is the assembly that the demonstration has half prepared.
func theComing(t *testing.T) func(v *store.View) error {
	return func(v *store.View) error {
		all, err := meeting.Coming(v)
		if err != nil || len(all) != 1 {
			t.Fatalf("%d meetings to come, %v", len(all), err)
		}
		m, _, err := meeting.ByID(v, all[0].ID)
		if err != nil {
			return err
		}
		if day := m.Day(v.Zone()); day != civil.MustParse("2026-10-10") || m.State() != meeting.Drafted || m.Name != "ag-2026" {
			t.Errorf("%s on %s is %s", m.Name, day, m.State())
		}
		places := map[string]bool{}
		for _, x := range m.Matters() {
			if x.Kind == assembly.Information && x.Place != "" {
				places[x.Place] = true
			}
		}
		if len(places) != 4 {
			t.Errorf("the places are %v", places)
		}
		owed, err := meeting.Owed(v, m)
		if err != nil || len(owed) > 0 {
			t.Errorf("points of 2017 that the agenda does not bring: %d, %v", len(owed), err)
		}
		warned, err := meeting.Warnings(v, m)
		if len(warned) == 0 {
			t.Error("it is half prepared, and nothing warns of it")
		}
		return err
	}
}
