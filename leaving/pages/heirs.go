package pages

import (
	"strconv"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	personview "lieux/people/view"
	"lieux/register"
)

// filePage is the file of the heirs.
type filePage struct {
	Form     *web.Form
	File     leaving.File
	Person   people.Person
	Path     string
	Heirs    []heirRow
	Papers   []paperRow
	Missing  []web.Line
	Wanted   []web.Option // of the papers
	Lots     []web.Option
	Takers   []web.Option
	Heir     personview.Choice
	Guardian personview.Choice
	Decided  personview.DecisionChoice
	Open     bool // it may still change
	Writer   bool
	Today    string
	Total    string
}

type heirRow struct {
	ID, Person, Part, Guardian, IBAN, Cents, Paid string
	Minor                                         bool
}

type paperRow struct{ Kind, Heir, On, Document string }

func (p Pages) filePage(q *web.Request, form *web.Form) (filePage, error) {
	return view(q, p.DB, func(r store.Reader) (page filePage, err error) {
		x, err := numbered(r, q)
		if err != nil {
			return page, err
		}
		if x.Cause != leaving.Death {
			return page, web.NotFound
		}
		page = filePage{Form: form, Path: pathOf(x), Writer: q.Who.May(writers), Today: r.Today().String(),
			Heir: personview.Choice{Name: "heir"}, Guardian: personview.Choice{Name: "guardian"}}
		if page.File, err = leaving.FileOf(r, x.ID); err != nil {
			return page, err
		}
		page.Open = page.Writer && !page.File.Shared && !x.State.Ended()
		c, err := register.CooperatorNumbered(r, x.Cooperator)
		if err != nil {
			return page, err
		}
		if page.Person, err = people.Standing(r, c.Person); err != nil {
			return page, err
		}
		if err := page.readHeirs(q, r); err != nil {
			return page, err
		}
		for _, one := range page.File.Missing {
			page.Missing = append(page.Missing, web.Line{Text: q.P.Refusal(one), Article: one.Article})
		}
		for _, l := range x.Lots {
			if x.State.Pending() && l.Shares > 0 {
				page.Lots = append(page.Lots, web.Option{Value: strconv.FormatInt(l.Lot.Lot, 10) + " " + l.Class,
					Label: q.T("leaving.page.lot-option", "class", l.Class, "lot", l.Lot.Lot, "n", l.Shares)})
			}
		}
		page.Decided, err = personview.Deciding{Name: "decision", By: []people.BodyKind{people.Board,
			people.Assembly}}.Offer(r, q.P, form)
		return page, err
	})
}

func (page *filePage) readHeirs(q *web.Request, r store.Reader) error {
	f := page.File
	shares := f.Divide(f.Exit.Cents)
	page.Total = q.P.Money(f.Exit.Cents)
	names := map[leaving.HeirID]string{}
	for i, h := range f.Heirs {
		who, err := people.Standing(r, h.Person)
		if err != nil {
			return err
		}
		names[h.ID] = who.Words(q.P)
		row := heirRow{ID: string(h.ID), Person: who.Words(q.P), IBAN: h.IBAN.String(), Minor: leaving.Minor(who, r.Today()),
			Part: strconv.FormatInt(h.A, 10) + "/" + strconv.FormatInt(h.B, 10)}
		if f.Exit.State.InEffect() {
			row.Cents = q.P.Money(shares[i])
		}
		if h.Guardian != "" {
			guardian, err := people.Standing(r, h.Guardian)
			if err != nil {
				return err
			}
			row.Guardian = guardian.Words(q.P)
		}
		if h.Credit != "" {
			c, err := payment.CreditByID(r, h.Credit)
			if err != nil {
				return err
			}
			row.Paid = q.P.Money(c.Cents - c.Open())
		}
		page.Heirs = append(page.Heirs, row)
		page.Takers = append(page.Takers, web.Option{Value: row.ID, Label: row.Person})
	}
	for _, one := range f.Papers {
		page.Papers = append(page.Papers, paperRow{Kind: capital(q.P, one.Kind.Words()), Heir: names[one.Heir],
			On: q.P.ShortDate(one.ReceivedOn), Document: documentPath(one.Document)})
	}
	page.Wanted = wantedPapers(q.P, f, names)
	return nil
}

// wantedPapers are those that the file still lacks, each with its heir.
func wantedPapers(p *lang.Printer, f leaving.File, names map[leaving.HeirID]string) (list []web.Option) {
	want := func(kind leaving.PaperKind, heir leaving.HeirID) {
		if f.Has(kind, heir) {
			return
		}
		label := capital(p, kind.Words())
		if heir != "" {
			label += ", " + names[heir]
		}
		list = append(list, web.Option{Value: string(kind) + " " + string(heir), Label: label})
	}
	want(leaving.DeathPaper, "")
	want(leaving.HeirsPaper, "")
	for _, h := range f.Heirs {
		want(leaving.IdentityPaper, h.ID)
		if h.Guardian != "" {
			want(leaving.GuardianPaper, h.ID)
		}
	}
	return list
}

