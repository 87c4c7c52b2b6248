package pages

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// The pages of a person's own passkeys, and where the browser asks what to sign.
const (
	pathPasskeys   = "/me/passkeys"
	pathNewPasskey = pathPasskeys + "/new"
	pathPasskeyIn  = web.PathSignIn + "/passkey"
)

// maxAnswer is more than a browser's answer ever takes: an attestation of a few kilobytes.
const maxAnswer = 64 << 10

// keepCeremony is what the browser was asked to sign. It lies in the session on the server, and serves once.
const keepCeremony = "passkey.asked"

func (p Pages) passkeyRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + pathPasskeys, Allow: web.Member, Handle: p.passkeys},
		{Pattern: "GET " + pathNewPasskey, Allow: web.Member, Strong: true, Handle: p.newPasskey},
		{Pattern: "POST " + pathNewPasskey + "/asked", Allow: web.Member, Strong: true, Handle: p.askNewPasskey,
			From: pathNewPasskey},
		{Pattern: "POST " + pathPasskeys, Allow: web.Member, Strong: true, Handle: p.addPasskey},
		{Pattern: "GET " + pathPasskeys + "/{id}/removal", Allow: web.Member, Handle: p.askRemoval},
		{Pattern: "POST " + pathPasskeys + "/{id}/removal", Allow: web.Member, Handle: p.removePasskey},
		{Pattern: "POST " + pathPasskeyIn + "/asked", Allow: web.Public, Handle: p.askPasskey, From: web.PathSignIn},
		{Pattern: "POST " + pathPasskeyIn, Allow: web.Public, Handle: p.enterByPasskey, From: web.PathSignIn},
	}
}

// keys is what makes and checks passkeys; false where the program is reached by an address for which browsers keep
// none: a number, or nothing.
func (p Pages) keys(coop string) (*webauthn.WebAuthn, bool) {
	u, err := url.Parse(p.Links)
	if err != nil || u.Hostname() == "" {
		return nil, false
	}
	keys, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: coop,
		RPOrigins:             []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{RequireResidentKey: protocol.ResidentKeyRequired(),
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
		Timeouts: webauthn.TimeoutsConfig{
			Login: webauthn.TimeoutConfig{Enforce: true, Timeout: people.ChallengeLife, TimeoutUVD: people.ChallengeLife},
			Registration: webauthn.TimeoutConfig{Enforce: true, Timeout: people.ChallengeLife,
				TimeoutUVD: people.ChallengeLife}}})
	return keys, err == nil
}

// owner is a person as the ceremony wants them. A browser keeps the handle with the passkey: it is the id of the
// record, which says nothing to others.
type owner struct {
	id   people.PersonID
	name string
	keys []people.Passkey
}

func (o owner) WebAuthnID() []byte          { return []byte(o.id) }
func (o owner) WebAuthnName() string        { return o.name }
func (o owner) WebAuthnDisplayName() string { return o.name }

func (o owner) WebAuthnCredentials() []webauthn.Credential {
	list := make([]webauthn.Credential, len(o.keys))
	for i, k := range o.keys {
		list[i] = webauthn.Credential{ID: k.Credential, PublicKey: k.Public, AttestationFormat: k.Kind,
			Flags:         webauthn.CredentialFlags{UserPresent: true, UserVerified: true, BackupEligible: k.Copied},
			Authenticator: webauthn.Authenticator{SignCount: uint32(k.Signs)}}
	}
	return list
}

// coopName is the name under which a browser shows the passkeys of this program.
func coopName(r store.Reader) (string, error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return "", err
	}
	who, err := people.Get(r, house.Person)
	return who.Full(), err
}

// reader is the signed-in person with their passkeys.
func (p Pages) reader(q *web.Request) (o owner, coop string, err error) {
	o.id, o.name = people.PersonID(q.Who.Person), q.Who.Name
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if coop, err = coopName(v); err != nil {
			return err
		}
		o.keys, err = people.Passkeys(v, o.id)
		return err
	})
	return o, coop, err
}

// passkeyRow is one passkey, in words.
type passkeyRow struct{ id, name, made, used, where string }

