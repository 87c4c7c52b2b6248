package web

import (
	"net/http"
	"time"

	"lieux/base/lang"
)

const (
	languageCookie = "lang"
	languageKept   = 365 * 24 * time.Hour
)

// languageOf is the language of a request: what the reader chose on this browser, else the person's language of
// correspondence, else the browser's.
func languageOf(r *http.Request, who Who) lang.Tag {
	if c, err := r.Cookie(languageCookie); err == nil && lang.Known(c.Value) {
		return lang.Tag(c.Value)
	}
	if lang.Known(string(who.Lang)) {
		return who.Lang
	}
	return lang.Accept(r.Header.Get("Accept-Language"))
}

// chooseLanguage keeps the reader's choice on this browser and goes back to the page. It is a link: nothing but the
// reader's own screen changes.
func (s *Site) chooseLanguage(q *Request) error {
	to := q.Query("to")
	if !lang.Known(to) {
		return Status(http.StatusBadRequest)
	}
	http.SetCookie(q.W, &http.Cookie{Name: languageCookie, Value: to, Path: "/",
		MaxAge: int(languageKept / time.Second), Secure: s.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return q.SeeOther(q.R.URL.Query().Get("back"))
}
