// Package pages shows the letters of a meeting: the last look before they leave, what became of each, what is printed
// and posted, the proof; the written questions with their answers; and to each member the meetings to which they are
// invited.
package pages

import (
	_ "embed"
	"io"
	"slices"
	"strings"

	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/convening"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
)

// Pages are the screens of the convening.
type Pages struct {
	DB     *store.DB
	Book   *lang.Book
	Links  string    // public address, as the links in letters begin: https://coop.example
	NoMail bool      // no mail server is set: letters by e-mail wait
	Feed   *web.Feed // shows how the letters leave while they do; nil: a link does
}

// Who may what: the office convenes, the board reads.
const (
	keepers = web.Office | web.Admin
	readers = web.Staff
)

// rowsPerPage bounds the lists of this room.
const rowsPerPage = 100

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	routes := slices.Concat(p.sendRoutes(), p.letterRoutes(), p.questionRoutes(), p.ownRoutes())
	if p.Feed != nil {
		routes = append(routes, p.Feed.Route("GET /meetings/{name}/letters/{dispatch}/stream", readers, p.scene))
	}
	return routes
}

func (p Pages) sendRoutes() []web.Route {
	const home = "/meetings/{name}/convening"
	return []web.Route{
		{Pattern: "GET " + home, Allow: readers, Handle: p.home},
		{Pattern: "GET " + home + "/{kind}", Allow: readers, Handle: p.look},
		{Pattern: "POST " + home + "/{kind}", Allow: keepers, Handle: p.send},
		{Pattern: "GET " + home + "/{kind}/letter.pdf", Allow: readers, Handle: p.previewPDF},
		{Pattern: "GET " + home + "/lists.csv", Allow: readers, Handle: p.listsCSV},
		{Pattern: "GET " + home + "/lists.xlsx", Allow: readers, Handle: p.listsXLSX},
		{Pattern: "GET " + home + "/lists.pdf", Allow: readers, Handle: p.listsPDF},
	}
}

func (p Pages) letterRoutes() []web.Route {
	const one = "/meetings/{name}/letters/{dispatch}"
	const batch, letter = one + "/batches/{batch}", one + "/to/{letter}"
	return []web.Route{
		{Pattern: "GET " + one, Allow: readers, Handle: p.letters},
		{Pattern: "GET " + one + "/letters.csv", Allow: readers, Handle: p.lettersCSV},
		{Pattern: "GET " + one + "/letters.xlsx", Allow: readers, Handle: p.lettersXLSX},
		{Pattern: "GET " + one + "/certificate.pdf", Allow: readers, Handle: p.certificate},
		{Pattern: "POST " + one + "/batches", Allow: keepers, Handle: p.gather, From: one},
		{Pattern: "GET " + batch + "/letters.pdf", Allow: keepers, Handle: p.batchPDF},
		{Pattern: "POST " + batch, Allow: keepers, Handle: p.handOver, From: one},
		{Pattern: "GET " + letter, Allow: readers, Handle: p.letter},
		{Pattern: "GET " + letter + "/letter.pdf", Allow: readers, Handle: p.letterPDF},
		{Pattern: "POST " + letter + "/back", Allow: keepers, Handle: p.cameBack, From: letter},
		{Pattern: "POST " + letter + "/again", Allow: keepers, Handle: p.sendAgain, From: letter},
	}
}

func (p Pages) questionRoutes() []web.Route {
	const all = "/meetings/{name}/questions"
	return []web.Route{
		{Pattern: "GET " + all, Allow: readers, Handle: p.questions},
		{Pattern: "POST " + all, Allow: keepers, Handle: p.reply},
		{Pattern: "GET " + all + "/new", Allow: keepers, Handle: p.newQuestion},
		{Pattern: "POST " + all + "/new", Allow: keepers, Handle: p.record},
		{Pattern: "POST " + all + "/publication", Allow: keepers, Handle: p.publish, From: all},
	}
}

