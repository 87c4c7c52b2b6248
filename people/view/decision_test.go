package view

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/people"
)

// hall is a cooperative with a board that has decided once, and a group that has too.
type hall struct {
	t                   *testing.T
	db                  *store.DB
	p                   *lang.Printer
	board, group        people.BodyID
	admitted, elsewhere people.DecisionID
}

func newHall(t *testing.T, db *store.DB) *hall {
	h := &hall{t: t, db: db, p: printer(t)}
	h.act(func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Form: "SC", Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		if err != nil {
			return err
		}
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		h.board = board.ID
		h.group, err = people.OpenBody(tx, people.Body{Kind: people.Group, Name: "Café", From: civil.MustParse("2020-01-01")})
		return err
	})
	decide := func(body people.BodyID, on, reference string) (id people.DecisionID) {
		h.act(func(tx *store.Tx) (err error) {
			id, err = people.Decide(tx, people.Decision{Body: body, On: civil.MustParse(on), Reference: reference})
			return err
		})
		return id
	}
	h.admitted = decide(h.board, "2026-02-03", "CA 2026-02, point 4")
	h.elsewhere = decide(h.group, "2026-02-04", "Café, point 1")
	return h
}

func printer(t *testing.T) *lang.Printer {
	t.Helper()
	book, err := lang.NewBook(web.Phrases, people.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	return book.In(lang.French)
}

func (h *hall) act(fn func(*store.Tx) error) {
	h.t.Helper()
	if _, err := h.db.Act(h.t.Context(), store.By("", "people.decide"), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) see(fn func(*store.View) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// take reads a form with these names and values.
func (h *hall) take(d Deciding, kv ...string) (g Ruling, f *web.Form) {
	values := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		values.Set(kv[i], kv[i+1])
	}
	f = web.NewForm(values)
	h.see(func(v *store.View) (err error) { g, err = d.Take(v, f); return err })
	return g, f
}

// record is the act that rests on the decision.
func (h *hall) record(g Ruling) (id people.DecisionID, err error) {
	_, err = h.db.Act(h.t.Context(), store.By("", "people.decide"), func(tx *store.Tx) (err error) {
		id, err = g.Record(tx)
		tx.Record(store.Line{About: []store.Ref{h.board.Ref()}, Args: map[string]any{"taken_on": "2026-03-09"}})
		return err
	})
	return id, err
}

func (h *hall) offered(d Deciding) (c DecisionChoice) {
	h.see(func(v *store.View) (err error) { c, err = d.Offer(v, h.p, nil); return err })
	return c
}

// both runs a story in the hall on both engines, on 9 March 2026.
func both(t *testing.T, story func(t *testing.T, h *hall)) {
	o := store.Options{Rooms: []store.Room{people.Room}, Clock: func() time.Time {
		return time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)
	}}
	storetest.BothWith(t, o, func(t *testing.T, db *store.DB) { story(t, newHall(t, db)) })
}

func TestMain(m *testing.M) { storetest.Main(m) }

var needed = Deciding{Name: "ruling", Need: true}

// An act names a decision of the board: one that is known, or one that is written down with the act and is known from
// then on.
func TestDeciding(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		if c := h.offered(needed); len(c.Known) != 1 || !strings.Contains(c.Known[0].Label, "CA 2026-02, point 4") ||
			c.unfolded(nil) {
			t.Errorf("the board's decision is offered alone, folded: %+v", c.Known)
		}
		wide := Deciding{Name: "x", By: []people.BodyKind{people.Board, people.Group}}
		if c := h.offered(wide); len(c.Known) != 2 || !strings.Contains(c.Known[0].Label, "Café") || len(c.Bodies) != 2 {
			t.Errorf("with the groups: %+v of %+v", c.Known, c.Bodies)
		}
		g, f := h.take(needed, "ruling", string(h.admitted))
		if id, err := h.record(g); !f.OK() || err != nil || id != h.admitted {
			t.Errorf("the chosen one: %v %v %v", f.Problems(), id, err)
		}
		g, f = h.take(Deciding{Name: "ruling"})
		if id, err := h.record(g); !f.OK() || !g.None() || err != nil || id != "" {
			t.Errorf("none, where none is needed: %v %q %v", f.Problems(), id, err)
		}

		made, f := h.take(needed, "ruling-on", "2026-03-06", "ruling-reference", "CA du 6 mars, point 2", "ruling-wording", "Admis.")
		id, err := h.record(made)
		if !f.OK() || err != nil {
			t.Fatal(f.Problems(), err)
		}
		if c := h.offered(needed); len(c.Known) != 2 || c.Known[0].Value != string(id) {
			t.Errorf("it is offered from then on, first: %+v", c.Known)
		}
		h.see(func(v *store.View) error {
			words, href, err := DecisionWords(v, h.p, id)
			if !strings.Contains(words, "mars 2026") || !strings.Contains(words, "point 2") ||
				href != "/bodies/"+string(h.board)+"#"+string(id) {
				t.Errorf("in words: %q, %q", words, href)
			}
			return err
		})
	})
}

