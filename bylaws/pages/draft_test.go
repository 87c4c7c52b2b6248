package pages

import (
	"net/http"
	"testing"
)

// The secretariat writes the bylaws by hand: an article, a rule that mandatory law forbids, one that it allows, read back
// and kept; then the text is entered, and holds.
func TestBylawsByHand(t *testing.T) {
	h := newHouse(t)
	b := h.open(maite)
	has(t, b.Get("/bylaws"), http.StatusOK, `href="/bylaws/draft"`)
	has(t, b.Get("/bylaws/draft"), http.StatusOK, "Rien n’a encore été changé.", "CSA 6:85", "Ajouter un article")
	has(t, b.Get("/bylaws/draft/rule?key=notice"), http.StatusOK, "écrivez d’abord celui qui la dit")
	has(t, b.Get("/bylaws/draft/rule?key=nothing"), http.StatusNotFound)
	has(t, b.Get("/bylaws/draft/article"), http.StatusOK, "Numéro de l’article")
	done := func(path string, kv ...string) {
		t.Helper()
		if a := b.Post(path, kv...); a.StatusCode != http.StatusSeeOther {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
	}
	has(t, b.Post("/bylaws/draft/articles", "key", "a0", "title", "Voix"), http.StatusUnprocessableEntity, "Ce n’est pas enregistré")
	done("/bylaws/draft/articles", "key", "a1", "article", "7", "title", "Voix", "after", "Vingt jours avant l’assemblée.")
	notice := []string{"key-of", "notice", "rests-on", "7", "words", "Vingt jours."}
	has(t, b.Post("/bylaws/draft/rules", append(notice, "key", "r1", "v-days", "900")...), http.StatusUnprocessableEntity, "nombre entier")
	has(t, b.Post("/bylaws/draft/rules", append(notice, "key", "r2", "v-days", "20", "do", "read")...), http.StatusOK, "Désormais", "20 jours")
	has(t, b.Post("/bylaws/draft/rules", "key", "r3", "key-of", "decision.amendment.majority", "rests-on", "7", "v-threshold", "1/2",
		"v-threshold-how", "at least", "v-base", "cast", "v-tie", "rejected"), http.StatusUnprocessableEntity, "La loi l’interdit", "CSA 6:85")
	done("/bylaws/draft/rules", append(notice, "key", "r4", "v-days", "20")...)
	has(t, b.Get("/bylaws/draft"), http.StatusOK, "<ins>", "20 jours", "Inscrire les statuts")
	has(t, b.Get("/bylaws/draft/article?of=7"), http.StatusOK, "Vingt jours avant l’assemblée.")
	has(t, b.Post("/bylaws/draft/laying", "key", "l0"), http.StatusUnprocessableEntity, "Il manque la date.")
	done("/bylaws/draft/laying", "key", "l1", "in_force_on", "2016")
	has(t, b.Get("/bylaws"), http.StatusOK, "Vingt jours avant", "20 jours")
	has(t, b.Get("/bylaws/draft"), http.StatusOK, "Rien n’a encore été changé.")

	done("/bylaws/draft/articles", "key", "b1", "article", "8", "after", "Un article de plus.")
	done("/bylaws/draft/rules", "key", "b2", "key-of", "notice", "rests-on", "8", "v-days", "25")
	done("/bylaws/draft/rules/removal", "key", "b3", "key-of", "notice")
	has(t, b.Get("/bylaws/draft"), http.StatusOK, "Inscrire la modification")
	done("/bylaws/draft/articles/removal", "key", "b4", "article", "8")
	done("/bylaws/draft/articles", "key", "b5", "article", "9", "after", "Un autre article.")
	done("/bylaws/draft/adoption", "key", "b6", "title", "Un article 9", "adopted_on", "2017-05")
	has(t, b.Get("/bylaws/amendments/1"), http.StatusOK, "Un autre article.")
	done("/bylaws/draft/articles", "key", "c1", "article", "10", "after", "Rien.")
	done("/bylaws/draft/removal", "key", "c2")
	for _, who := range []string{"/bylaws/draft", "/bylaws/draft/article", "/bylaws/draft/rule?key=notice"} {
		has(t, h.open(jeanne).Get(who), http.StatusForbidden)
	}
}
