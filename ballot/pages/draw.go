package pages

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/ballot/view"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/sortition"
)

// drawRoutes are those of a draw by lot, a route for each step of the ceremony.
func (p Pages) drawRoutes() []web.Route {
	const one = "/meetings/{name}/draws/{matter}"
	step := func(name string, handle func(*web.Request) error) web.Route {
		return web.Route{Pattern: "POST " + one + "/" + name, Allow: web.Member, Handle: handle, From: one}
	}
	routes := []web.Route{
		{Pattern: "GET " + one, Allow: web.Member, Handle: p.draw},
		{Pattern: "GET " + one + "/proof.json", Allow: web.Member, Handle: p.proofFile},
		{Pattern: "GET " + one + "/proof.pdf", Allow: web.Member, Handle: p.proofPaper},
		step("volunteers", p.volunteer), step("withdrawals", p.unvolunteer), step("pool", p.freeze),
		step("words", p.layWord), step("reveals", p.reveal), step("drops", p.drop), step("dice", p.dice),
		step("departures", p.depart), step("proclamation", p.proclaimDraw), step("voiding", p.voidDraw),
	}
	if p.Feed != nil {
		routes = append(routes, p.Feed.Route("GET "+one+"/stream", web.Member, p.drawScene))
	}
	return routes
}

// drawPage is a draw, step by step.
type drawPage struct {
	scene
	Zone   *time.Location
	Form   *web.Form
	Matter meeting.Matter
	Board  view.Board
	Open   bool // the meeting sits
	Path   string

	Chair     people.PersonID // who presides
	ChairName people.Person
	Live      *web.Screen

	Who        peopleview.Choice
	Volunteers []volunteerLine
	Mine       []web.Option // what the reader may volunteer for: own right, organisations
	Entered    []web.Option // what the reader has volunteered for

	Preview *ballot.Preview // who would be in the pool
	Pool    []poolLine
	Out     []poolLine
	Silent  []string
	Bodies  []web.Option
	Speak   []speakerField

	MyWord  *ballot.DrawWord // that the reader laid down
	MayWord bool             // the reader is there, and has not
	Slip    *slipPart
}

// volunteerLine is somebody who volunteers.
type volunteerLine struct{ Key, Name string }

// poolLine is somebody who would be in the pool, or is put aside.
type poolLine struct{ ID, Name, Why string }

// speakerField is an organisation that several represent.
type speakerField struct {
	Field, Name string
	Options     []web.Option
}

// slipPart is the reader's own leaf.
type slipPart struct {
	Leaf, Salt string
	Place, Of  int
	Rank       int // once the dice fell
}

func (p Pages) draw(q *web.Request) error {
	page, err := p.readDraw(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(drawView(page))
}

func (p Pages) readDraw(q *web.Request, form *web.Form) (page drawPage, err error) {
	page.Form, page.Who = form, peopleview.Choice{Name: "person"}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.scene, page.Matter, err = fillingIn(v, q, assembly.Draw); err != nil {
			return err
		}
		page.Zone, page.Path = v.Zone(), view.DrawPath(page.Meeting.Name, page.Matter.ID)
		page.Open = page.Meeting.OpenedAt != 0 && !page.Meeting.Over()
		board, err := view.BoardOf(v, page.Meeting, page.Matter)
		if err != nil {
			return err
		}
		page.Board = *board
		if page.Chair, page.ChairName, err = view.Chair(v, page.Meeting.ID, page.Charges); err != nil {
			return err
		}
		if p.Feed != nil {
			page.Live = &web.Screen{ID: "draw", Stream: page.Path + "/stream", Page: page.Path}
		}
		if page.Board.Draw.ID == "" {
			return page.settle(v, q)
		}
		return page.mine(v, q)
	})
	return page, err
}

// settle reads what comes before the pool is frozen: volunteers, and who would be in it.
func (page *drawPage) settle(r store.Reader, q *web.Request) error {
	slate, err := ballot.Slate(r, page.Meeting, page.Matter)
	if err != nil {
		return err
	}
	ids := []people.PersonID{people.PersonID(q.Who.Person)}
	for _, s := range slate {
		ids = append(ids, s.Person, s.Party)
	}
	parties, err := people.Parties(r, people.PersonID(q.Who.Person), r.Today())
	if err != nil {
		return err
	}
	say, err := namesOf(r, q.P, append(ids, parties...))
	if err != nil {
		return err
	}
	own := append([]people.PersonID{""}, parties...)
	for _, s := range slate {
		if s.Withdrawn != 0 {
			continue
		}
		name := say.of(s.Person)
		if s.Party != "" {
			name = q.T("ballot.draw.for", "name", name, "bodies", []string{say.of(s.Party)})
		}
		page.Volunteers = append(page.Volunteers, volunteerLine{string(s.Person) + "/" + string(s.Party), name})
		if string(s.Person) == q.Who.Person {
			page.Entered = append(page.Entered, web.Option{Value: string(s.Party), Label: name})
			own = slices.DeleteFunc(own, func(id people.PersonID) bool { return id == s.Party })
		}
	}
	for _, id := range own {
		label := q.T("ballot.draw.own")
		if id != "" {
			label = q.T("ballot.draw.party", "name", say.of(id))
		}
		page.Mine = append(page.Mine, web.Option{Value: string(id), Label: label})
	}
	if !page.Charges.Bureau() || !page.Open {
		return nil
	}
	return page.preview(r, q)
}

