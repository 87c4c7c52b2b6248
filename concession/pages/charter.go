package pages

import (
	"slices"
	"strconv"
	"strings"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
	personview "lieux/people/view"
	"lieux/places"
)

// charterPage is what GET /charter shows.
type charterPage struct {
	concession.Charter
	Any      bool
	Versions []web.Chip
	Adopted  web.Link // the assembly that adopted it
	Articles []articleRow
	Before   int64 // the version to which it is compared; 0: none
}

// articleRow is one article with what it was before.
type articleRow struct {
	concession.Article
	Targets []string
	Change  web.Change
	Changed bool
	Gone    bool // it is no longer in this version
}

func (p Pages) charter(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (charterPage, error) { return readCharter(q, r) })
	if err != nil {
		return err
	}
	return q.Page(charterView(page))
}

// shown finds the version that the address asks for: the one that holds, or the first proposal.
func shown(q *web.Request, r store.Reader, all []concession.Charter) (c concession.Charter, err error) {
	if q.Path("number") != "" {
		n, err := asked(q)
		if err != nil {
			return c, err
		}
		for _, v := range all {
			if v.Number == n {
				return v, nil
			}
		}
		return c, web.NotFound
	}
	c, found, err := concession.CharterOn(r, r.Today())
	if !found && len(all) > 0 {
		c = all[len(all)-1]
	}
	return c, err
}

func readCharter(q *web.Request, r store.Reader) (page charterPage, err error) {
	all, err := concession.Charters(r)
	if err != nil || len(all) == 0 {
		return page, err
	}
	page.Any = true
	if page.Charter, err = shown(q, r, all); err != nil {
		return page, err
	}
	var before concession.Charter
	for _, v := range slices.Backward(all) {
		text := q.T("concession.page.version", "number", v.Number)
		if v.Holds() {
			text = q.T("concession.page.version-of", "number", v.Number, "day", v.Adopted.On)
		}
		page.Versions = append(page.Versions, web.Chip{Text: text, Href: pathOfCharter(v), Current: v.ID == page.ID})
		if v.Holds() && v.Number < page.Number && before.Number == 0 {
			before = v
		}
	}
	page.Before = before.Number
	page.Articles = compare(q, before, page.Charter)
	return page, adoptedBy(q, r, &page)
}

// adoptedBy finds the words for the assembly that adopted the version.
func adoptedBy(q *web.Request, r store.Reader, page *charterPage) error {
	a := page.Charter.Adopted
	switch {
	case a.Matter != "":
		at, found, err := assembly.PlaceOf(r, a.Matter)
		if err != nil || !found {
			return err
		}
		held, found, err := assembly.ByID(r, at.Assembly)
		if err == nil && found {
			page.Adopted = web.Link{Text: held.Title, Href: "/assemblies/" + held.Name}
		}
		return err
	case a.Decision != "":
		words, _, err := personview.DecisionWords(r, q.P, a.Decision)
		page.Adopted = web.Link{Text: words}
		return err
	}
	return nil
}

// compare puts the articles of a version beside those of the one before.
func compare(q *web.Request, before, after concession.Charter) (rows []articleRow) {
	heads := func(c *web.Change) {
		c.BeforeHead = q.T("concession.page.version", "number", before.Number)
		c.AfterHead = q.T("concession.page.version", "number", after.Number)
	}
	for _, a := range after.Articles {
		row := articleRow{Article: a}
		for _, t := range a.Indicators {
			row.Targets = append(row.Targets, capital(q.P, t.Kind.Words())+" · "+concession.TargetWords(q.P, t))
		}
		i := slices.IndexFunc(before.Articles, func(b concession.Article) bool { return b.Number == a.Number })
		switch {
		case before.Number == 0:
		case i < 0:
			row.Changed, row.Change = true, web.Change{After: a.Text}
			heads(&row.Change)
		case before.Articles[i].Text != a.Text || before.Articles[i].Title != a.Title:
			row.Changed, row.Change = true, web.Change{Before: whole(before.Articles[i]), After: whole(a)}
			heads(&row.Change)
		}
		rows = append(rows, row)
	}
	for _, b := range before.Articles {
		if !slices.ContainsFunc(after.Articles, func(a concession.Article) bool { return a.Number == b.Number }) {
			row := articleRow{Article: b, Gone: true, Changed: true, Change: web.Change{Before: whole(b)}}
			heads(&row.Change)
			rows = append(rows, row)
		}
	}
	return rows
}

