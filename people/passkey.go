package people

import (
	"fmt"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// Limits of passkeys.
const (
	MaxPasskeys    = 10 // of one person: telephone, tablet, computers, a stick in the drawer
	MaxPasskeyName = 60
	maxCredential  = 1023 // bytes of a credential's id (WebAuthn, level 3, section 4)
	maxPublicKey   = 4096 // bytes; keys of today have 77 to 600
)

// Passkey is a key that lies in a telephone, a computer or a stick of a person and proves them: the public half of it.
// Nobody else has the other half, and it is good for the address of this program alone.
type Passkey struct {
	ID         string
	Person     PersonID // the record for which it was made: it may have been merged since
	Name       string   // "Mon téléphone"
	Credential []byte   // by which the browser finds it
	Public     []byte   // COSE key
	Kind       string   // format of attestation, as the browser said it: "none"
	Copied     bool     // may lie on several machines: the maker of the telephone keeps a copy
	Made       civil.Instant
	Signs      int64         // how often it has signed, where it counts; 0 otherwise
	Used       civil.Instant // 0 while it never was
}

// AddPasskey keeps a passkey that has just proved itself.
func AddPasskey(tx *store.Tx, k Passkey) (string, error) {
	p, err := living(tx, k.Person)
	if err != nil {
		return "", err
	}
	name, rs := tidy("name", k.Name, MaxPasskeyName)
	if name == "" && rs == nil {
		rs = append(rs, fault.Refuse("people.refusal.passkey-name").At("name"))
	}
	if p.Kind != Natural {
		rs = append(rs, fault.Refuse("people.refusal.access-kind"))
	}
	if len(k.Credential) == 0 || len(k.Credential) > maxCredential || len(k.Public) == 0 || len(k.Public) > maxPublicKey {
		rs = append(rs, fault.Refuse("people.refusal.passkey"))
	}
	if _, there, err := ByCredential(tx, k.Credential); err != nil {
		return "", err
	} else if there {
		rs = append(rs, fault.Refuse("people.refusal.passkey-there"))
	}
	old, err := Passkeys(tx, k.Person)
	if err != nil {
		return "", err
	}
	if len(old) >= MaxPasskeys {
		rs = append(rs, fault.Refuse("people.refusal.many-passkeys", "limit", MaxPasskeys))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	k.ID, k.Name, k.Made = tx.ID(), name, tx.Now()
	if _, err := tx.Exec(qInsertPasskey, k.ID, string(k.Person), k.Name, k.Credential, k.Public, k.Kind,
		asNumber(k.Copied), int64(k.Made)); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{k.Person.Ref()}, Args: map[string]any{"name": k.Name}, Private: true})
	return k.ID, nil
}

// RemovePasskey takes a passkey away. Sessions that were opened with it end: the telephone may be lost.
func RemovePasskey(tx *store.Tx, person PersonID, id string) error {
	keys, err := Passkeys(tx, person)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(keys, func(k Passkey) bool { return k.ID == id })
	if i < 0 {
		return fault.Refuse("people.refusal.unknown-passkey")
	}
	for _, q := range []store.Query{qForgetPasskeyUse, qForgetPasskey} {
		if _, err := tx.Exec(q, id); err != nil {
			return err
		}
	}
	tx.Record(store.Line{About: []store.Ref{person.Ref()}, Args: map[string]any{"name": keys[i].Name}, Private: true})
	return nil
}

// Passkeys are those of a person, under all records, in the order in which they were made.
func Passkeys(r store.Reader, person PersonID) ([]Passkey, error) {
	return Across(r, person, func(r store.Reader, id PersonID) ([]Passkey, error) {
		return store.List(r, qPasskeysOf, scanPasskey, string(id))
	})
}

// ByCredential finds the passkey that a browser names.
func ByCredential(r store.Reader, credential []byte) (Passkey, bool, error) {
	return store.Find(r, qPasskeyByCredential, scanPasskey, credential)
}

// HasPasskey says whether a passkey is still there: a session that was opened with it ends when it is not.
func HasPasskey(r store.Reader, id string) (bool, error) {
	n, err := store.One(r, qHasPasskey, store.Number, id)
	return n > 0, err
}

// UsePasskey notes that somebody has just proved themselves with a passkey that has now signed so often. Call it in a
// Touch: entering is no act. A counter that does not go up where it once did is that of a copy (WebAuthn, level 3,
// section 6.1.1): it is refused, and so is a person who may not enter.
func UsePasskey(tx *store.Tx, id string, signs int64) (PersonID, error) {
	k, found, err := store.Find(tx, qPasskey, scanPasskey, id)
	if err != nil {
		return "", err
	}
	if !found {
		return "", fault.Refuse("people.refusal.unknown-passkey")
	}
	if (k.Signs > 0 || signs > 0) && signs <= k.Signs {
		return "", fault.Refuse("people.refusal.passkey-copy", "name", k.Name)
	}
	v, enters, err := Enter(tx, k.Person, "")
	if err != nil {
		return "", fmt.Errorf("people: the owner of a passkey: %w", err)
	}
	if !enters {
		return "", fault.Refuse("people.refusal.may-not-enter")
	}
	_, err = tx.Exec(qUsePasskey, id, signs, int64(tx.Now()))
	return v.Person, err
}

// SharesAddress says whether somebody else is reached at one of the person's e-mail addresses, and could enter in
// their name. A body whose only representative the person is does not count: nobody else reads its box. Who shares an
// address votes from afar, changes an account number or resigns only when they have entered by a passkey or by a code
// on paper.
func SharesAddress(r store.Reader, person PersonID) (bool, error) {
	own, err := Records(r, person)
	if err != nil {
		return false, err
	}
	for _, id := range own {
		contacts, err := Contacts(r, id)
		if err != nil {
			return false, err
		}
		for _, c := range contacts {
			if c.Kind != Email || !c.On(r.Today()) {
				continue
			}
			if shared, err := sharedWithOthers(r, c, own); err != nil || shared {
				return shared, err
			}
		}
	}
	return false, nil
}

// sharedWithOthers says whether a contact is also that of somebody who is not one of the records of its person.
func sharedWithOthers(r store.Reader, c Contact, own []PersonID) (bool, error) {
	others, err := Sharing(r, c)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		p, err := Standing(r, other)
		if err != nil {
			return false, err
		}
		if slices.Contains(own, p.ID) || !p.Erased.IsZero() {
			continue
		}
		if p.Kind == Natural {
			return true, nil
		}
		reps, err := Representatives(r, p.ID)
		if err != nil {
			return false, err
		}
		alone := false
		for _, rep := range reps {
			if !rep.On(r.Today()) {
				continue
			}
			if alone = slices.Contains(own, rep.Person); !alone {
				break
			}
		}
		if !alone {
			return true, nil
		}
	}
	return false, nil
}
