package register

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
)

// lots are what a number holds on a day, in one line each: "A n1 of 2015-02-01: 40 shares, 600.00 paid, 400.00 due".
func (h *house) lots(n Number, on string) (lines []string) {
	h.Helper()
	h.view(func(v *store.View) error {
		held, err := HoldingsOf(v, n, day(on), civil.Date{})
		for _, l := range held {
			lines = append(lines, string(l.Class)+" n"+l.Lot.String()+" of "+l.Issued.String()+": "+
				Number(l.Shares).String()+" shares, "+l.Paid.String()+" paid, "+l.Due.String()+" due")
		}
		return err
	})
	return lines
}

func (h *house) lotsAre(n Number, on string, want ...string) {
	h.Helper()
	if got := h.lots(n, on); !slices.Equal(got, want) {
		h.Errorf("number %d on %s:\n%s\nwant\n%s", n, on, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestASplitKeepsLotsDatesAndWhatIsPaid(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada, bob := h.person("Ada"), h.person("Bob")
		h.issue(ada, 4, money.Euros(600), "2015-02-01")
		h.issue(ada, 1, money.Euros(250), "2015-03-01")
		h.issue(bob, 2, money.Euros(500), "2015-04-01")
		h.clock.day = day("2016-02-01")
		split := func(from, into int64, on string) (ms []Movement) {
			h.act("register.split", func(tx *store.Tx) (err error) {
				ms, err = SplitShares(tx, Splitting{Class: h.a, From: from, Into: into, Detail: Detail{Effective: day(on)}})
				return err
			})
			return ms
		}
		first := split(1, 10, "2016-01-01")
		h.lotsAre(1, "2015-12-31", "A n1 of 2015-02-01: 4 shares, 600.00 paid, 400.00 due",
			"A n2 of 2015-03-01: 1 shares, 250.00 paid, 0.00 due")
		h.lotsAre(1, "2016-01-01", "A n1 of 2015-02-01: 40 shares, 600.00 paid, 400.00 due",
			"A n2 of 2015-03-01: 10 shares, 250.00 paid, 0.00 due")
		if then, now := h.roll("2016-01-01", "2016-01-31"), h.roll("2016-01-01", ""); then.Shares != 7 || now.Shares != 70 {
			t.Errorf("%d shares as known before the split was recorded, %d now", then.Shares, now.Shares)
		}
		// Late entries are told in the shares of their day, and the split follows them.
		h.issue(bob, 1, money.Euros(100), "2015-06-01")
		h.lotsAre(2, "2016-01-01", "A n3 of 2015-04-01: 20 shares, 500.00 paid, 0.00 due",
			"A n7 of 2015-06-01: 10 shares, 100.00 paid, 150.00 due")
		h.refused("register.refusal.too-few", func(tx *store.Tx) error { // four shares of that day are forty now
			_, err := Redeem(tx, Redemption{Cooperator: 1, Class: h.a, Shares: 6, Detail: Detail{Effective: day("2015-05-01")}})
			return err
		})
		h.refused("register.refusal.correct-split", func(tx *store.Tx) error {
			_, err := Correct(tx, Correction{Movement: first[0].Number, Shares: 3, Why: "?"})
			return err
		})
		h.refused("register.refusal.split-order", func(tx *store.Tx) error {
			_, err := SplitShares(tx, Splitting{Class: h.a, From: 1, Into: 2, Detail: Detail{Effective: day("2015-12-01")}})
			return err
		})
		h.refused("register.refusal.split-later", func(tx *store.Tx) error {
			_, err := SplitShares(tx, Splitting{Class: h.b, From: 1, Into: 2, Detail: Detail{Effective: day("2015-12-01")}})
			if fault.Is(err, "register.refusal.split-lots") { // nobody holds one yet
				i := Issuance{Person: ada, Class: h.b, Shares: 1, Detail: Detail{Effective: day("2016-01-15")}}
				if _, err = Issue(tx, i); err == nil {
					_, err = SplitShares(tx, Splitting{Class: h.b, From: 1, Into: 2, Detail: Detail{Effective: day("2016-01-10")}})
				}
			}
			return err
		})
		h.refused("register.refusal.split-cents", func(tx *store.Tx) error {
			_, err := SplitShares(tx, Splitting{Class: h.a, From: 1, Into: 3, Detail: Detail{Effective: day("2016-02-01")}})
			return err
		})
		h.refused("register.refusal.split-fraction", func(tx *store.Tx) error {
			_, err := SplitShares(tx, Splitting{Class: h.a, From: 20, Into: 1, Detail: Detail{Effective: day("2016-02-01")}})
			return err
		})
		split(5, 1, "2016-02-01")
		h.lotsAre(1, "2016-02-01", "A n1 of 2015-02-01: 8 shares, 600.00 paid, 400.00 due",
			"A n2 of 2015-03-01: 2 shares, 250.00 paid, 0.00 due")
		h.refused("register.refusal.split-follows", func(tx *store.Tx) error { // one share of January is a fifth of one now
			_, err := Redeem(tx, Redemption{Cooperator: 1, Class: h.a, Shares: 1, Detail: Detail{Effective: day("2016-01-15")}})
			return err
		})
		clean(t, h)
	})
}

func TestAConversionKeepsLotsDatesAndWhatIsPaid(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada, club := h.person("Ada"), h.body("Le Foyer")
		h.issue(ada, 4, money.Euros(600), "2015-02-01")
		h.issue(ada, 2, money.Euros(500), "2015-03-01")
		h.issue(club, 4, money.Euros(1000), "2015-03-01")
		convert := func(n int64, c Conversion) error {
			return h.try("register.convert", func(tx *store.Tx) error {
				c.Shares, c.Detail = n, Detail{Effective: day("2015-05-01")}
				_, err := Convert(tx, c)
				return err
			})
		}
		own := Conversion{Cooperator: 1, Class: h.a, To: h.b}
		for _, c := range []struct {
			n    int64
			of   Conversion
			code string
		}{
			{1, own, "register.refusal.convert-worth"}, // 250 euros are no whole number of shares of 100
			{9, own, "register.refusal.too-few"},
			{2, Conversion{Cooperator: 1, Class: h.a, To: h.a}, "register.refusal.convert-same"},
			{2, Conversion{Cooperator: 2, Class: h.a, To: h.b}, "register.refusal.may-not-hold.natural"},
			{0, own, "register.refusal.share-count"},
		} {
			if err := convert(c.n, c.of); !fault.Is(err, c.code) {
				t.Errorf("%+v: %v, want %s", c.of, err, c.code)
			}
		}
		if err := convert(2, own); err != nil {
			t.Fatal(err)
		}
		h.lotsAre(1, "2015-05-01", "A n1 of 2015-02-01: 2 shares, 300.00 paid, 200.00 due",
			"B n1 of 2015-02-01: 5 shares, 300.00 paid, 200.00 due", "A n2 of 2015-03-01: 2 shares, 500.00 paid, 0.00 due")
		// Half of the conversion was meant; then none.
		h.refused("register.refusal.convert-fraction", func(tx *store.Tx) error {
			_, err := Correct(tx, Correction{Movement: 4, Shares: 1, Paid: money.Euros(150), Why: "une seule"})
			return err
		})
		h.act("register.undo", func(tx *store.Tx) error {
			_, err := Undo(tx, Undoing{Movement: 5, Why: "jamais décidée"})
			return err
		})
		h.lotsAre(1, "2015-05-01", "A n1 of 2015-02-01: 4 shares, 600.00 paid, 400.00 due",
			"A n2 of 2015-03-01: 2 shares, 500.00 paid, 0.00 due")
		clean(t, h)
	})
}

