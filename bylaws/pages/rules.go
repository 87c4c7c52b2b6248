package pages

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/bylaws/view"
)

// ruleLine is a line of the table of rules, in ready words.
type ruleLine struct {
	Name       string
	Known      bool
	Value      string // in words; why nothing is known, where nothing is
	Says       string // what the article says
	SaysLang   string
	Badge      web.Kind
	Layer      string
	Article    string
	Source     string
	SourceLang string
	Confidence string
	Beneath    []beneath
}

// beneath is a rule of a layer that another one covers.
type beneath struct{ Lead, Value, Article string }

// ruleLines puts the rules of a day into words, one line a key, in the order of screens.
func ruleLines(b bylaws.Bylaws, p *lang.Printer, textLang string) []ruleLine {
	var lines []ruleLine
	for _, key := range bylaws.Keys() {
		layers := b.Layers(key)
		if len(layers) == 0 {
			lines = append(lines, ruleLine{Name: key.Words(p), Value: whyUnknown(b.Day, p), Badge: web.Wait,
				Layer: p.T("bylaws.layer.unknown")})
			continue
		}
		line := lineOf(layers[0], p, textLang)
		for _, r := range layers[1:] {
			lead := p.T("bylaws.page.beneath." + string(r.Layer))
			line.Beneath = append(line.Beneath, beneath{lead, r.InWords(p), view.Cited(r, p)})
		}
		lines = append(lines, line)
	}
	return lines
}

func lineOf(r bylaws.Rule, p *lang.Printer, textLang string) ruleLine {
	line := ruleLine{Name: r.Key.Words(p), Known: true, Value: r.InWords(p), Says: r.Says(p), SaysLang: string(p.Tag),
		Badge: view.LayerKind(r.Layer),
		Layer: r.Layer.Words(p), Article: view.Cited(r, p), Confidence: r.Confidence.Words(p)}
	line.Source, line.SourceLang = view.SourceOf(r, p, textLang)
	if r.Layer == bylaws.OwnBylaws {
		line.SaysLang = textLang
	}
	if line.Source == line.Confidence { // "known, text not read" is said once
		line.Confidence = ""
	}
	return line
}

// ownLines are the rules of a text by itself, without the law.
func ownLines(rules []bylaws.Rule, p *lang.Printer, textLang string) []ruleLine {
	lines := make([]ruleLine, len(rules))
	for i, r := range rules {
		lines[i] = lineOf(r, p, textLang)
	}
	return lines
}

// codeSince is the day since which the Code applies to cooperatives that existed before (CSA, transitional law).
var codeSince = civil.MustParse("2020-01-01")

func whyUnknown(day civil.Date, p *lang.Printer) string {
	if day.Before(codeSince) {
		return p.T("bylaws.page.unknown.before")
	}
	return p.T("bylaws.page.unknown.after")
}
