package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
)

// hall is a small server of the test's own: one page whose live part counts arrivals. Its address stays when it is
// started again.
type hall struct {
	t       *testing.T
	db      *store.DB
	address string
	site    *web.Site
	stop    func()
}

var theDoor = store.Ref{Kind: "meeting", ID: "ag-2026"}

func openHall(t *testing.T) *hall {
	t.Helper()
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{storetest.Shelf}})
	h := &hall{t: t, db: db, address: "127.0.0.1:0"}
	site, err := webtest.Site(t.Output(), []web.Who{{Person: "anne", Name: "Anne Delvaux", Lang: lang.French}},
		web.Chrome{})
	if err != nil {
		t.Fatal(err)
	}
	site.Now, site.Log = time.Now, slog.New(slog.DiscardHandler)
	site.Sessions = web.NewSessions(memstore.NewWithCleanupInterval(0), false) // they outlive the server, as in a database
	h.site = site
	h.start()
	t.Cleanup(func() { h.stop() })
	return h
}

func (h *hall) start() {
	h.t.Helper()
	feed := web.NewFeed(h.db, h.site.Log)
	h.site.Feed = feed
	server := web.Server(h.site.Handler(
		feed.Route("GET /hall/stream", web.Member, func(*web.Request) (web.Scene, error) {
			return web.Scene{Key: "hall", About: []store.Ref{theDoor}, Draw: drawHall}, nil
		}),
		web.Route{Pattern: "GET /hall", Allow: web.Member, Handle: h.page},
		web.Route{Pattern: "POST /hall/arrivals", Allow: web.Member, Handle: func(q *web.Request) error {
			h.arrives()
			return q.SeeOther("/hall")
		}},
		web.Route{Pattern: "GET /hall/mine", Allow: web.Member, Handle: func(q *web.Request) error {
			n, err := h.count()
			if err != nil {
				return err
			}
			return q.Page(templ.Raw(fmt.Sprintf("<p>pour %s après %d</p>", q.Who.Name, n)))
		}},
		web.Route{Pattern: "GET /enter", Allow: web.Public, Handle: func(q *web.Request) error {
			if err := q.SignIn("anne", ""); err != nil {
				return err
			}
			return q.SeeOther("/hall")
		}},
		web.Route{Pattern: "POST /sign-out", Allow: web.Member, Handle: func(q *web.Request) error {
			if err := q.SignOut(); err != nil {
				return err
			}
			return q.SeeOther("/")
		}},
	), h.site.Log)
	server.RegisterOnShutdown(feed.Close)
	listener, err := net.Listen("tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.address = listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	h.stop = sync.OnceFunc(func() {
		feed.Close()
		if err := errors.Join(server.Close(), <-served); !errors.Is(err, http.ErrServerClosed) {
			h.t.Error(err)
		}
	})
}

func (h *hall) arrives() {
	h.t.Helper()
	_, err := h.db.Act(h.t.Context(), store.By("anne", "attendance.arrive"), func(tx *store.Tx) error {
		tx.Record(store.Line{About: []store.Ref{theDoor}})
		return nil
	})
	if err != nil {
		h.t.Error(err)
	}
}

// count answers pages too, which may ask while the test ends.
func (h *hall) count() (n int64, err error) {
	err = h.db.View(context.Background(), func(v *store.View) (err error) {
		n, err = store.Latest(v, theDoor)
		return err
	})
	return n, err
}

func drawHall(r store.Reader, _ *lang.Printer) (templ.Component, error) {
	n, err := store.Latest(r, theDoor)
	return hallPart(n), err
}

func hallPart(n int64) templ.Component {
	return templ.Raw(fmt.Sprintf(`<p id="present">%d présents</p><p><label for="search">Chercher</label> `+
		`<input id="search" name="search"></p><details id="more"><summary>Détail</summary><p>%d</p></details>`, n, n))
}

func (h *hall) page(q *web.Request) error {
	n, err := h.count()
	if err != nil {
		return err
	}
	live := web.Live(web.Screen{ID: "hall", Stream: "/hall/stream", Page: "/hall"})
	form := templ.Raw(`<form method="post" action="/hall/arrivals"><button>Une arrivée</button></form>` +
		`<div id="mine" hx-get="/hall/mine" hx-trigger="shown from:#hall"></div>`)
	page := web.Page(web.Head{Title: "La salle", Live: true})
	return q.Page(holding(page, holding(live, hallPart(n)), form))
}

