package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"lieux/allocation"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/concession"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
)

// App is a served cooperative.
type App struct {
	db      *store.DB
	book    *lang.Book
	log     *slog.Logger
	post    Post
	demo    bool
	callers *web.Limiter
	wrong   *web.Limiter // codes of voting cards
	links   string       // http://localhost:8080, as letters and printed links begin
	feed    *web.Feed
	inside  *visitors

	mu      sync.Mutex
	known   tally
	checked verified
}

// Settings say how the door stands.
type Settings struct {
	Links   string         // public address, as https://coop.example
	Proxies []netip.Prefix // reverse proxies that are believed
	Demo    bool           // letters stay in the outbox; a banner says that people are invented
	Post    Post
}

// New makes the door of an open database.
func New(db *store.DB, book *lang.Book, log *slog.Logger, s Settings) (http.Handler, *App) {
	a := &App{db: db, book: book, log: log, post: s.Post, demo: s.Demo, links: s.Links,
		callers: web.NewLimiter(web.SignInPerCaller, db.Now), wrong: web.NewLimiter(web.WrongCards, db.Now),
		feed: web.NewFeed(db, log), inside: newVisitors(db)}
	secure := len(s.Links) > 5 && s.Links[:6] == "https:"
	site := &web.Site{Book: book, Sessions: web.NewSessions(people.NewSessions(db), secure), Who: a.who,
		Chrome: a.chrome, Shares: a.shares, Log: log,
		Now: db.Now, Proxies: s.Proxies, Secure: secure, Feed: a.feed}
	return heardOut(site.Handler(withPatience(a.Routes())...)), a
}

// who resolves a session for one request.
func (a *App) who(ctx context.Context, s web.Signed) (web.Who, error) {
	return a.inside.find(ctx, s, a.lookUp)
}

// lookUp resolves a session from the database. A passkey that was removed ends the sessions that it opened, and so does
// a meeting that is over those of its cards.
func (a *App) lookUp(ctx context.Context, s web.Signed) (who web.Who, err error) {
	err = a.db.View(ctx, func(v *store.View) error {
		if s.How == web.ByCard {
			who, err = cardBearer(v, s)
			return err
		}
		if s.How == web.ByPasskey {
			if there, err := people.HasPasskey(v, s.Key); err != nil || !there {
				return err
			}
		}
		visitor, enters, err := people.Enter(v, people.PersonID(s.Person), people.PersonID(s.For))
		if err != nil || !enters {
			return err
		}
		who = web.Who{Person: string(visitor.Person), Name: visitor.Name, Lang: visitor.Lang,
			For: web.Party{ID: string(visitor.For), Name: visitor.Party}, Guest: visitor.Guest}
		for _, role := range visitor.Roles {
			if r, ok := web.ParseRole(string(role)); ok {
				who.Roles |= r
			}
		}
		managed, err := concession.Acting{Person: visitor.Person, For: visitor.For}.Managed(v)
		if len(managed) > 0 {
			who.Roles |= web.Manager
		}
		return err
	})
	return who, err
}

// cardBearer is who entered by a voting card: a person, for one meeting until it is over.
func cardBearer(r store.Reader, s web.Signed) (who web.Who, err error) {
	m, found, err := meeting.Head(r, meeting.ID(s.Card))
	if err != nil || !found || m.Over() {
		return who, err
	}
	p, err := people.Standing(r, people.PersonID(s.Person))
	if err != nil || !p.Erased.IsZero() {
		return who, err
	}
	return web.Who{Person: string(p.ID), Name: p.Full(), Lang: p.Lang,
		Card: web.Meeting{ID: string(m.ID), Name: m.Name, Home: "/meetings/" + m.Name + "/vote"}}, nil
}

// shares says whether somebody else is reached at the person's e-mail address.
func (a *App) shares(ctx context.Context, who web.Who) (shares bool, err error) {
	err = a.db.View(ctx, func(v *store.View) error {
		shares, err = people.SharesAddress(v, people.PersonID(who.Person))
		return err
	})
	return shares, err
}

// tally is what the menu and the dashboard count. It is counted anew when the journal has grown or the day has changed.
type tally struct {
	head int64
	day  string
	at   time.Time

	coop, seat string
	hash       string
	twins      int64
	twinsAt    time.Time
	retained   int64
	late       int64
	pending    int64
	entrusted  int64 // tasks of concessions that are late
	occupying  int64 // what waits of the list of applications
	ending     int64
	holders    int64
	legal      int64
	shares     int64
	paid       int64
	hasShares  bool
	founded    bool
	away       store.Away
	isAway     bool
}

// tallyLife is how long a tally serves although another process may have written meanwhile.
const tallyLife = 30 * time.Second

