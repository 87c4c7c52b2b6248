package concession

import (
	"strings"
	"testing"

	"lieux/people"
)

// whoSits names who evaluates: "anna bram(for chloé)".
func whoSits(seats []Seat) string {
	var list []string
	for _, s := range seats {
		if s.Sits() {
			said := string(s.Person)
			if s.For != "" {
				said += "(for " + string(s.For) + ")"
			}
			list = append(list, said)
		}
	}
	return strings.Join(list, " ")
}

// Who steps aside is replaced by the next substitute of the draw who does not.
func TestWhoEvaluates(t *testing.T) {
	seat := func(who people.PersonID, role people.Role, rank int) people.Mandate {
		return people.Mandate{Person: who, Role: role, Rank: rank}
	}
	drawn := []people.Mandate{seat("dirk", people.Substitute, 2), seat("anna", people.Effective, 0),
		seat("chloé", people.Substitute, 1), seat("bram", people.Effective, 0), seat("eva", people.Substitute, 3)}
	for _, c := range []struct {
		name     string
		mandates []people.Mandate
		aside    map[people.PersonID]Reason
		want     string
	}{
		{"nobody steps aside", drawn, nil, "anna bram"},
		{"one occupies the place", drawn, map[people.PersonID]Reason{"bram": Occupies}, "anna chloé(for bram)"},
		{"the first substitute too", drawn, map[people.PersonID]Reason{"anna": Manages, "chloé": Occupies},
			"bram dirk(for anna)"},
		{"two effective members", drawn, map[people.PersonID]Reason{"anna": Occupies, "bram": Chose},
			"chloé(for anna) dirk(for bram)"},
		{"no substitute is left", drawn, map[people.PersonID]Reason{"anna": Occupies, "chloé": Occupies, "dirk": Occupies,
			"eva": Manages}, "bram"},
		{"a substitute who is aside is nobody's", drawn, map[people.PersonID]Reason{"chloé": Occupies}, "anna bram"},
		{"an observer never evaluates", []people.Mandate{seat("anna", people.Observer, 0)}, nil, ""},
		{"a chair is a member", []people.Mandate{seat("anna", people.Chair, 0)}, nil, "anna"},
		{"nobody takes two seats", []people.Mandate{seat("anna", people.Effective, 0), seat("bram", people.Effective, 0),
			seat("anna", people.Substitute, 1), seat("eva", people.Substitute, 2)}, map[people.PersonID]Reason{"bram": Occupies},
			"anna eva(for bram)"},
	} {
		if got := whoSits(Panel(c.mandates, c.aside)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