func (p Pages) ownRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /meetings/letters.css", Allow: web.Member, Handle: p.style},
		{Pattern: "GET /my/meetings", Allow: web.Member, Handle: p.mine},
		{Pattern: "GET /my/meetings/{name}", Allow: web.Member, Handle: p.own},
		{Pattern: "POST /my/meetings/{name}", Allow: web.Member, Handle: p.ask},
	}
}

//go:embed pages.css
var pagesCSS string

// style is what these pages need beyond the stylesheet of the house.
func (p Pages) style(q *web.Request) error {
	q.W.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, err := io.WriteString(q.W, pagesCSS)
	return err
}

// The pages of one meeting.
func homePath(m meeting.Meeting) string      { return view.Path(m.Name) + "/convening" }
func questionsPath(m meeting.Meeting) string { return view.Path(m.Name) + "/questions" }
func ownPath(m meeting.Meeting) string       { return "/my/meetings/" + m.Name }

func kindPath(m meeting.Meeting, k convening.Kind) string { return homePath(m) + "/" + string(k) }

func lettersPath(m meeting.Meeting, id convening.DispatchID) string {
	return view.Path(m.Name) + "/letters/" + string(id)
}

func letterPath(m meeting.Meeting, l convening.Letter) string {
	return lettersPath(m, l.Dispatch) + "/to/" + string(l.ID)
}

// ways are the pages of the convening, as a row of links.
func ways(p *lang.Printer, m meeting.Meeting, here string) (chips []web.Chip) {
	for _, way := range []struct{ code, href string }{{"letters", homePath(m)}, {"questions", questionsPath(m)}} {
		chips = append(chips, web.Chip{Text: p.T("convening.page.way." + way.code), Href: way.href,
			Current: way.href == here})
	}
	return chips
}

// meetingIn finds the meeting of the address.
func meetingIn(r store.Reader, q *web.Request) (meeting.Meeting, error) {
	m, found, err := meeting.ByName(r, q.Path("name"))
	if err == nil && !found {
		err = web.NotFound
	}
	return m, err
}

// dispatchIn finds the dispatch of the address among those of the meeting of the address.
func dispatchIn(r store.Reader, q *web.Request) (meeting.Meeting, convening.Dispatch, error) {
	m, err := meetingIn(r, q)
	if err != nil {
		return m, convening.Dispatch{}, err
	}
	d, found, err := convening.ByID(r, convening.DispatchID(q.Path("dispatch")))
	if err == nil && (!found || d.Meeting != m.ID && d.Second != m.ID) {
		err = web.NotFound
	}
	return m, d, err
}

// act does one act of a form that reads well; done is false when the form must be shown again.
func (p Pages) act(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error) (done bool, err error) {
	if !form.OK() {
		return false, nil
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "convening."+verb).Once(form.Key()), fn)
	if err != nil && !form.Refused(err) {
		return false, err
	}
	return err == nil, nil
}

// drawn is a paper as HTML, to stand in a page.
func drawn(paper papers.Paper, names papers.Names) (string, error) {
	var b strings.Builder
	err := papers.HTML(&b, paper, names)
	return strings.NewReplacer("<h1>", `<p class="sheet-title">`, "</h1>", "</p>").Replace(b.String()), err
}

// tagOf is the language asked for by ?in=, else the reader's.
func tagOf(q *web.Request) lang.Tag {
	if tag := q.Query("in"); lang.Known(tag) {
		return lang.Tag(tag)
	}
	return q.P.Tag
}

// languages are the three as links to the same page, each by its own name.
func languages(q *web.Request, now lang.Tag) (chips []web.Chip) {
	names := map[lang.Tag]string{lang.French: "français", lang.Dutch: "Nederlands", lang.English: "English"}
	for _, tag := range lang.Tags {
		chips = append(chips, web.Chip{Text: names[tag], Href: q.URLWith("in", string(tag)) + "#letter", Current: tag == now})
	}
	return chips
}

// namesOf reads persons for a page.
func namesOf(r store.Reader, p *lang.Printer, ids []people.PersonID) (map[people.PersonID]string, error) {
	persons, err := people.Names(r, ids)
	words := map[people.PersonID]string{}
	for id, person := range persons {
		words[id] = person.Words(p)
	}
	return words, err
}
