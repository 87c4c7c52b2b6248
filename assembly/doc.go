// Package assembly keeps the record of the assemblies: who was there, what was on the agenda, what was decided, what
// the debate retained.
//
// An assembly has items, numbered as the chair wants (gaps allowed: in 2017 there is no item 4). An item holds
// matters, each of one [Kind] that brings its rule. A decision is judged by the bylaws of the day ([bylaws.On]) and
// the facts that are known; its outcome is recomputed, as stated with what is missing, or differs from the record.
// Nothing missing is invented.
//
// A decision works where its subject lives: an election and a draw open mandates, an adopted change of the bylaws
// makes a pending amendment, a working group becomes a body. What the debate retained has an owner and stays open
// until it is answered.
//
// [TakeIn] reads a past assembly from a file (docs/assembly-file.md). The minutes are a tree of base/papers
// ([Minutes]); [Freeze] keeps the tree, its hash and, apart, the names that it commits to, so that erasing a person
// leaves the minutes whole.
//
// With a list of those who were there the room is weighed: each mandate under the person who votes it, and the cap of
// the bylaws over it. An election with its candidates is a [Poll]; a draw with its proof is done again ([Evidence]).
// Names that a proof opens are kept beside what is sealed, as those of frozen minutes are.
//
// Articles served: changes of the bylaws (CSA 6:85), of the purpose with the report of the board (6:86), of the
// rights of classes (6:87).
//
// Matters, proofs, retained points and frozen minutes are sealed in the journal.
package assembly
