package concession

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
)

func day(s string) civil.Date { return civil.MustParse(s) }

// asks writes what a clock asks for: "evaluate 2026-03-31 late, …".
func asks(list []Task, today civil.Date) string {
	var said []string
	for _, t := range list {
		word := fmt.Sprintf("%s %s", t.Milestone, t.On)
		switch {
		case t.Done:
			word += " done"
		case t.Late(today):
			word += " late"
		}
		said = append(said, word)
	}
	return strings.Join(said, ", ")
}

// The clock of a concession from its beginning until long after its end.
func TestTheClock(t *testing.T) {
	fact := func(s State, from, first, last string) Fact {
		f := Fact{State: s, From: day(from), Terms: Terms{First: day(first)}}
		if last != "" {
			f.Last = day(last)
		}
		return f
	}
	three := []Fact{fact(Force, "2024-01-01", "2024-01-01", "2026-12-31")}
	evaluation := func(until string, kinds ...Kind) Evaluation {
		e := Evaluation{Until: day(until), DueOn: day("2026-07-15")}
		for _, k := range kinds {
			e.Entries = append(e.Entries, Entry{Kind: k, Mark: string(Renews)})
		}
		return e
	}
	insured := three[0]
	insured.Insurance = "La responsabilité"
	for _, c := range []struct {
		name        string
		facts       []Fact
		evaluations []Evaluation
		papers      []Paper
		today       string
		want        string
	}{
		{"a year and a half before", three, nil, nil, "2025-06-30", "announce 2025-12-31, evaluate 2026-03-31, " +
			"advise 2026-06-30, decide 2026-09-30, end 2026-12-31"},
		{"nobody did anything", three, nil, nil, "2026-10-15", "announce 2025-12-31 late, evaluate 2026-03-31 late, " +
			"advise 2026-06-30 late, decide 2026-09-30 late, end 2026-12-31"},
		{"an evaluation is open", three, []Evaluation{evaluation("2026-02-10")}, nil, "2026-05-01",
			"announce 2025-12-31 done, evaluate 2026-03-31 done, advise 2026-07-15, decide 2026-09-30, end 2026-12-31"},
		{"one that was given up counts for nothing", three, []Evaluation{evaluation("2026-02-10", Dropped)}, nil,
			"2026-05-01",
			"announce 2025-12-31 late, evaluate 2026-03-31 late, advise 2026-06-30, decide 2026-09-30, end 2026-12-31"},
		{"one of the term before neither", three, []Evaluation{evaluation("2023-12-01", Advised)}, nil, "2025-06-30",
			"announce 2025-12-31, evaluate 2026-03-31, advise 2026-06-30, decide 2026-09-30, end 2026-12-31"},
		{"the advice is given", three, []Evaluation{evaluation("2026-02-10", Submitted, Advised)}, nil, "2026-07-01",
			"announce 2025-12-31 done, evaluate 2026-03-31 done, advise 2026-06-30 done, decide 2026-09-30, end 2026-12-31"},
		{"it is over, and nobody decided", three, nil, nil, "2027-03-01",
			"announce 2025-12-31 late, evaluate 2026-03-31 late, " +
				"advise 2026-06-30 late, decide 2026-09-30 late, end 2026-12-31 late"},
		{"renewed before its end: the next term counts", append(three[:1:1],
			fact(Renewed, "2027-01-01", "2027-01-01", "2029-12-31")),
			nil, nil, "2026-10-15",
			"announce 2028-12-31, evaluate 2029-03-31, advise 2029-06-30, decide 2029-09-30, end 2029-12-31"},
		{"it is to end: nothing waits", append(three[:1:1], fact(Ended, "2027-01-01", "2024-01-01", "2026-12-31")), nil, nil,
			"2026-10-15", ""},
		{"an open point waits since its first day", []Fact{fact(Open, "2016-10", "2016-10", "")}, nil, nil, "2017-06-17",
			"settle 2016-10 late"},
		{"a draft asks for nothing", []Fact{fact(Draft, "2024-01-01", "2024-01-01", "2026-12-31")}, nil, nil, "2026-10-15",
			""},
		{"a term of a year is looked at from its half on", []Fact{fact(Force, "2026-01-01", "2026-01-01", "2026-12-31")}, nil,
			nil,
			"2026-02-01", "announce 2026-07-02, evaluate 2026-07-02, advise 2026-07-02, decide 2026-09-30, end 2026-12-31"},
		{"no insurance paper", []Fact{insured}, nil, nil, "2024-06-01", "insure 2024-05-31 late, announce 2025-12-31, " +
			"evaluate 2026-03-31, advise 2026-06-30, decide 2026-09-30, end 2026-12-31"},
		{"two papers follow each other", []Fact{insured}, nil, []Paper{
			{Kind: InsurancePaper, From: day("2024-01-01"), Until: day("2024-12-31")},
			{Kind: InsurancePaper, From: day("2025-01-01"), Until: day("2025-12-31")},
			{Kind: OtherPaper, From: day("2026-01-01"), Until: day("2026-12-31")}}, "2024-06-01",
			"announce 2025-12-31, insure 2025-12-31, evaluate 2026-03-31, advise 2026-06-30, decide 2026-09-30, end 2026-12-31"},
	} {
		conc := Concession{Facts: c.facts, Fact: c.facts[0]}
		if got := asks(Clock(conc, usual, Beside{Evaluations: c.evaluations, Papers: c.papers, Zone: time.UTC}, day(c.today)),
			day(c.today)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
