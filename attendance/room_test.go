package attendance

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// crowd are the persons of the random evenings: odd ones come themselves, even ones may give their proxy.
const crowd = 14

// evenings is the house of the random evenings: every holder has as many shares as the number says.
func evenings(t testing.TB) (*house, []string) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	var names []string
	for i := range crowd {
		name := fmt.Sprintf("P%02d", i)
		h.enroll(name)
		h.now = evening.AddDate(0, -1, 0)
		h.issue(name, h.class, int64(i+1))
		names = append(names, name)
	}
	h.now = evening
	return h, names
}

// step is one thing that somebody at a table does.
type step struct {
	name string
	do   func(h *house) error
}

// plan draws what happens on an evening: who comes, by which channel, who gave whom their proxy and by which way. The
// steps of one proxy keep their order; everything else may be shuffled.
func plan(t *rapid.T, names []string) [][]step {
	var chains [][]step
	carried := map[int]int{}
	for i, name := range names {
		holder := int64(6 + i)
		if i%2 == 0 {
			to := rapid.IntRange(0, crowd/2-1).Draw(t, "to")*2 + 1
			way := rapid.SampledFrom([]Channel{"", Online, OnPaper, AtDoor}).Draw(t, "way")
			if way == "" || carried[to] == 2 {
				continue
			}
			carried[to]++
			var id ProxyID
			chain := []step{{"give " + name, func(h *house) (err error) {
				id, err = h.tryGive(Proxy{Meeting: h.ag, Holder: holder, By: h.who[name], To: h.who[names[to]], Channel: way})
				return err
			}}}
			if way != AtDoor {
				chain = append(chain, step{"accept " + name, func(h *house) error { return h.tryAccept(id) }})
			}
			if rapid.IntRange(0, 3).Draw(t, "revokes") == 0 {
				chain = append(chain, step{"revoke " + name, func(h *house) error {
					return h.try("x", func(tx *store.Tx) error { return EndProxy(tx, id, Revoked) })
				}})
			}
			chains = append(chains, chain)
			continue
		}
		how := rapid.SampledFrom([]Channel{"", InRoom, Afar}).Draw(t, "how")
		if how == "" {
			continue
		}
		come := step{"arrive " + name, func(h *house) error {
			a := h.arrival(name)
			a.Channel = how
			return h.tryArrive(a)
		}}
		chain := []step{come}
		for range rapid.IntRange(0, 2).Draw(t, "walks") {
			chain = append(chain, step{"leave " + name, func(h *house) error {
				return h.try("x", func(tx *store.Tx) error { return Leave(tx, h.ag, h.who[name]) })
			}}, come)
		}
		if rapid.IntRange(0, 3).Draw(t, "goes") == 0 {
			chain = append(chain, chain[1:]...)
			chain = append(chain, step{"leave " + name, func(h *house) error {
				return h.try("x", func(tx *store.Tx) error { return Leave(tx, h.ag, h.who[name]) })
			}})
		}
		chains = append(chains, chain)
	}
	return chains
}

