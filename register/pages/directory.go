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
// list it less than a millisecond; after an act it follows, which reads again only those whom the act concerns.
type directories struct {
	mu   sync.Mutex
	kept []keptDirectory // the one asked for last first
}

type keptDirectory struct {
	day, known civil.Date
	directory  *register.Directory
}

// directory is that of a day, as known on another (zero: now), at the moment of the reader.
func (d *directories) directory(r store.Reader, day, known civil.Date) (*register.Directory, error) {
	wanted := keptDirectory{day: day, known: known}
	d.mu.Lock()
	defer d.mu.Unlock()
	at := slices.IndexFunc(d.kept, func(k keptDirectory) bool { return k.day == day && k.known == known })
	var err error
	if at >= 0 {
		wanted.directory, err = d.kept[at].directory.Follow(r)
	} else {
		wanted.directory, err = register.DirectoryOn(r, day, known)
	}
	if err != nil {
		return nil, err
	}
	if at >= 0 {
		d.kept = slices.Delete(d.kept, at, at+1)
	}
	d.kept = slices.Insert(d.kept, 0, wanted)
	d.kept = d.kept[:min(len(d.kept), maxDirectories)]
	return wanted.directory, nil
}
