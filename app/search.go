package app

import (
	"strings"

	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	bylawspages "lieux/bylaws/pages"
	"lieux/meeting"
	"lieux/people"
	"lieux/places"
)

// maxTextHits bounds what the search finds in texts.
const maxTextHits = 20

// searchTexts looks for places, for articles of the bylaws in force, and for the meetings and points that who searches
// may know of.
func searchTexts(r store.Reader, p *lang.Printer, who web.Who, text string) ([]hit, error) {
	wanted := fold.Text(text)
	if wanted == "" {
		return nil, nil
	}
	var hits []hit
	all, err := places.Places(r, places.Now(r))
	if err != nil {
		return nil, err
	}
	for _, place := range all {
		if strings.Contains(fold.Text(place.Title+" "+place.Address()), wanted) {
			hits = append(hits, hit{"/places/" + place.Name, place.Title, place.Address()})
		}
	}
	b, err := bylaws.On(r, r.Today())
	if err != nil {
		return nil, err
	}
	for _, a := range b.Version.Articles {
		if a.Number == strings.TrimSpace(text) || strings.Contains(fold.Text(a.Title+" "+a.Body), wanted) {
			hits = append(hits, hit{"/bylaws#" + bylawspages.Anchor(a.Number), articleWords(p, a), ""})
		}
	}
	finder := meeting.Finder{Person: people.PersonID(who.Person), Staff: who.May(web.Staff)}
	met, err := meeting.Find(r, finder, text)
	if err != nil {
		return nil, err
	}
	hits = hits[:min(len(hits), maxTextHits)]
	for _, m := range met {
		hits = append(hits, meetingHit(p, m))
	}
	return hits, nil
}

// meetingHit leads to the record where the meeting was held, and to its own page while it lives.
func meetingHit(p *lang.Printer, m meeting.Found) hit {
	href, anchor := "/meetings/"+m.Name, string(m.Item)
	if m.Recorded {
		href, anchor = "/assemblies/"+m.Name, strings.Trim(strings.TrimPrefix(bylawspages.Anchor(m.Number), "art-"), "-")
	}
	if m.Number == "" {
		return hit{href, m.Title, p.ShortDate(m.On)}
	}
	return hit{href + "#item-" + anchor, p.T("app.search.point", "number", m.Number, "title", m.Point),
		strings.Trim(m.Title+", "+p.ShortDate(m.On), ", ")}
}

// articleWords names an article; not every article has a title.
func articleWords(p *lang.Printer, a bylaws.Article) string {
	if a.Title == "" {
		return p.T("app.search.article-bare", "number", a.Number)
	}
	return p.T("app.search.article", "number", a.Number, "title", a.Title)
}
