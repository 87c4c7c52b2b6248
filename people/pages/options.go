package pages

import (
	"encoding/hex"
	"slices"
	"strings"

	"lieux/base/lang"
	"lieux/base/web"
	"lieux/people"
)

func langOptions(p *lang.Printer) (options []web.Option) {
	for _, tag := range lang.Tags {
		options = append(options, web.Option{Value: string(tag), Label: p.Words(people.LangWords(tag))})
	}
	return options
}

func channelOptions(p *lang.Printer) (options []web.Option) {
	for _, c := range people.Channels {
		options = append(options, web.Option{Value: c, Label: p.T("people.channel." + c)})
	}
	return options
}

func groundOptions(p *lang.Printer) (options []web.Option) {
	for _, g := range people.GroundsOfErasure {
		options = append(options, web.Option{Value: string(g), Label: p.Words(g.Words())})
	}
	return options
}

// hexOf writes the first half of a hash, in groups of four: enough to compare by eye.
func hexOf(h [32]byte) string {
	s := hex.EncodeToString(h[:16])
	var groups []string
	for ; len(s) > 0; s = s[4:] {
		groups = append(groups, s[:4])
	}
	return strings.Join(groups, " ")
}

// lines are the paragraphs of a text.
func lines(s string) []string {
	return slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}

func personOptions(list []people.Person) (options []web.Option) {
	for _, one := range list {
		options = append(options, web.Option{Value: string(one.ID), Label: one.Full()})
	}
	return options
}

func actingOptions(p *lang.Printer, name string, list []people.Person) []web.Option {
	return append([]web.Option{{Value: "self", Label: p.T("people.acting.self", "name", name),
		Hint: p.T("people.acting.self.hint")}}, bodyOptions(p, list)...)
}

// bodyOptions are the bodies for which one may act: "pour la Chorale du Pont ASBL".
func bodyOptions(p *lang.Printer, list []people.Person) (options []web.Option) {
	for _, one := range list {
		options = append(options, web.Option{Value: string(one.ID), Label: p.T("people.acting.for", "name", one.Full())})
	}
	return options
}
