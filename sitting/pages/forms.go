package pages

import (
	"slices"
	"strings"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/sitting"
)

func retainedID(s string) assembly.RetainedID { return assembly.RetainedID(s) }

// openingPage is what GET /meetings/{name}/opening shows: who will hold the bureau.
type openingPage struct {
	at
	Form     *web.Form
	Fields   [4]peopleview.Choice // chair, secretary, two tellers
	First    []firstThing         // what is to be done before, and what is ready
	Already  bool
	Required int // fields that must be filled
}

// firstThing is one thing to see to before the opening.
type firstThing struct {
	Kind  web.Kind
	State string
	Text  string
	Link  web.Link
}

// openingFields are the names of the fields of the bureau.
var openingFields = [4]string{"chair", "secretary", "teller-1", "teller-2"}

func (p Pages) opening(q *web.Request) error {
	page := openingPage{Form: q.Blank(), Required: 2}
	err := p.read(q, runs, func(r store.Reader, a at) (err error) {
		page.at, page.Already = a, a.Opened
		for i, name := range openingFields {
			page.Fields[i] = peopleview.Choice{Name: name}
		}
		if err := page.first(r, q.P); err != nil {
			return err
		}
		return page.suggest(r)
	})
	if err != nil {
		return err
	}
	if page.Already {
		return q.SeeOther(page.Path("console"))
	}
	return q.Page(openingView(page))
}

// first says what is to be done before the opening: what would be refused stands with the page that mends it.
func (page *openingPage) first(r store.Reader, p *lang.Printer) error {
	say := func(kind web.Kind, code, to string, kv ...any) {
		state := "sitting.opening.first.done"
		switch kind {
		case web.No:
			state = "sitting.opening.first.missing"
		case web.Wait:
			state = "sitting.opening.first.advised"
		}
		page.First = append(page.First, firstThing{Kind: kind, State: p.T(state),
			Text: p.T("sitting.opening.first."+code, kv...),
			Link: web.Link{Text: p.T("sitting.opening.first." + code + ".do"), Href: page.Path(to)}})
	}
	m := page.Meeting
	if len(m.Matters()) == 0 {
		say(web.No, "agenda", "agenda")
	}
	if m.ConvenedAt == 0 {
		say(web.Wait, "convene", "convening")
	}
	roll, frozen, err := attendance.RollOf(r, m.ID)
	if err != nil {
		return err
	}
	refused := attendance.MayFreeze(m, r.Today(), m.Day(r.Zone()))
	switch {
	case frozen:
		heads, _ := roll.Issued.Heads.Get()
		say(web.Yes, "roll", "roll", "day", roll.Day, "n", heads)
	case len(refused) > 0:
		say(web.No, "not-yet", "", "why", p.Refusal(refused[0]))
		return nil
	default:
		say(web.Wait, "freeze", "door")
		return nil
	}
	hall, err := attendance.CountNow(r, m.ID)
	if heads, _ := hall.Total.Heads.Get(); heads > 0 {
		say(web.Yes, "there", "door", "n", heads)
	} else {
		say(web.Wait, "nobody", "door")
	}
	return err
}

// suggest proposes who presides and writes by right: the chair and the secretary of the board.
func (page *openingPage) suggest(r store.Reader) error {
	board, err := people.TheBody(r, people.Board)
	if err != nil {
		return ignoreRefusal(err)
	}
	seated, err := people.Seated(r, board.ID, r.Today())
	if err != nil {
		return err
	}
	for i, role := range []people.Role{people.Chair, people.Secretary} {
		at := slices.IndexFunc(seated, func(m people.Mandate) bool { return m.Role == role })
		if at < 0 {
			continue
		}
		who, err := people.Get(r, seated[at].Person)
		if err != nil {
			return err
		}
		page.Fields[i] = peopleview.Chosen(page.Form, openingFields[i], who)
	}
	return nil
}

func ignoreRefusal(err error) error {
	if refusalOf(err) != nil {
		return nil
	}
	return err
}

