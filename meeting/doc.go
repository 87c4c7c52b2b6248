// Package meeting prepares the meetings of every body, from the first draft to the closing.
//
// A [Meeting] is of one body: the general assembly, the board, a committee, a working group. It has a date, a place, a
// record date and an agenda of items, numbered as the chair wants (gaps allowed). An item holds matters, each of one
// kind of assembly.Kind, which brings its rule ([RuleOf]), the papers that it requires ([Needs]) and its deadlines
// ([Warnings], which name the article). [Forecast] says from past attendance how likely each item's quorum is, and how
// little is known.
//
// What an earlier assembly retained comes into the draft by itself, as a line to be answered. A meeting without quorum
// is repeated ([Repeat]): same agenda, second convening, linked. Holders of a tenth of the shares may demand an
// assembly ([Demand]): its three weeks run from the day on which the tenth is reached.
//
// Invariants: a state is an instant, and instants only come forward (drafted, convened, opened, closed; or cancelled,
// before it opened). A name stands for one meeting or one assembly. Each change says which version it was made on: of
// two editors the second is refused and shown both texts. Once the letters have left, nothing that they announced is
// taken away; what is added is marked, because a decision on it is void unless all are present and agree.
//
// The room prepares and records no decision: who may vote, who voted and what was decided are of rooms above, and the
// record is of assembly.
//
// Articles served: convening at the demand of a tenth (CSA 6:70), taking part from afar (6:75), changes of the bylaws,
// of the purpose and of class rights (6:85, 6:86, 6:87).
//
// Demands and those who join them are sealed in the journal; each act names its meeting there.
package meeting
