package works

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/places"
)

// remindDays is how many days ahead those who come to a participatory day are reminded.
const remindDays = 3

// keptMonths is how long names and contacts are kept after they were of use.
const keptMonths = 12

// sentDays is how long a sign-up waits for the answer to its letter.
const sentDays = 14

// stages are how many days before its end the end of a check is told by letter: far ahead, near, and when it has
// lapsed.
var stages = []int64{WarnDays, 14, 0}

// warning is the end of a check of which the office is told tonight.
type warning struct {
	duty  Watched
	until civil.Date
	stage int64
}

// NightWaits says whether the night has work: somebody to remind or to warn, or a name to forget.
func NightWaits(r store.Reader) (bool, error) {
	near, err := near(r)
	if err != nil || len(near) > 0 {
		return len(near) > 0, err
	}
	warn, err := warnings(r)
	if err != nil || len(warn) > 0 {
		return len(warn) > 0, err
	}
	for q, arg := range oldOnes(r) {
		if n, err := store.One(r, q, store.Number, arg); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

func near(r store.Reader) ([]Signup, error) {
	return store.List(r, qSignupsNear, scanSignup, r.Today().String(), r.Today().AddDays(remindDays).String())
}

func oldOnes(r store.Reader) map[store.Query]any {
	old := r.Today().AddMonths(-keptMonths)
	return map[store.Query]any{qOldDays: old.String(), qOldSent: int64(civil.EndOf(r.Today().AddDays(-sentDays),
		r.Zone())),
		qOldProblems: int64(civil.EndOf(old, r.Zone())), qOldLoans: old.String()}
}

// Night reminds who comes to a day that is near, warns the office of checks that end, and forgets names that are of use
// no more. It says how many letters it wrote.
func (p Post) Night(tx *store.Tx) (n int, err error) {
	list, err := near(tx)
	if err != nil {
		return 0, err
	}
	for _, u := range list {
		_, s, d, err := signupByID(tx, u.ID)
		if err != nil {
			return n, err
		}
		if err := p.write(tx, "reminder", u, s, d); err != nil {
			return n, err
		}
		if _, err := tx.Exec(qReminded, u.ID); err != nil {
			return n, err
		}
		n++
	}
	warned, err := p.warn(tx)
	if err != nil {
		return n, err
	}
	tx.Record(store.Line{Args: map[string]any{"n": len(list), "warnings": warned}})
	return n + warned, forgetOld(tx)
}

// warnings are the ends of checks of which the office was not told yet.
func warnings(r store.Reader) (list []warning, err error) {
	duties, err := AllDuties(r)
	if err != nil {
		return nil, err
	}
	for _, k := range duties {
		last, found := k.Last(r.Today())
		if !found || k.State(r.Today()) == Ended {
			continue
		}
		stage := stageOf(int64(r.Today().DaysUntil(last.ValidUntil)))
		if stage < 0 {
			continue
		}
		told, err := store.One(r, qWarned, store.Number, string(k.ID), last.ValidUntil.String(), stage)
		if err != nil {
			return nil, err
		}
		place, err := places.PlaceByID(r, k.Place, places.Now(r))
		if err != nil {
			return nil, err
		}
		if told == 0 && !place.Closed {
			list = append(list, warning{k, last.ValidUntil, stage})
		}
	}
	return list, nil
}

// stageOf is the stage of a check that ends in so many days; -1 when it is not near.
func stageOf(left int64) int64 {
	stage := int64(-1)
	for _, s := range stages {
		if left <= s && (s > 0 || left < 0) {
			stage = s
		}
	}
	return stage
}

// warn writes one letter to each of the office, of all that ends.
func (p Post) warn(tx *store.Tx) (n int, err error) {
	list, err := warnings(tx)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	to, err := officeMails(tx)
	if err != nil {
		return 0, err
	}
	pr := printer("")
	text := pr.T("works.letter.checks") + "\n"
	for _, w := range list {
		where, err := WhereOf(tx, w.duty.Place, w.duty.Part)
		if err != nil {
			return 0, err
		}
		code := "works.letter.check-ends"
		if w.until.Before(tx.Today()) {
			code = "works.letter.check-lapsed"
		}
		text += "\n" + pr.T(code, "check", w.duty.Name(pr), "where", where, "until", w.until) + "\n" +
			p.Links + pathChecks + string(w.duty.ID) + "\n"
		if _, err := tx.Exec(qWarn, string(w.duty.ID), w.until.String(), w.stage, int64(tx.Now())); err != nil {
			return 0, err
		}
	}
	for _, address := range to {
		if err := mail.Enqueue(tx, mail.Letter{To: address, Lang: pr.Tag,
			Subject: pr.T("works.letter.checks.subject", "n", len(list)), Text: text}); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// forgetOld clears names and contacts that are of use no more: hours and answers stand without them.
func forgetOld(tx *store.Tx) error {
	old := tx.Today().AddMonths(-keptMonths)
	for _, q := range []struct {
		query store.Query
		arg   any
	}{{qForgetDays, old.String()}, {qForgetSent, int64(civil.EndOf(tx.Today().AddDays(-sentDays), tx.Zone()))},
		{qForgetProblems, int64(civil.EndOf(old, tx.Zone()))}, {qForgetLoans, old.String()}} {
		if _, err := tx.Exec(q.query, q.arg); err != nil {
			return err
		}
	}
	_, err := tx.Exec(qDropLinks)
	return err
}

// Due is something of this room that waits for the office, with the day by which it is to be done.
type Due struct {
	On    civil.Date // zero: without a day
	Kind  string     // "check-lapsed", "remark", "problem", "loan", "asked" …: decides the words
	ID    string
	Check CheckKind // of a check
	Title string
	Where string
	Late  bool
}

// Dues lists what waits for the office today: checks that end or are missing, remarks whose day is near, problems that
// nobody has seen, tools that are late, sign-ups to be called back.
func Dues(r store.Reader) (list []Due, err error) {
	duties, err := AllDuties(r)
	if err != nil {
		return nil, err
	}
	for _, k := range duties {
		some := k.dues(r.Today())
		if len(some) == 0 {
			continue
		}
		place, err := places.PlaceByID(r, k.Place, places.Now(r))
		if err != nil {
			return nil, err
		}
		where, err := WhereOf(r, k.Place, k.Part)
		if err != nil {
			return nil, err
		}
		for _, d := range some {
			if d.Where = where; !place.Closed {
				list = append(list, d)
			}
		}
	}
	for _, more := range []func(store.Reader) ([]Due, error){problemDues, loanDues, askedDues} {
		some, err := more(r)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortStableFunc(list, func(a, b Due) int {
		return cmp.Or(cmp.Compare(bit(b.Late), bit(a.Late)),
			a.On.Compare(b.On))
	})
	return list, nil
}

func (k Watched) dues(today civil.Date) (list []Due) {
	state := k.State(today)
	last, _ := k.Last(today)
	switch state {
	case Unsafe, Never, Lapsed:
		list = append(list, Due{last.ValidUntil, "check-" + string(state), string(k.ID), k.Code, k.Title, "", true})
	case Ending:
		list = append(list, Due{last.ValidUntil, "check-soon", string(k.ID), k.Code, k.Title, "", false})
	}
	for _, m := range last.Remarks {
		if m.Lifting == nil && state != Ended && (m.Grave || !m.Due.IsZero() && today.DaysUntil(m.Due) <= WarnDays) {
			list = append(list, Due{m.Due, "remark", string(k.ID), "", m.Words, "", m.Grave || m.Due.Before(today)})
		}
	}
	return list
}

func problemDues(r store.Reader) (list []Due, err error) {
	all, err := Problems(r)
	for _, b := range all {
		if b.State != New {
			continue
		}
		where, err := WhereOf(r, b.Place, b.Part)
		if err != nil {
			return nil, err
		}
		on := b.At.On(r.Zone())
		list = append(list, Due{on, "problem", number(b.Number), "", b.Words, where, on.DaysUntil(r.Today()) > remindDays})
	}
	return list, err
}

func loanDues(r store.Reader) (list []Due, err error) {
	tools, err := Tools(r)
	if err != nil {
		return nil, err
	}
	titles := map[ToolID]string{}
	for _, t := range tools {
		titles[t.ID] = t.Title
	}
	loans, err := Loans(r)
	for _, l := range loans {
		if l.Late(r.Today()) {
			list = append(list, Due{l.Due, "loan", string(l.Tool), "", titles[l.Tool], l.Name, true})
		}
	}
	return list, err
}

func askedDues(r store.Reader) (list []Due, err error) {
	days, err := OpenDays(r)
	for _, d := range days {
		in, err := SignupsOf(r, d.ID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(in, func(u Signup) bool { return u.State == AskedFor }) {
			list = append(list, Due{d.On, "asked", number(d.Number), "", d.Title, "", false})
		}
	}
	return list, err
}
