package pages

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

const home = "/meetings/ag-2026"

// amendment is the matter that most stories vote on.
const amendment = "Permettre la démission pour une partie des parts"

func TestOneVotesByPhone(t *testing.T) {
	both(t, func(h *house) {
		odile := h.open("Odile")
		has(t, odile.Get(home+"/vote"), 200, "Rien à voter maintenant", "La séance est ouverte.")
		poll := h.put(amendment, ballot.Phone)
		page := odile.Get(home + "/vote")
		has(t, page, 200, "Point 4", amendment, "Vos 20 voix", "Les 12 voix de Jeanne Essai, que vous portez",
			"Comme les miennes", "Déposer 32 voix", "ou partie")
		seen := field(t, page, "seen")
		has(t, odile.Post(home+"/vote", "poll", string(poll), "seen", seen), 422, "Le bulletin n’est pas déposé",
			"Rien n’est choisi.")
		has(t, odile.Post(home+"/vote", "poll", string(poll), "seen", seen, "choice", "for", "as-holder-6", "other"), 422,
			"Choisissez pour, contre ou abstention.")
		led(t, odile.Post(home+"/vote", "poll", string(poll), "seen", seen, "choice", "for", "as-holder-6", "other",
			"holder-6", "against"), home+"/vote")
		page = odile.Get(home + "/vote")
		has(t, page, 200, "Déposé à 15:31. Vous pouvez ranger le téléphone.", "Votre reçu", "Contre")
		code := regexp.MustCompile(`class="receipt">([^<]+)<`).FindStringSubmatch(page.Body)
		page = odile.Get(home + "/vote?change=1")
		has(t, page, 200, `value="for" checked`, `value="other" checked`, `value="against" checked`)
		led(t, odile.Post(home+"/vote", "poll", string(poll), "seen", field(t, page, "seen"), "choice", "abstain",
			"as-holder-6", "same", "holder-6", "against"), home+"/vote")
		page = odile.Get(home + "/vote")
		has(t, page, 200, "Abstention")
		lacks(t, page, code[1], "Contre")
		h.act("ballot.close", func(tx *store.Tx) error { return ballot.ClosePoll(tx, ballot.Closing{Poll: poll, Version: 1}) })
		has(t, odile.Get(home+"/vote"), 200, "Rien à voter maintenant", "clos, résultat à proclamer", "Votre reçu")
	})
}

// The network is cut after the ballot arrived and before the answer came back: the phone sends the same form again, and
// gets the receipt that it already had.
func TestTheSameBallotSentAgainHasTheSameReceipt(t *testing.T) {
	both(t, func(h *house) {
		poll := h.put(amendment, ballot.Phone)
		odile := h.open("Odile")
		receipt := regexp.MustCompile(`class="receipt">([^<]+)<`)
		form := []string{"poll", string(poll), "seen", field(t, odile.Get(home+"/vote"), "seen"), "choice", "for",
			"as-holder-6", "same"}
		var first string
		for n := range 3 {
			led(t, odile.Post(home+"/vote", form...), home+"/vote")
			code := receipt.FindStringSubmatch(odile.Get(home + "/vote").Body)
			if code == nil || n > 0 && code[1] != first {
				t.Fatalf("sent for the time %d: receipt %q, at first %q", n+1, code, first)
			}
			first = code[1]
			h.now = h.now.Add(time.Minute)
		}
	})
}

