package payment

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"lieux/base/jobs"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
)

// JobDeliver sends one letter by e-mail.
const JobDeliver = "payment.deliver"

type deliverPayload struct{ Letter LetterID }

// maxTries is how often a letter is tried before it counts as not delivered.
const maxTries = 8

// Post sends the letters of this room.
type Post struct {
	DB *store.DB
	// Send hands a letter to the mail server and gives its answer.
	Send func(context.Context, mail.Letter) (answer string, err error)
}

// Handlers are what the program's worker calls.
func (p Post) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{JobDeliver: p.deliver}
}

// deliver sends a letter that has not left. It is not sent when its due was settled or has ended meanwhile, or when the
// person has no address for e-mail any more: it is then printed, or not needed.
func (p Post) deliver(ctx context.Context, j jobs.Job) error {
	var of deliverPayload
	if err := j.Payload(&of); err != nil {
		return err
	}
	var l Letter
	var w Demand
	err := p.DB.View(ctx, func(v *store.View) (err error) {
		if rests, err := store.Rests(v); err != nil || rests {
			return errors.Join(err, errors.New("payment: the database is away; its letters leave from where it is"))
		}
		if l, err = store.One(v, qLetter, scanLetter, string(of.Letter)); err != nil {
			return err
		}
		w, err = demandOfLetter(v, l)
		return err
	})
	if err != nil || !l.Waiting() {
		return err
	}
	note := func(q store.Query, args ...any) error { // what was done is noted even when the worker is being stopped
		return p.DB.Touch(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			_, err := tx.Exec(q, append([]any{string(l.ID)}, args...)...)
			return err
		})
	}
	now := func() int64 { return p.DB.Now().UnixMicro() }
	switch {
	case !w.Due.state.Waits():
		return note(qFail, now(), words().In(w.Language).T("payment.letter.not-needed"))
	case w.To.Email == "":
		return note(qFail, now(), words().In(w.Language).T("payment.letter.no-address"))
	}
	out, err := w.mail()
	if err != nil {
		return err
	}
	_, err = p.Send(ctx, out)
	switch {
	case err == nil:
		return note(qSent, now())
	case mail.Permanent(err) || l.tries+1 >= maxTries:
		return note(qFail, now(), cut(trouble(err), MaxWhy))
	case ctx.Err() != nil: // the worker stops, or time is over: no fault of the letter
		return err
	}
	return errors.Join(err, note(qTried, cut(trouble(err), MaxWhy)))
}

// trouble is what a server answered, as text that can be kept.
func trouble(err error) string {
	return strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(err.Error()), "\x00", ""), "")
}

// style is all that a mail program needs to show a letter.
const style = `body{font:16px/1.5 Georgia,serif;color:#1f292e;background:#fff;max-width:42em}
body{margin:1.5em auto;padding:0 1em}
h1{font-size:1.5em;line-height:1.2}h2{font-size:1.2em;margin-top:1.6em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em}dt{color:#515b5f}dd{margin:0}
table{border-collapse:collapse}td,th{padding:.2em .6em;text-align:left}.hint{color:#515b5f;font-size:.9em}`

// mail is the letter as an e-mail: text and HTML of the same tree.
func (w Demand) mail() (mail.Letter, error) {
	w.To.Lines = nil
	tree := w.Paper()
	out := mail.Letter{ID: string(w.Letter.ID), To: w.To.Email, Lang: w.Language,
		Subject: cut(tree.Title, mail.MaxSubject)}
	var text, html strings.Builder
	if err := papers.Text(&text, tree, w.Names()); err != nil {
		return out, fmt.Errorf("payment: letter %s: %w", w.Letter.ID, err)
	}
	if err := papers.HTMLPage(&html, tree, w.Names(), style, ""); err != nil {
		return out, fmt.Errorf("payment: letter %s: %w", w.Letter.ID, err)
	}
	out.Text, out.HTML = text.String(), html.String()
	return out, nil
}
