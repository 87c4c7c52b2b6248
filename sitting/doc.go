// Package sitting is the evening itself: a meeting is opened, goes through its agenda, is closed; its minutes write
// themselves as it goes, are read again, signed and frozen into assembly.
//
// A [Sitting] has a bureau (chair, secretary, tellers, and note-takers who help). It moves by [Step]s from one matter
// to the next; what is voted belongs to the room ballot, who is there to attendance. Beside them stand what a person
// must write: [Incident]s, points [Retained] from the debate with who owes the answer, and notes. A note is a [Block];
// each change says which texts it was made from, so that of two who change one block at once neither is lost: both
// texts stand side by side until somebody joins them.
//
// [Record] composes agenda, polls, notes and points into an assembly.Assembly at any moment: its draft is the minutes.
// After the closing those who were there read the draft within a delay and remark on it ([Remark]); [Settle] fixes the
// text; the bureau signs its hash ([Sign]), simple signatures with their evidence; [Freeze] writes the record, opens
// mandates, makes changes of the bylaws pending, notes each decision of the body and freezes the minutes, in one act.
// The next assembly approves them.
//
// Invariants. A sitting is opened, closed, settled and frozen once each. The bureau of a general assembly sits in the
// room, not behind a screen. A subject that was not announced is dealt with only when all who are there agree, and
// voted on only when everybody who may vote is there. A settled text changes no more; taking it back voids its
// signatures. Each act names its meeting in the journal.
//
// Articles: taking part from afar, incidents in the minutes (CSA 6:75), copies for others signed by those who represent
// the company.
//
// Openings, closings, agreements and signatures are sealed. What proves a signature lies beside its hash, and is erased
// with the person.
package sitting
