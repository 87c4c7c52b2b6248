package pages

import (
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
	"lieux/subscription"
)

// described is somebody whom a request describes, and who in the books may be the same.
type described struct {
	Field   string
	Label   string
	Name    string
	Options []web.Option
}

// requestPage is a request with all that helps to decide.
type requestPage struct {
	Form     *web.Form
	Request  subscription.Request
	Path     string
	Name     string
	State    string
	Badge    web.Kind
	Amount   string
	Facts    []web.Fact
	Flags    []string
	Verdicts []web.Line
	Who      []described // who is to be found in the books
	People   []web.Fact  // who was found
	Steps    []web.Event
	Letters  []web.Link
	Payment  []web.Fact
	Scan     string
	Writer   bool
	Decider  bool
	Editable bool
	History  templ.Component
}

// acts says whether something can be done with the request besides deciding on it.
func (page requestPage) acts() bool {
	state := page.Request.State
	return page.Decider && (!state.Ended() && state != subscription.Matched || state.Ended() && !state.Fulfilled()) ||
		page.Writer && page.Scan == ""
}

func (s *screens) requestPage(q *web.Request, form *web.Form) (requestPage, error) {
	return look(q, s.DB, func(r store.Reader) (page requestPage, err error) {
		request, err := numbered(q, r)
		if err != nil {
			return page, err
		}
		persons, err := named(r, []subscription.Request{request})
		if err != nil {
			return page, err
		}
		page = requestPage{Form: form, Request: request, Path: requestPath(request.Number), Writer: q.Who.May(writers),
			Name: nameOf(q.P, request, persons), State: lang.Capital(q.P.Words(request.State.Words())),
			Badge: badge(request.State), Decider: q.Who.May(deciders),
			Amount:   q.T("subscription.page.asks", "n", request.Shares, "class", request.Class, "amount", request.Amount()),
			Editable: request.State == subscription.Sent || request.State.Undecided()}
		keeping, err := subscription.NewKeeping(r)
		if err != nil {
			return page, err
		}
		if page.Flags, err = flagsOf(r, q.P, keeping, request); err != nil {
			return page, err
		}
		m, says, came, err := subscription.Overstated(r, request)
		if err != nil {
			return page, err
		}
		if m != 0 {
			page.Flags = append(page.Flags, q.T("subscription.page.flag.overstated", "says", says, "came", came, "movement",
				m.String()))
		}
		if page.Verdicts, err = verdicts(r, q.P, request); err != nil {
			return page, err
		}
		for _, read := range []func(store.Reader, *web.Request) error{page.told, page.found, page.paid, page.past} {
			if err := read(r, q); err != nil {
				return page, err
			}
		}
		if s.History != nil {
			page.History, err = s.History(q.Context(), r, request.ID.Ref())
		}
		return page, err
	})
}

// told is what was asked, and how it came.
func (page *requestPage) told(r store.Reader, q *web.Request) error {
	request := page.Request
	fact := func(code, text string) {
		if text != "" {
			page.Facts = append(page.Facts, web.Fact{Name: q.T("subscription.page.fact." + code), Text: text})
		}
	}
	form := ""
	if request.Form != 0 {
		form = subscription.NumberWords(request.Form)
	}
	fact("channel", sentence(lang.Capital(q.P.Words(request.Channel.Words())), form))
	fact("sent", q.P.Moment(request.SentAt, r.Zone()))
	fact("signed", q.P.Date(request.SignedOn))
	fact("language", lang.Capital(q.P.Words(people.LangWords(request.Language))))
	if request.Campaign != "" {
		c, err := offer.CampaignByID(r, offer.CampaignID(request.Campaign))
		if err != nil {
			return err
		}
		fact("campaign", c.Title)
	}
	page.Facts = append(page.Facts, typedFacts(q.P, request.Purpose, request.Typed)...)
	texts, err := people.Texts(r)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if slices.Contains(request.Typed.Consents, t.ID) {
			fact("accepted", lang.Capital(q.P.Words(t.Kind.Words()))+" "+q.T("subscription.page.version", "from",
				q.P.Date(t.From)))
		}
	}
	if request.Scan != "" {
		d, found, err := documents.Find(r, request.Scan)
		if err != nil || !found {
			return err
		}
		page.Scan = d.Name
	}
	return nil
}

