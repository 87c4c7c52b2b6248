package vote

import (
	"cmp"
	"slices"

	"lieux/base/lang"
)

// count is one election while it is counted.
type count struct {
	*room
	rule      Election
	facts     ElectionFacts
	cast      Known // votes of the ballots handed in
	standings []Standing
	open      bool    // a count is missing, so nothing can be filled
	next      TieRule // what a tie waits for
	told      bool    // somebody is elected on a told unanimity, without figures
}

// votes brings together the candidates and their votes, and notes the figures that cannot be.
func (c *count) votes() {
	if c.facts.Marks != nil {
		c.tallyMarks()
	}
	most := c.limit
	if c.cast.known {
		c.tookPart.Shares = c.cast
		c.within("vote.against.votes", c.cast, c.limit)
		most = c.cast
	}
	sum := Count(0)
	for _, candidate := range c.facts.Candidates {
		s := Standing{Number: candidate.Number, Votes: candidate.Votes, Majority: NotAsked}
		if candidate.Told == Unanimous {
			if s.Votes.Against.n > 0 {
				c.against = append(c.against, lang.Say("vote.against.unanimous", "n", s.Votes.Against.n))
			} else {
				s.Votes.Against = Count(0)
			}
		}
		c.within("vote.against.votes", s.Votes.least(), most)
		sum = sum.plus(s.Votes.For)
		c.standings = append(c.standings, s)
	}
	if c.rule.method == ByPlurality && most.known {
		c.within("vote.against.plurality", sum, Known{most.n * int64(c.facts.Seats), true})
	}
}

// tallyMarks counts what each holder marked.
func (c *count) tallyMarks() {
	c.tookPart.Heads = Count(int64(len(c.facts.Marks)))
	if c.weighing == nil {
		return
	}
	weight := map[int64]int64{}
	for _, m := range c.weighing.Mandates {
		weight[m.Holder] += m.Votes
	}
	votes, cast := map[int64]int64{}, int64(0)
	for _, m := range c.facts.Marks {
		cast += weight[m.Holder]
		for _, n := range m.Candidates {
			votes[n] += weight[m.Holder]
		}
	}
	c.cast = Count(cast)
	candidates := slices.Clone(c.facts.Candidates)
	for i := range candidates {
		candidates[i].Votes.For = Count(votes[candidates[i].Number])
	}
	c.facts.Candidates = candidates
}

// rank finds who may be elected, says each candidate's votes, and puts the most votes first.
func (c *count) rank() {
	if c.rule.IsZero() {
		c.miss("election-rule", "")
	}
	c.say(Line{Say: lang.Say("vote.election."+string(cmp.Or(c.rule.method, "unknown")),
		"seats", lang.Say("vote.election.seats", "n", c.facts.Seats),
		"candidates", lang.Say("vote.election.candidates", "n", len(c.facts.Candidates))), Article: c.rule.article})
	slices.SortStableFunc(c.standings, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(b.Votes.For.n, a.Votes.For.n), cmp.Compare(a.Number, b.Number))
	})
	for i := range c.standings {
		c.standing(&c.standings[i])
	}
}

// standing judges one candidate: any vote at all, and the majority where one is asked.
func (c *count) standing(s *Standing) {
	line := Line{Candidate: s.Number}
	who := number(s.Number)
	if c.rule.method == ByMajority {
		line.Say = lang.Say("vote.candidate.for-against", "who", who, "for", wordOf(s.Votes.For),
			"against", wordOf(s.Votes.Against))
	} else {
		line.Say = lang.Say("vote.candidate.votes", "who", who, "for", wordOf(s.Votes.For))
	}
	found, told := c.floor(*s)
	if told {
		line.Say = lang.Say("vote.candidate.unanimous", "who", who)
		line.Finding = lang.Say("vote.found.majority-told")
	}
	s.Majority = found.Found
	if m := c.rule.majority; !m.IsZero() {
		if !told {
			line.Finding = lang.Say("vote.found.majority-" + string(found.Found))
		}
		line.Article = m.t.Article
		if found.Whole.n > 0 {
			line.Say = sentences(line.Say, lang.Say("vote.candidate.needed", "threshold", m.t.Threshold.Phrase(),
				"of", m.t.Base.phrase("votes"), "border", border(m.t.Threshold, found.Whole.n)))
			line.Figure = percentFigure(s.Votes.For.n, found.Whole.n, m.t.Threshold)
		}
	} else if s.Votes.For.known {
		line.Figure = countFigure(s.Votes.For.n)
	}
	c.say(line)
	switch {
	case c.rule.IsZero() || s.Majority == Unknown || s.Majority == NotAsked && !s.Votes.For.known:
		c.open = true
		c.missVotes(*s)
	case told:
		c.told = true
		c.missVotes(*s)
	}
}

