package attendance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

func TestAnEveningAtTheDoor(t *testing.T) {
	both(t, func(h *house) {
		refused(t, h.tryArrive(h.arrival("Agathe")), "no-roll", "La liste des votants n’est pas encore arrêtée.")
		h.freeze()
		h.counts("before anybody", vote.Both(0, 0), vote.Both(0, 0), vote.Both(0, 0))

		h.carries(3, "Chloé", "Agathe") // given at home, accepted, but Agathe is not there yet
		h.counts("a proxy whose holder is away", vote.Both(0, 0), vote.Both(0, 0), vote.Both(0, 0))
		h.arrive("Agathe")
		h.counts("Agathe with Chloé's proxy", vote.Both(1, 10), vote.Both(1, 30), vote.Both(2, 40))

		h.arrive("Dirk", 4)
		h.counts("Dirk, two classes, with the Foyer", vote.Both(3, 57), vote.Both(1, 30), vote.Both(4, 87))
		h.view(func(v store.Reader) error {
			voice, there, err := VoiceOf(v, h.ag, h.who["Dirk"])
			want := Voice{h.who["Dirk"], InRoom, []Held{
				{Holder: 4, Of: h.who["Foyer"], Shares: 40, Class: "A", Title: vote.Body},
				{Holder: 5, Of: h.who["Dirk"], Shares: 5, Class: "A", Title: vote.Own},
				{Holder: 5, Of: h.who["Dirk"], Shares: 2, Class: "B", Title: vote.Own}}}
			if diff := cmp.Diff(want, voice); !there || diff != "" {
				t.Errorf("Dirk's voice (there %t): %s", there, diff)
			}
			return err
		})

		h.leave("Agathe")
		h.counts("Agathe has left, with the proxy she carries", vote.Both(2, 47), vote.Both(0, 0), vote.Both(2, 47))
		h.arrive("Agathe")
		h.counts("Agathe is back", vote.Both(3, 57), vote.Both(1, 30), vote.Both(4, 87))

		h.arrive("Chloé")
		h.counts("Chloé comes herself", vote.Both(4, 87), vote.Both(0, 0), vote.Both(4, 87))
		h.leave("Chloé")
		h.counts("her proxy does not come back when she goes", vote.Both(3, 57), vote.Both(0, 0), vote.Both(3, 57))

		h.view(func(v store.Reader) error {
			before, err := RoomAfter(v, h.ag, 3) // Chloé gave, Agathe accepted, Agathe came
			if err != nil {
				return err
			}
			if before.Total != vote.Both(2, 40) || before.Issued != vote.Both(5, 107) {
				t.Errorf("after event 3: %v of %v", before.Total, before.Issued)
			}
			now, err := RoomNow(v, h.ag)
			changes := Between(before, now)
			if len(changes.Went) != 1 || changes.Went[0].Holder != 3 || len(changes.Came) != 2 {
				t.Errorf("between: %+v", changes)
			}
			return err
		})
		h.sound()
	})
}

func TestTheRollIsFrozenOnItsDay(t *testing.T) {
	both(t, func(h *house) {
		h.now = evening.AddDate(0, 0, -3)
		refused(t, h.try("attendance.freeze-roll", func(tx *store.Tx) error { _, err := FreezeRoll(tx, h.ag); return err }),
			"before-opening", "La liste est celle de l’ouverture\u00a0: elle s’arrête le jour même, le 13\u00a0juin 2026.")
		h.now = evening
		h.freeze()
		h.now = evening.Add(time.Hour)
		h.issue("Édith", h.class, 100) // too late
		h.freeze()                     // a second time changes nothing
		h.view(func(v store.Reader) error {
			f, frozen, err := RollOf(v, h.ag)
			if err != nil || !frozen || f.Issued != vote.Both(5, 107) || len(f.Entries) != 5 || f.FrozenAt != civil.At(evening) ||
				f.Day != civil.MustParse("2026-06-13") {
				t.Errorf("frozen %t: %+v", frozen, f)
			}
			dirk, _ := f.Entry(5)
			want := Entry{Holder: 5, Person: h.who["Dirk"], Kind: people.Natural, Shares: 7, Classes: "A 5, B 2",
				ByClass: []register.Holding{{Class: "A", Shares: 5}, {Class: "B", Shares: 2}}}
			if diff := cmp.Diff(want, dirk); diff != "" {
				t.Error(diff)
			}
			if _, on := f.Entry(6); on {
				t.Error("who joined after the freeze is on the roll")
			}
			m, _, err := meeting.ByID(v, h.ag)
			if err != nil {
				return err
			}
			now, err := RollAt(v, m, v.Today())
			d := Compare(f.Entries, now.Entries)
			if len(d.Joined) != 1 || d.Joined[0].Person != h.who["Édith"] || len(d.Left)+len(d.Changed) != 0 {
				t.Errorf("joined since: %+v", d)
			}
			return err
		})
		refused(t, h.tryArrive(h.arrival("Édith")), "no-voice")
		h.sound()
	})
}

