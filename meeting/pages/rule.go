package pages

import (
	"cmp"
	"net/url"
	"slices"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	bylawsview "lieux/bylaws/view"
	"lieux/meeting"
)

// rulePage is the form of a rule that an amendment brings: what holds today, what the law says by itself, and the new
// value.
type rulePage struct {
	matterPage
	Key       bylaws.Key // empty while none is chosen
	Standing  []bylawsview.Standing
	Articles  []web.Option
	Readback  *bylaws.Rule // the new value, read back in words
	Proposed  bylaws.Rule  // what the matter says already; the zero Rule when it says nothing
	Prevailed bylaws.Rule
}

func (p Pages) readRule(q *web.Request, form *web.Form, key string) (page rulePage, err error) {
	if page.matterPage, err = p.readMatter(q, form); err != nil {
		return page, err
	}
	if !page.Matter.Kind.Changes() {
		return page, web.NotFound
	}
	if key == "" {
		return page, nil
	}
	var known bool
	if page.Key, known = bylawsview.KeyOf(key); !known {
		return page, web.NotFound
	}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		b, err := bylaws.On(v, v.Today())
		if err != nil {
			return err
		}
		page.Standing = bylawsview.Standings(b, page.Key, q.P)
		page.Articles = bylawsview.ArticleOptions(q.P, b.Version.Articles, page.Matter.Changes)
		page.Prevailed, _ = b.Rule(page.Key)
		return nil
	})
	if i := page.proposed(page.Key); i >= 0 {
		page.Proposed = page.Matter.Rules[i]
	}
	return page, err
}

func (page rulePage) proposed(key bylaws.Key) int {
	return slices.IndexFunc(page.Matter.Rules, func(r bylaws.Rule) bool { return r.Key == key })
}

func (p Pages) newRule(q *web.Request) error {
	page, err := p.readRule(q, q.Blank(), q.Query("key"))
	if err == nil {
		err = editable(page.Meeting)
	}
	if err != nil {
		return err
	}
	switch {
	case page.Proposed.Key != "":
		bylawsview.Begin(page.Form, page.Proposed)
	case page.Prevailed.Key != "":
		bylawsview.Begin(page.Form, page.Prevailed)
		page.Form.Set("words", "")
	}
	return q.Page(ruleForm(page))
}

// setRule keeps a new value, or reads it back in words when the other button was pressed.
func (p Pages) setRule(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readRule(q, form, cmp.Or(form.Raw("key-of"), " "))
	if err != nil {
		return err
	}
	rule := bylawsview.Take(form, page.Key, page.Meeting.Language, q.T("meeting.page.rules.source", "meeting",
		page.Meeting.Title), page.day(p.DB.Today()), page.Articles)
	if form.OK() && form.Raw("do") == "read" {
		page.Readback = &rule
		return q.Page(ruleForm(page))
	}
	done, err := p.act(q, form, "change-matter", func(tx *store.Tx) error {
		return p.withMatter(tx, page.Matter.ID, func(x *meeting.Matter) {
			x.Rules = slices.DeleteFunc(x.Rules, func(o bylaws.Rule) bool { return o.Key == rule.Key })
			x.Rules = append(x.Rules, rule)
		})
	})
	if err != nil {
		return err
	}
	if done {
		return q.SeeOther(matterPath(page.Meeting.Name, page.Matter.ID) + "#rules")
	}
	return q.Again(ruleForm(page))
}

func (p Pages) removeRule(q *web.Request) error {
	page, err := p.readMatter(q, nil)
	if err != nil {
		return err
	}
	back := matterPath(page.Meeting.Name, page.Matter.ID) + "#rules"
	return p.press(q, "change-matter", back, func(tx *store.Tx, form *web.Form) error {
		return p.withMatter(tx, page.Matter.ID, func(x *meeting.Matter) {
			x.Rules = slices.DeleteFunc(x.Rules, func(r bylaws.Rule) bool { return string(r.Key) == form.Raw("key-of") })
		})
	})
}

// day is the day on which the amendment would be adopted: the law of that day is what it must keep to.
func (page rulePage) day(today civil.Date) civil.Date {
	if day := page.Meeting.Day(page.Zone); !day.IsZero() {
		return day
	}
	return today
}

// rulePath is the form of one rule that a matter changes.
func rulePath(matter string, key bylaws.Key) string {
	return matter + "/rules/new?" + url.Values{"key": {string(key)}}.Encode()
}

// ruleChange is a rule before and after, in words.
func (s speaker) ruleChange(r bylaws.Rule) web.Change {
	name, before := r.Key.Words(s.p), s.p.T("meeting.page.rules.unknown")
	if now, known := s.bylaws.Rule(r.Key); known {
		before = now.InWords(s.p)
	}
	return web.Change{BeforeHead: s.p.T("meeting.page.rules.before", "rule", name),
		AfterHead: s.p.T("meeting.page.rules.after", "rule", name), Before: before, After: r.InWords(s.p)}
}

// chosenKey is the form of the choice of a rule: it keeps what was chosen.
func chosenKey(page rulePage) *web.Form { return web.NewForm(nil).Set("key", string(page.Key)) }
