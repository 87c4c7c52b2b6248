// Package allocation keeps the list of those who ask for a place to work, and the rounds in which places are given out,
// with a reason for everyone.
//
// # Words
//
// An [Application] is somebody's wish for a place ([Wish]); it stands on the list from the day on which it was made:
// its seniority. Each [Step] of its life is a dated fact. Interest is renewed every so many months ([Rules]): who is
// asked, reminded and does not answer lapses, with the day kept. Those without e-mail answer on a [Slip], which counts
// from the day on which it came ([TakeSlip]). A [Practice] is a craft and what a workshop of it needs once, however
// many share it.
//
// A [Round] gives out spaces of one or more places. What is laid down for it is its [Setup]; what a calculation depends
// on is frozen in a [Run] ([Inputs]); each [Plan] of a run is best by other weights. A [Choice] applies a plan by a
// decision; where it differs from what the program proposed is a [Departure]. The calculation itself is package solver.
//
// # Invariants
//
//   - Seniority, steps, rules, inputs, plans, choices and departures are only added, and sealed. A mistake is mended by
//     an opposite entry ([Mend], [Part], [UndoChoice], [Decline]).
//   - Nobody lapses whose letters have not left, nor before the days that they leave for an answer have passed.
//   - Two applications of one person count once ([Joined]); the program shows doubles ([Doubles]) and joins none.
//   - A plan says for every applicant where they go, or why not and what would have to be different; every such change
//     was tried. The same inputs, weights and seed give the same bytes again ([Replay]).
//   - A plan is applied only while what it was calculated from is still so; otherwise the differences are shown.
//   - Nothing that an applicant reads names another applicant.
//
// # Articles
//
// No article of law decides who gets a workshop: the list has the rules that the house adopts. What was typed is kept
// for as long as the application stands, and a year after it came to nothing (GDPR, article 5.1.e).
package allocation
