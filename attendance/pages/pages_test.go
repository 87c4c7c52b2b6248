package pages

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"lieux/attendance"
	"lieux/base/lang"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/people"
	"lieux/vote"
)

const door = "/meetings/ag-2026/door"

func TestEveryRouteIsForThoseWhomItNames(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	if dead := web.DeadEnds(h.pages.Routes()); len(dead) > 0 {
		t.Errorf("forms whose address leads nowhere: %v", dead)
	}
	visitors := map[string]*webtest.Browser{"": h.open(web.Who{}), "office": h.open(office), "board": h.open(board),
		"admin": h.open(admin), "member": h.member("Agathe")}
	roles := map[string]web.Rights{"": 0, "office": web.Office | web.Member, "board": web.Board | web.Member,
		"admin": web.Admin | web.Member, "member": web.Member}
	for _, r := range h.pages.Routes() {
		path := strings.NewReplacer("{name}", "ag-2026", "{id}", "none").Replace(r.Path())
		for who, b := range visitors {
			var a webtest.Answer
			if r.Method() == "GET" {
				a = b.Get(path)
			} else {
				a = b.Post(path)
			}
			in := a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusUnauthorized &&
				!strings.HasPrefix(a.Header.Get("Location"), web.PathSignIn)
			if want := roles[who].Has(r.Allow) || r.Allow.Has(web.Public); in != want {
				t.Errorf("%s as %q answers %d, let in %t", r.Pattern, who, a.StatusCode, want)
			}
			if a.StatusCode >= 500 {
				t.Errorf("%s as %q answers %d", r.Pattern, who, a.StatusCode)
			}
		}
	}
}

func TestTheDoorWaitsForItsRoll(t *testing.T) {
	both(t, func(h *house) {
		b := h.open(office)
		h.now = evening.AddDate(0, 0, -5)
		has(t, b.Get(door), 200, "La liste des votants n’est pas encore arrêtée", "elle s’arrête le jour même, le 13 juin 2026",
			"Dans l’ordre", "le 13 juin 2026", "Changer le jour ou la date d’enregistrement", `href="/meetings/ag-2026/details"`)
		h.now = evening
		page := b.Get(door)
		has(t, page, 200, "Arrêter la liste", "Entrée", "Procurations", "des 105 parts émises", "à faire maintenant",
			`href="/meetings/ag-2026/console"`)
		read := h.open(board).Get(door)
		has(t, read, 200, "Le secrétariat l’arrête ici")
		lacks(t, read, "/roll/freezing")
		has(t, b.Get("/meetings/ag-2026/roll"), 200, "La liste telle qu’elle serait si on l’arrêtait aujourd’hui", "Monfort, Agathe",
			"Le Foyer ASBL", "5 votants", "105")
		k := key(t, page, "/meetings/ag-2026/roll/freezing")
		for range 2 { // a form sent twice is one act
			goes(t, b.Post("/meetings/ag-2026/roll/freezing", "key", k, "back", "door"), door)
		}
		has(t, b.Get(door), 200, "Qui est devant vous ?", "autofocus", "La liste des votants est arrêtée.",
			"arrêtée le 13 juin 2026, 18:00", "à faire maintenant")
		has(t, h.open(board).Get(door), 200, "Présents, 0 parts")
		lacks(t, h.open(board).Get(door), "Qui est devant vous")
		has(t, b.Get("/meetings/none/door"), 404)
	})
}

