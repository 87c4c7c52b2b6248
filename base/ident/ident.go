// Package ident makes the ids of rows and checks the numbers that Belgium gives.
package ident

import (
	"io"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// Source makes sortable ids of 26 signs (ULID); ids made in one millisecond keep their order. Safe for concurrent
// use.
type Source struct {
	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
}

// NewSource takes its randomness from dice: crypto/rand in production, a seeded stream in the demo.
func NewSource(dice io.Reader) *Source {
	return &Source{entropy: ulid.Monotonic(dice, 0)}
}

// New makes the next id for a moment.
func (s *Source) New(at time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ulid.MustNew(ulid.Timestamp(at), s.entropy).String()
}

// Enterprise reads a Belgian enterprise number ("BE 0123.456.749", "0123456749"); ok when its check digits agree: the
// last two are 97 minus the first eight modulo 97. The result is ten figures.
func Enterprise(s string) (number string, ok bool) {
	figures := onlyFigures(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "BE"))
	if len(figures) == 9 {
		figures = "0" + figures
	}
	if len(figures) != 10 || figures[0] > '1' || figures[:2] == "00" || strings.Contains(figures, "x") {
		return figures, false
	}
	return figures, 97-mod97(figures[:8]) == mod100(figures[8:])
}

// FormatEnterprise writes ten figures as 0123.456.749.
func FormatEnterprise(n string) string {
	if len(n) != 10 {
		return n
	}
	return n[:4] + "." + n[4:7] + "." + n[7:]
}

func onlyFigures(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r == '.' || r == ' ' || r == '-' || r == '\u00a0' || r == '\u202f':
			return -1
		}
		return 'x'
	}, s)
}

func mod97(figures string) int {
	n := 0
	for _, c := range figures {
		n = (n*10 + int(c-'0')) % 97
	}
	return n
}

func mod100(figures string) int { return int(figures[0]-'0')*10 + int(figures[1]-'0') }
