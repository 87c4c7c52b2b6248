package sitting

import (
	"slices"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// amendment is an agenda of one change of the bylaws, its text and the value of a rule: half of the shares must be
// there.
func amendment(m *meeting.Meeting) {
	m.Items = []meeting.Item{{Number: "1", Title: "Statuts", Matters: []meeting.Matter{{Kind: assembly.BylawsChange,
		Title:   "Article 40",
		Changes: []bylaws.Change{{Article: "40", Title: "Haies", After: "La coopérative protège aussi les haies."}},
		Rules: []bylaws.Rule{{Key: bylaws.KeyNotice, Article: "Statuts 40", Words: "Vingt et un jours.",
			Value: []byte(`{"days":21}`), Confidence: bylaws.Read}}}}}}
}

func TestWithTooFewThereASecondAssemblyIsCalledAndDecides(t *testing.T) {
	both(t, amendment, func(e *evening) {
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Nora") // 40 of 100
		call := func(tx *store.Tx) error { _, err := SecondCalled(tx, e.m); return err }
		e.refused("sitting.refusal.not-opened", "Agathe", "sitting.second", call)
		pair := Bureau{Chair: e.who["Agathe"], Secretary: e.who["Nora"]}
		e.act("", "sitting.open", func(tx *store.Tx) error { return Open(tx, e.m, pair) })
		e.refused("sitting.refusal.in-number", "Agathe", "sitting.second", call)
		_, matter := e.matter("Article 40")
		var id ballot.PollID
		e.act("Nora", "ballot.ascertain", func(tx *store.Tx) (err error) {
			id, err = ballot.Ascertain(tx, ballot.Opening{Meeting: e.m, Matter: matter})
			return err
		})
		e.refused("sitting.refusal.poll.closed", "Agathe", "sitting.close",
			func(tx *store.Tx) error { return Close(tx, e.m) })
		e.act("Agathe", "ballot.proclaim", func(tx *store.Tx) error {
			return ballot.Proclaim(tx,
				ballot.Proclamation{Poll: id})
		})
		var second meeting.ID
		e.act("Agathe", "sitting.second", func(tx *store.Tx) (err error) { second, err = SecondCalled(tx, e.m); return err })
		e.refused("meeting.refusal.repeated", "Agathe", "sitting.second", call)
		e.act("Agathe", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		if text := e.text(); !strings.Contains(text, "Le quorum n’est pas atteint") ||
			!strings.Contains(text, "protège aussi les haies") {
			t.Error(text)
		}
		// the second decides with the same forty, by three quarters
		first := e.m
		e.m = second
		e.pass(20 * 24 * 60)
		e.act("", "meeting.change", func(tx *store.Tx) error {
			m, _, err := meeting.ByID(tx, e.m)
			if err != nil {
				return err
			}
			if m.Earlier != first || m.Convening != vote.SecondConvening {
				t.Errorf("second: %+v", m)
			}
			m.StartsAt = tx.Now()
			return meeting.Change(tx, m)
		})
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Nora")
		e.act("", "sitting.open", func(tx *store.Tx) error { return Open(tx, e.m, pair) })
		e.act("", "sitting.appoint", func(tx *store.Tx) error {
			return Appoint(tx, e.m, Officer{Person: e.who["Wivine"], Charge: assembly.Teller})
		})
		e.act("", "sitting.appoint", func(tx *store.Tx) error {
			return Appoint(tx, e.m, Officer{Person: e.who["Joris"], Charge: assembly.NoteTaker})
		})
		for _, item := range e.meeting().Items {
			for _, x := range item.Matters {
				id, err := ballot.PollID(""), error(nil)
				e.act("Nora", "ballot.open", func(tx *store.Tx) error {
					id, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: e.m, Matter: x.ID, Method: ballot.Hands})
					return err
				})
				e.act("Wivine", "ballot.count", func(tx *store.Tx) error {
					return ballot.Count(tx, ballot.Counting{Poll: id, Row: "A", For: 40})
				})
				e.act("Nora", "ballot.close", func(tx *store.Tx) error {
					p, _, err := ballot.ByID(tx, id)
					if err != nil {
						return err
					}
					return ballot.ClosePoll(tx, ballot.Closing{Poll: id, Version: p.Version})
				})
				e.act("Agathe", "ballot.proclaim", func(tx *store.Tx) error {
					return ballot.Proclaim(tx,
						ballot.Proclamation{Poll: id})
				})
			}
		}
		e.act("Agathe", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		e.act("Nora", "sitting.settle", func(tx *store.Tx) error { return Settle(tx, e.m, e.book) })
		for _, who := range []string{"Agathe", "Nora", "Wivine"} {
			e.act(who, "sitting.sign", func(tx *store.Tx) error {
				return Sign(tx, e.m,
					Signature{Kind: assembly.Drawn, Evidence: hand})
			})
		}
		e.act("Nora", "sitting.freeze", func(tx *store.Tx) error { _, err := Freeze(tx, e.m, e.book); return err })
		var deeded bylaws.AmendmentID
		e.read(func(r store.Reader) error {
			all, err := bylaws.Amendments(r)
			if err != nil || len(all) != 1 || all[0].State != bylaws.Pending || len(all[0].Rules) != 1 {
				t.Fatalf("amendments %+v (%v)", all, err)
			}
			deeded = all[0].ID
			b, err := bylaws.On(r, r.Today())
			if n, _ := b.Notice(); n.Days == 21 {
				t.Error("the new delay holds before the deed")
			}
			return err
		})
		if text := strings.Join(strings.Fields(e.text()), " "); !strings.Contains(text,
			"la première (ag-2026) n’était pas en nombre") {
			t.Error(text)
		}
		e.act("Nora", "bylaws.record-deed", func(tx *store.Tx) error {
			_, err := bylaws.RecordDeed(tx, deeded, bylaws.Deed{Notary: "Me Lux", SignedOn: tx.Today(), Reference: "2026/12"})
			return err
		})
		e.read(func(r store.Reader) error {
			b, err := bylaws.On(r, r.Today())
			if n, _ := b.Notice(); n.Days != 21 || b.Article(bylaws.KeyNotice) != "Statuts 40" {
				t.Errorf("after the deed the delay is %d days by %s", n.Days, b.Article(bylaws.KeyNotice))
			}
			return err
		})
		e.clean()
	})
}

func TestTwoNoteTakersOfOneBlockLoseNothing(t *testing.T) {
	both(t, nil, func(e *evening) {
		e.freezeRoll()
		e.open()
		item, matter := e.matter("Toiture")
		write := func(who string, n Note) (block string) {
			e.t.Helper()
			n.Item, n.Matter = item, matter
			e.act(who, "sitting.note", func(tx *store.Tx) (err error) { block, err = Write(tx, e.m, n); return err })
			return block
		}
		read := func() (b Block) {
			e.t.Helper()
			e.read(func(r store.Reader) error {
				all, err := Blocks(r, e.m)
				b = all[0]
				return err
			})
			return b
		}
		block := write("Joris", Note{Words: "Les travaux commencent."})
		// both read the first text; each writes another
		write("Joris", Note{Block: block, From: []int64{1}, Words: "Les travaux commencent en août."})
		write("Wivine", Note{Block: block, From: []int64{1}, Words: "Les travaux coûtent 40 000 €."})
		b := read()
		if !b.Torn() || len(b.Standing()) != 2 || len(b.Texts) != 3 {
			t.Fatalf("after both: %+v", b)
		}
		e.act("Joris", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		e.refused("sitting.refusal.torn", "Joris", "sitting.settle",
			func(tx *store.Tx) error { return Settle(tx, e.m, e.book) })
		if text := e.text(); !strings.Contains(text, "en août") || !strings.Contains(text, "40 000 €") {
			t.Error("a text is lost from the draft")
		}
		write("Joris", Note{Block: block, From: b.Heads(), Words: "Les travaux commencent en août et coûtent 40 000 €."})
		// sent twice
		write("Joris", Note{Block: block, From: b.Heads(), Words: "Les travaux commencent en août et coûtent 40 000 €."})
		if b = read(); b.Torn() || len(b.Texts) != 4 {
			t.Errorf("after joining: %+v", b)
		}
		write("Wivine", Note{Block: block, From: b.Heads()})
		if b = read(); len(b.Standing()) != 0 {
			t.Errorf("taken out: %+v", b)
		}
		e.refused("sitting.refusal.may.write", "Nora", "sitting.note", func(tx *store.Tx) error {
			_, err := Write(tx, e.m, Note{Item: item, Matter: matter, Words: "Je passais par là."})
			return err
		})
		e.act("Joris", "sitting.appoint", func(tx *store.Tx) error {
			return Appoint(tx, e.m, Officer{Person: e.who["Nora"], Charge: assembly.NoteTaker})
		})
		write("Nora", Note{Words: "Le voisin propose son échafaudage."})
	})
}

func TestTheBureauSitsInTheRoom(t *testing.T) {
	both(t, nil, func(e *evening) {
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe")
		e.arrive(attendance.Afar, "Wivine")
		open := func(b Bureau) func(*store.Tx) error {
			return func(tx *store.Tx) error { return Open(tx, e.m, b) }
		}
		e.refused("sitting.refusal.from-afar", "", "sitting.open", open(e.bureau()))
		e.refused("sitting.refusal.no-chair", "", "sitting.open", open(Bureau{Secretary: e.who["Joris"]}))
		e.refused("sitting.refusal.no-secretary", "", "sitting.open", open(Bureau{Chair: e.who["Joris"]}))
		e.refused("sitting.refusal.two-charges", "", "sitting.open",
			open(Bureau{Chair: e.who["Joris"], Secretary: e.who["Joris"]}))
		e.refused("sitting.refusal.may.run", "Nora", "sitting.open",
			open(Bureau{Chair: e.who["Agathe"], Secretary: e.who["Joris"]}))
		e.refused("sitting.refusal.not-opened", "", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		b := Bureau{Chair: e.who["Agathe"], Secretary: e.who["Joris"], Tellers: []people.PersonID{e.who["Émile"]}}
		e.act("", "sitting.open", open(b))
		e.refused("sitting.refusal.opened", "", "sitting.open", open(b))
		// the chair goes home: the secretary's word, a reason, and the new one presides alone
		appoint := func(given string, charge assembly.Charge, why string) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				return Appoint(tx, e.m, Officer{Person: e.who[given], Charge: charge, Why: why})
			}
		}
		e.refused("sitting.refusal.words", "Joris", "sitting.appoint", appoint("Nora", assembly.Chair, ""))
		e.refused("sitting.refusal.from-afar", "Joris", "sitting.appoint", appoint("Wivine", assembly.Chair, "départ"))
		e.refused("sitting.refusal.two-charges", "Joris", "sitting.appoint", appoint("Émile", assembly.Chair, "départ"))
		e.act("Joris", "sitting.appoint", appoint("Nora", assembly.Chair, "départ"))
		e.read(func(r store.Reader) error {
			for who, want := range map[string]ballot.Charges{"Nora": {Chair: true}, "Agathe": {},
				"Joris": {Chair: true, Secretary: true}, "Émile": {Teller: true}} {
				got, err := Charge(r, e.m, e.who[who])
				if err != nil || got != want {
					t.Errorf("%s: %+v, want %+v (%v)", who, got, want, err)
				}
			}
			presides, err := Presides(r, e.m, e.who["Joris"])
			if presides {
				t.Error("the secretary presides")
			}
			return err
		})
		e.refused("sitting.refusal.may.run", "Émile", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		e.clean()
	})
}

func TestASubjectThatWasNotAnnouncedNeedsEverybody(t *testing.T) {
	both(t, nil, func(e *evening) {
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Joris", "Wivine", "Émile")
		e.open()
		add := func(s Subject) func(*store.Tx) error {
			return func(tx *store.Tx) error { _, err := AddSubject(tx, e.m, s); return err }
		}
		e.refused("sitting.refusal.not-agreed", "Joris", "sitting.add",
			add(Subject{Title: "Potager", Kind: assembly.Information}))
		e.refused("sitting.refusal.not-whole", "Joris", "sitting.add",
			add(Subject{Title: "Potager", Kind: assembly.Resolution, Agreed: true}))
		e.act("Joris", "sitting.add", add(Subject{Title: "Potager", Kind: assembly.Information, Agreed: true}))
		e.arrive(attendance.InRoom, "Nora")
		e.act("Joris", "sitting.add", add(Subject{Title: "Ruches", Kind: assembly.Resolution, Agreed: true}))
		e.goTo("Ruches")
		e.vote("Ruches", 100, 0, 0)
		text := e.text()
		for _, want := range []string{"Le point 5 n’était pas annoncé. À 14:00, tous les présents (4)",
			"Le point 6 n’était pas annoncé. À 14:00, tous ceux qui ont le droit de vote"} {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
				t.Errorf("the minutes do not say %q:\n%s", want, text)
			}
		}
		e.clean()
	})
}

func TestTheBoardMeetsByTheSameRules(t *testing.T) {
	both(t, nil, func(e *evening) {
		e.act("", "people.open-mandate", func(tx *store.Tx) error {
			for _, given := range []string{"Agathe", "Joris", "Wivine"} {
				if _, err := people.OpenMandate(tx, people.Mandate{Body: e.board, Person: e.who[given], Role: people.Member,
					From: civil.MustParse("2024-06-01")}); err != nil {
					return err
				}
			}
			return nil
		})
		e.act("", "meeting.draft", func(tx *store.Tx) (err error) {
			e.m, err = meeting.Draft(tx, meeting.Meeting{Name: "ca-2026-06", Body: e.board, Title: "Conseil de juin",
				Place: "Bureau", StartsAt: tx.Now(),
				Language: lang.French, Items: []meeting.Item{{Number: "1", Title: "Bail",
					Matters: []meeting.Matter{{Kind: assembly.Resolution, Title: "Bail"}}}}})
			return err
		})
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Joris")
		e.act("", "sitting.open", func(tx *store.Tx) error {
			// a small board: one person does both
			return Open(tx, e.m, Bureau{Chair: e.who["Agathe"], Secretary: e.who["Agathe"]})
		})
		_, matter := e.matter("Bail")
		var id ballot.PollID
		e.act("Agathe", "ballot.open", func(tx *store.Tx) (err error) {
			id, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: e.m, Matter: matter, Method: ballot.Unanimity})
			return err
		})
		e.act("Agathe", "ballot.close", func(tx *store.Tx) error {
			return ballot.ClosePoll(tx,
				ballot.Closing{Poll: id, Version: 1})
		})
		e.act("Agathe", "ballot.proclaim", func(tx *store.Tx) error {
			return ballot.Proclaim(tx,
				ballot.Proclamation{Poll: id})
		})
		e.act("Agathe", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		text := strings.Join(strings.Fields(e.text()), " ")
		for _, want := range []string{"2 membres ont été présents ou représentés.", "L’organe compte 3 membres",
			"à l’unanimité constatée par la présidence",
			"La résolution est adoptée, à l’unanimité."} {
			if !strings.Contains(text, want) {
				t.Errorf("the minutes do not say %q: %s", want, text)
			}
		}
		if strings.Contains(text, "parts émises") {
			t.Error("a board has no shares")
		}
		e.act("Agathe", "sitting.settle", func(tx *store.Tx) error { return Settle(tx, e.m, e.book) })
		e.act("Agathe", "sitting.sign", func(tx *store.Tx) error {
			return Sign(tx, e.m, Signature{Kind: assembly.Typed, Evidence: "Agathe Monfort"})
		})
		e.act("Agathe", "sitting.freeze", func(tx *store.Tx) error { _, err := Freeze(tx, e.m, e.book); return err })
		e.read(func(r store.Reader) error {
			decisions, err := people.Decisions(r, e.board)
			if len(decisions) != 1 || decisions[0].Wording != "Bail" {
				t.Errorf("decisions of the board: %+v", decisions)
			}
			return err
		})
		e.clean()
	})
}

func TestWhatComesNext(t *testing.T) {
	m := meeting.Meeting{Items: []meeting.Item{{ID: "a", Matters: []meeting.Matter{{ID: "1"}, {ID: "2"}}}, {ID: "b"},
		{ID: "c", Matters: []meeting.Matter{{ID: "3"}}}}}
	var way []string
	item, matter := meeting.ItemID("a"), meeting.MatterID("1")
	for {
		it, x, more := Next(m, item, matter)
		if !more {
			break
		}
		item, matter = it.ID, x.ID
		way = append(way, string(item)+string(matter))
	}
	if !slices.Equal(way, []string{"a2", "b", "c3"}) {
		t.Errorf("way: %v", way)
	}
}
