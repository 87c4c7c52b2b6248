package convening

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Everybody is reached by the way that the books know, each in their language, and nobody is forgotten in silence.
func TestEverybodyHasALetter(t *testing.T) {
	both(t, func(h *house) {
		var reach Reach
		h.view(func(v store.Reader) (err error) {
			reach, err = ReachOf(v, h.look(Convening).Invited)
			return err
		})
		if reach.ByEmail != 4 || reach.ByPost != 2 || reach.Unreached != 1 || reach.Shared != 3 {
			t.Errorf("the last look counts %+v", reach)
		}
		id := h.sent(Convening)
		want := map[string]string{ // name: channel, language, state, address as used
			"Agathe": "email fr sent maison@exemple.be", "Bram": "email nl sent maison@exemple.be",
			"Chloé":    "post fr to-print rue Basse 12, 4000 Liège",
			"Le Foyer": "email fr sent dirk@exemple.be", "Dirk": "email en sent dirk@exemple.be",
			"Édith": "none fr nowhere ", "Fatou": "post fr to-print Veldstraat 9, 9000 Gent"}
		for name, want := range want {
			l := h.letterTo(id, name)
			if got := fmt.Sprint(l.Channel, " ", l.Language, " ", l.State(), " ", l.Used()); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		if n := len(h.out.Sent()); n != 4 {
			t.Errorf("%d letters left by e-mail", n)
		}
		if a := h.letterTo(id, "Agathe").Answer; !strings.HasPrefix(a, "250 2.0.0 Ok") {
			t.Errorf("the server's answer is %q", a)
		}
		h.whole()
	})
}

// Two who share an address each get their own letter, and the subject says whose it is.
func TestTwoAtOneAddressAreToldApart(t *testing.T) {
	both(t, func(h *house) {
		h.sent(Convening)
		var subjects []string
		for _, l := range h.out.Sent() {
			if l.To == "maison@exemple.be" {
				subjects = append(subjects, l.Subject)
				if !strings.Contains(l.Text, "Essai,") {
					t.Errorf("the greeting names nobody:\n%.200s", l.Text)
				}
			}
		}
		slices.Sort(subjects)
		want := []string{"Pour Agathe Essai – Convocation\u00a0: Assemblée générale ordinaire",
			"Voor Bram Essai – Oproeping: Assemblée générale ordinaire"}
		if !slices.Equal(subjects, want) {
			t.Errorf("subjects %q, want %q", subjects, want)
		}
	})
}

// One meeting is convened once, whatever is sent twice.
func TestAStalePageSendsNothing(t *testing.T) {
	both(t, func(h *house) {
		seal := h.look(Convening).Seal
		h.do("meeting.change", func(tx *store.Tx) error {
			m, _, err := meeting.ByID(tx, h.ag)
			if err != nil {
				return err
			}
			m.Place = "Ailleurs"
			return meeting.Change(tx, m)
		})
		order := Order{Meeting: h.ag, Kind: Convening, Links: links, Seen: seal}
		send := func() error {
			return h.try("convening.send", func(tx *store.Tx) error { _, err := Send(tx, order); return err })
		}
		h.refused(send(), "stale")
		order.Seen = h.look(Convening).Seal
		if err := send(); err != nil {
			t.Fatal(err)
		}
		h.refused(send(), "convened")
		h.work()
		h.work()
		if n := len(h.out.Sent()); n != 4 {
			t.Errorf("%d letters left", n)
		}
	})
}

// Fifteen days before is in time, fourteen is late: it needs a reason, and keeps it.
func TestALateNoticeNeedsItsReason(t *testing.T) {
	both(t, func(h *house) {
		notice := h.look(Convening).Notice
		if !notice.Known || notice.Late || notice.Last != civil.MustParse("2026-06-13").AddDays(-notice.Days) {
			t.Fatalf("the notice is %+v", notice)
		}
		h.now = time.Date(2026, 6, 13-notice.Days+1, 8, 0, 0, 0, time.UTC)
		_, err := h.trySend(Convening, "")
		if r := h.refused(err, "late"); r.Article != notice.Article || r.Field != "why" {
			t.Errorf("the refusal is %+v", r)
		}
		id, err := h.trySend(Convening, "L’imprimerie était fermée.")
		if err != nil {
			t.Fatal(err)
		}
		h.view(func(v store.Reader) error {
			d, _, err := ByID(v, id)
			if d.Late != "L’imprimerie était fermée." || d.Last != notice.Last {
				t.Errorf("kept is %+v", d)
			}
			return err
		})
		h.whole()
	})
}

func TestTheLastDayIsInTime(t *testing.T) {
	both(t, func(h *house) {
		h.now = civil.EndOf(h.look(Convening).Notice.Last, h.db.Zone()).Time().Add(-time.Hour)
		if _, err := h.trySend(Convening, ""); err != nil {
			t.Error(err)
		}
	})
}

// What failed for a moment is tried again with the same id; what is refused for good is not.
func TestTroubleWithTheServer(t *testing.T) {
	both(t, func(h *house) {
		down := true
		h.fail = func(l mail.Letter) error {
			if l.To == "dirk@exemple.be" && strings.Contains(l.Subject, "Foyer") {
				return fmt.Errorf("%w: no such box", mail.ErrLetter)
			}
			if down {
				return errPort
			}
			return nil
		}
		id := h.sent(Convening)
		if l := h.letterTo(id, "Agathe"); l.State() != Waiting || l.Tries != 1 || !strings.Contains(l.Trouble, "421") {
			t.Errorf("after a trouble of the moment: %s, %d tries, %q", l.State(), l.Tries, l.Trouble)
		}
		if l := h.letterTo(id, "Le Foyer"); l.State() != Failed {
			t.Errorf("after a refusal for good: %s", l.State())
		}
		down = false
		h.now = h.now.Add(2 * time.Minute)
		h.work()
		if l := h.letterTo(id, "Agathe"); l.State() != Sent {
			t.Errorf("the second try: %s", l.State())
		}
		if n := len(h.out.Sent()); n != 3 {
			t.Errorf("%d letters left", n)
		}
		h.do("convening.send-again", func(tx *store.Tx) error {
			_, err := SendAgain(tx, h.letterTo(id, "Le Foyer").ID, ByPost, "")
			return err
		})
		l := h.letterTo(id, "Le Foyer")
		if l.State() != ToPrint || l.Used() != "À l’attention de Dirk Essai, place du Jeu 3, 1000 Bruxelles" {
			t.Errorf("by post: %s, %q", l.State(), l.Used())
		}
		h.whole()
	})
}

func TestAServerThatNeverAnswersIsGivenUp(t *testing.T) {
	both(t, func(h *house) {
		h.fail = func(mail.Letter) error { return errPort }
		id := h.sent(Convening)
		for range 2 * maxTries {
			h.now = h.now.Add(25 * time.Hour)
			h.work()
		}
		if l := h.letterTo(id, "Agathe"); l.State() != Failed || l.Tries != maxTries {
			t.Errorf("%s after %d tries", l.State(), l.Tries)
		}
	})
}

// A batch is sorted by postcode, bound by a hash, posted on a day; a letter that came back goes by another way.
func TestTheLettersByPost(t *testing.T) {
	both(t, func(h *house) {
		id := h.sent(Convening)
		h.do("convening.send-again", func(tx *store.Tx) error {
			_, err := SendAgain(tx, h.letterTo(id, "Le Foyer").ID, ByPost, "demandé par téléphone")
			return err
		})
		var batch BatchID
		h.do("convening.gather", func(tx *store.Tx) (err error) { batch, err = Gather(tx, id); return err })
		var p Print
		h.view(func(v store.Reader) (err error) { p, err = PrintOf(v, batch); return err })
		var order []string
		for _, l := range p.letters {
			order = append(order, l.Name())
		}
		if want := []string{"Le Foyer ASBL", "Chloé Essai", "Fatou Essai"}; !slices.Equal(order, want) {
			t.Errorf("the order is %q, want %q", order, want)
		}
		if p.Batch.Hash != hashOf(p.letters) || p.Batch.Letters != 3 {
			t.Errorf("the batch is %+v", p.Batch)
		}
		h.refused(h.try("convening.gather", func(tx *store.Tx) error { _, err := Gather(tx, id); return err }), "nothing-to-print")
		hand := func(day string) error {
			return h.try("convening.hand-over", func(tx *store.Tx) error { return HandOver(tx, batch, civil.MustParse(day)) })
		}
		h.refused(hand("2026-04-14"), "post-day")
		if err := hand("2026-04-13"); err != nil {
			t.Fatal(err)
		}
		h.refused(hand("2026-04-13"), "posted")
		if s := h.letterTo(id, "Chloé").State(); s != Posted {
			t.Errorf("the state is %s", s)
		}
		h.now = h.now.AddDate(0, 0, 5)
		h.do("convening.came-back", func(tx *store.Tx) error {
			return CameBack(tx, h.letterTo(id, "Chloé").ID, tx.Today(), "Inconnue à cette adresse")
		})
		if s := h.letterTo(id, "Chloé").State(); s != Returned {
			t.Errorf("the state is %s", s)
		}
		err := h.try("convening.send-again", func(tx *store.Tx) error {
			_, err := SendAgain(tx, h.letterTo(id, "Chloé").ID, ByEmail, "")
			return err
		})
		h.refused(err, "no-address")
		first := h.letterTo(id, "Chloé").ID
		h.do("convening.send-again", func(tx *store.Tx) error { _, err := SendAgain(tx, first, ByHand, ""); return err })
		if s := h.letterTo(id, "Chloé").State(); s != Handed {
			t.Errorf("the state is %s", s)
		}
		err = h.try("convening.send-again", func(tx *store.Tx) error { _, err := SendAgain(tx, first, ByHand, ""); return err })
		h.refused(err, "resent")
		h.whole()
	})
}

// Erasing a person takes name, address and salts away; the hash and the seal stand.
func TestAnErasedAddresseeLeavesTheProofWhole(t *testing.T) {
	both(t, func(h *house) {
		id := h.sent(Convening)
		before := h.letterTo(id, "Chloé")
		h.do("people.erase", func(tx *store.Tx) error { return Forget(tx, h.who["Chloé"]) })
		after := h.letterTo(id, "Chloé")
		if after.Hash != before.Hash || after.Name() != "" || after.Used() != "" || !after.Erased() {
			t.Errorf("after: %q %q %t", after.Name(), after.Used(), after.Erased())
		}
		h.view(func(v store.Reader) error {
			tree, names, err := Tree(v, h.letterTo(id, "Fatou")) // her letter named Chloé as a candidate
			var text strings.Builder
			if err == nil {
				err = papers.Text(&text, tree, names)
			}
			if strings.Contains(text.String(), "Chloé") {
				t.Error("a letter still names her")
			}
			return err
		})
		h.whole()
	})
}

// What a hand alters is found: a text, a name, an address, an invited person.
func TestATamperedProofIsFound(t *testing.T) {
	for _, sql := range []store.Query{
		store.Q(`UPDATE convening_letter SET kept = REPLACE(kept, 'rue Basse 12', 'rue Basse 13')`),
		store.Q(`UPDATE convening_letter SET hash = '0000' WHERE channel = 'post'`),
		store.Q(`UPDATE convening_text SET content = REPLACE(content, 'Budget', 'Budgets')`),
		store.Q(`UPDATE convening_invited SET shares = shares + 1 WHERE holder = 3`),
		store.Q(`UPDATE convening_dispatch SET late = 'si'`),
	} {
		both(t, func(h *house) {
			h.sent(Convening)
			if err := h.db.Touch(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(sql); return err }); err != nil {
				t.Fatal(err)
			}
			report, err := h.db.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Findings) == 0 {
				t.Errorf("nobody notices %s", sql)
			}
		})
	}
}

