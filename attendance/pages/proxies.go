package pages

import (
	"io"
	"net/url"
	"slices"
	"strconv"
	"time"

	"lieux/attendance"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/vote"
)

// proxiesPage is what GET /meetings/{name}/proxies shows.
type proxiesPage struct {
	Meeting meeting.Meeting
	Zone    *time.Location
	May     bool
	Stands  bool
	Rule    string // who may represent whom, in words
	Article string
	Filters []web.Chip
	Rows    []proxyLine
	Any     bool
}

// proxyLine is one proxy, in ready words.
type proxyLine struct {
	ID, Number, Giver, Shares, To, How, When string
	Kind                                     web.Kind
	State                                    string
	Told                                     string // how many instructions
	Scan                                     string // address of the scan
	Waiting, Living                          bool
	Counted                                  bool
}

// shown are the filters of the list.
var shown = []string{"living", "waiting", "over"}

func (p Pages) proxies(q *web.Request) error {
	page := proxiesPage{May: q.Who.May(keepers)}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err != nil {
			return err
		}
		page.Meeting, page.Zone, page.Stands = m, v.Zone(), !m.Over()
		if page.Rule, page.Article, err = ruleWords(v, q.P, m); err != nil {
			return err
		}
		all, err := attendance.Proxies(v, m.ID)
		if err != nil {
			return err
		}
		page.Any = len(all) > 0
		lines, err := proxyLines(v, q.P, m, all)
		if err != nil {
			return err
		}
		page.filter(q, lines)
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(proxiesView(page))
}

// filter keeps the lines that the address asks for: those that live, when it asks for none.
func (page *proxiesPage) filter(q *web.Request, lines []proxyLine) {
	is := map[string]func(proxyLine) bool{
		"living":  func(l proxyLine) bool { return l.Living },
		"waiting": func(l proxyLine) bool { return l.Waiting },
		"over":    func(l proxyLine) bool { return !l.Living },
	}
	chosen := q.Query("show")
	if !slices.Contains(shown, chosen) {
		chosen = shown[0]
	}
	for _, s := range shown {
		n := 0
		for _, l := range lines {
			if is[s](l) {
				n++
			}
		}
		page.Filters = append(page.Filters, web.Chip{Text: q.T("attendance.page.proxies." + s), Count: strconv.Itoa(n),
			Href: q.URLWith("show", s), Current: s == chosen})
	}
	page.Rows = slices.DeleteFunc(lines, func(l proxyLine) bool { return !is[chosen](l) })
}

// ruleWords says who may represent whom at a meeting.
func ruleWords(r store.Reader, p *lang.Printer, m meeting.Meeting) (words, article string, err error) {
	rule, article, err := attendance.Limits(r, m)
	if err != nil {
		return "", "", err
	}
	code := "anybody"
	switch {
	case !rule.Allowed:
		code = "none"
	case rule.MembersOnly && m.Kind != people.Assembly:
		code = "body"
	case rule.MembersOnly:
		code = "members"
	}
	words = p.T("attendance.page.rule." + code)
	if rule.Allowed && rule.Max > 0 {
		words += " " + p.T("attendance.page.rule.max", "n", rule.Max)
	}
	return words, p.Cite(article), nil
}

