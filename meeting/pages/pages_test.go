package pages

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
)

const paper = "%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"

// full is a house with three past assemblies, a convened assembly of every kind of matter, a drafted meeting of the
// board, a convened one of the working group, and a demand of a tenth.
func full(t *testing.T) house {
	h := newHouse(t)
	h.takeIn("2021", "{heads: 2, shares: 60}", "")
	h.takeIn("2022", "{heads: 3, shares: 190}", "")
	h.takeIn("2023", "{heads: 1, shares: 30}", "    retained:\n      - {title: Vélos, text: Un abri., named: la trésorière}\n")
	u, err := documents.Take("plan.pdf", strings.NewReader(paper))
	if err != nil {
		t.Fatal(err)
	}
	var d documents.Document
	h.act("documents.add", func(tx *store.Tx) (err error) { d, err = documents.Add(tx, u); return err })
	var items []meeting.Item
	for _, k := range assembly.Kinds {
		x := meeting.Matter{Kind: k, Words: "Un texte.\n\nUn autre.", Place: "La Halle", Presenters: h.persons[:1]}
		switch k {
		case assembly.EarlierMinutes:
			x.Earlier = "ag-2023"
		case assembly.Accounts:
			x.ClosedOn = civil.MustParse("2025-12-31")
		case assembly.FinancialPlan:
			x.Papers = []meeting.Paper{{Need: meeting.PlanPaper, Title: "Plan à dix ans", Document: d.ID}}
		case assembly.PurposeChange:
			x.Changes = []bylaws.Change{{Article: "3", Title: "Objet", Before: "Construire", After: "Habiter"}}
		case assembly.Election:
			x.Body, x.Seats, x.Until, x.Candidates = h.bodies[people.Board], 2, civil.MustParse("2029-06-30"), h.persons[1:2]
		case assembly.Draw:
			x.Body, x.Effective, x.Substitutes = h.bodies[people.Group], 2, 2
		}
		items = append(items, meeting.Item{Matters: []meeting.Matter{x}})
	}
	m := h.draft(meeting.Meeting{Name: "ag-2026", Body: h.bodies[people.Assembly], Place: "La Halle, Liège", StartsAt: at(t, "2026-06-06"), Items: items})
	h.act("meeting.convene", func(tx *store.Tx) error { return meeting.MarkConvened(tx, m.ID) })
	h.draft(meeting.Meeting{Name: "oa-2026", Title: "Réunion d’avril", Body: h.bodies[people.Board], Items: []meeting.Item{{Title: "Nouvelles"}}})
	g := h.draft(meeting.Meeting{Name: "groupe-2026", Title: "Le café", Body: h.bodies[people.Group], Place: "Au café", StartsAt: at(t, "2026-04-06"),
		Items: []meeting.Item{{Matters: []meeting.Matter{{Kind: assembly.Note}}}}})
	h.act("meeting.convene", func(tx *store.Tx) error { return meeting.MarkConvened(tx, g.ID) })
	h.act("meeting.demand", func(tx *store.Tx) error {
		_, err := meeting.RecordDemand(tx, meeting.Demand{ReceivedOn: tx.Today(), Document: d.ID, Points: []meeting.Point{{Title: "Le loyer"},
			{Title: "Le toit"}}}, h.persons[2:3])
		return err
	})
	return h
}

func (h house) demandID() (id meeting.DemandID) {
	h.view(func(v *store.View) error {
		list, err := meeting.Demands(v)
		if len(list) > 0 {
			id = list[0].ID
		}
		return err
	})
	return id
}

