package assembly

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/people"
	"lieux/vote"
)

// clock writes the hour of an instant as the minutes give it.
func (w *writer) clock(i civil.Instant) string { return i.Time().In(w.r.Zone()).Format("15:04") }

// code chooses the words of a body other than the general assembly, where there are some: members, not cooperators.
func (w *writer) code(code string) string {
	if body := code + ".body"; w.bodies[w.a.Body].Kind != people.Assembly && w.p.Has(body) {
		return body
	}
	return code
}

// session opens the minutes of a meeting that was held here: when, where, under whom, who was there.
func (w *writer) session() {
	s := w.a.Session
	w.say("assembly.session.opened", "day", w.p.LongDate(w.a.HeldOn), "at", w.clock(s.OpenedAt),
		"place", cmp.Or(strings.TrimSpace(w.a.Place), w.p.T("assembly.session.no-place")))
	w.bureau()
	if s.ConvenedAt != 0 {
		w.say(w.code("assembly.session.convened"), "day", s.ConvenedAt.On(w.r.Zone()))
	}
	if w.a.Convening == vote.SecondConvening && s.Earlier != "" {
		w.say("assembly.session.second", "earlier", s.Earlier)
	}
	if s.Remote != "" {
		w.say("assembly.session.remote", "how", strings.TrimRight(s.Remote, ". "))
	}
	w.presences()
	w.mended()
	for _, added := range s.Added {
		code := "assembly.session.added"
		if added.Whole {
			code += ".whole"
		}
		heads, _ := added.All.Heads.Get()
		w.say(code, "number", added.Item, "at", w.clock(added.At), "n", heads)
	}
	w.incidents()
}

// ahead opens what the minutes will be made from: when and where the meeting is to be, and nothing that only its
// opening can tell.
func (w *writer) ahead() {
	s := w.a.Session
	if s.StartsAt == 0 {
		w.say("assembly.session.ahead.no-day")
	} else {
		w.say("assembly.session.ahead.day", "day", w.p.LongDate(s.StartsAt.On(w.r.Zone())), "at", w.clock(s.StartsAt),
			"place", cmp.Or(strings.TrimSpace(w.a.Place), w.p.T("assembly.session.no-place")))
	}
	if s.ConvenedAt != 0 {
		w.say(w.code("assembly.session.convened"), "day", s.ConvenedAt.On(w.r.Zone()))
	}
	if w.a.Convening == vote.SecondConvening && s.Earlier != "" {
		w.say("assembly.session.second", "earlier", s.Earlier)
	}
	if s.Remote != "" {
		w.say("assembly.session.ahead.remote", "how", strings.TrimRight(s.Remote, ". "))
	}
	w.say("assembly.session.ahead.text")
}

// bureau names who presided, who wrote and who counted; one who came later or left earlier with the hours.
func (w *writer) bureau() {
	for _, charge := range []Charge{Chair, Secretary, Teller} {
		var line papers.Line
		var many int64
		for _, o := range w.a.Session.Bureau {
			if o.Charge != charge {
				continue
			}
			if many++; many > 1 {
				line = append(line, papers.Inline{Text: ", "})
			}
			line = append(line, papers.Who(string(o.Person)))
			if text := w.span(o); text != "" {
				line = append(line, papers.Inline{Text: " " + text})
			}
		}
		if many > 0 {
			w.add(papers.Paragraph{Words: papers.L(w.p.T("assembly.session.charge."+string(charge), "n", many)+" ", line, ".")})
		}
	}
	if len(w.a.Session.Bureau) > 0 && w.a.Session.Remote != "" {
		w.say("assembly.session.bureau-in-room")
	}
}

// span says the hours of a charge that was not held from the opening to the end; nothing otherwise.
func (w *writer) span(o Officer) string {
	opened, closed := w.a.Session.OpenedAt, w.a.Session.ClosedAt
	early := o.From <= opened
	whole := o.Until == 0 || closed != 0 && o.Until >= closed
	switch {
	case early && whole:
		return ""
	case whole:
		return w.p.T("assembly.session.from", "at", w.clock(o.From))
	case early:
		return w.p.T("assembly.session.until", "at", w.clock(o.Until))
	}
	return w.p.T("assembly.session.from-until", "from", w.clock(o.From), "until", w.clock(o.Until))
}