// count gives the tally of now.
func (a *App) count(ctx context.Context) (tally, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.db.Now()
	if a.known.head == a.db.Head() && a.known.day == a.db.Today().String() && now.Sub(a.known.at) < tallyLife &&
		a.known.founded {
		return a.known, nil
	}
	t := tally{head: a.db.Head(), day: a.db.Today().String(), at: now, twins: a.known.twins, twinsAt: a.known.twinsAt}
	if err := a.db.View(ctx, func(v *store.View) error { return t.read(v) }); err != nil {
		return t, err
	}
	a.known = t
	return t, nil
}

func (t *tally) read(v *store.View) error {
	house, founded, err := people.TheHouse(v)
	if err != nil || !founded {
		return err
	}
	t.founded, t.hasShares = true, house.HasShares
	self, err := people.Get(v, house.Person)
	if err != nil {
		return err
	}
	t.coop = self.Full()
	homes, err := people.Addresses(v, house.Person)
	if err != nil {
		return err
	}
	if home, ok := people.AddressOn(homes, people.Home, v.Today(), v.Now()); ok {
		t.seat = home.Town
	}
	head, err := store.Head(v)
	if err != nil {
		return err
	}
	t.hash = short(head.Hash[:])
	if t.away, t.isAway, err = store.IsAway(v); err != nil {
		return err
	}
	return t.readWork(v)
}

// twinsLife is how long the count of duplicates serves: to compare a hundred thousand records takes seconds.
const twinsLife = 5 * time.Minute

// maxTwins is where the count of likely duplicates stops.
const maxTwins = 99

// mandatesSoon is how many days ahead the menu looks for mandates that end.
const mandatesSoon = 90

func (t *tally) readWork(v *store.View) error {
	if t.twinsAt.IsZero() || t.at.Sub(t.twinsAt) > twinsLife {
		twins, err := people.Twins(v, maxTwins)
		if err != nil {
			return err
		}
		t.twins, t.twinsAt = int64(len(twins)), t.at
	}
	var err error
	if t.retained, t.late, err = openPoints(v); err != nil {
		return err
	}
	amendments, err := bylaws.Amendments(v)
	if err != nil {
		return err
	}
	for _, m := range amendments {
		if m.State == bylaws.Pending {
			t.pending++
		}
	}
	ending, err := people.Ending(v, v.Today(), mandatesSoon)
	if err != nil {
		return err
	}
	t.ending = int64(len(ending))
	tasks, err := concession.Waiting(v)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		if task.Late(v.Today()) {
			t.entrusted++
		}
	}
	waiting, err := allocation.Tasks(v)
	if err != nil {
		return err
	}
	for _, task := range waiting {
		t.occupying += task.N
	}
	roll, err := register.RollOn(v, v.Today(), v.Today())
	if err != nil {
		return err
	}
	t.holders, t.shares, t.paid = roll.Heads(), roll.Shares, int64(roll.Paid)
	for _, h := range roll.Holders {
		if h.Kind == people.Legal {
			t.legal++
		}
	}
	return nil
}

// chrome is what surrounds every page, for one person.
func (a *App) chrome(ctx context.Context, who web.Who) (web.Chrome, error) {
	t, err := a.count(ctx)
	if err != nil {
		return web.Chrome{}, err
	}
	p := lang.From(ctx)
	c := web.Chrome{Coop: t.coop, Seat: t.seat, NoSearch: !who.May(web.Staff)}
	c.Banner = a.banner(p, t)
	if who.Card.Name != "" {
		for _, e := range []entry{{"app.menu.card.vote", who.Card.Home, web.Card},
			{"app.menu.card.meeting", "/meetings/" + who.Card.Name, web.Card}, {"app.menu.card.proxies", "/proxy", web.Card}} {
			c.Foot = append(c.Foot, web.Link{Text: p.T(e.code), Href: e.href})
		}
		return c, nil
	}
	c.Foot = append(c.Foot, web.Link{Text: p.T("places.visit.title"), Href: "/visit"})
	if !who.SignedIn() {
		return c, nil
	}
	c.Me = pathMine
	if who.Guest {
		c.Me = pathManaged
	}
	c.Journal = t.hash
	c.Stations = stations(p, who, t)
	if who.May(web.Staff) {
		c.JournalHref = "/journal"
		c.Foot = append(c.Foot, web.Link{Text: p.T("app.menu.journal"), Href: "/journal"})
	}
	if _, kept := a.post.(*Outbox); kept && (a.demo || who.May(web.Admin)) {
		c.Foot = append(c.Foot, web.Link{Text: p.T("app.menu.outbox"), Href: "/outbox"})
	}
	c.Foot = append(c.Foot, web.Link{Text: p.T("people.passkey.title"), Href: "/me/passkeys"})
	if represents, err := a.represents(ctx, who); err != nil {
		return web.Chrome{}, err
	} else if represents {
		c.Foot = append(c.Foot, web.Link{Text: p.T("app.menu.acting"), Href: "/acting"})
	}
	if who.May(web.Admin) {
		c.Foot = append(c.Foot, web.Link{Text: p.T("app.menu.settings"), Href: "/settings"})
	}
	return c, nil
}

