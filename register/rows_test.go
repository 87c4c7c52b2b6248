package register

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/money"
	"lieux/people"
	"lieux/vote"
)

// drawn is a holder with few different names, towns, days and shares, so that many are equal in an order.
func drawn(t *rapid.T, n Number) *Listed {
	l := &Listed{Holder: Holder{Number: n, Person: people.PersonID(fmt.Sprint("p", n)), Kind: people.Natural}}
	l.Name = rapid.SampledFrom([]string{"Paquay", "Paquay-Dupont", "Évrard", "Aerts", ""}).Draw(t, "name")
	l.sort = fold.Sort(l.Name)
	l.Town = rapid.SampledFrom([]string{"Liège", "Gent", "Genappe", ""}).Draw(t, "town")
	l.Since = rapid.SampledFrom([]civil.Date{day("2015-02-01"), day("2015-01-31"), civil.MustParse("2016-03"), civil.MustParse("2016")}).Draw(t, "since")
	l.ByClass = []Holding{{"A", rapid.Int64Range(1, 12).Draw(t, "shares"), money.Cents(rapid.Int64Range(0, 3).Draw(t, "paid"))}}
	l.Shares, l.Paid = l.ByClass[0].Shares, l.ByClass[0].Paid
	l.Due = money.Cents(l.Shares*3) - l.Paid
	l.Facets = rapid.SampledFrom([]Facet{IsNatural, IsLegal, IsNatural | NoEmail, IsNatural | Changed | Awaited}).Draw(t, "facets")
	if l.Facets&NoEmail == 0 {
		l.reach(rapid.SampledFrom([]string{"a@courriel.exemple", "b@post.voorbeeld"}).Draw(t, "mail"))
	}
	l.fold(towns{})
	return l
}

// TestRowsChangeLikeAList takes lines out of long orders and puts others in, and looks at every place forwards and back.
func TestRowsChangeLikeAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Order(rapid.IntRange(0, int(orders)-1).Draw(t, "order"))
		var lines []*Listed
		for range rapid.IntRange(0, 3*leastPiece).Draw(t, "lines") {
			lines = append(lines, drawn(t, Number(3*len(lines)+1)))
		}
		r := newRows(o, sortLines(lines, o))
		before, was := r, slices.Collect(r.walk(0, false))
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			var out, in []*Listed
			from := rapid.IntRange(0, len(lines)).Draw(t, "from")
			until := rapid.IntRange(from, len(lines)).Draw(t, "until")
			out = append(out, lines[from:until]...)
			in = append(in, drawn(t, Number(rapid.Int64Range(0, 3000).Draw(t, "number")*3+2)))
			for range rapid.IntRange(0, mostPiece).Draw(t, "more") {
				in = append(in, drawn(t, in[len(in)-1].Number+3))
			}
			lines = slices.Concat(lines[:from], lines[until:])
			in = slices.DeleteFunc(in, func(l *Listed) bool {
				return slices.ContainsFunc(lines, func(k *Listed) bool { return k.Number == l.Number })
			})
			lines = append(lines, in...)
			r = r.swap(out, in)
			want := slices.Clone(lines)
			slices.SortFunc(want, func(a, b *Listed) int { return stands(a, b, o) })
			at := rapid.IntRange(0, len(want)).Draw(t, "place")
			if got := slices.Collect(r.walk(at, false)); !slices.Equal(got, want[at:]) {
				t.Fatalf("order %d from %d on: %d lines, want %d", o, at, len(got), len(want)-at)
			}
			slices.Reverse(want)
			if got := slices.Collect(r.walk(at, true)); !slices.Equal(got, want[at:]) {
				t.Fatalf("order %d back from %d: %d lines, want %d", o, at, len(got), len(want)-at)
			}
			for i, p := range r.pieces {
				if len(p.lines) == 0 || len(p.lines) > mostPiece {
					t.Fatalf("piece %d has %d lines", i, len(p.lines))
				}
			}
		}
		if !slices.Equal(slices.Collect(before.walk(0, false)), was) {
			t.Fatal("rows that others may be reading have changed")
		}
	})
}

