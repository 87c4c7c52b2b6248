// Package sheets takes tables in from spreadsheets and gives them out: CSV and XLSX. It knows no room: what a column
// means is told by the room that asks.
//
// The words. A [Sheet] is what a file holds: its lines with something on them, numbered as in the file. [Columns] are
// the fields that a room looks for and the words under which people head them, in French, Dutch and English. A
// [Mapping] says which field stands in which column; it is remembered by the fingerprint of the head. A [Table] is a
// sheet read under a head: its rows, and aside the lines that are no rows (titles, repeated heads, totals, notes), so
// that nothing disappears without being named. An [Entry] is one cell of one row, which reads itself as an amount, a
// date or a count, or refuses by line and column.
//
// What holds whatever the file: every text is valid UTF-8, in NFC, trimmed, without control signs; nothing is larger
// than the [Limits]; a reading ends, with a sheet, with a [fault.Refusal] that names the line and the cell, or with
// an error of the world. It never panics. Formulas are never computed: a formula in a column that is read is refused
// by the name of its cell.
//
// Out: text that a spreadsheet would run (= + - @ and their like) is written so that it stays text; the same rows
// give the same bytes.
package sheets

import "embed"

// Phrases are the refusals in French, Dutch and English; each has a ".todo" that says what to do.
//
//go:embed lang/*.json
var Phrases embed.FS
