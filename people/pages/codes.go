package pages

import (
	"io"
	"slices"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// pathPaper is where a code on paper is typed.
const pathPaper = web.PathSignIn + "/paper"

func (p Pages) codeRoutes() []web.Route {
	const codes = "/people/{id}/codes"
	return []web.Route{
		{Pattern: "GET " + pathPaper, Allow: web.Public, Handle: p.paperPage},
		{Pattern: "POST " + pathPaper, Allow: web.Public, Handle: p.enterByPaper},
		{Pattern: "GET " + codes, Allow: writers, Handle: p.codes},
		{Pattern: "POST " + codes, Allow: writers, Handle: p.makeCode},
		{Pattern: "GET " + codes + "/notice.pdf", Allow: writers, Handle: p.keysNotice},
		{Pattern: "POST " + codes + "/{code}/revocation", Allow: writers, Handle: p.revokeCode, From: codes},
	}
}

func (p Pages) paperPage(q *web.Request) error {
	if q.Who.May(web.Member) {
		return q.SeeOther(web.PathHome)
	}
	return q.Page(paperView(q.Blank()))
}

// enterByPaper uses a code up. To enter so is an act: the journal says when a code that the office made was used.
func (p Pages) enterByPaper(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	if err := p.tried(q, "paper"); err != nil {
		return err
	}
	typed := f.Need("code", web.MaxLine)
	if f.OK() {
		var code people.PaperCode
		var open bool
		err := p.DB.View(q.Context(), func(v *store.View) (err error) {
			code, open, err = people.OpenPaperCode(v, typed)
			return err
		})
		if err != nil {
			return err
		}
		if !open {
			f.Problem(fault.Refuse("people.refusal.paper-code").At("code"))
			return q.Again(paperView(f))
		}
		var who people.PersonID
		_, err = p.DB.Act(q.Context(), store.By(string(code.Person), "people.paper-code-use"),
			func(tx *store.Tx) (err error) { who, err = people.RedeemPaperCode(tx, typed); return err })
		if err == nil {
			return p.enter(q, web.Signed{Person: string(who), How: web.ByPaper})
		}
		if !f.Refused(err) {
			return err
		}
	}
	return q.Again(paperView(f))
}

// codesPage is what the office sees of the codes of one person.
type codesPage struct {
	form *web.Form
	who  people.Person
	rows []codeRow
	may  bool // the reader may make one
	post bool // the person has no e-mail: what is told of ways in goes by post
}

// codeRow is one code, in words.
type codeRow struct {
	id, way, made, until, state string
	kind                        web.Kind
	open                        bool
	form                        *web.Form // of its own: the page stays open while letters are made beside it
}

func (p Pages) codes(q *web.Request) error {
	page, err := p.readCodes(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(codesView(page))
}

var codeKinds = map[string]web.Kind{"open": web.Wait, "used": web.Yes, "revoked": web.Off, "over": web.Off}

func (p Pages) readCodes(q *web.Request, f *web.Form) (page codesPage, err error) {
	page.form = f
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if page.who, err = personIn(q, v); err != nil {
			return err
		}
		if page.who.Kind != people.Natural || !page.who.Erased.IsZero() {
			return web.NotFound
		}
		roles, err := people.AccessOn(v, page.who.ID, v.Today())
		if err != nil {
			return err
		}
		emails, err := emailsOf(v, page.who.ID)
		if err != nil {
			return err
		}
		page.post, page.may = len(emails) == 0, len(roles) == 0 || q.Who.May(web.Admin)
		list, err := people.PaperCodes(v, page.who.ID)
		for _, c := range list {
			state := c.State(v.Now())
			row := codeRow{id: c.ID, way: q.P.Words(c.Way.Words()), made: q.P.Date(c.Made.On(v.Zone())),
				until: q.P.Date(c.Ends.On(v.Zone())), state: q.T("people.code." + state), kind: codeKinds[state],
				open: state == "open", form: q.Blank()}
			if c.Used != 0 {
				row.until = q.P.Date(c.Used.On(v.Zone()))
			}
			page.rows = append(page.rows, row)
		}
		return err
	})
	return page, err
}

