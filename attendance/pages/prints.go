package pages

import (
	"cmp"
	"io"
	"slices"
	"time"

	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
	"lieux/vote"
)

// batch is how many cards, or forms, one file holds: a printer takes no more at once, and a page must not wait.
const batch = 500

// printsPage is what GET /meetings/{name}/cards shows.
type printsPage struct {
	Meeting meeting.Meeting
	Zone    *time.Location
	Form    *web.Form
	May     bool
	Stands  bool
	Ready   bool // the codes are made
	Voters  int
	Day     string
	Frozen  bool
	Cards   []web.Link
	Forms   []web.Link
	Links   bool // the public address is known, so that cards bear a code to scan
}

func (p Pages) prints(q *web.Request) error {
	page := printsPage{Form: q.Blank(), May: q.Who.May(keepers), Links: p.Links != ""}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.Meeting, err = meetingIn(v, q); err != nil {
			return err
		}
		page.Zone, page.Stands = v.Zone(), !page.Meeting.Over()
		f, err := attendance.Expected(v, page.Meeting)
		if err != nil {
			return err
		}
		page.Voters, page.Day, page.Frozen = len(f.Entries), q.P.Date(f.Day), f.FrozenAt != 0
		for from := 0; from < len(f.Entries); from += batch {
			to := min(from+batch, len(f.Entries))
			words := q.T("attendance.page.prints.range", "from", number(f.Entries[from].Holder), "to",
				number(f.Entries[to-1].Holder))
			after := "?from=" + number(int64(from))
			page.Cards = append(page.Cards, web.Link{Text: words, Href: cardsPath(page.Meeting) + ".pdf" + after})
			page.Forms = append(page.Forms, web.Link{Text: words,
				Href: view.Path(page.Meeting.Name) + "/proxy-forms.pdf" + after})
		}
		_, page.Ready, err = attendance.Coder(v, page.Meeting.ID)
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(printsView(page))
}

// prepare makes the codes of the cards.
func (p Pages) prepare(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	by := store.By(q.Who.Person, "attendance.prepare-cards").Once(form.Key())
	_, err = p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		m, err := meetingIn(tx, q)
		if err != nil {
			return err
		}
		return attendance.PrepareCards(tx, m.ID)
	})
	if err != nil {
		return err
	}
	q.Flash(web.Yes, q.T("attendance.page.done.prepare"))
	return q.SeeOther("/meetings/" + q.Path("name") + "/cards")
}

func listPath(m meeting.Meeting) string { return view.Path(m.Name) + "/attendance-list.pdf" }

// printer draws the papers of one meeting, in the meeting's language.
type printer struct {
	p     *lang.Printer
	m     meeting.Meeting
	f     attendance.Frozen
	zone  *time.Location
	house string
	say   speaker
	by    map[people.PersonID][]people.PersonID // who represents an organisation
}

// newPrinter reads the roll, or a part of it from an entry on, with the names that papers need.
func (p Pages) newPrinter(r store.Reader, q *web.Request, part bool) (d printer, err error) {
	if d.m, err = meetingIn(r, q); err != nil {
		return d, err
	}
	d.p, d.zone = p.Book.In(d.m.Language), r.Zone()
	if d.f, err = attendance.Expected(r, d.m); err != nil {
		return d, err
	}
	if part {
		from := int(q.QueryInt("from", 0, 0, int64(len(d.f.Entries))))
		d.f.Entries = d.f.Entries[from:min(from+batch, len(d.f.Entries))]
	}
	house, founded, err := people.TheHouse(r)
	if err != nil {
		return d, err
	}
	if founded {
		self, err := people.Get(r, house.Person)
		if err != nil {
			return d, err
		}
		d.house = self.Full()
	}
	d.by = map[people.PersonID][]people.PersonID{}
	var ids []people.PersonID
	for _, e := range d.f.Entries {
		ids = append(ids, e.Person)
		if e.Kind == people.Legal {
			speakers, err := attendance.Speakers(r, e.Person)
			if err != nil {
				return d, err
			}
			d.by[e.Person] = speakers
			ids = append(ids, speakers...)
		}
	}
	d.say, err = newSpeaker(r, d.p, ids)
	return d, err
}

// title says the meeting and when it is.
func (d printer) title() string {
	if d.m.StartsAt == 0 {
		return d.m.Title
	}
	return d.p.T("attendance.print.title", "meeting", d.m.Title, "day", d.m.Day(d.zone))
}