func TestABallotThatComesTooLateIsToldWhyAndMayBeReported(t *testing.T) {
	both(t, func(h *house) {
		poll := h.put(amendment, ballot.Phone)
		farid := h.open("Farid")
		h.act("ballot.close", func(tx *store.Tx) error { return ballot.ClosePoll(tx, ballot.Closing{Poll: poll, Version: 1}) })
		h.now = h.now.Add(time.Minute)
		page := farid.Post(home+"/vote", "poll", string(poll), "seen", "0", "choice", "for")
		has(t, page, 422, "Ce vote est clos", "Votre bulletin est arrivé à 15:32 ; le vote a été clos à 15:31.",
			"Signaler l’incident")
		led(t, farid.Post(home+"/vote/incident", "key", field(t, page, "key"), "poll", string(poll),
			"late", field(t, page, "late"), "words", "Le réseau est tombé."), home+"/vote")
		has(t, farid.Get(home+"/vote"), 200, "L’incident est signalé au bureau.")
		has(t, h.open("Agathe").Get(home+"/polls/"+string(poll)), 200, "Incidents signalés", "Farid Essai",
			"Bulletin arrivé à 15:32", "Le réseau est tombé.")
		lacks(t, h.open("Odile").Get(home+"/polls/"+string(poll)), "Le réseau est tombé.")
		has(t, farid.Post(home+"/vote", "poll", "none", "choice", "for"), 404)
	})
}

func TestATellerAndAPhoneAreToldOfEachOther(t *testing.T) {
	both(t, func(h *house) {
		poll := h.put(amendment, ballot.Phone)
		odile, bram := h.open("Odile"), h.open("Bram")
		sheet := bram.Get(home + "/tellers?q=odile")
		has(t, sheet, 200, "Bulletins de qui vote sans téléphone", "Odile Essai", "Procuration de Jeanne Essai", "pas saisi")
		lacks(t, sheet, "Farid Essai")
		led(t, odile.Post(home+"/vote", "poll", string(poll), "seen", "0", "choice", "for"), home+"/vote")
		id := string(h.who["Odile"])
		entry := func(turn, key string) []string {
			return []string{"key", key, "poll", string(poll), "query", "?q=odile", "voter", id, "turn-" + id, turn,
				"was-" + id, "", "of-" + id, "holder-5", "of-" + id, "holder-6", id + "-holder-5", "against"}
		}
		told := bram.Post(home+"/tellers/entries", entry("0", field(t, sheet, "key"))...)
		has(t, told, 422, "Un bulletin a été déposé par téléphone à 15:31", "Une voix ne compte qu’une fois.")
		fresh := bram.Get(home + "/tellers?q=odile")
		has(t, fresh, 200, "téléphone, 15:31")
		led(t, bram.Post(home+"/tellers/entries", entry("1", field(t, fresh, "key"))...), home+"/tellers?q=odile")
		has(t, odile.Get(home+"/vote"), 200, "Saisi par un scrutateur à 15:31.", "Contre")
		has(t, odile.Post(home+"/vote", "poll", string(poll), "seen", "1", "choice", "for"), 422,
			"Un scrutateur a saisi votre bulletin à 15:31")
	})
}

