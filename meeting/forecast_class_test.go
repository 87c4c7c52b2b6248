package meeting

import (
	"fmt"
	"testing"

	"lieux/register"
	"lieux/vote"
)

// Where the rule asks its quorum in each class, each class has its own past: what is not known of it does not count.
func TestForecastOfAClass(t *testing.T) {
	half := vote.QuorumTerms{Base: vote.QuorumIssued, Shares: vote.AtLeast(vote.Half), PerClass: true}
	day := func(a, b int64) Past {
		return Past{classes: map[register.ClassID]ofClass{"a": {There: vote.Both(1, a), Issued: vote.Both(10, 100)},
			"b": {There: vote.Both(1, b), Issued: vote.Both(4, 40)}}}
	}
	past := []Past{day(80, 19), day(60, 20), day(50, 5), day(49, 0), {}, {classes: map[register.ClassID]ofClass{
		"a": {There: vote.Both(1, 90), Issued: vote.Both(10, 100)}}}}
	for class, want := range map[register.ClassID]string{"a": "4/5 342-990 of 61", "b": "1/4 12-752 of 61", "c": "0/0 0-0 of 61"} {
		f := ofPast(half, register.ShareClass{ID: class, Letter: "X"}, vote.Both(7, 121), past)
		n, _ := f.Needed.Shares.Get()
		if got := fmt.Sprintf("%d/%d %d-%d of %d", f.Reached, f.Of, f.Low, f.High, n); got != want {
			t.Errorf("%s: %s, want %s", class, got, want)
		}
	}
	doubt := Forecast{Reached: 3, Of: 3, Classes: []ClassForecast{{Reached: 3, Of: 3}, {Reached: 1, Of: 4}}}
	if !doubt.Doubtful() || (Forecast{Reached: 3, Of: 3, Classes: doubt.Classes[:1]}).Doubtful() {
		t.Error("one class that seldom comes makes the quorum doubtful")
	}
}

// The register tells what those who came held of each class.
func TestByClass(t *testing.T) {
	roll := &register.Roll{Holders: []register.Holder{
		{Number: 1, ByClass: []register.Holding{{Class: "a", Shares: 10}, {Class: "b", Shares: 5}}},
		{Number: 2, ByClass: []register.Holding{{Class: "a", Shares: 30}}},
		{Number: 3, ByClass: []register.Holding{{Class: "b", Shares: 2}}}}}
	got := byClass(roll, func(n register.Number) bool { return n == 1 })
	if got["a"] != (ofClass{vote.Both(1, 10), vote.Both(2, 40)}) || got["b"] != (ofClass{vote.Both(1, 5), vote.Both(2, 7)}) {
		t.Errorf("%+v", got)
	}
}
