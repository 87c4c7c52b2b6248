// Package sortition draws persons by lot so that anyone can do the sum again.
//
// # The subject
//
// An assembly draws the members of a committee among volunteers: three effective members, three substitutes, and
// everybody else in reserve, in one list. Nobody can have steered the list, and nobody needs to believe the
// secretary: the proof is a file that one command verifies with nothing else, and its format (docs/draw-proof.md) is
// short enough for a stranger to write another verifier in an hour.
//
// # Words
//
//   - The pool ([Pool]): natural persons, each once, whatever they hold, represent or vote for. A body comes in
//     through one named representative, who is a person like the others: someone who is there in their own right and
//     for two bodies has one chance.
//   - A leaf: the salted hash of one person of the pool. The leaves are public and say nothing; who holds the salt
//     can show which one is theirs ([Slip]).
//   - The pool's hash: what is shown on the wall before anything else. It covers title, source, seats, exclusions
//     with their reasons, and all leaves.
//   - The ceremony ([Ceremony]): hash shown, words committed, words revealed, dice last and in public. Any other
//     order is refused.
//   - The seed: a hash of the pool's hash, the words and the dice.
//   - The list ([List]): ranks 1 to n. The first are effective, the next substitutes, the others in reserve. Who
//     refuses or leaves is struck out, and everyone behind moves up ([Departure]).
//
// # Invariants
//
//   - The order in which people were typed in changes nothing: leaves are sorted by their own value.
//   - Everything that the outcome depends on is fixed and public before the dice are thrown; the dice come last, so
//     that no one who speaks or keeps silent knows what it will do to the list.
//   - No modulo, hence no modulo bias: everybody is sorted by HMAC-SHA-256(seed, leaf). Each person gets a 256-bit
//     number that nobody could compute before the dice; comparing such numbers favours no one. Taking "a random
//     number modulo 19" would favour the first names of the pool.
//   - The proof names those who were given a seat and nobody else.
//
// # Articles
//
// No article of the Code of companies and associations rules the drawing of a committee by lot: it rests on the
// cooperative's own decision (Dynamo, 2017, item 6 of the assembly), which the title and source of the pool quote.
//
// The room is pure: hours and random bytes are handed in, nothing is stored here.
package sortition
