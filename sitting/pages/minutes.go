package pages

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
)

// minutesPage is what GET /meetings/{name}/minutes shows: where the minutes stand, what is to be done, and the text.
type minutesPage struct {
	at
	Form    *web.Form
	Stages  []web.Stage
	Lede    string
	Remarks []remarkLine
	Waiting int
	Items   []web.Option
	May     bool // the person may remark now
	Missing []string
	Signed  []signedLine
	Mine    bool // the person may sign and has not
	Torn    bool
	Until   string
	Early   string          // why the review ended before its delay; empty when it did not
	Answers sitting.Answers // to the review
	Ends    bool            // the person may end the review now
	Silent  bool            // the person may say that they have nothing to remark
	Annexes []annexView
	Record  string // address of the frozen record; empty before
	Legal   bool   // the person reads the legal version
	Public  bool   // the public version is shown
	Hash    string
	Sheet   templ.Component
}

// remarkLine is a remark in ready words.
type remarkLine struct {
	ID, Who, When, About, Words, Answer, Href string
	Kind                                      web.Kind
	State                                     string
	Waits                                     bool
}

// signedLine is one signature.
type signedLine struct{ Who, Role, How, Drawing, Hash, Key, Challenge string }

// readers says who reads the minutes before they are frozen: the bureau and who looks after the cooperative at any
// time; who was there once the meeting is closed.
func readers(a at) bool {
	return a.Run || a.Write || a.Bureau || a.Staff || a.There && a.Opened && a.Sitting.ClosedAt != 0 || a.frozen()
}

func (a at) frozen() bool { return a.Sitting.FrozenAt != 0 }

// legal says who reads the personal parts: who wrote them and who was there.
func (a at) legal() bool { return a.Run || a.Write || a.Bureau || a.Staff || a.There }

func (p Pages) minutes(q *web.Request) error {
	page := minutesPage{Form: q.Blank()}
	if err := p.readMinutes(q, &page); err != nil {
		return err
	}
	return q.Page(minutesView(page))
}

func (p Pages) minutesAgain(q *web.Request, form *web.Form) error {
	page := minutesPage{Form: form}
	if err := p.readMinutes(q, &page); err != nil {
		return err
	}
	return q.Again(minutesView(page))
}

// drawnMinutes is the text with who may read what of it.
func (p Pages) drawnMinutes(r store.Reader, q *web.Request, a at) (assembly.Minutes, papers.Names, bool, error) {
	_, m, err := sitting.Draft(r, a.Meeting.ID, p.Book)
	if err != nil {
		return m, nil, false, err
	}
	public := !a.legal() || q.Query("version") == "public"
	if public {
		m.Paper = papers.Public(m.Paper)
	}
	hands, err := sitting.Hands(r, a.Meeting.ID)
	return m, papers.WithHands{Names: m.Names, Paths: hands}, public, err
}

func (p Pages) readMinutes(q *web.Request, page *minutesPage) error {
	return p.read(q, readers, func(r store.Reader, a at) error {
		page.at, page.Legal = a, a.legal()
		m, names, public, err := p.drawnMinutes(r, q, a)
		if err != nil {
			return err
		}
		page.Public, page.Sheet = public, sheet(m.Paper, names)
		if a.frozen() {
			page.Record, page.Hash = "/assemblies/"+a.Meeting.Name, m.Hash.Grouped()
		} else if a.Now == sitting.Settled {
			page.Hash = a.Sitting.Text
		}
		page.Stages = stages(q, a)
		page.Lede = q.T("sitting.minutes.lede." + stageName(a))
		if a.Sitting.ReviewUntil != 0 {
			page.Until = q.P.Moment(a.Sitting.ReviewUntil, a.Zone)
		}
		for _, item := range a.Meeting.Items {
			page.Items = append(page.Items, web.Option{Value: string(item.ID),
				Label: q.T("sitting.page.item-title", "number", item.Number, "title", item.Title)})
		}
		page.May = a.Now == sitting.Review && (a.There || a.Bureau)
		if err := page.readRemarks(r, q); err != nil {
			return err
		}
		blocks, err := sitting.Blocks(r, a.Meeting.ID)
		if err != nil {
			return err
		}
		page.Torn = slices.ContainsFunc(blocks, sitting.Block.Torn)
		if err := page.readReview(r, q); err != nil {
			return err
		}
		if page.Annexes, err = p.annexes(r, a, public); err != nil {
			return err
		}
		return page.readSignatures(r, q)
	})
}

// annexView is an annex of the legal version, closed until somebody opens it.
type annexView struct {
	Title string
	Sheet templ.Component
}

