package assembly

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// Report is what a file brings, for the dry run and after taking it in.
type Report struct {
	Assembly Assembly
	Computed *vote.Sides // heads and shares of the list, computed from the register; nil when the record has no list
	Differs  bool        // the list does not give the totals that the record states
	Enrolled int         // persons who are new
	SetUp    int         // bodies that are new
	Seats    int         // mandates opened
}

func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

var nameShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,38}$`)

// intake is the work of taking one file in.
type intake struct {
	tx      *store.Tx
	file    *File
	rules   bylaws.Bylaws
	persons map[string]people.PersonID
	bodies  map[string]people.BodyID
	kinds   map[people.BodyID]people.BodyKind
	report  *Report
	rs      fault.Refusals
}

// TakeIn writes a past assembly from its file, by the same rules as a living one, in the one act of tx: it opens the mandates that elections and
// draws gave, makes adopted changes of the bylaws pending, sets up working groups. The refusals name lines of the file; then nothing stays.
func TakeIn(tx *store.Tx, f *File) (*Report, error) {
	in := &intake{tx: tx, file: f, persons: map[string]people.PersonID{}, bodies: map[string]people.BodyID{},
		kinds: map[people.BodyID]people.BodyKind{}, report: &Report{}}
	var attendees []Attendee
	err := tx.Quietly(func() (err error) {
		if err = in.head(); err != nil {
			return err
		}
		if err = in.people(); err != nil {
			return err
		}
		if attendees, err = in.attendance(); err != nil {
			return err
		}
		return in.items()
	})
	if err != nil {
		return nil, err
	}
	if err := in.rs.Err(); err != nil {
		return nil, err
	}
	a := &in.report.Assembly
	matters := 0
	for _, item := range a.Items {
		matters += len(item.Matters)
	}
	tx.Record(store.Line{About: []store.Ref{a.ID.Ref(), a.Body.Ref()}, Args: map[string]any{"held_on": a.HeldOn.String(), "items": len(a.Items),
		"matters": matters, "retained": len(a.Retained), "name": a.Name}})
	return in.report, insert(tx, *a, attendees)
}

// refuse notes a refusal at a place of the file; intake goes on to find the others.
func (in *intake) refuse(path, code string, kv ...any) {
	in.rs = append(in.rs, fault.Refuse("assembly.refusal."+code, kv...).At(strings.TrimPrefix(path, "$.")).OnLine(in.file.line(path)))
}

func (in *intake) date(path, text string, needed bool) civil.Date {
	if text == "" && !needed {
		return civil.Date{}
	}
	d, err := civil.Parse(text)
	if err != nil {
		in.refuse(path, "date", "text", brief(text))
	}
	return d
}

// head reads what concerns the whole assembly.
func (in *intake) head() error {
	f, a := in.file, &in.report.Assembly
	house, founded, err := people.TheHouse(in.tx)
	if err != nil {
		return err
	}
	if !founded {
		return fault.Refuse("assembly.refusal.not-founded")
	}
	*a = Assembly{ID: ID(in.tx.ID()), Name: f.Name, Title: strings.TrimSpace(f.Title), HeldOn: in.date("$.held", f.Held, true), Place: f.Place,
		Language: house.Lang, Convening: vote.Convening(f.Convening), Notes: f.Notes, FileHash: f.hash}
	if !nameShape.MatchString(f.Name) {
		in.refuse("$.name", "name", "text", brief(f.Name))
	}
	if a.Title == "" || len(a.Title) > maxTitle || len(a.Place) > maxTitle {
		in.refuse("$.title", "title", "limit", maxTitle)
	}
	if f.Language != "" {
		if a.Language = lang.Tag(f.Language); !lang.Known(f.Language) {
			in.refuse("$.language", "language", "text", brief(f.Language))
		}
	}
	if !slices.Contains([]vote.Convening{"", vote.FirstConvening, vote.SecondConvening}, a.Convening) {
		in.refuse("$.convening", "convening", "text", brief(f.Convening))
	}
	if a.HeldOn.First().After(in.tx.Today()) {
		in.refuse("$.held", "future", "day", a.HeldOn)
	}
	if len(f.Notes) > maxNotes || len(f.Items) > maxItems || len(f.Persons)+len(f.Bodies) > maxPersons || len(f.Attendance.List) > maxAttendees {
		in.refuse("$.items", "too-many")
	}
	for i, n := range f.Notes {
		in.text(fmt.Sprintf("$.notes[%d]", i), n)
	}
	if len(in.rs) > 0 {
		return in.rs
	}
	if earlier, found, err := ByName(in.tx, a.Name); err != nil || found {
		if err != nil {
			return err
		}
		if earlier.FileHash == a.FileHash {
			return fault.Refuse("assembly.refusal.same-file", "name", a.Name).At("name")
		}
		return fault.Refuse("assembly.refusal.name-taken", "name", a.Name).At("name").OnLine(f.line("$.name"))
	}
	body, err := people.TheBody(in.tx, people.Assembly)
	if err != nil {
		return err
	}
	a.Body = body.ID
	in.rules, err = bylaws.On(in.tx, a.HeldOn)
	return err
}

func (in *intake) text(path, s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxWords {
		in.refuse(path, "words", "limit", maxWords)
	}
	return s
}

// people finds the persons and bodies that the file names, and makes the new ones.
func (in *intake) people() error {
	for _, key := range sorted(in.file.Persons) {
		if err := in.person(key, in.file.Persons[key]); err != nil {
			return err
		}
	}
	known, err := people.Bodies(in.tx)
	if err != nil {
		return err
	}
	for _, b := range known {
		in.kinds[b.ID] = b.Kind
	}
	for _, key := range sorted(in.file.Bodies) {
		b, path := in.file.Bodies[key], "$.bodies."+key
		kind := people.BodyKind(b.Kind)
		if !slices.Contains(people.BodyKinds, kind) {
			in.refuse(path, "body-kind", "text", brief(b.Kind))
			continue
		}
		single := kind == people.Assembly || kind == people.Board
		i := slices.IndexFunc(known, func(k people.Body) bool {
			return k.Kind == kind && (single || fold.Text(k.Name) == fold.Text(b.Name))
		})
		if i >= 0 {
			in.bodies[key] = known[i].ID
			continue
		}
		id, err := people.OpenBody(in.tx, people.Body{Kind: kind, Name: b.Name, From: in.report.Assembly.HeldOn, Parent: in.report.Assembly.Body})
		if fault.Of(err) != nil {
			in.refuse(path, "body", "name", brief(b.Name))
			continue
		}
		if err != nil {
			return err
		}
		in.bodies[key], in.kinds[id] = id, kind
		in.report.SetUp++
	}
	return nil
}

func (in *intake) person(key string, p FilePerson) error {
	path := "$.persons." + key
	if p.Number != 0 {
		c, err := register.CooperatorNumbered(in.tx, register.Number(p.Number))
		if fault.Of(err) != nil {
			in.refuse(path, "number", "number", p.Number)
			return nil
		}
		in.persons[key] = c.Person
		return err
	}
	found, err := called(in.tx, p.Given, p.Family)
	switch {
	case err != nil:
		return err
	case len(found) == 1:
		in.persons[key] = found[0]
	case len(found) > 1:
		in.refuse(path, "several", "name", brief(p.Given+" "+p.Family))
	case !p.New:
		in.refuse(path, "nobody", "name", brief(p.Given+" "+p.Family))
	default:
		id, err := people.Enroll(in.tx, people.Entry{Kind: people.Natural, Given: p.Given, Family: p.Family, Lang: in.report.Assembly.Language})
		if fault.Of(err) != nil {
			in.refuse(path, "nobody", "name", brief(p.Given+" "+p.Family))
			return nil
		}
		in.persons[key] = id
		in.report.Enrolled++
		return err
	}
	return nil
}

// called finds the natural persons of exactly this name, however it is accented.
func called(r store.Reader, given, family string) ([]people.PersonID, error) {
	hits, _, err := people.Search(r, people.Query{Text: family})
	if err != nil {
		return nil, err
	}
	var ids []people.PersonID
	for _, h := range hits {
		p, err := people.Get(r, h.Person)
		if err != nil {
			return nil, err
		}
		if p.Kind == people.Natural && fold.Text(p.Given) == fold.Text(given) && fold.Text(p.Family) == fold.Text(family) {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (in *intake) sides(path string, c FileCount) vote.Sides {
	read := func(field string, n *int64) vote.Known {
		if n == nil {
			return vote.Known{}
		}
		k, err := vote.NewCount(*n)
		if err != nil {
			in.refuse(path+"."+field, "count", "count", *n)
		}
		return k
	}
	return vote.Sides{Heads: read("heads", c.Heads), Shares: read("shares", c.Shares)}
}

// attendance reads the totals and, where there is a list, computes them from the register of that day.
func (in *intake) attendance() ([]Attendee, error) {
	f, a := in.file.Attendance, &in.report.Assembly
	a.Attendance = Attendance{Present: in.sides("$.attendance.present", f.Present), Represented: in.sides("$.attendance.represented", f.Represented),
		Total: in.sides("$.attendance.total", f.Total), Issued: in.sides("$.attendance.issued", f.Issued)}
	if err := addsUp(a.Attendance); err != nil {
		in.refuse("$.attendance", "attendance-sum")
	}
	if len(f.List) == 0 {
		return nil, nil
	}
	roll, err := register.RollOn(in.tx, a.HeldOn.Last(), in.tx.Today())
	if err != nil {
		return nil, err
	}
	holders := map[register.Number]register.Holder{}
	for _, h := range roll.Holders {
		holders[h.Number] = h
	}
	var attendees []Attendee
	heads, shares := int64(0), int64(0)
	for i, w := range f.List {
		path := fmt.Sprintf("$.attendance.list[%d]", i)
		h, holds := holders[register.Number(w.Number)]
		if !holds {
			in.refuse(path, "no-shares", "number", w.Number, "day", a.HeldOn)
			continue
		}
		if slices.ContainsFunc(attendees, func(o Attendee) bool { return o.Number == h.Number }) {
			in.refuse(path, "twice", "number", w.Number)
			continue
		}
		at := Attendee{Number: h.Number, Person: h.Person, Shares: h.Shares}
		if w.Proxy != "" {
			at.Proxy = in.who(path, w.Proxy)
		}
		attendees = append(attendees, at)
		heads, shares = heads+1, shares+h.Shares
	}
	sides := vote.Both(heads, shares)
	in.report.Computed = &sides
	total := a.Attendance.Total
	in.report.Differs = total.Heads.IsKnown() && total.Heads != sides.Heads || total.Shares.IsKnown() && total.Shares != sides.Shares
	return attendees, nil
}

// addsUp refuses present and represented that do not give the total, and more than was issued.
func addsUp(a Attendance) error {
	for _, s := range [][4]vote.Known{
		{a.Present.Heads, a.Represented.Heads, a.Total.Heads, a.Issued.Heads},
		{a.Present.Shares, a.Represented.Shares, a.Total.Shares, a.Issued.Shares},
	} {
		present, p := s[0].Get()
		represented, r := s[1].Get()
		total, t := s[2].Get()
		issued, i := s[3].Get()
		if p && r && t && present+represented != total || t && i && total > issued || p && t && present > total {
			return fault.Refuse("assembly.refusal.attendance-sum")
		}
	}
	return nil
}

func (in *intake) who(path, key string) people.PersonID {
	id, ok := in.persons[key]
	if !ok {
		in.refuse(path, "person-key", "key", brief(key))
	}
	return id
}

func (in *intake) all(path string, keys []string) []people.PersonID {
	var ids []people.PersonID
	if len(keys) > maxPersons {
		in.refuse(path, "too-many")
		return nil
	}
	for i, k := range keys {
		id := in.who(fmt.Sprintf("%s[%d]", path, i), k)
		if slices.Contains(ids, id) && id != "" {
			in.refuse(fmt.Sprintf("%s[%d]", path, i), "person-twice", "key", brief(k))
		}
		ids = append(ids, id)
	}
	return ids
}

// items reads the agenda, in the order and with the numbers of the record.
func (in *intake) items() error {
	seen := map[string]bool{}
	for i, fi := range in.file.Items {
		path := fmt.Sprintf("$.items[%d]", i)
		item := Item{ID: ItemID(in.tx.ID()), Number: strings.TrimSpace(fi.Number), Title: strings.TrimSpace(fi.Title)}
		switch {
		case item.Number == "" || len(item.Number) > maxNumber:
			in.refuse(path+".number", "item-number", "limit", maxNumber)
		case seen[item.Number]:
			in.refuse(path+".number", "item-twice", "number", item.Number)
		}
		seen[item.Number] = true
		if item.Title == "" || len(item.Title) > maxTitle {
			in.refuse(path+".title", "title", "limit", maxTitle)
		}
		if len(fi.Matters) > maxMatters || len(fi.Retained) > maxRetained {
			in.refuse(path, "too-many")
			continue
		}
		for j, fm := range fi.Matters {
			m, err := in.matter(fmt.Sprintf("%s.matters[%d]", path, j), fm)
			if err != nil {
				return err
			}
			item.Matters = append(item.Matters, m)
		}
		in.report.Assembly.Items = append(in.report.Assembly.Items, item)
		for j, fr := range fi.Retained {
			if err := in.retained(fmt.Sprintf("%s.retained[%d]", path, j), item, fr); err != nil {
				return err
			}
		}
	}
	if len(in.file.Items) == 0 {
		in.refuse("$.items", "no-items")
	}
	return nil
}

func (in *intake) matter(path string, f FileMatter) (Matter, error) {
	m := Matter{ID: MatterID(in.tx.ID()), Kind: Kind(f.Kind), Title: strings.TrimSpace(f.Title), Words: in.text(path+".text", f.Text), Place: f.Place,
		Earlier: f.Of, Presenters: in.all(path+".presenters", f.Presenters), Stated: Verdict(f.Stated)}
	if !m.Kind.Valid() {
		in.refuse(path+".kind", "kind", "text", brief(f.Kind))
		return m, nil
	}
	if len(m.Title) > maxTitle || len(m.Place) > maxTitle {
		in.refuse(path+".title", "title", "limit", maxTitle)
	}
	if !in.statedFits(m) {
		in.refuse(path+".stated", "stated", "text", brief(f.Stated))
		return m, nil
	}
	var err error
	switch {
	case m.Kind.Fills():
		err = in.fills(path, f, &m)
	case m.Kind.Voted():
		err = in.judge(path, f, &m)
	}
	if err == nil && m.Kind == BylawsChange {
		err = in.change(path, f, &m)
	}
	return m, err
}

// statedFits says whether the record's verdict is one that the kind can have.
func (in *intake) statedFits(m Matter) bool {
	switch {
	case m.Kind.Voted():
		return slices.Contains([]Verdict{"", Verdict(vote.Adopted), Verdict(vote.Rejected), Verdict(vote.Inquorate)}, m.Stated)
	case m.Kind.Fills():
		return m.Stated == ""
	}
	return m.Stated == "" || m.Stated == Presented
}

// judge applies the rule of the day to what the record tells.
func (in *intake) judge(path string, f FileMatter, m *Matter) error {
	counts := vote.Counts{}
	for _, c := range []struct {
		field string
		n     *int64
		into  *vote.Known
	}{{"for", f.Ballot.For, &counts.For}, {"against", f.Ballot.Against, &counts.Against}, {"abstentions", f.Ballot.Abstentions, &counts.Abstentions}} {
		if c.n == nil {
			continue
		}
		k, err := vote.NewCount(*c.n)
		if err != nil {
			in.refuse(path+".ballot."+c.field, "count", "count", *c.n)
		}
		*c.into = k
	}
	m.Ballot = vote.Ballot{Kind: vote.BallotKind(f.Ballot.Kind), Votes: counts}
	if !slices.Contains([]vote.BallotKind{"", vote.ByCounts, vote.Unanimous, vote.ByAcclamation}, m.Ballot.Kind) {
		in.refuse(path+".ballot.kind", "ballot", "text", brief(f.Ballot.Kind))
		return nil
	}
	a := in.report.Assembly
	outcome, err := vote.Judge(in.rules.Decision(m.Kind.rule()), vote.Facts{Convening: a.Convening, Issued: a.Attendance.Issued,
		Present: a.Attendance.Total, Ballot: m.Ballot, Stated: vote.Verdict(m.Stated)})
	for _, r := range fault.Of(err) {
		in.rs = append(in.rs, r.At(strings.TrimPrefix(path, "$.")+".ballot").OnLine(in.file.line(path)))
	}
	if fault.Of(err) != nil {
		return nil
	}
	m.Outcome = outcome
	return err
}

// change makes an adopted change of the bylaws pending: only its deed puts it in force.
func (in *intake) change(path string, f FileMatter, m *Matter) error {
	if m.Outcome.Verdict() != vote.Adopted {
		return nil
	}
	id, err := bylaws.Propose(in.tx, bylaws.Proposal{Title: m.Title, AdoptedOn: in.report.Assembly.HeldOn, Decided: m.ID.Ref(), Note: f.Deed,
		Changes: []bylaws.Change{{Article: f.Article, Before: strings.TrimSpace(f.Before), After: strings.TrimSpace(f.After)}}})
	for _, r := range fault.Of(err) {
		in.rs = append(in.rs, r.At(strings.TrimPrefix(path, "$.")+"."+r.Field).OnLine(in.file.line(path)))
	}
	if fault.Of(err) != nil {
		return nil
	}
	m.Amendment = id
	return err
}

// fills opens the mandates that an election or a draw gave.
func (in *intake) fills(path string, f FileMatter, m *Matter) error {
	body, ok := in.bodies[f.Body]
	if !ok {
		in.refuse(path+".body", "body-key", "key", brief(f.Body))
		return nil
	}
	m.Body = body
	m.Elected, m.Effective, m.Substitutes = in.all(path+".elected", f.Elected), in.all(path+".effective", f.Effective), in.all(path+".substitutes", f.Substitutes)
	if m.Kind == Election && len(m.Effective)+len(m.Substitutes) > 0 || m.Kind == Draw && len(m.Elected) > 0 {
		in.refuse(path, "election-or-draw")
	}
	until := in.date(path+".until", f.Until, false)
	for _, seats := range []struct {
		who  []people.PersonID
		role people.Role
	}{{m.Elected, people.Member}, {m.Effective, people.Effective}, {m.Substitutes, people.Substitute}} {
		for rank, person := range seats.who {
			mandate := people.Mandate{Body: body, Person: person, Role: seats.role, From: in.report.Assembly.HeldOn, Until: until, Opened: m.ID.Ref()}
			if seats.role == people.Substitute {
				mandate.Rank = rank + 1
			}
			if err := in.seat(path, mandate); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *intake) seat(path string, m people.Mandate) error {
	if m.Person == "" {
		return nil // its key was refused already
	}
	_, err := people.OpenMandate(in.tx, m)
	for _, r := range fault.Of(err) {
		in.rs = append(in.rs, r.At(strings.TrimPrefix(path, "$.")).OnLine(in.file.line(path)))
	}
	if fault.Of(err) != nil {
		return nil
	}
	in.report.Seats++
	return err
}

func (in *intake) retained(path string, item Item, f FileRetained) error {
	a := in.report.Assembly
	p := Retained{ID: RetainedID(in.tx.ID()), Assembly: a.ID, Item: item.ID, ItemNumber: item.Number, Title: strings.TrimSpace(f.Title),
		Words: in.text(path+".text", f.Text), OwnerWords: strings.TrimSpace(f.Named), DueOn: in.date(path+".due", f.Due, false), HeldOn: a.HeldOn, Meeting: a.Name}
	if p.Title == "" || len(p.Title) > maxTitle || len(p.OwnerWords) > maxTitle {
		in.refuse(path+".title", "title", "limit", maxTitle)
	}
	if f.Owner != "" {
		owner, ok := in.bodies[f.Owner]
		if !ok {
			in.refuse(path+".owner", "body-key", "key", brief(f.Owner))
		}
		p.Owner = owner
	}
	in.report.Assembly.Retained = append(in.report.Assembly.Retained, p)
	members := in.all(path+".members", f.Members)
	if len(members) > 0 && in.kinds[p.Owner] != people.Group && in.kinds[p.Owner] != people.Committee {
		in.refuse(path+".members", "members")
		return nil
	}
	for _, person := range members {
		m := people.Mandate{Body: p.Owner, Person: person, Role: people.Member, From: a.HeldOn, Opened: p.ID.Ref()}
		if err := in.seat(path, m); err != nil {
			return err
		}
	}
	return nil
}
