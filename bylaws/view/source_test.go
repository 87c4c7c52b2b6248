package view

import (
	"testing"

	"lieux/base/lang"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/vote"
)

func book(t *testing.T) *lang.Book {
	t.Helper()
	b, err := lang.NewBook(web.Phrases, vote.Phrases, bylaws.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What the presets say of their sources is read in three languages; what the cooperative wrote itself stays as it is.
func TestSources(t *testing.T) {
	b := book(t)
	for _, name := range bylaws.PresetNames {
		preset, _ := bylaws.LoadPreset(name)
		for _, tag := range lang.Tags {
			for _, r := range preset.In(tag).Rules {
				if code := presetSources[r.Source]; !b.In(tag).Has("bylaws.page.source." + code) {
					t.Errorf("%s in %s: the source %q has no phrase", name, tag, r.Source)
				}
			}
		}
	}
	own := bylaws.Rule{Layer: bylaws.OwnBylaws, Source: "procès-verbal", Article: "art. 4"}
	words, tag := SourceOf(own, b.In(lang.Dutch), "fr")
	if words != "procès-verbal" || tag != "fr" || Cited(own, b.In(lang.Dutch)) != "art. 4" {
		t.Error("what the cooperative wrote was changed:", words, tag)
	}
}
