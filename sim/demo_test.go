package sim

import (
	"testing"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{people.Room, bylaws.Room, register.Room, assembly.Room}

func TestTheDemonstrationKeepsWhatTheSourcesSay(t *testing.T) {
	book, err := lang.NewBook(people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases,
		sheets.Phrases, assembly.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	clock := NewClock(Start)
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: rooms, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	demo, err := MakeDemo(t.Context(), db, clock, book)
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
	if report, err := db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
		t.Errorf("check: %v %v", err, report.Findings)
	}
}