func TestTwoTellersKeepTwoSheets(t *testing.T) {
	both(t, func(h *house) {
		poll := h.put("Charte", ballot.Named)
		names := []string{"Agathe", "Farid"}
		enter := func(teller string, choices ...string) {
			b := h.open(teller)
			page := b.Get(home + "/tellers")
			form := []string{"key", field(t, page, "key"), "poll", string(poll)}
			for i, name := range names {
				id, holder := string(h.who[name]), []string{"holder-1", "holder-7"}[i]
				form = append(form, "voter", id, "turn-"+id, "0", "was-"+id, "", "of-"+id, holder, id+"-"+holder, choices[i])
			}
			led(t, b.Post(home+"/tellers/entries", form...), home+"/tellers")
		}
		has(t, h.open("Dirk").Get(home+"/tellers"), 200, "Aucun scrutateur n’a encore saisi.")
		enter("Bram", "for", "for")
		lacks(t, h.open("Bram").Get(home+"/tellers"), "Les scrutateurs diffèrent", "Convoquer", "Présences")
		has(t, h.open("Bram").Get(home+"/tellers"), 200, "Votre feuille", "2 votants saisis",
			"Le second scrutateur n’a pas encore saisi.", "saisi, 15:31")
		enter("Chloé", "for", "against")
		dirk := h.open("Dirk")
		has(t, dirk.Get(home+"/tellers"), 200, "Comparer maintenant")
		has(t, dirk.Get(home+"/tellers"), 200, "Les scrutateurs diffèrent sur un point")
		page := dirk.Get(home + "/tellers?compare=1")
		has(t, page, 200, "Farid Essai", "Trancher", "Bram Essai", "Chloé Essai", "?compare=1&amp;sheet=2&amp;q=7#sheet")
		other := h.open("Bram").Get(home + "/tellers?compare=1&sheet=2&q=7")
		has(t, other, 200, "Feuille de Chloé Essai", "Contre", "Revenir à la comparaison")
		lacks(t, h.open("Bram").Get(home+"/tellers?compare=1&sheet=2&q=1"), "n° 1") // alike: not shown to the other
		agathe := h.open("Agathe")
		poll1 := agathe.Get(home + "/polls/" + string(poll))
		has(t, agathe.Post(home+"/polls/"+string(poll)+"/close", "key", "k1", "version", field(t, poll1, "version")), 422,
			"Les deux feuilles diffèrent pour un votant.", "Corrigez les feuilles")
		ruling := func(why string) []string {
			return []string{"key", "r" + why, "poll", string(poll), "voter", string(h.who["Farid"]), "of", "holder-7", "holder-7",
				"against", "why", why, "query", "?compare=1"}
		}
		has(t, dirk.Post(home+"/tellers/rulings", ruling("")...), 422, "L’écart n’est pas tranché")
		has(t, h.open("Bram").Post(home+"/tellers/rulings", ruling("Entendu.")...), 403, "Seuls la présidence et le secrétariat")
		led(t, dirk.Post(home+"/tellers/rulings", ruling("Farid le confirme.")...), home+"/tellers?compare=1")
		has(t, dirk.Get(home+"/tellers?compare=1"), 200, "tranché", "Farid le confirme.")
		poll1 = agathe.Get(home + "/polls/" + string(poll))
		led(t, agathe.Post(home+"/polls/"+string(poll)+"/close", "key", "k2", "version", field(t, poll1, "version"),
			"sure", "1"), home+"/polls/"+string(poll))
		has(t, agathe.Get(home+"/polls/"+string(poll)), 200, "Adopté", "Farid le confirme.", "Qui a voté quoi")
	})
}

// Who closes while somebody has not voted is asked, by name; what is refused is said once.
func TestACloseBeforeAllHaveVotedIsAsked(t *testing.T) {
	both(t, func(h *house) {
		poll := h.put("Charte", ballot.Phone)
		at, agathe := home+"/polls/"+string(poll), h.open("Agathe")
		vote := func(name string) {
			h.act("ballot.cast", func(tx *store.Tx) error {
				_, err := ballot.Cast(tx, ballot.Deposit{Poll: poll, Voter: h.who[name], Choice: vote.For})
				return err
			})
		}
		for _, name := range []string{"Agathe", "Bram", "Chloé", "Odile"} {
			vote(name)
		}
		h.leave("Farid")
		led(t, agathe.Post(at+"/close", "key", "c1", "version", "1", "back", home+"/console"),
			at+"/closing?back=%2Fmeetings%2Fag-2026%2Fconsole")
		if h.poll(poll).ClosedAt != 0 {
			t.Fatal("one click closed the vote although Dirk has not voted")
		}
		page := agathe.Get(at + "/closing?back=/meetings/ag-2026/console")
		has(t, page, 200, "Un votant présent n’a pas voté (5 voix)", "<li>Dirk Essai</li>", "Un votant est parti sans voter",
			"Attendre encore", "Clore quand même", `href="/meetings/ag-2026/console"`)
		lacks(t, page, "<li>Farid Essai</li>", "<li>Bram Essai</li>")
		has(t, h.open("Odile").Get(at+"/closing"), 403)
		has(t, agathe.Get(at+"/closing?back=//elsewhere"), 200, `name="back" value="`+at+`"`)
		stale := agathe.Post(at+"/close", "key", "c2", "version", "9", "sure", "1")
		has(t, stale, 422, "Ce vote a changé depuis que cette page s’est affichée.")
		if n := strings.Count(body(stale), "Ce vote a changé depuis"); n != 1 {
			t.Errorf("what is refused is said %d times", n)
		}
		led(t, agathe.Post(at+"/close", "key", "c3", "version", "1", "sure", "1", "back", home+"/console"), home+"/console")
		led(t, agathe.Get(at+"/closing"), at)
	})
	both(t, func(h *house) { // everybody who is there has voted: one click is enough
		poll := h.put("Charte", ballot.Hands)
		at := home + "/polls/" + string(poll)
		led(t, h.open("Bram").Post(home+"/tellers/counts", "key", "k1", "poll", string(poll), "row", "Salle", "for", "105",
			"against", "0", "abstain", "0"), home+"/tellers")
		led(t, h.open("Agathe").Post(at+"/close", "key", "k2", "version", "2"), at)
	})
}

