package pages

import (
	"strings"

	"lieux/allocation"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// keepEmail is what the browser keeps between sending and confirming.
const keepEmail = "apply.email"

// The steps of a form that is looked at once more.
const (
	stepSend = "send"
	stepMend = "mend"
)

// lookPage is what is about to be sent, in words.
type lookPage struct {
	Form   *web.Form
	Facts  []web.Fact
	Hidden [][2]string
}

// apply shows the public form.
func (s *screens) apply(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (entry, error) {
		return s.entry(q, r, q.Blank().Set("kind", "natural").Set("way", string(allocation.Shared)), allocation.Online)
	})
	if err != nil {
		return err
	}
	return q.Page(applyView(page))
}

// send looks at the public form once more, then takes it in and lets its letter leave.
func (s *screens) send(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if err := s.callers.Try("apply " + q.Address()); err != nil {
		return err
	}
	page, err := look(q, s.DB, func(r store.Reader) (entry, error) { return s.entry(q, r, form, allocation.Online) })
	if err != nil {
		return err
	}
	if form.Raw("step") == stepMend {
		return q.Page(applyView(page))
	}
	d := draft(page, q.P.Tag)
	if form.Raw("step") != stepSend {
		if err := s.DB.View(q.Context(), func(v *store.View) error { return problems(v, form, d) }); err != nil {
			return err
		}
		if !form.OK() {
			return q.Again(applyView(page))
		}
		l, err := s.lookPage(q, form, d)
		if err != nil {
			return err
		}
		return q.Page(lookView(l))
	}
	if form.OK() {
		if err := s.take(q, form, d, page.House); err == nil {
			q.Remember(keepEmail, d.Typed.Email)
			return q.SeeOther(pathSent)
		} else if !form.Refused(err) {
			return err
		}
	}
	return q.Again(applyView(page))
}

func (s *screens) take(q *web.Request, form *web.Form, d allocation.Draft, house string) error {
	_, err := s.DB.Act(q.Context(), store.By("", "allocation.send").Once(form.Key()), func(tx *store.Tx) error {
		a, token, err := allocation.Send(tx, d)
		if err != nil {
			return err
		}
		if !mail.Address(d.Typed.Email) {
			return fault.Refuse("allocation.refusal.email").At("email")
		}
		if err := s.addresses.Try("apply " + fold.Text(d.Typed.Email)); err != nil {
			return err
		}
		return mail.Enqueue(tx, allocation.ConfirmLetter(a, house, s.Links, token))
	})
	return err
}

func (s *screens) lookPage(q *web.Request, form *web.Form, d allocation.Draft) (page lookPage, err error) {
	page.Form = form
	for _, name := range allFields {
		if value := form.Raw(name); value != "" {
			page.Hidden = append(page.Hidden, [2]string{name, value})
		}
	}
	hide := func(name string, values []string) {
		for _, v := range values {
			page.Hidden = append(page.Hidden, [2]string{name, v})
		}
	}
	for _, id := range d.Wish.Practices {
		hide("practice", []string{string(id)})
	}
	for _, id := range d.Wish.Places {
		hide("place", []string{string(id)})
	}
	hide("services", allocation.Named(allocation.Services, d.Wish.Needs.Services))
	hide("emits", allocation.Named(allocation.Nuisances, d.Wish.Emits))
	hide("avoids", allocation.Named(allocation.Nuisances, d.Wish.Avoids))
	hide("hours", allocation.Named(allocation.Hours, d.Wish.Hours))
	err = s.DB.View(q.Context(), func(v *store.View) error {
		crafts, houses, err := called(v, q.P.Tag)
		a := allocation.Application{Typed: d.Typed, Language: d.Language}
		page.Facts = append(typedFacts(q.P, a), wishFacts(q.P, d.Wish, d.Notes, crafts, houses)...)
		return err
	})
	return page, err
}

// sent tells to look at the post.
func (s *screens) sent(q *web.Request) error { return q.Page(sentView(q.Recall(keepEmail))) }

