// Package ballot puts the matters of a meeting to the vote: polls are opened, answered, closed, computed, proclaimed.
//
// A [Poll] is one vote on one matter. Opening it copies the rights of the room as it is then: who votes for whom, with
// how many shares. Who arrives later votes on later matters. Its [Method] says how the room answers:
//
//   - hands: tellers count each row of the room and enter votes for, against and abstentions ([Count]);
//   - unanimity: the chair asks whether anybody objects; anybody may demand a count instead ([DemandCount]);
//   - named: two tellers enter each voter on sheets of their own ([Enter]); they are compared voter by voter;
//   - phone: each voter deposits a ballot ([Cast]); a teller enters those of voters without a phone ([Enter]);
//   - none: nothing is asked, because the meeting cannot decide; that it cannot is what is stated ([Ascertain]).
//
// A deposit is one gesture for all that a voter votes: own shares, an organisation, proxies. The last one counts until
// the close, there are never two; the earlier ones stay in the log. What a giver of a proxy instructed is deposited as
// instructed. A receipt is a code of nine signs, found again in the list of ballots after the close.
//
// [ClosePoll] happens once. The outcome is computed by [vote.Judge] under the rule of the day and explained line by
// line; nobody types it. Who left without having voted no longer counts at the vote; what was deposited before leaving
// stays. [Proclaim] is the chair's, and decides a tie where the bylaws say so. A mistake is mended by [Void], which
// says why, and a new poll.
//
// Invariants. One poll is open at a meeting at most. Each right is spent once, whatever the channel. The sums counted
// never exceed the votes in the room. What is closed does not change. Any order of arrivals, proxies, deposits and
// channels gives the same tally.
//
// Articles: quorum and majority of the matter (CSA 6:85, 6:86, 6:87; bylaws), taking part from afar (6:75).
//
// The rights of a poll, each ballot, each count, the close with the digest of its ballots, the proclamation and a
// voiding are sealed. Persons stand here by their ids alone; journal lines name the meeting and the poll, and never
// tell what somebody voted.
package ballot
