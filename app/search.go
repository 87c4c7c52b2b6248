package app

import (
	"strings"

	"lieux/assembly"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	bylawspages "lieux/bylaws/pages"
)

// maxTextHits bounds what the search finds in texts.
const maxTextHits = 20

// searchTexts looks for articles of the bylaws in force and for assemblies.
func searchTexts(r store.Reader, p *lang.Printer, text string) ([]hit, error) {
	wanted := fold.Text(text)
	if wanted == "" {
		return nil, nil
	}
	var hits []hit
	b, err := bylaws.On(r, r.Today())
	if err != nil {
		return nil, err
	}
	for _, a := range b.Version.Articles {
		if a.Number == strings.TrimSpace(text) || strings.Contains(fold.Text(a.Title+" "+a.Body), wanted) {
			hits = append(hits, hit{"/bylaws#" + bylawspages.Anchor(a.Number), articleWords(p, a), ""})
		}
	}
	meetings, err := assembly.All(r)
	if err != nil {
		return nil, err
	}
	for _, m := range meetings {
		if strings.Contains(fold.Text(m.Name+" "+m.Title), wanted) {
			hits = append(hits, hit{"/assemblies/" + m.Name, m.Title, p.T("app.search.assembly")})
		}
	}
	return hits[:min(len(hits), maxTextHits)], nil
}

// articleWords names an article; not every article has a title.
func articleWords(p *lang.Printer, a bylaws.Article) string {
	if a.Title == "" {
		return p.T("app.search.article-bare", "number", a.Number)
	}
	return p.T("app.search.article", "number", a.Number, "title", a.Title)
}
