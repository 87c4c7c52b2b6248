package pages

import (
	"net/url"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/bylaws/view"
)

// Limits of the forms of a draft; the room has its own in bytes.
const (
	maxNumber   = 30
	maxTitle    = 150
	maxBody     = 30_000
	bodyOfText  = 1 << 20
	draftPath   = "/bylaws/draft"
	articlePath = draftPath + "/article"
	rulePath    = draftPath + "/rule"
)

// draftPage is what GET /bylaws/draft shows.
type draftPage struct {
	Form     *web.Form
	Draft    bylaws.Draft
	Version  bylaws.Version
	Founding bool // the draft may become the founding text
	Texts    []draftText
	Rules    []draftRule
	TextLang string
}

// draftText is an article, as it is or as the draft makes it.
type draftText struct {
	Number, Title string
	Href          string
	Drafted       bool
	Change        web.Change
}

// draftRule is a rule: what holds, what the law says by itself, what the draft makes of it.
type draftRule struct {
	Key      bylaws.Key
	Name     string
	Href     string
	Standing []view.Standing
	Drafted  string // the new value in words; empty when the draft leaves it
}

func (p Pages) readDraft(q *web.Request, form *web.Form) (page draftPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) error {
		var err error
		if page.Draft, err = bylaws.TheDraft(v); err != nil {
			return err
		}
		if page.Founding, err = bylaws.Founding(v); err != nil {
			return err
		}
		if page.TextLang, err = textLang(v); err != nil {
			return err
		}
		b, err := bylaws.On(v, v.Today())
		page.Version = b.Version
		page.texts(q.P)
		page.rules(q.P, b)
		return err
	})
	return page, err
}

// texts are the articles in force, each with what the draft makes of it, then those that it adds.
func (page *draftPage) texts(p *lang.Printer) {
	known := map[string]bool{}
	add := func(number, title string) {
		line := draftText{Number: number, Title: title, Href: articlePath + "?" + url.Values{"of": {number}}.Encode()}
		if c, drafted := page.Draft.Change(number); drafted {
			line.Drafted, line.Change = true, web.Change{Before: orNothing(c.Before, p), After: orNothing(c.After, p)}
			if c.Title != "" {
				line.Title = c.Title
			}
		}
		page.Texts = append(page.Texts, line)
		known[number] = true
	}
	for _, a := range page.Version.Articles {
		add(a.Number, a.Title)
	}
	for _, c := range page.Draft.Changes {
		if !known[c.Article] {
			add(c.Article, c.Title)
		}
	}
}

func (page *draftPage) rules(p *lang.Printer, b bylaws.Bylaws) {
	for _, key := range bylaws.Keys() {
		line := draftRule{Key: key, Name: key.Words(p), Standing: view.Standings(b, key, p),
			Href: rulePath + "?" + url.Values{"key": {string(key)}}.Encode()}
		if rule, drafted := page.Draft.Rule(key); drafted {
			line.Drafted = rule.InWords(p)
		}
		page.Rules = append(page.Rules, line)
	}
}

func (p Pages) draft(q *web.Request) error {
	page, err := p.readDraft(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(draftView(page))
}

// draftAct does one act on the draft; done is false when the form must be shown again.
func (p Pages) draftAct(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error) (done bool, err error) {
	if !form.OK() {
		return false, nil
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "bylaws."+verb).Once(form.Key()), fn)
	if err != nil && !form.Refused(err) {
		return false, err
	}
	return err == nil, nil
}

