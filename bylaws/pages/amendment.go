package pages

import (
	"context"
	"errors"
	"io"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/bylaws/view"
)

// Limits of the form of a deed; the room has its own in bytes.
const (
	maxNotary    = 100
	maxReference = 40
	maxNote      = 500
)

// amendmentPage is what GET /bylaws/amendments/{number} shows.
type amendmentPage struct {
	Form        *web.Form
	Amendment   bylaws.Amended
	Decided     string // the assembly and the item; empty when the program does not know them
	DecidedHref string
	Rules       []ruleChange
	Deed        bylaws.Deed
	Version     int64 // number of the version that the deed made
	TextLang    string
	History     templ.Component
}

// ruleChange is a rule before and after, in words.
type ruleChange struct{ Name, Before, After, Article string }

func (p Pages) amendment(q *web.Request) error {
	page, err := p.readAmendment(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(amendmentView(page))
}

func (p Pages) readAmendment(q *web.Request, form *web.Form) (page amendmentPage, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		a, found, err := bylaws.AmendmentNumbered(v, numberIn(q))
		if err != nil {
			return err
		}
		if !found {
			return web.NotFound
		}
		page = amendmentPage{Form: form, Amendment: a}
		if page.TextLang, err = textLang(v); err != nil {
			return err
		}
		return page.read(q.Context(), v, q.P, p)
	})
	return page, err
}

// read completes the page with what other rooms and the journal know.
func (page *amendmentPage) read(ctx context.Context, r store.Reader, p *lang.Printer, pages Pages) error {
	a := page.Amendment
	if a.Decided.Kind == "matter" {
		place, found, err := assembly.PlaceOf(r, assembly.MatterID(a.Decided.ID))
		if err != nil {
			return err
		}
		if found {
			page.Decided = p.T("bylaws.page.decided-item", "title", place.Title, "number", place.Item)
			page.DecidedHref = "/assemblies/" + place.Name
		}
	}
	before, err := bylaws.On(r, a.AdoptedOn)
	if err != nil {
		return err
	}
	for _, rule := range a.Rules {
		change := ruleChange{Name: rule.Key.Words(p), After: rule.InWords(p), Article: view.Cited(rule, p)}
		for _, old := range before.Version.Rules {
			if old.Key == rule.Key {
				change.Before = old.InWords(p)
			}
		}
		page.Rules = append(page.Rules, change)
	}
	if a.Version != "" {
		version, _, err := bylaws.VersionByID(r, a.Version)
		if err != nil {
			return err
		}
		page.Deed, page.Version = version.Deed, version.Number
	}
	page.History, err = pages.history(ctx, r, "amendment", string(a.ID))
	return err
}

// recordDeed puts an amendment in force from the day of its deed.
func (p Pages) recordDeed(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readAmendment(q, form)
	if err != nil {
		return err
	}
	deed := bylaws.Deed{Notary: form.Text("notary", maxNotary), SignedOn: form.Date("signed_on"),
		Reference: form.Text("reference", maxReference), Note: form.Lines("note", maxNote)}
	scan, err := takeScan(form)
	if err != nil {
		return err
	}
	if form.OK() {
		by := store.By(q.Who.Person, "bylaws.record-deed").Once(form.Key())
		_, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
			if scan != nil {
				document, err := documents.Add(tx, scan)
				if err != nil {
					return err
				}
				deed.Document = document.ID
			}
			_, err := bylaws.RecordDeed(tx, page.Amendment.ID, deed)
			return err
		})
		if err == nil {
			q.Flash(web.Yes, q.T("bylaws.page.recorded", "day", deed.SignedOn))
			return q.SeeOther(amendmentPath(page.Amendment.Number))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(amendmentView(page))
}

// takeScan reads the scan before the act begins; a file that is none becomes a problem of its field.
func takeScan(form *web.Form) (*documents.Upload, error) {
	file := form.File("scan", documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	scan, err := documents.Take(file.Name, file.Content)
	for _, r := range fault.Of(err) {
		form.Problem(r.At("scan"))
	}
	if fault.Of(err) != nil {
		return nil, nil
	}
	return scan, err
}

// scan shows the scan of a deed to those who keep the papers.
func (p Pages) scan(q *web.Request) error {
	var document documents.Document
	err := p.DB.View(q.Context(), func(v *store.View) error {
		a, found, err := bylaws.AmendmentNumbered(v, numberIn(q))
		if err != nil || !found {
			return errors.Join(err, notFoundUnless(found))
		}
		version, _, err := bylaws.VersionByID(v, a.Version)
		if err != nil {
			return err
		}
		if version.Deed.Document == "" {
			return nil
		}
		document, found, err = documents.Find(v, version.Deed.Document)
		return errors.Join(err, notFoundUnless(found))
	})
	if err != nil {
		return err
	}
	if document.ID == "" { // a deed is sent to this address too: who loads a refused form anew finds its page
		return q.SeeOther(amendmentPath(numberIn(q)))
	}
	return q.Inline(document.Name, document.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), p.DB, document))
		return err
	})
}

func notFoundUnless(found bool) error {
	if found {
		return nil
	}
	return web.NotFound
}

// deedLines are what is known of a deed.
func deedLines(d bylaws.Deed, p *lang.Printer) []web.Fact {
	var facts []web.Fact
	add := func(code, text string) {
		if text != "" {
			facts = append(facts, web.Fact{Name: p.T(code), Text: text})
		}
	}
	add("bylaws.page.notary", d.Notary)
	if !d.SignedOn.IsZero() {
		add("bylaws.page.signed-on", p.Date(d.SignedOn))
	}
	add("bylaws.page.reference", d.Reference)
	add("bylaws.page.note", d.Note)
	return facts
}

// stages are the life of an amendment.
func (page amendmentPage) stages(p *lang.Printer) []web.Stage {
	inForce := page.Amendment.State == bylaws.InForce
	return []web.Stage{
		{Text: p.T("bylaws.page.stage.adopted", "day", page.Amendment.AdoptedOn), Done: true},
		{Text: p.T("bylaws.page.stage.deed"), Done: inForce, Current: !inForce},
		{Text: p.T("bylaws.page.stage.in-force"), Done: inForce},
	}
}

func (page amendmentPage) facts(p *lang.Printer) []web.Fact {
	facts := []web.Fact{{Name: p.T("bylaws.page.adopted-on"), Text: p.Date(page.Amendment.AdoptedOn)}}
	if page.Decided != "" {
		facts = append(facts, web.Fact{Name: p.T("bylaws.page.decided-by"), Body: link(page.DecidedHref, page.Decided)})
	} else {
		facts = append(facts, web.Fact{Name: p.T("bylaws.page.decided-by"), Text: p.T("bylaws.page.decided-unknown")})
	}
	if page.Amendment.Note != "" {
		facts = append(facts, web.Fact{Name: p.T("bylaws.page.note"), Text: page.Amendment.Note})
	}
	return facts
}

func (page amendmentPage) lede(p *lang.Printer) string {
	if page.Amendment.State == bylaws.InForce {
		return p.T("bylaws.page.amendment.lede.in-force", "since", since(p, page.Amendment.InForceOn))
	}
	return p.T("bylaws.page.amendment.lede.pending")
}

func orNothing(text string, p *lang.Printer) string {
	if text == "" {
		return p.T("bylaws.page.nothing")
	}
	return text
}