// Later letters go to those who were invited and to those who joined; each kind has its time.
func TestLaterLetters(t *testing.T) {
	both(t, func(h *house) {
		_, err := h.trySend(Reminder, "")
		h.refused(err, "not-convened")
		h.sent(Convening)
		_, err = h.trySend(Joined, "")
		h.refused(err, "nobody")
		h.do("people.enroll", func(tx *store.Tx) error {
			id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Gust", Family: "Essai", Lang: "nl",
				Emails: []string{"gust@exemple.be"}})
			h.who["Gust"] = id
			return err
		})
		h.do("register.issue", func(tx *store.Tx) error { return issueTo(tx, h.who["Gust"]) })
		for _, k := range []Kind{Changed, Added, Cancelled} {
			_, err := h.trySend(k, "")
			h.refused(err, map[Kind]string{Changed: "not-changed", Added: "not-added", Cancelled: "not-cancelled"}[k])
		}
		if l := h.look(Reminder); len(l.Invited) != 8 {
			t.Errorf("the reminder goes to %d", len(l.Invited))
		}
		joined := h.sent(Joined)
		if l := h.letters(joined); len(l) != 1 || l[0].Person != h.who["Gust"] {
			t.Errorf("the letters to those who joined are %v", l)
		}
		h.do("meeting.change", func(tx *store.Tx) error {
			m, _, err := meeting.ByID(tx, h.ag)
			if err != nil {
				return err
			}
			m.Place = "La Ferme, Esneux"
			if err := meeting.Change(tx, m); err != nil {
				return err
			}
			_, err = meeting.AddItem(tx, h.ag, meeting.Item{Title: "Prêt", Matters: []meeting.Matter{{
				Kind: assembly.Resolution, Title: "Prêt", Words: "Un prêt est accordé."}}})
			return err
		})
		changed, added := h.sent(Changed), h.sent(Added)
		h.view(func(v store.Reader) error {
			text, names, err := TextOf(v, changed, "fr")
			mustSay(t, text, names, err, "La Ferme, Esneux", "remplace ce que nous vous avions écrit")
			text, names, err = TextOf(v, added, "fr")
			if s := mustSay(t, text, names, err, "Un prêt est accordé", "Ajouté à l’ordre du jour"); strings.Contains(s, "Budget") {
				t.Error("the letter repeats what was announced")
			}
			return nil
		})
		h.do("meeting.cancel", func(tx *store.Tx) error { return meeting.Cancel(tx, h.ag, "Tempête annoncée.") })
		gone := h.sent(Cancelled)
		h.view(func(v store.Reader) error {
			text, names, err := TextOf(v, gone, "nl")
			mustSay(t, text, names, err, "gaat niet door", "Tempête annoncée.")
			return nil
		})
		_, err = h.trySend(Reminder, "")
		h.refused(err, "cancelled")
		h.whole()
	})
}

