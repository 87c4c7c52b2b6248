package works

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// SiteID is the id of a site.
type SiteID string

// Ref names the site in the journal.
func (id SiteID) Ref() store.Ref { return store.Ref{Kind: "works-site", ID: string(id)} }

// SiteState is how far a site has come.
type SiteState string

// The states.
const (
	Prepared SiteState = "planned"
	Opened   SiteState = "open"
	Closed   SiteState = "closed"
)

// SiteStates lists them.
var SiteStates = []SiteState{Prepared, Opened, Closed}

// Words names the state.
func (s SiteState) Words() lang.Phrase { return lang.Say("works.site." + string(s)) }

// SiteFact is what is said of a site from a day on.
type SiteFact struct {
	ID       string
	Site     SiteID
	From     civil.Date
	State    SiteState
	Title    string
	About    string
	Spaces   []places.PartID   // that nobody can use while it is open
	Decision people.DecisionID // of the board, by which it is done; may be empty
	Why      string
	Made
}

// Site is a building site as it stands.
type Site struct {
	SiteFact `json:"-"`
	ID       SiteID
	Place    places.PlaceID
	Number   int64
	Begun    Made
}

// Limits of a site.
const (
	MaxSpaces = 50 // that one site takes out of use
	MaxLots   = 60
	MaxCosts  = 2000 // of one site
	MaxPapers = 300
)

// AddSite plans a site.
func AddSite(tx *store.Tx, id places.PlaceID, f SiteFact) (SiteID, error) {
	place, err := placed(tx, id)
	if err != nil {
		return "", err
	}
	s := Site{ID: SiteID(tx.ID()), Place: id, Begun: made(tx)}
	f.Site, f.State = s.ID, Prepared
	if err := f.check(tx, id); err != nil {
		return "", err
	}
	if s.Number, err = tx.Next("works.site"); err != nil {
		return "", err
	}
	if err := insertSite(tx, s); err != nil {
		return "", err
	}
	tx.Answer(string(s.ID))
	tx.Record(store.Line{About: []store.Ref{id.Ref(), s.ID.Ref()}, Args: map[string]any{"place": place.Title,
		"title": f.Title, "number": s.Number}})
	return s.ID, insertSiteFact(tx, f)
}

// AmendSite says something new of a site from a day on: it opens, closes, opens again, or is described otherwise. While
// it is open its spaces are building sites: it is refused while anybody is in one of them, or is to enter it. Works
// around somebody who stays are a site without that space.
func AmendSite(tx *store.Tx, f SiteFact) error {
	s, err := SiteByID(tx, f.Site)
	if err != nil {
		return err
	}
	if err := f.check(tx, s.Place); err != nil {
		return err
	}
	if f.From.Before(s.From) {
		return fault.Refuse("works.refusal.site-order", "from", s.From).At("from")
	}
	if f.State == Prepared && s.State != Prepared {
		return fault.Refuse("works.refusal.site-state").At("state")
	}
	tx.Answer(string(s.ID))
	tx.Record(store.Line{About: []store.Ref{s.Place.Ref(), s.ID.Ref()}, Args: map[string]any{"title": f.Title,
		"number": s.Number, "state": f.State.Words(), "from_on": f.From.String()}})
	if err := insertSiteFact(tx, f); err != nil {
		return err
	}
	return tx.Quietly(func() error { return f.occupy(tx, s) })
}

