package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The two screens on which everything must be at ease.
const (
	deskWide, deskHigh   = 1280, 900
	phoneWide, phoneHigh = 390, 844
)

// stepTime is after how long one says that a step does not come. A shared machine may be slow: it asserts nothing.
const stepTime = time.Minute

// tab is a browser window of one person, with cookies of its own.
type tab struct {
	t     *testing.T
	ctx   context.Context
	base  string
	plain bool // scripts are off: values are typed, never set
	keys  bool // nothing is clicked: Tab, arrows, Space and Enter
	live  bool // the pages hold streams: what they break off when they are left is not the page that comes

	mu       sync.Mutex
	problems []string
}

// open opens a window on a house. What its console complains of fails the test.
func open(t *testing.T, h *house) *tab {
	t.Helper()
	needBrowser(t)
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	b := &tab{t: t, ctx: ctx, base: h.base}
	t.Cleanup(cancel)
	t.Cleanup(b.verdict)
	b.do(chromedp.EmulateViewport(deskWide, deskHigh))
	b.dark(false)
	if _, err := chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
		Headers: network.Headers{"Accept-Language": "fr-BE, fr"}}); err != nil {
		t.Fatal(err)
	}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if (m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException) && m.Source != "network" {
				b.noted(fmt.Sprintf("console: %s (%s)", m, m.URL))
			}
		}
	}()
	if err := chromedp.Listen(ctx, b.heard); err != nil {
		t.Fatal(err)
	}
	return b
}

// heard notes the parts of pages that do not come: a style, a font, a script. The status of pages is each step's
// affair.
func (b *tab) heard(event any) {
	if e, ok := event.(*network.EventResponseReceived); ok && e.Response.Status >= http.StatusBadRequest &&
		e.Type != network.ResourceTypeDocument {
		b.noted(fmt.Sprintf("%d for %s", e.Response.Status, e.Response.URL))
	}
}

func (b *tab) noted(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, s)
}

func (b *tab) verdict() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.t.Errorf("browser: %s", p)
	}
}

// entered opens a window and signs the person in by a link of the command line.
func entered(t *testing.T, h *house, person string) *tab {
	t.Helper()
	b := open(t, h)
	b.enters(h.loginLink(t, person))
	return b
}

// enters follows a sign-in link and presses its button. A person who represents a body enters for themselves.
func (b *tab) enters(link string) {
	b.t.Helper()
	b.goes(link)
	b.presses("Entrer")
	if b.at() == "/acting" {
		b.pressesForm()
	}
	if !b.has(`form[action="/sign-out"]`) {
		b.t.Fatalf("not signed in, at %s: %s", b.at(), b.text("main"))
	}
}

// do takes steps within a time.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx); err != nil { // the window itself knows no deadline
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("at %s: %v", b.where(), err)
	}
}

func ask[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		b.t.Fatalf("at %s: %v", b.where(), err)
	}
	return v
}

func (b *tab) where() string {
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return s
}

// at is the path of the page, without its query.
func (b *tab) at() string {
	u, err := url.Parse(b.where())
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Path
}

// goes opens an address and gives the page's status.
func (b *tab) goes(to string) int {
	b.t.Helper()
	if strings.HasPrefix(to, "/") {
		to = b.base + to
	}
	here := b.here()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.Navigate, page.NavigateParams{URL: to})
		return err
	}))
	return b.arrived(here)
}

// visits opens a page that must be there.
func (b *tab) visits(to string) {
	b.t.Helper()
	if status := b.goes(to); status != http.StatusOK {
		b.t.Fatalf("%s answers %d: %s", to, status, b.text("main"))
	}
}

// clicks clicks what opens another page and gives the page's status.
func (b *tab) clicks(selector string) int {
	b.t.Helper()
	if b.keys {
		b.reaches(selector)
		return b.strikes(kb.Enter)
	}
	if b.live {
		b.do(chromedp.WaitVisible(selector))
		return b.leaves(`document.querySelector(` + strconv.Quote(selector) + `).click()`)
	}
	here := b.here()
	b.do(chromedp.Click(selector))
	return b.arrived(here)
}

// leaves does what opens another page, waits until that one is whole, and gives its status. It asks the page itself:
// the browser tells of a stream that ends with its page as of the page, and of an address that a script writes as of
// a click that has arrived.
func (b *tab) leaves(how string) int {
	b.t.Helper()
	here := b.here()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](`void (`+how+`)`)); err != nil {
		b.t.Fatalf("at %s, %s: %v", b.where(), how, err)
	}
	return b.arrived(here)
}

