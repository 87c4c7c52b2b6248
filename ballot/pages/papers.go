package pages

import (
	"io"
	"strconv"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
)

// someBlanks is how many blank ballots a print has when nothing else is asked for: those who come late.
const someBlanks = 10

// papers gives the ballots of a matter as PDF, in the language of the meeting, to the bureau and to who prepares it.
func (p Pages) papers(q *web.Request) error {
	return p.DB.View(q.Context(), func(v *store.View) error {
		s, err := sceneIn(v, q)
		if err != nil {
			return err
		}
		if !s.Charges.Any() && !q.Who.May(web.Staff) {
			return charged(q, s.Meeting)
		}
		x, item, found := s.Meeting.Matter(meeting.MatterID(q.Query("matter")))
		if !found || !x.Kind.Voted() && x.Kind != assembly.Election {
			return web.NotFound
		}
		blanks := int(q.QueryInt("blank", someBlanks, 0, ballot.MaxBlanks))
		paper, names, err := ballot.Papers(v, p.Book.In(s.Meeting.Language), s.Meeting, x, blanks)
		if err != nil {
			return err
		}
		name := s.Meeting.Name + "-" + item.Number + ".pdf"
		return q.Inline(name, "application/pdf", func(w io.Writer) error {
			return papers.PDF(w, paper, names, papers.Meta{Made: p.DB.Now()})
		})
	})
}

// annex gives who voted what as PDF, in the language of the meeting, to those who may see the names.
func (p Pages) annex(q *web.Request) error {
	return p.DB.View(q.Context(), func(v *store.View) error {
		s, poll, _, err := pollIn(v, q)
		if err != nil {
			return err
		}
		if !s.seesNames(q.Who) {
			return charged(q, s.Meeting)
		}
		paper, names, has, err := ballot.Annex(v, p.Book.In(s.Meeting.Language), s.Meeting, poll)
		if err != nil {
			return err
		}
		if !has {
			return web.NotFound
		}
		name := s.Meeting.Name + "-" + strconv.FormatInt(poll.Number, 10) + ".pdf"
		return q.Inline(name, "application/pdf", func(w io.Writer) error {
			return papers.PDF(w, paper, names, papers.Meta{Made: p.DB.Now()})
		})
	})
}
