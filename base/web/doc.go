// Package web is the door of the house: what every request passes, and the pieces from which every page is made. It
// knows no room, and of the database only the journal that live screens follow ([Feed]); the application hands it a
// session store, a way to tell who is at the keyboard, and what surrounds a page ([Site]).
//
// # A room's pages
//
// A room's pages/ folder holds one list of routes, handlers that translate, and templ files that draw.
//
//	// pages.go
//	type Pages struct{ DB *store.DB }
//
//	func (p Pages) Routes() []web.Route {
//		return []web.Route{
//			{Pattern: "GET /register/cooperators", Allow: web.Office | web.Board, Handle: p.list},
//			{Pattern: "GET /register/subscriptions/new", Allow: web.Office, Handle: p.newSubscription},
//			{Pattern: "POST /register/subscriptions", Allow: web.Office, Handle: p.subscribe,
//				From: "/register/subscriptions/new"},
//		}
//	}
//
//	// subscription.go: read the form, call one verb, redirect or show again
//	func (p Pages) subscribe(q *web.Request) error {
//		form, err := q.Form()
//		if err != nil {
//			return err
//		}
//		a := register.Application{
//			Name:   form.Need("name", register.MaxName),
//			Shares: form.NeedInt("shares", 1, register.MaxShares),
//			On:     form.NeedDate("on"),
//		}
//		if form.OK() {
//			by := store.By(q.Who.Person, "register.subscribe").Once(form.Key())
//			_, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
//				return register.Subscribe(q.Context(), tx, a)
//			})
//			if err == nil {
//				q.Flash(web.Yes, q.T("register.subscribed"))
//				return q.SeeOther("/register/subscriptions")
//			}
//			if !form.Refused(err) { // an error of the world: logged, 500
//				return err
//			}
//		}
//		return q.Again(subscriptionPage(form)) // 422, with every problem beside its field
//	}
//
//	// subscription.templ
//	templ subscriptionPage(form *web.Form) {
//		{{ p := lang.From(ctx) }}
//		@web.Page(web.Head{Title: p.T("register.subscribe"), Station: web.Gather, Section: "/register/subscriptions"}) {
//			@web.Post(form, web.Sheet{Action: "/register/subscriptions", Trouble: p.T("register.not-subscribed")}) {
//				@web.TextField(form, web.Spec{Name: "name", Label: p.T("register.name"), Need: true})
//				<p class="actions"><button class="button button--main">{ p.T("register.subscribe") }</button></p>
//			}
//		}
//	}
//
// From names the page that holds the form: a refused form is shown again under the address to which it was sent, and
// who then loads that address anew, or types it, is led to the page. It is wanted where no page stands under the
// address itself, and may hold wildcards of the pattern: "/bodies/{id}". A room's test asks [DeadEnds] for none.
//
// What is wrong with a field is said once, beside the field, with its article and what to do. The notice above the
// form ([Post] draws it; [Noticed] above a form sent by GET or above several) leads to these fields by their labels,
// and says in full only what concerns no field.
//
// A page with an empty form is drawn with q.Blank(), which carries a fresh idempotency key. A handler may return a
// fault.Refusal for an act without a form (a page says what, why and what to do), web.NotFound or another [Status]
// that has words (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 503), web.TooMany, or an error of the world
// (500, logged with the request's id). A row of a long table takes ready strings: no phrase is looked up and no date
// is put into words inside the loop.
//
// # A live screen
//
// A fragment that everybody sees alike is drawn by one function, with the page and again whenever the journal has
// moved about what it shows.
//
//	// pages.go: Feed is handed in beside DB
//	p.Feed.Route("GET /meetings/{name}/stream/wall", web.Member, p.wallScene),
//
//	// wall.go: find tells which fragment; whoever else watches the same key and language shares the drawing
//	func (p Pages) wallScene(q *web.Request) (web.Scene, error) {
//		m, err := p.meeting(q)
//		if err != nil {
//			return web.Scene{}, err
//		}
//		return web.Scene{Key: "wall/" + string(m.ID), About: []store.Ref{m.ID.Ref()},
//			Draw: func(r store.Reader, pr *lang.Printer) (templ.Component, error) { return drawWall(r, pr, m.ID) }}, nil
//	}
//
//	// wall.templ: the page, with the same fragment in it
//	@web.Page(web.Head{Title: ..., Live: true}) {
//		@web.Live(web.Screen{ID: "wall", Stream: "/meetings/ag-2026/stream/wall", Page: "/meetings/ag-2026/wall"}) {
//			@wall(state)
//		}
//	}
//
// The fragment is drawn outside of any request: it asks no [WhoIn], and draws no [Page]. Each input, details and
// button in it has an id that stays: then focus and what is being typed survive the next drawing. What is personal
// (the votes that I may give) stands outside of it and is fetched when the common part has changed:
//
//	<div id="mine" hx-get="/meetings/ag-2026/vote/mine" hx-trigger="shown from:#wall" hx-swap="innerMorph">
//
// A browser has six connections to one server: a page opens one stream, not three.
//
// # What the door promises
//
//   - Nobody reaches a handler whose route does not name one of their roles ([Rights]); docs/permissions.md is made
//     from
//     the same list.
//   - Texts are valid UTF-8, in NFC, without NUL, bounded ([Clean]); a body is at most Route.Body bytes.
//   - A form sent from another site is refused (http.CrossOriginProtection); no inline script or style ever runs;
//     nothing
//     is cached.
//   - A page is drawn whole before its first byte leaves: an error while drawing is an error page, never half a page.
//   - The log holds the route's pattern, never an address, a name, a form or a token.
package web
