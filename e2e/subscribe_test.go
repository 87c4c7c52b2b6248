package e2e

import (
	"bytes"
	"html"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/base/programs"
)

// ogmIn is a structured communication in a text.
var ogmIn = regexp.MustCompile(`\+\+\+\d{3}/\d{4}/\d{5}\+\+\+`)

// describes fills in who takes four shares.
func describes(b *tab, family, given, email string) {
	b.t.Helper()
	for _, f := range [][2]string{{"family", family}, {"given", given}, {"birth", "3/2/1980"}, {"street", "rue du Four 3"},
		{"postcode", "4000"}, {"town", "Liège"}, {"email", email}, {"shares", "4"}} {
		if f[1] != "" {
			b.types(f[0], f[1])
		}
	}
	consents(b)
}

// consents agrees to the texts of the form.
func consents(b *tab) {
	b.t.Helper()
	for _, kind := range []string{"privacy", "rules", "risk"} {
		if box := `input[name="consent-` + kind + `"]`; b.has(box) {
			b.ticks(box)
		}
	}
}

var letters = regexp.MustCompile(`(?s)<pre class="letter[^"]*"[^>]*>(.*?)</pre>`)

// newestLetter is the newest letter of the outbox that holds some words.
func newestLetter(t *testing.T, h *house, said string) string {
	t.Helper()
	c := stranger(t, h)
	var page answer
	for range 80 {
		page = c.get("/outbox")
		for _, m := range letters.FindAllStringSubmatch(page.body, -1) {
			if text := html.UnescapeString(tags.ReplaceAllString(m[1], "")); strings.Contains(plain(text), said) {
				return text
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("no letter with %q: %s", said, words(page.body))
	return ""
}

// pays writes a payment down that came with a communication.
func pays(b *tab, ogm, cents string) {
	b.t.Helper()
	b.visits("/payments/new")
	b.types("amount", cents)
	b.types("message", ogm)
	b.pressesForm()
}

// codeOf reads the codes of a PDF as a telephone does.
func codeOf(t *testing.T, from answer) string {
	t.Helper()
	if from.status != http.StatusOK || from.page() {
		t.Fatalf("no PDF but %d: %s", from.status, cut(words(from.body)))
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "letter.pdf")
	if err := os.WriteFile(file, []byte(from.body), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(programs.Need(t, "pdftoppm"), "-r", "200", "-png", file, filepath.Join(dir, "p")).
		CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "p*.png"))
	if err != nil {
		t.Fatal(err)
	}
	var read bytes.Buffer
	c := exec.Command(programs.Need(t, "zbarimg"), append([]string{"-q", "--raw"}, pages...)...)
	c.Stdout = &read
	if err := c.Run(); err != nil {
		t.Fatalf("zbarimg: %v", err)
	}
	return strings.TrimRight(read.String(), "\n")
}
