package pages

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
)

// The addresses of an occupant's own page, and of the office's look at all of them.
const (
	pathMyCard = "/my/card"
	pathCards  = "/cards"
)

// maxPictureBody is the greatest form with a picture.
const maxPictureBody = places.MaxPicture + 1<<20

// cardForm is what an occupant's form for the public page shows.
type cardForm struct {
	Form     *web.Form
	Picture  *web.Form // of a new picture
	Key      *web.Form // of the buttons
	Card     places.Card
	Known    bool // there is a card
	In       bool // the occupant is or was in a space
	Consents []people.Consent
	Agreed   bool
	Text     people.ConsentText
	Shown    bool   // everybody sees it now
	Hidden   string // since when the office hides it
}

// myself is the person or body for whom the reader is here.
func myself(q *web.Request) people.PersonID {
	if q.Who.For.ID != "" {
		return people.PersonID(q.Who.For.ID)
	}
	return people.PersonID(q.Who.Person)
}

func (s *screens) cardForm(q *web.Request, form, picture *web.Form) (page cardForm, err error) {
	page = cardForm{Form: form, Picture: picture, Key: q.Blank()}
	err = s.DB.View(q.Context(), func(v *store.View) error {
		who := myself(q)
		if page.Card, page.Known, err = places.CardOf(v, who); err != nil {
			return err
		}
		in, err := places.OccupanciesBy(v, who)
		if err != nil {
			return err
		}
		page.In = slices.ContainsFunc(in, func(o places.Occupancy) bool { return o.Stands() })
		if page.Consents, err = places.ConsentsToCard(v, who); err != nil {
			return err
		}
		page.Agreed = slices.ContainsFunc(page.Consents, func(c people.Consent) bool { return c.Withdrawn.IsZero() })
		if page.Text, err = places.ConsentWords(v, q.P); err != nil {
			return err
		}
		if page.Card.Hidden != 0 {
			page.Hidden = q.P.Date(page.Card.Hidden.On(v.Zone()))
		}
		n, err := s.now(v)
		if err == nil {
			page.Shown = slices.ContainsFunc(n.Outside.Cards, func(c shownCard) bool { return c.Person == who })
		}
		return err
	})
	return page, err
}

// myCard shows an occupant the form of their public page.
func (s *screens) myCard(q *web.Request) error {
	form := q.Blank()
	page, err := s.cardForm(q, form, q.Blank())
	if err != nil {
		return err
	}
	if page.Known {
		setCard(form, page.Card.CardWords)
	} else if page.In {
		err = s.DB.View(q.Context(), func(v *store.View) error { return suggest(v, form, myself(q)) })
	}
	if err != nil {
		return err
	}
	return q.Page(cardFormView(page))
}

// suggest fills the form of a new card with what is known: an association's name, never a natural person's, and the
// practice.
func suggest(r store.Reader, form *web.Form, who people.PersonID) error {
	person, err := people.Standing(r, who)
	if err != nil {
		return err
	}
	if person.Kind == people.Legal {
		form.Set("title", person.Name)
	}
	in, err := places.OccupanciesBy(r, who)
	for _, o := range in {
		if o.In(r.Today()) {
			form.Set("practice-"+string(lang.Tags[0]), o.Practice)
		}
	}
	return err
}

func setCard(form *web.Form, w places.CardWords) {
	form.Set("title", w.Title)
	for _, tag := range lang.Tags {
		form.Set("practice-"+string(tag), w.Practice[tag]).Set("text-"+string(tag), w.Texts[tag]).
			Set("hours-"+string(tag), w.Hours[tag])
	}
	for i, l := range w.Links {
		at := strconv.Itoa(i + 1)
		form.Set("link-"+at, l.URL).Set("label-"+at, l.Title)
	}
	for i, d := range w.Days {
		at := strconv.Itoa(i + 1)
		form.Set("day-"+at, d.On.String()).Set("hour-"+at, d.From).Set("end-"+at, d.To).Set("what-"+at, d.What)
	}
}

// dayRows is how many days the form offers: those that are written and some more.
func (page cardForm) dayRows() int {
	return min(max(len(page.Card.Days)+2, 3), places.MaxDays)
}