// draftPress does the act of a form that is a single button; a refusal is a page of its own.
func (p Pages) draftPress(q *web.Request, verb string, fn func(*store.Tx, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	by := store.By(q.Who.Person, "bylaws."+verb).Once(form.Key())
	if _, err = p.DB.Act(q.Context(), by, func(tx *store.Tx) error { return fn(tx, form) }); err != nil {
		return err
	}
	return q.SeeOther(draftPath)
}

// articlePage is the form of one article of the draft.
type articlePage struct {
	draftPage
	Article bylaws.Article // in force; the zero Article for a new one
}

func (p Pages) readDraftArticle(q *web.Request, form *web.Form, of string) (page articlePage, err error) {
	page.draftPage, err = p.readDraft(q, form)
	page.Article, _ = page.Version.Article(of)
	return page, err
}

func (p Pages) draftArticle(q *web.Request) error {
	of := q.Query("of")
	page, err := p.readDraftArticle(q, q.Blank(), of)
	if err != nil {
		return err
	}
	page.Form.Set("article", of).Set("title", page.Article.Title).Set("after", page.Article.Body)
	if c, drafted := page.Draft.Change(of); drafted {
		page.Form.Set("title", c.Title).Set("after", c.After)
	}
	return q.Page(draftArticleView(page))
}

func (p Pages) setDraftArticle(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	c := bylaws.Change{Article: form.Need("article", maxNumber), Title: form.Text("title", maxTitle),
		After: form.Lines("after", maxBody)}
	done, err := p.draftAct(q, form, "draft", func(tx *store.Tx) error { return bylaws.DraftArticle(tx, c) })
	if err != nil {
		return err
	}
	if done {
		return q.SeeOther(draftPath + "#text")
	}
	page, err := p.readDraftArticle(q, form, c.Article)
	if err != nil {
		return err
	}
	return q.Again(draftArticleView(page))
}

func (p Pages) dropDraftArticle(q *web.Request) error {
	return p.draftPress(q, "draft", func(tx *store.Tx, form *web.Form) error {
		return bylaws.DropDraftArticle(tx, form.Raw("article"))
	})
}

// draftRulePage is the form of the value of one rule.
type draftRulePage struct {
	draftPage
	Key      bylaws.Key
	Standing []view.Standing
	Articles []web.Option
	Readback *bylaws.Rule
}

func (p Pages) readDraftRule(q *web.Request, form *web.Form, key string) (page draftRulePage, err error) {
	var known bool
	if page.Key, known = view.KeyOf(key); !known {
		return page, web.NotFound
	}
	page.draftPage, err = p.readDraft(q, form)
	for _, line := range page.Rules {
		if line.Key == page.Key {
			page.Standing = line.Standing
		}
	}
	page.Articles = view.ArticleOptions(q.P, page.Version.Articles, page.Draft.Changes)
	return page, err
}

func (p Pages) draftRule(q *web.Request) error {
	page, err := p.readDraftRule(q, q.Blank(), q.Query("key"))
	if err != nil {
		return err
	}
	rule, drafted := page.Draft.Rule(page.Key)
	if !drafted {
		rule, drafted = bylaws.Resolve(page.Version, p.DB.Today()).Rule(page.Key)
	}
	if drafted {
		view.Begin(page.Form, rule)
	}
	return q.Page(draftRuleView(page))
}

// setDraftRule keeps a value, or reads it back in words when the other button was pressed.
func (p Pages) setDraftRule(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readDraftRule(q, form, form.Raw("key-of"))
	if err != nil {
		return err
	}
	rule := view.Take(form, page.Key, lang.Tag(page.TextLang), q.T("bylaws.draft.source"), p.DB.Today(), page.Articles)
	if form.OK() && form.Raw("do") == "read" {
		page.Readback = &rule
		return q.Page(draftRuleView(page))
	}
	done, err := p.draftAct(q, form, "draft", func(tx *store.Tx) error { return bylaws.DraftRule(tx, rule) })
	if err != nil {
		return err
	}
	if done {
		return q.SeeOther(draftPath + "#rules")
	}
	return q.Again(draftRuleView(page))
}

func (p Pages) dropDraftRule(q *web.Request) error {
	return p.draftPress(q, "draft", func(tx *store.Tx, form *web.Form) error {
		return bylaws.DropDraftRule(tx, bylaws.Key(form.Raw("key-of")))
	})
}

func (p Pages) dropDraft(q *web.Request) error {
	return p.draftPress(q, "drop-draft", func(tx *store.Tx, _ *web.Form) error { return bylaws.DropDraft(tx) })
}

// layDraft makes the draft the founding text.
func (p Pages) layDraft(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	since := form.PartialDate("in_force_on")
	deed := bylaws.Deed{Notary: form.Text("notary", maxNotary), SignedOn: form.Date("signed_on"),
		Reference: form.Text("reference", maxReference), Note: form.Lines("note", maxNote)}
	return p.finish(q, form, "lay", "bylaws.draft.laid", func(tx *store.Tx) error {
		_, err := bylaws.LayDraft(tx, since, deed)
		return err
	})
}

// proposeDraft makes the draft an adopted amendment, pending until its deed.
func (p Pages) proposeDraft(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	title, adopted := form.Need("title", maxTitle), form.PartialDate("adopted_on")
	note := form.Lines("note", maxNote)
	return p.finish(q, form, "propose", "bylaws.draft.adopted", func(tx *store.Tx) error {
		_, err := bylaws.ProposeDraft(tx, title, adopted, note)
		return err
	})
}

func (p Pages) finish(q *web.Request, form *web.Form, verb, said string, fn func(*store.Tx) error) error {
	done, err := p.draftAct(q, form, verb, fn)
	if err != nil {
		return err
	}
	if done {
		q.Flash(web.Yes, q.T(said))
		return q.SeeOther(section)
	}
	page, err := p.readDraft(q, form)
	if err != nil {
		return err
	}
	return q.Again(draftView(page))
}