func (f SiteFact) check(r store.Reader, place places.PlaceID) error {
	var c checker
	c.need("title", f.Title, MaxTitle)
	c.short("about", f.About, MaxText)
	c.past("from", f.From, r.Today())
	if !f.From.IsZero() && !f.From.IsDay() {
		c.no("from", "day")
	}
	if !slices.Contains(SiteStates, f.State) {
		c.no("state", "choice")
	}
	if len(f.Spaces) > MaxSpaces {
		c.no("spaces", "too-many", "limit", MaxSpaces)
	}
	for _, id := range f.Spaces {
		if err := c.within(r, "spaces", place, id); err != nil {
			return err
		}
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	return nil
}

// occupy tells the places which spaces are building sites from now on, and which are no longer: those that no other
// open site has.
func (f SiteFact) occupy(tx *store.Tx, before Site) error {
	others := map[places.PartID]bool{}
	all, err := Sites(tx)
	if err != nil {
		return err
	}
	for _, s := range all {
		for _, id := range s.Spaces {
			others[id] = others[id] || s.ID != f.Site && s.State == Opened
		}
	}
	for _, id := range union(before.Spaces, f.Spaces) {
		site := others[id] || f.State == Opened && slices.Contains(f.Spaces, id)
		if err := setWorks(tx, id, f, site); err != nil {
			return err
		}
	}
	return nil
}

func setWorks(tx *store.Tx, id places.PartID, f SiteFact, site bool) error {
	part, err := places.PartByID(tx, id, places.On(f.From))
	if err != nil || part.Closed || part.Works == site {
		return err
	}
	fact := part.Fact
	fact.From, fact.Works, fact.Why = f.From, site, f.Title
	err = places.AmendPart(tx, fact)
	wrong := fault.Of(err)
	if len(wrong) == 0 {
		return err
	}
	for i := range wrong {
		wrong[i] = wrong[i].At("spaces") // the form of a site has no field of a place
	}
	return wrong
}

func union[T comparable](a, b []T) []T {
	list := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// Sites lists every site as it stands, the newest first.
func Sites(r store.Reader) ([]Site, error) {
	heads, err := store.List(r, qSites, scanSite)
	if err != nil {
		return nil, err
	}
	last := map[SiteID]SiteFact{}
	if err := store.Each(r, qSiteFacts, func(row store.Row) error {
		f, err := scanSiteFact(row)
		last[f.Site] = f
		return err
	}); err != nil {
		return nil, err
	}
	for i := range heads {
		heads[i].SiteFact = last[heads[i].ID]
	}
	slices.Reverse(heads)
	return heads, nil
}

// SitesOf lists the sites of a place.
func SitesOf(r store.Reader, place places.PlaceID) ([]Site, error) {
	list, err := store.List(r, qSitesOf, scanSite, string(place))
	if err != nil {
		return nil, err
	}
	for i := range list {
		facts, err := SiteHistory(r, list[i].ID)
		if err != nil {
			return nil, err
		}
		if len(facts) > 0 {
			list[i].SiteFact = facts[len(facts)-1]
		}
	}
	return list, nil
}

// SiteAccounts are the accounts of all sites as they stand today.
func SiteAccounts(r store.Reader) (map[SiteID]Account, error) {
	all := map[SiteID]Account{}
	return all, eachLot(r, func(_ places.PlaceID, site SiteID, a Account) { all[site] = all[site].Plus(a) })
}

// eachLot tells the account of every lot as it stands today, with where it lies.
func eachLot(r store.Reader, fn func(places.PlaceID, SiteID, Account)) error {
	var place places.PlaceID
	var site SiteID
	var costs []Cost // sums by kind, of one lot
	tell := func() {
		if len(costs) > 0 {
			fn(place, site, Reckon(costs, nil))
		}
	}
	err := store.Each(r, qLotSums, func(row store.Row) error {
		var p places.PlaceID
		var s SiteID
		var c Cost
		err := row.Scan(&p, &s, &c.Lot, &c.Kind, &c.Cents)
		if len(costs) > 0 && costs[0].Lot != c.Lot {
			tell()
			costs = costs[:0]
		}
		place, site, costs = p, s, append(costs, c)
		return err
	}, r.Today().String())
	tell()
	return err
}

// SiteByID reads a site as it stands; an unknown id is refused.
func SiteByID(r store.Reader, id SiteID) (Site, error) {
	s, found, err := store.Find(r, qSite, scanSite, string(id))
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-site")
	}
	if err != nil {
		return s, err
	}
	facts, err := SiteHistory(r, id)
	if len(facts) > 0 {
		s.SiteFact = facts[len(facts)-1]
	}
	return s, err
}

// SiteHistory is everything that was said of a site, the oldest first.
func SiteHistory(r store.Reader, id SiteID) ([]SiteFact, error) {
	return store.List(r, qFactsOfSite, scanSiteFact, string(id))
}

// Paper is a document or a photograph of a site.
type Paper struct {
	ID       string
	Site     SiteID
	Kind     string // "photo" or "paper"
	Title    string
	Document string
	On       civil.Date
	Dropped  civil.Instant // 0 while it is shown
	Made
}

// Attach adds a document to a site; what is an image is a photograph.
func Attach(tx *store.Tx, p Paper, u *documents.Upload) error {
	s, err := SiteByID(tx, p.Site)
	if err != nil {
		return err
	}
	var c checker
	c.need("title", p.Title, MaxTitle)
	c.past("on", p.On, tx.Today())
	there, err := Papers(tx, s.ID)
	if err != nil {
		return err
	}
	if len(there) >= MaxPapers {
		c.no("title", "too-many", "limit", MaxPapers)
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	d, err := documents.Add(tx, u)
	if err != nil {
		return err
	}
	p.ID, p.Document, p.Made, p.Kind = tx.ID(), d.ID, made(tx), "paper"
	if isPicture(d.Media) {
		p.Kind = "photo"
	}
	tx.Record(store.Line{About: []store.Ref{s.Place.Ref(), s.ID.Ref()}, Args: map[string]any{"title": p.Title,
		"site": s.Title}})
	return insertPaper(tx, p)
}

// Detach hides a document of a site; it stays in the archive.
func Detach(tx *store.Tx, id string) error {
	p, found, err := store.Find(tx, qPaper, scanPaper, id)
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-paper")
	}
	if err != nil || p.Dropped != 0 {
		return err
	}
	s, err := SiteByID(tx, p.Site)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{s.Place.Ref(), s.ID.Ref()}, Args: map[string]any{"title": p.Title,
		"site": s.Title}})
	_, err = tx.Exec(qDropPaper, id, int64(tx.Now()))
	return err
}

