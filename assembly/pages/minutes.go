package pages

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
	"lieux/vote"
)

// minutesPage is what GET /assemblies/{name}/minutes shows.
type minutesPage struct {
	Assembly assembly.Assembly
	Minutes  assembly.Minutes
	FrozenBy string
	When     string
	Approval *assembly.Approval
	Both     bool // there is a legal version and a public one, and the reader may read both
	Public   bool // the public one is shown
	Sheet    templ.Component
}

// minutesOf reads an assembly with its minutes.
func (p Pages) minutesOf(q *web.Request, more func(*store.View, assembly.Assembly, assembly.Minutes) error) error {
	return p.DB.View(q.Context(), func(v *store.View) error {
		a, err := assemblyIn(v, q)
		if err != nil {
			return err
		}
		m, err := assembly.MinutesOf(v, a, p.Book)
		if err != nil {
			return err
		}
		if public(q) {
			m.Paper = papers.Public(m.Paper)
		}
		return more(v, a, m)
	})
}

// public says whether the version without personal parts is shown: to every member, and to those who may read the other
// when they ask for it, as to publish it.
func public(q *web.Request) bool { return !q.Who.May(web.Staff) || q.Query("version") == "public" }

func (p Pages) minutes(q *web.Request) error {
	var page minutesPage
	err := p.minutesOf(q, func(v *store.View, a assembly.Assembly, m assembly.Minutes) error {
		page = minutesPage{Assembly: a, Minutes: m, FrozenBy: q.T("assembly.page.minutes.system"), Sheet: sheet(m),
			Public: public(q), Both: q.Who.May(web.Staff) && a.Session != nil}
		if m.Frozen() {
			page.When = q.P.Moment(m.FrozenAt, v.Zone())
		}
		if m.FrozenBy != "" {
			say, err := newSpeaker(v, q.P, []people.PersonID{m.FrozenBy})
			if err != nil {
				return err
			}
			page.FrozenBy = say.person(m.FrozenBy)
		}
		approval, found, err := assembly.ApprovalOf(v, a.Name)
		if found {
			page.Approval = &approval
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(minutesView(page))
}

// sheet draws the paper as it stands in a page: its title is no second h1 there.
func sheet(m assembly.Minutes) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var drawn bytes.Buffer
		if err := papers.HTML(&drawn, m.Paper, m.Names); err != nil {
			return err
		}
		html := strings.Replace(drawn.String(), "<h1>", `<p class="sheet-title">`, 1)
		_, err := io.WriteString(w, strings.Replace(html, "</h1>", "</p>", 1))
		return err
	})
}

// minutesFile sends the minutes in one form.
func (p Pages) minutesFile(q *web.Request, ending, mediaType string,
	draw func(io.Writer, papers.Paper, papers.Names, papers.Meta) error) error {
	return p.minutesOf(q, func(v *store.View, a assembly.Assembly, m assembly.Minutes) error {
		meta := papers.Meta{Draft: !m.Frozen(), Hash: m.Hash, Made: a.HeldOn.Last().Time()}
		if m.Frozen() {
			meta.Made = m.FrozenAt.Time().Truncate(time.Second)
		}
		paper, names, err := p.whole(v, q, a, m)
		if err != nil {
			return err
		}
		return q.Inline(a.Name+ending, mediaType, func(w io.Writer) error { return draw(w, paper, names, meta) })
	})
}

// minutesPDF sends the minutes to be printed. Behind the legal version of a meeting that was held here stand its
// annexes: who was there, who voted what.
func (p Pages) minutesPDF(q *web.Request) error {
	return p.minutesOf(q, func(v *store.View, a assembly.Assembly, m assembly.Minutes) error {
		annexes, err := p.annexes(v, q, a)
		if err != nil {
			return err
		}
		if len(annexes) == 0 {
			return p.minutesFile(q, ".pdf", "application/pdf", papers.PDF)
		}
		meta := papers.Meta{Made: m.FrozenAt.Time().Truncate(time.Second)}
		return q.Inline(a.Name+".pdf", "application/pdf", func(w io.Writer) error {
			return sitting.Bind(w, m, m.Names, annexes, meta)
		})
	})
}

