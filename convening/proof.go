package convening

import (
	"iter"
	"time"

	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
)

// Line is a letter as lists and exports show it, in ready words.
type Line struct {
	Letter  Letter
	Number  string // "117"
	Name    string
	Channel string
	Used    string // address as used
	State   string
	When    string // when it left
	Note    string // the server's answer, or why it did not arrive
}

// LinesOf puts letters into words.
func LinesOf(r store.Reader, p *lang.Printer, letters []Letter) ([]Line, error) {
	ids := make([]people.PersonID, len(letters))
	for i, l := range letters {
		ids[i] = l.Person
	}
	named, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(letters))
	for i, l := range letters {
		lines[i] = lineOf(p, r.Zone(), l, named[l.Person])
	}
	return lines, nil
}

func lineOf(p *lang.Printer, zone *time.Location, l Letter, person people.Person) Line {
	line := Line{Letter: l, Number: p.Count(l.Holder), Name: person.Words(p), Channel: p.Words(l.Channel.Words()),
		Used: l.Used(), State: p.Words(l.State().Words())}
	switch {
	case l.SentAt != 0:
		line.When = p.Moment(l.SentAt, zone)
	case !l.PostedOn.IsZero():
		line.When = p.Date(l.PostedOn)
	}
	switch l.State() {
	case Returned:
		line.Note = p.T("convening.proof.back", "day", l.BackOn, "why", l.BackWhy)
	case Failed, Waiting:
		if l.Trouble != "" {
			line.Note = p.T("convening.proof.trouble", "n", l.Tries, "trouble", l.Trouble)
		}
	default:
		line.Note = answered(p, l.Answer)
	}
	return line
}

// answered says what the mail server answered; without one, where the letter lies.
func answered(p *lang.Printer, answer string) string {
	switch answer {
	case "":
		return ""
	case mail.Outbox:
		return p.T("convening.proof.outbox")
	}
	return p.T("convening.proof.answer", "answer", answer)
}

// Certificate is the proof of a dispatch: what was sent, to whom, by which way, when, and what was answered. The list
// of addressees is drawn line by line.
func Certificate(r store.Reader, p *lang.Printer, tag lang.Tag, id DispatchID) (papers.Paper, error) {
	s, err := sheafOf(r, id)
	if err != nil {
		return papers.Paper{}, err
	}
	letters, err := Letters(r, id)
	if err != nil {
		return papers.Paper{}, err
	}
	lines, err := LinesOf(r, p, letters)
	if err != nil {
		return papers.Paper{}, err
	}
	people, err := people.Names(r, []people.PersonID{s.By})
	if err != nil {
		return papers.Paper{}, err
	}
	text := s.texts[tag]
	fact := func(code, words string) papers.Fact {
		return papers.Fact{Term: p.T("convening.proof." + code), Words: papers.T(words)}
	}
	facts := papers.Facts{Items: []papers.Fact{fact("what", text.Title), fact("at", p.Moment(s.At, r.Zone())),
		fact("by", people[s.By].Words(p)), fact("invited", p.Count(s.Heads))}}
	if s.Shares > 0 {
		facts.Items = append(facts.Items, fact("shares", p.Count(s.Shares)))
	}
	if s.Article != "" {
		facts.Items = append(facts.Items, fact("notice", p.T("convening.proof.until", "day", s.Last,
			"article", p.Cite(s.Article))))
	}
	if s.Late != "" {
		facts.Items = append(facts.Items, fact("late", s.Late))
	}
	for _, one := range lang.Tags {
		d, err := papers.Hash(s.texts[one])
		if err != nil {
			return papers.Paper{}, err
		}
		facts.Items = append(facts.Items, papers.Fact{Term: p.T("convening.proof.text." + string(one)),
			Words: papers.L(papers.Mono(d.Grouped()))})
	}
	return papers.Paper{Kind: papers.Certificate, Lang: tag, House: text.House, Title: p.T("convening.proof.title"),
		Blocks: papers.Blocks{facts, totalsTable(p, letters), letterTable(p, lines),
			papers.Hint{Words: papers.T(p.T("convening.proof.hash-hint"))}}}, nil
}

// Count is how many letters stand in one state.
type Count struct {
	State State
	N     int64
}

// Totals counts the letters by state, in the order of screens; states without letters are left out.
func Totals(letters []Letter) (list []Count) {
	for _, s := range States {
		n := int64(0)
		for _, l := range letters {
			if l.State() == s {
				n++
			}
		}
		if n > 0 {
			list = append(list, Count{s, n})
		}
	}
	return list
}

func totalsTable(p *lang.Printer, letters []Letter) papers.Table {
	t := papers.Table{Caption: papers.T(p.T("convening.proof.totals")), Columns: []papers.Column{
		{Head: papers.T(p.T("convening.proof.state")), Row: true}, {Head: papers.T(p.T("convening.proof.letters")),
			Align: papers.Right}}}
	for _, c := range Totals(letters) {
		t.Rows = append(t.Rows, papers.Row{papers.T(p.Words(c.State.Words())), papers.T(p.Count(c.N))})
	}
	t.Totals = []papers.Row{{papers.T(p.T("convening.proof.all")), papers.T(p.Count(int64(len(letters))))}}
	return t
}

// letterTable has one row for each letter.
func letterTable(p *lang.Printer, lines []Line) papers.Table {
	t := papers.Table{Caption: papers.T(p.T("convening.proof.list"))}
	for _, c := range []struct {
		code   string
		weight int
	}{{"number", 3}, {"name", 10}, {"used", 13}, {"state", 16}, {"hash", 9}} {
		t.Columns = append(t.Columns, papers.Column{Head: papers.T(p.T("convening.proof." + c.code)), Row: c.code == "name",
			Weight: c.weight})
	}
	t.Stream = iter.Seq2[papers.Row, error](func(yield func(papers.Row, error) bool) {
		for _, l := range lines {
			state := lang.Capital(l.Channel) + ", " + l.State
			if l.Letter.Channel == NoChannel {
				state = lang.Capital(l.State)
			}
			for _, more := range []string{l.When, l.Note} {
				if more != "" {
					state += ", " + more
				}
			}
			row := papers.Row{papers.T(l.Number), papers.T(l.Name), papers.T(orDash(l.Used)), papers.T(state),
				papers.L(papers.Mono(short(l.Letter.Hash)))}
			if !yield(row, nil) {
				return
			}
		}
	})
	return t
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// short is the beginning of a hash, enough to tell letters apart.
func short(hash string) string {
	if len(hash) < 16 {
		return "–"
	}
	return hash[:4] + " " + hash[4:8] + " " + hash[8:12] + " " + hash[12:16]
}

// Hash names a letter's hash as lists show it.
func (l Line) Hash() string { return short(l.Letter.Hash) }
