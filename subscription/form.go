package subscription

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// Form is a blank on paper with its number, printed before anybody filled it in.
type Form struct {
	Number    int64
	Due       int64       // the number of the due that it will ask
	ogm       payment.OGM // its communication
	Class     register.ClassID
	Language  lang.Tag
	PrintedAt civil.Instant
	Author    people.PersonID
	SpoiledAt civil.Instant // 0 while it is good
	Why       string        // why it was spoiled
	Request   RequestID     // of who filled it in; empty while it is blank
	Taken     int64         // the number of that request
}

// OGM is the communication with which the shares of the form are paid.
func (f Form) OGM() payment.OGM { return f.ogm }

// MaxForms is how many blanks are printed at once.
const MaxForms = 200

// PrintForms numbers blanks, each with a communication of its own.
func PrintForms(tx *store.Tx, class register.ClassID, tag lang.Tag, count int) ([]Form, error) {
	if count < 1 || count > MaxForms {
		return nil, fault.Refuse("subscription.refusal.count", "most", MaxForms).At("count")
	}
	if _, err := register.ClassOf(tx, class); err != nil {
		return nil, err
	}
	list := make([]Form, count)
	for i := range list {
		f := Form{Class: class, Language: tag, PrintedAt: tx.Now(), Author: people.PersonID(tx.Actor())}
		var err error
		if f.Number, err = tx.Next("subscription-form"); err != nil {
			return nil, err
		}
		if f.Due, f.ogm, err = payment.Reserve(tx); err != nil {
			return nil, err
		}
		if err := insertForm(tx, f); err != nil {
			return nil, err
		}
		list[i] = f
	}
	tx.Record(store.Line{Args: map[string]any{"n": count, "first": list[0].Number, "last": list[count-1].Number}})
	return list, nil
}

// Spoil takes blanks out of use: lost, torn, filled in wrongly. Their numbers are never given again.
func Spoil(tx *store.Tx, number int64, why string) error {
	f, err := FormNumbered(tx, number)
	if err != nil {
		return err
	}
	if f.Request != "" {
		return fault.Refuse("subscription.refusal.form-taken", "number", f.Number, "request", f.Taken).At("form")
	}
	if f.SpoiledAt != 0 {
		return fault.Refuse("subscription.refusal.form-spoiled", "number", f.Number).At("form")
	}
	if why, err = reason(why); err != nil {
		return err
	}
	tx.Record(store.Line{Args: map[string]any{"number": number, "why": why}})
	return spoilForm(tx, number, why)
}