func TestTypeEnterEnter(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		b := h.open(office)
		page := b.Get(door + "?table=2&q=anci")
		has(t, page, 200, "Chloé Anciaux", "30 parts", "absent", "Noter l’arrivée", `name="table" value="2"`)
		if n := strings.Count(page.Body, "autofocus"); n != 1 {
			t.Errorf("%d things have the keyboard", n)
		}
		k := key(t, page, door+"/arrivals")
		for range 2 {
			goes(t, b.Post(door+"/arrivals", "key", k, "person", string(h.who["Chloé"]), "table", "2", "channel", "room"),
				door+"?table=2")
		}
		after := b.Get(door + "?table=2")
		has(t, after, 200, "Chloé Anciaux est là : 30 parts", "Présents, 30 parts", "28,6",
			"Point 3 : il faut réunir 53 parts", "manque 23 parts", "à la table 2", "Rectifier")

		// the same person at the other table
		again := b.Post(door+"/arrivals", "key", "other", "person", string(h.who["Chloé"]), "table", "1")
		has(t, again, 422, "L’arrivée n’est pas notée", "Chloé Anciaux est déjà là, à la table 2, depuis 18:00.", "Noter le départ")

		// several: who is away stands first and has the keyboard, who is there already stands last
		several := b.Get(door + "?q=example.be")
		lines := strings.Split(regexp.MustCompile(`(?s)<ul class="hits">(.*?)</ul>`).FindString(several.Body), "<li>")
		if len(lines) != 5 || !strings.Contains(lines[1], "autofocus") || strings.Count(several.Body, "autofocus") != 1 ||
			!strings.Contains(lines[4], "déjà là") || !strings.Contains(lines[4], "Chloé") {
			t.Errorf("those whom a text may mean are %q", lines)
		}

		// several, nobody, a number, a part of an e-mail address
		has(t, b.Get(door+"?q=zzz"), 200, "Personne ne répond à « zzz »")
		has(t, b.Get(door+"?q=5"), 200, "Dirk Wouters", "Le Foyer ASBL", `name="holders" value="4" checked`)
		has(t, b.Get(door+"?q=peeters@"), 200, "Bram Peeters")
		has(t, b.Get(door+"?q=zeevaert"), 200, "Cette personne n’est pas sur la liste des votants", "Corriger")

		// Dirk comes for himself, not for the Foyer; then for it too
		dirk := string(h.who["Dirk"])
		goes(t, b.Post(door+"/arrivals", "key", "d1", "person", dirk, "table", "1", "channel", "remote"), door+"?table=1")
		card := b.Get(door + "?person=" + dirk)
		has(t, card, 200, "là, à distance, depuis 18:00", "Ajouter ce qui est coché", "dont à distance, 5 parts")
		goes(t, b.Post(door+"/arrivals", "key", "d2", "person", dirk, "table", "1", "channel", "remote", "holders", "4"),
			door+"?table=1")
		if got := h.room().Total; got != vote.Both(3, 75) {
			t.Errorf("the room is %v", got)
		}
		lacks(t, b.Get(door+"?person="+dirk), "Ajouter ce qui est coché")

		// leaving, and mending a slip
		goes(t, b.Post(door+"/departures", "key", "l1", "person", dirk, "table", "1"), door+"?table=1")
		log := b.Get(door)
		slip := regexp.MustCompile(`name="key" value="(slip-ag-2026-(\d+))"`).FindStringSubmatch(log.Body)
		if slip == nil {
			t.Fatalf("nothing to put right:\n%s", main(log))
		}
		for range 2 {
			goes(t, b.Post(door+"/slips", "key", slip[1], "seq", slip[2], "table", "1"), door+"?table=1")
		}
		if got := h.room().Total; got != vote.Both(3, 75) {
			t.Errorf("the room is %v after the slip", got)
		}
		has(t, b.Get(door), 200, "n’était pas parti : rectifié")
		has(t, b.Post(door+"/slips", "key", "x", "seq", "2", "table", "1"), 422, "Rien n’est rectifié")
	})
}

func TestTheRollShowsWhoIsThereAndWhatWasDecided(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		b := h.open(office)
		b.Post(door+"/arrivals", "key", "a", "person", string(h.who["Agathe"]), "table", "1")
		roll := b.Get("/meetings/ag-2026/roll")
		has(t, roll, 200, "Monfort, Agathe", "présent", "absent", "Arrêtée le", "13 juin 2026, 18:00", "5 votants")
		has(t, b.Get("/meetings/ag-2026/roll?q=foy"), 200, "Le Foyer ASBL", "1 votant")
		lacks(t, b.Get("/meetings/ag-2026/roll?q=foy"), "Peeters")
		has(t, b.Get("/meetings/ag-2026/roll?q=zzz"), 200, "Personne ne répond à cette recherche")
		csv := b.Get("/meetings/ag-2026/roll.csv")
		has(t, csv, 200, "1;\"Monfort, Agathe\";10;A 10;présent", "4;Le Foyer ASBL;40")
		if x := b.Get("/meetings/ag-2026/roll.xlsx"); x.StatusCode != 200 || !strings.HasPrefix(x.Body, "PK") {
			t.Errorf("the sheet answers %d", x.StatusCode)
		}

		path := "/meetings/ag-2026/roll/corrections"
		form := b.Get(path + "/new?holder=2")
		has(t, form, 200, "Aujourd’hui : n° 2, Bram Peeters, 20 parts", `value="2"`)
		has(t, b.Post(path, "key", "c0", "holder", "2", "shares", "25"), 422, "La liste n’est pas corrigée", "Motif")
		k := key(t, form, path)
		for range 2 {
			goes(t, b.Post(path, "key", k, "holder", "2", "shares", "25", "why", "Reçu du 3 juin."), "/meetings/ag-2026/roll")
		}
		goes(t, b.Post(path, "key", "c2", "holder", "3", "struck", "yes", "why", "Démission."), "/meetings/ag-2026/roll")
		has(t, b.Get("/meetings/ag-2026/roll"), 200, "N° 2, Bram Peeters : 20 parts deviennent 25. Motif : Reçu du 3 juin.",
			"N° 3, Chloé Anciaux, est rayé de la liste. Motif : Démission.", "4 votants")
		lacks(t, h.open(board).Get("/meetings/ag-2026/roll"), "corrections/new")

		// who joined since the letters left
		h.now = evening.AddDate(0, 0, 1)
		has(t, b.Get("/meetings/ag-2026/roll"), 200, "Depuis le 13 avril 2026 : entrés, 0 ; sortis, 1 ; parts changées, 1.",
			"20 → 25 parts")
		has(t, b.Get("/meetings/ag-2026/roll?against=2026-01-01"), 200, "entrés, 4")
	})
}

