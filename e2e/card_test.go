package e2e

import (
	"html"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lieux/base/programs"
)

// comingName is the name of the assembly that the demonstration prepares: it follows the calendar.
func comingName(t *testing.T, c *client) string {
	t.Helper()
	m := regexp.MustCompile(`href="/meetings/(ag-[^"/]+)"`).FindStringSubmatch(c.get("/meetings").body)
	if m == nil {
		t.Fatal("no assembly is prepared")
	}
	return m[1]
}

// cardCode convenes the assembly of the demonstration, has its cards printed, and reads the code on somebody's card.
func cardCode(t *testing.T, h *house, name string) (meeting, code string) {
	t.Helper()
	programs.Need(t, "pdftotext")
	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	meeting = comingName(t, c)
	letters, cards := "/meetings/"+meeting+"/convening/convening", "/meetings/"+meeting+"/cards"
	if filled, there := hiddenOf(c.get(letters), letters); there {
		filled.Set("why", "Essai des cartes")
		if a := c.send(letters, filled); a.status != http.StatusSeeOther {
			t.Fatalf("convening answers %d: %s", a.status, words(a.body))
		}
	}
	if filled, there := hiddenOf(c.get(cards), cards); there {
		if a := c.send(cards, filled); a.status != http.StatusSeeOther {
			t.Fatalf("preparing cards answers %d: %s", a.status, words(a.body))
		}
	}
	for from := 0; from < 1000; from += 50 { // cards are printed by ranges of numbers
		pdf := c.get(cards + ".pdf?from=" + strconv.Itoa(from))
		if pdf.head.Get("Content-Type") != "application/pdf" {
			break
		}
		if code := codeOnCard(pdfRaw(t, pdf.body), name); code != "" {
			return meeting, code
		}
	}
	t.Fatalf("no card bears the name %s", name)
	return "", ""
}

// hiddenOf are the hidden fields of the form on a page that is sent to an address; false when the page has none.
func hiddenOf(a answer, action string) (url.Values, bool) {
	form := regexp.MustCompile(`(?s)<form[^>]*action="` + regexp.QuoteMeta(action) + `".*?</form>`).FindString(a.body)
	fields := url.Values{}
	for _, m := range regexp.MustCompile(`type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	return fields, form != ""
}

// codeOnCard is the code below a name, among cards in the order in which they are drawn.
func codeOnCard(text, name string) string {
	_, after, found := strings.Cut(text, name)
	if !found {
		return ""
	}
	return regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}\b`).FindString(after)
}

func pdfRaw(t *testing.T, pdf string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "pdftotext", "-raw", "-", "-")
	c.Stdin = strings.NewReader(pdf)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return plain(string(out))
}

// byCard is a client who came in by somebody's card.
func byCard(t *testing.T, h *house, name string) (c *client, meeting string) {
	t.Helper()
	meeting, code := cardCode(t, h, name)
	c = stranger(t, h)
	if a := c.send("/card/"+meeting+"/"+strings.ReplaceAll(code, " ", ""), nil); a.status != http.StatusSeeOther {
		t.Fatalf("the card of %s answers %d: %s", name, a.status, words(a.body))
	}
	return c, meeting
}

// On a phone: the code of the card is typed, the page says whose it is, the button enters, and the foot of the page
// leads to what the card opens.
func TestEnterByCard(t *testing.T) {
	t.Parallel()
	h := demo(t)
	meeting, code := cardCode(t, h, "Clémence Jadot")
	b := open(t, h)
	b.phone()
	b.visits("/sign-in")
	b.follows("J’ai une carte de vote")
	b.picture("carte-code")
	b.types("code", "0000 0000")
	b.presses("Continuer")
	b.sees("Ce code n’ouvre rien")
	b.types("code", strings.ToLower(code))
	b.presses("Continuer")
	b.sees("Carte de Clémence Jadot")
	b.picture("carte")
	b.live = true // the page of the vote holds a stream
	b.presses("Entrer et voter")
	if b.at() != "/meetings/"+meeting+"/vote" {
		t.Fatalf("after the card, at %s: %s", b.at(), b.text("main"))
	}
	b.marks("footer a", "L’ordre du jour et ses documents")
	b.clicks("[data-here]")
	b.sees("Assemblée générale de", "Ordre du jour")
	b.marks("footer a", "Mes procurations")
	b.clicks("[data-here]")
	b.sees("Vos droits de vote")
	if status := b.goes("/people"); status != http.StatusForbidden {
		t.Errorf("a card opens the people: %d", status)
	}
}
