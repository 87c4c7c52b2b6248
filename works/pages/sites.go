package pages

import (
	"slices"

	"github.com/a-h/templ"

	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/places"
	"lieux/works"
)

func (s *screens) siteRoutes() []web.Route {
	one := "/works/sites/{id}"
	return []web.Route{
		{Pattern: "GET /works/sites", Allow: web.Member, Handle: s.sites},
		{Pattern: "GET /works/sites.csv", Allow: web.Staff, Handle: s.costsAs("csv")},
		{Pattern: "GET /works/sites.xlsx", Allow: web.Staff, Handle: s.costsAs("xlsx")},
		{Pattern: "GET /works/sites/new", Allow: writers, Handle: s.newSite},
		{Pattern: "POST /works/sites", Allow: writers, Handle: s.addSite},
		{Pattern: "GET " + one, Allow: web.Member, Handle: s.site},
		{Pattern: "GET " + one + "/facts", Allow: writers, Handle: s.siteFacts},
		{Pattern: "POST " + one + "/facts", Allow: writers, Handle: s.amendSite},
		{Pattern: "POST " + one + "/lots", Allow: writers, Handle: s.addLot, From: one},
		{Pattern: "POST " + one + "/costs", Allow: writers, Handle: s.enterCost, From: one, Body: maxBody},
		{Pattern: "POST " + one + "/papers", Allow: writers, Handle: s.attach, From: one, Body: maxBody},
		{Pattern: "POST " + one + "/papers/{paper}/hiding", Allow: writers, Handle: s.detach, From: one},
		{Pattern: "POST " + one + "/reversal", Allow: writers, Handle: s.reverseCost, From: one},
	}
}

// siteRow is a site in a list.
type siteRow struct {
	works.Site
	Account works.Account
	Place   places.Place
}

// sitesPage is what GET /works/sites shows.
type sitesPage struct {
	Rows    []siteRow
	Pager   web.Pager
	Total   works.Account
	Exports []web.Link
}

func (s *screens) sites(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page sitesPage, err error) {
		list, err := openSites(r)
		if err != nil {
			return page, err
		}
		accounts, err := works.SiteAccounts(r)
		for i := range list {
			list[i].Account = accounts[list[i].ID]
			page.Total = page.Total.Plus(list[i].Account)
		}
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		page.Rows = list[from:min(from+pageSize, int64(len(list)))]
		if q.Who.May(web.Staff) {
			page.Exports = exports(q.R.URL, pathSites)
		}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(sitesView(page))
}

// openSites lists the sites of open places, place by place, without their accounts.
func openSites(r store.Reader) (rows []siteRow, err error) {
	list, err := openPlaces(r)
	if err != nil {
		return nil, err
	}
	all, err := works.Sites(r)
	of := map[places.PlaceID][]works.Site{}
	for _, site := range all {
		of[site.Place] = append(of[site.Place], site)
	}
	for _, place := range list {
		for _, site := range of[place.ID] {
			rows = append(rows, siteRow{Site: site, Place: place})
		}
	}
	return rows, err
}

// costsAs gives the sites of the list out, each with every entry of its ledger.
func (s *screens) costsAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		rows, err := view(q, s.DB, func(r store.Reader) (rows [][]sheets.Cell, err error) {
			list, err := openSites(r)
			if err != nil {
				return nil, err
			}
			for _, row := range list {
				some, err := costCells(r, q.P, row)
				if err != nil {
					return nil, err
				}
				rows = append(rows, some...)
			}
			return rows, nil
		})
		if err != nil {
			return err
		}
		return s.send(q, q.T("works.tab.sites"), format, heads(q, "site", "place", "state", "lot", "contractor", "kind",
			"day", "cents", "reference", "note", "reversed"), slices.Values(rows))
	}
}

