package web

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

// Limits of a form.
const (
	maxFields   = 2000    // values in one form
	maxInMemory = 1 << 20 // bytes of an upload kept in memory; the rest waits in a temporary file
	maxKey      = 64      // signs of an idempotency key
	MaxLine     = 200     // signs of a line, when the field says nothing else
	MaxText     = 5000    // signs of a text of several lines
)

// Form is a form as it was sent, and what is wrong with it. Reading a field that is wrong notes a problem and gives
// the zero value; ask OK before calling a verb. A form that is shown again keeps what the person typed. A nil or
// zero Form is an empty one.
type Form struct {
	values   map[string][]string
	files    func(name string) (*Upload, error)
	key      string
	problems fault.Refusals
	drawn    []fieldLink // the fields drawn so far, for the notice above them
}

// Form reads what was sent. The error is a page of its own: too large, or no form at all.
func (q *Request) Form() (*Form, error) {
	if q.form != nil {
		return q.form, nil
	}
	err := q.R.ParseForm() // on its own first: ParseMultipartForm would lose its error
	if err == nil {
		if err = q.R.ParseMultipartForm(maxInMemory); errors.Is(err, http.ErrNotMultipart) {
			err = nil
		}
	}
	if err != nil {
		if tooBig, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooBig
		}
		return nil, Status(http.StatusBadRequest)
	}
	count := 0
	for _, v := range q.R.PostForm {
		count += len(v)
	}
	if count > maxFields {
		return nil, Status(http.StatusRequestEntityTooLarge)
	}
	f := NewForm(q.R.PostForm)
	f.files = q.upload
	q.form = f
	return f, nil
}

// NewForm is a form with these values, as a page that edits something begins with them.
func NewForm(values map[string][]string) *Form {
	f := &Form{values: values}
	if k := f.Raw("key"); len(k) <= maxKey {
		f.key = k
	}
	return f
}

// Upload is a file of a form.
type Upload struct {
	Name    string // as the person's machine calls it, without folders
	Size    int64
	Content io.ReadSeeker
}

func (q *Request) upload(name string) (*Upload, error) {
	f, head, err := q.R.FormFile(name)
	if err != nil {
		return nil, err
	}
	base := head.Filename[strings.LastIndexAny(head.Filename, "/\\")+1:]
	clean, code := Clean(base, MaxLine, false)
	if code != "" {
		clean = ""
	}
	return &Upload{clean, head.Size, f}, nil
}

// Key is the form's idempotency key: the same key twice is the same act, whose answer was lost.
func (f *Form) Key() string {
	if f == nil {
		return ""
	}
	return f.key
}

// Raw is a value as it was sent, to show it again; rules take the cleaned ones.
func (f *Form) Raw(name string) string {
	if f == nil || len(f.values[name]) == 0 {
		return ""
	}
	return f.values[name][0]
}

// Set gives a field a value, as a page that edits something begins with it.
func (f *Form) Set(name, value string) *Form {
	if f.values == nil {
		f.values = map[string][]string{}
	}
	f.values[name] = []string{value}
	return f
}

// SetAll gives a field several values: the boxes that are ticked.
func (f *Form) SetAll(name string, values []string) *Form {
	f.Set(name, "")
	f.values[name] = values
	return f
}

// Text is a line of at most max signs, trimmed and in NFC; it may be empty.
func (f *Form) Text(name string, max int) string { return f.clean(name, max, false) }

// Need is a Text that may not be empty.
func (f *Form) Need(name string, max int) string {
	s := f.clean(name, max, false)
	f.needs(name, s == "")
	return s
}

// Lines is a text of several lines.
func (f *Form) Lines(name string, max int) string { return f.clean(name, max, true) }

func (f *Form) clean(name string, max int, lines bool) string {
	s, code := Clean(f.Raw(name), max, lines)
	if code != "" {
		f.Problem(fault.Refuse(code, "max", max).At(name))
		return ""
	}
	return s
}

// needs notes that a field is empty, unless something else is already wrong with it.
func (f *Form) needs(name string, empty bool) {
	if empty && !f.Has(name) {
		f.Problem(fault.Refuse("web.field.required").At(name))
	}
}

// Date is a day, as the browser's own field sends it or as people type it; zero when empty.
func (f *Form) Date(name string) civil.Date {
	d := f.PartialDate(name)
	if !d.IsZero() && !d.IsDay() {
		f.Problem(fault.Refuse("web.field.not-day").At(name))
		return civil.Date{}
	}
	return d
}

// NeedDate is a Date that may not be empty.
func (f *Form) NeedDate(name string) civil.Date {
	d := f.Date(name)
	f.needs(name, d.IsZero())
	return d
}

