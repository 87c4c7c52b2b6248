package app

import (
	"slices"

	"lieux/allocation"
	allocationpages "lieux/allocation/pages"
	assemblypages "lieux/assembly/pages"
	"lieux/attendance"
	attendancepages "lieux/attendance/pages"
	"lieux/ballot"
	ballotpages "lieux/ballot/pages"
	"lieux/base/web"
	bylawspages "lieux/bylaws/pages"
	"lieux/certificate"
	certificatepages "lieux/certificate/pages"
	"lieux/concession"
	concessionpages "lieux/concession/pages"
	"lieux/convening"
	conveningpages "lieux/convening/pages"
	followuppages "lieux/followup/pages"
	"lieux/leaving"
	leavingpages "lieux/leaving/pages"
	meetingpages "lieux/meeting/pages"
	"lieux/offer"
	offerpages "lieux/offer/pages"
	"lieux/payment"
	paymentpages "lieux/payment/pages"
	peoplepages "lieux/people/pages"
	"lieux/places"
	placespages "lieux/places/pages"
	"lieux/register"
	registerpages "lieux/register/pages"
	"lieux/sitting"
	sittingpages "lieux/sitting/pages"
	"lieux/subscription"
	subscriptionpages "lieux/subscription/pages"
	"lieux/works"
	workspages "lieux/works/pages"
)

// rooms are the routes of every room.
func (a *App) rooms() []web.Route {
	return slices.Concat(
		peoplepages.Pages{DB: a.db, Book: a.book, Log: a.log, Links: a.links, SetUp: "/set-up", Leave: a.post.Leave,
			Callers: a.callers, History: a.history, Opened: a.opened, Unreached: byPost(a.book),
			Retentions: slices.Concat(register.Retentions, attendance.Retentions, convening.Retentions,
				ballot.Retentions, sitting.Retentions, payment.Retentions, certificate.Retentions,
				offer.Retentions, subscription.Retentions, leaving.Retentions, places.Retentions, works.Retentions,
				concession.Retentions, allocation.Retentions)}.Routes(),
		registerpages.Pages{DB: a.db, Book: a.book, Feed: a.feed, History: a.historyIn}.Routes(),
		bylawspages.Pages{DB: a.db, Book: a.book, History: a.history}.Routes(),
		assemblypages.Pages{DB: a.db, Book: a.book, History: a.history}.Routes(),
		meetingpages.Pages{DB: a.db, Book: a.book, History: a.history}.Routes(),
		ballotpages.Pages{DB: a.db, Book: a.book, Feed: a.feed, History: a.history}.Routes(),
		attendancepages.Pages{DB: a.db, Book: a.book, Feed: a.feed, Links: a.links, Wrong: a.wrong}.Routes(),
		conveningpages.Pages{DB: a.db, Book: a.book, Links: a.links, NoMail: a.silent(), Feed: a.feed}.Routes(),
		sittingpages.Pages{DB: a.db, Book: a.book, Feed: a.feed, Links: a.links}.Routes(),
		followuppages.Pages{DB: a.db, History: a.history}.Routes(),
		certificatepages.Pages{DB: a.db, Book: a.book, Links: a.links, Wrong: a.wrong, History: a.history}.Routes(),
		offerpages.Pages{DB: a.db, History: a.history}.Routes(),
		paymentpages.Pages{DB: a.db, History: a.history}.Routes(),
		subscriptionpages.Pages{DB: a.db, Links: a.links, History: a.history}.Routes(),
		leavingpages.Pages{DB: a.db, History: a.history}.Routes(),
		placespages.Pages{DB: a.db, Links: a.links, Apply: "/apply", Doors: placeDoors, Runs: runsPlace,
			History: a.history}.Routes(),
		workspages.Pages{DB: a.db, Links: a.links, Managed: managed, History: a.history}.Routes(),
		concessionpages.Pages{DB: a.db, History: a.history}.Routes(),
		allocationpages.Pages{DB: a.db, Links: a.links, Feed: a.feed, History: a.history}.Routes(),
	)
}

// Routes are every route of the program; docs/permissions.md is made from them.
func (a *App) Routes() []web.Route {
	own := []web.Route{
		{Pattern: "GET /{$}", Allow: web.Public, Handle: a.home},
		{Pattern: "GET /me", Allow: web.Member, Handle: a.me},
		{Pattern: "GET /search", Allow: web.Staff, Handle: a.search},
		{Pattern: "GET /journal", Allow: web.Staff, Handle: a.journal},
		{Pattern: "GET /outbox", Allow: web.Public, Handle: a.outbox},
		{Pattern: "GET /settings", Allow: web.Admin, Handle: a.settings},
		{Pattern: "POST /settings", Allow: web.Admin, Handle: a.settle},
		{Pattern: "GET /set-up", Allow: web.Public, Handle: a.setUp},
		{Pattern: "POST /set-up", Allow: web.Public, Handle: a.found},
		{Pattern: "GET /robots.txt", Allow: web.Public, Handle: a.robots},
	}
	rooms := a.rooms()
	return slices.Concat(rooms, a.own(rooms), own)
}
