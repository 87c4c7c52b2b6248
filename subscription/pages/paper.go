package pages

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// formRow is a blank in ready words.
type formRow struct {
	Number, Words, OGM, Class, Language, Printed, Request, RequestHref, Why string
	State                                                                   string
	Badge                                                                   web.Kind
	Blank, First                                                            bool
}

// formsPage lists the blanks and prints new ones.
type formsPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Rows    []formRow
	Counts  []web.Figure
	Classes []web.Option
	Langs   []web.Option
	Writer  bool
	Pager   web.Pager
	Account bool
}

func (s *screens) formsPage(q *web.Request, form *web.Form) (formsPage, error) {
	return look(q, s.DB, func(r store.Reader) (page formsPage, err error) {
		page = formsPage{Form: form, Tabs: tabs(q.P, q.Who, pathPaper), Writer: q.Who.May(writers)}
		classes, err := register.Classes(r)
		if err != nil {
			return page, err
		}
		for _, c := range classes {
			page.Classes = append(page.Classes, web.Option{Value: string(c.ID), Label: q.T("subscription.page.class.of",
				"class", c.Letter, "name", c.Name, "nominal", c.Nominal)})
		}
		for _, tag := range lang.Tags {
			page.Langs = append(page.Langs, web.Option{Value: string(tag),
				Label: lang.Capital(q.P.Words(people.LangWords(tag)))})
		}
		list, err := subscription.Forms(r)
		if err != nil {
			return page, err
		}
		var blank, taken, spoiled int64
		for _, f := range list {
			switch {
			case f.Request != "":
				taken++
			case f.SpoiledAt != 0:
				spoiled++
			default:
				blank++
			}
		}
		page.Counts = []web.Figure{{Value: q.P.Count(blank), Label: q.T("subscription.page.forms.blank")},
			{Value: q.P.Count(taken), Label: q.T("subscription.page.forms.taken")},
			{Value: q.P.Count(spoiled), Label: q.T("subscription.page.forms.spoiled")}}
		page.Pager = q.Pager(int64(len(list)), rowsPerPage)
		from := min(int(page.Pager.Offset()), len(list))
		part := list[from:min(from+rowsPerPage, len(list))]
		for i, f := range part {
			page.Rows = append(page.Rows, formRowOf(r, q.P, f, i == len(part)-1 || part[i+1].PrintedAt != f.PrintedAt))
		}
		return page, nil
	})
}

func formRowOf(r store.Reader, p *lang.Printer, f subscription.Form, first bool) formRow {
	one := formRow{Number: strconv.FormatInt(f.Number, 10), Words: subscription.NumberWords(f.Number),
		OGM:   f.OGM().String(),
		Class: string(f.Class), Language: strings.ToUpper(string(f.Language)), Printed: p.ShortDate(f.PrintedAt.On(r.Zone())),
		Why: f.Why, State: p.T("subscription.page.form.blank"), Badge: web.Wait, First: first}
	switch {
	case f.Request != "":
		one.State, one.Badge = p.T("subscription.page.form.taken"), web.Yes
		one.Request, one.RequestHref = p.T("subscription.page.request", "number", f.Taken), requestPath(f.Taken)
	case f.SpoiledAt != 0:
		one.State, one.Badge = p.T("subscription.page.form.spoiled"), web.Off
	default:
		one.Blank = true
	}
	return one
}

func (s *screens) forms(q *web.Request) error {
	page, err := s.formsPage(q, q.Blank().Set("count", "10").Set("language", string(q.P.Tag)))
	if err != nil {
		return err
	}
	return q.Page(formsView(page))
}

// printForms numbers new blanks and leads to their pile.
func (s *screens) printForms(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	class := register.ClassID(form.Need("class", 10))
	tag := lang.Tag(form.Choice("language", tags()...))
	count := form.NeedInt("count", 1, subscription.MaxForms)
	if form.OK() {
		_, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "subscription.print").Once(form.Key()),
			func(tx *store.Tx) error {
				_, err := subscription.PrintForms(tx, class, tag, int(count))
				return err
			})
		if err == nil {
			q.Flash(web.Yes, q.T("subscription.page.forms.made", "n", count))
			return q.SeeOther(pathPaper)
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := s.formsPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(formsView(page))
}

func tags() (list []string) {
	for _, tag := range lang.Tags {
		list = append(list, string(tag))
	}
	return list
}

// formOf is the blank that the address names.
func formOf(q *web.Request, r store.Reader) (subscription.Form, error) {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil {
		return subscription.Form{}, web.NotFound
	}
	return subscription.FormNumbered(r, n)
}

// formPDF draws one blank, to be filled in on a screen.
func (s *screens) formPDF(q *web.Request) error {
	return s.sheets(q, func(r store.Reader, f subscription.Form) ([]subscription.Form, error) {
		return []subscription.Form{f}, nil
	})
}

// pilePDF draws the blanks that were printed together with one, from that one on, for pens.
func (s *screens) pilePDF(q *web.Request) error {
	return s.sheets(q, func(r store.Reader, first subscription.Form) (list []subscription.Form, err error) {
		all, err := subscription.Forms(r)
		slices.Reverse(all)
		for _, f := range all {
			if f.PrintedAt == first.PrintedAt && f.Number >= first.Number && f.Request == "" && f.SpoiledAt == 0 &&
				len(list) < papers.MaxFormSheets {
				list = append(list, f)
			}
		}
		if len(list) == 0 {
			list = []subscription.Form{first}
		}
		return list, err
	})
}