// costCells are the lines of a site: one for each entry, one when there is none.
func costCells(r store.Reader, p *lang.Printer, site siteRow) (rows [][]sheets.Cell, err error) {
	lots, err := works.LotsOf(r, site.Site.ID)
	if err != nil {
		return nil, err
	}
	gone, err := works.Reversed(r, site.Site.Place)
	if err != nil {
		return nil, err
	}
	head := []sheets.Cell{sheets.Text(site.Title), sheets.Text(site.Place.Title), sheets.Text(p.Words(site.State.Words()))}
	costs, err := works.CostsOf(r, site.Site.ID)
	if len(costs) == 0 {
		return [][]sheets.Cell{append(head, make([]sheets.Cell, 8)...)}, err
	}
	for _, e := range costs {
		i := slices.IndexFunc(lots, func(l works.Lot) bool { return l.ID == e.Lot })
		rows = append(rows, append(slices.Clone(head), sheets.Text(lots[i].Title), sheets.Text(lots[i].Contractor),
			sheets.Text(p.Words(e.Kind.Words())), sheets.Date(e.On), sheets.Money(e.Cents), sheets.Text(e.Reference),
			sheets.Text(e.Note), sheets.Text(gone[e.ID].Why)))
	}
	return rows, err
}

// siteForm is the form of a site's facts.
type siteForm struct {
	Form     *web.Form
	Site     works.Site // the zero one for a new site
	Place    places.Place
	Places   []web.Option
	States   []web.Option
	Spaces   []web.Option
	Decision peopleview.DecisionChoice
}

// deciding is the part of a form by which the board decides.
func deciding() peopleview.Deciding {
	return peopleview.Deciding{Name: "decision", By: []people.BodyKind{people.Board}}
}

func (s *screens) siteForm(q *web.Request, form *web.Form) (siteForm, error) {
	return view(q, s.DB, func(r store.Reader) (page siteForm, err error) {
		page = siteForm{Form: form, States: worded(q.P, works.SiteStates, works.SiteState.Words)}
		if q.Path("id") == "" {
			list, err := openPlaces(r)
			page.Places = placeOptions(list)
			return page, err
		}
		if page.Site, err = found(works.SiteByID(r, works.SiteID(q.Path("id")))); err != nil {
			return page, err
		}
		if page.Place, err = places.PlaceByID(r, page.Site.Place, places.Now(r)); err != nil {
			return page, err
		}
		if page.Decision, err = deciding().Offer(r, q.P, form); err != nil {
			return page, err
		}
		spaces, err := places.SpacesOf(r, page.Site.Place, places.Now(r))
		for _, part := range spaces {
			page.Spaces = append(page.Spaces, web.Option{Value: string(part.ID), Label: part.Name()})
		}
		return page, err
	})
}

func (s *screens) newSite(q *web.Request) error {
	form := q.Blank().Set("from", s.DB.Today().String())
	page, err := s.siteForm(q, form)
	if err != nil {
		return err
	}
	if place, there, err := s.asked(q); err != nil {
		return err
	} else if there {
		form.Set("place", string(place.ID))
	}
	return q.Page(siteFormView(page))
}

// asked is the place that the address asks for.
func (s *screens) asked(q *web.Request) (place places.Place, there bool, err error) {
	err = s.DB.View(q.Context(), func(v *store.View) error {
		place, there, err = places.PlaceNamed(v, q.Query("place"), places.Now(v))
		return err
	})
	return place, there, err
}

func readSite(form *web.Form) works.SiteFact {
	return works.SiteFact{Title: form.Need("title", works.MaxTitle), About: form.Lines("about", works.MaxText),
		From: form.NeedDate("from"), Why: form.Text("why", works.MaxWhy)}
}

func (s *screens) addSite(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.siteForm(q, form)
	if err != nil {
		return err
	}
	f, place := readSite(form), places.PlaceID(form.Need("place", 40))
	if done, err := s.act(q, form, "add-site", func(tx *store.Tx) error {
		_, err := works.AddSite(tx, place, f)
		return err
	}, func(answer string) string { return pathSites + "/" + answer }); done {
		return err
	}
	return q.Again(siteFormView(page))
}

func (s *screens) siteFacts(q *web.Request) error {
	form := q.Blank()
	page, err := s.siteForm(q, form)
	if err != nil {
		return err
	}
	form.Set("title", page.Site.Title).Set("about", page.Site.About).Set("from", s.DB.Today().String()).
		Set("state", string(page.Site.State)).SetAll("spaces", values(page.Site.Spaces))
	return q.Page(siteFormView(page))
}

