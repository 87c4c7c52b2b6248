package register

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// gaps are what is empty in somebody's record and filled in a row. Nothing that is known is ever written over.
type gaps struct {
	birth          civil.Date
	enterprise     string
	home           people.Address
	emails, phones []string
}

// gapsOf compares a row with a person, under all records.
func gapsOf(r store.Reader, id people.PersonID, row people.Entry) (g gaps, err error) {
	standing, err := people.Canonical(r, id)
	if err != nil {
		return g, err
	}
	p, err := people.Get(r, standing)
	if err != nil {
		return g, err
	}
	if p.Kind == people.Natural && p.Birth.IsZero() {
		g.birth = row.Birth
	}
	if p.Kind == people.Legal && p.Enterprise == "" {
		g.enterprise = row.Enterprise
	}
	homes, err := people.Across(r, id, people.Addresses)
	if err != nil {
		return g, err
	}
	if !slices.ContainsFunc(homes, func(a people.Address) bool { return a.Kind == people.Home && a.Withdrawn == 0 }) {
		g.home = row.Home
	}
	contacts, err := people.Across(r, id, people.Contacts)
	none := func(kind people.ContactKind) bool {
		return !slices.ContainsFunc(contacts, func(c people.Contact) bool { return c.Kind == kind })
	}
	if none(people.Email) {
		g.emails = row.Emails
	}
	if none(people.Phone) {
		g.phones = row.Phones
	}
	return g, err
}

// words names what would be completed.
func (g gaps) words() (list []lang.Phrase) {
	for _, gap := range []struct {
		code  string
		there bool
	}{
		{"birth", !g.birth.IsZero()}, {"enterprise", g.enterprise != ""}, {"home", g.home != people.Address{}},
		{"email", len(g.emails) > 0}, {"phone", len(g.phones) > 0},
	} {
		if gap.there {
			list = append(list, lang.Say("register.import.gain."+gap.code))
		}
	}
	return list
}

// complete fills the gaps of somebody whom a row was said to be about, and reports it.
func (im *importer) complete(id people.PersonID, in importRow) error {
	g, err := gapsOf(im.b, id, in.who)
	if err != nil || g.words() == nil {
		return err
	}
	standing, err := people.Canonical(im.b, id)
	if err != nil {
		return err
	}
	if err := im.b.fill(standing, g); err != nil {
		return err
	}
	im.report.Gained = append(im.report.Gained, Completion{in.line, standing, g.words()})
	return nil
}

func (g gaps) fill(tx *store.Tx, id people.PersonID) error {
	if !g.birth.IsZero() || g.enterprise != "" {
		p, err := people.Get(tx, id)
		if err != nil {
			return err
		}
		e := people.Entry{Given: p.Given, Family: p.Family, Birth: g.birth, Name: p.Name, Form: p.Form,
			Enterprise: g.enterprise}
		if err := people.Rename(tx, id, e, civil.Date{}); err != nil {
			return err
		}
	}
	if g.home != (people.Address{}) {
		g.home.Kind = people.Home
		if _, err := people.Move(tx, id, g.home); err != nil {
			return err
		}
	}
	for _, mail := range g.emails {
		if _, err := people.AddContact(tx, id, people.Email, mail, civil.Date{}); err != nil {
			return err
		}
	}
	for _, phone := range g.phones {
		if _, err := people.AddContact(tx, id, people.Phone, phone, civil.Date{}); err != nil {
			return err
		}
	}
	return nil
}