func TestRowsAreCounted(t *testing.T) {
	both(t, func(h *house) {
		poll := h.put("Charte", ballot.Hands)
		count := func(teller, key, row, f, a, n string) {
			t.Helper()
			led(t, h.open(teller).Post(home+"/tellers/counts", "key", key, "poll", string(poll), "row", row, "for", f,
				"against", a, "abstain", n), home+"/tellers")
		}
		bram := h.open("Bram")
		has(t, bram.Post(home+"/tellers/counts", "key", "k0", "poll", string(poll), "row", "Gauche", "for", "x"), 422,
			"Rien n’est saisi")
		has(t, bram.Post(home+"/tellers/counts", "key", "k1", "poll", string(poll), "row", "Gauche", "for", "106",
			"against", "0", "abstain", "0"), 422, "Un nombre de voix, de 0 à 105.")
		count("Bram", "k2", "Gauche", "60", "5", "0")
		count("Bram", "k3", "Erreur", "40", "0", "0")
		has(t, bram.Get(home+"/tellers"), 200, "Ce que vous avez compté", "105 voix comptées par vous")
		led(t, bram.Post(home+"/tellers/strikes", "key", "k4", "poll", string(poll), "row", "Erreur"), home+"/tellers")
		lacks(t, bram.Get(home+"/tellers"), "Erreur")
		chloe := h.open("Chloé")
		lacks(t, chloe.Get(home+"/tellers"), "Ce que vous avez compté")
		count("Chloé", "k5", "gauche", "59", "6", "0")
		has(t, chloe.Get(home+"/tellers"), 200, "Deux chiffres pour une rangée", "Bram Essai : 60 pour, 5 contre, 0 abstentions.")
		lacks(t, chloe.Get(home+"/tellers"), "Trancher")
		has(t, h.open("Dirk").Get(home+"/tellers"), 200, "Trancher")
		led(t, h.open("Dirk").Post(home+"/tellers/rulings", "key", "k6", "poll", string(poll), "row", "Gauche", "for", "60",
			"against", "5", "abstain", "0", "why", "Recompté à voix haute."), home+"/tellers")
		page := h.open("Agathe").Get(home + "/polls/" + string(poll))
		has(t, page, 200, "65 voix comptées sur 105", "Gauche")
		led(t, h.open("Agathe").Post(home+"/polls/"+string(poll)+"/close", "key", "k7", "version", field(t, page, "version"),
			"sure", "1", "back", home), home)
	})
}