// What is recorded on the day of the roll, but after it was frozen, is no part of it: the roll is right, and the check
// that compares it with the register knows up to which movement.
func TestALateMovementOfTheSameDayMakesNoRollWrong(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		h.now = h.now.Add(time.Hour)
		h.issue("Édith", h.class, 100) // takes effect the same day
		h.issue("Agathe", h.b, 1)
		h.sound()
		h.view(func(v store.Reader) error {
			f, _, err := frozen(v, h.ag)
			if err != nil {
				return err
			}
			newest, err := register.Through(v, civil.Date{})
			if err != nil || f.Through == 0 || f.Through != newest-2 {
				t.Errorf("the roll knows up to movement %d, the register %d: %v", f.Through, newest, err)
			}
			return err
		})
		h.do("x", func(tx *store.Tx) error { // as if the roll had been frozen an hour later
			_, err := tx.Exec(store.Unlisted(`UPDATE attendance_roll SET through = through + 1`))
			return err
		})
		report, err := h.db.Check(t.Context())
		if err != nil || !slices.ContainsFunc(report.Findings, func(f store.Finding) bool {
			return f.Code == "attendance-register" && strings.Contains(f.Detail, "holder 6, class A: not on the roll, 100")
		}) {
			t.Errorf("a roll that differs from the register is not found: %v, %v", report.Findings, err)
		}
	})
}

func TestARecordDateFreezesEarlier(t *testing.T) {
	both(t, func(h *house) {
		h.now = evening.AddDate(0, 0, -10)
		record := civil.MustParse("2026-06-05")
		h.draft(meeting.Meeting{Name: "ag-2026-bis", Title: "Assemblée", Place: "Liège", RollOn: record,
			StartsAt: civil.At(evening), Language: lang.French})
		freeze := func(tx *store.Tx) error { _, err := FreezeRoll(tx, h.ag); return err }
		refused(t, h.try("attendance.freeze-roll", freeze), "before-record-date")
		h.now = evening.AddDate(0, 0, -1)
		h.issue("Agathe", h.class, 90) // after the record date
		h.freeze()
		h.view(func(v store.Reader) error {
			f, _, err := RollOf(v, h.ag)
			if agathe, _ := f.Entry(1); agathe.Shares != 10 || f.Day != record {
				t.Errorf("Agathe has %d shares on %s", agathe.Shares, f.Day)
			}
			return err
		})
	})
}

