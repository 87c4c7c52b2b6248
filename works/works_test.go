package works

import (
	"strings"
	"testing"

	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/places"
)

func line(title, from string, after ...LineID) LineFact {
	return LineFact{From: day(from), Term: Short, State: Planned, Title: title, Priority: Useful, Estimate: 1_000_00,
		After: after}
}

func (h *house) line(f LineFact) (id LineID) {
	h.Helper()
	h.act("works.add-line", func(tx *store.Tx) (err error) { id, err = AddLine(tx, h.dony, f); return err })
	return id
}

// An outlook is read as it was on any day, adds up, and no line of it comes after itself, whichever day one asks about.
func TestAnOutlookHasNoCircle(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		doors := h.line(line("Portes coupe-feu", "2017-06"))
		roof := h.line(LineFact{From: day("2017-06"), Term: Long, State: Wished, Title: "Toiture", Priority: Welcome,
			After: []LineID{doors}})
		power := h.line(line("Électricité", "2020-01-01", roof))
		h.refused("circle", func(tx *store.Tx) error {
			f := line("Portes", "2021-01-01", power)
			f.Line = doors
			return AmendLine(tx, f)
		})
		h.refused("circle", func(tx *store.Tx) error {
			f := line("Portes", "2018-01-01", power)
			f.Line = doors
			return AmendLine(tx, f)
		})
		h.refused("after", func(tx *store.Tx) error {
			f := line("Portes", "2021-01-01", doors)
			f.Line = doors
			return AmendLine(tx, f)
		})
		h.refused("future", func(tx *store.Tx) error {
			_, err := AddLine(tx, h.dony,
				line("Demain", "2026-03-03"))
			return err
		})
		h.refused("empty", func(tx *store.Tx) error { _, err := AddLine(tx, h.dony, line(" ", "2026-03-02")); return err })
		h.act("works.amend-line", func(tx *store.Tx) error {
			f := line("Portes coupe-feu", "2018-05-01")
			f.Line, f.State = doors, Done
			return AmendLine(tx, f)
		})
		h.view(func(v *store.View) error {
			for _, c := range []struct {
				day         string
				lines, open int64
				sum         money.Cents
				unknown     int64
				waits       int
			}{{"2017-05-31", 0, 0, 0, 0, 0}, {"2017-06-01", 2, 2, 1_000_00, 1, 1},
				{"2017-06-30", 2, 2, 1_000_00, 1, 1}, {"2019-01-01", 2, 1, 0, 1, 0}, {"2026-03-02", 3, 2, 1_000_00, 1, 0}} {
				list, err := OutlookOn(v, h.dony, day(c.day))
				if err != nil {
					return err
				}
				sum, waits := Sum(list, ""), 0
				for _, l := range list {
					if l.ID == roof {
						waits = len(l.Waits(list))
					}
				}
				if int64(len(list)) != c.lines || sum != (Ahead{c.open, c.sum, c.unknown}) || waits != c.waits {
					t.Errorf("%s: %d lines, %+v, the roof waits for %d", c.day, len(list), sum, waits)
				}
			}
			return nil
		})
		h.clean()
	})
}

func (h *house) site(spaces ...places.PartID) (id SiteID, lot string) {
	h.Helper()
	h.act("works.add-site", func(tx *store.Tx) (err error) {
		id, err = AddSite(tx, h.dony, SiteFact{From: day("2026-01-05"), Title: "Mezzanine", Spaces: spaces})
		return err
	})
	h.act("works.add-lot", func(tx *store.Tx) (err error) {
		lot, err = AddLot(tx, Lot{Site: id, Title: "Charpente", Contractor: "Bois & Fils"})
		return err
	})
	return id, lot
}

func (h *house) cost(lot string, kind CostKind, cents money.Cents) (id string) {
	h.Helper()
	h.act("works.enter-cost", func(tx *store.Tx) (err error) {
		id, err = Enter(tx, Cost{Lot: lot, Kind: kind, On: h.today, Cents: cents}, nil)
		return err
	})
	return id
}