func TestAMemberGivesAndTakesBackAProxy(t *testing.T) {
	both(t, func(h *house) {
		chloe, agathe := h.member("Chloé"), h.member("Agathe")
		has(t, chloe.Get("/proxy"), 200, "Assemblée générale 2026", "Chloé Anciaux", "30 parts", "Donner procuration",
			"Une procuration se donne à un autre coopérateur.", "Statuts 21")
		has(t, h.member("Édith").Get("/proxy"), 200, "Aucune réunion ne vous attend")
		has(t, h.member("Édith").Get("/proxy/ag-2026"), 404)
		form := chloe.Get("/proxy/ag-2026")
		has(t, form, 200, "À qui donnez-vous procuration ?", "2. Budget 2026")
		lacks(t, form, "Accueil</label>")
		matter := regexp.MustCompile(`name="(matter-[^"]+)"`).FindStringSubmatch(form.Body)[1]
		k := key(t, form, "/proxy/ag-2026")
		post := func(k, to string, more ...string) webtest.Answer {
			return chloe.Post("/proxy/ag-2026", append([]string{"key", k, "holder", "3", "to", to}, more...)...)
		}
		has(t, post(k, "zeevaert"), 422, "La procuration n’est pas donnée", "Personne qui puisse porter votre procuration")
		has(t, post(k, "anciaux"), 422, "Personne qui puisse porter votre procuration")
		lacks(t, post(k, "monfort", matter, "perhaps"), "Location")
		for range 2 {
			goes(t, post(k, "monfort", matter, "against"), "/proxy")
		}
		has(t, chloe.Get("/proxy"), 200, "à Agathe Monfort", "Attend l’accord du mandataire", "2. Budget 2026 : Contre", "Révoquer")
		has(t, post("again", "peeters"), 422, "Cette procuration est déjà donnée : Agathe Monfort la porte depuis le 13 juin 2026 à 18:00, en ligne.")

		asked := agathe.Get("/proxy")
		has(t, asked, 200, "Chloé Anciaux", "attend votre accord", "Accepter", "Refuser")
		action := regexp.MustCompile(`action="(/proxy/ag-2026/[^"]+/acceptance)"`).FindStringSubmatch(asked.Body)[1]
		has(t, chloe.Post(action, "key", "x"), 404)
		has(t, h.member("Bram").Post(action, "key", "x"), 404)
		goes(t, agathe.Post(action, "key", key(t, asked, action)), "/proxy")
		has(t, agathe.Get("/proxy"), 200, "vous la portez")

		end := strings.Replace(action, "acceptance", "end", 1)
		has(t, h.member("Bram").Post(end, "key", "x"), 404)
		goes(t, chloe.Post(end, "key", "mine"), "/proxy")
		has(t, chloe.Get("/proxy"), 200, "de Chloé Anciaux à Agathe Monfort", "Révoquée par qui l’a donnée")
		has(t, chloe.Post(end, "key", "mine2"), 422, "Cette procuration ne vaut plus")
	})
}

