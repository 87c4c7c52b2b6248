package view

import (
	"lieux/base/lang"
	"lieux/bylaws"
)

// presetSources are the sources that the presets write, in whichever language a house began, each with the phrase that
// says it to every reader. What the cooperative wrote itself stays in its own language.
var presetSources = map[string]string{
	"ce que la coopérative publie": "published",

	"modèle de départ, à adapter":   "model",
	"startmodel, aan te passen":     "model",
	"starting model, to be adapted": "model",

	"arrêté royal du 8 janvier 1962, tel que résumé par des sources secondaires":      "decree",
	"koninklijk besluit van 8 januari 1962, zoals samengevat door secundaire bronnen": "decree",
	"royal decree of 8 January 1962, as summed up by secondary sources":               "decree",
}

// SourceOf is where a rule was read, and the language of these words.
func SourceOf(r bylaws.Rule, p *lang.Printer, textLang string) (words, tag string) {
	if r.Layer != bylaws.OwnBylaws {
		return r.From(p), string(p.Tag)
	}
	if name, ours := presetSources[r.Source]; ours {
		return p.T("bylaws.page.source." + name), string(p.Tag)
	}
	return r.From(p), textLang
}

// Cited is the article of a rule as a reader looks it up: the bylaws are called Statuts, Statuten or Bylaws.
func Cited(r bylaws.Rule, p *lang.Printer) string {
	number, ours := r.Number()
	switch {
	case !ours:
		return r.Cited(p)
	case number == r.Article:
		return number
	}
	return p.T("bylaws.page.cited", "number", number)
}
