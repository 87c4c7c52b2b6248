package pages

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"lieux/base/jobs"
	"lieux/base/mail"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/web/webtest"
	"lieux/places"
)

// shownHouse is a place with Jeanne in one of its two workshops.
func shownHouse(t *testing.T) (h *house, maite, jeanne, anybody *webtest.Browser) {
	h = newHouse(t)
	maite, jeanne, anybody = h.open("maite"), h.open(string(h.jeanne)), h.open("")
	sent(t, maite.Post("/places", "title", "Dony <&> Cie", "name", "dony", "from", "2015", "held", "owned", "street", "rue Dony 33",
		"postcode", "4000", "town", "Liège"))
	a1 := sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "A1", "from", "2015", "use", "workshop", "tenure", "single", "area", "40"))
	sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "A2", "from", "2015", "use", "workshop", "tenure", "single", "area", "25,5"))
	sent(t, maite.Post(a1+"/entering", "person", "Jeanne", "from", "2026-01-01", "stay", "lasting", "practice", "sérigraphie", "index", "none"))
	return h, maite, jeanne, anybody
}

func showDony(t *testing.T, maite *webtest.Browser, kv ...string) {
	t.Helper()
	sent(t, maite.Post("/places/dony/outside", append([]string{"shown", "on", "lat", "50,6534", "lon", "5.5886", "text-fr", "Un hangar.",
		"text-nl", "Een loods.", "contact", "ateliers@dony.example"}, kv...)...))
}

var writeCard = []string{"title", `Presse </script><b>J`, "practice-fr", "sérigraphie", "practice-nl", "zeefdruk", "text-fr", "Des affiches <i>et</i> des tissus.",
	"hours-fr", "le jeudi", "link-1", "jeanne.example/carnet", "day-1", "2026-03-07", "hour-1", "14:00", "end-1", "18:00", "what-1",
	"Portes ouvertes & café"}

func agrees(t *testing.T, b *webtest.Browser) {
	t.Helper()
	page := b.Get("/my/card").Body
	words := regexp.MustCompile(`name="words" value="([^"]*)"`).FindStringSubmatch(page)
	if words == nil {
		t.Fatalf("no words to agree to: %.3000s", page)
	}
	sent(t, b.Post("/my/card/consent", "words", unescape(words[1])))
}

func unescape(s string) string {
	return strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&").Replace(s)
}

// Nothing is seen until the office shows the place and the occupant consents; each takes it back at once.
func TestOnlyWhatIsAgreedIsSeen(t *testing.T) {
	_, maite, jeanne, anybody := shownHouse(t)
	sees := func(why string, card, place bool) {
		t.Helper()
		for path, want := range map[string]bool{"/visit/places/dony": place, "/visit/occupants/presse-script-b-j": card} {
			if a := anybody.Get(path); (a.StatusCode == http.StatusOK) != want {
				t.Errorf("%s: %s answers %d", why, path, a.StatusCode)
			}
		}
		for _, path := range []string{"/visit", "/visit/occupants", "/visit/spaces", "/visit/feed.xml", "/visit/sitemap.xml", "/visit/places.geojson",
			"/visit/map.svg", "/visit/map"} {
			body := anybody.Get(path).Body
			if strings.Contains(body, "Delvigne") {
				t.Errorf("%s: %s tells a name of the books", why, path)
			}
			if !card && strings.Contains(body, "Presse") || !place && strings.Contains(body, "Dony") {
				t.Errorf("%s: %s shows what nobody agreed to: %.2000s", why, path, body)
			}
		}
	}
	sees("nothing was decided", false, false)
	sent(t, jeanne.Post("/my/card", writeCard...))
	showDony(t, maite)
	sees("no consent yet", false, true)
	if a := jeanne.Post("/my/card/consent", "words", "Oui."); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("consent to other words: %d", a.StatusCode)
	}
	agrees(t, jeanne)
	sees("both agree", true, true)
	says(t, jeanne.Get("/my/card"), "Tout le monde voit cette page", "Donné le 3")
	sent(t, jeanne.Post("/my/card/withdrawal"))
	sees("withdrawn", false, true)
	agrees(t, jeanne)
	sees("agreed again", true, true)
	if a := maite.Post("/cards/presse-script-b-j", "do", "hide"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("hidden without a reason: %d", a.StatusCode)
	}
	sent(t, maite.Post("/cards/presse-script-b-j", "do", "hide", "why", "Une personne s’y reconnaît."))
	sees("hidden", false, true)
	says(t, jeanne.Get("/my/card"), "Le secrétariat cache cette page", "s’y reconnaît")
	sent(t, maite.Post("/cards/presse-script-b-j", "do", "uncover"))
	sees("uncovered", true, true)
	sent(t, maite.Post("/places/dony/outside", "text-fr", "Un hangar."))
	sees("the place is hidden", false, false)
}