func TestTheRollOfABodyCountsHeads(t *testing.T) {
	both(t, func(h *house) {
		seat := func(name string, role people.Role) {
			h.do("people.open-mandate", func(tx *store.Tx) error {
				board, err := people.TheBody(tx, people.Board)
				if err == nil {
					_, err = people.OpenMandate(tx, people.Mandate{Body: board.ID, Person: h.who[name], Role: role,
						From: civil.MustParse("2024")})
				}
				return err
			})
		}
		seat("Chloé", people.Member)
		seat("Bram", people.Member)
		seat("Agathe", people.Chair)
		seat("Agathe", people.Member) // one head all the same
		seat("Édith", people.Observer)
		seat("Foyer", people.Member) // the sixth mandate of the board
		h.do("meeting.draft", func(tx *store.Tx) error {
			board, err := people.TheBody(tx, people.Board)
			if err != nil {
				return err
			}
			h.ag, err = meeting.Draft(tx, meeting.Meeting{Name: "ca-2026-06", Body: board.ID, Title: "Organe d’administration",
				Place: "Liège", StartsAt: civil.At(evening), Language: lang.French})
			return err
		})
		_, err := h.tryGive(h.proxy(3, "Agathe", "Édith"))
		refused(t, err, "not-member")
		h.carries(3, "Agathe", "Bram")
		h.do("people.close-mandate", func(tx *store.Tx) error { // somebody goes before the roll: numbers stay
			all, err := people.MandatesOf(tx, h.who["Chloé"])
			if err == nil {
				err = people.CloseMandate(tx, all[0].ID, civil.MustParse("2026-06-01"), people.Resigned)
			}
			return err
		})
		h.freeze()
		h.view(func(r store.Reader) error { // everybody in the house is called Essai: the door means those who sit
			m, _, err := meeting.ByID(r, h.ag)
			if err != nil {
				return err
			}
			for text, want := range map[string][]string{"Essai": {"Agathe", "Bram", "Dirk"}, "Édith": {"Édith"}} {
				found, err := Find(r, m, text)
				if err != nil || len(found) != len(want) {
					t.Errorf("%q finds %d persons at the door of the board, want %d: %v", text, len(found), len(want), err)
				}
				for _, name := range want {
					if !slices.Contains(found, h.who[name]) {
						t.Errorf("%q does not find %s", text, name)
					}
				}
			}
			return nil
		})
		h.arrive("Bram")
		h.arrive("Dirk", 6)
		if room := h.room(); room.Issued != vote.Both(3, 0) {
			t.Errorf("the board has %v", room.Issued)
		}
		_, err = h.tryGive(h.proxy(3, "Agathe", "Édith"))
		refused(t, err, "proxy-there")
		_, err = h.tryGive(h.proxy(6, "Dirk", "Édith"))
		refused(t, err, "giver-here")
		h.counts("her proxy was given before the roll", vote.Both(2, 0), vote.Both(1, 0), vote.Both(3, 0))
		h.do("attendance.correct", func(tx *store.Tx) error {
			return Correct(tx, Correction{Meeting: h.ag, Person: h.who["Chloé"], Why: "Suppléante qui siège ce soir."})
		})
		h.arrive("Chloé")
		h.counts("with a substitute", vote.Both(3, 0), vote.Both(1, 0), vote.Both(4, 0))
		h.sound()
	})
}

func TestTwiceAtTheDoor(t *testing.T) {
	both(t, func(h *house) {
		h.enroll("Fien")
		h.do("people.represent", func(tx *store.Tx) error {
			_, err := people.Represent(tx, people.Representation{Legal: h.who["Foyer"], Person: h.who["Fien"],
				From: civil.MustParse("2020")})
			return err
		})
		h.freeze()
		h.arrive("Dirk", 4)
		h.now = h.now.Add(5 * time.Minute)
		again := h.arrival("Dirk", 4)
		again.Door = "2"
		refused(t, h.tryArrive(again), "person-here", "Dirk Essai est déjà là, à la table 1, depuis 18:00.")
		refused(t, h.tryArrive(h.arrival("Fien", 4)), "holder-here",
			"Le n° 4 est déjà là\u00a0: Dirk Essai vote, à la table 1, depuis 18:00.")
		_, err := h.tryGive(h.proxy(4, "Fien", "Agathe"))
		refused(t, err, "giver-here", "N° 4 est là\u00a0: Dirk Essai vote, à la table 1, depuis 18:00.")
		refused(t, h.tryArrive(h.arrival("Bram", 4)), "not-representative", "Cette personne ne représente pas Le Foyer ASBL.")
		refused(t, h.tryArrive(h.arrival("Bram", 99)), "not-on-roll", "Le n° 99 n’est pas sur la liste des votants.")
		afar := h.arrival("Dirk")
		afar.Channel = Afar
		refused(t, h.tryArrive(afar), "here-otherwise")
		refused(t, h.try("attendance.leave", func(tx *store.Tx) error { return Leave(tx, h.ag, h.who["Bram"]) }), "away")
		org := h.arrival("Agathe")
		org.Person = h.who["Foyer"]
		refused(t, h.tryArrive(org), "arrival-kind")
		h.sound()
	})
}

