package payment

import (
	"cmp"
	"slices"
	"strings"

	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Level is how sure a suggestion is, in words.
type Level int

// The levels. Only an exact communication posts by itself; a person confirms everything else.
const (
	Possible Level = iota
	Likely
	VeryLikely
	Exact
)

// Words names the level.
func (l Level) Words() lang.Phrase {
	return lang.Say("payment.level." + [...]string{"possible", "likely", "very-likely", "exact"}[l])
}

// Points of the grounds, and from how many a suggestion is likely.
const (
	forSlip     = 60
	forTwo      = 60 // right communications of several dues
	forIBAN     = 45
	forName     = 35
	forAmount   = 35
	forNamePart = 15
	atLeast     = 35
	fromLikely  = 50
	fromVery    = 75
)

// Limits of a search.
const (
	MaxSuggestions = 5
	maxAlike       = 3  // an amount that more dues have says nothing alone
	maxTogether    = 10 // dues of one person that are tried together
	leastWord      = 4  // letters of a word of a name that says something
)

// Payable is a due as the search sees it.
type Payable struct {
	ID     DueID
	OGM    OGM
	Person people.PersonID
	Left   money.Cents // 0: paid, cancelled or lapsed
	Next   money.Cents // what is left of the next instalment
	Name   string      // of the person

	About     store.Ref // what it is asked for; may be zero
	Cancelled bool
}

// owes is who is asked to pay for what.
type owes struct {
	person people.PersonID
	about  store.Ref
}

// replaced finds for each cancelled due the only one that the same person is asked to pay for the same thing: less was
// given than was asked, and who pays with the communication of the first paper means it.
func (m *Matcher) replaced() {
	open := map[owes][]int{}
	for i, d := range m.dues {
		if d.Left > 0 && d.About != (store.Ref{}) {
			open[owes{d.Person, d.About}] = append(open[owes{d.Person, d.About}], i)
		}
	}
	for _, d := range m.dues {
		if by := open[owes{d.Person, d.About}]; d.Cancelled && len(by) == 1 {
			m.byOGM[d.OGM] = by[0]
		}
	}
}

// Part is what a due gets of a receipt.
type Part struct {
	Due   DueID       `json:"due"`
	Cents money.Cents `json:"cents"`
}

// Suggestion says which dues a receipt may pay, and why. What the parts leave over is owed back.
type Suggestion struct {
	Parts   []Part
	Level   Level
	Reasons []lang.Phrase
	points  int
	left    money.Cents // of an exact one: what the due lacks
}

// Matcher looks for the dues that a receipt may pay.
type Matcher struct {
	dues     []Payable
	byOGM    map[OGM]int
	byAmount map[money.Cents][]int
	byWord   map[string][]int
	byPerson map[people.PersonID][]int
	known    map[IBAN][]people.PersonID
}

// NewMatcher prepares a search; known are the accounts from which somebody's dues were paid before.
func NewMatcher(dues []Payable, known map[IBAN][]people.PersonID) *Matcher {
	m := &Matcher{dues: dues, byOGM: map[OGM]int{}, byAmount: map[money.Cents][]int{}, byWord: map[string][]int{},
		byPerson: map[people.PersonID][]int{}, known: known}
	for i, d := range dues {
		m.byOGM[d.OGM] = i
		if d.Left <= 0 {
			continue
		}
		m.byAmount[d.Left] = append(m.byAmount[d.Left], i)
		if d.Next != d.Left && d.Next > 0 {
			m.byAmount[d.Next] = append(m.byAmount[d.Next], i)
		}
		m.byPerson[d.Person] = append(m.byPerson[d.Person], i)
		for _, word := range strings.Fields(fold.Text(d.Name)) {
			if len(word) >= leastWord {
				m.byWord[word] = append(m.byWord[word], i)
			}
		}
	}
	m.replaced()
	return m
}

// take is what a search knows of one due while it counts.
type take struct {
	points  int
	reasons []lang.Phrase
}

// Match says which dues a line may pay, the surest first. An exact suggestion stands alone.
func (m *Matcher) Match(l Line) []Suggestion {
	if l.Cents <= 0 {
		return nil
	}
	var right []int
	var wrong []OGM
	var closed []lang.Phrase
	for _, o := range l.OGMs() {
		i, ours := m.byOGM[o]
		switch {
		case ours && slices.Contains(right, i): // by the communication of the due that it replaced, too
		case ours && m.dues[i].Left > 0:
			right = append(right, i)
		case ours:
			closed = append(closed, lang.Say("payment.why.closed", "ogm", o.String()))
		default:
			wrong = append(wrong, o)
		}
	}
	if len(right) == 1 && len(closed) == 0 {
		return []Suggestion{{Parts: m.share(l.Cents, right), Level: Exact,
			Reasons: []lang.Phrase{lang.Say("payment.why.exact")}, points: 100, left: m.dues[right[0]].Left}}
	}
	var list []Suggestion
	if len(right) > 1 {
		list = append(list, Suggestion{Parts: m.share(l.Cents, right), points: forTwo,
			Reasons: []lang.Phrase{lang.Say("payment.why.several", "n", len(right))}})
	}
	found, people := m.single(l, wrong)
	for _, i := range m.order(found) {
		t := found[i]
		if t.points >= atLeast {
			list = append(list, Suggestion{Parts: m.share(l.Cents, []int{i}), points: t.points, Reasons: t.reasons})
		}
	}
	list = append(list, m.together(l.Cents, people)...)
	slices.SortStableFunc(list, func(a, b Suggestion) int { return cmp.Compare(b.points, a.points) })
	list = list[:min(len(list), MaxSuggestions)]
	if len(list) == 0 && len(closed) > 0 {
		return []Suggestion{{Reasons: closed}}
	}
	for i := range list {
		list[i].Level = levelOf(list[i].points)
		list[i].Reasons = append(list[i].Reasons, closed...)
	}
	return list
}

func levelOf(points int) Level {
	switch {
	case points >= fromVery:
		return VeryLikely
	case points >= fromLikely:
		return Likely
	}
	return Possible
}

// single counts the grounds for each due alone, and whose dues the payer's name or account points to.
func (m *Matcher) single(l Line, wrong []OGM) (map[int]*take, map[people.PersonID]take) {
	found, persons := map[int]*take{}, map[people.PersonID]take{}
	give := func(i, points int, why lang.Phrase) {
		if found[i] == nil {
			found[i] = &take{}
		}
		found[i].points += points
		found[i].reasons = append(found[i].reasons, why)
	}
	for _, o := range wrong {
		for _, i := range m.slips(o) {
			give(i, forSlip, lang.Say("payment.why.slip", "ogm", o.String()))
		}
	}
	for _, person := range m.known[l.IBAN] {
		for _, i := range m.byPerson[person] {
			give(i, forIBAN, lang.Say("payment.why.iban"))
		}
		persons[person] = take{forIBAN, []lang.Phrase{lang.Say("payment.why.iban")}}
	}
	payer, said := wordsOf(l.Payer), wordsOf(l.Message)
	for i, d := range m.named(payer, said) {
		points, why := sameName(wordsOf(d.Name), payer, said)
		if points == 0 {
			continue
		}
		give(i, points, why)
		if points == forName {
			t := persons[d.Person]
			if !slices.ContainsFunc(t.reasons, func(ph lang.Phrase) bool { return ph.Code == why.Code }) {
				persons[d.Person] = take{t.points + points, append(t.reasons, why)}
			}
		}
	}
	same := m.byAmount[l.Cents]
	for _, i := range same {
		if found[i] != nil || len(same) <= maxAlike {
			give(i, forAmount, lang.Say("payment.why.amount"))
		}
	}
	return found, persons
}

// slips are the open dues whose communication is one slip of the pen away.
func (m *Matcher) slips(o OGM) (list []int) {
	for i, d := range m.dues {
		if d.Left > 0 && o.oneSlip(d.OGM) {
			list = append(list, i)
		}
	}
	return list
}

// named are the dues of persons of whose name the payer's or the communication has a word.
func (m *Matcher) named(payer, said []string) map[int]Payable {
	found := map[int]Payable{}
	for _, word := range slices.Concat(payer, said) {
		for _, i := range m.byWord[word] {
			found[i] = m.dues[i]
		}
	}
	return found
}

func wordsOf(text string) []string { return strings.Fields(fold.Text(text)) }

// sameName compares a person's name with the payer's and with what the communication says.
func sameName(name, payer, said []string) (int, lang.Phrase) {
	inside := func(words []string) bool {
		return len(name) > 1 && !slices.ContainsFunc(name, func(w string) bool { return !slices.Contains(words, w) })
	}
	switch {
	case inside(payer) || len(name) == 1 && slices.Equal(name, payer):
		return forName, lang.Say("payment.why.name")
	case inside(said):
		return forName, lang.Say("payment.why.named")
	}
	for _, w := range name {
		if len(w) >= leastWord && slices.Contains(payer, w) {
			return forNamePart, lang.Say("payment.why.name-part")
		}
	}
	return 0, lang.Phrase{}
}

// order lists dues with the same number of points by their place, so that the same line has the same answer twice.
func (m *Matcher) order(found map[int]*take) []int {
	list := make([]int, 0, len(found))
	for i := range found {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b int) int {
		return cmp.Or(cmp.Compare(found[b].points, found[a].points), cmp.Compare(a, b))
	})
	return list
}

