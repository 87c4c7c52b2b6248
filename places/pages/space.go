package pages

import (
	"io"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
	"lieux/places"
)

// spacePage is what GET /spaces/{id} shows.
type spacePage struct {
	Place    places.Place
	Form     *web.Form // of what is withdrawn
	Standing places.Standing
	Words    string
	Nights   string     // of a flat for guests
	Path     []web.Link // from the place to the part
	Inside   []web.Link
	Facts    []web.Fact
	Held     []heldRow
	History  []factRow
	Timeline templ.Component
	Staff    bool
}

// heldRow is one line of who is, was or will be in a space.
type heldRow struct {
	places.Occupancy
	Href, Who, Space, Place, Area, Fee, Words string
	Badge                                     web.Kind
	Own                                       bool
}

func (p Pages) space(q *web.Request) error {
	page, err := p.readSpace(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(spaceView(page))
}

// withdrawPart is the opposite entry of a fact of a part.
func (p Pages) withdrawPart(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	fact, why := form.Need("fact", 40), form.Need("why", places.MaxWhy)
	return p.acted(q, form, "places.withdraw", func(tx *store.Tx) error { return places.Withdraw(tx, "part", fact, why) },
		func(string) string { return pathSpaces + "/" + q.Path("id") }, func() error {
			page, err := p.readSpace(q, form)
			if err != nil {
				return err
			}
			return q.Again(spaceView(page))
		})
}

func (p Pages) readSpace(q *web.Request, form *web.Form) (page spacePage, err error) {
	page = spacePage{Staff: q.Who.May(web.Staff), Form: form}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		part, place, err := part(q, v, places.Now(v))
		if err != nil {
			return err
		}
		page.Place = place
		in, err := places.OccupanciesIn(v, part.ID)
		if err != nil {
			return err
		}
		page.Standing = places.Stand(part, in, v.Today())
		page.Words = stateWords(q.P, page.Standing, v.Today())
		if part.Hosts() {
			if page.Nights, err = nightsOf(q.P, v, place, page.Standing, in); err != nil {
				return err
			}
		}
		page.Facts = partWords(q.P, part)
		all, err := places.PartsOf(v, place.ID, places.Now(v))
		if err != nil {
			return err
		}
		page.Path, page.Inside = around(place, part, all)
		if page.Held, err = p.heldRows(q, v, in, false); err != nil {
			return err
		}
		if !page.Staff {
			return nil
		}
		facts, gone, err := places.PartHistory(v, part.ID)
		if err != nil {
			return err
		}
		for _, f := range facts {
			page.History = append(page.History, factRow{"part", f.ID, q.P.Date(f.From), factWords(q.P, part.Level, f), f.Why,
				q.P.Moment(f.At, v.Zone()), gone[f.ID].Why})
		}
		if p.History != nil {
			page.Timeline, err = p.History(q.Context(), v, part.Ref())
		}
		return err
	})
	return page, err
}

// nightsOf says how many nights of the last twelve months somebody slept in a flat.
func nightsOf(p *lang.Printer, r store.Reader, place places.Place, s places.Standing, in []places.Occupancy) (string,
	error) {
	n, err := places.NightsBefore(r, places.Present{Place: place, When: places.Now(r), Spaces: []places.Standing{s},
		All: in})
	if err != nil || n.Open == 0 {
		return "", err
	}
	return p.T("places.page.nights", "n", n.Taken, "open", n.Open, "rate", p.Percent(n.Taken, n.Open)), nil
}

// around leads from the place to a part, and to what lies in it.
func around(place places.Place, of places.Part, all []places.Part) (path, inside []web.Link) {
	byID := map[places.PartID]places.Part{}
	for _, p := range all {
		byID[p.ID] = p
		if p.Parent == of.ID && !p.Closed {
			inside = append(inside, web.Link{Text: p.Name(), Href: pathOfPart(p.ID)})
		}
	}
	for up, found := byID[of.Parent]; found; up, found = byID[up.Parent] {
		path = append(path, web.Link{Text: up.Name(), Href: pathOfPart(up.ID)})
	}
	path = append(path, web.Link{Text: place.Title, Href: pathOf(place)})
	slices.Reverse(path)
	return path, inside
}