func (p Pages) file(q *web.Request) error {
	page, err := p.filePage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(fileView(page))
}

// files runs a verb on the file of an address.
func (p Pages) files(q *web.Request, verb string, read func(r store.Reader, form *web.Form,
	x leaving.Exit, page *filePage) (act, error)) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var x leaving.Exit
	var do act
	var chosen filePage
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if x, err = numbered(v, q); err != nil {
			return err
		}
		do, err = read(v, form, x, &chosen)
		return err
	})
	if err != nil {
		return err
	}
	if answered, err := p.done(q, form, verb, pathOf(x)+"/heirs", do); answered {
		return err
	}
	page, err := p.filePage(q, form)
	if err != nil {
		return err
	}
	if chosen.Heir.Name != "" {
		page.Heir = chosen.Heir
	}
	if chosen.Guardian.Name != "" {
		page.Guardian = chosen.Guardian
	}
	return q.Again(fileView(page))
}

func (p Pages) addHeir(q *web.Request) error {
	return p.files(q, "add-heir", func(r store.Reader, form *web.Form, x leaving.Exit, page *filePage) (act, error) {
		h := leaving.Heir{Exit: x.ID, IBAN: payment.ReadIBAN(form.Text("iban", 60))}
		var err error
		if page.Heir, err = personview.Pick(r, q.P, form, "heir", true); err != nil {
			return nil, err
		}
		h.Person = page.Heir.Person
		if form.Raw("guardian") != "" {
			if page.Guardian, err = personview.Pick(r, q.P, form, "guardian", true); err != nil {
				return nil, err
			}
			h.Guardian = page.Guardian.Person
		}
		var right bool
		if h.A, h.B, right = partIn(form.Need("part", 20)); !right && !form.Has("part") {
			form.Problem(fault.Refuse("leaving.refusal.part", "limit", leaving.MaxPart).At("part"))
		}
		return func(tx *store.Tx) error { _, err := leaving.AddHeir(tx, h); return err }, nil
	})
}

// maxLotChoice is how long the choice of a lot and a class is at most.
const maxLotChoice = 60

// partIn reads a part as people write it: 1/2, or 1 for the whole.
func partIn(text string) (a, b int64, right bool) {
	first, second, parted := strings.Cut(text, "/")
	if !parted {
		second = "1"
	}
	a, errA := strconv.ParseInt(strings.TrimSpace(first), 10, 32)
	b, errB := strconv.ParseInt(strings.TrimSpace(second), 10, 32)
	return a, b, errA == nil && errB == nil
}

func (p Pages) dropHeir(q *web.Request) error {
	return p.files(q, "drop-heir", func(_ store.Reader, _ *web.Form, x leaving.Exit, _ *filePage) (act, error) {
		id := leaving.HeirID(q.Path("id"))
		return func(tx *store.Tx) error { return leaving.DropHeir(tx, x.ID, id) }, nil
	})
}

func (p Pages) takePaper(q *web.Request) error {
	return p.files(q, "take-paper", func(_ store.Reader, form *web.Form, x leaving.Exit, _ *filePage) (act, error) {
		kind, heir, _ := strings.Cut(form.Need("paper", 100), " ")
		paper := leaving.Paper{Exit: x.ID, Kind: leaving.PaperKind(kind), Heir: leaving.HeirID(heir),
			ReceivedOn: form.NeedDate("received-on")}
		scan, err := upload(form, "scan")
		return func(tx *store.Tx) (err error) {
			if paper.Document, err = kept(tx, scan); err != nil {
				return err
			}
			return leaving.TakePaper(tx, paper)
		}, err
	})
}

func (p Pages) takeOver(q *web.Request) error {
	return p.files(q, "take-over", func(r store.Reader, form *web.Form, x leaving.Exit, _ *filePage) (act, error) {
		ruling, err := personview.Deciding{Name: "decision", By: []people.BodyKind{people.Board,
			people.Assembly}}.Take(r, form)
		heir := leaving.HeirID(form.Need("taker", 60))
		number, class, _ := strings.Cut(form.Need("lot", maxLotChoice), " ")
		lot, unread := strconv.ParseInt(number, 10, 64)
		if unread != nil && !form.Has("lot") {
			form.Problem(fault.Refuse("leaving.refusal.no-shares").By(leaving.Death.Article()).At("lot"))
		}
		part := leaving.Part{Lot: register.MovementNumber(lot), Class: register.ClassID(class),
			Shares: form.NeedInt("shares", 1, register.MaxShares)}
		on := form.NeedDate("on")
		return func(tx *store.Tx) error {
			decision, err := ruling.Record(tx)
			if err != nil {
				return err
			}
			return leaving.TakeOver(tx, x.ID, heir, part, on, decision)
		}, err
	})
}

func (p Pages) share(q *web.Request) error {
	return p.files(q, "share-out", func(_ store.Reader, _ *web.Form, x leaving.Exit, _ *filePage) (act, error) {
		return func(tx *store.Tx) error { return leaving.ShareOut(tx, x.ID) }, nil
	})
}
