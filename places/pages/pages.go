// Package pages shows the places: what they are, who is in them on any day, what they bring in, and their plans; to the
// house the forms by which facts, occupants and plans are written down.
package pages

import (
	"context"
	_ "embed" // the stylesheet of the public pages, the program that draws rectangles
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
)

// Pages are the screens of this room.
type Pages struct {
	DB    *store.DB
	Links string // public address, as https://coop.example
	Apply string // the public form of who looks for a space: "/apply"; empty: one writes to the office

	// Doors lead to what the rooms above tell of a place; nil: none.
	Doors func(r store.Reader, p *lang.Printer, place places.Place) ([]web.Link, error)

	// Runs says whether somebody, or the organisation for which they act, runs a place, and whether they fill its spaces
	// themselves; nil: nobody does.
	Runs func(r store.Reader, person, party people.PersonID, place places.PlaceID) (runs, lets bool, err error)

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The addresses of this room.
const (
	pathPlaces      = "/places"
	pathSpaces      = "/spaces"
	pathOccupancies = "/occupancies"
	pathMine        = "/my/spaces"
)

// screens are the pages with what they share: how every place stands.
type screens struct {
	Pages
	kept     store.Kept[now]
	maps     drawings
	visitors *web.Limiter
	// Who sends the public form, and to whom it makes us write.
	askers, addresses *web.Limiter
}

// writers write facts and occupants down.
const writers = web.Office | web.Board

// Routes are the room's routes.
func (p Pages) Routes() []web.Route { return p.screens().routes() }

func (p Pages) screens() *screens {
	return &screens{Pages: p, maps: drawings{made: map[string][]byte{}}, visitors: web.NewLimiter(perVisitor, p.now),
		askers: web.NewLimiter(perAsker, p.now), addresses: web.NewLimiter(perAddress, p.now)}
}

func (s *screens) routes() []web.Route {
	p := s.Pages
	one, space, held := "/places/{name}", "/spaces/{id}", "/occupancies/{id}"
	return slices.Concat([]web.Route{
		{Pattern: "GET /places", Allow: web.Member, Handle: s.places},
		{Pattern: "GET /places.csv", Allow: web.Member, Handle: s.placesAs("csv")},
		{Pattern: "GET /places.xlsx", Allow: web.Member, Handle: s.placesAs("xlsx")},
		{Pattern: "GET /places/new", Allow: writers, Handle: p.newPlace},
		{Pattern: "POST /places", Allow: writers, Handle: p.addPlace},
		{Pattern: "GET " + one, Allow: web.Member, Handle: p.place},
		{Pattern: "GET " + one + "/facts", Allow: writers, Handle: p.placeFacts},
		{Pattern: "POST " + one + "/facts", Allow: writers, Handle: p.amendPlace},
		{Pattern: "GET " + one + "/closing", Allow: writers, Handle: p.beforeClosingPlace},
		{Pattern: "POST " + one + "/closing", Allow: writers, Handle: p.closePlace},
		{Pattern: "GET " + one + "/history", Allow: web.Staff, Handle: p.history},
		{Pattern: "POST " + one + "/withdrawal", Allow: writers, Handle: p.withdraw, From: one + "/history"},
		{Pattern: "POST " + space + "/withdrawal", Allow: writers, Handle: p.withdrawPart, From: space},
		{Pattern: "GET " + one + "/forecast", Allow: web.Staff, Handle: p.forecast},
		{Pattern: "GET " + one + "/forecast.csv", Allow: web.Staff, Handle: p.forecastAs("csv")},
		{Pattern: "GET " + one + "/forecast.xlsx", Allow: web.Staff, Handle: p.forecastAs("xlsx")},
		{Pattern: "GET " + one + "/parts/new", Allow: writers, Handle: p.newPart},
		{Pattern: "POST " + one + "/parts", Allow: writers, Handle: p.addPart, From: one + "/parts/new"},
		{Pattern: "GET " + one + "/papers/new", Allow: writers, Handle: p.newPaper},
		{Pattern: "POST " + one + "/papers", Allow: writers, Handle: p.attach, From: one + "/papers/new", Body: maxBody},
		{Pattern: "POST " + one + "/papers/{id}/hiding", Allow: writers, Handle: p.detach, From: one},
		{Pattern: "GET " + one + "/documents/{id}", Allow: web.Member, Handle: p.document},
		{Pattern: "GET " + one + "/plans", Allow: web.Member, Handle: p.plans},
		{Pattern: "GET " + one + "/plans/new", Allow: writers, Handle: p.newPlan},
		{Pattern: "POST " + one + "/plans", Allow: writers, Handle: p.drawPlan, Body: maxBody},
		{Pattern: "GET " + one + "/plans/{id}", Allow: writers, Handle: p.shapes},
		{Pattern: "POST " + one + "/plans/{id}", Allow: writers, Handle: p.redraw},
		{Pattern: "GET /spaces", Allow: web.Member, Handle: s.spaces},
		{Pattern: "GET /spaces.csv", Allow: web.Member, Handle: s.spacesAs("csv")},
		{Pattern: "GET /spaces.xlsx", Allow: web.Member, Handle: s.spacesAs("xlsx")},
		{Pattern: "GET " + space, Allow: web.Member, Handle: p.space},
		{Pattern: "GET " + space + "/facts", Allow: writers, Handle: p.partFacts},
		{Pattern: "POST " + space + "/facts", Allow: writers, Handle: p.amendPart},
		{Pattern: "GET " + space + "/closing", Allow: writers, Handle: p.beforeClosingPart},
		{Pattern: "POST " + space + "/closing", Allow: writers, Handle: p.closePart},
		{Pattern: "GET " + space + "/entering", Allow: writers, Handle: p.beforeEntering},
		{Pattern: "POST " + space + "/entering", Allow: writers, Handle: p.enter, Body: maxBody},
		{Pattern: "GET " + held, Allow: web.Member | web.Manager, Handle: p.occupancy},
		{Pattern: "GET " + held + "/document", Allow: web.Member | web.Manager, Handle: p.agreement},
		{Pattern: "GET " + held + "/{act}", Allow: writers | web.Manager, Handle: p.beforeActing},
		{Pattern: "POST " + held + "/{act}", Allow: writers | web.Manager, Handle: p.act, Body: maxBody},
		{Pattern: "GET /my/spaces", Allow: web.Member, Handle: p.mine},
		{Pattern: "GET " + one + "/outside", Allow: writers, Handle: s.beforeShowing},
		{Pattern: "POST " + one + "/outside", Allow: writers, Handle: s.showOutside},
		{Pattern: "GET /places/editor.js", Allow: writers, Handle: asset("text/javascript", editorJS)},
		{Pattern: "GET /stays", Allow: web.Staff, Handle: s.stays},
		{Pattern: "GET /stays.csv", Allow: web.Staff, Handle: s.staysAs("csv")},
		{Pattern: "GET /stays.xlsx", Allow: web.Staff, Handle: s.staysAs("xlsx")},
		{Pattern: "GET /stays/{id}", Allow: web.Staff, Handle: s.stay},
		{Pattern: "POST /stays/{id}", Allow: writers, Handle: s.decide},
		{Pattern: "GET /cards", Allow: web.Staff, Handle: s.cards},
		{Pattern: "POST /cards/{name}", Allow: writers, Handle: s.moderate, From: pathCards},
		{Pattern: "GET /my/card", Allow: web.Member, Handle: s.myCard},
		{Pattern: "POST /my/card", Allow: web.Member, Handle: s.writeCard},
		{Pattern: "POST /my/card/consent", Allow: web.Member, Handle: s.consent, From: pathMyCard},
		{Pattern: "POST /my/card/withdrawal", Allow: web.Member, Handle: s.withdrawCard, From: pathMyCard},
		{Pattern: "POST /my/card/pictures", Allow: web.Member, Handle: s.addPicture, From: pathMyCard,
			Body: maxPictureBody},
		{Pattern: "GET /my/card/pictures/{id}", Allow: web.Member, Handle: s.myPicture},
		{Pattern: "POST /my/card/pictures/{id}/removal", Allow: web.Member, Handle: s.dropPicture, From: pathMyCard},
	}, s.publicRoutes())
}

// publicRoutes are what everybody may open, without an account.
func (s *screens) publicRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /visit", Allow: web.Public, Handle: s.visitPlaces},
		{Pattern: "GET /visit/spaces", Allow: web.Public, Handle: s.visitSpaces},
		{Pattern: "GET /visit/occupants", Allow: web.Public, Handle: s.visitOccupants},
		{Pattern: "GET /visit/occupants/{name}", Allow: web.Public, Handle: s.visitOccupant},
		{Pattern: "GET /visit/places/{name}", Allow: web.Public, Handle: s.visitPlace},
		{Pattern: "GET /visit/flats", Allow: web.Public, Handle: s.flats},
		{Pattern: "GET /visit/flats/{id}", Allow: web.Public, Handle: s.beforeAsking},
		{Pattern: "POST /visit/flats/{id}", Allow: web.Public, Handle: s.ask},
		{Pattern: "GET /visit/stays/sent", Allow: web.Public, Handle: s.askSent},
		{Pattern: "GET /visit/stays/{token}", Allow: web.Public, Handle: s.own},
		{Pattern: "POST /visit/stays/{token}", Allow: web.Public, Handle: s.ownAct},
		{Pattern: "GET /visit/pictures/{id}", Allow: web.Public, Handle: s.picture},
		{Pattern: "GET /visit/map", Allow: web.Public, Handle: s.visitMap},
		{Pattern: "GET /visit/map.svg", Allow: web.Public, Handle: s.mapSVG},
		{Pattern: "GET /visit/map.pdf", Allow: web.Public, Handle: s.mapPDF},
		{Pattern: "GET /visit/places.geojson", Allow: web.Public, Handle: s.geoJSON},
		{Pattern: "GET /visit/feed.xml", Allow: web.Public, Handle: s.news},
		{Pattern: "GET /visit/sitemap.xml", Allow: web.Public, Handle: s.siteMap},
		{Pattern: "GET /visit/visit.css", Allow: web.Public, Handle: asset("text/css", visitCSS)},
	}
}

