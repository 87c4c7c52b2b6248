package sim

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/register"
	"lieux/vote"
)

func phrases(t *testing.T) *lang.Book {
	t.Helper()
	book, err := lang.NewBook(catalogues...)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// seeded is a stream of dice that several may take from.
type seeded struct {
	sync.Mutex
	from *rand.ChaCha8
}

func (s *seeded) Read(b []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	return s.from.Read(b)
}

// begun is a life that has not begun yet, on an engine.
func begun(t *testing.T, place store.Options, plan Plan) *life {
	t.Helper()
	clock := NewClock(time.Date(FirstYear, time.January, 4, 7, 0, 0, 0, time.UTC))
	place.Rooms, place.Clock = rooms, clock.Now
	place.Dice = &seeded{from: rand.NewChaCha8([32]byte{byte(plan.Seed), byte(plan.Seed >> 8)})} // draws by lot too
	return newLife(t.Context(), storetest.Open(t, place), clock, phrases(t), plan)
}

// lived lives a plan on an engine, and tells what happened in it.
func lived(t *testing.T, place store.Options, plan Plan) Lived {
	t.Helper()
	began := time.Now()
	l := begun(t, place, plan)
	life, err := Live(t.Context(), l.db, l.clock, l.book, plan)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v: %d acts, %d refusals in %s, trail %s", plan, life.Acts, life.Refusals,
		time.Since(began).Round(time.Millisecond), life.Trail)
	for _, told := range []map[string]int{life.Did, life.Events, life.Refused} {
		t.Log(told)
	}
	return life
}

// presets are the bylaws that the seeds live under, in turn.
var presets = []string{"ten-percent", "dynamo-2015", "one-member-one-vote", "minimal-law"}

func planned(seed uint64, years, members int) Plan {
	return Plan{Seed: seed, Years: years, Members: members, Preset: presets[seed%uint64(len(presets))]}
}

// A few years of a small cooperative: everything that a life is made of happens in them.
func TestYearsOfACooperative(t *testing.T) {
	life := lived(t, storetest.Place(t, "sqlite"), planned(4, 3, 45))
	for _, event := range []string{"correction", "exit", "merge", "deed", "second assembly", "no quorum", "draw", "ruled",
		"retained", "undone", "roll mended", "by hands", "by named", "by phone", "by unanimity", "outcome adopted"} {
		if life.Events[event] == 0 {
			t.Errorf("in three years there was never: %s", event)
		}
	}
	for _, verb := range []string{"register.transfer", "register.pay", "people.move", "people.erase", "ballot.enter",
		"ballot.cast", "attendance.accept-proxy", "attendance.revoke-proxy", "sitting.freeze", "convening.send"} {
		if life.Did[verb] == 0 {
			t.Errorf("in three years nobody did %s", verb)
		}
	}
}

// The same seed gives the same life, on one engine as on the other.
func TestTheSameSeedGivesTheSameLife(t *testing.T) {
	plan, trail := planned(5, 1, 20), ""
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			life := lived(t, storetest.Place(t, engine), plan)
			if trail != "" && life.Trail != trail {
				t.Errorf("the life on %s is another", engine)
			}
			trail = life.Trail
		})
	}
}

// Ten years of 450 cooperators, on both engines, several seeds. LIEUX_SEED lives one of them again.
func TestTenYearsOfFourHundredAndFifty(t *testing.T) {
	if !storetest.Long() {
		t.Skip("ten years take minutes: LIEUX_LONG=1 lives them")
	}
	seeds := []uint64{1, 2, 3, 4}
	if one, err := strconv.ParseUint(os.Getenv("LIEUX_SEED"), 10, 64); err == nil {
		seeds = []uint64{one}
	}
	for _, engine := range storetest.Engines {
		for _, seed := range seeds {
			t.Run(engine+"/"+strconv.FormatUint(seed, 10), func(t *testing.T) {
				lived(t, storetest.Place(t, engine), planned(seed, 10, 450))
			})
		}
	}
}

