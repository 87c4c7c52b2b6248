package pages

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/ballot"
	"lieux/ballot/view"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
)

// keepers enter answers that came on paper.
const keepers = web.Office | web.Admin

// bodyOfPaper is the greatest body of a form that carries a paper.
const bodyOfPaper = documents.MaxSize + 1<<20

// writtenRoutes are those of decisions in writing. Who sits in a body proposes and answers; the office too.
func (p Pages) writtenRoutes() []web.Route {
	const one = view.DecisionsPath + "/{id}"
	return []web.Route{
		{Pattern: "GET " + view.DecisionsPath, Allow: web.Member, Handle: p.decisions},
		{Pattern: "GET " + view.DecisionsPath + "/new", Allow: web.Member, Handle: p.newDecision},
		{Pattern: "POST " + view.DecisionsPath, Allow: web.Member, Handle: p.propose, Body: bodyOfPaper},
		{Pattern: "GET " + one, Allow: web.Member, Handle: p.decision},
		{Pattern: "GET " + one + "/papers/{place}", Allow: web.Member, Handle: p.decisionPaper},
		{Pattern: "POST " + one + "/answers", Allow: web.Member, Handle: p.answer, From: one},
		{Pattern: "POST " + one + "/papers", Allow: keepers, Handle: p.answerOnPaper, From: one, Body: bodyOfPaper},
		{Pattern: "POST " + one + "/withdrawal", Allow: web.Member, Handle: p.takeBack, From: one},
		{Pattern: "POST " + one + "/agenda", Allow: keepers | web.Board, Handle: p.bring, From: one},
	}
}

// writtenLine is one proposal in the list.
type writtenLine struct {
	Href, Number, Title, Body, Day, State string
	Kind                                  web.Kind
	Mine                                  bool // waits for the reader's answer
}

// decisionsPage is the list of decisions in writing.
type decisionsPage struct {
	Lines []writtenLine
	Pager web.Pager
	May   bool // the reader may propose one
}

// organs are the bodies that decide in writing and in which somebody sits, or all of them for the office.
func organs(r store.Reader, who web.Who) (list []people.Body, err error) {
	bodies, err := people.Bodies(r)
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		if b.Kind == people.Assembly || !b.Until.IsZero() && b.Until.Before(r.Today()) {
			continue
		}
		asked, err := ballot.Asked(r, b.ID, r.Today())
		if err != nil {
			return nil, err
		}
		if len(asked) > 0 && (who.May(keepers) || slices.Contains(asked, people.PersonID(who.Person))) {
			list = append(list, b)
		}
	}
	return list, nil
}

// mayKnow says whether somebody may read a proposal: the staff, and those who sit in the body or have answered.
func mayKnow(r store.Reader, who web.Who, w ballot.Written) (bool, error) {
	if who.May(web.Staff) {
		return true, nil
	}
	if _, answered := w.Last(people.PersonID(who.Person)); answered {
		return true, nil
	}
	asked, err := ballot.Asked(r, w.Body, r.Today())
	return slices.Contains(asked, people.PersonID(who.Person)), err
}

func (p Pages) decisions(q *web.Request) error {
	var page decisionsPage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		own, err := organs(v, q.Who)
		if err != nil {
			return err
		}
		page.May = len(own) > 0
		all, err := ballot.AllWritten(v)
		if err != nil {
			return err
		}
		awaited, err := ballot.Awaiting(v, people.PersonID(q.Who.Person))
		if err != nil {
			return err
		}
		for _, w := range all {
			may, err := mayKnow(v, q.Who, w)
			if err != nil {
				return err
			}
			if !may {
				continue
			}
			body, err := people.GetBody(v, w.Body)
			if err != nil {
				return err
			}
			l := writtenLine{Href: view.DecisionPath(w.ID), Number: w.Number, Title: w.Title, Body: body.Words(q.P),
				Day:  q.P.ShortDate(w.ProposedAt.On(v.Zone())),
				Mine: slices.ContainsFunc(awaited, func(a ballot.Written) bool { return a.ID == w.ID })}
			l.Kind, l.State = writtenState(q.P, w, v)
			page.Lines = append(page.Lines, l)
		}
		page.Pager = q.Pager(int64(len(page.Lines)), rowsPerPage)
		page.Lines = page.Lines[page.Pager.Offset():min(page.Pager.Offset()+rowsPerPage, int64(len(page.Lines)))]
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(decisionsView(page))
}