// annexes are those of the legal version; the public one has none.
func (p Pages) annexes(r store.Reader, a at, public bool) (views []annexView, err error) {
	if public || !a.legal() {
		return nil, nil
	}
	list, err := sitting.Annexes(r, a.Meeting.ID, p.Book)
	for _, x := range list {
		views = append(views, annexView{Title: x.Paper.Title, Sheet: sheet(x.Paper, x.Names)})
	}
	return views, err
}

// readReview says how far the reading of the draft is, and what the person may do about it.
func (page *minutesPage) readReview(r store.Reader, q *web.Request) (err error) {
	if page.Now != sitting.Review && page.Now != sitting.Reviewed {
		return nil
	}
	who := people.PersonID(q.Who.Person)
	if page.Answers, err = sitting.AnswersOf(r, page.Meeting.ID); err != nil {
		return err
	}
	ended, early, err := sitting.EndOf(r, page.Meeting.ID)
	if err != nil {
		return err
	}
	if early {
		page.Early = ended.Why
	}
	presides, err := sitting.Presides(r, page.Meeting.ID, who)
	if err != nil {
		return err
	}
	answered, err := sitting.Answered(r, page.Meeting.ID, who)
	page.Ends = page.Now == sitting.Review && (presides || page.Run && page.Answers.All())
	page.Silent = page.Now == sitting.Review && page.There && !answered
	return err
}

// stageName names where the minutes stand.
func stageName(a at) string {
	if !a.Opened {
		return "before"
	}
	return string(a.Now)
}

// stages are the way of the minutes.
func stages(q *web.Request, a at) (list []web.Stage) {
	order := []string{"running", "closed", "review", "settled", "frozen"}
	now := stageName(a)
	if now == "over" {
		now = "review"
	}
	at := slices.Index(order, now)
	for i, name := range order {
		list = append(list, web.Stage{Text: q.T("sitting.minutes.stage." + name), Done: i < at || now == "frozen",
			Current: i == at})
	}
	return list
}

func (page *minutesPage) readRemarks(r store.Reader, q *web.Request) error {
	remarks, err := sitting.Remarks(r, page.Meeting.ID)
	if err != nil || !page.Legal {
		return err
	}
	var ids []people.PersonID
	for _, k := range remarks {
		ids = append(ids, k.Person)
	}
	say, err := newSpeaker(r, q.P, ids)
	for _, k := range remarks {
		line := remarkLine{ID: k.ID, Who: say.person(k.Person), When: q.P.Moment(k.At, page.Zone),
			About: q.T("sitting.minutes.whole"),
			Words: k.Words, Answer: k.Answer, Waits: k.Waits(), Kind: web.Wait, State: q.T("sitting.minutes.remark.waits"),
			Href: page.Path("minutes/remarks/" + k.ID)}
		if item, found := page.Meeting.Item(k.Item); found {
			line.About = q.T("sitting.page.item-title", "number", item.Number, "title", item.Title)
		}
		switch {
		case k.Waits():
			page.Waiting++
		case k.Accepted:
			line.Kind, line.State = web.Yes, q.T("sitting.minutes.remark.accepted")
		default:
			line.Kind, line.State = web.Off, q.T("sitting.minutes.remark.refused")
		}
		page.Remarks = append(page.Remarks, line)
	}
	return err
}

// readSignatures lists who has signed and whom the text waits for.
func (page *minutesPage) readSignatures(r store.Reader, q *web.Request) error {
	if page.Now != sitting.Settled && page.Now != sitting.Frozen {
		return nil
	}
	missing, err := sitting.Missing(r, page.Meeting.ID)
	if err != nil {
		return err
	}
	signed, err := sitting.Signatures(r, page.Meeting.ID)
	if err != nil {
		return err
	}
	signed = slices.DeleteFunc(signed, func(g sitting.Signature) bool { return g.Void != 0 })
	var ids []people.PersonID
	for _, o := range missing {
		ids = append(ids, o.Person)
	}
	mine := page.Now == sitting.Settled && (page.Bureau || page.There)
	for _, g := range signed {
		ids = append(ids, g.Person)
		mine = mine && string(g.Person) != q.Who.Person
	}
	page.Mine = mine
	say, err := newSpeaker(r, q.P, ids)
	for _, o := range missing {
		page.Missing = append(page.Missing, q.T("sitting.minutes.missing", "who", say.person(o.Person),
			"charge", q.T("sitting.charge."+string(o.Charge))))
	}
	for _, g := range signed {
		role := q.T("assembly.session.role.participant")
		if g.Charge != "" {
			role = q.T("assembly.session.role." + string(g.Charge))
		}
		line := signedLine{Who: say.person(g.Person), Role: role,
			How: q.T("sitting.minutes.signed."+string(g.Kind), "at", q.P.Moment(g.At, page.Zone)), Hash: g.Hash}
		line.Key, line.Challenge = g.SignedWith()
		if g.Kind == assembly.Drawn && page.Legal {
			line.Drawing = papers.HandSVG(g.Evidence, line.Who)
		}
		page.Signed = append(page.Signed, line)
	}
	return err
}

