package sim

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/convening"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/sitting"
	"lieux/vote"
)

// carried is a living proxy as the life knows it.
type carried struct {
	id       attendance.ProxyID
	by, to   *soul
	accepted bool
	says     map[meeting.MatterID]vote.Choice
}

// hall is who is there and who carries whom, kept a second time.
type hall struct {
	shares map[int64][]int64 // of each holder on the roll, by class; nil where heads alone count
	owner  map[int64]*soul
	here   []*soul // in the order in which they came
	seat   map[int64]*soul
	proxy  map[int64]*carried
}

func (h hall) copy() hall {
	c := hall{maps.Clone(h.shares), h.owner, slices.Clone(h.here), maps.Clone(h.seat), maps.Clone(h.proxy)}
	for n, of := range c.shares {
		c.shares[n] = slices.Clone(of)
	}
	return c
}

func (h hall) total(n int64) (sum int64) {
	for _, s := range h.shares[n] {
		sum += s
	}
	return sum
}

// voter is who votes for a holder now; nil when nobody does.
func (h hall) voter(n int64) *soul {
	if s := h.seat[n]; s != nil {
		return s
	}
	if p := h.proxy[n]; p != nil && p.accepted && slices.Contains(h.here, p.to) {
		return p.to
	}
	return nil
}

// holders are those on the roll, in order.
func (h hall) holders() []int64 { return slices.Sorted(maps.Keys(h.owner)) }

// evening is a meeting as the life goes through it.
type evening struct {
	*life
	id         meeting.ID
	kind       people.BodyKind
	m          meeting.Meeting
	frozen     bool
	hall       hall
	remote     bool
	chair, pen *soul // pen is the secretary
	tellers    []*soul
	polls      []polled
}

// heldMeeting is a meeting whose record is frozen.
type heldMeeting struct {
	id    meeting.ID
	name  string
	polls int
}

// draft writes a meeting and makes it the one that is going on.
func (l *life) draft(m meeting.Meeting) (*evening, error) {
	var id meeting.ID
	if err := l.act(l.secretary, "meeting.draft", func(tx *store.Tx) (err error) {
		if m.Name == "" {
			kind := people.Assembly
			if m.Body == l.board {
				kind = people.Board
			}
			if m.Name, err = meeting.SuggestName(tx, kind, m.Day(tx.Zone())); err != nil {
				return err
			}
		}
		id, err = meeting.Draft(tx, m)
		return err
	}); err != nil {
		return nil, err
	}
	return l.resume(id)
}

func (l *life) resume(id meeting.ID) (*evening, error) {
	m, err := l.known(id)
	e := &evening{life: l, id: id, kind: m.Kind, m: m, remote: m.Remote != "",
		hall: hall{shares: map[int64][]int64{}, owner: map[int64]*soul{}, seat: map[int64]*soul{},
			proxy: map[int64]*carried{}}}
	l.room = e
	return e, err
}

// starts is a moment of a day.
func (l *life) starts(day civil.Date, hour int) civil.Instant {
	return civil.At(time.Date(day.Year(), day.Month(), day.DayOfMonth(), hour, 0, 0, 0, l.db.Zone()))
}

// drafted is April: the yearly assembly is prepared.
func (l *life) drafted(year int) error {
	l.at(civil.Day(year, time.April, 26), 20)
	day := saturday(civil.Day(year, time.June, 8))
	m := meeting.Meeting{Body: l.assembly, Title: fmt.Sprintf("Assemblée générale %d", year), Place: "La Halle",
		StartsAt: l.starts(day, 14), Language: lang.Tags[l.dice.IntN(len(lang.Tags))], Remote: "par visioconférence"}
	if l.chance(30) {
		m.RollOn = day.AddDays(-5)
	}
	if err := l.read(func(r store.Reader) (err error) {
		if m.Items, err = meeting.Usual(r, m); err != nil {
			return err
		}
		m.Items = slices.DeleteFunc(m.Items, func(i meeting.Item) bool { return i.Matters[0].Kind == assembly.Election })
		more, err := l.agenda(r, year, day)
		at := len(m.Items) - 1
		m.Items = slices.Insert(m.Items, at, more...)
		return err
	}); err != nil {
		return err
	}
	_, err := l.draft(m)
	return err
}

// thin says in which years few come to an assembly that is to change the bylaws: every third, from the first on.
func thin(year int) bool { return (year-FirstYear)%3 == 0 }

