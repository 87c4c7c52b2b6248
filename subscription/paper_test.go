package subscription_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/subscription"
)

var update = flag.Bool("update", false, "write the goldens anew")

// printed are ten blanks of a house with an account and three texts to agree to, drawn in a language.
func (h *house) printed(tag lang.Tag) (forms []subscription.Form, pdf []byte) {
	h.t.Helper()
	h.must("subscription.print", func(tx *store.Tx) (err error) {
		if _, known, err := payment.AccountOn(tx, tx.Today()); err != nil {
			return err
		} else if !known {
			if err := payment.SetAccount(tx, payment.Account{From: tx.Today(), IBAN: "BE68539007547034",
				Beneficiary: "La Brique partagée"}); err != nil {
				return err
			}
		}
		for _, kind := range subscription.Required {
			if _, err := people.Publish(tx, people.ConsentText{Kind: kind, Lang: tag, From: tx.Today(),
				Words: strings.Repeat("Un texte assez long pour ne pas tenir sur une seule ligne de la feuille. ",
					8)}); err != nil {
				return err
			}
		}
		forms, err = subscription.PrintForms(tx, h.class, tag, 10)
		return err
	})
	h.view(func(v *store.View) error {
		sheets, err := subscription.Sheets(v, forms[:1], "https://coop.example")
		if err != nil {
			return err
		}
		var b bytes.Buffer
		err = papers.PrintFillable(&b, sheets, papers.Meta{})
		pdf = b.Bytes()
		return err
	})
	return forms, pdf
}

// The sheet in three languages is drawn as its goldens, with its texts and its codes on one page.
func TestTheSheetIsDrawnAsItsGolden(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		for _, tag := range lang.Tags {
			_, pdf := h.printed(tag)
			got := programs.PDFText(t, pdf)
			file := "testdata/sheet-" + string(tag) + ".txt"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("%s (-golden +drawn)\n%s", tag, d)
			}
		}
	})
}

// A blank carries its number in a field, so that a returned file says which sheet it is.
func TestTheNumberOfASheetIsReadBack(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		forms, pdf := h.printed(lang.French)
		values, err := papers.ReadForm(pdf)
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := subscription.ReadNumber(values["number"]); !ok || n != forms[0].Number {
			t.Errorf("the file says %q, not %d", values["number"], forms[0].Number)
		}
	})
}

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]int64{"42": 42, "P-0042": 42, "p 42": 42, " p-0042 ": 42,
		"https://coop.example/subscriptions/paper/42": 42, "": 0, "P-": 0, "-3": 3, "0": 0, "P-12x": 0} {
		n, ok := subscription.ReadNumber(text)
		if ok != (want > 0) || ok && n != want {
			t.Errorf("%q reads as %d, %v", text, n, ok)
		}
	}
}

// What was filled in becomes what the entry screen shows; what reads as no day stays, for the screen to say so.
func TestFilledFieldsBecomeTheEntryScreen(t *testing.T) {
	got := subscription.Read(map[string]string{"kind": "legal", "name": "  Atelier  du Four ", "birth": "03021980",
		"signed-on": "31022026", "language": "NL", "shares": "4", "number": "P-0003"}, civil.MustParse("2026-11-22"))
	want := map[string]string{"kind": "legal", "purpose": "self", "name": "Atelier du Four", "birth": "1980-02-03",
		"signed-on": "31022026", "language": "nl", "shares": "4"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
