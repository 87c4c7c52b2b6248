// Package places keeps the places that the cooperative owns or runs, what they consist of, and who is in them.
//
// # Words
//
// A [Place] is a property with its address, its purchase and its title. It consists of parts: a building, a floor, a
// [Space]. What is said of a place or a part is a fact from a day on ([PlaceFact], [Fact]): a later fact takes its
// place, and none is overwritten. A space is let to one occupant, shared by several ([Collective]), or common to all.
// An [Occupancy] is who is in a space, from when to when, on which terms; each [Entry] says what was known of it from
// the moment at which it was written. A [Plan] is a drawing of a place or a floor from a day on, whose shapes carry the
// codes of the spaces.
//
// What everybody may see of a place is an [Outside], written by the office. An occupant is seen by a [Card] that they
// wrote themselves: while they consent, are in a place that is shown, and the office has not hidden it. A flat is asked
// for from outside by an [AskedStay]. A [Glance] is how a place stands until the next day on which it may stand
// otherwise. A [Task] is what waits: a trial to be evaluated or followed by terms, stays to be answered; the rooms
// above show it to who must act.
//
// # Invariants
//
//   - Every reading takes two days: the day that is asked about, and the day on which it was known ([When]).
//   - No day has more occupants in a space than it holds: a space that is let whole has one, a collective one at most
//     its own area, a building site nobody. Acts are serial, so this holds for two who enter at the same moment, on
//     both engines.
//   - Facts, occupancies, their entries and plans are only added, and sealed. A mistake is mended by an opposite entry
//     that says why ([Withdraw], [Undo]).
//   - Areas that do not add up are told ([Gaps]), never made to fit.
//   - A picture that others see holds what draws it and nothing of the camera ([Bare]); one that is too large to be
//     unfolded is refused ([Unfolds]).
//   - A drawing holds what [Clean] let through: no script, no style, no address, and no colour that could pass for a
//     state.
//
// # Figures
//
// Areas are whole square decimetres ([Area]), fees are cents for a square metre and a month. A forecast names what it
// takes for granted ([Forecast]).
//
// # Articles
//
// Agreements are kept ten years after their end (former Civil Code, article 2262bis; new one, book 5).
package places
