package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

func (w *town) letter() mail.Letter {
	w.t.Helper()
	select {
	case l := <-w.letters:
		if err := l.Check(); err != nil {
			w.t.Error(err)
		}
		return l
	case <-time.After(time.Minute):
		w.t.Fatal("no letter came")
	}
	panic("unreachable")
}

var (
	linkIn = regexp.MustCompile(`https://coop\.example(/sign-in/link\?token=[A-Za-z0-9_-]+)`)
	codeIn = regexp.MustCompile(`\b\d{4} \d{4}\b`)
)

// TestOneEntersByTheLinkOnlyWithTheButton: opening the link changes nothing; the button enters, once.
func TestOneEntersByTheLinkOnlyWithTheButton(t *testing.T) {
	w := newTown(t)
	b := w.as("")
	if sent := b.Post("/sign-in", "email", "aline@exemple.be", "next", "/bodies"); sent.Header.Get("Location") != "/sign-in/sent" {
		t.Fatal(sent.StatusCode, trouble(sent.Body))
	}
	l := w.letter()
	link := linkIn.FindStringSubmatch(l.Text)
	if link == nil || l.To != "aline@exemple.be" || !strings.Contains(l.Text, "Aline Renard") {
		t.Fatal(l)
	}
	for range 3 {
		if page := b.Get(link[1]); page.StatusCode != http.StatusOK || !strings.Contains(page.Body, `action="/sign-in/link"`) {
			t.Fatal(page.StatusCode)
		}
	}
	if b.Get("/bodies").StatusCode != http.StatusSeeOther {
		t.Fatal("opening the link entered")
	}
	address, _ := url.Parse(link[1])
	token := address.Query().Get("token")
	if in := b.Post("/sign-in/link", "token", token); in.Header.Get("Location") != "/bodies" {
		t.Fatal(in.StatusCode, in.Header.Get("Location"))
	}
	if b.Get("/bodies").StatusCode != http.StatusOK {
		t.Error("the button did not enter")
	}
	if again := w.as("").Post("/sign-in/link", "token", token); again.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(again.Body, "ne vaut plus") {
		t.Error("a link was good twice", again.StatusCode)
	}
	if out := b.Post("/sign-out"); out.StatusCode != http.StatusSeeOther {
		t.Error(out.StatusCode)
	}
	if b.Get("/bodies").StatusCode != http.StatusSeeOther {
		t.Error("signed out and still in")
	}
}

// TestOneAddressAsksWhoThenForWhom follows Rosa, who shares her box with Léon and represents a choir.
func TestOneAddressAsksWhoThenForWhom(t *testing.T) {
	w := newTown(t)
	b := w.as("")
	b.Post("/sign-in", "email", "Rosa@exemple.be", "next", "//evil.example/")
	code := codeIn.FindString(w.letter().Text)
	if wrong := b.Post("/sign-in/code", "code", "0000 0000"); wrong.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(wrong.Body, "Ce code n’est pas le bon") {
		t.Error(wrong.StatusCode)
	}
	if other := w.as("").Post("/sign-in/code", "code", code); other.StatusCode != http.StatusUnprocessableEntity {
		t.Error("the code is good in another browser")
	}
	if right := b.Post("/sign-in/code", "code", code); right.Header.Get("Location") != "/sign-in/who" {
		t.Fatal(right.StatusCode, trouble(right.Body))
	}
	page := b.Get("/sign-in/who")
	if !strings.Contains(page.Body, "Rosa Thiry") || !strings.Contains(page.Body, "Léon Thiry") || strings.Contains(page.Body, "Chorale") {
		t.Error("the page asks for the wrong people")
	}
	if stranger := b.Post("/sign-in/who", "who", string(w.maite)); stranger.StatusCode != http.StatusUnprocessableEntity {
		t.Fatal("one entered as somebody of another address", stranger.StatusCode)
	}
	if in := b.Post("/sign-in/who", "who", string(w.rosa)); !strings.HasPrefix(in.Header.Get("Location"), "/acting?") {
		t.Fatal(in.StatusCode, in.Header.Get("Location"))
	}
	if page := b.Get("/acting"); !strings.Contains(page.Body, "Chorale du Pont ASBL") || !strings.Contains(page.Body, "pour moi-même") {
		t.Error("the page does not ask for whom")
	}
	if foreign := b.Post("/acting", "for", string(w.house)); foreign.StatusCode != http.StatusUnprocessableEntity {
		t.Error("one acts for a body that one does not represent")
	}
	if choir := b.Post("/acting", "for", string(w.choir), "next", "/bodies"); choir.Header.Get("Location") != "/bodies" {
		t.Error(choir.StatusCode)
	}
	if page := b.Get("/people/" + string(w.choir)); page.StatusCode != http.StatusOK {
		t.Error("acting for the choir, its page is closed", page.StatusCode)
	}
	if self := b.Post("/acting", "for", "self"); self.Header.Get("Location") != "/" {
		t.Error(self.Header.Get("Location"))
	}
	if page := b.Get("/people/" + string(w.choir)); page.StatusCode != http.StatusNotFound {
		t.Error("acting for herself, the choir's page is open", page.StatusCode)
	}
}

