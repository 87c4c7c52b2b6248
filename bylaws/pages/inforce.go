package pages

import (
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
)

// inForcePage is what GET /bylaws shows.
type inForcePage struct {
	Form       *web.Form
	Day        civil.Date
	Today      bool
	WrongDay   string // what was typed instead of a day
	Version    bylaws.Version
	Law        bool // the law of that day is known
	Rules      []ruleLine
	TextLang   string
	Versions   []versionLine
	Amendments []amendmentLine
	Pending    []amendmentLine
}

// versionLine and amendmentLine are lines of the lists, in ready words.
type versionLine struct {
	Number, Href, What string
	Since, SinceWords  string // "juin 2015"; "depuis" comes before the second
	AmendmentHref      string
	Badge              web.Kind
	State              string
}

type amendmentLine struct {
	Number, Href, Title, Adopted string
	Badge                        web.Kind
	State                        string
}

func (p Pages) inForce(q *web.Request) error {
	page := inForcePage{Form: q.Blank(), Day: p.DB.Today(), Today: true}
	if on := q.Query("on"); on != "" {
		page.Form.Set("on", on)
		if d, err := civil.ParseLoose(on); err == nil {
			page.Day, page.Today = d.Last(), false
		} else {
			page.WrongDay = on
		}
	}
	if page.Today {
		page.Form.Set("on", page.Day.String())
	}
	err := p.DB.View(q.Context(), func(v *store.View) error { return page.read(v, q.P) })
	if err != nil {
		return err
	}
	return q.Page(inForceView(page))
}

func (page *inForcePage) read(r store.Reader, p *lang.Printer) error {
	b, err := bylaws.On(r, page.Day)
	if err != nil {
		return err
	}
	if page.TextLang, err = textLang(r); err != nil {
		return err
	}
	page.Version, page.Rules = b.Version, ruleLines(b, p, page.TextLang)
	page.Law = !page.Day.Before(codeSince)
	versions, err := bylaws.Versions(r)
	if err != nil {
		return err
	}
	amendments, err := bylaws.Amendments(r)
	if err != nil {
		return err
	}
	page.Versions = versionLines(versions, amendments, b.Version, p)
	for _, a := range amendments {
		line := amendmentLineOf(a, p)
		page.Amendments = append(page.Amendments, line)
		if a.State == bylaws.Pending {
			page.Pending = append(page.Pending, line)
		}
	}
	return nil
}

func amendmentLineOf(a bylaws.Amended, p *lang.Printer) amendmentLine {
	line := amendmentLine{Number: p.Count(a.Number), Href: amendmentPath(a.Number), Title: a.Title,
		Adopted: p.Date(a.AdoptedOn),
		Badge:   web.Wait, State: p.T("bylaws.page.state." + string(a.State))}
	if a.State == bylaws.InForce {
		line.Badge = web.Yes
	}
	return line
}

// versionLines tells of each version what made it, and where it stands on the day of the page.
func versionLines(versions []bylaws.Version, amendments []bylaws.Amended, current bylaws.Version,
	p *lang.Printer) []versionLine {
	lines := make([]versionLine, len(versions))
	for i, v := range versions {
		line := versionLine{Number: p.Count(v.Number), Href: versionPath(v.Number), Since: p.Date(v.InForceOn),
			SinceWords: since(p, v.InForceOn), What: founding(v, p)}
		for _, a := range amendments {
			if a.ID == v.Amendment && v.Amendment != "" {
				line.What, line.AmendmentHref = a.Title, amendmentPath(a.Number)
			}
		}
		switch {
		case v.ID == current.ID:
			line.Badge, line.State = web.Yes, p.T("bylaws.page.state.current")
		case v.Number > current.Number:
			line.Badge, line.State = web.Wait, p.T("bylaws.page.state.later")
		default:
			line.Badge, line.State = web.Off, p.T("bylaws.page.state.past")
		}
		lines[i] = line
	}
	return lines
}

func founding(v bylaws.Version, p *lang.Printer) string {
	preset, known := bylaws.LoadPreset(v.Preset)
	if !known {
		return p.T("bylaws.page.founding")
	}
	return p.T("bylaws.page.founding.preset", "preset", preset.Title[string(p.Tag)])
}

// first is the oldest version: the list is newest first.
func (page inForcePage) first() (versionLine, bool) {
	if len(page.Versions) == 0 {
		return versionLine{}, false
	}
	return page.Versions[len(page.Versions)-1], true
}

// Anchor makes the fragment of an article on the page of the bylaws: "9.3" is art-9-3.
func Anchor(number string) string {
	return "art-" + strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, number)
}

// paragraphs parts a text at its empty lines.
func paragraphs(text string) []string {
	var list []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}