func TestFromAfarIsHeldToBePresent(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		a := h.arrival("Bram")
		a.Channel = Afar
		h.do("attendance.arrive", func(tx *store.Tx) error { return Arrive(tx, a) })
		h.arrive("Agathe")
		h.counts("one here, one from afar", vote.Both(2, 30), vote.Both(0, 0), vote.Both(2, 30))
		if room := h.room(); room.Remote != vote.Both(1, 20) {
			t.Errorf("from afar: %v", room.Remote)
		}
		h.draft(meeting.Meeting{Name: "ag-2027", Title: "Sans écran", Place: "Liège", StartsAt: civil.At(evening),
			Language: lang.French})
		h.freeze()
		a.Meeting = h.ag
		refused(t, h.tryArrive(a), "not-remote")
	})
}

func TestTheLimitsOfProxiesNameTheirArticle(t *testing.T) {
	both(t, func(h *house) {
		_, err := h.tryGive(h.proxy(1, "Agathe", "Édith"))
		refused(t, err, "not-member")
		if err == nil || !strings.Contains(err.Error(), "Statuts 21") {
			t.Errorf("the refusal names no article: %v", err)
		}
		h.carries(1, "Agathe", "Dirk")
		h.carries(2, "Bram", "Dirk")
		_, err = h.tryGive(h.proxy(3, "Chloé", "Dirk"))
		refused(t, err, "many-proxies",
			"Cette personne porte déjà 2 procurations\u00a0: les statuts n’en permettent pas plus.")
		h.enroll("Fien")
		h.issue("Fien", h.class, 1)
		h.give(h.proxy(6, "Fien", "Chloé")) // another carries it
	})
}

func TestAWaitingProxyDoesNotCount(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		id := h.give(h.proxy(3, "Chloé", "Agathe"))
		h.arrive("Agathe")
		h.counts("not accepted", vote.Both(1, 10), vote.Both(0, 0), vote.Both(1, 10))
		if err := h.tryAccept(id); err != nil {
			t.Fatal(err)
		}
		h.counts("accepted", vote.Both(1, 10), vote.Both(1, 30), vote.Both(2, 40))
		refused(t, h.tryAccept(id), "accepted")
		h.end(id, Revoked)
		h.counts("revoked", vote.Both(1, 10), vote.Both(0, 0), vote.Both(1, 10))
		refused(t, h.try("attendance.end-proxy", func(tx *store.Tx) error { return EndProxy(tx, id, Declined) }), "proxy-over",
			"Cette procuration ne vaut plus\u00a0: révoquée par qui l’a donnée.")

		table := h.proxy(3, "Chloé", "Agathe")
		table.Channel, table.Door = AtDoor, "2"
		h.now = h.now.Add(64 * time.Minute)
		h.give(table)
		h.counts("given at the door", vote.Both(1, 10), vote.Both(1, 30), vote.Both(2, 40))
		_, err := h.tryGive(h.proxy(3, "Chloé", "Bram"))
		refused(t, err, "proxy-there",
			"Cette procuration est déjà donnée\u00a0: Agathe Essai la porte depuis le 13\u00a0juin 2026 à 19:04, à la table 2.")
		h.sound()
	})
}

func TestWhoHoldsAWaitingProxyAcceptsItOnArrival(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		one, two := h.give(h.proxy(3, "Chloé", "Agathe")), h.give(h.proxy(2, "Bram", "Agathe"))
		three := h.give(h.proxy(4, "Dirk", "Agathe"))
		a := h.arrival("Agathe")
		a.Accept = []ProxyID{one, two, three}
		refused(t, h.tryArrive(a), "many-proxies")
		a.Accept = []ProxyID{one, one}
		refused(t, h.tryArrive(a), "unknown-proxy")
		a.Accept = []ProxyID{one, two}
		h.do("attendance.arrive", func(tx *store.Tx) error { return Arrive(tx, a) })
		h.counts("with both", vote.Both(1, 10), vote.Both(2, 50), vote.Both(3, 60))
		h.sound()
	})
}

