package pages

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/people"
)

var plain64 = base64.RawURLEncoding

// device is what a telephone does with a passkey, as far as the server sees it (WebAuthn, level 3).
type device struct {
	t          *testing.T
	origin     string
	credential []byte
	handle     []byte
	key        *ecdsa.PrivateKey
	signs      uint32
	unverified bool // neither finger nor face was asked for
}

func newDevice(t *testing.T) *device {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &device{t: t, origin: "https://coop.example", credential: []byte("credential " + rand.Text()), key: key}
}

// asked reads what the server asks: the challenge, and for whom.
func (d *device) asked(a webtest.Answer) (challenge string) {
	d.t.Helper()
	var options struct {
		PublicKey struct {
			Challenge string
			User      struct{ ID string }
		}
	}
	if a.StatusCode != http.StatusOK || json.Unmarshal([]byte(a.Body), &options) != nil || options.PublicKey.Challenge == "" {
		d.t.Fatalf("%d %.300s", a.StatusCode, a.Body)
	}
	if id := options.PublicKey.User.ID; id != "" {
		var err error
		if d.handle, err = plain64.DecodeString(id); err != nil {
			d.t.Fatal(err)
		}
	}
	return options.PublicKey.Challenge
}

func (d *device) clientData(kind, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return raw
}

// authData is what the authenticator signs: the site, what it checked, how often it signed.
func (d *device) authData(extra byte, more []byte) []byte {
	site := sha256.Sum256([]byte("coop.example"))
	flags := byte(0x01|0x08|0x10) | extra // present, may be copied, is copied
	if !d.unverified {
		flags |= 0x04
	}
	out := append(site[:], flags)
	return append(binary.BigEndian.AppendUint32(out, d.signs), more...)
}

// cborBytes writes a string of bytes.
func cborBytes(b []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0x59}, uint16(len(b))), b...)
}

// makes answers the server's question with a new passkey.
func (d *device) makes(a webtest.Answer) string {
	challenge := d.asked(a)
	point, err := d.key.PublicKey.Bytes() // 4, then both coordinates
	if err != nil {
		d.t.Fatal(err)
	}
	cose := []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}
	cose = append(cose, cborBytes(point[1:33])...)
	cose = append(append(cose, 0x22), cborBytes(point[33:])...)
	attested := binary.BigEndian.AppendUint16(make([]byte, 16), uint16(len(d.credential)))
	attested = append(append(attested, d.credential...), canonicalKey(cose)...)
	object := append([]byte{0xa3, 0x63, 'f', 'm', 't', 0x64, 'n', 'o', 'n', 'e', 0x67, 'a', 't', 't', 'S', 't', 'm', 't', 0xa0,
		0x68, 'a', 'u', 't', 'h', 'D', 'a', 't', 'a'}, cborBytes(d.authData(0x40, attested))...)
	return d.json(map[string]any{"clientDataJSON": plain64.EncodeToString(d.clientData("webauthn.create", challenge)),
		"attestationObject": plain64.EncodeToString(object), "transports": []string{"internal"}})
}

// canonicalKey writes the coordinates with the shortest lengths, as CTAP wants them.
func canonicalKey(cose []byte) []byte {
	return bytes.ReplaceAll(cose, []byte{0x59, 0x00, 0x20}, []byte{0x58, 0x20})
}

// proves answers the server's question with a signature.
func (d *device) proves(a webtest.Answer) string {
	client := d.clientData("webauthn.get", d.asked(a))
	data, hash := d.authData(0, nil), sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.json(map[string]any{"clientDataJSON": plain64.EncodeToString(client), "authenticatorData": plain64.EncodeToString(data),
		"signature": plain64.EncodeToString(signature), "userHandle": plain64.EncodeToString(d.handle)})
}

func (d *device) json(response map[string]any) string {
	id := plain64.EncodeToString(d.credential)
	raw, err := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": response,
		"authenticatorAttachment": "platform", "clientExtensionResults": map[string]any{}})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(raw)
}

// registers adds the device's passkey on the person's own page.
func (d *device) registers(b *webtest.Browser, name string) webtest.Answer {
	d.t.Helper()
	page := b.Get("/me/passkeys/new")
	answer := d.makes(b.Post("/me/passkeys/new/asked"))
	return b.Post("/me/passkeys", "key", key(d.t, page), "name", name, "answer", answer)
}

// enters signs in by the device's passkey.
func (d *device) enters(b *webtest.Browser, next string) webtest.Answer {
	return b.Post("/sign-in/passkey", "next", next, "answer", d.proves(b.Post("/sign-in/passkey/asked")))
}