func TestTheChairOpensClosesProclaimsAndTakesBack(t *testing.T) {
	both(t, func(h *house) {
		agathe := h.open("Agathe")
		page := agathe.Get(home + "/polls?matter=" + string(h.matters["Charte"]))
		has(t, page, 200, "Point 5, Charte", "Mettre aux voix", "À l’unanimité", "Bulletins à imprimer")
		lacks(t, page, "Perspectives")
		has(t, agathe.Post(home+"/polls", "key", "a0", "matter", string(h.matters["Charte"])), 422, "Choisissez une façon de voter.")
		led(t, agathe.Post(home+"/polls", "key", "a1", "matter", string(h.matters["Charte"]), "method", "unanimity",
			"back", home+"/polls"), home+"/polls")
		has(t, h.open("Odile").Get(home+"/vote"), 200, "Quelqu’un s’oppose-t-il", "Je m’oppose ou je demande un comptage")
		poll := h.last()
		page = agathe.Get(home + "/polls/" + string(poll.ID))
		has(t, page, 200, "Personne : clore à l’unanimité", "Quelqu’un : il faut compter")
		led(t, h.open("Odile").Post(home+"/vote/demand", "key", "o1", "poll", string(poll.ID)), home+"/vote")
		has(t, agathe.Get(home+"/polls/"+string(poll.ID)), 200, "Ce vote est annulé", "demande un comptage")

		led(t, agathe.Post(home+"/polls", "key", "a2", "matter", string(h.matters["Charte"]), "method", "unanimity"), home+"/polls")
		poll = h.last()
		at := home + "/polls/" + string(poll.ID)
		has(t, h.open("Odile").Post(at+"/close", "key", "o2", "version", "1"), 403, "Seul le bureau de séance clôt un vote.")
		has(t, agathe.Post(at+"/close", "key", "a3", "version", "7"), 422, "Ce vote a changé depuis que cette page s’est affichée.")
		led(t, agathe.Post(at+"/close", "key", "a4", "version", "1"), at)
		has(t, h.open("Dirk").Post(at+"/close", "key", "d1", "version", "1"), 422, "Ce vote a été clos à 15:31.")
		has(t, h.open("Bram").Post(at+"/proclaim", "key", "b1"), 403, "Seule la présidence de séance proclame un résultat.")
		has(t, agathe.Get(at), 200, "Proclamer le résultat", "Adopté", "à l’unanimité")
		led(t, agathe.Post(at+"/proclaim", "key", "a5"), at)
		has(t, agathe.Get(at), 200, "proclamé à 15:31", "Annuler ce vote")
		has(t, agathe.Post(at+"/void", "key", "a6", "do", "void"), 422, "Le vote n’est pas annulé")
		led(t, agathe.Post(at+"/void", "key", "a7", "why", "La question était mal lue."), at)
		has(t, agathe.Get(at), 200, "Ce vote est annulé", "La question était mal lue.")
		has(t, agathe.Get(home+"/polls"), 200, "annulé", "Point 5, Charte")
		if h.poll(poll.ID).VoidAt == 0 {
			t.Error("the vote was not taken back")
		}
	})
}

func TestWithoutQuorumItIsStated(t *testing.T) {
	both(t, func(h *house) {
		for _, name := range []string{"Chloé", "Bram", "Odile"} { // 23 of 105 shares stay
			h.leave(name)
		}
		agathe := h.open("Agathe")
		has(t, agathe.Get(home+"/polls?matter="+string(h.matters[amendment])), 200, "Le quorum n’est pas atteint", "CSA 6:85",
			"convoquez une deuxième assemblée", "Constater et passer outre")
		has(t, agathe.Post(home+"/polls", "key", "q0", "matter", string(h.matters[amendment]), "method", "hands"), 422,
			"Le quorum n’est pas atteint", "CSA 6:85")
		led(t, agathe.Post(home+"/polls", "key", "q1", "matter", string(h.matters[amendment]), "method", "none"), home+"/polls")
		has(t, agathe.Get(home+"/polls/"+string(h.last().ID)), 200, "Quorum non atteint", "Proclamer le résultat")
	})
}