// Whom the bylaws allow so many proxies may be asked by more, and by accepting is held to the limit; and who has given
// their own meanwhile accepts none.
func TestAcceptingIsHeldToTheRulesOfTheDay(t *testing.T) {
	both(t, func(h *house) {
		one, two := h.give(h.proxy(1, "Agathe", "Dirk")), h.give(h.proxy(2, "Bram", "Dirk"))
		three := h.give(h.proxy(3, "Chloé", "Dirk"))
		for _, id := range []ProxyID{one, two} {
			if err := h.tryAccept(id); err != nil {
				t.Fatal(err)
			}
		}
		refused(t, h.tryAccept(three), "many-proxies")
		h.end(one, Declined)
		if err := h.tryAccept(three); err != nil {
			t.Errorf("with one proxy less: %v", err)
		}
		h.end(two, Revoked)
		asked := h.give(h.proxy(1, "Agathe", "Bram"))
		h.give(h.proxy(2, "Bram", "Dirk"))
		refused(t, h.tryAccept(asked), "chain-to")
	})
}

func TestProxiesMakeNoChain(t *testing.T) {
	both(t, func(h *house) {
		one := h.carries(1, "Agathe", "Bram")
		_, err := h.tryGive(h.proxy(2, "Bram", "Chloé"))
		refused(t, err, "chain-from")
		_, err = h.tryGive(h.proxy(3, "Chloé", "Agathe"))
		refused(t, err, "chain-to",
			"Cette personne a elle-même donné procuration à Bram Essai\u00a0: elle ne sera pas là, et une procuration ne se transmet pas.")
		h.end(one, Declined)
		two := h.give(h.proxy(2, "Bram", "Chloé")) // declined, Bram is free
		_, err = h.tryGive(h.proxy(1, "Agathe", "Bram"))
		refused(t, err, "chain-to")
		h.end(two, Revoked)
		h.carries(1, "Agathe", "Bram")
	})
}

func (p Proxy) with(change func(*Proxy)) Proxy {
	change(&p)
	return p
}

func TestWhoMayGiveAndHold(t *testing.T) {
	both(t, func(h *house) {
		for name, c := range map[string]struct {
			proxy Proxy
			code  string
		}{
			"for somebody else":          {h.proxy(1, "Bram", "Chloé"), "not-giver"},
			"to oneself":                 {h.proxy(1, "Agathe", "Agathe"), "proxy-to-self"},
			"an organisation to its own": {h.proxy(4, "Dirk", "Dirk"), "proxy-to-self"},
			"to an organisation":         {h.proxy(1, "Agathe", "Foyer"), "holder-kind"},
			"of nobody":                  {h.proxy(77, "Agathe", "Bram"), "not-on-roll"},
			"by no channel":              {h.proxy(1, "Agathe", "Bram").with(func(p *Proxy) { p.Channel = InRoom }), "channel"},
			"with a paper that is not there": {h.proxy(1, "Agathe", "Bram").with(func(p *Proxy) { p.Document = "none" }),
				"document"},
			"with an instruction on nothing": {h.proxy(1, "Agathe", "Bram").with(func(p *Proxy) {
				p.Instructions = []Instruction{{"none", vote.For}}
			}), "instruction"},
			"with two instructions on one matter": {h.proxy(1, "Agathe", "Bram").with(func(p *Proxy) {
				p.Instructions = []Instruction{{h.matter, vote.For}, {h.matter, vote.Against}}
			}), "instruction"},
		} {
			_, err := h.tryGive(c.proxy)
			if t.Run(name, func(t *testing.T) { refused(t, err, c.code) }); err == nil {
				t.Errorf("%s: given", name)
			}
		}
		h.give(h.proxy(4, "Dirk", "Agathe")) // the Foyer is represented by Dirk, who gives its proxy
		told := h.proxy(1, "Agathe", "Bram").with(func(p *Proxy) { p.Instructions = []Instruction{{h.matter, vote.Against}} })
		id := h.give(told)
		h.view(func(v store.Reader) error {
			p, _, err := ProxyByID(v, id)
			if diff := cmp.Diff(told.Instructions, p.Instructions); err != nil || diff != "" {
				t.Error(diff)
			}
			given, held, err := ProxiesOf(v, h.who["Agathe"])
			if len(given) != 1 || len(held) != 1 || held[0].Holder != 4 {
				t.Errorf("Agathe gave %v and holds %v, %v", given, held, err)
			}
			return err
		})
	})
}