// plainly is what List answers, line by line.
func plainly(lines []*Listed, f Filter) (out Listing) {
	w := newWanted(f)
	var counts tally
	sorted := sortLines(lines, f.Order)
	if f.Down {
		slices.Reverse(sorted)
	}
	for _, l := range sorted {
		is := f.Text == ""
		if !is {
			is = !slices.ContainsFunc(w.words, func(word string) bool { return !strings.Contains(l.text, word) }) ||
				w.mail != "" && strings.Contains(l.mail, w.mail)
		}
		if !is {
			continue
		}
		out.Texts++
		counts.add(l.Facets, 1)
		if f.Facet != 0 && l.Facets&f.Facet == 0 {
			continue
		}
		if n := int(out.Found.Heads); n >= f.From && (f.Size == 0 || n < f.From+f.Size) {
			out.Rows = append(out.Rows, l)
			out.Page.add(l, 1)
		}
		out.Found.add(l, 1)
	}
	out.Counts = counts.byFacet()
	return out
}

// TestALongListIsFilteredLineByLine asks a directory of several pieces, before and after some of its lines have changed.
func TestALongListIsFilteredLineByLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := basis{classes: []ShareClass{{ID: "A", Votes: 1}}, weight: vote.PerShare, cap: vote.NoCap}
		var lines []*Listed
		for range rapid.IntRange(0, 2*fewFound).Draw(t, "lines") {
			lines = append(lines, drawn(t, Number(len(lines)+1)))
		}
		d := &Directory{basis: rules}
		if err := d.stand(lines); err != nil {
			t.Fatal(err)
		}
		if len(lines) > 0 && rapid.Bool().Draw(t, "changes") {
			at := rapid.IntRange(0, len(lines)-1).Draw(t, "who")
			again := drawn(t, lines[at].Number)
			next := &Directory{basis: rules, All: d.All, counts: d.counts}
			d.List(Filter{Text: "paquay"}) // the texts of the pieces are made
			if err := next.take(d, []*Listed{lines[at]}, []*Listed{again}); err != nil {
				t.Fatal(err)
			}
			lines[at], d = again, next
		}
		f := Filter{Text: rapid.SampledFrom([]string{"", "paq", "paquay dup", "liege", "gen", "17", "0", "B@post", "evrard gent"}).Draw(t, "text"),
			Contacts: rapid.Bool().Draw(t, "contacts"),
			Facet:    rapid.SampledFrom([]Facet{0, IsNatural, IsLegal, NoEmail, Awaited, Capped}).Draw(t, "facet"),
			Order:    Order(rapid.IntRange(0, int(orders)-1).Draw(t, "order")), Down: rapid.Bool().Draw(t, "down"),
			From: rapid.SampledFrom([]int{0, 1, 200, 5000}).Draw(t, "from"), Size: rapid.SampledFrom([]int{0, 1, 200}).Draw(t, "size")}
		got, want := d.List(f), plainly(lines, f)
		if !slices.Equal(got.Rows, want.Rows) {
			t.Fatalf("%+v: %d rows, want %d", f, len(got.Rows), len(want.Rows))
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Listing{}, "Rows")); diff != "" {
			t.Fatalf("%+v: %s", f, diff)
		}
	})
}