// preview reads who would be in the pool, as the form or the address says.
func (page *drawPage) preview(r store.Reader, q *web.Request) error {
	bodies, err := people.Bodies(r)
	if err != nil {
		return err
	}
	for _, b := range bodies {
		if b.Kind != people.Assembly && (b.Until.IsZero() || !b.Until.Before(r.Today())) {
			page.Bodies = append(page.Bodies, web.Option{Value: string(b.ID), Label: b.Words(q.P)})
		}
	}
	if page.Form.Raw("from") == "" {
		for name, values := range q.R.URL.Query() {
			page.Form.SetAll(name, values)
		}
	}
	if page.Form.Raw("from") == "" {
		return nil
	}
	c := page.call()
	c.Aside = nil // those put aside by name stay in the list, with the reason beside them
	found, err := ballot.PreviewOf(r, c)
	if page.Form.Refused(err) || err != nil {
		if fault.Of(err) != nil {
			err = nil
		}
		return err
	}
	page.Preview = &found
	return page.named(r, q.P)
}

// call is what the form says of the pool.
func (page *drawPage) call() ballot.PoolCall {
	f := page.Form
	c := ballot.PoolCall{Meeting: page.Meeting.ID, Matter: page.Matter.ID, From: ballot.PoolSource(f.Raw("from")),
		Source: f.Raw("source"), Speakers: map[people.PersonID]people.PersonID{}}
	c.Effective, _ = strconv.Atoi(f.Raw("effective"))
	c.Substitutes, _ = strconv.Atoi(f.Raw("substitutes"))
	for _, b := range page.Bodies {
		if f.Ticked("body", b.Value) {
			c.Bodies = append(c.Bodies, people.BodyID(b.Value))
		}
	}
	return c
}

// aside are those whom the form puts aside by name; speakers, who speaks for each organisation.
func (page *drawPage) decided(values map[string][]string) ballot.PoolCall {
	c := page.call()
	for name, v := range values {
		if id, is := strings.CutPrefix(name, "aside-"); is && len(v) > 0 && strings.TrimSpace(v[0]) != "" {
			c.Aside = append(c.Aside, ballot.Aside{Person: people.PersonID(id), Reason: v[0]})
		}
		if id, is := strings.CutPrefix(name, "speaker-"); is && len(v) > 0 {
			c.Speakers[people.PersonID(id)] = people.PersonID(v[0])
		}
	}
	slices.SortFunc(c.Aside, func(a, b ballot.Aside) int { return strings.Compare(string(a.Person), string(b.Person)) })
	return c
}

// named puts names to the preview.
func (page *drawPage) named(r store.Reader, p *lang.Printer) error {
	v := page.Preview
	ids := slices.Clone(v.In)
	for _, a := range v.Out {
		ids = append(ids, a.Person)
	}
	ids = append(ids, v.Silent...)
	for _, u := range v.Unspoken {
		ids = append(append(ids, u.Legal), u.By...)
	}
	say, err := namesOf(r, p, ids)
	if err != nil {
		return err
	}
	grounds := map[people.PersonID][]string{}
	for _, c := range v.Call.Candidates {
		if c.For.Name != "" {
			grounds[people.PersonID(c.Person)] = append(grounds[people.PersonID(c.Person)], c.For.Name)
		}
	}
	for _, id := range v.In {
		l := poolLine{ID: string(id), Name: say.persons[id].Listed()}
		if for_ := grounds[id]; len(for_) > 0 {
			l.Why = p.T("ballot.draw.also", "bodies", p.List(for_))
		}
		page.Pool = append(page.Pool, l)
	}
	slices.SortFunc(page.Pool, func(a, b poolLine) int { return strings.Compare(fold.Sort(a.Name), fold.Sort(b.Name)) })
	for _, a := range v.Out {
		page.Out = append(page.Out, poolLine{Name: say.of(a.Person), Why: a.Reason})
	}
	for _, id := range v.Silent {
		page.Silent = append(page.Silent, say.of(id))
	}
	for _, u := range v.Unspoken {
		f := speakerField{Field: "speaker-" + string(u.Legal), Name: say.of(u.Legal)}
		for _, id := range u.By {
			f.Options = append(f.Options, web.Option{Value: string(id), Label: say.of(id)})
		}
		page.Speak = append(page.Speak, f)
	}
	return nil
}

