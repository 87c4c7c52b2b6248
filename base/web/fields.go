package web

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
)

// Spec describes one field of a form. The value and what is wrong with it come from the Form.
type Spec struct {
	Name     string // of the field; its id too
	Label    string
	Hint     string // under the label; may be empty
	Need     bool   // must be filled
	Max      int    // signs; 0 means MaxLine, or MaxText for an area
	Rows     int    // of an area; 0 means 4
	Auto     string // the browser's autocomplete word: "email", "name", "bday", "off"
	Type     string // of a text field: "text" (default), "email", "tel", "search", "url"
	Least    string // of a date: the first day that may be chosen, YYYY-MM-DD
	Most     string // of a date: the last day
	Accept   string // of a file: ".csv,.xlsx"
	Disabled bool
}

// Option is one answer of a choice.
type Option struct {
	Value, Label string
	Hint         string
}

// field is a Spec with what its form says of it.
type field struct {
	Spec
	value    string
	problems []wrongness // empty when nothing is wrong
}

// wrongness is one thing that is wrong with a field, in words: what, why, what to do.
type wrongness struct{ what, article, todo string }

func bind(f *Form, s Spec, p *lang.Printer) field {
	b := field{Spec: s, value: f.Raw(s.Name)}
	if link := (fieldLink{s.Name, s.Label}); f != nil && !slices.Contains(f.drawn, link) {
		f.drawn = append(f.drawn, link)
	}
	for _, r := range f.Problems() {
		if r.Field == s.Name {
			b.problems = append(b.problems, wrongness{p.Refusal(r), r.Article, p.Todo(r)})
		}
	}
	return b
}

// asTyped turns the date in a field, which may be in the form of the database, into that of the reader.
func (f field) asTyped() field {
	if d, err := civil.Parse(f.value); err == nil {
		f.value = d.Typed()
	}
	return f
}

func (f field) hintID() string  { return f.Name + "-hint" }
func (f field) errorID() string { return f.Name + "-error" }
func (f field) wrong() bool     { return len(f.problems) > 0 }

// describedBy lists the ids of hint and error for the field's aria-describedby.
func (f field) describedBy() string {
	switch {
	case f.Hint != "" && f.wrong():
		return f.hintID() + " " + f.errorID()
	case f.Hint != "":
		return f.hintID()
	case f.wrong():
		return f.errorID()
	}
	return ""
}

func (f field) signs(otherwise int) string {
	if f.Max > 0 {
		return strconv.Itoa(f.Max)
	}
	return strconv.Itoa(otherwise)
}

func (f field) rows() string {
	if f.Rows > 0 {
		return strconv.Itoa(f.Rows)
	}
	return "4"
}

func (f field) kind() string {
	if f.Type != "" {
		return f.Type
	}
	return "text"
}

// optionID is the id of the i-th answer; the first has the field's own, so that the notice above the form leads to it.
func (f field) optionID(i int) string {
	if i == 0 {
		return f.Name
	}
	return f.Name + "-" + strconv.Itoa(i+1)
}

// attributes are those that only some fields have.
func (f field) attributes() templ.Attributes {
	a := templ.Attributes{}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if f.wrong() {
		a["aria-invalid"] = "true"
	}
	if f.Need {
		a["required"] = true // said, not enforced: our forms are novalidate, so that the answer comes in our own words
	}
	if f.Auto != "" {
		a["autocomplete"] = f.Auto
	}
	if f.Disabled {
		a["disabled"] = true
	}
	return a
}

// group are the attributes of a fieldset.
func (f field) group() templ.Attributes {
	a := templ.Attributes{}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	return a
}

// Sheet is a form sent by POST: its element, the notice of what is wrong, the key, and its fields as children.
type Sheet struct {
	Action  string
	Trouble string // what is not done, as a sentence: "La démission n’est pas enregistrée"
	Upload  bool   // it carries files
}

// Post draws the fields first, so that the notice above them knows which are there. What is wrong with a field stands
// beside it and nowhere else: the notice leads to it by its label, and says in full only what concerns no field.
func Post(f *Form, s Sheet) templ.Component {
	return above(func(fields string) templ.Component { return sheet(f, s, fields) })
}

// Noticed is the notice of [Post] above its children, for a form that is sent by GET or a page that holds several.
func Noticed(f *Form, title string) templ.Component {
	return above(func(page string) templ.Component { return noticed(f, title, page) })
}

// above draws the children of a component before the component itself.
func above(draw func(children string) templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var children strings.Builder
		if err := templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), &children); err != nil {
			return err
		}
		return draw(children.String()).Render(templ.ClearChildren(ctx), w)
	})
}

func (s Sheet) encoding() templ.Attributes {
	if !s.Upload {
		return nil
	}
	return templ.Attributes{"enctype": "multipart/form-data"}
}

// fieldLink leads from the notice above a form to a field.
type fieldLink struct{ name, label string }

// troubled are the fields on the page with which something is wrong, in the order of the page, and the problems that
// concern none of them.
func (f *Form) troubled() (links []fieldLink, others fault.Refusals) {
	for _, link := range f.drawn {
		if f.Has(link.name) {
			links = append(links, link)
		}
	}
	for _, r := range f.problems {
		if !slices.ContainsFunc(f.drawn, func(l fieldLink) bool { return l.name == r.Field }) {
			others = append(others, r)
		}
	}
	return links, others
}
