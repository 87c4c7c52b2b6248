package pages

import (
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/convening"
	"lieux/meeting"
	"lieux/people"
	peopleview "lieux/people/view"
)

// lettersPage is what GET /meetings/{name}/letters/{dispatch} shows.
type lettersPage struct {
	Meeting  meeting.Meeting
	Zone     *time.Location
	Form     *web.Form
	Dispatch convening.Dispatch
	Kind     string
	Facts    []web.Fact
	Progress progressPart
	Text     string
	States   []web.Chip
	Columns  []web.Column
	Rows     []letterLine
	Totals   []web.Total
	Pager    web.Pager
	Exports  []web.Link
	ToPrint  int64
	Batches  []batchLine
	Today    string
	May      bool
}

type letterLine struct {
	Number, Name, Used, State, When, Note, Href string
	Kind                                        web.Kind
}

type batchLine struct {
	ID                        convening.BatchID
	Title, Posted, PDF, Least string
}

// listOf is a dispatch with its letters in words, as a page and an export need it.
type listOf struct {
	m       meeting.Meeting
	d       convening.Dispatch
	letters []convening.Letter
	lines   []convening.Line
}

func readLetters(r store.Reader, q *web.Request) (a listOf, err error) {
	if a.m, a.d, err = dispatchIn(r, q); err != nil {
		return a, err
	}
	if a.letters, err = convening.Letters(r, a.d.ID); err != nil {
		return a, err
	}
	a.lines, err = convening.LinesOf(r, q.P, a.letters)
	return a, err
}

// chosen are the lines that a text and a state mean.
func (a listOf) chosen(text, state string) []convening.Line {
	words := strings.Fields(fold.Text(text))
	return slices.DeleteFunc(slices.Clone(a.lines), func(l convening.Line) bool {
		if state != "" && string(l.Letter.State()) != state {
			return true
		}
		in := " " + fold.Text(l.Name+" "+l.Used) + " " + l.Number
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(in, w) })
	})
}

func (p Pages) letters(q *web.Request) error { return p.showLetters(q, q.Blank()) }

// showLetters shows the list, again with what was wrong when a form was refused.
func (p Pages) showLetters(q *web.Request, form *web.Form) error {
	page := lettersPage{Form: form, Text: q.Query("q"), May: q.Who.May(keepers)}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		a, err := readLetters(v, q)
		if err != nil {
			return err
		}
		page.Meeting, page.Dispatch, page.Zone, page.Today = a.m, a.d, v.Zone(), v.Today().String()
		page.Kind = lang.Capital(q.P.Words(a.d.Kind.Words()))
		page.fill(q, a)
		progress, err := convening.ProgressOf(v, a.d)
		if err != nil {
			return err
		}
		page.ToPrint = progress.ToPrint
		part, err := progressOf(v, q.P, a.m, a.d)
		if err != nil {
			return err
		}
		page.Progress = part.in(part.Letters, p)
		if err := page.facts(v, q.P); err != nil {
			return err
		}
		return page.batches(v, q.P)
	})
	if err != nil {
		return err
	}
	if !form.OK() {
		return q.Again(lettersView(page))
	}
	return q.Page(lettersView(page))
}

// fill puts the chosen letters into the page.
func (page *lettersPage) fill(q *web.Request, a listOf) {
	state := q.Query("state")
	page.States = []web.Chip{{Text: q.T("convening.page.all"), Count: q.P.Count(int64(len(a.letters))),
		Href: q.URLWith("state", "", "page", ""), Current: state == ""}}
	for _, c := range convening.Totals(a.letters) {
		page.States = append(page.States, web.Chip{Text: lang.Capital(q.P.Words(c.State.Words())), Count: q.P.Count(c.N),
			Href: q.URLWith("state", string(c.State), "page", ""), Current: state == string(c.State)})
	}
	list, by := a.chosen(page.Text, state), q.Sort(web.Sort{Key: "number"}, "number", "name", "state")
	slices.SortStableFunc(list, func(x, y convening.Line) int {
		c := 0
		switch by.Key {
		case "name":
			c = strings.Compare(fold.Sort(x.Name), fold.Sort(y.Name))
		case "state":
			c = strings.Compare(x.State, y.State)
		default:
			c = int(x.Letter.Holder - y.Letter.Holder)
		}
		if by.Down {
			return -c
		}
		return c
	})
	page.Columns = q.Columns(by, web.Column{Key: "number", Label: q.T("convening.proof.number"), Num: true},
		web.Column{Key: "name", Label: q.T("convening.proof.name")}, web.Column{Label: q.T("convening.proof.used")},
		web.Column{Key: "state", Label: q.T("convening.proof.state")})
	page.Pager = q.Pager(int64(len(list)), rowsPerPage)
	from := page.Pager.Offset()
	for _, l := range list[from:min(from+rowsPerPage, int64(len(list)))] {
		line := letterLine{Number: l.Number, Name: l.Name, Used: l.Used, State: l.State, When: l.When, Note: l.Note,
			Href: letterPath(a.m, l.Letter), Kind: badgeOf(l.Letter.State())}
		if l.Letter.Erased() {
			line.Used = q.T("convening.page.erased")
		}
		page.Rows = append(page.Rows, line)
	}
	page.Totals = []web.Total{{Lead: 1, Label: q.T("convening.page.total", "n", len(list)),
		Cells: []web.Cell{{}, {}}}}
	path := lettersPath(a.m, a.d.ID)
	page.Exports = []web.Link{{Text: "CSV", Href: path + "/letters.csv"}, {Text: "XLSX", Href: path + "/letters.xlsx"}}
}