// Papers lists the documents of a site that are shown, the latest first.
func Papers(r store.Reader, id SiteID) ([]Paper, error) {
	list, err := store.List(r, qPapersOf, scanPaper, string(id))
	return slices.DeleteFunc(list, func(p Paper) bool { return p.Dropped != 0 }), err
}

// Lot is a part of a site that one contractor does, or the cooperative itself.
type Lot struct {
	ID         string
	Site       SiteID
	Position   int64
	Title      string
	Contractor string // an enterprise; empty: the cooperative itself
	Line       LineID // of the outlook, which it does; may be empty
	Made
}

// CostKind is what an entry of a lot's ledger is.
type CostKind string

// The kinds.
const (
	Budget     CostKind = "budget"
	Commitment CostKind = "commitment" // an order that was signed
	Invoice    CostKind = "invoice"
)

// CostKinds lists them.
var CostKinds = []CostKind{Budget, Commitment, Invoice}

// Words names the kind.
func (k CostKind) Words() lang.Phrase { return lang.Say("works.cost." + string(k)) }

// Cost is an entry of a lot's ledger, with VAT where it is owed. A budget that is cut and a credit note are negative.
type Cost struct {
	ID        string
	Lot       string
	Kind      CostKind
	On        civil.Date
	Cents     money.Cents
	Reference string // of the offer or the invoice
	Note      string
	Document  string
	Made
}

// Account is what the ledger of a lot, a site or a place adds up to. It is money alone: no hour of a volunteer and no
// reclaimed material has a place in it. An order of one lot does not pay the invoice of another: what was invoiced
// above the orders is known lot by lot, and added up.
type Account struct {
	Budget, Committed, Invoiced money.Cents
	Unordered                   money.Cents // of the lots: what was invoiced without an order, or above it
}

// Plus adds two accounts.
func (a Account) Plus(b Account) Account {
	return Account{a.Budget + b.Budget, a.Committed + b.Committed, a.Invoiced + b.Invoiced, a.Unordered + b.Unordered}
}

// Cost is what is known to be spent: of each lot what was ordered, or what was invoiced when that is more.
func (a Account) Cost() money.Cents { return a.Committed + a.Unordered }

// Left is what of the budget is not spent; negative for an overrun.
func (a Account) Left() money.Cents { return a.Budget - a.Cost() }

