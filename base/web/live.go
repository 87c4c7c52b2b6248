package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/store"
)

// Limits of drawing live screens.
const (
	livePause    = 100 * time.Millisecond // between two rounds: a screen is drawn at most ten times a second
	liveAgain    = time.Second            // until a drawing that failed is tried again
	liveDeadline = 5 * time.Second        // of one drawing
	liveDrawers  = 2                      // drawings at once: the posts beside them need readers too
)

// Scene is what a live screen shows: one fragment, the same for everybody who watches it in one language.
type Scene struct {
	// Key names the fragment, as "wall/01JQ…": streams with the same key and language share one drawing. All on which
	// the drawing depends stands in it. A key for each person is possible and dear: a thousand phones are a thousand
	// drawings. Better one fragment for all, in which what is personal is fetched when the common part says so.
	Key string

	// About are the objects of the journal that are followed: after an act about one of them the fragment is drawn
	// anew. None: after each act. What leaves no line in the journal (DB.Touch) makes no news.
	About []store.Ref

	// Draw reads what is shown. It runs outside of any request: there is no person, only a language.
	Draw func(r store.Reader, p *lang.Printer) (templ.Component, error)
}

// Feed draws live screens and sends them to who watches, as server-sent events. It follows the journal: when an act
// about an object of a scene is durable, the scene is drawn once for each language, and goes out when it has changed.
// One feed serves the whole program.
type Feed struct {
	db  *store.DB
	log *slog.Logger

	mu      sync.Mutex
	scenes  map[sceneKey]*scene
	streams map[*stream]bool
	of      map[string]int // streams of one person, or of one address
	opened  int64          // streams since the beginning
	follows bool           // a goroutine follows the journal

	poke chan struct{} // somebody came or went
	done chan struct{}
	once sync.Once
}

// NewFeed makes the feed of a database. It does nothing while nobody watches. Close ends it.
func NewFeed(db *store.DB, log *slog.Logger) *Feed {
	return &Feed{db: db, log: log, scenes: map[sceneKey]*scene{}, streams: map[*stream]bool{}, of: map[string]int{},
		poke: make(chan struct{}, 1), done: make(chan struct{})}
}

// Close ends every stream; give it to http.Server.RegisterOnShutdown, which does not end them by itself.
func (f *Feed) Close() { f.once.Do(func() { close(f.done) }) }

// sceneKey names a drawing.
type sceneKey struct {
	key string
	tag lang.Tag
}

// scene is a fragment that somebody watches.
type scene struct {
	Scene
	printer  *lang.Printer
	watchers int // under Feed.mu

	mu    sync.Mutex
	seen  int64         // number of the last entry about it that the frame knows of; -1 before the first drawing
	frame *event        // nil before the first drawing
	news  chan struct{} // closed when the frame is replaced
}

// event is a drawing as it goes out, encoded once for all who watch.
type event struct {
	id    string // from its bytes: a browser that comes back with it has the same screen still
	bytes []byte
}

// now gives the frame, and what is closed when there is another.
func (s *scene) now() (*event, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frame, s.news
}

// watch finds a scene or begins it.
func (f *Feed) watch(s Scene, p *lang.Printer) *scene {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := sceneKey{s.Key, p.Tag}
	sc := f.scenes[key]
	if sc == nil {
		sc = &scene{Scene: s, printer: p, seen: -1, news: make(chan struct{})}
		f.scenes[key] = sc
	}
	sc.watchers++
	if !f.follows {
		f.follows = true
		go f.follow()
	}
	f.nudge()
	return sc
}

// leave forgets a scene with its last watcher.
func (f *Feed) leave(sc *scene) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if sc.watchers--; sc.watchers == 0 {
		delete(f.scenes, sceneKey{sc.Key, sc.printer.Tag})
		f.nudge()
	}
}

func (f *Feed) nudge() {
	select {
	case f.poke <- struct{}{}:
	default:
	}
}

