package sim

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// keptRoll is a roll as it was frozen: for a day, as the register was known on another.
type keptRoll struct {
	meeting    meeting.ID
	day, known civil.Date
	entries    []attendance.Entry
}

// cheap is what holds after every act: what was issued is what the movements sum to, nobody holds less than nothing,
// who was touched holds what the second book says, and so is it with who is in the room.
func (l *life) cheap() error {
	return l.read(func(r store.Reader) error {
		link, err := store.Head(r)
		if err != nil {
			return err
		}
		if link.Number != l.head {
			return fmt.Errorf("the journal ends with line %d, not %d", link.Number, l.head)
		}
		issued, err := register.IssuedOn(r, r.Today(), civil.Date{})
		if err != nil {
			return err
		}
		if issued != l.ledger.issued {
			return fmt.Errorf("%d shares are issued, the movements sum to %d", issued, l.ledger.issued)
		}
		for _, at := range l.ledger.touched {
			if err := l.holdingIs(r, at); err != nil {
				return err
			}
		}
		l.ledger.touched = l.ledger.touched[:0]
		if l.room != nil && l.room.frozen {
			return l.room.roomIs(r)
		}
		return nil
	})
}

func (l *life) holdingIs(r store.Reader, at account) error {
	want := l.ledger.held[at]
	lots, err := register.HoldingsOf(r, at.holder, r.Today(), civil.Date{})
	if err != nil {
		return err
	}
	var got move
	for _, lot := range lots {
		if lot.Shares < 0 || lot.Paid < 0 {
			return fmt.Errorf("number %s holds %d shares, %s paid, of lot %s", at.holder, lot.Shares, lot.Paid, lot.Lot)
		}
		if l.classOf(lot.Class) == at.class {
			got.shares, got.paid = got.shares+lot.Shares, got.paid+lot.Paid
		}
	}
	if got != want {
		return fmt.Errorf("number %s holds %d shares, %s paid; the movements sum to %d and %s", at.holder, got.shares,
			got.paid, want.shares, want.paid)
	}
	return nil
}

// nothingChanged is what holds after a refusal.
func (l *life) nothingChanged(verb string) error {
	return l.read(func(r store.Reader) error {
		link, err := store.Head(r)
		if err == nil && link.Number != l.head {
			err = fmt.Errorf("%s was refused and wrote line %d", verb, link.Number)
		}
		if err != nil || l.room == nil || !l.room.frozen {
			return err
		}
		return l.room.roomIs(r)
	})
}

// issued are the whole roll.
func (h hall) issued() vote.Sides {
	var shares int64
	for _, n := range slices.Collect(maps.Keys(h.shares)) {
		shares += h.total(n)
	}
	return vote.Both(int64(len(h.owner)), shares)
}

// roomIs compares the room with the second book.
func (e *evening) roomIs(r store.Reader) error {
	var present, represented [2]int64
	for n := range e.hall.owner {
		switch {
		case e.hall.seat[n] != nil:
			present[0], present[1] = present[0]+1, present[1]+e.hall.total(n)
		case e.hall.voter(n) != nil:
			represented[0], represented[1] = represented[0]+1, represented[1]+e.hall.total(n)
		}
	}
	now, err := attendance.CountNow(r, e.id)
	if err != nil {
		return err
	}
	want := [3]vote.Sides{vote.Both(present[0], present[1]), vote.Both(represented[0], represented[1]), e.hall.issued()}
	if got := [3]vote.Sides{now.Present, now.Represented, now.Issued}; got != want {
		return fmt.Errorf("in the room (present, represented, issued) %v; who came and went makes %v", got, want)
	}
	return nil
}

// rightsAre compares the rights of a vote with who is there: every holder once, and nobody above the cap.
func (e *evening) rightsAre(p *polled) error {
	return e.read(func(r store.Reader) error {
		rights, err := ballot.Rights(r, p.id)
		if err != nil {
			return err
		}
		poll, _, err := ballot.ByID(r, p.id)
		if err != nil {
			return err
		}
		p.instructions = map[int64]vote.Choice{}
		seen := map[ballotOf]bool{}
		for _, right := range rights {
			at := ballotOf{right.Holder, 0}
			if e.kind == people.Assembly {
				at.class = e.classOf(register.ClassID(right.Class))
			}
			voter := p.voter[right.Holder]
			switch {
			case seen[at]:
				return fmt.Errorf("number %d may vote twice", right.Holder)
			case voter == nil || voter != e.byID[right.Voter]:
				return fmt.Errorf("number %d is voted by somebody who is not there for it", right.Holder)
			case e.kind == people.Assembly && right.Shares != p.shares[right.Holder][at.class]:
				return fmt.Errorf("number %d votes %d shares, has %v", right.Holder, right.Shares, p.shares[right.Holder])
			}
			seen[at] = true
			p.votes[at] = right.Votes
			if c := e.hall.proxy[right.Holder]; c != nil && e.hall.seat[right.Holder] == nil && poll.Terms.Race == nil {
				if told := c.says[p.matter.ID]; told != "" {
					p.instructions[right.Holder] = told
				}
			}
			if right.Instruction != p.instructions[right.Holder] {
				return fmt.Errorf("number %d is to be voted %q, told was %q", right.Holder, right.Instruction,
					p.instructions[right.Holder])
			}
		}
		if err := p.whole(seen); err != nil {
			return err
		}
		want, err := p.weigh(poll.Terms.Rule, nil)
		if err != nil {
			return err
		}
		return same(p.votes, want)
	})
}

