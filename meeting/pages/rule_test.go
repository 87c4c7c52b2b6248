package pages

import (
	"net/http"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
)

// An amendment brings a rule by clicking: the secretary picks it, sees what holds and what the law says by itself, types
// a value that the law forbids, then one that it allows, reads it back, keeps it, and takes it away again.
func TestARuleOfAnAmendment(t *testing.T) {
	h := newHouse(t)
	var matter meeting.MatterID
	h.act("meeting.draft", func(tx *store.Tx) error {
		_, err := meeting.Draft(tx, meeting.Meeting{Name: "ag-2026", Body: h.bodies[people.Assembly], Title: "AG 2026",
			Language: "fr", StartsAt: civil.At(h.now.AddDate(0, 2, 0)), Items: []meeting.Item{{Number: "1", Title: "Statuts",
				Matters: []meeting.Matter{{Kind: assembly.BylawsChange, Title: "Voix"}}}}})
		if err != nil {
			return err
		}
		m, _, err := meeting.ByName(tx, "ag-2026")
		matter = m.Items[0].Matters[0].ID
		return err
	})
	b := h.open(maite)
	at := "/meetings/ag-2026/agenda/matters/" + string(matter)
	has(t, b.Get(at), http.StatusOK, "Règles que change ce texte", at+"/rules/new")
	has(t, b.Get(at+"/rules/new"), http.StatusOK, "Poids des voix")
	has(t, b.Get(at+"/rules/new?key=nothing"), http.StatusNotFound)
	majority := string(bylaws.Amendment.Majority())
	page := b.Get(at + "/rules/new?key=" + majority)
	has(t, page, http.StatusOK, "CSA 6:85", "20 · Voix", "trois quarts", `value="3/4"`)
	weight := b.Get(at + "/rules/new?key=vote.weight")
	has(t, weight, http.StatusOK, "La loi, par elle-même", "CSA 6:41")

	send := func(key string, kv ...string) string {
		t.Helper()
		a := b.Post(at+"/rules", append([]string{"key", key, "key-of", majority, "rests-on", "20", "words", "Quatre cinquièmes.",
			"v-base", "cast", "v-tie", "rejected", "v-threshold-how", "at least"}, kv...)...)
		if a.StatusCode == http.StatusSeeOther {
			return a.Header.Get("Location")
		}
		return a.Body
	}
	if body := send("k1", "v-threshold", "2/3"); !strings.Contains(body, "La loi l’interdit") || !strings.Contains(body, "CSA 6:85") {
		t.Errorf("two thirds: %s", body)
	}
	if body := send("k2", "v-threshold", "80 %", "do", "read"); !strings.Contains(body, "Désormais") ||
		!strings.Contains(body, "quatre cinquièmes") {
		t.Errorf("read back: %s", body)
	}
	if len(h.rules(matter)) > 0 {
		t.Error("reading back keeps nothing")
	}
	if to := send("k3", "v-threshold", "80 %"); to != at+"#rules" {
		t.Errorf("kept: %s", to)
	}
	kept := h.rules(matter)
	if len(kept) != 1 || kept[0].Article != "Statuts 20" || !strings.Contains(string(kept[0].Value), "at least 4/5") {
		t.Fatalf("%+v", kept)
	}
	has(t, b.Get(at), http.StatusOK, "cinquièmes", "désormais")
	has(t, b.Get("/meetings/ag-2026"), http.StatusOK, "cinquièmes")
	has(t, b.Get(at+"/rules/new?key="+majority), http.StatusOK, `value="4/5"`, "Quatre cinquièmes.")
	if a := b.Post(at+"/rules/removal", "key", "k4", "key-of", majority); a.StatusCode != http.StatusSeeOther || len(h.rules(matter)) > 0 {
		t.Errorf("taken away: %d %+v", a.StatusCode, h.rules(matter))
	}
	has(t, h.open(jeanne).Get(at+"/rules/new"), http.StatusForbidden)
}

func (h house) rules(id meeting.MatterID) (rules []bylaws.Rule) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(v *store.View) error {
		x, err := meeting.MatterByID(v, id)
		rules = x.Rules
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return rules
}
