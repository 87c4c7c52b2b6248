package pages

import (
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/web"
)

// plan of a test: two workshops, and one who waits.
func threeGroups() []group {
	return []group{
		{ID: "e-b7", Title: "Illustration, B7", Members: []member{{Name: "Zoé Piret", Number: "11", Practice: "illustration"},
			{Name: "Jonas Whitlock", Number: "12", Practice: "illustration"}}},
		{ID: "e-c4", Title: "Couture, C4", Members: []member{{Name: "Aminata Sow", Number: "5", Practice: "couture"}}},
		{ID: showRest, Title: "Sans place", Members: []member{{Name: "Zoé Marchal", Number: "13", Practice: "couture et lutherie"}}},
	}
}

func asking(t *testing.T, address string) *web.Request {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	book, err := lang.NewBook(append([]fs.FS{web.Phrases}, catalogues...)...)
	if err != nil {
		t.Fatal(err)
	}
	return &web.Request{R: &http.Request{URL: u}, P: book.In(lang.French)}
}

// told are the numbers of those whose reasons a page shows, and what its chips count.
func told(page reasonsPage) string {
	var words []string
	for _, g := range page.Groups {
		for _, m := range g.Members {
			words = append(words, m.Number)
		}
	}
	words = append(words, "|")
	for _, c := range page.Chips {
		if c.Current {
			c.Count += "*"
		}
		words = append(words, c.Count)
	}
	return strings.Join(words, " ")
}

// Reasons are looked for by name, number, practice or workshop, as people type; a workshop that was chosen stays chosen,
// and the plan too.
func TestReasonsAreLookedFor(t *testing.T) {
	for _, c := range []struct{ address, want string }{
		{"/allocations/2", "11 12 5 13 | 4* 2 1 1"},
		{"/allocations/2?q=ZOE", "11 13 | 2* 1 0 1"},
		{"/allocations/2?q=couture", "5 13 | 2* 0 1 1"},
		{"/allocations/2?q=zoe+lutherie", "13 | 1* 0 0 1"},
		{"/allocations/2?q=b7", "11 12 | 2* 2 0 0"},
		{"/allocations/2?q=12", "12 | 1* 1 0 0"},
		{"/allocations/2?show=rest", "13 | 4 2 1 1*"},
		{"/allocations/2?q=zoe&show=e-b7", "11 | 2 1* 0 1"},
		{"/allocations/2?q=sow&show=e-b7", "| 1 0* 1 0"},
		{"/allocations/2?q=Dupont", "| 0* 0 0 0"},
		{"/allocations/2?show=e-z9", "11 12 5 13 | 4* 2 1 1"},
	} {
		if got := told(reasonsOf(asking(t, c.address), threeGroups())); got != c.want {
			t.Errorf("%s shows %q, not %q", c.address, got, c.want)
		}
	}
	page := reasonsOf(asking(t, "/allocations/2?plan=P&q=zoe&show=rest&page=3"), threeGroups())
	if page.Plan != "P" || page.Whole != "/allocations/2?plan=P" || page.Chips[1].Href != "/allocations/2?plan=P&q=zoe&show=e-b7" {
		t.Errorf("the plan or the words are lost: %q, %q, %q", page.Plan, page.Whole, page.Chips[1].Href)
	}
}

// A long plan comes in pages: nobody is missing or told twice, and a workshop that goes on is named again.
func TestReasonsComeInPages(t *testing.T) {
	var list []group
	for i, n := range []int{30, 45, 40} {
		g := group{ID: strconv.Itoa(i), Title: strconv.Itoa(i)}
		for k := range n {
			g.Members = append(g.Members, member{Number: strconv.Itoa(100*i + k)})
		}
		list = append(list, g)
	}
	seen, heads := map[string]bool{}, ""
	for n := 1; n <= 3; n++ {
		page := reasonsOf(asking(t, "/allocations/2?page="+strconv.Itoa(n)), list)
		for _, g := range page.Groups {
			heads += g.Title
			for _, m := range g.Members {
				if seen[m.Number] {
					t.Errorf("%s is told twice", m.Number)
				}
				seen[m.Number] = true
			}
		}
		heads += "/"
	}
	if len(seen) != 115 || heads != "01/12/2/" {
		t.Errorf("%d are told, under %s", len(seen), heads)
	}
}

// The page of a round searches its reasons, keeps the plan, and says so when nobody is found.
func TestTheRoundSearchesItsReasons(t *testing.T) {
	h := newHouse(t)
	h.lives()
	b := h.open("maite")
	says(t, b.Get("/allocations/1?q=pol"), "Pol Piret", "Chercher dans les raisons", `value="pol"`)
	if a := b.Get("/allocations/1?q=pol").Body; strings.Contains(a[:strings.Index(a, `id="choice"`)], "Zoé Piret") {
		t.Error("who was not looked for is told")
	}
	says(t, b.Get("/applications/no/1"), "B10", "Redevance", "par mois, à 4,50")
	says(t, b.Get("/allocations/1?q=personne-de-tel"), "Personne ne correspond dans ce plan", "Toutes les raisons")
}
