package convening

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"lieux/base/jobs"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
)

// The kinds of job of this room.
const (
	JobStage   = "convening.stage"   // makes the next letters of a dispatch
	JobDeliver = "convening.deliver" // sends a piece of them by e-mail
)

// perNews is after how many letters the journal says how far a piece is.
const perNews = 10

type (
	stagePayload   struct{ Dispatch DispatchID }
	deliverPayload struct {
		Dispatch DispatchID
		Piece    int64
	}
)

// Post is the worker of this room: it makes letters and sends them.
type Post struct {
	DB *store.DB
	// Send hands a letter to the mail server and gives its answer.
	Send func(context.Context, mail.Letter) (answer string, err error)
}

// Handlers are what the program's worker calls.
func (p Post) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{JobStage: p.stage, JobDeliver: p.deliver}
}

// stage makes the letters of a dispatch, one act after the other. Begun anew after a fall, it goes on where it stood.
func (p Post) stage(ctx context.Context, j jobs.Job) error {
	var of stagePayload
	if err := j.Payload(&of); err != nil {
		return err
	}
	for more := true; more; {
		if err := p.may(ctx); err != nil {
			return err
		}
		if _, err := p.DB.Act(ctx, store.By("", "convening.stage"), func(tx *store.Tx) (err error) {
			more, err = Stage(tx, of.Dispatch)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// errRests says that the database is leaving, or has left: what waits goes along with it.
var errRests = errors.New("convening: the database is away; its letters leave from where it is")

func (p Post) may(ctx context.Context) error {
	return p.DB.View(ctx, func(v *store.View) error {
		rests, err := store.Rests(v)
		if err == nil && rests {
			err = errRests
		}
		return err
	})
}

// deliver sends the letters of a piece that have not left. Each is noted at once, so that a fall between two letters
// sends none of them twice; one that falls between the server's answer and the note leaves again with the same
// Message-ID.
func (p Post) deliver(ctx context.Context, j jobs.Job) error {
	var of deliverPayload
	if err := j.Payload(&of); err != nil {
		return err
	}
	var letters []Letter
	var s sheaf
	var shared map[LetterID]bool
	err := p.DB.View(ctx, func(v *store.View) (err error) {
		if letters, err = store.List(v, qPieceWaiting, scanLetter, string(of.Dispatch), of.Piece); err != nil {
			return err
		}
		if s, err = sheafOf(v, of.Dispatch); err != nil {
			return err
		}
		shared, err = sharedIn(v, letters)
		return err
	})
	if err != nil {
		return err
	}
	var trouble error
	for i, l := range letters {
		if err := p.may(ctx); err != nil {
			return err
		}
		if err := p.one(ctx, s, l, shared[l.ID]); err != nil {
			trouble = err
		}
		if (i+1)%perNews == 0 || i+1 == len(letters) {
			if err := p.tell(ctx, s.Dispatch, letters[i/perNews*perNews:i+1]); err != nil {
				return errors.Join(trouble, err)
			}
		}
	}
	return trouble
}

// tell notes in the journal how many of the letters just tried have left: the pages that show the progress follow it.
func (p Post) tell(ctx context.Context, d Dispatch, tried []Letter) error {
	gone, failed := 0, 0
	err := p.DB.View(ctx, func(v *store.View) error {
		for _, l := range tried {
			now, err := LetterOf(v, l.ID)
			if err != nil {
				return err
			}
			switch {
			case now.SentAt != 0:
				gone++
			case now.FailedAt != 0:
				failed++
			}
		}
		return nil
	})
	if err != nil || gone+failed == 0 {
		return err
	}
	_, err = p.DB.Act(ctx, store.By("", "convening.deliver"), func(tx *store.Tx) error {
		tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), d.ID.Ref()},
			Args: map[string]any{"n": gone, "failed": failed}})
		return nil
	})
	return err
}

// sharedIn says which letters go to an e-mail address that somebody else reads too: their subject names the addressee.
func sharedIn(r store.Reader, letters []Letter) (map[LetterID]bool, error) {
	shared := map[LetterID]bool{}
	for _, l := range letters {
		a, err := addressee(r, l.Person, ByEmail)
		if err != nil {
			return nil, err
		}
		shared[l.ID] = a.Shared
	}
	return shared, nil
}