// whole says that nobody who is there was left without their right.
func (p *polled) whole(seen map[ballotOf]bool) error {
	for n, of := range p.shares {
		has := len(of) == 0
		for c, shares := range of {
			if shares > 0 && !seen[ballotOf{n, c}] {
				return fmt.Errorf("number %d has no right for %d shares", n, shares)
			}
			has = has || seen[ballotOf{n, c}]
		}
		if !has && p.voter[n] != nil {
			var sum int64
			for _, s := range of {
				sum += s
			}
			if sum > 0 {
				return fmt.Errorf("number %d has no right", n)
			}
		}
	}
	return nil
}

func same(got, want map[ballotOf]int64) error {
	for at, n := range want {
		if got[at] != n {
			return fmt.Errorf("number %d, class %d has %d votes; weighed anew they are %d", at.holder, at.class, got[at], n)
		}
	}
	return nil
}

// weigh gives every mandate its votes by the shortest reasoning: a vote for each share or head, and the cap. Who is
// among those who left weighs nothing.
func (p *polled) weigh(rule vote.Rule, left []*soul) (map[ballotOf]int64, error) {
	raw := map[ballotOf]int64{}
	var units []unit
	var all int64
	reach := rule.Cap.Terms().Reach
	for _, n := range slices.Sorted(maps.Keys(p.voter)) {
		if slices.Contains(left, p.voter[n]) {
			continue
		}
		mandates := map[ballotOf]int64{{n, 0}: 1}
		if rule.Weight == vote.PerShare {
			mandates = map[ballotOf]int64{}
			for c, shares := range p.shares[n] {
				mandates[ballotOf{n, c}] = shares
			}
		} else if of := p.shares[n]; len(of) > 0 && of[0] == 0 {
			mandates = map[ballotOf]int64{{n, 1}: 1}
		}
		at := slices.IndexFunc(units, func(u unit) bool { return u.voter == p.voter[n] && reach != vote.ReachHolder })
		if at < 0 {
			at, units = len(units), append(units, unit{voter: p.voter[n]})
		}
		for _, c := range []int{0, 1} {
			votes := mandates[ballotOf{n, c}]
			raw[ballotOf{n, c}] = votes
			units[at].sum += votes
			all += votes
			units[at].of = append(units[at].of, ballotOf{n, c})
		}
	}
	limit, capped := ceiling(rule.Cap.Terms(), units, all, p.issued, rule.Weight)
	for _, u := range units {
		if capped && u.sum > limit {
			return p.cut(raw, units, limit)
		}
	}
	return raw, nil
}

// unit is what counts together under a cap.
type unit struct {
	voter *soul
	sum   int64
	of    []ballotOf
}

// ceiling is the most that a unit may vote.
func ceiling(t vote.CapTerms, units []unit, all int64, issued vote.Sides, weight vote.Weight) (int64, bool) {
	whole := all
	switch t.Base {
	case vote.CapIssued:
		whole, _ = issued.Shares.Get()
		if weight == vote.PerHead {
			whole, _ = issued.Heads.Get()
		}
	case vote.CapAttached:
	default:
		return 0, false
	}
	a, b := t.Part.Parts()
	return whole * a / b, true
}

// cut brings each unit that is above the ceiling down to it. How a unit's loss is spread over its mandates is not this
// book's to say: their sum is, so the first mandate of each stands for all.
func (p *polled) cut(raw map[ballotOf]int64, units []unit, limit int64) (map[ballotOf]int64, error) {
	for _, u := range units {
		if u.sum <= limit {
			continue
		}
		var got int64
		for _, at := range u.of {
			if p.votes[at] > raw[at] {
				return nil, fmt.Errorf("the cap gives number %d %d votes for %d", at.holder, p.votes[at], raw[at])
			}
			got += p.votes[at]
			delete(raw, at)
		}
		if got != limit {
			return nil, fmt.Errorf("%d votes count together under a cap of %d", got, limit)
		}
	}
	return raw, nil
}

