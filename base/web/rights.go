package web

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Rights is a set of roles. A person holds one (Who.Roles), a route names one (Route.Allow): the door opens when
// the two share a role. No role holds another: an administrator who must not read the register is not let in,
// unless the route says Office|Admin.
type Rights uint8

// The roles. Public is nobody's role: it opens a route to everybody, signed in or not. Member is held by whoever is
// signed in, but for who entered by a voting card: Card is all that they hold, and for one meeting.
const (
	Public Rights = 1 << iota
	Member
	Office // the volunteers of the secretariat, the treasurer among them
	Board  // the members of the board
	Admin  // who keeps the program: settings, access, archives
	Card   // who entered by the code on a voting card: the vote and the proxies of one meeting
	// Manager is held by who represents an organisation that runs a place: that place, and no other. Who enters for no
	// other reason is no member ([Who.Guest]).
	Manager
)

// Staff are the roles that look after other people's data.
const Staff = Office | Board | Admin

var roleNames = []struct {
	Role Rights
	Name string
}{{Public, "public"}, {Card, "card"}, {Member, "member"}, {Office, "office"}, {Board, "board"}, {Admin, "admin"},
	{Manager, "manager"}}

// Has says whether the sets share a role.
func (r Rights) Has(any Rights) bool { return r&any != 0 }

// Each lists the roles of the set, in their order.
func (r Rights) Each() []Rights {
	var each []Rights
	for _, n := range roleNames {
		if r.Has(n.Role) {
			each = append(each, n.Role)
		}
	}
	return each
}

// Names lists the roles as the program writes them: "office", "admin".
func (r Rights) Names() []string {
	var names []string
	for _, n := range roleNames {
		if r.Has(n.Role) {
			names = append(names, n.Name)
		}
	}
	return names
}

// ParseRole reads one name of Names.
func ParseRole(name string) (Rights, bool) {
	for _, n := range roleNames {
		if n.Name == name {
			return n.Role, true
		}
	}
	return 0, false
}

// Words lists the roles as the reader calls them.
func (r Rights) Words(p *lang.Printer) string {
	names := r.Names()
	for i, n := range names {
		names[i] = p.T("web.role." + n)
	}
	return p.List(names)
}

// Who is the person at the keyboard, as the application resolved them for this request.
type Who struct {
	Person string   // id; empty when nobody is signed in
	Name   string   // "Maïté Lambrecht"
	Title  string   // the word beside the name: "secrétaire"; may be empty
	For    Party    // the body on whose behalf the person acts; zero when for themselves
	Roles  Rights   // without Member, which signing in gives
	Lang   lang.Tag // language of correspondence; empty when unknown
	How    How      // by what they signed in
	Card   Meeting  // the meeting of the card by which they entered; zero for everybody else
	Guest  bool     // enters only because they run a place: holds Manager and is no member
}

// Meeting is the one meeting to which a voting card leads.
type Meeting struct {
	ID   string
	Name string // as addresses have it: "ag-2026"
	Home string // the page that such a visitor is led to
}

// Party is a person or body pointed at by id.
type Party struct{ ID, Name string }

// SignedIn says whether somebody is signed in.
func (w Who) SignedIn() bool { return w.Person != "" }

// May says whether a route or a button with these rights is open to the person.
func (w Who) May(allow Rights) bool {
	switch {
	case allow.Has(Public):
		return true
	case w.Card.Name != "":
		return allow.Has(Card)
	}
	held := w.Roles
	if !w.Guest {
		held |= Member
	}
	return w.SignedIn() && held.Has(allow)
}

// Route is one line of a room's list of routes.
type Route struct {
	Pattern string               // of http.ServeMux, method first: "GET /register/cooperators/{id}"
	Allow   Rights               // who may: Office|Admin
	Handle  func(*Request) error // a refusal it returns is shown, an error is logged and answered by the 500 page
	// From is the page that holds the form of a route that only takes forms: "/bodies/{id}", with wildcards of the
	// pattern. Who asks for the route itself, as by loading a refused form anew, is led there.
	From   string
	Body   int64 // greatest body in bytes; 0 means MaxForm
	Stream bool  // server-sent events: no deadline
	Strong bool  // only for who is known for sure: see [Request.NeedStrong]
}