func readCard(form *web.Form) (w places.CardWords) {
	w = places.CardWords{Title: form.Need("title", places.MaxTitle), Practice: places.Texts{}, Texts: places.Texts{},
		Hours: places.Texts{}}
	for _, tag := range lang.Tags {
		w.Practice[tag] = form.Text("practice-"+string(tag), places.MaxPractice)
		w.Texts[tag] = form.Lines("text-"+string(tag), places.MaxText)
		w.Hours[tag] = form.Text("hours-"+string(tag), places.MaxHours)
	}
	for i := 1; i <= places.MaxLinks; i++ {
		at := strconv.Itoa(i)
		l := places.CardLink{URL: form.Text("link-"+at, places.MaxURL), Title: form.Text("label-"+at, places.MaxTitle)}
		if l.URL != "" && !strings.Contains(l.URL, "://") {
			l.URL = "https://" + l.URL
		}
		if l.URL != "" || l.Title != "" {
			w.Links = append(w.Links, l)
		}
	}
	for i := 1; i <= places.MaxDays; i++ {
		at := strconv.Itoa(i)
		d := places.OpenDay{From: form.Text("hour-"+at, 5), To: form.Text("end-"+at, 5),
			What: form.Text("what-"+at, places.MaxTitle)}
		if form.Raw("day-"+at) == "" && d == (places.OpenDay{}) {
			continue
		}
		d.On = form.NeedDate("day-" + at)
		w.Days = append(w.Days, d)
	}
	return w
}

func toMyCard(string) string { return pathMyCard }

// writeCard keeps what an occupant wrote.
func (s *screens) writeCard(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	w := readCard(form)
	return s.acted(q, form, "places.write-card", func(tx *store.Tx) error { return places.WriteCard(tx, myself(q), w) },
		toMyCard, func() error { return s.cardAgain(q, form, q.Blank()) })
}

func (s *screens) cardAgain(q *web.Request, form, picture *web.Form) error {
	page, err := s.cardForm(q, form, picture)
	if err != nil {
		return err
	}
	if picture != nil && !picture.OK() {
		setCard(form, page.Card.CardWords)
	}
	return q.Again(cardFormView(page))
}

// consent notes that an occupant agrees to be seen, to the words that stood on the page.
func (s *screens) consent(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	words := form.Lines("words", 16*places.MaxText)
	return s.acted(q, form, "places.consent", func(tx *store.Tx) error {
		return places.ConsentToCard(tx, myself(q), q.P, words)
	}, toMyCard, func() error { return s.cardAgain(q, form, q.Blank()) })
}

// withdrawCard takes the page out of everybody's sight, at once.
func (s *screens) withdrawCard(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	return s.acted(q, form, "places.withdraw-consent", func(tx *store.Tx) error {
		return places.WithdrawFromOutside(tx, myself(q))
	}, toMyCard, func() error { return s.cardAgain(q, form, q.Blank()) })
}

// addPicture puts a picture on the page.
func (s *screens) addPicture(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	alt := form.Need("alt", places.MaxTitle)
	var file *documents.Upload
	if sent := form.NeedFile("file", places.MaxPicture); sent != nil && form.OK() {
		file, err = places.Own(sent.Name, sent.Content)
		if err != nil && !form.Refused(err) {
			return err
		}
	}
	return s.acted(q, form, "places.add-picture", func(tx *store.Tx) error {
		return places.AddPicture(tx, myself(q), alt, file)
	}, func(string) string { return pathMyCard + "#pictures" }, func() error { return s.cardAgain(q, q.Blank(), form) })
}

// dropPicture takes one off.
func (s *screens) dropPicture(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	return s.acted(q, form, "places.drop-picture", func(tx *store.Tx) error {
		return places.DropPicture(tx, myself(q), q.Path("id"))
	}, func(string) string { return pathMyCard + "#pictures" }, func() error { return s.cardAgain(q, q.Blank(), form) })
}

