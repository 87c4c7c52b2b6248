package meeting

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// Matter is one thing of one kind that the meeting will deal with. What its kind does not ask stays empty.
type Matter struct {
	ID         MatterID
	Kind       assembly.Kind
	Title      string
	Words      string // paragraphs, parted by an empty line: what is put to the vote, or what is told
	Place      string // the place it is about, as text
	Earlier    string // name of the assembly whose minutes are approved
	Presenters []people.PersonID

	Body        people.BodyID // filled by an election or a draw
	Seats       int           // of an election
	Effective   int           // of a draw
	Substitutes int           // of a draw
	Until       civil.Date    // last day of the term that it gives
	Candidates  []people.PersonID

	ClosedOn civil.Date // accounts: last day of the year that they close

	Changes []bylaws.Change       // articles before and after
	Rules   []bylaws.Rule         // rules that the new text brings
	Answers []assembly.RetainedID // points retained earlier that this matter answers

	AlteredAt civil.Instant // when its text last changed after the letters had left; 0: never
	Version   int64         // an edit names the one that it was made on
	Papers    []Paper
}

// rule is the kind of decision whose quorum and majority hold for the matter.
func (x Matter) rule() bylaws.Kind {
	switch x.Kind {
	case assembly.BylawsChange:
		return bylaws.Amendment
	case assembly.PurposeChange:
		return bylaws.Purpose
	case assembly.ClassRights:
		return bylaws.ClassRights
	}
	return bylaws.Ordinary
}

// Decides says whether the meeting votes on it, elects or draws.
func (x Matter) Decides() bool { return x.Kind.Voted() || x.Kind.Fills() }

// RuleOf is the rule that holds for a matter at a meeting: that of the kind of decision at the general assembly, that
// of the body elsewhere, where each member has one voice. What nobody knows stays unknown.
func RuleOf(b bylaws.Bylaws, m Meeting, x Matter) vote.Rule {
	if m.Kind == people.Assembly {
		return b.Decision(x.rule())
	}
	rule, _ := b.Meeting(m.Kind)
	return rule
}

// NoticeOf is how long before the day the letters leave.
func NoticeOf(b bylaws.Bylaws, kind people.BodyKind) (n bylaws.Notice, known bool) {
	if kind == people.Assembly {
		return b.Notice()
	}
	return b.MeetingNotice(kind)
}

// only clears what the kind does not ask, so that a matter whose kind changed keeps nothing of the other.
func (x *Matter) only() {
	if x.Kind != assembly.EarlierMinutes {
		x.Earlier = ""
	}
	if !x.Kind.Fills() {
		x.Body, x.Until = "", civil.Date{}
	}
	if x.Kind != assembly.Election {
		x.Seats, x.Candidates = 0, nil
	}
	if x.Kind != assembly.Draw {
		x.Effective, x.Substitutes = 0, 0
	}
	if x.Kind != assembly.Accounts {
		x.ClosedOn = civil.Date{}
	}
	if !x.Kind.Changes() {
		x.Changes, x.Rules = nil, nil
	}
}