// follow draws as the journal grows, until nobody watches.
func (f *Feed) follow() {
	stop := f.db.Listen()
	defer stop()
	pause, again := time.NewTimer(0), time.NewTimer(0)
	for {
		news := f.db.News() // asked for before the look, so that nothing slips between
		pause.Reset(livePause)
		watched, err := f.round()
		if watched == 0 {
			return
		}
		again.Stop()
		if err != nil {
			f.log.Error("live: a screen could not be drawn", "error", err)
			again.Reset(liveAgain)
		}
		select {
		case <-f.done:
			return
		case <-news:
		case <-f.poke:
		case <-again.C:
		}
		select {
		case <-f.done:
			return
		case <-pause.C:
		}
	}
}

// round draws what has moved since its last drawing. It gives the number of scenes that are watched; at none it has
// ended the following.
func (f *Feed) round() (watched int, err error) {
	f.mu.Lock()
	list := make([]*scene, 0, len(f.scenes))
	for _, sc := range f.scenes {
		list = append(list, sc)
	}
	f.follows = len(list) > 0
	f.mu.Unlock()
	stale, err := f.stale(list)
	if err != nil {
		return len(list), err
	}
	work, failed := make(chan *scene), make(chan error, liveDrawers)
	for range liveDrawers {
		go func() {
			var worst error
			for sc := range work {
				if err := f.draw(sc); err != nil {
					worst = err
				}
			}
			failed <- worst
		}()
	}
	for _, sc := range stale {
		work <- sc
	}
	close(work)
	for range liveDrawers {
		if e := <-failed; e != nil {
			err = e
		}
	}
	return len(list), err
}

// stale lists the scenes about which the journal has moved. An object that many scenes follow is asked after once.
func (f *Feed) stale(list []*scene) (stale []*scene, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), liveDeadline)
	defer cancel()
	err = f.db.View(ctx, func(v *store.View) error {
		known := map[store.Ref]int64{}
		for _, sc := range list {
			latest, err := sc.latest(v, known)
			if err != nil {
				return err
			}
			if latest > sc.seen { // only rounds write it, and one runs at a time
				stale = append(stale, sc)
			}
		}
		return nil
	})
	return stale, err
}

// latest is the number of the last entry about a scene; known holds what was asked before.
func (s *scene) latest(r store.Reader, known map[store.Ref]int64) (latest int64, err error) {
	if len(s.About) == 0 {
		head, err := store.Head(r)
		return head.Number, err
	}
	for _, ref := range s.About {
		n, asked := known[ref]
		if !asked {
			if n, err = store.Latest(r, ref); err != nil {
				return 0, err
			}
			known[ref] = n
		}
		latest = max(latest, n)
	}
	return latest, nil
}

// draw makes a scene's frame anew, and replaces the one that stands when it differs. An assertion that fails while
// drawing is logged with its stack, and spares the other screens.
func (f *Feed) draw(sc *scene) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", sc.Key, err)
		}
	}()
	ctx, cancel := context.WithTimeout(lang.With(context.Background(), sc.printer), liveDeadline)
	defer cancel()
	var seen int64
	var c templ.Component
	err = f.db.View(ctx, func(v *store.View) error {
		if seen, err = sc.latest(v, map[store.Ref]int64{}); err != nil {
			return err
		}
		c, err = sc.Draw(v, sc.printer)
		return err
	})
	if err != nil {
		return err
	}
	var drawn bytes.Buffer
	if err := c.Render(ctx, &drawn); err != nil {
		return err
	}
	sc.show(seen, newEvent(drawn.Bytes()))
	return nil
}

func (s *scene) show(seen int64, next *event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = seen
	if s.frame != nil && s.frame.id == next.id {
		return
	}
	s.frame = next
	close(s.news)
	s.news = make(chan struct{})
}

// newEvent encodes a fragment as one event: a line of data for each of its lines.
func newEvent(html []byte) *event {
	sum := sha256.Sum256(html)
	id := base32.StdEncoding.EncodeToString(sum[:10])
	var b bytes.Buffer
	b.Grow(len(html) + 128)
	b.WriteString("id: " + id + "\n")
	for line := range bytes.SplitSeq(html, []byte("\n")) {
		b.WriteString("data: ")
		b.Write(bytes.ReplaceAll(line, []byte("\r"), nil)) // a bare CR would end the line too
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	return &event{id, b.Bytes()}
}