//go:embed editor.js
var editorJS string

//go:embed visit.css
var visitCSS string

// asset is what these pages need beyond what the house serves.
func asset(kind, content string) func(*web.Request) error {
	return func(q *web.Request) error {
		q.W.Header().Set("Content-Type", kind+"; charset=utf-8")
		_, err := io.WriteString(q.W, content)
		return err
	}
}

// now is the clock of the limits; without a database, as in a list of routes, there is none to keep.
func (p Pages) now() time.Time { return p.DB.Now() }

const maxBody = documents.MaxSize + 1<<20

func pathOf(p places.Place) string         { return pathPlaces + "/" + p.Name }
func pathOfPart(id places.PartID) string   { return pathSpaces + "/" + string(id) }
func pathOfHeld(o places.Occupancy) string { return pathOccupancies + "/" + string(o.ID) }

// anchor is the id of a space's row on the page of its place.
func anchor(code string) string {
	return "e-" + strings.ReplaceAll(fold.Text(code), " ", "-")
}

// named reads the place of an address.
func named(q *web.Request, r store.Reader, w places.When) (places.Place, error) {
	return called(r, q.Path("name"), w)
}

func called(r store.Reader, name string, w places.When) (places.Place, error) {
	p, found, err := places.PlaceNamed(r, name, w)
	if err == nil && !found {
		err = web.NotFound
	}
	return p, err
}

