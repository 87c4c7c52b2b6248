package people

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/store"
)

// AddressKind tells the legal address from the one for letters.
type AddressKind string

// Home is the domicile of a natural person or the seat of a legal one: the register of shares prints it (CSA
// 6:25). Post is where letters go when that is elsewhere.
const (
	Home AddressKind = "home"
	Post AddressKind = "post"
)

// Limits of an address.
const (
	maxStreet    = 160
	maxPostcode  = 12
	maxTown      = 80
	maxCountry   = 60
	maxAddresses = 200
)

// Address is where a person is to be found from a day on, until the next address of the same kind begins. A row is
// never changed: a move adds one; a correction withdraws the wrong one and adds the right one, which names it.
type Address struct {
	ID        string
	Person    PersonID
	Kind      AddressKind
	From      civil.Date // zero: always, as far as known
	Street    string     // street, number, box
	Postcode  string
	Town      string
	Country   string // empty for Belgium
	Recorded  civil.Instant
	Corrects  string        // id of the row that was wrong
	Withdrawn civil.Instant // when a correction took its place; 0 while it stands
}

// Known is false for a row that says "address unknown from this day on", as when letters come back.
func (a Address) Known() bool { return a.Street+a.Postcode+a.Town != "" }

// Line is the address on one line: "rue Haute 12, 4000 Liège".
func (a Address) Line() string {
	place := strings.TrimSpace(a.Postcode + " " + a.Town)
	var parts []string
	for _, s := range []string{a.Street, place, a.Country} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// key compares addresses whatever the accents, commas and ways to write a box or a street.
func (a Address) key() string {
	words := strings.Fields(fold.Text(a.Street + " " + a.Postcode + " " + a.Town))
	for i, w := range words {
		if short, ok := streetWords[w]; ok {
			words[i] = short
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

var streetWords = map[string]string{
	"avenue": "av", "boulevard": "bd", "bld": "bd", "boul": "bd", "chaussee": "ch", "place": "pl", "rue": "r",
	"straat": "str", "laan": "ln", "boite": "", "bte": "", "bus": "", "box": "", "b": "", "n": "", "no": "", "nr": "",
}

// checked tidies the lines; needed says that an address must be there at all.
func (a Address) checked(needed bool, today civil.Date) (Address, fault.Refusals) {
	var rs fault.Refusals
	text := func(field, s string, limit int) string {
		s, r := tidy(field, s, limit)
		rs = append(rs, r...)
		return s
	}
	out := Address{Kind: a.Kind, From: a.From, Street: text("street", a.Street, maxStreet),
		Postcode: text("postcode", a.Postcode, maxPostcode),
		Town:     text("town", a.Town, maxTown), Country: text("country", a.Country, maxCountry)}
	if needed && rs == nil && out.Town == "" {
		rs = append(rs, fault.Refuse("people.refusal.no-town").At("town"))
	}
	if a.From.First().After(today.AddYears(1)) {
		rs = append(rs, fault.Refuse("people.refusal.far-date", "date", a.From).At("from"))
	}
	return out, rs
}

// Move notes a new address from a day on. The earlier one stays in the record until that day.
func Move(tx *store.Tx, person PersonID, a Address) (string, error) {
	return addAddress(tx, person, a, true)
}

// LoseAddress notes that the address is unknown from a day on: letters came back.
func LoseAddress(tx *store.Tx, person PersonID, kind AddressKind, from civil.Date) (string, error) {
	return addAddress(tx, person, Address{Kind: kind, From: from}, false)
}

func addAddress(tx *store.Tx, person PersonID, a Address, needed bool) (string, error) {
	if _, err := living(tx, person); err != nil {
		return "", err
	}
	clean, rs := a.checked(needed, tx.Today())
	if a.Kind != Home && a.Kind != Post {
		rs = append(rs, fault.Refuse("people.refusal.address-kind").At("kind"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	old, err := Addresses(tx, person)
	if err != nil {
		return "", err
	}
	if len(old) >= maxAddresses {
		return "", fault.Refuse("people.refusal.many-addresses", "limit", maxAddresses)
	}
	for _, o := range old {
		if o.Kind == a.Kind && o.Withdrawn == 0 && o.From == a.From {
			return "", fault.Refuse("people.refusal.same-day", "line", o.Line(), "date", o.From).At("from")
		}
	}
	clean.ID, clean.Person, clean.Recorded = tx.ID(), person, tx.Now()
	if err := insertAddress(tx, clean); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{person.Ref()}, Private: true,
		Args: map[string]any{"line": clean.Line(), "from_on": clean.From.String()}})
	return clean.ID, rekey(tx, person)
}

// CorrectAddress says that an address was wrong from the beginning: the row is withdrawn and the right one takes
// its place and its day, unless right.From gives another day.
func CorrectAddress(tx *store.Tx, id string, right Address) (string, error) {
	wrong, found, err := store.Find(tx, qAddress, scanAddress, id)
	if err != nil {
		return "", err
	}
	if !found || wrong.Withdrawn != 0 {
		return "", fault.Refuse("people.refusal.unknown-address")
	}
	if right.From.IsZero() {
		right.From = wrong.From
	}
	clean, rs := right.checked(true, tx.Today())
	if err := rs.Err(); err != nil {
		return "", err
	}
	clean.ID, clean.Person, clean.Kind, clean.Recorded, clean.Corrects = tx.ID(), wrong.Person, wrong.Kind, tx.Now(),
		wrong.ID
	if _, err := tx.Exec(qWithdrawAddress, wrong.ID, int64(tx.Now())); err != nil {
		return "", err
	}
	if err := insertAddress(tx, clean); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{wrong.Person.Ref()}, Private: true,
		Args: map[string]any{"line": clean.Line(), "wrong": wrong.Line()}})
	return clean.ID, rekey(tx, wrong.Person)
}

// Addresses is the whole history of a person, withdrawn rows too: by kind, then the latest first.
func Addresses(r store.Reader, person PersonID) ([]Address, error) {
	list, err := store.List(r, qAddresses, scanAddress, string(person))
	slices.SortStableFunc(list, func(a, b Address) int {
		if c := strings.Compare(string(a.Kind), string(b.Kind)); c != 0 {
			return c
		}
		if c := b.From.Compare(a.From); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return list, err
}

// AddressOn picks the address of a kind that holds on a day, as it was known at an instant (0: as known now).
// False when none is known. A beginning known to the month or year counts from its first day.
func AddressOn(history []Address, kind AddressKind, day civil.Date, known civil.Instant) (Address, bool) {
	var best Address
	for _, a := range history {
		stood := a.Withdrawn == 0 && known == 0 || known != 0 && a.Recorded <= known &&
			(a.Withdrawn == 0 || a.Withdrawn > known)
		if a.Kind != kind || !stood || !a.From.IsZero() && a.From.First().After(day) {
			continue
		}
		if best.ID == "" || a.From.Compare(best.From) > 0 {
			best = a
		}
	}
	return best, best.ID != "" && best.Known()
}

// UntilOf is the last day of a row of the history: the eve of the next standing row of its kind; zero while it holds.
func UntilOf(history []Address, of Address) civil.Date {
	var next civil.Date
	for _, a := range history {
		if a.Kind != of.Kind || a.Withdrawn != 0 || a.From.Compare(of.From) <= 0 {
			continue
		}
		if next.IsZero() || a.From.Compare(next) < 0 {
			next = a.From
		}
	}
	if next.IsZero() {
		return next
	}
	return next.First().AddDays(-1)
}
