package pages

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"lieux/assembly"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	peopleview "lieux/people/view"
)

// matterPage is the form of a matter, with its persons, articles and papers.
type matterPage struct {
	Form    *web.Form
	Meeting meeting.Meeting
	Item    meeting.Item
	Matter  meeting.Matter
	Zone    *time.Location
	View    matterView
	Kinds   []web.Option
	Bodies  []web.Option
	Earlier []web.Option
	Points  []web.Option
	Persons []personLine
	Theirs  *meeting.Matter // what somebody else saved meanwhile
}

// personLine is somebody who presents or stands, with the button that takes them away.
type personLine struct{ ID, Name, Part, PartWords string }

func (p Pages) readMatter(q *web.Request, form *web.Form) (page matterPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) error {
		var err error
		if page.Meeting, page.Item, page.Matter, err = matterIn(v, q); err != nil {
			return err
		}
		page.Zone, page.Kinds = v.Zone(), kindOptions(q, page.Meeting.Kind)
		say, err := newSpeaker(v, q.P, page.Meeting)
		if err != nil {
			return err
		}
		page.View = say.matter(page.Meeting, page.Matter)
		page.Persons = append(say.named("presenter", page.Matter.Presenters),
			say.named("candidate", page.Matter.Candidates)...)
		return page.options(v, q)
	})
	return page, err
}

// named are the persons of one part of a matter.
func (s speaker) named(part string, ids []people.PersonID) (list []personLine) {
	for _, id := range ids {
		list = append(list, personLine{ID: string(id), Name: s.persons[id].Words(s.p), Part: part,
			PartWords: s.p.T("meeting.part." + part)})
	}
	return list
}

// options are the bodies, the earlier assemblies and the retained points to choose from.
func (page *matterPage) options(r store.Reader, q *web.Request) error {
	bodies, err := people.Bodies(r)
	if err != nil {
		return err
	}
	page.Bodies = []web.Option{{Label: q.T("meeting.page.choose")}}
	for _, b := range bodies {
		open := b.Until.IsZero() || !b.Until.Before(r.Today())
		if b.Kind != people.Assembly && open || b.ID == page.Matter.Body {
			page.Bodies = append(page.Bodies, web.Option{Value: string(b.ID), Label: lang.Capital(b.Words(q.P))})
		}
	}
	records, err := assembly.All(r)
	if err != nil {
		return err
	}
	page.Earlier = []web.Option{{Label: q.T("meeting.page.choose")}}
	for _, a := range records {
		page.Earlier = append(page.Earlier, web.Option{Value: a.Name, Label: q.T("meeting.page.earlier.of",
			"title", a.Title, "held", a.HeldOn)})
	}
	points, err := assembly.RetainedPoints(r)
	for _, point := range points {
		if point.Open() || slices.Contains(page.Matter.Answers, point.ID) {
			page.Points = append(page.Points, web.Option{Value: string(point.ID), Label: point.Title,
				Hint: q.T("meeting.page.point.of", "day", point.HeldOn, "number", point.ItemNumber)})
		}
	}
	return err
}

func (p Pages) matter(q *web.Request) error {
	page, err := p.readMatter(q, q.Blank())
	if err == nil {
		err = editable(page.Meeting)
	}
	if err != nil {
		return err
	}
	page.fill()
	return q.Page(matterForm(page))
}

// fill begins the form with what the matter says.
func (page *matterPage) fill() {
	x, form := page.Matter, page.Form
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	form.Set("kind", string(x.Kind)).Set("title", x.Title).Set("words", x.Words).Set("place", x.Place).
		Set("earlier", x.Earlier).Set("body", string(x.Body)).Set("seats", number(x.Seats)).
		Set("effective", number(x.Effective)).Set("substitutes", number(x.Substitutes)).Set("until", x.Until.String()).
		Set("closed_on", x.ClosedOn.String()).Set("version", strconv.FormatInt(x.Version, 10))
	var answers []string
	for _, id := range x.Answers {
		answers = append(answers, string(id))
	}
	form.SetAll("answers", answers)
}

// typed is the matter as the form says it: what the form does not show stays as it is.
func (page *matterPage) typed() meeting.Matter {
	x, form := page.Matter, page.Form
	x.Version = versionOf(form)
	x.Kind = assembly.Kind(form.Choice("kind", values(page.Kinds)...))
	x.Title, x.Words = form.Text("title", maxTitleSigns), form.Lines("words", maxTextSigns)
	x.Place = form.Text("place", maxPlaceSigns)
	switch page.Matter.Kind {
	case assembly.EarlierMinutes:
		x.Earlier = form.Raw("earlier")
	case assembly.Accounts:
		x.ClosedOn = form.Date("closed_on")
	case assembly.Election:
		x.Body, x.Seats = people.BodyID(form.Raw("body")), int(form.Int("seats", 0, meeting.MaxSeats))
		x.Until = form.PartialDate("until")
	case assembly.Draw:
		x.Body, x.Until = people.BodyID(form.Raw("body")), form.PartialDate("until")
		x.Effective = int(form.Int("effective", 0, meeting.MaxSeats))
		x.Substitutes = int(form.Int("substitutes", 0, meeting.MaxSeats))
	}
	x.Answers = nil
	for _, id := range form.Choices("answers", values(page.Points)...) {
		x.Answers = append(x.Answers, assembly.RetainedID(id))
	}
	return x
}

