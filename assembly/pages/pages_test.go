package pages

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/base/lang"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
)

// pathsOf are the pages of a house that has taken the assembly of 2017 in and one with a list.
func (h house) paths() []string {
	point := pointPath(h.firstPoint("Formulaire papier").ID)
	return []string{"/assemblies", "/assemblies?year=2017", "/assemblies?year=1900", "/assemblies/ag-2017",
		"/assemblies/ag-2018",
		"/assemblies/ag-2017/minutes", "/assemblies/ag-2018/minutes", "/assemblies/ag-2017/freezing",
		"/assemblies/new-from-file",
		"/assemblies/ag-2018/annexes/new", "/assemblies/ag-2018/attendance", "/assemblies/ag-2017/attendance", "/retained",
		"/retained?show=late", "/retained?show=answered", point}
}

func TestEveryPageInThreeLanguages(t *testing.T) {
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	h.takeIn(withList)
	inline := regexp.MustCompile(`(?i)<style|<script>| style="| on[a-z]+="|javascript:`)
	ids := regexp.MustCompile(` id="([^"]+)"`)
	b := h.open(web.Who{Person: "maite"})
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
			for _, room := range []string{"assembly", "web", "vote", "people", "bylaws", "papers"} {
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
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	h.takeIn(withList)
	point := string(h.firstPoint("Formulaire papier").ID)
	fill := strings.NewReplacer("{name}", "ag-2018", "{id}", point)
	for _, who := range append([]web.Who{{}}, all...) {
		b := h.open(who)
		for _, r := range h.pages.Routes() {
			var a webtest.Answer
			if r.Method() == http.MethodGet {
				a = b.Get(fill.Replace(r.Path()))
			} else {
				a = b.Post(fill.Replace(r.Path()))
			}
			closed := a.StatusCode == http.StatusForbidden || a.StatusCode == http.StatusUnauthorized ||
				a.StatusCode == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), web.PathSignIn)
			if closed == who.May(r.Allow) {
				t.Errorf("%s %s answers %d to %q, whose roles are %v", r.Method(), r.Path(), a.StatusCode, who.Name,
					who.Roles.Names())
			}
		}
	}
	if h.count() != 2 {
		t.Errorf("%d assemblies after everybody tried everything", h.count())
	}
}

func TestAnEmptyHouseSaysHowToBegin(t *testing.T) {
	h := newHouse(t)
	office, member := h.open(maite), h.open(jeanne)
	has(t, office.Get("/assemblies"), http.StatusOK, "Aucune assemblée n’est encore inscrite",
		`href="/assemblies/new-from-file"`)
	has(t, member.Get("/assemblies"), http.StatusOK, "Le secrétariat reprendra ici")
	lacks(t, member.Get("/assemblies"), "new-from-file")
	has(t, member.Get("/retained"), http.StatusOK, "Aucun point retenu")
	for _, path := range []string{"/assemblies/ag-1999", "/assemblies/ag-1999/minutes", "/assemblies/ag-1999/minutes.pdf",
		"/assemblies/ag-1999/minutes.txt", "/retained/0"} {
		has(t, member.Get(path), http.StatusNotFound)
	}
}

func TestTheListAndItsYears(t *testing.T) {
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	b := h.open(jeanne)
	has(t, b.Get("/assemblies"), http.StatusOK, "Assemblée générale ordinaire de juin 2017", "1\u00a0134", "projet")
	lacks(t, b.Get("/assemblies"), "?year=2017") // one year needs no filter
	h.takeIn(withList)
	has(t, b.Get("/assemblies"), http.StatusOK, "?year=2017", "?year=2018", "Assemblée de 2018")
	only := b.Get("/assemblies?year=2018")
	has(t, only, http.StatusOK, "Assemblée de 2018")
	lacks(t, only, "juin 2017</a>")
	has(t, b.Get("/assemblies?year=1900"), http.StatusOK, "Aucune assemblée en 1900")
}