// paths are the pages of the full house.
func (h house) paths() []string {
	m, board := h.get("ag-2026"), h.get("oa-2026")
	paths := []string{"/meetings", "/meetings?q=halle", "/meetings?q=zzz", "/meetings?body=" + string(h.bodies[people.Board]), "/meetings/new",
		"/meetings/new?demand=" + string(h.demandID()), "/meetings/ag-2026", "/meetings/oa-2026", "/meetings/groupe-2026", "/meetings/ag-2026/details",
		"/meetings/ag-2026/cancellation", "/meetings/ag-2026/second", "/meetings/ag-2026/forecast", "/meetings/oa-2026/forecast",
		"/meetings/ag-2026/agenda", "/meetings/oa-2026/agenda", itemPath("oa-2026", board.Items[0].ID), "/demands", "/demands/new",
		demandPath(h.demandID()), demandPath(h.demandID()) + "/withdrawal"}
	for _, x := range m.Matters() {
		paths = append(paths, matterPath("ag-2026", x.ID))
		switch x.Kind {
		case assembly.PurposeChange:
			paths = append(paths, matterPath("ag-2026", x.ID)+"/changes/new", matterPath("ag-2026", x.ID)+"/changes/new?of=20",
				matterPath("ag-2026", x.ID)+"/changes/new?of=%2B", matterPath("ag-2026", x.ID)+"/papers/new")
		case assembly.Election:
			paths = append(paths, matterPath("ag-2026", x.ID)+"/persons/new?part=candidate", matterPath("ag-2026", x.ID)+"/persons/new?part=presenter")
		}
	}
	return paths
}

func TestEveryPageInThreeLanguages(t *testing.T) {
	h := full(t)
	inline := regexp.MustCompile(`(?i)<style|<script>| style="| on[a-z]+="|javascript:`)
	ids := regexp.MustCompile(` id="([^"]+)"`)
	b := h.open(maite)
	for _, tag := range lang.Tags {
		speak(t, b, tag)
		for _, path := range h.paths() {
			a := b.Get(path)
			has(t, a, http.StatusOK, `<html lang="`+string(tag)+`">`)
			if n := strings.Count(a.Body, "<h1>"); n != 1 {
				t.Errorf("%s in %s has %d titles", path, tag, n)
			}
			if found := inline.FindString(a.Body); found != "" {
				t.Errorf("%s in %s holds %q", path, tag, found)
			}
			for _, room := range []string{"meeting", "assembly", "web", "vote", "people", "bylaws"} {
				if i := strings.Index(a.Body, "«"+room+"."); i >= 0 {
					t.Errorf("%s in %s lacks a phrase: %.60s", path, tag, a.Body[i:])
				}
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(a.Body, -1) {
				if seen[m[1]] {
					t.Errorf("%s: id %s stands twice", path, m[1])
				}
				seen[m[1]] = true
			}
		}
	}
}

func TestNobodyReadsOrDoesWhatTheirRoleDoesNotOpen(t *testing.T) {
	h := full(t)
	m := h.get("ag-2026")
	x := m.Matters()[0]
	fill := strings.NewReplacer("{name}", "ag-2026", "{id}", string(h.demandID()), "{item}", string(m.Items[0].ID), "{matter}", string(x.ID),
		"{paper}", "none")
	before := h.db.Head()
	for _, who := range append([]web.Who{{}}, h.everybody()...) {
		b := h.open(who)
		for _, r := range h.pages.Routes() {
			if r.Method() == http.MethodPost && who.May(r.Allow) {
				continue // each has its own test
			}
			var a webtest.Answer
			if r.Method() == http.MethodGet {
				a = b.Get(fill.Replace(r.Path()))
			} else {
				a = b.Post(fill.Replace(r.Path()))
			}
			closed := a.StatusCode == http.StatusForbidden || a.StatusCode == http.StatusUnauthorized ||
				a.StatusCode == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), web.PathSignIn)
			if closed == who.May(r.Allow) {
				t.Errorf("%s %s answers %d to %q, whose roles are %v", r.Method(), r.Path(), a.StatusCode, who.Name, who.Roles.Names())
			}
		}
	}
	if h.db.Head() != before {
		t.Error("somebody who may not did something")
	}
	if dead := web.DeadEnds(h.pages.Routes()); len(dead) > 0 {
		t.Errorf("addresses of forms that lead nowhere: %v", dead)
	}
}

