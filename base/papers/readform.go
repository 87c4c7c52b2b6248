package papers

import (
	"bytes"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"lieux/base/fault"
)

// ReadForm reads what was filled in on a screen: the text of each field, "yes" for a box that is ticked, of a group the
// choice that was taken; nothing for what was left empty. Whoever calls it checks every value: a viewer keeps to no
// limit. It refuses what is no PDF, what is locked and what cannot be read.
func ReadForm(content []byte) (values map[string]string, err error) {
	defer func() {
		if r := recover(); r != nil {
			values, err = nil, fault.Refuse("papers.refusal.form-broken")
		}
	}()
	if !bytes.HasPrefix(content, []byte("%PDF-")) || len(content) > MaxAnnexBytes {
		return nil, fault.Refuse("papers.refusal.form-broken")
	}
	read, err := api.ExportForm(bytes.NewReader(content), "form", pdfReading()())
	if err != nil || len(read.Forms) == 0 {
		return nil, fault.Refuse("papers.refusal.form-broken")
	}
	values = map[string]string{}
	put := func(name, value string) {
		if value != "" && len(values) < MaxFormFields {
			values[name] = string([]rune(value)[:min(len([]rune(value)), MaxFormSigns)])
		}
	}
	for _, form := range read.Forms {
		for _, f := range form.TextFields {
			put(f.Name, f.Value)
		}
		for _, f := range form.DateFields { // a text that looks like a date
			put(f.Name, f.Value)
		}
		for _, f := range form.RadioButtonGroups {
			put(f.Name, f.Value)
		}
		for _, f := range form.CheckBoxes {
			if f.Value {
				put(f.Name, "yes")
			}
		}
	}
	return values, nil
}