// judged compares what a vote found with what everybody meant, and judges it anew from what is stored.
func (e *evening) judged(p *polled) error {
	return e.read(func(r store.Reader) error {
		poll, _, err := ballot.ByID(r, p.id)
		if err != nil {
			return err
		}
		if err := e.countsAre(r, p, poll); err != nil {
			return err
		}
		return e.verdictHolds(r, p, poll)
	})
}

func (e *evening) countsAre(r store.Reader, p *polled, poll ballot.Poll) error {
	if p.method == ballot.None || p.method == ballot.Unanimity {
		return nil
	}
	var gone []people.PersonID
	for _, s := range p.left {
		gone = append(gone, s.id)
	}
	slices.Sort(gone)
	if !slices.Equal(gone, poll.Tally.Left) {
		return fmt.Errorf("%d went without voting, the close says %d", len(gone), len(poll.Tally.Left))
	}
	votes := p.votes
	if len(p.left) > 0 {
		var err error
		if votes, err = p.reweighed(r, poll); err != nil {
			return err
		}
	}
	if poll.Terms.Race != nil {
		return p.standingsAre(poll, votes)
	}
	sums := map[vote.Choice]int64{}
	for at, n := range votes {
		sums[p.said[at.holder]] += n
	}
	result, err := ballot.ResultOf(r, poll)
	if err != nil {
		return err
	}
	if want := vote.Counted(sums[vote.For], sums[vote.Against], sums[vote.Abstain]); result.Counts != want {
		return fmt.Errorf("counted %v, meant was %v", result.Counts, want)
	}
	if result.Silent != sums[""] {
		return fmt.Errorf("%d votes took no part, the result says %d", sums[""], result.Silent)
	}
	return nil
}

// reweighed are the votes without those who went: from the stored outcome's mandates, checked by the second weighing.
func (p *polled) reweighed(r store.Reader, poll ballot.Poll) (map[ballotOf]int64, error) {
	facts, err := ballot.FactsOf(r, poll)
	if err != nil {
		return nil, err
	}
	w, err := vote.Weigh(*facts.Roll, poll.Terms.Rule.Weight, poll.Terms.Rule.Cap, poll.Terms.Issued)
	if err != nil {
		return nil, err
	}
	again := *p
	again.votes = map[ballotOf]int64{}
	for _, m := range w.Mandates {
		at := ballotOf{m.Holder, 0}
		if p.classNames != nil {
			at.class = p.classNames[m.Class]
		}
		again.votes[at] += m.Votes
	}
	want, err := again.weigh(poll.Terms.Rule, p.left)
	if err == nil {
		err = same(again.votes, want)
	}
	return again.votes, err
}

// standingsAre compares each candidate of a round.
func (p *polled) standingsAre(poll ballot.Poll, votes map[ballotOf]int64) error {
	for _, s := range poll.Election.Outcome.Standings {
		sums := map[vote.Choice]int64{}
		for at, n := range votes {
			m, marked := p.marked[at.holder]
			if !marked {
				continue
			}
			sums[m.Of(s.Number)] += n
		}
		if got, want := s.Votes, vote.Counted(sums[vote.For], sums[vote.Against], sums[vote.Abstain]); got != want {
			return fmt.Errorf("candidate %d has %v, marked was %v", s.Number, got, want)
		}
	}
	return nil
}

// verdictHolds judges a vote anew, from the stored facts and the rule of its day.
func (e *evening) verdictHolds(r store.Reader, p *polled, poll ballot.Poll) error {
	if poll.Terms.Race != nil {
		return nil
	}
	b, err := bylaws.On(r, e.m.Day(r.Zone()))
	if err != nil {
		return err
	}
	rule := meeting.RuleOf(b, e.m, p.matter)
	fresh, err := rejudged(r, poll, rule)
	if err != nil {
		return err
	}
	if fresh.Computed != poll.Outcome.Computed || fresh.Quorum.Found != poll.Outcome.Quorum.Found ||
		!reflect.DeepEqual(fresh.Majority, poll.Outcome.Majority) {
		return fmt.Errorf("%s by %s was %q; judged anew it is %q", p.matter.Title, p.method,
			poll.Outcome.Computed, fresh.Computed)
	}
	e.met("outcome " + string(fresh.Computed))
	return nil
}

// rejudged judges a vote from its stored facts.
func rejudged(r store.Reader, poll ballot.Poll, rule vote.Rule) (vote.Outcome, error) {
	facts, err := ballot.FactsOf(r, poll)
	if err != nil {
		return vote.Outcome{}, err
	}
	return vote.Judge(rule, facts)
}