// writtenState is where a proposal stands, in a word.
func writtenState(p *lang.Printer, w ballot.Written, r store.Reader) (web.Kind, string) {
	switch end := w.State(r.Today()); end {
	case ballot.Adopted:
		return web.Yes, p.T("ballot.written.state.adopted")
	case ballot.StillOpen:
		return web.Wait, p.T("ballot.written.state.open", "on", w.LapseOn)
	case ballot.Refused:
		return web.No, p.T("ballot.written.state.refused")
	default:
		return web.Off, p.T("ballot.written.state." + string(end))
	}
}

// proposalPage is the form of a new proposal.
type proposalPage struct {
	Form   *web.Form
	Bodies []web.Option
}

func (p Pages) newDecision(q *web.Request) error {
	form := q.Blank()
	page, err := p.readProposal(q, form)
	switch {
	case err != nil:
		return err
	case len(page.Bodies) == 0:
		return web.Status(http.StatusForbidden)
	}
	form.Set("lapse", p.DB.Today().AddDays(usualDays).String()).Set("body", page.Bodies[0].Value).Set("deed", "no")
	return q.Page(proposalView(page))
}

// usualDays is how long a proposal waits when nothing else is typed.
const usualDays = 14

func (p Pages) readProposal(q *web.Request, form *web.Form) (page proposalPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) error {
		list, err := organs(v, q.Who)
		for _, b := range list {
			page.Bodies = append(page.Bodies, web.Option{Value: string(b.ID), Label: b.Words(q.P)})
		}
		return err
	})
	return page, err
}

func (p Pages) propose(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readProposal(q, form)
	if err != nil {
		return err
	}
	ids := make([]string, len(page.Bodies))
	for i, b := range page.Bodies {
		ids[i] = b.Value
	}
	if len(ids) == 0 {
		return web.Status(http.StatusForbidden)
	}
	d := ballot.Proposal{Body: people.BodyID(form.Choice("body", ids...)), Title: form.Text("title",
		ballot.MaxWrittenTitle), Words: form.Lines("words", ballot.MaxWrittenWords), LapseOn: form.NeedDate("lapse"),
		Deed: form.Raw("deed") != "no"}
	upload, err := scanIn(form, "file")
	if err != nil {
		return err
	}
	var id ballot.WrittenID
	done, err := p.act(q, form, "propose", func(tx *store.Tx) error {
		d.Papers = nil
		if upload != nil {
			doc, err := documents.Add(tx, upload)
			if err != nil {
				return err
			}
			d.Papers = []ballot.WrittenPaper{{Title: upload.Name, Document: doc.ID}}
		}
		id, err = ballot.Propose(tx, d)
		return err
	})
	switch {
	case err != nil:
		return err
	case done && id == "": // the form was sent before
		return q.SeeOther(view.DecisionsPath)
	case done:
		return q.SeeOther(view.DecisionPath(id))
	}
	return q.Again(proposalView(page))
}

// scanIn takes the file of a form, if there is one.
func scanIn(form *web.Form, name string) (*documents.Upload, error) {
	file := form.File(name, documents.MaxSize)
	if file == nil || !form.OK() {
		return nil, nil
	}
	u, err := documents.Take(file.Name, file.Content)
	if err != nil && form.Refused(err) {
		err = nil
	}
	return u, err
}

// decisionPage is one proposal with its answers.
type decisionPage struct {
	Form     *web.Form
	Written  ballot.Written
	Body     string
	Kind     web.Kind
	State    string
	Facts    []web.Fact
	Papers   []web.Link
	Answers  []answerLine
	Mine     bool // the reader's answer is asked
	Chosen   string
	Office   bool
	Back     bool // the reader may take it back
	Asked    []web.Option
	Meetings []web.Option // to which it may be brought
	Brought  *web.Link
	Scan     *documents.Upload // of a paper that was sent
	History  templ.Component
}