// factWords says a fact of a part in a line.
func factWords(p *lang.Printer, level places.Level, f places.Fact) string {
	if f.Closed {
		return p.T("places.page.closed")
	}
	words := places.Part{Fact: f}.Name()
	if level == places.Space {
		words += ", " + p.Words(f.Use.Words()) + ", " + p.Words(f.Tenure.Words())
	}
	if f.Area > 0 {
		words += ", " + f.Area.In(p)
	}
	if f.Works {
		words += ", " + p.Words(places.Site.Words())
	}
	return words
}

// partWords are the facts of a part, line by line; what is not known is left out.
func partWords(p *lang.Printer, part places.Part) (facts []web.Fact) {
	add := func(field, text string) {
		if text != "" {
			facts = append(facts, web.Fact{Name: p.T("places.field." + field), Text: text})
		}
	}
	number := func(field string, n int64, code string) {
		if n > 0 {
			add(field, p.T("places.unit."+code, "n", n))
		}
	}
	if part.Area > 0 {
		add("area", part.Area.In(p))
	}
	if part.Level != places.Space {
		return facts
	}
	add("use", lang.Capital(p.Words(part.Use.Words())))
	add("tenure", lang.Capital(p.Words(part.Tenure.Words())))
	number("capacity", part.Capacity, "persons")
	number("load", part.Load, "load")
	number("height", part.Height, "cm")
	number("door", part.Door, "cm")
	if part.Water {
		add("water", p.T("places.page.yes"))
	}
	if part.Power != "" {
		add("power", lang.Capital(p.T("places.power."+part.Power)))
	}
	if part.Extraction {
		add("extraction", p.T("places.page.yes"))
	}
	add("compartment", part.Compartment)
	if part.Sound != "" {
		add("sound", lang.Capital(p.Words(part.Sound.Words())))
	}
	if part.Dust != "" {
		add("dust", lang.Capital(p.Words(part.Dust.Words())))
	}
	add("note", part.Note)
	return facts
}

