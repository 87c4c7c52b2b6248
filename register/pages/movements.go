package pages

import (
	"io"
	"slices"
	"strconv"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
)

// registerPage is what GET /register shows: every movement, the one recorded last first.
type registerPage struct {
	form    *web.Form
	search  register.Search
	nobody  bool // the text names no cooperator
	Lede    string
	Staff   bool // ground, author and files too; a member reads what the law mentions
	Writer  bool
	Kinds   []web.Chip
	Years   []web.Option
	Columns []web.Column
	Rows    []movementRow
	Totals  []web.Total
	Pager   web.Pager
	Exports []web.Link
	Empty   bool
	Several bool
}

func (s *screens) register(q *web.Request) error {
	if err := s.consulted(q, register.ReadMovements); err != nil {
		return orNotHolder(q, err)
	}
	page := registerPage{Staff: q.Who.May(web.Staff), Writer: q.Who.May(writers)}
	err := s.DB.View(q.Context(), func(v *store.View) (err error) {
		if err = page.ask(q, v); err != nil {
			return err
		}
		return page.read(q, v, s)
	})
	if err != nil {
		return err
	}
	return q.Page(registerView(page))
}

// ask reads what the address asks for.
func (page *registerPage) ask(q *web.Request, r store.Reader) error {
	page.form = web.NewForm(q.R.URL.Query())
	sort := q.Sort(web.Sort{Key: "no", Down: true}, "no")
	page.search = register.Search{Year: int(q.QueryInt("year", 0, 1, 9999)), Oldest: !sort.Down, Size: pageSize}
	if kind := register.Kind(q.Query("kind")); slices.Contains(register.Kinds, kind) {
		page.search.Kind = kind
	}
	page.Columns = registerColumns(q, sort, page.Staff)
	text := q.Query("q")
	if text == "" {
		return nil
	}
	hits, _, err := people.Search(r, people.Query{Text: text, Contacts: q.Who.May(contacts)})
	if err != nil {
		return err
	}
	for _, h := range hits {
		c, found, err := register.CooperatorOf(r, h.Person)
		if err != nil {
			return err
		}
		if found {
			page.search.Cooperators = append(page.search.Cooperators, c.Number)
		}
	}
	if n, err := strconv.ParseInt(text, 10, 32); err == nil && len(hits) == 0 {
		page.search.Cooperators = append(page.search.Cooperators, register.Number(n))
	}
	page.nobody = len(page.search.Cooperators) == 0
	return nil
}

func registerColumns(q *web.Request, sort web.Sort, staff bool) []web.Column {
	column := func(key, code string, num bool) web.Column {
		return web.Column{Key: key, Label: q.T("register.page." + code), Num: num}
	}
	list := []web.Column{column("no", "number", true), column("", "effect", true)}
	if staff {
		list = append(list, column("", "recorded", true))
	}
	list = append(list, column("", "nature", false), column("", "cooperator", false))
	if staff {
		list = append(list, column("", "ground", false), column("", "by", false))
	} else {
		list = append(list, column("", "counterpart", false))
	}
	list = append(list, column("", "class", false), column("", "amount", true), column("", "shares", true))
	if q.Who.May(writers) {
		list = append(list, web.Column{Label: q.T("register.page.correct"), Fold: true})
	}
	return q.Columns(sort, list...)
}

func (page *registerPage) read(q *web.Request, r store.Reader, s *screens) error {
	tallies, err := s.tallied.of(r, register.Search{})
	if err != nil {
		return err
	}
	whole := sumOf(tallies, "")
	page.Empty = whole.n == 0
	page.Lede = q.T("register.page.register.lede", "n", whole.n, "shares", sharesWords(whole.shares), "paid", whole.paid)
	if err := page.years(q, r); err != nil || page.Empty {
		return err
	}
	found := whole
	anyKind := page.search
	anyKind.Kind = ""
	if page.nobody {
		tallies, found = nil, tallied{}
	} else if tallies, err = s.tallied.of(r, anyKind); err != nil {
		return err
	}
	found = sumOf(tallies, page.search.Kind)
	page.kinds(q, tallies)
	page.Pager = q.Pager(found.n, pageSize)
	page.search.From = page.Pager.Offset()
	if err := page.rows(q, r, s); err != nil {
		return err
	}
	page.total(q.P, found, whole)
	page.exports(q)
	return nil
}