// room gives everybody in a directory their votes as an assembly would, in which all vote for their own shares.
func room(d *Directory) (votes map[Number]int64, ceiling vote.Known, err error) {
	var voters []vote.Voter
	var shares int64
	votes = map[Number]int64{}
	for l := range d.sorted[ByNumber].walk(0, false) {
		shares += l.Shares
		v := vote.Voter{ID: l.Number.String()}
		for _, c := range d.basis.classes {
			if n := l.Of(c.ID) * c.Votes; n > 0 {
				v.Mandates = append(v.Mandates, vote.Mandate{Holder: int64(l.Number), Class: string(c.ID), Shares: n, Title: vote.Own})
			}
		}
		if len(v.Mandates) > 0 {
			voters = append(voters, v)
		}
	}
	roll, err := vote.NewRoll(voters)
	if err != nil {
		return nil, ceiling, err
	}
	w, err := vote.Weigh(roll, d.basis.weight, d.basis.cap, vote.Both(d.All.Heads, shares))
	for _, m := range w.Mandates {
		votes[Number(m.Holder)] += m.Votes
	}
	return votes, w.Ceiling, err
}

// weighed compares the votes of a directory with those of the room.
func weighed(d *Directory) error {
	if !d.Voting.Known {
		return nil
	}
	votes, ceiling, refused := room(d)
	if fmt.Sprint(refused) != fmt.Sprint(d.Voting.Barred) || ceiling != d.Voting.Ceiling {
		return fmt.Errorf("ceiling %v (%v), in a room %v (%v)", d.Voting.Ceiling, d.Voting.Barred, ceiling, refused)
	}
	var sum int64
	for l := range d.sorted[ByNumber].walk(0, false) {
		if sum += l.Votes; l.Votes != votes[l.Number] || l.Facets&Capped != 0 && l.Votes == d.basis.weighs(l) {
			return fmt.Errorf("number %d has %d votes, in a room %d", l.Number, l.Votes, votes[l.Number])
		}
	}
	if sum != d.All.Votes {
		return fmt.Errorf("the votes add up to %d, not %d", sum, d.All.Votes)
	}
	return nil
}

// TestAMovingCeilingGivesTheVotesOfARoom changes what some hold, one after the other, under each kind of cap.
func TestAMovingCeilingGivesTheVotesOfARoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := vote.NoCap
		if base := rapid.SampledFrom([]vote.CapBase{vote.CapNone, vote.CapIssued, vote.CapAttached, vote.CapRemaining}).Draw(t, "base"); base != vote.CapNone {
			limit = vote.MustCap(vote.CapTerms{Base: base, Part: vote.MustFraction(1, rapid.Int64Range(1, 30).Draw(t, "part"))})
		}
		rules := basis{classes: []ShareClass{{ID: "A", Votes: rapid.Int64Range(0, 2).Draw(t, "votes")}}, cap: limit,
			weight: rapid.SampledFrom([]vote.Weight{vote.PerShare, vote.PerHead}).Draw(t, "weight")}
		var lines []*Listed
		for range rapid.IntRange(1, 40).Draw(t, "lines") {
			lines = append(lines, drawn(t, Number(len(lines)+1)))
		}
		d := &Directory{basis: rules}
		if err := d.stand(lines); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 6).Draw(t, "changes") {
			n := Number(rapid.IntRange(1, len(lines)+1).Draw(t, "who"))
			var out, in []*Listed
			if l, held := d.Numbered(n); held {
				out = append(out, l)
			}
			if rapid.IntRange(0, 4).Draw(t, "leaves") > 0 {
				in = append(in, drawn(t, n))
			}
			next := &Directory{basis: rules, All: d.All, counts: d.counts}
			if err := next.take(d, out, in); err != nil {
				t.Fatal(err)
			}
			d = next
			if err := weighed(d); err != nil {
				t.Fatal(err)
			}
			anew := &Directory{basis: rules}
			var all []*Listed
			for l := range d.sorted[ByNumber].walk(0, false) {
				again := *l
				all = append(all, &again)
			}
			if err := anew.stand(all); err != nil {
				t.Fatal(err)
			}
			if anew.All != d.All || anew.counts != d.counts || !slices.Equal(anew.heaps, d.heaps) {
				t.Fatalf("followed %+v %v, anew %+v %v", d.All, d.counts, anew.All, anew.counts)
			}
		}
	})
}
