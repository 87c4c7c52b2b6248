package certificate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// Batch is papers for everybody: the certificates of a day, or the statements of a year.
type Batch struct {
	ID      BatchID
	Kind    Kind
	Day     civil.Date
	Send    bool            // those who gave an e-mail address get theirs so
	Reached register.Number // up to this number everybody has theirs
	Ended   civil.Instant   // 0 while papers are still being made
	At      civil.Instant
	By      people.PersonID
}

// Delivery is how a paper of a batch goes out.
type Delivery struct {
	Certificate ID
	Way         Way
	SentAt      civil.Instant
	FailedAt    civil.Instant // it will not be tried again
	Tries       int64
	Trouble     string // of the last try
}

// The kinds of job of this room.
const (
	JobStage   = "certificate.stage"   // makes the next papers of a batch
	JobDeliver = "certificate.deliver" // sends one by e-mail
)

// Limits of a batch.
const (
	perStage   = 100 // papers that one act makes
	maxTries   = 8
	maxTrouble = 300
)

type (
	stagePayload   struct{ Batch BatchID }
	deliverPayload struct{ Certificate ID }
)

// StartBatch begins to make papers for everybody who holds shares on a day, or of a year's statement for everybody who
// held or moved some in it. The papers are made by a job.
func StartBatch(tx *store.Tx, kind Kind, day civil.Date, send bool) (Batch, error) {
	b := Batch{Kind: kind, Day: day, Send: send}
	if _, _, err := prepare(tx, 0, Order{Kind: kind, Day: day}); err != nil {
		return b, err
	}
	running, err := Batches(tx)
	if err != nil {
		return b, err
	}
	if i := slices.IndexFunc(running, func(o Batch) bool { return o.Ended == 0 }); i >= 0 {
		return b, fault.Refuse("certificate.refusal.batch-running", "day", running[i].Day)
	}
	b.ID, b.At, b.By = BatchID(tx.ID()), tx.Now(), people.PersonID(tx.Actor())
	if err := insertBatch(tx, b); err != nil {
		return b, err
	}
	tx.Answer(string(b.ID))
	tx.Record(store.Line{About: []store.Ref{b.ID.Ref()}, Args: map[string]any{"kind": kind.Words(),
		"day_on": day.String()}})
	_, err = jobs.Enqueue(tx, JobStage, stagePayload{b.ID})
	return b, err
}

