package people

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// Limits of signing in.
const (
	ChallengeLife = 15 * time.Minute // of a link and its code
	SetUpLife     = 24 * time.Hour   // of the link that the first start prints: the set-up page needs papers at hand
	maxTries      = 5                // wrong codes: of 10^8, one chance in twenty million
	MaxAsked      = 5                // letters to one address that one caller may ask for within askedWithin
	maxAskedByAll = 30               // letters to one address, whoever asks
	askedWithin   = time.Hour
	quietAtMost   = ChallengeLife / 2 // beyond both limits a letter goes out after so long without any
	secretBytes   = 20                // 160 bits
	codeDigits    = 8
)

// Purpose is what a challenge is for.
type Purpose string

// The purposes.
const (
	ByEmail Purpose = "email" // asked for on the sign-in page
	ByLink  Purpose = "link"  // lieux login PERSON
	SetUp   Purpose = "setup" // the first start in an empty folder
)

// Ask is a challenge as only its asker and its letter know it; the database holds hashes.
type Ask struct {
	Handle string // stays with the browser that asked: the code is worth nothing without it
	Token  string // in the link of the letter
	Code   string // eight figures, in the letter
	Email  string
	Ends   time.Time
	Quiet  bool // too many were asked for: no letter goes out, nothing can be redeemed, and the asker is not told
}

// AskSignIn makes a challenge for an e-mail address, asked for by a caller: a network address. It does not look
// whether anybody has the e-mail address: the answer, and the time it takes, are the same for each. Whether a letter
// goes out is decided behind the asker's back, by [SignInLetter].
//
// A stranger who asks too often uses up letters of their own, not the owner's, and what was sent stays good. Where
// strangers are many, or stand behind the owner's router, both limits may be used up; but the letters came to the
// owner, whoever asked, and their links open until they end. So there is always a letter in the box whose link opens
// for half its life more, or the owner gets a new one. Call it in a Touch: it is no act.
func AskSignIn(tx *store.Tx, email, caller string) (Ask, error) {
	c, rs := checkContact(Email, email)
	if err := rs.Err(); err != nil {
		return Ask{}, err
	}
	now := tx.Now().Time()
	if err := Sweep(tx); err != nil {
		return Ask{}, err
	}
	since, by := int64(civil.At(now.Add(-askedWithin))), hashed("caller", c.Key+" "+caller)
	own, err := store.One(tx, qAskedByCaller, store.Number, c.Key, since, by)
	if err != nil {
		return Ask{}, err
	}
	all, err := store.One(tx, qAsked, store.Number, c.Key, since)
	if err != nil {
		return Ask{}, err
	}
	lately, err := store.One(tx, qAsked, store.Number, c.Key, int64(civil.At(now.Add(-quietAtMost))))
	if err != nil {
		return Ask{}, err
	}
	if lately > 0 && (own >= MaxAsked || all >= maxAskedByAll) { // not counted: who asks a thousand times had five letters
		return Ask{Handle: secret(tx), Token: secret(tx), Code: code(tx), Email: c.Value,
			Ends: now.Add(ChallengeLife), Quiet: true}, nil
	}
	if _, err := tx.Exec(qInsertAsked, tx.ID(), c.Key, by, int64(tx.Now())); err != nil {
		return Ask{}, err
	}
	a, err := newChallenge(tx, ByEmail, "", c.Key, ChallengeLife)
	a.Email = c.Value
	return a, err
}

// LoginLink makes a one-time link for a person, for who keeps the machine.
func LoginLink(tx *store.Tx, person PersonID) (Ask, error) {
	p, err := Standing(tx, person)
	if err != nil {
		return Ask{}, err
	}
	if p.Kind != Natural || !p.Erased.IsZero() {
		return Ask{}, fault.Refuse("people.refusal.access-kind")
	}
	w, err := entranceOf(tx, p.ID, tx.Today())
	if err != nil {
		return Ask{}, err
	}
	if may, _, err := w.open(tx); err != nil {
		return Ask{}, err
	} else if !may {
		return Ask{}, fault.Refuse("people.refusal.may-not-enter")
	}
	tx.Record(store.Line{About: []store.Ref{p.ID.Ref()}})
	return newChallenge(tx, ByLink, p.ID, "", ChallengeLife)
}

// SetUpLink makes the one-time link that the first start prints; refused once the house is founded.
func SetUpLink(tx *store.Tx) (Ask, error) {
	if _, there, err := TheHouse(tx); err != nil || there {
		if err == nil {
			err = fault.Refuse("people.refusal.founded")
		}
		return Ask{}, err
	}
	if _, err := tx.Exec(qForgetPurpose, string(SetUp)); err != nil { // the earlier start's link
		return Ask{}, err
	}
	return newChallenge(tx, SetUp, "", "", SetUpLife)
}

func newChallenge(tx *store.Tx, purpose Purpose, person PersonID, email string, life time.Duration) (Ask, error) {
	a := Ask{Handle: secret(tx), Token: secret(tx), Code: code(tx), Ends: tx.Now().Time().Add(life)}
	_, err := tx.Exec(qInsertChallenge, handleID(a.Handle), string(purpose), string(person), email,
		hashed("token", a.Token),
		hashed("code", a.Handle+" "+a.Code), int64(tx.Now()), int64(civil.At(a.Ends)))
	return a, err
}