func (p Pages) open(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := openingPage{Form: form, Required: 2}
	var b sitting.Bureau
	err = p.read(q, runs, func(r store.Reader, a at) (err error) {
		page.at = a
		if err := page.first(r, q.P); err != nil {
			return err
		}
		for i, name := range openingFields {
			if i >= page.Required && form.Raw(name) == "" {
				page.Fields[i] = peopleview.Choice{Name: name}
				continue
			}
			if page.Fields[i], err = peopleview.Pick(r, q.P, form, name, false); err != nil {
				return err
			}
		}
		b.Chair, b.Secretary = page.Fields[0].Person, page.Fields[1].Person
		for _, f := range page.Fields[2:] {
			if f.Person != "" {
				b.Tellers = append(b.Tellers, f.Person)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	done, err := p.act(q, form, "open", func(tx *store.Tx) error { return sitting.Open(tx, page.Meeting.ID, b) })
	if err != nil {
		return err
	}
	if !done {
		return q.Again(openingView(page))
	}
	return q.SeeOther(page.Path("console"))
}

// bureauPage is what GET /meetings/{name}/bureau shows.
type bureauPage struct {
	at
	Form   *web.Form
	Who    peopleview.Choice
	Now    []officerLine
	Before []officerLine
}

// officerLine is one charge in ready words.
type officerLine struct {
	ID, Who, Charge, Span, Why string
	Ends                       bool // may be ended by itself
}

var charges = []assembly.Charge{assembly.Chair, assembly.Secretary, assembly.Teller, assembly.NoteTaker}

func (p Pages) bureau(q *web.Request) error {
	page := bureauPage{Form: q.Blank(), Who: peopleview.Choice{Name: "person"}}
	if err := p.readBureau(q, watch, &page); err != nil {
		return err
	}
	return q.Page(bureauView(page))
}

func (p Pages) readBureau(q *web.Request, may need, page *bureauPage) error {
	return p.read(q, may, func(r store.Reader, a at) error {
		page.at = a
		officers, err := sitting.Officers(r, a.Meeting.ID)
		if err != nil {
			return err
		}
		var ids []people.PersonID
		for _, o := range officers {
			ids = append(ids, o.Person)
		}
		say, err := newSpeaker(r, q.P, ids)
		if err != nil {
			return err
		}
		clock := clockIn(a.Zone)
		for _, o := range officers {
			line := officerLine{ID: o.ID, Who: say.person(o.Person), Charge: q.T("sitting.page.charge." + string(o.Charge)),
				Why: o.Why}
			if o.Held() {
				line.Span = q.T("sitting.page.since", "at", clock(o.From))
				line.Ends = o.Charge == assembly.Teller || o.Charge == assembly.NoteTaker
				page.Now = append(page.Now, line)
				continue
			}
			line.Span = q.T("sitting.page.from-until", "from", clock(o.From), "until", clock(o.Until))
			page.Before = append(page.Before, line)
		}
		return nil
	})
}

func (p Pages) appoint(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := bureauPage{Form: form}
	if err := p.readBureau(q, runs, &page); err != nil {
		return err
	}
	o := sitting.Officer{Why: form.Lines("why", sitting.MaxWords)}
	o.Charge = assembly.Charge(form.Choice("charge", chargeNames()...))
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Who, err = peopleview.Pick(v, q.P, form, "person", false)
		return err
	})
	if err != nil {
		return err
	}
	o.Person = page.Who.Person
	done, err := p.act(q, form, "appoint", func(tx *store.Tx) error { return sitting.Appoint(tx, page.Meeting.ID, o) })
	if err != nil {
		return err
	}
	if !done {
		return q.Again(bureauView(page))
	}
	q.Flash(web.Yes, q.T("sitting.page.appointed"))
	return q.SeeOther(page.Path("bureau"))
}

func chargeNames() (names []string) {
	for _, c := range charges {
		names = append(names, string(c))
	}
	return names
}

// pointPage is a form about an item: a retained point, an incident, a presenter.
type pointPage struct {
	at
	Form   *web.Form
	Items  []web.Option
	Owners []web.Option
	Who    peopleview.Choice
	Back   string
}

// readPoint reads the page of a form about an item.
func (p Pages) readPoint(q *web.Request, may need, page *pointPage) error {
	return p.read(q, may, func(r store.Reader, a at) error {
		page.at, page.Back = a, a.Path("console")
		if q.Query("from") == "notes" || page.Form.Raw("from") == "notes" {
			page.Back = a.Path("notes")
		}
		for _, item := range a.Meeting.Items {
			page.Items = append(page.Items, web.Option{Value: string(item.ID),
				Label: q.T("sitting.page.item-title", "number", item.Number,
					"title", item.Title)})
		}
		bodies, err := people.Bodies(r)
		if err != nil {
			return err
		}
		for _, b := range bodies {
			if b.Kind != people.Assembly && (b.Until.IsZero() || !b.Until.Before(r.Today())) {
				page.Owners = append(page.Owners, web.Option{Value: string(b.ID), Label: b.Words(q.P)})
			}
		}
		if page.Form.Raw("item") == "" {
			step, _, err := sitting.Current(r, a.Meeting.ID)
			if err != nil {
				return err
			}
			item := q.Query("item")
			if item == "" {
				item = string(step.Item)
			}
			page.Form.Set("item", item)
		}
		return nil
	})
}

func values(options []web.Option) (list []string) {
	for _, o := range options {
		list = append(list, o.Value)
	}
	return list
}

func (p Pages) newRetained(q *web.Request) error {
	page := pointPage{Form: q.Blank().Set("from", q.Query("from"))}
	if err := p.readPoint(q, writes, &page); err != nil {
		return err
	}
	return q.Page(retainView(page))
}

func (p Pages) retain(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := pointPage{Form: form}
	if err := p.readPoint(q, writes, &page); err != nil {
		return err
	}
	point := sitting.Retained{Item: meeting.ItemID(form.Choice("item", values(page.Items)...)),
		Title: form.Need("title", sitting.MaxTitle), Words: form.Lines("words", sitting.MaxWords), DueOn: form.Date("due")}
	if owner := form.Raw("owner"); owner != "" && owner != "other" {
		point.Owner = people.BodyID(form.Choice("owner", values(page.Owners)...))
	}
	point.OwnerWords = form.Text("owner-words", sitting.MaxTitle)
	if point.Owner != "" {
		point.OwnerWords = ""
	}
	done, err := p.act(q, form, "retain", func(tx *store.Tx) error {
		_, err := sitting.Retain(tx, page.Meeting.ID, point)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(retainView(page))
	}
	q.Flash(web.Yes, q.T("sitting.page.retained.done"))
	return q.SeeOther(page.Back)
}

func (p Pages) newIncident(q *web.Request) error {
	page := pointPage{Form: q.Blank()}
	if err := p.readPoint(q, writes, &page); err != nil {
		return err
	}
	if page.Meeting.Remote != "" {
		page.Form.Set("remote", "yes")
	}
	return q.Page(incidentView(page))
}

func (p Pages) noteIncident(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := pointPage{Form: form}
	if err := p.readPoint(q, writes, &page); err != nil {
		return err
	}
	i := sitting.Incident{Words: form.Lines("words", sitting.MaxWords), Remedy: form.Lines("remedy", sitting.MaxWords),
		Remote: form.Raw("remote") == "yes"}
	if item := form.Raw("item"); item != "none" {
		i.Item = meeting.ItemID(form.Choice("item", append(values(page.Items), "none")...))
	}
	done, err := p.act(q, form, "incident", func(tx *store.Tx) error {
		_, err := sitting.NoteIncident(tx, page.Meeting.ID, i)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(incidentView(page))
	}
	q.Flash(web.Yes, q.T("sitting.page.incident.done"))
	return q.SeeOther(page.Back)
}

func (p Pages) newPresenter(q *web.Request) error {
	page := pointPage{Form: q.Blank().Set("matter", q.Query("matter")), Who: peopleview.Choice{Name: "person"}}
	if err := p.readPoint(q, writes, &page); err != nil {
		return err
	}
	return q.Page(presenterView(page))
}

func (p Pages) addPresenter(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := pointPage{Form: form}
	if err := p.readPoint(q, writes, &page); err != nil {
		return err
	}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Who, err = peopleview.Pick(v, q.P, form, "person", false)
		return err
	})
	if err != nil {
		return err
	}
	done, err := p.act(q, form, "present", func(tx *store.Tx) error {
		return sitting.Present(tx, page.Meeting.ID, meeting.MatterID(form.Raw("matter")), page.Who.Person)
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(presenterView(page))
	}
	return q.SeeOther(page.Back)
}

// subjectPage is the form of a subject that was not announced.
type subjectPage struct {
	at
	Form  *web.Form
	Kinds []web.Option
	There string // who is there, of how many
}

// added are the kinds that a subject added in the room may be.
var added = []assembly.Kind{assembly.Information, assembly.Outlook, assembly.Resolution}

func (p Pages) readSubject(q *web.Request, page *subjectPage) error {
	return p.read(q, runs, func(r store.Reader, a at) error {
		page.at = a
		g, err := readStage(r, q.P, a.Meeting)
		if err != nil {
			return err
		}
		heads, _ := g.hall.Total.Heads.Get()
		of, _ := g.hall.Issued.Heads.Get()
		page.There = q.T("sitting.page.subject.there", "n", heads, "of", of)
		for _, k := range added {
			page.Kinds = append(page.Kinds, web.Option{Value: string(k), Label: g.kindWords(k)})
		}
		return nil
	})
}

func (p Pages) newSubject(q *web.Request) error {
	page := subjectPage{Form: q.Blank().Set("kind", string(assembly.Information))}
	if err := p.readSubject(q, &page); err != nil {
		return err
	}
	return q.Page(subjectView(page))
}

func (p Pages) addSubject(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := subjectPage{Form: form}
	if err := p.readSubject(q, &page); err != nil {
		return err
	}
	s := sitting.Subject{Title: form.Need("title", sitting.MaxTitle), Words: form.Lines("words", sitting.MaxWords),
		Kind: assembly.Kind(form.Choice("kind", values(page.Kinds)...)), Agreed: form.Raw("agreed") != ""}
	done, err := p.act(q, form, "add", func(tx *store.Tx) error {
		_, err := sitting.AddSubject(tx, page.Meeting.ID, s)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(subjectView(page))
	}
	q.Flash(web.Yes, q.T("sitting.page.subject.done"))
	return q.SeeOther(page.Path("console"))
}

// closingPage asks whether the meeting shall be closed.
type closingPage struct {
	at
	Form    *web.Form
	Left    []string // matters that were not dealt with
	Polls   []string // votes that stand in the way
	Missing bool     // something could not be decided: the second assembly may be called
}

func (p Pages) readClosing(q *web.Request, page *closingPage) error {
	return p.read(q, runs, func(r store.Reader, a at) error {
		page.at = a
		g, err := readStage(r, q.P, a.Meeting)
		if err != nil {
			return err
		}
		for _, x := range g.stops() {
			poll, voted := g.poll(x.matter.ID)
			heard := slices.ContainsFunc(g.steps, func(s sitting.Step) bool {
				return s.Item == x.item.ID &&
					s.Matter == x.matter.ID
			})
			switch {
			case voted && (poll.State() == ballot.Opened || poll.State() == ballot.Closed):
				page.Polls = append(page.Polls, x.title())
			case g.draws[x.matter.ID] == ballot.DrawnPhase:
			case !voted && x.matter.Decides(), !heard:
				page.Left = append(page.Left, q.T("sitting.page.item-title", "number", x.item.Number, "title", x.title()))
			}
		}
		missed, err := sitting.Inquorate(r, a.Meeting)
		page.Missing = len(missed) > 0
		return err
	})
}

func (p Pages) closing(q *web.Request) error {
	page := closingPage{Form: q.Blank()}
	if err := p.readClosing(q, &page); err != nil {
		return err
	}
	return q.Page(closingView(page))
}

func (p Pages) close(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := closingPage{Form: form}
	if err := p.readClosing(q, &page); err != nil {
		return err
	}
	done, err := p.act(q, form, "close", func(tx *store.Tx) error { return sitting.Close(tx, page.Meeting.ID) })
	if err != nil {
		return err
	}
	if !done {
		return q.Again(closingView(page))
	}
	q.Flash(web.Yes, q.T("sitting.page.closed.done"))
	return q.SeeOther(page.Path("minutes"))
}

// oneLine is a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
