package pages

import (
	"cmp"
	"io"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"lieux/ballot"
	"lieux/ballot/view"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// pollLine is one poll in the list.
type pollLine struct {
	Href, Number, Title, At, Method, Measure string
	Kind                                     web.Kind
	State                                    string
}

// listPage is the list of the votes of a meeting, and the form for the matter that is to be put to the vote.
type listPage struct {
	scene
	Zone  *time.Location
	Lines []pollLine
	To    []web.Link // matters that may be put to the vote
	Panel *view.Panel
	Form  *web.Form
}

func (p Pages) polls(q *web.Request) error {
	page, err := p.readList(q, q.Blank(), meeting.MatterID(q.Query("matter")))
	if err != nil {
		return err
	}
	return q.Page(listView(page))
}

// readList reads the votes of a meeting, with the panel of one matter where it is named.
func (p Pages) readList(q *web.Request, form *web.Form, matter meeting.MatterID) (page listPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.scene, err = sceneIn(v, q); err != nil {
			return err
		}
		page.Zone = v.Zone()
		polls, err := ballot.Polls(v, page.Meeting.ID)
		if err != nil {
			return err
		}
		for _, poll := range polls {
			page.Lines = append(page.Lines, lineOf(q.P, page.Meeting, poll, v.Zone()))
		}
		if !page.Charges.Any() || page.Meeting.OpenedAt == 0 || page.Meeting.Over() {
			return nil
		}
		for _, x := range ballot.Votable(page.Meeting, polls) {
			page.To = append(page.To, web.Link{Text: q.T("ballot.page.item", "number",
				itemOf(page.Meeting, x.ID).Number) + ", " + x.Title, Href: view.PollsPath(page.Meeting.Name) + "?matter=" +
				string(x.ID), Current: x.ID == matter})
			if x.ID == matter {
				panel, err := view.PanelOf(v, page.Meeting, x, page.Charges, "")
				if err != nil {
					return err
				}
				page.Panel = &panel
			}
		}
		return nil
	})
	return page, err
}

func lineOf(p *lang.Printer, m meeting.Meeting, poll ballot.Poll, zone *time.Location) pollLine {
	x, item, _ := m.Matter(poll.Matter)
	l := pollLine{Href: view.Path(m.Name, poll.ID), Number: strconv.FormatInt(poll.Number, 10),
		Title: p.T("ballot.page.item", "number", item.Number) + ", " + x.Title, At: ballot.Hour(poll.OpenedAt, zone),
		Method: p.Words(poll.Method.Phrase()), Kind: web.Wait, State: p.T("ballot.state." + string(poll.State()))}
	switch {
	case poll.VoidAt != 0:
		l.Kind, l.Measure = web.Off, p.Words(poll.Reason())
	case poll.ClosedAt != 0:
		l.Kind, l.State = view.PollVerdict(p, poll)
		if poll.Election == nil {
			l.Measure = view.Measure(p, poll)
		}
	}
	return l
}

// open puts a matter to the vote, or states that it cannot be.
func (p Pages) open(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	matter, method := meeting.MatterID(form.Raw("matter")), ballot.Method(form.Raw("method"))
	page, err := p.readList(q, form, matter)
	if err != nil {
		return err
	}
	var id ballot.PollID
	verb, begin := "open", ballot.OpenPoll
	if method == ballot.None {
		verb, begin = "ascertain", ballot.Ascertain
	}
	done, err := p.act(q, form, verb, func(tx *store.Tx) error {
		id, err = begin(tx, ballot.Opening{Meeting: page.Meeting.ID, Matter: matter, Method: method})
		tx.Answer(string(id))
		return err
	})
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(back(form, view.PollsPath(page.Meeting.Name)))
	}
	return again(q, form, listView(page))
}

// pollPage is one vote.
type pollPage struct {
	scene
	Form      *web.Form
	Panel     view.Panel
	Poll      ballot.Poll
	Zone      *time.Location
	Title     string
	Eyebrow   string
	Facts     []web.Fact
	SeesNames bool
	Lines     []namedLine
	Columns   []web.Column
	Pager     web.Pager
	Receipts  []receiptLine
	Changed   []changedLine
	Incidents []incidentLine
	History   templ.Component
}

// namedLine is one holder in the table of a named vote.
type namedLine struct {
	Voter, Holder, Title, Choice, Channel, Code string
	Votes                                       int64
	Left, Own                                   bool // gone before the vote; votes of the voter's own shares
	choice                                      vote.Choice
}