// proxyLines puts proxies into words, the newest first.
func proxyLines(r store.Reader, p *lang.Printer, m meeting.Meeting, all []attendance.Proxy) ([]proxyLine, error) {
	f, err := attendance.Expected(r, m)
	if err != nil {
		return nil, err
	}
	there, err := attendance.There(r, m.ID)
	if err != nil {
		return nil, err
	}
	here := map[people.PersonID]bool{}
	for _, one := range there {
		here[one.Person] = true
	}
	var ids []people.PersonID
	for _, x := range all {
		if e, on := f.Entry(x.Holder); on {
			ids = append(ids, e.Person)
		}
		ids = append(ids, x.By, x.To)
	}
	say, err := newSpeaker(r, p, ids)
	var lines []proxyLine
	for _, x := range slices.Backward(all) {
		e, on := f.Entry(x.Holder)
		line := proxyLine{ID: string(x.ID), Number: number(x.Holder), Giver: say.person(x.By), To: say.person(x.To),
			How:    p.Words(attendance.Where(x.Channel, x.Door)),
			When:   p.ShortDate(x.GivenAt.On(r.Zone())) + ", " + clock(r, x.GivenAt),
			Living: x.Living(), Waiting: x.Living() && x.AcceptedAt == 0, State: lang.Capital(p.Words(x.State()))}
		if on {
			line.Giver, line.Shares = say.person(e.Person), sharesOf(p, e)
		}
		line.Counted = line.Living && !line.Waiting && on && here[x.To]
		if n := len(x.Instructions); n > 0 {
			line.Told = p.T("attendance.page.proxies.told", "n", n)
		}
		if x.Document != "" {
			line.Scan = proxiesPath(m) + "/" + string(x.ID) + "/document"
		}
		switch {
		case !line.Living:
			line.Kind = web.Off
		case !on:
			line.Kind, line.State = web.No, p.T("attendance.page.state.off-roll")
		case line.Waiting:
			line.Kind = web.Wait
		case line.Counted:
			line.Kind, line.State = web.Yes, p.T("attendance.page.state.counted")
		default:
			line.Kind, line.State = web.Info, p.T("attendance.page.state.holder-away")
		}
		lines = append(lines, line)
	}
	return lines, err
}

// proxyPage is the form of a proxy: that of the office, and that of a member.
type proxyPage struct {
	Meeting meeting.Meeting
	Zone    *time.Location
	Form    *web.Form
	Rule    string
	Article string
	Giver   peopleview.Choice // of the office's form
	To      peopleview.Choice
	Holders []web.Option // for whom, where there is a choice
	Signers []web.Option // who signed for an organisation, where there is a choice
	Matters []matterField
	Table   string
}

// matterField is a matter on which the giver may say how to vote.
type matterField struct{ Name, Label string }

// read fills what both forms show: the rule and the matters that are voted.
func (page *proxyPage) read(r store.Reader, q *web.Request) (err error) {
	if page.Meeting, err = meetingIn(r, q); err != nil {
		return err
	}
	page.Zone = r.Zone()
	if page.Rule, page.Article, err = ruleWords(r, q.P, page.Meeting); err != nil {
		return err
	}
	for _, item := range page.Meeting.Items {
		for _, x := range item.Matters {
			if x.Kind.Voted() {
				page.Matters = append(page.Matters, matterField{"matter-" + string(x.ID), item.Number + ". " +
					matterTitle(q.P, x)})
			}
		}
	}
	return nil
}

// matterTitle is what a matter is called: its own title, or that of its kind.
func matterTitle(p *lang.Printer, x meeting.Matter) string {
	if x.Title != "" {
		return x.Title
	}
	return p.T("meeting.kind." + string(x.Kind))
}

// choices are the answers of an instruction.
func choices(p *lang.Printer) []web.Option {
	list := []web.Option{{Label: p.T("attendance.page.give.free")}}
	for _, c := range []vote.Choice{vote.For, vote.Against, vote.Abstain} {
		list = append(list, web.Option{Value: string(c), Label: p.T("attendance.choice." + string(c))})
	}
	return list
}

// instructions reads how the giver wants the matters voted.
func (page proxyPage) instructions() (list []attendance.Instruction) {
	for _, x := range page.Meeting.Matters() {
		name := "matter-" + string(x.ID)
		if x.Kind.Voted() && page.Form.Raw(name) != "" {
			choice := page.Form.Choice(name, string(vote.For), string(vote.Against), string(vote.Abstain))
			list = append(list, attendance.Instruction{Matter: x.ID, Choice: vote.Choice(choice)})
		}
	}
	return list
}

