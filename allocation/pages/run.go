package pages

import (
	"encoding/hex"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
)

// begin asks for a calculation and shows how far it is.
func (s *screens) begin(q *web.Request) error {
	form, round, err := formOf(q, s.DB, numbered)
	if err != nil {
		return err
	}
	to := func(run string) string { return roundPath(round.Number) + "/runs/" + run }
	if done, err := s.does(q, form, deed{by: q.Who.Person, verb: "begin", to: to}, func(tx *store.Tx) error {
		_, err := allocation.Begin(tx, round.ID)
		return err
	}); done || err != nil {
		return err
	}
	page, err := s.roundPage(q, form)
	return again(q, page, err, roundView)
}

// runPage is a calculation: how far it is, how it ended.
type runPage struct {
	Form                *web.Form
	Path, Round, Stream string
	Title               string
	Work                *web.Work
	Kind                web.Kind
	State, Todo         string
}

func (s *screens) runPage(p *lang.Printer, r store.Reader, number string, id allocation.RunID) (page runPage,
	err error) {
	n, err := allocation.RunByID(r, id)
	if err != nil {
		return page, err
	}
	round, err := allocation.RoundByID(r, n.Round)
	if err != nil {
		return page, err
	}
	if strconv.FormatInt(round.Number, 10) != number {
		return page, web.NotFound
	}
	setup, _, err := allocation.SetupOf(r, n.Round)
	if err != nil {
		return page, err
	}
	plans, err := allocation.PlansOf(r, id)
	page = runPage{Round: roundPath(round.Number), Title: setup.Title, Kind: web.Yes,
		State: p.T("allocation.page.run.done", "n", len(plans))}
	page.Path = page.Round + "/runs/" + string(id)
	switch n.Ended {
	case "":
		page.Work = &web.Work{Text: p.T("allocation.page.run.work", "n", len(plans), "of", len(n.Orders.Plans)),
			Done: n.Reached, Of: max(n.Of, 1), Note: p.T("allocation.page.run.note")}
		if s.Feed != nil {
			page.Stream = page.Path + "/stream"
		}
	case allocation.Cancelled:
		page.Kind, page.State = web.Wait, p.T("allocation.page.run.cancelled", "n", len(plans))
	case allocation.Failed:
		page.Kind, page.State = web.No, p.T("allocation.page.run.failed")
		page.Todo = p.T(n.Trouble) + " " + p.T(n.Trouble+".todo")
	}
	return page, err
}

func (s *screens) run(q *web.Request) error { return s.showRun(q, q.Blank()) }

func (s *screens) showRun(q *web.Request, form *web.Form) error {
	page, err := look(q, s.DB, func(r store.Reader) (runPage, error) {
		return s.runPage(q.P, r, q.Path("number"), allocation.RunID(q.Path("run")))
	})
	if fault.Of(err) != nil {
		err = web.NotFound
	}
	if err != nil {
		return err
	}
	if page.Form = form; !form.OK() {
		return q.Again(runView(page))
	}
	return q.Page(runView(page))
}

// runScene draws how far a calculation is, after each of its acts.
func (s *screens) runScene(q *web.Request) (web.Scene, error) {
	id, number := allocation.RunID(q.Path("run")), q.Path("number")
	if _, err := look(q, s.DB, func(r store.Reader) (runPage, error) {
		return s.runPage(q.P, r, number,
			id)
	}); err != nil {
		return web.Scene{}, err
	}
	return web.Scene{Key: "allocation/" + string(id), About: []store.Ref{id.Ref()},
		Draw: func(r store.Reader, p *lang.Printer) (templ.Component, error) {
			page, err := s.runPage(p, r, number, id)
			return runProgress(page), err
		}}, nil
}

func (s *screens) cancel(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	id := allocation.RunID(q.Path("run"))
	to := func(string) string { return pathRounds + "/" + q.Path("number") + "/runs/" + string(id) }
	if done, err := s.does(q, form, deed{by: q.Who.Person, verb: "cancel", to: to}, func(tx *store.Tx) error {
		return allocation.Cancel(tx, id)
	}); done || err != nil {
		return err
	}
	return s.showRun(q, form)
}

// facts say by which one may do the calculation again.
func facts(p *lang.Printer, r store.Reader, o openPlan) (list []web.Fact) {
	add := func(code, text string) {
		list = append(list, web.Fact{Name: p.T("allocation.page.fact." + code), Text: text})
	}
	add("made", p.Moment(o.Run.At, r.Zone()))
	add("inputs", p.T("allocation.page.inputs", "spaces", len(o.In.Spaces), "applicants", len(o.In.People), "practices",
		len(o.In.Practices)))
	add("hash", group4(hex.EncodeToString(o.Run.Hash)[:32]))
	add("seed", o.Run.Orders.Seed)
	plan := o.Res.Plan
	for _, order := range o.Run.Orders.Plans {
		if w := order.Weights; order.Kind == o.Kind && o.Kind != allocation.ByWishes {
			add("weights", p.T("allocation.page.weights", "person", w.Person, "day", w.Day, "area", w.Area, "tools", w.Tools,
				"works", w.Works, "move", w.Move))
			c := plan.Criteria
			add("score", p.T("allocation.page.score", "score", plan.Score, "people", c.People, "days", c.Waiting, "area",
				allocation.Square(p, c.Area), "tools", c.Tools, "works", c.Works, "moves", c.Moves))
		}
	}
	switch {
	case plan.Bound == solver.NoBound:
		add("bound", p.T("allocation.page.bound.none"))
	case plan.Proven():
		add("bound", p.T("allocation.page.bound.proven", "bound", plan.Bound))
	default:
		add("bound", p.T("allocation.page.bound.gap", "bound", plan.Bound, "gap", plan.Bound-plan.Score))
	}
	return list
}

// group4 parts a hash in groups of four, as people compare it.
func group4(text string) string {
	var parts []string
	for len(text) > 4 {
		parts, text = append(parts, text[:4]), text[4:]
	}
	return strings.Join(append(parts, text), " ")
}

// inputs gives out what a calculation depends on, for whoever wants to do it again.
func (s *screens) inputs(q *web.Request) error {
	o, err := look(q, s.DB, func(r store.Reader) (openPlan, error) { return s.planOf(q, r) })
	if err != nil {
		return err
	}
	return q.Download(q.T("allocation.page.inputs.file")+".json", "application/json", func(w io.Writer) error {
		_, err := io.WriteString(w, o.Run.Frozen)
		return err
	})
}

// replay does the calculation of a plan again, and says whether its bytes are the same.
func (s *screens) replay(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	o, err := look(q, s.DB, func(r store.Reader) (openPlan, error) {
		return readPlan(r, allocation.PlanID(form.Text("plan", 60)))
	})
	if err != nil {
		return err
	}
	same, err := allocation.Replay(o.Run, o.Plan)
	if err != nil && fault.Of(err) == nil {
		return err
	}
	if same {
		q.Flash(web.Yes, q.T("allocation.page.replay.same"))
	} else {
		q.Flash(web.No, q.T("allocation.page.replay.other"))
	}
	return q.SeeOther(pathRounds + "/" + q.Path("number") + "?plan=" + string(o.ID))
}
