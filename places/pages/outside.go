package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
)

// The addresses that everybody may open, without an account.
const (
	pathVisit     = "/visit"
	pathFree      = "/visit/spaces"
	pathOccupants = "/visit/occupants"
	pathMap       = "/visit/map"
	pathFlats     = "/visit/flats"
)

// perVisitor is how often one network address may open the public pages: an exhibition hall behind one address may, a
// program that draws the house empty may not.
var perVisitor = web.Rate{Burst: 600, Every: 50 * time.Millisecond}

// outside is what of all that is kept everybody may see. It is made anew when anything of it has moved.
type outside struct {
	Places []shownPlace // by title
	Cards  []shownCard  // by title
	Free   []found      // spaces in which somebody could be now or soon, by place
}

// shownPlace is a place that the office shows.
type shownPlace struct {
	*places.Glance
	places.Outside
	Cards []int // of those who are in it
	Free  int   // spaces
}

// shownCard is a card that everybody may see.
type shownCard struct {
	card
	In []int // the places, by their number in the list
}

// show picks what everybody may see: places that the office shows, their free spaces, and the cards of who consents,
// is in one of them today, and is not hidden.
func show(n now) (o outside) {
	owner := map[people.PersonID]people.PersonID{}
	for id, c := range n.Cards {
		if c.consents && c.Hidden == 0 {
			for _, record := range c.records {
				owner[record] = id
			}
		}
	}
	in := map[people.PersonID][]int{}
	for i := range n.List {
		g := &n.List[i]
		if g.Place.Closed || !n.Shows[g.Place.ID].Shown {
			continue
		}
		at := len(o.Places)
		o.Places = append(o.Places, shownPlace{Glance: g, Outside: n.Shows[g.Place.ID]})
		for j := range g.Spaces {
			if isFree(g.Briefs[j].State) {
				o.Free = append(o.Free, found{g, j})
				o.Places[at].Free++
			}
			for _, held := range g.Spaces[j].In {
				if who, is := owner[held.Person]; is && !slices.Contains(in[who], at) {
					in[who] = append(in[who], at)
				}
			}
		}
	}
	for who, at := range in {
		o.Cards = append(o.Cards, shownCard{n.Cards[who], at})
	}
	slices.SortFunc(o.Cards, func(a, b shownCard) int {
		if c := strings.Compare(a.sort, b.sort); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	for i, c := range o.Cards {
		for _, at := range c.In {
			o.Places[at].Cards = append(o.Places[at].Cards, i)
		}
	}
	return o
}

// outsideNow reads what everybody may see, and how one applies for a space.
func (s *screens) outsideNow(q *web.Request) (o outside, at visit, err error) {
	if err := s.visitors.Try(q.Address()); err != nil {
		return o, at, err
	}
	if !q.Who.SignedIn() { // it is asked for anew each time, so that what is withdrawn is gone
		q.W.Header().Set("Cache-Control", "private, no-cache")
	}
	err = s.DB.View(q.Context(), func(v *store.View) error {
		n, err := s.now(v)
		if err != nil {
			return err
		}
		o = *n.Outside
		at = visit{Today: v.Today(), Apply: s.Apply}
		house, founded, err := people.TheHouse(v)
		if err != nil || !founded {
			return err
		}
		self, err := people.Get(v, house.Person)
		if err != nil {
			return err
		}
		at.House = self.Full()
		contacts, err := people.Contacts(v, house.Person)
		for _, c := range contacts {
			if c.Kind == people.Email && at.Contact == "" && c.Until.IsZero() {
				at.Contact = c.Value
			}
		}
		return err
	})
	return o, at, err
}

// visit is what every public page knows.
type visit struct {
	House   string
	Contact string // address of e-mail of the house; may be empty
	Apply   string // the public form for spaces; empty when there is none
	Today   civil.Date
}

func pathVisitPlace(p places.Place) string { return pathVisit + "/places/" + p.Name }
func pathVisitCard(c places.Card) string   { return pathOccupants + "/" + c.Name }
func pathPicture(document string) string   { return pathVisit + "/pictures/" + document }

// visitTabs are the faces of the public pages.
func visitTabs(p *lang.Printer, current string) (list []web.Link) {
	for _, t := range []struct{ code, href string }{{"places", pathVisit}, {"spaces", pathFree},
		{"occupants", pathOccupants}, {"flats", pathFlats}, {"map", pathMap}} {
		list = append(list, web.Link{Text: p.T("places.visit.tab." + t.code), Href: t.href, Current: t.href == current})
	}
	return list
}

// saying is a text with the language in which it is said, when that is not the reader's.
type saying struct {
	Text  string
	Lines []string
	Lang  string
}

func said(t places.Texts, want lang.Tag) (s saying) {
	text, tag := t.In(want)
	if tag != want {
		s.Lang = string(tag)
	}
	s.Text, s.Lines = text, paragraphs(text)
	return s
}

// visitPage is what the lists show.
type visitPage struct {
	visit
	Form   *web.Form  // of the search
	Uses   []web.Chip // of free spaces
	Use    string     // that is asked for
	Asked  bool       // something is looked for
	Places []visitPlace
	Cards  []visitCard
	Spaces []visitSpace
	Days   []visitDay
	Pager  web.Pager
}

// visitPlace is a place in words.
type visitPlace struct {
	shownPlace
	Title, Href, Address string
	Text                 saying
	Number               int // on the map; 0: it is not on it
	Photo                string
	PhotoAlt             string
}

// visitCard is a card in words.
type visitCard struct {
	places.Card
	Href            string
	Practice, Hours saying
	Text            saying
	Where           []web.Link
}

// visitSpace is a space in words.
type visitSpace struct {
	Title, Use, Area, When, Fits string
	Code                         string
	Place                        web.Link
	Flat                         string // where one asks for it, when it is a flat
}

// visitDay is a day on which one may come and see.
type visitDay struct {
	places.OpenDay
	When, At string
	Who      web.Link
	Where    []web.Link
	Said     civil.Instant
}

func (o outside) place(q *web.Request, i int) visitPlace {
	p := o.Places[i]
	v := visitPlace{shownPlace: p, Title: p.Glance.Place.Title, Href: pathVisitPlace(p.Glance.Place),
		Address: p.Glance.Place.Address(), Text: said(p.Texts, q.P.Tag)}
	if p.Point.Known() {
		for _, other := range o.Places[:i+1] {
			if other.Point.Known() {
				v.Number++
			}
		}
	}
	return v
}

func (o outside) card(q *web.Request, i int) visitCard {
	c := o.Cards[i]
	v := visitCard{Card: c.Card, Href: pathVisitCard(c.Card), Practice: said(c.Practice, q.P.Tag),
		Hours: said(c.Hours, q.P.Tag), Text: said(c.Texts, q.P.Tag)}
	v.Practice.Text = lang.Capital(v.Practice.Text)
	for _, at := range c.In {
		g := o.Places[at].Glance
		v.Where = append(v.Where, web.Link{Text: g.Place.Title, Href: pathVisitPlace(g.Place)})
	}
	return v
}

// days are the days from today on, of all cards or of one.
func (o outside) days(q *web.Request, today civil.Date, only string) (list []visitDay) {
	for i, c := range o.Cards {
		if only != "" && c.Name != only {
			continue
		}
		for _, d := range c.Days {
			if d.On.Before(today) {
				continue
			}
			v := visitDay{OpenDay: d, When: q.P.LongDate(d.On), Who: web.Link{Text: c.Title, Href: pathVisitCard(c.Card)},
				Where: o.card(q, i).Where, Said: c.At}
			switch {
			case d.From != "" && d.To != "":
				v.At = q.T("places.visit.from-to", "from", d.From, "to", d.To)
			case d.From != "":
				v.At = q.T("places.visit.from-hour", "from", d.From)
			}
			list = append(list, v)
		}
	}
	slices.SortStableFunc(list, func(a, b visitDay) int { return a.On.Compare(b.On) })
	return list
}

// space puts a free space into words.
func (f found) visit(p *lang.Printer) visitSpace {
	s := f.space()
	v := visitSpace{Title: s.Name(), Code: s.Code, Use: lang.Capital(p.Words(s.Use.Words())), Area: s.Area.In(p),
		Place: web.Link{Text: f.at.Place.Title, Href: pathVisitPlace(f.at.Place)}, When: p.T("places.visit.now")}
	var fits []string
	for code, is := range map[string]bool{"water": s.Water, "three": s.Power == "three", "extraction": s.Extraction} {
		if is {
			fits = append(fits, p.T("places.visit.fits."+code))
		}
	}
	slices.Sort(fits)
	if len(fits) > 0 {
		v.Fits = lang.Capital(p.List(fits))
	}
	switch s.State {
	case places.Leaving:
		v.When = p.T("places.visit.from-day", "day", s.Ends.AddDays(1))
	case places.Partly:
		v.When = p.T("places.visit.rest", "area", s.Vacant().In(p))
	}
	if !s.Next.IsZero() && (s.State == places.Free || s.State == places.Between) {
		v.When = p.T("places.visit.until-day", "day", s.Next.AddDays(-1))
	}
	if s.Use == places.Flat {
		v.Flat = pathFlats + "/" + string(s.ID)
	}
	return v
}

const (
	visitSize = 48
	maxSoon   = 12 // days to come on the first page
)

// visitPlaces shows the places, and the days to come.
func (s *screens) visitPlaces(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	page := visitPage{visit: at, Pager: q.Pager(int64(len(o.Places)), visitSize)}
	from := page.Pager.Offset()
	for i := from; i < min(from+visitSize, int64(len(o.Places))); i++ {
		page.Places = append(page.Places, o.place(q, int(i)))
	}
	page.Days = o.days(q, at.Today, "")
	page.Days = page.Days[:min(len(page.Days), maxSoon)]
	return q.Page(visitPlacesView(page, ldOfHouse(s.Links, at, q.P.Tag)))
}

// visitSpaces shows the spaces that are free, and how one applies.
func (s *screens) visitSpaces(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	page := visitPage{visit: at, Form: searched(q), Use: q.Query("use"),
		Asked: q.Query("q") != "" || q.Query("use") != ""}
	var list []found
	list, page.Uses = freeOf(q, o.Free)
	page.Pager = q.Pager(int64(len(list)), visitSize)
	from := page.Pager.Offset()
	for _, f := range list[from:min(from+visitSize, int64(len(list)))] {
		page.Spaces = append(page.Spaces, f.visit(q.P))
	}
	for i := range o.Places {
		if o.Places[i].Free > 0 && (o.Places[i].Contact != "" || len(o.Places[i].OutsideMore.Apply) > 0) {
			page.Places = append(page.Places, o.place(q, i))
		}
	}
	return q.Page(visitSpacesView(page))
}

// searched is the form of a public search.
func searched(q *web.Request) *web.Form { return web.NewForm(map[string][]string{"q": {q.Query("q")}}) }

// freeOf are the free spaces that the address asks for, by a word and by use; the chips count those of each use.
func freeOf(q *web.Request, all []found) (list []found, chips []web.Chip) {
	text, use := fold.Text(q.Query("q")), places.Use(q.Query("use"))
	counts, sum := map[places.Use]int64{}, int64(0)
	var at *places.Glance // the place of the space before, and whether it bears the word
	here := false
	for _, f := range all {
		if f.at != at {
			at, here = f.at, strings.Contains(fold.Text(f.at.Place.Title+" "+f.at.Place.Address()), text)
		}
		s := f.space()
		if !here && !strings.Contains(fold.Text(s.Name()), text) {
			continue
		}
		counts[s.Use]++
		if sum++; use == "" || use == s.Use {
			list = append(list, f)
		}
	}
	chips = []web.Chip{{Text: q.T("places.page.every-use"), Count: q.P.Count(sum), Href: q.URLWith("use", ""),
		Current: use == ""}}
	for _, u := range places.Uses {
		if counts[u] > 0 || u == use {
			chips = append(chips, web.Chip{Text: q.P.Words(u.Words()), Count: q.P.Count(counts[u]),
				Href: q.URLWith("use", string(u)), Current: u == use})
		}
	}
	return list, chips
}

// visitOccupants shows who is in the places and wants to be seen; one looks for them by a word of theirs or by place.
func (s *screens) visitOccupants(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	page := visitPage{visit: at, Form: searched(q), Asked: q.Query("q") != ""}
	text := fold.Text(q.Query("q"))
	here := make([]bool, len(o.Places)) // which places bear the word
	for i, p := range o.Places {
		here[i] = text != "" && strings.Contains(fold.Text(p.Glance.Place.Title), text)
	}
	var list []int
	for i, c := range o.Cards {
		if strings.Contains(c.words, text) || slices.ContainsFunc(c.In, func(at int) bool { return here[at] }) {
			list = append(list, i)
		}
	}
	page.Pager = q.Pager(int64(len(list)), visitSize)
	from := page.Pager.Offset()
	for _, i := range list[from:min(from+visitSize, int64(len(list)))] {
		page.Cards = append(page.Cards, o.card(q, i))
	}
	return q.Page(visitOccupantsView(page))
}

// visitPlacePage is what GET /visit/places/{name} shows.
type visitPlacePage struct {
	visitPage
	Place  visitPlace
	Flats  []visitSpace // where one asks for a stay
	Apply  saying
	Photos []places.Paper
	Plans  []drawn
}

const maxVisitCards = 200

func (s *screens) visitPlace(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(o.Places, func(p shownPlace) bool { return p.Glance.Place.Name == q.Path("name") })
	if i < 0 {
		return web.NotFound
	}
	page := visitPlacePage{visitPage: visitPage{visit: at}, Place: o.place(q, i)}
	page.Apply = said(page.Place.OutsideMore.Apply, q.P.Tag)
	for _, f := range o.Free {
		if f.at == o.Places[i].Glance {
			page.Spaces = append(page.Spaces, f.visit(q.P))
		}
	}
	for j, b := range o.Places[i].Briefs {
		if hosts(b) {
			page.Flats = append(page.Flats, found{o.Places[i].Glance, j}.visit(q.P))
		}
	}
	for _, c := range page.Place.Cards[:min(len(page.Place.Cards), maxVisitCards)] {
		page.Cards = append(page.Cards, o.card(q, c))
	}
	if err := s.DB.View(q.Context(), func(v *store.View) error {
		if page.Photos, err = photosOf(v, o.Places[i]); err == nil {
			page.Plans, err = plansOutside(q.P, v, o.Places[i])
		}
		return err
	}); err != nil {
		return err
	}
	return q.Page(visitPlaceView(page, ldOfPlace(s.Links, page)))
}

// plansOutside draws the plans of today for everybody: which spaces there are and which of them are free, without who
// is in the others, what they do, and until when.
func plansOutside(p *lang.Printer, r store.Reader, at shownPlace) (list []drawn, err error) {
	if !at.Outside.Plans {
		return nil, nil
	}
	plans, err := places.PlansOn(r, at.Glance.Place.ID, places.Now(r))
	if err != nil {
		return nil, err
	}
	rows := map[string]spaceRow{}
	for i := range at.Spaces {
		s := at.Spaces[i]
		row := spaceRow{Unlisted: true, Standing: places.Standing{Part: places.Part{Fact: places.Fact{Code: s.Code,
			Title: s.Title}}, State: s.State}, Words: p.Words(s.State.Words())}
		if s.Area > 0 {
			row.AreaWords = s.Area.In(p)
		}
		if isFree(s.State) {
			row.Unlisted, row.Words = false, found{at.Glance, i}.visit(p).When
		}
		rows[fold.Text(s.Code)] = row
	}
	for _, plan := range plans {
		list = append(list, drawn{Plan: plan, Picture: drawing(p, plan, pathPicture(plan.Document), rows)})
	}
	return list, nil
}

// isFree says whether somebody from outside may ask for a space in this state.
func isFree(s places.State) bool {
	return s == places.Free || s == places.Partly || s == places.Leaving
}

// hosts says whether somebody from outside may ask for a stay in a space.
func hosts(b places.Brief) bool {
	return b.Use == places.Flat && b.State != places.Site && b.State != places.ForAll
}

// photosOf are the photographs of a place that everybody may see.
func photosOf(r store.Reader, p shownPlace) ([]places.Paper, error) {
	if len(p.Photos) == 0 {
		return nil, nil
	}
	papers, err := places.Papers(r, p.Glance.Place.ID)
	return slices.DeleteFunc(papers, func(paper places.Paper) bool {
		return paper.Kind != places.Photo || !slices.Contains(p.Photos, paper.ID)
	}), err
}

// visitCardPage is what GET /visit/occupants/{name} shows.
type visitCardPage struct {
	visitPage
	Card visitCard
}

func (s *screens) visitOccupant(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(o.Cards, func(c shownCard) bool { return c.Name == q.Path("name") })
	if i < 0 {
		return web.NotFound
	}
	page := visitCardPage{visitPage{visit: at, Days: o.days(q, at.Today, q.Path("name"))}, o.card(q, i)}
	return q.Page(visitCardView(page, ldOfCard(s.Links, page, o)))
}

// visitMap is the map with its legend, to be printed.
func (s *screens) visitMap(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	page := visitPage{visit: at}
	for i := range o.Places {
		page.Places = append(page.Places, o.place(q, i))
	}
	return q.Page(visitMapView(page))
}

// picture gives out a picture that everybody may see, without what the camera wrote into it.
func (s *screens) picture(q *web.Request) error {
	o, _, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	id := q.Path("id")
	ours := slices.ContainsFunc(o.Cards, func(c shownCard) bool {
		return slices.ContainsFunc(c.Pictures, func(p places.Picture) bool { return p.Document == id })
	})
	var d documents.Document
	if err := s.DB.View(q.Context(), func(v *store.View) error {
		for i := 0; i < len(o.Places) && !ours; i++ {
			if ours, err = pictureOf(v, o.Places[i], id); err != nil {
				return err
			}
		}
		found := false
		d, found, err = documents.Find(v, id)
		if err == nil && (!found || !ours) {
			err = web.NotFound
		}
		return err
	}); err != nil {
		return err
	}
	return s.sendPicture(q, d)
}

// pictureOf says whether a document is a photograph of a place that everybody may see, or lies under such a plan.
func pictureOf(r store.Reader, at shownPlace, document string) (bool, error) {
	photos, err := photosOf(r, at)
	if err != nil || slices.ContainsFunc(photos, func(p places.Paper) bool { return p.Document == document }) {
		return err == nil, err
	}
	if !at.Outside.Plans {
		return false, nil
	}
	plans, err := places.PlansOn(r, at.Glance.Place.ID, places.Now(r))
	return slices.ContainsFunc(plans, func(p places.Plan) bool { return p.Document == document }), err
}

// sendPicture sends a picture bare; a browser that has it is told so without reading it.
func (s *screens) sendPicture(q *web.Request, d documents.Document) error {
	if fresh(q, d.Hash[:32]) {
		return nil
	}
	raw, err := io.ReadAll(documents.Open(q.Context(), s.DB, d))
	if err != nil {
		return err
	}
	bare := places.Bare(d.Media, raw)
	if bare == nil {
		return web.NotFound
	}
	return q.Inline("image", d.Media, func(w io.Writer) error {
		_, err := w.Write(bare)
		return err
	})
}

// fresh sets how long others may keep an answer, and tells a browser that has this version that it need not be sent
// again. Caches ask each time: what was withdrawn is gone at once.
func fresh(q *web.Request, version string) bool {
	h := q.W.Header()
	h.Set("Cache-Control", "public, no-cache")
	h.Set("Vary", "Accept-Language, Cookie")
	h.Set("ETag", `"`+version+`"`)
	for _, known := range strings.Split(q.R.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == `"`+version+`"` {
			q.W.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// send gives out something for machines.
func sendPublic(q *web.Request, media string, content []byte) error {
	hash := sha256.Sum256(content)
	if fresh(q, hex.EncodeToString(hash[:16])) {
		return nil
	}
	q.W.Header().Set("Content-Type", media)
	_, err := q.W.Write(content)
	return err
}
