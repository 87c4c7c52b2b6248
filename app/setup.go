package app

import (
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
)

// Limits of the set-up page's fields; the rooms have their own and are asked again.
const (
	maxSetUpName = 120
	maxSetUpText = 200
	maxNominal   = money.Cents(10_000_00)
)

// setUp shows the page that the one-time link of the first start opens.
func (a *App) setUp(q *web.Request) error {
	token := q.Query("link")
	var may bool
	err := a.db.View(q.Context(), func(v *store.View) error {
		c, found, err := people.Peek(v, token)
		may = found && c.Purpose == people.SetUp
		return err
	})
	if err != nil {
		return err
	}
	if !may {
		return q.Page(setUpClosed())
	}
	f := q.Blank()
	f.Set("link", token).Set("lang", string(q.P.Tag)).Set("zone", "Europe/Brussels").Set("preset", "minimal-law").
		Set("shares", "yes").Set("letter", "A").Set("class", q.T("app.setup.ordinary")).Set("nominal", "250")
	return q.Page(setUpView(f, presets(q.P)))
}

func presets(p *lang.Printer) []web.Option {
	var options []web.Option
	for _, name := range bylaws.PresetNames {
		preset, _ := bylaws.LoadPreset(name)
		options = append(options, web.Option{Value: name, Label: preset.Title[string(p.Tag)], Hint: preset.Note[string(
			p.Tag)]})
	}
	return options
}

// beginning is what the set-up page asks.
type beginning struct {
	house   people.Foundation
	preset  string
	class   register.ShareClass
	admin   people.Entry
	founded civil.Date
	token   string
}

func readBeginning(f *web.Form) beginning {
	tag := lang.Tag(f.Choice("lang", "fr", "nl", "en"))
	b := beginning{token: f.Need("link", maxSetUpText), preset: f.Choice("preset", bylaws.PresetNames...),
		founded: f.NeedDate("founded")}
	b.house = people.Foundation{Zone: f.Need("zone", maxZone), HasShares: f.Choice("shares", "yes", "no") == "yes",
		DecidedOn: f.Date("decided"), Reference: f.Text("reference", maxSetUpName), FoundedOn: b.founded}
	b.house.House = people.Entry{Kind: people.Legal, Name: f.Need("name", maxSetUpName), Form: f.Text("form", 40),
		Enterprise: f.Text("enterprise", 20), Lang: tag,
		From: b.founded, Home: people.Address{Street: f.Text("street", maxSetUpText), Postcode: f.Text("postcode", 12),
			Town: f.Text("town", 80)}}
	if b.house.HasShares {
		b.class = register.ShareClass{Letter: strings.ToUpper(f.Need("letter", 3)), Name: f.Need("class", 80),
			Nominal: f.Money("nominal", 1, maxNominal),
			Votes:   1, Holders: register.Anyone, Since: b.founded}
	}
	b.admin = people.Entry{Kind: people.Natural, Given: f.Need("given", 80), Family: f.Need("family", 80), Lang: tag,
		Emails: []string{f.Need("email", 200)}}
	return b
}

// found writes the beginning of a house in one act, and signs its first administrator in.
func (a *App) found(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	b := readBeginning(f)
	if f.OK() {
		var admin people.PersonID
		out, err := a.db.Act(q.Context(), store.By("", "app.found").Once(f.Key()), func(tx *store.Tx) error {
			if admin, err = b.write(tx, a.book); err != nil {
				return err
			}
			tx.Answer(string(admin))
			return nil
		})
		if err == nil {
			if out.Repeated {
				return q.SeeOther(web.PathSignIn)
			}
			if err := settleZone(q.Context(), a.db); err != nil {
				return err
			}
			if err := q.SignIn(string(admin), ""); err != nil {
				return err
			}
			q.Flash(web.Yes, q.T("app.setup.done", "name", b.house.House.Name))
			return q.SeeOther("/")
		}
		if !f.Refused(err) {
			return err
		}
	}
	return q.Again(setUpView(f, presets(q.P)))
}

// write is the act: the link is consumed with it or not at all.
func (b beginning) write(tx *store.Tx, book *lang.Book) (admin people.PersonID, err error) {
	c, err := people.Redeem(tx, b.token)
	if err != nil {
		return "", err
	}
	if c.Purpose != people.SetUp {
		return "", fault.Refuse("app.refusal.setup-link")
	}
	err = tx.Quietly(func() error {
		if _, err := people.Found(tx, b.house); err != nil {
			return err
		}
		if err := noteRegister(tx, book); err != nil {
			return err
		}
		preset, ok := bylaws.LoadPreset(b.preset)
		if !ok {
			return fault.Refuse("app.refusal.preset").At("preset")
		}
		if _, err := bylaws.Lay(tx, preset.In(b.house.House.Lang), b.founded, bylaws.Deed{}); err != nil {
			return err
		}
		if admin, err = people.Enroll(tx, b.admin); err != nil {
			return err
		}
		for _, role := range []people.Access{people.ForAdmin, people.ForOffice} {
			if _, err := people.Allow(tx, people.Grant{Person: admin, Role: role, From: tx.Today()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if b.house.HasShares { // not quietly: the line tells the rights of the class, which the check compares
		if _, err := register.DefineClass(tx, b.class); err != nil {
			return "", err
		}
	}
	house, _, err := people.TheHouse(tx)
	tx.Record(store.Line{About: []store.Ref{house.Person.Ref(), admin.Ref()}, Args: map[string]any{"preset": b.preset}})
	return admin, err
}
