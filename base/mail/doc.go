// Package mail sends letters by e-mail: signing in, convening, thanking. A letter is checked before it leaves (one
// address, one line of subject, bounded), so that nothing typed into a form can add a header or a second reader.
//
// Rooms do not send: they enqueue a job in the transaction of the act, and the job calls a [Sender]. In production
// that is [SMTP], made from one address (smtp://user:password@host:587?from=office@example.be); tests use [Memory].
// A letter with an ID has the same Message-ID each time it is tried, so that the reader's program shows a letter
// sent twice once.
package mail