// Budget against cost to the cent; an overrun is told, an opposite entry takes an invoice out.
func TestABudgetAgainstItsCost(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		site, lot := h.site()
		h.cost(lot, Budget, 5_000_00)
		h.cost(lot, Commitment, 4_800_00)
		h.cost(lot, Invoice, 3_000_33)
		wrong := h.cost(lot, Invoice, 2_500_00)
		account := func() (a Account) {
			h.view(func(v *store.View) error {
				c, err := CashOf(v, h.dony, day("2026-01-01"), day("2026-12-31"))
				if c.Invoiced != c.Total.Invoiced || len(c.Sites) != 1 || c.Sites[0].Lots[0].Account != c.Total {
					t.Errorf("the parts are not the whole: %+v", c)
				}
				a = c.Total
				return err
			})
			return a
		}
		if a := account(); a.Cost() != 5_500_33 || a.Left() != -500_33 || a.Over() != 500_33 || a.Unordered != 700_33 {
			t.Errorf("the overrun is %+v", a)
		}
		h.refused("empty", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, " ") })
		h.act("works.reverse", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, "Facture d’un autre chantier") })
		h.refused("reversed", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, "encore") })
		if a := account(); a != (Account{5_000_00, 4_800_00, 3_000_33, 0}) || a.Over() != 0 || a.Left() != 200_00 {
			t.Errorf("the account is %+v", a)
		}
		h.cost(lot, Budget, -1_000_00)
		if a := account(); a.Over() != 800_00 {
			t.Errorf("a budget that is cut: %+v", a)
		}
		h.refused("amount", func(tx *store.Tx) error {
			_, err := Enter(tx, Cost{Lot: lot, Kind: Invoice, On: h.today}, nil)
			return err
		})
		h.refused("unknown-lot", func(tx *store.Tx) error {
			_, err := Enter(tx, Cost{Lot: "x", Kind: Invoice, On: h.today, Cents: 1}, nil)
			return err
		})
		h.view(func(v *store.View) error {
			if c, err := CostOf(v, h.dony, 2026); err != nil || c != 3_000_33 {
				t.Errorf("2026 cost %v, %v", c, err)
			}
			if c, err := CostOf(v, h.dony, 2025); err != nil || c != 0 {
				t.Errorf("2025 cost %v, %v", c, err)
			}
			_, err := SiteByID(v, site)
			return err
		})
		h.clean()
	})
}

// What is left of a site is the sum of what is left of its lots, wherever it is told: an order of one lot pays no
// invoice of another. One lot is over its order, one was invoiced without any, one has an order and no invoice yet.
func TestWhatIsLeftIsTheSumOfItsColumn(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		site, frame := h.site()
		lot := func(id SiteID, title string) (lot string) {
			h.act("works.add-lot", func(tx *store.Tx) (err error) {
				lot, err = AddLot(tx, Lot{Site: id, Title: title})
				return err
			})
			return lot
		}
		stairs, wiring := lot(site, "Escalier"), lot(site, "Électricité")
		h.cost(frame, Budget, 1_000_00)
		h.cost(frame, Commitment, 900_00)
		h.cost(frame, Invoice, 1_380_50) // over its order and its budget
		h.cost(stairs, Budget, 2_500_00)
		h.cost(stairs, Commitment, 2_250_00)
		h.cost(wiring, Budget, 200_00)
		wrong := h.cost(wiring, Invoice, 50_00)
		h.cost(wiring, Invoice, 200_75) // without any order
		h.act("works.reverse", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, "Faute") })
		other, roof := h.site()
		h.cost(roof, Invoice, 99_00)
		h.view(func(v *store.View) error {
			c, err := CashOf(v, h.dony, h.today, h.today)
			if err != nil {
				return err
			}
			whole := money.Cents(0)
			for _, s := range c.Sites {
				sum := money.Cents(0)
				for _, l := range s.Lots {
					sum += l.Account.Left()
				}
				if s.Account.Left() != sum {
					t.Errorf("%s: its lots have %s left, it has %s", s.Site.Title, sum, s.Account.Left())
				}
				whole += sum
			}
			if c.Total.Left() != whole || whole != -230_25 || c.Total.Cost() != 1_380_50+2_250_00+200_75+99_00 ||
				c.Total.Unordered != 480_50+200_75+99_00 || c.Invoiced != c.Total.Invoiced {
				t.Errorf("the place has %s left of %s: %+v", c.Total.Left(), whole, c.Total)
			}
			accounts, err := SiteAccounts(v)
			if err != nil || accounts[site].Plus(accounts[other]) != c.Total || accounts[other].Left() != -99_00 {
				t.Errorf("the accounts are %+v, the sum %+v, %v", accounts, c.Total, err)
			}
			all, err := Glances(v, nil)
			if err != nil || all[h.dony].Account != c.Total {
				t.Errorf("at a glance %+v, the sum %+v, %v", all[h.dony], c.Total, err)
			}
			place, err := places.PlaceByID(v, h.dony, places.Now(v))
			if err != nil {
				return err
			}
			rep, err := ReportOf(v, place, h.today, h.today)
			if err != nil {
				return err
			}
			var text strings.Builder
			if err := papers.Text(&text, rep.Paper(printer("fr")), nil); err != nil {
				return err
			}
			plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text.String())
			for _, want := range []string{"-230,25 €", "780,25 € sont facturés sans commande"} {
				if !strings.Contains(strings.ReplaceAll(plain, "−", "-"), want) {
					t.Errorf("the report does not say %s:\n%s", want, plain)
				}
			}
			return nil
		})
		h.clean()
	})
}