// one sends one letter and notes what became of it. An error means that it is tried again.
func (p Post) one(ctx context.Context, s sheaf, l Letter, shared bool) error {
	note := func(q store.Query, args ...any) error {
		// what was done is noted even when the worker is being stopped
		return p.DB.Touch(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			_, err := tx.Exec(q, append([]any{string(l.ID), int64(tx.Now())}, args...)...)
			return err
		})
	}
	if l.Erased() {
		return note(qFail, words().In(l.Language).T("convening.letter.erased"))
	}
	out, err := s.mail(l, shared)
	if err != nil {
		return err
	}
	answer, err := p.Send(ctx, out)
	switch {
	case err == nil:
		return note(qSent, cut(answer))
	case mail.Permanent(err) || l.Tries+1 >= maxTries:
		return note(qFail, cut(err.Error()))
	case ctx.Err() != nil: // the worker stops, or time is over: no fault of the letter
		return err
	}
	return errors.Join(err, note(qTried, cut(err.Error())))
}

// cut keeps the beginning of a server's words.
func cut(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(s), "\x00", ""), "")
	if len(s) > MaxTrouble {
		s = strings.ToValidUTF8(s[:MaxTrouble], "")
	}
	return s
}

// style is all that a mail program needs to show a letter.
const style = `body{font:16px/1.5 Georgia,serif;color:#1f292e;background:#fff;max-width:42em}
body{margin:1.5em auto;padding:0 1em}
h1{font-size:1.5em;line-height:1.2}h2{font-size:1.2em;margin-top:1.6em}h3{font-size:1.05em;margin-top:1.4em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em}dt{color:#515b5f}dd{margin:0}
table{border-collapse:collapse}td,th{padding:.2em .6em;text-align:left;vertical-align:top}
del{color:#a03a22}ins{color:#39633d}footer,.hint{color:#515b5f;font-size:.9em}`

// mail is a letter as an e-mail: text and HTML of the same tree. Where two read one address, the subject names whose
// letter it is.
func (s sheaf) mail(l Letter, shared bool) (mail.Letter, error) {
	tree, names := s.tree(l)
	p := words().In(l.Language)
	out := mail.Letter{ID: string(l.ID), To: l.Used(), Lang: l.Language, Subject: subject(tree.Title)}
	if shared {
		out.Subject = subject(p.T("convening.letter.subject-for", "name", l.Name(), "title", tree.Title))
	}
	var text, html strings.Builder
	if err := papers.Text(&text, tree, names); err != nil {
		return out, fmt.Errorf("convening: letter %s: %w", l.ID, err)
	}
	if err := papers.HTMLPage(&html, tree, names, style, ""); err != nil {
		return out, fmt.Errorf("convening: letter %s: %w", l.ID, err)
	}
	out.Text, out.HTML = text.String(), html.String()
	if len(out.HTML) > mail.MaxBody {
		out.HTML = ""
	}
	return out, nil
}

// subject cuts a title to what one line of a letter holds.
func subject(title string) string {
	if signs := []rune(title); len(signs) > mail.MaxSubject {
		return string(signs[:mail.MaxSubject-1]) + "…"
	}
	return title
}

// Progress is how far the letters of a dispatch are.
type Progress struct {
	Invited, Made  int64
	ToSend, Gone   int64 // by e-mail: all, and those that need no further try
	Sent           int64 // of them, taken by the server
	Failed         int64 // refused for good, or tried too often
	Back           int64 // came back, by whichever way
	ToPrint        int64 // by post, in no batch yet
	Nowhere        int64
	ByPost, ByHand int64
}

// Done says that nothing is left to the worker.
func (p Progress) Done() bool { return p.Made >= p.Invited && p.Gone >= p.ToSend }

// ProgressOf counts.
func ProgressOf(r store.Reader, d Dispatch) (Progress, error) {
	p := Progress{Invited: d.Heads}
	letters, err := Letters(r, d.ID)
	if err != nil {
		return p, err
	}
	for _, l := range letters {
		if l.Again == "" {
			p.Made++
		}
		if l.State() == Returned {
			p.Back++
		}
		switch l.Channel {
		case ByEmail:
			p.ToSend++
			if l.SentAt != 0 || l.FailedAt != 0 {
				p.Gone++
			}
			switch l.State() {
			case Failed:
				p.Failed++
			case Sent, Returned:
				p.Sent++
			}
		case ByPost:
			p.ByPost++
			if l.State() == ToPrint {
				p.ToPrint++
			}
		case ByHand:
			p.ByHand++
		default:
			if !l.Resent {
				p.Nowhere++
			}
		}
	}
	return p, nil
}

// Latest is the dispatch that convened a meeting, by its own letters or by those of the first assembly.
func Latest(r store.Reader, id meeting.ID) (Dispatch, bool, error) {
	return store.Find(r, qConvenedBy, scanDispatch, string(id))
}
