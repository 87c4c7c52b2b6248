// Package offer keeps the campaigns by which the cooperative asks the public for shares, and watches the thresholds of
// the public offer.
//
// # Words
//
// A [Campaign] says what for, how many shares of which class, from when to when, and beforehand what happens when too
// little or too much is asked. A [Figure] is a threshold of the law with its article, its source and the day from which
// it is valid; the cooperative adds one when the law moves, and says whether crossing it warns or stops ([Setting]). A
// [Paper] is an information note or a prospectus that covers the offer for a time. [Guard] compares, [Mentions] says
// what every public document must say, [ScaleBack] shares out too few shares among too many.
//
// # Invariants
//
//   - The terms of a campaign are fixed by a decision of the board before it opens, and sealed. The last day may be put
//     off by another decision; nothing else of them changes.
//   - A threshold is crossed by the first cent above it. Twelve months end with the day that is asked about, which
//     counts.
//   - What [ScaleBack] gives adds up to the shares there are, nobody gets more than they asked, nor less than their
//     least unless nothing. A closing keeps what was asked, the rule and what it gave: [Closing.Recomputed] does it
//     again.
//   - Before its opening a campaign is nobody's business but the house's.
//
// # For the rooms above
//
// They fill [Hooks] with what is asked and what was raised; without them the register's issues answer.
//
// # Articles
//
// Law of 11 July 2018 on public offers of investment instruments, articles 7, 10 and following; each figure names its
// own. This is no legal advice.
package offer