func mustSay(t *testing.T, p papers.Paper, names papers.Names, err error, words ...string) string {
	t.Helper()
	var text strings.Builder
	if err == nil {
		err = papers.Text(&text, p, names)
	}
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(text.String()), " ")
	for _, w := range words {
		if !strings.Contains(flat, strings.Join(strings.Fields(w), " ")) {
			t.Errorf("%q is not said in\n%s", w, text.String())
		}
	}
	return flat
}

// One letter convenes both assemblies at once.
func TestTheSecondAssemblyAtOnce(t *testing.T) {
	both(t, func(h *house) {
		var second meeting.ID
		h.do("meeting.repeat", func(tx *store.Tx) (err error) {
			if second, err = meeting.Repeat(tx, h.ag); err != nil {
				return err
			}
			m, _, err := meeting.ByID(tx, second)
			if err != nil {
				return err
			}
			m.StartsAt = civil.At(time.Date(2026, 7, 4, 16, 0, 0, 0, time.UTC))
			return meeting.Change(tx, m)
		})
		id := h.sent(Convening)
		h.view(func(v store.Reader) error {
			text, names, err := TextOf(v, id, "fr")
			mustSay(t, text, names, err, "samedi 4 juillet 2026")
			m, _, err := meeting.ByID(v, second)
			if m.ConvenedAt == 0 {
				t.Error("the second assembly is not convened")
			}
			if err != nil {
				return err
			}
			list, err := InvitedOf(v, second)
			if len(list) != 7 {
				t.Errorf("%d are invited to the second", len(list))
			}
			return err
		})
	})
}