// changeMatter saves a matter; when its kind changed, its form is shown with the fields of the new one.
func (p Pages) changeMatter(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readMatter(q, form)
	if err != nil {
		return err
	}
	x := page.typed()
	done, err := p.act(q, form, "change-matter", func(tx *store.Tx) error { return meeting.ChangeMatter(tx, x) })
	if err != nil {
		return err
	}
	if done && x.Kind != page.Matter.Kind {
		return q.SeeOther(matterPath(page.Meeting.Name, x.ID))
	}
	if done {
		q.Flash(web.Yes, q.T("meeting.page.matter.saved"))
		return q.SeeOther(agendaPath(page.Meeting.Name) + "#item-" + string(page.Item.ID))
	}
	if stale(form) {
		again, err := p.readMatter(q, form)
		if err != nil {
			return err
		}
		page = again
		page.Theirs = &again.Matter
		form.Set("version", strconv.FormatInt(again.Matter.Version, 10))
	}
	return q.Again(matterForm(page))
}

// both are the two texts where they differ.
func (page matterPage) both(p *lang.Printer) (list []web.Change) {
	if page.Theirs == nil {
		return nil
	}
	add := func(code, theirs, mine string) {
		if theirs != mine {
			label := p.T("meeting.field." + code)
			list = append(list, web.Change{BeforeHead: p.T("meeting.page.theirs", "field", label),
				AfterHead: p.T("meeting.page.mine", "field", label), Before: theirs, After: mine})
		}
	}
	add("title", page.Theirs.Title, page.Form.Raw("title"))
	add("words", page.Theirs.Words, lines(page.Form.Raw("words")))
	add("place-about", page.Theirs.Place, page.Form.Raw("place"))
	return list
}

// lines is a text as the room keeps it: a browser sends line ends of two signs.
func lines(s string) string {
	clean, _ := web.Clean(s, maxTextSigns, true)
	return clean
}

func (p Pages) moveMatter(q *web.Request) error {
	page, err := p.readMatter(q, nil)
	if err != nil {
		return err
	}
	back := agendaPath(page.Meeting.Name) + "#item-" + string(page.Item.ID)
	return p.press(q, "move-matter", back, func(tx *store.Tx, form *web.Form) error {
		place := placeOf(form)
		if !form.OK() {
			return nil
		}
		return meeting.MoveMatter(tx, page.Matter.ID, place)
	})
}

func (p Pages) removeMatter(q *web.Request) error {
	page, err := p.readMatter(q, nil)
	if err != nil {
		return err
	}
	return p.press(q, "remove-matter", agendaPath(page.Meeting.Name), func(tx *store.Tx, _ *web.Form) error {
		return meeting.RemoveMatter(tx, page.Matter.ID)
	})
}

// personPage is the form that names somebody who presents or stands.
type personPage struct {
	matterPage
	Part   string
	Choice peopleview.Choice
}

// parts are what a person does in a matter.
var parts = []string{"presenter", "candidate"}

// partOf reads which part; only an election has candidates.
func (page matterPage) partOf(name string) (string, error) {
	if !slices.Contains(parts, name) || name == "candidate" && page.Matter.Kind != assembly.Election {
		return "", web.NotFound
	}
	return name, nil
}

func (p Pages) newPerson(q *web.Request) error {
	page, err := p.readMatter(q, q.Blank())
	if err != nil {
		return err
	}
	part, err := page.partOf(q.Query("part"))
	if err != nil {
		return err
	}
	page.Form.Set("part", part)
	return q.Page(personForm(personPage{matterPage: page, Part: part, Choice: peopleview.Choice{Name: "person"}}))
}

func (p Pages) addPerson(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := personPage{}
	if page.matterPage, err = p.readMatter(q, form); err != nil {
		return err
	}
	if page.Part, err = page.partOf(form.Raw("part")); err != nil {
		return err
	}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Choice, err = peopleview.Pick(v, q.P, form, "person", q.Who.May(keepers))
		return err
	})
	if err != nil {
		return err
	}
	done, err := p.act(q, form, "change-matter", func(tx *store.Tx) error {
		return p.withMatter(tx, page.Matter.ID, func(x *meeting.Matter) {
			who := x.Who(page.Part)
			*who = append(*who, page.Choice.Person)
		})
	})
	if err != nil {
		return err
	}
	if done {
		return q.SeeOther(matterPath(page.Meeting.Name, page.Matter.ID) + "#persons")
	}
	return q.Again(personForm(page))
}

// withMatter changes one thing of a matter as it stands.
func (p Pages) withMatter(tx *store.Tx, id meeting.MatterID, change func(*meeting.Matter)) error {
	x, err := meeting.MatterByID(tx, id)
	if err != nil {
		return err
	}
	change(&x)
	return meeting.ChangeMatter(tx, x)
}

