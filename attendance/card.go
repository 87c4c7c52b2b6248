package attendance

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strconv"
	"strings"

	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// CodeSigns is the length of the code on a card.
const CodeSigns = 8

// alphabet is Crockford's: no I, L, O or U, which are read as other signs or make words.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// secretSize is the size of a meeting's secret, in bytes.
const secretSize = 32

// Card is what a code stands for.
type Card struct {
	Meeting meeting.ID
	Entry
	Voter people.PersonID // who votes for the holder now; empty while nobody does
}

// coder makes the codes of one meeting.
type coder struct {
	mac hash.Hash
}

func newCoder(secret []byte) coder { return coder{hmac.New(sha256.New, secret)} }

// code is the first forty bits of HMAC-SHA256(secret, "card/" + holder) in eight signs. Who has one card learns nothing
// of another; a code guessed at random is somebody's with a chance of the number of holders in 2^40.
func (c coder) code(holder int64) string {
	c.mac.Reset()
	c.mac.Write([]byte("card/" + strconv.FormatInt(holder, 10)))
	bits := binary.BigEndian.Uint64(c.mac.Sum(nil)) >> 24
	var signs [CodeSigns]byte
	for i := CodeSigns - 1; i >= 0; i-- {
		signs[i] = alphabet[bits&31]
		bits >>= 5
	}
	return string(signs[:])
}

// ParseCode reads a code as people type it or as a scanner sends it: small letters, spaces and hyphens, O for 0, I or L
// for 1, or the whole address of which it is the end. ok is false when it is no code.
func ParseCode(text string) (code string, ok bool) {
	text = strings.TrimSpace(text)
	text = text[strings.LastIndexByte(text, '/')+1:]
	text, _, _ = strings.Cut(text, "?")
	code = strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '\u00a0' || r == '\u202f':
			return -1
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		if strings.ContainsRune(alphabet, r) {
			return r
		}
		return '!'
	}, text)
	return code, len(code) == CodeSigns && !strings.Contains(code, "!")
}

// ShowCode parts a code in the middle, as cards print it.
func ShowCode(code string) string {
	if len(code) != CodeSigns {
		return code
	}
	return code[:CodeSigns/2] + " " + code[CodeSigns/2:]
}

// PrepareCards makes the secret from which the codes of a meeting follow. Codes then stay what they are, so cards may
// be printed before the roll is frozen. Doing it again changes nothing.
func PrepareCards(tx *store.Tx, id meeting.ID) error {
	if _, err := going(tx, id); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	_, err := secretFor(tx, id)
	return err
}

// secretFor is the secret of a meeting, made when there is none.
func secretFor(tx *store.Tx, id meeting.ID) ([]byte, error) {
	secret, found, err := store.Find(tx, qSecret, store.Bytes, string(id))
	if err != nil || found {
		return secret, err
	}
	secret = make([]byte, secretSize)
	if _, err := tx.Dice().Read(secret); err != nil {
		return nil, err
	}
	_, err = tx.Exec(qInsertSecret, string(id), secret, int64(tx.Now()))
	return secret, err
}

// Coder gives the codes of a meeting by holder; false while no cards are prepared.
func Coder(r store.Reader, id meeting.ID) (code func(holder int64) string, ready bool, err error) {
	secret, ready, err := store.Find(r, qSecret, store.Bytes, string(id))
	if err != nil || !ready {
		return nil, false, err
	}
	return newCoder(secret).code, true, nil
}

// CodeOf is the code on the card of one holder; empty while no cards are prepared.
func CodeOf(r store.Reader, id meeting.ID, holder int64) (string, error) {
	code, ready, err := Coder(r, id)
	if err != nil || !ready {
		return "", err
	}
	return code(holder), nil
}

// ByCode finds the holder whose card bears a code, however it is typed. A code that two holders share opens nothing:
// among ten thousand holders that happens to two of them at one meeting in twenty thousand, and the desk knows them by
// name. Before the roll is frozen it looks through the one that is expected.
func ByCode(r store.Reader, id meeting.ID, text string) (Card, bool, error) {
	code, ok := ParseCode(text)
	if !ok {
		return Card{}, false, nil
	}
	entries, err := bearing(r, id, code)
	if err != nil || len(entries) != 1 || entries[0].Struck {
		return Card{}, false, err
	}
	card := Card{Meeting: id, Entry: entries[0]}
	seat, seated, err := seatOf(r, id, card.Holder)
	if err != nil || seated {
		card.Voter = seat.Person
		return card, err == nil, err
	}
	p, there, err := livingOf(r, id, card.Holder)
	if err == nil && there && p.AcceptedAt != 0 {
		_, here, e := store.Find(r, qPresence, scanPresence, string(id), string(p.To))
		if err = e; here {
			card.Voter = p.To
		}
	}
	return card, err == nil, err
}

// bearing are the entries whose cards bear a code.
func bearing(r store.Reader, id meeting.ID, code string) (found []Entry, err error) {
	_, isFrozen, err := rollDay(r, id)
	if err != nil {
		return nil, err
	}
	if isFrozen {
		return store.List(r, qEntriesCoded, scanEntry, string(id), code)
	}
	codes, ready, err := Coder(r, id)
	if err != nil || !ready {
		return nil, err
	}
	m, err := known(r, id)
	if err != nil {
		return nil, err
	}
	f, err := Expected(r, m)
	for _, e := range f.Entries {
		if codes(e.Holder) == code {
			found = append(found, e)
		}
	}
	return found, err
}
