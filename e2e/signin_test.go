package e2e

import (
	"regexp"
	"strings"
	"testing"
)

// The printed link opens a page with a button; the link alone lets nobody in, and serves once.
func TestEnterByPrintedLink(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	link := h.printedLink(t, "secrétariat")
	b.visits(link)
	b.picture("entrer-bouton")
	b.visits("/bylaws")
	if b.at() != "/sign-in" {
		t.Fatalf("opening the link is enough to enter: at %s", b.at())
	}
	b.enters(link)
	if b.at() != "/" {
		t.Errorf("after entering, at %s", b.at())
	}
	b.sees("Bonjour Maïté")

	other := open(t, h)
	other.visits(link)
	if other.has(`form[action="/sign-in/link"]`) {
		other.presses("Entrer")
	}
	other.sees("ne vaut plus")
	if other.has(`form[action="/sign-out"]`) {
		t.Error("a link lets two people in")
	}

	b.clicks(`form[action="/sign-out"] button`)
	b.visits("/bylaws")
	if b.at() != "/sign-in" {
		t.Errorf("after leaving, at %s", b.at())
	}
}

// letter asks for a letter and reads the newest one in the outbox, in another window.
func letter(t *testing.T, h *house, b *tab, email string) (link, code string) {
	t.Helper()
	b.visits("/sign-in")
	b.types("email", email)
	b.pressesForm()
	b.sees("code")
	reader := open(t, h)
	reader.visits("/outbox")
	text := reader.text("pre.letter")
	link = regexp.MustCompile(`http://localhost:\d+/sign-in/link\?token=\S+`).FindString(text)
	code = codeIn(text)
	if link == "" || code == "" {
		t.Fatalf("the letter has no link or no code: %s", reader.text("main"))
	}
	return link, code
}

// codeIn is the code of eight figures in a letter.
func codeIn(letter string) string {
	return regexp.MustCompile(`\b\d{4} ?\d{4}\b`).FindString(letter)
}

// By letter: the link with its button on the machine where the letter is read.
func TestEnterByLetterLink(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.visits("/sign-in")
	b.picture("entrer")
	link, _ := letter(t, h, b, "Maite.Lambrecht@courriel.exemple")
	b.visits("/outbox")
	b.picture("boite-envoi")
	b.enters(link)
	b.sees("Bonjour Maïté")
}

// By letter: the code typed on the machine where one asked. A wrong code is refused and the right one still serves.
func TestEnterByLetterCode(t *testing.T) {
	t.Parallel()
	h := demo(t)
	enterByCode(t, h, open(t, h))
}

func enterByCode(t *testing.T, h *house, b *tab) {
	t.Helper()
	_, code := letter(t, h, b, "maite.lambrecht@courriel.exemple")
	b.picture("entrer-code")
	b.types("code", "0000 0000")
	b.presses("Entrer")
	b.sees("Le code n’est pas bon")
	if b.has(`form[action="/sign-out"]`) {
		t.Fatal("a wrong code lets in")
	}
	b.types("code", code)
	b.presses("Entrer")
	b.sees("Bonjour Maïté")
}

// An address that nobody has gets the same answer, and no letter.
func TestUnknownAddressIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	said := map[string]string{}
	for _, email := range []string{"maite.lambrecht@courriel.exemple", "personne@courriel.exemple"} {
		b.visits("/sign-in")
		b.types("email", email)
		b.pressesForm()
		said[b.text("main")] = email
	}
	if len(said) != 1 {
		t.Errorf("a known and an unknown address are told apart: %v", said)
	}
	b.visits("/outbox")
	b.misses("personne@courriel.exemple")
}

// One address of two people: the door asks who.
func TestSharedAddressAsksWho(t *testing.T) {
	t.Parallel()
	h := demo(t)
	office := entered(t, h, "Maïté Lambrecht")
	office.opensPerson("Clémence Jadot")
	office.visits(office.at() + "/contacts")
	office.picks("kind", "email")
	office.types("value", "maite.lambrecht@courriel.exemple")
	office.pressesForm()
	office.sees("maite.lambrecht@courriel.exemple")

	b := open(t, h)
	link, _ := letter(t, h, b, "maite.lambrecht@courriel.exemple")
	b.visits(link)
	b.presses("Entrer")
	if b.at() != "/sign-in/who" {
		t.Fatalf("after the letter of a shared address, at %s: %s", b.at(), b.text("main"))
	}
	b.sees("Clémence Jadot", "Maïté Lambrecht")
	b.picture("entrer-qui")
	b.marks("main label", "Clémence Jadot")
	b.do(click("[data-here]"))
	b.presses("Continuer")
	if said := b.text(".whoami"); !strings.Contains(said, "Clémence Jadot") {
		t.Errorf("the head of the page says %q, at %s", said, b.at())
	}
}

// Who represents a body is asked for whom, and the page goes on saying it.
func TestRepresentativeIsAskedForWhom(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.visits(h.printedLink(t, "coopératrice"))
	b.presses("Entrer")
	if b.at() != "/acting" {
		t.Fatalf("Jeanne Delvigne represents Terre & Feu and is not asked for whom: at %s", b.at())
	}
	b.sees("Jeanne Delvigne", "Terre & Feu")
	b.picture("entrer-pour-qui")
	b.marks("main label", "Terre & Feu")
	b.do(click("[data-here]"))
	b.presses("Continuer")
	if said := b.text(".whoami"); !strings.Contains(said, "Jeanne Delvigne") || !strings.Contains(said, "Terre & Feu") {
		t.Errorf("the head of the page says %q", said)
	}
}