// represented says who represents an organisation; empty for others.
func (d printer) represented(e attendance.Entry) string {
	if e.Kind != people.Legal {
		return ""
	}
	var names []string
	for _, id := range d.by[e.Person] {
		names = append(names, d.say.person(id))
	}
	if len(names) == 0 {
		return d.p.T("attendance.print.represented-blank")
	}
	return d.p.T("attendance.print.represented", "names", d.p.List(names))
}

func (d printer) fact(e attendance.Entry) string {
	if e.Shares == 0 {
		return d.p.T("attendance.print.number", "number", number(e.Holder))
	}
	return d.p.T("attendance.print.fact", "number", number(e.Holder), "shares", sharesOf(d.p, e))
}

// file is the name under which a paper is saved.
func (d printer) file(what string) string {
	return d.m.Name + "-" + d.p.T("attendance.page.file."+what) + ".pdf"
}

// cardsPDF draws the cards: each with the code of its holder, to be typed or read by a telephone's camera.
func (p Pages) cardsPDF(q *web.Request) error {
	var d printer
	var code func(int64) string
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if d, err = p.newPrinter(v, q, true); err != nil {
			return err
		}
		var ready bool
		code, ready, err = attendance.Coder(v, d.m.ID)
		if err == nil && !ready {
			err = fault.Refuse("attendance.refusal.no-cards")
		}
		return err
	})
	if err != nil {
		return err
	}
	cards := make([]papers.Card, len(d.f.Entries))
	for i, e := range d.f.Entries {
		c := code(e.Holder)
		cards[i] = papers.Card{Head: d.title(), Name: d.say.person(e.Person), Note: d.represented(e), Fact: d.fact(e),
			Code: attendance.ShowCode(c)}
		if p.Links != "" {
			cards[i].Link = p.Links + "/card/" + d.m.Name + "/" + c
		}
	}
	return q.Download(d.file("cards"), "application/pdf", func(w io.Writer) error {
		return papers.Cards(w, d.m.Language, d.p.T("attendance.print.cards"), cards,
			papers.Meta{Author: d.house, Made: p.DB.Now()})
	})
}

// listPDF draws the attendance list, to be signed by each who comes: organisations with who represents them, givers of
// proxies with whom theirs is.
func (p Pages) listPDF(q *web.Request) error {
	var d printer
	with := map[int64]string{}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if d, err = p.newPrinter(v, q, false); err != nil {
			return err
		}
		all, err := attendance.Proxies(v, d.m.ID)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(x attendance.Proxy) bool { return !x.Living() || x.AcceptedAt == 0 })
		var ids []people.PersonID
		for _, x := range all {
			ids = append(ids, x.To)
		}
		say, err := newSpeaker(v, d.p, ids)
		for _, x := range all {
			with[x.Holder] = d.p.T("attendance.print.proxy", "person", say.person(x.To))
		}
		return err
	})
	if err != nil {
		return err
	}
	paper, list := d.list(with)
	return q.Download(d.file("list"), "application/pdf", func(w io.Writer) error {
		return papers.PrintList(w, paper, list, nil, papers.Meta{Author: d.house, Made: p.DB.Now()})
	})
}

// list is the attendance list as a paper with its rows.
func (d printer) list(with map[int64]string) (papers.Paper, papers.SignList) {
	heads, _ := d.f.Issued.Heads.Get()
	shares, _ := d.f.Issued.Shares.Get()
	facts := []papers.Fact{{Term: d.p.T("attendance.print.when"), Words: papers.T(view.When(d.p, d.m, d.zone))}}
	if d.m.Place != "" {
		facts = append(facts, papers.Fact{Term: d.p.T("attendance.print.place"), Words: papers.T(d.m.Place)})
	}
	facts = append(facts, papers.Fact{Term: d.p.T("attendance.print.roll"), Words: papers.T(d.p.Date(d.f.Day))})
	paper := papers.Paper{Kind: papers.Form, Lang: d.m.Language, House: d.house, Title: d.p.T("attendance.print.list"),
		Foot:   d.p.T("attendance.print.list.foot", "meeting", d.title()),
		Blocks: papers.Blocks{papers.Facts{Items: facts}, papers.Hint{Words: papers.T(d.p.T("attendance.print.list.note"))}}}
	list := papers.SignList{Heads: [4]string{d.p.T("attendance.page.no"), d.p.T("attendance.page.name"), "",
		d.p.T("attendance.print.signature")}, Last: papers.SignRow{Name: d.p.T("attendance.page.roll.total", "n", heads)}}
	if shares > 0 {
		list.Heads[2], list.Last.Figure = d.p.T("attendance.page.roll.shares"), d.p.Count(shares)
	}
	entries := slices.Clone(d.f.Entries)
	slices.SortStableFunc(entries, func(a, b attendance.Entry) int {
		return compareSort(d.say.persons[a.Person], d.say.persons[b.Person])
	})
	for _, e := range entries {
		row := papers.SignRow{Number: number(e.Holder), Name: d.say.listed(e.Person), Note: d.represented(e)}
		if shares > 0 {
			row.Figure = d.p.Count(e.Shares)
		}
		if proxy := with[e.Holder]; proxy != "" {
			row.Note = proxy
		}
		list.Rows = append(list.Rows, row)
	}
	return paper, list
}

