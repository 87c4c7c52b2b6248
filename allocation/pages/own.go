package pages

import (
	"slices"
	"strings"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

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

	May     bool // the applicant was given a place and may say whether they take it
	Reply   allocation.Reply
	Replied string // when they said so, or until when they are asked to; may be empty
}

// toldRow is what became of an applicant in one giving out of places.
type toldRow struct {
	Title, On string
	Placed    bool
	Facts     []web.Fact // where, for who is placed
	Lines     []string
	Change    string
	Note      string
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
		if err := page.reply(r, q.P); err != nil {
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

// reply reads what somebody who was given a place said to it.
func (page *ownPage) reply(r store.Reader, p *lang.Printer) error {
	if page.App.State != allocation.Placed {
		return nil
	}
	c, err := allocation.ChoiceByID(r, allocation.ChoiceID(page.App.Choice))
	if err != nil {
		return err
	}
	steps, err := allocation.Steps(r, page.App.ID)
	if err != nil {
		return err
	}
	reply, on, placed := allocation.ReplyIn(steps, c.ID, c.Terms.Answer, r.Today())
	page.Reply, page.May = reply, placed && reply != allocation.Took
	if !on.IsZero() {
		page.Replied = p.Date(on)
	}
	return nil
}

// replied says on one line what was answered, or until when that is asked for.
func replied(p *lang.Printer, page ownPage) string {
	if page.Replied == "" {
		return capital(p, page.Reply.Words()) + "."
	}
	return p.T("allocation.page.reply."+string(page.Reply), "on", page.Replied)
}

// contrary are the causes of steps that are the opposite of an earlier one.
var contrary = []allocation.Cause{allocation.Unplaced, allocation.Returned, allocation.Mended}

// events is what happened to an application, the newest first. Reasons of the office are told to the office alone.
func events(r store.Reader, p *lang.Printer, a allocation.Application, office bool) (list []web.Event, err error) {
	steps, err := allocation.Steps(r, a.ID)
	for i := len(steps) - 1; i >= 0; i-- {
		st := steps[i]
		text := capital(p, st.Cause.Words())
		if st.Cause == allocation.SaidYes || st.Cause == allocation.SaidNo {
			text, st.Why = p.T("allocation.page.slip.event", "cause", text, "slip", st.Why, "on", st.At.On(r.Zone())), ""
		}
		if i == 0 || steps[i-1].Since.Compare(st.Since) != 0 {
			text += ". " + p.T("allocation.page.since", "since", st.Since)
		}
		if st.Why != "" && (office || st.Cause == allocation.Taken || st.By == "") {
			text += ". " + st.Why
		}
		list = append(list, web.Event{When: p.Date(eventOn(r, st)), At: eventOn(r, st).String(), Text: text,
			Undo: slices.Contains(contrary, st.Cause)})
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
				facts, err := offered(r, p, plan, c.Terms, n)
				if err != nil {
					return nil, err
				}
				list = append(list, toldRow{Title: setup.Title, On: p.Date(c.At.On(r.Zone())), Lines: told.Lines,
					Facts: facts, Change: told.Change, Note: told.Note,
					Placed: l.Kind == allocation.LetterPlaced})
			}
		}
	}
	return list, nil
}

// offered is what a plan gives an applicant, and on which terms; nothing when it gives none.
func offered(r store.Reader, p *lang.Printer, o openPlan, on allocation.Terms, applicant int) (facts []web.Fact,
	err error) {
	at := o.Res.Plan.At[applicant]
	if at == solver.Nowhere {
		return nil, nil
	}
	place, err := places.PlaceByID(r, o.In.Spaces[at].Place, places.Now(r))
	for _, t := range allocation.OfferTo(p, o.In, o.Res, on, applicant, place.Title) {
		facts = append(facts, web.Fact{Name: t.Name, Text: t.Text})
	}
	return facts, err
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
	return shown(q, page, err, ownView)
}

// acts are what an applicant does on their own page; the button is pressed by people, not by programs that look at
// letters.
var acts = map[string]func(tx *store.Tx, a allocation.Application, token, why string) error{
	"confirm": func(tx *store.Tx, _ allocation.Application, token, _ string) error {
		_, err := allocation.Confirm(tx, token)
		return err
	},
	"accept": func(tx *store.Tx, a allocation.Application, _, _ string) error { return allocation.Accept(tx, a.ID) },
	"decline": func(tx *store.Tx, a allocation.Application, _, why string) error {
		return allocation.TurnDown(tx, a.ID, why)
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
	return again(q, page, err, ownView)
}

// asApplicant is done for somebody without an account.
func (s *screens) asApplicant(q *web.Request, form *web.Form, verb, to string, fn func(*store.Tx) error) (bool, error) {
	if err := s.callers.Try("own " + q.Address()); err != nil {
		return true, err
	}
	return s.does(q, form, deed{"", verb, verb, func(string) string { return to }}, fn)
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
	return shown(q, page, err, wishView)
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
	return again(q, page, err, ownView)
}

// preferenceFields are the wishes of a round of single workshops, the first most.
var preferenceFields = []string{"wish-1", "wish-2", "wish-3", "wish-4", "wish-5"}

// preferred is a form that holds the wish that was said before.
func preferred(name string, r ownRound, i int) *web.Form {
	f := web.NewForm(nil)
	if i < len(r.Chosen) {
		f.Set(name, r.Chosen[i])
	}
	return f
}
