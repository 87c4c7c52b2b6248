// Package view draws what several pages show of a rule of the bylaws: what holds of it today and what the law says by
// itself, and the form in which a new value is typed. It has no routes; the pages of the bylaws and of the meetings
// that amend them embed its components.
package view

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/web"
	"lieux/bylaws"
)

// Standing is one layer of a rule in ready words: what holds, or what would hold without it.
type Standing struct {
	Lead       string // "aujourd’hui", "la loi, par elle-même"
	Value      string
	Badge      web.Kind
	Layer      string
	Article    string
	Confidence string
}

// Standings are what holds of a key, then what the law says by itself where that is something else; one line that says
// so where nothing is known.
func Standings(b bylaws.Bylaws, key bylaws.Key, p *lang.Printer) (list []Standing) {
	for i, r := range b.Layers(key) {
		lead := "bylaws.view.today"
		if i > 0 {
			lead = "bylaws.view.beneath." + string(r.Layer)
		}
		list = append(list, Standing{Lead: p.T(lead), Value: r.InWords(p), Badge: LayerKind(r.Layer), Layer: r.Layer.Words(p),
			Article: Cited(r, p), Confidence: r.Confidence.Words(p)})
	}
	if !slices.ContainsFunc(b.Layers(key), func(r bylaws.Rule) bool { return r.Layer != bylaws.OwnBylaws }) {
		list = append(list, Standing{Lead: p.T("bylaws.view.law"), Value: p.T("bylaws.view.law.silent"), Badge: web.Wait,
			Layer: p.T("bylaws.layer.unknown")})
	}
	return list
}

// LayerKind is the badge of a layer: what the members chose is marked as theirs, what the law fills in stays in the
// background.
func LayerKind(l bylaws.Layer) web.Kind {
	switch l {
	case bylaws.MandatoryLaw:
		return web.Info
	case bylaws.OwnBylaws:
		return web.Yes
	}
	return web.Off
}

// KeyOptions are the rules to choose from.
func KeyOptions(p *lang.Printer) []web.Option {
	options := []web.Option{{Label: p.T("bylaws.view.choose")}}
	for _, k := range bylaws.Keys() {
		options = append(options, web.Option{Value: string(k), Label: k.Words(p)})
	}
	return options
}

// KeyOf reads a key of an address or a form; ok is false when there is none of that name.
func KeyOf(text string) (key bylaws.Key, ok bool) {
	key = bylaws.Key(text)
	return key, slices.Contains(bylaws.Keys(), key)
}

// ArticleOptions are the articles on which a rule may rest: those of the text as the changes leave it.
func ArticleOptions(p *lang.Printer, text []bylaws.Article, changes []bylaws.Change) []web.Option {
	options := []web.Option{{Label: p.T("bylaws.view.choose")}}
	add := func(number, title string) {
		label := number
		if title != "" {
			label += " · " + title
		}
		options = append(options, web.Option{Value: number, Label: label})
	}
	changed := map[string]bylaws.Change{}
	for _, c := range changes {
		changed[c.Article] = c
	}
	for _, a := range text {
		c, touched := changed[a.Number]
		if delete(changed, a.Number); !touched || c.After != "" {
			add(a.Number, a.Title)
		}
	}
	for _, c := range changes {
		if _, fresh := changed[c.Article]; fresh && c.After != "" {
			add(c.Article, c.Title)
		}
	}
	return options
}

// prefix begins the names of the fields of a value.
const prefix = "v-"

func fieldOf(part bylaws.Part) string {
	if part.Name == "" {
		return prefix + "value"
	}
	return prefix + strings.ReplaceAll(part.Name, ".", "-")
}

// howOf is the field beside a threshold.
func howOf(part bylaws.Part) string { return fieldOf(part) + "-how" }

// Begin fills the form with what a rule says.
func Begin(f *web.Form, rule bylaws.Rule) {
	answers := rule.Typed()
	for _, part := range rule.Key.Parts() {
		typed := answers(part)
		switch {
		case part.Kind == bylaws.AnyOf:
			f.SetAll(fieldOf(part), typed)
		case len(typed) > 0 && part.Kind == bylaws.YesNo:
			f.Set(fieldOf(part), "yes")
		case len(typed) > 0:
			f.Set(fieldOf(part), typed[0])
		case len(part.Options) > 0:
			f.Set(fieldOf(part), part.Options[0]) // what the value leaves unsaid is the usual answer
		}
		if len(typed) > 1 && part.Kind == bylaws.AtLeast {
			f.Set(howOf(part), typed[1])
		}
	}
	f.Set("words", rule.Words)
	if number, ours := rule.Number(); ours {
		f.Set("rests-on", number)
	}
}

// maxWords is how long the words of a rule may be here; the room's own limit is larger.
const maxWords = 500

// Take reads the form of a rule. What is wrong is noted beside its field, also what mandatory law of the day forbids.
// tag is the language in which the cooperative writes its bylaws; source says where the value comes from.
func Take(f *web.Form, key bylaws.Key, tag lang.Tag, source string, day civil.Date, articles []web.Option) bylaws.Rule {
	numbers := make([]string, 0, len(articles))
	for _, o := range articles {
		if o.Value != "" {
			numbers = append(numbers, o.Value)
		}
	}
	rule := bylaws.Rule{Key: key, Layer: bylaws.OwnBylaws, Source: source, Confidence: bylaws.Read,
		Article: bylaws.Cite(tag, f.Choice("rests-on", numbers...)), Words: f.Lines("words", maxWords)}
	for _, part := range key.Parts() {
		if part.Need && part.Kind != bylaws.AnyOf {
			f.Need(fieldOf(part), web.MaxText)
		}
	}
	if !f.OK() {
		return rule
	}
	value, err := bylaws.Compose(key, rule.Article, func(part bylaws.Part) []string { return typed(f, part) })
	if err == nil {
		rule.Value = value
		err = bylaws.Allowed(rule, day)
	}
	for _, r := range fault.Of(err) {
		f.Problem(r.At(beside(key, r.Field)))
	}
	fault.Must(err == nil || fault.Of(err) != nil, "a rule is checked by rules: %v", err)
	return rule
}

func typed(f *web.Form, part bylaws.Part) []string {
	switch part.Kind {
	case bylaws.AnyOf:
		return f.Choices(fieldOf(part), part.Options...)
	case bylaws.AtLeast:
		return []string{f.Text(fieldOf(part), web.MaxLine), f.Raw(howOf(part))}
	case bylaws.Line:
		return []string{f.Lines(fieldOf(part), int(part.Most))}
	}
	return []string{f.Text(fieldOf(part), web.MaxLine)}
}

// beside finds the field of a refusal: the part that it names, or else the first.
func beside(key bylaws.Key, name string) string {
	parts := key.Parts()
	for _, part := range parts {
		if part.Name == name || strings.HasSuffix(part.Name, "."+name) {
			return fieldOf(part)
		}
	}
	return fieldOf(parts[0])
}

func options(p *lang.Printer, key bylaws.Key, part bylaws.Part) []web.Option {
	list := make([]web.Option, len(part.Options))
	for i, o := range part.Options {
		list[i] = web.Option{Value: o, Label: key.OptionWords(p, part, o)}
	}
	return list
}
