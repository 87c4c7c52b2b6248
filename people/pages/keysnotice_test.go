package pages

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"lieux/base/jobs"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/people"
)

// told sends what waits and gives it.
func (w *town) told() (sent []mail.Letter) {
	w.t.Helper()
	worker := jobs.NewWorker(w.db, slog.New(slog.DiscardHandler), map[string]jobs.Handler{
		mail.JobLetter: mail.Handler(func(_ context.Context, l mail.Letter) (string, error) {
			sent = append(sent, l)
			return "250", nil
		})})
	if _, err := worker.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return sent
}

// TestWhoGetsAWayInIsTold: each passkey and each code, added or taken away, is told to its person by a letter that holds
// nothing by which one enters.
func TestWhoGetsAWayInIsTold(t *testing.T) {
	w := newTown(t)
	d := newDevice(t)
	aline := w.as(w.plain)
	if added := d.registers(aline, "Téléphone d’Aline"); added.StatusCode != http.StatusSeeOther {
		t.Fatal(added.StatusCode, trouble(added.Body))
	}
	one := func(what string, want ...string) {
		t.Helper()
		sent := w.told()
		if len(sent) != 1 || sent[0].To != "aline@exemple.be" {
			t.Fatalf("%s: %+v", what, sent)
		}
		for _, part := range append(want, "Aline Renard", "Si ce n’est pas vous", "Dynamo Coop") {
			if !strings.Contains(sent[0].Text, part) {
				t.Errorf("%s does not say %q:\n%s", what, part, sent[0].Text)
			}
		}
		if strings.Contains(sent[0].Text, "http") {
			t.Errorf("%s holds a link:\n%s", what, sent[0].Text)
		}
	}
	one("a passkey added", "Téléphone d’Aline", "a été ajoutée")
	removal := regexp.MustCompile(`/me/passkeys/[^"]+/removal`).FindString(aline.Get("/me/passkeys").Body)
	if gone := aline.Post(removal, "key", key(t, aline.Get(removal))); gone.StatusCode != http.StatusSeeOther {
		t.Fatal(gone.StatusCode)
	}
	one("a passkey removed", "a été retirée")

	office := w.as(w.maite)
	codes := "/people/" + string(w.plain) + "/codes"
	letter := office.Post(codes, "key", key(t, office.Get(codes)), "way", "post")
	if letter.StatusCode != http.StatusOK {
		t.Fatal(letter.StatusCode)
	}
	code := regexp.MustCompile(`[0-9A-Z]{4}[ -][0-9A-Z]{4}[ -][0-9A-Z]{4}`).FindString(pdfText(t, letter.Body))
	sent := w.told()
	if len(sent) != 1 || !strings.Contains(sent[0].Text, "un code sur papier") || code == "" ||
		strings.Contains(sent[0].Text, code) {
		t.Errorf("a code made: %q, %+v", code, sent)
	}
	revocation := regexp.MustCompile(codes + `/[^"]+/revocation`).FindString(office.Get(codes).Body)
	other := strings.Replace(revocation, string(w.plain), string(w.leon), 1)
	if gone := office.Post(other, "key", key(t, office.Get(codes))); gone.StatusCode != http.StatusNotFound {
		t.Error("a code is revoked as somebody else’s", gone.StatusCode)
	}
	if gone := office.Post(revocation, "key", key(t, office.Get(codes))); gone.StatusCode != http.StatusSeeOther {
		t.Fatal(gone.StatusCode)
	}
	one("a code revoked", "a annulé un code sur papier")
}

// TestWhoHasNoEmailIsToldByPost: the office sees that it has a letter to print; it stands behind the window, and holds
// no code.
func TestWhoHasNoEmailIsToldByPost(t *testing.T) {
	w := newTown(t)
	oscar := w.enroll(people.Entry{Given: "Oscar", Family: "Petit", Home: people.Address{Street: "rue Basse 3", Postcode: "4000",
		Town: "Liège"}})
	var toPost []string
	w.pages.Unreached = func(_ *store.Tx, id people.PersonID, page string) error {
		toPost = append(toPost, string(id)+" "+page)
		return nil
	}
	office := w.as(w.maite)
	codes := "/people/" + string(oscar) + "/codes"
	page := office.Get(codes)
	if !strings.Contains(page.Body, codes+"/notice.pdf") || !strings.Contains(page.Body, "envoyez-lui l’avis par la poste") {
		t.Error("the page names no notice to print")
	}
	office.Post(codes, "key", key(t, page), "way", "post")
	if sent := w.told(); len(sent) != 0 {
		t.Errorf("sent: %+v", sent)
	}
	renard := "/people/" + string(w.plain) + "/codes"
	office.Post(renard, "key", key(t, office.Get(renard)), "way", "post") // she has an address
	if len(toPost) != 1 || toPost[0] != string(oscar)+" "+codes {
		t.Errorf("to be written to by post: %q", toPost)
	}
	notice := office.Get(codes + "/notice.pdf")
	if notice.StatusCode != http.StatusOK {
		t.Fatal(notice.StatusCode)
	}
	text := pdfText(t, notice.Body)
	for _, want := range []string{"Oscar Petit", "rue Basse 3", "un code sur papier", "Si ce n’est pas vous"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("the notice does not say %q:\n%s", want, text)
		}
	}
	if member := w.as(w.plain).Get(codes + "/notice.pdf"); member.StatusCode == http.StatusOK {
		t.Error("a member prints somebody’s notice")
	}
}