// minutesAgree says that the minutes tell what every vote found.
func (l *life) minutesAgree(r store.Reader, a assembly.Assembly) error {
	polls, err := ballot.Polls(r, meeting.ID(a.ID))
	if err != nil {
		return err
	}
	for _, item := range a.Items {
		for _, x := range item.Matters {
			if x.Kind == assembly.Election {
				if err := electedAgree(r, a, x); err != nil {
					return err
				}
				continue
			}
			at := slices.IndexFunc(polls, func(p ballot.Poll) bool {
				return string(p.Matter) == string(x.ID) && p.VoidAt == 0 && p.Terms.Race == nil
			})
			if at < 0 {
				continue
			}
			fresh, err := rejudged(r, polls[at], polls[at].Terms.Rule)
			if err != nil {
				return err
			}
			if fresh.Computed != x.Outcome.Verdict() {
				return fmt.Errorf("the minutes of %s say %q of %s; judged anew it is %q", a.Name, x.Outcome.Verdict(), x.Title,
					fresh.Computed)
			}
		}
	}
	m, err := assembly.MinutesOf(r, a, l.book)
	if err == nil && !m.Frozen() {
		err = fmt.Errorf("the minutes of %s are not frozen", a.Name)
	}
	return err
}

// electedAgree says that the minutes name those whom the rounds elected.
func electedAgree(r store.Reader, a assembly.Assembly, x assembly.Matter) error {
	m, _, err := meeting.ByID(r, meeting.ID(a.ID))
	if err != nil {
		return err
	}
	matter, _, _ := m.Matter(meeting.MatterID(x.ID))
	contest, err := ballot.ContestOf(r, m, matter)
	if err == nil && !slices.Equal(contest.Elected, x.Elected) {
		err = fmt.Errorf("the minutes of %s name %d elected, the rounds %d", a.Name, len(x.Elected), len(contest.Elected))
	}
	return err
}

// dear is what a year ends with: the whole register, every roll that was ever frozen, the minutes of the year and one
// older, every chain and seal.
func (l *life) dear(year int) error {
	if err := l.read(func(r store.Reader) error {
		for _, known := range []civil.Date{{}, civil.Day(year, 6, 30), civil.Day(year-1, 12, 31)} {
			for _, day := range []civil.Date{r.Today(), civil.Day(year, 3, 31)} {
				if err := l.registerIs(r, day, known); err != nil {
					return err
				}
			}
		}
		for i, h := range l.held {
			if i < len(l.held)-5 && l.dice.IntN(4) > 0 {
				continue
			}
			a, found, err := assembly.ByName(r, h.name)
			if err != nil || !found {
				return cmp.Or(err, fmt.Errorf("the record of %s is gone", h.name))
			}
			if err := l.minutesAgree(r, a); err != nil {
				return err
			}
		}
		return booksAre(r)
	}); err != nil {
		return err
	}
	for _, k := range l.kept {
		if err := l.rollIs(k); err != nil {
			return err
		}
	}
	report, err := l.db.Check(l.ctx)
	if err == nil && len(report.Findings) > 0 {
		err = fmt.Errorf("check: %v", report.Findings)
	}
	return err
}

// registerIs compares the register on a day, as it was known on another, with the sum of the movements.
func (l *life) registerIs(r store.Reader, day, known civil.Date) error {
	roll, err := register.RollOn(r, day, known)
	if err != nil {
		return err
	}
	got := map[account]move{}
	var issued int64
	for _, h := range roll.Holders {
		for _, of := range h.ByClass {
			got[account{h.Number, l.classOf(of.Class)}] = move{of.Shares, of.Paid}
			issued += of.Shares
			if of.Shares < 0 || of.Paid < 0 {
				return fmt.Errorf("number %s holds %d shares on %s", h.Number, of.Shares, day)
			}
		}
	}
	want := l.ledger.on(day, known)
	maps.DeleteFunc(want, func(_ account, m move) bool { return m.shares == 0 })
	if !maps.Equal(got, want) || issued != roll.Shares {
		return fmt.Errorf("the register of %s as known on %s: %d holdings, %d shares; the movements make %d holdings", day,
			known, len(got), issued, len(want))
	}
	return nil
}

// rollIs compares a frozen roll with the register of its day as it was known then, and with the movements.
func (l *life) rollIs(k keptRoll) error {
	return l.read(func(r store.Reader) error {
		roll, err := register.RollOn(r, k.day, k.known)
		if err != nil {
			return err
		}
		if len(roll.Holders) != len(k.entries) {
			return fmt.Errorf("the roll of %s had %d lines, recomputed it has %d", k.day, len(k.entries), len(roll.Holders))
		}
		for i, h := range roll.Holders {
			if e := k.entries[i]; e.Holder != int64(h.Number) || e.Shares != h.Shares {
				return fmt.Errorf("the roll of %s gave number %d %d shares, recomputed number %s has %d", k.day, e.Holder,
					e.Shares, h.Number, h.Shares)
			}
		}
		return l.registerIs(r, k.day, k.known)
	})
}