func TestMembersReadWhatIsConvened(t *testing.T) {
	h := full(t)
	member, group := h.open(jeanne), h.open(h.everybody()[4])
	list := member.Get("/meetings")
	has(t, list, http.StatusOK, "Assemblée de 2026", "6\u00a0juin 2026, 14:00")
	lacks(t, list, "Réunion d’avril", "Le café", "/meetings/new", "/demands")
	has(t, member.Get("/meetings/ag-2026"), http.StatusOK, "Ordre du jour", "Plan à dix ans", "samedi 6\u00a0juin 2026, 14:00", "Présenté par Alix Anciaux")
	lacks(t, member.Get("/meetings/ag-2026"), "À régler", "Modifier", "dernières assemblées", "/convening", "Et si le quorum")
	has(t, member.Get("/meetings/oa-2026"), http.StatusNotFound)
	has(t, member.Get("/meetings/groupe-2026"), http.StatusNotFound)
	has(t, group.Get("/meetings/groupe-2026"), http.StatusOK, "Au café")
	has(t, group.Get("/meetings"), http.StatusOK, "Le café")
	paperID := ""
	for _, x := range h.get("ag-2026").Matters() {
		for _, p := range x.Papers {
			paperID = string(p.ID)
		}
	}
	got := member.Get("/meetings/ag-2026/papers/" + paperID)
	if got.Body != paper || got.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the paper is %q of %s", got.Body, got.Header.Get("Content-Type"))
	}
	has(t, member.Get("/meetings/oa-2026/papers/"+paperID), http.StatusNotFound)
	has(t, group.Get("/meetings/groupe-2026/papers/"+paperID), http.StatusNotFound)
}

func TestAnEmptyHouseSaysHowToBegin(t *testing.T) {
	h := newHouse(t)
	has(t, h.open(maite).Get("/meetings"), http.StatusOK, "Aucune réunion n’est préparée", `href="/meetings/new"`)
	has(t, h.open(jeanne).Get("/meetings"), http.StatusOK, "dès qu’elles sont convoquées")
	lacks(t, h.open(jeanne).Get("/meetings"), "/meetings/new")
	has(t, h.open(maite).Get("/demands"), http.StatusOK, "Aucune demande", `href="/demands/new"`)
	for _, path := range []string{"/meetings/ag-1999", "/meetings/ag-1999/agenda", "/meetings/ag-1999/forecast", "/demands/none"} {
		has(t, h.open(maite).Get(path), http.StatusNotFound)
	}
}

func TestAMeetingIsDraftedByClicking(t *testing.T) {
	h := newHouse(t)
	h.takeIn("2023", "{heads: 1, shares: 30}", "    retained:\n      - {title: Vélos, text: Un abri., named: la trésorière}\n")
	b := h.open(maite)
	form := b.Get("/meetings/new")
	has(t, form, http.StatusOK, "Assemblée générale", "Groupe café", "checked")
	key := field(t, form, "key")
	wrong := b.Post("/meetings", "key", key, "body", string(h.bodies[people.Assembly]), "title", "", "starts", "2026-06-06", "hour", "25h", "language", "fr")
	has(t, wrong, http.StatusUnprocessableEntity, "La réunion n’est pas créée", "Écrivez l’heure comme 14:00")
	for range 2 { // the second time is the same form, whose answer was lost
		made := b.Post("/meetings", "key", key, "body", string(h.bodies[people.Assembly]), "title", "Assemblée de 2026", "starts", "2026-06-06",
			"hour", "14h30", "language", "fr", "usual", "yes", "place", "La Halle")
		goes(t, made, "/meetings/ag-2026")
	}
	m := h.get("ag-2026")
	var got []string
	for _, item := range m.Items {
		got = append(got, item.Number+" "+item.Title)
	}
	want := "1 Approbation du procès-verbal précédent|2 Rapport de l’organe d’administration|3 Approbation des comptes annuels|" +
		"4 Décharge aux administrateurs|5 Suites données aux points retenus|6 Perspectives et questions"
	if strings.Join(got, "|") != want {
		t.Errorf("the agenda is %v", got)
	}
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "samedi 6\u00a0juin 2026, 14:30", "La Halle", "À régler", "Vélos", "31\u00a0décembre 2025",
		"manque\u00a0: Comptes annuels", "CSA 3:1", "en préparation")
	speak(t, b, lang.Dutch)
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "WVV 3:1", "zaterdag 6\u00a0juni 2026")
	speak(t, b, lang.French)
	taken := b.Post("/meetings", "key", "other", "body", string(h.bodies[people.Assembly]), "title", "Autre", "language", "fr", "name", "ag-2026")
	has(t, taken, http.StatusUnprocessableEntity, "s’appelle déjà ag-2026")
}