// receiptLine is one ballot in the list that everybody may read.
type receiptLine struct{ Code, Choices string }

// changedLine is a ballot that was replaced, or one on which the bureau decided.
type changedLine struct{ Who, At, How, What string }

// incidentLine is what a voter reported.
type incidentLine struct{ Who, At, Late, Words string }

func (p Pages) poll(q *web.Request) error {
	page, err := p.readPoll(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(pollView(page))
}

func (p Pages) readPoll(q *web.Request, form *web.Form) (page pollPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		var x meeting.Matter
		if page.scene, page.Poll, x, err = pollIn(v, q); err != nil {
			return err
		}
		m, poll := page.Meeting, page.Poll
		page.Zone, page.Title, page.SeesNames = v.Zone(), x.Title, page.seesNames(q.Who)
		page.Eyebrow = q.T("ballot.page.eyebrow", "number", poll.Number, "item", itemOf(m, x.ID).Number)
		if page.Panel, err = view.PanelOf(v, m, x, page.Charges, ""); err != nil {
			return err
		}
		page.Panel.Back = view.Path(m.Name, poll.ID)
		if page.Panel.Poll == nil || page.Panel.Poll.ID != poll.ID { // an older vote on the same matter
			page.Panel.Charges = ballot.Charges{}
		}
		if err := page.facts(v, q.P); err != nil {
			return err
		}
		if poll.ClosedAt != 0 {
			read := page.readNamed
			if poll.Terms.Race != nil {
				read = page.readMarked
			}
			if err := read(v, q); err != nil {
				return err
			}
		}
		if page.SeesNames {
			if err := page.readRest(v, q.P); err != nil {
				return err
			}
		}
		page.History, err = p.history(q.Context(), v, poll.ID.Ref())
		return err
	})
	return page, err
}

// facts are who opened, closed and proclaimed, and who was there.
func (page *pollPage) facts(r store.Reader, p *lang.Printer) error {
	poll := page.Poll
	say, err := namesOf(r, p, []people.PersonID{poll.OpenedBy, poll.ClosedBy, poll.ProclaimedBy, poll.VoidBy})
	if err != nil {
		return err
	}
	fact := func(code string, at string, by people.PersonID) {
		page.Facts = append(page.Facts, web.Fact{Name: p.T("ballot.page." + code),
			Text: p.T("ballot.page.by", "at", at, "name", say.of(by))})
	}
	fact("opened", ballot.Hour(poll.OpenedAt, page.Zone), poll.OpenedBy)
	if poll.ClosedAt != 0 {
		fact("closed", ballot.Hour(poll.ClosedAt, page.Zone), poll.ClosedBy)
	}
	if poll.ProclaimedAt != 0 {
		fact("proclaimed", ballot.Hour(poll.ProclaimedAt, page.Zone), poll.ProclaimedBy)
	}
	if poll.VoidAt != 0 {
		fact("void", ballot.Hour(poll.VoidAt, page.Zone), poll.VoidBy)
		page.Facts = append(page.Facts, web.Fact{Name: p.T("ballot.page.why"), Text: p.Words(poll.Reason())})
	}
	page.Facts = append(page.Facts, web.Fact{Name: p.T("ballot.page.method"),
		Text: lang.Capital(p.Words(poll.Method.Phrase()))})
	page.Facts = append(page.Facts, view.Presence(p, poll)...)
	if poll.Chair != "" {
		page.Facts = append(page.Facts, web.Fact{Name: p.T("ballot.page.chair"),
			Text: p.T("ballot.choice." + string(poll.Chair))})
	}
	if poll.Tally.Digest != "" {
		page.Facts = append(page.Facts, web.Fact{Name: p.T("ballot.page.digest"), Text: grouped(poll.Tally.Digest)})
	}
	return nil
}

// grouped parts a digest so that two people can compare it aloud.
func grouped(digest string) string {
	out := ""
	for i := 0; i < len(digest); i += 8 {
		out += digest[i:min(i+8, len(digest))] + " "
	}
	return out
}

// sortable are the orders of the table of named votes.
var sortable = []string{"name", "votes", "choice"}