// sheet draws the paper as it stands in a page: its title is no second h1 there.
func sheet(paper papers.Paper, names papers.Names) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var drawn bytes.Buffer
		if err := papers.HTML(&drawn, paper, names); err != nil {
			return err
		}
		html := strings.Replace(drawn.String(), "<h1>", `<p class="sheet-title">`, 1)
		_, err := io.WriteString(w, strings.Replace(html, "</h1>", "</p>", 1))
		return err
	})
}

// minutesFile sends the minutes in one form, the legal version with its annexes; the public version when the address
// says so.
func (p Pages) minutesFile(q *web.Request, ending, mediaType string,
	draw func(io.Writer, papers.Paper, papers.Names, papers.Meta) error) error {
	return p.read(q, readers, func(r store.Reader, a at) error {
		m, names, public, err := p.drawnMinutes(r, q, a)
		if err != nil {
			return err
		}
		meta := papers.Meta{Draft: !m.Frozen(), Hash: m.Hash, Made: r.Now().Time().Truncate(time.Second)}
		if m.Frozen() {
			meta.Made = m.FrozenAt.Time().Truncate(time.Second)
		}
		name, paper := a.Meeting.Name, m.Paper
		if public {
			name += "-" + q.T("sitting.minutes.file.public")
		} else {
			annexes, err := sitting.Annexes(r, a.Meeting.ID, p.Book)
			if err != nil {
				return err
			}
			paper, names = sitting.Whole(paper, names, annexes)
		}
		return q.Inline(name+ending, mediaType, func(w io.Writer) error { return draw(w, paper, names, meta) })
	})
}

// minutesPDF sends the minutes to be printed; the legal version has its annexes behind it, each on pages of its own.
func (p Pages) minutesPDF(q *web.Request) error {
	return p.read(q, readers, func(r store.Reader, a at) error {
		m, names, public, err := p.drawnMinutes(r, q, a)
		if err != nil {
			return err
		}
		var annexes []sitting.Annex
		if !public {
			if annexes, err = sitting.Annexes(r, a.Meeting.ID, p.Book); err != nil {
				return err
			}
		}
		if len(annexes) == 0 {
			return p.minutesFile(q, ".pdf", "application/pdf", papers.PDF)
		}
		meta := papers.Meta{Draft: !m.Frozen(), Made: r.Now().Time().Truncate(time.Second)}
		if m.Frozen() {
			meta.Made = m.FrozenAt.Time().Truncate(time.Second)
		}
		return q.Inline(a.Meeting.Name+".pdf", "application/pdf", func(w io.Writer) error {
			return sitting.Bind(w, m, names, annexes, meta)
		})
	})
}

func (p Pages) minutesODT(q *web.Request) error {
	return p.minutesFile(q, ".odt", "application/vnd.oasis.opendocument.text", papers.ODT)
}

func (p Pages) minutesText(q *web.Request) error {
	return p.minutesFile(q, ".txt", "text/plain; charset=utf-8",
		func(w io.Writer, paper papers.Paper, names papers.Names, _ papers.Meta) error {
			return papers.Text(w, paper, names)
		})
}

func (p Pages) openReview(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var a at
	if err := p.read(q, runs, func(_ store.Reader, found at) error { a = found; return nil }); err != nil {
		return err
	}
	days := form.NeedInt("days", sitting.LeastDays, sitting.MostDays)
	done, err := p.act(q, form, "review", func(tx *store.Tx) error {
		return sitting.OpenReview(tx, a.Meeting.ID,
			int(days))
	})
	if err != nil {
		return err
	}
	if !done {
		return p.minutesAgain(q, form)
	}
	q.Flash(web.Yes, q.T("sitting.minutes.review.done"))
	return q.SeeOther(a.Path("minutes"))
}