func TestTwoEditorsOfTheDetails(t *testing.T) {
	h := newHouse(t)
	h.draft(meeting.Meeting{Name: "ag-2026", Body: h.bodies[people.Assembly]})
	b, c := h.open(maite), h.open(lieve)
	mine, theirs := b.Get("/meetings/ag-2026/details"), c.Get("/meetings/ag-2026/details")
	save := func(b *webtest.Browser, page webtest.Answer, place string) webtest.Answer {
		return b.Post("/meetings/ag-2026/details", "key", field(t, page, "key"), "version", field(t, page, "version"), "title", "Assemblée de 2026",
			"starts", "2026-06-06", "hour", "14:00", "language", "fr", "place", place)
	}
	goes(t, save(c, theirs, "Au café"), "/meetings/ag-2026")
	again := save(b, mine, "À la halle")
	has(t, again, http.StatusUnprocessableEntity, "Quelqu’un a modifié ce texte", "Au ", "À la ", "tel qu’enregistré entre-temps")
	if h.get("ag-2026").Place != "Au café" {
		t.Errorf("the second wrote over the first: %s", h.get("ag-2026").Place)
	}
	goes(t, save(b, again, "À la halle"), "/meetings/ag-2026")
	if h.get("ag-2026").Place != "À la halle" {
		t.Errorf("having seen both, the second may save: %s", h.get("ag-2026").Place)
	}
}

func TestTheAgendaIsEditedWithoutAScript(t *testing.T) {
	h := newHouse(t)
	h.draft(meeting.Meeting{Name: "ag-2026", Body: h.bodies[people.Assembly]})
	b := h.open(maite)
	add := func(kind, title string) string {
		page := b.Get("/meetings/ag-2026/agenda")
		to := goes(t, b.Post("/meetings/ag-2026/agenda", "key", field(t, page, "key"), "kind", kind, "title", title), "/meetings/ag-2026/agenda/matters/")
		has(t, b.Get(to), http.StatusOK, title)
		return to
	}
	add("resolution", "Peindre la porte")
	add("election", "Élire deux administrateurs")
	add("charter", "La charte")
	page := b.Get("/meetings/ag-2026/agenda")
	has(t, page, http.StatusOK, "Peindre la porte", "Monter", "Descendre", "Retirer", "Texte, pièces, personnes")
	item := h.get("ag-2026").Items[2]
	for range 2 { // a button pressed twice
		goes(t, b.Post(itemPath("ag-2026", item.ID)+"/place", "key", "up", "place", "1"), "/meetings/ag-2026/agenda#item-")
	}
	goes(t, b.Post("/meetings/ag-2026/agenda/numbers", "key", "n"), "/meetings/ag-2026/agenda")
	m := h.get("ag-2026")
	if m.Items[0].Title != "La charte" || m.Items[0].Number != "1" || m.Items[2].Number != "3" {
		t.Errorf("the agenda is %+v", m.Items)
	}
	has(t, b.Post(itemPath("ag-2026", item.ID)+"/place", "key", "x", "place", "nowhere"), http.StatusUnprocessableEntity)
	form := b.Get(itemPath("ag-2026", item.ID))
	taken := b.Post(itemPath("ag-2026", item.ID), "key", field(t, form, "key"), "version", field(t, form, "version"), "number", "2", "title", "La charte")
	has(t, taken, http.StatusUnprocessableEntity, "porte déjà le numéro 2")
	goes(t, b.Post(itemPath("ag-2026", item.ID), "key", field(t, form, "key"), "version", field(t, form, "version"), "number", "9", "title", "La Charte"),
		"/meetings/ag-2026/agenda")
	stale := b.Post(itemPath("ag-2026", item.ID), "key", "stale", "version", field(t, form, "version"), "number", "8", "title", "Charte")
	has(t, stale, http.StatusUnprocessableEntity, "Quelqu’un a modifié", "tel qu’enregistré entre-temps")
	to := goes(t, b.Post(itemPath("ag-2026", item.ID)+"/matters", "key", "m", "kind", "note"), "/meetings/ag-2026/agenda/matters/")
	goes(t, b.Post(to+"/place", "key", "p", "place", "1"), "/meetings/ag-2026/agenda")
	if got := h.get("ag-2026").Items[0].Matters; len(got) != 2 || got[0].Kind != assembly.Note {
		t.Errorf("the matters are %+v", got)
	}
	goes(t, b.Post(to+"/removal", "key", "q"), "/meetings/ag-2026/agenda")
	goes(t, b.Post(itemPath("ag-2026", item.ID)+"/removal", "key", "r"), "/meetings/ag-2026/agenda")
	if n := len(h.get("ag-2026").Items); n != 2 {
		t.Errorf("%d items are left", n)
	}
	has(t, b.Get(itemPath("ag-2026", item.ID)), http.StatusNotFound)
	has(t, b.Post("/meetings/ag-2026/agenda", "key", "z", "kind", "party"), http.StatusUnprocessableEntity, "Le point n’est pas ajouté")
}

