// Package pages shows the bylaws: the rules and the text in force on a day, the versions, the amendments, and the
// form that records a notarial deed.
package pages

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// Pages are the screens of the bylaws.
type Pages struct {
	DB   *store.DB
	Book *lang.Book

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// section is the entry of the second menu.
const section = "/bylaws"

// bodyOfDeed is the greatest body of the form that carries a scan, with room for its other fields.
const bodyOfDeed = documents.MaxSize + 1<<20

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /bylaws", Allow: web.Member, Handle: p.inForce},
		{Pattern: "GET " + draftPath, Allow: recorders, Handle: p.draft},
		{Pattern: "GET " + articlePath, Allow: recorders, Handle: p.draftArticle},
		{Pattern: "POST " + articlePath + "s", Allow: recorders, Handle: p.setDraftArticle, From: articlePath,
			Body: bodyOfText},
		{Pattern: "POST " + articlePath + "s/removal", Allow: recorders, Handle: p.dropDraftArticle, From: draftPath},
		{Pattern: "GET " + rulePath, Allow: recorders, Handle: p.draftRule},
		{Pattern: "POST " + rulePath + "s", Allow: recorders, Handle: p.setDraftRule, From: draftPath},
		{Pattern: "POST " + rulePath + "s/removal", Allow: recorders, Handle: p.dropDraftRule, From: draftPath},
		{Pattern: "POST " + draftPath + "/removal", Allow: recorders, Handle: p.dropDraft, From: draftPath},
		{Pattern: "POST " + draftPath + "/laying", Allow: recorders, Handle: p.layDraft, From: draftPath},
		{Pattern: "POST " + draftPath + "/adoption", Allow: recorders, Handle: p.proposeDraft, From: draftPath},
		{Pattern: "GET /bylaws/versions/{number}", Allow: web.Member, Handle: p.version},
		{Pattern: "GET /bylaws/amendments/{number}", Allow: web.Member, Handle: p.amendment},
		{Pattern: "GET /bylaws/amendments/{number}/deed", Allow: web.Staff, Handle: p.scan},
		{Pattern: "POST /bylaws/amendments/{number}/deed", Allow: recorders, Handle: p.recordDeed, Body: bodyOfDeed},
	}
}

// recorders may record a deed.
const recorders = web.Office | web.Admin

func amendmentPath(number int64) string {
	return "/bylaws/amendments/" + strconv.FormatInt(number, 10)
}

func versionPath(number int64) string { return "/bylaws/versions/" + strconv.FormatInt(number, 10) }

// numberIn is the number of an address; 0, which no object has, when it is none.
func numberIn(q *web.Request) int64 {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// history asks for the journal's lines about an object.
func (p Pages) history(ctx context.Context, r store.Reader, kind, id string) (templ.Component, error) {
	if p.History == nil {
		return nil, nil
	}
	return p.History(ctx, r, store.Ref{Kind: kind, ID: id})
}

// textLang is the language in which the cooperative writes, and so its bylaws.
func textLang(r store.Reader) (string, error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return string(lang.French), err
	}
	return string(house.Lang), nil
}

// since is a date after "depuis": "le 17 juin 2017", "juin 2017".
func since(p *lang.Printer, d civil.Date) string {
	if d.IsDay() {
		return p.T("bylaws.date.since.day", "day", d)
	}
	return p.T("bylaws.date.since.period", "day", d)
}
