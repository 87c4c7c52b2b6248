// Package convening sends the letters of a meeting, keeps the proof that they left, and gathers the written questions.
//
// A [Dispatch] is one act: it freezes who is invited, keeps the text of the letter in three languages, and marks the
// meeting as convened. Its kinds are the convening itself, a letter to those who joined since, a reminder, a changed
// date or place, a subject added, a cancellation. Before it one has a last look ([LookAt]): how many letters by e-mail,
// how many by post, whom no address reaches. The look bears a seal; a dispatch made on another look is refused, so that
// a stale page sends nothing.
//
// The letters ([Letter]) are then made in pieces by the worker ([Post]), because ten thousand of them fit in no act. A
// letter is the text behind an address and a greeting; its tree names the addressee, the address and the e-mail by
// commitments alone, and is sealed by its hash. What was used (name, address, salts) lies beside it and is erased with
// the person: hash and seal stand.
//
// What happens to a letter afterwards (taken by the mail server, refused, come back) is noted beside it and is no act,
// except what a person says: a bounce, a batch handed to the post, a letter sent again by another channel.
//
// Words. Invited: those to whom a dispatch goes, by name and number, with the shares of that day. A batch is the
// letters that are printed and posted together, sorted by postcode, with a cover sheet. A written question is asked
// before the meeting by somebody who is invited; answers may be given for several at once, or refused with the reason.
//
// Invariants. Every invited person has a letter, or stands in the list of those whom no address reaches. A letter
// leaves at least once, and each time with the same Message-ID. One meeting is convened once.
//
// Articles: notice of the bylaws or of the law (CSA, book 6), e-mail to those who gave an address (CSA 2:32), taking
// part from afar (6:75), questions before the assembly (6:77).
package convening