// readNamed reads the named votes: with names for who may see them, as a list of receipts for everybody.
func (page *pollPage) readNamed(r store.Reader, q *web.Request) error {
	result, err := ballot.ResultOf(r, page.Poll)
	if err != nil || len(result.Lines) == 0 {
		return err
	}
	for _, l := range ballot.Receipts(result) {
		var parts []string
		for _, c := range l.Choices {
			said := q.T("ballot.choice." + string(c.Choice))
			if page.SeesNames { // how many votes somebody has tells who it is
				said = q.T("ballot.page.votes-for", "n", c.Votes, "choice", said)
			}
			if !slices.Contains(parts, said) {
				parts = append(parts, said)
			}
		}
		page.Receipts = append(page.Receipts, receiptLine{l.Code, q.P.List(parts)})
	}
	if !page.SeesNames {
		return nil
	}
	lines, err := namedLines(r, q.P, result)
	if err != nil {
		return err
	}
	order := q.Sort(web.Sort{Key: "name"}, sortable...)
	slices.SortStableFunc(lines, func(a, b namedLine) int {
		c := 0
		switch order.Key {
		case "votes":
			c = cmp.Compare(a.Votes, b.Votes)
		case "choice":
			c = cmp.Compare(a.choice, b.choice)
		}
		c = cmp.Or(c, cmp.Compare(fold.Sort(a.Voter), fold.Sort(b.Voter)))
		if order.Down {
			c = -c
		}
		return c
	})
	page.Columns = q.Columns(order, web.Column{Key: "name", Label: q.T("ballot.page.voter")},
		web.Column{Label: q.T("ballot.page.holder")}, web.Column{Key: "votes", Label: q.T("ballot.page.votes"), Num: true},
		web.Column{Key: "choice", Label: q.T("ballot.page.choice")}, web.Column{Label: q.T("ballot.page.channel")},
		web.Column{Label: q.T("ballot.page.code")})
	page.Pager = q.Pager(int64(len(lines)), rowsPerPage)
	page.Lines = lines[page.Pager.Offset():min(page.Pager.Offset()+rowsPerPage, int64(len(lines)))]
	return nil
}

// namedLines puts the lines of a result into words.
func namedLines(r store.Reader, p *lang.Printer, result ballot.Result) ([]namedLine, error) {
	var ids []people.PersonID
	for _, l := range result.Lines {
		ids = append(ids, l.Voter, l.Person)
	}
	say, err := namesOf(r, p, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]namedLine, len(result.Lines))
	for i, l := range result.Lines {
		lines[i] = namedLine{Voter: say.persons[l.Voter].Listed(), Holder: say.of(l.Person), Votes: l.Votes, Code: l.Code,
			Title: p.T("ballot.title." + string(l.Title)), Left: l.Left, Own: l.Person == l.Voter, choice: l.Choice}
		if lines[i].Voter == "" {
			lines[i].Voter = say.of(l.Voter)
		}
		if l.Choice != "" {
			lines[i].Choice = p.T("ballot.choice." + string(l.Choice))
			lines[i].Channel = p.T("ballot.channel." + string(l.Channel))
		}
	}
	return lines, nil
}

// readRest reads what the bureau sees besides: ballots that were replaced, decisions on differences, incidents.
func (page *pollPage) readRest(r store.Reader, p *lang.Printer) error {
	log, err := ballot.Log(r, page.Poll.ID)
	if err != nil {
		return err
	}
	all, err := ballot.Incidents(r, page.Meeting.ID)
	if err != nil {
		return err
	}
	last := map[people.PersonID]int64{}
	var ids []people.PersonID
	for _, d := range log {
		if d.Channel != ballot.ByBureau {
			last[d.Voter] = max(last[d.Voter], d.Turn)
		}
		ids = append(ids, d.Voter)
	}
	for _, i := range all {
		ids = append(ids, i.Person)
	}
	say, err := namesOf(r, p, ids)
	if err != nil {
		return err
	}
	for _, d := range log {
		replaced := d.Code != "" && d.Turn < last[d.Voter]
		if !replaced && d.Channel != ballot.ByBureau || len(page.Changed) >= rowsPerPage {
			continue
		}
		what := d.Why
		if replaced {
			what = p.T("ballot.page.replaced", "code", d.Code)
		}
		page.Changed = append(page.Changed, changedLine{Who: say.of(d.Voter), At: ballot.Hour(d.At, page.Zone),
			How: p.T("ballot.channel." + string(d.Channel)), What: what})
	}
	for _, i := range all {
		if i.Poll != page.Poll.ID {
			continue
		}
		l := incidentLine{Who: say.of(i.Person), At: ballot.Hour(i.At, page.Zone), Words: i.Words}
		if i.LateAt != 0 {
			l.Late = p.T("ballot.page.late", "at", ballot.Hour(i.LateAt, page.Zone))
		}
		page.Incidents = append(page.Incidents, l)
	}
	return nil
}

