package people

import (
	"slices"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// Limits of codes on paper.
const (
	PaperCodeLife  = 14 * 24 * time.Hour // a letter takes days, and lies in a box for some more
	PaperCodeSigns = 12                  // sixty bits: nobody guesses one within its fortnight
	maxPaperCodes  = 200                 // made for one person over the years
)

// Way is how a code on paper comes to its person: both say who they are, the postbox and the face.
type Way string

// The ways.
const (
	ByPost Way = "post"
	AtDoor Way = "door"
)

// Ways lists them.
var Ways = []Way{ByPost, AtDoor}

// Words names the way.
func (w Way) Words() lang.Phrase { return lang.Say("people.way." + string(w)) }

// PaperCode is a code by which a person enters once. Each new one takes the place of the one before.
type PaperCode struct {
	ID      string
	Person  PersonID
	Way     Way
	Made    civil.Instant
	Ends    civil.Instant
	Used    civil.Instant // 0 while it was not
	Revoked civil.Instant // 0 while it was not
}

// State says what a code is worth at an instant: "open", "used", "revoked" or "over".
func (c PaperCode) State(now civil.Instant) string {
	switch {
	case c.Used != 0:
		return "used"
	case c.Revoked != 0:
		return "revoked"
	case c.Ends <= now:
		return "over"
	}
	return "open"
}

// MakePaperCode makes a code for a person, to be printed at once: only its hash is kept. For who has an access to other
// people's data only an administrator makes one; otherwise the office could take any access.
func MakePaperCode(tx *store.Tx, person PersonID, way Way) (code string, c PaperCode, err error) {
	p, err := living(tx, person)
	if err != nil {
		return "", c, err
	}
	var rs fault.Refusals
	if !slices.Contains(Ways, way) {
		rs = append(rs, fault.Refuse("people.refusal.way").At("way"))
	}
	if p.Kind != Natural {
		rs = append(rs, fault.Refuse("people.refusal.access-kind"))
	}
	standing, err := Canonical(tx, p.ID)
	if err != nil {
		return "", c, err
	}
	w, err := entranceOf(tx, standing, tx.Today())
	if err != nil {
		return "", c, err
	}
	if may, _, err := w.open(tx); err != nil {
		return "", c, err
	} else if !may {
		rs = append(rs, fault.Refuse("people.refusal.may-not-enter"))
	}
	if may, err := mayMakeFor(tx, w.roles); err != nil {
		return "", c, err
	} else if !may {
		rs = append(rs, fault.Refuse("people.refusal.code-access"))
	}
	old, err := PaperCodes(tx, person)
	if err != nil {
		return "", c, err
	}
	if len(old) >= maxPaperCodes {
		rs = append(rs, fault.Refuse("people.refusal.many-codes", "limit", maxPaperCodes))
	}
	if err := rs.Err(); err != nil {
		return "", c, err
	}
	for _, o := range old {
		if o.State(tx.Now()) == "open" {
			if _, err := tx.Exec(qRevokePaperCode, o.ID, int64(tx.Now())); err != nil {
				return "", c, err
			}
		}
	}
	code = paperSigns(tx)
	c = PaperCode{ID: tx.ID(), Person: person, Way: way, Made: tx.Now(),
		Ends: civil.At(tx.Now().Time().Add(PaperCodeLife))}
	if _, err := tx.Exec(qInsertPaperCode, c.ID, string(person), string(way), hashed("paper", code), int64(c.Made),
		int64(c.Ends)); err != nil {
		return "", c, err
	}
	tx.Record(store.Line{About: []store.Ref{person.Ref()}, Args: map[string]any{"way": way.Words()}})
	return code, c, nil
}

// mayMakeFor says whether the actor may make a code for somebody with these accesses. The program itself may.
func mayMakeFor(tx *store.Tx, roles []Access) (bool, error) {
	if len(roles) == 0 || tx.Actor() == "" {
		return true, nil
	}
	own, err := AccessOn(tx, PersonID(tx.Actor()), tx.Today())
	return slices.Contains(own, ForAdmin), err
}

// paperAlphabet is Crockford's: no I, L, O or U, which are read as other signs or make words.
const paperAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

func paperSigns(tx *store.Tx) string {
	b := make([]byte, PaperCodeSigns)
	_, err := tx.Dice().Read(b)
	fault.Must(err == nil, "no randomness: %v", err)
	for i := range b {
		b[i] = paperAlphabet[b[i]&31] // thirty-two signs: each as likely as any other
	}
	return string(b)
}

// ShowPaperCode parts a code by fours, as it is printed.
func ShowPaperCode(code string) string {
	var parts []string
	for ; len(code) > 4; code = code[4:] {
		parts = append(parts, code[:4])
	}
	return strings.Join(append(parts, code), " ")
}

// readPaperCode reads a code as people type it: small letters, spaces and hyphens, O for 0, I or L for 1.
func readPaperCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		if strings.ContainsRune(paperAlphabet, r) {
			return r
		}
		return -1
	}, typed)
}

// RevokePaperCode takes a code back that was not used: the letter went astray.
func RevokePaperCode(tx *store.Tx, id string) error {
	c, found, err := store.Find(tx, qPaperCode, scanPaperCode, id)
	if err != nil {
		return err
	}
	if !found || c.State(tx.Now()) != "open" {
		return fault.Refuse("people.refusal.unknown-code")
	}
	if _, err := tx.Exec(qRevokePaperCode, id, int64(tx.Now())); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{c.Person.Ref()}})
	return nil
}

// OpenPaperCode finds whose code was typed; false for one that is wrong, used, taken back or too old, all alike.
func OpenPaperCode(r store.Reader, typed string) (c PaperCode, open bool, err error) {
	c, found, err := store.Find(r, qPaperCodeByHash, scanPaperCode, hashed("paper", readPaperCode(typed)))
	return c, found && c.State(r.Now()) == "open", err
}

// RedeemPaperCode uses a code up and tells whose it is, under the record that stands.
func RedeemPaperCode(tx *store.Tx, typed string) (PersonID, error) {
	c, open, err := OpenPaperCode(tx, typed)
	if err != nil {
		return "", err
	}
	if !open {
		return "", fault.Refuse("people.refusal.paper-code").At("code")
	}
	v, enters, err := Enter(tx, c.Person, "")
	if err != nil {
		return "", err
	}
	if !enters {
		return "", fault.Refuse("people.refusal.may-not-enter").At("code")
	}
	if _, err := tx.Exec(qUsePaperCode, c.ID, int64(tx.Now())); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{c.Person.Ref()}, Args: map[string]any{"way": c.Way.Words()}})
	return v.Person, nil
}

// PaperCodes are those that were made for a person, under all records, the latest first.
func PaperCodes(r store.Reader, person PersonID) ([]PaperCode, error) {
	list, err := Across(r, person, func(r store.Reader, id PersonID) ([]PaperCode, error) {
		return store.List(r, qPaperCodesOf, scanPaperCode, string(id))
	})
	slices.SortStableFunc(list, func(a, b PaperCode) int { return int(b.Made - a.Made) })
	return list, err
}