func whole(a concession.Article) string { return a.Title + ".\n" + a.Text }

// charterForm is the editor of a version.
type charterForm struct {
	Form     *web.Form
	Rows     []int // one fieldset each
	Kinds    []web.Option
	Looked   []articleRow // before and after, once "look" was pressed
	Standing concession.Charter
}

// Of each article the editor has so many indicators; spareArticles are empty ones at the end.
const (
	shownTargets  = 3
	spareArticles = 2
)

func at(name string, i int) string { return name + "-" + strconv.Itoa(i) }

func (p Pages) charterForm(q *web.Request, form *web.Form, rows int) (charterForm, error) {
	return view(q, p.DB, func(r store.Reader) (page charterForm, err error) {
		page.Form = form
		page.Kinds = append([]web.Option{{Label: q.T("concession.page.no-indicator")}},
			worded(q.P, concession.Indicators, concession.Indicator.Words)...)
		for i := range rows {
			page.Rows = append(page.Rows, i)
		}
		page.Standing, _, err = concession.CharterOn(r, r.Today())
		return page, err
	})
}

func (p Pages) blankCharter(q *web.Request) error {
	form := q.Blank()
	page, err := p.charterForm(q, form, 0)
	if err != nil {
		return err
	}
	c := page.Standing
	form.Set("preamble", c.Preamble)
	for i, a := range c.Articles {
		form.Set(at("number", i), a.Number).Set(at("title", i), a.Title).Set(at("text", i), a.Text).
			Set(at("questions", i), strings.Join(a.Questions, "\n"))
		for j, t := range a.Indicators[:min(shownTargets, len(a.Indicators))] {
			form.Set(at(at("kind", i), j), string(t.Kind)).Set(at(at("target", i), j), targetText(q, t))
		}
	}
	for i := range len(c.Articles) + spareArticles {
		page.Rows = append(page.Rows, i)
	}
	return q.Page(charterFormView(page))
}

// targetText is a target as a form shows it: per cent, euros, a whole number.
func targetText(q *web.Request, t concession.Target) string {
	switch t.Kind {
	case concession.Occupancy, concession.Collective:
		return q.P.Plain(money.Cents(t.Target * 10))
	case concession.FeeCeiling:
		return q.P.Plain(money.Cents(t.Target))
	}
	return number(t.Target)
}

// readTarget reads what an indicator aims at.
func readTarget(form *web.Form, kind concession.Indicator, name string) concession.Target {
	t := concession.Target{Kind: kind}
	switch kind {
	case concession.Occupancy, concession.Collective:
		t.Target = int64(form.Money(name, 0, 100_00)) / 10
	case concession.FeeCeiling:
		t.Target = int64(form.Money(name, 0, places.MaxFee))
	default:
		t.Target = form.Int(name, 0, 100_000)
	}
	return t
}

// readCharterForm reads a version from the editor.
func readCharterForm(form *web.Form) (c concession.Charter, rows int) {
	c = concession.Charter{Preamble: form.Lines("preamble", concession.MaxText),
		Why: form.Lines("why", concession.MaxText)}
	rows = int(form.Int("rows", 0, concession.MaxArticles+spareArticles))
	for i := range rows {
		a := concession.Article{Number: form.Text(at("number", i), 12), Title: form.Text(at("title", i), concession.MaxLine),
			Text: form.Lines(at("text", i), concession.MaxText)}
		for line := range splitLines(form.Lines(at("questions", i), concession.MaxQuestion*concession.MaxQuestions)) {
			a.Questions = append(a.Questions, line)
		}
		for j := range shownTargets {
			kind := concession.Indicator(form.Choice(at(at("kind", i), j), append(values(concession.Indicators), "")...))
			if kind != "" {
				a.Indicators = append(a.Indicators, readTarget(form, kind, at(at("target", i), j)))
			}
		}
		c.Articles = append(c.Articles, a)
	}
	return c, rows
}

