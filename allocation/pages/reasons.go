package pages

import (
	"slices"
	"strings"

	"lieux/base/fold"
	"lieux/base/web"
)

// reasonsPage is what a plan says to each applicant, and what the address asks of it: words of a name or a practice,
// one workshop or those who have no place, a page.
type reasonsPage struct {
	Form   *web.Form
	Asked  bool   // the address asks for something: the reasons come first on the page
	Plan   string // the plan that the address names; empty: the one that is shown anyhow
	Show   string
	Whole  string // address of all reasons of the plan
	Chips  []web.Chip
	Groups []group
	Pager  web.Pager
}

// showRest chooses those who have no place in a plan, showAll everybody.
const (
	showAll  = "all"
	showRest = "rest"
)

// reasonsOf leaves of the groups of a plan what the address asks for.
func reasonsOf(q *web.Request, list []group) reasonsPage {
	page := reasonsPage{Form: web.NewForm(q.R.URL.Query()), Plan: q.Query("plan"), Show: q.Query("show"),
		Whole: q.URLWith("q", "", "show", "")}
	page.Asked = q.Query("q") != "" || page.Show != "" || q.Query("page") != ""
	if !slices.ContainsFunc(list, func(g group) bool { return g.ID == page.Show }) {
		page.Show = showAll
	}
	found := make([]group, len(list))
	all := int64(0)
	for i, g := range list {
		g.Members = matching(g, q.Query("q"))
		found[i], all = g, all+int64(len(g.Members))
	}
	chip := func(text, show string, n int64) {
		page.Chips = append(page.Chips, web.Chip{Text: text, Count: q.P.Count(n), Current: page.Show == show,
			Href: q.URLWith("show", show)})
	}
	chip(q.T("allocation.page.show.all"), showAll, all)
	for _, g := range found {
		chip(g.Title, g.ID, int64(len(g.Members)))
	}
	if page.Show != showAll {
		found = slices.DeleteFunc(found, func(g group) bool { return g.ID != page.Show })
		all = int64(len(found[0].Members))
	}
	page.Pager = q.Pager(all, rowsPerPage)
	page.Groups = cut(found, page.Pager.Offset(), rowsPerPage)
	return page
}

// matching are the members of a group whose name, number or practice, or whose workshop, has every word.
func matching(g group, text string) (list []member) {
	words := strings.Fields(fold.Text(text))
	for _, m := range g.Members {
		in := fold.Text(strings.Join([]string{m.Name, m.Number, m.Practice, g.Title}, " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(in, w) }) {
			list = append(list, m)
		}
	}
	return list
}

// cut is one page of groups that follow each other; a group that goes on has its head again.
func cut(list []group, from, size int64) (out []group) {
	for _, g := range list {
		n := int64(len(g.Members))
		g.Members = g.Members[min(from, n):min(from+size, n)]
		from, size = max(0, from-n), size-int64(len(g.Members))
		if len(g.Members) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// searchable says whether a plan has so many reasons that one looks for some of them.
func (page reasonsPage) searchable() bool { return page.Asked || len(page.Chips) > 2 }
