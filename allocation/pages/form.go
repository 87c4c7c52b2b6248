package pages

import (
	"strconv"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
)

// entry is the form of an application, with what there is to choose from.
type entry struct {
	Form      *web.Form
	Channel   allocation.Channel
	Own       bool // only the wish: an applicant amends it
	Edit      bool
	Path      string
	Practices []web.Option
	Places    []web.Option
	Langs     []web.Option
	Consents  []people.ConsentText
	Rules     allocation.Rules
	House     string
	Today     string
}

// allFields are the names of those fields that have one value, in the order of the form.
var allFields = []string{"kind", "family", "given", "birth", "name", "form", "street", "postcode", "town", "phone",
	"email",
	"language", "on", "craft", "way", "least", "ideal", "budget", "load", "door", "height", "owned", "wished", "from",
	"start-by", "message", "consent", "consent-id", "rules", "rules-id"}

// entry reads what the form offers.
func (s *screens) entry(q *web.Request, r store.Reader, form *web.Form, channel allocation.Channel) (page entry,
	err error) {
	page = entry{Form: form, Channel: channel, Today: r.Today().String()}
	known, err := allocation.Practices(r)
	if err != nil {
		return page, err
	}
	for _, c := range known {
		if !c.Retired || form.Ticked("practice", string(c.ID)) {
			page.Practices = append(page.Practices, web.Option{Value: string(c.ID), Label: lang.Capital(c.Name(q.P.Tag)),
				Hint: c.Kit})
		}
	}
	houses, err := places.Places(r, places.Now(r))
	if err != nil {
		return page, err
	}
	for _, one := range houses {
		if !one.Closed {
			page.Places = append(page.Places, web.Option{Value: string(one.ID), Label: one.Title, Hint: one.Address()})
		}
	}
	for _, tag := range lang.Tags {
		page.Langs = append(page.Langs, web.Option{Value: string(tag), Label: capital(q.P, people.LangWords(tag))})
	}
	if channel == allocation.Online {
		if page.Consents, err = allocation.Texts(r, q.P.Tag); err != nil {
			return page, err
		}
	}
	if page.Rules, err = allocation.RulesOn(r, r.Today()); err != nil {
		return page, err
	}
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return page, err
	}
	self, err := people.Get(r, house.Person)
	page.House = self.Full()
	return page, err
}

// draft reads the form. Fields that read as nothing are noted in it.
func draft(page entry, tag lang.Tag) allocation.Draft {
	form, channel := page.Form, page.Channel
	line := func(name string) string { return form.Text(name, allocation.MaxPlain) }
	d := allocation.Draft{Channel: channel, Language: tag, Typed: allocation.Someone{Kind: people.Natural,
		Given: line("given"), Family: line("family"), Birth: form.PartialDate("birth"), Name: line("name"),
		Form: line("form"), Email: line("email"), Phone: line("phone"), Street: line("street"), Postcode: line("postcode"),
		Town: line("town")}}
	if form.Raw("kind") == string(people.Legal) {
		d.Typed.Kind = people.Legal
	}
	if l := form.Raw("language"); channel == allocation.Office && lang.Known(l) {
		d.Language = lang.Tag(l)
	}
	if form.Flag("consent") {
		d.Typed.Consents = []string{form.Text("consent-id", 60)}
	}
	if form.Flag("rules") {
		d.Typed.Rules = form.Text("rules-id", 60)
	}
	if channel == allocation.Office {
		d.On = form.Date("on")
	}
	d.Notes = allocation.Notes{Owned: form.Text("owned", allocation.MaxWords), Wished: form.Text("wished",
		allocation.MaxWords), Craft: form.Text("craft", allocation.MaxPlain), Message: form.Lines("message",
		allocation.MaxWords)}
	d.Wish = wish(page)
	return d
}

func wish(page entry) allocation.Wish {
	form := page.Form
	w := allocation.Wish{Way: allocation.Way(form.Text("way", 20)), Least: area(form, "least"), Ideal: area(form, "ideal"),
		Budget: form.Money("budget", 0, allocation.MaxBudget), Emits: ticked(form, "emits", allocation.Nuisances),
		Avoids: ticked(form, "avoids", allocation.Nuisances), Hours: ticked(form, "hours", allocation.Hours),
		From: form.Date("from"), StartBy: form.Date("start-by"), Practices: []allocation.PracticeID{},
		Places: []places.PlaceID{}}
	w.Needs = solver.Demand{Services: ticked(form, "services", allocation.Services),
		Load: int(form.Int("load", 0, allocation.MaxLoad)), Door: int(form.Int("door", 0, allocation.MaxLength)),
		Height: int(form.Int("height", 0, allocation.MaxLength))}
	if w.Ideal == 0 {
		w.Ideal = w.Least
	}
	for _, id := range chosen(form, "practice", page.Practices) {
		w.Practices = append(w.Practices, allocation.PracticeID(id))
	}
	for _, id := range chosen(form, "place", page.Places) {
		w.Places = append(w.Places, places.PlaceID(id))
	}
	return w
}

// chosen are the boxes that are ticked, each one of the options.
func chosen(form *web.Form, name string, options []web.Option) []string {
	var ids []string
	for _, o := range options {
		ids = append(ids, o.Value)
	}
	return form.Choices(name, ids...)
}