func TestTheRecordOf2017(t *testing.T) {
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	a := h.open(jeanne).Get("/assemblies/ag-2017")
	has(t, a, http.StatusOK, "113 coopérateurs sont présents ou représentés, porteurs de 1\u00a0134 parts.",
		"encore un projet",
		"Présenté par Raphaël Thonnard", "adopté", "à l’unanimité", "selon le procès-verbal",
		"Manque\u00a0: la règle de quorum",
		"présenté, sans vote", "Élue ou élu\u00a0: Clémence Jadot", "l’urne, la graine et la preuve du tirage",
		"Hubert Lacroix, Bernadette Lejeune et Thomas Wauters", "La modification attend son acte notarié",
		`href="/bylaws/amendments/1"`,
		"membre suppléant, rang 3", "Groupe de travail communication", "Formulaire papier", "Il n’y a pas de point 4",
		`id="item-5"`)
	lacks(t, a, `id="item-4"`, "Figer le procès-verbal", "Liste des présences", "recalculé")
	has(t, h.open(maite).Get("/assemblies/ag-2017"), http.StatusOK, "Joindre une pièce")
	has(t, h.open(maite).Get("/assemblies/ag-2017/minutes"), http.StatusOK, "Figer le procès-verbal")
}

func TestARecomputedDecisionShowsItsComputation(t *testing.T) {
	h := newHouse(t)
	h.takeIn(strings.NewReplacer("resolution", "charter", "for: 40, against: 15, abstentions: 5",
		"for: 8, against: 5, abstentions: 2").
		Replace(withList))
	a := h.open(maite).Get("/assemblies/ag-2018")
	has(t, a, http.StatusOK, "3 coopérateurs sont présents ou représentés, porteurs de 60 parts.",
		"60,0\u00a0% des parts émises",
		"Le calcul", "Liste des présences", "Représentés par procuration", "3 titulaires sont ramenés à 5.")
	// What the law of 2018 said was not read: with the quorum and majority unknown nothing is recomputed.
	has(t, a, http.StatusOK, "Manque\u00a0: la règle de quorum et la règle de majorité.")
}

func TestACountedElectionNamesItsCandidates(t *testing.T) {
	h := newHouse(t)
	h.takeIn(strings.NewReplacer("ag-2018", "ag-2019", "2018-06-16", "2019-06-15", "items:", `items:
  - number: "9"
    title: Élection
    matters:
      - kind: election
        body: conseil
        seats: 1
        candidates: [{person: elu, for: 9, against: 3}]
        elected: [elu]`, "persons:", "persons:\n  elu: {given: Norbert, family: Servais, new: true}",
		"attendance:", "bodies:\n  conseil: {kind: board}\nattendance:").Replace(withList))
	has(t, h.open(maite).Get("/assemblies/ag-2019"), http.StatusOK, "Élue ou élu\u00a0: Norbert Servais",
		"Norbert Servais. Candidature n°", "la règle d’élection")
}

func TestADrawThatWasDoneAgainSaysSo(t *testing.T) {
	h := newHouse(t)
	proof, err := os.ReadFile("../../sortition/testdata/proof-2017.json")
	if err != nil {
		t.Fatal(err)
	}
	h.takeIn(`format: lieux-assembly/1
name: ag-tirage
title: Assemblée du tirage
held: "2017-06-17"
persons:
  un: {given: Yvette, family: Collard, new: true}
  deux: {given: Monique, family: Dehousse, new: true}
  trois: {given: Thomas, family: Wauters, new: true}
  quatre: {given: Céline, family: Fraiture, new: true}
  cinq: {given: Émile, family: Zeegers, new: true}
  six: {given: Lucien, family: Hardy, new: true}
bodies:
  comite: {kind: committee, name: Comité d’accompagnement}
items:
  - number: "1"
    title: Tirage au sort
    matters:
      - kind: draw
        body: comite
        effective: [un, deux, trois]
        substitutes: [quatre, cinq, six]
        proof: |
          ` + strings.ReplaceAll(string(proof), "\n", "\n          "))
	b := h.open(maite)
	has(t, b.Get("/assemblies/ag-tirage"), http.StatusOK, "recalculé", "Le tirage a été refait à partir de sa preuve.")
	has(t, b.Get("/assemblies/ag-tirage/minutes"), http.StatusOK, "administratrice en fonction", "recalculé")
}