// A book that differs from the register by one share is told after the next act, and at the end of the year.
func TestALifeNoticesAShareThatIsNotThere(t *testing.T) {
	l := begun(t, storetest.Place(t, "sqlite"), planned(8, 0, 10))
	if err := l.live(); err != nil {
		t.Fatal(err)
	}
	if err := l.dear(FirstYear); err != nil {
		t.Fatalf("before anything is altered: %v", err)
	}
	last := &l.ledger.lines[len(l.ledger.lines)-1]
	last.shares++
	if err := l.dear(FirstYear); err == nil || !strings.Contains(err.Error(), "the register of") {
		t.Errorf("the year's end says %v", err)
	}
	last.shares--
	at := account{last.holder, last.class}
	l.ledger.touched = append(l.ledger.touched, at)
	held := l.ledger.held[at]
	l.ledger.held[at] = move{held.shares - 1, held.paid}
	if err := l.cheap(); err == nil || !strings.Contains(err.Error(), "the movements sum to") {
		t.Errorf("the next act says %v", err)
	}
	l.ledger.held[at] = held
	l.ledger.issued++
	if err := l.cheap(); err == nil || !strings.Contains(err.Error(), "are issued") {
		t.Errorf("the next act says %v", err)
	}
}

// The second weighing caps by itself: ten, thirty and sixty shares of which nobody votes for more than a tenth.
func TestTheSecondWeighingFindsAVoteAboveItsCap(t *testing.T) {
	a, b := &soul{at: 1}, &soul{at: 2}
	p := polled{voter: map[int64]*soul{1: a, 2: b, 3: b}, shares: map[int64][]int64{1: {10, 0}, 2: {30, 0}, 3: {50, 10}}}
	rule := vote.Rule{Weight: vote.PerShare, Cap: vote.MustCap(vote.CapTerms{Base: vote.CapAttached,
		Part: vote.MustFraction(1, 10)})}
	p.votes = map[ballotOf]int64{{1, 0}: 10, {2, 0}: 3, {3, 0}: 6, {3, 1}: 1}
	if want, err := p.weigh(rule, nil); err != nil || same(p.votes, want) != nil {
		t.Errorf("ten votes for each: %v, %v", want, err)
	}
	p.votes[ballotOf{2, 0}] = 4
	if _, err := p.weigh(rule, nil); err == nil {
		t.Error("eleven votes pass under a cap of ten")
	}
	p.votes[ballotOf{2, 0}] = 3
	if want, err := p.weigh(rule, []*soul{a}); err == nil {
		t.Errorf("without the first the cap is nine, and ten pass: %v", want)
	}
}

func TestNobodyMeetsAtTheEndOfTheYear(t *testing.T) {
	for day := civil.Day(2026, time.January, 1); day.Year() < 2028; day = day.AddDays(1) {
		c := comingDay(day)
		last, first := civil.Day(c.Year(), time.December, 19), civil.Day(c.Year(), time.January, 7)
		if c.After(last) || c.Before(first) || c.Time().Weekday() != time.Saturday || c.Before(day.AddDays(comingIn)) ||
			c.After(day.AddDays(comingIn+27)) {
			t.Errorf("of a demonstration made on %s the assembly is on %s", day, c)
		}
	}
	for made, coming := range map[string]string{"2026-11-12": "2026-12-19", "2026-11-17": "2027-01-09",
		"2026-09-03": "2026-10-10"} {
		if c := comingDay(civil.MustParse(made)); c.String() != coming {
			t.Errorf("of %s: %s, want %s", made, c, coming)
		}
	}
}

// The ledger refuses a movement that leaves a gap in the numbers.
func TestTheSecondBookRefusesAGap(t *testing.T) {
	g, today := newLedger(), civil.Day(2026, time.May, 4)
	first := register.Movement{Number: 1, Cooperator: 7, Shares: 3, Paid: 750_00, Day: today, RecordedOn: today}
	if err := g.take(first, 0, today); err != nil || g.heads() != 1 || g.issued != 3 {
		t.Fatalf("%v: %d heads, %d shares", err, g.heads(), g.issued)
	}
	third := first
	third.Number = 3
	if g.take(third, 0, today) == nil {
		t.Error("movement 3 follows movement 1")
	}
}
