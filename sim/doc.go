// Package sim lives the life of an invented cooperative, by the same verbs as people use.
//
// [MakeDemo] makes the demonstration: Dynamo Coop with invented people and bodies from June 2015 to December 2025. What
// its sources say is kept: 450 cooperators and 2,848 shares of 250 EUR at the end of 2025, at most 2,268 shares issued
// in June 2017 (how many is invented), the assembly of June 2017. The dice are seeded: the same program makes the same
// names, days and shares.
package sim
