package lang

import (
	"testing"
	"testing/fstest"
)

// In French zero takes the form of one; where that form spells the one out ("une part"), zero must not.
func TestZeroIsNeverCalledOne(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	both := `{"a.shares": {"one": "une part", "other": "{{.n}} parts"}, "a.days": {"one": "{{.n}} jour", "other": "{{.n}} jours"}}`
	book, err := NewBook(fstest.MapFS{"lang/fr.json": file(both), "lang/nl.json": file(both), "lang/en.json": file(both)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code string
		n    int
		want string
	}{{"a.shares", 0, "0 parts"}, {"a.shares", 1, "une part"}, {"a.shares", 2, "2 parts"}, {"a.days", 0, "0 jour"}, {"a.days", 1, "1 jour"}} {
		if got := book.In(French).T(c.code, "n", c.n); got != c.want {
			t.Errorf("%s of %d: %q, want %q", c.code, c.n, got, c.want)
		}
	}
}
