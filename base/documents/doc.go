// Package documents keeps scans, photographs and papers in the database itself: one file to back up, one
// transaction with the act.
//
// Words: an [Upload] is what the door has read, measured and looked at, outside of any transaction; [Add] makes it
// a [Document] inside an act. A document has an id, a name and an author; its content is known by its SHA-256 and
// lies in pieces of 256 KiB. The same content sent twice is kept once and has two documents.
//
// Invariants: a content has between 1 byte and 25 MB and one of the media types of the list, found by looking at
// it, whatever its name says; its pieces follow each other without gap and add up to its hash (lieux check reads
// them all). A content goes with its last document.
//
// Rooms hold the ids of documents, by foreign key, and decide who may read them.
package documents