// heldRows puts occupancies into words, the latest first. told is for who may read all of them.
func (p Pages) heldRows(q *web.Request, r store.Reader, list []places.Occupancy, told bool) (rows []heldRow,
	err error) {
	names, err := p.naming(q, r, list)
	if err != nil {
		return nil, err
	}
	for _, o := range slices.Backward(list) {
		part, err := places.PartByID(r, o.Space, places.On(o.From))
		if err != nil {
			return nil, err
		}
		place, err := places.PlaceByID(r, o.Place, places.On(o.From))
		if err != nil {
			return nil, err
		}
		row := heldRow{Occupancy: o, Href: pathOfHeld(o), Who: names.words(o.Person), Space: part.Name(), Place: place.Title,
			Own: names.own[o.Person]}
		row.Words, row.Badge = heldWords(q.P, o, r.Today())
		if taken := o.Area; taken > 0 {
			row.Area = taken.In(q.P)
		} else {
			row.Area = part.Area.In(q.P)
		}
		if told || q.Who.May(web.Staff) || row.Own {
			row.Who = names.told(o.Person)
			s := places.Standing{Part: part}
			row.Fee = q.P.Money(s.MonthlyFee(o, r.Today(), r.Today()))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// heldWords says how an occupancy stands on a day.
func heldWords(p *lang.Printer, o places.Occupancy, day civil.Date) (string, web.Kind) {
	switch {
	case !o.Stands():
		return p.T("places.held-state.undone"), web.Off
	case o.From.After(day):
		return p.T("places.held-state.coming"), web.Info
	case !o.In(day):
		return p.T("places.held-state.over"), web.Off
	case !o.Until.IsZero():
		return p.T("places.held-state.until", "day", o.Until), web.Wait
	}
	return p.T("places.held-state.in"), web.Yes
}

// termsForm is the form of an occupancy: who enters, or what is amended or follows.
type termsForm struct {
	Form             *web.Form
	Place            places.Place
	Part             places.Part
	Who              view.Choice
	Of               places.Occupancy // that is amended or renewed; the zero one for who enters
	Act              string           // "entering", "amend", "renewal"
	Action, Back     string
	Stays, Indexings []web.Option
}

func (p Pages) termsForm(q *web.Request, r store.Reader, form *web.Form, act string) (page termsForm, err error) {
	page = termsForm{Form: form, Act: act, Stays: worded(q.P, places.Stays, places.Stay.Words),
		Indexings: worded(q.P, places.Indexings, places.Indexing.Words)}
	if act == "entering" {
		page.Part, page.Place, err = part(q, r, places.Now(r))
		page.Back = pathOfPart(page.Part.ID)
		if err == nil && page.Part.Level != places.Space {
			err = web.NotFound
		}
	} else if page.Of, err = occupancy(q, r); err == nil {
		page.Back = pathOfHeld(page.Of)
		if page.Part, err = places.PartByID(r, page.Of.Space, places.On(page.Of.From)); err == nil {
			page.Place, err = places.PlaceByID(r, page.Of.Place, places.On(page.Of.From))
		}
	}
	page.Action = page.Back + "/" + act
	return page, err
}

// setTerms fills a form with terms.
func setTerms(form *web.Form, p *lang.Printer, t places.Terms) {
	form.Set("stay", string(t.Stay)).Set("from", t.From.String()).Set("until", t.Until.String()).
		Set("area", t.Area.Plain()).Set("practice", t.Practice).Set("index", string(t.Index)).
		Set("note", t.Note)
	for name, n := range map[string]int64{"people": t.People, "notice": t.Notice} {
		if n > 0 {
			form.Set(name, strconv.FormatInt(n, 10))
		}
	}
	for name, c := range map[string]money.Cents{"fee": t.Fee, "deposit": t.Deposit, "rate": money.Cents(t.Rate)} {
		if c > 0 {
			form.Set(name, p.Plain(c))
		}
	}
}

func readTerms(form *web.Form) places.Terms {
	return places.Terms{Stay: places.Stay(form.Choice("stay", values(places.Stays)...)), From: form.NeedDate("from"),
		Until: form.Date("until"), Area: area(form, "area"), Practice: form.Need("practice", places.MaxPractice),
		People: form.Int("people", 0, 20_000), Fee: form.Money("fee", 0, places.MaxFee),
		Index: places.Indexing(form.Choice("index", values(places.Indexings)...)),
		Rate:  int64(form.Money("rate", 0, places.MaxRate)), Deposit: form.Money("deposit", 0, money.Max),
		Notice: form.Int("notice", 0, places.MaxNotice), Note: form.Lines("note", places.MaxNote)}
}

func (p Pages) beforeEntering(q *web.Request) error {
	form := q.Blank()
	setTerms(form, q.P, places.Terms{Stay: places.Lasting, From: p.DB.Today(), Index: places.ByHealth, Rate: 200,
		Notice: 3})
	var page termsForm
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		page, err = p.termsForm(q, v, form, "entering")
		page.Who = view.Choice{Name: "person"}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(termsView(page))
}

// enter notes that somebody is in a space.
func (p Pages) enter(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	t := readTerms(form)
	file, err := upload(form, "document")
	if err != nil {
		return err
	}
	var page termsForm
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if page, err = p.termsForm(q, v, form, "entering"); err != nil {
			return err
		}
		page.Who, err = view.Pick(v, q.P, form, "person", true)
		return err
	})
	if err != nil {
		return err
	}
	return p.acted(q, form, "places.enter", func(tx *store.Tx) error {
		if file != nil {
			d, err := documents.Add(tx, file)
			if err != nil {
				return err
			}
			t.Document = d.ID
		}
		_, err := places.Enter(tx, page.Part.ID, page.Who.Person, t)
		return err
	}, func(answer string) string {
		return pathOccupancies + "/" +
			answer
	}, func() error { return q.Again(termsView(page)) })
}

// heldPage is what GET /occupancies/{id} shows.
type heldPage struct {
	heldRow
	PlaceHref, SpaceHref string
	Facts                []web.Fact
	Entries              []web.Event
	May                  right
	Staff, Judge         bool
}

// occupancy shows an occupancy to the house, to the occupant, and to who runs the place.
func (p Pages) occupancy(q *web.Request) error {
	page := heldPage{Staff: q.Who.May(web.Staff)}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		o, err := occupancy(q, v)
		if err != nil {
			return err
		}
		if page.May, err = p.rightTo(q, v, o); err != nil || !page.May.Read {
			return orNotFound(err)
		}
		rows, err := p.heldRows(q, v, []places.Occupancy{o}, true)
		if err != nil {
			return err
		}
		page.heldRow = rows[0]
		place, err := places.PlaceByID(v, o.Place, places.Now(v))
		if err != nil {
			return err
		}
		if page.PlaceHref = homeOf(q, place); q.Who.May(web.Member) {
			page.SpaceHref = pathOfPart(o.Space)
		}
		page.Judge = o.Stay == places.Trial && o.Stands() && !v.Today().Before(o.Until.AddMonths(-1))
		page.Facts = termWords(q.P, o, page.heldRow)
		entries, err := places.Entries(v, o.ID)
		if err != nil {
			return err
		}
		for _, e := range slices.Backward(entries) {
			page.Entries = append(page.Entries, web.Event{When: q.P.Moment(e.At, v.Zone()), Text: entryWords(q.P, e),
				At: e.At.Time().In(v.Zone()).Format("2006-01-02T15:04"), Undo: e.Cause == places.Undone})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(heldView(page))
}

func orNotFound(err error) error {
	if err == nil {
		err = web.NotFound
	}
	return err
}

// entryWords says one entry of an occupancy.
func entryWords(p *lang.Printer, e places.Entry) string {
	words := lang.Capital(p.Words(e.Cause.Words())) + p.T("places.page.entry.from", "from", e.From)
	if !e.Until.IsZero() {
		words += p.T("places.page.entry.until", "until", e.Until)
	}
	if e.Verdict != "" && e.Cause == places.Evaluated {
		words += p.T("places.page.entry.verdict", "verdict", e.Verdict.Words())
	}
	if e.Why != "" {
		words += p.T("places.page.entry.why", "why", e.Why)
	}
	return words
}

// termWords are the terms of an occupancy, line by line.
func termWords(p *lang.Printer, o places.Occupancy, row heldRow) (facts []web.Fact) {
	add := func(field, text string) {
		if text != "" {
			facts = append(facts, web.Fact{Name: p.T("places.field." + field), Text: text})
		}
	}
	add("stay", lang.Capital(p.Words(o.Stay.Words())))
	add("from", p.Date(o.From))
	if !o.Until.IsZero() {
		add("until", p.Date(o.Until))
	}
	add("area", row.Area)
	add("practice", lang.Capital(o.Practice))
	if o.People > 0 {
		add("people", p.Count(o.People))
	}
	if o.Fee > 0 {
		add("fee", p.T("places.page.fee-words", "fee", o.Fee, "month", row.Fee))
		add("index", lang.Capital(p.Words(o.Index.Words()))+rateWords(p, o.Terms))
	}
	if o.Deposit > 0 {
		add("deposit", p.Money(o.Deposit))
	}
	if o.Notice > 0 {
		add("notice", p.T("places.unit.months", "n", o.Notice))
	}
	if o.Verdict != "" {
		add("verdict", lang.Capital(p.Words(o.Verdict.Words())))
	}
	add("note", o.Note)
	return facts
}

func rateWords(p *lang.Printer, t places.Terms) string {
	switch {
	case t.Index == places.Fixed || t.Rate == 0:
		return ""
	case t.Index == places.ByHealth:
		return p.T("places.page.rate.assumed", "rate", places.Percent(p, t.Rate))
	}
	return p.T("places.page.rate.agreed", "rate", places.Percent(p, t.Rate))
}

// agreement shows the document of an occupancy to whoever may read it.
func (p Pages) agreement(q *web.Request) error {
	var d documents.Document
	err := p.DB.View(q.Context(), func(v *store.View) error {
		o, err := occupancy(q, v)
		if err != nil {
			return err
		}
		may, err := p.rightTo(q, v, o)
		if err != nil || !may.Read || o.Document == "" {
			return orNotFound(err)
		}
		found := false
		if d, found, err = documents.Find(v, o.Document); err == nil && !found {
			err = web.NotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(d.Name, d.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), p.DB, d))
		return err
	})
}

// The acts on an occupancy, as the last part of the address.
const (
	actAmend  = "amend"
	actRenew  = "renewal"
	actEnd    = "ending"
	actUndo   = "undoing"
	actJudge  = "evaluation"
	actsCount = 5
)

var acts = [actsCount]string{actAmend, actRenew, actEnd, actUndo, actJudge}

func (p Pages) beforeActing(q *web.Request) error {
	form := q.Blank()
	page, err := p.acting(q, form)
	if err != nil {
		return err
	}
	t := page.Of.Terms
	switch page.Act {
	case actRenew:
		if t.From = p.DB.Today().AddDays(1); !t.Until.IsZero() { // it follows the last day that was agreed
			t.From = t.Until.AddDays(1)
		}
		t.Until, t.Stay, t.Note = civil.Date{}, places.Lasting, ""
		fallthrough
	case actAmend:
		setTerms(form, q.P, t)
	case actEnd:
		form.Set("until", t.Until.String())
	}
	return q.Page(actingView(page))
}

func (p Pages) acting(q *web.Request, form *web.Form) (page termsForm, err error) {
	if !slices.Contains(acts[:], q.Path("act")) {
		return page, web.NotFound
	}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if page, err = p.termsForm(q, v, form, q.Path("act")); err != nil {
			return err
		}
		may, err := p.rightTo(q, v, page.Of)
		if err != nil || !may.does(page.Act) {
			return orNotFound(err)
		}
		return nil
	})
	return page, err
}