// holding draws a component with children, as a template does.
func holding(outer templ.Component, inner ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(inner...)), w)
	})
}

// opens opens the page in a window of its own.
func (h *hall) opens() *tab {
	h.t.Helper()
	b := open(h.t, &house{base: "http://" + h.address})
	b.goes("/enter")
	b.says("En direct")
	return b
}

// says waits until the state of the live part begins with these words.
func (b *tab) says(words string) {
	b.t.Helper()
	b.becomes(`[data-live-state]`, words)
}

// forgives takes complaints of the browser back that must come when a server is away; others stay.
func (b *tab) forgives(kind string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = slices.DeleteFunc(b.problems, func(p string) bool { return strings.Contains(p, kind) })
}

// becomes waits until a part of the page begins with these words.
func (b *tab) becomes(selector, words string) {
	b.t.Helper()
	var last string
	for deadline := time.Now().Add(stepTime); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if last = b.text(selector); strings.HasPrefix(last, plain(words)) {
			return
		}
	}
	b.t.Fatalf("%s says %q and never became %q", selector, last, words)
}

func TestALivePage(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	a, b := h.opens(), h.opens()
	t.Cleanup(func() { a.forgives("Failed to fetch"); b.forgives("Failed to fetch") })
	a.do(chromedp.SendKeys("#search", "Delv"), chromedp.Click("#more summary"), chromedp.Focus("#search"))

	b.presses("Une arrivée")
	a.becomes("#present", "1 présents")
	a.becomes("#mine", "pour Anne Delvaux après 1")
	if got := ask(a,
		chromedp.Evaluate[string](`document.activeElement.id+" "+document.activeElement.value`)); got != "search Delv" {
		t.Errorf("after the screen was drawn anew the cursor and what was typed are %q", got)
	}
	if !a.has("#more[open]") {
		t.Error("what was unfolded is folded again")
	}

	h.stop()
	a.says("Reconnexion…")
	h.arrives()
	h.start()
	a.says("En direct")
	a.becomes("#present", "2 présents")
	if got := a.value("search"); got != "Delv" {
		t.Errorf("after the server's absence the field holds %q", got)
	}

	// Five minutes with the lid closed: no timer ran, and the line is dead although nobody said so.
	ask(a, chromedp.Evaluate[bool](`(() => { const now = Date.now; Date.now = () => now() + 300000; return true })()`))
	a.says("Reconnexion…")
	a.says("En direct")
	h.arrives()
	a.becomes("#present", "3 présents")
}

func TestALivePageWithoutNetwork(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	a := h.opens()
	t.Cleanup(func() { a.forgives("Failed to fetch") })
	offline := func(is bool) {
		_, err := chromedp.Call(a.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: is,
			DownloadThroughput: -1, UploadThroughput: -1})
		if err != nil {
			t.Fatal(err)
		}
	}
	offline(true)
	h.stop()
	a.says("Hors ligne depuis " + time.Now().Format("15:"))
	h.arrives()
	h.start()
	offline(false)
	a.says("En direct")
	a.becomes("#present", "1 présents")
}

func TestALivePageWhoseSessionEnds(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	a := h.opens()
	ask(a, chromedp.Evaluate[bool](`fetch("/sign-out", {method: "POST", redirect: "manual"}).then(() => true)`,
		chromedp.EvalAwaitPromise))
	a.says("Votre session est terminée.")
	a.sees("0 présents", "S’identifier")
	if !a.has(`.live__state a[href="/sign-in?next=%2Fhall"]`) {
		t.Error("no way back to the page by signing in")
	}
}

func TestALivePageWithoutScripts(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	b := open(t, &house{base: "http://" + h.address})
	b.withoutScripts()
	b.goes("/enter")
	b.sees("0 présents", "Actualiser la page")
	b.misses("En direct")
	h.arrives()
	b.follows("Actualiser la page")
	b.sees("1 présents")
}
