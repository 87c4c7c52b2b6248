package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"lieux/base/fault"
)

// How long a session lives: so long after the last visit, and never longer than so long after signing in.
const (
	SessionIdle    = 12 * time.Hour
	SessionLongest = 7 * 24 * time.Hour
	sessionStep    = 15 * time.Minute // the last visit is noted no more often than this: most visits write nothing
	maxFlashes     = 5
)

const (
	keyPerson = "person"
	keyFor    = "for"
	keySince  = "since"
	keySeen   = "seen"
	keyHow    = "how"
	keyKey    = "key"
	keyCard   = "card"
	keyFlash  = "flash"
)

// Signed is what a session says: who signed in, on whose behalf they act, and since when. The application resolves
// it to a Who.
type Signed struct {
	Person string
	For    string // id of the body; empty when for themselves
	How    How
	Key    string // id of the passkey, when that is how
	Card   string // id of the meeting, when a card is how
	Since  time.Time
}

// NewSessions makes the session manager. Over plain http (secure false: a demonstration on this machine) the cookie
// can be neither Secure nor __Host-.
func NewSessions(store scs.Store, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = store
	m.Codec = codec{}
	m.Lifetime = SessionLongest
	m.HashTokenInStore = true // who reads the table cannot sign in with it
	m.Cookie.Name = "session"
	if secure {
		m.Cookie.Name = "__Host-session"
	}
	m.Cookie.Secure = secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	m.Cookie.Persist = true
	return m
}

// SignIn opens the session of a person of whom no more is known than that a letter reached them; on is the id of the
// body for which they act, or empty.
func (q *Request) SignIn(person, on string) error {
	return q.Enter(Signed{Person: person, For: on, How: ByEmail})
}

// Enter opens a session under a new token. What an earlier session of the browser said of a person is replaced.
func (q *Request) Enter(s Signed) error {
	ctx := q.Context()
	if err := q.site.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	now := q.site.Now().Unix()
	q.site.Sessions.Put(ctx, keyPerson, s.Person)
	q.site.Sessions.Put(ctx, keyFor, s.For)
	q.site.Sessions.Put(ctx, keyHow, string(s.How))
	q.site.Sessions.Put(ctx, keyKey, s.Key)
	q.site.Sessions.Put(ctx, keyCard, s.Card)
	q.site.Sessions.Put(ctx, keySince, now)
	q.site.Sessions.Put(ctx, keySeen, now)
	return nil
}

// ActFor changes the body for which the signed-in person acts; empty: for themselves. The application checks that
// they may.
func (q *Request) ActFor(body string) { q.site.Sessions.Put(q.Context(), keyFor, body) }

// SignOut ends the session, and the live screens that were open in it.
func (q *Request) SignOut() error {
	token := q.site.Sessions.Token(q.Context())
	err := q.site.Sessions.Destroy(q.Context())
	if err == nil && q.site.Feed != nil {
		q.site.Feed.end(token)
	}
	return err
}

// Remember keeps a small text in the session, as the steps of signing in need it; Recall reads it, Forget removes it.
func (q *Request) Remember(key, value string) { q.site.Sessions.Put(q.Context(), "app."+key, value) }

// Recall is what Remember kept, or nothing.
func (q *Request) Recall(key string) string {
	return q.site.Sessions.GetString(q.Context(), "app."+key)
}

// Forget removes what Remember kept.
func (q *Request) Forget(key string) { q.site.Sessions.Remove(q.Context(), "app."+key) }

// enter reads the session and asks the application who that is. A session whose person may no longer enter ends.
func (s *Site) enter(ctx context.Context) (Who, error) {
	person := s.Sessions.GetString(ctx, keyPerson)
	if person == "" {
		return Who{}, nil
	}
	since := time.Unix(s.Sessions.GetInt64(ctx, keySince), 0)
	seen := time.Unix(s.Sessions.GetInt64(ctx, keySeen), 0)
	now := s.Now()
	if now.Sub(since) > SessionLongest || now.Sub(seen) > SessionIdle {
		return Who{}, s.Sessions.Destroy(ctx)
	}
	how := How(s.Sessions.GetString(ctx, keyHow))
	who, err := s.Who(ctx, Signed{Person: person, For: s.Sessions.GetString(ctx, keyFor), How: how,
		Key: s.Sessions.GetString(ctx, keyKey), Card: s.Sessions.GetString(ctx, keyCard), Since: since})
	if err != nil {
		return Who{}, err
	}
	if !who.SignedIn() {
		return Who{}, s.Sessions.Destroy(ctx)
	}
	who.How = how
	fault.Must((how == ByCard) == (who.Card.Name != ""), "a session by %q sees the meeting %q", how, who.Card.Name)
	if now.Sub(seen) > sessionStep {
		s.Sessions.Put(ctx, keySeen, now.Unix())
	}
	return who, nil
}

// Flash is a message for the next page.
type Flash struct {
	Kind Kind
	Text string
}

func (s *Site) leaveFlash(ctx context.Context, f Flash) {
	left, _ := s.Sessions.Get(ctx, keyFlash).([]string)
	if len(left) >= maxFlashes {
		left = left[1:]
	}
	s.Sessions.Put(ctx, keyFlash, append(left, string(f.Kind)+"\t"+f.Text))
}

func (s *Site) takeFlashes(ctx context.Context) []Flash {
	left, _ := s.Sessions.Get(ctx, keyFlash).([]string)
	if len(left) == 0 {
		return nil
	}
	s.Sessions.Remove(ctx, keyFlash)
	flashes := make([]Flash, len(left))
	for i, l := range left {
		kind, text, _ := strings.Cut(l, "\t")
		flashes[i] = Flash{Kind(kind), text}
	}
	return flashes
}