func (s *screens) sheets(q *web.Request,
	which func(store.Reader, subscription.Form) ([]subscription.Form, error)) error {
	var name string
	list, err := look(q, s.DB, func(r store.Reader) ([]papers.FormSheet, error) {
		first, err := formOf(q, r)
		if err != nil {
			return nil, err
		}
		forms, err := which(r, first)
		if err != nil {
			return nil, err
		}
		name = subscription.NumberWords(forms[0].Number)
		return subscription.Sheets(r, forms, s.Links)
	})
	if err != nil {
		return err
	}
	return q.Inline(name+".pdf", "application/pdf", func(w io.Writer) error {
		return papers.PrintFillable(w, list, papers.Meta{})
	})
}

// spoil takes a blank out of use.
func (s *screens) spoil(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil {
		return web.NotFound
	}
	why := form.Need("why", subscription.MaxWhy)
	answered, err := s.done(q, form, "subscription.spoil", "subscription.page.forms.spoil-done", pathPaper,
		func(tx *store.Tx) error { return subscription.Spoil(tx, n, why) })
	if answered {
		return err
	}
	page, err := s.formsPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(formsView(page))
}

// sheetPage is the entry screen of one sheet of paper.
type sheetPage struct {
	entry
	Blank   subscription.Form
	Words   string
	Evening bool
}

func (s *screens) sheetPage(q *web.Request, form *web.Form) (page sheetPage, err error) {
	return look(q, s.DB, func(r store.Reader) (page sheetPage, err error) {
		if page.Blank, err = formOf(q, r); err != nil {
			return page, err
		}
		if form.Raw("class") == "" {
			form.Set("class", string(page.Blank.Class))
		}
		if form.Raw("language") == "" {
			form.Set("language", string(page.Blank.Language))
		}
		if page.entry, err = s.entry(q, r, form, subscription.Paper); err != nil {
			return page, err
		}
		page.Number, page.OGM, page.Words = page.Blank.Number, page.Blank.OGM().String(),
			subscription.NumberWords(page.Blank.Number)
		page.Evening = form.Raw("evening") != "" || q.Query("evening") != ""
		if id := form.Raw("scan-id"); id != "" {
			d, found, err := documents.Find(r, id)
			if err != nil {
				return page, err
			}
			if found {
				page.Scan = d.Name
			}
		}
		return page, nil
	})
}

// enterForm is where the code on the paper leads: the entry screen, or the request that was entered.
func (s *screens) enterForm(q *web.Request) error {
	form := q.Blank().Set("kind", string(people.Natural)).Set("purpose", string(subscription.Self)).
		Set("signed-on", s.DB.Today().String())
	page, err := s.sheetPage(q, form)
	if err != nil {
		return err
	}
	if page.Blank.Request != "" {
		return q.SeeOther(requestPath(page.Blank.Taken))
	}
	if page.Blank.SpoiledAt != 0 {
		return fault.Refuse("subscription.refusal.form-spoiled", "number", page.Words)
	}
	return q.Page(sheetView(page))
}

// writeForm takes what was entered from a sheet of paper.
func (s *screens) writeForm(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.sheetPage(q, form)
	if err != nil {
		return err
	}
	request, written, err := s.record(q, form, subscription.Paper, page.Blank.Number)
	if err != nil {
		return err
	}
	if !written {
		return q.Again(sheetView(page))
	}
	q.Flash(web.Yes, q.T("subscription.page.written", "number", request.Number))
	if page.Evening {
		return q.SeeOther(pathEvening)
	}
	return q.SeeOther(requestPath(request.Number))
}

// readForm reads a form that was filled in on a screen back into the entry screen; the file is kept as its scan.
func (s *screens) readForm(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	file := form.NeedFile("filled", documents.MaxSize)
	again := func() error {
		page, err := s.formsPage(q, form)
		if err != nil {
			return err
		}
		return q.Again(formsView(page))
	}
	if !form.OK() {
		return again()
	}
	content, err := io.ReadAll(io.LimitReader(file.Content, documents.MaxSize))
	if err != nil {
		return err
	}
	values, err := papers.ReadForm(content)
	if err != nil {
		return s.notRead(form, err, again)
	}
	n, ok := subscription.ReadNumber(values["number"])
	if !ok {
		form.Problem(fault.Refuse("subscription.refusal.no-number").At("filled"))
		return again()
	}
	paper, err := documents.Take(file.Name, bytes.NewReader(content))
	if err != nil {
		return s.notRead(form, err, again)
	}
	var scan documents.Document
	_, err = s.DB.Act(q.Context(), store.By(q.Who.Person, "subscription.read").Once(form.Key()),
		func(tx *store.Tx) (err error) {
			f, err := subscription.FormNumbered(tx, n)
			if err != nil {
				return err
			}
			tx.Record(store.Line{Args: map[string]any{"number": f.Number}})
			scan, err = documents.Add(tx, paper)
			return err
		})
	if err != nil {
		return s.notRead(form, err, again)
	}
	blank := q.Blank().Set("scan-id", scan.ID)
	for name, value := range subscription.Read(values, s.DB.Today()) {
		blank.Set(name, value)
	}
	q.R.SetPathValue("number", strconv.FormatInt(n, 10))
	page, err := s.sheetPage(q, blank)
	if err != nil {
		return err
	}
	return q.Page(sheetView(page))
}

// notRead notes at the file what is wrong with it.
func (s *screens) notRead(form *web.Form, err error, again func() error) error {
	rs := fault.Of(err)
	if len(rs) == 0 {
		return err
	}
	for _, one := range rs {
		form.Problem(one.At("filled"))
	}
	return again()
}