// press does the act of one of the bureau's buttons: read takes from the form what the verb needs. What is refused is
// shown on the page of the vote.
func (p Pages) press(q *web.Request, verb string, read func(*web.Form) func(*store.Tx, ballot.PollID) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	do := read(form)
	page, err := p.readPoll(q, form)
	if err != nil {
		return err
	}
	done, err := p.act(q, form, verb, func(tx *store.Tx) error { return do(tx, page.Poll.ID) })
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(back(form, view.Path(page.Meeting.Name, page.Poll.ID)))
	case fault.Is(form.Problems().Err(), "ballot.refusal.unused"):
		return q.SeeOther(view.ClosingPath(page.Meeting.Name, page.Poll.ID) + "?back=" + url.QueryEscape(form.Raw("back")))
	}
	if page, err = p.readPoll(q, form); err != nil { // as it is now, not as the stale page had it
		return err
	}
	return again(q, form, pollView(page))
}

func (p Pages) close(q *web.Request) error {
	return p.press(q, "close", func(form *web.Form) func(*store.Tx, ballot.PollID) error {
		c := ballot.Closing{Version: form.Int("version", 0, 1<<40), Ask: !form.Flag("sure")}
		return func(tx *store.Tx, id ballot.PollID) error {
			c.Poll = id
			return ballot.ClosePoll(tx, c)
		}
	})
}

func (p Pages) demand(q *web.Request) error {
	return p.press(q, "demand", func(*web.Form) func(*store.Tx, ballot.PollID) error { return ballot.DemandCount })
}

func (p Pages) proclaim(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	verb := "proclaim"
	if form.Flag("said") { // in the chair's name: the journal names both
		verb = "note-proclamation"
	}
	return p.press(q, verb, func(form *web.Form) func(*store.Tx, ballot.PollID) error {
		d := ballot.Proclamation{Chair: vote.Choice(form.Raw("chair")), Said: form.Flag("said")}
		return func(tx *store.Tx, id ballot.PollID) error {
			d.Poll = id
			return ballot.Proclaim(tx, d)
		}
	})
}

func (p Pages) void(q *web.Request) error {
	return p.press(q, "void", func(form *web.Form) func(*store.Tx, ballot.PollID) error {
		why := form.Need("why", ballot.MaxWhy/2)
		return func(tx *store.Tx, id ballot.PollID) error { return ballot.Void(tx, id, why) }
	})
}

// named gives the named votes as a table, to those who may see the names.
func (p Pages) named(q *web.Request) error {
	var lines []namedLine
	var s scene
	var poll ballot.Poll
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if s, poll, _, err = pollIn(v, q); err != nil || !s.seesNames(q.Who) || poll.ClosedAt == 0 {
			return err
		}
		if poll.Terms.Race != nil {
			lines, _, err = markedLines(v, q.P, poll)
			return err
		}
		result, err := ballot.ResultOf(v, poll)
		if err == nil {
			lines, err = namedLines(v, q.P, result)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !s.seesNames(q.Who):
		return charged(q, s.Meeting)
	case poll.ClosedAt == 0:
		return web.NotFound
	}
	head := []string{q.T("ballot.page.voter"), q.T("ballot.page.holder"), q.T("ballot.page.title"),
		q.T("ballot.page.votes"), q.T("ballot.page.choice"), q.T("ballot.page.channel"), q.T("ballot.page.code")}
	var rows iter.Seq[[]sheets.Cell] = func(yield func([]sheets.Cell) bool) {
		for _, l := range lines {
			if !yield([]sheets.Cell{sheets.Text(l.Voter), sheets.Text(l.Holder), sheets.Text(l.Title), sheets.Int(l.Votes),
				sheets.Text(l.Choice), sheets.Text(l.Channel), sheets.Text(l.Code)}) {
				return
			}
		}
	}
	name := s.Meeting.Name + "-" + strconv.FormatInt(poll.Number, 10) + ".csv"
	return q.Download(name, "text/csv; charset=utf-8", func(w io.Writer) error { return sheets.CSV(w, head, rows) })
}