// publicPage is the list as everybody may see it: its rules, and how many wait.
type publicPage struct {
	Rules  allocation.Rules
	Text   []string
	Crowds []crowdRow
	Total  string
}

type crowdRow struct{ Practice, Count, First, Least string }

func crowds(r store.Reader, p *lang.Printer) (rows []crowdRow, total int64, err error) {
	list, err := allocation.Crowds(r)
	for _, c := range list {
		row := crowdRow{Practice: lang.Capital(c.Practice.Name(p.Tag)), Count: p.Count(c.Count)}
		if c.Count > 0 {
			row.First, row.Least = p.Date(c.First), allocation.Square(p, c.Least)
		}
		rows = append(rows, row)
	}
	if err != nil {
		return nil, 0, err
	}
	waiting, err := allocation.Waiting(r)
	return rows, int64(len(waiting)), err
}

func (s *screens) public(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (page publicPage, err error) {
		if page.Rules, err = allocation.RulesOn(r, r.Today()); err != nil {
			return page, err
		}
		page.Text = lines(page.Rules.Text(q.P.Tag))
		var n int64
		page.Crowds, n, err = crowds(r, q.P)
		page.Total = q.T("allocation.page.waiting", "n", n)
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(publicView(page))
}

// ownPage is an applicant's own page.
type ownPage struct {
	Form    *web.Form
	App     allocation.Application
	Path    string
	State   string
	Badge   web.Kind
	Facts   []web.Fact
	Wish    []web.Fact
	Ranks   []string
	RenewBy string
	Lapses  string
	Soon    bool
	Since   string
	Returns string // with which seniority one comes back
	Events  []web.Event
	Told    []toldRow
	Rounds  []ownRound
}

// toldRow is what became of an applicant in one giving out of places.
type toldRow struct {
	Title, On string
	Placed    bool
	Lines     []string
	Change    string
}

// ownRound is a round of single workshops in which the applicant may choose.
type ownRound struct {
	Title  string
	Path   string
	Spaces []web.Option
	Chosen []string
}

func (s *screens) ownPage(q *web.Request, form *web.Form) (ownPage, error) {
	if err := s.callers.Try("own " + q.Address()); err != nil {
		return ownPage{}, err
	}
	return look(q, s.DB, func(r store.Reader) (page ownPage, err error) {
		page = ownPage{Form: form, Path: pathOwn + q.Path("token")}
		if page.App, err = allocation.ByToken(r, q.Path("token")); err != nil {
			return page, err
		}
		if err := page.read(r, q.P); err != nil {
			return page, err
		}
		if page.Told, err = toldTo(r, q.P, page.App.ID); err != nil {
			return page, err
		}
		page.Rounds, err = ownRounds(r, page.App, page.Path)
		return page, err
	})
}

func (page *ownPage) read(r store.Reader, p *lang.Printer) error {
	a := page.App
	crafts, houses, err := called(r, p.Tag)
	if err != nil {
		return err
	}
	u, err := allocation.RulesOn(r, r.Today())
	if err != nil {
		return err
	}
	page.State, page.Badge, page.Since = capital(p, a.State.Words()), badge(a.State), p.Date(a.Since)
	page.Facts, page.Wish = typedFacts(p, a), wishFacts(p, a.Wish, a.Notes, crafts, houses)
	by, lapses := a.RenewBy(u)
	page.RenewBy, page.Lapses = p.Date(by), p.Date(lapses)
	page.Soon = !r.Today().Before(by.AddDays(-allocation.AskAhead))
	if a.State == allocation.Lapsed {
		page.Returns = p.Date(u.ReturnsWith(a.Since, a.Turned, r.Today()))
	}
	ranks, err := allocation.Ranks(r, a)
	if err != nil {
		return err
	}
	for _, rank := range ranks {
		if rank.At > 0 {
			page.Ranks = append(page.Ranks, p.T("allocation.page.rank", "at", rank.At, "n", rank.Of, "practice",
				crafts[rank.Practice]))
		}
	}
	page.Events, err = events(r, p, a, false)
	return err
}

// events is what happened to an application, the newest first. Reasons of the office are told to the office alone.
func events(r store.Reader, p *lang.Printer, a allocation.Application, office bool) (list []web.Event, err error) {
	steps, err := allocation.Steps(r, a.ID)
	for i := len(steps) - 1; i >= 0; i-- {
		st := steps[i]
		text := capital(p, st.Cause.Words())
		if i == 0 || steps[i-1].Since.Compare(st.Since) != 0 {
			text += ". " + p.T("allocation.page.since", "since", st.Since)
		}
		if st.Why != "" && (office || st.Cause == allocation.Taken || st.By == "") {
			text += ". " + st.Why
		}
		list = append(list, web.Event{When: p.Date(st.Day), At: st.Day.String(), Text: text,
			Undo: st.Cause == allocation.Unplaced || st.Cause == allocation.Returned})
	}
	return list, err
}

// toldTo is what an applicant was told in each giving out that was applied, the newest first.
func toldTo(r store.Reader, p *lang.Printer, id allocation.ApplicationID) (list []toldRow, err error) {
	letters, err := allocation.LettersOf(r, id)
	if err != nil {
		return nil, err
	}
	for i := len(letters) - 1; i >= 0; i-- {
		l := letters[i]
		if l.Kind != allocation.LetterPlaced && l.Kind != allocation.LetterRefused {
			continue
		}
		c, err := allocation.ChoiceByID(r, allocation.ChoiceID(l.Choice))
		if err != nil {
			return nil, err
		}
		if _, undone, err := allocation.UndoneBy(r, c.ID); err != nil || undone {
			if err != nil {
				return nil, err
			}
			continue
		}
		plan, err := readPlan(r, c.Plan)
		if err != nil {
			return nil, err
		}
		setup, _, err := allocation.SetupOf(r, c.Round)
		if err != nil {
			return nil, err
		}
		for n, f := range plan.In.People {
			if f.Application == id {
				told := allocation.Tell(p, plan.In, plan.Res, n)
				list = append(list, toldRow{Title: setup.Title, On: p.Date(c.At.On(r.Zone())), Lines: told.Lines,
					Change: told.Change, Placed: l.Kind == allocation.LetterPlaced})
			}
		}
	}
	return list, nil
}

// ownRounds are the rounds of single workshops that are open, in which an applicant may say which spaces they want.
func ownRounds(r store.Reader, a allocation.Application, path string) (list []ownRound, err error) {
	if a.State != allocation.Listed || a.Wish.Way == allocation.Shared {
		return nil, nil
	}
	all, err := allocation.Rounds(r)
	for _, n := range all {
		if n.Kind != allocation.Singles {
			continue
		}
		if _, applied, err := allocation.Applied(r, n.ID); err != nil || applied {
			if err != nil {
				return nil, err
			}
			continue
		}
		setup, _, err := allocation.SetupOf(r, n.ID)
		if err != nil {
			return nil, err
		}
		one := ownRound{Title: setup.Title, Path: path + "/spaces/" + string(n.ID)}
		for _, sp := range setup.Spaces {
			if !sp.Offered {
				continue
			}
			part, err := places.PartByID(r, sp.Part, places.On(setup.From))
			if err != nil {
				return nil, err
			}
			one.Spaces = append(one.Spaces, web.Option{Value: string(sp.Part), Label: part.Name(),
				Hint: part.Area.Plain() + "\u00a0m²"})
		}
		wants, err := allocation.Preference(r, n.ID, a.ID)
		if err != nil {
			return nil, err
		}
		for _, id := range wants {
			one.Chosen = append(one.Chosen, string(id))
		}
		list = append(list, one)
	}
	return list, err
}

func (s *screens) own(q *web.Request) error {
	page, err := s.ownPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(ownView(page))
}

// acts are what an applicant does on their own page; the button is pressed by people, not by programs that look at
// letters.
var acts = map[string]func(tx *store.Tx, a allocation.Application, token, why string) error{
	"confirm": func(tx *store.Tx, _ allocation.Application, token, _ string) error {
		_, err := allocation.Confirm(tx, token)
		return err
	},
	"renew": func(tx *store.Tx, a allocation.Application, _, _ string) error { return allocation.Renew(tx, a.ID) },
	"withdraw": func(tx *store.Tx, a allocation.Application, _, why string) error {
		return allocation.Withdraw(tx, a.ID, why)
	},
	"return": func(tx *store.Tx, a allocation.Application, _, why string) error {
		return allocation.Return(tx, a.ID, why)
	},
}

func (s *screens) ownAct(q *web.Request) error {
	act, known := acts[q.Path("act")]
	if !known {
		return web.NotFound
	}
	form, err := q.Form()
	if err != nil {
		return err
	}
	token := q.Path("token")
	why := form.Text("why", allocation.MaxWhy)
	done, err := s.asApplicant(q, form, q.Path("act"), pathOwn+token, func(tx *store.Tx) error {
		a, err := allocation.ByToken(tx, token)
		if err != nil {
			return err
		}
		if a.State == allocation.Struck {
			return fault.Refuse("allocation.refusal.not-listed", "number", a.Number, "state", a.State.Words())
		}
		return act(tx, a, token, why)
	})
	if done || err != nil {
		return err
	}
	page, err := s.ownPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(ownView(page))
}

// asApplicant is done for somebody without an account.
func (s *screens) asApplicant(q *web.Request, form *web.Form, verb, to string, fn func(*store.Tx) error) (bool, error) {
	if err := s.callers.Try("own " + q.Address()); err != nil {
		return true, err
	}
	if !form.OK() {
		return false, nil
	}
	_, err := s.DB.Act(q.Context(), store.By("", "allocation."+verb).Once(form.Key()), fn)
	if err == nil {
		q.Flash(web.Yes, q.T("allocation.page.done."+verb))
		return true, q.SeeOther(to)
	}
	if !form.Refused(err) {
		return true, err
	}
	return false, nil
}

// wishPage is the form in which an applicant amends their wish.
func (s *screens) wishPage(q *web.Request, form *web.Form) (page entry, a allocation.Application, err error) {
	err = s.DB.View(q.Context(), func(v *store.View) (err error) {
		if a, err = allocation.ByToken(v, q.Path("token")); err != nil {
			return err
		}
		if form == nil {
			form = q.Blank()
			fill(form, a)
		}
		page, err = s.entry(q, v, form, allocation.Office)
		page.Own, page.Path = true, pathOwn+q.Path("token")
		return err
	})
	return page, a, err
}

func (s *screens) ownWish(q *web.Request) error {
	page, _, err := s.wishPage(q, nil)
	if err != nil {
		return err
	}
	return q.Page(wishView(page))
}

func (s *screens) amendOwn(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, a, err := s.wishPage(q, form)
	if err != nil {
		return err
	}
	d := draft(page, a.Language)
	d.Typed, d.Language = allocation.Someone{}, a.Language
	if done, err := s.asApplicant(q, form, "amend", page.Path, func(tx *store.Tx) error {
		return allocation.Amend(tx, a.ID, d)
	}); done || err != nil {
		return err
	}
	return q.Again(wishView(page))
}

// prefer takes the order in which an applicant wants the spaces of a round: "first", "second", "third".
func (s *screens) prefer(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	token := q.Path("token")
	var wants []places.PartID
	for _, name := range preferenceFields {
		if id := strings.TrimSpace(form.Text(name, 60)); id != "" {
			wants = append(wants, places.PartID(id))
		}
	}
	if done, err := s.asApplicant(q, form, "prefer", pathOwn+token, func(tx *store.Tx) error {
		a, err := allocation.ByToken(tx, token)
		if err != nil {
			return err
		}
		return allocation.Prefer(tx, allocation.RoundID(q.Path("round")), a.ID, wants)
	}); done || err != nil {
		return err
	}
	page, err := s.ownPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(ownView(page))
}

// preferenceFields are the wishes of a round of single workshops, the first most.
var preferenceFields = []string{"wish-1", "wish-2", "wish-3", "wish-4", "wish-5"}
