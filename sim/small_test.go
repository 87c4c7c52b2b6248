package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

// village is one database in which many small lives are lived, each from the same beginning.
type village struct {
	db    *store.DB
	first *life
	clock *Clock
	undo  []store.Query
	lives int
}

// livesOfAVillage is how many are lived before another database is taken: PostgreSQL keeps what was deleted a while.
const livesOfAVillage = 250

var (
	qNamesSQLite   = store.Unlisted(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	qNamesPostgres = store.Unlisted(`SELECT relname FROM pg_class WHERE relkind = 'r'
		AND relnamespace = current_schema()::regnamespace`)
)

func founded(t testing.TB, engine string) *village {
	t.Helper()
	book, err := lang.NewBook(catalogues...)
	if err != nil {
		t.Fatal(err)
	}
	v := &village{clock: NewClock(time.Date(FirstYear, time.January, 4, 7, 0, 0, 0, time.UTC))}
	place := storetest.Place(t, engine)
	place.Rooms, place.Clock = rooms, func() time.Time { return v.clock.Now() }
	v.db = storetest.Open(t, place)
	v.first = newLife(t.Context(), v.db, v.clock, book, Plan{Members: 4})
	v.first.cast(1)
	if err := v.first.foundSmall(); err != nil {
		t.Fatal(err)
	}
	if err := v.remember(t); err != nil {
		t.Fatal(err)
	}
	return v
}

// remember copies what there is at the beginning, and writes down how to come back to it.
func (v *village) remember(t testing.TB) error {
	names := qNamesSQLite
	if v.db.Engine() == "postgres" {
		names = qNamesPostgres
	}
	return v.db.Touch(t.Context(), func(tx *store.Tx) error {
		tables, err := store.List(tx, names, store.Text)
		if err != nil {
			return err
		}
		var back []string
		for _, table := range slices.Sorted(slices.Values(tables)) {
			back = append(back, "DELETE FROM "+table)
			n, err := store.One(tx, store.Unlisted("SELECT COUNT(*) FROM "+table), store.Number)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if _, err := tx.Exec(store.Unlisted("CREATE TABLE first_" + table + " AS SELECT * FROM " + table)); err != nil {
				return err
			}
			back = append(back, "INSERT INTO "+table+" SELECT * FROM first_"+table)
		}
		if v.db.Engine() == "postgres" { // in one journey; keys are looked at again by nobody, since all comes back whole
			back = []string{"SET LOCAL session_replication_role = replica", "DO $$ BEGIN " + strings.Join(back, "; ") +
				"; END $$", "SET LOCAL session_replication_role = DEFAULT"}
		} else {
			back = append([]string{"PRAGMA defer_foreign_keys = 1"}, back...)
		}
		for _, text := range back {
			v.undo = append(v.undo, store.Unlisted(text))
		}
		return nil
	})
}

// begin brings everything back to the beginning.
func (v *village) begin(ctx context.Context) (*life, error) {
	v.lives++
	v.clock = NewClock(time.Date(FirstYear, time.January, 5, 7, 0, 0, 0, time.UTC))
	return v.first.again(v.clock), v.db.Touch(ctx, func(tx *store.Tx) error {
		for _, q := range v.undo {
			if _, err := tx.Exec(q); err != nil {
				return err
			}
		}
		return nil
	})
}

// How many small lives are lived: some in every test, very many where the long rounds are asked for. LIEUX_LIVES says
// another number, LIEUX_SEED with which seed they begin.
var smallLives = map[string]struct{ short, long int }{"sqlite": {150, 10_000}, "postgres": {60, 10_000}}

// Limits of a small life.
const (
	leastWishes = 15
	mostWishes  = 45
)

// drawn is the small life of a seed.
func drawn(seed uint64) (smallHouse, []wishDice) {
	dice := rand.New(rand.NewPCG(seed, 0x5eed))
	wishes := make([]wishDice, leastWishes+dice.IntN(mostWishes-leastWishes))
	for i := range wishes {
		wishes[i] = wishDice{dice.IntN(wishKinds), uint64(dice.Uint32())}
	}
	return smallHouses[seed%uint64(len(smallHouses))], wishes
}

// shortened leaves out of a list what is not needed to fail: halves first, then less and less.
func shortened(wishes []wishDice, fails func([]wishDice) bool) []wishDice {
	for size := len(wishes) / 2; size > 0; size /= 2 {
		for from := 0; from+size <= len(wishes); {
			if less := slices.Concat(wishes[:from], wishes[from+size:]); fails(less) {
				wishes = less
			} else {
				from += size
			}
		}
	}
	return wishes
}

// Whatever a handful of people do about shares and money, in whatever order: every invariant holds after it. A life
// that breaks one is told with its seed, shortened to the wishes that are needed.
func TestSmallLives(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			many, seed := smallLives[engine].short, uint64(1)
			if storetest.Long() {
				many = smallLives[engine].long
			}
			if n, err := strconv.Atoi(os.Getenv("LIEUX_LIVES")); err == nil {
				many = n
			}
			if n, err := strconv.ParseUint(os.Getenv("LIEUX_SEED"), 10, 64); err == nil {
				seed = n
			}
			v, began := founded(t, engine), time.Now()
			met := map[string]int{}
			for n := range many {
				if v.lives >= livesOfAVillage {
					v = founded(t, engine)
				}
				house, wishes := drawn(seed + uint64(n))
				if err := v.live(t, house, wishes, met); err != nil {
					v = founded(t, engine)
					t.Errorf("LIEUX_SEED=%d: %v\n%s", seed+uint64(n), err, v.needed(t, house, wishes, err))
					if met["failed"]++; met["failed"] >= maxFailed {
						break
					}
				}
			}
			t.Logf("%d lives from seed %d, %d acts in %s", met["life"], seed, met["act"], time.Since(began).Round(time.Second))
			t.Log(met)
			for _, event := range eventsOfSmallLives {
				if met[event] == 0 && many >= livesForEvents {
					t.Errorf("in %d lives there was never: %s", met["life"], event)
				}
			}
		})
	}
}

