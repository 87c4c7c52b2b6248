package pages

import (
	"strconv"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// placeForm is the form of a place's facts.
type placeForm struct {
	Form  *web.Form
	Place places.Place // the zero one for a new place
	Helds []web.Option
}

func (p Pages) newPlace(q *web.Request) error {
	form := q.Blank().Set("held", string(places.Owned)).Set("from", p.DB.Today().String())
	return q.Page(placeFormView(placeForm{Form: form, Helds: worded(q.P, places.Helds, places.Held.Words)}))
}

func readPlace(form *web.Form) places.PlaceFact {
	return places.PlaceFact{Title: form.Need("title", places.MaxTitle), From: form.PartialDate("from"),
		Area: area(form, "area"), Why: form.Text("why", places.MaxWhy),
		PlaceMore: places.PlaceMore{Street: form.Text("street", 120), Postcode: form.Text("postcode", 12),
			Town: form.Text("town", 80), About: form.Lines("about", places.MaxText),
			Held:   places.Held(form.Choice("held", values(places.Helds)...)),
			Bought: form.PartialDate("bought"), Price: form.Money("price", 0, money.Max), Roughly: form.Flag("roughly"),
			Deed: form.Lines("deed", places.MaxText), Financing: form.Lines("financing", places.MaxText),
			Source: form.Text("source", web.MaxLine)}}
}

func (p Pages) addPlace(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	name, f := form.Text("name", places.MaxName), readPlace(form)
	return p.acted(q, form, "places.add-place", func(tx *store.Tx) error {
		_, err := places.AddPlace(tx, name, f)
		return err
	}, func(answer string) string { return pathPlaces + "/" + answer }, func() error {
		return q.Again(placeFormView(placeForm{Form: form, Helds: worded(q.P, places.Helds, places.Held.Words)}))
	})
}

func (p Pages) readPlaceForm(q *web.Request, form *web.Form) (page placeForm, err error) {
	page = placeForm{Form: form, Helds: worded(q.P, places.Helds, places.Held.Words)}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		page.Place, err = named(q, v, places.Now(v))
		return err
	})
	return page, err
}

func (p Pages) placeFacts(q *web.Request) error {
	form := q.Blank()
	page, err := p.readPlaceForm(q, form)
	if err != nil {
		return err
	}
	f := page.Place
	form.Set("title", f.Title).Set("from", p.DB.Today().String()).Set("area", f.Area.Plain()).Set("street", f.Street).
		Set("postcode", f.Postcode).Set("town", f.Town).Set("about", f.About).Set("held", string(f.Held)).
		Set("bought", f.Bought.String()).Set("deed", f.Deed).Set("financing", f.Financing).Set("source", f.Source)
	if f.Price > 0 {
		form.Set("price", q.P.Plain(f.Price))
	}
	if f.Roughly {
		form.Set("roughly", "on")
	}
	return q.Page(placeFormView(page))
}

func (p Pages) amendPlace(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	f := readPlace(form)
	return p.acted(q, form, "places.amend-place", func(tx *store.Tx) error {
		place, err := named(q, tx, places.Now(tx))
		if err != nil {
			return err
		}
		f.Place = place.ID
		return places.AmendPlace(tx, f)
	}, func(answer string) string { return pathPlaces + "/" + answer }, func() error {
		page, err := p.readPlaceForm(q, form)
		if err != nil {
			return err
		}
		return q.Again(placeFormView(page))
	})
}

// closingPage is the form by which a place or a part is closed.
type closingPage struct {
	Form         *web.Form
	Name, Action string
	Back         string
}

func (p Pages) closing(q *web.Request, form *web.Form) (page closingPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if q.Path("name") != "" {
			place, err := named(q, v, places.Now(v))
			page.Name, page.Back = place.Title, pathOf(place)
			return err
		}
		part, _, err := part(q, v, places.Now(v))
		page.Name, page.Back = part.Name(), pathOfPart(part.ID)
		return err
	})
	page.Action = page.Back + "/closing"
	return page, err
}

func (p Pages) beforeClosingPlace(q *web.Request) error {
	page, err := p.closing(q, q.Blank().Set("from", p.DB.Today().String()))
	if err != nil {
		return err
	}
	return q.Page(closingView(page))
}