func TestWhatIsOwedIsTakenUp(t *testing.T) {
	h := newHouse(t)
	h.draft(meeting.Meeting{Name: "ag-2026", Body: h.bodies[people.Assembly]})
	h.takeIn("2023", "{heads: 1, shares: 30}", "    retained:\n      - {title: Vélos, text: Un abri., named: la trésorière}\n")
	b := h.open(maite)
	has(t, b.Get("/meetings/ag-2026/agenda"), http.StatusOK, "Un point retenu attend une réponse", "Les reprendre")
	goes(t, b.Post("/meetings/ag-2026/agenda/retained", "key", "k"), "/meetings/ag-2026/agenda")
	lacks(t, b.Get("/meetings/ag-2026/agenda"), "Les reprendre")
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "attend toujours une réponse", "Répond à")
	has(t, b.Post("/meetings/ag-2026/agenda/retained", "key", "l"), http.StatusUnprocessableEntity, "Aucun point retenu n’attend")
}

func TestAMatterIsCompleted(t *testing.T) {
	h := newHouse(t)
	m := h.draft(meeting.Meeting{Name: "ag-2026", Body: h.bodies[people.Assembly], Items: []meeting.Item{
		{Matters: []meeting.Matter{{Kind: assembly.Election}}}, {Matters: []meeting.Matter{{Kind: assembly.BylawsChange}}}}})
	b := h.open(maite)
	election, change := matterPath("ag-2026", m.Matters()[0].ID), matterPath("ag-2026", m.Matters()[1].ID)
	form := b.Get(election)
	save := func(page webtest.Answer, key string, kv ...string) webtest.Answer {
		return b.Post(election, append([]string{"key", key, "version", field(t, page, "version"), "kind", "election", "title", "Deux administrateurs"}, kv...)...)
	}
	goes(t, save(form, "1", "body", string(h.bodies[people.Board]), "seats", "2", "until", "2029-06-30", "words", "Présentez-vous."), "/meetings/ag-2026/agenda")
	has(t, save(form, "2", "words", "Autre texte"), http.StatusUnprocessableEntity, "Quelqu’un a modifié", "Présentez-vous", "tel que vous l’écrivez")
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "30\u00a0juin 2029", "0 candidature pour 2 mandats")
	for i, name := range []string{"Anciaux", "Bodart"} {
		page := b.Get(election + "/persons/new?part=candidate")
		goes(t, b.Post(election+"/persons", "key", field(t, page, "key"), "part", "candidate", "person", name), election)
		if got := h.get("ag-2026").Matters()[0].Candidates; len(got) != i+1 || got[i] != h.persons[i] {
			t.Errorf("the candidates are %v", got)
		}
	}
	has(t, b.Post(election+"/persons", "key", "3", "part", "candidate", "person", "Alix"), http.StatusUnprocessableEntity, "Collin", "Delvaux")
	has(t, b.Post(election+"/persons", "key", "4", "part", "candidate", "person", "Anciaux"), http.StatusUnprocessableEntity, "deux fois")
	has(t, b.Post(election+"/persons", "key", "5", "part", "boss", "person", "Collin"), http.StatusNotFound)
	has(t, b.Get(election), http.StatusOK, "Alix Bodart", "est candidat")
	goes(t, b.Post(election+"/persons/removal", "key", "6", "part", "candidate", "person", string(h.persons[0])), election)
	if got := h.get("ag-2026").Matters()[0].Candidates; len(got) != 1 || got[0] != h.persons[1] {
		t.Errorf("the candidates are %v", got)
	}
	h.changes(b, change)
}