func TestWhoSeesNames(t *testing.T) {
	both(t, func(h *house) {
		poll := h.put(amendment, ballot.Phone)
		for name, c := range map[string]vote.Choice{"Agathe": vote.For, "Farid": vote.Against, "Odile": vote.For} {
			h.act("ballot.cast", func(tx *store.Tx) error {
				_, err := ballot.Cast(tx, ballot.Deposit{Poll: poll, Voter: h.who[name], Choice: c})
				return err
			})
		}
		at := home + "/polls/" + string(poll)
		open := h.open("Agathe").Get(at)
		lacks(t, open, "Qui a voté quoi", "Essai, Farid")
		has(t, open, 200, "3 votants sur 6 ont voté")
		has(t, h.open("Agathe").Get(at+"/ballots.csv"), 404)
		h.act("ballot.close", func(tx *store.Tx) error { return ballot.ClosePoll(tx, ballot.Closing{Poll: poll, Version: 1}) })
		for _, name := range []string{"Agathe", "Bram", "Dirk", "Élise"} {
			has(t, h.open(name).Get(at), 200, "Qui a voté quoi", "Essai, Farid", "Jeanne Essai", "Reçus")
			csv := h.open(name).Get(at + "/ballots.csv")
			has(t, csv, 200, "Farid", "Contre")
			if ct := csv.Header.Get("Content-Type"); ct != "text/csv; charset=utf-8" {
				t.Errorf("the table is %s", ct)
			}
		}
		member := h.open("Jeanne")
		page := member.Get(at)
		has(t, page, 200, "Adopté", "3 reçus", "</code> Pour")
		lacks(t, page, "Qui a voté quoi", "Farid")
		has(t, member.Get(at+"/ballots.csv"), 403, "Réservé au bureau de la séance")
		has(t, h.open("Agathe").Get(at+"?sort=-votes"), 200, `aria-sort="descending"`)
	})
}

