package papers

import "io"

// Names gives the name of a person when a paper is drawn; ok is false when the person was erased or was never known.
type Names interface {
	Name(id string) (name string, ok bool)
}

// NameMap is a Names held in memory: id to name.
type NameMap map[string]string

// Name implements [Names].
func (m NameMap) Name(id string) (string, bool) { name, ok := m[id]; return name, ok }

// Salt is what keeps a commitment from being guessed; it is erased with the name.
type Salt [32]byte

// Commitment is SHA-256(domain, salt, name): it binds a frozen paper to a name without saying it.
type Commitment [32]byte

// Sealed is what lies beside a frozen paper, one per person named in it, and can be erased.
type Sealed struct {
	ID   string
	Name string
	Salt Salt
}

// Commit makes the commitment of a name.
func Commit(salt Salt, name string) Commitment { panic("being written") }

// CheckName says whether a name and its salt are those that were committed to.
func CheckName(c Commitment, salt Salt, name string) bool { return Commit(salt, name) == c }

// Persons lists the ids of the persons named in a paper, sorted, each once.
func Persons(p Paper) []string { panic("being written") }

// Seal returns the paper with a commitment in each person's node, and what to keep beside it, in the order of Persons. The salts come from dice
// (crypto/rand in production). A person whom names does not know is an error.
func Seal(p Paper, names Names, dice io.Reader) (Paper, []Sealed, error) { panic("being written") }

// CheckNames compares a sealed paper with what was kept beside it and lists the ids whose name was altered, sorted. A
// person without an entry was erased and is not listed.
func CheckNames(p Paper, kept []Sealed) (altered []string) { panic("being written") }