func TestWrittenQuestions(t *testing.T) {
	both(t, func(h *house) {
		q := Question{Meeting: h.ag, Person: h.who["Chloé"], Channel: Online, Words: "Pourquoi ce prêt ?"}
		ask := func(q Question) (id QuestionID, err error) {
			err = h.try("convening.ask", func(tx *store.Tx) (err error) { id, err = Ask(tx, q); return err })
			return id, err
		}
		_, err := ask(q)
		h.refused(err, "not-convened")
		h.sent(Convening)
		one, err := ask(q)
		if err != nil {
			t.Fatal(err)
		}
		h.now = h.now.AddDate(0, 0, 3)
		two, err := ask(Question{Meeting: h.ag, Person: h.who["Le Foyer"], Asker: h.who["Dirk"], Channel: Paper,
			Received: civil.MustParse("2026-04-14"), Words: "À quel taux ?"})
		if err != nil {
			t.Fatal(err)
		}
		three, err := ask(Question{Meeting: h.ag, Person: h.who["Agathe"], Channel: Online, Words: "Qui a perdu l’appel d’offres ?"})
		if err != nil {
			t.Fatal(err)
		}
		stranger := q
		stranger.Person = h.outsider()
		_, err = ask(stranger)
		h.refused(err, "not-invited")
		early := q
		early.Channel, early.Received = Paper, civil.MustParse("2026-04-12")
		_, err = ask(early)
		h.refused(err, "received")
		reply := func(a Answer, to ...QuestionID) error {
			a.Meeting = h.ag
			return h.try("convening.reply", func(tx *store.Tx) error { _, err := Reply(tx, a, to); return err })
		}
		if err := reply(Answer{Words: "À 2 %, pour le toit."}, one, two); err != nil {
			t.Fatal(err)
		}
		h.refused(reply(Answer{Words: "Encore."}, one), "answered")
		if r := h.refused(reply(Answer{Refused: true}, three), "why-refused"); r.Article != "CSA 6:77" {
			t.Errorf("the article is %q", r.Article)
		}
		if err := reply(Answer{Refused: true, Words: "Le dire nuirait à la société."}, three); err != nil {
			t.Fatal(err)
		}
		h.do("convening.publish", func(tx *store.Tx) error {
			n, err := Publish(tx, h.ag)
			if n != 2 {
				t.Errorf("%d answers published", n)
			}
			return err
		})
		h.view(func(v store.Reader) error {
			all, err := Questions(v, h.ag)
			if len(all) != 3 || all[0].ID != one || all[0].Answer.ID != all[1].Answer.ID || !all[2].Answer.Refused ||
				all[0].Answer.PublishedAt == 0 {
				t.Errorf("the questions are %+v", all)
			}
			return err
		})
		h.do("meeting.open", func(tx *store.Tx) error { return meeting.MarkOpened(tx, h.ag) })
		_, err = ask(q)
		h.refused(err, "ask-there")
		h.whole()
	})
}

