package app

import (
	"embed"
	"sync"

	"lieux/allocation"
	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/certificate"
	"lieux/concession"
	"lieux/convening"
	"lieux/followup"
	"lieux/leaving"
	"lieux/meeting"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
	"lieux/register"
	"lieux/sitting"
	"lieux/sortition"
	"lieux/subscription"
	"lieux/vote"
	"lieux/works"
)

//go:embed lang/*.json
var phrases embed.FS

// Rooms lists every room that has tables, in the order of the stairs: a table points only to tables above it in this
// list.
var Rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, places.Room, assembly.Room,
	meeting.Room, convening.Room, attendance.Room, ballot.Room, sitting.Room, followup.Room,
	payment.Room, certificate.Room, offer.Room, subscription.Room,
	leaving.Room, works.Room, concession.Room, allocation.Room}

// Book is every phrase of the program, in three languages.
var Book = sync.OnceValues(func() (*lang.Book, error) {
	return lang.NewBook(web.Phrases, store.Phrases, sheets.Phrases, papers.Phrases, documents.Phrases, vote.Phrases,
		sortition.Phrases, people.Phrases,
		bylaws.Phrases, register.Phrases, places.Phrases, assembly.Phrases, meeting.Phrases, convening.Phrases,
		attendance.Phrases, ballot.Phrases,
		sitting.Phrases, followup.Phrases, payment.Phrases, certificate.Phrases, offer.Phrases,
		subscription.Phrases, leaving.Phrases, works.Phrases, concession.Phrases, allocation.Phrases, phrases)
})
