package subscription

import (
	"sync"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people"
)

// UsualDays is how long one has to pay, unless another day is given.
const UsualDays = 30

// silence is the day after which a request that nobody decided is answered by the bylaws, and how; false when they do
// not say.
func silence(rules bylaws.Bylaws, sent civil.Date) (day civil.Date, means string, known bool) {
	a, found := rules.Admission()
	if !found || a.Days == 0 || a.Silence == "" {
		return civil.Date{}, "", false
	}
	return sent.AddDays(a.Days), a.Silence, true
}

// DecideBy is the last day on which a request may be decided, and what silence means afterwards; false when the bylaws
// do not say, or the request waits for no decision.
func DecideBy(r store.Reader, q Request) (day civil.Date, means string, known bool, err error) {
	if q.State != Confirmed {
		return day, "", false, nil
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return day, "", false, err
	}
	since, err := q.confirmedOn(r)
	if err != nil {
		return day, "", false, err
	}
	day, means, known = silence(rules, since)
	return day, means, known, nil
}

// confirmedOn is the day from which the delay of the bylaws runs: the last on which the request began to wait.
func (q Request) confirmedOn(r store.Reader) (day civil.Date, err error) {
	steps, err := Steps(r, q.ID)
	before := State("")
	for _, s := range steps {
		if s.State == Confirmed && before != Confirmed {
			day = s.Day
		}
		before = s.State
	}
	return day, err
}

// Overdue are the requests whose delay is over without a decision, the oldest first.
func Overdue(r store.Reader) (list []Request, err error) {
	all, err := store.List(r, qUndecided, scanRequest)
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		day, _, known, err := DecideBy(r, q)
		if err != nil {
			return nil, err
		}
		if known && day.Before(r.Today()) {
			list = append(list, q)
		}
	}
	return list, nil
}

// Answerable are the overdue requests that the program can answer. One whose applicant nobody has found in the books
// yet, though somebody like them is there, waits for the office: the program makes no doubles.
func Answerable(r store.Reader) (list []Request, err error) {
	all, err := Overdue(r)
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		_, means, _, err := DecideBy(r, q)
		if err != nil {
			return nil, err
		}
		held := false
		if means != bylaws.Refused {
			if held, err = q.held(r); err != nil {
				return nil, err
			}
		}
		if !held {
			list = append(list, q)
		}
	}
	return list, nil
}

// held says that somebody must look at a request before it can be admitted.
func (q Request) held(r store.Reader) (bool, error) {
	if q.Person == "" {
		return q.doubtful(r)
	}
	over, err := q.overLimit(r)
	return len(over) > 0, err
}

// Answer does at night what the bylaws say of silence: requests that nobody decided in time are admitted, or refused.
func Answer(tx *store.Tx) (answered int, err error) {
	rules, err := bylaws.On(tx, tx.Today())
	if err != nil {
		return 0, err
	}
	said, _ := rules.Rule(bylaws.KeyAdmission)
	admission, _ := rules.Admission()
	list, err := Answerable(tx)
	if err != nil {
		return 0, err
	}
	for _, q := range list {
		if err := tx.Quietly(func() error { return q.answer(tx, admission.Silence, said.Article) }); err != nil {
			return 0, err
		}
	}
	tx.Record(store.Line{Args: map[string]any{"n": len(list)}})
	return len(list), nil
}

// answer gives one request the answer of the bylaws.
func (q Request) answer(tx *store.Tx, means, article string) error {
	why := words().In(q.Language).T("subscription.silence", "article", article)
	if means == bylaws.Refused {
		if err := turn(tx, &q, Step{State: Refused, Why: why}); err != nil {
			return err
		}
		return Write(tx, q.ID, LetterRefused)
	}
	if _, err := Enrol(tx, q.ID); err != nil {
		return err
	}
	q, err := Get(tx, q.ID)
	if err != nil {
		return err
	}
	if err := q.admitted(tx, Step{State: Admitted, Why: why}, nil, q.Label()); err != nil {
		return err
	}
	if _, known, err := payment.AccountOn(tx, tx.Today()); err != nil || !known {
		return err // without an account nothing can be asked by letter: the office sees the request among those to be paid
	}
	return Write(tx, q.ID, LetterAdmitted)
}

// doubtful says that somebody in the books is like one of those whom the request describes.
func (q Request) doubtful(r store.Reader) (bool, error) {
	for _, one := range q.Described() {
		twins, err := people.Alike(r, one.Who.Entry(q.Language, q.SignedOn))
		if err != nil || len(twins) > 0 {
			return true, err
		}
	}
	return false, nil
}

// Label names what is paid for, in the language of the request.
func (q Request) Label() string {
	return words().In(q.Language).T("subscription.due.label", "n", q.Shares, "class", q.Class, "number", q.Number)
}

// Terms are so many instalments of the amount, a month apart, from a day on.
func (q Request) Terms(first civil.Date, count int) []payment.Term {
	return payment.Instalments(q.Amount(), count, first)
}

// words are this room's own and those that name bodies, for what leaves without a reader at the keyboard.
var words = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(Phrases, people.Phrases)
	fault.Must(err == nil, "words of subscription: %v", err)
	return book
})