// shuffled puts the steps of the chains into one row, each chain in its own order.
func shuffled(t *rapid.T, chains [][]step) (row []step) {
	left := slices.Clone(chains)
	for len(left) > 0 {
		i := rapid.IntRange(0, len(left)-1).Draw(t, "next")
		row = append(row, left[i][0])
		if left[i] = left[i][1:]; len(left[i]) == 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	return row
}

// Any order of the same arrivals, proxies and channels gives the same room; and after every event nobody votes while
// away, nobody is voted twice, and what is there is never more than what was issued.
func TestAnyOrderGivesTheSameRoom(t *testing.T) {
	h, names := evenings(t)
	n := 0
	evening := func(t *rapid.T, row []step) (last Hall) {
		n++
		h.do("attendance.evening", func(tx *store.Tx) error {
			h.tx = tx
			defer func() { h.tx = nil }()
			last = lived(t, h, n, row)
			return nil
		})
		return last
	}
	rapid.Check(t, func(t *rapid.T) {
		chains := plan(t, names)
		first := evening(t, shuffled(t, chains))
		second := evening(t, shuffled(t, chains))
		if a, b := told(first), told(second); a != b {
			t.Fatalf("two orders, two rooms:\n%s\n%s", a, b)
		}
	})
	h.sound()
}

// lived is the room at the end of an evening whose steps come in this order.
func lived(t *rapid.T, h *house, n int, row []step) Hall {
	h.draft(meeting.Meeting{Name: fmt.Sprintf("ag-%d", n), Title: "Assemblée", Place: "Liège", Remote: "Oui.",
		StartsAt: civil.At(h.now), Language: "fr"})
	h.freeze()
	for _, s := range row {
		if err := s.do(h); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		sane(t, h)
	}
	return h.room()
}

// told is a room without the number of its last event and without the ids of its proxies.
func told(room Hall) string {
	for i := range room.Voices {
		for j := range room.Voices[i].Mandates {
			room.Voices[i].Mandates[j].Proxy = ""
		}
	}
	return fmt.Sprint(room.Present, room.Remote, room.Represented, room.Total, room.Issued, room.Roll.Voters(), room.Voices)
}

// sane checks what holds after every event.
func sane(t *rapid.T, h *house) {
	room := h.room()
	if room.Roll.Present() != room.Total {
		t.Fatalf("the voters have %v of %v", room.Roll.Present(), room.Total)
	}
	there, _ := room.Total.Shares.Get()
	whole, _ := room.Issued.Shares.Get()
	if there > whole {
		t.Fatalf("%d shares of %d are there", there, whole)
	}
	h.view(func(v store.Reader) error {
		again, err := RoomAfter(v, h.ag, room.Seq)
		if err != nil {
			return err
		}
		if a, b := told(room), told(again); a != b || again.Seq != room.Seq {
			t.Fatalf("rows and events differ at %d, %d:\n%s\n%s", room.Seq, again.Seq, a, b)
		}
		sum, err := CountNow(v, h.ag)
		if err != nil {
			return err
		}
		if sum.Present != room.Present || sum.Remote != room.Remote || sum.Represented != room.Represented ||
			sum.Total != room.Total || sum.Issued != room.Issued || sum.Seq != room.Seq {
			t.Fatalf("the database counts %+v, the room %v", sum, room)
		}
		voted := map[int64]people.PersonID{}
		for _, voice := range again.Voices {
			one, here, err := VoiceOf(v, h.ag, voice.Person)
			if err != nil || !here || fmt.Sprint(one) != fmt.Sprint(voice) && told(Hall{Voices: []Voice{one}}) !=
				told(Hall{Voices: []Voice{voice}}) {
				t.Fatalf("the voice of one is %+v, here %t, in the room %+v", one, here, voice)
			}
			for _, held := range voice.Mandates {
				if who, twice := voted[held.Holder]; twice && who != voice.Person {
					t.Fatalf("%d is voted by %s and %s", held.Holder, who, voice.Person)
				}
				voted[held.Holder] = voice.Person
			}
		}
		return nil
	})
}

func BenchmarkRoomNow(b *testing.B) {
	const many = 10_000
	h := newHouse(b, store.Options{Folder: b.TempDir()})
	h.do("x", func(tx *store.Tx) error {
		roll := Frozen{Meeting: h.ag, Day: tx.Today(), FrozenAt: tx.Now()}
		for i := range many {
			roll.Entries = append(roll.Entries, Entry{Holder: int64(i + 1), Person: h.who["Agathe"], Kind: people.Natural,
				Shares: 5, Classes: "A 5"})
		}
		roll.Issued = issued(roll.Entries)
		if err := insertRoll(tx, roll, make([]byte, secretSize)); err != nil {
			return err
		}
		for i := range many {
			if i%50 == 0 {
				id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: fmt.Sprint(i), Family: "Essai"})
				if err != nil {
					return err
				}
				h.who["now"] = id
			}
			e := Event{Meeting: h.ag, Kind: Arrived, Person: h.who["now"], Detail: Detail{Channel: InRoom,
				Seats: []Seat{{int64(i + 1), vote.Body}}}}
			e, err := note(tx, e)
			if err == nil {
				err = keepArrival(tx, e)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	var at int64
	for name, ask := range map[string]func(store.Reader) error{
		"now":   func(v store.Reader) error { _, err := RoomNow(v, h.ag); return err },
		"after": func(v store.Reader) error { _, err := RoomAfter(v, h.ag, at); return err },
		"count": func(v store.Reader) error { _, err := CountNow(v, h.ag); return err },
		"voice": func(v store.Reader) error { _, _, err := VoiceOf(v, h.ag, h.who["now"]); return err },
		"code":  func(v store.Reader) error { _, _, err := ByCode(v, h.ag, "ABCD EFGH"); return err },
	} {
		at = h.seq()
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h.view(ask)
			}
		})
	}
}
