package pages

import (
	"io"
	"slices"
	"time"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/convening"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
	peopleview "lieux/people/view"
)

// homePage is what GET /meetings/{name}/convening shows.
type homePage struct {
	Meeting   meeting.Meeting
	Zone      *time.Location
	Sent      []dispatchLine
	Kinds     []kindLine
	Questions int
	Answered  int
	Against   string // the day of the list with which those invited are compared; empty: nothing to compare
	Joined    []personLine
	Left      []personLine
	Changed   []personLine // who holds another number of shares
	Lists     []web.Figure
	NoMail    bool
}

// moves says whether letters leave while the page is looked at.
func (page homePage) moves() bool {
	return slices.ContainsFunc(page.Sent, func(d dispatchLine) bool { return d.Progress.Stream != "" })
}

// asked says how many written questions came, and how many wait for their answer.
func (page homePage) asked(p *lang.Printer) string {
	switch open := page.Questions - page.Answered; {
	case page.Questions == 0:
		return p.T("convening.page.asked.none")
	case open == 0:
		return p.T("convening.page.asked", "n", page.Questions) + " " + p.T("convening.page.asked.done", "n", page.Questions)
	default:
		return p.T("convening.page.asked", "n", page.Questions) + " " + p.T("convening.page.asked.open", "n", open)
	}
}

type dispatchLine struct {
	Kind, When, By, Late string
	Progress             progressPart
}

type kindLine struct{ Kind, Text, Href string }

type personLine struct{ Number, Name, Href, What string }

func (p Pages) home(q *web.Request) error {
	page := homePage{NoMail: p.NoMail}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err != nil {
			return err
		}
		page.Meeting, page.Zone = m, v.Zone()
		sent, err := convening.Told(v, m.ID)
		if err != nil {
			return err
		}
		for _, d := range slices.Backward(sent) {
			line, err := sentLine(v, q.P, m, d)
			if err != nil {
				return err
			}
			line.Progress = line.Progress.in(homePath(m), p)
			page.Sent = append(page.Sent, line)
		}
		for _, k := range convening.Kinds {
			if len(convening.MaySend(m, k, sent)) == 0 {
				page.Kinds = append(page.Kinds, kindLine{lang.Capital(q.P.Words(k.Words())),
					q.T("convening.page.kind." + string(k)), kindPath(m, k)})
			}
		}
		questions, err := convening.Questions(v, m.ID)
		if err != nil {
			return err
		}
		page.Questions = len(questions)
		for _, x := range questions {
			if x.Answer != nil {
				page.Answered++
			}
		}
		return page.compare(v, q.P)
	})
	if err != nil {
		return err
	}
	return q.Page(homeView(page))
}

// sentLine says how far a dispatch is.
func sentLine(r store.Reader, p *lang.Printer, m meeting.Meeting, d convening.Dispatch) (line dispatchLine, err error) {
	named, err := namesOf(r, p, []people.PersonID{d.By})
	if err != nil {
		return line, err
	}
	progress, err := progressOf(r, p, m, d)
	if err != nil {
		return line, err
	}
	return dispatchLine{Kind: lang.Capital(p.Words(d.Kind.Words())), When: p.Moment(d.At, r.Zone()), By: named[d.By],
		Late: d.Late, Progress: progress}, nil
}

// lookPage is what GET /meetings/{name}/convening/{kind} shows.
type lookPage struct {
	Meeting   meeting.Meeting
	Zone      *time.Location
	Form      *web.Form
	Kind      convening.Kind
	May       bool // the reader may send, and nothing forbids it
	Figures   []web.Figure
	Nowhere   []personLine
	Unreached int64
	Shared    int64
	Notice    convening.Notice
	Warnings  []warningLine
	Forbidden []string
	Second    string
	Languages []web.Chip
	Letter    string
	Tag       lang.Tag
	PDF       string
	NoMail    bool
	Annexes   int      // sides of the papers that may follow each letter; 0: none
	Cannot    []string // why they may not
}

type warningLine struct {
	Text, Todo, Article string
	Grave               bool
}

func kindIn(q *web.Request) (convening.Kind, error) {
	k := convening.Kind(q.Path("kind"))
	if !slices.Contains(convening.Kinds, k) {
		return k, web.NotFound
	}
	return k, nil
}

// readLook reads the last look.
func (p Pages) readLook(q *web.Request, form *web.Form) (page lookPage, err error) {
	kind, err := kindIn(q)
	if err != nil {
		return page, err
	}
	page = lookPage{Form: form, Kind: kind, Tag: tagOf(q), NoMail: p.NoMail}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err != nil {
			return err
		}
		annexed := form.Raw("annexed") == "with"
		look, err := convening.LookAt(v, m.ID, convening.Options{Kind: kind, Annexed: annexed, Links: p.Links})
		if err != nil {
			return err
		}
		page.Meeting, page.Zone, page.Notice = m, v.Zone(), look.Notice
		page.Notice.Article = q.P.Cite(look.Notice.Article)
		for _, r := range look.Refusals {
			page.Forbidden = append(page.Forbidden, q.P.Refusal(r))
		}
		page.May = q.Who.May(keepers) && len(look.Refusals) == 0
		if page.May {
			if err := page.annexes(v, q.P, m); err != nil {
				return err
			}
		}
		if look.Second != nil {
			page.Second = q.T(look.Second.OwnWord("convening.page.second"), "when", view.When(q.P, *look.Second, v.Zone()))
		}
		if kind == convening.Convening && m.ConvenedAt == 0 {
			if err := page.warn(v, q.P, m); err != nil {
				return err
			}
		}
		if page.Letter, err = drawn(look.Texts[page.Tag], look.Names); err != nil {
			return err
		}
		page.Languages, page.PDF = languages(q, page.Tag), kindPath(m, kind)+"/letter.pdf?in="+string(page.Tag)
		return page.count(v, q.P, look)
	})
	return page, err
}

