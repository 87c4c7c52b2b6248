// Package bylaws holds the rules in force on a day.
//
// The text of the bylaws stands in versions. Beside the articles each version has rules: values that the product
// applies (how a vote weighs, a cap, a quorum, days of notice), each with the article and the words it rests on, its
// source and how sure we are. Two other layers stand around the bylaws: mandatory law above, default law below. [On]
// resolves the three for a day: mandatory law prevails, then the bylaws, then default law. A key without a value is
// unknown, and the product says so instead of assuming: what was in force before 2020 has not been read.
//
// An amendment that the assembly adopted is pending ([Propose]). It comes into force with the notarial deed
// ([RecordDeed], CSA 6:85): only then does a new version exist. Versions, amendments and deeds are sealed in the
// journal.
//
// The product gives no legal advice; data/law.yaml names for each rule where it was read.
package bylaws