// myPicture shows an occupant a picture of their page, also while nobody else sees it; the office sees all.
func (s *screens) myPicture(q *web.Request) error {
	var d documents.Document
	err := s.DB.View(q.Context(), func(v *store.View) error {
		cards, err := places.Cards(v)
		if err != nil {
			return err
		}
		ours := slices.ContainsFunc(cards, func(c places.Card) bool {
			return (c.Person == myself(q) || q.Who.May(web.Staff)) && slices.ContainsFunc(c.Pictures,
				func(p places.Picture) bool { return p.Document == q.Path("id") })
		})
		found := false
		d, found, err = documents.Find(v, q.Path("id"))
		if err == nil && (!found || !ours) {
			err = web.NotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.sendPicture(q, d)
}

// cardsPage is what the office sees of the public pages of the occupants.
type cardsPage struct {
	Form   *web.Form // of the buttons
	Find   *web.Form
	States []web.Chip
	State  string
	Rows   []cardRow
	Pager  web.Pager
	Any    bool
}

// cardRow is one of them.
type cardRow struct {
	places.Card
	Who, State, Public string
	Badge              web.Kind
	Written            string
}

// The states of a card, in the order of the list's choice.
var cardStates = []string{"shown", "draft", "hidden", "elsewhere"}

// stateOf says whether a card is seen, and why not.
func stateOf(c card, seen map[people.PersonID]bool) string {
	switch {
	case c.Hidden != 0:
		return "hidden"
	case !c.consents:
		return "draft"
	case seen[c.Person]:
		return "shown"
	}
	return "elsewhere"
}

func (s *screens) readCards(q *web.Request, form *web.Form) (page cardsPage, err error) {
	page.Form, page.Find, page.State = form, searched(q), q.Query("state")
	text := fold.Text(q.Query("q"))
	return page, s.DB.View(q.Context(), func(v *store.View) error {
		n, err := s.now(v)
		if err != nil {
			return err
		}
		seen := map[people.PersonID]bool{}
		for _, c := range n.Outside.Cards {
			seen[c.Person] = true
		}
		var list []card
		counts, all := map[string]int64{}, int64(0)
		for _, c := range n.Cards {
			if !strings.Contains(c.words, text) {
				continue
			}
			state := stateOf(c, seen)
			counts[state]++
			if all++; page.State == "" || page.State == state {
				list = append(list, c)
			}
		}
		page.Any = len(n.Cards) > 0
		page.States = []web.Chip{{Text: q.T("places.page.every-state"), Count: q.P.Count(all), Href: q.URLWith("state", ""),
			Current: page.State == ""}}
		for _, state := range cardStates {
			if counts[state] > 0 || page.State == state {
				page.States = append(page.States, web.Chip{Text: q.T("places.card.state." + state),
					Count: q.P.Count(counts[state]), Href: q.URLWith("state", state), Current: page.State == state})
			}
		}
		slices.SortFunc(list, func(a, b card) int { return strings.Compare(a.Name, b.Name) })
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		page.Rows, err = cardRows(q, v, list[from:min(from+pageSize, int64(len(list)))], seen)
		return err
	})
}

// cardRows puts cards into words.
func cardRows(q *web.Request, v *store.View, list []card, seen map[people.PersonID]bool) (rows []cardRow, err error) {
	var ids []people.PersonID
	for _, c := range list {
		ids = append(ids, c.Person)
	}
	names, err := people.Names(v, ids)
	badges := map[string]web.Kind{"shown": web.Yes, "draft": web.Wait, "hidden": web.No, "elsewhere": web.Off}
	for _, c := range list {
		state := stateOf(c, seen)
		row := cardRow{Card: c.Card, Who: names[c.Person].Words(q.P), Written: q.P.Date(c.At.On(v.Zone())),
			State: q.T("places.card.state." + state), Badge: badges[state]}
		if state == "shown" {
			row.Public = pathVisitCard(c.Card)
		}
		rows = append(rows, row)
	}
	return rows, err
}

// cards shows the office every public page, with what it may do.
func (s *screens) cards(q *web.Request) error {
	page, err := s.readCards(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(cardsView(page))
}

// moderate hides a page with a reason, or lets it be seen again.
func (s *screens) moderate(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	verb, fn := "places.uncover-card", func(tx *store.Tx, who people.PersonID) error { return places.UncoverCard(tx, who) }
	if form.Choice("do", "hide", "uncover") == "hide" {
		why := form.Need("why", places.MaxWhy)
		verb = "places.hide-card"
		fn = func(tx *store.Tx, who people.PersonID) error { return places.HideCard(tx, who, why) }
	}
	return s.acted(q, form, verb, func(tx *store.Tx) error {
		c, found, err := places.CardNamed(tx, q.Path("name"))
		if err != nil || !found {
			return orNotFound(err)
		}
		return fn(tx, c.Person)
	}, func(string) string { return pathCards }, func() error {
		page, err := s.readCards(q, form)
		if err != nil {
			return err
		}
		return q.Again(cardsView(page))
	})
}

// outsideForm is the form by which the office says what everybody sees of a place.
type outsideForm struct {
	Form   *web.Form
	Place  places.Place
	Shown  bool
	Photos []web.Option
}

func (s *screens) outsideForm(q *web.Request, form *web.Form) (page outsideForm, o places.Outside, err error) {
	page.Form = form
	err = s.DB.View(q.Context(), func(v *store.View) error {
		if page.Place, err = named(q, v, places.Now(v)); err != nil {
			return err
		}
		if o, err = places.OutsideOf(v, page.Place.ID); err != nil {
			return err
		}
		page.Shown = o.Shown
		papers, err := places.Papers(v, page.Place.ID)
		for _, paper := range papers {
			if paper.Kind == places.Photo {
				page.Photos = append(page.Photos, web.Option{Value: paper.ID, Label: paper.Title,
					Hint: q.P.Date(paper.On)})
			}
		}
		return err
	})
	return page, o, err
}

func (s *screens) beforeShowing(q *web.Request) error {
	form := q.Blank()
	page, o, err := s.outsideForm(q, form)
	if err != nil {
		return err
	}
	if o.Shown {
		form.Set("shown", "on")
	}
	if o.Plans {
		form.Set("plans", "on")
	}
	if o.Point.Known() {
		form.Set("lat", places.Decimal(o.Point.Lat)).Set("lon", places.Decimal(o.Point.Lon))
	}
	for _, tag := range lang.Tags {
		form.Set("text-"+string(tag), o.Texts[tag]).Set("apply-"+string(tag), o.Apply[tag])
	}
	if o.ID == "" {
		form.Set("text-"+string(lang.French), page.Place.About)
	}
	form.Set("contact", o.Contact).SetAll("photos", o.Photos)
	return q.Page(outsideFormView(page))
}

// showOutside keeps what everybody sees of a place.
func (s *screens) showOutside(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, _, err := s.outsideForm(q, form)
	if err != nil {
		return err
	}
	o := places.Outside{Place: page.Place.ID, Shown: form.Flag("shown"), OutsideMore: places.OutsideMore{
		Texts: places.Texts{}, Apply: places.Texts{}, Contact: form.Text("contact", web.MaxLine), Plans: form.Flag("plans")}}
	var ids []string
	for _, photo := range page.Photos {
		ids = append(ids, photo.Value)
	}
	o.Photos = form.Choices("photos", ids...)
	for _, tag := range lang.Tags {
		o.Texts[tag] = form.Lines("text-"+string(tag), places.MaxText)
		o.OutsideMore.Apply[tag] = form.Lines("apply-"+string(tag), places.MaxText)
	}
	point, err := places.ParsePoint(form.Text("lat", 20), form.Text("lon", 20))
	if err != nil && !form.Refused(err) {
		return err
	}
	o.Point = point
	return s.acted(q, form, "places.show-outside", func(tx *store.Tx) error { return places.ShowOutside(tx, o) },
		func(string) string { return pathOf(page.Place) + "/outside" },
		func() error { return q.Again(outsideFormView(page)) })
}

// consentWords says since when an occupant consents, or when they took it back.
func consentWords(p *lang.Printer, c people.Consent) string {
	if c.Withdrawn.IsZero() {
		return p.T("places.card.consented", "day", c.Given)
	}
	return p.T("places.card.withdrawn", "day", c.Given, "until", c.Withdrawn)
}

// version names the text to which one consents.
func version(p *lang.Printer, from civil.Date) string {
	return p.T("places.card.version", "from", from)
}
