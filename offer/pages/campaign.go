package pages

import (
	"encoding/json"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/offer"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
)

// campaignsPage is what GET /offer/campaigns shows.
type campaignsPage struct {
	Filters []web.Chip
	Lines   []scale
	Any     bool
	Exports []web.Link
}

// shows are the filters of the list.
var shows = []string{"all", "running", "draft", "past"}

func keeps(show string, s offer.State) bool {
	switch show {
	case "running":
		return s == offer.Open || s == offer.Awaited || s == offer.Ended
	case "draft":
		return s == offer.Draft
	case "past":
		return s == offer.Closed || s == offer.Abandoned
	}
	return true
}

func (p Pages) scales(q *web.Request) (list []scale, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		all, err := offer.Campaigns(v)
		if err != nil {
			return err
		}
		for _, c := range all {
			s, err := scaleOf(v, c)
			if err != nil {
				return err
			}
			list = append(list, s)
		}
		return nil
	})
	return list, err
}

func (p Pages) campaigns(q *web.Request) error {
	all, err := p.scales(q)
	if err != nil {
		return err
	}
	show := q.Query("show")
	page := campaignsPage{Any: len(all) > 0}
	for _, name := range shows {
		count, value := int64(0), name
		for _, s := range all {
			if keeps(name, s.State) {
				count++
			}
		}
		if name == "all" {
			value = ""
		}
		page.Filters = append(page.Filters, web.Chip{Text: q.T("offer.page.show." + name), Count: q.P.Count(count),
			Href: q.URLWith("show", value), Current: value == show})
	}
	for _, s := range all {
		if keeps(show, s.State) {
			page.Lines = append(page.Lines, s)
		}
	}
	for _, format := range []string{"csv", "xlsx"} {
		page.Exports = append(page.Exports, web.Link{Text: format, Href: pathCampaigns + "." + format})
	}
	return q.Page(campaignsView(page))
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// send gives a table out.
func send(q *web.Request, name, format string, head []string, rows func(func([]sheets.Cell) bool)) error {
	if format == "csv" {
		return q.Download(name+".csv", "text/csv; charset=utf-8",
			func(w io.Writer) error { return sheets.CSV(w, head, rows) })
	}
	return q.Download(name+".xlsx", xlsxType,
		func(w io.Writer) error { return sheets.XLSX(w, sheets.Page{Name: name, Head: head}, rows) })
}

func heads(q *web.Request, fields ...string) (head []string) {
	for _, f := range fields {
		head = append(head, q.T("offer.field."+f))
	}
	return head
}

// campaignsAs gives the list out as a file.
func (p Pages) campaignsAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		all, err := p.scales(q)
		if err != nil {
			return err
		}
		return send(q, q.T("offer.page.campaigns"), format, heads(q, "title", "place", "state", "class", "minimum", "target",
			"ceiling", "opens", "closes", "asked", "amount"), func(yield func([]sheets.Cell) bool) {
			for _, s := range all {
				if !yield([]sheets.Cell{sheets.Text(s.Title), sheets.Text(s.Place), sheets.Text(q.P.Words(s.State.Words())),
					sheets.Text(s.Class.Letter), sheets.Money(s.Minimum), sheets.Money(s.Target), sheets.Money(s.Ceiling),
					sheets.Date(s.Opens), sheets.Date(s.LastDay()), sheets.Int(s.Asked), sheets.Money(s.asked())}) {
					return
				}
			}
		})
	}
}

// termsPage is the form of a campaign's terms.
type termsPage struct {
	Form    *web.Form
	Of      string // name of the draft that is changed; empty for a new one
	Classes []web.Option
	Today   string
}

func (p Pages) termsPage(q *web.Request, form *web.Form) (page termsPage, err error) {
	page = termsPage{Form: form, Of: q.Path("name"), Today: p.DB.Today().String()}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		list, err := register.Classes(v)
		for _, c := range list {
			page.Classes = append(page.Classes, web.Option{Value: string(c.ID), Label: q.T("offer.page.class.words", "class",
				c.Letter, "name", c.Name, "nominal", c.Nominal)})
		}
		return err
	})
	return page, err
}

func (p Pages) newCampaign(q *web.Request) error {
	page, err := p.termsPage(q, q.Blank().Set("below", string(offer.Return)).Set("rule", string(offer.InProportion)).
		Set("least", "1"))
	if err != nil {
		return err
	}
	return q.Page(termsView(page))
}

