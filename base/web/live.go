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
	"sync/atomic"
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

	// News goes to thousands of streams in waves, so that a post that comes meanwhile need not wait behind all of them.
	liveWaves     = 32
	liveWavePause = time.Millisecond
	liveFew       = 128 // streams that are told at once
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
	db   *store.DB
	log  *slog.Logger
	beat time.Duration // between two signs of life of a stream

	mu      sync.Mutex
	scenes  map[sceneKey]*scene
	streams map[*stream]bool
	of      map[string]int // streams of one person, or of one address
	opened  int64          // streams since the beginning
	waves   [liveWaves]chan struct{}
	follows bool // a goroutine follows the journal

	poke chan struct{} // somebody came or went
	done chan struct{}
	once sync.Once
}

// NewFeed makes the feed of a database. It does nothing while nobody watches. Close ends it.
func NewFeed(db *store.DB, log *slog.Logger) *Feed {
	f := &Feed{db: db, log: log, beat: streamBeat, scenes: map[sceneKey]*scene{}, streams: map[*stream]bool{},
		of: map[string]int{}, poke: make(chan struct{}, 1), done: make(chan struct{})}
	for i := range f.waves {
		f.waves[i] = make(chan struct{})
	}
	return f
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

	seen  int64                 // number of the last entry about it that the drawing knows of; -1 before the first
	drawn atomic.Pointer[event] // nil before the first drawing
}

// event is a drawing as it goes out, encoded once for all who watch.
type event struct {
	id    string // from its bytes: a browser that comes back with it has the same screen still
	bytes []byte
}

// now is the screen as it was drawn last; nil before that.
func (s *scene) now() *event { return s.drawn.Load() }

// watch finds a scene or begins it.
func (f *Feed) watch(s Scene, p *lang.Printer) *scene {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := sceneKey{s.Key, p.Tag}
	sc := f.scenes[key]
	if sc == nil {
		sc = &scene{Scene: s, printer: p, seen: -1}
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
	changed, err := f.drawAll(stale)
	if changed {
		f.tell()
	}
	return len(list), err
}

// drawAll draws some scenes, a few at once, and says whether any has changed. One that fails spares the others.
func (f *Feed) drawAll(list []*scene) (changed bool, err error) {
	var next atomic.Int64
	var drawers sync.WaitGroup
	var mu sync.Mutex
	for range liveDrawers {
		drawers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)); i = next.Add(1) - 1 {
				one, e := f.draw(list[i])
				mu.Lock()
				changed = changed || one
				if e != nil {
					err = e
				}
				mu.Unlock()
			}
		})
	}
	drawers.Wait()
	return changed, err
}

// news is closed when a wave of streams shall look at their scenes.
func (f *Feed) news(wave int) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.waves[wave]
}

// tell lets the streams look, wave after wave.
func (f *Feed) tell() {
	for i := range f.waves {
		f.mu.Lock()
		close(f.waves[i])
		f.waves[i] = make(chan struct{})
		many := len(f.streams) > liveFew
		f.mu.Unlock()
		if many {
			time.Sleep(liveWavePause)
		}
	}
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

// draw draws a scene anew, and says whether it has changed. An assertion that fails meanwhile is logged with its stack,
// and spares the other screens.
func (f *Feed) draw(sc *scene) (changed bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			changed, err = false, fmt.Errorf("%s: %w", sc.Key, err)
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
		return false, err
	}
	var drawn bytes.Buffer
	if err := c.Render(ctx, &drawn); err != nil {
		return false, err
	}
	sc.seen = seen
	next, last := newEvent(drawn.Bytes()), sc.now()
	if last != nil && last.id == next.id {
		return false, nil
	}
	sc.drawn.Store(next)
	return true, nil
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
