package vote

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"lieux/base/fault"
)

// MaxArticle is the longest citation of an article, in bytes.
const MaxArticle = 120

// encodeTerms writes the terms of a rule, or null for an unknown one.
func encodeTerms[T any](known bool, terms T) ([]byte, error) {
	if !known {
		return []byte("null"), nil
	}
	return json.Marshal(terms)
}

// decodeTerms reads terms and makes the rule of them, so that stored bylaws pass the same checks as typed ones. A
// field that the rule does not have is refused: a misspelt parameter must not be lost in silence.
func decodeTerms[T, R any](raw []byte, make func(T) (R, error), into *R) error {
	if string(raw) == "null" {
		var unknown R
		*into = unknown
		return nil
	}
	var terms T
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&terms); err != nil {
		return fmt.Errorf("vote: %w", err)
	}
	rule, err := make(terms)
	if err != nil {
		return err
	}
	*into = rule
	return nil
}

// known says whether a word of a rule is one of those that the rule has.
func known[W ~string](word W, words ...W) bool { return slices.Contains(words, word) }

func unknownWord(word string) fault.Refusal {
	return fault.Refuse("vote.refusal.word", "word", short(word))
}

func checkArticle(article string) error {
	if len(article) > MaxArticle || !utf8.ValidString(article) {
		return fault.Refuse("vote.refusal.article", "n", MaxArticle).At("article")
	}
	return nil
}
