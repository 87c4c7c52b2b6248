package sim

import (
	_ "embed"
	"strconv"
	"strings"

	"lieux/base/fault"
)

//go:embed data/names.txt
var namesText string

// lists are the names that the lot puts together: paragraphs of data/names.txt, each under its key.
var lists = readLists(namesText)

func readLists(text string) map[string][]string {
	lists := map[string][]string{}
	for _, paragraph := range strings.Split(text, "\n\n")[1:] {
		key, body, found := strings.Cut(strings.TrimSpace(paragraph), ":\n")
		fault.Must(found, "names: a paragraph without a key: %.40q", paragraph)
		parts := strings.FieldsFunc(body, func(r rune) bool { return r == ',' || r == '\n' })
		for _, p := range parts {
			if p = strings.TrimSpace(p); p != "" {
				lists[key] = append(lists[key], p)
			}
		}
	}
	return lists
}

// town is a town with how often the lot takes it.
type town struct {
	post, name string
	weight     int
}

var towns = readTowns(lists["towns"])

// readTowns reads lines like "40 × 4000 Liège".
func readTowns(lines []string) (towns []town) {
	for _, l := range lines {
		weight, place, _ := strings.Cut(l, " × ")
		post, name, _ := strings.Cut(place, " ")
		n, err := strconv.Atoi(weight)
		fault.Must(err == nil && name != "", "names: a town %q", l)
		towns = append(towns, town{post, name, n})
	}
	return towns
}

// bodyNames are invented bodies; those of Dynamo's own story stand in demo.go.
var bodyNames = readBodies(lists["bodies"])

type bodyName struct{ name, form string }

// readBodies reads lines like "Terre & Feu (ASBL)".
func readBodies(lines []string) (bodies []bodyName) {
	for _, l := range lines {
		name, form, found := strings.Cut(strings.TrimSuffix(l, ")"), " (")
		fault.Must(found, "names: a body %q", l)
		bodies = append(bodies, bodyName{name, form})
	}
	return bodies
}
