package pages

import (
	"slices"
	"strings"
	"time"

	"lieux/ballot"
	"lieux/ballot/view"
	"lieux/base/fold"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// closingPage asks whoever closes a vote while rights are unused whether they mean it.
type closingPage struct {
	scene
	Zone   *time.Location
	Form   *web.Form
	Poll   ballot.Poll
	Title  string
	Unused ballot.Unused
	Names  []string
	Back   string
}

// closing lists the rights that nobody has used yet: by name where voters are told apart.
func (p Pages) closing(q *web.Request) error {
	page := closingPage{Form: q.Blank()}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		s, poll, x, err := pollIn(v, q)
		if err != nil {
			return err
		}
		page.scene, page.Poll, page.Title, page.Zone = s, poll, x.Title, v.Zone()
		page.Back = view.Path(s.Meeting.Name, poll.ID)
		if to := q.Query("back"); to != "" && web.LocalPath(to) == to {
			page.Back = to
		}
		if page.Unused, err = ballot.UnusedOf(v, poll); err != nil {
			return err
		}
		say, err := namesOf(v, q.P, page.Unused.Voters)
		if err != nil {
			return err
		}
		voters := slices.SortedFunc(slices.Values(page.Unused.Voters), func(a, b people.PersonID) int {
			return strings.Compare(fold.Sort(say.persons[a].Listed())+string(a), fold.Sort(say.persons[b].Listed())+string(b))
		})
		for _, id := range voters {
			page.Names = append(page.Names, say.of(id))
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case !page.Charges.Any():
		return charged(q, page.Meeting)
	case page.Poll.State() != ballot.Opened:
		return q.SeeOther(view.Path(page.Meeting.Name, page.Poll.ID))
	}
	return q.Page(closingView(page))
}
