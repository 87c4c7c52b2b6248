package assembly

import (
	"cmp"
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

	NewPersons   []people.PersonID
	KnownPersons []people.PersonID // named in the file and found in the books
	NewBodies    []people.BodyID
}

func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

var nameShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// reserved are names that stand for pages, not for assemblies.
var reserved = []string{"new", "new-from-file"}

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

	seated   *vote.Roll  // who voted for whom; nil when the record has no list that can be weighed
	unseated lang.Phrase // what is missing for that
}

func newIntake(tx *store.Tx, f *File) *intake {
	return &intake{tx: tx, file: f, persons: map[string]people.PersonID{}, bodies: map[string]people.BodyID{},
		kinds: map[people.BodyID]people.BodyKind{}, report: &Report{}, unseated: lang.Say("assembly.missing.list")}
}

// TakeIn writes a past assembly from its file, by the same rules as a living one, in the one act of tx: it opens the
// mandates that elections and draws gave, makes adopted changes of the bylaws pending, sets up working groups. The
// refusals name lines of the file; then nothing stays.
func TakeIn(tx *store.Tx, f *File) (*Report, error) {
	in := newIntake(tx, f)
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
	slices.SortStableFunc(in.rs, func(a, b fault.Refusal) int { return cmp.Compare(a.Line, b.Line) })
	if err := in.rs.Err(); err != nil {
		return nil, err
	}
	a := &in.report.Assembly
	matters := 0
	for _, item := range a.Items {
		matters += len(item.Matters)
	}
	tx.Record(store.Line{About: []store.Ref{a.ID.Ref(), a.Body.Ref()},
		Args: map[string]any{"held_on": a.HeldOn.String(), "items": len(a.Items),
			"matters": matters, "retained": len(a.Retained), "name": a.Name}})
	return in.report, insert(tx, *a, attendees)
}

// refuse notes a refusal at a place of the file; intake goes on to find the others.
func (in *intake) refuse(path, code string, kv ...any) {
	in.rs = append(in.rs, fault.Refuse("assembly.refusal."+code, kv...).At(field(path, "")).OnLine(in.file.line(path)))
}

// keyed is the path of a key that the file chose; one with a point or a space is quoted.
func keyed(path, key string) string {
	if strings.Contains(key, "'") {
		return path // the line of the whole list: better than none
	}
	return path + ".'" + key + "'"
}

// field is a path as a refusal names it.
func field(path, inner string) string {
	return strings.Trim(strings.ReplaceAll(strings.TrimPrefix(path, "$."), "'", "")+"."+inner, ".")
}

// refused notes what another room refused, at a place of the file; an error of the world is left to the caller.
func (in *intake) refused(path string, err error) bool {
	rs := fault.Of(err)
	for _, r := range rs {
		in.rs = append(in.rs, r.At(field(path, r.Field)).OnLine(in.file.line(path)))
	}
	return len(rs) > 0
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
	*a = Assembly{ID: ID(in.tx.ID()), Name: f.Name, Title: strings.TrimSpace(f.Title),
		HeldOn: in.date("$.held", f.Held, true), Place: f.Place,
		Language: house.Lang, Convening: vote.Convening(f.Convening), Notes: f.Notes, FileHash: f.hash}
	if !nameShape.MatchString(f.Name) || slices.Contains(reserved, f.Name) {
		in.refuse("$.name", "name", "text", brief(f.Name))
	}
	if a.Title == "" || len(a.Title) > maxTitle || len(a.Place) > maxTitle {
		in.refuse("$.title", "title", "limit", maxTitle)
	}
	if f.Language != "" {
		if a.Language = lang.Tag(f.Language); !lang.Known(f.Language) {
			in.refuse("$.language", "language", "text", brief(f.Language))
			a.Language = house.Lang
		}
	}
	if !slices.Contains([]vote.Convening{"", vote.FirstConvening, vote.SecondConvening}, a.Convening) {
		in.refuse("$.convening", "convening", "text", brief(f.Convening))
	}
	if a.HeldOn.First().After(in.tx.Today()) {
		in.refuse("$.held", "future", "day", a.HeldOn)
	}
	if len(f.Notes) > maxNotes || len(f.Items) > maxItems || len(f.Persons)+len(f.Bodies) > maxPersons ||
		len(f.Attendance.List) > maxAttendees {
		in.refuse("$.items", "too-many")
		return in.rs
	}
	for i, n := range f.Notes {
		in.text(fmt.Sprintf("$.notes[%d]", i), n)
	}
	// refused already; a day that can be, so that the other refusals come too
	if a.HeldOn.IsZero() || a.HeldOn.First().After(in.tx.Today()) {
		a.HeldOn = in.tx.Today()
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
		b, path := in.file.Bodies[key], keyed("$.bodies", key)
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
		id, err := people.OpenBody(in.tx, people.Body{Kind: kind, Name: b.Name, From: in.report.Assembly.HeldOn,
			Parent: in.report.Assembly.Body})
		if in.refused(path, err) {
			continue
		}
		if err != nil {
			return err
		}
		in.bodies[key], in.kinds[id] = id, kind
		in.report.SetUp++
		in.report.NewBodies = append(in.report.NewBodies, id)
	}
	return nil
}

func (in *intake) person(key string, p FilePerson) error {
	path := keyed("$.persons", key)
	if p.Number != 0 {
		c, err := register.CooperatorNumbered(in.tx, register.Number(p.Number))
		if fault.Of(err) != nil {
			in.refuse(path, "number", "number", int64(p.Number))
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
		in.report.KnownPersons = append(in.report.KnownPersons, found[0])
	case len(found) > 1:
		in.refuse(path, "several", "name", brief(p.Given+" "+p.Family))
	case !p.New:
		in.refuse(path, "nobody", "name", brief(p.Given+" "+p.Family))
	default:
		id, err := people.Enroll(in.tx, people.Entry{Kind: people.Natural, Given: p.Given, Family: p.Family,
			Lang: in.report.Assembly.Language})
		if in.refused(path, err) {
			return nil
		}
		in.persons[key] = id
		in.report.Enrolled++
		in.report.NewPersons = append(in.report.NewPersons, id)
		return err
	}
	return nil
}

// called finds the natural persons of exactly this name, however it is accented.
func called(r store.Reader, given, family string) ([]people.PersonID, error) {
	hits, _, err := people.Search(r, people.Query{Text: given + " " + family})
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
