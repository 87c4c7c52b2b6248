package store

import (
	"encoding/json"
	"fmt"

	"lieux/base/chain"
	"lieux/base/civil"
)

// Entry is a line of the journal as it is read.
type Entry struct {
	Number   int64
	At       civil.Instant
	Hash     chain.Hash
	Verb     string
	Actor    string
	About    []Ref
	Args     map[string]any // numbers are float64 after JSON
	ErasedBy int64          // number of the entry that erased this one's content; 0 when it is whole
}

// Head is the last link of the journal; the zero Link when the journal is empty.
func Head(r Reader) (chain.Link, error) {
	l, _, err := Find(r, qHead, scanHead)
	return l, err
}

// Filter chooses lines of the journal: all fields together. Before 0 means from the newest on.
type Filter struct {
	About  Ref
	Before int64 // numbers below this one
	Limit  int   // at most MaxEntries
}

// MaxEntries is the most that one reading of the journal gives.
const MaxEntries = 1000

var (
	qEntries = Q(`SELECT number, at, hash, content, erased_by FROM journal
		WHERE number < $1 ORDER BY number DESC LIMIT $2`)
	qAbout = Q(`SELECT j.number, j.at, j.hash, j.content, j.erased_by FROM journal_about a
		JOIN journal j ON j.number = a.number
		WHERE a.kind = $3 AND a.id = $4 AND a.number < $1 ORDER BY a.number DESC LIMIT $2`)
	qEntry = Q(`SELECT number, at, hash, content, erased_by FROM journal WHERE number = $1`)
)

// Entries reads the journal backwards, newest first.
func Entries(r Reader, f Filter) ([]Entry, error) {
	if f.Limit <= 0 || f.Limit > MaxEntries {
		f.Limit = MaxEntries
	}
	if f.Before <= 0 {
		f.Before = 1 << 62
	}
	if f.About != (Ref{}) {
		return List(r, qAbout, scanEntry, f.Before, int64(f.Limit), f.About.Kind, f.About.ID)
	}
	return List(r, qEntries, scanEntry, f.Before, int64(f.Limit))
}

// EntryNumbered reads one line.
func EntryNumbered(r Reader, number int64) (Entry, bool, error) {
	return Find(r, qEntry, scanEntry, number)
}

func scanEntry(r Row) (e Entry, err error) {
	var hash []byte
	var content *string
	var erased *int64
	if err = r.Scan(&e.Number, &e.At, &hash, &content, &erased); err != nil {
		return e, err
	}
	if len(hash) == 32 {
		e.Hash = chain.Hash(hash)
	}
	if erased != nil {
		e.ErasedBy = *erased
	}
	if content == nil {
		return e, nil
	}
	var w written
	if err := json.Unmarshal([]byte(*content), &w); err != nil {
		return e, fmt.Errorf("store: journal entry %d: %w", e.Number, err)
	}
	e.Verb, e.Actor, e.About, e.Args = w.Verb, w.Actor, w.About, w.Args
	return e, nil
}
