package sortition

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"lieux/base/fault"
)

// The proof's format, described in docs/draw-proof.md.
const (
	Format   = "lieux-draw-proof"
	Version  = 1
	MaxProof = 8 << 20 // bytes
)

// Proof is all that it takes to do the draw again. Its leaves are those of the whole pool, salted, hence anonymous;
// only those who have or had a seat are opened.
type Proof struct {
	Format     string      `json:"format"`
	Version    int         `json:"version"`
	Pool       Header      `json:"pool"`
	Leaves     []Hash      `json:"leaves"`
	Ceremony   []Step      `json:"ceremony"`
	Seed       Hash        `json:"seed"`
	Opened     []Opened    `json:"opened"`
	Departures []Departure `json:"departures"`
	Digest     Hash        `json:"digest"` // of everything above: the minutes print it
}

// digest covers every value of the document: what the pool's hash and the seed do not, such as hours and departures,
// is bound here.
func (p Proof) digest() Hash {
	d := begin("proof").text(p.Format).number(p.Version).hash(p.Pool.Hash).number(len(p.Ceremony))
	for _, s := range p.Ceremony {
		d.text(string(s.Kind), s.At.String())
		switch s.Kind {
		case WordCommitted:
			d.hash(s.Commitment)
		case WordRevealed:
			d.number(s.Number).text(s.Word).salt(s.Salt)
		case WordDropped:
			d.number(s.Number)
		case DiceThrown:
			d.number(len(s.Dice)).number(s.Dice...)
		}
	}
	d.hash(p.Seed).number(len(p.Opened))
	for _, o := range p.Opened {
		d.number(o.Rank).text(o.Erased.String(), o.Person, o.Name, o.ground()).list(o.Bodies).salt(o.Salt)
	}
	d.number(len(p.Departures))
	for _, gone := range p.Departures {
		d.number(gone.Rank).text(gone.On.String(), string(gone.Ground))
	}
	return d.sum()
}

// Encode writes the proof in its one form: UTF-8 JSON, the keys in the order of the format, one value a line.
func (p Proof) Encode() ([]byte, error) {
	p.Pool.Excluded = orEmpty(p.Pool.Excluded) // never null: an empty list has one form
	p.Leaves, p.Ceremony = orEmpty(p.Leaves), orEmpty(p.Ceremony)
	p.Opened, p.Departures = orEmpty(p.Opened), orEmpty(p.Departures)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("sortition: write the proof: %w", err)
	}
	if b.Len() > MaxProof {
		return nil, no("", "proof-size", "max", MaxProof>>20)
	}
	return b.Bytes(), nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Decode reads a proof strictly: at most [MaxProof] bytes, no unknown, missing, doubled or misspelt key, each value
// written in its one form. Only the white space between values is free. What it returns is well formed; whether it is
// true, [Verify] says.
func Decode(r io.Reader) (Proof, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxProof+1))
	if err != nil {
		return Proof{}, fmt.Errorf("sortition: read the proof: %w", err)
	}
	if len(raw) > MaxProof {
		return Proof{}, no("", "proof-size", "max", MaxProof>>20)
	}
	var p Proof
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Proof{}, malformed(raw, err)
	}
	if p.Format != Format || p.Version != Version {
		return Proof{}, no("format", "proof-format", "format", printable(p.Format), "version", p.Version)
	}
	var read, written bytes.Buffer
	if err := json.Compact(&read, raw); err != nil {
		return Proof{}, malformed(raw, err)
	}
	again, err := p.Encode()
	if err != nil {
		return Proof{}, err
	}
	fault.Must(json.Compact(&written, again) == nil, "a proof that we wrote is no JSON")
	if at := firstDifference(read.Bytes(), written.Bytes()); at >= 0 {
		return Proof{}, no("", "proof-form", "near", near(read.Bytes(), at))
	}
	return p, nil
}

// malformed says where a file stops being a proof: the line and what stands there, or the reader's own words when it
// does not say where.
func malformed(raw []byte, err error) fault.Refusal {
	var at int64 = -1
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = e.Offset
	} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		at = e.Offset
	} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		at = int64(len(raw))
	}
	if at < 0 {
		return no("", "proof-json", "near", printable(err.Error()))
	}
	offset := min(int(at), len(raw))
	return no("", "proof-json", "near", near(raw, offset)).OnLine(1 + bytes.Count(raw[:offset], []byte("\n")))
}

// firstDifference is the first place where two texts differ; -1 when they are the same.
func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}

func near(text []byte, at int) string {
	return printable(string(text[max(0, at-20):min(len(text), at+20)]))
}
