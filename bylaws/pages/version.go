package pages

import (
	"github.com/a-h/templ"

	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
)

// versionPage is what GET /bylaws/versions/{number} shows.
type versionPage struct {
	Version       bylaws.Version
	What          string
	AmendmentHref string
	Changes       []bylaws.Change
	Rules         []ruleLine
	TextLang      string
	History       templ.Component
}

func (p Pages) version(q *web.Request) error {
	var page versionPage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		version, found, err := bylaws.VersionNumbered(v, numberIn(q))
		if err != nil {
			return err
		}
		if !found {
			return web.NotFound
		}
		if page.TextLang, err = textLang(v); err != nil {
			return err
		}
		page.Version, page.What, page.Rules = version, founding(version, q.P), ownLines(version.Rules, q.P, page.TextLang)
		if version.Amendment != "" {
			a, found, err := bylaws.AmendmentByID(v, version.Amendment)
			if err != nil {
				return err
			}
			if found {
				page.What, page.AmendmentHref, page.Changes = a.Title, amendmentPath(a.Number), a.Changes
			}
		}
		page.History, err = p.history(q.Context(), v, "bylaws", string(version.ID))
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(versionView(page))
}
