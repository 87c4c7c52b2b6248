// Package leaving keeps how cooperators leave, with all their shares or a part of them, from the letter to the payment
// or the queue.
//
// Words. An [Exit] is one departure: its cause (resignation, death, bankruptcy, incapacity, dissolution, loss of a
// quality, exclusion), the lots that leave, the day on which it takes effect, and what they are worth. A departure goes
// by dated [Step]s; nothing is taken out of them, and what was wrong is undone by an opposite step.
//
// Rules are pure and take their articles with them: the [Window] of a resignation, the founders' years, the day of
// effect, the day by which it is paid, the [Worth] of the lots. A share is never worth more than its part of the net
// assets of the last approved accounts.
//
// Two tests stand before any payment (CSA 6:115, 6:116). Both are recorded with their papers, by a decision of the
// board. When one fails the debt waits: it bears no interest, keeps its place by its day of effect, and comes before
// any other distribution. Who leaves may also be met by who comes: a [Passing] hands shares from one to the other, or
// from who died to an [Heir], so that nothing is paid out.
//
// After a death nothing is paid before the [File] of the heirs is whole: their parts make one, each is known and
// reachable on an account, a minor has a guardian, and no paper lacks.
//
// Invariants. No share leaves twice, nor is both handed on and refunded. Debts are paid in the order of the queue. What
// is owed is the sum of the lots' worth, to the cent. Exits, steps, tests, heirs and passings are sealed.
//
// Articles: CSA 6:115 and 6:116 (tests), 6:120 (resignation), 6:121 (end by law), 6:122 (quality), 6:123 (exclusion).
package leaving