// What the pages tell machines is what it says to be, whatever is written into it.
func TestMachinesReadWhatIsSeen(t *testing.T) {
	_, maite, jeanne, anybody := shownHouse(t)
	showDony(t, maite)
	sent(t, jeanne.Post("/my/card", writeCard...))
	agrees(t, jeanne)
	page := anybody.Get("/visit/occupants/presse-script-b-j")
	says(t, page, "Des affiches &lt;i&gt;et&lt;/i&gt; des tissus.", "https://jeanne.example/carnet", "le jeudi")
	var card struct {
		Context  string `json:"@context"`
		Type     string `json:"@type"`
		Name     string
		SameAs   []string
		Event    []struct{ Type, StartDate, EndDate, Name string }
		Location []struct {
			Geo struct{ Latitude, Longitude float64 }
		}
	}
	read := func(body string, into any) {
		t.Helper()
		m := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("no JSON-LD: %.2000s", body)
		}
		if err := json.Unmarshal([]byte(m[1]), into); err != nil {
			t.Fatalf("%v: %s", err, m[1])
		}
	}
	read(page.Body, &card)
	if card.Context != "https://schema.org" || card.Type != "Organization" || card.Name != writeCard[1] || len(card.SameAs) != 1 ||
		len(card.Event) != 1 || card.Event[0].StartDate != "2026-03-07T14:00" || card.Event[0].Name != "Portes ouvertes & café" ||
		card.Location[0].Geo.Latitude != 50.6534 || card.Location[0].Geo.Longitude != 5.5886 {
		t.Errorf("JSON-LD: %+v", card)
	}
	var place struct {
		ContainsPlace []struct {
			Name      string
			FloorSize struct{ Value float64 }
		}
	}
	read(anybody.Get("/visit/places/dony").Body, &place)
	if len(place.ContainsPlace) != 1 || place.ContainsPlace[0].Name != "A2" || place.ContainsPlace[0].FloorSize.Value != 25.5 {
		t.Errorf("the free space: %+v", place)
	}

	a := anybody.Get("/visit/places.geojson")
	var geo struct {
		Type     string
		Features []struct {
			Type, ID string
			Geometry struct {
				Type        string
				Coordinates []float64
			}
			Properties map[string]any
		}
	}
	if err := json.Unmarshal([]byte(a.Body), &geo); err != nil || a.Header.Get("Content-Type") != "application/geo+json" {
		t.Fatalf("GeoJSON: %v: %s", err, a.Body)
	}
	if f := geo.Features[0]; geo.Type != "FeatureCollection" || f.Type != "Feature" || f.ID != "dony" || f.Geometry.Type != "Point" ||
		f.Geometry.Coordinates[0] != 5.5886 || f.Geometry.Coordinates[1] != 50.6534 || f.Properties["name"] != "Dony <&> Cie" ||
		f.Properties["freeSpaces"] != 1.0 || f.Properties["description"] != "Un hangar." {
		t.Errorf("GeoJSON: %+v", geo)
	}

	a = anybody.Get("/visit/feed.xml")
	var feed rss
	if err := xml.Unmarshal([]byte(a.Body), &feed); err != nil || feed.Version != "2.0" || len(feed.Channel.Items) != 2 ||
		!strings.Contains(feed.Channel.Items[0].Title, "Portes ouvertes & café") || !strings.Contains(feed.Channel.Items[1].Title, "A2") {
		t.Errorf("RSS: %v: %+v", err, feed)
	}
	if etag := a.Header.Get("ETag"); a.Header.Get("Cache-Control") != "public, no-cache" || etag == "" {
		t.Errorf("headers: %v", a.Header)
	}
	var site urlSet
	if err := xml.Unmarshal([]byte(anybody.Get("/visit/sitemap.xml").Body), &site); err != nil || len(site.URLs) < 6 {
		t.Errorf("sitemap: %v: %+v", err, site)
	}
	var svg struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		Title   string   `xml:"title"`
	}
	if body := anybody.Get("/visit/map.svg").Body; xml.Unmarshal([]byte(body), &svg) != nil || svg.Title == "" ||
		!strings.Contains(body, "Dony &lt;&amp;&gt; Cie") {
		t.Errorf("the map: %s", body)
	}
}