// badgeOf is the colour of a state.
func badgeOf(s convening.State) web.Kind {
	switch s {
	case convening.Nowhere, convening.Failed, convening.Returned:
		return web.No
	case convening.Waiting, convening.ToPrint, convening.Printed:
		return web.Wait
	case convening.Resent:
		return web.Off
	}
	return web.Yes
}

func (page *lettersPage) facts(r store.Reader, p *lang.Printer) error {
	d := page.Dispatch
	named, err := namesOf(r, p, []people.PersonID{d.By})
	text := func(code, s string) {
		page.Facts = append(page.Facts, web.Fact{Name: p.T("convening.proof." + code), Text: s})
	}
	text("at", p.Moment(d.At, r.Zone()))
	text("by", named[d.By])
	text("invited", p.Count(d.Heads))
	if d.Shares > 0 {
		text("shares", p.Count(d.Shares))
	}
	if d.Article != "" {
		text("notice", p.T("convening.proof.until", "day", d.Last, "article", p.Cite(d.Article)))
	}
	if d.Late != "" {
		text("late", d.Late)
	}
	return err
}

func (page *lettersPage) batches(r store.Reader, p *lang.Printer) error {
	list, err := convening.Batches(r, page.Dispatch.ID)
	for _, b := range list {
		line := batchLine{ID: b.ID, Title: p.T("convening.page.batch", "number", b.Number, "n", b.Letters),
			PDF: lettersPath(page.Meeting, b.Dispatch) + "/batches/" + string(b.ID), Least: b.At.On(r.Zone()).String()}
		if !b.PostedOn.IsZero() {
			line.Posted = p.T("convening.page.batch.posted", "day", b.PostedOn)
		}
		page.Batches = append(page.Batches, line)
	}
	return err
}

func (p Pages) rows(q *web.Request) (a listOf, head []string, rows iter.Seq[[]sheets.Cell], err error) {
	err = p.DB.View(q.Context(), func(v *store.View) (err error) { a, err = readLetters(v, q); return err })
	for _, code := range []string{"number", "name", "channel", "used", "state", "when", "note", "hash"} {
		head = append(head, q.T("convening.column."+code))
	}
	return a, head, func(yield func([]sheets.Cell) bool) {
		for _, l := range a.lines {
			if !yield([]sheets.Cell{sheets.Int(l.Letter.Holder), sheets.Text(l.Name), sheets.Text(l.Channel),
				sheets.Text(l.Used), sheets.Text(l.State), sheets.Text(l.When), sheets.Text(l.Note),
				sheets.Text(l.Letter.Hash)}) {
				return
			}
		}
	}, err
}

func (p Pages) lettersCSV(q *web.Request) error {
	a, head, rows, err := p.rows(q)
	if err != nil {
		return err
	}
	return q.Download(a.m.Name+"-"+string(a.d.Kind)+".csv", "text/csv; charset=utf-8", func(w io.Writer) error {
		return sheets.CSV(w, head, rows)
	})
}

func (p Pages) lettersXLSX(q *web.Request) error {
	a, head, rows, err := p.rows(q)
	if err != nil {
		return err
	}
	const media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return q.Download(a.m.Name+"-"+string(a.d.Kind)+".xlsx", media, func(w io.Writer) error {
		return sheets.XLSX(w, sheets.Page{Name: a.m.Name, Head: head, Made: a.d.At}, rows)
	})
}

