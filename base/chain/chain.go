// Package chain is the arithmetic of the journal: salted commitments to contents, and hashes that tie each entry to
// the one before.
//
// The chain holds commitments only. Content and salt lie beside it and may be erased: what remains proves that
// something stood there, and no longer says what.
package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Hash is a SHA-256 value; Salt is 32 random bytes, one for each commitment.
type (
	Hash [32]byte
	Salt [32]byte
)

// Domains keep hashes of different things apart: the same bytes never mean two things.
const (
	domainEntry  = "lieux/journal/entry/1"
	domainCommit = "lieux/commitment/1/"
)

// Genesis is the hash before the first entry.
var Genesis Hash

// Commit hides a content behind its salt: SHA-256(prefix, domain, 0, salt, content).
func Commit(domain string, salt Salt, content []byte) Hash {
	var small [512]byte // most lines fit: no allocation
	b := append(small[:0], domainCommit...)
	b = append(b, domain...)
	b = append(b, 0)
	b = append(b, salt[:]...)
	b = append(b, content...)
	return sha256.Sum256(b)
}

// Link is one entry of the chain.
type Link struct {
	Number     int64 // from 1, without gaps
	At         int64 // microseconds since 1970, never earlier than the entry before
	Commitment Hash
	Hash       Hash
}

// Seal computes the hash of an entry from the one before it.
func Seal(before Hash, number, at int64, commitment Hash) Link {
	var buf [len(domainEntry) + 8 + 8 + 32 + 32]byte
	b := append(buf[:0], domainEntry...)
	b = binary.BigEndian.AppendUint64(b, uint64(number))
	b = binary.BigEndian.AppendUint64(b, uint64(at))
	b = append(b, before[:]...)
	b = append(b, commitment[:]...)
	return Link{number, at, commitment, sha256.Sum256(b)}
}

// Follows says what is wrong when next does not continue the chain after before (the zero Link stands before the
// first).
func Follows(before, next Link) error {
	switch {
	case next.Number != before.Number+1:
		return fmt.Errorf("entry %d follows entry %d", next.Number, before.Number)
	case next.At < before.At:
		return fmt.Errorf("entry %d is dated before entry %d", next.Number, before.Number)
	case Seal(before.Hash, next.Number, next.At, next.Commitment).Hash != next.Hash:
		return fmt.Errorf("entry %d: its hash is not that of its content", next.Number)
	}
	return nil
}