// presences says who was there, in all and at each moment that counts: the opening, each vote, the closing.
func (w *writer) presences() {
	at := w.a.Attendance
	heads, h := at.Total.Heads.Get()
	shares, s := at.Total.Shares.Get()
	byShares := w.byShares()
	switch {
	case h && s && byShares:
		w.say("assembly.session.attended-both", "n", heads, "shares", shares)
	case h:
		w.say(w.code("assembly.session.attended"), "n", heads)
	}
	t := papers.Table{Caption: papers.T(w.p.T("assembly.session.presence")), Columns: []papers.Column{
		{Head: papers.T(w.p.T("assembly.session.moment")), Row: true, Weight: 3}}}
	heads4 := []string{"in-person", "remotely", "by-proxy", "heads"}
	for _, head := range heads4 {
		t.Columns = append(t.Columns, papers.Column{Head: papers.T(w.p.T("assembly.session." + head)), Align: papers.Right})
	}
	if byShares {
		t.Columns = append(t.Columns, papers.Column{Head: papers.T(w.p.T("assembly.minutes.shares")), Align: papers.Right})
	}
	row := func(name string, p Presence) {
		cells := papers.Row{papers.T(name)}
		for _, k := range []vote.Known{p.Present.Heads, p.Remote.Heads, p.Represented.Heads, p.Total.Heads} {
			cells = append(cells, w.count(k))
		}
		if byShares {
			cells = append(cells, w.count(p.Total.Shares))
		}
		t.Rows = append(t.Rows, cells)
	}
	session := w.a.Session
	row(w.p.T("assembly.session.at-opening", "at", w.clock(session.OpenedAt)), session.Opening)
	for _, item := range w.a.Items {
		for _, m := range item.Matters {
			for _, b := range m.polls() {
				code := "assembly.session.at-vote"
				if b.Void != "" {
					code += ".void"
				}
				row(w.p.T(code, "number", item.Number, "at", w.clock(b.OpenedAt)), b.Presence)
			}
		}
	}
	if session.ClosedAt != 0 {
		row(w.p.T("assembly.session.at-closing", "at", w.clock(session.ClosedAt)), session.Closing)
	}
	w.add(t)
	w.issued(byShares)
}

// byShares says whether shares count beside heads: those of the general assembly of a house that has some.
func (w *writer) byShares() bool {
	issued, _ := w.a.Attendance.Issued.Shares.Get()
	return issued > 0 && w.bodies[w.a.Body].Kind == people.Assembly
}

func (w *writer) count(k vote.Known) papers.Line {
	if n, ok := k.Get(); ok {
		return papers.T(w.p.Count(n))
	}
	return papers.T(w.p.T("assembly.minutes.not-given"))
}

// issued says what the presence is a part of, and from which day the list is.
func (w *writer) issued(byShares bool) {
	heads, _ := w.a.Attendance.Issued.Heads.Get()
	shares, _ := w.a.Attendance.Issued.Shares.Get()
	day := w.a.Session.RollOn
	if day.IsZero() {
		day = w.a.HeldOn
	}
	if byShares {
		w.say("assembly.session.roll-shares", "day", day, "n", heads, "shares", shares)
	} else {
		w.say(w.code("assembly.session.roll"), "day", day, "n", heads)
	}
	if w.a.Session.List != "" {
		w.add(papers.Hint{Words: papers.L(w.p.T("assembly.session.list", "n", w.a.Session.Listed, "proxies",
			w.a.Session.Proxies)+" ", papers.Mono(w.a.Session.List))})
	}
}

// mended tells the corrections at the door; whose they were stands in the legal version alone.
func (w *writer) mended() {
	all := w.a.Session.Mended
	if len(all) == 0 {
		return
	}
	w.say("assembly.session.mended", "n", len(all))
	var items []papers.Line
	for _, c := range all {
		code := "assembly.session.mended.changed"
		switch {
		case c.Before < 0:
			code = "assembly.session.mended.added"
		case c.After < 0:
			code = "assembly.session.mended.struck"
		}
		who := fmt.Sprintf("%d", c.Holder)
		items = append(items, papers.L(w.clock(c.At)+", ", papers.Who(string(c.Person)), " "+w.p.T(code, "number", who,
			"before", max(c.Before, 0), "after", max(c.After, 0), "why", strings.TrimRight(c.Why, ". "))))
	}
	w.add(papers.Personal{Blocks: papers.Blocks{papers.List{Items: items}}})
}

// incidents tells what disturbed the meeting. With people taking part from afar, that nothing did is said too.
func (w *writer) incidents() {
	var items []papers.Line
	remote := false
	for _, i := range w.a.Session.Incidents {
		remote = remote || i.Remote
		text := w.clock(i.At)
		if i.Over != 0 {
			text = w.p.T("assembly.session.hours", "from", w.clock(i.At), "until", w.clock(i.Over))
		}
		if i.Item != "" {
			text += ", " + w.p.T("assembly.session.at-item", "number", i.Item)
		}
		line := papers.L(papers.B(text + "."))
		if i.Words != "" {
			line = append(line, papers.Inline{Text: " " + sentence(i.Words)})
		}
		if i.Late != 0 {
			line = append(line, papers.Inline{Text: " " + w.p.T("assembly.session.late", "at", w.clock(i.Late))})
		}
		if i.Remedy != "" {
			line = append(line, papers.Inline{Text: " " + w.p.T("assembly.session.remedy", "words", sentence(i.Remedy))})
		}
		items = append(items, line)
	}
	if len(items) > 0 {
		w.say("assembly.session.incidents", "n", len(items))
		w.add(papers.List{Items: items})
	}
	if !remote && w.a.Session.Remote != "" {
		w.say("assembly.session.no-incident")
	}
}