func TestADifferenceIsNamed(t *testing.T) {
	h := newHouse(t)
	h.takeIn(strings.Replace(withList, "  list:", "  total: {heads: 3, shares: 61}\n  list:", 1))
	a := h.open(maite).Get("/assemblies/ag-2018")
	has(t, a, http.StatusOK, "La liste des présences donne 3 têtes et 60 parts",
		"C’est autre chose que ce que le procès-verbal énonce")
	// 60 shares can be voted for, 61 are stated present: 70 votes for are too many in either case.
	h.takeIn(strings.NewReplacer("ag-2018", "ag-2019", "2018-06-16", "2019-06-15", "for: 40", "for: 70").Replace(withList))
	has(t, h.open(maite).Get("/assemblies/ag-2019"), http.StatusOK, "le calcul diffère", "Écart\u00a0: ")
}

func TestTheMinutesAreReadFrozenAndPrinted(t *testing.T) {
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	member, office := h.open(jeanne), h.open(maite)
	draft := member.Get("/assemblies/ag-2017/minutes")
	has(t, draft, http.StatusOK, "C’est un projet", "pas encore soumis à une assemblée suivante",
		"113 coopérateurs sont présents",
		"Devient coopérateur le membre du personnel", `<p class="sheet-title">Procès-verbal`)
	lacks(t, draft, "Figer le procès-verbal", "Empreinte")

	ask := office.Get("/assemblies/ag-2017/freezing")
	has(t, ask, http.StatusOK, "Ce que cela veut dire", "On ne revient pas en arrière")
	again := office.Post("/assemblies/ag-2017/freezing", "key", key(t, ask))
	has(t, again, http.StatusUnprocessableEntity, "Le procès-verbal n’est pas figé",
		"Confirmez que vous avez relu le projet")
	for range 2 { // the second time is the same form, whose answer was lost
		done := office.Post("/assemblies/ag-2017/freezing", "key", key(t, ask), "agree", "yes")
		if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != "/assemblies/ag-2017/minutes" {
			t.Fatalf("freezing answers %d", done.StatusCode)
		}
	}
	has(t, office.Post("/assemblies/ag-2017/freezing", "key", "other", "agree", "yes"), http.StatusUnprocessableEntity,
		"déjà figé")
	has(t, office.Get("/assemblies/ag-2017/freezing"), http.StatusUnprocessableEntity, "déjà figé",
		"Une correction se fait par une décision")

	hash := h.hash("ag-2017")
	has(t, member.Get("/assemblies/ag-2017/minutes"), http.StatusOK, "Figé le 2\u00a0mars 2020", hash)
	has(t, member.Get("/assemblies"), http.StatusOK, "figé")
	text := member.Get("/assemblies/ag-2017/minutes.txt")
	has(t, text, http.StatusOK, "113 coopérateurs", "Empreinte "+hash)
	if got := text.Header.Get("Content-Type"); got != "text/plain; charset=utf-8" {
		t.Errorf("text is %s", got)
	}
	h.takeIn(withList)
	has(t, member.Get("/assemblies/ag-2017/minutes"), http.StatusOK,
		"approuvé par l’assemblée suivante, le 16\u00a0juin 2018", `href="/assemblies/ag-2018"`)
	has(t, member.Get("/assemblies"), http.StatusOK, "figé et approuvé")
}