// An open site makes its spaces building sites; they are workshops again when no open site has them.
func TestASiteTakesItsSpaces(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		one, _ := h.site(h.a1, h.a2)
		two, _ := h.site(h.a2)
		set := func(id SiteID, state SiteState, from string, spaces ...places.PartID) {
			h.Helper()
			h.act("works.amend-site", func(tx *store.Tx) error {
				return AmendSite(tx, SiteFact{Site: id, From: day(from), State: state, Title: "Mezzanine", Spaces: spaces})
			})
		}
		state := func(id places.PartID, on string) bool {
			works := false
			h.view(func(v *store.View) error {
				p, err := places.PartByID(v, id, places.On(day(on)))
				works = p.Works
				return err
			})
			return works
		}
		set(one, Opened, "2026-02-01", h.a1, h.a2)
		set(two, Opened, "2026-02-10", h.a2)
		if !state(h.a1, "2026-02-01") || state(h.a1, "2026-01-31") || !state(h.a2, "2026-02-15") {
			t.Error("the spaces of an open site are no sites")
		}
		set(one, Closed, "2026-02-20", h.a1, h.a2)
		if state(h.a1, "2026-02-20") || !state(h.a2, "2026-02-20") {
			t.Error("A1 is free of sites, A2 still has one")
		}
		set(two, Closed, "2026-03-01", h.a2)
		if state(h.a2, "2026-03-01") {
			t.Error("no site is open any more")
		}
		h.refused("site-state", func(tx *store.Tx) error {
			return AmendSite(tx, SiteFact{Site: one, From: day("2026-03-01"), State: Prepared, Title: "Mezzanine"})
		})
		h.refused("site-order", func(tx *store.Tx) error {
			return AmendSite(tx, SiteFact{Site: one, From: day("2026-02-19"), State: Opened, Title: "Mezzanine"})
		})
		h.clean()
	})
}

