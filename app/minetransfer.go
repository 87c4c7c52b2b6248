package app

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/followup"
	"lieux/people"
	"lieux/register"
)

// verbTransfer is the act of a holder who asks for a cession. Nothing of it moves a share: the register is written by
// the office, once the letter is signed and the bylaws are met ([register.Cede]).
const verbTransfer = "app.mine.transfer"

// ceding is what a session remembers of the cession that was asked for last: the letter is written from it.
const ceding = "ceding"

// The steps of the form, and who may take the shares.
const (
	stepSend     = "send"
	stepMend     = "mend"
	takerMember  = "member"
	takerNew     = "newcomer"
	maxTaker     = 120 // signs of a name
	maxTakerHome = 160 // of a domicile or seat
)

// cession is what a holder asks for. Who takes the shares stands in the session and on the letter, nowhere else: the
// cooperative keeps nothing of somebody who is not admitted.
type cession struct {
	Class  register.ClassID `json:"class"`
	Shares int64            `json:"shares"`
	Cause  register.Cause   `json:"cause"`
	To     register.Number  `json:"to,omitempty"` // 0: a newcomer
	Name   string           `json:"name"`
	Home   string           `json:"home,omitempty"`
	From   register.Number  `json:"from"`
	For    people.PersonID  `json:"for"`
}

// transferPage is what GET /my/transfer shows.
type transferPage struct {
	Form    *web.Form
	Party   string
	Holds   bool
	Sent    bool // a letter waits to be signed
	Held    []web.Fact
	Classes []web.Option
	Causes  []web.Option
	Rules   []web.Fact
	Look    []web.Fact // the last look; none while the form is filled in
	Stages  []string   // what follows, in order
	Hidden  []string
}

// transferring is what the rules are asked about.
type transferring struct {
	holder  register.Cooperator
	person  people.Person
	held    map[register.ClassID]int64
	classes []register.ShareClass
	rules   bylaws.Bylaws
}

// readTransferring finds the number under which somebody holds shares today.
func readTransferring(r store.Reader, id people.PersonID) (t transferring, holds bool, err error) {
	if t.person, err = people.Standing(r, id); err != nil {
		return t, false, err
	}
	if t.rules, err = bylaws.On(r, r.Today()); err != nil {
		return t, false, err
	}
	if t.classes, err = register.Classes(r); err != nil {
		return t, false, err
	}
	numbers, err := numbersOf(r, id)
	if err != nil {
		return t, false, err
	}
	for _, c := range numbers {
		held, err := register.HoldingsOf(r, c.Number, r.Today(), civil.Date{})
		if err != nil {
			return t, false, err
		}
		if len(held) == 0 {
			continue
		}
		t.holder, t.held = c, map[register.ClassID]int64{}
		for _, l := range held {
			t.held[l.Class] += l.Shares
		}
		return t, true, nil
	}
	return t, false, nil
}

// causes are those that a living holder gives; an inheritance begins with the office, which opens the file of a death.
func (t transferring) causes() []register.Cause {
	list := []register.Cause{register.Sale, register.Gift, register.Division, register.OtherCause}
	if t.person.Kind == people.Legal {
		list = slices.Insert(list, 2, register.Merger)
	}
	return list
}

