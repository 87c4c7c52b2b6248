package app

import (
	"context"
	"testing"
	"time"

	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
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
		act("people.rename")
		act("ballot.cast")
		want(2, "another act and a ballot")
		now = now.AddDate(0, 0, 1)
		want(3, "a night")
		if _, err := inside.find(t.Context(), web.Signed{Person: "anne", For: "foyer"}, look); err != nil || looks != 4 {
			t.Errorf("one session was taken for another: %v, looked up %d times", err, looks)
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