// Over is by how much the cost is above the budget; 0 while it is not.
func (a Account) Over() money.Cents { return max(0, -a.Left()) }

// Reckon adds the entries of one lot up; those that were reversed do not count.
func Reckon(costs []Cost, gone map[string]Reversal) (a Account) {
	for _, c := range costs {
		fault.Must(c.Lot == costs[0].Lot, "the entries of two lots are one account: %s, %s", costs[0].Lot, c.Lot)
		if _, reversed := gone[c.ID]; reversed {
			continue
		}
		switch c.Kind {
		case Budget:
			a.Budget += c.Cents
		case Commitment:
			a.Committed += c.Cents
		case Invoice:
			a.Invoiced += c.Cents
		}
	}
	a.Unordered = max(0, a.Invoiced-a.Committed)
	return a
}

// AddLot adds a lot to a site.
func AddLot(tx *store.Tx, l Lot) (string, error) {
	s, err := SiteByID(tx, l.Site)
	if err != nil {
		return "", err
	}
	lots, err := LotsOf(tx, l.Site)
	if err != nil {
		return "", err
	}
	var c checker
	c.need("title", l.Title, MaxTitle)
	c.short("contractor", l.Contractor, MaxTitle)
	if len(lots) >= MaxLots {
		c.no("title", "too-many", "limit", MaxLots)
	}
	if l.Line != "" {
		line, err := LineByID(tx, l.Line)
		if err != nil && fault.Of(err) == nil {
			return "", err
		}
		if err != nil || line.Place != s.Place {
			c.no("line", "choice")
		}
	}
	if len(c.wrong) > 0 {
		return "", c.wrong
	}
	l.ID, l.Position, l.Made = tx.ID(), int64(len(lots)+1), made(tx)
	tx.Record(store.Line{About: []store.Ref{s.Place.Ref(), s.ID.Ref()}, Args: map[string]any{"lot": l.Title,
		"site": s.Title}})
	return l.ID, insertLot(tx, l)
}

// LotsOf lists the lots of a site.
func LotsOf(r store.Reader, site SiteID) ([]Lot, error) {
	return store.List(r, qLotsOf, scanLot, string(site))
}

// Enter writes an entry into the ledger of a lot; u is its paper, or nil.
func Enter(tx *store.Tx, e Cost, u *documents.Upload) (string, error) {
	lot, found, err := store.Find(tx, qLot, scanLot, e.Lot)
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-lot").At("lot")
	}
	if err != nil {
		return "", err
	}
	s, err := SiteByID(tx, lot.Site)
	if err != nil {
		return "", err
	}
	var c checker
	if !slices.Contains(CostKinds, e.Kind) {
		c.no("kind", "choice")
	}
	if e.Cents == 0 || e.Cents > money.Max || e.Cents < -money.Max {
		c.no("cents", "amount")
	}
	c.past("on", e.On, tx.Today())
	c.short("reference", e.Reference, MaxTitle)
	c.short("note", e.Note, MaxWhy)
	costs, err := CostsOf(tx, s.ID)
	if err != nil {
		return "", err
	}
	if len(costs) >= MaxCosts {
		c.no("cents", "too-many", "limit", MaxCosts)
	}
	if len(c.wrong) > 0 {
		return "", c.wrong
	}
	if e.Document, err = kept(tx, u); err != nil {
		return "", err
	}
	e.ID, e.Made = tx.ID(), made(tx)
	tx.Record(store.Line{About: []store.Ref{s.Place.Ref(), s.ID.Ref()}, Args: map[string]any{"lot": lot.Title,
		"site": s.Title, "kind": e.Kind.Words(), "amount_cents": int64(e.Cents)}})
	return e.ID, insertCost(tx, e)
}

// CostsOf lists the entries of a site's lots, in the order in which they were written.
func CostsOf(r store.Reader, site SiteID) ([]Cost, error) {
	return store.List(r, qCostsOf, scanCost, string(site))
}

// kept makes an upload a document and gives its id; nothing for none.
func kept(tx *store.Tx, u *documents.Upload) (string, error) {
	if u == nil {
		return "", nil
	}
	d, err := documents.Add(tx, u)
	return d.ID, err
}