// show fills the page with what is held and what the bylaws ask.
func (page *transferPage) show(p *lang.Printer, t transferring) {
	for _, c := range t.classes {
		if n := t.held[c.ID]; n > 0 {
			page.Held = append(page.Held, web.Fact{Name: c.Letter + p.T("app.mine.comma") + c.Name,
				Text: p.T("app.mine.transfer.held", "n", n)})
			page.Classes = append(page.Classes, web.Option{Value: string(c.ID),
				Label: c.Letter + p.T("app.mine.comma") + c.Name})
			if c.Restriction != "" {
				page.Rules = append(page.Rules, web.Fact{Name: p.T("app.mine.transfer.class", "class", c.Letter),
					Text: lang.Capital(cited(c.Restriction, c.Article))})
			}
		}
	}
	for _, c := range t.causes() {
		page.Causes = append(page.Causes, web.Option{Value: string(c), Label: lang.Capital(p.T(c.Code()))})
	}
	for _, key := range []bylaws.Key{bylaws.KeyTransfer, bylaws.KeyAdmission, bylaws.KeyHolding} {
		if rule, known := t.rules.Rule(key); known {
			page.Rules = append(page.Rules, web.Fact{Name: key.Words(p), Text: cited(rule.InWords(p), rule.Cited(p))})
		}
	}
	if len(page.Rules) == 0 {
		page.Rules = []web.Fact{{Name: bylaws.KeyTransfer.Words(p), Text: p.T("register.page.rule.unknown")}}
	}
}

// cited is a sentence with its article.
func cited(text, article string) string {
	if article == "" {
		return text
	}
	return text + " (" + article + ")"
}

// stages are what follows, in the order of the law and the bylaws, each with its article.
func (t transferring) stages(p *lang.Printer, newcomer bool) []string {
	list := []string{p.T("app.mine.transfer.stage.sign")}
	article := func(key bylaws.Key) string {
		rule, _ := t.rules.Rule(key)
		return rule.Cited(p)
	}
	if rule, known := t.rules.Admission(); newcomer && known {
		list = append(list, cited(p.T("app.mine.transfer.stage.admit."+rule.By), article(bylaws.KeyAdmission)))
	}
	if rule, known := t.rules.Transfer(); known && (newcomer || !rule.ToMembersFree) {
		if rule.PreemptionDays > 0 {
			list = append(list, cited(p.T("app.mine.transfer.stage.offer", "n", rule.PreemptionDays),
				article(bylaws.KeyTransfer)))
		}
		if rule.Approval != bylaws.ByNobody {
			list = append(list, cited(p.T("app.mine.transfer.stage.agree."+rule.Approval), article(bylaws.KeyTransfer)))
		}
	}
	return append(list, p.T("app.mine.transfer.stage.write"))
}