// Two at once, none where one is needed, one of another body, half a decision: the form comes back, and says where.
func TestDecidingRefuses(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		for _, c := range []struct {
			code, field string
			kv          []string
		}{
			{"people.refusal.no-decision", "ruling", nil},
			{"people.refusal.unknown-decision", "ruling", []string{"ruling", "none"}},
			{"people.refusal.unknown-decision", "ruling", []string{"ruling", string(h.elsewhere)}},
			{"people.refusal.decision-twice", "ruling", []string{"ruling", string(h.admitted), "ruling-reference", "CA"}},
			{"web.field.required", "ruling-on", []string{"ruling-reference", "CA du 6 mars, point 2"}},
			{"web.field.required", "ruling-reference", []string{"ruling-on", "2026-03-06"}},
			{"web.field.not-date", "ruling-on", []string{"ruling-on", "vendredi", "ruling-reference", "CA"}},
		} {
			if _, f := h.take(needed, c.kv...); !fault.Is(f.Problems(), c.code) || !f.Has(c.field) {
				t.Errorf("%v gives %v, not %s at %s", c.kv, f.Problems(), c.code, c.field)
			}
		}
		late, _ := h.take(needed, "ruling-on", "2027-01-01", "ruling-reference", "CA")
		if _, err := h.record(late); !fault.Is(err, "people.refusal.future") || fault.Of(err)[0].Field != "ruling-on" {
			t.Errorf("a decision to come is refused beside its field: %v", err)
		}
	})
}

// Without a decision to choose from, the fields of a new one stand open; with some, the choice comes first.
func TestDecisionField(t *testing.T) {
	draw := func(c DecisionChoice) string {
		var b strings.Builder
		ctx := lang.With(t.Context(), printer(t))
		if err := DecisionField(web.NewForm(nil), web.Spec{}, c).Render(ctx, &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	bodies := []web.Option{{Value: "b", Label: "Organe d’administration"}}
	first := draw(DecisionChoice{Deciding: Deciding{Name: "by", Need: true}, Bodies: bodies})
	if strings.Contains(first, "<select") || !strings.Contains(first, `name="by-on"`) || !strings.Contains(first, "required") {
		t.Errorf("the first decision: %s", first)
	}
	later := draw(DecisionChoice{Deciding: Deciding{Name: "by"}, Bodies: append(bodies, web.Option{Value: "c", Label: "Café"}),
		Known: []web.Option{{Value: "d", Label: "CA 1"}}})
	if !strings.Contains(later, `<select id="by" name="by"`) || !strings.Contains(later, `name="by-body"`) ||
		!strings.Contains(later, "<details><summary>") {
		t.Errorf("a later one: %s", later)
	}
}