// changes edits the articles of a change of the bylaws.
func (h house) changes(b *webtest.Browser, change string) {
	t := h.t
	t.Helper()
	var article bylaws.Article
	h.view(func(v *store.View) error {
		rules, err := bylaws.On(v, v.Today())
		article = rules.Version.Articles[0]
		return err
	})
	has(t, b.Get(change), http.StatusOK, "Articles avant et après", "Ajouter un article")
	page := b.Get(change + "/changes/new?of=" + article.Number)
	has(t, page, http.StatusOK, "texte en vigueur", article.Title)
	goes(t, b.Post(change+"/changes", "key", field(t, page, "key"), "article", article.Number, "title", article.Title, "after", "Un autre texte."), change)
	got := h.get("ag-2026").Matters()[1].Changes
	if len(got) != 1 || got[0].Before != article.Body || got[0].After != "Un autre texte." {
		t.Fatalf("the changes are %+v", got)
	}
	goes(t, b.Post(change+"/changes", "key", "n1", "new", "yes", "article", "99", "title", "Neuf", "after", "Tout neuf."), change)
	goes(t, b.Post(change+"/changes", "key", "n2", "article", "99", "title", "Neuf", "after", "Encore plus neuf."), change)
	if got = h.get("ag-2026").Matters()[1].Changes; len(got) != 2 || got[1].Before != "" || got[1].After != "Encore plus neuf." {
		t.Errorf("the changes are %+v", got)
	}
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "<del>", "Avant –", "CSA 6:85", "Prévenez le notaire")
	goes(t, b.Post(change+"/changes/removal", "key", "n3", "article", "99"), change)
	if got = h.get("ag-2026").Matters()[1].Changes; len(got) != 1 {
		t.Errorf("the changes are %+v", got)
	}
	has(t, b.Get(change+"/changes/new?of=77"), http.StatusNotFound)
	has(t, b.Post(change+"/changes", "key", "n4", "new", "yes", "article", ""), http.StatusUnprocessableEntity, "Rien n’est enregistré")
}

// upload sends a form with a file.
func upload(b *webtest.Browser, path, name, content string, kv ...string) webtest.Answer {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i+1 < len(kv); i += 2 {
		_ = w.WriteField(kv[i], kv[i+1])
	}
	if name != "" {
		part, _ := w.CreateFormFile("file", name)
		_, _ = part.Write([]byte(content))
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &buf)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(r)
}

func TestAPaperIsAttachedAndTakenAway(t *testing.T) {
	h := newHouse(t)
	m := h.draft(meeting.Meeting{Name: "ag-2026", Body: h.bodies[people.Assembly], Items: []meeting.Item{{Matters: []meeting.Matter{{Kind: assembly.Accounts}}}}})
	b, matter := h.open(maite), matterPath("ag-2026", m.Matters()[0].ID)
	form := b.Get(matter + "/papers/new")
	has(t, form, http.StatusOK, "Comptes annuels", "Autre pièce")
	key := field(t, form, "key")
	has(t, upload(b, matter+"/papers", "", "", "key", key, "need", "accounts", "title", "Comptes"), http.StatusUnprocessableEntity, "La pièce n’est pas jointe")
	has(t, upload(b, matter+"/papers", "a.exe", "MZ\x90\x00", "key", key, "need", "accounts", "title", "Comptes"), http.StatusUnprocessableEntity)
	for range 2 {
		goes(t, upload(b, matter+"/papers", "comptes.pdf", paper, "key", key, "need", "accounts", "title", "Comptes de 2025"), matter)
	}
	papers := h.get("ag-2026").Matters()[0].Papers
	if len(papers) != 1 || papers[0].Need != meeting.YearAccounts {
		t.Fatalf("the papers are %+v", papers)
	}
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "Comptes de 2025")
	lacks(t, b.Get("/meetings/ag-2026"), "manque\u00a0:")
	goes(t, b.Post("/meetings/ag-2026/papers/"+string(papers[0].ID)+"/removal", "key", "away"), matter)
	has(t, b.Get("/meetings/ag-2026/papers/"+string(papers[0].ID)), http.StatusNotFound)
}

