package pages

import (
	"strconv"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

type practiceRow struct{ Name, Href, Needs, Common, Tools, Harm, Waits string }

type practicesPage struct {
	Form   *web.Form
	Tabs   []web.Link
	Rows   []practiceRow
	ID     string
	Edit   bool
	Writer bool
}

func (s *screens) practicesPage(q *web.Request, form *web.Form) (practicesPage, error) {
	return look(q, s.DB, func(r store.Reader) (page practicesPage, err error) {
		page = practicesPage{Form: form, Tabs: tabs(q.P, pathPractices), Writer: q.Who.May(writers)}
		all, err := allocation.Crowds(r)
		for _, c := range all {
			one := c.Practice
			row := practiceRow{Name: lang.Capital(one.Name(q.P.Tag)), Href: pathPractices + "/" + string(one.ID),
				Needs: lang.Capital(allocation.ServiceWords(q.P, one.Needs.Services)), Common: allocation.Square(q.P,
					one.Common), Harm: lang.Capital(allocation.NuisanceWords(q.P, one.Emits)), Waits: q.P.Count(c.Count)}
			if one.Tools > 0 {
				row.Tools = q.P.Money(one.Tools)
			}
			if one.Kit != "" {
				row.Tools += " (" + one.Kit + ")"
			}
			page.Rows = append(page.Rows, row)
		}
		return page, err
	})
}

func (s *screens) practices(q *web.Request) error {
	page, err := s.practicesPage(q, q.Blank())
	return shown(q, page, err, practicesView)
}

func practiceTitle(p *lang.Printer, page practicesPage) string {
	if page.Edit {
		return p.T("allocation.page.practice.amend")
	}
	return p.T("allocation.page.practice.new")
}

func (s *screens) practice(q *web.Request) error {
	c, err := look(q, s.DB, func(r store.Reader) (allocation.Practice, error) {
		return allocation.PracticeByID(r, allocation.PracticeID(q.Path("id")))
	})
	if fault.Of(err) != nil {
		err = web.NotFound
	}
	if err != nil {
		return err
	}
	form := q.Blank()
	fillPractice(form, c)
	page, err := s.practicesPage(q, form)
	if err != nil {
		return err
	}
	page.ID, page.Edit = string(c.ID), true
	return q.Page(practicesView(page))
}

func fillPractice(form *web.Form, c allocation.Practice) {
	for _, tag := range lang.Tags {
		form.Set("name-"+string(tag), c.Names[tag])
	}
	whole := func(name string, n int) {
		if n > 0 {
			form.Set(name, strconv.Itoa(n))
		}
	}
	whole("load", c.Needs.Load)
	whole("door", c.Needs.Door)
	whole("height", c.Needs.Height)
	form.Set("id", string(c.ID)).Set("common", places.Area(c.Common).Plain()).Set("tools", places.Area(c.Tools).Plain()).
		Set("kit", c.Kit)
	form.SetAll("services", allocation.Named(allocation.Services, c.Needs.Services))
	form.SetAll("emits", allocation.Named(allocation.Nuisances, c.Emits))
	form.SetAll("avoids", allocation.Named(allocation.Nuisances, c.Avoids))
	if c.Retired {
		form.Set("retired", "yes")
	}
}

func (s *screens) keepPractice(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	c := allocation.Practice{ID: allocation.PracticeID(form.Text("id", 60)), Names: map[lang.Tag]string{},
		Common: area(form, "common"), Tools: form.Money("tools", 0, allocation.MaxTools), Kit: form.Text("kit",
			allocation.MaxKit), Emits: ticked(form, "emits", allocation.Nuisances),
		Avoids: ticked(form, "avoids", allocation.Nuisances), Retired: form.Flag("retired")}
	for _, tag := range lang.Tags {
		c.Names[tag] = form.Text("name-"+string(tag), allocation.MaxPracticeName)
	}
	c.Needs = solver.Demand{Services: ticked(form, "services", allocation.Services),
		Load: int(form.Int("load", 0, allocation.MaxLoad)), Door: int(form.Int("door", 0, allocation.MaxLength)),
		Height: int(form.Int("height", 0, allocation.MaxLength))}
	if done, err := s.done(q, form, "practice", pathPractices, func(tx *store.Tx) error {
		_, err := allocation.KeepPractice(tx, c)
		return err
	}); done || err != nil {
		return err
	}
	page, err := s.practicesPage(q, form)
	if err != nil {
		return err
	}
	page.ID, page.Edit = string(c.ID), c.ID != ""
	return q.Again(practicesView(page))
}
