package app

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/sitting"
)

// signedByPasskey is for sitting.Hooks.Passkey: one of the person's own passkeys signed the challenge, at the address
// at which it was asked, and its owner was verified by the device (WebAuthn, level 3, section 7.2).
func signedByPasskey(tx *store.Tx, who people.PersonID, a sitting.Assertion) (sitting.Key, error) {
	no := fault.Refuse("sitting.refusal.passkey").At("answer")
	at, err := url.Parse(a.Origin)
	if err != nil || at.Hostname() == "" {
		return sitting.Key{}, no
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(a.Answer))
	if err != nil {
		return sitting.Key{}, no
	}
	keys, err := people.Passkeys(tx, who)
	if err != nil {
		return sitting.Key{}, err
	}
	i := slices.IndexFunc(keys, func(k people.Passkey) bool { return bytes.Equal(k.Credential, parsed.RawID) })
	if i < 0 {
		return sitting.Key{}, no
	}
	k := keys[i]
	err = parsed.Verify(base64.RawURLEncoding.EncodeToString(a.Challenge), at.Hostname(), "", []string{a.Origin}, nil, nil,
		protocol.TopOriginExplicitVerificationMode, false, true, true, k.Public, protocol.SignaturePolicy{})
	if err != nil {
		return sitting.Key{}, no
	}
	if _, err := people.UsePasskey(tx, k.ID, int64(parsed.Response.AuthenticatorData.Counter)); err != nil {
		return sitting.Key{}, err
	}
	return sitting.Key{Credential: k.Credential, Public: k.Public}, nil
}