// here is what tells this page, as it was loaded now, from every other.
func (b *tab) here() pageLoad {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[pageLoad](`({since: performance.timeOrigin, hash: location.hash})`))
}

type pageLoad struct {
	Since float64 `json:"since"`
	Hash  string  `json:"hash"`
}

// strikes sends keys that open another page, and gives its status.
func (b *tab) strikes(keys string) int {
	b.t.Helper()
	here := b.here()
	b.do(chromedp.KeyEvent(keys))
	return b.arrived(here)
}

// arrived waits for another page than that one, or another part of it, until it is whole, and gives its status.
func (b *tab) arrived(here pageLoad) int {
	b.t.Helper()
	js := fmt.Sprintf(`performance.timeOrigin == %s && location.hash == %q || document.readyState != "complete" ? 0 :
		performance.getEntriesByType("navigation")[0].responseStatus`, strconv.FormatFloat(here.Since, 'f', -1, 64), here.Hash)
	for deadline := time.Now().Add(stepTime); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		status, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](js))
		if err == nil && status != 0 { // while the pages change there is none to ask
			return status
		}
	}
	b.t.Fatalf("no other page came; at %s", b.where())
	return 0
}

// marking finds the first visible element of a kind that says these words and marks it, so that it can be clicked.
const marking = `(kind, words) => {
	const plain = s => s.replace(/[\s\u00a0\u202f]+/g, " ").trim()
	for (const e of document.querySelectorAll("[data-here]")) e.removeAttribute("data-here")
	const all = [...document.querySelectorAll(kind)].filter(e => e.checkVisibility() && plain(e.innerText ?? e.textContent).includes(words))
	const exact = all.find(e => plain(e.innerText ?? e.textContent) == words) ?? all[0]
	exact?.setAttribute("data-here", "")
	return exact !== undefined
}`

// marks finds what is clicked next, by its words.
func (b *tab) marks(kind, words string) {
	b.t.Helper()
	js := "(" + marking + ")(" + strconv.Quote(kind) + "," + strconv.Quote(plain(words)) + ")"
	if !ask(b, chromedp.Evaluate[bool](js)) {
		b.t.Fatalf("%s has no %s that says %q; it says: %s", b.where(), kind, words, cut(b.text("body")))
	}
}

// presses presses the button with these words and gives the status of the page that comes.
func (b *tab) presses(words string) int {
	b.t.Helper()
	b.marks("main button", words)
	return b.clicks("[data-here]")
}

// pressesForm presses the one button of the page's form.
func (b *tab) pressesForm() int {
	b.t.Helper()
	return b.clicks("main form.form .actions button")
}

// follows clicks the link with these words.
func (b *tab) follows(words string) {
	b.t.Helper()
	b.marks("main a", words)
	if status := b.clicks("[data-here]"); status != http.StatusOK {
		b.t.Fatalf("the link %q answers %d: %s", words, status, b.text("main"))
	}
}

// opensPerson goes to a person's record by the search that stands on every page.
func (b *tab) opensPerson(name string) {
	b.t.Helper()
	b.visits("/search?q=" + url.QueryEscape(name))
	b.follows(name)
	if !strings.HasPrefix(b.at(), "/people/") {
		b.follows("Toute la fiche")
	}
}

// types writes into the field with this name, as a person does: what was there goes first.
func (b *tab) types(name, text string) {
	b.t.Helper()
	sel := `main [name="` + name + `"]`
	if b.keys {
		b.reaches(sel)
		b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(2)), chromedp.KeyEvent(kb.Backspace), chromedp.KeyEvent(text))
		return
	}
	b.do(chromedp.Focus(sel), chromedp.KeyEvent("a", chromedp.KeyModifiers(2)), chromedp.KeyEvent(kb.Backspace))
	if text != "" {
		b.do(chromedp.SendKeys(sel, text))
	}
}

