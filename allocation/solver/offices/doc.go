// Package offices puts entities into rooms: the general problem of giving out space, on which the solver is measured.
//
// # The subject
//
// Each entity (a person, a service) needs some area and goes into exactly one room. Constraints say who goes where, who
// shares, who is near whom; a hard one must be kept, a soft one costs a penalty when it is not. Area unused costs its
// size, area too many twice its size. The problem and its public instances are those of Nottingham (office space
// allocation), so that anybody may compare.
//
// # Words
//
//   - Misuse: the sum over rooms of what is unused, or of twice what is too many ([Score]).
//   - A search ([Search]): cooling over moves of one entity, of two that change places, of all or some that is in two
//     rooms, and of chains of three; each reckoned by what it changes and nothing else.
//   - A bound ([Bound]): a cost that no answer goes below, whoever finds it.
//   - The exact method ([Exact]): all answers that are not worse already, for cases so small that this ends.
//
// # Invariants
//
//   - Everything is a whole number: areas in dm², costs in hundredths. The same problem, seed and steps give the same
//     answer on every machine; a clock only decides how many steps are taken, and that number stands in the answer.
//   - What a search says of its answer is counted again from the words of the problem ([Problem.Score]).
//   - bound ≤ optimum ≤ what a search finds, and on small cases the last two are equal.
//
// # Sources
//
// Ö. Ülker and D. Landa-Silva, A 0/1 integer programming model for the office space allocation problem (2010), and the
// families PNe150 and SVe150 of its benchmark; D. Landa-Silva and E. Burke, Asynchronous cooperative local search for
// the office space allocation problem (2007); M. Held and R. Karp (1971) and A. Geoffrion (1974) on bounds by prices.
package offices