// TestAnUnknownAddressSeesTheSamePages: status, address and words are the same; no letter leaves.
func TestAnUnknownAddressSeesTheSamePages(t *testing.T) {
	w := newTown(t)
	pages := func(email string) string {
		b := w.as("")
		sent := b.Post("/sign-in", "email", email)
		return sent.Status + sent.Header.Get("Location") + b.Get("/sign-in/sent").Body
	}
	cut := regexp.MustCompile(`name="key" value="[^"]+"`)
	known, unknown := cut.ReplaceAllString(pages("aline@exemple.be"), ""), cut.ReplaceAllString(pages("nobody@exemple.be"), "")
	if known != unknown {
		t.Error("the pages tell addresses apart")
	}
	w.letter()
	select {
	case l := <-w.letters:
		t.Error("a letter went to", l.To)
	case <-time.After(100 * time.Millisecond):
	}
	if bad := w.as("").Post("/sign-in", "email", "no address"); bad.StatusCode != http.StatusUnprocessableEntity {
		t.Error(bad.StatusCode)
	}
}

// TestTheWhoPageForgetsAfterFifteenMinutes: a proof of an address is not good for ever.
func TestTheWhoPageForgetsAfterFifteenMinutes(t *testing.T) {
	w := newTown(t)
	b := w.as("")
	b.Post("/sign-in", "email", "rosa@exemple.be")
	b.Post("/sign-in/code", "code", codeIn.FindString(w.letter().Text))
	w.now = w.now.Add(people.ChallengeLife + time.Second)
	if late := b.Post("/sign-in/who", "who", string(w.rosa)); late.Header.Get("Location") != "/sign-in" {
		t.Error("the proof lasts", late.StatusCode, late.Header.Get("Location"))
	}
}

func TestTheLinkOfTheCommandLineEnters(t *testing.T) {
	w := newTown(t)
	var asked people.Ask
	w.act(func(tx *store.Tx) (err error) { asked, err = people.LoginLink(tx, w.maite); return err })
	b := w.as("")
	if page := b.Get(LinkPath(asked)); !strings.Contains(page.Body, asked.Token) {
		t.Fatal(page.StatusCode)
	}
	if in := b.Post("/sign-in/link", "token", asked.Token); in.Header.Get("Location") != "/" {
		t.Error(in.StatusCode, in.Header.Get("Location"))
	}
	if b.Get("/access").StatusCode != http.StatusOK {
		t.Error("the administrator is not in")
	}
}

// TestACodeThatWasSentIsNeverBlocked: neither by strangers behind the same network address, nor by asking again.
func TestACodeThatWasSentIsNeverBlocked(t *testing.T) {
	w := newTown(t)
	w.pages.Callers = web.NewLimiter(web.SignInPerCaller, func() time.Time { return w.now })
	b, stranger := w.as(""), w.as("")
	b.Post("/sign-in", "email", "aline@exemple.be")
	code := codeIn.FindString(w.letter().Text)
	for range web.SignInPerCaller.Burst {
		stranger.Post("/sign-in", "email", "someone@exemple.be")
	}
	if asked := b.Post("/sign-in", "email", "aline@exemple.be"); asked.StatusCode != http.StatusTooManyRequests {
		t.Error("the network address asks without end", asked.StatusCode)
	}
	w.now = w.now.Add(10 * time.Minute) // others may be asked for
	for range people.MaxAsked {         // the sixth sends no letter, and its handle opens nothing
		b.Post("/sign-in", "email", "aline@exemple.be")
	}
	if in := b.Post("/sign-in/code", "code", code); in.StatusCode != http.StatusSeeOther || b.Get("/bodies").StatusCode != http.StatusOK {
		t.Error("the code of the first letter is blocked", in.StatusCode, trouble(in.Body))
	}
	if none := w.as("").Post("/sign-in/code", "code", code); none.StatusCode != http.StatusUnprocessableEntity {
		t.Error("a browser that asked for nothing", none.StatusCode)
	}
	for range web.SignInPerCaller.Burst {
		stranger.Post("/sign-in/code", "code", "0000 0000")
	}
	if late := stranger.Post("/sign-in/code", "code", "0000 0000"); late.StatusCode != http.StatusTooManyRequests {
		t.Error("a browser guesses without end", late.StatusCode)
	}
}