// makeCode makes a code and answers with the letter that carries it: the only time that it is shown. The same form sent
// twice makes one code, and shows it once.
func (p Pages) makeCode(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readCodes(q, f)
	if err != nil {
		return err
	}
	way := people.Way(f.Choice("way", string(people.ByPost), string(people.AtDoor)))
	if !f.OK() {
		return q.Again(codesView(page))
	}
	var code string
	var made people.PaperCode
	out, err := p.DB.Act(q.Context(), store.By(q.Who.Person, "people.paper-code").Once(f.Key()),
		func(tx *store.Tx) (err error) {
			if code, made, err = people.MakePaperCode(tx, page.who.ID, way); err != nil {
				return err
			}
			return p.warn(tx, page.who.ID, codeMade, "")
		})
	if err != nil {
		if !f.Refused(err) {
			return err
		}
		return q.Again(codesView(page))
	}
	if out.Repeated {
		q.Flash(web.Info, q.T("people.code.shown-once"))
		return q.SeeOther(view.Path(page.who.ID) + "/codes")
	}
	return p.codeLetter(q, page.who, code, made)
}

// codeLetter is the letter that carries a code, addressed for a window envelope when it goes by post.
func (p Pages) codeLetter(q *web.Request, who people.Person, code string, made people.PaperCode) error {
	pr := p.Book.In(who.Lang)
	paper := papers.Paper{Kind: papers.Letter, Lang: who.Lang, Title: pr.T("people.code.letter.title")}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if paper.House, err = coopName(v); err != nil {
			return err
		}
		if made.Way == people.ByPost {
			homes, err := people.Addresses(v, who.ID)
			if err != nil {
				return err
			}
			to := papers.Address{Lines: []papers.Line{papers.T(who.Full())}}
			if home, known := people.AddressOn(homes, people.Home, v.Today(), 0); known {
				to.Lines = append(to.Lines, homeLines(home)...)
			}
			paper.Blocks = append(paper.Blocks, to)
		}
		paper.Blocks = append(paper.Blocks,
			papers.Paragraph{Words: papers.T(pr.T("people.code.letter.greeting", "name", who.Full()))},
			papers.Paragraph{Words: papers.T(pr.T("people.code.letter.text", "coop", paper.House))},
			papers.Heading{Level: 2, Words: papers.T(people.ShowPaperCode(code))},
			papers.Facts{Items: []papers.Fact{
				{Term: pr.T("people.code.letter.page"), Words: papers.T(strings.TrimSuffix(p.Links, "/") + pathPaper)},
				{Term: pr.T("people.code.letter.until"), Words: papers.T(pr.LongDate(made.Ends.On(v.Zone())))}}},
			papers.Paragraph{Words: papers.T(pr.T("people.code.letter.once"))},
			papers.Hint{Words: papers.T(pr.T("people.code.letter.hint"))},
			papers.QR{Text: strings.TrimSuffix(p.Links, "/") + pathPaper, Words: papers.T(pr.T("people.code.letter.qr"))})
		return nil
	})
	if err != nil {
		return err
	}
	return q.Inline(pr.T("people.code.letter.file")+".pdf", "application/pdf", func(w io.Writer) error {
		return papers.PDF(w, paper, nil, papers.Meta{Author: paper.House, Made: p.DB.Now()})
	})
}

// homeLines are the lines of an address as a letter bears them.
func homeLines(a people.Address) (lines []papers.Line) {
	for _, s := range []string{a.Street, strings.TrimSpace(a.Postcode + " " + a.Town), a.Country} {
		if s != "" && s != "Belgique" {
			lines = append(lines, papers.T(s))
		}
	}
	return lines
}

func (p Pages) revokeCode(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "people.paper-code-revoke").Once(f.Key()),
		func(tx *store.Tx) error {
			who, err := personIn(q, tx)
			if err != nil {
				return err
			}
			list, err := people.PaperCodes(tx, who.ID)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(list, func(c people.PaperCode) bool { return c.ID == q.Path("code") }) {
				return web.NotFound
			}
			if err := people.RevokePaperCode(tx, q.Path("code")); err != nil {
				return err
			}
			return p.warn(tx, who.ID, codeRevoked, "")
		})
	if err != nil {
		return missing(err)
	}
	q.Flash(web.Yes, q.T("people.code.revoked-now"))
	return q.SeeOther("/people/" + q.Path("id") + "/codes")
}

// wayOptions are the ways by which a code comes to its person.
func wayOptions(p *lang.Printer) (list []web.Option) {
	for _, w := range people.Ways {
		list = append(list, web.Option{Value: string(w), Label: lang.Capital(p.Words(w.Words()))})
	}
	return list
}
