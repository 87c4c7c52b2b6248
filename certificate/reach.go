package certificate

import (
	"slices"
	"strings"

	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Way is how a paper of a batch goes out.
type Way string

// The ways.
const (
	ByEmail Way = "email"
	ByPost  Way = "post"
	NoWay   Way = "none" // no address is known
)

// Words names the way.
func (w Way) Words() lang.Phrase { return lang.Say("certificate.way." + string(w)) }

// reached is a holder as the books know them today.
type reached struct {
	Way      Way
	Name     string
	Email    string
	Lines    []string // of the envelope, under the name
	Postcode string
}

// reach finds by which way a holder gets a paper: by e-mail when they gave an address and did not take their consent
// back, a body also at the address of who represents it; else by post.
func reach(r store.Reader, id people.PersonID) (a reached, err error) {
	person, err := people.Standing(r, id)
	if err != nil {
		return a, err
	}
	a = reached{Way: NoWay, Name: person.Full()}
	if !person.Erased.IsZero() {
		return a, nil
	}
	who := []people.PersonID{person.ID}
	if person.Kind == people.Legal {
		agents, err := people.Representatives(r, person.ID)
		if err != nil {
			return a, err
		}
		for _, one := range agents {
			if one.On(r.Today()) {
				who = append(who, one.Person)
			}
		}
	}
	for _, id := range who {
		if a.Email, err = emailOf(r, id); err != nil {
			return a, err
		}
		if a.Email != "" {
			a.Way = ByEmail
			return a, nil
		}
	}
	return a, a.findHome(r, person.ID)
}

// emailOf is somebody's e-mail address, unless they took their consent to be written to by it back.
func emailOf(r store.Reader, id people.PersonID) (string, error) {
	given, err := people.Across(r, id, people.Consents)
	if err != nil {
		return "", err
	}
	agrees, tookBack := false, false
	for _, c := range given {
		if c.Kind == people.Electronic {
			stands := c.Withdrawn.IsZero() || c.Withdrawn.After(r.Today())
			agrees, tookBack = agrees || stands, tookBack || !stands
		}
	}
	if tookBack && !agrees {
		return "", nil
	}
	contacts, err := people.Across(r, id, people.Contacts)
	i := slices.IndexFunc(contacts, func(c people.Contact) bool { return c.Kind == people.Email && c.On(r.Today()) })
	if err != nil || i < 0 {
		return "", err
	}
	return contacts[i].Value, nil
}

// findHome takes the address for letters, else the domicile or the seat.
func (a *reached) findHome(r store.Reader, id people.PersonID) error {
	history, err := people.Across(r, id, people.Addresses)
	if err != nil {
		return err
	}
	for _, kind := range []people.AddressKind{people.Post, people.Home} {
		at, known := people.AddressOn(history, kind, r.Today(), 0)
		if !known || !at.Known() {
			continue
		}
		a.Way, a.Postcode = ByPost, at.Postcode
		for _, line := range []string{at.Street, strings.TrimSpace(at.Postcode + " " + at.Town),
			strings.ToUpper(at.Country)} {
			if line != "" {
				a.Lines = append(a.Lines, line)
			}
		}
		return nil
	}
	return nil
}

// sortKey orders letters as the post wants them: by postcode, those without one last, then by name.
func (a reached) sortKey() string {
	code := a.Postcode
	if code == "" {
		code = "~"
	}
	return code + "|" + fold.Sort(a.Name)
}
