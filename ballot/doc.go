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
// stays. While somebody who is there has not voted, a person is asked first ([UnusedOf]). [Proclaim] is the chair's,
// and decides a tie where the bylaws say so; whoever writes it down says that the chair has proclaimed. A mistake is
// mended by [Void], which says why, and a new poll. [Annex] is who voted what, for the minutes; [VoidOf] what was
// taken back.
//
// An election goes by rounds, each a poll with its [Race]: who stands, for how many seats, by the rule of the bylaws
// ([vote.Elect]). Ballots bear [Marks]; on paper, tellers count the votes of each candidate ([CountPapers]). Who
// remains stands in the next round; dice thrown in the room part candidates with equal votes where the bylaws say so
// ([DrawLot]). Candidates are entered and withdrawn at the meeting ([Stand], [Withdraw]) and keep their numbers.
// [ContestOf] is the whole.
//
// A [Draw] by lot is a ceremony of package sortition, step by step, each step an act: the pool is frozen and its hash
// shown ([FreezePool]), members lay words down and reveal them, dice are thrown last, the list appears; who refuses
// passes to the next ([Leave]). Before the dice it may be taken back, after them never: who could draw again would
// choose.
//
// A body decides in writing when all who sit in it agree ([Written]). An objection, or an answer that is no agreement,
// brings it to the next meeting; what is late lapses; what needs a notarial deed is not decided so.
//
// Invariants. One poll is open at a meeting at most. Each right is spent once, whatever the channel. The sums counted
// never exceed the votes in the room. What is closed does not change. Any order of arrivals, proxies, deposits and
// channels gives the same tally.
//
// Articles: quorum and majority of the matter (CSA 6:85, 6:86, 6:87; bylaws), taking part from afar (6:75).
//
// The rights of a poll, each ballot, each count, the close with the digest of its ballots, the proclamation and a
// voiding are sealed; so are candidacies, lots, the steps of a draw, and what is proposed and answered in writing.
// Persons stand here by their ids; names in the pool of a draw leave with who is erased. Journal lines name the meeting
// and the poll, and never tell what somebody voted.
package ballot
