package bylaws

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"lieux/base/civil"
	"lieux/base/lang"
)

//go:embed data/*.yaml
var data embed.FS

// lawFile is a file of rules: the law, or a preset of bylaws.
type lawFile struct {
	Title    map[string]string `yaml:"title"`
	Note     map[string]string `yaml:"note"`
	Articles []Article         `yaml:"articles"`
	Rules    []struct {
		Key        Key        `yaml:"key"`
		Article    string     `yaml:"article"`
		Words      string     `yaml:"words"`
		Value      any        `yaml:"value"`
		Layer      Layer      `yaml:"layer"`
		Source     string     `yaml:"source"`
		Confidence Confidence `yaml:"confidence"`
		ValidFrom  string     `yaml:"valid_from"`
		ValidUntil string     `yaml:"valid_until"`
	} `yaml:"rules"`
}

// Preset is a set of bylaws to start from. Title and Note are by language.
type Preset struct {
	Name     string
	Title    map[string]string
	Note     map[string]string
	Articles []Article
	Rules    []Rule
}

// PresetNames lists the presets in the order in which they are offered.
var PresetNames = []string{"minimal-law", "dynamo-2015", "one-member-one-vote", "ten-percent"}

var loadLaw = sync.OnceValues(func() ([]Rule, error) {
	p, err := loadFile("law")
	return p.Rules, err
})

// Law lists every rule of law that the program knows, mandatory and default, with its dates. The file is part of the
// program: a test reads it, so a failure here is our own mistake.
func Law() []Rule {
	rules, err := loadLaw()
	if err != nil {
		panic(err)
	}
	return rules
}

// LoadPreset reads a preset by name; ok is false when there is none.
func LoadPreset(name string) (p Preset, ok bool) {
	if !slices.Contains(PresetNames, name) {
		return Preset{}, false
	}
	p, err := loadFile(name)
	if err != nil {
		panic(err)
	}
	return p, true
}

// In is the preset with its articles in a language, where it has been translated; Dynamo Coop's own bylaws are French.
func (p Preset) In(tag lang.Tag) Preset {
	file := p.Name + "." + string(tag)
	if _, err := fs.Stat(data, "data/"+file+".yaml"); err != nil {
		return p
	}
	other, err := loadFile(file)
	if err != nil {
		panic(err)
	}
	p.Articles, p.Rules = other.Articles, other.Rules
	return p
}

func loadFile(name string) (Preset, error) {
	raw, err := fs.ReadFile(data, "data/"+name+".yaml")
	if err != nil {
		return Preset{}, err
	}
	var f lawFile
	if err := yaml.UnmarshalWithOptions(raw, &f, yaml.DisallowUnknownField()); err != nil {
		return Preset{}, fmt.Errorf("bylaws: %s: %w", name, err)
	}
	p := Preset{Name: name, Title: f.Title, Note: f.Note}
	for _, a := range f.Articles {
		a.Body = strings.TrimSpace(a.Body)
		p.Articles = append(p.Articles, a)
	}
	for _, r := range f.Rules {
		value, err := json.Marshal(r.Value)
		if err != nil {
			return Preset{}, fmt.Errorf("bylaws: %s: %s: %w", name, r.Key, err)
		}
		rule := Rule{Key: r.Key, Article: r.Article, Words: strings.TrimSpace(r.Words), Value: value, Layer: r.Layer,
			Source: r.Source, Confidence: r.Confidence}
		if rule.Layer == "" {
			rule.Layer = OwnBylaws
		}
		for _, d := range []struct {
			text string
			into *civil.Date
		}{{r.ValidFrom, &rule.ValidFrom}, {r.ValidUntil, &rule.ValidUntil}} {
			if err := d.into.UnmarshalText([]byte(d.text)); err != nil {
				return Preset{}, fmt.Errorf("bylaws: %s: %s: %w", name, r.Key, err)
			}
		}
		if err := rule.check(); err != nil {
			return Preset{}, fmt.Errorf("bylaws: %s: %s: %w", name, r.Key, err)
		}
		p.Rules = append(p.Rules, rule)
	}
	return p, nil
}
