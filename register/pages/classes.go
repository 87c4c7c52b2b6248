package pages

import (
	"strconv"

	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/register"
)

// classLine is a class as the list shows it.
type classLine struct {
	Letter, Name, Href string
	Nominal            string
	Issued, Capital    string
	Votes, Since       string
	Rights             []web.Fact
}

// classesPage is what GET /register/classes shows.
type classesPage struct {
	List   []classLine
	Writer bool
}

func (s *screens) classes(q *web.Request) error {
	page := classesPage{Writer: q.Who.May(writers)}
	err := s.DB.View(q.Context(), func(v *store.View) error {
		classes, err := register.Classes(v)
		if err != nil {
			return err
		}
		issued, err := issuedBy(v, classes)
		if err != nil {
			return err
		}
		for _, c := range classes {
			page.List = append(page.List, classLine{Letter: c.Letter, Name: c.Name, Href: classPath(c.ID),
				Nominal: q.P.Money(c.Nominal), Issued: q.P.Count(issued[c.ID]),
				Capital: q.P.Money(money.Cents(issued[c.ID] * int64(c.Nominal))), Votes: q.P.Count(c.Votes),
				Since: q.P.ShortDate(c.Since), Rights: rightsOf(q, c)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(classesView(page))
}

// issuedBy counts the issued shares of each class today.
func issuedBy(r store.Reader, classes []register.ShareClass) (map[register.ClassID]int64, error) {
	issued := map[register.ClassID]int64{}
	if len(classes) == 0 {
		return issued, nil
	}
	roll, err := register.RollOn(r, r.Today(), r.Today())
	if err != nil {
		return nil, err
	}
	for _, h := range roll.ByClass {
		issued[h.Class] = h.Shares
	}
	return issued, nil
}

// rightsOf are what the register must say of a class beside its figures (CSA 6:25).
func rightsOf(q *web.Request, c register.ShareClass) []web.Fact {
	holders := q.T("register.holders." + string(c.Holders))
	if c.Quality != "" {
		holders += ", " + c.Quality
	}
	restriction := c.Restriction
	if restriction != "" && c.Article != "" {
		restriction += " (" + c.Article + ")"
	}
	var facts []web.Fact
	for _, f := range [][2]string{{"holders", holders}, {"limits", limitsOf(q, c)}, {"profit", c.Profit},
		{"restriction", restriction}} {
		if f[1] != "" {
			facts = append(facts, web.Fact{Name: q.T("register.page.class." + f[0]), Text: f[1]})
		}
	}
	return facts
}

// limitsOf says how many shares of a class one person may ask to hold; nothing when it has no limit of its own.
func limitsOf(q *web.Request, c register.ShareClass) string {
	switch {
	case c.Least > 0 && c.Most > 0:
		return q.T("register.page.class.limits.both", "least", c.Least, "most", c.Most)
	case c.Least > 0:
		return q.T("register.page.class.limits.least", "n", c.Least)
	case c.Most > 0:
		return q.T("register.page.class.limits.most", "n", c.Most)
	}
	return ""
}

func classPath(id register.ClassID) string { return pathClasses + "/" + string(id) }

// classPage is the form of a class, new or reworded.
type classPage struct {
	Form *web.Form
	Of   register.ClassID // empty for a new one
}

func (s *screens) newClass(q *web.Request) error {
	form := q.Blank()
	form.Set("votes", "1").Set("holders", string(register.Anyone)).Set("since", s.DB.Today().String())
	return q.Page(classView(classPage{Form: form}))
}

// classForm shows what may be reworded of a class: never its letter or its nominal amount.
func (s *screens) classForm(q *web.Request) error {
	c, err := s.classIn(q)
	if err != nil {
		return err
	}
	form := q.Blank()
	form.Set("name", c.Name).Set("votes", strconv.FormatInt(c.Votes, 10)).Set("holders", string(c.Holders)).
		Set("quality", c.Quality).Set("profit", c.Profit).Set("restriction", c.Restriction).Set("article", c.Article).
		Set("since", c.Since.String())
	for name, n := range map[string]int64{"least": c.Least, "most": c.Most} {
		if n > 0 {
			form.Set(name, strconv.FormatInt(n, 10))
		}
	}
	return q.Page(classView(classPage{Form: form, Of: c.ID}))
}

func (s *screens) classIn(q *web.Request) (register.ShareClass, error) {
	c, err := read(q, s.DB, func(v *store.View) (register.ShareClass, error) {
		return register.ClassOf(v, register.ClassID(q.Path("letter")))
	})
	if fault.Of(err) != nil {
		err = web.NotFound
	}
	return c, err
}

// Limits of the form of a class; the room has its own.
const (
	maxLetter  = 3
	maxName    = 80
	maxWords   = 600
	maxNominal = money.Cents(100_000_000)
	maxVotes   = 1000
	maxHeld    = 1_000_000
)

// defineClass creates a class, or rewords one when the address names it.
func (s *screens) defineClass(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := classPage{Form: form}
	var before register.ShareClass
	if q.Path("letter") != "" {
		if before, err = s.classIn(q); err != nil {
			return err
		}
		page.Of = before.ID
	}
	c := register.ShareClass{ID: before.ID, Letter: before.Letter, Name: form.Need("name", maxName),
		Votes: form.NeedInt("votes", 0, maxVotes),
		Holders: register.Holders(form.Choice("holders", string(register.Anyone), string(register.NaturalOnly),
			string(register.LegalOnly))),
		Quality: form.Text("quality", maxWords), Profit: form.Text("profit", maxWords),
		Restriction: form.Text("restriction", maxWords), Article: form.Text("article", maxName),
		Least: form.Int("least", 0, maxHeld), Most: form.Int("most", 0, maxHeld)}
	c.Since = form.Date("since")
	verb, write := "register.reword-class", register.Reword
	if page.Of == "" {
		c.Letter, c.Since = form.Need("letter", maxLetter), form.NeedDate("since")
		c.Nominal = form.Money("nominal", 0, maxNominal)
		verb, write = "register.define-class", func(tx *store.Tx, c register.ShareClass) error {
			_, err := register.DefineClass(tx, c)
			return err
		}
	}
	if form.OK() {
		_, err := s.DB.Act(q.Context(), store.By(q.Who.Person, verb).Once(form.Key()), func(tx *store.Tx) error {
			return write(tx, c)
		})
		if err == nil {
			q.Flash(web.Yes, q.T("register.page.done.class", "class", c.Letter))
			return q.SeeOther(pathClasses)
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(classView(page))
}
