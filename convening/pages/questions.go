package pages

import (
	"slices"
	"strings"
	"time"

	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/convening"
	"lieux/meeting"
	"lieux/people"
)

// maxFound is how many invited persons a text may mean before one is asked to write more.
const maxFound = 20

// questionsPage is what GET /meetings/{name}/questions shows.
type questionsPage struct {
	Meeting meeting.Meeting
	Zone    *time.Location
	Form    *web.Form
	Open    []questionLine // without answer
	Groups  []answerGroup
	Waiting int // answers that are not published
	May     bool
	MayAsk  bool // questions may still come in
}

type questionLine struct {
	ID              convening.QuestionID
	Who, Note       string
	Paragraphs      []string
	AnswerRefused   bool
	AnswerParagraph []string
}

// answerGroup is an answer with all its questions.
type answerGroup struct {
	Refused, Published bool
	When               string
	Paragraphs         []string
	Questions          []questionLine
}

func paragraphs(text string) (list []string) {
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r", ""), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// readQuestions reads the questions of a meeting; names say who asked.
func (p Pages) readQuestions(q *web.Request, form *web.Form) (page questionsPage, err error) {
	page = questionsPage{Form: form, May: q.Who.May(keepers)}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err != nil {
			return err
		}
		page.Meeting, page.Zone = m, v.Zone()
		page.MayAsk = m.ConvenedAt != 0 && m.OpenedAt == 0 && m.CancelledAt == 0
		all, err := convening.Questions(v, m.ID)
		if err != nil {
			return err
		}
		var ids []people.PersonID
		for _, x := range all {
			ids = append(ids, x.Person, x.Asker)
		}
		named, err := namesOf(v, q.P, ids)
		if err != nil {
			return err
		}
		page.Open, page.Groups = grouped(q.P, v.Zone(), all, func(x convening.Question) (string, string) {
			who := named[x.Person]
			if x.Asker != x.Person {
				who = q.T("convening.page.by-agent", "body", who, "name", named[x.Asker])
			}
			return who, q.T("convening.page.received", "day", x.Received, "way", q.P.Words(x.WayWords()))
		})
		for _, g := range page.Groups {
			if !g.Published {
				page.Waiting++
			}
		}
		return nil
	})
	return page, err
}

// grouped parts the questions that wait from those that have an answer, which stand together under it.
func grouped(p *lang.Printer, zone *time.Location, all []convening.Question,
	say func(convening.Question) (who, note string)) (open []questionLine, groups []answerGroup) {
	at := map[convening.AnswerID]int{}
	for _, x := range all {
		line := questionLine{ID: x.ID, Paragraphs: paragraphs(x.Words)}
		line.Who, line.Note = say(x)
		if x.Answer == nil {
			open = append(open, line)
			continue
		}
		i, known := at[x.Answer.ID]
		if !known {
			i = len(groups)
			at[x.Answer.ID] = i
			groups = append(groups, answerGroup{Refused: x.Answer.Refused, Published: x.Answer.PublishedAt != 0,
				When: p.Moment(x.Answer.At, zone), Paragraphs: paragraphs(x.Answer.Words)})
		}
		groups[i].Questions = append(groups[i].Questions, line)
	}
	return open, groups
}

func (p Pages) questions(q *web.Request) error {
	page, err := p.readQuestions(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(questionsView(page))
}

func (p Pages) reply(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readQuestions(q, form)
	if err != nil {
		return err
	}
	var known []string
	for _, x := range page.Open {
		known = append(known, string(x.ID))
	}
	var to []convening.QuestionID
	for _, id := range form.Choices("questions", known...) {
		to = append(to, convening.QuestionID(id))
	}
	a := convening.Answer{Meeting: page.Meeting.ID, Words: form.Lines("words", convening.MaxAnswer),
		Refused: form.Choice("answer", "given", "refused") == "refused"}
	done, err := p.act(q, form, "reply", func(tx *store.Tx) error { _, err := convening.Reply(tx, a, to); return err })
	if err != nil {
		return err
	}
	if !done {
		return q.Again(questionsView(page))
	}
	q.Flash(web.Yes, q.T("convening.page.replied"))
	return q.SeeOther(questionsPath(page.Meeting))
}

func (p Pages) publish(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var m meeting.Meeting
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "convening.publish").Once(form.Key()), func(tx *store.Tx) error {
		var err error
		if m, err = meetingIn(tx, q); err == nil {
			_, err = convening.Publish(tx, m.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	q.Flash(web.Yes, q.T("convening.page.published"))
	return q.SeeOther("/meetings/" + q.Path("name") + "/questions")
}

// recordPage is the form for a question on paper.
type recordPage struct {
	Meeting meeting.Meeting
	Zone    *time.Location
	Form    *web.Form
	Found   []web.Option // those whom the text means, when it means several
	Today   string
}

func (p Pages) newQuestion(q *web.Request) error {
	page := recordPage{Form: q.Blank()}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Meeting, err = meetingIn(v, q)
		page.Zone, page.Today = v.Zone(), v.Today().String()
		return err
	})
	if err != nil {
		return err
	}
	page.Form.Set("received", page.Today)
	return q.Page(recordView(page))
}

// record notes a question on paper: by the number or the name of who is invited.
func (p Pages) record(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := recordPage{Form: form}
	question := convening.Question{Channel: convening.Paper, Received: form.NeedDate("received"),
		Words: form.Lines("words", convening.MaxQuestion)}
	text := form.Need("who", 200)
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.Meeting, err = meetingIn(v, q); err != nil {
			return err
		}
		page.Zone, page.Today = v.Zone(), v.Today().String()
		page.Found, err = found(v, q.P, page.Meeting, text)
		return err
	})
	if err != nil {
		return err
	}
	chosen := form.Raw("person")
	switch {
	case slices.ContainsFunc(page.Found, func(o web.Option) bool { return o.Value == chosen }):
		question.Person = people.PersonID(chosen)
	case len(page.Found) == 1:
		question.Person = people.PersonID(page.Found[0].Value)
	case text != "" && len(page.Found) == 0:
		form.Problem(fault.Refuse("convening.refusal.not-invited").At("who"))
	case text != "":
		form.Problem(fault.Refuse("convening.refusal.several").At("person"))
	}
	question.Meeting = page.Meeting.ID
	done, err := p.act(q, form, "ask", func(tx *store.Tx) error { _, err := convening.Ask(tx, question); return err })
	if err != nil {
		return err
	}
	if !done {
		return q.Again(recordView(page))
	}
	q.Flash(web.Yes, q.T("convening.page.recorded"))
	return q.SeeOther(questionsPath(page.Meeting))
}

// found are the invited persons whom a text means: one by the number, or those whose name has all its words.
func found(r store.Reader, p *lang.Printer, m meeting.Meeting, text string) (options []web.Option, err error) {
	words := strings.Fields(fold.Text(text))
	if len(words) == 0 {
		return nil, nil
	}
	list, err := convening.InvitedOf(r, m.ID)
	if err != nil {
		return nil, err
	}
	var ids []people.PersonID
	for _, e := range list {
		ids = append(ids, e.Person)
	}
	named, err := namesOf(r, p, ids)
	for _, e := range list {
		number := p.T("convening.page.number", "number", e.Holder)
		option := web.Option{Value: string(e.Person), Label: named[e.Person] + ", " + number}
		if p.Count(e.Holder) == text {
			return []web.Option{option}, err
		}
		name := " " + fold.Text(named[e.Person])
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, " "+w) }) &&
			len(options) < maxFound {
			options = append(options, option)
		}
	}
	return options, err
}