// part reads the part of an address as it is on a day.
func part(q *web.Request, r store.Reader, w places.When) (places.Part, places.Place, error) {
	part, err := places.PartByID(r, places.PartID(q.Path("id")), w)
	if fault.Is(err, "places.refusal.unknown-part") {
		err = web.NotFound
	}
	if err != nil {
		return part, places.Place{}, err
	}
	place, err := places.PlaceByID(r, part.Place, w)
	return part, place, err
}

// occupancy reads the occupancy of an address.
func occupancy(q *web.Request, r store.Reader) (places.Occupancy, error) {
	o, err := places.OccupancyByID(r, places.OccupancyID(q.Path("id")))
	if fault.Is(err, "places.refusal.unknown-occupancy") {
		err = web.NotFound
	}
	return o, err
}

// when reads the two days of a page from its address; only the house asks what was known earlier.
func (p Pages) when(q *web.Request, r store.Reader) (w places.When, known civil.Date) {
	w = places.Now(r)
	if d, err := civil.ParseLoose(q.Query("day")); err == nil && d.IsDay() {
		w.Day = d
	}
	if d, err := civil.ParseLoose(q.Query("known")); err == nil && d.IsDay() && q.Who.May(web.Staff) {
		return places.AsKnown(r, w.Day, d), d
	}
	return w, known
}