// Stage makes the next papers of a batch; more says that others wait. Begun anew it goes on where it stood.
func Stage(tx *store.Tx, id BatchID) (more bool, err error) {
	b, err := BatchByID(tx, id)
	if err != nil || b.Ended != 0 {
		return false, err
	}
	all, err := register.Cooperators(tx)
	if err != nil {
		return false, err
	}
	all = slices.DeleteFunc(all, func(c register.Cooperator) bool { return c.Number <= b.Reached })
	more = len(all) > perStage
	made := 0
	err = tx.Quietly(func() error {
		for _, holder := range all[:min(perStage, len(all))] {
			one, err := b.make(tx, holder)
			if err != nil {
				return err
			}
			if b.Reached = holder.Number; one {
				made++
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	if !more {
		b.Ended = tx.Now()
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"n": made}})
	return more, updateBatch(tx, b)
}

// make makes the paper of one holder; false when there is nothing to certify or nobody to name.
func (b Batch) make(tx *store.Tx, holder register.Cooperator) (bool, error) {
	c, err := Issue(tx, holder.Number, Order{Kind: b.Kind, Day: b.Day, Cause: ForBatch, Batch: b.ID})
	if fault.Is(err, "certificate.refusal.nothing-held") || fault.Is(err, "certificate.refusal.erased") {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	to, err := reach(tx, holder.Person)
	if err != nil {
		return false, err
	}
	if to.Way == ByEmail && !b.Send {
		to.Way = ByPost
	}
	if err := insertDelivery(tx, c.ID, to.Way); err != nil {
		return false, err
	}
	if to.Way == ByEmail {
		_, err = jobs.Enqueue(tx, JobDeliver, deliverPayload{c.ID})
	}
	return true, err
}

// ToPrint are the papers of a batch that go by post, and those that no address is known for, in the order of the post.
func ToPrint(r store.Reader, id BatchID) ([]Certificate, error) {
	list, err := OfBatch(r, id)
	if err != nil {
		return nil, err
	}
	sent, err := Deliveries(r, id)
	if err != nil {
		return nil, err
	}
	email := map[ID]bool{}
	for _, d := range sent {
		email[d.Certificate] = d.Way == ByEmail && d.FailedAt == 0
	}
	type letter struct {
		Certificate
		key string
	}
	var letters []letter
	for _, c := range list {
		if email[c.ID] {
			continue
		}
		holder, err := register.CooperatorNumbered(r, c.Holder)
		if err != nil {
			return nil, err
		}
		to, err := reach(r, holder.Person)
		if err != nil {
			return nil, err
		}
		if to.Way == ByEmail { // printed because the letter failed, or because nobody is written to
			if err := to.findHome(r, holder.Person); err != nil {
				return nil, err
			}
		}
		letters = append(letters, letter{c, to.sortKey()})
	}
	slices.SortStableFunc(letters, func(a, b letter) int { return cmp.Compare(a.key, b.key) })
	list = list[:0:0]
	for _, l := range letters {
		list = append(list, l.Certificate)
	}
	return list, nil
}

// WriteBatch prints papers one after the other into one PDF, each in its holder's language.
func WriteBatch(w io.Writer, r store.Reader, d Drawing, p *lang.Printer, list []Certificate) error {
	fault.Must(len(list) > 0, "a batch of nothing is printed")
	bundle := papers.NewBundle(p.T("certificate.batch"), d.House, p.Tag, papers.Meta{Made: r.Now().Time()})
	for _, c := range list {
		paper, names, err := d.Paper(r, c)
		if err != nil {
			return err
		}
		if _, err := bundle.Add(paper, names, papers.Digest{}); err != nil {
			return fmt.Errorf("certificate %d: %w", c.Number, err)
		}
	}
	return bundle.Write(w)
}

// Post is the worker of this room: it makes the papers of batches and sends them.
type Post struct {
	DB    *store.DB
	Book  *lang.Book
	Links string // public address, as https://coop.example
	// Send hands a letter to the mail server and gives its answer.
	Send func(context.Context, mail.Letter) (answer string, err error)
}

// Handlers are what the program's worker calls.
func (p Post) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{JobStage: p.stage, JobDeliver: p.deliver}
}

// errRests says that the database is leaving, or has left: what waits goes along with it.
var errRests = errors.New("certificate: the database is away; its letters leave from where it is")

func (p Post) may(ctx context.Context) error {
	return p.DB.View(ctx, func(v *store.View) error {
		rests, err := store.Rests(v)
		if err == nil && rests {
			err = errRests
		}
		return err
	})
}

func (p Post) stage(ctx context.Context, j jobs.Job) error {
	var of stagePayload
	if err := j.Payload(&of); err != nil {
		return err
	}
	var more bool
	if err := p.DB.View(ctx, func(v *store.View) error {
		b, err := BatchByID(v, of.Batch)
		more = b.Ended == 0
		return err
	}); err != nil {
		return err
	}
	for more { // a batch whose papers are all there is no act
		if err := p.may(ctx); err != nil {
			return err
		}
		if _, err := p.DB.Act(ctx, store.By("", "certificate.stage"), func(tx *store.Tx) (err error) {
			more, err = Stage(tx, of.Batch)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// deliver sends one paper as a letter: its text, and where to fetch the paper itself. What became of it is noted.
func (p Post) deliver(ctx context.Context, j jobs.Job) error {
	var of deliverPayload
	if err := j.Payload(&of); err != nil {
		return err
	}
	if err := p.may(ctx); err != nil {
		return err
	}
	var letter mail.Letter
	var before Delivery
	err := p.DB.View(ctx, func(v *store.View) (err error) {
		if before, _, err = DeliveryOf(v, of.Certificate); err == nil {
			letter, err = p.letter(v, of.Certificate)
		}
		return err
	})
	if err != nil || before.SentAt != 0 {
		return err
	}
	note := func(q store.Query, args ...any) error {
		// what was done is noted even when the worker is being stopped
		return p.DB.Touch(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			_, err := tx.Exec(q, append([]any{string(of.Certificate)}, args...)...)
			return err
		})
	}
	now := int64(civil.At(p.DB.Now()))
	if letter.To == "" {
		return note(qFailed, now, "no address")
	}
	_, err = p.Send(ctx, letter)
	switch {
	case err == nil:
		return note(qSent, now)
	case mail.Permanent(err) || before.Tries+1 >= maxTries:
		return note(qFailed, now, cut(err.Error()))
	case ctx.Err() != nil:
		return err
	}
	return errors.Join(err, note(qTried, cut(err.Error())))
}

// cut keeps the beginning of a server's words, without an address.
func cut(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(s), "\x00", ""), "")
	words := strings.Fields(s)
	for i, w := range words {
		if strings.Contains(w, "@") {
			words[i] = "…"
		}
	}
	s = strings.Join(words, " ")
	for utf8.RuneCountInString(s) > maxTrouble {
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
	}
	return s
}

// style is all that a mail program needs to show a paper.
const style = `body{font:16px/1.5 Georgia,serif;color:#1f292e;background:#fff;max-width:42em}
body{margin:1.5em auto;padding:0 1em}
h1{font-size:1.5em;line-height:1.2}h2{font-size:1.2em;margin-top:1.6em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em}dt{color:#515b5f}dd{margin:0}
table{border-collapse:collapse}td,th{padding:.2em .6em;text-align:left;vertical-align:top}
footer,.hint{color:#515b5f;font-size:.9em}`

// letter is a paper as an e-mail; without an address when nobody can be written to any more.
func (p Post) letter(r store.Reader, id ID) (out mail.Letter, err error) {
	c, err := ByID(r, id)
	if err != nil {
		return out, err
	}
	holder, err := register.CooperatorNumbered(r, c.Holder)
	if err != nil {
		return out, err
	}
	to, err := reach(r, holder.Person)
	if err != nil || to.Way != ByEmail {
		return out, err
	}
	d, err := NewDrawing(r, p.Book, p.Links)
	if err != nil {
		return out, err
	}
	d.Screen = true
	paper, names, err := d.Paper(r, c)
	if err != nil {
		return out, err
	}
	pr := p.Book.In(c.Lang)
	paper.Blocks = append(papers.Blocks{papers.Paragraph{Words: papers.T(pr.T("certificate.letter.greeting",
		"name", to.Name))}, papers.Paragraph{Words: papers.T(pr.T("certificate.letter.fetch",
		"page", p.Links+"/my/certificate"))}}, paper.Blocks...)
	out = mail.Letter{ID: string(c.ID), To: to.Email, Lang: c.Lang, Subject: paper.Title}
	var text, html strings.Builder
	if err := papers.Text(&text, paper, names); err != nil {
		return out, fmt.Errorf("certificate %d: %w", c.Number, err)
	}
	if err := papers.HTMLPage(&html, paper, names, style, ""); err != nil {
		return out, fmt.Errorf("certificate %d: %w", c.Number, err)
	}
	out.Text, out.HTML = text.String(), html.String()
	return out, nil
}