// share gives each due what it lacks, in order, until the amount is used up.
func (m *Matcher) share(cents money.Cents, dues []int) (parts []Part) {
	for _, i := range dues {
		if part := min(cents, m.dues[i].Left); part > 0 {
			parts = append(parts, Part{m.dues[i].ID, part})
			cents -= part
		}
	}
	return parts
}

// together looks for several dues of one person that sum to the amount.
func (m *Matcher) together(cents money.Cents, persons map[people.PersonID]take) (list []Suggestion) {
	ids := make([]people.PersonID, 0, len(persons))
	for id := range persons {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		dues := m.byPerson[id]
		chosen := m.summing(cents, dues[:min(len(dues), maxTogether)])
		if len(chosen) < 2 {
			continue
		}
		list = append(list, Suggestion{Parts: m.share(cents, chosen), points: persons[id].points + forAmount,
			Reasons: append(slices.Clone(persons[id].reasons), lang.Say("payment.why.sum", "n", len(chosen)))})
	}
	return list
}

// summing are dues, two at least, whose open amounts make up the amount exactly: the fewest, the first of those.
func (m *Matcher) summing(cents money.Cents, dues []int) (best []int) {
	for set := range 1 << len(dues) {
		var sum money.Cents
		var chosen []int
		for place, i := range dues {
			if set&(1<<place) != 0 {
				sum += m.dues[i].Left
				chosen = append(chosen, i)
			}
		}
		if sum == cents && len(chosen) > 1 && (best == nil || len(chosen) < len(best)) {
			best = chosen
		}
	}
	return best
}