// selves are the records of who is at the keyboard, and of the body for which they act.
func selves(q *web.Request, r store.Reader) (map[people.PersonID]bool, error) {
	own := map[people.PersonID]bool{}
	for _, id := range []people.PersonID{people.PersonID(q.Who.Person), people.PersonID(q.Who.For.ID)} {
		if id == "" {
			continue
		}
		records, err := people.Records(r, id)
		if fault.Of(err) != nil { // somebody of whom the books know nothing owns nothing
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, record := range append(records, id) {
			own[record] = true
		}
	}
	return own, nil
}

// naming tells who is in a space: bodies to every member, a natural person to the house and to themselves.
type naming struct {
	q     *web.Request
	known map[people.PersonID]people.Person
	own   map[people.PersonID]bool
}

func (p Pages) naming(q *web.Request, r store.Reader, in []places.Occupancy) (n naming, err error) {
	var ids []people.PersonID
	for _, o := range in {
		ids = append(ids, o.Person)
	}
	n = naming{q: q}
	if n.known, err = people.Names(r, ids); err != nil {
		return n, err
	}
	n.own, err = selves(q, r)
	return n, err
}

// words is what an occupant is called to who is at the keyboard.
func (n naming) words(id people.PersonID) string {
	person, found := n.known[id]
	if found && person.Kind != people.Legal && !n.q.Who.May(web.Staff) && !n.own[id] {
		return n.q.T("places.page.somebody")
	}
	return n.told(id)
}

// told is their name, to who may read it.
func (n naming) told(id people.PersonID) string {
	if person, found := n.known[id]; found {
		return person.Words(n.q.P)
	}
	return n.q.T("people.erased-person")
}

// badge is the kind of a state.
func badge(s places.State) web.Kind {
	switch s {
	case places.Taken:
		return web.Yes
	case places.Leaving, places.Partly:
		return web.Wait
	case places.Free:
		return web.No
	case places.Site:
		return web.Info
	}
	return web.Off
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// exports are the links to a list as tables, with what its address asks for.
func exports(asked url.Values, path string) []web.Link {
	asked.Del("page")
	query := ""
	if len(asked) > 0 {
		query = "?" + asked.Encode()
	}
	return []web.Link{{Text: "CSV", Href: path + ".csv" + query}, {Text: "XLSX", Href: path + ".xlsx" + query}}
}

// whole is the pager of a list that is shown from its first row to its last.
func whole(n int) web.Pager {
	return web.Pager{Page: 1, Last: 1, Total: int64(n), Size: max(1, int64(n))}
}

// send gives a table out.
func send(q *web.Request, name, format string, head []string, rows func(func([]sheets.Cell) bool)) error {
	if format == "csv" {
		return q.Download(name+".csv", "text/csv; charset=utf-8",
			func(w io.Writer) error { return sheets.CSV(w, head, rows) })
	}
	return q.Download(name+".xlsx", xlsxType,
		func(w io.Writer) error { return sheets.XLSX(w, sheets.Page{Name: name, Head: head}, rows) })
}

func heads(q *web.Request, fields ...string) (head []string) {
	for _, f := range fields {
		head = append(head, q.T("places.field."+f))
	}
	return head
}

// worded lists the options of a choice.
func worded[T ~string](p *lang.Printer, list []T, words func(T) lang.Phrase) (options []web.Option) {
	for _, v := range list {
		options = append(options, web.Option{Value: string(v), Label: lang.Capital(p.Words(words(v)))})
	}
	return options
}

// maybe puts an empty answer before the options.
func maybe(p *lang.Printer, options []web.Option) []web.Option {
	return append([]web.Option{{Value: "", Label: p.T("places.page.unknown")}}, options...)
}

func values[T ~string](list []T) (values []string) {
	for _, v := range list {
		values = append(values, string(v))
	}
	return values
}

// area reads an area of a form.
func area(form *web.Form, name string) places.Area {
	a, err := places.ParseArea(form.Text(name, 20))
	for _, r := range fault.Of(err) {
		form.Problem(r.At(name))
	}
	return a
}

// upload reads the file of a field; a file that is none becomes a problem of its field.
func upload(form *web.Form, name string) (*documents.Upload, error) {
	file := form.File(name, documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	err := places.Unfolds(file.Content)
	var u *documents.Upload
	if err == nil {
		u, err = documents.Take(file.Name, file.Content)
	}
	if rs := fault.Of(err); rs != nil {
		for _, r := range rs {
			form.Problem(r.At(name))
		}
		return nil, nil
	}
	return u, err
}

// paragraphs are the lines of a text.
func paragraphs(text string) (list []string) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// acted calls a verb for a form and leads on; the form is shown again when it is refused.
func (p Pages) acted(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error,
	to func(answer string) string, again func() error) error {
	if form.OK() {
		out, err := p.DB.Act(q.Context(), store.By(q.Who.Person, verb).Once(form.Key()), fn)
		if err == nil {
			return q.SeeOther(to(out.Answer))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return again()
}
