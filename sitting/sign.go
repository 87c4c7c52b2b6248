package sitting

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Signature is one signature under the settled text. It is a simple one: its evidence shows that the person who was
// signed in drew, typed or sent it at that moment, no more.
type Signature struct {
	ID     string
	Person people.PersonID
	Charge assembly.Charge // empty for somebody who was there and asked to sign
	Kind   assembly.Signing
	At     civil.Instant
	By     people.PersonID // who entered it: the person, or the office for a scan
	Text   string          // hash of the text that was signed
	Hash   string          // of the text and the evidence
	Void   civil.Instant   // when the text was taken back; 0 while it stands
	// the path that was drawn, the name that was typed, the id of the scan, or the [Assertion] of a passkey with its
	// key, as JSON; empty once erased
	Evidence string
	Origin   string // address at which a passkey was asked, "https://coop.example"; it is kept in the evidence
}

// Assertion is what a passkey answered when it was asked to sign the hash of a text.
type Assertion struct {
	Origin    string `json:"origin"`
	Challenge []byte `json:"challenge"` // that was signed: see [Challenge]
	Answer    string `json:"answer"`    // of the browser, as WebAuthn writes it: what was signed, and the signature
}

// Key is the public half of a passkey. It is kept with the signature, which can be verified when the passkey is gone.
type Key struct {
	Credential []byte `json:"credential"` // its id
	Public     []byte `json:"public"`     // COSE
}

// proof is the evidence of a signature by passkey.
type proof struct {
	Assertion
	Key
}

// Challenge is what a passkey is asked to sign: it stands for one text of one meeting, the person, and the moment at
// which the text was settled, so that an answer serves for nothing else.
func Challenge(s Sitting, who people.PersonID) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "lieux/sitting/passkey/1\x00%s\x00%s\x00%s\x00%d", s.Meeting, who, s.Text,
		s.SettledAt))
	return sum[:]
}

// Hooks are what the application fills.
var Hooks struct {
	// Passkey checks that a passkey of the person gave the answer, and says which. While it is nil, nobody signs so.
	Passkey func(tx *store.Tx, who people.PersonID, a Assertion) (Key, error)
}

// MaxEvidence bounds what proves a signature, in bytes.
const MaxEvidence = 32_000

// Sign puts a signature under the settled text. Everybody signs for themselves; a scan of what was signed on paper may
// be handed in by the office.
func Sign(tx *store.Tx, id meeting.ID, g Signature) error {
	m, s, found, err := known(tx, id)
	if err != nil {
		return err
	}
	if !found || s.State(tx.Now()) != Settled {
		return fault.Refuse("sitting.refusal.not-settled")
	}
	if g.Person == "" {
		g.Person = people.PersonID(tx.Actor())
	}
	if err := g.allowed(tx, m); err != nil {
		return err
	}
	if err := g.proves(tx, s); err != nil {
		return err
	}
	signed, err := Signatures(tx, id)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(signed, func(o Signature) bool { return o.Person == g.Person && o.Void == 0 }) {
		return fault.Refuse("sitting.refusal.signed")
	}
	g.ID, g.At, g.By, g.Text, g.Void = tx.ID(), tx.Now(), people.PersonID(tx.Actor()), s.Text, 0
	g.Hash = g.commitment()
	if err := insertSignature(tx, id, g); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref(), g.Person.Ref()}})
	return tx.Seal(sealSignature, g.ID, g.canonical(id))
}

// allowed finds the charge under which a person signs, and refuses who may not: those of the bureau, and who was there.
func (g *Signature) allowed(tx *store.Tx, m meeting.Meeting) error {
	if tx.Actor() != "" && people.PersonID(tx.Actor()) != g.Person {
		if g.Kind != assembly.Scanned {
			return fault.Refuse("sitting.refusal.sign-other")
		}
		if err := mayRun(tx, m); err != nil {
			return err
		}
	}
	all, err := Officers(tx, m.ID)
	if err != nil {
		return err
	}
	g.Charge = ""
	for _, o := range all {
		if o.Person == g.Person && o.Held() && o.Charge != assembly.NoteTaker {
			g.Charge = o.Charge
			return nil
		}
	}
	there, err := Attended(tx, m.ID, g.Person)
	if err == nil && !there {
		err = fault.Refuse("sitting.refusal.not-there")
	}
	return err
}

// proves checks the evidence of a kind of signature.
func (g *Signature) proves(tx *store.Tx, s Sitting) error {
	if len(g.Evidence) > MaxEvidence {
		return fault.Refuse("sitting.refusal.evidence").At("evidence")
	}
	switch g.Kind {
	case assembly.Drawn:
		return papers.CheckHand(g.Evidence)
	case assembly.Typed:
		p, err := people.Get(tx, g.Person)
		if err != nil {
			return err
		}
		if fold.Text(g.Evidence) != fold.Text(p.Full()) {
			return fault.Refuse("sitting.refusal.typed", "name", p.Full()).At("typed")
		}
		return nil
	case assembly.Scanned:
		_, there, err := documents.Find(tx, g.Evidence)
		if err == nil && !there {
			err = fault.Refuse("sitting.refusal.scan").At("scan")
		}
		return err
	case assembly.Passkey:
		if Hooks.Passkey != nil {
			return g.byPasskey(tx, s)
		}
	}
	return fault.Refuse("sitting.refusal.signing").At("kind")
}

