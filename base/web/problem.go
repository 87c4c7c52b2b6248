package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lieux/base/fault"
	"lieux/base/lang"
)

// errForeign is a form that another site sent in the person's name.
var errForeign = errors.New("web: a request from another site")

// errOtherMeeting is a card that was shown at the door of another meeting.
var errOtherMeeting = errors.New("web: the card of another meeting")

// ErrWeak is what [Request.NeedStrong] returns to who shares an e-mail address with others and must enter otherwise; a
// handler that learned it from a verb returns it too.
var ErrWeak = errors.New("web: signed in by a shared address")

// forbidden is a route that the person's roles do not open.
type forbidden struct{ allow Rights }

func (f forbidden) Error() string { return "web: forbidden" }

// TooMany is the error of a rate limit: 429, and after how long to come back.
type TooMany struct{ Wait time.Duration }

// Error is for the log.
func (t TooMany) Error() string { return "web: too many, wait " + t.Wait.String() }

// problem is what an error page says.
type problem struct {
	Status  int
	Allow   Rights         // of a 403: the roles that may
	Special string         // of a 403: the words of its own, "foreign", "weak", "card"
	Wait    time.Duration  // of a 429
	Refused fault.Refusals // of a 422
	Request string         // the request's id
}

// paged are the statuses that have a page of words of their own; a handler that returns another one is mistaken, and
// the 500 page answers.
var paged = []int{400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503}

// problemOf tells the three kinds of No apart: a refusal is shown, a status has its page, everything else is our
// own or the world's fault.
func problemOf(err error) problem {
	if rs := fault.Of(err); rs != nil {
		return problem{Status: http.StatusUnprocessableEntity, Refused: rs}
	}
	if f, ok := errors.AsType[forbidden](err); ok {
		return problem{Status: http.StatusForbidden, Allow: f.allow}
	}
	if errors.Is(err, errForeign) {
		return problem{Status: http.StatusForbidden, Special: "foreign"}
	}
	if errors.Is(err, ErrWeak) {
		return problem{Status: http.StatusForbidden, Special: "weak"}
	}
	if errors.Is(err, errOtherMeeting) {
		return problem{Status: http.StatusForbidden, Special: "card"}
	}
	if t, ok := errors.AsType[TooMany](err); ok {
		return problem{Status: http.StatusTooManyRequests, Wait: max(t.Wait, time.Second)}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem{Status: http.StatusRequestEntityTooLarge}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return problem{Status: http.StatusServiceUnavailable}
	}
	if s, ok := errors.AsType[Status](err); ok && slices.Contains(paged, int(s)) {
		return problem{Status: int(s)}
	}
	return problem{Status: http.StatusInternalServerError}
}

// code is the root of the page's phrases.
func (pr problem) code() string {
	if pr.Special != "" {
		return "web.error." + pr.Special
	}
	return "web.error." + strconv.Itoa(pr.Status)
}

// why is the sentence under the title.
func (pr problem) why(p *lang.Printer) string {
	switch {
	case pr.Allow != 0:
		return p.T("web.error.403.roles", "roles", pr.Allow.Words(p))
	case pr.Wait > 0:
		return p.T("web.error.429.wait", "wait", waiting(p, pr.Wait))
	}
	return p.T(pr.code() + ".why")
}

// todo is what the reader can do.
func (pr problem) todo(p *lang.Printer, c Chrome) string {
	if pr.Status == http.StatusForbidden && pr.Special == "" && c.Ask != "" {
		return p.T("web.error.403.ask", "who", c.Ask)
	}
	return p.T(pr.code() + ".todo")
}

// waiting writes a wait in seconds or minutes, rounded up.
func waiting(p *lang.Printer, d time.Duration) string {
	if d <= time.Minute {
		return p.T("web.wait.seconds", "n", int((d+time.Second-1)/time.Second))
	}
	return p.T("web.wait.minutes", "n", int((d+time.Minute-1)/time.Minute))
}

func (pr problem) number() string { return strconv.Itoa(pr.Status) }
