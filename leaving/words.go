package leaving

import (
	"sync"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// words are this room's own, for letters and labels that are made without a reader at the keyboard.
var words = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(Phrases)
	fault.Must(err == nil, "words of leaving: %v", err)
	return book
})

// printer writes in a person's language; French where it is not known.
func printer(tag lang.Tag) *lang.Printer {
	if !lang.Known(string(tag)) {
		tag = lang.French
	}
	return words().In(tag)
}

// inBooks writes in the language of the cooperative's papers, for what is kept as long as the register.
func inBooks(r store.Reader) (*lang.Printer, error) {
	house, _, err := people.TheHouse(r)
	return printer(house.Lang), err
}