func (p Pages) beforeClosingPart(q *web.Request) error { return p.beforeClosingPlace(q) }

func (p Pages) closePlace(q *web.Request) error {
	return p.close(q, "places.close-place", func(tx *store.Tx, from civil.Date, why string) error {
		place, err := named(q, tx, places.Now(tx))
		if err != nil {
			return err
		}
		return places.ClosePlace(tx, place.ID, from, why)
	})
}

func (p Pages) closePart(q *web.Request) error {
	return p.close(q, "places.close-part", func(tx *store.Tx, from civil.Date, why string) error {
		return places.ClosePart(tx, places.PartID(q.Path("id")), from, why)
	})
}

func (p Pages) close(q *web.Request, verb string, fn func(*store.Tx, civil.Date, string) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	from, why := form.NeedDate("from"), form.Need("why", places.MaxWhy)
	page, err := p.closing(q, form)
	if err != nil {
		return err
	}
	return p.acted(q, form, verb, func(tx *store.Tx) error { return fn(tx, from, why) },
		func(string) string { return page.Back }, func() error { return q.Again(closingView(page)) })
}

// partForm is the form of a part's facts.
type partForm struct {
	Form    *web.Form
	Place   places.Place
	Part    places.Part // the zero one for a new part
	Level   places.Level
	Parents []web.Option
	Uses    []web.Option
	Tenures []web.Option
	Degrees []web.Option
	Powers  []web.Option
}

func (p Pages) partForm(q *web.Request, form *web.Form) (page partForm, err error) {
	page = partForm{Form: form, Level: levelOf(form.Raw("level")), Uses: worded(q.P, places.Uses, places.Use.Words),
		Tenures: worded(q.P, places.Tenures, places.Tenure.Words),
		Degrees: maybe(q.P, worded(q.P, places.Degrees, places.Degree.Words))}
	page.Powers = []web.Option{{Label: q.T("places.page.unknown")}}
	for _, power := range places.Powers {
		page.Powers = append(page.Powers, web.Option{Value: power, Label: lang.Capital(q.T("places.power." + power))})
	}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if q.Path("id") != "" {
			page.Part, page.Place, err = part(q, v, places.Now(v))
			page.Level = page.Part.Level
			return err
		}
		if page.Place, err = named(q, v, places.Now(v)); err != nil {
			return err
		}
		all, err := places.PartsOf(v, page.Place.ID, places.Now(v))
		page.Parents = []web.Option{{Label: page.Place.Title}}
		for _, part := range all {
			if !part.Closed && (page.Level != places.Floor || part.Level == places.Building) {
				page.Parents = append(page.Parents, web.Option{Value: string(part.ID),
					Label: q.T("places.page.level-name", "level", lang.Capital(q.P.Words(part.Level.Words())), "name", part.Name())})
			}
		}
		return err
	})
	return page, err
}

// levelOf is the level that a form or an address names.
func levelOf(text string) places.Level {
	for _, l := range places.Levels {
		if string(l) == text {
			return l
		}
	}
	return places.Space
}

func (p Pages) newPart(q *web.Request) error {
	level := levelOf(q.Query("level"))
	page, err := p.partForm(q, q.Blank().Set("level", string(level)).Set("parent", q.Query("under")).
		Set("tenure", string(places.Single)).Set("use", string(places.Workshop)).Set("from", p.DB.Today().String()))
	if err != nil {
		return err
	}
	return q.Page(partFormView(page))
}

func readFact(form *web.Form, level places.Level) places.Fact {
	f := places.Fact{Code: form.Need("code", places.MaxCode), Title: form.Text("title", places.MaxTitle),
		From: form.PartialDate("from"), Area: area(form, "area"), Why: form.Text("why", places.MaxWhy)}
	if level != places.Space {
		return f
	}
	f.Use = places.Use(form.Choice("use", values(places.Uses)...))
	f.Tenure = places.Tenure(form.Choice("tenure", values(places.Tenures)...))
	f.Equipment = places.Equipment{Works: form.Flag("works"), Capacity: form.Int("capacity", 0, 20_000),
		Load: form.Int("load", 0, 100_000), Height: form.Int("height", 0, 10_000), Door: form.Int("door", 0, 10_000),
		Water: form.Flag("water"), Power: form.Text("power", 10), Extraction: form.Flag("extraction"),
		Compartment: form.Text("compartment", 40), Sound: places.Degree(form.Text("sound", 10)),
		Dust: places.Degree(form.Text("dust", 10)), Note: form.Lines("note", places.MaxNote)}
	return f
}