func TestBallotsOnPaper(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	a := h.open("Agathe").Get(home + "/ballots.pdf?matter=" + string(h.matters[amendment]) + "&blank=3")
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("answers %d, %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	text := programs.PDFText(t, []byte(a.Body))
	for _, want := range []string{"Point 4 :", "Odile Essai", "Jeanne Essai n° 6", "12", "Pour", "Abstention", "Nom :"} {
		if !strings.Contains(text, want) {
			t.Errorf("the ballots lack %q:\n%s", want, text)
		}
	}
	if n := strings.Count(text, "Nom :"); n != 3 {
		t.Errorf("%d blank ballots, want 3", n)
	}
	has(t, h.open("Agathe").Get(home+"/ballots.pdf?matter="+string(h.matters["Perspectives"])), 404)
}

// Every route, asked by everybody: who may not is told, nobody meets an error of ours.
func TestEveryRouteForEveryRole(t *testing.T) {
	both(t, func(h *house) {
		poll := h.put("Charte", ballot.Hands)
		fill := strings.NewReplacer("{name}", "ag-2026", "{poll}", string(poll))
		staff := map[string]bool{"Agathe": true, "Bram": true, "Dirk": true} // with a charge
		for _, r := range h.pages.Routes() {
			path := fill.Replace(r.Path())
			if strings.ContainsAny(path, "{}") || path == "/decisions" || strings.HasSuffix(path, "/decisions/new") ||
				strings.HasSuffix(path, "/vote/marks") {
				continue // TestEveryRiteForEveryRole asks them
			}
			for _, name := range []string{"", "Agathe", "Bram", "Dirk", "Élise", "Odile", "Jeanne"} {
				b := h.open(name)
				var status int
				if r.Method() == http.MethodGet {
					status = b.Get(path).StatusCode
				} else {
					status = b.Post(path, "key", "every-"+name+r.Path()).StatusCode
				}
				if want := expected(r, name, staff[name]); !slices.Contains(want, status) {
					t.Errorf("%s %s by %q answers %d, want one of %v", r.Method(), path, name, status, want)
				}
			}
		}
		if dead := web.DeadEnds(h.pages.Routes()); len(dead) > 0 {
			t.Errorf("routes that lead nowhere: %v", dead)
		}
	})
}

// expected are the answers that a route may give to somebody who sends nothing sensible.
func expected(r web.Route, name string, charged bool) []int {
	path := r.Path()
	switch {
	case name == "" && r.Method() == http.MethodGet:
		return []int{http.StatusSeeOther} // to the sign-in
	case name == "":
		return []int{http.StatusUnauthorized}
	case strings.HasSuffix(path, "/ballots.csv"), strings.HasSuffix(path, "/annex.pdf"),
		strings.HasSuffix(path, "/ballots.pdf"):
		if charged || name == "Élise" {
			return []int{http.StatusNotFound} // still open; no matter named
		}
		return []int{http.StatusForbidden}
	case (strings.Contains(path, "/tellers") || strings.HasSuffix(path, "/closing")) && !charged:
		return []int{http.StatusForbidden}
	case r.Method() == http.MethodGet:
		return []int{http.StatusOK}
	case strings.HasSuffix(path, "/vote"):
		return []int{http.StatusNotFound} // no such vote
	case strings.Contains(path, "/vote/"):
		return []int{http.StatusUnprocessableEntity}
	case !charged:
		return []int{http.StatusForbidden, http.StatusUnprocessableEntity}
	case strings.HasSuffix(path, "/void"), strings.HasSuffix(path, "/close"), strings.HasSuffix(path, "/proclaim"),
		strings.HasSuffix(path, "/demand"):
		return []int{http.StatusForbidden, http.StatusUnprocessableEntity}
	}
	return []int{http.StatusUnprocessableEntity}
}

func TestAMeetingOfABodyIsOfItsMembers(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	h.act("meeting.draft", func(tx *store.Tx) error {
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		if _, err = people.OpenMandate(tx, people.Mandate{Body: board.ID, Person: h.who["Farid"], Role: people.Member,
			From: tx.Today()}); err != nil {
			return err
		}
		id, err := meeting.Draft(tx, meeting.Meeting{Body: board.ID, Name: "oa-juin", Title: "Organe", Place: "Liège",
			Language: "fr", StartsAt: tx.Now() + 3_600_000_000, Items: []meeting.Item{{Number: "1", Title: "Bail",
				Matters: []meeting.Matter{{Kind: "resolution", Title: "Bail", Words: "Oui."}}}}})
		if err != nil {
			return err
		}
		return meeting.MarkConvened(tx, id)
	})
	for name, status := range map[string]int{"Farid": 200, "Élise": 200, "Odile": 404} {
		if got := h.open(name).Get("/meetings/oa-juin/polls").StatusCode; got != status {
			t.Errorf("%s gets %d, want %d", name, got, status)
		}
	}
	if got := h.open("Élise").Get("/meetings/none/polls").StatusCode; got != 404 {
		t.Errorf("no meeting answers %d", got)
	}
}

func TestPagesInThreeLanguages(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	h.put(amendment, ballot.Phone)
	for tag, words := range map[string][]string{
		"nl": {"Uw 20 stemmen", "Zoals de mijne", "32 stemmen uitbrengen"},
		"en": {"Your 20 votes", "As mine", "Deposit 32 votes"}} {
		b := h.open("Odile")
		b.Get("/language?to=" + tag)
		page := b.Get(home + "/vote")
		has(t, page, 200, words...)
		if len(page.Body) > 12_000 {
			t.Errorf("the page of a phone weighs %d bytes", len(page.Body))
		}
	}
}

func TestAPhoneThatFollowsAsksForItsPartOnlyWhenSomethingChanged(t *testing.T) {
	place := storetest.Place(t, "sqlite")
	h := newHouse(t, place)
	odile := h.open("Odile")
	page := odile.Get(home + "/vote")
	state := field(t, page, "state")
	if got := odile.Get(home + "/vote/paper?state=" + state).StatusCode; got != http.StatusNoContent {
		t.Errorf("nothing has changed, and the part answers %d", got)
	}
	h.put(amendment, ballot.Phone)
	part := odile.Get(home + "/vote/paper?state=" + state)
	has(t, part, 200, "Vos 20 voix")
	lacks(t, part, "<html")
}

// last is the newest vote.
func (h *house) last() (p ballot.Poll) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), func(v *store.View) error {
		all, err := ballot.Polls(v, h.ag)
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("no vote")
		}
		p = all[len(all)-1]
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return p
}