// dates gives a day (2017-06-30) to a field of dates. Without scripts it is typed, in the order of the browser's
// country.
func (b *tab) dates(name, day string) {
	b.t.Helper()
	field := `main [name="` + name + `"]`
	if !b.plain {
		b.do(chromedp.SetValue(field, day))
		return
	}
	for _, typed := range []string{day[8:] + day[5:7] + day[:4], day[5:7] + day[8:] + day[:4]} {
		if b.keys {
			b.reaches(field)
			b.do(chromedp.KeyEvent(typed))
		} else {
			b.do(chromedp.Focus(field), chromedp.KeyEvent(typed))
		}
		if b.value(name) == day {
			return
		}
		b.do(chromedp.Blur(field))
	}
	b.t.Fatalf("%s holds %q after typing %s", name, b.value(name), day)
}

// picks takes a choice: a radio button or a box by its value, or a line of a list.
func (b *tab) picks(name, value string) {
	b.t.Helper()
	box := `input[name="` + name + `"][value="` + value + `"]`
	if b.has(box) {
		b.ticks(box)
		return
	}
	if b.keys {
		list := `select[name="` + name + `"]`
		b.chooses(list, list+` option[value="`+value+`"]:checked`)
		return
	}
	b.do(chromedp.SetValue(`select[name="`+name+`"]`, value))
}

// ticks ticks a box or a round one. A page that is shown again scrolls to its notice just after it has come: a click
// that lands beside is made again.
func (b *tab) ticks(box string) {
	b.t.Helper()
	if b.keys {
		b.ticksByKeys(box)
		return
	}
	for range 3 {
		b.do(chromedp.Click(box))
		if b.has(box + ":checked") {
			return
		}
	}
	b.t.Fatalf("%s cannot be ticked at %s", box, b.where())
}

// value is what a field holds.
func (b *tab) value(name string) string {
	b.t.Helper()
	return ask(b, chromedp.Value(`main [name="`+name+`"]`))
}

// has says whether something is on the page.
func (b *tab) has(selector string) bool {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[bool](`document.querySelector(`+strconv.Quote(selector)+`)!==null`))
}

// text is what a part of the page says, with plain spaces.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return plain(ask(b, chromedp.Evaluate[string](`document.querySelector(`+strconv.Quote(selector)+`)?.innerText??""`)))
}

// sees checks that the page says all of this.
func (b *tab) sees(words ...string) {
	b.t.Helper()
	page := b.text("body")
	for _, w := range words {
		if !strings.Contains(page, plain(w)) {
			b.t.Errorf("%s does not say %q; it says: %s", b.where(), w, cut(page))
		}
	}
}

// misses checks that the page says none of this.
func (b *tab) misses(words ...string) {
	b.t.Helper()
	page := b.text("body")
	for _, w := range words {
		if strings.Contains(page, plain(w)) {
			b.t.Errorf("%s says %q: %s", b.where(), w, cut(page))
		}
	}
}

func cut(s string) string {
	const enough = 3000
	if len(s) > enough {
		return s[:enough] + "…"
	}
	return s
}

// phone and desk change the size of the window.
func (b *tab) phone() { b.t.Helper(); b.do(chromedp.EmulateViewport(phoneWide, phoneHigh)) }
func (b *tab) desk()  { b.t.Helper(); b.do(chromedp.EmulateViewport(deskWide, deskHigh)) }

// dark turns the machine's dark mode on or off.
func (b *tab) dark(on bool) {
	b.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value},
			{Name: "prefers-reduced-motion", Value: "reduce"}}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// withoutScripts turns JavaScript off for the pages of this window.
func (b *tab) withoutScripts() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true})
	if err != nil {
		b.t.Fatal(err)
	}
	b.plain = true
}

// picture takes a picture of the window for the guide, when pictures are wanted.
func (b *tab) picture(name string) {
	b.t.Helper()
	if !*takePictures {
		return
	}
	ask(b, chromedp.Evaluate[bool](`document.fonts.ready.then(()=>true)`, chromedp.EvalAwaitPromise))
	raw := ask(b, chromedp.CaptureScreenshot())
	dir := filepath.Join("..", "docs", "guide", "pictures")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), raw, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// click clicks what stays on its page.
func click(selector string) chromedp.Action[chromedp.Void] { return chromedp.Click(selector) }

// upload puts a file into a field.
func upload(selector, path string) chromedp.Action[chromedp.Void] {
	return chromedp.SetUploadFiles(selector, []string{path})
}

// asked is the answer of a script that gives texts.
func asked(b *tab, js string) []string {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[[]string](js))
}

// scroll brings a part of the page to the top of the window, as following its anchor does.
func scroll(selector string) chromedp.Action[chromedp.Void] { return chromedp.ScrollIntoView(selector) }