// represents says whether the person may act for somebody else too.
func (a *App) represents(ctx context.Context, who web.Who) (is bool, err error) {
	err = a.db.View(ctx, func(v *store.View) error {
		parties, err := people.Parties(v, people.PersonID(who.Person), v.Today())
		is = len(parties) > 0
		return err
	})
	return is, err
}

// pathManaged is where who runs a place finds it.
const pathManaged = "/my/places"

// entry is a line of the second menu, with who may open it.
type entry struct {
	code, href string
	allow      web.Rights
}

// stations are the steps of the circle that have pages, as one person may open them.
func stations(p *lang.Printer, who web.Who, t tally) []web.Station {
	sub := func(entries ...entry) (links []web.Link) {
		for _, e := range entries {
			if who.May(e.allow) {
				links = append(links, web.Link{Text: p.T(e.code), Href: e.href})
			}
		}
		return links
	}
	var gather []web.Link
	if t.hasShares {
		gather = sub(entry{"app.menu.cooperators", "/register/cooperators", web.Staff},
			entry{"app.menu.mine", pathMine, web.Member}, entry{"app.menu.register", "/register", web.Member},
			entry{"app.menu.subscriptions", "/subscriptions", web.Staff},
			entry{"app.menu.payments", "/payments", web.Staff}, entry{"app.menu.leaving", "/leaving", web.Staff},
			entry{"app.menu.certificates", "/register/certificates", web.Staff},
			entry{"app.menu.campaigns", "/campaigns", web.Member}, entry{"app.menu.offer", "/offer", web.Staff},
			entry{"app.menu.classes", "/register/classes", web.Staff})
	}
	gather = append(gather, sub(entry{"app.menu.people", "/people", web.Staff},
		entry{"app.menu.duplicates", "/duplicates", web.Office | web.Admin},
		entry{"app.menu.import", "/register/imports", web.Office})...)
	decide := sub(entry{"app.menu.meetings", "/meetings", web.Member},
		entry{"app.menu.my-meetings", "/my/meetings", web.Member},
		entry{"app.menu.assemblies", "/assemblies", web.Member}, entry{"app.menu.retained", "/retained",
			web.Member},
		entry{"app.menu.resolutions", "/resolutions", web.Member}, entry{"app.menu.tasks", "/tasks", web.Staff},
		entry{"app.menu.bylaws", "/bylaws", web.Member}, entry{"app.menu.mandates", "/mandates", web.Member},
		entry{"app.menu.bodies", "/bodies", web.Member}, entry{"app.menu.reports", "/reports", web.Member})
	build := sub(entry{"places.page.places", "/places", web.Member},
		entry{"works.page.works", "/works", web.Member}, entry{"places.page.spaces", "/spaces", web.Member},
		entry{"places.page.mine", "/my/spaces", web.Member})
	entrust := sub(entry{"concession.page.managed", "/my/places", web.Manager},
		entry{"concession.page.concessions", "/concessions", web.Member},
		entry{"concession.page.evaluations", "/evaluations", web.Member | web.Manager},
		entry{"concession.page.charter", "/charter", web.Member | web.Manager})
	occupy := sub(entry{"allocation.page.list", "/applications", web.Staff},
		entry{"allocation.page.rounds", "/allocations", web.Staff})
	account := sub(entry{"app.menu.journal", "/journal", web.Staff},
		entry{"app.menu.access", "/access", web.Admin}, entry{"app.menu.retention", "/retention", web.Staff})
	list := []web.Station{{Step: web.Gather, Sub: gather}, {Step: web.Decide, Sub: decide, Waiting: t.retained +
		t.pending + t.ending}, {Step: web.Build, Sub: build},
		{Step: web.Entrust, Sub: entrust}}
	if who.May(web.Staff) {
		list[0].Waiting, list[3].Waiting = t.twins, t.entrusted
		list = append(list, web.Station{Step: web.Occupy, Sub: occupy, Waiting: t.occupying},
			web.Station{Step: web.Account, Sub: account})
	}
	for i := range list {
		if len(list[i].Sub) > 0 {
			list[i].Href = list[i].Sub[0].Href
		}
	}
	return list
}
