package works

import (
	"strings"
	"sync"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Limits of what is written in this room.
const (
	MaxTitle = 120
	MaxShort = 200
	MaxText  = 3000
	MaxWhy   = 500
)

// words are this room's own, for letters and papers that are made without a reader at the keyboard.
var words = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(Phrases)
	fault.Must(err == nil, "words of works: %v", err)
	return book
})

// printer writes in a person's language; French where it is not known.
func printer(tag lang.Tag) *lang.Printer {
	if !lang.Known(string(tag)) {
		tag = lang.French
	}
	return words().In(tag)
}

// checker gathers what is wrong with what somebody wrote.
type checker struct{ wrong fault.Refusals }

func (c *checker) no(field, code string, kv ...any) {
	c.wrong = append(c.wrong, fault.Refuse("works.refusal."+code, kv...).At(field))
}

// need asks for a text that is not empty and not too long.
func (c *checker) need(field, text string, most int) {
	if strings.TrimSpace(text) == "" {
		c.no(field, "empty")
	}
	c.short(field, text, most)
}

func (c *checker) short(field, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		c.no(field, "too-long", "limit", most)
	}
}

// past asks for a day that is known and not to come.
func (c *checker) past(field string, day, today civil.Date) {
	if day.IsZero() {
		c.no(field, "day")
	} else if day.First().After(today) {
		c.no(field, "future")
	}
}

// placed reads the place of a record, and says whether it is still the cooperative's.
func placed(r store.Reader, id places.PlaceID) (places.Place, error) {
	p, err := places.PlaceByID(r, id, places.Now(r))
	if err == nil && p.Closed {
		err = fault.Refuse("works.refusal.place-closed", "place", p.Title)
	}
	return p, err
}

// within refuses a part that is none of the place.
func (c *checker) within(r store.Reader, field string, place places.PlaceID, part places.PartID) error {
	if part == "" {
		return nil
	}
	p, err := places.PartByID(r, part, places.Now(r))
	if fault.Of(err) != nil || err == nil && p.Place != place {
		c.no(field, "part")
		return nil
	}
	return err
}

// houseName is the name of the cooperative, as letters are signed with it.
func houseName(r store.Reader) (string, error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return "", err
	}
	person, err := people.Get(r, house.Person)
	return person.Full(), err
}