// mine reads what a frozen draw has of the reader: the word laid down, the own leaf.
func (page *drawPage) mine(r store.Reader, q *web.Request) error {
	d, me := page.Board.Draw, people.PersonID(q.Who.Person)
	for i, w := range d.Words {
		if w.Person == me {
			page.MyWord = &d.Words[i]
		}
	}
	if page.MyWord == nil && slices.Contains(d.Next(), sortition.WordCommitted) {
		_, there, err := attendance.VoiceOf(r, page.Meeting.ID, me)
		if err != nil {
			return err
		}
		page.MayWord = there && page.Open
	}
	slip, in := d.Pool.Slip(string(me))
	if !in {
		return nil
	}
	salt, err := slip.Salt.MarshalText()
	if err != nil {
		return err
	}
	page.Slip = &slipPart{Leaf: slip.Leaf().Spaced(), Salt: string(salt), Place: slip.Index + 1, Of: slip.Pool.Size}
	if d.Thrown() {
		drawn, err := d.Result()
		if err != nil {
			return err
		}
		page.Slip.Rank = drawn.RankOf(string(me))
	}
	return nil
}

// drawing does one step of a draw, and shows its page again.
func (p Pages) drawing(q *web.Request, verb string, fn func(*store.Tx, drawPage, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readDraw(q, form)
	if err != nil {
		return err
	}
	done, err := p.act(q, form, verb, func(tx *store.Tx) error { return fn(tx, page, form) })
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(page.Path)
	}
	return again(q, form, drawView(page))
}

// volunteer enters the reader, or by the bureau somebody who has no phone.
func (p Pages) volunteer(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readDraw(q, form)
	if err != nil {
		return err
	}
	who := people.PersonID(q.Who.Person)
	if form.Raw("by") != "" {
		if !page.Charges.Any() {
			return charged(q, page.Meeting)
		}
		if err := p.DB.View(q.Context(), func(v *store.View) (err error) {
			page.Who, err = peopleview.Pick(v, q.P, form, "person", false)
			return err
		}); err != nil {
			return err
		}
		who = page.Who.Person
	}
	done, err := p.act(q, form, "stand", func(tx *store.Tx) error {
		return ballot.Stand(tx, ballot.Entering{Meeting: page.Meeting.ID, Matter: page.Matter.ID, Person: who,
			Party: people.PersonID(form.Raw("party"))})
	})
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(page.Path)
	}
	return again(q, form, drawView(page))
}

func (p Pages) unvolunteer(q *web.Request) error {
	return p.drawing(q, "withdraw", func(tx *store.Tx, page drawPage, form *web.Form) error {
		who, party, _ := strings.Cut(form.Raw("who"), "/")
		return ballot.Withdraw(tx, ballot.Entering{Meeting: page.Meeting.ID, Matter: page.Matter.ID,
			Person: people.PersonID(who), Party: people.PersonID(party)})
	})
}

func (p Pages) freeze(q *web.Request) error {
	return p.drawing(q, "freeze-pool", func(tx *store.Tx, page drawPage, _ *web.Form) error {
		_, err := ballot.FreezePool(tx, page.decided(q.R.PostForm))
		return err
	})
}

// layWord lays down the word of the reader, or of somebody who gave it on paper.
func (p Pages) layWord(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readDraw(q, form)
	if err != nil {
		return err
	}
	who := people.PersonID(q.Who.Person)
	word := form.Need("word", ballot.MaxWord)
	if form.Raw("by") != "" {
		if !page.Charges.Any() {
			return charged(q, page.Meeting)
		}
		if err := p.DB.View(q.Context(), func(v *store.View) (err error) {
			page.Who, err = peopleview.Pick(v, q.P, form, "person", false)
			return err
		}); err != nil {
			return err
		}
		who = page.Who.Person
	}
	done, err := p.act(q, form, "lay-word", func(tx *store.Tx) error {
		return ballot.LayWord(tx, page.Board.Draw.ID, who, word)
	})
	switch {
	case err != nil:
		return err
	case done:
		return q.SeeOther(page.Path)
	}
	return again(q, form, drawView(page))
}