// act writes another entry of an occupancy.
func (p Pages) act(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.acting(q, form)
	if err != nil {
		return err
	}
	id, why := page.Of.ID, form.Need("why", places.MaxWhy)
	verbs := map[string]string{actAmend: "places.amend", actRenew: "places.renew", actEnd: "places.end",
		actUndo: "places.undo", actJudge: "places.evaluate"}
	var fn func(*store.Tx) error
	switch page.Act {
	case actAmend, actRenew:
		t := readTerms(form)
		t.Document = page.Of.Document
		file, err := upload(form, "document")
		if err != nil {
			return err
		}
		fn = func(tx *store.Tx) error {
			if file != nil {
				d, err := documents.Add(tx, file)
				if err != nil {
					return err
				}
				t.Document = d.ID
			}
			if page.Act == actAmend {
				return places.Amend(tx, id, t, why)
			}
			_, err := places.Renew(tx, id, t, why)
			return err
		}
	case actEnd:
		last := form.NeedDate("until")
		fn = func(tx *store.Tx) error { return places.End(tx, id, last, why) }
	case actUndo:
		fn = func(tx *store.Tx) error { return places.Undo(tx, id, why) }
	case actJudge:
		verdict := places.Verdict(form.Choice("verdict", values(places.Verdicts)...))
		fn = func(tx *store.Tx) error { return places.Evaluate(tx, id, verdict, why) }
	}
	return p.acted(q, form, verbs[page.Act], p.guarded(q, id, page.Act, fn),
		func(answer string) string { return pathOccupancies + "/" + answer },
		func() error { return q.Again(actingView(page)) })
}

// minePage is what GET /my/spaces shows.
type minePage struct {
	Rows []heldRow
}

// mine shows who is at the keyboard their own spaces, and those of the body for which they act.
func (p Pages) mine(q *web.Request) error {
	var page minePage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		id := q.Who.Person
		if q.Who.For.ID != "" {
			id = q.Who.For.ID
		}
		list, err := places.OccupanciesBy(v, people.PersonID(id))
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(o places.Occupancy) bool { return !o.Stands() })
		page.Rows, err = p.heldRows(q, v, list, false)
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}