// floor is the majority that a candidate must reach. By plurality and approval a floor is a part of all ballots
// handed in.
func (c *count) floor(s Standing) (result Compared, told bool) {
	m := c.rule.majority
	if m.IsZero() {
		return Compared{Found: NotAsked}, false
	}
	of := counted{"", "votes", s.Votes, c.available, c.limit, false}
	i := slices.IndexFunc(c.facts.Candidates, func(k Candidate) bool { return k.Number == s.Number })
	of.told = c.facts.Candidates[i].Told == Unanimous && len(c.against) == 0
	if c.rule.method == ByMajority || m.t.Base == OfPresent {
		return of.find(m.t, m.t.Threshold)
	}
	return measure(m.t.Threshold, s.Votes.For, c.cast), false
}

// missVotes names the figures that one candidate lacks, once for all candidates.
func (c *count) missVotes(s Standing) {
	base := OfVoting
	if m := c.rule.majority; !m.IsZero() {
		base = m.t.Base
	}
	switch {
	case c.rule.method != ByMajority && !c.rule.IsZero():
		if !s.Votes.For.known {
			c.miss("candidate-votes", "")
		}
		if s.Majority == Unknown && base == OfPresent && !c.available.known {
			c.miss("available.votes", "")
		} else if s.Majority == Unknown && base != OfPresent && !c.cast.known {
			c.miss("cast", "")
		}
		if c.facts.Marks != nil && len(c.unweighed) > 0 && !c.missing.has(c.unweighed[0].Code) {
			c.missing = append(c.missing, c.unweighed...)
		}
	case c.rule.IsZero():
		if !s.Votes.For.known {
			c.miss("candidate-votes", "")
		}
	default:
		c.missCounts(base, counted{"", "votes", s.Votes, c.available, c.limit, false})
	}
}

// fill gives the seats to the most votes, and parts a tie at the last one as the rule says.
func (c *count) fill() {
	var fit []int // places in standings, the most votes first
	for i, s := range c.standings {
		if s.Majority == Met || s.Majority == NotAsked && s.Votes.For.n > 0 {
			fit = append(fit, i)
		}
	}
	if c.told && len(fit) > c.facts.Seats {
		c.open = true // who has more votes is not told
	}
	if c.open {
		return
	}
	seats := c.facts.Seats
	if len(fit) <= seats {
		for _, i := range fit {
			c.standings[i].Elected = true
		}
		return
	}
	votes := func(place int) int64 { return c.standings[fit[place]].Votes.For.n }
	last := votes(seats - 1)
	first, end := 0, len(fit) // the tied: places first to end
	for ; votes(first) > last; first++ {
		c.standings[fit[first]].Elected = true
	}
	for ; votes(end-1) < last; end-- {
	}
	if end == seats {
		for _, i := range fit[first:end] {
			c.standings[i].Elected = true
		}
		return
	}
	c.part(fit[first:end], seats-first)
}

// part divides the last seats among candidates with equal votes.
func (c *count) part(tied []int, seats int) {
	c.say(Line{Say: lang.Say("vote.election.tie", "who", c.numbers(tied), "votes", c.standings[tied[0]].Votes.For.n,
		"seats", lang.Say("vote.election.seats-left", "n", seats)), Article: c.rule.article})
	for _, rule := range c.rule.ties {
		switch rule {
		case TieOlder:
			if tied, seats = c.older(tied, seats); len(tied) == 0 {
				return
			}
		case TieLowerNumber:
			slices.SortFunc(tied, func(a, b int) int {
				return cmp.Compare(c.standings[a].Number,
					c.standings[b].Number)
			})
			c.give(rule, tied[:seats])
			return
		case TieLot:
			c.draw(tied, seats)
			return
		case TieSecondRound:
			c.wait(rule, tied)
			return
		}
	}
	c.wait(TieSecondRound, tied)
}

// older gives the seats to the older candidates; those of one age at the last seat stay tied. A birth date that is
// not known to the day leaves the election open.
func (c *count) older(tied []int, seats int) (rest []int, left int) {
	born := func(place int) string { return c.candidate(c.standings[place].Number).Born.String() }
	for _, i := range tied {
		if !c.candidate(c.standings[i].Number).Born.IsDay() {
			c.miss("births", "")
			c.open = true
			for _, j := range tied {
				c.standings[j].Tied = true
			}
			return nil, 0
		}
	}
	slices.SortFunc(tied, func(a, b int) int { return cmp.Compare(born(a), born(b)) })
	first, end := 0, len(tied)
	for ; born(tied[first]) < born(tied[seats-1]); first++ {
	}
	for ; born(tied[end-1]) > born(tied[seats-1]); end-- {
	}
	if end == seats {
		first = seats // nobody of the same age is left out
	}
	c.give(TieOlder, tied[:first])
	if first == seats {
		return nil, 0
	}
	return tied[first:end], seats - first
}