// A picture is shown without what the camera wrote into it, to nobody before the consent, and goes with it.
func TestAPictureIsShownBare(t *testing.T) {
	h, maite, jeanne, anybody := shownHouse(t)
	showDony(t, maite)
	sent(t, jeanne.Post("/my/card", writeCard...))
	var drawn bytes.Buffer
	if err := jpeg.Encode(&drawn, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	secret := "Exif\x00\x00GPS 50.65"
	photo := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(secret) + 2)}, secret...)
	photo = append(photo, drawn.Bytes()[2:]...)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "photo.jpg")
	if err == nil {
		_, err = part.Write(photo)
	}
	if err == nil {
		err = form.WriteField("alt", "La presse")
	}
	if err == nil {
		err = form.WriteField("key", "a-picture")
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/my/card/pictures", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	sent(t, jeanne.Do(r))
	var document string
	if err := h.db.View(context.Background(), func(v *store.View) error {
		card, _, err := places.CardOf(v, h.jeanne)
		document = card.Pictures[0].Document
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if a := anybody.Get("/visit/pictures/" + document); a.StatusCode != http.StatusNotFound {
		t.Errorf("shown before the consent: %d", a.StatusCode)
	}
	agrees(t, jeanne)
	got := anybody.Get("/visit/pictures/" + document)
	if got.StatusCode != http.StatusOK || strings.Contains(got.Body, "GPS") {
		t.Errorf("%d: the camera’s words are given out", got.StatusCode)
	}
	if _, err := jpeg.Decode(strings.NewReader(got.Body)); err != nil {
		t.Errorf("the picture does not show: %v", err)
	}
	sent(t, jeanne.Post("/my/card/withdrawal"))
	if a := anybody.Get("/visit/pictures/" + document); a.StatusCode != http.StatusNotFound {
		t.Errorf("shown after the consent was withdrawn: %d", a.StatusCode)
	}
}

// A visiting artist asks for the flat, answers the letter, and the office says yes.
func TestAStayOnScreen(t *testing.T) {
	h, maite, _, anybody := shownHouse(t)
	showDony(t, maite)
	flat := sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "L1", "from", "2015", "use", "flat", "tenure", "single", "area", "60"))
	form := "/visit/flats/" + strings.TrimPrefix(flat, "/spaces/")
	says(t, anybody.Get("/visit/flats"), "L1", "Libre tout le temps", form)
	ask := []string{"from", "2026-03-01", "until", "2026-03-10", "given", "Zoé", "family", "Piret", "email", "zoe@courriel.example",
		"practice", "marionnettes", "people", "2"}
	if a := anybody.Post(form, ask...); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Sans votre accord") {
		t.Errorf("without consent: %d", a.StatusCode)
	}
	sent(t, anybody.Post(form, append(ask, "privacy", "on")...))
	letter := h.letter()
	link := regexp.MustCompile(`/visit/stays/[\w-]+`).FindString(letter)
	if link == "" {
		t.Fatalf("no link in the letter: %s", letter)
	}
	if strings.Contains(maite.Get("/stays").Body, "Piret") {
		t.Error("the office hears of it before the address has answered")
	}
	sent(t, anybody.Post(link, "do", "confirm"))
	page := regexp.MustCompile(`/stays/[0-9A-Z]{26}`).FindString(maite.Get("/stays").Body)
	says(t, maite.Get(page), "Zoé Piret", "zoe@courriel.example", "Marionnettes")
	if a := maite.Post(page, "do", "refuse"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("refused without a reason: %d", a.StatusCode)
	}
	sent(t, maite.Post(page, "do", "accept", "fee", "5"))
	says(t, anybody.Get(link), "accepté")
	says(t, maite.Get("/stays?state=accepted&q=PIRET"), "Zoé Piret")
	for _, other := range []string{"/stays?state=refused", "/stays?q=personne"} {
		if strings.Contains(maite.Get(other).Body, "Zoé Piret") {
			t.Errorf("%s shows what was not asked for", other)
		}
	}
	says(t, maite.Get("/stays.csv?state=accepted"), "Zoé Piret", "zoe@courriel.example", "2026-03-01")
	says(t, anybody.Get("/visit/flats"), "Déjà pris")
	if body := anybody.Get("/visit/flats").Body; strings.Contains(body, "Piret") {
		t.Error("the page tells who is in the flat")
	}
	says(t, anybody.Get("/visit/places/dony"), form)
	says(t, maite.Get("/places/dony"), "0 sur 365, un logement pour des séjours")
	says(t, maite.Get("/places/dony/forecast"), "9 sur 31")
	says(t, maite.Get(flat), "prochain séjour dès le", "Dans les douze derniers mois, 0")
	for _, page := range []string{"/spaces?state=free", "/visit/spaces"} {
		if got := table(maite.Get(page).Body); strings.Contains(got, "L1") {
			t.Errorf("%s: the flat counts as vacant between two guests: %s", page, got)
		}
	}
	if a := anybody.Post(form, append(ask, "privacy", "on")...); a.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "est pris, ou fermé") || strings.Contains(a.Body, "déjà occupé") {
		t.Errorf("two in one flat: %d", a.StatusCode)
	}
}

