package people

import "lieux/base/store"

// MaxPage is how many persons one page of the book lists.
const MaxPage = 200

// Book lists everybody by name, merged and erased records left out: limit persons after the first offset ones.
func Book(r store.Reader, offset, limit int64) ([]Person, error) {
	return store.List(r, qBook, scanPerson, min(max(limit, 1), MaxPage), max(offset, 0))
}

// Count is how many persons the book lists.
func Count(r store.Reader) (int64, error) { return store.One(r, qCount, store.Number) }