// Method and Path are the halves of the pattern.
func (r Route) Method() string { m, _, _ := strings.Cut(r.Pattern, " "); return m }

// Path is the second half of the pattern.
func (r Route) Path() string { _, p, _ := strings.Cut(r.Pattern, " "); return strings.TrimSpace(p) }

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// check panics on a line that cannot be meant: a route without a method or without anybody who may.
func (r Route) check() {
	whole := slices.Contains(methods, r.Method()) && strings.HasPrefix(r.Path(), "/")
	fault.Must(whole, "route %q has no method and path", r.Pattern)
	fault.Must(r.Allow != 0, "route %q is open to nobody", r.Pattern)
	fault.Must(!r.Allow.Has(Public) || r.Allow == Public, "route %q is public and restricted", r.Pattern)
	fault.Must(r.Handle != nil, "route %q does nothing", r.Pattern)
	wild := wildcard.MatchString(r.Path())
	fault.Must(!r.Allow.Has(Card) || !wild || strings.Contains(r.Path(), "{name}"),
		"route %q is open to cards and names no meeting", r.Pattern)
	fault.Must(!r.Strong || !r.Allow.Has(Public), "route %q is public and asks who it is", r.Pattern)
	if r.From == "" {
		return
	}
	fault.Must(r.Method() != "GET" && strings.HasPrefix(r.From, "/"), "route %q comes from %q", r.Pattern, r.From)
	for _, name := range wildcard.FindAllString(r.From, -1) {
		fault.Must(strings.Contains(r.Path(), name), "route %q comes from %q, which it cannot find", r.Pattern, r.From)
	}
}

var wildcard = regexp.MustCompile(`\{\w+\}`)

// back leads who asks for a form's own address to the page that holds the form.
func (r Route) back() Route {
	return Route{Pattern: "GET " + r.Path(), Allow: r.Allow, Handle: func(q *Request) error {
		return q.SeeOther(wildcard.ReplaceAllStringFunc(r.From, func(name string) string {
			return url.PathEscape(q.Path(name[1 : len(name)-1]))
		}))
	}}
}

// DeadEnds are the routes of a list that take a form and whose address leads nowhere when it is asked for: neither a
// page stands there nor does From name one. A room's test wants none.
func DeadEnds(routes []Route) (dead []string) {
	for _, r := range routes {
		pages := slices.ContainsFunc(routes, func(o Route) bool { return o.Pattern == "GET "+r.Path() })
		if r.Method() != "GET" && r.From == "" && !pages {
			dead = append(dead, r.Pattern)
		}
	}
	return dead
}

// Permission is one line of the table of rights.
type Permission struct {
	Method, Path string
	Allow        Rights
}

// Permissions is the table of rights of a list of routes, by path and method.
func Permissions(routes []Route) []Permission {
	table := make([]Permission, len(routes))
	for i, r := range routes {
		table[i] = Permission{r.Method(), r.Path(), r.Allow}
	}
	slices.SortStableFunc(table, func(a, b Permission) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return slices.Index(methods, a.Method) - slices.Index(methods, b.Method)
	})
	return table
}

// PermissionsMarkdown writes the table for docs/permissions.md: one row a route, one column a role.
func PermissionsMarkdown(routes []Route) string {
	var b strings.Builder
	b.WriteString("| method | path |")
	for _, n := range roleNames {
		fmt.Fprintf(&b, " %s |", n.Name)
	}
	b.WriteString("\n|---|---|" + strings.Repeat(":-:|", len(roleNames)) + "\n")
	for _, p := range Permissions(routes) {
		fmt.Fprintf(&b, "| %s | `%s` |", p.Method, p.Path)
		for _, n := range roleNames {
			mark := " "
			if p.Allow.Has(n.Role) || p.Allow.Has(Public) || p.Allow.Has(Member) && n.Role&(Public|Card|Manager) == 0 {
				mark = " yes "
			}
			b.WriteString(mark + "|")
		}
		b.WriteString("\n")
	}
	return b.String()
}
