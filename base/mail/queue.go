package mail

import (
	"context"

	"lieux/base/jobs"
	"lieux/base/store"
)

// JobLetter is the kind of job that hands one letter to the mail server.
const JobLetter = "mail.letter"

// Enqueue notes a letter in the transaction of an act: it leaves when the act is durable, and again when the server was
// not reached. A letter that must not leave as it is ([Letter.Check]) is an error.
func Enqueue(tx *store.Tx, l Letter) error {
	if err := l.Check(); err != nil {
		return err
	}
	if l.ID == "" {
		l.ID = tx.ID()
	}
	_, err := jobs.Enqueue(tx, JobLetter, l)
	return err
}

// Handler sends the letters of [Enqueue]; what the server refuses for good is not tried again.
func Handler(send func(context.Context, Letter) (answer string, err error)) jobs.Handler {
	return func(ctx context.Context, j jobs.Job) error {
		var l Letter
		if err := j.Payload(&l); err != nil {
			return err
		}
		_, err := send(ctx, l)
		if Permanent(err) {
			return jobs.Never(err)
		}
		return err
	}
}