// maxFailed is after how many lives that fail one has read enough.
const maxFailed = 5

// livesForEvents are so many that each of these events is met.
const livesForEvents = 150

// eventsOfSmallLives are among what so many lives go through.
var eventsOfSmallLives = []string{"issued on request", "paid too much", "bank file", "confirmed", "reversed", "lapsed",
	"campaign", "exit owed", "exit queued", "queue released", "exit undone", "refunded", "shared out", "matched",
	"certificate"}

// oneVerified is after how many lives all chains and seals are verified too.
const oneVerified = 20

// live lives one small life and adds up what it met.
func (v *village) live(t testing.TB, house smallHouse, wishes []wishDice, met map[string]int) error {
	l, err := v.begin(t.Context())
	if err == nil {
		err = l.liveSmall(house, wishes)
	}
	if err == nil && v.lives%oneVerified == 0 {
		var report *store.Report
		if report, err = v.db.Check(t.Context()); err == nil && len(report.Findings) > 0 {
			err = fmt.Errorf("check: %v", report.Findings)
		}
	}
	met["life"]++
	met["act"] += l.lived.Acts
	for event, n := range l.lived.Events {
		met[event] += n
	}
	for code, n := range l.lived.Refused {
		met["refused: "+code] += n
	}
	return err
}

// needed is a life that fails, shortened, with what it does.
func (v *village) needed(t testing.TB, house smallHouse, wishes []wishDice, why error) string {
	var last *life
	fails := func(some []wishDice) bool {
		l, err := v.begin(t.Context())
		if err == nil {
			err = l.liveSmall(house, some)
		}
		if err != nil {
			last, why = l, err
		}
		return err != nil
	}
	wishes = shortened(wishes, fails)
	if last == nil {
		return "it does not fail in a fresh database"
	}
	return fmt.Sprintf("shortened, %s, %#v: %v\ndid %v\nmet %v", house.name, wishes, why, last.lived.Did,
		last.lived.Events)
}

// A list that fails because of two of its wishes is shortened to these two.
func TestALifeIsShortened(t *testing.T) {
	_, wishes := drawn(7)
	a, b := wishes[3], wishes[11]
	got := shortened(wishes, func(some []wishDice) bool { return slices.Contains(some, a) && slices.Contains(some, b) })
	if !slices.Equal(got, []wishDice{a, b}) {
		t.Errorf("shortened to %v", got)
	}
}
