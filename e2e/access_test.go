package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Without JavaScript everything works: entering, the minutes, the search, the question of two dates.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.withoutScripts()
	enterByCode(t, h, b)
	readMinutes(b)
	findGregoire(b)
	askTwoDates(b)
}

// By keyboard alone: every step is reached with Tab, what has the focus is seen to have it, and Enter does it.
func TestByKeyboardAlone(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.visits("/sign-in")
	b.tabsTo("Adresse de courriel")
	b.do(chromedp.KeyEvent("maite.lambrecht@courriel.exemple"))
	b.strikes(kb.Enter)
	reader := open(t, h)
	reader.visits("/outbox")
	code := codeIn(reader.text("pre.letter"))
	b.tabsTo("Code")
	b.do(chromedp.KeyEvent(code))
	b.strikes(kb.Enter)
	b.sees("Bonjour Maïté")

	b.tabsTo("Aller au contenu")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.tabsTo("Assemblée générale ordinaire de juin 2017")
	b.strikes(kb.Enter)
	b.tabsTo("Lire le procès-verbal")
	b.strikes(kb.Enter)
	holdsFacts(t, "the screen", b.text("main"))

	b.tabsTo("Rassembler")
	b.strikes(kb.Enter)
	b.tabsTo("Nom, numéro, commune")
	b.do(chromedp.KeyEvent("gregoire delhez"))
	b.strikes(kb.Enter)
	b.tabsTo("Delhez, Grégoire")
	b.strikes(kb.Enter)
	b.sees("Grégoire Delhez", "Mouvements")

	b.tabsTo("Quitter")
	b.strikes(kb.Enter)
	if b.has(`form[action="/sign-out"]`) {
		t.Error("still signed in")
	}
}

// maxTabs bounds how far one must go on a page.
const maxTabs = 120

// focused says what has the focus and whether one sees it. The parts of a field of dates and the stones of the ring
// show it in their own way.
const focused = `(() => {
	const plain = s => (s ?? "").replace(/[\s\u00a0\u202f]+/g, " ").trim()
	const e = document.activeElement
	if (!e || e === document.body) return {words: "", seen: true}
	const label = e.labels?.length ? [...e.labels].map(l => l.innerText).join(" ") : ""
	const style = getComputedStyle(e), box = e.getBoundingClientRect()
	return {words: plain(e.getAttribute("aria-label") || label || e.innerText || e.textContent || e.value),
		seen: e.type == "date" || e instanceof SVGElement || style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2 && box.bottom > 0 && box.top < innerHeight}
})()`

// tabsTo presses Tab until what says these words has the focus.
func (b *tab) tabsTo(words string) {
	b.t.Helper()
	for range maxTabs {
		b.do(chromedp.KeyEvent(kb.Tab))
		on := ask(b, chromedp.Evaluate[struct {
			Words string `json:"words"`
			Seen  bool   `json:"seen"`
		}](focused))
		if !on.Seen {
			b.t.Errorf("%s: one does not see that %q has the focus", b.where(), on.Words)
		}
		if len(on.Words) >= len(words) && on.Words[:len(words)] == words {
			return
		}
	}
	b.t.Fatalf("%s: %q is not reached with Tab", b.where(), words)
}
