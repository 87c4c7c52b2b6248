package register

import (
	"bytes"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// MaxUpload is the largest file that is taken in through a page: a register of two hundred thousand lines.
const MaxUpload = 25 << 20

// MaxWaiting is the largest file that waits at all: a scan.
const MaxWaiting = 25 << 20

// uploadLife is how long a file waits.
const uploadLife = 24 * time.Hour

// Upload is a file that waits for the next step: a register for its import, a scan for its movement to be confirmed.
type Upload struct {
	ID      string
	Name    string
	Person  people.PersonID // who sent it: nobody else sees it
	Content []byte
}

// KeepUpload keeps a file for a day and forgets older ones. It is no act: call it in [store.DB.Touch].
func KeepUpload(tx *store.Tx, person people.PersonID, name string, content []byte) (string, error) {
	fault.Must(len(content) <= MaxWaiting, "an upload of %d bytes", len(content))
	if _, err := tx.Exec(qForgetUploads, int64(civil.At(tx.Now().Time().Add(-uploadLife)))); err != nil {
		return "", err
	}
	id := tx.ID()
	_, err := tx.Exec(qKeepUpload, id, name, string(person), int64(tx.Now()), content)
	return id, err
}

// UploadOf finds a file that this person sent.
func UploadOf(r store.Reader, id string, person people.PersonID) (Upload, bool, error) {
	return store.Find(r, qUpload, func(row store.Row) (u Upload, err error) {
		return u, row.Scan(&u.ID, &u.Name, &u.Person, &u.Content)
	}, id, string(person))
}

// DropUpload forgets a file.
func DropUpload(tx *store.Tx, id string) error {
	_, err := tx.Exec(qDropUpload, id)
	return err
}

// File reads the upload.
func (u Upload) File(worksheet string) (*ImportFile, error) {
	return ReadImport(bytes.NewReader(u.Content), u.Name, worksheet)
}

// PastImport is an import that was made.
type PastImport struct {
	Entry   int64 // in the journal
	At      civil.Instant
	Taken   int64
	Skipped int64
}

// PastImports lists the imports, the latest first.
func PastImports(r store.Reader) ([]PastImport, error) {
	return store.List(r, qPastImports, func(row store.Row) (p PastImport, err error) {
		return p, row.Scan(&p.Entry, &p.At, &p.Taken, &p.Skipped)
	})
}
