package pages

import (
	"io"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/certificate"
	"lieux/people"
	"lieux/register"
)

// listPage is what GET /register/certificates shows.
type listPage struct {
	Search string
	Kinds  []web.Chip
	Lines  []line
	Any    bool
	Pager  web.Pager
	CSV    string
	XLSX   string
}

// searched is what the address of the list asks for.
func searched(q *web.Request) certificate.Search {
	s := certificate.Search{Number: q.QueryInt("number", 0, 1, 1<<40)}
	for _, k := range certificate.Kinds {
		if q.Query("kind") == string(k) {
			s.Kind = k
		}
	}
	return s
}

func (p Pages) list(q *web.Request) error {
	s := searched(q)
	page := listPage{Search: q.Query("number"), CSV: exportHref(q, "csv"), XLSX: exportHref(q, "xlsx")}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		_, all, err := certificate.List(v, certificate.Search{Size: 1})
		if err != nil {
			return err
		}
		page.Any = all > 0
		for _, k := range append([]certificate.Kind{""}, certificate.Kinds...) {
			_, n, err := certificate.List(v, certificate.Search{Kind: k, Number: s.Number, Size: 1})
			if err != nil {
				return err
			}
			text := q.T("certificate.page.all")
			if k != "" {
				text = q.T("certificate.page.kind." + string(k))
			}
			page.Kinds = append(page.Kinds, web.Chip{Text: text, Count: q.P.Count(n), Href: q.URLWith("kind", string(k)),
				Current: k == s.Kind})
		}
		_, total, err := certificate.List(v, certificate.Search{Kind: s.Kind, Number: s.Number, Size: 1})
		if err != nil {
			return err
		}
		page.Pager = q.Pager(total, rowsPerPage)
		s.From, s.Size = page.Pager.Offset(), rowsPerPage
		list, _, err := certificate.List(v, s)
		if err == nil {
			page.Lines, err = p.lines(q, v, list)
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(listView(page))
}

func exportHref(q *web.Request, format string) string {
	return pathList + "." + format + q.URLWith("page", "")[len(q.R.URL.Path):]
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// listAs gives the list out as a file.
func (p Pages) listAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var lines []line
		err := p.DB.View(q.Context(), func(v *store.View) error {
			list, _, err := certificate.List(v, searched(q))
			if err == nil {
				lines, err = p.lines(q, v, list)
			}
			return err
		})
		if err != nil {
			return err
		}
		var head []string
		for _, f := range []string{"number", "kind", "holder", "name", "day", "shares", "paid", "made", "cause", "state"} {
			head = append(head, q.T("certificate.field."+f))
		}
		rows := func(yield func([]sheets.Cell) bool) {
			for _, l := range lines {
				c := l.Certificate
				if !yield([]sheets.Cell{sheets.Int(c.Number), sheets.Text(q.P.Words(c.Kind.Words())), sheets.Int(int64(c.Holder)),
					sheets.Text(l.Holder), sheets.Date(c.Day), sheets.Int(c.Facts.Shares()), sheets.Money(c.Facts.Paid()),
					sheets.Date(c.At.On(p.DB.Zone())), sheets.Text(q.P.Words(c.Cause.Words())),
					sheets.Text(q.P.Words(l.Standing.State.Words()))}) {
					return
				}
			}
		}
		name := q.T("certificate.page.list") + "." + format
		if format == "csv" {
			return q.Download(name, "text/csv; charset=utf-8", func(w io.Writer) error { return sheets.CSV(w, head, rows) })
		}
		return q.Download(name, xlsxType, func(w io.Writer) error {
			return sheets.XLSX(w, sheets.Page{Name: q.T("certificate.page.list"), Head: head}, rows)
		})
	}
}

// newPage is what GET /register/certificates/new shows.
type newPage struct {
	Form  *web.Form
	Today string
	Years []web.Option
}

func (p Pages) newPage(q *web.Request, form *web.Form) newPage {
	today := p.DB.Today()
	page := newPage{Form: form, Today: today.String()}
	for y := today.Year() - 1; y > today.Year()-1-maxYears; y-- {
		page.Years = append(page.Years, web.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return page
}

func (p Pages) blank(q *web.Request) error {
	form := q.Blank().Set("holder", q.Query("holder")).Set("kind", string(certificate.Shares)).
		Set("cause", string(certificate.ForOffice)).Set("day", p.DB.Today().String())
	return q.Page(newView(p.newPage(q, form)))
}

// make makes one paper.
func (p Pages) make(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	n := register.Number(form.NeedInt("holder", 1, 1<<40))
	kind := form.Choice("kind", string(certificate.Shares), string(certificate.Year))
	o := certificate.Order{Kind: certificate.Kind(kind),
		Cause: certificate.Cause(form.Choice("cause", string(certificate.ForOffice), string(certificate.ForLoss)))}
	if o.Kind == certificate.Year {
		o.Day = certificate.LastOf(int(form.NeedInt("year", 1900, 9999)))
	} else {
		o.Day = form.NeedDate("day")
		o.Lot = register.MovementNumber(form.Int("lot", 1, 1<<40))
	}
	if form.OK() {
		out, err := p.DB.Act(q.Context(), store.By(q.Who.Person, "certificate.issue").Once(form.Key()),
			func(tx *store.Tx) error { _, err := certificate.Issue(tx, n, o); return err })
		if err == nil {
			q.Flash(web.Yes, q.T("certificate.page.made"))
			return q.SeeOther(pathList + "/" + out.Answer)
		}
		if !form.Refused(unplaced(err)) {
			return err
		}
	}
	return q.Again(newView(p.newPage(q, form)))
}

// unplaced leads a refusal about a number to the field in which it was typed.
func unplaced(err error) error {
	rs := fault.Of(err)
	if len(rs) == 0 {
		return err
	}
	for i, r := range rs {
		if r.Field == "cooperator" {
			rs[i] = r.At("holder")
		}
	}
	return rs
}

// batchesPage is what GET /register/certificate-batches shows.
type batchesPage struct {
	Form    *web.Form
	Batches []batchLine
	Today   string
	Years   []web.Option
}

type batchLine struct {
	certificate.Batch
	Href, Made string
}

func (p Pages) readBatches(q *web.Request, form *web.Form) (page batchesPage, err error) {
	page = batchesPage{Form: form, Today: p.DB.Today().String(), Years: p.newPage(q, form).Years}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		list, err := certificate.Batches(v)
		for _, b := range list {
			page.Batches = append(page.Batches, batchLine{b, pathBatches + "/" + string(b.ID), q.P.Moment(b.At, v.Zone())})
		}
		return err
	})
	return page, err
}