// formsPDF draws a proxy form for each holder of a part of the roll, filled in with what is known.
func (p Pages) formsPDF(q *web.Request) error {
	return p.forms(q, func(d printer) (sheets []papers.Sheet) {
		for _, e := range d.f.Entries {
			sheets = append(sheets, d.form(&e))
		}
		return sheets
	})
}

// blankPDF draws one form with nothing but the meeting and its agenda.
func (p Pages) blankPDF(q *web.Request) error {
	return p.forms(q, func(d printer) []papers.Sheet {
		if d.m.ConvenedAt == 0 && d.m.OpenedAt == 0 && !q.Who.May(readers) {
			return nil
		}
		return []papers.Sheet{d.form(nil)}
	})
}

func (p Pages) forms(q *web.Request, sheets func(printer) []papers.Sheet) error {
	var d printer
	var rule, article string
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if d, err = p.newPrinter(v, q, true); err == nil {
			rule, article, err = ruleWords(v, d.p, d.m)
		}
		return err
	})
	if err != nil {
		return err
	}
	list := sheets(d)
	if len(list) == 0 {
		return web.NotFound
	}
	if article != "" {
		rule += " (" + article + ")"
	}
	for i := range list {
		list[i].Under = append(list[i].Under, papers.Hint{Words: papers.T(rule)})
	}
	paper := papers.Paper{Kind: papers.Form, Lang: d.m.Language, House: d.house}
	return q.Download(d.file("proxy"), "application/pdf", func(w io.Writer) error {
		return papers.PrintForms(w, paper, list, nil, papers.Meta{Author: d.house, Made: p.DB.Now()})
	})
}

// dots is room for a hand to write.
const dots = "……………………………………………………………………………………"

// form is the proxy of one holder, or a blank one.
func (d printer) form(e *attendance.Entry) papers.Sheet {
	giver, fact := dots, dots
	if e != nil {
		giver, fact = d.say.person(e.Person), d.fact(*e)
		if by := d.represented(*e); by != "" {
			giver += ", " + by
		}
	}
	item := func(term, words string) papers.Fact {
		return papers.Fact{Term: d.p.T("attendance.print.form." + term), Words: papers.T(words)}
	}
	sheet := papers.Sheet{Title: d.p.T("attendance.print.form"), Above: papers.Blocks{
		papers.Paragraph{Words: papers.T(d.p.T("attendance.print.form.lede", "meeting", d.title(), "place", d.m.Place))},
		papers.Facts{Items: []papers.Fact{item("giver", giver), item("number", fact), item("to", dots)}},
		papers.Paragraph{Words: papers.T(d.p.T("attendance.print.form.text"))}}}
	for _, it := range d.m.Items {
		for _, x := range it.Matters {
			if x.Kind.Voted() {
				sheet.Boxes.Rows = append(sheet.Boxes.Rows, it.Number+". "+matterTitle(d.p, x))
			}
		}
	}
	if len(sheet.Boxes.Rows) > 0 {
		sheet.Boxes.Head = d.p.T("attendance.print.form.instructions")
		for _, c := range []vote.Choice{vote.For, vote.Against, vote.Abstain} {
			sheet.Boxes.Answers = append(sheet.Boxes.Answers, d.p.T("attendance.choice."+string(c)))
		}
	}
	sheet.Under = papers.Blocks{papers.Facts{Items: []papers.Fact{item("done", dots)}},
		papers.Signatures{Items: []papers.Signature{{Role: d.p.T("attendance.print.form.sign-giver")},
			{Role: d.p.T("attendance.print.form.sign-to")}}}}
	return sheet
}

// compareSort puts persons in the order of lists.
func compareSort(a, b people.Person) int {
	return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID))
}
