package web

import (
	"container/list"
	"sync"
	"time"

	"lieux/base/fault"
)

// maxKeys bounds what a limiter remembers: the caller seen longest ago is forgotten first, which is then as good as
// fresh.
const maxKeys = 10_000

// Rate is how often something may be tried: Burst times at once, then once each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// WrongCards is how many wrong codes of voting cards one network address may type. A whole hall comes from one address,
// so right ones do not count; forty bits leave who types one each two seconds for a day a chance in fifty thousand.
var WrongCards = Rate{Burst: 100, Every: 2 * time.Second}

// SignInPerCaller is how often one network address may ask for a letter, or try another way in, whatever the e-mail
// address: a hall of 450 stands behind one router and signs in within a quarter of an hour, half of it twice. How many
// letters go to one e-mail address is a rule of the people.
var SignInPerCaller = Rate{Burst: 600, Every: 2 * time.Second}

// Limiter holds a bucket of tries for each key: an e-mail address, a network address. It lives in memory and
// forgets when the program ends.
type Limiter struct {
	rate Rate
	now  func() time.Time

	mu      sync.Mutex
	buckets map[string]*list.Element
	recent  *list.List // of *bucket, the latest first
}

type bucket struct {
	key  string
	full time.Time // when the bucket will be full again
}

// NewLimiter makes a limiter on a clock.
func NewLimiter(rate Rate, now func() time.Time) *Limiter {
	fault.Must(rate.Burst > 0 && rate.Every > 0, "a rate of nothing: %+v", rate)
	return &Limiter{rate: rate, now: now, buckets: map[string]*list.Element{}, recent: list.New()}
}

// Try takes one try of a key. It returns nil, or TooMany with the wait until the next one, for a handler to return.
func (l *Limiter) Try(key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.bucket(key)
	if b.full.Before(now) {
		b.full = now
	}
	after := b.full.Add(l.rate.Every)
	if over := after.Sub(now) - time.Duration(l.rate.Burst)*l.rate.Every; over > 0 {
		return TooMany{over}
	}
	b.full = after
	return nil
}

// Full says, without taking a try, whether a key has none left: TooMany with the wait.
func (l *Limiter) Full(key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.bucket(key)
	if b.full.Before(now) {
		return nil
	}
	if over := b.full.Add(l.rate.Every).Sub(now) - time.Duration(l.rate.Burst)*l.rate.Every; over > 0 {
		return TooMany{over}
	}
	return nil
}

// bucket is the bucket of a key, now the latest; the one seen longest ago makes room.
func (l *Limiter) bucket(key string) *bucket {
	if e, ok := l.buckets[key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if l.recent.Len() >= maxKeys {
		oldest := l.recent.Back()
		delete(l.buckets, oldest.Value.(*bucket).key)
		l.recent.Remove(oldest)
	}
	b := &bucket{key: key}
	l.buckets[key] = l.recent.PushFront(b)
	return b
}