// PartialDate is a date known to the day, the month or the year; zero when empty.
func (f *Form) PartialDate(name string) civil.Date {
	s := f.Text(name, 40)
	if s == "" {
		return civil.Date{}
	}
	d, err := civil.ParseLoose(s)
	if err != nil {
		f.Problem(fault.Refuse("web.field.not-date").At(name))
	}
	return d
}

// Int is a whole number between least and most; zero when empty.
func (f *Form) Int(name string, least, most int64) int64 {
	s := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, f.Text(name, 30))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < least || n > most {
		f.Problem(fault.Refuse("web.field.not-number", "least", least, "most", most).At(name))
		return 0
	}
	return n
}

// NeedInt is an Int that may not be empty.
func (f *Form) NeedInt(name string, least, most int64) int64 {
	n := f.Int(name, least, most)
	f.needs(name, strings.TrimSpace(f.Raw(name)) == "")
	return n
}

// Money is an amount between least and most; zero when empty.
func (f *Form) Money(name string, least, most money.Cents) money.Cents {
	s := f.Text(name, 40)
	if s == "" {
		return 0
	}
	c, err := money.Parse(s)
	if err != nil || c < least || c > most {
		f.Problem(fault.Refuse("web.field.not-amount", "least", least, "most", most).At(name))
		return 0
	}
	return c
}

// Choice is one of the options; a value that is none of them, or none at all, is a problem.
func (f *Form) Choice(name string, options ...string) string {
	s := f.Raw(name)
	if !slices.Contains(options, s) {
		f.Problem(fault.Refuse("web.field.choice").At(name))
		return ""
	}
	return s
}

// Choices are the boxes that are ticked, each one of the options, each once, in the options' order.
func (f *Form) Choices(name string, options ...string) []string {
	var ticked []string
	for _, o := range options {
		if f.Ticked(name, o) {
			ticked = append(ticked, o)
		}
	}
	return ticked
}

// Flag says whether a single box is ticked.
func (f *Form) Flag(name string) bool { return f.Raw(name) != "" }

// Ticked says whether a value is among those of a field: to draw boxes and options again.
func (f *Form) Ticked(name, value string) bool {
	return f != nil && slices.Contains(f.values[name], value)
}

// File is the file of a field, at most max bytes; nil when none was chosen.
func (f *Form) File(name string, max int64) *Upload {
	if f == nil || f.files == nil {
		return nil
	}
	u, err := f.files(name)
	if err != nil || u.Size == 0 && u.Name == "" {
		return nil
	}
	if u.Size > max {
		f.Problem(fault.Refuse("web.field.file-too-large", "max", max>>20).At(name))
		return nil
	}
	return u
}

// NeedFile is a File that must be there.
func (f *Form) NeedFile(name string, max int64) *Upload {
	u := f.File(name, max)
	f.needs(name, u == nil)
	return u
}

// Problem notes a refusal; the same of the same field is noted once.
func (f *Form) Problem(r fault.Refusal) {
	if !slices.ContainsFunc(f.problems, func(o fault.Refusal) bool { return reflect.DeepEqual(o, r) }) {
		f.problems = append(f.problems, r)
	}
}

// Refused takes the refusals out of a verb's error and notes them; it says whether there were any. An error of the
// world stays the handler's to return.
func (f *Form) Refused(err error) bool {
	rs := fault.Of(err)
	for _, r := range rs {
		f.Problem(r)
	}
	return len(rs) > 0
}

// OK says that nothing is wrong.
func (f *Form) OK() bool { return f == nil || len(f.problems) == 0 }

// Problems are all refusals, those without a field among them, in the order in which they were found.
func (f *Form) Problems() fault.Refusals {
	if f == nil {
		return nil
	}
	return f.problems
}

// Has says whether something is wrong with a field.
func (f *Form) Has(name string) bool {
	return slices.ContainsFunc(f.Problems(), func(r fault.Refusal) bool { return r.Field == name })
}

// Clean checks a text at the door: valid UTF-8, no NUL or other sign that cannot be seen, at most max signs,
// trimmed, in NFC. Several lines are kept when lines is true. code is empty or says what is wrong: web.field.signs,
// web.field.too-long.
func Clean(s string, max int, lines bool) (clean, code string) {
	if len(s) > 16*max+64 { // NFC shrinks a sign by less than that; longer texts are not even looked at
		return "", "web.field.too-long"
	}
	if !utf8.ValidString(s) {
		return "", "web.field.signs"
	}
	s = strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n")))
	for _, r := range s {
		if hidden(r) && !(lines && (r == '\n' || r == '\t')) {
			return "", "web.field.signs"
		}
	}
	if utf8.RuneCountInString(s) > max {
		return "", "web.field.too-long"
	}
	return s, ""
}

// hidden signs print nothing, or turn the direction of what follows so that a name shows as another.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}