func passkeyRows(q *web.Request, r store.Reader, keys []people.Passkey) (rows []passkeyRow) {
	for _, k := range keys {
		row := passkeyRow{id: k.ID, name: k.Name, made: q.P.Date(k.Made.On(r.Zone())), used: q.T("people.passkey.never"),
			where: q.T("people.passkey.one-place")}
		if k.Used != 0 {
			row.used = q.P.Date(k.Used.On(r.Zone()))
		}
		if k.Copied {
			row.where = q.T("people.passkey.copied")
		}
		rows = append(rows, row)
	}
	return rows
}

func (p Pages) passkeys(q *web.Request) error {
	var rows []passkeyRow
	var shares bool
	err := p.DB.View(q.Context(), func(v *store.View) error {
		keys, err := people.Passkeys(v, people.PersonID(q.Who.Person))
		if err != nil {
			return err
		}
		rows = passkeyRows(q, v, keys)
		shares, err = people.SharesAddress(v, people.PersonID(q.Who.Person))
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(passkeysView(rows, p.able(), shares))
}

func (p Pages) newPasskey(q *web.Request) error {
	if !p.able() {
		return web.NotFound
	}
	return q.Page(newPasskeyView(q.Blank()))
}

// askNewPasskey tells the browser what to make: a passkey of this person, on a machine that has none yet.
func (p Pages) askNewPasskey(q *web.Request) error {
	o, coop, err := p.reader(q)
	if err != nil {
		return err
	}
	keys, able := p.keys(coop)
	if !able {
		return web.NotFound
	}
	options, session, err := keys.BeginRegistration(o,
		webauthn.WithExclusions(webauthn.Credentials(o.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return err
	}
	return askBrowser(q, options, session)
}

// askBrowser answers the browser with what it is to sign, and keeps what it will be held to.
func askBrowser(q *web.Request, options any, session *webauthn.SessionData) error {
	kept, err := json.Marshal(session)
	if err != nil {
		return err
	}
	q.Remember(keepCeremony, string(kept))
	q.W.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(q.W).Encode(options)
}

// asked is what this browser was asked to sign: once.
func asked(q *web.Request) (session webauthn.SessionData, found bool) {
	kept := q.Recall(keepCeremony)
	q.Forget(keepCeremony)
	return session, kept != "" && json.Unmarshal([]byte(kept), &session) == nil
}

// answered is what the browser answered; empty when it is too long to be any.
func answered(f *web.Form) []byte {
	answer := f.Raw("answer")
	if len(answer) > maxAnswer {
		return nil
	}
	return []byte(answer)
}

func (p Pages) addPasskey(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	name := f.Need("name", people.MaxPasskeyName)
	if f.OK() {
		k, err := p.made(q, f)
		if err != nil {
			return err
		}
		if k == nil {
			f.Problem(fault.Refuse("people.refusal.passkey"))
			return q.Again(newPasskeyView(f))
		}
		k.Name = name
		_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "people.passkey-add").Once(f.Key()),
			func(tx *store.Tx) error {
				if _, err := people.AddPasskey(tx, *k); err != nil {
					return err
				}
				return p.warn(tx, k.Person, passkeyAdded, name)
			})
		if err == nil {
			q.Flash(web.Yes, q.T("people.passkey.added", "name", name))
			return q.SeeOther(pathPasskeys)
		}
		if !f.Refused(err) {
			return err
		}
	}
	return q.Again(newPasskeyView(f))
}

// made is the passkey that the browser has just made; nil when it does not prove itself.
func (p Pages) made(q *web.Request, f *web.Form) (*people.Passkey, error) {
	session, found := asked(q)
	o, coop, err := p.reader(q)
	if err != nil {
		return nil, err
	}
	keys, able := p.keys(coop)
	if !found || !able {
		return nil, nil
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answered(f))
	if err != nil {
		p.Log.Info("a passkey is not read", "request", q.ID(), "error", err)
		return nil, nil
	}
	made, err := keys.CreateCredential(o, session, parsed)
	if err != nil {
		p.Log.Info("a passkey does not prove itself", "request", q.ID(), "error", err)
		return nil, nil
	}
	return &people.Passkey{Person: o.id, Credential: made.ID, Public: made.PublicKey, Kind: made.AttestationFormat,
		Copied: made.Flags.BackupEligible}, nil
}

// ownPasskey is the passkey of the address, when it is the reader's.
func (p Pages) ownPasskey(q *web.Request) (row passkeyRow, last bool, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		keys, err := people.Passkeys(v, people.PersonID(q.Who.Person))
		if err != nil {
			return err
		}
		last = len(keys) == 1
		for _, r := range passkeyRows(q, v, keys) {
			if r.id == q.Path("id") {
				row = r
				return nil
			}
		}
		return web.NotFound
	})
	return row, last, err
}