// byPasskey checks the answer of a passkey, and makes it the evidence, together with its key.
func (g *Signature) byPasskey(tx *store.Tx, s Sitting) error {
	p := proof{Assertion: Assertion{Origin: g.Origin, Challenge: Challenge(s, g.Person), Answer: g.Evidence}}
	var err error
	if p.Key, err = Hooks.Passkey(tx, g.Person, p.Assertion); err != nil {
		return err
	}
	g.Evidence = string(canonical(p))
	return nil
}

// SignedWith says which key signed by passkey, in the first sixteen signs of the hash of its id, and what it signed;
// empty for other signatures, and once the evidence is erased.
func (g Signature) SignedWith() (key, challenge string) {
	var p proof
	if g.Kind != assembly.Passkey || json.Unmarshal([]byte(g.Evidence), &p) != nil {
		return "", ""
	}
	sum := sha256.Sum256(p.Credential)
	return hex.EncodeToString(sum[:8]), hex.EncodeToString(p.Challenge)
}

// commitment binds a signature to the text and to its evidence, without holding the evidence.
func (g Signature) commitment() string {
	sum := sha256.Sum256([]byte("lieux/sitting/signature/1\x00" + g.Text + "\x00" + string(g.Person) + "\x00" +
		string(g.Kind) +
		"\x00" + g.Evidence))
	return hex.EncodeToString(sum[:])
}

func (g Signature) canonical(id meeting.ID) []byte {
	return canonical(struct {
		Meeting meeting.ID       `json:"meeting"`
		Person  people.PersonID  `json:"person"`
		Charge  assembly.Charge  `json:"charge,omitempty"`
		Kind    assembly.Signing `json:"kind"`
		At      civil.Instant    `json:"at"`
		By      people.PersonID  `json:"by"`
		Text    string           `json:"text"`
		Hash    string           `json:"hash"`
	}{id, g.Person, g.Charge, g.Kind, g.At, g.By, g.Text, g.Hash})
}

// Missing are those of the bureau whose signature the settled text waits for.
func Missing(r store.Reader, id meeting.ID) (list []Officer, err error) {
	officers, err := Officers(r, id)
	if err != nil {
		return nil, err
	}
	signed, err := Signatures(r, id)
	for _, o := range officers {
		has := slices.ContainsFunc(signed, func(g Signature) bool { return g.Person == o.Person && g.Void == 0 })
		twice := slices.ContainsFunc(list, func(l Officer) bool { return l.Person == o.Person })
		if o.Held() && o.Charge != assembly.NoteTaker && !has && !twice {
			list = append(list, o)
		}
	}
	return list, err
}

// Hands are the drawn signatures under minutes, for a drawing of the paper.
func Hands(r store.Reader, id meeting.ID) (map[string]string, error) {
	signed, err := Signatures(r, id)
	paths := map[string]string{}
	for _, g := range signed {
		if g.Kind == assembly.Drawn && g.Void == 0 && g.Evidence != "" {
			paths[string(g.Person)] = g.Evidence
		}
	}
	return paths, err
}

// Forget erases what proves the signatures of a person, scans too; their hashes stay. It is people's erasure that calls
// it.
func Forget(tx *store.Tx, person people.PersonID) error {
	all, err := everySignature(tx)
	if err != nil {
		return err
	}
	for _, g := range all {
		if g.Person == person && g.Kind == assembly.Scanned && g.Evidence != "" {
			if err := documents.Remove(tx, g.Evidence); err != nil {
				return err
			}
		}
	}
	return forgetEvidence(tx, person)
}

// checks finds evidence that is not what its signature commits to, and evidence that is gone although nobody erased the
// person.
func checks(r store.Reader, found func(store.Finding)) error {
	all, err := everySignature(r)
	if err != nil {
		return err
	}
	for _, g := range all {
		if g.Evidence != "" {
			if g.commitment() != g.Hash {
				found(store.Finding{Code: "evidence-altered", Kind: sealSignature, ID: g.ID,
					Detail: "what proves the signature is not what it commits to"})
			}
			continue
		}
		p, err := people.Get(r, g.Person)
		if err != nil {
			return err
		}
		if p.Erased.IsZero() {
			found(store.Finding{Code: "evidence-removed", Kind: sealSignature, ID: g.ID,
				Detail: "what proves the signature is gone, and nobody erased the person"})
		}
	}
	return nil
}