// TestAPasskeyOpensTheDoor is the life of a passkey: added, used to enter, removed, which ends what it had opened.
func TestAPasskeyOpensTheDoor(t *testing.T) {
	w := newTown(t)
	b := w.as(w.plain)
	if page := b.Get("/me/passkeys"); !strings.Contains(page.Body, "Aucune clé d’accès encore") {
		t.Fatal(page.StatusCode)
	}
	d := newDevice(t)
	if added := d.registers(b, "Mon téléphone"); added.Header.Get("Location") != "/me/passkeys" {
		t.Fatal(added.StatusCode, trouble(added.Body))
	}
	if string(d.handle) != string(w.plain) {
		t.Errorf("the browser is told %q of her", d.handle)
	}
	list := b.Get("/me/passkeys").Body
	if !strings.Contains(list, "Mon téléphone") || !strings.Contains(list, "jamais") || !strings.Contains(list, "fabricant") {
		t.Error(list)
	}

	w.now = w.now.Add(24 * time.Hour)
	phone := w.as("")
	if in := d.enters(phone, "/bodies"); in.Header.Get("Location") != "/bodies" {
		t.Fatal(in.StatusCode, trouble(in.Body))
	}
	if page := phone.Get("/me/passkeys"); !strings.Contains(strings.ReplaceAll(page.Body, "\u00a0", " "), "3 mars 2026") {
		t.Error("it is not said when the passkey was used", page.StatusCode)
	}
	removal := regexp.MustCompile(`/me/passkeys/[^"]+/removal`).FindString(list)
	if sure := phone.Get(removal); !strings.Contains(sure.Body, "C’est votre dernière clé") {
		t.Error(sure.StatusCode)
	}
	if other := w.as(w.leon).Get(removal); other.StatusCode != http.StatusNotFound {
		t.Error("somebody else’s passkey is shown", other.StatusCode)
	}
	again := w.as(w.plain)
	if gone := again.Post(removal, "key", key(t, again.Get(removal))); gone.StatusCode != http.StatusSeeOther {
		t.Fatal(gone.StatusCode)
	}
	if lost := phone.Get("/bodies"); lost.StatusCode != http.StatusSeeOther {
		t.Error("a session of the removed passkey lives on", lost.StatusCode)
	}
	if in := d.enters(w.as(""), "/"); in.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(in.Body, "n’ouvre rien ici") {
		t.Error("the removed passkey enters", in.StatusCode)
	}
}

// TestAPasskeyMustProveItself: what is not signed for this site, just now, by the key that is known, enters nobody and is
// refused in the same words.
func TestAPasskeyMustProveItself(t *testing.T) {
	w := newTown(t)
	d := newDevice(t)
	d.signs = 5
	if added := d.registers(w.as(w.plain), "Clé"); added.StatusCode != http.StatusSeeOther {
		t.Fatal(added.StatusCode, trouble(added.Body))
	}
	var said string
	refused := func(what string, in webtest.Answer) {
		t.Helper()
		if in.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", what, in.StatusCode, in.Header.Get("Location"))
		}
		if words := trouble(in.Body); said == "" {
			said = words
		} else if words != said {
			t.Errorf("%s is told apart: %s", what, words)
		}
	}
	refused("nothing", w.as("").Post("/sign-in/passkey", "answer", ""))
	refused("not asked for", w.as("").Post("/sign-in/passkey", "answer", d.proves(w.as("").Post("/sign-in/passkey/asked"))))
	for what, change := range map[string]func(d *device){
		"another site":      func(d *device) { d.origin = "https://coop.example.evil" },
		"no finger":         func(d *device) { d.unverified = true },
		"another key":       func(d *device) { d.key = newDevice(t).key },
		"an unknown one":    func(d *device) { d.credential = []byte("credential of nobody") },
		"somebody else":     func(d *device) { d.handle = []byte(w.maite) },
		"a counter of once": func(d *device) { d.signs = 0 },
	} {
		bad := *d
		bad.signs = d.signs + 1
		change(&bad)
		b := w.as("")
		if what == "a counter of once" { // it has counted before
			d.signs = 9
			if in := d.enters(w.as(""), "/"); in.StatusCode != http.StatusSeeOther {
				t.Fatal(in.StatusCode, trouble(in.Body))
			}
		}
		refused(what, bad.enters(b, "/"))
	}

	d.signs = 20
	b := w.as("")
	answer := d.proves(b.Post("/sign-in/passkey/asked"))
	if in := b.Post("/sign-in/passkey", "answer", answer); in.StatusCode != http.StatusSeeOther {
		t.Fatal(in.StatusCode, trouble(in.Body))
	}
	refused("an answer sent twice", b.Post("/sign-in/passkey", "answer", answer))
}