// A site does not open over the heads of who is in its spaces: they are named, and it opens once they have agreed to go.
func TestASiteDrivesNobodyOut(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		site, _ := h.site(h.a1)
		var held places.OccupancyID
		h.act("places.enter", func(tx *store.Tx) (err error) {
			held, err = places.Enter(tx, h.a1, h.personIn(tx, "Presse"), places.Terms{Stay: places.Lasting,
				From: day("2020-01-01"), Practice: "sérigraphie", Index: places.Fixed})
			return err
		})
		open := func(tx *store.Tx) error {
			return AmendSite(tx, SiteFact{Site: site, From: h.today, State: Opened, Title: "Mezzanine",
				Spaces: []places.PartID{h.a1}})
		}
		err := h.try("works.amend-site", open)
		if said := fault.Of(err); !fault.Is(err, "places.refusal.works-occupied") || said[0].Field != "spaces" ||
			said[0].Args["who"] != "Ada Presse" {
			t.Errorf("the site opens around its occupant: %v", err)
		}
		h.view(func(v *store.View) error {
			s, err := SiteByID(v, site)
			if s.State != Prepared {
				t.Errorf("the site is %s", s.State)
			}
			return err
		})
		h.act("places.end", func(tx *store.Tx) error { return places.End(tx, held, h.today.AddDays(-1), "déménage en A2") })
		h.act("works.amend-site", open)
		err = h.try("places.enter", func(tx *store.Tx) error {
			_, err := places.Enter(tx, h.a1, h.personIn(tx, "Fil"), places.Terms{Stay: places.Lasting, From: h.today,
				Practice: "textile", Index: places.Fixed})
			return err
		})
		if said := fault.Of(err); !fault.Is(err, "places.refusal.works") || said[0].Args["work"] != "Mezzanine" {
			t.Errorf("an open site takes an occupant: %v", err)
		}
		h.clean()
	})
}

// What was given is worth something and is no money: no figure of money moves when hours, meals and reuse are added.
func TestWorthIsNoMoney(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		_, lot := h.site()
		h.cost(lot, Budget, 1_000_00)
		h.cost(lot, Invoice, 640_00)
		report := func() (rep Report) {
			h.view(func(v *store.View) error {
				place, err := places.PlaceByID(v, h.dony, places.Now(v))
				if err != nil {
					return err
				}
				rep, err = ReportOf(v, place, day("2026-01-01"), h.today)
				return err
			})
			return rep
		}
		before := report()
		d, shift := h.day("2026-03-02", 5)
		h.act("works.set-rate", func(tx *store.Tx) error {
			return SetRate(tx, Rate{From: day("2026-01-01"), Cents: 15_55, Source: "Décision du conseil"})
		})
		var u Signup
		h.act("works.enter-signup", func(tx *store.Tx) (err error) {
			u,
				err = h.post.EnterSignup(tx, who(shift, "Ana"))
			return err
		})
		h.act("works.attend", func(tx *store.Tx) error { return Attend(tx, d, []Attendance{{u.ID, Came, 170, 2}}) })
		h.act("works.add-reuse", func(tx *store.Tx) error {
			_, err := AddReuse(tx, Reuse{Place: h.dony, On: h.today, Material: "Poutres", Origin: "Démolition", Quantity: 12_500,
				Unit:    "m",
				Avoided: 375_00, Estimate: "Prix du neuf chez un marchand"})
			return err
		})
		h.refused("estimate", func(tx *store.Tx) error {
			_, err := AddReuse(tx, Reuse{Place: h.dony, On: h.today, Material: "P", Origin: "D", Quantity: 1, Unit: "m",
				Avoided: 1})
			return err
		})
		h.act("works.add-selfbuild", func(tx *store.Tx) error {
			_, err := AddSelfBuild(tx, SelfBuild{Place: h.dony, Space: h.a1, From: day("2026-01"), Share: 60, Words: "Cloisons",
				Supplied:      "Bois",
				SuppliedCents: 200_00, Minutes: 6000})
			return err
		})
		after := report()
		if before.Cash.Total != after.Cash.Total || before.Cash.Invoiced != after.Cash.Invoiced ||
			after.Cash.Total != (Account{1_000_00, 0, 640_00, 640_00}) {
			t.Errorf("money moved: %+v, %+v", before.Cash.Total, after.Cash.Total)
		}
		if g := after.Given; g.Minutes != 170 || g.Meals != 2 || g.Hours != 44_06 || g.Avoided != 375_00 ||
			g.Worth() != 419_06 || len(g.Built) != 1 {
			t.Errorf("given: %+v", g)
		}
		var text strings.Builder
		if err := papers.Text(&text, after.Paper(printer("fr")), nil); err != nil {
			t.Fatal(err)
		}
		cash, given, found := strings.Cut(text.String(), printer("fr").T("works.report.given"))
		plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
		cash, given = plain.Replace(cash), plain.Replace(given)
		for _, worth := range []string{"44,06", "375", "419,06", "200"} {
			if !found || strings.Contains(cash, worth+" €") {
				t.Errorf("%s stands among the money: %s", worth, cash)
			}
		}
		for _, worth := range []string{"44,06 €", "375 €", "15,55 €"} {
			if !strings.Contains(given, worth) {
				t.Errorf("the report does not tell of %s: %s", worth, given)
			}
		}
	})
}

