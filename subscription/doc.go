// Package subscription keeps how shares are asked for, and what became of each request: online, on paper, in the office
// or from a member's own space.
//
// Words. A [Request] is what somebody asked: a class, a number of shares, for themselves, as a gift or for a child. A
// [Form] is a blank on paper that was printed with its number and its communication for the payment before anybody
// filled it in. An [Applicant] is what was typed, kept as typed until a person of the books stands for it; only then
// does [people] know anybody.
//
// A request goes by [Step]s: sent, confirmed (the address of e-mail answers), kept waiting, admitted or refused by a
// dated decision of the body that the bylaws name, asked to pay, issued. It may be withdrawn, or lapse when it stays
// unpaid. Instead of new shares it may be met by those of who leaves ([Match], [Meet]). Where it stands is read from
// its steps; nothing is ever taken out of them.
//
// When shares exist is a rule of the bylaws (bylaws.Issue): with the admission, once they are paid, or once the least
// part is. The room issues them by register.Issue, in the act that fulfils the rule.
//
// Invariants. A request is issued at most once, to the person whom it was linked to, at the nominal amount of that day.
// A form has at most one request. A due is asked only after the admission. An admission and a refusal name a decision.
// Steps are sealed.
//
// Articles: CSA 6:105 (admission), 6:39 and 6:40 (payment), 6:24 (register).
package subscription
