// Package people keeps who is who: natural and legal persons, who represents whom, the bodies of the cooperative
// and the mandates in them, the consents given, who may enter the program, and the right of each person to be
// forgotten.
//
// # Words
//
// A person is natural or legal, and is not an e-mail address: two persons may share one, and one may have none. A
// house is the cooperative itself, a legal person flagged once. A body is the general assembly, the board, a
// committee or a working group; a mandate is a seat in it with its dates; a decision is what a body decided, to
// which other rooms point. Access grants (administrator, office, board) are dated facts of their own: a mandate
// opens no door of the program.
//
// # Invariants
//
//   - An address is never overwritten: a move adds a row, a correction withdraws one and adds another that names
//     it.
//   - A merge writes one alias row and moves nothing: undoing it brings back both records as they were.
//   - Mandates, grants, consents and representations are dated; they end by a date, never by being deleted.
//   - Journal lines hold names or contacts only when they are private, so that erasing a person erases them too.
//   - The last administrator cannot lose the grant.
//   - A person whom the law obliges us to keep (a holder of shares, CSA 6:24-25) is not erased; the refusal says
//     until when.
//
// # Journal
//
// Lines name persons, bodies and mandates by their refs ("person", "body", "mandate", "decision"). An argument may
// be a [lang.Phrase] (a role, a reason, a ground): the reader of the journal puts it into words.
//
// The lines of [Rename], [AddContact], [EndContact], [Move], [LoseAddress] and [CorrectAddress] are private: they must
// not be called in an act that seals rows. [Enroll], [OpenMandate], [Decide] and the others may.
//
// # For the rooms above
//
// Their SQL may join people_person (id, sort, erased_on) and nothing else of this room: these columns stay. What
// they must tell this room goes through [Hooks].
package people