// found tells who in the books stands for whom, or who may.
func (page *requestPage) found(r store.Reader, q *web.Request) error {
	request := page.Request
	person := func(code string, id people.PersonID) error {
		if id == "" {
			return nil
		}
		who, err := people.Standing(r, id)
		if err != nil {
			return err
		}
		c, is, err := register.CooperatorOf(r, who.ID)
		if err != nil {
			return err
		}
		fact := web.Fact{Name: q.T("subscription.page.fact." + code), Body: view.Name(who)}
		if is {
			fact.Body = heldBy(who, c.Number)
		}
		page.People = append(page.People, fact)
		return nil
	}
	if request.Person != "" {
		if err := person("holder", request.Person); err != nil {
			return err
		}
		return person("payer", request.Payer)
	}
	if request.State.Ended() {
		return nil
	}
	for _, one := range request.Described() {
		d := described{Field: one.Role, Name: one.Who.Full(), Label: q.T("subscription.page.is." + one.Role)}
		twins, err := people.Alike(r, one.Who.Entry(request.Language, request.SignedOn))
		if err != nil {
			return err
		}
		first := ""
		for _, t := range twins[:min(len(twins), maxTwins)] {
			option, err := twinOption(r, q.P, t)
			if err != nil {
				return err
			}
			d.Options = append(d.Options, option)
			if first == "" && t.Score >= sure {
				first = option.Value
			}
		}
		d.Options = append(d.Options, web.Option{Value: newRecord, Label: q.T("subscription.page.is.new"),
			Hint: q.T("subscription.page.is.new.hint")})
		if len(twins) == 0 {
			first = newRecord
		}
		if page.Form.Raw(one.Role) == "" {
			page.Form.Set(one.Role, first)
		}
		page.Who = append(page.Who, d)
	}
	return nil
}

// newRecord is the choice of a new record; the likeliest twin is chosen beforehand from sure on.
const (
	newRecord = "new"
	maxTwins  = 6
	sure      = 80
)

// twinOption is somebody of the books who may be meant, with what speaks for it and against it.
func twinOption(r store.Reader, p *lang.Printer, t people.Twin) (web.Option, error) {
	id := t.One
	if id == "" {
		id = t.Two
	}
	who, err := people.Standing(r, id)
	if err != nil {
		return web.Option{}, err
	}
	label := who.Words(p)
	if c, is, err := register.CooperatorOf(r, who.ID); err != nil {
		return web.Option{}, err
	} else if is {
		label = p.T("subscription.page.is.member", "name", label, "number", c.Number.String())
	}
	var alike, differ []string
	for _, why := range t.Alike {
		alike = append(alike, p.Words(why))
	}
	for _, why := range t.Differ {
		differ = append(differ, p.Words(why))
	}
	hint := lang.Capital(strings.Join(alike, " · "))
	if len(differ) > 0 {
		hint += " " + p.T("subscription.page.is.differ", "list", strings.Join(differ, " · "))
	}
	return web.Option{Value: string(who.ID), Label: p.T("subscription.page.is.this", "name", label), Hint: hint}, nil
}

// paid is what is to be paid for the request.
func (page *requestPage) paid(r store.Reader, q *web.Request) error {
	if page.Request.Due == "" {
		return nil
	}
	d, err := payment.DueByID(r, page.Request.Due)
	if err != nil {
		return err
	}
	fact := func(code, text string) {
		page.Payment = append(page.Payment, web.Fact{Name: q.T("subscription.page.fact." + code), Text: text})
	}
	fact("due", sentence(q.P.Money(d.Cents), q.P.Words(d.State().Words())))
	fact("received", q.P.Money(d.Received()))
	fact("ogm", d.OGM.String())
	if d.Left() > 0 && d.State().Waits() {
		fact("until", q.P.Date(d.Next().DueOn))
	}
	return nil
}

// past is what happened to the request, and the letters about it.
func (page *requestPage) past(r store.Reader, q *web.Request) error {
	steps, err := subscription.Steps(r, page.Request.ID)
	if err != nil {
		return err
	}
	for _, step := range steps {
		text := lang.Capital(q.P.Words(step.State.Words()))
		if step.Decision != "" {
			words, _, err := view.DecisionWords(r, q.P, step.Decision)
			if err != nil {
				return err
			}
			text = q.T("subscription.page.step", "what", text, "why", words)
		}
		if step.Movement != 0 {
			page.Letters = append(page.Letters, web.Link{Href: "/register/movements/" + step.Movement.String(),
				Text: q.T("subscription.page.to-movement", "number", step.Movement.String())})
			text = q.T("subscription.page.step.movement", "what", text, "number", step.Movement.String())
		}
		if step.Why != "" {
			text = q.T("subscription.page.step", "what", text, "why", step.Why)
		}
		who := q.T("subscription.system")
		if step.Author != "" {
			person, err := people.Standing(r, step.Author)
			if err != nil {
				return err
			}
			who = person.Words(q.P)
		}
		page.Steps = append(page.Steps, web.Event{When: q.P.Moment(step.At, r.Zone()),
			Text: q.T("subscription.page.step.by", "what", text, "who", who)})
	}
	letters, err := subscription.Letters(r, page.Request.ID)
	for _, l := range letters {
		page.Letters = append(page.Letters, web.Link{Text: q.T("subscription.page.letter-of", "what", l.Kind.Words(),
			"on", l.At.On(r.Zone()), "how", l.Channel.Words()), Href: page.Path + "/letters/" + string(l.Kind)})
	}
	return err
}

