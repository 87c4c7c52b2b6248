package sortition

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
)

// Hash is a SHA-256 value, written as 64 lower-case hexadecimal signs.
type Hash [sha256.Size]byte

// Salt is what makes a leaf or a committed word impossible to guess: 32 random bytes, known to the person concerned.
type Salt [32]byte

// NewSalt reads a salt from a source of randomness: crypto/rand in production, a seeded stream in the demo.
func NewSalt(random io.Reader) (Salt, error) {
	var s Salt
	if _, err := io.ReadFull(random, s[:]); err != nil {
		return Salt{}, fmt.Errorf("sortition: no randomness for a salt: %w", err)
	}
	return s, nil
}

// String is the whole hash.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Short is the first half in groups of four, as the minutes print it: 128 bits, enough to recognise a hash and to
// make forging one hopeless.
func (h Hash) Short() string { return grouped(h[:len(h)/2]) }

// Spaced is the whole hash in groups of four, as it is shown on the wall.
func (h Hash) Spaced() string { return grouped(h[:]) }

func grouped(b []byte) string {
	groups := make([]string, 0, len(b)/2)
	for i := 0; i < len(b); i += 2 {
		groups = append(groups, hex.EncodeToString(b[i:i+2]))
	}
	return strings.Join(groups, " ")
}

// MarshalText writes 64 hexadecimal signs.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads 64 lower-case hexadecimal signs and nothing else.
func (h *Hash) UnmarshalText(b []byte) error { return unhex(h[:], b) }

// MarshalText writes 64 hexadecimal signs.
func (s Salt) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(s[:])), nil }

// UnmarshalText reads 64 lower-case hexadecimal signs and nothing else.
func (s *Salt) UnmarshalText(b []byte) error { return unhex(s[:], b) }

func unhex(to, from []byte) error {
	if len(from) != hex.EncodedLen(len(to)) || strings.ToLower(string(from)) != string(from) {
		return fmt.Errorf("sortition: a hash is %d lower-case hexadecimal signs", hex.EncodedLen(len(to)))
	}
	_, err := hex.Decode(to, from)
	return err
}

// domain stands before every hash of this format, so that no hash of another program, version or purpose can be
// passed off as one of these.
const domain = "lieux-draw-1/"

// digest hashes a list of fields. Each is written with its length in front, so that moving a letter from one field to
// the next changes the hash.
type digest struct{ to hash.Hash }

func begin(kind string) digest { return digest{sha256.New()}.text(domain + kind) }

func (d digest) field(b []byte) digest {
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(b)))
	d.to.Write(length[:])
	d.to.Write(b)
	return d
}

func (d digest) text(texts ...string) digest {
	for _, s := range texts {
		d.field([]byte(s))
	}
	return d
}

// number writes whole numbers in decimal figures, so that a verifier in any language agrees.
func (d digest) number(numbers ...int) digest {
	for _, n := range numbers {
		d.text(strconv.Itoa(n))
	}
	return d
}

// list writes how many texts follow, then the texts.
func (d digest) list(texts []string) digest { return d.number(len(texts)).text(texts...) }

func (d digest) hash(h Hash) digest { return d.field(h[:]) }
func (d digest) salt(s Salt) digest { return d.field(s[:]) }

func (d digest) sum() (h Hash) {
	d.to.Sum(h[:0])
	return h
}

// keyed is HMAC-SHA-256 of a leaf under the seed: the number by which everybody is sorted.
func keyed(seed, leaf Hash) (h Hash) {
	mac := hmac.New(sha256.New, seed[:])
	mac.Write(leaf[:])
	mac.Sum(h[:0])
	return h
}