// table is what stands in the table of a page.
func table(body string) string {
	_, rest, _ := strings.Cut(body, "<tbody>")
	rows, _, _ := strings.Cut(rest, "</tbody>")
	return rows
}

// letter is the text of the letter that left last.
func (h *house) letter() (text string) {
	h.Helper()
	var waiting []jobs.Job
	if err := h.db.View(context.Background(), func(v *store.View) (err error) { waiting, err = jobs.Waiting(v); return err }); err != nil {
		h.Fatal(err)
	}
	for _, job := range waiting {
		var l mail.Letter
		if err := job.Payload(&l); err != nil {
			h.Fatal(err)
		}
		text = l.Text
	}
	return text
}

// The plan is seen from outside when the office says so: what is free, and nobody's name or practice.
func TestPlansFromOutside(t *testing.T) {
	_, maite, _, anybody := shownHouse(t)
	plan := sent(t, maite.Post("/places/dony/plans", "title", "Rez", "from", "2016"))
	sent(t, maite.Post(plan, "do", "keep", "x-e-a1", "10", "y-e-a1", "20", "w-e-a1", "200", "h-e-a1", "100", "x-e-a2", "300", "y-e-a2", "20",
		"w-e-a2", "200", "h-e-a2", "100"))
	showDony(t, maite)
	if strings.Contains(anybody.Get("/visit/places/dony").Body, `<svg class="plan" viewBox="0 0 1000`) {
		t.Error("the plan is shown although nobody said so")
	}
	showDony(t, maite, "plans", "on")
	page := anybody.Get("/visit/places/dony")
	says(t, page, `<a href="#e-a2"`, `id="e-a2"`, `class="room taken"`, `class="room free"`, "Rez")
	drawing := page.Body[strings.Index(page.Body, `<svg class="plan" viewBox="0 0 1000`):]
	for _, secret := range []string{"Delvigne", "rigraphie", `href="#e-a1"`, "une personne"} {
		if strings.Contains(drawing[:strings.Index(drawing, "</svg>")], secret) {
			t.Errorf("the plan tells %q", secret)
		}
	}
	says(t, maite.Get("/places/dony/outside"), `name="plans" value="yes" checked`)
}

