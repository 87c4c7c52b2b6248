package view

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/web"
)

// A page of a vote holds several forms and one answer. Each form bears its name in a hidden field; what was refused
// stands once: beside the fields of the form that was sent, or above them all where it concerns no field.
const sentField = "do"

// Sent is what one of several forms on a page draws: what was typed and what is wrong with its fields where it is the
// one that was sent, else nothing but the key. Keep names the fields whose text stays after any refusal.
func Sent(f *web.Form, name string, keep ...string) *web.Form {
	mine := f.Raw(sentField) == name
	if mine && Loose(f) == nil {
		return f
	}
	values := map[string][]string{"key": {f.Key()}}
	for _, field := range keep {
		if mine {
			values[field] = []string{f.Raw(field)}
		}
	}
	return web.NewForm(values)
}

// Loose is the form whose problems stand above the forms of a page; nil when the form that was sent shows them.
func Loose(f *web.Form) *web.Form {
	loose := slices.ContainsFunc(f.Problems(), func(r fault.Refusal) bool { return r.Field == "" })
	if loose || f.Raw(sentField) == "" {
		return f
	}
	return nil
}
