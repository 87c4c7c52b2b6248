// Package attendance keeps who may vote at a meeting, who is there, and who carries whose voice.
//
// The roll is the list of those who may vote: at the general assembly the holders of shares at the record date, with
// what they hold of each class; in another body those who sit in it. [FreezeRoll] writes it once and seals it. A
// correction at the door is a decision of the bureau with its reason ([Correct]), never while a poll is open.
//
// What happens at the door is a row of events, numbered from 1 for each meeting, each written once and sealed: somebody
// arrives with what they speak for ([Arrive]), leaves ([Leave]), a proxy is given, accepted, ended ([Give],
// [AcceptProxy], [EndProxy]). A slip is mended by the opposite event ([Undo]). The [Hall] is what follows from the
// events: [RoomAfter] any of them, [RoomNow] after the last. Quorum is therefore a function of presence at a moment.
//
// Words. An [Entry] of the roll is a holder. A holder is seated when there in person, or through who represents an
// organisation. A proxy is living until it ends; it counts while it is accepted, its giver is away and the one who
// holds it is there. The arrival of the giver ends it. Proxies make no chain: who carries a voice does not pass it on,
// so nobody who holds one gives their own. A [Voice] is a person who is there with all the mandates that this person
// votes. A [Card] bears a code of eight signs, made from the meeting's secret and the holder's number.
//
// Invariants. One holder is voted by one person. What is present and represented is never more than what was issued.
// Nobody votes while away. One living proxy for each holder. Any order of the same arrivals, proxies and channels gives
// the same room. The rows that answer quickly are what the events give; [store.DB.Check] compares them.
//
// Articles: who may represent whom is a rule of the bylaws, and of the law where they are silent ([bylaws.Proxies];
// CSA, book 6); who takes part from afar is held to be present (CSA 6:75).
//
// Persons stand here by their ids alone, so that erasing one leaves rows and seals whole.
package attendance
