// Package sim lives the life of an invented cooperative, by the same verbs as people use.
//
// [MakeDemo] makes the demonstration: Dynamo Coop with invented people and bodies from June 2015 to December 2025, and
// an assembly to come, half prepared. What its sources say is kept: 450 cooperators and 2,848 shares of 250 EUR at the
// end of 2025, at most 2,268 shares issued in June 2017 (how many is invented), the assembly of June 2017. The dice are
// seeded: the same program makes the same names, days and shares.
//
// [Live] lives years of another one, act by act: subscriptions, payments, transfers, exits, corrections recorded late,
// moves, records joined, bodies and who speaks for them, meetings of the board, and each year a general assembly from
// its draft to its frozen minutes, with a second one where a quorum was missing and the deed of what changed the
// bylaws. It keeps a second book of shares and of who is in the room, by adding only, and compares after every act; at
// the end of a year it asks for every roll again as it was known then, judges the votes anew and verifies every chain.
// A life stops where something does not hold, and says its seed and the act.
//
// In every life shares are also asked for (online, on paper, as a gift), admitted, paid in parts, too much or with a
// wrong communication, read from files of the bank, issued, matched, left and refunded. Whatever was done, five
// invariants hold between the register, the requests, the money, the exits and the papers (sharechecks.go). Small lives
// of a handful of persons go through nothing else, thousands of them; one that fails is shortened to the wishes that
// are needed.
package sim