func TestEveryOperationIsUndoneOnce(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada, bob := h.person("Ada"), h.person("Bob")
		h.issue(ada, 4, money.Euros(600), "2015-02-01")
		h.issue(ada, 2, 0, "2015-03-01")
		before := h.lots(1, "2015-06-01")
		on := Detail{Effective: day("2015-05-01")}
		for name, do := range map[string]func(tx *store.Tx) ([]Movement, error){
			"payment": func(tx *store.Tx) ([]Movement, error) {
				return Pay(tx, Payment{Cooperator: 1, Class: h.a, Amount: money.Euros(500), Detail: on})
			},
			"transfer": func(tx *store.Tx) ([]Movement, error) {
				return Transfer(tx, Cession{From: 1, To: bob, Class: h.a, Shares: 5, Cause: Gift, Detail: on})
			},
			"redemption": func(tx *store.Tx) ([]Movement, error) {
				return Redeem(tx, Redemption{Cooperator: 1, Class: h.a, Shares: 6, Detail: on})
			},
			"conversion": func(tx *store.Tx) ([]Movement, error) {
				return Convert(tx, Conversion{Cooperator: 1, Class: h.a, To: h.b, Shares: 6, Detail: on})
			},
			"split": func(tx *store.Tx) ([]Movement, error) {
				return SplitShares(tx, Splitting{Class: h.a, From: 1, Into: 5, Detail: Detail{Effective: day("2015-06-01")}})
			},
		} {
			var ms []Movement
			h.act("register.test", func(tx *store.Tx) (err error) { ms, err = do(tx); return err })
			if slices.Equal(h.lots(1, "2015-06-01"), before) {
				t.Errorf("%s changed nothing", name)
			}
			undo := func(tx *store.Tx) error {
				_, err := Undo(tx, Undoing{Movement: ms[len(ms)-1].Number, Why: "par erreur"})
				return err
			}
			h.refused("register.refusal.needed", func(tx *store.Tx) error {
				_, err := Undo(tx, Undoing{Movement: ms[0].Number})
				return err
			})
			h.act("register.undo", undo)
			if got := h.lots(1, "2015-06-01"); !slices.Equal(got, before) || len(h.lots(2, "2015-06-01")) > 0 {
				t.Errorf("%s: undone it leaves %v, and with the other %v", name, got, h.lots(2, "2015-06-01"))
			}
			h.refused("register.refusal.undone", undo)
		}
		h.refused("register.refusal.unknown-movement", func(tx *store.Tx) error {
			_, err := Undo(tx, Undoing{Movement: 999, Why: "?"})
			return err
		})
		clean(t, h)
	})
}

