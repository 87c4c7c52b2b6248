// Package papers holds documents as trees (minutes, prints of the register, certificates, proofs, letters) and draws
// them as HTML, plain text, PDF and as a file of an office program (ODT).
//
// What is frozen and hashed is the tree, never a drawing: [Encode] writes it as canonical JSON, [Hash] is the SHA-256
// of those bytes behind a domain prefix, and [Decode] takes nothing but canonical bytes. A drawing may become more
// beautiful in twenty years; the hash of the minutes stays.
//
// A tree names no natural person. It holds [Who] nodes: the person's id and a commitment, that is SHA-256(domain,
// salt, name). [Seal] makes the commitments when a paper is frozen and gives back names and salts, which the room
// keeps beside the tree and may erase. A drawing asks [Names]; who is no longer known is drawn as "[personne
// effacée]", and the hash stands. Drawn signatures stand beside the tree in the same way ([Hands]). A [Personal] part
// stands in the legal version of a paper and not in its [Public] one.
//
// Words. A paper has a title, a house (who issues it), a kind and blocks. A block is one of: [Heading], [Paragraph],
// [List], [Table], [Facts], [Reckoning], [Bars], [Map], [Decision], [BeforeAfter], [Aside], [Proof], [Signatures],
// [Hint], [Address], [QR], [PageBreak], [Personal]. The words of blocks are a [Line]: inlines of text, strong,
// emphasis, code, a note's mark, a person.
//
// What is printed to be used and thrown away is no tree: cards, lists to sign, ballots ([Cards], [PrintList],
// [PrintForms]), and forms to fill in with a pen or on a screen ([PrintFillable], [ReadForm]). PDFs of others are read
// with limits and printed behind our letters ([ReadAnnex], [Bundle]).
//
// Invariants. Text is valid UTF-8, NFC, without control signs. Headings start at level 2 below the title and skip
// none. A row has as many cells as the table has columns. A PDF made twice from one paper has the same bytes. No sign
// is drawn as an empty box: a sign that the faces lack is replaced by what people write instead of it, or the drawing
// is refused and names the sign.
package papers
