package e2e

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The half-prepared assembly of the demonstration is convened, held and signed again: with the keyboard alone, and
// without JavaScript.
func TestAnEveningByKeyboardWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := attends(t, h, "Maïté Lambrecht")
	b.withoutScripts()
	b.keys = true
	name := coming(b)
	prepare(b, name)
	convene(b, name)
	opens(b, name)
	arrive(t, h, name, 30)
	arriveByKeyboard(b, name, "jeanne delvigne")
	withoutQuorum(b, name)
	step(b, name, "Études du chantier")
	b.picks("method", "unanimity")
	b.presses("Mettre aux voix")
	b.presses("Personne : clore à l’unanimité")
	b.sees("Adopté")
	b.ticks(`input[name="said"]`)
	b.presses("Proclamer")
	retains(b, name)
	secondCalled(b, name)
	closes(t, h, b, name, "Études du chantier")
	b.visits("/assemblies/" + name + "/minutes")
	b.sees("Quorum non atteint", "Études du chantier", "Revenir avec le coût du chantier", "signature")
}

// farTabs is how often Tab is pressed at most: more, and a page is a maze.
const farTabs = 300

// reaches presses Tab until the element has the focus, which must be seen on it.
func (b *tab) reaches(selector string) {
	b.t.Helper()
	there := `document.activeElement?.matches(` + strconv.Quote(selector) + `) ?? false`
	for range farTabs {
		if ask(b, chromedp.Evaluate[bool](there)) {
			if !ask(b, chromedp.Evaluate[bool](focused+`.seen`)) {
				b.t.Errorf("%s: one does not see that %s has the focus", b.where(), selector)
			}
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.t.Fatalf("%s: Tab does not reach %s", b.where(), selector)
}

// chooses goes to a round button, or a line of a list, with the arrows.
func (b *tab) chooses(group, chosen string) {
	b.t.Helper()
	b.reaches(group)
	const most = 60
	for range most {
		if b.has(chosen) {
			return
		}
		b.do(chromedp.KeyEvent(kb.ArrowDown))
	}
	b.t.Fatalf("%s: the arrows do not reach %s", b.where(), chosen)
}

// ticksByKeys ticks a box with Space; a round button is reached through its group.
func (b *tab) ticksByKeys(box string) {
	b.t.Helper()
	if b.has(box + `:checked`) {
		return
	}
	if b.has(box + `[type="radio"]`) {
		name := ask(b, chromedp.Evaluate[string](`document.querySelector(`+strconv.Quote(box)+`).name`))
		b.chooses(`input[name="`+name+`"]`, box+":checked")
		return
	}
	b.reaches(box)
	b.do(chromedp.KeyEvent(" "))
	if !b.has(box + ":checked") {
		b.t.Fatalf("%s: Space does not tick %s", b.where(), box)
	}
}
