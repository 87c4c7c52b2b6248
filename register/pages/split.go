package pages

import (
	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people/view"
	"lieux/register"
)

// splitPage is the form that splits the shares of a class, or puts them together.
type splitPage struct {
	Form     *web.Form
	Class    register.ShareClass
	Nominals []web.Fact // the nominal amounts that the class had and has
	Decided  view.DecisionChoice
	Ruling   view.Ruling
	Scan     *scan
}

// maxRatio bounds the form; the room has its own limit.
const maxRatio = 10_000

func splitPath(id register.ClassID) string { return classPath(id) + "/split" }

func (s *screens) readSplit(q *web.Request, form *web.Form, sent bool) (page splitPage, err error) {
	page.Form = form
	if page.Class, err = s.classIn(q); err != nil {
		return page, err
	}
	err = s.DB.View(q.Context(), func(v *store.View) error {
		if page.Decided, err = deciding.Offer(v, q.P, form); err != nil {
			return err
		}
		list, err := register.Nominals(v, page.Class.ID)
		if err != nil {
			return err
		}
		for _, n := range list {
			page.Nominals = append(page.Nominals, web.Fact{Name: q.T("register.page.nominal.since", "day", n.Since),
				Text: q.P.Money(n.Amount)})
		}
		if sent {
			page.Ruling, err = deciding.Take(v, form)
		}
		return err
	})
	return page, err
}

func (s *screens) splitForm(q *web.Request) error {
	page, err := s.readSplit(q, q.Blank(), false)
	if err != nil {
		return err
	}
	page.Form.Set("from", "1").Set("effective", s.DB.Today().String())
	return q.Page(splitView(page))
}

// split shows what a split would do, and does it once that was confirmed.
func (s *screens) split(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readSplit(q, form, true)
	if err != nil {
		return err
	}
	if page.Scan, err = s.takeScan(q, form); err != nil {
		return err
	}
	step := form.Raw("step")
	if step == stepMend && form.OK() {
		return q.Page(splitView(page))
	}
	c := register.Splitting{Class: page.Class.ID, From: form.NeedInt("from", 1, maxRatio),
		Into: form.NeedInt("into", 1, maxRatio), Detail: register.Detail{Effective: form.PartialDate("effective"),
			Ground: form.Text("ground", maxGround)}}
	act := func(tx *store.Tx, evidence string) (ms []register.Movement, err error) {
		c.Evidence = evidence
		if c.Decision, err = page.Ruling.Record(tx); err != nil {
			return nil, err
		}
		return register.SplitShares(tx, c)
	}
	if form.OK() {
		if step != stepWrite {
			err = s.lookAtSplit(q, page, c, act)
		} else {
			err = s.writeSplit(q, page, act)
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(splitView(page))
}

// lookAtSplit shows what a split will write: the shares and the nominal amount before and after it.
func (s *screens) lookAtSplit(q *web.Request, page splitPage, c register.Splitting, act act) error {
	look := lastLook{Form: page.Form, Action: splitPath(page.Class.ID),
		Of: q.T("register.page.split.of", "class", page.Class.Letter), Record: q.T("register.page.record.split"),
		Back: pathClasses}
	var shares [2]int64
	var nominal [2]money.Cents
	day := laterOf(c.Effective.Last(), s.DB.Today())
	var ms []register.Movement
	read := func(tx *store.Tx, after int) error {
		class, err := register.ClassOn(tx, c.Class, day)
		if err != nil {
			return err
		}
		nominal[after] = class.Nominal
		roll, err := register.RollOn(tx, day, civil.Date{})
		for _, held := range roll.ByClass {
			if held.Class == c.Class {
				shares[after] = held.Shares
			}
		}
		return err
	}
	err := register.Look(q.Context(), s.DB, store.By(q.Who.Person, "register.split"), func(tx *store.Tx) (err error) {
		if err = read(tx, 0); err != nil {
			return err
		}
		if ms, err = act(tx, ""); err != nil {
			return err
		}
		return read(tx, 1)
	})
	if err != nil {
		return err
	}
	look.Says = q.T("register.page.look.split", "class", page.Class.Letter, "from", c.From, "into", c.Into, "n", len(ms))
	look.Caption = q.T("register.page.split.issued", "class", page.Class.Letter, "day", day)
	look.Changes = []holdingChange{
		{q.T("register.page.issued"), q.P.Count(shares[0]), q.P.Count(shares[1])},
		{q.T("register.page.nominal"), q.P.Money(nominal[0]), q.P.Money(nominal[1])},
		{q.T("register.page.capital"), q.P.Money(money.Cents(shares[0]) * nominal[0]),
			q.P.Money(money.Cents(shares[1]) * nominal[1])}}
	look.Heads = q.T("register.page.class.of", "class", page.Class.Letter)
	look.Facts = []web.Fact{{Name: q.T("register.page.field.effective"), Text: q.P.Date(c.Effective)}}
	if err := s.DB.View(q.Context(), func(v *store.View) error { return look.decision(q.P, v, page.Form) }); err != nil {
		return err
	}
	look.carry("from", "into", "effective", "ground", "scan-id")
	look.carry(decisionFields...)
	return q.Page(lookView(look))
}

// writeSplit does it, once, and leads to the classes.
func (s *screens) writeSplit(q *web.Request, page splitPage, act act) error {
	outcome, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "register.split").Once(page.Form.Key()),
		func(tx *store.Tx) error {
			evidence, err := page.Scan.keep(tx)
			if err != nil {
				return err
			}
			_, err = act(tx, evidence)
			tx.Answer(pathClasses)
			return err
		})
	if err != nil {
		return err
	}
	if !outcome.Repeated {
		q.Flash(web.Yes, q.T("register.page.done.split", "class", page.Class.Letter))
	}
	return q.SeeOther(pathClasses)
}