func TestARollThroughAMovement(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.person("Ada")
		h.issue(ada, 4, 0, "2015-02-01")
		second := h.issue(ada, 2, 0, "2015-02-02") // the same day of recording
		h.view(func(v *store.View) error {
			for through, want := range map[MovementNumber]int64{0: 0, second.Number - 1: 4, second.Number: 6, 99: 6} {
				roll, err := RollThrough(v, day("2015-03-01"), through)
				if err != nil || roll.Shares != want || roll.Through != through {
					t.Errorf("through %d: %d shares, %v", through, roll.Shares, err)
				}
			}
			return nil
		})
	})
}

// governed is a cooperative with a board, whose bylaws limit transfers as given.
func governed(t *testing.T, h *house, rules ...bylaws.Rule) (board, assembly people.DecisionID) {
	t.Helper()
	decide := func(kind people.BodyKind) (id people.DecisionID) {
		h.act("people.open-body", func(tx *store.Tx) error {
			body, err := people.OpenBody(tx, people.Body{Kind: kind, From: day("2015-01-01")})
			if err != nil {
				return err
			}
			id, err = people.Decide(tx, people.Decision{Body: body, On: day("2015-04-30"), Reference: "point 4"})
			return err
		})
		return id
	}
	h.act("bylaws.lay", func(tx *store.Tx) error {
		_, err := bylaws.Lay(tx, bylaws.Preset{Rules: rules}, day("2015-01-01"), bylaws.Deed{})
		return err
	})
	return decide(people.Board), decide(people.Assembly)
}

func ownRule(k bylaws.Key, article, value string) bylaws.Rule {
	return bylaws.Rule{Key: k, Article: article, Words: "w", Value: []byte(value), Layer: bylaws.OwnBylaws,
		Confidence: bylaws.Read}
}

func TestTheBylawsDecideWhoMayTakeShares(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		board, assembly := governed(t, h, ownRule(bylaws.KeyTransfer, "Statuts 8",
			`{"approval":"board","preemption_days":30,"to_members_free":true}`),
			ownRule(bylaws.KeyAdmission, "Statuts 10", `{"by":"assembly","reasoned":true}`),
			ownRule(bylaws.KeyHolding, "Statuts 5", `{"least":2,"most":6}`))
		ada, bob, cleo := h.person("Ada"), h.person("Bob"), h.person("Cleo")
		h.issue(ada, 6, money.Euros(600), "2015-02-01")
		h.issue(bob, 3, 0, "2015-02-01")
		base := Cession{From: 1, Class: h.a, Shares: 2, Cause: Sale, Detail: Detail{Effective: day("2015-05-15")}}
		cede := func(change func(*Ceding)) error {
			c := Ceding{Cession: base}
			change(&c)
			return h.try("register.transfer", func(tx *store.Tx) error { _, err := Cede(tx, c); return err })
		}
		for _, c := range []struct {
			name          string
			change        func(*Ceding)
			code, article string
		}{
			{"a newcomer without any decision", func(c *Ceding) { c.To = cleo }, "transfer-admission.assembly", "Statuts 10"},
			{"admitted, not agreed to", func(c *Ceding) { c.To, c.Admitted = cleo, assembly }, "transfer-approval.board", "Statuts 8"},
			{"agreed to by another body", func(c *Ceding) { c.To, c.Admitted, c.Decision = cleo, assembly, assembly },
				"transfer-approval.board", "Statuts 8"},
			{"admitted by another body", func(c *Ceding) { c.To, c.Decision = cleo, board }, "transfer-admission.assembly", "Statuts 10"},
			{"not offered to the others", func(c *Ceding) { c.To, c.Admitted, c.Decision = cleo, assembly, board },
				"transfer-offered", "Statuts 8"},
			{"offered too late", func(c *Ceding) {
				c.To, c.Admitted, c.Decision, c.Offered = cleo, assembly, board, day("2015-04-15")
			}, "transfer-preemption", "Statuts 8"},
			{"more than one may hold", func(c *Ceding) { c.To, c.Shares = bob, 4 }, "holding-most", "Statuts 5"},
			{"less than one may keep", func(c *Ceding) { c.From, c.To = 2, ada; c.Shares = 2 }, "holding-", "Statuts 5"},
			{"no such cause", func(c *Ceding) { c.To, c.Cause = bob, "whim" }, "cause", ""},
			{"between cooperators nobody is asked", func(c *Ceding) { c.To = bob }, "", ""},
			{"all in order", func(c *Ceding) {
				c.To, c.Admitted, c.Decision, c.Offered = cleo, assembly, board, day("2015-04-14")
			}, "", ""},
		} {
			err := cede(c.change)
			rs := fault.Of(err)
			if c.code == "" {
				if err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
				continue
			}
			if !slices.ContainsFunc(rs, func(r fault.Refusal) bool {
				return strings.HasPrefix(r.Code, "register.refusal."+c.code) && r.Article == c.article
			}) {
				t.Errorf("%s: %+v, want %s by %q", c.name, rs, c.code, c.article)
			}
		}
		h.view(func(v *store.View) error {
			ms, err := MovementsOf(v, 3)
			if len(ms) != 1 || ms[0].Decision != board || ms[0].Cause != Sale {
				t.Errorf("the newcomer's movement: %+v", ms)
			}
			if err := MayHold(v, bob, 2, day("2015-05-15")); !fault.Is(err, "register.refusal.holding-most") {
				t.Errorf("two more for Bob: %v", err)
			}
			if err := MayHold(v, bob, 1, day("2015-05-15")); err != nil {
				t.Errorf("one more for Bob: %v", err)
			}
			return err
		})
		clean(t, h)
	})
}