// reveal opens one word, or all that are closed.
func (p Pages) reveal(q *web.Request) error {
	verb := "reveal-words"
	if q.R.FormValue("number") != "" {
		verb = "reveal-word"
	}
	return p.drawing(q, verb, func(tx *store.Tx, page drawPage, form *web.Form) error {
		if form.Raw("number") == "" {
			return ballot.RevealWords(tx, page.Board.Draw.ID)
		}
		return ballot.RevealWord(tx, page.Board.Draw.ID, numberIn(form, "number"))
	})
}

func (p Pages) drop(q *web.Request) error {
	return p.drawing(q, "drop-word", func(tx *store.Tx, page drawPage, form *web.Form) error {
		return ballot.DropWord(tx, page.Board.Draw.ID, numberIn(form, "number"))
	})
}

// numberIn reads a small number; 0, which names nothing, where it is none.
func numberIn(form *web.Form, field string) int {
	n, err := strconv.Atoi(form.Raw(field))
	if err != nil {
		return 0
	}
	return n
}

func (p Pages) dice(q *web.Request) error {
	return p.drawing(q, "throw-dice", func(tx *store.Tx, page drawPage, form *web.Form) error {
		return ballot.ThrowDice(tx, page.Board.Draw.ID, diceIn(form.Raw("dice")))
	})
}

func (p Pages) depart(q *web.Request) error {
	return p.drawing(q, "leave-list", func(tx *store.Tx, page drawPage, form *web.Form) error {
		_, err := ballot.Leave(tx, ballot.Leaving{Draw: page.Board.Draw.ID, Rank: numberIn(form, "rank"),
			Ground: sortition.Ground(form.Raw("ground"))})
		return err
	})
}

func (p Pages) proclaimDraw(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	verb, proclaim := "proclaim-draw", ballot.ProclaimDraw
	if form.Flag("said") {
		verb, proclaim = "note-draw", ballot.NoteDraw
	}
	return p.drawing(q, verb, func(tx *store.Tx, page drawPage, _ *web.Form) error {
		return proclaim(tx, page.Board.Draw.ID)
	})
}

func (p Pages) voidDraw(q *web.Request) error {
	return p.drawing(q, "void-draw", func(tx *store.Tx, page drawPage, form *web.Form) error {
		return ballot.VoidDraw(tx, page.Board.Draw.ID, strings.TrimSpace(form.Raw("why")))
	})
}

// proof reads the proof of the draw of the address; not found before the dice.
func (p Pages) proof(q *web.Request, fn func(s scene, proof sortition.Proof) error) error {
	return p.DB.View(q.Context(), func(v *store.View) error {
		s, x, err := fillingIn(v, q, assembly.Draw)
		if err != nil {
			return err
		}
		d, found, err := ballot.DrawOf(v, x.ID)
		switch {
		case err != nil:
			return err
		case !found || !d.Thrown():
			return web.NotFound
		}
		proof, err := d.Proof()
		if err != nil {
			return err
		}
		return fn(s, proof)
	})
}

// proofFile gives the proof that `lieux draw verify` takes.
func (p Pages) proofFile(q *web.Request) error {
	return p.proof(q, func(s scene, proof sortition.Proof) error {
		file, err := proof.Encode()
		if err != nil {
			return err
		}
		return q.Download(s.Meeting.Name+"-proof.json", "application/json", func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(file))
			return err
		})
	})
}

// proofPaper gives the proof on one page, in the language of the meeting.
func (p Pages) proofPaper(q *web.Request) error {
	return p.proof(q, func(s scene, proof sortition.Proof) error {
		paper := sortition.Paper(proof, p.Book.In(s.Meeting.Language))
		paper.Foot = s.Meeting.Title
		return q.Inline(s.Meeting.Name+"-proof.pdf", "application/pdf", func(w io.Writer) error {
			return papers.PDF(w, paper, proof.Names(), papers.Meta{Made: p.DB.Now()})
		})
	})
}

// drawScene is the draw as all screens follow it.
func (p Pages) drawScene(q *web.Request) (web.Scene, error) {
	var s scene
	var x meeting.Matter
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		s, x, err = fillingIn(v, q, assembly.Draw)
		return err
	})
	return web.Scene{Key: "draw/" + string(x.ID), About: []store.Ref{s.Meeting.ID.Ref()},
		Draw: func(r store.Reader, _ *lang.Printer) (templ.Component, error) {
			board, err := view.BoardOf(r, s.Meeting, x)
			if err != nil {
				return nil, err
			}
			return view.DrawBoard(*board), nil
		}}, err
}