func (page *registerPage) rows(q *web.Request, r store.Reader, s *screens) error {
	if page.nobody {
		return nil
	}
	ms, err := register.Movements(r, page.search)
	if err != nil {
		return err
	}
	list, behind, err := s.directory(r, r.Today(), civil.Date{})
	if err != nil {
		return err
	}
	if behind {
		list = nil // somebody may have another name now
	}
	words, err := wordsFor(q, r, ms, list)
	if err != nil {
		return err
	}
	words.legal = !page.Staff
	for _, m := range ms {
		row, err := words.row(r, m)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, row)
	}
	return nil
}

// tallied is what movements add up to.
type tallied struct {
	n, shares int64
	paid      money.Cents
}

// sumOf adds up the tallies of a kind, or of all.
func sumOf(tallies []register.Tally, kind register.Kind) (t tallied) {
	for _, one := range tallies {
		if kind == "" || one.Kind == kind {
			t.n, t.shares, t.paid = t.n+one.Movements, t.shares+one.Shares, t.paid+one.Paid
		}
	}
	return t
}

func (page *registerPage) kinds(q *web.Request, tallies []register.Tally) {
	page.Kinds = []web.Chip{{Text: q.T("register.page.chip.movements"), Count: q.P.Count(sumOf(tallies, "").n),
		Href: q.URLWith("kind", ""), Current: page.search.Kind == ""}}
	for _, k := range register.Kinds {
		page.Kinds = append(page.Kinds, web.Chip{Text: q.T(k.Code()), Count: q.P.Count(sumOf(tallies, k).n),
			Href: q.URLWith("kind", string(k)), Current: page.search.Kind == k})
	}
}

