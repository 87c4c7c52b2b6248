package pages

import (
	"context"
	"html"
	"image"
	_ "image/jpeg" // a picture under a plan tells its size
	_ "image/png"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// drawing draws a plan on the picture at an address: each space that has a row is a link to it, coloured and marked by
// its state. Nothing of the drawing is trusted: it was cleaned when it was kept, and every text is escaped here.
func drawing(p *lang.Printer, plan places.Plan, picture string, rows map[string]spaceRow) templ.Component {
	d := places.Drawing{Width: plan.Width, Height: plan.Height}
	if plan.Drawing != "" {
		cleaned, err := places.Clean([]byte(plan.Drawing))
		fault.Must(err == nil, "a plan that was kept is no drawing: %v", err)
		d = cleaned
	}
	for _, s := range plan.Shapes {
		d.Root = append(d.Root, &places.Node{Name: "rect", Space: s.Code, Box: places.Box{X: s.X * 1000, Y: s.Y * 1000,
			W: s.W * 1000, H: s.H * 1000}, Attrs: []places.Attr{{Name: "x", Value: strconv.FormatInt(s.X, 10)},
			{Name: "y", Value: strconv.FormatInt(s.Y, 10)}, {Name: "width", Value: strconv.FormatInt(s.W, 10)},
			{Name: "height", Value: strconv.FormatInt(s.H, 10)}}})
	}
	b := &brush{p: p, rows: rows, unit: max(d.Width, 1), said: map[string]bool{}}
	d.Each(func(n *places.Node) {
		if n.Text != "" {
			b.said[fold.Text(n.Text)] = true
		}
	})
	b.put(`<svg class="plan" viewBox="`, strconv.FormatInt(d.X, 10), " ", strconv.FormatInt(d.Y, 10), " ",
		strconv.FormatInt(d.Width, 10), " ", strconv.FormatInt(d.Height, 10), `" role="group" aria-label="`,
		html.EscapeString(p.T("places.page.plan.alt", "title", plan.Title)), `">`)
	if plan.Document != "" {
		b.put(`<image href="`, html.EscapeString(picture), `" width="`,
			strconv.FormatInt(d.Width, 10), `" height="`, strconv.FormatInt(d.Height,
				10), `" preserveAspectRatio="none"></image>`)
	}
	if plan.Drawing == "" { // the edge of the sheet
		b.put(`<rect width="`, strconv.FormatInt(d.Width, 10), `" height="`, strconv.FormatInt(d.Height, 10),
			`" fill="none" stroke="currentColor" stroke-dasharray="6 6"></rect>`)
	}
	b.nodes(d.Root)
	b.put(`</svg>`)
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// pathOfPicture is where the picture under a plan is, for members.
func pathOfPicture(place places.Place, plan places.Plan) string {
	return pathOf(place) + "/documents/" + plan.Document
}

// brush writes an SVG.
type brush struct {
	strings.Builder
	p    *lang.Printer
	rows map[string]spaceRow
	unit int64           // units of the drawing on its whole width, which is drawn as a thousand
	said map[string]bool // texts that the drawing has already
}

func (b *brush) put(texts ...string) {
	for _, t := range texts {
		b.WriteString(t)
	}
}

// open begins an element with its attributes.
func (b *brush) open(n *places.Node, more string) {
	b.put("<", n.Name)
	for _, a := range n.Attrs {
		b.put(" ", a.Name, `="`, html.EscapeString(a.Value), `"`)
	}
	b.put(more, ">")
}

func (b *brush) nodes(list []*places.Node) {
	for _, n := range list {
		switch {
		case n.Name == "g":
			b.open(n, "")
			b.nodes(n.Kids)
			b.put("</g>")
		case n.Name == "text" || n.Name == "tspan":
			b.text(n)
		case n.Space != "":
			b.space(n)
		default:
			b.open(n, ` fill="none" stroke="currentColor" vector-effect="non-scaling-stroke"`)
			b.put("</", n.Name, ">")
		}
	}
}

// classes are the looks of the states.
var classes = map[places.State]string{places.Taken: "taken", places.Leaving: "leaving", places.Partly: "leaving",
	places.Free: "free", places.Between: "taken", places.Site: "works", places.ForAll: "shared"}

// space draws the shape of a space: a link to its row.
func (b *brush) space(n *places.Node) {
	row, found := b.rows[fold.Text(n.Space)]
	if !found {
		b.open(n, ` class="room" vector-effect="non-scaling-stroke"`)
		b.put("<title>", html.EscapeString(n.Space), "</title></", n.Name, ">")
		return
	}
	title := row.Code
	for _, words := range []string{row.Title, lang.Capital(row.Practice), row.Words} {
		if words != "" {
			title += ", " + words
		}
	}
	begin, end := `<a href="#`+html.EscapeString(anchor(row.Code))+`"`, "</a>"
	if row.Unlisted {
		begin, end = "<g", "</g>"
	} else if !b.labels(n.Box, row) {
		begin += ` aria-label="` + html.EscapeString(title) + `"`
	}
	b.put(begin, "><title>", html.EscapeString(title), "</title>")
	b.open(n, ` class="room `+classes[row.State]+`" vector-effect="non-scaling-stroke"`)
	b.put("<title>", html.EscapeString(title), "</title></", n.Name, ">")
	b.label(n.Box, row)
	b.put(end)
}

// milliUnit is a length of the drawing, in thousandths, as thousandths of its width.
func (b *brush) width(milli int64) int64 { return milli / b.unit }

// labels says whether the shape is large enough to carry the code, which no other shape carries yet.
func (b *brush) labels(box places.Box, row spaceRow) bool {
	return b.width(box.W) >= 24 && b.width(box.H) >= 24 && !b.said[fold.Text(row.Code)]
}

// label writes the code and the area into a shape, and repeats its state by a pattern.
func (b *brush) label(box places.Box, row spaceRow) {
	w, h := b.width(box.W), b.width(box.H)
	if w < 24 || h < 24 {
		return
	}
	b.put(`<g transform="translate(`, decimal(box.X), " ", decimal(box.Y), `) scale(`, decimal(b.unit), `)">`)
	pattern(b, row.State, w, h)
	if !b.said[fold.Text(row.Code)] {
		b.put(`<text x="8" y="20">`, html.EscapeString(row.Code), `</text>`)
		if row.AreaWords != "" && w >= 52 && h >= 48 {
			b.put(` <text class="m2" x="8" y="38">`, html.EscapeString(row.AreaWords), `</text>`)
		}
		if w >= 72 && h >= 66 {
			b.put(` <text class="cap" x="8" y="56">`, html.EscapeString(short(row, w)), `</text>`)
		}
	}
	b.put(`</g>`)
}

// short is a word for a shape that has room for it.
func short(row spaceRow, width int64) string {
	words := []rune(lang.Capital(row.Practice))
	if len(words) == 0 {
		words = []rune(row.Title)
	}
	if most := int(width / 9); len(words) > most {
		return string(words[:most-1]) + "…"
	}
	return string(words)
}

// pattern repeats a state without colour: dots for who leaves, strokes for what is free, crosses for a building site.
func pattern(b *brush, s places.State, w, h int64) {
	y := strconv.FormatInt(h-12, 10)
	var path strings.Builder
	switch s {
	case places.Leaving, places.Partly:
		for x := int64(12); x < w-6; x += 11 {
			b.put(`<circle class="dots" cx="`, strconv.FormatInt(x, 10), `" cy="`, y, `" r="2.6"></circle>`)
		}
	case places.Free:
		for x := int64(8); x < w-14; x += 9 {
			path.WriteString("M" + strconv.FormatInt(x, 10) + " " + strconv.FormatInt(h-6, 10) + "l8 -14")
		}
		b.put(`<path class="hatch" d="`, path.String(), `"></path>`)
	case places.Site:
		for x := int64(8); x < w-12; x += 15 {
			path.WriteString("M" + strconv.FormatInt(x, 10) + " " + strconv.FormatInt(h-6, 10) + "l10 -10m-10 0l10 10")
		}
		b.put(`<path class="cross" d="`, path.String(), `"></path>`)
	}
}

// decimal writes thousandths.
func decimal(milli int64) string {
	sign := ""
	if milli < 0 {
		sign, milli = "-", -milli
	}
	text := sign + strconv.FormatInt(milli/1000, 10)
	if rest := milli % 1000; rest > 0 {
		text += "." + strconv.FormatInt(1000+rest, 10)[1:]
	}
	return text
}

// text keeps the size that a text has in its drawing: the house's stylesheet gives every text fifteen units.
func (b *brush) text(n *places.Node) {
	size := milliOf(n.Get("font-size"))
	if size == 0 {
		size = b.unit * 15
	}
	move := ""
	for _, a := range n.Attrs {
		if a.Name == "transform" {
			move = a.Value + " "
		}
	}
	b.put(`<text class="cap" transform="`, html.EscapeString(move), `translate(`, decimal(milliOf(n.Get("x"))), " ",
		decimal(milliOf(n.Get("y"))), `) scale(`, decimal(size/15), `)"`)
	if anchor := n.Get("text-anchor"); anchor != "" {
		b.put(` text-anchor="`, anchor, `"`)
	}
	b.put(">", html.EscapeString(n.Text), "</text>")
}

// milliOf reads a number of a cleaned drawing in thousandths; 0 when there is none.
func milliOf(s string) int64 {
	negative := strings.HasPrefix(s, "-")
	whole, rest, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	n, err := strconv.ParseInt(whole+(rest + "000")[:3], 10, 64)
	if err != nil {
		return 0
	}
	if negative {
		n = -n
	}
	return n
}

// plansPage is what GET /places/{name}/plans shows.
type plansPage struct {
	Place places.Place
	Plans []planRow
}

// planRow is one version of a plan.
type planRow struct {
	places.Plan
	Floor, Href, Kind string
	Gone              bool
	Spaces            int
}

func (p Pages) plans(q *web.Request) error {
	var page plansPage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		place, err := named(q, v, places.Now(v))
		if err != nil {
			return err
		}
		page.Place = place
		list, gone, err := places.Plans(v, place.ID)
		if err != nil {
			return err
		}
		for _, plan := range list {
			row := planRow{Plan: plan, Spaces: len(plan.Codes()), Kind: q.T("places.page.plan.rectangles"),
				Href: pathOf(place) + "?day=" + plan.From.Last().String() + "#plan"}
			if plan.Drawing != "" {
				row.Kind = q.T("places.page.plan.drawing")
			} else if plan.Document != "" {
				row.Kind = q.T("places.page.plan.picture")
			}
			_, row.Gone = gone[plan.ID]
			if plan.Floor != "" {
				floor, err := places.PartByID(v, plan.Floor, places.On(plan.From))
				if err != nil {
					return err
				}
				row.Floor = floor.Name()
			}
			page.Plans = append(page.Plans, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(plansView(page))
}

// planForm is the form of a new version of a plan.
type planForm struct {
	Form   *web.Form
	Place  places.Place
	Floors []web.Option
}

func (p Pages) planForm(q *web.Request, form *web.Form) (page planForm, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if page.Place, err = named(q, v, places.Now(v)); err != nil {
			return err
		}
		parts, err := places.PartsOf(v, page.Place.ID, places.Now(v))
		page.Floors = []web.Option{{Label: q.T("places.page.plan.whole")}}
		for _, part := range parts {
			if part.Level == places.Floor && !part.Closed {
				page.Floors = append(page.Floors, web.Option{Value: string(part.ID), Label: part.Name()})
			}
		}
		return err
	})
	return page, err
}

func (p Pages) newPlan(q *web.Request) error {
	page, err := p.planForm(q, q.Blank().Set("from", p.DB.Today().String()))
	if err != nil {
		return err
	}
	return q.Page(planFormView(page))
}

// drawPlan keeps a drawing, a picture, or an empty sheet on which rectangles are drawn next.
func (p Pages) drawPlan(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.planForm(q, form)
	if err != nil {
		return err
	}
	plan := places.Plan{Place: page.Place.ID, Title: form.Need("title", places.MaxTitle), From: form.PartialDate("from"),
		Floor: places.PartID(form.Text("floor", 40)), Why: form.Text("why", places.MaxWhy), Width: 1000, Height: 640}
	var picture *documents.Upload
	if file := form.File("file", documents.MaxSize); file != nil && form.OK() {
		if isDrawing(file) {
			plan.Drawing = readAll(file)
		} else if picture, err = upload(form, "file"); err != nil {
			return err
		} else {
			plan.Height = heightOf(file)
		}
	}
	to := func(answer string) string {
		if plan.Drawing != "" {
			return pathOf(page.Place) + "?day=" + plan.From.Last().String() + "#plan"
		}
		return pathOf(page.Place) + "/plans/" + answer
	}
	return p.acted(q, form, "places.plan", func(tx *store.Tx) error {
		_, err := places.DrawPlan(tx, plan, picture)
		return err
	}, to, func() error { return q.Again(planFormView(page)) })
}

// isDrawing says whether a file means to be an SVG.
func isDrawing(file *web.Upload) bool {
	head := make([]byte, 1024)
	n, _ := io.ReadFull(file.Content, head)
	_, err := file.Content.Seek(0, io.SeekStart)
	start := strings.TrimSpace(strings.TrimPrefix(string(head[:n]), "\ufeff"))
	return err == nil && (strings.HasSuffix(strings.ToLower(file.Name), ".svg") || strings.HasPrefix(start, "<svg") ||
		strings.HasPrefix(start, "<?xml"))
}

// readAll reads a drawing; one byte above the limit is enough to refuse it.
func readAll(file *web.Upload) string {
	raw, err := io.ReadAll(io.LimitReader(file.Content, places.MaxDrawing+1))
	if err != nil || len(raw) == 0 {
		return " " // no drawing, which is refused as such
	}
	return string(raw)
}

// heightOf is the height of a picture that is a thousand units wide.
func heightOf(file *web.Upload) int64 {
	if _, err := file.Content.Seek(0, io.SeekStart); err != nil {
		return 640
	}
	c, _, err := image.DecodeConfig(file.Content)
	if err != nil || c.Width < 1 || c.Height < 1 {
		return 640
	}
	return min(max(int64(c.Height)*1000/int64(c.Width), 1), places.MaxUnits)
}

// shapesPage is the form by which rectangles are drawn, as numbers.
type shapesPage struct {
	Form    *web.Form
	Place   places.Place
	Plan    places.Plan
	Rows    []spaceRow
	Picture templ.Component
	Drawn   int // rectangles in the picture
}

func (p Pages) shapesPage(q *web.Request, form *web.Form) (page shapesPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if page.Place, err = named(q, v, places.Now(v)); err != nil {
			return err
		}
		page.Plan, err = places.PlanByID(v, q.Path("id"))
		if fault.Is(err, "places.refusal.unknown-plan") || err == nil && page.Plan.Place != page.Place.ID {
			err = web.NotFound
		}
		if err != nil {
			return err
		}
		seen, err := places.See(v, page.Place, places.On(latest(page.Plan.From, v.Today())))
		if err != nil {
			return err
		}
		page.Rows, err = p.rowsOf(q, v, seen)
		return err
	})
	return page, err
}

