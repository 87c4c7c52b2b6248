package pages

import (
	"slices"
	"sync"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/register"
)

// maxDirectories is how many directories are kept: the one of today, and those of the days that people compare with it.
const maxDirectories = 3

// directories keeps those that were asked for last. To read one of a hundred thousand holders takes about a second, to
// list it less than a millisecond; every act makes a new one, since any may concern a name, a share or a rule.
type directories struct {
	mu   sync.Mutex
	kept []keptDirectory // the one asked for last first
}

type keptDirectory struct {
	head       int64 // of the journal
	day, known civil.Date
	directory  *register.Directory
}

// directory is that of a day, as known on another (zero: now), at the moment of the reader.
func (d *directories) directory(r store.Reader, day, known civil.Date) (*register.Directory, error) {
	head, err := store.Head(r)
	if err != nil {
		return nil, err
	}
	wanted := keptDirectory{head: head.Number, day: day, known: known}
	d.mu.Lock()
	defer d.mu.Unlock()
	at := slices.IndexFunc(d.kept, func(k keptDirectory) bool {
		return k.head == wanted.head && k.day == day && k.known == known
	})
	if at >= 0 {
		wanted = d.kept[at]
		d.kept = slices.Delete(d.kept, at, at+1)
	} else if wanted.directory, err = register.DirectoryOn(r, day, known); err != nil {
		return nil, err
	}
	d.kept = slices.DeleteFunc(d.kept, func(k keptDirectory) bool { return k.head < head.Number })
	d.kept = slices.Insert(d.kept, 0, wanted)
	d.kept = d.kept[:min(len(d.kept), maxDirectories)]
	return wanted.directory, nil
}
