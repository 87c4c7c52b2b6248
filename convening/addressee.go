package convening

import (
	"slices"
	"strings"

	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Channel is the way of a letter.
type Channel string

// The channels.
const (
	ByEmail    Channel = "email"
	ByPost     Channel = "post"
	ByHand     Channel = "hand" // given at the seat or at the door
	NoChannel  Channel = "none" // no address is known
	AnyChannel Channel = ""     // e-mail to those who gave an address, else the post
)

// Words names the channel.
func (c Channel) Words() lang.Phrase { return lang.Say("convening.channel." + string(c)) }

// reached is one addressee as the books know them on the day.
type reached struct {
	Channel  Channel
	Language lang.Tag
	Name     string
	Email    string
	Shared   bool     // somebody else has the same e-mail address
	Lines    []string // of the envelope, under the name
	Postcode string
}

// addressee finds by which channel somebody is reached: by e-mail when they gave an address and did not take their
// consent back, else by post. A body is written to at its seat, for the attention of those who represent it; by e-mail
// at its own address, else at that of the first who represents it. With a wish, only that channel is looked at.
func addressee(r store.Reader, id people.PersonID, wish Channel) (a reached, err error) {
	person, err := people.Standing(r, id)
	if err != nil {
		return a, err
	}
	a = reached{Channel: NoChannel, Language: person.Lang, Name: person.Full()}
	if !lang.Known(string(a.Language)) {
		a.Language = lang.French
	}
	if !person.Erased.IsZero() {
		return a, nil
	}
	if wish == ByHand {
		a.Channel = ByHand
		return a, nil
	}
	agents, err := agentsOf(r, person)
	if err != nil {
		return a, err
	}
	if wish != ByPost {
		err := a.findEmail(r, append([]people.PersonID{person.ID}, agents...), wish)
		if err != nil || a.Channel != NoChannel {
			return a, err
		}
	}
	if wish == ByEmail {
		return a, nil
	}
	return a, a.findHome(r, person, agents)
}

// agentsOf are those who represent a body today.
func agentsOf(r store.Reader, person people.Person) (list []people.PersonID, err error) {
	if person.Kind != people.Legal {
		return nil, nil
	}
	all, err := people.Representatives(r, person.ID)
	for _, one := range all {
		if one.On(r.Today()) && !slices.Contains(list, one.Person) {
			list = append(list, one.Person)
		}
	}
	return list, err
}

// findEmail takes the first e-mail address of the first person who has one.
func (a *reached) findEmail(r store.Reader, ids []people.PersonID, wish Channel) error {
	for _, id := range ids {
		refused, err := refusesEmail(r, id)
		if err != nil {
			return err
		}
		if refused && wish != ByEmail {
			continue
		}
		contacts, err := people.Across(r, id, people.Contacts)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(contacts, func(c people.Contact) bool { return c.Kind == people.Email && c.On(r.Today()) })
		if i < 0 {
			continue
		}
		others, err := people.Sharing(r, contacts[i])
		if err != nil {
			return err
		}
		a.Channel, a.Email, a.Shared = ByEmail, contacts[i].Value, len(others) > 0 || id != ids[0]
		return nil
	}
	return nil
}

// refusesEmail says that somebody agreed to be convened by e-mail and took it back: the last word counts.
func refusesEmail(r store.Reader, id people.PersonID) (bool, error) {
	given, err := people.Across(r, id, people.Consents)
	if err != nil {
		return false, err
	}
	taken := false
	for _, c := range given {
		if c.Kind != people.Electronic {
			continue
		}
		if c.Withdrawn.IsZero() || c.Withdrawn.After(r.Today()) {
			return false, nil
		}
		taken = true
	}
	return taken, nil
}

// addressOf is where letters to somebody go: the address for letters, else the domicile or the seat.
func addressOf(r store.Reader, id people.PersonID) (people.Address, bool, error) {
	history, err := people.Across(r, id, people.Addresses)
	if err != nil {
		return people.Address{}, false, err
	}
	for _, kind := range []people.AddressKind{people.Post, people.Home} {
		if at, known := people.AddressOn(history, kind, r.Today(), 0); known && at.Known() {
			return at, true, nil
		}
	}
	return people.Address{}, false, nil
}

// findHome takes the address for letters.
func (a *reached) findHome(r store.Reader, person people.Person, agents []people.PersonID) error {
	at, known, err := addressOf(r, person.ID)
	if err != nil || !known {
		return err
	}
	a.Channel, a.Postcode = ByPost, at.Postcode
	for _, id := range agents {
		agent, err := people.Standing(r, id)
		if err != nil {
			return err
		}
		if name := agent.Full(); name != "" {
			a.Lines = append(a.Lines, words().In(a.Language).T("convening.letter.attention", "name", name))
		}
	}
	a.Lines = append(a.Lines, at.Street, strings.TrimSpace(at.Postcode+" "+at.Town))
	if at.Country != "" {
		a.Lines = append(a.Lines, strings.ToUpper(at.Country))
	}
	a.Lines = slices.DeleteFunc(a.Lines, func(s string) bool { return s == "" })
	return nil
}

// sortKey orders a batch as the post wants it: by postcode, letters abroad last, then by name.
func (a reached) sortKey() string {
	code := a.Postcode
	if code == "" {
		code = "~"
	}
	return code + "|" + fold.Sort(a.Name)
}