func TestASlipIsMendedByItsOpposite(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		h.carries(3, "Chloé", "Agathe")
		h.arrive("Agathe")
		h.arrive("Chloé") // it was her sister
		h.counts("by mistake", vote.Both(2, 40), vote.Both(0, 0), vote.Both(2, 40))
		slip := h.seq()
		undo := func(seq int64) error {
			return h.try("attendance.undo", func(tx *store.Tx) error { return Undo(tx, h.ag, seq) })
		}
		refused(t, undo(1), "unknown-event") // a proxy is ended, not undone
		if err := undo(slip); err != nil {
			t.Fatal(err)
		}
		h.counts("undone, the proxy lives again", vote.Both(1, 10), vote.Both(1, 30), vote.Both(2, 40))
		refused(t, undo(slip), "not-last")

		h.leave("Agathe")
		if err := undo(h.seq()); err != nil {
			t.Fatal(err)
		}
		h.counts("she had not gone", vote.Both(1, 10), vote.Both(1, 30), vote.Both(2, 40))
		h.arrive("Dirk")
		h.arrive("Dirk", 4) // he remembers the Foyer
		if err := undo(h.seq()); err != nil {
			t.Fatal(err)
		}
		h.counts("Dirk stays with his own", vote.Both(2, 17), vote.Both(1, 30), vote.Both(3, 47))
		h.view(func(v store.Reader) error {
			events, err := Events(v, h.ag)
			var told []string
			for _, e := range Comings(events) {
				told = append(told, string(e.Kind)+" "+nameOf(h, e.Person))
			}
			if diff := cmp.Diff([]string{"arrive Agathe", "arrive Dirk"}, told); diff != "" {
				t.Error(diff)
			}
			return err
		})
		h.sound()
	})
}

func nameOf(h *house, id people.PersonID) string {
	for name, who := range h.who {
		if who == id {
			return name
		}
	}
	return string(id)
}

func TestACorrectionIsADecisionWithItsReason(t *testing.T) {
	both(t, func(h *house) {
		correct := func(c Correction) error {
			c.Meeting = h.ag
			return h.try("attendance.correct", func(tx *store.Tx) error { return Correct(tx, c) })
		}
		refused(t, correct(Correction{Holder: 1, Shares: 12, Why: "Reçu du 3 juin."}), "no-roll")
		h.freeze()
		h.issue("Édith", h.class, 8)
		h.arrive("Agathe")
		open := false
		Hooks.PollOpen = func(store.Reader, meeting.ID) (bool, error) { return open, nil }
		t.Cleanup(func() { Hooks.PollOpen = nil })
		open = true
		refused(t, correct(Correction{Holder: 1, Shares: 12, Why: "Reçu du 3 juin."}), "poll-open")
		open = false
		refused(t, correct(Correction{Holder: 1, Shares: 12, Why: "  "}), "why")
		refused(t, correct(Correction{Holder: 1, Shares: 10, Why: "Rien."}), "no-change")
		refused(t, correct(Correction{Holder: 1, Why: "Rien."}), "shares")
		refused(t, correct(Correction{Holder: 5, Shares: 3, Why: "Quelle classe ?"}), "class")
		refused(t, correct(Correction{Holder: 77, Struck: true, Why: "Inconnu."}), "not-on-roll")

		for _, c := range []Correction{
			{Holder: 1, Shares: 12, Why: "Reçu du 3 juin, inscrit trop tard."},
			{Holder: 5, Class: "B", Shares: 4, Why: "Deux parts B de plus."},
			{Holder: 6, Class: "A", Shares: 8, Why: "Admise la veille par l’organe d’administration."},
			{Holder: 2, Struck: true, Why: "Démission du mois de mai."},
		} {
			if err := correct(c); err != nil {
				t.Fatalf("%d: %v", c.Holder, err)
			}
		}
		h.arrive("Édith")
		h.arrive("Dirk")
		refused(t, h.tryArrive(h.arrival("Bram")), "no-voice")
		h.counts("as corrected", vote.Both(3, 29), vote.Both(0, 0), vote.Both(3, 29))
		if room := h.room(); room.Issued != vote.Both(5, 99) {
			t.Errorf("the corrected roll adds up to %v", room.Issued)
		}
		if err := correct(Correction{Holder: 5, Struck: true, Why: "Erreur de personne."}); err != nil {
			t.Fatal(err)
		}
		h.counts("struck while there", vote.Both(2, 20), vote.Both(0, 0), vote.Both(2, 20))
		h.view(func(v store.Reader) error {
			f, _, err := RollOf(v, h.ag)
			if err != nil {
				return err
			}
			var told []string
			for _, c := range f.Corrections {
				told = append(told, c.Why)
			}
			if len(f.Corrections) != 5 || f.Corrections[0].Before != 10 || f.Corrections[0].Shares != 12 ||
				!f.Corrections[2].Added || !slices.Contains(told, "Démission du mois de mai.") {
				t.Errorf("the decisions are %+v", f.Corrections)
			}
			was, err := RoomAfter(v, h.ag, 1)
			if was.Issued != vote.Both(5, 107) || was.Present != vote.Both(1, 10) {
				t.Errorf("before the corrections %v of %v", was.Present, was.Issued)
			}
			return err
		})
		h.sound()
	})
}

