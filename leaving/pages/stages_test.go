package pages

import (
	"testing"

	"lieux/base/lang"
	"lieux/leaving"
)

// An exclusion has no window: its day is that of the decision, which waits for the answer. A cause of the law has none
// either.
func TestTheStepsOfAnExclusionFollowTheLaw(t *testing.T) {
	book, err := lang.NewBook(leaving.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	p := book.In(lang.French)
	for _, c := range []struct {
		cause   leaving.Cause
		state   leaving.State
		decided bool
		done    int
		second  string
	}{
		{leaving.Exclusion, leaving.Proposed, false, 1, "Le coopérateur répond ou est entendu"},
		{leaving.Exclusion, leaving.Answered, false, 2, "Le coopérateur répond ou est entendu"},
		{leaving.Exclusion, leaving.Accepted, true, 5, "Le coopérateur répond ou est entendu"},
		{leaving.Exclusion, leaving.Refused, true, 3, "Le coopérateur répond ou est entendu"},
		{leaving.Exclusion, leaving.Paid, true, 11, "Le coopérateur répond ou est entendu"},
		{leaving.Death, leaving.Announced, false, 4, "La cause est établie"},
		{leaving.Resignation, leaving.Announced, false, 4, "Sa période est vérifiée"},
		{leaving.Resignation, leaving.Accepted, true, 5, "Sa période est vérifiée"},
	} {
		var steps []stepRow
		if c.decided {
			steps = []stepRow{{Decision: "CA 3"}}
		}
		list := stages(p, leaving.Exit{Cause: c.cause, State: c.state}, steps)
		done := 0
		for _, s := range list {
			if s.Done {
				done++
			}
		}
		if len(list) != 11 || done != c.done || list[1].Text != c.second {
			t.Errorf("%s, %s: %d of %d done, second %q", c.cause, c.state, done, len(list), list[1].Text)
		}
	}
}
