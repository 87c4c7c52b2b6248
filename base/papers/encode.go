package papers

import "encoding/hex"

// Digest is the hash of a paper's tree.
type Digest [32]byte

// String is the hash as 64 hexadecimal figures.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Check says what is wrong with a tree (a refusal that names the place), or nil.
func Check(p Paper) error { panic("being written") }

// Encode writes the canonical JSON of a paper; a paper that does not pass [Check] or has a stream is an error.
func Encode(p Paper) ([]byte, error) { panic("being written") }

// Decode reads canonical JSON as [Encode] wrote it; anything else is refused.
func Decode(raw []byte) (Paper, error) { panic("being written") }

// Hash is SHA-256 over a domain prefix and the canonical JSON.
func Hash(p Paper) (Digest, error) { panic("being written") }
