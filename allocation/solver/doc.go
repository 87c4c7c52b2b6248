// Package solver proposes who goes where in a house of workshops, and why.
//
// # The subject
//
// A house has spaces and a list of applicants. Some spaces become collective workshops, each of one practice: those who
// share one pay for the common area and the common tools once. The solver proposes which spaces become workshops of
// which practices and who goes where; people decide. Several plans, each best for other weights, lie side by side.
// Individual workshops and residencies may instead be given out by deferred acceptance ([Match]).
//
// # Words
//
//   - A round ([Round]): spaces, practices, applicants, those who sit already, what works may cost, pins.
//   - A plan ([Plan]): who goes where ([Solve]), counted criterion by criterion ([Criteria]); weights make a score
//     of them; the bound is a score that no plan goes above, whoever makes it.
//   - A column: a workshop that a space may hold, with its members. The exact method ([Options.Prove]) chooses one for
//     each space so that nobody is in two. It gives a price to each applicant, to each rule between neighbours (a
//     quarrel) and to each three of whom one column at most takes two (a crowd); what the spaces choose at these
//     prices, each for itself, and all prices together are worth at least the best plan.
//   - Hope: a score near the bound that the exact method takes for reached, so that few columns matter. Either there is
//     such a plan, or the bound falls to it.
//   - Sitting: has a place. Who sits keeps one, moves only with consent, and shares only with consent.
//   - A block ([Block]): one reason why a space cannot take an applicant.
//   - Passed over: a later applicant of the same practice is placed. The reason is stated, and is a rule, never the
//     score.
//   - A change ([Change]): what would have to be different. A reason ([Reason]) for who is refused carries the smallest
//     changes known, and they were tried: the round was changed and solved again, and they were placed.
//   - A pin ([Pin]): what people decide beforehand, to see what would follow.
//
// # Invariants
//
//   - Every plan keeps every rule: area with the common area once, seats, services by the day they are needed, load,
//     door, height, budget, nuisances and fire within a room and between neighbours, the money for works, consent.
//   - A best plan passes nobody over: an earlier applicant who could take the place of a later one of the same practice
//     without further works would make the score higher, as a day of waiting is worth at least 1. A plan that is not
//     proven best is mended until nobody is passed over.
//   - Scores are whole numbers. The same round, weights, seed and steps give the same plan on every machine.
//   - score ≤ optimum ≤ bound. Where they are equal the plan is proven best; where the exact method ends they are.
//
// # Sources
//
// D. Gale and L. Shapley, College admissions and the stability of marriage (1962); A. Geoffrion, Lagrangean relaxation
// for integer programming (1974); F. Barahona and R. Anbil, The volume algorithm (2000), by which prices are mended;
// M. Jepsen and others, Subset-row inequalities (2008), which are the crowds; the rules of the list are those that the
// house adopts: no article of law decides who gets a workshop.
//
// The package is pure: no store, no clock, no dice but those of the seed.
package solver