// agenda is what the year asks of its assembly.
func (l *life) agenda(r store.Reader, year int, day civil.Date) (items []meeting.Item, err error) {
	put := func(x meeting.Matter) {
		items = append(items, meeting.Item{Title: x.Title, Matters: []meeting.Matter{x}})
	}
	for i := range 1 + l.dice.IntN(2) {
		put(meeting.Matter{Kind: assembly.Resolution, Title: fmt.Sprintf("Résolution %d", i+1),
			Words: "Le conseil est autorisé à louer la cour."})
	}
	if thin(year) || l.chance(60) {
		change := bylaws.Change{Article: "30", Title: "Sortie",
			After: fmt.Sprintf("La démission partielle est permise (%d).", year)}
		b, err := bylaws.On(r, r.Today())
		if err != nil {
			return nil, err
		}
		if a, found := b.Version.Article("30"); found {
			change.Title, change.Before = a.Title, a.Body
		}
		put(meeting.Matter{Kind: assembly.BylawsChange, Title: "Statuts", Changes: []bylaws.Change{change}})
	}
	x := meeting.Matter{Kind: assembly.Election, Title: "Élection au conseil", Body: l.board, Seats: 1 + l.dice.IntN(2),
		Until: civil.Day(year+3, time.June, 30)}
	for len(x.Candidates) < 3 {
		s := l.member(func(s *soul) bool {
			return !s.legal() && !slices.Contains(l.seated, s) && !slices.Contains(x.Candidates, s.id)
		})
		if s == nil {
			break
		}
		s.fixed = true
		x.Candidates = append(x.Candidates, s.id)
	}
	if len(x.Candidates) > 0 {
		put(x)
	}
	if (year-FirstYear)%3 == 1 {
		put(meeting.Matter{Kind: assembly.Draw, Title: "Tirage du comité", Body: l.committee, Effective: 2, Substitutes: 1,
			Until: civil.Day(day.Year()+3, time.December, 31)})
	}
	return items, nil
}

// convened is May: letters, written questions, the first proxies.
func (l *life) convened() error {
	e := l.room
	l.at(e.m.Day(l.db.Zone()).AddDays(-20), 9)
	if err := e.send(); err != nil {
		return err
	}
	if err := e.questions(); err != nil {
		return err
	}
	for range l.plan.Members / 6 {
		l.pass(3600)
		if err := e.give(attendance.Online); err != nil {
			return err
		}
		if l.chance(30) {
			if err := e.answerProxy(); err != nil {
				return err
			}
		}
	}
	return nil
}

// send lets the letters leave, and counts them.
func (e *evening) send() error {
	var look convening.Look
	var id convening.DispatchID
	if err := e.read(func(r store.Reader) (err error) {
		look, err = convening.LookAt(r, e.id, convening.Options{Kind: convening.Convening})
		return err
	}); err != nil {
		return err
	}
	order := convening.Order{Meeting: e.id, Kind: convening.Convening, Seen: look.Seal}
	if look.Notice.Late {
		order.Why = "La salle n’était pas confirmée."
	}
	if err := e.act(e.secretary, "convening.send", func(tx *store.Tx) (err error) {
		id, err = convening.Send(tx, order)
		return err
	}); err != nil {
		return err
	}
	if err := e.letters(); err != nil {
		return err
	}
	return e.read(func(r store.Reader) error {
		letters, err := convening.Letters(r, id)
		if err != nil || len(letters) == len(look.Invited) {
			return err
		}
		return fmt.Errorf("%d invited, %d letters", len(look.Invited), len(letters))
	})
}

// questions are asked by those who are invited, and answered.
func (e *evening) questions() error {
	var asked []convening.QuestionID
	for range 2 {
		s := e.member(func(s *soul) bool { return !s.legal() })
		if s == nil {
			continue
		}
		done, err := e.try(s, "convening.ask", func(tx *store.Tx) error {
			id, err := convening.Ask(tx, convening.Question{Meeting: e.id, Person: s.id, Asker: s.id,
				Channel: convening.Online, Words: "Combien coûte le toit ?"})
			asked = append(asked, id)
			return err
		})
		if err != nil || !done {
			asked = asked[:max(0, len(asked)-1)]
		}
		if err != nil {
			return err
		}
	}
	if len(asked) == 0 {
		return nil
	}
	return e.act(e.secretary, "convening.reply", func(tx *store.Tx) error {
		_, err := convening.Reply(tx, convening.Answer{Meeting: e.id, Words: "Quarante mille euros."}, asked)
		return err
	})
}

