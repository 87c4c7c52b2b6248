package papers

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"lieux/base/fault"
)

// Limits on the bytes of a frozen paper. The minutes of 2017 weigh some 12 KB.
const (
	MaxBytes = 4 << 20 // canonical JSON
	MaxDepth = 16      // of nested JSON; a proof box with a table reaches 8
)

// hashDomain keeps the hash of a paper from ever being that of something else.
const hashDomain = "lieux/papers/tree/1\x00"

// Digest is the hash of a paper's tree.
type Digest [32]byte

// String is the hash as 64 hexadecimal figures.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// IsZero says that there is no hash.
func (d Digest) IsZero() bool { return d == Digest{} }

// Grouped is the hash as people compare it: sixteen groups of four.
func (d Digest) Grouped() string {
	s := d.String()
	groups := s[:4]
	for i := 4; i < len(s); i += 4 {
		groups += " " + s[i:i+4]
	}
	return groups
}

// Hash is SHA-256 over a domain prefix and the canonical JSON.
func Hash(p Paper) (Digest, error) {
	raw, err := Encode(p)
	if err != nil {
		return Digest{}, err
	}
	return sha256.Sum256(append([]byte(hashDomain), raw...)), nil
}

// Encode writes the canonical JSON of a paper: fields in the order of their declaration, no space, nothing empty. A
// paper that does not pass [Check] or has a stream is refused.
func Encode(p Paper) ([]byte, error) {
	if err := Check(p); err != nil {
		return nil, err
	}
	for _, b := range p.Blocks {
		if t, ok := b.(Table); ok && t.Stream != nil {
			return nil, errors.New("papers: a paper whose rows are streamed cannot be frozen")
		}
	}
	raw, err := marshal(p)
	if err != nil {
		return nil, fmt.Errorf("papers: encode: %w", err)
	}
	if len(raw) > MaxBytes {
		return nil, fault.Refuse("papers.refusal.too-large", "max", MaxBytes>>20)
	}
	return raw, nil
}

// Decode reads canonical JSON as [Encode] wrote it. Anything else is refused, be it only a space: two different texts
// never stand for the same paper.
func Decode(raw []byte) (Paper, error) {
	if len(raw) > MaxBytes {
		return Paper{}, fault.Refuse("papers.refusal.too-large", "max", MaxBytes>>20)
	}
	if depth(raw) > MaxDepth {
		return Paper{}, fault.Refuse("papers.refusal.depth", "max", MaxDepth)
	}
	var p Paper
	if err := json.Unmarshal(raw, &p); err != nil {
		return Paper{}, fault.Refuse("papers.refusal.malformed", "why", err.Error())
	}
	again, err := Encode(p)
	if err != nil {
		return Paper{}, err
	}
	if !bytes.Equal(raw, again) {
		return Paper{}, fault.Refuse("papers.refusal.not-canonical", "byte", firstDifference(raw, again))
	}
	return p, nil
}

// depth is how deep the brackets of a JSON text nest; strings are passed over.
func depth(raw []byte) int {
	deepest, now := 0, 0
	quoted := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// firstDifference counts bytes from 1.
func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i + 1
		}
	}
	return n + 1
}

// marshal writes JSON without escaping what HTML would; the text of a tree holds no sign that needs more (see [Check]).
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// MarshalJSON writes each block as an object of one field, its name: {"paragraph":{"words":["…"]}}.
func (bs Blocks) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('[')
	for i, b := range bs {
		if i > 0 {
			out.WriteByte(',')
		}
		raw, err := marshal(b)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, `{"%s":%s}`, b.name(), raw)
	}
	out.WriteByte(']')
	return out.Bytes(), nil
}

// readers read the fields of a block by its name.
var readers map[string]func([]byte) (Block, error)

func init() { // a proof box holds blocks, so that the list refers to itself
	readers = map[string]func([]byte) (Block, error){
		"address":      read[Address],
		"aside":        read[Aside],
		"before-after": read[BeforeAfter],
		"decision":     read[Decision],
		"bars":         read[Bars],
		"facts":        read[Facts],
		"heading":      read[Heading],
		"hint":         read[Hint],
		"list":         read[List],
		"map":          read[Map],
		"page-break":   read[PageBreak],
		"paragraph":    read[Paragraph],
		"proof-box":    read[Proof],
		"personal":     read[Personal],
		"qr":           read[QR],
		"reckoning":    read[Reckoning],
		"signatures":   read[Signatures],
		"table":        read[Table],
	}
}

func read[B Block](raw []byte) (Block, error) {
	var b B
	err := json.Unmarshal(raw, &b)
	return b, err
}

// UnmarshalJSON reads blocks; one of an unknown name is an error.
func (bs *Blocks) UnmarshalJSON(raw []byte) error {
	var wrapped []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &wrapped); err != nil {
		return err
	}
	if len(wrapped) > MaxBlocks {
		return fmt.Errorf("more than %d blocks", MaxBlocks)
	}
	*bs = nil
	for i, one := range wrapped {
		if len(one) != 1 {
			return fmt.Errorf("block %d has %d names", i+1, len(one))
		}
		for name, fields := range one {
			reader, ok := readers[name]
			if !ok {
				return fmt.Errorf("block %d is of the unknown kind %.40q", i+1, name)
			}
			b, err := reader(fields)
			if err != nil {
				return fmt.Errorf("block %d, %s: %w", i+1, name, err)
			}
			*bs = append(*bs, b)
		}
	}
	return nil
}

// MarshalJSON writes an empty line as [], never null: an empty cell has one form.
func (line Line) MarshalJSON() ([]byte, error) {
	if len(line) == 0 {
		return []byte("[]"), nil
	}
	return marshal([]Inline(line))
}

// UnmarshalJSON reads a line; an empty one is nil.
func (line *Line) UnmarshalJSON(raw []byte) error {
	var inlines []Inline
	if err := json.Unmarshal(raw, &inlines); err != nil {
		return err
	}
	if *line = inlines; len(inlines) == 0 {
		*line = nil
	}
	return nil
}

// person is how a person's node is written.
type person struct {
	ID         string `json:"person"`
	Commitment string `json:"commitment,omitempty"`
}

// MarshalJSON writes plain text as a string, a person as {"person":…,"commitment":…}, anything else as
// {"style":"text"}.
func (in Inline) MarshalJSON() ([]byte, error) {
	switch in.Style {
	case Plain:
		return marshal(in.Text)
	case Person:
		who := person{ID: in.ID}
		if in.Commitment != (Commitment{}) {
			who.Commitment = hex.EncodeToString(in.Commitment[:])
		}
		return marshal(who)
	}
	return marshal(map[Style]string{in.Style: in.Text})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (in *Inline) UnmarshalJSON(raw []byte) error {
	*in = Inline{}
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &in.Text)
	}
	var fields map[string]string
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	if id, ok := fields["person"]; ok {
		in.Style, in.ID = Person, id
		seal, err := hex.DecodeString(fields["commitment"])
		if err != nil || len(seal) != 0 && len(seal) != len(in.Commitment) {
			return errors.New("a commitment is not 64 hexadecimal figures")
		}
		copy(in.Commitment[:], seal)
		return nil
	}
	for _, style := range []Style{Strong, Emphasis, Code, Mark} {
		if text, ok := fields[string(style)]; ok {
			in.Style, in.Text = style, text
			return nil
		}
	}
	return errors.New("an inline of no known style")
}
