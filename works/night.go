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
	duty  Stand
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
	stands, err := store.List(r, qPressing, scanStand, r.Today().AddDays(WarnDays).String())
	if err != nil {
		return nil, err
	}
	for _, k := range stands {
		if k.On.IsZero() || k.State(r.Today()) == Ended {
			continue
		}
		stage := stageOf(int64(r.Today().DaysUntil(k.ValidUntil)))
		if stage < 0 {
			continue
		}
		told, err := store.One(r, qWarned, store.Number, string(k.ID), k.ValidUntil.String(), stage)
		if err != nil {
			return nil, err
		}
		place, err := places.PlaceByID(r, k.Place, places.Now(r))
		if err != nil {
			return nil, err
		}
		if told == 0 && !place.Closed {
			list = append(list, warning{k, k.ValidUntil, stage})
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
	Place places.PlaceID // where it is; empty for a tool, which is with somebody
	Part  places.PartID
	Who   string // who has a tool
	More  int64  // remarks of the same inspection that wait too
	Late  bool
}

// Dues lists what waits for the office today: checks that end or are missing, remarks whose day is near, problems that
// nobody has seen, tools that are late, sign-ups to be called back. What is late comes first.
func Dues(r store.Reader) ([]Due, error) {
	stands, err := store.List(r, qPressing, scanStand, r.Today().AddDays(WarnDays).String())
	if err != nil {
		return nil, err
	}
	all, err := places.Places(r, places.Now(r))
	if err != nil {
		return nil, err
	}
	return DuesAmong(r, stands, all)
}

// DuesAmong is [Dues] of installations and places that were read already, as they are today.
func DuesAmong(r store.Reader, stands []Stand, all []places.Place) (list []Due, err error) {
	open := map[places.PlaceID]bool{}
	for _, p := range all {
		open[p.ID] = !p.Closed
	}
	for _, k := range stands {
		if open[k.Place] {
			list = append(list, k.dues(r.Today())...)
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
		return cmp.Or(cmp.Compare(bit(b.Late), bit(a.Late)), a.On.Compare(b.On))
	})
	return list, nil
}

func (s Stand) dues(today civil.Date) (list []Due) {
	due := Due{On: s.ValidUntil, ID: string(s.ID), Check: s.Code, Title: s.Title, Place: s.Place, Part: s.Part, Late: true}
	switch state := s.State(today); state {
	case Ended:
		return nil
	case Unsafe, Never, Lapsed:
		due.Kind = "check-" + string(state)
		list = append(list, due)
	case Ending:
		due.Kind, due.Late = "check-soon", false
		list = append(list, due)
	}
	if s.Open > 0 && (s.Grave || !s.Due.IsZero() && today.DaysUntil(s.Due) <= WarnDays) {
		list = append(list, Due{On: s.Due, Kind: "remark", ID: string(s.ID), Title: s.Words, Place: s.Place, Part: s.Part,
			More: s.Open - 1, Late: s.Grave || s.Due.Before(today)})
	}
	return list
}

func problemDues(r store.Reader) (list []Due, err error) {
	all, err := store.List(r, qProblemsIn, scanProblem, string(New))
	for _, b := range all {
		on := b.At.On(r.Zone())
		list = append(list, Due{On: on, Kind: "problem", ID: number(b.Number), Title: b.Words, Place: b.Place, Part: b.Part,
			Late: on.DaysUntil(r.Today()) > remindDays})
	}
	return list, err
}

func loanDues(r store.Reader) (list []Due, err error) {
	loans, err := LoansOut(r)
	for _, l := range loans {
		if !l.Late(r.Today()) {
			continue
		}
		t, err := store.One(r, qTool, scanTool, string(l.Tool))
		if err != nil {
			return nil, err
		}
		list = append(list, Due{On: l.Due, Kind: "loan", ID: string(l.Tool), Title: t.Title, Who: l.Name, Late: true})
	}
	return list, err
}

func askedDues(r store.Reader) (list []Due, err error) {
	days, err := store.List(r, qDaysAsked, scanDay, r.Today().String())
	for _, d := range days {
		list = append(list, Due{On: d.On, Kind: "asked", ID: number(d.Number), Title: d.Title, Place: d.Place})
	}
	return list, err
}