// fill shows an application in the form, to be corrected.
func fill(form *web.Form, a allocation.Application) {
	t, w, n := a.Typed, a.Wish, a.Notes
	whole := func(i int) string {
		if i == 0 {
			return ""
		}
		return strconv.Itoa(i)
	}
	for name, value := range map[string]string{"kind": string(t.Kind), "family": t.Family, "given": t.Given,
		"birth": t.Birth.String(), "name": t.Name, "form": t.Form, "street": t.Street, "postcode": t.Postcode,
		"town": t.Town, "phone": t.Phone, "email": t.Email, "language": string(a.Language), "craft": n.Craft,
		"way": string(w.Way), "least": places.Area(w.Least).Plain(), "ideal": places.Area(w.Ideal).Plain(),
		"load": whole(w.Needs.Load), "door": whole(w.Needs.Door), "height": whole(w.Needs.Height), "owned": n.Owned,
		"wished": n.Wished, "from": w.From.String(), "start-by": w.StartBy.String(), "message": n.Message} {
		form.Set(name, value)
	}
	if w.Budget > 0 {
		form.Set("budget", places.Area(w.Budget).Plain()) // an amount and an area are written alike
	}
	form.SetAll("services", allocation.Named(allocation.Services, w.Needs.Services))
	form.SetAll("emits", allocation.Named(allocation.Nuisances, w.Emits))
	form.SetAll("avoids", allocation.Named(allocation.Nuisances, w.Avoids))
	form.SetAll("hours", allocation.Named(allocation.Hours, w.Hours))
	var crafts, houses []string
	for _, id := range w.Practices {
		crafts = append(crafts, string(id))
	}
	for _, id := range w.Places {
		houses = append(houses, string(id))
	}
	form.SetAll("practice", crafts)
	form.SetAll("place", houses)
}

func ways(p *lang.Printer) (list []web.Option) {
	for _, w := range allocation.Ways {
		list = append(list, web.Option{Value: string(w), Label: capital(p, w.Words())})
	}
	return list
}

// problems are what the rules say of a draft, noted in the form.
func problems(r store.Reader, form *web.Form, d allocation.Draft) error {
	rs, err := allocation.Check(r, d)
	for _, one := range rs {
		form.Problem(one)
	}
	return err
}

// wishFacts is what somebody asks for, in words.
func wishFacts(p *lang.Printer, w allocation.Wish, n allocation.Notes, crafts map[allocation.PracticeID]string,
	houses map[places.PlaceID]string) (list []web.Fact) {
	fact := func(code, text string) {
		if text != "" {
			list = append(list, web.Fact{Name: p.T("allocation.page.fact." + code), Text: text})
		}
	}
	var names, at []string
	for _, id := range w.Practices {
		names = append(names, crafts[id])
	}
	for _, id := range w.Places {
		at = append(at, houses[id])
	}
	fact("practices", lang.Capital(p.List(names)))
	fact("craft", n.Craft)
	fact("way", lang.Capital(p.Words(w.Way.Words())))
	if len(at) == 0 {
		at = []string{p.T("allocation.page.any-place")}
	}
	fact("places", p.List(at))
	fact("area", span(p, w.Least, w.Ideal))
	if w.Budget > 0 {
		fact("budget", p.T("allocation.page.a-month", "amount", w.Budget))
	}
	fact("services", lang.Capital(allocation.ServiceWords(p, w.Needs.Services)))
	measure := func(code string, n int, unit string) {
		if n > 0 {
			fact(code, strconv.Itoa(n)+"\u00a0"+unit)
		}
	}
	measure("load", w.Needs.Load, "kg/m²")
	measure("door", w.Needs.Door, "cm")
	measure("height", w.Needs.Height, "cm")
	fact("emits", lang.Capital(allocation.NuisanceWords(p, w.Emits)))
	fact("avoids", lang.Capital(allocation.NuisanceWords(p, w.Avoids)))
	fact("hours", lang.Capital(allocation.HoursWords(p, w.Hours)))
	date := func(code string, d civil.Date) {
		if !d.IsZero() {
			fact(code, p.Date(d))
		}
	}
	date("from", w.From)
	date("start-by", w.StartBy)
	fact("owned", n.Owned)
	fact("wished", n.Wished)
	fact("message", n.Message)
	return list
}

// typedFacts is who asks, in words: for the office, and for themselves.
func typedFacts(p *lang.Printer, a allocation.Application) (list []web.Fact) {
	t := a.Typed
	fact := func(code, text string) {
		if text != "" {
			list = append(list, web.Fact{Name: p.T("allocation.page.fact." + code), Text: text})
		}
	}
	fact("name", t.Full())
	fact("form", t.Form)
	if !t.Birth.IsZero() {
		fact("birth", p.Date(t.Birth))
	}
	address := t.Street
	if town := t.Postcode + " " + t.Town; len(town) > 1 {
		if address != "" {
			address += ", "
		}
		address += town
	}
	fact("address", address)
	fact("email", t.Email)
	fact("phone", t.Phone)
	fact("language", capital(p, people.LangWords(a.Language)))
	return list
}

// called are the names of practices and places.
func called(r store.Reader, tag lang.Tag) (map[allocation.PracticeID]string, map[places.PlaceID]string, error) {
	crafts, houses := map[allocation.PracticeID]string{}, map[places.PlaceID]string{}
	known, err := allocation.Practices(r)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range known {
		crafts[c.ID] = c.Name(tag)
	}
	all, err := places.Places(r, places.Now(r))
	for _, p := range all {
		houses[p.ID] = p.Title
	}
	return crafts, houses, err
}

// auto is the browser's word for a field: on the public page people fill in what their browser knows of them.
func auto(page entry, word string) string {
	if page.Channel == allocation.Online {
		return word
	}
	return "off"
}
