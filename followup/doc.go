// Package followup keeps what comes after a decision: the register of resolutions, the tasks that the law or the
// members attach to a decision with their deadlines, and the reports of committees and working groups.
//
// A [Resolution] is read, never written here: it is a matter of a record (assembly) or a decision that a body took
// otherwise (people). A [Task] is owed because of a decision: the law's own are found from the record ([Duties]), the
// others are written by hand. A task is done with a day and, where there is one, its evidence; a mistake is undone by a
// second entry that says why, so the history of a task is a list of [Step]s and its state is the last one.
//
// A [Report] is what a committee or a working group tells, with its document; nothing in it is changed afterwards, a
// later report corrects an earlier one.
//
// Invariants: a duty has one key, made of its kind and its object, and so one history. Steps and reports are sealed.
//
// Articles served: deposit of the accounts (CSA 3:10), publication (CSA 2:8), notarial deed of a change of the bylaws
// (CSA 6:85).
package followup
