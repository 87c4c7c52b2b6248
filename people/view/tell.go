package view

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/ident"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Tell says on one line what tells a person from another of the same name: the cooperator's number, the year of birth
// or the enterprise number, and the place. private: the reader may know what the office knows; without it neither the
// birth nor a means of contact is told. Where nothing else is known, it says since when the person is in the books.
func Tell(r store.Reader, p *lang.Printer, who people.Person, private bool) (string, error) {
	said, err := Marks(r, p, who, private)
	if err != nil {
		return "", err
	}
	history, err := people.Across(r, who.ID, people.Addresses)
	if err != nil {
		return "", err
	}
	if home, ok := people.AddressOn(history, people.Home, r.Today(), 0); ok && home.Town != "" {
		said = append(said, home.Town)
	}
	if len(said) == 0 {
		said = []string{p.T("people.duplicates.since", "since", who.Enrolled.On(r.Zone()))}
	}
	return strings.Join(said, ", "), nil
}

// Marks are those of [Tell] without the place, for a table that has a column for it.
func Marks(r store.Reader, p *lang.Printer, who people.Person, private bool) ([]string, error) {
	var said []string
	members, err := people.MembershipsOf(r, who.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		said = append(said, p.Words(m.Words()))
	}
	if private && !who.Birth.IsZero() {
		said = append(said, p.T("people.view.born-in", "year", strconv.Itoa(who.Birth.Year())))
	}
	if who.Enterprise != "" {
		said = append(said, ident.FormatEnterprise(who.Enterprise))
	}
	return said, nil
}

// with puts why a search found somebody before what tells them apart, each thing once.
func with(why, told string) string {
	if why == "" || slices.Contains(strings.Split(told, ", "), why) {
		return told
	}
	return why + ", " + told
}