// A board meets too: its members are invited by name, without shares.
func TestTheBoardIsConvened(t *testing.T) {
	both(t, func(h *house) {
		h.do("meeting.draft", func(tx *store.Tx) error {
			board, err := people.TheBody(tx, people.Board)
			if err != nil {
				return err
			}
			for _, name := range []string{"Dirk", "Agathe"} {
				if _, err := people.OpenMandate(tx, people.Mandate{Body: board.ID, Person: h.who[name], Role: people.Member,
					From: civil.MustParse("2025-01-01")}); err != nil {
					return err
				}
			}
			h.ag, err = meeting.Draft(tx, meeting.Meeting{Name: "oa-2026", Title: "Réunion", Body: board.ID, Place: "Au siège",
				StartsAt: civil.At(h.now.AddDate(0, 0, 3)), Language: "fr", Items: []meeting.Item{{Number: "1", Title: "Toit",
					Matters: []meeting.Matter{{Kind: assembly.Resolution, Title: "Toit"}}}}})
			return err
		})
		id := h.sent(Convening)
		if n := len(h.letters(id)); n != 2 {
			t.Errorf("%d letters", n)
		}
		h.view(func(v store.Reader) error {
			e, invited, err := IsInvited(v, h.ag, h.who["Dirk"])
			if !invited || e.Shares != 0 {
				t.Errorf("Dirk: %+v %t", e, invited)
			}
			return err
		})
	})
}

func TestWhatIsUnknownIsRefused(t *testing.T) {
	both(t, func(h *house) {
		for code, fn := range map[string]func(*store.Tx) error{
			"unknown-letter":   func(tx *store.Tx) error { return CameBack(tx, "x", tx.Today(), "x") },
			"unknown-batch":    func(tx *store.Tx) error { return HandOver(tx, "x", tx.Today()) },
			"unknown-dispatch": func(tx *store.Tx) error { _, err := Gather(tx, "x"); return err },
			"unknown-meeting":  func(tx *store.Tx) error { _, err := Send(tx, Order{Meeting: "x", Kind: Convening}); return err },
		} {
			err := h.try("convening.test", fn)
			if errors.Is(err, store.ErrNone) || len(fault.Of(err)) == 0 {
				t.Errorf("%s: %v", code, err)
			}
			h.refused(err, code)
		}
	})
}