// Once cards are prepared, a member finds their own code beside their proxies, and nobody else's; who entered by a card
// has it in hand.
func TestAMemberFindsTheirCard(t *testing.T) {
	both(t, func(h *house) {
		lacks(t, h.member("Dirk").Get("/proxy"), "Votre carte de vote")
		var codes []string // of Dirk and of the Foyer, for which he speaks
		h.do(func(tx *store.Tx) error {
			if err := attendance.PrepareCards(tx, h.ag); err != nil {
				return err
			}
			for _, holder := range []int64{5, 4} {
				code, err := attendance.CodeOf(tx, h.ag, holder)
				if err != nil {
					return err
				}
				codes = append(codes, attendance.ShowCode(code))
			}
			return nil
		})
		page := h.member("Dirk").Get("/proxy")
		has(t, page, 200, "Votre carte de vote", codes[0])
		lacks(t, page, codes[1]) // the Foyer's is given to who comes for it, at the door
		lacks(t, h.member("Chloé").Get("/proxy"), codes[0])
	})
}

// Who entered by the code of a card gives and takes back a proxy at that meeting, and sees no other.
func TestACardOpensTheProxiesOfItsMeeting(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	card := func(name string) *webtest.Browser {
		who := web.Who{Person: string(h.who["Chloé"]), Name: "Chloé", Card: web.Meeting{Name: name, Home: "/proxy"}}
		in := web.Route{Pattern: "GET /test-card", Allow: web.Public, Handle: func(q *web.Request) error {
			if err := q.Enter(web.Signed{Person: who.Person, How: web.ByCard, Card: name}); err != nil {
				return err
			}
			return q.SeeOther("/proxy")
		}}
		b := webtest.Open(t, "", []web.Who{who}, append(h.pages.Routes(), in), catalogues...)
		goes(t, b.Get("/test-card"), "/proxy")
		return b
	}
	b := card("ag-2026")
	has(t, b.Get("/proxy"), 200, "Assemblée générale 2026", "Donner procuration")
	lacks(t, b.Get("/proxy"), "Votre carte de vote")
	goes(t, b.Post("/proxy/ag-2026", "key", "k", "holder", "3", "to", "monfort"), "/proxy")
	has(t, b.Get("/proxy"), 200, "à Agathe Monfort", "Révoquer")
	if got := b.Get("/meetings/ag-2026/proxies").StatusCode; got == 200 {
		t.Error("a card opens the office's list")
	}
	other := card("ag-2027")
	has(t, other.Get("/proxy"), 200, "Aucune réunion ne vous attend")
	if got := other.Get("/proxy/ag-2026").StatusCode; got == 200 {
		t.Error("a card opens another meeting")
	}
}