// transfer shows the form, and the letter of the cession that was asked for last.
func (m *mine) transfer(q *web.Request) error {
	page := transferPage{Form: q.Blank().Set("taker", takerMember), Party: q.Who.For.Name}
	err := m.app.db.View(q.Context(), func(v *store.View) error {
		t, holds, err := readTransferring(v, myself(q))
		page.Holds = holds
		if err != nil || !holds {
			return err
		}
		page.show(q.P, t)
		if c, kept := remembered(q); kept {
			page.Sent, page.Stages = true, t.stages(q.P, c.To == 0)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(page.Classes) == 1 {
		page.Form.Set("class", page.Classes[0].Value)
	}
	return q.Page(transferView(page))
}

// remembered is the cession that the session keeps, when it is of the one for whom the reader is here.
func remembered(q *web.Request) (c cession, kept bool) {
	err := json.Unmarshal([]byte(q.Recall(ceding)), &c)
	return c, err == nil && c.For == myself(q)
}

// propose shows the form once more in words, then sends it to the board.
func (m *mine) propose(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := transferPage{Form: form, Party: q.Who.For.Name}
	var t transferring
	var c cession
	err = m.app.db.View(q.Context(), func(v *store.View) error {
		if t, page.Holds, err = readTransferring(v, myself(q)); err != nil || !page.Holds {
			return err
		}
		page.show(q.P, t)
		c, err = t.read(v, form)
		return err
	})
	if err != nil && !form.Refused(err) {
		return err
	}
	step := form.Raw("step")
	if !page.Holds || !form.OK() || step == stepMend {
		return q.Again(transferView(page))
	}
	if step != stepSend {
		page.look(q.P, t, c)
		return q.Page(transferView(page))
	}
	by := store.By(q.Who.Person, verbTransfer).Once(form.Key())
	if _, err := m.app.db.Act(q.Context(), by, func(tx *store.Tx) error { return m.ask(tx, t, c) }); err != nil {
		return err
	}
	kept, err := json.Marshal(c)
	if err != nil {
		return err
	}
	q.Remember(ceding, string(kept))
	q.Flash(web.Yes, q.T("app.mine.transfer.sent"))
	return q.SeeOther(pathTransfer)
}

// read reads the form, and asks the rules that a request can be asked: what is held, who may hold, how many.
func (t transferring) read(r store.Reader, form *web.Form) (c cession, err error) {
	var ids, causes []string
	for id := range t.held {
		ids = append(ids, string(id))
	}
	for _, cause := range t.causes() {
		causes = append(causes, string(cause))
	}
	c = cession{Class: register.ClassID(form.Choice("class", ids...)),
		Cause: register.Cause(form.Choice("cause", causes...)), From: t.holder.Number, For: t.person.ID,
		Shares: form.NeedInt("shares", 1, register.MaxShares), Name: form.Need("name", maxTaker)}
	if form.Choice("taker", takerMember, takerNew) == takerMember {
		c.To = register.Number(form.NeedInt("number", 1, 1<<40))
	} else {
		c.Home = form.Need("home", maxTakerHome)
	}
	if !form.OK() {
		return c, nil
	}
	if held := t.held[c.Class]; c.Shares > held {
		return c, fault.Refuse("app.mine.refusal.shares", "n", held).At("shares")
	}
	if err := register.MayGive(r, c.From, c.Class, c.Shares, r.Today()); err != nil {
		return c, err
	}
	taken := int64(0)
	if c.To != 0 {
		if taken, err = t.taker(r, c); err != nil {
			return c, err
		}
	}
	return c, t.limits(r, c, taken)
}

// taker is how many shares a cooperator who is named by number holds. The name must be theirs: nobody learns here whose
// number it is.
func (t transferring) taker(r store.Reader, c cession) (shares int64, err error) {
	no := fault.Refuse("app.mine.refusal.taker", "number", c.To.String()).At("number")
	if c.To == c.From {
		return 0, fault.Refuse("app.mine.refusal.self").At("number")
	}
	other, err := register.CooperatorNumbered(r, c.To)
	if fault.Of(err) != nil {
		return 0, no
	}
	if err != nil {
		return 0, err
	}
	person, err := people.Standing(r, other.Person)
	if err != nil {
		return 0, err
	}
	typed := strings.Fields(fold.Text(c.Name))
	named := strings.Fields(fold.Text(person.Full()))
	for _, word := range strings.Fields(fold.Text(person.Family + " " + person.Name)) {
		if !slices.Contains(typed, word) {
			return 0, no
		}
	}
	for _, word := range typed {
		if !slices.Contains(named, word) {
			return 0, no
		}
	}
	held, err := register.HoldingsOf(r, c.To, r.Today(), civil.Date{})
	if err != nil {
		return 0, err
	}
	for _, l := range held {
		shares += l.Shares
	}
	if shares == 0 {
		return 0, no
	}
	for _, class := range t.classes {
		if class.ID == c.Class && !class.Holders.May(other.Kind) {
			return 0, fault.Refuse("app.mine.refusal.class", "class", class.Letter).At("number").By(class.Article)
		}
	}
	return shares, nil
}

// limits refuses what the bylaws let nobody hold after the cession. The issued shares stay as many.
func (t transferring) limits(r store.Reader, c cession, taken int64) error {
	rule, known := t.rules.Holding()
	if !known {
		return nil
	}
	issued, err := register.IssuedOn(r, r.Today(), civil.Date{})
	if err != nil {
		return err
	}
	left := -c.Shares
	for _, n := range t.held {
		left += n
	}
	no := func(code string, shares, limit int64) error {
		return fault.Refuse("register.refusal.holding-"+code, "shares", shares, "limit", limit).At("shares").
			By(t.rules.Article(bylaws.KeyHolding))
	}
	taken += c.Shares
	switch {
	case left > 0 && left < rule.Least:
		return no("least", left, rule.Least)
	case taken < rule.Least:
		return no("least", taken, rule.Least)
	case rule.Most > 0 && taken > rule.Most:
		return no("most", taken, rule.Most)
	case !rule.Part.IsZero() && taken > rule.Part.Floor(issued):
		return no("part", taken, rule.Part.Floor(issued))
	}
	return nil
}

// look says in words what is about to be asked.
func (page *transferPage) look(p *lang.Printer, t transferring, c cession) {
	say := func(code, text string) {
		page.Look = append(page.Look, web.Fact{Name: p.T("app.mine.transfer.field." + code), Text: text})
	}
	say("from", t.person.Words(p)+p.T("app.mine.comma")+p.T("app.mine.number", "number", c.From.String()))
	to := c.Name + p.T("app.mine.comma")
	if c.To != 0 {
		say("to", to+p.T("app.mine.number", "number", c.To.String()))
	} else {
		say("to", to+c.Home)
	}
	say("shares", p.T("app.mine.transfer.what", "n", c.Shares, "class", string(c.Class)))
	say("cause", lang.Capital(p.T(c.Cause.Code())))
	page.Stages = t.stages(p, c.To == 0)
	page.Hidden = []string{"shares", "class", "cause", "taker", "number", "name", "home"}
}

// ask writes the request down for the board, by numbers and without the name of who is not a cooperator yet.
func (m *mine) ask(tx *store.Tx, t transferring, c cession) error {
	house, _, err := people.TheHouse(tx)
	if err != nil {
		return err
	}
	board, err := people.TheBody(tx, people.Board)
	if err != nil {
		return err
	}
	p := m.app.book.In(house.Lang)
	code := "app.mine.task.member"
	if c.To == 0 {
		code = "app.mine.task.newcomer"
	}
	tx.Record(store.Line{About: []store.Ref{t.person.ID.Ref()}, Args: map[string]any{"n": c.Shares,
		"letter": string(c.Class)}})
	_, err = followup.Note(tx, followup.Task{Owner: board.ID, Since: tx.Today(),
		Title: p.T(code, "n", c.Shares, "class", string(c.Class), "from", c.From.String(), "to", c.To.String()),
		Words: p.T("app.mine.task.words", "cause", p.T(c.Cause.Code()), "link", m.app.links+registerPath(c.From))})
	return err
}

// registerPath is the form by which the office writes the cession.
func registerPath(from register.Number) string {
	return "/register/movements/new?kind=transfer&cooperator=" + from.String()
}

// letter is the letter that both sign, filled in as it was asked for; without a request, with the holder's part only.
func (m *mine) letter(q *web.Request) error {
	var sheet papers.FormSheet
	err := m.app.db.View(q.Context(), func(v *store.View) error {
		t, holds, err := readTransferring(v, myself(q))
		if err != nil {
			return err
		}
		if !holds {
			return fault.Refuse("app.mine.refusal.holder").By("CSA 6:25")
		}
		c, kept := remembered(q)
		if !kept || q.Query("blank") != "" {
			c = cession{From: t.holder.Number}
		}
		sheet, err = m.sheet(q.P, v, t, c)
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(q.T("app.mine.letter.file")+".pdf", "application/pdf", func(w io.Writer) error {
		return papers.PrintFillable(w, []papers.FormSheet{sheet}, papers.Meta{Made: m.app.db.Now()})
	})
}

// sheet draws the letter.
func (m *mine) sheet(p *lang.Printer, r store.Reader, t transferring, c cession) (papers.FormSheet, error) {
	house, _, err := people.TheHouse(r)
	if err != nil {
		return papers.FormSheet{}, err
	}
	itself, err := people.Standing(r, house.Person)
	if err != nil {
		return papers.FormSheet{}, err
	}
	homes, err := people.Across(r, t.person.ID, people.Addresses)
	if err != nil {
		return papers.FormSheet{}, err
	}
	home := ""
	if a, known := people.AddressOn(homes, people.Home, r.Today(), 0); known && a.Known() {
		home = a.Line()
	}
	box := func(span int, name, code, value string, most int) papers.FormText {
		return papers.FormText{Span: span, Name: name, Label: p.T("app.mine.letter." + code), Value: value, Max: most}
	}
	to, shares := "", ""
	if c.To != 0 {
		to = c.To.String()
	}
	if c.Shares != 0 {
		shares = p.Count(c.Shares)
	}
	head := func(code string) string { return p.T("app.mine.letter.part." + code) }
	return papers.FormSheet{Lang: p.Tag, House: itself.Full(), Title: p.T("app.mine.letter.title"),
		Lead: p.T("app.mine.letter.lead"), Link: m.app.links + registerPath(c.From), LinkNote: p.T("app.mine.letter.link"),
		Foot: p.T("app.mine.letter.foot"),
		Parts: []papers.FormPart{
			{Head: head("from"), Rows: []papers.FormRow{{box(8, "from", "name", t.person.Words(p), maxTaker),
				box(4, "from-number", "number", c.From.String(), 12)}, {box(12, "from-home", "home", home, maxTakerHome)}}},
			{Head: head("to"), Rows: []papers.FormRow{{box(8, "to", "name", c.Name, maxTaker),
				box(4, "to-number", "number-if", to, 12)}, {box(12, "to-home", "home", c.Home, maxTakerHome)}}},
			{Head: head("shares"), Rows: append([]papers.FormRow{{box(4, "shares", "shares", shares, 12),
				box(4, "class", "class", string(c.Class), 3), box(4, "wished", "wished", "", 20)}}, causeRows(p, t, c)...)},
			{Head: head("rules"), Rows: ruleRows(p, t, c)},
			{Head: head("sign"), Rows: signRows(p, c)},
			{Head: head("office"), Office: true, Rows: []papers.FormRow{
				{papers.FormPen{Span: 4, Label: p.T("app.mine.letter.office.received")},
					papers.FormPen{Span: 4, Label: p.T("app.mine.letter.office.decided")},
					papers.FormPen{Span: 4, Label: p.T("app.mine.letter.office.written")}}}},
		}}, nil
}

// signRows are what both agree to, and where they sign.
func signRows(p *lang.Printer, c cession) []papers.FormRow {
	agreed := p.T("app.mine.letter.agree")
	if c.To == 0 {
		agreed += " " + p.T("app.mine.letter.enter")
	}
	return []papers.FormRow{{papers.FormWords{Span: 12, Words: papers.T(agreed)}},
		{papers.FormPen{Span: 6, Label: p.T("app.mine.letter.sign.from"), Height: 22},
			papers.FormPen{Span: 6, Label: p.T("app.mine.letter.sign.to"), Height: 22}}}
}

// causeRows are the causes of a cession, one of which is taken.
func causeRows(p *lang.Printer, t transferring, c cession) []papers.FormRow {
	var row papers.FormRow
	for _, cause := range t.causes() {
		row = append(row, papers.FormChoice{Span: 12 / len(t.causes()), Name: "cause", Choice: string(cause),
			Tip: p.T("app.mine.letter.cause"), Words: papers.T(lang.Capital(p.T(cause.Code()))), On: cause == c.Cause})
	}
	return []papers.FormRow{row}
}

// ruleRows say what the law and the bylaws ask before the shares pass.
func ruleRows(p *lang.Printer, t transferring, c cession) (rows []papers.FormRow) {
	for _, stage := range t.stages(p, c.To == 0)[1:] {
		rows = append(rows, papers.FormRow{papers.FormWords{Span: 12, Words: papers.T("• " + stage)}})
	}
	return rows
}