// mayGive are the holders whom a soul may give a proxy for: own numbers and those of bodies.
func (s *soul) mayGive() (list []register.Number) {
	list = append(list, s.numbers...)
	for _, b := range s.speaks {
		list = append(list, b.numbers...)
	}
	return list
}

// give is a proxy that somebody tries to give, by a channel.
func (e *evening) give(channel attendance.Channel) error {
	giver := e.person()
	to := e.person()
	if giver == nil || to == nil {
		return nil
	}
	may := giver.mayGive()
	holder := int64(may[e.dice.IntN(len(may))])
	return e.gives(giver, to, holder, channel)
}

// person is somebody who may have a voice at the assembly.
func (l *life) person() *soul {
	for range 40 {
		s := l.souls[l.dice.IntN(len(l.souls))]
		if !s.gone && !s.legal() && len(s.mayGive()) > 0 && s.at > 2 {
			return s
		}
	}
	return nil
}

func (e *evening) gives(giver, to *soul, holder int64, channel attendance.Channel) error {
	p := attendance.Proxy{Meeting: e.id, Holder: holder, By: giver.id, To: to.id, Channel: channel,
		Signed: e.chance(50)}
	of := &carried{by: giver, to: to, says: map[meeting.MatterID]vote.Choice{}}
	if channel == attendance.AtDoor {
		p.Door = "1"
	}
	for _, x := range e.m.Matters() {
		if x.Kind.Voted() && e.chance(15) {
			of.says[x.ID] = e.choice()
			p.Instructions = append(p.Instructions, attendance.Instruction{Matter: x.ID, Choice: of.says[x.ID]})
		}
	}
	actor := giver
	if channel != attendance.Online {
		actor = e.secretary
	}
	done, err := e.tryThen(actor, "attendance.give-proxy", func(tx *store.Tx) (err error) {
		of.id, err = attendance.Give(tx, p)
		return err
	}, func() {
		of.accepted = channel == attendance.AtDoor || channel == attendance.OnPaper && p.Signed
		e.hall.proxy[holder] = of
	})
	if done && err == nil {
		err = e.lawful(holder)
	}
	return err
}

// lawful says what is wrong with a proxy that was given: who gives one carries none, and who holds one gave none.
func (e *evening) lawful(holder int64) error {
	p := e.hall.proxy[holder]
	if e.hall.seat[holder] != nil {
		return fmt.Errorf("a proxy was given for %d, who is there", holder)
	}
	own := func(s *soul, n int64) bool { return slices.Contains(s.numbers, register.Number(n)) }
	for _, n := range e.sortedProxies() {
		q := e.hall.proxy[n]
		switch {
		case n != holder && q.accepted && q.to == p.by && own(p.by, holder):
			return fmt.Errorf("who carries the proxy of %d gave their own, %d", n, holder)
		case q.by == p.to && own(q.by, n) && p.accepted && n != holder && own(p.by, holder):
			return fmt.Errorf("who gave a proxy for %d carries that of %d", n, holder)
		}
	}
	return nil
}

func (e *evening) sortedProxies() []int64 { return slices.Sorted(maps.Keys(e.hall.proxy)) }

// answerProxy accepts or declines a proxy that waits, or takes one back.
func (e *evening) answerProxy() error {
	all := e.sortedProxies()
	if len(all) == 0 {
		return nil
	}
	n := all[e.dice.IntN(len(all))]
	p := e.hall.proxy[n]
	switch {
	case !p.accepted && e.chance(85):
		_, err := e.tryThen(p.to, "attendance.accept-proxy", func(tx *store.Tx) error {
			return attendance.AcceptProxy(tx, p.id)
		}, func() { p.accepted = true })
		return err
	case e.chance(50):
		return e.actThen(p.to, "attendance.decline-proxy", func(tx *store.Tx) error {
			return attendance.EndProxy(tx, p.id, attendance.Declined)
		}, func() { delete(e.hall.proxy, n) })
	}
	return e.actThen(p.by, "attendance.revoke-proxy", func(tx *store.Tx) error {
		return attendance.EndProxy(tx, p.id, attendance.Revoked)
	}, func() { delete(e.hall.proxy, n) })
}

// actThen and tryThen keep the second book before the checks that follow the act.
func (e *evening) actThen(who *soul, verb string, fn func(*store.Tx) error, then func()) error {
	return e.act(who, verb, func(tx *store.Tx) error {
		err := fn(tx)
		if err == nil {
			then()
		}
		return err
	})
}

func (e *evening) tryThen(who *soul, verb string, fn func(*store.Tx) error, then func()) (bool, error) {
	return e.try(who, verb, func(tx *store.Tx) error {
		err := fn(tx)
		if err == nil {
			then()
		}
		return err
	})
}