func TestTheOfficeWritesProxies(t *testing.T) {
	both(t, func(h *house) {
		h.freeze()
		b := h.open(office)
		has(t, b.Get("/meetings/ag-2026/proxies"), 200, "Aucune procuration n’est encore donnée.", "Une personne en porte 2 au plus.")
		form := b.Get("/meetings/ag-2026/proxies/new")
		has(t, form, 200, "Scan ou photo du papier", "2. Budget 2026")
		scan := []byte("%PDF-1.4\n%%EOF\n")
		send := func(kv ...string) webtest.Answer {
			return upload(b, "/meetings/ag-2026/proxies", "procuration.pdf", scan, kv...)
		}
		has(t, send("key", "k0", "channel", "paper"), 422, "La procuration n’est pas donnée", "Qui la donne")
		has(t, send("key", "k0", "channel", "paper", "giver", "zeevaert", "to", "monfort"), 422,
			"Cette personne n’est pas sur la liste des votants et ne représente personne")
		// a number is that of one cooperator, whoever else's name or postcode begins with the same figures
		h.enroll("Rives", people.Entry{Kind: people.Legal, Name: "2 Rives", Form: "ASBL", Lang: lang.French})
		has(t, send("key", "k0", "channel", "paper", "giver", "2 r", "to", "monfort"), 422, "n’est pas sur la liste")
		numbered := send("key", "k0", "channel", "paper", "giver", "zeevaert", "to", "2")
		has(t, numbered, 422, "n’est pas sur la liste")
		lacks(t, numbered, "2 Rives")
		k := key(t, form, "/meetings/ag-2026/proxies")
		for range 2 {
			goes(t, send("key", k, "channel", "paper", "giver", "foyer", "to", "monfort"), "/meetings/ag-2026/proxies")
		}
		list := b.Get("/meetings/ag-2026/proxies")
		has(t, list, 200, "Le Foyer ASBL", "Agathe Monfort", "Attend l’accord du mandataire", "le papier", "sur papier")
		doc := regexp.MustCompile(`href="(/meetings/ag-2026/proxies/[^"]+/document)"`).FindStringSubmatch(list.Body)[1]
		if got := b.Get(doc); got.StatusCode != 200 || got.Body != string(scan) {
			t.Errorf("the paper answers %d, %q", got.StatusCode, got.Body)
		}
		accept := strings.Replace(doc, "document", "acceptance", 1)
		goes(t, b.Post(accept, "key", key(t, list, accept)), "/meetings/ag-2026/proxies")
		has(t, b.Get("/meetings/ag-2026/proxies"), 200, "acceptée, mandataire absent")
		b.Post(door+"/arrivals", "key", "a", "person", string(h.who["Agathe"]), "table", "1")
		has(t, b.Get("/meetings/ag-2026/proxies"), 200, "compte")

		// at the door, before the desk: Bram gives to Agathe and goes
		table := b.Get("/meetings/ag-2026/proxies/new?giver=" + string(h.who["Bram"]) + "&table=2")
		has(t, table, 200, `value="Bram Peeters"`, `value="door" checked`)
		goes(t, b.Post("/meetings/ag-2026/proxies", "key", "d1", "channel", "door", "table", "2", "giver", "Bram Peeters",
			"to", "monfort"), door+"?table=2")
		if got := h.room(); got.Total != vote.Both(3, 70) || got.Represented != vote.Both(2, 60) {
			t.Errorf("the room is %v, %v represented", got.Total, got.Represented)
		}
		has(t, b.Post("/meetings/ag-2026/proxies", "key", "d2", "channel", "door", "table", "1", "giver", "anciaux", "to",
			"monfort"), 422, "Cette personne porte déjà 2 procurations", "Statuts 21")
		end := strings.Replace(doc, "document", "end", 1)
		has(t, b.Post(end, "key", "e0", "why", "arrived"), 422)
		goes(t, b.Post(end, "key", "e1", "why", "revoked"), "/meetings/ag-2026/proxies")
		has(t, b.Get("/meetings/ag-2026/proxies?show=over"), 200, "Le Foyer ASBL", "Révoquée par qui l’a donnée")

		// the giver comes after all: the desk says so, and the proxy ends
		has(t, b.Get(door+"?q=2"), 200, "A donné procuration à Agathe Monfort", "Noter son arrivée révoque cette procuration.")
		goes(t, b.Post(door+"/arrivals", "key", "b", "person", string(h.who["Bram"]), "table", "1"), door+"?table=1")
		has(t, b.Get("/meetings/ag-2026/proxies?show=over"), 200, "La personne est venue elle-même")
	})
}

// upload sends a file as a browser does.
func upload(b *webtest.Browser, path, name string, raw []byte, kv ...string) webtest.Answer {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(kv); i += 2 {
		_ = w.WriteField(kv[i], kv[i+1])
	}
	part, _ := w.CreateFormFile("file", name)
	_, _ = part.Write(raw)
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(r)
}

