package people

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/ident"
	"lieux/base/lang"
	"lieux/base/store"
)

// PersonID is the id of a natural or legal person.
type PersonID string

// Ref names the person in the journal.
func (id PersonID) Ref() store.Ref { return store.Ref{Kind: "person", ID: string(id)} }

// Kind tells natural from legal persons.
type Kind string

// The two kinds.
const (
	Natural Kind = "natural"
	Legal   Kind = "legal"
)

// Limits of a person's record.
const (
	maxName  = 120 // signs of each name
	maxForm  = 40
	maxPhone = 30
	maxEmail = 254 // RFC 5321
	maxNote  = 500
	maxBatch = 10 // contacts given with one enrolment
)

// oldest is how long ago a living person may be born.
const oldest = 130 // years

// Person is one record. A natural person has Given, Family and perhaps Birth; a legal person has Name, Form and
// perhaps Enterprise. The national number is never asked (law of 8 August 1983, article 8).
type Person struct {
	ID   PersonID
	Kind Kind

	Given, Family string
	Birth         civil.Date

	Name       string // denomination, without the form
	Form       string // "ASBL", "SC", as written
	Enterprise string // ten figures whose check digits agree; empty when unknown

	Lang     lang.Tag // of correspondence
	Enrolled civil.Instant
	Sort     string     // folded key of the alphabetical list
	Kept     PersonID   // the record that stands for this one since a merge; empty
	Erased   civil.Date // zero while the person is kept
	Ground   string     // why erased
}

// Full is the name as one writes it on an envelope: "Jan van den Berg", "Le Foyer ASBL"; empty once erased.
func (p Person) Full() string {
	if p.Kind == Legal {
		return strings.TrimSpace(p.Name + " " + p.Form)
	}
	return strings.TrimSpace(p.Given + " " + p.Family)
}

// Listed is the name as lists write it: "van den Berg, Jan". A particle stands with the family name, as the
// Belgian civil register keeps it: van den Berg is filed under V, and found under B too.
func (p Person) Listed() string {
	if p.Kind == Legal || p.Given == "" || p.Family == "" {
		return p.Full()
	}
	return p.Family + ", " + p.Given
}

// Words is the name, or the words for an erased person: so that a Person can stand in any phrase.
func (p Person) Words(pr *lang.Printer) string {
	if p.Full() == "" {
		return pr.T("people.erased-person")
	}
	return p.Full()
}

func (p Person) sortKey() string {
	if p.Kind == Legal {
		return fold.Sort(p.Name)
	}
	return fold.Sort(p.Family + " " + p.Given)
}

// Entry is what one tells when a person enters the books.
type Entry struct {
	Kind           Kind
	Given, Family  string
	Birth          civil.Date
	Name, Form     string
	Enterprise     string // as typed
	Lang           lang.Tag
	Emails, Phones []string
	// domicile or seat; the zero Address when unknown. Only Street, Postcode, Town, Country count
	Home Address
	From civil.Date // since when contacts and address are good; zero when unknown
}

// Enroll writes a new person. It never looks for an earlier record by e-mail: that is for a person to judge ([Alike]).
func Enroll(tx *store.Tx, e Entry) (PersonID, error) { return EnrollReady(tx, e.Prepare(tx.Today())) }

// Ready is an entry that was checked on a day, and all that is computed of it: a long import does so beside its acts.
type Ready struct {
	person   Person
	contacts []Contact
	home     Address
	housed   bool
	keys     []key
	blocks   []string
	wrong    fault.Refusals
}

// Prepare checks an entry.
func (e Entry) Prepare(today civil.Date) Ready {
	var r Ready
	var more fault.Refusals
	r.person, r.wrong = e.person(today)
	r.contacts, more = e.contacts()
	r.wrong = append(r.wrong, more...)
	r.home, more = e.Home.checked(e.Home != Address{}, today)
	if r.wrong = append(r.wrong, more...); r.wrong != nil {
		return r
	}
	for i := range r.contacts {
		r.contacts[i].From = e.From
	}
	if r.housed = r.home != (Address{}); r.housed {
		r.home.Kind, r.home.From = Home, e.From
	}
	return r
}

// Index computes by what the person will be found, unless it is known or nobody will be.
func (r *Ready) Index() {
	if r.keys != nil || r.wrong != nil {
		return
	}
	facts := Facts{Person: r.person}
	for _, c := range r.contacts {
		facts.note(c)
	}
	if r.housed {
		facts.Home = r.home.key()
	}
	r.keys, r.blocks = searchKeys(r.person, nil, r.home, r.home.Known()), blocks(facts)
}

// Wrong is what speaks against the entry.
func (r Ready) Wrong() fault.Refusals { return r.wrong }

// EnrollReady is [Enroll] of an entry that was prepared before.
func EnrollReady(tx *store.Tx, r Ready) (PersonID, error) {
	if err := r.wrong.Err(); err != nil {
		return "", err
	}
	r.Index()
	p := r.person
	p.ID, p.Enrolled = PersonID(tx.ID()), tx.Now()
	if err := insertPerson(tx, p); err != nil {
		return "", err
	}
	for _, c := range r.contacts {
		c.ID, c.Person, c.Recorded = tx.ID(), p.ID, tx.Now()
		if err := insertContact(tx, c); err != nil {
			return "", err
		}
	}
	if home := r.home; r.housed {
		home.ID, home.Person, home.Recorded = tx.ID(), p.ID, tx.Now()
		if err := insertAddress(tx, home); err != nil {
			return "", err
		}
	}
	if err := insertKeys(tx, p.ID, r.keys, r.blocks); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{p.ID.Ref()}})
	return p.ID, nil
}