func (h house) hash(name string) (hash string) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		a, _, err := assembly.ByName(v, name)
		if err != nil {
			return err
		}
		m, err := assembly.MinutesOf(v, a, h.pages.Book)
		hash = m.Hash.String()
		return err
	})
	return hash
}

func TestThePDFHoldsTheMinutes(t *testing.T) {
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	a := h.open(jeanne).Get("/assemblies/ag-2017/minutes.pdf")
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "application/pdf" ||
		!strings.HasPrefix(a.Body, "%PDF-") {
		t.Fatalf("the PDF answers %d, %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	flat := strings.Join(strings.Fields(programs.PDFText(t, []byte(a.Body))), " ")
	for _, want := range []string{"113 coopérateurs sont présents ou représentés", "Clémence Jadot", "Projet, non figé",
		"Formulaire papier"} {
		if !strings.Contains(flat, want) {
			t.Errorf("the PDF lacks %q", want)
		}
	}
}

func TestMinutesKeepTheLanguageOfTheAssembly(t *testing.T) {
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	b := h.open(jeanne)
	speak(t, b, lang.Dutch)
	has(t, b.Get("/assemblies/ag-2017/minutes"), http.StatusOK, "De notulen zijn in het Frans geschreven",
		`<article class="sheet minutes" lang="fr">`,
		"113 coopérateurs sont présents")
}

func TestTheAttendanceListIsForOfficeAndBoard(t *testing.T) {
	h := newHouse(t)
	h.takeIn(withList)
	board := h.open(pascale)
	list := board.Get("/assemblies/ag-2018/attendance")
	has(t, list, http.StatusOK, "Alix Anciaux", "Alix Collin", "procuration à Alix Anciaux", "3 coopérateurs",
		"dont un par procuration")
	lacks(t, list, "Delvaux")
	csv := board.Get("/assemblies/ag-2018/attendance.csv")
	has(t, csv, http.StatusOK, "1;Alix Anciaux;10;", "2;Alix Bodart;20;procuration à Alix Anciaux")
	member := h.open(jeanne)
	has(t, member.Get("/assemblies/ag-2018/attendance"), http.StatusForbidden)
	for _, path := range []string{"/assemblies/ag-2018", "/assemblies/ag-2018/minutes",
		"/assemblies/ag-2018/minutes.txt"} {
		lacks(t, member.Get(path), "Alix")
	}
	h.takeIn(assembly2017(t))
	has(t, board.Get("/assemblies/ag-2017/attendance"), http.StatusOK, "ne donne pas de liste")
}

func TestAFileIsTriedThenTakenIn(t *testing.T) {
	h := newHouse(t)
	b := h.open(maite)
	tried := b.Post("/assemblies/new-from-file", "text", assembly2017(t))
	has(t, tried, http.StatusOK, "Le fichier est bon\u00a0: rien n’est encore enregistré", "12 sujets, en 7 points",
		"Bruno Stassart",
		"Comité d’accompagnement et Groupe de travail communication", "selon le procès-verbal", "113 coopérateurs",
		"Reprendre cette assemblée")
	if h.count() != 0 {
		t.Fatal("a try left an assembly")
	}
	h.view(func(v *store.View) error {
		entries, err := store.Entries(v, store.Filter{})
		for _, e := range entries {
			if e.Verb == "assembly.take-in" {
				t.Error("a try left a line in the journal")
			}
		}
		return err
	})
	_, text, _ := strings.Cut(tried.Body, `name="text" value="`)
	text, _, _ = strings.Cut(text, `"`)
	if want := strings.ReplaceAll(strings.ReplaceAll(assembly2017(t), "&", "&amp;"), `"`, "&#34;"); text != want {
		t.Error("the form does not carry the file as it was sent")
	}
	for range 2 {
		done := b.Post("/assemblies", "text", assembly2017(t), "key", key(t, tried))
		if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != "/assemblies/ag-2017" {
			t.Fatalf("taking in answers %d, %s", done.StatusCode, done.Header.Get("Location"))
		}
	}
	if h.count() != 1 {
		t.Errorf("%d assemblies after one form sent twice", h.count())
	}
	has(t, b.Post("/assemblies/new-from-file", "text", assembly2017(t)), http.StatusUnprocessableEntity,
		"Ce fichier a déjà été repris")
	has(t, b.Post("/assemblies", "text", assembly2017(t), "key", "another"), http.StatusUnprocessableEntity,
		"Ce fichier a déjà été repris")
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

func TestAFileMayBeChosenAndComesBeforeWhatIsPasted(t *testing.T) {
	h := newHouse(t)
	b := h.open(maite)
	windows := strings.ReplaceAll("\ufeff"+assembly2017(t), "\n", "\r\n")
	has(t, upload(b, "/assemblies/new-from-file", "ag.yaml", []byte(windows), "text", "nonsense"), http.StatusOK,
		"Le fichier est bon")
	has(t, upload(b, "/assemblies/new-from-file", "ag.yaml", bytes.Repeat([]byte("a"), assembly.MaxFile+1)),
		http.StatusUnprocessableEntity,
		"Le fichier dépasse")
	has(t, upload(b, "/assemblies/new-from-file", "ag.yaml", []byte("format: \xff\n")), http.StatusUnprocessableEntity,
		"Ligne 1", "pas en UTF-8")
	has(t, b.Post("/assemblies/new-from-file"), http.StatusUnprocessableEntity,
		"Choisissez un fichier, ou collez son contenu.")
}

func TestEveryFaultOfAFileIsToldWithItsLine(t *testing.T) {
	h := newHouse(t)
	bad := strings.NewReplacer(`held: "2017-06"`, `held: "2017-06-31"`, "kind: charter", "kind: song <b>",
		"presenters: [dony]", "presenters: [nobody]",
		"owner: communication", "owner: nowhere").Replace(assembly2017(t))
	a := h.open(maite).Post("/assemblies/new-from-file", "text", bad)
	has(t, a, http.StatusUnprocessableEntity, "Le fichier n’est pas repris\u00a0: 4 fautes",
		"Ligne 5", "«\u00a02017-06-31\u00a0» n’est pas une date.", "<code>held: &#34;2017-06-31&#34;</code>",
		"Ligne 45", "<code>presenters: [nobody]</code>", "Ligne 97", "<code>- kind: song &lt;b&gt;</code>", "owner: nowhere",
		"Essayer de nouveau")
	if first, second := strings.Index(a.Body, "Ligne 45"), strings.Index(a.Body, "Ligne 97"); first > second {
		t.Error("the faults do not stand in the order of their lines")
	}
	if h.count() != 0 {
		t.Error("a refused file left something")
	}
}

func TestTheExampleIsTakenIn(t *testing.T) {
	h := newHouse(t)
	b := h.open(maite)
	example := b.Get("/assemblies/new-from-file/example.yaml")
	has(t, example, http.StatusOK, "format: lieux-assembly/1")
	if !strings.Contains(example.Header.Get("Content-Disposition"), "attachment") {
		t.Error("the example is not a download")
	}
	tried := b.Post("/assemblies/new-from-file", "text", example.Body)
	has(t, tried, http.StatusOK, "Le fichier est bon", "Agathe Monfort et Joris Peeters", "Groupe de travail accueil")
	h.takeIn(example.Body)
	has(t, b.Get("/assemblies/ag-2019"), http.StatusOK, "Accueil des nouveaux coopérateurs", "juin 2025")
}

func TestRetainedPointsWaitUntilTheyAreAnswered(t *testing.T) {
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	h.takeIn(withList)
	office, member := h.open(maite), h.open(jeanne)
	list := member.Get("/retained")
	has(t, list, http.StatusOK, "Formulaire papier", "Organe d’administration", "la trésorière", "non fixée",
		"31\u00a0janvier 2019", "en retard")
	late := member.Get("/retained?show=late")
	has(t, late, http.StatusOK, "=cmd|calc")
	lacks(t, late, "Formulaire papier")
	has(t, member.Get("/retained?show=answered"), http.StatusOK, "Aucun point ne correspond à ce filtre.")

	point := h.firstPoint("Formulaire papier")
	path := pointPath(point.ID)
	has(t, member.Get(path), http.StatusOK, "Personne n’a encore répondu", `href="/assemblies/ag-2017#item-8"`)
	lacks(t, member.Get(path), "Enregistrer la réponse")
	form := office.Get(path)
	has(t, form, http.StatusOK, "Enregistrer la réponse", `value="2020-03-02"`)
	for _, c := range []struct{ words, on, want string }{
		{"", "2018-01-15", "La réponse manque"},
		{"Fait.", "2017-05-31", "La date de la réponse"},
		{"Fait.", "2020-03-03", "La date de la réponse"},
		{"Fait.", "soon", "Ce n’est pas une date"},
	} {
		has(t, office.Post(path+"/answers", "key", key(t, form), "words", c.words, "on", c.on),
			http.StatusUnprocessableEntity,
			"La réponse n’est pas enregistrée", c.want)
	}
	answer := func(k, words, closes string) webtest.Answer {
		return office.Post(path+"/answers", "key", k, "words", words, "on", "2018-01-15", "closes", closes)
	}
	for range 2 {
		if got := answer(key(t, form), "Un modèle est à l’essai.", ""); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("the answer answers %d", got.StatusCode)
		}
	}
	if p := h.firstPoint("Formulaire papier"); len(p.Answers) != 1 || !p.Open() {
		t.Errorf("%d answers, open %t", len(p.Answers), p.Open())
	}
	if got := answer("k2", "Le formulaire existe.\nIl est au bureau.", "yes"); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("the closing answer answers %d", got.StatusCode)
	}
	has(t, answer("k3", "Encore.", "yes"), http.StatusUnprocessableEntity, "Ce point a déjà reçu sa réponse.")
	closed := member.Get(path)
	has(t, closed, http.StatusOK, "Cette réponse clôt le point.", "Il est au bureau.", "Un modèle est à l’essai.",
		"répondu")
	lacks(t, office.Get(path), "Enregistrer la réponse")
	has(t, member.Get("/retained?show=answered"), http.StatusOK, "Formulaire papier")
	lacks(t, member.Get("/retained?show=open"), "Formulaire papier")
}

func TestTheExportOfRetainedPointsRunsNothing(t *testing.T) {
	h := newHouse(t)
	h.takeIn(withList)
	a := h.open(jeanne).Get("/retained.csv?show=late")
	has(t, a, http.StatusOK, "ag-2018;2018-06-16;2;'=cmd|calc;Rendre compte.;la trésorière;2019-01-31;en retard")
	lacks(t, h.open(jeanne).Get("/retained.csv?show=answered"), "ag-2018")
}

func TestPapersAreAttachedToTheirMatter(t *testing.T) {
	h := newHouse(t)
	h.takeIn(withList)
	office, member := h.open(maite), h.open(jeanne)
	has(t, member.Get("/assemblies/ag-2018"), http.StatusOK, "Tableau du budget", "nommée par le procès-verbal")
	has(t, member.Get("/assemblies/ag-2018/minutes"), http.StatusOK, "Annexe\u00a0: Tableau du budget.")
	form := office.Get("/assemblies/ag-2018/annexes/new")
	has(t, form, http.StatusOK, "2. =SUM(A1) (Résolution)", "Choisissez un sujet")
	_, rest, _ := strings.Cut(form.Body, "Choisissez un sujet</option>")
	ids := regexp.MustCompile(`<option value="([^"]+)"`).FindAllStringSubmatch(rest, -1)
	if len(ids) != 2 {
		t.Fatalf("%d matters to choose from", len(ids))
	}
	matter := ids[1][1]
	scan := []byte("%PDF-1.4\n%%EOF\n")
	has(t, office.Post("/assemblies/ag-2018/annexes", "key", "k"), http.StatusUnprocessableEntity,
		"La pièce n’est pas jointe", "Choisissez-en une", `href="#file"`)
	has(t, upload(office, "/assemblies/ag-2018/annexes", "x.pdf", scan, "key", "k", "matter", "another", "title", "T"),
		http.StatusUnprocessableEntity,
		"Aucune des réponses proposées")
	has(t, upload(office, "/assemblies/ag-2018/annexes", "x.exe", []byte("MZ\x00"), "key", "k", "matter", matter, "title",
		"T"),
		http.StatusUnprocessableEntity, `href="#file"`)
	for range 2 {
		done := upload(office, "/assemblies/ag-2018/annexes", "budget.pdf", scan, "key", "k", "matter", matter, "title",
			"Budget signé")
		if done.StatusCode != http.StatusSeeOther {
			t.Fatalf("attaching answers %d\n%s", done.StatusCode, done.Body)
		}
	}
	page := member.Get("/assemblies/ag-2018")
	links := regexp.MustCompile(`href="(/assemblies/ag-2018/annexes/[^"]+)">Budget signé`).FindAllStringSubmatch(page.Body,
		-1)
	if len(links) != 1 {
		t.Fatalf("%d links to one paper", len(links))
	}
	got := member.Get(links[0][1])
	if got.StatusCode != http.StatusOK || got.Body != string(scan) || got.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the paper answers %d, %s", got.StatusCode, got.Header.Get("Content-Type"))
	}
	has(t, member.Get("/assemblies/ag-2018/annexes/none"), http.StatusNotFound)
	lacks(t, page, "Joindre une pièce")
}