func (p Pages) terms(q *web.Request) error {
	form := q.Blank()
	err := p.DB.View(q.Context(), func(v *store.View) error {
		c, err := named(q, v)
		if err != nil {
			return err
		}
		if c.Fixed != 0 {
			return fault.Refuse("offer.refusal.fixed", "title", c.Title)
		}
		plain := func(c money.Cents) string {
			if c == 0 {
				return ""
			}
			return q.P.Plain(c)
		}
		form.Set("title", c.Title).Set("name", c.Name).Set("place", c.Place).Set("purpose", c.Purpose).
			Set("class", string(c.Class)).Set("minimum", plain(c.Minimum)).Set("target", plain(c.Target)).
			Set("ceiling", plain(c.Ceiling)).Set("per-investor", plain(c.PerInvestor)).
			Set("least", strconv.FormatInt(c.Least, 10)).Set("opens", c.Opens.String()).Set("closes", c.Closes.String()).
			Set("below", string(c.Below)).Set("rule", string(c.Rule))
		return nil
	})
	if err != nil {
		return err
	}
	page, err := p.termsPage(q, form)
	if err != nil {
		return err
	}
	return q.Page(termsView(page))
}

// readTerms reads the form of a campaign's terms.
func readTerms(form *web.Form, classes []web.Option) offer.Campaign {
	ids := make([]string, len(classes))
	for i, c := range classes {
		ids[i] = c.Value
	}
	return offer.Campaign{Title: form.Need("title", offer.MaxTitle), Name: form.Need("name", offer.MaxName),
		Place: form.Need("place", offer.MaxPlace), Purpose: form.Lines("purpose", offer.MaxPurpose),
		Class:   register.ClassID(form.Choice("class", ids...)),
		Minimum: form.Money("minimum", 0, money.Max), Target: form.Money("target", 0, money.Max),
		Ceiling: form.Money("ceiling", 0, money.Max), PerInvestor: form.Money("per-investor", 0, money.Max),
		Least: form.NeedInt("least", 1, 10_000), Opens: form.NeedDate("opens"), Closes: form.NeedDate("closes"),
		Below: offer.Below(form.Choice("below", words(offer.Belows)...)),
		Rule:  offer.Rule(form.Choice("rule", words(offer.Rules)...))}
}

// sketch makes a draft.
func (p Pages) sketch(q *web.Request) error {
	return p.draw(q, "offer.sketch", func(tx *store.Tx, c offer.Campaign) (offer.Campaign, error) {
		return offer.Sketch(tx, c)
	})
}

// redraw changes a draft.
func (p Pages) redraw(q *web.Request) error {
	return p.draw(q, "offer.redraw", func(tx *store.Tx, c offer.Campaign) (offer.Campaign, error) {
		before, err := named(q, tx)
		if err != nil {
			return c, err
		}
		c.ID = before.ID
		return offer.Redraw(tx, c)
	})
}

func (p Pages) draw(q *web.Request, verb string, fn func(*store.Tx, offer.Campaign) (offer.Campaign, error)) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.termsPage(q, form)
	if err != nil {
		return err
	}
	c := readTerms(form, page.Classes)
	if form.OK() {
		out, err := p.DB.Act(q.Context(), store.By(q.Who.Person, verb).Once(form.Key()), func(tx *store.Tx) error {
			_, err := fn(tx, c)
			return err
		})
		if err == nil {
			return q.SeeOther(pathCampaigns + "/" + out.Answer)
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(termsView(page))
}

// campaignPage is what GET /offer/campaigns/{name} shows.
type campaignPage struct {
	scale
	rulingPage
	Foreseen []offer.Verdict // of a draft: what the ceiling would cross
	Closed   bool
	Result   offer.Closing // the kept one, or what a closing today would give
	Names    map[people.PersonID]people.Person
	Decision string
	Link     string
	Ended    string // the decision that ended it
	EndLink  string
	History  templ.Component
}

func (p Pages) readCampaign(q *web.Request, form *web.Form) (page campaignPage, err error) {
	if page.rulingPage, err = p.rulingPage(q, form); err != nil {
		return page, err
	}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		c, err := named(q, v)
		if err != nil {
			return err
		}
		if page.scale, err = scaleOf(v, c); err != nil {
			return err
		}
		if err := page.judge(v, q.P); err != nil {
			return err
		}
		var ids []people.PersonID
		for _, g := range page.Result.Lines {
			ids = append(ids, g.Person)
		}
		if page.Names, err = people.Names(v, ids); err != nil || p.History == nil {
			return err
		}
		page.History, err = p.History(q.Context(), v, c.ID.Ref())
		return err
	})
	return page, err
}

// judge reads the decisions on which a campaign rests, and how it closed or would close.
func (page *campaignPage) judge(r store.Reader, p *lang.Printer) (err error) {
	c := page.Campaign
	if c.Fixed == 0 {
		page.Foreseen, err = c.Foreseen(r)
		return err
	}
	if page.Decision, page.Link, err = view.DecisionWords(r, p, c.Decision); err != nil {
		return err
	}
	if page.Result, page.Closed = c.Closing(); page.Closed {
		page.Ended, page.EndLink, err = view.DecisionWords(r, p, page.Result.Decision)
		return err
	}
	page.Result, err = offer.Foretell(r, c)
	return err
}