// freezeRoll keeps the roll, and remembers it as it was on that day.
func (e *evening) freezeRoll() error {
	var f attendance.Frozen
	if err := e.act(e.secretary, "attendance.freeze-roll", func(tx *store.Tx) (err error) {
		f, err = attendance.FreezeRoll(tx, e.id)
		return err
	}); err != nil {
		return err
	}
	for _, entry := range f.Entries {
		e.hall.owner[entry.Holder] = e.byID[entry.Person]
		if e.kind != people.Assembly {
			continue
		}
		of := make([]int64, len(e.classes))
		for _, h := range entry.ByClass {
			of[e.classOf(h.Class)] = h.Shares
		}
		e.hall.shares[entry.Holder] = of
	}
	for _, n := range e.sortedProxies() {
		if e.hall.owner[n] == nil { // holds no share any more
			delete(e.hall.proxy, n)
		}
	}
	e.frozen = true
	if e.kind == people.Assembly {
		e.kept = append(e.kept, keptRoll{meeting: e.id, day: f.Day, known: f.FrozenAt.On(e.db.Zone()), entries: f.Entries})
		return e.rollIs(e.kept[len(e.kept)-1])
	}
	return nil
}

// arrive lets somebody in for themselves and some of the bodies that they represent.
func (e *evening) arrive(s *soul, channel attendance.Channel) error {
	if slices.Contains(e.hall.here, s) {
		return nil
	}
	a := attendance.Arrival{Meeting: e.id, Person: s.id, Channel: channel, Door: fmt.Sprint(1 + e.dice.IntN(2))}
	var seats []int64
	for _, n := range e.hall.holders() {
		switch owner := e.hall.owner[n]; {
		case owner == s:
			seats = append(seats, n)
		case e.kind == people.Assembly && slices.Contains(s.speaks, owner) && e.hall.seat[n] == nil && e.chance(80):
			seats = append(seats, n)
			a.Holders = append(a.Holders, n)
		}
	}
	var accepts []*carried
	carries := false
	for _, n := range e.sortedProxies() {
		p := e.hall.proxy[n]
		carries = carries || p.to == s && p.accepted
		if p.to == s && !p.accepted && e.hall.seat[n] == nil && !slices.Contains(seats, n) && e.chance(50) {
			accepts = append(accepts, p)
			a.Accept = append(a.Accept, p.id)
		}
	}
	if len(seats)+len(accepts) == 0 && !carries {
		return nil
	}
	before := e.hall.copy()
	done, err := e.tryThen(e.secretary, "attendance.arrive", func(tx *store.Tx) error {
		return attendance.Arrive(tx, a)
	}, func() {
		e.hall.here = append(e.hall.here, s)
		for _, n := range seats {
			e.hall.seat[n] = s
			delete(e.hall.proxy, n)
		}
		for _, p := range accepts {
			p.accepted = true
		}
	})
	if err != nil || !done || len(accepts) > 0 || !e.chance(4) {
		return err
	}
	e.met("undone")
	return e.undo(before)
}

// undo takes back what was noted last.
func (e *evening) undo(before hall) error {
	return e.actThen(e.secretary, "attendance.undo", func(tx *store.Tx) error {
		seq, err := attendance.LastSeq(tx, e.id)
		if err != nil {
			return err
		}
		return attendance.Undo(tx, e.id, seq)
	}, func() { e.hall = before })
}

// leaves is that somebody goes, and perhaps leaves a proxy at the door.
func (e *evening) leaves(s *soul) error {
	before := e.hall.copy()
	if err := e.actThen(e.secretary, "attendance.leave", func(tx *store.Tx) error {
		return attendance.Leave(tx, e.id, s.id)
	}, func() {
		e.hall.here = slices.DeleteFunc(e.hall.here, func(o *soul) bool { return o == s })
		maps.DeleteFunc(e.hall.seat, func(_ int64, o *soul) bool { return o == s })
	}); err != nil {
		return err
	}
	switch {
	case e.chance(10):
		e.met("undone")
		return e.undo(before)
	case e.chance(30) && e.kind == people.Assembly:
		to := e.hall.here[e.dice.IntN(len(e.hall.here))]
		for _, n := range e.hall.holders() {
			if e.hall.owner[n] == s && to != s {
				return e.gives(s, to, n, attendance.AtDoor)
			}
		}
	}
	return nil
}

