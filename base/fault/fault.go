// Package fault tells the three kinds of No apart.
//
// A [Refusal] is the answer of a rule: it is shown to the person, in the person's language, with the article it rests
// on and the field or line it concerns. An error of the world (a full disk, a lost connection) is an ordinary wrapped
// error: it is logged. An assertion ([Must]) is our own mistake: it panics and is caught at the door.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Args are the named values that a phrase of the catalogue prints.
type Args map[string]any

// Refusal is one No of one rule. Code is the key of a phrase in the room's catalogue ("register.refusal.above-cap").
type Refusal struct {
	Code    string // key of the phrase, and of what to do: Code + ".todo" when the catalogue has it
	Field   string // name of the form field or column concerned; empty when it concerns the whole act
	Line    int    // line of the imported file, counted from 1; 0 when there is no file
	Article string // "CSA 6:123", "Statuts 9.3"; empty when the rule is ours
	Args    Args
}

// Refuse makes a refusal; kv are names and values of the phrase.
func Refuse(code string, kv ...any) Refusal {
	return Refusal{Code: code, Args: Pairs(kv...)}
}

// At names the field concerned.
func (r Refusal) At(field string) Refusal { r.Field = field; return r }

// OnLine names the line of the imported file, counted from 1.
func (r Refusal) OnLine(line int) Refusal { r.Line = line; return r }

// By names the article that the refusal rests on.
func (r Refusal) By(article string) Refusal { r.Article = article; return r }

// Error is for logs and command lines that have no catalogue at hand: code, place and values, in a stable order.
func (r Refusal) Error() string {
	var b strings.Builder
	b.WriteString(r.Code)
	if r.Line > 0 {
		fmt.Fprintf(&b, " line %d", r.Line)
	}
	if r.Field != "" {
		fmt.Fprintf(&b, " field %s", r.Field)
	}
	for _, k := range slices.Sorted(maps.Keys(r.Args)) {
		fmt.Fprintf(&b, " %s=%v", k, r.Args[k])
	}
	if r.Article != "" {
		fmt.Fprintf(&b, " (%s)", r.Article)
	}
	return b.String()
}

// Refusals are several refusals of one act, as a form or a file with several faults gives them.
type Refusals []Refusal

// Error joins the refusals, one a line.
func (rs Refusals) Error() string {
	lines := make([]string, len(rs))
	for i, r := range rs {
		lines[i] = r.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is nil when there is no refusal; so that a verb may end with `return rs.Err()`.
func (rs Refusals) Err() error {
	if len(rs) == 0 {
		return nil
	}
	return rs
}

// Of finds the refusals in an error; nil when the error is one of the world.
func Of(err error) Refusals {
	if rs, ok := errors.AsType[Refusals](err); ok {
		return rs
	}
	if r, ok := errors.AsType[Refusal](err); ok {
		return Refusals{r}
	}
	return nil
}

// Is says whether err holds a refusal with this code.
func Is(err error, code string) bool {
	return slices.ContainsFunc(Of(err), func(r Refusal) bool { return r.Code == code })
}

// Must panics when what must hold does not: an assertion, our own mistake.
func Must(holds bool, format string, args ...any) {
	if !holds {
		panic("assertion: " + fmt.Sprintf(format, args...))
	}
}

// Pairs makes Args from alternating names and values; it panics on an odd count or a name that is no string.
func Pairs(kv ...any) Args {
	if len(kv) == 0 {
		return nil
	}
	Must(len(kv)%2 == 0, "odd list of names and values: %v", kv)
	args := make(Args, len(kv)/2)
	for i := 0; i < len(kv); i += 2 {
		name, ok := kv[i].(string)
		Must(ok, "the name %v is no string", kv[i])
		args[name] = kv[i+1]
	}
	return args
}