// TestWhoSharesAnAddressAddsNoPasskey: Rosa and Léon read the same box. By a letter neither adds a passkey, which would
// afterwards count as theirs alone; by a code on paper they do.
func TestWhoSharesAnAddressAddsNoPasskey(t *testing.T) {
	w := newTown(t)
	b := w.as(w.leon)
	if page := b.Get("/me/passkeys"); !strings.Contains(page.Body, "Vous partagez une adresse") {
		t.Error(page.StatusCode)
	}
	for _, answer := range []webtest.Answer{b.Get("/me/passkeys/new"), b.Post("/me/passkeys/new/asked"), b.Post("/me/passkeys", "name", "Clé")} {
		if answer.StatusCode != http.StatusForbidden || !strings.Contains(answer.Body, "il faut entrer autrement") || !strings.Contains(answer.Body, "code sur papier") {
			t.Error(answer.StatusCode)
		}
	}
	var code string
	w.act(func(tx *store.Tx) (err error) {
		code, _, err = people.MakePaperCode(tx, w.leon, people.AtDoor)
		return err
	})
	home := w.as("")
	if in := home.Post("/sign-in/paper", "code", strings.ToLower(people.ShowPaperCode(code))); in.Header.Get("Location") != "/" {
		t.Fatal(in.StatusCode, trouble(in.Body))
	}
	d := newDevice(t)
	if added := d.registers(home, "Clé de Léon"); added.StatusCode != http.StatusSeeOther {
		t.Fatal(added.StatusCode, trouble(added.Body))
	}
	if in := d.enters(w.as(""), "/me/passkeys/new"); in.Header.Get("Location") != "/me/passkeys/new" {
		t.Error(in.StatusCode)
	}
}

// TestTheOfficeGivesACodeOnPaper: the letter is shown once, addressed, and its code enters once.
func TestTheOfficeGivesACodeOnPaper(t *testing.T) {
	w := newTown(t)
	office := w.as(w.maite)
	at := "/people/" + string(w.maite) + "/codes"
	page := office.Get(at)
	k := key(t, page)
	letter := office.Post(at, "key", k, "way", "post")
	if letter.Header.Get("Content-Type") != "application/pdf" {
		t.Fatal(letter.StatusCode, trouble(letter.Body))
	}
	if again := office.Post(at, "key", k, "way", "post"); again.Header.Get("Location") != at {
		t.Error("the same form twice", again.StatusCode)
	}
	text := pdfText(t, letter.Body)
	for _, want := range []string{"Maïté Lambrecht", "rue Haute 12", "4000 Liège", "https://coop.example/sign-in/paper", "16 mars 2026", "Dynamo Coop"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
	code := regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}\b`).FindString(text)
	home := w.as("")
	if in := home.Post("/sign-in/paper", "code", code); in.StatusCode != http.StatusSeeOther {
		t.Fatal(code, in.StatusCode, trouble(in.Body))
	}
	if in := w.as("").Post("/sign-in/paper", "code", code); in.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(in.Body, "n’ouvre rien") {
		t.Error("a code is good twice", in.StatusCode)
	}
	if none := office.Post(at, "key", "other", "way", "pigeon"); none.StatusCode != http.StatusUnprocessableEntity {
		t.Error(none.StatusCode)
	}
	if legal := office.Get("/people/" + string(w.choir) + "/codes"); legal.StatusCode != http.StatusNotFound {
		t.Error(legal.StatusCode)
	}
}

// TestCodesOnPaperAreNotGuessed: a network address has so many tries, and then waits; its letters it asks for all the same.
func TestCodesOnPaperAreNotGuessed(t *testing.T) {
	w := newTown(t)
	w.pages.Callers = web.NewLimiter(web.Rate{Burst: 3, Every: time.Minute}, func() time.Time { return w.now })
	b := w.as("")
	for i, want := range []int{422, 422, 422, 429} {
		if got := b.Post("/sign-in/paper", "code", "0000 0000 0000").StatusCode; got != want {
			t.Errorf("try %d: %d", i, got)
		}
	}
	if sent := b.Post("/sign-in", "email", "aline@exemple.be"); sent.StatusCode != http.StatusSeeOther {
		t.Error("who mistypes a code gets no letter any more", sent.StatusCode)
	}
}

// TestWithoutAnAddressThereAreNoPasskeys: browsers keep none for a number, and the pages do not offer what cannot be.
func TestWithoutAnAddressThereAreNoPasskeys(t *testing.T) {
	w := newTown(t)
	for links, able := range map[string]bool{"": false, "http://127.0.0.1:8080": false, "http://localhost:8080": true} {
		w.pages.Links = links
		b := w.as(w.plain)
		if got := strings.Contains(w.as("").Get("/sign-in").Body, "data-passkey"); got != able {
			t.Errorf("%q: offered at the door: %t", links, got)
		}
		if got := b.Get("/me/passkeys/new").StatusCode == http.StatusOK; got != able {
			t.Errorf("%q: a new one is offered: %t", links, got)
		}
	}
}

func pdfText(t *testing.T, pdf string) string {
	t.Helper()
	return strings.Join(strings.Fields(programs.PDFText(t, []byte(pdf))), " ")
}
