package people

import (
	"crypto/sha256"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// ConsentKind is what somebody agrees to.
type ConsentKind string

// The kinds of consent.
const (
	Privacy    ConsentKind = "privacy"    // how personal data are used
	Rules      ConsentKind = "rules"      // internal rules, the Charter
	Risk       ConsentKind = "risk"       // that shares may lose their value
	Electronic ConsentKind = "electronic" // to be convened by e-mail
	Newsletter ConsentKind = "newsletter"
	Pictures   ConsentKind = "pictures"
	PublicPage ConsentKind = "public-page" // to be shown to everybody, as an occupant of a place
)

// ConsentKinds lists the kinds.
var ConsentKinds = []ConsentKind{Privacy, Rules, Risk, Electronic, Newsletter, Pictures, PublicPage}

// Words names what is agreed to.
func (k ConsentKind) Words() lang.Phrase { return lang.Say("people.consent." + string(k)) }

// Channels are the ways in which a consent reaches us.
var Channels = []string{"paper", "screen", "meeting", "letter"}

const maxConsents = 500

// ConsentText is a version of a text that people agree to. It is never changed: another wording is another version.
type ConsentText struct {
	ID    string
	Kind  ConsentKind
	Lang  lang.Tag
	Words string
	Hash  [32]byte // SHA-256 of the words
	From  civil.Date
}

// Publish keeps a version of a text, in force from a day on; the same words again are the same version.
func Publish(tx *store.Tx, t ConsentText) (string, error) {
	words, rs := tidyLines("words", t.Words, 16*maxWording)
	if words == "" && rs == nil {
		rs = append(rs, fault.Refuse("people.refusal.no-words").At("words"))
	}
	if !slices.Contains(ConsentKinds, t.Kind) {
		rs = append(rs, fault.Refuse("people.refusal.consent-kind").At("kind"))
	}
	if !lang.Known(string(t.Lang)) {
		rs = append(rs, fault.Refuse("people.refusal.language", "text", brief(string(t.Lang))).At("lang"))
	}
	if t.From.IsZero() {
		rs = append(rs, fault.Refuse("people.refusal.no-date").At("from"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	t.Words, t.Hash = words, sha256.Sum256([]byte(words))
	same, there, err := store.Find(tx, qSameText, store.Text, string(t.Kind), string(t.Lang), t.Hash[:])
	if err != nil || there {
		return same, err
	}
	t.ID = tx.ID()
	if _, err := tx.Exec(qInsertText, t.ID, string(t.Kind), string(t.Lang), t.Words, t.Hash[:], t.From); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{{Kind: "consent-text", ID: t.ID}},
		Args: map[string]any{"kind": t.Kind.Words(), "lang": LangWords(t.Lang), "from_on": t.From.String()}})
	return t.ID, nil
}

// Texts lists the versions, the latest first.
func Texts(r store.Reader) ([]ConsentText, error) { return store.List(r, qTexts, scanText) }

// TextOn is the version of a text in force on a day; false when none is.
func TextOn(r store.Reader, kind ConsentKind, tag lang.Tag, day civil.Date) (ConsentText, bool, error) {
	all, err := Texts(r)
	for _, t := range all { // the latest first
		if t.Kind == kind && t.Lang == tag && !t.From.After(day) {
			return t, true, err
		}
	}
	return ConsentText{}, false, err
}

// Consent is what a person agreed to: which words, when, by which way, and when it was taken back.
type Consent struct {
	ID        string
	Person    PersonID
	Text      string // id of the ConsentText
	Kind      ConsentKind
	Lang      lang.Tag
	Given     civil.Date
	Withdrawn civil.Date // zero while it holds
	Channel   string
	Recorded  civil.Instant
}

// Agree notes that a person accepted a text.
func Agree(tx *store.Tx, person PersonID, text string, on civil.Date, channel string) (string, error) {
	if _, err := living(tx, person); err != nil {
		return "", err
	}
	t, found, err := store.Find(tx, qText, scanText, text)
	if err != nil {
		return "", err
	}
	var rs fault.Refusals
	if !found {
		rs = append(rs, fault.Refuse("people.refusal.unknown-text").At("text"))
	}
	switch {
	case on.IsZero():
		rs = append(rs, fault.Refuse("people.refusal.no-date").At("on"))
	case on.First().After(tx.Today()):
		rs = append(rs, fault.Refuse("people.refusal.future", "date", on).At("on"))
	}
	if !slices.Contains(Channels, channel) {
		rs = append(rs, fault.Refuse("people.refusal.channel").At("channel"))
	}
	old, err := Consents(tx, person)
	if err != nil {
		return "", err
	}
	if len(old) >= maxConsents {
		rs = append(rs, fault.Refuse("people.refusal.many-consents", "limit", maxConsents))
	}
	if slices.ContainsFunc(old, func(c Consent) bool { return c.Text == text && c.Withdrawn.IsZero() }) {
		rs = append(rs, fault.Refuse("people.refusal.agreed").At("text"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	id := tx.ID()
	if _, err := tx.Exec(qAgree, id, string(person), text, on, channel, int64(tx.Now())); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{person.Ref()},
		Args: map[string]any{"kind": t.Kind.Words(), "given_on": on.String()}})
	return id, nil
}

// Withdraw takes a consent back from a day on. It is as easy as giving it (GDPR, article 7.3).
func Withdraw(tx *store.Tx, id string, on civil.Date) error {
	c, found, err := store.Find(tx, qConsent, scanConsent, id)
	if err != nil {
		return err
	}
	switch {
	case !found || !c.Withdrawn.IsZero():
		return fault.Refuse("people.refusal.unknown-consent")
	case on.IsZero() || on.Before(c.Given.First()) || on.First().After(tx.Today()):
		return fault.Refuse("people.refusal.withdraw-date", "given", c.Given).At("on")
	}
	if _, err := tx.Exec(qWithdraw, id, on); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{c.Person.Ref()},
		Args: map[string]any{"kind": c.Kind.Words(), "withdrawn_on": on.String()}})
	return nil
}

// Consents are those of a person, taken back ones too, the latest first.
func Consents(r store.Reader, person PersonID) ([]Consent, error) {
	return store.List(r, qConsents, scanConsent, string(person))
}

// Agreed says whether a person's consent of a kind, under whichever record, holds on a day, whatever the version of
// the text.
func Agreed(r store.Reader, person PersonID, kind ConsentKind, day civil.Date) (bool, error) {
	all, err := Across(r, person, Consents)
	return slices.ContainsFunc(all, func(c Consent) bool {
		return c.Kind == kind && !c.Given.After(day) && (c.Withdrawn.IsZero() || c.Withdrawn.After(day))
	}), err
}
