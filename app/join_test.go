package app

import (
	"net/http"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/base/web/webtest"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// Who takes shares reads the price and the limits of a class before they type a number, in their language; a number
// outside of them is refused with the limit and its article.
func TestTheFormForSharesSaysPriceAndLimitsFirst(t *testing.T) {
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	v.act("register.reword-class", func(tx *store.Tx) error {
		classes, err := register.Classes(tx)
		if err != nil {
			return err
		}
		c := classes[0]
		c.Least, c.Most, c.Article = 2, 8, "Statuts 7"
		return register.Reword(tx, c)
	})
	for _, speaks := range []struct{ tag, first, few, many string }{
		{"fr", "250 € la part, de 2 à 8 parts par titulaire, soit de 500 € à 2 000 € Statuts 7",
			"au moins 2 parts par titulaire. Statuts 7", "au plus 8 parts par titulaire. Statuts 7"},
		{"nl", "€ 250 per aandeel, van 2 tot 8 aandelen per houder, dus van € 500 tot € 2.000 Statuts 7",
			"minstens 2 aandelen per houder. Statuts 7", "hoogstens 8 aandelen per houder toe. Statuts 7"},
		{"en", "€250 a share, from 2 to 8 shares per holder, so from €500 to €2,000 Statuts 7",
			"at least 2 shares per holder. Statuts 7", "at most 8 shares per holder. Statuts 7"},
	} {
		b := webtest.On(t, v.door)
		b.Header = http.Header{"Accept-Language": {speaks.tag}}
		text := says(t, b, "/join", speaks.first)
		if before, _, _ := strings.Cut(text, speaks.first); strings.Contains(before, "Nombre de parts") {
			t.Error("the limits stand behind the field:", text)
		}
		for shares, want := range map[string]string{"1": speaks.few, "9": speaks.many} {
			a := b.Post("/join", "kind", "natural", "purpose", "self", "family", "Essai", "given", "Odette", "email",
				"odette@courriel.exemple", "class", "A", "shares", shares)
			if page := plainWords(a.Body); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
				t.Errorf("%s shares: %d, %s", shares, a.StatusCode, page)
			}
		}
	}
}

// The office calls what is not paid up from everybody at once, by a decision that it writes down on the spot; a second
// look shows nobody, and each finds the request in their own space.
func TestTheOfficeCallsWhatIsNotPaidUp(t *testing.T) {
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	v.act("people.allow", func(tx *store.Tx) error {
		if _, err := people.Allow(tx, people.Grant{Person: v.who["Agathe"], Role: "office",
			From: civil.MustParse("2026-01-01")}); err != nil {
			return err
		}
		return payment.SetAccount(tx, payment.Account{From: civil.MustParse("2026-01-01"), IBAN: "BE68539007547034",
			Beneficiary: "Dynamo Coop"})
	})
	b := v.enters("Agathe")
	says(t, b, "/subscriptions/call?percent=25", "Appeler le solde", "Agathe", "2 500 €", "0 €", "625 €", "Bram", "Le Foyer",
		"3 titulaires", "1 875 €", "Appeler jusqu’à 25 %")
	var board string
	if err := v.db.View(t.Context(), func(r *store.View) error {
		bodies, err := people.Bodies(r)
		for _, one := range bodies {
			if one.Kind == people.Board {
				board = string(one.ID)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	form := []string{"key", "0000000000009", "percent", "25", "due-on", "2026-07-31", "decision-body", board,
		"decision-on", "2026-06-12", "decision-reference", "CA 2026-06, point 4"}
	if a := b.Post("/subscriptions/call", form[:6]...); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a call without a decision answers %d", a.StatusCode)
	}
	for range 2 { // sent twice, it asks once
		if a := b.Post("/subscriptions/call", form...); a.StatusCode != http.StatusSeeOther {
			t.Fatal(a.StatusCode, plainWords(a.Body))
		}
	}
	says(t, b, "/payments/dues", "Total", "1 875 €")
	says(t, b, "/subscriptions/call?percent=25", "Personne à appeler")
	says(t, v.enters("Bram"), "/my", "Payer 625 €, Appel du solde à libérer, jusqu’à 25 % de la valeur des parts")
	status(t, v.enters("Bram"), "/subscriptions/call", http.StatusForbidden)
}