// The map is a paper too, with the address of each number.
func TestTheMapAsAPaper(t *testing.T) {
	_, maite, _, anybody := shownHouse(t)
	if a := anybody.Get("/visit/map.pdf"); a.StatusCode != http.StatusOK {
		t.Errorf("without a place: %d", a.StatusCode)
	}
	showDony(t, maite)
	a := anybody.Get("/visit/map.pdf")
	if a.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("%d, %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	said := programs.PDFText(t, []byte(a.Body))
	for _, want := range []string{"rue Dony 33", "Dony <&> Cie", "200 m"} {
		if !strings.Contains(said, want) {
			t.Errorf("the paper does not say %q: %s", want, said)
		}
	}
}

// Free spaces and occupants are looked for by a word, as people write it.
func TestOneLooksForWhatIsFree(t *testing.T) {
	_, maite, jeanne, anybody := shownHouse(t)
	showDony(t, maite)
	sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "H1", "from", "2015", "use", "hall", "tenure", "single", "area", "200"))
	sent(t, jeanne.Post("/my/card", writeCard...))
	agrees(t, jeanne)
	for path, want := range map[string][2]string{
		"/visit/spaces":                       {"A2 H1", ""},
		"/visit/spaces?use=hall":              {"H1", "A2"},
		"/visit/spaces?q=RUE+DONY":            {"A2 H1", ""},
		"/visit/spaces?q=h1":                  {"H1", "A2"},
		"/visit/spaces?q=ailleurs":            {"", "A2 H1"},
		"/visit/occupants?q=serigraphie":      {"Presse", ""},
		"/visit/occupants?q=dony":             {"Presse", ""},
		"/visit/occupants?q=soudure":          {"", "Presse"},
		"/visit/spaces?use=%3Cscript%3E&q=h1": {"", "H1 A2"},
	} {
		a := anybody.Get(path)
		body := a.Body[strings.Index(a.Body, "</form>"):]
		for _, word := range strings.Fields(want[0]) {
			if !strings.Contains(body, word) {
				t.Errorf("%s does not find %s", path, word)
			}
		}
		for _, word := range strings.Fields(want[1]) {
			if strings.Contains(body, ">"+word) || strings.Contains(body, "\t"+word) {
				t.Errorf("%s finds %s", path, word)
			}
		}
		if strings.Contains(a.Body, "<script>&") {
			t.Errorf("%s: the question runs", path)
		}
	}
}

// A practice is read in the reader's language; where it was not said in it, in another one that is named to a voice.
func TestAPracticeInTheReadersLanguage(t *testing.T) {
	_, maite, jeanne, anybody := shownHouse(t)
	showDony(t, maite)
	sent(t, jeanne.Post("/my/card", writeCard...))
	agrees(t, jeanne)
	for tag, want := range map[string]string{"fr": ">Sérigraphie</p>", "nl": ">Zeefdruk</p>", "en": `<p lang="fr">Sérigraphie</p>`} {
		anybody.Get("/language?to=" + tag + "&back=/visit")
		if body := anybody.Get("/visit/occupants").Body; !strings.Contains(body, want) {
			t.Errorf("%s: no %q in %s", tag, want, regexp.MustCompile(`(?s)<article.*</article>`).FindString(body))
		}
	}
	for _, looked := range []string{"zeefdruk", "serigraphie"} {
		if body := anybody.Get("/visit/occupants?q=" + looked).Body; !strings.Contains(body, "Presse") {
			t.Errorf("%s is not found", looked)
		}
	}
}
