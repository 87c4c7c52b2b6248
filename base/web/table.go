package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/lang"
)

// Sort is the order of a list, as ?sort=name or ?sort=-shares says it.
type Sort struct {
	Key  string
	Down bool
}

// ParseSort reads one order; ok is false when its key is none of the keys.
func ParseSort(s string, keys ...string) (Sort, bool) {
	key, down := strings.CutPrefix(s, "-")
	return Sort{key, down}, slices.Contains(keys, key)
}

// String is the order as it stands in an address.
func (s Sort) String() string {
	if s.Down {
		return "-" + s.Key
	}
	return s.Key
}

// Sort is the order that the address asks for, or the first one when it asks for none of the keys.
func (q *Request) Sort(first Sort, keys ...string) Sort {
	if s, ok := ParseSort(q.Query("sort"), keys...); ok {
		return s
	}
	return first
}

// Column is the head of a column.
type Column struct {
	Key   string // by which the list can be sorted; empty: it cannot
	Label string
	Num   bool // figures, set on the right; sorted from the greatest first
	Fold  bool // only a label for those who listen: the column needs none for the eye

	href  string
	order string // aria-sort
}

// Columns gives the heads their links: a click sorts, a second one turns the order round. The rest of the address
// stays.
func (q *Request) Columns(now Sort, columns ...Column) []Column {
	out := slices.Clone(columns)
	for i, c := range out {
		if c.Key == "" {
			continue
		}
		next := Sort{c.Key, c.Num}
		if c.Key == now.Key {
			next.Down = !now.Down
			out[i].order = map[bool]string{false: "ascending", true: "descending"}[now.Down]
		}
		out[i].href = q.URLWith("sort", next.String())
	}
	return out
}

func (c Column) arrow() string {
	return map[string]string{"ascending": " ↑", "descending": " ↓"}[c.order]
}

func (c Column) class() string {
	if c.Num {
		return "num"
	}
	return ""
}

// Cell is one cell of a total.
type Cell struct {
	Text  string
	Label string // the column's name, as a phone shows it
	Num   bool
}

// Total is one line under a table.
type Total struct {
	Lead  int // empty cells before the label
	Label string
	Cells []Cell
	Soft  bool // a part: this page, this filter; the last line is the whole
}

func (t Total) class() string {
	if t.Soft {
		return "soft"
	}
	return ""
}

func (c Cell) class() string {
	switch {
	case c.Num:
		return "num"
	case c.Text == "":
		return "fold"
	}
	return ""
}

// Pager is where a long list stands.
type Pager struct {
	Page, Last int64 // from 1
	Total      int64 // rows of the whole list
	Size       int64 // rows a page

	link func(page int64) string
}

// Pager reads the page from the address; a page beyond the last is the last one.
func (q *Request) Pager(total, size int64) Pager {
	last := max(1, (total+size-1)/size)
	return Pager{Page: min(q.QueryInt("page", 1, 1, 1<<40), last), Last: last, Total: total, Size: size,
		link: func(page int64) string {
			if page == 1 {
				return q.URLWith("page", "")
			}
			return q.URLWith("page", strconv.FormatInt(page, 10))
		}}
}

// Offset is how many rows come before the page.
func (p Pager) Offset() int64 { return (p.Page - 1) * p.Size }

func (p Pager) words(pr *lang.Printer) string {
	from, to := min(p.Offset()+1, p.Total), min(p.Offset()+p.Size, p.Total)
	return pr.T("web.pages.range", "from", from, "to", to, "total", p.Total)
}

// shown are the pages that get a link: the first, the last, and those around this one; 0 stands for a gap.
func (p Pager) shown() []int64 {
	var pages []int64
	for n := int64(1); n <= p.Last; n++ {
		switch {
		case n == 1 || n == p.Last || n >= p.Page-2 && n <= p.Page+2:
			pages = append(pages, n)
		case n < p.Page:
			pages, n = append(pages, 0), p.Page-3
		default:
			pages, n = append(pages, 0), p.Last-1
		}
	}
	return pages
}

func ariaSort(order string) templ.Attributes {
	if order == "" {
		return nil
	}
	return templ.Attributes{"aria-sort": order}
}

func dataLabel(s string) templ.Attributes {
	if s == "" {
		return nil
	}
	return templ.Attributes{"data-label": s}
}
