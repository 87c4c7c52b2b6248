package sim

import (
	"testing"
	"time"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

func phrases(t *testing.T) *lang.Book {
	t.Helper()
	book, err := lang.NewBook(catalogues...)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// lived lives a plan on an engine.
func lived(t *testing.T, place store.Options, plan Plan) Lived {
	t.Helper()
	clock := NewClock(time.Date(FirstYear, time.January, 4, 7, 0, 0, 0, time.UTC))
	place.Rooms, place.Clock = rooms, clock.Now
	began := time.Now()
	life, err := Live(t.Context(), storetest.Open(t, place), clock, phrases(t), plan)
	if err != nil {
		t.Fatalf("after %d acts: %v", life.Acts, err)
	}
	t.Logf("%+v: %d acts, %d refusals in %s", plan, life.Acts, life.Refusals, time.Since(began).Round(time.Millisecond))
	for _, m := range []map[string]int{life.Did, life.Events, life.Refused} {
		t.Log(m)
	}
	return life
}

var presets = []string{"ten-percent", "dynamo-2015", "one-member-one-vote", "minimal-law"}

func plan(seed uint64, years, members int) Plan {
	return Plan{Seed: seed, Years: years, Members: members, Preset: presets[seed%uint64(len(presets))]}
}

func TestYearsOfACooperative(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			years, members := 3, 45
			if engine != "sqlite" {
				years, members = 1, 25
			}
			lived(t, storetest.Place(t, engine), plan(4, years, members))
		})
	}
}
