package concession

import (
	"sync"

	"lieux/base/fault"
	"lieux/base/lang"
)

// words are this room's own, for letters and tasks that are made without a reader at the keyboard.
var words = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(Phrases)
	fault.Must(err == nil, "words of concession: %v", err)
	return book
})

// printer writes in a person's language; French where it is not known.
func printer(tag lang.Tag) *lang.Printer {
	if !lang.Known(string(tag)) {
		tag = lang.French
	}
	return words().In(tag)
}