func (p Pages) batches(q *web.Request) error {
	form := q.Blank().Set("kind", string(certificate.Year)).Set("day", p.DB.Today().String()).Set("send", "yes")
	page, err := p.readBatches(q, form)
	if err != nil {
		return err
	}
	return q.Page(batchesView(page))
}

// startBatch begins to make papers for everybody.
func (p Pages) startBatch(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	kind := certificate.Kind(form.Choice("kind", string(certificate.Shares), string(certificate.Year)))
	var day civil.Date
	if kind == certificate.Year {
		day = certificate.LastOf(int(form.NeedInt("year", 1900, 9999)))
	} else {
		day = form.NeedDate("day")
	}
	send := form.Flag("send")
	if form.OK() {
		out, err := p.DB.Act(q.Context(), store.By(q.Who.Person, "certificate.batch").Once(form.Key()),
			func(tx *store.Tx) error { _, err := certificate.StartBatch(tx, kind, day, send); return err })
		if err == nil {
			return q.SeeOther(pathBatches + "/" + out.Answer)
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := p.readBatches(q, form)
	if err != nil {
		return err
	}
	return q.Again(batchesView(page))
}

// batchPage is what GET /register/certificate-batches/{id} shows.
type batchPage struct {
	certificate.Batch
	Made            string
	Papers          int64
	Sent, Waits     int64
	Failed          int64
	Post, None      int64
	Print           string
	Nowhere         []line // papers for which no address is known
	NotSent         []line // those that the mail server refused
	History         templ.Component
	Reached, Of     int64
	MayPrint, Empty bool
}

func (p Pages) batch(q *web.Request) error {
	var page batchPage
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.Batch, err = certificate.BatchByID(v, certificate.BatchID(q.Path("id"))); err != nil {
			if fault.Of(err) != nil {
				return web.NotFound
			}
			return err
		}
		page.Made = q.P.Moment(page.At, v.Zone())
		if err := page.count(v, q, p); err != nil {
			return err
		}
		if p.History != nil {
			page.History, err = p.History(q.Context(), v, page.ID.Ref())
		}
		return err
	})
	if err != nil {
		return err
	}
	page.Print = pathBatches + "/" + string(page.ID) + "/print"
	page.MayPrint = page.Ended != 0 && page.Post+page.None+page.Failed > 0 && q.Who.May(writers|web.Board)
	page.Empty = page.Ended != 0 && page.Papers == 0
	return q.Page(batchView(page))
}

// count says how far a batch is, and by which way its papers go.
func (b *batchPage) count(r store.Reader, q *web.Request, p Pages) error {
	list, err := certificate.OfBatch(r, b.ID)
	if err != nil {
		return err
	}
	out, err := certificate.Deliveries(r, b.ID)
	if err != nil {
		return err
	}
	all, err := register.Cooperators(r)
	if err != nil {
		return err
	}
	b.Papers, b.Of = int64(len(list)), int64(len(all))
	for _, c := range all {
		if c.Number <= b.Batch.Reached {
			b.Reached++
		}
	}
	byID := map[certificate.ID]certificate.Certificate{}
	for _, c := range list {
		byID[c.ID] = c
	}
	var nowhere, failed []certificate.Certificate
	for _, d := range out {
		switch {
		case d.Way == certificate.NoWay:
			b.None++
			nowhere = append(nowhere, byID[d.Certificate])
		case d.Way == certificate.ByPost:
			b.Post++
		case d.SentAt != 0:
			b.Sent++
		case d.FailedAt != 0:
			b.Failed++
			failed = append(failed, byID[d.Certificate])
		default:
			b.Waits++
		}
	}
	if b.Nowhere, err = p.lines(q, r, nowhere); err != nil {
		return err
	}
	b.NotSent, err = p.lines(q, r, failed)
	return err
}

// printBatch sends the papers that go by post, in the order of the post, in one file.
func (p Pages) printBatch(q *web.Request) error {
	id := certificate.BatchID(q.Path("id"))
	return q.Inline(q.T("certificate.batch")+".pdf", "application/pdf", func(w io.Writer) error {
		return p.DB.View(q.Context(), func(v *store.View) error {
			if _, err := certificate.BatchByID(v, id); err != nil {
				return web.NotFound
			}
			list, err := certificate.ToPrint(v, id)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return web.NotFound
			}
			d, err := certificate.NewDrawing(v, p.Book, p.Links)
			if err != nil {
				return err
			}
			house, found, err := people.TheHouse(v)
			if err != nil || !found {
				return err
			}
			return certificate.WriteBatch(w, v, d, p.Book.In(house.Lang), list)
		})
	})
}