// A tool is out once at a time, comes back, and is told when it is late.
func TestToolsComeBack(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.person("Moreau")
		var tool ToolID
		var loan string
		h.act("works.add-tool", func(tx *store.Tx) (err error) {
			tool, err = AddTool(tx, Tool{Place: h.dony, Title: "Scie à panneaux"})
			return err
		})
		lend := func(tx *store.Tx) (err error) {
			loan, err = Lend(tx, Loan{Tool: tool, Person: ada, Out: h.today, Due: h.today.AddDays(7)})
			return err
		}
		h.act("works.lend", lend)
		h.refused("tool-out", func(tx *store.Tx) error { return lendTool(tx, tool) })
		h.refused("tool-out", func(tx *store.Tx) error { return RetireTool(tx, tool) })
		h.view(func(v *store.View) error {
			why, err := Retains(v, ada)
			if len(why) != 1 {
				t.Error("who has a tool of the house is not forgotten")
			}
			return err
		})
		h.today = h.today.AddDays(8)
		h.view(func(v *store.View) error {
			list, err := Dues(v)
			if len(list) != 1 || list[0].Kind != "loan" {
				t.Errorf("late tools: %+v", list)
			}
			return err
		})
		h.refused("order", func(tx *store.Tx) error { return GiveBack(tx, loan, day("2026-03-01"), "") })
		h.act("works.give-back", func(tx *store.Tx) error { return GiveBack(tx, loan, h.today, "Lame à affûter") })
		h.act("works.lend", lend)
		h.act("works.give-back", func(tx *store.Tx) error { return GiveBack(tx, loan, h.today, "") })
		h.view(func(v *store.View) error {
			why, err := Retains(v, ada)
			if len(why) > 0 {
				t.Error("nothing is out any more")
			}
			sections, err2 := Known(v, ada)
			if err2 != nil || len(sections) != 1 || len(sections[0].Rows) != 2 {
				t.Errorf("what is known of her: %+v", sections)
			}
			return err
		})
		h.act("people.forget", func(tx *store.Tx) error { return Forget(tx, ada) })
		h.view(func(v *store.View) error {
			loans, err := loansBy(v, ada)
			if len(loans) != 2 || loans[0].Name+loans[1].Name != "" {
				t.Errorf("the name is still there: %+v", loans)
			}
			return err
		})
	})
}

