// Package jobs does durable work outside of acts: letters above all.
//
// [Enqueue] notes a job in the transaction of the act that wants it done: both are durable, or neither. A [Worker]
// claims jobs that are due, one at a time for each of its hands, and calls the handler of their kind. What succeeds
// is gone. What fails is tried again, ever more rarely (a minute, five, half an hour, two hours …, some two days in
// all), and then stays, failed and visible, until somebody tries it again or drops it.
//
// A job is done at least once: a machine that dies between the work and the note of it will do it again. A claim
// ends by itself after [Lease]. Payloads hold ids, not names or addresses: the handler looks them up, and an erased
// person gets no letter.
//
// Jobs are no acts and stay out of archives: a restored copy must not send letters that the original sends too.
package jobs