func TestTheSecondAssemblyAtOnce(t *testing.T) {
	h := full(t)
	b := h.open(maite)
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "Et si le quorum manque", "est incertain", "1 des 3 dernières assemblées auraient atteint ce quorum")
	has(t, b.Get("/meetings/ag-2026/forecast"), http.StatusOK, "100 des 200 parts", "1 sur 3", "incertain", "entre 1,6\u00a0% et 86,5\u00a0%",
		"de 15,0\u00a0% à 95,0\u00a0%", "la médiane est 30,0\u00a0%", "Clopper")
	form := b.Get("/meetings/ag-2026/second")
	has(t, form, http.StatusOK, "le même ordre du jour")
	has(t, b.Post("/meetings/ag-2026/second", "key", field(t, form, "key"), "starts", "2026-06-20", "hour", ""), http.StatusUnprocessableEntity, "Écrivez l’heure")
	for range 2 {
		goes(t, b.Post("/meetings/ag-2026/second", "key", field(t, form, "key"), "starts", "2026-06-20", "hour", "14:00"), "/meetings/ag-2026-2")
	}
	has(t, b.Get("/meetings/ag-2026-2"), http.StatusOK, "deuxième convocation", "samedi 20\u00a0juin 2026", "quel que soit le nombre", "Première assemblée")
	has(t, b.Post("/meetings/ag-2026/second", "key", "again"), http.StatusUnprocessableEntity, "déjà préparée")
	lacks(t, b.Get("/meetings/ag-2026"), "Et si le quorum manque")
}

func TestTheSecondAssemblyAfterAMissingQuorum(t *testing.T) {
	h := full(t)
	m := h.get("ag-2026")
	h.act("meeting.open", func(tx *store.Tx) error { return meeting.MarkOpened(tx, m.ID) })
	h.act("meeting.close", func(tx *store.Tx) error { return meeting.MarkClosed(tx, m.ID) })
	b := h.open(maite)
	page := b.Get("/meetings/ag-2026")
	has(t, page, http.StatusOK, "faute de quorum", "Préparer la seconde assemblée", "terminée")
	lacks(t, page, "À régler", "Modifier l’ordre du jour")
	goes(t, b.Post("/meetings/ag-2026/second", "key", "k"), "/meetings/ag-2026-2")
	has(t, b.Get("/meetings/ag-2026-2"), http.StatusOK, "Date à fixer", "deuxième convocation")
}

func TestAMeetingIsCancelled(t *testing.T) {
	h := full(t)
	b := h.open(maite)
	form := b.Get("/meetings/ag-2026/cancellation")
	has(t, b.Post("/meetings/ag-2026/cancellation", "key", field(t, form, "key")), http.StatusUnprocessableEntity, "La réunion n’est pas annulée")
	goes(t, b.Post("/meetings/ag-2026/cancellation", "key", field(t, form, "key"), "why", "La salle est prise."), "/meetings/ag-2026")
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "annulée", "La salle est prise.")
	has(t, h.open(jeanne).Get("/meetings/ag-2026"), http.StatusOK, "La salle est prise.")
	has(t, b.Get("/meetings/ag-2026/agenda"), http.StatusNotFound)
	has(t, b.Get("/meetings"), http.StatusOK, "Terminées")
}