// A problem from the code on the door to its line of the outlook, followed by its link.
func TestAProblemIsFollowed(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var doors []Door
		make := func() (n int) {
			h.act("works.make-doors", func(tx *store.Tx) (err error) { n, err = MakeDoors(tx, h.dony); return err })
			h.view(func(v *store.View) (err error) { doors, err = DoorsOf(v, h.dony); return err })
			return n
		}
		if n := make(); n != 3 || len(doors) != 3 {
			t.Fatalf("%d codes for two workshops and the place", n)
		}
		if n := make(); n != 0 {
			t.Errorf("%d codes twice", n)
		}
		h.refused("door", func(tx *store.Tx) error {
			_, _, err := h.post.Report(tx, "zzzzzzzz", Problem{Words: "x"}, nil)
			return err
		})
		h.refused("empty", func(tx *store.Tx) error {
			_, _, err := h.post.Report(tx, doors[1].Code, Problem{Words: " "}, nil)
			return err
		})
		var id ProblemID
		var token string
		h.act("works.report", func(tx *store.Tx) (err error) {
			code := strings.ToUpper(doors[1].Code[:4] + " " + doors[1].Code[4:])
			id, token, err = h.post.Report(tx, code, Problem{Words: "La fenêtre ne ferme plus", Email: "eva@courriel.exemple"},
				nil)
			return err
		})
		h.view(func(v *store.View) error {
			b, err := ProblemLinked(v, token)
			if b.ID != id || b.Part != h.a1 || b.State != New {
				t.Errorf("%+v", b)
			}
			if _, err := ProblemLinked(v, "x"); err == nil {
				t.Error("any link follows")
			}
			return err
		})
		ada := h.person("Moreau")
		h.refused("owner", func(tx *store.Tx) error { return h.post.Take(tx, Step{Problem: id, State: Assigned}) })
		h.refused("refused-why", func(tx *store.Tx) error { return h.post.Take(tx, Step{Problem: id, State: Refused}) })
		h.refused("no-line", func(tx *store.Tx) error { return h.post.Take(tx, Step{Problem: id, State: InWorks}) })
		h.act("works.take", func(tx *store.Tx) error {
			return h.post.Take(tx, Step{Problem: id, State: Assigned, Owner: ada, Note: "Clé chez Ada"})
		})
		var line LineID
		h.act("works.into-works", func(tx *store.Tx) (err error) {
			line, err = h.post.IntoWorks(tx, id, LineFact{From: h.today, Term: Short, Title: "Fenêtre de A1", Priority: Useful},
				"Un châssis est commandé")
			return err
		})
		h.refused("in-works", func(tx *store.Tx) error { _, err := h.post.IntoWorks(tx, id, line2(h), ""); return err })
		h.act("works.take", func(tx *store.Tx) error {
			return h.post.Take(tx, Step{Problem: id, State: Solved, Answer: "Remplacé ce matin"})
		})
		h.view(func(v *store.View) error {
			b, err := ProblemByID(v, id)
			if err != nil || b.Line != line || b.State != Solved {
				t.Errorf("%+v %v", b, err)
			}
			l, err := LineByID(v, line)
			if l.Space != h.a1 || l.Title != "Fenêtre de A1" {
				t.Errorf("%+v", l)
			}
			return err
		})
		if letters := h.letters(); len(letters) != 4 || strings.Contains(strings.Join(letters, ""), "Clé chez Ada") {
			t.Errorf("a letter for each new state, and no note of the house: %q", letters)
		}
		for range doorPerDay - 1 {
			h.act("works.report", func(tx *store.Tx) error {
				_, _, err := h.post.Report(tx, doors[1].Code, Problem{Words: "x"}, nil)
				return err
			})
		}
		h.refused("door-busy", func(tx *store.Tx) error {
			_, _, err := h.post.Report(tx, doors[1].Code, Problem{Words: "x"}, nil)
			return err
		})
		h.today = day("2027-03-03")
		h.act("works.night", func(tx *store.Tx) error { _, err := h.post.Night(tx); return err })
		h.view(func(v *store.View) error {
			b, err := ProblemByID(v, id)
			if b.Email != "" {
				t.Error("an address is kept longer than a year after the end")
			}
			return err
		})
		h.clean()
	})
}

func lendTool(tx *store.Tx, tool ToolID) error {
	_, err := Lend(tx, Loan{Tool: tool, Name: "Eva", Out: tx.Today(), Due: tx.Today()})
	return err
}

func line2(h *house) LineFact {
	return LineFact{From: h.today, Term: Short, Title: "Encore", Priority: Useful}
}

func TestQuantitiesAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Quantity{"12": 12_000, "1 400": 1_400_000, "2,5": 2_500, "0.125": 125} {
		if got, err := ParseQuantity(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-2", "1,2,3", "0,0001", "12 m", "12345678", "2,"} {
		if got, err := ParseQuantity(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
	if got := Quantity(2_500).In(printer("fr")) + " " + Quantity(2_500).In(printer("en")) + " " +
		Quantity(3_000).In(printer("nl")); got != "2,5 2.5 3" {
		t.Error(got)
	}
}

func FuzzQuantities(f *testing.F) {
	f.Add("2,5")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseQuantity(text)
		if err != nil {
			return
		}
		if back, err := ParseQuantity(q.In(printer("fr"))); err != nil || back != q {
			t.Errorf("%q comes back as %d, %v", text, back, err)
		}
	})
}