// guests are those who are there and hold no charge.
func (e *evening) guests() (list []*soul) {
	for _, s := range e.hall.here {
		if s != e.chair && s != e.pen && !slices.Contains(e.tellers, s) {
			list = append(list, s)
		}
	}
	return list
}

// door is what happens at the door between two matters.
func (e *evening) door() error {
	for range 1 + e.dice.IntN(3) {
		if guests := e.guests(); len(guests) > 3 && e.chance(40) {
			if err := e.leaves(guests[e.dice.IntN(len(guests))]); err != nil {
				return err
			}
		}
		if s := e.person(); s != nil && e.kind == people.Assembly {
			channel := attendance.InRoom
			if e.chance(30) {
				channel = attendance.Afar
			}
			if err := e.arrive(s, channel); err != nil {
				return err
			}
		}
		if e.kind == people.Assembly && e.chance(30) {
			if err := e.answerProxy(); err != nil {
				return err
			}
		}
	}
	if e.kind == people.Assembly && e.chance(15) {
		return e.mend()
	}
	return nil
}

// mend is a correction of the roll that the bureau decides.
func (e *evening) mend() error {
	holders := e.hall.holders()
	n := holders[e.dice.IntN(len(holders))]
	class := e.dice.IntN(len(e.classes))
	after := e.hall.shares[n][class] + 1
	return e.actThen(e.pen, "attendance.correct", func(tx *store.Tx) error {
		return attendance.Correct(tx, attendance.Correction{Meeting: e.id, Holder: n, Class: e.classes[class].ID,
			Shares: after, Why: "Une souscription n’était pas encore encodée."})
	}, func() { e.hall.shares[n][class] = after; e.met("roll mended") })
}

// open names the bureau and opens the meeting.
func (e *evening) open() error {
	bureau := sitting.Bureau{Chair: e.chair.id, Secretary: e.pen.id}
	for _, t := range e.tellers {
		bureau.Tellers = append(bureau.Tellers, t.id)
	}
	return e.act(e.pen, "sitting.open", func(tx *store.Tx) error { return sitting.Open(tx, e.id, bureau) })
}

// close ends the evening; the minutes are read again, signed by the bureau and frozen.
func (e *evening) close() error {
	if err := e.act(e.pen, "sitting.close", func(tx *store.Tx) error { return sitting.Close(tx, e.id) }); err != nil {
		return err
	}
	if e.chance(50) {
		if err := e.review(); err != nil {
			return err
		}
	}
	if err := e.act(e.pen, "sitting.settle", func(tx *store.Tx) error {
		return sitting.Settle(tx, e.id, e.book)
	}); err != nil {
		return err
	}
	for i, s := range e.bureau() {
		if slices.Contains(e.bureau()[:i], s) {
			continue
		}
		e.pass(600)
		if err := e.act(s, "sitting.sign", func(tx *store.Tx) error {
			return sitting.Sign(tx, e.id, sitting.Signature{Kind: assembly.Drawn, Evidence: hand})
		}); err != nil {
			return err
		}
	}
	if err := e.act(e.pen, "sitting.freeze", func(tx *store.Tx) error {
		_, err := sitting.Freeze(tx, e.id, e.book)
		return err
	}); err != nil {
		return err
	}
	e.held = append(e.held, heldMeeting{id: e.id, name: e.m.Name, polls: len(e.polls)})
	e.life.room = nil
	return e.recorded()
}

// bureau is who signs; at the board one person may hold two charges.
func (e *evening) bureau() []*soul { return append([]*soul{e.chair, e.pen}, e.tellers...) }

// hand is a drawn signature.
const hand = "M 20 150 L 60 40 L 100 150 L 140 60 L 180 150 M 40 110 L 90 110 L 300 100 L 560 90"

// review lets who was there remark on the draft.
func (e *evening) review() error {
	if err := e.act(e.pen, "sitting.review", func(tx *store.Tx) error {
		return sitting.OpenReview(tx, e.id, 3)
	}); err != nil {
		return err
	}
	by := e.hall.here[e.dice.IntN(len(e.hall.here))]
	var remark string
	if err := e.act(by, "sitting.comment", func(tx *store.Tx) (err error) {
		remark, err = sitting.Comment(tx, e.id, sitting.Remark{Words: "On avait parlé du vélo."})
		return err
	}); err != nil {
		return err
	}
	e.pass(4 * 24 * 3600)
	return e.act(e.pen, "sitting.reply", func(tx *store.Tx) error {
		return sitting.Reply(tx, e.id, remark, false, "Hors sujet.")
	})
}