func (page *registerPage) years(q *web.Request, r store.Reader) error {
	first, last, err := register.Years(r)
	page.Years = []web.Option{{Value: "", Label: q.T("register.page.year.all")}}
	for y := last; y >= first && y > 0; y-- {
		page.Years = append(page.Years, web.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return err
}

func (page *registerPage) total(p *lang.Printer, found, whole tallied) {
	lead, between := 3, 2 // the label stands under the names
	if page.Staff {
		lead, between = 4, 3
	}
	line := func(code string, t tallied, soft bool) web.Total {
		total := web.Total{Lead: lead, Label: p.T(code, "n", t.n), Soft: soft, Cells: make([]web.Cell, between)}
		total.Cells = append(total.Cells, web.Cell{Text: p.Money(t.paid), Label: p.T("register.page.amount"), Num: true},
			web.Cell{Text: p.Count(t.shares), Label: p.T("register.page.shares"), Num: true})
		if page.Writer {
			total.Cells = append(total.Cells, web.Cell{})
		}
		return total
	}
	if found.n != whole.n {
		page.Totals = append(page.Totals, line("register.page.total.found", found, true))
	}
	page.Totals = append(page.Totals, line("register.page.total.movements", whole, false))
}

func (page *registerPage) exports(q *web.Request) {
	if !page.Staff {
		page.Exports = []web.Link{{Text: q.T("register.page.export.legal"), Href: "/register/legal.pdf"}}
		return
	}
	for _, format := range []register.Format{register.CSV, register.XLSX} {
		page.Exports = append(page.Exports, web.Link{Text: q.T("register.page.export." + string(format)),
			Href: at(q, pathMovements+"."+string(format))})
	}
}

// movementsAs sends the movements that the address asks for, all pages, in the order of the register.
func (s *screens) movementsAs(format register.Format, media string) func(*web.Request) error {
	return func(q *web.Request) error {
		page := registerPage{}
		name := q.T("register.page.file.movements", "day", s.DB.Today().String()) + "." + string(format)
		return s.DB.LongView(q.Context(), func(v *store.View) error {
			if err := page.ask(q, v); err != nil {
				return err
			}
			var ms []register.Movement
			if !page.nobody {
				page.search.Size, page.search.Oldest = 0, true
				var err error
				if ms, err = register.Movements(v, page.search); err != nil {
					return err
				}
			}
			return q.Download(name, media, func(w io.Writer) error {
				return register.WriteMovements(w, v, q.P, ms, format)
			})
		})
	}
}

// journalAs sends the whole register as a journal of lots.
func (s *screens) journalAs(format register.Format) func(*web.Request) error {
	return func(q *web.Request) error {
		d := datesOf(web.NewForm(q.R.URL.Query()), s.DB.Today())
		name := q.T("register.page.file.register", "day", d.day.String()) + "." + string(format)
		return s.DB.LongView(q.Context(), func(v *store.View) error {
			return q.Download(name, "text/plain; charset=utf-8", func(w io.Writer) error {
				return register.WriteJournal(w, v, d.day, d.known, format)
			})
		})
	}
}

// capTable sends the register as an Open Cap Format package.
func (s *screens) capTable(q *web.Request) error {
	d := datesOf(web.NewForm(q.R.URL.Query()), s.DB.Today())
	name := q.T("register.page.file.register", "day", d.day.String()) + ".ocf.zip"
	return s.DB.LongView(q.Context(), func(v *store.View) error {
		return q.Download(name, "application/zip", func(w io.Writer) error {
			return register.WriteOCF(w, v, q.P, d.day, d.known)
		})
	})
}

// legal sends the register as the law asks for it: every holder of shares may consult it (CSA 6:24-25).
func (s *screens) legal(q *web.Request) error {
	if err := s.consulted(q, register.ReadPrint); err != nil {
		return orNotHolder(q, err)
	}
	d := datesOf(web.NewForm(q.R.URL.Query()), s.DB.Today())
	name := q.T("register.page.file.register", "day", d.day.String()) + ".pdf"
	return s.DB.LongView(q.Context(), func(v *store.View) error {
		paper, names, err := register.Print(v, q.P, d.day, d.known)
		if err != nil {
			return err
		}
		return q.Inline(name, pdfType, func(w io.Writer) error {
			return papers.PDFInParts(w, paper, names, papers.Meta{Made: s.DB.Now()})
		})
	})
}

// evidence shows the paper of a movement to the secretariat and the board, and to the cooperator whom it concerns.
func (s *screens) evidence(q *web.Request) error {
	var document documents.Document
	err := s.DB.View(q.Context(), func(v *store.View) error {
		m, err := movementIn(q, v)
		if err != nil {
			return err
		}
		if !q.Who.May(web.Staff) {
			c, err := register.CooperatorNumbered(v, m.Cooperator)
			if err != nil {
				return err
			}
			if is, err := isOf(q, v, c.Person); err != nil || !is {
				return notUnless(is, err)
			}
		}
		var found bool
		document, found, err = documents.Find(v, m.Evidence)
		return notUnless(found, err)
	})
	if err != nil {
		return orNotYours(q, err)
	}
	return q.Inline(document.Name, document.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), s.DB, document))
		return err
	})
}

// notUnless is 404 for what is not there, or not for this reader.
func notUnless(found bool, err error) error {
	if err == nil && !found {
		return web.NotFound
	}
	return err
}

// movementIn is the movement of the address.
func movementIn(q *web.Request, r store.Reader) (register.Movement, error) {
	m, err := register.MovementNumbered(r, register.MovementNumber(numberIn(q, "number")))
	if fault.Of(err) != nil {
		err = web.NotFound
	}
	return m, err
}

// goTo sends from the number of a movement to its line on the cooperator's page.
func (s *screens) goTo(q *web.Request) error {
	m, err := read(q, s.DB, func(v *store.View) (register.Movement, error) { return movementIn(q, v) })
	if err != nil {
		return err
	}
	return q.SeeOther(cooperatorPath(m.Cooperator) + "#n" + m.Number.String())
}

// yearOf is a year as a phrase writes it: without parting its thousands.
func yearOf(d civil.Date) civil.Date { return civil.MustParse(d.String()[:4]) }
