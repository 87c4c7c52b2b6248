package attendance

import (
	"testing"

	"pgregory.net/rapid"

	"lieux/base/store"
)

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"0123ABCD":    "0123ABCD",
		"0123 abcd":   "0123ABCD",
		" o1l3-AbCd ": "0113ABCD",
		"OI23ABCD":    "0123ABCD",
		"https://coop.example/card/ag-2026/0I23abcd":     "0123ABCD",
		"https://coop.example/card/ag-2026/0123ABCD?x=1": "0123ABCD",
		"0123\u00a0ABCD": "0123ABCD",
	} {
		if got, ok := ParseCode(text); !ok || got != want {
			t.Errorf("%q is read as %q, %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "0123ABC", "0123ABCDE", "0123ABCU", "Grégoire", "0123ABC!", "/"} {
		if got, ok := ParseCode(text); ok {
			t.Errorf("%q is read as a code, %q", text, got)
		}
	}
}

func TestCodesFollowFromTheSecret(t *testing.T) {
	one, two := newCoder([]byte("one")), newCoder([]byte("two"))
	if got, want := one.code(1), one.code(1); got != want || len(got) != CodeSigns {
		t.Errorf("the code of 1 is %q, then %q", got, want)
	}
	seen := map[string]int64{}
	for holder := range int64(10_000) {
		code := one.code(holder)
		if other, twice := seen[code]; twice {
			t.Errorf("%d and %d have the code %s", holder, other, code)
		}
		seen[code] = holder
		if parsed, ok := ParseCode(ShowCode(code)); !ok || parsed != code {
			t.Fatalf("%s is shown as %s and read as %s", code, ShowCode(code), parsed)
		}
	}
	if one.code(7) == two.code(7) {
		t.Error("another secret gives the same code")
	}
}

func TestTheCardLeadsToWhoVotes(t *testing.T) {
	both(t, func(h *house) {
		code := func(holder int64) (code string) {
			h.view(func(v store.Reader) (err error) {
				code, err = CodeOf(v, h.ag, holder)
				return err
			})
			return code
		}
		find := func(text string) (card Card, found bool) {
			h.view(func(v store.Reader) (err error) {
				card, found, err = ByCode(v, h.ag, text)
				return err
			})
			return card, found
		}
		if got := code(1); got != "" {
			t.Errorf("a code before any card is prepared: %q", got)
		}
		if _, found := find("0000 0000"); found {
			t.Error("a card before any is prepared")
		}
		h.do("attendance.prepare-cards", func(tx *store.Tx) error { return PrepareCards(tx, h.ag) })
		printed := code(3)
		if card, found := find(printed); !found || card.Holder != 3 || card.Voter != "" {
			t.Errorf("before the roll is frozen: %+v, %t", card, found)
		}
		h.freeze()
		if code(3) != printed {
			t.Error("freezing the roll changed a code that is printed")
		}
		if card, found := find(ShowCode(printed)); !found || card.Person != h.who["Chloé"] || card.Voter != "" {
			t.Errorf("nobody is there: %+v, %t", card, found)
		}
		h.carries(3, "Chloé", "Agathe")
		h.arrive("Agathe")
		if card, _ := find(printed); card.Voter != h.who["Agathe"] {
			t.Errorf("by proxy: %+v", card)
		}
		h.arrive("Dirk", 4)
		if card, _ := find(code(4)); card.Voter != h.who["Dirk"] || card.Person != h.who["Foyer"] {
			t.Errorf("the organisation: %+v", card)
		}
		h.do("attendance.correct", func(tx *store.Tx) error {
			return Correct(tx, Correction{Meeting: h.ag, Holder: 2, Struck: true, Why: "Démission."})
		})
		if card, found := find(code(2)); found {
			t.Errorf("a card of who is struck off: %+v", card)
		}
	})
}

func TestNoTextMakesACodeByAccident(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, ok := ParseCode(rapid.String().Draw(t, "text"))
		if again, still := ParseCode(code); ok && (!still || again != code) {
			t.Fatalf("%q is not its own reading: %q", code, again)
		}
	})
}