func (s *screens) amendSite(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.siteForm(q, form)
	if err != nil {
		return err
	}
	ruling, err := view(q, s.DB, func(r store.Reader) (peopleview.Ruling, error) { return deciding().Take(r, form) })
	if err != nil {
		return err
	}
	f := readSite(form)
	f.Site, f.State = page.Site.ID, works.SiteState(form.Choice("state", values(works.SiteStates)...))
	var ids []string
	for _, o := range page.Spaces {
		ids = append(ids, o.Value)
	}
	for _, id := range form.Choices("spaces", ids...) {
		f.Spaces = append(f.Spaces, places.PartID(id))
	}
	if done, err := s.act(q, form, "amend-site", func(tx *store.Tx) (err error) {
		f.Decision = page.Site.Decision
		if !ruling.None() {
			if err := tx.Quietly(func() error { f.Decision, err = ruling.Record(tx); return err }); err != nil {
				return err
			}
		}
		return works.AmendSite(tx, f)
	}, always(pathOfSite(f.Site))); done {
		return err
	}
	return q.Again(siteFormView(page))
}

// sitePage is what GET /works/sites/{id} shows.
type sitePage struct {
	Form     *web.Form
	Site     works.Site
	Place    places.Place
	Account  works.Account
	Lots     []works.LotAccount
	Costs    []costRow
	Photos   []works.Paper
	Papers   []works.Paper
	Spaces   []string
	Lines    []web.Option
	LotsFor  []web.Option
	Kinds    []web.Option
	Decision web.Link
	Days     []works.Day
	Reused   []works.Reuse
	Past     []works.SiteFact
	Timeline templ.Component
	Titles   map[works.LineID]string
}

// costRow is an entry of a ledger, in words.
type costRow struct {
	works.Cost
	Title string
	Gone  string // why it was reversed
}

func (s *screens) readSitePage(q *web.Request, form *web.Form) (sitePage, error) {
	return view(q, s.DB, func(r store.Reader) (page sitePage, err error) {
		page = sitePage{Form: form, Titles: map[works.LineID]string{},
			Kinds: worded(q.P, works.CostKinds, works.CostKind.Words)}
		if page.Site, err = found(works.SiteByID(r, works.SiteID(q.Path("id")))); err != nil {
			return page, err
		}
		if page.Place, err = places.PlaceByID(r, page.Site.Place, places.Now(r)); err != nil {
			return page, err
		}
		if err := page.readMoney(r); err != nil {
			return page, err
		}
		if err := page.readAround(r, q.P); err != nil {
			return page, err
		}
		if q.Who.May(web.Staff) {
			page.Timeline, err = s.history(q, r, page.Site.ID.Ref())
		}
		return page, err
	})
}

func (page *sitePage) readMoney(r store.Reader) error {
	cash, err := works.CashOf(r, page.Site.Place, r.Today(), r.Today())
	if err != nil {
		return err
	}
	for _, one := range cash.Sites {
		if one.Site.ID == page.Site.ID {
			page.Account, page.Lots = one.Account, one.Lots
		}
	}
	titles := map[string]string{}
	for _, l := range page.Lots {
		titles[l.Lot.ID] = l.Lot.Title
		page.LotsFor = append(page.LotsFor, web.Option{Value: l.Lot.ID, Label: l.Lot.Title})
	}
	gone, err := works.Reversed(r, page.Site.Place)
	if err != nil {
		return err
	}
	costs, err := works.CostsOf(r, page.Site.ID)
	for _, c := range slices.Backward(costs) {
		page.Costs = append(page.Costs, costRow{c, titles[c.Lot], gone[c.ID].Why})
	}
	return err
}

