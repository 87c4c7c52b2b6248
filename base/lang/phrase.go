package lang

import (
	"bytes"
	"encoding/json"
	"fmt"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

// Phrase is a sentence not yet put into words: rules return it, screens and papers print it. It may be kept as JSON:
// amounts, dates, whole numbers, lists of words and phrases inside come back as what they were.
type Phrase struct {
	Code string     `json:"code"`
	Args fault.Args `json:"args,omitempty"`
}

// Say makes a phrase; kv are names and values.
func Say(code string, kv ...any) Phrase { return Phrase{code, fault.Pairs(kv...)} }

// typed is how a value that JSON has no word for is kept.
type typed struct {
	Cents *money.Cents `json:"cents,omitempty"`
	Date  *civil.Date  `json:"date,omitempty"`
}

// MarshalJSON keeps a phrase.
func (ph Phrase) MarshalJSON() ([]byte, error) {
	args := make(map[string]any, len(ph.Args))
	for name, v := range ph.Args {
		switch v := v.(type) {
		case money.Cents:
			args[name] = typed{Cents: &v}
		case civil.Date:
			args[name] = typed{Date: &v}
		default:
			args[name] = v
		}
	}
	return json.Marshal(struct {
		Code string         `json:"code"`
		Args map[string]any `json:"args,omitempty"`
	}{ph.Code, args})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (ph *Phrase) UnmarshalJSON(raw []byte) error {
	var read struct {
		Code string
		Args map[string]json.RawMessage
	}
	if err := json.Unmarshal(raw, &read); err != nil {
		return fmt.Errorf("lang: a phrase: %w", err)
	}
	*ph = Phrase{Code: read.Code}
	for name, raw := range read.Args {
		v, err := thaw(raw)
		if err != nil {
			return fmt.Errorf("lang: phrase %s: %s: %w", read.Code, name, err)
		}
		if ph.Args == nil {
			ph.Args = fault.Args{}
		}
		ph.Args[name] = v
	}
	return nil
}

// thaw gives one value its type back.
func thaw(raw json.RawMessage) (any, error) {
	switch raw[0] { // the decoder gives no empty value and no space before it
	case '{':
		var t typed
		if err := json.Unmarshal(raw, &t); err == nil && t.Cents != nil {
			return *t.Cents, nil
		} else if err == nil && t.Date != nil {
			return *t.Date, nil
		}
		var ph Phrase
		if err := json.Unmarshal(raw, &ph); err == nil && ph.Code != "" {
			return ph, nil
		}
	case '[':
		var words []string
		if err := json.Unmarshal(raw, &words); err == nil {
			return words, nil
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if n, ok := v.(json.Number); ok {
		if whole, err := n.Int64(); err == nil {
			return whole, nil
		}
		return n.String(), nil
	}
	return v, nil
}
