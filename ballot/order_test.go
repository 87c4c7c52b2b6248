package ballot

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/vote"
)

// evenings is one database in which every draw of the property holds a meeting of its own.
type evenings struct {
	*house
	n int
}

// next drafts and opens another meeting of the same cooperative.
func (e *evenings) next(t testing.TB) *house {
	h := *e.house
	e.n++
	h.draftAs(fmt.Sprint("ag-", e.n))
	h.t = t
	h.open()
	return &h
}

// Any order of arrivals, proxies and deposits, through whatever channel, gives the same tally: the choice of each holder
// weighs once.
func TestAnyOrderAndAnyChannelGiveTheSameTally(t *testing.T) {
	place := storetest.Place(t, "sqlite")
	all := &evenings{house: newHouse(t, place)}
	names := []string{"Agathe", "Bram", "Chloé", "Dirk", "Édith"}
	holderOf := map[string][]int64{"Agathe": {1}, "Bram": {2}, "Chloé": {3}, "Dirk": {4, 5}, "Édith": {6}}
	sharesOf := map[int64]int64{1: 10, 2: 20, 3: 30, 4: 40, 5: 5, 6: 15}
	choices := []vote.Choice{vote.For, vote.Against, vote.Abstain}

	rapid.Check(t, func(rt *rapid.T) {
		h := all.next(t)
		agent := map[string]string{} // who carries whose voice; Agathe and Bram carry, the others may give
		carriers := rapid.SampledFrom([]string{"Agathe", "Bram"})
		for _, giver := range []string{"Chloé", "Édith"} {
			if rapid.Bool().Draw(rt, giver+" gives") {
				agent[giver] = carriers.Draw(rt, "to")
			}
		}
		answer := map[int64]vote.Choice{}
		for holder := range sharesOf {
			answer[holder] = rapid.SampledFrom(choices).Draw(rt, fmt.Sprint("choice of ", holder))
		}
		var first []func()
		var voters []string
		for _, name := range names {
			if to, away := agent[name]; away {
				first = append(first, func() { h.carry(holderOf[name][0], name, to, "") })
				continue
			}
			voters = append(voters, name)
			first = append(first, func() { h.arrive(name) })
		}
		for _, i := range rapid.Permutation(indices(len(first))).Draw(rt, "door") {
			first[i]()
		}
		want := map[vote.Choice]int64{}
		for holder, c := range answer {
			want[c] += sharesOf[holder]
		}
		voted := func(name string) (otherwise []vote.NamedVote) {
			for _, holder := range holderOf[name] {
				otherwise = append(otherwise, vote.NamedVote{Holder: holder, Choice: answer[holder]})
			}
			for giver, to := range agent {
				if to == name {
					holder := holderOf[giver][0]
					otherwise = append(otherwise, vote.NamedVote{Holder: holder, Choice: answer[holder]})
				}
			}
			return otherwise
		}
		method := rapid.SampledFrom([]Method{Phone, Named, Hands}).Draw(rt, "method")
		poll := h.put("Budget", method)
		answerAll(rt, h, poll, method, voters, voted, want)
		h.must(h.close("Agathe", poll))
		verdict := vote.Rejected
		if want[vote.For] > want[vote.Against] {
			verdict = vote.Adopted
		}
		h.result(poll, verdict, want[vote.For], want[vote.Against], want[vote.Abstain])
		h.act("ballot.void", func(tx *store.Tx) error { return Void(tx, poll, "Essai.") })
	})
}

// answerAll lets everybody answer in some order, some of them twice, some through a teller.
func answerAll(rt *rapid.T, h *house, poll PollID, method Method, voters []string,
	voted func(string) []vote.NamedVote, want map[vote.Choice]int64) {
	order := rapid.Permutation(slices.Concat(voters, voters)).Draw(rt, "answers")
	entered := map[string]int64{}
	for i, name := range order {
		switch method {
		case Named:
			teller := "Bram"
			if slices.Index(order, name) < i {
				teller = "Chloé" // the second time that a voter comes up
			}
			h.must(h.by(teller, "ballot.enter", func(tx *store.Tx) error {
				_, err := Enter(tx, Deposit{Poll: poll, Voter: h.who[name], Otherwise: voted(name)})
				return err
			}))
		case Phone:
			d := Deposit{Poll: poll, Voter: h.who[name], Otherwise: voted(name), Seen: entered[name]}
			if slices.Index(order, name) == i && rapid.Bool().Draw(rt, "changes") { // first something else, changed later
				d.Otherwise, d.Choice = nil, vote.Against
			}
			by, cast := name, Cast
			if rapid.Bool().Draw(rt, "by a teller") {
				by, cast = "Bram", Enter
			}
			h.must(h.by(by, "ballot.cast", func(tx *store.Tx) error {
				r, err := cast(tx, d)
				entered[name] = r.Turn
				return err
			}))
		}
	}
	if method == Hands {
		rows := rapid.IntRange(1, 4).Draw(rt, "rows")
		for row := range rows {
			part := func(c vote.Choice) int64 { // the last row holds what is left
				each := want[c] / int64(rows)
				if row == rows-1 {
					return want[c] - each*int64(rows-1)
				}
				return each
			}
			h.must(h.count("Bram", poll, fmt.Sprint("Rangée ", row), part(vote.For), part(vote.Against), part(vote.Abstain)))
		}
	}
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
