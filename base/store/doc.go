// Package store keeps a cooperative's database: embedded SQLite in a folder, or PostgreSQL.
//
// Every change is an act: [DB.Act] opens the one serial write transaction, lends it as a [Tx], appends a line to
// the hash-chained journal and commits. The acts that wait share one transaction, each in its own savepoint: the
// writer goes from caller to caller, writes their lines together, and answers all after the one commit. Reading is a
// [DB.View]: a snapshot with a deadline, from a pool of its own. Rooms register their SQL with [Q]; the same text
// serves both engines. What the law looks at is sealed ([Tx.Seal]): [DB.Check] finds and names a sealed row that was
// altered by hand.
//
// The measured reasons for this shape, and the traps, are in DECISIONS.md.
package store