// newProxy shows the form of the office, with the giver who stands at the table when there is one.
func (p Pages) newProxy(q *web.Request) error {
	page := proxyPage{Form: q.Blank(), Table: q.Query("table")}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		if err := page.read(v, q); err != nil {
			return err
		}
		page.Form.Set("channel", string(attendance.OnPaper))
		if page.Table != "" {
			page.Form.Set("channel", string(attendance.AtDoor)).Set("table", page.Table)
		}
		id := people.PersonID(q.Query("giver"))
		if id == "" {
			return nil
		}
		giver, err := people.Get(v, id)
		if fault.Of(err) != nil {
			return web.NotFound
		}
		if err != nil {
			return err
		}
		page.Giver = peopleview.Chosen(page.Form, "giver", giver)
		_, _, err = page.giver(v, q.P, giver)
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(newProxyView(page))
}

// giver finds for whom a proxy of this person is, and who gives it. Where there is a choice the page offers it; without
// an answer it is for the person's own shares.
func (page *proxyPage) giver(r store.Reader, p *lang.Printer, who people.Person) (
	holder int64, by people.PersonID, err error) {
	d, err := attendance.DeskOf(r, page.Meeting, who.ID)
	if err != nil {
		return 0, "", err
	}
	say, err := deskNames(r, p, d)
	if err != nil {
		return 0, "", err
	}
	for i, l := range d.Lines {
		page.Holders = append(page.Holders, web.Option{Value: number(l.Holder), Label: say.person(l.Entry.Person),
			Hint: p.T("attendance.page.holder", "number", number(l.Holder), "shares", sharesOf(p, l.Entry))})
		if i == 0 || page.Form.Raw("holder") == number(l.Holder) {
			holder = l.Holder
		}
	}
	if page.Form.Raw("holder") == "" && holder != 0 {
		page.Form.Set("holder", number(holder))
	}
	if len(page.Holders) < 2 {
		page.Holders = nil
	}
	if who.Kind != people.Legal {
		return holder, who.ID, nil
	}
	speakers, err := attendance.Speakers(r, who.ID)
	if err != nil {
		return 0, "", err
	}
	if say, err = newSpeaker(r, p, speakers); err != nil {
		return 0, "", err
	}
	for i, s := range speakers {
		page.Signers = append(page.Signers, web.Option{Value: string(s), Label: say.person(s)})
		if i == 0 || page.Form.Raw("signer") == string(s) {
			by = s
		}
	}
	if len(page.Signers) < 2 {
		page.Signers = nil
	} else if page.Form.Raw("signer") == "" {
		page.Form.Set("signer", string(by))
	}
	return holder, by, nil
}