func (page *sitePage) readAround(r store.Reader, p *lang.Printer) error {
	names, err := partNames(r, page.Site.Place)
	if err != nil {
		return err
	}
	for _, id := range page.Site.Spaces {
		page.Spaces = append(page.Spaces, names[id])
	}
	lines, err := works.OutlookOn(r, page.Site.Place, r.Today())
	if err != nil {
		return err
	}
	page.Lines = []web.Option{{Label: p.T("works.page.no-line-of")}}
	for _, l := range lines {
		page.Titles[l.ID] = l.Title
		if l.State.Open() {
			page.Lines = append(page.Lines, web.Option{Value: string(l.ID), Label: l.Title})
		}
	}
	papers, err := works.Papers(r, page.Site.ID)
	if err != nil {
		return err
	}
	for _, paper := range papers {
		if paper.Kind == "photo" {
			page.Photos = append(page.Photos, paper)
		} else {
			page.Papers = append(page.Papers, paper)
		}
	}
	if page.Site.Decision != "" {
		if page.Decision.Text, page.Decision.Href, err = peopleview.DecisionWords(r, p, page.Site.Decision); err != nil {
			return err
		}
	}
	days, err := works.DaysOfSite(r, page.Site.ID)
	if err != nil {
		return err
	}
	page.Days = slices.DeleteFunc(days, func(d works.Day) bool { return d.State == works.Draft })
	page.Past, err = works.SiteHistory(r, page.Site.ID)
	slices.Reverse(page.Past)
	return err
}

func (s *screens) site(q *web.Request) error {
	page, err := s.readSitePage(q, q.Blank().Set("on", s.DB.Today().String()).Set("kind", string(works.Invoice)))
	if err != nil {
		return err
	}
	return q.Page(siteView(page))
}

// onSite calls a verb for one of the forms on the page of a site, and shows the page again when it is refused.
func (s *screens) onSite(q *web.Request, form *web.Form, verb string, fn func(*store.Tx, works.SiteID) error) error {
	id := works.SiteID(q.Path("id"))
	if done, err := s.act(q, form, verb, func(tx *store.Tx) error { return fn(tx, id) },
		always(pathOfSite(id))); done {
		return err
	}
	page, err := s.readSitePage(q, form)
	if err != nil {
		return err
	}
	return q.Again(siteView(page))
}

func (s *screens) addLot(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	lot := works.Lot{Title: form.Need("title", works.MaxTitle), Contractor: form.Text("contractor", works.MaxTitle),
		Line: works.LineID(form.Text("line", 40))}
	return s.onSite(q, form, "add-lot", func(tx *store.Tx, id works.SiteID) error {
		lot.Site = id
		_, err := works.AddLot(tx, lot)
		return err
	})
}

func (s *screens) enterCost(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	e := works.Cost{Lot: form.Need("lot", 40), Kind: works.CostKind(form.Choice("kind", values(works.CostKinds)...)),
		On: form.NeedDate("on"), Cents: form.Money("cents", -money.Max, money.Max),
		Reference: form.Text("reference", works.MaxTitle), Note: form.Text("note", works.MaxWhy)}
	u, err := upload(form, "file")
	if err != nil {
		return err
	}
	return s.onSite(q, form, "enter-cost", func(tx *store.Tx, _ works.SiteID) error {
		_, err := works.Enter(tx, e, u)
		return err
	})
}

func (s *screens) attach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	paper := works.Paper{Title: form.Need("paper-title", works.MaxTitle), On: form.NeedDate("on")}
	form.NeedFile("paper", documents.MaxSize)
	u, err := upload(form, "paper")
	if err != nil {
		return err
	}
	return s.onSite(q, form, "attach", func(tx *store.Tx, id works.SiteID) error {
		paper.Site = id
		return works.Attach(tx, paper, u)
	})
}

func (s *screens) detach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	return s.onSite(q, form, "detach", func(tx *store.Tx, _ works.SiteID) error {
		return works.Detach(tx, q.Path("paper"))
	})
}

func (s *screens) reverseCost(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	entry, why := form.Need("entry", 40), form.Need("why", works.MaxWhy)
	return s.onSite(q, form, "reverse", func(tx *store.Tx, _ works.SiteID) error {
		return works.Reverse(tx, works.OfCosts, entry, why)
	})
}