func TestNothingHappensAtAMeetingThatIsOver(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		id := h.carries(3, "Chloé", "Agathe")
		h.do("meeting.open", func(tx *store.Tx) error { return meeting.MarkOpened(tx, h.ag) })
		h.arrive("Agathe")
		h.do("meeting.close", func(tx *store.Tx) error { return meeting.MarkClosed(tx, h.ag) })
		refused(t, h.tryArrive(h.arrival("Bram")), "closed")
		refused(t, h.try("x", func(tx *store.Tx) error { return Leave(tx, h.ag, h.who["Agathe"]) }), "closed")
		refused(t, h.try("x", func(tx *store.Tx) error { return EndProxy(tx, id, Revoked) }), "closed")
		refused(t, h.try("x", func(tx *store.Tx) error { return Undo(tx, h.ag, 1) }), "closed")
		_, err := h.tryGive(h.proxy(2, "Bram", "Agathe"))
		refused(t, err, "closed")
		refused(t, h.try("x", func(tx *store.Tx) error { return PrepareCards(tx, h.ag) }), "closed")
		if room := h.room(); room.Total != vote.Both(2, 40) {
			t.Errorf("the room at the end: %v", room.Total)
		}
	})
}

func TestAHandInTheRowsIsFound(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		h.arrive("Agathe")
		h.carries(3, "Chloé", "Agathe")
		h.sound()
		for name, c := range map[string]struct{ spoil, mend store.Query }{
			"a share on the roll": {store.Unlisted(`UPDATE attendance_entry SET frozen_shares = 11, shares = 11 WHERE holder = 1`),
				store.Unlisted(`UPDATE attendance_entry SET frozen_shares = 10, shares = 10 WHERE holder = 1`)},
			"who arrived": {store.Unlisted(`UPDATE attendance_event SET person = '` + string(h.who["Bram"]) + `' WHERE seq = 1`),
				store.Unlisted(`UPDATE attendance_event SET person = '` + string(h.who["Agathe"]) + `' WHERE seq = 1`)},
			"a seat": {store.Unlisted(`DELETE FROM attendance_seat`),
				store.Unlisted(`INSERT INTO attendance_seat (meeting, holder, voter, title)
					SELECT meeting, 1, person, 'own' FROM attendance_present`)},
			"a proxy": {store.Unlisted(`UPDATE attendance_proxy SET accepted_at = 0`),
				store.Unlisted(`UPDATE attendance_proxy SET accepted_at = given_at`)},
		} {
			h.do("x", func(tx *store.Tx) error { _, err := tx.Exec(c.spoil); return err })
			p, err := h.db.Check(h.t.Context())
			if err != nil || len(p.Findings) == 0 {
				t.Errorf("%s was altered and nothing was found: %v", name, err)
			}
			h.do("x", func(tx *store.Tx) error { _, err := tx.Exec(c.mend); return err })
		}
		h.sound()
	})
}

func TestErasingAPersonLeavesTheSealsWhole(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		h.arrive("Agathe")
		id := h.proxy(3, "Chloé", "Agathe")
		h.give(id)
		h.do("people.erase", func(tx *store.Tx) error { return people.Erase(tx, h.who["Agathe"], people.OnRequest) })
		h.sound()
		if room := h.room(); room.Total != vote.Both(1, 10) {
			t.Errorf("the room is %v", room.Total)
		}
	})
}