func (s *screens) request(q *web.Request) error {
	page, err := s.requestPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(requestView(page))
}

// changed acts on a request and shows it again.
func (s *screens) changed(q *web.Request, verb, said string,
	fn func(*store.Tx, *web.Form, subscription.RequestID) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	id, err := look(q, s.DB, func(r store.Reader) (subscription.RequestID, error) {
		request, err := numbered(q, r)
		return request.ID, err
	})
	if err != nil {
		return err
	}
	answered, err := s.done(q, form, verb, said, pathRequest+"/"+q.Path("number"),
		func(tx *store.Tx) error { return fn(tx, form, id) })
	if answered {
		return err
	}
	page, err := s.requestPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(requestView(page))
}

// place says who in the books is meant.
func (s *screens) place(q *web.Request) error {
	return s.changed(q, "subscription.place", "subscription.page.placed",
		func(tx *store.Tx, form *web.Form, id subscription.RequestID) error {
			request, err := subscription.Get(tx, id)
			if err != nil {
				return err
			}
			chosen := map[string]people.PersonID{}
			for _, one := range request.Described() {
				switch value := form.Text(one.Role, 60); value {
				case "":
					return fault.Refuse("subscription.refusal.choose").At(one.Role)
				case newRecord:
				default:
					chosen[one.Role] = people.PersonID(value)
				}
			}
			_, err = subscription.Place(tx, id, subscription.Stand{Applicant: chosen["applicant"], Second: chosen["second"],
				Payer: chosen["payer"]})
			return err
		})
}

func (s *screens) wait(q *web.Request) error {
	return s.changed(q, "subscription.wait", "subscription.page.waits",
		func(tx *store.Tx, form *web.Form, id subscription.RequestID) error {
			return at("wait-why", subscription.Wait(tx, id, form.Text("wait-why", subscription.MaxWhy)))
		})
}

func (s *screens) withdraw(q *web.Request) error {
	return s.changed(q, "subscription.withdraw", "subscription.page.withdrawn",
		func(tx *store.Tx, form *web.Form, id subscription.RequestID) error {
			return at("withdraw-why", subscription.Withdraw(tx, id, form.Text("withdraw-why", subscription.MaxWhy)))
		})
}

func (s *screens) reopen(q *web.Request) error {
	return s.changed(q, "subscription.reopen", "subscription.page.reopened",
		func(tx *store.Tx, form *web.Form, id subscription.RequestID) error {
			return at("reopen-why", subscription.Reopen(tx, id, form.Text("reopen-why", subscription.MaxWhy)))
		})
}

// at names the field of this page that holds the reason.
func at(field string, err error) error {
	rs := fault.Of(err)
	if len(rs) == 0 {
		return err
	}
	rs = slices.Clone(rs)
	for i, one := range rs {
		if one.Field == "why" {
			rs[i] = one.At(field)
		}
	}
	return rs
}

// attach joins a scan to a request.
func (s *screens) attach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	form.NeedFile("scan", documents.MaxSize)
	paper, err := takeScan(form)
	if err != nil {
		return err
	}
	return s.changed(q, "subscription.scan", "subscription.page.attached",
		func(tx *store.Tx, form *web.Form, id subscription.RequestID) error {
			scan, err := keep(tx, form, paper)
			if err != nil {
				return err
			}
			return subscription.Attach(tx, id, scan)
		})
}

// scan shows the paper.
func (s *screens) scan(q *web.Request) error {
	d, err := look(q, s.DB, func(r store.Reader) (documents.Document, error) {
		request, err := numbered(q, r)
		if err != nil {
			return documents.Document{}, err
		}
		d, found, err := documents.Find(r, request.Scan)
		if err == nil && !found {
			err = web.NotFound
		}
		return d, err
	})
	if err != nil {
		return err
	}
	return q.Inline(d.Name, d.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), s.DB, d))
		return err
	})
}

// letterPDF draws a letter that was written.
func (s *screens) letterPDF(q *web.Request) error {
	kind := subscription.LetterKind(q.Path("kind"))
	n, err := look(q, s.DB, func(r store.Reader) (n subscription.Notice, err error) {
		request, err := numbered(q, r)
		if err != nil {
			return n, err
		}
		letters, err := subscription.Letters(r, request.ID)
		if err == nil && !slices.ContainsFunc(letters, func(l subscription.Letter) bool { return l.Kind == kind }) {
			err = web.NotFound
		}
		if err != nil {
			return n, err
		}
		return subscription.NoticeOf(r, request.ID, kind)
	})
	if err != nil {
		return err
	}
	name := q.T("subscription.page.file.letter", "number", n.Request.Number) + ".pdf"
	return q.Inline(name, "application/pdf", n.PDF)
}
