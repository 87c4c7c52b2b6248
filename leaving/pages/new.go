package pages

import (
	"strconv"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/leaving"
	"lieux/people"
	personview "lieux/people/view"
	"lieux/register"
)

// newPage is what GET /leaving/new shows: who leaves and why, and then what that comes to.
type newPage struct {
	Form    *web.Form
	Who     personview.Choice
	Causes  []web.Option
	Today   string
	Preview *preview
	Trouble fault.Refusals // why there is no preview
}

// preview is the exit that a notice would make, explained.
type preview struct {
	Cooperator register.Number
	Person     people.Person
	Cause      leaving.Cause
	Arrived    string
	Next       bool
	Window     []web.Line
	Facts      []web.Fact
	Lots       []lotRow
	Partial    bool
	Worth      string
}

// lotRow is a lot that leaves, in ready words.
type lotRow struct {
	Field, Lot, Class, Issued, Free, Paid, Nominal, NetAssets, Worth, By, Passed string
}

func (p Pages) newPage(form *web.Form) newPage {
	return newPage{Form: form, Today: p.DB.Today().String(), Who: personview.Choice{Name: "who"}}
}

// blank asks who leaves; once that is said, by the address, it shows what it comes to.
func (p Pages) blank(q *web.Request) error {
	form := web.NewForm(q.R.URL.Query())
	page := p.newPage(form)
	page.Causes = causeOptions(q.P, leaving.Causes...)
	if q.Query("cause") == "" {
		form.Set("cause", string(leaving.Resignation)).Set("arrived-on", page.Today)
	}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		if n := q.QueryInt("cooperator", 0, 1, 1<<40); n > 0 && q.Query("who") == "" {
			c, err := register.CooperatorNumbered(v, register.Number(n))
			if err != nil {
				return err
			}
			who, err := people.Standing(v, c.Person)
			page.Who = personview.Chosen(form, "who", who)
			return err
		}
		if q.Query("who") == "" {
			return nil
		}
		var err error
		if page.Who, err = personview.Pick(v, q.P, form, "who", true); err != nil || page.Who.Person == "" {
			return err
		}
		c, found, err := register.CooperatorOf(v, page.Who.Person)
		if err != nil || !found {
			if err == nil {
				form.Problem(fault.Refuse("leaving.page.refusal.no-cooperator").At("who"))
			}
			return err
		}
		n := leaving.Notice{Cooperator: c.Number, Cause: leaving.Cause(form.Raw("cause")),
			ArrivedOn: form.NeedDate("arrived-on"), Next: form.Flag("next")}
		if n.Cause == leaving.Exclusion {
			n.Why = "…" // the reasons are asked for below
		}
		if !form.OK() {
			return nil
		}
		page.Preview, err = previewOf(v, q.P, n)
		if form.Refused(err) {
			err = nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if page.Preview != nil {
		page.Form = q.Blank()
		for _, name := range []string{"who", "who-id", "who-for", "cause", "arrived-on", "next"} {
			page.Form.Set(name, form.Raw(name))
		}
	}
	if len(form.Problems()) > 0 {
		return q.Again(newView(page))
	}
	return q.Page(newView(page))
}

// previewOf explains what a notice comes to: its window with the article, the day of effect, what the lots are worth by
// the last tests.
func previewOf(r store.Reader, p *lang.Printer, n leaving.Notice) (*preview, error) {
	x, err := leaving.Preview(r, n)
	if err != nil {
		return nil, err
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return nil, err
	}
	e, _ := rules.Exit()
	v := &preview{Cooperator: n.Cooperator, Cause: n.Cause, Arrived: n.ArrivedOn.String(), Next: n.Next,
		Partial: e.Partial || n.Cause != leaving.Resignation}
	c, err := register.CooperatorNumbered(r, n.Cooperator)
	if err != nil {
		return nil, err
	}
	if v.Person, err = people.Standing(r, c.Person); err != nil {
		return nil, err
	}
	if v.Window, err = windowLines(r, p, x, c); err != nil {
		return nil, err
	}
	w, found, err := leaving.Estimate(r, x)
	if err != nil {
		return nil, err
	}
	lots := x.Lots
	v.Worth = p.T("leaving.page.worth.unknown")
	if found {
		lots, v.Worth = w.Lots, p.Money(w.Cents)
	}
	v.Lots, err = lotRows(r, p, lots)
	return v, err
}

// windowLines say, article by article, why the exit may be noted and when it takes effect.
func windowLines(r store.Reader, p *lang.Printer, x leaving.Exit, c register.Cooperator) (list []web.Line, err error) {
	line := func(code, article, value string, kv ...any) {
		list = append(list, web.Line{Text: p.T("leaving.page.line."+code, kv...), Article: article, Value: value})
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return nil, err
	}
	line("arrived", "", p.ShortDate(x.ArrivedOn))
	if x.Cause != leaving.Resignation {
		line("cause", x.Cause.Article(), capital(p, x.Cause.Words()))
		if x.Cause == leaving.Exclusion && (x.State == "" || x.State == leaving.Proposed || x.State == leaving.Answered) {
			line("effect", x.Cause.Article(), p.T("leaving.page.line.by-decision"))
			return list, nil
		}
		line("effect", x.Cause.Article(), p.ShortDate(x.EffectOn))
		return list, nil
	}
	w, known, err := leaving.WindowFor(r, c, x.ArrivedOn)
	if err != nil {
		return nil, err
	}
	e, _ := rules.Exit()
	if known {
		line("window", w.Article, p.ShortDate(w.First)+" – "+p.ShortDate(w.Last))
		if e.Founders > 0 {
			said := p.T("leaving.page.line.no-founder")
			if !w.Founder.IsZero() {
				said = p.ShortDate(w.Founder)
			}
			line("founder", w.Article, said, "n", e.Founders)
		}
	}
	payment, _ := rules.Rule(bylaws.KeyExitPayment)
	line("effect", payment.Article, p.ShortDate(x.EffectOn))
	line("pay", payment.Article, p.ShortDate(leaving.PayBy(e.ExitPayment, x.EffectOn)))
	return list, nil
}

func lotRows(r store.Reader, p *lang.Printer, lots []leaving.LotWorth) (rows []lotRow, err error) {
	for _, l := range lots {
		row := lotRow{Field: "lot-" + strconv.FormatInt(l.Lot.Lot, 10) + "-" + l.Class, Lot: strconv.FormatInt(l.Lot.Lot, 10),
			Class: l.Class, Free: p.Count(l.Shares), Paid: p.Money(l.Paid), Nominal: p.Money(money.Cents(l.Shares) * l.Nominal)}
		issue, err := register.MovementNumbered(r, register.MovementNumber(l.Lot.Lot))
		if err != nil {
			return nil, err
		}
		row.Issued = p.ShortDate(issue.Effective)
		if l.By != "" {
			row.NetAssets, row.Worth, row.By = p.Money(l.NetAssets), p.Money(l.Cents), p.T("leaving.by."+string(l.By))
		}
		if l.Passed > 0 {
			row.Passed = p.Count(l.Passed)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// noticeIn reads the notice of a sent form; the lots by their numbers of shares, where a part may leave.
func noticeIn(form *web.Form, lots []lotRow, partial bool) (parts []leaving.Part) {
	if !partial {
		return nil
	}
	for _, l := range lots {
		lot, err := strconv.ParseInt(l.Lot, 10, 64)
		if n := form.Int(l.Field, 0, register.MaxShares); n > 0 && err == nil {
			parts = append(parts, leaving.Part{Lot: register.MovementNumber(lot), Class: register.ClassID(l.Class), Shares: n})
		}
	}
	return parts
}

// announce notes a departure.
func (p Pages) announce(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := p.newPage(form)
	page.Causes = causeOptions(q.P, leaving.Causes...)
	n := leaving.Notice{Cooperator: register.Number(form.NeedInt("cooperator", 1, 1<<40)),
		Cause: leaving.Cause(form.Raw("cause")), ArrivedOn: form.NeedDate("arrived-on"), Next: form.Flag("next"),
		Why: form.Lines("why", leaving.MaxWhy)}
	scan, err := upload(form, "scan")
	if err != nil {
		return err
	}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		asked := n
		if asked.Cause == leaving.Exclusion && asked.Why == "" {
			asked.Why = "…"
		}
		page.Preview, err = previewOf(v, q.P, asked)
		return err
	})
	if err != nil && !form.Refused(err) {
		return err
	}
	if page.Preview != nil {
		n.Parts = noticeIn(form, page.Preview.Lots, page.Preview.Partial)
		if page.Preview.Partial && len(n.Parts) == 0 && form.OK() {
			form.Problem(fault.Refuse("leaving.refusal.no-shares").By(n.Cause.Article()))
		}
	}
	var x leaving.Exit
	if form.OK() {
		_, err := p.DB.Act(q.Context(), store.By(q.Who.Person, "leaving.announce").Once(form.Key()),
			func(tx *store.Tx) (err error) {
				if n.Evidence, err = kept(tx, scan); err != nil {
					return err
				}
				x, err = leaving.Announce(tx, n)
				return err
			})
		if err == nil {
			q.Flash(web.Yes, q.T("leaving.page.done.announce"))
			if x.Number == 0 { // the form was sent twice: the first one noted it
				return q.SeeOther(pathLeaving)
			}
			return q.SeeOther(pathOf(x))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(newView(page))
}
