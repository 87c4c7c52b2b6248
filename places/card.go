package places

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Card is the page by which an occupant is seen from outside. It holds what the occupant wrote for it, and nothing of
// the books. It is seen while the occupant consents to it, is in a place that is shown, and the office has not hidden
// it.
type Card struct {
	Person people.PersonID
	Name   string // of its address: "terre-feu"
	CardWords
	Pictures  []Picture
	Hidden    civil.Instant // since when the office hides it; 0 while it does not
	HiddenWhy string
	At        civil.Instant // when it was last written
}

// CardWords are what an occupant writes on the card.
type CardWords struct {
	Title    string // under which name they are shown
	Practice Texts  // in a word or two
	Texts    Texts  // what they do
	Hours    Texts  // when they open, in words
	Links    []CardLink
	Days     []OpenDay
}

// CardLink leads to a page of the occupant elsewhere.
type CardLink struct{ Title, URL string }

// OpenDay is a day on which anybody may come and see.
type OpenDay struct {
	On       civil.Date
	From, To string // "14:00"; may be empty
	What     string
}

// Picture is a picture on a card.
type Picture struct {
	ID, Document string
	Person       people.PersonID
	Alt          string // what it shows, in words
	At           civil.Instant
}

// Limits of a card.
const (
	MaxLinks    = 6
	MaxDays     = 24
	MaxPictures = 6
	MaxPicture  = 6 << 20 // bytes
	MaxHours    = 300
	MaxURL      = 300
	maxCardName = 60
)

var goodTime = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// check tidies the words of a card. was are the days that stood there before: those may be over.
func (w *CardWords) check(today civil.Date, was []OpenDay) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("places.refusal."+code, kv...).At(field))
	}
	w.Title = strings.TrimSpace(w.Title)
	if w.Title == "" || utf8.RuneCountInString(w.Title) > MaxTitle {
		no("title", "title")
	}
	wrong = append(wrong, w.Practice.tidy("practice", MaxPractice)...)
	wrong = append(wrong, w.Texts.tidy("text", MaxText)...)
	wrong = append(wrong, w.Hours.tidy("hours", MaxHours)...)
	if len(w.Links) > MaxLinks || len(w.Days) > MaxDays {
		no("link-1", "too-many", "limit", max(MaxLinks, MaxDays))
	}
	for i, l := range w.Links {
		if !goodLink(l.URL) || utf8.RuneCountInString(l.Title) > MaxTitle {
			no("link-"+strconv.Itoa(i+1), "link")
		}
	}
	for i, d := range w.Days {
		at := strconv.Itoa(i + 1)
		switch {
		case !d.On.IsDay() || d.On.After(today.AddYears(2)):
			no("day-"+at, "from-day")
		case d.On.Before(today) && !slices.ContainsFunc(was, func(o OpenDay) bool { return o.On.Compare(d.On) == 0 }):
			no("day-"+at, "open-day-past", "day", d.On)
		case d.From != "" && !goodTime.MatchString(d.From) || d.To != "" && !goodTime.MatchString(d.To) ||
			d.To != "" && d.To <= d.From:
			no("hour-"+at, "time")
		case utf8.RuneCountInString(d.What) > MaxTitle:
			no("what-"+at, "too-long", "limit", MaxTitle)
		}
	}
	slices.SortStableFunc(w.Days, func(a, b OpenDay) int {
		if c := a.On.Compare(b.On); c != 0 {
			return c
		}
		return strings.Compare(a.From, b.From)
	})
	return wrong
}

// goodLink takes addresses of the web with a host, without a name and password in them.
func goodLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && len(text) <= MaxURL && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil &&
		strings.Contains(u.Hostname(), ".")
}

// WriteCard keeps what an occupant writes on the card, for the first time or anew. It is refused to who was never in a
// space.
func WriteCard(tx *store.Tx, person people.PersonID, w CardWords) error {
	card, found, err := CardOf(tx, person)
	if err != nil {
		return err
	}
	if wrong := w.check(tx.Today(), card.Days); len(wrong) > 0 {
		return wrong
	}
	in, err := OccupanciesBy(tx, person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(in, func(o Occupancy) bool { return o.Stands() }) {
		return fault.Refuse("places.refusal.no-occupant")
	}
	card.Person, card.CardWords, card.At = person, w, tx.Now()
	recordCard(tx, person)
	if found {
		return updateCard(tx, card)
	}
	if card.Name, err = freeName(tx, w.Title); err != nil {
		return err
	}
	return insertCard(tx, card)
}

// freeName is a name for an address that no other card has.
func freeName(r store.Reader, title string) (string, error) {
	base := strings.Trim(strings.Join(strings.FieldsFunc(fold.Text(title), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	}), "-"), "-")
	if base = base[:min(len(base), maxCardName)]; base == "" {
		base = "atelier"
	}
	name := base
	for n := 2; ; n++ {
		_, taken, err := CardNamed(r, name)
		if err != nil || !taken {
			return name, err
		}
		name = base + "-" + strconv.Itoa(n)
	}
}

func recordCard(tx *store.Tx, person people.PersonID) {
	tx.Record(store.Line{About: []store.Ref{person.Ref()}})
}