// answerLine is one member with the answer that counts.
type answerLine struct {
	Name, State, When, Words string
	Kind                     web.Kind
}

func (p Pages) decision(q *web.Request) error {
	page, err := p.readDecision(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(decisionView(page))
}

func (p Pages) readDecision(q *web.Request, form *web.Form) (page decisionPage, err error) {
	page.Form, page.Office = form, q.Who.May(keepers)
	err = p.DB.View(q.Context(), func(v *store.View) error {
		w, err := writtenIn(v, q)
		if err != nil {
			return err
		}
		page.Written = w
		body, err := people.GetBody(v, w.Body)
		if err != nil {
			return err
		}
		page.Body = body.Words(q.P)
		page.Kind, page.State = writtenState(q.P, w, v)
		if err := page.answers(v, q); err != nil {
			return err
		}
		for i, paper := range w.Papers {
			page.Papers = append(page.Papers, web.Link{Text: paper.Title,
				Href: view.DecisionPath(w.ID) + "/papers/" + strconv.Itoa(i+1)})
		}
		if err := page.meetings(v); err != nil {
			return err
		}
		page.History, err = p.history(q.Context(), v, w.ID.Ref())
		return err
	})
	return page, err
}

// writtenIn finds the proposal of the address, if the reader may know of it.
func writtenIn(r store.Reader, q *web.Request) (ballot.Written, error) {
	w, found, err := ballot.WrittenByID(r, ballot.WrittenID(q.Path("id")))
	if err != nil {
		return w, err
	}
	may := false
	if found {
		may, err = mayKnow(r, q.Who, w)
	}
	if err == nil && !may {
		err = web.NotFound
	}
	return w, err
}

// answers reads who is asked and what each answered.
func (page *decisionPage) answers(r store.Reader, q *web.Request) error {
	w := page.Written
	open := w.State(r.Today()) == ballot.StillOpen
	day := r.Today()
	if !open {
		day = w.LapseOn
		if w.EndedAt != 0 {
			day = w.EndedAt.On(r.Zone())
		}
	}
	asked, err := ballot.Asked(r, w.Body, day)
	if err != nil {
		return err
	}
	say, err := namesOf(r, q.P, append(slices.Clone(asked), w.ProposedBy))
	if err != nil {
		return err
	}
	page.Facts = []web.Fact{{Name: q.T("ballot.written.body"), Text: page.Body},
		{Name: q.T("ballot.written.proposed"), Text: q.T("ballot.written.by", "on", w.ProposedAt.On(r.Zone()), "name",
			say.of(w.ProposedBy))}, {Name: q.T("ballot.written.lapses"), Text: q.P.LongDate(w.LapseOn)}}
	if w.Decision != "" {
		d, err := people.GetDecision(r, w.Decision)
		if err != nil {
			return err
		}
		page.Facts = append(page.Facts, web.Fact{Name: q.T("ballot.written.decision"),
			Text: q.T("ballot.written.decided", "reference", d.Reference, "on", d.On)})
	}
	me := people.PersonID(q.Who.Person)
	for _, id := range asked {
		l := answerLine{Name: say.of(id), Kind: web.Off, State: q.T("ballot.written.waits")}
		a, answered := w.Last(id)
		if answered {
			l.Kind, l.State = map[ballot.Answer]web.Kind{ballot.Agrees: web.Yes, ballot.Objects: web.No,
				ballot.Abstains: web.Wait}[a.Answer], q.T("ballot.written.answer."+string(a.Answer))
			l.When, l.Words = q.P.Moment(a.At, r.Zone()), a.Words
			if a.Paper {
				l.When = q.T("ballot.written.on-paper", "at", l.When)
			}
		}
		if open && id == me {
			page.Mine, page.Chosen = true, string(a.Answer)
		}
		page.Answers = append(page.Answers, l)
		page.Asked = append(page.Asked, web.Option{Value: string(id), Label: l.Name})
	}
	page.Back = open && (page.Office || w.ProposedBy == me)
	page.Office = page.Office && open
	return nil
}

// meetings reads to which meetings of the body a proposal that was not decided may be brought.
func (page *decisionPage) meetings(r store.Reader) error {
	w := page.Written
	if w.Meeting != "" {
		m, found, err := meeting.ByID(r, w.Meeting)
		if found {
			page.Brought = &web.Link{Text: m.Title, Href: section + "/" + m.Name}
		}
		return err
	}
	if end := w.State(r.Today()); end != ballot.Refused && end != ballot.Lapsed {
		return nil
	}
	coming, err := meeting.Coming(r)
	for _, m := range coming {
		if m.Body == w.Body {
			page.Meetings = append(page.Meetings, web.Option{Value: string(m.ID), Label: m.Title})
		}
	}
	return err
}

// deciding does one act on a proposal, and shows its page again.
func (p Pages) deciding(q *web.Request, verb string, fn func(*store.Tx, decisionPage, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readDecision(q, form)
	if err != nil {
		return err
	}
	if page.Scan, err = scanIn(form, "scan"); err != nil {
		return err
	}
	done, err := p.act(q, form, verb, func(tx *store.Tx) error { return fn(tx, page, form) })
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(view.DecisionPath(page.Written.ID))
	}
	return q.Again(decisionView(page))
}

func (p Pages) answer(q *web.Request) error {
	return p.deciding(q, "answer-written", func(tx *store.Tx, page decisionPage, form *web.Form) error {
		return ballot.AnswerWritten(tx, ballot.Answering{Written: page.Written.ID, Person: people.PersonID(q.Who.Person),
			Answer: ballot.Answer(form.Raw("answer")), Words: form.Lines("words", ballot.MaxWords/2)})
	})
}

// answerOnPaper enters an answer that a member signed on paper, with its scan.
func (p Pages) answerOnPaper(q *web.Request) error {
	return p.deciding(q, "answer-written", func(tx *store.Tx, page decisionPage, form *web.Form) error {
		a := ballot.Answering{Written: page.Written.ID, Person: people.PersonID(form.Raw("member")), Paper: true,
			Answer: ballot.Answer(form.Raw("paper-answer"))}
		if page.Scan != nil {
			doc, err := documents.Add(tx, page.Scan)
			if err != nil {
				return err
			}
			a.Document = doc.ID
		}
		return ballot.AnswerWritten(tx, a)
	})
}

func (p Pages) takeBack(q *web.Request) error {
	return p.deciding(q, "take-back", func(tx *store.Tx, page decisionPage, form *web.Form) error {
		if !page.Back {
			return web.Status(http.StatusForbidden)
		}
		return ballot.TakeBack(tx, page.Written.ID, strings.TrimSpace(form.Raw("why")))
	})
}

func (p Pages) bring(q *web.Request) error {
	return p.deciding(q, "bring-to", func(tx *store.Tx, page decisionPage, form *web.Form) error {
		return ballot.BringTo(tx, page.Written.ID, meeting.ID(form.Raw("meeting")))
	})
}

// decisionPaper gives a paper of a proposal.
func (p Pages) decisionPaper(q *web.Request) error {
	return p.DB.View(q.Context(), func(v *store.View) error {
		w, err := writtenIn(v, q)
		if err != nil {
			return err
		}
		place, err := strconv.Atoi(q.Path("place"))
		if err != nil || place < 1 || place > len(w.Papers) {
			return web.NotFound
		}
		doc, found, err := documents.Find(v, w.Papers[place-1].Document)
		if err != nil {
			return err
		}
		if !found {
			return web.NotFound
		}
		return q.Inline(doc.Name, doc.Media, func(out io.Writer) error {
			_, err := io.Copy(out, documents.Open(q.Context(), p.DB, doc))
			return err
		})
	})
}
