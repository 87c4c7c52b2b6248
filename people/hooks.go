package people

import (
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// Hooks are what the rooms above tell this one. The application fills them once, before the first act; this room
// knows nobody above it.
var Hooks struct {
	// Cooperator says whether a person is a cooperator today: a cooperator may sign in. While it is nil, everybody may.
	Cooperator func(r store.Reader, id PersonID) (bool, error)
	// Find are extra finders, as by the cooperator's number: at most limit persons whom the text names exactly.
	Find []func(r store.Reader, text string, limit int) ([]Hit, error)
	// Retain are the legal duties to keep a person's data: each refusal names its article. None means that the person
	// may be erased.
	Retain []func(r store.Reader, id PersonID) (fault.Refusals, error)
	// Erase clears what other rooms hold about a person, in the same act.
	Erase []func(tx *store.Tx, id PersonID) error
	// Known is what other rooms know about a person, for the copy that each may ask for (GDPR, article 15).
	Known []func(r store.Reader, id PersonID) ([]Section, error)
}

// Section is one part of what is known about a person: a small table, the same for every room.
type Section struct {
	Title lang.Phrase
	Heads []lang.Phrase
	Rows  [][]any // values that a lang.Printer can write
}