func (p Pages) remark(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var a at
	if err := p.read(q, readers, func(_ store.Reader, found at) error { a = found; return nil }); err != nil {
		return err
	}
	k := sitting.Remark{Words: form.Lines("words", sitting.MaxWords)}
	if item := form.Raw("item"); item != "whole" {
		k.Item = meeting.ItemID(item)
	}
	done, err := p.act(q, form, "comment", func(tx *store.Tx) error {
		_, err := sitting.Comment(tx, a.Meeting.ID, k)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return p.minutesAgain(q, form)
	}
	q.Flash(web.Yes, q.T("sitting.minutes.remark.done"))
	return q.SeeOther(a.Path("minutes") + "#remarks")
}

// endReview ends the reading of the draft before its delay.
func (p Pages) endReview(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var a at
	if err := p.read(q, readers, func(_ store.Reader, found at) error { a = found; return nil }); err != nil {
		return err
	}
	why := form.Need("why", sitting.MaxTitle)
	done, err := p.act(q, form, "end-review", func(tx *store.Tx) error { return sitting.EndReview(tx, a.Meeting.ID, why) })
	if err != nil {
		return err
	}
	if !done {
		return p.minutesAgain(q, form)
	}
	q.Flash(web.Yes, q.T("sitting.minutes.end.done"))
	return q.SeeOther(a.Path("minutes"))
}

// agree notes that the person has nothing to remark.
func (p Pages) agree(q *web.Request) error {
	return p.press(q, readers, "agree", "minutes", func(tx *store.Tx, a at, _ *web.Form) error {
		return sitting.Agree(tx, a.Meeting.ID)
	})
}

// remarkPage is the form of an answer to a remark.
type remarkPage struct {
	at
	Form   *web.Form
	Remark remarkLine
	Place  string // "2 of 5"
	Next   string // address of another remark that waits; empty when this is the last
}

func (p Pages) readRemark(q *web.Request, page *remarkPage) error {
	whole := minutesPage{Form: page.Form}
	return p.read(q, runs, func(r store.Reader, a at) error {
		page.at, whole.at, whole.Legal = a, a, true
		if err := whole.readRemarks(r, q); err != nil {
			return err
		}
		i := slices.IndexFunc(whole.Remarks, func(k remarkLine) bool { return k.ID == q.Path("remark") })
		if i < 0 {
			return web.NotFound
		}
		page.Remark = whole.Remarks[i]
		page.Place = q.T("sitting.minutes.remark.place", "i", i+1, "n", len(whole.Remarks))
		for _, k := range slices.Concat(whole.Remarks[i+1:], whole.Remarks[:i]) {
			if k.Waits && page.Next == "" {
				page.Next = k.Href
			}
		}
		return nil
	})
}

func (p Pages) remarkPage(q *web.Request) error {
	page := remarkPage{Form: q.Blank()}
	if err := p.readRemark(q, &page); err != nil {
		return err
	}
	page.Form.Set("answer", page.Remark.Answer)
	if !page.Remark.Waits {
		verdict := "refused"
		if page.Remark.Kind == web.Yes {
			verdict = "accepted"
		}
		page.Form.Set("verdict", verdict)
	}
	return q.Page(remarkView(page))
}

func (p Pages) reply(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := remarkPage{Form: form}
	if err := p.readRemark(q, &page); err != nil {
		return err
	}
	verdict := form.Choice("verdict", "accepted", "refused")
	answer := form.Lines("answer", sitting.MaxWords)
	done, err := p.act(q, form, "reply", func(tx *store.Tx) error {
		return sitting.Reply(tx, page.Meeting.ID, page.Remark.ID, verdict == "accepted", answer)
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(remarkView(page))
	}
	if page.Next != "" { // one after the other, until none waits
		q.Flash(web.Yes, q.T("sitting.minutes.remark.answered"))
		return q.SeeOther(page.Next)
	}
	return q.SeeOther(page.Path("minutes") + "#remarks")
}

func (p Pages) settle(q *web.Request) error {
	return p.press(q, runs, "settle", "minutes", func(tx *store.Tx, a at, _ *web.Form) error {
		return sitting.Settle(tx, a.Meeting.ID, p.Book)
	})
}

func (p Pages) reopen(q *web.Request) error {
	return p.press(q, runs, "reopen", "minutes", func(tx *store.Tx, a at, _ *web.Form) error {
		return sitting.Reopen(tx, a.Meeting.ID)
	})
}

func (p Pages) freeze(q *web.Request) error {
	return p.press(q, runs, "freeze", "minutes", func(tx *store.Tx, a at, _ *web.Form) error {
		_, err := sitting.Freeze(tx, a.Meeting.ID, p.Book)
		return err
	})
}

// signingPage is the form of a signature.
type signingPage struct {
	at
	Form    *web.Form
	Hash    string
	Persons []web.Option // for whom a scan may be handed in
	Name    string       // of the person at the keyboard, as it is typed
	Keys    int          // how many passkeys the person has
}

// signers says who may come to the page: who signs, and who hands in what was signed on paper.
func signers(a at) bool { return a.Bureau || a.There || a.Run }

func (p Pages) readSigning(q *web.Request, page *signingPage) error {
	return p.read(q, signers, func(r store.Reader, a at) error {
		page.at, page.Hash = a, a.Sitting.Text
		who, err := people.Get(r, people.PersonID(q.Who.Person))
		if err == nil {
			page.Name = who.Full()
		} else if refusalOf(err) == nil {
			return err
		}
		keys, err := people.Passkeys(r, people.PersonID(q.Who.Person))
		if err != nil {
			return err
		}
		page.Keys = len(keys)
		missing, err := sitting.Missing(r, a.Meeting.ID)
		if err != nil {
			return err
		}
		var ids []people.PersonID
		for _, o := range missing {
			ids = append(ids, o.Person)
		}
		say, err := newSpeaker(r, q.P, ids)
		for _, id := range ids {
			page.Persons = append(page.Persons, web.Option{Value: string(id), Label: say.person(id)})
		}
		return err
	})
}

func (p Pages) signing(q *web.Request) error {
	page := signingPage{Form: q.Blank()}
	if err := p.readSigning(q, &page); err != nil {
		return err
	}
	if page.Now != sitting.Settled {
		return q.SeeOther(page.Path("minutes"))
	}
	return q.Page(signingView(page))
}

func (p Pages) sign(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := signingPage{Form: form}
	if err := p.readSigning(q, &page); err != nil {
		return err
	}
	g := sitting.Signature{Person: people.PersonID(q.Who.Person),
		Kind: assembly.Signing(form.Choice("kind", "drawn", "typed", "scanned", "passkey"))}
	var scan *documents.Upload
	switch g.Kind {
	case assembly.Drawn:
		g.Evidence = form.Raw("path")
	case assembly.Passkey:
		g.Evidence, g.Origin = form.Raw("answer"), p.Links
	case assembly.Typed:
		g.Evidence = form.Need("typed", sitting.MaxTitle)
		if !form.Flag("agree") {
			form.Problem(fault.Refuse("sitting.refusal.agree").At("agree"))
		}
	case assembly.Scanned:
		if who := form.Raw("person"); who != "" {
			g.Person = people.PersonID(who)
		}
		if scan, err = takeScan(form); err != nil {
			return err
		}
	}
	done, err := p.act(q, form, "sign", func(tx *store.Tx) error {
		if scan != nil {
			d, err := documents.Add(tx, scan)
			if err != nil {
				return err
			}
			g.Evidence = d.ID
		}
		return sitting.Sign(tx, page.Meeting.ID, g)
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(signingView(page))
	}
	q.Flash(web.Yes, q.T("sitting.minutes.sign.done"))
	return q.SeeOther(page.Path("minutes"))
}

// takeScan reads the file of a form; what is wrong with it stands beside its field.
func takeScan(form *web.Form) (*documents.Upload, error) {
	file := form.NeedFile("scan", documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	scan, err := documents.Take(file.Name, file.Content)
	for _, r := range fault.Of(err) {
		form.Problem(r.At("scan"))
		err = nil
	}
	return scan, err
}

// asked is what a browser is told to have signed (WebAuthn, level 3, section 5.5). The address is the browser's own.
type asked struct {
	PublicKey struct {
		Challenge        string     `json:"challenge"`
		Timeout          int64      `json:"timeout"` // ms
		UserVerification string     `json:"userVerification"`
		AllowCredentials []askedKey `json:"allowCredentials"`
	} `json:"publicKey"`
}

type askedKey struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// askSignature tells the browser what to sign: the settled text, with one of the person's own passkeys.
func (p Pages) askSignature(q *web.Request) error {
	var a asked
	a.PublicKey.Timeout, a.PublicKey.UserVerification = people.ChallengeLife.Milliseconds(), "required"
	err := p.read(q, signers, func(r store.Reader, found at) error {
		if found.Now != sitting.Settled {
			return web.NotFound
		}
		who := people.PersonID(q.Who.Person)
		keys, err := people.Passkeys(r, who)
		for _, k := range keys {
			a.PublicKey.AllowCredentials = append(a.PublicKey.AllowCredentials,
				askedKey{"public-key", base64.RawURLEncoding.EncodeToString(k.Credential)})
		}
		if err == nil && len(keys) == 0 {
			err = web.NotFound
		}
		a.PublicKey.Challenge = base64.RawURLEncoding.EncodeToString(sitting.Challenge(found.Sitting, who))
		return err
	})
	if err != nil {
		return err
	}
	q.W.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(q.W).Encode(a)
}
