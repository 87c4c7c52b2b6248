// Package vote counts: it weighs a room, applies the cap, and finds quorums, majorities and elections. It is pure: it
// reads no store and no clock, draws no lot, and holds every number as a whole number or an exact fraction.
//
// # Words
//
// A [Voter] is one person in the room with the mandates that this person votes: own shares, bodies represented,
// proxies. A [Roll] is who votes for whom, present and represented; one holder is voted once. A holder is one head.
// [Sides] are heads and shares, always side by side. A [Weighing] is what each mandate weighs before and after the
// cap.
//
// A rule of the bylaws is one of [Weight], [Cap], [Quorum], [Majority] and [Election]. Each is made of terms and
// checked when it is made ([NewCap] and so on) or read from JSON, so an invalid one cannot be built; each compares
// with ==, and says itself in a few sentences (Phrase). The zero value of a rule is "unknown", which is not "none":
// [NoCap] and [NoQuorum] are known to be none.
//
// [Facts] are what is known of one decision; every count may be unknown ([Known]). [Judge] sets a [Rule] against them
// and gives an [Outcome]; [Elect] does the same for seats and candidates. The status of an outcome says how far it
// rests on computation:
//
//   - recomputed: every condition was found from figures, and agrees with what the record states, if it does;
//   - as stated: taken from the record, with what would be needed to recompute it;
//   - differs: the figures contradict the record, or one another, with where they do;
//   - open: nothing is stated, and something is missing.
//
// A [Reckoning] is the computation in words, line by line, as the minutes print it: sentence, finding and article,
// figure. It holds phrases and numbers, no names, so it can be frozen and outlives an erasure.
//
// # What always holds
//
//   - "At least" and "more than" differ on the border; comparisons are exact on 128 bits. Nothing of nothing
//     reaches no threshold.
//   - A cap only takes away; the votes of the mandates sum to the votes of the room; what does not count together with
//     the voter is capped by itself, so a proxy never frees shares from the cap.
//   - The order of voters, candidates and ballots changes nothing.
//   - What is missing is never filled in: a finding is given only when it holds for every value that the missing
//     figure could have. More knowledge never turns a finding round.
//   - A printed percentage never stands on the other side of the border than the votes do.
//
// # Articles served
//
// Votes per share or per head and their cap (bylaws; the cooperative approval's tenth of the votes present and
// represented); amendments, half of the shares and three quarters of the votes, abstentions left out, second
// convening whatever the number (CSA 6:85); object and purpose, four fifths (6:86); each class (6:87). Articles are
// never written here: the rule that is handed in carries the one to cite.
package vote