// annexes are those of the legal version of a meeting that was held here: who was there, who voted what.
func (p Pages) annexes(v *store.View, q *web.Request, a assembly.Assembly) ([]sitting.Annex, error) {
	if _, held, err := sitting.Of(v, meeting.ID(a.ID)); err != nil || !held || public(q) {
		return nil, err
	}
	return sitting.Annexes(v, meeting.ID(a.ID), p.Book)
}

// whole is the text of the minutes with its annexes behind it.
func (p Pages) whole(v *store.View, q *web.Request, a assembly.Assembly, m assembly.Minutes) (
	papers.Paper, papers.Names, error) {
	annexes, err := p.annexes(v, q, a)
	paper, names := sitting.Whole(m.Paper, m.Names, annexes)
	return paper, names, err
}

func (p Pages) minutesODT(q *web.Request) error { return p.minutesFile(q, ".odt", odtType, papers.ODT) }

func (p Pages) minutesText(q *web.Request) error {
	return p.minutesOf(q, func(v *store.View, a assembly.Assembly, m assembly.Minutes) error {
		paper, names, err := p.whole(v, q, a, m)
		if err != nil {
			return err
		}
		return q.Inline(a.Name+".txt", "text/plain; charset=utf-8", func(w io.Writer) error {
			if err := papers.Text(w, paper, names); err != nil || !m.Frozen() {
				return err
			}
			_, err := fmt.Fprintf(w, "\n%s %s\n", p.Book.In(a.Language).T("assembly.page.hash"), m.Hash)
			return err
		})
	})
}

// freezingPage is what GET /assemblies/{name}/freezing shows.
type freezingPage struct {
	Form     *web.Form
	Assembly assembly.Assembly
}

func (p Pages) freezing(q *web.Request) error {
	page := freezingPage{Form: q.Blank()}
	err := p.minutesOf(q, func(_ *store.View, a assembly.Assembly, m assembly.Minutes) error {
		page.Assembly = a
		if m.Frozen() { // nothing to confirm any more
			return fault.Refuse("assembly.refusal.frozen")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(freezingView(page))
}

func (p Pages) freeze(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := freezingPage{Form: form}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Assembly, err = assemblyIn(v, q)
		return err
	})
	if err != nil {
		return err
	}
	if !form.Flag("agree") {
		form.Problem(fault.Refuse("assembly.refusal.agree").At("agree"))
	}
	if form.OK() {
		by := store.By(q.Who.Person, "assembly.freeze").Once(form.Key())
		_, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
			_, err := assembly.Freeze(tx, page.Assembly.ID, p.Book)
			return err
		})
		if err == nil {
			q.Flash(web.Yes, q.T("assembly.page.freezing.done"))
			return q.SeeOther(pathOf(page.Assembly.Name) + "/minutes")
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(freezingView(page))
}

func (page minutesPage) lede(p *lang.Printer) string {
	if page.Minutes.Frozen() {
		return p.T("assembly.page.minutes.lede.frozen", "when", page.When, "who", page.FrozenBy)
	}
	return p.T("assembly.page.minutes.lede.draft")
}

// approval is where the minutes stand with a later assembly.
func (page minutesPage) approval(p *lang.Printer) (web.Kind, string) {
	switch {
	case page.Approval == nil:
		return web.Off, p.T("assembly.page.not-approved")
	case page.Approval.Stated == assembly.Verdict(vote.Adopted):
		return web.Yes, p.T("assembly.page.approved", "on", on(p, page.Approval.HeldOn))
	case page.Approval.Stated == "":
		return web.Wait, p.T("assembly.page.decided-otherwise", "on", on(p, page.Approval.HeldOn),
			"verdict", p.T("assembly.page.no-verdict"))
	}
	return web.No, p.T("assembly.page.decided-otherwise", "on", on(p, page.Approval.HeldOn),
		"verdict", p.Words(vote.Verdict(page.Approval.Stated).Phrase()))
}

// anchor is the fragment of an item: "6 bis" is 6-bis.
func anchor(number string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, number), "-")
}

// query keeps the version that is shown in the addresses of its files.
func (page minutesPage) query() string {
	if page.Both && page.Public {
		return "?version=public"
	}
	return ""
}
