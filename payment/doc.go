// Package payment keeps the money that is asked for shares, the money that arrives, and the money that the cooperative
// owes back.
//
// # Words
//
// A [Due] is what a person is asked to pay, once or by instalments ([Term]), with a structured communication of its
// own ([OGM]). A [Receipt] is money that arrived: a line of a bank's file, or written by hand. An [Entry] uses a
// receipt: it pays a due, is paid back, leaves as money of another business, or says that the bank took the payment
// back. A [Credit] is what the cooperative owes for another reason than a receipt, such as the shares of who leaves.
//
// # Invariants
//
//   - Dues, receipts, entries and credits are written once and sealed. An entry is undone by its opposite, which names
//     it; a state is derived from what was written.
//   - The entries of a receipt never use more than its amount; those of a due never pay more than it asks. What is left
//     over of a receipt is owed back.
//   - One movement of the bank is one receipt: the same reference, or the same file, is refused, saying when it was
//     first read and by whom.
//   - Only the exact communication of one open due posts by itself. Everything else waits for a person, with
//     suggestions that say why.
//   - A due that was cancelled or has lapsed pays nothing: what it had received is free again and owed back.
//
// # For the rooms above
//
// They ask ([Ask]), read ([DuesOf], [DuesAbout]) and are told through [Hooks] of every euro that arrives for a due, or
// leaves it again, and of a due that lapsed. A number and a communication may be reserved before there is a due
// ([Reserve]), for forms that are printed blank.
//
// # Articles and sources
//
// Books and their evidence are kept seven years (CDE, articles III.86 and III.88). Structured communication: Febelfin.
// Account numbers: ISO 13616. Payment code: EPC069-12.
package payment
