package leaving

import (
	"regexp"
	"strings"
	"testing"
)

// The table of retention names each column of the schema, and no other.
func TestEveryColumnIsAccountedFor(t *testing.T) {
	files, err := schema.ReadDir("schema")
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for _, f := range files {
		more, err := schema.ReadFile("schema/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, more...)
	}
	kept := map[string]bool{}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			kept[r.Table+"."+c] = true
		}
	}
	table, seen := "", map[string]bool{}
	for line := range strings.SplitSeq(string(text), "\n") {
		if m := regexp.MustCompile(`^CREATE TABLE ([a-z_]+) \(`).FindStringSubmatch(line); m != nil {
			table = strings.TrimSuffix(m[1], "_each") // a table that is made anew and takes its name
		}
		column := ""
		if m := regexp.MustCompile(`^  ([a-z_]+) (TEXT|BIGINT|BYTEA)`).FindStringSubmatch(line); m != nil {
			column = table + "." + m[1]
		}
		if m := regexp.MustCompile(`^ALTER TABLE ([a-z_]+) ADD COLUMN ([a-z_]+) `).FindStringSubmatch(line); m != nil {
			column = m[1] + "." + m[2]
		}
		if seen[column] = true; column != "" && !kept[column] {
			t.Errorf("%s: why is it kept?", column)
		}
	}
	for column := range kept {
		if !seen[column] {
			t.Errorf("%s is in no table", column)
		}
	}
}
