package people

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// Rename corrects or changes the names of a person: given, family and birth date, or denomination, form and
// enterprise number. With changed set to a day the earlier name was right until then (a marriage, a new
// denomination): it is kept and found too. With the zero date it was a mistake and only the journal remembers it.
func Rename(tx *store.Tx, id PersonID, e Entry, changed civil.Date) error {
	old, err := living(tx, id)
	if err != nil {
		return err
	}
	e.Kind, e.Lang = old.Kind, old.Lang
	p, rs := e.person(tx.Today())
	if changed.First().After(tx.Today()) {
		rs = append(rs, fault.Refuse("people.refusal.future", "date", changed).At("changed"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	p.ID = id
	if err := updateNames(tx, p); err != nil {
		return err
	}
	if !changed.IsZero() && p.Full() != old.Full() {
		if err := insertFormerName(tx, id, old.Full(), changed); err != nil {
			return err
		}
	}
	args := map[string]any{"before": old.Full(), "after": p.Full()}
	if old.Birth != p.Birth {
		args["birth_on"] = p.Birth.String()
	}
	if old.Enterprise != p.Enterprise {
		args["enterprise"] = p.Enterprise
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: args, Private: true})
	return rekey(tx, id)
}

// FormerName is a name that was right until a day.
type FormerName struct {
	Name  string
	Until civil.Date
}

// FormerNames lists the earlier names of a person.
func FormerNames(r store.Reader, id PersonID) ([]FormerName, error) {
	return store.List(r, qFormer, scanFormer, string(id))
}

// LangWords names a language.
func LangWords(tag lang.Tag) lang.Phrase { return lang.Say("people.lang." + string(tag)) }

// Speak sets the language of correspondence.
func Speak(tx *store.Tx, id PersonID, tag lang.Tag) error {
	if _, err := living(tx, id); err != nil {
		return err
	}
	if !lang.Known(string(tag)) {
		return fault.Refuse("people.refusal.language", "text", brief(string(tag))).At("lang")
	}
	if _, err := tx.Exec(qSpeak, string(id), string(tag)); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"lang": LangWords(tag)}})
	return nil
}
