// Package certificate makes the papers that holders of shares get: the certificate of what they hold on a day, and the
// statement of a year.
//
// # Words
//
// A [Certificate] is one paper: to whom, of which day, and the facts that stood on it, taken from the register as it
// was known then. Its code is printed on it; whoever holds the paper asks by it whether it still says the truth
// ([Confirm]). A [Batch] makes papers for everybody; those who gave an e-mail address get them so, the others on paper,
// in the order of the post.
//
// # Invariants
//
//   - The register is the only truth about shares: a certificate says what it held on a day as known when the paper was
//     made, and nothing that is not in it.
//   - A certificate is written once and sealed. A newer one of the same holder takes its place and names it.
//   - Who confirms a code learns nothing beyond what the paper says, but whether it has changed since, and when.
//   - A code has sixty random bits; the door limits how many may be tried.
//   - Names and addresses are not kept here: they are read from the persons when the paper is drawn, and gone when they
//     are erased.
//
// # Articles
//
// CSA 6:24 and 6:25 (register, and what a holder may have of it). The paper is no negotiable title.
package certificate