func TestWhatIsPrinted(t *testing.T) {
	both(t, func(h *house) {
		b := h.open(office)
		page := b.Get("/meetings/ag-2026/cards")
		has(t, page, 200, "Préparer les codes", "Liste de présence, 5 votants", "D’après les parts détenues au")
		has(t, b.Get("/meetings/ag-2026/cards.pdf"), 422, "Les codes des cartes ne sont pas encore préparés.")
		goes(t, b.Post("/meetings/ag-2026/cards", "key", key(t, page, "/meetings/ag-2026/cards")), "/meetings/ag-2026/cards")
		has(t, b.Get("/meetings/ag-2026/cards"), 200, "N° 1 à 5 (PDF)")
		var code string
		err := h.db.View(t.Context(), func(v *store.View) (err error) {
			code, err = attendance.CodeOf(v, h.ag, 4)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		cards := text(t, b.Get("/meetings/ag-2026/cards.pdf"))
		contains(t, cards, "Agathe Monfort", "N° 1 · 10 parts", attendance.ShowCode(code), "représentée par Dirk Wouters",
			"Assemblée générale 2026, 13 juin 2026")
		contains(t, text(t, b.Get("/meetings/ag-2026/attendance-list.pdf")), "Liste de présence", "Monfort, Agathe",
			"représentée par Dirk Wouters", "Signature", "5 votants", "105")
		forms := text(t, b.Get("/meetings/ag-2026/proxy-forms.pdf?from=2"))
		contains(t, forms, "Chloé Anciaux", "Le Foyer ASBL, représentée par Dirk Wouters", "2. Budget 2026", "Pour", "Abstention",
			"Signature du mandataire", "Statuts 21")
		if strings.Contains(forms, "Monfort") {
			t.Error("the forms begin before the holder asked for")
		}
		contains(t, text(t, h.member("Agathe").Get("/meetings/ag-2026/proxy-form.pdf")), "Je soussigné", "2. Budget 2026")

		// the code of a card leads to its person at the desk
		h.freeze()
		has(t, b.Get(door+"?q=https://coop.example/card/ag-2026/"+strings.ToLower(code)), 200, "Dirk Wouters", "Noter l’arrivée")
	})
}

// text is what a PDF says, its spaces made plain.
func text(t *testing.T, a webtest.Answer) string {
	t.Helper()
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("the paper answers %d, %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	return strings.Join(strings.Fields(programs.PDFText(t, []byte(a.Body))), " ")
}

func contains(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("the paper lacks %q:\n%s", w, text)
		}
	}
}

// The live part of the desk is drawn without a person: buttons only where the reader may press them.
func TestTheLivePartFollowsTheMeeting(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	h.freeze()
	h.open(office).Post(door+"/arrivals", "key", "a", "person", string(h.who["Agathe"]), "table", "2")
	feed := web.NewFeed(h.db, slog.New(slog.DiscardHandler))
	defer feed.Close()
	h.pages.Feed = feed
	look := web.Route{Pattern: "GET /test-scene/{name}", Allow: web.Staff, Handle: func(q *web.Request) error {
		s, err := h.pages.scene(q)
		if err != nil {
			return err
		}
		if len(s.About) != 1 || s.About[0] != h.ag.Ref() || !strings.Contains(s.Key, string(h.ag)) {
			t.Errorf("the scene follows %v under %s", s.About, s.Key)
		}
		return h.db.View(q.Context(), func(v *store.View) error {
			drawn, err := s.Draw(v, q.P)
			if err != nil {
				return err
			}
			return q.Page(drawn)
		})
	}}
	for _, c := range []struct {
		who    web.Who
		button bool
	}{{office, true}, {board, false}} {
		b := webtest.Open(t, c.who.Person, []web.Who{c.who}, append(h.pages.Routes(), look), catalogues...)
		a := b.Get("/test-scene/ag-2026?table=3")
		has(t, a, 200, "Présents, 10 parts", "Agathe Monfort", "à la table 2")
		if strings.Contains(a.Body, "Rectifier") != c.button {
			t.Errorf("%s sees the button %t", c.who.Name, !c.button)
		}
		has(t, b.Get(door+"?table=3"), 200, "/meetings/ag-2026/stream/door?table=3")
	}
}

func TestNamesAreNeverCode(t *testing.T) {
	evil := `<script>alert(1)</script>`
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	h.freeze()
	b := h.open(office)
	for _, path := range []string{door + "?q=" + evil, door + "?table=" + evil[:20], "/meetings/ag-2026/roll?q=" + evil} {
		lacks(t, b.Get(strings.ReplaceAll(path, " ", "+")), evil)
	}
	has(t, b.Post("/meetings/ag-2026/roll/corrections", "key", "k", "holder", "2", "shares", "3", "why", evil), 303)
	lacks(t, b.Get("/meetings/ag-2026/roll"), evil)
}

func TestTheThreeLanguagesAreWhole(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	h.freeze()
	b := h.open(office)
	b.Post(door+"/arrivals", "key", "a", "person", string(h.who["Agathe"]), "table", "1")
	for _, tag := range []string{"nl", "en", "fr"} {
		b.Get(web.PathLanguage + "?to=" + tag + "&back=/")
		for _, path := range []string{door, door + "?q=2", "/meetings/ag-2026/roll", "/meetings/ag-2026/proxies",
			"/meetings/ag-2026/proxies/new", "/meetings/ag-2026/cards", "/proxy", "/meetings/ag-2026/roll/corrections/new"} {
			a := b.Get(path)
			if left := regexp.MustCompile(`«(attendance|meeting|web|people)\.[^»]*»`).FindString(a.Body); left != "" {
				t.Errorf("%s in %s: %s has no words", path, tag, left)
			}
		}
	}
}