func (p Pages) addPart(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	level := levelOf(form.Raw("level"))
	n := places.NewPart{Parent: places.PartID(form.Text("parent", 40)), Level: level, Fact: readFact(form, level)}
	return p.acted(q, form, "places.add-part", func(tx *store.Tx) error {
		place, err := named(q, tx, places.Now(tx))
		if err != nil {
			return err
		}
		n.Place = place.ID
		_, err = places.AddPart(tx, n)
		return err
	}, func(answer string) string { return pathOfPart(places.PartID(answer)) }, func() error {
		page, err := p.partForm(q, form)
		if err != nil {
			return err
		}
		return q.Again(partFormView(page))
	})
}

func (p Pages) partFacts(q *web.Request) error {
	form := q.Blank()
	page, err := p.partForm(q, form)
	if err != nil {
		return err
	}
	f := page.Part
	count := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	form.Set("code", f.Code).Set("title", f.Title).Set("from", p.DB.Today().String()).Set("area", f.Area.Plain()).
		Set("use", string(f.Use)).Set("tenure", string(f.Tenure)).Set("capacity", count(f.Capacity)).
		Set("load", count(f.Load)).Set("height", count(f.Height)).Set("door", count(f.Door)).Set("power", f.Power).
		Set("compartment", f.Compartment).Set("sound", string(f.Sound)).Set("dust", string(f.Dust)).Set("note", f.Note)
	for name, is := range map[string]bool{"works": f.Works, "water": f.Water, "extraction": f.Extraction} {
		if is {
			form.Set(name, "on")
		}
	}
	return q.Page(partFormView(page))
}

func (p Pages) amendPart(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.partForm(q, form)
	if err != nil {
		return err
	}
	f := readFact(form, page.Level)
	f.Part = page.Part.ID
	return p.acted(q, form, "places.amend-part", func(tx *store.Tx) error { return places.AmendPart(tx, f) },
		func(answer string) string { return pathOfPart(places.PartID(answer)) },
		func() error { return q.Again(partFormView(page)) })
}

// paperForm is the form of a document.
type paperForm struct {
	Form  *web.Form
	Place places.Place
	Kinds []web.Option
}

func (p Pages) paperForm(q *web.Request, form *web.Form) (page paperForm, err error) {
	page = paperForm{Form: form, Kinds: worded(q.P, places.PaperKinds, places.PaperKind.Words)}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		page.Place, err = named(q, v, places.Now(v))
		return err
	})
	return page, err
}

func (p Pages) newPaper(q *web.Request) error {
	page, err := p.paperForm(q, q.Blank().Set("on", p.DB.Today().String()).Set("kind", string(places.Photo)))
	if err != nil {
		return err
	}
	return q.Page(paperFormView(page))
}

func (p Pages) attach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	paper := places.Paper{Title: form.Need("title", places.MaxTitle), On: form.NeedDate("on"),
		Kind: places.PaperKind(form.Choice("kind", values(places.PaperKinds)...))}
	form.NeedFile("file", documents.MaxSize)
	var file *documents.Upload
	if form.OK() {
		if file, err = upload(form, "file"); err != nil {
			return err
		}
	}
	page, err := p.paperForm(q, form)
	if err != nil {
		return err
	}
	paper.Place = page.Place.ID
	return p.acted(q, form, "places.attach", func(tx *store.Tx) error { return places.Attach(tx, paper, file) },
		func(string) string { return pathOf(page.Place) + "#papers" }, func() error { return q.Again(paperFormView(page)) })
}

// detach hides a document.
func (p Pages) detach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "places.detach").Once(form.Key()), func(tx *store.Tx) error {
		place, err := named(q, tx, places.Now(tx))
		if err != nil {
			return err
		}
		paper, err := places.PaperByID(tx, q.Path("id"))
		if err == nil && paper.Place != place.ID {
			err = web.NotFound
		}
		if err != nil {
			return err
		}
		return places.Detach(tx, paper.ID)
	})
	if err != nil {
		return err
	}
	return q.SeeOther(pathPlaces + "/" + q.Path("name") + "#papers")
}
