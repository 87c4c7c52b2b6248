package people

import (
	"testing"
	"time"

	"lieux/base/store"
	"lieux/base/store/storetest"
)

// A session that is kept in memory ends when it is signed out of and when its time is over, and what is written into it
// is what is read.
func TestAKeptSessionEndsAndChangesAtOnce(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		now := time.Date(2026, 6, 13, 16, 0, 0, 0, time.UTC)
		place.Rooms, place.Clock = []store.Room{Room}, func() time.Time { return now }
		sessions := NewSessions(storetest.Open(t, place))
		commit := func(data string) {
			t.Helper()
			if err := sessions.Commit("token", []byte(data), now.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		is := func(want string) {
			t.Helper()
			for range 2 { // from the database, then from memory
				data, found, err := sessions.Find("token")
				if err != nil || string(data) != want || found != (want != "") {
					t.Errorf("the session is %q, %v, %v, want %q", data, found, err, want)
				}
			}
		}
		is("")
		commit("first")
		is("first")
		commit("second")
		is("second")
		if err := sessions.Delete("token"); err != nil {
			t.Fatal(err)
		}
		is("")
		commit("third")
		is("third")
		now = now.Add(time.Hour)
		is("")
	})
}