func (p Pages) campaign(q *web.Request) error {
	page, err := p.readCampaign(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(campaignView(page))
}

// actPage is the form of one thing that is done with a campaign by a decision.
type actPage struct {
	campaignPage
	Act string // last part of the address
}

// before shows the form of one thing.
func (p Pages) before(name string) func(*web.Request) error {
	return func(q *web.Request) error {
		page, err := p.readCampaign(q, q.Blank())
		if err != nil {
			return err
		}
		return q.Page(actView(actPage{page, name}))
	}
}

// act does one thing with a campaign by a decision.
func (p Pages) act(q *web.Request, verb, name string,
	fn func(tx *store.Tx, c offer.Campaign, id people.DecisionID) error) error {
	show := func(rulingPage) error {
		form, err := q.Form()
		if err != nil {
			return err
		}
		page, err := p.readCampaign(q, form)
		if err != nil {
			return err
		}
		return q.Again(actView(actPage{page, name}))
	}
	return p.ruled(q, verb, pathCampaigns+"/"+q.Path("name"), show,
		func(tx *store.Tx, _ *web.Form, id people.DecisionID) error {
			c, err := named(q, tx)
			if err != nil {
				return err
			}
			return fn(tx, c, id)
		})
}

func (p Pages) fix(q *web.Request) error {
	return p.act(q, "offer.fix", "fixing", func(tx *store.Tx, c offer.Campaign, id people.DecisionID) error {
		_, err := offer.Fix(tx, c.ID, id)
		return err
	})
}

func (p Pages) extend(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	e := offer.Extension{Closes: form.NeedDate("closes"), Why: form.Need("why", offer.MaxWhy)}
	return p.act(q, "offer.extend", "extension", func(tx *store.Tx, c offer.Campaign, id people.DecisionID) error {
		e.Campaign, e.Decision = c.ID, id
		return offer.Extend(tx, e)
	})
}

func (p Pages) close(q *web.Request) error {
	return p.act(q, "offer.close", "closing", func(tx *store.Tx, c offer.Campaign, id people.DecisionID) error {
		_, err := offer.Close(tx, c.ID, id)
		return err
	})
}

func (p Pages) abandon(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	why := form.Need("why", offer.MaxWhy)
	return p.act(q, "offer.abandon", "abandoning", func(tx *store.Tx, c offer.Campaign, id people.DecisionID) error {
		_, err := offer.Abandon(tx, c.ID, id, why)
		return err
	})
}

// discard throws a draft away.
func (p Pages) discard(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "offer.discard").Once(form.Key()), func(tx *store.Tx) error {
		c, err := named(q, tx)
		if err != nil {
			return err
		}
		return offer.Discard(tx, c.ID)
	})
	if err != nil {
		return err
	}
	return q.SeeOther(pathCampaigns)
}

// computationAs gives out how a campaign closed, or would close today.
func (p Pages) computationAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		page, err := p.readCampaign(q, q.Blank())
		if err != nil {
			return err
		}
		return send(q, q.T("offer.page.computation")+" "+page.Name, format, heads(q, "ref", "name", "asked-on", "number",
			"asked", "least", "given", "amount", "paid", "back"), func(yield func([]sheets.Cell) bool) {
			for _, g := range page.Result.Lines {
				if !yield([]sheets.Cell{sheets.Text(g.Ref), sheets.Text(page.who(q.P, g)), sheets.Date(g.On),
					sheets.Int(g.Number), sheets.Int(g.Shares), sheets.Int(g.Least), sheets.Int(g.Given),
					sheets.Money(page.worth(g)), sheets.Money(g.Paid), sheets.Money(page.back(g))}) {
					return
				}
			}
		})
	}
}

// computationJSON gives out what another program needs to compute it again.
func (p Pages) computationJSON(q *web.Request) error {
	page, err := p.readCampaign(q, q.Blank())
	if err != nil {
		return err
	}
	type line struct {
		Ref    string `json:"ref"`
		Number int64  `json:"number"`
		On     string `json:"on"`
		Asked  int64  `json:"asked"`
		Least  int64  `json:"least"`
		Given  int64  `json:"given"`
	}
	out := struct {
		Campaign string        `json:"campaign"`
		Rule     offer.Rule    `json:"rule"`
		Room     int64         `json:"room"`
		Nominal  money.Cents   `json:"nominal_cents"`
		Minimum  money.Cents   `json:"minimum_cents"`
		Below    offer.Below   `json:"below"`
		Outcome  offer.Outcome `json:"outcome"`
		Closed   bool          `json:"closed"`
		Lines    []line        `json:"lines"`
	}{page.Name, page.Rule, page.Result.Room, page.Result.Nominal, page.Minimum, page.Below, page.Result.Outcome,
		page.Closed, []line{}}
	for _, g := range page.Result.Lines {
		out.Lines = append(out.Lines, line{g.Ref, g.Number, g.On.String(), g.Shares, g.Least, g.Given})
	}
	return q.Download(page.Name+".json", "application/json", func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(out)
	})
}
