package app

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// zeros is a file of so many bytes of nothing, that stands nowhere.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

const boundary = "frontiere"

// form is a form with its fields and, last, a file of zeros; and how long it is.
func formWithFile(field string, bytes int64, kv ...string) (io.Reader, int64) {
	var head strings.Builder
	for i := 0; i < len(kv); i += 2 {
		fmt.Fprintf(&head, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", boundary, kv[i], kv[i+1])
	}
	fmt.Fprintf(&head, "--%s\r\nContent-Disposition: form-data; name=%q; filename=\"scan.pdf\"\r\n"+
		"Content-Type: application/pdf\r\n\r\n", boundary, field)
	tail := "\r\n--" + boundary + "--\r\n"
	return io.MultiReader(strings.NewReader(head.String()), io.LimitReader(zeros{}, bytes), strings.NewReader(tail)),
		int64(head.Len()) + bytes + int64(len(tail))
}

// sends writes a request to the end before it reads a word of the answer, as browsers do.
func sends(t *testing.T, address, path, cookie, kind string, body io.Reader, length int64) (status int, page string) {
	t.Helper()
	line, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = line.Close() }()
	if _, err := fmt.Fprintf(line, "POST %s HTTP/1.1\r\nHost: coop.example\r\nAccept-Language: nl\r\nCookie: %s\r\n"+
		"Content-Type: %s\r\nContent-Length: %d\r\n\r\n", path, cookie, kind, length); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(line, body); err != nil {
		t.Fatalf("the line is closed after %d of %d bytes: %v", n, length, err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(line), nil)
	if err != nil {
		t.Fatal("no answer:", err)
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// A scan that is too large is told beside its field, in the reader's language, with the limit and what to do, and what
// was typed beside it is not lost; what no page reads gets the page that says so. Neither is kept anywhere.
func TestAScanThatIsTooLargeIsAnswered(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	v.act("people.allow", func(tx *store.Tx) error {
		_, err := people.Allow(tx, people.Grant{Person: v.who["Agathe"], Role: "office", From: civil.MustParse("2026-01-01")})
		return err
	})
	server := httptest.NewUnstartedServer(nil)
	server.Config = web.Server(v.door, slog.New(slog.DiscardHandler))
	server.Start()
	defer server.Close()
	address := server.Listener.Addr().String()
	var office string
	door := v.door
	v.door = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		office = r.Header.Get("Cookie")
		door.ServeHTTP(w, r)
	})
	v.enters("Agathe").Get("/my")
	multi := "multipart/form-data; boundary=" + boundary
	for _, big := range []struct {
		path, field, more, says string
		fields                  []string
	}{
		{"/register/movements", "scan", "Acte du notaire", "Le fichier dépasse 25 Mio",
			[]string{"kind", "issue", "ground", "Acte du notaire", "shares", "4"}},
		{"/subscriptions", "scan", "Odette", "Le fichier dépasse 25 Mio",
			[]string{"given", "Odette", "family", "Essai", "shares", "4"}},
		{"/leaving", "scan", "lettre de mai", "Le fichier dépasse 25 Mio",
			[]string{"why", "lettre de mai", "cause", "resignation", "cooperator", "1", "arrived-on", "2026-06-01"}},
	} {
		body, length := formWithFile(big.field, 70<<20, big.fields...)
		status, page := sends(t, address, big.path, office, multi, body, length)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, big.says) ||
			!strings.Contains(page, "Réduisez-le") || !strings.Contains(page, big.more) {
			t.Errorf("%s answers %d: %s", big.path, status, page)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 0 {
		t.Errorf("%d files are left behind, %v", len(left), err)
	}
	for _, none := range []struct{ path, cookie, says string }{ // forms without files
		{"/people", office, "dépasse la limite de cette page"}, {"/join", "", "overschrijdt de grens van deze pagina"}} {
		status, page := sends(t, address, none.path, none.cookie, "application/x-www-form-urlencoded",
			io.LimitReader(zeros{}, 70<<20), 70<<20)
		if status != http.StatusRequestEntityTooLarge || !strings.Contains(page, none.says) {
			t.Errorf("%s answers %d: %s", none.path, status, page)
		}
	}
}