// annexes says whether the papers may be printed behind each letter, and what keeps them from it.
func (page *lookPage) annexes(r store.Reader, p *lang.Printer, m meeting.Meeting) error {
	read, err := convening.ReadAnnexes(r, m, page.Kind)
	refused := fault.Of(err)
	if err != nil && len(refused) == 0 {
		return err
	}
	for _, one := range refused {
		page.Cannot = append(page.Cannot, p.Refusal(one))
	}
	page.Annexes = read.Pages()
	if page.Form.Raw("annexed") == "" {
		page.Form.Set("annexed", "say")
	}
	return nil
}

// warn lists what meeting finds doubtful.
func (page *lookPage) warn(r store.Reader, p *lang.Printer, m meeting.Meeting) error {
	list, err := meeting.Warnings(r, m)
	for _, w := range list {
		if w.Mend == meeting.MendConvene {
			continue // said by the notice
		}
		page.Warnings = append(page.Warnings, warningLine{p.Words(w.Say), p.Words(w.Todo()), p.Cite(w.Article), w.Grave})
	}
	slices.SortStableFunc(page.Warnings, func(a, b warningLine) int {
		if a.Grave == b.Grave {
			return 0
		} else if a.Grave {
			return -1
		}
		return 1
	})
	return err
}

// count says how many letters go where, and names those whom nothing reaches.
func (page *lookPage) count(r store.Reader, p *lang.Printer, look convening.Look) error {
	reach, err := convening.ReachOf(r, look.Invited)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		code string
		n    int64
	}{{"invited", int64(len(look.Invited))}, {"email", reach.ByEmail}, {"post", reach.ByPost},
		{"nowhere", reach.Unreached}} {
		page.Figures = append(page.Figures, web.Figure{Value: p.Count(f.n), Label: p.T("convening.page.figure."+f.code,
			"n", f.n)})
	}
	page.Unreached, page.Shared = reach.Unreached, reach.Shared
	var ids []people.PersonID
	for _, e := range reach.Nowhere {
		ids = append(ids, e.Person)
	}
	named, err := namesOf(r, p, ids)
	for _, e := range reach.Nowhere {
		page.Nowhere = append(page.Nowhere, personLine{Number: p.Count(e.Holder), Name: named[e.Person],
			Href: peopleview.Path(e.Person)})
	}
	if page.Form.Raw("seen") == "" {
		page.Form.Set("seen", look.Seal)
	}
	return err
}

func (p Pages) look(q *web.Request) error {
	page, err := p.readLook(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(lookView(page))
}

func (p Pages) send(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	kind, err := kindIn(q)
	if err != nil {
		return err
	}
	order := convening.Order{Kind: kind, Why: form.Lines("why", convening.MaxWhy), Annexed: form.Raw("annexed") == "with",
		Links: p.Links}
	seen := form.Raw("seen")
	var m meeting.Meeting
	if order.Annexed {
		err := p.DB.View(q.Context(), func(v *store.View) error {
			if m, err = meetingIn(v, q); err == nil {
				order.Annexes, err = convening.ReadAnnexes(v, m, kind)
			}
			return err
		})
		if err != nil && !form.Refused(err) {
			return err
		}
	}
	done, err := p.act(q, form, "send", func(tx *store.Tx) error {
		var err error
		if m, err = meetingIn(tx, q); err != nil {
			return err
		}
		order.Meeting = m.ID
		if order.Seen, err = annexing(tx, order, seen); err != nil {
			return err
		}
		_, err = convening.Send(tx, order)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		form.Set("seen", "") // what is shown again is a fresh look
		page, err := p.readLook(q, form)
		if err != nil {
			return err
		}
		return q.Again(lookView(page))
	}
	q.Flash(web.Yes, q.T("convening.page.sent"))
	return q.SeeOther(view.Path(q.Path("name")) + "/convening")
}

// annexing gives the seal of an order whose box was ticked after the look: the look itself was made without it.
func annexing(tx *store.Tx, o convening.Order, seen string) (string, error) {
	if !o.Annexed {
		return seen, nil
	}
	plain, err := convening.LookAt(tx, o.Meeting, convening.Options{Kind: o.Kind, Links: o.Links})
	if err != nil || plain.Seal != seen {
		return seen, err
	}
	ticked, err := convening.LookAt(tx, o.Meeting, convening.Options{Kind: o.Kind, Annexed: true, Links: o.Links})
	return ticked.Seal, err
}

// previewPDF is the letter as it will be printed, for nobody.
func (p Pages) previewPDF(q *web.Request) error {
	kind, err := kindIn(q)
	if err != nil {
		return err
	}
	var look convening.Look
	if err := p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err == nil {
			look, err = convening.LookAt(v, m.ID, convening.Options{Kind: kind, Links: p.Links})
		}
		return err
	}); err != nil {
		return err
	}
	meta := papers.Meta{Made: p.DB.Now(), Draft: true}
	return q.Inline(q.Path("name")+"-"+string(kind)+".pdf", "application/pdf", func(w io.Writer) error {
		return papers.PDF(w, look.Texts[tagOf(q)], look.Names, meta)
	})
}