func secret(tx *store.Tx) string {
	b := make([]byte, secretBytes)
	_, err := tx.Dice().Read(b)
	fault.Must(err == nil, "no randomness: %v", err)
	return base64.RawURLEncoding.EncodeToString(b)
}

// code draws eight figures, each number as likely as any other: draws beyond the last whole round are thrown away.
func code(tx *store.Tx) string {
	const numbers = 100_000_000
	const fair = (1<<32 - 1) / numbers * numbers
	for {
		var b [4]byte
		_, err := tx.Dice().Read(b[:])
		fault.Must(err == nil, "no randomness: %v", err)
		if n := binary.BigEndian.Uint32(b[:]); n < fair {
			return fmt.Sprintf("%0*d", codeDigits, n%numbers)
		}
	}
}

func hashed(domain, secret string) []byte {
	h := sha256.Sum256([]byte("lieux sign-in " + domain + "\n" + secret))
	return h[:]
}

func handleID(handle string) string { return hex.EncodeToString(hashed("handle", handle)) }

// Challenge is an open challenge as the database keeps it.
type Challenge struct {
	Purpose Purpose
	Person  PersonID // of a ByLink
	Email   string   // key of the address of a ByEmail
	Ends    civil.Instant

	id    string
	code  []byte
	tries int64
}

// Peek looks at the challenge of a link without using it up: mail programs open links to look for harm, so only a
// button redeems.
func Peek(r store.Reader, token string) (Challenge, bool, error) {
	c, found, err := store.Find(r, qChallengeByToken, scanChallenge, hashed("token", token))
	if c.Ends <= r.Now() {
		found = false
	}
	return c, found, err
}

// Redeem uses a link up. A used, unknown or old link is refused, all in the same words.
func Redeem(tx *store.Tx, token string) (Challenge, error) {
	c, found, err := Peek(tx, token)
	if err != nil {
		return c, err
	}
	if !found {
		return c, fault.Refuse("people.refusal.link")
	}
	_, err = tx.Exec(qForgetChallenge, c.id)
	return c, err
}

// RedeemCode uses a challenge up by its code, in the browser that asked. right is false for a wrong code or an old
// challenge; the try is counted, so the caller must let the transaction succeed. After five wrong codes no
// code is good any more; the link of the letter stays, or a stranger could ask in the owner's name and burn it.
func RedeemCode(tx *store.Tx, handle, typed string) (c Challenge, right bool, err error) {
	c, found, err := store.Find(tx, qChallengeByID, scanChallenge, handleID(handle))
	if err != nil || !found || c.Ends <= tx.Now() || c.tries >= maxTries {
		return Challenge{}, false, err
	}
	typed = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, typed)
	if subtle.ConstantTimeCompare(hashed("code", handle+" "+typed), c.code) != 1 {
		_, err = tx.Exec(qCountTry, c.id)
		return Challenge{}, false, err
	}
	_, err = tx.Exec(qForgetChallenge, c.id)
	return c, true, err
}

// Candidates are the natural persons whom a redeemed challenge may let in: all those with the address, each under
// the record that stands. The address of a legal person alone lets nobody in: who reads that box is not known.
func Candidates(r store.Reader, c Challenge) ([]Person, error) {
	if c.Purpose == ByLink {
		p, err := Standing(r, c.Person)
		return []Person{p}, err
	}
	if c.Purpose != ByEmail {
		return nil, nil
	}
	contacts, err := store.List(r, qContactsByKey, scanContact, string(Email), c.Email, int64(maxSharing))
	if err != nil {
		return nil, err
	}
	var list []Person
	for _, contact := range contacts {
		if !contact.On(r.Today()) {
			continue
		}
		p, err := Standing(r, contact.Person)
		if err != nil {
			return nil, err
		}
		if p.Kind != Natural || !p.Erased.IsZero() || slices.ContainsFunc(list, func(o Person) bool { return o.ID == p.ID }) {
			continue
		}
		w, err := entranceOf(r, p.ID, r.Today())
		if err != nil {
			return nil, err
		}
		if may, _, err := w.open(r); err != nil {
			return nil, err
		} else if may {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Person) int { return strings.Compare(a.Sort+string(a.ID), b.Sort+string(b.ID)) })
	return list, nil
}

// Letter is what the sign-in letter needs.
type Letter struct {
	To    string
	Lang  lang.Tag
	Names []string // whom the address serves
	Ask   Ask
}

// SignInLetter decides, behind the asker's back, whether a letter goes out: false for an address that nobody has.
func SignInLetter(r store.Reader, a Ask) (Letter, bool, error) {
	if a.Quiet {
		return Letter{}, false, nil
	}
	people, err := Candidates(r, Challenge{Purpose: ByEmail, Email: emailKey(a.Email)})
	if err != nil || len(people) == 0 {
		return Letter{}, false, err
	}
	l := Letter{To: a.Email, Lang: people[0].Lang, Ask: a}
	for _, p := range people {
		l.Names = append(l.Names, p.Full())
	}
	return l, true, nil
}

// Sweep deletes challenges and sessions whose time is over, and what was asked for too long ago to count.
func Sweep(tx *store.Tx) error {
	if _, err := tx.Exec(qSweepChallenges, int64(tx.Now())); err != nil {
		return err
	}
	if _, err := tx.Exec(qSweepAsked, int64(civil.At(tx.Now().Time().Add(-askedWithin)))); err != nil {
		return err
	}
	_, err := tx.Exec(qSweepSessions, int64(tx.Now()))
	return err
}
