// Package register keeps who owns the cooperative: classes of shares, cooperators and their numbers, and every movement
// of shares and of the money paid on them.
//
// The register is the only truth about shares. A [Movement] is written once, sealed in the journal and never changed;
// holdings, paid-up amounts, the issued shares and the [Roll] are sums of movements. A mistake is mended by an opposite
// entry that names the movement it mends and says why ([Correct]).
//
// Words. A [ShareClass] has a nominal amount and rights. A [Cooperator] is a person with a number that is never given
// to anyone else; who leaves and comes back finds it again. A lot is what one issue made: it keeps its date of issue
// when it changes hands or class, so that years of holding are never lost. A class has a nominal amount from a day on:
// a split or consolidation ([SplitShares]) tells every lot anew, and follows movements that are recorded late for a day
// before it. [Transfer] records what was done; [Cede] asks the bylaws first. [Undo] takes a whole operation back. Each
// movement has two dates: the day on which it
// takes effect and the day on which it was recorded. [RollOn] answers for any day, as it was known on any day.
//
// Invariants. Register numbers have no gap. The two halves of a transfer sum to zero. On no day, in no lot of any
// holder, are there fewer than no shares, nor more paid than the nominal amount of the shares. The shares of the roll
// are the issued shares. [Audit] looks for the contrary.
//
// Articles: CSA 6:24 and 6:25 (what the register holds, and its electronic form), 6:39 and 6:40 (amounts to be paid),
// 6:54 (who may be transferred to), 6:120 to 6:123 (exits).
package register
