package register

import (
	"lieux/base/store"
	"lieux/people"
)

// Reading is a part of the register that holders may read; it is the verb by which the journal notes that one did.
type Reading string

// What holders read of the register beside the list of who holds what.
const (
	ReadMovements Reading = "register.consult"
	ReadPrint     Reading = "register.consult-print"
)

// Consult notes that a holder, or who acts for one, read a part of the register: what is open to so many leaves a
// line of who looked (CSA 6:25). What the office and the board read for their work is no consultation.
func Consult(tx *store.Tx, holder people.PersonID) {
	tx.Record(store.Line{About: []store.Ref{holder.Ref()}})
}