func (p Pages) removePerson(q *web.Request) error {
	page, err := p.readMatter(q, nil)
	if err != nil {
		return err
	}
	back := matterPath(page.Meeting.Name, page.Matter.ID) + "#persons"
	return p.press(q, "change-matter", back, func(tx *store.Tx, form *web.Form) error {
		part, err := page.partOf(form.Raw("part"))
		if err != nil {
			return err
		}
		return p.withMatter(tx, page.Matter.ID, func(x *meeting.Matter) {
			who := x.Who(part)
			*who = slices.DeleteFunc(*who, func(id people.PersonID) bool { return string(id) == form.Raw("person") })
		})
	})
}

// changePage is the form of one article, before and after.
type changePage struct {
	matterPage
	Articles []bylaws.Article
	Article  string // the number chosen; empty while none is
	Before   string
	New      bool // the article does not exist yet
}

// newArticle stands in the address for an article that the bylaws do not have.
const newArticle = "+"

func (p Pages) readChange(q *web.Request, form *web.Form, article string) (page changePage, err error) {
	if page.matterPage, err = p.readMatter(q, form); err != nil {
		return page, err
	}
	if !page.Matter.Kind.Changes() {
		return page, web.NotFound
	}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		b, err := bylaws.On(v, v.Today())
		page.Articles = b.Version.Articles
		return err
	})
	page.Article, page.New = article, article == newArticle
	for _, a := range page.Articles {
		if a.Number == article {
			page.Before = a.Body
		}
	}
	return page, err
}

func (p Pages) newChange(q *web.Request) error {
	page, err := p.readChange(q, q.Blank(), q.Query("of"))
	if err != nil {
		return err
	}
	if !page.New && page.Article != "" && page.Before == "" {
		return web.NotFound
	}
	page.Form.Set("article", page.Article).Set("after", page.Before)
	for _, a := range page.Articles {
		if a.Number == page.Article {
			page.Form.Set("title", a.Title)
		}
	}
	if c, found := page.change(page.Article); found {
		page.Form.Set("title", c.Title).Set("after", c.After)
	}
	if page.New {
		page.Form.Set("article", "")
	}
	return q.Page(changeForm(page))
}

// change finds the article among those that the matter changes already.
func (page changePage) change(article string) (bylaws.Change, bool) {
	i := slices.IndexFunc(page.Matter.Changes, func(c bylaws.Change) bool { return c.Article == article })
	if i < 0 {
		return bylaws.Change{}, false
	}
	return page.Matter.Changes[i], true
}

// setChange writes what an article becomes. Its text before is the one in force, never a typed one.
func (p Pages) setChange(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	number := form.Need("article", 30)
	page, err := p.readChange(q, form, number)
	if err != nil {
		return err
	}
	if page.New = form.Raw("new") != ""; page.New {
		page.Article = newArticle
	} else if number == "" {
		return web.NotFound
	}
	c := bylaws.Change{Article: number, Title: form.Text("title", maxTitleSigns), Before: page.Before,
		After: form.Lines("after", maxTextSigns)}
	done, err := p.act(q, form, "change-matter", func(tx *store.Tx) error {
		return p.withMatter(tx, page.Matter.ID, func(x *meeting.Matter) {
			x.Changes = slices.DeleteFunc(x.Changes, func(o bylaws.Change) bool { return o.Article == number })
			x.Changes = append(x.Changes, c)
		})
	})
	if err != nil {
		return err
	}
	if done {
		return q.SeeOther(matterPath(page.Meeting.Name, page.Matter.ID) + "#changes")
	}
	return q.Again(changeForm(page))
}

func (p Pages) removeChange(q *web.Request) error {
	page, err := p.readMatter(q, nil)
	if err != nil {
		return err
	}
	back := matterPath(page.Meeting.Name, page.Matter.ID) + "#changes"
	return p.press(q, "change-matter", back, func(tx *store.Tx, form *web.Form) error {
		return p.withMatter(tx, page.Matter.ID, func(x *meeting.Matter) {
			x.Changes = slices.DeleteFunc(x.Changes, func(c bylaws.Change) bool { return c.Article == form.Raw("article") })
		})
	})
}

// articleOptions are the articles in force to choose from, and a new one.
func (page changePage) articleOptions(p *lang.Printer) []web.Option {
	options := []web.Option{{Label: p.T("meeting.page.choose")}}
	for _, a := range page.Articles {
		options = append(options, web.Option{Value: a.Number, Label: p.T("meeting.page.article", "article", a.Number,
			"title", a.Title)})
	}
	return append(options, web.Option{Value: newArticle, Label: p.T("meeting.page.article.new")})
}

// changePath is the form of one article that a matter changes.
func changePath(matter, article string) string {
	return matter + "/changes/new?" + url.Values{"of": {article}}.Encode()
}

// chosen is the form of the choice of an article: it keeps what was chosen.
func chosen(page changePage) *web.Form {
	article := page.Article
	if page.New {
		article = newArticle
	}
	return web.NewForm(nil).Set("of", article)
}
