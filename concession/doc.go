// Package concession keeps to whom the places are entrusted, on what terms, and how well they are run.
//
// # Words
//
// A [Concession] entrusts a place to a manager, an organisation known by people. What holds of it from a day on is a
// [Fact]: its state and its [Terms]. An open point is a place that is run while its contract is still to be settled.
// The [Charter] says what managers respect; its versions are adopted by the assembly, and each [Article] is linked to
// indicators that are computed ([Indicator]) and to questions that are asked. An [Evaluation] is made by the
// accompaniment committee, whose mandates come from the draw of the assembly: answers, visits, the manager's reply, an
// advice. A [Result] is what a manager earned in a year; the [Rule] of the terms makes of it what is due ([Reckoned]).
// The [Clock] tells what a concession that comes to its end asks for, and by when.
//
// # Invariants
//
//   - A place has one manager on a day.
//   - A fact is never overwritten: the next one takes its place, and a mistake is mended by an opposite entry that says
//     why ([Withdraw]).
//   - A concession does not lapse in silence: who runs the place after its last day without a decision still runs it,
//     and the clock says so, in letters and on the dashboard, until somebody decides.
//   - An evaluation is made by the Charter of the day on which it was opened, and its indicators are those of that
//     moment, with how they were counted.
//   - Who answers has a mandate on that day, and neither occupies nor runs the place ([Panel]).
//   - A manager acts on the places that it runs, and on no other ([Acting]).
//   - What is due of a year is reckoned from the results that stand, by the clause of the last day of that year, in
//     whole cents; a correction is another entry, and a mistake has its opposite one ([Unhand]).
//   - Who has no address of e-mail gets the same letters on paper ([Letter]).
//
// Facts, results, papers, versions of the Charter, evaluations and what is said in them are only added, and sealed.
// Words that may name people stand behind a promise and can be erased.
//
// # Articles
//
// Agreements are kept ten years after their end (former Civil Code, article 2262bis).
package concession
