package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"lieux/base/lang"
)

// Limits of a letter.
const (
	MaxSubject = 200     // signs
	MaxBody    = 1 << 19 // bytes of the text, and of the HTML
	maxAddress = 254     // RFC 5321, 4.5.3.1.3
	maxID      = 128
	maxMemory  = 10_000 // letters that Memory keeps
)

// Letter is one letter to one address.
type Letter struct {
	ID      string // of the job, for the Message-ID; may be empty
	To      string // the address alone: jeanne@example.be
	Lang    lang.Tag
	Subject string
	Text    string
	HTML    string // the same in HTML; may be empty
}

// Outbox is the answer of a program that keeps its letters with itself: the demonstration, which has no mail server.
const Outbox = "outbox"

// Sender sends a letter, or says why it could not: [Permanent] tells whether trying again is of any use.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// ErrLetter is the ground of every letter that must not leave as it is.
var ErrLetter = errors.New("mail: no letter")

// Check says what is wrong with a letter; nil when it may leave. The error does not name the address.
func (l Letter) Check() error {
	wrong := func(what string) error { return fmt.Errorf("%w: %s", ErrLetter, what) }
	switch {
	case !Address(l.To):
		return wrong("the address is none, or more than one")
	case strings.TrimSpace(l.Subject) == "":
		return wrong("no subject")
	case !oneLine(l.Subject):
		return wrong("the subject holds a sign that ends a line or cannot be seen")
	case utf8.RuneCountInString(l.Subject) > MaxSubject:
		return wrong(fmt.Sprintf("the subject is longer than %d signs", MaxSubject))
	case strings.TrimSpace(l.Text) == "":
		return wrong("no text")
	case len(l.Text) > MaxBody || len(l.HTML) > MaxBody:
		return wrong(fmt.Sprintf("a body is longer than %d bytes", MaxBody))
	case !utf8.ValidString(l.Text) || !utf8.ValidString(l.HTML) || strings.ContainsRune(l.Text+l.HTML, 0):
		return wrong("a body is no text")
	case len(l.ID) > maxID || strings.ContainsFunc(l.ID, func(r rune) bool { return !plain(r) }):
		return wrong("the id holds more than letters, figures, dots and dashes")
	case !lang.Known(string(l.Lang)):
		return wrong("no language")
	}
	return nil
}

// Address says whether a text is one e-mail address and nothing else: no name, no comment, no list.
func Address(s string) bool {
	if len(s) > maxAddress || !oneLine(s) {
		return false
	}
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at <= 64 && strings.Contains(s[at+1:], ".") && !strings.ContainsAny(s, " \"()[]<>,;:\\")
}

func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	})
}

func plain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_'
}

// Memory keeps letters instead of sending them: for tests. The zero value is ready. It is safe for concurrent use.
type Memory struct {
	Fail error // when set, Send returns it and keeps nothing

	mu   sync.Mutex
	sent []Letter
}

// Send keeps the letter.
func (m *Memory) Send(_ context.Context, l Letter) error {
	if err := l.Check(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Fail != nil {
		return m.Fail
	}
	if len(m.sent) >= maxMemory {
		return errors.New("mail: the memory is full")
	}
	m.sent = append(m.sent, l)
	return nil
}

// Sent is what was sent, in order.
func (m *Memory) Sent() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sent)
}