// Who entered by the code of a card votes at that meeting, and sees nothing else.
func TestACardVotesAtItsMeeting(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	poll := h.put(amendment, ballot.Phone)
	shared, err := door()
	if err != nil {
		t.Fatal(err)
	}
	card := func(meeting string) *webtest.Browser {
		who := web.Who{Person: string(h.who["Farid"]), Name: "Farid Essai", Lang: lang.French,
			Card: web.Meeting{Name: meeting, Home: "/meetings/" + meeting + "/vote"}}
		site := *shared
		site.Who = func(context.Context, web.Signed) (web.Who, error) { return who, nil }
		in := web.Route{Pattern: "GET /test-card", Allow: web.Public, Handle: func(q *web.Request) error {
			if err := q.Enter(web.Signed{Person: who.Person, How: web.ByCard, Card: meeting}); err != nil {
				return err
			}
			return q.SeeOther("/")
		}}
		b := webtest.OpenSite(t, &site, "", append(h.pages.Routes(), in))
		b.Get("/test-card")
		return b
	}
	farid := card("ag-2026")
	has(t, farid.Get(home+"/vote"), 200, "Vos 8 voix")
	led(t, farid.Post(home+"/vote", "poll", string(poll), "seen", "0", "choice", "for"), home+"/vote")
	has(t, farid.Get(home+"/vote"), 200, "Votre reçu")
	for _, path := range []string{"/polls", "/polls/" + string(poll), "/tellers"} {
		if got := farid.Get(home + path).StatusCode; got == 200 {
			t.Errorf("a card opens %s", path)
		}
	}
	if got := card("ag-2027").Get(home + "/vote").StatusCode; got == 200 {
		t.Error("the card of another meeting votes here")
	}
	h.act("ballot.close", func(tx *store.Tx) error { return ballot.ClosePoll(tx, ballot.Closing{Poll: poll, Version: 1}) })
	page := farid.Get(home + "/vote")
	has(t, page, 200, "clos, résultat à proclamer")
	lacks(t, page, "/polls/")
}

// Who shares an e-mail address and came in by a letter votes from afar only once they are known for sure.
func TestASharedAddressDoesNotVoteFromAfar(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	for _, name := range []string{"Farid", "Odile"} {
		h.act("people.contact-add", func(tx *store.Tx) error {
			_, err := people.AddContact(tx, h.who[name], people.Email, "nous@example.be", civil.MustParse("2024-01-01"))
			return err
		})
	}
	if err := h.db.Touch(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(store.Unlisted(`UPDATE meeting SET remote = 'Par visioconférence.'`))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h.leave("Farid")
	h.act("attendance.arrive", func(tx *store.Tx) error {
		return attendance.Arrive(tx, attendance.Arrival{Meeting: h.ag, Person: h.who["Farid"], Channel: attendance.Afar})
	})
	poll := h.put(amendment, ballot.Phone)
	shared, err := door()
	if err != nil {
		t.Fatal(err)
	}
	entered := func(name string, how web.How) *webtest.Browser {
		site := *shared
		site.Who = func(_ context.Context, s web.Signed) (web.Who, error) {
			return web.Who{Person: s.Person, Name: name, Lang: lang.French, How: s.How}, nil
		}
		in := web.Route{Pattern: "GET /test-in", Allow: web.Public, Handle: func(q *web.Request) error {
			if err := q.Enter(web.Signed{Person: string(h.who[name]), How: how}); err != nil {
				return err
			}
			return q.SeeOther("/")
		}}
		b := webtest.OpenSite(t, &site, "", append(h.pages.Routes(), in))
		b.Get("/test-in")
		return b
	}
	deposit := []string{"poll", string(poll), "seen", "0", "choice", "for"}
	for _, how := range []web.How{web.ByEmail, web.ByLink} {
		farid := entered("Farid", how)
		has(t, farid.Get(home+"/vote"), 403, "adresse", "clé d’accès")
		has(t, farid.Post(home+"/vote", deposit...), 403, "adresse", "clé d’accès")
	}
	has(t, entered("Odile", web.ByEmail).Get(home+"/vote"), 200, "Vos") // she is in the room, where one sees her
	for _, how := range []web.How{web.ByPasskey, web.ByPaper} {
		farid := entered("Farid", how)
		has(t, farid.Get(home+"/vote"), 200, "8 voix")
		led(t, farid.Post(home+"/vote", deposit...), home+"/vote")
	}
	if err := h.db.View(t.Context(), func(v *store.View) error {
		log, err := ballot.Log(v, poll)
		if len(log) != 1 {
			t.Errorf("%d ballots are in the box, want Farid’s one", len(log))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
