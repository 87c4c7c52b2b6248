package sortition

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
)

// byHand does the sums of docs/draw-proof.md with maps and SHA-256 alone: not one function of the room. It says what
// is wrong, or nothing. It does not check the order of the ceremony and the limits; the verifier in Python does.
func byHand(raw []byte) (wrong string) {
	defer func() {
		if r := recover(); r != nil {
			wrong = fmt.Sprint(r)
		}
	}()
	var p map[string]any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&p); err != nil {
		return err.Error()
	}
	pool := p["pool"].(map[string]any)
	var leaves [][]byte
	for _, leaf := range p["leaves"].([]any) {
		leaves = append(leaves, bin(leaf))
	}
	same("root", handRoot(leaves), pool["root"])
	fields := []any{pool["title"], pool["source"], pool["effective"], pool["substitutes"], pool["size"], bin(pool["root"])}
	excluded := pool["excluded"].([]any)
	fields = append(fields, len(excluded))
	for _, e := range excluded {
		fields = append(fields, bin(e.(map[string]any)["leaf"]))
		fields = append(fields, counted(e.(map[string]any)["reasons"])...)
	}
	same("pool", handHash("pool", fields...), pool["hash"])

	words, dice, steps := handCeremony(p["ceremony"].([]any), bin(pool["hash"]))
	seedFields := append([]any{bin(pool["hash"])}, counted(words)...)
	seed := handHash("seed", append(seedFields, counted(dice)...)...)
	same("seed", seed, p["seed"])
	key := func(leaf []byte) []byte {
		mac := hmac.New(sha256.New, seed)
		mac.Write(leaf)
		return mac.Sum(nil)
	}
	sort.Slice(leaves, func(i, j int) bool { return bytes.Compare(key(leaves[i]), key(leaves[j])) < 0 })

	digest := append([]any{p["format"], p["version"], bin(pool["hash"])}, steps...)
	digest = append(digest, bin(p["seed"]), len(p["opened"].([]any)))
	for _, entry := range p["opened"].([]any) {
		o := entry.(map[string]any)
		own := map[bool]string{true: "own", false: ""}[o["own"] == true]
		bodies := counted(o["bodies"])
		rank, _ := o["rank"].(json.Number).Int64()
		leaf := handHash("member", append([]any{bin(o["salt"]), o["person"], o["name"], own}, bodies...)...)
		same(fmt.Sprint("rank ", rank), leaf, hex.EncodeToString(leaves[rank-1]))
		digest = append(digest, o["rank"], "", o["person"], o["name"], own)
		digest = append(append(digest, bodies...), bin(o["salt"]))
	}
	digest = append(digest, len(p["departures"].([]any)))
	for _, gone := range p["departures"].([]any) {
		d := gone.(map[string]any)
		digest = append(digest, d["rank"], d["on"], d["ground"])
	}
	same("digest", handHash("proof", digest...), p["digest"])
	return ""
}

// handCeremony gives the words by number, the dice, and the fields of the steps in the digest.
func handCeremony(ceremony []any, pool []byte) (words, dice any, fields []any) {
	commitments, said := []any{}, map[int]any{}
	fields = append(fields, len(ceremony))
	for _, step := range ceremony {
		s := step.(map[string]any)
		fields = append(fields, s["step"], s["at"])
		switch s["step"] {
		case "word-committed":
			commitments = append(commitments, s["commitment"])
			fields = append(fields, bin(s["commitment"]))
		case "word-revealed":
			n, _ := s["number"].(json.Number).Int64()
			same("word", handHash("word", pool, bin(s["salt"]), s["word"]), commitments[n-1])
			said[int(n)] = s["word"]
			fields = append(fields, s["number"], s["word"], bin(s["salt"]))
		case "word-dropped":
			fields = append(fields, s["number"])
		case "dice-thrown":
			dice = s["dice"]
			fields = append(fields, counted(dice)...)
		}
	}
	inOrder := []any{}
	for n := range commitments {
		if word, ok := said[n+1]; ok {
			inOrder = append(inOrder, word)
		}
	}
	return inOrder, dice, fields
}

func handHash(kind string, fields ...any) []byte {
	var b []byte
	for _, field := range append([]any{"lieux-draw-1/" + kind}, fields...) {
		var raw []byte
		switch f := field.(type) {
		case []byte:
			raw = f
		default:
			raw = []byte(fmt.Sprint(f)) // texts, and numbers in decimal figures
		}
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(raw))), raw...)
	}
	h := sha256.Sum256(b)
	return h[:]
}

// handRoot joins neighbours level by level; the last one of an odd level goes up alone. It gives the same tree as the
// definition of RFC 6962.
func handRoot(leaves [][]byte) []byte {
	level := make([][]byte, len(leaves))
	for i, leaf := range leaves {
		h := sha256.Sum256(slices.Concat([]byte{0}, leaf))
		level[i] = h[:]
	}
	for len(level) > 1 {
		var above [][]byte
		for i := 0; i < len(level); i += 2 {
			if i+1 == len(level) {
				above = append(above, level[i])
				continue
			}
			h := sha256.Sum256(slices.Concat([]byte{1}, level[i], level[i+1]))
			above = append(above, h[:])
		}
		level = above
	}
	return level[0]
}

func counted(list any) []any {
	items, _ := list.([]any)
	return append([]any{len(items)}, items...)
}

func bin(v any) []byte {
	b, err := hex.DecodeString(v.(string))
	if err != nil {
		panic(err)
	}
	return b
}

func same(what string, got []byte, want any) {
	if hex.EncodeToString(got) != want {
		panic(what + " differs")
	}
}