// A database of the first schema is brought to the second: what it held is there, sealed as before, and its tables are
// those of a fresh one.
func TestTheSecondSchemaKeepsWhatTheFirstHeld(t *testing.T) {
	old, err := schema.ReadFile("schema/0001_register.sql")
	if err != nil {
		t.Fatal(err)
	}
	first := Room
	first.Schema = fstest.MapFS{"schema/0001_register.sql": {Data: old}}
	first.Witnesses, first.Checks = nil, nil
	class := `INSERT INTO register_class VALUES ('A', 'Parts A', 25000, 1, 'anyone', '', '', '', '', '2015-01-01', 0, 0)`
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = []store.Room{people.Room, bylaws.Room, first}
		db, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		var ada people.PersonID
		if _, err := db.Act(t.Context(), store.By("", "people.enroll"), func(tx *store.Tx) (err error) {
			ada, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: "Un"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		was := `(1, 1, 'issue', 12, 'A', 1, 4, 60000, '2015-02', '2015-02-28', 7, '2015-06-01', 1, NULL, 'apport', '', NULL, NULL, NULL)`
		out := `(2, 2, 'redemption', 12, 'A', 1, -1, -15000, '2016', '2016-12-31', 8, '2016-06-01', 2, NULL, '', '', NULL, NULL, NULL)`
		if err := db.Touch(t.Context(), func(tx *store.Tx) error {
			for _, sql := range []string{class,
				`INSERT INTO register_cooperator VALUES (12, '` + string(ada) + `', 'natural', '2015-02-28')`,
				`INSERT INTO register_movement VALUES ` + was, `INSERT INTO register_movement VALUES ` + out} {
				if _, err := tx.Exec(store.Unlisted(sql)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		place.Rooms = rooms
		upgraded := storetest.Open(t, place)
		fresh := storetest.Place(t, strings.TrimPrefix(t.Name()[strings.LastIndex(t.Name(), "/"):], "/"))
		fresh.Rooms = rooms
		if a, b := storetest.Tables(t, upgraded), storetest.Tables(t, storetest.Open(t, fresh)); a != b {
			t.Errorf("upgraded:\n%s\nfresh:\n%s", a, b)
		}
		if err := upgraded.View(t.Context(), func(v *store.View) error {
			roll, err := RollOn(v, day("2016-12-31"), civil.Date{})
			if err != nil || roll.Shares != 3 || roll.Paid != money.Euros(450) {
				t.Errorf("roll: %+v, %v", roll, err)
			}
			m, err := MovementNumbered(v, 1)
			want := `{"v":1,"number":1,"operation":1,"kind":"issue","cooperator":12,"class":"A","lot":1,"shares":4,"paid":60000,` +
				`"effective":"2015-02","day":"2015-02-28","recorded":7,"recorded_on":"2015-06-01","entry":1,"ground":"apport"}`
			if got := string(m.canonical()); got != want {
				t.Errorf("what was sealed is another text now:\n%s\nwant\n%s", got, want)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