// Check says what is wrong with an entry, without writing it: a form shows everything at once.
func (e Entry) Check(today civil.Date) fault.Refusals { return e.Prepare(today).wrong }

// person checks the entry's own fields.
func (e Entry) person(today civil.Date) (Person, fault.Refusals) {
	p := Person{Kind: e.Kind, Lang: e.Lang}
	var rs fault.Refusals
	if p.Lang == "" {
		p.Lang = lang.French
	}
	if !lang.Known(string(p.Lang)) {
		rs = append(rs, fault.Refuse("people.refusal.language", "text", string(p.Lang)).At("lang"))
	}
	text := func(field, s string, limit int) string {
		s, r := tidy(field, s, limit)
		rs = append(rs, r...)
		return s
	}
	switch e.Kind {
	case Natural:
		p.Given, p.Family = text("given", e.Given, maxName), text("family", e.Family, maxName)
		if fold.Text(p.Given+p.Family) == "" && len(rs) == 0 {
			rs = append(rs, fault.Refuse("people.refusal.no-name").At("family"))
		}
		p.Birth = e.Birth
		if !p.Birth.IsZero() && (p.Birth.First().After(today) || p.Birth.Before(today.AddYears(-oldest))) {
			rs = append(rs, fault.Refuse("people.refusal.birth", "birth", p.Birth).At("birth"))
		}
	case Legal:
		p.Name, p.Form = text("name", e.Name, maxName), text("form", e.Form, maxForm)
		if fold.Text(p.Name) == "" && len(rs) == 0 {
			rs = append(rs, fault.Refuse("people.refusal.no-name").At("name"))
		}
		if strings.TrimSpace(e.Enterprise) != "" {
			number, ok := ident.Enterprise(e.Enterprise)
			if !ok {
				rs = append(rs, fault.Refuse("people.refusal.enterprise", "text", brief(e.Enterprise)).At("enterprise"))
			}
			p.Enterprise = number
		}
	default:
		rs = append(rs, fault.Refuse("people.refusal.kind").At("kind"))
	}
	p.Sort = p.sortKey()
	return p, rs
}

// tidy makes a text fit to keep: NFC, one space between words, no control sign, not too long.
func tidy(field, s string, limit int) (string, fault.Refusals) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, hidden) {
		return "", fault.Refusals{fault.Refuse("people.refusal.no-text").At(field)}
	}
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	if n := utf8.RuneCountInString(s); n > limit {
		return "", fault.Refusals{fault.Refuse("people.refusal.too-long", "signs", n, "limit", limit).At(field)}
	}
	return s, nil
}

// hidden signs print nothing.
func hidden(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

// brief cuts what a person typed so that a refusal can quote it.
func brief(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if utf8.RuneCountInString(s) > 40 {
		return string([]rune(s)[:40]) + "…"
	}
	return s
}

// Get reads a person; an unknown id is refused.
func Get(r store.Reader, id PersonID) (Person, error) {
	p, found, err := store.Find(r, qPerson, scanPerson, string(id))
	if err == nil && !found {
		err = fault.Refuse("people.refusal.unknown-person")
	}
	return p, err
}

// Names reads many persons at once, for lists, papers and the journal. An id that was merged is told under the
// name that was kept; its ID stays its own. Unknown ids are left out.
func Names(r store.Reader, ids []PersonID) (map[PersonID]Person, error) {
	named, err := readAll(r, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[PersonID]Person, len(ids))
	for _, id := range ids {
		if p, known := named[id]; known {
			stands := follow(named, p)
			stands.ID, stands.Kept = id, p.Kept
			out[id] = stands
		}
	}
	return out, nil
}

// readAll reads the records and those that stand for them.
func readAll(r store.Reader, ids []PersonID) (map[PersonID]Person, error) {
	named := make(map[PersonID]Person, len(ids))
	missing := ids
	for n := 0; len(missing) > 0; n++ {
		fault.Must(n <= maxAliases, "a circle of merges")
		if err := readPersons(r, missing, named); err != nil {
			return nil, err
		}
		missing = nil
		for _, p := range named {
			if _, known := named[p.Kept]; p.Kept != "" && !known {
				missing = append(missing, p.Kept)
			}
		}
	}
	return named, nil
}

// follow goes from a record to the one that stands for it.
func follow(named map[PersonID]Person, p Person) Person {
	for n := 0; p.Kept != ""; n++ {
		fault.Must(n <= maxAliases, "a circle of merges at %s", p.ID)
		p = named[p.Kept]
	}
	return p
}

// maxAliases is how many merges may follow one another from a record to the one that stands for it.
const maxAliases = 16

// living reads a person who can still be written about: not erased.
func living(r store.Reader, id PersonID) (Person, error) {
	p, err := Get(r, id)
	if err == nil && !p.Erased.IsZero() {
		err = fault.Refuse("people.refusal.erased", "date", p.Erased)
	}
	return p, err
}

// tidyLines is tidy for a text of several lines.
func tidyLines(field, s string, limit int) (string, fault.Refusals) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, hidden) {
		return "", fault.Refusals{fault.Refuse("people.refusal.no-text").At(field)}
	}
	s = norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")))
	if n := utf8.RuneCountInString(s); n > limit {
		return "", fault.Refusals{fault.Refuse("people.refusal.too-long", "signs", n, "limit", limit).At(field)}
	}
	return s, nil
}
