package papers

import (
	"slices"
	"strings"
	"unicode"
)

// maxDiff bounds the table that compares two texts, in cells: two middles of two thousand words each. Beyond it the
// whole middle counts as rewritten.
const maxDiff = 4 << 20

// span is a piece of the old or of the new text; changed means deleted in the old, inserted in the new.
type span struct {
	text    string
	changed bool
}

// token is a word or a sign of punctuation with the spaces after it.
type token struct{ word, space string }

// compare marks, word by word, what the old text loses and what the new one gains. Joined, the spans are the texts
// again.
func compare(before, after string) (old, new []span) {
	a, b := tokens(before), tokens(after)
	same := func(x, y token) bool {
		return x.word == y.word && strings.Contains(x.space, "\n") == strings.Contains(y.space, "\n")
	}
	head := 0
	for head < len(a) && head < len(b) && same(a[head], b[head]) {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && same(a[len(a)-1-tail], b[len(b)-1-tail]) {
		tail++
	}
	keptA, keptB := common(a[head:len(a)-tail], b[head:len(b)-tail], same)
	mark := func(all []token, kept []bool) []span {
		flags := slices.Repeat([]bool{true}, len(all))
		copy(flags[head:], kept)
		return spans(all, flags)
	}
	return mark(a, keptA), mark(b, keptB)
}

// tokens cuts a text into words and signs.
func tokens(s string) []token {
	var all []token
	inWord := false
	for _, r := range s {
		last := len(all) - 1
		switch {
		case unicode.IsSpace(r):
			if last < 0 {
				all, last = append(all, token{}), 0
			}
			all[last].space += string(r)
			inWord = false
		case inWord && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)):
			all[last].word += string(r)
		default:
			all = append(all, token{word: string(r)})
			inWord = unicode.IsLetter(r) || unicode.IsDigit(r)
		}
	}
	return all
}

// common finds the longest common subsequence and says which tokens of each side belong to it.
func common(a, b []token, same func(x, y token) bool) (keptA, keptB []bool) {
	keptA, keptB = make([]bool, len(a)), make([]bool, len(b))
	if len(a) == 0 || len(b) == 0 || len(a) > maxDiff/len(b) {
		return keptA, keptB
	}
	width := len(b) + 1
	length := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if same(a[i], b[j]) {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case same(a[i], b[j]):
			keptA[i], keptB[j] = true, true
			i, j = i+1, j+1
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return keptA, keptB
}

// spans joins neighbours of one kind; the space after the last changed word is not marked.
func spans(all []token, kept []bool) []span {
	var out []span
	add := func(text string, changed bool) {
		if text == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].changed == changed {
			out[n-1].text += text
			return
		}
		out = append(out, span{text, changed})
	}
	for i, t := range all {
		add(t.word, !kept[i])
		inside := !kept[i] && i+1 < len(all) && !kept[i+1]
		add(t.space, inside)
	}
	return out
}

// paragraphs cuts spans at line feeds; an empty text has no paragraph.
func paragraphs(all []span) [][]span {
	var out [][]span
	var now []span
	for _, s := range all {
		for i, part := range strings.Split(s.text, "\n") {
			if i > 0 && len(now) > 0 {
				out, now = append(out, now), nil
			}
			if part != "" {
				now = append(now, span{part, s.changed})
			}
		}
	}
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}