// tidy cleans what people type in a matter, gives it a title where it has none, and says what is wrong. What is still
// missing is no fault of a draft: [Warnings] name it.
func (x *Matter) tidy(r store.Reader, m Meeting) (fault.Refusals, error) {
	var rs fault.Refusals
	text := func(field string, s *string, limit int) {
		if *s = strings.TrimSpace(*s); len(*s) > limit || !utf8.ValidString(*s) {
			rs = append(rs, fault.Refuse("meeting.refusal.long", "limit", limit).At(field))
		}
	}
	if !x.Kind.Valid() || m.Kind != people.Assembly && x.Kind.Changes() {
		return append(rs, fault.Refuse("meeting.refusal.kind").At("kind")), nil
	}
	x.only()
	text("title", &x.Title, MaxTitle)
	text("words", &x.Words, MaxWords)
	text("place", &x.Place, MaxPlace)
	if x.Title == "" {
		x.Title = say(m.Language).T("meeting.kind." + string(x.Kind))
	}
	bounded := func(field string, n, limit int) {
		if n < 0 || n > limit {
			rs = append(rs, fault.Refuse("meeting.refusal.number-of", "limit", limit).At(field))
		}
	}
	bounded("seats", x.Seats, MaxSeats)
	bounded("effective", x.Effective, MaxSeats)
	bounded("substitutes", x.Substitutes, MaxSeats)
	bounded("presenters", len(x.Presenters), maxPersons)
	bounded("candidates", len(x.Candidates), maxPersons)
	bounded("changes", len(x.Changes)+len(x.Rules), maxChanges)
	bounded("answers", len(x.Answers), maxAnswers)
	for i := range x.Changes {
		c := &x.Changes[i]
		text("changes", &c.Article, maxArticle)
		text("changes", &c.Title, MaxTitle)
		text("changes", &c.Before, maxText)
		text("changes", &c.After, maxText)
	}
	rs = append(rs, x.tidyRules(r, m)...)
	if !x.ClosedOn.IsZero() && (!x.ClosedOn.IsDay() || x.ClosedOn.After(r.Today().AddYears(1))) {
		rs = append(rs, fault.Refuse("meeting.refusal.closed-on").At("closed_on"))
	}
	if !x.Until.IsZero() && x.Until.Before(r.Today()) {
		rs = append(rs, fault.Refuse("meeting.refusal.until").At("until"))
	}
	known, err := x.known(r)
	return append(rs, known...), err
}

// tidyRules refuses a rule that says nothing applicable, one that mandatory law of the day forbids, and a rule twice.
func (x *Matter) tidyRules(r store.Reader, m Meeting) (rs fault.Refusals) {
	day := m.Day(r.Zone())
	if day.IsZero() {
		day = r.Today()
	}
	seen := map[bylaws.Key]bool{}
	for i := range x.Rules {
		rule := &x.Rules[i]
		rule.Layer = bylaws.OwnBylaws
		for _, one := range fault.Of(bylaws.Allowed(*rule, day)) {
			rs = append(rs, one.At("rules"))
		}
		if seen[rule.Key] {
			rs = append(rs, fault.Refuse("bylaws.refusal.rule-twice", "key", rule.Key).At("rules"))
		}
		seen[rule.Key] = true
	}
	return rs
}

// known refuses what points to nothing: a body, an assembly, a person or a retained point that is not there.
func (x *Matter) known(r store.Reader) (rs fault.Refusals, err error) {
	if x.Body != "" {
		if _, err := people.GetBody(r, x.Body); fault.Of(err) != nil {
			rs = append(rs, fault.Refuse("meeting.refusal.body").At("body"))
		} else if err != nil {
			return nil, err
		}
	}
	if x.Earlier != "" {
		if _, found, err := assembly.ByName(r, x.Earlier); err != nil {
			return nil, err
		} else if !found {
			rs = append(rs, fault.Refuse("meeting.refusal.earlier", "name", x.Earlier).At("earlier"))
		}
	}
	for field, ids := range map[string]*[]people.PersonID{"presenters": &x.Presenters, "candidates": &x.Candidates} {
		seen := map[people.PersonID]bool{}
		for _, id := range *ids {
			if _, err := people.Get(r, id); fault.Of(err) != nil || seen[id] {
				rs = append(rs, fault.Refuse("meeting.refusal.person").At(field))
				break
			} else if err != nil {
				return nil, err
			}
			seen[id] = true
		}
	}
	slices.Sort(x.Answers)
	x.Answers = slices.Compact(x.Answers)
	for _, id := range x.Answers {
		if _, found, err := assembly.RetainedByID(r, id); err != nil {
			return nil, err
		} else if !found {
			rs = append(rs, fault.Refuse("meeting.refusal.retained").At("answers"))
		}
	}
	return rs, nil
}
