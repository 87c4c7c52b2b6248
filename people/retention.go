package people

import "lieux/base/lang"

// Retention says why a column is kept and for how long: the record of processing that GDPR, article 30, asks for.
// Every room lists its own columns; a test compares the list with the schema.
type Retention struct {
	Table   string
	Columns []string
	What    lang.Phrase // what the columns hold, in a person's words
	Ground  lang.Phrase // legal ground
	Term    lang.Phrase // for how long
	Erased  bool        // cleared when the person is erased
}

// Legal grounds and terms, as phrases of the catalogue.
const (
	groundContract = "people.ground.contract" // GDPR 6.1 b: being a cooperator is a contract
	groundLaw      = "people.ground.law"      // GDPR 6.1 c: CSA 6:24-25 and the minutes
	groundConsent  = "people.ground.consent"  // GDPR 6.1 a
	groundInterest = "people.ground.interest" // GDPR 6.1 f: to run the program safely
	groundNone     = "people.ground.none"     // no personal data

	termBond    = "people.term.bond"    // while the bond lasts, then until erased
	termTen     = "people.term.ten"     // ten years after the bond ended, for the register and the minutes
	termFive    = "people.term.five"    // five years after the mandate ended
	termQuarter = "people.term.quarter" // fifteen minutes
	termHour    = "people.term.hour"    // an hour
	termSession = "people.term.session" // at most seven days
	termAlways  = "people.term.always"  // as long as the cooperative
	termTraces  = "people.term.traces"  // stays after erasure, without a name
)

// Retentions covers every column of this room's tables.
var Retentions = []Retention{
	keep("people_person", "ids", groundLaw, termTraces, false, "id", "kind", "enrolled", "erased_on", "erased_ground"),
	keep("people_person", "name", groundLaw, termTen, true, "given", "family", "name", "form", "enterprise", "sort"),
	keep("people_person", "birth", groundContract, termBond, true, "birth"),
	keep("people_person", "lang", groundContract, termBond, true, "lang"),
	keep("people_former_name", "former", groundContract, termBond, true, "id", "person", "name", "until_on", "recorded"),
	keep("people_key", "keys", groundContract, termBond, true, "key", "person", "kind"),
	keep("people_twin", "keys", groundContract, termBond, true, "key", "person"),
	keep("people_contact", "contact", groundContract, termBond, true,
		"id", "person", "kind", "value", "key", "from_on", "until_on", "recorded"),
	keep("people_address", "address", groundLaw, termTen, true,
		"id", "person", "kind", "from_on", "street", "postcode", "town", "country", "key", "recorded", "corrects",
		"withdrawn"),
	keep("people_house", "house", groundNone, termAlways, false,
		"one", "person", "lang", "zone", "has_shares", "register_decided_on", "register_reference", "founded_on"),
	keep("people_representation", "representation", groundContract, termTraces, false,
		"id", "legal", "person", "from_on", "until_on", "recorded"),
	keep("people_representation", "quality", groundContract, termBond, true, "quality"),
	keep("people_household", "household", groundConsent, termBond, true, "id", "name"),
	keep("people_household_member", "household", groundConsent, termBond, true, "household", "person", "recorded"),
	keep("people_consent_text", "consent-text", groundNone, termAlways, false,
		"id", "kind", "lang", "words", "hash", "from_on"),
	keep("people_consent", "consent", groundConsent, termTraces, false,
		"id", "person", "text", "given_on", "withdrawn_on", "recorded"),
	keep("people_consent", "channel", groundConsent, termBond, true, "channel"),
	keep("people_body", "body", groundNone, termAlways, false, "id", "kind", "name", "parent", "from_on", "until_on"),
	keep("people_mandate", "mandate", groundLaw, termFive, false,
		"id", "body", "person", "role", "rank", "from_on", "until_on", "opened_kind", "opened_id", "closed_on",
		"closed_reason", "recorded"),
	keep("people_decision", "decision", groundLaw, termAlways, false,
		"id", "body", "taken_on", "reference", "wording", "document", "recorded"),
	keep("people_access", "access", groundInterest, termTraces, false,
		"id", "person", "role", "from_on", "until_on", "recorded", "revoked"),
	keep("people_alias", "alias", groundContract, termTraces, false, "id", "alias", "kept", "merged_at", "undone_at"),
	keep("people_alias", "alias-why", groundContract, termBond, true, "why"),
	keep("people_distinct", "distinct", groundContract, termTraces, false, "one", "two", "said_at"),
	keep("people_challenge", "challenge", groundInterest, termQuarter, true,
		"id", "purpose", "person", "email", "token", "code", "asked", "ends", "tries"),
	keep("people_asked", "asked", groundInterest, termHour, true, "id", "email", "caller", "asked"),
	keep("people_passkey", "passkey", groundInterest, termBond, true,
		"id", "person", "name", "credential", "public_key", "kind", "copied", "made"),
	keep("people_passkey_use", "passkey-use", groundInterest, termBond, true, "passkey", "signs", "used"),
	keep("people_paper_code", "paper-code", groundInterest, termBond, true,
		"id", "person", "way", "hash", "made", "ends", "used", "revoked"),
	keep("people_session", "session", groundInterest, termSession, false, "token", "data", "ends"),
}

func keep(table, what, ground, term string, erased bool, columns ...string) Retention {
	return Retention{table, columns, lang.Say("people.keeps." + what), lang.Say(ground), lang.Say(term), erased}
}