func TestADemandOfATenth(t *testing.T) {
	h := newHouse(t)
	b := h.open(maite)
	form := b.Get("/demands/new")
	key := field(t, form, "key")
	has(t, upload(b, "/demands", "", "", "key", key, "received", "2026-03-02", "points", "", "person", "Anciaux"), http.StatusUnprocessableEntity, "La demande n’est pas inscrite")
	to := goes(t, upload(b, "/demands", "lettre.pdf", paper, "key", key, "received", "2026-03-02", "points", "1. Le loyer du café\n\n- Le toit", "person", "Anciaux",
		"words", "Lettre recommandée"), "/demands/")
	has(t, b.Get(to), http.StatusOK, "10 parts réunies", "il en faut 20", "Le loyer du café", "<li>Le toit</li>", "lettre.pdf", "moins d’un dixième", "Lettre recommandée")
	if got := b.Get(to + "/letter"); got.Body != paper {
		t.Errorf("the letter is %q", got.Body)
	}
	lacks(t, b.Get(to), "Préparer l’assemblée demandée")
	id := strings.TrimPrefix(to, "/demands/")
	has(t, b.Post("/meetings", "key", "early", "demand", id, "body", string(h.bodies[people.Assembly]), "title", "AG", "language", "fr"),
		http.StatusUnprocessableEntity, "il en faut 20", "CSA 6:70")
	has(t, b.Post(to+"/supporters", "key", "a", "person", "Anciaux", "on", "2026-03-02"), http.StatusUnprocessableEntity, "soutient déjà la demande")
	goes(t, b.Post(to+"/supporters", "key", "b", "person", "Bodart", "on", "2026-03-02"), to)
	has(t, b.Get(to), http.StatusOK, "dixième atteint", "23\u00a0mars 2026", "Préparer l’assemblée demandée", "dans 21 jours")
	has(t, b.Get("/meetings"), http.StatusOK, "Demande reçue le", "dans 21 jours")
	lacks(t, h.open(jeanne).Get("/meetings"), "Demande reçue")
	has(t, b.Get("/meetings/new?demand="+id), http.StatusOK, "Les 2 points demandés")
	goes(t, b.Post("/meetings", "key", "now", "demand", id, "body", string(h.bodies[people.Assembly]), "title", "Assemblée demandée", "language", "fr"), "/meetings/ag-2026")
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "Le loyer du café", "au plus tard le 23\u00a0mars 2026", "CSA 6:70", "Voir la demande")
	has(t, b.Get(to), http.StatusOK, "assemblée préparée", `href="/meetings/ag-2026"`)
	has(t, b.Post(to+"/withdrawal", "key", "c", "why", "Plus utile"), http.StatusUnprocessableEntity, "a déjà reçu sa réunion")
}

func TestADemandIsWithdrawn(t *testing.T) {
	h := full(t)
	b, to := h.open(maite), demandPath(h.demandID())
	form := b.Get(to + "/withdrawal")
	has(t, b.Post(to+"/withdrawal", "key", field(t, form, "key"), "why", ""), http.StatusUnprocessableEntity, "Le retrait n’est pas noté")
	goes(t, b.Post(to+"/withdrawal", "key", field(t, form, "key"), "why", "Par lettre du 3 mars."), to)
	has(t, b.Get(to), http.StatusOK, "retirée", "Par lettre du 3 mars.")
	has(t, h.open(pascale).Get("/demands"), http.StatusOK, "Le loyer et d’autres points (2 en tout)", "retirée")
}

func TestHoursAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{"14:00": "14:00", "14h": "14:00", "14 h 30": "14:30", "14.30": "14:30", "9": "9:00", "14u30": "14:30",
		"09H05": "9:05", "20 uur": "20:00", "24:00": "", "12:60": "", "12:5": "", "": "", "midi": "", "1:2:3": "", "-1": "", "14h30x": "", "²": ""} {
		h, m, ok := parseHour(typed)
		got := strconv.Itoa(h) + ":" + strconv.Itoa(m/10) + strconv.Itoa(m%10)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

// An hour that is read is one of the day, and its usual form is read alike.
func FuzzHours(f *testing.F) {
	for _, s := range []string{"14:00", "14h30", "9", "24:00", "h", "u"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, m, ok := parseHour(s)
		if !ok {
			return
		}
		again := strconv.Itoa(h) + ":" + strconv.Itoa(m/10) + strconv.Itoa(m%10)
		if x, y, ok := parseHour(again); !ok || x != h || y != m || h < 0 || h > 23 || m < 0 || m > 59 {
			t.Errorf("%q is read as %s, which is read as %d:%d, %t", s, again, x, y, ok)
		}
	})
}

// Points keep their words, and no line becomes two.
func FuzzPoints(f *testing.F) {
	f.Add("1. Le loyer\n\n- Le toit")
	f.Add("•\n–")
	f.Fuzz(func(t *testing.T, s string) {
		points := pointsOf(s)
		if len(points) > strings.Count(s, "\n")+1 {
			t.Errorf("%q has %d points", s, len(points))
		}
		for _, p := range points {
			if p.Title == "" || !strings.Contains(s, p.Title) || strings.TrimSpace(p.Title) != p.Title {
				t.Errorf("%q has the point %q", s, p.Title)
			}
		}
	})
}
