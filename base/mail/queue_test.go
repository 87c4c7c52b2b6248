package mail_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
)

// A letter that was enqueued by an act leaves once; a server that was away is asked again, one that refuses is not.
func TestAnEnqueuedLetterLeavesOnce(t *testing.T) {
	now := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: []store.Room{jobs.Room},
		Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var answers []error
	var sent []mail.Letter
	w := jobs.NewWorker(db, slog.New(slog.NewTextHandler(io.Discard, nil)), map[string]jobs.Handler{
		mail.JobLetter: mail.Handler(func(_ context.Context, l mail.Letter) (string, error) {
			sent = append(sent, l)
			err := answers[0]
			answers = answers[1:]
			return "", err
		})})
	enqueue := func(l mail.Letter) error {
		return db.Touch(t.Context(), func(tx *store.Tx) error { return mail.Enqueue(tx, l) })
	}
	work := func() {
		t.Helper()
		if _, err := w.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	letter := mail.Letter{To: "jeanne@exemple.be", Lang: lang.French, Subject: "Avis", Text: "Bonjour."}
	if err := enqueue(letter); err != nil {
		t.Fatal(err)
	}
	answers = []error{errors.New("no connection"), nil}
	work()
	now = now.Add(2 * time.Minute)
	work()
	if len(sent) != 2 || sent[0].ID == "" || sent[0].ID != sent[1].ID || sent[1].Text != "Bonjour." {
		t.Errorf("sent: %+v", sent)
	}
	letter.To = "jeanne, gaston@exemple.be"
	if err := enqueue(letter); !errors.Is(err, mail.ErrLetter) {
		t.Errorf("two addresses: %v", err)
	}
}
