package app

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"lieux/base/web"
)

// Limits of what is sent with files.
const (
	patience = 256 << 20       // bytes of a request that are read, whatever is kept of them
	slowest  = 5 * time.Minute // that somebody who is signed in may take to send them
)

// withPatience lets a form with files come that is larger than its route keeps: each file is cut just behind the
// route's limit, so that the form says beside its field what is too large and loses nothing else that was typed. What
// is cut off is never stored.
func withPatience(routes []web.Route) []web.Route {
	for i, route := range routes {
		if route.Body == 0 || route.Body > patience {
			continue
		}
		routes[i].Body = patience
		routes[i].Handle = func(q *web.Request) error {
			cut(q.R, route.Body)
			defer func() { _ = q.R.Body.Close() }() // who cuts ends when nobody read to the end
			if !q.Who.SignedIn() {
				return route.Handle(q)
			}
			return inTime(q, route.Handle)
		}
	}
	return routes
}

// inTime reads the whole form before the handler's time begins: fifty megabytes over a line of the country need
// minutes. Who is not signed in has the usual time.
func inTime(q *web.Request, handle func(*web.Request) error) error {
	line := http.NewResponseController(q.W)
	until := time.Now().Add(slowest)
	_ = line.SetReadDeadline(until) // a test's answer has no connection: then there is no deadline either
	_ = line.SetWriteDeadline(until.Add(web.Deadline))
	if _, err := q.Form(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(q.R.Context()), web.Deadline)
	defer cancel()
	q.R = q.R.WithContext(ctx)
	return handle(q)
}

// cut shortens the files of a form on their way, each to a number of bytes. A request that is small enough, or no form
// with files, is left as it is.
func cut(r *http.Request, most int64) {
	kind, words, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	small := r.ContentLength >= 0 && r.ContentLength <= most
	if err != nil || kind != "multipart/form-data" || words["boundary"] == "" || small {
		return
	}
	whole := r.Body
	out, in := io.Pipe()
	go func() {
		in.CloseWithError(shorten(in, multipart.NewReader(whole, words["boundary"]), words["boundary"], most))
	}()
	r.Body, r.ContentLength = closers{out, whole}, -1
}

// closers is a body made of another: to close it ends who makes it, and closes the other.
type closers struct {
	*io.PipeReader
	whole io.Closer
}

// Close ends both.
func (c closers) Close() error {
	if err := c.PipeReader.Close(); err != nil {
		return err
	}
	return c.whole.Close()
}

// shorten writes a form again, each file of it cut.
func shorten(to io.Writer, from *multipart.Reader, boundary string, most int64) error {
	w := multipart.NewWriter(to)
	if err := w.SetBoundary(boundary); err != nil {
		return err
	}
	for {
		part, err := from.NextRawPart()
		if err == io.EOF {
			return w.Close()
		}
		if err != nil {
			return err
		}
		field, err := w.CreatePart(part.Header)
		if err != nil {
			return err
		}
		var kept io.Reader = part
		if part.FileName() != "" {
			kept = io.LimitReader(part, most)
		}
		if _, err := io.Copy(field, kept); err != nil {
			return err
		}
	}
}

// heardOut lets who sends too much finish before the line is closed: a browser reads no answer while it sends, and one
// that finds the line closed says only that the connection was lost. What is read then is thrown away.
func heardOut(door http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= web.MaxForm {
			door.ServeHTTP(w, r)
			return
		}
		line := http.NewResponseController(w)
		_ = line.EnableFullDuplex() // not on every kind of connection: then the answer may be lost
		rest := r.Body
		door.ServeHTTP(w, r)
		if line.Flush() == nil {
			_, _ = io.CopyN(io.Discard, rest, patience) // until they stop, or their time is over
		}
	})
}
