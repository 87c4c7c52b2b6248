package pages

import (
	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/convening"
	"lieux/meeting"
)

// progressPart is how far the letters of a dispatch are: the part of a page that moves while they leave.
type progressPart struct {
	ID      string // of the part in the page
	Page    string // where it stands
	Letters string // the list of the letters
	Stream  string // empty: nothing moves, or nothing can be followed
	Work    *web.Work
	Figures []web.Figure
	Failed  int64
	Back    int64
	Nowhere int64
	Ended   bool // it ended while somebody looked: what stands beside it is older
}

// progressOf draws it from the letters as they are now.
func progressOf(r store.Reader, p *lang.Printer, m meeting.Meeting, d convening.Dispatch) (progressPart, error) {
	g, err := convening.ProgressOf(r, d)
	part := progressPart{ID: "progress-" + string(d.ID), Letters: lettersPath(m, d.ID), Work: working(p, g),
		Failed: g.Failed, Back: g.Back, Nowhere: g.Nowhere}
	put := func(code string, n int64) {
		if n > 0 {
			part.Figures = append(part.Figures, web.Figure{Value: p.Count(n),
				Label: p.T("convening.page.figure."+code, "n", n)})
		}
	}
	put("invited", d.Heads)
	put("sent", g.Sent)
	put("waiting", g.ToSend-g.Gone)
	put("failed", g.Failed)
	put("post", g.ByPost)
	put("hand", g.ByHand)
	put("back", g.Back)
	put("nowhere", g.Nowhere)
	return part, err
}

// in says on which page the part stands; while letters leave it follows them.
func (part progressPart) in(page string, p Pages) progressPart {
	part.Page = page
	if part.Work != nil && p.Feed != nil {
		part.Stream = part.Letters + "/stream"
	}
	return part
}

// working is the bar while letters are made and sent; nil when all is done.
func working(p *lang.Printer, g convening.Progress) *web.Work {
	switch {
	case g.Made < g.Invited:
		return &web.Work{Text: p.T("convening.page.making", "done", g.Made, "of", g.Invited), Done: g.Made, Of: g.Invited,
			Note: p.T("convening.page.may-leave")}
	case g.Gone < g.ToSend:
		return &web.Work{Text: p.T("convening.page.sending", "done", g.Gone, "of", g.ToSend), Done: g.Gone, Of: g.ToSend,
			Note: p.T("convening.page.may-leave")}
	}
	return nil
}

// scene is the part as it moves. The page in which it stands does not count: the link that draws it anew is only for
// those who have no stream.
func (p Pages) scene(q *web.Request) (web.Scene, error) {
	var m meeting.Meeting
	var d convening.Dispatch
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		m, d, err = dispatchIn(v, q)
		return err
	})
	return web.Scene{Key: "letters/" + string(d.ID), About: []store.Ref{d.ID.Ref()},
		Draw: func(r store.Reader, pr *lang.Printer) (templ.Component, error) {
			part, err := progressOf(r, pr, m, d)
			part.Ended = part.Work == nil
			return progressView(part.in(part.Letters, p)), err
		}}, err
}