// sentence is a text on one line that begins and ends as a sentence does.
func sentence(s string) string { return lang.Capital(clause(s)) }

// clause is a text on one line that ends a sentence.
func clause(s string) string {
	s = lang.OneLine(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// polls are those of a matter, none for a record that was taken in.
func (m Matter) polls() []Balloting {
	if m.Lived == nil {
		return nil
	}
	return m.Lived.Polls
}

// votes tells of each poll of a matter: when, by which method and channels, who was there, who had left.
func (w *writer) votes(m Matter) {
	for _, b := range m.polls() {
		code := "assembly.session.vote"
		if b.Void != "" {
			code += "-void"
		}
		w.say(w.code(code+w.half()), "round", w.round(m, b), "open", w.clock(b.OpenedAt), "at", w.clock(b.VoidAt),
			"why", clause(b.Void), "close", w.closed(b), "n", headsOf(b.Presence), "shares", sharesOf(b.Presence),
			"method", w.p.T("assembly.session.method."+string(b.Method)))
		w.channels(b)
		if len(b.Left) > 0 {
			w.say("assembly.session.left", "n", len(b.Left))
			line := w.persons(papers.L(w.p.T("assembly.session.left.who")+" "), b.Left)
			w.add(papers.Personal{Blocks: papers.Blocks{papers.Paragraph{Words: append(line, papers.Inline{Text: "."})}}})
		}
		if b.Came > 0 {
			w.say("assembly.session.came", "n", b.Came)
		}
		w.lot(b)
		if b.CountDemanded {
			w.say("assembly.session.count-demanded")
		}
		if b.Digest != "" {
			w.add(papers.Hint{Words: papers.L(w.p.T("assembly.session.named")+" ", papers.Mono(b.Digest))})
		}
		if b.Heads[0] != "" {
			words := papers.L(w.p.T("assembly.session.journal.open")+" ", papers.Mono(b.Heads[0]))
			if b.Heads[1] != "" { // one that was annulled before its close has none
				words = append(words, papers.L(", "+w.p.T("assembly.session.journal.close")+" ", papers.Mono(b.Heads[1]))...)
			}
			w.add(papers.Hint{Words: words})
		}
	}
}

// lot says what candidates with equal votes threw.
func (w *writer) lot(b Balloting) {
	if len(b.Lot) == 0 {
		return
	}
	line := papers.L(w.p.T("assembly.session.lot") + " ")
	for i, t := range b.Lot {
		dice := make([]string, len(t.Dice))
		for j, d := range t.Dice {
			dice[j] = strconv.Itoa(d)
		}
		if i > 0 {
			line = append(line, papers.Inline{Text: w.p.T("assembly.session.lot.then") + " "})
		}
		line = append(line, papers.Who(string(t.Person)), papers.Inline{Text: " " + w.p.List(dice)})
	}
	w.add(papers.Paragraph{Words: append(line, papers.Inline{Text: "."})})
}

// half chooses the sentence with shares or without.
func (w *writer) half() string {
	if w.byShares() {
		return "-shares"
	}
	return ""
}

func headsOf(p Presence) int64  { n, _ := p.Total.Heads.Get(); return n }
func sharesOf(p Presence) int64 { n, _ := p.Total.Shares.Get(); return n }

// round names the round where a matter was voted more than once.
func (w *writer) round(m Matter, b Balloting) string {
	if len(m.polls()) < 2 || b.Round == 0 {
		return w.p.T("assembly.session.vote.one")
	}
	return w.p.T("assembly.session.vote.round", "round", b.Round)
}

func (w *writer) closed(b Balloting) string {
	switch {
	case b.ClosedAt == 0 && b.VoidAt != 0:
		return w.p.T("assembly.session.vote.stopped", "at", w.clock(b.VoidAt))
	case b.ClosedAt == 0:
		return w.p.T("assembly.session.vote.still-open")
	}
	return w.p.T("assembly.session.vote.closed", "at", w.clock(b.ClosedAt))
}

// channels says how many answered by each channel, where there were several.
func (w *writer) channels(b Balloting) {
	var parts []string
	for _, c := range b.Channels {
		if c.Voters > 0 {
			parts = append(parts, w.p.T("assembly.session.channel."+c.Channel, "n", c.Voters))
		}
	}
	if len(parts) > 0 {
		w.say("assembly.session.channels", "parts", w.p.List(parts))
	}
}

// lived is what the record of a matter says before its decision: the text before and after, the polls.
func (w *writer) lived(m Matter) {
	if m.Lived == nil {
		return
	}
	for _, c := range m.Lived.Changes {
		w.add(papers.Paragraph{Words: papers.T(w.p.T("assembly.minutes.article", "article", c.Article))})
		w.add(papers.BeforeAfter{Before: c.Before, After: c.After})
	}
	if len(m.Lived.Withdrawn) > 0 {
		line := w.persons(papers.L(w.p.T("assembly.session.withdrawn")+" "), m.Lived.Withdrawn)
		w.add(papers.Paragraph{Words: append(line, papers.Inline{Text: "."})})
	}
	w.votes(m)
	for _, d := range m.Lived.Annulled {
		w.say("assembly.session.draw.void", "open", w.clock(d.At), "at", w.clock(d.End), "why", clause(d.Why))
	}
}

// open says that a meeting held here came to no end on a matter: it was not voted, nobody was elected or drawn, or it
// was never come to.
func (m Matter) open() bool {
	switch {
	case m.Kind.Voted():
		return m.Outcome.Verdict() == ""
	case m.Kind == Election:
		return m.Poll == nil && len(m.Elected) == 0
	case m.Kind == Draw:
		return m.Evidence == nil && len(m.Effective)+len(m.Substitutes) == 0
	}
	return m.Stated != Presented
}

// undecided says that a matter which is voted was not: the meeting never came to it, or it was left.
func (w *writer) undecided(m Matter) {
	code := "assembly.session.not-decided"
	if m.Kind.Voted() && len(m.polls()) == 0 {
		code = "assembly.session.not-voted"
	}
	if m.Lived == nil || m.Lived.Heard == 0 {
		code = "assembly.session.not-reached"
	}
	w.say(code)
}

// adjourned ends the minutes of a meeting that was held here: the reading, the hour of the end, the signatures.
func (w *writer) adjourned() {
	s := w.a.Session
	if s == nil {
		return
	}
	if s.ClosedAt != 0 {
		w.say("assembly.session.closed", "at", w.clock(s.ClosedAt))
	}
	if s.Review != nil {
		w.say("assembly.session.review", "until", w.p.Moment(s.Review.Until, w.r.Zone()), "n", s.Review.Remarks,
			"accepted", s.Review.Accepted)
		if s.Review.Planned != 0 {
			w.say("assembly.session.review.ended", "planned", w.p.Moment(s.Review.Planned, w.r.Zone()),
				"why", clause(s.Review.Why))
		}
	}
	if s.ClosedAt == 0 || len(s.Bureau) == 0 {
		return
	}
	w.add(papers.Heading{Level: 2, Anchor: "signatures", Words: papers.T(w.p.T("assembly.session.signatures"))})
	w.signatures()
}

// signatures are the places of the bureau and of those who asked to sign, and what each signature rests on.
func (w *writer) signatures() {
	s := w.a.Session
	var places papers.Signatures
	var facts papers.Facts
	placed := map[people.PersonID]bool{}
	put := func(who people.PersonID, charge Charge) {
		if placed[who] {
			return
		}
		placed[who] = true
		role := w.p.T("assembly.session.role." + string(charge))
		if charge == "" {
			role = w.p.T("assembly.session.role.participant")
		}
		places.Items = append(places.Items, papers.Signature{Role: role, Who: papers.L(papers.Who(string(who)))})
		i := slices.IndexFunc(s.Signed, func(g Signed) bool { return g.Person == who })
		if i < 0 {
			return
		}
		g := s.Signed[i]
		words := papers.L(papers.Who(string(who)),
			", "+w.p.T("assembly.session.signed."+string(g.Kind), "at", w.p.Moment(g.At, w.r.Zone()))+" ",
			papers.Mono(g.Hash))
		if g.Challenge != "" {
			words = append(words, papers.L(", "+w.p.T("assembly.session.signed.key")+" ", papers.Mono(g.Key),
				", "+w.p.T("assembly.session.signed.challenge")+" ", papers.Mono(g.Challenge))...)
		}
		facts.Items = append(facts.Items, papers.Fact{Term: role, Words: words})
	}
	for _, charge := range []Charge{Chair, Secretary, Teller} {
		for _, o := range s.Bureau {
			if o.Charge == charge {
				put(o.Person, charge)
			}
		}
	}
	for _, g := range s.Signed {
		put(g.Person, g.Charge)
	}
	w.add(places)
	if len(facts.Items) > 0 {
		w.say("assembly.session.simple")
		w.add(facts)
		if s.Text != "" {
			w.add(papers.Hint{Words: papers.L(w.p.T("assembly.session.signed-text")+" ", papers.Mono(s.Text))})
		}
	}
}