func TestWhatARecordSaysIsNeverCode(t *testing.T) {
	evil := `<script>alert(1)</script>`
	h := newHouse(t)
	h.takeIn(strings.NewReplacer("Assemblée de 2018", "'"+evil+"'", "title: Budget", "title: '"+evil+"'", "=SUM(A1)",
		"'"+evil+"'", "=cmd|calc", "'"+evil+"'",
		"Rendre compte.", evil, "la trésorière", "'"+evil+"'", "place: Liège", "place: '"+evil+"'", "of: ag-2017",
		"of: '"+evil+"'").Replace(withList))
	b := h.open(maite)
	point := pointPath(h.firstPoint(evil).ID)
	if a := b.Post(point+"/answers", "key", "k", "words", evil, "on", "2019-01-01"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("the answer answers %d", a.StatusCode)
	}
	for _, path := range []string{"/assemblies", "/assemblies/ag-2018", "/assemblies/ag-2018/minutes",
		"/assemblies/ag-2018/freezing",
		"/assemblies/ag-2018/annexes/new", "/assemblies/ag-2018/attendance", "/retained", point} {
		a := b.Get(path)
		has(t, a, http.StatusOK, "&lt;script&gt;")
		lacks(t, a, evil)
	}
	a := b.Post("/assemblies/new-from-file", "text", "format: "+evil)
	has(t, a, http.StatusUnprocessableEntity, "&lt;script&gt;")
	lacks(t, a, evil)
}

func TestTheStylesheetOfThesePagesIsServed(t *testing.T) {
	b := newHouse(t).open(jeanne)
	has(t, b.Get(web.Asset("lieux.css")), http.StatusOK, ".decision .standing") // what papers need, for every page
	a := b.Get("/assemblies/sheet.css")
	has(t, a, http.StatusOK, ".sheet-title")
	if got := a.Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("the stylesheet is %s", got)
	}
}
