package pages

import (
	"slices"
	"time"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/convening"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
)

// myself is the person or body for whom the reader is here.
func myself(q *web.Request) people.PersonID {
	if q.Who.For.ID != "" {
		return people.PersonID(q.Who.For.ID)
	}
	return people.PersonID(q.Who.Person)
}

// minePage is what GET /my/meetings shows.
type minePage struct {
	Coming, Past []ownLine
}

type ownLine struct {
	Title, When, Place, Href string
	State                    meeting.Meeting
}

func (p Pages) mine(q *web.Request) error {
	var page minePage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		list, err := convening.MeetingsOf(v, myself(q))
		for _, m := range list {
			line := ownLine{Title: m.Title, When: view.When(q.P, m, v.Zone()), Place: m.Place, Href: ownPath(m), State: m}
			if m.Over() || m.OpenedAt == 0 && m.Day(v.Zone()).Before(v.Today()) {
				page.Past = append(page.Past, line)
			} else {
				page.Coming = append(page.Coming, line)
			}
		}
		slices.Reverse(page.Coming) // the nearest first
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}

// ownPage is what GET /my/meetings/{name} shows to somebody who is invited.
type ownPage struct {
	Meeting  meeting.Meeting
	Zone     *time.Location
	Form     *web.Form
	Shares   string
	Letters  []ownLetter // the newest first
	Papers   []web.Link
	MayAsk   bool
	MayProxy bool
	MayVote  bool           // the sitting is open
	MayRead  bool           // it is over: the minutes are being written, or are there
	Open     []questionLine // one's own without answer
	Groups   []answerGroup  // published, of everybody
}

type ownLetter struct {
	Title, When, HTML string
	Lang              lang.Tag
	First             bool
}

func (p Pages) own(q *web.Request) error {
	page, err := p.readOwn(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(ownView(page))
}

// invitedTo finds the meeting of the address if the reader was invited; who was not does not learn that it exists.
func invitedTo(r store.Reader, q *web.Request) (meeting.Meeting, convening.Invited, error) {
	m, err := meetingIn(r, q)
	if err != nil {
		return m, convening.Invited{}, err
	}
	e, invited, err := convening.IsInvited(r, m.ID, myself(q))
	if err == nil && !invited {
		err = web.NotFound
	}
	return m, e, err
}

func (p Pages) readOwn(q *web.Request, form *web.Form) (page ownPage, err error) {
	page = ownPage{Form: form}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		m, e, err := invitedTo(v, q)
		if err != nil {
			return err
		}
		page.Meeting, page.Zone = m, v.Zone()
		if e.Shares > 0 {
			page.Shares = q.T("convening.page.own.shares", "n", e.Shares)
		}
		page.MayAsk = m.OpenedAt == 0 && m.CancelledAt == 0
		page.MayProxy = m.Kind == people.Assembly && !m.Over()
		page.MayVote, page.MayRead = m.State() == meeting.Opened, m.State() == meeting.Closed
		for _, x := range m.Matters() {
			for _, paper := range x.Papers {
				page.Papers = append(page.Papers, web.Link{Text: paper.Title,
					Href: view.Path(m.Name) + "/papers/" + string(paper.ID)})
			}
		}
		if err := page.letters(v, q); err != nil {
			return err
		}
		return page.questions(v, q)
	})
	return page, err
}

// letters are the texts that were sent about the meeting, in the reader's language.
func (page *ownPage) letters(r store.Reader, q *web.Request) error {
	sent, err := convening.Told(r, page.Meeting.ID)
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(sent) {
		if d.Kind == convening.Joined {
			continue // the same text as the first
		}
		text, names, err := convening.TextOf(r, d.ID, q.P.Tag)
		if err != nil {
			return err
		}
		html, err := drawn(text, names)
		if err != nil {
			return err
		}
		page.Letters = append(page.Letters, ownLetter{Title: text.Title, When: q.P.Moment(d.At, page.Zone), HTML: html,
			Lang: q.P.Tag, First: len(page.Letters) == 0})
	}
	return nil
}

// questions are one's own, and all that were published, without the names of those who asked.
func (page *ownPage) questions(r store.Reader, q *web.Request) error {
	all, err := convening.Questions(r, page.Meeting.ID)
	if err != nil {
		return err
	}
	mine := func(x convening.Question) bool {
		return x.Person == myself(q) || x.Asker == people.PersonID(q.Who.Person)
	}
	var shown []convening.Question
	for _, x := range all {
		switch {
		case x.Answer != nil && x.Answer.PublishedAt != 0:
			shown = append(shown, x)
		case mine(x):
			x.Answer = nil
			shown = append(shown, x)
		}
	}
	page.Open, page.Groups = grouped(q.P, page.Zone, shown, func(x convening.Question) (string, string) {
		if mine(x) {
			return q.T("convening.page.own.mine"), q.P.Date(x.Received)
		}
		return "", ""
	})
	return nil
}

func (p Pages) ask(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readOwn(q, form)
	if err != nil {
		return err
	}
	question := convening.Question{Meeting: page.Meeting.ID, Person: myself(q), Asker: people.PersonID(q.Who.Person),
		Channel: convening.Online, Words: form.Lines("words", convening.MaxQuestion)}
	done, err := p.act(q, form, "ask", func(tx *store.Tx) error { _, err := convening.Ask(tx, question); return err })
	if err != nil {
		return err
	}
	if !done {
		return q.Again(ownView(page))
	}
	q.Flash(web.Yes, q.T("convening.page.own.asked"))
	return q.SeeOther(ownPath(page.Meeting) + "#questions")
}