func (p Pages) askRemoval(q *web.Request) error {
	row, last, err := p.ownPasskey(q)
	if err != nil {
		return err
	}
	return q.Page(removalView(q.Blank(), row, last))
}

func (p Pages) removePasskey(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "people.passkey-remove").Once(f.Key()),
		func(tx *store.Tx) error {
			keys, err := people.Passkeys(tx, people.PersonID(q.Who.Person))
			if err != nil {
				return err
			}
			name := ""
			for _, k := range keys {
				if k.ID == q.Path("id") {
					name = k.Name
				}
			}
			if err := people.RemovePasskey(tx, people.PersonID(q.Who.Person), q.Path("id")); err != nil {
				return err
			}
			return p.warn(tx, people.PersonID(q.Who.Person), passkeyRemoved, name)
		})
	if err != nil {
		return missing(err)
	}
	q.Flash(web.Yes, q.T("people.passkey.removed"))
	return q.SeeOther(pathPasskeys)
}

// askPasskey tells the browser what to sign; whose passkey it is, the browser says.
func (p Pages) askPasskey(q *web.Request) error {
	if err := p.tried(q, "passkey"); err != nil {
		return err
	}
	keys, able := p.keys("-")
	if !able {
		return web.NotFound
	}
	options, session, err := keys.BeginDiscoverableLogin()
	if err != nil {
		return err
	}
	return askBrowser(q, options, session)
}

// enterByPasskey lets in whom the passkey proves. Every refusal has the same words: who tries keys learns nothing.
func (p Pages) enterByPasskey(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	if err := p.tried(q, "passkey"); err != nil {
		return err
	}
	k, err := p.proves(q, f)
	if err != nil {
		return err
	}
	var who people.PersonID
	if k != nil {
		err = p.DB.Touch(q.Context(), func(tx *store.Tx) (err error) {
			who, err = people.UsePasskey(tx, k.ID, k.Signs)
			return err
		})
		if err != nil && fault.Of(err) == nil {
			return err
		}
		if err != nil { // a copy of a key, or somebody who left
			p.Log.Warn("a passkey is refused", "request", q.ID(), "error", err)
		}
	}
	if who == "" {
		email := q.Blank().Set("next", web.LocalPath(f.Raw("next")))
		email.Problem(fault.Refuse("people.refusal.passkey-unknown"))
		return q.Render(http.StatusUnprocessableEntity, askView(email, true))
	}
	q.Remember(keepNext, web.LocalPath(f.Raw("next")))
	return p.enter(q, web.Signed{Person: string(who), How: web.ByPasskey, Key: k.ID})
}

// proves is the passkey with which the browser has just signed, with how often it now has; nil when it proves nobody.
func (p Pages) proves(q *web.Request, f *web.Form) (*people.Passkey, error) {
	session, found := asked(q)
	keys, able := p.keys("-")
	if !found || !able {
		return nil, nil
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answered(f))
	if err != nil {
		p.Log.Info("a passkey is not read", "request", q.ID(), "error", err)
		return nil, nil
	}
	var k people.Passkey
	var world error
	find := func(credential, _ []byte) (webauthn.User, error) {
		world = p.DB.View(q.Context(), func(v *store.View) (err error) {
			k, found, err = people.ByCredential(v, credential)
			return err
		})
		if world != nil || !found {
			return nil, fault.Refuse("people.refusal.unknown-passkey")
		}
		return owner{id: k.Person, name: "-", keys: []people.Passkey{k}}, nil
	}
	_, _, err = keys.ValidatePasskeyLogin(find, session, parsed)
	if world != nil {
		return nil, world
	}
	if err != nil {
		p.Log.Info("a passkey does not prove itself", "request", q.ID(), "error", err)
		return nil, nil
	}
	k.Signs = int64(parsed.Response.AuthenticatorData.Counter)
	return &k, nil
}
