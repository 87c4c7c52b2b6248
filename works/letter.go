package works

import (
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/places"
)

// The addresses to which letters and codes lead; the pages of this room answer there.
const (
	PathSignup   = "/help/mine/"    // with the secret link
	PathFollowed = "/report/mine/"  // with the secret link
	PathReport   = "/report/"       // with the code of a door
	PathHelp     = "/help/"         // with the number of a day
	pathChecks   = "/works/checks/" // with the number of a duty
)

// write sends a letter about a sign-up to who left an address of e-mail, with a secret link of its own.
func (p Post) write(tx *store.Tx, kind string, u Signup, s Shift, d Day) error {
	if p.Links == "" || u.Email == "" || u.Name == "" || d.On.Before(tx.Today()) {
		return nil
	}
	place, err := places.PlaceByID(tx, d.Place, places.Now(tx))
	if err != nil {
		return err
	}
	token, err := newLink(tx, "signup", u.ID)
	if err != nil {
		return err
	}
	house, err := houseName(tx)
	if err != nil {
		return err
	}
	pr := printer(u.Lang)
	address := place.Title
	if place.Address() != "" {
		address += ", " + place.Address()
	}
	return mail.Enqueue(tx, mail.Letter{To: u.Email, Lang: pr.Tag,
		Subject: pr.T("works.letter."+kind+".subject", "title", d.Title, "day", d.On),
		Text: pr.T("works.letter."+kind, "name", u.Name, "title", d.Title, "day", d.On, "starts", s.Starts.Clock(), "ends",
			s.Ends.Clock(), "role", s.Role, "why", d.Why) + "\n\n" +
			pr.T("works.letter.day", "place", address, "meeting", d.Meeting, "insurance", d.Insurance) + "\n\n" +
			pr.T("works.letter.link", "link", p.Links+PathSignup+token) + "\n\n" + house})
}

// tell sends a letter about a problem to who left an address of e-mail. Without a link of its own, as with an answer,
// it makes one.
func (p Post) tell(tx *store.Tx, kind string, b Problem, answer, token string) error {
	if p.Links == "" || b.Email == "" {
		return nil
	}
	var err error
	if token == "" {
		if token, err = newLink(tx, "problem", string(b.ID)); err != nil {
			return err
		}
	}
	house, err := houseName(tx)
	if err != nil {
		return err
	}
	where, err := WhereOf(tx, b.Place, b.Part)
	if err != nil {
		return err
	}
	pr := printer(b.Lang)
	if answer == "" {
		answer = lang.Capital(pr.Words(b.State.Words()))
	}
	return mail.Enqueue(tx, mail.Letter{To: b.Email, Lang: pr.Tag,
		Subject: pr.T("works.letter."+kind+".subject", "number", b.Number, "where", where),
		Text: pr.T("works.letter."+kind, "number", b.Number, "where", where, "answer", answer) + "\n\n" +
			pr.T("works.letter.follow", "link", p.Links+PathFollowed+token) + "\n\n" + house})
}

// WhereOf says where something is: the place, and the part in it.
func WhereOf(r store.Reader, place places.PlaceID, part places.PartID) (string, error) {
	p, err := places.PlaceByID(r, place, places.Now(r))
	if err != nil || part == "" {
		return p.Title, err
	}
	in, err := places.PartByID(r, part, places.Now(r))
	return p.Title + ", " + in.Name(), err
}