// propose keeps a version; "look" shows it beside the one that holds, and keeps nothing.
func (p Pages) propose(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	c, rows := readCharterForm(form)
	again := func() error {
		page, err := p.charterForm(q, form, rows)
		if err != nil {
			return err
		}
		if form.Raw("do") == "look" {
			c.Number = page.Standing.Number + 1
			c.Articles = slices.DeleteFunc(c.Articles, func(a concession.Article) bool { return a.Text == "" })
			page.Looked = compare(q, page.Standing, c)
			return q.Page(charterFormView(page))
		}
		return q.Again(charterFormView(page))
	}
	if form.Raw("do") == "look" {
		return again()
	}
	return p.acted(q, form, "propose", func(tx *store.Tx) error {
		id, err := concession.Propose(tx, c)
		if err != nil {
			return err
		}
		made, err := concession.CharterByID(tx, id)
		tx.Answer(number(made.Number))
		return err
	}, func(answer string) string { return pathCharter + "/" + answer }, again)
}

// adoptionPage is the form by which a version is adopted.
type adoptionPage struct {
	concession.Charter
	Form    *web.Form
	Matters []web.Option
	Decided personview.DecisionChoice
}

func assemblyDecides() personview.Deciding {
	return personview.Deciding{Name: "decision", By: []people.BodyKind{people.Assembly}}
}

// adoptionPage offers the matters of records that approve a Charter.
func (p Pages) adoptionPage(q *web.Request, form *web.Form) (adoptionPage, error) {
	return view(q, p.DB, func(r store.Reader) (page adoptionPage, err error) {
		page.Form = form
		all, err := concession.Charters(r)
		if err != nil {
			return page, err
		}
		if page.Charter, err = shown(q, r, all); err != nil {
			return page, err
		}
		if page.Decided, err = assemblyDecides().Offer(r, q.P, form); err != nil {
			return page, err
		}
		held, err := assembly.All(r)
		if err != nil {
			return page, err
		}
		page.Matters = []web.Option{{Label: q.T("concession.page.no-matter")}}
		for _, h := range held {
			full, found, err := assembly.ByID(r, h.ID)
			if err != nil || !found {
				return page, err
			}
			for _, item := range full.Items {
				for _, m := range item.Matters {
					if m.Kind == assembly.Charter {
						page.Matters = append(page.Matters, web.Option{Value: string(m.ID), Label: full.Title + " · " + m.Title})
					}
				}
			}
		}
		return page, nil
	})
}

func (p Pages) beforeAdopting(q *web.Request) error {
	page, err := p.adoptionPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(adoptionView(page))
}

func (p Pages) adopt(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.adoptionPage(q, form)
	if err != nil {
		return err
	}
	a := concession.Adoption{Charter: page.ID, Matter: assembly.MatterID(form.Text("matter", 40))}
	ruling, err := view(q, p.DB, func(r store.Reader) (personview.Ruling, error) {
		return assemblyDecides().Take(r, form)
	})
	if err != nil {
		return err
	}
	if a.Matter == "" && ruling.None() {
		form.Problem(fault.Refuse("concession.refusal.assembly").At("matter"))
	}
	return p.acted(q, form, "adopt", func(tx *store.Tx) (err error) {
		if a.Matter != "" {
			place, _, err := assembly.PlaceOf(tx, a.Matter)
			if err != nil {
				return err
			}
			held, _, err := assembly.ByID(tx, place.Assembly)
			if err != nil {
				return err
			}
			a.On = held.HeldOn
		} else if a.Decision, err = ruling.Record(tx); err != nil {
			return err
		}
		return concession.Adopt(tx, a)
	}, always(pathOfCharter(page.Charter)), func() error { return q.Again(adoptionView(page)) })
}