// AddPicture puts a picture on a card, with words for who does not see it.
func AddPicture(tx *store.Tx, person people.PersonID, alt string, u *documents.Upload) error {
	card, found, err := CardOf(tx, person)
	if err != nil {
		return err
	}
	var wrong fault.Refusals
	if !found {
		wrong = append(wrong, fault.Refuse("places.refusal.no-card"))
	}
	if t := strings.TrimSpace(alt); t == "" || utf8.RuneCountInString(t) > MaxTitle {
		wrong = append(wrong, fault.Refuse("places.refusal.alt").At("alt"))
	}
	if u.Media != "image/jpeg" && u.Media != "image/png" {
		wrong = append(wrong, fault.Refuse("places.refusal.no-picture").At("file"))
	}
	if len(card.Pictures) >= MaxPictures {
		wrong = append(wrong, fault.Refuse("places.refusal.too-many", "limit", MaxPictures).At("file"))
	}
	if len(wrong) > 0 {
		return wrong
	}
	d, err := documents.Add(tx, u)
	if err != nil {
		return err
	}
	recordCard(tx, person)
	return insertPicture(tx, Picture{ID: tx.ID(), Person: person, Document: d.ID, Alt: strings.TrimSpace(alt),
		At: tx.Now()})
}

// DropPicture takes a picture off a card and out of the archive: it is nobody's proof.
func DropPicture(tx *store.Tx, person people.PersonID, id string) error {
	card, _, err := CardOf(tx, person)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(card.Pictures, func(p Picture) bool { return p.ID == id })
	if at < 0 {
		return fault.Refuse("places.refusal.unknown-paper")
	}
	recordCard(tx, person)
	return deletePicture(tx, card.Pictures[at])
}

// HideCard takes a card from everybody's eyes and tells its occupant why.
func HideCard(tx *store.Tx, person people.PersonID, why string) error {
	card, found, err := CardOf(tx, person)
	if err != nil {
		return err
	}
	why = strings.TrimSpace(why)
	switch {
	case !found:
		return fault.Refuse("places.refusal.no-card")
	case why == "" || utf8.RuneCountInString(why) > MaxWhy:
		return fault.Refuse("places.refusal.why").At("why")
	}
	card.Hidden, card.HiddenWhy = tx.Now(), why
	recordCard(tx, person)
	return updateCard(tx, card)
}

// UncoverCard lets a card that was hidden be seen again.
func UncoverCard(tx *store.Tx, person people.PersonID) error {
	card, found, err := CardOf(tx, person)
	if err != nil {
		return err
	}
	if !found || card.Hidden == 0 {
		return fault.Refuse("places.refusal.no-card")
	}
	card.Hidden, card.HiddenWhy = 0, ""
	recordCard(tx, person)
	return updateCard(tx, card)
}

// ConsentWords are the words to which an occupant consents in a language, unless the cooperative has published its own
// version of them. They are published by the first consent: what was agreed to can be read again, word for word.
func ConsentWords(r store.Reader, p *lang.Printer) (people.ConsentText, error) {
	t, found, err := people.TextOn(r, people.PublicPage, p.Tag, r.Today())
	if !found {
		t = people.ConsentText{Kind: people.PublicPage, Lang: p.Tag, Words: p.T("places.consent.words"), From: r.Today()}
	}
	return t, err
}

// ConsentToCard notes that the occupant agrees to be shown. words are those that stood on the page; another version
// since is refused, for nobody agrees to what they have not read.
func ConsentToCard(tx *store.Tx, person people.PersonID, p *lang.Printer, words string) error {
	if _, found, err := CardOf(tx, person); err != nil || !found {
		if err == nil {
			err = fault.Refuse("places.refusal.no-card")
		}
		return err
	}
	t, err := ConsentWords(tx, p)
	if err != nil {
		return err
	}
	if t.Words != words {
		return fault.Refuse("places.refusal.other-words")
	}
	recordCard(tx, person)
	return tx.Quietly(func() error {
		id, err := people.Publish(tx, t)
		if err == nil {
			_, err = people.Agree(tx, person, id, tx.Today(), "screen")
		}
		return err
	})
}

// WithdrawFromOutside takes every consent of an occupant to be shown back, at once.
func WithdrawFromOutside(tx *store.Tx, person people.PersonID) error {
	given, err := ConsentsToCard(tx, person)
	if err != nil {
		return err
	}
	recordCard(tx, person)
	return tx.Quietly(func() error {
		for _, c := range given {
			if !c.Withdrawn.IsZero() {
				continue
			}
			if err := people.Withdraw(tx, c.ID, tx.Today()); err != nil {
				return err
			}
		}
		return nil
	})
}

// ConsentsToCard are the consents of an occupant to be shown, those taken back too, the latest first.
func ConsentsToCard(r store.Reader, person people.PersonID) ([]people.Consent, error) {
	all, err := people.Across(r, person, people.Consents)
	return slices.DeleteFunc(all, func(c people.Consent) bool { return c.Kind != people.PublicPage }), err
}

// CardOf is the card of a person; false when there is none.
func CardOf(r store.Reader, person people.PersonID) (Card, bool, error) {
	return withPictures(r, qCard, string(person))
}

// CardNamed is the card of an address.
func CardNamed(r store.Reader, name string) (Card, bool, error) {
	return withPictures(r, qCardNamed, name)
}

func withPictures(r store.Reader, q store.Query, arg string) (c Card, found bool, err error) {
	if c, found, err = store.Find(r, q, scanCard, arg); err != nil || !found {
		return c, found, err
	}
	c.Pictures, err = store.List(r, qPictures, scanPicture, string(c.Person))
	return c, true, err
}

// Cards lists every card with its pictures, by the name of its address.
func Cards(r store.Reader) ([]Card, error) {
	list, err := store.List(r, qCards, scanCard)
	if err != nil {
		return nil, err
	}
	at := map[people.PersonID]int{}
	for i, c := range list {
		at[c.Person] = i
	}
	return list, store.Each(r, qAllPictures, func(row store.Row) error {
		p, err := scanPicture(row)
		if err == nil {
			list[at[p.Person]].Pictures = append(list[at[p.Person]].Pictures, p)
		}
		return err
	})
}
