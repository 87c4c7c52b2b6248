// Package works keeps what must be built and looked after in the places of the cooperative: the outlook, the sites and
// their money, the participatory days, what occupants built themselves, reclaimed materials, tools lent, the checks
// that an installation needs, and the problems that anybody reports at a door.
//
// # Words
//
// The outlook of a place is made of lines ([Line]), each with what is said of it from a day on ([LineFact]). A [Site]
// has lots, and each [Lot] a ledger of budgets, commitments and invoices ([Cost]). A [Day] is a participatory day; its
// shifts ([Shift]) have seats, and who comes signs up ([Signup]), without an account. A [Duty] is an installation that
// must be checked, an [Inspection] what was found, a [Remark] what must be mended, a [Lifting] the proof that it was. A
// [Door] carries a code, by which a [Problem] is reported and followed.
//
// # Invariants
//
//   - Money and worth are two types: what hours and reuse are valued at ([Worth]) cannot be added to what was paid
//     (money.Cents), and no total of money holds any of it.
//   - A shift never has more people than seats; who comes later waits, and moves up in the order of confirmation.
//     Acts are serial, so this holds for two who confirm at the same moment.
//   - The hours of one person on one day are at most those of a day, and no two shifts of theirs overlap.
//   - No line of the outlook comes after itself, on any day.
//   - Facts of lines and sites, costs, inspections, remarks and liftings are only added, and sealed; a mistake is
//     mended by an opposite entry that says why ([Reverse]).
//   - What may not open is told with its reason ([Barred]): a check that is missing, lapsed or bad, or a grave remark
//     that is not lifted.
//   - What lists show is kept beside what was said, by the same act, and can be made again from it ([Stand]).
//   - Names and contacts of volunteers and of those who report stand in no sealed row and in no line of the journal,
//     and go twelve months after they were of use.
//
// # Articles
//
// How often an installation is checked is data of the house, with its source ([Interval]). Where the house has said
// nothing, the program names the text that says it ([Basis]), or says that the board has to fix it. Volunteers: law
// of 3 July 2005 on the rights of volunteers.
package works