// draw follows the order of the lot, which somebody drew and hands in; without it the election waits for it.
func (c *count) draw(tied []int, seats int) {
	order := map[int64]int{}
	for place, n := range c.facts.Lot {
		order[n] = place
	}
	for _, i := range tied {
		if _, drawn := order[c.standings[i].Number]; !drawn {
			c.wait(TieLot, tied)
			return
		}
	}
	slices.SortFunc(tied, func(a, b int) int {
		return cmp.Compare(order[c.standings[a].Number], order[c.standings[b].Number])
	})
	c.give(TieLot, tied[:seats])
}

func (c *count) give(rule TieRule, winners []int) {
	if len(winners) == 0 {
		return
	}
	for _, i := range winners {
		c.standings[i].Elected = true
	}
	c.say(Line{Say: lang.Say("vote.election.tie."+string(rule), "who", c.numbers(winners)), Article: c.rule.article})
}

func (c *count) wait(rule TieRule, tied []int) {
	c.next = rule
	for _, i := range tied {
		c.standings[i].Tied = true
	}
	c.say(Line{Say: lang.Say("vote.election.wait."+string(rule), "who", c.numbers(tied)), Article: c.rule.article})
}

// numbers lists candidates for a sentence.
func (c *count) numbers(places []int) lang.Phrase {
	var numbers []int64
	for _, i := range places {
		numbers = append(numbers, c.standings[i].Number)
	}
	return candidates(numbers)
}

func (c *count) candidate(number int64) Candidate {
	i := slices.IndexFunc(c.facts.Candidates, func(k Candidate) bool { return k.Number == number })
	return c.facts.Candidates[i]
}

// conclude compares with the record, and says which seats stay open.
func (c *count) conclude(o *ElectionOutcome) {
	var computed, tied []int64
	for _, s := range c.standings {
		if s.Elected {
			computed = append(computed, s.Number)
		}
		if s.Tied {
			tied = append(tied, s.Number)
		}
	}
	recorded := c.facts.Stated != nil
	failed := o.Quorum.Found == NotMet || c.barred != nil && o.Quorum.Found != Unknown
	certain := failed || !c.open && c.barred == nil && o.Quorum.Found != Unknown
	if failed {
		c.missing = nil
	}
	if recorded && len(c.against) == 0 {
		c.compare(computed, tied, failed || c.barred != nil, certain)
	}
	o.Next = c.next
	switch {
	case recorded && (!certain || c.next != "" || len(c.against) > 0):
		o.Elected = c.facts.Stated
		if c.next != "" && len(c.facts.Stated) > len(computed) && len(c.against) == 0 {
			o.Next = "" // the record says who came out of it, not how
			c.miss("tie", "")
		}
	case certain:
		o.Elected = computed
	}
	for i := range c.standings {
		c.standings[i].Elected = slices.Contains(o.Elected, c.standings[i].Number)
		c.standings[i].Tied = c.standings[i].Tied && !c.standings[i].Elected
	}
	o.Standings, o.Open = c.standings, c.facts.Seats-len(o.Elected)
	switch {
	case len(c.against) > 0:
		o.Status = Differs
	case certain && len(c.missing) == 0:
		o.Status = Recomputed
	case !certain && !recorded:
		o.Status = Open
	default:
		o.Status = AsStated
	}
	if o.Open > 0 && o.Status != Open {
		c.say(Line{Say: lang.Say("vote.election.open", "n", o.Open)})
	}
}

// compare notes where the record names others than those who can have been elected.
func (c *count) compare(computed, tied []int64, failed, certain bool) {
	differ := false
	for _, n := range c.facts.Stated {
		i := slices.IndexFunc(c.standings, func(s Standing) bool { return s.Number == n })
		lost := c.standings[i].Majority == NotMet
		differ = differ || failed || lost || certain && !slices.Contains(computed, n) && !slices.Contains(tied, n)
	}
	for _, n := range computed {
		differ = differ || certain && !slices.Contains(c.facts.Stated, n)
	}
	if differ {
		c.against = append(c.against, lang.Say("vote.against.elected", "stated", candidates(c.facts.Stated),
			"computed", candidates(computed)))
	}
}

func candidates(numbers []int64) lang.Phrase {
	if len(numbers) == 0 {
		return lang.Say("vote.candidate.none")
	}
	var list List
	for _, n := range slices.Sorted(slices.Values(numbers)) {
		list = append(list, lang.Say("vote.candidate.number", "who", number(n)))
	}
	return list.Phrase()
}