// writeProxy takes a proxy that came on paper, or that is given at a table.
func (p Pages) writeProxy(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := proxyPage{Form: form, Table: form.Raw("table")}
	x := attendance.Proxy{Door: page.Table, Signed: form.Flag("signed"),
		Channel: attendance.Channel(form.Choice("channel", string(attendance.OnPaper), string(attendance.AtDoor)))}
	scan, err := takeScan(form)
	if err != nil {
		return err
	}
	if err := p.DB.View(q.Context(), func(v *store.View) error { return page.take(v, q, &x) }); err != nil {
		return err
	}
	done, err := p.act(q, form, "give-proxy", func(tx *store.Tx) error {
		if scan != nil {
			d, err := documents.Add(tx, scan)
			if err != nil {
				return err
			}
			x.Document = d.ID
		}
		_, err := attendance.Give(tx, x)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(newProxyView(page))
	}
	q.Flash(web.Yes, q.T("attendance.page.done.give"))
	if x.Channel == attendance.AtDoor {
		return q.SeeOther(doorPath(page.Meeting) + "?table=" + url.QueryEscape(page.Table))
	}
	return q.SeeOther(proxiesPath(page.Meeting))
}

// take reads the parties of the office's form.
func (page *proxyPage) take(r store.Reader, q *web.Request, x *attendance.Proxy) (err error) {
	if err = page.read(r, q); err != nil {
		return err
	}
	if page.Giver, err = peopleview.Pick(r, q.P, page.Form, "giver", true); err != nil {
		return err
	}
	if page.To, err = peopleview.Pick(r, q.P, page.Form, "to", true); err != nil {
		return err
	}
	x.Meeting, x.To, x.Instructions = page.Meeting.ID, page.To.Person, page.instructions()
	if page.Giver.Person == "" {
		return nil
	}
	who, err := people.Get(r, page.Giver.Person)
	if err != nil {
		return err
	}
	if x.Holder, x.By, err = page.giver(r, q.P, who); err != nil {
		return err
	}
	switch {
	case x.Holder == 0:
		page.Form.Problem(fault.Refuse("attendance.refusal.giver-off-roll").At("giver"))
	case x.By == "":
		page.Form.Problem(fault.Refuse("attendance.refusal.not-giver").At("giver"))
	}
	return nil
}

// takeScan reads the scan before the act begins; a file that is none becomes a problem of its field.
func takeScan(form *web.Form) (*documents.Upload, error) {
	file := form.File("file", documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	scan, err := documents.Take(file.Name, file.Content)
	for _, r := range fault.Of(err) {
		form.Problem(r.At("file"))
	}
	if fault.Of(err) != nil {
		return nil, nil
	}
	return scan, err
}

// proxyIn finds the proxy of the address at the meeting of the address.
func proxyIn(r store.Reader, q *web.Request) (attendance.Proxy, error) {
	m, err := meetingIn(r, q)
	if err != nil {
		return attendance.Proxy{}, err
	}
	x, found, err := attendance.ProxyByID(r, attendance.ProxyID(q.Path("id")))
	if err == nil && (!found || x.Meeting != m.ID) {
		err = web.NotFound
	}
	return x, err
}

// scan shows the paper of a proxy.
func (p Pages) scan(q *web.Request) error {
	var document documents.Document
	err := p.DB.View(q.Context(), func(v *store.View) error {
		x, err := proxyIn(v, q)
		if err != nil {
			return err
		}
		d, found, err := documents.Find(v, x.Document)
		if err == nil && !found {
			err = web.NotFound
		}
		document = d
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(document.Name, document.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), p.DB, document))
		return err
	})
}

// onProxy does one act about the proxy of the address, and goes back.
func (p Pages) onProxy(q *web.Request, verb, back string, fn func(*store.Tx, attendance.Proxy, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	by := store.By(q.Who.Person, "attendance."+verb).Once(form.Key())
	_, err = p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		x, err := proxyIn(tx, q)
		if err != nil {
			return err
		}
		return fn(tx, x, form)
	})
	if err != nil {
		return err
	}
	q.Flash(web.Yes, q.T("attendance.page.done."+verb))
	return q.SeeOther(back)
}

// acceptFor notes for the holder that a proxy is accepted.
func (p Pages) acceptFor(q *web.Request) error {
	return p.onProxy(q, "accept-proxy", "/meetings/"+q.Path("name")+"/proxies",
		func(tx *store.Tx, x attendance.Proxy, _ *web.Form) error { return attendance.AcceptProxy(tx, x.ID) })
}

// endFor notes for the giver or the holder that a proxy ends.
func (p Pages) endFor(q *web.Request) error {
	return p.onProxy(q, "end-proxy", "/meetings/"+q.Path("name")+"/proxies",
		func(tx *store.Tx, x attendance.Proxy, f *web.Form) error {
			why := attendance.EndReason(f.Choice("why", string(attendance.Revoked), string(attendance.Declined)))
			if err := f.Problems().Err(); err != nil {
				return err
			}
			return attendance.EndProxy(tx, x.ID, why)
		})
}