func (p Pages) certificate(q *web.Request) error {
	var paper papers.Paper
	var m meeting.Meeting
	err := p.DB.View(q.Context(), func(v *store.View) error {
		var d convening.Dispatch
		var err error
		if m, d, err = dispatchIn(v, q); err == nil {
			paper, err = convening.Certificate(v, q.P, q.P.Tag, d.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(m.Name+"-certificate.pdf", "application/pdf", func(w io.Writer) error {
		return papers.PDF(w, paper, papers.NameMap{}, papers.Meta{Made: p.DB.Now(), Landscape: true})
	})
}

func (p Pages) gather(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	done, err := p.act(q, form, "gather", func(tx *store.Tx) error {
		_, d, err := dispatchIn(tx, q)
		if err == nil {
			_, err = convening.Gather(tx, d.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return p.showLetters(q, form)
	}
	q.Flash(web.Yes, q.T("convening.page.gathered"))
	return q.SeeOther("/meetings/" + q.Path("name") + "/letters/" + q.Path("dispatch") + "#post")
}

// batchIn finds the batch of the address among those of the dispatch of the address.
func batchIn(r store.Reader, q *web.Request) (meeting.Meeting, convening.Batch, error) {
	m, d, err := dispatchIn(r, q)
	if err != nil {
		return m, convening.Batch{}, err
	}
	list, err := convening.Batches(r, d.ID)
	for _, b := range list {
		if string(b.ID) == q.Path("batch") {
			return m, b, nil
		}
	}
	if err == nil {
		err = web.NotFound
	}
	return m, convening.Batch{}, err
}

func (p Pages) batchPDF(q *web.Request) error {
	var print convening.Print
	var m meeting.Meeting
	err := p.DB.View(q.Context(), func(v *store.View) error {
		var b convening.Batch
		var err error
		if m, b, err = batchIn(v, q); err == nil {
			print, err = convening.PrintOf(v, b.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	print.BothSide = q.Query("sides") == "2"
	return q.Inline(m.Name+"-"+q.P.Count(print.Batch.Number)+".pdf", "application/pdf", func(w io.Writer) error {
		return print.Write(w, q.P, q.P.Tag, papers.Meta{Made: print.Batch.At.Time()})
	})
}

func (p Pages) handOver(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	on := form.NeedDate("on")
	done, err := p.act(q, form, "hand-over", func(tx *store.Tx) error {
		_, b, err := batchIn(tx, q)
		if err == nil {
			err = convening.HandOver(tx, b.ID, on)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return p.showLetters(q, form)
	}
	q.Flash(web.Yes, q.T("convening.page.posted"))
	return q.SeeOther("/meetings/" + q.Path("name") + "/letters/" + q.Path("dispatch") + "#post")
}

// letterPage is what GET …/to/{letter} shows.
type letterPage struct {
	Meeting  meeting.Meeting
	Zone     *time.Location
	Form     *web.Form
	Dispatch convening.Dispatch
	Letter   convening.Letter
	Name     string
	Facts    []web.Fact
	Drawn    string
	May      bool
	Todo     string // what to do with a letter that did not arrive; empty otherwise
	Sheet    string // of the addressee
	Back     bool   // it may be noted as come back
	Again    bool   // it may be sent again
	Channels []web.Option
	Today    string
}

func letterIn(r store.Reader, q *web.Request) (meeting.Meeting, convening.Dispatch, convening.Letter, error) {
	m, d, err := dispatchIn(r, q)
	if err != nil {
		return m, d, convening.Letter{}, err
	}
	l, err := convening.LetterOf(r, convening.LetterID(q.Path("letter")))
	if err != nil || l.Dispatch != d.ID {
		return m, d, l, web.NotFound
	}
	return m, d, l, nil
}

func (p Pages) letter(q *web.Request) error { return p.showLetter(q, q.Blank()) }

func (p Pages) showLetter(q *web.Request, form *web.Form) error {
	page := letterPage{Form: form, May: q.Who.May(keepers)}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		var err error
		if page.Meeting, page.Dispatch, page.Letter, err = letterIn(v, q); err != nil {
			return err
		}
		page.Zone, page.Today = v.Zone(), v.Today().String()
		if err := page.fill(v, q.P); err != nil {
			return err
		}
		if page.Letter.Channel == convening.NoChannel {
			return nil
		}
		tree, names, err := convening.Tree(v, page.Letter)
		if err == nil {
			page.Drawn, err = drawn(tree, names)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !form.OK() {
		return q.Again(letterView(page))
	}
	return q.Page(letterView(page))
}

// fill puts the proof of one letter into words.
func (page *letterPage) fill(r store.Reader, p *lang.Printer) error {
	l := page.Letter
	lines, err := convening.LinesOf(r, p, []convening.Letter{l})
	if err != nil {
		return err
	}
	line := lines[0]
	page.Name = line.Name
	add := func(code, text string) {
		if text != "" {
			page.Facts = append(page.Facts, web.Fact{Name: p.T("convening.column." + code), Text: text})
		}
	}
	page.Facts = append(page.Facts, web.Fact{Name: p.T("convening.column.name"),
		Body: link(peopleview.Path(l.Person), line.Name)})
	add("channel", lang.Capital(line.Channel))
	add("used", line.Used)
	if l.Erased() {
		add("used", p.T("convening.page.erased"))
	}
	page.Facts = append(page.Facts, web.Fact{Name: p.T("convening.column.state"),
		Body: web.Badge(badgeOf(l.State()), line.State)})
	add("made", p.Moment(l.At, r.Zone()))
	add("when", line.When)
	add("note", line.Note)
	if l.Tries > 0 {
		add("tries", p.Count(l.Tries))
	}
	add("why", l.AgainWhy)
	add("hash", l.Hash)
	if l.Again != "" {
		page.Facts = append(page.Facts, web.Fact{Name: p.T("convening.page.replaces"),
			Body: link(lettersPath(page.Meeting, l.Dispatch)+"/to/"+string(l.Again), p.T("convening.page.earlier"))})
	}
	switch l.State() {
	case convening.Sent, convening.Posted, convening.Handed:
		page.Back = true
	}
	page.Again = !l.Resent && !l.Erased()
	switch l.State() {
	case convening.Failed, convening.Returned, convening.Nowhere:
		page.Todo, page.Sheet = p.T("convening.page.todo."+string(l.State())), peopleview.Path(l.Person)
	}
	for _, c := range []convening.Channel{convening.ByPost, convening.ByEmail, convening.ByHand} {
		page.Channels = append(page.Channels, web.Option{Value: string(c), Label: lang.Capital(p.Words(c.Words()))})
	}
	return nil
}

func (p Pages) letterPDF(q *web.Request) error {
	var tree papers.Paper
	var names papers.Names
	err := p.DB.View(q.Context(), func(v *store.View) error {
		_, _, l, err := letterIn(v, q)
		if err == nil && l.Channel == convening.NoChannel {
			err = web.NotFound
		}
		if err == nil {
			tree, names, err = convening.Tree(v, l)
		}
		return err
	})
	if err != nil {
		return err
	}
	hash, err := papers.Hash(tree)
	if err != nil {
		return err
	}
	return q.Inline(q.Path("name")+"-letter.pdf", "application/pdf", func(w io.Writer) error {
		return papers.PDF(w, tree, names, papers.Meta{Made: p.DB.Now(), Hash: hash})
	})
}

func (p Pages) cameBack(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	on, why := form.NeedDate("on"), form.Need("why", convening.MaxTrouble)
	done, err := p.act(q, form, "came-back", func(tx *store.Tx) error {
		_, _, l, err := letterIn(tx, q)
		if err == nil {
			err = convening.CameBack(tx, l.ID, on, why)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return p.showLetter(q, form)
	}
	q.Flash(web.Yes, q.T("convening.page.back-noted"))
	return q.SeeOther("/meetings/" + q.Path("name") + "/letters/" + q.Path("dispatch") + "/to/" + q.Path("letter"))
}

func (p Pages) sendAgain(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	channel := convening.Channel(form.Choice("channel", string(convening.ByPost), string(convening.ByEmail),
		string(convening.ByHand)))
	why := form.Text("reason", convening.MaxTrouble)
	var next convening.LetterID
	done, err := p.act(q, form, "send-again", func(tx *store.Tx) error {
		_, _, l, err := letterIn(tx, q)
		if err == nil {
			next, err = convening.SendAgain(tx, l.ID, channel, why)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return p.showLetter(q, form)
	}
	q.Flash(web.Yes, q.T("convening.page.again-done"))
	to := string(next)
	if to == "" { // the same form sent twice: the act was done before
		to = q.Path("letter")
	}
	return q.SeeOther("/meetings/" + q.Path("name") + "/letters/" + q.Path("dispatch") + "/to/" + to)
}