// latest is a plan's day when it is past, and today otherwise: the spaces are those of the plan's time.
func latest(from, today civil.Date) civil.Date {
	if from.After(today) {
		return from.Last()
	}
	return today
}

// draw makes the picture under the form.
func (page *shapesPage) draw(p *lang.Printer, shapes []places.Shape) {
	rows := map[string]spaceRow{}
	for _, r := range page.Rows {
		rows[fold.Text(r.Code)] = r
	}
	plan := page.Plan
	plan.Shapes, page.Drawn = shapes, len(shapes)
	page.Picture = drawing(p, plan, pathOfPicture(page.Place, plan), rows)
}

func (p Pages) shapes(q *web.Request) error {
	form := q.Blank()
	page, err := p.shapesPage(q, form)
	if err != nil {
		return err
	}
	for _, s := range page.Plan.Shapes {
		for name, n := range map[string]int64{"x": s.X, "y": s.Y, "w": s.W, "h": s.H} {
			form.Set(name+"-"+anchor(s.Code), strconv.FormatInt(n, 10))
		}
	}
	page.draw(q.P, page.Plan.Shapes)
	return q.Page(shapesView(page))
}

// redraw shows the rectangles as they were typed, or keeps them as another version of the same day.
func (p Pages) redraw(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.shapesPage(q, form)
	if err != nil {
		return err
	}
	plan := page.Plan
	plan.Shapes = nil
	for _, r := range page.Rows {
		at := anchor(r.Code)
		s := places.Shape{Code: r.Code, X: form.Int("x-"+at, 0, plan.Width), Y: form.Int("y-"+at, 0, plan.Height),
			W: form.Int("w-"+at, 0, plan.Width), H: form.Int("h-"+at, 0, plan.Height)}
		if s.W > 0 && s.H > 0 {
			plan.Shapes = append(plan.Shapes, s)
			if s.X+s.W > plan.Width || s.Y+s.H > plan.Height {
				form.Problem(fault.Refuse("places.refusal.shape", "code", r.Code).At("w-" + at))
			}
		}
	}
	again := func() error { page.draw(q.P, plan.Shapes); return q.Again(shapesView(page)) }
	if form.Raw("do") == "look" {
		if !form.OK() {
			return again()
		}
		page.draw(q.P, plan.Shapes)
		return q.Page(shapesView(page))
	}
	return p.acted(q, form, "places.plan", func(tx *store.Tx) error {
		_, err := places.DrawPlan(tx, plan, nil)
		return err
	}, func(string) string { return pathOf(page.Place) + "?day=" + plan.From.Last().String() + "#plan" }, again)
}
