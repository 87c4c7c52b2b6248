package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"lieux/base/civil"
	"lieux/base/mail"
)

// Post takes letters. Sign-in links leave at once and are not durable on purpose: who got none asks again, and no token
// lies in the database. The letters of the rooms are durable there; a job hands each over and waits for the answer.
type Post interface {
	Leave(mail.Letter)
	// Hand gives what the server answered when it took the letter.
	Hand(context.Context, mail.Letter) (answer string, err error)
}

// Limits of the post.
const (
	outboxLetters = 200
	postQueue     = 1000
	postTries     = 3
	postPause     = 5 * time.Second
	postDeadline  = 30 * time.Second
)

// Outbox keeps the letters of the demonstration to be read on screen; nothing leaves the machine.
type Outbox struct {
	Now func() time.Time

	mu      sync.Mutex
	letters []kept
}

// kept is a letter in the outbox.
type kept struct {
	mail.Letter
	at civil.Instant
}

// Leave keeps a letter; the oldest makes room.
func (o *Outbox) Leave(l mail.Letter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.letters = append(o.letters, kept{l, civil.At(o.Now())})
	if len(o.letters) > outboxLetters {
		o.letters = slices.Delete(o.letters, 0, len(o.letters)-outboxLetters)
	}
}

// Hand keeps the letter as [Outbox.Leave] does; a letter that must not leave as it is stays no letter.
func (o *Outbox) Hand(_ context.Context, l mail.Letter) (string, error) {
	if err := l.Check(); err != nil {
		return "", err
	}
	o.Leave(l)
	return "outbox", nil
}

// All are the letters, newest first.
func (o *Outbox) All() []kept {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := slices.Clone(o.letters)
	slices.Reverse(list)
	return list
}

// Postman sends letters behind the reader's back, so that an answer takes as long whether a letter leaves or not.
type Postman struct {
	sender *mail.SMTP
	log    *slog.Logger
	queue  chan mail.Letter
}

// NewPostman sends until ctx ends.
func NewPostman(ctx context.Context, sender *mail.SMTP, log *slog.Logger) *Postman {
	p := &Postman{sender: sender, log: log, queue: make(chan mail.Letter, postQueue)}
	go p.run(ctx)
	return p
}

// Leave hands a letter over; when the queue is full it is lost, and the log says that one was.
func (p *Postman) Leave(l mail.Letter) {
	select {
	case p.queue <- l:
	default:
		p.log.Error("post: too many letters wait; one is lost")
	}
}

// Hand sends a letter and waits for the server's answer.
func (p *Postman) Hand(ctx context.Context, l mail.Letter) (string, error) {
	limited, cancel := context.WithTimeout(ctx, postDeadline)
	defer cancel()
	return p.sender.Hand(limited, l)
}

func (p *Postman) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case l := <-p.queue:
			p.send(ctx, l)
		}
	}
}

func (p *Postman) send(ctx context.Context, l mail.Letter) {
	for try := 1; ; try++ {
		limited, cancel := context.WithTimeout(ctx, postDeadline)
		err := p.sender.Send(limited, l)
		cancel()
		if err == nil {
			return
		}
		if try == postTries || mail.Permanent(err) || errors.Is(err, mail.ErrLetter) {
			p.log.Error("post: a letter did not leave", "error", err)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(postPause):
		}
	}
}
