package ballot

import (
	"slices"
	"testing"

	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// presiding says who presides, for one story.
func presiding(t *testing.T, who people.PersonID) {
	t.Helper()
	Hooks.Chair = func(store.Reader, meeting.ID) (people.PersonID, error) { return who, nil }
	t.Cleanup(func() { Hooks.Chair = nil })
}

func TestTheChairProclaimsAndWhoWritesItDownSaysSo(t *testing.T) {
	both(t, func(h *house) {
		presiding(t, h.who["Agathe"])
		bureauOf[h.who["Dirk"]] = Charges{Secretary: true, Chair: true} // as the secretary of a sitting has it
		h.open("Agathe", "Bram", "Dirk")
		proclaim := func(name string, id PollID, said bool) error {
			return h.by(name, "ballot.proclaim", func(tx *store.Tx) error { return Proclaim(tx, Proclamation{Poll: id, Said: said}) })
		}
		first := h.put("Budget", Unanimity)
		h.must(h.close("Agathe", first))
		h.refused(proclaim("Dirk", first, false), "said")
		h.refused(proclaim("Bram", first, true), "charge.proclaim")
		h.must(proclaim("Dirk", first, true))
		second := h.put("Charte", Unanimity)
		h.must(h.close("Agathe", second))
		h.must(proclaim("Agathe", second, false))
		h.view(func(v *store.View) error {
			lines, err := store.Entries(v, store.Filter{About: first.Ref(), Limit: 1})
			if err != nil {
				return err
			}
			if l := lines[0]; l.Actor != string(h.who["Dirk"]) || !slices.Contains(l.About, h.who["Agathe"].Ref()) {
				t.Errorf("the journal names %s and %v, want Dirk and Agathe", l.Actor, l.About)
			}
			return nil
		})
		h.sealed()
	})
}

func TestWhoHasNotVotedIsWaitedFor(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé")
		unused := func(id PollID) (u Unused) {
			h.view(func(v *store.View) (err error) {
				u, err = UnusedOf(v, h.poll(id))
				return err
			})
			return u
		}
		ask := func(id PollID) error {
			version := h.poll(id).Version
			return h.by("Agathe", "ballot.close", func(tx *store.Tx) error {
				return ClosePoll(tx, Closing{Poll: id, Version: version, Ask: true})
			})
		}
		poll := h.put("Budget", Phone)
		_, err := h.cast(poll, "Agathe", vote.For)
		h.must(err)
		h.refused(ask(poll), "unused")
		if u := unused(poll); u.Votes != 50 || len(u.Voters) != 2 {
			t.Errorf("unused are %+v, want the 50 votes of Bram and Chloé", u)
		}
		h.leave("Chloé")
		if u := unused(poll); u.Votes != 20 || !slices.Equal(u.Voters, []people.PersonID{h.who["Bram"]}) || u.Left != 1 {
			t.Errorf("unused are %+v, want Bram’s 20: who left is not waited for", u)
		}
		_, err = h.cast(poll, "Bram", vote.Abstain)
		h.must(err)
		h.must(ask(poll))

		hands := h.put("Charte", Hands)
		h.must(h.count("Bram", hands, "A", 5, 0, 0))
		h.refused(ask(hands), "unused")
		if u := unused(hands); u.Votes != 25 || u.Voters != nil {
			t.Errorf("unused are %+v, want 25 votes without names", u)
		}
		h.must(h.count("Bram", hands, "B", 25, 0, 0))
		h.must(ask(hands))
	})
}

// A close that is refused anyway says why, and asks nothing.
func TestSheetsThatDifferAreSaidBeforeWhatIsMissing(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Named)
		h.must(h.enter("Bram", poll, "Agathe", vote.For, 0))
		differences := func() (list []Difference) {
			h.view(func(v *store.View) (err error) {
				list, err = Differences(v, h.poll(poll))
				return err
			})
			return list
		}
		if list := differences(); len(list) != 1 || list[0].Both {
			t.Errorf("with one sheet the differences are %+v, want Agathe, whom one teller entered", list)
		}
		h.must(h.enter("Chloé", poll, "Agathe", vote.Against, 0))
		if list := differences(); len(list) != 1 || !list[0].Both {
			t.Errorf("the differences are %+v, want Agathe on both sheets", list)
		}
		version := h.poll(poll).Version
		h.refused(h.by("Agathe", "ballot.close", func(tx *store.Tx) error {
			return ClosePoll(tx, Closing{Poll: poll, Version: version, Ask: true})
		}), "differ")
	})
}
